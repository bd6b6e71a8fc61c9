//! A log that is moved is gone on with in one place alone, and never by half.

use super::*;
use crate::app::AppError;
use crate::ledger::with_sources;
use crate::relocation::{RelocationError, move_between};
use crate::store::home::{Home, LogPlace};

fn place(settings: &Settings) -> LogPlace {
    settings.data.log_place().unwrap()
}

fn moved(from: &Settings, to: &Settings, progress: &mut dyn FnMut(u64, u64)) -> Result<Relocated, RelocationError> {
    let open = |settings| Home::open_to_move(&place(settings), Access::Write).unwrap();
    let (left, filled) = (open(from), open(to));
    move_between((&left, &place(from).shown()), (&filled, &place(to).shown()), progress)
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
    let (server, another) = (TestServer::start(), TestServer::start());
    let (directory, beside) = (TestDirectory::new(), TestDirectory::new());
    let in_file = Settings {
        data: crate::config::Data { store: "file".to_owned(), ..settings(&server, &directory).data },
        ..settings(&server, &directory)
    };
    let (on_cluster, elsewhere) = (settings(&server, &beside), settings(&another, &beside));
    let file = SqliteStore::open(directory.path()).unwrap();
    file.append(&stream("a"), Expected::NoStream, events(0..1_000)).unwrap();
    file.append(&stream("a"), Expected::Any, events(1_000..COUNT)).unwrap();
    drop(file);

    // The cluster is full in the middle.
    let broken_off = moved(&in_file, &on_cluster, &mut |_, _| {
        *server.node.lasting_fault.lock().unwrap() = Some(Fault::Full);
    });
    assert!(matches!(broken_off, Err(RelocationError::Append { position: Position(1_001), .. })), "{broken_off:?}");
    *server.node.lasting_fault.lock().unwrap() = None;
    let (here, there) = (place(&in_file).shown(), place(&on_cluster).shown());
    assert_eq!(
        refused(&on_cluster),
        format!(
            "{there} holds a part of a log alone: a move from {here} was begun and has not ended; run `grenselos move` again from \
             there to here, which goes on where it was"
        )
    );
    assert!(!opens(&on_cluster, Access::Read), "nor is it read");
    assert!(opens(&in_file, Access::Write), "the whole goes on");
    // Half a log is not moved on, nor is another one put behind it.
    let half = moved(&on_cluster, &elsewhere, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(
        half,
        format!(
            "{there} is being filled from {here} and is not whole; run `grenselos move` from there to it again first"
        )
    );

    let relocated = moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap();
    assert_eq!(relocated, Relocated { found_count: 1_000, compared_count: COUNT });
    assert!(opens(&on_cluster, Access::Write));
    // What was left is read, and not written any longer.
    assert_eq!(
        refused(&in_file),
        format!(
            "the log in {here} was moved to {there} and goes on there, so nothing is written here; name that one in data.store, or \
             move it back"
        )
    );
    assert!(opens(&in_file, Access::Read));
    // A second time: to the same place there is nothing to do, and to another one it would go on in two.
    assert_eq!(moved(&in_file, &on_cluster, &mut |_, _| {}).unwrap().found_count, COUNT);
    let twice = moved(&in_file, &elsewhere, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(
        twice,
        format!(
            "the log in {here} was moved to {there} before and goes on there; move it from there, or it would go on in two places"
        )
    );
    assert_eq!(opened(&another).head().unwrap(), None, "nothing was written");

    // And back, with what was written there.
    opened(&server).append(&stream("a"), Expected::Any, events([COUNT])).unwrap();
    assert_eq!(moved(&on_cluster, &in_file, &mut |_, _| {}).unwrap().compared_count, COUNT + 1);
    assert!(opens(&in_file, Access::Write));
    assert!(refused(&on_cluster).starts_with(&format!("the log in {there} was moved to {here} and goes on there")));
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
    let again = Settings {
        data: crate::config::Data {
            store: format!("kurrentdb://admin:changeit@{address},{address}/?tls=false"),
            ..on_cluster.data.clone()
        },
        ..on_cluster.clone()
    };
    let store = |store: String| Settings {
        data: crate::config::Data { store, ..on_cluster.data.clone() },
        ..on_cluster.clone()
    };
    let in_file = store("file".to_owned());
    let otherwise = store(format!("sqlite:{}/.", directory.path().display()));
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
    let in_file = Settings {
        data: crate::config::Data { store: "file".to_owned(), ..on_cluster.data.clone() },
        ..on_cluster.clone()
    };
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
        let in_file = Settings {
            data: crate::config::Data { store: "file".to_owned(), ..on_cluster.data.clone() },
            ..on_cluster.clone()
        };
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
