//! Who shares costs on a day, and by which figures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::agreement::Agreement;
use super::calendar::{self, Period};
use super::identity::PartyId;
use super::party::{Ending, Figure, Party};
use crate::decider::Streams;

/// A chain of mergers and splits longer than this is a mistake in the data.
const ENDINGS_FOLLOWED_MAX: usize = 16;

/// One that shares costs, with the figures a key asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// The party.
    pub party: PartyId,
    /// The stable key for ties and tables: the municipality number that holds on the day, else the organisation
    /// number, else the id.
    pub number: String,
    /// The figures by measure. One that is missing is not there.
    pub figures: BTreeMap<String, Figure>,
    /// What figures were put together from, by measure, where that is more than the party's own.
    pub origins: BTreeMap<String, Vec<Origin>>,
}

/// What a figure was counted of, where parties became others since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Of whom it was counted.
    pub party: PartyId,
    /// The figure as it was counted.
    pub figure: Figure,
    /// How much of it counts.
    pub percent: Decimal,
    /// Who became others on which days, so that it counts: the one that it was counted of first.
    pub became: Vec<(PartyId, NaiveDate)>,
}

impl Origin {
    /// The part of the figure that counts.
    #[must_use]
    pub fn counts(&self) -> Decimal {
        let is_whole = self.percent == Decimal::ONE_HUNDRED;
        if is_whole { self.figure.value } else { self.figure.value * self.percent / Decimal::ONE_HUNDRED }
    }
}

/// The parties and agreements of one procurement.
#[derive(Debug, Clone)]
pub struct Participants<'book> {
    /// All parties that are known.
    pub parties: &'book Streams<PartyId, Party>,
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
        let count =
            Count { parties: self.parties, before: predecessors(self.parties), population_date, day: period.last };
        let mut members: Vec<Member> = parties
            .into_iter()
            .map(|party| {
                let mut member = Member { party, number: self.number(party, period.last), ..Member::default() };
                for measure in measures {
                    let Some(origins) = count.origins(party, measure, 0) else { continue };
                    member.figures.extend(together(&origins).map(|figure| ((*measure).to_owned(), figure)));
                    if origins.iter().any(|origin| origin.party != party) {
                        member.origins.insert((*measure).to_owned(), origins);
                    }
                }
                member
            })
            .collect();
        members.sort_by(|one, other| one.number.cmp(&other.number).then(one.party.cmp(&other.party)));
        members
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
                open.extend(ending.successors().into_iter().map(|next| (next, followed + 1)));
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
                    open.extend(ending.successors().into_iter().map(|next| (next, followed + 1)));
                }
                Some(_) | None => found.push(party),
            }
        }
        found
    }

    /// Who bears on `day` what a party alone was to bear: the one that it became part of. Where several came after it, nobody
    /// has decided which, and it stays with the party itself.
    #[must_use]
    pub fn bearer_after(&self, party: PartyId, day: NaiveDate) -> PartyId {
        match self.those_after(party, day)[..] {
            [bearer] => bearer,
            [] | [_, _, ..] => party,
        }
    }

    /// The days in `period` on which `bearer` bears what `party` alone was to bear.
    #[must_use]
    pub fn days_borne(&self, party: PartyId, bearer: PartyId, period: Period) -> Option<Period> {
        let mut parts = period.cut_before(self.endings_within(party, period));
        parts.retain(|part| self.bearer_after(party, part.last) == bearer);
        Period::between(parts.first()?.first, parts.last()?.last)
    }
}

/// The parties that became another, with the percentage of each that did, and when.
type Predecessors = BTreeMap<PartyId, Vec<(PartyId, Decimal, NaiveDate)>>;

fn predecessors(parties: &Streams<PartyId, Party>) -> Predecessors {
    let mut before = Predecessors::new();
    for (party, known) in parties {
        match &known.ending {
            Some(Ending::Merged(merged)) => {
                before.entry(merged.into).or_default().push((*party, Decimal::ONE_HUNDRED, merged.on));
            }
            Some(Ending::Split(split)) => {
                for share in &split.shares {
                    before.entry(share.party).or_default().push((*party, share.percent, split.on));
                }
            }
            Some(Ending::Succeeded(_)) | None => {}
        }
    }
    before
}

/// What is counted on or before one day, for parties as they are made up on another.
struct Count<'book> {
    parties: &'book Streams<PartyId, Party>,
    before: Predecessors,
    population_date: NaiveDate,
    day: NaiveDate,
}

