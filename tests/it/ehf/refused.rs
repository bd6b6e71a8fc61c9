//! What is refused, by our check or by the official rules: so that both are seen to be able to.

use expect_test::expect;
use grenselos::domain::calendar::Period;
use grenselos::domain::check_digit::KidMethod;
use grenselos::domain::money::Ore;
use grenselos::render::ehf::{
    ATTACHMENTS_BYTES_MAX, Attachment, EhfDocument, Kid, Kind, Payment, VatCategory, check, ehf,
};
use rust_decimal::Decimal;

use super::documents::{
    cost_sharing, credit_note, day, exempt, invoice_of, payment, pdf, resale, settlement, standard,
};
use super::judged_files;

/// What the check says of a document after a change.
fn refusal(mut document: EhfDocument, change: fn(&mut EhfDocument)) -> String {
    assert_eq!(check(&document), Ok(()), "the document is sound before");
    change(&mut document);
    let error = check(&document).expect_err("the change makes the document wrong");
    assert_eq!(ehf(&document), Err(error.clone()), "what is refused is not written");
    error.to_string()
}

fn refusals(document: fn() -> EhfDocument, changes: &[fn(&mut EhfDocument)]) -> String {
    changes.iter().map(|change| refusal(document(), *change) + "\n").collect()
}

fn kid(number: &str, method: KidMethod) -> Kind {
    let kid = Some(Kid { number: number.to_owned(), method });
    Kind::Invoice { due_date: day(2027, 2, 14), payment: Payment { kid, ..payment() } }
}

fn account(number: &str) -> Kind {
    let account_number = number.to_owned();
    Kind::Invoice { due_date: day(2027, 2, 14), payment: Payment { account_number, ..payment() } }
}

