//! Documents: what is drawn up, kept by its hash and sent. Invoices and claims, credit notes, reminders.

use chrono::NaiveDate;

use super::book::{Book, Paper};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::InvoiceId;
use crate::domain::invoice_run::InvoiceParty;
use crate::domain::payment::Reminder;
use crate::domain::series::Issued;

/// A document, with the invoice that it is or is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document<'book> {
    /// An invoice or a claim.
    Invoice(&'book Issued),
    /// A credit note.
    CreditNote(&'book CreditNoteIssued, &'book Issued),
    /// A reminder, and which of the invoice's it is, from 1.
    Reminder(&'book Reminder, usize, &'book Issued),
}

impl<'book> Document<'book> {
    /// The invoice that it is or is about.
    #[must_use]
    pub fn invoice(self) -> &'book Issued {
        match self {
            Self::Invoice(issued) | Self::CreditNote(_, issued) | Self::Reminder(_, _, issued) => issued,
        }
    }

    /// Its number; of a reminder, that of the invoice.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Invoice(issued) | Self::Reminder(_, _, issued) => issued.number,
            Self::CreditNote(note, _) => note.number,
        }
    }

    /// The date on it.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Invoice(issued) => issued.invoice_date,
            Self::CreditNote(note, _) => note.date,
            Self::Reminder(reminder, ..) => reminder.reminded.on,
        }
    }

    /// Who it is for.
    #[must_use]
    pub fn recipient(self) -> &'book InvoiceParty {
        match self {
            Self::Invoice(issued) | Self::Reminder(_, _, issued) => &issued.invoice.recipient,
            Self::CreditNote(note, _) => &note.recipient,
        }
    }

    /// What it is called: no other document is called so.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Invoice(_) | Self::CreditNote(..) => self.number().to_string(),
            Self::Reminder(_, count, issued) => format!("{}-purring-{count}", issued.number),
        }
    }

    /// The same apart from the book.
    #[must_use]
    pub fn kept(self) -> KeptDocument {
        let invoice = self.invoice().clone();
        let about = match self {
            Self::Invoice(_) => About::Itself,
            Self::CreditNote(note, _) => About::CreditNote(Box::new(note.clone())),
            Self::Reminder(reminder, count, _) => About::Reminder(Box::new(reminder.clone()), count),
        };
        KeptDocument { invoice, about }
    }
}

/// A document apart from the book, for as long as it is worked on.
#[derive(Debug, Clone)]
pub struct KeptDocument {
    invoice: Issued,
    about: About,
}

#[derive(Debug, Clone)]
enum About {
    Itself,
    CreditNote(Box<CreditNoteIssued>),
    Reminder(Box<Reminder>, usize),
}

impl KeptDocument {
    /// The document.
    #[must_use]
    pub fn document(&self) -> Document<'_> {
        match &self.about {
            About::Itself => Document::Invoice(&self.invoice),
            About::CreditNote(note) => Document::CreditNote(note, &self.invoice),
            About::Reminder(reminder, count) => Document::Reminder(reminder, *count, &self.invoice),
        }
    }
}

/// The document of an id.
#[must_use]
pub fn document(book: &Book, id: InvoiceId) -> Option<Document<'_>> {
    let Some(paper) = book.papers.get(&id) else {
        return book.invoices.get(&id).map(AsRef::as_ref).map(Document::Invoice);
    };
    match paper {
        Paper::CreditNote { of } => Some(Document::CreditNote(book.credit_note(id)?, book.invoices.get(of)?)),
        Paper::Reminder { of, account } => {
            let reminders = book.payments.get(account)?.reminders.get(of)?;
            let place = reminders.iter().position(|reminder| reminder.reminded.letter() == id)?;
            Some(Document::Reminder(reminders.get(place)?, place + 1, book.invoices.get(of)?))
        }
        Paper::Hearing { .. } | Paper::Answer { .. } | Paper::Withdrawal { .. } | Paper::Nudge { .. } => None,
    }
}

/// All documents by date, number and name.
#[must_use]
pub fn documents(book: &Book) -> Vec<(InvoiceId, Document<'_>)> {
    let invoices = book.invoices.iter().map(|(id, issued)| (*id, Document::Invoice(issued)));
    let others = book.papers.keys().filter_map(|id| Some((*id, document(book, *id)?)));
    by_date(invoices.chain(others).collect())
}

/// These by date, number and name.
pub(super) fn by_date(mut documents: Vec<(InvoiceId, Document<'_>)>) -> Vec<(InvoiceId, Document<'_>)> {
    documents.sort_by_key(|(id, document)| (document.date(), document.number(), *id));
    documents
}

/// The document of a name.
#[must_use]
pub fn document_called(book: &Book, name: &str) -> Option<InvoiceId> {
    documents(book).into_iter().find(|(_, document)| document.name() == name.trim()).map(|(id, _)| id)
}
