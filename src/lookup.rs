//! Maps that are asked with every event of the log.

use std::collections::HashMap;

/// How their keys are hashed. The keys are mostly ids, sixteen bytes long, which the standard library's hash, made to hold
/// against keys that an attacker has chosen, spends several times as long on. Who can choose ids here is signed in.
pub use foldhash::fast::RandomState as Hashing;

/// What is known of something, by its key.
pub type Lookup<Key, Known> = HashMap<Key, Known, Hashing>;
