//! The page of a municipality's leader, the explanations of its figures, and what can be taken along.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::board::procurements;
use super::kept::Rests;
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::http::answer::{Known, blocking, party_called, read_terms};
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, PARAMETER_INVALID, Problem};
use crate::http::request::Asked;
use crate::ledger::events_behind;
use crate::render;
use crate::render::page::{
    AmountUnit, Changed, ExplanationsShown, Filled, LeaderShown, LibraryOf, Procurements, SINCE_TOO_LATE, Since, Typed,
    address_of, council_paper, explanations_page, leader_page, typed_day,
};
use crate::store::Position;
use crate::view::book::Book;
use crate::view::budget::{Wanted, budget_sheet, usual_years};
use crate::view::budget_sheet::BudgetSheet;
use crate::view::comparable::among_comparable;
use crate::view::explanation::explanations;
use crate::view::readiness::{LibraryReadiness, readiness_of};
use crate::view::whose;

/// The cookie that remembers when one came last to the page of a party. Browsers show it at that page alone.
const VISITS: &str = "visits";
/// After so long a look at the page is another visit.
const VISIT_LASTS: TimeDelta = TimeDelta::minutes(30);
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes() -> Vec<PageRoute> {
    const SEES: &[Operation] = &[Operation::SeeBudget];
    vec![
        PageRoute::get("/municipalities/{number}", SEES, leader),
        PageRoute::get("/municipalities/{number}/explanations/{year}", SEES, explained),
        PageRoute::get("/municipalities/{number}/budget.pdf", SEES, pdf),
        PageRoute::get("/municipalities/{number}/budget.xlsx", SEES, workbook),
        PageRoute::get("/municipalities/{number}/council.docx", SEES, council),
    ]
}

/// Which figures, as they are typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct LeaderQuery {
    #[serde(default)]
    from: String,
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    procurement: String,
}

/// Which figures, as they are understood; what is not, is named by its field.
#[derive(Debug, Clone, Default)]
struct Understood {
    from: Option<i32>,
    as_of: Option<NaiveDate>,
    since: Option<NaiveDate>,
    refused: Vec<&'static str>,
}

impl LeaderQuery {
    fn understood(&self, today: NaiveDate) -> Understood {
        let mut refused = Vec::new();
        let from = self.from.trim();
        let year = from.parse().ok().filter(|year| YEARS_TAKEN.contains(year));
        if year.is_none() && !from.is_empty() {
            refused.push("from");
        }
        let mut past = |text: &str, field| {
            let known = typed_day(text.trim()).filter(|day| *day <= today);
            if known.is_none() && !text.trim().is_empty() {
                refused.push(field);
            }
            known
        };
        let (as_of, since) = (past(&self.as_of, "as_of"), past(&self.since, "since"));
        let as_of = as_of.filter(|day| *day < today);
        // What has changed is told from the earlier to the later.
        let since = since.filter(|since| {
            let is_before = as_of.is_none_or(|as_of| *since < as_of);
            if !is_before {
                refused.push(SINCE_TOO_LATE);
            }
            is_before
        });
        Understood { from: year, as_of, since, refused }
    }
}

/// When the page of a party was looked at: how far the log had come with the terms, and the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Visit {
    terms: u64,
    at: DateTime<Utc>,
}

impl Visit {
    /// As the browser remembers it: `812-1685613600`.
    fn remembered(self) -> String {
        format!("{}-{}", self.terms, self.at.timestamp())
    }

    fn read(text: &str) -> Option<Self> {
        let (terms, at) = text.split_once('-')?;
        Some(Self { terms: terms.parse().ok()?, at: DateTime::from_timestamp(at.parse().ok()?, 0)? })
    }
}

/// The visits to the page of a party: the one before, and the one that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Visits {
    before: Option<Visit>,
    latest: Visit,
}

