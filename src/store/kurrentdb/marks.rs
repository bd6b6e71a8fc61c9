//! What becomes of a log under an instance that has it open: somebody may move it away, or fill the place with another one.
//! An instance asks for the mark of the moves again and again, and writes nothing where it has not heard it for a while, so
//! that whoever leaves a mark and waits for longer than that knows that nobody begins to write any more. What was begun
//! before may still come late, as from a process that was stopped in the middle. So a mark is also met where the log is
//! read, in the order in which the cluster took both: what was heard before does not count any longer, and nobody is told
//! that an event is written which stands behind a mark.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Place;
use crate::store::AppendError;
use crate::store::mark::Mark;

/// How often it is asked for.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(1);
/// What was heard longer ago does not count.
pub(super) const HOLDS: Duration = Duration::from_secs(2);

/// What is known of the moves of a log.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Where the last mark stands that was met in the log.
    met_at: Option<Place>,
    /// What was heard last; nothing where that does not matter, as to who moves it.
    heard: Option<Heard>,
}

#[derive(Debug)]
struct Heard {
    mark: Option<Mark>,
    asked: Asked,
}

/// When it was asked what becomes of the log, and what had been met of it then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    at: Instant,
    met_at: Option<Place>,
}

impl Marks {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is asked now.
    pub(super) fn ask(&self) -> Asked {
        Asked { at: Instant::now(), met_at: self.known().met_at }
    }

    /// This was heard. From now on it matters.
    pub(super) fn hear(&self, mark: Option<Mark>, asked: Asked) {
        self.known().heard = Some(Heard { mark, asked });
    }

    /// A mark stands here in the log.
    pub(super) fn meet(&self, place: Place) {
        let mut known = self.known();
        known.met_at = known.met_at.max(Some(place));
    }

    /// Where the last one stands that was met.
    pub(super) fn met_at(&self) -> Option<Place> {
        self.known().met_at
    }

    /// Whether what was heard matters, and is older than so long or than a mark that was met.
    pub(super) fn are_older_than(&self, age: Duration) -> bool {
        let known = self.known();
        known
            .heard
            .as_ref()
            .is_some_and(|Heard { asked, .. }| asked.at + age < Instant::now() || asked.met_at < known.met_at)
    }

    /// Why nothing is written here; none where it is.
    pub(super) fn refusal(&self) -> Option<AppendError> {
        match self.known().heard.as_ref()?.mark.as_ref()? {
            Mark::Leaving { to } | Mark::Left { to } => Some(AppendError::MovedAway { to: to.clone() }),
            Mark::Filling { from } => Some(AppendError::HalfMoved { from: from.clone() }),
            Mark::Whole => None,
        }
    }
}
