//! The fixed words of documents for payers, in the language of each: bokmål, nynorsk, or bokmål with verified words of
//! Northern Sámi beside it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::party::WrittenForm;
use crate::domain::vat::VatTreatment;
use crate::text;

/// What the names of the messages begin with.
const PREFIX: &str = "fixed-";
/// The words that a template asks for by the rest of their names.
const OF_TEMPLATES: [&str; 55] = [
    "account",
    "attachments",
    "buyer-reference",
    "claim",
    "claim-date",
    "claim-number",
    "concerns",
    "county-number",
    "credit-note-date",
    "credit-note-number",
    "credited-kroner",
    "credits-claim",
    "credits-invoice",
    "date",
    "delivery-place",
    "description",
    "distribution",
    "due-date",
    "from",
    "illustrative-sentence",
    "kroner",
    "mail-to-pay",
    "municipality-number",
    "net-kroner",
    "net-sum",
    "new-due-date",
    "number",
    "order-reference",
    "organisation-number",
    "output-vat",
    "participant",
    "party-number",
    "pay-by",
    "prebill-calculation",
    "prebill-cost",
    "prebill-decision",
    "prebill-left-out",
    "prebill-shared",
    "prebill-treatment",
    "prebill-why",
    "reason",
    "reminder-count",
    "reminder-date",
    "reminder-invoice",
    "sum",
    "supplier-vat",
    "supplier-vat-short",
    "to",
    "to-pay",
    "vat",
    "vat-basis",
    "vat-rate",
    "vat-short",
    "was-due",
    "without-vat",
];

/// A word, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Said {
    /// In Norwegian.
    pub(super) text: String,
    /// In Northern Sámi, where the document has it and there is a verified word.
    pub(super) beside: Option<String>,
}

/// The words of a document, for its template.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FixedWords {
    /// What the document's language is marked as (ISO 639).
    language: &'static str,
    /// The words by their names.
    words: BTreeMap<&'static str, Said>,
}

impl FixedWords {
    /// Those of a language.
    pub(super) fn of(language: InvoiceLanguage) -> Self {
        let words = OF_TEMPLATES.into_iter().map(|name| (name, said(language, name))).collect();
        Self { language: language_code(language), words }
    }
}

/// What the Norwegian of a document is marked as (ISO 639).
pub(super) fn language_code(language: InvoiceLanguage) -> &'static str {
    match language.written_form() {
        WrittenForm::Bokmal => "nb",
        WrittenForm::Nynorsk => "nn",
    }
}

/// A message of another file than that of the fixed words, in the Norwegian of a document.
pub(super) fn in_norwegian<const COUNT: usize>(
    language: InvoiceLanguage,
    key: &str,
    with: [(&'static str, &str); COUNT],
) -> String {
    text::norwegian(language.written_form(), key, &with)
}

/// How VAT is treated, in the word of a document.
pub(super) fn treatment(language: InvoiceLanguage, treatment: VatTreatment) -> String {
    let name = match treatment {
        VatTreatment::Resale => "treatment-resale",
        VatTreatment::CostSharing => "treatment-cost-sharing",
        VatTreatment::Disbursement => "treatment-disbursement",
        VatTreatment::OutsideScope => "treatment-outside-scope",
    };
    said(language, name).text
}

/// A word as a document of the language has it.
pub(super) fn said(language: InvoiceLanguage, name: &str) -> Said {
    let key = format!("{PREFIX}{name}");
    let beside = match language {
        InvoiceLanguage::Bokmal | InvoiceLanguage::Nynorsk => None,
        InvoiceLanguage::BokmalAndNorthernSami => text::northern_sami(&key),
    };
    Said { text: text::norwegian(language.written_form(), &key, &[]), beside }
}

/// A sentence in the Norwegian of a document, with finished texts put in.
pub(super) fn sentence<const COUNT: usize>(
    language: InvoiceLanguage,
    name: &str,
    with: [(&'static str, &str); COUNT],
) -> String {
    in_norwegian(language, &format!("{PREFIX}{name}"), with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn northern_sami_stands_beside_bokmal_where_there_is_a_verified_word() {
        let bilingual = |name| said(InvoiceLanguage::BokmalAndNorthernSami, name);
        assert_eq!(bilingual("invoice"), Said { text: "Faktura".to_owned(), beside: Some("rehket".to_owned()) });
        assert_eq!(bilingual("due-date"), Said { text: "Forfallsdato".to_owned(), beside: None });
        assert_eq!(said(InvoiceLanguage::Bokmal, "invoice").beside, None);
        assert_eq!(said(InvoiceLanguage::Nynorsk, "net-sum").text, "Sum utan mva");
    }

    #[test]
    fn every_word_of_a_template_is_said_in_every_language() {
        for language in [InvoiceLanguage::Bokmal, InvoiceLanguage::Nynorsk, InvoiceLanguage::BokmalAndNorthernSami] {
            for (name, said) in FixedWords::of(language).words {
                assert!(!said.text.contains(PREFIX) && !said.text.contains("nknown"), "{name}: {}", said.text);
            }
        }
    }
}
