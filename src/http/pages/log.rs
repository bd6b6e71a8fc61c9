//! The auditor's page: the log in plain words, the latest first; of one stream from its end. Whether it is sound is found
//! out by a form (`verification`), and shown here.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use actix_web::web;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::kept::Rests;
use super::verification::Verification;
use crate::app::App;
use crate::clock::{last_instant, norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::access::{AccessEvent, Granted, Requested};
use crate::domain::event::{Event, StreamKind};
use crate::domain::identity::{AssessmentId, InvoiceId, PartyId, PaymentId, PersonId};
use crate::domain::payment::PaymentsEvent;
use crate::domain::series::SeriesEvent;
use crate::handle::{Metadata, decoded, stream_name};
use crate::http::accounts::role_shown;
use crate::http::answer::{Known, read};
use crate::http::asking::{Asking, actor_of};
use crate::http::called::Calling;
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::ledger::{Backwards, Through, stream_id};
use crate::render::page::{
    ActorShown, ERASED, EventShown, LogAsked, LogShown, Place, Subject, address_of, log_page, typed_day,
};
use crate::store::{EventStore, Position, ReadError, Recorded};
use crate::text::Language;
use crate::view::book::Book;
use crate::view::documents;
use crate::view::receivables::payments_of;
use crate::view::subject::{Called, subject};
use crate::view::whose;

/// How many events a page shows.
const SHOWN_MAX: usize = 50;
/// How many events are read first.
const READ_FIRST: u64 = 64;
/// How many events are read at a time.
const READ_AT_A_TIME: u64 = 500;
/// How many events are read for one page: what is rare is found by going on.
const READ_MAX: u64 = 10_000;
/// So far the clocks of those who write to one log may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::hours(1);
/// The streams by whose ids events name what has a name.
const NAMED: [StreamKind; 9] = [
    StreamKind::Party,
    StreamKind::Procurement,
    StreamKind::Agreement,
    StreamKind::Signup,
    StreamKind::Legacy,
    StreamKind::Cost,
    StreamKind::Licence,
    StreamKind::SharingKey,
    StreamKind::InvoiceRun,
];
/// The streams that are nobody's alone, in which some events name a party.
const SHARED: [StreamKind; 5] =
    [StreamKind::Procurement, StreamKind::SharingKey, StreamKind::InvoiceRun, StreamKind::Series, StreamKind::Payments];

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
    /// What an event names that is about the party: itself, its invoices and credit notes, the payments that pay them.
    of_party: BTreeSet<Uuid>,
    kind: Option<StreamKind>,
    stream: Option<(StreamKind, Uuid)>,
    actor: String,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    refused: Vec<&'static str>,
    /// Whose the streams are that were met: a series is of all whose invoices it numbers, which takes a while to find out.
    whose: RefCell<HashMap<Uuid, About>>,
    /// The language of the page.
    language: Language,
    /// What those are called who have done something.
    names: RefCell<HashMap<String, String>>,
}

