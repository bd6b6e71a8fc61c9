//! One-time costs (engangskostnad): conversion, training, integration, the project itself.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Statement, StatementRejection, next_statement};
use super::calendar::YEARS_TAKEN;
use super::identity::{AssessmentId, CostId, GrantId, PartyId, ProcurementId, SharingKeyId};
use super::money::{AMOUNT_ORE_MAX, Ore, vat_percent_is_possible};
use super::supplier_invoice::{
    SupplierInvoice, SupplierInvoiceRejection, next_supplier_invoice, with_supplier_invoice,
};
use super::text_is_sound;
use crate::decider::Decider;

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

impl Distribution {
    /// Whether all that share costs pay, and not one alone.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Key { .. })
    }
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

/// A grant takes nothing off any more: it was taken back, or turned out to be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantWithdrawn {
    /// The grant's id.
    pub grant: GrantId,
    /// Why: the decision or the letter.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// A grant that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct WithdrawnGrant {
    /// The grant as it was given.
    pub granted: Granted,
    /// Why it was withdrawn, and when.
    pub withdrawn: GrantWithdrawn,
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
    /// A grant takes nothing off any more.
    GrantWithdrawn(GrantWithdrawn),
    /// The supplier invoiced it.
    SupplierInvoiced(SupplierInvoice),
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
    /// Withdraw a grant. One that becomes another is withdrawn, and the other is recorded.
    WithdrawGrant { grant: GrantId, reason: String, on: NaiveDate },
    /// Record the supplier's invoice; its file must be in the archive.
    RecordSupplierInvoice { supplier_invoice: SupplierInvoice },
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
    /// The grants that take nothing off any more, in the order in which they were withdrawn.
    pub withdrawn_grants: Vec<WithdrawnGrant>,
    /// The supplier's invoices for it, by their order.
    pub supplier_invoices: Vec<SupplierInvoice>,
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

    fn record(&self, wished: Recorded) -> Result<Vec<CostEvent>, CostRejection> {
        match &self.recorded {
            Some(recorded) if *recorded == wished => return Ok(vec![]),
            Some(recorded) => return Err(CostRejection::AlreadyRecorded { name: recorded.name.clone() }),
            None => {}
        }
        if !text_is_sound(&wished.name) {
            return Err(CostRejection::NameMissing);
        }
        check_year(wished.year)?;
        if !vat_percent_is_possible(wished.vat_percent) {
            return Err(CostRejection::VatPercentImpossible { vat_percent: wished.vat_percent });
        }
        Ok(vec![CostEvent::Recorded(wished)])
    }

    /// A statement may be less sure than the one before: a contract can fall.
    fn assess(
        &self,
        assessment: AssessmentId,
        amount: Assessment,
        on: NaiveDate,
        source: &str,
    ) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        let statement = next_statement(&self.statements, assessment, amount, on, source)?;
        if statement.is_some() {
            check_grants(self.granted(), amount)?;
        }
        Ok(statement.map(CostEvent::Assessed).into_iter().collect())
    }

    fn grant(&self, wished: Granted) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        let withdrawn = self.withdrawn_grants.iter().map(|known| &known.granted);
        if let Some(known) = self.grants.iter().chain(withdrawn).find(|known| known.grant == wished.grant) {
            return if *known == wished { Ok(vec![]) } else { Err(CostRejection::GrantIdReused) };
        }
        if !text_is_sound(&wished.from) {
            return Err(CostRejection::NameMissing);
        }
        check_reference(&wished.reference)?;
        let amount_ore = wished.amount_ore;
        if amount_ore <= Ore::ZERO {
            return Err(CostRejection::GrantNotPositive { amount_ore });
        }
        if amount_ore.0 > AMOUNT_ORE_MAX {
            return Err(StatementRejection::AmountTooLarge { amount_ore }.into());
        }
        check_grants(self.granted() + amount_ore, self.amount())?;
        Ok(vec![CostEvent::Granted(wished)])
    }

    fn withdraw_grant(&self, wished: GrantWithdrawn) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        if let Some(known) = self.withdrawn_grants.iter().find(|known| known.withdrawn.grant == wished.grant) {
            let on = known.withdrawn.on;
            return if known.withdrawn == wished {
                Ok(vec![])
            } else {
                Err(CostRejection::GrantAlreadyWithdrawn { on })
            };
        }
        let known = self.grants.iter().find(|known| known.grant == wished.grant);
        let granted = known.ok_or(CostRejection::GrantNotRecorded)?;
        if !text_is_sound(&wished.reason) {
            return Err(CostRejection::ReasonMissing);
        }
        if wished.on < granted.on {
            return Err(CostRejection::WithdrawnBeforeGranted { granted_on: granted.on, on: wished.on });
        }
        Ok(vec![CostEvent::GrantWithdrawn(wished)])
    }

    fn record_supplier_invoice(&self, wished: SupplierInvoice) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        let invoice = next_supplier_invoice(&self.supplier_invoices, wished, false)?;
        Ok(invoice.map(CostEvent::SupplierInvoiced).into_iter().collect())
    }

    fn move_to(&self, to_year: i32, reference: &str, on: NaiveDate) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        if to_year == self.year {
            return Ok(vec![]);
        }
        check_year(to_year)?;
        check_reference(reference)?;
        check_day(self.moves.last().map(|moved| moved.on).or_else(|| self.recorded_on()), on)?;
        Ok(vec![CostEvent::Moved(Moved { from_year: self.year, to_year, reference: reference.to_owned(), on })])
    }

    fn cancel(&self, on: NaiveDate, reference: &str) -> Result<Vec<CostEvent>, CostRejection> {
        if self.cancelled_on == Some(on) {
            return Ok(vec![]);
        }
        self.check_alive()?;
        check_reference(reference)?;
        check_day(self.known_on(), on)?;
        Ok(vec![CostEvent::Cancelled(Cancelled { on, reference: reference.to_owned() })])
    }

    fn recorded_on(&self) -> Option<NaiveDate> {
        self.recorded.as_ref().map(|recorded| recorded.on)
    }

    /// The last day of which something is known of it. The day of a grant is that of its letter, which may be older.
    fn known_on(&self) -> Option<NaiveDate> {
        let statements = self.statements.iter().map(|statement| statement.on);
        let grants = self.grants.iter().map(|granted| granted.on);
        let withdrawn = self.withdrawn_grants.iter().map(|grant| grant.withdrawn.on);
        let moves = self.moves.iter().map(|moved| moved.on);
        self.recorded_on().into_iter().chain(statements).chain(grants).chain(withdrawn).chain(moves).max()
    }

    /// Whether it is recorded and not cancelled.
    fn check_alive(&self) -> Result<(), CostRejection> {
        match (&self.recorded, self.cancelled_on) {
            (None, _) => Err(CostRejection::NotRecorded),
            (Some(_), Some(on)) => Err(CostRejection::AlreadyCancelled { on }),
            (Some(_), None) => Ok(()),
        }
    }
}

