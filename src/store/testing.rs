//! What the store's tests are written with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::DateTime;
use uuid::Uuid;

use super::{
    AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, Position, ReadError, Recorded, StreamName,
    StreamPage, Wake,
};

/// A directory of its own that goes when it is dropped.
pub(crate) struct TestDirectory(PathBuf);

impl TestDirectory {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("grenselos-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Whether any file in it holds `text`.
    pub(crate) fn holds(&self, text: &str) -> bool {
        std::fs::read_dir(&self.0).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }
}

impl Drop for TestDirectory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What happens before events are appended.
type Happens = dyn Fn(&[NewEvent]) -> Result<(), AppendError> + Send + Sync;

/// A log to which something happens before each append, which may refuse it.
pub(crate) struct BeforeAppends {
    log: Arc<dyn EventStore>,
    happens: Box<Happens>,
}

impl BeforeAppends {
    pub(crate) fn of(
        log: Arc<dyn EventStore>,
        happens: impl Fn(&[NewEvent]) -> Result<(), AppendError> + Send + Sync + 'static,
    ) -> Self {
        Self { log, happens: Box::new(happens) }
    }
}

impl EventStore for BeforeAppends {
    fn capabilities(&self) -> Capabilities {
        self.log.capabilities()
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        (self.happens)(&events)?;
        self.log.append(stream, expected, events)
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.log.read_stream(stream, from_version, max)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.log.read_all(after, max)
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.log.head()
    }

    fn wake(&self) -> Wake {
        self.log.wake()
    }
}

pub(crate) fn stream(name: &str) -> StreamName {
    StreamName::new(name).unwrap()
}

/// An event that is known by `number`: the same number, the same event.
pub(crate) fn event(number: u64) -> NewEvent {
    NewEvent {
        id: Uuid::from_u64_pair(0, number),
        event_type: format!("tested.{}", number % 3).into(),
        schema_version: 1,
        recorded_at: DateTime::from_timestamp_micros(1_700_000_000_000_000).unwrap(),
        data: format!(r#"{{"number":{number}}}"#).into_bytes(),
        metadata: br#"{"actor":"test"}"#.to_vec(),
    }
}

pub(crate) fn events(numbers: impl IntoIterator<Item = u64>) -> Vec<NewEvent> {
    numbers.into_iter().map(event).collect()
}