impl Count<'_> {
    /// A party's own figure, and those of the parties that became it after the count: the whole of merged ones, the
    /// decided percentage of split ones. None where one of them lacks it.
    ///
    /// A party that a merger made has no number from before it. What is counted for its area before that day counts
    /// those it was made of already.
    fn origins(&self, party: PartyId, measure: &str, followed: usize) -> Option<Vec<Origin>> {
        let known = self.parties.get(&party)?;
        let own = known.figure_on(measure, self.population_date);
        let is_new_on = |on: NaiveDate| known.numbers.keys().next().is_none_or(|first| *first >= on);
        let of_itself =
            |figure: &Figure| Origin { party, figure: figure.clone(), percent: Decimal::ONE_HUNDRED, became: vec![] };
        let mut origins: Vec<Origin> = own.map(of_itself).into_iter().collect();
        let before = self.before.get(&party).filter(|_| followed < ENDINGS_FOLLOWED_MAX);
        for (before, percent, on) in before.into_iter().flatten() {
            if *on > self.day || own.is_some_and(|own| own.on >= *on || is_new_on(*on)) {
                continue;
            }
            for mut origin in self.origins(*before, measure, followed + 1)? {
                origin.percent = origin.percent * percent / Decimal::ONE_HUNDRED;
                origin.became.push((*before, *on));
                origins.push(origin);
            }
        }
        (!origins.is_empty()).then_some(origins)
    }
}

