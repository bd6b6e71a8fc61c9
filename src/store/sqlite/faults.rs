//! Failures that tests ask for. Outside tests there are none.

#[cfg(test)]
use std::sync::Arc;
#[cfg(test)]
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

/// What is to fail.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults {
    /// The next commit fails as if the disk could not be synchronised.
    #[cfg(test)]
    pub failing_sync: Arc<AtomicBool>,
    /// The disk is full at so many pages.
    #[cfg(test)]
    pub pages_max: Option<u32>,
}

impl Faults {
    #[cfg(test)]
    pub(super) fn prepare(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.pages_max
            .map_or(Ok(()), |pages| connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())))
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "there is something to do in tests only")]
    pub(super) fn prepare(&self, _: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn before_commit(&self) -> rusqlite::Result<()> {
        if self.failing_sync.swap(false, Ordering::Relaxed) {
            let failure = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
            return Err(rusqlite::Error::SqliteFailure(failure, None));
        }
        Ok(())
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "there is something to do in tests only")]
    pub(super) fn before_commit(&self) -> rusqlite::Result<()> {
        Ok(())
    }
}
