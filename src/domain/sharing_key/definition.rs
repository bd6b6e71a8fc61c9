//! A sharing key as it is written: the same words in a key file and in the event that adopts it.
//! Percentages, rates and amounts in kroner are texts, so that no reader rounds them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::written::{kroner, number, numbers_by_party, optional_kroner, optional_number};
use crate::domain::money::Ore;

/// A sharing key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KeyDefinition {
    /// Divides a known amount.
    Divide(Divide),
    /// Sets a price for each party; the total is their sum.
    Tariff(Tariff),
    /// Divides part of the amount by one key and part by another.
    Blend(Blend),
}

/// What shares are whole in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole øre.
    #[default]
    Ore,
    /// Whole kroner.
    Krone,
}

/// Who gets the odd øre of an exact tie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The lowest party name, the numbers in it taken as numbers.
    #[default]
    Party,
}

/// How shares are made whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// All rounded down, and what is left to the largest remainders: the sum never differs.
    #[default]
    LargestRemainder,
    /// Each by itself, half away from zero: the sum may differ from the amount.
    Each,
}

/// Divides a known amount.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Divide {
    /// What people call the key.
    #[serde(default)]
    pub name: String,
    /// What shares are whole in.
    #[serde(default)]
    pub unit: Unit,
    /// Who gets the odd øre of an exact tie.
    #[serde(default)]
    pub tie: Tie,
    /// How shares are made whole.
    #[serde(default)]
    pub round: Rounding,
    /// Taken off the amount before it is shared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grant: Vec<Grant>,
    /// Taken before the rest is shared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<First>,
    /// What the rest is shared by; the percentages add up to 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base: Vec<Base>,
    /// Instead of bases: an agreed percentage for every party, which add up to 100.
    #[serde(default, deserialize_with = "numbers_by_party::deserialize", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub percentages: Option<BTreeMap<String, Decimal>>,
    /// The parts that the bases give are first made whole in this many decimals of a percent, adding up to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_decimals: Option<u32>,
    /// The least amount for a party that pays anything, in kroner.
    #[serde(default, with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub floor: Option<Ore>,
    /// The least amount for a party that pays anything, in percent of what is shared.
    #[serde(default, deserialize_with = "optional_number::deserialize", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub floor_percent: Option<Decimal>,
    /// The most for a party, in kroner.
    #[serde(default, with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub cap: Option<Ore>,
    /// The most for a party, in percent of what is shared.
    #[serde(default, deserialize_with = "optional_number::deserialize", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub cap_percent: Option<Decimal>,
}

/// Taken off the amount before it is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who gives it.
    pub from: String,
    /// How much, in kroner.
    #[serde(with = "kroner")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub amount: Ore,
}

/// A part of the rest, shared by one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// The measure's name, or "equal".
    pub measure: String,
    /// The part, in percent of the rest.
    #[serde(deserialize_with = "number::deserialize")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub percent: Decimal,
}

/// Taken before the rest is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(untagged, try_from = "FirstFields")]
pub enum First {
    /// Each party pays this.
    PerParty {
        /// The amount, in kroner.
        #[serde(with = "kroner")]
        #[schemars(with = "String")]
        #[schema(value_type = String)]
        per_party: Ore,
    },
    /// Each party pays for its measure.
    Rate {
        /// The measure's name.
        measure: String,
        /// Kroner per unit.
        #[schemars(with = "String")]
        #[schema(value_type = String)]
        rate: Decimal,
    },
    /// One party pays this.
    Party {
        /// The party.
        party: String,
        /// The amount, in kroner.
        #[serde(with = "kroner")]
        #[schemars(with = "String")]
        #[schema(value_type = String)]
        amount: Ore,
    },
}

/// What stands in a `[[first]]` before it is known which kind it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FirstFields {
    #[serde(default, with = "optional_kroner")]
    #[schemars(with = "Option<String>")]
    per_party: Option<Ore>,
    measure: Option<String>,
    #[serde(default, deserialize_with = "optional_number::deserialize")]
    #[schemars(with = "Option<String>")]
    rate: Option<Decimal>,
    party: Option<String>,
    #[serde(default, with = "optional_kroner")]
    #[schemars(with = "Option<String>")]
    amount: Option<Ore>,
}

impl TryFrom<FirstFields> for First {
    type Error = &'static str;

    fn try_from(fields: FirstFields) -> Result<Self, Self::Error> {
        match fields {
            FirstFields { per_party: Some(per_party), measure: None, rate: None, party: None, amount: None } => {
                Ok(Self::PerParty { per_party })
            }
            FirstFields { per_party: None, measure: Some(measure), rate: Some(rate), party: None, amount: None } => {
                Ok(Self::Rate { measure, rate })
            }
            FirstFields { per_party: None, measure: None, rate: None, party: Some(party), amount: Some(amount) } => {
                Ok(Self::Party { party, amount })
            }
            _ => Err("a first amount is per_party alone, or rate with measure, or party with amount"),
        }
    }
}

