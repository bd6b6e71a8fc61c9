//! `grenselos outbox`: where each letter stands, and what a person does about it.

use std::io::{self, Write};

use chrono::SecondsFormat;
use clap::{Args, Subcommand};

use super::answer::{Table, write_json};
use super::{Failure, Format, Session, remark};
use crate::app::App;
use crate::domain::delivery::{DeliveryCommand, MailOutcomeStated, MailRetryRequested};
use crate::domain::identity::{InvoiceId, PersonId};
use crate::handle::Wish;
use crate::process::approval;
use crate::view::documents::document_called;
use crate::view::outbox::{self, EInvoiceState, LetterState};
use crate::worker::Done;

/// The outbox.
#[derive(Debug, Args)]
pub struct OutboxArguments {
    #[command(subcommand)]
    step: Option<OutboxStep>,
    /// Only letters in this state, such as "parked".
    #[arg(long, value_name = "STATE", value_parser = LetterState::called)]
    state: Option<LetterState>,
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
        /// What the letter is called, as the list shows it: an invoice number, or such as 542300007-purring-1; for a prebill
        /// the recipient: a number of any time, an organisation number, or a name.
        #[arg(value_name = "LETTER")]
        name: String,
    },
    /// Say whether a letter arrived of which nobody knows, after having asked the recipient. One that has not arrived is
    /// sent again, with the same Message-ID. With --e-invoice: whether the access point took the e-invoice; one that it did
    /// not take is laid out again.
    Settle(SettleArguments),
}

#[derive(Debug, Args)]
struct SettleArguments {
    /// What the letter is called, as the list shows it: an invoice number, or such as 542300007-purring-1.
    #[arg(value_name = "LETTER")]
    name: String,
    /// It is said of the e-invoice, after having asked the access point.
    #[arg(long)]
    e_invoice: bool,
    /// It arrived.
    #[arg(long, conflicts_with = "not_arrived", required_unless_present = "not_arrived")]
    arrived: bool,
    /// It has not arrived: send it again.
    #[arg(long)]
    not_arrived: bool,
    /// The role of who says so, such as "regnskapsfører".
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// The id of the person who says so.
    #[arg(long, value_name = "ID")]
    person: PersonId,
    /// How it is known, in a few words and without names.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn run(session: &Session, arguments: &OutboxArguments) -> Result<(), Failure> {
    match &arguments.step {
        Some(OutboxStep::Check) => return check(session),
        Some(OutboxStep::Retry { name }) => return retry(session, name),
        Some(OutboxStep::Settle(arguments)) => return settle(session, arguments),
        None => {}
    }
    let app = session.read()?;
    let followed = app.ledger.now();
    let mut letters = outbox::letters(&followed.book, app.clock.now());
    letters.retain(|letter| arguments.state.is_none_or(|state| letter.is(state)));
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        return Ok(write_json(&mut out, &serde_json::json!({ "letters": letters }))?);
    }
    let mut table =
        Table::new(["letter", "recipient", "state", "since", "attempts", "next attempt", "said", "e-invoice"]);
    for letter in letters {
        table.row([
            letter.name,
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
    let none = arguments.state.map_or_else(
        || "the outbox is empty".to_owned(),
        |state| format!("no letter in the outbox is {}", state.word()),
    );
    table.write(arguments.format, &mut out, &none)?;
    Ok(())
}

/// Where an e-invoice stands, and why there is none.
fn e_invoice_of(state: EInvoiceState, said: Option<&str>) -> String {
    match (state, said) {
        (EInvoiceState::Omitted | EInvoiceState::Unknown | EInvoiceState::Arrived, Some(said)) => {
            format!("{}: {said}", state.word())
        }
        (
            EInvoiceState::Omitted
            | EInvoiceState::Unknown
            | EInvoiceState::Arrived
            | EInvoiceState::Queued
            | EInvoiceState::Placed
            | EInvoiceState::None,
            _,
        ) => state.word().to_owned(),
    }
}

fn check(session: &Session) -> Result<(), Failure> {
    let mail = crate::app::way_out(&session.settings);
    let found = mail.check().map_err(|error| Failure::asked(&error))?;
    Ok(writeln!(io::stdout().lock(), "{found}")?)
}

fn retry(session: &Session, name: &str) -> Result<(), Failure> {
    let app = session.write()?;
    let requested = MailRetryRequested { on: app.clock.today() };
    let wish = Wish::Delivery(called(&app, name)?, DeliveryCommand::RequestRetry { requested, at: app.clock.now() });
    carry_out_and_send(&app, &wish)
}

fn settle(session: &Session, arguments: &SettleArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let SettleArguments { name, e_invoice, arrived, not_arrived: _, role, person, reason } = arguments;
    let (arrived, role, person, reason) = (*arrived, role.clone(), *person, reason.clone());
    let stated = MailOutcomeStated { arrived, role, person, reason, on: app.clock.today() };
    let command = DeliveryCommand::state(*e_invoice, stated, app.clock.now());
    let letter = called(&app, name)?;
    carry_out_and_send(&app, &Wish::Delivery(letter, command))
}

/// The letter with a document of this name, or with a prebill for this party.
fn called(app: &App, name: &str) -> Result<InvoiceId, Failure> {
    let book = &app.ledger.now().book;
    let parties = book.parties_called(name);
    let prebill = || {
        let letters = approval::prebilled(book).flat_map(|(_, _, prebilled)| &prebilled.letters);
        letters.filter(|letter| parties.contains(&letter.party)).last().map(|letter| letter.letter)
    };
    document_called(book, name).or_else(prebill).ok_or_else(|| {
        Failure::Asked(format!(
            "no letter is called {name}, and no prebill waits for a party called so; `grenselos outbox` lists the letters"
        ))
    })
}

fn carry_out_and_send(app: &App, wish: &Wish) -> Result<(), Failure> {
    app.ledger.carry_out(wish, &app.envelope(app.ids.new_id(), "command line"), None)?;
    let done = app.tools().work(&mut |_, _| {})?;
    writeln!(io::stdout().lock(), "{}", letters_of(&done))?;
    warn_of_unnumbered(&done);
    Ok(())
}

/// Said where something else was asked for than to number runs.
pub fn warn_of_unnumbered(done: &Done) {
    for unnumbered in &done.unnumbered {
        remark(&unnumbered.to_string());
    }
}

/// What became of the letters, in words, and of which e-invoices nobody knows.
pub fn letters_of(done: &Done) -> String {
    let &Done { mailed_count, deferred_count, parked_count, unknown_count, .. } = done;
    let deferred = if deferred_count == 0 { String::new() } else { format!(", {deferred_count} put off") };
    let unknown = match unknown_count {
        0 => String::new(),
        count => format!(", {count} e-invoices unknown: `grenselos outbox` says which"),
    };
    format!("{mailed_count} sent{deferred}, {parked_count} waiting for a person{unknown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_e_invoice_of_which_nobody_knows_is_said_beside_the_letters() {
        let sent = Done { mailed_count: 2, ..Done::default() };
        assert_eq!(letters_of(&sent), "2 sent, 0 waiting for a person");
        assert_eq!(
            letters_of(&Done { unknown_count: 3, ..sent }),
            "2 sent, 0 waiting for a person, 3 e-invoices unknown: `grenselos outbox` says which"
        );
    }
}
