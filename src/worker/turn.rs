//! Whose turn it is to work, where several instances share one log: see [`crate::domain::work`]. A worker asks for the turn
//! when there is something to do, and looks that it still has it immediately before each effect.
//!
//! A process that is stopped for longer than its turn lasts and then goes on, finds that out at its next effect. What it may
//! have begun in the very moment in which it was stopped is a letter or an e-invoice, and each has a claim of its own in the log.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Tools, WorkError};
use crate::domain::identity::WorkId;
use crate::domain::work::{Claimed, Released, WorkCommand};
use crate::handle::{Envelope, HandleError, Handled, Wish};
use crate::ids::{self, NAMESPACE};
use crate::ledger::LedgerError;
use crate::view::book::Book;

/// The turn of one worker.
#[derive(Debug)]
pub struct Turn(Option<Shared>);

#[derive(Debug)]
struct Shared {
    holder: Uuid,
    lasts: TimeDelta,
    until: Mutex<Option<DateTime<Utc>>>,
}

/// How it stands with the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is ours, as it was before.
    Kept,
    /// It is ours from now on.
    Anew,
    /// Another worker has it.
    ByAnother,
}

impl Turn {
    /// Where nobody else can work: it is always this one's turn.
    #[must_use]
    pub fn of_the_only_one() -> Self {
        Self(None)
    }

    /// Where others may work too: `holder` is an id drawn for this worker, and a turn lasts so long unless it is kept.
    #[must_use]
    pub fn among_others(holder: Uuid, lasts: TimeDelta) -> Self {
        Self(Some(Shared { holder, lasts, until: Mutex::default() }))
    }
}

/// The stream in which the turn stands: there is one.
fn work() -> WorkId {
    WorkId(ids::derived(NAMESPACE, "work"))
}

/// Who had the turn and died: it is over, and was not given back.
fn left_by(book: &Book, now: DateTime<Utc>) -> Option<Uuid> {
    let claimed = book.work.get(&work())?.claimed.as_ref()?;
    (claimed.is_over_at() <= now).then_some(claimed.holder)
}

/// A worker that rests, and is to succeed whoever dies meanwhile.
#[derive(Debug, Default)]
pub struct Heir {
    /// Whom it has succeeded, or tried to.
    succeeded: Option<Uuid>,
}

impl Heir {
    /// Whether somebody has died of whom it did not know: said once of each, so that what cannot be done is not tried without end.
    pub fn is_called(&mut self, book: &Book, now: DateTime<Utc>) -> bool {
        let left_by = left_by(book, now);
        let is_called = left_by.is_some() && left_by != self.succeeded;
        if is_called {
            self.succeeded = left_by;
        }
        is_called
    }
}

impl Tools<'_> {
    /// Takes the turn, or keeps it for longer where half of it is over.
    pub(super) fn take_turn(&self) -> Result<Taken, WorkError> {
        let Some(shared) = &self.turn.0 else { return Ok(Taken::Kept) };
        let mut until = shared.until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        if until.is_some_and(|until| now + shared.lasts / 2 < until) {
            return Ok(Taken::Kept);
        }
        let claimed = Claimed { holder: shared.holder, claimed_at: now, until_at: now + shared.lasts };
        let (was_ours, version) = {
            let known = self.ledger.now();
            let claimed = known.book.work.get(&work()).and_then(|work| work.claimed.as_ref());
            (claimed.is_some_and(|claimed| claimed.holder == shared.holder), known.version(work().0))
        };
        *until = None;
        match self.wish_of_turn(WorkCommand::Claim(claimed)) {
            Ok(handled) => {
                *until = Some(now + shared.lasts);
                // Others may have had it and given it back, before this was looked at or since.
                let next = version.map(|version| version + handled.events.len() as u64);
                Ok(if was_ours && handled.version == next { Taken::Kept } else { Taken::Anew })
            }
            Err(LedgerError::Handle(HandleError::Rejected(_) | HandleError::Contended)) => Ok(Taken::ByAnother),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether it is this worker's turn: it is taken where nobody has it.
    ///
    /// # Errors
    /// The log could not be read or written.
    pub fn has_turn(&self) -> Result<bool, WorkError> {
        Ok(self.take_turn()? != Taken::ByAnother)
    }

    /// Sees, immediately before an effect, that it is still this worker's turn.
    pub(crate) fn keep_turn(&self) -> Result<(), WorkError> {
        match self.take_turn()? {
            Taken::Kept => Ok(()),
            Taken::Anew | Taken::ByAnother => Err(WorkError::TurnLost),
        }
    }

    /// Gives the turn back, where this worker has it.
    pub(crate) fn give_turn_back(&self) -> Result<(), WorkError> {
        let Some(shared) = &self.turn.0 else { return Ok(()) };
        let had_it = shared.until.lock().unwrap_or_else(PoisonError::into_inner).take().is_some();
        if !had_it {
            return Ok(());
        }
        match self.wish_of_turn(WorkCommand::Release(Released { holder: shared.holder })) {
            // Where another has taken it, there is nothing to give back.
            Ok(_) | Err(LedgerError::Handle(HandleError::Contended)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn wish_of_turn(&self, command: WorkCommand) -> Result<Handled, LedgerError> {
        let envelope = Envelope { command_id: self.ids.new_id(), ..self.envelope("work", work().0) };
        self.ledger.carry_out_as_known(&Wish::Work(work(), command), &envelope)
    }
}
