//! One-time costs (engangskostnad): conversion, training, integration, the project itself.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Statement, StatementRejection};
use super::identity::{AssessmentId, CostId, GrantId, PartyId, ProcurementId, SharingKeyId};
use super::money::Ore;

/// What the money is for.
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
pub enum CostKind {
    /// Moving the data from the old system.
    #[default]
    Conversion,
    /// Courses.
    Training,
    /// Joining other systems to it.
    Integration,
    /// The procurement project itself.
    Project,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// All that share costs, by a sharing key.
    Key {
        /// The key.
        sharing_key: SharingKeyId,
    },
    /// One party alone.
    Party {
        /// The party.
        party: PartyId,
    },
}

/// The cost became known: that there will be one, not how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its id.
    pub cost: CostId,
    /// The procurement it belongs to.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub kind: CostKind,
    /// The budget year.
    pub year: i32,
    /// Who pays.
    pub distribution: Distribution,
    /// VAT in percent.
    pub vat_percent: Decimal,
    /// The day it was recorded.
    pub on: NaiveDate,
}

/// A grant takes something off it before it is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// The grant's id.
    pub grant: GrantId,
    /// Who gives it.
    pub from: String,
    /// How much it takes off, excluding VAT.
    pub amount_ore: Ore,
    /// The letter that says so.
    pub reference: String,
    /// The day of the letter.
    pub on: NaiveDate,
}

/// It was moved to another budget year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// The year it stood in.
    pub from_year: i32,
    /// The year it stands in now.
    pub to_year: i32,
    /// Why: the decision or the letter.
    pub reference: String,
    /// The day.
    pub on: NaiveDate,
}

/// It will not come after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    /// The day.
    pub on: NaiveDate,
    /// Why: the decision or the letter.
    pub reference: String,
}

/// What has happened to a cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CostEvent {
    /// It became known.
    Recorded(Recorded),
    /// Its amount was stated, in place of the statement before.
    Assessed(Statement),
    /// A grant takes something off.
    Granted(Granted),
    /// It was moved to another year.
    Moved(Moved),
    /// It will not come.
    Cancelled(Cancelled),
}

/// What can be wished of a cost. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum CostCommand {
    /// Make it known.
    Record {
        cost: CostId,
        procurement: ProcurementId,
        name: String,
        kind: CostKind,
        year: i32,
        distribution: Distribution,
        #[schema(value_type = String)]
        vat_percent: Decimal,
        on: NaiveDate,
    },
    /// State its amount.
    Assess { assessment: AssessmentId, amount: Assessment, on: NaiveDate, source: String },
    /// Record a grant.
    Grant { grant: GrantId, from: String, amount_ore: Ore, reference: String, on: NaiveDate },
    /// Move it to another budget year.
    Move { to_year: i32, reference: String, on: NaiveDate },
    /// Cancel it.
    Cancel { on: NaiveDate, reference: String },
}

/// A cost as its events have made it. The default is one that is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Name, year, who pays: none before it is recorded.
    pub recorded: Option<Recorded>,
    /// The budget year it stands in.
    pub year: i32,
    /// What was said of its amount, oldest first; the last is in force.
    pub statements: Vec<Statement>,
    /// What grants take off.
    pub grants: Vec<Granted>,
    /// The moves between years, oldest first.
    pub moves: Vec<Moved>,
    /// Whether it was cancelled, and when.
    pub cancelled_on: Option<NaiveDate>,
}

impl Cost {
    /// What is known of its amount, grants not taken off.
    #[must_use]
    pub fn amount(&self) -> Assessment {
        self.statements.last().map(|statement| statement.amount).unwrap_or_default()
    }

    /// What all grants take off.
    #[must_use]
    pub fn granted(&self) -> Ore {
        self.grants.iter().map(|grant| grant.amount_ore).sum()
    }
}

/// Why a wish about a cost is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum CostRejection {
    /// It is not recorded.
    NotRecorded,
    /// It is recorded with other content.
    AlreadyRecorded {
        /// The name it has.
        name: String,
    },
    /// The name is empty or too long.
    NameMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// The year is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
    },
    /// VAT is below 0 or above 100 percent.
    VatPercentImpossible {
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// It is cancelled.
    AlreadyCancelled {
        /// The day.
        on: NaiveDate,
    },
    /// The grant's amount is not above zero.
    GrantNotPositive {
        /// The amount.
        amount_ore: Ore,
    },
    /// The grants would take off more than the certain amount.
    GrantsExceedAmount {
        /// All grants together.
        granted_ore: Ore,
        /// The amount.
        amount_ore: Ore,
    },
    /// The grant's id was used for another grant.
    GrantIdReused,
    /// The statement of the amount is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
}
