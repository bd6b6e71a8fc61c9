//! What becomes of the log, and of the program, when the cluster is in trouble or holds what it should not.

use std::net::{SocketAddr, TcpListener};

use super::log::ClusterLog;
use super::server::Hold;
use super::*;
use crate::ledger::with_sources;

/// An address that nobody listens on.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn positions(store: &KurrentStore, after: u64) -> Vec<u64> {
    let after = Some(Position(after));
    store.read_all(after, 100).unwrap().iter().map(|event| event.position.0).collect()
}

#[test]
fn a_leader_that_is_not_there_is_not_waited_for_for_ever() {
    let server = TestServer::start();
    let store = opened(&server);
    server.node.faults.lock().unwrap().push_back(Fault::LeaderAt(closed()));
    let first = store.append(&stream("a"), Expected::NoStream, events([1]));
    let again = store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!((again.version, again.last_position), (0, Position(1)), "after {first:?}");
    assert_eq!(store.head().unwrap(), Some(Position(1)));
}

#[test]
fn a_server_that_comes_again_is_found_again() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    let node = server.stop();
    for _ in 0..3 {
        app.follow().unwrap_err();
        assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))), "reads go on");
    }
    let server = TestServer::again(node);
    app.follow().unwrap();
    opened(&server).append(&stream("a"), Expected::NoStream, events([2])).unwrap();
    assert_eq!(app.ledger.store().head().unwrap(), Some(Position(2)));
}

#[test]
fn the_nodes_that_are_left_of_a_cluster_are_asked() {
    let first = TestServer::start();
    let (second, third) = (first.beside(), first.beside());
    let hosts = [&first, &second, &third].map(|server| server.node.address.to_string()).join(",");
    let url = format!("kurrentdb://{hosts}?tls=false&discoveryInterval=10");
    let store = KurrentStore::open(&Address::new(&url, "grenselos-").unwrap()).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    // The leader dies, and another leads.
    drop(first);
    let second_version = store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
    assert_eq!(second_version.last_position, Position(2));
    drop(second);
    assert_eq!(ids_of(&store), [event(1).id, event(2).id]);
    store.append(&stream("a"), Expected::Exact(1), events([3])).unwrap();
    drop(third);
    let said = with_sources(&store.head().unwrap_err());
    assert!(said.starts_with("the cluster that holds the log did not answer; see that it runs"), "{said}");
}

#[test]
fn without_a_leader_what_is_known_is_still_answered_and_nothing_is_written() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    *server.node.is_led.lock().unwrap() = false;
    let said = with_sources(&app.follow().unwrap_err());
    assert!(said.contains("did not answer; see that it runs, has a leader and takes these credentials"), "{said}");
    app.ledger.carry_out(&wish(), &app.envelope(nth(2), "test"), None).unwrap_err();
    assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))));
    *server.node.is_led.lock().unwrap() = true;
    app.follow().unwrap();
    assert_eq!(app.ledger.store().head().unwrap(), Some(Position(1)));
}

#[test]
fn what_somebody_else_wrote_below_our_prefix_is_named_and_not_counted() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    assert!(app.store.strangers().is_empty());
    for number in [98, 99] {
        server.node.log.lock().unwrap().write("grenselos-x", foreign(number));
    }
    app.follow().unwrap();
    assert_eq!(app.ledger.now().damaged, []);
    assert_eq!(app.store.strangers(), [Stranger::Stream("grenselos-x".to_owned())]);
    // The log goes on.
    let neighbour = Wish::Party(PartyId(nth(55)), registration(55));
    let handled = app.ledger.carry_out(&neighbour, &app.envelope(nth(2), "test"), None).unwrap();
    assert_eq!(handled.position, Some(Position(2)));
    // Also one that starts later comes so far, and counts the same.
    let later = opened(&server);
    assert_eq!(positions(&later, 1), [2]);
    assert_eq!(later.strangers(), [Stranger::Stream("grenselos-x".to_owned())]);
    // And it is moved.
    let (file, to) = (TestDirectory::new(), |directory: &TestDirectory| SqliteStore::open(directory.path()).unwrap());
    assert_eq!(relocate(&later, &to(&file), &mut || Ok(()), &mut |_, _| {}).unwrap().compared_count, 2);
}

