//! The state on a day, or with an event of the log: agreements and budgets, libraries, old contracts, amounts and keys, runs and
//! payments, what was outstanding, and who had access.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::{Say, certainty_key};
use super::address::{address_of, as_parameter};
use super::frame::Frame;
use super::invoices::run_phase;
use crate::domain::access::Role;
use crate::domain::agreement::Phase;
use crate::domain::assessment::{Assessment, Certainty};
use crate::domain::identity::ProcurementId;
use crate::domain::money::Ore;
use crate::view::owed::Balance;
use crate::view::register::RunSummary;

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
    /// How much, likely; none where nothing of it was known.
    pub likely: Option<Ore>,
    /// Whether something of it was unknown, besides what was known.
    pub is_incomplete: bool,
}

/// A contract that was to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractLine {
    /// The system.
    pub system: String,
    /// What replaces it.
    pub procurement: String,
    /// Who pays for it.
    pub party: String,
    /// The last day that was paid for, and whether it ends then.
    pub paid_until: (NaiveDate, bool),
    /// What it cost in a year, where that was known.
    pub yearly_cost: Option<Ore>,
}

/// A run of invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLine {
    /// The run, as it stood.
    pub run: RunSummary,
    /// What it is for.
    pub procurement: String,
}

/// A payment that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLine {
    /// What it is known by.
    pub reference: String,
    /// The number of the account.
    pub account_number: String,
    /// The KID it was paid with.
    pub kid: Option<String>,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// How much.
    pub amount: Ore,
}

/// The latest of something, and how many there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest<L> {
    /// The latest, that first.
    pub shown: Vec<L>,
    /// How many there were.
    pub count: usize,
}

/// A library that joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryLine {
    /// What it joined.
    pub procurement: String,
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
    /// What it belongs to.
    pub procurement: String,
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
    /// What it is for.
    pub procurement: String,
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
    /// The contracts that were to be replaced.
    pub contracts: &'a [ContractLine],
    /// The libraries.
    pub libraries: &'a [LibraryLine],
    /// Costs and licences.
    pub amounts: &'a [AmountLine],
    /// The sharing keys.
    pub keys: &'a [KeyLine],
    /// The runs of invoices.
    pub runs: &'a Latest<RunLine>,
    /// The payments.
    pub payments: &'a Latest<PaymentLine>,
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
    rows: Vec<Row>,
    /// How many there were, where not all are shown.
    more: Option<String>,
}

#[derive(Serialize)]
struct Row {
    cells: [String; 4],
    /// What the first is of.
    of: String,
}

