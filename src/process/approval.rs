//! From plan to approval: who gets the prebill, and what approval depends on.

use chrono::NaiveDate;
use uuid::Uuid;

use super::invoice_plan::{AccountOf, Reached, Wording, standing, standing_whoever_is_reached};
use crate::domain::delivery::{Delivery, Mailing};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{
    Approved, InRole, InvoiceRun, InvoiceRunCommand, ObjectionAnswered, ObjectionOutcome, PlannedRun, PrebillLetter,
    Prebilled, Terms, WithdrawalLetter,
};
use crate::view::book::Book;

/// A run that waits for approval.
#[must_use]
pub fn waiting(book: &Book, run: InvoiceRunId) -> Option<&PlannedRun> {
    match book.runs.get(&run) {
        Some(InvoiceRun::Planned(planned)) => Some(planned),
        Some(
            InvoiceRun::Absent
            | InvoiceRun::Approved(..)
            | InvoiceRun::Numbering(..)
            | InvoiceRun::Discarded(..)
            | InvoiceRun::Completed(..),
        )
        | None => None,
    }
}

/// The wish to send the calculation to everybody that is invoiced: one letter each. The letters' ids derive from the
/// run's. A run that is not planned has none to send, and the rule says so.
#[must_use]
pub fn prebill(
    book: &Book,
    run: InvoiceRunId,
    objections_until: NaiveDate,
    on: NaiveDate,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> InvoiceRunCommand {
    let mut letters: Vec<PrebillLetter> = Vec::new();
    for invoice in waiting(book, run).into_iter().flat_map(|planned| &planned.plan.invoices) {
        let party = invoice.recipient.party;
        if letters.last().is_none_or(|letter| letter.party != party) {
            letters.push(PrebillLetter { letter: InvoiceId(derive(run.0, &format!("prebill {party}"))), party });
        }
    }
    InvoiceRunCommand::Prebill(Prebilled { objections_until, letters, on })
}

/// How an objection is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its number in the run.
    pub objection: u32,
    /// What was decided.
    pub outcome: ObjectionOutcome,
    /// Why.
    pub text: String,
    /// Who answers.
    pub by: InRole,
    /// The day.
    pub on: NaiveDate,
}

/// The wish to answer an objection to a run as it stands now, and to send the answer to who objected. The letter's id derives from
/// the run's. Whether somebody can be written to has no say: the letter waits for an address.
#[must_use]
pub fn answer(
    book: &Book,
    run: InvoiceRunId,
    Answer { objection, outcome, text, by, on }: Answer,
    (wording, account_of): (&dyn Wording, AccountOf<'_>),
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> InvoiceRunCommand {
    let letter = Some(InvoiceId(derive(run.0, &format!("answer {objection} letter"))));
    let InRole { role, person } = by;
    InvoiceRunCommand::AnswerObjection {
        answered: ObjectionAnswered { objection, outcome, answer: text, role, person, on, letter },
        standing: standing_whoever_is_reached(book, run, on, wording, account_of),
    }
}

/// What approval depends on beside the book, looked up by the caller.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Whether no run may go without a prebill.
    pub prebill_required: bool,
    /// Whether another person approves than the one who planned.
    pub two_people: bool,
    /// What is written on the documents.
    pub wording: &'a dyn Wording,
    /// Who can be written to.
    pub reached: Reached<'a>,
    /// The accounts of the settings.
    pub account_of: AccountOf<'a>,
}

/// The wish to approve a run as it stands now.
#[must_use]
pub fn approve(book: &Book, run: InvoiceRunId, approved: Approved, around: Around<'_>) -> InvoiceRunCommand {
    let Around { prebill_required, two_people, wording, reached, account_of } = around;
    let standing = standing(book, run, approved.on, wording, reached, account_of);
    let terms = Terms { prebill_required, two_people, unsent: unsent(book, run) };
    let Approved { role, person, on } = approved;
    InvoiceRunCommand::Approve { role, person, standing, terms, on }
}

/// The wish to give up a run, with what is numbered of it, and to tell those who were sent the prebill. The letters' ids derive
/// from the run's.
#[must_use]
pub fn discard(
    book: &Book,
    run: InvoiceRunId,
    on: NaiveDate,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> InvoiceRunCommand {
    let planned = book.runs.get(&run).and_then(InvoiceRun::planned);
    let invoices = planned.into_iter().flat_map(|planned| &planned.plan.invoices).map(|invoice| invoice.invoice);
    let issued = invoices.filter(|invoice| book.invoices.contains_key(invoice)).collect();
    let prebills = planned.and_then(|planned| planned.prebilled.as_ref()).into_iter().flat_map(|known| &known.letters);
    let letters = prebills
        .filter(|prebill| book.deliveries.get(&prebill.letter).is_some_and(Delivery::may_have_arrived))
        .map(|&PrebillLetter { party, .. }| WithdrawalLetter {
            letter: InvoiceId(derive(run.0, &format!("withdrawal {party}"))),
            party,
        })
        .collect();
    InvoiceRunCommand::Discard { issued, letters, on }
}

/// The participants whose letter with the prebill has not been taken yet.
fn unsent(book: &Book, run: InvoiceRunId) -> Vec<String> {
    let Some((planned, prebilled)) = waiting(book, run).and_then(|known| Some((known, known.prebilled.as_ref()?)))
    else {
        return Vec::new();
    };
    let is_taken = |letter: &PrebillLetter| {
        let mailing = book.deliveries.get(&letter.letter).map(|delivery| &delivery.mailing);
        matches!(mailing, Some(Mailing::Accepted(_) | Mailing::Arrived { .. }))
    };
    let open = prebilled.letters.iter().filter(|letter| !is_taken(letter));
    open.map(|letter| planned.recipient_name(letter.party).unwrap_or_default().to_owned()).collect()
}

/// The prebills that are out or to be sent: their letters are sent as long as the run waits for approval.
pub fn prebilled(book: &Book) -> impl Iterator<Item = (InvoiceRunId, &PlannedRun, &Prebilled)> {
    book.runs.iter().filter_map(|(run, _)| {
        let planned = waiting(book, *run)?;
        Some((*run, planned, planned.prebilled.as_ref()?))
    })
}

/// The run and the recipient of a letter with a prebill.
#[must_use]
pub fn letter_about(book: &Book, letter: InvoiceId) -> Option<(InvoiceRunId, PartyId)> {
    prebilled(book).find_map(|(run, _, prebilled)| {
        let letter = prebilled.letters.iter().find(|known| known.letter == letter)?;
        Some((run, letter.party))
    })
}