/// Sets a price for each party; the total is their sum.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// What people call the key.
    #[serde(default)]
    pub name: String,
    /// What shares are whole in.
    #[serde(default)]
    pub unit: Unit,
    /// Who gets the odd øre of an exact tie.
    #[serde(default)]
    pub tie: Tie,
    /// How shares are made whole.
    #[serde(default)]
    pub round: Rounding,
    /// The prices, whose sum a party pays.
    pub price: Vec<Price>,
    /// The least that a party pays for all prices that are not outside the cap, in kroner.
    #[serde(default, with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub floor: Option<Ore>,
    /// The most that a party pays for all prices that are not outside the cap, in kroner.
    #[serde(default, with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub cap: Option<Ore>,
}

/// One price, and bounds for the sum of it and the prices above it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(try_from = "PriceFields")]
pub struct Price {
    /// What is paid for.
    #[serde(flatten)]
    pub basis: PriceBasis,
    /// The least sum of this price and those above it, in kroner, those outside the cap left out.
    #[serde(with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub floor: Option<Ore>,
    /// The most for the sum of this price and those above it, in kroner, those outside the cap left out.
    #[serde(with = "optional_kroner", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub cap: Option<Ore>,
    /// Whether floors and caps leave this price out.
    pub outside_cap: bool,
}

/// What is paid for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, ToSchema)]
#[serde(untagged)]
pub enum PriceBasis {
    /// The same for each party.
    PerParty {
        /// The amount, in kroner.
        #[serde(with = "kroner")]
        #[schemars(with = "String")]
        #[schema(value_type = String)]
        per_party: Ore,
    },
    /// A rate for each unit.
    Rate {
        /// The measure's name.
        measure: String,
        /// Kroner per unit.
        #[schemars(with = "String")]
        #[schema(value_type = String)]
        rate: Decimal,
        /// Units above this are free.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        #[schema(value_type = Option<String>)]
        at_most: Option<Decimal>,
    },
    /// Each unit at the rate of its tier; units up to the lowest tier are free.
    Marginal {
        /// The measure's name.
        measure: String,
        /// The tiers, ascending.
        marginal: Vec<RateTier>,
        /// Units above this are free.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        #[schema(value_type = Option<String>)]
        at_most: Option<Decimal>,
    },
    /// One amount: that of the highest tier which the measure is above; nothing up to the lowest.
    Bracket {
        /// The measure's name.
        measure: String,
        /// The tiers, ascending.
        bracket: Vec<AmountTier>,
    },
}

/// The rate of the units above a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateTier {
    /// The tier begins above this many units, and does not hold the number itself.
    #[serde(deserialize_with = "number::deserialize")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub above: Decimal,
    /// Kroner per unit.
    #[serde(deserialize_with = "number::deserialize")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub rate: Decimal,
}

/// The amount for those above a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountTier {
    /// The tier begins above this many units, and does not hold the number itself.
    #[serde(deserialize_with = "number::deserialize")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub above: Decimal,
    /// The amount, in kroner.
    #[serde(with = "kroner")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub amount: Ore,
}

/// What stands in a `[[price]]` before it is known which kind it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PriceFields {
    #[serde(default, with = "optional_kroner")]
    #[schemars(with = "Option<String>")]
    per_party: Option<Ore>,
    measure: Option<String>,
    #[serde(default, deserialize_with = "optional_number::deserialize")]
    #[schemars(with = "Option<String>")]
    rate: Option<Decimal>,
    #[serde(default, deserialize_with = "optional_number::deserialize")]
    #[schemars(with = "Option<String>")]
    at_most: Option<Decimal>,
    marginal: Option<Vec<RateTier>>,
    bracket: Option<Vec<AmountTier>>,
    #[serde(default, with = "optional_kroner")]
    #[schemars(with = "Option<String>")]
    floor: Option<Ore>,
    #[serde(default, with = "optional_kroner")]
    #[schemars(with = "Option<String>")]
    cap: Option<Ore>,
    #[serde(default)]
    outside_cap: bool,
}

impl TryFrom<PriceFields> for Price {
    type Error = &'static str;

    fn try_from(fields: PriceFields) -> Result<Self, Self::Error> {
        let PriceFields { per_party, measure, rate, at_most, marginal, bracket, floor, cap, outside_cap } = fields;
        let basis = match (per_party, measure, rate, marginal, bracket) {
            (Some(per_party), None, None, None, None) if at_most.is_none() => PriceBasis::PerParty { per_party },
            (None, Some(measure), Some(rate), None, None) => PriceBasis::Rate { measure, rate, at_most },
            (None, Some(measure), None, Some(marginal), None) => PriceBasis::Marginal { measure, marginal, at_most },
            (None, Some(measure), None, None, Some(bracket)) if at_most.is_none() => {
                PriceBasis::Bracket { measure, bracket }
            }
            _ => {
                return Err("a price is per_party alone, or measure with one of rate, marginal and bracket; \
                            at_most goes with rate or marginal");
            }
        };
        Ok(Self { basis, floor, cap, outside_cap })
    }
}

/// Divides part of the amount by one key and part by another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Blend {
    /// What people call the blend.
    #[serde(default)]
    pub name: String,
    /// The parts; the percentages add up to 100, and the last takes what is left of the amount.
    pub part: Vec<Part>,
}

/// A part of an amount, and the key that divides it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The part, in percent of the amount.
    #[serde(deserialize_with = "number::deserialize")]
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub percent: Decimal,
    /// The key that divides it, whole.
    #[schema(no_recursion)]
    pub key: KeyDefinition,
}
