//! The log itself: check, verify, export, backup, restore, rebuild.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::accounting::{self, Exported};
use super::after_issue::{as_typed, vat_in_words};
use super::answer::{Table, watched, write_json};
use super::invoice::progress;
use super::{Failure, Format, Session, warn_of_strangers};
use crate::domain::money::Ore;
use crate::exchange::{self, ExchangeError};
use crate::process::invoice_plan::{OwedBack, owed_back};
use crate::relocation::{Relocated, RelocationError, move_between, was_left};
use crate::store::home::{Access, Home, LogPlace};
use crate::store::sign_in::{self, CopyError};
use crate::store::sqlite::{self, SqliteStore};
use crate::store::{BackupError, EventStore, OpenError, Position, mark};
use crate::view::book::Book;
use crate::view::whole_book::{BookCheck, check_book};

/// Where the lines go.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ExportArguments {
    #[command(subcommand)]
    accounting: Option<Exported>,
    /// The file to write; standard output where none is named.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write. It must not exist.
    file: PathBuf,
}

/// What is restored.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// A backup, or an export (JSON lines). The directory of the log (--data) must hold no log yet.
    file: PathBuf,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct AnswerArguments {
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// How an answer that is no table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How the findings are written.
#[derive(Debug, Clone, Copy, Args)]
pub struct CheckArguments {
    /// How the findings are written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn check(session: &Session, arguments: CheckArguments) -> Result<(), Failure> {
    let app = session.read()?;
    app.ledger.follows_all()?;
    let followed = app.ledger.now();
    let check = check_book(&followed.book);
    let owed_back = owed_back(&followed.book, app.clock.today());
    let mut out = io::stdout().lock();
    let (amounts, invoices, series) = (check.amounts_count, check.invoices_count, check.series_count);
    let failure = (!check.findings.is_empty() || !followed.damaged.is_empty()).then(|| {
        Failure::Fault(format!(
            "the book does not add up: {} findings and {} events that cannot be read, among {amounts} amounts, {invoices} \
             invoices and {series} series",
            check.findings.len(),
            followed.damaged.len()
        ))
    });
    match arguments.format {
        Format::Json => write_json(
            &mut out,
            &Checked { check: &check, damaged_count: followed.damaged.len(), owed_back: &owed_back },
        )?,
        Format::Csv => {
            let mut table = Table::new(["about", "what"]);
            for finding in &check.findings {
                table.row([finding.about.clone(), finding.what.clone()]);
            }
            table.write_csv(&mut out)?;
        }
        Format::Text => {
            for finding in &check.findings {
                writeln!(out, "{}: {}", finding.about, finding.what)?;
            }
            if failure.is_none() {
                write!(
                    out,
                    "the book adds up: {amounts} amounts shared to the øre, {invoices} invoices, {series} series without gaps"
                )?;
                match check.payments_count {
                    0 => writeln!(out)?,
                    payments => writeln!(out, ", {payments} payments")?,
                }
            }
            show_owed_back(&mut out, &followed.book, &owed_back)?;
        }
    }
    failure.map_or(Ok(()), Err)
}

/// What was looked at and found, for programs.
#[derive(Serialize)]
struct Checked<'book> {
    #[serde(flatten)]
    check: &'book BookCheck,
    damaged_count: usize,
    owed_back: &'book [OwedBack],
}

/// The most participants that a line names.
const NAMED_MAX: usize = 10;

/// What is owed back by settlement: a line for each cost or licence of a year.
fn show_owed_back(out: &mut dyn Write, book: &Book, owed_back: &[OwedBack]) -> io::Result<()> {
    for of_one in owed_back.chunk_by(|one, other| (one.subject, one.year) == (other.subject, other.year)) {
        let [OwedBack { subject, name, year, with_supplier_vat, .. }, ..] = of_one else { continue };
        let vat = vat_in_words(*with_supplier_vat);
        let sum: Ore = of_one.iter().map(|owed| owed.amount_ore).sum();
        let named = of_one.iter().take(NAMED_MAX);
        let mut who: Vec<String> = named.map(|owed| format!("{} {}", owed.party_name, owed.amount_ore)).collect();
        who.extend(of_one.len().checked_sub(NAMED_MAX + 1).map(|more| format!("{} more", more + 1)));
        writeln!(
            out,
            "no fault: {sum} ({vat}) is owed back by the settlement of \"{name}\" {year}, and not credited yet: {}",
            who.join(", ")
        )?;
        writeln!(out, "next: grenselos invoice settle {} --year {year}", as_typed(book, *subject, name))?;
    }
    Ok(())
}

