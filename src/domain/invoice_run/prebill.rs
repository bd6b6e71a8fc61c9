//! Prebill (forhåndsvarsel): the whole calculation is sent to each participant before it is invoiced, with a day until
//! which objections may come; they are answered before anybody approves.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{InvoicePlan, InvoiceRunEvent, InvoiceRunRejection, PlannedRun, Standing};
use crate::domain::calendar::{YEARS_TAKEN, day_after};
use crate::domain::identity::{InvoiceId, PartyId, PersonId};
use crate::domain::{fault_of_shared_text, text_is_sound};

/// The most objections to a run.
pub const OBJECTIONS_MAX: usize = 1_000;

/// The calculation is to be sent to each participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prebilled {
    /// The last day for objections.
    pub objections_until: NaiveDate,
    /// The letters, one to each participant that is invoiced.
    pub letters: Vec<PrebillLetter>,
    /// The day.
    pub on: NaiveDate,
}

/// A letter with a prebill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrebillLetter {
    /// Its id: that of the delivery it becomes.
    pub letter: InvoiceId,
    /// Who gets it.
    pub party: PartyId,
}

/// A letter that says that the calculation a prebill brought is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalLetter {
    /// Its id: that of the delivery it becomes.
    pub letter: InvoiceId,
    /// Who gets it.
    pub party: PartyId,
}

/// A participant objected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionRecorded {
    /// The number of the objection in the run, from 1.
    pub objection: u32,
    /// Who objected.
    pub party: PartyId,
    /// What it is about, in the words of who recorded it: no name or address of a person.
    pub text: String,
    /// Where the letter is filed, such as a case number.
    pub reference: Option<String>,
    /// The day.
    pub on: NaiveDate,
}

/// What was decided of an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    /// The participant is right: the run is planned anew (tatt til følge).
    Upheld,
    /// The plan stands (ikke tatt til følge).
    Rejected,
}

/// An objection was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionAnswered {
    /// The number of the objection.
    pub objection: u32,
    /// What was decided.
    pub outcome: ObjectionOutcome,
    /// Why: no name or address of a person.
    pub answer: String,
    /// The role of who answered.
    pub role: String,
    /// Who answered, by id alone.
    pub person: PersonId,
    /// The day.
    pub on: NaiveDate,
    /// The letter that brings the answer to who objected; none where it was sent by hand.
    pub letter: Option<InvoiceId>,
}

/// An objection and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// As it came.
    pub recorded: ObjectionRecorded,
    /// The answer; none while it is open.
    pub answered: Option<ObjectionAnswered>,
}

/// What of an objection or of its answer is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionField {
    /// What is objected.
    Text,
    /// Where it is filed.
    Reference,
    /// What is answered.
    Answer,
}

fn check_text(field: ObjectionField, text: &str) -> Result<(), InvoiceRunRejection> {
    fault_of_shared_text(text).map_or(Ok(()), |fault| Err(InvoiceRunRejection::ObjectionTextUnfit { field, fault }))
}

type Decision = Result<Vec<InvoiceRunEvent>, InvoiceRunRejection>;

impl PlannedRun {
    pub(super) fn prebill(&self, wished: &Prebilled) -> Decision {
        let Prebilled { objections_until, on, .. } = *wished;
        match &self.prebilled {
            Some(prebilled) if prebilled.objections_until == objections_until => return Ok(vec![]),
            Some(prebilled) => {
                return Err(InvoiceRunRejection::AlreadyPrebilled {
                    objections_until: prebilled.objections_until,
                    on: prebilled.on,
                });
            }
            None => {}
        }
        if objections_until <= on || !YEARS_TAKEN.contains(&chrono::Datelike::year(&objections_until)) {
            return Err(InvoiceRunRejection::ObjectionsUntilImpossible { objections_until, on });
        }
        // Nobody approves before that day has passed, and what was heard and answered would be for nothing.
        if self.plan.check_dates(day_after(objections_until)).is_err() {
            let InvoicePlan { invoice_date, due_date, .. } = *self.plan;
            return Err(InvoiceRunRejection::ObjectionsUntilTooLate { objections_until, invoice_date, due_date });
        }
        Ok(vec![InvoiceRunEvent::Prebilled(wished.clone())])
    }

