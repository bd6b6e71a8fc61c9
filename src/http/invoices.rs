//! Invoice runs step by step, the documents, and the outbox.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{
    AsOfQuery, CommandAnswer, blocking, command_answer, page, page_limit, party_called, procurement_called, read,
    single,
};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{CANNOT_BE_PLANNED, INTERNAL, NOT_FOUND, PARAMETER_INVALID, Problem};
use super::request::{Asked, Posted, id_in_path};
use super::streams::{carry_out, unknown};
use crate::app::App;
use crate::archive;
use crate::domain::access::policy::{About, Operation};
use crate::domain::calendar::{PartOfYear, YEARS_TAKEN};
use crate::domain::delivery::{Delivery, DeliveryCommand, MailOutcomeStated, MailRetryRequested, Rendered};
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId};
use crate::domain::invoice_run::{Approved, InRole, InvoicePer, InvoiceRunCommand};
use crate::handle::{Handled, Wish};
use crate::ids;
use crate::process::approval;
use crate::process::invoice_plan::Wanted;
use crate::process::open_tasks::{HeldUp, Task};
use crate::view::book::Book;
use crate::view::documents;
use crate::view::outbox::{Letter, LetterState, letter, letters};
use crate::view::whose;
use crate::worker::{Done, Unnumbered};

const INVOICES: &str = "Invoices";

/// What is to be invoiced.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanRequest {
    /// The procurement: its id or its name.
    procurement: String,
    /// The county authority that issues: its id, a number, its organisation number, or a name.
    issuer: String,
    /// The budget year that is invoiced.
    year: i32,
    /// The days of the year that licences are invoiced for; all where nothing is said. One-time costs belong to the whole
    /// year, and are invoiced once.
    #[serde(default)]
    days: PartOfYear,
    /// What one document is for; all that a party pays where nothing is said.
    #[serde(default)]
    one_per: InvoicePer,
    /// The date on the invoices; today where nothing is said.
    invoice_date: Option<NaiveDate>,
    /// The day by which they are to be paid; as many days later as the settings say where nothing is said.
    due_date: Option<NaiveDate>,
    /// Who plans: needed where two people are required, since another one approves.
    planned_by: Option<PlannerRequest>,
}

/// Who plans.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PlannerRequest {
    /// The role, such as "økonomikonsulent".
    role: String,
    /// The person, by id alone.
    person: PersonId,
}

/// Who approves.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveRequest {
    /// The role, such as "økonomisjef".
    role: String,
    /// The person, by id alone.
    person: PersonId,
}

/// What was done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WorkAnswer {
    /// Invoices that got a number.
    issued_count: usize,
    /// Documents drawn up.
    rendered_count: usize,
    /// E-invoices laid out for the access point.
    placed_count: usize,
    /// E-invoices of which nobody knows whether the access point took them.
    unknown_count: usize,
    /// Letters that the other side took.
    mailed_count: usize,
    /// Letters that are tried again later.
    deferred_count: usize,
    /// Letters that wait for a person.
    parked_count: usize,
    /// Runs of which a number would be refused: they wait, and keep no other back.
    unnumbered: Vec<UnnumberedRun>,
    /// Approved runs that are not numbered, for their dates or since what they rest on has changed.
    held_up: Vec<HeldUp>,
}

/// A run that could not be numbered, and why.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct UnnumberedRun {
    /// The run.
    run: InvoiceRunId,
    /// The name of the procurement.
    procurement: String,
    /// The budget year.
    year: i32,
    /// The name of who issues.
    issuer: String,
    /// The stable name of the rule that says no.
    rejection: String,
    /// Why, and what to do.
    sentence: String,
}

impl From<&Unnumbered> for UnnumberedRun {
    fn from(unnumbered: &Unnumbered) -> Self {
        let Unnumbered { run, procurement, year, issuer, why } = unnumbered;
        Self {
            run: *run,
            procurement: procurement.clone(),
            year: *year,
            issuer: issuer.clone(),
            rejection: why.code(),
            sentence: why.to_string(),
        }
    }
}

