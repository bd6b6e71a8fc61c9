//! What the crate promises to those outside it, in one binary.

mod published_cases;
mod sharing_key_promises;
mod split_command;
//! All integration tests, in one binary so that they link once.

mod catalogue;
mod files;
mod sentences;
mod tidy;
