//! A log moved from one home to another: the same events in the same order, with their ids and instants.

use std::time::Duration;

use crate::store::home::{Home, LogPlace};
use crate::store::mark::Mark;
use crate::store::{AppendError, EventStore, Expected, NewEvent, Position, ReadError, Recorded, count_until};

/// How many events are compared or moved at a time.
const PAGE_EVENTS: usize = 1_000;

/// Why a log was not moved, or not wholly.
#[derive(Debug, thiserror::Error)]
pub enum RelocationError {
    /// The log that is left cannot be read.
    #[error("the log that is to be moved could not be read")]
    From(#[source] ReadError),
    /// The log that is filled cannot be read.
    #[error("the log that is to be filled could not be read")]
    To(#[source] ReadError),
    /// The new home holds all of it, and more.
    #[error(
        "the log that is to be filled holds all of the one that is moved and went on by {count} events; name that place in \
         data.store, and move from there where it is to go elsewhere"
    )]
    WentOn {
        /// By how many.
        count: u64,
    },
    /// The new home holds another log.
    #[error(
        "the log that is to be filled holds another event at position {position} than the one that is moved; move into an \
         empty one, or into one that holds the beginning of this log and nothing else"
    )]
    Other {
        /// The first such position.
        position: Position,
    },
    /// An event has lost its content, and only a backup of the file carries its place.
    #[error(
        "event {position} was erased, so the log cannot be moved; it stays where it is, and a backup keeps its chain"
    )]
    Erased {
        /// Its position.
        position: Position,
    },
    /// It was moved elsewhere before.
    #[error(
        "the log in {from} was moved to {to} before and goes on there; move it from there, or it would go on in two places"
    )]
    Elsewhere {
        /// Where it was.
        from: String,
        /// Where it is.
        to: String,
    },
    /// The log that is to be moved is half a log itself, or the other is being filled with another one.
    #[error("{place} is being filled from {from} and is not whole; run `grenselos move` from there to it again first")]
    Half {
        /// Which one.
        place: String,
        /// Where its whole is.
        from: String,
    },
    /// What is said of the moves could not be written.
    #[error(
        "it could not be noted beside the log that it is moved; what was moved stays, and moving again goes on from there"
    )]
    Mark(#[source] AppendError),
    /// The new home did not take an event.
    #[error("event {position} was not taken; move again, which goes on from there")]
    Append {
        /// Its position.
        position: Position,
        /// Why.
        #[source]
        source: AppendError,
    },
}

/// What was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relocated {
    /// How many events stood in the new home before.
    pub found_count: u64,
    /// How many both logs hold now, each compared with the other.
    pub compared_count: u64,
}

