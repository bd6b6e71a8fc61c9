//! The county library's board.

use actix_web::web;
use serde::Deserialize;

use super::PageRoute;
use super::around::{Around, Page};
use super::kept::Rests;
use crate::alphabet::order;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::cost::Distribution;
use crate::domain::identity::ProcurementId;
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::render::page::{BoardAsked, BoardShown, Listed, Place, Procurements, board_page, step_called};
use crate::view::board::{BoardRow, board};
use crate::view::register::{CostEntry, Entry as _, LicenceEntry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/board", &[Operation::SeeSignups], shown)]
}

/// So many municipalities stand on a page of the board.
const ROWS_MAX: usize = 100;

/// What is looked for, as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct BoardQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    behind: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    procurement: String,
    #[serde(default)]
    nudged: String,
    #[serde(default)]
    page: String,
}

/// The procurement that is named, or else the latest that the one who asks may see.
pub fn procurement_seen(known: &Known<'_>, operation: Operation, called: &str) -> Result<ProcurementId, Problem> {
    let found = known.book.procurements_called(Some(called).filter(|called| !called.is_empty()));
    let seen = found
        .into_iter()
        .rfind(|procurement| known.asking.sees(operation, || whose::procurement(known.present, *procurement)));
    seen.ok_or_else(|| Problem::new(NOT_FOUND, "there is no procurement that you can see").of_path())
}

/// A procurement that is shown, and all that can be.
pub fn procurements(
    known: &Known<'_>,
    shown: ProcurementId,
    can_be_shown: impl Fn(ProcurementId) -> bool,
) -> Procurements {
    let named = known.book.procurements.iter().filter_map(|(id, of)| Some((*id, of.opened.as_ref()?.name.clone())));
    Procurements { shown, all: named.filter(|(id, _)| can_be_shown(*id)).collect() }
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<BoardQuery>,
) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Terms, move |known, around| {
            let procurement = procurement_seen(known, Operation::SeeProcurements, &query.procurement)?;
            let mut all = board(known.book, procurement, known.day);
            all.retain(|row| {
                known.asking.sees(Operation::SeeSignups, || whose::part(known.present, procurement, row.party))
            });
            let asked =
                BoardAsked { search: &query.q, step: &query.step, behind: query.behind == "yes", sort: &query.sort };
            let rows = chosen(&all, asked);
            let (mut costs, mut licences) =
                (CostEntry::all(known.book, known.at()), LicenceEntry::all(known.book, known.at()));
            // What one party bears alone is nobody else's to see, also where its procurement is shared.
            let sees = |of: ProcurementId, distribution: &Distribution| {
                of == procurement
                    && known.asking.sees(Operation::SeeAmounts, || whose::distributed(known.present, of, distribution))
            };
            costs.retain(|cost| sees(cost.procurement, &cost.distribution));
            licences.retain(|licence| sees(licence.procurement, &licence.distribution));
            let opened = known.book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
            let page = BoardShown {
                procurement: opened.map_or("", |opened| opened.name.as_str()),
                procurements: &procurements(known, procurement, |of| {
                    known.asking.sees(Operation::SeeProcurements, || whose::procurement(known.present, of))
                }),
                day: known.day,
                asked,
                all: &all,
                rows: Listed::asked(&rows, &query.page, ROWS_MAX),
                costs: &costs,
                licences: &licences,
                may_nudge: known.asking.may(Operation::Nudge, &whose::procurement(known.present, procurement)).is_ok(),
                nudged: query.nudged == "yes",
            };
            around.answer(known.app, Some(Place::Board), |frame| board_page(frame, &page))
        })
        .await
}

/// Those that are looked for, in the order that is asked for.
fn chosen<'a>(all: &'a [BoardRow], asked: BoardAsked<'_>) -> Vec<&'a BoardRow> {
    let search = asked.search.trim().to_lowercase();
    let step = step_called(asked.step);
    let mut rows: Vec<&BoardRow> = all
        .iter()
        .filter(|row| row.name.to_lowercase().contains(&search) || row.number.starts_with(&search))
        .filter(|row| !asked.behind || row.days_behind > 0)
        .filter(|row| step.is_none_or(|step| row.steps.iter().any(|(known, state)| *known == step && state.is_open())))
        .collect();
    match asked.sort {
        "name" => rows.sort_by(|one, other| order(&one.name, &other.name)),
        "behind" => rows.sort_by_key(|row| std::cmp::Reverse(row.days_behind)),
        _ => {}
    }
    rows
}
