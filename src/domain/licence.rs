//! Yearly licences (årlig lisens): a price a year with a start, an end and an index clause.
//!
//! An indexed price is always the unrounded base times the whole chain of factors, so that rounding never compounds.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Certainty, Range, Statement, StatementRejection, next_statement};
use super::calendar::{Period, YEARS_TAKEN};
use super::cost::Distribution;
use super::identity::{AssessmentId, LicenceId, ProcurementId};
use super::money::{AMOUNT_ORE_MAX, Ore, vat_percent_is_possible};
use super::supplier_invoice::{
    SupplierInvoice, SupplierInvoiceRejection, next_supplier_invoice, with_supplier_invoice,
};
use super::text_is_sound;
use crate::decider::Decider;

/// The most decimals of a factor.
const FACTOR_DECIMALS_MAX: u32 = 8;

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

/// How sure a factor is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexCertainty {
    /// It is expected: the index of the year is not published.
    #[default]
    Forecast,
    /// The index is published.
    Published,
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
    /// Whether it is a forecast.
    pub certainty: IndexCertainty,
    /// The day it was recorded.
    pub on: NaiveDate,
}

/// What one year of it came to is known: the price of the whole year, in that year alone, its index factors in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameTo {
    /// The year.
    pub year: i32,
    /// The actual amount, in place of what was said of the year before.
    pub statement: Statement,
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
    /// What a year came to is known.
    CameTo(CameTo),
    /// The supplier invoiced it for certain days.
    SupplierInvoiced(SupplierInvoice),
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
    /// State what a year came to: the price of the whole year, also where fewer days of it are paid for.
    StateActual { year: i32, assessment: AssessmentId, amount_ore: Ore, on: NaiveDate, source: String },
    /// State the price of a year, as long as no year has come to anything.
    Price { assessment: AssessmentId, price: Assessment, on: NaiveDate, source: String },
    /// Apply a factor from a year on; for a year that has one already the new one replaces it.
    Index {
        year: i32,
        #[schema(value_type = String)]
        factor: Decimal,
        source: String,
        vintage: String,
        /// A forecast where nothing is said.
        #[serde(default)]
        certainty: IndexCertainty,
        on: NaiveDate,
    },
    /// Record the supplier's invoice; its file must be in the archive.
    RecordSupplierInvoice { supplier_invoice: SupplierInvoice },
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
    /// What years have come to.
    pub actuals: BTreeMap<i32, Statement>,
    /// The supplier's invoices for it, by their order.
    pub supplier_invoices: Vec<SupplierInvoice>,
}

impl Licence {
    /// What is known of the price of a whole year before indexing.
    #[must_use]
    pub fn base_price(&self) -> Assessment {
        self.statements.last().map(|statement| statement.amount).unwrap_or_default()
    }

    /// What was said of the price of `year`, oldest first: what it came to is the last.
    pub fn statements_for(&self, year: i32) -> impl Iterator<Item = &Statement> {
        self.statements.iter().chain(self.actuals.get(&year))
    }

    /// What is known of the price of a whole `year` before indexing, or what it came to.
    #[must_use]
    pub fn price_known(&self, year: i32) -> Assessment {
        self.actuals.get(&year).map_or_else(|| self.base_price(), |actual| actual.amount)
    }

    /// How sure the price of a whole `year` is: as long as it awaits an index, no more than estimated.
    #[must_use]
    pub fn certainty_for(&self, year: i32) -> Certainty {
        let certainty = self.price_known(year).certainty();
        if self.awaits_index(year) { certainty.min(Certainty::Estimated) } else { certainty }
    }

    /// Whether the price of `year` follows an index of which a factor until then is a forecast, or is not recorded. What it came to
    /// awaits none.
    #[must_use]
    pub fn awaits_index(&self, year: i32) -> bool {
        let clause = self.recorded.as_ref().and_then(|recorded| recorded.index_clause.as_ref());
        let is_published =
            |year| self.factors.get(&year).is_some_and(|factor| factor.certainty == IndexCertainty::Published);
        !self.actuals.contains_key(&year) && clause.is_some_and(|clause| !(clause.first_year..=year).all(is_published))
    }

