//! The events of some streams, the latest first: each stream is read from its end, and only as far as it is asked for.

use std::collections::{BTreeMap, BinaryHeap};

use uuid::Uuid;

use super::StreamPlace;
use crate::domain::event::StreamKind;
use crate::handle::stream_name;
use crate::store::{EventStore, ReadError, Recorded, StreamName};

/// So many events of a stream are read at a time.
const AT_ONCE: u64 = 64;

/// A stream, as far as it is not read.
struct Lane {
    stream: StreamName,
    /// How many events of it are not read, from its beginning.
    left: u64,
}

/// A stream that is looked through: how long it is, and where it stands in the log.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    /// Its kind.
    pub kind: StreamKind,
    /// Its id.
    pub id: Uuid,
    /// How many events it has.
    pub length: u64,
    /// Where it begins and ends.
    pub place: StreamPlace,
}

/// The events of some streams before a position, the latest first.
pub struct Backwards<'log> {
    store: &'log dyn EventStore,
    before: u64,
    lanes: Vec<Lane>,
    /// By the position that no event of the lane which is not read stands behind.
    next: BinaryHeap<(u64, usize)>,
    /// What is read and stands behind everything that is not.
    ready: BTreeMap<u64, Recorded>,
    read_count: u64,
}

impl<'log> Backwards<'log> {
    /// Through these streams, from a position on.
    pub fn through(store: &'log dyn EventStore, streams: impl IntoIterator<Item = Through>, before: u64) -> Self {
        let mut lanes = Vec::new();
        let mut next = Vec::new();
        for Through { kind, id, length, place } in streams {
            if place.first.0 < before {
                next.push((place.last.0.min(before.saturating_sub(1)), lanes.len()));
                lanes.push(Lane { stream: stream_name(kind, id), left: length });
            }
        }
        Self { store, before, lanes, next: next.into(), ready: BTreeMap::new(), read_count: 0 }
    }

    /// How many events were read so far, also those that were not shown yet.
    #[must_use]
    pub fn read_count(&self) -> u64 {
        self.read_count
    }

    /// The next one; none where there are no more.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn next_event(&mut self) -> Result<Option<Recorded>, ReadError> {
        loop {
            let latest = self.ready.last_key_value().map(|(position, _)| *position);
            match self.next.peek() {
                Some((bound, _)) if latest.is_none_or(|latest| latest < *bound) => {}
                Some(_) | None => return Ok(self.ready.pop_last().map(|(_, event)| event)),
            }
            if let Some((_, index)) = self.next.pop() {
                self.read_on(index)?;
            }
        }
    }

    fn read_on(&mut self, index: usize) -> Result<(), ReadError> {
        let Some(lane) = self.lanes.get_mut(index) else { return Ok(()) };
        if lane.left > AT_ONCE {
            lane.left = left_before(self.store, &lane.stream, lane.left, self.before)?;
        }
        let begin = lane.left.saturating_sub(AT_ONCE);
        let wanted = usize::try_from(lane.left - begin).unwrap_or(usize::MAX);
        if wanted == 0 {
            return Ok(());
        }
        let events = self.store.read_stream(&lane.stream, begin, wanted)?.events;
        self.read_count += u64::try_from(events.len()).unwrap_or(u64::MAX);
        let first = events.first().map(|event| event.position.0);
        lane.left = begin;
        if let Some(bound) = first.and_then(|first| first.checked_sub(1)).filter(|_| begin > 0) {
            self.next.push((bound, index));
        }
        let before = self.before;
        self.ready.extend(
            events.into_iter().filter(|event| event.position.0 < before).map(|event| (event.position.0, event)),
        );
        Ok(())
    }
}

/// How many of the first `left` events of a stream stand before a position: mostly all of them.
fn left_before(store: &dyn EventStore, stream: &StreamName, left: u64, before: u64) -> Result<u64, ReadError> {
    let stands_before = |version: u64| -> Result<bool, ReadError> {
        let events = store.read_stream(stream, version, 1)?.events;
        Ok(events.first().is_some_and(|event| event.position.0 < before))
    };
    if stands_before(left - 1)? {
        return Ok(left);
    }
    let (mut low, mut high) = (0, left - 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if stands_before(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::nth;
    use crate::store::memory::MemoryStore;
    use crate::store::testing::event;
    use crate::store::{Expected, Position};

    /// Three streams whose events stand among one another, one of them long.
    fn store() -> (MemoryStore, Vec<Through>) {
        let store = MemoryStore::default();
        let mut streams: Vec<Through> = Vec::new();
        for number in 0..600_u64 {
            let stream = match number % 10 {
                0 => 1,
                5 if number < 300 => 2,
                _ => 3,
            };
            let id = nth(stream);
            let name = stream_name(StreamKind::Delivery, id);
            let appended = store.append(&name, Expected::Any, vec![event(number)]).unwrap();
            let position = appended.last_position;
            if let Some(known) = streams.iter_mut().find(|known| known.id == id) {
                known.length += 1;
                known.place.last = position;
            } else {
                let place = StreamPlace { first: position, last: position };
                streams.push(Through { kind: StreamKind::Delivery, id, length: 1, place });
            }
        }
        (store, streams)
    }

    fn positions(mut backwards: Backwards<'_>) -> Vec<u64> {
        std::iter::from_fn(|| backwards.next_event().unwrap()).map(|event| event.position.0).collect()
    }

    #[test]
    fn events_of_several_streams_come_the_latest_first_from_any_position_on() {
        let (store, streams) = store();
        for chosen in [vec![0], vec![2], vec![0, 1], vec![0, 1, 2]] {
            let chosen: Vec<Through> = chosen.into_iter().map(|index: usize| streams[index]).collect();
            let names: Vec<StreamName> = chosen.iter().map(|known| stream_name(known.kind, known.id)).collect();
            for before in [0, 1, 2, 7, 300, 333, 600, 601, u64::MAX] {
                let mut expected: Vec<u64> = store
                    .read_all(None, 1_000)
                    .unwrap()
                    .iter()
                    .filter(|event| names.contains(&event.stream) && event.position < Position(before))
                    .map(|event| event.position.0)
                    .collect();
                expected.reverse();
                assert_eq!(positions(Backwards::through(&store, chosen.clone(), before)), expected, "before {before}");
            }
        }
    }

    #[test]
    fn no_more_is_read_than_is_asked_for() {
        let (store, streams) = store();
        let mut backwards = Backwards::through(&store, streams, u64::MAX);
        for _ in 0..10 {
            backwards.next_event().unwrap();
        }
        assert!(backwards.read_count() <= 3 * AT_ONCE, "{}", backwards.read_count());
    }
}
