//! Reading the log, and understanding what stands there.

use std::ops::Range;
use std::sync::{Arc, mpsc};
use std::{mem, panic, thread};

use uuid::Uuid;

use super::with_sources;
use crate::domain::event::Event;
use crate::schema::{self, DecodeError};
use crate::side_by_side::{begin_and_finish, on_processors};
use crate::store::{EventStore, Position, RawEvent, ReadError, StreamName};

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
    understand_data(event.stream, event.event_type, event.schema_version, event.data)
}

fn understand_data(
    stream: &StreamName,
    event_type: &str,
    schema_version: u16,
    data: Option<&[u8]>,
) -> Result<Option<(Uuid, Event)>, DecodeError> {
    let Some(data) = data else { return Ok(None) };
    let decoded = schema::decode(event_type, schema_version, data)?;
    Ok(stream_id(stream.as_str()).map(|id| (id, decoded)))
}

/// A place of the log and what it says, or why that cannot be understood.
#[derive(Debug, PartialEq)]
pub struct Shown {
    /// The place.
    pub position: Position,
    /// The event with the id of its stream; none where its content was erased.
    pub says: Result<Option<(Uuid, Event)>, String>,
}

impl Shown {
    pub(super) fn of(read: Read<'_>) -> Self {
        match read {
            Read::Event(event) => Self::new(event.position, understand(event)),
            Read::Damaged(position, what) => Self { position, says: Err(what) },
        }
    }

    fn new(position: Position, understood: Result<Option<(Uuid, Event)>, DecodeError>) -> Self {
        Self { position, says: understood.map_err(|error| with_sources(&error)) }
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
struct Place {
    position: Position,
    holds: Result<Stored, String>,
}

/// An event that is not understood yet.
#[derive(Debug)]
struct Stored {
    stream: StreamName,
    event_type: Arc<str>,
    schema_version: u16,
    /// Where its data stand in the batch.
    data: Option<Range<usize>>,
}

impl Batch {
    fn push(&mut self, read: Read<'_>) {
        let place = match read {
            Read::Event(event) => {
                let data = event.data.map(|data| {
                    let begin = self.data.len();
                    self.data.extend_from_slice(data);
                    begin..self.data.len()
                });
                let stored = Stored {
                    stream: event.stream.clone(),
                    event_type: Arc::clone(event.event_type),
                    schema_version: event.schema_version,
                    data,
                };
                Place { position: event.position, holds: Ok(stored) }
            }
            Read::Damaged(position, what) => Place { position, holds: Err(what) },
        };
        self.places.push(place);
    }

    /// What the places say, in their order.
    fn understood(&self) -> Vec<Vec<Shown>> {
        let parts: Vec<&[Place]> = self.places.chunks(PART_EVENTS).collect();
        on_processors(&parts, |places| places.iter().map(|place| self.show(place)).collect())
    }

    fn show(&self, place: &Place) -> Shown {
        let position = place.position;
        match &place.holds {
            Ok(stored) => {
                let data = stored.data.clone().and_then(|range| self.data.get(range));
                Shown::new(position, understand_data(&stored.stream, &stored.event_type, stored.schema_version, data))
            }
            Err(what) => Shown { position, says: Err(what.clone()) },
        }
    }
}
