//! A budget sheet as CSV that a Norwegian Excel opens by a double click: UTF-8 with byte order mark, semicolons,
//! decimal commas, CR LF.
//!
//! One row per line and year (`radtype` `linje`), then one per year with the sums (`sum`). The columns, in order:
//!
//! | column | what stands there |
//! |---|---|
//! | radtype | `linje` or `sum` |
//! | oppdiktet | `ja` where the amounts are invented for illustration |
//! | anskaffelse, nummer, part | the procurement, the party's number and name |
//! | kjent per | the day on which this was known, `23.11.2022` |
//! | linje, slag | what it is for, and what kind of line it is |
//! | år, plandel | the year, `Budsjett` or `Økonomiplan` |
//! | sikkerhet | `ukjent`, `anslag`, `tilbud`, `kontrakt` or `faktisk`; of a sum the least; empty where there is nothing |
//! | inneholder ukjente | `ja` where the amount, or a part of the sum, is unknown: the sum is then of what is known |
//! | mva-sats | percent |
//! | uten mva, mva, med mva | kroner, each as lav, sannsynlig, høy; `ukjent` where unknown, 0,00 where there is nothing |
//! | etter kompensasjon, per innbygger | likewise, in rows with sums alone |
//! | funksjon, art, mva-art | KOSTRA codes |
//! | flyttet fra, flyttet til | years |
//! | endring fra året før, endring fra gammelt system | kroner more to bear, likely, in rows with sums alone; `ukjent` where one of the two is unknown, empty where there is nothing to compare with |
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe before it.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};

use super::budget::{self, Change};
use super::words::{Say, certainty_key, line_kind, sentence, word};
use super::{RenderError, norwegian};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::money::Ore;
use crate::view::budget_sheet::{BudgetCell, BudgetLine, BudgetSheet, YearTotal};

pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";
const PLAIN_COLUMNS: [&str; 13] = [
    "csv-row",
    "csv-illustrative",
    "csv-procurement",
    "csv-number",
    "csv-party",
    "csv-as-of",
    "csv-line",
    "csv-kind",
    "csv-year",
    "csv-plan",
    "csv-certainty",
    "csv-contains-unknown",
    "csv-vat-percent",
];
const AMOUNT_COLUMNS: [&str; 5] = ["csv-net", "csv-vat", "csv-gross", "csv-after", "csv-per-inhabitant"];
const LAST_COLUMNS: [&str; 5] =
    ["csv-function", "csv-account-kind", "csv-vat-kind", "csv-carried-from", "csv-carried-to"];
const CHANGE_COLUMNS: [&str; 2] = ["csv-change-from-year-before", "csv-change-from-old-system"];

/// The sheet as CSV; the columns stand at the top of this module.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn budget_csv(sheet: &BudgetSheet) -> Result<Vec<u8>, RenderError> {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(header())?;
    for line in &sheet.lines {
        for (cell, total) in line.cells.iter().zip(&sheet.totals) {
            write(&mut writer, line_record(sheet, line, cell, total))?;
        }
    }
    for total in &sheet.totals {
        write(&mut writer, total_record(sheet, total))?;
    }
    writer.into_inner().map_err(|error| RenderError::Csv(csv::Error::from(error.into_error())))
}

fn write(writer: &mut Writer<Vec<u8>>, record: Vec<String>) -> Result<(), csv::Error> {
    writer.write_record(record)
}

fn header() -> Vec<String> {
    let bounds = ["low", "likely", "high"].map(word);
    let amounts =
        AMOUNT_COLUMNS.into_iter().flat_map(|key| bounds.iter().map(move |bound| sentence(key, [("bound", bound)])));
    let plain = PLAIN_COLUMNS.into_iter().map(word);
    plain.chain(amounts).chain(LAST_COLUMNS.into_iter().chain(CHANGE_COLUMNS).map(word)).collect()
}

fn line_record(sheet: &BudgetSheet, line: &BudgetLine, cell: &BudgetCell, total: &YearTotal) -> Vec<String> {
    let unknown = cell.certainty.is_some() && (cell.net.is_none() || cell.certainty == Some(Certainty::Unknown));
    let gross = cell.net.zip(cell.vat).map(|(net, vat)| net.plus(vat));
    let mut record = vec![word("csv-row-line")];
    record.extend(common(sheet));
    record.extend([
        text(&line.text),
        line_kind(line.kind),
        cell.year.to_string(),
        budget::plan(Say::BOKMAL, total),
        certainty(cell.certainty),
        yes_or_no(unknown),
        norwegian::number(line.vat_percent).replace(norwegian::HARD_SPACE, ""),
    ]);
    record.extend([cell.net, cell.vat, gross].into_iter().flat_map(amounts));
    record.extend((0..6).map(|_| String::new()));
    record.extend([
        text(&cell.kostra.function),
        text(&cell.kostra.kind),
        cell.kostra.vat_kind.as_deref().map(text).unwrap_or_default(),
        cell.carried_from.map(|year| year.to_string()).unwrap_or_default(),
        cell.carried_to.map(|year| year.to_string()).unwrap_or_default(),
    ]);
    record.extend(CHANGE_COLUMNS.map(|_| String::new()));
    record
}

