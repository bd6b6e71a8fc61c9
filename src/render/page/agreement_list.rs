//! The list of agreements, with how many stand where.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::agreement::phase_shown;
use super::frame::{Frame, Place};
use super::pager::{Listed, Pager, address_of_page};
use crate::domain::agreement::{Commitment, Phase};
use crate::domain::identity::AgreementId;
use crate::view::register::AgreementEntry;

/// The phases that an agreement in the list can be in, by what they are called in addresses and in their order.
const PHASES: [(&str, Phase); 6] = [
    ("drafted", Phase::Drafted),
    ("sent", Phase::Sent),
    ("signed", Phase::Signed),
    ("active", Phase::Active),
    ("under-notice", Phase::UnderNotice),
    ("ended", Phase::Ended),
];

/// Whether a party is bound, by what that is called in addresses and the key of its word.
const COMMITMENTS: [(&str, &str, Commitment); 2] =
    [("committed", "page-committed", Commitment::Committed), ("option", "page-has-option", Commitment::Option)];

/// What was asked for, as it was typed.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AgreementsAsked<'a> {
    /// Part of a name or number.
    pub search: &'a str,
    /// Where an agreement is to stand.
    pub phase: &'a str,
    /// Whether the party is to be bound.
    pub commitment: &'a str,
    /// How it is sorted.
    pub sort: &'a str,
}

/// An agreement with the names it goes by.
#[derive(Debug, Clone)]
pub struct AgreementRow {
    /// The agreement.
    pub entry: AgreementEntry,
    /// The party.
    pub name: String,
    /// Its number.
    pub number: String,
    /// The procurement.
    pub procurement: String,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct AgreementsShown<'a> {
    /// All that the reader may see.
    pub all: &'a [AgreementRow],
    /// Those that are looked for, in their order.
    pub rows: Listed<'a, &'a AgreementRow>,
    /// What was asked for.
    pub asked: AgreementsAsked<'a>,
    /// The day.
    pub day: NaiveDate,
}

/// The phase that an address names.
#[must_use]
pub fn phase_called(called: &str) -> Option<Phase> {
    PHASES.into_iter().find(|(name, _)| *name == called).map(|(_, phase)| phase)
}

/// The commitment that an address names.
#[must_use]
pub fn commitment_called(called: &str) -> Option<Commitment> {
    COMMITMENTS.into_iter().find(|(name, ..)| *name == called).map(|(.., commitment)| commitment)
}

/// The place of a phase among the others.
#[must_use]
pub fn phase_order(phase: Phase) -> Option<usize> {
    PHASES.into_iter().position(|(_, known)| known == phase)
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Serialize)]
struct RowShown<'a> {
    id: AgreementId,
    name: &'a str,
    number: &'a str,
    procurement: &'a str,
    look: &'static str,
    phase: &'static str,
    commitment: &'static str,
    sent: Option<String>,
    /// The day until which an answer was awaited, where it is over and nobody has signed.
    late: Option<String>,
    signed: Option<String>,
    active: Option<String>,
    last: Option<String>,
    copies: Option<String>,
}

#[derive(Serialize)]
struct TotalShown {
    phase: &'static str,
    /// How many are bound, have an option, and are there in all.
    counts: [String; 3],
}

#[derive(Serialize)]
struct Shown<'a> {
    asked: AgreementsAsked<'a>,
    phases: Vec<Choice>,
    commitments: Vec<Choice>,
    sorts: Vec<Choice>,
    /// Whether there are none at all, so that there is nothing to look for.
    is_empty: bool,
    totals: Vec<TotalShown>,
    total: [String; 3],
    found: String,
    rows: Vec<RowShown<'a>>,
    pager: Option<Pager>,
}

fn choices(say: Say, chosen: &str, of: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<Choice> {
    of.into_iter().map(|(value, key)| Choice { value, text: say.word(key), chosen: value == chosen }).collect()
}

/// How many of them are bound, have an option, and are there in all.
fn counts<'a>(rows: impl Iterator<Item = &'a AgreementRow>) -> [String; 3] {
    let commitments: Vec<Commitment> = rows.map(|row| row.entry.commitment).collect();
    let of = |commitment| commitments.iter().filter(|known| **known == commitment).count();
    [of(Commitment::Committed), of(Commitment::Option), commitments.len()].map(|count| count.to_string())
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn agreements_page(frame: &Frame<'_>, shown: &AgreementsShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let totals = PHASES.into_iter().filter_map(|(_, phase)| {
        let of_phase = shown.all.iter().filter(move |row| row.entry.phase == phase);
        of_phase.clone().next()?;
        Some(TotalShown { phase: phase_shown(phase).1, counts: counts(of_phase) })
    });
    let found = i64::try_from(shown.rows.count).unwrap_or(i64::MAX);
    let sorts = [
        ("number", "page-sort-number"),
        ("name", "page-sort-name"),
        ("phase", "page-state"),
        ("signed", "page-sort-signed"),
    ];
    let page = Shown {
        asked: shown.asked,
        phases: choices(say, shown.asked.phase, PHASES.map(|(name, phase)| (name, phase_shown(phase).1))),
        commitments: choices(say, shown.asked.commitment, COMMITMENTS.map(|(name, key, _)| (name, key))),
        sorts: choices(say, shown.asked.sort, sorts),
        is_empty: shown.all.is_empty(),
        totals: totals.collect(),
        total: counts(shown.all.iter()),
        found: say.counting("page-agreements-found", ("count", found), []),
        rows: shown.rows.shown.iter().map(|row| row_shown(say, row, shown.day)).collect(),
        pager: Pager::of(say, shown.rows.window, shown.rows.count, |page| {
            let AgreementsAsked { search, phase, commitment, sort } = shown.asked;
            let fields = [("q", search), ("phase", phase), ("commitment", commitment), ("sort", sort)];
            address_of_page("/agreements", &fields, page)
        }),
    };
    super::fill("agreements", frame, &say.word(Place::Agreements.key()), &page)
}

fn row_shown(say: Say, row: &AgreementRow, today: NaiveDate) -> RowShown<'_> {
    let entry = &row.entry;
    let (look, phase) = phase_shown(entry.phase);
    let answer_by = entry.sent.as_ref().and_then(|sent| sent.answer_by);
    let late = answer_by.filter(|day| entry.phase == Phase::Sent && *day < today);
    let copies = i64::try_from(entry.copies.len()).unwrap_or(i64::MAX);
    RowShown {
        id: entry.agreement,
        name: &row.name,
        number: &row.number,
        procurement: &row.procurement,
        look,
        phase,
        commitment: COMMITMENTS
            .into_iter()
            .find(|(.., commitment)| *commitment == entry.commitment)
            .map_or("", |(_, key, _)| key),
        sent: entry.sent.as_ref().map(|sent| say.date(sent.on)),
        late: late.map(|day| say.sentence("page-answer-late", [("day", say.date(day).as_str())])),
        signed: entry.signed.as_ref().map(|signed| say.date(signed.on)),
        active: entry.active_from.map(|day| say.date(day)),
        last: entry.last_day.map(|day| say.sentence("page-until-day", [("day", say.date(day).as_str())])),
        copies: (copies > 0).then(|| say.counting("page-copies-kept", ("count", copies), [])),
    }
}
