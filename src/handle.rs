//! Load, decide, append at the expected version; a conflict is decided again, a bounded number of times.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::Clock;
use crate::decider::Decider;
use crate::domain::access::{Access, AccessCommand};
use crate::domain::agreement::{Agreement, AgreementCommand};
use crate::domain::cost::{Cost, CostCommand};
use crate::domain::delivery::{Delivery, DeliveryCommand};
use crate::domain::event::{Event, StreamKind};
use crate::domain::identity::{
    AgreementId, CostId, InvoiceId, InvoiceRunId, LegacyId, LicenceId, PartyId, PersonId, ProcurementId,
    ReceivingAccountId, SeriesId, SharingKeyId, SignupId, WorkId,
};
use crate::domain::invoice_run::{InvoiceRun, InvoiceRunCommand};
use crate::domain::key_adoption::{KeyCommand, SharingKey};
use crate::domain::legacy::{Legacy, LegacyCommand};
use crate::domain::licence::{Licence, LicenceCommand};
use crate::domain::party::{Party, PartyCommand};
use crate::domain::payment::{Payments, PaymentsCommand};
use crate::domain::procurement::{Procurement, ProcurementCommand};
use crate::domain::series::{Series, SeriesCommand};
use crate::domain::signup::{Signup, SignupCommand};
use crate::domain::work::{Work, WorkCommand};
use crate::schema;
use crate::store::{
    Append, AppendError, Appended, EventStore, Expected, NewEvent, PAGE_EVENTS_MAX, Position, ReadError, Recorded,
    StreamName,
};
use crate::text;
use crate::view::book::Book;

/// How often a command is decided anew when another writer was faster.
const ATTEMPTS_MAX: usize = 8;

macro_rules! wishes {
    ($($kind:ident in $streams:ident: $decider:ty, $id:ty, $command:ty;)*) => {
        /// A command with the stream it is for: any wish that can be made of the ledger.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Wish {
            $(
                #[doc = concat!("Of a stream of kind ", stringify!($kind), ".")]
                $kind($id, $command),
            )*
        }

        impl Wish {
            /// The stream it is for.
            #[must_use]
            pub fn stream(&self) -> (StreamKind, Uuid) {
                match self {
                    $(Self::$kind(id, _) => (StreamKind::$kind, id.0),)*
                }
            }

            /// Decides it against what the book knows, without writing.
            ///
            /// # Errors
            /// It is rejected.
            pub fn decide_in(&self, book: &Book) -> Result<Vec<Event>, Rejected> {
                match self {
                    $(Self::$kind(id, command) => match book.$streams.get(id) {
                        Some(state) => decide(StreamKind::$kind, state, command),
                        None => decide(StreamKind::$kind, &<$decider>::default(), command),
                    },)*
                }
            }

            /// Decides it against what the book knows, and lets the book know what came of it.
            ///
            /// # Errors
            /// It is rejected; the book is as it was.
            pub fn carry_out_in(&self, book: &mut Book) -> Result<Vec<Event>, Rejected> {
                let events = self.decide_in(book)?;
                let (_, id) = self.stream();
                for event in &events {
                    book.apply(id, event);
                }
                Ok(events)
            }
        }
    };
}

wishes! {
    Party in parties: Party, PartyId, PartyCommand;
    Procurement in procurements: Procurement, ProcurementId, ProcurementCommand;
    Agreement in agreements: Agreement, AgreementId, AgreementCommand;
    Signup in signups: Signup, SignupId, SignupCommand;
    Legacy in legacies: Legacy, LegacyId, LegacyCommand;
    Cost in costs: Cost, CostId, CostCommand;
    Licence in licences: Licence, LicenceId, LicenceCommand;
    SharingKey in keys: SharingKey, SharingKeyId, KeyCommand;
    InvoiceRun in runs: InvoiceRun, InvoiceRunId, InvoiceRunCommand;
    Series in series: Series, SeriesId, SeriesCommand;
    Delivery in deliveries: Delivery, InvoiceId, DeliveryCommand;
    Payments in payments: Payments, ReceivingAccountId, PaymentsCommand;
    Access in access: Access, PersonId, AccessCommand;
    Work in work: Work, WorkId, WorkCommand;
}