fn total_record(sheet: &BudgetSheet, total: &YearTotal) -> Vec<String> {
    let mut record = vec![word("csv-row-total")];
    record.extend(common(sheet));
    record.extend([
        String::new(),
        String::new(),
        total.year.to_string(),
        budget::plan(Say::BOKMAL, total),
        certainty(total.certainty),
        yes_or_no(total.contains_unknown),
        String::new(),
    ]);
    let sums = [total.net, total.vat, total.gross, total.after_compensation, total.per_inhabitant];
    record.extend(sums.into_iter().flat_map(amounts));
    record.extend(LAST_COLUMNS.map(|_| String::new()));
    record.extend(
        [budget::change_from_year_before(sheet, total), budget::change_from_old_system(sheet, total)].map(change),
    );
    record
}

fn common(sheet: &BudgetSheet) -> [String; 5] {
    [
        yes_or_no(sheet.illustrative),
        text(&sheet.procurement_name),
        sheet.party_number.as_deref().map(text).unwrap_or_default(),
        text(&sheet.party_name),
        norwegian::date(sheet.as_of),
    ]
}

fn certainty(certainty: Option<Certainty>) -> String {
    certainty.map(|certainty| word(certainty_key(certainty))).unwrap_or_default()
}

fn yes_or_no(yes: bool) -> String {
    word(if yes { "yes" } else { "no" })
}

fn amounts(range: Option<Range>) -> [String; 3] {
    let said = |amount: fn(Range) -> Ore| {
        range.map_or_else(|| word("unknown"), |range| norwegian::plain_kroner(amount(range)))
    };
    [said(|range| range.low_ore), said(|range| range.likely_ore), said(|range| range.high_ore)]
}

fn change(change: Change) -> String {
    match change {
        Change::Known(change) => norwegian::plain_kroner(change),
        Change::Unknown => word("unknown"),
        Change::Nothing => String::new(),
    }
}

/// A text from outside, so that a spreadsheet takes it for a text.
pub(super) fn text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let guarded = if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    guarded.into_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::render::sample;
    use crate::view::budget_sheet::YearBefore;

    fn csv(sheet: &BudgetSheet) -> String {
        String::from_utf8(budget_csv(sheet).unwrap()).unwrap()
    }

    #[test]
    fn a_norwegian_excel_opens_it() {
        let csv = csv(&sample::nesseby());
        assert!(csv.starts_with("\u{feff}radtype;"));
        assert_eq!(csv.matches("\r\n").count(), csv.matches('\n').count());
        expect_file!["../../tests/golden/budget/unjarga-nesseby.csv"].assert_eq(&csv.replace("\r\n", "\n"));
    }

    #[test]
    fn a_text_that_looks_like_a_formula_stays_a_text() {
        let mut sheet = sample::karasjok();
        "=HYPERLINK(\"http://x\";\"y\")".clone_into(&mut sheet.lines[0].text);
        let csv = csv(&sheet);
        assert!(csv.contains(";\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\";"), "{csv}");
    }

    #[test]
    fn sums_say_how_much_more_there_is_to_bear() {
        let changes = |sheet: &BudgetSheet| {
            let csv = csv(sheet);
            let sums = csv.lines().filter(|line| line.starts_with("sum;"));
            sums.map(|line| line.rsplitn(3, ';').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        };
        let mut sheet = sample::porsanger();
        assert_eq!(changes(&sheet)[0], "1213567,89 1213567,89");
        assert_eq!(changes(&sample::unknown()), ["ukjent ukjent"; 4]);
        sheet.year_before = YearBefore::Nothing;
        sheet.totals[0].change_from_year_before_ore = None;
        sheet.totals[0].change_from_old_system_ore = None;
        assert_eq!(changes(&sheet)[0], " ");
    }

    #[test]
    fn every_row_has_every_column() {
        for sheet in [sample::karasjok(), sample::porsanger()] {
            let bytes = budget_csv(&sheet).unwrap();
            let mut reader = ::csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes.as_slice());
            let columns = reader.headers().unwrap().len();
            assert_eq!(
                reader.records().filter(|row| row.as_ref().unwrap().len() == columns).count(),
                (sheet.lines.len() + 1) * 4
            );
        }
    }
}
