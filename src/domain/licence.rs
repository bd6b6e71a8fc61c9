//! Yearly licences (årlig lisens): a price a year with a start, an end and an index clause.
//!
//! An indexed price is always the unrounded base times the whole chain of factors, so that rounding never compounds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Range, Statement, StatementRejection};
use super::calendar::Period;
use super::cost::Distribution;
use super::identity::{AssessmentId, LicenceId, ProcurementId};
use super::money::Ore;

/// How the price follows an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexClause {
    /// The index and its table, such as "KPI (SSB 14700)".
    pub index: String,
    /// The first year whose price is indexed.
    pub first_year: i32,
}

/// The licence became known: that there will be one, not how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its id.
    pub licence: LicenceId,
    /// The procurement it belongs to.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// The first day that is paid for.
    pub starts: NaiveDate,
    /// The last day that is paid for; none while it goes on.
    pub ends: Option<NaiveDate>,
    /// Who pays.
    pub distribution: Distribution,
    /// VAT in percent.
    pub vat_percent: Decimal,
    /// How the price follows an index; none for a fixed price.
    pub index_clause: Option<IndexClause>,
    /// The day it was recorded.
    pub on: NaiveDate,
}

/// The price of a year is multiplied by a factor from a year on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Indexed {
    /// The first year it applies to; later years keep it.
    pub year: i32,
    /// The factor, such as 1.031.
    #[schema(value_type = String)]
    pub factor: Decimal,
    /// Where it is from.
    pub source: String,
    /// Which edition of the source, such as "NB24": forecasts change.
    pub vintage: String,
    /// The day it was recorded.
    pub on: NaiveDate,
}

/// Its days were moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rescheduled {
    /// The first day that is paid for.
    pub starts: NaiveDate,
    /// The last day that is paid for; none while it goes on.
    pub ends: Option<NaiveDate>,
    /// Why: the decision or the letter.
    pub reference: String,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenceEvent {
    /// It became known.
    Recorded(Recorded),
    /// The price of a year was stated, in place of the statement before.
    Priced(Statement),
    /// A factor applies from a year on.
    Indexed(Indexed),
    /// Its days were moved.
    Rescheduled(Rescheduled),
}

/// What can be wished of a licence. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum LicenceCommand {
    /// Make it known.
    Record {
        licence: LicenceId,
        procurement: ProcurementId,
        name: String,
        starts: NaiveDate,
        ends: Option<NaiveDate>,
        distribution: Distribution,
        #[schema(value_type = String)]
        vat_percent: Decimal,
        index_clause: Option<IndexClause>,
        on: NaiveDate,
    },
    /// State the price of a year.
    Price { assessment: AssessmentId, price: Assessment, on: NaiveDate, source: String },
    /// Apply a factor from a year on; for a year that has one already the new one replaces it.
    Index {
        year: i32,
        #[schema(value_type = String)]
        factor: Decimal,
        source: String,
        vintage: String,
        on: NaiveDate,
    },
    /// Move its days.
    Reschedule { starts: NaiveDate, ends: Option<NaiveDate>, reference: String, on: NaiveDate },
}

/// A licence as its events have made it. The default is one that is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Licence {
    /// Name, who pays, clause: none before it is recorded.
    pub recorded: Option<Recorded>,
    /// The days that are paid for: the first, and the last unless it goes on.
    pub days: Option<(NaiveDate, Option<NaiveDate>)>,
    /// What was said of the price of a year, oldest first; the last is in force.
    pub statements: Vec<Statement>,
    /// The factors in force by the first year they apply to.
    pub factors: BTreeMap<i32, Indexed>,
}

impl Licence {
    /// What is known of the price of a whole year before indexing.
    #[must_use]
    pub fn base_price(&self) -> Assessment {
        self.statements.last().map(|statement| statement.amount).unwrap_or_default()
    }

    /// The factors that apply to `year`, oldest first.
    pub fn factors_for(&self, year: i32) -> impl Iterator<Item = &Indexed> {
        self.factors.range(..=year).map(|(_, indexed)| indexed)
    }

    /// The price of a whole `year`: the base times all its factors, rounded once, to the nearest øre, half away from zero.
    #[must_use]
    pub fn price_for(&self, year: i32) -> Option<Range> {
        let factor: Decimal = self.factors_for(year).map(|indexed| indexed.factor).product();
        self.base_price().range().map(|base| base.map(|amount| Ore::rounded(amount.decimal() * factor)))
    }

    /// The days of `year` that are paid for.
    #[must_use]
    pub fn paid_days(&self, year: i32) -> Option<Period> {
        let (starts, ends) = self.days?;
        let year = Period::year(year);
        Period::between(year.first.max(starts), ends.map_or(year.last, |ends| ends.min(year.last)))
    }
}

/// Why a wish about a licence is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum LicenceRejection {
    /// It is not recorded.
    NotRecorded,
    /// It is recorded with other content.
    AlreadyRecorded {
        /// The name it has.
        name: String,
    },
    /// The name is empty or too long.
    NameMissing,
    /// The reference, source or vintage is empty or too long.
    ReferenceMissing,
    /// It would end before it starts.
    EndsBeforeStart {
        /// The first day.
        starts: NaiveDate,
        /// The last day.
        ends: NaiveDate,
    },
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
    /// The price follows no index.
    NoIndexClause,
    /// The clause starts later than the year.
    BeforeIndexClause {
        /// The first year whose price is indexed.
        first_year: i32,
        /// The year.
        year: i32,
    },
    /// The factor is not between 0.1 and 10.
    FactorImpossible {
        /// The factor.
        #[serde(with = "rust_decimal::serde::str")]
        factor: Decimal,
    },
    /// The statement of the price is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
}
