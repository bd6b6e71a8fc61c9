//! What is issued, of every treatment of VAT and with any amounts, is an e-invoice; so is every credit note of it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use expect_test::expect;
use grenselos::domain::calendar::Period;
use grenselos::domain::check_digit::KidMethod;
use grenselos::domain::credit_note::{CreditExtent, CreditNoteIssued, CreditWish, LineCredit, credit_note};
use grenselos::domain::identity::{CostId, InvoiceId, InvoiceRunId, PartyId};
use grenselos::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoiceParty, Issuer, PlannedInvoice};
use grenselos::domain::kid::KidScheme;
use grenselos::domain::money::Ore;
use grenselos::domain::series::Issued;
use grenselos::domain::vat::{Subject, VatTreatment};
use grenselos::render::ehf::{About, EhfDocument, ehf, of_credit_note, of_invoice};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::documents::{day, pdf};
use super::generated::{account_number, organisation_number, text};
use super::{assert_valid, judged};

const INVOICES_COUNT: usize = 120;
const LANGUAGES: [InvoiceLanguage; 3] =
    [InvoiceLanguage::Bokmal, InvoiceLanguage::Nynorsk, InvoiceLanguage::BokmalAndNorthernSami];
/// Names as municipalities write them, in one language or several.
const NAMES: [&str; 8] = [
    "Kárášjohka - Karasjok",
    "Guovdageaidnu - Kautokeino",
    "Unjárga - Nesseby",
    "Porsanger - Porsáŋgu - Porsanki",
    "Deatnu - Tana",
    "Gáivuotna - Kåfjord - Kaivuono",
    "Hápmir",
    "Stord kommune, økonomi og innkjøp",
];
const TREATMENTS: [VatTreatment; 4] =
    [VatTreatment::Resale, VatTreatment::CostSharing, VatTreatment::Disbursement, VatTreatment::OutsideScope];

/// A line before it is known how VAT is treated.
#[derive(Debug, Clone)]
struct Draft {
    text: String,
    explanation: String,
    net_ore: i64,
    /// The supplier's VAT, which need not be a quarter of the share.
    vat_ore: i64,
    vat_percent: Decimal,
    days: Option<(u64, u64)>,
}

prop_compose! {
    fn draft()(
        text in text(),
        explanation in prop_oneof![Just(String::new()), text()],
        net_ore in prop_oneof![1_i64..5, 1_i64..30_000, -9_999_i64..9_999_999, Just(1_000_000_000_000_i64)],
        vat_ore in prop_oneof![0_i64..3, 0_i64..2_500_000],
        vat_percent in select(vec![2_500_i64, 2_500, 1_500, 1_200, 1_111, 50, 0]).prop_map(|hundredths| Decimal::new(hundredths, 2)),
        days in proptest::option::of((0_u64..180, 0_u64..180)),
    ) -> Draft {
        Draft { text, explanation, net_ore, vat_ore, vat_percent, days }
    }
}

fn line(draft: &Draft, treatment: VatTreatment) -> InvoiceLine {
    let first = day(2027, 1, 1);
    let vat = if draft.net_ore < 0 { -draft.vat_ore } else { draft.vat_ore };
    InvoiceLine {
        subject: Subject::Cost { cost: CostId(Uuid::from_u128(1)) },
        text: draft.text.clone(),
        explanation: draft.explanation.clone(),
        period: draft
            .days
            .map(|(start, length)| Period { first: first + Days::new(start), last: first + Days::new(start + length) }),
        net_ore: Ore(draft.net_ore),
        vat_percent: if treatment == VatTreatment::Resale { draft.vat_percent } else { Decimal::ZERO },
        passed_on_vat_ore: treatment.passes_on_supplier_vat().then_some(Ore(vat)),
        invoiced_before: None,
    }
}

fn party(name: String, organisation_number: String) -> InvoiceParty {
    InvoiceParty { party: PartyId(Uuid::from_u128(2)), name, organisation_number, number: Some("5501".to_owned()) }
}

fn issuer(name: &str, organisation_number: &str, vat_registered: bool, in_foretaksregisteret: bool) -> Issuer {
    Issuer {
        party: PartyId(Uuid::from_u128(3)),
        name: name.to_owned(),
        organisation_number: organisation_number.to_owned(),
        number: Some("55".to_owned()),
        in_foretaksregisteret,
        vat_registered,
    }
}

