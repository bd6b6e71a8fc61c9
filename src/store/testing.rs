//! What the store's tests are written with.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::DateTime;
use uuid::Uuid;

use super::{NewEvent, StreamName};

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
