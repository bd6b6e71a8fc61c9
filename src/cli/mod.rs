//! The command line: text for people, `--format json|csv` for programs.
//!
//! Exit code 0: done. 1: it could not be done (disk, damaged log, a check found something). 2: what was asked cannot be
//! done as it was asked.

mod access;
mod accounting;
mod after_issue;
mod answer;
mod budget;
mod demo;
mod explain;
mod help;
mod invoice;
mod invoice_run;
mod list;
mod log;
mod nudge;
mod outbox;
mod payment;
mod people;
mod propose;
mod readiness;
mod record;
mod serve;
mod succeed;
mod supplier_invoice;
mod what_if;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};

use self::answer::watched;
use crate::app::{Access, App};
use crate::config::Settings;
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::ids::RandomIds;
use crate::import::{ImportArguments, ImportError};
use crate::ledger::{Followed, with_sources};
use crate::split::{SplitArguments, SplitError};
use crate::store::home::Home;
use crate::store::{Cause, OpenError, Stranger};
use crate::view::book::Book;

/// The heading of the options that every command takes.
const EVERYWHERE: &str = "Options of every command";

/// Shares the cost of joint public procurements: agreements, budgets and invoices from one event log.
#[derive(Debug, Parser)]
#[command(name = "grenselos", version, max_term_width = 120, after_help = help::WHOLE)]
struct Arguments {
    /// A file whose settings replace the defaults (see config/default.toml).
    #[arg(long, global = true, env = "GRENSELOS_CONFIG", value_name = "FILE", help_heading = EVERYWHERE)]
    config: Option<PathBuf>,
    /// The directory of the log, in place of the one in the settings.
    #[arg(long, global = true, env = "GRENSELOS_DATA", value_name = "DIR", help_heading = EVERYWHERE)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The real case of Troms og Finnmark from end to end in a fresh directory.
    #[command(after_help = help::DEMO)]
    Demo(demo::DemoArguments),
    /// API, pages for signing in, and worker.
    #[command(after_help = help::SERVE)]
    Serve(serve::ServeArguments),
    /// Take in a file, CSV or TOML: all of it or nothing.
    #[command(after_help = help::IMPORT)]
    Import(ImportArguments),
    /// Carry out commands from a file, all of them or none: whatever the API can do.
    #[command(after_help = help::RECORD)]
    Record(record::RecordArguments),
    /// Share an amount by a key, without any log.
    #[command(after_help = help::SPLIT)]
    Split(SplitArguments),
    /// What stands in the register: parties, agreements, signups, old contracts, costs, licences, keys.
    #[command(after_help = help::LIST)]
    List(list::ListArguments),
    /// Who is behind with what must be done before the new system.
    #[command(after_help = help::READINESS)]
    Readiness(readiness::ReadinessArguments),
    /// Write to those who are behind.
    #[command(after_help = help::NUDGE)]
    Nudge(nudge::NudgeArguments),
    /// A party's budget sheet.
    #[command(after_help = help::BUDGET)]
    Budget(budget::BudgetArguments),
    /// Where the figures of a budget sheet come from.
    #[command(after_help = help::EXPLAIN)]
    Explain(explain::ExplainArguments),
    /// Who wins and who loses under other keys, members, amounts or dates. Records nothing.
    #[command(after_help = help::WHAT_IF)]
    WhatIf(what_if::WhatIfArguments),
    /// A county authority is dissolved: its agreements and procurements pass to those that come after it.
    #[command(after_help = help::SUCCEED)]
    Succeed(succeed::SucceedArguments),
    /// Save another sharing key under a name, to be compared, heard and adopted.
    #[command(after_help = help::PROPOSE)]
    Propose(propose::ProposeArguments),
    /// Suppliers' invoices: what a claim passes on, with the file that it carries.
    #[command(after_help = help::SUPPLIER_INVOICE)]
    SupplierInvoice(supplier_invoice::SupplierInvoiceArguments),
    /// An invoice run, step by step: plan, approve, issue; and whether the invoices are paid.
    #[command(after_help = help::INVOICE)]
    Invoice(invoice::InvoiceArguments),
    /// Payments: bank files, what they pay, and what waits for a person.
    #[command(after_help = help::PAYMENT)]
    Payment(payment::PaymentArguments),
    /// Letters: which wait, which were taken, which need a person.
    #[command(after_help = help::OUTBOX)]
    Outbox(outbox::OutboxArguments),
    /// Who has access: invitations, roles, tokens of programs, what auditors have read.
    #[command(after_help = help::ACCESS)]
    Access(access::AccessArguments),
    /// Names and addresses of people, kept apart from the log: who is there, and erasure.
    #[command(after_help = help::PEOPLE)]
    People(people::PeopleArguments),
    /// Whether the whole book adds up.
    #[command(after_help = help::CHECK)]
    Check(log::CheckArguments),
    /// Whether the log is unaltered: walks its hash chain.
    #[command(after_help = help::VERIFY)]
    Verify(log::AnswerArguments),
    /// The log as JSON lines; or what an accounting system takes in: invoice basis, postings, SAF-T.
    #[command(after_help = help::EXPORT)]
    Export(log::ExportArguments),
    /// A consistent copy of the log, also while the service runs.
    #[command(after_help = help::BACKUP)]
    Backup(log::BackupArguments),
    /// A log from a backup or an export, into a fresh directory.
    #[command(after_help = help::RESTORE)]
    Restore(log::RestoreArguments),
    /// The log from a file to a KurrentDB cluster, or back.
    #[command(after_help = help::MOVE)]
    Move(log::MoveArguments),
    /// Fold the whole log anew and say how it went: nothing else is stored.
    #[command(after_help = help::REBUILD)]
    Rebuild(log::AnswerArguments),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: commas between columns, decimal points.
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
    /// Who read the answer has seen enough, such as `head`: nothing more to say, exit code 0.
    SeenEnough,
}