    /// The factors that apply to `year`, oldest first. What it came to has them in it.
    pub fn factors_for(&self, year: i32) -> impl Iterator<Item = &Indexed> {
        let is_known = self.actuals.contains_key(&year);
        self.factors.range(..=year).filter(move |_| !is_known).map(|(_, indexed)| indexed)
    }

    /// The price of a whole `year`: the base times all its factors, rounded once, to the nearest øre, half away from zero.
    /// None where it is unknown, or above the largest amount taken.
    #[must_use]
    pub fn price_for(&self, year: i32) -> Option<Range> {
        indexed_price(self.price_known(year), self.factors_for(year).map(|indexed| indexed.factor))
    }

    /// The days of `year` that are paid for.
    #[must_use]
    pub fn paid_days(&self, year: i32) -> Option<Period> {
        let (starts, ends) = self.days?;
        let year = Period::year(year);
        Period::between(year.first.max(starts), ends.map_or(year.last, |ends| ends.min(year.last)))
    }

    fn record(&self, wished: Recorded) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        match &self.recorded {
            Some(recorded) if *recorded == wished => return Ok(vec![]),
            Some(recorded) => return Err(LicenceRejection::AlreadyRecorded { name: recorded.name.clone() }),
            None => {}
        }
        if !text_is_sound(&wished.name) {
            return Err(LicenceRejection::NameMissing);
        }
        check_days(wished.starts, wished.ends)?;
        if let Some(clause) = &wished.index_clause {
            check_reference(&clause.index)?;
            check_year(clause.first_year)?;
        }
        if !vat_percent_is_possible(wished.vat_percent) {
            return Err(LicenceRejection::VatPercentImpossible { vat_percent: wished.vat_percent });
        }
        Ok(vec![LicenceEvent::Recorded(wished)])
    }

    /// A statement may be less sure than the one before: a contract can fall.
    fn price(
        &self,
        assessment: AssessmentId,
        price: Assessment,
        on: NaiveDate,
        source: &str,
    ) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        self.known()?;
        if matches!(price, Assessment::Actual { .. }) {
            return Err(LicenceRejection::ActualOfNoYear);
        }
        let statement = next_statement(&self.statements, assessment, price, on, source)?;
        check_prices(price, &self.factors)?;
        Ok(statement.map(LicenceEvent::Priced).into_iter().collect())
    }

    /// One year alone has come to it: another year may be dearer, and is not known before it has begun.
    fn state_actual(
        &self,
        year: i32,
        (assessment, amount_ore): (AssessmentId, Ore),
        on: NaiveDate,
        source: &str,
    ) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        self.known()?;
        check_year(year)?;
        let paid = self.paid_days(year).ok_or(LicenceRejection::YearNotPaidFor { year })?;
        if on < paid.first {
            return Err(LicenceRejection::YearNotBegun { year, first: paid.first, on });
        }
        let history: Vec<Statement> = self.statements_for(year).cloned().collect();
        let statement = next_statement(&history, assessment, Assessment::Actual { amount_ore }, on, source)?;
        Ok(statement.map(|statement| LicenceEvent::CameTo(CameTo { year, statement })).into_iter().collect())
    }

    fn index(&self, wished: Indexed) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        let year = wished.year;
        let clause = self.known()?.index_clause.as_ref().ok_or(LicenceRejection::NoIndexClause)?;
        check_year(year)?;
        if year < clause.first_year {
            return Err(LicenceRejection::BeforeIndexClause { first_year: clause.first_year, year });
        }
        check_factor(wished.factor)?;
        check_reference(&wished.source)?;
        check_reference(&wished.vintage)?;
        if let Some(stands) = self.factors.get(&year) {
            if *stands == wished {
                return Ok(vec![]);
            }
            check_replaces(stands, &wished)?;
        }
        let mut factors = self.factors.clone();
        factors.insert(year, wished.clone());
        check_prices(self.base_price(), &factors)?;
        Ok(vec![LicenceEvent::Indexed(wished)])
    }

    fn record_supplier_invoice(&self, wished: SupplierInvoice) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        self.known()?;
        let invoice = next_supplier_invoice(&self.supplier_invoices, wished, true)?;
        Ok(invoice.map(LicenceEvent::SupplierInvoiced).into_iter().collect())
    }

    fn reschedule(&self, wished: Rescheduled) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        self.known()?;
        if self.days == Some((wished.starts, wished.ends)) {
            return Ok(vec![]);
        }
        check_days(wished.starts, wished.ends)?;
        check_reference(&wished.reference)?;
        Ok(vec![LicenceEvent::Rescheduled(wished)])
    }

    fn known(&self) -> Result<&Recorded, LicenceRejection> {
        self.recorded.as_ref().ok_or(LicenceRejection::NotRecorded)
    }
}

