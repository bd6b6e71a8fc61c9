//! Documents: a view and a template become bytes. Pure, and the same every time for the same input.
//!
//! What people read is in bokmål and stands in `reports/`, compiled into the program.

pub mod accounting;
pub mod ehf;
pub mod norwegian;

mod agreement;
mod budget;
mod calculation;
mod claim;
mod credit_note;
mod csv;
mod distribution;
mod document;
mod e_invoice;
pub(crate) mod element;
mod fixed_words;
mod invoice;
mod key_fault;
mod key_in_words;
mod letter;
pub mod mail;
mod notice;
pub mod page;
mod pdf;
mod prebill;
mod reminder;
mod succession;
mod text;
mod wording;
mod words;
mod workbook;
mod writing;

#[cfg(test)]
pub(crate) mod sample;

pub use agreement::{AgreeingParty, AgreementDraft, agreement_pdf};
pub use csv::budget_csv;
pub use distribution::{DistributionDocument, distribution_pdf};
pub use document::{IssuedDocument, document_pdf};
pub use e_invoice::{Enclosed, Enclosure, e_invoice, have_room};
pub use invoice::InvoiceDocument;
pub use notice::{NOTICE_MEDIA_TYPE, NoticeText, notice_mail, notice_text, written_to_in};
pub use pdf::{Conformance, budget_pdf};
pub use prebill::{PrebillDocument, prebill_mail, prebill_pdf};
pub use text::budget_text;
pub use wording::{NorwegianWording, WordingWithFiles};
pub use workbook::budget_workbook;

use crate::view::budget_sheet::BudgetSheet;

/// Why a document cannot be made. Each names the document.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template and the data do not fit together, or the result would not be a conforming PDF.
    #[error("{document} cannot be set as PDF: {fault}")]
    Pdf {
        /// What was to be made.
        document: &'static str,
        /// What the typesetter says.
        fault: String,
    },
    /// The data cannot be handed to the template.
    #[error("{document} cannot be written as JSON")]
    Json {
        /// What was to be made.
        document: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The spreadsheet cannot be written.
    #[error("the workbook cannot be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV file cannot be written.
    #[error("the CSV file cannot be written")]
    Csv(#[from] ::csv::Error),
    /// A template of a message is faulty.
    #[error("the message's template {template} cannot be filled in")]
    Template {
        /// Which part.
        template: &'static str,
        /// Why.
        #[source]
        source: handlebars::RenderError,
    },
    /// The Word document cannot be packed.
    #[error("the Word document cannot be packed")]
    Word(#[from] zip::result::ZipError),
    /// The message cannot be addressed or put together.
    #[error(transparent)]
    Message(#[from] mail::MessageError),
}

/// A budget sheet as JSON, amounts in whole øre (`..._ore`), with a line feed at the end.
///
/// # Errors
/// None in practice: a sheet holds nothing that JSON cannot.
pub fn budget_json(sheet: &BudgetSheet) -> Result<Vec<u8>, RenderError> {
    let mut json = serde_json::to_vec_pretty(sheet)
        .map_err(|source| RenderError::Json { document: "the budget sheet", source })?;
    json.push(b'\n');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_amounts_in_whole_ore_under_names_that_say_so() {
        let json: serde_json::Value = serde_json::from_slice(&budget_json(&sample::karasjok()).unwrap()).unwrap();
        assert_eq!(json["party_name"], "Kárášjohka - Karasjok");
        assert!(json["totals"][0]["net"]["likely_ore"].is_i64());
    }
}