/// Which letters.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct OutboxQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last invoice of the page before: the page begins after it.
    after: Option<InvoiceId>,
    /// Only those that stand so: `parked`, `unknown`, `deferred`, `attempting`, `queued`, `arrived` or `accepted`.
    state: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// Whether a letter arrived.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OutcomeRequest {
    /// Whether it is said of the e-invoice, which the access point took or not; else of the letter.
    #[serde(default)]
    e_invoice: bool,
    /// Whether it arrived. Where it has not, it is sent or laid out again.
    arrived: bool,
    /// The role of who says so, such as "regnskapsfører".
    role: String,
    /// The person, by id alone.
    person: PersonId,
    /// How it is known, in a few words and without names.
    reason: String,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/api/v1/invoice-runs", "planInvoiceRun", plan)
            .asks(&[Operation::PlanRun])
            .about(INVOICES, "Plan a run completely: contracted and actual costs and licences, never estimates")
            .described("The plan is stored and waits for a person. The run's id is in the event that is answered.")
            .takes::<PlanRequest>()
            .versioned()
            .may_answer(&[404, 409, 503])
            .answers::<CommandAnswer>("The plan."),
        Endpoint::post("/api/v1/invoice-runs/{id}/approve", "approveInvoiceRun", approve)
            .asks(&[Operation::ApproveRun])
            .about(INVOICES, "Approve a plan as it stands")
            .described(
                "Refused where what the plan rests on has changed, objections may still come or are not answered, or, where two \
                 people are required, by who planned. A worker then carries it out.",
            )
            .takes::<ApproveRequest>()
            .commands()
            .answers::<CommandAnswer>("Approved."),
        Endpoint::post("/api/v1/invoice-runs/{id}/discard", "discardInvoiceRun", discard)
            .asks(&[Operation::PlanRun])
            .about(INVOICES, "Discard a plan")
            .described("An approved one too, as long as none of its invoices is being numbered.")
            .commands()
            .answers::<CommandAnswer>("Discarded."),
        Endpoint::post("/api/v1/invoice-runs/issue", "issueInvoices", issue)
            .asks(&[Operation::IssueInvoices])
            .about(INVOICES, "Carry out approved plans: number, draw up and send")
            .described(
                "Does what is open of the issuers and procurements of your roles, and answers when it is done. Nothing is done twice, whatever the key: what is done is no \
                 longer open, so that a repeated request counts what was left. A run that cannot be numbered is named with the reason, \
                 and the others go.",
            )
            .may_answer(&[409, 503])
            .answers::<WorkAnswer>("What was done."),
        Endpoint::get("/api/v1/invoices/{id}/document", "getInvoiceDocument", document)
            .asks(&[Operation::SeeInvoices])
            .about(INVOICES, "The document of an invoice, byte for byte as it was drawn up")
            .header("ETag", "The SHA-256 of the document.")
            .header("Content-Disposition", "The file name: the invoice's number.")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers_as("application/pdf", "The document.", json!({ "type": "string", "format": "binary" })),
        Endpoint::get("/api/v1/invoices/{id}/e-invoice", "getEInvoice", e_invoice)
            .asks(&[Operation::SeeInvoices])
            .about(INVOICES, "The e-invoice of an invoice, byte for byte as it was drawn up")
            .header("ETag", "The SHA-256 of the e-invoice.")
            .header("Content-Disposition", "The file name: the invoice's number.")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers_as("application/xml", "The e-invoice.", json!({ "type": "string" })),
        Endpoint::get("/api/v1/credit-notes/{id}/document", "getCreditNoteDocument", document)
            .asks(&[Operation::SeeInvoices])
            .about(INVOICES, "The document of a credit note, byte for byte as it was drawn up")
            .header("ETag", "The SHA-256 of the document.")
            .header("Content-Disposition", "The file name: the credit note's number.")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers_as("application/pdf", "The document.", json!({ "type": "string", "format": "binary" })),
        Endpoint::get("/api/v1/credit-notes/{id}/e-invoice", "getCreditNoteEInvoice", e_invoice)
            .asks(&[Operation::SeeInvoices])
            .about(INVOICES, "The e-invoice of a credit note, byte for byte as it was drawn up")
            .header("ETag", "The SHA-256 of the e-invoice.")
            .header("Content-Disposition", "The file name: the credit note's number.")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers_as("application/xml", "The e-invoice.", json!({ "type": "string" })),
        Endpoint::get("/api/v1/outbox", "listLetters", outbox)
            .asks(&[Operation::SeeOutbox])
            .about("Outbox", "All letters: those that need a person first, then prebills, then invoices by number")
            .query::<OutboxQuery>()
            .answers_page::<Letter>(),
        Endpoint::post("/api/v1/outbox/{id}/retry", "retryLetter", retry)
            .asks(&[Operation::MendLetter])
            .about("Outbox", "Try a letter again: one that is parked, after what it lacked has been mended; one of which nobody knows whether it \
             arrived; or one that was put off, without waiting longer")
            .path_parameter("id", "The id of the document that the letter brings; the letter's own where it brings a prebill.")
            .commands()
            .may_answer(&[404])
            .answers::<CommandAnswer>("The worker will try again."),
        Endpoint::post("/api/v1/outbox/{id}/outcome", "settleLetter", state_outcome)
            .asks(&[Operation::MendLetter])
            .about("Outbox", "Say whether a letter arrived of which nobody knows, after having asked the recipient")
            .described("One that has not arrived is sent again, with the same Message-ID. With `e_invoice` it is said of the e-invoice of the \
             document, after having asked the access point: one that it did not take is laid out again.")
            .path_parameter("id", "The id of the document that the letter brings; the letter's own where it brings a prebill.")
            .takes::<OutcomeRequest>()
            .commands()
            .may_answer(&[404])
            .answers::<CommandAnswer>("It is settled."),
    ]
}

