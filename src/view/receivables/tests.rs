use rust_decimal::Decimal;

use std::sync::Arc;

use super::*;
use crate::domain::check_digit::KidMethod;
use crate::domain::event::Event;
use crate::domain::identity::SeriesId;
use crate::domain::invoice_run::{InvoiceLine, InvoiceParty, PlannedInvoice};
use crate::domain::kid::KidScheme;
use crate::domain::payment::{Entry, FileContent, FileForm, NamedKid, PaymentsCommand};
use crate::domain::series::SeriesEvent;
use crate::domain::testing::{day, invoices, nth};
use crate::handle::Wish;
use crate::handle::tests::carried_out;

pub(crate) const ACCOUNT: ReceivingAccountId = ReceivingAccountId(uuid::Uuid::from_u128(900));
const SCHEME: KidScheme = KidScheme { method: KidMethod::Mod10, customer_digits: 0, number_digits: 9 };

pub(crate) fn issued(number: u64, party: u128, total_ore: i64) -> (uuid::Uuid, Event) {
    let line = InvoiceLine { vat_percent: Decimal::ZERO, ..invoices::line(7, total_ore) };
    let invoice = PlannedInvoice {
        recipient: InvoiceParty { name: format!("Kommune {party}"), ..invoices::recipient(party) },
        ..invoices::planned(number.into(), vec![line])
    };
    let issued = Issued {
        number,
        kid: SCHEME.kid(None, number),
        invoice_date: day("2023-12-20"),
        due_date: day("2024-01-19"),
        invoice,
        ..invoices::issued(54, vec![])
    };
    (SeriesId(nth(9)).0, Event::Series(SeriesEvent::Issued(Arc::new(issued))))
}

/// Two invoices of party 1, one of party 2.
pub(crate) fn book() -> Book {
    Book::of([issued(542_300_001, 1, 60_000), issued(542_300_002, 1, 25_000), issued(542_300_003, 2, 10_000)])
}

/// Takes in payments by amount and KID.
pub(crate) fn paid_in(book: &mut Book, payments: &[(i64, Option<&str>)]) {
    let payments: Vec<(i64, &[&str])> = payments.iter().map(|(amount, kid)| (*amount, kid.as_slice())).collect();
    booked(book, "2024-01-20", &payments);
}

/// Takes in payments that the bank booked on a day, by amount and KIDs.
fn booked(book: &mut Book, booked_on: &str, payments: &[(i64, &[&str])]) {
    let named = |kid: &&str| NamedKid {
        kid: (*kid).to_owned(),
        amount_ore: None,
        claim: book.unfinished.invoice_of_kid(kid).and_then(|invoice| claim(book, invoice, ACCOUNT)),
    };
    let entries = (1..).zip(payments).map(|(id, (amount, kids))| Entry {
        payment: PaymentId(nth(id)),
        amount_ore: Ore(*amount),
        booked_on: day(booked_on),
        kids: kids.iter().map(named).collect(),
        reference: format!("bank {id}"),
        reverses: *amount < 0,
    });
    let file = FileContent {
        form: FileForm::Camt054,
        message: "message".to_owned(),
        sha256: "hash".to_owned(),
        entries: entries.collect(),
    };
    let (account, account_number, on) = (ACCOUNT, "12345678903".to_owned(), day("2024-01-22"));
    carried_out(book, &[Wish::Payments(ACCOUNT, PaymentsCommand::TakeFile { account, account_number, file, on })]);
}

#[test]
fn what_is_issued_and_not_paid_is_outstanding_and_ages_from_its_due_date() {
    let mut book = book();
    paid_in(&mut book, &[(10_000, Some("5423000016")), (30_000, Some("5423000024"))]);
    let shown: Vec<(u64, Ore, Ore, i64)> = receivables(&book, day("2024-01-29"))
        .iter()
        .map(|receivable| (receivable.number, receivable.paid_ore, receivable.outstanding_ore, receivable.days_overdue))
        .collect();
    assert_eq!(
        shown,
        [
            (542_300_001, Ore(10_000), Ore(50_000), 10),
            (542_300_003, Ore::ZERO, Ore(10_000), 10),
            (542_300_002, Ore(25_000), Ore::ZERO, 0),
        ]
    );
}

#[test]
fn a_partys_invoices_are_added_up() {
    let mut book = book();
    paid_in(&mut book, &[(10_000, Some("5423000016"))]);
    let balances = by_party(&receivables(&book, day("2024-01-29")));
    let shown: Vec<(&str, Ore, Ore, Ore)> = balances
        .iter()
        .map(|balance| (&*balance.name, balance.issued_ore, balance.paid_ore, balance.outstanding_ore))
        .collect();
    assert_eq!(
        shown,
        [("Kommune 1", Ore(85_000), Ore(10_000), Ore(75_000)), ("Kommune 2", Ore(10_000), Ore::ZERO, Ore(10_000))]
    );
}

#[test]
fn a_payment_that_waits_for_a_person_says_why() {
    let mut book = book();
    paid_in(
        &mut book,
        &[
            (60_000, Some("5423000016")),
            (90_000, Some("5423000024")),
            (100, Some("9999999995")),
            (200, None),
            (-300, Some("1")),
        ],
    );
    let shown: Vec<(PaymentState, Ore)> =
        payments(&book).iter().map(|payment| (payment.state, payment.open_ore)).collect();
    assert_eq!(
        shown,
        [
            (PaymentState::Settled, Ore::ZERO),
            (PaymentState::Rest, Ore(65_000)),
            (PaymentState::UnknownKid, Ore(100)),
            (PaymentState::NoKid, Ore(200)),
            (PaymentState::Reversal, Ore(-300)),
        ]
    );
}

#[test]
fn a_payment_of_which_all_is_open_says_why() {
    let states = |booked_on: &str, taken_in: &[(i64, &[&str])]| {
        let mut book = book();
        booked(&mut book, booked_on, taken_in);
        payments(&book).iter().map(|payment| payment.state.words()).collect::<Vec<_>>()
    };
    assert_eq!(states("2024-01-20", &[(84_999, &["5423000016", "5423000024"])]), ["several KIDs"]);
    assert_eq!(states("2023-12-19", &[(60_000, &["5423000016"])]), ["before its invoice"]);
    let twice: [(i64, &[&str]); 2] = [(60_000, &["5423000016"]), (60_001, &["5423000016"])];
    assert_eq!(states("2024-01-20", &twice), ["settled", "all open"]);
}

#[test]
fn a_kid_that_names_two_invoices_is_left_to_a_person() {
    let book = Book::of([issued(1, 1, 100)]);
    assert_eq!(book.unfinished.invoice_of_kid("0000000018"), Some(InvoiceId(nth(1))));
    let mut twice = book;
    let (series, Event::Series(SeriesEvent::Issued(mut other))) = issued(1, 1, 100) else { panic!("an invoice") };
    Arc::make_mut(&mut other).invoice.invoice = InvoiceId(nth(77));
    twice.apply(series, &Event::Series(SeriesEvent::Issued(other)));
    assert_eq!(twice.unfinished.invoice_of_kid("0000000018"), None);
}

#[test]
fn what_came_in_to_another_account_may_not_come_in_to_this_one() {
    let mut book = book();
    paid_in(&mut book, &[(10_000, Some("5423000016"))]);
    let invoice = InvoiceId(nth(542_300_001));
    assert_eq!(claim(&book, invoice, ACCOUNT).unwrap().amount_ore, Ore(60_000));
    assert_eq!(claim(&book, invoice, ReceivingAccountId(nth(901))).unwrap().amount_ore, Ore(50_000));
}