impl Sought {
    fn calling<'a>(&self, known: &Known<'a>) -> Calling<'a> {
        Calling::of(known, self.language)
    }

    fn name_of(&self, known: &Known<'_>, written: &str) -> String {
        let mut names = self.names.borrow_mut();
        match names.get(written) {
            Some(name) => name.clone(),
            None => names.entry(written.to_owned()).or_insert(self.calling(known).actor(written)).clone(),
        }
    }

    fn of(query: &LogQuery, known: &Known<'_>, language: Language) -> Self {
        let mut refused = Vec::new();
        let mut date = |text: &str, name| {
            let found = typed_day(text.trim());
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
            of_party: party.map(|party| named_of(known.book, party)).unwrap_or_default(),
            kind,
            stream,
            actor: query.actor.trim().to_lowercase(),
            first,
            last,
            refused,
            language,
            whose: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// The streams that what is sought can be in; none where it can be in any.
    fn streams(&self, known: &Known<'_>) -> Option<Vec<(StreamKind, Uuid)>> {
        let is_of_kind = |kind: StreamKind| self.kind.is_none_or(|wanted| wanted == kind);
        match (self.stream, self.party, self.kind) {
            (Some(stream), ..) => Some(vec![stream]),
            (None, Some(party), _) => {
                let streams = whose::streams_of(known.present, party).into_iter();
                let shared = |kind: StreamKind| known.book.streams_of_kind(kind).into_iter().map(move |id| (kind, id));
                let streams = streams.chain(SHARED.into_iter().flat_map(shared));
                Some(streams.filter(|(kind, _)| is_of_kind(*kind)).collect())
            }
            (None, None, Some(kind)) => {
                Some(known.book.streams_of_kind(kind).into_iter().map(|id| (kind, id)).collect())
            }
            (None, None, None) => None,
        }
    }

    /// Whether an event is sought; `actor` is who is written down for it and what they are called.
    fn finds(&self, known: &Known<'_>, event: &Recorded, (kind, id): (StreamKind, Uuid), actor: [&str; 2]) -> bool {
        let on = norwegian_day(event.recorded_at);
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.stream.is_none_or(|(_, id)| stream_id(event.stream.as_str()) == Some(id))
            && actor.iter().any(|actor| actor.to_lowercase().contains(&self.actor))
            && self.first.is_none_or(|first| on >= first)
            && self.last.is_none_or(|last| on <= last)
            && self.party.is_none_or(|party| {
                self.whose(known, kind, id).parties.contains(&party) || names_one_of(event, &self.of_party)
            })
            && known.asking.sees(Operation::SeeLog, || self.whose(known, kind, id))
    }

    fn whose(&self, known: &Known<'_>, kind: StreamKind, id: Uuid) -> About {
        let mut found = self.whose.borrow_mut();
        found.entry(id).or_insert_with(|| whose::stream(known.present, kind, id)).clone()
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
        let sought = Sought::of(&query, known, around.language);
        let before = query.position.map(|position| position.saturating_add(1)).or(query.before);
        let (events, older) =
            if sought.refused.is_empty() { found(known, &sought, before)? } else { (Vec::new(), None) };
        let older = older.map(|before| older_address(&query, before));
        let may_verify =
            known.asking.may(Operation::CheckBook, &About::default()).is_ok() && known.app.ledger.follows_all().is_ok();
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
            actors: &actors(known, sought.calling(known)),
            running: stand.running,
            verified: stand.found.as_ref().map(|(found, at)| (found, norwegian_day(*at), time(*at))),
        };
        around.answer(known.app, Some(Place::Log), |frame| log_page(frame, &page))
    });
    whole.kept(&app, &asking, (Rests::Everything, &told), made).await
}

/// What names a party in events.
fn named_of(book: &Book, party: PartyId) -> BTreeSet<Uuid> {
    let mut named = BTreeSet::from([party.0]);
    for (invoice, _) in book.invoices_of_party(party) {
        named.insert(invoice.0);
        named.extend(book.credit_notes_of(invoice).iter().map(|note| note.credit_note.0));
        named.extend(payments_of(book, invoice).into_iter().map(|(paid, _)| paid.payment.0));
    }
    named
}

