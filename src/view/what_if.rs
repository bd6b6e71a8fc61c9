//! What would happen if: the same fold over the log plus hypothetical events. It records nothing.

pub mod days;
mod fault;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::Book;
use super::budget::{Wanted, YEARS_MAX, budget_sheet};
use super::budget_sheet::{BudgetSheet, NotShared, SheetNote, YearTotal};
use crate::domain::agreement::{self, Agreement, AgreementEvent, Commitment, Phase};
use crate::domain::assessment::{Assessment, Certainty, Statement};
use crate::domain::calendar::{YEARS_TAKEN, day_is_taken, first_day};
use crate::domain::cost::{CostEvent, Moved};
use crate::domain::event::Event;
use crate::domain::identity::{AgreementId, AssessmentId, CostId, LicenceId, PartyId, ProcurementId, SharingKeyId};
use crate::domain::key_adoption::{Adopted, KeyEvent};
use crate::domain::legacy::{Extended, LegacyEvent};
use crate::domain::licence::{LicenceEvent, Rescheduled};
use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyDefinition;

pub use fault::{AmountFault, HypothesisError, Meant, TimeFault, Unsaid};

/// What the hypothetical statements and decisions name as their source.
const SOURCE: &str = "what-if";

/// Another sharing key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherKey {
    /// The key in the log that it stands in for, by name; the only one where nothing is said.
    pub in_place_of: Option<String>,
    /// What it says.
    pub definition: KeyDefinition,
    /// The first day it applies to; from the latest adoption on where nothing is said.
    #[serde(default, deserialize_with = "days::optional")]
    pub applies_from: Option<NaiveDate>,
    /// The day figures are taken from; as before where nothing is said.
    #[serde(default, deserialize_with = "days::optional")]
    pub population_date: Option<NaiveDate>,
}

/// Another amount, excluding VAT: one, or low, likely and high.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherAmount {
    /// The cost or licence, by name or id.
    pub item: String,
    /// The amount in kroner.
    pub amount: Option<String>,
    /// Lower only with luck, in kroner.
    pub low: Option<String>,
    /// What to expect, in kroner.
    pub likely: Option<String>,
    /// Higher only with bad luck, in kroner.
    pub high: Option<String>,
}

/// A party that joins or leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherMember {
    /// The party, as one would name it to `--party`.
    pub party: String,
    /// The first day it shares costs.
    #[serde(default, deserialize_with = "days::optional")]
    pub joins: Option<NaiveDate>,
    /// The last day it shares costs.
    #[serde(default, deserialize_with = "days::optional")]
    pub leaves: Option<NaiveDate>,
}

/// Other days or another year for a cost or a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherDates {
    /// The cost or licence, by name or id.
    pub item: String,
    /// The budget year of a cost.
    pub year: Option<i32>,
    /// The first day of a licence that is paid for.
    #[serde(default, deserialize_with = "days::optional")]
    pub starts: Option<NaiveDate>,
    /// The last day of a licence that is paid for.
    #[serde(default, deserialize_with = "days::optional")]
    pub ends: Option<NaiveDate>,
}

/// Another end of a party's old contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherOldContract {
    /// The party, as one would name it to `--party`.
    pub party: String,
    /// The last day that is paid for.
    #[serde(deserialize_with = "days::one")]
    pub last_day: NaiveDate,
}

/// Everything that would be otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hypothesis {
    /// Other sharing keys.
    pub key: Vec<OtherKey>,
    /// Other amounts.
    pub amount: Vec<OtherAmount>,
    /// Other members.
    pub member: Vec<OtherMember>,
    /// Other days.
    pub dates: Vec<OtherDates>,
    /// Other ends of old contracts.
    pub old_contract: Vec<OtherOldContract>,
}

