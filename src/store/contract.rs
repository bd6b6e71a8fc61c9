//! What every home of the port promises. A home runs all of it with one line: `every_home!(make)`, where `make` yields
//! an empty store in an `Arc` and something to hold while it is used.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::testing::{event, events, stream};
use super::{
    APPEND_BYTES_MAX, APPEND_EVENTS_MAX, Append, AppendError, EVENT_BYTES_MAX, EventStore, Expected,
    NAME_CHARACTERS_MAX, NewEvent, PAGE_EVENTS_MAX, Position, ReadError, Recorded, StreamName, StreamNameError,
    StreamPage,
};

macro_rules! every_home {
    ($make:expr) => {
        $crate::store::contract::every_home! { $make;
            appended_events_are_read_back_as_they_were
            versions_count_each_stream_and_positions_the_whole_log
            an_append_at_another_version_than_expected_writes_nothing
            each_expectation_admits_what_it_says
            a_repeated_append_is_harmless_and_says_where_it_stands
            a_repetition_may_carry_a_later_time_and_another_expectation
            an_id_is_never_given_to_other_content
            an_id_is_never_given_to_another_stream
            a_partly_repeated_append_writes_nothing
            an_append_writes_all_or_nothing
            appends_that_belong_together_are_written_all_or_none
            an_append_without_events_is_refused
            what_is_too_large_is_refused_by_name
            pages_are_exclusive_and_bounded_and_only_an_empty_one_is_the_end
            streams_are_read_from_a_version_on
            an_empty_store_has_no_head
            a_replay_shows_everything_after_a_position_in_order
            a_visitor_that_refuses_ends_the_replay_at_that_position
            positions_have_no_gaps_under_many_writers
            of_many_writers_at_one_version_exactly_one_wins
            a_follower_is_woken_by_an_append
            a_follower_does_not_wait_for_what_is_there_and_gives_up_otherwise
        }
    };
    ($make:expr; $($name:ident)*) => {
        $(#[test]
        fn $name() {
            let (store, _held) = $make();
            let store: std::sync::Arc<dyn $crate::store::EventStore> = store;
            $crate::store::contract::$name(&store);
        })*
    };
}
pub(crate) use every_home;

type Store = Arc<dyn EventStore>;

fn all(store: &Store) -> Vec<Recorded> {
    store.read_all(None, PAGE_EVENTS_MAX).unwrap()
}

fn numbers(page: &[Recorded]) -> Vec<u64> {
    page.iter().map(|event| event.position.0).collect()
}

pub(crate) fn appended_events_are_read_back_as_they_were(store: &Store) {
    let recorded_at: DateTime<Utc> = "2023-06-01T12:30:00.123456789Z".parse().unwrap();
    let new = NewEvent {
        id: Uuid::from_u128(7),
        event_type: "agreement.signed".into(),
        schema_version: 65_535,
        recorded_at,
        data: r#"{"name":"Kárášjohka"}"#.into(),
        metadata: vec![],
    };
    store.append(&stream("agreement-1"), Expected::NoStream, vec![new.clone()]).unwrap();
    let read = all(store).remove(0);
    let expected = Recorded {
        position: Position(1),
        stream: stream("agreement-1"),
        version: 0,
        id: new.id,
        event_type: "agreement.signed".into(),
        schema_version: 65_535,
        recorded_at: "2023-06-01T12:30:00.123456Z".parse().unwrap(),
        data: Some(new.data),
        metadata: vec![],
    };
    assert_eq!(read, expected);
    assert_eq!(store.read_stream(&stream("agreement-1"), 0, 10).unwrap().events, [expected]);
}

pub(crate) fn versions_count_each_stream_and_positions_the_whole_log(store: &Store) {
    let first = store.append(&stream("a"), Expected::NoStream, events(1..=2)).unwrap();
    let second = store.append(&stream("b"), Expected::NoStream, events([3])).unwrap();
    let third = store.append(&stream("a"), Expected::Exact(1), events(4..=6)).unwrap();
    assert_eq!((first.first_position, first.last_position, first.version), (Position(1), Position(2), 1));
    assert_eq!((second.first_position, second.last_position, second.version), (Position(3), Position(3), 0));
    assert_eq!((third.first_position, third.last_position, third.version), (Position(4), Position(6), 4));
    assert_eq!(store.head().unwrap(), Some(Position(6)));
    let versions: Vec<u64> =
        store.read_stream(&stream("a"), 0, 10).unwrap().events.iter().map(|event| event.version).collect();
    assert_eq!(versions, [0, 1, 2, 3, 4]);
    assert_eq!(numbers(&all(store)), [1, 2, 3, 4, 5, 6]);
}

