//! The home against a server of the cluster's protocol; the contract against a live one too where `GRENSELOS_TEST_KURRENTDB` names it.

mod addresses;
mod clocks;
mod connecting;
mod faithful;
mod gossip;
mod intruders;
mod log;
mod marks;
mod messages;
mod moving;
mod paging;
mod refusing;
#[expect(dead_code, reason = "the tests of several instances use the rest")]
mod server;
mod trouble;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use self::messages::{Proposed, Uuid, UuidValue};
use self::server::{Fault, TestServer};
use super::*;
use crate::app::{Access, App};
use crate::clock::{Clock, WallClock};
use crate::config::Settings;
use crate::domain::identity::PartyId;
use crate::domain::party::{PartyCommand, PartyKind};
use crate::domain::testing::facts::organisation_number;
use crate::domain::testing::nth;
use crate::handle::{Handled, Wish};
use crate::ids::{Ids, RandomIds};
use crate::ledger::LedgerError;
use crate::relocation::{Relocated, relocate};
use crate::store::sqlite::SqliteStore;
use crate::store::testing::{TestDirectory, event, events, stream};

/// The log of one test: on a server of its own, or below a prefix of its own on a live one.
fn a_new_log() -> (Arc<KurrentStore>, Option<TestServer>) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    if let Ok(url) = std::env::var("GRENSELOS_TEST_KURRENTDB") {
        let prefix = format!("t{}-{}-", NEXT.fetch_add(1, Ordering::Relaxed), short(&RandomIds));
        return (Arc::new(KurrentStore::open(&Address::new(&url, &prefix).unwrap()).unwrap()), None);
    }
    let server = TestServer::start();
    (Arc::new(opened(&server)), Some(server))
}

fn short(ids: &dyn Ids) -> String {
    ids.new_id().simple().to_string()[..16].to_owned()
}

/// What every home promises: this suite alone runs on a live cluster too.
mod contract {
    use super::a_new_log;

    crate::store::contract::every_home!(a_new_log);
}

/// An event of whoever else writes to the cluster.
fn foreign(number: u64) -> Proposed {
    Proposed {
        id: Some(Uuid { value: Some(UuidValue::String(event(number).id.to_string())) }),
        metadata: HashMap::from([("type".to_owned(), "order".to_owned()), ("content-type".to_owned(), String::new())]),
        custom_metadata: vec![],
        data: b"{}".to_vec(),
    }
}

fn opened(server: &TestServer) -> KurrentStore {
    KurrentStore::open(&Address::new(&server.url(), "grenselos-").unwrap()).unwrap()
}

/// One that looks for what others write only when it is asked.
fn left_alone(server: &TestServer) -> KurrentStore {
    let limits = Limits { look_every: Duration::from_hours(1), ..Limits::default() };
    KurrentStore::open(&Address::new(&server.url(), "grenselos-").unwrap().within(limits).unwrap()).unwrap()
}

/// An instance of the program over the server's log.
fn instance(server: &TestServer, directory: &TestDirectory, clock: Arc<dyn Clock>) -> App {
    App::open_with(settings(server, directory), Access::Write, clock, Arc::new(RandomIds)).unwrap()
}

fn settings(server: &TestServer, directory: &TestDirectory) -> Settings {
    let mut settings = Settings::load(None).unwrap();
    settings.data.directory = directory.path().to_owned();
    settings.data.store = server.url();
    settings
}

/// A log on a cluster, and another cluster that it is moved to.
struct Places {
    server: TestServer,
    another: TestServer,
    directories: [TestDirectory; 2],
    here: Settings,
    there: Settings,
}

impl Places {
    fn new() -> Self {
        let (server, another) = (TestServer::start(), TestServer::start());
        let directories = [TestDirectory::new(), TestDirectory::new()];
        let (here, there) = (settings(&server, &directories[0]), settings(&another, &directories[1]));
        Self { server, another, directories, here, there }
    }
}

/// Waits until the server holds something back.
fn wait_until_held(server: &TestServer) {
    while server.node.held_count() == 0 {
        std::thread::yield_now();
    }
}

/// A county authority becomes known.
fn wish() -> Wish {
    Wish::Party(PartyId(nth(54)), registration(54))
}

fn registration(number: u128) -> PartyCommand {
    PartyCommand::Register {
        party: PartyId(nth(number)),
        kind: PartyKind::CountyAuthority,
        organisation_number: Some(organisation_number(number)),
        vat_compensated: true,
    }
}

