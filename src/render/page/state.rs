//! The state on a day, or with an event of the log: agreements and budgets, libraries, amounts and keys, what was outstanding,
//! and who had access.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::{Say, certainty_key};
use super::frame::{Frame, as_parameter};
use crate::domain::access::Role;
use crate::domain::agreement::Phase;
use crate::domain::assessment::Assessment;
use crate::domain::identity::ProcurementId;
use crate::domain::money::Ore;
use crate::view::owed::Balance;

/// An agreement with what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementLine {
    /// The party's names.
    pub party: String,
    /// Its number.
    pub number: String,
    /// What the agreement is for.
    pub procurement: (ProcurementId, String),
    /// Where it stood.
    pub phase: Phase,
    /// The day it was signed.
    pub signed_on: Option<NaiveDate>,
    /// What the party was to bear in the year.
    pub to_bear: Option<ToBear>,
}

/// What a party was to bear in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToBear {
    /// How much, likely.
    pub likely: Ore,
    /// Whether something of it was unknown.
    pub is_incomplete: bool,
}

/// A library that joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryLine {
    /// Its name.
    pub library: String,
    /// Who pays for it.
    pub party: String,
    /// Whether it was bound; otherwise it had an option.
    pub is_committed: bool,
    /// The first day on the new system.
    pub went_live: Option<NaiveDate>,
    /// The day it left again.
    pub withdrawn_on: Option<NaiveDate>,
}

/// An amount that is shared, or borne by some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountLine {
    /// What people call it.
    pub name: String,
    /// When it is to be paid.
    pub of: AmountOf,
    /// What was known of it.
    pub amount: Assessment,
}

/// When an amount is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountOf {
    /// Once, in a budget year.
    Year(i32),
    /// Every year, from a day on and to another where it ends.
    EachYear(NaiveDate, Option<NaiveDate>),
}

/// A sharing key, and what adopted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// What people call it.
    pub name: String,
    /// The day from which it applies and the decision; none where it was only proposed.
    pub adopted: Option<(NaiveDate, String)>,
}

/// Somebody who had access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderLine {
    /// Who.
    pub who: String,
    /// What as.
    pub role: Role,
    /// For what.
    pub scope: Option<String>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct StateShown<'a> {
    /// The day that is shown.
    pub day: NaiveDate,
    /// The day as it was typed.
    pub typed: Option<&'a str>,
    /// Whether what was typed is no day that can be looked at.
    pub is_refused: bool,
    /// The place in the log as it was typed.
    pub position: Option<&'a str>,
    /// Whether there is no such place.
    pub is_position_refused: bool,
    /// Whether it is today.
    pub is_today: bool,
    /// The budget year.
    pub year: i32,
    /// The agreements.
    pub agreements: &'a [AgreementLine],
    /// The libraries.
    pub libraries: &'a [LibraryLine],
    /// Costs and licences.
    pub amounts: &'a [AmountLine],
    /// The sharing keys.
    pub keys: &'a [KeyLine],
    /// Those who owed something.
    pub balances: &'a [Balance],
    /// Who had access; none where the one who looks may not see it.
    pub holders: &'a Option<Vec<HolderLine>>,
}

#[derive(Serialize)]
struct AgreementRow<'a> {
    party: &'a str,
    number: &'a str,
    address: String,
    procurement: &'a str,
    phase: String,
    signed: Option<String>,
    is_incomplete: bool,
    to_bear: Option<String>,
}

/// A list of what there was: the first column says what it is.
#[derive(Serialize)]
struct List {
    id: &'static str,
    heading: &'static str,
    columns: [&'static str; 4],
    rows: Vec<[String; 4]>,
}

#[derive(Serialize)]
struct BalanceRow<'a> {
    party: &'a str,
    outstanding: String,
}

#[derive(Serialize)]
struct HolderRow<'a> {
    who: &'a str,
    role: String,
    scope: Option<&'a str>,
    until: Option<String>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
