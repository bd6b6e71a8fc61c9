//! Who pays how much of what for which days: the one calculation behind budgets, what-if, explanations and invoices.
//!
//! It returns the shares together with their reasons, so that an explanation is that value printed.

mod evened;
mod named;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use self::evened::{amounts, division_within, within};
use super::assessment::{Certainty, Range};
use super::calendar::{Period, first_day, last_day};
use super::cost::{Cost, Distribution};
use super::identity::{PartyId, SharingKeyId};
use super::key_adoption::SharingKey;
use super::licence::Licence;
use super::money::Ore;
use super::participants::{Member, Participants};
use super::sharing_key::{DaysOfYear, Division, KeyDefinition, KeyError, PartOfYear, PartyMeasures, Unit};
use crate::decider::Streams;

/// The keys and participants that amounts are shared by.
#[derive(Debug, Clone)]
pub struct Apportioner<'book> {
    /// Who shares costs.
    pub participants: Participants<'book>,
    /// All sharing keys.
    pub keys: &'book Streams<SharingKeyId, SharingKey>,
}

/// Whether grants are taken off a cost before it is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grants {
    /// The whole cost is shared.
    LeftOn,
    /// What is left after grants is shared: this is what participants pay.
    TakenOff,
}

/// The key that an amount was shared by.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyUsed {
    /// The key.
    pub sharing_key: SharingKeyId,
    /// What it says.
    pub definition: KeyDefinition,
    /// The day its figures are taken from.
    pub population_date: NaiveDate,
    /// Whether it is adopted, or only proposed.
    pub adopted: bool,
}

/// Why a part could not be shared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PartFault {
    /// Nobody shares costs on these days.
    #[error("nobody takes part on the days it is for; let a party sign, or move it")]
    NoMembers,
    /// The key is neither adopted nor proposed.
    #[error("its sharing key is neither proposed nor adopted; adopt one")]
    NoKey,
    /// The key cannot share it.
    #[error(transparent)]
    Key(KeyError),
}

/// How a part of an amount was shared.
#[derive(Debug, Clone, PartialEq)]
pub enum Shared {
    /// One party bears all.
    Direct(PartyId),
    /// The amount is unknown; these bear it.
    Unknown,
    /// Low, likely and high, each shared by the key. Where the amount is certain they are equal.
    ByKey {
        /// The low amount shared.
        low: Division,
        /// The likely amount shared.
        likely: Division,
        /// The high amount shared.
        high: Division,
    },
    /// Nobody could be given a share.
    Not(PartFault),
}

/// The days between two changes of members or key, and how their part of the amount was shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The days.
    pub period: Period,
    /// Their part of the amount; none while it is unknown.
    pub amount: Option<Range>,
    /// The key; none where one party bears all.
    pub key: Option<KeyUsed>,
    /// Those that share it, in the order of the divisions' shares.
    pub members: Vec<Member>,
    /// How it was shared.
    pub shared: Shared,
}

impl Part {
    /// A party's share: outer none where it has none, inner none where it is unknown.
    #[must_use]
    pub fn share_of(&self, party: PartyId) -> Option<Option<Range>> {
        match &self.shared {
            Shared::Direct(bearer) => (*bearer == party).then_some(self.amount),
            Shared::Unknown | Shared::Not(_) => self.members.iter().any(|member| member.party == party).then_some(None),
            Shared::ByKey { low, likely, high } => {
                let index = self.members.iter().position(|member| member.party == party)?;
                let amount = |division: &Division| division.shares.get(index).map(|share| share.amount);
                Some(Some(Range { low_ore: amount(low)?, likely_ore: amount(likely)?, high_ore: amount(high)? }))
            }
        }
    }

    /// The share of each that has one; none within where it is unknown.
    #[must_use]
    pub fn shares(&self) -> Vec<(PartyId, Option<Range>)> {
        let each = self.members.iter().map(|member| member.party);
        match &self.shared {
            Shared::Direct(bearer) => vec![(*bearer, self.amount)],
            Shared::Unknown | Shared::Not(_) => each.map(|party| (party, None)).collect(),
            Shared::ByKey { low, likely, high } => {
                let amounts = low.shares.iter().zip(&likely.shares).zip(&high.shares);
                let amounts = amounts.map(|((low, likely), high)| Range {
                    low_ore: low.amount,
                    likely_ore: likely.amount,
                    high_ore: high.amount,
                });
                each.zip(amounts.map(Some)).collect()
            }
        }
    }

