use super::*;
use crate::domain::testing::day;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/golden/bank/", $name))
    };
}

const OCR: &[u8] = golden!("ocr.txt");
const CAMT_08: &[u8] = golden!("camt.054.001.08.xml");
const REVERSAL: &[u8] = golden!("camt.054.001.02-reversal.xml");

/// Amount, day, KID, reference and whether it takes back, of the only account.
fn told(bytes: &[u8]) -> Vec<(i64, String, Option<String>, String, bool)> {
    let file = parse(bytes).unwrap();
    let part = &file.accounts["12345678903"];
    let entries = part.entries.iter().cloned();
    entries
        .map(|entry| {
            let kid = entry.kids.first().map(|named| named.kid.clone());
            (entry.amount_ore.0, entry.booked_on.to_string(), kid, entry.reference, entry.reverses)
        })
        .collect()
}

#[expect(clippy::unnecessary_wraps, reason = "a table of expected cells reads better")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn refused(bytes: &[u8]) -> String {
    parse(bytes).unwrap_err().to_string()
}

/// The file with something else in place of what stands there.
fn with(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from}");
    text.replace(from, to).into_bytes()
}

#[test]
fn ocr_giro_is_read_line_by_line() {
    let file = parse(OCR).unwrap();
    assert_eq!((file.form, &*file.message), (FileForm::OcrGiro, "0000123 of 2024-01-22"));
    let day = |text: &str| text.to_owned();
    assert_eq!(
        told(OCR),
        [
            (6_305_660, day("2024-01-19"), some("5423000016"), "190124-0119100001-0000001".to_owned(), false),
            (1_000_000, day("2024-01-19"), some("5423000024"), "190124-0119100001-0000002".to_owned(), false),
            (2_000_000, day("2024-01-22"), some("5423000032"), "220124-0122100001-0000003".to_owned(), false),
            (12_345, day("2024-01-22"), some("9999999995"), "220124-0122100001-0000004".to_owned(), false),
        ]
    );
}

#[test]
fn credit_notes_and_reversals_in_ocr_giro_are_money_that_went_back() {
    let signs: Vec<(i64, bool)> = told(golden!("ocr-signs.txt")).into_iter().map(|told| (told.0, told.4)).collect();
    assert_eq!(signs, [(10_000, false), (-2_500, false), (-10_000, true)]);
}

#[test]
fn line_ends_and_empty_lines_of_ocr_giro_do_not_matter() {
    let of_windows = with(OCR, "\n", "\r\n");
    assert_eq!(told(&of_windows), told(OCR));
    for ended in [&b"\x1a"[..], b"\x1a\r\n"] {
        assert_eq!(told(&[&of_windows, ended].concat()), told(OCR), "the mark of the end of a file of older systems");
    }
    assert_ne!(parse(&of_windows).unwrap().sha256, parse(OCR).unwrap().sha256);
}

#[test]
fn ocr_giro_that_does_not_add_up_is_refused_at_its_line() {
    assert_eq!(
        refused(golden!("ocr-does-not-tie.txt")),
        "line 5: 63056.61 kroner are said, and there are 63056.60; the file is damaged, fetch it from the bank again"
    );
    assert!(
        refused(&with(OCR, "NY0900880000000400000010", "NY0900880000000500000010")).contains("5 transactions are said")
    );
    assert!(refused(&with(OCR, "NY0000890000000400000012", "NY0000890000000400000013")).contains("13 lines are said"));
    let broken_off: Vec<u8> = OCR.iter().copied().take(81 * 5).collect();
    assert!(refused(&broken_off).contains("breaks off"));
}

#[test]
fn a_line_of_ocr_giro_that_makes_no_sense_is_named() {
    for (from, to, sentence) in [
        ("NY0915300000001190124", "NY0915300000001320124", "line 3 cannot be understood: the date \"320124\" is none"),
        ("NY09103000000021", "NY09993000000021", "transactions of type 99"),
        ("NY0910310000002", "NY0910310000007", "amount item 31 of transaction 0000002 is expected"),
        ("NY090020", "NY210020", "service 21"),
        ("12345678903", "12345678901", "no account number"),
        ("00000000006305660", "0000000000630566x", "is no number"),
        ("00000000006305660", "99999999999999999", "above the largest"),
        ("NY000089", "NY000088", "the end (NY000089) is expected"),
        ("NY090088", "NY09008", "every line has 80"),
    ] {
        let said = refused(&with(OCR, from, to));
        assert!(said.contains(sentence), "{from}: {said}");
    }
}

