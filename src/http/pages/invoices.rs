//! Finance's pages: runs, letters, what is unpaid, payments to match; and a municipality's own invoices.

use std::cmp::Reverse;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::filled::{Answered, Reading, Wished, answered};
use super::form::{Sent, id, see};
use super::kept::Rests;
use super::live::page_at;
use crate::after_issue::paying;
use crate::alphabet::order;
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::delivery::{DeliveryCommand, MailRetryRequested};
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PaymentId};
use crate::domain::invoice_run::{Approved, InvoiceRun, InvoiceRunCommand, InvoiceRunRejection};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::handle::{Rejected, Wish};
use crate::http::answer::{Known, blocking, party_called};
use crate::http::asking::Asking;
use crate::http::invoices::{document, e_invoice};
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::ids;
use crate::process::approval;
use crate::process::invoice_plan::{Beside, NotPlanned};
use crate::process::open_tasks::{HeldUp, is_begun};
use crate::render::page::{
    Fault, Filled, InvoicesPart, InvoicesShown, Listed, OwnInvoice, OwnInvoicesShown, OwnNote, Place, Prebilled,
    RunPageShown, WhyHeldUp, Window, as_parameter, by_age, invoices_address, invoices_page, own_invoices_page,
    run_page,
};
use crate::render::written_to_in;
use crate::text::Language;
use crate::view::book::Book;
use crate::view::outbox::{Arrived, Letter, arrived, letters, waiting};
use crate::view::receivables::{Receivable, open_payments, open_receivables, receivable};
use crate::view::register::{Entry, InvoiceEntry, InvoiceRunEntry, ObjectionEntry, RunSummary, runs_latest_first};
use crate::view::run_comparison::beside_last_year;
use crate::view::whose;

/// So much of each list stands in the overview.
const OVERVIEW_MAX: usize = 10;
/// So much of a list stands on a page where it is shown alone.
const ALONE_MAX: usize = 50;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/invoices", &[Operation::SeeRuns], overview),
        PageRoute::get("/invoices/runs/{run}", &[Operation::SeeRuns], run),
        PageRoute::post("/invoices/runs/{run}/prebill", &[Operation::PlanRun], prebill),
        PageRoute::post("/invoices/runs/{run}/approve", &[Operation::ApproveRun], approve),
        PageRoute::post("/invoices/runs/{run}/discard", &[Operation::PlanRun], discard),
        PageRoute::post("/invoices/payments/{payment}/match", &[Operation::KeepPayments], match_payment),
        PageRoute::post("/invoices/letters/{letter}/retry", &[Operation::MendLetter], retry),
        PageRoute::get("/municipalities/{number}/invoices", &[Operation::SeeInvoices], own),
        PageRoute::post("/municipalities/{number}/invoices/objections", &[Operation::Object], object),
        // Of a page people are led to sign in and back where the session is over, which the API does not do.
        PageRoute::get("/invoices/issued/{invoice}/document", &[Operation::SeeInvoices], document),
        PageRoute::get("/invoices/issued/{invoice}/e-invoice", &[Operation::SeeInvoices], e_invoice),
        PageRoute::get("/invoices/prebills/{letter}/document", &[Operation::SeeInvoices], document),
        PageRoute::get("/invoices/credit-notes/{credit_note}/document", &[Operation::SeeInvoices], document),
        PageRoute::get("/invoices/credit-notes/{credit_note}/e-invoice", &[Operation::SeeInvoices], e_invoice),
    ]
}

/// What is looked for, as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct InvoicesQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    page: String,
}

impl InvoicesQuery {
    /// What was asked for on the page that a form was sent from; nothing where that is another.
    fn of(sent: &Sent) -> Self {
        let asked = page_at(sent.field("seen_at")).strip_prefix("/invoices?");
        asked.and_then(|asked| Some(web::Query::<Self>::from_query(asked).ok()?.into_inner())).unwrap_or_default()
    }

