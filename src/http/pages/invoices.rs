//! Finance's pages: runs, letters, what is unpaid, payments to match; and a municipality's own invoices.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{Either, HttpResponse, web};
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::form::{Sent, day, see};
use super::kept::Rests;
use crate::after_issue::paying;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::delivery::{DeliveryCommand, MailRetryRequested};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PaymentId, PersonId};
use crate::domain::invoice_run::{Approved, InvoiceRunCommand};
use crate::handle::Wish;
use crate::http::answer::{Known, blocking, party_called, read};
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::ids;
use crate::process::approval;
use crate::render::page::{
    InvoicesShown, OwnInvoicesShown, Place, RunPageShown, invoices_page, own_invoices_page, run_page,
};
use crate::view::outbox::letters;
use crate::view::receivables::{payments, receivable, receivables};
use crate::view::register::{CreditNoteEntry, Entry, InvoiceEntry, InvoiceRunEntry};
use crate::view::run_comparison::beside_last_year;
use crate::view::whose;

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
    ]
}

fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::new(NOT_FOUND, format!("{text} is no id")))
}

async fn overview(app: web::Data<App>, asking: Asking, around: Around) -> Result<Page, Problem> {
    let whole = around.clone();
    let made = read(app.clone(), asking.clone(), None, move |known| {
        let book = known.book;
        let sees =
            |operation, whose: &dyn Fn() -> crate::domain::access::policy::About| known.asking.sees(operation, whose);
        let mut runs = InvoiceRunEntry::all(book, known.at());
        runs.retain(|run| sees(Operation::SeeRuns, &|| whose::run(book, run.run)));
        runs.reverse();
        let mut letters = letters(book, known.instant);
        letters.retain(|letter| sees(Operation::SeeOutbox, &|| whose::document(book, letter.invoice)));
        let mut owed = receivables(book, known.day);
        owed.retain(|owed| sees(Operation::SeeReceivables, &|| whose::document(book, owed.invoice)));
        let mut came_in = payments(book);
        // Whose an account is, is found out once, and not for each payment to it.
        let mut seen: BTreeMap<String, bool> = BTreeMap::new();
        came_in.retain(|payment| {
            let of_account = || sees(Operation::SeePayments, &|| whose::payment(book, payment.payment));
            *seen.entry(payment.account_number.clone()).or_insert_with(of_account)
        });
        let mut notes = CreditNoteEntry::all(book, known.at());
        notes.retain(|note| sees(Operation::SeeInvoices, &|| whose::document(book, note.credit_note)));
        let page = InvoicesShown {
            runs: &runs,
            letters: &letters,
            receivables: &owed,
            payments: &came_in,
            credit_notes: &notes,
            may_mend: known.asking.may_at_all(Operation::KeepPayments).is_ok(),
        };
        around.answer(known.app, Some(Place::Invoices), |frame| invoices_page(frame, &page))
    });
    whole.kept(&app, &asking, (Rests::OnAll, ""), made).await
}

