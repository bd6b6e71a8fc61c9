//! A file of ours in `SQLite`'s form: made, opened, and told from other files and from newer versions.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{Cause, OpenError};

/// How long a connection waits for another to let go.
const PATIENCE: Duration = Duration::from_secs(5);

/// What kind of file it is.
#[derive(Debug)]
pub(super) struct Form {
    /// Marks the file as one of this kind.
    pub application_id: i32,
    /// The newest version of the form that can be read, and the one that is written.
    pub version: u32,
    /// Makes the tables of a new file.
    pub create: fn(&Connection) -> rusqlite::Result<()>,
}

/// How often what a file holds was changed, as one connection knows it: two that differ mean that something was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    own: u64,
    by_others: i64,
}

impl Changes {
    /// How often a file was changed by a connection, but for changes that are no matter, and by others.
    pub(super) fn of(connection: &Connection, no_matter: u64) -> rusqlite::Result<Self> {
        let mut by_others = connection.prepare_cached("PRAGMA data_version")?;
        let by_others = by_others.query_row((), |row| row.get(0))?;
        Ok(Self { own: connection.total_changes().saturating_sub(no_matter), by_others })
    }
}

/// A connection that writes, to a file that is made where there is none.
pub(super) fn open_for_writing(path: &Path, form: &Form) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect(path, flags)?;
    make_where_empty(&connection, form).map_err(|error| open_error(path, error))?;
    recognised(connection, path, form)
}

/// A connection that reads a file that exists.
pub(super) fn open_for_reading(path: &Path, form: &Form) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing { path: path.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = connect(path, flags).and_then(|connection| recognised(connection, path, form));
    let Err(OpenError::Storage { .. }) = &opened else { return opened };
    let Some(address) = unchanging(path) else { return opened };
    recognised(connect(Path::new(&address), flags | OpenFlags::SQLITE_OPEN_URI)?, path, form)
}

/// A file that nobody keeps is empty: one of the same form in memory, for who only reads.
pub(super) fn in_memory(form: &Form) -> Result<Connection, OpenError> {
    let path = Path::new(":memory:");
    let connection = connect(path, OpenFlags::default())?;
    make_where_empty(&connection, form).map_err(|error| open_error(path, error))?;
    recognised(connection, path, form)
}

/// The address of a file that no process has open to write, such as a copy where nothing can be written: a log ahead of the
/// file would have to be made beside it otherwise, also to read. None where there is such a log.
fn unchanging(path: &Path) -> Option<String> {
    let name = path.to_str()?;
    if Path::new(&format!("{name}-wal")).exists() {
        return None;
    }
    let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(format!("file:{name}?immutable=1"))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    let connect = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        // Otherwise statements are planned anew for every value bound to them.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    };
    connect().map_err(|error| open_error(path, error))
}

fn make_where_empty(connection: &Connection, form: &Form) -> rusqlite::Result<()> {
    let is_empty = || connection.query_row("SELECT count(*) = 0 FROM sqlite_master", (), |row| row.get(0));
    if !is_empty()? {
        return Ok(());
    }
    // Another instance that shares the directory may be making it at the same moment.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    if !is_empty()? {
        return Ok(());
    }
    (form.create)(&transaction)?;
    transaction.pragma_update(None, "application_id", form.application_id)?;
    transaction.pragma_update(None, "user_version", form.version)?;
    transaction.commit()
}

fn recognised(connection: Connection, path: &Path, form: &Form) -> Result<Connection, OpenError> {
    let failed = |error| open_error(path, error);
    let path = path.to_owned();
    let mark: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    if mark != form.application_id {
        return Err(OpenError::NotADatabase { path });
    }
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > form.version {
        return Err(OpenError::NewerFormat { path, found, supported: form.version });
    }
    Ok(connection)
}

pub(super) fn open_error(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        return OpenError::NotADatabase { path };
    }
    OpenError::Storage { path, source: cause(error) }
}

pub(super) fn cause(error: rusqlite::Error) -> Cause {
    Arc::new(error)
}