fn check_year(year: i32) -> Result<(), CostRejection> {
    if YEARS_TAKEN.contains(&year) { Ok(()) } else { Err(CostRejection::YearNotTaken { year }) }
}

fn check_day(known_on: Option<NaiveDate>, on: NaiveDate) -> Result<(), CostRejection> {
    match known_on.filter(|known_on| on < *known_on) {
        Some(known_on) => Err(CostRejection::DayBeforeKnown { known_on, on }),
        None => Ok(()),
    }
}

fn check_reference(reference: &str) -> Result<(), CostRejection> {
    if text_is_sound(reference) { Ok(()) } else { Err(CostRejection::ReferenceMissing) }
}

/// Grants may be promised while nobody knows the amount, but never exceed what is known, be it the most of an estimate.
fn check_grants(granted_ore: Ore, amount: Assessment) -> Result<(), CostRejection> {
    match amount.range() {
        Some(range) if granted_ore > range.high_ore => {
            Err(CostRejection::GrantsExceedAmount { granted_ore, amount_ore: range.high_ore })
        }
        Some(_) | None => Ok(()),
    }
}

impl Decider for Cost {
    type Command = CostCommand;
    type Event = CostEvent;
    type Rejection = CostRejection;

    fn decide(&self, command: &CostCommand) -> Result<Vec<CostEvent>, CostRejection> {
        match command.clone() {
            CostCommand::Record { cost, procurement, name, kind, year, distribution, vat_percent, on } => {
                self.record(Recorded { cost, procurement, name, kind, year, distribution, vat_percent, on })
            }
            CostCommand::Assess { assessment, amount, on, source } => self.assess(assessment, amount, on, &source),
            CostCommand::Grant { grant, from, amount_ore, reference, on } => {
                self.grant(Granted { grant, from, amount_ore, reference, on })
            }
            CostCommand::WithdrawGrant { grant, reason, on } => {
                self.withdraw_grant(GrantWithdrawn { grant, reason, on })
            }
            CostCommand::RecordSupplierInvoice { supplier_invoice } => self.record_supplier_invoice(supplier_invoice),
            CostCommand::Move { to_year, reference, on } => self.move_to(to_year, &reference, on),
            CostCommand::Cancel { on, reference } => self.cancel(on, &reference),
        }
    }

