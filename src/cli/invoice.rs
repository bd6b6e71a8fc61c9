//! `grenselos invoice` and `grenselos outbox`: the run, step by step.

use std::io::{self, Write};

use chrono::{NaiveDate, SecondsFormat};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::answer::{Table, write_json};
use super::{Failure, Format, Session, party, payment, procurement, year};
use crate::app::App;
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PersonId};
use crate::domain::invoice_run::{InvoicePer, InvoicePlan, InvoiceRunCommand, SetAside};
use crate::handle::Wish;
use crate::ids::{self, NAMESPACE};
use crate::process::invoice_plan::{self, Wanted};
use crate::render::NorwegianWording;
use crate::view::book::Book;
use crate::view::outbox::{self, EInvoiceState};
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
    /// Record a payment by hand.
    Pay(payment::PayArguments),
    /// What is not paid, longest overdue first.
    Unpaid(payment::UnpaidArguments),
    /// Remind of an invoice that is overdue, where the settings allow it.
    Remind(payment::RemindArguments),
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

/// The outbox.
#[derive(Debug, Args)]
pub struct OutboxArguments {
    #[command(subcommand)]
    step: Option<OutboxStep>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum OutboxStep {
    /// Whether letters would be taken: connects to the mail server of the settings and signs in, and sends nothing.
    Check,
    /// Try a letter again: one that is parked, after what it lacked has been mended; one of which nobody knows whether it
    /// arrived; or one that was put off, without waiting longer.
    Retry {
        /// The invoice number.
        number: u64,
    },
}

pub fn run(session: &Session, arguments: &InvoiceArguments) -> Result<(), Failure> {
    match &arguments.step {
        Step::Plan(arguments) => plan(session, arguments),
        Step::Approve(arguments) => approve(session, arguments),
        Step::Issue => issue(session),
        Step::List(arguments) => list(session, arguments.format),
        Step::Pay(arguments) => payment::pay(session, arguments),
        Step::Unpaid(arguments) => payment::unpaid(session, arguments),
        Step::Remind(arguments) => payment::remind(session, arguments),
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
        "{} numbered, {} drawn up, {} e-invoices laid out, {}",
        done.issued_count,
        done.rendered_count,
        done.placed_count,
        letters_of(done)
    )?;
    worked?;
    Ok(())
}

/// What became of the letters, in words.
fn letters_of(done: Done) -> String {
    let Done { mailed_count, deferred_count, parked_count, .. } = done;
    let deferred = if deferred_count == 0 { String::new() } else { format!(", {deferred_count} put off") };
    format!("{mailed_count} sent{deferred}, {parked_count} waiting for a person")
}

fn list(session: &Session, format: Format) -> Result<(), Failure> {
    let app = session.read()?;
    let followed = app.ledger.now();
    let mut invoices: Vec<_> = followed.book.invoices.values().collect();
    invoices.sort_by_key(|issued| (issued.invoice_date, issued.number));
    let mut out = io::stdout().lock();
    if format == Format::Json {
        return Ok(write_json(&mut out, &serde_json::json!({ "invoices": invoices }))?);
    }
    let mut table = Table::new(["invoice", "date", "due", "recipient", "net", "vat", "total", "letter", "e-invoice"]);
    for issued in invoices {
        let id = issued.invoice.invoice;
        let letter = outbox::letter(id, issued, followed.book.deliveries.get(&id));
        table.row([
            issued.number.to_string(),
            issued.invoice_date.to_string(),
            issued.due_date.to_string(),
            issued.invoice.recipient.name.clone(),
            issued.invoice.net_ore.to_string(),
            issued.invoice.vat_ore.to_string(),
            issued.invoice.total_ore.to_string(),
            letter.state.word().to_owned(),
            letter.e_invoice.word().to_owned(),
        ]);
    }
    table.write(format, &mut out, "no invoice has been issued yet: begin with grenselos invoice plan")?;
    Ok(())
}

pub fn outbox(session: &Session, arguments: &OutboxArguments) -> Result<(), Failure> {
    match &arguments.step {
        Some(OutboxStep::Check) => return check(session),
        Some(OutboxStep::Retry { number }) => return retry(session, *number),
        None => {}
    }
    let app = session.read()?;
    let followed = app.ledger.now();
    let letters = outbox::letters(&followed.book);
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        return Ok(write_json(&mut out, &serde_json::json!({ "letters": letters }))?);
    }
    let mut table =
        Table::new(["invoice", "recipient", "state", "since", "attempts", "next attempt", "said", "e-invoice"]);
    for letter in letters {
        table.row([
            letter.number.to_string(),
            letter.recipient,
            letter.state.word().to_owned(),
            letter.since.map(|day| day.to_string()).unwrap_or_default(),
            letter.attempts_count.to_string(),
            letter
                .next_attempt_at
                .map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
                .unwrap_or_default(),
            letter.said.unwrap_or_default(),
            e_invoice_of(letter.e_invoice, letter.e_invoice_said.as_deref()),
        ]);
    }
    table.write(arguments.format, &mut out, "the outbox is empty")?;
    Ok(())
}

/// Where an e-invoice stands, and why there is none.
fn e_invoice_of(state: EInvoiceState, said: Option<&str>) -> String {
    match (state, said) {
        (EInvoiceState::Omitted, Some(reason)) => format!("{}: {reason}", state.word()),
        (EInvoiceState::Omitted | EInvoiceState::Queued | EInvoiceState::Placed | EInvoiceState::None, _) => {
            state.word().to_owned()
        }
    }
}

fn check(session: &Session) -> Result<(), Failure> {
    let mail = crate::app::way_out(&session.settings);
    let found = mail.check().map_err(|error| Failure::asked(&error))?;
    Ok(writeln!(io::stdout().lock(), "{found}")?)
}

fn retry(session: &Session, number: u64) -> Result<(), Failure> {
    use crate::domain::delivery::{DeliveryCommand, MailRetryRequested};
    let app = session.write()?;
    let invoice: Option<InvoiceId> =
        app.ledger.now().book.invoices.iter().find(|(_, issued)| issued.number == number).map(|(id, _)| *id);
    let invoice = invoice.ok_or_else(|| {
        Failure::Asked(format!("no invoice has number {number}; `grenselos outbox` lists those that wait"))
    })?;
    let on = app.clock.today();
    let wish = Wish::Delivery(invoice, DeliveryCommand::RequestRetry(MailRetryRequested { on }));
    carry_out(&app, &wish, app.ids.new_id())?;
    issue_with(&app)
}

fn issue_with(app: &App) -> Result<(), Failure> {
    let done = app.tools().work(&mut |_, _| {})?;
    writeln!(io::stdout().lock(), "{}", letters_of(done))?;
    Ok(())
}
