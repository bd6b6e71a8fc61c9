//! The client of the cluster, with a limit on every wait and a new connection where the old one is of no use any longer, and its
//! errors in the words of the port.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eventstore::{
    AppendToStreamOptions, Client, Error, EventData, ReadAllOptions, ReadStream, ReadStreamOptions, RecordedEvent,
    StreamPosition, StreamState, SubscriptionFilter,
};
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep, timeout_at};

use super::Place;
use super::address::Address;
use super::envelope::{Found, Kind, Strange, kind, packed};
use super::handshake::{self, Mismatch};
use crate::store::mark::Mark;
use crate::store::{AppendError, Cause, NewEvent, Position, ReadError, StreamName};

/// How often a question is put where the connection broke under it.
const TRIES_MAX: u32 = 3;
/// The pause before it is put again, in which a cluster may find another leader.
const BEFORE_ANOTHER_TRY: Duration = Duration::from_millis(100);

/// Why events were not written.
pub(super) enum Refusal {
    /// Somebody else wrote to the stream first.
    Overtaken(Cause),
    /// Nobody knows whether they were written.
    Unanswered(Cause),
    /// They were not written, since who was asked does not lead.
    NotLed(Cause),
    /// They were not written, and will not be.
    Refused(AppendError),
}

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
enum Silence {
    /// It did not come in time.
    #[error("no answer came within {} s", .0.as_secs())]
    TooLong(Duration),
    /// The client says why.
    #[error("{0}")]
    Said(Error),
    /// No connection could be made, before anybody was asked.
    #[error("no connection could be made: {0}")]
    Unmade(String),
    /// None can be made, as the address says it.
    #[error(transparent)]
    Mismatched(Mismatch),
}

/// A client, and the threads it lives on. The client keeps to a node that it once found, and one that has lost its node for
/// good is of no use; what it has begun ends with its threads.
struct Connection {
    client: Client,
    runtime: Option<Runtime>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A runtime that waits for its tasks may not be dropped on a thread of another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Connection {
    /// Makes ready to talk; the first question connects.
    fn to(address: &Address) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .thread_name("cluster")
            .build()?;
        let client = {
            let _entered = runtime.enter();
            Client::new(address.settings().clone()).map_err(std::io::Error::other)?
        };
        Ok(Self { client, runtime: Some(runtime) })
    }

    /// Puts a question and waits until an instant.
    fn ask<Answer>(
        &self,
        until: Instant,
        question: impl AsyncFnOnce(&Client) -> eventstore::Result<Answer>,
    ) -> Option<eventstore::Result<Answer>> {
        let runtime = self.runtime.as_ref()?;
        runtime.block_on(async { timeout_at(until, question(&self.client)).await }).ok()
    }
}

/// What was read of the log.
#[derive(Default)]
pub(super) struct Page {
    pub(super) found: Vec<Found>,
    /// Until where the cluster was read, which may be further than the last event of the log.
    pub(super) read_until: Option<Place>,
    /// What stands below the prefix and this program did not write.
    pub(super) strangers: Vec<Strange>,
    /// The place of the last thing that is said among it of the moves of the log.
    pub(super) last_mark: Option<Place>,
}

/// What is said of the moves of the log.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) mark: Option<Mark>,
    /// How far the node had come that says it; another one may have come further, to another mark.
    pub(super) as_of: Option<Place>,
}

/// The cluster, by whichever connection serves.
pub(super) struct Cluster {
    address: Address,
    /// The one that was used last; none where it is of no use any longer.
    connection: Mutex<Option<Arc<Connection>>>,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cluster").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Makes ready to talk; the first question connects.
    pub(super) fn connect(address: &Address) -> std::io::Result<Self> {
        let connection = Mutex::new(Some(Arc::new(Connection::to(address)?)));
        Ok(Self { address: address.clone(), connection })
    }

