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

mod address;
mod chained;
mod cluster;
mod envelope;
mod handshake;
mod index;
mod marks;
mod refusals;

#[cfg(test)]
#[cfg(feature = "kurrentdb-tests")]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::time::Instant;

use super::admission::{self, Earlier};
use super::{
    AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, OpenError, PAGE_BYTES_MAX, PAGE_EVENTS_MAX,
    Position, ReadError, Recorded, Stranger, StreamName, StreamPage, Wake,
};
use crate::rounds::{Rounds, Turn};
use crate::store::home::Limits;
use crate::store::mark::Mark;
pub use address::{Address, AddressError};
pub use chained::{forget, kept_in, verify};
use cluster::{Cluster, Page, Refusal, Said};
use envelope::{EnvelopeError, Found, Strange};
use index::{Gap, Index, Place, STREAMS_OF_OTHERS_MAX};
use marks::Marks;
use refusals::{Forgotten, NotShown, never_told, of_a_node_behind, out_of_line, unasked, unread};

/// What others write is looked for again this long after the cluster could not be asked.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often an append begins anew where another instance wrote in between, or where nobody knows what became of it; then
/// not longer than twice what one answer may take.
const ATTEMPTS_MAX: usize = 32;

/// Where another instance was faster, the pause grows so often and no more: what it wrote is mostly shown by then.
const OVERTAKEN_PAUSES: usize = 4;

/// A log on a cluster.
#[derive(Debug)]
pub struct KurrentStore {
    log: Arc<Log>,
    look_out: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Log {
    cluster: Cluster,
    limits: Limits,
    /// What is known of the log. It is never held while the cluster is asked.
    index: RwLock<Index>,
    /// The hash chain, where it is kept.
    chain: Option<Mutex<chained::Followed>>,
    marks: Marks,
    /// Some of the streams below the prefix that hold what this program did not write.
    strangers: Mutex<BTreeSet<String>>,
    /// Asking the cluster for more: by one at a time.
    asking: Rounds<Result<(), ReadError>>,
    /// Writing to it, likewise; who waits for an answer keeps nobody from following.
    writing: Mutex<()>,
    /// Whether the log was read to its end since it was opened.
    is_known: AtomicBool,
    waiting: Mutex<usize>,
    wake: Wake,
    closing: Mutex<bool>,
    closed: Condvar,
}

impl KurrentStore {
    /// Opens the log at an address. Its events are counted by whoever reads them first, so that they are read once.
    ///
    /// # Errors
    /// The cluster does not answer, or what stands below the prefix is not a log of this program.
    pub fn open(address: &Address) -> Result<Self, OpenError> {
        Self::open_with(address, None)
    }

    /// The same with the hash chain, whose head is kept in a file: see [`verify`].
    ///
    /// # Errors
    /// As before. Where the log is another than it was when the head was kept, whoever reads it is told.
    pub fn open_chained(address: &Address, file: &Path) -> Result<Self, OpenError> {
        Self::open_with(address, Some(file))
    }

    fn open_with(address: &Address, kept_in: Option<&Path>) -> Result<Self, OpenError> {
        let failed = |source: ReadError| OpenError::Cluster { address: address.shown(), source: Arc::new(source) };
        let cluster = Cluster::connect(address)
            .map_err(|source| OpenError::Cluster { address: address.shown(), source: Arc::new(source) })?;
        let chain = kept_in.map(chained::Followed::from_the_start).transpose().map_err(failed)?;
        let log = Arc::new(Log {
            cluster,
            chain: chain.map(Mutex::new),
            marks: Marks::default(),
            strangers: Mutex::default(),
            limits: address.limits(),
            index: RwLock::default(),
            asking: Rounds::default(),
            writing: Mutex::default(),
            is_known: AtomicBool::new(false),
            waiting: Mutex::default(),
            wake: Wake::default(),
            closing: Mutex::new(false),
            closed: Condvar::new(),
        });
        // Where nothing but something else stands there, it is somebody else's; what stands among ours is read around.
        let mut first = Page::default();
        for max in [1, PAGE_EVENTS_MAX] {
            log.cluster.read_on(&mut first, Position(1), max, PAGE_BYTES_MAX).map_err(failed)?;
            if first.strangers.is_empty() || !first.found.is_empty() {
                break;
            }
        }
        if let Some(strange) = first.strangers.first().filter(|_| first.found.is_empty()) {
            let foreign = EnvelopeError::Foreign { stream: strange.named.clone() };
            return Err(failed(ReadError::Corrupt { position: Position(1), what: foreign.to_string() }));
        }
        let looking = Arc::clone(&log);
        let look_out = std::thread::Builder::new().name("look-out".to_owned()).spawn(move || looking.look_out());
        let look_out =
            look_out.map_err(|source| OpenError::Cluster { address: address.shown(), source: Arc::new(source) })?;
        Ok(Self { log, look_out: Some(look_out) })
    }

