//! The event store: a port that knows bytes and positions, never a rule, and its homes.
//!
//! An append goes to one stream, whole or not at all, at an expected version, and may be repeated without harm. Every
//! event has one place in the order of the whole log, its position, from which a reader resumes.

mod admission;
pub mod chain;
mod error;
mod file;
pub mod home;
#[cfg(feature = "kurrentdb")]
pub mod kurrentdb;
pub mod mark;
pub mod memory;
pub mod people;
pub mod sign_in;
pub mod sqlite;
mod wake;

#[cfg(test)]
mod contract;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use error::{AppendError, BackupError, Cause, EraseError, OpenError, ReadError, StreamNameError};
pub use file::{Changes, Watched};
pub use wake::Wake;

/// The most characters in the name of a stream or of an event type.
pub const NAME_CHARACTERS_MAX: usize = 200;
/// The most events in one append.
pub const APPEND_EVENTS_MAX: usize = 1_000;
/// The most bytes in one event, data and metadata together: 1 MiB.
pub const EVENT_BYTES_MAX: usize = 1 << 20;
/// The most bytes in one append, data and metadata of all its events together: 4 MiB.
pub const APPEND_BYTES_MAX: usize = 4 << 20;
/// The most events in one page, whatever the caller asks for.
pub const PAGE_EVENTS_MAX: usize = 10_000;
/// A page is full when its data and metadata reach this many bytes: 16 MiB.
pub const PAGE_BYTES_MAX: usize = 16 << 20;

/// The name of a stream, such as `agreement-5f0c…`: lower-case ASCII letters, digits, `-` and `_`. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName(Arc<str>);

impl StreamName {
    /// The name, where it is a valid one.
    ///
    /// # Errors
    /// It is empty, too long, or holds another character than lower-case ASCII letters, digits, `-` and `_`.
    pub fn new(name: &str) -> Result<Self, StreamNameError> {
        let foreign = |character: &char| !matches!(character, 'a'..='z' | '0'..='9' | '-' | '_');
        if name.is_empty() {
            return Err(StreamNameError::Empty);
        }
        if let Some(character) = name.chars().find(foreign) {
            return Err(StreamNameError::Character { character });
        }
        if name.len() > NAME_CHARACTERS_MAX {
            return Err(StreamNameError::TooLong { characters: name.len() });
        }
        Ok(Self(name.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for StreamName {
    type Err = StreamNameError;
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

/// A place in the order of the whole log. The first is 1; without gaps where [`Capabilities::gapless`] says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// How many events a log holds that ends there: positions have no gaps.
#[must_use]
pub fn count_until(last: Option<Position>) -> u64 {
    last.map_or(0, |last| last.0)
}

/// Where a writer believes the stream to stand. Versions count a stream's events from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Anywhere.
    Any,
    /// It has no events.
    NoStream,
    /// It has events.
    Exists,
    /// Its last event has this version.
    Exact(u64),
}

impl Expected {
    /// Whether a stream whose last event has version `actual` is where the writer believes it to be.
    #[must_use]
    pub fn admits(self, actual: Option<u64>) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.is_none(),
            Self::Exists => actual.is_some(),
            Self::Exact(version) => actual == Some(version),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("in any state"),
            Self::NoStream => formatter.write_str("without events"),
            Self::Exists => formatter.write_str("with events"),
            Self::Exact(version) => write!(formatter, "at version {version}"),
        }
    }
}

/// An event to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Made by the caller and kept across retries: it makes a repeated append harmless.
    pub id: Uuid,
    /// The stable name, such as `agreement.signed`.
    pub event_type: Box<str>,
    /// The version of the form of `data`.
    pub schema_version: u16,
    /// The instant by the caller's clock. Kept to the microsecond, cut off.
    pub recorded_at: DateTime<Utc>,
    /// The fact, as JSON.
    pub data: Vec<u8>,
    /// Who, and as part of what, as JSON. Never a person's name or address: it cannot be erased.
    pub metadata: Vec<u8>,
}

impl NewEvent {
    /// What the event weighs against the limits, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.data.len() + self.metadata.len()
    }
}

/// An event in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamName,
    /// Its place in the stream, from 0.
    pub version: u64,
    /// What it is known by.
    pub id: Uuid,
    /// The stable name, such as `agreement.signed`.
    pub event_type: Arc<str>,
    /// The version of the form of `data`.
    pub schema_version: u16,
    /// The instant by the writer's clock, to the microsecond.
    pub recorded_at: DateTime<Utc>,
    /// The fact, as JSON. Absent where it was erased.
    pub data: Option<Vec<u8>>,
    /// Who, and as part of what, as JSON.
    pub metadata: Vec<u8>,
}

/// An event in the log, lent for the length of a visit.
#[derive(Debug, Clone, Copy)]
pub struct RawEvent<'a> {
    /// Its place in the whole log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: &'a StreamName,
    /// Its place in the stream, from 0.
    pub version: u64,
    /// What it is known by.
    pub id: Uuid,
    /// The stable name, such as `agreement.signed`.
    pub event_type: &'a Arc<str>,
    /// The version of the form of `data`.
    pub schema_version: u16,
    /// The instant by the writer's clock, to the microsecond.
    pub recorded_at: DateTime<Utc>,
    /// The fact, as JSON. Absent where it was erased.
    pub data: Option<&'a [u8]>,
    /// Who, and as part of what, as JSON.
    pub metadata: &'a [u8],
}

