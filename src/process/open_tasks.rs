//! What is to be done now, read from the book.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::approval::prebilled;
use super::invoice_plan::{AccountOf, Wording, standing_whoever_is_reached};
use crate::domain::delivery::{Delivery, EInvoicing, Mailing};
use crate::domain::identity::{InvoiceId, InvoiceRunId};
use crate::domain::invoice_run::{Change, InvoicePlan, InvoiceRun, InvoiceRunRejection, PlannedRun};
use crate::view::book::Book;
use crate::view::documents::{Document, documents};
use crate::view::notices::notices;

/// A task. Its id is that of the thing it is about, and what is done twice is recognised by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Issue an invoice of an approved run.
    Issue(InvoiceRunId, InvoiceId),
    /// Record that all invoices of a run are issued.
    Complete(InvoiceRunId),
    /// Draw up the calculation of a run, which its participants may object to.
    DrawUpPrebill(InvoiceRunId),
    /// Draw up an issued invoice, a credit note or a reminder as a document.
    Render(InvoiceId),
    /// Write a letter that brings no document.
    Write(InvoiceId),
    /// Draw up the e-invoice, which holds the document.
    EInvoice(InvoiceId),
    /// Lay a drawn-up e-invoice where the access point picks it up.
    Place(InvoiceId),
    /// Send what is drawn up or written by mail: an invoice, a credit note, a reminder, a prebill, or a letter without a document.
    Mail(InvoiceId),
    /// Cease to wait for the outcome of an attempt to send: who began it was killed, or is far too late.
    CeaseToWait(InvoiceId, u32),
}

/// The tasks that are open and due, in the order they are to be done: invoices in the order of their plan, so that numbers follow it.
#[must_use]
pub fn open_tasks(
    book: &Book,
    today: NaiveDate,
    now: DateTime<Utc>,
    wording: &dyn Wording,
    account_of: AccountOf<'_>,
) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (run, state) in &book.runs {
        match state {
            InvoiceRun::Approved(planned, _) | InvoiceRun::Numbering(planned, _) => {
                let to_issue: Vec<Task> = planned
                    .plan
                    .invoices
                    .iter()
                    .filter(|invoice| !book.invoices.contains_key(&invoice.invoice))
                    .map(|invoice| Task::Issue(*run, invoice.invoice))
                    .collect();
                if to_issue.is_empty() {
                    tasks.push(Task::Complete(*run));
                } else if run_held_up(book, *run, today, wording, account_of).is_none() {
                    tasks.extend(to_issue);
                }
            }
            InvoiceRun::Absent | InvoiceRun::Planned(_) | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..) => {}
        }
    }
    for (run, _, prebilled) in prebilled(book) {
        let deliveries = prebilled.letters.iter().map(|letter| (letter.letter, book.deliveries.get(&letter.letter)));
        let of_letters: BTreeSet<Task> = deliveries
            .filter_map(|(letter, delivery)| {
                match delivery.map(|delivery| task_of_delivery(letter, delivery, Form::Letter, now)) {
                    None | Some(Some(Task::Render(_))) => Some(Task::DrawUpPrebill(run)),
                    Some(task) => task,
                }
            })
            .collect();
        tasks.extend(of_letters);
    }
    for notice in notices(book) {
        let delivery = book.deliveries.get(&notice.letter);
        match delivery.map(|delivery| task_of_delivery(notice.letter, delivery, Form::Letter, now)) {
            None | Some(Some(Task::Render(_))) => tasks.push(Task::Write(notice.letter)),
            Some(task) => tasks.extend(task),
        }
    }
    for (id, document) in documents(book) {
        match book.deliveries.get(&id) {
            Some(delivery) => {
                let to_place = matches!(delivery.e_invoicing, EInvoicing::DrawnUp(_) | EInvoicing::Laying(..));
                tasks.extend(to_place.then_some(Task::Place(id)));
                tasks.extend(task_of_delivery(id, delivery, form_of(document), now));
            }
            None => tasks.push(Task::Render(id)),
        }
    }
    tasks
}

/// An approved run of which nothing is numbered, for its dates or since what it rests on has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct HeldUp {
    /// The run.
    pub run: InvoiceRunId,
    /// The date on its invoices. A later one than today is waited for; where it has passed, the run is to be discarded and
    /// planned anew.
    pub invoice_date: NaiveDate,
    /// What it rests on and is otherwise since it was approved, where its dates are right: then too it is to be discarded and
    /// planned anew.
    pub changes: Vec<Change>,
    /// How many more things are.
    pub more_count: usize,
}

impl HeldUp {
    /// Why it is not numbered, where its dates are right.
    #[must_use]
    pub fn changed(&self) -> Option<InvoiceRunRejection> {
        let Self { changes, more_count, .. } = self;
        let changed = InvoiceRunRejection::GroundsChanged { changes: changes.clone(), more_count: *more_count };
        (!changes.is_empty()).then_some(changed)
    }
}

