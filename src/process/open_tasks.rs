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
