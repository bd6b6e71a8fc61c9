//! Reminders: when they may be made, what they cost, and what of that is left to be paid.
//!
//! What comes in pays the invoice first and what its reminders cost last. Interest is that since the due date each time, so
//! that of several reminders the last one counts; fees are added up. A reminder that is made once interest is switched off
//! claims what the one before claimed, where that was not waived, and nothing more: the right to it arises with the delay (forsinkelsesrenteloven § 2) and was
//! made use of by a dated letter, so that it takes a decision about the debtor to give it up, and not about the settings
//! (`payments.charges-waived`).

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rule::Decided;
use super::{Claim, Payments, PaymentsEvent, PaymentsRejection};
use crate::domain::identity::InvoiceId;
use crate::domain::invoice_run::Issuer;
use crate::domain::late_payment::{
    FEES_MAX, InterestRates, InterestStep, REMINDER_DAYS_MIN, earliest_reminder, interest_claimed, interest_of,
    late_interest,
};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::text_names_no_address;

/// A reminder of an invoice was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reminded {
    /// The invoice.
    pub invoice: InvoiceId,
    /// What of it was not paid.
    pub outstanding_ore: Ore,
    /// What the reminder costs; zero where nothing is charged.
    pub fee_ore: Ore,
    /// Interest since the due date until the day of the reminder; zero where none is charged.
    pub interest_ore: Ore,
    /// How the interest came about.
    pub interest: Vec<InterestStep>,
    /// The day by which it is to be paid now.
    pub pay_by: NaiveDate,
    /// Who asks for it where who issued the invoice is gone; none where that asks itself.
    pub successor: Option<Box<Successor>>,
    /// The day.
    pub on: NaiveDate,
}

/// Who asks for what a county authority invoiced that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// Who, as it is printed.
    pub issuer: Issuer,
    /// Its account to pay to (eleven digits, MOD11).
    pub account_number: String,
}

impl Reminded {
    /// The id under which its letter is drawn up and delivered: an invoice has one reminder a day.
    #[must_use]
    pub fn letter(&self) -> InvoiceId {
        InvoiceId(Uuid::new_v5(&self.invoice.0, format!("reminder {}", self.on).as_bytes()))
    }
}

/// What reminders of an invoice cost is no longer asked for, as far as it was not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargesWaived {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much.
    pub amount_ore: Ore,
    /// Why.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// A reminder with what all reminders until then had made to be paid beside the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The reminder.
    pub reminded: Reminded,
    /// The fees until then and the interest.
    pub charges_ore: Ore,
}

impl Reminder {
    /// What is to be paid in all.
    #[must_use]
    pub fn total(&self) -> Ore {
        self.reminded.outstanding_ore + self.charges_ore
    }

    /// Who asks for it, and the account to pay to: those of the invoice, or of who came after its issuer.
    #[must_use]
    pub fn asked_by<'a>(&'a self, invoice: &'a Issued) -> (&'a Issuer, &'a str) {
        match &self.reminded.successor {
            Some(successor) => (&successor.issuer, &successor.account_number),
            None => (&invoice.issuer, &invoice.account_number),
        }
    }
}

impl Payments {
    /// What reminders of an invoice cost: the fees and the interest that the last one claims, without what was waived.
    #[must_use]
    pub fn charges(&self, invoice: InvoiceId) -> Ore {
        self.charges.get(&invoice).copied().unwrap_or_default().total()
    }

    /// What may come in to the account for an invoice in all, with what its reminders cost.
    pub(super) fn to_come_in(&self, claim: Claim) -> Ore {
        claim.amount_ore + claim.charges_ore + self.charges(claim.invoice)
    }

    /// What is left of that.
    pub(super) fn outstanding(&self, claim: Claim) -> Ore {
        self.to_come_in(claim) - self.paid(claim.invoice)
    }

    pub(super) fn remind(
        &self,
        claim: Claim,
        [due_date, pay_by, on]: [NaiveDate; 3],
        fee_ore: Option<Ore>,
        rates: Option<&InterestRates>,
        successor: Option<&Successor>,
    ) -> Decided {
        let reminders = self.reminders.get(&claim.invoice).map(Vec::as_slice).unwrap_or_default();
        let before: Vec<&Reminded> = reminders.iter().map(|reminder| &reminder.reminded).collect();
        if before.last().is_some_and(|reminder| reminder.on == on && reminder.pay_by == pay_by) {
            return Ok(vec![]);
        }
        let outstanding_ore = claim.amount_ore - self.paid(claim.invoice);
        if outstanding_ore <= Ore::ZERO {
            return Err(PaymentsRejection::NothingOutstanding);
        }
        match earliest_reminder(due_date) {
            Some(earliest) if on >= earliest => {}
            Some(_) | None => return Err(PaymentsRejection::ReminderTooEarly { due_date, days: REMINDER_DAYS_MIN }),
        }
        if let Some(running) = before.last().filter(|reminder| on <= reminder.pay_by) {
            return Err(PaymentsRejection::ReminderRunning { reminded_on: running.on, pay_by: running.pay_by });
        }
        if on.checked_add_days(Days::new(REMINDER_DAYS_MIN)).is_none_or(|earliest| pay_by < earliest) {
            return Err(PaymentsRejection::PayByTooEarly { pay_by, days: REMINDER_DAYS_MIN });
        }
        let charged = before.iter().filter(|reminder| reminder.fee_ore > Ore::ZERO).count();
        let paid = self.paid_by_day(claim.invoice);
        // What was waived is claimed no longer.
        let is_left = self.charges.get(&claim.invoice).is_some_and(|charges| charges.interest() > Ore::ZERO);
        let claimed = before.last().filter(|_| is_left).map_or(&[][..], |reminder| &reminder.interest);
        let interest = match rates {
            None => interest_claimed(claimed, claim.amount_ore, &paid),
            Some(rates) => late_interest(due_date, on, claim.amount_ore, &paid, rates)
                .map_err(|missing| PaymentsRejection::RateMissing { from: missing.from })?,
        };
        Ok(vec![PaymentsEvent::Reminded(Reminded {
            invoice: claim.invoice,
            outstanding_ore,
            fee_ore: fee_ore.filter(|_| charged < FEES_MAX).unwrap_or_default(),
            interest_ore: interest_of(&interest),
            interest,
            pay_by,
            successor: successor.cloned().map(Box::new),
            on,
        })])
    }

    pub(super) fn waive_charges(&self, claim: Claim, reason: &str, on: NaiveDate) -> Decided {
        let amount_ore = self.charges(claim.invoice).min(self.outstanding(claim));
        if amount_ore <= Ore::ZERO {
            let done = self.charges.get(&claim.invoice).is_some_and(|charges| charges.is_waived());
            return if done { Ok(vec![]) } else { Err(PaymentsRejection::NothingCharged) };
        }
        if !text_names_no_address(reason) {
            return Err(PaymentsRejection::ReasonMissing);
        }
        let (invoice, reason) = (claim.invoice, reason.to_owned());
        Ok(vec![PaymentsEvent::ChargesWaived(ChargesWaived { invoice, amount_ore, reason, on })])
    }

    pub(super) fn take_reminder(&mut self, reminded: &Reminded) {
        let invoice = reminded.invoice;
        let charges = self.charges.entry(invoice).or_default();
        *charges = charges.reminded(reminded);
        let reminder = Reminder { reminded: reminded.clone(), charges_ore: charges.total() };
        self.reminders.entry(invoice).or_default().push(reminder);
    }
}
