//! What is not finished: invoices of which something is outstanding, letters that have not arrived, payments that wait for a
//! person. It is kept while the book grows, so that nobody has to look through everything for the few.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use uuid::Uuid;

use super::book::{Book, Paper};
use super::receivables::outstanding;
use super::whose::Owner;
use crate::decider::Streams;
use crate::domain::delivery::{EInvoicing, Mailing};
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::payment::PaymentsEvent;
use crate::domain::series::SeriesEvent;
use crate::lookup::{Hashing, Lookup};

/// What a KID names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// One invoice.
    One(InvoiceId),
    /// Several, so that a person decides.
    Several,
}

/// What is not finished.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unfinished {
    outstanding: Streams<InvoiceId, Ore>,
    letters: IndexSet<InvoiceId, Hashing>,
    arrived: Lookup<Owner, usize>,
    payments: BTreeSet<(ReceivingAccountId, PaymentId)>,
    by_kid: Lookup<Box<str>, Named>,
}

impl Unfinished {
    /// The invoices of which something is left to be paid, or to be paid back where that is below zero.
    pub fn outstanding(&self) -> impl Iterator<Item = (InvoiceId, Ore)> {
        self.outstanding.iter().map(|(invoice, left)| (*invoice, *left))
    }

    /// What is left to be paid of an invoice.
    #[must_use]
    pub fn outstanding_of(&self, invoice: InvoiceId) -> Ore {
        self.outstanding.get(&invoice).copied().unwrap_or_default()
    }

    /// The letters that have not arrived, or of whose e-invoice nobody knows, but for those with prebills.
    pub fn letters(&self) -> impl Iterator<Item = InvoiceId> {
        self.letters.iter().copied()
    }

    /// How many letters have arrived, by whose they are, but for those with prebills.
    pub fn arrived(&self) -> impl Iterator<Item = (Owner, usize)> {
        self.arrived.iter().map(|(owner, count)| (*owner, *count))
    }

    /// The payments of which something waits for a person.
    pub fn payments(&self) -> impl Iterator<Item = (ReceivingAccountId, PaymentId)> {
        self.payments.iter().copied()
    }

    /// The invoice that a KID names; none where it names several, so that a person decides.
    #[must_use]
    pub fn invoice_of_kid(&self, kid: &str) -> Option<InvoiceId> {
        match self.by_kid.get(kid)? {
            Named::One(invoice) => Some(*invoice),
            Named::Several => None,
        }
    }

    fn name(&mut self, kid: &str, invoice: InvoiceId) {
        match self.by_kid.get_mut(kid) {
            Some(Named::One(known)) if *known == invoice => {}
            Some(named) => *named = Named::Several,
            None => _ = self.by_kid.insert(kid.into(), Named::One(invoice)),
        }
    }

    /// Sets what is left to be paid of an invoice, and says by how much that has moved it.
    fn set_outstanding(&mut self, invoice: InvoiceId, left: Ore) -> Ore {
        let before = if left == Ore::ZERO {
            self.outstanding.swap_remove(&invoice)
        } else {
            self.outstanding.insert(invoice, left)
        };
        left - before.unwrap_or_default()
    }

    fn set_open(&mut self, payment: (ReceivingAccountId, PaymentId), is_open: bool) {
        if is_open {
            self.payments.insert(payment);
        } else {
            self.payments.remove(&payment);
        }
    }

    fn set_arrived(&mut self, letter: InvoiceId, has_arrived: bool, owner: Option<Owner>) {
        let is_otherwise = if has_arrived { self.letters.swap_remove(&letter) } else { self.letters.insert(letter) };
        let Some(owner) = owner.filter(|_| is_otherwise) else { return };
        let count = self.arrived.entry(owner).or_default();
        *count = if has_arrived { *count + 1 } else { count.saturating_sub(1) };
    }
}

/// What an event has moved of what is outstanding of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The invoice.
    pub invoice: InvoiceId,
    /// By how much; below zero where less is left to be paid.
    pub by: Ore,
}

/// The invoices whose outstanding amount an event moves, each once.
fn moved_by(event: &Event) -> Vec<InvoiceId> {
    match event {
        Event::Series(SeriesEvent::Issued(issued)) => vec![issued.invoice.invoice],
        Event::Series(SeriesEvent::CreditNoteIssued(note)) => vec![note.credited.invoice],
        Event::Payments(event) => event.invoices(),
        Event::Series(SeriesEvent::Opened(_))
        | Event::Party(_)
        | Event::Procurement(_)
        | Event::Agreement(_)
        | Event::Signup(_)
        | Event::Legacy(_)
        | Event::Cost(_)
        | Event::Licence(_)
        | Event::SharingKey(_)
        | Event::InvoiceRun(_)
        | Event::Delivery(_)
        | Event::Access(_)
        | Event::Work(_) => vec![],
    }
}

