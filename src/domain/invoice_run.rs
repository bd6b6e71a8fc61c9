//! Invoice runs (fakturakjøring): plan completely, let the participants and a person look, execute without choices.

mod parts;
mod plan;
mod prebill;
mod rejection;
mod soundness;
mod standing;
#[cfg(test)]
mod tests;
mod timely;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId};
use super::text_is_sound;
use crate::decider::Decider;

pub use parts::PlanContinued;
pub use plan::{
    ATTACHMENTS_MAX, GROUNDS_MAX, Ground, InvoiceLanguage, InvoiceLine, InvoiceParty, InvoicePer, InvoicePlan,
    InvoicedBefore, Issuer, LINES_MAX, LeftOut, PARTICIPANTS_MAX, PlannedInvoice, SetAside, Share, VatSubtotal,
    vat_subtotals,
};
pub use prebill::{
    OBJECTIONS_MAX, Objection, ObjectionAnswered, ObjectionField, ObjectionOutcome, ObjectionRecorded, PrebillLetter,
    Prebilled, WithdrawalLetter,
};
pub use rejection::InvoiceRunRejection;
pub use standing::{Amounts, Change, Changed, Standing, Words};
pub use timely::{DATED_BACK_DAYS_MAX, is_dated_back};

/// Who did something, in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InRole {
    /// The role.
    pub role: String,
    /// The person, by id alone.
    pub person: PersonId,
}

/// The run was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its id.
    pub run: InvoiceRunId,
    /// The plan. Where it is long, further invoices follow in events of their own.
    pub plan: Arc<InvoicePlan>,
    /// Who planned it; none where that was not said.
    pub planned_by: Option<InRole>,
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

/// The invoices of the run get their numbers from now on, and it cannot be discarded any longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberingBegun {
    /// The day.
    pub on: NaiveDate,
}

/// The plan will not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discarded {
    /// The letters, one to each participant that was sent the prebill.
    pub letters: Vec<WithdrawalLetter>,
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
    /// The plan goes on.
    PlanContinued(PlanContinued),
    /// The calculation is to be sent to each participant.
    Prebilled(Prebilled),
    /// A participant objected.
    ObjectionRecorded(ObjectionRecorded),
    /// An objection was answered.
    ObjectionAnswered(ObjectionAnswered),
    /// It was approved.
    Approved(Approved),
    /// Its invoices are being numbered.
    NumberingBegun(NumberingBegun),
    /// It was discarded.
    Discarded(Discarded),
    /// It is done.
    Completed(Completed),
}

/// What approval depends on beside the run itself, looked up by the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether no run may go without a prebill.
    pub prebill_required: bool,
    /// Whether another person approves than the one who planned.
    pub two_people: bool,
    /// The participants whose letter with the prebill has not been taken yet.
    pub unsent: Vec<String>,
}

/// What can be wished of a run. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum InvoiceRunCommand {
    /// Store the plan.
    Plan { run: InvoiceRunId, plan: InvoicePlan, planned_by: Option<InRole>, on: NaiveDate },
    /// Send the calculation to each participant.
    Prebill(Prebilled),
    /// Record an objection.
    RecordObjection { party: PartyId, text: String, reference: Option<String>, on: NaiveDate },
    /// Answer an objection; `standing` is what the plan would be made of now, looked up by the caller.
    AnswerObjection { answered: ObjectionAnswered, standing: Standing },
    /// Approve it; `grounds` and `shares` are those that hold now, looked up by the caller.
    Approve { role: String, person: PersonId, standing: Standing, terms: Terms, on: NaiveDate },
    /// Discard it; `issued` are those of its invoices that are issued, looked up by the caller, as are the `letters` to those
    /// who were sent the prebill.
    Discard { issued: Vec<InvoiceId>, letters: Vec<WithdrawalLetter>, on: NaiveDate },
    /// Record that its invoices get their numbers now, before the first does: numbers stand in another stream, and what is begun
    /// here cannot be discarded at the same time.
    BeginNumbering { on: NaiveDate },
    /// Record that all its invoices are issued; `issued` are those that are, looked up by the caller.
    Complete { issued: Vec<InvoiceId>, on: NaiveDate },
}

/// A plan and what was said of it before anybody approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRun {
    /// The run.
    pub run: InvoiceRunId,
    /// The whole plan.
    pub plan: Arc<InvoicePlan>,
    /// Who planned it; none where that was not said.
    pub planned_by: Option<InRole>,
    /// The day.
    pub on: NaiveDate,
    /// The prebill; none where it was not sent.
    pub prebilled: Option<Prebilled>,
    /// The objections, in the order of their numbers.
    pub objections: Vec<Objection>,
}

