//! The e-invoice of a document, twice: alone, as the PDF holds it, and with the PDF in it, as it leaves the house.

use super::IssuedDocument;
use super::ehf::{self, About, Attachment, EhfDocument, EhfError, MediaType};
use super::fixed_words::said;
use super::mail::Attached;
use super::words::word;
use crate::view::documents::Document;

/// What a file that goes with a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enclosed {
    /// A document that was issued, or its e-invoice.
    Issued,
    /// The table of everybody's share.
    Distribution,
    /// A supplier's invoice.
    SupplierInvoice,
}

/// A file that goes with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// What it is.
    pub enclosed: Enclosed,
    /// What it is called.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Enclosure {
    /// The same as a letter carries it.
    #[must_use]
    pub fn attached(&self) -> Attached<'_> {
        Attached { file_name: &self.file_name, media_type: &self.media_type, bytes: &self.bytes }
    }
}

/// The e-invoice alone: the same amounts and words for a program, within the PDF.
///
/// # Errors
/// What makes it none.
pub(super) fn alone(document: &IssuedDocument<'_>) -> Result<Vec<u8>, EhfError> {
    ehf::ehf(&described(document, vec![]))
}

/// The e-invoice as it leaves the house, with the PDF and what goes with it inside.
///
/// # Errors
/// What makes it none.
pub fn e_invoice(document: &IssuedDocument<'_>, pdf: Vec<u8>, enclosures: Vec<Enclosure>) -> Result<Vec<u8>, EhfError> {
    let number = document.document.number();
    let about = &document.document.invoice().invoice;
    let title = match document.document {
        Document::Invoice(_) => super::invoice::title(about.language, about.kind),
        Document::CreditNote(..) => said(about.language, "credit-note"),
        Document::Reminder(..) => said(about.language, "reminder"),
    };
    let own = Attachment {
        reference: number.to_string(),
        description: Some(title.text),
        file_name: format!("{number}.pdf"),
        media_type: MediaType::Pdf,
        content: pdf,
    };
    let mut attachments = vec![own];
    for Enclosure { enclosed, file_name, media_type, bytes } in enclosures {
        // Two suppliers may call their files the same; a kind that no e-invoice holds goes with the letter alone.
        let Some(media_type) = MediaType::named(&media_type) else { continue };
        let is_taken = attachments.iter().any(|earlier| earlier.file_name == file_name);
        let file_name = if is_taken { format!("{}-{file_name}", attachments.len()) } else { file_name };
        attachments.push(Attachment {
            reference: file_name.clone(),
            description: match enclosed {
                Enclosed::Issued => None,
                Enclosed::Distribution => Some(word("ehf-file-distribution")),
                Enclosed::SupplierInvoice => Some(word("ehf-file-supplier-invoice")),
            },
            file_name,
            media_type,
            content: bytes,
        });
    }
    ehf::ehf(&described(document, attachments))
}

/// A reminder is no e-invoice of its own: it would say that of its invoice once more.
fn described(document: &IssuedDocument<'_>, attachments: Vec<Attachment>) -> EhfDocument {
    let IssuedDocument { document, procurement_name, illustrative } = *document;
    let about = About { procurement_name, illustrative };
    match document {
        Document::Invoice(issued) | Document::Reminder(_, _, issued) => ehf::of_invoice(issued, about, attachments),
        Document::CreditNote(note, _) => ehf::of_credit_note(note, about, attachments),
    }
}
