//! The auditor's page: the log in plain words, the latest first, and whether it is sound.

use actix_web::web;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::PageRoute;
use super::around::{Around, Page};
use super::form::day;
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::event::StreamKind;
use crate::domain::identity::PartyId;
use crate::handle::Metadata;
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::ledger::stream_id;
use crate::render::page::{EventShown, LogAsked, LogShown, Place, Verified, log_page};
use crate::store::{Position, Recorded};
use crate::view::subject::subject;
use crate::view::whole_book::check_book;
use crate::view::whose;

/// How many events a page shows.
const SHOWN_MAX: usize = 50;
/// How many events are read at a time.
const READ_AT_A_TIME: u64 = 500;
/// How many times so many are read for one page: what is rare is found by going on.
const READS_MAX: usize = 20;

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
    verify: String,
}

/// What is looked for, as it is understood.
#[derive(Debug, Default)]
struct Sought {
    party: Option<PartyId>,
    kind: Option<StreamKind>,
    actor: String,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    refused: Vec<&'static str>,
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
        Self { party, kind, actor: query.actor.trim().to_lowercase(), first, last, refused }
    }

    fn finds(&self, known: &Known<'_>, event: &Recorded, (kind, about): (StreamKind, &About), actor: &str) -> bool {
        let on = norwegian_day(event.recorded_at);
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.party.is_none_or(|party| about.parties.contains(&party))
            && actor.to_lowercase().contains(&self.actor)
            && self.first.is_none_or(|first| on >= first)
            && self.last.is_none_or(|last| on <= last)
            && known.asking.sees(Operation::SeeLog, || about.clone())
    }
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<LogQuery>,
) -> Result<Page, Problem> {
    read(app, asking, None, move |known| {
        let sought = Sought::of(&query, known);
        let before = query.position.map(|position| position.saturating_add(1)).or(query.before);
        let (events, older) =
            if sought.refused.is_empty() { found(known, &sought, before)? } else { (Vec::new(), None) };
        let older = older.map(|before| older_address(&query, before));
        let verified = (query.verify == "yes").then(|| verified(known)).transpose()?;
        let kinds: Vec<&'static str> = StreamKind::ALL.iter().map(|kind| kind.prefix()).collect();
        let page = LogShown {
            asked: LogAsked {
                party: &query.party,
                kind: &query.kind,
                actor: &query.actor,
                first: &query.first,
                last: &query.last,
            },
            refused: &sought.refused,
            kinds: &kinds,
            events: &events,
            older: older.as_deref(),
            verified: verified.as_ref(),
        };
        around.answer(known.app, Some(Place::Log), |frame| log_page(frame, &page))
    })
    .await
}

/// The latest that are sought before a position, and before which position there may be more.
fn found(known: &Known<'_>, sought: &Sought, before: Option<u64>) -> Result<(Vec<EventShown>, Option<u64>), Problem> {
    let store = known.app.ledger.store();
    let head = store.head().map_err(|error| Problem::internal(&error))?.map_or(0, |head| head.0);
    let mut end = before.unwrap_or(u64::MAX).min(head.saturating_add(1));
    let mut events = Vec::new();
    for _ in 0..READS_MAX {
        // Positions begin at 1, or at 0 in an empty log.
        if end <= 1 {
            return Ok((events, None));
        }
        let begin = end.saturating_sub(READ_AT_A_TIME).max(1);
        let after = begin.checked_sub(1).filter(|position| *position > 0).map(Position);
        let count = usize::try_from(end - begin).unwrap_or(usize::MAX);
        let recorded = store.read_all(after, count).map_err(|error| Problem::internal(&error))?;
        for event in recorded.iter().rev().filter(|event| event.position.0 < end) {
            events.extend(event_shown(known, sought, event));
            if events.len() == SHOWN_MAX {
                return Ok((events, Some(event.position.0)));
            }
        }
        end = begin;
    }
    Ok((events, Some(end)))
}

fn event_shown(known: &Known<'_>, sought: &Sought, event: &Recorded) -> Option<EventShown> {
    let kind = StreamKind::ALL
        .iter()
        .copied()
        .filter(|kind| event.stream.as_str().starts_with(&format!("{}-", kind.prefix())))
        .max_by_key(|kind| kind.prefix().len())?;
    let id = stream_id(event.stream.as_str())?;
    let metadata: Option<Metadata> = serde_json::from_slice(&event.metadata).ok();
    let actor = metadata.map(|metadata| metadata.actor).unwrap_or_default();
    let about = whose::stream(known.book, kind, id);
    if !sought.finds(known, event, (kind, &about), &actor) {
        return None;
    }
    let data: Option<Value> = event.data.as_ref().and_then(|data| serde_json::from_slice(data).ok());
    Some(EventShown {
        position: event.position.0,
        event_type: event.event_type.to_string(),
        recorded_on: norwegian_day(event.recorded_at),
        time: norwegian_time(event.recorded_at).format("%H:%M:%S").to_string(),
        actor,
        about: subject(known.book, kind, id, known.day),
        stream: event.stream.to_string(),
        address: address(known, kind, id, &about),
        facts: data.map(facts),
    })
}

/// The page on which one sees what an event led to.
fn address(known: &Known<'_>, kind: StreamKind, id: uuid::Uuid, about: &About) -> Option<String> {
    match kind {
        StreamKind::InvoiceRun => Some(format!("/invoices/runs/{id}")),
        StreamKind::Party | StreamKind::Agreement | StreamKind::Signup | StreamKind::Legacy => {
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
        | StreamKind::Access => None,
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
        ("actor", &query.actor),
        ("first", &query.first),
        ("last", &query.last),
    ];
    let pairs = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| format!("{name}={}", crate::render::page::as_parameter(value)));
    let pairs: Vec<String> = pairs.chain([format!("before={before}")]).collect();
    format!("/log?{}", pairs.join("&"))
}

fn verified(known: &Known<'_>) -> Result<Verified, Problem> {
    known.asking.may(Operation::CheckBook, &About::default())?;
    let findings = check_book(known.book).findings.into_iter();
    let mut faults: Vec<String> = findings.map(|finding| format!("{}: {}", finding.about, finding.what)).collect();
    faults.extend(known.damaged.iter().map(|(at, what)| format!("event {at}: {what}")));
    match known.app.store.verify(&mut |_, _| {}) {
        Ok(verified) if faults.is_empty() => {
            return Ok(Verified::Sound { count: verified.count, head: verified.head_hash.to_string() });
        }
        Ok(_) => {}
        Err(error) => faults.push(error.to_string()),
    }
    Ok(Verified::Faulty(faults))
}
