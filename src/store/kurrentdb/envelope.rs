//! What stands beside an event on the cluster: what the port keeps and the cluster has no field for.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use eventstore::{EventData, RecordedEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::store::{NewEvent, Position, Recorded, StreamName};

/// The form of the envelope; a cluster that holds a higher one was written by a newer version of the program.
const FORM: u16 = 1;

/// The metadata of an event on the cluster. The instant is our own, since the client cuts the cluster's to whole seconds.
#[derive(Serialize, Deserialize)]
struct Envelope<'event> {
    grenselos: u16,
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

/// The event as the cluster takes it.
///
/// # Errors
/// Its data or metadata is not JSON.
pub(super) fn packed(event: &NewEvent) -> serde_json::Result<EventData> {
    let metadata = match &*event.metadata {
        [] => None,
        bytes => Some(serde_json::from_slice(bytes)?),
    };
    let envelope = Envelope {
        grenselos: FORM,
        schema_version: event.schema_version,
        recorded_at: event.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        metadata,
    };
    let data: &RawValue = serde_json::from_slice(&event.data)?;
    EventData::json(&event.event_type, &data)?.id(event.id).metadata_as_json(&envelope)
}

/// The event as the port shows it, at its place in the log.
///
/// # Errors
/// It was not written by this program, or by a newer version of it.
pub(super) fn unpacked(event: RecordedEvent, prefix: &str, position: Position) -> Result<Recorded, EnvelopeError> {
    let stream = event.stream_id();
    let foreign = || EnvelopeError::Foreign { stream: stream.to_owned() };
    let name = stream.strip_prefix(prefix).and_then(|name| StreamName::new(name).ok()).ok_or_else(foreign)?;
    let envelope: Envelope<'_> = serde_json::from_slice(&event.custom_metadata).map_err(|_| foreign())?;
    if envelope.grenselos > FORM {
        return Err(EnvelopeError::Newer { stream: stream.to_owned() });
    }
    let recorded_at: DateTime<Utc> = envelope.recorded_at.parse().map_err(|_| foreign())?;
    Ok(Recorded {
        position,
        stream: name,
        version: event.revision,
        id: event.id,
        schema_version: envelope.schema_version,
        recorded_at,
        metadata: envelope.metadata.map_or_else(Vec::new, |metadata| metadata.get().as_bytes().to_vec()),
        event_type: Arc::from(event.event_type),
        data: Some(event.data.into()),
    })
}
