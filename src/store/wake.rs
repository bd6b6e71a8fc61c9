//! The hint that wakes those who follow the log.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::Position;

/// A hint that there is more to read. Cheap to clone.
///
/// It says nothing of what another process appends, so a follower reads again after each wait, woken or not.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    advanced: Condvar,
}

#[derive(Debug, Default)]
struct State {
    head: Option<Position>,
    followers: usize,
}

impl Wake {
    /// Waits until something stands past `seen`, at most for `limit`; true where something does.
    #[must_use]
    pub fn wait_past(&self, seen: Option<Position>, limit: Duration) -> bool {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.followers += 1;
        let (mut state, _) = self
            .0
            .advanced
            .wait_timeout_while(state, limit, |state| state.head <= seen)
            .unwrap_or_else(PoisonError::into_inner);
        state.followers -= 1;
        state.head > seen
    }

    /// The last position that was heard of.
    #[must_use]
    pub fn head(&self) -> Option<Position> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).head
    }

    pub(super) fn advance(&self, head: Option<Position>) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.head = state.head.max(head);
        let followed = state.followers > 0;
        drop(state);
        if followed {
            self.0.advanced.notify_all();
        }
    }
}
