use std::sync::{Arc, Mutex};

use super::*;

use crate::clock::noon;
use crate::domain::party::{PartyEvent, PartyKind};
use crate::domain::testing::day;
use crate::domain::testing::facts::{Fact, municipality, named, organisation_number, party, registered};
use crate::store::memory::MemoryStore;
use crate::store::testing::BeforeAppends;

pub(crate) fn envelope(number: u128) -> Envelope {
    Envelope {
        command_id: Uuid::from_u128(number),
        actor: "county-library".to_owned(),
        recorded_at: noon(day("2023-01-02")),
        correlation_id: Uuid::from_u128(number),
        causation_id: None,
    }
}

/// A log of facts, all recorded at noon on 2 January 2023.
pub(crate) fn store_of(facts: impl IntoIterator<Item = Fact>) -> MemoryStore {
    let store = MemoryStore::default();
    for (number, (id, event)) in (1_000_000..).zip(facts) {
        record(&store, id, &event, &envelope(number));
    }
    store
}

pub(crate) fn record(store: &dyn EventStore, id: Uuid, event: &Event, envelope: &Envelope) {
    let events = new_events(std::slice::from_ref(event), envelope, None).unwrap();
    store.append(&stream_name(event.kind(), id), Expected::Any, events).unwrap();
}

/// Carries wishes out in a book alone.
#[track_caller]
pub(crate) fn carried_out(book: &mut Book, wishes: &[Wish]) {
    for wish in wishes {
        wish.carry_out_in(book).unwrap_or_else(|rejected| panic!("{rejected}: {wish:?}"));
    }
}

fn register(number: u128) -> Wish {
    Wish::Party(
        party(number),
        PartyCommand::Register {
            party: party(number),
            kind: PartyKind::Municipality,
            organisation_number: Some(organisation_number(number)),
            vat_compensated: true,
        },
    )
}

fn name(number: u128, from: &str) -> Wish {
    let Event::Party(PartyEvent::Named(named)) = named(number, "Kommunen").1 else { panic!() };
    Wish::Party(party(number), PartyCommand::Name { names: named.names, from: day(from) })
}

fn all(wishes: Vec<Wish>) -> Vec<(Wish, Envelope)> {
    (1..).zip(wishes).map(|(number, wish)| (wish, envelope(number))).collect()
}

fn count(store: &dyn EventStore) -> u64 {
    store.head().unwrap().map_or(0, |head| head.0)
}

/// A log in which others write just before the next append.
fn contended_by(others: Vec<Fact>) -> BeforeAppends {
    let (log, others) = (Arc::new(MemoryStore::default()), Mutex::new(others));
    let written = Arc::clone(&log);
    BeforeAppends::of(log, move |_| {
        let other = others.lock().unwrap().pop();
        if let Some((id, event)) = other {
            record(written.as_ref(), id, &event, &envelope(9_999_999));
        }
        Ok(())
    })
}

#[test]
fn many_wishes_of_the_same_and_other_streams_are_carried_out_in_order() {
    let store = MemoryStore::default();
    let wishes = all(vec![register(1), name(1, "2020-01-01"), register(2), name(1, "2024-01-01")]);
    assert_eq!(handle_all(&store, &wishes).unwrap().count, 4);
    let versions: Vec<u64> = store.read_all(None, 10).unwrap().iter().map(|recorded| recorded.version).collect();
    assert_eq!(versions, [0, 1, 0, 2]);
    assert_eq!(handle_all(&store, &wishes).unwrap().count, 0, "again they are fulfilled");
}

#[test]
fn where_one_of_many_is_rejected_nothing_is_written() {
    let store = MemoryStore::default();
    let refused = handle_all(&store, &all(vec![register(1), name(2, "2020-01-01")])).unwrap_err();
    assert!(
        matches!(&refused, HandleError::Rejected(rejected) if rejected.code() == "party-party-not-registered" || rejected.code() == "party-not-registered"),
        "{refused}"
    );
    assert_eq!(count(&store), 0);
}

#[test]
fn where_another_writer_is_faster_the_first_of_many_are_written_and_the_error_says_so() {
    // The other writes to the second stream before the first append.
    let store = contended_by(vec![registered(2, PartyKind::Municipality, Some(organisation_number(2)))]);
    let failed = handle_all(&store, &all(vec![register(1), register(2), register(3)])).unwrap_err();
    assert!(matches!(failed, HandleError::Append(AppendError::WrongExpectedVersion { .. })), "{failed}");
    assert_eq!(handle_all(&store, &all(vec![register(1), register(2), register(3)])).unwrap().count, 0);
    assert_eq!(count(&store), 3);
}

#[test]
fn a_conflict_is_decided_anew() {
    let store = contended_by(municipality(1, 1_000)[..1].to_vec());
    let handled = handle(&store, &register(1), &envelope(1), None).unwrap();
    assert_eq!((handled.position, handled.version), (None, Some(0)), "the other had fulfilled it");
    let handled = handle(&store, &name(1, "2020-01-01"), &envelope(2), Some(0)).unwrap();
    assert_eq!(handled.version, Some(1));
    let changed = handle(&store, &name(1, "2024-01-01"), &envelope(3), Some(0)).unwrap_err();
    assert!(changed.to_string().contains("you saw version 0, it is at 1"), "{changed}");
}

/// 357 municipalities that share ten costs.
fn all_municipalities() -> Vec<Fact> {
    use crate::domain::testing::facts::{
        BY_KEY, HALVES, adopted, assessed, committed, contracted, cost, county, opened, proposed, resold,
    };
    let municipalities = (1_000..1_357).flat_map(|number| {
        let mut facts = municipality(number, i64::try_from(number).unwrap());
        facts.push(committed(number));
        facts
    });
    let costs = (1..=10).flat_map(|number| [cost(number, 2023, BY_KEY), assessed(number, contracted(1_000_003))]);
    let shared = [opened(false), resold(), proposed(HALVES), adopted(HALVES, "2022-01-01")];
    county().into_iter().chain(municipalities).chain(shared).chain(costs).collect()
}

#[test]
fn a_plan_of_357_municipalities_with_ten_lines_each_is_one_append_and_read_back_whole() {
    use crate::domain::invoice_run::InvoicePer;
    use crate::domain::testing::facts::PROCUREMENT;
    use crate::process::invoice_plan::{Wanted, plan};
    let wanted = Wanted {
        procurement: PROCUREMENT,
        issuer: party(54),
        covers: crate::domain::calendar::Period::year(2023),
        one_per: InvoicePer::Payer,
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-11-15"),
        due_date: day("2023-12-15"),
    };
    let mut book = Book::of(all_municipalities());
    let run = InvoiceRunId(Uuid::from_u128(7_000));
    let plan = plan(&book, run.0, &wanted, &crate::render::NorwegianWording, &|_| true, &crate::ids::derived).unwrap();
    assert_eq!((plan.invoices.len(), plan.invoices[356].lines.len()), (357, 10));
    let command = InvoiceRunCommand::Plan { run, plan: plan.clone(), planned_by: None, on: day("2023-11-01") };
    let wish = Wish::InvoiceRun(run, command);
    let store = MemoryStore::default();
    let handled = handle(&store, &wish, &envelope(1), None).unwrap();
    assert!(handled.events.len() > 5, "in {} parts", handled.events.len());
    assert_eq!(handle(&store, &wish, &envelope(2), None).unwrap().events, [], "planned again it is the same");
    for event in handled.events {
        book.apply(run.0, &event);
    }
    assert_eq!(book.runs[&run].planned().unwrap().plan.as_ref(), &plan);
}