#[test]
fn camt_of_version_08_is_read_with_its_lump_sums_and_without_what_the_payer_wrote() {
    let file = parse(CAMT_08).unwrap();
    assert_eq!((file.form, &*file.message), (FileForm::Camt054, "NO20240123-000045"));
    assert_eq!(file.accounts["12345678903"].passed_over_count, 1, "the fee of the bank");
    let on = || "2024-01-23".to_owned();
    assert_eq!(
        told(CAMT_08),
        [
            (1_168_390, on(), some("5423000024"), "100000001".to_owned(), false),
            (1_500_000, on(), some("5423000057"), "100000002".to_owned(), false),
            (231_610, on(), None, "100000003".to_owned(), false),
            (100_000, on(), None, "90000002".to_owned(), false),
        ]
    );
}

#[test]
fn camt_of_version_02_is_read_also_where_it_takes_back() {
    let on = || "2024-01-25".to_owned();
    assert_eq!(
        told(REVERSAL),
        [
            (-6_305_660, on(), some("5423000016"), "200000001".to_owned(), true),
            (-50_000, on(), some("5423000099"), "200000002".to_owned(), true),
        ]
    );
}

#[test]
fn camt_of_version_04_is_read_by_the_same_elements() {
    let on = || "2024-01-24".to_owned();
    assert_eq!(
        told(golden!("camt.054.001.04.xml")),
        [
            (6_305_660, on(), some("5423000016"), "300000001".to_owned(), false),
            (1_000_000, on(), some("5423000024"), "300000002".to_owned(), false),
            (-50_000, on(), some("5423000099"), "300000003".to_owned(), true),
        ]
    );
}

#[test]
fn a_file_is_read_in_the_encoding_that_it_declares() {
    let named = with(REVERSAL, "<GrpHdr>", "<GrpHdr><MsgRcpt><Nm>Tromsø fylkeskommune</Nm></MsgRcpt>");
    let in_latin_1 = |text: &[u8]| -> Vec<u8> {
        let characters = str::from_utf8(text).unwrap().chars();
        characters.map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
    };
    for declared in ["ISO-8859-1", "iso-8859-15", "windows-1252"] {
        assert_eq!(told(&in_latin_1(&with(&named, "UTF-8", declared))), told(REVERSAL), "{declared}");
    }
    // Who sends it as text has read it already, and what it declares is left as it was.
    assert_eq!(told(&with(&named, "UTF-8", "ISO-8859-1")), told(REVERSAL));
    for undeclared in [in_latin_1(&named), in_latin_1(&with(&named, "UTF-8", "x-none"))] {
        let said = refused(&undeclared);
        assert!(said.contains("the XML cannot be understood") && said.contains("save it as UTF-8"), "{said}");
    }
}

#[test]
fn an_account_is_known_as_it_is_printed() {
    for printed in ["NO54 1234 5678 903", "NO54.1234.5678.903", "no5412345678903", "1234 56 78903", "1234.56.78903"] {
        assert_eq!(told(&with(CAMT_08, "NO5412345678903", printed)), told(CAMT_08), "{printed}");
    }
    let said = refused(&with(CAMT_08, "NO5412345678903", "1234-56-78903"));
    assert!(said.contains("\"1234-56-78903\" is neither a Norwegian account number nor an IBAN of one"), "{said}");
}

#[test]
fn elements_with_a_prefix_are_the_same_elements() {
    let prefixed = with(REVERSAL, "<Document xmlns=", "<b:Document xmlns:b=");
    let text = String::from_utf8(prefixed).unwrap().replace("</Document>", "</b:Document>");
    let mut whole = String::new();
    for (index, part) in text.split('<').enumerate() {
        let is_element = index > 0 && !part.starts_with(['?', 'b']) && !part.starts_with("/b:");
        let renamed = match part.strip_prefix('/') {
            Some(name) if is_element => format!("/b:{name}"),
            None if is_element => format!("b:{part}"),
            Some(_) | None => part.to_owned(),
        };
        whole.push_str(if index > 0 { "<" } else { "" });
        whole.push_str(&renamed);
    }
    assert_eq!(told(whole.as_bytes()), told(REVERSAL));
}

#[test]
fn what_is_not_booked_yet_and_what_is_nothing_is_passed_over() {
    let pending = with(REVERSAL, "<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>");
    let part = parse(&pending).unwrap().accounts["12345678903"].clone();
    assert_eq!((part.entries.len(), part.passed_over_count), (0, 2));
    let nothing = with(REVERSAL, ">500.00<", ">0.00<");
    assert_eq!(parse(&nothing).unwrap().accounts["12345678903"].entries.len(), 1);
}