pub(crate) fn an_append_at_another_version_than_expected_writes_nothing(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events(1..=2)).unwrap();
    let refusal = store.append(&stream("a"), Expected::Exact(0), events([3])).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "a was expected at version 0, but it stands at version 1; load it again and decide again"
    );
    assert!(matches!(refusal, AppendError::WrongExpectedVersion { expected: Expected::Exact(0), actual: Some(1), .. }));
    assert_eq!(store.head().unwrap(), Some(Position(2)));
}

pub(crate) fn each_expectation_admits_what_it_says(store: &Store) {
    let wrong = |expected, number| {
        let refusal = store.append(&stream("a"), expected, events([number])).unwrap_err();
        assert!(matches!(refusal, AppendError::WrongExpectedVersion { .. }), "{expected:?}: {refusal}");
    };
    let right = |expected, number| {
        store.append(&stream("a"), expected, events([number])).unwrap();
    };
    wrong(Expected::Exists, 1);
    wrong(Expected::Exact(0), 1);
    right(Expected::NoStream, 1);
    wrong(Expected::NoStream, 2);
    wrong(Expected::Exact(1), 2);
    right(Expected::Exact(0), 2);
    right(Expected::Exists, 3);
    right(Expected::Any, 4);
    store.append(&stream("b"), Expected::Any, events([5])).unwrap();
    assert_eq!(numbers(&all(store)), [1, 2, 3, 4, 5]);
}

pub(crate) fn a_repeated_append_is_harmless_and_says_where_it_stands(store: &Store) {
    store.append(&stream("b"), Expected::NoStream, events([9])).unwrap();
    let first = store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    store.append(&stream("a"), Expected::Exact(2), events([4])).unwrap();
    let again = store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    assert!(!first.already_committed && again.already_committed);
    assert_eq!(
        (again.first_position, again.last_position, again.version),
        (first.first_position, first.last_position, first.version)
    );
    assert_eq!(store.head().unwrap(), Some(Position(5)));
}

pub(crate) fn a_repetition_may_carry_a_later_time_and_another_expectation(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let later = NewEvent { recorded_at: DateTime::UNIX_EPOCH, metadata: br#"{"actor":"later"}"#.to_vec(), ..event(1) };
    let again = store.append(&stream("a"), Expected::Exact(77), vec![later]).unwrap();
    assert!(again.already_committed);
    assert_eq!(all(store)[0].recorded_at, event(1).recorded_at);
}

pub(crate) fn an_id_is_never_given_to_other_content(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let changed = [
        NewEvent { data: b"{}".to_vec(), ..event(1) },
        NewEvent { schema_version: 2, ..event(1) },
        NewEvent { event_type: "other".into(), ..event(1) },
    ];
    for other in changed {
        let refusal = store.append(&stream("a"), Expected::Any, vec![other]).unwrap_err();
        assert!(matches!(refusal, AppendError::IdReusedWithOtherContent { id } if id == event(1).id), "{refusal}");
    }
    assert_eq!(store.head().unwrap(), Some(Position(1)));
}

pub(crate) fn an_id_is_never_given_to_another_stream(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([2])).unwrap();
    for other in ["b", "c"] {
        let refusal = store.append(&stream(other), Expected::Any, events([1])).unwrap_err();
        assert!(matches!(refusal, AppendError::IdReusedWithOtherContent { id } if id == event(1).id), "{refusal}");
    }
    let refusal = store.append(&stream("d"), Expected::NoStream, events([3, 3])).unwrap_err();
    assert!(matches!(refusal, AppendError::IdReusedWithOtherContent { id } if id == event(3).id), "{refusal}");
    assert_eq!(store.head().unwrap(), Some(Position(2)));
}

pub(crate) fn a_partly_repeated_append_writes_nothing(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events(1..=2)).unwrap();
    for partly in [vec![2, 3], vec![0, 1], vec![2, 1]] {
        let refusal = store.append(&stream("a"), Expected::Any, events(partly)).unwrap_err();
        assert!(matches!(refusal, AppendError::IdReusedWithOtherContent { .. }), "{refusal}");
    }
    assert_eq!(store.head().unwrap(), Some(Position(2)));
}

pub(crate) fn an_append_writes_all_or_nothing(store: &Store) {
    store.append(&stream("b"), Expected::NoStream, events([5])).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1, 2, 5])).unwrap_err();
    assert!(store.read_stream(&stream("a"), 0, 10).unwrap().events.is_empty());
    let later = store.append(&stream("a"), Expected::NoStream, events([1, 2])).unwrap();
    assert_eq!(later.first_position, Position(2));
}

