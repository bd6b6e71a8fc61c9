//! A cluster that takes nothing: full, read-only or without a leader. And what somebody of another version wrote to it.

use super::server::Hold;
use super::*;
use crate::ledger::with_sources;

/// An instance that does not wait long for an answer.
fn impatient(server: &TestServer, directory: &TestDirectory) -> App {
    let mut settings = settings(server, directory);
    settings.data.answer_seconds_max = 1;
    App::open_with(settings.checked().unwrap(), Access::Write, Arc::new(WallClock), Arc::new(RandomIds)).unwrap()
}

#[test]
fn a_cluster_that_takes_nothing_is_said_after_a_few_attempts_and_read_on() {
    let not_led =
        "has no node that leads it and takes what is written, so nothing was written; ask again when it has one";
    let unsaid = "did not say whether the event was written; ask again for the same, which does no harm";
    for (fault, sentence, attempts_max) in [
        (Fault::Full, "has no room left, so nothing was written; make room there", 1),
        (Fault::Denied, "does not let this user write to it, so nothing was written; give it the right", 1),
        (Fault::NotLeader, not_led, ATTEMPTS_MAX),
        (Fault::NoLeader, unsaid, ATTEMPTS_MAX),
    ] {
        let server = TestServer::start();
        let directory = TestDirectory::new();
        let app = impatient(&server, &directory);
        register(&app, 1);
        let other_directory = TestDirectory::new();
        let other = instance(&server, &other_directory, Arc::new(WallClock));
        let neighbour = Wish::Party(PartyId(nth(55)), registration(55));
        other.ledger.carry_out(&neighbour, &other.envelope(nth(3), "test"), None).unwrap();
        let before = server.node.append_count();
        *server.node.lasting_fault.lock().unwrap() = Some(fault);

        let reference = "BIB-1".to_owned();
        let command = Wish::Party(PartyId(nth(54)), PartyCommand::SetBuyerReference { reference });
        let change = || app.ledger.carry_out(&command, &app.envelope(nth(2), "test"), None);
        let said = with_sources(&change().unwrap_err());
        assert!(said.contains(sentence), "{fault:?}: {said}");
        let asked_count = server.node.append_count() - before;
        assert!((1..=attempts_max).contains(&asked_count), "{fault:?}: {asked_count}");

        // Nothing of it is there, and what others wrote is read all the while.
        app.follow().unwrap();
        assert_eq!(app.ledger.now().position, Some(Position(2)), "{fault:?}");
        assert_eq!(opened(&server).head().unwrap(), Some(Position(2)), "{fault:?}");
        // When it takes events again, the same command is carried out once.
        *server.node.lasting_fault.lock().unwrap() = None;
        assert_eq!(change().unwrap().position, Some(Position(3)), "{fault:?}");
        assert_eq!(change().unwrap().position, None, "{fault:?}");
    }
}

/// An instance over a cluster of these nodes.
fn over(hosts: &str, directory: &TestDirectory) -> Result<App, crate::app::AppError> {
    let mut settings = Settings::load(None).unwrap();
    settings.data.directory = directory.path().to_owned();
    settings.data.store = format!("kurrentdb://{hosts}?tls=false&discoveryInterval=10&maxDiscoverAttempts=3");
    settings.data.answer_seconds_max = 1;
    App::open_with(settings.checked().unwrap(), Access::Write, Arc::new(WallClock), Arc::new(RandomIds))
}

#[test]
fn what_is_asked_of_a_read_only_replica_goes_to_the_node_that_leads() {
    let leader = TestServer::start();
    let replica = leader.read_only_beside();
    let directory = TestDirectory::new();
    // Also where the replica alone is named.
    let app = over(&replica.node.address.to_string(), &directory).unwrap();
    register(&app, 1);
    assert_eq!((leader.node.append_count(), replica.node.append_count()), (1, 0));
    app.follow().unwrap();
    assert_eq!(app.ledger.now().position, Some(Position(1)));
}

#[test]
fn where_read_only_replicas_alone_are_left_nothing_is_written_and_what_is_known_is_answered() {
    let leader = TestServer::start();
    let replica = leader.read_only_beside();
    let directory = TestDirectory::new();
    let hosts = format!("{},{}", leader.node.address, replica.node.address);
    let app = over(&hosts, &directory).unwrap();
    register(&app, 1);
    let node = leader.stop();

    let reference = "BIB-1".to_owned();
    let command = Wish::Party(PartyId(nth(54)), PartyCommand::SetBuyerReference { reference });
    let change = || app.ledger.carry_out(&command, &app.envelope(nth(2), "test"), None);
    let said = with_sources(&change().unwrap_err());
    let unread = "could not be read: the cluster that holds the log did not answer; see that it runs, has a leader";
    assert!(said.contains(unread), "{said}");
    let appended = app.ledger.store().append(&stream("a"), Expected::NoStream, events([1]));
    let said = with_sources(&appended.unwrap_err());
    let unasked = "the cluster that holds the log does not answer, so nothing was written; ask again when it does";
    assert!(said.starts_with(unasked), "{said}");
    assert_eq!(replica.node.append_count(), 0);
    app.follow().unwrap_err();
    assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))), "reads go on");
    // Whoever starts meanwhile is told so.
    let alone = over(&replica.node.address.to_string(), &TestDirectory::new()).err().unwrap();
    let said = with_sources(&alone);
    assert!(said.contains("did not answer; see that it runs, has a leader and takes these credentials"), "{said}");

    // When a node leads again, the same command is carried out once.
    let leader = TestServer::again(node);
    assert_eq!(change().unwrap().position, Some(Position(2)));
    assert_eq!(change().unwrap().position, None);
    assert_eq!(opened(&leader).head().unwrap(), Some(Position(2)));
}

