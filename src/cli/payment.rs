//! `grenselos payment`, and what of `grenselos invoice` is about money that comes in: pay, unpaid, remind.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::answer::{Table, write_json};
use super::{Failure, Format, Session, known, party};
use crate::app::App;
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::payment::{Claim, FileTaken, PaymentsCommand, PaymentsEvent, Reminded};
use crate::handle::{Handled, Wish};
use crate::ids;
use crate::import::bank::{self, BankFileError, account_id};
use crate::ledger::with_sources;
use crate::reminder;
use crate::view::book::Book;
use crate::view::receivables::{self, PaymentEntry, Receivable};

/// Payments.
#[derive(Debug, Args)]
pub struct PaymentArguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Take in a bank file (camt.054 or OCR giro): all of it that concerns the account, and nothing twice.
    Import(ImportArguments),
    /// What came in, what it pays, and what waits for a person.
    List(ListArguments),
    /// Let what is open of a payment pay an invoice.
    Match(MatchArguments),
    /// Take a payment from an invoice again.
    Unmatch(UnmatchArguments),
    /// Record that what is open of a payment was paid back.
    Return(ReturnArguments),
    /// Set a reversal off against the payment that the bank took back.
    Reverse(ReverseArguments),
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// The file as it comes from the bank.
    file: PathBuf,
    /// The account it came in to; the one of the settings where nothing is said.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

