//! What the crate promises to those outside it, in one binary so that it links once.

mod catalogue;
mod files;
mod published_cases;
mod sentences;
mod sharing_key_promises;
mod split_command;
mod tidy;
