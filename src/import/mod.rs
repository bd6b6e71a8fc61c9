//! Taking in files: all of a file or nothing of it, with a sentence for every row that cannot be taken.
//!
//! A plan is made of the whole file first, by deciding every wish against what is known with the earlier rows added.
//! Ids derive from what identifies a row, so that the same file a second time changes nothing.

mod agreements;
mod amounts;
pub mod bank;
mod contacts;
mod costs;
mod draft;
mod figures;
mod keys;
mod legacy;
mod licences;
mod line;
mod names;
mod notices;
mod parties;
mod procurement;
mod run;
mod signups;
pub mod supplier_file;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::NaiveDate;

use crate::domain::calendar::Period;
use crate::domain::identity::PersonId;
use crate::handle::Wish;
use crate::store::people::Person;
use crate::table::{Limits, Table};

pub use draft::Draft;
pub use line::Column;
pub use procurement::{RenamedLabel, VatDecision};
pub use run::{
    Contents, ImportArguments, ImportError, Ports, ReadError, Subject, check_as_first, list_columns, read, run,
};

use draft::Taken;
use line::{Fault, Header, Line};

/// How large a file may be.
pub const LIMITS: Limits = Limits { bytes: 32 * 1024 * 1024, rows: 100_000 };
pub use crate::table::FAULTS_MAX;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Municipalities, county authorities and others.
    Parties,
    /// Their names from a day.
    Names,
    /// What was counted of them.
    Figures,
    /// Affiliation agreements.
    Agreements,
    /// Libraries that join.
    Signups,
    /// Contracts for the old system.
    Legacy,
    /// Notice of old contracts: given, withdrawn, corrected; and extensions.
    Notices,
    /// Sharing keys: proposed, or adopted from a day.
    Keys,
    /// One-time costs.
    Costs,
    /// Yearly licences.
    Licences,
    /// Who answers for what.
    Contacts,
}

type RowReader = fn(&Line<'_>, &Draft<'_>) -> Result<Taken, Fault>;

impl Kind {
    /// The columns that its files may have.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        self.form().0
    }

    fn form(self) -> (&'static [Column], RowReader) {
        match self {
            Self::Parties => (parties::COLUMNS, parties::row),
            Self::Names => (names::COLUMNS, names::row),
            Self::Figures => (figures::COLUMNS, figures::row),
            Self::Agreements => (agreements::COLUMNS, agreements::row),
            Self::Signups => (signups::COLUMNS, signups::row),
            Self::Legacy => (legacy::COLUMNS, legacy::row),
            Self::Notices => (notices::COLUMNS, notices::row),
            Self::Keys => (keys::COLUMNS, keys::row),
            Self::Costs => (costs::COLUMNS, costs::row),
            Self::Licences => (licences::COLUMNS, licences::row),
            Self::Contacts => (contacts::COLUMNS, contacts::row),
        }
    }
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line number in the file; 1 is the header.
    pub row: u64,
    /// The column as the file names it, where the fault is in one cell.
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(formatter, "row {}, column \"{column}\": {}", self.row, self.sentence),
            None => write!(formatter, "row {}: {}", self.row, self.sentence),
        }
    }
}

/// What a file asks for beyond what is known. Empty where it was taken in before.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    /// The wishes, in order.
    pub wishes: Vec<Wish>,
    /// The people to keep, before the wishes.
    pub people: Vec<(PersonId, Person)>,
}

/// Plans a whole file against what `draft` knows.
///
/// # Errors
/// Every row that cannot be taken; then nothing of the file may be.
pub fn plan(kind: Kind, table: &Table, mut draft: Draft<'_>) -> Result<Plan, Vec<RowFault>> {
    let begun = draft.begun_anew();
    draft.rows(kind, table, ALL_DAYS)?;
    let faults = draft.contradictions(kind, table, begun)?;
    if !faults.is_empty() {
        return Err(faults);
    }
    let (wishes, people) = draft.take_out();
    Ok(Plan { wishes, people })
}

/// What was done on any day.
const ALL_DAYS: Period = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
/// How many rows are named that later ones contradict.
const CONTRADICTIONS_NAMED_MAX: usize = 20;

impl Draft<'_> {
    /// The rows of a file, all of them taken in, that later rows say otherwise: read once more they would change something.
    /// `begun` is the draft as it was before them.
    fn contradictions(&self, kind: Kind, table: &Table, mut begun: Draft<'_>) -> Result<Vec<RowFault>, Vec<RowFault>> {
        let (columns, read) = kind.form();
        let header = Header::of(table, columns).map_err(|fault| vec![at(1, fault)])?;
        let lines = || table.rows().map(|row| (row.line(), Line::new(row, &header, ALL_DAYS)));
        let is_overturned = |line: &Line<'_>| read(line, self).is_ok_and(|taken| self.would_change(&taken));
        let overturned: Vec<u64> = lines()
            .filter(|(_, line)| is_overturned(line))
            .map(|(row, _)| row)
            .take(CONTRADICTIONS_NAMED_MAX)
            .collect();
        let mut faults = Vec::new();
        let mut standing: Vec<(u64, Line<'_>)> = Vec::new();
        for (row, line) in lines() {
            if faults.len() == overturned.len() {
                break;
            }
            read(&line, &begun)
                .and_then(|taken| begun.take_in(taken, |field| line.column_of(field)))
                .map_err(|fault| vec![at(row, fault)])?;
            standing.retain(|(earlier, said)| {
                let stands = !read(said, &begun).is_ok_and(|taken| begun.would_change(&taken));
                if !stands {
                    faults.push(at(*earlier, contradicted_by(row)));
                }
                stands
            });
            if overturned.contains(&row) {
                standing.push((row, line));
            }
        }
        Ok(faults)
    }

    /// Takes in what was done within `window` by the rows of a file.
    ///
    /// # Errors
    /// Every row that cannot be taken, up to [`FAULTS_MAX`]; then the draft is of no further use.
    pub fn rows(&mut self, kind: Kind, table: &Table, window: Period) -> Result<(), Vec<RowFault>> {
        let (columns, read) = kind.form();
        let header = Header::of(table, columns).map_err(|fault| vec![at(1, fault)])?;
        let mut faults = Vec::new();
        for row in table.rows() {
            let number = row.line();
            let line = Line::new(row, &header, window);
            let taken = read(&line, self).and_then(|taken| self.take_in(taken, |field| line.column_of(field)));
            faults.extend(taken.err().map(|fault| at(number, fault)));
            if faults.len() >= FAULTS_MAX {
                break;
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn contradicted_by(row: u64) -> Fault {
    let sentence = format!("row {row} says otherwise of the same; keep the one that is right, and remove the other");
    Fault { column: None, sentence }
}

fn at(row: u64, fault: Fault) -> RowFault {
    RowFault { row, column: fault.column, sentence: fault.sentence }
}
