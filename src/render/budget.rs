//! A budget sheet in finished words and figures: what the PDF and the terminal both print, so that they cannot differ.

use std::fmt::Write as _;
use std::ops::Neg as _;

use serde::Serialize;

use super::key_fault::key_error_said;
use super::norwegian;
use super::words::{Say, certainty_key};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::money::Ore;
use crate::domain::party::PartyKind;
use crate::view::budget_sheet::{
    BudgetCell, BudgetLine, BudgetSheet, CannotShare, CarryOver, Completeness, KostraCodes, NotShared, SheetNote,
    YearBefore, YearTotal,
};

/// A year's column.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    /// `Budsjett` or `Økonomiplan`.
    pub plan: String,
    /// The year.
    pub year: String,
}

/// What stands in one year of a row.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cell {
    /// The likely amount, `ukjent` or `–`.
    pub amount: String,
    /// The lowest and the highest outcome, where they differ from the likely one.
    pub low_and_high: Option<(String, String)>,
    /// How sure it is, in a word; none where the amount says so itself or there is nothing.
    pub certainty: Option<String>,
    /// Where it was moved from or to.
    pub moved: Option<String>,
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// What it is about, as the language file knows it; for the look only.
    pub key: &'static str,
    /// What kind of line it is; none for sums.
    pub kind: Option<String>,
    /// What it is about.
    pub text: String,
    /// What the sum rests on.
    pub detail: String,
    /// One for each year.
    pub cells: Vec<Cell>,
}

/// A certainty and what it means.
#[derive(Debug, Serialize)]
pub(super) struct Meaning {
    pub word: String,
    pub means: String,
}

/// The whole sheet.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    pub title: String,
    pub party: &'a str,
    pub numbers: String,
    pub procurement: &'a str,
    pub as_of: String,
    pub banner: Option<String>,
    pub columns: Vec<Column>,
    pub lines: Vec<Row>,
    pub totals: Vec<Row>,
    pub notes: Vec<String>,
    pub carried_over: Vec<String>,
    pub sources: Vec<String>,
    pub accounts: Vec<String>,
    pub legend: Vec<Meaning>,
}

/// The sheet in words.
pub(super) fn document(say: Say, sheet: &BudgetSheet) -> Document<'_> {
    Document {
        title: title(say, sheet),
        party: &sheet.party_name,
        numbers: numbers(say, sheet),
        procurement: &sheet.procurement_name,
        as_of: as_of(say, sheet),
        banner: sheet.illustrative.then(|| say.word("illustrative")),
        columns: sheet.totals.iter().map(|total| column(say, total)).collect(),
        lines: sheet.lines.iter().map(|line| line_row(say, line)).collect(),
        totals: total_rows(say, sheet),
        notes: notes(say, sheet),
        carried_over: sheet.carried_over.iter().map(|moved| carried_over(say, moved)).collect(),
        sources: sources(say, sheet),
        accounts: accounts(say, sheet),
        legend: legend(say, sheet),
    }
}

/// `Budsjettark 2023–2026`.
pub(super) fn title(say: Say, sheet: &BudgetSheet) -> String {
    match sheet.years.as_slice() {
        [] => sheet.party_name.clone(),
        [only] => say.sentence("sheet-title-one-year", [("first", &only.to_string())]),
        [first, .., last] => say.sentence("sheet-title", [("first", &first.to_string()), ("last", &last.to_string())]),
    }
}

/// `slik det var kjent 23. november 2022`.
pub(super) fn as_of(say: Say, sheet: &BudgetSheet) -> String {
    say.sentence("as-of", [("day", &say.long_date(sheet.as_of))])
}

/// Municipality and organisation number.
pub(super) fn numbers(say: Say, sheet: &BudgetSheet) -> String {
    let organisation = sheet.organisation_number.as_deref().map(norwegian::organisation_number);
    let number = sheet.party_number.as_ref().map(|number| {
        let key = match sheet.party_kind {
            PartyKind::Municipality => "municipality-number",
            PartyKind::CountyAuthority => "county-number",
            PartyKind::Other => "party-number",
        };
        say.sentence(key, [("number", number)])
    });
    match (number, organisation) {
        (None, None) => String::new(),
        (Some(number), None) => number,
        (None, Some(organisation)) => say.sentence("organisation-number-alone", [("number", &organisation)]),
        (Some(number), Some(organisation)) => {
            format!("{number}, {}", say.sentence("organisation-number", [("number", &organisation)]))
        }
    }
}

