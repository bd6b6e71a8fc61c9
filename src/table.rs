//! Tables from outside, as UTF-8 parted by commas, semicolons or tabs. Excel in Norway writes semicolons and decimal commas;
//! programs write commas and decimal points. Both are read, and everything else is refused with the row and the reason.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::money::{AmountError, Ore};
use crate::domain::number::parse_number;

/// The most bytes read of one table unless told otherwise.
pub const BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most rows read of one table unless told otherwise.
pub const ROWS_MAX: usize = 200_000;
/// The most columns of a table.
pub const COLUMNS_MAX: usize = 200;
/// The most characters of one cell.
pub const CELL_CHARACTERS_MAX: usize = 2_000;

/// The most rows that are named of those that will not do.
pub const FAULTS_MAX: usize = 1_000;

/// How large a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes.
    pub bytes: usize,
    /// The most rows, the header not counted.
    pub rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: BYTES_MAX, rows: ROWS_MAX }
    }
}

/// Why a table cannot be taken. Every sentence begins with the file, and with the row where there is one.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It could not be opened or read.
    #[error("{file}: the file cannot be read; check its name and that you may read it")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file as a whole will not do.
    #[error("{file}: {reason}")]
    File {
        /// The file as it was named.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Several rows will not do.
    #[error("{} rows of {file} will not do:\n{}", faults.len() + more_count, listed(file, faults, *more_count))]
    Rows {
        /// The file as it was named.
        file: String,
        /// The line numbers in the file, at most [`FAULTS_MAX`], each with why, and what to do.
        faults: Vec<(u64, String)>,
        /// How many more there are.
        more_count: usize,
    },
    /// One row will not do.
    #[error("{file}, row {row}: {reason}")]
    Row {
        /// The file as it was named.
        file: String,
        /// The line number in the file; the header is row 1.
        row: u64,
        /// Why, and what to do.
        reason: String,
    },
    /// One cell will not do.
    #[error("{file}, row {row}, column \"{column}\": {reason}")]
    Cell {
        /// The file as it was named.
        file: String,
        /// The line number in the file; the header is row 1.
        row: u64,
        /// The column's name.
        column: String,
        /// Why, and what to do.
        reason: String,
    },
}

impl TableError {
    /// The line number in the file, where the fault is in a row.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        match self {
            Self::Unreadable { .. } | Self::File { .. } => None,
            Self::Rows { faults, .. } => faults.first().map(|(row, _)| *row),
            Self::Row { row, .. } | Self::Cell { row, .. } => Some(*row),
        }
    }
}

/// A table that has been read: a header of unique names, and rows that all have its width.
#[derive(Debug, Clone)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
    decimal_comma: bool,
}

/// A row, which knows its line number and the names of its columns.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    line: u64,
    cells: &'t csv::StringRecord,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with the file, with the row.
    pub fn read(path: &Path, limits: Limits) -> Result<Self, TableError> {
        let file = path.display().to_string();
        let unreadable = |source| TableError::Unreadable { file: file.clone(), source };
        let mut bytes = Vec::new();
        let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::parse(&file, &bytes, limits)
    }

    /// Reads the bytes of a file, or of an upload, that is called `file` in what is said of it.
    ///
    /// # Errors
    /// What is wrong with the bytes, with the row.
    pub fn parse(file: &str, bytes: &[u8], limits: Limits) -> Result<Self, TableError> {
        let text = decode(file, bytes, limits.bytes)?;
        let whole = |reason: String| TableError::File { file: file.to_owned(), reason };
        let delimiter = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut lines = Lines { text: text.as_bytes(), seen: 0, line: 1 };
        let mut table =
            Self { file: file.to_owned(), columns: Vec::new(), rows: Vec::new(), decimal_comma: delimiter != b',' };
        let (mut faults, mut more_count) = (Vec::new(), 0);
        for record in reader.records() {
            let cells = record.map_err(|error| whole(format!("it is no table of separated values ({error})")))?;
            let line = lines.of(cells.position().map_or(0, csv::Position::byte));
            if cells.iter().all(str::is_empty) {
                continue;
            }
            let fault = fault_of(&cells).or_else(|| table.fault_of_width(cells.len()));
            if table.columns.is_empty() {
                if let Some(reason) = fault {
                    return Err(table.row_error(line, &reason));
                }
                table.columns = header(&table, line, &cells)?;
            } else if let Some(reason) = fault {
                if faults.len() < FAULTS_MAX {
                    faults.push((line, reason));
                } else {
                    more_count += 1;
                }
            } else if table.rows.len() == limits.rows {
                return Err(whole(format!("it has more than {} rows; split it into several files", limits.rows)));
            } else {
                table.rows.push((line, cells));
            }
        }
        match faults.as_slice() {
            [] => {}
            [(line, reason)] => return Err(table.row_error(*line, reason)),
            [_, _, ..] => return Err(TableError::Rows { file: file.to_owned(), faults, more_count }),
        }
        if table.columns.is_empty() {
            return Err(whole("it is empty; it must begin with a header row that names the columns".to_owned()));
        }
        Ok(table)
    }

    /// The file as it was named.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of the columns, in their order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether there is a column of that name.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// Refuses a table that lacks a column.
    ///
    /// # Errors
    /// Names the first column that is missing, and those there are.
    pub fn require(&self, columns: &[&str]) -> Result<(), TableError> {
        match columns.iter().find(|column| !self.has(column)) {
            None => Ok(()),
            Some(column) => Err(self.file_error(&format!(
                "there is no column \"{column}\"; the header row names {}",
                quoted_list(&self.columns)
            ))),
        }
    }

    /// Refuses a table with a column that nobody asked for, since it may be a misspelt one.
    ///
    /// # Errors
    /// Names the first unknown column, and those that are known.
    pub fn allow_only(&self, columns: &[&str]) -> Result<(), TableError> {
        match self.columns.iter().find(|name| !columns.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(self.file_error(&format!(
                "the column \"{name}\" is not known; remove it, or name it one of {}",
                quoted_list(columns)
            ))),
        }
    }

    /// The rows in their order, empty ones left out.
    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }

    /// A fault of the file as a whole.
    #[must_use]
    pub fn file_error(&self, reason: &str) -> TableError {
        TableError::File { file: self.file.clone(), reason: reason.to_owned() }
    }

    fn row_error(&self, row: u64, reason: &str) -> TableError {
        TableError::Row { file: self.file.clone(), row, reason: reason.to_owned() }
    }

    /// Why a row of so many cells will not do; any number will where the header is still to come.
    fn fault_of_width(&self, width: usize) -> Option<String> {
        let columns = self.columns.len();
        if columns == 0 || width == columns {
            return None;
        }
        let hint = if self.decimal_comma {
            "put a cell that holds a semicolon in quotation marks"
        } else {
            "write decimals with a point, or part the columns with semicolons if decimals are written with a comma"
        };
        Some(format!("it has {width} cells where the header has {columns}; {hint}"))
    }
}

