//! Nudges: the letters to those who are behind are looked at, and then sent as they were seen.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::board::procurement_seen;
use super::filled::{Answered, Reading, Wished, answered};
use super::form::Sent;
use super::kept::Rests;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::procurement::{Nudged, ProcurementCommand};
use crate::domain::text_names_no_address;
use crate::handle::Wish;
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::render::page::{Filled, NudgeShown, NudgesShown, Place, address_of, nudges_page};
use crate::render::{NoticeText, notice_text, written_to_in};
use crate::view::board::board;
use crate::view::notices::{NoticeAbout, addressee, around as around_letter};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/board/nudges", &[Operation::Nudge], preview),
        PageRoute::post("/board/nudges", &[Operation::Nudge], send),
    ]
}

/// What is added to each letter, and in which procurement.
#[derive(Debug, Clone, Default, Deserialize)]
struct NudgeQuery {
    #[serde(default)]
    note: String,
    #[serde(default)]
    procurement: String,
}

async fn preview(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<NudgeQuery>,
) -> Result<Page, Problem> {
    let preview = move |known: &Known<'_>, around: &Around| {
        let procurement = procurement_seen(known, Operation::Nudge, &query.procurement)?;
        let mut filled = Filled::default();
        let note = query.note.trim();
        if !note.is_empty() && !text_names_no_address(note) {
            filled.form = "note";
            filled.typed.insert("note".to_owned(), note.to_owned());
            filled.refused.insert("note".to_owned(), "page-note-refused");
        }
        let status = if filled.is_refused() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        shown(known, around, procurement, note, &filled, (status, known.app.ids.new_id()))
    };
    around.kept_of_now(app, asking, Rests::Everything, preview).await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    procurement: ProcurementId,
    note: &str,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    known.asking.may(Operation::Nudge, &whose::procurement(known.present, procurement))?;
    let state = known.book.procurements.get(&procurement);
    let is_note_sound = !note.is_empty() && filled.refused.is_empty();
    let nudged = Nudged { letters: vec![], note: is_note_sound.then(|| note.to_owned()), on: known.day };
    let mut rows = board(known.book, procurement, known.day);
    rows.retain(|row| row.days_behind > 0);
    rows.sort_by_key(|row| std::cmp::Reverse(row.days_behind));
    let mut nudges = Vec::new();
    for row in &rows {
        let late = row.late(known.day);
        let letter = around_letter(known.book, procurement, row.party, known.day);
        let language = written_to_in(letter.written_form);
        let about = NoticeAbout::Nudge { nudged: &nudged, late: &late };
        let text = notice_text(&NoticeText {
            about,
            language,
            around: &letter,
            compared: None,
            origin: known.app.settings.sign_in.address_for_letters(),
        });
        let person = addressee(known.book, row.party, about).map(|id| known.app.people.get(id)).transpose();
        let person = person.map_err(|error| Problem::internal(&error))?.flatten();
        nudges.push(NudgeShown {
            party: row.party,
            name: row.name.clone(),
            late,
            days_behind: row.days_behind,
            last_nudged_on: state.and_then(|state| state.last_nudged_on(row.party)),
            has_address: person.is_some_and(|person| person.email.is_some()),
            language,
            text,
        });
    }
    let opened = state.and_then(|state| state.opened.as_ref());
    let page = NudgesShown {
        procurement: opened.map_or("", |opened| opened.name.as_str()),
        procurement_id: procurement,
        note,
        nudges: &nudges,
        day: known.day,
        filled,
    };
    around.answer_as(status, command, Some(Place::Board), |frame| nudges_page(frame, &page))
}

async fn send(app: web::Data<App>, around: Around, sent: Sent) -> Answered {
    let called: ProcurementId = sent
        .field("procurement")
        .parse()
        .map_err(|_| Problem::new(NOT_FOUND, "the form names no procurement; load the page anew"))?;
    let note = sent.field("note").to_owned();
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let chosen = reading.sent.fields().keys().filter_map(|name| name.strip_prefix("party-")?.parse().ok());
        let parties: Vec<PartyId> = chosen.map(PartyId).collect();
        let note = reading.text_or_nothing("note");
        if parties.is_empty() {
            let sentence = "nobody is chosen; choose at least one of those who are behind";
            reading.fault("procurement-nobody-to-nudge", sentence.to_owned());
            return Ok(None);
        }
        let command = ProcurementCommand::Nudge { parties, note, on: app.clock.today(), letters: vec![] };
        let called_by = called.to_string();
        let then = address_of("/board", [("procurement", called_by.as_str()), ("behind", "yes"), ("nudged", "yes")]);
        Ok(Some(Wished { wish: Some(Wish::Procurement(called, command)), then }))
    };
    answered(app, around, sent, "nudge", wished, move |known, around, filled, anew| {
        shown(known, around, called, &note, filled, anew)
    })
    .await
}
