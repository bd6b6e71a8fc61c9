//! `grenselos invoice` and `grenselos outbox`: the run, step by step.

use std::collections::BTreeSet;
use std::io::{self, Write};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::answer::{Table, write_json};
use super::outbox::{letters_of, warn_of_unnumbered};
use super::{Failure, Format, Session, after_issue, invoice_run, party, payment, procurement, year};
use crate::app::App;
use crate::domain::calendar::PartOfYear;
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceRunId, PersonId};
use crate::domain::invoice_run::{
    Approved, InRole, InvoicePer, InvoicePlan, InvoiceRunCommand, LeftOut, PlannedInvoice,
};
use crate::domain::series::Issued;
use crate::domain::vat::VatTreatment;
use crate::handle::{Rejected, Wish};
use crate::ids::{self, NAMESPACE};
use crate::process::invoice_plan::{Beside, LeftOver, NotPlanned, Wanted};
use crate::process::open_tasks::HeldUp;
use crate::unreadable;
use crate::view::book::Book;
use crate::view::documents::{Document, documents};
use crate::view::outbox;
use crate::view::register::{RunSummary, runs_latest_first};
use crate::view::run_comparison::{RunComparison, beside_last_year};
use crate::worker::Done;

/// An invoice run.
#[derive(Debug, Args)]
pub struct InvoiceArguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Plan a run completely and store the plan: contracted and actual costs and licences, never estimates.
    Plan(PlanArguments),
    /// The plan of a run beside the year before, its prebill and the objections to it.
    Show(invoice_run::ShowArguments),
    /// Send the whole calculation to each participant, with a day until which objections may come.
    Prebill(invoice_run::PrebillArguments),
    /// Record that a participant objected to the calculation.
    Object(invoice_run::ObjectArguments),
    /// Answer an objection.
    Answer(invoice_run::AnswerArguments),
    /// Approve a plan as it stands. It is refused where what it rests on has changed, or an objection is open.
    Approve(ApproveArguments),
    /// Discard a plan, also an approved one as long as none of its invoices is being numbered.
    Discard(invoice_run::DiscardArguments),
    /// Carry out all approved plans whose date has come: number, draw up and send.
    Issue,
    /// The runs and the invoices issued.
    List(ListArguments),
    /// Credit an invoice, in full or by line.
    Credit(after_issue::CreditArguments),
    /// What was invoiced on account of a cost or licence against what it came to.
    Settle(after_issue::SettleArguments),
    /// Record a payment by hand.
    Pay(payment::PayArguments),
    /// What is not paid, longest overdue first.
    Unpaid(payment::UnpaidArguments),
    /// Remind of an invoice that is overdue, where the settings allow it.
    Remind(after_issue::RemindArguments),
    /// Ask no longer for what reminders of an invoice cost.
    Waive(after_issue::WaiveArguments),
}

#[derive(Debug, Args)]
struct PlanArguments {
    /// The county authority that issues: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    issuer: String,
    /// The budget year that is invoiced.
    #[arg(long, value_name = "YEAR")]
    year: i32,
    /// The days of the year that licences are invoiced for. One-time costs belong to the whole year, and are invoiced once.
    #[arg(long, value_enum, default_value_t = Days::Year, value_name = "DAYS")]
    days: Days,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
    /// The date on the invoices; today where nothing is said.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    date: Option<NaiveDate>,
    /// The day by which they are to be paid; as many days later as the settings say where nothing is said.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    due: Option<NaiveDate>,
    /// What one document is for.
    #[arg(long, value_enum, default_value_t = Per::Payer, value_name = "WHAT")]
    per: Per,
    /// The role of who plans, such as "økonomikonsulent".
    #[arg(long, value_name = "ROLE", requires = "person")]
    role: Option<String>,
    /// The id of the person who plans: needed where two people are required, since another one approves.
    #[arg(long, value_name = "ID", requires = "role")]
    person: Option<PersonId>,
    /// How the plan is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The days of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Days {
    /// All of them.
    Year,
    /// January to June.
    FirstHalf,
    /// July to December.
    SecondHalf,
}

