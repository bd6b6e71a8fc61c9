//! The hash chain: every event is bound to all before it. Pure.
//!
//! The chain covers a salted digest of the payload in place of the payload, so that an erased payload leaves it
//! verifiable and, its salt being erased with it, cannot be guessed from what remains. A chain alone cannot tell that
//! the whole log was written anew: its head must also be kept somewhere else.

use std::fmt;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Position, RawEvent};

const DOMAIN: &[u8] = b"grenselos event chain 1";

/// The bytes that make a payload's digest unguessable.
pub type Salt = [u8; 16];

/// A SHA-256 value. Shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What the chain binds of one event.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// Its place in the whole log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: &'a str,
    /// Its place in the stream.
    pub version: u64,
    /// What it is known by.
    pub id: Uuid,
    /// Its stable name.
    pub event_type: &'a str,
    /// The version of the form of its data.
    pub schema_version: u16,
    /// Microseconds since 1970-01-01 00:00 UTC.
    pub recorded_at_microseconds: i64,
    /// [`payload_digest`] of its data.
    pub payload: Hash,
    /// Its metadata.
    pub metadata: &'a [u8],
}

impl<'a> Link<'a> {
    /// What the chain binds of an event whose payload has this digest.
    #[must_use]
    pub fn of(event: RawEvent<'a>, payload: Hash) -> Self {
        Self {
            position: event.position,
            stream: event.stream.as_str(),
            version: event.version,
            id: event.id,
            event_type: event.event_type,
            schema_version: event.schema_version,
            recorded_at_microseconds: event.recorded_at.timestamp_micros(),
            payload,
            metadata: event.metadata,
        }
    }
}

/// What the first event is bound to: the log's own identity.
#[must_use]
pub fn genesis(store_id: Uuid) -> Hash {
    let mut hasher = Sha256::new();
    field(&mut hasher, DOMAIN);
    field(&mut hasher, store_id.as_bytes());
    Hash(hasher.finalize().into())
}

/// The digest that stands for a payload in the chain.
#[must_use]
pub fn payload_digest(salt: &Salt, data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(salt).chain_update(data).finalize().into())
}

/// The hash of an event that follows the event with hash `previous`.
///
/// Every field is preceded by its length, so that no two events yield the same bytes.
#[must_use]
pub fn next(previous: &Hash, link: &Link<'_>) -> Hash {
    let mut hasher = Sha256::new();
    field(&mut hasher, DOMAIN);
    field(&mut hasher, &previous.0);
    field(&mut hasher, &link.position.0.to_be_bytes());
    field(&mut hasher, link.stream.as_bytes());
    field(&mut hasher, &link.version.to_be_bytes());
    field(&mut hasher, link.id.as_bytes());
    field(&mut hasher, link.event_type.as_bytes());
    field(&mut hasher, &link.schema_version.to_be_bytes());
    field(&mut hasher, &link.recorded_at_microseconds.to_be_bytes());
    field(&mut hasher, &link.payload.0);
    field(&mut hasher, &Sha256::digest(link.metadata));
    Hash(hasher.finalize().into())
}

fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn link() -> Link<'static> {
        Link {
            position: Position(1),
            stream: "agreement-1",
            version: 0,
            id: Uuid::nil(),
            event_type: "agreement.signed",
            schema_version: 1,
            recorded_at_microseconds: 1_700_000_000_000_000,
            payload: payload_digest(&[7; 16], b"{}"),
            metadata: b"{}",
        }
    }

    #[test]
    fn the_form_of_the_chain_never_changes() {
        let head = next(&genesis(Uuid::nil()), &link());
        expect!["10b8d2148fd0fdfd7d7b7966d9cfb38e0f5859e53a07ddddf4c5f68d6d5c2668"].assert_eq(&head.to_string());
    }

    #[test]
    fn letters_cannot_move_from_one_field_to_the_next() {
        let previous = genesis(Uuid::nil());
        let one = next(&previous, &Link { stream: "ab", event_type: "c", ..link() });
        let other = next(&previous, &Link { stream: "a", event_type: "bc", ..link() });
        assert_ne!(one, other);
    }

    #[test]
    fn two_logs_with_the_same_events_have_different_chains() {
        let one = next(&genesis(Uuid::nil()), &link());
        let other = next(&genesis(Uuid::max()), &link());
        assert_ne!(one, other);
    }
}
