//! Reading: a page at a time, so that no reader holds back the checkpoints, and by reference, so that it is fast.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::DateTime;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Row, ToSql};
use uuid::Uuid;

use super::schema::{self, number};
use crate::store::chain::{Hash, Salt};
use crate::store::file::cause;
use crate::store::{
    OpenError, PAGE_BYTES_MAX, PAGE_EVENTS_MAX, Position, RawEvent, ReadError, Recorded, StreamName, StreamPage, Visit,
};

/// The most connections kept open while nobody reads: opening one takes longer than many reads do.
const IDLE_MAX: usize = 64;

const FROM_LOG: &str = "
SELECT position, stream, version, id, type, recorded_at, metadata, data
FROM event WHERE position >= ?1 ORDER BY position LIMIT ?2";
const FROM_STREAM: &str = "
SELECT position, stream, version, id, type, recorded_at, metadata, data
FROM event WHERE stream = (SELECT id FROM stream WHERE name = ?1) AND version >= ?2 ORDER BY version LIMIT ?3";
const FROM_LOG_WITH_CHAIN: &str = "
SELECT position, stream, version, id, type, recorded_at, metadata, data, salt, digest, hash
FROM event WHERE position >= ?1 ORDER BY position LIMIT ?2";

/// Readers that are not reading.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    streams: Arc<StreamNames>,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, streams: Arc::default(), idle: Mutex::default() }
    }

    /// Lends a reader to `read`.
    pub(super) fn with<T>(&self, read: impl FnOnce(&mut Reader) -> Result<T, ReadError>) -> Result<T, ReadError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::open_with(&self.path, Arc::clone(&self.streams))
                .map_err(|error| ReadError::Storage { source: Arc::new(error) })?,
        };
        let result = read(&mut reader);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(reader);
        }
        result
    }
}

/// A connection that reads, with the names it has met.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) connection: Connection,
    pub(super) genesis: Hash,
    /// There are many, so that all readers have them together.
    streams: Arc<StreamNames>,
    types: Types,
}

/// The names of streams behind the numbers in the event table, which only ever grow.
#[derive(Debug, Default)]
pub(super) struct StreamNames(RwLock<Vec<Option<StreamName>>>);

/// The names of types behind theirs.
#[derive(Debug, Default)]
struct Types(Vec<Option<EventType>>);

/// What the chain holds of an event beside the event itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bond<'a> {
    pub salt: Option<&'a Salt>,
    pub digest: Option<Hash>,
    pub hash: Hash,
}

/// Where rows come from.
#[derive(Debug, Clone, Copy)]
enum Origin<'a> {
    /// The whole log, from this position on.
    Log(Position),
    /// One stream, whose name is known.
    Stream(&'a StreamName),
}

/// The first position after `after`.
fn following(after: Option<Position>) -> Position {
    Position(after.map_or(1, |position| position.0.saturating_add(1)))
}

