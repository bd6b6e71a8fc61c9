//! Moves what is committed from the write-ahead log into the database, off the way of the commits.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::schema;
use crate::store::OpenError;

/// About how many pages are committed before they are moved: 4 MiB.
const PAGES_BETWEEN: usize = 1_000;
/// With more pages than these in the write-ahead log, 16 MiB, the writer itself moves the last ones, so that it starts
/// anew.
const PAGES_MAX: i64 = 4_000;

/// The thread that checkpoints.
#[derive(Debug)]
pub(super) struct Checkpointer {
    pages: usize,
    shared: Arc<Shared>,
    signal: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    overdue: AtomicBool,
    failure: Mutex<Option<rusqlite::Error>>,
}

impl Checkpointer {
    pub(super) fn start(path: &Path) -> Result<Self, OpenError> {
        let connection = schema::open_for_writing(path)?.connection;
        let shared = Arc::<Shared>::default();
        let (signal, signals) = sync_channel(1);
        let of_thread = Arc::clone(&shared);
        let work = move || {
            while signals.recv().is_ok() {
                // It is the writer's turn then.
                if of_thread.overdue.load(Ordering::Acquire) {
                    continue;
                }
                match passive(&connection) {
                    Ok(pages) => of_thread.overdue.store(pages > PAGES_MAX, Ordering::Release),
                    Err(error) => *of_thread.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
                }
            }
        };
        let thread = std::thread::Builder::new().name("checkpointer".to_owned()).spawn(work);
        let thread = thread.map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        Ok(Self { pages: 0, shared, signal: Some(signal), thread: Some(thread) })
    }

    /// Told by the writer after each commit of about so many pages, on its connection.
    pub(super) fn committed(&mut self, pages: usize, connection: &Connection) -> rusqlite::Result<()> {
        self.pages += pages;
        if self.pages >= PAGES_BETWEEN {
            self.pages = 0;
            if let Some(signal) = &self.signal {
                // A signal that is already waiting will do.
                let _ = signal.try_send(());
            }
        }
        if self.shared.overdue.load(Ordering::Acquire) {
            passive(connection)?;
            self.shared.overdue.store(false, Ordering::Release);
        }
        let failure = self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        failure.map_or(Ok(()), Err)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.signal.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Moves what can be moved without waiting for anybody, and returns how many pages the write-ahead log holds.
fn passive(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| row.get(1))
}

/// Moves everything and empties the write-ahead log; false where a reader stands in the way.
pub(super) fn truncate(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get::<_, i64>(0).map(|busy| busy == 0))
}
