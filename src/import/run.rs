//! `grenselos import`: reads a file, plans it, and carries the plan out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::procurement::{self, ProcurementFile};
use super::{Draft, FAULTS_MAX, Kind, LIMITS, Plan, RowFault, plan};
use crate::clock::Clock;
use crate::handle::chained;
use crate::ids::Ids;
use crate::ledger::{Ledger, LedgerError};
use crate::store::people::{People, PeopleError};
use crate::table::{Table, TableError};
use crate::toml_file::{TomlFile, TomlFileError};
use crate::view::book::Book;

/// What a file may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A procurement, as TOML.
    Procurement,
    /// A table of something.
    Rows(Kind),
}

/// In the order in which a new log needs them.
const SUBJECTS: [Subject; 12] = [
    Subject::Rows(Kind::Parties),
    Subject::Rows(Kind::Names),
    Subject::Rows(Kind::Figures),
    Subject::Procurement,
    Subject::Rows(Kind::Keys),
    Subject::Rows(Kind::Agreements),
    Subject::Rows(Kind::Signups),
    Subject::Rows(Kind::Legacy),
    Subject::Rows(Kind::Notices),
    Subject::Rows(Kind::Costs),
    Subject::Rows(Kind::Licences),
    Subject::Rows(Kind::Contacts),
];

impl ValueEnum for Subject {
    fn value_variants<'a>() -> &'a [Self] {
        &SUBJECTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Procurement => Some(
                PossibleValue::new("procurement").help("A procurement: opened, its milestones, how VAT is treated"),
            ),
            Self::Rows(kind) => kind.to_possible_value(),
        }
    }
}

/// What is in a file.
#[derive(Debug)]
pub enum Contents {
    /// A procurement.
    Procurement(TomlFile, Box<ProcurementFile>),
    /// Rows of a kind.
    Rows(Kind, Table),
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// It is no such TOML.
    #[error(transparent)]
    Toml(#[from] TomlFileError),
}

/// What to take in.
#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// What the file holds.
    pub kind: Subject,
    /// The file: UTF-8. Tables have columns parted by commas, or by semicolons with decimal commas; a procurement is TOML.
    #[arg(required_unless_present = "columns", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// List the columns such a file may have, or the form of a procurement, and take in nothing.
    #[arg(long, conflicts_with = "file")]
    pub columns: bool,
}

