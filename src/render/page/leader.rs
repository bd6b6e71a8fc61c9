//! The page of a municipality's leader: what it costs, per year, how sure it is, and why.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::budget::{self, Document, Row};
use super::super::words::{Say, Unit, certainty_key};
use super::address::{address_of, as_parameter};
use super::changed::{Changed, ChangedShown, changed_shown};
use super::chart::{Bar, Chart, chart};
use super::field::{Filled, Refusal};
use super::frame::Frame;
use super::library::{LibraryOf, LibraryShown, library_shown, refusal_of_unlisted};
use super::procurements::{Procurements, ProcurementsShown};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::money::Ore;
use crate::view::budget_sheet::{BudgetLine, BudgetSheet, Completeness, LineKind, SheetNote, YearTotal};
use crate::view::comparable::AmongComparable;

/// In what the table's amounts are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AmountUnit {
    /// Whole kroner.
    #[default]
    Kroner,
    /// Thousands of kroner.
    Thousands,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct LeaderShown<'a> {
    /// The sheet.
    pub sheet: &'a BudgetSheet,
    /// In what the table's amounts are.
    pub unit: AmountUnit,
    /// The municipality among those of about its size.
    pub comparable: Option<&'a AmongComparable>,
    /// The procurement, and the others that the municipality takes part in.
    pub procurements: &'a Procurements,
    /// Its libraries with their checklists; none where they are not the reader's to see.
    pub libraries: Option<&'a [LibraryOf]>,
    /// Whether the reader may tick off what is done.
    pub may_tick: bool,
    /// Whether the reader may wish when a library is to be on the new system.
    pub may_wish: bool,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
    /// Whether the reader sees its invoices.
    pub sees_invoices: bool,
    /// What has changed; none where nothing is asked for.
    pub changed: Option<Changed<'a>>,
    /// The day that is asked for, where it is not today.
    pub as_of: Option<NaiveDate>,
    /// Named days that can be asked for.
    pub milestones: &'a [(String, NaiveDate)],
    /// The fields of the form that were not taken as they were typed.
    pub refused: &'a [&'static str],
    /// What was typed into the fields of the form above the table.
    pub typed: Typed<'a>,
}

/// What is refused where the day to compare with is not before the day that is shown.
pub const SINCE_TOO_LATE: &str = "since-too-late";

/// What was typed.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Typed<'a> {
    /// The day.
    pub as_of: &'a str,
    /// The budget year.
    pub from: &'a str,
    /// The day to compare with.
    pub since: &'a str,
}

#[derive(Serialize)]
struct FigureShown {
    amount: String,
    range: Option<String>,
    certainty: Option<String>,
    certainty_key: &'static str,
    moved: Option<String>,
    /// Where it is explained; none where there is nothing to explain.
    why: Option<String>,
}

#[derive(Serialize)]
struct LineShown {
    kind: Option<String>,
    text: String,
    detail: String,
    is_result: bool,
    cells: Vec<FigureShown>,
}

#[derive(Serialize)]
struct Headline {
    year: i32,
    amount: String,
    range: Option<String>,
    certainty: String,
    certainty_key: &'static str,
    means: String,
    incomplete: bool,
    nothing: bool,
    per_inhabitant: Option<String>,
    change: Option<String>,
    why: String,
}

#[derive(Serialize)]
struct ComparedShown {
    name: String,
    inhabitants: String,
    amount: String,
    own: bool,
}

#[derive(Serialize)]
struct ComparisonShown {
    sentence: String,
    shared_alone: bool,
    chart: Chart,
    parties: Vec<ComparedShown>,
}

#[derive(Serialize)]
struct DoubleShown {
    sentence: String,
    amount: Option<String>,
    why: Option<String>,
}

#[derive(Serialize)]
struct MilestoneShown<'a> {
    name: &'a str,
    day: String,
    address: String,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
