//! What was known on earlier days of who takes part on which terms, and of who had access.
//!
//! The events that say so are kept as they come, with the day of their recording; a day's book is their fold until then, and so
//! is the book at a place in the log. The books that were asked for last are kept too: a day that is over stays as it is, as long
//! as nothing is recorded with an earlier date.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Followed, Shown};
use crate::domain::event::{Event, StreamKind};
use crate::store::Position;

/// The books of so many moments are kept.
const MOMENTS_MAX: usize = 8;

/// As of when something was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// An instant, such as the last of a day.
    Until(DateTime<Utc>),
    /// With an event of the log, and those before it.
    With(Position),
}

impl Moment {
    fn knows(self, known: &Known) -> bool {
        match self {
            Self::Until(instant) => known.recorded_at <= instant,
            Self::With(position) => known.position <= position,
        }
    }
}

/// An event that is kept, or why it cannot be understood.
#[derive(Debug)]
pub(super) struct Known {
    recorded_at: DateTime<Utc>,
    position: Position,
    /// Its place in its stream, from 0; none where it is damaged.
    version: Option<u64>,
    event: Result<(Uuid, Event), String>,
}

impl Known {
    /// An event, where it says who takes part on which terms or who has access. A damaged one may be any.
    pub(super) fn of(shown: Shown) -> Option<Self> {
        if !keeps(&shown) {
            return None;
        }
        let event = shown.says.transpose()?;
        // Of which day a damaged one is, nobody knows.
        let recorded_at = event.as_ref().map_or(DateTime::<Utc>::MIN_UTC, |_| shown.recorded_at);
        Some(Self { recorded_at, position: shown.position, version: shown.stream.map(|(_, version)| version), event })
    }
}

/// The events that are kept, and the books of earlier moments. Whoever holds both locks takes that of the events first.
#[derive(Debug)]
pub(super) struct Past {
    kept: RwLock<Vec<Known>>,
    /// Those asked for last, the latest at the end.
    moments: Mutex<Vec<(Moment, Arc<Followed>)>>,
}

impl Past {
    /// The past of a log that was read through.
    pub(super) fn of(kept: Vec<Known>) -> Self {
        Self { kept: RwLock::new(kept), moments: Mutex::default() }
    }

    /// Keeps one event more.
    pub(super) fn take_in(&self, known: Known) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        self.moments().retain(|(moment, _)| !moment.knows(&known));
        kept.push(known);
    }

    /// What was known at a moment, as far as the log was followed.
    pub(super) fn as_of(&self, moment: Moment) -> Arc<Followed> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = self.asked_before(moment) {
            return found;
        }
        let followed = Arc::new(fold(&kept, moment));
        let mut moments = self.moments();
        if moments.len() == MOMENTS_MAX {
            moments.remove(0);
        }
        moments.push((moment, Arc::clone(&followed)));
        followed
    }

    fn asked_before(&self, moment: Moment) -> Option<Arc<Followed>> {
        let mut moments = self.moments();
        let index = moments.iter().position(|(known, _)| *known == moment)?;
        let found = moments.remove(index);
        moments.push(found);
        moments.last().map(|(_, followed)| Arc::clone(followed))
    }

    fn moments(&self) -> MutexGuard<'_, Vec<(Moment, Arc<Followed>)>> {
        self.moments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fold(kept: &[Known], moment: Moment) -> Followed {
    let mut followed = Followed::default();
    for known in kept.iter().filter(|known| moment.knows(known)) {
        followed.position = Some(known.position);
        match &known.event {
            Ok((id, event)) => {
                if let Some(version) = known.version {
                    followed.note_place(*id, version, known.position);
                }
                followed.book.apply(*id, event);
                if event.kind().is_of_terms() {
                    followed.terms = Some(known.position);
                }
            }
            Err(why) => followed.damaged.push((known.position, why.clone())),
        }
    }
    followed
}

/// Whether it says who takes part on which terms or who has access, or may have said so where it is damaged.
pub(super) fn keeps(shown: &Shown) -> bool {
    match &shown.says {
        Ok(Some((_, event))) => is_kept(event.kind()),
        Ok(None) => false,
        Err(_) => shown.may_be_kept,
    }
}

fn is_kept(kind: StreamKind) -> bool {
    kind.is_of_terms() || kind == StreamKind::Access
}

/// Whether the events of a stream of this name are kept.
pub(super) fn is_of_kept_stream(stream: &str) -> bool {
    let is_of = |kind: &StreamKind| stream.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('-'));
    StreamKind::ALL.iter().any(|kind| is_kept(*kind) && is_of(kind))
}
