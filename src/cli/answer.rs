//! Tables on the command line, and a sign that it is at work.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Format;

/// Nobody notices work that takes no longer.
const GLANCE: Duration = Duration::from_millis(250);

/// A table of texts.
pub struct Table<const COLUMNS: usize> {
    head: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
    total: Option<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub fn new(head: [&'static str; COLUMNS]) -> Self {
        Self { head, rows: Vec::new(), total: None }
    }

    pub fn row(&mut self, row: [String; COLUMNS]) {
        self.rows.push(row);
    }

    /// The last row of the text form, set apart.
    pub fn total(&mut self, row: [&str; COLUMNS]) {
        self.total = Some(row.map(str::to_owned));
    }

    /// Writes it as asked; in place of an empty text table a sentence that says what to do.
    pub fn write(&self, format: Format, out: &mut dyn Write, empty: &str) -> io::Result<()> {
        match format {
            Format::Csv => self.write_csv(out),
            Format::Text | Format::Json if self.rows.is_empty() => writeln!(out, "{empty}"),
            Format::Text | Format::Json => self.write_text(out),
        }
    }

    /// Aligned columns; a column of amounts or numbers is set to the right.
    pub fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = self.head.map(str::to_owned);
        let all = || std::iter::once(&head).chain(&self.rows).chain(&self.total);
        let mut widths = [0; COLUMNS];
        let mut numeric = [true; COLUMNS];
        for row in all() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &self.rows {
            for (numeric, cell) in numeric.iter_mut().zip(row) {
                *numeric &= cell.chars().all(|character| character.is_ascii_digit() || matches!(character, '.' | '-'));
            }
        }
        let line = |row: &[String; COLUMNS]| {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .zip(numeric)
                .map(
                    |((cell, width), numeric)| {
                        if numeric { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
                    },
                )
                .collect();
            cells.join("  ").trim_end().to_owned()
        };
        let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * (COLUMNS - 1));
        writeln!(out, "{}", line(&head))?;
        writeln!(out, "{rule}")?;
        for row in &self.rows {
            writeln!(out, "{}", line(row))?;
        }
        if let Some(total) = &self.total {
            writeln!(out, "{rule}")?;
            writeln!(out, "{}", line(total))?;
        }
        Ok(())
    }

    /// Comma-separated, for programs.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.head).map_err(not_written)?;
        for row in &self.rows {
            writer.write_record(row).map_err(not_written)?;
        }
        writer.flush()
    }
}

/// The failure of the writer beneath, as it is.
fn not_written(error: csv::Error) -> io::Error {
    let sentence = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() { error } else { io::Error::other(sentence) }
}

/// A sign on standard error, for a person who watches, that long work goes on whose end is not known; nothing where nobody
/// watches, or where it takes no longer than a glance.
pub fn watched<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let style = ProgressStyle::with_template("{msg:30} {spinner} {elapsed}");
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(GLANCE);
    let done = work();
    bar.finish_and_clear();
    done
}

/// The word that JSON has for one of a few values.
pub fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// JSON for programs, with a line feed at the end.
pub fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
