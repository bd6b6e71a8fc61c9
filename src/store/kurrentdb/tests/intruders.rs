//! Somebody else writes into the streams of the log.

use std::sync::atomic::{AtomicBool, Ordering};

use super::log::of_the_system;
use super::server::Hold;
use super::*;
use crate::ledger::with_sources;
use crate::store::home::Home;

fn intrude(server: &TestServer, into: &str, number: u64) {
    server.node.log.lock().unwrap().write(&format!("grenselos-{into}"), foreign(number));
}

fn event_of(at: &str, version: u64) -> Stranger {
    Stranger::Event { stream: stream(at), version }
}

#[test]
fn what_others_write_into_a_stream_is_named_and_nothing_more_is_written_to_it() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1, 2])).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([3])).unwrap();
    intrude(&server, "a", 98);
    let later = opened(&server);
    for store in [&store, &later] {
        // Readers go on, and so does the rest of the log.
        assert_eq!(ids_of(store), [1, 2, 3].map(|number| event(number).id));
        let page = store.read_stream(&stream("a"), 0, 10).unwrap();
        assert_eq!((page.events.len(), page.is_last), (2, true));
        assert_eq!(store.strangers(), [event_of("a", 2)]);
        let before = server.node.append_count();
        for expected in [Expected::Exact(1), Expected::Exact(2), Expected::Any] {
            let refused = store.append(&stream("a"), expected, events([4])).unwrap_err();
            assert_eq!(
                refused.to_string(),
                "the cluster holds at version 2 of a what this program did not write, so nothing more is written to that stream; \
                 let nobody else write below the prefix, and move the log to a new place, which leaves that behind"
            );
        }
        assert_eq!(server.node.append_count(), before, "the cluster is not asked");
    }
    store.append(&stream("b"), Expected::Exact(0), events([5])).unwrap();
    // Where nothing of ours was, nothing can be begun either.
    intrude(&server, "c", 99);
    let refused = store.append(&stream("c"), Expected::NoStream, events([6])).unwrap_err();
    assert!(matches!(refused, AppendError::Intruded { version: 0, .. }), "{refused}");
    assert_eq!(store.strangers(), [Stranger::Stream("grenselos-c".to_owned()), event_of("a", 2)]);
}

#[test]
fn what_is_written_into_a_stream_between_a_look_and_an_append_is_seen() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    server.node.hold(Hold::Appends("-a", 0));
    std::thread::scope(|scope| {
        let written = scope.spawn(|| store.append(&stream("a"), Expected::Exact(0), events([2])));
        wait_until_held(&server);
        intrude(&server, "a", 98);
        server.node.let_go();
        let refused = written.join().unwrap().unwrap_err();
        assert!(matches!(refused, AppendError::Intruded { version: 1, .. }), "{refused}");
    });
    assert_eq!(ids_of(&store), [event(1).id]);
}

#[test]
fn a_log_that_others_wrote_into_verifies_and_is_moved_without_that() {
    let places = Places::new();
    let Places { server, another, here, .. } = &places;
    let store = opened(server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    intrude(server, "a", 98);
    let home = Home::open(&here.data.log_place().unwrap(), Access::Read).unwrap();
    assert_eq!(home.verify(&mut |_, _| {}).unwrap().count, 1);
    assert_eq!(home.strangers(), [event_of("a", 1)]);
    assert_eq!(home.first_behind_the_end().unwrap(), None);
    let to = opened(another);
    assert_eq!(relocate(&store, &to, &mut || Ok(()), &mut |_, _| {}).unwrap().compared_count, 1);
    assert_eq!(to.strangers(), []);
    to.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
}

#[test]
fn what_is_ours_and_stands_behind_what_others_wrote_is_named() {
    let (server, another) = (TestServer::start(), TestServer::start());
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    intrude(&server, "a", 98);
    // As an older version might have written it.
    let packed = envelope::packed(&event(2), "grenselos-").unwrap();
    let address = Address::new(&server.url(), "grenselos-").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = eventstore::Client::new(address.settings().clone()).unwrap();
        client.append_to_stream("grenselos-a", &eventstore::AppendToStreamOptions::default(), packed).await.unwrap();
    });
    store.append(&stream("b"), Expected::NoStream, events([3])).unwrap();
    let said = "event 2 is damaged: it stands in a behind what this program did not write, at version 1 of that stream";
    let damaged = store.read_all(Some(Position(1)), 10).unwrap_err();
    assert!(with_sources(&damaged).starts_with(said), "{damaged}");
    assert_eq!(store.read_all(Some(Position(2)), 10).unwrap().len(), 1);
    assert_eq!(store.read_stream(&stream("a"), 0, 10).unwrap().events.len(), 1);
    let damaged = store.read_stream(&stream("a"), 1, 10).unwrap_err();
    assert!(with_sources(&damaged).starts_with(said), "{damaged}");
    let to = opened(&another);
    let not_moved = relocate(&store, &to, &mut || Ok(()), &mut |_, _| {}).unwrap_err();
    assert!(with_sources(&not_moved).contains(said), "{not_moved}");
    assert_eq!(to.head().unwrap(), None, "nothing is half written");
}

