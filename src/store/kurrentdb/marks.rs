//! What becomes of a log under an instance that has it open: somebody may move it away, or fill the place with another one.
//! An instance asks for the mark of the moves again and again, and writes nothing where it has not heard it for a while, so
//! that whoever leaves a mark and waits for longer than that knows that nobody writes any more.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::AppendError;
use crate::store::mark::Mark;

/// How often it is asked for.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(1);
/// What was heard longer ago does not count.
pub(super) const HOLDS: Duration = Duration::from_secs(2);

/// What was heard last of the moves of a log; nothing where that does not matter, as to who moves it.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<Option<Heard>>);

#[derive(Debug)]
struct Heard {
    mark: Option<Mark>,
    asked_at: Instant,
}

impl Marks {
    /// This was heard when it was asked at an instant. From now on it matters.
    pub(super) fn hear(&self, mark: Option<Mark>, asked_at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Heard { mark, asked_at });
    }

    /// Whether it matters and is older than so long.
    pub(super) fn are_older_than(&self, age: Duration) -> bool {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.as_ref().is_some_and(|heard| heard.asked_at + age < Instant::now())
    }

    /// Why nothing is written here; none where it is.
    pub(super) fn refusal(&self) -> Option<AppendError> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.mark.as_ref()? {
            Mark::Leaving { to } | Mark::Left { to } => Some(AppendError::MovedAway { to: to.clone() }),
            Mark::Filling { from } => Some(AppendError::HalfMoved { from: from.clone() }),
            Mark::Whole => None,
        }
    }
}