    fn address(&self) -> String {
        invoices_address(&self.q, InvoicesPart::called(&self.part), self.page.trim().parse().unwrap_or(1))
    }
}

async fn overview(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<InvoicesQuery>,
) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            overview_shown(known, around, &query, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

/// The part of a list that is asked for; its beginning where no part alone is.
fn listed<'a, T>(all: &'a [T], query: &InvoicesQuery) -> Listed<'a, T> {
    let is_alone = InvoicesPart::called(&query.part).is_some();
    if is_alone { Listed::asked(all, &query.page, ALONE_MAX) } else { Listed::asked(all, "", OVERVIEW_MAX) }
}

fn overview_shown(
    known: &Known<'_>,
    around: &Around,
    query: &InvoicesQuery,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let book = known.book;
    let sought = query.q.trim().to_lowercase();
    let finds = |name: &str, number: Option<u64>| {
        name.to_lowercase().contains(&sought) || number.is_some_and(|number| number.to_string().starts_with(&sought))
    };
    let sees = |operation, whose: &dyn Fn() -> About| known.asking.sees(operation, whose);
    // Runs and payments have no name that is looked for.
    let is_named = !sought.is_empty() && InvoicesPart::called(&query.part).is_none();
    let mut runs = runs_latest_first(book);
    runs.retain(|(run, _)| !is_named && sees(Operation::SeeRuns, &|| whose::run(known.present, *run)));
    let of_runs = listed(&runs, query);
    let summaries: Vec<RunSummary> = of_runs.shown.iter().filter_map(|(id, run)| RunSummary::of(*id, run)).collect();
    let mut letters = waiting(book, known.instant);
    letters.retain(|letter| {
        finds(&letter.recipient, letter.number)
            && sees(Operation::SeeOutbox, &|| whose::document(known.present, letter.invoice))
    });
    let mut owed = open_receivables(book, known.day);
    owed.retain(|owed| sees(Operation::SeeReceivables, &|| whose::document(known.present, owed.invoice)));
    let found = owed.iter().filter(|owed| finds(&owed.recipient, Some(owed.number))).cloned();
    let (unpaid, overpaid): (Vec<Receivable>, Vec<Receivable>) =
        found.filter(|owed| owed.outstanding_ore != Ore::ZERO).partition(|owed| owed.outstanding_ore > Ore::ZERO);
    // Any of them may be what a payment pays.
    let mut candidates = owed;
    candidates.retain(|owed| owed.outstanding_ore > Ore::ZERO);
    candidates.sort_by_key(|owed| owed.number);
    let follows_all = known.app.ledger.follows_all().is_ok();
    let mut came_in = if follows_all { open_payments(book) } else { Vec::new() };
    came_in.retain(|payment| {
        !is_named && sees(Operation::SeePayments, &|| whose::payment(known.present, payment.payment))
    });
    let mut notes: Vec<&CreditNoteIssued> = book.credit_notes.values().flatten().collect();
    notes.retain(|note| {
        finds(&note.recipient.name, Some(note.number))
            && sees(Operation::SeeInvoices, &|| whose::document(known.present, note.credit_note))
    });
    notes.sort_by_key(|note| Reverse((note.date, note.number)));
    let is_issued_shown = !sought.is_empty() || InvoicesPart::called(&query.part) == Some(InvoicesPart::Issued);
    let issued = if is_issued_shown { issued_latest_first(known, &finds) } else { Vec::new() };
    let is_sent_shown = !sought.is_empty() || InvoicesPart::called(&query.part) == Some(InvoicesPart::Sent);
    let sent = if is_sent_shown { sent_latest_first(known, &finds) } else { Vec::new() };
    let of_issued = listed(&issued, query);
    let issued_shown: Vec<Receivable> =
        of_issued.shown.iter().map(|(id, issued)| receivable(book, *id, issued, known.day)).collect();
    let page = InvoicesShown {
        search: &query.q,
        part: InvoicesPart::called(&query.part),
        candidates: &candidates,
        filled,
        runs: Listed { shown: &summaries, window: of_runs.window, count: of_runs.count },
        issued: Listed { shown: &issued_shown, window: of_issued.window, count: of_issued.count },
        letters: listed(&letters, query),
        arrived_count: arrived_count(known),
        sent: listed(&sent, query),
        outstanding_ore: unpaid.iter().map(|owed| owed.outstanding_ore).sum(),
        ages: &by_age(&unpaid),
        unpaid: listed(&unpaid, query),
        overpaid_ore: overpaid.iter().map(|owed| -owed.outstanding_ore).sum(),
        overpaid: listed(&overpaid, query),
        payments: listed(&came_in, query),
        credited_ore: notes.iter().map(|note| note.total_ore).sum(),
        credit_notes: listed(&notes, query),
        may_mend: known.asking.may_at_all(Operation::KeepPayments).is_ok(),
        may_plan: known.asking.may_at_all(Operation::PlanRun).is_ok(),
    };
    let until = letters.iter().filter_map(|letter| letter.outcome_due_at).min();
    let page = around.answer_as(status, command, Some(Place::Invoices), |frame| invoices_page(frame, &page))?;
    Ok(page.until(until))
}

