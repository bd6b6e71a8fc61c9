//! Looking over the whole log: the walk along its chain, and the copy that is walked before it counts.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::reader::{Bond, Reader, storage};
use super::schema::number;
use crate::store::chain::{self, Hash, Link};
use crate::store::file::cause;
use crate::store::{BackupError, OpenError, Position, RawEvent, ReadError, count_until};

/// What a walk along the whole chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    /// How many events there are; also the position of the last.
    pub count: u64,
    /// How many of them have had their data erased.
    pub erased: u64,
    /// The hash of the last event, which stands for the whole log.
    pub head_hash: Hash,
}

pub(super) fn verify(reader: &mut Reader, progress: &mut dyn FnMut(u64, u64)) -> Result<Verification, ReadError> {
    let total = count_until(reader.head()?);
    let mut seen = Verification { count: 0, erased: 0, head_hash: reader.genesis };
    progress(0, total);
    loop {
        let after = (seen.count > 0).then_some(Position(seen.count));
        let shown = reader.chain_page(after, &mut |event, bond| {
            seen.head_hash = follow(&seen.head_hash, event, bond)?;
            seen.erased += u64::from(event.data.is_none());
            Ok(())
        })?;
        if shown == 0 {
            return Ok(seen);
        }
        seen.count += shown;
        progress(seen.count, total.max(seen.count));
    }
}

/// The event's hash, where it is the one that follows `previous`.
fn follow(previous: &Hash, event: RawEvent<'_>, bond: Bond<'_>) -> Result<Hash, ReadError> {
    let corrupt = |what: &str| ReadError::Corrupt { position: event.position, what: what.to_owned() };
    let payload = match (event.data, bond.salt, bond.digest) {
        (Some(data), Some(salt), None) => chain::payload_digest(salt, data),
        (None, None, Some(digest)) => digest,
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            return Err(corrupt("it must hold data and salt, or the digest of what was erased"));
        }
    };
    let hash = chain::next(previous, &Link::of(event, payload));
    if hash == bond.hash { Ok(hash) } else { Err(corrupt("its hash is not that of its content and of all before it")) }
}

/// The hash of the event at `position`.
fn hash_at(reader: &Reader, position: Position) -> Result<Hash, ReadError> {
    let select = "SELECT hash FROM event WHERE position = ?1";
    reader.connection.query_row(select, [number(position.0)], |row| row.get(0)).map(Hash).map_err(storage)
}

pub(super) fn backup(from: &Path, to: &Path) -> Result<Verification, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    remove(&unfinished)?;
    let copied = copy(from, &unfinished).and_then(|verification| {
        put_in_place(&unfinished, to).map_err(|source| BackupError::Io { path: to.to_owned(), source })?;
        Ok(verification)
    });
    if copied.is_err() {
        remove(&unfinished)?;
    }
    copied
}

fn copy(from: &Path, to: &Path) -> Result<Verification, BackupError> {
    let damaged = |source| BackupError::Damaged { source };
    let original = Reader::open(from).map_err(opened)?;
    let head = original.head().map_err(damaged)?;
    let head_hash = head.map(|head| hash_at(&original, head)).transpose().map_err(damaged)?;
    let target = to.to_string_lossy();
    original
        .connection
        .execute("VACUUM INTO ?1", [&*target])
        .map_err(|error| BackupError::Storage { source: cause(error) })?;
    let mut reader = Reader::open(to).map_err(opened)?;
    let verification = verify(&mut reader, &mut |_, _| {}).map_err(damaged)?;
    let copied_hash = head.map(|head| hash_at(&reader, head)).transpose().map_err(|_| BackupError::Differs)?;
    if copied_hash != head_hash || reader.genesis != original.genesis {
        return Err(BackupError::Differs);
    }
    Ok(verification)
}

fn put_in_place(unfinished: &Path, to: &Path) -> std::io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    std::fs::rename(unfinished, to)?;
    let directory = to.parent().filter(|directory| !directory.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(BackupError::Io { path: path.to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn opened(error: OpenError) -> BackupError {
    BackupError::Storage { source: std::sync::Arc::new(error) }
}
