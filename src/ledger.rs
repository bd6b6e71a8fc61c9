//! The log with the book folded from it: what the command line, the API and the worker ask and tell.

mod backwards;
mod past;
mod reading;
mod subset;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::clock::{last_instant, norwegian_day};
use crate::domain::event::{Event, StreamKind};
use crate::domain::series::SeriesEvent;
use crate::handle::{self, Envelope, HandleError, Handled, Wish, Written};
use crate::lookup::Lookup;
use crate::rounds::Rounds;
use crate::schema;
use crate::store::{AppendError, EventStore, Position, RawEvent, ReadError, Recorded, Visit};
use crate::view::became_known::BecameKnown;
use crate::view::book::Book;
use crate::view::budget::Wanted;
use crate::view::explanation::{EventReference, Explanation};
use crate::view::owed::OwedByDay;
use crate::view::postings::{Place, Postings, Voucher};
use crate::view::unfinished::Moved;
use crate::view::whose::Owner;
use past::{Known, Moment, Past};
use reading::read_on;
use subset::Subset;

pub use backwards::{Backwards, Through};
pub use reading::{Shown, read_through, stream_id, understand};

/// The book as it follows the log.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// Everything that is known.
    pub book: Book,
    /// The position of the last event in it.
    pub position: Option<Position>,
    /// The position of the last event that says who takes part on which terms: what budgets rest on.
    pub terms: Option<Position>,
    /// The events that could not be read, and why: what follows from them is missing in the book.
    pub damaged: Vec<(Position, String)>,
    /// What was outstanding at the end of each day.
    pub owed: OwedByDay,
    /// When it became known where runs stand and that payments came in.
    pub became_known: BecameKnown,
    /// Where each stream begins and ends in the log.
    pub places: Lookup<Uuid, StreamPlace>,
}

/// Where the events of a stream stand in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamPlace {
    /// The first of them.
    pub first: Position,
    /// The last one.
    pub last: Position,
    /// How many there are up to that one: also those that were erased, that cannot be read or that are not followed.
    pub length: u64,
}

impl StreamPlace {
    /// The version of the last event.
    #[must_use]
    pub fn version(&self) -> Option<u64> {
        self.length.checked_sub(1)
    }
}

impl Followed {
    fn take_in(&mut self, shown: &Shown) {
        let Shown { position, recorded_at, stream, says, .. } = shown;
        let position = *position;
        self.position = Some(position);
        if let Some((stream, version)) = stream {
            self.note_place(*stream, *version, position);
        }
        match says {
            Ok(Some((id, event))) => {
                if event.kind().is_of_terms() {
                    self.terms = self.position;
                }
                let on = norwegian_day(*recorded_at);
                for moved in self.book.apply(*id, event) {
                    self.note_what_moved(event, moved, on);
                }
                self.became_known.take_in(&self.book, *id, event, (position.0, on));
            }
            Ok(None) => {}
            Err(what) => self.damaged.push((position, what.clone())),
        }
    }

    /// An event of a stream stands at a position.
    fn note_place(&mut self, stream: Uuid, version: u64, position: Position) {
        let place = self.places.entry(stream).or_insert(StreamPlace { first: position, last: position, length: 0 });
        place.last = position;
        place.length = version.saturating_add(1);
    }

    /// The version of a stream's last event; none where it has none.
    #[must_use]
    pub fn version(&self, stream: Uuid) -> Option<u64> {
        self.places.get(&stream)?.version()
    }

    /// What an event has moved of what is outstanding of an invoice.
    fn note_what_moved(&mut self, event: &Event, Moved { invoice, by }: Moved, on: NaiveDate) {
        let Some(issued) = self.book.invoices.get(&invoice) else { return };
        let owner = Owner::of_invoice(&self.book, issued);
        if matches!(event, Event::Series(SeriesEvent::Issued(_))) {
            self.owed.issued(owner, invoice, on);
        }
        self.owed.moved(owner, on, by);
    }

