//! The e-invoice: Peppol BIS Billing 3.0, which in Norway is called EHF Fakturering 3.0, as UBL 2.1.
//!
//! [`of_invoice`] and [`of_credit_note`] say what was issued as an [`EhfDocument`], which says all that the file says, and
//! [`ehf`] writes it. [`check`] finds beforehand what the official rules
//! let pass; the tests hold the result to those rules as well.

mod amounts;
mod check;
mod document;
mod error;
mod issued;
mod write;

pub use check::{ATTACHMENTS_BYTES_MAX, LINES_MAX, LONG_TEXT_BYTES_MAX, check};
pub use document::{
    Address, Attachment, CreditedInvoice, EhfDocument, Issuer, Kid, Kind, Line, MediaType, Party, Payment, Totals,
    Unit, VatCategory, VatSubtotal,
};
pub use error::{EhfError, Field};
pub(super) use issued::no_output_vat;
pub use issued::{About, of_credit_note, of_invoice};

/// The document as an XML file in UTF-8, the same bytes for the same document.
///
/// # Errors
/// What [`check`] finds.
pub fn ehf(document: &EhfDocument) -> Result<Vec<u8>, EhfError> {
    check(document)?;
    Ok(write::document(document).to_xml())
}
