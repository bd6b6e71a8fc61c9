//! What the crate promises to those outside it, in one binary so that it links once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for what it tells of and no more")]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod access;
mod bad_input;
mod browser;
mod catalogue;
#[cfg(feature = "kurrentdb-tests")]
mod cluster;
mod ehf;
mod files;
mod http;
mod judge;
mod kostra;
mod municipalities_followed;
mod pages;
mod place;
mod published_cases;
mod python;
mod saft;
mod scenarios;
mod sentences;
mod sharing_key_promises;
mod smtp;
mod split_command;
mod tidy;
mod words;
