//! The one skeleton for every kind of stream, and the language its tests are written in.

use std::hash::Hash;
use std::mem;

use indexmap::IndexMap;

use crate::lookup::Hashing;

/// A rule-keeper for one stream: commands are decided against the state folded from the stream's own events.
pub trait Decider: Default {
    /// A wish, complete: it carries today's date, the new id and every looked-up value.
    type Command;
    /// A fact, in the past tense.
    type Event;
    /// Why a wish is refused, with what its sentence needs. The sentence itself stands in `reports/text`.
    type Rejection;

    /// Pure. Yields no events where the wish is already fulfilled, so that a retry is harmless.
    ///
    /// # Errors
    /// The rejection that names the broken rule.
    fn decide(&self, command: &Self::Command) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// Total: it has happened, so it cannot fail, and it holds no rule.
    #[must_use]
    fn evolve(self, event: &Self::Event) -> Self;
}

/// The state after all of `events`.
pub fn fold<'e, D>(events: impl IntoIterator<Item = &'e D::Event>) -> D
where
    D: Decider,
    D::Event: 'e,
{
    events.into_iter().fold(D::default(), D::evolve)
}

/// All streams of one kind by id, in the order in which they began.
pub type Streams<Id, D> = IndexMap<Id, D, Hashing>;

/// Takes one more event of the stream `id` in.
pub fn grow<Id: Hash + Eq, D: Decider>(streams: &mut Streams<Id, D>, id: Id, event: &D::Event) {
    let state = streams.entry(id).or_default();
    *state = mem::take(state).evolve(event);
}

#[cfg(test)]
pub(crate) mod testing {
    //! `given(events).when(command).then(events)` or `.then_rejected(reason)`.

    use super::{Decider, fold};
    use std::fmt::Debug;

    pub(crate) struct Given<D>(D);

    pub(crate) struct When<D: Decider> {
        state: D,
        command: D::Command,
        outcome: Result<Vec<D::Event>, D::Rejection>,
    }

    /// The history so far.
    pub(crate) fn given<D: Decider>(events: impl IntoIterator<Item = D::Event>) -> Given<D> {
        let events: Vec<D::Event> = events.into_iter().collect();
        Given(fold(&events))
    }

    impl<D: Decider> Given<D> {
        pub(crate) fn when(self, command: D::Command) -> When<D> {
            let outcome = self.0.decide(&command);
            When { state: self.0, command, outcome }
        }
    }

    impl<D> When<D>
    where
        D: Decider,
        D::Event: Debug + PartialEq,
        D::Rejection: Debug + PartialEq,
    {
        /// These events and no others; and the same command again yields none.
        #[track_caller]
        pub(crate) fn then(self, expected: impl IntoIterator<Item = D::Event>) {
            let expected: Vec<D::Event> = expected.into_iter().collect();
            let events = match self.outcome {
                Ok(events) => events,
                Err(rejection) => panic!("expected {expected:?}, but it was rejected: {rejection:?}"),
            };
            assert_eq!(events, expected);
            let after = events.iter().fold(self.state, D::evolve);
            match after.decide(&self.command) {
                Ok(again) => assert!(again.is_empty(), "the same command again yielded {again:?}"),
                Err(rejection) => panic!("the same command again was rejected: {rejection:?}"),
            }
        }

        /// Already fulfilled: nothing happens.
        #[track_caller]
        pub(crate) fn then_nothing(self) {
            self.then([]);
        }

        /// Refused for exactly this reason.
        #[track_caller]
        #[expect(clippy::needless_pass_by_value, reason = "a test reads better without the ampersand")]
        pub(crate) fn then_rejected(self, expected: D::Rejection) {
            match self.outcome {
                Ok(events) => panic!("expected {expected:?}, but it yielded {events:?}"),
                Err(rejection) => assert_eq!(rejection, expected),
            }
        }
    }
}
