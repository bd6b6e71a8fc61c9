//! When it became known where runs stand and that payments came in, so that an earlier moment is asked for without reading the
//! log again.

use chrono::NaiveDate;

use super::book::Book;
use super::register::RunPhase;
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceRunId, PaymentId, ReceivingAccountId};
use crate::domain::payment::PaymentsEvent;
use crate::lookup::Lookup;

/// A moment of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The end of a day.
    EndOf(NaiveDate),
    /// With the event at a place, and those before it.
    With(u64),
}

/// When something was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Recorded {
    at: u64,
    on: NaiveDate,
}

impl Recorded {
    fn is_known(self, moment: Moment) -> bool {
        match moment {
            Moment::EndOf(day) => self.on <= day,
            Moment::With(position) => self.at <= position,
        }
    }
}

/// What became known when, in the order of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BecameKnown {
    runs: Lookup<InvoiceRunId, Vec<(Recorded, RunPhase)>>,
    payments: Vec<(Recorded, ReceivingAccountId, PaymentId)>,
}

impl BecameKnown {
    /// Takes in an event that the book has taken in, recorded at a place in the log and on a day.
    pub fn take_in(&mut self, book: &Book, stream: uuid::Uuid, event: &Event, (at, on): (u64, NaiveDate)) {
        let recorded = Recorded { at, on };
        if let Event::InvoiceRun(_) = event {
            let run = InvoiceRunId(stream);
            let phases = self.runs.entry(run).or_default();
            let now = book.runs.get(&run).and_then(RunPhase::of);
            if let Some(now) = now.filter(|now| phases.last().is_none_or(|(_, last)| last != now)) {
                phases.push((recorded, now));
            }
        }
        if let Event::Payments(PaymentsEvent::Received(received)) = event {
            self.payments.push((recorded, ReceivingAccountId(stream), received.payment));
        }
    }

    /// Where a run stood; none where it was not planned yet.
    #[must_use]
    pub fn phase_of(&self, run: InvoiceRunId, moment: Moment) -> Option<RunPhase> {
        let phases = self.runs.get(&run)?;
        phases.iter().rev().find(|(recorded, _)| recorded.is_known(moment)).map(|(_, phase)| *phase)
    }

    /// The payments that were known of, the latest first.
    pub fn payments(&self, moment: Moment) -> impl Iterator<Item = (ReceivingAccountId, PaymentId)> {
        let known = self.payments.iter().rev().filter(move |(recorded, ..)| recorded.is_known(moment));
        known.map(|(_, account, payment)| (*account, *payment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Ore;
    use crate::domain::payment::{Received, Source};
    use crate::domain::testing::{day, nth};

    fn received(payment: u128) -> Event {
        let received = Received {
            payment: PaymentId(nth(payment)),
            amount_ore: Ore(100),
            booked_on: day("2024-01-01"),
            kid: None,
            reference: String::new(),
            source: Source::Hand,
        };
        PaymentsEvent::Received(received).into()
    }

    #[test]
    fn a_payment_is_known_from_the_day_and_the_event_by_which_it_was_recorded() {
        let mut known = BecameKnown::default();
        for (payment, position, on) in [(1, 5, "2024-02-01"), (2, 8, "2024-02-01"), (3, 9, "2024-02-03")] {
            known.take_in(&Book::default(), nth(9), &received(payment), (position, day(on)));
        }
        let at = |moment| known.payments(moment).map(|(_, payment)| payment.0).collect::<Vec<_>>();
        assert!(at(Moment::EndOf(day("2024-01-31"))).is_empty());
        assert_eq!(at(Moment::EndOf(day("2024-02-02"))), [nth(2), nth(1)]);
        assert_eq!(at(Moment::With(5)), [nth(1)]);
        assert_eq!(at(Moment::With(9)), [nth(3), nth(2), nth(1)]);
    }
}