struct Shown<'a> {
    heading: &'a str,
    number: &'a str,
    document: Document<'a>,
    is_historical: bool,
    as_of_value: String,
    today: String,
    procurements: ProcurementsShown<'a>,
    sees_libraries: bool,
    may_tick: bool,
    sees_invoices: bool,
    unit: &'static str,
    unit_sentence: String,
    headline: Option<Headline>,
    lines: Vec<LineShown>,
    totals: Vec<LineShown>,
    chart: Chart,
    chart_key: String,
    comparison: Option<ComparisonShown>,
    notices: Vec<String>,
    double: Vec<DoubleShown>,
    libraries: Vec<LibraryShown<'a>>,
    unlisted: Refusal,
    changed: Option<ChangedShown>,
    milestones: Vec<MilestoneShown<'a>>,
    query: String,
    refused_as_of: bool,
    refused_from: bool,
    refused_since: Option<&'static str>,
    typed: Typed<'a>,
    empty: bool,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn leader_page(frame: &Frame<'_>, shown: &LeaderShown<'_>) -> Result<String, RenderError> {
    let sheet = shown.sheet;
    let say = Say { language: frame.language.of_sentences(), unit: unit(shown.unit) };
    let document = budget::document(say, sheet);
    let number = sheet.party_number.as_deref().unwrap_or_default();
    let query = query(shown);
    let wished: Vec<String> = shown
        .libraries
        .into_iter()
        .flatten()
        .map(|library| library.wished.map(|day| day.to_string()).unwrap_or_default())
        .collect();
    let libraries = shown.libraries.into_iter().flatten().zip(wished.iter().map(String::as_str));
    let lines = sheet
        .lines
        .iter()
        .zip(&document.lines)
        .map(|(line, row)| {
            let why = |year: i32| format!("/municipalities/{number}/explanations/{year}{query}#{}", line.id);
            line_shown(
                row,
                &sheet.years,
                &|index, year| line.cells.get(index).and_then(|cell| cell.certainty).map(|_| why(year)),
                &|index| line.cells.get(index).and_then(|cell| cell.certainty),
            )
        })
        .collect();
    let nothing = say.word("nothing");
    let totals = document
        .totals
        .iter()
        .map(|row| {
            line_shown(
                row,
                &sheet.years,
                &|index, year| {
                    let something = sheet.totals.get(index).is_some_and(|total| total.certainty.is_some());
                    let is_said = row.cells.get(index).is_some_and(|cell| cell.amount != nothing);
                    (something && is_said && row.key != "certainty")
                        .then(|| format!("/municipalities/{number}/explanations/{year}{query}#{}", row.key))
                },
                &|_| None,
            )
        })
        .collect();
    let refused = |field: &str| shown.refused.contains(&field);
    let say_kroner = say.in_kroner();
    let page = Shown {
        heading: &sheet.party_name,
        number,
        is_historical: shown.as_of.is_some(),
        as_of_value: sheet.as_of.to_string(),
        today: address_of(&path(number), shown.procurements.field()),
        procurements: shown.procurements.of_page(&path(number)),
        sees_libraries: shown.libraries.is_some(),
        may_tick: shown.may_tick && shown.as_of.is_none(),
        sees_invoices: shown.sees_invoices,
        unit: match shown.unit {
            AmountUnit::Kroner => "kroner",
            AmountUnit::Thousands => "thousands",
        },
        unit_sentence: say.word(match shown.unit {
            AmountUnit::Kroner => "page-in-kroner",
            AmountUnit::Thousands => "page-in-thousands",
        }),
        headline: sheet.totals.first().map(|total| headline(say_kroner, sheet, total, number, &query)),
        lines,
        totals,
        chart: years_chart(say_kroner, sheet),
        chart_key: chart_key(say_kroner, sheet),
        comparison: shown.comparable.map(|comparable| comparison(say, comparable, sheet)),
        notices: notices(say, &document.notes, sheet),
        double: double_cost(say_kroner, sheet, number, &query),
        libraries: libraries
            .map(|(library, day)| library_shown(say, (shown.filled, shown.may_wish), (library, day)))
            .collect(),
        unlisted: refusal_of_unlisted(say, shown.filled, shown.libraries.unwrap_or_default()),
        changed: shown.changed.map(|changed| changed_shown(say_kroner, sheet, changed)),
        milestones: shown
            .milestones
            .iter()
            .map(|(name, day)| MilestoneShown {
                name,
                day: say.date(*day),
                address: address_of(&path(number), fields(shown, Some(*day))),
            })
            .collect(),
        query,
        refused_as_of: refused("as_of"),
        refused_from: refused("from"),
        refused_since: refused("since")
            .then_some("page-day-refused")
            .or_else(|| refused(SINCE_TOO_LATE).then_some("page-since-refused")),
        typed: shown.typed,
        empty: sheet.lines.is_empty(),
        document,
    };
    super::fill("leader", frame, &sheet.party_name, &page)
}

fn unit(unit: AmountUnit) -> Unit {
    match unit {
        AmountUnit::Kroner => Unit::Kroner,
        AmountUnit::Thousands => Unit::Thousands,
    }
}