/// What stands among the streams of a log, and this program did not write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stranger {
    /// A stream that holds nothing else, as the cluster calls it.
    Stream(String),
    /// An event in a stream of the log, to which nothing is written any longer.
    Event {
        /// The stream.
        stream: StreamName,
        /// Its place there, as the cluster counts.
        version: u64,
    },
    /// More streams that hold nothing else than are remembered.
    More {
        /// How many are.
        remembered_max: usize,
    },
}

impl RawEvent<'_> {
    /// A copy to keep.
    #[must_use]
    pub fn to_recorded(self) -> Recorded {
        Recorded {
            position: self.position,
            stream: self.stream.clone(),
            version: self.version,
            id: self.id,
            event_type: Arc::clone(self.event_type),
            schema_version: self.schema_version,
            recorded_at: self.recorded_at,
            data: self.data.map(<[u8]>::to_vec),
            metadata: self.metadata.to_vec(),
        }
    }
}

impl Recorded {
    /// The same event, lent.
    #[must_use]
    pub fn as_raw(&self) -> RawEvent<'_> {
        RawEvent {
            position: self.position,
            stream: &self.stream,
            version: self.version,
            id: self.id,
            event_type: &self.event_type,
            schema_version: self.schema_version,
            recorded_at: self.recorded_at,
            data: self.data.as_deref(),
            metadata: &self.metadata,
        }
    }
}

/// Some events of one stream, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamPage {
    /// The events.
    pub events: Vec<Recorded>,
    /// There were no more when they were read. Where the page is as long as was asked for, this need not be known.
    pub is_last: bool,
}

/// Events for one stream, to be written whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The stream.
    pub stream: StreamName,
    /// Where the writer believes it to stand.
    pub expected: Expected,
    /// The events, in order.
    pub events: Vec<NewEvent>,
}

/// Where an append came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The position of its first event.
    pub first_position: Position,
    /// The position of its last event.
    pub last_position: Position,
    /// The version of its last event in the stream.
    pub version: u64,
    /// It stood there before: this was a repetition, and nothing was written.
    pub already_committed: bool,
}

/// What a home promises beyond the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Positions are 1, 2, 3 … without gaps.
    pub gapless: bool,
    /// Every event is bound to all before it by a hash.
    pub chained: bool,
    /// Appends to several streams can be written all or none.
    pub together: bool,
}

/// What a visitor of [`EventStore::replay`] says of one event; an error ends the replay and comes out with the position.
pub type Visit = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The port. Calls wait for the disk: call from a thread that may.
pub trait EventStore: Send + Sync {
    /// What this home promises beyond the port.
    fn capabilities(&self) -> Capabilities;

    /// Writes `events` to `stream`, all or none, and returns when they are durable.
    ///
    /// The same ids with the same content at the same stream are a repetition and succeed, whatever is expected.
    /// Content is type, schema version and data: the clock may have moved on.
    ///
    /// # Errors
    /// The append is refused (nothing was written), or the store failed (it may be there after a restart, whole).
    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError>;

    /// Several appends in the order given, each whole or not at all by itself; the answers stand in the same order. A home
    /// may make them durable together, so that many cost little more than one.
    fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
        appends.into_iter().map(|append| self.append(&append.stream, append.expected, append.events)).collect()
    }

    /// Several appends in the order given, all of them or none where the home is [`Capabilities::together`]. A cluster
    /// promises that for one stream alone: there those before the first that is refused are written.
    ///
    /// # Errors
    /// The first refusal, or the store failed.
    fn append_together(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        self.append_all(appends).into_iter().collect()
    }

    /// Events of one stream in order, from `from_version` on, at most `max` of them and fewer where a page is full
    /// earlier or a damaged event follows.
    ///
    /// # Errors
    /// The first event of the page is damaged, or the storage fails.
    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError>;

    /// Events of the whole log in order, those after `after`, at most `max` of them and fewer where a page is full
    /// earlier or a damaged event follows. Only an empty page is the end.
    ///
    /// # Errors
    /// The first event of the page is damaged (read on after its position), or the storage fails.
    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError>;

    /// The position of the last event.
    ///
    /// # Errors
    /// The storage fails.
    fn head(&self) -> Result<Option<Position>, ReadError>;

    /// A hint that there is more to read. It can be lost: polling is the truth.
    fn wake(&self) -> Wake;

    /// Shows every event after `after` to `visit`, in order, and returns the position of the last one shown.
    ///
    /// # Errors
    /// An event is damaged or refused by the visitor (both named by position), or the storage fails.
    fn replay(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>) -> Visit,
    ) -> Result<Option<Position>, ReadError> {
        let mut last = after;
        loop {
            let page = self.read_all(last, PAGE_EVENTS_MAX)?;
            if page.is_empty() {
                return Ok(last);
            }
            for event in &page {
                let position = event.position;
                visit(event.as_raw()).map_err(|source| ReadError::Visit { position, source: source.into() })?;
                last = Some(position);
            }
        }
    }
}