/// The base times the factors, rounded once; none where it is unknown, or above the largest amount taken.
fn indexed_price(base: Assessment, mut factors: impl Iterator<Item = Decimal>) -> Option<Range> {
    let base = base.range()?;
    let factor = factors.try_fold(Decimal::ONE, Decimal::checked_mul)?;
    let largest = Decimal::from(AMOUNT_ORE_MAX);
    let highest = base.high_ore.decimal().checked_mul(factor).filter(|highest| *highest <= largest);
    highest.map(|_| base.map(|amount| Ore::rounded(amount.decimal() * factor)))
}

/// No year's price is above the largest amount taken, whichever came first, the price or the factors.
fn check_prices(base: Assessment, factors: &BTreeMap<i32, Indexed>) -> Result<(), LicenceRejection> {
    if base.range().is_none() {
        return Ok(());
    }
    let until = |year: i32| factors.range(..=year).map(|(_, indexed)| indexed.factor);
    match factors.keys().find(|year| indexed_price(base, until(**year)).is_none()) {
        Some(year) => Err(LicenceRejection::IndexedPriceTooLarge { year: *year }),
        None => Ok(()),
    }
}

fn check_days(starts: NaiveDate, ends: Option<NaiveDate>) -> Result<(), LicenceRejection> {
    check_year(starts.year())?;
    match ends {
        Some(ends) if ends < starts => Err(LicenceRejection::EndsBeforeStart { starts, ends }),
        Some(ends) => check_year(ends.year()),
        None => Ok(()),
    }
}

fn check_year(year: i32) -> Result<(), LicenceRejection> {
    if YEARS_TAKEN.contains(&year) { Ok(()) } else { Err(LicenceRejection::YearNotTaken { year }) }
}

fn check_reference(text: &str) -> Result<(), LicenceRejection> {
    if text_is_sound(text) { Ok(()) } else { Err(LicenceRejection::ReferenceMissing) }
}

/// What is published is not forecast again, and what is said later stands.
fn check_replaces(stands: &Indexed, wished: &Indexed) -> Result<(), LicenceRejection> {
    let (year, known_on, on) = (wished.year, stands.on, wished.on);
    if on < known_on {
        return Err(LicenceRejection::FactorOlder { year, known_on, on });
    }
    if stands.certainty == IndexCertainty::Published && wished.certainty == IndexCertainty::Forecast {
        return Err(LicenceRejection::IndexPublished { year, known_on });
    }
    Ok(())
}

fn check_factor(factor: Decimal) -> Result<(), LicenceRejection> {
    let possible = Decimal::new(1, 1)..=Decimal::TEN;
    if possible.contains(&factor) && factor.normalize().scale() <= FACTOR_DECIMALS_MAX {
        Ok(())
    } else {
        Err(LicenceRejection::FactorImpossible { factor })
    }
}

impl Decider for Licence {
    type Command = LicenceCommand;
    type Event = LicenceEvent;
    type Rejection = LicenceRejection;

