//! The form of the file, and how a connection to it is set up.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::store::file::{self, Form, open_error};
use crate::store::{OpenError, chain};

/// Marked "Gren".
const FORM: Form = Form { application_id: 0x4772_656e, version: 1, create };

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
    id     INTEGER PRIMARY KEY,
    name   TEXT    NOT NULL,
    schema INTEGER NOT NULL,          -- the version of the form of the data
    UNIQUE (name, schema)
) STRICT;
CREATE TABLE event (
    position    INTEGER PRIMARY KEY,  -- 1, 2, 3 … without gaps
    stream      INTEGER NOT NULL REFERENCES stream (id),
    version     INTEGER NOT NULL,     -- 0, 1, 2 … in each stream
    id          BLOB    NOT NULL,     -- 16 bytes; unique, which the writer sees to without an index
    type        INTEGER NOT NULL REFERENCES event_type (id),
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

/// A connection that writes, to a file that is made where there is none.
pub(super) fn open_for_writing(path: &Path) -> Result<Opened, OpenError> {
    let connection = file::open_for_writing(path, &FORM)?;
    write_durably(&connection).map_err(|error| open_error(path, error))?;
    with_genesis(connection, path)
}

/// A connection that reads.
pub(super) fn open_for_reading(path: &Path) -> Result<Opened, OpenError> {
    with_genesis(file::open_for_reading(path, &FORM)?, path)
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)?;
    let store_id: [u8; 16] = connection.query_row("SELECT randomblob(16)", (), |row| row.get(0))?;
    let genesis = chain::genesis(Uuid::from_bytes(store_id));
    let fill = "INSERT INTO meta VALUES ('store_id', ?1), ('genesis', ?2)";
    connection.execute(fill, (store_id, genesis.0)).map(drop)
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

fn with_genesis(connection: Connection, path: &Path) -> Result<Opened, OpenError> {
    let select = "SELECT value FROM meta WHERE key = 'genesis'";
    let genesis = connection.query_row(select, (), |row| row.get(0)).optional();
    match genesis.map_err(|error| open_error(path, error))? {
        Some(genesis) => Ok(Opened { connection, genesis: chain::Hash(genesis) }),
        None => Err(OpenError::NotADatabase { path: path.to_owned() }),
    }
}

/// A number as the file holds it. What is beyond the file's numbers is beyond its events.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
