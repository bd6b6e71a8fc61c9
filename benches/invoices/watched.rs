//! A log that tells when each batch of events became durable: where one phase of the work ends and the next begins.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use grenselos::store::sqlite::SqliteStore;
use grenselos::store::{
    Append, AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, Position, RawEvent, ReadError,
    StreamName, StreamPage, Visit, Wake,
};

/// Appends that were made durable together.
pub struct Batch {
    /// The kind of its last event.
    pub event_type: String,
    pub appends_count: usize,
    /// When it was durable.
    pub at: Instant,
}

/// The log, and what it took together.
pub struct Watched {
    store: SqliteStore,
    batches: Mutex<Vec<Batch>>,
}

impl Watched {
    pub fn new(store: SqliteStore) -> Arc<Self> {
        Arc::new(Self { store, batches: Mutex::default() })
    }

    /// The batches since the last time.
    pub fn batches(&self) -> Vec<Batch> {
        std::mem::take(&mut *self.batches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventStore for Watched {
    fn capabilities(&self) -> Capabilities {
        self.store.capabilities()
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.store.append(stream, expected, events)
    }

    fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
        let last = appends.last().and_then(|append| append.events.last()).map(|event| event.event_type.to_string());
        let appends_count = appends.len();
        let answers = self.store.append_all(appends);
        let batch = last.map(|event_type| Batch { event_type, appends_count, at: Instant::now() });
        self.batches.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
        answers
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.store.read_stream(stream, from_version, max)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<grenselos::store::Recorded>, ReadError> {
        self.store.read_all(after, max)
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.store.head()
    }

    fn wake(&self) -> Wake {
        self.store.wake()
    }

    fn replay(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>) -> Visit,
    ) -> Result<Option<Position>, ReadError> {
        self.store.replay(after, visit)
    }
}
