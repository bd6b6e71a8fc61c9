//! Invoice runs (fakturakjøring): plan completely, let a person look, execute without choices.

mod plan;
mod rejection;
mod soundness;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{InvoiceId, InvoiceRunId, PersonId};
use super::text_is_sound;
use crate::decider::Decider;

pub use plan::{
    ATTACHMENTS_MAX, GROUNDS_MAX, Ground, InvoiceLanguage, InvoiceLine, InvoiceParty, InvoicePer, InvoicePlan,
    InvoicedBefore, Issuer, LINES_MAX, PARTICIPANTS_MAX, PlannedInvoice, SetAside, Share, VatSubtotal, vat_subtotals,
};
pub use rejection::InvoiceRunRejection;

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
    Planned(Box<Planned>),
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
    /// Approve it; `grounds` and `shares` are those that hold now, looked up by the caller.
    Approve { role: String, person: PersonId, grounds: Vec<Ground>, shares: Vec<Share>, on: NaiveDate },
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
                Ok(vec![InvoiceRunEvent::Planned(Box::new(wished))])
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

    fn approve(
        &self,
        wished: Approved,
        grounds: &[Ground],
        shares: &[Share],
    ) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(planned) => {
                if !text_is_sound(&wished.role) {
                    return Err(InvoiceRunRejection::RoleMissing);
                }
                planned.plan.check_still_holds(grounds, shares)?;
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
            InvoiceRunCommand::Approve { role, person, grounds, shares, on } => {
                self.approve(Approved { role: role.clone(), person: *person, on: *on }, grounds, shares)
            }
            InvoiceRunCommand::Discard { on } => self.discard(*on),
            InvoiceRunCommand::Complete { issued, on } => self.complete(issued, *on),
        }
    }

    fn evolve(self, event: &InvoiceRunEvent) -> Self {
        match (event, self) {
            (InvoiceRunEvent::Planned(planned), Self::Absent) => Self::Planned(planned.as_ref().clone()),
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
