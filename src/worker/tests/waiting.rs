//! An approved run and the date of its invoices.

use super::*;
use crate::process::approval;
use crate::process::open_tasks::{HeldUp, held_up};

/// The run of the house, which is dated 15 November.
fn the_run() -> [HeldUp; 1] {
    [HeldUp { run: RUN, invoice_date: day("2023-11-15") }]
}

fn held_up_on(house: &House, on: &str) -> Vec<HeldUp> {
    held_up(&house.ledger.now().book, day(on))
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
    let discard = approval::discard(&house.ledger.now().book, RUN, day("2023-11-30"));
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
    let discard = approval::discard(&house.ledger.now().book, RUN, day("2023-11-30"));
    let refused = Wish::InvoiceRun(RUN, discard).decide_in(&house.ledger.now().book);
    assert!(refused.is_err(), "one is numbered");
    assert_eq!(house.work(&mail).unwrap().issued_count, 1);
}