/// What does not fit in a row.
type Damage = String;

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, Arc::default())
    }

    /// One that has its names together with others of the same file.
    fn open_with(path: &Path, streams: Arc<StreamNames>) -> Result<Self, OpenError> {
        let opened = schema::open_for_reading(path)?;
        Ok(Self { connection: opened.connection, genesis: opened.genesis, streams, types: Types::default() })
    }

    pub(super) fn read_all(&mut self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        let mut page = Page::new(max);
        let rows = (number(following(after).0), page.rows());
        let end = self
            .walk(FROM_LOG, &[&rows.0, &rows.1], Origin::Log(following(after)), &mut |event, _| Ok(page.add(event)));
        page.or_error(end)
    }

    pub(super) fn read_stream(
        &mut self,
        stream: &StreamName,
        from_version: u64,
        max: usize,
    ) -> Result<StreamPage, ReadError> {
        let mut page = Page::new(max);
        let rows = (stream.as_str(), number(from_version), page.rows());
        let parameters: &[&dyn ToSql] = &[&rows.0, &rows.1, &rows.2];
        let end = self.walk(FROM_STREAM, parameters, Origin::Stream(stream), &mut |event, _| Ok(page.add(event)));
        let is_last = end.is_ok() && page.has_room();
        Ok(StreamPage { events: page.or_error(end)?, is_last })
    }

    /// Shows up to a page of events after `after`, and returns how many.
    pub(super) fn replay_page(
        &mut self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>) -> Visit,
    ) -> Result<u64, ReadError> {
        let from = number(following(after).0);
        self.walk(
            FROM_LOG,
            &[&from, &number(PAGE_EVENTS_MAX as u64)],
            Origin::Log(following(after)),
            &mut |event, _| {
                let position = event.position;
                visit(event).map(|()| true).map_err(|source| ReadError::Visit { position, source: source.into() })
            },
        )
    }

    /// Shows up to a page of events after `after` with their bonds, and returns how many.
    pub(super) fn chain_page(
        &mut self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>, Bond<'_>) -> Result<(), ReadError>,
    ) -> Result<u64, ReadError> {
        let from = number(following(after).0);
        self.walk(
            FROM_LOG_WITH_CHAIN,
            &[&from, &number(PAGE_EVENTS_MAX as u64)],
            Origin::Log(following(after)),
            &mut |event, row| {
                let position = event.position;
                let bond = bond(row).map_err(|what| ReadError::Corrupt { position, what })?;
                visit(event, bond).map(|()| true)
            },
        )
    }

    pub(super) fn head(&self) -> Result<Option<Position>, ReadError> {
        let last = "SELECT max(position) FROM event";
        let position: Option<i64> = self.connection.query_row(last, (), |row| row.get(0)).map_err(storage)?;
        Ok(position.and_then(|position| u64::try_from(position).ok()).map(Position))
    }

    /// Shows the rows of `sql` to `visit` until it returns false, and returns how many were shown.
    ///
    /// Of rows from the whole log none may be missing.
    fn walk(
        &mut self,
        sql: &str,
        parameters: &[&dyn ToSql],
        origin: Origin<'_>,
        visit: &mut dyn FnMut(RawEvent<'_>, &Row<'_>) -> Result<bool, ReadError>,
    ) -> Result<u64, ReadError> {
        let Self { connection, streams, types, .. } = self;
        let mut statement = connection.prepare_cached(sql).map_err(storage)?;
        let mut rows = statement.query(parameters).map_err(storage)?;
        let (mut due, known) = match origin {
            Origin::Log(first) => (Some(first), None),
            Origin::Stream(name) => (None, Some(name)),
        };
        let mut shown = 0;
        let mut last_stream = None;
        loop {
            let row = match (rows.next(), due) {
                (Ok(Some(row)), _) => row,
                (Ok(None), _) => return Ok(shown),
                (Err(error), Some(position)) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                    return Err(ReadError::Corrupt { position, what: format!("its page cannot be read ({error})") });
                }
                (Err(error), _) => return Err(storage(error)),
            };
            let position = row.get::<_, i64>(0).map_err(storage)?;
            let position = Position(u64::try_from(position).unwrap_or(0));
            if let Some(missing) = due.filter(|due| *due != position) {
                return Err(ReadError::Corrupt { position: missing, what: "it is missing".to_owned() });
            }
            let damaged = |what| ReadError::Corrupt { position, what };
            let stream = match known {
                Some(known) => known,
                None => streams.of(connection, row, &mut last_stream).map_err(damaged)?,
            };
            let event = raw(connection, types, stream, row, position).map_err(damaged)?;
            shown += 1;
            if !visit(event, row)? {
                return Ok(shown);
            }
            due = due.map(|due| Position(due.0 + 1));
        }
    }
}

/// A type with the version of the form of its data.
#[derive(Debug)]
struct EventType {
    name: Arc<str>,
    schema_version: u16,
}

impl StreamNames {
    /// The stream of a row, kept where the last one is until another follows.
    fn of<'last>(
        &self,
        connection: &Connection,
        row: &Row<'_>,
        last: &'last mut Option<(usize, StreamName)>,
    ) -> Result<&'last StreamName, Damage> {
        let number = number_in(row, 1)?;
        let named = match last.take() {
            Some((same, name)) if same == number => name,
            Some(_) | None => self.named(connection, number)?.ok_or("its stream has no valid name")?,
        };
        Ok(&last.insert((number, named)).1)
    }

    /// The name of a stream; where it is not known yet, all that are new are read.
    fn named(&self, connection: &Connection, number: usize) -> Result<Option<StreamName>, Damage> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(number) {
            return Ok(name.clone());
        }
        drop(known);
        let read = |row: &Row<'_>| StreamName::new(row.get_ref(1)?.as_str()?).map_err(|error| Box::new(error).into());
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        extend(&mut names, connection, "SELECT id, name FROM stream WHERE id >= ?1", read)?;
        Ok(names.get(number).cloned().flatten())
    }
}

impl Types {
    /// The name of a type; where it is not known yet, all that are new are read.
    fn named(&mut self, connection: &Connection, number: usize) -> Result<Option<&EventType>, Damage> {
        if number >= self.0.len() {
            let read = |row: &Row<'_>| Ok(EventType { name: row.get(1)?, schema_version: row.get(2)? });
            extend(&mut self.0, connection, "SELECT id, name, schema FROM event_type WHERE id >= ?1", read)?;
        }
        Ok(self.0.get(number).and_then(Option::as_ref))
    }
}