/// What the import works with.
pub struct Ports<'a> {
    /// The log with the book.
    pub ledger: &'a Ledger,
    /// Names and addresses.
    pub people: &'a People,
    /// New ids.
    pub ids: &'a dyn Ids,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Some rows cannot be taken, and therefore none was.
    #[error("{}", report(file, faults))]
    Rows {
        /// The file as it was named.
        file: String,
        /// The rows.
        faults: Vec<RowFault>,
    },
    /// Nothing may be written before the log is mended.
    #[error(transparent)]
    Damaged(LedgerError),
    /// The people could not be kept.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The log did not take it.
    #[error("nothing of the file was taken in; see that the disk works and has room, and import it again")]
    Ledger(#[source] LedgerError),
    /// The log did not take it, and what was known of people before could not be put back.
    #[error(
        "nothing of the file is in the log, but names and addresses from it are kept; see that the disk works and has room, \
         and import it again"
    )]
    PeopleStay(#[source] LedgerError),
    /// The log did not take it, and its home cannot write all or none. What was written stays, and the same file again
    /// completes it.
    #[error("the file may be taken in only in part; import it again, which writes what is missing")]
    InPart(#[source] LedgerError),
    /// The answer could not be written.
    #[error("the answer could not be written")]
    Answer(#[from] io::Error),
}

fn report(file: &str, faults: &[RowFault]) -> String {
    let lines: Vec<String> = faults.iter().map(|fault| format!("{file}, {fault}")).collect();
    let at_least = if faults.len() < FAULTS_MAX { "" } else { "at least " };
    format!("nothing was taken in, since {at_least}{} cannot be:\n{}", rows(faults.len()), lines.join("\n"))
}

fn rows(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

fn events(count: usize) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

/// Reads the file that is to be taken in.
///
/// # Errors
/// It is not what it should hold.
pub fn read(arguments: &ImportArguments) -> Result<Contents, ReadError> {
    let path = arguments.file.as_deref().unwrap_or(Path::new(""));
    Ok(match arguments.kind {
        Subject::Procurement => {
            let (source, file) = procurement::read(path)?;
            Contents::Procurement(source, Box::new(file))
        }
        Subject::Rows(kind) => Contents::Rows(kind, Table::read(path, LIMITS)?),
    })
}

/// Takes in a file: all of it or nothing.
///
/// # Errors
/// The file has rows that cannot be taken, or the log or disk fails: nothing was written. On a cluster a part may be, and
/// the same file again writes what is missing.
pub fn run(ports: &Ports<'_>, contents: &Contents, out: &mut dyn Write) -> Result<(), ImportError> {
    let book = {
        let followed = ports.ledger.now();
        if let Some((position, _)) = followed.damaged.first() {
            return Err(ImportError::Damaged(LedgerError::Damaged(*position)));
        }
        followed.book.clone()
    };
    let person = |id| ports.people.get(id).ok().flatten();
    let (file, planned) = planned(contents, Draft::new(book, &person, ports.ids))?;
    let written = carry_out(ports, &planned)?;
    match (contents, written) {
        (Contents::Procurement(..), 0) => writeln!(out, "{file}: read, nothing new in it.")?,
        (Contents::Procurement(..), _) => writeln!(out, "{file}: taken in; {} recorded.", events(written))?,
        (Contents::Rows(_, table), 0) => {
            writeln!(out, "{file}: {} read, nothing new in them.", rows(table.rows().len()))?;
        }
        (Contents::Rows(_, table), _) => {
            writeln!(out, "{file}: {} taken in; {} recorded.", rows(table.rows().len()), events(written))?;
        }
    }
    Ok(())
}

/// Whether a file could be the first one of a new log, which is then not begun for nothing.
///
/// # Errors
/// The file has rows that cannot be taken.
pub fn check_as_first(contents: &Contents, ids: &dyn Ids) -> Result<(), ImportError> {
    planned(contents, Draft::new(Book::default(), &|_| None, ids)).map(|_| ())
}

/// What a file is called, and what it asks for.
fn planned<'contents>(contents: &'contents Contents, draft: Draft<'_>) -> Result<(&'contents str, Plan), ImportError> {
    let (file, planned) = match contents {
        Contents::Procurement(source, file) => (source.file(), procurement::plan(source, file, draft)),
        Contents::Rows(kind, table) => (table.file(), plan(*kind, table, draft)),
    };
    let planned = planned.map_err(|faults| ImportError::Rows { file: file.to_owned(), faults })?;
    Ok((file, planned))
}

/// Keeps the people and carries out the wishes of a plan. Returns how many events were written.
fn carry_out(ports: &Ports<'_>, plan: &Plan) -> Result<usize, ImportError> {
    let before = plan.people.iter().map(|(id, _)| Ok((*id, ports.people.get(*id)?)));
    let before = before.collect::<Result<Vec<_>, PeopleError>>()?;
    ports.people.put_all(&plan.people)?;
    let wishes = chained(ports.ids.new_id(), "import", ports.clock, plan.wishes.iter().cloned());
    // One append for all rows where the log is in a file; a cluster takes them stream by stream.
    ports.ledger.carry_out_together(&wishes).map_err(|error| {
        if !ports.ledger.store().capabilities().together {
            return ImportError::InPart(error);
        }
        match ports.people.put_back(&before) {
            Ok(()) => ImportError::Ledger(error),
            Err(_) => ImportError::PeopleStay(error),
        }
    })
}

/// Lists the columns that a file may have.
///
/// # Errors
/// The answer cannot be written.
pub fn list_columns(arguments: &ImportArguments, out: &mut dyn Write) -> io::Result<()> {
    let kind = match arguments.kind {
        Subject::Procurement => return out.write_all(procurement::FORM.as_bytes()),
        Subject::Rows(kind) => kind,
    };
    for column in kind.columns() {
        let also = if column.also.is_empty() { String::new() } else { format!(" (or {})", column.also.join(", ")) };
        let needed = if column.required { "" } else { ", optional" };
        writeln!(out, "{}{also}{needed}: {}", column.name, column.meaning)?;
    }
    Ok(())
}
