use super::*;

fn parse(text: &str) -> Result<Table, TableError> {
    Table::parse("parties.csv", text.as_bytes(), Limits::default())
}

fn fault(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn only_row(table: &Table) -> Row<'_> {
    table.rows().next().unwrap()
}

#[test]
fn programs_write_commas_and_points() {
    let table = parse("party,inhabitants\n5501,77095.5\n").unwrap();
    assert_eq!(table.columns(), ["party", "inhabitants"]);
    assert_eq!(only_row(&table).text("party").unwrap(), "5501");
    assert_eq!(only_row(&table).decimal("inhabitants").unwrap(), Decimal::new(770_955, 1));
}

#[test]
fn excel_in_norway_writes_a_mark_semicolons_and_decimal_commas() {
    let table = parse("\u{feff}party;amount;from\r\n\"Kárášjohka; by\";1\u{a0}234,50;31.12.2024\r\n").unwrap();
    let row = only_row(&table);
    assert_eq!(row.text("party").unwrap(), "Kárášjohka; by");
    assert_eq!(row.decimal("amount").unwrap(), Decimal::new(123_450, 2));
    assert_eq!(row.ore("amount").unwrap(), Ore(123_450));
    assert_eq!(row.date("from").unwrap(), NaiveDate::from_ymd_opt(2024, 12, 31).unwrap());
}

#[test]
fn a_row_is_named_by_its_line_in_the_file_whatever_the_line_ends() {
    for newline in ["\n", "\r\n"] {
        let text = ["party,n", "a,1", "", "b,2", ",", "\"c\",x", ""].join(newline);
        let table = parse(&text).unwrap();
        assert_eq!(table.rows().map(|row| row.line()).collect::<Vec<_>>(), [2, 4, 6]);
        let error = table.rows().last().unwrap().decimal("n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "parties.csv, row 6, column \"n\": \"x\" is no number; write digits with at most one decimal mark"
        );
    }
}

#[test]
fn every_row_that_will_not_do_is_named_and_no_more_than_anybody_reads() {
    let text = format!("party,n\n5501,1,5\n5503,2\n5505,\u{7}\n5507,{}\n", "9".repeat(CELL_CHARACTERS_MAX + 1));
    let sentence = fault(&text);
    let lines: Vec<&str> = sentence.lines().collect();
    assert_eq!(lines[0], "3 rows of parties.csv will not do:");
    for (line, begins) in lines[1..].iter().zip([
        "parties.csv, row 2: it has 3 cells",
        "parties.csv, row 4: a cell holds a control character",
        "parties.csv, row 5: a cell has more than 2000 characters",
    ]) {
        assert!(line.starts_with(begins), "{line}");
    }
    let many = fault(&format!("party,n\n{}", "5501\n".repeat(FAULTS_MAX + 7)));
    assert_eq!((many.lines().count(), many.lines().last()), (FAULTS_MAX + 2, Some("and 7 more")));
}

#[test]
fn what_is_no_table_is_refused_with_the_row_and_what_to_do() {
    for (text, sentence) in [
        ("", "parties.csv: it is empty"),
        ("party,party\n", "row 1: two columns are named \"party\""),
        ("party,,n\n", "row 1: column 2 has no name"),
        ("party,n\n5501,1,5\n", "row 2: it has 3 cells where the header has 2; write decimals with a point"),
        ("party,n\n5501\n", "row 2: it has 1 cells"),
        ("party,n\n\"5501,1\n5502,2\n", "row 2: a cell runs over more than one line"),
        ("party,n\n55\u{0}01,1\n", "row 2: a cell holds a control character"),
    ] {
        assert!(fault(text).contains(sentence), "{text:?}: {}", fault(text));
    }
}

#[test]
fn other_encodings_are_refused_with_the_row() {
    let latin = Table::parse("p.csv", b"party,n\n5501,1\nTroms\xf8,2\n", Limits::default()).unwrap_err();
    assert_eq!(
        latin.to_string(),
        "p.csv, row 3: it is not UTF-8 (Excel's plain \"CSV\" is not); save the file as \"CSV UTF-8\""
    );
    let wide = Table::parse("p.csv", b"\xff\xfep\0a\0", Limits::default()).unwrap_err();
    assert!(wide.to_string().contains("UTF-16"), "{wide}");
}

#[test]
fn a_decimal_comma_is_read_only_between_semicolons() {
    let table = parse("party,n\n5501,\"1,5\"\n").unwrap();
    let error = only_row(&table).decimal("n").unwrap_err().to_string();
    assert!(error.contains("row 2, column \"n\": \"1,5\" has a decimal comma"), "{error}");
}

#[test]
fn a_point_is_not_read_where_decimals_are_written_with_a_comma() {
    for number in ["21.708", "1.5", "1.234,50"] {
        let table = parse(&format!("party;n\n5501;{number}\n")).unwrap();
        let row = only_row(&table);
        for error in [row.decimal("n").unwrap_err(), row.ore("n").unwrap_err()] {
            let said = format!("row 2, column \"n\": \"{number}\" has a point");
            assert!(error.to_string().contains(&said), "{error}");
        }
    }
}

#[test]
fn a_table_has_limits() {
    let limits = Limits { bytes: 1_000, rows: 2 };
    let rows = Table::parse("p.csv", b"n\n1\n2\n3\n", limits).unwrap_err().to_string();
    assert!(rows.contains("more than 2 rows"), "{rows}");
    let bytes = Table::parse("p.csv", &[b'1'; 1_001], limits).unwrap_err().to_string();
    assert!(bytes.contains("larger than 1000 bytes"), "{bytes}");
}

#[test]
fn missing_and_unknown_columns_are_named() {
    let table = parse("party,n\n").unwrap();
    assert!(table.require(&["party", "pupils"]).unwrap_err().to_string().contains("no column \"pupils\""));
    assert!(table.allow_only(&["party"]).unwrap_err().to_string().contains("\"n\" is not known"));
}
