//! What is to be done now, read from the book.

use crate::domain::identity::{InvoiceId, InvoiceRunId};
use crate::domain::invoice_run::InvoiceRun;
use crate::view::book::Book;

/// A task. Its id is that of the thing it is about, and what is done twice is recognised by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Issue an invoice of an approved run.
    Issue(InvoiceRunId, InvoiceId),
    /// Record that all invoices of a run are issued.
    Complete(InvoiceRunId),
    /// Draw up an issued invoice as a document.
    Render(InvoiceId),
    /// Send a drawn-up invoice by mail.
    Mail(InvoiceId),
}

/// The open tasks, in the order they are to be done: invoices in the order of their plan, so that numbers follow it.
#[must_use]
pub fn open_tasks(book: &Book) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (run, state) in &book.runs {
        match state {
            InvoiceRun::Approved(planned, _) => {
                let to_issue: Vec<Task> = planned
                    .plan
                    .invoices
                    .iter()
                    .filter(|invoice| !book.invoices.contains_key(&invoice.invoice))
                    .map(|invoice| Task::Issue(*run, invoice.invoice))
                    .collect();
                if to_issue.is_empty() {
                    tasks.push(Task::Complete(*run));
                }
                tasks.extend(to_issue);
            }
            InvoiceRun::Absent | InvoiceRun::Planned(_) | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..) => {}
        }
    }
    let mut invoices: Vec<_> = book.invoices.iter().collect();
    invoices.sort_by_key(|(id, issued)| (issued.invoice_date, issued.number, **id));
    for (id, _) in invoices {
        match book.deliveries.get(id) {
            Some(delivery) if delivery.accepted.is_some() || delivery.parked.is_some() => {}
            Some(delivery) if delivery.rendered.is_some() => tasks.push(Task::Mail(*id)),
            Some(_) | None => tasks.push(Task::Render(*id)),
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::{DeliveryEvent, MailAccepted, MailParked, MailRetryRequested, Rendered};
    use crate::domain::event::Event;
    use crate::domain::series::SeriesEvent;
    use crate::domain::testing::{day, invoices, nth};

    const INVOICE: InvoiceId = InvoiceId(uuid::Uuid::from_u128(1));

    fn issued() -> Event {
        let mut issued = invoices::issued(54, vec![]);
        issued.invoice.invoice = INVOICE;
        Event::Series(SeriesEvent::Issued(Box::new(issued)))
    }

    /// The tasks after an invoice was issued and this became of it.
    fn tasks(became: &[DeliveryEvent]) -> Vec<Task> {
        let became = became.iter().map(|event| (INVOICE.0, Event::Delivery(event.clone())));
        open_tasks(&Book::of([(nth(8), issued())].into_iter().chain(became)))
    }

    #[test]
    fn an_issued_invoice_is_drawn_up_then_sent_then_done() {
        let rendered = DeliveryEvent::Rendered(Rendered {
            invoice: INVOICE,
            sha256: String::new(),
            media_type: String::new(),
            size_bytes: 1,
        });
        let (message_id, reply) = (String::new(), String::new());
        let accepted = DeliveryEvent::MailAccepted(MailAccepted { message_id, reply, on: day("2023-11-16") });
        assert_eq!(tasks(&[]), [Task::Render(INVOICE)]);
        assert_eq!(tasks(std::slice::from_ref(&rendered)), [Task::Mail(INVOICE)]);
        assert_eq!(tasks(&[rendered, accepted]), []);
    }

    #[test]
    fn what_waits_for_a_person_is_no_task_until_the_person_asks() {
        let parked = DeliveryEvent::MailParked(MailParked { reason: String::new(), on: day("2023-11-16") });
        let asked = DeliveryEvent::MailRetryRequested(MailRetryRequested { on: day("2023-11-17") });
        assert_eq!(tasks(std::slice::from_ref(&parked)), [], "also where the document could not be drawn up");
        assert_eq!(tasks(&[parked, asked]), [Task::Render(INVOICE)]);
    }
}