fn decide<D>(kind: StreamKind, state: &D, command: &D::Command) -> Result<Vec<Event>, Rejected>
where
    D: Decider,
    D::Event: Into<Event>,
    D::Rejection: Serialize,
{
    match state.decide(command) {
        Ok(events) => Ok(events.into_iter().map(Into::into).collect()),
        Err(rejection) => Err(Rejected::new(kind, &rejection)),
    }
}

/// A rule said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The kind of stream whose rule it is.
    pub kind: StreamKind,
    /// The stable name of the reason, such as `already-signed`.
    pub reason: String,
    /// What its sentence needs.
    pub details: Map<String, Value>,
}

impl Rejected {
    /// What a rule of a kind of stream said.
    pub fn new<R: Serialize>(kind: StreamKind, rejection: &R) -> Self {
        let mut details = match serde_json::to_value(rejection) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) | Err(_) => Map::new(),
        };
        let reason = match details.remove("rejection") {
            Some(Value::String(reason)) => reason,
            Some(_) | None => "unknown".to_owned(),
        };
        Self { kind, reason, details }
    }

    /// The stable name of the rule, such as `agreement-already-signed`.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{}-{}", self.kind.prefix(), self.reason)
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&text::rejection_sentence(self.kind.prefix(), &self.reason, &self.details))
    }
}

impl std::error::Error for Rejected {}

/// Who wishes it, when, and as part of what.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The command's id, made by the caller and kept across retries: the ids of the events derive from it.
    pub command_id: Uuid,
    /// Who: a role or an account, never a person's name.
    pub actor: String,
    /// The instant of recording.
    pub recorded_at: DateTime<Utc>,
    /// What it is part of: the first command's id in a chain.
    pub correlation_id: Uuid,
    /// The event that asked for it, where one did.
    pub causation_id: Option<Uuid>,
}

/// Wishes that one command is for, in a chain: each in an envelope of its own, whose id follows from the chain's and from its
/// place, so that the same chain carried out again is recognised.
#[must_use]
pub fn chained(
    chain: Uuid,
    actor: &str,
    clock: &dyn Clock,
    wishes: impl IntoIterator<Item = Wish>,
) -> Vec<(Wish, Envelope)> {
    let envelope = |index: usize| Envelope {
        command_id: crate::ids::derived(chain, &index.to_string()),
        actor: actor.to_owned(),
        recorded_at: clock.now(),
        correlation_id: chain,
        causation_id: None,
    };
    (0..).zip(wishes).map(|(index, wish)| (wish, envelope(index))).collect()
}

/// What is recorded beside each event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who.
    pub actor: String,
    /// What it is part of.
    pub correlation_id: Uuid,
    /// The event that asked for it, where one did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub causation_id: Option<Uuid>,
    /// The digest of the request that it answers, where a program may repeat it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_digest: Option<String>,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Handled {
    /// The version of the stream's last event now; none while it has none.
    pub version: Option<u64>,
    /// The position of the last event written; none where the wish was fulfilled already.
    pub position: Option<Position>,
    /// The events written.
    pub events: Vec<Event>,
}

impl Handled {
    /// The events written, as they are stored.
    ///
    /// # Errors
    /// JSON cannot hold one.
    pub fn stored(&self) -> Result<Vec<StoredEvent>, HandleError> {
        let stored = |event: &Event| {
            let schema::Encoded { event_type, version, data } = schema::encode(event)?;
            Ok(StoredEvent {
                event_type: event_type.to_owned(),
                schema_version: version,
                data: serde_json::from_slice(&data)?,
            })
        };
        self.events.iter().map(stored).collect::<Result<_, schema::EncodeError>>().map_err(HandleError::Encode)
    }
}

/// What came of many commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many events were written.
    pub count: usize,
    /// The position of the last of them; none where there are none.
    pub last: Option<Position>,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredEvent {
    /// The stable name, such as `agreement.signed`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The version of the form of `data`.
    pub schema_version: u16,
    /// The fact.
    pub data: Value,
}