#[test]
fn a_command_on_a_stream_that_others_wrote_into_is_refused_and_the_book_is_still_read() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    intrude(&server, &format!("party-{}", nth(54)), 98);
    app.follow().unwrap();
    assert_eq!(app.ledger.now().damaged, []);
    let change = Wish::Party(PartyId(nth(54)), PartyCommand::SetBuyerReference { reference: "BIB-1".to_owned() });
    let refused = app.ledger.carry_out(&change, &app.envelope(nth(2), "test"), None).unwrap_err();
    assert!(
        with_sources(&refused).contains("what this program did not write, so nothing more is written"),
        "{refused}"
    );
    let neighbour = Wish::Party(PartyId(nth(55)), registration(55));
    app.ledger.carry_out(&neighbour, &app.envelope(nth(3), "test"), None).unwrap();
}

#[test]
fn an_event_that_the_cluster_itself_writes_into_a_stream_counts_in_it_as_well() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    server.node.log.lock().unwrap().write("grenselos-a", of_the_system("$>", 98));
    let refused = store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap_err();
    assert!(matches!(refused, AppendError::Intruded { version: 1, .. }), "{refused}");
    // What is written already is said to be so.
    assert!(store.append(&stream("a"), Expected::NoStream, events([1])).unwrap().already_committed);
}

#[test]
fn a_look_ends_although_others_write_beside_the_log_without_a_pause() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 100.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                server.node.log.lock().unwrap().write("orders", foreign(number));
                std::thread::yield_now();
            }
        });
        let head = store.head();
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(head.unwrap(), Some(Position(1)));
    });
}

#[test]
fn more_streams_of_others_than_are_remembered_are_said_and_the_log_goes_on() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    for number in 0..=STREAMS_OF_OTHERS_MAX {
        intrude(&server, &format!("others-{number}"), 10_000);
    }
    intrude(&server, "a", 98);
    store.head().unwrap();
    let said = store.strangers();
    assert_eq!(said.last(), Some(&Stranger::More { remembered_max: STREAMS_OF_OTHERS_MAX }), "{said:?}");
    assert!(said.contains(&event_of("a", 1)), "what is ours is always known: {said:?}");
    store.append(&stream("b"), Expected::NoStream, events([2])).unwrap();
    let begin = |number: usize| {
        let at = stream(&format!("others-{number}"));
        store.append(&at, Expected::NoStream, events([3])).unwrap_err()
    };
    let known = begin(0);
    assert!(matches!(known, AppendError::Intruded { version: 0, .. }), "{known}");
    let forgotten = begin(STREAMS_OF_OTHERS_MAX);
    assert!(matches!(forgotten, AppendError::Refused { .. }), "{forgotten}");
    let said = with_sources(&forgotten);
    assert!(said.contains("let nobody else write there, and move the log to a new place"), "{said}");
    assert_eq!(store.head().unwrap(), Some(Position(2)), "nothing of it is written");
}
