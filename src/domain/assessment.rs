//! How sure an amount is. Unknown is not zero, and each statement replaces the one before and stays linked to it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::AssessmentId;
use super::money::Ore;

/// What is known of an amount, excluding VAT.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "certainty", rename_all = "snake_case", deny_unknown_fields)]
pub enum Assessment {
    /// Nobody knows yet. Not the same as zero.
    #[default]
    Unknown,
    /// Somebody's judgement; `low_ore <= likely_ore <= high_ore`.
    Estimated {
        /// Lower only with luck.
        low_ore: Ore,
        /// What to expect.
        likely_ore: Ore,
        /// Higher only with bad luck.
        high_ore: Ore,
    },
    /// The supplier's written price, not yet agreed.
    Quoted {
        /// The price.
        amount_ore: Ore,
    },
    /// Agreed in a contract.
    Contracted {
        /// The price.
        amount_ore: Ore,
    },
    /// What it came to.
    Actual {
        /// The amount.
        amount_ore: Ore,
    },
}

/// How sure, without the amount; ordered from the least to the most.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nobody knows yet.
    #[default]
    Unknown,
    /// Somebody's judgement.
    Estimated,
    /// The supplier's written price.
    Quoted,
    /// Agreed in a contract.
    Contracted,
    /// What it came to.
    Actual,
}

/// Three amounts that belong together: where an amount is certain they are equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lower only with luck.
    pub low_ore: Ore,
    /// What to expect.
    pub likely_ore: Ore,
    /// Higher only with bad luck.
    pub high_ore: Ore,
}

impl Range {
    /// Where it is certain.
    #[must_use]
    pub fn exactly(amount: Ore) -> Self {
        Self { low_ore: amount, likely_ore: amount, high_ore: amount }
    }

    /// The same step on each of the three.
    #[must_use]
    pub fn map(self, step: impl Fn(Ore) -> Ore) -> Self {
        Self { low_ore: step(self.low_ore), likely_ore: step(self.likely_ore), high_ore: step(self.high_ore) }
    }

    /// The three added one by one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            low_ore: self.low_ore + other.low_ore,
            likely_ore: self.likely_ore + other.likely_ore,
            high_ore: self.high_ore + other.high_ore,
        }
    }

    /// The three taken off one by one.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.map(|amount| -amount))
    }
}

impl Assessment {
    /// How sure it is.
    #[must_use]
    pub fn certainty(self) -> Certainty {
        match self {
            Self::Unknown => Certainty::Unknown,
            Self::Estimated { .. } => Certainty::Estimated,
            Self::Quoted { .. } => Certainty::Quoted,
            Self::Contracted { .. } => Certainty::Contracted,
            Self::Actual { .. } => Certainty::Actual,
        }
    }

    /// The amounts, unless unknown.
    #[must_use]
    pub fn range(self) -> Option<Range> {
        match self {
            Self::Unknown => None,
            Self::Estimated { low_ore, likely_ore, high_ore } => Some(Range { low_ore, likely_ore, high_ore }),
            Self::Quoted { amount_ore } | Self::Contracted { amount_ore } | Self::Actual { amount_ore } => {
                Some(Range::exactly(amount_ore))
            }
        }
    }
}

/// One statement of an amount, linked to the one it replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its id, made by the caller.
    pub assessment: AssessmentId,
    /// The statement it replaces; none for the first.
    pub replaces: Option<AssessmentId>,
    /// What is known.
    pub amount: Assessment,
    /// The day it was made.
    pub on: NaiveDate,
    /// Who or what says so: a document, a tender, an invoice.
    pub source: String,
}

/// Why a statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum StatementRejection {
    /// An amount is negative.
    AmountNegative {
        /// The amount.
        amount_ore: Ore,
    },
    /// An amount is above what is taken.
    AmountTooLarge {
        /// The amount.
        amount_ore: Ore,
    },
    /// Low, likely and high stand in the wrong order.
    EstimateOutOfOrder {
        /// Low.
        low_ore: Ore,
        /// Likely.
        likely_ore: Ore,
        /// High.
        high_ore: Ore,
    },
    /// The text is empty or too long.
    SourceMissing,
    /// It is dated before the statement that it replaces.
    OlderThanReplaced {
        /// The day of the one in force.
        last_on: NaiveDate,
        /// The day of the new one.
        on: NaiveDate,
    },
    /// The statement's id was used for another statement.
    AssessmentIdReused,
}

/// The new statement after `history`, or none where the very same stands already.
///
/// # Errors
/// What is wrong with it.
pub fn next_statement(
    history: &[Statement],
    assessment: AssessmentId,
    amount: Assessment,
    on: NaiveDate,
    source: &str,
) -> Result<Option<Statement>, StatementRejection> {
    if let Some(known) = history.iter().find(|known| known.assessment == assessment) {
        let same = known.amount == amount && known.on == on && known.source == source;
        return if same { Ok(None) } else { Err(StatementRejection::AssessmentIdReused) };
    }
    if source.trim().is_empty() || source.len() > super::TEXT_BYTES_MAX {
        return Err(StatementRejection::SourceMissing);
    }
    if let Some(Range { low_ore, likely_ore, high_ore }) = amount.range() {
        for amount_ore in [low_ore, likely_ore, high_ore] {
            if amount_ore.is_negative() {
                return Err(StatementRejection::AmountNegative { amount_ore });
            }
            if amount_ore.0 > super::money::AMOUNT_ORE_MAX {
                return Err(StatementRejection::AmountTooLarge { amount_ore });
            }
        }
        if low_ore > likely_ore || likely_ore > high_ore {
            return Err(StatementRejection::EstimateOutOfOrder { low_ore, likely_ore, high_ore });
        }
    }
    let last = history.last();
    if let Some(last) = last.filter(|last| on < last.on) {
        return Err(StatementRejection::OlderThanReplaced { last_on: last.on, on });
    }
    let replaces = last.map(|last| last.assessment);
    Ok(Some(Statement { assessment, replaces, amount, on, source: source.to_owned() }))
}
