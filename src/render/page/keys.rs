//! The key laboratory: another key, other members, floors, caps and a phase-in, and what each municipality would bear.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::budget::measure_name;
use super::super::words::Say;
use super::address::address_of;
use super::compared::{ResultShown, result};
use super::field::{Field as Typed, Filled, Kind, Named, Refusal, SaidShown, named};
use super::frame::{Frame, Place};
use super::procurements::{Procurements, ProcurementsShown};
use super::proposals::{LineShown, ProposalLine, line_shown};
use crate::domain::sharing_key::{First, KeyDefinition, Rounding, Unit};
use crate::text::Said;
use crate::view::what_if::Comparison;

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
    /// The procurement and the others that could be shown.
    pub procurements: &'a Procurements,
    /// The names of its keys.
    pub keys: &'a [String],
    /// The key as it is in force, in whose place another is tried.
    pub in_force: Option<&'a KeyDefinition>,
    /// What is shared by, and the percentage that was typed.
    pub measures: &'a [(&'a str, String)],
    /// What was typed into the other fields, by their names.
    pub typed: &'a BTreeMap<&'static str, String>,
    /// The fields that were not taken as they were typed.
    pub refused: &'a [&'static str],
    /// Why the whole cannot be tried, in English.
    pub fault: Option<&'a Said>,
    /// Who may take part.
    pub members: &'a [MemberChoice],
    /// What it would lead to.
    pub comparison: Option<&'a Comparison>,
    /// The day as of which it is tried.
    pub day: NaiveDate,
    /// The proposals that are kept.
    pub saved: &'a [ProposalLine],
    /// What is tried, field by field, for the form that gives it a name.
    pub carried: &'a [(String, String)],
    /// That form, as it was filled in.
    pub save: &'a Filled,
    /// Whether the reader may give it a name.
    pub may_save: bool,
}

/// What is refused where no share could keep to the floor and to the cap; it is said of the floor.
pub const FLOOR_ABOVE_CAP: &str = "floor-above-cap";

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

/// A field for amounts, with its words.
#[derive(Serialize)]
struct AmountField<'a> {
    name: &'static str,
    label: String,
    refusal: String,
    typed: &'a str,
    refused: bool,
}

/// The fields for amounts: their names, their words, and what is said of what cannot be read.
const AMOUNTS: [(&str, &str, &str); 4] = [
    ("floor", "page-floor", "page-bound-refused"),
    ("cap", "page-cap", "page-bound-refused"),
    ("first", "page-first-each", "page-amount-refused"),
    ("grant", "page-grants", "page-grants-refused"),
];

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the template knows the field by this name")]
struct Member<'a> {
    number: &'a str,
    name: &'a str,
    member: bool,
}

#[derive(Serialize)]
struct KeyChoice<'a> {
    name: &'a str,
    address: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Carried<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct SaveShown<'a> {
    refusal: Refusal,
    carried: Vec<Carried<'a>>,
    name: Typed<'a>,
    note: Typed<'a>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
struct Shown<'a> {
    procurement: &'a str,
    procurements: ProcurementsShown<'a>,
    as_it_is: String,
    key: &'a str,
    key_refused: bool,
    keys: Vec<KeyChoice<'a>>,
    kept: Vec<String>,
    measures: Vec<Measure<'a>>,
    amounts: Vec<AmountField<'a>>,
    phase: Field<'a>,
    from: Field<'a>,
    year: Field<'a>,
    refused_any: bool,
    base_refused: bool,
    fault: Option<SaidShown>,
    members: Vec<Member<'a>>,
    result: Option<ResultShown<'a>>,
    save: Option<SaveShown<'a>>,
    saved: Vec<LineShown<'a>>,
    may_compare: bool,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn keys_page(frame: &Frame<'_>, shown: &KeysShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let typed = |name: &'static str| shown.typed.get(name).map_or("", String::as_str);
    let field = |name: &'static str| Field { name, typed: typed(name), refused: shown.refused.contains(&name) };
    let named = shown.procurements.field();
    let page = Shown {
        procurement: shown.procurement,
        procurements: shown.procurements.of_page("/keys"),
        as_it_is: address_of("/keys", named.clone()),
        key: typed("key"),
        key_refused: shown.refused.contains(&"key"),
        keys: if shown.keys.len() > 1 {
            shown
                .keys
                .iter()
                .map(|name| {
                    let address = address_of("/keys", named.clone().into_iter().chain([("key", name.clone())]));
                    KeyChoice { name, address, chosen: name == typed("key") }
                })
                .collect()
        } else {
            Vec::new()
        },
        kept: shown.in_force.map(|key| kept(say, key)).unwrap_or_default(),
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
        amounts: AMOUNTS
            .into_iter()
            .map(|(name, label, refusal)| {
                let Field { typed, refused, .. } = field(name);
                let is_above = name == "floor" && shown.refused.contains(&FLOOR_ABOVE_CAP);
                let (refusal, refused) = (if is_above { "page-floor-above-cap" } else { refusal }, refused || is_above);
                AmountField { name, label: say.word(label), refusal: say.word(refusal), typed, refused }
            })
            .collect(),
        phase: field("phase"),
        from: field("applies_from"),
        year: field("from"),
        refused_any: !shown.refused.is_empty() || shown.fault.is_some(),
        base_refused: shown.refused.contains(&"base"),
        fault: shown.fault.map(SaidShown::said),
        members: shown
            .members
            .iter()
            .map(|choice| Member { number: &choice.number, name: &choice.name, member: choice.member })
            .collect(),
        result: shown.comparison.map(|comparison| result(say.in_kroner(), comparison)),
        // What was typed stays also where it is what cannot be tried.
        save: (shown.may_save && (shown.comparison.is_some() || shown.save.is_refused()))
            .then(|| save_shown(say, shown)),
        saved: shown.saved.iter().map(|line| line_shown(say, line)).collect(),
        may_compare: shown.saved.len() > 1,
    };
    super::fill("keys", frame, &say.word(Place::Keys.key()), &page)
}

/// What of the key no field asks for, so that it stays as it is.
fn kept(say: Say, key: &KeyDefinition) -> Vec<String> {
    let divide = match key {
        KeyDefinition::Divide(divide) => divide,
        KeyDefinition::Tariff(_) => return vec![say.word("page-keeps-tariff")],
        KeyDefinition::Blend(_) => return vec![say.word("page-keeps-blend")],
    };
    let per_party_count = divide.first.iter().filter(|first| matches!(first, First::PerParty { .. })).count();
    let has_other_firsts = per_party_count > 1 || divide.first.len() > per_party_count;
    let said = [
        (divide.unit == Unit::Krone, "page-keeps-krone"),
        (divide.round == Rounding::Each, "page-keeps-each"),
        (divide.percentages.is_some(), "page-keeps-percentages"),
        (divide.share_decimals.is_some(), "page-keeps-decimals"),
        (has_other_firsts, "page-keeps-firsts"),
    ];
    said.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| say.word(key)).collect()
}

fn save_shown<'a>(say: Say, shown: &KeysShown<'a>) -> SaveShown<'a> {
    let note = Named { hint: Some("page-proposal-note-hint"), ..named("note", "page-proposal-note") };
    SaveShown {
        refusal: shown.save.refusal(say),
        carried: shown.carried.iter().map(|(name, value)| Carried { name, value }).collect(),
        name: shown.save.field("save", named("name", "page-proposal-name"), Kind::Text, ""),
        note: shown.save.field("save", note, Kind::Text, ""),
    }
}
