//! The file: its form, how it is made and how it is opened.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use uuid::Uuid;

use crate::store::{Cause, OpenError, chain};

/// The newest form of the file that this version reads and the one it writes.
pub(super) const FORMAT: u32 = 1;
/// Marks the file as ours: "Gren".
const APPLICATION_ID: i32 = 0x4772_656e;
/// How long a connection waits for another to let go.
const PATIENCE: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT;
CREATE TABLE stream (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE event_type (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE event (
    position    INTEGER PRIMARY KEY,  -- 1, 2, 3 … without gaps
    stream      INTEGER NOT NULL REFERENCES stream (id),
    version     INTEGER NOT NULL,     -- 0, 1, 2 … in each stream
    id          BLOB    NOT NULL UNIQUE,
    type        INTEGER NOT NULL REFERENCES event_type (id),
    schema      INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,     -- microseconds since 1970-01-01 00:00 UTC
    metadata    BLOB    NOT NULL,     -- JSON
    data        BLOB,                 -- JSON; absent where it was erased
    salt        BLOB,                 -- goes with the data
    digest      BLOB,                 -- SHA-256 of salt and data; present where they were erased
    hash        BLOB    NOT NULL,     -- binds the event to all before it
    UNIQUE (stream, version),
    CHECK ((data IS NULL) = (salt IS NULL) AND (data IS NULL) = (digest IS NOT NULL))
) STRICT;";

/// A file that has been opened and is ours.
#[derive(Debug)]
pub(super) struct Opened {
    pub connection: Connection,
    pub genesis: chain::Hash,
}

/// The connection that writes, to a file that is made where there is none.
pub(super) fn open_for_writing(path: &Path) -> Result<Opened, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| open_error(path, error))?;
    prepare(connection, path, true)
}

/// A connection that reads.
pub(super) fn open_for_reading(path: &Path) -> Result<Opened, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing { path: path.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| open_error(path, error))?;
    prepare(connection, path, false)
}

fn prepare(connection: Connection, path: &Path, writing: bool) -> Result<Opened, OpenError> {
    let failed = |error| open_error(path, error);
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    let empty = connection.query_row("SELECT count(*) = 0 FROM sqlite_master", (), |row| row.get(0)).map_err(failed)?;
    if empty && writing {
        create(&connection).map_err(failed)?;
    }
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID {
        return Err(OpenError::NotADatabase { path: path.to_owned() });
    }
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > FORMAT {
        return Err(OpenError::NewerFormat { path: path.to_owned(), found, supported: FORMAT });
    }
    if writing {
        write_durably(&connection).map_err(failed)?;
    }
    let genesis = meta_blob(&connection, "genesis").map_err(failed)?;
    let Some(genesis) = genesis.and_then(|bytes| bytes.try_into().ok()).map(chain::Hash) else {
        return Err(OpenError::NotADatabase { path: path.to_owned() });
    };
    Ok(Opened { connection, genesis })
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    let store_id: [u8; 16] = transaction.query_row("SELECT randomblob(16)", (), |row| row.get(0))?;
    let genesis = chain::genesis(Uuid::from_bytes(store_id));
    transaction.execute("INSERT INTO meta VALUES ('store_id', ?1), ('genesis', ?2)", (store_id, genesis.0))?;
    transaction.commit()
}

fn write_durably(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        let reason = format!("the file system allows the journal mode {mode} only, and the log needs wal");
        return Err(rusqlite::Error::ToSqlConversionFailure(reason.into()));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The checkpointer does it, off the way of the commits.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    // What is erased is overwritten.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))
}

fn meta_blob(connection: &Connection, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

fn open_error(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        return OpenError::NotADatabase { path };
    }
    OpenError::Storage { path, source: cause(error) }
}

pub(super) fn cause(error: rusqlite::Error) -> Cause {
    Arc::new(error)
}

/// A number as the file holds it. What is beyond the file's numbers is beyond its events.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
