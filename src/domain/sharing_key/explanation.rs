//! The outcome of sharing, with the steps that led to it. An explanation is these values printed.

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::money::Ore;

/// Decimals of an øre that exact amounts are shown with, cut off.
pub(super) const EXACT_DECIMALS: u32 = 8;
/// Decimals that a recomputed amount is trusted to, fewer than those shown, since what is shown is cut off.
const RECOMPUTED_DECIMALS: u32 = 6;
/// Decimals of a percent that weights are shown with, cut off.
pub(super) const WEIGHT_DECIMALS: u32 = 20;

/// An amount that has been shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Division {
    /// What people call the key.
    pub key: String,
    /// The shares, in the order of the parties.
    pub shares: Vec<Share>,
    /// What was to be shared: the amount less grants, or the sum of a tariff's exact prices made whole.
    pub total: Ore,
    /// The sum of the shares less the total: zero unless shares were rounded each by itself.
    pub off_by: Ore,
}

/// What one party pays, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Share {
    /// The party's stable key.
    pub party: String,
    /// What it pays.
    pub amount: Ore,
    /// Its part in percent of the rest, where the key itself makes percentages whole or holds an agreed table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The arithmetic that led to it, in order.
    pub steps: Vec<Step>,
}

/// One step of the arithmetic. Amounts are in øre with their decimals; those of a negative amount are negative.
///
/// What a party pays exactly is the sum of its first amounts, its prices and its part of the rest (the one that was shared
/// again, where it was), or the floor or cap it met after the last of them; made whole by the last step. The parts of a blend are whole, and are added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Pays this before the rest is shared.
    First {
        /// The amount.
        amount_ore: Decimal,
    },
    /// Pays for its measure before the rest is shared: rate × value.
    FirstByRate {
        /// The measure.
        measure: String,
        /// Kroner per unit.
        rate: Decimal,
        /// The party's measure.
        value: Decimal,
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// A base gives it this part of the rest: percent × value / sum.
    Base {
        /// The measure, or "equal".
        measure: String,
        /// The base's percentage of the rest.
        percent: Decimal,
        /// The party's measure.
        value: Decimal,
        /// The sum of all parties' measures.
        sum: Decimal,
        /// Percent of the rest, cut off after 20 decimals.
        weight_percent: Decimal,
    },
    /// The agreed table gives it this part of the rest.
    Agreed {
        /// Percent of the rest.
        percent: Decimal,
    },
    /// The part is made whole in decimals of a percent, by largest remainder.
    WholePercent {
        /// How many decimals.
        decimals: u32,
        /// Percent of the rest, instead of what the bases give.
        percent: Decimal,
    },
    /// Its part of the rest: rest × weight / of.
    Rest {
        /// What is shared by weights: the amount less all first amounts.
        rest_ore: Decimal,
        /// The party's part in percent.
        weight_percent: Decimal,
        /// The parts, in percent, of those who share.
        of_percent: Decimal,
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// Others stand at a floor or a cap, so that its part of the rest is another: rest × weight / of, instead of the one before.
    SharedAgain {
        /// What those others leave, less the first amounts of those who share it.
        rest_ore: Decimal,
        /// The party's part in percent.
        weight_percent: Decimal,
        /// The parts, in percent, of those who share it.
        of_percent: Decimal,
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// Pays a price.
    Price {
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// Pays a price for each unit: rate × units. A tier's price is one such step.
    PriceByRate {
        /// The measure.
        measure: String,
        /// Kroner per unit.
        rate: Decimal,
        /// The units that are paid for at this rate.
        units: Decimal,
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// Pays the price of its tier.
    PriceOfTier {
        /// The measure.
        measure: String,
        /// The party's measure.
        value: Decimal,
        /// The tier is for more units than this.
        above: Decimal,
        /// The tier's price.
        amount_ore: Decimal,
    },
    /// Pays the floor instead of all of the above, save the prices outside it.
    Floor {
        /// The floor.
        floor_ore: Decimal,
        /// What it would pay without.
        instead_of_ore: Decimal,
    },
    /// Pays the cap instead of all of the above, save the prices outside it.
    Cap {
        /// The cap.
        cap_ore: Decimal,
        /// What it would pay without.
        instead_of_ore: Decimal,
    },
    /// What all of the above comes to is for a year, and this is the part of it for some days: amount × part / year.
    PartOfYear {
        /// How many days it is for.
        days: u64,
        /// How many days the year has.
        of: u64,
        /// What is shared for these days.
        part_ore: Decimal,
        /// What is shared for the year.
        year_ore: Decimal,
        /// What it comes to.
        amount_ore: Decimal,
    },
    /// Made whole by largest remainder: cut off, and one unit more where it gained one of those that were left.
    LargestRemainder {
        /// The exact amount, cut off after 8 decimals.
        exact_ore: Decimal,
        /// What amounts are whole in.
        unit_ore: u64,
        /// Whether it gained one of the units that were left.
        gained: bool,
    },
    /// Holds the øre that are over where shares are in whole kroner and the amount is not.
    OddOre {
        /// The øre.
        amount_ore: Ore,
    },
    /// Some øre more or less, so that what is low is not above what is likely, and grants raise nobody's share.
    Evened {
        /// How many.
        amount_ore: Ore,
    },
    /// Made whole by itself, half away from zero.
    Nearest {
        /// The exact amount, cut off after 8 decimals.
        exact_ore: Decimal,
        /// What amounts are whole in.
        unit_ore: u64,
    },
    /// What it pays of one part of a blend.
    Part {
        /// The key that divides the part.
        key: String,
        /// The part in percent of the amount.
        percent: Decimal,
        /// The part.
        part_ore: Ore,
        /// What the party pays of it.
        amount_ore: Ore,
        /// The arithmetic within the part.
        #[schema(no_recursion)]
        steps: Vec<Step>,
    },
}

impl Share {
    /// The amount computed again from the steps alone, from what each of them was given and not from what it came to.
    #[must_use]
    pub fn recomputed(&self) -> Ore {
        recomputed(&self.steps)
    }
}

fn recomputed(steps: &[Step]) -> Ore {
    let (mut weight, mut inside, mut whole) = (Decimal::ZERO, Decimal::ZERO, Ore::ZERO);
    let mut part_of_rest = Decimal::ZERO;
    for step in steps {
        match step {
            Step::First { amount_ore } | Step::Price { amount_ore } | Step::PriceOfTier { amount_ore, .. } => {
                inside += amount_ore;
            }
            Step::FirstByRate { rate, value: units, amount_ore, .. }
            | Step::PriceByRate { rate, units, amount_ore, .. } => {
                let sign = if amount_ore.is_sign_negative() { -Decimal::ONE_HUNDRED } else { Decimal::ONE_HUNDRED };
                inside += rate * units * sign;
            }
            Step::Base { percent, value, sum, .. } => weight += percent * value / sum,
            Step::Agreed { percent } | Step::WholePercent { percent, .. } => weight = *percent,
            Step::Rest { rest_ore, of_percent, .. } | Step::SharedAgain { rest_ore, of_percent, .. } => {
                let part = weight.checked_div(*of_percent).map_or(Decimal::ZERO, |part| rest_ore * part);
                inside += part - part_of_rest;
                part_of_rest = part;
            }
            Step::Floor { floor_ore, instead_of_ore } => inside += floor_ore - instead_of_ore,
            Step::Cap { cap_ore, instead_of_ore } => inside += cap_ore - instead_of_ore,
            Step::PartOfYear { part_ore, year_ore, .. } => inside *= part_ore / year_ore,
            Step::OddOre { amount_ore } | Step::Evened { amount_ore } => whole += *amount_ore,
            Step::LargestRemainder { exact_ore, unit_ore, gained } => {
                let unit = Decimal::from(*unit_ore);
                let units = as_exact(inside, *exact_ore) / unit;
                let away = Decimal::from(u8::from(*gained));
                whole += Ore::rounded((units.trunc() + if units.is_sign_negative() { -away } else { away }) * unit);
            }
            Step::Nearest { exact_ore, unit_ore } => {
                let unit = Decimal::from(*unit_ore);
                let units = as_exact(inside, *exact_ore) / unit;
                whole += Ore::rounded(units.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero) * unit);
            }
            Step::Part { steps, .. } => whole += recomputed(steps),
        }
    }
    whole
}

/// What was computed again, as exact as what is shown where it comes to that: a millionth of an øre may decide to which side
/// an amount is rounded, and the amounts that it was computed from are cut off.
fn as_exact(recomputed: Decimal, exact: Decimal) -> Decimal {
    let is_the_same = (recomputed - exact).abs() <= Decimal::new(1, RECOMPUTED_DECIMALS);
    if is_the_same { exact } else { recomputed.round_dp(RECOMPUTED_DECIMALS) }
}

/// One line of an explanation, for people who can follow the arithmetic with a calculator.
impl std::fmt::Display for Step {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::First { amount_ore } => write!(formatter, "first amount: {}", kroner(*amount_ore)),
            Self::FirstByRate { measure, rate, value, amount_ore } => {
                let (rate, value) = (plain(*rate), plain(*value));
                write!(formatter, "first amount by {measure}: {rate} × {value} = {}", kroner(*amount_ore))
            }
            Self::Base { measure, percent, value, sum, weight_percent } => {
                let (percent, value, sum) = (plain(*percent), plain(*value), plain(*sum));
                let weight = shown(*weight_percent);
                write!(formatter, "{percent} % by {measure}: {percent} × {value} / {sum} = {weight} %")
            }
            Self::Agreed { percent } => write!(formatter, "agreed: {percent} %"),
            Self::WholePercent { decimals, percent } => {
                write!(formatter, "made whole in {decimals} decimals of a percent: {percent} %")
            }
            Self::Rest { rest_ore, weight_percent, of_percent, amount_ore } => {
                let (rest, weight, of) = (kroner(*rest_ore), shown(*weight_percent), shown(*of_percent));
                write!(formatter, "of the rest: {rest} × {weight} / {of} = {}", kroner(*amount_ore))
            }
            Self::SharedAgain { rest_ore, weight_percent, of_percent, amount_ore } => {
                let (rest, weight, of) = (kroner(*rest_ore), shown(*weight_percent), shown(*of_percent));
                let again = "shared again, since others stand at a floor or a cap";
                write!(formatter, "{again}: {rest} × {weight} / {of} = {}", kroner(*amount_ore))
            }
            Self::Price { amount_ore } => write!(formatter, "price: {}", kroner(*amount_ore)),
            Self::PriceByRate { measure, rate, units, amount_ore } => {
                let (rate, units) = (plain(*rate), plain(*units));
                write!(formatter, "price by {measure}: {rate} × {units} = {}", kroner(*amount_ore))
            }
            Self::PriceOfTier { measure, value, above, amount_ore } => {
                let (value, above) = (plain(*value), plain(*above));
                write!(formatter, "price by {measure}: {value} is above {above}: {}", kroner(*amount_ore))
            }
            Self::Floor { floor_ore, instead_of_ore } => {
                write!(formatter, "floor: {} instead of {}", kroner(*floor_ore), kroner(*instead_of_ore))
            }
            Self::Cap { cap_ore, instead_of_ore } => {
                write!(formatter, "cap: {} instead of {}", kroner(*cap_ore), kroner(*instead_of_ore))
            }
            Self::PartOfYear { days, of, part_ore, year_ore, amount_ore } => {
                let (part, year) = (kroner(*part_ore), kroner(*year_ore));
                write!(formatter, "for {days} of {of} days: × {part} / {year} = {}", kroner(*amount_ore))
            }
            Self::OddOre { amount_ore } => write!(formatter, "the øre that are over: {amount_ore}"),
            Self::Evened { amount_ore } => {
                write!(formatter, "evened, so that neither low nor grants raise a share: {amount_ore}")
            }
            Self::LargestRemainder { exact_ore, unit_ore, gained } => {
                let (unit, exact) = (unit(*unit_ore), kroner(*exact_ore));
                let how = if *gained { "one more, of those left" } else { "cut off" };
                write!(formatter, "whole {unit} by largest remainder: {exact}, {how}")
            }
            Self::Nearest { exact_ore, unit_ore } => {
                let (unit, exact) = (unit(*unit_ore), kroner(*exact_ore));
                write!(formatter, "nearest whole {unit}, half away from zero: {exact}")
            }
            Self::Part { key, percent, part_ore, amount_ore, .. } => {
                write!(formatter, "{} % by \"{key}\": {amount_ore} of {part_ore}", plain(*percent))
            }
        }
    }
}

fn unit(unit_ore: u64) -> &'static str {
    if unit_ore == 1 { "øre" } else { "kroner" }
}

fn plain(number: Decimal) -> Decimal {
    number.normalize()
}

/// At most eight decimals.
fn shown(number: Decimal) -> Decimal {
    number.round_dp(8).normalize()
}

/// Kroner with at least two decimals, and up to eight where the amount is no whole øre.
fn kroner(ore: Decimal) -> String {
    let kroner = (ore / Decimal::ONE_HUNDRED).trunc_with_scale(8).normalize();
    if kroner.scale() < 2 { format!("{kroner:.2}") } else { kroner.to_string() }
}
