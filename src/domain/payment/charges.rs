//! What reminders of an invoice cost in all, and what of that is no longer asked for.

use super::{ChargesWaived, Reminded};
use crate::domain::money::Ore;

/// Fees and interest of the reminders of an invoice. Interest is that since the due date each time, so that the last
/// reminder's counts; fees are added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "an amount says its unit")]
pub struct Charges {
    fees_ore: Ore,
    interest_ore: Ore,
    waived_fees_ore: Ore,
    waived_interest_ore: Ore,
}

impl Charges {
    /// The fees, without what was waived.
    #[must_use]
    pub fn fees(self) -> Ore {
        self.fees_ore - self.waived_fees_ore
    }

    /// The interest, without what was waived; none where it has become less than that.
    #[must_use]
    pub fn interest(self) -> Ore {
        (self.interest_ore - self.waived_interest_ore).max(Ore::ZERO)
    }

    /// Both.
    #[must_use]
    pub fn total(self) -> Ore {
        self.fees() + self.interest()
    }

    /// Whether something was waived.
    #[must_use]
    pub fn is_waived(self) -> bool {
        self.waived_fees_ore + self.waived_interest_ore > Ore::ZERO
    }

    /// With one more reminder.
    #[must_use]
    pub fn reminded(self, reminded: &Reminded) -> Self {
        Self { fees_ore: self.fees_ore + reminded.fee_ore, interest_ore: reminded.interest_ore, ..self }
    }

    /// With a waiver, which takes interest off first, since it is claimed anew by each reminder, and fees then.
    #[must_use]
    pub fn waived(self, waived: &ChargesWaived) -> Self {
        let interest_ore = waived.amount_ore.min(self.interest());
        Self {
            waived_interest_ore: self.waived_interest_ore + interest_ore,
            waived_fees_ore: self.waived_fees_ore + waived.amount_ore - interest_ore,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::InvoiceId;
    use crate::domain::testing::{day, nth};

    fn reminded(fee: i64, interest: i64) -> Reminded {
        Reminded {
            invoice: InvoiceId(nth(1)),
            outstanding_ore: Ore(100_000),
            fee_ore: Ore(fee),
            interest_ore: Ore(interest),
            interest: vec![],
            pay_by: day("2024-02-16"),
            successor: None,
            on: day("2024-02-02"),
        }
    }

    fn waived(amount: i64) -> ChargesWaived {
        ChargesWaived {
            invoice: InvoiceId(nth(1)),
            amount_ore: Ore(amount),
            reason: "Feil adresse".to_owned(),
            on: day("2024-02-20"),
        }
    }

    #[test]
    fn fees_are_added_up_and_the_interest_is_that_of_the_last_reminder() {
        let charges = Charges::default().reminded(&reminded(3_800, 100)).reminded(&reminded(3_800, 250));
        assert_eq!((charges.fees(), charges.interest()), (Ore(7_600), Ore(250)));
    }

    #[test]
    fn a_waiver_takes_interest_off_first_and_what_came_later_is_asked_for() {
        let charges = Charges::default().reminded(&reminded(3_800, 100));
        let part = charges.waived(&waived(150));
        assert_eq!((part.fees(), part.interest()), (Ore(3_750), Ore::ZERO));
        let again = charges.waived(&waived(3_900)).reminded(&reminded(3_800, 250));
        assert_eq!((again.fees(), again.interest()), (Ore(3_800), Ore(150)));
    }

    #[test]
    fn interest_that_was_waived_and_is_claimed_no_longer_takes_no_fee_off() {
        let charges = Charges::default().reminded(&reminded(0, 100)).waived(&waived(100)).reminded(&reminded(3_800, 0));
        assert_eq!(charges.total(), Ore(3_800));
    }
}
