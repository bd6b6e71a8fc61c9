//! A worker that is stopped on its way to numbering, and what others do meanwhile.

use super::*;
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