async fn plan(app: web::Data<App>, posted: Posted) -> Result<HttpResponse, Problem> {
    let request: PlanRequest = posted.read()?;
    let handled = blocking(move || planned(&app, &request, &posted)).await?;
    command_answer(&handled)
}

fn planned(app: &App, request: &PlanRequest, posted: &Posted) -> Result<Handled, Problem> {
    let run = InvoiceRunId(ids::derived(posted.command_id(), "run"));
    // A plan can be made once: what it plans is invoiced afterwards.
    if let Some(before) =
        app.ledger.handled_before(StreamKind::InvoiceRun, run.0, posted.command_id(), &posted.digest())?
    {
        return Ok(before);
    }
    let planned_by = request
        .planned_by
        .as_ref()
        .map(|by| Ok::<_, Problem>(InRole { role: by.role.clone(), person: posted.asking.oneself(by.person)? }))
        .transpose()?;
    let (procurement, issuer) = {
        let known = app.ledger.now();
        (procurement_called(&known.book, &request.procurement)?, party_called(&known.book, &request.issuer)?)
    };
    let wanted = WantedRun {
        procurement,
        issuer,
        year: request.year,
        days: request.days,
        one_per: request.one_per,
        invoice_date: request.invoice_date,
        due_date: request.due_date,
        planned_by,
    };
    let wish = plan_wish(app, &posted.asking, run, wanted)?;
    carry_out(app, wish, posted)
}

/// What is to be invoiced, of what is known.
pub struct WantedRun {
    pub procurement: ProcurementId,
    pub issuer: PartyId,
    pub year: i32,
    pub days: PartOfYear,
    pub one_per: InvoicePer,
    pub invoice_date: Option<NaiveDate>,
    pub due_date: Option<NaiveDate>,
    pub planned_by: Option<InRole>,
}

