//! A budget sheet as an Excel workbook with live formulas: a reader who types an amount over `ukjent` sees what it means.
//!
//! Each formula carries its result, since previewers show that and do not calculate. A formula stands only where it
//! comes to the very sum of the sheet (rounded, since a spreadsheet counts in doubles); where a sum rests on more than the cells say, it is written as a number.

mod assumptions;
mod look;
#[cfg(test)]
mod tests;
mod value;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::utility::{row_col_to_cell, row_col_to_cell_absolute};
use rust_xlsxwriter::{
    ConditionalFormatFormula, DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use self::look::Look;
use self::value::{Bound, Value};
use super::RenderError;
use super::budget;
use super::norwegian;
use super::words::{Say, certainty_key};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::money::Ore;
use crate::text::Language;
use crate::view::budget_sheet::{BudgetCell, BudgetSheet, Completeness, YearBefore, YearTotal};

const TITLE_ROW: u32 = 0;
const ABOUT_ROW: u32 = 1;
const BANNER_ROW: u32 = 2;
const YEAR_ROW: u32 = 3;
const HEADER_ROW: u32 = 4;
const FIRST_LINE_ROW: u32 = 5;
const TEXT_COLUMN: u16 = 0;
const VAT_COLUMN: u16 = 1;
const FIRST_YEAR_COLUMN: u16 = 2;
/// Certainty, low, likely, high.
const COLUMNS_PER_YEAR: u16 = 4;
const A4: u8 = 9;
const TEXT_WIDTH: u16 = 40;
/// Room for most words in a line, and for `inneholder ukjente beløp` in two.
const CERTAINTY_WIDTH: u16 = 15;
const LINE_HEIGHT: u16 = 15;

/// The sheet as a workbook (.xlsx): the budget with its formulas, and what it rests on.
///
/// # Errors
/// If a text is longer than a cell can hold.
pub fn budget_workbook(sheet: &BudgetSheet, language: Language) -> Result<Vec<u8>, RenderError> {
    let say = Say::of(language);
    let mut workbook = Workbook::new();
    // The only instant in the file is the sheet's own day, so that it is the same to the byte when made again.
    let properties = DocProperties::new()
        .set_title(format!("{}: {}", budget::title(say, sheet), sheet.party_name))
        .set_subject(&sheet.procurement_name)
        .set_creation_datetime(&ExcelDateTime::parse_from_str(&sheet.as_of.to_string())?);
    workbook.set_properties(&properties);
    let look = Look::new(&incomplete(say, "at-least"), &incomplete(say, "at-most"));
    Budget { sheet, say, look: &look, page: workbook.add_worksheet() }.write()?;
    assumptions::write(sheet, say, &look, workbook.add_worksheet())?;
    Ok(workbook.save_to_buffer()?)
}

/// Prepares a page for printing: A4 on its side, one page wide, the banner on each page.
fn set_up(page: &mut Worksheet, name: &str, sheet: &BudgetSheet, say: Say) -> Result<(), XlsxError> {
    page.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    page.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    // In headers and footers an ampersand begins a code.
    let party = sheet.party_name.replace('&', "&&");
    page.set_footer(format!("&L{party} – {}&R&P / &N", budget::as_of(say, sheet).replace('&', "&&")));
    if sheet.illustrative {
        page.set_header(format!("&C{}", say.word("illustrative")));
    }
    Ok(())
}

/// The rows below the lines.
struct Rows {
    net: u32,
    vat_heading: u32,
    first_vat_line: u32,
    vat: u32,
    gross: u32,
    compensation: u32,
    after: u32,
    per_inhabitant: u32,
    change_from_year_before: u32,
    change_from_old_system: u32,
}

struct Budget<'a> {
    sheet: &'a BudgetSheet,
    say: Say,
    look: &'a Look,
    page: &'a mut Worksheet,
}

/// A formula, what it comes to, and what the sheet says it must come to.
struct Live {
    formula: String,
    comes_to: Value,
    must_be: Value,
}