/// What was issued and is found, of what the one who asks may see.
fn issued_latest_first<'book>(
    known: &Known<'book>,
    finds: &dyn Fn(&str, Option<u64>) -> bool,
) -> Vec<(InvoiceId, &'book Issued)> {
    let book = known.book;
    let found = book.invoices.iter().filter(|(id, issued)| {
        finds(&issued.invoice.recipient.name, Some(issued.number))
            && known.asking.sees(Operation::SeeReceivables, || whose::document(known.present, **id))
    });
    let mut found: Vec<(InvoiceId, &Issued)> = found.map(|(id, issued)| (*id, &**issued)).collect();
    found.sort_by_key(|(_, issued)| Reverse((issued.invoice_date, issued.number)));
    found
}

/// The letters that have arrived and are found, of those that the one who asks may see.
fn sent_latest_first(known: &Known<'_>, finds: &dyn Fn(&str, Option<u64>) -> bool) -> Vec<Letter> {
    let mut sent = letters(known.book, known.instant);
    sent.retain(|letter| {
        letter.is_done()
            && finds(&letter.recipient, letter.number)
            && known.asking.sees(Operation::SeeOutbox, || whose::document(known.present, letter.invoice))
    });
    sent.sort_by_key(|letter| Reverse((letter.since, letter.number)));
    sent
}

/// How many letters have arrived, of those that the one who asks may see.
fn arrived_count(known: &Known<'_>) -> usize {
    let Arrived { by_owner, by_run } = arrived(known.book);
    let sees = |about: &dyn Fn() -> About| known.asking.sees(Operation::SeeOutbox, about);
    let of_owners = by_owner.iter().filter(|(owner, _)| sees(&|| owner.about(known.present))).map(|(_, count)| count);
    let of_runs = by_run.iter().filter(|(run, _)| sees(&|| whose::run(known.present, *run))).map(|(_, count)| count);
    of_owners.chain(of_runs).sum()
}

fn why_held_up(held_up: &HeldUp, day: NaiveDate) -> WhyHeldUp {
    match held_up.changed() {
        Some(changed) => WhyHeldUp::Changed(fault_of(&changed)),
        None if day < held_up.invoice_date => WhyHeldUp::Waits,
        None => WhyHeldUp::DatesPassed,
    }
}

/// What stands on a page of why something is not done to a run.
fn fault_of(rejection: &InvoiceRunRejection) -> Fault {
    let rejected = Rejected::new(StreamKind::InvoiceRun, rejection);
    let (code, sentence) = (rejected.code(), rejected.to_string());
    Fault { code, details: rejected.details, sentence }
}

/// What stands on a page of a problem.
fn said_of(problem: &Problem) -> Fault {
    Fault { code: problem.code().to_owned(), details: problem.fields().clone(), sentence: problem.to_string() }
}

