//! The arithmetic that leads to each share: what a party claims, what floors and caps change in it, and how it is made whole.

use rust_decimal::Decimal;

use super::{ExactShares, Weights, WholeShare};
use crate::domain::allocation::mirrored;
use crate::domain::natural::Natural;
use crate::domain::sharing_key::exact::{decimal, percent, product_in_ore};
use crate::domain::sharing_key::explanation::{EXACT_DECIMALS, WEIGHT_DECIMALS};
use crate::domain::sharing_key::level::Standing;
use crate::domain::sharing_key::{Divide, Figures, First, Rounding, Step};

/// What is shared by weights, in parts of an øre, and the weights of those who share it.
#[derive(PartialEq)]
struct Rest {
    amount: Natural,
    weight: Natural,
}

impl Rest {
    /// As though there were no floors and no caps: the amount less all first amounts.
    fn without_bounds(exact: &ExactShares<'_>, weights: &Weights) -> Self {
        let first: Natural = exact.claims.iter().map(|claim| &claim.first).sum();
        let amount = exact.parts * &Natural::from(exact.total);
        Self { amount: amount.checked_sub(&first).unwrap_or_default(), weight: weights.sum.clone() }
    }

    /// What the others at floors and caps leave to a party, and to all who stand at none.
    fn left_to(exact: &ExactShares<'_>, place: usize) -> Self {
        let (mut amount, mut weight) = (exact.level.rest.clone(), exact.level.weight.clone());
        if let Some(bound) = exact.bound(place) {
            amount += bound;
            amount = amount.checked_sub(&exact.claims[place].first).unwrap_or_default();
            weight += &exact.claims[place].weight;
        }
        Self { amount, weight }
    }
}

/// The steps that lead to each share.
pub(super) struct Steps<'s> {
    key: &'s Divide,
    figures: &'s Figures<'s>,
    weights: &'s Weights,
    exact: &'s ExactShares<'s>,
    negative: bool,
    without_bounds: Rest,
}

impl<'s> Steps<'s> {
    pub(super) fn new(
        key: &'s Divide,
        figures: &'s Figures<'s>,
        weights: &'s Weights,
        exact: &'s ExactShares<'s>,
        negative: bool,
    ) -> Self {
        let without_bounds = Rest::without_bounds(exact, weights);
        Self { key, figures, weights, exact, negative, without_bounds }
    }