impl PlannedRun {
    fn new(planned: Planned) -> Self {
        let Planned { run, plan, planned_by, on } = planned;
        Self { run, plan, planned_by, on, prebilled: None, objections: Vec::new() }
    }

    fn is_as_wished(&self, wished: &Planned) -> bool {
        let Planned { run, plan, planned_by, on } = wished;
        (self.run, self.on) == (*run, *on) && self.planned_by == *planned_by && self.plan == *plan
    }

    /// Whether another person approves than the one who planned, where that is required.
    fn check_person(&self, person: PersonId) -> Result<(), InvoiceRunRejection> {
        match &self.planned_by {
            None => Err(InvoiceRunRejection::PlannerUnknown),
            Some(by) if by.person == person => Err(InvoiceRunRejection::OwnPlan { role: by.role.clone() }),
            Some(_) => Ok(()),
        }
    }
}

/// A run as its events have made it. The default is one that is not planned yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum InvoiceRun {
    /// Not planned yet.
    #[default]
    Absent,
    /// Waiting for a person.
    Planned(PlannedRun),
    /// To be carried out.
    Approved(PlannedRun, Approved),
    /// Being carried out.
    Numbering(PlannedRun, Approved),
    /// Not to be carried out.
    Discarded(PlannedRun, Discarded),
    /// Carried out.
    Completed(PlannedRun, Approved, Completed),
}

impl InvoiceRun {
    /// The plan and what was said of it, whatever became of it; none where there is none.
    #[must_use]
    pub fn planned(&self) -> Option<&PlannedRun> {
        match self {
            Self::Absent => None,
            Self::Planned(planned)
            | Self::Approved(planned, _)
            | Self::Numbering(planned, _)
            | Self::Discarded(planned, _)
            | Self::Completed(planned, ..) => Some(planned),
        }
    }

    /// How it was approved; none where it is not.
    #[must_use]
    pub fn approved(&self) -> Option<&Approved> {
        match self {
            Self::Approved(_, approved) | Self::Numbering(_, approved) | Self::Completed(_, approved, _) => {
                Some(approved)
            }
            Self::Absent | Self::Planned(_) | Self::Discarded(..) => None,
        }
    }

