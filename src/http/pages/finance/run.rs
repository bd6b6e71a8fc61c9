//! A run is planned, objections to it are recorded and answered, and what is approved is issued.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::Datelike;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::calendar::{PartOfYear, YEARS_TAKEN};
use crate::domain::identity::{InvoiceRunId, PartyId, ProcurementId};
use crate::domain::invoice_run::{InRole, InvoicePer, InvoiceRunCommand, ObjectionOutcome};
use crate::handle::Wish;
use crate::http::answer::{Known, blocking};
use crate::http::asking::Asking;
use crate::http::invoices::{WantedRun, issue_own, plan_wish};
use crate::http::pages::PageRoute;
use crate::http::pages::around::{Around, Page};
use crate::http::pages::filled::{Answered, Reading, Wished, answered};
use crate::http::pages::form::{Sent, id, see};
use crate::http::pages::invoices::run_shown;
use crate::http::pages::kept::Rests;
use crate::http::problem::{DONE_IN_PART, Problem};
use crate::ids;
use crate::process::approval::Answer;
use crate::render::page::{Fault, Filled, Place, PlanShown, plan_page};
use crate::view::whose;
use crate::worker::{Done, Unnumbered};

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/invoices/plan", &[Operation::PlanRun], plan_form),
        PageRoute::post("/invoices/plan", &[Operation::PlanRun], plan),
        PageRoute::post("/invoices/runs/{run}/objections", &[Operation::Object], object),
        PageRoute::post("/invoices/runs/{run}/objections/{objection}/answer", &[Operation::PlanRun], answer),
        PageRoute::post("/invoices/issue", &[Operation::IssueInvoices], issue),
    ]
}

async fn plan_form(app: web::Data<App>, asking: Asking, around: Around) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            plan_shown(known, around, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

/// The form with what can be chosen: procurements, and the county authorities that lead them.
fn plan_shown(
    known: &Known<'_>,
    around: &Around,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let may = |procurement: ProcurementId| {
        let mut about = whose::procurement(known.present, procurement);
        about.counties.sort_unstable();
        known.asking.sees(Operation::PlanRun, || about)
    };
    let procurements: Vec<(String, String)> = known
        .book
        .procurements
        .iter()
        .filter(|(id, _)| may(**id))
        .filter_map(|(id, known)| Some((id.to_string(), known.opened.as_ref()?.name.clone())))
        .collect();
    let mut issuers: Vec<PartyId> = Vec::new();
    for (id, procurement) in known.book.procurements.iter().filter(|(id, _)| may(**id)) {
        for county in procurement.counties_on(known.day) {
            let about = || About { counties: vec![*county], ..whose::procurement(known.present, *id) };
            if !issuers.contains(county) && known.asking.sees(Operation::PlanRun, about) {
                issuers.push(*county);
            }
        }
    }
    let name = |party: &PartyId| {
        let known_party = known.book.parties.get(party);
        (party.to_string(), known_party.map(|known_party| known_party.full_name_on(known.day)).unwrap_or_default())
    };
    let issuers: Vec<(String, String)> = issuers.iter().map(name).collect();
    let page = PlanShown {
        procurements: &procurements,
        issuers: &issuers,
        year: &known.day.year().to_string(),
        invoice_date: &known.day.to_string(),
        due_days: known.app.settings.invoice.due_days,
        asks_planner: known.app.settings.invoice.approvers > 1,
        asks_person: known.asking.asker().person().is_none(),
        filled,
    };
    around.answer_as(status, command, Some(Place::Invoices), |frame| plan_page(frame, &page))
}

/// What the parts of a year are called in the form.
const PARTS: [(&str, PartOfYear); 3] =
    [("year", PartOfYear::Year), ("first_half", PartOfYear::FirstHalf), ("second_half", PartOfYear::SecondHalf)];
/// What a document is for.
const PER: [(&str, InvoicePer); 2] = [("payer", InvoicePer::Payer), ("agreement", InvoicePer::Agreement)];

async fn plan(app: web::Data<App>, around: Around, sent: Sent) -> Answered {
    let wished = |app: &App, reading: &mut Reading<'_>| {
        let (procurement, issuer) = (reading.id("procurement", ProcurementId), reading.id("issuer", PartyId));
        let year = reading.typed("year").parse().ok().filter(|year| YEARS_TAKEN.contains(year));
        if year.is_none() {
            reading.refuse("year", "page-year-refused");
        }
        let (days, one_per) = (reading.choice("days", &PARTS), reading.choice("one_per", &PER));
        let (invoice_date, due_date) = (reading.day_or_nothing("invoice_date"), reading.day_or_nothing("due_date"));
        let planned_by = if app.settings.invoice.approvers > 1 {
            reading.text("role").zip(reading.person()).map(|(role, person)| InRole { role, person })
        } else {
            None
        };
        let chosen = procurement.zip(issuer).zip(year).zip(days.zip(one_per)).filter(|_| !reading.is_refused());
        let Some((((procurement, issuer), year), (days, one_per))) = chosen else { return Ok(None) };
        let run = InvoiceRunId(ids::derived(reading.sent.command()?, "run"));
        let asked = WantedRun { procurement, issuer, year, days, one_per, invoice_date, due_date, planned_by };
        // The same form sent twice has planned what the first asked for, which leaves nothing to plan.
        let then = format!("/invoices/runs/{run}");
        if app.ledger.now().book.runs.contains_key(&run) {
            return Ok(Some(Wished { wish: None, then }));
        }
        let wish = plan_wish(app, &reading.sent.asking, run, asked)?;
        Ok(Some(Wished { wish: Some(wish), then }))
    };
    answered(app, around, sent, "plan", wished, move |known, around, filled, anew| {
        plan_shown(known, around, filled, anew)
    })
    .await
}

