//! Dividing a known amount: grants off, first amounts, bases over the rest, floors and caps, made whole.
//!
//! The bases give every party one weight: the sum of percent × value / sum. Where floors and caps are met, the others
//! share what is left by these weights, so that they keep the proportions that the key gave them.
//! `share_decimals` makes the weights whole in decimals of a percent before anything else is done with them; without
//! first amounts, floors and caps the shares are then exactly those percentages of the amount.

mod steps;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rust_decimal::Decimal;

use self::steps::Steps;
use super::exact::{decimal, nearest, percent};
use super::level::{Bounds, Claim, Impossible, Level, Standing, level};
use super::{
    Asked, Base, DaysOfYear, Detail, Divide, Division, Figures, First, KeyError, OddOre, PartOfYear, Rounding, Share,
};
use crate::domain::allocation::{largest_remainder, mirrored};
use crate::domain::money::Ore;
use crate::domain::natural::Natural;

/// The decimals that a percentage has beyond its own, as a part of the whole.
const PERCENT_DECIMALS: u32 = 2;

/// The parts that bases or an agreed table give.
struct Weights {
    of_party: Vec<Natural>,
    sum: Natural,
    /// The sum of each base's measure, in the order of the bases.
    sums: Vec<Decimal>,
}

impl Divide {
    pub(super) fn share(&self, amount: Ore, figures: &Figures<'_>, asked: Asked) -> Result<Division, KeyError> {
        let (total, for_days) = self.totals(amount, asked)?;
        let exact_weights = match &self.percentages {
            None => base_weights(&self.base, figures)?,
            Some(_) => self.agreed_weights(figures)?,
        };
        let takes_part: Vec<bool> = exact_weights.of_party.iter().map(|weight| !weight.is_zero()).collect();
        let weights = match self.share_decimals {
            None => exact_weights,
            Some(decimals) => whole_percent(exact_weights, decimals, figures),
        };
        let (parts, mut claims) = self.first_claims(figures)?;
        for ((claim, weight), takes_part) in claims.iter_mut().zip(&weights.of_party).zip(takes_part) {
            claim.weight.clone_from(weight);
            claim.takes_part = takes_part || !claim.first.is_zero();
        }
        let bounds = self.bounds(total, &parts, claims.iter().filter(|claim| claim.takes_part).count())?;
        let level =
            level(total, &parts, &claims, &bounds).map_err(|why| impossible(why, total, &parts, &claims, &bounds))?;
        let exact = ExactShares {
            total,
            for_days,
            unit: self.unit.ore(),
            parts: &parts,
            claims: &claims,
            bounds: &bounds,
            level: &level,
        };
        let wholes = match self.round {
            Rounding::LargestRemainder => exact.by_largest_remainder(figures),
            Rounding::Each => exact.each_nearest(),
        };
        let steps = Steps::new(self, figures, &weights, &exact, amount.is_negative());
        let share = |(place, whole): (usize, WholeShare)| Share {
            party: figures.parties[place].to_owned(),
            amount: mirrored(whole.ore + whole.odd_ore, amount.is_negative()),
            percent: self.percent(place, figures, &weights),
            steps: if asked.detail == Detail::Steps { steps.of(place, whole) } else { Vec::new() },
        };
        let shares: Vec<Share> = wholes.into_iter().enumerate().map(share).collect();
        let total = mirrored(exact.shared(), amount.is_negative());
        let off_by = shares.iter().map(|share| share.amount).sum::<Ore>() - total;
        let key = if self.name.is_empty() { "divide" } else { &self.name };
        Ok(Division { key: key.to_owned(), shares, total, off_by })
    }

    /// What the bases, floors and caps are met by, without its sign: the amount less grants; and what of it is shared, where
    /// that is for some days of the year only.
    fn totals(&self, amount: Ore, asked: Asked) -> Result<(u64, Option<ForDays>), KeyError> {
        let whole = self.less_grants(amount, self.grants())?;
        let (total, for_days) = match asked.part {
            None => (whole, None),
            Some(part) => {
                let total = self.less_grants(part.amount, self.grants_off(amount, Some(part)))?;
                let for_days = ForDays { total, days: part.days };
                // A year's amounts say something of the part only where there are any, and something to share in the year.
                if self.says_amounts() && whole > 0 { (whole, Some(for_days)) } else { (total, None) }
            }
        };
        let shared = for_days.map_or(total, |for_days| for_days.total);
        let whole_units = shared.is_multiple_of(self.unit.ore());
        if self.round == Rounding::LargestRemainder && asked.odd_ore == OddOre::Refused && !whole_units {
            return Err(KeyError::NotWholeKroner { amount: mirrored(shared, false) });
        }
        Ok((total, for_days))
    }

