//! Whose turn it is to work, where several instances share one log: see [`crate::domain::work`]. A worker asks for the turn
//! when there is something to do, and looks that it still has it immediately before each effect. How long a turn has lasted is
//! measured and not read from the clock on the wall, which may be wrong or be set.
//!
//! A process that is stopped for longer than its turn lasts and then goes on, finds that out at its next effect. What it may
//! have begun in the very moment in which it was stopped is a letter or an e-invoice, and each has a claim of its own in the log.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Tools, WorkError};
use crate::clock::Clock;
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
    until: Mutex<Option<Until>>,
    watch: Arc<Watch>,
}

/// Until when a worker has the turn: by the clock as well, since what is measured may stand still while a machine sleeps.
#[derive(Debug, Clone, Copy)]
struct Until {
    now: DateTime<Utc>,
    steady: TimeDelta,
}

impl Until {
    fn after(lasts: TimeDelta, clock: &dyn Clock) -> Self {
        Self { now: clock.now() + lasts, steady: clock.steady() + lasts }
    }

    /// Whether more than so long is left.
    fn leaves(self, time: TimeDelta, clock: &dyn Clock) -> bool {
        clock.now() + time < self.now && clock.steady() + time < self.steady
    }
}

/// What an instance has seen of the turn, and for how long.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Option<Seen>>);

#[derive(Debug)]
struct Seen {
    claimed: Option<Claimed>,
    since: TimeDelta,
    /// It stood before this instance first looked.
    stood_before: bool,
}

impl Watch {
    /// Looks how it stands.
    pub fn look(&self, book: &Book, clock: &dyn Clock) {
        let claimed = book.work.get(&work()).and_then(|work| work.claimed.clone());
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.as_ref().is_none_or(|seen| seen.claimed != claimed) {
            *seen = Some(Seen { claimed, since: clock.steady(), stood_before: seen.is_none() });
        }
    }

    /// The turn of who died in it: it is over, and was not given back.
    fn over(&self, book: &Book, clock: &dyn Clock) -> Option<Claimed> {
        self.look(book, clock);
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Seen { claimed, since, stood_before } = seen.as_ref()?;
        let claimed = claimed.as_ref()?;
        let is_over = clock.steady() - *since >= claimed.is_over_after()
            || (*stood_before && claimed.is_over_at() <= clock.now());
        is_over.then(|| claimed.clone())
    }
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
    pub fn among_others(holder: Uuid, lasts: TimeDelta, watch: Arc<Watch>) -> Self {
        Self(Some(Shared { holder, lasts, until: Mutex::default(), watch }))
    }
}

/// The stream in which the turn stands: there is one.
fn work() -> WorkId {
    WorkId(ids::derived(NAMESPACE, "work"))
}

/// A worker that rests, and is to succeed whoever dies meanwhile.
#[derive(Debug, Default)]
pub struct Heir {
    /// Whom it has succeeded, or tried to.
    succeeded: Option<Uuid>,
}

impl Heir {
    /// Whether somebody has died of whom it did not know: said once of each, so that what cannot be done is not tried without end.
    pub fn is_called(&mut self, watch: &Watch, book: &Book, clock: &dyn Clock) -> bool {
        let left_by = watch.over(book, clock).map(|claimed| claimed.holder);
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
        if until.is_some_and(|until| until.leaves(shared.lasts / 2, self.clock)) {
            return Ok(Taken::Kept);
        }
        let until_then = Until::after(shared.lasts, self.clock);
        let wished =
            Claimed { holder: shared.holder, claimed_at: until_then.now - shared.lasts, until_at: until_then.now };
        let (was_ours, version, over) = {
            let known = self.ledger.now();
            let claimed = known.book.work.get(&work()).and_then(|work| work.claimed.as_ref());
            let was_ours = claimed.is_some_and(|claimed| claimed.holder == shared.holder);
            (was_ours, known.version(work().0), shared.watch.over(&known.book, self.clock))
        };
        *until = None;
        let claimed = self.wish_of_turn(WorkCommand::Claim { wished, over });
        // Also one that another has taken meanwhile is seen from now on.
        shared.watch.look(&self.ledger.now().book, self.clock);
        match claimed {
            Ok(handled) => {
                *until = Some(until_then);
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
