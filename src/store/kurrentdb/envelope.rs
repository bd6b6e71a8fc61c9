//! What stands beside an event on the cluster: what the port keeps and the cluster has no field for.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use eventstore::{EventData, RecordedEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Place;
use crate::store::{NewEvent, Position, Recorded, StreamName};

/// The form of the envelope; a cluster that holds a higher one was written by a newer version of the program.
const FORM: u16 = 1;

/// The metadata of an event on the cluster. The instant is our own, since the client cuts the cluster's to whole seconds.
#[derive(Serialize, Deserialize)]
struct Envelope<'event> {
    grenselos: u16,
    /// The log that it belongs to, by its prefix: a longer prefix may begin with a shorter one.
    log: &'event str,
    schema_version: u16,
    recorded_at: String,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    metadata: Option<&'event RawValue>,
}

/// What the cluster holds is not an event of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum EnvelopeError {
    #[error(
        "stream {stream} on the cluster was not written by this program; give the log a prefix of its own in [data] stream_prefix"
    )]
    Foreign { stream: String },
    #[error(
        "stream {stream} on the cluster was written by a newer version of this program; use that version or a later one"
    )]
    Newer { stream: String },
}

/// What stands at a place of the log.
pub(super) struct Found {
    pub(super) place: Place,
    /// The stream, where it has a name that one of ours can have.
    pub(super) stream: Option<StreamName>,
    pub(super) version: u64,
    /// The event, or why it is none.
    pub(super) event: Result<Recorded, EnvelopeError>,
}

/// The event as the cluster takes it.
///
/// # Errors
/// Its data or metadata is not JSON.
pub(super) fn packed(event: &NewEvent, prefix: &str) -> serde_json::Result<EventData> {
    let metadata = match &*event.metadata {
        [] => None,
        bytes => Some(serde_json::from_slice(bytes)?),
    };
    let envelope = Envelope {
        grenselos: FORM,
        log: prefix,
        schema_version: event.schema_version,
        recorded_at: event.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        metadata,
    };
    let data: &RawValue = serde_json::from_slice(&event.data)?;
    EventData::json(&event.event_type, &data)?.id(event.id).metadata_as_json(&envelope)
}

/// What an event below the prefix is.
pub(super) enum Kind {
    /// One of this log, or what a newer version or a fault has made of one.
    Ours(Found),
    /// One of another log, whose prefix begins with this one's.
    OfAnotherLog,
    /// One that this program did not write.
    Stranger(Strange),
}

/// What this program did not write, and stands below the prefix.
pub(super) struct Strange {
    /// Its stream, as the cluster calls it.
    pub(super) named: String,
    /// The same where one of ours may be called so, and it is more than that the stream was deleted.
    pub(super) stream: Option<StreamName>,
    pub(super) version: u64,
}

/// What the cluster itself says last of a stream that was deleted. It has no version that anything else could have.
const STREAM_DELETED: &str = "$streamDeleted";

/// What stands on the cluster as the port shows it, at its place in the log.
pub(super) fn kind(event: RecordedEvent, prefix: &str, position: Position) -> Kind {
    let named = event.stream_id().to_owned();
    let stream = named.strip_prefix(prefix).and_then(|name| StreamName::new(name).ok());
    let place = Place { commit: event.position.commit, prepare: event.position.prepare };
    let version = event.revision;
    let is_deletion = event.event_type == STREAM_DELETED;
    let event = match unpacked(event, stream.clone(), prefix, position) {
        Ok(event) => Ok(event),
        Err(NotOurs::Broken) => Err(EnvelopeError::Foreign { stream: named }),
        Err(NotOurs::Newer) => Err(EnvelopeError::Newer { stream: named }),
        Err(NotOurs::Unknown) => {
            let stream = stream.filter(|_| !is_deletion);
            return Kind::Stranger(Strange { named, stream, version });
        }
        Err(NotOurs::Elsewhere) => return Kind::OfAnotherLog,
    };
    Kind::Ours(Found { place, stream, version, event })
}

/// Why something is no event of this log that can be read.
enum NotOurs {
    /// It has no envelope of this program.
    Unknown,
    /// It has one of this log, and is no event all the same.
    Broken,
    Newer,
    Elsewhere,
}

fn unpacked(
    event: RecordedEvent,
    stream: Option<StreamName>,
    prefix: &str,
    position: Position,
) -> Result<Recorded, NotOurs> {
    let envelope: Envelope<'_> = serde_json::from_slice(&event.custom_metadata).map_err(|_| NotOurs::Unknown)?;
    if envelope.log != prefix {
        return Err(NotOurs::Elsewhere);
    }
    if envelope.grenselos > FORM {
        return Err(NotOurs::Newer);
    }
    let recorded_at: DateTime<Utc> = envelope.recorded_at.parse().map_err(|_| NotOurs::Broken)?;
    Ok(Recorded {
        position,
        stream: stream.ok_or(NotOurs::Broken)?,
        version: event.revision,
        id: event.id,
        schema_version: envelope.schema_version,
        recorded_at,
        metadata: envelope.metadata.map_or_else(Vec::new, |metadata| metadata.get().as_bytes().to_vec()),
        event_type: Arc::from(event.event_type),
        data: Some(event.data.into()),
    })
}