/// `Budsjett` or `Økonomiplan`.
pub(super) fn plan(say: Say, total: &YearTotal) -> String {
    say.word(if total.is_budget_year { "budget-year" } else { "plan-year" })
}

fn column(say: Say, total: &YearTotal) -> Column {
    Column { plan: plan(say, total), year: total.year.to_string() }
}

fn line_row(say: Say, line: &BudgetLine) -> Row {
    Row {
        key: "line",
        kind: Some(say.line_kind(line.kind)),
        text: line.text.clone(),
        detail: String::new(),
        cells: line.cells.iter().map(|cell| line_cell(say, cell)).collect(),
    }
}

fn line_cell(say: Say, cell: &BudgetCell) -> Cell {
    let moved = moved(say, cell);
    match (cell.certainty, cell.net) {
        (None, _) => Cell { amount: say.word("nothing"), moved, ..Cell::default() },
        (Some(_), None) | (Some(Certainty::Unknown), Some(_)) => {
            Cell { amount: say.word("unknown"), moved, ..Cell::default() }
        }
        (Some(certainty), Some(net)) => Cell {
            amount: say.amount(net.likely_ore),
            low_and_high: low_and_high(say, net),
            certainty: Some(say.word(certainty_key(certainty))),
            moved,
        },
    }
}

/// Where the amount of a cell was moved from or to.
pub(super) fn moved(say: Say, cell: &BudgetCell) -> Option<String> {
    let from = cell.carried_from.map(|year| say.sentence("carried-from", [("year", &year.to_string())]));
    let to = cell.carried_to.map(|year| say.sentence("carried-to", [("year", &year.to_string())]));
    let both: Vec<String> = from.into_iter().chain(to).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

fn low_and_high(say: Say, range: Range) -> Option<(String, String)> {
    (range.low_ore != range.high_ore).then(|| (say.amount(range.low_ore), say.amount(range.high_ore)))
}

/// VAT and KOSTRA codes, each with the lines that have them.
fn accounts(say: Say, sheet: &BudgetSheet) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for line in &sheet.lines {
        let rate = say.sentence("vat-rate", [("percent", &say.percent(line.vat_percent))]);
        let codes = format!("{rate}, {}", kostra_over_years(say, &line.cells));
        match groups.iter_mut().find(|(known, _)| *known == codes) {
            Some((_, lines)) if lines.contains(&line.text.as_str()) => {}
            Some((_, lines)) => lines.push(&line.text),
            None => groups.push((codes, vec![&line.text])),
        }
    }
    groups.into_iter().map(|(codes, lines)| format!("{}: {codes}.", lines.join(", "))).collect()
}

/// The codes with the years they hold in, the years left out where they hold in all.
fn kostra_over_years(say: Say, cells: &[BudgetCell]) -> String {
    let mut spans: Vec<(&KostraCodes, i32, i32)> = Vec::new();
    for cell in cells {
        match spans.last_mut() {
            Some((codes, _, last)) if **codes == cell.kostra => *last = cell.year,
            Some(_) | None => spans.push((&cell.kostra, cell.year, cell.year)),
        }
    }
    let changes = spans.len() > 1;
    let said: Vec<String> = spans
        .into_iter()
        .map(|(codes, first, last)| {
            if changes {
                let years = if first == last { first.to_string() } else { format!("{first}–{last}") };
                say.sentence("in-years", [("codes", &kostra(say, codes)), ("years", &years)])
            } else {
                kostra(say, codes)
            }
        })
        .collect();
    said.join("; ")
}

fn kostra(say: Say, codes: &KostraCodes) -> String {
    let mut text = say.sentence("kostra", [("function", &codes.function), ("kind", &codes.kind)]);
    if let Some(vat_kind) = &codes.vat_kind {
        let vat = say.sentence("kostra-vat", [("kind", vat_kind)]);
        // Writing to a string cannot fail.
        let _ = write!(text, ", {vat}");
    }
    text
}

/// What a sum is called that is not complete: a least, or a most where it is taken off.
const AT_LEAST: &str = "at-least";
const AT_MOST: &str = "at-most";

