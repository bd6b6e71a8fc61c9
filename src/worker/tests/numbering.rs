//! A worker that is stopped on its way to numbering, and what others do meanwhile.

use chrono::NaiveDate;

use super::*;
use crate::domain::identity::ProcurementId;
use crate::domain::invoice_run::{Approved, InvoicePlan, InvoiceRunEvent, NumberingBegun, Planned};
use crate::domain::procurement::{self, ProcurementEvent};
use crate::domain::series::{Issued, NUMBERS_MAX, SeriesCommand, SeriesEvent};
use crate::domain::testing::invoices;
use crate::handle::tests::record;
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
    write_decided(store, &stream_name(kind, id), None, events, &envelope(id.as_u128()), None).unwrap();
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

/// Numbers what is due, and does nothing else.
fn number(house: &House) -> Result<Done, WorkError> {
    let numbering = |_: &Book, task: &Task| matches!(task, Task::Issue(..));
    house.tools(&MemoryTransport::default()).work_on(&numbering, &mut |_, _| {})
}

/// Another procurement of the same county.
const OTHER: ProcurementId = ProcurementId(Uuid::from_u128(1_001));

/// Its run of so many invoices, of which the numbering was begun.
fn begun_for_another_procurement(house: &House, invoice_count: u128) -> InvoiceRunId {
    let run = InvoiceRunId(nth(6_999));
    let Event::Procurement(ProcurementEvent::Opened(first)) = opened(true).1 else { panic!() };
    let opened = procurement::Opened { procurement: OTHER, name: "Felles arkivsystem".to_owned(), ..first };
    let opening = Event::Procurement(ProcurementEvent::Opened(opened));
    record(house.ledger.store().as_ref(), OTHER.0, &opening, &envelope(700));
    let mut planned = house.ledger.now().book.runs[&RUN].planned().unwrap().clone();
    let plan = Arc::make_mut(&mut planned.plan);
    plan.procurement = OTHER;
    plan.invoices = (0..invoice_count).map(|index| invoices::planned(990 + index, vec![])).collect();
    numbering_begun(house, run, planned.plan, planned.on);
    run
}

fn numbering_begun(house: &House, run: InvoiceRunId, plan: Arc<InvoicePlan>, on: NaiveDate) {
    let planned = Planned { run, plan, planned_by: None, on };
    let began = [
        InvoiceRunEvent::Planned(Box::new(planned)),
        InvoiceRunEvent::Approved(Approved { role: "økonomisjef".to_owned(), person: PersonId(nth(1)), on }),
        InvoiceRunEvent::NumberingBegun(NumberingBegun { on }),
    ];
    let begin = Wish::InvoiceRun(run, InvoiceRunCommand::BeginNumbering { on });
    already_written(house, &begin, began.map(Event::InvoiceRun).to_vec());
}

/// The house serves one procurement of its log from now on.
fn serve(house: &mut House, log: &Arc<dyn EventStore>, procurement: ProcurementId) {
    house.ledger = Ledger::open_for(Arc::clone(log), &[procurement.to_string()]).unwrap();
}

#[test]
fn a_run_that_has_one_number_for_two_invoices_gets_none() {
    for serves_all in [true, false] {
        let mut house = House::with_contacts();
        let log = Arc::clone(house.ledger.store());
        let issuer = house.ledger.now().book.runs[&RUN].planned().unwrap().plan.issuer.clone();
        let (series, opened) = series_of(&issuer, 2023).unwrap();
        let number_before = opened.last_number + NUMBERS_MAX - 1;
        let run = begun_for_another_procurement(&house, 1);
        let invoice = invoices::planned(990, vec![]);
        let last_but_one = Issued { number: number_before, run, issuer, invoice, ..invoices::issued(54, vec![]) };
        let open = Wish::Series(series, SeriesCommand::Open(opened.clone()));
        let issued = [SeriesEvent::Opened(opened), SeriesEvent::Issued(Arc::new(last_but_one))];
        already_written(&house, &open, issued.map(Event::Series).to_vec());
        if !serves_all {
            serve(&mut house, &log, PROCUREMENT);
        }
        assert_eq!(refused(&number(&house).unwrap_err()), "series-full", "{serves_all}");
        let whole = Ledger::open(log).unwrap();
        let book = &whole.now().book;
        assert!(matches!(book.runs[&RUN], InvoiceRun::Approved(..)), "{serves_all}");
        assert_eq!(book.series[&series].last_number, number_before);
    }
}

#[test]
fn instances_of_different_procurements_number_in_one_series_without_a_gap_and_none_twice() {
    for count in 1..=3 {
        let (mut house, mut elsewhere) = (House::with_contacts(), House::with_contacts());
        begun_for_another_procurement(&house, count);
        let whole = Arc::clone(house.ledger.store());
        serve(&mut elsewhere, &whole, OTHER);
        // One is about to write its first number, when the other writes all of its own.
        once_before(&mut house, "series.invoice-issued", move || {
            assert_eq!(number(&elsewhere).unwrap().issued_count as u128, count);
            Ok(())
        });
        let overtaken = Arc::clone(house.ledger.store());
        serve(&mut house, &overtaken, PROCUREMENT);
        assert!(matches!(number(&house), Err(WorkError::Ledger(LedgerError::Handle(HandleError::Append(_))))));
        assert!(number(&house).unwrap().issued_count > 0);
        assert_eq!(house.ledger.now().book.invoices.len(), 2, "it knows its own");

        let ledger = Ledger::open(whole).unwrap();
        let mut numbers: Vec<u64> = ledger.now().book.invoices.values().map(|issued| issued.number).collect();
        numbers.sort_unstable();
        let in_all = 2 + u64::try_from(count).unwrap();
        assert_eq!(numbers, (FIRST..FIRST + in_all).collect::<Vec<_>>());
    }
}

#[test]
fn a_run_that_cannot_be_numbered_keeps_no_other_back() {
    let house = House::with_contacts();
    let mut planned = house.ledger.now().book.runs[&RUN].planned().unwrap().clone();
    let plan = Arc::make_mut(&mut planned.plan);
    plan.issuer.number = None;
    plan.invoices = vec![invoices::planned(990, vec![invoices::line(99, 1_000)])];
    numbering_begun(&house, InvoiceRunId(nth(6_999)), planned.plan, planned.on);
    let mail = MemoryTransport::default();
    let error = house.work(&mail).unwrap_err();
    assert!(matches!(error, WorkError::NoSeries { .. }), "{error}");
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
}
