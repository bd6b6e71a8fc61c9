//! The state on a day: agreements and budgets, what was outstanding, and who had access.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::frame::{Frame, as_parameter};
use crate::domain::access::Role;
use crate::domain::agreement::Phase;
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
    /// Whether it is today.
    pub is_today: bool,
    /// The budget year.
    pub year: i32,
    /// The agreements.
    pub agreements: &'a [AgreementLine],
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
struct Shown<'a> {
    day: String,
    typed: String,
    is_refused: bool,
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
    let page = Shown {
        day: say.date(shown.day),
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
