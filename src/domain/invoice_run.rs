//! Invoice runs (fakturakjøring): plan completely, let a person look, execute without choices.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{AgreementId, AssessmentId, CostId, InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId};
use super::money::Ore;

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceLine {
    /// The cost it is a share of.
    pub cost: CostId,
    /// What it is for, in the words that will be printed.
    pub text: String,
    /// How the share came about, in the words that will be printed.
    pub explanation: String,
    /// The share excluding VAT.
    pub net_ore: Ore,
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
}

/// VAT of all lines with one rate: computed once on their sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VatSubtotal {
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// The sum of the lines excluding VAT.
    pub net_ore: Ore,
    /// VAT on that sum, the nearest øre, half away from zero.
    pub vat_ore: Ore,
}

/// One party of an invoice as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceParty {
    /// Who.
    pub party: PartyId,
    /// The name on the day of the plan.
    pub name: String,
    /// The organisation number.
    pub organisation_number: String,
    /// The municipality or county number on the day of the plan, where there is one.
    pub number: Option<String>,
}

/// An invoice as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedInvoice {
    /// Its id.
    pub invoice: InvoiceId,
    /// The agreement it rests on, where there is one.
    pub agreement: Option<AgreementId>,
    /// Who pays.
    pub recipient: InvoiceParty,
    /// The reference the recipient wants.
    pub buyer_reference: Option<String>,
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// VAT by rate.
    pub vat: Vec<VatSubtotal>,
    /// The sum excluding VAT.
    pub net_ore: Ore,
    /// The VAT.
    pub vat_ore: Ore,
    /// What is to be paid.
    pub total_ore: Ore,
}

/// A participant that gets no invoice in this run, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// The party.
    pub party: PartyId,
    /// What it lacks.
    pub reason: String,
}

/// What the plan rests on: a changed ground makes the plan stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The cost.
    pub cost: CostId,
    /// The statement of its amount that was in force.
    pub assessment: AssessmentId,
    /// The amount to share, grants taken off, excluding VAT.
    pub amount_ore: Ore,
}

/// A whole run, planned so completely that no choice is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoicePlan {
    /// The procurement.
    pub procurement: ProcurementId,
    /// Who issues.
    pub issuer: InvoiceParty,
    /// The account to pay to (eleven digits, MOD11).
    pub account_number: String,
    /// The date on the invoices.
    pub invoice_date: NaiveDate,
    /// The day by which they are to be paid.
    pub due_date: NaiveDate,
    /// What is shared.
    pub grounds: Vec<Ground>,
    /// The invoices, by recipient number.
    pub invoices: Vec<PlannedInvoice>,
    /// Who is left out, and why.
    pub set_aside: Vec<SetAside>,
}

impl InvoicePlan {
    /// The sum of all invoices excluding VAT.
    #[must_use]
    pub fn net(&self) -> Ore {
        self.invoices.iter().map(|invoice| invoice.net_ore).sum()
    }

    /// The sum of all invoices.
    #[must_use]
    pub fn total(&self) -> Ore {
        self.invoices.iter().map(|invoice| invoice.total_ore).sum()
    }
}

/// The run was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its id.
    pub run: InvoiceRunId,
    /// The plan.
    pub plan: InvoicePlan,
    /// The day.
    pub on: NaiveDate,
}

/// A person approved the plan as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// The role of who approved.
    pub role: String,
    /// Who approved, by id alone.
    pub person: PersonId,
    /// The day.
    pub on: NaiveDate,
}

/// The plan will not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discarded {
    /// The day.
    pub on: NaiveDate,
}

/// All its invoices are issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Completed {
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceRunEvent {
    /// It was planned.
    Planned(Planned),
    /// It was approved.
    Approved(Approved),
    /// It was discarded.
    Discarded(Discarded),
    /// It is done.
    Completed(Completed),
}

/// What can be wished of a run. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum InvoiceRunCommand {
    /// Store the plan.
    Plan { run: InvoiceRunId, plan: InvoicePlan, on: NaiveDate },
    /// Approve it; `grounds` are those that hold now, looked up by the caller.
    Approve { role: String, person: PersonId, grounds: Vec<Ground>, on: NaiveDate },
    /// Discard it.
    Discard { on: NaiveDate },
    /// Record that all its invoices are issued; `issued` are those that are, looked up by the caller.
    Complete { issued: Vec<InvoiceId>, on: NaiveDate },
}

/// A run as its events have made it. The default is one that is not planned yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum InvoiceRun {
    /// Not planned yet.
    #[default]
    Absent,
    /// Waiting for a person.
    Planned(Planned),
    /// To be carried out.
    Approved(Planned, Approved),
    /// Not to be carried out.
    Discarded(Planned, Discarded),
    /// Carried out.
    Completed(Planned, Approved, Completed),
}

/// Why a wish about a run is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum InvoiceRunRejection {
    /// It is not planned.
    NotPlanned,
    /// It is planned with other content.
    AlreadyPlanned,
    /// There is nothing to invoice.
    NothingToInvoice,
    /// The invoices' sums do not add up to what they rest on.
    DoesNotAddUp {
        /// What is shared.
        grounds_ore: Ore,
        /// What the invoices and those set aside come to.
        invoices_ore: Ore,
    },
    /// It is due before it is dated.
    DueBeforeDate {
        /// The date.
        invoice_date: NaiveDate,
        /// The due date.
        due_date: NaiveDate,
    },
    /// What it rests on has changed since.
    GroundsChanged {
        /// The costs that changed.
        costs: Vec<CostId>,
    },
    /// It is approved already.
    AlreadyApproved {
        /// The role of who approved.
        role: String,
        /// The day.
        on: NaiveDate,
    },
    /// It is not approved.
    NotApproved,
    /// It is discarded.
    AlreadyDiscarded {
        /// The day.
        on: NaiveDate,
    },
    /// Some of its invoices are not issued.
    NotAllIssued {
        /// How many are missing.
        missing_count: usize,
    },
    /// The role is empty or too long.
    RoleMissing,
}
