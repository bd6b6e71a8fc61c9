//! A log that is moved is gone on with in one place alone, and never by half.

use super::log::ClusterLog;
use super::server::Hold;
use super::*;
use crate::app::AppError;
use crate::ledger::with_sources;
use crate::relocation::{RelocationError, move_between};
use crate::store::home::{Home, LogPlace};

fn place(settings: &Settings) -> LogPlace {
    settings.data.log_place().unwrap()
}

/// The same settings for a log that is stored elsewhere.
fn stored(settings: &Settings, store: &str) -> Settings {
    Settings { data: crate::config::Data { store: store.to_owned(), ..settings.data.clone() }, ..settings.clone() }
}

fn moved(from: &Settings, to: &Settings, progress: &mut dyn FnMut(u64, u64)) -> Result<Relocated, RelocationError> {
    moved_while(from, to, &mut |_| {}, progress)
}

/// The same where something happens until nobody writes any more.
fn moved_while(
    from: &Settings,
    to: &Settings,
    pause: &mut dyn FnMut(Duration),
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Relocated, RelocationError> {
    let left = Home::open_to_move(&place(from), Access::Write).unwrap();
    let filled = Home::open_to_fill(&place(to)).unwrap();
    move_between((&left, &place(from).shown()), (&filled, &place(to).shown()), pause, progress)
}

fn refused(settings: &Settings) -> String {
    let opened = App::open_with(settings.clone(), Access::Write, Arc::new(WallClock), Arc::new(RandomIds));
    let error = opened.err().unwrap();
    assert!(matches!(error, AppError::Open(_)), "{error}");
    with_sources(&error)
}

fn opens(settings: &Settings, access: Access) -> bool {
    App::open_with(settings.clone(), access, Arc::new(WallClock), Arc::new(RandomIds)).is_ok()
}

#[test]
fn half_a_log_is_not_served_and_what_was_left_is_not_written() {
    const COUNT: u64 = 1_200;
    let places = Places::new();
    let Places { server, another, here: on_cluster, there: elsewhere, .. } = &places;
    let directory = TestDirectory::new();
    let in_file = &stored(&settings(server, &directory), LogPlace::FILE);
    let file = SqliteStore::open(directory.path()).unwrap();
    file.append(&stream("a"), Expected::NoStream, events(0..1_000)).unwrap();
    file.append(&stream("a"), Expected::Any, events(1_000..COUNT)).unwrap();
    drop(file);

    // The cluster is full in the middle.
    let broken_off = moved(in_file, on_cluster, &mut |_, _| {
        *server.node.lasting_fault.lock().unwrap() = Some(Fault::Full);
    });
    assert!(matches!(broken_off, Err(RelocationError::Append { position: Position(1_001), .. })), "{broken_off:?}");
    *server.node.lasting_fault.lock().unwrap() = None;
    let (here, there) = (place(in_file).shown(), place(on_cluster).shown());
    assert_eq!(
        refused(on_cluster),
        format!(
            "{there} holds a part of a log alone: a move from {here} was begun and has not ended; run `grenselos move` again from \
             there to here, which goes on where it was"
        )
    );
    assert!(!opens(on_cluster, Access::Read), "nor is it read");
    assert!(opens(in_file, Access::Write), "the whole goes on");
    // Half a log is not moved on, nor is another one put behind it.
    let half = moved(on_cluster, elsewhere, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(
        half,
        format!(
            "{there} is being filled from {here} and is not whole; run `grenselos move` from there to it again first"
        )
    );

    let relocated = moved(in_file, on_cluster, &mut |_, _| {}).unwrap();
    assert_eq!(relocated, Relocated { found_count: 1_000, compared_count: COUNT });
    assert!(opens(on_cluster, Access::Write));
    // What was left is read, and not written any longer.
    assert_eq!(
        refused(in_file),
        format!(
            "the log in {here} was moved to {there} and goes on there, so nothing is written here; name that one in data.store, or \
             move it back"
        )
    );
    assert!(opens(in_file, Access::Read));
    // A second time: to the same place there is nothing to do, and to another one it would go on in two.
    assert_eq!(moved(in_file, on_cluster, &mut |_, _| {}).unwrap().found_count, COUNT);
    let twice = moved(in_file, elsewhere, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(
        twice,
        format!(
            "the log in {here} was moved to {there} before and goes on there; move it from there, or it would go on in two places"
        )
    );
    assert_eq!(opened(another).head().unwrap(), None, "nothing was written");

    // And back, with what was written there.
    opened(server).append(&stream("a"), Expected::Any, events([COUNT])).unwrap();
    assert_eq!(moved(on_cluster, in_file, &mut |_, _| {}).unwrap().compared_count, COUNT + 1);
    assert!(opens(in_file, Access::Write));
    assert!(refused(on_cluster).starts_with(&format!("the log in {there} was moved to {here} and goes on there")));
}

#[test]
fn what_a_running_instance_writes_while_its_log_is_moved_away_is_moved_too_and_then_it_writes_nothing() {
    let places = Places::new();
    let Places { server, another, here, there, .. } = &places;
    let app = instance(server, &places.directories[0], Arc::new(WallClock));
    register(&app, 1);
    let written = AtomicU64::new(1);
    let write = || {
        let number = u128::from(written.load(Ordering::Relaxed)) + 1;
        let command = PartyCommand::SetBuyerReference { reference: format!("BIB-{number}") };
        let wish = Wish::Party(PartyId(nth(54)), command);
        let handled = app.ledger.carry_out(&wish, &app.envelope(nth(number), "test"), None);
        handled.map(|_| written.fetch_add(1, Ordering::Relaxed))
    };
    let mut said = String::new();
    let moved = moved_while(
        here,
        there,
        // It goes on until it hears of the move, which is sooner than the pause is over.
        &mut |_| {
            let refused = std::iter::repeat_with(write).find_map(Result::err);
            said = refused.map_or(String::new(), |error| with_sources(&error));
        },
        &mut |_, _| {
            if written.load(Ordering::Relaxed) < 4 {
                write().unwrap();
            }
        },
    );
    let moved_to =
        format!("the log was moved to {} and goes on there, so nothing is written here", place(there).shown());
    assert!(said.contains(&moved_to), "{said}");
    let count = written.load(Ordering::Relaxed);
    assert_eq!(moved.unwrap(), Relocated { found_count: 0, compared_count: count });
    assert_eq!(opened(another).head().unwrap(), Some(Position(count)));
    // It answers from what it knows, says that it is not the one to be asked, and still writes nothing.
    assert!(app.ledger.now().book.parties.contains_key(&PartyId(nth(54))));
    assert!(app.lags().unwrap().starts_with(&moved_to));
    assert!(write().is_err());
    assert!(opens(there, Access::Write) && !opens(here, Access::Write));
}

#[test]
fn what_comes_late_to_a_log_that_was_left_is_not_said_to_be_written_and_is_found() {
    let places = Places::new();
    let Places { server, here, there, .. } = &places;
    let writer = Home::open(&place(here), Access::Write).unwrap();
    let append = || writer.port().append(&stream("a"), Expected::Any, events([2]));
    writer.port().append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    // It has looked that the log goes on here, and is stopped before what it writes arrives.
    server.node.hold(Hold::Appends("grenselos-a", 0));
    std::thread::scope(|scope| {
        let late = scope.spawn(append);
        wait_until_held(server);
        assert_eq!(moved(here, there, &mut |_, _| {}).unwrap().compared_count, 1);
        server.node.let_go();
        let said = with_sources(&late.join().unwrap().unwrap_err());
        assert!(said.contains("did not say whether the event was written; ask again for the same"), "{said}");
        assert!(said.contains("the log was moved to "), "{said}");
    });
    // Nor is it when it is asked for again; the place where the log goes on takes it.
    let again = append().unwrap_err();
    assert!(matches!(again, AppendError::MovedAway { .. }), "{again}");
    let goes_on = Home::open(&place(there), Access::Write).unwrap();
    assert!(!goes_on.port().append(&stream("a"), Expected::Any, events([2])).unwrap().already_committed);
    // Whoever verifies what was left finds it.
    let left = Home::open(&place(here), Access::Read).unwrap();
    assert_eq!(left.verify(&mut |_, _| {}).unwrap().count, 2);
    assert_eq!(left.first_behind_the_end().unwrap(), Some(Position(2)));
    assert_eq!(goes_on.first_behind_the_end().unwrap(), None);
}

#[test]
fn moving_again_is_refused_where_the_other_place_went_on_meanwhile_and_that_still_goes_on() {
    let places = Places::new();
    let Places { another, here, there, .. } = &places;
    let first = Home::open(&place(here), Access::Write).unwrap();
    first.port().append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    moved(here, there, &mut |_, _| {}).unwrap();
    let goes_on = Home::open(&place(there), Access::Write).unwrap();
    another.node.hold(Hold::Appends("grenselos-b", 0));
    std::thread::scope(|scope| {
        let late = scope.spawn(|| goes_on.port().append(&stream("b"), Expected::NoStream, events([2])));
        wait_until_held(another);
        let mut late = Some(late);
        let mut comes_late = |_| {
            another.node.let_go();
            drop(late.take().unwrap().join().unwrap());
        };
        let refused = moved_while(here, there, &mut comes_late, &mut |_, _| {}).unwrap_err();
        assert!(matches!(refused, RelocationError::WentOn { count: 1 }), "{refused}");
    });
    let appended = goes_on.port().append(&stream("c"), Expected::NoStream, events([3])).unwrap();
    assert_eq!(appended.last_position, Position(3));
}

#[test]
fn what_comes_late_and_still_before_the_end_is_moved_and_its_writer_told_to_ask_again() {
    let places = Places::new();
    let Places { server, here, there, .. } = &places;
    let writer = Home::open(&place(here), Access::Write).unwrap();
    writer.port().append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    server.node.hold(Hold::Appends("grenselos-a", 0));
    std::thread::scope(|scope| {
        let late = scope.spawn(|| writer.port().append(&stream("a"), Expected::Any, events([2])));
        wait_until_held(server);
        let mut late = Some(late);
        let moved = moved_while(
            here,
            there,
            &mut |_| {
                server.node.let_go();
                let error = late.take().unwrap().join().unwrap().unwrap_err();
                assert!(matches!(error, AppendError::Unanswered { .. }), "{error}");
            },
            &mut |_, _| {},
        );
        assert_eq!(moved.unwrap().compared_count, 2);
    });
    let goes_on = Home::open(&place(there), Access::Write).unwrap();
    assert!(goes_on.port().append(&stream("a"), Expected::Any, events([2])).unwrap().already_committed);
}

#[test]
fn what_comes_between_the_last_look_and_the_mark_is_moved_too() {
    let places = Places::new();
    let Places { server, another, here, there, .. } = &places;
    let store = opened(server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    // The mark that it is left stands behind the one that it is being left.
    server.node.hold(Hold::Appends("!moved", 1));
    std::thread::scope(|scope| {
        let moved = scope.spawn(|| moved(here, there, &mut |_, _| {}));
        wait_until_held(server);
        store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
        server.node.let_go();
        assert_eq!(moved.join().unwrap().unwrap().compared_count, 2);
    });
    assert_eq!(opened(another).head().unwrap(), Some(Position(2)));
    assert_eq!(Home::open(&place(here), Access::Read).unwrap().first_behind_the_end().unwrap(), None);
}

#[test]
fn a_move_whose_end_fails_leaves_the_log_where_it_was() {
    let places = Places::new();
    let Places { server, another, here, there, .. } = &places;
    opened(server).append(&stream("a"), Expected::NoStream, events(0..3)).unwrap();
    // Somebody writes to the place that is filled.
    let failed = moved_while(
        here,
        there,
        &mut |_| {
            opened(another).append(&stream("b"), Expected::NoStream, events([9])).unwrap();
        },
        &mut |_, _| {},
    );
    assert!(matches!(failed, Err(RelocationError::WentOn { count: 1 })), "{failed:?}");
    assert!(opens(here, Access::Write) && !opens(there, Access::Read));
}

#[test]
fn a_log_goes_on_on_another_cluster_and_on_one_that_held_another_before() {
    let (first, second) = (TestServer::start(), TestServer::start());
    // What is kept beside the log is in one directory all the time.
    let directory = TestDirectory::new();
    let (on_first, on_second) = (settings(&first, &directory), settings(&second, &directory));
    let app = instance(&first, &directory, Arc::new(WallClock));
    register(&app, 1);
    drop(app);
    assert_eq!(moved(&on_first, &on_second, &mut |_, _| {}).unwrap().compared_count, 1);
    assert!(opens(&on_second, Access::Write));
    // The second is made anew, and filled once more.
    *second.node.log.lock().unwrap() = ClusterLog::new();
    assert!(!opens(&on_second, Access::Write), "it ends before what was known of it");
    assert_eq!(moved(&on_first, &on_second, &mut |_, _| {}).unwrap(), Relocated { found_count: 0, compared_count: 1 });
    assert!(opens(&on_second, Access::Write));
}

#[test]
fn a_place_is_the_same_however_it_is_typed() {
    let directory = TestDirectory::new();
    let shown = |store: &str, directory: &Path| {
        LogPlace::named(store, directory, "grenselos-", Limits::default()).unwrap().shown()
    };
    let whole = format!("sqlite:{}", std::fs::canonicalize(directory.path()).unwrap().display());
    assert_eq!(shown("file", directory.path()), whole);
    assert_eq!(shown(&whole, directory.path()), whole);
    assert_eq!(
        shown(&format!("{whole}/../{}/.", directory.path().file_name().unwrap().display()), "x".as_ref()),
        whole
    );
    let relative = std::env::current_dir().unwrap().join("not-there-yet");
    assert_eq!(shown("sqlite:not-there-yet", "x".as_ref()), format!("sqlite:{}", relative.display()));

    let on = |address: &str| shown(address, directory.path());
    let cluster = "kurrentdb://one:2113,three:2114,two:2113 (grenselos-)";
    for address in [
        "kurrentdb://one:2113,two:2113,three:2114",
        "kurrentdb://user:secret@two:2113,three:2114,one:2113?tls=false",
        "kurrentdb://Two,three:2114,ONE,one:2113/",
    ] {
        assert_eq!(on(address), cluster, "{address}");
    }
    assert_ne!(on("kurrentdb://one:2113,two:2113"), cluster);
}

#[test]
fn a_move_that_is_typed_otherwise_the_second_time_goes_on() {
    let (server, directory) = (TestServer::start(), TestDirectory::new());
    let file = SqliteStore::open(directory.path()).unwrap();
    file.append(&stream("a"), Expected::NoStream, events(0..3)).unwrap();
    drop(file);
    let on_cluster = settings(&server, &directory);
    let address = server.node.address;
    let again = stored(&on_cluster, &format!("kurrentdb://admin:changeit@{address},{address}/?tls=false"));
    let in_file = stored(&on_cluster, LogPlace::FILE);
    let otherwise = stored(&on_cluster, &format!("sqlite:{}/.", directory.path().display()));
    moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap();
    assert_eq!(moved(&otherwise, &again, &mut |_, _| {}).unwrap().found_count, 3);

    // An older version wrote the hosts down as they were typed.
    let left = Mark::Left { to: format!("kurrentdb://{address},{address} (grenselos-)") };
    std::fs::write(directory.path().join("moved.json"), serde_json::to_vec(&left).unwrap()).unwrap();
    assert_eq!(moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap().found_count, 3);
    let elsewhere = Mark::Left { to: format!("kurrentdb://{address} (another-)") };
    std::fs::write(directory.path().join("moved.json"), serde_json::to_vec(&elsewhere).unwrap()).unwrap();
    assert!(moved(&in_file, &on_cluster, &mut |_, _| {}).is_err());
}

#[test]
fn what_is_said_of_a_move_and_cannot_be_read_is_named() {
    let (server, directory) = (TestServer::start(), TestDirectory::new());
    let on_cluster = settings(&server, &directory);
    let in_file = stored(&on_cluster, LogPlace::FILE);
    drop(SqliteStore::open(directory.path()).unwrap());
    let file = directory.path().join("moved.json");
    std::fs::write(&file, "{ \"mark\": \"lost\" }").unwrap();
    let rest = "says what became of the log when it was moved, and cannot be read; restore it, or remove it where no move of the \
                log is under way";
    let said = refused(&in_file);
    assert!(said.contains(&format!("{} {rest}", file.display())), "{said}");
    assert!(said.starts_with(&format!("it cannot be told whether the log in {} was moved", place(&in_file).shown())));
    let said = with_sources(&moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap_err());
    assert!(said.contains(&format!("{} {rest}", file.display())), "{said}");
    std::fs::remove_file(&file).unwrap();

    server.node.log.lock().unwrap().write("!moved-grenselos-", mark_of_another_kind());
    let said = refused(&on_cluster);
    assert!(said.contains(&format!("stream !moved-grenselos- on the cluster {rest}")), "{said}");
}

fn mark_of_another_kind() -> Proposed {
    let metadata = [("type", "log.moved"), ("content-type", "application/json")];
    Proposed {
        id: Some(Uuid { value: Some(UuidValue::String(event(9).id.to_string())) }),
        metadata: metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        custom_metadata: vec![],
        data: b"{}".to_vec(),
    }
}

#[test]
fn a_cluster_that_does_not_take_the_mark_of_a_move_says_why() {
    for (fault, sentence) in [
        (Fault::Full, "has no room left, so nothing was written; make room there"),
        (Fault::Denied, "does not let this user write to it, so nothing was written; give it the right"),
        (Fault::NotLeader, "has no node that leads it and takes what is written, so nothing was written"),
    ] {
        let (server, directory) = (TestServer::start(), TestDirectory::new());
        let on_cluster = settings(&server, &directory);
        let in_file = stored(&on_cluster, LogPlace::FILE);
        let file = SqliteStore::open(directory.path()).unwrap();
        file.append(&stream("a"), Expected::NoStream, events(0..3)).unwrap();
        drop(file);
        *server.node.lasting_fault.lock().unwrap() = Some(fault);
        let said = with_sources(&moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap_err());
        assert!(said.starts_with("it could not be noted beside the log that it is moved"), "{fault:?}: {said}");
        assert!(said.contains(sentence), "{fault:?}: {said}");
        assert!(server.node.append_count() <= 3, "{fault:?}");
        // Nothing was moved, and both go on where they are.
        *server.node.lasting_fault.lock().unwrap() = None;
        assert_eq!(opened(&server).head().unwrap(), None, "{fault:?}");
        assert!(opens(&in_file, Access::Write), "{fault:?}");
    }
}