    /// What is said of the moves of this log.
    ///
    /// # Errors
    /// The cluster does not say.
    pub fn mark(&self) -> Result<Option<Mark>, ReadError> {
        self.log.cluster.mark().map(|said| said.mark)
    }

    /// The same, which is asked for again from now on: nothing is written when the log has been moved meanwhile.
    ///
    /// # Errors
    /// The cluster does not say.
    pub fn heeded_mark(&self) -> Result<Option<Mark>, ReadError> {
        self.log.hear_mark()
    }

    /// How long after a mark was left an instance may still write: it may have asked just before, and wait for an answer.
    #[must_use]
    pub fn heeds_marks_within(&self) -> Duration {
        marks::HOLDS + self.log.limits.answer
    }

    /// Why nothing is written any longer, as was heard last: the log was moved. None where it is.
    #[must_use]
    pub fn moved(&self) -> Option<AppendError> {
        self.log.marks.refusal()
    }

    /// What stands below the prefix and this program did not write, as far as it is known: some of the streams that hold
    /// nothing else, all events in those of the log, and whether there are more than are remembered.
    #[must_use]
    pub fn strangers(&self) -> Vec<Stranger> {
        let of_the_log = |(stream, version): (&StreamName, u64)| {
            (self.log.cluster.named(stream), Stranger::Event { stream: stream.clone(), version })
        };
        let (names, within): (BTreeSet<String>, Vec<Stranger>) = self.log.index().intruded().map(of_the_log).unzip();
        let forgets = self.log.index().forgets_others();
        let more = forgets.then_some(Stranger::More { remembered_max: STREAMS_OF_OTHERS_MAX });
        let known = self.log.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let apart = known.difference(&names).cloned().map(Stranger::Stream);
        apart.chain(within).chain(more).collect()
    }

    /// The first event that was written to the log after it was left for another place, as far as it was read. Who wrote it
    /// was told to ask there, and the other place may be without it.
    ///
    /// # Errors
    /// The cluster does not say whether the log was left.
    pub fn first_behind_the_end(&self) -> Result<Option<Position>, ReadError> {
        let Said { mark, as_of } = self.log.cluster.mark()?;
        if as_of < self.log.marks.met_at() {
            return Err(of_a_node_behind());
        }
        let Some(Mark::Left { .. }) = mark else { return Ok(None) };
        // The log is read as far as that was said of it, so that this mark was met and not an earlier one.
        drop(self.log.caught_up()?);
        if self.log.index().read_until() < as_of {
            return Err(of_a_node_behind());
        }
        Ok(self.log.marks.met_at().and_then(|place| self.log.index().first_behind(place)))
    }