#[test]
fn a_log_that_begins_behind_what_somebody_else_wrote_is_opened() {
    let server = TestServer::start();
    let store = opened(&server);
    server.node.log.lock().unwrap().write("grenselos-x", foreign(99));
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!(ids_of(&opened(&server)), [event(1).id]);
}

#[test]
fn what_others_write_is_looked_through_once() {
    const COUNT: u64 = 500;
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    for number in 0..COUNT {
        server.node.log.lock().unwrap().write("orders-1", foreign(number));
    }
    store.head().unwrap();
    let looked_through = || server.node.log.lock().unwrap().looked_through_count();
    let before = looked_through();
    for _ in 0..20 {
        store.head().unwrap();
    }
    let more = looked_through() - before;
    assert!(more < COUNT, "{more}");
}

#[test]
fn what_lies_behind_a_hole_is_named_once_and_the_rest_is_read() {
    let server = TestServer::start();
    let store = opened(&server);
    for number in 0..3 {
        store.append(&stream("a"), Expected::Any, events([number])).unwrap();
    }
    store.append(&stream("b"), Expected::NoStream, events([5])).unwrap();
    server.node.log.lock().unwrap().delete("grenselos-a", 1);
    // The log as it is now: the first of one stream, what followed the hole, and the other stream.
    let later = opened(&server);
    assert_eq!(positions(&later, 0), [1]);
    let at_the_hole = later.read_all(Some(Position(1)), 10).unwrap_err();
    assert!(at_the_hole.to_string().contains("the cluster lacks earlier events of a"), "{at_the_hole}");
    assert_eq!(positions(&later, 2), [3]);
    let page = later.read_stream(&stream("a"), 0, 10).unwrap();
    assert_eq!((page.events.len(), page.is_last), (1, false));
    assert!(matches!(later.read_stream(&stream("a"), 1, 10), Err(ReadError::Corrupt { position: Position(2), .. })));
    let refused = later.append(&stream("a"), Expected::Any, events([6])).unwrap_err();
    assert!(matches!(refused, AppendError::Incomplete { .. }), "{refused}");
    later.append(&stream("b"), Expected::Exact(0), events([7])).unwrap();
}

#[test]
fn logs_whose_prefixes_begin_alike_are_kept_apart() {
    let server = TestServer::start();
    let open = |prefix| KurrentStore::open(&Address::new(&server.url(), prefix).unwrap()).unwrap();
    let of_tests = open("grenselos-test-");
    let party = format!("party-{}", nth(1));
    of_tests.append(&stream(&party), Expected::NoStream, events([1, 2])).unwrap();
    let store = open("grenselos-");
    assert_eq!(store.head().unwrap(), None);
    store.append(&stream(&party), Expected::NoStream, events([3])).unwrap();
    of_tests.append(&stream(&party), Expected::Exact(1), events([4])).unwrap();
    store.append(&stream(&party), Expected::Exact(0), events([5])).unwrap();
    assert_eq!(ids_of(&store), [3, 5].map(|number| event(number).id));
    assert_eq!(ids_of(&open("grenselos-")), [3, 5].map(|number| event(number).id));
    assert_eq!(ids_of(&of_tests), [1, 2, 4].map(|number| event(number).id));
}

#[test]
fn what_the_cluster_refuses_is_said_as_it_is() {
    let server = TestServer::start();
    let store = opened(&server);
    let append = || store.append(&stream("a"), Expected::NoStream, events([1])).unwrap_err();
    server.node.faults.lock().unwrap().push_back(Fault::Full);
    assert_eq!(
        append().to_string(),
        "the cluster that holds the log has no room left, so nothing was written; make room there, this program goes on by itself"
    );
    *server.node.credentials.lock().unwrap() = Some("Basic YWRtaW46c2VjcmV0");
    assert_eq!(
        with_sources(&store.head().unwrap_err()),
        "the cluster that holds the log does not take these credentials for it; see user and password in data.store, and what \
         the user may do on the cluster: Access denied error"
    );
    let url = server.url().replace("//", "//admin:secret@");
    let known = KurrentStore::open(&Address::new(&url, "grenselos-").unwrap()).unwrap();
    known.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let wrong = KurrentStore::open(&Address::new(&url.replace("secret", "other"), "grenselos-").unwrap()).unwrap_err();
    assert!(with_sources(&wrong).contains("does not take these credentials"), "{wrong}");
    server.node.faults.lock().unwrap().push_back(Fault::Denied);
    assert_eq!(
        known.append(&stream("a"), Expected::Exact(0), events([2])).unwrap_err().to_string(),
        "the cluster that holds the log does not let this user write to it, so nothing was written; give it the right on the \
         cluster, or name another user in data.store"
    );
}

