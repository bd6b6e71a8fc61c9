//! What was invoiced of a share before, and what other runs are about to invoice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::calendar::{Period, day_after};
use crate::domain::credit_note::credited_by_line;
use crate::domain::identity::{AgreementId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{InvoiceRun, InvoicedBefore, PlannedInvoice};
use crate::domain::money::Ore;
use crate::domain::vat::Subject;
use crate::view::book::Book;

/// One line that was issued, less what was credited of it.
struct Line {
    agreement: Option<AgreementId>,
    period: Option<Period>,
    net: Ore,
    passed_on_vat: Option<Ore>,
}

/// What all runs but one have invoiced, or are approved to invoice.
pub(super) struct Before {
    issued: BTreeMap<(Subject, PartyId), Vec<Line>>,
    approved: BTreeSet<(Subject, PartyId)>,
}

/// What was invoiced of a share before.
pub(super) enum Invoiced {
    /// Nothing.
    Nothing,
    /// This much, of days that are asked for.
    Some(InvoicedDays),
    /// A line that reaches beyond the days asked for, or one that an approved run is about to issue.
    Otherwise,
}

/// What was invoiced of some days.
#[derive(Default)]
pub(super) struct InvoicedDays {
    /// How much.
    pub(super) amount: InvoicedBefore,
    /// The days of each line; none of one-time costs.
    days: Vec<Period>,
}

impl InvoicedDays {
    /// Whether all of these days were invoiced.
    pub(super) fn covers(&self, days: &[Period]) -> bool {
        let mut lines = self.days.clone();
        lines.sort_unstable();
        let mut joined: Vec<Period> = Vec::new();
        for next in lines {
            match joined.last_mut() {
                Some(last) if next.first <= day_after(last.last) => last.last = last.last.max(next.last),
                Some(_) | None => joined.push(next),
            }
        }
        days.iter().all(|days| joined.iter().any(|invoiced| invoiced.encloses(*days)))
    }

    fn add(&mut self, line: &Line) {
        let InvoicedBefore { net_ore, passed_on_vat_ore } = self.amount;
        let vats = passed_on_vat_ore.into_iter().chain(line.passed_on_vat);
        self.amount =
            InvoicedBefore { net_ore: net_ore + line.net, passed_on_vat_ore: vats.reduce(|one, other| one + other) };
        self.days.extend(line.period);
    }
}

/// The invoices of the other runs that are approved. Of two that were approved at once, each before the other was known, the one
/// that was planned first is numbered: where a run is approved itself, a later one counts only once it is begun.
fn approved_beside(book: &Book, run: InvoiceRunId) -> impl Iterator<Item = &PlannedInvoice> {
    let own = book.runs.get_full(&run).filter(|(.., state)| matches!(state, InvoiceRun::Approved(..)));
    let own = own.map(|(index, ..)| index);
    let others = book.runs.iter().enumerate().filter_map(move |(index, (other, state))| match state {
        InvoiceRun::Approved(planned, _) | InvoiceRun::Numbering(planned, _) if *other != run => {
            let is_begun = matches!(state, InvoiceRun::Numbering(..));
            Some((index, is_begun, &planned.plan.invoices))
        }
        InvoiceRun::Absent
        | InvoiceRun::Planned(_)
        | InvoiceRun::Approved(..)
        | InvoiceRun::Numbering(..)
        | InvoiceRun::Discarded(..)
        | InvoiceRun::Completed(..) => None,
    });
    let counts = move |(index, is_begun, invoices): &(usize, bool, &Vec<PlannedInvoice>)| {
        *is_begun
            || own.is_none_or(|own| *index < own)
            || invoices.iter().any(|invoice| book.invoices.contains_key(&invoice.invoice))
    };
    others.filter(counts).flat_map(|(.., invoices)| invoices)
}

impl Before {
    /// `payer_of` says who pays today what a party was invoiced.
    pub(super) fn of(book: &Book, run: InvoiceRunId, payer_of: &dyn Fn(PartyId) -> PartyId) -> Self {
        let mut issued: BTreeMap<(Subject, PartyId), Vec<Line>> = BTreeMap::new();
        for (id, invoice) in book.invoices.iter().filter(|(_, invoice)| invoice.run != run) {
            let credited = credited_by_line(invoice, book.credit_notes_of(*id));
            for (line, (net, vat)) in invoice.invoice.lines.iter().zip(credited) {
                let left = Line {
                    agreement: invoice.invoice.agreement,
                    period: line.days_shared(),
                    net: line.net_ore - net,
                    passed_on_vat: line.passed_on_vat_ore.map(|passed_on| passed_on - vat),
                };
                if left.net != Ore::ZERO || left.passed_on_vat.unwrap_or_default() != Ore::ZERO {
                    issued.entry((line.subject, payer_of(invoice.invoice.recipient.party))).or_default().push(left);
                }
            }
        }
        let approved = approved_beside(book, run)
            .filter(|invoice| !book.invoices.contains_key(&invoice.invoice))
            .flat_map(|invoice| invoice.lines.iter().map(|line| (line.subject, payer_of(invoice.recipient.party))))
            .collect();
        Self { issued, approved }
    }

    /// Who was invoiced for some of these days, and by which agreement.
    pub(super) fn who_was_invoiced(
        &self,
        subject: Subject,
        period: Option<Period>,
    ) -> BTreeSet<(PartyId, Option<AgreementId>)> {
        let of_subject = self.issued.iter().filter(|((of, _), _)| *of == subject);
        let lines = of_subject.flat_map(|((_, party), lines)| lines.iter().map(|line| (*party, line)));
        lines.filter(|(_, line)| meet(line.period, period)).map(|(party, line)| (party, line.agreement)).collect()
    }

    /// The last day of each line, of those that are of days.
    pub(super) fn last_days(&self, subject: Subject) -> BTreeSet<NaiveDate> {
        let of_subject = self.issued.iter().filter(|((of, _), _)| *of == subject);
        of_subject.flat_map(|(_, lines)| lines.iter().filter_map(|line| Some(line.period?.last))).collect()
    }

    /// What was invoiced of what a party pays for these days: by all its agreements, or by one. A document that was for
    /// several cannot be parted between them.
    pub(super) fn invoiced(
        &self,
        subject: Subject,
        party: PartyId,
        by: Option<AgreementId>,
        period: Option<Period>,
    ) -> Invoiced {
        if self.approved.contains(&(subject, party)) {
            return Invoiced::Otherwise;
        }
        let lines = self.issued.get(&(subject, party)).map_or(&[][..], Vec::as_slice);
        let is_asked_for = |line: &&Line| by.is_none() || line.agreement.is_none() || line.agreement == by;
        let meets = |line: &&Line| meet(line.period, period);
        let lies_within = |line: &Line| match (line.period, period) {
            _ if by.is_some() && line.agreement.is_none() => false,
            (Some(one), Some(other)) => other.encloses(one),
            (None, None) => true,
            (None, Some(_)) | (Some(_), None) => false,
        };
        let mut invoiced: Option<InvoicedDays> = None;
        for line in lines.iter().filter(is_asked_for).filter(meets) {
            if !lies_within(line) {
                return Invoiced::Otherwise;
            }
            invoiced.get_or_insert_default().add(line);
        }
        invoiced.map_or(Invoiced::Nothing, Invoiced::Some)
    }
}

/// Whether two have days in common; what is of no days is of all.
fn meet(one: Option<Period>, other: Option<Period>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one.intersection(other).is_some())
}
