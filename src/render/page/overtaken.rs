//! A form that came too late: both versions beside each other, and what one can do.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::frame::Frame;
use super::library::item_called;
use super::log::called_in_words;
use crate::view::subject::Called;

/// What fields are called, by their names. Another field goes by its own name.
const CALLED: [(&str, &str); 19] = [
    ("item", "page-ready-item"),
    ("done", "page-ready-state"),
    ("go_live", "page-go-live-day"),
    ("objections_until", "page-objections-by"),
    ("role", "page-your-role"),
    ("person", "page-your-id"),
    ("name", "page-name"),
    ("reference", "page-reference"),
    ("on", "page-date"),
    ("amount", "page-amount"),
    ("reason", "page-reason"),
    ("booked_on", "page-booked-on"),
    ("note", "page-proposal-note"),
    ("answer", "page-answer"),
    ("text", "page-answer-text"),
    ("answer_by", "page-answer-by"),
    ("applies_from", "page-applies-from"),
    ("invoice_date", "page-invoice-date"),
    ("due_date", "page-due"),
];

/// What the form of a checklist says, which is chosen by its buttons and not typed, with the keys of its words.
const CHOSEN: [(&str, &str); 2] = [("yes", "page-ready-is-done"), ("no", "page-ready-is-open")];

/// A field of a form that came too late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OvertakenField {
    /// Its name.
    pub name: String,
    /// What was typed.
    pub mine: String,
    /// What others have said in the meantime; none where they said nothing of it.
    pub theirs: Option<String>,
    /// Whether people read it; what the program alone needs is sent along unseen.
    pub is_read: bool,
}

/// Something that was faster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OvertakingEvent {
    /// Its stable name.
    pub event_type: String,
    /// The day in Norway.
    pub recorded_on: NaiveDate,
    /// `14:05`.
    pub time: String,
    /// Who.
    pub who: String,
}

/// A form that came too late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OvertakenShown {
    /// Where it was sent to.
    pub path: String,
    /// The page that it stood on.
    pub page: String,
    /// What it is about.
    pub about: Called,
    /// Its fields.
    pub fields: Vec<OvertakenField>,
    /// What was faster, in its order.
    pub events: Vec<OvertakingEvent>,
}

#[derive(Serialize)]
struct FieldRow<'a> {
    name: &'a str,
    label: String,
    is_labelled: bool,
    mine: &'a str,
    /// What it says in words, where it is chosen and not typed.
    chosen: Option<String>,
    theirs: Option<String>,
    is_other: bool,
}

#[derive(Serialize)]
struct EventRow<'a> {
    when: String,
    what: String,
    who: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    path: &'a str,
    page: &'a str,
    about: String,
    events: Vec<EventRow<'a>>,
    read: Vec<FieldRow<'a>>,
    unread: Vec<FieldRow<'a>>,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn overtaken_page(frame: &Frame<'_>, shown: &OvertakenShown) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let rows = |is_read: bool| {
        let fields = shown.fields.iter().filter(move |field| field.is_read == is_read);
        fields.map(|field| row(say, field)).collect::<Vec<_>>()
    };
    let events = shown.events.iter().map(|event| EventRow {
        when: format!("{} {}", say.date(event.recorded_on), event.time),
        what: say.word(&format!("event-{}", event.event_type.replace('.', "-"))),
        who: &event.who,
    });
    let page = Shown {
        path: &shown.path,
        page: &shown.page,
        about: called_in_words(say, &shown.about),
        events: events.collect(),
        read: rows(true),
        unread: rows(false),
    };
    super::fill("overtaken", frame, &say.word("page-overtaken"), &page)
}

/// What a field is called, and whether that is a word of the language and not its own name.
pub(super) fn label(say: Say, name: &str) -> (String, bool) {
    let key = CALLED.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
    (key.map_or_else(|| name.replace('_', " "), |key| say.word(key)), key.is_some())
}

fn row(say: Say, field: &OvertakenField) -> FieldRow<'_> {
    let (label, is_labelled) = label(say, &field.name);
    let chosen = |text: &str| match field.name.as_str() {
        "item" => item_called(text).map(|key| say.word(key)),
        "done" => CHOSEN.iter().find(|(value, _)| *value == text).map(|(_, key)| say.word(key)),
        _ => None,
    };
    let as_written =
        |text: &String| chosen(text).unwrap_or_else(|| text.parse().map_or_else(|_| text.clone(), |day| say.date(day)));
    FieldRow {
        name: &field.name,
        label,
        is_labelled,
        mine: &field.mine,
        chosen: chosen(&field.mine),
        theirs: field.theirs.as_ref().map(as_written),
        is_other: field.theirs.as_ref().is_some_and(|theirs| *theirs != field.mine),
    }
}
