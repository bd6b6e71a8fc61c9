//! Events as stored: stable names and versions, and the way between them and the domain's events.
//!
//! The name and version of an event are written out in one table, [`CATALOGUE`], and never taken from a Rust name, so that
//! code can be renamed without touching the log. `events/` holds the JSON Schema and an example of each.
//!
//! A released version never changes. A new form of an event gets the next version here; the struct of the old form then
//! moves to a file of its own, `schema/past.rs`, with a conversion into the newest form, and the arm of the old version
//! decodes that struct and converts. What an old event cannot say is filled in by that conversion, which states why. Only the
//! newest version is ever written.

mod catalogue;
mod past;

pub use catalogue::{CATALOGUE, decode, encode};

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The stable name, such as `agreement.signed`.
    pub event_type: &'static str,
    /// The version of the form of `data`.
    pub version: u16,
    /// The fact, as JSON.
    pub data: Vec<u8>,
}

/// A kind and version of event that can be read.
#[derive(Debug, Clone, Copy)]
pub struct EventKind {
    /// The stable name, such as `agreement.signed`.
    pub name: &'static str,
    /// The version of its form.
    pub version: u16,
    /// What has happened, in one sentence.
    pub description: &'static str,
    /// The JSON Schema of its data as it is written.
    pub json_schema: fn() -> serde_json::Value,
}

/// An event cannot be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("the event cannot be written as JSON")]
pub struct EncodeError(#[from] serde_json::Error);

/// A stored event cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No event has this name.
    #[error("\"{event_type}\" was written by a newer version of this program; use that version or a later one")]
    UnknownType {
        /// The name.
        event_type: String,
    },
    /// The event has this name, but not in this version.
    #[error(
        "version {version} of \"{event_type}\" was written by a newer version of this program; use that version or a later one"
    )]
    UnknownVersion {
        /// The name.
        event_type: &'static str,
        /// The version.
        version: u16,
    },
    /// The data do not have the form of the event.
    #[error(
        "the data of \"{event_type}\", version {version}, do not have its form; the record is damaged or was not written by this program"
    )]
    Malformed {
        /// The name.
        event_type: &'static str,
        /// The version.
        version: u16,
        /// What is wrong with them.
        #[source]
        source: serde_json::Error,
    },
}
