//! What may happen to payments by hand, and what follows from events.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Claim, Match, Matched, MatchedBy, Opened, Payment, Payments, PaymentsCommand, PaymentsEvent, PaymentsRejection,
    Received, Returned, Reversed, Source, Unmatched,
};
use crate::decider::Decider;
use crate::domain::calendar::day_is_taken;
use crate::domain::check_digit::is_account_number;
use crate::domain::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::{text_is_sound, text_names_no_address};

pub(super) type Decided = Result<Vec<PaymentsEvent>, PaymentsRejection>;

/// What happens, with the state after it.
pub(super) struct Happening {
    pub(super) after: Payments,
    pub(super) events: Vec<PaymentsEvent>,
}

impl Happening {
    fn from(state: &Payments) -> Self {
        Self { after: state.clone(), events: Vec::new() }
    }

    pub(super) fn happens(&mut self, event: PaymentsEvent) {
        self.after = std::mem::take(&mut self.after).evolve(&event);
        self.events.push(event);
    }
}

impl Payments {
    fn open(
        &self,
        account: ReceivingAccountId,
        account_number: &str,
        on: NaiveDate,
    ) -> Result<Happening, PaymentsRejection> {
        let mut happening = Happening::from(self);
        match &self.opened {
            Some(opened) if opened.account_number == account_number => {}
            Some(opened) => {
                return Err(PaymentsRejection::OtherAccount { account_number: opened.account_number.clone() });
            }
            None if !is_account_number(account_number) => {
                return Err(PaymentsRejection::AccountNumberInvalid { account_number: account_number.to_owned() });
            }
            None => happening.happens(PaymentsEvent::Opened(Opened {
                account,
                account_number: account_number.to_owned(),
                on,
            })),
        }
        Ok(happening)
    }

    fn known(&self, payment: PaymentId) -> Result<&Payment, PaymentsRejection> {
        self.payments.get(&payment).ok_or(PaymentsRejection::PaymentUnknown { payment })
    }

    fn match_by_hand(&self, id: PaymentId, claim: Claim, wished: Option<Ore>, on: NaiveDate) -> Decided {
        let payment = self.known(id)?;
        if payment.is_reversal() {
            return Err(PaymentsRejection::IsReversal { amount_ore: payment.received.amount_ore });
        }
        let (open_ore, outstanding_ore) = (payment.open_ore(), self.outstanding(claim));
        let matched_ore = payment.matched.get(&claim.invoice).copied().unwrap_or_default();
        let added_ore = match wished {
            None if matched_ore > Ore::ZERO && (open_ore <= Ore::ZERO || outstanding_ore <= Ore::ZERO) => Ore::ZERO,
            None if open_ore <= Ore::ZERO => return Err(PaymentsRejection::NothingOpen { payment: id }),
            None if outstanding_ore <= Ore::ZERO => return Err(PaymentsRejection::NothingOutstanding),
            None => open_ore.min(outstanding_ore),
            Some(amount_ore) if amount_ore <= Ore::ZERO => {
                return Err(PaymentsRejection::AmountNotPositive { amount_ore });
            }
            Some(amount_ore) if amount_ore < matched_ore => {
                return Err(PaymentsRejection::MatchedMore { amount_ore, matched_ore });
            }
            Some(amount_ore) => amount_ore - matched_ore,
        };
        if added_ore > open_ore.max(Ore::ZERO) {
            return Err(PaymentsRejection::MoreThanOpen { amount_ore: added_ore, open_ore });
        }
        if added_ore > outstanding_ore.max(Ore::ZERO) {
            return Err(PaymentsRejection::MoreThanOutstanding { amount_ore: added_ore, outstanding_ore });
        }
        if added_ore == Ore::ZERO {
            return Ok(vec![]);
        }
        let matches = vec![Match { payment: id, invoice: claim.invoice, amount_ore: added_ore }];
        Ok(vec![PaymentsEvent::Matched(Matched { matches, by: MatchedBy::Hand, on })])
    }

