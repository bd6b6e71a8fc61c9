//! Where every event of the log stands on the cluster. Pure.
//!
//! The cluster counts bytes, and events of others lie between ours: its positions have gaps. The order of its log never
//! changes, so each instance that counts our events along it comes to the same numbers: 1, 2, 3 …, as in a file.

use std::collections::HashMap;

use indexmap::IndexMap;
use uuid::Uuid;

use super::envelope::{Found, Strange};
use crate::store::{Position, StreamName};

/// A position in the cluster's log, as the client takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) commit: u64,
    pub(super) prepare: u64,
}

/// What is known of the log: see ARCHITECTURE.md for what an event takes.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: Vec<Place>,
    /// Until where the cluster was read, which is further than the last event where another log follows.
    read_until: Option<Place>,
    /// The positions of each stream's events, by version.
    streams: IndexMap<StreamName, Vec<Position>>,
    ids: HashMap<Uuid, Position>,
    /// The stream of each event, by position; [`NO_STREAM`] where it is in none.
    stream_numbers: Vec<u32>,
    /// The streams whose versions on the cluster are not those of our events.
    gaps: HashMap<StreamName, Gap>,
    /// How many of them held nothing of ours when they were noted.
    of_others_count: usize,
    /// Whether there were more of those than are remembered.
    forgets_others: bool,
}

/// Why the versions of a stream on the cluster are not those of our events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// The first version at which something stands that this program did not write; where there is none, earlier events are
    /// missing.
    pub(super) strange_at: Option<u64>,
    /// The first of our events that does not follow those before it.
    pub(super) first_behind: Option<Position>,
}

/// How many streams are remembered that hold nothing but what others wrote, so that whoever writes below the prefix without end does
/// not fill the memory: 0.3 MB with the longest names. Those of the log are known anyway, and what others write into them is remembered of
/// each. The others matter where the log would begin a stream of that name, which is then said at once.
pub(super) const STREAMS_OF_OTHERS_MAX: usize = 1_000;

/// No stream has this number.
const NO_STREAM: u32 = u32::MAX;

impl Index {
    /// The position of the last event.
    pub(super) fn head(&self) -> Option<Position> {
        self.places.len().checked_sub(1).map(|last| Position(last as u64 + 1))
    }

    /// The position that the next event will have.
    pub(super) fn next_position(&self) -> Position {
        Position(self.places.len() as u64 + 1)
    }

    /// Until where the cluster was read.
    pub(super) fn read_until(&self) -> Option<Place> {
        self.read_until
    }

    /// Where the event at a position stands on the cluster; none before the first and after the last.
    pub(super) fn place(&self, position: Position) -> Option<Place> {
        let index = usize::try_from(position.0).ok()?.checked_sub(1)?;
        self.places.get(index).copied()
    }

    /// The position of the event that has an id, with its stream and version.
    pub(super) fn standing(&self, id: Uuid) -> Option<(Position, &StreamName, u64)> {
        let position = *self.ids.get(&id)?;
        let number = *self.stream_numbers.get(usize::try_from(position.0).ok()? - 1)?;
        let (stream, versions) = self.streams.get_index(usize::try_from(number).ok()?)?;
        let version = versions.binary_search(&position).ok()?;
        Some((position, stream, version as u64))
    }

    /// The positions of a stream's events, by version.
    pub(super) fn positions_of(&self, stream: &StreamName) -> &[Position] {
        self.streams.get(stream).map_or(&[], Vec::as_slice)
    }

    /// Why a stream's versions on the cluster are not those of our events; none where they are.
    pub(super) fn gap(&self, stream: &StreamName) -> Option<Gap> {
        self.gaps.get(stream).copied()
    }

    /// The streams that hold events of ours and what this program did not write, and at which version that stands.
    pub(super) fn intruded(&self) -> impl Iterator<Item = (&StreamName, u64)> {
        let strange = self.gaps.iter().filter_map(|(stream, gap)| Some((stream, gap.strange_at?)));
        strange.filter(|(stream, _)| self.streams.contains_key(*stream))
    }

    /// Whether others wrote into more streams of their own than are remembered.
    pub(super) fn forgets_others(&self) -> bool {
        self.forgets_others
    }

    /// The position of the first event that stands behind a place.
    pub(super) fn first_behind(&self, place: Place) -> Option<Position> {
        let before = self.places.partition_point(|known| *known <= place);
        (before < self.places.len()).then_some(Position(before as u64 + 1))
    }

    /// Whether the event at a position is the one of a stream's version.
    pub(super) fn is_in_line(&self, position: Position, stream: &StreamName, version: u64) -> bool {
        let version = usize::try_from(version).unwrap_or(usize::MAX);
        self.positions_of(stream).get(version) == Some(&position)
    }

    /// Takes in what comes next on the cluster, and until where it was read. What cannot be read has a position too, and what
    /// does not follow what is known of its stream is in none: something was deleted on the cluster.
    pub(super) fn take_in(&mut self, page: &[Found], read_until: Option<Place>) {
        for found in page {
            let position = self.next_position();
            let number = found.stream.as_ref().and_then(|stream| self.number(stream, found.version, position));
            if let (Some(_), Ok(event)) = (number, &found.event) {
                self.ids.insert(event.id, position);
            }
            self.stream_numbers.push(number.unwrap_or(NO_STREAM));
            self.places.push(found.place);
        }
        self.read_until = self.read_until.max(read_until);
    }

