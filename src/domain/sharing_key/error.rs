//! Why a key cannot share.

use rust_decimal::Decimal;

use super::{MEASURE_DECIMALS_MAX, MEASURE_MAX, PARTIES_MAX, Part};
use crate::domain::money::Ore;

/// Where the fault lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault<'e> {
    /// In the key itself, or in how it meets the amount.
    Key,
    /// In the amount.
    Amount,
    /// In the parties as a whole.
    Parties,
    /// In what is said of one party.
    Party(&'e str),
}

/// Why a key cannot share. Every sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Percentages that must be the whole are not.
    #[error("the percentages of {of} add up to {sum}, not to 100; adjust them")]
    PercentSum {
        /// Which percentages, as they are called in the file.
        of: &'static str,
        /// Their sum.
        sum: Decimal,
    },
    /// A percentage outside 0 to 100, or with more decimals than are held exactly in a sum.
    #[error("{field} is {percent}; a percentage is from 0 to 100 and has at most 20 decimals")]
    Percent {
        /// The field.
        field: String,
        /// The percentage.
        percent: Decimal,
    },
    /// An amount or a number is below zero.
    #[error("{field} is {number}; it must be zero or more")]
    Negative {
        /// The field.
        field: String,
        /// The number.
        number: Decimal,
    },
    /// A number of units larger or finer than any measure.
    #[error("{field} is {number}; it is at most {MEASURE_MAX} with at most {MEASURE_DECIMALS_MAX} decimals")]
    UnreasonableUnits {
        /// The field.
        field: String,
        /// The number.
        number: Decimal,
    },
    /// An amount above the largest that is taken.
    #[error("{field} is above the largest amount taken, 100 000 000 000 kroner")]
    TooLarge {
        /// The field.
        field: String,
    },
    /// The list that makes up the key is empty.
    #[error("the key has no {field}; give at least one")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A list is longer than any real one.
    #[error("the key has {count} of {field}; at most {most} are taken")]
    TooMany {
        /// The field.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// A text is longer than any real one, or empty where it names something.
    #[error("{field} must have from 1 to 200 characters")]
    Text {
        /// The field.
        field: &'static str,
    },
    /// Both bases and an agreed table.
    #[error("the key has both [[base]] and [percentages]; keep one of them")]
    BasesAndPercentages,
    /// Neither bases nor an agreed table.
    #[error("the key has neither [[base]] nor [percentages]; say what the amount is shared by")]
    NoBases,
    /// More decimals than make sense.
    #[error("share_decimals is {decimals}; at most {most} are taken")]
    ShareDecimals {
        /// What was written.
        decimals: u32,
        /// The most.
        most: u32,
    },
    /// The least is more than the most.
    #[error("the floor, {floor}, is above the cap, {cap}; lower the one or raise the other")]
    FloorAboveCap {
        /// The floor.
        floor: String,
        /// The cap.
        cap: String,
    },
    /// A measure called "equal" where a column is meant.
    #[error("{field} names the measure \"equal\", which is no column; write per_party instead")]
    EqualIsNoColumn {
        /// The field.
        field: &'static str,
    },
    /// Tiers that do not ascend.
    #[error(
        "the tiers of \"{measure}\" do not ascend: {above} does not come after {before}; sort them and name each once"
    )]
    TierOrder {
        /// The measure.
        measure: String,
        /// The tier out of order.
        above: Decimal,
        /// The one before it.
        before: Decimal,
    },
    /// A tariff in a blend.
    #[error("a tariff has no amount to divide and cannot be blended; blend keys of kind \"divide\"")]
    TariffInBlend,
    /// The key of a part of a blend is at fault.
    #[error("part {number}, \"{key}\": {reason}")]
    InPart {
        /// Which part, from 1.
        number: usize,
        /// Its key.
        key: String,
        /// Why, and what to do.
        reason: Box<KeyError>,
    },
    /// Blends within blends without end.
    #[error("the blend is nested more than {most} deep; blend the keys directly")]
    TooDeep {
        /// The most.
        most: usize,
    },
    /// A tariff was given an amount.
    #[error("a tariff takes no amount, since its total is the sum of its prices; leave the amount out")]
    TariffWithAmount,
    /// Nothing to divide.
    #[error("the key divides an amount, and none is given; give the amount")]
    NoAmount,
    /// The amount is above the largest that is taken.
    #[error("the amount is above the largest taken, 100 000 000 000 kroner")]
    AmountTooLarge,
    /// A share in kroner of an amount with øre.
    #[error(
        "{amount} cannot be shared in whole kroner, since it has øre; use unit = \"ore\", or an amount in whole kroner"
    )]
    NotWholeKroner {
        /// What is to be shared.
        amount: Ore,
    },
    /// Grants above the amount.
    #[error("the grants, {grants}, are more than the amount, {amount}; lower them")]
    GrantsExceed {
        /// The sum of the grants.
        grants: Ore,
        /// The amount.
        amount: Ore,
    },
    /// First amounts above what is shared.
    #[error("the first amounts, {first}, are more than the amount to share, {amount}; lower them")]
    FirstExceed {
        /// The sum of the first amounts.
        first: Ore,
        /// What is to be shared.
        amount: Ore,
    },
    /// Floors above what is shared.
    #[error("the floors exceed the amount: {count} × {floor} = {floors} > {amount}; lower the floor")]
    FloorsExceed {
        /// How many parties pay.
        count: usize,
        /// The floor.
        floor: Ore,
        /// Its sum.
        floors: Ore,
        /// What is to be shared.
        amount: Ore,
    },
    /// First amounts and floors together above what is shared.
    #[error("first amounts and floors together come to {least}, above the amount to share, {amount}; lower them")]
    FirstAndFloorsExceed {
        /// The least that the parties would pay.
        least: Ore,
        /// What is to be shared.
        amount: Ore,
    },
    /// Caps below what is shared.
    #[error("the caps do not reach the amount: all parties together pay at most {most} of {amount}; raise the cap")]
    CapsFallShort {
        /// The most that the parties would pay.
        most: Ore,
        /// What is to be shared.
        amount: Ore,
    },
    /// Nobody shares.
    #[error("there are no parties to share among; give at least one")]
    NoParties,
    /// More parties than are taken.
    #[error("there are {count} parties; at most {PARTIES_MAX} are taken")]
    TooManyParties {
        /// How many.
        count: usize,
    },
    /// A party without a name.
    #[error("a party has no name; name every party")]
    UnnamedParty,
    /// A party twice.
    #[error("party \"{party}\" stands there twice; keep one of them")]
    DuplicateParty {
        /// The party.
        party: String,
    },
    /// A party that the key names and that does not take part.
    #[error("the key names party \"{party}\" in {field}, and there is no such party; remove it or add the party")]
    UnknownParty {
        /// The party.
        party: String,
        /// Where it is named.
        field: &'static str,
    },
    /// A number that several of those that take part have or had.
    #[error(
        "the key names party \"{party}\", a number that several of those that share have or had; name each by its organisation number"
    )]
    AmbiguousParty {
        /// The number.
        party: String,
    },
    /// A party that an agreed table leaves out.
    #[error("party \"{party}\" has no percentage in [percentages]; add it, with 0 if it pays nothing")]
    MissingPercentage {
        /// The party.
        party: String,
    },
    /// A party lacks a measure.
    #[error("party \"{party}\" lacks \"{measure}\"; give it a value, 0 if it has none")]
    MissingMeasure {
        /// The party.
        party: String,
        /// The measure.
        measure: String,
    },
    /// A measure below zero.
    #[error("party \"{party}\" has {value} \"{measure}\"; a measure is zero or more")]
    NegativeMeasure {
        /// The party.
        party: String,
        /// The measure.
        measure: String,
        /// Its value.
        value: Decimal,
    },
    /// A measure larger or finer than any real one.
    #[error(
        "party \"{party}\" has {value} \"{measure}\"; a measure is at most {MEASURE_MAX} with at most \
         {MEASURE_DECIMALS_MAX} decimals"
    )]
    UnreasonableMeasure {
        /// The party.
        party: String,
        /// The measure.
        measure: String,
        /// Its value.
        value: Decimal,
    },
    /// A base that no party has anything of.
    #[error(
        "the measure \"{measure}\" sums to zero, so that nothing can be shared by it; give values or remove the base"
    )]
    ZeroSum {
        /// The measure.
        measure: String,
    },
    /// A price list that comes to more than any real one.
    #[error("the prices come to more than 100 000 000 000 kroner; lower the rates")]
    PricesTooLarge,
}