pub fn verify(session: &Session, format: TextOrJson) -> Result<(), Failure> {
    let store = session.log()?;
    let bar = progress("verifying");
    let verified = store
        .verify(&mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
        .map_err(|error| Failure::fault(&error))?;
    bar.finish_and_clear();
    warn_of_strangers(store.strangers());
    if let Some(first) = store.first_behind_the_end().map_err(|error| Failure::fault(&error))? {
        return Err(Failure::Fault(format!(
            "the log was left for another place, and what stands here from position {first} on was written afterwards; who wrote \
             it was told to ask again, so look whether it stands in the log that goes on, and enter there what does not"
        )));
    }
    let mut out = io::stdout().lock();
    match format {
        TextOrJson::Json => write_json(
            &mut out,
            &serde_json::json!({
                "events_count": verified.count,
                "erased_count": verified.erased,
                "head_hash": verified.head_hash.to_string(),
            }),
        )?,
        TextOrJson::Text => {
            writeln!(out, "the chain is unbroken: {} events, {} of them erased", verified.count, verified.erased)?;
            writeln!(out, "head {}", verified.head_hash)?;
        }
    }
    Ok(())
}

pub fn export(session: &Session, arguments: &ExportArguments) -> Result<(), Failure> {
    if let Some(exported) = &arguments.accounting {
        return accounting::export(session, exported);
    }
    let store = session.log()?;
    let export = |out: &mut dyn Write| watched("exporting", || exchange::export(store.port().as_ref(), out));
    let count = match &arguments.output {
        None => export(&mut BufWriter::new(io::stdout().lock())),
        Some(path) => {
            let file = File::create_new(path).map_err(|error| not_created(path, &error))?;
            export(&mut BufWriter::new(file))
        }
    }
    .map_err(|error| Failure::fault(&error))?;
    // Beside the lines, which may go to standard output; that nobody listens does not matter.
    let _ = writeln!(io::stderr(), "{count} events exported");
    Ok(())
}

fn not_created(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        Failure::Asked(format!("{path} exists already; name a file that does not exist"))
    } else {
        Failure::Fault(format!(
            "{path} could not be written; see that the directory exists and may be written: {error}"
        ))
    }
}

pub fn backup(session: &Session, arguments: &BackupArguments) -> Result<(), Failure> {
    let beside = sign_in::copied(&arguments.file);
    if !arguments.file.exists() && beside.exists() {
        return Err(Failure::asked(&CopyError::Exists { path: beside }));
    }
    let log = session.log()?;
    let store = log.file().ok_or_else(|| {
        Failure::Asked(
            "the log is on a cluster, which has backups of its own; `grenselos export` writes a copy".to_owned(),
        )
    })?;
    let copied = watched("copying and verifying", || store.backup(&arguments.file));
    let copied = copied.map_err(|error| match error {
        BackupError::Exists { .. } => Failure::asked(&error),
        BackupError::Damaged { .. } | BackupError::Differs | BackupError::Io { .. } | BackupError::Storage { .. } => {
            Failure::fault(&error)
        }
    })?;
    let sign_ins =
        sign_in::copy_of(&session.settings.data.directory, &arguments.file).map_err(|error| not_copied(&error))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}: {} events, verified, head {}", arguments.file.display(), copied.count, copied.head_hash)?;
    if let Some(file) = sign_ins {
        writeln!(out, "{}: passwords, passkeys, linked providers and tokens, without sign-ins", file.display())?;
    }
    writeln!(
        out,
        "names and addresses of people are not in it: copy people.sqlite3 apart, and keep such copies briefly"
    )?;
    Ok(())
}

fn not_copied(error: &CopyError) -> Failure {
    match error {
        CopyError::Exists { .. } => Failure::asked(error),
        CopyError::Open(_) | CopyError::Storage { .. } => Failure::fault(error),
    }
}

