//! Any document that is issued, as PDF.

use super::invoice::{InvoiceDocument, invoice_pdf};
use super::words::word;
use super::{RenderError, credit_note, reminder};
use crate::view::documents::Document;

/// A document and what it says beside what was issued.
#[derive(Debug, Clone, Copy)]
pub struct IssuedDocument<'a> {
    /// The document.
    pub document: Document<'a>,
    /// What people call the procurement.
    pub procurement_name: &'a str,
    /// Whether its amounts are invented for illustration: the document says so.
    pub illustrative: bool,
}

impl<'a> IssuedDocument<'a> {
    /// The document of the invoice that it is or is about.
    #[must_use]
    pub fn of_invoice(self) -> Self {
        Self { document: Document::Invoice(self.document.invoice()), ..self }
    }

    /// The invoice that it is or is about.
    #[must_use]
    pub fn invoice(&self) -> InvoiceDocument<'a> {
        let Self { document, procurement_name, illustrative } = *self;
        InvoiceDocument { issued: document.invoice(), procurement_name, illustrative }
    }

    /// What the file is called that people get.
    #[must_use]
    pub fn file_name(&self) -> String {
        let number = self.document.number();
        match self.document {
            Document::Invoice(_) => format!("faktura-{number}.pdf"),
            Document::CreditNote(..) => format!("kreditnota-{number}.pdf"),
            Document::Reminder(..) => format!("purring-{number}.pdf"),
        }
    }
}

/// A document on one page, where its lines have room there.
///
/// # Errors
/// If the template and the document do not fit together.
pub fn document_pdf(issued: &IssuedDocument<'_>) -> Result<Vec<u8>, RenderError> {
    let banner = issued.illustrative.then(|| word("illustrative"));
    let name = issued.procurement_name;
    match issued.document {
        Document::Invoice(_) => invoice_pdf(&issued.invoice()),
        Document::CreditNote(note, _) => credit_note::set(note, name, banner).map(|set| set.bytes),
        Document::Reminder(made, count, invoice) => {
            reminder::set(made, count, invoice, name, banner).map(|set| set.bytes)
        }
    }
}
