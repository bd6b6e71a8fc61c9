//! What the crate promises to those outside it, in one binary.

mod published_cases;
mod sharing_key_promises;
mod split_command;
