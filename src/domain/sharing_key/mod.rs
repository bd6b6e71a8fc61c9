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
mod named;
mod tariff;
mod validate;
mod written;
mod year;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

pub use definition::{
    AmountTier, Base, Blend, Divide, First, Grant, KeyDefinition, Part, Price, PriceBasis, RateTier, Rounding, Tariff,
    Tie, Unit,
};
pub use error::{Fault, KeyError};
pub use explanation::{Division, Share, Step};
pub(crate) use written::number as written_number;
pub use year::{DaysOfYear, PartOfYear};

use super::allocation::by_party;
use super::money::Ore;

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

    /// Shares an amount, or sets the prices of a tariff, which takes no amount. Every share has the steps that led to it.
    ///
    /// The shares of a division add up to the amount less grants, exactly, unless shares are rounded each by itself. A
    /// negative amount mirrors the positive one: every share, grant, first amount, floor and cap has its sign turned.
    ///
    /// A party without weight and without a first amount takes no part and pays nothing, whatever the floor.
    ///
    /// # Errors
    /// The key is at fault in itself, does not fit the parties, or cannot be met by the amount.
    pub fn share(&self, amount: Option<Ore>, parties: &[PartyMeasures]) -> Result<Division, KeyError> {
        self.divided(amount, parties, Asked::of(Detail::Steps))
    }

    /// The same shares without their steps, several times as fast.
    ///
    /// # Errors
    /// As [`KeyDefinition::share`].
    pub fn share_unexplained(&self, amount: Option<Ore>, parties: &[PartyMeasures]) -> Result<Division, KeyError> {
        self.divided(amount, parties, Asked::of(Detail::Amounts))
    }

    /// Shares an amount that came about by an index or by days, or one year's amount for some days of the year.
    ///
    /// What the key says in kroner, such as a floor, is for a year. So the whole year's amount is shared, and of every
    /// share the days' part is made whole. A key without such amounts shares the part as it is.
    ///
    /// Where shares are in whole kroner and the amount is not, one share holds the øre that are over: that of the party
    /// who would be the next to get a krone more.
    ///
    /// # Errors
    /// As [`KeyDefinition::share`], but for the øre that are over.
    pub fn share_as_it_came(
        &self,
        amount: Ore,
        part: Option<PartOfYear>,
        parties: &[PartyMeasures],
    ) -> Result<Division, KeyError> {
        self.divided(Some(amount), parties, Asked { detail: Detail::Steps, odd_ore: OddOre::ToOne, part })
    }

    /// What the grants of the key take off an amount, or off some days' part of it.
    #[must_use]
    pub fn grants_off(&self, amount: Ore, part: Option<PartOfYear>) -> Ore {
        match self {
            Self::Divide(divide) => divide.grants_off(amount, part),
            Self::Tariff(_) => Ore::ZERO,
            Self::Blend(blend) => blend.grants_off(amount, part),
        }
    }

    fn divided(&self, amount: Option<Ore>, parties: &[PartyMeasures], asked: Asked) -> Result<Division, KeyError> {
        self.validate()?;
        let figures = Figures::new(parties, &self.measures())?;
        match (self, amount) {
            (Self::Tariff(tariff), None) => tariff.share(&figures, asked.detail),
            (Self::Tariff(_), Some(_)) => Err(KeyError::TariffWithAmount),
            (Self::Divide(_) | Self::Blend(_), None) => Err(KeyError::NoAmount),
            (Self::Divide(_) | Self::Blend(_), Some(amount)) if !amount.is_taken() => Err(KeyError::AmountTooLarge),
            (Self::Divide(divide), Some(amount)) => divide.share(amount, &figures, asked),
            (Self::Blend(blend), Some(amount)) => blend.share(amount, &figures, asked),
        }
    }
}

/// Whether shares come with the steps that led to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Steps,
    Amounts,
}

/// What becomes of øre that are no whole krone, where shares are in whole kroner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OddOre {
    /// Such an amount is refused.
    Refused,
    /// One share holds them.
    ToOne,
}

/// How an amount is to be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    detail: Detail,
    odd_ore: OddOre,
    /// The part that is asked about, where the amount is a whole year's.
    part: Option<PartOfYear>,
}

impl Asked {
    fn of(detail: Detail) -> Self {
        Self { detail, odd_ore: OddOre::Refused, part: None }
    }
}

/// The parties and what the key asks of them, checked.
struct Figures<'p> {
    parties: Vec<&'p str>,
    columns: BTreeMap<&'p str, Vec<Decimal>>,
}

impl<'p> Figures<'p> {
    fn new(parties: &'p [PartyMeasures], measures: &BTreeSet<&'p str>) -> Result<Self, KeyError> {
        if parties.is_empty() {
            return Err(KeyError::NoParties);
        }
        if parties.len() > PARTIES_MAX {
            return Err(KeyError::TooManyParties { count: parties.len() });
        }
        let names: Vec<&str> = parties.iter().map(|party| party.party.as_str()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        if sorted.first().is_some_and(|name| name.is_empty()) {
            return Err(KeyError::UnnamedParty);
        }
        if let Some([party, _]) = sorted.array_windows().find(|[one, another]| one == another) {
            return Err(KeyError::DuplicateParty { party: (*party).to_owned() });
        }
        let column = |measure: &&'p str| {
            let values: Result<Vec<Decimal>, KeyError> = parties.iter().map(|party| party.checked(measure)).collect();
            values.map(|values| (*measure, values))
        };
        let mut columns: BTreeMap<&str, Vec<Decimal>> = measures.iter().map(column).collect::<Result<_, _>>()?;
        columns.insert(EQUAL, vec![Decimal::ONE; parties.len()]);
        Ok(Self { parties: names, columns })
    }

    /// What every party has of a measure that the key asks for, one of [`EQUAL`].
    fn column(&self, measure: &str) -> &[Decimal] {
        self.columns.get(measure).map_or(&[], Vec::as_slice)
    }

    /// What one party has of a measure.
    fn value(&self, place: usize, measure: &str) -> Decimal {
        self.column(measure).get(place).copied().unwrap_or_default()
    }

    /// The most decimals of a measure.
    fn scale(&self, measure: &str) -> u32 {
        self.column(measure).iter().map(Decimal::scale).max().unwrap_or(0)
    }

    /// Who comes first where two remainders are the same.
    fn tie(&self, one: usize, another: usize) -> Ordering {
        by_party(self.parties[one], self.parties[another])
    }
}

impl PartyMeasures {
    /// A measure that is there, not negative, and within what is added exactly.
    fn checked(&self, measure: &str) -> Result<Decimal, KeyError> {
        let named = || (self.party.clone(), measure.to_owned());
        let Some(value) = self.measures.get(measure).map(Decimal::normalize) else {
            let (party, measure) = named();
            return Err(KeyError::MissingMeasure { party, measure });
        };
        if value.is_sign_negative() && !value.is_zero() {
            let (party, measure) = named();
            return Err(KeyError::NegativeMeasure { party, measure, value });
        }
        if value > MEASURE_MAX || value.scale() > MEASURE_DECIMALS_MAX {
            let (party, measure) = named();
            return Err(KeyError::UnreasonableMeasure { party, measure, value });
        }
        Ok(value)
    }
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