impl Visits {
    /// With a look now: it belongs to the visit that lasts, or begins one. What happens during a visit counts as what has
    /// changed since it at the next one, so that nothing is left out.
    fn with(remembered: Option<&str>, now: Visit) -> Self {
        let mut visits = remembered.unwrap_or_default().rsplit('.').map(Visit::read);
        let (latest, before) = (visits.next().flatten(), visits.next().flatten());
        let latest = latest.filter(|latest| latest.at <= now.at && latest.terms <= now.terms);
        match latest {
            Some(latest) if now.at < latest.at + VISIT_LASTS => Self { before, latest },
            latest => Self { before: latest, latest: now },
        }
    }

    fn remembered(self) -> String {
        let before = self.before.map(|visit| format!("{}.", visit.remembered()));
        format!("{}{}", before.unwrap_or_default(), self.latest.remembered())
    }
}

/// The procurement that the pages of a party show: the one that is named, or else the latest it has an agreement in; of
/// those the latest that the one who asks may see, where there is one.
fn procurement_of(book: &Book, asking: &Asking, called: &str, party: PartyId) -> Result<ProcurementId, Problem> {
    let mut found = book.procurements_called(Some(called).filter(|called| !called.is_empty()));
    found.retain(|procurement| !called.is_empty() || takes_part(book, *procurement, party));
    let seen = found.iter().rfind(|procurement| sees_part(book, asking, **procurement, party));
    let found = seen.or(found.last()).copied();
    found.ok_or_else(|| Problem::new(NOT_FOUND, "it takes part in no procurement"))
}

fn takes_part(book: &Book, procurement: ProcurementId, party: PartyId) -> bool {
    book.with_those_before(party).iter().any(|party| !book.agreements_of(procurement, *party).is_empty())
}

fn sees_part(book: &Book, asking: &Asking, procurement: ProcurementId, party: PartyId) -> bool {
    asking.sees(Operation::SeeBudget, || whose::part(book, procurement, party))
}

/// The party and the procurement that are meant, and whose they are: by what is known today also where an earlier day is asked
/// for, so that who has come in a county's place since sees what was known before.
struct Meant {
    party: PartyId,
    procurement: ProcurementId,
    of_part: About,
    of_party: About,
    of_procurement: About,
    /// The procurements in which the party takes part and that the one who asks may see.
    seen: Vec<ProcurementId>,
}

fn meant(latest: &Book, asking: &Asking, number: &str, query: &LeaderQuery) -> Result<Meant, Problem> {
    let party = party_called(latest, number).map_err(Problem::of_path)?;
    let procurement = procurement_of(latest, asking, &query.procurement, party)?;
    let of_part = whose::part(latest, procurement, party);
    asking.may(Operation::SeeBudget, &of_part)?;
    let seen = latest.procurements.keys().copied();
    let seen = seen.filter(|one| takes_part(latest, *one, party) && sees_part(latest, asking, *one, party));
    Ok(Meant {
        party,
        procurement,
        of_part,
        of_party: whose::party(latest, party),
        of_procurement: whose::procurement(latest, procurement),
        seen: seen.collect(),
    })
}

fn wanted(known: &Known<'_>, meant: &Meant, from: Option<i32>) -> Wanted {
    let (next_year, years_count) = usual_years(known.day);
    Wanted {
        procurement: meant.procurement,
        party: meant.party,
        first_year: from.unwrap_or(next_year),
        years_count,
        as_of: known.day,
    }
}

fn sheet_of(known: &Known<'_>, wanted: Wanted) -> Result<BudgetSheet, Problem> {
    let unknown = || Problem::new(NOT_FOUND, "the municipality or the procurement was not known yet on that day");
    budget_sheet(known.book, wanted).ok_or_else(unknown)
}

/// The procurement of a page, and the others in which the party takes part and that the one who asks may see.
fn of_party(known: &Known<'_>, meant: &Meant) -> Procurements {
    procurements(known, meant.procurement, |procurement| meant.seen.contains(&procurement))
}