    /// Those that bear it.
    fn bearers(&self) -> Vec<PartyId> {
        match &self.shared {
            Shared::Direct(bearer) => vec![*bearer],
            Shared::Unknown | Shared::Not(_) | Shared::ByKey { .. } => {
                self.members.iter().map(|member| member.party).collect()
            }
        }
    }
}

/// An amount of one year, shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Apportionment {
    /// The year.
    pub year: i32,
    /// How sure the shares are: never surer than an estimate where the key is not adopted.
    pub certainty: Certainty,
    /// The parts by their days.
    pub parts: Vec<Part>,
}

impl Apportionment {
    /// A party's share of all parts: outer none where it has none, inner none where any part of it is unknown.
    #[must_use]
    pub fn share_of(&self, party: PartyId) -> Option<Option<Range>> {
        let shares: Vec<Option<Range>> = self.parts.iter().filter_map(|part| part.share_of(party)).collect();
        if shares.is_empty() {
            return None;
        }
        Some(shares.into_iter().try_fold(Range::default(), |sum, share| share.map(|share| sum.plus(share))))
    }

    /// Everybody's share of all parts, none within where any part of it is unknown: [`Self::share_of`] for all at once.
    #[must_use]
    pub fn shares(&self) -> BTreeMap<PartyId, Option<Range>> {
        let mut shares = BTreeMap::new();
        for (party, share) in self.parts.iter().flat_map(Part::shares) {
            let sum = shares.entry(party).or_insert(Some(Range::default()));
            *sum = sum.zip(share).map(|(sum, share)| sum.plus(share));
        }
        shares
    }

    /// Everyone that bears a part.
    #[must_use]
    pub fn bearers(&self) -> Vec<PartyId> {
        let mut bearers: Vec<PartyId> = self.parts.iter().flat_map(Part::bearers).collect();
        bearers.sort_unstable();
        bearers.dedup();
        bearers
    }

    /// The sum of all shares; none where a part is unknown or could not be shared.
    #[must_use]
    pub fn total(&self) -> Option<Range> {
        self.bearers()
            .into_iter()
            .try_fold(Range::default(), |sum, party| self.share_of(party).flatten().map(|share| sum.plus(share)))
    }

    /// Whether the shares must come to the amount: not where a tariff sets prices, or a key rounds each share by itself.
    #[must_use]
    pub fn keeps_the_total(&self) -> bool {
        self.parts.iter().all(|part| match &part.shared {
            Shared::ByKey { likely, .. } => likely.off_by == Ore::ZERO && !part.is_tariff(),
            Shared::Direct(_) | Shared::Unknown | Shared::Not(_) => true,
        })
    }

    /// What grants of the keys took off before the likely amounts were shared.
    #[must_use]
    pub fn granted_by_keys(&self) -> Ore {
        self.grants_of_keys().likely_ore
    }

    /// The same of the low, the likely and the high amounts.
    #[must_use]
    pub fn grants_of_keys(&self) -> Range {
        let granted = self.parts.iter().filter_map(|part| Some(part.amount?.minus(part.shared_by_key()?)));
        granted.fold(Range::default(), Range::plus)
    }

    /// Why a part could not be shared, where one could not.
    #[must_use]
    pub fn fault(&self) -> Option<&PartFault> {
        self.parts.iter().find_map(|part| match &part.shared {
            Shared::Not(fault) => Some(fault),
            Shared::Direct(_) | Shared::Unknown | Shared::ByKey { .. } => None,
        })
    }
}

