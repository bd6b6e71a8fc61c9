//! What a server holds, and what it answers: the log of a cluster in memory, by the rules of KurrentDB's protocol.

use std::collections::HashMap;

use super::messages::{
    AppendOptions, AppendResult, AppendSuccess, CurrentRevision, Empty, ExpectedRevision, Filter, FromPlace,
    FromRevision, HowMany, OfAll, OfStream, Place, Proposed, ReadAnswer, ReadContent, ReadEvent, ReadOptions,
    StoredEvent, StreamIdentifier, StreamNotFound, Uuid, UuidValue, WantedRevision, What, WrongExpectedVersion,
};

/// The log of a cluster. Places count bytes, so that they have gaps, and streams of the system lie between all others.
#[derive(Debug, Default)]
pub struct ClusterLog {
    events: Vec<StoredEvent>,
    streams: HashMap<Vec<u8>, Vec<usize>>,
    next_place: u64,
    looked_through_count: u64,
}

impl ClusterLog {
    /// A log as a new server has it: with events of the system.
    pub fn new() -> Self {
        let mut log = Self::default();
        log.write_of_the_system();
        log
    }

    /// How many events were looked at that stand behind the place from which the whole log was read, up to the last that is sent.
    pub fn looked_through_count(&self) -> u64 {
        self.looked_through_count
    }

    fn of_stream(&self, stream: &[u8]) -> impl ExactSizeIterator<Item = &StoredEvent> {
        let standing = self.streams.get(stream).map_or(&[][..], Vec::as_slice);
        standing.iter().map(|&index| &self.events[index])
    }

    /// Adds an event of whoever wants to, at the end of its stream.
    pub fn write(&mut self, stream: &str, proposed: Proposed) -> Place {
        let revision = self.of_stream(stream.as_bytes()).len() as u64;
        self.next_place += 1 + (proposed.data.len() + proposed.custom_metadata.len()) as u64;
        let place = self.next_place;
        let mut metadata = proposed.metadata;
        // Ticks of 100 ns since 1970.
        metadata.insert("created".to_owned(), "17000000000000000".to_owned());
        self.streams.entry(stream.into()).or_default().push(self.events.len());
        self.events.push(StoredEvent {
            id: proposed.id,
            identifier: Some(StreamIdentifier { stream_name: stream.into() }),
            revision,
            prepare_position: place,
            commit_position: place,
            metadata,
            custom_metadata: proposed.custom_metadata,
            data: proposed.data,
        });
        Place { commit_position: place, prepare_position: place }
    }

    /// Deletes the event of a revision, as nobody should: the log has a hole then.
    pub fn delete(&mut self, stream: &str, revision: u64) {
        self.events
            .retain(|event| name_of(event.identifier.as_ref()) != stream.as_bytes() || event.revision != revision);
        self.streams.clear();
        for (index, event) in self.events.iter().enumerate() {
            self.streams.entry(name_of(event.identifier.as_ref()).to_vec()).or_default().push(index);
        }
    }

    fn write_of_the_system(&mut self) {
        let kinds = [("type", "$statistics"), ("content-type", "application/json")];
        let metadata: HashMap<String, String> =
            kinds.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let id = Uuid { value: Some(UuidValue::String(uuid::Uuid::from_u128(self.next_place.into()).to_string())) };
        let proposed = Proposed { id: Some(id), metadata, custom_metadata: vec![], data: b"{}".to_vec() };
        self.write("$stats", proposed);
    }

    /// Writes what is proposed where the stream stands as is expected. The same ids again are written once.
    pub fn append(&mut self, options: &AppendOptions, proposed: Vec<Proposed>) -> AppendResult {
        let stream = name_of(options.identifier.as_ref()).to_vec();
        let standing: Vec<&StoredEvent> = self.of_stream(&stream).collect();
        let current = standing.last().map(|event| event.revision);
        let first = proposed.first().and_then(|first| standing.iter().position(|event| is_same(event, first)));
        if let Some(first) = first
            && standing.len() >= first + proposed.len()
            && proposed.iter().zip(&standing[first..]).all(|(new, event)| is_same(event, new))
        {
            let last = standing[first + proposed.len() - 1];
            return success(last.revision, last.commit_position);
        }
        let expected = options.expected.unwrap_or(ExpectedRevision::Any(Empty {}));
        let is_met = match expected {
            ExpectedRevision::Any(_) => true,
            ExpectedRevision::NoStream(_) => current.is_none(),
            ExpectedRevision::StreamExists(_) => current.is_some(),
            ExpectedRevision::Revision(revision) => current == Some(revision),
        };
        if !is_met {
            return wrong(expected, current);
        }
        let stream = String::from_utf8(stream).unwrap();
        let mut place = 0;
        for new in proposed {
            place = self.write(&stream, new).commit_position;
        }
        let revision = self.of_stream(stream.as_bytes()).len() as u64 - 1;
        self.write_of_the_system();
        success(revision, place)
    }