    fn less_grants(&self, amount: Ore, grants: Ore) -> Result<u64, KeyError> {
        let magnitude = Ore(amount.0.abs());
        let total = magnitude - Ore(grants.0.abs());
        if total.is_negative() {
            return Err(KeyError::GrantsExceed { grants: self.grants(), amount: magnitude });
        }
        Ok(total.0.unsigned_abs())
    }

    fn grants(&self) -> Ore {
        self.grant.iter().map(|grant| grant.amount).sum()
    }

    /// What grants take off an amount, or off some days' part of it: never more than the part, which rounding could do.
    pub(super) fn grants_off(&self, amount: Ore, part: Option<PartOfYear>) -> Ore {
        let magnitude = match part {
            None => self.grants(),
            Some(part) => part.days.part_of(self.grants(), 1).min(Ore(part.amount.0.abs())),
        };
        if amount.is_negative() { -magnitude } else { magnitude }
    }

    /// Whether the key says amounts in kroner besides grants, which are a year's.
    fn says_amounts(&self) -> bool {
        !self.first.is_empty() || self.floor.is_some() || self.cap.is_some()
    }

    fn agreed_weights(&self, figures: &Figures<'_>) -> Result<Weights, KeyError> {
        let table = self.percentages.as_ref().into_iter().flatten();
        let names: BTreeSet<&str> = figures.parties.iter().copied().collect();
        let unknown = table.clone().map(|(party, _)| party).find(|party| !names.contains(party.as_str()));
        if let Some(party) = unknown {
            return Err(KeyError::UnknownParty { party: party.clone(), field: "[percentages]" });
        }
        let scale = table.map(|(_, percent)| percent.scale()).max().unwrap_or(0);
        let weight = |party: &&str| match self.agreed(party) {
            Some(percent) => Ok(Natural::scaled(percent, scale)),
            None => Err(KeyError::MissingPercentage { party: (*party).to_owned() }),
        };
        let of_party = figures.parties.iter().map(weight).collect::<Result<_, _>>()?;
        Ok(Weights { of_party, sum: Natural::scaled(Decimal::ONE_HUNDRED, scale), sums: Vec::new() })
    }

    fn agreed(&self, party: &str) -> Option<Decimal> {
        self.percentages.as_ref()?.get(party).copied()
    }

    /// The part in percent of the rest, where the key makes percentages whole or holds them.
    fn percent(&self, place: usize, figures: &Figures<'_>, weights: &Weights) -> Option<Decimal> {
        match self.share_decimals {
            Some(decimals) => Some(percent(&weights.of_party[place], &weights.sum, decimals)),
            None => self.agreed(figures.parties[place]),
        }
    }

    /// How many decimals of an øre first amounts, floors and caps are counted in, so that all of them are whole numbers.
    fn scale(&self, figures: &Figures<'_>) -> u32 {
        let of_first = self.first.iter().map(|first| match first {
            First::PerParty { .. } | First::Party { .. } => 0,
            First::Rate { measure, rate } => rate.scale() + figures.scale(measure),
        });
        let percents = [self.floor_percent, self.cap_percent].into_iter().flatten();
        of_first.chain(percents.map(|percent| percent.scale() + PERCENT_DECIMALS)).max().unwrap_or(0)
    }

    /// The first amounts of every party, and how many parts of an øre they are counted in.
    fn first_claims(&self, figures: &Figures<'_>) -> Result<(Natural, Vec<Claim>), KeyError> {
        let scale = self.scale(figures);
        let parts = Natural::power_of_ten(scale);
        let mut claims = vec![Claim::default(); figures.parties.len()];
        for first in &self.first {
            match first {
                First::PerParty { per_party } => {
                    let each = &parts * &Natural::from(per_party.0.unsigned_abs());
                    for claim in &mut claims {
                        claim.first += &each;
                    }
                }
                First::Rate { measure, rate } => {
                    let rate_in_ore = &Natural::scaled(*rate, rate.scale()) * &Natural::from(100_u64);
                    for (claim, value) in claims.iter_mut().zip(figures.column(measure)) {
                        let units = Natural::scaled(*value, scale - rate.scale());
                        claim.first += &(&rate_in_ore * &units);
                    }
                }
                First::Party { party, amount } => {
                    let unknown = || KeyError::UnknownParty { party: party.clone(), field: "[[first]]" };
                    let place = figures.parties.iter().position(|candidate| candidate == party).ok_or_else(unknown)?;
                    claims[place].first += &(&parts * &Natural::from(amount.0.unsigned_abs()));
                }
            }
        }
        Ok((parts, claims))
    }

