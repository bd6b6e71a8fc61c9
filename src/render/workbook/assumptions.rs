//! The second page of the workbook: the figures that the formulas refer to, how sure each amount is, and the notes.

use rust_decimal::Decimal;
use rust_xlsxwriter::utility::row_col_to_cell_absolute;
use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

use super::look::Look;
use super::{LINE_HEIGHT, TEXT_WIDTH, lines_taken, set_up, write_number};
use crate::render::budget;
use crate::render::words::{Say, certainty_key};
use crate::view::budget_sheet::{BudgetSheet, YearBefore, YearTotal};

const LABEL_COLUMN: u16 = 0;
const VALUE_COLUMN: u16 = 1;
const SOURCE_COLUMN: u16 = 2;
const TITLE_ROW: u32 = 0;
const BANNER_ROW: u32 = 1;
const FIRST_FACT_ROW: u32 = 2;
const INHABITANTS_ROW: u32 = 6;
const OLD_SYSTEM_ROW: u32 = 7;
const YEAR_BEFORE_ROW: u32 = 8;
const SHARE_ROW: u32 = 9;
const HINT_ROW: u32 = 11;
const TABLE_ROW: u32 = 13;

const TABLE_KEYS: [&str; 8] = [
    "line",
    "workbook-line-kind",
    "workbook-year",
    "certainty",
    "workbook-function",
    "workbook-kind",
    "workbook-vat-kind",
    "workbook-carried",
];

/// How much of the VAT is compensated, in percent: all or none of it.
pub(super) fn compensated_share(is_compensated: bool) -> Decimal {
    if is_compensated { Decimal::ONE_HUNDRED } else { Decimal::ZERO }
}

pub(super) fn inhabitants_cell(say: Say) -> String {
    reference(say, INHABITANTS_ROW)
}

pub(super) fn old_system_cell(say: Say) -> String {
    reference(say, OLD_SYSTEM_ROW)
}

pub(super) fn year_before_cell(say: Say) -> String {
    reference(say, YEAR_BEFORE_ROW)
}

pub(super) fn share_cell(say: Say) -> String {
    reference(say, SHARE_ROW)
}

/// What the VAT of a year is multiplied by: the share that stands among the assumptions, or, where it is another in that year,
/// the share itself.
pub(super) fn share_in(sheet: &BudgetSheet, total: &YearTotal, say: Say) -> String {
    if total.vat_compensated == sheet.vat_compensated {
        share_cell(say)
    } else {
        (compensated_share(total.vat_compensated) / Decimal::ONE_HUNDRED).to_string()
    }
}

fn reference(say: Say, row: u32) -> String {
    format!("'{}'!{}", say.word("workbook-assumptions"), row_col_to_cell_absolute(row, VALUE_COLUMN))
}

pub(super) fn write(sheet: &BudgetSheet, say: Say, look: &Look, page: &mut Worksheet) -> Result<(), XlsxError> {
    set_up(page, &say.word("workbook-assumptions"), sheet, say)?;
    page.set_column_width(LABEL_COLUMN, TEXT_WIDTH)?
        .set_column_width(VALUE_COLUMN, 18)?
        .set_column_width(SOURCE_COLUMN, 18)?;
    page.set_column_range_width(SOURCE_COLUMN + 1, 7, 14)?;
    write_facts(sheet, say, look, page)?;
    let next = write_table(sheet, say, look, page)?;
    write_sentences(sheet, say, look, page, next)
}