    pub(super) fn of(&self, place: usize, whole: WholeShare) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.key.first.len() + self.key.base.len() + 5);
        self.first_steps(place, &mut steps);
        self.weight_steps(place, &mut steps);
        let claimed_ore = self.rest_steps(place, &mut steps);
        let bound_ore = self.exact.bound(place).map(|bound| decimal(bound, self.exact.parts, EXACT_DECIMALS));
        let mut exact_ore = self.signed(bound_ore.unwrap_or(claimed_ore));
        let instead_of_ore = self.signed(claimed_ore);
        match self.exact.level.standings[place] {
            Standing::Free => {}
            Standing::Floor => steps.push(Step::Floor { floor_ore: exact_ore, instead_of_ore }),
            Standing::Cap => steps.push(Step::Cap { cap_ore: exact_ore, instead_of_ore }),
        }
        if let Some(for_days) = self.exact.for_days {
            let (numerator, denominator) = self.exact.for_days(place, for_days);
            exact_ore = self.signed(self.in_ore(&numerator, &denominator));
            steps.push(Step::PartOfYear {
                days: for_days.days.count(),
                of: for_days.days.of,
                part_ore: self.signed(Decimal::from(for_days.total)),
                year_ore: self.signed(Decimal::from(self.exact.total)),
                amount_ore: exact_ore,
            });
        }
        let unit_ore = self.exact.unit;
        steps.push(match self.key.round {
            Rounding::LargestRemainder => Step::LargestRemainder { exact_ore, unit_ore, gained: whole.up },
            Rounding::Each => Step::Nearest { exact_ore, unit_ore },
        });
        if whole.odd_ore > 0 {
            steps.push(Step::OddOre { amount_ore: mirrored(whole.odd_ore, self.negative) });
        }
        steps
    }

    /// The part of the rest, and the part of it when it was shared again, where others stand at floors and caps. Answers what the
    /// party would pay were there no floor and no cap for it.
    fn rest_steps(&self, place: usize, steps: &mut Vec<Step>) -> Decimal {
        let claim = &self.exact.claims[place];
        let first_ore = decimal(&claim.first, self.exact.parts, EXACT_DECIMALS);
        let weight_percent = percent(&claim.weight, &self.weights.sum, WEIGHT_DECIMALS);
        // Rest, weights and part of one sharing, and what the party pays with its first amounts.
        let part_of = |rest: &Rest| {
            let rest_ore = self.signed(decimal(&rest.amount, self.exact.parts, EXACT_DECIMALS));
            let of_percent = percent(&rest.weight, &self.weights.sum, WEIGHT_DECIMALS);
            let claimed_ore = self.claimed(place, rest);
            (rest_ore, of_percent, self.signed(claimed_ore - first_ore), claimed_ore)
        };
        let (rest_ore, of_percent, amount_ore, claimed_ore) = part_of(&self.without_bounds);
        steps.push(Step::Rest { rest_ore, weight_percent, of_percent, amount_ore });
        let left = Rest::left_to(self.exact, place);
        if left == self.without_bounds || claim.weight.is_zero() {
            return claimed_ore;
        }
        let (rest_ore, of_percent, amount_ore, claimed_ore) = part_of(&left);
        steps.push(Step::SharedAgain { rest_ore, weight_percent, of_percent, amount_ore });
        claimed_ore
    }

    /// A party's first amounts and its part of a rest, in øre.
    fn claimed(&self, place: usize, rest: &Rest) -> Decimal {
        let claim = &self.exact.claims[place];
        let mut numerator = &claim.weight * &rest.amount;
        numerator += &(&claim.first * &rest.weight);
        let whole = &(self.exact.parts * &rest.weight) * &Natural::from(self.exact.unit);
        self.in_ore(&numerator, &whole)
    }

    fn first_steps(&self, place: usize, steps: &mut Vec<Step>) {
        for first in &self.key.first {
            match first {
                First::PerParty { per_party: amount } => {
                    steps.push(Step::First { amount_ore: self.signed(amount.decimal()) });
                }
                First::Rate { measure, rate } => {
                    let value = self.figures.value(place, measure);
                    let amount_ore = self.signed(product_in_ore(*rate, value));
                    steps.push(Step::FirstByRate { measure: measure.clone(), rate: *rate, value, amount_ore });
                }
                First::Party { party: named, amount } if *named == self.figures.parties[place] => {
                    steps.push(Step::First { amount_ore: self.signed(amount.decimal()) });
                }
                First::Party { .. } => {}
            }
        }
    }

    fn weight_steps(&self, place: usize, steps: &mut Vec<Step>) {
        for (base, sum) in self.key.base.iter().zip(&self.weights.sums) {
            let (value, sum) = (self.figures.value(place, &base.measure), *sum);
            steps.push(Step::Base {
                measure: base.measure.clone(),
                percent: base.percent,
                value,
                sum,
                weight_percent: (base.percent * value / sum).trunc_with_scale(WEIGHT_DECIMALS),
            });
        }
        let agreed = self.key.agreed(self.figures.parties[place]);
        steps.extend(agreed.map(|percent| Step::Agreed { percent }));
        if let (Some(decimals), Some(percent)) =
            (self.key.share_decimals, self.key.percent(place, self.figures, self.weights))
        {
            steps.push(Step::WholePercent { decimals, percent });
        }
    }

    /// An exact share's numerator as øre.
    fn in_ore(&self, numerator: &Natural, denominator: &Natural) -> Decimal {
        let units = decimal(numerator, denominator, EXACT_DECIMALS + 2);
        (units * Decimal::from(self.exact.unit)).trunc_with_scale(EXACT_DECIMALS)
    }

    fn signed(&self, ore: Decimal) -> Decimal {
        if self.negative { -ore } else { ore }
    }
}
