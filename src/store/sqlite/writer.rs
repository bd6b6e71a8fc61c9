//! The one writer: it owns the only connection that writes events, commits whole batches and then tells the callers.

use std::collections::HashMap;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction};
use uuid::Uuid;

use super::checkpoint::{self, Checkpointer};
use super::faults::Faults;
use super::queue::{Queue, Receipt, Ticket};
use super::schema::{Opened, number};
use crate::lookup::Lookup;
use crate::store::admission::{self, Earlier};
use crate::store::chain::{self, Hash, Link, Salt};
use crate::store::{Append, AppendError, Appended, EraseError, NewEvent, Position, StreamName, Wake};

/// What the writer is asked to do.
#[derive(Debug)]
pub(super) enum Work {
    Append { append: Append, ticket: AppendTicket },
    Together { appends: Vec<Append>, ticket: TogetherTicket },
    Erase { position: Position, ticket: Ticket<Result<(), EraseError>> },
}

impl Append {
    /// About how many pages of the file it touches, beside those that every commit does.
    fn pages(&self) -> usize {
        self.events.iter().map(|event| 1 + event.size_bytes() / 4096).sum()
    }
}

type TogetherTicket = Ticket<Result<Vec<Appended>, AppendError>>;

type AppendTicket = Ticket<Result<Appended, AppendError>>;

/// What an append that is in the queue will come to.
pub(super) type AppendReceipt = Receipt<Result<Appended, AppendError>>;

/// The writer's knowledge of the log, ahead of the disk while a batch is being written.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    log: Log,
    checkpointer: Checkpointer,
    wake: Wake,
    faults: Faults,
}

#[derive(Debug)]
struct Log {
    streams: Lookup<StreamName, Stream>,
    types: HashMap<(Box<str>, u16), i64>,
    /// Where each id stands, at some 40 bytes for each. An index in the file would cost every event a page of its own.
    ids: Lookup<Uuid, Position>,
    position: u64,
    hash: Hash,
    /// Random bytes for salts, drawn many at a time.
    salts: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    id: i64,
    version: u64,
}

impl Writer {
    pub(super) fn new(
        opened: Opened,
        checkpointer: Checkpointer,
        wake: Wake,
        faults: Faults,
    ) -> rusqlite::Result<Self> {
        let Opened { connection, genesis } = opened;
        connection.set_prepared_statement_cache_capacity(32);
        let log = Log::load(&connection, genesis)?;
        wake.advance(log.head());
        Ok(Self { connection, log, checkpointer, wake, faults })
    }

    /// Works until the queue is closed or a write fails.
    pub(super) fn run(mut self, queue: &Queue<Work>) {
        let _abandon = AbandonAtEnd(queue);
        let loaded = self.log.load_streams(&self.connection).and_then(|()| self.log.load_ids(&self.connection));
        if let Err(error) = loaded {
            queue.close(&error.to_string());
            return;
        }
        while let Some(batch) = queue.take() {
            if let Err(error) = self.process(batch) {
                queue.close(&error.to_string());
                return;
            }
        }
    }

    pub(super) fn process(&mut self, batch: Vec<Work>) -> rusqlite::Result<()> {
        let mut appends = Vec::with_capacity(batch.len());
        let (mut together, mut erasures) = (Vec::new(), Vec::new());
        for work in batch {
            match work {
                Work::Append { append, ticket } => appends.push((append, ticket)),
                Work::Together { appends, ticket } => together.push((appends, ticket)),
                Work::Erase { position, ticket } => erasures.push((position, ticket)),
            }
        }
        let mut written = if appends.is_empty() { Ok(()) } else { self.append_all(appends) };
        for (appends, ticket) in together {
            let committed = written.and_then(|()| self.append_together(appends));
            match &committed {
                Ok(outcome) => ticket.answer(outcome.clone()),
                Err(error) => ticket.answer(Err(shared(error))),
            }
            written = committed.map(drop);
        }
        for (position, ticket) in erasures {
            let erased = written.and_then(|()| self.erase(position));
            let refused = |error| Err(EraseError::Refused { position, source: shared(error) });
            ticket.answer(erased.as_ref().map_or_else(refused, Clone::clone));
            written = erased.map(drop);
        }
        written
    }

