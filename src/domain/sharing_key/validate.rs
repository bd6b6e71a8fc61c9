//! What is wrong with a key in itself, before any party is known.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{
    Base, Blend, Divide, EQUAL, First, KeyDefinition, KeyError, MEASURE_DECIMALS_MAX, MEASURE_MAX, PARTIES_MAX, Price,
    PriceBasis, Tariff,
};
use crate::domain::money::{AMOUNT_ORE_MAX, Ore};

/// The most entries of one kind in a key.
const ENTRIES_MAX: usize = 100;
/// How deep blends may be nested.
const DEPTH_MAX: usize = 8;
/// The most keys in a blend, all depths together.
const KEYS_MAX: usize = 100;
/// The most `share_decimals`.
const SHARE_DECIMALS_MAX: u32 = 10;
const PERCENT_DECIMALS_MAX: u32 = 20;
const TEXT_CHARACTERS_MAX: usize = 200;
/// What the lowest tier of a bracket is above where it takes in nought.
const ABOVE_OF_NOUGHT: Decimal = Decimal::NEGATIVE_ONE;

impl KeyDefinition {
    /// Finds faults that are visible without parties and amount.
    ///
    /// # Errors
    /// The first fault.
    pub fn validate(&self) -> Result<(), KeyError> {
        match self {
            Self::Divide(divide) => divide.validate(),
            Self::Tariff(tariff) => tariff.validate(),
            Self::Blend(blend) => {
                let keys = blend.keys(1)?;
                at_most("[[part]], nested ones with them", keys, KEYS_MAX)?;
                blend.validate()
            }
        }
    }
}

impl Divide {
    pub(super) fn measures(&self) -> BTreeSet<&str> {
        let bases = self.base.iter().map(|base| base.measure.as_str()).filter(|measure| *measure != EQUAL);
        let first = self.first.iter().filter_map(|first| match first {
            First::Rate { measure, .. } => Some(measure.as_str()),
            First::PerParty { .. } | First::Party { .. } => None,
        });
        bases.chain(first).collect()
    }

    fn validate(&self) -> Result<(), KeyError> {
        name(&self.name)?;
        at_most("[[grant]]", self.grant.len(), ENTRIES_MAX)?;
        at_most("[[first]]", self.first.len(), ENTRIES_MAX)?;
        at_most("[[base]]", self.base.len(), ENTRIES_MAX)?;
        for grant in &self.grant {
            text("from of [[grant]]", &grant.from)?;
            amount("amount of [[grant]]", grant.amount)?;
        }
        for first in &self.first {
            match first {
                First::PerParty { per_party } => amount("per_party of [[first]]", *per_party)?,
                First::Rate { measure, rate } => {
                    column("measure of [[first]]", measure)?;
                    not_negative("rate of [[first]]", *rate)?;
                }
                First::Party { party, amount: ore } => {
                    text("party of [[first]]", party)?;
                    amount("amount of [[first]]", *ore)?;
                }
            }
        }
        match (&self.percentages, self.base.is_empty()) {
            (Some(_), false) => return Err(KeyError::BasesAndPercentages),
            (None, true) => return Err(KeyError::NoBases),
            (Some(table), true) => {
                at_most("[percentages]", table.len(), PARTIES_MAX)?;
                for (party, share) in table {
                    percent(&format!("\"{}\" of [percentages]", shortened(party)), *share)?;
                }
                whole("[percentages]", table.values().copied())?;
            }
            (None, false) => {
                for Base { measure, percent: part } in &self.base {
                    text("measure of [[base]]", measure)?;
                    percent("percent of [[base]]", *part)?;
                }
                whole("[[base]]", self.base.iter().map(|base| base.percent))?;
            }
        }
        if let Some(decimals) = self.share_decimals.filter(|decimals| *decimals > SHARE_DECIMALS_MAX) {
            return Err(KeyError::ShareDecimals { decimals, most: SHARE_DECIMALS_MAX });
        }
        bounds(self.floor, self.cap)?;
        for (field, part) in [("floor_percent", self.floor_percent), ("cap_percent", self.cap_percent)] {
            part.map_or(Ok(()), |part| percent(field, part))?;
        }
        match (self.floor_percent, self.cap_percent) {
            (Some(floor), Some(cap)) if floor > cap => {
                Err(KeyError::FloorAboveCap { floor: format!("{floor} %"), cap: format!("{cap} %") })
            }
            _ => Ok(()),
        }
    }
}

impl Tariff {
    pub(super) fn measures(&self) -> BTreeSet<&str> {
        self.price.iter().filter_map(Price::measure).collect()
    }

    fn validate(&self) -> Result<(), KeyError> {
        name(&self.name)?;
        if self.price.is_empty() {
            return Err(KeyError::Empty { field: "[[price]]" });
        }
        at_most("[[price]]", self.price.len(), ENTRIES_MAX)?;
        bounds(self.floor, self.cap)?;
        self.price.iter().try_for_each(Price::validate)
    }
}

impl Price {
    pub(super) fn measure(&self) -> Option<&str> {
        match &self.basis {
            PriceBasis::PerParty { .. } => None,
            PriceBasis::Rate { measure, .. }
            | PriceBasis::Marginal { measure, .. }
            | PriceBasis::Bracket { measure, .. } => Some(measure),
        }
    }