/// A party's years before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ComparedParty {
    /// The party.
    pub party: PartyId,
    /// Its number.
    pub number: Option<String>,
    /// Its names.
    pub name: String,
    /// What is left to bear each year as it is, likely; none where the year contains an unknown.
    pub before_ore: Vec<Option<Ore>>,
    /// What would be left to bear each year, likely; none where the year contains an unknown.
    pub after_ore: Vec<Option<Ore>>,
    /// Whether a year contains an unknown, before or after, so that the change is not complete.
    pub contains_unknown: bool,
    /// How sure the least sure amount is, before or after; none where there is none.
    pub certainty: Option<Certainty>,
    /// The years where both are known, after less before: negative wins, positive loses.
    pub change_ore: Ore,
    /// The change for each inhabitant, the nearest øre; none without a figure, or where the change is not complete.
    pub change_per_inhabitant_ore: Option<Ore>,
}

/// Everybody before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Comparison {
    /// Whether the amounts are invented for illustration.
    pub illustrative: bool,
    /// Whether only what is shared by keys is in the figures, and nothing of what a party bears alone: it is for those who may
    /// not see everybody's budget.
    pub shared_alone: bool,
    /// The years.
    pub years: Vec<i32>,
    /// The parties, the biggest winner first.
    pub parties: Vec<ComparedParty>,
    /// Keys that cannot share what they would have to.
    #[schema(value_type = Vec<String>)]
    pub faults: Vec<NotShared>,
    /// How many would bear less. Nobody of whom that is not known.
    pub winners_count: usize,
    /// How many would bear more. Nobody of whom that is not known.
    pub losers_count: usize,
    /// Of how many it is not known, since a year of theirs contains an unknown.
    pub unknown_count: usize,
    /// How sure the least sure amount is.
    pub certainty: Option<Certainty>,
    /// The sum of all changes as far as they are known: complete where `unknown_count` is zero.
    pub change_ore: Ore,
}

/// The book as it would be.
///
/// # Errors
/// What cannot be tried, by section and entry.
pub fn suppose(
    book: &Book,
    procurement: ProcurementId,
    hypothesis: &Hypothesis,
    on: NaiveDate,
) -> Result<Book, HypothesisError> {
    let events = hypothetical_events(book, procurement, hypothesis, on)?;
    if events.is_empty() {
        return Err(HypothesisError::Empty);
    }
    let mut supposed = book.terms();
    for (id, event) in &events {
        supposed.apply(*id, event);
    }
    Ok(supposed)
}

fn hypothetical_events(
    book: &Book,
    procurement: ProcurementId,
    hypothesis: &Hypothesis,
    on: NaiveDate,
) -> Result<Vec<(Uuid, Event)>, HypothesisError> {
    let mut events = Vec::new();
    for (index, other) in (1..).zip(&hypothesis.key) {
        events.push(key_event(book, procurement, other, index, on)?);
    }
    for (index, other) in (1..).zip(&hypothesis.amount) {
        events.push(amount_event(book, procurement, other, index, on)?);
    }
    for (index, other) in (1..).zip(&hypothesis.dates) {
        events.push(dates_event(book, procurement, other, index, on)?);
    }
    for (index, other) in (1..).zip(&hypothesis.member) {
        let party = the_party(book, "member", index, &other.party)?;
        events.extend(member_events(book, procurement, party, other, index, on)?);
    }
    for (index, other) in (1..).zip(&hypothesis.old_contract) {
        let party = the_party(book, "old_contract", index, &other.party)?;
        let contracts = book.legacies_of(procurement, party, on);
        if contracts.is_empty() {
            return Err(HypothesisError::Ambiguous {
                section: "old_contract",
                index,
                called: other.party.clone(),
                found: 0,
                what: Meant::OldContracts,
            });
        }
        check_days("old_contract", index, [Some(other.last_day)])?;
        for (id, _) in contracts {
            let extended = Extended { on, last_day: other.last_day };
            events.push((id.0, Event::Legacy(LegacyEvent::Extended(extended))));
        }
    }
    Ok(events)
}

fn check_days<const COUNT: usize>(
    section: &'static str,
    index: usize,
    days: [Option<NaiveDate>; COUNT],
) -> Result<(), HypothesisError> {
    match days.into_iter().flatten().find(|day| !day_is_taken(*day)) {
        None => Ok(()),
        Some(day) => Err(HypothesisError::Time { section, index, fault: TimeFault::Day(day) }),
    }
}

