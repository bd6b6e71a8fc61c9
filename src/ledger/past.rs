//! What was known on earlier days of who takes part on which terms.
//!
//! The events of terms are read from the log once and kept with the day of their recording; a day's book is their fold until
//! then. The books of the days that were asked for last are kept too: a day that is over stays as it is, as long as
//! nothing is recorded with an earlier date.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Followed, LedgerError, Read, read_on, understand, with_sources};
use crate::clock::norwegian_day;
use crate::domain::event::{Event, StreamKind};
use crate::store::{EventStore, Position, RawEvent, ReadError};

/// The books of so many days are kept.
const DAYS_MAX: usize = 8;

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
    /// The days asked for last, the latest at the end.
    days: Vec<(NaiveDate, Arc<Followed>)>,
}

/// The events of terms and the books of earlier days.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<Kept>);

impl Past {
    /// What was known of terms at the end of a day, as far as the book goes. The log is asked only where that is further than
    /// it was read here.
    pub(super) fn as_of(
        &self,
        store: &dyn EventStore,
        known: Option<Position>,
        day: NaiveDate,
    ) -> Result<Arc<Followed>, LedgerError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.read_until < known {
            kept.read_on(store).map_err(LedgerError::Read)?;
        }
        if let Some(index) = kept.days.iter().position(|(known, _)| *known == day) {
            let found = kept.days.remove(index);
            kept.days.push(found);
        } else {
            let followed = Arc::new(kept.fold(day));
            if kept.days.len() == DAYS_MAX {
                kept.days.remove(0);
            }
            kept.days.push((day, followed));
        }
        Ok(kept.days.last().map(|(_, followed)| Arc::clone(followed)).unwrap_or_default())
    }
}

impl Kept {
    /// Takes in what the log has got since.
    fn read_on(&mut self, store: &dyn EventStore) -> Result<(), ReadError> {
        let Self { read_until, events, days } = self;
        let end = read_on(store, *read_until, &mut |read| match read {
            Read::Event(event) => {
                *read_until = Some(event.position);
                if is_of_terms(&event) {
                    let known = known(event);
                    days.retain(|(day, _)| *day < known.on);
                    events.push(known);
                }
            }
            Read::Damaged(position, what) => {
                // Of which day it is, nobody knows.
                events.push(Known { on: NaiveDate::MIN, position, event: Err(what) });
                days.clear();
                *read_until = Some(position);
            }
        })?;
        *read_until = end;
        Ok(())
    }

    fn fold(&self, day: NaiveDate) -> Followed {
        let mut followed = Followed { position: self.read_until, ..Followed::default() };
        for known in self.events.iter().filter(|known| known.on <= day) {
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
