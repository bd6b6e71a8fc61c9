//! The board of a procurement: how far each municipality has come, step by step, and who is behind.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use uuid::Uuid;

use super::book::Book;
use super::readiness::{ItemReadiness, LibraryReadiness, Standing, readiness_of};
use crate::domain::agreement::{Agreement, Commitment, Phase};
use crate::domain::identity::{AgreementId, InvoiceId, PartyId, ProcurementId};
use crate::domain::procurement::{LateStep, NudgeLetter};
use crate::domain::signup::ReadinessItem;

pub use crate::domain::procurement::Step;

/// How a step stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum StepState {
    /// Taken, on the day where it is known.
    Taken(Option<NaiveDate>),
    /// Not taken; the day by which it should be, where there is one.
    Waiting(Option<NaiveDate>),
    /// Not taken, and so many days late.
    Late(i64),
    /// There is nothing to do.
    NotNeeded,
}

impl StepState {
    /// Whether there is something left to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting(_) | Self::Late(_))
    }
}

/// A municipality on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardRow {
    /// The party.
    pub party: PartyId,
    /// Its number.
    pub number: String,
    /// Its names.
    pub name: String,
    /// Whether it holds nothing but options.
    pub option: bool,
    /// How its steps stand, in their order.
    pub steps: [(Step, StepState); 4],
    /// How many days it is behind with what it is most behind with; zero where it is not.
    pub days_behind: i64,
    /// The day on which it was written to about that last.
    pub nudged_on: Option<NaiveDate>,
    /// Its agreement that has not ended, the first of several.
    pub agreement: Option<AgreementId>,
}

/// Every party with an agreement in the procurement that has not ended, by number.
#[must_use]
pub fn board(book: &Book, procurement: ProcurementId, day: NaiveDate) -> Vec<BoardRow> {
    let known = book.procurements.get(&procurement);
    let mut rows: Vec<BoardRow> = book
        .parties
        .iter()
        .filter(|(_, party)| party.exists_on(day))
        .filter_map(|(id, party)| {
            let mut going_on = book.agreements_binding(procurement, *id, day);
            going_on.retain(|(_, agreement)| agreement.phase != Phase::Ended);
            let first = going_on.first().map(|(id, _)| *id);
            let agreements: Vec<&Agreement> = going_on.into_iter().map(|(_, agreement)| agreement).collect();
            if agreements.is_empty() {
                return None;
            }
            let libraries = readiness_of(book, procurement, *id, day);
            let steps = [
                (Step::Agreement, agreement_step(&agreements, day)),
                (Step::Signup, signup_step(book, procurement, *id, day)),
                (Step::Notice, notice_step(book, procurement, *id, &libraries, day)),
                (Step::Budget, item_step(&libraries, ReadinessItem::ReportedIntoBudget)),
            ];
            let days_late = steps.iter().map(|(_, state)| if let StepState::Late(days) = state { *days } else { 0 });
            Some(BoardRow {
                party: *id,
                number: party.number_on(day).unwrap_or_default().to_owned(),
                name: party.full_name_on(day),
                option: agreements.iter().all(|agreement| agreement.commitment == Commitment::Option),
                steps,
                days_behind: days_late.max().unwrap_or(0),
                nudged_on: known.and_then(|known| known.last_nudged_on(*id)),
                agreement: first,
            })
        })
        .collect();
    rows.sort_by(|one, other| (&one.number, &one.name).cmp(&(&other.number, &other.name)));
    rows
}

impl BoardRow {
    /// What it is behind with on the day of the board.
    #[must_use]
    pub fn late(&self, day: NaiveDate) -> Vec<LateStep> {
        let late = self.steps.iter().filter_map(|(step, state)| match state {
            StepState::Late(days) => {
                Some(LateStep { step: *step, due: day.checked_sub_signed(TimeDelta::days(*days))? })
            }
            StepState::Taken(_) | StepState::Waiting(_) | StepState::NotNeeded => None,
        });
        late.collect()
    }
}