fn the_party(book: &Book, section: &'static str, index: usize, called: &str) -> Result<PartyId, HypothesisError> {
    only(section, index, called, Meant::Parties, book.parties_called(called))
}

fn only<T>(
    section: &'static str,
    index: usize,
    called: &str,
    what: Meant,
    found: Vec<T>,
) -> Result<T, HypothesisError> {
    let count = found.len();
    let ambiguous = || HypothesisError::Ambiguous { section, index, called: called.to_owned(), found: count, what };
    if count > 1 {
        return Err(ambiguous());
    }
    found.into_iter().next().ok_or_else(ambiguous)
}

fn key_event(
    book: &Book,
    procurement: ProcurementId,
    other: &OtherKey,
    index: usize,
    on: NaiveDate,
) -> Result<(Uuid, Event), HypothesisError> {
    other.definition.validate().map_err(|fault| HypothesisError::Key { index, fault })?;
    let known: Vec<SharingKeyId> = book
        .keys
        .iter()
        .filter(|(_, key)| {
            key.proposed.as_ref().is_some_and(|proposed| {
                proposed.procurement == procurement
                    && other.in_place_of.as_ref().is_none_or(|name| *name == proposed.name)
            })
        })
        .map(|(id, _)| *id)
        .collect();
    let Some(called) = other.in_place_of.as_deref().or_else(|| (known.len() == 1).then_some("")) else {
        return Err(HypothesisError::SaysNothing { section: "key", index, lacks: Unsaid::WhichKey });
    };
    let id = only("key", index, called, Meant::SharingKeys, known)?;
    check_days("key", index, [other.applies_from, other.population_date])?;
    let latest = book.keys.get(&id).and_then(|key| key.adoptions.iter().next_back());
    let adopted = Adopted {
        definition: other.definition.clone(),
        applies_from: other
            .applies_from
            .or(latest.map(|(from, _)| *from))
            .unwrap_or_else(|| first_day(*YEARS_TAKEN.start())),
        population_date: other
            .population_date
            .or(latest.map(|(_, adopted)| adopted.population_date))
            .or_else(|| book.keys.get(&id)?.proposed.as_ref().map(|proposed| proposed.population_date))
            .unwrap_or(on),
        reference: SOURCE.to_owned(),
        on,
    };
    Ok((id.0, Event::SharingKey(KeyEvent::Adopted(Box::new(adopted)))))
}

/// A cost or a licence that people mean by a name or an id.
enum Item {
    Cost(CostId),
    Licence(LicenceId),
}

fn the_item(
    book: &Book,
    procurement: ProcurementId,
    section: &'static str,
    index: usize,
    called: &str,
) -> Result<Item, HypothesisError> {
    let is_called = |name: Option<&String>, id: Uuid| {
        name.is_some_and(|name| name.to_lowercase() == called.to_lowercase()) || called.parse() == Ok(id)
    };
    let costs = book
        .costs_of(procurement)
        .into_iter()
        .filter(|(id, cost)| is_called(cost.recorded.as_ref().map(|recorded| &recorded.name), id.0))
        .map(|(id, _)| Item::Cost(id));
    let licences = book
        .licences_of(procurement)
        .into_iter()
        .filter(|(id, licence)| is_called(licence.recorded.as_ref().map(|recorded| &recorded.name), id.0))
        .map(|(id, _)| Item::Licence(id));
    only(section, index, called, Meant::Items, costs.chain(licences).collect())
}

