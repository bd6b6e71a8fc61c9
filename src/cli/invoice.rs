//! `grenselos invoice`: the run, step by step.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::answer::{Table, write_json};
use super::outbox::letters_of;
use super::{Failure, Format, Session, after_issue, party, payment, procurement, year};
use crate::app::App;
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PersonId};
use crate::domain::invoice_run::{InvoicePer, InvoicePlan, InvoiceRunCommand, SetAside};
use crate::domain::series::Issued;
use crate::handle::Wish;
use crate::ids::{self, NAMESPACE};
use crate::process::invoice_plan::{self, Wanted};
use crate::render::NorwegianWording;
use crate::view::book::Book;
use crate::view::documents::{Document, documents};
use crate::worker::Done;

/// An invoice run.
#[derive(Debug, Args)]
pub struct InvoiceArguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Plan a run completely and store the plan: contracted and actual one-time costs, never estimates.
    Plan(PlanArguments),
    /// Approve a plan as it stands. It is refused where what it rests on has changed.
    Approve(ApproveArguments),
    /// Carry out all approved plans: number, draw up and send.
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
    /// The budget year whose one-time costs are invoiced.
    #[arg(long, value_name = "YEAR")]
    year: i32,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
    /// The date on the invoices; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// The day by which they are to be paid; as many days later as the settings say where nothing is said.
    #[arg(long, value_name = "DATE")]
    due: Option<NaiveDate>,
    /// What one document is for.
    #[arg(long, value_enum, default_value_t = Per::Payer, value_name = "WHAT")]
    per: Per,
    /// How the plan is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
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
        Step::Approve(arguments) => approve(session, arguments),
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
        let wanted = Wanted {
            procurement: procurement(book, arguments.procurement.as_deref())?,
            issuer: party(book, "--issuer", &arguments.issuer)?,
            covers: Period::year(year("--year", arguments.year)?),
            one_per: arguments.per.into(),
            account_number: app.settings.invoice.account_number.clone(),
            invoice_date,
            due_date,
        };
        // Each plan is a run of its own: that none takes what another has taken, approval sees to.
        let Wanted { procurement, issuer, covers, invoice_date, .. } = &wanted;
        let covered = format!("{} {}", covers.first, covers.last);
        let seed = format!("run {procurement} {issuer} {covered} {invoice_date} {}", book.runs.len());
        let run = ids::derived(NAMESPACE, &seed);
        let plan = invoice_plan::plan(book, run, &wanted, &NorwegianWording, &ids::derived)
            .map_err(|error| Failure::asked(&error))?;
        (InvoiceRunId(run), plan)
    };
    let command = InvoiceRunCommand::Plan { run, plan: plan.clone(), on: today };
    carry_out(&app, &Wish::InvoiceRun(run, command), ids::derived(run.0, "plan"))?;
    show_plan(&app.ledger.now().book, run, &plan, arguments.format)
}

fn carry_out(app: &App, wish: &Wish, command_id: Uuid) -> Result<(), Failure> {
    app.ledger.carry_out(wish, &app.envelope(command_id, "command line"), None)?;
    Ok(())
}

fn show_plan(book: &Book, run: InvoiceRunId, plan: &InvoicePlan, format: Format) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let mut table = Table::new(["number", "recipient", "net", "vat", "total"]);
    for invoice in &plan.invoices {
        table.row([
            invoice.recipient.number.clone().unwrap_or_default(),
            invoice.recipient.name.clone(),
            invoice.net_ore.to_string(),
            invoice.vat_ore.to_string(),
            invoice.total_ore.to_string(),
        ]);
    }
    match format {
        Format::Json => write_json(&mut out, &serde_json::json!({ "run": run, "plan": plan }))?,
        Format::Csv => table.write_csv(&mut out)?,
        Format::Text => {
            table.total([
                "",
                "total",
                &plan.net().to_string(),
                &(plan.total() - plan.net()).to_string(),
                &plan.total().to_string(),
            ]);
            table.write_text(&mut out)?;
            for left_out in &plan.set_aside {
                let party = book.parties.get(&left_out.party);
                let party = party.map(|party| party.full_name_on(plan.invoice_date)).unwrap_or_default();
                let ground = plan.grounds.iter().find(|ground| ground.subject == left_out.subject);
                let cost = ground.map(|ground| &*ground.name).unwrap_or_default();
                let SetAside { net_ore, reason, .. } = left_out;
                writeln!(out, "set aside: {party}, {cost}, {net_ore} excluding VAT: {reason}")?;
            }
            writeln!(out, "\nrun {run}: dated {}, due {}", plan.invoice_date, plan.due_date)?;
            writeln!(out, "next: grenselos invoice approve {run} --role ROLE --person ID")?;
        }
    }
    Ok(())
}

fn approve(session: &Session, arguments: &ApproveArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let (grounds, shares) = invoice_plan::standing(&app.ledger.now().book, arguments.run);
    let command = InvoiceRunCommand::Approve {
        role: arguments.role.clone(),
        person: arguments.person,
        grounds,
        shares,
        on: app.clock.today(),
    };
    carry_out(&app, &Wish::InvoiceRun(arguments.run, command), ids::derived(arguments.run.0, "approve"))?;
    writeln!(io::stdout().lock(), "approved; next: grenselos invoice issue")?;
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
        so_far = done;
        bar.inc(1);
        bar.set_length(bar.position() + left as u64);
    });
    bar.finish_and_clear();
    let done = *worked.as_ref().unwrap_or(&so_far);
    writeln!(
        io::stdout().lock(),
        "{} numbered, {} drawn up, {}",
        done.issued_count,
        done.rendered_count,
        letters_of(done)
    )?;
    worked?;
    Ok(())
}

fn list(session: &Session, format: Format) -> Result<(), Failure> {
    let app = session.read()?;
    let followed = app.ledger.now();
    let documents: Vec<Document<'_>> = documents(&followed.book).into_iter().map(|(_, document)| document).collect();
    let mut out = io::stdout().lock();
    if format == Format::Json {
        let (mut invoices, mut credit_notes) = (Vec::new(), Vec::new());
        for document in documents {
            match document {
                Document::Invoice(issued) => invoices.push(issued),
                Document::CreditNote(note, _) => credit_notes.push(note),
                Document::Reminder(..) => {}
            }
        }
        let lists = serde_json::json!({ "invoices": invoices, "credit_notes": credit_notes });
        return Ok(write_json(&mut out, &lists)?);
    }
    let mut table = Table::new(["number", "date", "due", "credits", "recipient", "net", "vat", "total"]);
    for document in documents {
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
        let recipient = document.recipient().name.clone();
        table.row([document.name(), document.date().to_string(), due, credits, recipient, net, vat, total]);
    }
    table.write(format, &mut out, "no invoice has been issued yet: begin with grenselos invoice plan")?;
    Ok(())
}