/// Fills `to` with what `from` holds, and compares both from the first event to the last, until nothing follows that was written
/// meanwhile. What stands in `to` from an earlier attempt is not written again. `begin` is called before the first is written.
///
/// # Errors
/// One of them fails, `to` holds something else, or an event of `from` was erased: then nothing is written.
pub fn relocate(
    from: &dyn EventStore,
    to: &dyn EventStore,
    begin: &mut dyn FnMut() -> Result<(), RelocationError>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Relocated, RelocationError> {
    let from_count = count_until(from.head().map_err(RelocationError::From)?);
    let found_count = count_until(to.head().map_err(RelocationError::To)?);
    is_whole(from)?;
    same(from, to, 0, found_count.min(from_count), &mut |_| {})?;
    if found_count > from_count {
        return Err(RelocationError::WentOn { count: found_count - from_count });
    }
    begin()?;
    let compared_count = go_on(from, to, (found_count, 0), progress)?;
    Ok(Relocated { found_count, compared_count })
}

/// Moves what follows the first `moved_count` events and compares what follows the first `compared_count`, until nothing follows;
/// says how many both hold then.
fn go_on(
    from: &dyn EventStore,
    to: &dyn EventStore,
    (moved_count, compared_count): (u64, u64),
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, RelocationError> {
    let mut total = count_until(from.head().map_err(RelocationError::From)?);
    let mut compared_count = compared_count;
    let mut last = (moved_count > 0).then_some(Position(moved_count));
    loop {
        while let Some(end) = move_page(from, to, last)? {
            total = total.max(end.0);
            progress(end.0, 2 * total);
            last = Some(end);
        }
        let moved_count = count_until(last);
        same(from, to, compared_count, moved_count, &mut |count| progress(total + count, 2 * total))?;
        compared_count = moved_count;
        if from.head().map_err(RelocationError::From)? == last {
            return Ok(compared_count);
        }
    }
}

/// Moves the log of one home into another, and says so beside both: until it has ended nobody goes on with the part that is
/// there, and afterwards nobody with what was left. Instances that have either open are told by the mark; `pause` is called with
/// how long that takes, and what they wrote until then is moved behind the rest.
///
/// # Errors
/// As [`relocate`]; or one of them was moved elsewhere, or is half a log.
pub fn move_between(
    (from, from_place): (&Home, &str),
    (to, to_place): (&Home, &str),
    pause: &mut dyn FnMut(Duration),
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Relocated, RelocationError> {
    let was_left = was_left((from, from_place), to_place)?;
    match to.mark().map_err(RelocationError::To)? {
        Some(Mark::Filling { from }) if LogPlace::shown_now(&from) != from_place => {
            return Err(RelocationError::Half { place: to_place.to_owned(), from });
        }
        // It came from there, and went on elsewhere.
        Some(Mark::Left { to }) if was_left && LogPlace::shown_now(&to) != from_place => {
            return Err(RelocationError::Elsewhere { from: to_place.to_owned(), to });
        }
        Some(Mark::Filling { .. } | Mark::Leaving { .. } | Mark::Left { .. } | Mark::Whole) | None => {}
    }
    let filling = Mark::Filling { from: from_place.to_owned() };
    let stood_at = to.port().head().map_err(RelocationError::To)?;
    let mut begin = || {
        to.leave_mark(&filling).map_err(RelocationError::Mark)?;
        if was_left {
            // The log goes on there, and whoever has it open writes until the mark is heard.
            pause(to.heeds_marks_within());
            let stands_at = to.port().head().map_err(RelocationError::To)?;
            if stands_at != stood_at {
                drop(to.leave_mark(&Mark::Whole));
                return Err(RelocationError::WentOn { count: count_until(stands_at) - count_until(stood_at) });
            }
        }
        to.forget_head().map_err(RelocationError::Mark)
    };
    let mut moved = relocate(from.port().as_ref(), to.port().as_ref(), &mut begin, progress)?;
    if !was_left {
        from.leave_mark(&Mark::Leaving { to: to_place.to_owned() }).map_err(RelocationError::Mark)?;
        pause(from.heeds_marks_within().max(to.heeds_marks_within()));
        moved.compared_count = end(from, to, moved.compared_count, progress).inspect_err(|_| {
            // Nobody serves the other one, so this one goes on; where that cannot be said, moving again does it.
            drop(from.leave_mark(&Mark::Whole));
        })?;
    }
    from.leave_mark(&Mark::Left { to: to_place.to_owned() }).map_err(RelocationError::Mark)?;
    // What was on its way for long may have come just before that.
    let moved_count = moved.compared_count;
    moved.compared_count = go_on(from.port().as_ref(), to.port().as_ref(), (moved_count, moved_count), progress)?;
    to.leave_mark(&Mark::Whole).map_err(RelocationError::Mark)?;
    Ok(moved)
}

/// Whether a log was moved to a place before; asked before anything is made there.
///
/// # Errors
/// It was moved elsewhere, or is half a log.
pub fn was_left((from, from_place): (&Home, &str), to_place: &str) -> Result<bool, RelocationError> {
    match from.mark().map_err(RelocationError::From)? {
        Some(Mark::Filling { from }) => Err(RelocationError::Half { place: from_place.to_owned(), from }),
        Some(Mark::Left { to }) if LogPlace::shown_now(&to) != to_place => {
            Err(RelocationError::Elsewhere { from: from_place.to_owned(), to })
        }
        Some(Mark::Left { .. }) => Ok(true),
        Some(Mark::Leaving { .. } | Mark::Whole) | None => Ok(false),
    }
}

/// Moves what was written until nobody wrote any more, and sees that both end alike; says how many events both hold.
fn end(from: &Home, to: &Home, moved_count: u64, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, RelocationError> {
    let (from, to) = (from.port(), to.port());
    let count = go_on(from.as_ref(), to.as_ref(), (moved_count, moved_count), progress)?;
    match count_until(to.head().map_err(RelocationError::To)?).checked_sub(count) {
        None | Some(0) => Ok(count),
        Some(more) => Err(RelocationError::WentOn { count: more }),
    }
}

/// Sees that no event was erased, before anything is written.
fn is_whole(from: &dyn EventStore) -> Result<(), RelocationError> {
    let mut erased = None;
    let read = from.replay(None, &mut |event| {
        if event.data.is_none() {
            erased = erased.or(Some(event.position));
        }
        Ok(())
    });
    read.map_err(RelocationError::From)?;
    erased.map_or(Ok(()), |position| Err(RelocationError::Erased { position }))
}

/// Moves what follows a position, as much as is read at a time, and says how far that is; none where nothing follows.
fn move_page(
    from: &dyn EventStore,
    to: &dyn EventStore,
    last: Option<Position>,
) -> Result<Option<Position>, RelocationError> {
    let page = from.read_all(last, PAGE_EVENTS).map_err(RelocationError::From)?;
    page.chunk_by(|one, next| one.stream == next.stream).try_for_each(|run| append(to, run))?;
    Ok(page.last().map(|event| event.position))
}

/// Appends events of one stream that follow each other in the log.
fn append(to: &dyn EventStore, run: &[Recorded]) -> Result<(), RelocationError> {
    let first = &run[0];
    let expected = first.version.checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
    // One at a time where they might weigh more together than one append may.
    let bytes: usize = run.iter().map(|event| event.data.as_ref().map_or(0, Vec::len) + event.metadata.len()).sum();
    if run.len() > 1 && bytes > crate::store::EVENT_BYTES_MAX {
        return run.iter().try_for_each(|event| append(to, std::slice::from_ref(event)));
    }
    let events = run.iter().map(|event| {
        Ok(NewEvent {
            id: event.id,
            event_type: (*event.event_type).into(),
            schema_version: event.schema_version,
            recorded_at: event.recorded_at,
            data: event.data.clone().ok_or(RelocationError::Erased { position: event.position })?,
            metadata: event.metadata.clone(),
        })
    });
    let events: Vec<NewEvent> = events.collect::<Result<_, RelocationError>>()?;
    let position = first.position;
    let appended =
        to.append(&first.stream, expected, events).map_err(|source| RelocationError::Append { position, source })?;
    if appended.first_position == position { Ok(()) } else { Err(RelocationError::Other { position }) }
}

/// Compares both logs event by event, whole, from behind one position until another.
fn same(
    from: &dyn EventStore,
    to: &dyn EventStore,
    behind: u64,
    until: u64,
    progress: &mut dyn FnMut(u64),
) -> Result<(), RelocationError> {
    let mut compared = behind;
    while compared < until {
        let last = (compared > 0).then_some(Position(compared));
        let max = usize::try_from(until - compared).unwrap_or(PAGE_EVENTS).min(PAGE_EVENTS);
        let one = from.read_all(last, max).map_err(RelocationError::From)?;
        let other = to.read_all(last, max).map_err(RelocationError::To)?;
        let both = one.len().min(other.len());
        let differs = (0..both).find(|&index| one[index] != other[index]);
        if differs.is_some() || both == 0 {
            return Err(RelocationError::Other { position: Position(compared + 1 + differs.unwrap_or(0) as u64) });
        }
        compared += both as u64;
        progress(compared);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::home::Access;
    use crate::store::memory::MemoryStore;
    use crate::store::sqlite::SqliteStore;
    use crate::store::testing::{TestDirectory, event, events, stream};

    /// Streams taking turns, and one that is written many times in a row.
    fn fill(store: &dyn EventStore) {
        for number in 0..1_200 {
            let name = if number < 600 { format!("s-{}", number % 7) } else { "long".to_owned() };
            store.append(&stream(&name), Expected::Any, events([number])).unwrap();
        }
    }

    fn moved(from: &dyn EventStore, to: &dyn EventStore) -> Result<Relocated, RelocationError> {
        relocate(from, to, &mut || Ok(()), &mut |_, _| {})
    }

    #[test]
    fn a_log_is_moved_there_and_back_and_stays_the_same() {
        let directory = TestDirectory::new();
        let (file, memory) = (SqliteStore::open(directory.path()).unwrap(), MemoryStore::default());
        fill(&file);
        assert_eq!(moved(&file, &memory).unwrap(), Relocated { found_count: 0, compared_count: 1_200 });
        assert_eq!(file.read_all(None, 2_000).unwrap(), memory.read_all(None, 2_000).unwrap());
        let back = MemoryStore::default();
        assert_eq!(moved(&memory, &back).unwrap().compared_count, 1_200);
        assert_eq!(moved(&memory, &back).unwrap(), Relocated { found_count: 1_200, compared_count: 1_200 });
    }

    #[test]
    fn a_log_that_went_on_elsewhere_is_not_moved_to_where_it_was_once_more() {
        let directories: Vec<TestDirectory> = (0..3).map(|_| TestDirectory::new()).collect();
        fill(&SqliteStore::open(directories[0].path()).unwrap());
        let place = |index: usize| LogPlace::Directory(directories[index].path().to_owned());
        let moved = |from: usize, to: usize| {
            let [left, filled] = [from, to].map(|index| Home::open_to_move(&place(index), Access::Write).unwrap());
            move_between((&left, &place(from).shown()), (&filled, &place(to).shown()), &mut |_| {}, &mut |_, _| {})
        };
        let is_written = |index: usize| Home::open(&place(index), Access::Write).is_ok();
        moved(0, 1).unwrap();
        moved(0, 1).unwrap();
        moved(1, 2).unwrap();
        let refused = moved(0, 1).unwrap_err().to_string();
        assert!(refused.contains(&format!("was moved to {} before", place(2).shown())), "{refused}");
        assert_eq!([0, 1, 2].map(is_written), [false, false, true]);
        moved(2, 0).unwrap();
        assert_eq!([0, 1, 2].map(is_written), [true, false, false]);
    }

    #[test]
    fn a_move_that_was_broken_off_goes_on() {
        let (from, to) = (MemoryStore::default(), MemoryStore::default());
        fill(&from);
        for event in from.read_all(None, 500).unwrap() {
            append(&to, &[event]).unwrap();
        }
        assert_eq!(moved(&from, &to).unwrap(), Relocated { found_count: 500, compared_count: 1_200 });
    }

    #[test]
    fn nothing_is_moved_into_another_log_or_one_that_went_on() {
        let from = MemoryStore::default();
        fill(&from);
        let other = MemoryStore::default();
        other.append(&stream("s-0"), Expected::NoStream, events([77])).unwrap();
        let refused = moved(&from, &other).unwrap_err();
        assert!(matches!(refused, RelocationError::Other { position: Position(1) }), "{refused}");
        let gone_on = MemoryStore::default();
        moved(&from, &gone_on).unwrap();
        gone_on.append(&stream("more"), Expected::NoStream, vec![event(5_000)]).unwrap();
        let refused = moved(&from, &gone_on).unwrap_err();
        assert!(matches!(refused, RelocationError::WentOn { count: 1 }), "{refused}");
        assert!(refused.to_string().contains("went on by 1 events; name that place in data.store"), "{refused}");
        assert_eq!(other.head().unwrap(), Some(Position(1)));
    }

    #[test]
    fn what_was_erased_is_named_and_not_moved() {
        let directory = TestDirectory::new();
        let file = Arc::new(SqliteStore::open(directory.path()).unwrap());
        file.append(&stream("a"), Expected::NoStream, events(1..=5)).unwrap();
        file.erase_payload(Position(3)).unwrap();
        let to = MemoryStore::default();
        file.append(&stream("b"), Expected::NoStream, events(6..=7)).unwrap();
        file.erase_payload(Position(6)).unwrap();
        let refused = moved(file.as_ref(), &to).unwrap_err();
        assert!(matches!(refused, RelocationError::Erased { position: Position(3) }), "{refused}");
        assert_eq!(to.head().unwrap(), None);
    }

    #[test]
    fn what_is_written_while_the_logs_are_compared_is_moved_too() {
        let (from, to) = (MemoryStore::default(), MemoryStore::default());
        fill(&from);
        let mut written = 0;
        let moved = relocate(&from, &to, &mut || Ok(()), &mut |done, of| {
            if done == of && written < 2 {
                from.append(&stream("late"), Expected::Any, events([9_000 + written])).unwrap();
                written += 1;
            }
        });
        assert_eq!(moved.unwrap(), Relocated { found_count: 0, compared_count: 1_202 });
        assert_eq!(to.head().unwrap(), Some(Position(1_202)));
    }
}