pub fn restore(session: &Session, arguments: &RestoreArguments) -> Result<(), Failure> {
    let directory = &session.settings.data.directory;
    if session.settings.data.store != LogPlace::FILE {
        return Err(Failure::Asked(
            "a backup or an export is restored into a file: leave data.store out, and move the log from there with `grenselos \
             move`"
                .to_owned(),
        ));
    }
    // A log that was moved away leaves behind that it was, also where its file is gone.
    let mut taken = [sqlite::FILE_NAME, mark::FILE_NAME].map(|name| directory.join(name)).into_iter();
    if let Some(taken) = taken.find(|path| path.exists()) {
        return Err(Failure::Asked(format!(
            "{} exists already; restore into a fresh directory (--data DIR)",
            taken.display()
        )));
    }
    let count = if is_database(&arguments.file).map_err(|error| unreadable(&arguments.file, &error))? {
        restore_backup(&arguments.file, directory)?
    } else {
        restore_export(&arguments.file, directory)?
    };
    let has_sign_ins = sign_in::put_back(&arguments.file, directory).map_err(|error| not_copied(&error))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{count} events restored into {}", directory.display())?;
    if has_sign_ins {
        writeln!(
            out,
            "passwords, passkeys, linked providers and tokens are those of the backup: revoke again what was revoked since, and \
             everybody signs in anew"
        )?;
    }
    Ok(())
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::Asked(format!("{} cannot be read; check its name and that you may read it: {error}", path.display()))
}

fn is_database(path: &Path) -> io::Result<bool> {
    const BEGINNING: &[u8] = b"SQLite format 3\0";
    let mut beginning = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(path)?, BEGINNING.len() as u64), &mut beginning)?;
    Ok(beginning == BEGINNING)
}

/// A copy that was verified where it lay, and is verified again where it comes to lie.
fn restore_backup(backup: &Path, directory: &Path) -> Result<u64, Failure> {
    let log = directory.join(sqlite::FILE_NAME);
    let arriving = log.with_extension("arriving");
    let copied = std::fs::create_dir_all(directory)
        .and_then(|()| std::fs::copy(backup, &arriving))
        .and_then(|_| File::open(&arriving)?.sync_all())
        .and_then(|()| std::fs::rename(&arriving, &log));
    copied.map_err(|error| Failure::Fault(format!("{} could not be copied: {error}", backup.display())))?;
    let verified = SqliteStore::open_read_only(directory)
        .map_err(|error| Failure::fault(&error))
        .and_then(|store| store.verify(&mut |_, _| {}).map_err(|error| Failure::fault(&error)));
    match verified {
        Ok(verified) => Ok(verified.count),
        Err(failure) => {
            let _ = std::fs::remove_file(&log);
            Err(Failure::Asked(format!("{} is no sound backup: {failure}; nothing was restored", backup.display())))
        }
    }
}

fn restore_export(export: &Path, directory: &Path) -> Result<u64, Failure> {
    let open = || File::open(export).map(BufReader::new).map_err(|error| unreadable(export, &error));
    // Read once before anything is written, so that a faulty file changes nothing.
    let lines = open()?.lines().map_while(Result::ok).count() as u64;
    exchange::check(open()?).map_err(|error| asked(export, &error))?;
    let store = SqliteStore::open(directory).map_err(|error| Failure::fault(&error))?;
    let bar = progress("restoring");
    bar.set_length(lines);
    exchange::import(&store, open()?, &mut |position: Position| bar.set_position(position.0))
        .map_err(|error| asked(export, &error))?;
    bar.finish_and_clear();
    Ok(store.head().map_err(|error| Failure::fault(&error))?.map_or(0, |head| head.0))
}

fn asked(file: &Path, error: &ExchangeError) -> Failure {
    Failure::Asked(format!("{}: {}", file.display(), crate::ledger::with_sources(error)))
}

/// Where a log is moved from and to.
#[derive(Debug, Args)]
pub struct MoveArguments {
    /// Where it is: sqlite:DIR, or the address of a cluster (kurrentdb://…).
    #[arg(long)]
    from: String,
    /// Where it is to be; nothing else may stand there.
    #[arg(long)]
    to: String,
}

