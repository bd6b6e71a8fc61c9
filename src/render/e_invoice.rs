//! The e-invoice of a document, twice: alone, as the PDF holds it, and with the PDF in it, as it leaves the house.

use super::IssuedDocument;
use super::ehf::{self, About, Attachment, EhfDocument, EhfError, MediaType};
use super::fixed_words::{in_norwegian, said};
use super::mail::Attached;
use crate::domain::invoice_run::ATTACHMENTS_MAX;
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
    ehf::ehf(&described(document, attachments(document, pdf, enclosures)))
}

/// Why a document could not be an e-invoice, before there is a PDF of it; files are taken to hold something.
pub(super) fn fault(document: &IssuedDocument<'_>) -> Option<EhfError> {
    const SOMETHING: &[u8] = b"%PDF";
    let files = &document.document.invoice().invoice.attachments;
    if files.len() > ATTACHMENTS_MAX {
        return Some(EhfError::TooManyFiles { count: files.len(), most: ATTACHMENTS_MAX });
    }
    let enclosed = files.iter().map(|attachment| Enclosure {
        enclosed: Enclosed::SupplierInvoice,
        file_name: attachment.file_name.clone(),
        media_type: attachment.media_type.clone(),
        bytes: SOMETHING.to_vec(),
    });
    ehf::check(&described(document, attachments(document, SOMETHING.to_vec(), enclosed.collect()))).err()
}

/// Whether files of so many bytes have room in an e-invoice beside the PDF of the document.
///
/// # Errors
/// They are too large.
pub fn have_room(bytes_count: u64) -> Result<(), EhfError> {
    const OWN_PDF_BYTES_MAX: usize = 1 << 20;
    let bytes_max = ehf::ATTACHMENTS_BYTES_MAX - OWN_PDF_BYTES_MAX;
    let bytes_count = usize::try_from(bytes_count).unwrap_or(usize::MAX);
    if bytes_count > bytes_max { Err(EhfError::AttachmentsTooLarge { bytes_count, bytes_max }) } else { Ok(()) }
}

fn attachments(document: &IssuedDocument<'_>, pdf: Vec<u8>, enclosures: Vec<Enclosure>) -> Vec<Attachment> {
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
                Enclosed::Distribution => Some(in_norwegian(about.language, "ehf-file-distribution", [])),
                Enclosed::SupplierInvoice => Some(in_norwegian(about.language, "ehf-file-supplier-invoice", [])),
            },
            file_name,
            media_type,
            content: bytes,
        });
    }
    attachments
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::money::Ore;
    use crate::domain::series::Issued;
    use crate::render::sample;

    fn document(issued: &Issued) -> IssuedDocument<'_> {
        let document = Document::Invoice(issued);
        IssuedDocument { document, procurement_name: sample::PROCUREMENT, illustrative: false }
    }

    /// What the official rules let pass is found before anything is issued: what is changed, and what is said of it.
    #[test]
    fn what_no_official_rule_catches_is_found_in_a_draft() {
        type Change = fn(&mut Issued);
        let changes: [(Change, &str); 7] = [
            (|issued| issued.invoice.vat[0].vat_ore += Ore(1), "the VAT amount of VAT category"),
            (|issued| issued.invoice.total_ore += Ore(1), "the total is"),
            (|issued| issued.kid = Some("5423000010".to_owned()), "the KID, \"5423000010\", is not"),
            (|issued| issued.account_number = "12345678901".to_owned(), "the account number, \"12345678901\", is not"),
            (|issued| issued.due_date = sample::day("2020-01-01"), "the due date 2020-01-01 is before the issue date"),
            (|issued| issued.invoice.recipient.organisation_number = "963376031".to_owned(), "the recipient's organ"),
            (|issued| issued.invoice.buyer_reference = None, "the buyer reference and the order reference are both"),
        ];
        assert_eq!(fault(&document(&sample::invoice())), None);
        for (change, said) in changes {
            let mut issued = sample::invoice();
            change(&mut issued);
            let fault = fault(&document(&issued)).map(|fault| fault.to_string()).unwrap_or_default();
            assert!(fault.starts_with(said), "{said}: {fault}");
        }
    }

    #[test]
    fn lines_have_ids_of_their_own_and_a_unit_that_there_is() {
        let claim = sample::claim();
        for issued in [sample::invoice(), claim] {
            let lines = described(&document(&issued), vec![]).lines;
            let ids: BTreeSet<&str> = lines.iter().map(|line| &*line.id).collect();
            assert_eq!(ids.len(), lines.len());
            assert!(lines.iter().all(|line| line.unit == ehf::Unit::Piece), "{lines:?}");
        }
    }

    #[test]
    fn files_have_room_beside_the_pdf_or_are_refused() {
        assert_eq!(have_room(19 << 20), Ok(()));
        let refused = have_room((19 << 20) + 1).unwrap_err().to_string();
        assert!(refused.starts_with("the attachments hold 19922945 bytes together, and at most 19922944"), "{refused}");
    }
}
