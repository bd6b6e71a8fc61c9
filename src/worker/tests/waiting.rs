//! An approved run and the date of its invoices.

use super::*;
use crate::domain::cost::CostCommand;
use crate::domain::event::StreamKind;
use crate::domain::identity::AssessmentId;
use crate::domain::testing::facts::cost_id;
use crate::handle::Rejected;
use crate::process::approval;
use crate::process::open_tasks::{HeldUp, held_up};

/// The run of the house, which is dated 15 November and waits for its dates.
fn the_run() -> [HeldUp; 1] {
    [HeldUp { run: RUN, invoice_date: day("2023-11-15"), changes: vec![], more_count: 0 }]
}

fn held_up_on(house: &House, on: &str) -> Vec<HeldUp> {
    held_up(&house.ledger.now().book, day(on), &NorwegianWording, &account_of)
}

fn discard_on(house: &House, on: &str) -> InvoiceRunCommand {
    approval::discard(&house.ledger.now().book, RUN, day(on), &ids::derived)
}

/// Why a run is not numbered on the day of the house, in words.
fn changed(house: &House, run: InvoiceRunId) -> String {
    let held_up = held_up_on(house, "2023-11-16");
    let held_up = held_up.iter().find(|held_up| held_up.run == run).unwrap();
    Rejected::new(StreamKind::InvoiceRun, &held_up.changed().unwrap()).to_string()
}

#[test]
fn an_approved_run_is_numbered_on_the_date_of_its_invoices_and_not_before() {
    let mut house = House::with_contacts();
    let mail = MemoryTransport::default();
    house.clock = StoppedClock::at_noon(day("2023-11-14"));
    assert_eq!(house.work(&mail).unwrap(), Done::default());
    assert_eq!(held_up_on(&house, "2023-11-14"), the_run());
    house.clock = StoppedClock::at_noon(day("2023-11-15"));
    assert_eq!(held_up_on(&house, "2023-11-15"), []);
    assert_eq!(house.work(&mail).unwrap().issued_count, 2);
}

#[test]
fn a_run_whose_dates_passed_before_it_was_numbered_waits_to_be_given_up() {
    let mut house = House::with_contacts();
    house.clock = StoppedClock::at_noon(day("2023-11-30"));
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default());
    assert_eq!(held_up_on(&house, "2023-11-30"), the_run());
    let discard = discard_on(&house, "2023-11-30");
    house.wish(9, &Wish::InvoiceRun(RUN, discard));
    assert_eq!(held_up_on(&house, "2023-11-30"), []);
}

#[test]
fn a_run_that_is_begun_is_numbered_to_the_end() {
    let mut house = House::with_contacts();
    let mail = MemoryTransport::default();
    let planned = house.ledger.now().book.runs[&RUN].planned().unwrap().plan.invoices[0].invoice;
    let first = |_: &Book, task: &Task| *task == Task::Issue(RUN, planned);
    assert_eq!(house.tools(&mail).work_on(&first, &mut |_, _| {}).unwrap().issued_count, 1);
    house.clock = StoppedClock::at_noon(day("2023-11-30"));
    assert_eq!(held_up_on(&house, "2023-11-30"), []);
    let discard = discard_on(&house, "2023-11-30");
    let refused = Wish::InvoiceRun(RUN, discard).decide_in(&house.ledger.now().book);
    assert!(refused.is_err(), "one is numbered");
    assert_eq!(house.work(&mail).unwrap().issued_count, 1);
}

#[test]
fn an_approved_run_whose_grounds_have_changed_is_not_numbered_and_can_be_given_up() {
    let house = House::with_contacts();
    let (assessment, on, source) = (AssessmentId(nth(2)), day("2023-11-15"), "Endringsavtale".to_owned());
    let anew = CostCommand::Assess { assessment, amount: contracted(100_004), on, source };
    house.wish(20, &Wish::Cost(cost_id(1), anew));
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default());
    let said = changed(&house, RUN);
    assert!(said.contains("Kostnad 1 comes to 1000.04 kroner instead of 1000.00"), "{said}");
    house.wish(21, &Wish::InvoiceRun(RUN, discard_on(&house, "2023-11-16")));
    assert_eq!(held_up_on(&house, "2023-11-16"), []);
}

#[test]
fn an_approved_run_is_not_numbered_to_an_account_that_is_no_longer_paid_to() {
    let mut house = House::with_contacts();
    house.settings.invoice.account_number = "86011117947".to_owned();
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default());
    let elsewhere = |_: &str| "86011117947".to_owned();
    let held_up = held_up(&house.ledger.now().book, day("2023-11-16"), &NorwegianWording, &elsewhere);
    let said = Rejected::new(StreamKind::InvoiceRun, &held_up[0].changed().unwrap()).to_string();
    assert!(said.contains("the account to pay Fylket to is 86011117947 instead of 12345678903"), "{said}");
}

#[test]
fn of_two_runs_for_the_same_that_were_approved_at_once_one_is_numbered() {
    let other = InvoiceRunId(nth(7_001));
    let house = House::planned();
    let approve = |run: InvoiceRunId| {
        let standing =
            standing(&house.ledger.now().book, run, day("2023-11-15"), &NorwegianWording, &|_| true, &account_of);
        let (role, person, on) = ("økonomisjef".to_owned(), PersonId(nth(1)), day("2023-11-15"));
        Wish::InvoiceRun(run, InvoiceRunCommand::Approve { role, person, standing, terms: Terms::default(), on })
    };
    let wanted = house.wanted();
    let plan = plan(&house.ledger.now().book, other.0, &wanted, &NorwegianWording, &|_| true, &ids::derived).unwrap();
    let on = day("2023-11-15");
    house.wish(2, &Wish::InvoiceRun(other, InvoiceRunCommand::Plan { run: other, plan, planned_by: None, on }));
    // Both are decided before either is written.
    let both = [approve(other), approve(RUN)];
    for (number, wish) in (3..).zip(&both) {
        house.wish(number, wish);
    }
    assert_eq!(held_up_on(&house, "2023-11-16").len(), 1);
    assert_eq!(house.work(&MemoryTransport::default()).unwrap().issued_count, 2);
    assert!(
        house.ledger.now().book.invoices.values().all(|issued| issued.run == RUN),
        "the one that was planned first"
    );
    let said = changed(&house, other);
    assert!(said.contains("Kommune 1 is left out for Kostnad 1: Andelen er fakturert før"), "{said}");
}

#[test]
fn a_county_authority_that_is_gone_numbers_nothing_whatever_its_invoices_are_dated() {
    let mut house = House::with_contacts();
    let succeeded =
        PartyCommand::Succeed { successors: vec![party(55)], on: day("2023-11-16"), reference: "Vedtak".into() };
    house.wish(20, &Wish::Party(party(54), succeeded));
    house.clock = StoppedClock::at_noon(day("2023-11-16"));
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default());
    let said = changed(&house, RUN);
    assert!(said.contains("Fylket no longer exists, and who came after it issues invoices"), "{said}");
}
