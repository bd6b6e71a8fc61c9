//! PDF by Typst: PDF/A-3a, which archives keep, and PDF/UA-1, which everybody can read. Typst refuses to write a
//! file that breaks either, and a warning is taken as an error here: an unknown font is only a warning.

mod world;

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::syntax::Source;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use self::world::DocumentWorld;
use super::words::Say;
use super::{RenderError, budget};
use crate::text::Language;
use crate::view::budget_sheet::BudgetSheet;

/// What the PDF of an invoice conforms to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformance {
    /// PDF/A-3a and PDF/UA-1: what leaves the house.
    Archival,
    /// To nothing beyond PDF, and without tags: for measuring what conformance costs, and for nothing else.
    Plain,
}

static BUDGET_SHEET: LazyLock<Source> =
    LazyLock::new(|| world::template(include_str!("../../reports/budget/sheet.typ")));

/// A budget sheet that can be laid before the council, in the language of who lays it there.
///
/// # Errors
/// If the template and the sheet do not fit together.
pub fn budget_pdf(sheet: &BudgetSheet, language: Language) -> Result<Vec<u8>, RenderError> {
    budget_sheet(sheet, language).map(|set| set.bytes)
}

/// The sheet, and what its template says beside it.
#[derive(Serialize)]
struct SheetSet<'a> {
    fixed: Fixed,
    paging: Paging,
    words: SheetWords,
    #[serde(flatten)]
    sheet: budget::Document<'a>,
}

#[derive(Serialize)]
struct Fixed {
    language: &'static str,
    words: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Paging {
    page: String,
    of: String,
}

#[derive(Serialize)]
struct SheetWords {
    figures: String,
    to_bear: String,
    per_inhabitant: String,
    change: String,
    amounts: String,
    line: String,
    notes: String,
    carried_over: String,
    grounds: String,
    certainties: String,
}

fn sheet_set(say: Say, sheet: &BudgetSheet) -> SheetSet<'_> {
    let document = budget::document(say, sheet);
    let first = document.columns.first().map(|column| column.year.clone()).unwrap_or_default();
    let total = |key: &str| document.totals.iter().find(|row| row.key == key);
    let certainty = total("certainty").and_then(|row| row.cells.first()).map_or("", |cell| cell.amount.as_str());
    let change = total("change-from-old-system").map_or("", |row| row.text.as_str());
    let words = SheetWords {
        figures: say.sentence("budget-figures", [("as_of", document.as_of.as_str())]),
        to_bear: say.sentence("budget-to-bear", [("year", first.as_str()), ("certainty", certainty)]),
        per_inhabitant: say.sentence("budget-per-inhabitant", [("year", first.as_str())]),
        change: say.sentence("budget-change", [("year", first.as_str()), ("change", change)]),
        amounts: say.word("budget-amounts"),
        line: say.word("budget-line"),
        notes: say.word("budget-notes"),
        carried_over: say.word("budget-carried-over"),
        grounds: say.word("budget-grounds"),
        certainties: say.word("budget-certainties"),
    };
    let fixed = Fixed { language: say.language.code(), words: BTreeMap::new() };
    let paging = Paging { page: say.word("budget-page"), of: say.word("budget-page-of") };
    SheetSet { fixed, paging, words, sheet: document }
}

fn budget_sheet(sheet: &BudgetSheet, language: Language) -> Result<SetDocument, RenderError> {
    let say = Say::of(language);
    let years: Vec<String> = sheet.years.iter().map(ToString::to_string).collect();
    let language = say.language.code();
    let identity =
        format!("budget sheet {} {} {} {} {language}", sheet.procurement, sheet.party, sheet.as_of, years.join(" "));
    set("the budget sheet", &BUDGET_SHEET, &sheet_set(say, sheet), identity, sheet.as_of)
}

/// A document that is set.
pub(super) struct SetDocument {
    pub bytes: Vec<u8>,
    /// How many pages it has.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests see to it that documents stay on their page"))]
    pub pages_count: usize,
    /// What stands on each page.
    #[cfg(test)]
    pub page_texts: Vec<String>,
}

pub(super) fn template(text: &str) -> Source {
    world::template(text)
}

/// Sets a document. `identity` and `day` are the document's own, so that it is the same to the byte when set again.
pub(super) fn set(
    document: &'static str,
    template: &Source,
    data: &impl Serialize,
    identity: String,
    day: NaiveDate,
) -> Result<SetDocument, RenderError> {
    set_with(document, template, data, None, identity, day)
}

/// The same with an e-invoice that the template may attach.
pub(super) fn set_with(
    document: &'static str,
    template: &Source,
    data: &impl Serialize,
    e_invoice: Option<Vec<u8>>,
    identity: String,
    day: NaiveDate,
) -> Result<SetDocument, RenderError> {
    set_as(document, template, data, e_invoice, identity, day, Conformance::Archival)
}

