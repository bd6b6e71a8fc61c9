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
