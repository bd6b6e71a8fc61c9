//! The log as JSON lines and back: one event a line, in the order of the log.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Read, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
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

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::facts::{committed, municipality};
    use crate::handle::tests::store_of;
    use crate::store::memory::MemoryStore;

    fn exported(store: &MemoryStore) -> Vec<u8> {
        let mut lines = Vec::new();
        export(store, &mut lines).unwrap();
        lines
    }

    fn lines() -> Vec<String> {
        let store = store_of([municipality(1, 1_000), municipality(2, 3_000), vec![committed(1)]].concat());
        String::from_utf8(exported(&store)).unwrap().lines().map(str::to_owned).collect()
    }

    /// Why lines are refused, before anything is written.
    fn refused(lines: &[String]) -> String {
        let text = lines.join("\n");
        let error = check(text.as_bytes()).unwrap_err();
        let store = MemoryStore::default();
        assert_eq!(import(&store, text.as_bytes(), &mut |_| {}).unwrap_err().to_string(), error.to_string());
        error.to_string()
    }

    #[test]
    fn an_export_taken_in_is_the_same_log() {
        let lines = lines();
        assert_eq!(lines.len(), 13);
        let text = lines.join("\n");
        check(text.as_bytes()).unwrap();
        let store = MemoryStore::default();
        let mut last = None;
        import(&store, text.as_bytes(), &mut |position| last = Some(position)).unwrap();
        assert_eq!(last, Some(Position(13)));
        assert_eq!(exported(&store), format!("{text}\n").into_bytes());
    }

    #[test]
    fn a_line_at_fault_is_named_and_found_before_anything_is_written() {
        let whole = lines();
        let with = |index: usize, change: &dyn Fn(&str) -> String| {
            let mut lines = whole.clone();
            lines[index] = change(&lines[index]);
            lines
        };
        for (lines, said) in [
            (with(2, &|_| "{}".to_owned()), "line 3 is no event of an export"),
            (with(2, &|_| String::new()), "line 3 is no event of an export"),
            (
                with(2, &|line| line.replace("party.named", "party.nicknamed")),
                "line 3 holds an event that this version",
            ),
            (
                with(2, &|line| line.replace("\"position\":3", "\"position\":4")),
                "line 3 has position 4 where 3 was due",
            ),
            (
                with(2, &|line| line.replace("\"version\":2", "\"version\":3")),
                "line 3 is event 3 of its stream where 2",
            ),
            (with(2, &|line| line.replace("\"stream\":\"party", "\"stream\":\"Party")), "line 3 names no stream"),
            (whole[1..].to_vec(), "line 1 has position 2 where 1 was due"),
        ] {
            let refusal = refused(&lines);
            assert!(refusal.contains(said), "{said}: {refusal}");
        }
    }

    #[test]
    fn an_event_twice_and_one_that_was_erased_are_refused() {
        let whole = lines();
        let id = |line: &str| line.split("\"id\":\"").nth(1).unwrap()[..36].to_owned();
        let mut twice = whole.clone();
        twice[3] = twice[3].replace(&id(&whole[3]), &id(&whole[0]));
        assert!(refused(&twice).contains("line 4 has the id"));
        let mut erased = whole;
        let data = erased[0].find("\"data\":").unwrap();
        let metadata = erased[0].find(",\"metadata\"").unwrap();
        erased[0].replace_range(data..metadata, "\"data\":null");
        assert!(refused(&erased).contains("restore from a backup"));
    }

    #[test]
    fn a_line_without_end_is_not_read_to_its_end() {
        let endless = std::io::BufReader::new(std::io::repeat(b'x'));
        assert_eq!(check(endless).unwrap_err().to_string(), "line 1 is longer than any event");
    }
}