/// The payments that an event touches.
fn paid_by(event: &PaymentsEvent) -> Vec<PaymentId> {
    match event {
        PaymentsEvent::Received(received) => vec![received.payment],
        PaymentsEvent::Matched(matched) => matched.matches.iter().map(|matched| matched.payment).collect(),
        PaymentsEvent::Unmatched(unmatched) => vec![unmatched.payment],
        PaymentsEvent::Returned(returned) => vec![returned.payment],
        PaymentsEvent::Reversed(reversed) => vec![reversed.payment, reversed.reversal],
        PaymentsEvent::Opened(_)
        | PaymentsEvent::FileTaken(_)
        | PaymentsEvent::Reminded(_)
        | PaymentsEvent::ChargesWaived(_) => vec![],
    }
}

impl Book {
    /// Looks what an event that the book has just taken in has finished or begun, and says what is outstanding otherwise now.
    pub(super) fn look_after(&mut self, id: Uuid, event: &Event, papers: &[(InvoiceId, Paper)]) -> Vec<Moved> {
        let moved = moved_by(event).into_iter().map(|invoice| {
            let left = self.invoices.get(&invoice).map(|issued| outstanding(self, invoice, issued));
            Moved { invoice, by: self.unfinished.set_outstanding(invoice, left.unwrap_or_default()) }
        });
        let moved: Vec<Moved> = moved.collect();
        for (letter, _) in papers {
            self.unfinished.set_arrived(*letter, false, None);
        }
        match event {
            Event::Series(SeriesEvent::Issued(issued)) => {
                let invoice = issued.invoice.invoice;
                if let Some(kid) = &issued.kid {
                    self.unfinished.name(kid, invoice);
                }
                self.unfinished.set_arrived(invoice, false, None);
            }
            Event::Delivery(_) => self.look_after_letter(InvoiceId(id)),
            Event::Payments(event) => {
                let account = ReceivingAccountId(id);
                for payment in paid_by(event) {
                    let known = self.payments.get(&account).and_then(|known| known.payments.get(&payment));
                    let is_open = known.is_some_and(|known| known.open_ore() != Ore::ZERO);
                    self.unfinished.set_open((account, payment), is_open);
                }
            }
            Event::Series(SeriesEvent::Opened(_) | SeriesEvent::CreditNoteIssued(_))
            | Event::Party(_)
            | Event::Procurement(_)
            | Event::Agreement(_)
            | Event::Signup(_)
            | Event::Legacy(_)
            | Event::Cost(_)
            | Event::Licence(_)
            | Event::SharingKey(_)
            | Event::InvoiceRun(_)
            | Event::Access(_)
            | Event::Work(_) => {}
        }
        moved
    }

    /// A letter with a prebill is looked for in its run.
    fn look_after_letter(&mut self, letter: InvoiceId) {
        let delivery = self.deliveries.get(&letter);
        let has_arrived = delivery.is_some_and(|delivery| {
            matches!(delivery.mailing, Mailing::Accepted(_) | Mailing::Arrived(_))
                && !matches!(delivery.e_invoicing, EInvoicing::OutcomeUnknown(..))
        });
        let is_known = self.unfinished.letters.contains(&letter);
        if is_known == has_arrived {
            let owner = Owner::of(self, letter);
            if owner.is_some() {
                self.unfinished.set_arrived(letter, has_arrived, owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::day;
    use crate::view::receivables::tests::{book, paid_in};
    use crate::view::receivables::{PaymentState, open_payments, open_receivables, payments, receivables};

    #[test]
    fn what_is_not_finished_is_what_one_finds_by_looking_through_everything() {
        let mut book = book();
        let entries = [(60_000, Some("5423000016")), (90_000, Some("5423000024")), (100, None), (-300, Some("1"))];
        paid_in(&mut book, &entries);
        let mut owed = receivables(&book, day("2024-06-01"));
        let all_count = owed.len();
        owed.retain(|owed| owed.outstanding_ore != Ore::ZERO);
        assert_eq!(open_receivables(&book, day("2024-06-01")), owed);
        let mut came_in = payments(&book);
        came_in.retain(|payment| payment.state != PaymentState::Settled);
        assert_eq!(open_payments(&book), came_in);
        assert_eq!((all_count, owed.len(), came_in.len()), (3, 1, 3));
    }
}