    /// Whether something may be written: everything before could be read.
    fn is_whole(&self) -> Result<(), LedgerError> {
        self.damaged.first().map_or(Ok(()), |(position, _)| Err(LedgerError::Damaged(*position)))
    }
}

/// Why the ledger could not do it.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The log could not be read.
    #[error("the event log could not be read")]
    Read(#[source] ReadError),
    /// The command was not carried out.
    #[error(transparent)]
    Handle(#[from] HandleError),
    /// The log holds events that cannot be read.
    #[error(
        "nothing is written while events of the log cannot be read (the first is at position {0}): restore a backup, or \
         use a version that understands them"
    )]
    Damaged(Position),
    /// It is about all procurements, and some alone are followed.
    #[error("{}", AppendError::AboutAll)]
    AboutAll,
    /// A procurement that is to be served is none.
    #[error("there is no procurement {named} in the log; there are, besides those that were named: {}", .others.join(", "))]
    UnknownProcurement {
        /// What was named.
        named: String,
        /// The others.
        others: Vec<String>,
    },
}

/// The log with the book folded from it.
pub struct Ledger {
    store: Arc<dyn EventStore>,
    /// What of it is followed, where that is not all.
    subset: Option<Arc<Subset>>,
    followed: RwLock<Followed>,
    /// Reading on, by one at a time; the book is held for no longer than it takes to take in what was read.
    reading: Rounds<Result<(), ReadError>>,
    reached: AtomicU64,
    terms_reached: AtomicU64,
    /// The position of the last event that was written here.
    written: AtomicU64,
    past: Past,
}

impl Ledger {
    /// Folds the whole log.
    ///
    /// # Errors
    /// The log cannot be read. A single damaged event is no error: see [`Followed::damaged`].
    pub fn open(store: Arc<dyn EventStore>) -> Result<Self, LedgerError> {
        Self::open_with(store, None)
    }

    /// The same for some procurements, by id or name; nothing is known of the others.
    ///
    /// # Errors
    /// The log cannot be read, or holds no such procurement.
    pub fn open_for(store: Arc<dyn EventStore>, procurements: &[String]) -> Result<Self, LedgerError> {
        let subset = Arc::new(Subset::new(Arc::clone(&store), procurements));
        let ledger = Self::open_with(store, Some(Arc::clone(&subset)))?;
        match subset.unknown() {
            None => Ok(ledger),
            Some((named, others)) => Err(LedgerError::UnknownProcurement { named, others }),
        }
    }

    fn open_with(store: Arc<dyn EventStore>, subset: Option<Arc<Subset>>) -> Result<Self, LedgerError> {
        let followed_log = subset.as_ref().map_or(store.as_ref(), |subset| subset.as_ref());
        let mut kept = Vec::new();
        let followed = fold(followed_log, &|_| true, &mut |shown| kept.extend(Known::of(shown)))?;
        let ledger = Self {
            reached: AtomicU64::new(number(followed.position)),
            terms_reached: AtomicU64::new(number(followed.terms)),
            written: AtomicU64::new(0),
            followed: RwLock::new(followed),
            reading: Rounds::default(),
            store,
            subset,
            past: Past::of(kept),
        };
        Ok(ledger)
    }

    /// The log itself.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    /// What of the log is followed, and may be written.
    fn followed_log(&self) -> &dyn EventStore {
        self.subset.as_ref().map_or(self.store.as_ref(), |subset| subset.as_ref())
    }

    /// The name of a procurement that is not served here, where it is called so or something of it has this id.
    #[must_use]
    pub fn left_out(&self, called: &str) -> Option<String> {
        self.subset.as_ref()?.left_out(called)
    }

    /// Refuses to answer what is about all procurements where some alone are followed.
    ///
    /// # Errors
    /// Some alone are.
    pub fn follows_all(&self) -> Result<(), LedgerError> {
        if self.is_of_some() { Err(LedgerError::AboutAll) } else { Ok(()) }
    }

    /// Whether an event of the log, as far as that was followed, is of what is followed.
    #[must_use]
    pub fn shows(&self, event: &Recorded) -> bool {
        self.subset.as_ref().is_none_or(|subset| subset.shows(event))
    }