    /// Floor and cap, in parts of an øre. One in percent is exact. One in kroner is made whole in what shares are whole in, a
    /// floor up and a cap down, so that the whole shares respect it. Only where the floors or caps of all the parties would miss
    /// the amount by parts of a unit alone, the whole unit on the other side is taken.
    fn bounds(&self, total: u64, parts: &Natural, count: usize) -> Result<Bounds, KeyError> {
        let (amount, unit) = (parts * &Natural::from(total), parts * &Natural::from(self.unit.ore()));
        let count = Natural::from(count as u128);
        let fixed = |ore: Ore| parts * &Natural::from(ore.0.unsigned_abs());
        let of_total = |percent: Decimal| {
            let scale = percent.scale();
            let numerator = &amount * &Natural::scaled(percent, scale);
            numerator.divide(&Natural::power_of_ten(scale + PERCENT_DECIMALS)).0
        };
        let floor_of = |exact: Natural, floor: Natural| {
            let down = down_to(&exact, &unit);
            if &floor * &count > amount && &down * &count <= amount { down } else { floor }
        };
        let cap_of = |exact: Natural, cap: Natural| {
            let up = up_to(&exact, &unit);
            if &cap * &count < amount && &up * &count >= amount { up } else { cap }
        };
        let floors = [
            self.floor.map(fixed).map(|exact| floor_of(exact.clone(), up_to(&exact, &unit))),
            self.floor_percent.map(of_total).map(|exact| floor_of(exact.clone(), exact)),
        ];
        let caps = [
            self.cap.map(fixed).map(|exact| cap_of(exact.clone(), down_to(&exact, &unit))),
            self.cap_percent.map(of_total).map(|exact| cap_of(exact.clone(), exact)),
        ];
        let bounds = Bounds { floor: floors.into_iter().flatten().max(), cap: caps.into_iter().flatten().min() };
        match (&bounds.floor, &bounds.cap) {
            (Some(floor), Some(cap)) if floor > cap => Err(KeyError::FloorAboveCap {
                floor: mirrored(nearest(floor, parts), false).to_string(),
                cap: mirrored(nearest(cap, parts), false).to_string(),
            }),
            _ => Ok(bounds),
        }
    }
}

/// The whole units in an amount.
fn down_to(amount: &Natural, unit: &Natural) -> Natural {
    &amount.divide(unit).0 * unit
}

/// The least whole units that an amount does not exceed.
fn up_to(amount: &Natural, unit: &Natural) -> Natural {
    let mut units = down_to(amount, unit);
    if units != *amount {
        units += unit;
    }
    units
}

fn impossible(why: Impossible, total: u64, parts: &Natural, claims: &[Claim], bounds: &Bounds) -> KeyError {
    let ore = |amount: &Natural| mirrored(nearest(amount, parts), false);
    let amount = mirrored(total, false);
    match why {
        Impossible::TooLittle(most) => KeyError::CapsFallShort { most: ore(&most), amount },
        Impossible::TooMuch(least) => {
            let count = claims.iter().filter(|claim| claim.takes_part).count();
            let floor = bounds.floor.clone().unwrap_or_default();
            let floors = &floor * &Natural::from(count as u128);
            let first: Natural = claims.iter().map(|claim| &claim.first).sum();
            if floors > parts * &Natural::from(total) {
                KeyError::FloorsExceed { count, floor: ore(&floor), floors: ore(&floors), amount }
            } else if floor.is_zero() {
                KeyError::FirstExceed { first: ore(&first), amount }
            } else {
                KeyError::FirstAndFloorsExceed { least: ore(&least), amount }
            }
        }
    }
}