fn register(app: &App, command: u128) -> Handled {
    app.ledger.carry_out(&wish(), &app.envelope(nth(command), "test"), None).unwrap()
}

/// A clock that goes when a test moves it.
#[derive(Debug, Clone, Default)]
struct HandClock(Arc<Mutex<DateTime<Utc>>>);

impl HandClock {
    fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

fn ids_of(store: &KurrentStore) -> Vec<uuid::Uuid> {
    store.read_all(None, 100).unwrap().iter().map(|event| event.id).collect()
}

#[test]
fn what_was_written_before_the_connection_broke_is_written_once() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    for (fault, number) in
        [(Fault::BreakAfterCommit, 2), (Fault::Break, 3), (Fault::NoLeader, 4), (Fault::NotLeader, 5)]
    {
        server.node.faults.lock().unwrap().push_back(fault);
        let appended = store.append(&stream("a"), Expected::Exact(number - 2), events([number])).unwrap();
        assert_eq!(
            (appended.version, appended.last_position, appended.already_committed),
            (number - 1, Position(number), false),
            "{fault:?}"
        );
    }
    assert_eq!(ids_of(&store), events(1..=5).iter().map(|event| event.id).collect::<Vec<_>>());
}

#[test]
fn what_the_cluster_refuses_for_good_is_not_tried_again() {
    let server = TestServer::start();
    let store = opened(&server);
    server.node.faults.lock().unwrap().push_back(Fault::Full);
    let refused = store.append(&stream("a"), Expected::NoStream, events([1])).unwrap_err();
    assert!(matches!(refused, AppendError::NoRoom { .. }), "{refused}");
    assert_eq!(store.head().unwrap(), None);
}

#[test]
fn two_instances_count_the_same_and_see_each_other() {
    let server = TestServer::start();
    let (one, two) = (opened(&server), opened(&server));
    one.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    two.append(&stream("b"), Expected::NoStream, events([2])).unwrap();
    let third = one.append(&stream("a"), Expected::Exact(0), events([3])).unwrap();
    assert_eq!(third.last_position, Position(3));
    assert_eq!(one.read_all(None, 10).unwrap(), two.read_all(None, 10).unwrap());
    assert!(two.wake().wait_past(Some(Position(2)), Duration::from_mins(1)), "a follower of the other is woken");
    let again = two.append(&stream("a"), Expected::Exact(0), events([3])).unwrap();
    assert!(again.already_committed, "a command sent to another instance is no second event");
    let taken = two.append(&stream("c"), Expected::NoStream, events([3])).unwrap_err();
    assert!(matches!(taken, AppendError::IdReusedWithOtherContent { .. }), "{taken}");
}

#[test]
fn of_two_instances_at_one_version_exactly_one_wins() {
    let server = TestServer::start();
    let stores = [opened(&server), opened(&server)];
    stores[0].append(&stream("a"), Expected::NoStream, events([0])).unwrap();
    for round in 0..20 {
        let winners: usize = std::thread::scope(|scope| {
            let writers: Vec<_> = (1..)
                .zip(&stores)
                .map(|(number, store)| {
                    let write = move || {
                        store.append(&stream("a"), Expected::Exact(round), events([round * 10 + number])).is_ok()
                    };
                    scope.spawn(write)
                })
                .collect();
            writers.into_iter().map(|writer| usize::from(writer.join().unwrap())).sum()
        });
        assert_eq!(winners, 1, "round {round}");
    }
}

#[test]
fn streams_of_others_are_left_alone_and_a_prefix_of_theirs_is_refused() {
    let server = TestServer::start();
    server.node.log.lock().unwrap().write("orders-1", foreign(99));
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!(ids_of(&store), [event(1).id]);
    let refused = KurrentStore::open(&Address::new(&server.url(), "orders-").unwrap()).unwrap_err();
    let said = crate::ledger::with_sources(&refused);
    assert!(said.contains("stream orders-1 on the cluster was not written by this program"), "{said}");
}

