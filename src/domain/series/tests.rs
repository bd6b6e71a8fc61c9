use uuid::Uuid;

use super::*;
use crate::decider::testing::given;
use crate::domain::check_digit::KidMethod;
use crate::domain::credit_note::{CreditExtent, CreditNoteRejection};
use crate::domain::testing::day;
use crate::domain::testing::invoices::{self, issuer, line};

const KID: KidScheme = KidScheme { method: KidMethod::Mod11, customer_digits: 0, number_digits: 9 };

fn opened() -> Opened {
    Opened { series: SeriesId(Uuid::from_u128(1)), issuer: issuer(54).party, year: 2023, last_number: 202_300_000 }
}

fn invoice(number: u128) -> PlannedInvoice {
    invoices::planned(number, vec![line(1, 10_000)])
}

fn issue(number: u128, county: u128, invoice_date: &str) -> SeriesCommand {
    SeriesCommand::Issue {
        run: InvoiceRunId(Uuid::from_u128(8)),
        kid: KID,
        issuer: issuer(county),
        account_number: "12345678903".to_owned(),
        invoice_date: day(invoice_date),
        due_date: day("2023-12-31"),
        invoice: Box::new(invoice(number)),
    }
}

fn issued(number: u64, id: u128) -> SeriesEvent {
    SeriesEvent::Issued(Arc::new(as_issued(number, id)))
}

fn as_issued(number: u64, id: u128) -> Issued {
    Issued {
        number,
        kid: KID.kid(None, number),
        run: InvoiceRunId(Uuid::from_u128(8)),
        issuer: issuer(54),
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-12-01"),
        due_date: day("2023-12-31"),
        invoice: invoice(id),
    }
}

#[test]
fn a_series_is_opened_once() {
    given::<Series>([]).when(SeriesCommand::Open(opened())).then([SeriesEvent::Opened(opened())]);
    given::<Series>([SeriesEvent::Opened(opened())])
        .when(SeriesCommand::Open(Opened { year: 2024, ..opened() }))
        .then_rejected(SeriesRejection::AlreadyOpened);
}

#[test]
fn a_series_has_a_possible_year_and_room_for_its_numbers() {
    given::<Series>([])
        .when(SeriesCommand::Open(Opened { year: 1999, ..opened() }))
        .then_rejected(SeriesRejection::YearNotTaken { year: 1999 });
    given::<Series>([])
        .when(SeriesCommand::Open(Opened { last_number: u64::MAX, ..opened() }))
        .then_rejected(SeriesRejection::StartNumberTooLarge { last_number: u64::MAX });
}

#[test]
fn a_series_ends_before_the_first_number_of_the_next() {
    let last = 202_300_000 + NUMBERS_MAX;
    let until = |number| [SeriesEvent::Opened(opened()), issued(number, 1)];
    given::<Series>(until(last - 1)).when(issue(2, 54, "2023-12-01")).then([issued(last, 2)]);
    let full = SeriesRejection::Full { year: 2023, most: NUMBERS_MAX };
    given::<Series>(until(last)).when(issue(2, 54, "2023-12-01")).then_rejected(full);
}

#[test]
fn numbers_begin_with_that_of_the_county_and_the_year() {
    let before_first =
        |number: &str, year| number_before_first(&Issuer { number: Some(number.to_owned()), ..issuer(54) }, year);
    assert_eq!(before_first("54", 2023), Some(542_300_000));
    assert_eq!(before_first("03", 2100), Some(30_000_000), "the first year of the next century");
    assert_eq!([before_first("5401", 2023), before_first("", 2023)], [None, None]);
    assert_eq!(number_before_first(&Issuer { number: None, ..issuer(54) }, 2023), None);
}

#[test]
fn numbers_follow_one_another_without_gaps() {
    given::<Series>([SeriesEvent::Opened(opened())]).when(issue(1, 54, "2023-12-01")).then([issued(202_300_001, 1)]);
    given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1)])
        .when(issue(2, 54, "2023-12-01"))
        .then([issued(202_300_002, 2)]);
}

#[test]
fn an_issued_invoice_keeps_its_number_however_often_it_is_asked_for() {
    given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1), issued(202_300_002, 2)])
        .when(issue(1, 54, "2023-12-01"))
        .then_nothing();
}

#[test]
fn a_series_numbers_one_issuers_invoices_of_one_year() {
    given::<Series>([]).when(issue(1, 54, "2023-12-01")).then_rejected(SeriesRejection::NotOpened);
    given::<Series>([SeriesEvent::Opened(opened())])
        .when(issue(1, 56, "2023-12-01"))
        .then_rejected(SeriesRejection::OtherIssuer);
    given::<Series>([SeriesEvent::Opened(opened())])
        .when(issue(1, 54, "2024-01-02"))
        .then_rejected(SeriesRejection::OtherYear { year: 2023, invoice_date: day("2024-01-02") });
}

fn credit(id: u128, county: u128, date: &str, before: Vec<CreditNoteIssued>) -> SeriesCommand {
    let wish = CreditWish {
        credit_note: InvoiceId(Uuid::from_u128(id)),
        issuer: issuer(county),
        date: day(date),
        reason: "Feil fordelingsnøkkel".to_owned(),
        extent: CreditExtent::Whole,
        invoice: as_issued(202_300_001, 1),
        before,
    };
    SeriesCommand::Credit { opened: opened(), wish: Box::new(wish), on: day(date) }
}