impl From<Days> for PartOfYear {
    fn from(days: Days) -> Self {
        match days {
            Days::Year => Self::Year,
            Days::FirstHalf => Self::FirstHalf,
            Days::SecondHalf => Self::SecondHalf,
        }
    }
}

/// What one document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Per {
    /// All that a party pays.
    Payer,
    /// All that a party pays by one agreement.
    Agreement,
}

impl From<Per> for InvoicePer {
    fn from(per: Per) -> Self {
        match per {
            Per::Payer => Self::Payer,
            Per::Agreement => Self::Agreement,
        }
    }
}

#[derive(Debug, Args)]
struct ApproveArguments {
    /// The run's id, as `invoice plan` printed it.
    run: InvoiceRunId,
    /// The role of who approves, such as "økonomisjef".
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// The id of the person who approves.
    #[arg(long, value_name = "ID")]
    person: PersonId,
}

#[derive(Debug, Args)]
struct ListArguments {
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(session: &Session, arguments: &InvoiceArguments) -> Result<(), Failure> {
    match &arguments.step {
        Step::Plan(arguments) => plan(session, arguments),
        Step::Show(arguments) => invoice_run::show(session, arguments),
        Step::Prebill(arguments) => invoice_run::prebill(session, arguments),
        Step::Object(arguments) => invoice_run::object(session, arguments),
        Step::Answer(arguments) => invoice_run::answer(session, arguments),
        Step::Approve(arguments) => approve(session, arguments),
        Step::Discard(arguments) => invoice_run::discard(session, arguments),
        Step::Issue => issue(session),
        Step::List(arguments) => list(session, arguments.format),
        Step::Pay(arguments) => payment::pay(session, arguments),
        Step::Unpaid(arguments) => payment::unpaid(session, arguments),
        Step::Credit(arguments) => after_issue::credit(session, arguments),
        Step::Settle(arguments) => after_issue::settle(session, arguments),
        Step::Remind(arguments) => after_issue::remind(session, arguments),
        Step::Waive(arguments) => after_issue::waive(session, arguments),
    }
}

fn plan(session: &Session, arguments: &PlanArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let today = app.clock.today();
    let invoice_date = arguments.date.unwrap_or(today);
    let due_days = chrono::Days::new(u64::from(app.settings.invoice.due_days));
    let due_date = arguments
        .due
        .or_else(|| invoice_date.checked_add_days(due_days))
        .ok_or_else(|| Failure::Asked("--date is outside the calendar".to_owned()))?;
    let (run, plan) = {
        let followed = app.ledger.now();
        let book = &followed.book;
        let issuer = party(book, "--issuer", &arguments.issuer)?;
        let wanted = Wanted {
            procurement: procurement(book, arguments.procurement.as_deref())?,
            issuer,
            covers: PartOfYear::from(arguments.days).of(year("--year", arguments.year)?),
            one_per: arguments.per.into(),
            account_number: app.settings.invoice.account_of(book.organisation_number_of(issuer)).to_owned(),
            invoice_date,
            due_date,
        };
        // Each plan is a run of its own: that none takes what another has taken, approval sees to.
        let Wanted { procurement, issuer, covers, .. } = &wanted;
        let covered = format!("{} {}", covers.first, covers.last);
        let seed = format!("run {procurement} {issuer} {covered} {}", book.runs.len());
        let run = ids::derived(NAMESPACE, &seed);
        (InvoiceRunId(run), app.plan_of(book, run, &wanted)?)
    };
    let planned_by = arguments.role.clone().zip(arguments.person).map(|(role, person)| InRole { role, person });
    if app.settings.invoice.approvers > 1 && planned_by.is_none() {
        return Err(Failure::Asked(
            "two people are required (invoice.approvers), so it must be known who plans: give --role and --person"
                .to_owned(),
        ));
    }
    let command = InvoiceRunCommand::Plan { run, plan: plan.clone(), planned_by, on: today };
    carry_out(&app, &Wish::InvoiceRun(run, command), ids::derived(run.0, "plan"))?;
    let book = &app.ledger.now().book;
    let beside = app.beside(book, run).map_err(|error| Failure::fault(&error))?;
    show_plan(book, run, &plan, &beside, arguments.format)
}

pub fn carry_out(app: &App, wish: &Wish, command_id: Uuid) -> Result<(), Failure> {
    app.ledger.carry_out(wish, &app.envelope(command_id, "command line"), None)?;
    Ok(())
}

fn show_plan(
    book: &Book,
    run: InvoiceRunId,
    plan: &InvoicePlan,
    beside: &Beside,
    format: Format,
) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let Beside { left_over, .. } = beside;
            let not_planned = not_planned(beside);
            let answer = serde_json::json!({
                "run": run, "plan": plan, "left_over": left_over, "not_planned": not_planned,
            });
            write_json(&mut out, &answer)?;
        }
        Format::Csv => write_planned(&mut out, plan, format)?,
        Format::Text => {
            write_planned(&mut out, plan, format)?;
            show_set_aside(&mut out, book, plan)?;
            show_beside(&mut out, beside)?;
            writeln!(out, "\nrun {run}: dated {}, due {}", plan.invoice_date, plan.due_date)?;
            writeln!(out, "next: grenselos invoice prebill {run} --objections-until DATE")?;
            writeln!(out, "  or: grenselos invoice approve {run} --role ROLE --person ID")?;
        }
    }
    Ok(())
}