/// A sum as far as it is known: `12 345,00`, `minst 12 345,00`, `ukjent` or `–`.
fn sum_cell(say: Say, completeness: Completeness, sum: Option<Range>, bound: &str) -> Cell {
    let amount = |known: Range| match completeness {
        Completeness::Nothing => say.word("nothing"),
        Completeness::NothingKnown => say.word("unknown"),
        Completeness::Partly => say.sentence(bound, [("amount", &say.amount(known.likely_ore))]),
        Completeness::Complete => say.amount(known.likely_ore),
    };
    let says_something = matches!(completeness, Completeness::Partly | Completeness::Complete);
    Cell {
        amount: sum.map_or_else(|| say.word("unknown"), amount),
        low_and_high: sum.filter(|_| says_something).and_then(|known| low_and_high(say, known)),
        ..Cell::default()
    }
}

fn total_rows(say: Say, sheet: &BudgetSheet) -> Vec<Row> {
    let row = |key: &'static str, detail: String, cell: &dyn Fn(&YearTotal, Completeness) -> Cell| Row {
        key,
        kind: None,
        text: say.word(key),
        detail,
        cells: sheet.totals.iter().map(|total| cell(total, total.completeness())).collect(),
    };
    let inhabitants = sheet.inhabitants.as_ref().map(|figure| {
        let day = say.date(figure.on);
        say.sentence("inhabitants", [("count", &say.number(figure.value)), ("day", &day)])
    });
    let mut rows = vec![
        row("net-total", String::new(), &|total, known| sum_cell(say, known, total.net, AT_LEAST)),
        row("vat-total", String::new(), &|total, known| sum_cell(say, known, total.vat, AT_LEAST)),
        row("gross-total", String::new(), &|total, known| sum_cell(say, known, total.gross, AT_LEAST)),
        // With a minus, so that a reader can add the column up.
        row("vat-compensation", String::new(), &|total, known| {
            sum_cell(say, known, total.vat_compensation.map(|sum| sum.map(Ore::neg)), AT_MOST)
        }),
        row("after-compensation", String::new(), &|total, known| {
            sum_cell(say, known, total.after_compensation, AT_LEAST)
        }),
        row("certainty", String::new(), &|total, _| Cell { amount: year_certainty(say, total), ..Cell::default() }),
        row("per-inhabitant", inhabitants.unwrap_or_default(), &|total, known| {
            per_inhabitant_cell(say.in_ore(), total, known)
        }),
    ];
    let changes = [
        row("change-from-year-before", String::new(), &|total, _| {
            change_cell(say, change_from_year_before(sheet, total))
        }),
        row("change-from-old-system", old_system_detail(say, sheet), &|total, _| {
            change_cell(say, change_from_old_system(sheet, total))
        }),
    ];
    let nothing = say.word("nothing");
    rows.extend(changes.into_iter().filter(|row| row.cells.iter().any(|cell| cell.amount != nothing)));
    rows
}

fn per_inhabitant_cell(say: Say, total: &YearTotal, known: Completeness) -> Cell {
    match total.per_inhabitant {
        None if known == Completeness::Nothing => Cell { amount: say.word("nothing"), ..Cell::default() },
        range => sum_cell(say, known, range, AT_LEAST),
    }
}

/// How much more there is to bear than in what a year is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// So much, likely.
    Known(Ore),
    /// One of the two is unknown.
    Unknown,
    /// There is nothing to compare with.
    Nothing,
}

impl Change {
    fn of(change: Option<Ore>, is_unknown: bool) -> Self {
        match change {
            Some(change) => Self::Known(change),
            None if is_unknown => Self::Unknown,
            None => Self::Nothing,
        }
    }
}

pub(super) fn change_from_year_before(sheet: &BudgetSheet, total: &YearTotal) -> Change {
    let is_first = sheet.years.first() == Some(&total.year);
    Change::of(total.change_from_year_before_ore, !is_first || sheet.year_before != YearBefore::Nothing)
}

pub(super) fn change_from_old_system(sheet: &BudgetSheet, total: &YearTotal) -> Change {
    Change::of(total.change_from_old_system_ore, total.contains_unknown || sheet.old_system_is_unknown)
}

fn change_cell(say: Say, change: Change) -> Cell {
    let amount = match change {
        Change::Known(change) => say.signed_amount(change),
        Change::Unknown => say.word("unknown"),
        Change::Nothing => say.word("nothing"),
    };
    Cell { amount, ..Cell::default() }
}

/// How sure a year's sums are: `anslag`, or `inneholder ukjente beløp`.
pub(super) fn year_certainty(say: Say, total: &YearTotal) -> String {
    match total.certainty {
        _ if total.contains_unknown => say.word("contains-unknown"),
        Some(certainty) => say.word(certainty_key(certainty)),
        None => say.word("nothing"),
    }
}