    /// Whether some procurements alone are followed.
    #[must_use]
    pub fn is_of_some(&self) -> bool {
        self.subset.is_some()
    }

    /// What is known now.
    pub fn now(&self) -> RwLockReadGuard<'_, Followed> {
        self.followed.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn to_follow(&self) -> RwLockWriteGuard<'_, Followed> {
        self.followed.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what the log has got since. What is known can be asked for meanwhile, however long the log takes to answer.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn catch_up(&self) -> Result<(), LedgerError> {
        self.reading.answer(|| self.read_on()).map_err(LedgerError::Read)
    }

    /// The same after a wish. What came of that stands also where the log falls silent now: who follows the log takes it in later.
    fn catch_up_if_it_answers(&self) {
        drop(self.catch_up());
    }

    /// Reads what follows the book. Events are understood before the book is held.
    fn read_on(&self) -> Result<(), ReadError> {
        const AT_ONCE: usize = 1_024;
        let known = self.now().position;
        let mut shown = Vec::new();
        let outcome = read_on(self.followed_log(), known, &mut |event| {
            shown.push(Shown::of(event));
            if shown.len() == AT_ONCE {
                self.take_in(&mut shown, None);
            }
        });
        let end = outcome.as_ref().ok().copied().flatten();
        if !shown.is_empty() || end > known {
            self.take_in(&mut shown, end);
        }
        outcome.map(drop)
    }

    /// Takes in what was read, until `end` where more was read than is shown.
    fn take_in(&self, shown: &mut Vec<Shown>, end: Option<Position>) {
        // The past may be busy with another day's book: nobody waits for the book of now meanwhile.
        for known in shown.iter().filter(|shown| past::keeps(shown)).cloned().filter_map(Known::of) {
            self.past.take_in(known);
        }
        let mut followed = self.to_follow();
        for shown in shown.drain(..) {
            followed.take_in(&shown);
        }
        followed.position = followed.position.max(end);
        self.terms_reached.store(number(followed.terms), Ordering::Release);
        self.reached.store(number(followed.position), Ordering::Release);
    }

    /// How far into the log the book is, without waiting for who takes in more; zero where the log is empty.
    pub fn reached(&self) -> u64 {
        self.reached.load(Ordering::Acquire)
    }

    /// How far into the log one must have read to know all that is known or was written here: the log may have fallen silent
    /// after it took something, and the book comes after later.
    pub fn extends_to(&self) -> u64 {
        self.reached().max(self.written.load(Ordering::Acquire))
    }

    fn note_written(&self, position: Option<Position>) {
        self.written.fetch_max(number(position), Ordering::AcqRel);
    }

    /// The same for the last event that says who takes part on which terms.
    pub fn terms_reached(&self) -> u64 {
        self.terms_reached.load(Ordering::Acquire)
    }

    /// Who took part on which terms and who had access, as it was known at the end of `day`: the same fold as [`Self::as_of`],
    /// over the events of terms and of access alone. They are kept in memory, since they are few beside invoices and payments.
    pub fn terms_as_of(&self, day: NaiveDate) -> Arc<Followed> {
        self.past.as_of(Moment::Until(last_instant(day)))
    }

    /// The same as it was known with the event at a place in the log, and those before it.
    pub fn terms_with(&self, position: Position) -> Arc<Followed> {
        self.past.as_of(Moment::With(position))
    }