async fn object(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let party = reading.id("party", PartyId);
        let (text, reference) = (reading.text("text"), reading.text_or_nothing("reference"));
        let Some((party, text)) = party.zip(text) else { return Ok(None) };
        let command = InvoiceRunCommand::RecordObjection { party, text, reference, on: app.clock.today() };
        let then = format!("/invoices/runs/{run}#objections-heading");
        Ok(Some(Wished { wish: Some(Wish::InvoiceRun(run, command)), then }))
    };
    answered(app, around, sent, "objection", wished, move |known, around, filled, (_, command)| {
        run_shown(known, around, run, (filled, ""), command)
    })
    .await
}

/// How an objection can be answered.
const OUTCOMES: [(&str, ObjectionOutcome); 2] =
    [("upheld", ObjectionOutcome::Upheld), ("rejected", ObjectionOutcome::Rejected)];

async fn answer(app: web::Data<App>, around: Around, path: web::Path<(String, u32)>, sent: Sent) -> Answered {
    let (run, objection) = path.into_inner();
    let run = InvoiceRunId(id(&run)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let outcome = reading.choice("outcome", &OUTCOMES);
        let (answer, role, person) = (reading.text("answer"), reading.text("role"), reading.person());
        let said = outcome.zip(answer).zip(role).zip(person);
        let Some((((outcome, answer), role), person)) = said else { return Ok(None) };
        let (by, on) = (InRole { role, person }, app.clock.today());
        let answer = Answer { objection, outcome, text: answer, by, on };
        let wish = Wish::InvoiceRun(run, app.answer_of(run, answer));
        Ok(Some(Wished { wish: Some(wish), then: format!("/invoices/runs/{run}#objections-heading") }))
    };
    answered(app, around, sent, "objection-answer", wished, move |known, around, filled, (_, command)| {
        run_shown(known, around, run, (filled, ""), command)
    })
    .await
}

/// Carries out what is approved, without waiting for the worker's next turn.
async fn issue(app: web::Data<App>, sent: Sent) -> Result<HttpResponse, Problem> {
    let back = sent.field("run").parse().map(InvoiceRunId).ok();
    let done = blocking(move || {
        if let Some(run) = back {
            sent.asking.may(Operation::IssueInvoices, &whose::run(&app.ledger.now().book, run))?;
        }
        issue_own(&app, &sent.asking)
    })
    .await?;
    if !done.unnumbered.is_empty() {
        return Err(unnumbered(&done));
    }
    Ok(see(&back.map_or_else(|| "/invoices".to_owned(), |run| format!("/invoices/runs/{run}"))))
}

/// What was done, and which runs could not be numbered.
fn unnumbered(done: &Done) -> Problem {
    let named = |unnumbered: &Unnumbered| {
        let Unnumbered { procurement, year, issuer, why, .. } = unnumbered;
        let why = Fault { code: why.code(), details: why.details.clone(), sentence: why.to_string() };
        json!({ "unnumbered": "run", "procurement": procurement, "year": year.to_string(), "issuer": issuer, "why": why })
    };
    let Done { issued_count, rendered_count, mailed_count, .. } = done;
    let sentences: Vec<String> = done.unnumbered.iter().map(Unnumbered::to_string).collect();
    let sentence = format!(
        "{issued_count} invoices were numbered, {rendered_count} documents drawn up and {mailed_count} letters sent; {}",
        sentences.join(" ")
    );
    Problem::new(DONE_IN_PART, sentence)
        .with("reason", "unnumbered")
        .with("issued_count", *issued_count)
        .with("rendered_count", *rendered_count)
        .with("mailed_count", *mailed_count)
        .with("unnumbered", done.unnumbered.iter().map(named).collect::<Vec<_>>())
}
