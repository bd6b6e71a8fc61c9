//! The dates of a plan against the day it is planned or approved.

use super::super::timely::DATED_AHEAD_DAYS_MAX;
use super::*;

/// Dated 1 December, due on 31 December.
fn planned_on(on: &str) -> InvoiceRunCommand {
    InvoiceRunCommand::Plan { run: InvoiceRunId(Uuid::from_u128(8)), plan: plan(), planned_by: None, on: day(on) }
}

fn approved_on(on: &str, plan: &InvoicePlan) -> InvoiceRunCommand {
    let (role, person) = ("økonomisjef".to_owned(), PersonId(Uuid::from_u128(5)));
    InvoiceRunCommand::Approve { role, person, standing: plan.standing(), terms: Terms::default(), on: day(on) }
}

fn due_passed(on: &str) -> InvoiceRunRejection {
    InvoiceRunRejection::DuePassed { due_date: day("2023-12-31"), on: day(on) }
}

fn dated_back(on: &str) -> InvoiceRunRejection {
    InvoiceRunRejection::DatedBack { invoice_date: day("2023-12-01"), on: day(on), most_days: 14 }
}

#[test]
fn nothing_is_planned_or_approved_whose_due_date_has_passed() {
    given::<InvoiceRun>([]).when(planned_on("2024-01-01")).then_rejected(due_passed("2024-01-01"));
    given::<InvoiceRun>([planned()]).when(approved_on("2024-01-01", &plan())).then_rejected(due_passed("2024-01-01"));
    // What is due at once may still go out on that day.
    let at_once = InvoicePlan { due_date: day("2023-12-01"), ..plan() };
    let InvoiceRunEvent::Planned(mut planned) = planned() else { panic!() };
    planned.plan = Arc::new(at_once.clone());
    let planned = InvoiceRunEvent::Planned(planned);
    let approved = Approved { on: day("2023-12-01"), ..approval() };
    given::<InvoiceRun>([planned.clone()])
        .when(approved_on("2023-12-01", &at_once))
        .then([InvoiceRunEvent::Approved(approved)]);
    given::<InvoiceRun>([planned])
        .when(approved_on("2023-12-02", &at_once))
        .then_rejected(InvoiceRunRejection::DuePassed { due_date: day("2023-12-01"), on: day("2023-12-02") });
}

#[test]
fn no_invoice_is_dated_more_than_two_weeks_before_it_goes_out() {
    given::<InvoiceRun>([planned()])
        .when(approved_on("2023-12-15", &plan()))
        .then([InvoiceRunEvent::Approved(Approved { on: day("2023-12-15"), ..approval() })]);
    given::<InvoiceRun>([planned()]).when(approved_on("2023-12-16", &plan())).then_rejected(dated_back("2023-12-16"));
    given::<InvoiceRun>([]).when(planned_on("2023-12-16")).then_rejected(dated_back("2023-12-16"));
}

#[test]
fn an_approved_run_waits_for_the_date_of_its_invoices() {
    assert!(!plan().is_to_be_issued(day("2023-11-30")));
    assert!(plan().is_to_be_issued(day("2023-12-01")));
    assert!(plan().is_to_be_issued(day("2023-12-15")));
    assert!(!plan().is_to_be_issued(day("2023-12-16")), "it would be dated too far back");
}

#[test]
fn an_approved_run_is_given_up_on_any_day_as_long_as_nothing_of_it_is_numbered() {
    let on = |on: &str, issued: &[u128]| {
        let issued = issued.iter().map(|number| InvoiceId(Uuid::from_u128(100 + number))).collect();
        InvoiceRunCommand::Discard { issued, letters: vec![], on: day(on) }
    };
    let history = || [planned(), approved()];
    let given_up = |on: &str| [InvoiceRunEvent::Discarded(Discarded { letters: vec![], on: day(on) })];
    given::<InvoiceRun>(history()).when(on("2023-11-30", &[])).then(given_up("2023-11-30"));
    given::<InvoiceRun>(history()).when(on("2023-12-01", &[])).then(given_up("2023-12-01"));
    given::<InvoiceRun>(history()).when(on("2023-12-15", &[])).then(given_up("2023-12-15"));
    given::<InvoiceRun>(history()).when(on("2023-12-01", &[1])).then_rejected(already_approved());
    given::<InvoiceRun>(history()).when(on("2024-02-01", &[])).then(given_up("2024-02-01"));
    given::<InvoiceRun>(history()).when(on("2024-02-01", &[1])).then_rejected(already_approved());
    // What is given up stays so.
    given::<InvoiceRun>([
        planned(),
        approved(),
        InvoiceRunEvent::Discarded(Discarded { letters: vec![], on: day("2023-11-30") }),
    ])
    .when(approved_on("2023-11-30", &plan()))
    .then_rejected(InvoiceRunRejection::AlreadyDiscarded { on: day("2023-11-30") });
}

#[test]
fn a_run_whose_numbering_has_begun_is_not_given_up_and_one_that_was_given_up_is_not_numbered() {
    let begin = || InvoiceRunCommand::BeginNumbering { on: day("2023-12-01") };
    let begun = || InvoiceRunEvent::NumberingBegun(NumberingBegun { on: day("2023-12-01") });
    given::<InvoiceRun>([planned()]).when(begin()).then_rejected(InvoiceRunRejection::NotApproved);
    given::<InvoiceRun>([planned(), approved()]).when(begin()).then([begun()]);
    given::<InvoiceRun>([planned(), approved(), begun()]).when(begin()).then_nothing();
    // Its dates do not count any longer.
    for on in ["2023-12-01", "2024-02-01"] {
        let discard = InvoiceRunCommand::Discard { issued: vec![], letters: vec![], on: day(on) };
        given::<InvoiceRun>([planned(), approved(), begun()]).when(discard).then_rejected(already_approved());
    }
    given::<InvoiceRun>([planned(), approved(), discarded()])
        .when(begin())
        .then_rejected(InvoiceRunRejection::AlreadyDiscarded { on: day("2023-11-21") });
    given::<InvoiceRun>([planned(), approved(), begun()]).when(complete(&[1, 2])).then([completed()]);
    given::<InvoiceRun>([planned(), approved(), begun(), completed()]).when(begin()).then_nothing();
}

#[test]
fn no_invoice_is_dated_more_than_a_year_ahead() {
    let ahead = |on: &str| InvoiceRunRejection::DatedAhead {
        invoice_date: day("2023-12-01"),
        on: day(on),
        most_days: DATED_AHEAD_DAYS_MAX,
    };
    given::<InvoiceRun>([]).when(planned_on("2022-11-29")).then_rejected(ahead("2022-11-29"));
    given::<InvoiceRun>([planned()]).when(approved_on("2022-11-29", &plan())).then_rejected(ahead("2022-11-29"));
    assert!(Decider::decide(&InvoiceRun::default(), &planned_on("2022-11-30")).is_ok());
}