#[derive(Debug, Args)]
struct ListArguments {
    /// Only those of which something is open.
    #[arg(long)]
    unmatched: bool,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
struct MatchArguments {
    /// The payment's id, as `payment list` shows it.
    payment: PaymentId,
    /// The invoice number.
    invoice: u64,
    /// How much of the payment pays the invoice, in all; as much as fits where nothing is said.
    #[arg(long, value_name = "KRONER", value_parser = Ore::parse_kroner)]
    amount: Option<Ore>,
}

#[derive(Debug, Args)]
struct UnmatchArguments {
    /// The payment's id, as `payment list` shows it.
    payment: PaymentId,
    /// The invoice number.
    invoice: u64,
    /// Why, in a few words and without names.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
struct ReturnArguments {
    /// The payment's id, as `payment list` shows it.
    payment: PaymentId,
    /// The voucher that says so, such as "Bilag 2024-117".
    #[arg(long, value_name = "TEXT")]
    reference: String,
}

#[derive(Debug, Args)]
struct ReverseArguments {
    /// The id of the payment that was taken back.
    payment: PaymentId,
    /// The id of the reversal: the one with the negative amount.
    reversal: PaymentId,
}

/// A payment by hand.
#[derive(Debug, Args)]
pub struct PayArguments {
    /// The invoice number.
    number: u64,
    /// What came in.
    #[arg(long, value_name = "KRONER", value_parser = Ore::parse_kroner)]
    amount: Ore,
    /// The day the bank booked it; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// What it is known by, such as "kontoutskrift 12, linje 4": no name.
    #[arg(long, value_name = "TEXT")]
    reference: String,
    /// The account it came in to; the one of the settings where nothing is said.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

/// What is not paid.
#[derive(Debug, Args)]
pub struct UnpaidArguments {
    /// Only what this party owes: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    party: Option<String>,
    /// The day that days are counted to; today, or that of --as-of, where nothing is said.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A reminder.
#[derive(Debug, Args)]
pub struct RemindArguments {
    /// The invoice number.
    number: u64,
}

pub fn run(session: &Session, arguments: &PaymentArguments) -> Result<(), Failure> {
    match &arguments.step {
        Step::Import(arguments) => import(session, arguments),
        Step::List(arguments) => list(session, arguments),
        Step::Match(arguments) => {
            let on_invoice = |claim, on| {
                let (payment, amount_ore) = (arguments.payment, arguments.amount);
                PaymentsCommand::Match { payment, claim, amount_ore, on }
            };
            change(session, arguments.payment, Some(arguments.invoice), on_invoice)
        }
        Step::Unmatch(arguments) => change(session, arguments.payment, Some(arguments.invoice), |claim, on| {
            let (payment, reason) = (arguments.payment, arguments.reason.clone());
            PaymentsCommand::Unmatch { payment, invoice: claim.invoice, reason, on }
        }),
        Step::Return(arguments) => change(session, arguments.payment, None, |_, on| PaymentsCommand::Return {
            payment: arguments.payment,
            reference: arguments.reference.clone(),
            on,
        }),
        Step::Reverse(arguments) => change(session, arguments.payment, None, |_, on| PaymentsCommand::Reverse {
            payment: arguments.payment,
            reversal: arguments.reversal,
            on,
        }),
    }
}

fn import(session: &Session, arguments: &ImportArguments) -> Result<(), Failure> {
    let name = arguments.file.display();
    let refused =
        |error: BankFileError| Failure::Asked(format!("{name}: {}; nothing was booked", with_sources(&error)));
    // Read before the log is opened, so that a file that is none leaves no log behind.
    let bytes = bank::read(&arguments.file).map_err(refused)?;
    let file = bank::parse(&bytes).map_err(refused)?;
    let app = session.write()?;
    let account_number = arguments.account.as_ref().unwrap_or(&app.settings.invoice.account_number);
    let wish = bank::wish(&file, account_number, &app.ledger.now().book, app.clock.today()).map_err(refused)?;
    let handled = carry_out(&app, &wish)?;
    let mut out = io::stdout().lock();
    let Some(taken) = handled.events.iter().find_map(file_taken) else {
        return Ok(writeln!(out, "{name}: it was taken in before; nothing was booked")?);
    };
    writeln!(
        out,
        "{name}: account {account_number}, {} of {} kroner in all, {} known before",
        counted(taken.entries_count as usize, "entry", "entries"),
        taken.sum_ore,
        taken.known_count
    )?;
    let passed_over = file.accounts.get(account_number).map_or(0, |part| part.passed_over_count);
    if passed_over > 0 {
        writeln!(out, "{passed_over} passed over: not booked yet, nothing, or money that went out")?;
    }
    let known = app.ledger.now();
    let booked: Vec<PaymentId> = handled.events.iter().filter_map(received).collect();
    let mut new = receivables::payments(&known.book);
    new.retain(|entry| booked.contains(&entry.payment));
    if !new.is_empty() {
        table(&new).write_text(&mut out)?;
    }
    let open = new.iter().filter(|entry| entry.open_ore != Ore::ZERO).count();
    if open > 0 {
        let verb = if open == 1 { "waits" } else { "wait" };
        writeln!(out, "{open} {verb} for a person: grenselos payment list --unmatched")?;
    }
    for other in file.accounts.keys().filter(|other| *other != account_number) {
        writeln!(out, "the file also tells of account {other}: grenselos payment import {name} --account {other}")?;
    }
    Ok(())
}

fn file_taken(event: &Event) -> Option<&FileTaken> {
    if let Event::Payments(PaymentsEvent::FileTaken(taken)) = event { Some(taken) } else { None }
}

fn received(event: &Event) -> Option<PaymentId> {
    if let Event::Payments(PaymentsEvent::Received(received)) = event { Some(received.payment) } else { None }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Carries a wish out under an id of its own.
fn carry_out(app: &App, wish: &Wish) -> Result<Handled, Failure> {
    Ok(app.ledger.carry_out(wish, &app.envelope(app.ids.new_id(), "command line"), None)?)
}

/// Payments as people read them.
fn table(entries: &[PaymentEntry]) -> Table<7> {
    let mut table = Table::new(["payment", "booked", "kid", "amount", "used", "open", "state"]);
    for entry in entries {
        let pays = entry.pays.iter().map(|part| {
            let number = part.number.map_or_else(|| part.invoice.to_string(), |number| number.to_string());
            format!("{number}: {}", part.amount_ore)
        });
        let other = [("returned", entry.returned_ore), ("reversed", entry.reversed_ore)];
        let other = other.iter().filter(|(_, amount)| *amount != Ore::ZERO);
        let used = pays.chain(other.map(|(what, amount)| format!("{what}: {amount}")));
        table.row([
            entry.payment.to_string(),
            entry.booked_on.to_string(),
            entry.kid.clone().unwrap_or_default(),
            entry.amount_ore.to_string(),
            used.collect::<Vec<_>>().join(", "),
            entry.open_ore.to_string(),
            entry.state.words().to_owned(),
        ]);
    }
    table
}

fn list(session: &Session, arguments: &ListArguments) -> Result<(), Failure> {
    let app = session.read()?;
    let (book, day) = known(&app, arguments.as_of.as_deref())?;
    let mut entries = receivables::payments(&book);
    entries.retain(|entry| !arguments.unmatched || entry.open_ore != Ore::ZERO);
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        return Ok(write_json(&mut out, &serde_json::json!({ "payments": entries }))?);
    }
    let empty = if arguments.unmatched {
        format!("no payment waits for a person, as far as was known on {day}")
    } else {
        format!("nothing has come in, as far as was known on {day}: begin with grenselos payment import FILE")
    };
    Ok(table(&entries).write(arguments.format, &mut out, &empty)?)
}

/// The invoice of a number.
fn invoice(book: &Book, number: u64) -> Result<InvoiceId, Failure> {
    let found = book.invoices.iter().find(|(_, issued)| issued.number == number).map(|(id, _)| *id);
    found.ok_or_else(|| Failure::Asked(format!("no invoice has number {number}; `grenselos invoice list` shows them")))
}

/// What may still come in to an account for an invoice.
fn claim(book: &Book, invoice: InvoiceId, account: ReceivingAccountId) -> Result<Claim, Failure> {
    receivables::claim(book, invoice, account)
        .ok_or_else(|| Failure::Asked(format!("there is no invoice with the id {invoice}")))
}

/// Does something with a payment that is there, and with an invoice where one is named; then shows the payment.
fn change(
    session: &Session,
    payment: PaymentId,
    number: Option<u64>,
    command: impl FnOnce(Claim, NaiveDate) -> PaymentsCommand,
) -> Result<(), Failure> {
    let app = session.write()?;
    let (account, claimed) = {
        let known = app.ledger.now();
        let account = receivables::account_of(&known.book, payment).ok_or_else(|| {
            Failure::Asked(format!("no payment has the id {payment}; `grenselos payment list` shows them"))
        })?;
        let claimed = match number {
            Some(number) => claim(&known.book, invoice(&known.book, number)?, account)?,
            None => Claim { invoice: InvoiceId::default(), amount_ore: Ore::ZERO },
        };
        (account, claimed)
    };
    carry_out(&app, &Wish::Payments(account, command(claimed, app.clock.today())))?;
    show(&app, payment)
}

fn show(app: &App, payment: PaymentId) -> Result<(), Failure> {
    let known = app.ledger.now();
    let mut entries = receivables::payments(&known.book);
    entries.retain(|entry| entry.payment == payment);
    Ok(table(&entries).write_text(&mut io::stdout().lock())?)
}

pub fn pay(session: &Session, arguments: &PayArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let on = app.clock.today();
    let booked_on = arguments.date.unwrap_or(on);
    let account_number = arguments.account.clone().unwrap_or_else(|| app.settings.invoice.account_number.clone());
    let account = account_id(&account_number);
    let claim = {
        let known = app.ledger.now();
        claim(&known.book, invoice(&known.book, arguments.number)?, account)?
    };
    // The same payment typed twice is the same payment.
    let identity = format!("{} {} {booked_on} {}", claim.invoice, arguments.amount, arguments.reference);
    let payment = PaymentId(ids::derived(account.0, &identity));
    let command = PaymentsCommand::RecordByHand {
        account,
        account_number,
        payment,
        amount_ore: arguments.amount,
        booked_on,
        reference: arguments.reference.clone(),
        claim,
        on,
    };
    carry_out(&app, &Wish::Payments(account, command))?;
    show(&app, payment)
}

pub fn unpaid(session: &Session, arguments: &UnpaidArguments) -> Result<(), Failure> {
    let app = session.read()?;
    let (book, day) = known(&app, arguments.as_of.as_deref())?;
    let day = arguments.on.unwrap_or(day);
    let party = arguments.party.as_deref().map(|called| party(&book, "--party", called)).transpose()?;
    let mut unpaid = receivables::receivables(&book, day);
    unpaid.retain(|receivable| {
        receivable.outstanding_ore != Ore::ZERO && party.is_none_or(|party| receivable.party == party)
    });
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        let by_party = receivables::by_party(&unpaid);
        return Ok(write_json(&mut out, &serde_json::json!({ "invoices": unpaid, "parties": by_party }))?);
    }
    let mut table = Table::new(["invoice", "recipient", "kid", "due", "days", "issued", "paid", "outstanding"]);
    for receivable in &unpaid {
        table.row([
            receivable.number.to_string(),
            receivable.recipient.clone(),
            receivable.kid.clone().unwrap_or_default(),
            receivable.due_date.to_string(),
            receivable.days_overdue.to_string(),
            receivable.issued_ore.to_string(),
            receivable.paid_ore.to_string(),
            receivable.outstanding_ore.to_string(),
        ]);
    }
    let sum = |of: fn(&Receivable) -> Ore| unpaid.iter().map(of).sum::<Ore>().to_string();
    let (issued, paid) = (sum(|receivable| receivable.issued_ore), sum(|receivable| receivable.paid_ore));
    let outstanding = sum(|receivable| receivable.outstanding_ore);
    table.total(["", "total", "", "", "", &issued, &paid, &outstanding]);
    Ok(table.write(arguments.format, &mut out, &format!("nothing is outstanding on {day}"))?)
}

pub fn remind(session: &Session, arguments: &RemindArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let number = arguments.number;
    let wish = {
        let known = app.ledger.now();
        let invoice = invoice(&known.book, number)?;
        reminder::wish(&known.book, &app.settings.late_payment, invoice, app.clock.today())
            .map_err(|error| Failure::asked(&error))?
    };
    let handled = carry_out(&app, &wish)?;
    let mut out = io::stdout().lock();
    let Some(Event::Payments(PaymentsEvent::Reminded(reminded))) = handled.events.first() else {
        return Ok(writeln!(out, "invoice {number}: it was reminded of today already")?);
    };
    let Reminded { outstanding_ore, fee_ore, interest_ore, interest, pay_by, .. } = reminded;
    let total_ore = *outstanding_ore + *fee_ore + *interest_ore;
    writeln!(
        out,
        "invoice {number}: {outstanding_ore} outstanding, fee {fee_ore}, interest {interest_ore}: {total_ore} to be paid by \
         {pay_by}"
    )?;
    for step in interest {
        let (first, last) = (step.days.first, step.days.last);
        writeln!(
            out,
            "  {first} to {last}: {} at {} %, {} days a year",
            step.principal_ore, step.percent, step.year_days
        )?;
    }
    Ok(())
}