    /// What was known at the end of `day`: the same fold over the events recorded until then.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn as_of(&self, day: NaiveDate) -> Result<Followed, LedgerError> {
        let last = last_instant(day);
        fold(self.followed_log(), &|event| event.recorded_at <= last, &mut |_| {})
    }

    /// A book of one stream alone as it stands in the log, also where what is followed lacks some of it: a series numbers the
    /// invoices of many procurements.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn of_stream(&self, kind: StreamKind, id: Uuid) -> Result<Book, LedgerError> {
        Ok(handle::book_of_stream(self.store.as_ref(), kind, id)?)
    }

    /// Carries out a wish and takes in what came of it. `seen` is the version the caller saw, where it insists on it.
    ///
    /// # Errors
    /// It is rejected, conflicts with what others did, or the store fails; then nothing of it is written.
    pub fn carry_out(&self, wish: &Wish, envelope: &Envelope, seen: Option<u64>) -> Result<Handled, LedgerError> {
        self.carry_out_once(wish, envelope, seen, None)
    }

    /// The same for a request that a program may repeat, known by its digest: see [`handle::handle_once`].
    ///
    /// # Errors
    /// As [`Self::carry_out`], or the command id stands for a request with another digest.
    pub fn carry_out_once(
        &self,
        wish: &Wish,
        envelope: &Envelope,
        seen: Option<u64>,
        request_digest: Option<&str>,
    ) -> Result<Handled, LedgerError> {
        self.now().is_whole()?;
        let handled = handle::handle_once(self.followed_log(), wish, envelope, seen, request_digest);
        // Also where nothing was written: it was decided by what others may have written just now.
        self.catch_up_if_it_answers();
        self.note_written(handled.as_ref().ok().and_then(|handled| handled.position));
        Ok(handled?)
    }

    /// The same by what the book knows of the stream, which is not read again, however long it is.
    ///
    /// # Errors
    /// As [`Self::carry_out`], or others were faster.
    pub fn carry_out_as_known(&self, wish: &Wish, envelope: &Envelope) -> Result<Handled, LedgerError> {
        let (kind, id) = wish.stream();
        let (events, version) = {
            let known = self.now();
            known.is_whole()?;
            (wish.decide_in(&known.book).map_err(HandleError::Rejected)?, known.version(id))
        };
        let stream = handle::stream_name(kind, id);
        let written = handle::write_decided(self.followed_log(), &stream, version, events, envelope, None);
        self.catch_up_if_it_answers();
        self.note_written(written.as_ref().ok().and_then(|handled| handled.position));
        Ok(written?)
    }

    /// Carries out many wishes in order and takes in what came of them: all are decided before anything is written. How
    /// many events were written.
    ///
    /// # Errors
    /// One is rejected, and nothing is written; or the store fails on the way.
    pub fn carry_out_all(&self, wishes: &[(Wish, Envelope)]) -> Result<usize, LedgerError> {
        self.now().is_whole()?;
        self.count_written(handle::handle_all(self.followed_log(), wishes))
    }

    /// The same where the wishes belong together: all are written or none, as far as the home can.
    ///
    /// # Errors
    /// As [`Self::carry_out_all`]; nothing is written then where the home can write together.
    pub fn carry_out_together(&self, wishes: &[(Wish, Envelope)]) -> Result<usize, LedgerError> {
        self.now().is_whole()?;
        self.count_written(handle::handle_together(self.followed_log(), wishes))
    }

    fn count_written(&self, written: Result<Written, HandleError>) -> Result<usize, LedgerError> {
        self.catch_up_if_it_answers();
        let Written { count, last } = written?;
        self.note_written(last);
        Ok(count)
    }

    /// What came of a request before, where it has written events of the stream.
    ///
    /// # Errors
    /// The log cannot be read, or the command id stands for a request with another digest.
    pub fn handled_before(
        &self,
        kind: StreamKind,
        id: Uuid,
        command_id: Uuid,
        request_digest: &str,
    ) -> Result<Option<Handled>, LedgerError> {
        Ok(handle::look_back(self.store.as_ref(), (kind, id), command_id, request_digest)?)
    }

    /// Shows every voucher that follows from what was recorded up to the event `last` and the end of the day `until`, in the
    /// order of the log.
    ///
    /// # Errors
    /// The log cannot be read, an event of it cannot be understood, or the visitor stops.
    pub fn vouchers(
        &self,
        last: Option<Position>,
        until: Option<NaiveDate>,
        visit: &mut dyn FnMut(&Voucher) -> Visit,
    ) -> Result<(), LedgerError> {
        const BOOKED: [StreamKind; 2] = [StreamKind::Series, StreamKind::Payments];
        let mut postings = Postings::default();
        let shown = self.store.replay(None, &mut |event| {
            let on = norwegian_day(event.recorded_at);
            let is_booked = BOOKED.iter().any(|kind| event.stream.as_str().starts_with(kind.prefix()));
            let is_later = last.is_some_and(|last| event.position > last) || until.is_some_and(|until| on > until);
            if !is_booked || is_later {
                return Ok(());
            }
            let place = Place { position: event.position.0, on };
            let Some((id, decoded)) = understand(event)? else { return Ok(()) };
            postings.apply(place, id, &decoded).iter().try_for_each(&mut *visit)
        });
        shown.map(|_| ()).map_err(LedgerError::Read)
    }

    /// The events of one stream after a position, oldest first.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn history_since(&self, kind: StreamKind, id: Uuid, seen: Position) -> Result<Vec<Recorded>, LedgerError> {
        const LOOKED_BACK: u64 = 64;
        let Some(last) = self.now().version(id).filter(|_| self.reached() > seen.0) else { return Ok(Vec::new()) };
        let stream = handle::stream_name(kind, id);
        // Mostly nothing or little is new, so that the end of a long stream is enough.
        let mut looked_back = LOOKED_BACK;
        loop {
            let begin = last.saturating_sub(looked_back);
            let mut events = handle::stream_from(self.store.as_ref(), &stream, begin).map_err(LedgerError::Read)?;
            let is_whole = begin == 0 || events.first().is_none_or(|event| event.position <= seen);
            if is_whole {
                events.retain(|event| event.position > seen);
                return Ok(events);
            }
            looked_back = looked_back.saturating_mul(8);
        }
    }

    /// The events of one stream with where they stand, oldest first.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn history(&self, kind: StreamKind, id: Uuid) -> Result<Vec<Recorded>, LedgerError> {
        handle::whole_stream(self.store.as_ref(), &handle::stream_name(kind, id)).map_err(LedgerError::Read)
    }
}