    pub(super) fn object(&self, party: PartyId, text: &str, reference: Option<&str>, on: NaiveDate) -> Decision {
        if self.prebilled.is_none() {
            return Err(InvoiceRunRejection::NotPrebilled);
        }
        let takes_part = self.plan.invoices.iter().any(|invoice| invoice.recipient.party == party)
            || self.plan.set_aside.iter().any(|aside| aside.party == party);
        if !takes_part {
            return Err(InvoiceRunRejection::NoParticipant { party });
        }
        check_text(ObjectionField::Text, text)?;
        reference.map_or(Ok(()), |reference| check_text(ObjectionField::Reference, reference))?;
        let is_this = |known: &Objection| {
            let ObjectionRecorded { party: of, text: said, reference: filed, on: came, .. } = &known.recorded;
            (*of, said.as_str(), filed.as_deref(), *came) == (party, text, reference, on)
        };
        if self.objections.iter().any(is_this) {
            return Ok(vec![]);
        }
        if self.objections.len() >= OBJECTIONS_MAX {
            return Err(InvoiceRunRejection::TooManyObjections { most: OBJECTIONS_MAX });
        }
        let objection = u32::try_from(self.objections.len() + 1).unwrap_or(u32::MAX);
        let (text, reference) = (text.to_owned(), reference.map(str::to_owned));
        Ok(vec![InvoiceRunEvent::ObjectionRecorded(ObjectionRecorded { objection, party, text, reference, on })])
    }

    /// That the calculation stands is said only where it does: what would keep it from being approved keeps the answer back too.
    pub(super) fn answer(&self, wished: &ObjectionAnswered, standing: &Standing) -> Decision {
        let objection = wished.objection;
        let known = self.objections.iter().find(|known| known.recorded.objection == objection);
        let Some(known) = known else { return Err(InvoiceRunRejection::NoSuchObjection { objection }) };
        match &known.answered {
            Some(answered) if answered == wished => return Ok(vec![]),
            Some(answered) => {
                return Err(InvoiceRunRejection::ObjectionAlreadyAnswered { objection, on: answered.on });
            }
            None => {}
        }
        if !text_is_sound(&wished.role) {
            return Err(InvoiceRunRejection::RoleMissing);
        }
        check_text(ObjectionField::Answer, &wished.answer)?;
        match wished.outcome {
            ObjectionOutcome::Upheld => {}
            ObjectionOutcome::Rejected => self.plan.check_still_holds(standing)?,
        }
        Ok(vec![InvoiceRunEvent::ObjectionAnswered(wished.clone())])
    }

    /// Whether everybody has had the prebill, had time to object, and got an answer that lets the plan stand.
    pub(super) fn check_heard(&self, terms: &super::Terms, on: NaiveDate) -> Result<(), InvoiceRunRejection> {
        let Some(prebilled) = &self.prebilled else {
            return if terms.prebill_required { Err(InvoiceRunRejection::PrebillMissing) } else { Ok(()) };
        };
        if let Some(unsent) = terms.unsent.first() {
            let participant_count = terms.unsent.len();
            return Err(InvoiceRunRejection::PrebillNotSent { participant_count, first: unsent.clone() });
        }
        for Objection { recorded, answered } in &self.objections {
            let name = self.recipient_name(recorded.party).map_or_else(|| recorded.party.to_string(), str::to_owned);
            let (objection, participant) = (recorded.objection, name);
            match answered.as_ref().map(|answered| answered.outcome) {
                None => return Err(InvoiceRunRejection::ObjectionOpen { objection, participant }),
                Some(ObjectionOutcome::Upheld) => {
                    return Err(InvoiceRunRejection::ObjectionUpheld { objection, participant });
                }
                Some(ObjectionOutcome::Rejected) => {}
            }
        }
        if on <= prebilled.objections_until {
            return Err(InvoiceRunRejection::ObjectionsMayCome { objections_until: prebilled.objections_until });
        }
        Ok(())
    }

    /// What people call who is invoiced; none where it is not.
    #[must_use]
    pub fn recipient_name(&self, party: PartyId) -> Option<&str> {
        let invoice = self.plan.invoices.iter().find(|invoice| invoice.recipient.party == party);
        invoice.map(|invoice| &*invoice.recipient.name)
    }
}
