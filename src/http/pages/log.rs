//! The auditor's page: the log in plain words, the latest first; of one stream from its end. Whether it is sound is found
//! out by a form (`verification`), and shown here.

use std::cell::RefCell;
use std::collections::HashMap;

use actix_web::web;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::form::day;
use super::kept::Rests;
use super::verification::Verification;
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::event::StreamKind;
use crate::domain::identity::PartyId;
use crate::handle::{Metadata, stream_name};
use crate::http::answer::{Known, read};
use crate::http::asking::{Asking, called};
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::ledger::{Backwards, Through, stream_id};
use crate::render::page::{EventShown, LogAsked, LogShown, Place, log_page};
use crate::store::{Position, Recorded};
use crate::view::subject::subject;
use crate::view::whose;

/// How many events a page shows.
const SHOWN_MAX: usize = 50;
/// How many events are read first.
const READ_FIRST: u64 = 64;
/// How many events are read at a time.
const READ_AT_A_TIME: u64 = 500;
/// How many events are read for one page: what is rare is found by going on.
const READ_MAX: u64 = 10_000;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/log", &[Operation::SeeLog], shown)]
}

/// What is looked for, as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct LogQuery {
    #[serde(default)]
    party: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
    /// Only events before this position.
    before: Option<u64>,
    /// This event first.
    position: Option<u64>,
    #[serde(default)]
    stream: String,
}

/// What is looked for, as it is understood.
#[derive(Debug, Default)]
struct Sought {
    party: Option<PartyId>,
    kind: Option<StreamKind>,
    stream: Option<(StreamKind, Uuid)>,
    actor: String,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    refused: Vec<&'static str>,
    /// Whose the streams are that were met: a series is of all whose invoices it numbers, which takes a while to find out.
    whose: RefCell<HashMap<Uuid, About>>,
}

impl Sought {
    fn of(query: &LogQuery, known: &Known<'_>) -> Self {
        let mut refused = Vec::new();
        let mut date = |text: &str, name| {
            let found = day(text.trim());
            if found.is_none() && !text.trim().is_empty() {
                refused.push(name);
            }
            found
        };
        let (first, last) = (date(&query.first, "first"), date(&query.last, "last"));
        let called = query.party.trim();
        let party = match known.book.parties_called(called).as_slice() {
            [one] if !called.is_empty() => Some(*one),
            _ => None,
        };
        if party.is_none() && !called.is_empty() {
            refused.push("party");
        }
        let kind = StreamKind::ALL.iter().copied().find(|kind| kind.prefix() == query.kind);
        let stream = stream_called(query.stream.trim());
        if stream.is_none() && !query.stream.trim().is_empty() {
            refused.push("stream");
        }
        Self {
            party,
            kind,
            stream,
            actor: query.actor.trim().to_lowercase(),
            first,
            last,
            refused,
            whose: RefCell::default(),
        }
    }

    /// The streams that what is sought can be in; none where it can be in any.
    fn streams(&self, known: &Known<'_>) -> Option<Vec<(StreamKind, Uuid)>> {
        let is_of_kind = |kind: StreamKind| self.kind.is_none_or(|wanted| wanted == kind);
        match (self.stream, self.party, self.kind) {
            (Some(stream), ..) => Some(vec![stream]),
            (None, Some(party), _) => {
                let streams = whose::streams_of(known.book, party).into_iter();
                Some(streams.filter(|(kind, _)| is_of_kind(*kind)).collect())
            }
            (None, None, Some(kind)) => {
                Some(known.book.streams_of_kind(kind).into_iter().map(|id| (kind, id)).collect())
            }
            (None, None, None) => None,
        }
    }

    fn finds(&self, known: &Known<'_>, event: &Recorded, (kind, id): (StreamKind, Uuid), actor: &str) -> bool {
        let on = norwegian_day(event.recorded_at);
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.stream.is_none_or(|(_, id)| stream_id(event.stream.as_str()) == Some(id))
            && actor.to_lowercase().contains(&self.actor)
            && self.first.is_none_or(|first| on >= first)
            && self.last.is_none_or(|last| on <= last)
            && self.party.is_none_or(|party| self.whose(known, kind, id).parties.contains(&party))
            && known.asking.sees(Operation::SeeLog, || self.whose(known, kind, id))
    }

