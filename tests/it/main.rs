//! All integration tests, in one binary so that they link once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod catalogue;
mod files;
mod sentences;
mod tidy;
