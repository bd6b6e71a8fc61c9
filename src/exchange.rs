//! The log as JSON lines and back: one event a line, in the order of the log.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Read, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::schema;
use crate::store::{AppendError, EventStore, Expected, NewEvent, Position, ReadError, StreamName, StreamNameError};

/// A longer line is no event.
const LINE_BYTES_MAX: usize = 2 * crate::store::EVENT_BYTES_MAX;

/// An event on a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    position: u64,
    stream: String,
    version: u64,
    id: Uuid,
    #[serde(rename = "type")]
    event_type: String,
    schema_version: u16,
    recorded_at: DateTime<Utc>,
    /// None where it was erased.
    data: Option<Box<RawValue>>,
    metadata: Box<RawValue>,
}

/// Why lines cannot be written or taken in.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The log could not be read.
    #[error("the event log could not be read")]
    Read(#[source] ReadError),
    /// A line could not be written or read.
    #[error("line {line} could not be written or read")]
    Io {
        /// The line.
        line: u64,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is no event.
    #[error("line {line} is no event of an export")]
    Malformed {
        /// The line.
        line: u64,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A line is too long.
    #[error("line {line} is longer than any event")]
    TooLong {
        /// The line.
        line: u64,
    },
    /// A line names no stream.
    #[error("line {line} names no stream")]
    Stream {
        /// The line.
        line: u64,
        /// Why.
        #[source]
        source: StreamNameError,
    },
    /// An event cannot be understood.
    #[error("line {line} holds an event that this version does not understand")]
    Decode {
        /// The line.
        line: u64,
        /// Why.
        #[source]
        source: schema::DecodeError,
    },
    /// The content of an event was erased: only a backup carries its place.
    #[error(
        "line {line} holds an event whose content was erased; restore from a backup instead, which keeps the chain"
    )]
    Erased {
        /// The line.
        line: u64,
    },
    /// A line is missing.
    #[error("line {line} has position {found} where {expected} was due; the file is not a whole export")]
    Gap {
        /// The line.
        line: u64,
        /// The position it has.
        found: u64,
        /// The position that was due.
        expected: u64,
    },
    /// An event of a stream is missing.
    #[error("line {line} is event {found} of its stream where {expected} was due; the file is not a whole export")]
    Version {
        /// The line.
        line: u64,
        /// The version it has.
        found: u64,
        /// The version that was due.
        expected: u64,
    },
    /// An event stands there twice.
    #[error("line {line} has the id {id} of an event before it; the file is not an export as it was written")]
    IdTwice {
        /// The line.
        line: u64,
        /// The id.
        id: Uuid,
    },
    /// The log did not take an event.
    #[error("line {line} was not taken")]
    Append {
        /// The line.
        line: u64,
        /// Why.
        #[source]
        source: AppendError,
    },
}

/// Writes every event as a line; how many.
///
/// # Errors
/// The log cannot be read or the lines not written.
pub fn export(store: &dyn EventStore, out: &mut dyn Write) -> Result<u64, ExchangeError> {
    let mut count = 0;
    store
        .replay(None, &mut |event| {
            count += 1;
            let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8_lossy(bytes).into_owned());
            let line = Line {
                position: event.position.0,
                stream: event.stream.to_string(),
                version: event.version,
                id: event.id,
                event_type: event.event_type.to_string(),
                schema_version: event.schema_version,
                recorded_at: event.recorded_at,
                data: event.data.map(raw).transpose()?,
                metadata: raw(event.metadata)?,
            };
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
            Ok(())
        })
        .map_err(ExchangeError::Read)?;
    out.flush().map_err(|source| ExchangeError::Io { line: count, source })?;
    Ok(count)
}

/// Reads every line and understands every event, without writing.
///
/// # Errors
/// A line is no event, or one is missing.
pub fn check(lines: impl BufRead) -> Result<(), ExchangeError> {
    each(lines, &mut |_, _, _| Ok(()))
}

/// Appends every event in order, with its id and instant.
///
/// # Errors
/// A line is no event, or the log does not take it.
pub fn import(
    store: &dyn EventStore,
    lines: impl BufRead,
    watch: &mut dyn FnMut(Position),
) -> Result<(), ExchangeError> {
    each(lines, &mut |number, stream, line| {
        let expected = line.version.checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
        let event = NewEvent {
            id: line.id,
            event_type: line.event_type.into(),
            schema_version: line.schema_version,
            recorded_at: line.recorded_at,
            data: line.data.map(|data| data.get().as_bytes().to_vec()).unwrap_or_default(),
            metadata: line.metadata.get().as_bytes().to_vec(),
        };
        let appended = store
            .append(&stream, expected, vec![event])
            .map_err(|source| ExchangeError::Append { line: number, source })?;
        watch(appended.last_position);
        Ok(())
    })
}

fn each(
    mut lines: impl BufRead,
    visit: &mut dyn FnMut(u64, StreamName, Line) -> Result<(), ExchangeError>,
) -> Result<(), ExchangeError> {
    let mut versions: HashMap<StreamName, u64> = HashMap::new();
    let mut ids: HashSet<Uuid> = HashSet::new();
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        // One byte more than is taken tells a line that is too long from the longest that is not.
        let mut rest = (&mut lines).take(LINE_BYTES_MAX as u64 + 1);
        let read = rest.read_until(b'\n', &mut text).map_err(|source| ExchangeError::Io { line: number, source })?;
        if read == 0 {
            break;
        }
        if read > LINE_BYTES_MAX {
            return Err(ExchangeError::TooLong { line: number });
        }
        let line: Line =
            serde_json::from_slice(&text).map_err(|source| ExchangeError::Malformed { line: number, source })?;
        if line.position != number {
            return Err(ExchangeError::Gap { line: number, found: line.position, expected: number });
        }
        let data = line.data.as_ref().ok_or(ExchangeError::Erased { line: number })?;
        schema::decode(&line.event_type, line.schema_version, data.get().as_bytes())
            .map_err(|source| ExchangeError::Decode { line: number, source })?;
        let stream = StreamName::new(&line.stream).map_err(|source| ExchangeError::Stream { line: number, source })?;
        let version = versions.entry(stream.clone()).or_default();
        if line.version != *version {
            return Err(ExchangeError::Version { line: number, found: line.version, expected: *version });
        }
        *version += 1;
        if !ids.insert(line.id) {
            return Err(ExchangeError::IdTwice { line: number, id: line.id });
        }
        if data.get().len() + line.metadata.get().len() > crate::store::EVENT_BYTES_MAX {
            return Err(ExchangeError::TooLong { line: number });
        }
        visit(number, stream, line)?;
    }
    Ok(())
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