/// The same conforming to less.
pub(super) fn set_as(
    document: &'static str,
    template: &Source,
    data: &impl Serialize,
    e_invoice: Option<Vec<u8>>,
    identity: String,
    day: NaiveDate,
    conformance: Conformance,
) -> Result<SetDocument, RenderError> {
    let json = serde_json::to_vec(data).map_err(|source| RenderError::Json { document, source })?;
    let fault = |fault: String| RenderError::Pdf { document, fault };
    let typeset = typst::compile::<PagedDocument>(&DocumentWorld::new(template, json, e_invoice));
    forget_old_layouts();
    let paged = typeset.output.map_err(|errors| fault(sentences(&errors)))?;
    if !typeset.warnings.is_empty() {
        return Err(fault(sentences(&typeset.warnings)));
    }
    let standards: &[PdfStandard] = match conformance {
        Conformance::Archival => &[PdfStandard::A_3a, PdfStandard::Ua_1],
        Conformance::Plain => &[],
    };
    let options = PdfOptions {
        ident: Smart::Custom(identity),
        creator: Smart::Custom(Some("Grenseløs".to_owned())),
        timestamp: midnight(day).map(Timestamp::new_utc),
        standards: PdfStandards::new(standards).map_err(|error| fault(error.message().to_string()))?,
        tagged: conformance == Conformance::Archival,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&paged, &options).map_err(|errors| fault(sentences(&errors)))?;
    Ok(SetDocument {
        bytes,
        pages_count: paged.pages().len(),
        #[cfg(test)]
        page_texts: paged.pages().iter().map(|page| tests::text_in(&page.frame)).collect(),
    })
}

fn midnight(day: NaiveDate) -> Option<Datetime> {
    let month = u8::try_from(day.month()).ok()?;
    let day_of_month = u8::try_from(day.day()).ok()?;
    Datetime::from_ymd_hms(day.year(), month, day_of_month, 0, 0, 0)
}

fn sentences(diagnostics: &[SourceDiagnostic]) -> String {
    let said: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| {
            let hints: Vec<String> = diagnostic.hints.iter().map(|hint| format!(" ({})", hint.v)).collect();
            format!("{}{}", diagnostic.message, hints.concat())
        })
        .collect();
    said.join("; ")
}

/// Typst keeps the layout of everything it has set until it is told to forget: gigabytes after some thousand documents.
fn forget_old_layouts() {
    /// After every second document, what neither of the last two forgettings saw used: fastest, and within 50 MB.
    const DOCUMENTS_BETWEEN: usize = 2;
    const AGE_MAX: usize = 2;
    static DOCUMENTS: AtomicUsize = AtomicUsize::new(0);
    if DOCUMENTS.fetch_add(1, Ordering::Relaxed) % DOCUMENTS_BETWEEN == DOCUMENTS_BETWEEN - 1 {
        comemo::evict(AGE_MAX);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use typst::layout::{Frame, FrameItem};

    use super::*;

    /// The words of a frame, in the order in which they stand there.
    pub(super) fn text_in(frame: &Frame) -> String {
        let said = frame.items().map(|(_, item)| match item {
            FrameItem::Group(group) => text_in(&group.frame),
            FrameItem::Text(text) => format!("{} ", text.text),
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => String::new(),
        });
        said.collect()
    }

    /// A long document: every page with lines before the sums has their heading, and the sums stand on one page.
    pub(in crate::render) fn assert_goes_on(set: &SetDocument, heading: &str, sums: &[&str], name: &str) {
        let pages: Vec<String> = set.page_texts.iter().map(|page| page.replace(['\u{a0}', ' '], "")).collect();
        let has = |page: &String, text: &str| page.contains(&text.replace(' ', ""));
        let with_sums = pages.iter().position(|page| sums.iter().any(|sum| has(page, sum))).unwrap();
        let (before, rest) = pages.split_at(with_sums);
        let (page, after) = rest.split_first().unwrap();
        assert!(before.iter().all(|page| has(page, heading)), "{name}: \"{heading}\" is not above all lines");
        assert!(sums.iter().all(|sum| has(page, sum)), "{name}: the sums are torn: {page}");
        assert!(!after.iter().any(|page| has(page, heading)), "{name}: lines follow the sums");
    }

    use crate::render::sample;

    fn contains(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn a_budget_sheet_is_one_page_that_archives_keep_and_everybody_can_read_the_same_every_time() {
        let sheet = sample::nesseby();
        let set = budget_sheet(&sheet, Language::Bokmal).unwrap();
        assert_eq!(set.pages_count, 1);
        for fact in ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1"] {
            assert!(contains(&set.bytes, fact), "{fact}");
        }
        assert!(contains(&set.bytes, "2022-11-23"), "dated by the sheet's own day");
        assert_eq!(budget_pdf(&sheet, Language::Bokmal).unwrap(), set.bytes);
    }

    #[test]
    fn a_budget_sheet_is_one_page_in_every_language() {
        let sheet = sample::nesseby();
        for language in Language::ALL {
            assert_eq!(budget_sheet(&sheet, language).unwrap().pages_count, 1, "{language:?}");
        }
        let words = serde_json::to_string(&sheet_set(Say::of(Language::Nynorsk), &sheet)).unwrap();
        assert!(words.contains("Kor sikre beløpa er") && words.contains("\"language\":\"nn\""), "{words}");
    }

    #[test]
    fn what_looks_like_markup_in_the_data_stays_text() {
        let mut sheet = sample::karasjok();
        "#panic(\"never\") *$x$ @no `raw` \\ <b>".clone_into(&mut sheet.party_name);
        sheet.lines.truncate(1);
        budget_pdf(&sheet, Language::Bokmal).unwrap();
    }

    #[test]
    fn a_template_that_the_fonts_do_not_cover_is_refused_by_name() {
        let template = template("#set document(title: [x])\n#set text(font: \"No Such Font\")\nx");
        let day = "2026-01-01".parse().unwrap();
        let error = set("the trial", &template, &(), "trial".to_owned(), day).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("the trial cannot be set as PDF: unknown font family"), "{error}");
    }
}
