//! Where every event of the log stands on the cluster. Pure.
//!
//! The cluster counts bytes, and events of others lie between ours: its positions have gaps. The order of its log never
//! changes, so each instance that counts our events along it comes to the same numbers: 1, 2, 3 …, as in a file.

use std::collections::HashMap;

use uuid::Uuid;

use crate::store::{Position, Recorded, StreamName};

/// A position in the cluster's log, as the client takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) commit: u64,
    pub(super) prepare: u64,
}

/// What is known of the log: some 80 bytes for each event.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: Vec<Place>,
    streams: HashMap<StreamName, Vec<Position>>,
    ids: HashMap<Uuid, Position>,
    /// Stream and version by position.
    stands: Vec<(StreamName, u64)>,
}

impl Index {
    /// The position of the last event.
    pub(super) fn head(&self) -> Option<Position> {
        self.places.len().checked_sub(1).map(|last| Position(last as u64 + 1))
    }

    /// The position that the next event will have.
    pub(super) fn next_position(&self) -> Position {
        Position(self.places.len() as u64 + 1)
    }

    /// Where the event at a position stands on the cluster; none before the first and after the last.
    pub(super) fn place(&self, position: Position) -> Option<Place> {
        let index = usize::try_from(position.0).ok()?.checked_sub(1)?;
        self.places.get(index).copied()
    }

    /// The position of the event that has an id, with its stream and version.
    pub(super) fn standing(&self, id: Uuid) -> Option<(Position, &StreamName, u64)> {
        let position = *self.ids.get(&id)?;
        let (stream, version) = self.stands.get(usize::try_from(position.0).ok()? - 1)?;
        Some((position, stream, *version))
    }

    /// The positions of a stream's events, by version.
    pub(super) fn positions_of(&self, stream: &StreamName) -> &[Position] {
        self.streams.get(stream).map_or(&[], Vec::as_slice)
    }

    /// Takes in the event that comes next on the cluster. False where it does not follow what is known of its stream: then
    /// something was deleted on the cluster, and no number can be trusted.
    #[must_use]
    pub(super) fn take_in(&mut self, place: Place, event: &Recorded) -> bool {
        let versions = self.streams.entry(event.stream.clone()).or_default();
        if event.version != versions.len() as u64 {
            return false;
        }
        versions.push(event.position);
        self.ids.insert(event.id, event.position);
        self.stands.push((event.stream.clone(), event.version));
        self.places.push(place);
        true
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::store::testing::{event, stream};

    fn taken_in(index: &mut Index, number: u64, at: &str, version: u64, commit: u64) -> bool {
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
        index.take_in(Place { commit, prepare: commit }, &recorded)
    }

    #[test]
    fn events_are_counted_whatever_lies_between_them() {
        let mut index = Index::default();
        assert_eq!((index.head(), index.next_position()), (None, Position(1)));
        assert!(taken_in(&mut index, 1, "a", 0, 700) && taken_in(&mut index, 2, "b", 0, 9_000));
        assert!(taken_in(&mut index, 3, "a", 1, 9_001));
        assert_eq!(index.head(), Some(Position(3)));
        assert_eq!(index.place(Position(2)), Some(Place { commit: 9_000, prepare: 9_000 }));
        assert_eq!((index.place(Position(0)), index.place(Position(4))), (None, None));
        assert_eq!(index.positions_of(&stream("a")), [Position(1), Position(3)]);
        assert_eq!(index.standing(event(3).id), Some((Position(3), &stream("a"), 1)));
    }

    #[test]
    fn a_stream_with_a_hole_is_refused() {
        let mut index = Index::default();
        assert!(taken_in(&mut index, 1, "a", 0, 1));
        assert!(!taken_in(&mut index, 2, "a", 2, 2));
        assert!(!taken_in(&mut index, 3, "b", 1, 3));
    }
}