    /// The events asked for; a read from a place or revision begins with the event that stands there.
    pub fn read(&mut self, options: &ReadOptions) -> Vec<ReadAnswer> {
        const BACKWARDS: i32 = 1;
        let Some(HowMany::Count(count)) = options.how_many else { return vec![] };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let events: Vec<&StoredEvent> = match options.what.as_ref().unwrap() {
            What::Stream(OfStream { identifier, from }) => {
                let stream = name_of(identifier.as_ref());
                if self.of_stream(stream).next().is_none() {
                    let not_found = StreamNotFound { identifier: identifier.clone() };
                    return vec![ReadAnswer { content: Some(ReadContent::StreamNotFound(not_found)) }];
                }
                let from = match from {
                    Some(FromRevision::Revision(revision)) => *revision,
                    Some(FromRevision::End(_)) => u64::MAX,
                    Some(FromRevision::Start(_)) | None => 0,
                };
                if options.direction == BACKWARDS {
                    let mut events: Vec<_> = self.of_stream(stream).filter(|event| event.revision <= from).collect();
                    events.reverse();
                    events.truncate(count);
                    events
                } else {
                    self.of_stream(stream).filter(|event| event.revision >= from).take(count).collect()
                }
            }
            What::All(OfAll { from }) => {
                let from = match from {
                    Some(FromPlace::Place(place)) => place.commit_position,
                    Some(FromPlace::End(_)) => u64::MAX,
                    Some(FromPlace::Start(_)) | None => 0,
                };
                let looked_through = &mut self.looked_through_count;
                let is_sent = |event: &&StoredEvent| {
                    *looked_through += 1;
                    passes(options.filter.as_ref(), event)
                };
                if options.direction == BACKWARDS {
                    let until = self.events.partition_point(|event| event.commit_position <= from);
                    self.events[..until].iter().rev().filter(is_sent).take(count).collect()
                } else {
                    let before = self.events.partition_point(|event| event.commit_position < from);
                    self.events[before..].iter().filter(is_sent).take(count).collect()
                }
            }
        };
        let answer = |event: &StoredEvent| ReadAnswer {
            content: Some(ReadContent::Event(ReadEvent {
                commit_position: event.commit_position,
                event: Some(event.clone()),
            })),
        };
        events.into_iter().map(answer).collect()
    }
}

fn name_of(identifier: Option<&StreamIdentifier>) -> &[u8] {
    identifier.map_or(&[], |identifier| &identifier.stream_name)
}

fn passes(filter: Option<&Filter>, event: &StoredEvent) -> bool {
    let Some(expression) = filter.and_then(|filter| filter.stream_identifier.as_ref()) else { return true };
    let name = name_of(event.identifier.as_ref());
    expression.prefix.iter().any(|prefix| name.starts_with(prefix.as_bytes()))
}

fn is_same(event: &StoredEvent, new: &Proposed) -> bool {
    plain(event.id.as_ref()) == plain(new.id.as_ref())
}

fn plain(id: Option<&Uuid>) -> uuid::Uuid {
    match id.and_then(|id| id.value.as_ref()).unwrap() {
        UuidValue::String(text) => text.parse().unwrap(),
        UuidValue::Structured(halves) => uuid::Uuid::from_u64_pair(
            halves.most_significant_bits.cast_unsigned(),
            halves.least_significant_bits.cast_unsigned(),
        ),
    }
}

fn success(current_revision: u64, place: u64) -> AppendResult {
    let place = Some(Place { commit_position: place, prepare_position: place });
    AppendResult::Success(AppendSuccess { current_revision: Some(current_revision), place })
}

fn wrong(expected: ExpectedRevision, current: Option<u64>) -> AppendResult {
    AppendResult::WrongExpectedVersion(WrongExpectedVersion {
        current: Some(current.map_or(CurrentRevision::NoStream(Empty {}), CurrentRevision::Revision)),
        expected: Some(match expected {
            ExpectedRevision::Revision(revision) => WantedRevision::Revision(revision),
            ExpectedRevision::NoStream(empty) => WantedRevision::NoStream(empty),
            ExpectedRevision::Any(empty) => WantedRevision::Any(empty),
            ExpectedRevision::StreamExists(empty) => WantedRevision::StreamExists(empty),
        }),
    })
}