/// Every party's weight, the sum over the bases of percent × value / sum, on the common denominator of all bases.
fn base_weights(bases: &[Base], figures: &Figures<'_>) -> Result<Weights, KeyError> {
    let percent_scale = bases.iter().map(|base| base.percent.scale()).max().unwrap_or(0);
    let (mut sums, mut scaled) = (Vec::with_capacity(bases.len()), Vec::with_capacity(bases.len()));
    for base in bases {
        let (values, scale) = (figures.column(&base.measure), figures.scale(&base.measure));
        let naturals: Vec<Natural> = values.iter().map(|value| Natural::scaled(*value, scale)).collect();
        let sum: Natural = naturals.iter().sum();
        if sum.is_zero() {
            return Err(KeyError::ZeroSum { measure: base.measure.clone() });
        }
        sums.push(decimal(&sum, &Natural::power_of_ten(scale), scale));
        scaled.push((naturals, sum));
    }
    let mut of_party = vec![Natural::default(); figures.parties.len()];
    let mut whole = Natural::default();
    for (place, (base, (values, sum))) in bases.iter().zip(&scaled).enumerate() {
        let others = scaled.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, (_, sum))| sum);
        let factor = others.fold(Natural::scaled(base.percent, percent_scale), |product, sum| &product * sum);
        for (weight, value) in of_party.iter_mut().zip(values) {
            *weight += &(&factor * value);
        }
        whole += &(&factor * sum);
    }
    Ok(Weights { of_party, sum: whole, sums })
}

/// The weights made whole in decimals of a percent, by largest remainder.
fn whole_percent(weights: Weights, decimals: u32, figures: &Figures<'_>) -> Weights {
    let hundred = 10_u64.saturating_pow(decimals.saturating_add(2));
    let numerators: Vec<Natural> = weights.of_party.iter().map(|weight| weight * &Natural::from(hundred)).collect();
    let wholes = largest_remainder(hundred, &numerators, &weights.sum, |one, another| figures.tie(one, another));
    Weights {
        of_party: wholes.into_iter().map(|part| Natural::from(part.whole)).collect(),
        sum: Natural::from(hundred),
        sums: weights.sums,
    }
}

/// What is shared of a year's total for some of its days.
#[derive(Debug, Clone, Copy)]
struct ForDays {
    total: u64,
    days: DaysOfYear,
}

/// A share made whole.
#[derive(Debug, Clone, Copy, Default)]
struct WholeShare {
    /// Whole units, in øre.
    ore: u64,
    /// Whether it is one unit above the exact share, not the one below.
    up: bool,
    /// What it holds of øre that are no whole unit.
    odd_ore: u64,
}

/// What everybody pays exactly: levelled claims, before they are made whole.
struct ExactShares<'e> {
    total: u64,
    for_days: Option<ForDays>,
    unit: u64,
    parts: &'e Natural,
    claims: &'e [Claim],
    bounds: &'e Bounds,
    level: &'e Level,
}