/// The events of the log that a figure rests on, until the day it was asked for; `book` is what it was read from.
///
/// # Errors
/// The log cannot be read.
pub fn events_behind(
    ledger: &Ledger,
    book: &Book,
    explanation: &Explanation,
    wanted: Wanted,
) -> Result<Vec<EventReference>, LedgerError> {
    let mut events = Vec::new();
    let streams = explanation.streams(book, wanted);
    for (kind, id) in streams {
        for recorded in ledger.history(kind, id)? {
            let recorded_on = norwegian_day(recorded.recorded_at);
            if recorded_on > wanted.as_of {
                continue;
            }
            // One that cannot be understood has moved no figure; opening the log has named it.
            let understood = recorded
                .data
                .as_deref()
                .and_then(|data| schema::decode(&recorded.event_type, recorded.schema_version, data).ok());
            if understood.is_some_and(|event| explanation.rests_on(&event)) {
                events.push(EventReference {
                    position: recorded.position.0,
                    event_type: recorded.event_type.to_string(),
                    stream: recorded.stream.to_string(),
                    recorded_on,
                });
            }
        }
    }
    events.sort_by_key(|event| event.position);
    Ok(events)
}

/// The book of the events that are wanted; each of them is then handed on to `keep`.
fn fold(
    store: &dyn EventStore,
    wanted: &(dyn Fn(&RawEvent<'_>) -> bool + Sync),
    keep: &mut (dyn FnMut(Shown) + Send),
) -> Result<Followed, LedgerError> {
    let mut followed = Followed::default();
    let end = read_through(store, wanted, &mut |shown| {
        followed.take_in(&shown);
        keep(shown);
    });
    // Also what is not shown has been read.
    followed.position = end.map_err(LedgerError::Read)?;
    Ok(followed)
}

fn number(position: Option<Position>) -> u64 {
    position.map_or(0, |position| position.0)
}

/// An error with everything behind it, in one line.
#[must_use]
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(behind) = source {
        line.push_str(": ");
        line.push_str(&behind.to_string());
        source = behind.source();
    }
    line
}
