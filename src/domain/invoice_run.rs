//! Invoice runs (fakturakjøring): plan completely, let a person look, execute without choices.

mod soundness;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{AgreementId, AssessmentId, CostId, InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId};
use super::money::Ore;
use super::text_is_sound;
use crate::decider::Decider;

/// The most participants of a run, invoiced or set aside.
pub const PARTICIPANTS_MAX: usize = 5_000;
/// The most lines of an invoice.
pub const LINES_MAX: usize = 100;
/// The most costs shared by a run: each may give a line.
pub const GROUNDS_MAX: usize = LINES_MAX;

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
    /// The cost whose share is left out.
    pub cost: CostId,
    /// What it lacks, or who invoices it instead.
    pub reason: String,
    /// Its share of the cost excluding VAT: with the lines of all invoices it comes to what is shared.
    pub net_ore: Ore,
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

impl InvoiceRun {
    fn plan(&self, wished: Planned) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => {
                soundness::check(&wished.plan)?;
                Ok(vec![InvoiceRunEvent::Planned(wished)])
            }
            Self::Planned(planned)
            | Self::Approved(planned, _)
            | Self::Discarded(planned, _)
            | Self::Completed(planned, _, _) => {
                if *planned == wished {
                    Ok(vec![])
                } else {
                    Err(InvoiceRunRejection::AlreadyPlanned)
                }
            }
        }
    }

    fn approve(&self, wished: Approved, grounds: &[Ground]) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(planned) => {
                if !text_is_sound(&wished.role) {
                    return Err(InvoiceRunRejection::RoleMissing);
                }
                let costs = soundness::changed_costs(&planned.plan.grounds, grounds);
                if !costs.is_empty() {
                    return Err(InvoiceRunRejection::GroundsChanged { costs });
                }
                Ok(vec![InvoiceRunEvent::Approved(wished)])
            }
            Self::Approved(_, approved) | Self::Completed(_, approved, _) if *approved == wished => Ok(vec![]),
            Self::Approved(_, approved) | Self::Completed(_, approved, _) => Err(already_approved(approved)),
            Self::Discarded(_, discarded) => Err(InvoiceRunRejection::AlreadyDiscarded { on: discarded.on }),
        }
    }

    /// An approved run may have numbered invoices already, so it is carried out; what is wrong is credited.
    fn discard(&self, on: NaiveDate) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(_) => Ok(vec![InvoiceRunEvent::Discarded(Discarded { on })]),
            Self::Approved(_, approved) | Self::Completed(_, approved, _) => Err(already_approved(approved)),
            Self::Discarded(_, _) => Ok(vec![]),
        }
    }

    fn complete(&self, issued: &[InvoiceId], on: NaiveDate) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(_) => Err(InvoiceRunRejection::NotApproved),
            Self::Approved(planned, _) => {
                let issued: BTreeSet<InvoiceId> = issued.iter().copied().collect();
                let invoices = &planned.plan.invoices;
                let missing_count = invoices.iter().filter(|planned| !issued.contains(&planned.invoice)).count();
                if missing_count > 0 {
                    return Err(InvoiceRunRejection::NotAllIssued { missing_count });
                }
                Ok(vec![InvoiceRunEvent::Completed(Completed { on })])
            }
            Self::Discarded(_, discarded) => Err(InvoiceRunRejection::AlreadyDiscarded { on: discarded.on }),
            Self::Completed(_, _, _) => Ok(vec![]),
        }
    }
}

fn already_approved(approved: &Approved) -> InvoiceRunRejection {
    InvoiceRunRejection::AlreadyApproved { role: approved.role.clone(), on: approved.on }
}

impl Decider for InvoiceRun {
    type Command = InvoiceRunCommand;
    type Event = InvoiceRunEvent;
    type Rejection = InvoiceRunRejection;

    fn decide(&self, command: &InvoiceRunCommand) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match command {
            InvoiceRunCommand::Plan { run, plan, on } => self.plan(Planned { run: *run, plan: plan.clone(), on: *on }),
            InvoiceRunCommand::Approve { role, person, grounds, on } => {
                self.approve(Approved { role: role.clone(), person: *person, on: *on }, grounds)
            }
            InvoiceRunCommand::Discard { on } => self.discard(*on),
            InvoiceRunCommand::Complete { issued, on } => self.complete(issued, *on),
        }
    }

    fn evolve(self, event: &InvoiceRunEvent) -> Self {
        match (event, self) {
            (InvoiceRunEvent::Planned(planned), Self::Absent) => Self::Planned(planned.clone()),
            (InvoiceRunEvent::Approved(approved), Self::Planned(planned)) => Self::Approved(planned, approved.clone()),
            (InvoiceRunEvent::Discarded(discarded), Self::Planned(planned)) => {
                Self::Discarded(planned, discarded.clone())
            }
            (InvoiceRunEvent::Completed(completed), Self::Approved(planned, approved)) => {
                Self::Completed(planned, approved, completed.clone())
            }
            (_, unmoved) => unmoved,
        }
    }
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
    /// It has too many participants.
    TooManyParticipants {
        /// How many, invoiced or set aside.
        participant_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// It shares too many costs.
    TooManyGrounds {
        /// How many.
        ground_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// An invoice has no lines, or too many.
    LineCountImpossible {
        /// Who would pay.
        recipient: String,
        /// How many lines.
        line_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// The text of a line, or how its share came about, is empty or too long.
    LineTextMissing {
        /// Who would pay.
        recipient: String,
    },
    /// VAT of a line is below 0 or above 100 percent.
    VatPercentImpossible {
        /// Who would pay.
        recipient: String,
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// An amount is above what is taken, either way.
    AmountTooLarge {
        /// The amount.
        amount_ore: Ore,
    },
    /// A party is invoiced or set aside twice.
    ParticipantRepeated {
        /// The party.
        party: PartyId,
    },
    /// Two invoices have one id.
    InvoiceIdReused {
        /// The id.
        invoice: InvoiceId,
    },
    /// A cost stands twice among what is shared.
    GroundRepeated {
        /// The cost.
        cost: CostId,
    },
    /// An invoice line is a share of a cost that the run does not rest on.
    LineWithoutGround {
        /// Who would pay.
        recipient: String,
        /// The cost.
        cost: CostId,
    },
    /// The lines of a cost do not add up to what is shared of it.
    GroundDoesNotAddUp {
        /// The cost.
        cost: CostId,
        /// What is shared.
        ground_ore: Ore,
        /// What the lines come to.
        lines_ore: Ore,
    },
    /// An invoice's sum excluding VAT is not that of its lines.
    InvoiceNetWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What the lines come to.
        computed_ore: Ore,
    },
    /// An invoice's VAT, by rate or together, is not that of its lines.
    InvoiceVatWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What the lines give.
        computed_ore: Ore,
    },
    /// An invoice's total is not its sum and its VAT.
    InvoiceTotalWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What it should be.
        computed_ore: Ore,
    },
    /// The account number is not eleven digits with a right check digit.
    AccountNumberFaulty {
        /// The number.
        account_number: String,
    },
    /// The year of the invoice date is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
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