    fn validate(&self) -> Result<(), KeyError> {
        bounds(self.floor, self.cap)?;
        self.measure().map_or(Ok(()), |measure| column("measure of [[price]]", measure))?;
        match &self.basis {
            PriceBasis::PerParty { per_party } => amount("per_party of [[price]]", *per_party),
            PriceBasis::Rate { rate, at_most, .. } => {
                not_negative("rate of [[price]]", *rate)?;
                units("at_most of [[price]]", at_most.unwrap_or_default())
            }
            PriceBasis::Marginal { measure, marginal, at_most } => {
                tiers("marginal", measure, &marginal.iter().map(|tier| tier.above).collect::<Vec<_>>())?;
                units("at_most of [[price]]", at_most.unwrap_or_default())?;
                marginal.iter().try_for_each(|tier| not_negative("rate of a tier", tier.rate))
            }
            PriceBasis::Bracket { measure, bracket } => {
                let takes_nought = bracket.first().is_some_and(|lowest| lowest.above == ABOVE_OF_NOUGHT);
                let numbers = bracket.iter().map(|tier| tier.above);
                let numbers: Vec<Decimal> = numbers.skip(usize::from(takes_nought)).collect();
                if !takes_nought || !numbers.is_empty() {
                    tiers("bracket", measure, &numbers)?;
                }
                bracket.iter().try_for_each(|tier| amount("amount of a tier", tier.amount))
            }
        }
    }
}

impl Blend {
    /// How many keys it holds, all depths together.
    fn keys(&self, depth: usize) -> Result<usize, KeyError> {
        if depth > DEPTH_MAX {
            return Err(KeyError::TooDeep { most: DEPTH_MAX });
        }
        self.part.iter().try_fold(0, |keys, part| match &part.key {
            KeyDefinition::Divide(_) | KeyDefinition::Tariff(_) => Ok(keys + 1),
            KeyDefinition::Blend(blend) => Ok(keys + 1 + blend.keys(depth + 1)?),
        })
    }

    fn validate(&self) -> Result<(), KeyError> {
        name(&self.name)?;
        if self.part.is_empty() {
            return Err(KeyError::Empty { field: "[[part]]" });
        }
        for (number, part) in (1..).zip(&self.part) {
            percent("percent of [[part]]", part.percent)?;
            match &part.key {
                KeyDefinition::Divide(divide) => divide.validate(),
                KeyDefinition::Blend(blend) => blend.validate(),
                KeyDefinition::Tariff(_) => Err(KeyError::TariffInBlend),
            }
            .map_err(|reason| reason.in_part(number, part))?;
        }
        whole("[[part]]", self.part.iter().map(|part| part.percent))
    }
}

fn name(text: &str) -> Result<(), KeyError> {
    if text.chars().count() > TEXT_CHARACTERS_MAX { Err(KeyError::Text { field: "name" }) } else { Ok(()) }
}

fn text(field: &'static str, text: &str) -> Result<(), KeyError> {
    if (1..=TEXT_CHARACTERS_MAX).contains(&text.chars().count()) { Ok(()) } else { Err(KeyError::Text { field }) }
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_CHARACTERS_MAX).collect()
}

fn column(field: &'static str, measure: &str) -> Result<(), KeyError> {
    if measure == EQUAL { Err(KeyError::EqualIsNoColumn { field }) } else { text(field, measure) }
}

fn at_most(field: &'static str, count: usize, most: usize) -> Result<(), KeyError> {
    if count > most { Err(KeyError::TooMany { field, count, most }) } else { Ok(()) }
}

fn not_negative(field: &str, number: Decimal) -> Result<(), KeyError> {
    if number.is_sign_negative() && !number.is_zero() {
        return Err(KeyError::Negative { field: field.to_owned(), number });
    }
    Ok(())
}

/// Numbers of units are held to what a measure can be, so that differences of them are exact.
fn units(field: &str, number: Decimal) -> Result<(), KeyError> {
    not_negative(field, number)?;
    if number > MEASURE_MAX || number.normalize().scale() > MEASURE_DECIMALS_MAX {
        return Err(KeyError::UnreasonableUnits { field: field.to_owned(), number });
    }
    Ok(())
}

fn amount(field: &str, amount: Ore) -> Result<(), KeyError> {
    not_negative(field, amount.kroner())?;
    if amount.0 > AMOUNT_ORE_MAX { Err(KeyError::TooLarge { field: field.to_owned() }) } else { Ok(()) }
}

fn percent(field: &str, percent: Decimal) -> Result<(), KeyError> {
    let reasonable = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent)
        && percent.normalize().scale() <= PERCENT_DECIMALS_MAX;
    if reasonable { Ok(()) } else { Err(KeyError::Percent { field: field.to_owned(), percent }) }
}

fn whole(of: &'static str, percentages: impl Iterator<Item = Decimal>) -> Result<(), KeyError> {
    let sum: Decimal = percentages.map(|percent| percent.normalize()).sum();
    if sum == Decimal::ONE_HUNDRED { Ok(()) } else { Err(KeyError::PercentSum { of, sum: sum.normalize() }) }
}

fn bounds(floor: Option<Ore>, cap: Option<Ore>) -> Result<(), KeyError> {
    amount("floor", floor.unwrap_or_default())?;
    amount("cap", cap.unwrap_or_default())?;
    match (floor, cap) {
        (Some(floor), Some(cap)) if floor > cap => {
            Err(KeyError::FloorAboveCap { floor: floor.to_string(), cap: cap.to_string() })
        }
        _ => Ok(()),
    }
}

fn tiers(field: &'static str, measure: &str, tiers: &[Decimal]) -> Result<(), KeyError> {
    if tiers.is_empty() {
        return Err(KeyError::Empty { field });
    }
    at_most(field, tiers.len(), ENTRIES_MAX)?;
    tiers.iter().try_for_each(|above| units("above of a tier", *above))?;
    match tiers.iter().zip(tiers.iter().skip(1)).find(|(before, above)| before >= above) {
        Some((before, above)) => {
            Err(KeyError::TierOrder { measure: measure.to_owned(), above: *above, before: *before })
        }
        None => Ok(()),
    }
}