impl Apportioner<'_> {
    /// A one-time cost in the budget year it stands in. None where it is cancelled or not recorded.
    ///
    /// A one-time cost belongs to its whole budget year and to no day in it. All that are bound on any day of the year
    /// share it alike, also who leaves during the year or exercises an option during it: the number of days has no say.
    /// The key is the one in force on 1 January, or the first that is adopted where none is by then; the parties are
    /// those that exist on 31 December.
    #[must_use]
    pub fn cost(&self, cost: &Cost, grants: Grants) -> Option<Apportionment> {
        let recorded = cost.recorded.as_ref().filter(|_| cost.cancelled_on.is_none())?;
        let shared = |granted: Ore| {
            let amount = cost.amount().range().map(|range| range.map(|amount| (amount - granted).max(Ore::ZERO)));
            self.part(Period::year(cost.year), amount, recorded.distribution, None)
        };
        let granted = cost.granted();
        let part = match grants {
            Grants::TakenOff => shared(granted),
            Grants::LeftOn if granted == Ore::ZERO => shared(granted),
            // A grant raises nobody's share, not even by an øre.
            Grants::LeftOn => shared(Ore::ZERO).at_least(&shared(granted)),
        };
        Some(apportionment(cost.year, cost.amount().certainty(), vec![part]))
    }

    /// A licence in one year: cut where members come or go or another key applies, each part shared among those who
    /// were members then. None where no day of the year is paid for.
    ///
    /// The parts follow the days: up to the end of each part the price times the days so far, to the nearest øre, half
    /// away from zero, less the parts before, so that they add up to the whole. Where the key shares in whole kroner, what
    /// is no whole krone waits for the next part. What the key says in kroner is for a year: of a floor, a cap, a first
    /// amount and a grant each part has what it has of the year.
    #[must_use]
    pub fn licence(&self, licence: &Licence, year: i32) -> Option<Apportionment> {
        self.licence_until(licence, last_day(year))
    }

    /// The same for the days of the year up to and including `last`: what was shared by then of the price of the year.
    #[must_use]
    pub fn licence_until(&self, licence: &Licence, last: NaiveDate) -> Option<Apportionment> {
        let recorded = licence.recorded.as_ref()?;
        let year = last.year();
        let paid = licence.paid_days(year)?.intersection(Period { first: first_day(year), last })?;
        let mut cuts = match recorded.distribution {
            Distribution::Party { party } => self.participants.endings_within(party, paid),
            Distribution::Key { .. } => self.participants.changes_within(paid),
        };
        if let Some(key) = self.key(recorded.distribution) {
            cuts.extend(key.adoptions.keys().copied());
        }
        let price = licence.price_for(year);
        let periods: Vec<(DaysOfYear, Period)> = days_of_year(paid.cut_before(cuts), year);
        let units: Vec<Unit> =
            periods.iter().map(|(_, period)| self.unit(recorded.distribution, period.first)).collect();
        let days: Vec<DaysOfYear> = periods.iter().map(|(days, _)| *days).collect();
        let amounts = price.map(|price| parts_of(price, &days, &units));
        let parts = periods
            .into_iter()
            .enumerate()
            .map(|(place, (days, period))| {
                let amount = amounts.as_ref().and_then(|amounts| amounts.get(place)).copied();
                self.part(period, amount, recorded.distribution, Some((price, days)))
            })
            .collect();
        Some(apportionment(year, licence.certainty_for(year), parts))
    }

    /// What shares are whole in by the key in force on a day.
    fn unit(&self, distribution: Distribution, day: NaiveDate) -> Unit {
        self.key(distribution).and_then(|key| key.in_force_on(day)).map_or(Unit::Ore, |key| key.definition.unit())
    }

    fn key(&self, distribution: Distribution) -> Option<&SharingKey> {
        match distribution {
            Distribution::Key { sharing_key } => self.keys.get(&sharing_key),
            Distribution::Party { .. } => None,
        }
    }

    /// One part. `of_year` is given where the amount is some days' part of a year's price: the price, and the days.
    fn part(
        &self,
        period: Period,
        amount: Option<Range>,
        distribution: Distribution,
        of_year: Option<(Option<Range>, DaysOfYear)>,
    ) -> Part {
        let sharing_key = match distribution {
            Distribution::Party { party } => {
                let bearer = self.participants.bearer_after(party, period.last);
                return Part { period, amount, key: None, members: Vec::new(), shared: Shared::Direct(bearer) };
            }
            Distribution::Key { sharing_key } => sharing_key,
        };
        let key = self.keys.get(&sharing_key).and_then(|key| key.in_force_on(period.first)).map(|in_force| KeyUsed {
            sharing_key,
            definition: in_force.definition.clone(),
            population_date: in_force.population_date,
            adopted: in_force.adopted,
        });
        let measures = key.as_ref().map(|key| key.definition.measures()).unwrap_or_default();
        let population_date = key.as_ref().map_or(period.first, |key| key.population_date);
        let members = self.participants.during(period, population_date, &measures);
        let shared = match &key {
            _ if members.is_empty() => Shared::Not(PartFault::NoMembers),
            None if amount.is_some() => Shared::Not(PartFault::NoKey),
            None => Shared::Unknown,
            Some(key) => match named::by_members(&key.definition, &members, &self.participants, period.last) {
                Ok(definition) => share(&definition, amount, &members, of_year),
                Err(fault) => Shared::Not(PartFault::Key(fault)),
            },
        };
        Part { period, amount, key, members, shared }
    }
}