fn number_in(row: &Row<'_>, column: usize) -> Result<usize, Damage> {
    integer(row, column).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

/// Adds the names that are not known yet, each at its number.
fn extend<T>(
    names: &mut Vec<Option<T>>,
    connection: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> Result<T, Box<dyn std::error::Error>>,
) -> Result<(), Damage> {
    let damage = |error: rusqlite::Error| format!("its names cannot be read ({error})");
    let mut statement = connection.prepare_cached(sql).map_err(damage)?;
    let mut rows = statement.query([number(names.len() as u64)]).map_err(damage)?;
    while let Some(row) = rows.next().map_err(damage)? {
        let id = usize::try_from(row.get::<_, i64>(0).map_err(damage)?).unwrap_or(usize::MAX);
        // The writer counts them 1, 2, 3 …: another number is damage, and the event that uses it will be named.
        if id > names.len() + 1 {
            break;
        }
        names.resize_with(id, || None);
        names.push(read(row).ok());
    }
    Ok(())
}

fn raw<'a>(
    connection: &Connection,
    types: &'a mut Types,
    stream: &'a StreamName,
    row: &'a Row<'_>,
    position: Position,
) -> Result<RawEvent<'a>, Damage> {
    let event_type = types.named(connection, number_in(row, 4)?)?.ok_or("its type has no valid name")?;
    let recorded_at = DateTime::from_timestamp_micros(integer(row, 5)?);
    Ok(RawEvent {
        position,
        stream,
        version: u64::try_from(integer(row, 2)?).map_err(|_| "its version is negative")?,
        id: Uuid::from_slice(blob(row, 3)?).map_err(|_| "its id is not 16 bytes long")?,
        event_type: &event_type.name,
        schema_version: event_type.schema_version,
        recorded_at: recorded_at.ok_or("its time of recording is out of range")?,
        metadata: blob(row, 6)?,
        data: optional_blob(row, 7)?,
    })
}

fn bond<'a>(row: &'a Row<'_>) -> Result<Bond<'a>, Damage> {
    let hash = |bytes: &[u8]| bytes.try_into().map(Hash).map_err(|_| "a hash of it is not 32 bytes long".to_owned());
    let salt = optional_blob(row, 8)?.map(|bytes| bytes.try_into().map_err(|_| "its salt is not 16 bytes long"));
    Ok(Bond {
        salt: salt.transpose()?,
        digest: optional_blob(row, 9)?.map(hash).transpose()?,
        hash: hash(blob(row, 10)?)?,
    })
}

fn integer(row: &Row<'_>, column: usize) -> Result<i64, Damage> {
    match row.get_ref(column) {
        Ok(ValueRef::Integer(value)) => Ok(value),
        other => Err(format!("column {} holds no integer ({other:?})", column + 1)),
    }
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], Damage> {
    optional_blob(row, column)?.ok_or_else(|| format!("column {} is empty", column + 1))
}

fn optional_blob<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a [u8]>, Damage> {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => Ok(Some(bytes)),
        Ok(ValueRef::Null) => Ok(None),
        _ => Err(format!("column {} holds no bytes", column + 1)),
    }
}

pub(super) fn storage(error: rusqlite::Error) -> ReadError {
    ReadError::Storage { source: cause(error) }
}

/// A page on its way.
struct Page {
    events: Vec<Recorded>,
    max: usize,
    bytes: usize,
}

impl Page {
    fn new(max: usize) -> Self {
        Self { events: Vec::new(), max: max.min(PAGE_EVENTS_MAX), bytes: 0 }
    }

    fn rows(&self) -> i64 {
        number(self.max as u64)
    }

    /// Takes the event in; false when the page is full.
    fn add(&mut self, event: RawEvent<'_>) -> bool {
        self.bytes += event.metadata.len() + event.data.map_or(0, <[u8]>::len);
        self.events.push(event.to_recorded());
        self.bytes < PAGE_BYTES_MAX
    }

    /// Whether it could have taken more in.
    fn has_room(&self) -> bool {
        self.events.len() < self.max && self.bytes < PAGE_BYTES_MAX
    }

    /// A damaged event is told of when it is the first of its page, so that those before it can be read.
    fn or_error(self, end: Result<u64, ReadError>) -> Result<Vec<Recorded>, ReadError> {
        match end {
            Err(ReadError::Corrupt { .. }) if !self.events.is_empty() => Ok(self.events),
            Err(error) => Err(error),
            Ok(_) => Ok(self.events),
        }
    }
}