fn write_facts(sheet: &BudgetSheet, say: Say, look: &Look, page: &mut Worksheet) -> Result<(), XlsxError> {
    page.write_string_with_format(TITLE_ROW, LABEL_COLUMN, say.word("workbook-assumptions"), &look.title)?;
    if sheet.illustrative {
        page.write_string_with_format(BANNER_ROW, LABEL_COLUMN, say.word("illustrative"), &look.banner)?;
    }
    let facts = [
        ("workbook-procurement", sheet.procurement_name.clone()),
        ("workbook-party", sheet.party_name.clone()),
        ("workbook-numbers", budget::numbers(say, sheet)),
        ("workbook-as-of", say.date(sheet.as_of)),
    ];
    for (row, (key, value)) in (FIRST_FACT_ROW..).zip(facts) {
        page.write_string_with_format(row, LABEL_COLUMN, say.word(key), &look.text)?;
        page.write_string_with_format(row, VALUE_COLUMN, value, &look.text)?;
    }
    page.write_string_with_format(INHABITANTS_ROW, LABEL_COLUMN, say.word("workbook-inhabitants"), &look.text)?;
    match &sheet.inhabitants {
        Some(figure) => {
            write_number(page, INHABITANTS_ROW, VALUE_COLUMN, figure.value, &look.count)?;
            let source = format!("{}, {}", say.date(figure.on), figure.source);
            page.write_string_with_format(INHABITANTS_ROW, SOURCE_COLUMN, source, &look.muted)?;
        }
        None => {
            page.write_string_with_format(INHABITANTS_ROW, VALUE_COLUMN, say.word("unknown"), &look.text)?;
        }
    }
    page.write_string_with_format(OLD_SYSTEM_ROW, LABEL_COLUMN, say.word("old-system-yearly"), &look.text)?;
    if let Some(yearly) = sheet.old_system_yearly_ore {
        write_number(page, OLD_SYSTEM_ROW, VALUE_COLUMN, yearly.kroner(), &look.input)?;
    } else {
        let key = if sheet.old_system_is_unknown { "unknown" } else { "nothing" };
        page.write_string_with_format(OLD_SYSTEM_ROW, VALUE_COLUMN, say.word(key), &look.text)?;
    }
    page.write_string_with_format(YEAR_BEFORE_ROW, LABEL_COLUMN, say.word("workbook-year-before"), &look.text)?;
    match sheet.year_before {
        YearBefore::Borne { likely_ore } => {
            write_number(page, YEAR_BEFORE_ROW, VALUE_COLUMN, likely_ore.kroner(), &look.input)?;
        }
        YearBefore::Unknown => {
            page.write_string_with_format(YEAR_BEFORE_ROW, VALUE_COLUMN, say.word("unknown"), &look.text)?;
        }
        YearBefore::Nothing => {
            page.write_string_with_format(YEAR_BEFORE_ROW, VALUE_COLUMN, say.word("nothing"), &look.text)?;
        }
    }
    page.write_string_with_format(SHARE_ROW, LABEL_COLUMN, say.word("workbook-compensated-share"), &look.text)?;
    let share = compensated_share(sheet.vat_compensated) / Decimal::ONE_HUNDRED;
    write_number(page, SHARE_ROW, VALUE_COLUMN, share, &look.share)?;
    page.write_string_with_format(HINT_ROW, LABEL_COLUMN, say.word("workbook-live"), &look.muted)?;
    Ok(())
}

/// How sure each amount is and where it is booked. Answers the first free row.
fn write_table(sheet: &BudgetSheet, say: Say, look: &Look, page: &mut Worksheet) -> Result<u32, XlsxError> {
    for (column, key) in (LABEL_COLUMN..).zip(TABLE_KEYS) {
        page.write_string_with_format(TABLE_ROW, column, say.word(key), &look.header)?;
    }
    let cells = sheet.lines.iter().flat_map(|line| line.cells.iter().map(move |cell| (line, cell)));
    let mut row = TABLE_ROW + 1;
    for (line, cell) in cells {
        let certainty = cell.certainty.map_or("nothing", certainty_key);
        let texts = [
            line.text.clone(),
            say.line_kind(line.kind),
            cell.year.to_string(),
            say.word(certainty),
            cell.kostra.function.clone(),
            cell.kostra.kind.clone(),
            cell.kostra.vat_kind.clone().unwrap_or_default(),
            budget::moved(say, cell).unwrap_or_default(),
        ];
        for (column, text) in (LABEL_COLUMN..).zip(texts) {
            page.write_string_with_format(row, column, text, &look.label)?;
            // Codes are names, and a name of digits is no mistake.
            page.ignore_error(row, column, IgnoreError::NumberStoredAsText)?;
        }
        page.set_row_height(row, u32::from(LINE_HEIGHT * lines_taken(&line.text, TEXT_WIDTH)))?;
        row += 1;
    }
    Ok(row + 1)
}

fn write_sentences(
    sheet: &BudgetSheet,
    say: Say,
    look: &Look,
    page: &mut Worksheet,
    first: u32,
) -> Result<(), XlsxError> {
    let legend: Vec<String> =
        budget::legend(say, sheet).into_iter().map(|entry| format!("{}: {}", entry.word, entry.means)).collect();
    let carried_over: Vec<String> = sheet.carried_over.iter().map(|moved| budget::carried_over(say, moved)).collect();
    let mut row = first;
    for (key, sentences) in
        [("notes", budget::notes(say, sheet)), ("carried-over-heading", carried_over), ("legend", legend)]
    {
        if sentences.is_empty() {
            continue;
        }
        page.write_string_with_format(row, LABEL_COLUMN, say.word(key), &look.heading)?;
        row += 1;
        for sentence in sentences {
            page.write_string_with_format(row, LABEL_COLUMN, sentence, &look.text)?;
            row += 1;
        }
        row += 1;
    }
    Ok(())
}
