//! The invoice runs of the story, step by step.

use std::io::Write;

use super::day;
use crate::app::App;
use crate::cli::{Failure, party};
use crate::clock::StoppedClock;
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PersonId, ProcurementId};
use crate::domain::invoice_run::{Approved, InRole, InvoicePer, InvoiceRun, InvoiceRunCommand, ObjectionOutcome};
use crate::handle::{Envelope, Wish};
use crate::ids::{NAMESPACE, SeededIds, derived};
use crate::process::approval::{self, Answer};
use crate::process::invoice_plan::Wanted;
use crate::worker::{Done, Tools};

/// An invoice run.
pub struct Run {
    /// The date on its invoices: the day it is approved and carried out.
    pub on: &'static str,
    /// The organisation number of who invoices.
    pub issuer: &'static str,
    /// The first and the last day that are invoiced.
    covers: [&'static str; 2],
    one_per: InvoicePer,
}

const TROMS_OG_FINNMARK: &str = "922420866";
const TROMS: &str = "930068128";
const FINNMARK: &str = "830090282";

const OF_THE_DISSOLVED: Run = Run {
    on: "2023-12-20",
    issuer: TROMS_OG_FINNMARK,
    covers: ["2023-01-01", "2023-12-31"],
    one_per: InvoicePer::Payer,
};
const OF_TROMS: Run =
    Run { on: "2024-01-29", issuer: TROMS, covers: ["2024-01-01", "2024-12-31"], one_per: InvoicePer::Payer };
const OF_FINNMARK: Run =
    Run { on: "2024-01-29", issuer: FINNMARK, covers: ["2024-01-01", "2024-12-31"], one_per: InvoicePer::Payer };
const FIRST_HALF: Run =
    Run { on: "2025-01-20", issuer: FINNMARK, covers: ["2025-01-01", "2025-06-30"], one_per: InvoicePer::Payer };
const SECOND_HALF: Run =
    Run { on: "2025-07-01", issuer: FINNMARK, covers: ["2025-07-01", "2025-12-31"], one_per: InvoicePer::Agreement };

/// What is done on a day.
pub enum Step {
    /// It is planned.
    Plan,
    /// The calculation is to be sent to everybody, who may object until the day.
    Prebill(&'static str),
    /// What is to be sent is sent.
    Send,
    /// A participant objects, for this reason.
    Object(&'static str, &'static str),
    /// The objection is rejected, for this reason.
    Reject(&'static str),
    /// It is approved and carried out.
    Issue,
}

/// The county that was dissolved invoices what was due before, at the end of its days without a prebill; each successor
/// sends one, and invoices its own afterwards. Finnmark goes on by halves of a year, the second by agreement.
pub const STEPS: [(&str, Run, Step); 15] = [
    ("2023-12-20", OF_THE_DISSOLVED, Step::Plan),
    ("2023-12-20", OF_THE_DISSOLVED, Step::Issue),
    ("2024-01-16", OF_TROMS, Step::Plan),
    ("2024-01-16", OF_TROMS, Step::Prebill("2024-01-26")),
    ("2024-01-16", OF_FINNMARK, Step::Plan),
    ("2024-01-16", OF_FINNMARK, Step::Prebill("2024-01-26")),
    ("2024-01-16", OF_FINNMARK, Step::Send),
    (
        "2024-01-18",
        OF_TROMS,
        Step::Object("Harstad", "Kommunen mener at lisensen skal deles etter antall bibliotek (oppdiktet)"),
    ),
    (
        "2024-01-23",
        OF_TROMS,
        Step::Reject("Nøkkelen er vedtatt av fylkestinget og følger tilslutningsavtalen (oppdiktet)"),
    ),
    ("2024-01-29", OF_TROMS, Step::Issue),
    ("2024-01-29", OF_FINNMARK, Step::Issue),
    ("2025-01-20", FIRST_HALF, Step::Plan),
    ("2025-01-20", FIRST_HALF, Step::Issue),
    ("2025-07-01", SECOND_HALF, Step::Plan),
    ("2025-07-01", SECOND_HALF, Step::Issue),
];

impl Run {
    /// Its id: the same each time.
    pub fn id(&self) -> InvoiceRunId {
        InvoiceRunId(derived(NAMESPACE, &format!("demo run {} {}", self.issuer, self.on)))
    }
}

/// Who plans, in the demonstration.
fn planner() -> InRole {
    InRole { role: "økonomikonsulent".to_owned(), person: PersonId(derived(NAMESPACE, "demo finance officer")) }
}

/// Who answers and approves.
fn manager() -> InRole {
    InRole { role: "økonomisjef".to_owned(), person: PersonId(derived(NAMESPACE, "demo finance manager")) }
}

fn carry_out(app: &App, on: &str, run: InvoiceRunId, step: &str, command: InvoiceRunCommand) -> Result<(), Failure> {
    let envelope = Envelope {
        command_id: derived(run.0, step),
        actor: "county-finance".to_owned(),
        recorded_at: StoppedClock::at_noon(day(on)).0,
        correlation_id: run.0,
        causation_id: None,
    };
    app.ledger.carry_out(&Wish::InvoiceRun(run, command), &envelope, None)?;
    Ok(())
}

/// Does what is open, as of a day.
pub fn work(app: &App, on: &str, run: InvoiceRunId) -> Result<Done, Failure> {
    let clock = StoppedClock::at_noon(day(on));
    let tools = Tools { clock: &clock, ids: &SeededIds::new(&format!("letters of {run} {on}")), ..app.tools() };
    Ok(tools.work(&mut |_, _| {})?.all_numbered()?)
}

/// Plans a run.
pub fn plan(app: &App, procurement: ProcurementId, on: &str, run: &Run) -> Result<(), Failure> {
    let id = run.id();
    let invoice_date = day(run.on);
    let plan = {
        let followed = app.ledger.now();
        let wanted = Wanted {
            procurement,
            issuer: party(&followed.book, "--issuer", run.issuer)?,
            covers: Period { first: day(run.covers[0]), last: day(run.covers[1]) },
            one_per: run.one_per,
            account_number: app.settings.invoice.account_number.clone(),
            invoice_date,
            due_date: invoice_date + chrono::Days::new(u64::from(app.settings.invoice.due_days)),
        };
        app.plan_of(&followed.book, id.0, &wanted).map_err(|error| Failure::fault(&error))?
    };
    carry_out(app, on, id, "plan", InvoiceRunCommand::Plan { run: id, plan, planned_by: Some(planner()), on: day(on) })
}

/// Records that the calculation of a run is to be sent.
pub fn prebill(app: &App, on: &str, run: &Run, until: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let id = run.id();
    let command = approval::prebill(&app.ledger.now().book, id, day(until), day(on), &derived);
    carry_out(app, on, id, "prebill", command)?;
    let followed = app.ledger.now();
    let Some(planned) = followed.book.runs.get(&id).and_then(InvoiceRun::planned) else { return Ok(()) };
    let (issuer, count) = (&planned.plan.issuer.name, planned.prebilled.as_ref().map_or(0, |sent| sent.letters.len()));
    writeln!(
        out,
        "{on}  {issuer} sends the whole calculation before it invoices: {count} prebills; objections until {until}."
    )?;
    Ok(())
}

/// Records an objection.
pub fn object(app: &App, on: &str, run: &Run, who: &str, text: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let objecting = party(&app.ledger.now().book, "--party", who)?;
    let command = InvoiceRunCommand::RecordObjection {
        party: objecting,
        text: text.to_owned(),
        reference: Some("24/0017 (oppdiktet)".to_owned()),
        on: day(on),
    };
    carry_out(app, on, run.id(), "objection", command)?;
    writeln!(out, "{on}  {who} objects to the key by which the licence is shared (invented).")?;
    Ok(())
}

/// Rejects the objection.
pub fn reject(app: &App, on: &str, run: &Run, why: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let (outcome, text) = (ObjectionOutcome::Rejected, why.to_owned());
    let answer = Answer { objection: 1, outcome, text, by: manager(), on: day(on) };
    carry_out(app, on, run.id(), "answer", app.answer_of(run.id(), answer))?;
    writeln!(out, "{on}  The objection is answered: the key was adopted, and the plan stands (invented).")?;
    Ok(())
}

/// Approves a run.
pub fn approve(app: &App, on: &str, run: &Run) -> Result<(), Failure> {
    let InRole { role, person } = manager();
    let approved = Approved { role, person, on: day(on) };
    let command = app.approval_of(run.id(), approved).map_err(|error| Failure::fault(&error))?;
    carry_out(app, on, run.id(), "approve", command)
}
