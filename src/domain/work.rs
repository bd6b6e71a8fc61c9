//! Whose turn it is to work: to number, draw up, lay out and send what is due. Where several instances share one log, one of
//! them has the turn until an instant, takes it anew while it works, and gives it back at the end. One that dies is
//! succeeded by who has seen its turn unchanged for half as long again as a turn lasts, whatever anybody's clock says; who comes
//! to a turn that stood before goes by the clock, and waits for as long after its end.

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decider::Decider;

/// A worker has the turn. It is recorded before it works, and again while it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claimed {
    /// Who has it: an id drawn for each time that somebody works.
    pub holder: Uuid,
    /// From when, by the holder's clock.
    pub claimed_at: DateTime<Utc>,
    /// Until when, unless it is taken anew or given back before.
    pub until_at: DateTime<Utc>,
}

impl Claimed {
    /// From when on who comes to it may take the turn: half as long again, since clocks differ.
    #[must_use]
    pub fn is_over_at(&self) -> DateTime<Utc> {
        self.until_at + self.half()
    }

    /// How long it stands unchanged where its holder does not go on, until another may take it.
    #[must_use]
    pub fn is_over_after(&self) -> TimeDelta {
        self.until_at - self.claimed_at + self.half()
    }

    fn half(&self) -> TimeDelta {
        (self.until_at - self.claimed_at) / 2
    }
}

/// A worker has done what it could, and gives the turn back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// Who had it.
    pub holder: Uuid,
}

/// What has happened to the turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkEvent {
    /// A worker has it.
    Claimed(Claimed),
    /// It was given back.
    Released(Released),
}

/// What can be wished of the turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkCommand {
    /// Take it, or keep it for longer. `over` is the turn of another that is known to be over, looked up by the caller.
    Claim {
        /// The turn that is wished for.
        wished: Claimed,
        /// The one that is over; none where none is.
        over: Option<Claimed>,
    },
    /// Give it back.
    Release(Released),
}

/// The turn as its events have made it. The default is one that nobody has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Who has it, and until when.
    pub claimed: Option<Claimed>,
}

impl Decider for Work {
    type Command = WorkCommand;
    type Event = WorkEvent;
    type Rejection = WorkRejection;

    fn decide(&self, command: &WorkCommand) -> Result<Vec<WorkEvent>, WorkRejection> {
        match (command, &self.claimed) {
            (WorkCommand::Claim { wished, .. }, _) if wished.until_at <= wished.claimed_at => {
                Err(WorkRejection::OverAtOnce)
            }
            (WorkCommand::Claim { wished, .. }, Some(claimed)) if claimed == wished => Ok(vec![]),
            (WorkCommand::Claim { wished, over }, Some(claimed))
                if claimed.holder != wished.holder && over.as_ref() != Some(claimed) =>
            {
                Err(WorkRejection::AnothersTurn { over_at: claimed.is_over_at() })
            }
            (WorkCommand::Claim { wished, .. }, Some(_) | None) => Ok(vec![WorkEvent::Claimed(wished.clone())]),
            (WorkCommand::Release(released), Some(claimed)) if claimed.holder == released.holder => {
                Ok(vec![WorkEvent::Released(released.clone())])
            }
            (WorkCommand::Release(_), Some(_) | None) => Ok(vec![]),
        }
    }

    fn evolve(self, event: &WorkEvent) -> Self {
        match event {
            WorkEvent::Claimed(claimed) => Self { claimed: Some(claimed.clone()) },
            WorkEvent::Released(_) => Self { claimed: None },
        }
    }
}

/// Why a wish about the turn is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum WorkRejection {
    /// Another worker has it.
    AnothersTurn {
        /// When another may take it by the clock of who has it.
        over_at: DateTime<Utc>,
    },
    /// It would be over before it begins.
    OverAtOnce,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::decider::testing::given;

    const ONE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn after(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// The turn for thirty seconds from a second on.
    fn turn(holder: Uuid, from: i64) -> Claimed {
        Claimed { holder, claimed_at: after(from), until_at: after(from + 30) }
    }

    fn claimed(holder: Uuid, from: i64) -> WorkEvent {
        WorkEvent::Claimed(turn(holder, from))
    }

    fn claim(holder: Uuid, from: i64) -> WorkCommand {
        WorkCommand::Claim { wished: turn(holder, from), over: None }
    }

    /// Where the turn of the other from a second on is over.
    fn succeed(holder: Uuid, from: i64, over: (Uuid, i64)) -> WorkCommand {
        WorkCommand::Claim { wished: turn(holder, from), over: Some(turn(over.0, over.1)) }
    }

    #[test]
    fn whoever_comes_first_has_the_turn_and_keeps_it_while_it_works() {
        given::<Work>([]).when(claim(ONE, 0)).then([claimed(ONE, 0)]);
        given::<Work>([claimed(ONE, 0)]).when(claim(ONE, 15)).then([claimed(ONE, 15)]);
        given::<Work>([claimed(ONE, 0)])
            .when(claim(OTHER, 29))
            .then_rejected(WorkRejection::AnothersTurn { over_at: after(45) });
    }

    #[test]
    fn a_worker_that_died_is_succeeded_by_who_knows_that_its_turn_is_over_whatever_the_clocks_say() {
        assert_eq!((turn(ONE, 0).is_over_at(), turn(ONE, 0).is_over_after()), (after(45), TimeDelta::seconds(45)));
        for now in [-3_600, 1, 45, 86_400] {
            given::<Work>([claimed(ONE, 0)])
                .when(claim(OTHER, now))
                .then_rejected(WorkRejection::AnothersTurn { over_at: after(45) });
            given::<Work>([claimed(ONE, 0)]).when(succeed(OTHER, now, (ONE, 0))).then([claimed(OTHER, now)]);
        }
        // It has gone on meanwhile.
        given::<Work>([claimed(ONE, 0), claimed(ONE, 15)])
            .when(succeed(OTHER, 46, (ONE, 0)))
            .then_rejected(WorkRejection::AnothersTurn { over_at: after(60) });
        given::<Work>([claimed(ONE, 0), claimed(OTHER, 45)])
            .when(claim(ONE, 46))
            .then_rejected(WorkRejection::AnothersTurn { over_at: after(90) });
    }

    #[test]
    fn the_turn_is_given_back_by_who_has_it_and_by_nobody_else() {
        let release = |holder| WorkCommand::Release(Released { holder });
        given::<Work>([claimed(ONE, 0)]).when(release(ONE)).then([WorkEvent::Released(Released { holder: ONE })]);
        given::<Work>([claimed(ONE, 0)]).when(release(OTHER)).then([]);
        given::<Work>([claimed(ONE, 0), WorkEvent::Released(Released { holder: ONE })])
            .when(claim(OTHER, 1))
            .then([claimed(OTHER, 1)]);
    }

    #[test]
    fn a_turn_that_is_over_before_it_begins_is_none() {
        let wished = Claimed { until_at: after(0), ..turn(ONE, 0) };
        given::<Work>([]).when(WorkCommand::Claim { wished, over: None }).then_rejected(WorkRejection::OverAtOnce);
    }
}
