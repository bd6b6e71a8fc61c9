//! The client of the cluster, with a limit on every wait, and its errors in the words of the port.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use eventstore::{
    AppendToStreamOptions, Client, ClientSettings, ReadAllOptions, ReadStream, ReadStreamOptions, StreamPosition,
    StreamState, SubscriptionFilter,
};
use tokio::runtime::Runtime;

use super::Place;
use super::envelope::{packed, unpacked};
use crate::store::{AppendError, Cause, NewEvent, Position, ReadError, Recorded, StreamName};

/// How long one answer of the cluster is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Where a log is: the cluster and the prefix of its streams.
#[derive(Clone)]
pub struct Address {
    settings: ClientSettings,
    hosts: String,
    prefix: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Address")
            .field("hosts", &self.hosts)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Why a text is not the address of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It begins otherwise.
    #[error(
        "it does not begin with kurrentdb:// or kurrentdb+discover://; write it as in kurrentdb://host:2113?tls=true"
    )]
    Scheme,
    /// The client does not take it.
    #[error(
        "the client does not take it ({reason}); write it as in kurrentdb://user:password@one:2113,two:2113?tls=true"
    )]
    Form {
        /// What the client says.
        reason: String,
    },
    /// The prefix is empty or holds another character.
    #[error("the prefix {prefix:?} is not 1 to 40 of a to z, 0 to 9, - and _")]
    Prefix {
        /// The prefix.
        prefix: String,
    },
}

impl Address {
    /// The address of the log whose streams begin with `prefix`.
    ///
    /// # Errors
    /// One of them is not in order.
    pub fn new(text: &str, prefix: &str) -> Result<Self, AddressError> {
        const PREFIX_CHARACTERS_MAX: usize = 40;
        let is_named = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-' | '_');
        if prefix.is_empty() || prefix.len() > PREFIX_CHARACTERS_MAX || !prefix.chars().all(is_named) {
            return Err(AddressError::Prefix { prefix: prefix.to_owned() });
        }
        let rest = text.strip_prefix("kurrentdb://").or_else(|| text.strip_prefix("kurrentdb+discover://"));
        let rest = rest.ok_or(AddressError::Scheme)?;
        let settings =
            ClientSettings::from_str(text).map_err(|error| AddressError::Form { reason: error.to_string() })?;
        // A password before the hosts and what stands in the query are nobody's to read.
        let hosts = rest.rsplit_once('@').map_or(rest, |(_, hosts)| hosts);
        let hosts = hosts.split(['?', '/']).next().unwrap_or_default().to_owned();
        Ok(Self { settings, hosts, prefix: prefix.to_owned() })
    }

    /// The hosts, without any secret.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("kurrentdb://{}", self.hosts)
    }
}

/// Why events were not written.
pub(super) enum Refusal {
    /// Somebody else wrote to the stream first.
    Overtaken,
    /// Nobody knows whether they were written.
    Unanswered(Cause),
    /// They were not written, and will not be.
    Refused(AppendError),
}

/// No answer came in time.
#[derive(Debug, thiserror::Error)]
#[error("no answer came within {} s", ANSWER_MAX.as_secs())]
struct NoAnswer;