/// Why the cells of a row will not do.
fn fault_of(cells: &csv::StringRecord) -> Option<String> {
    if let Some(cell) = cells.iter().find(|cell| cell.chars().any(char::is_control)) {
        let reason = if cell.contains(['\n', '\r']) {
            "a cell runs over more than one line; close the quotation mark that was opened"
        } else {
            "a cell holds a control character; remove it"
        };
        return Some(reason.to_owned());
    }
    let is_long = cells.iter().any(|cell| cell.chars().count() > CELL_CHARACTERS_MAX);
    is_long.then(|| format!("a cell has more than {CELL_CHARACTERS_MAX} characters; shorten it"))
}

/// Each row that will not do, on a line of its own.
fn listed(file: &str, faults: &[(u64, String)], more_count: usize) -> String {
    let lines = faults.iter().map(|(row, reason)| format!("{file}, row {row}: {reason}"));
    let more = (more_count > 0).then(|| format!("and {more_count} more"));
    lines.chain(more).collect::<Vec<_>>().join("\n")
}

impl<'t> Row<'t> {
    /// The line number in the file; the header is usually row 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The rows that stand before it.
    pub fn before(&self) -> impl Iterator<Item = Self> {
        let line = self.line;
        self.table.rows().take_while(move |row| row.line < line)
    }