impl KeyError {
    /// The same fault, said of a part of a blend.
    pub(super) fn in_part(self, number: usize, part: &Part) -> Self {
        Self::InPart { number, key: part.key.name().to_owned(), reason: Box::new(self) }
    }

    /// Where the fault lies, so that the reader is sent to the right file and row.
    #[must_use]
    pub fn fault(&self) -> Fault<'_> {
        match self {
            Self::InPart { reason, .. } => reason.fault(),
            Self::TariffWithAmount | Self::NoAmount | Self::AmountTooLarge | Self::NotWholeKroner { .. } => {
                Fault::Amount
            }
            Self::NoParties | Self::TooManyParties { .. } | Self::UnnamedParty | Self::ZeroSum { .. } => Fault::Parties,
            Self::DuplicateParty { party }
            | Self::MissingPercentage { party }
            | Self::MissingMeasure { party, .. }
            | Self::NegativeMeasure { party, .. }
            | Self::UnreasonableMeasure { party, .. } => Fault::Party(party),
            Self::PercentSum { .. }
            | Self::Percent { .. }
            | Self::Negative { .. }
            | Self::UnreasonableUnits { .. }
            | Self::TooLarge { .. }
            | Self::Empty { .. }
            | Self::TooMany { .. }
            | Self::Text { .. }
            | Self::BasesAndPercentages
            | Self::NoBases
            | Self::ShareDecimals { .. }
            | Self::FloorAboveCap { .. }
            | Self::EqualIsNoColumn { .. }
            | Self::TierOrder { .. }
            | Self::TariffInBlend
            | Self::TooDeep { .. }
            | Self::GrantsExceed { .. }
            | Self::FirstExceed { .. }
            | Self::FloorsExceed { .. }
            | Self::FirstAndFloorsExceed { .. }
            | Self::CapsFallShort { .. }
            | Self::UnknownParty { .. }
            | Self::AmbiguousParty { .. }
            | Self::PricesTooLarge => Fault::Key,
        }
    }
}
