//! A budget sheet as an aligned table for the terminal.

use std::iter;

use super::budget::{self, Cell, Document, Row};
use super::words::{Say, word};
use crate::view::budget_sheet::BudgetSheet;

/// Wide enough for the words beside the figures, so that four years stay within 120 columns.
const LABEL_WIDTH: usize = 40;
/// Where words among the figures are broken, so that they do not push the figures apart.
const CELL_WIDTH: usize = 16;
const BETWEEN: &str = "  ";

/// The sheet as text, with a line feed after each line.
///
/// A letter after an amount says how sure it is; what the letters mean stands below. Low and high outcomes stand in
/// lines of their own where they differ from the likely one.
#[must_use]
pub fn budget_text(sheet: &BudgetSheet) -> String {
    let document = budget::document(Say::BOKMAL, sheet);
    let table = table(&document);
    let mut lines: Vec<String> = Vec::new();
    lines.extend(document.banner.iter().map(|banner| format!("*** {banner} ***")));
    lines.push(document.party.to_owned());
    lines.push(document.numbers.clone());
    lines.push(document.procurement.to_owned());
    lines.push(format!("{}, {}", document.title, document.as_of));
    lines.push(String::new());
    lines.extend(table);
    for (heading, sentences) in [
        ("notes", &document.notes),
        ("carried-over-heading", &document.carried_over),
        ("sources", &document.sources),
        ("accounts", &document.accounts),
        ("legend", &legend(&document)),
    ] {
        if !sentences.is_empty() {
            lines.push(String::new());
            lines.push(word(heading));
            lines.extend(sentences.iter().map(|sentence| format!("{BETWEEN}{sentence}")));
        }
    }
    lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn name(row: &Row) -> String {
    match &row.kind {
        Some(kind) => format!("{kind}: {}", row.text),
        None => row.text.clone(),
    }
}

fn legend(document: &Document<'_>) -> Vec<String> {
    document
        .legend
        .iter()
        .map(|entry| match letter(&entry.word) {
            Some(letter) => format!("{letter}  {}: {}", entry.word, entry.means),
            None => format!("   {}: {}", entry.word, entry.means),
        })
        .collect()
}

/// The letter after an amount: the first of the certainty's word. An unknown amount says so itself.
fn letter(certainty: &str) -> Option<char> {
    (certainty != word("unknown")).then(|| certainty.chars().next()).flatten()
}

fn table(document: &Document<'_>) -> Vec<String> {
    let plans = document.columns.iter().map(|column| unmarked(&column.plan)).collect();
    let years = document.columns.iter().map(|column| unmarked(&column.year)).collect();
    let header = [(String::new(), plans), (word("line"), years)];
    let lines: Vec<(String, Vec<String>)> = document.lines.iter().flat_map(physical_lines).collect();
    let totals: Vec<(String, Vec<String>)> = document.totals.iter().flat_map(physical_lines).collect();

    let widths: Vec<usize> = (0..document.columns.len())
        .map(|index| {
            let cells = header.iter().chain(&lines).chain(&totals).filter_map(|(_, cells)| cells.get(index));
            cells.map(|cell| width(cell)).max().unwrap_or_default()
        })
        .collect();
    let rule = "─".repeat(LABEL_WIDTH + widths.iter().map(|width| width + BETWEEN.len()).sum::<usize>());
    let set = |rows: &[(String, Vec<String>)]| -> Vec<String> {
        rows.iter().map(|(label, cells)| set_line(label, cells, &widths)).collect()
    };
    [set(&header), vec![rule.clone()], set(&lines), vec![rule], set(&totals)].concat()
}

/// The lines a row takes: its name and amounts, then where they were moved, then low and high.
fn physical_lines(row: &Row) -> Vec<(String, Vec<String>)> {
    let names = wrapped(&name(row), LABEL_WIDTH);
    let amounts = beside_each_other(
        row.cells.iter().map(|cell| (cell.amount.as_str(), cell.certainty.as_deref().and_then(letter))),
    );
    // The first amounts stand beside the last line of the name.
    let names_alone = names.len() - 1;
    let labels = names.into_iter().chain(iter::repeat(String::new()));
    let mut lines: Vec<(String, Vec<String>)> =
        labels.zip(iter::repeat_n(Vec::new(), names_alone).chain(amounts)).collect();

    let moved = beside_each_other(row.cells.iter().map(|cell| (cell.moved.as_deref().unwrap_or_default(), None)));
    lines.extend(moved.into_iter().map(|cells| (String::new(), cells)));
    for (label, bound) in [("low", Bound::Low), ("high", Bound::High)] {
        if row.cells.iter().any(|cell| cell.low_and_high.is_some()) {
            let cells = row.cells.iter().map(|cell| unmarked(bound.of(cell))).collect();
            lines.push((format!("{BETWEEN}{}", word(label)), cells));
        }
    }
    lines
}

#[derive(Clone, Copy)]
enum Bound {
    Low,
    High,
}

impl Bound {
    fn of(self, cell: &Cell) -> &str {
        match (self, &cell.low_and_high) {
            (_, None) => "",
            (Self::Low, Some((low, _))) => low,
            (Self::High, Some((_, high))) => high,
        }
    }
}

/// Cells beside each other, broken between words, with a letter or room for one after each: as many lines as the
/// longest takes, none where all are empty.
fn beside_each_other<'a>(cells: impl Iterator<Item = (&'a str, Option<char>)>) -> Vec<Vec<String>> {
    let broken: Vec<Vec<String>> = cells
        .map(|(text, letter)| {
            let mut lines: Vec<String> = wrapped(text, CELL_WIDTH).iter().map(|line| unmarked(line)).collect();
            if let (Some(letter), Some(last)) = (letter, lines.last_mut()) {
                last.pop();
                last.push(letter);
            }
            lines
        })
        .collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or_default();
    (0..height)
        .map(|line| broken.iter().map(|cell| cell.get(line).cloned().unwrap_or_default()).collect::<Vec<String>>())
        .filter(|cells| cells.iter().any(|cell| !cell.trim_end().is_empty()))
        .collect()
}