    fn evolve(mut self, event: &CostEvent) -> Self {
        match event {
            CostEvent::Recorded(recorded) => {
                self.year = recorded.year;
                self.recorded = Some(recorded.clone());
            }
            CostEvent::Assessed(statement) => self.statements.push(statement.clone()),
            CostEvent::Granted(granted) => self.grants.push(granted.clone()),
            CostEvent::GrantWithdrawn(withdrawn) => {
                let of_grant = self.grants.extract_if(.., |granted| granted.grant == withdrawn.grant);
                let withdrawn = of_grant.map(|granted| WithdrawnGrant { granted, withdrawn: withdrawn.clone() });
                self.withdrawn_grants.extend(withdrawn);
            }
            CostEvent::SupplierInvoiced(invoice) => with_supplier_invoice(&mut self.supplier_invoices, invoice),
            CostEvent::Moved(moved) => {
                self.year = moved.to_year;
                self.moves.push(moved.clone());
            }
            CostEvent::Cancelled(cancelled) => self.cancelled_on = Some(cancelled.on),
        }
        self
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
    /// The grants would take off more than the amount, or than the most of an estimate.
    GrantsExceedAmount {
        /// All grants together.
        granted_ore: Ore,
        /// The amount.
        amount_ore: Ore,
    },
    /// There is no grant of that id.
    GrantNotRecorded,
    /// The grant was withdrawn otherwise.
    GrantAlreadyWithdrawn {
        /// The day.
        on: NaiveDate,
    },
    /// The grant would be withdrawn before it was given.
    WithdrawnBeforeGranted {
        /// The day of the grant.
        granted_on: NaiveDate,
        /// The day it would be withdrawn.
        on: NaiveDate,
    },
    /// The reason is empty or too long.
    ReasonMissing,
    /// It would be moved or cancelled before what has happened to it.
    DayBeforeKnown {
        /// The day of what has happened.
        known_on: NaiveDate,
        /// The day of the move or the cancellation.
        on: NaiveDate,
    },
    /// The grant's id was used for another grant.
    GrantIdReused,
    /// The statement of the amount is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
    /// The supplier's invoice is at fault.
    #[serde(untagged)]
    SupplierInvoice(SupplierInvoiceRejection),
}

impl From<SupplierInvoiceRejection> for CostRejection {
    fn from(rejection: SupplierInvoiceRejection) -> Self {
        Self::SupplierInvoice(rejection)
    }
}

impl From<StatementRejection> for CostRejection {
    fn from(rejection: StatementRejection) -> Self {
        Self::Statement(rejection)
    }
}
