//! Credit notes in the register.

use serde::Serialize;
use uuid::Uuid;

use super::invoice::DocumentEntry;
use super::{At, Entry, InvoiceEntry};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::{InvoiceId, PartyId, ProcurementId};
use crate::view::book::Book;
use crate::view::documents::{Document, document};
use crate::view::outbox::{Letter, letter};

/// An issued credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CreditNoteEntry {
    /// The credit note.
    pub credit_note: InvoiceId,
    /// Number, the invoice it credits, lines and amounts as issued.
    pub issued: CreditNoteIssued,
    /// Its document; none while it is not drawn up.
    pub document: Option<DocumentEntry>,
    /// Its e-invoice, with the document inside; none while it is not drawn up, or where it cannot be.
    pub e_invoice: Option<DocumentEntry>,
    /// The letter it goes out with.
    pub letter: Letter,
}

impl CreditNoteEntry {
    fn of(book: &Book, id: InvoiceId, at: At) -> Option<Self> {
        let found = document(book, id)?;
        let Document::CreditNote(note, _) = found else { return None };
        let delivery = book.deliveries.get(&id);
        let [document, e_invoice] = DocumentEntry::both(delivery);
        Some(Self {
            credit_note: id,
            issued: note.clone(),
            document,
            e_invoice,
            letter: letter(id, found, delivery, at.instant),
        })
    }
}

impl Entry for CreditNoteEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut notes: Vec<Self> = book.papers.keys().filter_map(|id| Self::of(book, *id, at)).collect();
        notes.sort_by_key(|note| (note.issued.date, note.issued.number, note.credit_note));
        notes
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        Self::of(book, InvoiceId(id), at)
    }

    fn id(&self) -> Uuid {
        self.credit_note.0
    }

    fn is_of_procurement(&self, book: &Book, procurement: ProcurementId) -> bool {
        let invoice = self.issued.credited.invoice;
        let at = At { day: self.issued.date, instant: chrono::DateTime::UNIX_EPOCH };
        InvoiceEntry::one(book, invoice.0, at).is_some_and(|invoice| invoice.is_of_procurement(book, procurement))
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        let CreditNoteIssued { issuer, recipient, credited, .. } = &self.issued;
        [issuer.party, recipient.party, credited.issuer.party].contains(&party)
    }
}