prop_compose! {
    fn invoices()(
        treatment in select(TREATMENTS.to_vec()),
        drafts in proptest::collection::vec(draft(), 1..6),
        issuer_name in text(),
        issuer_number in organisation_number(),
        registers in (any::<bool>(), any::<bool>()),
        language in select(LANGUAGES.to_vec()),
        recipient in (prop_oneof![text(), select(NAMES.to_vec()).prop_map(str::to_owned)], organisation_number()).prop_map(|(name, number)| party(name, number)),
        account_number in account_number(),
        kid_method in select(vec![None, Some(KidMethod::Mod10), Some(KidMethod::Mod11)]),
        number in 1_u64..999_000_000,
        references in (proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text())),
        decisions in proptest::collection::vec(text(), 0..5),
        due_in_days in 0_u64..90,
    ) -> Issued {
        let (vat_registered, in_foretaksregisteret) = registers;
        let (buyer_reference, order_reference, accounting_cost) = references;
        let planned = PlannedInvoice {
            invoice: InvoiceId(Uuid::from_u128(4)),
            agreement: None,
            recipient,
            kind: treatment.document_kind(),
            treatment,
            decisions,
            language,
            buyer_reference: buyer_reference.or_else(|| order_reference.is_none().then(|| "4471".to_owned())),
            order_reference,
            accounting_cost,
            lines: drafts.iter().map(|draft| line(draft, treatment)).collect(),
            vat: vec![],
            net_ore: Ore::ZERO,
            passed_on_vat_ore: Ore::ZERO,
            vat_ore: Ore::ZERO,
            total_ore: Ore::ZERO,
            attachments: vec![],
        };
        let kid = kid_method.and_then(|method| KidScheme { method, customer_digits: 4, number_digits: 9 }.kid(Some("5501"), number));
        let vat_registered = vat_registered || treatment == VatTreatment::Resale;
        let invoice_date = day(2027, 1, 15);
        Issued {
            number,
            kid,
            run: InvoiceRunId(Uuid::from_u128(5)),
            issuer: issuer(&issuer_name, &issuer_number, vat_registered, in_foretaksregisteret),
            account_number,
            invoice_date,
            due_date: invoice_date + Days::new(due_in_days),
            invoice: planned.summed(),
        }
    }
}

/// Invoices that come to something, the same at every run.
fn generated() -> Vec<Issued> {
    let mut runner = TestRunner::deterministic();
    let strategy = invoices();
    std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current())
        .filter(|issued| !issued.invoice.total_ore.is_negative())
        .take(INVOICES_COUNT)
        .collect()
}

/// The invoice credited in steps: half of its first line, and then all that is left.
fn credited(issued: &Issued) -> Vec<CreditNoteIssued> {
    let half = Ore(issued.invoice.lines[0].net_ore.0 / 2);
    let some =
        CreditExtent::Lines { lines: vec![LineCredit { line: 1, net_ore: Some(half), passed_on_vat_ore: None }] };
    let mut notes: Vec<CreditNoteIssued> = vec![];
    for extent in [some, CreditExtent::Whole] {
        let wish = CreditWish {
            credit_note: InvoiceId(Uuid::from_u128(6)),
            issuer: issued.issuer.clone(),
            date: day(2027, 2, 1),
            reason: "Feil fordelingsnøkkel <&> «Kárášjohka»".to_owned(),
            extent,
            invoice: issued.clone(),
            before: notes.clone(),
        };
        notes.extend(credit_note(&wish, issued.number + 1).ok());
    }
    notes
}

const ABOUT: About<'_> = About { procurement_name: "Felles system <&> «Romsa»", illustrative: true };

fn all() -> Vec<(String, EhfDocument)> {
    let mut documents = vec![];
    for (index, issued) in generated().iter().enumerate() {
        let name = |what: &str| format!("{index:03}-{}-{what}", issued.invoice.treatment.word());
        documents.push((name("invoice"), of_invoice(issued, ABOUT, vec![pdf("faktura.pdf")])));
        for (step, note) in credited(issued).iter().enumerate().filter(|(_, note)| !note.total_ore.is_negative()) {
            documents.push((name(&format!("credit-{step}")), of_credit_note(note, ABOUT, vec![pdf("kreditnota.pdf")])));
        }
    }
    documents
}

#[test]
fn every_issued_document_is_a_valid_e_invoice() {
    let documents = all();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let verdicts = judged("issued", documents.iter().map(|(name, document)| (&**name, document)));
    for (name, document) in &documents {
        assert_valid(document, &verdicts[name]);
        let kind = name.split_once('-').map_or("", |(_, kind)| kind);
        *counts.entry(kind.trim_end_matches("-0").trim_end_matches("-1").to_owned()).or_default() += 1;
    }
    let kinds: Vec<&str> = counts.iter().filter(|(_, count)| **count >= 20).map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds.len(), 2 * TREATMENTS.len(), "invoices and credit notes of every treatment: {counts:?}");
}