/// Whether one of these stands in an event.
fn names_one_of(event: &Recorded, ids: &BTreeSet<Uuid>) -> bool {
    fn stands_in(value: &Value, ids: &BTreeSet<Uuid>) -> bool {
        match value {
            Value::String(text) => text.parse().is_ok_and(|id| ids.contains(&id)),
            Value::Array(values) => values.iter().any(|value| stands_in(value, ids)),
            Value::Object(fields) => fields.values().any(|value| stands_in(value, ids)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    let data = event.data.as_deref().and_then(|data| serde_json::from_slice::<Value>(data).ok());
    data.is_some_and(|data| stands_in(&data, ids))
}

/// The first position at which something was recorded at an instant or after it; one after the last where nothing was.
fn position_at(store: &dyn EventStore, head: u64, instant: DateTime<Utc>) -> Result<u64, Problem> {
    let (mut low, mut high) = (1, head.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let after = middle.checked_sub(1).filter(|position| *position > 0).map(Position);
        let recorded = store.read_all(after, 1)?;
        match recorded.first().filter(|event| event.recorded_at < instant) {
            Some(event) => low = event.position.0.saturating_add(1),
            None => high = middle,
        }
    }
    Ok(low)
}

/// Between which positions the days stand that are sought, from the first to one after the last.
fn positions_of(store: &dyn EventStore, head: u64, sought: &Sought) -> Result<(u64, u64), Problem> {
    let begin = match sought.first.and_then(|first| first.pred_opt()) {
        Some(before) => position_at(store, head, last_instant(before) - CLOCKS_APART)?,
        None => 1,
    };
    let end = match sought.last {
        Some(last) => position_at(store, head, last_instant(last) + CLOCKS_APART)?,
        None => head.saturating_add(1),
    };
    Ok((begin, end))
}

/// So many events after a position. The store ends a page before an event that it cannot read, and says so where one begins there.
fn read_whole(store: &dyn EventStore, after: Option<Position>, count: usize) -> Result<Vec<Recorded>, ReadError> {
    let mut events = store.read_all(after, count)?;
    while events.len() < count {
        let after = events.last().map(|event| event.position).or(after);
        let more = store.read_all(after, count - events.len())?;
        if more.is_empty() {
            break;
        }
        events.extend(more);
    }
    Ok(events)
}

/// The latest that are sought before a position, and before which position there may be more.
fn found(known: &Known<'_>, sought: &Sought, before: Option<u64>) -> Result<(Vec<EventShown>, Option<u64>), Problem> {
    let store = known.app.ledger.store();
    let (floor, end) = positions_of(store.as_ref(), known.position, sought)?;
    let mut end = before.unwrap_or(u64::MAX).min(end);
    if let Some(streams) = sought.streams(known) {
        return found_in_streams(known, sought, &streams, (floor, end));
    }
    let (mut events, mut at_a_time) = (Vec::new(), READ_FIRST);
    let mut left = READ_MAX;
    while left > 0 {
        // Positions begin at 1, or at 0 in an empty log.
        if end <= floor.max(1) {
            return Ok((events, None));
        }
        let begin = end.saturating_sub(at_a_time).max(floor).max(1);
        let after = begin.checked_sub(1).filter(|position| *position > 0).map(Position);
        let count = usize::try_from(end - begin).unwrap_or(usize::MAX);
        let recorded = read_whole(store.as_ref(), after, count)?;
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
    (floor, end): (u64, u64),
) -> Result<(Vec<EventShown>, Option<u64>), Problem> {
    let through =
        streams.iter().filter_map(|(kind, id)| Some(Through { kind: *kind, id: *id, place: *known.places.get(id)? }));
    let store = known.app.ledger.store();
    let mut backwards = Backwards::through(store.as_ref(), through, end);
    let (mut events, mut reached) = (Vec::new(), None);
    while events.len() < SHOWN_MAX {
        // What is read already costs nothing more.
        let next = if backwards.read_count() < READ_MAX { backwards.next_event()? } else { backwards.next_ready() };
        let Some(event) = next else { break };
        if event.position.0 < floor {
            return Ok((events, None));
        }
        reached = Some(event.position.0);
        events.extend(event_shown(known, sought, &event));
    }
    Ok((events, reached.filter(|_| !backwards.is_at_end())))
}

/// Everybody who has, or had, an account, as they stand in the log.
fn actors(known: &Known<'_>, calling: Calling<'_>) -> Vec<ActorShown> {
    let actor = |person: &PersonId| ActorShown { written: actor_of(*person), called: calling.person(*person) };
    if known.asking.may(Operation::SeeAccounts, &About::default()).is_err() {
        return Vec::new();
    }
    known.book.access.keys().map(actor).collect()
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
    let (kind, id) = stream_called(event.stream.as_str())?;
    if !known.app.ledger.shows(event) {
        return None;
    }
    let metadata: Option<Metadata> = serde_json::from_slice(&event.metadata).ok();
    let written = metadata.map(|metadata| metadata.actor).unwrap_or_default();
    let actor = sought.name_of(known, &written);
    if !sought.finds(known, event, (kind, id), [&written, &actor]) {
        return None;
    }
    let data: Option<Value> = event.data.as_ref().and_then(|data| serde_json::from_slice(data).ok());
    Some(EventShown {
        position: event.position.0,
        event_type: event.event_type.to_string(),
        recorded_on: norwegian_day(event.recorded_at),
        time: time(event.recorded_at),
        actor,
        about: about(known, sought.calling(known), event, (kind, id)),
        stream: event.stream.to_string(),
        address: address(known, kind, id),
        facts: data.map(|data| facts(known, sought.calling(known), "", data)),
    })
}

/// The page on which one sees what an event led to.
fn address(known: &Known<'_>, kind: StreamKind, id: Uuid) -> Option<String> {
    match kind {
        StreamKind::InvoiceRun => Some(format!("/invoices/runs/{id}")),
        StreamKind::Party | StreamKind::Agreement | StreamKind::Signup | StreamKind::Legacy => {
            let of = *whose::stream(known.present, kind, id).parties.first()?;
            known.book.agreements_of_party(of).next()?;
            let party = known.book.parties.get(&of)?;
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

/// What an event is about: of a stream with many things in it, of the one.
fn about(known: &Known<'_>, calling: Calling<'_>, event: &Recorded, (kind, id): (StreamKind, Uuid)) -> Subject {
    let named = || Subject::Named(subject(known.book, kind, id, known.day));
    let decoded = decoded(event);
    let invoice = |invoice| {
        let name = documents::document(known.book, invoice).map(documents::Document::name);
        name.map_or_else(named, |name| Subject::Named(Called::Name(name)))
    };
    match decoded {
        Some(Event::Series(SeriesEvent::Issued(issued))) => {
            Subject::Invoice(issued.number, issued.invoice.recipient.name.clone())
        }
        Some(Event::Series(SeriesEvent::CreditNoteIssued(note))) => {
            Subject::CreditNote(note.number, note.recipient.name.clone())
        }
        Some(Event::Payments(happened)) => match happened {
            PaymentsEvent::Received(received) => Subject::Amount(received.amount_ore),
            PaymentsEvent::Matched(matched) => {
                Subject::Amount(matched.matches.iter().map(|matched| matched.amount_ore).sum())
            }
            PaymentsEvent::Unmatched(unmatched) => Subject::Amount(unmatched.amount_ore),
            PaymentsEvent::Returned(returned) => Subject::Amount(returned.amount_ore),
            PaymentsEvent::Reversed(reversed) => Subject::Amount(reversed.amount_ore),
            PaymentsEvent::Reminded(reminded) => invoice(reminded.invoice),
            PaymentsEvent::ChargesWaived(waived) => invoice(waived.invoice),
            PaymentsEvent::Opened(opened) => Subject::Named(Called::Name(opened.account_number)),
            PaymentsEvent::FileTaken(file) => Subject::Amount(file.sum_ore),
        },
        Some(Event::Access(happened)) => {
            let who = calling.person(PersonId(id));
            match happened {
                AccessEvent::Requested(Requested { role, until, .. })
                | AccessEvent::Granted(Granted { role, until, .. }) => {
                    Subject::Role(who, role_shown(known.book, role, until, known.day))
                }
                AccessEvent::Revoked(revoked) => {
                    Subject::Role(who, role_shown(known.book, revoked.role, None, known.day))
                }
                AccessEvent::Invited(_) | AccessEvent::InvitationRenewed(_) | AccessEvent::Closed(_) => {
                    Subject::Named(Called::Name(who))
                }
            }
        }
        Some(
            Event::Series(SeriesEvent::Opened(_))
            | Event::Party(_)
            | Event::Procurement(_)
            | Event::Agreement(_)
            | Event::Signup(_)
            | Event::Legacy(_)
            | Event::Cost(_)
            | Event::Licence(_)
            | Event::SharingKey(_)
            | Event::InvoiceRun(_)
            | Event::Delivery(_)
            | Event::Work(_),
        )
        | None => named(),
    }
}

/// What stands in a field of an event, with names in the place of ids.
fn facts(known: &Known<'_>, calling: Calling<'_>, field: &str, data: Value) -> Value {
    match data {
        Value::String(text) => {
            let is_of_person = field == "person" || field.ends_with("_by");
            if let Some(person) = text.parse().ok().filter(|_| is_of_person) {
                return person_said(known, calling, PersonId(person));
            }
            let named = text.parse().ok().and_then(|id| name_of(known, id));
            let instant = || text.parse::<DateTime<Utc>>().ok().map(in_norway);
            Value::String(named.or_else(instant).unwrap_or(text))
        }
        Value::Array(values) => values.into_iter().map(|value| facts(known, calling, field, value)).collect(),
        Value::Object(fields) => {
            let said = |(name, value): (String, Value)| {
                let value = facts(known, calling, &name, value);
                (name, value)
            };
            Value::Object(fields.into_iter().map(said).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

/// A person by name, as long as it is kept, for who sees names; otherwise by role.
fn person_said(known: &Known<'_>, calling: Calling<'_>, person: PersonId) -> Value {
    if !known.asking.sees_names() {
        return Value::String(calling.in_role(person));
    }
    match known.app.people.get(person) {
        Ok(Some(kept)) => Value::String(kept.name),
        Ok(None) => json!({ ERASED: person.to_string() }),
        // Nothing is said of a name that cannot be looked up.
        Err(_) => Value::String(calling.in_role(person)),
    }
}

/// An instant as clocks in Norway show it.
fn in_norway(instant: DateTime<Utc>) -> String {
    norwegian_day(instant).and_time(norwegian_time(instant)).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The name of what an id stands for, where it is known by one.
fn name_of(known: &Known<'_>, id: Uuid) -> Option<String> {
    let kind = NAMED.into_iter().find(|kind| known.book.knows(*kind, id));
    let named = kind.map(|kind| subject(known.book, kind, id, known.day).to_string());
    named
        .filter(|name| !name.is_empty())
        .or_else(|| documents::document(known.book, InvoiceId(id)).map(documents::Document::name))
        .or_else(|| stated_on(known.book, AssessmentId(id)).map(|day| day.to_string()))
        .or_else(|| {
            let received = known.book.payments.values().find_map(|account| account.payments.get(&PaymentId(id)));
            received.map(|payment| payment.received.reference.clone())
        })
}

/// The day of a statement of an amount, which is what people know it by.
fn stated_on(book: &Book, assessment: AssessmentId) -> Option<NaiveDate> {
    let of_costs = book.costs.values().flat_map(|cost| &cost.statements);
    let mut statements = of_costs.chain(book.licences.values().flat_map(|licence| &licence.statements));
    statements.find(|statement| statement.assessment == assessment).map(|statement| statement.on)
}

fn older_address(query: &LogQuery, before: u64) -> String {
    let fields = [
        ("party", query.party.as_str()),
        ("kind", &query.kind),
        ("stream", &query.stream),
        ("actor", &query.actor),
        ("first", &query.first),
        ("last", &query.last),
        ("before", &before.to_string()),
    ];
    address_of("/log", fields)
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
