//! The key laboratory: another key, other members, floors, caps and a phase-in, and what each municipality would bear.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::super::RenderError;
use super::super::budget::measure_name;
use super::super::words::Say;
use super::frame::{Frame, Place};
use crate::domain::money::Ore;
use crate::view::what_if::{ComparedParty, Comparison};

/// A party that may take part.
#[derive(Debug, Clone)]
pub struct MemberChoice {
    /// Its number.
    pub number: String,
    /// Its names.
    pub name: String,
    /// Whether it takes part in what is tried.
    pub member: bool,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct KeysShown<'a> {
    /// The procurement.
    pub procurement: &'a str,
    /// The names of its keys.
    pub keys: &'a [String],
    /// What is shared by, and the percentage that was typed.
    pub measures: &'a [(&'a str, String)],
    /// What was typed into the other fields, by their names.
    pub typed: &'a BTreeMap<&'static str, String>,
    /// The fields that were not taken as they were typed.
    pub refused: &'a [&'static str],
    /// Why the whole cannot be tried, in English.
    pub fault: Option<&'a str>,
    /// Who may take part.
    pub members: &'a [MemberChoice],
    /// What it would lead to.
    pub comparison: Option<&'a Comparison>,
    /// The day as of which it is tried.
    pub day: NaiveDate,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the template knows the field by this name")]
struct Measure<'a> {
    measure: &'a str,
    name: String,
    typed: &'a str,
    refused: bool,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'static str,
    typed: &'a str,
    refused: bool,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the template knows the field by this name")]
struct Member<'a> {
    number: &'a str,
    name: &'a str,
    member: bool,
}

#[derive(Serialize)]
struct RowShown<'a> {
    number: &'a str,
    name: &'a str,
    before: String,
    after: String,
    change: String,
    percent: String,
    per_inhabitant: String,
    /// Where the bar begins, and how wide it is.
    x: String,
    width: String,
    wins: bool,
    text_y: usize,
    bar_y: usize,
}

#[derive(Serialize)]
struct ResultShown<'a> {
    years: String,
    winners: String,
    losers: String,
    sum: String,
    faults: &'a [String],
    height: usize,
    rows: Vec<RowShown<'a>>,
}

#[derive(Serialize)]
struct KeyChoice<'a> {
    name: &'a str,
    chosen: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    procurement: &'a str,
    keys: Vec<KeyChoice<'a>>,
    measures: Vec<Measure<'a>>,
    floor: Field<'a>,
    cap: Field<'a>,
    phase: Field<'a>,
    from: Field<'a>,
    year: Field<'a>,
    refused_any: bool,
    base_refused: bool,
    fault: Option<&'a str>,
    members: Vec<Member<'a>>,
    result: Option<ResultShown<'a>>,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn keys_page(frame: &Frame<'_>, shown: &KeysShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let typed = |name: &'static str| shown.typed.get(name).map_or("", String::as_str);
    let field = |name: &'static str| Field { name, typed: typed(name), refused: shown.refused.contains(&name) };
    let page = Shown {
        procurement: shown.procurement,
        keys: shown.keys.iter().map(|name| KeyChoice { name, chosen: name == typed("key") }).collect(),
        measures: shown
            .measures
            .iter()
            .map(|(measure, typed)| Measure {
                measure,
                name: if *measure == "equal" { say.word("page-equally") } else { measure_name(say, measure) },
                typed,
                refused: shown.refused.contains(&"base"),
            })
            .collect(),
        floor: field("floor"),
        cap: field("cap"),
        phase: field("phase"),
        from: field("applies_from"),
        year: field("from"),
        refused_any: !shown.refused.is_empty() || shown.fault.is_some(),
        base_refused: shown.refused.contains(&"base"),
        fault: shown.fault,
        members: shown
            .members
            .iter()
            .map(|choice| Member { number: &choice.number, name: &choice.name, member: choice.member })
            .collect(),
        result: shown.comparison.map(|comparison| result(say.in_kroner(), comparison)),
    };
    super::fill("keys", frame, &say.word(Place::Keys.key()), &page)
}

/// How high a row of the chart is, in pixels.
const ROW_PIXELS: usize = 30;

fn result(say: Say, comparison: &Comparison) -> ResultShown<'_> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let widest = comparison.parties.iter().map(|party| party.change_ore.0.abs()).max().unwrap_or(0).max(1);
    let years = match comparison.years.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    };
    ResultShown {
        years,
        winners: say.counting("page-winners", ("count", count(comparison.winners_count)), []),
        losers: say.counting("page-losers", ("count", count(comparison.losers_count)), []),
        sum: say.signed_kroner(comparison.change_ore),
        faults: &comparison.faults,
        height: comparison.parties.len() * ROW_PIXELS,
        rows: comparison.parties.iter().enumerate().map(|(index, party)| row(say, index, party, widest)).collect(),
    }
}

fn row(say: Say, index: usize, party: &ComparedParty, widest: i64) -> RowShown<'_> {
    // The years in which both are known.
    let both = || party.before_ore.iter().zip(&party.after_ore).filter_map(|(before, after)| before.zip(*after));
    let before: Ore = both().map(|(before, _)| before).sum();
    let after: Ore = both().map(|(_, after)| after).sum();
    let is_known = both().next().is_some();
    let amount = |amount: Ore| if is_known { say.kroner(amount) } else { say.word("unknown") };
    let percent = (before > Ore::ZERO).then(|| party.change_ore.decimal() * Decimal::ONE_HUNDRED / before.decimal());
    let half = Decimal::from(party.change_ore.0.abs()) * Decimal::from(50) / Decimal::from(widest);
    let half = half.round_dp(2);
    let wins = party.change_ore < Ore::ZERO;
    let x = if wins { Decimal::from(50) - half } else { Decimal::from(50) };
    RowShown {
        number: party.number.as_deref().unwrap_or_default(),
        name: &party.name,
        before: amount(before),
        after: amount(after),
        change: say.signed_kroner(party.change_ore),
        percent: percent.map_or_else(
            || say.word("nothing"),
            |percent| {
                let number = say.writing().decimal(percent, 1);
                let sign = if party.change_ore > Ore::ZERO { "+" } else { "" };
                say.writing().percent_of(&format!("{sign}{number}"))
            },
        ),
        per_inhabitant: party
            .change_per_inhabitant_ore
            .map_or_else(|| say.word("nothing"), |each| say.in_ore().signed_kroner(each)),
        x: format!("{x}%"),
        width: format!("{half}%"),
        wins,
        text_y: index * ROW_PIXELS + 20,
        bar_y: index * ROW_PIXELS + 5,
    }
}