/// The language in which it is said why somebody is not invoiced: that of who pays, which is bokmål where its documents have
/// Northern Sámi beside it.
fn reasons_in(book: &Book, party: PartyId, day: NaiveDate) -> Language {
    let alone = book.parties.get(&party).filter(|party| !party.in_sami_language_area_on(day));
    written_to_in(alone.map(|party| party.written_form_on(day)).unwrap_or_default())
}

pub fn run_shown(
    known: &Known<'_>,
    around: &Around,
    run: InvoiceRunId,
    (filled, typed_page): (&Filled, &str),
    command: Uuid,
) -> Result<Page, Problem> {
    let unknown = || Problem::new(NOT_FOUND, "there is no such invoice run").of_path();
    let about = whose::run(known.present, run);
    known.asking.may(Operation::SeeRuns, &about)?;
    let entry = InvoiceRunEntry::one(known.book, run.0, known.at()).ok_or_else(unknown)?;
    let comparison = beside_last_year(known.book, run).ok_or_else(unknown)?;
    let name =
        |party: PartyId| known.book.parties.get(&party).map(|party| party.full_name_on(known.day)).unwrap_or_default();
    let objectors: Vec<String> = entry.objections.iter().map(|objection| name(objection.party)).collect();
    let written_to = |party: PartyId| reasons_in(known.book, party, entry.plan.invoice_date);
    let left_out = entry.plan.left_out();
    let left_out: Vec<_> = left_out.iter().map(|left| (name(left.party), written_to(left.party))).collect();
    let mut recipients: Vec<PartyId> = entry.plan.invoices.iter().map(|invoice| invoice.recipient.party).collect();
    recipients.sort_unstable();
    recipients.dedup();
    let mut may_object: Vec<(String, String)> = recipients
        .into_iter()
        .filter(|party| known.asking.sees(Operation::Object, || whose::part_of_run(known.present, run, *party)))
        .map(|party| (party.to_string(), name(party)))
        .collect();
    may_object.sort_by(|(_, one), (_, other)| order(one, other));
    let Beside { left_over, not_planned } = known.app.beside(known.book, run)?;
    let not_planned: Vec<(Fault, Option<Ore>)> = not_planned
        .into_iter()
        .map(|NotPlanned { net_ore, fault }| (said_of(&Problem::from(fault)), net_ore))
        .collect();
    let left_over: Vec<_> = left_over
        .into_iter()
        .map(|left| {
            let language = written_to(left.party);
            (left, language)
        })
        .collect();
    let invoices = Listed::asked(&entry.plan.invoices, typed_page, ALONE_MAX);
    let numbers = invoices.shown.iter().map(|planned| {
        let issued = known.book.invoices.get(&planned.invoice)?;
        let may = known.asking.sees(Operation::SeeReceivables, || whose::document(known.present, planned.invoice));
        may.then_some(issued.number)
    });
    let numbers: Vec<Option<u64>> = numbers.collect();
    let held_up = known.app.run_held_up(known.book, run, known.day).map(|held_up| why_held_up(&held_up, known.day));
    let changed = known.app.changed(known.book, run, known.day)?.map(|changed| WhyHeldUp::Changed(fault_of(&changed)));
    let page = RunPageShown {
        run: &entry,
        comparison: &comparison,
        invoices,
        numbers: &numbers,
        objectors: &objectors,
        left_out: &left_out,
        left_over: &left_over,
        not_planned: &not_planned,
        may_object: &may_object,
        may_plan: known.asking.may(Operation::PlanRun, &about).is_ok(),
        may_approve: known.asking.reaches(Operation::ApproveRun, &about),
        may_issue: known.asking.may(Operation::IssueInvoices, &about).is_ok(),
        held_up: held_up.or(changed),
        is_begun: is_begun(known.book, run),
        asks_person: known.asking.asker().person().is_none(),
        filled,
    };
    let status = if filled.is_refused() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    around.answer_as(status, command, Some(Place::Invoices), |frame| run_page(frame, &page))
}

