//! What was known on earlier days of who takes part on which terms.
//!
//! The events of terms are read from the log once and kept with the day of their recording; a day's book is their fold until
//! then, and so is the book at a place in the log. The books that were asked for last are kept too: a day that is over stays as
//! it is, as long as nothing is recorded with an earlier date.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use uuid::Uuid;

use super::reading::{Read, read_on};
use super::{Followed, LedgerError, understand, with_sources};
use crate::clock::norwegian_day;
use crate::domain::event::{Event, StreamKind};
use crate::store::{EventStore, Position, RawEvent, ReadError};

/// The books of so many moments are kept.
const MOMENTS_MAX: usize = 8;

/// As of when something was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// At the end of a day.
    EndOf(NaiveDate),
    /// With an event of the log, and those before it.
    With(Position),
}

impl Moment {
    fn knows(self, known: &Known) -> bool {
        match self {
            Self::EndOf(day) => known.on <= day,
            Self::With(position) => known.position <= position,
        }
    }
}

/// An event of terms, or why it cannot be understood.
#[derive(Debug)]
struct Known {
    on: NaiveDate,
    position: Position,
    event: Result<(Uuid, Event), String>,
}

#[derive(Debug, Default)]
struct Kept {
    read_until: Option<Position>,
    events: Vec<Known>,
    /// The moments asked for last, the latest at the end.
    moments: Vec<(Moment, Arc<Followed>)>,
}

/// The events of terms and the books of earlier days.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<Kept>);

impl Past {
    /// What was known of terms at a moment, as far as the book goes. The log is asked only where that is further than it was
    /// read here.
    pub(super) fn as_of(
        &self,
        store: &dyn EventStore,
        known: Option<Position>,
        moment: Moment,
    ) -> Result<Arc<Followed>, LedgerError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.read_until < known {
            kept.read_on(store).map_err(LedgerError::Read)?;
        }
        let moment = match moment {
            // What the log has not got yet is known to nobody.
            Moment::With(position) => Moment::With(position.min(kept.read_until.unwrap_or(position))),
            Moment::EndOf(_) => moment,
        };
        if let Some(index) = kept.moments.iter().position(|(known, _)| *known == moment) {
            let found = kept.moments.remove(index);
            kept.moments.push(found);
        } else {
            let followed = Arc::new(kept.fold(moment));
            if kept.moments.len() == MOMENTS_MAX {
                kept.moments.remove(0);
            }
            kept.moments.push((moment, followed));
        }
        Ok(kept.moments.last().map(|(_, followed)| Arc::clone(followed)).unwrap_or_default())
    }
}

impl Kept {
    /// Takes in what the log has got since.
    fn read_on(&mut self, store: &dyn EventStore) -> Result<(), ReadError> {
        let Self { read_until, events, moments } = self;
        let end = read_on(store, *read_until, &mut |read| match read {
            Read::Event(event) => {
                *read_until = Some(event.position);
                if is_of_terms(&event) {
                    let known = known(event);
                    moments.retain(|(moment, _)| !moment.knows(&known));
                    events.push(known);
                }
            }
            Read::Damaged(position, what) => {
                // Of which day it is, nobody knows.
                events.push(Known { on: NaiveDate::MIN, position, event: Err(what) });
                moments.clear();
                *read_until = Some(position);
            }
        })?;
        *read_until = end;
        Ok(())
    }

    fn fold(&self, moment: Moment) -> Followed {
        let mut followed = Followed { position: self.read_until, ..Followed::default() };
        for known in self.events.iter().filter(|known| moment.knows(known)) {
            match &known.event {
                Ok((id, event)) => {
                    followed.book.apply(*id, event);
                    followed.terms = Some(known.position);
                }
                Err(why) => followed.damaged.push((known.position, why.clone())),
            }
        }
        followed
    }
}

fn is_of_terms(event: &RawEvent<'_>) -> bool {
    let stream = event.stream.as_str();
    let is_of = |kind: &&StreamKind| stream.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('-'));
    event.data.is_some() && StreamKind::ALL.iter().filter(|kind| kind.is_of_terms()).any(|kind| is_of(&kind))
}

fn known(event: RawEvent<'_>) -> Known {
    let (on, position) = (norwegian_day(event.recorded_at), event.position);
    let event = match understand(event) {
        Ok(Some(understood)) => Ok(understood),
        Ok(None) => Err("it belongs to no stream".to_owned()),
        Err(error) => Err(with_sources(&error)),
    };
    Known { on, position, event }
}
