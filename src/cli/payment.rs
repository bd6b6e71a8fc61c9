//! `grenselos payment`, and what of `grenselos invoice` is about money that comes in: pay, unpaid.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::answer::{Table, write_json};
use super::{Failure, Format, Session, known, party_today};
use crate::after_issue::paying::{self, ByHand};
use crate::app::App;
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::domain::payment::{FileTaken, PaymentsEvent};
use crate::handle::{Handled, Wish};
use crate::ids;
use crate::import::bank::{self, BankFileError, account_id};
use crate::ledger::with_sources;
use crate::unreadable;
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
    /// The account it came in to; where nothing is said, the one of ours that the file tells of.
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
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    date: Option<NaiveDate>,
    /// What it is known by, such as "kontoutskrift 12, linje 4": no name.
    #[arg(long, value_name = "TEXT")]
    reference: String,
    /// The account it came in to; where nothing is said, the one that the invoice asked to be paid to.
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
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    on: Option<NaiveDate>,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(session: &Session, arguments: &PaymentArguments) -> Result<(), Failure> {
    match &arguments.step {
        Step::Import(arguments) => import(session, arguments),
        Step::List(arguments) => list(session, arguments),
        Step::Match(MatchArguments { payment, invoice: number, amount }) => change(session, *payment, |book, on| {
            paying::matched(book, *payment, invoice(book, *number)?, *amount, on)
                .map_err(|error| Failure::asked(&error))
        }),
        Step::Unmatch(UnmatchArguments { payment, invoice: number, reason }) => {
            change(session, *payment, |book, on| {
                let invoice = invoice(book, *number)?;
                paying::unmatched(book, *payment, invoice, reason.clone(), on).map_err(|error| Failure::asked(&error))
            })
        }
        Step::Return(ReturnArguments { payment, reference }) => change(session, *payment, |book, on| {
            paying::returned(book, *payment, reference.clone(), on).map_err(|error| Failure::asked(&error))
        }),
        Step::Reverse(ReverseArguments { payment, reversal }) => change(session, *payment, |book, on| {
            paying::reversed(book, *payment, *reversal, on).map_err(|error| Failure::asked(&error))
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
    let ours = app.settings.invoice.accounts();
    let account_number = arguments.account.as_deref().unwrap_or_else(|| bank::account_of(&file, &ours));
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
    for other in file.accounts.keys().filter(|other| **other != account_number) {
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
pub fn carry_out(app: &App, wish: &Wish) -> Result<Handled, Failure> {
    Ok(app.ledger.carry_out(wish, &app.envelope(app.ids.new_id(), "command line"), None)?)
}

/// Payments as people read them.
fn table(entries: &[PaymentEntry]) -> Table<8> {
    let mut table = Table::new(["payment", "booked", "kid", "reference", "amount", "used", "open", "state"]);
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
            entry.reference.clone(),
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
    app.ledger.follows_all()?;
    let (book, day) = known(&app, arguments.as_of.as_deref(), None)?;
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
pub fn invoice(book: &Book, number: u64) -> Result<InvoiceId, Failure> {
    let found = book.invoices.iter().find(|(_, issued)| issued.number == number).map(|(id, _)| *id);
    found.ok_or_else(|| Failure::Asked(format!("no invoice has number {number}; `grenselos invoice list` shows them")))
}

/// Does something with a payment, then shows it.
fn change(
    session: &Session,
    payment: PaymentId,
    wish: impl FnOnce(&Book, NaiveDate) -> Result<Wish, Failure>,
) -> Result<(), Failure> {
    let app = session.write()?;
    let wish = wish(&app.ledger.now().book, app.clock.today())?;
    carry_out(&app, &wish)?;
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
    let (payment, wish) = {
        let known = app.ledger.now();
        let invoice = invoice(&known.book, arguments.number)?;
        let asked_for = || known.book.invoices.get(&invoice).map(|issued| issued.account_number.clone());
        let account_number = arguments.account.clone().or_else(asked_for).unwrap_or_default();
        // The same payment typed twice is the same payment.
        let identity = format!("{invoice} {} {booked_on} {}", arguments.amount, arguments.reference);
        let payment = PaymentId(ids::derived(account_id(&account_number).0, &identity));
        let (amount_ore, reference) = (arguments.amount, arguments.reference.clone());
        let paid = ByHand { payment, account_number, invoice, amount_ore, booked_on, reference };
        let ours = app.settings.invoice.accounts();
        (payment, paying::by_hand(&known.book, paid, &ours, on).map_err(|error| Failure::asked(&error))?)
    };
    carry_out(&app, &wish)?;
    show(&app, payment)
}

pub fn unpaid(session: &Session, arguments: &UnpaidArguments) -> Result<(), Failure> {
    let app = session.read()?;
    let (book, day) = known(&app, arguments.as_of.as_deref(), None)?;
    let day = arguments.on.unwrap_or(day);
    let party = arguments.party.as_deref().map(|called| party_today(&app, "--party", called)).transpose()?;
    let mut unpaid = receivables::receivables(&book, day);
    unpaid.retain(|receivable| {
        receivable.outstanding_ore != Ore::ZERO && party.is_none_or(|party| receivable.party == party)
    });
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        let by_party = receivables::by_party(&unpaid);
        return Ok(write_json(&mut out, &serde_json::json!({ "invoices": unpaid, "parties": by_party }))?);
    }
    let mut table = Table::new([
        "invoice",
        "recipient",
        "kid",
        "due",
        "days",
        "issued",
        "credited",
        "charged",
        "paid",
        "outstanding",
    ]);
    let amounts = |receivable: &Receivable| {
        let Receivable { issued_ore, credited_ore, charged_ore, paid_ore, outstanding_ore, .. } = receivable;
        [*issued_ore, *credited_ore, *charged_ore, *paid_ore, *outstanding_ore]
    };
    let mut sums = [Ore::ZERO; 5];
    for receivable in &unpaid {
        let amounts = amounts(receivable);
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
        let [issued, credited, charged, paid, outstanding] = amounts.map(|amount| amount.to_string());
        table.row([
            receivable.number.to_string(),
            receivable.recipient.clone(),
            receivable.kid.clone().unwrap_or_default(),
            receivable.due_date.to_string(),
            receivable.days_overdue.to_string(),
            issued,
            credited,
            charged,
            paid,
            outstanding,
        ]);
    }
    let [issued, credited, charged, paid, outstanding] = sums.map(|sum| sum.to_string());
    table.total(["", "total", "", "", "", &issued, &credited, &charged, &paid, &outstanding]);
    Ok(table.write(arguments.format, &mut out, &format!("nothing is outstanding on {day}"))?)
}
