//! All integration tests, in one binary so that they link once.

mod catalogue;
mod files;
mod sentences;
mod tidy;