impl ExactShares<'_> {
    /// What is shared.
    fn shared(&self) -> u64 {
        self.for_days.map_or(self.total, |for_days| for_days.total)
    }

    /// What an øre is in the numerators.
    fn ore(&self) -> Natural {
        if self.level.weight.is_zero() { self.parts.clone() } else { self.parts * &self.level.weight }
    }

    /// What the numerators are over, in whole units.
    fn denominator(&self) -> Natural {
        &self.ore() * &Natural::from(self.unit)
    }

    /// What a party claims of the total, were there no floor and no cap for it.
    fn numerator(&self, place: usize) -> Natural {
        let claim = &self.claims[place];
        if self.level.weight.is_zero() {
            return claim.first.clone();
        }
        let mut numerator = &claim.weight * &self.level.rest;
        numerator += &(&claim.first * &self.level.weight);
        numerator
    }

    /// What one pays who stands at a floor or a cap, in parts of an øre.
    fn bound(&self, place: usize) -> Option<&Natural> {
        match self.level.standings[place] {
            Standing::Free => None,
            Standing::Floor => self.bounds.floor.as_ref(),
            Standing::Cap => self.bounds.cap.as_ref(),
        }
    }

    /// What a party pays of the total.
    fn paid(&self, place: usize) -> Natural {
        match self.bound(place) {
            Some(bound) if self.level.weight.is_zero() => bound.clone(),
            Some(bound) => bound * &self.level.weight,
            None => self.numerator(place),
        }
    }

    /// What a party pays of the days' part, and what that is over, in whole units.
    fn for_days(&self, place: usize, for_days: ForDays) -> (Natural, Natural) {
        let (part, whole) = (Natural::from(for_days.total), Natural::from(self.total));
        (&self.paid(place) * &part, &self.denominator() * &whole)
    }

    /// Who stands at a floor or a cap of whole units pays that; the others share what is left.
    fn by_largest_remainder(&self, figures: &Figures<'_>) -> Vec<WholeShare> {
        let everybody = 0..self.claims.len();
        let mut shares = vec![WholeShare::default(); self.claims.len()];
        if let Some(for_days) = self.for_days {
            let all: Vec<usize> = everybody.collect();
            let numerators: Vec<Natural> = all.iter().map(|place| self.for_days(*place, for_days).0).collect();
            let denominator = &self.denominator() * &Natural::from(self.total);
            self.make_whole(for_days.total, &all, &numerators, &denominator, figures, &mut shares);
            return shares;
        }
        let whole_floor = self.bounds.floor.as_ref().and_then(|floor| self.whole_units(floor));
        let whole_cap = self.bounds.cap.as_ref().and_then(|cap| self.whole_units(cap));
        let whole = |place: usize| match self.level.standings[place] {
            Standing::Free => None,
            Standing::Floor => whole_floor,
            Standing::Cap => whole_cap,
        };
        let (met, others): (Vec<usize>, Vec<usize>) = everybody.partition(|place| whole(*place).is_some());
        for place in &met {
            shares[*place].ore = whole(*place).unwrap_or(0);
        }
        let left = self.total.saturating_sub(met.iter().map(|place| shares[*place].ore).sum());
        let numerators: Vec<Natural> = others.iter().map(|place| self.paid(*place)).collect();
        self.make_whole(left, &others, &numerators, &self.denominator(), figures, &mut shares);
        shares
    }

    /// An amount in øre, where it is of whole units.
    fn whole_units(&self, amount: &Natural) -> Option<u64> {
        let (units, rest) = amount.divide(&(self.parts * &Natural::from(self.unit)));
        rest.is_zero().then(|| units.to_u64()?.checked_mul(self.unit)).flatten()
    }

    /// The order of those with the same remainder. Of those at the same cap or floor, whose exact shares are equal whatever they
    /// claim, the one with the heavier claim comes first, so that it never pays less.
    fn order(&self, one: usize, another: usize, figures: &Figures<'_>) -> Ordering {
        let rank = |place: usize| match self.level.standings[place] {
            Standing::Cap => 0,
            Standing::Free => 1,
            Standing::Floor => 2,
        };
        let heavier = || {
            let (claim, other) = (&self.claims[one], &self.claims[another]);
            other.first.cmp(&claim.first).then_with(|| other.weight.cmp(&claim.weight))
        };
        let by_claim = || if self.bound(one).is_some() { heavier() } else { Ordering::Equal };
        rank(one).cmp(&rank(another)).then_with(by_claim).then_with(|| figures.tie(one, another))
    }

    /// Makes the exact shares at some places whole, so that they come to `total` øre. Øre that are no whole unit go to the
    /// one who would be the next to get a unit more.
    fn make_whole(
        &self,
        total: u64,
        places: &[usize],
        numerators: &[Natural],
        denominator: &Natural,
        figures: &Figures<'_>,
        shares: &mut [WholeShare],
    ) {
        let tie = |one: usize, another: usize| self.order(places[one], places[another], figures);
        let (units, odd_ore) = (total / self.unit, total % self.unit);
        let wholes = largest_remainder(units, numerators, denominator, tie);
        for (place, part) in places.iter().zip(&wholes) {
            shares[*place] = WholeShare { ore: part.whole * self.unit, up: part.up, odd_ore: 0 };
        }
        if odd_ore > 0 {
            let one_more = largest_remainder(units + 1, numerators, denominator, tie);
            let next = wholes.iter().zip(&one_more).position(|(part, one_more)| part != one_more);
            if let Some(share) = next.and_then(|next| shares.get_mut(places[next])) {
                share.odd_ore = odd_ore;
            }
        }
    }

    fn each_nearest(&self) -> Vec<WholeShare> {
        let denominator = self.denominator();
        let units = |place| match self.for_days {
            Some(for_days) => {
                let (numerator, denominator) = self.for_days(place, for_days);
                nearest(&numerator, &denominator)
            }
            None => nearest(&self.paid(place), &denominator),
        };
        (0..self.claims.len())
            .map(|place| WholeShare { ore: units(place) * self.unit, ..WholeShare::default() })
            .collect()
    }
}