fn old_system_detail(say: Say, sheet: &BudgetSheet) -> String {
    sheet
        .old_system_yearly_ore
        .map_or_else(String::new, |yearly| format!("{}: {}", say.word("old-system-yearly"), say.amount(yearly)))
}

/// What the reader must know, first that the amounts are invented where they are.
pub(super) fn notes(say: Say, sheet: &BudgetSheet) -> Vec<String> {
    let illustrative = sheet.illustrative.then(|| say.word("illustrative-sentence"));
    illustrative.into_iter().chain(sheet.notes.iter().map(|known| note(say, known))).collect()
}

pub(super) fn note(say: Say, note: &SheetNote) -> String {
    match note {
        SheetNote::KeyNotAdopted { key } => say.sentence("note-key-not-adopted", [("key", key)]),
        SheetNote::KeyCannotShare { text, reason } => {
            say.sentence("note-key-cannot-share", [("text", text), ("reason", &cannot_share(say, reason))])
        }
        SheetNote::IndexNotPublished { text, year } => {
            say.sentence("note-index-not-published", [("text", text.as_str()), ("year", &year.to_string())])
        }
        SheetNote::GiveNoticeBy { system, last_day } => {
            let day = say.long_date(*last_day);
            say.sentence("note-give-notice-by", [("system", system), ("day", &day)])
        }
        SheetNote::DoubleCost { system, year, days } => {
            say.of_days("note-double-cost", *days, [("system", system), ("year", &year.to_string())])
        }
        SheetNote::OptionNotExercised => say.word("note-option-not-exercised"),
    }
}

fn cannot_share(say: Say, reason: &CannotShare) -> String {
    match reason {
        CannotShare::NobodyTakesPart => say.word("cannot-share-nobody"),
        CannotShare::NoKey => say.word("cannot-share-no-key"),
        CannotShare::FigureMissing { party, measure } => {
            say.sentence("cannot-share-figure-missing", [("party", party), ("measure", &measure_name(say, measure))])
        }
        CannotShare::Key { error, .. } => key_error_said(say, error),
    }
}

/// What a key cannot share, and why.
pub(super) fn not_shared(say: Say, what: &NotShared) -> String {
    let reason = cannot_share(say, &what.reason);
    say.sentence("note-key-cannot-share", [("text", what.text.as_str()), ("reason", &reason)])
}

/// What is counted, in Norwegian where it is a usual measure.
pub(super) fn measure_name(say: Say, measure: &str) -> String {
    match measure {
        "inhabitants" => say.word("measure-inhabitants"),
        "pupils" => say.word("measure-pupils"),
        "records" => say.word("measure-records"),
        "libraries" => say.word("measure-libraries"),
        "loans" => say.word("measure-loans"),
        other => other.to_owned(),
    }
}

/// What was moved, between which years and by which decision.
pub(super) fn carried_over(say: Say, moved: &CarryOver) -> String {
    let amount = match moved.net_ore {
        Some(net) => say.sentence("carried-amount", [("amount", &say.amount(net))]),
        None => say.word("carried-unknown"),
    };
    say.sentence(
        "carried-over",
        [
            ("text", moved.text.as_str()),
            ("amount", &amount),
            ("from", &moved.from_year.to_string()),
            ("to", &moved.to_year.to_string()),
            ("reference", &moved.reference),
            ("day", &say.long_date(moved.on)),
        ],
    )
}

fn sources(say: Say, sheet: &BudgetSheet) -> Vec<String> {
    let inhabitants = sheet.inhabitants.as_ref().map(|figure| {
        say.sentence(
            "source-inhabitants",
            [
                ("count", say.number(figure.value).as_str()),
                ("day", &say.long_date(figure.on)),
                ("source", &figure.source),
            ],
        )
    });
    let old_system =
        sheet.old_system_yearly_ore.map(|yearly| say.sentence("source-old-system", [("amount", &say.amount(yearly))]));
    inhabitants.into_iter().chain(old_system).collect()
}

/// The certainties that stand in the sheet, from the least to the most, and what they mean.
pub(super) fn legend(say: Say, sheet: &BudgetSheet) -> Vec<Meaning> {
    let mut certainties: Vec<Certainty> =
        sheet.lines.iter().flat_map(|line| &line.cells).filter_map(|cell| cell.certainty).collect();
    certainties.sort_unstable();
    certainties.dedup();
    certainties
        .into_iter()
        .map(|certainty| {
            let key = certainty_key(certainty);
            Meaning { word: say.word(key), means: say.word(&format!("{key}-means")) }
        })
        .collect()
}
