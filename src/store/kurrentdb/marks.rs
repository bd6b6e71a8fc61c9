//! What becomes of a log under an instance that has it open: somebody may move it away, or fill the place with another one.
//! An instance asks for the mark of the moves again and again, and writes nothing where it has not heard it for a while, so
//! that whoever leaves a mark and waits for longer than that knows that nobody begins to write any more. What was begun
//! before may still come late, as from a process that was stopped in the middle. So a mark is also met where the log is
//! read, in the order in which the cluster took both: what was heard of the log as it was before does not count any longer, and
//! nobody is told that an event is written which stands behind a mark.
//!
//! Nodes differ in how far they have come, so each answer is of the log as it was until some place. Of two answers the one of the
//! later place counts, whichever comes first, and of the same place the one that was asked for later.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Place;
use super::cluster::Said;
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
    said: Said,
    asked_at: Instant,
}

/// When it was asked what becomes of the log, and until where was known then what had become of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    at: Instant,
    known_until: Option<Place>,
}

impl Marks {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is asked now.
    pub(super) fn ask(&self) -> Asked {
        let known = self.known();
        let heard_of = known.heard.as_ref().and_then(|heard| heard.said.as_of);
        Asked { at: Instant::now(), known_until: known.met_at.max(heard_of) }
    }

    /// This was heard. From now on it matters. Says whether it counts, or what was heard meanwhile: it does not where a node answers
    /// that has not come as far as was known before.
    pub(super) fn hear(&self, said: Said, asked: Asked) -> bool {
        let mut known = self.known();
        let is_behind = said.as_of < asked.known_until;
        let is_earlier = |heard: &Heard| (heard.said.as_of, heard.asked_at) <= (said.as_of, asked.at);
        if known.heard.as_ref().is_none_or(is_earlier) {
            known.heard = Some(Heard { said, asked_at: asked.at });
        }
        !is_behind && known.heard.as_ref().is_some_and(|heard| heard.said.as_of >= known.met_at)
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
        let is_older = |heard: &Heard| heard.asked_at + age < Instant::now() || heard.said.as_of < known.met_at;
        known.heard.as_ref().is_some_and(is_older)
    }

    /// Why nothing is written here; none where it is.
    pub(super) fn refusal(&self) -> Option<AppendError> {
        match self.known().heard.as_ref()?.said.mark.as_ref()? {
            Mark::Leaving { to } | Mark::Left { to } => Some(AppendError::MovedAway { to: to.clone() }),
            Mark::Filling { from } => Some(AppendError::HalfMoved { from: from.clone() }),
            Mark::Whole => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(commit: u64) -> Place {
        Place { commit, prepare: commit }
    }

    /// What a node says that has come so far: that the log was left, or nothing.
    fn said(as_of: u64, is_left: bool) -> Said {
        let mark = is_left.then(|| Mark::Left { to: "elsewhere".to_owned() });
        Said { mark, as_of: Some(place(as_of)) }
    }

    #[test]
    fn of_two_answers_the_one_of_the_later_place_counts_and_then_the_one_that_was_asked_for_later() {
        let at = Instant::now();
        let [earlier, later] = [at, at + ASK_EVERY].map(|at| Asked { at, known_until: None });
        let cases = [
            // In which order they come, what they say, when they were asked for, and whether nothing is written in the end.
            ([(said(700, true), earlier), (said(600, false), later)], true),
            ([(said(600, false), later), (said(700, true), earlier)], true),
            ([(said(700, false), later), (said(700, true), earlier)], false),
            ([(said(700, true), earlier), (said(700, false), later)], false),
        ];
        for (answers, is_refused) in cases {
            let marks = Marks::default();
            for (said, asked) in answers {
                assert!(marks.hear(said, asked), "none is behind what was known when it was asked");
            }
            assert_eq!(marks.refusal().is_some(), is_refused, "{marks:?}");
        }
    }

    #[test]
    fn what_is_said_of_the_log_before_a_mark_that_was_met_does_not_count() {
        /// Longer than this test takes.
        const LONG: Duration = Duration::from_hours(1);
        let marks = Marks::default();
        assert!(!marks.are_older_than(LONG), "it does not matter yet");
        assert!(marks.hear(said(600, false), marks.ask()));
        assert!(!marks.are_older_than(LONG));
        let crossing = marks.ask();
        marks.meet(place(700));
        assert!(marks.are_older_than(LONG));
        assert!(!marks.hear(said(699, false), marks.ask()), "a node that is behind the log");
        assert!(marks.are_older_than(LONG) && marks.refusal().is_none());
        assert!(marks.hear(said(700, true), marks.ask()));
        assert!(!marks.are_older_than(LONG));
        assert!(!marks.hear(said(650, false), marks.ask()), "a node that is behind what was heard");
        assert!(marks.hear(said(650, false), crossing), "it was overtaken, and what was heard meanwhile counts");
        assert!(marks.refusal().is_some());
    }
}