/// Never surer than an estimate where the key is only proposed; a tariff's prices are at least estimates.
fn apportionment(year: i32, certainty: Certainty, parts: Vec<Part>) -> Apportionment {
    let proposed = parts.iter().any(|part| part.key.as_ref().is_some_and(|key| !key.adopted));
    let tariff = parts.iter().any(|part| matches!(part.shared, Shared::ByKey { .. }) && part.is_tariff());
    let stated = if tariff { certainty.max(Certainty::Estimated) } else { certainty };
    let certainty = if proposed { stated.min(Certainty::Estimated) } else { stated };
    Apportionment { year, certainty, parts }
}

impl Part {
    fn is_tariff(&self) -> bool {
        self.key.as_ref().is_some_and(|key| matches!(key.definition, KeyDefinition::Tariff(_)))
    }

    /// What was to be shared; none where a tariff sets prices, or nothing was shared by a key.
    fn shared_by_key(&self) -> Option<Range> {
        match &self.shared {
            Shared::ByKey { low, likely, high } if !self.is_tariff() => {
                Some(Range { low_ore: low.total, likely_ore: likely.total, high_ore: high.total })
            }
            Shared::ByKey { .. } | Shared::Direct(_) | Shared::Unknown | Shared::Not(_) => None,
        }
    }

    /// The same part with nobody's share below that of `least`, which shares no more among the same.
    fn at_least(mut self, least: &Self) -> Self {
        let unit = self.key.as_ref().map_or(Unit::Ore, |key| key.definition.unit());
        if let (
            Shared::ByKey { low, likely, high },
            Shared::ByKey { low: least_low, likely: least_likely, high: least_high },
        ) = (&mut self.shared, &least.shared)
        {
            division_within(likely, &amounts(least_likely), &vec![likely.total; likely.shares.len()], unit_of(unit));
            in_order(low, likely, high, [&amounts(least_low), &amounts(least_high)], unit);
        }
        self
    }
}

/// The periods with their days, counted from the first day that is paid for.
fn days_of_year(periods: Vec<Period>, year: i32) -> Vec<(DaysOfYear, Period)> {
    let of = Period::year(year).days().unsigned_abs();
    let mut before = 0;
    let with_days = periods.into_iter().map(|period| {
        let days = DaysOfYear { before, until: before + period.days().unsigned_abs(), of };
        before = days.until;
        (days, period)
    });
    with_days.collect()
}

/// A year's price by its days. What is no whole unit of a part's key waits for the next part, and the last has all that is
/// left, so that the parts come to the price of all the days to the øre; and nowhere is low above likely, or likely above high.
fn parts_of(price: Range, days: &[DaysOfYear], units: &[Unit]) -> Vec<Range> {
    let cut = |price: Ore| {
        let mut given = Ore::ZERO;
        let parts = days.iter().zip(units).enumerate().map(|(place, (days, unit))| {
            let left = DaysOfYear { before: 0, ..*days }.part_of(price, Unit::Ore.ore()) - given;
            let waits = if place + 1 == units.len() { Ore::ZERO } else { Ore(left.0 % unit_of(*unit).0) };
            given += left - waits;
            left - waits
        });
        parts.collect::<Vec<Ore>>()
    };
    let (mut low, likely, mut high) = (cut(price.low_ore), cut(price.likely_ore), cut(price.high_ore));
    within(&mut low, &vec![Ore::ZERO; likely.len()], &likely, unit_of(Unit::Ore));
    within(&mut high, &likely, &vec![price.high_ore; likely.len()], unit_of(Unit::Ore));
    let parts = low.into_iter().zip(likely).zip(high);
    parts.map(|((low_ore, likely_ore), high_ore)| Range { low_ore, likely_ore, high_ore }).collect()
}