impl Budget<'_> {
    fn write(mut self) -> Result<(), XlsxError> {
        set_up(self.page, &self.say.word("workbook-budget"), self.sheet, self.say)?;
        self.write_headings()?;
        self.write_lines()?;
        let rows = self.write_labels()?;
        let mut before: Option<Value> = None;
        for (index, total) in self.sheet.totals.iter().enumerate() {
            let mut likely = Value::Nothing;
            for (position, bound) in Bound::ALL.into_iter().enumerate() {
                let column = self.year_column(index) + 1 + u16::try_from(position).unwrap_or_default();
                let after = self.write_sums(&rows, index, total, bound, column)?;
                if bound == Bound::Likely {
                    likely = after;
                    self.write_changes(&rows, index, total, column, before, after)?;
                }
            }
            self.write_certainties(&rows, index, total)?;
            before = Some(likely);
        }
        self.page.set_active(true);
        Ok(())
    }

    fn year_column(&self, index: usize) -> u16 {
        debug_assert!(index < self.sheet.years.len(), "a year of the sheet");
        FIRST_YEAR_COLUMN + COLUMNS_PER_YEAR * u16::try_from(index).unwrap_or_default()
    }

    fn write_headings(&mut self) -> Result<(), XlsxError> {
        let (sheet, look) = (self.sheet, self.look);
        let about = format!(
            "{}, {} · {}",
            budget::title(self.say, sheet),
            budget::as_of(self.say, sheet),
            sheet.procurement_name
        );
        self.page.set_column_width(TEXT_COLUMN, TEXT_WIDTH)?.set_column_width(VAT_COLUMN, 6)?;
        self.page.write_string_with_format(TITLE_ROW, TEXT_COLUMN, &sheet.party_name, &look.title)?;
        self.page.write_string_with_format(ABOUT_ROW, TEXT_COLUMN, about, &look.muted)?;
        if sheet.illustrative {
            self.page.write_string_with_format(BANNER_ROW, TEXT_COLUMN, self.say.word("illustrative"), &look.banner)?;
        }
        self.page.write_string_with_format(HEADER_ROW, TEXT_COLUMN, self.say.word("line"), &look.header)?;
        self.page.write_string_with_format(HEADER_ROW, VAT_COLUMN, self.say.word("vat-percent"), &look.header_right)?;
        let amount_width = amount_width(sheet, self.say);
        for (index, total) in sheet.totals.iter().enumerate() {
            let column = self.year_column(index);
            let year = format!("{} {}", budget::plan(self.say, total), total.year);
            self.page.merge_range(YEAR_ROW, column, YEAR_ROW, column + 3, &year, &look.year)?;
            self.page.write_string_with_format(HEADER_ROW, column, self.say.word("certainty"), &look.header_left)?;
            self.page.set_column_width(column, CERTAINTY_WIDTH)?;
            for (position, bound) in (column + 1..).zip(Bound::ALL) {
                self.page.write_string_with_format(
                    HEADER_ROW,
                    position,
                    self.say.word(bound.key()),
                    &look.header_right,
                )?;
                self.page.set_column_width(position, amount_width)?;
            }
        }
        self.page.set_freeze_panes(FIRST_LINE_ROW, FIRST_YEAR_COLUMN)?;
        self.page.set_repeat_rows(YEAR_ROW, HEADER_ROW)?;
        Ok(())
    }

    fn write_lines(&mut self) -> Result<(), XlsxError> {
        for (row, line) in (FIRST_LINE_ROW..).zip(&self.sheet.lines) {
            let text = format!("{}: {}", self.say.line_kind(line.kind), line.text);
            self.page.write_string_with_format(row, TEXT_COLUMN, &text, &self.look.label)?;
            let mut lines_count = lines_taken(&text, TEXT_WIDTH);
            write_number(self.page, row, VAT_COLUMN, line.vat_percent, &self.look.percent)?;
            for (index, cell) in line.cells.iter().enumerate() {
                let column = self.year_column(index);
                let certainty =
                    cell.certainty.map_or_else(String::new, |certainty| self.say.word(certainty_key(certainty)));
                let said: Vec<String> = [Some(certainty), budget::moved(self.say, cell)]
                    .into_iter()
                    .flatten()
                    .filter(|said| !said.is_empty())
                    .collect();
                let said = said.join(", ");
                lines_count = lines_count.max(lines_taken(&said, CERTAINTY_WIDTH));
                self.page.write_string_with_format(row, column, &said, &self.look.certainty)?;
                for (position, bound) in (column + 1..).zip(Bound::ALL) {
                    let value = bound.in_cell(cell, cell.net);
                    write_value(self.page, self.say, (row, position), value, &self.look.input)?;
                }
            }
            self.set_height(row, lines_count)?;
        }
        Ok(())
    }

    /// Not every program makes a row as high as the text in it.
    fn set_height(&mut self, row: u32, lines_count: u16) -> Result<(), XlsxError> {
        self.page.set_row_height(row, u32::from(LINE_HEIGHT * lines_count))?;
        Ok(())
    }

    fn write_labels(&mut self) -> Result<Rows, XlsxError> {
        let lines_count = u32::try_from(self.sheet.lines.len()).unwrap_or_default();
        let net = FIRST_LINE_ROW + lines_count;
        let vat = net + 2 + lines_count;
        let rows = Rows {
            net,
            vat_heading: net + 1,
            first_vat_line: net + 2,
            vat,
            gross: vat + 1,
            compensation: vat + 2,
            after: vat + 3,
            per_inhabitant: vat + 4,
            change_from_year_before: vat + 5,
            change_from_old_system: vat + 6,
        };
        let vat_heading = self.say.word("workbook-vat-heading");
        self.page.write_string_with_format(rows.vat_heading, TEXT_COLUMN, vat_heading, &self.look.muted)?;
        for (row, line) in (rows.first_vat_line..).zip(&self.sheet.lines) {
            let text = format!("{}: {}", self.say.line_kind(line.kind), line.text);
            self.page.write_string_with_format(row, TEXT_COLUMN, &text, &self.look.muted_label)?;
            self.set_height(row, lines_taken(&text, TEXT_WIDTH))?;
        }
        for (row, key) in [
            (rows.net, "net-total"),
            (rows.vat, "vat-total"),
            (rows.gross, "gross-total"),
            (rows.compensation, "vat-compensation"),
            (rows.after, "after-compensation"),
            (rows.per_inhabitant, "per-inhabitant"),
            (rows.change_from_year_before, "change-from-year-before"),
            (rows.change_from_old_system, "change-from-old-system"),
        ] {
            let is_strong = row == rows.net || row == rows.after;
            let format = if is_strong { &self.look.strong_text } else { &self.look.text };
            self.page.write_string_with_format(row, TEXT_COLUMN, self.say.word(key), format)?;
            self.page.write_blank(row, VAT_COLUMN, format)?;
            let has_certainty = row <= rows.per_inhabitant;
            let contains_unknown = self.sheet.totals.iter().any(|total| total.contains_unknown);
            self.set_height(row, if has_certainty && contains_unknown { 2 } else { 1 })?;
        }
        Ok(rows)
    }

    /// The column of one amount from the sum to kroner per inhabitant. Answers what is left to bear.
    fn write_sums(
        &mut self,
        rows: &Rows,
        index: usize,
        total: &YearTotal,
        bound: Bound,
        column: u16,
    ) -> Result<Value, XlsxError> {
        let has_nothing = total.completeness() == Completeness::Nothing;
        let must_be = |sum: Option<Range>| match sum {
            _ if has_nothing => Value::Nothing,
            None => Value::Unknown,
            Some(range) => Value::Amount(bound.of(range)),
        };
        let cell = |row: u32| row_col_to_cell(row, column);
        let cells: Vec<&BudgetCell> = self.sheet.lines.iter().filter_map(|line| line.cells.get(index)).collect();

        let nets: Vec<Value> = cells.iter().map(|cell| bound.in_cell(cell, cell.net)).collect();
        let net = Live {
            formula: sum_formula(self.say, FIRST_LINE_ROW, rows.net, column),
            comes_to: Value::sum(&nets),
            must_be: must_be(total.net),
        };
        let net_value = self.write_live(rows.net, column, &net, &self.look.strong)?;

        let mut vats: Vec<Value> = Vec::new();
        for (line, (position, budget_cell)) in self.sheet.lines.iter().zip((0..).zip(&cells)) {
            let (net_row, vat_row) = (FIRST_LINE_ROW + position, rows.first_vat_line + position);
            let (net_cell, percent_cell) = (cell(net_row), format!("$B{}", net_row + 1));
            let live = Live {
                formula: format!("=IF(ISNUMBER({net_cell}),ROUND({net_cell}*{percent_cell}/100,2),{net_cell})"),
                comes_to: bound.in_cell(budget_cell, budget_cell.net).map(|net| net.percent(line.vat_percent)),
                must_be: bound.in_cell(budget_cell, budget_cell.vat),
            };
            vats.push(self.write_live(vat_row, column, &live, &self.look.muted_amount)?);
        }
        let vat = Live {
            formula: sum_formula(self.say, rows.first_vat_line, rows.vat, column),
            comes_to: Value::sum(&vats),
            must_be: must_be(total.vat),
        };
        let vat_value = self.write_live(rows.vat, column, &vat, &self.look.amount)?;

        let gross = Live {
            formula: format!("=IF(ISNUMBER({0}),ROUND({0}+{1},2),{0})", cell(rows.net), cell(rows.vat)),
            comes_to: net_value.plus(vat_value),
            must_be: must_be(total.gross),
        };
        let gross_value = self.write_live(rows.gross, column, &gross, &self.look.amount)?;

        let share = assumptions::compensated_share(total.vat_compensated);
        let share_cell = assumptions::share_in(self.sheet, total, self.say);
        let compensation = Live {
            formula: format!("=IF(ISNUMBER({0}),-ROUND({0}*{1},2),{0})", cell(rows.vat), share_cell),
            comes_to: vat_value.map(|vat| -vat.percent(share)),
            must_be: must_be(total.vat_compensation.map(|sum| sum.map(|amount| -amount))),
        };
        let compensation_value = self.write_live(rows.compensation, column, &compensation, &self.look.amount)?;

        let after = Live {
            formula: format!("=IF(ISNUMBER({0}),ROUND({0}+{1},2),{0})", cell(rows.gross), cell(rows.compensation)),
            comes_to: gross_value.plus(compensation_value),
            must_be: must_be(total.after_compensation),
        };
        let after_value = self.write_live(rows.after, column, &after, &self.look.strong)?;

        let inhabitants = self.sheet.inhabitants.as_ref().map(|figure| figure.value).filter(|value| !value.is_zero());
        let per_inhabitant = Live {
            formula: format!(
                "=IF(ISNUMBER({0}),ROUND({0}/{1},2),{0})",
                cell(rows.after),
                assumptions::inhabitants_cell(self.say)
            ),
            comes_to: inhabitants.map_or(Value::Unknown, |inhabitants| {
                after_value.map(|after| Ore::rounded(after.decimal() / inhabitants))
            }),
            must_be: total.per_inhabitant.map_or(Value::Unknown, |sum| must_be(Some(sum))),
        };
        match inhabitants {
            Some(_) => self.write_live(rows.per_inhabitant, column, &per_inhabitant, &self.look.amount)?,
            None => write_value(
                self.page,
                self.say,
                (rows.per_inhabitant, column),
                per_inhabitant.must_be,
                &self.look.amount,
            )?,
        };
        self.mark_incomplete_sums(rows, column)?;
        Ok(after_value)
    }

    /// A sum of what is known says `minst` before it for as long as something in its column is unknown, and `høyst` where it is
    /// taken off.
    fn mark_incomplete_sums(&mut self, rows: &Rows, column: u16) -> Result<(), XlsxError> {
        if self.sheet.lines.is_empty() {
            return Ok(());
        }
        let rule = format!("={}>0", unknown_count(self.say, rows, column));
        for (first, last, format) in [
            (rows.net, rows.net, &self.look.at_least),
            (rows.vat, rows.gross, &self.look.at_least),
            (rows.compensation, rows.compensation, &self.look.at_most),
            (rows.after, rows.per_inhabitant, &self.look.at_least),
        ] {
            let condition = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format.clone());
            self.page.add_conditional_format(first, column, last, column, &condition)?;
        }
        Ok(())
    }

    fn write_changes(
        &mut self,
        rows: &Rows,
        index: usize,
        total: &YearTotal,
        column: u16,
        before: Option<Value>,
        after: Value,
    ) -> Result<(), XlsxError> {
        let or_nothing = |value: Value| match value {
            Value::Amount(amount) => amount,
            Value::Unknown | Value::Nothing => Ore::ZERO,
        };
        let unknown = |is_unknown: bool, change: Ore| if is_unknown { Value::Unknown } else { Value::Amount(change) };
        let after_cell = row_col_to_cell(rows.after, column);
        let unknowns = unknown_count(self.say, rows, column);

        // What is taken off, where something is, and how many of it are unknown.
        let year_before = match (before, index.checked_sub(1).and_then(|earlier| self.sheet.totals.get(earlier))) {
            (Some(before), Some(year_before)) => {
                let column_before = column - COLUMNS_PER_YEAR;
                let taken_off = format!("N({})", row_col_to_cell(rows.after, column_before));
                let unknowns_before = unknown_count(self.say, rows, column_before);
                Some((
                    taken_off,
                    or_nothing(before),
                    format!("{unknowns}+{unknowns_before}"),
                    year_before.contains_unknown,
                ))
            }
            _ => self
                .sheet
                .year_before
                .borne()
                .map(|before| (assumptions::year_before_cell(self.say), before, unknowns.clone(), false)),
        };
        let row = rows.change_from_year_before;
        if let Some((taken_off, before, unknowns, before_is_unknown)) = year_before {
            let live = Live {
                formula: format!(
                    "=IF({unknowns}>0,\"{}\",ROUND(N({after_cell})-{taken_off},2))",
                    self.say.word("unknown"),
                ),
                comes_to: unknown(total.contains_unknown || before_is_unknown, or_nothing(after) - before),
                must_be: total.change_from_year_before_ore.map_or(Value::Unknown, Value::Amount),
            };
            self.write_live(row, column, &live, &self.look.change)?;
        } else {
            let is_unknown = self.sheet.year_before == YearBefore::Unknown;
            let value = if is_unknown { Value::Unknown } else { Value::Nothing };
            write_value(self.page, self.say, (row, column), value, &self.look.change)?;
        }
        let is_comparable = total.contains_unknown || total.change_from_old_system_ore.is_some();
        if let Some(yearly) = self.sheet.old_system_yearly_ore.filter(|_| is_comparable) {
            let live = Live {
                formula: format!(
                    "=IF({unknowns}>0,\"{}\",ROUND(N({after_cell})-{},2))",
                    self.say.word("unknown"),
                    assumptions::old_system_cell(self.say)
                ),
                comes_to: unknown(total.contains_unknown, or_nothing(after) - yearly),
                must_be: total.change_from_old_system_ore.map_or(Value::Unknown, Value::Amount),
            };
            self.write_live(rows.change_from_old_system, column, &live, &self.look.change)?;
        } else {
            let is_unknown = self.sheet.old_system_is_unknown;
            let value = if is_unknown { Value::Unknown } else { Value::Nothing };
            write_value(self.page, self.say, (rows.change_from_old_system, column), value, &self.look.change)?;
        }
        Ok(())
    }

    /// How sure the sums of a year are, following what is typed over `ukjent`.
    fn write_certainties(&mut self, rows: &Rows, index: usize, total: &YearTotal) -> Result<(), XlsxError> {
        let column = self.year_column(index);
        let known = self
            .sheet
            .lines
            .iter()
            .filter_map(|line| line.cells.get(index).and_then(|cell| cell.certainty))
            .filter(|certainty| *certainty > Certainty::Unknown)
            .min()
            .map_or_else(|| self.say.word("nothing"), |certainty| self.say.word(certainty_key(certainty)));
        let said = if total.contains_unknown { self.say.word("contains-unknown") } else { known.clone() };
        let formula = format!(
            "=IF({}>0,\"{}\",\"{known}\")",
            unknown_count(self.say, rows, column + 2),
            self.say.word("contains-unknown")
        );
        for row in [rows.net, rows.vat, rows.gross, rows.compensation, rows.after, rows.per_inhabitant] {
            let is_strong = row == rows.net || row == rows.after;
            let format = if is_strong { &self.look.strong_certainty } else { &self.look.certainty };
            if self.sheet.lines.is_empty() {
                self.page.write_string_with_format(row, column, &said, format)?;
            } else {
                let formula = Formula::new(&formula).set_result(&said);
                self.page.write_formula_with_format(row, column, formula, format)?;
            }
        }
        Ok(())
    }

    /// Writes the formula where it comes to what it must, else the value. Answers the value that stands there.
    fn write_live(&mut self, row: u32, column: u16, live: &Live, format: &Format) -> Result<Value, XlsxError> {
        if live.comes_to == live.must_be && !self.sheet.lines.is_empty() {
            let formula = Formula::new(&live.formula).set_result(result_text(self.say, live.must_be));
            self.page.write_formula_with_format(row, column, formula, format)?;
        } else {
            write_value(self.page, self.say, (row, column), live.must_be, format)?;
        }
        Ok(live.must_be)
    }
}