    /// The connection that serves, or a new one.
    fn connection(&self) -> Result<Arc<Connection>, Silence> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = &*connection {
            return Ok(Arc::clone(connection));
        }
        let new = Connection::to(&self.address).map_err(|error| Silence::Unmade(error.to_string()))?;
        Ok(Arc::clone(connection.insert(Arc::new(new))))
    }

    /// Lets the next question connect anew, unless somebody else has done so already.
    fn give_up(&self, old: &Arc<Connection>) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.as_ref().is_some_and(|connection| Arc::ptr_eq(connection, old)) {
            *connection = None;
        }
    }

    /// Puts a question and waits for the answer, not longer than the limit; again by another connection where one broke and
    /// `may_repeat` finds no harm in it.
    fn ask<Answer>(
        &self,
        may_repeat: fn(&Error) -> bool,
        question: &impl AsyncFn(&Client) -> eventstore::Result<Answer>,
    ) -> Result<Answer, Silence> {
        let limit = self.address.limits().answer;
        let until = Instant::now() + limit;
        let mut tries = 1;
        loop {
            let connection = self.connection()?;
            let Some(answer) = connection.ask(until, async |client: &Client| {
                if tries > 1 {
                    sleep(BEFORE_ANOTHER_TRY).await;
                }
                question(client).await
            }) else {
                self.give_up(&connection);
                return Err(Silence::TooLong(limit));
            };
            match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    if is_of_the_connection(&error) {
                        self.give_up(&connection);
                    }
                    if tries == TRIES_MAX || !may_repeat(&error) {
                        return Err(self.explained(error));
                    }
                    tries += 1;
                }
            }
        }
    }

    /// What lies behind, where the client says only that there is no connection.
    fn explained(&self, error: Error) -> Silence {
        let is_unconnected = matches!(error, Error::GrpcConnectionError(_) | Error::ConnectionClosed);
        let mismatch = is_unconnected.then(|| handshake::mismatch(self.address.settings())).flatten();
        mismatch.map_or(Silence::Said(error), Silence::Mismatched)
    }

    fn read<Answer>(
        &self,
        question: &impl AsyncFn(&Client) -> eventstore::Result<Answer>,
    ) -> Result<Answer, ReadError> {
        // A reading that is repeated does no harm.
        let may_repeat = |error: &Error| is_of_the_connection(error) || matches!(error, Error::NotLeaderException(_));
        self.ask(may_repeat, question).map_err(|silence| match silence {
            Silence::Said(Error::AccessDenied) => ReadError::Denied { source: Arc::new(silence) },
            Silence::Mismatched(_) => ReadError::Mismatched { source: Arc::new(silence) },
            Silence::Said(_) | Silence::TooLong(_) | Silence::Unmade(_) => {
                ReadError::Unanswered { source: Arc::new(silence) }
            }
        })
    }

    /// What the cluster calls a stream of the log.
    pub(super) fn named(&self, stream: &StreamName) -> String {
        format!("{}{stream}", self.address.prefix())
    }

    /// What of our log follows a place, numbered from `next` on: at most `max` events, and fewer where they weigh more than
    /// `bytes_max`.
    pub(super) fn page(
        &self,
        last: Option<Place>,
        next: Position,
        max: usize,
        bytes_max: usize,
    ) -> Result<Page, ReadError> {
        let mut page = Page { read_until: last, ..Page::default() };
        // What is not of our log and stands below its prefix may fill whole pages.
        while page.found.is_empty() && self.read_on(&mut page, next, max, bytes_max)? {}
        Ok(page)
    }

    /// Reads on by one question, and says whether there was anything. What others write is looked through once and not at every look:
    /// where nothing of ours is among it, it is read until what was the cluster's end just before, on the same connection, since another
    /// node may not have come so far.
    pub(super) fn read_on(
        &self,
        page: &mut Page,
        next: Position,
        max: usize,
        bytes_max: usize,
    ) -> Result<bool, ReadError> {
        let begun_at = page.read_until;
        // The cluster begins with the event at the place itself.
        let from = begun_at.map_or(StreamPosition::Start, |Place { commit, prepare }| {
            StreamPosition::Position(eventstore::Position { commit, prepare })
        });
        let options = ReadAllOptions::default()
            .position(from)
            .max_count(max + usize::from(begun_at.is_some()))
            .filter(SubscriptionFilter::on_stream_name().add_prefix(self.address.prefix()).add_prefix(self.marks()));
        let (end, raw) = self.read(&async |client| {
            let end = end_of_log(client).await?;
            if end <= begun_at {
                return Ok((begun_at, vec![]));
            }
            Ok((end, collected(client.read_all(&options).await?, begun_at, max, bytes_max).await?))
        })?;
        // It ended: one event is taken, whatever it weighs.
        let is_nothing_of_ours = raw.is_empty();
        if is_nothing_of_ours {
            page.read_until = end;
        }
        for event in raw {
            let place = place_of(&event);
            page.read_until = Some(place);
            if !event.stream_id().starts_with(self.address.prefix()) {
                // Of another log, whose prefix begins with this one's, it may be as well.
                if event.stream_id() == self.marks() {
                    page.last_mark = Some(place);
                }
                continue;
            }
            match kind(event, self.address.prefix(), Position(next.0 + page.found.len() as u64)) {
                Kind::Ours(found) => page.found.push(found),
                Kind::Stranger(strange) => page.strangers.push(strange),
                Kind::OfAnotherLog => {}
            }
        }
        // Not whether the place has moved: where others write without a pause it always has.
        Ok(!is_nothing_of_ours)
    }

    /// What stands in one stream from a version on, at positions of the log that are known.
    pub(super) fn stream_page(
        &self,
        stream: &StreamName,
        from_version: u64,
        positions: &[Position],
        bytes_max: usize,
    ) -> Result<Vec<Found>, ReadError> {
        let options =
            ReadStreamOptions::default().position(StreamPosition::Position(from_version)).max_count(positions.len());
        let name = self.named(stream);
        let raw = self.read(&async |client| of_stream(client, &name, &options, bytes_max).await)?;
        let ours =
            raw.into_iter().zip(positions).filter_map(|(event, at)| match kind(event, self.address.prefix(), *at) {
                Kind::Ours(found) => Some(found),
                Kind::OfAnotherLog | Kind::Stranger(_) => None,
            });
        Ok(ours.collect())
    }

    /// The stream that says what became of the log when it was moved: outside of every log, since no prefix begins so.
    fn marks(&self) -> String {
        format!("!moved-{}", self.address.prefix())
    }

    /// What was said last of its moves, as far as the node has come that answers.
    pub(super) fn mark(&self) -> Result<Said, ReadError> {
        let options = ReadStreamOptions::default().backwards().position(StreamPosition::End).max_count(1);
        let name = self.marks();
        let (as_of, last) = self.read(&async |client| {
            // First, and on the same connection: what stands before that is in the answer.
            let as_of = end_of_log(client).await?;
            Ok((as_of, of_stream(client, &name, &options, usize::MAX).await?))
        })?;
        let mark = last.first().map(|event| serde_json::from_slice(&event.data)).transpose();
        let mark = mark.map_err(|source| ReadError::Mark {
            place: format!("stream {name} on the cluster"),
            source: Arc::new(source),
        })?;
        Ok(Said { mark, as_of })
    }

    /// Says something of its moves from now on.
    pub(super) fn leave_mark(&self, mark: &Mark) -> Result<(), AppendError> {
        let unwritable = |error: serde_json::Error| AppendError::Refused { source: Arc::new(error) };
        let said = EventData::json("log.moved", mark).map_err(unwritable)?;
        let options = AppendToStreamOptions::default().stream_state(StreamState::Any);
        // What is said twice is the same.
        let may_repeat = |error: &Error| is_of_the_connection(error) || matches!(error, Error::NotLeaderException(_));
        let asked = self.ask(may_repeat, &async |client: &Client| {
            client.append_to_stream(self.marks(), &options, said.clone()).await
        });
        match asked {
            Ok(_) => Ok(()),
            Err(Silence::Said(error)) => Err(match refusal(error) {
                Refusal::Overtaken(source) => AppendError::Refused { source },
                Refusal::Unanswered(source) => AppendError::Unanswered { source },
                Refusal::NotLed(source) => AppendError::NotLed { source },
                Refusal::Refused(error) => error,
            }),
            Err(silence @ (Silence::TooLong(_) | Silence::Unmade(_) | Silence::Mismatched(_))) => {
                Err(AppendError::Unanswered { source: Arc::new(silence) })
            }
        }
    }

    /// Writes events to a stream that stands at a version.
    pub(super) fn append(&self, stream: &StreamName, actual: Option<u64>, events: &[NewEvent]) -> Result<(), Refusal> {
        let state = actual.map_or(StreamState::NoStream, StreamState::StreamRevision);
        let packed: Vec<_> = events
            .iter()
            .map(|event| packed(event, self.address.prefix()))
            .collect::<serde_json::Result<_>>()
            .map_err(|error| Refusal::Refused(AppendError::Refused { source: Arc::new(error) }))?;
        let options = AppendToStreamOptions::default().stream_state(state);
        // Where there was no connection, nothing was said; after all else nobody knows, and the log is to be looked at first.
        let may_repeat = |error: &Error| matches!(error, Error::ConnectionClosed | Error::GrpcConnectionError(_));
        let asked = self.ask(may_repeat, &async |client: &Client| {
            client.append_to_stream(self.named(stream), &options, packed.clone()).await
        });
        match asked {
            Ok(_) => Ok(()),
            Err(Silence::Said(error)) => Err(refusal(error)),
            Err(silence @ (Silence::TooLong(_) | Silence::Unmade(_) | Silence::Mismatched(_))) => {
                Err(Refusal::Unanswered(Arc::new(silence)))
            }
        }
    }
}

