//! The draft of a case for the council (saksframlegg): a Word document that the municipality goes on writing in.

use std::io::{Cursor, Write};

use handlebars::Handlebars;
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::super::RenderError;
use super::super::budget::{self, Document};
use super::super::words::{Say, Unit};
use crate::text::Language;
use crate::view::budget_sheet::BudgetSheet;

const CONTENT_TYPES: &str = include_str!("../../../reports/council/content_types.xml");
const RELATIONS: &str = include_str!("../../../reports/council/relations.xml");
const STYLES: &str = include_str!("../../../reports/council/styles.xml");
const DOCUMENT_RELATIONS: &str = include_str!("../../../reports/council/document_relations.xml");
const DOCUMENT: &str = include_str!("../../../reports/council/document.xml.hbs");

#[derive(Serialize)]
struct Paper<'a> {
    document: Document<'a>,
    language: &'static str,
    heading: String,
    proposal_heading: String,
    proposal: Vec<String>,
    background_heading: String,
    background: String,
    cost_heading: String,
    cost: String,
    line_heading: String,
    notes_heading: String,
    certainty_heading: String,
    accounts_heading: String,
    unit: String,
}

/// The draft in a language, as a Word document (`.docx`). The same sheet gives the same bytes.
///
/// # Errors
/// If the template and the sheet do not fit together.
pub fn council_paper(sheet: &BudgetSheet, language: Language) -> Result<Vec<u8>, RenderError> {
    let say = Say { language: language.of_sentences(), unit: Unit::Kroner };
    let document = xml(&paper(say, sheet))?;
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", document.as_str()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
        ("word/styles.xml", STYLES),
    ];
    Ok(packed(&parts)?)
}

fn packed(parts: &[(&str, &str)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT);
    for (name, content) in parts {
        archive.start_file(*name, options)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn xml(paper: &Paper<'_>) -> Result<String, RenderError> {
    let template = "the council's case";
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.render_template(DOCUMENT, paper).map_err(|source| RenderError::Template { template, source })
}

fn paper(say: Say, sheet: &BudgetSheet) -> Paper<'_> {
    let first = sheet.totals.first();
    let proposal = first.map(|total| {
        let known = total.likely_known().filter(|_| total.certainty.is_some());
        let amount = known.map(|likely| say.kroner(likely)).unwrap_or_default();
        let year = total.year.to_string();
        let key = if known.is_some() { "council-proposal-amount" } else { "council-proposal-unknown" };
        say.sentence(key, [("party", sheet.party_name.as_str()), ("amount", &amount), ("year", &year)])
    });
    let joins = say.sentence(
        "council-proposal-join",
        [("party", sheet.party_name.as_str()), ("procurement", &sheet.procurement_name)],
    );
    Paper {
        language: match say.language {
            Language::Bokmal | Language::NorthernSami => "nb-NO",
            Language::Nynorsk => "nn-NO",
            Language::English => "en-GB",
        },
        heading: say.sentence(
            "council-heading",
            [("procurement", sheet.procurement_name.as_str()), ("party", &sheet.party_name)],
        ),
        proposal_heading: say.word("council-proposal"),
        proposal: [joins].into_iter().chain(proposal).collect(),
        background_heading: say.word("council-background"),
        background: say.sentence(
            "council-background-text",
            [("party", sheet.party_name.as_str()), ("procurement", &sheet.procurement_name)],
        ),
        cost_heading: say.word("council-cost"),
        cost: say.sentence("council-cost-text", [("day", say.long_date(sheet.as_of).as_str())]),
        line_heading: say.word("line"),
        notes_heading: say.word("notes"),
        certainty_heading: say.word("legend"),
        accounts_heading: say.word("accounts"),
        unit: say.word("page-in-kroner"),
        document: budget::document(say, sheet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_draft_holds_the_table_and_what_is_proposed_and_is_the_same_each_time() {
        let sheet = sample::karasjok();
        let text = xml(&paper(Say { language: Language::Bokmal, unit: Unit::Kroner }, &sheet)).unwrap();
        assert!(text.contains("Kárášjohka - Karasjok"), "{text}");
        assert!(quick_xml::Reader::from_str(&text).read_event().is_ok());
        let bytes = council_paper(&sheet, Language::Nynorsk).unwrap();
        assert_eq!(bytes, council_paper(&sheet, Language::Nynorsk).unwrap());
        assert!(bytes.starts_with(b"PK"));
    }

    #[test]
    fn what_would_be_a_tag_is_text() {
        let mut sheet = sample::karasjok();
        sheet.party_name = "<w:p> & Co".to_owned();
        let text = xml(&paper(Say::BOKMAL, &sheet)).unwrap();
        assert!(text.contains("&lt;w:p&gt; &amp; Co") && !text.contains("<w:p> &"));
    }
}
