//! The codes that sheets name are those of the table with its sources, in each of its years.

use grenselos::domain::kostra;
use grenselos::domain::party::PartyKind;
use grenselos::table::{Limits, Row, Table};

/// The table is of control programs for these years.
const YEARS: std::ops::RangeInclusive<i32> = 2022..=2026;

fn codes() -> Table {
    let text = include_bytes!("../../config/procurements/troms-og-finnmark/kostra_codes.csv");
    Table::parse("kostra_codes.csv", text, Limits::default()).unwrap()
}

fn is_valid_in(row: Row<'_>, year: i32) -> bool {
    let year_of = |column| row.optional(column).map(|year| year.parse::<i32>().unwrap());
    year_of("valid_from").is_none_or(|from| from <= year) && year_of("valid_to").is_none_or(|to| year <= to)
}

/// The codes of a kind that hold in a year for an owner.
fn holding(table: &Table, kind: &str, owner: &str, year: i32) -> Vec<(String, String)> {
    let is_of = |row: &Row<'_>| {
        row.text("kind").unwrap() == kind
            && ["begge", owner].contains(&row.text("owner").unwrap())
            && is_valid_in(*row, year)
    };
    let named = |row: Row<'_>| (row.text("code").unwrap().to_owned(), row.text("label_nb").unwrap().to_owned());
    table.rows().filter(is_of).map(named).collect()
}

#[test]
fn every_code_on_a_sheet_holds_in_its_year() {
    let table = codes();
    for year in YEARS {
        for (kind, owner) in [(PartyKind::Municipality, "kommune"), (PartyKind::CountyAuthority, "fylkeskommune")] {
            let functions = holding(&table, "funksjon", owner, year);
            let library = (kostra::library_function(kind).to_owned(), "Bibliotek".to_owned());
            assert!(functions.contains(&library), "{year} {owner}");
            let kinds: Vec<String> = holding(&table, "art", owner, year).into_iter().map(|(code, _)| code).collect();
            let named =
                kostra::service_kind(year).split('/').chain([kostra::LICENCE_KIND, kostra::COMPENSATED_VAT_KIND]);
            for code in named {
                assert!(kinds.iter().any(|known| known == code), "{code} does not hold in {year} for a {owner}");
            }
        }
    }
}

#[test]
fn the_kind_that_was_parted_holds_no_longer_when_the_new_ones_do() {
    let table = codes();
    for year in YEARS {
        let kinds = holding(&table, "art", "kommune", year);
        let holds = |code: &str| kinds.iter().any(|(known, _)| known == code);
        assert_eq!([holds("270"), holds("271"), holds("272")], [year < 2026, year >= 2026, year >= 2026], "{year}");
    }
}