    fn unmatch(&self, id: PaymentId, invoice: InvoiceId, reason: &str, on: NaiveDate) -> Decided {
        let payment = self.known(id)?;
        let Some(amount_ore) = payment.matched.get(&invoice).copied() else {
            let taken_apart = self.taken_apart.contains(&(id, invoice));
            return if taken_apart { Ok(vec![]) } else { Err(PaymentsRejection::NotMatched) };
        };
        if !text_names_no_address(reason) {
            return Err(PaymentsRejection::ReasonMissing);
        }
        let reason = reason.to_owned();
        Ok(vec![PaymentsEvent::Unmatched(Unmatched { payment: id, invoice, amount_ore, reason, on })])
    }

    fn pay_back(&self, id: PaymentId, reference: &str, on: NaiveDate) -> Decided {
        let payment = self.known(id)?;
        let amount_ore = payment.open_ore();
        if amount_ore <= Ore::ZERO {
            let done = payment.returned.last().is_some_and(|returned| returned.reference == reference);
            return if done { Ok(vec![]) } else { Err(PaymentsRejection::NothingOpen { payment: id }) };
        }
        if !text_names_no_address(reference) {
            return Err(PaymentsRejection::ReferenceMissing);
        }
        let reference = reference.to_owned();
        Ok(vec![PaymentsEvent::Returned(Returned { payment: id, amount_ore, reference, on })])
    }

    fn reverse(&self, id: PaymentId, reversal: PaymentId, on: NaiveDate) -> Decided {
        let payment = self.known(id)?;
        let taken_back = self.known(reversal)?;
        if payment.set_off.contains(&reversal) {
            return Ok(vec![]);
        }
        if payment.is_reversal() {
            return Err(PaymentsRejection::IsReversal { amount_ore: payment.received.amount_ore });
        }
        if !taken_back.is_reversal() {
            return Err(PaymentsRejection::NoReversal { amount_ore: taken_back.received.amount_ore });
        }
        let (amount_ore, open_ore) = (-taken_back.open_ore(), payment.open_ore());
        if amount_ore == Ore::ZERO {
            return Err(PaymentsRejection::NothingOpen { payment: reversal });
        }
        if amount_ore > open_ore {
            return Err(PaymentsRejection::MoreThanOpen { amount_ore, open_ore });
        }
        Ok(vec![PaymentsEvent::Reversed(Reversed { payment: id, reversal, amount_ore, on })])
    }

    /// What came in for an invoice, by the day the bank booked it.
    pub(super) fn paid_by_day(&self, invoice: InvoiceId) -> BTreeMap<NaiveDate, Ore> {
        let mut paid: BTreeMap<NaiveDate, Ore> = BTreeMap::new();
        for payment in self.payments.values() {
            if let Some(amount) = payment.matched.get(&invoice) {
                *paid.entry(payment.received.booked_on).or_default() += *amount;
            }
        }
        paid
    }
}

/// What came in, by hand or by a file that is taken in on a day.
pub(super) fn check_entry(
    amount_ore: Ore,
    booked_on: NaiveDate,
    reference: &str,
    on: NaiveDate,
) -> Result<(), PaymentsRejection> {
    if !amount_ore.is_taken() {
        return Err(PaymentsRejection::AmountTooLarge { amount_ore });
    }
    if !day_is_taken(booked_on) {
        return Err(PaymentsRejection::DayNotTaken { day: booked_on });
    }
    if booked_on > on {
        return Err(PaymentsRejection::BookedLater { booked_on, on });
    }
    if !text_is_sound(reference) {
        return Err(PaymentsRejection::ReferenceMissing);
    }
    Ok(())
}

impl Decider for Payments {
    type Command = PaymentsCommand;
    type Event = PaymentsEvent;
    type Rejection = PaymentsRejection;