impl List {
    /// One of everything.
    fn of(
        (id, heading): (&'static str, &'static str),
        columns: [&'static str; 4],
        rows: impl Iterator<Item = ([String; 4], String)>,
    ) -> Self {
        Self { id, heading, columns, rows: rows.map(|(cells, of)| Row { cells, of }).collect(), more: None }
    }

    /// One of the latest.
    fn of_latest<L>(self, say: Say, latest: &Latest<L>) -> Self {
        let [shown, count] = [latest.shown.len(), latest.count].map(|number| number.to_string());
        let told = || say.sentence("page-state-latest", [("shown", shown.as_str()), ("count", &count)]);
        Self { more: (latest.count > latest.shown.len()).then(told), ..self }
    }
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
    lists: [List; 6],
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
    let as_of = if shown.is_today { String::new() } else { shown.day.to_string() };
    let agreements = shown.agreements.iter().map(|line| AgreementRow {
        party: &line.party,
        number: &line.number,
        address: address_of(
            &format!("/municipalities/{}", as_parameter(&line.number)),
            [("procurement", line.procurement.0.to_string()), ("as_of", as_of.clone())],
        ),
        procurement: &line.procurement.1,
        phase: say.word(phase(line.phase)),
        signed: line.signed_on.map(|on| say.date(on)),
        is_incomplete: line.to_bear.is_some_and(|amount| amount.is_incomplete),
        to_bear: line
            .to_bear
            .map(|amount| amount.likely.map_or_else(|| say.word("unknown"), |likely| say.kroner(likely))),
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
        lists: [
            libraries(say, shown.libraries),
            contracts(say, shown.contracts),
            amounts(say, shown.amounts),
            keys(say, shown.keys),
            runs(say, shown.runs),
            payments(say, shown.payments),
        ],
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
        ([line.library.clone(), line.party.clone(), binding, day(line.went_live)], line.procurement.clone())
    };
    let columns = ["page-state-library", "page-municipality", "page-commitment", "page-state-live"];
    List::of(("libraries", "log-kind-signup"), columns, lines.iter().map(row))
}

fn contracts(say: Say, lines: &[ContractLine]) -> List {
    let row = |line: &ContractLine| {
        let (paid_until, ends) = line.paid_until;
        let day = say.date(paid_until);
        let paid_until = if ends { say.sentence("page-state-ends", [("day", day.as_str())]) } else { day };
        let yearly =
            line.yearly_cost.map_or_else(|| say.word(certainty_key(Certainty::Unknown)), |ore| say.kroner(ore));
        ([line.system.clone(), line.party.clone(), paid_until, yearly], line.procurement.clone())
    };
    let columns = ["page-state-contract", "page-municipality", "page-state-paid-until", "page-state-yearly"];
    List::of(("contracts", "log-kind-legacy"), columns, lines.iter().map(row))
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
        let certainty = say.word(certainty_key(line.amount.certainty()));
        ([line.name.clone(), of, certainty, likely], line.procurement.clone())
    };
    let columns = ["page-state-amount-for", "page-state-paid", "page-state-certainty", "page-state-likely"];
    List::of(("amounts", "page-state-amounts"), columns, lines.iter().map(row))
}

fn keys(say: Say, lines: &[KeyLine]) -> List {
    let row = |line: &KeyLine| {
        let cells = match &line.adopted {
            Some((from, decision)) => {
                [line.name.clone(), say.word("page-state-adopted"), decision.clone(), say.date(*from)]
            }
            None => [line.name.clone(), say.word("page-state-proposed"), String::new(), String::new()],
        };
        (cells, line.procurement.clone())
    };
    let columns = ["page-state-key", "page-state", "page-state-decision", "page-state-applies-from"];
    List::of(("keys", "log-kind-sharing-key"), columns, lines.iter().map(row))
}

fn runs(say: Say, latest: &Latest<RunLine>) -> List {
    let row = |line: &RunLine| {
        let RunSummary { phase, covers, planned_on, total_ore, .. } = line.run;
        let cells = [say.days(covers), run_phase(say, phase).1, say.date(planned_on), say.in_ore().kroner(total_ore)];
        (cells, line.procurement.clone())
    };
    let columns = ["page-run-covers", "page-state", "page-planned-on", "page-sum"];
    List::of(("runs", "log-kind-invoice-run"), columns, latest.shown.iter().map(row)).of_latest(say, latest)
}

fn payments(say: Say, latest: &Latest<PaymentLine>) -> List {
    let row = |line: &PaymentLine| {
        let (kid, booked) = (line.kid.clone().unwrap_or_default(), say.date(line.booked_on));
        ([line.reference.clone(), kid, booked, say.in_ore().kroner(line.amount)], line.account_number.clone())
    };
    let columns = ["page-reference", "page-kid", "page-booked-on", "page-amount"];
    List::of(("payments", "log-kind-payments"), columns, latest.shown.iter().map(row)).of_latest(say, latest)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn payment(number: usize) -> PaymentLine {
        PaymentLine {
            reference: format!("R{number}"),
            account_number: "12345678903".to_owned(),
            kid: None,
            booked_on: NaiveDate::default(),
            amount: Ore(100),
        }
    }

    /// The page of a day on which these payments were the latest.
    fn page(payments: &Latest<PaymentLine>) -> String {
        let frame = Frame {
            language: Language::Bokmal,
            address: "/log/state",
            places: &[],
            place: None,
            command: "",
            form_token: "",
            seen: "",
            lacks_proof: false,
            is_signed_in: false,
            is_live: false,
        };
        let shown = StateShown {
            day: NaiveDate::default(),
            typed: None,
            is_refused: false,
            position: None,
            is_position_refused: false,
            is_today: false,
            year: 2023,
            agreements: &[],
            contracts: &[],
            libraries: &[],
            amounts: &[],
            keys: &[],
            runs: &Latest { shown: Vec::new(), count: 0 },
            payments,
            balances: &[],
            holders: &None,
        };
        state_page(&frame, &shown).unwrap()
    }

    #[test]
    fn of_what_there_is_too_much_of_the_latest_stand_there_and_how_many_there_were() {
        let shown: Vec<PaymentLine> = (1..=3).rev().map(payment).collect();
        let cut = page(&Latest { shown: shown.clone(), count: 1_203 });
        assert!(cut.contains("De siste 3 av 1203."), "{cut}");
        let places: Vec<Option<usize>> = ["R3", "R2", "R1"].map(|reference| cut.find(reference)).to_vec();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}: {cut}");
        let whole = page(&Latest { shown, count: 3 });
        assert!(!whole.contains("De siste"), "{whole}");
    }
}