pub fn move_log(session: &Session, arguments: &MoveArguments) -> Result<(), Failure> {
    let MoveArguments { from, to } = arguments;
    let named = |flag, named: &str| {
        let place = session.settings.data.place_named(named);
        place.map_err(|error| Failure::Asked(format!("{flag} {error}")))
    };
    let (from, to) = (named("--from", from)?, named("--to", to)?);
    if from.shown() == to.shown() {
        return Err(Failure::Asked("--from and --to name the same place; name another one".to_owned()));
    }
    let said = |flag, place: &LogPlace, home: Result<Home, OpenError>| {
        let home = home.map_err(|error| {
            if let OpenError::AlreadyOpen { path } = &error {
                return Failure::Asked(format!(
                    "{flag} is being written by another process ({}); stop that one first, so that nothing is left behind",
                    path.display()
                ));
            }
            Failure::from(error)
        })?;
        // Only now is a directory there that did not stand before.
        Ok::<_, Failure>((home, place.shown()))
    };
    let open = |access| said("--from", &from, Home::open_to_move(&from, access));
    let (read, left_place) = open(Access::Read)?;
    // What stands in a file is held while it is moved: who wrote to it meanwhile, would write what is left behind.
    let left = if read.file().is_some() { open(Access::Write)?.0 } else { read };
    was_left((&left, &left_place), &to.shown()).map_err(|error| not_moved(&error))?;
    let (filled, filled_place) = said("--to", &to, Home::open_to_fill(&to))?;
    let bar = progress("moving");
    let moved =
        move_between((&left, &left_place), (&filled, &filled_place), &mut std::thread::sleep, &mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        });
    bar.finish_and_clear();
    let Relocated { found_count, compared_count } = moved.map_err(|error| not_moved(&error))?;
    let mut out = io::stdout().lock();
    if found_count > 0 {
        writeln!(out, "{found_count} events stood there already")?;
    }
    writeln!(out, "{compared_count} events moved, and each compared: order, ids, instants and contents are the same")?;
    writeln!(out, "names, addresses, accounts and documents are not in the log: copy the rest of the directory")?;
    Ok(())
}

/// Something else was to be asked for, or it failed.
fn not_moved(error: &RelocationError) -> Failure {
    match error {
        RelocationError::Other { .. }
        | RelocationError::WentOn { .. }
        | RelocationError::Erased { .. }
        | RelocationError::Elsewhere { .. }
        | RelocationError::Half { .. } => Failure::asked(error),
        RelocationError::From(_)
        | RelocationError::To(_)
        | RelocationError::Mark(_)
        | RelocationError::Append { .. } => Failure::fault(error),
    }
}

pub fn rebuild(session: &Session, format: TextOrJson) -> Result<(), Failure> {
    let app = session.read()?;
    let followed = app.ledger.now();
    let book = &followed.book;
    let folded = Folded {
        events_count: followed.position.map_or(0, |position| position.0),
        parties_count: book.parties.len(),
        agreements_count: book.agreements.len(),
        signups_count: book.signups.len(),
        costs_count: book.costs.len(),
        licences_count: book.licences.len(),
        invoices_count: book.invoices.len(),
        damaged_count: followed.damaged.len(),
    };
    let mut out = io::stdout().lock();
    match format {
        TextOrJson::Json => write_json(&mut out, &folded)?,
        TextOrJson::Text => {
            writeln!(
                out,
                "folded {} events: {} parties, {} agreements, {} signups, {} costs, {} licences, {} invoices",
                folded.events_count,
                folded.parties_count,
                folded.agreements_count,
                folded.signups_count,
                folded.costs_count,
                folded.licences_count,
                folded.invoices_count,
            )?;
            writeln!(out, "nothing but the log is stored, so there is nothing else to rebuild")?;
        }
    }
    if folded.damaged_count == 0 {
        return Ok(());
    }
    Err(Failure::Fault(format!("{} events could not be read", folded.damaged_count)))
}

/// What the log was folded into.
#[expect(clippy::struct_field_names, reason = "they are counts, and are called so where programs read them")]
#[derive(Serialize)]
struct Folded {
    events_count: u64,
    parties_count: usize,
    agreements_count: usize,
    signups_count: usize,
    costs_count: usize,
    licences_count: usize,
    invoices_count: usize,
    damaged_count: usize,
}