    fn decide(&self, command: &PaymentsCommand) -> Decided {
        match command {
            PaymentsCommand::TakeFile { account, account_number, file, on } => {
                self.take_file(self.open(*account, account_number, *on)?, file, *on)
            }
            PaymentsCommand::RecordByHand {
                account,
                account_number,
                payment,
                amount_ore,
                booked_on,
                reference,
                claim,
                on,
            } => {
                let happening = self.open(*account, account_number, *on)?;
                let received = Received {
                    payment: *payment,
                    amount_ore: *amount_ore,
                    booked_on: *booked_on,
                    kid: None,
                    reference: reference.clone(),
                    source: Source::Hand,
                };
                self.record_by_hand(happening, received, *claim, *on)
            }
            PaymentsCommand::Match { payment, claim, amount_ore, on } => {
                self.match_by_hand(*payment, *claim, *amount_ore, *on)
            }
            PaymentsCommand::Unmatch { payment, invoice, reason, on } => self.unmatch(*payment, *invoice, reason, *on),
            PaymentsCommand::Return { payment, reference, on } => self.pay_back(*payment, reference, *on),
            PaymentsCommand::Reverse { payment, reversal, on } => self.reverse(*payment, *reversal, *on),
            PaymentsCommand::Remind { claim, due_date, pay_by, fee_ore, rates, successor, on } => {
                self.remind(*claim, [*due_date, *pay_by, *on], *fee_ore, rates.as_ref(), successor.as_deref())
            }
            PaymentsCommand::WaiveCharges { claim, reason, on } => self.waive_charges(*claim, reason, *on),
        }
    }

    fn evolve(mut self, event: &PaymentsEvent) -> Self {
        match event {
            PaymentsEvent::Opened(opened) => self.opened = Some(opened.clone()),
            PaymentsEvent::FileTaken(taken) => self.files.push(taken.clone()),
            PaymentsEvent::Received(received) => {
                self.payments.insert(received.payment, Payment::new(received.clone()));
            }
            PaymentsEvent::Matched(matched) => {
                for Match { payment, invoice, amount_ore } in &matched.matches {
                    *self.paid.entry(*invoice).or_default() += *amount_ore;
                    if let Some(payment) = self.payments.get_mut(payment) {
                        *payment.matched.entry(*invoice).or_default() += *amount_ore;
                    }
                }
            }
            PaymentsEvent::Unmatched(Unmatched { payment: id, invoice, amount_ore, .. }) => {
                *self.paid.entry(*invoice).or_default() -= *amount_ore;
                if let Some(payment) = self.payments.get_mut(id) {
                    payment.matched.remove(invoice);
                }
                self.taken_apart.insert((*id, *invoice));
            }
            PaymentsEvent::Returned(returned) => {
                if let Some(payment) = self.payments.get_mut(&returned.payment) {
                    payment.returned.push(returned.clone());
                }
            }
            PaymentsEvent::Reversed(Reversed { payment, reversal, amount_ore, .. }) => {
                for (id, other, ore) in [(payment, reversal, *amount_ore), (reversal, payment, -*amount_ore)] {
                    if let Some(known) = self.payments.get_mut(id) {
                        known.reversed_ore += ore;
                        known.set_off.insert(*other);
                    }
                }
            }
            PaymentsEvent::Reminded(reminded) => {
                self.take_reminder(reminded);
            }
            PaymentsEvent::ChargesWaived(waived) => {
                let charges = self.charges.entry(waived.invoice).or_default();
                *charges = charges.waived(waived);
            }
        }
        self
    }
}

impl Payments {
    fn record_by_hand(&self, mut happening: Happening, received: Received, claim: Claim, on: NaiveDate) -> Decided {
        let Received { payment, amount_ore, booked_on, .. } = received;
        if let Some(known) = self.payments.get(&payment) {
            let same = known.received == received;
            return if same { Ok(vec![]) } else { Err(PaymentsRejection::PaymentIdUsed { payment }) };
        }
        check_entry(amount_ore, booked_on, &received.reference, on)?;
        if !text_names_no_address(&received.reference) {
            return Err(PaymentsRejection::ReferenceMissing);
        }
        if amount_ore <= Ore::ZERO {
            return Err(PaymentsRejection::AmountNotPositive { amount_ore });
        }
        let outstanding_ore = self.outstanding(claim);
        if outstanding_ore <= Ore::ZERO {
            return Err(PaymentsRejection::NothingOutstanding);
        }
        happening.happens(PaymentsEvent::Received(received));
        let matches = vec![Match { payment, invoice: claim.invoice, amount_ore: amount_ore.min(outstanding_ore) }];
        happening.happens(PaymentsEvent::Matched(Matched { matches, by: MatchedBy::Hand, on }));
        Ok(happening.events)
    }
}