/// The connection, and the threads it lives on.
pub(super) struct Cluster {
    client: Client,
    runtime: Option<Runtime>,
    prefix: String,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cluster").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A runtime that waits for its tasks may not be dropped on a thread of another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Cluster {
    /// Makes ready to talk; the first question connects.
    pub(super) fn connect(address: &Address) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .thread_name("cluster")
            .build()?;
        let client = {
            let _entered = runtime.enter();
            Client::new(address.settings.clone()).map_err(std::io::Error::other)?
        };
        Ok(Self { client, runtime: Some(runtime), prefix: address.prefix.clone() })
    }

    /// Waits for an answer, not longer than the limit.
    fn wait_for<Answer>(
        &self,
        answer: impl Future<Output = eventstore::Result<Answer>>,
    ) -> Result<eventstore::Result<Answer>, NoAnswer> {
        let Some(runtime) = &self.runtime else { return Err(NoAnswer) };
        runtime.block_on(async { tokio::time::timeout(ANSWER_MAX, answer).await }).map_err(|_| NoAnswer)
    }

    fn read<Answer>(&self, answer: impl Future<Output = eventstore::Result<Answer>>) -> Result<Answer, ReadError> {
        match self.wait_for(answer) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(ReadError::Unanswered { source: Arc::new(error) }),
            Err(none) => Err(ReadError::Unanswered { source: Arc::new(none) }),
        }
    }

    fn named(&self, stream: &StreamName) -> String {
        format!("{}{stream}", self.prefix)
    }

    /// Our events after a place, numbered from `next` on: at most `max`, and fewer where they weigh more than `bytes_max`.
    pub(super) fn page(
        &self,
        last: Option<Place>,
        next: Position,
        max: usize,
        bytes_max: usize,
    ) -> Result<Vec<(Place, Recorded)>, ReadError> {
        // The cluster begins with the event at the place itself.
        let from = last.map_or(StreamPosition::Start, |Place { commit, prepare }| {
            StreamPosition::Position(eventstore::Position { commit, prepare })
        });
        let options = ReadAllOptions::default()
            .position(from)
            .max_count(max + usize::from(last.is_some()))
            .filter(SubscriptionFilter::on_stream_name().add_prefix(&self.prefix));
        let raw = self.read(async {
            let stream = self.client.read_all(&options).await?;
            collected(stream, bytes_max).await
        })?;
        let mut page = Vec::with_capacity(raw.len());
        let after = raw
            .into_iter()
            .map(|event| (Place { commit: event.position.commit, prepare: event.position.prepare }, event));
        for (place, event) in after.filter(|(place, _)| last.is_none_or(|last| *place > last)) {
            let position = Position(next.0 + page.len() as u64);
            let event = unpacked(event, &self.prefix, position)
                .map_err(|error| ReadError::Corrupt { position, what: error.to_string() })?;
            page.push((place, event));
        }
        Ok(page)
    }

    /// Events of one stream from a version on, whose positions in the log are known.
    pub(super) fn stream_page(
        &self,
        stream: &StreamName,
        from_version: u64,
        positions: &[Position],
        bytes_max: usize,
    ) -> Result<Vec<Recorded>, ReadError> {
        let options =
            ReadStreamOptions::default().position(StreamPosition::Position(from_version)).max_count(positions.len());
        let name = self.named(stream);
        let raw = self.read(async {
            let stream = self.client.read_stream(name, &options).await?;
            collected(stream, bytes_max).await
        })?;
        let events = raw.into_iter().zip(positions).map(|(event, position)| {
            unpacked(event, &self.prefix, *position)
                .map_err(|error| ReadError::Corrupt { position: *position, what: error.to_string() })
        });
        events.collect()
    }

    /// Writes events to a stream that stands at a version.
    pub(super) fn append(&self, stream: &StreamName, actual: Option<u64>, events: &[NewEvent]) -> Result<(), Refusal> {
        let state = actual.map_or(StreamState::NoStream, StreamState::StreamRevision);
        let packed: Vec<_> = events
            .iter()
            .map(packed)
            .collect::<serde_json::Result<_>>()
            .map_err(|error| Refusal::Refused(AppendError::Storage { source: Arc::new(error) }))?;
        let options = AppendToStreamOptions::default().stream_state(state);
        match self.wait_for(self.client.append_to_stream(self.named(stream), &options, packed)) {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refusal(error)),
            Err(none) => Err(Refusal::Unanswered(Arc::new(none))),
        }
    }
}

async fn collected(mut stream: ReadStream, bytes_max: usize) -> eventstore::Result<Vec<eventstore::RecordedEvent>> {
    let mut events = Vec::new();
    let mut bytes = 0;
    while bytes < bytes_max
        && let Some(resolved) = stream.next().await?
    {
        let Some(event) = resolved.event else { continue };
        bytes += event.data.len() + event.custom_metadata.len();
        events.push(event);
    }
    Ok(events)
}

/// The gRPC codes by which a server says no for good: invalid argument, permission denied, resource exhausted, out of range,
/// unauthenticated (<https://grpc.io/docs/guides/status-codes/>).
const REFUSING_CODES: [i32; 5] = [3, 7, 8, 11, 16];

/// What an error of the client means for an append.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "after whatever else goes wrong nobody knows whether it was written"
)]
fn refusal(error: eventstore::Error) -> Refusal {
    use eventstore::Error;
    match error {
        Error::WrongExpectedVersion { .. } => Refusal::Overtaken,
        Error::AccessDenied => Refusal::Refused(AppendError::ReadOnly),
        Error::ResourceDeleted | Error::UnsupportedFeature | Error::InternalParsingError(_) => {
            Refusal::Refused(AppendError::Storage { source: Arc::new(error) })
        }
        Error::Grpc { code, .. } if REFUSING_CODES.contains(&i32::from(code)) => {
            Refusal::Refused(AppendError::Storage { source: Arc::new(error) })
        }
        other => Refusal::Unanswered(Arc::new(other)),
    }
}