#[test]
fn one_append_more_than_may_wait_is_turned_away() {
    let server = TestServer::start();
    let limits = Limits { waiting_max: 2, ..Limits::default() };
    let store =
        KurrentStore::open(&Address::new(&server.url(), "grenselos-").unwrap().within(limits).unwrap()).unwrap();
    server.node.hold(Hold::Appends("a", 0));
    std::thread::scope(|scope| {
        let append = |number| {
            let store = &store;
            scope.spawn(move || store.append(&stream("a"), Expected::Any, events([number])))
        };
        let waiting = [append(1), append(2)];
        while *store.log.waiting.lock().unwrap() < 2 {
            std::thread::yield_now();
        }
        let refused = store.append(&stream("b"), Expected::Any, events([3])).unwrap_err();
        server.node.let_go();
        assert!(waiting.into_iter().all(|append| append.join().unwrap().is_ok()));
        assert!(matches!(refused, AppendError::Busy { .. }), "{refused}");
    });
    store.append(&stream("b"), Expected::Any, events([3])).unwrap();
}

#[test]
fn who_waits_behind_others_for_a_cluster_that_is_silent_is_told_to_come_again() {
    let server = TestServer::start();
    let limits = Limits { answer: Duration::from_secs(2), ..Limits::default() };
    let store =
        KurrentStore::open(&Address::new(&server.url(), "grenselos-").unwrap().within(limits).unwrap()).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([0])).unwrap();
    server.node.hold(Hold::Appends("-a", 0));
    let outcomes: Vec<AppendError> = std::thread::scope(|scope| {
        let append = |number| {
            let store = &store;
            scope.spawn(move || store.append(&stream("a"), Expected::Any, events([number])))
        };
        let waiting: Vec<_> = (1..=12).map(append).collect();
        waiting.into_iter().map(|append| append.join().unwrap().unwrap_err()).collect()
    });
    let is_busy = |error: &&AppendError| matches!(error, AppendError::Busy { .. });
    assert!(outcomes.iter().filter(is_busy).count() >= 8, "{outcomes:?}");
    server.node.let_go();
}

#[test]
fn who_was_stopped_does_not_keep_the_turn_that_another_had_meanwhile() {
    let server = TestServer::start();
    let directories = [TestDirectory::new(), TestDirectory::new()];
    let clock = HandClock::default();
    let [one, two] = directories.each_ref().map(|directory| instance(&server, directory, Arc::new(clock.clone())));
    let (first, second) = (one.tools(), two.tools());
    assert!(first.has_turn().unwrap());
    first.keep_turn().unwrap();
    clock.pass(TimeDelta::seconds(20));
    first.keep_turn().unwrap();
    // It is stopped, and another works meanwhile and is done.
    clock.pass(TimeDelta::seconds(46));
    two.follow().unwrap();
    assert!(second.has_turn().unwrap());
    second.give_turn_back().unwrap();
    one.follow().unwrap();
    let kept = first.keep_turn();
    assert!(matches!(kept, Err(crate::worker::WorkError::TurnLost)), "what it was about to do may be done: {kept:?}");
    // What is open is looked at anew.
    first.keep_turn().unwrap();
}

#[test]
fn a_worker_that_died_is_succeeded_within_a_minute_whatever_the_settings() {
    let longest = crate::config::TURN_SECONDS_MAX;
    for turn_seconds in [Settings::load(None).unwrap().data.turn_seconds, longest] {
        let server = TestServer::start();
        let directories = [TestDirectory::new(), TestDirectory::new()];
        let clock = HandClock::default();
        let [one, two] = directories.each_ref().map(|directory| {
            let mut settings = settings(&server, directory);
            settings.data.turn_seconds = turn_seconds;
            App::open_with(settings.checked().unwrap(), Access::Write, Arc::new(clock.clone()), Arc::new(RandomIds))
                .unwrap()
        });
        assert!(one.tools().has_turn().unwrap());
        two.follow().unwrap();
        // The worker looks once a second.
        let second = two.tools();
        let waited = (1..=60).find(|_| {
            clock.pass(TimeDelta::seconds(1));
            second.has_turn().unwrap()
        });
        assert!(waited.is_some(), "{turn_seconds}");
    }
}