    fn decide(&self, command: &LicenceCommand) -> Result<Vec<LicenceEvent>, LicenceRejection> {
        match command.clone() {
            LicenceCommand::Record {
                licence,
                procurement,
                name,
                starts,
                ends,
                distribution,
                vat_percent,
                index_clause,
                on,
            } => self.record(Recorded {
                licence,
                procurement,
                name,
                starts,
                ends,
                distribution,
                vat_percent,
                index_clause,
                on,
            }),
            LicenceCommand::Price { assessment, price, on, source } => self.price(assessment, price, on, &source),
            LicenceCommand::StateActual { year, assessment, amount_ore, on, source } => {
                self.state_actual(year, (assessment, amount_ore), on, &source)
            }
            LicenceCommand::Index { year, factor, source, vintage, certainty, on } => {
                self.index(Indexed { year, factor, source, vintage, certainty, on })
            }
            LicenceCommand::RecordSupplierInvoice { supplier_invoice } => {
                self.record_supplier_invoice(supplier_invoice)
            }
            LicenceCommand::Reschedule { starts, ends, reference, on } => {
                self.reschedule(Rescheduled { starts, ends, reference, on })
            }
        }
    }

    fn evolve(mut self, event: &LicenceEvent) -> Self {
        match event {
            LicenceEvent::Recorded(recorded) => {
                self.days = Some((recorded.starts, recorded.ends));
                self.recorded = Some(recorded.clone());
            }
            LicenceEvent::Priced(statement) => self.statements.push(statement.clone()),
            LicenceEvent::Indexed(indexed) => {
                self.factors.insert(indexed.year, indexed.clone());
            }
            LicenceEvent::CameTo(CameTo { year, statement }) => {
                self.actuals.insert(*year, statement.clone());
            }
            LicenceEvent::SupplierInvoiced(invoice) => with_supplier_invoice(&mut self.supplier_invoices, invoice),
            LicenceEvent::Rescheduled(rescheduled) => self.days = Some((rescheduled.starts, rescheduled.ends)),
        }
        self
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
    /// An actual amount was stated as the price of every year.
    ActualOfNoYear,
    /// No day of the year is paid for.
    YearNotPaidFor {
        /// The year.
        year: i32,
    },
    /// The year has not begun.
    YearNotBegun {
        /// The year.
        year: i32,
        /// The first day of it that is paid for.
        first: NaiveDate,
        /// The day of the statement.
        on: NaiveDate,
    },
    /// VAT is below 0 or above 100 percent.
    VatPercentImpossible {
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// The price follows no index.
    NoIndexClause,
    /// The factor of the year was stated on a later day.
    FactorOlder {
        /// The year.
        year: i32,
        /// The day of the factor that stands.
        known_on: NaiveDate,
        /// The day of the new one.
        on: NaiveDate,
    },
    /// The factor of the year is published, and would be replaced by a forecast.
    IndexPublished {
        /// The year.
        year: i32,
        /// The day it was recorded.
        known_on: NaiveDate,
    },
    /// The clause starts later than the year.
    BeforeIndexClause {
        /// The first year whose price is indexed.
        first_year: i32,
        /// The year.
        year: i32,
    },
    /// The factor is not between 0.1 and 10, or has more than eight decimals.
    FactorImpossible {
        /// The factor.
        #[serde(with = "rust_decimal::serde::str")]
        factor: Decimal,
    },
    /// The price of a year, times its factors, would be above the largest amount taken.
    IndexedPriceTooLarge {
        /// The first such year.
        year: i32,
    },
    /// The statement of the price is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
    /// The supplier's invoice is at fault.
    #[serde(untagged)]
    SupplierInvoice(SupplierInvoiceRejection),
}

impl From<SupplierInvoiceRejection> for LicenceRejection {
    fn from(rejection: SupplierInvoiceRejection) -> Self {
        Self::SupplierInvoice(rejection)
    }
}

impl From<StatementRejection> for LicenceRejection {
    fn from(rejection: StatementRejection) -> Self {
        Self::Statement(rejection)
    }
}
