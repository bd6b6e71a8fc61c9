//! Any document that is issued, as PDF.

use super::claim::claim_pdf;
use super::invoice::{InvoiceDocument, invoice_pdf};
use super::pdf::Conformance;
use super::{RenderError, credit_note, reminder};
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::DocumentKind;
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
            Document::Invoice(issued) => match issued.invoice.kind {
                DocumentKind::Invoice => format!("faktura-{number}.pdf"),
                DocumentKind::Claim => format!("krav-{number}.pdf"),
            },
            Document::CreditNote(..) => format!("kreditnota-{number}.pdf"),
            Document::Reminder(..) => format!("purring-{number}.pdf"),
        }
    }
}

/// A document on one page, where its lines have room there. A claim names the files that go with it, those that are
/// `drawn_up_beside` it among them. Only of an invoice `conformance` is asked: all others are archival.
///
/// # Errors
/// If the template and the document do not fit together.
pub fn document_pdf(
    issued: &IssuedDocument<'_>,
    drawn_up_beside: &[Attachment],
    conformance: Conformance,
) -> Result<Vec<u8>, RenderError> {
    match issued.document {
        Document::Invoice(invoice) => match invoice.invoice.kind {
            DocumentKind::Invoice => invoice_pdf(&issued.invoice(), conformance),
            DocumentKind::Claim => claim_pdf(&issued.invoice(), drawn_up_beside),
        },
        Document::CreditNote(note, _) => credit_note::set(note, issued).map(|set| set.bytes),
        Document::Reminder(made, count, _) => reminder::set(made, count, issued).map(|set| set.bytes),
    }
}