impl Failure {
    /// An error of what was asked.
    pub fn asked(error: &dyn std::error::Error) -> Self {
        Self::Asked(with_sources(error))
    }

    /// An error of what was done.
    pub fn fault(error: &(dyn std::error::Error + 'static)) -> Self {
        if is_broken_pipe(error) { Self::SeenEnough } else { Self::Fault(with_sources(error)) }
    }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let kind = |error: &(dyn std::error::Error + 'static)| {
        // A cause that several share is what it holds.
        let error = error.downcast_ref::<Cause>().map_or(error, |shared| &**shared);
        let plain = error.downcast_ref::<io::Error>().map(io::Error::kind);
        plain.or_else(|| error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind))
    };
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(kind)
        .any(|kind| kind == io::ErrorKind::BrokenPipe)
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(sentence) | Self::Fault(sentence) => formatter.write_str(sentence),
            Self::SeenEnough => Ok(()),
        }
    }
}

impl From<crate::app::AppError> for Failure {
    fn from(error: crate::app::AppError) -> Self {
        use crate::app::AppError;
        match error {
            AppError::Place(_) => Self::asked(&error),
            AppError::Open(error) => error.into(),
            AppError::Ledger(error) => error.into(),
        }
    }
}

impl From<crate::app::PlanError> for Failure {
    fn from(error: crate::app::PlanError) -> Self {
        use crate::app::PlanError;
        match &error {
            PlanError::Fault(_) => Self::asked(&error),
            PlanError::People(_) => Self::fault(&error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match &error {
            OpenError::Missing { path } => Self::Asked(format!(
                "there is no log yet: {} does not exist; name its directory with --data DIR, begin one with `grenselos \
                 import parties FILE.csv`, or try `grenselos demo`",
                path.display()
            )),
            OpenError::NewerFormat { .. }
            | OpenError::AlreadyOpen { .. }
            | OpenError::NotADatabase { .. }
            | OpenError::Moves { .. }
            | OpenError::HalfMoved { .. }
            | OpenError::BeingMoved { .. }
            | OpenError::MovedAway { .. }
            | OpenError::Io { .. }
            | OpenError::Cluster { .. }
            | OpenError::Storage { .. } => Self::fault(&error),
        }
    }
}

impl From<crate::ledger::LedgerError> for Failure {
    fn from(error: crate::ledger::LedgerError) -> Self {
        use crate::handle::HandleError;
        use crate::ledger::LedgerError;
        match &error {
            LedgerError::Handle(HandleError::Rejected(_) | HandleError::Changed { .. })
            | LedgerError::UnknownProcurement { .. } => Self::asked(&error),
            LedgerError::Handle(_) | LedgerError::Read(_) | LedgerError::Damaged(_) | LedgerError::AboutAll => {
                Self::fault(&error)
            }
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
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::SeenEnough
        } else {
            Self::Fault(format!("the answer could not be written: {error}"))
        }
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

    /// The same, to write what is kept beside the log while another process writes that.
    fn beside(&self) -> Result<App, Failure> {
        self.open(Access::Beside)
    }

    /// The program with its log, for writing.
    fn write(&self) -> Result<App, Failure> {
        self.open(Access::Write)
    }

    fn open(&self, access: Access) -> Result<App, Failure> {
        let app = watched("reading the log", || App::open(self.settings.clone(), access))?;
        warn_of_damage(&app.ledger.now());
        warn_of_strangers(app.store.strangers());
        Ok(app)
    }

    /// Whether there is no log yet.
    fn has_no_log(&self) -> bool {
        let opened = self.settings.data.log_place().map(|place| Home::open(&place, Access::Read));
        matches!(opened, Ok(Err(OpenError::Missing { .. })))
    }

    /// The log alone, for reading beside a process that writes.
    fn log(&self) -> Result<Home, Failure> {
        let place = self.settings.data.log_place().map_err(|error| Failure::asked(&error))?;
        Ok(Home::open(&place, Access::Read)?)
    }
}

/// Said once, of the whole log: what was damaged until some day is damaged now.
fn warn_of_damage(followed: &Followed) {
    for (position, what) in &followed.damaged {
        remark(&format!(
            "the event at position {position} cannot be read ({what}); what follows from it is missing below"
        ));
    }
}

/// Said once of each stream.
fn warn_of_strangers(strangers: impl IntoIterator<Item = Stranger>) {
    for stranger in strangers {
        remark(&match stranger {
            Stranger::Stream(stream) => format!(
                "the stream {stream} on the cluster was not written by this program and stands among those of the log; it is passed \
                 over, and nobody else may write below the prefix (data.stream_prefix)"
            ),
            Stranger::Event { stream, version } => format!(
                "what stands on the cluster at version {version} of {stream} was not written by this program; it is passed over, and \
                 nothing more is written to that stream: let nobody else write below the prefix (data.stream_prefix), and move the \
                 log to a new place, which leaves that behind"
            ),
            Stranger::More { remembered_max } => format!(
                "more than {remembered_max} streams on the cluster that stand among those of the log were not written by this program, \
                 and no more of them are remembered; the log goes on, but for what would begin a stream of such a name: let nobody \
                 else write below the prefix (data.stream_prefix), and move the log to a new place (grenselos move), which leaves \
                 them behind"
            ),
        });
    }
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) | Err(Failure::SeenEnough) => ExitCode::SUCCESS,
        Err(failure @ Failure::Asked(_)) => refused(&failure, 2),
        Err(failure @ Failure::Fault(_)) => refused(&failure, 1),
    }
}

fn refused(failure: &Failure, code: u8) -> ExitCode {
    remark(&failure.to_string());
    ExitCode::from(code)
}

/// Says something to who sits before the screen; that nobody listens does not matter.
fn remark(sentence: &str) {
    let _ = writeln!(io::stderr(), "grenselos: {sentence}");
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Command::Split(arguments) = &arguments.command {
        return crate::split::run(arguments, &mut io::stdout().lock(), &mut io::stderr().lock()).map_err(|error| {
            match error {
                SplitError::Output(error) => error.into(),
                SplitError::Amount(_) | SplitError::KeyFile(_) | SplitError::Parties(_) | SplitError::Key { .. } => {
                    Failure::asked(&error)
                }
            }
        });
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
        Command::List(arguments) => list::run(&session, &arguments),
        Command::Readiness(arguments) => readiness::run(&session, &arguments),
        Command::Nudge(arguments) => nudge::run(&session, &arguments),
        Command::Budget(arguments) => budget::run(&session, &arguments),
        Command::Explain(arguments) => explain::run(&session, &arguments),
        Command::WhatIf(arguments) => what_if::run(&session, &arguments),
        Command::Succeed(arguments) => succeed::run(&session, &arguments),
        Command::Propose(arguments) => propose::run(&session, &arguments),
        Command::SupplierInvoice(arguments) => supplier_invoice::run(&session, &arguments),
        Command::Invoice(arguments) => invoice::run(&session, &arguments),
        Command::Payment(arguments) => payment::run(&session, &arguments),
        Command::Outbox(arguments) => outbox::run(&session, &arguments),
        Command::People(arguments) => people::run(&session, &arguments),
        Command::Access(arguments) => access::run(&session, &arguments),
        Command::Check(arguments) => log::check(&session, arguments),
        Command::Verify(arguments) => log::verify(&session, arguments.format),
        Command::Export(arguments) => log::export(&session, &arguments),
        Command::Backup(arguments) => log::backup(&session, &arguments),
        Command::Restore(arguments) => log::restore(&session, &arguments),
        Command::Move(arguments) => log::move_log(&session, &arguments),
        Command::Rebuild(arguments) => log::rebuild(&session, arguments.format),
    }
}

fn import(session: &Session, arguments: &ImportArguments) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if arguments.columns {
        return Ok(crate::import::list_columns(arguments, &mut out)?);
    }
    // Read before the log is opened, so that a file that is none leaves no log behind.
    let contents = crate::import::read(arguments).map_err(|error| Failure::asked(&error))?;
    if session.has_no_log() {
        crate::import::check_as_first(&contents, &RandomIds).map_err(|error| Failure::asked(&error))?;
    }
    let app = session.write()?;
    let ports = crate::import::Ports {
        ledger: &app.ledger,
        people: &app.people,
        ids: app.ids.as_ref(),
        clock: app.clock.as_ref(),
    };
    let taken_in = watched("taking the file in", || crate::import::run(&ports, &contents, &mut out));
    taken_in.map_err(|error| match error {
        ImportError::Rows { .. } => Failure::asked(&error),
        ImportError::Damaged(_)
        | ImportError::People(_)
        | ImportError::Ledger(_)
        | ImportError::PeopleStay(_)
        | ImportError::InPart(_) => Failure::fault(&error),
        ImportError::Answer(error) => error.into(),
    })
}

