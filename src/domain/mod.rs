//! The rules. Pure: no clock, randomness, input, output, async or floating point.
//! Derives for serialisation and schemas stand on events and commands, and nothing else of those crates is used.

pub mod identity;
pub mod money;
