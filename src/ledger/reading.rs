//! Reading the log, and understanding what stands there.

use std::ops::Range;
use std::sync::mpsc;
use std::{mem, panic, thread};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::past::is_of_kept_stream;
use super::with_sources;
use crate::domain::event::Event;
use crate::schema::{self, DecodeError};
use crate::side_by_side::{begin_and_finish, on_processors};
use crate::store::{EventStore, Position, RawEvent, ReadError};

/// So many events are handed on together.
const BATCH_EVENTS: usize = 2_048;
/// So many of them are understood on one processor before it takes the next.
const PART_EVENTS: usize = 128;
/// So many batches may wait to be understood.
const BATCHES_WAITING: usize = 2;

/// The id at the end of a stream's name.
#[must_use]
pub fn stream_id(stream: &str) -> Option<Uuid> {
    const UUID_CHARACTERS: usize = 36;
    stream.len().checked_sub(UUID_CHARACTERS).and_then(|start| stream.get(start..)).and_then(|id| id.parse().ok())
}

/// An event of the log with the id of its stream; none where its content was erased.
///
/// # Errors
/// It cannot be understood.
pub fn understand(event: RawEvent<'_>) -> Result<Option<(Uuid, Event)>, DecodeError> {
    Told::of(&event).understood(stream_id(event.stream.as_str()))
}

/// What of an event says what has happened.
#[derive(Debug, Clone, Copy)]
struct Told<'event> {
    position: Position,
    stream: &'event str,
    version: u64,
    event_type: &'event str,
    schema_version: u16,
    recorded_at: DateTime<Utc>,
    data: Option<&'event [u8]>,
}

impl<'event> Told<'event> {
    fn of(event: &RawEvent<'event>) -> Self {
        let RawEvent { position, stream, version, event_type, schema_version, recorded_at, data, .. } = *event;
        Self { position, stream: stream.as_str(), version, event_type, schema_version, recorded_at, data }
    }

    fn understood(self, stream: Option<Uuid>) -> Result<Option<(Uuid, Event)>, DecodeError> {
        let Some(data) = self.data else { return Ok(None) };
        let decoded = schema::decode(self.event_type, self.schema_version, data)?;
        Ok(stream.map(|id| (id, decoded)))
    }
}

/// A place of the log and what it says, or why that cannot be understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The place.
    pub position: Position,
    /// When it was recorded; where it is damaged, nobody knows.
    pub recorded_at: DateTime<Utc>,
    /// Of which stream it is, and its place there from 0; none where it is damaged.
    pub stream: Option<(Uuid, u64)>,
    /// The event with the id of its stream; none where its content was erased.
    pub says: Result<Option<(Uuid, Event)>, String>,
    /// Whether it may be one of those that are kept for earlier days, where it cannot be understood.
    pub may_be_kept: bool,
}

impl Shown {
    pub(super) fn of(read: Read<'_>) -> Self {
        match read {
            Read::Event(event) => Self::of_event(Told::of(&event)),
            Read::Damaged(position, what) => Self::of_damage(position, what),
        }
    }

    fn of_event(told: Told<'_>) -> Self {
        let stream = stream_id(told.stream);
        let says = told.understood(stream).map_err(|error| with_sources(&error));
        Self {
            position: told.position,
            recorded_at: told.recorded_at,
            stream: stream.map(|stream| (stream, told.version)),
            may_be_kept: says.is_err() && is_of_kept_stream(told.stream),
            says,
        }
    }

    fn of_damage(position: Position, what: String) -> Self {
        Self { position, recorded_at: DateTime::<Utc>::MIN_UTC, stream: None, says: Err(what), may_be_kept: true }
    }
}

/// What stands at a place of the log.
pub(super) enum Read<'event> {
    /// An event.
    Event(RawEvent<'event>),
    /// Something that is damaged, and in which way.
    Damaged(Position, String),
}

