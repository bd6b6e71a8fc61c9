//! A row as the import reads it: columns by their English or Norwegian names, cells by what they should hold.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::handle::Rejected;
use crate::table::{Row, Table, TableError};

/// A column that an import file may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Other names it may have.
    pub also: &'static [&'static str],
    /// Whether every file must have it.
    pub required: bool,
    /// What its cells hold.
    pub meaning: &'static str,
}

/// A column that must be there.
pub(super) const fn required(name: &'static str, also: &'static [&'static str], meaning: &'static str) -> Column {
    Column { name, also, required: true, meaning }
}

/// A column that may be left out.
pub(super) const fn optional(name: &'static str, also: &'static [&'static str], meaning: &'static str) -> Column {
    Column { name, also, required: false, meaning }
}

/// The party of a row.
pub(super) const PARTY: Column = required(
    "party",
    &["part", "kommunenummer", "kommune", "organisasjonsnummer"],
    "municipality or county number of any time, organisation number, or name",
);

/// The procurement of a row.
pub(super) const PROCUREMENT: Column =
    optional("procurement", &["anskaffelse"], "name of the procurement; may be left out where there is only one");

/// Remarks that are read by people only.
pub(super) const NOTE: Column = optional("note", &["merknad"], "not taken in");

/// Fields of commands that the columns they come from are not called by.
const OTHERWISE_CALLED: &[(&str, &str)] =
    &[("into", "merged_into"), ("shares", "split_into"), ("successors", "succeeded_by")];

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The column as the file names it, where the fault is in one cell.
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl From<TableError> for Fault {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Cell { column, reason, .. } => Self { column: Some(column), sentence: reason },
            TableError::Row { reason, .. } | TableError::File { reason, .. } => Self { column: None, sentence: reason },
            TableError::Rows { .. } | TableError::Unreadable { .. } => {
                Self { column: None, sentence: error.to_string() }
            }
        }
    }
}

impl From<Rejected> for Fault {
    fn from(rejected: Rejected) -> Self {
        Self { column: None, sentence: rejected.to_string() }
    }
}

/// The header of a file: which of its columns is which.
#[derive(Debug)]
pub(super) struct Header {
    columns: BTreeMap<&'static str, String>,
}

impl Header {
    /// Finds the columns of a table.
    ///
    /// # Errors
    /// A column is missing, unknown or there twice.
    pub(super) fn of(table: &Table, known: &[Column]) -> Result<Self, Fault> {
        let mut columns = BTreeMap::new();
        for written in table.columns() {
            let plain = written.trim().to_lowercase().replace(' ', "_");
            let Some(column) = known.iter().find(|column| column.name == plain || column.also.contains(&&*plain))
            else {
                let names: Vec<&str> = known.iter().map(|column| column.name).collect();
                return Err(Fault {
                    column: Some(written.clone()),
                    sentence: format!("the column is not known; remove it, or name it one of {}", names.join(", ")),
                });
            };
            if let Some(first) = columns.insert(column.name, written.clone()) {
                return Err(Fault {
                    column: Some(written.clone()),
                    sentence: format!("it means the same as the column \"{first}\"; keep one of them"),
                });
            }
        }
        match known.iter().find(|column| column.required && !columns.contains_key(column.name)) {
            Some(missing) => Err(Fault {
                column: Some(missing.name.to_owned()),
                sentence: format!("the column is missing; add it: {}", missing.meaning),
            }),
            None => Ok(Self { columns }),
        }
    }
}

/// A row with its header. What was done outside `window` is passed over.
pub(super) struct Line<'t> {
    row: Row<'t>,
    header: &'t Header,
    window: Period,
}

impl<'t> Line<'t> {
    pub(super) fn new(row: Row<'t>, header: &'t Header, window: Period) -> Self {
        Self { row, header, window }
    }

    /// The lines that stand before it.
    pub(super) fn before(&self) -> impl Iterator<Item = Self> {
        let (header, window) = (self.header, self.window);
        self.row.before().map(move |row| Self { row, header, window })
    }

    /// The name of a column as the file writes it.
    fn written<'a>(&'a self, column: &'a str) -> &'a str {
        self.header.columns.get(column).map_or(column, String::as_str)
    }