/// A letter to each of these parties about what it is behind with on a day: with nothing where it is not behind. The
/// letters' ids derive from the procurement's, the party's and the day.
#[must_use]
pub fn nudge_letters(
    book: &Book,
    procurement: ProcurementId,
    parties: &[PartyId],
    on: NaiveDate,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> Vec<NudgeLetter> {
    if parties.is_empty() {
        return Vec::new();
    }
    let rows: HashMap<PartyId, BoardRow> =
        board(book, procurement, on).into_iter().map(|row| (row.party, row)).collect();
    let letter = |party: &PartyId| NudgeLetter {
        letter: InvoiceId(derive(procurement.0, &format!("nudge {party} {on}"))),
        party: *party,
        late: rows.get(party).map(|row| row.late(on)).unwrap_or_default(),
    };
    parties.iter().map(letter).collect()
}

fn agreement_step(agreements: &[&Agreement], day: NaiveDate) -> StepState {
    let signed = agreements.iter().find(|agreement| match agreement.phase {
        Phase::Signed | Phase::Active | Phase::UnderNotice => true,
        Phase::Absent | Phase::Drafted | Phase::Sent | Phase::Ended => false,
    });
    if let Some(signed) = signed {
        return StepState::Taken(signed.signed.as_ref().map(|signed| signed.on));
    }
    let answer_by = agreements.iter().filter_map(|agreement| agreement.sent.as_ref()?.answer_by).min();
    due(answer_by, day)
}

fn due(by: Option<NaiveDate>, day: NaiveDate) -> StepState {
    match by {
        Some(by) if by < day => StepState::Late((day - by).num_days()),
        by => StepState::Waiting(by),
    }
}

fn signup_step(book: &Book, procurement: ProcurementId, party: PartyId, day: NaiveDate) -> StepState {
    let signups = book.signups_of(procurement, party, day);
    let first = signups.iter().filter_map(|(_, signup)| Some(signup.signed_up.as_ref()?.on)).min();
    first.map_or(StepState::Waiting(None), |on| StepState::Taken(Some(on)))
}

/// Notice is given once the end of every old contract is known; where none is left to end, there is nothing to do.
fn notice_step(
    book: &Book,
    procurement: ProcurementId,
    party: PartyId,
    libraries: &[LibraryReadiness],
    day: NaiveDate,
) -> StepState {
    let legacies = book.legacies_of(procurement, party, day);
    if legacies.is_empty() {
        return StepState::NotNeeded;
    }
    if legacies.iter().all(|(_, legacy)| legacy.last_day.is_some()) {
        let given = legacies.iter().filter_map(|(_, legacy)| Some(legacy.notice.as_ref()?.on)).max();
        return StepState::Taken(given);
    }
    match item_step(libraries, ReadinessItem::OldContractEnded) {
        late @ StepState::Late(_) => late,
        StepState::Taken(_) | StepState::Waiting(_) | StepState::NotNeeded => {
            StepState::Waiting(legacies.iter().filter_map(|(_, legacy)| legacy.last_day_to_give_notice(day)).min())
        }
    }
}

/// How an item stands over all libraries for which it is due or done: taken where it is done everywhere, as late as the
/// latest where one is late.
fn item_step(libraries: &[LibraryReadiness], item: ReadinessItem) -> StepState {
    let items: Vec<&ItemReadiness> = libraries
        .iter()
        .filter_map(|library| library.items.iter().find(|known| known.item == item))
        .filter(|item| item.standing != Standing::NoDueDate)
        .collect();
    if items.is_empty() {
        return StepState::Waiting(None);
    }
    if items.iter().all(|item| item.standing == Standing::Done) {
        return StepState::Taken(items.iter().filter_map(|item| item.done_on).max());
    }
    match items.iter().map(|item| item.days_late).max() {
        Some(days) if days > 0 => StepState::Late(days),
        Some(_) | None => {
            let open = items.iter().filter(|item| item.standing == Standing::Due);
            StepState::Waiting(open.filter_map(|item| item.due).min())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::SignupId;
    use crate::domain::signup::LibraryKind;
    use crate::domain::testing::{day, nth};

    fn library(standing: Standing, days_late: i64) -> LibraryReadiness {
        let item = ItemReadiness {
            item: ReadinessItem::ReportedIntoBudget,
            standing,
            due: Some(day("2023-06-15")),
            done_on: (standing == Standing::Done).then(|| day("2023-06-01")),
            days_late,
        };
        LibraryReadiness {
            signup: SignupId(nth(1)),
            library: "Alta".into(),
            kind: LibraryKind::Public,
            days_behind: days_late,
            items: vec![item],
        }
    }

    #[test]
    fn a_step_is_taken_when_every_library_that_it_concerns_has_done_it() {
        let stands = |libraries: &[LibraryReadiness]| item_step(libraries, ReadinessItem::ReportedIntoBudget);
        let (done, due) = (library(Standing::Done, 0), library(Standing::Due, 0));
        let (late, unasked) = (library(Standing::Late, 3), library(Standing::NoDueDate, 0));
        assert_eq!(stands(&[done.clone(), unasked.clone()]), StepState::Taken(Some(day("2023-06-01"))));
        assert_eq!(stands(&[done.clone(), due.clone()]), StepState::Waiting(Some(day("2023-06-15"))));
        assert_eq!(stands(&[done, due, late]), StepState::Late(3));
        assert_eq!(stands(&[unasked]), StepState::Waiting(None));
    }
}