fn amount_event(
    book: &Book,
    procurement: ProcurementId,
    other: &OtherAmount,
    index: usize,
    on: NaiveDate,
) -> Result<(Uuid, Event), HypothesisError> {
    let fault = |fault| HypothesisError::Amount { index, fault };
    let ore = |text: &str| Ore::parse_kroner(text).map_err(|error| fault(error.into()));
    let (low_ore, likely_ore, high_ore) = match (&other.amount, &other.low, &other.likely, &other.high) {
        (Some(amount), None, None, None) => (ore(amount)?, ore(amount)?, ore(amount)?),
        (None, Some(low), Some(likely), Some(high)) => (ore(low)?, ore(likely)?, ore(high)?),
        _ => return Err(fault(AmountFault::NeitherOneNorThree)),
    };
    if low_ore.is_negative() || low_ore > likely_ore || likely_ore > high_ore {
        return Err(fault(AmountFault::OutOfOrder));
    }
    let statement = |replaces: Option<AssessmentId>| Statement {
        assessment: AssessmentId(Uuid::nil()),
        replaces,
        amount: Assessment::Estimated { low_ore, likely_ore, high_ore },
        on,
        source: SOURCE.to_owned(),
    };
    let last = |statements: &[Statement]| statements.last().map(|statement| statement.assessment);
    Ok(match the_item(book, procurement, "amount", index, &other.item)? {
        Item::Cost(id) => {
            let replaces = book.costs.get(&id).and_then(|cost| last(&cost.statements));
            (id.0, Event::Cost(CostEvent::Assessed(statement(replaces))))
        }
        Item::Licence(id) => {
            let replaces = book.licences.get(&id).and_then(|licence| last(&licence.statements));
            (id.0, Event::Licence(LicenceEvent::Priced(statement(replaces))))
        }
    })
}

fn dates_event(
    book: &Book,
    procurement: ProcurementId,
    other: &OtherDates,
    index: usize,
    on: NaiveDate,
) -> Result<(Uuid, Event), HypothesisError> {
    let says_nothing = |lacks| HypothesisError::SaysNothing { section: "dates", index, lacks };
    let ill_timed = |fault| HypothesisError::Time { section: "dates", index, fault };
    match the_item(book, procurement, "dates", index, &other.item)? {
        Item::Cost(id) => {
            let to_year = other.year.ok_or_else(|| says_nothing(Unsaid::YearOfCost))?;
            if !YEARS_TAKEN.contains(&to_year) {
                return Err(ill_timed(TimeFault::Year(to_year)));
            }
            let from_year = book.costs.get(&id).map(|cost| cost.year).unwrap_or_default();
            let moved = Moved { from_year, to_year, reference: SOURCE.to_owned(), on };
            Ok((id.0, Event::Cost(CostEvent::Moved(moved))))
        }
        Item::Licence(id) => {
            let days = book.licences.get(&id).and_then(|licence| licence.days);
            let starts = other.starts.or(days.map(|(starts, _)| starts));
            let starts = starts
                .filter(|_| other.starts.is_some() || other.ends.is_some())
                .ok_or_else(|| says_nothing(Unsaid::DaysOfLicence))?;
            let ends = other.ends.or(days.and_then(|(_, ends)| ends));
            check_days("dates", index, [Some(starts), ends])?;
            if let Some(ends) = ends.filter(|ends| *ends < starts) {
                return Err(ill_timed(TimeFault::EndsFirst { starts, ends }));
            }
            let rescheduled = Rescheduled { starts, ends, reference: SOURCE.to_owned(), on };
            Ok((id.0, Event::Licence(LicenceEvent::Rescheduled(rescheduled))))
        }
    }
}

