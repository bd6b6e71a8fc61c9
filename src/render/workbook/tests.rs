use std::collections::BTreeMap;

use rust_decimal::RoundingStrategy;

use super::*;
use crate::render::sample;

#[test]
fn a_workbook_is_the_same_every_time() {
    let sheet = sample::nesseby();
    let made = || budget_workbook(&sheet, Language::Bokmal).unwrap();
    assert_eq!(made(), made());
}

#[test]
fn every_language_has_all_words_of_the_workbook() {
    for language in Language::ALL {
        let bytes = budget_workbook(&sample::nesseby(), language).unwrap();
        let mut files = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = |name: &str| std::io::read_to_string(files.by_name(name).unwrap()).unwrap();
        let (strings, pages) = (text("xl/sharedStrings.xml"), text("xl/workbook.xml"));
        let (unknown, page) = match language {
            Language::Bokmal | Language::NorthernSami => ("inneholder ukjente beløp", "Forutsetninger"),
            Language::Nynorsk => ("inneheld ukjende beløp", "Føresetnader"),
            Language::English => ("contains unknown amounts", "Assumptions"),
        };
        assert!(strings.contains("Nesseby"), "{strings}");
        assert!(pages.contains(&format!("name=\"{page}\"")), "{pages}");
        assert!(text("xl/worksheets/sheet1.xml").contains(unknown), "{language:?}");
        assert!(!strings.contains("workbook-"), "{strings}");
    }
}

#[test]
fn a_sum_of_nothing_is_nothing_and_of_unknowns_unknown() {
    let (known, unknown, nothing) = (Value::Amount(Ore(5)), Value::Unknown, Value::Nothing);
    assert_eq!(Value::sum(&[nothing, nothing]), nothing);
    assert_eq!(Value::sum(&[nothing, unknown]), unknown);
    assert_eq!(Value::sum(&[known, unknown, known]), Value::Amount(Ore(10)));
}

/// What stands in the cells of a page: a formula where there is one, and a number where it is one.
type Page = BTreeMap<String, (Option<String>, Option<Decimal>)>;

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    text.split_once(begin)?.1.split_once(end).map(|(within, _)| within)
}

