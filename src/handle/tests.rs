use std::sync::Mutex;

use super::*;

use crate::clock::noon;
use crate::domain::party::{PartyEvent, PartyKind};
use crate::domain::testing::day;
use crate::domain::testing::facts::{Fact, municipality, named, organisation_number, party, registered};
use crate::store::memory::MemoryStore;
use crate::store::{Appended, Capabilities, StreamPage, Wake};

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
struct Contended {
    log: MemoryStore,
    others: Mutex<Vec<Fact>>,
}

impl Contended {
    fn by(others: Vec<Fact>) -> Self {
        Self { log: MemoryStore::default(), others: Mutex::new(others) }
    }
}

impl EventStore for Contended {
    fn capabilities(&self) -> Capabilities {
        self.log.capabilities()
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let other = self.others.lock().unwrap().pop();
        if let Some((id, event)) = other {
            record(&self.log, id, &event, &envelope(9_999_999));
        }
        self.log.append(stream, expected, events)
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.log.read_stream(stream, from_version, max)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.log.read_all(after, max)
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.log.head()
    }

    fn wake(&self) -> Wake {
        self.log.wake()
    }
}

#[test]
fn many_wishes_of_the_same_and_other_streams_are_carried_out_in_order() {
    let store = MemoryStore::default();
    let wishes = all(vec![register(1), name(1, "2020-01-01"), register(2), name(1, "2024-01-01")]);
    assert_eq!(handle_all(&store, &wishes).unwrap(), 4);
    let versions: Vec<u64> = store.read_all(None, 10).unwrap().iter().map(|recorded| recorded.version).collect();
    assert_eq!(versions, [0, 1, 0, 2]);
    assert_eq!(handle_all(&store, &wishes).unwrap(), 0, "again they are fulfilled");
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
    let store = Contended::by(vec![registered(2, PartyKind::Municipality, Some(organisation_number(2)))]);
    let failed = handle_all(&store, &all(vec![register(1), register(2), register(3)])).unwrap_err();
    assert!(matches!(failed, HandleError::Append(AppendError::WrongExpectedVersion { .. })), "{failed}");
    assert_eq!(handle_all(&store, &all(vec![register(1), register(2), register(3)])).unwrap(), 0);
    assert_eq!(count(&store), 3);
}

#[test]
fn a_conflict_is_decided_anew() {
    let store = Contended::by(municipality(1, 1_000)[..1].to_vec());
    let handled = handle(&store, &register(1), &envelope(1), None).unwrap();
    assert_eq!((handled.position, handled.version), (None, Some(0)), "the other had fulfilled it");
    let handled = handle(&store, &name(1, "2020-01-01"), &envelope(2), Some(0)).unwrap();
    assert_eq!(handled.version, Some(1));
    let changed = handle(&store, &name(1, "2024-01-01"), &envelope(3), Some(0)).unwrap_err();
    assert!(changed.to_string().contains("you saw version 0, it is at 1"), "{changed}");
}