/// What stands before a sum that is not complete.
fn incomplete(say: Say, key: &str) -> String {
    say.sentence(key, [("amount", "")])
}

/// How wide the amounts are at most, with `minst` before them where something is unknown.
fn amount_width(sheet: &BudgetSheet, say: Say) -> u16 {
    let sums = sheet.totals.iter().filter_map(|total| total.gross);
    let amounts = sums.flat_map(|gross| [gross.low_ore, gross.high_ore]);
    let contains_unknown = sheet.totals.iter().any(|total| total.contains_unknown);
    let widest = amounts.map(|amount| norwegian::signed_kroner(amount).chars().count()).max().unwrap_or_default();
    let longest = ["at-least", "at-most"].map(|key| incomplete(say, key).chars().count()).into_iter().max();
    let words = longest.filter(|_| contains_unknown).unwrap_or_default();
    u16::try_from(widest + words + 2).unwrap_or(u16::MAX).clamp(12, 26)
}

/// How many lines a text takes in a column; a little too many rather than too few.
fn lines_taken(text: &str, width: u16) -> u16 {
    let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    letters.div_ceil(width).clamp(1, 6)
}

/// The sum of what is known in the rows from `first` to before `end`; `ukjent` or `–` where nothing is.
fn sum_formula(say: Say, first: u32, end: u32, column: u16) -> String {
    let cells = span(first, end, column);
    let (unknown, nothing) = (say.word("unknown"), say.word("nothing"));
    format!(
        "=IF(COUNT({cells})>0,ROUND(SUM({cells}),2),IF(COUNTIF({cells},\"{unknown}\")>0,\"{unknown}\",\"{nothing}\"))"
    )
}

