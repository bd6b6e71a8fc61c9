//! Hundreds of documents of all kinds, the same at every run.

use std::collections::BTreeSet;

use chrono::Days;
use grenselos::domain::calendar::Period;
use grenselos::domain::check_digit::{KidMethod, check_digit, kid};
use grenselos::domain::money::Ore;
use grenselos::render::ehf::{
    Address, Attachment, CreditedInvoice, EhfDocument, Issuer, Kid, Kind, Line, MediaType, Party, Payment, Unit,
    VatCategory, ehf,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rust_decimal::{Decimal, RoundingStrategy};

use super::documents::{day, invoice_of, sums};
use super::{assert_valid, judged};

const DOCUMENTS_COUNT: usize = 300;
/// The letters of Norwegian, the Sámi languages and Kven, and all that means something to XML or to a template.
const CHARACTERS: &str =
    "abcxyzABCXYZ0189áÁčČđĐŋŊšŠŧŦžŽæÆøØåÅöÖäÄïÏüñ éèêôò \u{a0}–—«»…%§€½𐍈🕮&<>\"'`{}[]()#$*_@\\/;:=+-!?";

/// What might be taken for something else than text.
const HOSTILE: [&str; 10] =
    ["]]>", "<!-- -->", "&amp;", "&#0;", "<![CDATA[x]]>", "{{x}}", "<?xml?>", "%PDF", "--", "e\u{301}"];

pub(super) fn text() -> impl Strategy<Value = String> {
    let characters = proptest::collection::vec(select(CHARACTERS.chars().collect::<Vec<char>>()), 0..60);
    (characters, proptest::option::of(select(&HOSTILE))).prop_map(|(characters, hostile)| {
        let characters: String = characters.into_iter().collect();
        format!("Š{characters}{}", hostile.unwrap_or_default())
    })
}

pub(super) fn organisation_number() -> impl Strategy<Value = String> {
    (80_000_000_u32..99_999_999).prop_filter_map("MOD11 has no digit for it", |digits| {
        let digits = digits.to_string();
        check_digit(&digits, KidMethod::Mod11).filter(|check| *check != '-').map(|check| format!("{digits}{check}"))
    })
}

pub(super) fn account_number() -> impl Strategy<Value = String> {
    (0_u64..9_999_999_999).prop_filter_map("MOD11 has no digit for it", |digits| {
        let digits = format!("{digits:010}");
        check_digit(&digits, KidMethod::Mod11).filter(|check| *check != '-').map(|check| format!("{digits}{check}"))
    })
}

fn address() -> impl Strategy<Value = Address> {
    (proptest::option::of(text()), 0_u32..10_000, text()).prop_map(|(street, code, city)| Address {
        street,
        postal_code: format!("{code:04}"),
        city,
    })
}

fn party() -> impl Strategy<Value = Party> {
    (text(), organisation_number(), proptest::option::of(address()))
        .prop_map(|(name, organisation_number, address)| Party { name, organisation_number, address })
}

fn payment() -> impl Strategy<Value = Payment> {
    let digits = proptest::collection::vec(0_u32..10, 1..25);
    let method = select(vec![KidMethod::Mod10, KidMethod::Mod11]);
    (account_number(), proptest::option::weighted(0.9, (digits, method))).prop_map(|(account_number, kid_of)| {
        let kid = kid_of.and_then(|(digits, method)| {
            let digits: String = digits.into_iter().filter_map(|digit| char::from_digit(digit, 10)).collect();
            kid(&digits, method).map(|number| Kid { number, method })
        });
        Payment { account_number, kid }
    })
}

fn categories() -> impl Strategy<Value = Vec<VatCategory>> {
    let standard = |hundredths| VatCategory::Standard { percent: Decimal::new(hundredths, 2) };
    let within = vec![
        standard(2_500),
        standard(2_500),
        standard(1_500),
        standard(1_200),
        standard(1_111),
        standard(10_000),
        standard(50),
        VatCategory::ZeroRated,
        VatCategory::Exempt,
    ];
    prop_oneof![
        1 => Just(vec![VatCategory::OutsideScope]),
        1 => Just(vec![standard(2_500)]),
        1 => Just(vec![VatCategory::Exempt]),
        2 => proptest::collection::vec(select(within), 1..5),
    ]
}

/// A line before it is known what the others are: how much, of what, and which of the categories.
#[derive(Debug, Clone)]
struct Draft {
    text: String,
    description: Option<String>,
    of_one: bool,
    net_ore: i64,
    quantity: Decimal,
    unit: Unit,
    unit_price_kroner: Decimal,
    category: usize,
    days: Option<(u64, u64)>,
}

prop_compose! {
    fn draft()(
        text in text(),
        description in proptest::option::of(text().prop_map(|line| format!("{line}\n{line}"))),
        of_one: bool,
        net_ore in prop_oneof![Just(0_i64), -5_i64..5, -10_000_i64..10_000, -99_999_999_i64..999_999_999, Just(1_000_000_000_000_i64)],
        quantity in (1_i64..2_000, 0_u32..4, any::<bool>()).prop_map(|(digits, scale, taken_back)| {
            let quantity = Decimal::new(digits, scale);
            if taken_back { -quantity } else { quantity }
        }),
        unit in select(vec![Unit::Piece, Unit::Year, Unit::Month, Unit::Day, Unit::Hour]),
        unit_price_kroner in (0_i64..1_000_000, 0_u32..7).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
        category in 0_usize..10,
        days in proptest::option::of((0_u64..180, 0_u64..180)),
    ) -> Draft {
        Draft { text, description, of_one, net_ore, quantity, unit, unit_price_kroner, category, days }
    }
}

fn line(index: usize, draft: Draft, categories: &[VatCategory]) -> Line {
    let category = categories[draft.category % categories.len()];
    let first = day(2027, 1, 1);
    let period = draft
        .days
        .map(|(start, length)| Period { first: first + Days::new(start), last: first + Days::new(start + length) });
    let whole = Line::of_one((index + 1).to_string(), draft.text, Ore(draft.net_ore), category);
    let of_one = Line { description: draft.description, period, ..whole };
    if draft.of_one {
        return of_one;
    }
    let ore = draft.quantity * draft.unit_price_kroner * Decimal::ONE_HUNDRED;
    let net_ore = Ore::rounded(ore.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    Line { quantity: draft.quantity, unit: draft.unit, unit_price_kroner: draft.unit_price_kroner, net_ore, ..of_one }
}

prop_compose! {
    fn documents()(
        categories in categories(),
        drafts in proptest::collection::vec(draft(), 1..12),
        issuer in party(),
        recipient in party(),
        payment in payment(),
        credits: bool,
        has_payment: bool,
        due_in_days in 0_u64..90,
        in_foretaksregisteret: bool,
        vat_registered: bool,
        note in proptest::option::of(text()),
        references in (proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text())),
        reason in text(),
        has_period: bool,
        files in proptest::collection::vec((text(), select(vec![MediaType::Pdf, MediaType::Png, MediaType::Jpeg, MediaType::Csv, MediaType::Xlsx, MediaType::Ods]), proptest::collection::vec(any::<u8>(), 1..200)), 0..3),
        number in text(),
    ) -> EhfDocument {
        let issue_date = day(2027, 1, 15);
        let mut lines: Vec<Line> =
            drafts.into_iter().enumerate().map(|(index, draft)| line(index, draft, &categories)).collect();
        let (_, totals) = sums(&lines, None);
        if totals.total_ore.is_negative() {
            for line in &mut lines {
                line.net_ore = -line.net_ore;
                line.quantity = -line.quantity;
            }
        }
        let outside_scope = categories.contains(&VatCategory::OutsideScope);
        let (accounting_cost, contract_reference, buyer_reference, order_reference) = references;
        let buyer_reference = buyer_reference.or_else(|| order_reference.is_none().then(|| "4471".to_owned()));
        let kind = if credits {
            let credited = CreditedInvoice { number: format!("{number}-1"), issue_date: day(2026, 12, 31) };
            Kind::CreditNote { credited, payment: has_payment.then_some(payment) }
        } else {
            Kind::Invoice { due_date: issue_date + Days::new(due_in_days), payment }
        };
        let attachments = files.into_iter().enumerate().map(|(index, (name, media_type, content))| Attachment {
            reference: format!("{index} {name}"),
            description: (index == 0).then(|| name.clone()),
            file_name: format!("{index} {}", name.replace(['/', '\\'], "-")),
            media_type,
            content,
        });
        EhfDocument {
            number,
            issue_date,
            kind,
            note,
            issuer: Issuer { party: issuer, vat_registered: vat_registered || !outside_scope, in_foretaksregisteret },
            delivered_to: Some(recipient.name.clone()),
            recipient,
            buyer_reference,
            order_reference,
            contract_reference,
            accounting_cost,
            period: has_period.then(|| Period::year(2027)),
            attachments: attachments.collect(),
            ..invoice_of(lines, Some(&reason))
        }
    }
}

fn generated() -> Vec<(String, EhfDocument)> {
    let mut runner = TestRunner::deterministic();
    let strategy = documents();
    (0..DOCUMENTS_COUNT)
        .map(|index| (format!("{index:03}"), strategy.new_tree(&mut runner).unwrap().current()))
        .collect()
}

#[test]
fn every_document_that_is_written_is_valid() {
    let documents = generated();
    let verdicts = judged("generated", documents.iter().map(|(name, document)| (&**name, document)));
    for (name, document) in &documents {
        assert_valid(document, &verdicts[name]);
    }
}

#[test]
fn the_generated_documents_are_of_all_kinds() {
    let documents: Vec<EhfDocument> = generated().into_iter().map(|(_, document)| document).collect();
    let some = |holds: fn(&EhfDocument) -> bool| documents.iter().filter(|document| holds(document)).count() >= 20;
    assert!(some(|document| matches!(document.kind, Kind::Invoice { .. })));
    assert!(some(|document| matches!(document.kind, Kind::CreditNote { .. })));
    assert!(some(|document| document.issuer.in_foretaksregisteret));
    assert!(some(|document| !document.issuer.in_foretaksregisteret));
    assert!(some(|document| document.vat.len() > 2));
    assert!(some(|document| document.lines.iter().any(|line| line.net_ore.is_negative())));
    assert!(some(|document| document.vat.iter().any(|subtotal| subtotal.vat_ore.is_negative())));
    assert!(some(|document| document.buyer_reference.is_none()));
    let codes: BTreeSet<&str> =
        documents.iter().flat_map(|document| document.vat.iter().map(|subtotal| subtotal.category.code())).collect();
    assert_eq!(codes, BTreeSet::from(["E", "O", "S", "Z"]));
    let written: String = documents.iter().map(|document| String::from_utf8(ehf(document).unwrap()).unwrap()).collect();
    for letter in "áčđŋšŧžæøåÁČĐŊŠŦŽÆØÅ".chars() {
        assert!(written.contains(letter), "{letter}");
    }
}

#[test]
fn a_document_is_written_the_same_every_time() {
    for ((_, first), (_, second)) in generated().iter().zip(&generated()) {
        assert_eq!(ehf(first).unwrap(), ehf(second).unwrap());
    }
}

#[test]
fn amounts_and_texts_come_back_as_they_were() {
    for (name, document) in generated() {
        let xml = String::from_utf8(ehf(&document).unwrap()).unwrap();
        let texts = texts(&xml);
        let expected = document.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>();
        // Before those of the lines stand the names of who issues, who pays and at whom it is delivered.
        let names: Vec<&str> = texts_of(&texts, "cbc:Name").into_iter().skip(3).collect();
        assert_eq!(names, expected, "{name}");
        assert_eq!(texts_of(&texts, "cbc:PayableAmount"), [document.totals.total_ore.to_string()], "{name}");
    }
}

fn texts_of<'a>(texts: &'a [(String, String)], element: &str) -> Vec<&'a str> {
    texts.iter().filter(|(name, _)| name == element).map(|(_, text)| text.as_str()).collect()
}

/// The elements that hold text, as another reader sees them.
fn texts(xml: &str) -> Vec<(String, String)> {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    let mut reader = Reader::from_str(xml);
    let mut texts = vec![];
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => text.clear(),
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*reference)).unwrap());
            }
            Event::End(end) => texts.push((end.name().as_ref().to_owned(), std::mem::take(&mut text))),
            Event::Eof => return texts,
            _ => {}
        }
    }
}
