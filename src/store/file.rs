//! A file of ours in `SQLite`'s form: made, opened, and told from other files and from newer versions.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{Cause, OpenError};

/// How long a connection waits for another to let go.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long it is taken to be known what other processes have changed, after it was looked.
const KNOWN_FOR: Duration = Duration::from_secs(1);

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

/// How often what a file holds was changed, as far as this process knows: two that differ mean that something may have been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    own: u64,
    by_others: i64,
    unknown: u64,
}

/// A connection that one at a time has, and how often what it leads to was changed. That is asked for each page, and so it is
/// kept beside the connection: nobody waits for who has it, or for the disk. A change of this process is known before whoever
/// made it hears that it is done; what other processes change is known at the next [`Watched::look`], and [`Watched::is_known`]
/// says whether that was lately, since a look waits for who has the connection and for who writes to the file.
#[derive(Debug)]
pub struct Watched {
    connection: Mutex<Connection>,
    own: AtomicU64,
    /// Of its own changes those that are no matter.
    no_matter: AtomicU64,
    by_others: AtomicI64,
    /// How often it could not be found out whether others have changed something.
    unknown: AtomicU64,
    /// When it was found out last.
    looked: Mutex<Option<Instant>>,
}

impl Watched {
    pub(super) fn new(connection: Connection) -> Self {
        let [own, no_matter, unknown] = [0, 0, 0].map(AtomicU64::new);
        let by_others = AtomicI64::new(0);
        Self { connection: Mutex::new(connection), own, no_matter, by_others, unknown, looked: Mutex::default() }
    }

    /// The connection, for as long as it is held.
    pub(super) fn held(&self) -> Held<'_> {
        Held { connection: self.connection.lock().unwrap_or_else(PoisonError::into_inner), watched: self }
    }

    /// How often something was changed, by this process, or by others until it was looked at last. It waits for nobody.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes {
            own: self.own.load(Ordering::Acquire),
            by_others: self.by_others.load(Ordering::Acquire),
            unknown: self.unknown.load(Ordering::Acquire),
        }
    }

    /// Whether it is known, at an instant, what other processes have changed until shortly before.
    #[must_use]
    pub fn is_known(&self, now: Instant) -> bool {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_some_and(|looked| now.saturating_duration_since(looked) <= KNOWN_FOR)
    }

    /// Looks whether other processes have changed something.
    #[expect(
        clippy::disallowed_methods,
        reason = "it is measured how long ago it was, which nothing that is kept depends on"
    )]
    pub fn look(&self) {
        let connection = self.held();
        // What is changed while it waits for who writes to the file may not be seen yet.
        let began = Instant::now();
        let asked = connection.prepare_cached("PRAGMA data_version");
        match asked.and_then(|mut asked| asked.query_row((), |row| row.get(0))) {
            Ok(version) => {
                self.by_others.store(version, Ordering::Release);
                *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(began);
            }
            // It may have been: whoever reads it then is told why it cannot be read.
            Err(_) => _ = self.unknown.fetch_add(1, Ordering::AcqRel),
        }
    }
}

/// A connection that is held. What it has changed is known before another one holds it.
#[derive(Debug)]
pub(super) struct Held<'watched> {
    connection: MutexGuard<'watched, Connection>,
    watched: &'watched Watched,
}

impl Held<'_> {
    /// Says that so many of the changes are no matter.
    pub fn are_no_matter(&self, changes: usize) {
        let changes = u64::try_from(changes).unwrap_or_default();
        self.watched.no_matter.fetch_add(changes, Ordering::Relaxed);
    }
}

impl Deref for Held<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let own = self.connection.total_changes();
        self.watched.own.store(own.saturating_sub(self.watched.no_matter.load(Ordering::Relaxed)), Ordering::Release);
    }
}

/// A connection that writes, to a file that is made where there is none.
pub(super) fn open_for_writing(path: &Path, form: &Form) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    make_for_oneself(path);
    let connection = connect(path, flags)?;
    make_where_empty(&connection, form).map_err(|error| open_error(path, error))?;
    recognised(connection, path, form)
}

/// Makes a file that is not there so that nobody else at the machine reads it: it will hold names, or the hashes of secrets.
/// What is written beside it gets the same mode, and opening it says what kept the file from being made.
#[cfg(unix)]
fn make_for_oneself(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
}

#[cfg(not(unix))]
fn make_for_oneself(_: &Path) {}

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