/// The one party that people mean today, also where an earlier day is asked for: a number of any time means it.
fn party_today(app: &App, flag: &str, called: &str) -> Result<PartyId, Failure> {
    party(&app.ledger.now().book, flag, called)
}

/// The one party that people mean.
fn party(book: &Book, flag: &str, called: &str) -> Result<PartyId, Failure> {
    match book.parties_called(called).as_slice() {
        [party] => Ok(*party),
        [] => Err(Failure::Asked(format!(
            "{flag} {called}: no party is called so; give a municipality number, an organisation number or a name{}",
            if book.parties.is_empty() { " (the log holds no parties yet: import some first)" } else { "" }
        ))),
        several => Err(Failure::Asked(format!(
            "{flag} {called}: {} parties are called so; give the organisation number",
            several.len()
        ))),
    }
}

/// The one procurement that people mean, or the only one.
fn procurement(book: &Book, called: Option<&str>) -> Result<ProcurementId, Failure> {
    match book.procurements_called(called).as_slice() {
        [procurement] => Ok(*procurement),
        [] => Err(Failure::Asked(match called {
            Some(called) => format!("--procurement {called}: no procurement is called so; {}", procurement_names(book)),
            None => {
                "no procurement was known on the day asked for; open one with `grenselos import procurement FILE.toml`, ask as \
                     of a later day, or try `grenselos demo`"
                    .to_owned()
            }
        })),
        several => {
            Err(Failure::Asked(format!("there are {} procurements; say which with --procurement NAME", several.len())))
        }
    }
}

