//! The only place that makes new ids.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The namespace under which ids are derived from names, itself derived from the product's name.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x6772_656e_7365_4c0f_a573_0000_0000_0001);

/// Makes ids.
pub trait Ids: Send + Sync {
    /// A new id.
    fn new_id(&self) -> Uuid;

    /// A new secret of 256 bits: what is random in three ids, pressed together.
    fn new_secret(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for _ in 0..3 {
            digest.update(self.new_id().as_bytes());
        }
        digest.finalize().into()
    }
}

/// Ids that nobody can guess.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws random ids")]
    fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// Ids that come out the same each time: one tree of names for each seed.
#[derive(Debug)]
pub struct SeededIds {
    seed: Uuid,
    made: AtomicU64,
}

impl SeededIds {
    /// The ids of a seed.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        Self { seed: derived(NAMESPACE, seed), made: AtomicU64::new(0) }
    }
}

impl Ids for SeededIds {
    fn new_id(&self) -> Uuid {
        let count = self.made.fetch_add(1, Ordering::Relaxed);
        derived(self.seed, &count.to_string())
    }
}

/// The id that `name` has under `namespace`: the same each time (`UUIDv5`).
#[must_use]
pub fn derived(namespace: Uuid, name: &str) -> Uuid {
    Uuid::new_v5(&namespace, name.as_bytes())
}