    /// One commit for all, then the answers. A refusal of one does not touch the others; a failure fails all.
    fn append_all(&mut self, appends: Vec<(Append, AppendTicket)>) -> rusqlite::Result<()> {
        let (appends, tickets): (Vec<_>, Vec<_>) = appends.into_iter().unzip();
        let before = self.log.position;
        let pages = 4 + appends.iter().map(Append::pages).sum::<usize>();
        match self.commit(appends) {
            Ok(outcomes) => {
                self.wake.advance(self.log.head());
                for (ticket, outcome) in tickets.into_iter().zip(outcomes) {
                    ticket.answer(outcome);
                }
                if self.log.position == before { Ok(()) } else { self.checkpointer.committed(pages, &self.connection) }
            }
            Err(error) => {
                let failure = shared(&error);
                for ticket in tickets {
                    ticket.answer(Err(failure.clone()));
                }
                Err(error)
            }
        }
    }

    /// One commit for all of them, or none: where one is refused, those before it are undone. The outer error is a failure of
    /// the storage.
    fn append_together(&mut self, appends: Vec<Append>) -> rusqlite::Result<Result<Vec<Appended>, AppendError>> {
        let pages = 4 + appends.iter().map(Append::pages).sum::<usize>();
        let before = Undo { position: self.log.position, hash: self.log.hash, types: self.log.types.clone() };
        let transaction = self.connection.unchecked_transaction()?;
        let (mut touched, mut outcomes) = (Vec::new(), Vec::with_capacity(appends.len()));
        for append in appends {
            let ids: Vec<Uuid> = append.events.iter().map(|event| event.id).collect();
            touched.push((append.stream.clone(), self.log.streams.get(&append.stream).copied(), ids));
            match self.log.append(&transaction, append)? {
                Ok(appended) => outcomes.push(appended),
                Err(refusal) => {
                    transaction.rollback()?;
                    self.log.undo(before, touched);
                    return Ok(Err(refusal));
                }
            }
        }
        self.faults.before_commit()?;
        transaction.commit()?;
        self.wake.advance(self.log.head());
        if self.log.position != before.position {
            self.checkpointer.committed(pages, &self.connection)?;
        }
        Ok(Ok(outcomes))
    }

    fn commit(&mut self, appends: Vec<Append>) -> rusqlite::Result<Vec<Result<Appended, AppendError>>> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut outcomes = Vec::with_capacity(appends.len());
        for append in appends {
            outcomes.push(self.log.append(&transaction, append)?);
        }
        self.faults.before_commit()?;
        transaction.commit()?;
        Ok(outcomes)
    }

    /// The outer error is a failure of the storage.
    fn erase(&mut self, position: Position) -> rusqlite::Result<Result<(), EraseError>> {
        if !erase_row(&self.connection, position)? {
            return Ok(Err(EraseError::Unknown { position }));
        }
        // The old page also stands in the write-ahead log.
        let emptied = checkpoint::truncate(&self.connection)?;
        Ok(if emptied { Ok(()) } else { Err(EraseError::StillRead { position }) })
    }
}

/// What the writer knew before appends that belong together.
struct Undo {
    position: u64,
    hash: Hash,
    types: HashMap<(Box<str>, u16), i64>,
}

/// Nobody waits for a writer that is gone.
struct AbandonAtEnd<'a>(&'a Queue<Work>);

impl Drop for AbandonAtEnd<'_> {
    fn drop(&mut self) {
        self.0.abandon("the writer stopped");
    }
}

