//! The file of a supplier's invoice, as it goes with a claim: known by its content, and never by its name alone.
//!
//! An e-invoice cannot hold another (BR-CL-24), so of a supplier's e-invoice the PDF within it is taken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::archive::media_type_of;
use crate::domain::supplier_invoice::{FILE_BYTES_MAX, MEDIA_TYPES};

/// A file that can go with a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierFile {
    /// What it is called; none where only its sender knows.
    pub file_name: Option<String>,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SupplierFileError {
    /// Nothing, or too much.
    #[error("the file has {bytes_count} bytes; it must have from 1 to {FILE_BYTES_MAX}")]
    Size {
        /// Its size.
        bytes_count: u64,
    },
    /// Another kind of file.
    #[error("the file is neither PDF, PNG, JPEG nor an e-invoice (XML), by what it begins with; send it as PDF")]
    Kind,
    /// An e-invoice without a PDF.
    #[error(
        "the e-invoice holds no PDF, and an e-invoice cannot go within another; ask the supplier for the PDF of it"
    )]
    NoPdfWithin,
    /// No XML.
    #[error("the file begins as XML and cannot be read as such; ask the supplier for the PDF of it")]
    Xml(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The file that goes with a claim: this one, or the PDF within it.
///
/// # Errors
/// It is of a size or kind that cannot go with a claim.
pub fn supplier_file(bytes: Vec<u8>) -> Result<SupplierFile, SupplierFileError> {
    let bytes_count = bytes.len() as u64;
    if bytes_count == 0 || bytes_count > FILE_BYTES_MAX {
        return Err(SupplierFileError::Size { bytes_count });
    }
    let found = media_type_of(&bytes).ok_or(SupplierFileError::Kind)?;
    match MEDIA_TYPES.iter().find(|(media_type, _)| *media_type == found) {
        Some((media_type, _)) => Ok(SupplierFile { file_name: None, media_type, bytes }),
        None => pdf_within(&bytes),
    }
}

/// The first PDF that an e-invoice holds.
fn pdf_within(xml: &[u8]) -> Result<SupplierFile, SupplierFileError> {
    let text = std::str::from_utf8(xml).map_err(|error| SupplierFileError::Xml(error.into()))?;
    let mut reader = Reader::from_str(text);
    let mut file_name = None;
    let mut is_within = false;
    loop {
        match reader.read_event().map_err(|error| SupplierFileError::Xml(error.into()))? {
            Event::Start(element) if element.local_name().as_ref() == "EmbeddedDocumentBinaryObject" => {
                is_within = attribute(&element, "mimeCode").is_some_and(|media_type| media_type == "application/pdf");
                file_name = attribute(&element, "filename").filter(|name| !name.trim().is_empty());
            }
            Event::Text(text) if is_within => {
                let digits: String = text.chars().filter(|digit| !digit.is_ascii_whitespace()).collect();
                let pdf = BASE64.decode(digits).ok().filter(|pdf| media_type_of(pdf) == Some("application/pdf"));
                if let Some(bytes) = pdf {
                    return Ok(SupplierFile { file_name, media_type: "application/pdf", bytes });
                }
            }
            Event::End(_) => is_within = false,
            Event::Eof => return Err(SupplierFileError::NoPdfWithin),
            Event::Start(_)
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.try_get_attribute(name).ok()?.map(|attribute| attribute.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7 an invoice";

    fn e_invoice(media_type: &str, content: &[u8]) -> Vec<u8> {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Invoice xmlns:cbc=\"urn:x\"><cbc:EmbeddedDocumentBinaryObject \
             mimeCode=\"{media_type}\" filename=\"L-1.pdf\">\n{}\n</cbc:EmbeddedDocumentBinaryObject></Invoice>",
            BASE64.encode(content)
        )
        .into_bytes()
    }

    #[test]
    fn a_pdf_is_taken_as_it_is_and_of_an_e_invoice_the_pdf_within() {
        let plain = supplier_file(PDF.to_vec()).unwrap();
        assert_eq!((plain.media_type, &*plain.bytes, plain.file_name), ("application/pdf", PDF, None));
        let within = supplier_file(e_invoice("application/pdf", PDF)).unwrap();
        assert_eq!((&*within.bytes, within.file_name.as_deref()), (PDF, Some("L-1.pdf")));
    }

    #[test]
    fn what_cannot_go_with_a_claim_is_refused_by_its_content() {
        let refused = |bytes: &[u8]| supplier_file(bytes.to_vec()).unwrap_err().to_string();
        assert!(refused(b"").starts_with("the file has 0 bytes"));
        assert!(refused(b"MZ a program called L-1.pdf").starts_with("the file is neither PDF, PNG, JPEG nor"));
        assert!(refused(&e_invoice("text/csv", b"a;b")).starts_with("the e-invoice holds no PDF"));
        assert!(refused(&e_invoice("application/pdf", b"MZ")).starts_with("the e-invoice holds no PDF"));
        assert!(refused(b"<?xml version=\"1.0\"?><Invoice><!-- ").starts_with("the file begins as XML"));
        assert!(refused(&vec![b'%'; 10 * 1024 * 1024 + 1]).starts_with("the file has 10485761 bytes"));
    }
}