async fn run(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<PartQuery>,
) -> Result<Page, Problem> {
    let run = InvoiceRunId(id(&path)?);
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            run_shown(known, around, run, (&Filled::default(), &query.page), known.app.ids.new_id())
        })
        .await
}

/// Does what a form of a run asks for.
async fn done(
    app: web::Data<App>,
    around: Around,
    (run, form): (InvoiceRunId, &'static str),
    sent: Sent,
    command: impl FnOnce(&App, &mut Reading<'_>) -> Result<Option<InvoiceRunCommand>, Problem> + Send + 'static,
) -> Answered {
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let wish = command(app, reading)?.map(|command| Wish::InvoiceRun(run, command));
        Ok(wish.map(|wish| Wished { wish: Some(wish), then: format!("/invoices/runs/{run}") }))
    };
    answered(app, around, sent, form, wished, move |known, around, filled, (_, command)| {
        run_shown(known, around, run, (filled, ""), command)
    })
    .await
}

async fn prebill(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, (run, "prebill"), sent, move |app, reading| {
        let Some(until) = reading.day("objections_until") else { return Ok(None) };
        Ok(Some(approval::prebill(&app.ledger.now().book, run, until, app.clock.today(), &ids::derived)))
    })
    .await
}

async fn approve(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, (run, "approve"), sent, move |app, reading| {
        let (role, person) = (reading.text("role"), reading.person());
        let Some((role, person)) = role.zip(person) else { return Ok(None) };
        Ok(Some(app.approval_of(run, Approved { role, person, on: app.clock.today() })?))
    })
    .await
}

async fn discard(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, (run, "discard"), sent, move |app, _| Ok(Some(app.discarding_of(run)))).await
}

async fn match_payment(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let payment = PaymentId(id(&path)?);
    let query = InvoicesQuery::of(&sent);
    let then = format!("{}#payments-heading", query.address());
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let invoice = InvoiceId(reading.sent.id("invoice")?);
        let wish = paying::matched(&app.ledger.now().book, payment, invoice, None, app.clock.today())
            .map_err(|error| Problem::new(NOT_FOUND, error.to_string()))?;
        Ok(Some(Wished { wish: Some(wish), then }))
    };
    answered(app, around, sent, "match", wished, move |known, around, filled, anew| {
        overview_shown(known, around, &query, filled, anew)
    })
    .await
}

async fn retry(app: web::Data<App>, path: web::Path<String>, sent: Sent) -> Result<HttpResponse, Problem> {
    let letter = InvoiceId(id(&path)?);
    let then = format!("{}#letters-heading", InvoicesQuery::of(&sent).address());
    blocking(move || {
        let requested = MailRetryRequested { on: app.clock.today() };
        sent.carry_out(&app, Wish::Delivery(letter, DeliveryCommand::RequestRetry { requested, at: app.clock.now() }))
    })
    .await?;
    Ok(see(&then))
}

/// Which part of a list is asked for, as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct PartQuery {
    #[serde(default)]
    page: String,
}

async fn own(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<PartQuery>,
) -> Result<Page, Problem> {
    let number = path.into_inner();
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            let anew = (StatusCode::OK, known.app.ids.new_id());
            own_shown(known, around, (&number, &query.page), &Filled::default(), anew)
        })
        .await
}