/// What leads from this page to others of the same procurement, day and years, which are always named.
fn query(shown: &LeaderShown<'_>) -> String {
    address_of("", fields(shown, shown.as_of))
}

/// What addresses say of the procurement, the years and a day.
fn fields(shown: &LeaderShown<'_>, as_of: Option<NaiveDate>) -> impl Iterator<Item = (&'static str, String)> {
    let from = shown.sheet.years.first().map(|year| ("from", year.to_string()));
    let as_of = as_of.map(|day| ("as_of", day.to_string()));
    shown.procurements.field().into_iter().chain(from).chain(as_of)
}

fn path(number: &str) -> String {
    format!("/municipalities/{}", as_parameter(number))
}

fn line_shown(
    row: &Row,
    years: &[i32],
    why: &dyn Fn(usize, i32) -> Option<String>,
    certainty: &dyn Fn(usize) -> Option<Certainty>,
) -> LineShown {
    LineShown {
        kind: row.kind.clone(),
        text: row.text.clone(),
        detail: row.detail.clone(),
        is_result: row.key == "after-compensation",
        cells: row
            .cells
            .iter()
            .zip(years)
            .enumerate()
            .map(|(index, (cell, year))| FigureShown {
                amount: cell.amount.clone(),
                range: cell.low_and_high.as_ref().map(|(low, high)| format!("{low} – {high}")),
                certainty: cell.certainty.clone(),
                certainty_key: certainty(index).map_or("", certainty_key),
                moved: cell.moved.clone(),
                why: why(index, *year),
            })
            .collect(),
    }
}

/// The first year, as large as it can be written.
fn headline(say: Say, sheet: &BudgetSheet, total: &YearTotal, number: &str, query: &str) -> Headline {
    let borne = total.after_compensation;
    let completeness = total.completeness();
    let certainty = total.certainty.unwrap_or_default();
    let old = sheet.old_system_yearly_ore.zip(total.change_from_old_system_ore);
    Headline {
        year: total.year,
        amount: borne.map_or_else(|| say.word("unknown"), |borne| say.kroner(borne.likely_ore)),
        range: borne.and_then(|borne| range(say, borne)),
        certainty: budget::year_certainty(say, total),
        certainty_key: certainty_key(certainty),
        means: say.word(&format!("{}-means", certainty_key(certainty))),
        incomplete: completeness == Completeness::Partly,
        nothing: completeness == Completeness::Nothing,
        per_inhabitant: total
            .per_inhabitant
            .filter(|_| !total.contains_unknown)
            .map(|each| say.in_ore().kroner(each.likely_ore)),
        change: old
            .map(|(_, change)| say.sentence("page-change-from-old", [("change", say.signed_kroner(change).as_str())])),
        why: format!("/municipalities/{number}/explanations/{}{query}", total.year),
    }
}

fn range(say: Say, range: Range) -> Option<String> {
    (range.low_ore != range.high_ore).then(|| {
        say.sentence(
            "page-between",
            [("low", say.amount(range.low_ore).as_str()), ("high", &say.kroner(range.high_ore))],
        )
    })
}

fn years_chart(say: Say, sheet: &BudgetSheet) -> Chart {
    let bars = sheet
        .totals
        .iter()
        .map(|total| {
            // What nobody knows has a bar of no height, and says so.
            let borne = total.after_compensation.unwrap_or_default();
            let known = total.completeness();
            let mut figure = match known {
                Completeness::Nothing => say.word("nothing"),
                Completeness::NothingKnown => say.word("unknown"),
                Completeness::Partly => say.sentence("at-least", [("amount", say.kroner(borne.likely_ore).as_str())]),
                Completeness::Complete => say.kroner(borne.likely_ore),
            };
            if let Some(range) = range(say, borne).filter(|_| known != Completeness::NothingKnown) {
                figure = format!("{figure}, {range}");
            }
            Bar {
                label: total.year.to_string(),
                figure,
                low: borne.low_ore,
                likely: borne.likely_ore,
                high: borne.high_ore,
                certain: total.certainty.is_none_or(|certainty| certainty >= Certainty::Contracted),
                own: true,
            }
        })
        .collect();
    let old = sheet.old_system_yearly_ore.map(|yearly| (yearly, say.kroner(yearly)));
    chart("years", say.word("page-chart"), say.word("page-chart-description"), bars, old)
}

/// What the chart's line stands for.
fn chart_key(say: Say, sheet: &BudgetSheet) -> String {
    match sheet.old_system_yearly_ore {
        Some(yearly) => say.sentence("page-chart-old", [("amount", say.kroner(yearly).as_str())]),
        None if sheet.old_system_is_unknown => say.word("page-chart-old-unknown"),
        None => say.word("page-chart-old-none"),
    }
}

