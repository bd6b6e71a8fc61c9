use super::*;
use crate::domain::party::PartyCommand;
use crate::domain::testing::day;
use crate::domain::testing::facts::{Fact, INHABITANTS, counted, municipality, party};
use crate::handle::tests::{envelope, record, store_of};
use crate::store::{Expected, NewEvent};

fn at(instant: &str) -> Envelope {
    Envelope { recorded_at: instant.parse().unwrap(), ..envelope(1) }
}

fn inhabitants(followed: &Followed, number: u128) -> String {
    followed.book.parties[&party(number)].figure_on(INHABITANTS, day("2023-12-31")).unwrap().value.to_string()
}

fn measure(value: i64) -> Wish {
    let command = PartyCommand::Measure {
        measure: INHABITANTS.to_owned(),
        on: day("2023-07-01"),
        value: value.into(),
        source: "SSB".to_owned(),
    };
    Wish::Party(party(1), command)
}

#[test]
fn what_was_known_on_a_day_goes_by_the_day_of_recording_in_norway() {
    let store = store_of(municipality(1, 1_000));
    let (id, event): Fact = counted(1, INHABITANTS, "2023-04-01", 1_010);
    record(&store, id, &event, &at("2023-05-24T22:30:00Z"));
    let ledger = Ledger::open(Arc::new(store)).unwrap();
    assert_eq!(inhabitants(&ledger.as_of(day("2023-05-24")).unwrap(), 1), "1000");
    assert_eq!(inhabitants(&ledger.as_of(day("2023-05-25")).unwrap(), 1), "1010");
    assert!(ledger.as_of(day("2023-01-01")).unwrap().book.parties.is_empty());
    assert_eq!(inhabitants(&ledger.now(), 1), "1010");
}

#[test]
fn what_is_carried_out_is_known_at_once_and_what_others_write_after_catching_up() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    ledger.carry_out(&measure(1_020), &envelope(1), None).unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1020");
    let (id, event) = counted(1, INHABITANTS, "2023-10-01", 1_030);
    record(store.as_ref(), id, &event, &envelope(2));
    assert_eq!(inhabitants(&ledger.now(), 1), "1020");
    ledger.catch_up().unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1030");
    assert_eq!(ledger.history(StreamKind::Party, id).unwrap().len(), 8);
}

#[test]
fn a_damaged_event_leaves_the_rest_readable_and_refuses_writing() {
    let store = store_of(municipality(1, 1_000));
    let foreign = NewEvent {
        id: Uuid::from_u128(77),
        event_type: "party.unheard_of".into(),
        schema_version: 1,
        recorded_at: envelope(1).recorded_at,
        data: b"{}".to_vec(),
        metadata: b"{}".to_vec(),
    };
    store.append(&handle::stream_name(StreamKind::Party, party(1).0), Expected::Any, vec![foreign]).unwrap();
    let (id, event) = counted(2, INHABITANTS, "2023-04-01", 5);
    record(&store, id, &event, &envelope(3));
    let ledger = Ledger::open(Arc::new(store)).unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1000");
    assert_eq!(inhabitants(&ledger.now(), 2), "5", "what comes after it is read");
    assert_eq!(ledger.now().damaged.len(), 1);
    assert_eq!(ledger.now().damaged[0].0, Position(7));
    let refused = ledger.carry_out(&measure(1_020), &envelope(4), None).unwrap_err();
    assert!(refused.to_string().contains("the first is at position 7"), "{refused}");
    assert!(ledger.carry_out_all(&[(measure(1_020), envelope(4))]).is_err());
    assert_eq!(ledger.store().head().unwrap(), Some(Position(8)));
}