/// The JSON Schema of the data of every event that can be read, by name and version.
#[must_use]
pub fn event_schemas() -> Vec<(&'static str, u16, Value)> {
    schema::CATALOGUE.iter().map(|kind| (kind.name, kind.version, (kind.json_schema)())).collect()
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// A rule said no.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The stream is not where the caller saw it.
    #[error(
        "it has changed since you read it: you saw version {seen}, it is at {actual}; read it again and decide anew"
    )]
    Changed {
        /// The version the caller saw.
        seen: u64,
        /// The version it has, or "none".
        actual: String,
    },
    /// The command id stands for another request.
    #[error("the key of this request was used for another one before; give each request a key of its own")]
    CommandIdReused,
    /// Others were faster each time.
    #[error("others changed it at the same time, {ATTEMPTS_MAX} times in a row; try again")]
    Contended,
    /// An event cannot be written down.
    #[error("an event cannot be written down")]
    Encode(#[source] schema::EncodeError),
    /// An event cannot be understood.
    #[error("the event at position {position} cannot be understood")]
    Decode {
        /// Its position.
        position: Position,
        /// Why.
        #[source]
        source: schema::DecodeError,
    },
    /// The store did not take it.
    #[error("the event store did not take it")]
    Append(#[source] AppendError),
    /// The store could not be read.
    #[error("the event store could not be read")]
    Read(#[source] ReadError),
}

/// The name of a stream.
#[must_use]
#[expect(clippy::expect_used, reason = "a prefix and a UUID are lower-case letters, digits and hyphens, and short")]
pub fn stream_name(kind: StreamKind, id: Uuid) -> StreamName {
    StreamName::new(&format!("{}-{id}", kind.prefix())).expect("a valid stream name")
}

/// Carries out a wish. `seen` is the version the caller saw, where it insists on it.
///
/// # Errors
/// It is rejected, conflicts with what others did, or the store fails; then nothing of it is written.
pub fn handle(
    store: &dyn EventStore,
    wish: &Wish,
    envelope: &Envelope,
    seen: Option<u64>,
) -> Result<Handled, HandleError> {
    handle_once(store, wish, envelope, seen, None)
}

/// The same for a request that a program may repeat, known by its digest. Where the command has written events before,
/// the answer of that time is given again and nothing is written, whatever has happened since. A command that wrote
/// nothing has left no trace: it is decided anew, and no harm is done.
///
/// # Errors
/// As [`handle`], or the command id stands for a request with another digest.
pub fn handle_once(
    store: &dyn EventStore,
    wish: &Wish,
    envelope: &Envelope,
    seen: Option<u64>,
    request_digest: Option<&str>,
) -> Result<Handled, HandleError> {
    let (kind, id) = wish.stream();
    let stream = stream_name(kind, id);
    let mut reused = false;
    for _ in 0..ATTEMPTS_MAX {
        let recorded = load(store, &stream)?;
        if let Some(digest) = request_digest
            && let Some(before) = handled_before(&recorded, envelope.command_id, digest)?
        {
            return Ok(before);
        }
        if reused {
            return Err(HandleError::CommandIdReused);
        }
        let version = (recorded.len() as u64).checked_sub(1);
        if let Some(seen) = seen.filter(|seen| version != Some(*seen)) {
            let actual = version.map_or_else(|| "none".to_owned(), |version| version.to_string());
            return Err(HandleError::Changed { seen, actual });
        }
        let mut book = Book::default();
        fold_into(&mut book, id, &recorded)?;
        match write_decided(store, &stream, version, wish.decide_in(&book)?, envelope, request_digest) {
            Err(HandleError::Contended) => {}
            // The same request may have been faster on another connection: its events are then in the stream by now.
            Err(HandleError::Append(AppendError::IdReusedWithOtherContent { .. })) if request_digest.is_some() => {
                reused = true;
            }
            outcome => return outcome,
        }
    }
    Err(HandleError::Contended)
}

/// Writes what was decided of a stream that stood at `version`, without reading it.
///
/// # Errors
/// Others were faster, or the store fails; then nothing of it is written.
pub fn write_decided(
    store: &dyn EventStore,
    stream: &StreamName,
    version: Option<u64>,
    events: Vec<Event>,
    envelope: &Envelope,
    request_digest: Option<&str>,
) -> Result<Handled, HandleError> {
    if events.is_empty() {
        return Ok(Handled { version, position: None, events });
    }
    let expected = version.map_or(Expected::NoStream, Expected::Exact);
    match store.append(stream, expected, new_events(&events, envelope, request_digest)?) {
        Ok(appended) => Ok(Handled { version: Some(appended.version), position: Some(appended.last_position), events }),
        Err(AppendError::WrongExpectedVersion { .. }) => Err(HandleError::Contended),
        Err(error) => Err(HandleError::Append(error)),
    }
}

/// Carries out many wishes in order. All of them are decided before anything is written: where one is rejected, nothing
/// is. How many events were written.
///
/// # Errors
/// One is rejected; or the store fails or another writer was faster on the way, and then those are written that were not
/// in its way. Carrying out the same again is harmless and writes the rest.
pub fn handle_all(store: &dyn EventStore, wishes: &[(Wish, Envelope)]) -> Result<Written, HandleError> {
    let (appends, count) = decided(store, wishes)?;
    let appended: Vec<Appended> =
        store.append_all(appends).into_iter().collect::<Result<_, _>>().map_err(HandleError::Append)?;
    Ok(Written { count, last: last_of(&appended) })
}

/// The same where they belong together, as the rows of a file do: all are written or none, as far as the home can
/// ([`Capabilities::together`](crate::store::Capabilities)).
///
/// # Errors
/// As [`handle_all`]; nothing is written then where the home can write together.
pub fn handle_together(store: &dyn EventStore, wishes: &[(Wish, Envelope)]) -> Result<Written, HandleError> {
    let (appends, count) = decided(store, wishes)?;
    if appends.is_empty() {
        return Ok(Written { count, last: None });
    }
    let appended = store.append_together(appends).map_err(HandleError::Append)?;
    Ok(Written { count, last: last_of(&appended) })
}

fn last_of(appended: &[Appended]) -> Option<Position> {
    appended.iter().map(|appended| appended.last_position).max()
}

/// What many wishes come to, and how many events that is.
fn decided(store: &dyn EventStore, wishes: &[(Wish, Envelope)]) -> Result<(Vec<Append>, usize), HandleError> {
    let (mut book, mut lengths) = (Book::default(), HashMap::new());
    let mut appends = Vec::new();
    let mut written = 0;
    for (wish, envelope) in wishes {
        let (kind, id) = wish.stream();
        let stream = stream_name(kind, id);
        let length: &mut usize = match lengths.entry(stream.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let history = load(store, &stream)?;
                fold_into(&mut book, id, &history)?;
                unknown.insert(history.len())
            }
        };
        let expected = length.checked_sub(1).map_or(Expected::NoStream, |version| Expected::Exact(version as u64));
        let events = wish.carry_out_in(&mut book)?;
        if events.is_empty() {
            continue;
        }
        *length += events.len();
        written += events.len();
        appends.push(Append { stream, expected, events: new_events(&events, envelope, None)? });
    }
    Ok((appends, written))
}

fn load(store: &dyn EventStore, stream: &StreamName) -> Result<Vec<Recorded>, HandleError> {
    whole_stream(store, stream).map_err(HandleError::Read)
}

/// A book of one stream alone, as it stands in the log.
///
/// # Errors
/// The log cannot be read, or an event cannot be understood.
pub fn book_of_stream(store: &dyn EventStore, kind: StreamKind, id: Uuid) -> Result<Book, HandleError> {
    let mut book = Book::default();
    fold_into(&mut book, id, &load(store, &stream_name(kind, id))?)?;
    Ok(book)
}

/// All events of a stream, oldest first.
///
/// # Errors
/// The log cannot be read.
pub fn whole_stream(store: &dyn EventStore, stream: &StreamName) -> Result<Vec<Recorded>, ReadError> {
    stream_from(store, stream, 0)
}

/// The events of one stream from a version on.
///
/// # Errors
/// The log cannot be read.
pub fn stream_from(store: &dyn EventStore, stream: &StreamName, begin: u64) -> Result<Vec<Recorded>, ReadError> {
    let mut history = Vec::new();
    loop {
        let page = store.read_stream(stream, begin + history.len() as u64, PAGE_EVENTS_MAX)?;
        history.extend(page.events);
        if page.is_last {
            return Ok(history);
        }
    }
}

/// Lets a book know the events of a stream.
fn fold_into(book: &mut Book, id: Uuid, history: &[Recorded]) -> Result<(), HandleError> {
    for event in understood(history)? {
        book.apply(id, &event);
    }
    Ok(())
}

/// An event as it is understood; none where it was erased, or is of a newer program.
#[must_use]
pub fn decoded(recorded: &Recorded) -> Option<Event> {
    understand(recorded)?.ok()
}

/// What events say; those whose content was erased say nothing any more.
fn understood<'log>(recorded: impl IntoIterator<Item = &'log Recorded>) -> Result<Vec<Event>, HandleError> {
    recorded.into_iter().filter_map(understand).collect()
}