/// Room where others have a letter, so that the figures stand below each other.
fn unmarked(text: &str) -> String {
    format!("{text}  ")
}

fn set_line(label: &str, cells: &[String], widths: &[usize]) -> String {
    let padded = |text: &str, to: usize| " ".repeat(to.saturating_sub(width(text)));
    let mut line = format!("{label}{}", padded(label, LABEL_WIDTH));
    for (cell, to) in cells.iter().zip(widths) {
        line.push_str(BETWEEN);
        line.push_str(&padded(cell, *to));
        line.push_str(cell);
    }
    line
}

/// How many columns a text takes: one for each letter, none for an accent that stands on the letter before it.
fn width(text: &str) -> usize {
    text.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).count()
}

/// The text in lines of at most so many columns, broken between words.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let taken = lines.last().map_or(0, |line| width(line));
        match lines.last_mut() {
            Some(line) if taken == 0 => line.push_str(word),
            Some(line) if taken + 1 + width(word) <= columns => line.extend(iter::once(" ").chain([word])),
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::render::sample;

    #[test]
    fn sheets_are_printed_for_a_terminal() {
        expect_file!["../../tests/golden/budget/karasjohka-karasjok.txt"].assert_eq(&budget_text(&sample::karasjok()));
        expect_file!["../../tests/golden/budget/unjarga-nesseby.txt"].assert_eq(&budget_text(&sample::nesseby()));
        expect_file!["../../tests/golden/budget/porsanger.txt"].assert_eq(&budget_text(&sample::porsanger()));
    }

    #[test]
    fn an_accent_of_its_own_takes_no_room() {
        assert_eq!(width("Ka\u{301}ra\u{301}s\u{30c}johka"), width("Kárášjohka"));
    }
}
