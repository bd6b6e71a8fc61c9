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

/// How many formulas of a workbook come to numbers; each must come to the one that stands beside it.
fn formulas_checked(sheet: &BudgetSheet) -> usize {
    let pages = pages(budget_workbook(sheet, Language::Bokmal).unwrap());
    let cells = pages.iter().flat_map(|(name, page)| page.iter().map(move |(cell, content)| (name, cell, content)));
    let numbers = cells.filter_map(|(name, cell, (formula, shown))| Some((name, cell, formula.as_ref()?, (*shown)?)));
    let checked = numbers.map(|(name, cell, formula, shown)| {
        assert_eq!(calculated(&pages, name, formula), Some(shown), "{}, {cell}: {formula}", sheet.party_name);
    });
    checked.count()
}

#[test]
fn every_formula_comes_to_the_number_that_stands_beside_it() {
    for (sheet, least) in [(sample::karasjok(), 100), (sample::nesseby(), 20), (sample::porsanger(), 90)] {
        let checked = formulas_checked(&sheet);
        assert!(checked > least, "{}: {checked} formulas come to numbers", sheet.party_name);
    }
}

#[test]
fn the_first_year_is_compared_with_what_the_year_before_came_to() {
    let year_before = assumptions::year_before_cell(Say::of(Language::Bokmal));
    let mut sheet = sample::karasjok();
    for (known, stands) in [
        (sheet.year_before, Some(Decimal::new(1_842_000, 2))),
        (YearBefore::Unknown, None),
        (YearBefore::Nothing, None),
    ] {
        sheet.year_before = known;
        let pages = pages(budget_workbook(&sheet, Language::Bokmal).unwrap());
        let (page, cell) = year_before.split_once('!').unwrap();
        assert_eq!(pages[page.trim_matches('\'')][&cell.replace('$', "")].1, stands);
        let formulas = pages.values().flat_map(BTreeMap::values).filter_map(|(formula, _)| formula.as_ref());
        let compared = formulas.filter(|formula| formula.contains(&year_before)).count();
        assert_eq!(compared, usize::from(stands.is_some()));
    }
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
    sheet.totals[2].vat_compensation = sheet.totals[2].vat_compensation.map(|_| Range::default());
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