pub(crate) fn appends_that_belong_together_are_written_all_or_none(store: &Store) {
    if !store.capabilities().together {
        return;
    }
    let append = |name: &str, expected, numbers: std::ops::RangeInclusive<u64>| Append {
        stream: stream(name),
        expected,
        events: events(numbers),
    };
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let refused = store.append_together(vec![
        append("a", Expected::Exact(0), 2..=3),
        append("b", Expected::NoStream, 4..=5),
        append("a", Expected::Exact(2), 6..=6),
        append("b", Expected::NoStream, 7..=7),
    ]);
    assert!(matches!(refused, Err(AppendError::WrongExpectedVersion { .. })), "{refused:?}");
    assert_eq!(numbers(&all(store)), [1], "those before the one that is refused are undone");
    let written = store
        .append_together(vec![append("a", Expected::Exact(0), 2..=3), append("b", Expected::NoStream, 4..=5)])
        .unwrap();
    assert_eq!(written.iter().map(|appended| appended.last_position.0).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(numbers(&all(store)), [1, 2, 3, 4, 5]);
    let again = store.append_together(vec![append("a", Expected::Exact(0), 2..=3)]).unwrap();
    assert!(again[0].already_committed);
    assert_eq!(store.append(&stream("b"), Expected::Exact(1), events([7])).unwrap().first_position, Position(6));
}

pub(crate) fn an_append_without_events_is_refused(store: &Store) {
    let refusal = store.append(&stream("a"), Expected::Any, vec![]).unwrap_err();
    assert_eq!(refusal.to_string(), "the append to a holds no events; append at least one");
}

pub(crate) fn what_is_too_large_is_refused_by_name(store: &Store) {
    let text = |size_bytes: usize| format!("\"{}\"", "a".repeat(size_bytes - 2)).into_bytes();
    let sized = |number, size_bytes| NewEvent { data: text(size_bytes), metadata: vec![], ..event(number) };
    let refuse = |appended: Vec<NewEvent>, expected: &str| {
        let refusal = store.append(&stream("a"), Expected::Any, appended).unwrap_err();
        assert_eq!(refusal.to_string(), expected);
    };
    refuse(
        events(1..=APPEND_EVENTS_MAX as u64 + 1),
        "the number of events of the append to a comes to 1001, and the limit is 1000; make it smaller",
    );
    refuse(
        vec![event(1), sized(2, EVENT_BYTES_MAX + 1)],
        "the size in bytes of an event of the append to a comes to 1048577, and the limit is 1048576; make it smaller",
    );
    refuse(
        (1..=5).map(|number| sized(number, EVENT_BYTES_MAX)).collect(),
        "the size in bytes of the append to a comes to 5242880, and the limit is 4194304; make it smaller",
    );
    refuse(
        vec![NewEvent { event_type: "t".repeat(NAME_CHARACTERS_MAX + 1).into(), ..event(1) }],
        "the length in bytes of an event type of the append to a comes to 201, and the limit is 200; make it smaller",
    );
    assert_eq!(store.head().unwrap(), None);
    let largest = (1..=4).map(|number| sized(number, APPEND_BYTES_MAX / 4)).collect();
    store.append(&stream("a"), Expected::NoStream, largest).unwrap();
    store.append(&stream("b"), Expected::NoStream, events(11..11 + APPEND_EVENTS_MAX as u64)).unwrap();
    assert_eq!(store.head().unwrap(), Some(Position(1_004)));
}

pub(crate) fn pages_are_exclusive_and_bounded_and_only_an_empty_one_is_the_end(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events(1..=7)).unwrap();
    let page = |after, max| numbers(&store.read_all(after, max).unwrap());
    assert_eq!(page(None, 3), [1, 2, 3]);
    assert_eq!(page(Some(Position(3)), 3), [4, 5, 6]);
    assert_eq!(page(Some(Position(6)), 3), [7]);
    assert!(page(Some(Position(7)), 3).is_empty());
    assert!(page(Some(Position(u64::MAX)), 3).is_empty());
    assert!(page(None, 0).is_empty());
    assert_eq!(page(None, usize::MAX), [1, 2, 3, 4, 5, 6, 7]);
}

pub(crate) fn streams_are_read_from_a_version_on(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([4])).unwrap();
    store.append(&stream("a"), Expected::Exact(2), events([5])).unwrap();
    let page = |from, max| numbers(&store.read_stream(&stream("a"), from, max).unwrap().events);
    assert_eq!(page(0, 2), [1, 2]);
    assert_eq!(page(2, 10), [3, 5]);
    assert!(page(4, 10).is_empty());
    assert!(page(u64::MAX, 10).is_empty());
    assert_eq!(
        store.read_stream(&stream("unknown"), 0, 10).unwrap(),
        StreamPage { events: vec![], is_last: true },
        "nothing is the last page"
    );
    let is_last = |from, max| store.read_stream(&stream("a"), from, max).unwrap().is_last;
    assert!(is_last(0, 5) && is_last(4, 1));
    assert!(!is_last(0, 3) && !is_last(1, 2));
}