#[test]
fn who_waits_until_something_is_written_keeps_nobody_from_following() {
    let server = TestServer::start();
    let (store, other) = (opened(&server), opened(&server));
    server.node.hold(Hold::Appends("-waits", 0));
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| store.append(&stream("waits"), Expected::NoStream, events([1])));
        wait_until_held(&server);
        other.append(&stream("b"), Expected::NoStream, events([2])).unwrap();
        assert_eq!(ids_of(&store), [event(2).id]);
        server.node.let_go();
        assert_eq!(waits.join().unwrap().unwrap().last_position, Position(2));
    });
    assert_eq!(ids_of(&store), [2, 1].map(|number| event(number).id));
}

#[test]
fn a_log_is_read_once_at_the_start() {
    const COUNT: u64 = 300;
    let server = TestServer::start();
    let directory = TestDirectory::new();
    opened(&server).append(&stream("a"), Expected::NoStream, events(0..COUNT)).unwrap();
    let before = server.node.sent_count();
    let app = instance(&server, &directory, Arc::new(WallClock));
    assert_eq!(app.ledger.now().position, Some(Position(COUNT)));
    let sent_count = (server.node.sent_count() - before) as u64;
    // The first is looked at beforehand, and the last is where each further question begins.
    assert!((COUNT..COUNT + 20).contains(&sent_count), "{sent_count}");
}

/// An event of this program's, whose envelope is of a form that only a later version knows.
fn of_a_later_form(number: u64) -> Proposed {
    let metadata = [("type", "party.registered"), ("content-type", "application/json")];
    Proposed {
        id: Some(Uuid { value: Some(UuidValue::String(event(number).id.to_string())) }),
        metadata: metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        custom_metadata:
            br#"{"grenselos":2,"log":"grenselos-","schema_version":1,"recorded_at":"2031-01-01T00:00:00Z"}"#.to_vec(),
        data: b"{}".to_vec(),
    }
}

#[test]
fn an_event_in_an_envelope_of_a_later_version_is_said_and_nothing_is_written_behind_it() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    let party = format!("party-{}", nth(54));
    server.node.log.lock().unwrap().write(&format!("grenselos-{party}"), of_a_later_form(9));
    app.follow().unwrap();
    let said = format!(
        "stream grenselos-{party} on the cluster was written by a newer version of this program; use that version or a later one"
    );
    assert_eq!(app.ledger.now().damaged, [(Position(2), said.clone())]);
    assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))), "reads go on");
    let refused = app.ledger.carry_out(&wish(), &app.envelope(nth(2), "test"), None).unwrap_err();
    assert!(matches!(refused, LedgerError::Damaged(Position(2))), "{refused}");
    // Nor does the store itself take such an event for one that it knows.
    let store = opened(&server);
    let read = store.read_stream(&stream(&party), 1, 10).unwrap_err();
    assert!(read.to_string().contains(&said), "{read}");
}

#[test]
fn a_log_that_begins_with_what_a_later_version_wrote_is_opened_and_said() {
    let stream_of_party = format!("party-{}", nth(54));
    let unknown = NewEvent { event_type: "party.twinned".into(), ..event(9) };
    for (is_of_a_later_form, said) in [
        (
            true,
            format!("stream grenselos-{stream_of_party} on the cluster was written by a newer version of this program"),
        ),
        (false, "\"party.twinned\" was written by a newer version of this program".to_owned()),
    ] {
        let server = TestServer::start();
        if is_of_a_later_form {
            let named = format!("grenselos-{stream_of_party}");
            server.node.log.lock().unwrap().write(&named, of_a_later_form(9));
        } else {
            let named = StreamName::new(&stream_of_party).unwrap();
            opened(&server).append(&named, Expected::NoStream, vec![unknown.clone()]).unwrap();
        }
        let directory = TestDirectory::new();
        let app = instance(&server, &directory, Arc::new(WallClock));
        let damaged = app.ledger.now().damaged.clone();
        assert_eq!((damaged.len(), damaged[0].0), (1, Position(1)));
        assert!(
            damaged[0].1.starts_with(&said) && damaged[0].1.ends_with("use that version or a later one"),
            "{damaged:?}"
        );
        let refused = app.ledger.carry_out(&wish(), &app.envelope(nth(1), "test"), None).unwrap_err();
        assert!(matches!(refused, LedgerError::Damaged(Position(1))), "{refused}");
        assert_eq!(opened(&server).head().unwrap(), Some(Position(1)), "nothing is written");
    }
}
