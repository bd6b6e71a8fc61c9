//! Whether an append may be written: the rules that every home keeps. Pure.

use std::collections::HashSet;

use super::{
    APPEND_BYTES_MAX, APPEND_EVENTS_MAX, AppendError, Appended, EVENT_BYTES_MAX, Expected, NAME_CHARACTERS_MAX,
    NewEvent, Position, StreamName,
};

/// An event that already has the id of one to be appended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earlier {
    pub position: Position,
    pub version: u64,
    /// It stands at the same stream, with the same type, schema version and data.
    pub same: bool,
}

/// The append's own faults, known before anything is looked up.
pub(super) fn check(stream: &StreamName, events: &[NewEvent]) -> Result<(), AppendError> {
    let within = |what, actual, limit| {
        if actual <= limit {
            return Ok(());
        }
        Err(AppendError::TooLarge { stream: stream.clone(), what, actual, limit })
    };
    if events.is_empty() {
        return Err(AppendError::Empty { stream: stream.clone() });
    }
    within("number of events", events.len(), APPEND_EVENTS_MAX)?;
    let mut ids = HashSet::with_capacity(events.len());
    for event in events {
        within("length in bytes of an event type", event.event_type.len(), NAME_CHARACTERS_MAX)?;
        within("size in bytes of an event", event.size_bytes(), EVENT_BYTES_MAX)?;
        if !ids.insert(event.id) {
            return Err(AppendError::IdReusedWithOtherContent { id: event.id });
        }
    }
    within("size in bytes", events.iter().map(NewEvent::size_bytes).sum(), APPEND_BYTES_MAX)
}

/// Whether `events` may be written to a stream whose last version is `actual`: `None` says write, `Some` where they
/// stand already. `earlier` holds what has the id of each event.
pub(super) fn admit(
    stream: &StreamName,
    expected: Expected,
    actual: Option<u64>,
    events: &[NewEvent],
    earlier: &[Option<Earlier>],
) -> Result<Option<Appended>, AppendError> {
    if let Some(repetition) = repetition(earlier) {
        return Ok(Some(repetition));
    }
    let taken = events.iter().zip(earlier).find(|(_, earlier)| earlier.is_some());
    if let Some((event, _)) = taken {
        return Err(AppendError::IdReusedWithOtherContent { id: event.id });
    }
    if !expected.admits(actual) {
        return Err(AppendError::WrongExpectedVersion { stream: stream.clone(), expected, actual });
    }
    Ok(None)
}

/// Where every event stands already, one after the other.
fn repetition(earlier: &[Option<Earlier>]) -> Option<Appended> {
    let first = (*earlier.first()?)?;
    let mut last = first;
    for (version, earlier) in (first.version..).zip(earlier) {
        last = (*earlier)?;
        if !last.same || last.version != version {
            return None;
        }
    }
    Some(Appended {
        first_position: first.position,
        last_position: last.position,
        version: last.version,
        already_committed: true,
    })
}

/// The version of the first event to be written after `actual`.
pub(super) fn next_version(actual: Option<u64>) -> u64 {
    actual.map_or(0, |version| version + 1)
}