pub(crate) fn an_empty_store_has_no_head(store: &Store) {
    assert_eq!(store.head().unwrap(), None);
    assert!(all(store).is_empty());
    assert_eq!(store.replay(None, &mut |_| panic!("there is nothing to show")).unwrap(), None);
}

pub(crate) fn a_replay_shows_everything_after_a_position_in_order(store: &Store) {
    for start in (0..11_000).step_by(1_000) {
        store.append(&stream("a"), Expected::Any, events(start..start + 1_000)).unwrap();
    }
    let mut shown = Vec::new();
    let mut visit = |event: super::RawEvent<'_>| {
        shown.push(event.to_recorded());
        Ok(())
    };
    assert_eq!(store.replay(Some(Position(500)), &mut visit).unwrap(), Some(Position(11_000)));
    let first = store.read_all(Some(Position(500)), PAGE_EVENTS_MAX).unwrap();
    let second = store.read_all(Some(Position(10_500)), PAGE_EVENTS_MAX).unwrap();
    assert!(shown == [first, second].concat());
    assert_eq!(
        store.replay(Some(Position(11_000)), &mut |_| panic!("there is nothing to show")).unwrap(),
        Some(Position(11_000))
    );
}

pub(crate) fn a_visitor_that_refuses_ends_the_replay_at_that_position(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    let mut shown = 0;
    let end = store.replay(None, &mut |event| {
        shown += 1;
        if event.position == Position(2) { Err("unknown type".into()) } else { Ok(()) }
    });
    assert!(matches!(end, Err(ReadError::Visit { position: Position(2), .. })));
    assert_eq!(shown, 2);
}

pub(crate) fn positions_have_no_gaps_under_many_writers(store: &Store) {
    std::thread::scope(|scope| {
        for writer in 0..8 {
            scope.spawn(move || {
                let own = stream(&format!("own-{writer}"));
                for number in 0..25 {
                    let id = writer * 1_000 + number * 2;
                    store.append(&own, Expected::Any, events(id..id + 2)).unwrap();
                    // Refusals among them leave no gap either.
                    store.append(&own, Expected::NoStream, events([999_000 + writer])).unwrap_err();
                }
            });
        }
    });
    assert_eq!(numbers(&all(store)), (1..=400).collect::<Vec<u64>>());
    for writer in 0..8 {
        let own = store.read_stream(&stream(&format!("own-{writer}")), 0, 100).unwrap().events;
        let ids: Vec<Uuid> = own.iter().map(|event| event.id).collect();
        let expected: Vec<Uuid> = (0..50).map(|number| event(writer * 1_000 + number).id).collect();
        assert_eq!(ids, expected);
    }
}

pub(crate) fn of_many_writers_at_one_version_exactly_one_wins(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events([0])).unwrap();
    let winners: usize = std::thread::scope(|scope| {
        let write = |number| move || store.append(&stream("a"), Expected::Exact(0), events([number])).is_ok();
        let writers: Vec<_> = (1..=8).map(|number| scope.spawn(write(number))).collect();
        writers.into_iter().map(|writer| usize::from(writer.join().unwrap())).sum()
    });
    assert_eq!(winners, 1);
    assert_eq!(store.head().unwrap(), Some(Position(2)));
}

pub(crate) fn a_follower_is_woken_by_an_append(store: &Store) {
    let wake = store.wake();
    std::thread::scope(|scope| {
        let follower = scope.spawn(|| wake.wait_past(None, Duration::from_mins(1)));
        store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
        assert!(follower.join().unwrap());
    });
}

pub(crate) fn a_follower_does_not_wait_for_what_is_there_and_gives_up_otherwise(store: &Store) {
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert!(store.wake().wait_past(None, Duration::ZERO));
    assert!(!store.wake().wait_past(Some(Position(1)), Duration::ZERO));
}

#[test]
fn the_name_of_a_stream_is_checked() {
    let name = "agreement-0f3e_2";
    assert_eq!(name.parse::<StreamName>().unwrap().to_string(), name);
    assert_eq!(StreamName::new(""), Err(StreamNameError::Empty));
    assert_eq!(StreamName::new("Avtale"), Err(StreamNameError::Character { character: 'A' }));
    assert_eq!(StreamName::new("bjørn"), Err(StreamNameError::Character { character: 'ø' }));
    assert_eq!(StreamName::new("$all"), Err(StreamNameError::Character { character: '$' }));
    assert!(StreamName::new(&"a".repeat(200)).is_ok());
    assert_eq!(StreamName::new(&"a".repeat(201)), Err(StreamNameError::TooLong { characters: 201 }));
}