fn place_of(event: &RecordedEvent) -> Place {
    Place { commit: event.position.commit, prepare: event.position.prepare }
}

/// Whether another connection may have an answer where this one had none.
fn is_of_the_connection(error: &Error) -> bool {
    matches!(
        error,
        Error::ServerError(_) | Error::ConnectionClosed | Error::GrpcConnectionError(_) | Error::DeadlineExceeded
    )
}

/// The place of the last event on the node that answers, whoever wrote it.
async fn end_of_log(client: &Client) -> eventstore::Result<Option<Place>> {
    let backwards = ReadAllOptions::default().backwards().position(StreamPosition::End).max_count(1);
    let last = collected(client.read_all(&backwards).await?, None, 1, usize::MAX).await?;
    Ok(last.first().map(place_of))
}

/// What stands in one stream; nothing where somebody deleted it, which is an answer as well, and nothing to wait for.
async fn of_stream(
    client: &Client,
    name: &str,
    options: &ReadStreamOptions,
    bytes_max: usize,
) -> eventstore::Result<Vec<RecordedEvent>> {
    let answered =
        async { collected(client.read_stream(name, options).await?, None, usize::MAX, bytes_max).await }.await;
    match answered {
        Err(Error::ResourceNotFound | Error::ResourceDeleted) => Ok(vec![]),
        answered => answered,
    }
}