impl Log {
    fn load(connection: &Connection, genesis: Hash) -> rusqlite::Result<Self> {
        let types = connection
            .prepare("SELECT name, schema, id FROM event_type")?
            .query_map((), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let last = "SELECT position, hash FROM event ORDER BY position DESC LIMIT 1";
        let last: Option<(i64, [u8; 32])> =
            connection.query_row(last, (), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (position, hash) = last.map_or((0, genesis), |(position, hash)| (position, Hash(hash)));
        let position = u64::try_from(position).unwrap_or(0);
        Ok(Self { streams: Lookup::default(), types, ids: Lookup::default(), position, hash, salts: Vec::new() })
    }

    /// Apart from the rest, since it looks at every stream: opening does not wait for it, the first append does.
    fn load_streams(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement = connection
            .prepare("SELECT name, id, (SELECT max(version) FROM event WHERE event.stream = stream.id) FROM stream")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let (name, id, version): (String, i64, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let version = version.and_then(|version| u64::try_from(version).ok());
            if let (Ok(name), Some(version)) = (StreamName::new(&name), version) {
                self.streams.insert(name, Stream { id, version });
            }
        }
        Ok(())
    }

    /// Apart from the rest too, since it reads the whole log.
    fn load_ids(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.ids.reserve(usize::try_from(self.position).unwrap_or(0));
        let mut statement = connection.prepare("SELECT position, id FROM event")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let position = Position(u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0));
            self.ids.insert(Uuid::from_bytes(row.get(1)?), position);
        }
        Ok(())
    }

    /// Forgets what was rolled back: the streams as they stood before each append, with the ids of its events.
    fn undo(&mut self, before: Undo, touched: Vec<(StreamName, Option<Stream>, Vec<Uuid>)>) {
        for (name, stream, ids) in touched.into_iter().rev() {
            match stream {
                Some(stream) => self.streams.insert(name, stream),
                None => self.streams.remove(&name),
            };
            for id in ids {
                if self.ids.get(&id).is_some_and(|position| position.0 > before.position) {
                    self.ids.remove(&id);
                }
            }
        }
        self.position = before.position;
        self.hash = before.hash;
        self.types = before.types;
    }

    fn head(&self) -> Option<Position> {
        (self.position > 0).then_some(Position(self.position))
    }