#[test]
fn camt_that_does_not_add_up_is_refused_at_its_entry() {
    assert_eq!(
        refused(golden!("camt.054.001.02-does-not-tie.xml")),
        "entry 1 of notification 1: 100.00 kroner are said, and there are 100.01; the file is damaged, fetch it from the bank again"
    );
    assert!(refused(&with(CAMT_08, "<NbOfTxs>3<", "<NbOfTxs>4<")).contains("4 transactions are said, and there are 3"));
    assert!(refused(&with(CAMT_08, "<Sum>30000.00<", "<Sum>30000.01<")).contains("the summary of notification 1"));
}

#[test]
fn another_currency_is_refused() {
    let said = refused(golden!("camt.054.001.02-euro.xml"));
    assert!(said.contains("the amount is in EUR; only kroner (NOK) are taken"), "{said}");
}

#[test]
fn what_was_paid_in_another_currency_came_in_as_its_entry_says() {
    let booked = |currency: &str| format!("<Amt Ccy=\"{currency}\">100.00</Amt>\n        <CdtDbtInd>");
    let in_kroner = with(golden!("camt.054.001.02-euro.xml"), &booked("EUR"), &booked("NOK"));
    let amounts = |bytes: &[u8]| told(bytes).iter().map(|told| told.0).collect::<Vec<_>>();
    assert_eq!(amounts(&in_kroner), [10_000]);
    let euro = "<Amt Ccy=\"EUR\">100.00</Amt>";
    let of_version_08 = with(&in_kroner, &format!("<AmtDtls><TxAmt>{euro}</TxAmt></AmtDtls>"), euro);
    assert_eq!(amounts(&with(&of_version_08, "001.02", "001.08")), [10_000]);
    // Of several it is not said what each came to.
    let text = String::from_utf8(in_kroner).unwrap();
    let transaction = &text[text.find("<TxDtls>").unwrap()..text.find("</NtryDtls>").unwrap()];
    assert!(refused(text.replace(transaction, &transaction.repeat(2)).as_bytes()).contains("the amount is in EUR"));
}

#[test]
fn a_day_of_booking_that_is_still_to_come_is_said_with_its_entry() {
    let said = |bytes: &[u8], today: &str| {
        let file = parse(bytes).unwrap();
        wish(&file, "12345678903", &Book::default(), day(today)).unwrap_err().to_string()
    };
    assert_eq!(
        said(CAMT_08, "2024-01-22"),
        "entry 1 of notification 1: it is booked on 2024-01-23, a day that is still to come; take the file in when it has come"
    );
    assert!(said(OCR, "2024-01-21").starts_with("line 7: it is booked on 2024-01-22"));
    let long_ago = with(REVERSAL, "<Dt>2024-01-25</Dt>", "<Dt>0024-01-25</Dt>");
    assert!(refused(&long_ago).contains("no day of booking (BookgDt) that can be read"));
}

#[test]
fn what_is_no_bank_file_is_refused_in_one_sentence() {
    for (bytes, sentence) in [
        (&golden!("no-bank-file.xml")[..], "its first element is <Invoice>"),
        (golden!("camt.053.001.02.xml"), "it is camt.053.001.02, a statement of an account"),
        (b"dato;beloep\n", "it is no bank file"),
        (b"", "it is no bank file"),
        (b"<", "the XML cannot be understood"),
        (b"<!-- nothing -->", "it is no bank file"),
        (b"%PDF-1.7", "it is no bank file"),
    ] {
        let said = refused(bytes);
        assert!(said.contains(sentence) && said.lines().count() == 1, "{said}");
    }
    assert_eq!(
        refused(&with(REVERSAL, "camt.054.001.02", "camt.054.001.13")),
        "it is camt.054.001.13, the right file in a version that is not taken; ask the bank for camt.054.001.08 (.02 and .04 are \
         taken too)"
    );
    let another = with(REVERSAL, "camt.054.001.02", "camt.056.001.08");
    assert!(refused(&another).ends_with("give camt.054.001.02, .04 or .08"));
    let too_large = vec![b'N'; FILE_BYTES_MAX + 1];
    assert!(refused(&too_large).contains("is larger than"));
}