    /// Takes in what this program did not write: the cluster counts it too in the stream where it stands.
    pub(super) fn take_note(&mut self, strange: &Strange) {
        let Some(stream) = &strange.stream else { return };
        if !self.streams.contains_key(stream) && !self.gaps.contains_key(stream) {
            if self.of_others_count == STREAMS_OF_OTHERS_MAX {
                self.forgets_others = true;
                return;
            }
            self.of_others_count += 1;
        }
        let first = &mut self.gaps.entry(stream.clone()).or_default().strange_at;
        *first = Some(first.map_or(strange.version, |first| first.min(strange.version)));
    }

    /// The number of the stream, where the version is its next one.
    fn number(&mut self, stream: &StreamName, version: u64, position: Position) -> Option<u32> {
        let entry = self.streams.entry(stream.clone());
        let number = u32::try_from(entry.index()).ok()?;
        let versions = entry.or_default();
        if version == versions.len() as u64 {
            versions.push(position);
            return Some(number);
        }
        self.gaps.entry(stream.clone()).or_default().first_behind.get_or_insert(position);
        None
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::store::Recorded;
    use crate::store::testing::{event, stream};

    fn take_in(index: &mut Index, number: u64, at: &str, version: u64, commit: u64) {
        let new = event(number);
        let recorded = Recorded {
            position: index.next_position(),
            stream: stream(at),
            version,
            id: new.id,
            event_type: new.event_type.into(),
            schema_version: 1,
            recorded_at: DateTime::UNIX_EPOCH,
            data: Some(new.data),
            metadata: vec![],
        };
        let place = Place { commit, prepare: commit };
        let found = Found { place, stream: Some(stream(at)), version, event: Ok(recorded) };
        index.take_in(&[found], Some(place));
    }

    #[test]
    fn events_are_counted_whatever_lies_between_them() {
        let mut index = Index::default();
        assert_eq!((index.head(), index.next_position()), (None, Position(1)));
        take_in(&mut index, 1, "a", 0, 700);
        take_in(&mut index, 2, "b", 0, 9_000);
        take_in(&mut index, 3, "a", 1, 9_001);
        assert_eq!(index.head(), Some(Position(3)));
        assert_eq!(index.place(Position(2)), Some(Place { commit: 9_000, prepare: 9_000 }));
        assert_eq!((index.place(Position(0)), index.place(Position(4))), (None, None));
        assert_eq!(index.positions_of(&stream("a")), [Position(1), Position(3)]);
        assert_eq!(index.standing(event(3).id), Some((Position(3), &stream("a"), 1)));
    }

    #[test]
    fn what_follows_a_hole_has_a_position_and_is_in_no_stream() {
        let mut index = Index::default();
        take_in(&mut index, 1, "a", 0, 1);
        take_in(&mut index, 2, "a", 2, 2);
        take_in(&mut index, 3, "a", 3, 3);
        take_in(&mut index, 4, "b", 0, 4);
        assert_eq!(index.head(), Some(Position(4)));
        let gap = Gap { strange_at: None, first_behind: Some(Position(2)) };
        assert_eq!((index.gap(&stream("a")), index.gap(&stream("b"))), (Some(gap), None));
        assert_eq!(index.positions_of(&stream("a")), [Position(1)]);
        assert!(index.is_in_line(Position(4), &stream("b"), 0) && !index.is_in_line(Position(3), &stream("a"), 3));
        assert_eq!(index.standing(event(3).id), None);
    }

    #[test]
    fn what_others_write_into_a_stream_of_ours_is_known_by_its_version_and_moves_no_position() {
        let mut index = Index::default();
        let strange = |at: &str, version| Strange { named: String::new(), stream: Some(stream(at)), version };
        take_in(&mut index, 1, "a", 0, 1);
        index.take_note(&strange("a", 1));
        index.take_note(&strange("a", 2));
        index.take_note(&strange("others", 0));
        take_in(&mut index, 2, "b", 0, 4);
        assert_eq!(index.gap(&stream("a")), Some(Gap { strange_at: Some(1), first_behind: None }));
        assert_eq!(index.intruded().collect::<Vec<_>>(), [(&stream("a"), 1)]);
        assert_eq!(index.head(), Some(Position(2)));
        take_in(&mut index, 3, "a", 3, 5);
        assert_eq!(index.gap(&stream("a")), Some(Gap { strange_at: Some(1), first_behind: Some(Position(3)) }));
        let behind = |commit| index.first_behind(Place { commit, prepare: commit });
        assert_eq!([0, 1, 4, 5].map(behind), [Some(Position(1)), Some(Position(2)), Some(Position(3)), None]);
    }

    #[test]
    fn of_the_streams_of_others_so_many_are_remembered_and_those_that_are_ours_always() {
        let mut index = Index::default();
        take_in(&mut index, 1, "ours", 0, 1);
        let strange = |at: &str| Strange { named: String::new(), stream: Some(stream(at)), version: 0 };
        for number in 0..STREAMS_OF_OTHERS_MAX {
            index.take_note(&strange(&format!("others-{number}")));
        }
        assert!(!index.forgets_others());
        index.take_note(&strange("one-more"));
        index.take_note(&Strange { version: 1, ..strange("ours") });
        assert!(index.forgets_others());
        assert_eq!(index.gaps.len(), STREAMS_OF_OTHERS_MAX + 1);
        assert_eq!(index.gap(&stream("one-more")), None);
        assert_eq!(index.intruded().collect::<Vec<_>>(), [(&stream("ours"), 1)]);
        // What is known already still counts.
        index.take_note(&Strange { version: 1, ..strange("others-0") });
        assert_eq!(index.gap(&stream("others-0")), Some(Gap { strange_at: Some(0), first_behind: None }));
    }
}
