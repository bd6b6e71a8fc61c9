//! What the crate promises to those outside it, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod published_cases;
mod sharing_key_promises;
mod split_command;
