//! The letters to those who are behind, before they are sent.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::board::step_key;
use super::field::{Field, Filled, Kind, Named, Refusal, named};
use super::frame::Frame;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::procurement::LateStep;
use crate::text::Language;

/// A letter to one that is behind.
#[derive(Debug, Clone)]
pub struct NudgeShown {
    /// The party.
    pub party: PartyId,
    /// Its names.
    pub name: String,
    /// What it is behind with.
    pub late: Vec<LateStep>,
    /// How many days it is behind at most.
    pub days_behind: i64,
    /// The day it was written to last.
    pub last_nudged_on: Option<NaiveDate>,
    /// Whether it has a contact with an e-mail address.
    pub has_address: bool,
    /// The language of the letter.
    pub language: Language,
    /// The letter.
    pub text: String,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct NudgesShown<'a> {
    /// The procurement.
    pub procurement: &'a str,
    /// Its id.
    pub procurement_id: ProcurementId,
    /// What is added to each letter.
    pub note: &'a str,
    /// The letters, to those most behind first.
    pub nudges: &'a [NudgeShown],
    /// The day.
    pub day: NaiveDate,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct LetterShown<'a> {
    party: PartyId,
    name: &'a str,
    late: Vec<String>,
    behind: String,
    last: Option<String>,
    is_today: bool,
    has_address: bool,
    chosen: bool,
    language: &'static str,
    language_name: &'static str,
    subject: &'a str,
    paragraphs: Vec<Vec<&'a str>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    procurement: &'a str,
    procurement_id: ProcurementId,
    refusal: Refusal,
    note_field: Field<'a>,
    note: &'a str,
    letters: Vec<LetterShown<'a>>,
    count: String,
    may_send: bool,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn nudges_page(frame: &Frame<'_>, shown: &NudgesShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let note = Named { hint: Some("page-proposal-note-hint"), ..named("note", "page-nudge-note") };
    let empty = Filled::default();
    let letters: Vec<LetterShown<'_>> = shown.nudges.iter().map(|nudge| letter_shown(say, shown, nudge)).collect();
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let page = Shown {
        procurement: shown.procurement,
        procurement_id: shown.procurement_id,
        refusal: shown.filled.of("nudge", &empty).refusal(say),
        note_field: shown.filled.field("note", note, Kind::Text, shown.note),
        note: shown.note,
        may_send: letters.iter().any(|letter| !letter.is_today) && shown.filled.form != "note",
        letters,
        count: say.counting("page-nudges-count", ("count", count), []),
    };
    super::fill("nudges", frame, &say.word("page-nudges"), &page)
}

fn letter_shown<'a>(say: Say, shown: &NudgesShown<'_>, nudge: &'a NudgeShown) -> LetterShown<'a> {
    let (subject, body) = nudge.text.split_once("\n\n").unwrap_or((&nudge.text, ""));
    let is_today = nudge.last_nudged_on == Some(shown.day);
    // After a form that was not taken, those stay chosen that were.
    let was_chosen = || shown.filled.typed.contains_key(&format!("party-{}", nudge.party));
    let chosen = if shown.filled.form == "nudge" { was_chosen() } else { nudge.has_address };
    let late = nudge.late.iter().map(|late| {
        let due = say.date(late.due);
        format!("{} ({})", say.word(step_key(late.step)), say.sentence("page-was-due", [("day", due.as_str())]))
    });
    LetterShown {
        party: nudge.party,
        name: &nudge.name,
        late: late.collect(),
        behind: say.of_days("page-days-behind", nudge.days_behind, []),
        last: nudge.last_nudged_on.map(|day| say.sentence("page-last-nudged", [("day", say.date(day).as_str())])),
        is_today,
        has_address: nudge.has_address,
        chosen: chosen && !is_today,
        language: nudge.language.code(),
        language_name: nudge.language.own_name(),
        subject,
        paragraphs: body.trim_end().split("\n\n").map(|paragraph| paragraph.lines().collect()).collect(),
    }
}
