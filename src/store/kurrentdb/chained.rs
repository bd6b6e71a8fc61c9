//! The hash chain over a log on a cluster, which keeps none of its own.
//!
//! Whoever follows the log carries the chain on from its first event and leaves its head in the data directory now and then, in a
//! file of each place, since an instance may go on with a log elsewhere; a
//! follower that comes past that place again compares, and so does every verification: what was changed, taken out or put in
//! between since then shows. The payloads have no salt here, since none can be erased.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::address::Address;
use super::envelope::Found;
use crate::store::chain::{self, Hash, Link, Salt};
use crate::store::sqlite::Verification;
use crate::store::{EventStore, Position, RawEvent, ReadError, count_until};
use crate::whole_file;

const NO_SALT: Salt = [0; 16];
/// The head is left behind after so many events.
const KEPT_EVERY: u64 = 1_000;

/// How far the log was verified, and the hash of its last event then.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    position: u64,
    head_hash: String,
}

/// Where the head of the log at an address is kept.
#[must_use]
pub fn kept_in(directory: &Path, address: &Address) -> PathBuf {
    let digest: [u8; 32] = Sha256::digest(format!("{} {}", address.shown(), address.prefix())).into();
    let number = digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
    directory.join(format!("chain-{number:016x}.json"))
}

/// Forgets what was kept in a file.
///
/// # Errors
/// It cannot be removed.
pub fn forget(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Kept {
    fn in_file(file: &Path) -> Result<Option<Self>, ReadError> {
        match std::fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| storage(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(storage(error)),
        }
    }

    fn leave_in(&self, file: &Path) -> Result<(), ReadError> {
        let bytes = serde_json::to_vec(self).map_err(|error| storage(error.into()))?;
        let directory = file.parent().unwrap_or(file);
        std::fs::create_dir_all(directory).and_then(|()| whole_file::write(file, &bytes)).map_err(storage)
    }
}

fn storage(source: std::io::Error) -> ReadError {
    ReadError::Storage { source: Arc::new(source) }
}

fn next(head: &Hash, event: RawEvent<'_>) -> Hash {
    let payload = chain::payload_digest(&NO_SALT, event.data.unwrap_or_default());
    chain::next(head, &Link::of(event, payload))
}

fn another(position: u64, file: &Path) -> ReadError {
    let file = file.display();
    let what = format!(
        "the log until here is another than when it was verified last ({file}); where it is another one on purpose, remove \
         that file"
    );
    ReadError::Corrupt { position: Position(position), what }
}

/// The chain as a follower carries it on.
#[derive(Debug)]
pub(super) struct Followed {
    file: PathBuf,
    kept: Option<Kept>,
    head: Hash,
    position: u64,
    /// Something could not be read, so that the chain ends before it.
    is_broken: bool,
}

impl Followed {
    /// From the first event on.
    ///
    /// # Errors
    /// What was kept cannot be read.
    pub(super) fn from_the_start(file: &Path) -> Result<Self, ReadError> {
        let kept = Kept::in_file(file)?;
        Ok(Self { file: file.to_owned(), kept, head: chain::genesis(Uuid::nil()), position: 0, is_broken: false })
    }

    /// Carries it on over what follows, and leaves its head behind now and then.
    ///
    /// # Errors
    /// The log is another than it was when its head was kept; the chain stays where it was.
    pub(super) fn carry_on(&mut self, page: &[Found]) -> Result<(), ReadError> {
        let (mut head, mut position) = (self.head, self.position);
        for found in page {
            let Ok(event) = &found.event else {
                self.is_broken = true;
                break;
            };
            if self.is_broken {
                break;
            }
            head = next(&head, event.as_raw());
            position = event.position.0;
            let kept = self.kept.as_ref().filter(|kept| kept.position == position);
            if kept.is_some_and(|kept| kept.head_hash != head.to_string()) {
                return Err(another(position, &self.file));
            }
        }
        (self.head, self.position) = (head, position);
        self.keep_after(KEPT_EVERY);
        Ok(())
    }

    /// Sees that the log, read to its end, reaches as far as it did.
    ///
    /// # Errors
    /// It ends before.
    pub(super) fn reaches(&self, end: Option<Position>) -> Result<(), ReadError> {
        match &self.kept {
            Some(kept) if end < Some(Position(kept.position)) => Err(another(kept.position, &self.file)),
            Some(_) | None => Ok(()),
        }
    }

    /// Leaves the head behind, where it has moved on by so many events. Another instance may share the directory and be
    /// further. What cannot be kept now is kept later.
    pub(super) fn keep_after(&mut self, events: u64) {
        let kept_until = self.kept.as_ref().map_or(0, |kept| kept.position);
        if self.position < kept_until + events {
            return;
        }
        let found = Kept::in_file(&self.file).ok().flatten().filter(|found| found.position >= self.position);
        let now = Kept { position: self.position, head_hash: self.head.to_string() };
        if found.is_none() && now.leave_in(&self.file).is_err() {
            return;
        }
        self.kept = Some(now);
    }
}

/// Walks the chain, compares it with what was kept in a file, and keeps its head. `progress` is told how far it is, of how many.
///
/// # Errors
/// The log until where it was verified last is another one now, or it cannot be read.
pub fn verify(
    store: &dyn EventStore,
    file: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verification, ReadError> {
    let kept = Kept::in_file(file)?;
    let total = count_until(store.head()?);
    let mut seen = Verification { count: 0, erased: 0, head_hash: chain::genesis(Uuid::nil()) };
    let mut kept_hash = None;
    store.replay(None, &mut |event| {
        seen.head_hash = next(&seen.head_hash, event);
        seen.count += 1;
        if kept.as_ref().is_some_and(|kept| kept.position == seen.count) {
            kept_hash = Some(seen.head_hash);
        }
        progress(seen.count, total);
        Ok(())
    })?;
    if let Some(kept) = &kept
        && kept_hash.map(|hash: Hash| hash.to_string()).as_ref() != Some(&kept.head_hash)
    {
        return Err(another(kept.position, file));
    }
    let now = Kept { position: seen.count, head_hash: seen.head_hash.to_string() };
    if seen.count > 0 && kept.as_ref() != Some(&now) {
        now.leave_in(file)?;
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;
    use crate::store::testing::{TestDirectory, event, events, stream};
    use crate::store::{Expected, NewEvent};

    fn log(numbers: &[u64]) -> MemoryStore {
        let store = MemoryStore::default();
        for number in numbers {
            store.append(&stream("a"), Expected::Any, events([*number])).unwrap();
        }
        store
    }

    #[test]
    fn a_log_that_has_only_grown_verifies_and_another_does_not() {
        let directory = TestDirectory::new();
        let file = directory.path().join("chain.json");
        let verify = |store: &MemoryStore| verify(store, &file, &mut |_, _| {});
        let first = verify(&log(&[1, 2])).unwrap();
        assert_eq!(verify(&log(&[1, 2])).unwrap(), first);
        assert_eq!(verify(&log(&[1, 2, 3])).unwrap().count, 3);
        let altered = log(&[1]);
        altered.append(&stream("a"), Expected::Any, vec![NewEvent { data: b"{}".to_vec(), ..event(2) }]).unwrap();
        altered.append(&stream("a"), Expected::Any, events([3])).unwrap();
        for other in [altered, log(&[1, 2]), log(&[])] {
            let refused = verify(&other).unwrap_err();
            assert!(matches!(refused, ReadError::Corrupt { position: Position(3), .. }), "{refused}");
        }
    }
}