/// The pages of a workbook by their names, as a spreadsheet program reads them.
fn pages(bytes: Vec<u8>) -> BTreeMap<String, Page> {
    let mut files = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = |name: &str| std::io::read_to_string(files.by_name(name).unwrap()).unwrap();
    let workbook = text("xl/workbook.xml");
    let names = workbook.split("<sheet name=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned());
    let page = |(number, name): (u32, String)| {
        let cells = text(&format!("xl/worksheets/sheet{number}.xml"));
        let cell = |rest: &str| {
            let (place, rest) = rest.split_once('"').unwrap();
            let is_text = rest.split_once('>').unwrap().0.contains("t=\"s");
            let formula = between(rest, "<f>", "</f>").map(|formula| {
                formula.replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
            });
            let number = between(rest, "<v>", "</v>").filter(|_| !is_text).map(|number| number.parse().unwrap());
            (place.to_owned(), (formula, number))
        };
        (name, cells.split("<c r=\"").skip(1).map(cell).collect())
    };
    (1..).zip(names).map(page).collect()
}

/// What a cell holds that a formula on `page` refers to.
fn number(pages: &BTreeMap<String, Page>, page: &str, reference: &str) -> Decimal {
    let (page, cell) = reference.split_once('!').unwrap_or((page, reference));
    pages[page.trim_matches('\'')][&cell.replace('$', "")].1.unwrap_or_default()
}

/// A column of cells, such as D6:D9.
fn summed(pages: &BTreeMap<String, Page>, page: &str, cells: &str) -> Decimal {
    let (first, last) = cells.split_once(':').unwrap();
    let parted = |cell: &str| {
        let digits = cell.find(|letter: char| letter.is_ascii_digit()).unwrap();
        (cell[..digits].to_owned(), cell[digits..].parse::<u32>().unwrap())
    };
    let ((column, first), (_, last)) = (parted(first), parted(last));
    (first..=last).map(|row| number(pages, page, &format!("{column}{row}"))).sum()
}

/// What a formula comes to that rounds a sum, a product or a quotient of cells to øre.
fn calculated(pages: &BTreeMap<String, Page>, page: &str, formula: &str) -> Option<Decimal> {
    let (before, rounded) = formula.split_once("ROUND(")?;
    let (within, _) = rounded.split_once(",2)")?;
    let of = |reference: &str| {
        let plain = reference.strip_prefix("N(").and_then(|plain| plain.strip_suffix(')')).unwrap_or(reference);
        number(pages, page, plain)
    };
    let exact = if let Some(cells) = within.strip_prefix("SUM(") {
        summed(pages, page, cells.strip_suffix(')')?)
    } else if let Some((one, other)) = within.split_once('+') {
        of(one) + of(other)
    } else if let Some((amount, percent)) = within.strip_suffix("/100").and_then(|product| product.split_once('*')) {
        of(amount) * of(percent) / Decimal::ONE_HUNDRED
    } else if let Some((one, other)) = within.split_once('*') {
        of(one) * of(other)
    } else if let Some((one, other)) = within.split_once('/') {
        of(one) / of(other)
    } else {
        let (one, other) = within.split_once('-')?;
        of(one) - of(other)
    };
    let rounded = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some(if before.ends_with('-') { -rounded } else { rounded })
}

#[test]
fn every_formula_comes_to_the_number_that_stands_beside_it() {
    let sheet = sample::nesseby();
    let pages = pages(budget_workbook(&sheet, Language::Bokmal).unwrap());
    let (name, page) = pages.iter().find(|(_, page)| page.values().any(|(formula, _)| formula.is_some())).unwrap();
    let mut calculated_count = 0;
    for (cell, (formula, shown)) in page {
        let (Some(formula), Some(shown)) = (formula, shown) else { continue };
        if let Some(calculated) = calculated(&pages, name, formula) {
            assert_eq!(calculated, *shown, "{cell}: {formula}");
            calculated_count += 1;
        }
    }
    assert!(calculated_count > 20, "{calculated_count} formulas come to numbers");
}

#[test]
fn vat_is_compensated_to_who_gets_it_also_where_no_amount_is_known_yet() {
    let share = |sheet: &BudgetSheet| {
        let pages = pages(budget_workbook(sheet, Language::Bokmal).unwrap());
        number(&pages, "", &assumptions::share_cell(Say::of(Language::Bokmal)))
    };
    let mut sheet = sample::unknown();
    assert_eq!(share(&sheet), Decimal::ONE);
    sheet.vat_compensated = false;
    assert_eq!(share(&sheet), Decimal::ZERO);
}

#[test]
fn a_year_whose_vat_is_compensated_otherwise_than_that_of_the_budget_year_has_its_own_share() {
    let mut sheet = sample::nesseby();
    sheet.totals[2].vat_compensated = false;
    sheet.totals[2].vat_compensation = Range::default();
    sheet.totals[2].after_compensation = sheet.totals[2].gross;
    let pages = pages(budget_workbook(&sheet, Language::Bokmal).unwrap());
    let formulas = pages.values().flat_map(BTreeMap::values).filter_map(|(formula, _)| formula.as_ref());
    assert_eq!(formulas.filter(|formula| formula.contains("*0,2)")).count(), Bound::ALL.len());
}

#[test]
fn sums_vat_compensation_and_kroner_per_inhabitant_are_formulas() {
    let sheet = sample::nesseby();
    let pages = pages(budget_workbook(&sheet, Language::Bokmal).unwrap());
    let formulas: Vec<&String> =
        pages.values().flat_map(BTreeMap::values).filter_map(|(formula, _)| formula.as_ref()).collect();
    let columns = sheet.years.len() * Bound::ALL.len();
    let count = |part: &str| formulas.iter().filter(|formula| formula.contains(part)).count();
    assert_eq!(count("ROUND(SUM("), 2 * columns, "the sums excluding VAT, and of VAT");
    assert_eq!(count("/100,2)"), sheet.lines.len() * columns, "VAT of each line");
    let share = assumptions::share_cell(Say::of(Language::Bokmal));
    let inhabitants = assumptions::inhabitants_cell(Say::of(Language::Bokmal));
    assert_eq!(count(&format!("*{share},2)")), columns, "VAT compensation");
    assert_eq!(count(&format!("/{inhabitants},2)")), columns, "kroner per inhabitant");
}