/// Whether the invoices of a run are being numbered, also where an earlier version began and did not say so. What is begun is carried
/// through: a run is numbered whole or not at all.
#[must_use]
pub fn is_begun(book: &Book, run: InvoiceRunId) -> bool {
    match book.runs.get(&run) {
        Some(InvoiceRun::Numbering(..)) => true,
        Some(InvoiceRun::Approved(PlannedRun { plan, .. }, _)) => {
            plan.invoices.iter().any(|invoice| book.invoices.contains_key(&invoice.invoice))
        }
        Some(InvoiceRun::Absent | InvoiceRun::Planned(_) | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..))
        | None => false,
    }
}

/// Why nothing of an approved run that is not begun is numbered on a day; none where it is.
fn why_held_up(
    book: &Book,
    run: InvoiceRunId,
    plan: &InvoicePlan,
    day: NaiveDate,
    wording: &dyn Wording,
    account_of: AccountOf<'_>,
) -> Option<HeldUp> {
    let of_dates = HeldUp { run, invoice_date: plan.invoice_date, changes: Vec::new(), more_count: 0 };
    if !plan.is_to_be_issued(day) {
        return Some(of_dates);
    }
    let (changes, more_count) = plan.first_changes(&standing_whoever_is_reached(book, run, day, wording, account_of));
    (!changes.is_empty()).then_some(HeldUp { changes, more_count, ..of_dates })
}

/// The same of a run as it stands; none where it is not approved, or is done.
#[must_use]
pub fn run_held_up(
    book: &Book,
    run: InvoiceRunId,
    on: NaiveDate,
    wording: &dyn Wording,
    account_of: AccountOf<'_>,
) -> Option<HeldUp> {
    match book.runs.get(&run)? {
        InvoiceRun::Approved(..) if is_begun(book, run) => None,
        InvoiceRun::Approved(planned, _) => why_held_up(book, run, &planned.plan, on, wording, account_of),
        InvoiceRun::Absent
        | InvoiceRun::Planned(_)
        | InvoiceRun::Numbering(..)
        | InvoiceRun::Discarded(..)
        | InvoiceRun::Completed(..) => None,
    }
}

/// The approved runs that are not issued on a day, and why.
#[must_use]
pub fn held_up(book: &Book, on: NaiveDate, wording: &dyn Wording, account_of: AccountOf<'_>) -> Vec<HeldUp> {
    book.runs.keys().filter_map(|run| run_held_up(book, *run, on, wording, account_of)).collect()
}

/// As what a document leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As a letter alone: a prebill, a letter without a document, or a reminder, whose invoice's e-invoice stands.
    Letter,
    /// As a letter and as an e-invoice.
    LetterAndEInvoice,
}

fn form_of(document: Document<'_>) -> Form {
    match document {
        Document::Reminder(..) => Form::Letter,
        Document::Invoice(..) | Document::CreditNote(..) => Form::LetterAndEInvoice,
    }
}

