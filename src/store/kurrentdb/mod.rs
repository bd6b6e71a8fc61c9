//! A home on a KurrentDB (EventStoreDB) cluster, for several instances of the program over one log.
//!
//! Each stream of the log is a stream of the cluster, its name behind a prefix. What the port promises and the cluster does
//! not is made good here: positions are counted along the cluster's log ([`index`]), an id names one event in the whole log
//! and not only in its stream, and an append whose answer was lost is looked for before it is tried again. One weakness is
//! left: two instances that give one id to two streams in the same moment both succeed. Ids are made from the command, so
//! that needs one command carried out by two instances on different streams.
//!
//! Reading is by pages and never by subscription, since the client spins on a subscription that ends cleanly; a thread asks
//! now and then whether there is more, and wakes those who follow.

mod chained;
mod cluster;
mod envelope;
mod index;

#[cfg(test)]
#[cfg(feature = "kurrentdb-tests")]
mod tests;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::admission::{self, Earlier};
use super::{
    AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, OpenError, PAGE_BYTES_MAX, PAGE_EVENTS_MAX,
    Position, ReadError, Recorded, StreamName, StreamPage, Wake,
};
pub use chained::verify;
pub use cluster::{Address, AddressError};
use cluster::{Cluster, Refusal};
use index::{Index, Place};

/// How often others than this instance are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often an append begins anew where another instance wrote in between.
const ATTEMPTS_MAX: usize = 32;
/// The most appends that wait for their turn.
const WAITING_MAX: usize = 256;

/// A log on a cluster.
#[derive(Debug)]
pub struct KurrentStore {
    log: Arc<Log>,
    look_out: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Log {
    cluster: Cluster,
    index: Mutex<Index>,
    waiting: Mutex<usize>,
    wake: Wake,
    closing: Mutex<bool>,
    closed: Condvar,
}

impl KurrentStore {
    /// Opens the log at an address and counts its events.
    ///
    /// # Errors
    /// The cluster does not answer, or what stands below the prefix is not a log of this program.
    pub fn open(address: &Address) -> Result<Self, OpenError> {
        let failed = |source: ReadError| OpenError::Cluster { address: address.shown(), source: Arc::new(source) };
        let cluster = Cluster::connect(address)
            .map_err(|source| OpenError::Cluster { address: address.shown(), source: Arc::new(source) })?;
        let log = Arc::new(Log {
            cluster,
            index: Mutex::default(),
            waiting: Mutex::default(),
            wake: Wake::default(),
            closing: Mutex::new(false),
            closed: Condvar::new(),
        });
        drop(log.caught_up().map_err(failed)?);
        let looking = Arc::clone(&log);
        let look_out = std::thread::Builder::new().name("look-out".to_owned()).spawn(move || looking.look_out());
        let look_out =
            look_out.map_err(|source| OpenError::Cluster { address: address.shown(), source: Arc::new(source) })?;
        Ok(Self { log, look_out: Some(look_out) })
    }
}

impl Drop for KurrentStore {
    fn drop(&mut self) {
        *self.log.closing.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.log.closed.notify_all();
        if let Some(look_out) = self.look_out.take() {
            drop(look_out.join());
        }
    }
}

impl EventStore for KurrentStore {
    fn capabilities(&self) -> Capabilities {
        Capabilities { gapless: true, chained: false, together: false }
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        admission::check(stream, &events)?;
        let _waiting = self.log.wait_for_a_turn()?;
        self.log.append(stream, expected, &events)
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        let max = max.min(PAGE_EVENTS_MAX);
        let known = {
            let index = self.log.caught_up()?;
            let from = usize::try_from(from_version).unwrap_or(usize::MAX);
            index.positions_of(stream).get(from..).unwrap_or_default().to_vec()
        };
        let wanted = &known[..known.len().min(max)];
        let events = if wanted.is_empty() {
            vec![]
        } else {
            self.log.cluster.stream_page(stream, from_version, wanted, PAGE_BYTES_MAX)?
        };
        Ok(StreamPage { is_last: events.len() == known.len(), events })
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.log.read_all(after, max.min(PAGE_EVENTS_MAX))
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        Ok(self.log.caught_up()?.head())
    }

    fn wake(&self) -> Wake {
        self.log.wake.clone()
    }
}

/// One append that waits, until it is dropped.
struct Waiting<'log>(&'log Mutex<usize>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }
}

