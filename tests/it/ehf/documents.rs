//! The shapes in which documents leave the house, one of each.

use std::fs;

use chrono::NaiveDate;
use expect_test::expect_file;
use grenselos::domain::calendar::Period;
use grenselos::domain::check_digit::KidMethod;
use grenselos::domain::money::Ore;
use grenselos::render::ehf::{
    Address, Attachment, CreditedInvoice, EhfDocument, Issuer, Kid, Kind, Line, MediaType, Party, Payment, Totals,
    Unit, VatCategory, VatSubtotal, ehf,
};
use rust_decimal::Decimal;

use super::{assert_valid, judged};
use crate::{files, judge};

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn standard(percent: i64) -> VatCategory {
    VatCategory::Standard { percent: Decimal::from(percent) }
}

fn issuer() -> Issuer {
    Issuer {
        party: Party {
            name: "Prøve fylkeskommune".to_owned(),
            organisation_number: "910000012".to_owned(),
            address: Some(Address {
                street: Some("Fylkeshuset 1".to_owned()),
                postal_code: "9008".to_owned(),
                city: "Tromsø".to_owned(),
            }),
        },
        vat_registered: true,
        in_foretaksregisteret: false,
    }
}

fn recipient() -> Party {
    Party {
        name: "Kárášjohka – Karasjok prøvekommune".to_owned(),
        organisation_number: "920000010".to_owned(),
        address: Some(Address {
            street: Some("Ráđđeviessogeaidnu 4".to_owned()),
            postal_code: "9730".to_owned(),
            city: "Karasjok".to_owned(),
        }),
    }
}

pub fn payment() -> Payment {
    let kid = Kid { number: "20270000175".to_owned(), method: KidMethod::Mod10 };
    Payment { account_number: "86011117947".to_owned(), kid: Some(kid) }
}

pub fn pdf(file_name: &str) -> Attachment {
    Attachment {
        reference: "2027-00001".to_owned(),
        description: Some("Faktura som PDF".to_owned()),
        file_name: file_name.to_owned(),
        media_type: MediaType::Pdf,
        content: b"%PDF-1.7\n%%EOF\n".to_vec(),
    }
}

fn lines(category: VatCategory) -> Vec<Line> {
    let licence = Line {
        description: Some("Árlig lisens, Kárášjohka – Karasjok: 3 % likt, 97 % etter folketall".to_owned()),
        period: Some(Period::year(2027)),
        ..Line::of_one("1", "Årlig lisens biblioteksystem 2027", Ore(4_200_050), category)
    };
    let conversion = Line {
        quantity: Decimal::from(3),
        unit_price_kroner: Decimal::new(150_033, 2),
        ..Line::of_one("2", "Konvertering, engangskostnad", Ore(450_099), category)
    };
    vec![licence, conversion]
}

/// An invoice of these lines, with the sums that follow.
pub fn invoice_of(lines: Vec<Line>, reason: Option<&str>) -> EhfDocument {
    let (vat, totals) = sums(&lines, reason);
    EhfDocument {
        number: "2027-00001".to_owned(),
        issue_date: day(2027, 1, 15),
        kind: Kind::Invoice { due_date: day(2027, 2, 14), payment: payment() },
        note: Some("Samarbeid om biblioteksystem – oktasaš girjerádjovuogádat (á č đ ŋ š ŧ ž)".to_owned()),
        issuer: issuer(),
        recipient: recipient(),
        delivered_to: Some(recipient().name),
        buyer_reference: Some("Biblioteksjef Kárášjohka".to_owned()),
        order_reference: Some("BEST-4471".to_owned()),
        contract_reference: Some("TILKNYTNING-2026-014".to_owned()),
        accounting_cost: Some("1195.370.2410".to_owned()),
        period: Some(Period::year(2027)),
        attachments: vec![pdf("faktura-2027-00001.pdf")],
        lines,
        vat,
        totals,
    }
}

/// The sums of these lines, the slow way: categories in the order in which they are met.
pub fn sums(lines: &[Line], reason: Option<&str>) -> (Vec<VatSubtotal>, Totals) {
    let mut vat: Vec<VatSubtotal> = vec![];
    for line in lines {
        match vat.iter_mut().find(|subtotal| subtotal.category == line.category) {
            Some(subtotal) => subtotal.net_ore += line.net_ore,
            None => vat.push(VatSubtotal {
                category: line.category,
                reason: reason.filter(|_| line.category.asks_for_a_reason()).map(str::to_owned),
                net_ore: line.net_ore,
                vat_ore: Ore::ZERO,
            }),
        }
    }
    for subtotal in &mut vat {
        subtotal.vat_ore = subtotal.net_ore.percent(subtotal.category.percent().unwrap_or_default());
    }
    let net_ore: Ore = vat.iter().map(|subtotal| subtotal.net_ore).sum();
    let vat_ore: Ore = vat.iter().map(|subtotal| subtotal.vat_ore).sum();
    (vat, Totals { net_ore, vat_ore, total_ore: net_ore + vat_ore })
}

