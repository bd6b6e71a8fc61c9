//! The command line: text for people, `--format json|csv` for programs.
//!
//! Exit code 0: done. 1: it could not be done (disk, damaged log, a check found something). 2: what was asked cannot be
//! done as it was asked.

mod answer;
mod budget;
mod demo;
mod explain;
mod invoice;
mod log;
mod record;
mod serve;
mod what_if;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};

use crate::app::{Access, App};
use crate::config::Settings;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::import::ImportArguments;
use crate::ledger::{Followed, with_sources};
use crate::split::SplitArguments;
use crate::view::book::Book;

/// Shares the cost of joint public procurements: agreements, budgets and invoices from one event log.
#[derive(Debug, Parser)]
#[command(name = "grenselos", version, max_term_width = 120, after_help = "Begin with: grenselos demo")]
struct Arguments {
    /// A file whose settings replace the defaults (see config/default.toml).
    #[arg(long, global = true, env = "GRENSELOS_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory of the log, in place of the one in the settings.
    #[arg(long, global = true, env = "GRENSELOS_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The real case of Troms og Finnmark from end to end in a fresh directory.
    Demo(demo::DemoArguments),
    /// API and worker, on this machine only.
    Serve(serve::ServeArguments),
    /// Take in a CSV file: all of it or nothing.
    Import(ImportArguments),
    /// Carry out commands from a file, all of them or none: whatever the API can do.
    Record(record::RecordArguments),
    /// Share an amount by a key, without any log.
    Split(SplitArguments),
    /// A party's budget sheet.
    Budget(budget::BudgetArguments),
    /// Where the figures of a budget sheet come from.
    Explain(explain::ExplainArguments),
    /// Who wins and who loses under other keys, members, amounts or dates. Records nothing.
    WhatIf(what_if::WhatIfArguments),
    /// An invoice run, step by step: plan, approve, issue.
    Invoice(invoice::InvoiceArguments),
    /// Letters: which wait, which were taken, which need a person.
    Outbox(invoice::OutboxArguments),
    /// Whether the whole book adds up.
    Check,
    /// Whether the log is unaltered: walks its hash chain.
    Verify,
    /// The log as JSON lines.
    Export(log::ExportArguments),
    /// A consistent copy of the log, also while the service runs.
    Backup(log::BackupArguments),
    /// A log from a backup or an export, into a fresh directory.
    Restore(log::RestoreArguments),
    /// Fold the whole log anew and say how it went: nothing else is stored.
    Rebuild,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// Semicolons and decimal commas, as Excel in Norway reads it.
    Csv,
    /// For programs: amounts in whole øre.
    Json,
}

/// Why a command was not done, with the exit code it asks for.
#[derive(Debug)]
pub enum Failure {
    /// What was asked cannot be done as it was asked: exit code 2.
    Asked(String),
    /// It could not be done: exit code 1.
    Fault(String),
}

impl Failure {
    /// An error of what was asked.
    pub fn asked(error: &dyn std::error::Error) -> Self {
        Self::Asked(with_sources(error))
    }

    /// An error of what was done.
    pub fn fault(error: &dyn std::error::Error) -> Self {
        Self::Fault(with_sources(error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(sentence) | Self::Fault(sentence) => formatter.write_str(sentence),
        }
    }
}

impl From<crate::app::AppError> for Failure {
    fn from(error: crate::app::AppError) -> Self {
        Self::fault(&error)
    }
}

impl From<crate::ledger::LedgerError> for Failure {
    fn from(error: crate::ledger::LedgerError) -> Self {
        use crate::handle::HandleError;
        use crate::ledger::LedgerError;
        match &error {
            LedgerError::Handle(HandleError::Rejected(_) | HandleError::Changed { .. }) => Self::asked(&error),
            LedgerError::Handle(_) | LedgerError::Read(_) | LedgerError::Damaged(_) => Self::fault(&error),
        }
    }
}

impl From<crate::worker::WorkError> for Failure {
    fn from(error: crate::worker::WorkError) -> Self {
        Self::fault(&error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Fault(format!("the answer could not be written: {error}"))
    }
}

/// What every command has at hand.
pub struct Session {
    settings: Settings,
}

impl Session {
    /// The program with its log, for reading beside a process that writes.
    fn read(&self) -> Result<App, Failure> {
        self.open(Access::Read)
    }

    /// The program with its log, for writing.
    fn write(&self) -> Result<App, Failure> {
        self.open(Access::Write)
    }

