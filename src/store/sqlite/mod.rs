//! The embedded home: one `SQLite` file, `events.sqlite3`, in the data directory.
//!
//! One process writes, held to it by a lock file, and in it one thread; any number of threads and processes read.

mod audit;
mod checkpoint;
mod faults;
mod queue;
mod reader;
mod schema;
mod writer;

#[cfg(test)]
mod tests;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use audit::Verification;

use super::file::cause;
use super::{
    Append, AppendError, Appended, BackupError, Capabilities, EraseError, EventStore, Expected, NewEvent, OpenError,
    Position, RawEvent, ReadError, Recorded, StreamName, StreamPage, Visit, Wake, admission,
};
use checkpoint::Checkpointer;
use faults::Faults;
use queue::{Bounds, Queue, Refused, ticket};
use reader::{Reader, Readers};
use writer::{AppendReceipt, Work, Writer};

/// The name of the file in the data directory.
pub const FILE_NAME: &str = "events.sqlite3";
const LOCK_NAME: &str = "events.lock";

const BOUNDS: Bounds = Bounds { waiting: 4_096, waiting_bytes: 32 << 20, batch: 1_024, batch_bytes: 4 << 20 };
/// How long an append waits for room in the queue.
const PATIENCE: Duration = Duration::from_secs(10);

/// The event store in a `SQLite` file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    readers: Readers,
    wake: Wake,
    /// Absent where the store is opened for reading only.
    writing: Option<Writing>,
}

#[derive(Debug)]
struct Writing {
    queue: Arc<Queue<Work>>,
    thread: Option<JoinHandle<()>>,
    /// Held until the writer is gone.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `directory` for the one process that writes, and makes it where there is none.
    ///
    /// # Errors
    /// Another process writes it, it is something else or newer than this version, or the disk refuses.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        Self::open_with(directory, Faults::default())
    }

    fn open_with(directory: &Path, faults: Faults) -> Result<Self, OpenError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Io { path, source }
        };
        std::fs::create_dir_all(directory).map_err(io(directory))?;
        let lock = lock(&directory.join(LOCK_NAME))?;
        let path = directory.join(FILE_NAME);
        let storage = |error| OpenError::Storage { path: path.clone(), source: cause(error) };
        let opened = schema::open_for_writing(&path)?;
        faults.prepare(&opened.connection).map_err(storage)?;
        let checkpointer = Checkpointer::start(&path)?;
        // The new file's name must be durable too.
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(io(directory))?;
        let wake = Wake::default();
        let writer = Writer::new(opened, checkpointer, wake.clone(), faults).map_err(storage)?;
        let queue = Arc::new(Queue::new(BOUNDS));
        let of_thread = Arc::clone(&queue);
        let thread = std::thread::Builder::new().name("event writer".to_owned()).spawn(move || writer.run(&of_thread));
        let thread = Some(thread.map_err(io(&path))?);
        let writing = Some(Writing { queue, thread, _lock: lock });
        Ok(Self { readers: Readers::new(path.clone()), path, wake, writing })
    }

    /// Opens the store in `directory` for reading, also beside the process that writes it.
    ///
    /// # Errors
    /// There is none, it is something else or newer than this version, or the disk refuses.
    pub fn open_read_only(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(FILE_NAME);
        Reader::open(&path)?;
        Ok(Self { readers: Readers::new(path.clone()), path, wake: Wake::default(), writing: None })
    }

    /// The file that holds the log.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the store takes no more writes; none while it does, or where it was opened for reading.
    #[must_use]
    pub fn poisoned(&self) -> Option<Arc<str>> {
        self.writing.as_ref()?.queue.closed()
    }

    /// Erases the data of one event for good; the event itself and the chain remain. Erasing again is harmless.
    ///
    /// # Errors
    /// There is no such event, a reader holds its old page, or the store cannot be written.
    pub fn erase_payload(&self, position: Position) -> Result<(), EraseError> {
        let refused = |source| EraseError::Refused { position, source };
        let (ticket, receipt) = ticket();
        let writing = self.submit(Work::Erase { position, ticket }, 0).map_err(refused)?;
        receipt.wait().unwrap_or_else(|| Err(refused(writing.poisoned())))
    }

    /// Walks the whole chain and returns its head. `progress` is told how many events are verified, of how many.
    ///
    /// # Errors
    /// The first event that does not fit, by position, or the storage fails.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Verification, ReadError> {
        self.readers.with(|reader| audit::verify(reader, progress))
    }

    /// Writes a verified copy of the log as it stands now to the new file `to`, while others go on reading and writing.
    ///
    /// # Errors
    /// `to` exists or cannot be written, or the copy does not verify. Nothing stands at `to` then.
    pub fn backup(&self, to: &Path) -> Result<Verification, BackupError> {
        audit::backup(&self.path, to)
    }

    fn enqueue(&self, append: Append) -> Result<(&Writing, AppendReceipt), AppendError> {
        admission::check(&append.stream, &append.events)?;
        let bytes = append.events.iter().map(NewEvent::size_bytes).sum();
        let (ticket, receipt) = ticket();
        let writing = self.submit(Work::Append { append, ticket }, bytes)?;
        Ok((writing, receipt))
    }

    fn submit(&self, work: Work, bytes: usize) -> Result<&Writing, AppendError> {
        let writing = self.writing.as_ref().ok_or(AppendError::ReadOnly)?;
        match writing.queue.put(work, bytes, PATIENCE) {
            Ok(()) => Ok(writing),
            Err(Refused::Full) => Err(AppendError::Busy { waited_seconds: PATIENCE.as_secs() }),
            Err(Refused::Closed(reason)) => Err(AppendError::Poisoned { reason }),
        }
    }
}