    fn plan(&self, wished: Planned) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => {
                if wished.planned_by.as_ref().is_some_and(|by| !text_is_sound(&by.role)) {
                    return Err(InvoiceRunRejection::RoleMissing);
                }
                soundness::check(&wished.plan)?;
                wished.plan.check_dates(wished.on)?;
                Ok(parts::events_of(&PlannedRun::new(wished)))
            }
            Self::Planned(planned)
            | Self::Approved(planned, _)
            | Self::Numbering(planned, _)
            | Self::Discarded(planned, _)
            | Self::Completed(planned, _, _) => {
                if planned.is_as_wished(&wished) {
                    Ok(vec![])
                } else {
                    Err(InvoiceRunRejection::AlreadyPlanned)
                }
            }
        }
    }

    /// What is wished of a run as long as nobody has approved it.
    fn before_approval(&self) -> Result<&PlannedRun, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(planned) => Ok(planned),
            Self::Approved(_, approved) | Self::Numbering(_, approved) | Self::Completed(_, approved, _) => {
                Err(already_approved(approved))
            }
            Self::Discarded(_, discarded) => Err(InvoiceRunRejection::AlreadyDiscarded { on: discarded.on }),
        }
    }

    fn approve(
        &self,
        wished: Approved,
        standing: &Standing,
        terms: &Terms,
    ) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(planned) => {
                if !text_is_sound(&wished.role) {
                    return Err(InvoiceRunRejection::RoleMissing);
                }
                if terms.two_people {
                    planned.check_person(wished.person)?;
                }
                planned.plan.check_dates(wished.on)?;
                planned.check_heard(terms, wished.on)?;
                planned.plan.check_still_holds(standing)?;
                Ok(vec![InvoiceRunEvent::Approved(wished)])
            }
            Self::Approved(_, approved) | Self::Numbering(_, approved) | Self::Completed(_, approved, _) => {
                if *approved == wished { Ok(vec![]) } else { Err(already_approved(approved)) }
            }
            Self::Discarded(_, discarded) => Err(InvoiceRunRejection::AlreadyDiscarded { on: discarded.on }),
        }
    }

    /// What is numbered is credited and not discarded, and a run whose numbering has begun is carried through: the stream of the
    /// run says which of both came first. What an earlier version began is known by what is `issued` of it.
    fn discard(&self, issued: &[InvoiceId], wished: Discarded) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(_) => Ok(vec![InvoiceRunEvent::Discarded(wished)]),
            Self::Approved(..) if issued.is_empty() => Ok(vec![InvoiceRunEvent::Discarded(wished)]),
            Self::Approved(_, approved) | Self::Numbering(_, approved) | Self::Completed(_, approved, _) => {
                Err(already_approved(approved))
            }
            Self::Discarded(_, _) => Ok(vec![]),
        }
    }

    fn begin_numbering(&self, on: NaiveDate) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(_) => Err(InvoiceRunRejection::NotApproved),
            Self::Approved(..) => Ok(vec![InvoiceRunEvent::NumberingBegun(NumberingBegun { on })]),
            Self::Discarded(_, discarded) => Err(InvoiceRunRejection::AlreadyDiscarded { on: discarded.on }),
            Self::Numbering(..) | Self::Completed(..) => Ok(vec![]),
        }
    }

    fn complete(&self, issued: &[InvoiceId], on: NaiveDate) -> Result<Vec<InvoiceRunEvent>, InvoiceRunRejection> {
        match self {
            Self::Absent => Err(InvoiceRunRejection::NotPlanned),
            Self::Planned(_) => Err(InvoiceRunRejection::NotApproved),
            Self::Approved(planned, _) | Self::Numbering(planned, _) => {
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
            InvoiceRunCommand::Plan { run, plan, planned_by, on } => {
                self.plan(Planned { run: *run, plan: Arc::new(plan.clone()), planned_by: planned_by.clone(), on: *on })
            }
            InvoiceRunCommand::Prebill(wished) => self.before_approval()?.prebill(wished),
            InvoiceRunCommand::RecordObjection { party, text, reference, on } => {
                self.before_approval()?.object(*party, text, reference.as_deref(), *on)
            }
            InvoiceRunCommand::AnswerObjection { answered, standing } => {
                self.before_approval()?.answer(answered, standing)
            }
            InvoiceRunCommand::Approve { role, person, standing, terms, on } => {
                self.approve(Approved { role: role.clone(), person: *person, on: *on }, standing, terms)
            }
            InvoiceRunCommand::Discard { issued, letters, on } => {
                self.discard(issued, Discarded { letters: letters.clone(), on: *on })
            }
            InvoiceRunCommand::BeginNumbering { on } => self.begin_numbering(*on),
            InvoiceRunCommand::Complete { issued, on } => self.complete(issued, *on),
        }
    }

    fn evolve(self, event: &InvoiceRunEvent) -> Self {
        match (event, self) {
            (InvoiceRunEvent::Planned(planned), Self::Absent) => {
                Self::Planned(PlannedRun::new(planned.as_ref().clone()))
            }
            (InvoiceRunEvent::PlanContinued(more), Self::Planned(mut planned)) => {
                let plan = Arc::make_mut(&mut planned.plan);
                plan.invoices.extend(more.invoices.iter().cloned());
                plan.set_aside.extend(more.set_aside.iter().cloned());
                Self::Planned(planned)
            }
            (InvoiceRunEvent::Prebilled(prebilled), Self::Planned(mut planned)) => {
                planned.prebilled = Some(prebilled.clone());
                Self::Planned(planned)
            }
            (InvoiceRunEvent::ObjectionRecorded(recorded), Self::Planned(mut planned)) => {
                planned.objections.push(Objection { recorded: recorded.clone(), answered: None });
                Self::Planned(planned)
            }
            (InvoiceRunEvent::ObjectionAnswered(answered), Self::Planned(mut planned)) => {
                let mut objections = planned.objections.iter_mut();
                if let Some(known) = objections.find(|known| known.recorded.objection == answered.objection) {
                    known.answered = Some(answered.clone());
                }
                Self::Planned(planned)
            }
            (InvoiceRunEvent::Approved(approved), Self::Planned(planned)) => Self::Approved(planned, approved.clone()),
            (InvoiceRunEvent::Discarded(discarded), Self::Planned(planned) | Self::Approved(planned, _)) => {
                Self::Discarded(planned, discarded.clone())
            }
            (InvoiceRunEvent::NumberingBegun(_), Self::Approved(planned, approved)) => {
                Self::Numbering(planned, approved)
            }
            // What was numbered by earlier versions did not say that it began.
            (
                InvoiceRunEvent::Completed(completed),
                Self::Approved(planned, approved) | Self::Numbering(planned, approved),
            ) => Self::Completed(planned, approved, completed.clone()),
            (_, unmoved) => unmoved,
        }
    }
}