/// The wish to plan a run, as things stand now.
///
/// # Errors
/// Who asks may not, or nothing can be planned.
pub fn plan_wish(app: &App, asking: &Asking, run: InvoiceRunId, asked: WantedRun) -> Result<Wish, Problem> {
    let WantedRun { procurement, issuer, year, days, one_per, invoice_date, due_date, planned_by } = asked;
    let today = app.clock.today();
    if !YEARS_TAKEN.contains(&year) {
        return Err(Problem::new(CANNOT_BE_PLANNED, format!("{year} is no year that is taken")).with("field", "year"));
    }
    let invoice_date = invoice_date.unwrap_or(today);
    let due_days = Days::new(u64::from(app.settings.invoice.due_days));
    let due_date = due_date.or_else(|| invoice_date.checked_add_days(due_days)).ok_or_else(|| {
        Problem::new(CANNOT_BE_PLANNED, "invoice_date is outside the calendar").with("field", "invoice_date")
    })?;
    let plan = {
        let known = app.ledger.now();
        let about = About { counties: vec![issuer], ..whose::procurement(&known.book, procurement) };
        asking.may(Operation::PlanRun, &about)?;
        let wanted = Wanted {
            procurement,
            issuer,
            covers: days.of(year),
            one_per,
            account_number: app.settings.invoice.account_of(known.book.organisation_number_of(issuer)).to_owned(),
            invoice_date,
            due_date,
        };
        app.plan_of(&known.book, run.0, &wanted)?
    };
    if app.settings.invoice.approvers > 1 && planned_by.is_none() {
        let why = "two people are required (invoice.approvers), so it must be known who plans: give planned_by";
        return Err(Problem::new(CANNOT_BE_PLANNED, why).with("field", "planned_by"));
    }
    Ok(Wish::InvoiceRun(run, InvoiceRunCommand::Plan { run, plan, planned_by, on: today }))
}

