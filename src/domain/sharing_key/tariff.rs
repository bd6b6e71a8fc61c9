//! Tariffs: a price for each party. The total is the sum of the exact prices, made whole once.
//!
//! A party whose prices are all nothing takes no part, and no floor lifts it. A floor is rounded up and a cap down to
//! whole units, so that the whole prices respect them.

use rust_decimal::Decimal;

use super::exact::{decimal, nearest, product_in_ore};
use super::explanation::EXACT_DECIMALS;
use super::{Detail, Division, Figures, KeyError, Price, PriceBasis, Rounding, Share, Step, Tariff};
use crate::domain::allocation::{Whole, largest_remainder, mirrored};
use crate::domain::money::{AMOUNT_ORE_MAX, Ore};
use crate::domain::natural::Natural;

/// The decimals that a product of a rate and a measure can have, so that all prices are counted in the same parts.
const SCALE: u32 = 56;

/// What a party pays so far, in parts of an øre, and how it came about.
#[derive(Default)]
struct Bill {
    /// What floors and caps are of.
    inside: Natural,
    outside: Natural,
    steps: Vec<Step>,
}

impl Tariff {
    pub(super) fn share(&self, figures: &Figures<'_>, detail: Detail) -> Result<Division, KeyError> {
        let fractions = Natural::power_of_ten(SCALE);
        let unit = self.unit.ore();
        let denominator = &fractions * &Natural::from(unit);
        let mut sum = Natural::default();
        let mut exact = Vec::with_capacity(figures.parties.len());
        let mut steps = Vec::with_capacity(figures.parties.len());
        for place in 0..figures.parties.len() {
            let bill = self.bill(place, figures, &fractions);
            let mut price = bill.inside;
            price += &bill.outside;
            sum += &price;
            exact.push(price);
            steps.push(bill.steps);
        }
        let units = nearest(&sum, &denominator);
        let total = units.saturating_mul(unit);
        if total > AMOUNT_ORE_MAX.unsigned_abs() {
            return Err(KeyError::PricesTooLarge);
        }
        let wholes = match self.round {
            Rounding::LargestRemainder => {
                largest_remainder(units, &exact, &denominator, |one, another| figures.tie(one, another))
            }
            Rounding::Each => {
                exact.iter().map(|price| Whole { whole: nearest(price, &denominator), up: false }).collect()
            }
        };
        let shares: Vec<Share> = figures
            .parties
            .iter()
            .zip(wholes)
            .zip(exact.iter().zip(steps))
            .map(|((party, whole), (price, mut steps))| {
                let exact_ore = decimal(price, &fractions, EXACT_DECIMALS);
                steps.push(match self.round {
                    Rounding::LargestRemainder => {
                        Step::LargestRemainder { exact_ore, unit_ore: unit, gained: whole.up }
                    }
                    Rounding::Each => Step::Nearest { exact_ore, unit_ore: unit },
                });
                let amount = mirrored(whole.whole.saturating_mul(unit), false);
                if detail == Detail::Amounts {
                    steps.clear();
                }
                Share { party: (*party).to_owned(), amount, percent: None, steps }
            })
            .collect();
        let total = mirrored(total, false);
        let off_by = shares.iter().map(|share| share.amount).sum::<Ore>() - total;
        let key = if self.name.is_empty() { "tariff" } else { &self.name };
        Ok(Division { key: key.to_owned(), shares, total, off_by })
    }

    fn bill(&self, place: usize, figures: &Figures<'_>, fractions: &Natural) -> Bill {
        let mut bill = Bill::default();
        let value = |measure: &str| figures.value(place, measure);
        for price in &self.price {
            let before = bill.steps.len();
            let exact = price.exact(&value, fractions, &mut bill.steps);
            if exact.is_zero() {
                bill.steps.truncate(before);
            }
            if price.outside_cap {
                bill.outside += &exact;
            } else {
                bill.inside += &exact;
            }
            self.bound(&mut bill, price.floor, price.cap, fractions);
        }
        self.bound(&mut bill, self.floor, self.cap, fractions);
        bill
    }

    fn bound(&self, bill: &mut Bill, floor: Option<Ore>, cap: Option<Ore>, fractions: &Natural) {
        let unit = self.unit.ore();
        let floor = floor.map(|floor| floor.0.unsigned_abs().div_ceil(unit) * unit);
        let cap = cap.map(|cap| cap.0.unsigned_abs() / unit * unit);
        if let Some(floor) =
            floor.filter(|floor| !bill.inside.is_zero() && bill.inside < fractions * &Natural::from(*floor))
        {
            let instead_of_ore = decimal(&bill.inside, fractions, EXACT_DECIMALS);
            bill.steps.push(Step::Floor { floor_ore: Decimal::from(floor), instead_of_ore });
            bill.inside = fractions * &Natural::from(floor);
        }
        if let Some(cap) = cap.filter(|cap| bill.inside > fractions * &Natural::from(*cap)) {
            let instead_of_ore = decimal(&bill.inside, fractions, EXACT_DECIMALS);
            bill.steps.push(Step::Cap { cap_ore: Decimal::from(cap), instead_of_ore });
            bill.inside = fractions * &Natural::from(cap);
        }
    }
}

impl Price {
    /// What the party pays, in parts of an øre, and the steps that show it.
    fn exact(&self, value: &dyn Fn(&str) -> Decimal, fractions: &Natural, steps: &mut Vec<Step>) -> Natural {
        match &self.basis {
            PriceBasis::PerParty { per_party } => {
                steps.push(Step::Price { amount_ore: per_party.decimal() });
                fractions * &Natural::from(per_party.0.unsigned_abs())
            }
            PriceBasis::Rate { measure, rate, at_most } => {
                by_rate(measure, *rate, limited(value(measure), *at_most), steps)
            }
            PriceBasis::Marginal { measure, marginal, at_most } => {
                let units = limited(value(measure), *at_most);
                let ends = marginal.iter().skip(1).map(|tier| tier.above).chain([units]);
                let mut price = Natural::default();
                for (tier, end) in marginal.iter().zip(ends).filter(|(tier, _)| tier.above < units) {
                    price += &by_rate(measure, tier.rate, end.min(units) - tier.above, steps);
                }
                price
            }
            PriceBasis::Bracket { measure, bracket } => {
                let value = value(measure);
                let Some(tier) = bracket.iter().rev().find(|tier| tier.above < value) else {
                    return Natural::default();
                };
                let (above, amount_ore) = (tier.above, tier.amount.decimal());
                steps.push(Step::PriceOfTier { measure: measure.clone(), value, above, amount_ore });
                fractions * &Natural::from(tier.amount.0.unsigned_abs())
            }
        }
    }
}

fn limited(units: Decimal, at_most: Option<Decimal>) -> Decimal {
    at_most.map_or(units, |most| units.min(most))
}

fn by_rate(measure: &str, rate: Decimal, units: Decimal, steps: &mut Vec<Step>) -> Natural {
    let amount_ore = product_in_ore(rate, units);
    steps.push(Step::PriceByRate { measure: measure.to_owned(), rate, units, amount_ore });
    let in_ore = &Natural::scaled(rate, SCALE - units.scale()) * &Natural::from(100_u64);
    &in_ore * &Natural::scaled(units, units.scale())
}