fn comparison(say: Say, comparable: &AmongComparable, sheet: &BudgetSheet) -> ComparisonShown {
    let say = say.in_ore();
    let bars = comparable
        .parties
        .iter()
        .map(|party| Bar {
            label: party.name.clone(),
            figure: say.kroner(party.per_inhabitant_ore),
            low: party.per_inhabitant_ore,
            likely: party.per_inhabitant_ore,
            high: party.per_inhabitant_ore,
            certain: true,
            own: party.party == sheet.party,
        })
        .collect();
    let parties = comparable
        .parties
        .iter()
        .map(|party| ComparedShown {
            name: party.name.clone(),
            inhabitants: say.number(party.inhabitants),
            amount: say.kroner(party.per_inhabitant_ore),
            own: party.party == sheet.party,
        })
        .collect();
    let sentence = say.sentence(
        "page-comparable-place",
        [
            ("year", comparable.year.to_string().as_str()),
            ("place", &comparable.place.to_string()),
            ("of", &comparable.parties.len().to_string()),
        ],
    );
    let description = say.word("page-comparable-description");
    ComparisonShown {
        chart: chart("comparable", say.word("page-comparable"), description, bars, None),
        sentence,
        shared_alone: comparable.shared_alone,
        parties,
    }
}

/// What the sheet says beside what has a place of its own on the page: that amounts are invented, and double cost.
fn notices(say: Say, notes: &[String], sheet: &BudgetSheet) -> Vec<String> {
    let has_place = |note: &SheetNote| matches!(note, SheetNote::DoubleCost { .. } | SheetNote::GiveNoticeBy { .. });
    let of_double: Vec<String> =
        sheet.notes.iter().filter(|note| has_place(note)).map(|note| budget::note(say, note)).collect();
    let illustrative = say.word("illustrative-sentence");
    notes.iter().filter(|note| **note != illustrative && !of_double.contains(note)).cloned().collect()
}

fn double_cost(say: Say, sheet: &BudgetSheet, number: &str, query: &str) -> Vec<DoubleShown> {
    let in_year = |wanted: i32| -> Option<Ore> {
        let cells = sheet.lines.iter().filter(|line| line.kind == LineKind::DoubleCost).flat_map(|line| &line.cells);
        let amounts: Vec<Ore> =
            cells.filter(|cell| cell.year == wanted).filter_map(|cell| Some(cell.net?.likely_ore)).collect();
        (!amounts.is_empty()).then(|| amounts.into_iter().sum())
    };
    sheet
        .notes
        .iter()
        .filter_map(|note| {
            let amount = match note {
                SheetNote::DoubleCost { year, .. } => in_year(*year)
                    .map(|amount| say.sentence("page-double-amount", [("amount", say.kroner(amount).as_str())])),
                SheetNote::GiveNoticeBy { .. } => None,
                SheetNote::KeyNotAdopted { .. }
                | SheetNote::KeyCannotShare { .. }
                | SheetNote::IndexNotPublished { .. }
                | SheetNote::OptionNotExercised => return None,
            };
            let why = amount.is_some().then(|| year_of(note)).flatten().and_then(|year| {
                let line = sheet.lines.iter().find(|line| line.kind == LineKind::DoubleCost && has_in(line, year))?;
                Some(format!("/municipalities/{number}/explanations/{year}{query}#{}", line.id))
            });
            Some(DoubleShown { sentence: budget::note(say, note), amount, why })
        })
        .collect()
}

fn has_in(line: &BudgetLine, year: i32) -> bool {
    line.cells.iter().any(|cell| cell.year == year && cell.certainty.is_some())
}

fn year_of(note: &SheetNote) -> Option<i32> {
    if let SheetNote::DoubleCost { year, .. } = note { Some(*year) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;
    use crate::text::Language;

    fn headline_of(sheet: &BudgetSheet, year: usize) -> Headline {
        headline(Say::of(Language::Bokmal).in_kroner(), sheet, &sheet.totals[year], "5442", "")
    }

    #[test]
    fn what_nobody_knows_is_unknown_and_not_at_least_nothing() {
        let unknown = headline_of(&sample::unknown(), 0);
        assert_eq!((unknown.amount.as_str(), unknown.incomplete, unknown.range), ("ukjent", false, None));
        let partly = headline_of(&sample::nesseby(), 1);
        assert!(partly.incomplete && partly.amount != "ukjent", "{}", partly.amount);
    }
}