/// What was typed into a form of a run, and what of it was not taken.
#[derive(Debug, Default)]
struct RunForm {
    typed: BTreeMap<&'static str, String>,
    refused: Option<(&'static str, String)>,
}

fn run_shown(
    known: &Known<'_>,
    around: &Around,
    run: InvoiceRunId,
    form: &RunForm,
    command: Uuid,
) -> Result<Page, Problem> {
    let unknown = || Problem::new(NOT_FOUND, "there is no such invoice run");
    known.asking.may(Operation::SeeRuns, &whose::run(known.book, run))?;
    let entry = InvoiceRunEntry::one(known.book, run.0, known.at()).ok_or_else(unknown)?;
    let comparison = beside_last_year(known.book, run).ok_or_else(unknown)?;
    let objectors: Vec<String> = entry
        .objections
        .iter()
        .map(|objection| {
            let party = known.book.parties.get(&objection.party);
            party.map(|party| party.full_name_on(known.day)).unwrap_or_default()
        })
        .collect();
    let page = RunPageShown {
        run: &entry,
        comparison: &comparison,
        objectors: &objectors,
        typed: &form.typed,
        refused: form.refused.as_ref().map(|(field, sentence)| (*field, sentence.as_str())),
        asks_person: known.asking.asker().person().is_none(),
    };
    if form.refused.is_none() {
        return around.answer(known.app, Some(Place::Invoices), |frame| run_page(frame, &page));
    }
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    around.answer_as(status, command, Some(Place::Invoices), |frame| run_page(frame, &page))
}

async fn run(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let run = InvoiceRunId(id(&path)?);
    let whole = around.clone();
    let made = read(app.clone(), asking.clone(), None, move |known| {
        run_shown(known, &around, run, &RunForm::default(), known.app.ids.new_id())
    });
    whole.kept(&app, &asking, (Rests::OnAll, ""), made).await
}

type Answered = Result<Either<HttpResponse, Page>, Problem>;

/// Does what a form of a run asks for. Where a field or a rule says no, the page comes again with what was typed.
async fn done(
    app: web::Data<App>,
    around: Around,
    run: InvoiceRunId,
    sent: Sent,
    wish: impl FnOnce(&App, &Sent) -> Result<InvoiceRunCommand, (&'static str, String)> + Send + 'static,
) -> Answered {
    let (asking, command) = (sent.asking.clone(), sent.command()?);
    let fields = ["role", "person", "objections_until"];
    let typed = fields.into_iter().map(|name| (name, sent.field(name).to_owned())).collect();
    let doing = app.clone();
    let refused = blocking(move || {
        Ok(match wish(&doing, &sent) {
            Err(refused) => Some(refused),
            Ok(command) => match sent.carry_out(&doing, Wish::InvoiceRun(run, command)) {
                Ok(_) => None,
                Err(problem) if problem.is_said_by_a_rule() => Some(("", problem.to_string())),
                Err(problem) => return Err(problem),
            },
        })
    })
    .await?;
    match refused {
        None => Ok(Either::Left(see(&format!("/invoices/runs/{run}")))),
        Some(refused) => {
            let form = RunForm { typed, refused: Some(refused) };
            let page = read(app, asking, None, move |known| run_shown(known, &around, run, &form, command)).await?;
            Ok(Either::Right(page))
        }
    }
}

async fn prebill(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, run, sent, move |app, sent| {
        let unread = || ("objections_until", "the last day for objections cannot be read".to_owned());
        let until = day(sent.field("objections_until")).ok_or_else(unread)?;
        Ok(approval::prebill(&app.ledger.now().book, run, until, app.clock.today(), &ids::derived))
    })
    .await
}

async fn approve(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, run, sent, move |app, sent| {
        let role = sent.field("role").to_owned();
        if role.is_empty() {
            return Err(("role", "role is empty".to_owned()));
        }
        let typed = || sent.field("person").parse().map(PersonId);
        let unread = |_| ("person", "person is no id".to_owned());
        let person = sent.asking.asker().person().map_or_else(typed, Ok).map_err(unread)?;
        Ok(app.approval_of(run, Approved { role, person, on: app.clock.today() }))
    })
    .await
}

async fn discard(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let run = InvoiceRunId(id(&path)?);
    done(app, around, run, sent, move |app, _| Ok(InvoiceRunCommand::Discard { on: app.clock.today() })).await
}

async fn match_payment(app: web::Data<App>, path: web::Path<String>, sent: Sent) -> Result<HttpResponse, Problem> {
    let payment = PaymentId(id(&path)?);
    blocking(move || {
        let invoice = InvoiceId(sent.id("invoice")?);
        let wish = paying::matched(&app.ledger.now().book, payment, invoice, None, app.clock.today())
            .map_err(|error| Problem::new(NOT_FOUND, error.to_string()))?;
        sent.carry_out(&app, wish)
    })
    .await?;
    Ok(see("/invoices#payments-heading"))
}

async fn retry(app: web::Data<App>, path: web::Path<String>, sent: Sent) -> Result<HttpResponse, Problem> {
    let letter = InvoiceId(id(&path)?);
    blocking(move || {
        let requested = MailRetryRequested { on: app.clock.today() };
        sent.carry_out(&app, Wish::Delivery(letter, DeliveryCommand::RequestRetry { requested, at: app.clock.now() }))
    })
    .await?;
    Ok(see("/invoices#letters-heading"))
}

async fn own(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let number = path.into_inner();
    let whole = around.clone();
    let made = read(app.clone(), asking.clone(), None, move |known| {
        let party = party_called(known.book, &number)?;
        let sees = |id| known.asking.sees(Operation::SeeInvoices, || whose::document(known.book, id));
        let seen = known.book.invoices_of_party(party).filter(|(id, _)| sees(*id));
        let mut invoices: Vec<_> = seen
            .filter_map(|(id, issued)| {
                let owed = receivable(known.book, id, issued, known.day);
                Some((InvoiceEntry::one(known.book, id.0, known.at())?, owed))
            })
            .collect();
        // The latest first, by number where several were issued on a day.
        invoices.sort_by_key(|(entry, _)| std::cmp::Reverse((entry.issued.invoice_date, entry.issued.number)));
        let name = known.book.parties.get(&party).map(|party| party.full_name_on(known.day)).unwrap_or_default();
        let page = OwnInvoicesShown { party_name: &name, number: &number, invoices: &invoices, day: known.day };
        around.answer(known.app, None, |frame| own_invoices_page(frame, &page))
    });
    whole.kept(&app, &asking, (Rests::OnAll, ""), made).await
}