struct Shown<'a> {
    day: String,
    typed: String,
    is_refused: bool,
    position: &'a str,
    is_position_refused: bool,
    is_with_event: bool,
    lists: [List; 3],
    budget: String,
    agreements: Vec<AgreementRow<'a>>,
    balances: Vec<BalanceRow<'a>>,
    sees_access: bool,
    holders: Vec<HolderRow<'a>>,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn state_page(frame: &Frame<'_>, shown: &StateShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language).in_kroner();
    let as_of = if shown.is_today { String::new() } else { format!("&as_of={}", shown.day) };
    let agreements = shown.agreements.iter().map(|line| AgreementRow {
        party: &line.party,
        number: &line.number,
        address: format!("/municipalities/{}?procurement={}{as_of}", as_parameter(&line.number), line.procurement.0),
        procurement: &line.procurement.1,
        phase: say.word(phase(line.phase)),
        signed: line.signed_on.map(|on| say.date(on)),
        is_incomplete: line.to_bear.is_some_and(|amount| amount.is_incomplete),
        to_bear: line.to_bear.map(|amount| say.kroner(amount.likely)),
    });
    let balances = shown
        .balances
        .iter()
        .map(|balance| BalanceRow { party: &balance.name, outstanding: say.in_ore().kroner(balance.outstanding_ore) });
    let holders = shown.holders.iter().flatten().map(|line| HolderRow {
        who: &line.who,
        role: say.word(role(line.role)),
        scope: line.scope.as_deref(),
        until: line.until.map(|until| say.date(until)),
    });
    let year = shown.year.to_string();
    let event = shown.position.filter(|_| !shown.is_position_refused);
    let day = say.date(shown.day);
    let page = Shown {
        day: match event {
            Some(position) => say.sentence("page-state-with", [("day", day.as_str()), ("position", position)]),
            None => day,
        },
        position: shown.position.unwrap_or_default(),
        is_position_refused: shown.is_position_refused,
        is_with_event: event.is_some(),
        lists: [libraries(say, shown.libraries), amounts(say, shown.amounts), keys(say, shown.keys)],
        typed: shown.typed.map_or_else(|| shown.day.to_string(), str::to_owned),
        is_refused: shown.is_refused,
        budget: say.sentence("page-state-budget", [("year", year.as_str())]),
        agreements: agreements.collect(),
        balances: balances.collect(),
        sees_access: shown.holders.is_some(),
        holders: holders.collect(),
    };
    super::fill("state", frame, &say.word("page-state-on-day"), &page)
}

fn libraries(say: Say, lines: &[LibraryLine]) -> List {
    let day = |day: Option<NaiveDate>| day.map(|day| say.date(day)).unwrap_or_default();
    let row = |line: &LibraryLine| {
        let binding = match line.withdrawn_on {
            Some(on) => say.sentence("page-state-withdrawn", [("day", say.date(on).as_str())]),
            None if line.is_committed => say.word("page-committed"),
            None => say.word("page-option"),
        };
        [line.library.clone(), line.party.clone(), binding, day(line.went_live)]
    };
    List {
        id: "libraries",
        heading: "log-kind-signup",
        columns: ["page-state-library", "page-municipality", "page-commitment", "page-state-live"],
        rows: lines.iter().map(row).collect(),
    }
}

fn amounts(say: Say, lines: &[AmountLine]) -> List {
    let row = |line: &AmountLine| {
        let of = match line.of {
            AmountOf::Year(year) => year.to_string(),
            AmountOf::EachYear(first, Some(last)) => {
                let (first, last) = (say.date(first), say.date(last));
                say.sentence("page-state-each-year-to", [("first", first.as_str()), ("last", last.as_str())])
            }
            AmountOf::EachYear(first, None) => {
                say.sentence("page-state-each-year", [("first", say.date(first).as_str())])
            }
        };
        let likely = line.amount.range().map(|range| say.kroner(range.likely_ore)).unwrap_or_default();
        [line.name.clone(), of, say.word(certainty_key(line.amount.certainty())), likely]
    };
    List {
        id: "amounts",
        heading: "page-state-amounts",
        columns: ["page-state-amount-for", "page-state-paid", "page-state-certainty", "page-state-likely"],
        rows: lines.iter().map(row).collect(),
    }
}

fn keys(say: Say, lines: &[KeyLine]) -> List {
    let row = |line: &KeyLine| match &line.adopted {
        Some((from, decision)) => {
            [line.name.clone(), say.word("page-state-adopted"), decision.clone(), say.date(*from)]
        }
        None => [line.name.clone(), say.word("page-state-proposed"), String::new(), String::new()],
    };
    List {
        id: "keys",
        heading: "log-kind-sharing-key",
        columns: ["page-state-key", "page-state", "page-state-decision", "page-state-applies-from"],
        rows: lines.iter().map(row).collect(),
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Absent | Phase::Drafted => "page-agreement-drafted",
        Phase::Sent => "page-agreement-sent",
        Phase::Signed => "page-agreement-signed",
        Phase::Active => "page-agreement-active",
        Phase::UnderNotice => "page-agreement-under-notice",
        Phase::Ended => "page-agreement-ended",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::CountyLibrary { .. } => "sign-in-role-county-library",
        Role::MunicipalLeader { .. } => "sign-in-role-municipal-leader",
        Role::LibraryLeader { .. } => "sign-in-role-library-leader",
        Role::Finance { .. } => "sign-in-role-finance",
        Role::CountyFinance { .. } => "sign-in-role-county-finance",
        Role::Auditor => "sign-in-role-auditor",
        Role::Administrator => "sign-in-role-administrator",
    }
}
