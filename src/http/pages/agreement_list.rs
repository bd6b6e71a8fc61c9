//! The list of agreements: all of them for the county library and the auditor, one's own for the others.

use actix_web::web;
use serde::Deserialize;

use super::PageRoute;
use super::around::{Around, Page};
use super::kept::Rests;
use crate::alphabet::order;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::render::page::{
    AgreementRow, AgreementsAsked, AgreementsShown, Listed, Place, agreements_page, commitment_called, phase_called,
    phase_order,
};
use crate::view::register::{AgreementEntry, Entry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/agreements", &[Operation::SeeAgreements], list)]
}

/// So many agreements stand on a page.
const ROWS_MAX: usize = 100;

/// What is looked for, as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    phase: String,
    #[serde(default)]
    commitment: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<ListQuery>,
) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Terms, move |known, around| {
            let all = seen(known);
            let asked = AgreementsAsked {
                search: &query.q,
                phase: &query.phase,
                commitment: &query.commitment,
                sort: &query.sort,
            };
            let rows = chosen(&all, asked);
            let rows = Listed::asked(&rows, &query.page, ROWS_MAX);
            let page = AgreementsShown { all: &all, rows, asked, day: known.day };
            around.answer(known.app, Some(Place::Agreements), |frame| agreements_page(frame, &page))
        })
        .await
}

/// The agreements that the one who asks may see, by the number of the party.
fn seen(known: &Known<'_>) -> Vec<AgreementRow> {
    let mut entries = AgreementEntry::all(known.book, known.at());
    entries.retain(|entry| {
        known.asking.sees(Operation::SeeAgreements, || whose::agreement(known.present, entry.agreement))
    });
    let row = |entry: AgreementEntry| {
        let party = known.book.parties.get(&entry.party);
        let procurement = known.book.procurements.get(&entry.procurement);
        AgreementRow {
            name: party.map(|party| party.full_name_on(known.day)).unwrap_or_default(),
            number: party.and_then(|party| party.number_on(known.day)).unwrap_or_default().to_owned(),
            procurement: procurement
                .and_then(|known| known.opened.as_ref())
                .map(|opened| opened.name.clone())
                .unwrap_or_default(),
            entry,
        }
    };
    let mut rows: Vec<AgreementRow> = entries.into_iter().map(row).collect();
    rows.sort_by(|one, other| one.number.cmp(&other.number));
    rows
}

/// Those that are looked for, in the order that is asked for.
fn chosen<'a>(all: &'a [AgreementRow], asked: AgreementsAsked<'_>) -> Vec<&'a AgreementRow> {
    let search = asked.search.trim().to_lowercase();
    let (phase, commitment) = (phase_called(asked.phase), commitment_called(asked.commitment));
    let mut rows: Vec<&AgreementRow> = all
        .iter()
        .filter(|row| row.name.to_lowercase().contains(&search) || row.number.starts_with(&search))
        .filter(|row| phase.is_none_or(|phase| row.entry.phase == phase))
        .filter(|row| commitment.is_none_or(|commitment| row.entry.commitment == commitment))
        .collect();
    match asked.sort {
        "name" => rows.sort_by(|one, other| order(&one.name, &other.name)),
        "phase" => rows.sort_by_key(|row| phase_order(row.entry.phase)),
        "signed" => rows.sort_by_key(|row| std::cmp::Reverse(row.entry.signed.as_ref().map(|signed| signed.on))),
        _ => {}
    }
    rows
}