    /// Says something of its moves from now on.
    ///
    /// # Errors
    /// The cluster does not take it.
    pub fn leave_mark(&self, mark: &Mark) -> Result<(), AppendError> {
        self.log.cluster.leave_mark(mark)
    }
}

impl Drop for KurrentStore {
    fn drop(&mut self) {
        *self.log.closing.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.log.closed.notify_all();
        if let Some(look_out) = self.look_out.take() {
            drop(look_out.join());
        }
        if let Some(chain) = &self.log.chain {
            chain.lock().unwrap_or_else(PoisonError::into_inner).keep_after(1);
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
        drop(self.log.caught_up()?);
        let (known, gap) = {
            let index = self.log.index();
            let from = usize::try_from(from_version).unwrap_or(usize::MAX);
            (index.positions_of(stream).get(from..).unwrap_or_default().to_vec(), index.gap(stream))
        };
        let wanted = &known[..known.len().min(max)];
        let events = if wanted.is_empty() {
            vec![]
        } else {
            let page = self.log.cluster.stream_page(stream, from_version, wanted, PAGE_BYTES_MAX)?;
            if page.is_empty() {
                return Err(out_of_line(stream, wanted[0], None));
            }
            self.log.until_damaged(page, wanted[0])?
        };
        match gap.and_then(|gap| gap.first_behind) {
            Some(position) if known.is_empty() && max > 0 => Err(out_of_line(stream, position, gap)),
            behind => Ok(StreamPage { is_last: behind.is_none() && events.len() == known.len(), events }),
        }
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.log.read_all(after, max.min(PAGE_EVENTS_MAX))
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        drop(self.log.caught_up()?);
        Ok(self.log.index().head())
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
    fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for_a_turn(&self) -> Result<Waiting<'_>, AppendError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if *waiting >= self.limits.waiting_max {
            return Err(AppendError::Busy { waited_seconds: 0 });
        }
        *waiting += 1;
        Ok(Waiting(&self.waiting))
    }

    /// Sees to it that all that the cluster holds now is known. Until what is returned is dropped, nobody else asks it.
    fn caught_up(&self) -> Result<Turn<'_, Result<(), ReadError>>, ReadError> {
        let mut turn = self.asking.turn();
        let outcome = turn.heard.take().unwrap_or_else(|| self.read_to_the_end());
        turn.tell(outcome.clone());
        outcome.map(|()| turn)
    }

    fn read_to_the_end(&self) -> Result<(), ReadError> {
        while !self.next_page(PAGE_EVENTS_MAX)?.is_empty() {}
        Ok(())
    }

    /// What follows the last that is known, taken into the index. For whoever has the turn.
    fn next_page(&self, max: usize) -> Result<Vec<Found>, ReadError> {
        let (last, next) = {
            let index = self.index();
            (index.read_until(), index.next_position())
        };
        let Page { found: page, read_until, strangers, last_mark } =
            self.cluster.page(last, next, max, PAGE_BYTES_MAX)?;
        if let Some(chain) = &self.chain {
            chain.lock().unwrap_or_else(PoisonError::into_inner).carry_on(&page)?;
        }
        // Before what stands behind it is seen by anybody.
        if let Some(place) = last_mark {
            self.marks.meet(place);
        }
        let head = {
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            index.take_in(&page, read_until);
            for strange in &strangers {
                index.take_note(strange);
            }
            index.head()
        };
        self.note_strangers(strangers);
        if page.is_empty() {
            if let Some(chain) = &self.chain {
                chain.lock().unwrap_or_else(PoisonError::into_inner).reaches(head)?;
            }
            self.is_known.store(true, Ordering::Relaxed);
        }
        self.wake.advance(head);
        Ok(page)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        if max == 0 {
            return Ok(vec![]);
        }
        let first = Position(after.map_or(1, |after| after.0.saturating_add(1)));
        // Who reads what is known already waits for nobody who asks what is new.
        let wanted = Position(first.0.saturating_add(max as u64 - 1));
        if self.index().head() < Some(wanted) {
            let mut turn = self.asking.turn();
            if let Some(Err(error)) = turn.heard.take() {
                turn.tell(Err(error.clone()));
                return Err(error);
            }
            let extended = self.extend(after, max, wanted);
            if let Err(error) = &extended {
                turn.tell(Err(error.clone()));
            }
            if let Some(page) = extended? {
                return self.until_damaged(page, first);
            }
        }
        let last = after.and_then(|after| self.index().place(after));
        let page = self.cluster.page(last, first, max, PAGE_BYTES_MAX)?;
        self.until_damaged(page.found, first)
    }