fn procurement_names(book: &Book) -> String {
    let names: Vec<&str> =
        book.procurements.values().filter_map(|known| known.opened.as_ref()).map(|opened| &*opened.name).collect();
    if names.is_empty() { "none is known yet".to_owned() } else { format!("known: {}", names.join(", ")) }
}

/// A year that is taken.
fn year(flag: &str, year: i32) -> Result<i32, Failure> {
    let (first, last) = (YEARS_TAKEN.start(), YEARS_TAKEN.end());
    if YEARS_TAKEN.contains(&year) {
        Ok(year)
    } else {
        Err(Failure::Asked(format!("{flag} {year} is no year that is taken: give one from {first} to {last}")))
    }
}

/// A day, today at the latest: a date, or a milestone of the procurement that is named; of any where none is.
fn day(app: &App, text: &str, of: Option<&str>) -> Result<NaiveDate, Failure> {
    let book = &app.ledger.now().book;
    let of = match of {
        Some(named) => vec![procurement(book, Some(named))?],
        None => book.procurements_called(None),
    };
    book.day_called(text, &of, app.clock.today()).map_err(|error| Failure::Asked(format!("--as-of {text} {error}")))
}

/// What was known at the end of the day that `as_of` names, a milestone `of` a procurement perhaps; everything known where
/// nothing is said. With the day.
fn known(app: &App, as_of: Option<&str>, of: Option<&str>) -> Result<(Book, NaiveDate), Failure> {
    match as_of {
        None => Ok((app.ledger.now().book.clone(), app.clock.today())),
        Some(text) => {
            let day = day(app, text, of)?;
            Ok((app.ledger.as_of(day)?.book, day))
        }
    }
}

/// Writes an answer to a file, or to standard output where none is named.
fn deliver(bytes: &[u8], output: Option<&PathBuf>, binary: bool) -> Result<(), Failure> {
    match output {
        Some(path) => {
            crate::whole_file::write(path, bytes)
                .map_err(|error| Failure::Fault(format!("{} could not be written: {error}", path.display())))?;
            Ok(writeln!(io::stdout(), "wrote {}", path.display())?)
        }
        None if binary && io::stdout().is_terminal() => {
            Err(Failure::Asked("this format is no text for a terminal: name a file with --output FILE".to_owned()))
        }
        None => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            Ok(out.flush()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_well_defined() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        let mut without = Vec::new();
        for command in Arguments::command().get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let typed = after.lines().filter_map(|line| line.trim_start().strip_prefix("grenselos "));
            if !typed.flat_map(str::split_whitespace).any(|word| word == command.get_name()) {
                without.push(command.get_name().to_owned());
            }
        }
        assert_eq!(without, Vec::<String>::new());
    }
}