    /// The column, as the file writes it, that a field of a command comes from.
    pub(super) fn column_of(&self, field: &str) -> Option<String> {
        let other = OTHERWISE_CALLED.iter().find(|(called, _)| *called == field).map(|(_, column)| *column);
        self.header.columns.get(other.unwrap_or(field)).cloned()
    }

    /// A fault of a cell.
    pub(super) fn fault(&self, column: &str, sentence: String) -> Fault {
        Fault { column: Some(self.written(column).to_owned()), sentence }
    }

    /// The text of a cell, or nothing where it is empty.
    pub(super) fn optional(&self, column: &str) -> Option<&'t str> {
        self.header.columns.get(column).and_then(|written| self.row.optional(written))
    }

    /// The text of a cell.
    pub(super) fn text(&self, column: &str) -> Result<&'t str, Fault> {
        Ok(self.row.text(self.written(column))?)
    }

    /// The file that a cell names, as seen from this one.
    pub(super) fn beside(&self, column: &str) -> Result<PathBuf, Fault> {
        Ok(self.row.beside(self.written(column))?)
    }

    /// A number.
    pub(super) fn decimal(&self, column: &str) -> Result<Decimal, Fault> {
        Ok(self.row.decimal(self.written(column))?)
    }

    /// A whole number.
    pub(super) fn whole<N: TryFrom<i64>>(&self, column: &str) -> Result<N, Fault> {
        let text = self.text(column)?;
        let whole: Option<N> = text.parse::<i64>().ok().and_then(|number| number.try_into().ok());
        whole.ok_or_else(|| self.fault(column, format!("\"{text}\" is no whole number that can be taken")))
    }

    /// An amount in kroner.
    pub(super) fn ore(&self, column: &str) -> Result<Ore, Fault> {
        Ok(self.row.ore(self.written(column))?)
    }

    /// A date.
    pub(super) fn date(&self, column: &str) -> Result<NaiveDate, Fault> {
        Ok(self.row.date(self.written(column))?)
    }

    /// A date, or nothing where the cell is empty.
    pub(super) fn optional_date(&self, column: &str) -> Result<Option<NaiveDate>, Fault> {
        self.optional(column).map(|_| self.date(column)).transpose()
    }

    /// The day something was done; nothing where the cell is empty or the day is passed over.
    pub(super) fn done(&self, column: &str) -> Result<Option<NaiveDate>, Fault> {
        Ok(self.optional_date(column)?.filter(|day| self.window.contains(*day)))
    }

    /// The day something was done, which must be there; nothing where it is passed over.
    pub(super) fn done_for_sure(&self, column: &str) -> Result<Option<NaiveDate>, Fault> {
        let day = self.date(column)?;
        Ok(Some(day).filter(|day| self.window.contains(*day)))
    }

    /// Whether the day in a cell comes after all that is looked at: the row says nothing yet.
    pub(super) fn is_to_come(&self, column: &str) -> Result<bool, Fault> {
        Ok(self.date(column)? > self.window.last)
    }

    /// Yes or no; nothing where the cell is empty.
    pub(super) fn yes_or_no(&self, column: &str) -> Result<Option<bool>, Fault> {
        self.choice(column, &[("yes", true), ("ja", true), ("no", false), ("nei", false)])
    }

    /// Yes or no.
    pub(super) fn surely_yes_or_no(&self, column: &str) -> Result<bool, Fault> {
        self.text(column)?;
        self.yes_or_no(column)?.ok_or_else(|| self.fault(column, "the cell is empty; fill it in".to_owned()))
    }

    /// One of a few words; nothing where the cell is empty.
    pub(super) fn choice<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<Option<T>, Fault> {
        let Some(text) = self.optional(column) else { return Ok(None) };
        let plain = text.to_lowercase();
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == plain) {
            return Ok(Some(*meant));
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Err(self.fault(column, format!("\"{text}\" is not known; write one of {}", known.join(", "))))
    }

    /// One of a few words.
    pub(super) fn chosen<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, Fault> {
        self.text(column)?;
        self.choice(column, words)?.ok_or_else(|| self.fault(column, "the cell is empty; fill it in".to_owned()))
    }
}