    /// Takes in what is new as far as a position, and returns it where it is the page that is wanted: whoever follows the log
    /// takes it in with one reading. For whoever has the turn.
    fn extend(&self, after: Option<Position>, max: usize, wanted: Position) -> Result<Option<Vec<Found>>, ReadError> {
        if after == self.index().head() {
            return self.next_page(max).map(Some);
        }
        while self.index().head() < Some(wanted) && !self.next_page(PAGE_EVENTS_MAX)?.is_empty() {}
        Ok(if after > self.index().head() { Some(vec![]) } else { None })
    }

    /// The events of a page that begins at a position, until the first that is damaged; that one is named where it begins the
    /// page.
    fn until_damaged(&self, page: Vec<Found>, first: Position) -> Result<Vec<Recorded>, ReadError> {
        let index = self.index();
        let mut events = Vec::with_capacity(page.len());
        for Found { version, event, .. } in page {
            let damage = match event {
                Ok(event) if index.is_in_line(event.position, &event.stream, version) => {
                    events.push(event);
                    continue;
                }
                Ok(event) => out_of_line(&event.stream, event.position, index.gap(&event.stream)),
                Err(error) => ReadError::Corrupt { position: first, what: error.to_string() },
            };
            return if events.is_empty() { Err(damage) } else { Ok(events) };
        }
        Ok(events)
    }

    /// Writes where the stream stands as is seen now, and begins anew where another instance was faster or the answer was
    /// lost: then the events are there already, or another version is, and the rules of admission say what that means.
    fn append(&self, stream: &StreamName, expected: Expected, events: &[NewEvent]) -> Result<Appended, AppendError> {
        let mut seen = None;
        let mut may_be_written = false;
        let give_up_at = Instant::now() + 2 * self.limits.answer;
        for attempt in 0..ATTEMPTS_MAX {
            let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
            // Those before may have waited for a cluster that is silent, each as long as this one would.
            if attempt == 0 && Instant::now() >= give_up_at {
                return Err(AppendError::Busy { waited_seconds: (2 * self.limits.answer).as_secs() });
            }
            let unlooked = |source| if may_be_written { unread(source) } else { unasked(source) };
            drop(self.caught_up().map_err(unlooked)?);
            let (versions, first_position, gap) = {
                let index = self.index();
                (index.positions_of(stream).len() as u64, index.next_position(), index.gap(stream))
            };
            // Also what stands there already may stand behind the end of a log that was left.
            let moved = |error| if may_be_written { never_told(error) } else { error };
            self.goes_on_here(&unlooked).map_err(moved)?;
            let actual = versions.checked_sub(1);
            seen = actual;
            let earlier = self.earlier(stream, events).map_err(unlooked)?;
            let admitted = admission::admit(stream, expected, actual, events, &earlier);
            if let Ok(Some(repetition)) = admitted {
                // It may have been met only now, behind a mark.
                self.goes_on_here(&unread).map_err(never_told)?;
                return Ok(Appended { already_committed: attempt == 0, ..repetition });
            }
            if let Some(Gap { strange_at, .. }) = gap {
                return Err(strange_at.map_or_else(
                    || AppendError::Incomplete { stream: stream.clone() },
                    |version| AppendError::Intruded { stream: stream.clone(), version },
                ));
            }
            admitted?;
            match self.cluster.append(stream, actual, events) {
                Ok(()) => {
                    let position_of = |event: Option<&NewEvent>| {
                        event.and_then(|event| self.index().standing(event.id).map(|(position, ..)| position))
                    };
                    self.wait_until_shown(&|| position_of(events.last()).is_some(), give_up_at)?;
                    // It may have been on its way for long.
                    self.goes_on_here(&unread).map_err(never_told)?;
                    return Ok(Appended {
                        first_position: position_of(events.first()).unwrap_or(first_position),
                        last_position: position_of(events.last()).unwrap_or(first_position),
                        version: versions + events.len() as u64 - 1,
                        already_committed: false,
                    });
                }
                Err(Refusal::Overtaken(_)) if Instant::now() >= give_up_at => break,
                // What overtook it may not be shown yet.
                Err(Refusal::Overtaken(_)) => {
                    drop(writing);
                    self.pause(attempt.min(OVERTAKEN_PAUSES));
                }
                Err(Refusal::Unanswered(source)) if attempt + 1 == ATTEMPTS_MAX || Instant::now() >= give_up_at => {
                    return Err(AppendError::Unanswered { source });
                }
                Err(Refusal::NotLed(source)) if attempt + 1 == ATTEMPTS_MAX || Instant::now() >= give_up_at => {
                    return Err(AppendError::NotLed { source });
                }
                Err(refusal @ (Refusal::Unanswered(_) | Refusal::NotLed(_))) => {
                    may_be_written |= matches!(refusal, Refusal::Unanswered(_));
                    drop(writing);
                    self.pause(attempt);
                }
                Err(Refusal::Refused(error)) => return Err(error),
            }
        }
        if expected.admits(seen) {
            return Err(if seen.is_none() && self.index().forgets_others() {
                AppendError::Refused { source: Arc::new(Forgotten) }
            } else {
                AppendError::Unasked { source: Arc::new(NotShown) }
            });
        }
        Err(AppendError::WrongExpectedVersion { stream: stream.clone(), expected, actual: seen })
    }

