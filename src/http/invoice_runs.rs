//! Invoice runs between plan and approval: the plan beside last year's, the prebill, objections.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answer::{AsOfQuery, CommandAnswer, blocking, command_answer, party_called, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{NOT_FOUND, Problem};
use super::request::{Asked, Posted, id_in_path};
use super::streams::{carry_out, unknown};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::identity::{InvoiceRunId, PersonId};
use crate::domain::invoice_run::{InRole, InvoiceRunCommand, ObjectionOutcome};
use crate::domain::money::Ore;
use crate::handle::Wish;
use crate::ids;
use crate::process::approval::{self, Answer};
use crate::process::invoice_plan::{Beside, LeftOver, NotPlanned};
use crate::view::run_comparison::{RunComparison, beside_last_year};
use crate::view::whose;

const INVOICES: &str = "Invoices";

/// The calculation is to be sent to each participant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PrebillRequest {
    /// The last day for objections: the run can be approved after it.
    objections_until: NaiveDate,
}

/// What a participant objects to.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionRequest {
    /// Who objects: its id, a number, its organisation number, or a name.
    party: String,
    /// What it is about, in one line. It goes into the log: no name or address of a person.
    text: String,
    /// Where the letter is filed, such as a case number.
    reference: Option<String>,
}

/// How an objection is answered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerRequest {
    /// What was decided. Where it is upheld, the run must be planned anew.
    outcome: ObjectionOutcome,
    /// Why, in one line. It goes into the log: no name or address of a person.
    answer: String,
    /// The role of who answers, such as "økonomisjef".
    role: String,
    /// The person, by id alone.
    person: PersonId,
}

/// What stands beside the plan of a run.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct BesideRun {
    /// By who pays and why it cannot be invoiced now; nothing of a run that is carried out.
    left_over: Vec<LeftOver>,
    /// Costs and licences that no plan can hold before something of them is known or decided.
    not_planned: Vec<CannotBePlanned>,
}

/// A cost or licence that no plan can hold as things stand.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CannotBePlanned {
    /// How much there is to invoice of it, excluding VAT; none where it cannot be shared.
    net_ore: Option<Ore>,
    /// What must be known or decided first, in a sentence.
    reason: String,
}

impl From<Beside> for BesideRun {
    fn from(Beside { left_over, not_planned }: Beside) -> Self {
        let reason = |NotPlanned { net_ore, fault }| CannotBePlanned { net_ore, reason: fault.to_string() };
        Self { left_over, not_planned: not_planned.into_iter().map(reason).collect() }
    }
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/invoice-runs/{id}/comparison", "compareInvoiceRun", comparison)
            .asks(&[Operation::SeeRuns])
            .about(INVOICES, "The plan of a run beside what was invoiced for the same days of the year before")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers::<RunComparison>("By participant, and in all."),
        Endpoint::get("/api/v1/invoice-runs/{id}/left-over", "seeLeftOver", left_over)
            .asks(&[Operation::SeeRuns])
            .about(INVOICES, "What this issuer is still to invoice and cannot now, of what the plan of a run does not hold")
            .described(
                "Shares of costs and licences that others were invoiced for before, and of those that nobody could be invoiced \
                 for; and costs and licences that cannot be planned yet. Who is set aside of what the plan holds stands in the plan.",
            )
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers::<BesideRun>("Who, of what, and why."),
        Endpoint::post("/api/v1/invoice-runs/{id}/prebill", "prebillInvoiceRun", prebill)
            .asks(&[Operation::PlanRun])
            .about(INVOICES, "Send the whole calculation to each participant before anything is invoiced")
            .described("The letters are in the outbox, and a worker sends them.")
            .takes::<PrebillRequest>()
            .commands()
            .answers::<CommandAnswer>("It is to be sent."),
        Endpoint::post("/api/v1/invoice-runs/{id}/objections", "recordObjection", object)
            .asks(&[Operation::Object])
            .about(INVOICES, "Record that a participant objects")
            .takes::<ObjectionRequest>()
            .commands()
            .may_answer(&[404])
            .answers::<CommandAnswer>("Recorded. Its number in the run is in the event that is answered."),
        Endpoint::post("/api/v1/invoice-runs/{id}/objections/{objection}/answer", "answerObjection", answer)
            .asks(&[Operation::PlanRun])
            .about(INVOICES, "Answer an objection")
            .described(
                "One cannot be rejected where what the plan rests on has changed, since the answer says that the calculation \
                 stands: discard the run, and plan it anew.",
            )
            .path_parameter("objection", "The number of the objection in the run.")
            .takes::<AnswerRequest>()
            .commands()
            .answers::<CommandAnswer>("Answered."),
    ]
}

async fn comparison(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let compared = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::SeeRuns, &whose::run(known.present, run))?;
        beside_last_year(known.book, run).ok_or_else(|| unknown(INVOICES, run.0))
    })
    .await?;
    Ok(single(&compared, None))
}

async fn left_over(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let beside = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::SeeRuns, &whose::run(known.present, run))?;
        if !known.book.runs.contains_key(&run) {
            return Err(unknown(INVOICES, run.0));
        }
        Ok(BesideRun::from(known.app.beside(known.book, run)?))
    })
    .await?;
    Ok(single(&beside, None))
}

async fn prebill(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let PrebillRequest { objections_until } = posted.read()?;
    let handled = blocking(move || {
        let on = app.clock.today();
        let command = approval::prebill(&app.ledger.now().book, run, objections_until, on, &ids::derived);
        carry_out(&app, Wish::InvoiceRun(run, command), &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn object(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let run = InvoiceRunId(id_in_path(&path)?);
    let ObjectionRequest { party, text, reference } = posted.read()?;
    let handled = blocking(move || {
        let party = party_called(&app.ledger.now().book, &party)?;
        let command = InvoiceRunCommand::RecordObjection { party, text, reference, on: app.clock.today() };
        carry_out(&app, Wish::InvoiceRun(run, command), &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn answer(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let (run, objection) = path.into_inner();
    let run = InvoiceRunId(id_in_path(&run)?);
    let objection: u32 = objection.parse().map_err(|_| {
        Problem::new(
            NOT_FOUND,
            format!("\"{objection}\" is no number of an objection; give 1 for the first of the run"),
        )
    })?;
    let AnswerRequest { outcome, answer, role, person } = posted.read()?;
    let person = posted.asking.oneself(person)?;
    let handled = blocking(move || {
        let (by, on) = (InRole { role, person }, app.clock.today());
        let command = app.answer_of(run, Answer { objection, outcome, text: answer, by, on });
        carry_out(&app, Wish::InvoiceRun(run, command), &posted)
    })
    .await?;
    command_answer(&handled)
}