/// Resale with VAT.
pub fn resale() -> EhfDocument {
    invoice_of(lines(standard(25)), None)
}

/// A share of a cost, with the supplier's VAT in it and none of the issuer's own, and the supplier's invoice with it.
pub fn cost_sharing() -> EhfDocument {
    let mut document = invoice_of(
        lines(VatCategory::OutsideScope),
        Some("Kostnadsdeling uten utgående merverdiavgift: ikke omsetning, jf. mval. § 3-1"),
    );
    document.attachments.push(Attachment {
        reference: "L-88123".to_owned(),
        description: Some("Leverandørens faktura".to_owned()),
        file_name: "leverandor-L-88123.pdf".to_owned(),
        ..pdf("")
    });
    document
}

/// A supply that the law exempts, by an issuer that stands in Foretaksregisteret.
pub fn exempt() -> EhfDocument {
    let mut document = invoice_of(lines(VatCategory::Exempt), Some("Unntatt fra merverdiavgift, jf. mval. § 3-5"));
    document.issuer.in_foretaksregisteret = true;
    document
}

/// The resale taken back.
pub fn credit_note() -> EhfDocument {
    EhfDocument {
        number: "2027-00002".to_owned(),
        issue_date: day(2027, 1, 20),
        kind: Kind::CreditNote {
            credited: CreditedInvoice { number: "2027-00001".to_owned(), issue_date: day(2027, 1, 15) },
            payment: Some(payment()),
        },
        note: Some("Krediterer faktura 2027-00001 i sin helhet".to_owned()),
        attachments: vec![pdf("kreditnota-2027-00002.pdf")],
        ..resale()
    }
}

/// Half a year's account settled: several rates, a line that takes back, hours, and no addresses.
pub fn settlement() -> EhfDocument {
    let hours = Line {
        quantity: Decimal::new(75, 1),
        unit: Unit::Hour,
        unit_price_kroner: Decimal::new(1_033_333, 3),
        ..Line::of_one("2", "Opplæring & støtte <fjern>", Ore(775_000), standard(25))
    };
    let mut document = invoice_of(
        vec![
            Line::of_one("1", "Avregning: faktisk kostnad 2026", Ore(12_345_679), standard(25)),
            hours,
            Line::of_one("3", "Avregning: fakturert på konto", Ore(-9_999_997), standard(25)),
            Line::of_one("4", "Kurslunsj", Ore(33_333), standard(15)),
            Line::of_one("5", "Håndbøker", Ore(99_900), VatCategory::ZeroRated),
        ],
        None,
    );
    document.recipient.address = None;
    document.issuer.party.address = None;
    document.order_reference = None;
    document
}

#[test]
fn every_shape_is_valid_and_stays_as_it_is() {
    let shapes = [
        ("resale", resale()),
        ("cost_sharing", cost_sharing()),
        ("exempt", exempt()),
        ("credit_note", credit_note()),
        ("settlement", settlement()),
    ];
    for (name, document) in &shapes {
        let xml = String::from_utf8(ehf(document).unwrap()).unwrap();
        expect_file![files::root().join(format!("tests/golden/ehf/{name}.xml"))].assert_eq(&xml);
    }
    let verdicts = judged("shapes", shapes.iter().map(|(name, document)| (*name, document)));
    for (name, document) in &shapes {
        assert_valid(document, &verdicts[*name]);
    }
}

#[test]
fn the_judge_sees_what_is_no_e_invoice() {
    let folder = judge::folder("no e-invoice");
    fs::write(folder.join("binary.xml"), [0xff, 0x00]).unwrap();
    fs::write(folder.join("empty.xml"), "").unwrap();
    fs::write(folder.join("order.xml"), "<Order/>").unwrap();
    let verdicts = judge::verdicts(super::JUDGE, &folder);
    assert_eq!(verdicts.len(), 3);
    for verdict in verdicts.values() {
        assert!(!verdict.errors.is_empty(), "{verdict:?}");
    }
}
