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
use crate::store::{EventStore, Position, RawEvent, ReadError, Recorded};

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
    understand_of(stream_id(event.stream.as_str()), event)
}

/// The same of the stream with this id.
fn understand_of(stream: Option<Uuid>, event: RawEvent<'_>) -> Result<Option<(Uuid, Event)>, DecodeError> {
    let Some(data) = event.data else { return Ok(None) };
    let decoded = schema::decode(event.event_type, event.schema_version, data)?;
    Ok(stream.map(|id| (id, decoded)))
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
            Read::Event(event) => Self::of_event(event),
            Read::Damaged(position, what) => Self::of_damage(position, what),
        }
    }

    fn of_event(event: RawEvent<'_>) -> Self {
        let stream = stream_id(event.stream.as_str());
        let says = understand_of(stream, event).map_err(|error| with_sources(&error));
        Self {
            position: event.position,
            recorded_at: event.recorded_at,
            stream: stream.map(|stream| (stream, event.version)),
            may_be_kept: says.is_err() && is_of_kept_stream(event.stream.as_str()),
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
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut batch = Batch::default();
            let end = read_on(store, None, &mut |read| {
                if matches!(&read, Read::Event(event) if !wanted(event)) {
                    return;
                }
                batch.push(read);
                if batch.places.len() == BATCH_EVENTS {
                    // Whoever takes them stops only by a panic, which ends this thread's scope too.
                    _ = hand_on.send(mem::take(&mut batch));
                }
            });
            _ = hand_on.send(batch);
            end
        });
        let showing = begin_and_finish(batches, Batch::understood, |(_, understood)| {
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
    /// The data of all of them.
    data: Vec<u8>,
}

/// A place of the log as it was read.
#[derive(Debug)]
enum Place {
    /// An event that is not understood yet.
    Event {
        /// Everything but its data.
        event: Recorded,
        /// Where its data stand in the batch; none where they were erased.
        data: Option<Range<usize>>,
    },
    /// Something that is damaged, and in which way.
    Damaged(Position, String),
}

impl Batch {
    fn push(&mut self, read: Read<'_>) {
        self.places.push(match read {
            Read::Event(event) => {
                let data = event.data.map(|data| {
                    let begin = self.data.len();
                    self.data.extend_from_slice(data);
                    begin..self.data.len()
                });
                // What it was recorded with says nothing of what it says.
                Place::Event { event: RawEvent { data: None, metadata: &[], ..event }.to_recorded(), data }
            }
            Read::Damaged(position, what) => Place::Damaged(position, what),
        });
    }

    /// What the places say, in their order.
    fn understood(&self) -> Vec<Vec<Shown>> {
        let parts: Vec<&[Place]> = self.places.chunks(PART_EVENTS).collect();
        on_processors(&parts, |places| places.iter().map(|place| self.show(place)).collect())
    }

    fn show(&self, place: &Place) -> Shown {
        match place {
            Place::Event { event, data } => {
                let data = data.clone().and_then(|range| self.data.get(range));
                Shown::of_event(RawEvent { data, ..event.as_raw() })
            }
            Place::Damaged(position, what) => Shown::of_damage(*position, what.clone()),
        }
    }
}