/// How many lines are unknown in the column.
fn unknown_count(say: Say, rows: &Rows, column: u16) -> String {
    let first = row_col_to_cell_absolute(FIRST_LINE_ROW, column);
    let last = row_col_to_cell_absolute(rows.net.saturating_sub(1), column);
    format!("COUNTIF({first}:{last},\"{}\")", say.word("unknown"))
}

fn span(first: u32, end: u32, column: u16) -> String {
    format!("{}:{}", row_col_to_cell(first, column), row_col_to_cell(end.saturating_sub(1), column))
}

fn result_text(say: Say, value: Value) -> String {
    match value {
        Value::Amount(amount) => amount.to_string(),
        Value::Unknown => say.word("unknown"),
        Value::Nothing => say.word("nothing"),
    }
}

fn write_value(
    page: &mut Worksheet,
    say: Say,
    (row, column): (u32, u16),
    value: Value,
    format: &Format,
) -> Result<Value, XlsxError> {
    match value {
        Value::Amount(amount) => write_number(page, row, column, amount.kroner(), format)?,
        Value::Unknown | Value::Nothing => {
            page.write_string_with_format(row, column, result_text(say, value), format)?;
        }
    }
    Ok(value)
}

/// A spreadsheet counts in doubles, which hold every amount that is taken from outside to the øre.
fn write_number(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    number: Decimal,
    format: &Format,
) -> Result<(), XlsxError> {
    page.write_number_with_format(row, column, number.to_f64().unwrap_or_default(), format)?;
    Ok(())
}
