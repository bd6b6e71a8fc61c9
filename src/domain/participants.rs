//! Who shares costs on a day, and by which figures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::agreement::Agreement;
use super::calendar::{self, Period};
use super::identity::PartyId;
use super::party::{Ending, Figure, Party, PartyKind};

/// A chain of mergers and splits longer than this is a mistake in the data.
const ENDINGS_FOLLOWED_MAX: usize = 16;

/// One that shares costs, with the figures a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The party.
    pub party: PartyId,
    /// The stable key for ties and tables: the municipality number that holds on the day, else the organisation
    /// number, else the id.
    pub number: String,
    /// The figures by measure. One that is missing is not there.
    pub figures: BTreeMap<String, Figure>,
}

/// The parties and agreements of one procurement.
#[derive(Debug, Clone)]
pub struct Participants<'book> {
    /// All parties that are known.
    pub parties: &'book BTreeMap<PartyId, Party>,
    /// The agreements of the procurement.
    pub agreements: Vec<&'book Agreement>,
}

impl Participants<'_> {
    /// Those that share costs on any day of `period`, by number; merged and split parties as they are on its last day.
    #[must_use]
    pub fn during(&self, period: Period, population_date: NaiveDate, measures: &BTreeSet<&str>) -> Vec<Member> {
        let parties: BTreeSet<PartyId> = self
            .agreements
            .iter()
            .filter(|agreement| agreement.shares_costs_during(period))
            .filter_map(|agreement| agreement.drafted.as_ref())
            .flat_map(|drafted| self.those_after(drafted.party, period.last))
            .collect();
        let mut members: Vec<Member> =
            parties.into_iter().map(|party| self.member(party, period.last, population_date, measures)).collect();
        members.sort_by(|one, other| one.number.cmp(&other.number).then(one.party.cmp(&other.party)));
        members
    }

    /// One party with its figures.
    #[must_use]
    pub fn member(
        &self,
        party: PartyId,
        day: NaiveDate,
        population_date: NaiveDate,
        measures: &BTreeSet<&str>,
    ) -> Member {
        let figures = measures
            .iter()
            .filter_map(|measure| {
                self.figure(party, measure, population_date, day, 0).map(|figure| ((*measure).to_owned(), figure))
            })
            .collect();
        Member { party, number: self.number(party, day), figures }
    }

    /// The days in `period` on which those that share costs become others than the day before.
    #[must_use]
    pub fn changes_within(&self, period: Period) -> BTreeSet<NaiveDate> {
        let of_agreements = self.agreements.iter().flat_map(|agreement| {
            [agreement.member_from, agreement.last_day.map(calendar::day_after)].into_iter().flatten()
        });
        let of_parties = self
            .agreements
            .iter()
            .filter_map(|agreement| agreement.drafted.as_ref())
            .flat_map(|drafted| self.endings_within(drafted.party, period));
        of_agreements.chain(of_parties).filter(|day| *day > period.first && *day <= period.last).collect()
    }

    /// The days in `period` on which a party, or one that stands in its place, is followed by others.
    #[must_use]
    pub fn endings_within(&self, party: PartyId, period: Period) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        let mut open = vec![(party, 0)];
        while let Some((party, followed)) = open.pop() {
            let ending = self.parties.get(&party).and_then(|known| known.ending.as_ref());
            if let Some(ending) = ending.filter(|_| followed < ENDINGS_FOLLOWED_MAX) {
                days.insert(ending.on());
                open.extend(successors(ending).into_iter().map(|next| (next, followed + 1)));
            }
        }
        days.retain(|day| *day > period.first && *day <= period.last);
        days
    }

    /// The number that tables and ties go by; its id where it has none.
    fn number(&self, party: PartyId, day: NaiveDate) -> String {
        self.parties
            .get(&party)
            .and_then(|known| {
                known.number_on(day).or_else(|| known.registered.as_ref()?.organisation_number.as_deref())
            })
            .map_or_else(|| party.to_string(), str::to_owned)
    }

    /// The parties that stand in a party's place on `day`: itself while it exists, else those it became.
    #[must_use]
    pub fn those_after(&self, party: PartyId, day: NaiveDate) -> Vec<PartyId> {
        let mut found = Vec::new();
        let mut open = vec![(party, 0)];
        while let Some((party, followed)) = open.pop() {
            let ending =
                self.parties.get(&party).and_then(|known| known.ending.as_ref()).filter(|ending| ending.on() <= day);
            match ending {
                Some(ending) if followed < ENDINGS_FOLLOWED_MAX => {
                    open.extend(successors(ending).into_iter().map(|next| (next, followed + 1)));
                }
                Some(_) | None => found.push(party),
            }
        }
        found
    }

    /// A party's figure as it is made up on `share_day`: its own, counted on or before `population_date`, and that of
    /// the parties that became it after the count: the whole of merged ones, the decided percentage of split ones.
    ///
    /// A party that a merger made has no number from before it. What is counted for its area before that day counts
    /// those it was made of already.
    fn figure(
        &self,
        party: PartyId,
        measure: &str,
        population_date: NaiveDate,
        share_day: NaiveDate,
        followed: usize,
    ) -> Option<Figure> {
        let known = self.parties.get(&party)?;
        let own = known.figure_on(measure, population_date);
        let mut sum = own.cloned();
        for (before, percent, on) in self.predecessors(party).filter(|_| followed < ENDINGS_FOLLOWED_MAX) {
            let counted =
                own.is_some_and(|own| own.on >= on || known.numbers.keys().next().is_none_or(|first| *first >= on));
            if counted || on > share_day {
                continue;
            }
            let figure = self.figure(before, measure, population_date, share_day, followed + 1)?;
            let part = Figure { value: figure.value * percent / Decimal::ONE_HUNDRED, ..figure };
            sum = Some(match sum {
                None => part,
                Some(sum) => together(sum, &part),
            });
        }
        sum
    }

    /// The parties that became `party`, with the percentage of each that did, and when.
    fn predecessors(&self, party: PartyId) -> impl Iterator<Item = (PartyId, Decimal, NaiveDate)> {
        self.parties.iter().filter_map(move |(before, known)| match known.ending.as_ref()? {
            Ending::Merged(merged) => (merged.into == party).then_some((*before, Decimal::ONE_HUNDRED, merged.on)),
            Ending::Split(split) => {
                split.shares.iter().find(|share| share.party == party).map(|share| (*before, share.percent, split.on))
            }
            Ending::Succeeded(_) => None,
        })
    }

    /// What a party is; a municipality where it is not known.
    #[must_use]
    pub fn kind(&self, party: PartyId) -> PartyKind {
        self.parties.get(&party).and_then(|known| known.registered.as_ref()).map(|known| known.kind).unwrap_or_default()
    }
}

/// Two figures of the same measure added, with the later day and both sources.
fn together(one: Figure, other: &Figure) -> Figure {
    let source = if one.source == other.source { one.source } else { format!("{}; {}", one.source, other.source) };
    Figure { value: one.value + other.value, on: one.on.max(other.on), source }
}

fn successors(ending: &Ending) -> Vec<PartyId> {
    match ending {
        Ending::Merged(merged) => vec![merged.into],
        Ending::Split(split) => split.shares.iter().map(|share| share.party).collect(),
        Ending::Succeeded(succeeded) => succeeded.successors.clone(),
    }
}