fn task_of_delivery(invoice: InvoiceId, delivery: &Delivery, form: Form, now: DateTime<Utc>) -> Option<Task> {
    let lacks_e_invoice = form == Form::LetterAndEInvoice && delivery.e_invoicing == EInvoicing::Pending;
    match &delivery.mailing {
        Mailing::Queued if delivery.rendered.is_none() => Some(Task::Render(invoice)),
        Mailing::Queued if lacks_e_invoice => Some(Task::EInvoice(invoice)),
        Mailing::Queued => Some(Task::Mail(invoice)),
        Mailing::Deferred(deferred) => (deferred.next_attempt_at <= now).then_some(Task::Mail(invoice)),
        Mailing::Attempting(started) => {
            (started.outcome_due_at < now).then_some(Task::CeaseToWait(invoice, started.attempt))
        }
        Mailing::OutcomeUnknown(_) | Mailing::Parked(_) | Mailing::Accepted(_) | Mailing::Arrived(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::delivery::{
        DeliveryEvent, E_INVOICE_MEDIA_TYPE, EInvoiceOmitted, MailAccepted, MailAttemptStarted, MailDeferred,
        MailOutcomeUnknown, MailParked, MailRetryRequested, Rendered,
    };
    use crate::domain::event::Event;
    use crate::domain::identity::PersonId;
    use crate::domain::series::SeriesEvent;
    use crate::domain::testing::{day, invoices, nth};
    use crate::render::NorwegianWording;

    const INVOICE: InvoiceId = InvoiceId(uuid::Uuid::from_u128(1));

    fn issued() -> Event {
        let mut issued = invoices::issued(54, vec![]);
        issued.invoice.invoice = INVOICE;
        Event::Series(SeriesEvent::Issued(Arc::new(issued)))
    }

    /// The tasks after an invoice was issued and this became of it, at noon.
    fn tasks(became: &[DeliveryEvent]) -> Vec<Task> {
        let became = became.iter().map(|event| (INVOICE.0, Event::Delivery(event.clone())));
        let book = Book::of([(nth(8), issued())].into_iter().chain(became));
        open_tasks(&book, day("2023-11-16"), at("12:00"), &NorwegianWording, &|_| String::new())
    }

    fn at(time: &str) -> DateTime<Utc> {
        format!("2023-11-16T{time}:00Z").parse().unwrap()
    }

    fn rendered() -> DeliveryEvent {
        let (sha256, media_type) = (String::new(), String::new());
        DeliveryEvent::Rendered(Rendered { invoice: INVOICE, sha256, media_type, size_bytes: 1, enclosures: vec![] })
    }

    fn omitted() -> DeliveryEvent {
        DeliveryEvent::EInvoiceOmitted(EInvoiceOmitted { reason: String::new(), on: day("2023-11-16") })
    }

    fn started(outcome_due_at: &str) -> DeliveryEvent {
        DeliveryEvent::MailAttemptStarted(MailAttemptStarted {
            attempt: 1,
            claim: nth(5),
            person: PersonId(nth(6)),
            message_id: String::new(),
            outcome_due_at: at(outcome_due_at),
        })
    }

    #[test]
    fn an_issued_invoice_is_drawn_up_then_sent_then_done() {
        let (message_id, reply) = (String::new(), String::new());
        let accepted = DeliveryEvent::MailAccepted(MailAccepted { message_id, reply, on: day("2023-11-16") });
        assert_eq!(tasks(&[]), [Task::Render(INVOICE)]);
        assert_eq!(tasks(&[rendered()]), [Task::EInvoice(INVOICE)]);
        assert_eq!(tasks(&[rendered(), omitted()]), [Task::Mail(INVOICE)]);
        assert_eq!(tasks(&[rendered(), omitted(), started("12:05"), accepted]), []);
    }

    #[test]
    fn an_e_invoice_is_laid_out_whatever_becomes_of_the_letter() {
        let media_type = E_INVOICE_MEDIA_TYPE.to_owned();
        let e_invoice = DeliveryEvent::Rendered(Rendered {
            invoice: INVOICE,
            sha256: String::new(),
            media_type,
            size_bytes: 1,
            enclosures: vec![],
        });
        let parked = DeliveryEvent::MailParked(MailParked { reason: String::new(), on: day("2023-11-16") });
        assert_eq!(tasks(&[rendered(), e_invoice.clone()]), [Task::Place(INVOICE), Task::Mail(INVOICE)]);
        assert_eq!(tasks(&[rendered(), e_invoice, parked]), [Task::Place(INVOICE)]);
    }

    #[test]
    fn what_was_taken_before_there_were_e_invoices_gets_none() {
        let (message_id, reply) = (String::new(), String::new());
        let accepted = DeliveryEvent::MailAccepted(MailAccepted { message_id, reply, on: day("2023-11-16") });
        assert_eq!(tasks(&[rendered(), accepted]), []);
    }

    #[test]
    fn what_waits_for_a_person_is_no_task_until_the_person_asks() {
        let parked = DeliveryEvent::MailParked(MailParked { reason: String::new(), on: day("2023-11-16") });
        let asked = DeliveryEvent::MailRetryRequested(MailRetryRequested { on: day("2023-11-17") });
        assert_eq!(tasks(std::slice::from_ref(&parked)), [], "also where the document could not be drawn up");
        assert_eq!(tasks(&[parked, asked]), [Task::Render(INVOICE)]);
    }

    #[test]
    fn a_letter_under_way_is_left_alone_until_its_outcome_is_overdue() {
        assert_eq!(tasks(&[rendered(), started("12:00")]), []);
        assert_eq!(tasks(&[rendered(), started("11:59")]), [Task::CeaseToWait(INVOICE, 1)]);
    }

    #[test]
    fn what_nobody_knows_is_no_task() {
        let (said, on) = (String::new(), day("2023-11-16"));
        let unknown = DeliveryEvent::MailOutcomeUnknown(MailOutcomeUnknown { attempt: 1, said, on });
        assert_eq!(tasks(&[rendered(), started("11:00"), unknown]), []);
    }

    #[test]
    fn a_letter_that_was_put_off_is_a_task_when_it_is_due() {
        let deferred = |time: &str| {
            let (reply, next_attempt_at) = (String::new(), at(time));
            DeliveryEvent::MailDeferred(MailDeferred { attempt: 1, reply, next_attempt_at })
        };
        assert_eq!(tasks(&[rendered(), started("12:05"), deferred("12:01")]), []);
        let due = [rendered(), omitted(), started("12:05"), deferred("12:00")];
        assert_eq!(tasks(&due), [Task::Mail(INVOICE)]);
    }
}
