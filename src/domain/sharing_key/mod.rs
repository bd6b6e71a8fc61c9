//! Sharing keys: who pays how much of an amount, and why.
//!
//! A key divides an amount by weighted bases, sets a tariff, or blends other keys. The shares of a division carry the
//! steps that led to them, so that an explanation is those steps printed and not a second computation.

mod blend;
mod definition;
mod divide;
mod error;
mod exact;
mod explanation;
mod level;
mod tariff;
mod validate;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

pub use definition::{
    AmountTier, Base, Blend, Divide, First, Grant, KeyDefinition, Part, Price, PriceBasis, RateTier, Rounding, Tariff,
    Tie, Unit,
};
pub use error::{Fault, KeyError};
pub use explanation::{Division, Share, Step};
pub(crate) use written::number as written_number;

use super::money::{AMOUNT_ORE_MAX, Ore};

/// The measure that is one for every party and needs no column.
pub const EQUAL: &str = "equal";
/// The most parties that share.
pub const PARTIES_MAX: usize = 20_000;
/// The largest measure taken, so that sums of measures stay exact.
pub const MEASURE_MAX: Decimal = Decimal::from_parts(0xd4a5_1000, 0xe8, 0, false, 0);
/// The most decimals of a measure.
pub const MEASURE_DECIMALS_MAX: u32 = 10;

/// A party with what it is measured by.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyMeasures {
    /// The stable key of the party, such as its municipality number. Ties go by it, ascending, numbers as numbers.
    pub party: String,
    /// The measures by their names.
    pub measures: BTreeMap<String, Decimal>,
}

impl KeyDefinition {
    /// What people call the key, or its kind where it has no name.
    #[must_use]
    pub fn name(&self) -> &str {
        let (name, kind) = match self {
            Self::Divide(divide) => (&divide.name, "divide"),
            Self::Tariff(tariff) => (&tariff.name, "tariff"),
            Self::Blend(blend) => (&blend.name, "blend"),
        };
        if name.is_empty() { kind } else { name }
    }

    /// The measures that every party must have.
    #[must_use]
    pub fn measures(&self) -> BTreeSet<&str> {
        match self {
            Self::Divide(divide) => divide.measures(),
            Self::Tariff(tariff) => tariff.measures(),
            Self::Blend(blend) => blend.part.iter().flat_map(|part| part.key.measures()).collect(),
        }
    }

    /// Whether any share is rounded by itself, so that the sum may differ from the amount.
    #[must_use]
    pub fn rounds_each(&self) -> bool {
        match self {
            Self::Divide(divide) => divide.round == Rounding::Each,
            Self::Tariff(tariff) => tariff.round == Rounding::Each,
            Self::Blend(blend) => blend.part.iter().any(|part| part.key.rounds_each()),
        }
    }

    /// The unit that all shares are whole in: kroner only where every part of the key is in kroner.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Divide(divide) => divide.unit,
            Self::Tariff(tariff) => tariff.unit,
            Self::Blend(blend) if blend.part.iter().all(|part| part.key.unit() == Unit::Krone) => Unit::Krone,
            Self::Blend(_) => Unit::Ore,
        }
    }

    /// Shares an amount, or sets the prices of a tariff, which takes no amount.
    ///
    /// The shares of a division add up to the amount less grants, exactly, unless shares are rounded each by itself. A
    /// negative amount mirrors the positive one: every share, grant, first amount, floor and cap has its sign turned.
    ///
    /// A party without weight and without a first amount takes no part and pays nothing, whatever the floor.
    ///
    /// # Errors
    /// The key is at fault in itself, does not fit the parties, or cannot be met by the amount.
    pub fn share(&self, amount: Option<Ore>, parties: &[PartyMeasures]) -> Result<Division, KeyError> {
        self.validate()?;
        check_parties(parties, &self.measures())?;
        match (self, amount) {
            (Self::Tariff(tariff), None) => tariff.share(parties),
            (Self::Tariff(_), Some(_)) => Err(KeyError::TariffWithAmount),
            (Self::Divide(_) | Self::Blend(_), None) => Err(KeyError::NoAmount),
            (Self::Divide(_) | Self::Blend(_), Some(amount))
                if amount.0.unsigned_abs() > AMOUNT_ORE_MAX.unsigned_abs() =>
            {
                Err(KeyError::AmountTooLarge)
            }
            (Self::Divide(divide), Some(amount)) => divide.share(amount, parties),
            (Self::Blend(blend), Some(amount)) => blend.share(amount, parties),
        }
    }
}

fn check_parties(parties: &[PartyMeasures], measures: &BTreeSet<&str>) -> Result<(), KeyError> {
    if parties.is_empty() {
        return Err(KeyError::NoParties);
    }
    if parties.len() > PARTIES_MAX {
        return Err(KeyError::TooManyParties { count: parties.len() });
    }
    let mut names: Vec<&str> = parties.iter().map(|party| party.party.as_str()).collect();
    names.sort_unstable();
    if let Some([party, _]) = names.array_windows().find(|[one, another]| one == another) {
        return Err(KeyError::DuplicateParty { party: (*party).to_owned() });
    }
    for PartyMeasures { party, measures: values } in parties {
        if party.is_empty() {
            return Err(KeyError::UnnamedParty);
        }
        for measure in measures {
            let named = |fault: fn(String, String, Decimal) -> KeyError, value| {
                Err(fault(party.clone(), (*measure).to_owned(), value))
            };
            match values.get(*measure).copied() {
                None => {
                    return Err(KeyError::MissingMeasure { party: party.clone(), measure: (*measure).to_owned() });
                }
                Some(value) if value.is_sign_negative() && !value.is_zero() => {
                    return named(|party, measure, value| KeyError::NegativeMeasure { party, measure, value }, value);
                }
                Some(value) if value > MEASURE_MAX || value.normalize().scale() > MEASURE_DECIMALS_MAX => {
                    return named(
                        |party, measure, value| KeyError::UnreasonableMeasure { party, measure, value },
                        value,
                    );
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// The value of a measure, one for [`EQUAL`]. Every party has been checked to have what the key asks for.
fn value(party: &PartyMeasures, measure: &str) -> Decimal {
    if measure == EQUAL { Decimal::ONE } else { party.measures.get(measure).copied().unwrap_or_default().normalize() }
}

impl Unit {
    /// How many øre the unit is.
    pub(crate) fn ore(self) -> u64 {
        match self {
            Self::Ore => 1,
            Self::Krone => 100,
        }
    }
}