fn member_events(
    book: &Book,
    procurement: ProcurementId,
    party: PartyId,
    other: &OtherMember,
    index: usize,
    on: NaiveDate,
) -> Result<Vec<(Uuid, Event)>, HypothesisError> {
    let agreements = book.agreements_of(procurement, party);
    if other.joins.is_none() && other.leaves.is_none() {
        return Err(HypothesisError::SaysNothing { section: "member", index, lacks: Unsaid::DaysOfMember });
    }
    check_days("member", index, [other.joins, other.leaves])?;
    if let Some((joins, leaves)) = other.joins.zip(other.leaves).filter(|(joins, leaves)| leaves < joins) {
        let fault = TimeFault::LeavesFirst { joins, leaves };
        return Err(HypothesisError::Time { section: "member", index, fault });
    }
    let mut events = Vec::new();
    let mut ids: Vec<Uuid> = agreements.iter().map(|(id, _)| id.0).collect();
    if let Some(member_from) = other.joins {
        let goes_on = |bound: bool| {
            let of_kind = |agreement: &Agreement| (agreement.commitment == Commitment::Committed) == bound;
            agreements.iter().find(|(_, agreement)| agreement.phase != Phase::Ended && of_kind(agreement))
        };
        if let Some((id, _)) = goes_on(true).or_else(|| goes_on(false)) {
            // Of one that is bound already it says that it shares costs from another day.
            let exercised = agreement::OptionExercised { on, member_from };
            events.push((id.0, Event::Agreement(AgreementEvent::OptionExercised(exercised))));
        } else {
            let county = book
                .procurements
                .get(&procurement)
                .and_then(|known| known.counties_on(on).first().copied())
                .unwrap_or_default();
            let drafted = agreement::Drafted {
                agreement: AgreementId(party.0),
                procurement,
                party,
                county,
                commitment: Commitment::Committed,
                member_from: Some(member_from),
                on,
            };
            events.push((party.0, Event::Agreement(AgreementEvent::Drafted(drafted))));
            ids.push(party.0);
        }
    }
    if let Some(last_day) = other.leaves {
        for id in ids {
            events.push((id, Event::Agreement(AgreementEvent::Ended(agreement::Ended { last_day }))));
        }
    }
    Ok(events)
}

/// Every party that bears something before or after, the biggest winner first.
#[must_use]
pub fn compare(before: &Book, after: &Book, wanted: Wanted) -> Comparison {
    let mut faults = Vec::new();
    let mut illustrative = false;
    let mut parties: Vec<ComparedParty> = after
        .parties
        .keys()
        .filter_map(|party| {
            let of_party = Wanted { party: *party, ..wanted };
            let (one, other) = (budget_sheet(before, of_party)?, budget_sheet(after, of_party)?);
            illustrative |= one.illustrative;
            faults.extend(other.notes.iter().filter_map(SheetNote::key_fault));
            (!one.lines.is_empty() || !other.lines.is_empty()).then(|| compared(*party, &one, &other))
        })
        .collect();
    parties.sort_by(|one, other| one.change_ore.cmp(&other.change_ore).then_with(|| one.number.cmp(&other.number)));
    faults.sort_by_cached_key(NotShared::to_string);
    faults.dedup();
    Comparison {
        illustrative,
        shared_alone: false,
        years: (wanted.first_year..).take(wanted.years_count.min(YEARS_MAX)).collect(),
        winners_count: known_to(&parties, |change| change < Ore::ZERO),
        losers_count: known_to(&parties, |change| change > Ore::ZERO),
        unknown_count: parties.iter().filter(|party| party.contains_unknown).count(),
        certainty: parties.iter().filter_map(|party| party.certainty).min(),
        change_ore: parties.iter().map(|party| party.change_ore).sum(),
        parties,
        faults,
    }
}

/// How many have a change of a kind that is wholly known.
fn known_to(parties: &[ComparedParty], is_such: impl Fn(Ore) -> bool) -> usize {
    parties.iter().filter(|party| !party.contains_unknown && is_such(party.change_ore)).count()
}

fn compared(party: PartyId, before: &BudgetSheet, after: &BudgetSheet) -> ComparedParty {
    let borne =
        |sheet: &BudgetSheet| -> Vec<Option<Ore>> { sheet.totals.iter().map(YearTotal::likely_known).collect() };
    let (before_ore, after_ore) = (borne(before), borne(after));
    let change_ore: Ore =
        before_ore.iter().zip(&after_ore).filter_map(|(before, after)| Some((*after)? - (*before)?)).sum();
    let contains_unknown = before_ore.iter().chain(&after_ore).any(Option::is_none);
    let change_per_inhabitant_ore = after
        .inhabitants
        .as_ref()
        .filter(|figure| !contains_unknown && !figure.value.is_zero())
        .map(|figure| Ore::rounded(change_ore.decimal() / figure.value));
    ComparedParty {
        party,
        number: after.party_number.clone(),
        name: after.party_name.clone(),
        before_ore,
        after_ore,
        contains_unknown,
        certainty: before.totals.iter().chain(&after.totals).filter_map(|total| total.certainty).min(),
        change_ore,
        change_per_inhabitant_ore,
    }
}