fn own_shown(
    known: &Known<'_>,
    around: &Around,
    (number, typed_page): (&str, &str),
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let party = party_called(known.book, number).map_err(Problem::of_path)?;
    let sees = |id| known.asking.sees(Operation::SeeInvoices, || whose::document(known.present, id));
    let mut seen: Vec<(InvoiceId, &Issued)> = known.book.invoices_of_party(party).filter(|(id, _)| sees(*id)).collect();
    // Where none is theirs, they see that there are none only of a party that is theirs.
    if seen.is_empty() {
        known.asking.may(Operation::SeeInvoices, &whose::party(known.present, party))?;
    }
    // The latest first, by number where several were issued on a day.
    seen.sort_by_key(|(_, issued)| Reverse((issued.invoice_date, issued.number)));
    let window = Window::asked(typed_page, ALONE_MAX, seen.len());
    let of_page = window.of(&seen).iter().filter_map(|(id, issued)| {
        let owed = receivable(known.book, *id, issued, known.day);
        let entry = InvoiceEntry::one(known.book, id.0, known.at())?;
        let notes = known.book.credit_notes_of(*id).iter().map(|note| own_note(known.book, note));
        Some(OwnInvoice { entry, owed, notes: notes.collect() })
    });
    let invoices: Vec<_> = of_page.collect();
    let name = known.book.parties.get(&party).map(|party| party.full_name_on(known.day)).unwrap_or_default();
    let page = OwnInvoicesShown {
        party_name: &name,
        number,
        prebills: &prebills(known, party),
        filled,
        invoices: Listed { shown: &invoices, window, count: seen.len() },
        outstanding_ore: seen.iter().map(|(id, _)| known.book.unfinished.outstanding_of(*id)).sum(),
    };
    around.answer_as(status, command, None, |frame| own_invoices_page(frame, &page))
}

fn own_note<'a>(book: &Book, note: &'a CreditNoteIssued) -> OwnNote<'a> {
    let delivery = book.deliveries.get(&note.credit_note);
    OwnNote {
        note,
        has_document: delivery.is_some_and(|delivery| delivery.rendered.is_some()),
        has_e_invoice: delivery.is_some_and(|delivery| delivery.e_invoicing.rendered().is_some()),
    }
}

/// What a party was told that it is to be invoiced, and may object to.
fn prebills(known: &Known<'_>, party: PartyId) -> Vec<Prebilled> {
    let prebilled = runs_latest_first(known.book).into_iter().filter_map(|(id, run)| {
        let planned = run.planned().filter(|_| matches!(run, InvoiceRun::Planned(_)))?;
        let of_party: Vec<_> =
            planned.plan.invoices.iter().filter(|invoice| invoice.recipient.party == party).collect();
        let lines = of_party.iter().flat_map(|invoice| &invoice.lines);
        let prebilled = planned.prebilled.as_ref()?;
        let letter = prebilled.letters.iter().find(|letter| letter.party == party).map(|letter| letter.letter);
        let is_drawn_up =
            |letter: &InvoiceId| known.book.deliveries.get(letter).is_some_and(|delivery| delivery.rendered.is_some());
        let about = || whose::part_of_run(known.present, id, party);
        if of_party.is_empty() || !known.asking.sees(Operation::SeeInvoices, about) {
            return None;
        }
        let objections = planned.objections.iter().filter(|objection| objection.recorded.party == party);
        Some(Prebilled {
            run: id,
            covers: planned.plan.covers,
            total_ore: of_party.iter().map(|invoice| invoice.total_ore).sum(),
            lines: lines.map(|line| (line.text.clone(), line.net_ore)).collect(),
            document: letter.filter(is_drawn_up),
            until: prebilled.objections_until,
            objections: objections.map(ObjectionEntry::of).collect(),
            may_object: known.asking.reaches(Operation::Object, &about()),
        })
    });
    prebilled.collect()
}

/// A party objects to what it is to be invoiced.
async fn object(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let number = path.into_inner();
    let then = format!("/municipalities/{}/invoices#prebill-heading", as_parameter(&number));
    let named = number.clone();
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let run = InvoiceRunId(reading.sent.id("run")?);
        let party = party_called(&app.ledger.now().book, &named).map_err(Problem::of_path)?;
        let (text, reference) = (reading.text("text"), reading.text_or_nothing("reference"));
        let Some(text) = text else { return Ok(None) };
        let command = InvoiceRunCommand::RecordObjection { party, text, reference, on: app.clock.today() };
        Ok(Some(Wished { wish: Some(Wish::InvoiceRun(run, command)), then }))
    };
    answered(app, around, sent, "objection", wished, move |known, around, filled, anew| {
        own_shown(known, around, (&number, ""), filled, anew)
    })
    .await
}
