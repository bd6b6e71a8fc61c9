//! The hash chain over a log on a cluster, which keeps none of its own.
//!
//! Every verification computes the chain from the first event on and compares it with the head that the one before it left
//! in the data directory: what was changed, taken out or put in between since then shows. The payloads have no salt here,
//! since none can be erased.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::chain::{self, Hash, Link, Salt};
use crate::store::sqlite::Verification;
use crate::store::{EventStore, Position, ReadError};
use crate::whole_file;

const FILE_NAME: &str = "chain.json";
const NO_SALT: Salt = [0; 16];

/// How far the log was verified, and the hash of its last event then.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    position: u64,
    head_hash: String,
}

/// Walks the chain, compares it with what was kept, and keeps its head. `progress` is told how far it is, of how many.
///
/// # Errors
/// The log until where it was verified last is another one now, or it cannot be read.
pub fn verify(
    store: &dyn EventStore,
    directory: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verification, ReadError> {
    let file = directory.join(FILE_NAME);
    let storage = |source: std::io::Error| ReadError::Storage { source: Arc::new(source) };
    let kept: Option<Kept> = match std::fs::read(&file) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|error| storage(error.into()))?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(storage(error)),
    };
    let total = store.head()?.map_or(0, |head| head.0);
    let mut seen = Verification { count: 0, erased: 0, head_hash: chain::genesis(Uuid::nil()) };
    let mut kept_hash = None;
    store.replay(None, &mut |event| {
        let payload = chain::payload_digest(&NO_SALT, event.data.unwrap_or_default());
        seen.head_hash = chain::next(&seen.head_hash, &Link::of(event, payload));
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
        let what = format!("the log until here is another than when it was verified last ({})", file.display());
        return Err(ReadError::Corrupt { position: Position(kept.position), what });
    }
    let now = Kept { position: seen.count, head_hash: seen.head_hash.to_string() };
    if seen.count > 0 && kept.as_ref() != Some(&now) {
        let bytes = serde_json::to_vec(&now).map_err(|error| storage(error.into()))?;
        std::fs::create_dir_all(directory).and_then(|()| whole_file::write(&file, &bytes)).map_err(storage)?;
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
        let verify = |store: &MemoryStore| verify(store, directory.path(), &mut |_, _| {});
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
