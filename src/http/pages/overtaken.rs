//! A form that came too late: while its page was open, others have done something to what it is about.
//!
//! A form says how far the log had come when its page was made (`seen`) and which page that was (`seen_at`). Events that the
//! stream of its wish has got since are set beside what was typed, and nothing is done until the one who sent it has
//! looked at both. Where many write side by side into one stream, only what names the same things as the form counts.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::form::Sent;
use super::live;
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::event::StreamKind;
use crate::domain::signup::SignupCommand;
use crate::handle::{HandleError, Metadata, Wish, begins_command};
use crate::http::asking::Asking;
use crate::http::called::Calling;
use crate::http::problem::Problem;
use crate::render::page::{OvertakenField, OvertakenShown, OvertakingEvent};
use crate::store::{Position, Recorded};
use crate::text::Language;
use crate::view::subject::{Called, subject};

/// What every form holds, and nobody reads.
pub const OF_EVERY_FORM: [&str; 4] = ["command", "form_token", "seen", "seen_at"];
/// A wish that takes the place of the one before.
const GO_LIVE_WISHED: &str = "signup.go-live-wished";
/// Words shorter than this say nothing of what a form is about.
const TELLING_CHARACTERS_MIN: usize = 4;

/// How a stream stands to a form.
#[derive(Debug)]
pub enum Stands {
    /// Nobody was faster. The version that must still hold when it is written; none where it does not matter.
    At(Option<u64>),
    /// Others were faster.
    Overtaken(Overtaken),
}

/// What a form that came too late is about.
#[derive(Debug, Clone)]
pub struct Overtaken {
    path: String,
    page: String,
    about: Called,
    fields: Vec<(String, String)>,
    events: Vec<Recorded>,
}

/// Whether others were faster than a form.
///
/// # Errors
/// The log cannot be read, or the form was sent before and undone since.
pub fn since(app: &App, sent: &Sent, wish: &Wish) -> Result<Stands, Problem> {
    let Ok(seen) = sent.field("seen").parse::<u64>() else { return Ok(Stands::At(None)) };
    let (kind, id) = wish.stream();
    let version = app.ledger.now().version(id);
    let is_shared = is_written_side_by_side(kind);
    let needed = version.filter(|_| !is_shared);
    let (command, page) = (sent.command()?, sent.of_page()?);
    let mut events = app.ledger.history_since(kind, id, Position(seen))?;
    if events.iter().any(|event| begins_command(event, command)) {
        // It was sent before, and done: the same again is no other wish, unless it was undone since.
        let is_undone = wish.decide_in(&app.ledger.now().book).is_ok_and(|events| !events.is_empty());
        return if is_undone { Err(HandleError::CommandIdReused.into()) } else { Ok(Stands::At(None)) };
    }
    // What one has done oneself by another form of the page is no surprise.
    events.retain(|event| !is_of_page(event, page));
    if is_shared {
        let named = named_in(sent);
        events.retain(|event| is_same_wish(event, wish) || names_one_of(event, &named));
    }
    if events.is_empty() {
        return Ok(Stands::At(needed));
    }
    let fields = sent.asked().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let page = live::page_at(sent.field("seen_at")).to_owned();
    let about = subject(&app.ledger.now().book, kind, id, app.clock.today());
    Ok(Stands::Overtaken(Overtaken { path: sent.path().to_owned(), page, about, fields, events }))
}

/// Streams in which what one does is not about what another does.
fn is_written_side_by_side(kind: StreamKind) -> bool {
    match kind {
        StreamKind::Signup | StreamKind::Payments | StreamKind::Series | StreamKind::Delivery => true,
        StreamKind::Party
        | StreamKind::Procurement
        | StreamKind::Agreement
        | StreamKind::Legacy
        | StreamKind::Cost
        | StreamKind::Licence
        | StreamKind::SharingKey
        | StreamKind::InvoiceRun
        | StreamKind::Access
        | StreamKind::Work => false,
    }
}

