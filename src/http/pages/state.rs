//! The state on any day, for whoever audits: agreements and what they cost, what was outstanding, and who had access, as it
//! was known at the end of the day.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::PageRoute;
use super::around::{Around, Page};
use super::form::day;
use super::kept::Rests;
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::agreement::Phase;
use crate::http::answer::{Known, blocking};
use crate::http::asking::{Asking, called_by_id};
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::render::page::{AgreementLine, HolderLine, Place, StateShown, ToBear, state_page};
use crate::view::book::Book;
use crate::view::budget::{Wanted, budget_sheet, usual_years};
use crate::view::budget_sheet::YearTotal;
use crate::view::holders::holders;
use crate::view::owed::{Balance, Owed, OwedByDay, balances};
use crate::view::register::{AgreementEntry, Entry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/log/state", &[Operation::SeeLog], shown)]
}

#[derive(Debug, Clone, Default, Deserialize)]
struct StateQuery {
    #[serde(default)]
    as_of: String,
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<StateQuery>,
) -> Result<Page, Problem> {
    let today = app.clock.today();
    let typed = query.as_of.trim().to_owned();
    let on = day(&typed).filter(|day| *day <= today);
    let is_refused = on.is_none() && !typed.is_empty();
    let as_of = on.filter(|on| *on < today);
    let rests = if as_of.is_some() { Rests::Past } else { Rests::Everything };
    let whole = around.clone();
    let (asked, asks) = (app.clone(), asking.clone());
    let made = blocking(move || {
        // What was known of terms and of access is folded for the day; what was outstanding is kept by day.
        let then = as_of.map(|day| asked.ledger.terms_as_of(day));
        let now = asked.ledger.now();
        let known = &Known::of(&asked, &asks, then.as_deref().unwrap_or(&now), as_of.unwrap_or(today));
        let (year, _) = usual_years(known.day);
        let (agreements, holders) = (agreements(known, year), access(known));
        let balances = balances_seen(known, &now.owed, &now.book);
        let page = StateShown {
            day: known.day,
            typed: if typed.is_empty() { None } else { Some(&typed) },
            is_refused,
            is_today: known.day == today,
            year,
            agreements: &agreements,
            balances: &balances,
            holders: &holders,
        };
        let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        around.answer_as(status, known.app.ids.new_id(), Some(Place::Log), |frame| state_page(frame, &page))
    });
    whole.kept(&app, &asking, (rests, ""), made).await
}

fn agreements(known: &Known<'_>, year: i32) -> Vec<AgreementLine> {
    let book = known.book;
    let mut entries = AgreementEntry::all(book, known.at());
    entries.retain(|entry| {
        entry.phase != Phase::Absent
            && known.asking.sees(Operation::SeeAgreements, || whose::part(book, entry.procurement, entry.party))
    });
    let line = |entry: AgreementEntry| {
        let party = book.parties.get(&entry.party);
        let opened = book.procurements.get(&entry.procurement).and_then(|known| known.opened.as_ref());
        let wanted = Wanted {
            procurement: entry.procurement,
            party: entry.party,
            first_year: year,
            years_count: 1,
            as_of: known.day,
        };
        let sees_budget = known.asking.sees(Operation::SeeBudget, || whose::part(book, entry.procurement, entry.party));
        let sheet = if sees_budget { budget_sheet(book, wanted) } else { None };
        AgreementLine {
            party: party.map(|party| party.full_name_on(known.day)).unwrap_or_default(),
            number: party.and_then(|party| party.number_on(known.day)).unwrap_or_default().to_owned(),
            procurement: (entry.procurement, opened.map(|opened| opened.name.clone()).unwrap_or_default()),
            phase: entry.phase,
            signed_on: entry.signed.map(|signed| signed.on),
            to_bear: sheet.as_ref().and_then(|sheet| to_bear(sheet.totals.first()?)),
        }
    };
    let mut lines: Vec<AgreementLine> = entries.into_iter().map(line).collect();
    lines.sort_by(|one, other| (&one.number, &one.party).cmp(&(&other.number, &other.party)));
    lines
}

/// What is known of a year; nothing where there is nothing in it.
fn to_bear(total: &YearTotal) -> Option<ToBear> {
    total.certainty?;
    Some(ToBear { likely: total.after_compensation.likely_ore, is_incomplete: total.contains_unknown })
}

/// What each party owed on the day; `latest` has the invoices.
fn balances_seen(known: &Known<'_>, owed: &OwedByDay, latest: &Book) -> Vec<Balance> {
    let sees = |owed: &Owed| known.asking.sees(Operation::SeeReceivables, || owed.owner.about(known.book));
    balances(owed.at_end_of(known.day).filter(sees), &latest.invoices)
}

fn access(known: &Known<'_>) -> Option<Vec<HolderLine>> {
    known.asking.may(Operation::SeeAccounts, &About::default()).ok()?;
    let line = |held: crate::view::holders::Holder| HolderLine {
        who: called_by_id(known.app, known.asking, held.person),
        role: held.role,
        scope: held.scope,
        until: held.until,
    };
    Some(holders(known.book, known.day).into_iter().map(line).collect())
}
