//! What auditors have read, in a file of its own beside the sign-ins.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{Outcome, instant, millis, person};
use crate::domain::identity::PersonId;
use crate::store::OpenError;
use crate::store::file::{self, Form};

/// The name of the file beside that of the sign-ins.
pub const READS_FILE_NAME: &str = "audited_reads.sqlite3";

/// Marked "Gre" and "R".
const FORM: Form = Form { application_id: 0x4772_6552, version: 1, create: |file| file.execute_batch(TABLE) };

const TABLE: &str = "
CREATE TABLE audited_read (
    at     INTEGER NOT NULL,
    person BLOB NOT NULL,
    target TEXT NOT NULL
) STRICT;";

/// What is written down, with its place in the order.
#[derive(Debug)]
struct Waiting {
    place: u64,
    person: PersonId,
    target: String,
    at: DateTime<Utc>,
}

/// Those that wait to be written down.
#[derive(Debug, Default)]
struct Queue {
    places: u64,
    waiting: Vec<Waiting>,
}

/// The file, and up to which place all is written; or, on a connection of its own, up to which place all is on the disk.
#[derive(Debug)]
struct Written {
    connection: Connection,
    upto: u64,
}

impl Written {
    fn on(connection: Connection) -> Self {
        Self { connection, upto: 0 }
    }
}

/// The file of what auditors have read. Each waits until it stands in the file, so that none is lost with the process; those
/// that come at the same time are written together, by the first of them whose turn it is. That it is on the disk as well,
/// nobody waits for: [`Reads::make_safe`] sees to it, and what was read just before the power was lost may be missing.
#[derive(Debug)]
pub(super) struct Reads {
    queue: Mutex<Queue>,
    written: Mutex<Written>,
    /// None where there is no file.
    safe: Option<Mutex<Written>>,
}

impl Reads {
    pub(super) fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(READS_FILE_NAME);
        let connection = file::open_for_writing(&path, &FORM)?;
        let settings = || {
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "NORMAL")
        };
        settings().map_err(|error: rusqlite::Error| file::open_error(&path, error))?;
        let safe = file::open_for_writing(&path, &FORM)?;
        Ok(Self { safe: Some(Mutex::new(Written::on(safe))), ..Self::of(connection) })
    }

    pub(super) fn in_memory() -> Result<Self, OpenError> {
        file::in_memory(&FORM).map(Self::of)
    }

    fn of(connection: Connection) -> Self {
        Self { queue: Mutex::default(), written: Mutex::new(Written::on(connection)), safe: None }
    }

    /// Writes down that somebody reads something.
    pub(super) fn add(&self, person: PersonId, target: &str, at: DateTime<Utc>) -> Outcome<()> {
        let place = {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.places += 1;
            let place = queue.places;
            queue.waiting.push(Waiting { place, person, target: target.to_owned(), at });
            place
        };
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.upto >= place {
            return Ok(());
        }
        let waiting = {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut queue.waiting)
        };
        let put = write(&mut written.connection, &waiting);
        match put {
            Ok(()) => {
                written.upto = waiting.last().map_or(place, |last| last.place);
                Ok(())
            }
            Err(error) => {
                // The others try themselves.
                let others = waiting.into_iter().filter(|waiting| waiting.place != place);
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                queue.waiting.splice(0..0, others);
                Err(error.into())
            }
        }
    }

    /// Sees to it that all that is written is on the disk. Who writes waits for none of it.
    pub(super) fn make_safe(&self) -> Outcome<()> {
        let Some(safe) = &self.safe else { return Ok(()) };
        let mut safe = safe.lock().unwrap_or_else(PoisonError::into_inner);
        // Known before, so that what is written meanwhile is for the next time.
        let upto = self.written.lock().unwrap_or_else(PoisonError::into_inner).upto;
        if safe.upto < upto && is_moved(&safe.connection)? {
            safe.upto = upto;
        }
        Ok(())
    }

    /// All of it, oldest first.
    pub(super) fn all(&self) -> Outcome<Vec<(DateTime<Utc>, PersonId, String)>> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut find = written.connection.prepare("SELECT at, person, target FROM audited_read ORDER BY rowid")?;
        let rows = find.query_map([], |row| Ok((instant(row.get(0)?), person(row, 1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn write(connection: &mut Connection, waiting: &[Waiting]) -> rusqlite::Result<()> {
    let together = connection.transaction()?;
    {
        let mut put = together.prepare_cached("INSERT INTO audited_read (at, person, target) VALUES (?1, ?2, ?3)")?;
        for Waiting { person, target, at, .. } in waiting {
            put.execute(params![millis(*at), person.0.as_bytes(), target])?;
        }
    }
    together.commit()
}

/// Moves what is written from the log ahead of the file into it, and both are on the disk then. False where not all of it
/// could be moved: somebody reads what was before, or moves it at the same moment.
fn is_moved(connection: &Connection) -> rusqlite::Result<bool> {
    let moves = "PRAGMA wal_checkpoint(PASSIVE)";
    let (busy, pages, moved): (i64, i64, i64) =
        connection.query_row(moves, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(busy == 0 && pages == moved)
}