/// Whether an event is what a wish leads to that takes the place of the one before, whatever both name.
fn is_same_wish(event: &Recorded, wish: &Wish) -> bool {
    matches!(wish, Wish::Signup(_, SignupCommand::WishGoLive { .. })) && *event.event_type == *GO_LIVE_WISHED
}

fn is_of_page(event: &Recorded, page: Uuid) -> bool {
    serde_json::from_slice::<Metadata>(&event.metadata).is_ok_and(|metadata| metadata.correlation_id == page)
}

/// What a form is about: what stands in its address and in its fields.
fn named_in(sent: &Sent) -> Vec<String> {
    let in_path = sent.path().split('/');
    let telling = in_path
        .chain(sent.asked().map(|(_, value)| value))
        .filter(|text| text.chars().count() >= TELLING_CHARACTERS_MIN);
    telling.map(str::to_owned).collect()
}

fn names_one_of(event: &Recorded, named: &[String]) -> bool {
    let data: Option<Value> = event.data.as_deref().and_then(|data| serde_json::from_slice(data).ok());
    let facts = data.map(|data| facts(&data)).unwrap_or_default();
    facts.iter().any(|(_, value)| named.contains(value))
}

/// The facts of an event, also those within others, by their own names.
fn facts(data: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(None, data, &mut found);
    found
}

fn collect(name: Option<&str>, data: &Value, found: &mut Vec<(String, String)>) {
    match data {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(Some(name), value, found)),
        Value::Array(values) => values.iter().for_each(|value| collect(name, value, found)),
        Value::Null => {}
        Value::String(text) => found.extend(name.map(|name| (name.to_owned(), text.clone()))),
        Value::Bool(_) | Value::Number(_) => found.extend(name.map(|name| (name.to_owned(), data.to_string()))),
    }
}

impl Overtaken {
    /// As it is shown.
    pub fn shown(&self, app: &App, asking: &Asking, language: Language) -> OvertakenShown {
        let followed = app.ledger.now();
        let calling = Calling { app, asking, book: &followed.book, day: app.clock.today(), language };
        let mut theirs: BTreeMap<String, String> = BTreeMap::new();
        let mut events = Vec::new();
        for event in &self.events {
            let data: Option<Value> = event.data.as_deref().and_then(|data| serde_json::from_slice(data).ok());
            theirs.extend(data.as_ref().map(facts).unwrap_or_default());
            // What the form of a checklist asks for is in the name of what happened.
            let done = match &*event.event_type {
                "signup.readiness-ticked" => Some("yes"),
                "signup.readiness-reopened" => Some("no"),
                _ => None,
            };
            theirs.extend(done.map(|done| ("done".to_owned(), done.to_owned())));
            let metadata: Option<Metadata> = serde_json::from_slice(&event.metadata).ok();
            events.push(OvertakingEvent {
                event_type: event.event_type.to_string(),
                recorded_on: norwegian_day(event.recorded_at),
                time: norwegian_time(event.recorded_at).format("%H:%M").to_string(),
                who: metadata.map(|metadata| calling.actor(&metadata.actor)).unwrap_or_default(),
            });
        }
        let fields = self.fields.iter().map(|(name, mine)| OvertakenField {
            theirs: theirs.get(name).cloned(),
            is_read: mine.parse::<Uuid>().is_err(),
            name: name.clone(),
            mine: mine.clone(),
        });
        OvertakenShown {
            path: self.path.clone(),
            page: self.page.clone(),
            about: self.about.clone(),
            fields: fields.collect(),
            events,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_are_found_by_their_own_names_however_deep_they_stand() {
        let data = json!({ "approved": { "role": "leader", "lines": [{ "net_ore": 5 }] }, "note": null });
        let found = facts(&data);
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, [("net_ore", "5"), ("role", "leader")]);
    }
}