impl Writing {
    fn poisoned(&self) -> AppendError {
        AppendError::Poisoned { reason: self.queue.closed().unwrap_or_else(|| "the writer stopped".into()) }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.queue.close("the store is closed");
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl EventStore for SqliteStore {
    fn capabilities(&self) -> Capabilities {
        Capabilities { gapless: true, chained: true, together: true }
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let (writing, receipt) = self.enqueue(Append { stream: stream.clone(), expected, events })?;
        receipt.wait().unwrap_or_else(|| Err(writing.poisoned()))
    }

    /// All are in the queue before the first answer is waited for, so that they are committed in groups.
    fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
        let enqueued: Vec<_> = appends.into_iter().map(|append| self.enqueue(append)).collect();
        enqueued
            .into_iter()
            .map(|enqueued| {
                enqueued.and_then(|(writing, receipt)| receipt.wait().unwrap_or_else(|| Err(writing.poisoned())))
            })
            .collect()
    }

    /// One commit of their own.
    fn append_together(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        let mut bytes = 0;
        for append in &appends {
            admission::check(&append.stream, &append.events)?;
            bytes += append.events.iter().map(NewEvent::size_bytes).sum::<usize>();
        }
        let (ticket, receipt) = ticket();
        let writing = self.submit(Work::Together { appends, ticket }, bytes)?;
        receipt.wait().unwrap_or_else(|| Err(writing.poisoned()))
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.readers.with(|reader| reader.read_stream(stream, from_version, max))
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.readers.with(|reader| reader.read_all(after, max))
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.readers.with(|reader| reader.head())
    }

    fn wake(&self) -> Wake {
        self.wake.clone()
    }

    fn replay(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>) -> Visit,
    ) -> Result<Option<Position>, ReadError> {
        self.readers.with(|reader| {
            let mut last = after;
            loop {
                let shown = reader.replay_page(last, visit)?;
                if shown == 0 {
                    return Ok(last);
                }
                last = Some(Position(last.map_or(0, |position| position.0) + shown));
            }
        })
    }
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let path = || path.to_owned();
    let file = File::options().create(true).truncate(false).write(true).open(path());
    let file = file.map_err(|source| OpenError::Io { path: path(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::AlreadyOpen { path: path() }),
        Err(TryLockError::Error(source)) => Err(OpenError::Io { path: path(), source }),
    }
}
