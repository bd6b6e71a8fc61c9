//! The eight municipalities of eKommune Sunnmøre 2017, followed through the mergers of 2020 and the split of 2024.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use grenselos::domain::calendar::Period;
use grenselos::domain::identity::ProcurementId;
use grenselos::domain::money::Ore;
use grenselos::domain::procurement::ProcurementCommand;
use grenselos::domain::sharing_key::{KeyDefinition, PartyMeasures};
use grenselos::handle::Wish;
use grenselos::ids::{NAMESPACE, SeededIds, derived};
use grenselos::import::{Draft, Kind, LIMITS};
use grenselos::store::people::Person;
use grenselos::table::Table;
use grenselos::view::book::Book;

const CASE: &str = include_str!("../data/cases/01_ekommune_sunnmore_2017.json");
const CHANGES: &str = include_str!("../data/municipality_changes.csv");
const KEY: &str = r#"
kind = "divide"
[[base]]
measure = "equal"
percent = "30"
[[base]]
measure = "inhabitants"
percent = "70"
"#;

fn table(text: &str) -> Table {
    Table::parse("case.csv", text.as_bytes(), LIMITS).unwrap()
}

/// A number made up for this test: eight digits and their MOD11 check digit.
fn organisation_number(municipality: &str) -> String {
    let weighted = |eight: &str| -> u32 {
        eight.bytes().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum()
    };
    let eight = (0..10).map(|last| format!("9{municipality}00{last}")).find(|eight| weighted(eight) % 11 != 1).unwrap();
    let check = (11 - weighted(&eight) % 11) % 11;
    format!("{eight}{check}")
}

/// The published rows: number, name, inhabitants, percent in thousandths.
fn published() -> Vec<(String, String, u64, i64)> {
    let case: serde_json::Value = serde_json::from_str(CASE).unwrap();
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap().to_owned();
    let rows = case["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let thousandths = text(row, "share_percent").replace('.', "").parse().unwrap();
        (text(row, "nr"), text(row, "name"), row["pop"].as_u64().unwrap(), thousandths)
    })
    .collect()
}

/// What the municipalities became on a day, by the national table.
fn became(effective: &str) -> Vec<(String, String)> {
    let changes = table(CHANGES);
    let rows = changes.rows().filter(|row| row.text("effective").unwrap() == effective);
    rows.map(|row| (row.text("old_number").unwrap().to_owned(), row.text("new_number").unwrap().to_owned())).collect()
}

fn book() -> Book {
    let (nobody, ids) = (|_| None::<Person>, SeededIds::new("case"));
    let mut draft = Draft::new(Book::default(), &nobody, &ids);
    let always = Period { first: chrono::NaiveDate::MIN, last: chrono::NaiveDate::MAX };
    let mut parties = "organisation_number,kind,from,number,name_nb,merged_into,split_into,reference\n\
                       922420866,county_authority,2017-01-01,15,Fylkeskommunen,,,\n"
        .to_owned();
    let mut known = |number: &str, from: &str, name: &str| {
        let organisation_number = organisation_number(number);
        writeln!(parties, "{organisation_number},municipality,{from},{number},{name},,,").unwrap();
    };
    let published = published();
    for (number, name, ..) in &published {
        known(number, "2017-01-01", name);
    }
    for (number, from, name) in
        [("1507", "2020", "Ålesund"), ("1578", "2020", "Fjord"), ("1508", "2024", "Ålesund"), ("1580", "2024", "Haram")]
    {
        known(number, &format!("{from}-01-01"), name);
    }
    // Stordal (1526) also became part of Fjord; it was no member and its inhabitants are not in the published table.
    let members: BTreeSet<&str> = published.iter().map(|(number, ..)| number.as_str()).collect();
    for (old, new) in became("2020-01-01").iter().filter(|(old, _)| members.contains(old.as_str())) {
        writeln!(parties, "{},,2020-01-01,,,{new},,kommunereformen", organisation_number(old)).unwrap();
    }
    let after: Vec<String> =
        became("2024-01-01").into_iter().filter(|(old, _)| old == "1507").map(|(_, new)| new).collect();
    assert_eq!(after, ["1508", "1580"]);
    let split = "1508=85.612|1580=14.388";
    writeln!(parties, "{},,2024-01-01,,,,{split},key decided for this test", organisation_number("1507")).unwrap();
    draft.rows(Kind::Parties, &table(&parties), always).unwrap();

    let procurement = ProcurementId(derived(NAMESPACE, "eKommune"));
    let open = ProcurementCommand::Open {
        procurement,
        name: "eKommune".to_owned(),
        county: draft.book().parties_called("15")[0],
        agreement_label: "avtale".to_owned(),
        illustrative: false,
        on: "2017-01-01".parse().unwrap(),
    };
    draft.wish(Wish::Procurement(procurement, open)).unwrap();
    let mut figures = "party,on,inhabitants,source\n".to_owned();
    let mut agreements = "party,commitment,drafted_on\n".to_owned();
    for (number, _, inhabitants, _) in &published {
        writeln!(figures, "{number},2017-01-01,{inhabitants},SSB").unwrap();
        writeln!(agreements, "{number},committed,2017-01-01").unwrap();
    }
    draft.rows(Kind::Figures, &table(&figures), always).unwrap();
    draft.rows(Kind::Agreements, &table(&agreements), always).unwrap();
    draft.book().clone()
}