/// What is read behind a place: at most `max` events, and fewer where they weigh more than `bytes_max`, but for one. What stands at
/// the place itself is repeated by the cluster and weighs nothing.
async fn collected(
    mut stream: ReadStream,
    behind: Option<Place>,
    max: usize,
    bytes_max: usize,
) -> eventstore::Result<Vec<RecordedEvent>> {
    let mut events = Vec::new();
    let mut bytes = 0;
    while events.len() < max
        && bytes < bytes_max
        && let Some(resolved) = stream.next().await?
    {
        let Some(event) = resolved.event.filter(|event| behind < Some(place_of(event))) else { continue };
        bytes += event.data.len() + event.custom_metadata.len();
        events.push(event);
    }
    Ok(events)
}

/// The gRPC codes by which a server says no for good: no room, and invalid argument or out of range
/// (<https://grpc.io/docs/guides/status-codes/>).
const NO_ROOM_CODE: i32 = 8;
const REFUSING_CODES: [i32; 2] = [3, 11];

/// What an error of the client means for an append.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "after whatever else goes wrong nobody knows whether it was written"
)]
fn refusal(error: Error) -> Refusal {
    match error {
        Error::WrongExpectedVersion { .. } => Refusal::Overtaken(Arc::new(error)),
        Error::AccessDenied => Refusal::Refused(AppendError::Denied),
        Error::NotLeaderException(_) => Refusal::NotLed(Arc::new(error)),
        Error::Grpc { code, .. } if i32::from(code) == NO_ROOM_CODE => {
            Refusal::Refused(AppendError::NoRoom { source: Arc::new(error) })
        }
        Error::ResourceDeleted | Error::UnsupportedFeature | Error::InternalParsingError(_) => {
            Refusal::Refused(AppendError::Refused { source: Arc::new(error) })
        }
        Error::Grpc { code, .. } if REFUSING_CODES.contains(&i32::from(code)) => {
            Refusal::Refused(AppendError::Refused { source: Arc::new(error) })
        }
        other => Refusal::Unanswered(Arc::new(other)),
    }
}