async fn leader(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<LeaderQuery>,
) -> Result<Page, Problem> {
    let looked = Visit { terms: app.ledger.terms_reached(), at: app.clock.now() };
    let visits = Visits::with(around.cookie(VISITS), looked);
    // What the page shows of them is when the one before was.
    let before = visits.before.map(Visit::remembered).unwrap_or_default();
    let meant = (path.into_inner(), query);
    let made = Box::pin(leader_made(app.clone(), asking.clone(), around.clone(), meant, visits.before));
    let page = around.kept(&app, &asking, (Rests::Terms, &before), made).await?;
    Ok(page.remembering(VISITS, &visits.remembered(), around.path()))
}

async fn leader_made(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    (number, query): (String, LeaderQuery),
    visit_before: Option<Visit>,
) -> Result<Page, Problem> {
    let as_of = query.understood(app.clock.today()).as_of;
    let meant = meant(&app.ledger.now().book, &asking, &number, &query)?;
    read_terms(app.clone(), asking, as_of, move |known| {
        let anew = (StatusCode::OK, known.app.ids.new_id());
        leader_shown(known, &around, (&meant, &query, visit_before), &Filled::default(), anew)
    })
    .await
}

/// The page as it was seen at an address, with a form that was not taken.
pub fn leader_again(
    known: &Known<'_>,
    around: &Around,
    (number, seen_at): (&str, &str),
    filled: &Filled,
    anew: (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let asked = seen_at.split_once('?').map(|(_, asked)| asked).unwrap_or_default();
    let query = web::Query::<LeaderQuery>::from_query(asked).map(web::Query::into_inner).unwrap_or_default();
    // What is typed into a form is about today.
    let query = LeaderQuery { as_of: String::new(), ..query };
    let meant = meant(known.book, known.asking, number, &query)?;
    leader_shown(known, around, (&meant, &query, None), filled, anew)
}

fn leader_shown(
    known: &Known<'_>,
    around: &Around,
    (meant, query, visit_before): (&Meant, &LeaderQuery, Option<Visit>),
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let understood = query.understood(known.app.clock.today());
    let wanted = wanted(known, meant, understood.from);
    let sheet = sheet_of(known, wanted)?;
    let sheet_before = |book: &Book, as_of: NaiveDate| budget_sheet(book, Wanted { as_of, ..wanted });
    let mut before = None;
    let since = match (understood.since, visit_before) {
        (Some(since), _) => {
            before = sheet_before(&known.app.ledger.terms_as_of(since).book, since);
            Some(Since::Day(since))
        }
        (None, Some(visit)) if understood.as_of.is_none() => {
            let earlier = known.app.ledger.terms_with(Position(visit.terms));
            let (day, time) = (norwegian_day(visit.at), norwegian_time(visit.at));
            before = sheet_before(&earlier.book, day);
            before.is_some().then(|| Since::Visit { day, time: time.format("%H:%M").to_string() })
        }
        (None, _) => None,
    };
    let sees_libraries = known.asking.may(Operation::SeeSignups, &meant.of_part).is_ok();
    let libraries = sees_libraries.then(|| libraries_of(known, wanted));
    let procurement = known.book.procurements.get(&wanted.procurement);
    let today = known.app.clock.today();
    let mut milestones: Vec<(String, NaiveDate)> = procurement
        .map(|procurement| procurement.milestones.clone().into_iter().filter(|(_, on)| *on <= today).collect())
        .unwrap_or_default();
    milestones.sort_by_key(|(_, on)| *on);
    let comparable = {
        let sees_all = known.asking.may(Operation::SeeBudget, &meant.of_procurement).is_ok();
        among_comparable(known.book, wanted, !sees_all)
    };
    let from = wanted.first_year.to_string();
    let page = LeaderShown {
        sheet: &sheet,
        unit: if query.unit == "thousands" { AmountUnit::Thousands } else { AmountUnit::Kroner },
        comparable: comparable.as_ref(),
        procurements: &of_party(known, meant),
        libraries: libraries.as_deref(),
        may_tick: known.asking.reaches(Operation::TickReadiness, &meant.of_part),
        may_wish: understood.as_of.is_none() && known.asking.reaches(Operation::KeepSignup, &meant.of_part),
        filled,
        sees_invoices: known.asking.may(Operation::SeeInvoices, &meant.of_party).is_ok(),
        changed: since.as_ref().map(|since| Changed { since, before: before.as_ref() }),
        as_of: understood.as_of,
        milestones: &milestones,
        refused: &understood.refused,
        typed: Typed {
            from: if query.from.is_empty() { &from } else { &query.from },
            as_of: &query.as_of,
            since: &query.since,
        },
    };
    let status = if understood.refused.is_empty() { status } else { StatusCode::UNPROCESSABLE_ENTITY };
    around.answer_as(status, command, None, |frame| leader_page(frame, &page))
}

/// The libraries that the party pays for, with when they are to be on the new system.
fn libraries_of(known: &Known<'_>, wanted: Wanted) -> Vec<LibraryOf> {
    let libraries = readiness_of(known.book, wanted.procurement, wanted.party, known.day).into_iter();
    let with_days = |readiness: LibraryReadiness| {
        let signup = known.book.signups.get(&readiness.signup);
        LibraryOf {
            wished: signup.and_then(|signup| signup.wished_go_live),
            went_live: signup.and_then(|signup| signup.went_live),
            readiness,
        }
    };
    libraries.map(with_days).collect()
}

async fn explained(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<(String, i32)>,
    Asked(query): Asked<LeaderQuery>,
) -> Result<Page, Problem> {
    let made = Box::pin(explained_made(app.clone(), asking.clone(), around.clone(), path.into_inner(), query));
    around.kept(&app, &asking, (Rests::Terms, ""), made).await
}

async fn explained_made(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    (number, year): (String, i32),
    query: LeaderQuery,
) -> Result<Page, Problem> {
    let understood = query.understood(app.clock.today());
    let meant = meant(&app.ledger.now().book, &asking, &number, &query)?;
    let as_of = understood.as_of;
    read_terms(app.clone(), asking, as_of, move |known| {
        if !YEARS_TAKEN.contains(&year) {
            return Err(Problem::new(PARAMETER_INVALID, format!("{year} is no year that is taken")));
        }
        let wanted = wanted(known, &meant, Some(year));
        let mut found = explanations(known.book, wanted, year, None);
        for explanation in &mut found {
            explanation.events = events_behind(&known.app.ledger, known.book, explanation, wanted)?;
        }
        let party = known.book.parties.get(&wanted.party);
        let name = party.map(|party| party.full_name_on(known.day)).unwrap_or_default();
        let fields = [
            of_party(known, &meant).field(),
            understood.from.map(|from| ("from", from.to_string())),
            understood.as_of.map(|day| ("as_of", day.to_string())),
        ];
        let back = address_of(&format!("/municipalities/{number}"), fields.into_iter().flatten());
        // Beside the years that one comes from, where it is one of them.
        let years = usize::try_from(year.saturating_sub(understood.from.unwrap_or(year)));
        let first_year =
            understood.from.filter(|_| years.is_ok_and(|years| years < wanted.years_count)).unwrap_or(year);
        let sheet = sheet_of(known, Wanted { first_year, ..wanted })?;
        let page = ExplanationsShown {
            party_name: &name,
            back: &back,
            year,
            explanations: &found,
            sheet: &sheet,
            sees_log: known.asking.may_at_all(Operation::SeeLog).is_ok(),
        };
        around.answer(known.app, None, |frame| explanations_page(frame, &page))
    })
    .await
}

/// The sheet that is taken along.
async fn taken(
    app: web::Data<App>,
    asking: Asking,
    number: String,
    query: LeaderQuery,
) -> Result<BudgetSheet, Problem> {
    let understood = query.understood(app.clock.today());
    if let Some(field) = understood.refused.first().copied() {
        return Err(Problem::new(PARAMETER_INVALID, format!("{field} cannot be read")).with("parameter", field));
    }
    let meant = meant(&app.ledger.now().book, &asking, &number, &query)?;
    let as_of = understood.as_of;
    read_terms(app, asking, as_of, move |known| sheet_of(known, wanted(known, &meant, understood.from))).await
}

fn file(media_type: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// What a file is called: the number of the party and the budget year.
fn file_name(sheet: &BudgetSheet, what: &str) -> String {
    let number = sheet.party_number.as_deref().unwrap_or("party");
    let year = sheet.years.first().copied().unwrap_or_default();
    format!("{number}-{year}-{what}")
}

async fn pdf(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<LeaderQuery>,
) -> Result<HttpResponse, Problem> {
    let sheet = taken(app, asking, path.into_inner(), query).await?;
    let name = file_name(&sheet, "budget.pdf");
    let bytes =
        blocking(move || render::budget_pdf(&sheet, around.language).map_err(|error| Problem::internal(&error)))
            .await?;
    Ok(file("application/pdf", &name, bytes))
}

async fn workbook(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<LeaderQuery>,
) -> Result<HttpResponse, Problem> {
    let sheet = taken(app, asking, path.into_inner(), query).await?;
    let name = file_name(&sheet, "budget.xlsx");
    let bytes =
        blocking(move || render::budget_workbook(&sheet, around.language).map_err(|error| Problem::internal(&error)))
            .await?;
    Ok(file(WORKBOOK, &name, bytes))
}

async fn council(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<LeaderQuery>,
) -> Result<HttpResponse, Problem> {
    let sheet = taken(app, asking, path.into_inner(), query).await?;
    let name = file_name(&sheet, "council.docx");
    let bytes = council_paper(&sheet, around.language).map_err(|error| Problem::internal(&error))?;
    Ok(file(WORD, &name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: &str, as_of: &str) -> LeaderQuery {
        LeaderQuery { from: from.to_owned(), as_of: as_of.to_owned(), ..LeaderQuery::default() }
    }

    fn today() -> NaiveDate {
        "2023-06-01".parse().unwrap()
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_field() {
        let refused = |from, as_of| query(from, as_of).understood(today()).refused;
        assert_eq!(refused("", ""), [""; 0]);
        assert_eq!(refused("2024", "01.05.2023"), [""; 0]);
        assert_eq!(refused("1999", ""), ["from"]);
        assert_eq!(refused("", "2023-06-02"), ["as_of"]);
        assert_eq!(refused("soon", "never"), ["from", "as_of"]);
        let since = |since: &str| LeaderQuery { since: since.to_owned(), ..query("", "2023-05-01") };
        assert_eq!(since("2023-04-30").understood(today()).refused, [""; 0]);
        assert_eq!(since("2023-05-01").understood(today()).refused, [SINCE_TOO_LATE]);
    }

    #[test]
    fn a_visit_lasts_a_while_and_the_next_one_knows_how_far_the_log_had_come() {
        let look = |remembered: Option<&str>, terms, at: &str| {
            Visits::with(remembered, Visit { terms, at: at.parse().unwrap() })
        };
        let first = look(None, 7, "2023-05-01T09:00:00Z");
        assert_eq!((first.before, first.remembered()), (None, "7-1682931600".to_owned()));
        let same = look(Some(&first.remembered()), 8, "2023-05-01T09:29:00Z");
        assert_eq!(same, first, "what happens meanwhile is told at the next visit");
        let later = look(Some(&first.remembered()), 9, "2023-05-01T15:00:00Z");
        assert_eq!(later.before, Some(first.latest), "also on the same day");
        assert_eq!(look(Some(&later.remembered()), 9, "2023-05-01T15:01:00Z"), later);
        for nonsense in ["nonsense", "2023-05-01", "9999-1682931600", "1-99999999999"] {
            assert_eq!(look(Some(nonsense), 7, "2023-05-01T09:00:00Z"), first, "{nonsense}");
        }
    }

    #[test]
    fn what_is_known_today_is_no_earlier_day() {
        assert_eq!(query("", "2023-06-01").understood(today()).as_of, None);
    }
}
