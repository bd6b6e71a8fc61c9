use expect_test::expect;

use super::*;
use crate::config::Settings;
use crate::domain::credit_note::CreditExtent;
use crate::domain::testing::{day, nth};
use crate::domain::vat::VatTreatment;
use crate::view::postings::tests::{Bookkeeping, year};

fn chart() -> Chart {
    Settings::load(None).unwrap().accounting
}

fn company() -> Company {
    Company {
        party: PartyId(nth(54)),
        name: "Fylke 54".to_owned(),
        organisation_number: "922420866".to_owned(),
        vat_registered: true,
        account_numbers: vec!["12345678903".to_owned()],
    }
}

/// Two invoices, a claim, a credit note, and a payment of more than is owed.
fn kept() -> Bookkeeping {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::Resale, &[(10_000, 25), (1_001, 25)]);
    kept.invoice(54, 2, VatTreatment::CostSharing, &[(10_000, 2_499)]);
    kept.invoice(55, 2, VatTreatment::Resale, &[(5_000, 25)]);
    assert!(kept.credit(1, CreditExtent::Whole));
    assert!(kept.pay(20_000, Some(0), ["2023-12-29", "2024-01-02"]));
    kept
}

#[track_caller]
fn written(
    form: fn(&Books<'_>, &dyn Vouchers, &mut dyn io::Write) -> Result<(), AccountingError>,
    layout: Layout,
    days: Period,
    vouchers: &[Voucher],
) -> Result<String, AccountingError> {
    let (chart, company) = (chart(), company());
    let books = Books {
        chart: &chart,
        company: &company,
        selection: Selection::Days(days),
        written_on: day("2024-01-31"),
        layout,
    };
    let mut out = Vec::new();
    form(&books, &VouchersOf(vouchers), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

struct VouchersOf<'vouchers>(&'vouchers [Voucher]);

impl Vouchers for VouchersOf<'_> {
    fn each(&self, visit: &mut dyn FnMut(&Voucher) -> Result<(), AccountingError>) -> Result<(), AccountingError> {
        self.0.iter().try_for_each(visit)
    }
}

#[test]
fn a_posting_file_for_programs() {
    let file = written(postings::write, Layout::Plain, year(), &kept().vouchers).unwrap();
    expect![[r#"
        bilag,bilagstype,dato,konto,kontonavn,mva-kode,beløp,kundenr,kunde,dokument,kid,forfall,tekst
        28400001,Faktura,2023-11-15,1500,Kundefordringer,,137.51,963376001,Kommune 1,28400001,0284000015,2023-12-15,Faktura 28400001
        28400001,Faktura,2023-11-15,650,Annet merverdiavgiftspliktig salg av varer og tjenester,3,-110.01,963376001,Kommune 1,28400001,0284000015,2023-12-15,Faktura 28400001
        28400001,Faktura,2023-11-15,2700,"Utgående merverdiavgift, alminnelig sats",,-27.50,963376001,Kommune 1,28400001,0284000015,2023-12-15,Faktura 28400001
        28400002,Krav,2023-11-15,1500,Kundefordringer,,124.99,963376002,Kommune 2,28400002,0284000023,2023-12-15,Krav 28400002
        28400002,Krav,2023-11-15,750,Refusjon fra kommuner,7,-100.00,963376002,Kommune 2,28400002,0284000023,2023-12-15,Krav 28400002
        28400002,Krav,2023-11-15,750,Refusjon fra kommuner,7,-24.99,963376002,Kommune 2,28400002,0284000023,2023-12-15,Krav 28400002
        28400003,Kreditnota,2023-12-01,1500,Kundefordringer,,-124.99,963376002,Kommune 2,28400003,,,Kreditnota 28400003 til 28400002
        28400003,Kreditnota,2023-12-01,750,Refusjon fra kommuner,7,100.00,963376002,Kommune 2,28400003,,,Kreditnota 28400003 til 28400002
        28400003,Kreditnota,2023-12-01,750,Refusjon fra kommuner,7,24.99,963376002,Kommune 2,28400003,,,Kreditnota 28400003 til 28400002
        L9,Innbetaling,2023-12-29,1920,Bankinnskudd,,200.00,,,,,,Innbetaling bank 0
        L9,Innbetaling,2023-12-29,2990,Uplasserte innbetalinger,,-200.00,,,,,,Innbetaling bank 0
        L10,Kundereskontro,2023-12-29,2990,Uplasserte innbetalinger,,137.51,963376001,Kommune 1,28400001,0284000015,2023-12-15,Innbetaling bank 0 ført mot 28400001
        L10,Kundereskontro,2023-12-29,1500,Kundefordringer,,-137.51,963376001,Kommune 1,28400001,0284000015,2023-12-15,Innbetaling bank 0 ført mot 28400001
    "#]].assert_eq(&file);
}

#[test]
fn a_norwegian_excel_opens_it() {
    let mut vouchers = kept().vouchers;
    vouchers[0].document.as_mut().unwrap().payer.name = "=SUM(A1)".to_owned();
    let file = written(postings::write, Layout::Excel, year(), &vouchers[..1]).unwrap();
    assert!(file.starts_with("\u{feff}bilag;bilagstype;dato;"));
    let rows: Vec<&str> = file.split("\r\n").collect();
    assert_eq!(rows.len(), 5, "{file}");
    assert!(rows[1].contains(";15.11.2023;1500;Kundefordringer;;137,51;963376001;'=SUM(A1);"), "{file}");
}

/// What an element of an XML file holds, each time it stands there.
fn texts<'xml>(xml: &'xml str, name: &str) -> Vec<&'xml str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).map(|after| after.split(&close).next().unwrap()).collect()
}

#[test]
fn saf_t_holds_the_vouchers_of_the_period_and_the_balances_before_and_after() {
    let vouchers = kept().vouchers;
    let december = Period::between(day("2023-12-01"), day("2023-12-31")).unwrap();
    let xml = written(saft::write, Layout::Plain, december, &vouchers).unwrap();
    assert_eq!(texts(&xml, "NumberOfEntries"), ["3"], "a credit note, a payment, and what it pays");
    assert_eq!(texts(&xml, "TotalDebit"), texts(&xml, "TotalCredit"));
    let account = texts(&xml, "Account").into_iter().find(|account| texts(account, "AccountID") == ["1500"]).unwrap();
    assert_eq!(texts(account, "OpeningDebitBalance"), ["262.50"]);
    assert_eq!(texts(account, "ClosingDebitBalance"), ["0.00"]);
    let customers: Vec<_> = texts(&xml, "Customer")
        .iter()
        .map(|customer| [texts(customer, "CustomerID")[0], texts(customer, "OpeningDebitBalance")[0]])
        .collect();
    assert_eq!(customers, [["963376001", "137.51"], ["963376002", "124.99"]]);
}

#[test]
fn the_result_of_earlier_years_is_closed_and_stands_in_the_balance() {
    let xml = written(saft::write, Layout::Plain, Period::year(2024), &kept().vouchers).unwrap();
    let balances: Vec<_> = texts(&xml, "Account")
        .iter()
        .map(|account| {
            let opening = texts(account, "OpeningCreditBalance");
            (texts(account, "AccountID")[0], opening.first().copied().unwrap_or("debit"))
        })
        .filter(|(_, opening)| *opening != "debit")
        .collect();
    assert_eq!(balances, [("2050", "110.01"), ("2700", "27.50"), ("2990", "62.49")]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let vouchers = kept().vouchers;
    let refused =
        |form, days, vouchers: &[Voucher]| written(form, Layout::Plain, days, vouchers).unwrap_err().to_string();
    let over_new_year = Period::between(day("2023-12-01"), day("2024-01-31")).unwrap();
    assert!(refused(saft::write, over_new_year, &vouchers).starts_with("SAF-T is of the days of one calendar year"));

    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::Resale, &[(10_000, 11)]);
    let said = refused(postings::write, year(), &kept.vouchers);
    assert!(
        said.starts_with("no account is set for what is resold with 11 % VAT; add [accounting.resale.\"11\"]"),
        "{said}"
    );

    let mut wrong = vouchers;
    wrong[0].entries[0].amount_ore += Ore(1);
    let said = refused(postings::write, year(), &wrong);
    assert!(said.starts_with("voucher 28400001 comes to 0.01 kroner and not to nothing"), "{said}");
}