#[test]
fn entities_and_outer_files_are_not_followed() {
    let hostile = with(
        REVERSAL,
        "<Document",
        "<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<Document",
    );
    let hostile = with(&hostile, "<MsgId>NO20240125-000046<", "<MsgId>&b;<");
    assert!(refused(&hostile).contains("the XML cannot be understood"));
}

#[test]
fn a_malformed_file_is_refused_and_never_a_panic() {
    for length in (0..CAMT_08.len()).step_by(37) {
        assert!(parse(&CAMT_08[..length]).is_err(), "{length}");
    }
    for length in (0..OCR.len() - 82).step_by(13) {
        assert!(parse(&OCR[..length]).is_err(), "{length}");
    }
}

#[test]
fn payments_that_the_bank_calls_the_same_are_known_apart() {
    let twice = with(REVERSAL, "200000002", "200000001");
    let twice = with(&twice, ">500.00<", ">63056.60<");
    let references: Vec<String> = told(&twice).into_iter().map(|told| told.3).collect();
    assert_eq!(references, ["200000001", "200000001 (2)"]);
}

#[test]
fn a_kid_is_digits_and_nothing_else() {
    assert_eq!(kid("  5423000016 "), some("5423000016"));
    assert_eq!(kid("23-"), some("23-"));
    assert_eq!(kid("54 2300 0016"), some("5423000016"), "as it is typed from a paper");
    for text in ["", "1", "RF18539007547034", "Kari Nordmann", "5 - 4", "12345678901234567890123456"] {
        assert_eq!(kid(text), None, "{text}");
    }
}

#[test]
fn a_payment_that_names_several_kids_keeps_them_with_what_is_remitted_for_each() {
    let remitted = "</CdtrRefInf></Strd><Strd><RfrdDocAmt><RmtdAmt Ccy=\"NOK\">16.10</RmtdAmt></RfrdDocAmt><CdtrRefInf>\
                    <Ref>5423 000065</Ref></CdtrRefInf></Strd>";
    let several =
        with(CAMT_08, "<Ref>5423000057</Ref></CdtrRefInf></Strd>", &format!("<Ref>5423000057</Ref>{remitted}"));
    let entries = &parse(&several).unwrap().accounts["12345678903"].entries;
    let kids: Vec<(&str, Option<Ore>)> = entries[1].kids.iter().map(|named| (&*named.kid, named.amount_ore)).collect();
    assert_eq!(kids, [("5423000057", None), ("5423000065", Some(Ore(1_610)))]);
    // ISO 20022 lets an amount have up to five decimals.
    let with_more_decimals = parse(&with(&several, "16.10<", "16.10000<")).unwrap();
    assert_eq!(with_more_decimals.accounts["12345678903"].entries[1].kids[1].amount_ore, Some(Ore(1_610)));
}

#[test]
fn a_file_of_another_account_is_refused_with_the_accounts_it_tells_of() {
    for bytes in [golden!("camt.054.001.02-wrong-account.xml").as_slice(), golden!("ocr-wrong-account.txt")] {
        let file = parse(bytes).unwrap();
        let error = wish(&file, "12345678903", &Book::default(), day("2024-01-26")).unwrap_err().to_string();
        assert!(error.contains("nothing of account 12345678903, but of 86011117947"), "{error}");
    }
}

#[test]
fn the_same_payment_has_the_same_id_in_every_file_that_tells_of_it() {
    let ids = |bytes: &[u8]| {
        let wish = wish(&parse(bytes).unwrap(), "12345678903", &Book::default(), day("2024-01-26")).unwrap();
        let Wish::Payments(_, PaymentsCommand::TakeFile { file, .. }) = wish else { panic!() };
        file.entries.iter().map(|entry| entry.payment).collect::<Vec<_>>()
    };
    let once_more = with(REVERSAL, "NO20240125-000046", "NO20240126-000051");
    assert_eq!(ids(REVERSAL), ids(&once_more));
    assert_ne!(ids(REVERSAL)[0], ids(REVERSAL)[1]);
}

#[test]
fn where_nobody_says_a_file_is_of_the_account_of_ours_that_it_tells_of() {
    let file = parse(OCR).unwrap();
    assert_eq!(account_of(&file, &BTreeSet::from(["10000000006", "12345678903"])), "12345678903");
    let others = account_of(&file, &BTreeSet::from(["60011234561"]));
    let fault = wish(&file, others, &Book::default(), day("2024-01-23")).unwrap_err().to_string();
    assert!(fault.starts_with("it tells nothing of account 60011234561, but of 12345678903"), "{fault}");
}