/// Shares of a year in thousandths of a percent, by the inhabitants of 2017.
fn shares(book: &Book, year: i32) -> BTreeMap<String, i64> {
    let key: KeyDefinition = toml::from_str(KEY).unwrap();
    let apportioner = book.apportioner(ProcurementId(derived(NAMESPACE, "eKommune")));
    let frozen = "2017-01-01".parse().unwrap();
    let members = apportioner.participants.during(Period::year(year), frozen, &BTreeSet::from(["inhabitants"]));
    let rows: Vec<PartyMeasures> = members
        .iter()
        .map(|member| PartyMeasures {
            party: member.number.clone(),
            measures: member.figures.iter().map(|(measure, figure)| (measure.clone(), figure.value)).collect(),
        })
        .collect();
    let division = key.share(Some(Ore(100_000)), &rows).unwrap();
    rows.into_iter().zip(division.shares).map(|(row, share)| (row.party, share.amount.0)).collect()
}

#[test]
fn until_2019_the_table_of_2017_stands_to_the_last_printed_digit() {
    let printed: BTreeMap<String, i64> = published().into_iter().map(|(number, _, _, share)| (number, share)).collect();
    let book = book();
    assert_eq!(shares(&book, 2017), printed);
    assert_eq!(shares(&book, 2019), printed);
}

#[test]
fn the_mergers_of_2020_leave_four_that_share_and_move_money_by_themselves() {
    let book = book();
    let of_2020 = shares(&book, 2020);
    let expected = [("1507", 61_713), ("1531", 15_045), ("1532", 14_349), ("1578", 8_893)];
    assert_eq!(of_2020, expected.map(|(number, share)| (number.to_owned(), share)).into());
    let merged = ["1504", "1523", "1529", "1534", "1546"];
    let before: i64 = shares(&book, 2019)
        .iter()
        .filter(|(number, _)| merged.contains(&number.as_str()))
        .map(|(_, share)| share)
        .sum();
    assert_eq!(before - of_2020["1507"], 11_250, "five equal parts of 30 % / 8 became one of 30 % / 4");
}

#[test]
fn the_split_of_2024_follows_the_key_that_was_decided_for_it() {
    let of_2024 = shares(&book(), 2024);
    assert_eq!(of_2024.keys().map(String::as_str).collect::<Vec<_>>(), ["1508", "1531", "1532", "1578", "1580"]);
    assert_eq!(of_2024.values().sum::<i64>(), 100_000);
    assert_eq!((of_2024["1508"], of_2024["1580"]), (52_413, 13_800));
}
