//! The events of some streams, the latest first: each stream is read from its end, and only as far as it is asked for.

use std::collections::{BTreeMap, BinaryHeap};

use uuid::Uuid;

use super::StreamPlace;
use crate::domain::event::StreamKind;
use crate::handle::stream_name;
use crate::store::{EventStore, ReadError, Recorded, StreamName};

/// So many events of a stream are read at a time.
const AT_ONCE: u64 = 64;
/// A read counts as much as so many events, also where it brings fewer.
const READ_COST: u64 = 16;

/// A stream, as far as it is not read.
struct Lane {
    stream: StreamName,
    /// How many events of it are not read, from its beginning.
    left: u64,
    /// The position of the last of them, or one after it.
    last: u64,
}

/// A stream that is looked through, and where it stands in the log.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    /// Its kind.
    pub kind: StreamKind,
    /// Its id.
    pub id: Uuid,
    /// Where it begins and ends, and how long it is.
    pub place: StreamPlace,
}

/// The events of some streams before a position, the latest first.
pub struct Backwards<'log> {
    store: &'log dyn EventStore,
    before: u64,
    lanes: Vec<Lane>,
    /// By the position that no event of the lane which is not read stands behind.
    next: BinaryHeap<(u64, usize)>,
    /// What is read and was not asked for yet.
    ready: BTreeMap<u64, Recorded>,
    read_count: u64,
}

impl<'log> Backwards<'log> {
    /// Through these streams, from a position on.
    pub fn through(store: &'log dyn EventStore, streams: impl IntoIterator<Item = Through>, before: u64) -> Self {
        let mut lanes = Vec::new();
        let mut next = Vec::new();
        for Through { kind, id, place } in streams {
            if place.first.0 < before {
                next.push((place.last.0.min(before.saturating_sub(1)), lanes.len()));
                lanes.push(Lane { stream: stream_name(kind, id), left: place.length, last: place.last.0 });
            }
        }
        Self { store, before, lanes, next: next.into(), ready: BTreeMap::new(), read_count: 0 }
    }

    /// How many events were read so far, also those that were not shown yet; a read that brings few counts as some more.
    #[must_use]
    pub fn read_count(&self) -> u64 {
        self.read_count
    }

    /// Whether there are no more.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.next.is_empty() && self.ready.is_empty()
    }

    /// The next one; none where there are no more.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn next_event(&mut self) -> Result<Option<Recorded>, ReadError> {
        loop {
            if let Some(event) = self.next_ready() {
                return Ok(Some(event));
            }
            let Some((_, index)) = self.next.pop() else { return Ok(None) };
            self.read_on(index)?;
        }
    }

    /// The next one, where it is read already.
    pub fn next_ready(&mut self) -> Option<Recorded> {
        let (latest, _) = self.ready.last_key_value()?;
        // What is not read of another stream may stand behind it.
        let is_next = self.next.peek().is_none_or(|(bound, _)| bound <= latest);
        if is_next { self.ready.pop_last().map(|(_, event)| event) } else { None }
    }

    fn read_on(&mut self, index: usize) -> Result<(), ReadError> {
        let Some(Lane { stream, left, last }) = self.lanes.get(index) else { return Ok(()) };
        let (stream, mut left, last) = (stream.clone(), *left, *last);
        if left > AT_ONCE && last >= self.before {
            left = self.left_before(&stream, left)?;
        }
        let begin = left.saturating_sub(AT_ONCE);
        if begin == left {
            return Ok(());
        }
        let events = self.read(&stream, begin, left - begin)?;
        let first = events.first().map(|event| event.position.0).filter(|_| begin > 0);
        if let (Some(first), Some(lane)) = (first, self.lanes.get_mut(index)) {
            let bound = first.saturating_sub(1);
            (lane.left, lane.last) = (begin, bound);
            self.next.push((bound, index));
        }
        let before = self.before;
        self.ready.extend(
            events.into_iter().filter(|event| event.position.0 < before).map(|event| (event.position.0, event)),
        );
        Ok(())
    }

    /// How many of the first `left` events of a stream stand before the position from which on it is looked through.
    fn left_before(&mut self, stream: &StreamName, left: u64) -> Result<u64, ReadError> {
        let (mut low, mut high) = (0, left);
        while low < high {
            let middle = low + (high - low) / 2;
            let event = self.read(stream, middle, 1)?;
            if event.first().is_some_and(|event| event.position.0 < self.before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn read(&mut self, stream: &StreamName, from_version: u64, max: u64) -> Result<Vec<Recorded>, ReadError> {
        let (mut events, mut next) = (Vec::<Recorded>::new(), from_version);
        let end = from_version.saturating_add(max);
        // The store ends a page before an event that it cannot read, and says so where one begins there.
        while next < end {
            let page = self.store.read_stream(stream, next, usize::try_from(end - next).unwrap_or(usize::MAX))?;
            next = page.events.last().map_or(end, |event| event.version.saturating_add(1));
            events.extend(page.events);
            if page.is_last {
                break;
            }
        }
        self.read_count += u64::try_from(events.len()).unwrap_or(u64::MAX).max(READ_COST);
        Ok(events)
    }
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
                known.place.length += 1;
                known.place.last = position;
            } else {
                let place = StreamPlace { first: position, last: position, length: 1 };
                streams.push(Through { kind: StreamKind::Delivery, id, place });
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

    #[test]
    fn a_read_that_brings_few_counts_as_some_more_and_what_is_read_already_as_nothing() {
        let (store, streams) = store();
        let first = Through { place: StreamPlace { length: 1, ..streams[0].place }, ..streams[0] };
        let mut backwards = Backwards::through(&store, [first], u64::MAX);
        backwards.next_event().unwrap();
        assert_eq!((backwards.read_count(), backwards.is_at_end()), (READ_COST, true));

        let mut backwards = Backwards::through(&store, streams, u64::MAX);
        backwards.next_event().unwrap();
        let read_count = backwards.read_count();
        // The stream that every tenth event is of was not read yet: its last stands at 591.
        let ready: Vec<u64> = std::iter::from_fn(|| backwards.next_ready()).map(|event| event.position.0).collect();
        assert_eq!(ready, (592..600).rev().collect::<Vec<_>>());
        assert_eq!((backwards.read_count(), backwards.is_at_end()), (read_count, false));
    }
}
