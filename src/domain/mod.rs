//! The rules. Pure: no clock, randomness, input, output, async or floating point.
//! Derives for serialisation and schemas stand on events and commands, and nothing else of those crates is used.

pub mod allocation;
pub mod check_digit;
pub mod identity;
pub mod money;
mod natural;
pub mod number;
pub mod sharing_key;