/// Shows what follows a position, each damaged event once, and says how far that is.
pub(super) fn read_on(
    store: &dyn EventStore,
    after: Option<Position>,
    show: &mut dyn FnMut(Read<'_>),
) -> Result<Option<Position>, ReadError> {
    let mut last = after;
    loop {
        let outcome = store.replay(last, &mut |event| {
            last = Some(event.position);
            show(Read::Event(event));
            Ok(())
        });
        match outcome {
            Err(ReadError::Corrupt { position, what }) if last < Some(position) => {
                show(Read::Damaged(position, what));
                last = Some(position);
            }
            Ok(_) | Err(_) => return outcome,
        }
    }
}

/// Shows what is wanted of the whole log, in its order and understood, each damaged event once, and says how far the log
/// goes. One thread reads, the processors understand what was read, and one thread shows what was understood.
///
/// # Errors
/// The log cannot be read. A single damaged event is no error.
pub fn read_through(
    store: &dyn EventStore,
    wanted: &(dyn Fn(&RawEvent<'_>) -> bool + Sync),
    show: &mut (dyn FnMut(Shown) + Send),
) -> Result<Option<Position>, ReadError> {
    let (hand_on, batches) = mpsc::sync_channel(BATCHES_WAITING);
    let (give_back, used) = mpsc::channel::<Batch>();
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut batch = Batch::default();
            let end = read_on(store, None, &mut |read| {
                if matches!(&read, Read::Event(event) if !wanted(event)) {
                    return;
                }
                batch.push(read);
                if batch.places.len() == BATCH_EVENTS {
                    let next = used.try_recv().unwrap_or_default();
                    // Whoever takes them stops only by a panic, which ends this thread's scope too.
                    _ = hand_on.send(mem::replace(&mut batch, next));
                }
            });
            _ = hand_on.send(batch);
            end
        });
        let showing = begin_and_finish(batches, Batch::understood, |(mut batch, understood)| {
            // Its room is used again; when everything is read nobody needs it.
            batch.clear();
            _ = give_back.send(batch);
            understood.into_iter().flatten().for_each(&mut *show);
            Ok::<(), ReadError>(())
        });
        let end = reader.join().unwrap_or_else(|cause| panic::resume_unwind(cause));
        showing.and(end)
    })
}

/// Places of the log as they were read, one after the other.
#[derive(Debug, Default)]
struct Batch {
    places: Vec<Place>,
    /// What the streams and the events of all of them are called.
    names: String,
    /// The data of all of them.
    data: Vec<u8>,
}

/// A place of the log as it was read.
#[derive(Debug)]
enum Place {
    /// An event that is not understood yet, and where in the batch the rest of it stands.
    Event {
        position: Position,
        stream: Range<usize>,
        version: u64,
        event_type: Range<usize>,
        schema_version: u16,
        recorded_at: DateTime<Utc>,
        /// None where they were erased.
        data: Option<Range<usize>>,
    },
    /// Something that is damaged, and in which way.
    Damaged(Position, String),
}

impl Batch {
    fn push(&mut self, read: Read<'_>) {
        let place = match read {
            Read::Event(event) => {
                let Told { position, stream, version, event_type, schema_version, recorded_at, data } =
                    Told::of(&event);
                Place::Event {
                    position,
                    stream: self.name(stream),
                    version,
                    event_type: self.name(event_type),
                    schema_version,
                    recorded_at,
                    data: data.map(|data| {
                        let begin = self.data.len();
                        self.data.extend_from_slice(data);
                        begin..self.data.len()
                    }),
                }
            }
            Read::Damaged(position, what) => Place::Damaged(position, what),
        };
        self.places.push(place);
    }

    fn name(&mut self, name: &str) -> Range<usize> {
        let begin = self.names.len();
        self.names.push_str(name);
        begin..self.names.len()
    }

    fn clear(&mut self) {
        self.places.clear();
        self.names.clear();
        self.data.clear();
    }

    /// What the places say, in their order.
    fn understood(&self) -> Vec<Vec<Shown>> {
        let parts: Vec<&[Place]> = self.places.chunks(PART_EVENTS).collect();
        on_processors(&parts, |places| places.iter().map(|place| self.show(place)).collect())
    }

    fn show(&self, place: &Place) -> Shown {
        match place {
            Place::Event { position, stream, version, event_type, schema_version, recorded_at, data } => {
                Shown::of_event(Told {
                    position: *position,
                    stream: &self.names[stream.clone()],
                    version: *version,
                    event_type: &self.names[event_type.clone()],
                    schema_version: *schema_version,
                    recorded_at: *recorded_at,
                    data: data.clone().map(|range| &self.data[range]),
                })
            }
            Place::Damaged(position, what) => Shown::of_damage(*position, what.clone()),
        }
    }
}