#[test]
fn amounts_that_do_not_follow_from_each_other_are_refused_to_the_ore() {
    let said = refusals(
        resale,
        &[
            |document| document.vat[0].vat_ore += Ore(1),
            |document| {
                document.vat[0].vat_ore += Ore(1);
                document.totals.vat_ore += Ore(1);
                document.totals.total_ore += Ore(1);
            },
            |document| document.vat[0].net_ore -= Ore(1),
            |document| document.totals.net_ore += Ore(1),
            |document| document.totals.vat_ore += Ore(1),
            |document| document.totals.total_ore += Ore(1),
            |document| document.lines[1].net_ore += Ore(1),
            |document| document.lines[1].unit_price_kroner = Decimal::new(-150_033, 2),
            |document| document.lines[0].unit_price_kroner = Decimal::new(420_005_000_001, 7),
            |document| document.lines[0].quantity = Decimal::ZERO,
            |document| document.lines[0].quantity = Decimal::new(1_000_001, 5),
            |document| document.lines[0].unit_price_kroner = Decimal::from(200_000_000_000_i64),
            |document| document.lines[0].net_ore = Ore(i64::MIN),
        ],
    );
    expect![[r#"
        the VAT amount of VAT category S 25 % is 11625.38 kroner and should be 11625.37; compute it from the lines, in whole øre, half away from zero
        the VAT amount of VAT category S 25 % is 11625.38 kroner and should be 11625.37; compute it from the lines, in whole øre, half away from zero
        the net amount of VAT category S 25 % is 46501.48 kroner and should be 46501.49; compute it from the lines, in whole øre, half away from zero
        the net total is 46501.50 kroner and should be 46501.49; compute it from the lines, in whole øre, half away from zero
        the VAT total is 11625.38 kroner and should be 11625.37; compute it from the lines, in whole øre, half away from zero
        the total is 58126.87 kroner and should be 58126.86; compute it from the lines, in whole øre, half away from zero
        the net amount of line 2 is 4501.00 kroner and should be 4500.99; compute it from the lines, in whole øre, half away from zero
        the unit price of line 2, -1500.33, is negative, too large or has more than 6 decimals; where something is taken back, make the quantity negative
        the unit price of line 1, 42000.5000001, is negative, too large or has more than 6 decimals; where something is taken back, make the quantity negative
        the quantity of line 1, 0, is zero, too large or has more than 4 decimals; write another number of units
        the quantity of line 1, 10.00001, is zero, too large or has more than 4 decimals; write another number of units
        the unit price of line 1, 200000000000, is negative, too large or has more than 6 decimals; where something is taken back, make the quantity negative
        the net amount of line 1, -92233720368547758.08, is above the largest amount taken, 100 000 000 000 kroner
    "#]].assert_eq(&said);
}

#[test]
fn vat_that_cannot_be_is_refused() {
    let said = refusals(
        resale,
        &[
            |document| document.lines[0].category = standard(0),
            |document| document.lines[0].category = VatCategory::Standard { percent: Decimal::new(49, 2) },
            |document| document.lines[0].category = standard(101),
            |document| document.lines[0].category = VatCategory::Standard { percent: Decimal::new(25_001, 3) },
            |document| document.lines[0].category = standard(15),
            |document| document.lines[0].category = VatCategory::OutsideScope,
            |document| document.vat.push(document.vat[0].clone()),
            |document| document.vat[0].reason = Some("Fritatt".to_owned()),
            |document| document.vat.extend(exempt().vat),
            |document| document.issuer.vat_registered = false,
        ],
    ) + &refusals(
        cost_sharing,
        &[
            |document| document.vat[0].reason = None,
            |document| document.vat[0].vat_ore = Ore(1),
            |document| document.lines[1].category = standard(25),
        ],
    );
    expect![[r#"
        the VAT percentage of line 1, 0, is not from 0.5 to 100 with at most two decimals; for a rate of zero choose zero-rated, exempt or outside the scope
        the VAT percentage of line 1, 0.49, is not from 0.5 to 100 with at most two decimals; for a rate of zero choose zero-rated, exempt or outside the scope
        the VAT percentage of line 1, 101, is not from 0.5 to 100 with at most two decimals; for a rate of zero choose zero-rated, exempt or outside the scope
        the VAT percentage of line 1, 25.001, is not from 0.5 to 100 with at most two decimals; for a rate of zero choose zero-rated, exempt or outside the scope
        the subtotal of VAT category S 15 % is missing; sum the lines of every category and rate
        the VAT category of line 1 is outside the scope of VAT, and other lines are not; put them on two documents
        the subtotal of VAT category S 25 % stands twice; sum the lines of a category and rate once
        the reason of VAT category S 25 % is given, though this category has a rate; leave it out
        the subtotal of VAT category E has no line; leave it out
        the VAT category of line 1 is S 25 %, and the issuer is not registered for VAT; register it, or treat the line as outside the scope
        the reason of VAT category O is missing; say why there is no VAT, with the provision
        the VAT amount of VAT category O is 0.01 kroner and should be 0.00; compute it from the lines, in whole øre, half away from zero
        the VAT category of line 1 is outside the scope of VAT, and other lines are not; put them on two documents
    "#]].assert_eq(&said);
}

#[test]
fn numbers_with_a_wrong_check_digit_are_refused() {
    let said = refusals(
        resale,
        &[
            |document| document.issuer.party.organisation_number = "910000013".to_owned(),
            |document| document.recipient.organisation_number = "920 000 010".to_owned(),
            |document| document.kind = kid("20270000176", KidMethod::Mod10),
            |document| document.kind = kid("20270000175", KidMethod::Mod11),
            |document| document.kind = kid("", KidMethod::Mod10),
            |document| document.kind = account("86011117948"),
            |document| document.kind = account("8601.11.17947"),
            |document| document.recipient.address.as_mut().unwrap().postal_code = "973".to_owned(),
        ],
    );
    expect![[r#"
        the issuer's organisation number, "910000013", is not nine digits of which the last is the right check digit (MOD11); copy it from Enhetsregisteret, without spaces
        the recipient's organisation number, "920 000 010", is not nine digits of which the last is the right check digit (MOD11); copy it from Enhetsregisteret, without spaces
        the KID, "20270000176", is not 2 to 25 digits of which the last is the right check digit (MOD10); make it by the method agreed with the bank
        the KID, "20270000175", is not 2 to 25 digits of which the last is the right check digit (MOD11); make it by the method agreed with the bank
        the KID, "", is not 2 to 25 digits of which the last is the right check digit (MOD10); make it by the method agreed with the bank
        the account number, "86011117948", is not eleven digits of which the last is the right check digit (MOD11); check it against the bank's papers and leave points and spaces out
        the account number, "8601.11.17947", is not eleven digits of which the last is the right check digit (MOD11); check it against the bank's papers and leave points and spaces out
        the recipient's postal code, "973", is not four digits; write it as in 9008
    "#]].assert_eq(&said);
}

#[test]
fn texts_that_say_nothing_or_cannot_be_written_are_refused() {
    let said = refusals(
        resale,
        &[
            |document| document.number = String::new(),
            |document| document.note = Some(" \n".to_owned()),
            |document| document.note = Some("Hei\u{0}".to_owned()),
            |document| document.recipient.name = "Kárášjohka\u{7}".to_owned(),
            |document| document.lines[1].text = "Lisens\nKonvertering".to_owned(),
            |document| document.lines[1].description = Some("\u{ffff}".to_owned()),
            |document| document.buyer_reference = Some("x".repeat(501)),
            |document| {
                document.buyer_reference = None;
                document.order_reference = None;
            },
        ],
    );
    expect![[r#"
        the number is empty; write it, or leave it out where it may be missing
        the note is empty; write it, or leave it out where it may be missing
        the note holds the character U+0000, which an e-invoice must not hold; remove it
        the recipient's name holds the character U+0007, which an e-invoice must not hold; remove it
        the text of line 2 holds the character U+000A, which an e-invoice must not hold; remove it
        the description of line 2 holds the character U+FFFF, which an e-invoice must not hold; remove it
        the buyer reference is longer than 500 bytes; shorten it
        the buyer reference and the order reference are both missing; write one of them, since public recipients return what has none
    "#]].assert_eq(&said);
}

#[test]
fn days_that_cannot_be_are_refused() {
    let said = refusals(
        resale,
        &[
            |document| document.kind = Kind::Invoice { due_date: day(2027, 1, 14), payment: payment() },
            |document| document.kind = Kind::Invoice { due_date: day(20_270, 1, 15), payment: payment() },
            |document| document.period = Some(Period { first: day(2027, 7, 1), last: day(2027, 6, 30) }),
            |document| document.lines[0].period = Some(Period { first: day(2027, 7, 1), last: day(2027, 6, 30) }),
            |document| document.lines[0].period = Some(Period { first: day(2026, 7, 1), last: day(2027, 6, 30) }),
        ],
    ) + &refusals(
        credit_note,
        &[|document| document.issue_date = day(2027, 1, 14), |document| document.number = "2027-00001".to_owned()],
    );
    expect![[r#"
        the due date 2027-01-14 is before the issue date 2027-01-15; put it on that day or later
        the due date, +20270-01-15, is not between 1800 and 2100; check the year
        the period ends on 2027-06-30, before it begins on 2027-07-01; turn the days round
        the period of line 1 ends on 2027-06-30, before it begins on 2027-07-01; turn the days round
        the period of line 1 reaches outside the period of the document; widen that one or shorten this one
        the date 2027-01-15 of the credited invoice is after the issue date 2027-01-14; copy it from that invoice
        the number of the credited invoice is that of the credit note, 2027-00001; copy it from that invoice
    "#]]
    .assert_eq(&said);
}

#[test]
fn lines_and_attachments_that_cannot_be_told_apart_are_refused() {
    let said = refusals(
        resale,
        &[
            |document| document.lines[1].id = "1".to_owned(),
            |document| document.lines.clear(),
            |document| document.lines = vec![document.lines[0].clone(); 1_001],
            |document| document.attachments.push(pdf("annen.pdf")),
            |document| {
                document
                    .attachments
                    .push(Attachment { reference: "annen".to_owned(), ..document.attachments[0].clone() });
            },
            |document| document.attachments[0].file_name = "../faktura.pdf".to_owned(),
            |document| document.attachments[0].content.clear(),
            |document| document.attachments[0].content = vec![0; ATTACHMENTS_BYTES_MAX + 1],
        ],
    );
    expect![[r#"
        the id of line 2, "1", is that of an earlier line; give every line its own
        the document has 0 lines; it must have from 1 to 1000
        the document has 1001 lines; it must have from 1 to 1000
        the reference of attachment 2, "2027-00001", is that of an earlier attachment; give every attachment its own
        the file name of attachment 2, "faktura-2027-00001.pdf", is that of an earlier attachment; give every attachment its own
        the file name of attachment 1, "../faktura.pdf", holds a slash; write a name without folders
        the content of attachment 1 is empty; leave the attachment out or attach the whole file
        the attachments hold 20971521 bytes together, and at most 20971520 are taken; attach smaller files
    "#]].assert_eq(&said);
}

#[test]
fn an_invoice_of_less_than_nothing_is_refused() {
    let mut lines = resale().lines;
    for line in &mut lines {
        line.net_ore = -line.net_ore;
        line.quantity = -line.quantity;
    }
    let error = ehf(&invoice_of(lines, None)).unwrap_err().to_string();
    expect!["the total is -58126.86 kroner, less than nothing; what the recipient is to have back is a credit note, and what it is to pay is an invoice"].assert_eq(&error);
}

/// A change to a finished file: its name, the document, what is replaced by what, and the rule that is then broken.
type Mutation = (&'static str, fn() -> EhfDocument, &'static str, &'static str, &'static str);

const MUTATIONS: [Mutation; 26] = [
    ("organisation_number", resale, "920000010", "920000011", "PEPPOL-COMMON-R041"),
    ("vat_id_without_mva", resale, "NO910000012MVA", "NO910000012", "NO-R-001"),
    (
        "no_references",
        settlement,
        "<cbc:BuyerReference>Biblioteksjef Kárášjohka</cbc:BuyerReference>",
        "",
        "PEPPOL-EN16931-R003",
    ),
    (
        "payable",
        resale,
        "<cbc:PayableAmount currencyID=\"NOK\">58126.86",
        "<cbc:PayableAmount currencyID=\"NOK\">58126.85",
        "BR-CO-16",
    ),
    ("price_times_quantity", resale, "1500.33", "1400.33", "PEPPOL-EN16931-R120"),
    (
        "three_decimals",
        resale,
        "<cbc:PayableAmount currencyID=\"NOK\">58126.86",
        "<cbc:PayableAmount currencyID=\"NOK\">58126.860",
        "UBL-DT-01",
    ),
    (
        "order_of_elements",
        resale,
        "<cbc:IssueDate>2027-01-15</cbc:IssueDate>\n  <cbc:DueDate>2027-02-14</cbc:DueDate>",
        "<cbc:DueDate>2027-02-14</cbc:DueDate>\n  <cbc:IssueDate>2027-01-15</cbc:IssueDate>",
        "XSD",
    ),
    ("empty_element", resale, "Konvertering, engangskostnad", "", "PEPPOL-EN16931-R008"),
    (
        "two_notes",
        resale,
        "<cbc:DocumentCurrencyCode>",
        "<cbc:Note>Enda en</cbc:Note><cbc:DocumentCurrencyCode>",
        "PEPPOL-EN16931-R002",
    ),
    ("no_account", resale, "NO9386011117947", "", "BR-50"),
    ("no_file_name", resale, " filename=\"faktura-2027-00001.pdf\"", "", "UBL-DT-07"),
    ("xml_attached", resale, "application/pdf", "application/xml", "BR-CL-24"),
    (
        "endpoint_scheme",
        resale,
        "<cbc:EndpointID schemeID=\"0192\">910000012",
        "<cbc:EndpointID schemeID=\"9999\">910000012",
        "BR-CL-25",
    ),
    ("line_without_category", resale, "cac:ClassifiedTaxCategory", "cac:AdditionalItemProperty", "XSD"),
    (
        "currency_of_an_amount",
        resale,
        "<cbc:PayableAmount currencyID=\"NOK\">",
        "<cbc:PayableAmount currencyID=\"SEK\">",
        "PEPPOL-EN16931-R051",
    ),
    ("no_vat_at_25_percent", resale, "11625.37", "0.00", "BR-CO-17"),
    ("customization", resale, "billing:3.0", "billing:2.0", "PEPPOL-EN16931-R004"),
    ("date_format", resale, "2027-02-14", "14.02.2027", "XSD"),
    (
        "negative_price",
        resale,
        "<cbc:PriceAmount currencyID=\"NOK\">1500.33",
        "<cbc:PriceAmount currencyID=\"NOK\">-1500.33",
        "BR-27",
    ),
    ("decimal_comma", resale, "1500.33", "1500,33", "EXCEPTION"),
    ("unit_code", resale, "unitCode=\"C62\"", "unitCode=\"STYKK\"", "BR-CL-23"),
    (
        "line_period_outside",
        resale,
        "<cbc:StartDate>2027-01-01</cbc:StartDate>\n    <cbc:EndDate>2027-12-31",
        "<cbc:StartDate>2027-01-02</cbc:StartDate>\n    <cbc:EndDate>2027-12-30",
        "PEPPOL-EN16931-R110",
    ),
    (
        "outside_scope_with_rate",
        cost_sharing,
        "<cbc:ID>O</cbc:ID>\n        <cac:TaxScheme>",
        "<cbc:ID>O</cbc:ID>\n        <cbc:Percent>0</cbc:Percent>\n        <cac:TaxScheme>",
        "BR-O-05",
    ),
    (
        "exempt_without_reason",
        exempt,
        "<cbc:TaxExemptionReason>Unntatt fra merverdiavgift, jf. mval. § 3-5</cbc:TaxExemptionReason>",
        "",
        "BR-E-10",
    ),
    (
        "due_date_on_a_credit_note",
        credit_note,
        "<cbc:CreditNoteTypeCode>",
        "<cbc:DueDate>2027-02-14</cbc:DueDate><cbc:CreditNoteTypeCode>",
        "XSD",
    ),
    ("control_character", resale, "Konvertering, engangskostnad", "Konvertering\u{7}", "EXCEPTION"),
];

#[test]
fn the_judge_sees_every_change_that_breaks_a_rule() {
    let files = MUTATIONS.map(|(name, document, before, after, _)| {
        let xml = String::from_utf8(ehf(&document()).unwrap()).unwrap();
        let changed = xml.replace(before, after);
        assert_ne!(changed, xml, "{name} changes nothing");
        (name, changed.into_bytes())
    });
    let verdicts = judged_files("mutations", files);
    let missed: Vec<String> = MUTATIONS
        .iter()
        .map(|(name, _, _, _, rule)| (name, rule, verdicts[*name].broken()))
        .filter(|(_, rule, broken)| !broken.contains(rule))
        .map(|(name, rule, broken)| format!("{name} should break {rule} and breaks {broken:?}"))
        .collect();
    assert_eq!(missed, Vec::<String>::new());
}
