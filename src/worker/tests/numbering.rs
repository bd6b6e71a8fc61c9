//! A worker that is stopped on its way to numbering, and what others do meanwhile.

use super::*;
use crate::domain::identity::ProcurementId;
use crate::domain::invoice_run::{Approved, InvoicePlan, InvoiceRunEvent, NumberingBegun, Planned, PlannedInvoice};
use crate::domain::procurement::{self, ProcurementEvent};
use crate::domain::series::{Issued, NUMBERS_MAX, SeriesCommand, SeriesEvent};
use crate::domain::testing::invoices;
use crate::handle::tests::record;
use crate::handle::{Envelope, HandleError, stream_name, write_decided};
use crate::process::approval;
use crate::store::testing::BeforeAppends;
use crate::store::{AppendError, EventStore};

/// A run beside that of the house.
const OTHER: InvoiceRunId = InvoiceRunId(Uuid::from_u128(6_999));

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

/// Another instance would give the run up; whether it may.
fn is_discarded_elsewhere(log: &Arc<dyn EventStore>) -> bool {
    let ledger = Ledger::open(Arc::clone(log)).unwrap();
    let discard = {
        let book = &ledger.now().book;
        approval::discard(book, RUN, day("2023-11-16"), &ids::derived)
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
    write_decided(store, &stream_name(kind, id), None, events, &Envelope { command_id: id, ..envelope(600) }, None)
        .unwrap();
    house.ledger.catch_up().unwrap();
}

/// The runs that were not numbered, and the names of the rules that refused.
fn refused(done: &Done) -> Vec<(InvoiceRunId, String)> {
    done.unnumbered.iter().map(|unnumbered| (unnumbered.run, unnumbered.why.code())).collect()
}

#[test]
fn a_run_that_gets_no_kid_is_not_begun_and_can_be_given_up() {
    let mut house = House::with_contacts();
    house.settings.kid.number_digits = 4;
    let done = house.work(&MemoryTransport::default()).unwrap();
    assert_eq!(refused(&done), [(RUN, "series-kid-impossible".to_owned())]);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Approved(..)));
    assert!(is_discarded_elsewhere(house.ledger.store()));
}

/// Another procurement of the same county.
const ARCHIVES: ProcurementId = ProcurementId(Uuid::from_u128(1_001));

/// Its run of so many invoices, of which the numbering was begun.
fn begun_for_another_procurement(house: &House, invoice_count: u128) {
    let Event::Procurement(ProcurementEvent::Opened(first)) = opened(true).1 else { panic!() };
    let opened = procurement::Opened { procurement: ARCHIVES, name: "Felles arkivsystem".to_owned(), ..first };
    let opening = Event::Procurement(ProcurementEvent::Opened(opened));
    record(house.ledger.store().as_ref(), ARCHIVES.0, &opening, &envelope(700));
    let invoices = (0..invoice_count).map(|index| invoices::planned(990 + index, vec![])).collect();
    approved_beside(house, invoices, |plan| plan.procurement = ARCHIVES, &[numbering_begun()]);
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
        begun_for_another_procurement(&house, 1);
        let invoice = invoices::planned(990, vec![]);
        let last_but_one =
            Issued { number: number_before, run: OTHER, issuer, invoice, ..invoices::issued(54, vec![]) };
        let open = Wish::Series(series, SeriesCommand::Open(opened.clone()));
        let issued = [SeriesEvent::Opened(opened), SeriesEvent::Issued(Arc::new(last_but_one))];
        already_written(&house, &open, issued.map(Event::Series).to_vec());
        if !serves_all {
            serve(&mut house, &log, PROCUREMENT);
        }
        assert_eq!(refused(&number_alone(&house)), [(RUN, "series-full".to_owned())], "{serves_all}");
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
        serve(&mut elsewhere, &whole, ARCHIVES);
        // One is about to write its first number, when the other writes all of its own.
        once_before(&mut house, "series.invoice-issued", move || {
            assert_eq!(number_alone(&elsewhere).issued_count as u128, count);
            Ok(())
        });
        let overtaken = Arc::clone(house.ledger.store());
        serve(&mut house, &overtaken, PROCUREMENT);
        let refused = try_to_number_alone(&house);
        assert!(matches!(refused, Err(WorkError::Ledger(LedgerError::Handle(HandleError::Append(_))))));
        assert!(number_alone(&house).issued_count > 0);
        assert_eq!(house.ledger.now().book.invoices.len(), 2, "it knows its own");

        let ledger = Ledger::open(whole).unwrap();
        let mut numbers: Vec<u64> = ledger.now().book.invoices.values().map(|issued| issued.number).collect();
        numbers.sort_unstable();
        let in_all = 2 + u64::try_from(count).unwrap();
        assert_eq!(numbers, (FIRST..FIRST + in_all).collect::<Vec<_>>());
    }
}