async fn approve(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let ApproveRequest { role, person } = posted.read()?;
    let person = posted.asking.oneself(person)?;
    let handled = blocking(move || {
        let command = app.approval_of(run, Approved { role, person, on: app.clock.today() })?;
        carry_out(&app, Wish::InvoiceRun(run, command), &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn discard(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let handled = blocking(move || {
        let command = app.discarding_of(run);
        carry_out(&app, Wish::InvoiceRun(run, command), &posted)
    })
    .await?;
    command_answer(&handled)
}

/// Whose it is what the worker is to do.
fn whose_task(book: &Book, task: &Task) -> About {
    match task {
        Task::Issue(run, _) | Task::Complete(run) | Task::DrawUpPrebill(run) => whose::run(book, *run),
        Task::Render(document)
        | Task::Write(document)
        | Task::EInvoice(document)
        | Task::Place(document)
        | Task::Mail(document)
        | Task::CeaseToWait(document, _) => whose::document(book, *document),
    }
}

/// Carries out what is approved, as far as it is for the one who asks: of the issuers and procurements of their roles.
pub fn issue_own(app: &App, asking: &Asking) -> Result<Done, Problem> {
    asking.may_at_all(Operation::IssueInvoices)?;
    let meant = |book: &Book, task: &Task| asking.sees(Operation::IssueInvoices, || whose_task(book, task));
    Ok(app.work_on(&meant, &mut |_, _| {})?)
}

async fn issue(app: web::Data<App>, posted: Posted) -> Result<HttpResponse, Problem> {
    let (done, held_up) = blocking(move || {
        let done = issue_own(&app, &posted.asking)?;
        let known = app.ledger.now();
        let is_theirs =
            |run: &&InvoiceRunId| posted.asking.sees(Operation::IssueInvoices, || whose::run(&known.book, **run));
        let runs = known.book.runs.keys().filter(is_theirs);
        let held_up: Vec<HeldUp> =
            runs.filter_map(|run| app.run_held_up(&known.book, *run, app.clock.today())).collect();
        Ok((done, held_up))
    })
    .await?;
    let answer = WorkAnswer {
        issued_count: done.issued_count,
        rendered_count: done.rendered_count,
        placed_count: done.placed_count,
        unknown_count: done.unknown_count,
        mailed_count: done.mailed_count,
        deferred_count: done.deferred_count,
        parked_count: done.parked_count,
        unnumbered: done.unnumbered.iter().map(UnnumberedRun::from).collect(),
        held_up,
    };
    Ok(single(&answer, None))
}

/// The document of an invoice or a credit note.
pub async fn document(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    drawn_up(app, asking, &path, query, "document", |delivery| delivery.rendered.clone()).await
}

/// The e-invoice of one.
pub async fn e_invoice(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    drawn_up(app, asking, &path, query, "e-invoice", |delivery| delivery.e_invoicing.rendered().cloned()).await
}

/// A file of a document, byte for byte as it was drawn up.
async fn drawn_up(
    app: web::Data<App>,
    asking: Asking,
    id: &str,
    query: AsOfQuery,
    what: &'static str,
    which: fn(&Delivery) -> Option<Rendered>,
) -> Result<HttpResponse, Problem> {
    let invoice = InvoiceId(id_in_path(id)?);
    let (name, rendered, bytes) = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::SeeInvoices, &whose::document(known.present, invoice))?;
        let found = documents::document(known.book, invoice);
        let prebill = || approval::letter_about(known.book, invoice).map(|_| format!("prebill {invoice}"));
        let name = found.map(documents::Document::name).or_else(prebill);
        let name = name.ok_or_else(|| unknown(INVOICES, invoice.0))?;
        let delivery = known.book.deliveries.get(&invoice);
        let rendered = delivery.and_then(which).ok_or_else(|| {
            let standing = found.map(|found| letter(invoice, found, delivery, known.instant));
            let said = standing.and_then(|letter| letter.e_invoice_said).filter(|_| what == "e-invoice");
            let why = said.unwrap_or_else(|| "the worker does it in a moment".to_owned());
            Problem::new(NOT_FOUND, format!("the {what} of {name} is not drawn up: {why}"))
        })?;
        let bytes = known.app.tools().archived(&rendered).ok_or_else(|| {
            let file = archive::file_name(&rendered.sha256, &rendered.media_type);
            let detail = format!("the {what} is not in the archive as it was drawn up; restore {file} from a backup");
            Problem::new(INTERNAL, detail)
        })?;
        Ok((name, rendered, bytes))
    })
    .await?;
    let name = archive::file_name(&name, &rendered.media_type);
    Ok(HttpResponse::Ok()
        .content_type(rendered.media_type)
        .insert_header((header::ETAG, format!("\"{}\"", rendered.sha256)))
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(bytes))
}

async fn outbox(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<OutboxQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read(app, asking, query.as_of, move |known| {
        let state = query.state.as_deref().map(state_called).transpose()?;
        let mut letters = letters(known.book, known.instant);
        letters.retain(|letter| {
            state.is_none_or(|state| letter.is(state))
                && known.asking.sees(Operation::SeeOutbox, || whose::document(known.present, letter.invoice))
        });
        let begin = match query.after {
            None => 0,
            Some(after) => {
                letters.iter().position(|letter| letter.invoice == after).map(|index| index + 1).ok_or_else(|| {
                    Problem::new(PARAMETER_INVALID, format!("after {after}: the list holds no such id"))
                        .with("parameter", "after")
                })?
            }
        };
        let more = letters.len() > begin + limit;
        let items: Vec<Letter> = letters.into_iter().skip(begin).take(limit).collect();
        let next = items.last().map(|letter| letter.invoice).filter(|_| more);
        Ok((items, next))
    })
    .await?;
    Ok(page(&request, items, next.map(|invoice| invoice.to_string())))
}

fn state_called(called: &str) -> Result<LetterState, Problem> {
    LetterState::called(called)
        .map_err(|which| Problem::new(PARAMETER_INVALID, format!("state {called}: {which}")).with("parameter", "state"))
}

async fn retry(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let letter = InvoiceId(id_in_path(&path)?);
    let handled = blocking(move || {
        let requested = MailRetryRequested { on: app.clock.today() };
        about_letter(&app, letter, DeliveryCommand::RequestRetry { requested, at: app.clock.now() }, &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn state_outcome(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let letter = InvoiceId(id_in_path(&path)?);
    let OutcomeRequest { e_invoice, arrived, role, person, reason } = posted.read()?;
    let person = posted.asking.oneself(person)?;
    let handled = blocking(move || {
        let stated = MailOutcomeStated { arrived, role, person, reason, on: app.clock.today() };
        let command = DeliveryCommand::state(e_invoice, stated, app.clock.now());
        about_letter(&app, letter, command, &posted)
    })
    .await?;
    command_answer(&handled)
}

fn about_letter(app: &App, letter: InvoiceId, command: DeliveryCommand, posted: &Posted) -> Result<Handled, Problem> {
    let is_known = {
        let book = &app.ledger.now().book;
        posted.asking.may(Operation::MendLetter, &whose::document(book, letter))?;
        documents::document(book, letter).is_some() || book.deliveries.contains_key(&letter)
    };
    if !is_known {
        return Err(unknown("Outbox", letter.0));
    }
    carry_out(app, Wish::Delivery(letter, command), posted)
}