fn share(
    definition: &KeyDefinition,
    amount: Option<Range>,
    members: &[Member],
    of_year: Option<(Option<Range>, DaysOfYear)>,
) -> Shared {
    let rows: Vec<PartyMeasures> = members
        .iter()
        .map(|member| PartyMeasures {
            party: member.number.clone(),
            measures: member.figures.iter().map(|(measure, figure)| (measure.clone(), figure.value)).collect(),
        })
        .collect();
    if matches!(definition, KeyDefinition::Tariff(_)) {
        let shared = definition.share(None, &rows).map(|whole| {
            let division = match of_year {
                Some((_, days)) => for_days(whole, days, definition.unit()),
                None => whole,
            };
            Shared::ByKey { low: division.clone(), likely: division.clone(), high: division }
        });
        return shared.unwrap_or_else(|fault| Shared::Not(PartFault::Key(fault)));
    }
    let Some(amount) = amount else { return Shared::Unknown };
    let divide = |of: fn(Range) -> Ore| {
        let in_year = of_year.and_then(|(price, days)| Some((of(price?), days)));
        match in_year {
            Some((price, days)) => {
                definition.share_as_it_came(price, Some(PartOfYear { amount: of(amount), days }), &rows)
            }
            None => definition.share_as_it_came(of(amount), None, &rows),
        }
    };
    let price = of_year.and_then(|(price, _)| price).unwrap_or(amount);
    let shared = divide(|range| range.likely_ore).and_then(|likely| {
        let is_likely = |of: fn(Range) -> Ore| of(amount) == amount.likely_ore && of(price) == price.likely_ore;
        let other = |of: fn(Range) -> Ore| if is_likely(of) { Ok(likely.clone()) } else { divide(of) };
        let (mut low, mut high) = (other(|range| range.low_ore)?, other(|range| range.high_ore)?);
        in_order(&mut low, &likely, &mut high, [&[], &[]], definition.unit());
        Ok(Shared::ByKey { low, likely, high })
    });
    shared.unwrap_or_else(|fault| Shared::Not(PartFault::Key(fault)))
}

/// Puts everybody's low, likely and high share in order, the likely ones as they are. `least` are the least of the low
/// and of the high shares; nothing, where there are none.
fn in_order(low: &mut Division, likely: &Division, high: &mut Division, least: [&[Ore]; 2], unit: Unit) {
    let likely = amounts(likely);
    let least_of = |least: &[Ore], place: usize| least.get(place).copied().unwrap_or_default();
    let least_low: Vec<Ore> = (0..likely.len()).map(|place| least_of(least[0], place)).collect();
    let least_high = likely.iter().enumerate().map(|(place, likely)| least_of(least[1], place).max(*likely));
    let least_high: Vec<Ore> = least_high.collect();
    division_within(low, &least_low, &likely, unit_of(unit));
    let most = vec![high.total.max(least_high.iter().copied().sum()); likely.len()];
    division_within(high, &least_high, &most, unit_of(unit));
}

fn unit_of(unit: Unit) -> Ore {
    match unit {
        Unit::Ore => Ore(1),
        Unit::Krone => Ore(100),
    }
}

/// A tariff's yearly prices for some of the year's days, each made whole by itself, so that the parts of a year come to the
/// year's price.
fn for_days(mut division: Division, days: DaysOfYear, unit: Unit) -> Division {
    for share in &mut division.shares {
        share.amount = days.part_of(share.amount, unit.ore());
    }
    division.total = division.shares.iter().map(|share| share.amount).sum();
    division
}