fn credited(id: u128, number: u64, date: &str) -> SeriesEvent {
    let SeriesCommand::Credit { wish, .. } = credit(id, 54, date, vec![]) else { panic!() };
    SeriesEvent::CreditNoteIssued(Box::new(credit_note(&wish, number).unwrap()))
}

#[test]
fn a_credit_note_takes_the_next_number_of_the_same_series() {
    let history = || [SeriesEvent::Opened(opened()), issued(202_300_001, 1)];
    let note = || credited(900, 202_300_002, "2023-12-05");
    given::<Series>(history()).when(credit(900, 54, "2023-12-05", vec![])).then([note()]);
    let [opened, issued_first] = history();
    given::<Series>([opened.clone(), issued_first.clone(), note()])
        .when(credit(900, 54, "2023-12-05", vec![]))
        .then_nothing();
    given::<Series>([opened, issued_first, note()]).when(issue(2, 54, "2023-12-01")).then([issued(202_300_003, 2)]);
}

#[test]
fn what_was_credited_here_or_in_another_series_is_not_credited_again() {
    let nothing_left = || SeriesRejection::from(CreditNoteRejection::NothingLeft { number: 202_300_001 });
    let SeriesEvent::CreditNoteIssued(elsewhere) = credited(901, 7, "2023-12-05") else { panic!() };
    given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1), credited(900, 202_300_002, "2023-12-05")])
        .when(credit(902, 54, "2023-12-06", vec![]))
        .then_rejected(nothing_left());
    given::<Series>([SeriesEvent::Opened(opened())])
        .when(credit(902, 54, "2023-12-06", vec![*elsewhere]))
        .then_rejected(nothing_left());
}

#[test]
fn a_credit_note_belongs_to_the_series_of_who_credits_and_of_its_own_year() {
    let history = || [SeriesEvent::Opened(opened()), issued(202_300_001, 1)];
    given::<Series>(history()).when(credit(900, 55, "2023-12-05", vec![])).then_rejected(SeriesRejection::OtherIssuer);
    given::<Series>(history())
        .when(credit(900, 54, "2024-01-05", vec![]))
        .then_rejected(SeriesRejection::OtherYear { year: 2023, invoice_date: day("2024-01-05") });
}

#[test]
fn the_first_credit_note_of_a_year_opens_the_series() {
    let [_, issued_first] = [SeriesEvent::Opened(opened()), issued(202_300_001, 1)];
    let SeriesEvent::CreditNoteIssued(note) = credited(900, 202_300_001, "2023-12-05") else { panic!() };
    given::<Series>([])
        .when(credit(900, 54, "2023-12-05", vec![]))
        .then([SeriesEvent::Opened(opened()), SeriesEvent::CreditNoteIssued(note)]);
    given::<Series>([SeriesEvent::Opened(opened()), issued_first])
        .when(SeriesCommand::Credit {
            opened: Opened { last_number: 7, ..opened() },
            wish: match credit(900, 54, "2023-12-05", vec![]) {
                SeriesCommand::Credit { wish, .. } => wish,
                SeriesCommand::Open(_) | SeriesCommand::Issue { .. } => panic!(),
            },
            on: day("2023-12-05"),
        })
        .then([credited(900, 202_300_002, "2023-12-05")]);
}

#[test]
fn no_invoice_is_issued_whose_kid_has_no_room_for_its_number() {
    let SeriesCommand::Issue { run, issuer, account_number, invoice_date, due_date, invoice, .. } =
        issue(1, 54, "2023-12-01")
    else {
        panic!()
    };
    let kid = KidScheme { number_digits: 8, ..KID };
    given::<Series>([SeriesEvent::Opened(opened())])
        .when(SeriesCommand::Issue { run, kid, issuer, account_number, invoice_date, due_date, invoice })
        .then_rejected(SeriesRejection::KidImpossible { number: 202_300_001 });
}

#[test]
fn a_credit_note_carries_the_day_of_its_issue_or_one_at_most_two_weeks_before() {
    let history = || [SeriesEvent::Opened(opened()), issued(202_300_001, 1)];
    let issued_on = |today: &str| match credit(900, 54, "2023-12-05", vec![]) {
        SeriesCommand::Credit { opened, wish, .. } => SeriesCommand::Credit { opened, wish, on: day(today) },
        SeriesCommand::Open(_) | SeriesCommand::Issue { .. } => panic!(),
    };
    let date = day("2023-12-05");
    given::<Series>(history())
        .when(issued_on("2023-12-04"))
        .then_rejected(SeriesRejection::CreditNote(CreditNoteRejection::CreditToCome { date }));
    given::<Series>(history()).when(issued_on("2023-12-19")).then([credited(900, 202_300_002, "2023-12-05")]);
    given::<Series>(history())
        .when(issued_on("2023-12-20"))
        .then_rejected(SeriesRejection::CreditNote(CreditNoteRejection::CreditDatedBack { date, most_days: 14 }));
    // What is issued is not asked about again.
    given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1), credited(900, 202_300_002, "2023-12-05")])
        .when(issued_on("2024-02-01"))
        .then_nothing();
}