/// What an event says; none where its content was erased.
fn understand(recorded: &Recorded) -> Option<Result<Event, HandleError>> {
    let data = recorded.data.as_deref()?;
    let decoded = schema::decode(&recorded.event_type, recorded.schema_version, data);
    Some(decoded.map_err(|source| HandleError::Decode { position: recorded.position, source }))
}

/// What came of a command before, where it has written events of the stream.
///
/// # Errors
/// The store cannot be read, or the command id stands for a request with another digest.
pub fn look_back(
    store: &dyn EventStore,
    (kind, id): (StreamKind, Uuid),
    command_id: Uuid,
    request_digest: &str,
) -> Result<Option<Handled>, HandleError> {
    handled_before(&load(store, &stream_name(kind, id))?, command_id, request_digest)
}

/// What came of the command before, where its events stand in the stream.
fn handled_before(history: &[Recorded], command_id: Uuid, digest: &str) -> Result<Option<Handled>, HandleError> {
    let first = event_id(command_id, 0);
    let mut written = Vec::new();
    for recorded in history.iter().skip_while(|recorded| recorded.id != first) {
        if recorded.id != event_id(command_id, written.len()) {
            break;
        }
        written.push(recorded);
    }
    let Some(last) = written.last() else { return Ok(None) };
    let metadata: Option<Metadata> = serde_json::from_slice(&last.metadata).ok();
    if metadata.and_then(|metadata| metadata.request_digest).as_deref() != Some(digest) {
        return Err(HandleError::CommandIdReused);
    }
    let (version, position) = (Some(last.version), Some(last.position));
    Ok(Some(Handled { version, position, events: understood(written)? }))
}

/// Whether an event is the first of a command.
#[must_use]
pub fn begins_command(event: &Recorded, command_id: Uuid) -> bool {
    event.id == event_id(command_id, 0)
}

/// The id of a command's event, by its place among the command's events.
fn event_id(command_id: Uuid, index: usize) -> Uuid {
    crate::ids::derived(command_id, &index.to_string())
}

fn new_events(
    events: &[Event],
    envelope: &Envelope,
    request_digest: Option<&str>,
) -> Result<Vec<NewEvent>, HandleError> {
    let metadata = serde_json::to_vec(&Metadata {
        actor: envelope.actor.clone(),
        correlation_id: envelope.correlation_id,
        causation_id: envelope.causation_id,
        request_digest: request_digest.map(str::to_owned),
    })
    .map_err(|error| HandleError::Encode(error.into()))?;
    events
        .iter()
        .enumerate()
        .map(|(index, event)| {
            let encoded = schema::encode(event).map_err(HandleError::Encode)?;
            Ok(NewEvent {
                id: event_id(envelope.command_id, index),
                event_type: encoded.event_type.into(),
                schema_version: encoded.version,
                recorded_at: envelope.recorded_at,
                data: encoded.data,
                metadata: metadata.clone(),
            })
        })
        .collect()
}