    fn open(&self, access: Access) -> Result<App, Failure> {
        let app = App::open(self.settings.clone(), access)?;
        warn_of_damage(&app.ledger.now());
        Ok(app)
    }
}

fn warn_of_damage(followed: &Followed) {
    for (position, what) in &followed.damaged {
        eprintln!(
            "grenselos: the event at position {position} cannot be read ({what}); what follows from it is missing below"
        );
    }
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("grenselos: {failure}");
            match failure {
                Failure::Asked(_) => ExitCode::from(2),
                Failure::Fault(_) => ExitCode::from(1),
            }
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Command::Split(arguments) = &arguments.command {
        return crate::split::run(arguments, &mut io::stdout().lock(), &mut io::stderr().lock())
            .map_err(|error| Failure::asked(&error));
    }
    let mut settings = Settings::load(arguments.config.as_deref()).map_err(|error| Failure::asked(&error))?;
    if let Some(data) = arguments.data {
        settings.data.directory = data;
    }
    let session = Session { settings };
    match arguments.command {
        Command::Demo(arguments) => demo::run(&session, &arguments),
        Command::Serve(arguments) => serve::run(&session, &arguments),
        Command::Import(arguments) => import(&session, &arguments),
        Command::Record(arguments) => record::run(&session, &arguments),
        Command::Split(_) => Ok(()),
        Command::Budget(arguments) => budget::run(&session, &arguments),
        Command::Explain(arguments) => explain::run(&session, &arguments),
        Command::WhatIf(arguments) => what_if::run(&session, &arguments),
        Command::Invoice(arguments) => invoice::run(&session, &arguments),
        Command::Outbox(arguments) => invoice::outbox(&session, &arguments),
        Command::Check => log::check(&session),
        Command::Verify => log::verify(&session),
        Command::Export(arguments) => log::export(&session, &arguments),
        Command::Backup(arguments) => log::backup(&session, &arguments),
        Command::Restore(arguments) => log::restore(&session, &arguments),
        Command::Rebuild => log::rebuild(&session),
    }
}

fn import(session: &Session, arguments: &ImportArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let ports = crate::import::Ports {
        ledger: &app.ledger,
        people: &app.people,
        ids: app.ids.as_ref(),
        clock: app.clock.as_ref(),
    };
    crate::import::run(&ports, arguments, &mut io::stdout().lock()).map_err(|error| Failure::asked(&error))
}

/// The one party that people mean.
fn party(book: &Book, called: &str) -> Result<PartyId, Failure> {
    match book.parties_called(called).as_slice() {
        [party] => Ok(*party),
        [] => Err(Failure::Asked(format!(
            "--party {called}: no party is called so; give a municipality number, an organisation number or a name{}",
            if book.parties.is_empty() { " (the log holds no parties yet: import some first)" } else { "" }
        ))),
        several => Err(Failure::Asked(format!(
            "--party {called}: {} parties are called so; give the organisation number",
            several.len()
        ))),
    }
}

/// The one procurement that people mean, or the only one.
fn procurement(book: &Book, called: Option<&str>) -> Result<ProcurementId, Failure> {
    match book.procurements_called(called).as_slice() {
        [procurement] => Ok(*procurement),
        [] => Err(Failure::Asked(match called {
            Some(called) => format!("--procurement {called}: no procurement is called so"),
            None => "the log holds no procurement yet: open one, or try `grenselos demo`".to_owned(),
        })),
        several => {
            Err(Failure::Asked(format!("there are {} procurements; say which with --procurement NAME", several.len())))
        }
    }
}

/// A day: a date, or a milestone of a procurement.
fn day(book: &Book, text: &str) -> Result<NaiveDate, Failure> {
    book.day_called(text).ok_or_else(|| {
        let known = book.milestone_names();
        let known = if known.is_empty() { "there are none yet".to_owned() } else { known.join(", ") };
        Failure::Asked(format!("--as-of {text} is neither a date such as 2023-06-01 nor a milestone (known: {known})"))
    })
}

/// What was known at the end of the day that `as_of` names; everything known where nothing is said. With the day.
fn known(app: &App, as_of: Option<&str>) -> Result<(Book, NaiveDate), Failure> {
    match as_of {
        None => Ok((app.ledger.now().book.clone(), app.clock.today())),
        Some(text) => {
            let day = day(&app.ledger.now().book, text)?;
            let followed = app.ledger.as_of(day)?;
            warn_of_damage(&followed);
            Ok((followed.book, day))
        }
    }
}

/// Writes an answer to a file, or to standard output where none is named.
fn deliver(bytes: &[u8], output: Option<&PathBuf>, binary: bool) -> Result<(), Failure> {
    match output {
        Some(path) => {
            crate::worker::write_whole(path, bytes)?;
            eprintln!("wrote {}", path.display());
            Ok(())
        }
        None if binary && io::stdout().is_terminal() => {
            Err(Failure::Asked("this format is no text for a terminal: name a file with --output FILE".to_owned()))
        }
        None => Ok(io::stdout().lock().write_all(bytes)?),
    }
}