    /// The text of a cell, or nothing where it is empty or the table has no such column.
    #[must_use]
    pub fn optional(&self, column: &str) -> Option<&'t str> {
        let index = self.table.columns.iter().position(|name| name == column)?;
        self.cells.get(index).filter(|cell| !cell.is_empty())
    }

    /// The text of a cell that must not be empty.
    ///
    /// # Errors
    /// The cell is empty, or there is no such column.
    pub fn text(&self, column: &str) -> Result<&'t str, TableError> {
        self.optional(column).ok_or_else(|| self.cell_error(column, "the cell is empty; fill it in"))
    }

    /// The file that a cell names, as seen from the table's own.
    ///
    /// # Errors
    /// The cell is empty, or there is no such column.
    pub fn beside(&self, column: &str) -> Result<PathBuf, TableError> {
        Ok(Path::new(&self.table.file).parent().unwrap_or(Path::new("")).join(self.text(column)?))
    }

    /// A number, exact.
    ///
    /// # Errors
    /// The cell is empty or no number, or has more digits than can be held exactly.
    pub fn decimal(&self, column: &str) -> Result<Decimal, TableError> {
        let cell = self.text(column)?;
        parse_decimal(cell, self.table.decimal_comma).map_err(|reason| self.cell_error(column, &reason))
    }

    /// An amount in kroner.
    ///
    /// # Errors
    /// The cell is empty or no amount in kroner with at most two decimals.
    pub fn ore(&self, column: &str) -> Result<Ore, TableError> {
        let cell = self.text(column)?;
        if let Some(reason) = fault_of_mark(cell, self.table.decimal_comma) {
            return Err(self.cell_error(column, &reason));
        }
        Ore::parse_kroner(cell).map_err(|error: AmountError| self.cell_error(column, &error.to_string()))
    }

    /// A date, written 2024-12-31 or 31.12.2024.
    ///
    /// # Errors
    /// The cell is empty or no date.
    pub fn date(&self, column: &str) -> Result<NaiveDate, TableError> {
        let cell = self.text(column)?;
        parse_date(cell).ok_or_else(|| {
            self.cell_error(column, &format!("\"{cell}\" is no date; write it as 2024-12-31 or 31.12.2024"))
        })
    }

    /// A fault of this row.
    #[must_use]
    pub fn error(&self, reason: &str) -> TableError {
        self.table.row_error(self.line, reason)
    }

    /// A fault of a cell of this row.
    #[must_use]
    pub fn cell_error(&self, column: &str, reason: &str) -> TableError {
        TableError::Cell {
            file: self.table.file.clone(),
            row: self.line,
            column: column.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// A plain number: digits with at most one decimal mark, spaces between thousands. The decimal mark is a comma where
/// `decimal_comma` says so, and a point else.
///
/// # Errors
/// What is wrong with the text, and what to do.
pub fn parse_decimal(text: &str, decimal_comma: bool) -> Result<Decimal, String> {
    if let Some(reason) = fault_of_mark(text, decimal_comma) {
        return Err(reason);
    }
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    parse_number(&plain).map_err(|error| error.to_string())
}

/// Why the mark in a number is not read. Where decimals are written with a comma, some part thousands by a point, so that
/// nobody can tell what a point there means.
fn fault_of_mark(text: &str, decimal_comma: bool) -> Option<String> {
    if decimal_comma && text.contains('.') {
        Some(format!(
            "\"{text}\" has a point, which is not read where the columns are parted by semicolons or tabs; write decimals with a \
             comma, and thousands with spaces"
        ))
    } else if !decimal_comma && text.contains(',') {
        Some(format!(
            "\"{text}\" has a decimal comma, which is read only where the columns are parted by semicolons or tabs; write it with a \
             point"
        ))
    } else {
        None
    }
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    let written =
        |format, length: usize| (text.len() == length).then(|| NaiveDate::parse_from_str(text, format).ok()).flatten();
    written("%Y-%m-%d", 10).or_else(|| written("%d.%m.%Y", 10))
}

fn decode<'b>(file: &str, bytes: &'b [u8], bytes_max: usize) -> Result<&'b str, TableError> {
    let whole = |reason: String| TableError::File { file: file.to_owned(), reason };
    if bytes.len() > bytes_max {
        return Err(whole(format!("it is larger than {bytes_max} bytes; split it into several files")));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(whole("row 1 is not UTF-8 but UTF-16; save it as \"CSV UTF-8\"".to_owned()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| TableError::Row {
        file: file.to_owned(),
        row: 1 + newlines(bytes.get(..error.valid_up_to()).unwrap_or_default()),
        reason: "it is not UTF-8 (Excel's plain \"CSV\" is not); save the file as \"CSV UTF-8\"".to_owned(),
    })
}

/// What parts the columns: what stands most often in the header row, quoted names aside.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (mut quoted, mut tabs, mut semicolons, mut commas) = (false, 0, 0, 0);
    for character in header.chars() {
        match character {
            '"' => quoted = !quoted,
            '\t' if !quoted => tabs += 1,
            ';' if !quoted => semicolons += 1,
            ',' if !quoted => commas += 1,
            _ => {}
        }
    }
    if tabs > semicolons.max(commas) {
        b'\t'
    } else if semicolons > commas {
        b';'
    } else {
        b','
    }
}

fn header(table: &Table, line: u64, cells: &csv::StringRecord) -> Result<Vec<String>, TableError> {
    if cells.len() > COLUMNS_MAX {
        return Err(table.row_error(line, &format!("it has more than {COLUMNS_MAX} columns; remove some")));
    }
    let mut seen = BTreeSet::new();
    for (index, name) in cells.iter().enumerate() {
        if name.is_empty() {
            let reason = format!("column {} has no name; name every column in the header row", index + 1);
            return Err(table.row_error(line, &reason));
        }
        if !seen.insert(name) {
            return Err(table.row_error(line, &format!("two columns are named \"{name}\"; name each once")));
        }
    }
    Ok(cells.iter().map(str::to_owned).collect())
}

fn quoted_list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("\"{}\"", name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn newlines(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.split(|byte| *byte == b'\n').skip(1).count()).unwrap_or(u64::MAX)
}

/// Counts lines by the position of a record in the text, past the line ends and blank lines that stand before it, so
/// that a row is named by the number that a spreadsheet or an editor shows.
struct Lines<'t> {
    text: &'t [u8],
    seen: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let rest = self.text.get(from..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let start = from + blank;
        self.line += newlines(self.text.get(self.seen..start).unwrap_or_default());
        self.seen = self.seen.max(start);
        self.line
    }
}
