//! Addresses without an account that somebody tries to sign in by. They are locked as accounts are, in memory alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::locked_until;

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

    /// Counts an attempt; until when there is to be none, where there were too many.
    pub(super) fn attempt(&self, email: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut known = self.known();
        let until = known.get(&key(email)).map(|(count, last)| locked_until(*count, *last));
        if let Some(until) = until.filter(|until| now < *until) {
            return Err(until);
        }
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attempt_counts_and_too_many_are_put_off_however_the_address_is_written() {
        let (strangers, now) = (Strangers::default(), DateTime::UNIX_EPOCH);
        for _ in 0..5 {
            assert_eq!(strangers.attempt("ingen@alta.example", now), Ok(()));
        }
        let until = now + TimeDelta::minutes(1);
        assert_eq!(strangers.attempt(" Ingen@Alta.example", now), Err(until));
        assert_eq!(strangers.attempt("noen@alta.example", now), Ok(()));
        assert_eq!(strangers.attempt("ingen@alta.example", until), Ok(()));
    }
}