/// Another run of the same issuer, planned after that of the house, with what has happened to it since.
fn approved_beside(
    house: &House,
    invoices: Vec<PlannedInvoice>,
    change: impl FnOnce(&mut InvoicePlan),
    since: &[InvoiceRunEvent],
) {
    let mut planned = house.ledger.now().book.runs[&RUN].planned().unwrap().clone();
    let plan = Arc::make_mut(&mut planned.plan);
    plan.invoices = invoices;
    change(plan);
    let on = planned.on;
    let planned = Planned { run: OTHER, plan: planned.plan, planned_by: None, on };
    let approved = Approved { role: "økonomisjef".to_owned(), person: PersonId(nth(1)), on };
    let began = [InvoiceRunEvent::Planned(Box::new(planned)), InvoiceRunEvent::Approved(approved)];
    let happened = began.into_iter().chain(since.iter().cloned()).map(Event::InvoiceRun).collect();
    already_written(house, &Wish::InvoiceRun(OTHER, InvoiceRunCommand::BeginNumbering { on }), happened);
}

fn numbering_begun() -> InvoiceRunEvent {
    InvoiceRunEvent::NumberingBegun(NumberingBegun { on: day("2023-11-15") })
}

/// Invoices to the first municipality, each of an id.
fn invoices_of(ids: &[u128]) -> Vec<PlannedInvoice> {
    ids.iter().map(|id| invoices::planned(*id, vec![invoices::line(99, 1_000)])).collect()
}

/// The numbers of all invoices in the order of the log, each with its run.
fn numbered(house: &House) -> Vec<(InvoiceRunId, u64)> {
    let followed = house.ledger.now();
    let mut numbered: Vec<_> = followed.book.invoices.values().map(|issued| (issued.run, issued.number)).collect();
    numbered.sort_unstable_by_key(|(_, number)| *number);
    numbered
}

fn number_alone(house: &House) -> Done {
    try_to_number_alone(house).unwrap()
}

fn try_to_number_alone(house: &House) -> Result<Done, WorkError> {
    let numbering = |_: &Book, task: &Task| matches!(task, Task::Issue(..));
    house.tools(&MemoryTransport::default()).work_on(&numbering, &mut |_, _| {})
}

#[test]
fn a_run_whose_numbering_has_begun_is_numbered_before_another_of_the_same_series() {
    let house = House::with_contacts();
    approved_beside(&house, invoices_of(&[990]), |_| {}, &[numbering_begun()]);
    assert_eq!(number_alone(&house).issued_count, 3);
    assert_eq!(numbered(&house), [(OTHER, FIRST), (RUN, SECOND), (RUN, SECOND + 1)]);
}

#[test]
fn a_run_that_an_earlier_version_began_to_number_is_numbered_before_another_of_the_same_series() {
    let house = House::with_contacts();
    approved_beside(&house, invoices_of(&[990, 991]), |_| {}, &[]);
    let issuer = house.ledger.now().book.runs[&RUN].planned().unwrap().plan.issuer.clone();
    let (series, opened) = series_of(&issuer, 2023).unwrap();
    let first = Issued { run: OTHER, issuer, invoice: invoices_of(&[990]).remove(0), ..invoices::issued(54, vec![]) };
    let open = Wish::Series(series, SeriesCommand::Open(opened.clone()));
    let issued = [SeriesEvent::Opened(opened), SeriesEvent::Issued(Arc::new(first))];
    already_written(&house, &open, issued.map(Event::Series).to_vec());
    assert_eq!(number_alone(&house).issued_count, 3);
    assert_eq!(numbered(&house), [(OTHER, FIRST), (OTHER, SECOND), (RUN, SECOND + 1), (RUN, SECOND + 2)]);
}

#[test]
fn a_run_that_cannot_be_numbered_keeps_no_other_back() {
    let house = House::with_contacts();
    approved_beside(&house, invoices_of(&[990]), |plan| plan.issuer.number = None, &[numbering_begun()]);
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!((done.issued_count, done.mailed_count), (2, 2));
    assert_eq!(refused(&done), [(OTHER, "invoice-run-issuer-number-missing".to_owned())]);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);

    let fault = done.all_numbered().unwrap_err().to_string();
    let named =
        format!("the run {OTHER} (Felles biblioteksystem, 2023, Fylket) is not numbered: Fylket has no county number");
    assert!(fault.starts_with(&named), "{fault}");
}
