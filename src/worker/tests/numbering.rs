//! A worker that is stopped on its way to numbering, and what others do meanwhile.

use super::*;
use crate::domain::invoice_run::{Approved, InvoiceRunEvent, NumberingBegun, Planned};
use crate::domain::series::{Issued, NUMBERS_MAX, SeriesCommand, SeriesEvent};
use crate::domain::testing::invoices;
use crate::handle::{HandleError, stream_name, write_decided};
use crate::process::approval;
use crate::store::testing::BeforeAppends;
use crate::store::{AppendError, EventStore};

/// What happens once, before the first event of a kind is written.
fn once_before(
    house: &mut House,
    event_type: &'static str,
    happens: impl Fn() -> Result<(), AppendError> + Send + Sync + 'static,
) -> Arc<dyn EventStore> {
    let log = Arc::clone(house.ledger.store());
    let has_happened = AtomicBool::new(false);
    let before = BeforeAppends::of(Arc::clone(&log), move |events| {
        let is_meant = events.iter().any(|event| &*event.event_type == event_type);
        if is_meant && !has_happened.swap(true, Ordering::Relaxed) { happens() } else { Ok(()) }
    });
    house.ledger = Ledger::open(Arc::new(before)).unwrap();
    log
}

/// Another instance would give the run up, since it is to be paid to another account now; whether it may.
fn is_discarded_elsewhere(log: &Arc<dyn EventStore>) -> bool {
    let ledger = Ledger::open(Arc::clone(log)).unwrap();
    let discard = {
        let book = &ledger.now().book;
        approval::discard(book, RUN, day("2023-11-16"), &NorwegianWording, &|_| "86011117947".to_owned(), &ids::derived)
    };
    ledger.carry_out(&Wish::InvoiceRun(RUN, discard), &envelope(500), None).is_ok()
}

#[test]
fn a_run_that_is_given_up_while_a_worker_is_on_its_way_gets_no_number() {
    for stopped_before in ["invoice-run.numbering-begun", "series.opened"] {
        let mut house = House::with_contacts();
        let (elsewhere, is_begun) = (Arc::clone(house.ledger.store()), stopped_before == "series.opened");
        once_before(&mut house, stopped_before, move || {
            assert_eq!(is_discarded_elsewhere(&elsewhere), !is_begun, "what is begun is carried through");
            Ok(())
        });
        let mail = MemoryTransport::default();
        let done = house.work(&mail).unwrap();
        let numbered = if is_begun { 2 } else { 0 };
        assert_eq!((done.issued_count, house.ledger.now().book.invoices.len()), (numbered, numbered));
        assert_eq!(mail.messages().len(), numbered);
        assert_eq!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Discarded(..)), !is_begun);
    }
}

#[test]
fn numbering_that_was_broken_off_goes_on_whatever_has_changed_since() {
    let mut house = House::with_contacts();
    let log = once_before(&mut house, "series.opened", || Err(AppendError::DiskFull));
    let mail = MemoryTransport::default();
    assert!(matches!(house.work(&mail), Err(WorkError::Ledger(_))));
    assert!(house.ledger.now().book.invoices.is_empty());
    house.ledger = Ledger::open(log).unwrap();
    house.settings.invoice.account_number = "86011117947".to_owned();
    house.clock.0 += chrono::TimeDelta::days(60);
    assert_eq!(house.work(&mail).unwrap().issued_count, 2);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
}

/// What stands in a stream of the house from before.
fn already_written(house: &House, stream: &Wish, events: Vec<Event>) {
    let (kind, id) = stream.stream();
    let store = house.ledger.store().as_ref();
    write_decided(store, &stream_name(kind, id), None, events, &envelope(600), None).unwrap();
    house.ledger.catch_up().unwrap();
}

/// The name of the rule that refused.
fn refused(error: &WorkError) -> String {
    let WorkError::Ledger(LedgerError::Handle(HandleError::Rejected(rejected))) = error else { panic!("{error}") };
    rejected.code()
}

#[test]
fn a_run_that_gets_no_kid_is_not_begun_and_can_be_given_up() {
    let mut house = House::with_contacts();
    house.settings.kid.number_digits = 4;
    let error = house.work(&MemoryTransport::default()).unwrap_err();
    assert_eq!(refused(&error), "series-kid-impossible");
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Approved(..)));
    assert!(is_discarded_elsewhere(house.ledger.store()));
}

#[test]
fn a_run_that_has_one_number_for_two_invoices_gets_none() {
    let house = House::with_contacts();
    let issuer = house.ledger.now().book.runs[&RUN].planned().unwrap().plan.issuer.clone();
    let (series, opened) = series_of(&issuer, 2023).unwrap();
    let number = opened.last_number + NUMBERS_MAX - 1;
    let last_but_one = Issued { number, issuer, ..invoices::issued(54, vec![]) };
    let open = Wish::Series(series, SeriesCommand::Open(opened.clone()));
    let issued = [SeriesEvent::Opened(opened), SeriesEvent::Issued(Arc::new(last_but_one))];
    already_written(&house, &open, issued.map(Event::Series).to_vec());
    let mail = MemoryTransport::default();
    let numbering = |_: &Book, task: &Task| matches!(task, Task::Issue(..));
    let error = house.tools(&mail).work_on(&numbering, &mut |_, _| {}).unwrap_err();
    assert_eq!(refused(&error), "series-full");
    let book = &house.ledger.now().book;
    assert!(matches!(book.runs[&RUN], InvoiceRun::Approved(..)));
    assert_eq!(book.series[&series].last_number, number);
}

#[test]
fn a_run_that_cannot_be_numbered_keeps_no_other_back() {
    let house = House::with_contacts();
    let other = InvoiceRunId(nth(6_999));
    let mut planned = house.ledger.now().book.runs[&RUN].planned().unwrap().clone();
    let plan = Arc::make_mut(&mut planned.plan);
    plan.issuer.number = None;
    plan.invoices = vec![invoices::planned(990, vec![invoices::line(99, 1_000)])];
    let on = planned.on;
    let planned = Planned { run: other, plan: planned.plan, planned_by: None, on };
    let began = [
        InvoiceRunEvent::Planned(Box::new(planned)),
        InvoiceRunEvent::Approved(Approved { role: "økonomisjef".to_owned(), person: PersonId(nth(1)), on }),
        InvoiceRunEvent::NumberingBegun(NumberingBegun { on }),
    ];
    let begin = Wish::InvoiceRun(other, InvoiceRunCommand::BeginNumbering { on });
    already_written(&house, &begin, began.map(Event::InvoiceRun).to_vec());
    let mail = MemoryTransport::default();
    let error = house.work(&mail).unwrap_err();
    assert!(matches!(error, WorkError::NoSeries { .. }), "{error}");
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
}