    /// Reads until what was taken is shown. Events of others may stand before it.
    fn wait_until_shown(&self, is_shown: &dyn Fn() -> bool, give_up_at: Instant) -> Result<(), AppendError> {
        for look in 0.. {
            let turn = self.asking.turn();
            while !is_shown() && !self.next_page(PAGE_EVENTS_MAX).map_err(unread)?.is_empty() {}
            drop(turn);
            if is_shown() {
                break;
            }
            if Instant::now() >= give_up_at {
                return Err(AppendError::Unanswered { source: Arc::new(NotShown) });
            }
            self.pause(look);
        }
        Ok(())
    }

    /// Sees that the log has not been moved, as far as was heard not long ago.
    fn goes_on_here(&self, unlooked: &dyn Fn(ReadError) -> AppendError) -> Result<(), AppendError> {
        if self.marks.are_older_than(marks::HOLDS) {
            self.hear_mark().map_err(unlooked)?;
        }
        self.marks.refusal().map_or(Ok(()), Err)
    }

    fn hear_mark(&self) -> Result<Option<Mark>, ReadError> {
        let asked = self.marks.ask();
        let said = self.cluster.mark()?;
        let mark = said.mark.clone();
        if self.marks.hear(said, asked) { Ok(mark) } else { Err(of_a_node_behind()) }
    }

    /// Keeps the names of some streams that are not ours.
    fn note_strangers(&self, strangers: Vec<Strange>) {
        const NAMED_MAX: usize = 10;
        let mut known = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        for strange in strangers {
            if known.len() < NAMED_MAX {
                known.insert(strange.named);
            }
        }
    }

    /// What has the ids of the events. Content is compared only where an id is taken, which is rare.
    fn earlier(&self, stream: &StreamName, events: &[NewEvent]) -> Result<Vec<Option<Earlier>>, ReadError> {
        let standing = |id| {
            let index = self.index();
            index.standing(id).map(|(position, at, version)| (position, at.clone(), version))
        };
        let earlier = events.iter().map(|event| {
            let Some((position, at, version)) = standing(event.id) else { return Ok(None) };
            let found = self.cluster.stream_page(&at, version, &[position], PAGE_BYTES_MAX)?;
            let same = found.first().and_then(|found| found.event.as_ref().ok()).is_some_and(|found| {
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
        let mut pause = self.limits.look_every;
        loop {
            let closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
            let (closing, _) = self
                .closed
                .wait_timeout_while(closing, pause, |closing| !*closing)
                .unwrap_or_else(PoisonError::into_inner);
            if *closing {
                return;
            }
            drop(closing);
            // Whoever opened the log reads it to its end.
            if !self.is_known.load(Ordering::Relaxed) {
                continue;
            }
            // What cannot be read now is read by whoever asks, and said to them.
            let mut has_answered = self.caught_up().is_ok();
            if has_answered && self.marks.are_older_than(marks::ASK_EVERY) {
                has_answered = self.hear_mark().is_ok();
            }
            pause = if has_answered { self.limits.look_every } else { LOOK_AGAIN };
        }
    }
}