#[test]
fn who_rests_is_called_once_when_another_dies_in_its_turn() {
    let server = TestServer::start();
    let directories = [TestDirectory::new(), TestDirectory::new()];
    let clock = HandClock::default();
    let [one, two] = directories.each_ref().map(|directory| instance(&server, directory, Arc::new(clock.clone())));
    let mut heir = crate::worker::Heir::default();
    let mut is_called = || {
        two.follow().unwrap();
        two.calls(&mut heir)
    };
    assert!(!is_called(), "nobody works");
    let works = one.tools();
    assert!(works.has_turn().unwrap());
    works.give_turn_back().unwrap();
    clock.pass(TimeDelta::seconds(100));
    assert!(!is_called(), "it has done what it could");
    // It dies in its turn, whatever pause the other is in.
    for _ in 0..2 {
        assert!(one.tools().has_turn().unwrap());
        assert!(!is_called());
        let waited = (1..=60).find(|_| {
            clock.pass(TimeDelta::seconds(1));
            is_called()
        });
        assert_eq!(waited, Some(45));
        assert!(!is_called(), "what it cannot do either is not tried without end");
    }
}

#[test]
fn a_log_that_was_altered_is_noticed_by_who_follows_it() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let address = Address::new(&server.url(), "grenselos-").unwrap();
    let file = kept_in(directory.path(), &address);
    let open = || KurrentStore::open_chained(&address, &file);
    let store = open().unwrap();
    let kept = || std::fs::read_to_string(&file).ok();
    store.append(&stream("a"), Expected::NoStream, events(0..999)).unwrap();
    assert_eq!(kept(), None);
    store.append(&stream("a"), Expected::Any, events([999, 1_000])).unwrap();
    let head = kept().unwrap();
    assert!(head.contains("\"position\":1001"), "{head}");
    assert_eq!(verify(&store, &file, &mut |_, _| {}).unwrap().count, 1_001, "it is the chain that is verified");
    assert_eq!(kept().unwrap(), head);
    drop(store);
    open().unwrap().head().unwrap();
    // Another log in its place: of the same length, and not the same.
    let in_its_place = || {
        *server.node.log.lock().unwrap() = ClusterLog::new();
        opened(&server)
    };
    let altered = in_its_place();
    altered.append(&stream("a"), Expected::NoStream, events(1..1_000)).unwrap();
    altered.append(&stream("a"), Expected::Any, events([1_001, 1_002, 1_003])).unwrap();
    drop(altered);
    let said = with_sources(&open().unwrap().head().unwrap_err());
    assert!(said.contains("the log until here is another than when it was verified last"), "{said}");
    // One that ends before, as a backup does, and an empty one.
    for end in [5, 0] {
        let shorter = in_its_place();
        for number in 0..end {
            shorter.append(&stream("a"), Expected::Any, events([number])).unwrap();
        }
        drop(shorter);
        let said = with_sources(&open().unwrap().head().unwrap_err());
        assert!(said.contains("the log until here is another than when it was verified last"), "{said}");
    }
    assert_eq!(kept().unwrap(), head, "what was kept stays");
}

#[test]
fn how_far_a_short_log_was_followed_is_kept_when_it_is_closed() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let address = Address::new(&server.url(), "grenselos-").unwrap();
    let file = kept_in(directory.path(), &address);
    let store = KurrentStore::open_chained(&address, &file).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1, 2, 3])).unwrap();
    drop(store);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("\"position\":3"), "{kept}");
}

#[test]
fn what_somebody_deleted_is_named_and_the_rest_is_read() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1, 2])).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([3, 4])).unwrap();
    // The beginning of the log.
    server.node.log.lock().unwrap().delete("grenselos-a", 0);
    let later = opened(&server);
    let lacking = later.read_all(None, 10).unwrap_err();
    assert!(lacking.to_string().contains("the cluster lacks earlier events of a"), "{lacking}");
    assert_eq!(positions(&later, 1), [2, 3]);
    // A whole stream that was known.
    server.node.log.lock().unwrap().delete("grenselos-b", 0);
    server.node.log.lock().unwrap().delete("grenselos-b", 1);
    let gone = later.read_stream(&stream("b"), 0, 10).unwrap_err();
    assert!(gone.to_string().contains("the cluster lacks earlier events of b"), "{gone}");
}
