//! What a server holds, and what it answers: the log of a cluster in memory, by the rules of KurrentDB's protocol.

use std::collections::{HashMap, HashSet, VecDeque};

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
    /// After how many more readings an event is shown.
    late_by: u64,
    readings_count: u64,
    /// Of the last events, which are not shown yet, from which reading on each is.
    hidden: VecDeque<u64>,
    /// How many of the first events are shown; all where nothing is said.
    shown_first: Option<usize>,
    /// The streams that are deleted for good.
    deleted: HashSet<Vec<u8>>,
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

    /// Shows each event only after so many more readings: it is taken, and others do not see it yet.
    pub fn show_late(&mut self, readings: u64) {
        self.late_by = readings;
    }

    /// How many events it holds, whoever wrote them.
    pub fn count(&self) -> usize {
        self.events.len()
    }

    /// Shows so many of the first events alone, as a node that has not come further; all of them where nothing is said.
    pub fn show_first(&mut self, count: Option<usize>) {
        self.shown_first = count;
    }

    fn shown_count(&self) -> usize {
        let count = self.events.len() - self.hidden.len();
        self.shown_first.map_or(count, |first| first.min(count))
    }

    fn shown(&self) -> &[StoredEvent] {
        &self.events[..self.shown_count()]
    }

    fn shown_of_stream(&self, stream: &[u8]) -> impl DoubleEndedIterator<Item = &StoredEvent> {
        let shown = self.shown();
        let standing = self.streams.get(stream).map_or(&[][..], Vec::as_slice);
        standing.iter().filter_map(move |&index| shown.get(index))
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
        if self.late_by > 0 || !self.hidden.is_empty() {
            self.hidden.push_back(self.readings_count + self.late_by);
        }
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
        self.find_streams();
    }

    /// Deletes a stream for good, and scavenges it: what is left of it is an event that says so.
    pub fn tombstone(&mut self, stream: &str) {
        self.events.retain(|event| name_of(event.identifier.as_ref()) != stream.as_bytes());
        self.find_streams();
        self.write(stream, of_the_system("$streamDeleted", self.next_place));
        if let Some(last) = self.events.last_mut() {
            last.revision = i64::MAX.unsigned_abs();
        }
        self.deleted.insert(stream.into());
    }

    fn find_streams(&mut self) {
        self.streams.clear();
        for (index, event) in self.events.iter().enumerate() {
            self.streams.entry(name_of(event.identifier.as_ref()).to_vec()).or_default().push(index);
        }
    }

    fn write_of_the_system(&mut self) {
        self.write("$stats", of_the_system("$statistics", self.next_place));
    }

    /// Writes what is proposed where the stream stands as is expected. The same ids again are written once. None where the stream
    /// is deleted for good.
    pub fn append(&mut self, options: &AppendOptions, proposed: Vec<Proposed>) -> Option<AppendResult> {
        let stream = name_of(options.identifier.as_ref()).to_vec();
        if self.deleted.contains(&stream) {
            return None;
        }
        let standing: Vec<&StoredEvent> = self.of_stream(&stream).collect();
        let current = standing.last().map(|event| event.revision);
        let first = proposed.first().and_then(|first| standing.iter().position(|event| is_same(event, first)));
        if let Some(first) = first
            && standing.len() >= first + proposed.len()
            && proposed.iter().zip(&standing[first..]).all(|(new, event)| is_same(event, new))
        {
            let last = standing[first + proposed.len() - 1];
            return Some(success(last.revision, last.commit_position));
        }
        let expected = options.expected.unwrap_or(ExpectedRevision::Any(Empty {}));
        let is_met = match expected {
            ExpectedRevision::Any(_) => true,
            ExpectedRevision::NoStream(_) => current.is_none(),
            ExpectedRevision::StreamExists(_) => current.is_some(),
            ExpectedRevision::Revision(revision) => current == Some(revision),
        };
        if !is_met {
            return Some(wrong(expected, current));
        }
        let stream = String::from_utf8(stream).unwrap();
        let mut place = 0;
        for new in proposed {
            place = self.write(&stream, new).commit_position;
        }
        let revision = self.of_stream(stream.as_bytes()).len() as u64 - 1;
        self.write_of_the_system();
        Some(success(revision, place))
    }

    /// The place behind which a subscription to the whole log begins.
    pub fn place_before(&self, options: &ReadOptions) -> Option<u64> {
        match options.what.as_ref().unwrap() {
            What::All(OfAll { from: Some(FromPlace::Place(place)) }) => Some(place.commit_position),
            What::All(OfAll { from: Some(FromPlace::End(_)) }) => self.events.last().map(|last| last.commit_position),
            What::All(OfAll { from: Some(FromPlace::Start(_)) | None }) => None,
            What::Stream(_) => panic!("subscriptions to single streams are not served"),
        }
    }

    /// What a subscription delivers of what stands behind a place, and until where.
    pub fn behind(&self, options: &ReadOptions, after: Option<u64>) -> (Vec<ReadAnswer>, Option<u64>) {
        let shown = self.shown();
        let begin = shown.partition_point(|event| Some(event.commit_position) <= after);
        let passing = shown[begin..].iter().filter(|event| passes(options.filter.as_ref(), event));
        (passing.map(answer).collect(), shown.last().map(|last| last.commit_position).max(after))
    }

    /// The events asked for; a read from a place or revision begins with the event that stands there.
    ///
    /// None where the stream is deleted for good.
    pub fn read(&mut self, options: &ReadOptions) -> Option<Vec<ReadAnswer>> {
        const BACKWARDS: i32 = 1;
        self.readings_count += 1;
        while self.hidden.front().is_some_and(|shown_from| *shown_from <= self.readings_count) {
            self.hidden.pop_front();
        }
        let Some(HowMany::Count(count)) = options.how_many else { return Some(vec![]) };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let events: Vec<&StoredEvent> = match options.what.as_ref().unwrap() {
            What::Stream(OfStream { identifier, from }) => {
                let stream = name_of(identifier.as_ref());
                if self.deleted.contains(stream) {
                    return None;
                }
                if self.shown_of_stream(stream).next().is_none() {
                    let not_found = StreamNotFound { identifier: identifier.clone() };
                    return Some(vec![ReadAnswer { content: Some(ReadContent::StreamNotFound(not_found)) }]);
                }
                let from = match from {
                    Some(FromRevision::Revision(revision)) => *revision,
                    Some(FromRevision::End(_)) => u64::MAX,
                    Some(FromRevision::Start(_)) | None => 0,
                };
                if options.direction == BACKWARDS {
                    self.shown_of_stream(stream).rev().filter(|event| event.revision <= from).take(count).collect()
                } else {
                    self.shown_of_stream(stream).filter(|event| event.revision >= from).take(count).collect()
                }
            }
            What::All(OfAll { from }) => {
                let from = match from {
                    Some(FromPlace::Place(place)) => place.commit_position,
                    Some(FromPlace::End(_)) => u64::MAX,
                    Some(FromPlace::Start(_)) | None => 0,
                };
                let events = &self.events[..self.shown_count()];
                let looked_through = &mut self.looked_through_count;
                let is_sent = |event: &&StoredEvent| {
                    *looked_through += 1;
                    passes(options.filter.as_ref(), event)
                };
                if options.direction == BACKWARDS {
                    let until = events.partition_point(|event| event.commit_position <= from);
                    events[..until].iter().rev().filter(is_sent).take(count).collect()
                } else {
                    let before = events.partition_point(|event| event.commit_position < from);
                    events[before..].iter().filter(is_sent).take(count).collect()
                }
            }
        };
        Some(events.into_iter().map(answer).collect())
    }
}

fn answer(event: &StoredEvent) -> ReadAnswer {
    let event = ReadEvent { commit_position: event.commit_position, event: Some(event.clone()) };
    ReadAnswer { content: Some(ReadContent::Event(event)) }
}

/// An event of the server's own.
pub(super) fn of_the_system(event_type: &str, number: u64) -> Proposed {
    let kinds = [("type", event_type), ("content-type", "application/json")];
    let metadata = kinds.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let id = Uuid { value: Some(UuidValue::String(uuid::Uuid::from_u128(number.into()).to_string())) };
    Proposed { id: Some(id), metadata, custom_metadata: vec![], data: b"{}".to_vec() }
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
