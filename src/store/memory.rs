//! A home in memory, for tests and for hypothetical logs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::DateTime;
use uuid::Uuid;

use super::admission::{self, Earlier};
use super::{
    Append, AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, PAGE_EVENTS_MAX, Position, ReadError,
    Recorded, StreamName, StreamPage, Wake,
};

/// A log that lasts as long as it is held.
#[derive(Debug, Default)]
pub struct MemoryStore {
    log: Mutex<Log>,
    wake: Wake,
}

#[derive(Debug, Default)]
struct Log {
    events: Vec<Recorded>,
    /// Where in `events` each stream's events stand.
    streams: HashMap<StreamName, Vec<usize>>,
    ids: HashMap<Uuid, usize>,
}

impl MemoryStore {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn earlier(&self, stream: &StreamName, event: &NewEvent) -> Option<Earlier> {
        let found = &self.events[*self.ids.get(&event.id)?];
        let same = found.stream == *stream
            && *found.event_type == *event.event_type
            && found.schema_version == event.schema_version
            && found.data.as_ref() == Some(&event.data);
        Some(Earlier { position: found.position, version: found.version, same })
    }

    fn append(
        &mut self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, AppendError> {
        admission::check(stream, &events)?;
        let actual = self.streams.get(stream).map(|versions| versions.len() as u64 - 1);
        let earlier: Vec<_> = events.iter().map(|event| self.earlier(stream, event)).collect();
        if let Some(repetition) = admission::admit(stream, expected, actual, &events, &earlier)? {
            return Ok(repetition);
        }
        let appended = Appended {
            first_position: Position(self.events.len() as u64 + 1),
            last_position: Position((self.events.len() + events.len()) as u64),
            version: admission::next_version(actual) + events.len() as u64 - 1,
            already_committed: false,
        };
        for event in events {
            self.push(stream, event);
        }
        Ok(appended)
    }

    /// As it was when it held `count` events.
    fn forget_after(&mut self, count: usize) {
        for event in self.events.drain(count..) {
            self.ids.remove(&event.id);
            if let Some(versions) = self.streams.get_mut(&event.stream) {
                versions.pop();
            }
        }
        self.streams.retain(|_, versions| !versions.is_empty());
    }

    fn push(&mut self, stream: &StreamName, event: NewEvent) {
        let index = self.events.len();
        let versions = self.streams.entry(stream.clone()).or_default();
        self.ids.insert(event.id, index);
        self.events.push(Recorded {
            position: Position(index as u64 + 1),
            stream: stream.clone(),
            version: versions.len() as u64,
            id: event.id,
            event_type: Arc::from(event.event_type),
            schema_version: event.schema_version,
            recorded_at: DateTime::from_timestamp_micros(event.recorded_at.timestamp_micros())
                .unwrap_or(event.recorded_at),
            data: Some(event.data),
            metadata: event.metadata,
        });
        versions.push(index);
    }

    fn head(&self) -> Option<Position> {
        self.events.last().map(|event| event.position)
    }
}

impl EventStore for MemoryStore {
    fn capabilities(&self) -> Capabilities {
        Capabilities { gapless: true, chained: false, together: true }
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let appended = self.log().append(stream, expected, events)?;
        self.wake.advance(Some(appended.last_position));
        Ok(appended)
    }

    fn append_together(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        let mut log = self.log();
        let before = log.events.len();
        let appended: Result<Vec<Appended>, AppendError> =
            appends.into_iter().map(|append| log.append(&append.stream, append.expected, append.events)).collect();
        if appended.is_err() {
            log.forget_after(before);
        }
        let head = log.head();
        drop(log);
        self.wake.advance(head);
        appended
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        let log = self.log();
        let from = usize::try_from(from_version).unwrap_or(usize::MAX);
        let versions = log.streams.get(stream).map_or(&[][..], Vec::as_slice);
        let rest = versions.get(from..).unwrap_or_default();
        let page = rest.get(..max.min(PAGE_EVENTS_MAX)).unwrap_or(rest);
        Ok(StreamPage {
            events: page.iter().map(|&index| log.events[index].clone()).collect(),
            is_last: page.len() == rest.len(),
        })
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        let skipped = after.map_or(0, |position| usize::try_from(position.0).unwrap_or(usize::MAX));
        Ok(self.log().events.iter().skip(skipped).take(max.min(PAGE_EVENTS_MAX)).cloned().collect())
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        Ok(self.log().head())
    }

    fn wake(&self) -> Wake {
        self.wake.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::store::contract::every_home!(|| (Arc::new(MemoryStore::default()), ()));
}
