//! Addresses without an account that somebody tries to sign in by. They are locked as accounts are, in memory alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::passwords::pause;

/// No more are remembered at a time.
const KNOWN_MAX: usize = 10_000;
/// One that was not tried for so many hours is forgotten.
const KNOWN_HOURS: i64 = 24;

/// How often each was tried, and when last.
type Tried = HashMap<[u8; 32], (u32, DateTime<Utc>)>;

/// Those that were tried.
#[derive(Debug, Default)]
pub(super) struct Strangers(Mutex<Tried>);

/// An address is not kept, and is the same however its letters are written.
fn key(email: &str) -> [u8; 32] {
    Sha256::digest(email.trim().to_lowercase()).into()
}

impl Strangers {
    fn known(&self) -> MutexGuard<'_, Tried> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn failed(&self, email: &str, now: DateTime<Utc>) {
        let mut known = self.known();
        if known.len() >= KNOWN_MAX {
            known.retain(|_, (_, last)| now - *last < TimeDelta::hours(KNOWN_HOURS));
        }
        if known.len() >= KNOWN_MAX {
            let oldest = known.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| *key);
            oldest.map(|oldest| known.remove(&oldest));
        }
        let (count, last) = known.entry(key(email)).or_insert((0, now));
        *count = count.saturating_add(1);
        *last = now;
    }

    pub(super) fn locked_until(&self, email: &str) -> Option<DateTime<Utc>> {
        self.known().get(&key(email)).map(|(count, last)| *last + pause(*count))
    }
}
