//! Who issued a document, where who came after it credits the document or asks for what it comes to.

use chrono::NaiveDate;

use super::fixed_words::sentence;
use super::norwegian;
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::vat::DocumentKind;

/// An invoice or a claim of an issuer that is gone, and who came after that.
pub(super) struct Succession<'a> {
    pub(super) language: InvoiceLanguage,
    pub(super) kind: DocumentKind,
    pub(super) number: u64,
    pub(super) date: NaiveDate,
    pub(super) issuer: &'a str,
    pub(super) organisation_number: &'a str,
    pub(super) successor: &'a str,
}

impl Succession<'_> {
    /// The same in a sentence.
    pub(super) fn in_words(&self) -> String {
        let with = [
            ("number", &*self.number.to_string()),
            ("date", &*norwegian::long_date(self.date)),
            ("issuer", self.issuer),
            ("organisation", &*norwegian::organisation_number(self.organisation_number)),
            ("successor", self.successor),
        ];
        let name = match self.kind {
            DocumentKind::Invoice => "succession",
            DocumentKind::Claim => "succession-of-claim",
        };
        sentence(self.language, name, with)
    }
}