/// A column of a plan: its head, what it says of a document, and of all of them.
type PlanColumn = (&'static str, fn(&PlannedInvoice) -> String, fn(&InvoicePlan) -> String);

const NUMBER: PlanColumn = ("number", |one| one.recipient.number.clone().unwrap_or_default(), |_| String::new());
const RECIPIENT: PlanColumn = ("recipient", |one| one.recipient.name.clone(), |_| "total".to_owned());
const TREATMENT: PlanColumn = ("treatment", |one| one.treatment.word().to_owned(), |_| String::new());
const NET: PlanColumn = ("net", |one| one.net_ore.to_string(), |plan| plan.net().to_string());
/// The supplier's VAT is part of what a claim asks for.
const VAT: PlanColumn =
    ("vat", |one| (one.total_ore - one.net_ore).to_string(), |plan| (plan.total() - plan.net()).to_string());
const TOTAL: PlanColumn = ("total", |one| one.total_ore.to_string(), |plan| plan.total().to_string());

/// The documents of a plan; where VAT is treated in several ways, one payer has several, and it is said of each which it is.
fn write_planned(out: &mut dyn Write, plan: &InvoicePlan, format: Format) -> io::Result<()> {
    let treatments: BTreeSet<VatTreatment> = plan.invoices.iter().map(|invoice| invoice.treatment).collect();
    if treatments.len() > 1 {
        planned(plan, [NUMBER, RECIPIENT, TREATMENT, NET, VAT, TOTAL]).write(format, out, "")
    } else {
        planned(plan, [NUMBER, RECIPIENT, NET, VAT, TOTAL]).write(format, out, "")
    }
}

fn planned<const COLUMNS: usize>(plan: &InvoicePlan, columns: [PlanColumn; COLUMNS]) -> Table<COLUMNS> {
    let mut table = Table::new(columns.map(|(head, ..)| head));
    for invoice in &plan.invoices {
        table.row(columns.map(|(_, says, _)| says(invoice)));
    }
    let totals = columns.map(|(.., says)| says(plan));
    table.total(totals.each_ref().map(String::as_str));
    table
}

/// Who gets no invoice, and why.
pub fn show_set_aside(out: &mut dyn Write, book: &Book, plan: &InvoicePlan) -> io::Result<()> {
    for LeftOut { party, reason, names, net } in plan.left_out() {
        let party = book.parties.get(&party).map(|party| party.full_name_on(plan.invoice_date)).unwrap_or_default();
        writeln!(out, "set aside: {party} ({}), {net} excluding VAT: {reason}", names.join(", "))?;
    }
    Ok(())
}

/// What cannot be planned before something is known or decided, for programs.
pub fn not_planned(beside: &Beside) -> serde_json::Value {
    let one = |NotPlanned { net_ore, fault }: &NotPlanned| serde_json::json!({ "net_ore": net_ore, "fault": fault, "sentence": fault.to_string() });
    beside.not_planned.iter().map(one).collect()
}

/// What stands beside the plan, and why.
pub fn show_beside(out: &mut dyn Write, beside: &Beside) -> io::Result<()> {
    for NotPlanned { net_ore, fault } in &beside.not_planned {
        let net = net_ore.map(|net| format!(" ({net} excluding VAT)")).unwrap_or_default();
        writeln!(out, "not in this plan{net}: {fault}")?;
    }
    for LeftOver { party_name, names, net_ore, reason, vat_undecided, .. } in &beside.left_over {
        let also = if *vat_undecided { "; how VAT on it is treated is not decided either" } else { "" };
        let names = names.join(", ");
        writeln!(out, "left over beside this plan: {party_name} ({names}), {net_ore} excluding VAT: {reason}{also}")?;
    }
    Ok(())
}

fn approve(session: &Session, arguments: &ApproveArguments) -> Result<(), Failure> {
    let run = arguments.run;
    let app = session.write()?;
    let approved = Approved { role: arguments.role.clone(), person: arguments.person, on: app.clock.today() };
    let command = app.approval_of(run, approved).map_err(|error| Failure::fault(&error))?;
    carry_out(&app, &Wish::InvoiceRun(run, command), ids::derived(run.0, "approve"))?;
    let mut out = io::stdout().lock();
    if let Some(compared) = beside_last_year(&app.ledger.now().book, run) {
        let RunComparison { planned_ore, invoiced_ore, last_year_ore, difference_ore, .. } = compared;
        writeln!(
            out,
            "approved: {planned_ore} to pay; invoiced before {invoiced_ore}, year before {last_year_ore}, difference \
             {difference_ore}"
        )?;
    }
    say_held_up(&app, Some(run), &mut out)?;
    writeln!(out, "next: grenselos invoice issue")?;
    Ok(())
}

/// A bar on standard error for a person who watches long work; nothing where nobody does.
pub fn progress(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:30} {wide_bar} {pos}/{len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(what)
}

fn issue(session: &Session) -> Result<(), Failure> {
    let app = session.write()?;
    let bar = progress("issuing");
    let mut so_far = Done::default();
    let worked = app.tools().work(&mut |done, left| {
        so_far.clone_from(done);
        bar.inc(1);
        bar.set_length(bar.position() + left as u64);
    });
    bar.finish_and_clear();
    let done = worked.as_ref().unwrap_or(&so_far);
    writeln!(
        io::stdout().lock(),
        "{} numbered, {} drawn up, {} e-invoices laid out, {}",
        done.issued_count,
        done.rendered_count,
        done.placed_count,
        letters_of(done)
    )?;
    if worked.is_err() {
        warn_of_unnumbered(&so_far);
    }
    let done = worked?;
    say_held_up(&app, None, &mut io::stdout().lock())?;
    done.all_numbered()?;
    Ok(())
}

/// Says which approved runs, or whether the one that is named, wait for their date, or have waited for too long.
pub fn say_held_up(app: &App, named: Option<InvoiceRunId>, out: &mut dyn Write) -> io::Result<()> {
    let (today, known) = (app.clock.today(), app.ledger.now());
    let held_up = match named {
        Some(run) => app.run_held_up(&known.book, run, today).into_iter().collect(),
        None => app.held_up(&known.book, today),
    };
    for held_up in held_up {
        let HeldUp { run, invoice_date, .. } = held_up;
        if let Some(changed) = held_up.changed() {
            writeln!(out, "run {run} is not issued. {}", Rejected::new(StreamKind::InvoiceRun, &changed))?;
        } else if today < invoice_date {
            writeln!(out, "run {run} waits until {invoice_date}, the date of its invoices")?;
        } else {
            writeln!(
                out,
                "run {run} is dated {invoice_date} and can no longer be issued with its dates: grenselos invoice discard {run}, \
                 and plan anew"
            )?;
        }
    }
    Ok(())
}

/// The runs, the latest first.
fn summaries(book: &Book) -> Vec<RunSummary> {
    runs_latest_first(book).into_iter().filter_map(|(id, run)| RunSummary::of(id, run)).collect()
}

/// The runs as people read them; nothing where there is none.
fn show_runs(out: &mut dyn Write, runs: &[RunSummary]) -> Result<(), Failure> {
    if runs.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(["run", "phase", "first day", "last day", "planned", "dated", "invoices", "total"]);
    for RunSummary { run, phase, covers, planned_on, invoice_date, invoices_count, total_ore } in runs {
        table.row([
            run.to_string(),
            phase.word().to_owned(),
            covers.first.to_string(),
            covers.last.to_string(),
            planned_on.to_string(),
            invoice_date.to_string(),
            invoices_count.to_string(),
            total_ore.to_string(),
        ]);
    }
    table.write_text(out)?;
    Ok(writeln!(out)?)
}

fn list(session: &Session, format: Format) -> Result<(), Failure> {
    let app = session.read()?;
    let followed = app.ledger.now();
    let documents = documents(&followed.book);
    let mut out = io::stdout().lock();
    if format == Format::Json {
        let (mut invoices, mut credit_notes) = (Vec::new(), Vec::new());
        for (_, document) in documents {
            match document {
                Document::Invoice(issued) => invoices.push(issued),
                Document::CreditNote(note, _) => credit_notes.push(note),
                Document::Reminder(..) => {}
            }
        }
        let runs = summaries(&followed.book);
        let lists = serde_json::json!({ "runs": runs, "invoices": invoices, "credit_notes": credit_notes });
        return Ok(write_json(&mut out, &lists)?);
    }
    if format == Format::Text {
        show_runs(&mut out, &summaries(&followed.book))?;
    }
    let head = ["number", "date", "due", "credits", "recipient", "net", "vat", "total", "letter", "e-invoice"];
    let mut table = Table::new(head);
    for (id, document) in documents {
        let (due, credits, amounts) = match document {
            Document::Invoice(Issued { invoice, due_date, .. }) => {
                // The supplier's VAT is part of what a claim asks for.
                let vat_ore = invoice.vat_ore + invoice.passed_on_vat_ore;
                (due_date.to_string(), String::new(), [invoice.net_ore, vat_ore, invoice.total_ore])
            }
            Document::CreditNote(note, _) => {
                let vat_ore = note.vat_ore + note.passed_on_vat_ore;
                let credits = note.credited.number.to_string();
                (String::new(), credits, [-note.net_ore, -vat_ore, -note.total_ore])
            }
            Document::Reminder(..) => continue,
        };
        let [net, vat, total] = amounts.map(|amount| amount.to_string());
        let letter = outbox::letter(id, document, followed.book.deliveries.get(&id), app.clock.now());
        table.row([
            letter.name,
            document.date().to_string(),
            due,
            credits,
            letter.recipient,
            net,
            vat,
            total,
            letter.state.word().to_owned(),
            letter.e_invoice.word().to_owned(),
        ]);
    }
    table.write(format, &mut out, "no invoice has been issued yet: begin with grenselos invoice plan")?;
    Ok(())
}