impl Log {
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for_a_turn(&self) -> Result<Waiting<'_>, AppendError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if *waiting >= WAITING_MAX {
            return Err(AppendError::Busy { waited_seconds: 0 });
        }
        *waiting += 1;
        Ok(Waiting(&self.waiting))
    }

    /// The index with all that the cluster holds now.
    fn caught_up(&self) -> Result<MutexGuard<'_, Index>, ReadError> {
        let mut index = self.index();
        while !self.next_page(&mut index, PAGE_EVENTS_MAX)?.is_empty() {}
        Ok(index)
    }

    /// What follows the last event that is known, taken into the index.
    fn next_page(&self, index: &mut Index, max: usize) -> Result<Vec<Recorded>, ReadError> {
        let last = index.head().and_then(|head| index.place(head));
        let page = self.cluster.page(last, index.next_position(), max, PAGE_BYTES_MAX)?;
        for (place, event) in &page {
            if !index.take_in(*place, event) {
                let what = format!("{} lacks events before version {} on the cluster", event.stream, event.version);
                return Err(ReadError::Corrupt { position: event.position, what });
            }
        }
        self.wake.advance(index.head());
        Ok(page.into_iter().map(|(_, event)| event).collect())
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        if max == 0 {
            return Ok(vec![]);
        }
        let last = {
            let mut index = self.index();
            if after == index.head() {
                // Whoever follows the log takes it in with one reading.
                return self.next_page(&mut index, max);
            }
            // Who reads what is known already, asks for nothing else.
            let wanted = Some(Position(after.map_or(0, |after| after.0).saturating_add(max as u64)));
            while index.head() < wanted && !self.next_page(&mut index, PAGE_EVENTS_MAX)?.is_empty() {}
            if after > index.head() {
                return Ok(vec![]);
            }
            after.and_then(|after| index.place(after))
        };
        let next = Position(after.map_or(1, |after| after.0 + 1));
        let page = self.cluster.page(last, next, max, PAGE_BYTES_MAX)?;
        Ok(page.into_iter().map(|(_, event)| event).collect())
    }

    /// Writes where the stream stands as is seen now, and begins anew where another instance was faster or the answer was
    /// lost: then the events are there already, or another version is, and the rules of admission say what that means.
    fn append(&self, stream: &StreamName, expected: Expected, events: &[NewEvent]) -> Result<Appended, AppendError> {
        let mut seen = None;
        for attempt in 0..ATTEMPTS_MAX {
            let mut index = self.caught_up().map_err(unread)?;
            let versions = index.positions_of(stream).len() as u64;
            let actual = versions.checked_sub(1);
            seen = actual;
            let earlier = self.earlier(&index, stream, events).map_err(unread)?;
            if let Some(repetition) = admission::admit(stream, expected, actual, events, &earlier)? {
                return Ok(Appended { already_committed: attempt == 0, ..repetition });
            }
            let first_position = index.next_position();
            match self.cluster.append(stream, actual, events) {
                Ok(()) => {
                    // Events of others may stand between what was known and what was written.
                    while index.standing(events[events.len() - 1].id).is_none() {
                        if self.next_page(&mut index, PAGE_EVENTS_MAX).map_err(unread)?.is_empty() {
                            return Err(AppendError::Unanswered { source: Arc::new(NotShown) });
                        }
                    }
                    let position_of = |event: &NewEvent| index.standing(event.id).map(|(position, ..)| position);
                    return Ok(Appended {
                        first_position: events.first().and_then(position_of).unwrap_or(first_position),
                        last_position: events.last().and_then(position_of).unwrap_or(first_position),
                        version: versions + events.len() as u64 - 1,
                        already_committed: false,
                    });
                }
                Err(Refusal::Overtaken) => {}
                Err(Refusal::Unanswered(source)) if attempt + 1 == ATTEMPTS_MAX => {
                    return Err(AppendError::Unanswered { source });
                }
                Err(Refusal::Unanswered(_)) => {
                    drop(index);
                    self.pause(attempt);
                }
                Err(Refusal::Refused(error)) => return Err(error),
            }
        }
        Err(AppendError::WrongExpectedVersion { stream: stream.clone(), expected, actual: seen })
    }

    /// What has the ids of the events. Content is compared only where an id is taken, which is rare.
    fn earlier(
        &self,
        index: &Index,
        stream: &StreamName,
        events: &[NewEvent],
    ) -> Result<Vec<Option<Earlier>>, ReadError> {
        let earlier = events.iter().map(|event| {
            let Some((position, at, version)) = index.standing(event.id) else { return Ok(None) };
            let found = self.cluster.stream_page(at, version, &[position], PAGE_BYTES_MAX)?;
            let same = found.first().is_some_and(|found| {
                found.stream == *stream
                    && *found.event_type == *event.event_type
                    && found.schema_version == event.schema_version
                    && found.data.as_ref() == Some(&event.data)
            });
            Ok(Some(Earlier { position, version, same }))
        });
        earlier.collect()
    }

    /// Waits longer after every attempt, and not at all when the store is closed.
    fn pause(&self, attempt: usize) {
        const LONGEST: Duration = Duration::from_secs(1);
        let pause = Duration::from_millis(10 << attempt.min(10)).min(LONGEST);
        let closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.closed.wait_timeout_while(closing, pause, |closing| !*closing));
    }

    fn look_out(&self) {
        loop {
            let closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
            let (closing, _) = self
                .closed
                .wait_timeout_while(closing, LOOK_EVERY, |closing| !*closing)
                .unwrap_or_else(PoisonError::into_inner);
            if *closing {
                return;
            }
            drop(closing);
            // What cannot be read now is read by whoever asks, and said to them.
            drop(self.caught_up());
        }
    }
}

/// The cluster took an append and does not show it.
#[derive(Debug, thiserror::Error)]
#[error("the cluster took the events and does not show them yet")]
struct NotShown;

fn unread(source: ReadError) -> AppendError {
    AppendError::Unanswered { source: Arc::new(source) }
}