    fn whose(&self, known: &Known<'_>, kind: StreamKind, id: Uuid) -> About {
        let mut found = self.whose.borrow_mut();
        found.entry(id).or_insert_with(|| whose::stream(known.book, kind, id)).clone()
    }
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    verification: web::Data<Verification>,
    Asked(query): Asked<LogQuery>,
) -> Result<Page, Problem> {
    let (told, stand) = (verification.told().to_string(), verification.stand());
    // It may be done before the page is told anything: then it asks anew as soon as it is open.
    let around = if stand.running.is_some() { around.behind() } else { around };
    let whole = around.clone();
    let made = read(app.clone(), asking.clone(), None, move |known| {
        let sought = Sought::of(&query, known);
        let before = query.position.map(|position| position.saturating_add(1)).or(query.before);
        let (events, older) =
            if sought.refused.is_empty() { found(known, &sought, before)? } else { (Vec::new(), None) };
        let older = older.map(|before| older_address(&query, before));
        let may_verify = known.asking.may(Operation::CheckBook, &About::default()).is_ok();
        let kinds: Vec<&'static str> = StreamKind::ALL.iter().map(|kind| kind.prefix()).collect();
        let page = LogShown {
            asked: LogAsked {
                party: &query.party,
                kind: &query.kind,
                stream: query.stream.trim(),
                actor: &query.actor,
                first: &query.first,
                last: &query.last,
            },
            refused: &sought.refused,
            kinds: &kinds,
            events: &events,
            older: older.as_deref(),
            may_verify,
            running: stand.running,
            verified: stand.found.as_ref().map(|(found, at)| (found, norwegian_day(*at), time(*at))),
        };
        around.answer(known.app, Some(Place::Log), |frame| log_page(frame, &page))
    });
    whole.kept(&app, &asking, (Rests::Everything, &told), made).await
}

/// The latest that are sought before a position, and before which position there may be more.
fn found(known: &Known<'_>, sought: &Sought, before: Option<u64>) -> Result<(Vec<EventShown>, Option<u64>), Problem> {
    if let Some(streams) = sought.streams(known) {
        return found_in_streams(known, sought, &streams, before);
    }
    let store = known.app.ledger.store();
    let head = store.head().map_err(|error| Problem::internal(&error))?.map_or(0, |head| head.0);
    let mut end = before.unwrap_or(u64::MAX).min(head.saturating_add(1));
    let (mut events, mut at_a_time) = (Vec::new(), READ_FIRST);
    let mut left = READ_MAX;
    while left > 0 {
        // Positions begin at 1, or at 0 in an empty log.
        if end <= 1 {
            return Ok((events, None));
        }
        let begin = end.saturating_sub(at_a_time).max(1);
        let after = begin.checked_sub(1).filter(|position| *position > 0).map(Position);
        let count = usize::try_from(end - begin).unwrap_or(usize::MAX);
        let recorded = store.read_all(after, count).map_err(|error| Problem::internal(&error))?;
        for event in recorded.iter().rev().filter(|event| event.position.0 < end) {
            events.extend(event_shown(known, sought, event));
            if events.len() == SHOWN_MAX {
                return Ok((events, Some(event.position.0)));
            }
        }
        left = left.saturating_sub(end - begin);
        end = begin;
        // Where the first few are not what is sought, many more are looked through.
        at_a_time = READ_AT_A_TIME;
    }
    Ok((events, Some(end)))
}

/// The same in some streams.
fn found_in_streams(
    known: &Known<'_>,
    sought: &Sought,
    streams: &[(StreamKind, Uuid)],
    before: Option<u64>,
) -> Result<(Vec<EventShown>, Option<u64>), Problem> {
    let through =
        streams.iter().filter_map(|(kind, id)| Some(Through { kind: *kind, id: *id, place: *known.places.get(id)? }));
    let store = known.app.ledger.store();
    let mut backwards = Backwards::through(store.as_ref(), through, before.unwrap_or(u64::MAX));
    let (mut events, mut reached) = (Vec::new(), None);
    while events.len() < SHOWN_MAX {
        // What is read already costs nothing more.
        let next = if backwards.read_count() < READ_MAX {
            backwards.next_event().map_err(|error| Problem::internal(&error))?
        } else {
            backwards.next_ready()
        };
        let Some(event) = next else { break };
        reached = Some(event.position.0);
        events.extend(event_shown(known, sought, &event));
    }
    Ok((events, reached.filter(|_| !backwards.is_at_end())))
}