#[test]
fn the_generated_documents_are_in_every_language_with_the_names_of_municipalities_as_they_write_them() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for issued in generated() {
        let document = of_invoice(&issued, ABOUT, vec![]);
        let xml = String::from_utf8(ehf(&document).unwrap()).unwrap();
        let said = document.note.as_deref().unwrap();
        let (language, words) = match issued.invoice.language {
            InvoiceLanguage::Bokmal => ("bokmål", "Beløpene er oppdiktede"),
            InvoiceLanguage::Nynorsk => ("nynorsk", "Beløpa er oppdikta"),
            InvoiceLanguage::BokmalAndNorthernSami => ("bokmål and Northern Sámi", "Beløpene er oppdiktede"),
        };
        assert!(said.starts_with(words), "{language}: {said}");
        assert!(xml.contains(words), "{language}");
        *seen.entry(language).or_default() += 1;
        if let Some(name) = NAMES.iter().find(|name| **name == issued.invoice.recipient.name) {
            assert!(xml.contains(&format!(">{name}<")), "{name}");
            *seen.entry(name).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), LANGUAGES.len() + NAMES.len(), "{seen:?}");
    let languages = ["bokmål", "nynorsk", "bokmål and Northern Sámi"];
    assert!(languages.iter().all(|language| seen[language] >= 20), "{seen:?}");
}

#[test]
fn credited_in_steps_some_credit_notes_are_an_ore_off_what_they_come_to_alone() {
    let off = |document: &EhfDocument| {
        let alone =
            |vat: &grenselos::render::ehf::VatSubtotal| vat.net_ore.percent(vat.category.percent().unwrap_or_default());
        document.vat.iter().any(|subtotal| subtotal.vat_ore != alone(subtotal))
    };
    assert!(all().iter().any(|(_, document)| off(document)));
}

fn claim() -> Issued {
    let draft = |text: &str, net_ore, vat_ore| Draft {
        text: text.to_owned(),
        explanation: "Andel 12 345,67 av 100 000,03 kroner".to_owned(),
        net_ore,
        vat_ore,
        vat_percent: Decimal::from(25),
        days: None,
    };
    let treatment = VatTreatment::CostSharing;
    let lines = [draft("Konvertering", 1_234_567, 308_641), draft("Opplæring", 33_333, 8_334)];
    let planned = PlannedInvoice {
        invoice: InvoiceId(Uuid::from_u128(4)),
        agreement: None,
        recipient: party("Kárášjohka - Karasjok".to_owned(), "963376030".to_owned()),
        kind: treatment.document_kind(),
        treatment,
        decisions: vec!["sak 23/101".to_owned()],
        language: InvoiceLanguage::BokmalAndNorthernSami,
        buyer_reference: Some("BIB-5610".to_owned()),
        order_reference: Some("4471".to_owned()),
        accounting_cost: Some("1195.370".to_owned()),
        lines: lines.iter().map(|draft| line(draft, treatment)).collect(),
        vat: vec![],
        net_ore: Ore::ZERO,
        passed_on_vat_ore: Ore::ZERO,
        vat_ore: Ore::ZERO,
        total_ore: Ore::ZERO,
        attachments: vec![],
    };
    Issued {
        number: 562_400_001,
        kid: Some("5624000013".to_owned()),
        run: InvoiceRunId(Uuid::from_u128(5)),
        issuer: issuer("Finnmark fylkeskommune", "830090282", true, false),
        account_number: "12345678903".to_owned(),
        invoice_date: NaiveDate::from_ymd_opt(2024, 1, 22).unwrap(),
        due_date: NaiveDate::from_ymd_opt(2024, 2, 21).unwrap(),
        invoice: planned.summed(),
    }
}

#[test]
fn a_claim_holds_the_suppliers_vat_in_its_amounts_and_says_so() {
    let document = of_invoice(&claim(), ABOUT, vec![]);
    let nets: Vec<Ore> = document.lines.iter().map(|line| line.net_ore).collect();
    assert_eq!(nets, [Ore(1_543_208), Ore(41_667)]);
    assert_eq!((document.totals.vat_ore, document.totals.total_ore), (Ore::ZERO, claim().invoice.total_ore));
    expect![[r#"
        Andel 12 345,67 av 100 000,03 kroner
        Herav merverdiavgift på leverandørens faktura: 3 086,41 av 15 432,08 kroner."#]]
    .assert_eq(&document.lines[0].description.as_ref().unwrap().replace('\u{a0}', " "));
    expect!["Beløpene er oppdiktede og står her kun til illustrasjon. Gjelder Felles system <&> «Romsa». Merverdiavgift er behandlet som kostnadsdeling etter vedtak: sak 23/101."]
        .assert_eq(document.note.as_deref().unwrap());
}

#[test]
fn what_is_issued_is_written_the_same_every_time_and_names_what_the_recipient_books_by() {
    let xml = || String::from_utf8(ehf(&of_invoice(&claim(), ABOUT, vec![])).unwrap()).unwrap();
    assert_eq!(xml(), xml());
    for said in [
        "<cbc:PaymentID>5624000013<",
        "<cbc:BuyerReference>BIB-5610<",
        "<cbc:ID>4471<",
        "<cbc:AccountingCost>1195.370<",
        "<cbc:DueDate>2024-02-21<",
    ] {
        assert!(xml().contains(said), "{said}");
    }
    assert!(!xml().contains("Foretaksregisteret") && !xml().contains("MVA"), "outside the scope of VAT");
}