/// Figures of the same measure added, with the latest day and all sources.
fn together(origins: &[Origin]) -> Option<Figure> {
    let mut sources: Vec<&str> = Vec::new();
    for origin in origins {
        if !sources.contains(&origin.figure.source.as_str()) {
            sources.push(&origin.figure.source);
        }
    }
    Some(Figure {
        value: origins.iter().map(Origin::counts).sum(),
        on: origins.iter().map(|origin| origin.figure.on).max()?,
        source: sources.join("; "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agreement::Commitment;
    use crate::domain::party::PartyKind;
    use crate::domain::testing::day;
    use crate::domain::testing::facts::{
        Fact, INHABITANTS, World, agreed, committed, counted, ended, exercised, merged, municipality, named, numbered,
        organisation_number, party, registered, split, succeeded,
    };

    /// The numbers and inhabitants of those that share in a period, with figures as of the start of 2023.
    fn during(facts: impl IntoIterator<Item = Fact>, first: &str, last: &str) -> Vec<(String, Option<i64>)> {
        members(facts, first, last, "2023-01-01")
            .into_iter()
            .map(|member| {
                let inhabitants = member.figures.get(INHABITANTS).map(|figure| i64::try_from(figure.value).unwrap());
                (member.number, inhabitants)
            })
            .collect()
    }

    fn members(facts: impl IntoIterator<Item = Fact>, first: &str, last: &str, population_date: &str) -> Vec<Member> {
        let world = World::of(facts);
        let period = Period { first: day(first), last: day(last) };
        world.participants().during(period, day(population_date), &BTreeSet::from([INHABITANTS]))
    }

    fn of(number: &str, inhabitants: i64) -> (String, Option<i64>) {
        (number.to_owned(), Some(inhabitants))
    }

    /// A party that came to be on the day it got its number, with nobody counted.
    fn newcomer(number: u128, from: &str) -> Vec<Fact> {
        vec![
            registered(number, PartyKind::Municipality, Some(organisation_number(number))),
            numbered(number, &format!("{number:04}"), from),
            named(number, "Ny kommune"),
        ]
    }

    fn two() -> Vec<Fact> {
        [municipality(1, 1_000), municipality(2, 500), vec![committed(1), committed(2)]].concat()
    }

    #[test]
    fn two_that_merge_are_one_member_with_the_sum_of_their_figures() {
        let facts =
            [two(), newcomer(3, "2024-01-01"), vec![merged(1, 3, "2024-01-01"), merged(2, 3, "2024-01-01")]].concat();
        assert_eq!(during(facts.clone(), "2023-01-01", "2023-12-31"), [of("0001", 1_000), of("0002", 500)]);
        assert_eq!(during(facts, "2024-01-01", "2024-12-31"), [of("0003", 1_500)]);
    }

    #[test]
    fn a_figure_says_of_whom_it_was_counted_and_who_became_whom_on_the_way() {
        let facts = [
            two(),
            newcomer(3, "2024-01-01"),
            newcomer(4, "2024-01-01"),
            vec![split(1, &[(3, 70), (4, 30)], "2024-01-01"), merged(3, 2, "2025-01-01")],
        ]
        .concat();
        let members = members(facts, "2025-01-01", "2025-12-31", "2023-01-01");
        let origin = |number: u128, value: i64, percent: i64, became: &[(u128, &str)]| Origin {
            party: party(number),
            figure: Figure { value: value.into(), on: day("2023-01-01"), source: "SSB 07459".to_owned() },
            percent: percent.into(),
            became: became.iter().map(|(number, on)| (party(*number), day(on))).collect(),
        };
        let of_second = [origin(2, 500, 100, &[]), origin(1, 1_000, 70, &[(1, "2024-01-01"), (3, "2025-01-01")])];
        assert_eq!(members[0].figures[INHABITANTS].value, Decimal::from(1_200));
        assert_eq!(members[0].origins[INHABITANTS], of_second);
        assert_eq!(members[1].origins[INHABITANTS], [origin(1, 1_000, 30, &[(1, "2024-01-01")])]);
    }

    #[test]
    fn one_that_takes_another_in_has_both_figures_until_it_is_counted_anew() {
        let facts = [two(), vec![merged(1, 2, "2024-01-01"), counted(2, INHABITANTS, "2024-01-01", 1_490)]].concat();
        assert_eq!(during(facts.clone(), "2023-01-01", "2023-12-31"), [of("0001", 1_000), of("0002", 500)]);
        assert_eq!(during(facts.clone(), "2024-01-01", "2024-12-31"), [of("0002", 1_500)]);
        let anew = &members(facts, "2024-01-01", "2024-12-31", "2024-01-01")[0];
        assert_eq!(anew.figures[INHABITANTS].value, Decimal::from(1_490));
    }

    #[test]
    fn what_statistics_counts_for_the_area_of_a_new_municipality_is_not_added_to() {
        let facts = [
            two(),
            newcomer(3, "2024-01-01"),
            vec![merged(1, 3, "2024-01-01"), merged(2, 3, "2024-01-01"), counted(3, INHABITANTS, "2023-01-01", 1_501)],
        ]
        .concat();
        assert_eq!(during(facts, "2024-01-01", "2024-12-31"), [of("0003", 1_501)]);
    }

    #[test]
    fn those_that_a_party_is_split_into_have_the_decided_percentages() {
        let facts = [
            two(),
            newcomer(3, "2024-01-01"),
            newcomer(4, "2024-01-01"),
            vec![split(1, &[(3, 70), (4, 30)], "2024-01-01")],
        ]
        .concat();
        assert_eq!(during(facts, "2024-01-01", "2024-12-31"), [of("0002", 500), of("0003", 700), of("0004", 300)]);
    }

    #[test]
    fn those_that_come_after_a_county_authority_are_members_and_inherit_no_figures() {
        let county = |number: u128| registered(number, PartyKind::CountyAuthority, Some(organisation_number(number)));
        let facts = vec![
            county(54),
            county(55),
            county(56),
            numbered(54, "54", "2020-01-01"),
            numbered(55, "55", "2024-01-01"),
            numbered(56, "56", "2024-01-01"),
            counted(54, INHABITANTS, "2023-01-01", 242_452),
            succeeded(54, &[55, 56], "2024-01-01"),
            committed(54),
        ];
        assert_eq!(during(facts.clone(), "2023-01-01", "2023-12-31"), [of("54", 242_452)]);
        let after = [("55".to_owned(), None), ("56".to_owned(), None)];
        assert_eq!(during(facts, "2024-01-01", "2024-12-31"), after);
    }

    #[test]
    fn one_shares_from_its_first_day_to_its_last_and_an_option_only_once_exercised() {
        let facts = [
            municipality(1, 10),
            municipality(2, 20),
            municipality(3, 30),
            vec![
                agreed(1, Commitment::Committed, Some("2023-10-16")),
                committed(2),
                ended(2, "2023-11-30"),
                agreed(3, Commitment::Option, None),
            ],
        ]
        .concat();
        let on = |day| during(facts.clone(), day, day).into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(on("2023-10-15"), ["0002"]);
        assert_eq!(on("2023-10-16"), ["0001", "0002"]);
        assert_eq!(on("2023-11-30"), ["0001", "0002"]);
        assert_eq!(on("2023-12-01"), ["0001"]);
        let exercised = [facts, vec![exercised(3, "2023-12-01")]].concat();
        assert_eq!(during(exercised.clone(), "2023-12-01", "2023-12-31"), [of("0001", 10), of("0003", 30)]);
        let changes = World::of(exercised).participants().changes_within(Period::year(2023));
        assert_eq!(changes, BTreeSet::from(["2023-10-16", "2023-12-01"].map(day)));
    }

    #[test]
    fn every_merger_in_a_row_is_a_change() {
        let facts = [
            two(),
            newcomer(3, "2023-10-01"),
            vec![merged(1, 2, "2023-07-01"), merged(2, 3, "2023-10-01"), ended(2, "2022-12-31")],
        ]
        .concat();
        let world = World::of(facts.clone());
        let changes = world.participants().changes_within(Period::year(2023));
        assert_eq!(changes, BTreeSet::from(["2023-07-01", "2023-10-01"].map(day)));
        assert_eq!(during(facts.clone(), "2023-07-01", "2023-09-30"), [of("0002", 1_500)]);
        assert_eq!(during(facts, "2023-10-01", "2023-12-31"), [of("0003", 1_500)]);
        assert_eq!(world.participants().those_after(party(1), day("2023-12-31")), [party(3)]);
    }

    #[test]
    fn a_circle_of_mergers_ends() {
        let facts = [two(), vec![merged(1, 2, "2023-07-01"), merged(2, 1, "2023-07-01")]].concat();
        assert_eq!(during(facts.clone(), "2023-12-01", "2023-12-31").len(), 2);
        assert_eq!(World::of(facts).participants().changes_within(Period::year(2023)).len(), 1);
    }

    #[test]
    fn a_party_without_a_municipality_number_goes_by_its_organisation_number_or_else_its_id() {
        let facts = vec![
            registered(1, PartyKind::Other, Some("974760673".to_owned())),
            committed(1),
            registered(2, PartyKind::Other, None),
            committed(2),
        ];
        let numbers: Vec<String> =
            during(facts, "2023-01-01", "2023-12-31").into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [party(2).to_string(), "974760673".to_owned()]);
    }
}
