//! The log in plain words, for whoever audits it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::super::RenderError;
use super::super::words::Say;
use super::accounts::RoleShown;
use super::facts::facts;
use super::field::SaidShown;
use super::frame::{Frame, Place};
use super::who::role_said;
use crate::domain::money::Ore;
use crate::text::Language;
use crate::view::subject::Called;

/// An event as it is shown.
#[derive(Debug, Clone)]
pub struct EventShown {
    /// Its place in the log.
    pub position: u64,
    /// Its stable name.
    pub event_type: String,
    /// The day and the time of recording in Norway.
    pub recorded_on: NaiveDate,
    /// `14:05:09`.
    pub time: String,
    /// Who.
    pub actor: String,
    /// What it is about.
    pub about: Subject,
    /// The stream.
    pub stream: String,
    /// Where the stream's own page is; none where it has none.
    pub address: Option<String>,
    /// The facts by their names, with what is known by an id by its name; none where they were erased.
    pub facts: Option<Value>,
}

/// What an event is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// What people know it by; nothing where that is nothing.
    Named(Called),
    /// An invoice: its number, and who pays.
    Invoice(u64, String),
    /// A credit note.
    CreditNote(u64, String),
    /// An amount that came in, or was put to an invoice.
    Amount(Ore),
    /// A role of somebody.
    Role(String, RoleShown),
}

impl Subject {
    fn said(&self, say: Say) -> String {
        let document = |key, number: &u64, to: &str| {
            say.sentence(key, [("number", number.to_string().as_str()), ("recipient", to)])
        };
        match self {
            Self::Named(called) => called_in_words(say, called),
            Self::Invoice(number, to) => document("page-log-invoice", number, to),
            Self::CreditNote(number, to) => document("page-log-credit-note", number, to),
            Self::Amount(amount) => say.in_ore().kroner(*amount),
            Self::Role(who, role) => format!("{who}: {}", role_said(say, role)),
        }
    }
}

/// What people know something by.
pub(super) fn called_in_words(say: Say, called: &Called) -> String {
    match called {
        Called::Name(name) => name.clone(),
        Called::Days(days) => say.days(*days),
    }
}

/// Somebody who may have done something.
#[derive(Debug, Clone)]
pub struct ActorShown {
    /// As the log has it.
    pub written: String,
    /// What they are called.
    pub called: String,
}

/// What was asked for, as it was typed.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct LogAsked<'a> {
    /// A party.
    pub party: &'a str,
    /// A kind of stream.
    pub kind: &'a str,
    /// A stream.
    pub stream: &'a str,
    /// Part of who it was.
    pub actor: &'a str,
    /// The first day.
    pub first: &'a str,
    /// The last day.
    pub last: &'a str,
}

/// What verifying found.
#[derive(Debug, Clone)]
pub enum Verified {
    /// The chain is unbroken, and the book adds up.
    Sound {
        /// How many events there are.
        count: u64,
        /// The hash of the last one.
        head: String,
    },
    /// What is wrong, in English.
    Faulty(Vec<String>),
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct LogShown<'a> {
    /// What was asked for.
    pub asked: LogAsked<'a>,
    /// The fields that were not taken as they were typed.
    pub refused: &'a [&'static str],
    /// The kinds of streams.
    pub kinds: &'a [&'static str],
    /// The events, the latest first.
    pub events: &'a [EventShown],
    /// Where older ones are; none where there are none.
    pub older: Option<&'a str>,
    /// Whether the one who looks may have it verified.
    pub may_verify: bool,
    /// Who can be chosen as having done it; nobody where that is not the reader's to see.
    pub actors: &'a [ActorShown],
    /// How many events are verified, of how many, while that goes on.
    pub running: Option<(u64, u64)>,
    /// What verifying found last, the day and the time.
    pub verified: Option<(&'a Verified, NaiveDate, String)>,
}

#[derive(Serialize)]
struct Fact {
    name: SaidShown,
    value: SaidShown,
}

#[derive(Serialize)]
struct Row<'a> {
    position: u64,
    when: String,
    what: String,
    event_type: &'a str,
    about: String,
    stream: &'a str,
    address: Option<&'a str>,
    actor: &'a str,
    erased: bool,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct ActorChoice<'a> {
    written: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Kind {
    value: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
struct Shown<'a> {
    asked: LogAsked<'a>,
    refused_party: bool,
    refused_first: bool,
    refused_last: bool,
    refused_stream: bool,
    may_verify: bool,
    running: Option<String>,
    kinds: Vec<Kind>,
    actors: Vec<ActorChoice<'a>>,
    events: Vec<Row<'a>>,
    older: Option<&'a str>,
    verified_at: Option<String>,
    sound: Option<String>,
    head: Option<&'a str>,
    faults: &'a [String],
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn log_page(frame: &Frame<'_>, shown: &LogShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let (sound, head, faults): (_, _, &[String]) = match shown.verified.as_ref().map(|(found, ..)| *found) {
        None => (None, None, &[]),
        Some(Verified::Sound { count, head }) => {
            let count = say.number((*count).into());
            (Some(say.sentence("page-log-sound", [("count", count.as_str())])), Some(head.as_str()), &[])
        }
        Some(Verified::Faulty(faults)) => (None, None, faults),
    };
    let page = Shown {
        asked: shown.asked,
        refused_party: shown.refused.contains(&"party"),
        refused_first: shown.refused.contains(&"first"),
        refused_last: shown.refused.contains(&"last"),
        refused_stream: shown.refused.contains(&"stream"),
        may_verify: shown.may_verify,
        running: shown.running.map(|(done, of)| {
            let (done, of) = (say.number(done.into()), say.number(of.into()));
            say.sentence("page-log-verifying", [("done", done.as_str()), ("of", of.as_str())])
        }),
        kinds: shown.kinds.iter().map(|value| kind(say, value, shown.asked.kind)).collect(),
        actors: shown.actors.iter().map(|actor| ActorChoice { written: &actor.written, text: &actor.called }).collect(),
        events: shown.events.iter().map(|event| row(frame.language, event)).collect(),
        older: shown.older,
        verified_at: shown.verified.as_ref().map(|(_, day, time)| {
            say.sentence("page-log-verified", [("day", say.date(*day).as_str()), ("time", time.as_str())])
        }),
        sound,
        head,
        faults,
    };
    super::fill("log", frame, &say.word(Place::Log.key()), &page)
}

fn kind(say: Say, value: &'static str, asked: &str) -> Kind {
    Kind { value, text: say.word(&format!("log-kind-{value}")), chosen: value == asked }
}

fn row(language: Language, event: &EventShown) -> Row<'_> {
    let say = Say::of(language);
    let facts = event.facts.as_ref().map(|data| facts(language, &event.event_type, data)).unwrap_or_default();
    Row {
        position: event.position,
        when: format!("{} {}", say.date(event.recorded_on), event.time),
        what: say.word(&format!("event-{}", event.event_type.replace('.', "-"))),
        event_type: &event.event_type,
        about: event.about.said(say),
        stream: &event.stream,
        address: event.address.as_deref(),
        actor: &event.actor,
        erased: event.facts.is_none(),
        facts: facts
            .iter()
            .map(|(name, value)| Fact { name: SaidShown::said(name), value: SaidShown::said(value) })
            .collect(),
    }
}