/// The stream that is meant by its kind and its id, such as `agreement-0b9c…`.
fn stream_called(text: &str) -> Option<(StreamKind, Uuid)> {
    let id = stream_id(text)?;
    let named = |kind: &&StreamKind| text == stream_name(**kind, id).as_str();
    StreamKind::ALL.iter().find(named).map(|kind| (*kind, id))
}

/// The time of day in Norway.
fn time(at: DateTime<Utc>) -> String {
    norwegian_time(at).format("%H:%M:%S").to_string()
}

fn event_shown(known: &Known<'_>, sought: &Sought, event: &Recorded) -> Option<EventShown> {
    let kind = StreamKind::ALL
        .iter()
        .copied()
        .filter(|kind| event.stream.as_str().starts_with(&format!("{}-", kind.prefix())))
        .max_by_key(|kind| kind.prefix().len())?;
    let id = stream_id(event.stream.as_str())?;
    let metadata: Option<Metadata> = serde_json::from_slice(&event.metadata).ok();
    let actor = metadata.map(|metadata| called(known.app, known.asking, &metadata.actor)).unwrap_or_default();
    if !sought.finds(known, event, (kind, id), &actor) {
        return None;
    }
    let data: Option<Value> = event.data.as_ref().and_then(|data| serde_json::from_slice(data).ok());
    Some(EventShown {
        position: event.position.0,
        event_type: event.event_type.to_string(),
        recorded_on: norwegian_day(event.recorded_at),
        time: time(event.recorded_at),
        actor,
        about: subject(known.book, kind, id, known.day),
        stream: event.stream.to_string(),
        address: address(known, kind, id),
        facts: data.map(facts),
    })
}

/// The page on which one sees what an event led to.
fn address(known: &Known<'_>, kind: StreamKind, id: Uuid) -> Option<String> {
    match kind {
        StreamKind::InvoiceRun => Some(format!("/invoices/runs/{id}")),
        StreamKind::Party | StreamKind::Agreement | StreamKind::Signup | StreamKind::Legacy => {
            let about = whose::stream(known.book, kind, id);
            let party = known.book.parties.get(about.parties.first()?)?;
            party.number_on(known.day).map(|number| format!("/municipalities/{number}"))
        }
        StreamKind::Procurement => Some("/board".to_owned()),
        StreamKind::Cost
        | StreamKind::Licence
        | StreamKind::SharingKey
        | StreamKind::Series
        | StreamKind::Delivery
        | StreamKind::Payments
        | StreamKind::Access
        | StreamKind::Work => None,
    }
}

/// The fields of an event; what is within a field as JSON writes it.
fn facts(data: Value) -> Vec<(String, String)> {
    match data {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (name, text)
            })
            .collect(),
        data @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            vec![("data".to_owned(), data.to_string())]
        }
    }
}

fn older_address(query: &LogQuery, before: u64) -> String {
    let fields = [
        ("party", &query.party),
        ("kind", &query.kind),
        ("stream", &query.stream),
        ("actor", &query.actor),
        ("first", &query.first),
        ("last", &query.last),
    ];
    let pairs = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| format!("{name}={}", crate::render::page::as_parameter(value)));
    let pairs: Vec<String> = pairs.chain([format!("before={before}")]).collect();
    format!("/log?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_meant_by_its_kind_and_its_id() {
        let id = Uuid::from_u128(7);
        assert_eq!(stream_called(&format!("sharing-key-{id}")), Some((StreamKind::SharingKey, id)));
        for other in [format!("key-{id}"), id.to_string(), "agreement-".to_owned(), "å".repeat(40)] {
            assert_eq!(stream_called(&other), None, "{other}");
        }
    }
}