#[test]
fn a_log_is_moved_from_a_file_to_the_cluster_and_back() {
    let (directory, back) = (TestDirectory::new(), TestDirectory::new());
    let file = SqliteStore::open(directory.path()).unwrap();
    for number in 0..300 {
        file.append(&stream(&format!("s-{}", number % 3)), Expected::Any, events([number])).unwrap();
    }
    let server = TestServer::start();
    let store = opened(&server);
    let same = Relocated { found_count: 0, compared_count: 300 };
    assert_eq!(relocate(&file, &store, &mut || Ok(()), &mut |_, _| {}).unwrap(), same);
    assert_eq!(
        relocate(&store, &SqliteStore::open(back.path()).unwrap(), &mut || Ok(()), &mut |_, _| {}).unwrap(),
        same
    );
    let file = directory.path().join("chain.json");
    let verified = verify(&store, &file, &mut |_, _| {}).unwrap();
    assert_eq!(verified, verify(&opened(&server), &file, &mut |_, _| {}).unwrap());
}

#[test]
fn what_one_instance_of_the_program_was_told_another_knows() {
    let server = TestServer::start();
    let directories = [TestDirectory::new(), TestDirectory::new()];
    let [one, two] = directories.each_ref().map(|directory| instance(&server, directory, Arc::new(WallClock)));
    let handled = register(&one, 1);
    assert_eq!(handled.position, Some(Position(1)));
    two.ledger.catch_up().unwrap();
    assert!(two.ledger.now().book.parties.contains_key(&PartyId(nth(54))));
    let again = register(&two, 1);
    assert_eq!(again.position, None, "the same command through another instance is no second event");
    assert_eq!(one.ledger.store().head().unwrap(), Some(Position(1)));
}

#[test]
fn what_a_newer_version_wrote_is_said_and_read_around_and_nothing_is_written() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let app = instance(&server, &directory, Arc::new(WallClock));
    register(&app, 1);
    let unknown = NewEvent { event_type: "party.twinned".into(), ..event(9) };
    let stream = StreamName::new(&format!("party-{}", nth(54))).unwrap();
    opened(&server).append(&stream, Expected::Exact(0), vec![unknown]).unwrap();
    app.follow().unwrap();
    let damaged = app.ledger.now().damaged.clone();
    let said = "\"party.twinned\" was written by a newer version of this program; use that version or a later one";
    assert_eq!(damaged, [(Position(2), said.to_owned())]);
    assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))), "reads go on");
    let refused = app.ledger.carry_out(&wish(), &app.envelope(nth(2), "test"), None).unwrap_err();
    assert!(matches!(refused, LedgerError::Damaged(Position(2))), "{refused}");
}

#[test]
fn an_instance_says_so_when_it_has_not_known_the_end_of_the_log_for_a_while() {
    let server = TestServer::start();
    let directory = TestDirectory::new();
    let clock = HandClock::default();
    let app = instance(&server, &directory, Arc::new(clock.clone()));
    assert_eq!(app.lags(), None, "it has read the log at the start");
    clock.pass(TimeDelta::seconds(10));
    assert_eq!(app.lags(), None);
    clock.pass(TimeDelta::seconds(1));
    let said = "the log was last known to its end 11 s ago (it is being read); ask another instance";
    assert_eq!(app.lags().as_deref(), Some(said), "it was stopped");
    app.follow().unwrap();
    assert_eq!(app.lags(), None);
    drop(server);
    clock.pass(TimeDelta::seconds(12));
    app.follow().unwrap_err();
    let said = app.lags().unwrap();
    assert!(
        said.starts_with("the log was last known to its end 12 s ago (the event log could not be read: "),
        "{said}"
    );
}

#[test]
fn of_two_instances_one_at_a_time_has_the_turn_and_one_that_dies_is_succeeded() {
    let server = TestServer::start();
    let directories = [TestDirectory::new(), TestDirectory::new()];
    let clock = HandClock::default();
    let [one, two] = directories.each_ref().map(|directory| instance(&server, directory, Arc::new(clock.clone())));
    let (first, second) = (one.tools(), two.tools());
    assert!(first.has_turn().unwrap());
    assert!(!second.has_turn().unwrap());
    // It works, and keeps the turn.
    clock.pass(TimeDelta::seconds(20));
    assert!(first.has_turn().unwrap());
    two.follow().unwrap();
    // It is stopped for longer than the turn lasts, and half as long again.
    clock.pass(TimeDelta::seconds(44));
    two.follow().unwrap();
    assert!(!second.has_turn().unwrap(), "it may have gone on and not been heard yet");
    clock.pass(TimeDelta::seconds(1));
    assert!(second.has_turn().unwrap());
    assert!(!first.has_turn().unwrap(), "it goes on, and finds out");
    assert!(second.has_turn().unwrap());
    let turns = one.ledger.store().head().unwrap();
    assert_eq!(turns, Some(Position(3)), "a turn that is refused leaves no trace");
}