    /// The outer error is a failure of the storage, the inner one a refusal, for which nothing was written.
    fn append(
        &mut self,
        transaction: &Transaction<'_>,
        append: Append,
    ) -> rusqlite::Result<Result<Appended, AppendError>> {
        let Append { stream, expected, events } = append;
        let known = self.streams.get(&stream).copied();
        let actual = known.map(|stream| stream.version);
        let mut earlier = Vec::with_capacity(events.len());
        for event in &events {
            let position = self.ids.get(&event.id);
            earlier.push(position.map(|position| compare(transaction, *position, known, event)).transpose()?);
        }
        match admission::admit(&stream, expected, actual, &events, &earlier) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Some(repetition)) => return Ok(Ok(repetition)),
            Ok(None) => {}
        }
        let stream_id = if let Some(stream) = known {
            stream.id
        } else {
            transaction.prepare_cached("INSERT INTO stream (name) VALUES (?1)")?.execute([stream.as_str()])?;
            transaction.last_insert_rowid()
        };
        let first_position = Position(self.position + 1);
        let first_version = admission::next_version(actual);
        let mut version = first_version;
        for (event, event_version) in events.iter().zip(first_version..) {
            version = event_version;
            self.insert(transaction, &stream, Stream { id: stream_id, version }, event)?;
        }
        self.streams.insert(stream, Stream { id: stream_id, version });
        let last_position = Position(self.position);
        Ok(Ok(Appended { first_position, last_position, version, already_committed: false }))
    }

    fn insert(
        &mut self,
        transaction: &Transaction<'_>,
        name: &StreamName,
        stream: Stream,
        event: &NewEvent,
    ) -> rusqlite::Result<()> {
        let position = self.position + 1;
        let salt = self.salt(transaction)?;
        let recorded_at_microseconds = event.recorded_at.timestamp_micros();
        let hash = chain::next(
            &self.hash,
            &Link {
                position: Position(position),
                stream: name.as_str(),
                version: stream.version,
                id: event.id,
                event_type: &event.event_type,
                schema_version: event.schema_version,
                recorded_at_microseconds,
                payload: chain::payload_digest(&salt, &event.data),
                metadata: &event.metadata,
            },
        );
        let type_id = self.type_id(transaction, event)?;
        transaction
            .prepare_cached(
                "INSERT INTO event (position, stream, version, id, type, recorded_at, metadata, data, salt, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                number(position),
                stream.id,
                number(stream.version),
                event.id.as_bytes().as_slice(),
                type_id,
                recorded_at_microseconds,
                event.metadata.as_slice(),
                event.data.as_slice(),
                salt.as_slice(),
                hash.0.as_slice(),
            ))?;
        self.ids.insert(event.id, Position(position));
        self.position = position;
        self.hash = hash;
        Ok(())
    }

    fn type_id(&mut self, transaction: &Transaction<'_>, event: &NewEvent) -> rusqlite::Result<i64> {
        let key = (event.event_type.clone(), event.schema_version);
        if let Some(id) = self.types.get(&key) {
            return Ok(*id);
        }
        let insert = "INSERT INTO event_type (name, schema) VALUES (?1, ?2)";
        transaction.prepare_cached(insert)?.execute((&key.0, key.1))?;
        let id = transaction.last_insert_rowid();
        self.types.insert(key, id);
        Ok(id)
    }

    fn salt(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<Salt> {
        if self.salts.is_empty() {
            self.salts = transaction.query_row("SELECT randomblob(16384)", (), |row| row.get(0))?;
        }
        let rest = self.salts.len().saturating_sub(size_of::<Salt>());
        let mut salt = Salt::default();
        salt.copy_from_slice(&self.salts[rest..]);
        self.salts.truncate(rest);
        Ok(salt)
    }
}

/// The event at `position`, in the log or earlier in the batch, beside `event`, which has its id and is for `stream`.
fn compare(
    transaction: &Transaction<'_>,
    position: Position,
    stream: Option<Stream>,
    event: &NewEvent,
) -> rusqlite::Result<Earlier> {
    let mut statement = transaction.prepare_cached(
        "SELECT version, stream, data, name, schema
         FROM event JOIN event_type ON event_type.id = event.type WHERE position = ?1",
    )?;
    statement.query_row([number(position.0)], |row| {
        // An erased payload cannot be compared any more.
        let data = row.get_ref(2)?.as_blob_or_null()?;
        Ok(Earlier {
            position,
            version: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
            same: stream.map(|stream| stream.id) == Some(row.get(1)?)
                && data.is_none_or(|data| data == event.data)
                && row.get_ref(3)?.as_str()? == &*event.event_type
                && row.get::<_, u16>(4)? == event.schema_version,
        })
    })
}

/// Puts a digest in the place of the payload; false where there is no such event.
fn erase_row(connection: &Connection, position: Position) -> rusqlite::Result<bool> {
    let transaction = connection.unchecked_transaction()?;
    let row: Option<(Option<Vec<u8>>, Option<Salt>)> = transaction
        .query_row("SELECT data, salt FROM event WHERE position = ?1", [number(position.0)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((data, salt)) = row else { return Ok(false) };
    if let (Some(data), Some(salt)) = (data, salt) {
        let digest = chain::payload_digest(&salt, &data);
        transaction.execute(
            "UPDATE event SET data = NULL, salt = NULL, digest = ?2 WHERE position = ?1",
            (number(position.0), digest.0.as_slice()),
        )?;
    }
    transaction.commit()?;
    Ok(true)
}

/// What every append of a batch that failed is told.
fn shared(error: &rusqlite::Error) -> AppendError {
    if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
        return AppendError::DiskFull;
    }
    let text: Box<dyn std::error::Error + Send + Sync> = error.to_string().into();
    AppendError::Storage { source: text.into() }
}
