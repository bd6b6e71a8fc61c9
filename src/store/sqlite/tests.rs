//! What the `SQLite` home promises beyond the port.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::*;
use crate::store::testing::{TestDirectory, event, events, stream};

crate::store::contract::every_home!(|| {
    let directory = TestDirectory::new();
    (Arc::new(SqliteStore::open(directory.path()).unwrap()), directory)
});

fn store() -> (SqliteStore, TestDirectory) {
    let directory = TestDirectory::new();
    (SqliteStore::open(directory.path()).unwrap(), directory)
}

/// A connection past the store, as somebody with the file could make.
fn meddle(directory: &TestDirectory) -> Connection {
    Connection::open(directory.path().join(FILE_NAME)).unwrap()
}

fn verify(store: &SqliteStore) -> Result<Verification, ReadError> {
    store.verify(&mut |_, _| {})
}

fn damaged_position<T: std::fmt::Debug>(result: Result<T, ReadError>) -> Position {
    match result {
        Err(ReadError::Corrupt { position, .. }) => position,
        other => panic!("expected a damaged event, got {other:?}"),
    }
}

#[test]
fn a_log_is_read_and_continued_after_reopening() {
    let (store, directory) = store();
    store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    let before = store.read_all(None, 10).unwrap();
    drop(store);
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.read_all(None, 10).unwrap(), before);
    assert!(store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap().already_committed);
    let appended = store.append(&stream("a"), Expected::Exact(2), events([4])).unwrap();
    assert_eq!((appended.first_position, appended.version), (Position(4), 3));
    assert!(store.wake().wait_past(Some(Position(3)), Duration::ZERO));
    assert_eq!(verify(&store).unwrap().count, 4);
}

#[test]
fn readers_have_the_names_of_streams_together() {
    let (store, _directory) = store();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([2])).unwrap();
    let names = |reader: &mut Reader| {
        let read = reader.read_all(None, 10)?;
        Ok(read.iter().map(|event| event.stream.as_str().as_ptr()).collect::<Vec<_>>())
    };
    let (one, another) = store.readers.with(|one| Ok((names(one)?, store.readers.with(names)?))).unwrap();
    assert_eq!(one, another);
    store.append(&stream("c"), Expected::NoStream, events([3])).unwrap();
    let read = store.read_all(None, 10).unwrap();
    assert_eq!(read.iter().map(|event| event.stream.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn the_writer_waits_for_the_disk_and_leaves_checkpoints_to_another() {
    let directory = TestDirectory::new();
    let opened = schema::open_for_writing(&directory.path().join(FILE_NAME)).unwrap();
    let text = |name: &str| opened.connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
    let number = |name: &str| opened.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!(number("synchronous"), 2, "FULL");
    assert_eq!(number("wal_autocheckpoint"), 0);
    assert_eq!(number("secure_delete"), 1);
}

/// How many commits the log ahead of the file holds: frames that say how large the file is after them.
fn commits_count(directory: &TestDirectory) -> usize {
    const HEADER_BYTES: usize = 32;
    const FRAME_HEADER_BYTES: usize = 24;
    let bytes = std::fs::read(directory.path().join(format!("{FILE_NAME}-wal"))).unwrap();
    let Some(page_bytes) = bytes.get(8..12) else { return 0 };
    let page_bytes = u32::from_be_bytes(page_bytes.try_into().unwrap()) as usize;
    let frames = bytes[HEADER_BYTES..].chunks_exact(FRAME_HEADER_BYTES + page_bytes);
    frames.filter(|frame| frame[4..8] != [0; 4]).count()
}

#[test]
fn appends_that_wait_together_are_one_commit() {
    let directory = TestDirectory::new();
    let path = directory.path().join(FILE_NAME);
    let opened = schema::open_for_writing(&path).unwrap();
    let checkpointer = Checkpointer::start(&path).unwrap();
    let mut writer = Writer::new(opened, checkpointer, Wake::default(), Faults::default()).unwrap();
    let before = commits_count(&directory);
    let (batch, receipts): (Vec<_>, Vec<_>) = (1..=10_u64)
        .map(|number| {
            let (ticket, receipt) = ticket();
            let stream = stream(&format!("stream-{number}"));
            let append = Append { stream, expected: Expected::NoStream, events: events([number]) };
            (Work::Append { append, ticket }, receipt)
        })
        .unzip();
    writer.process(batch).unwrap();
    assert_eq!(commits_count(&directory), before + 1);
    let positions: Vec<u64> =
        receipts.into_iter().map(|receipt| receipt.wait().unwrap().unwrap().last_position.0).collect();
    assert_eq!(positions, (1..=10).collect::<Vec<_>>());
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let (store, directory) = store();
    let refusal = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refusal, OpenError::AlreadyOpen { .. }), "{refusal}");
    let reader = SqliteStore::open_read_only(directory.path()).unwrap();
    store.append(&stream("a"), Expected::NoStream, events(1..=3)).unwrap();
    assert_eq!(reader.head().unwrap(), Some(Position(3)));
    assert_eq!(reader.read_all(None, 10).unwrap(), store.read_all(None, 10).unwrap());
    assert!(matches!(reader.append(&stream("a"), Expected::Any, events([4])), Err(AppendError::ReadOnly)));
    drop(store);
    SqliteStore::open(directory.path()).unwrap();
}

#[test]
fn what_is_not_a_store_of_this_version_is_refused_and_left_alone() {
    let (store, directory) = store();
    drop(store);
    meddle(&directory).pragma_update(None, "user_version", 2).unwrap();
    let newer = SqliteStore::open(directory.path()).unwrap_err();
    assert!(newer.to_string().contains("written by a newer version (format 2, this one reads up to 1)"), "{newer}");
    assert!(matches!(SqliteStore::open_read_only(directory.path()), Err(OpenError::NewerFormat { found: 2, .. })));

    let other = TestDirectory::new();
    meddle(&other).execute_batch("CREATE TABLE diary (day TEXT)").unwrap();
    let bytes = std::fs::read(other.path().join(FILE_NAME)).unwrap();
    assert!(matches!(SqliteStore::open(other.path()), Err(OpenError::NotADatabase { .. })));
    assert_eq!(std::fs::read(other.path().join(FILE_NAME)).unwrap(), bytes);

    let text = TestDirectory::new();
    std::fs::write(text.path().join(FILE_NAME), "no database at all".repeat(100)).unwrap();
    assert!(matches!(SqliteStore::open(text.path()), Err(OpenError::NotADatabase { .. })));

    let empty = TestDirectory::new();
    assert!(matches!(SqliteStore::open_read_only(empty.path()), Err(OpenError::Missing { .. })));
}

#[test]
fn a_damaged_event_is_named_and_the_others_are_read() {
    let damages = [
        "UPDATE event SET id = x'00' WHERE position = 3",
        "UPDATE event SET type = 99 WHERE position = 3",
        "UPDATE event SET stream = 99 WHERE position = 3",
        "UPDATE event SET version = -1 WHERE position = 3",
        "UPDATE event SET recorded_at = 9223372036854775807 WHERE position = 3",
        "DELETE FROM event WHERE position = 3",
    ];
    for damage in damages {
        let (store, directory) = store();
        store.append(&stream("a"), Expected::NoStream, events(1..=5)).unwrap();
        meddle(&directory).execute_batch(&format!("PRAGMA foreign_keys = OFF; {damage}")).unwrap();
        assert_eq!(store.read_all(None, 10).unwrap().len(), 2, "{damage}");
        assert_eq!(damaged_position(store.read_all(Some(Position(2)), 10)), Position(3), "{damage}");
        assert_eq!(store.read_all(Some(Position(3)), 10).unwrap().len(), 2, "{damage}");
        let mut shown = 0;
        let replay = store.replay(None, &mut |_| {
            shown += 1;
            Ok(())
        });
        assert_eq!((damaged_position(replay), shown), (Position(3), 2), "{damage}");
        assert_eq!(damaged_position(verify(&store)), Position(3), "{damage}");
    }
}

#[test]
fn a_page_that_cannot_be_read_is_named_and_the_others_are_read() {
    let (store, directory) = store();
    let large = |number| NewEvent { data: vec![b'x'; 3_000], ..event(number) };
    store.append(&stream("a"), Expected::NoStream, (1..=60).map(large).collect()).unwrap();
    drop(store);
    let path = directory.path().join(FILE_NAME);
    let mut bytes = std::fs::read(&path).unwrap();
    let marker = br#"{"actor":"test"}xxxx"#;
    let events_found: Vec<usize> =
        (0..bytes.len() - marker.len()).filter(|&start| &bytes[start..start + marker.len()] == marker).collect();
    let page = events_found[30] / 4096 * 4096;
    bytes[page..page + 4096].fill(0);
    std::fs::write(&path, bytes).unwrap();

    let store = SqliteStore::open_read_only(directory.path()).unwrap();
    let before = store.read_all(None, 100).unwrap();
    let lost = damaged_position(store.read_all(before.last().map(|event| event.position), 100));
    assert_eq!(lost.0, before.len() as u64 + 1);
    assert_eq!(store.read_all(Some(lost), 100).unwrap().len() + before.len(), 59);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_chain_finds_any_single_change(
        position in 1_u64..=6,
        column in prop::sample::select(vec![
            "id", "metadata", "data", "salt", "digest", "hash", "stream", "version", "type", "recorded_at",
        ]),
        at in 0_usize..64,
        flip in 1_u8..=255,
    ) {
        let (store, directory) = store();
        store.append(&stream("a"), Expected::NoStream, events(1..=4)).unwrap();
        store.append(&stream("b"), Expected::NoStream, events(5..=6)).unwrap();
        store.erase_payload(Position(2)).unwrap();
        prop_assert!(verify(&store).is_ok());
        let meddler = meddle(&directory);
        meddler.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        let read = format!("SELECT {column} FROM event WHERE position = {position}");
        let write = format!("UPDATE event SET {column} = ?1 WHERE position = {position}");
        let value: Value = meddler.query_row(&read, (), |row| row.get(0)).unwrap();
        let changed = match value {
            Value::Integer(number) => Value::Integer(number ^ i64::from(flip)),
            Value::Blob(mut bytes) => {
                let at = at % bytes.len();
                bytes[at] ^= flip;
                Value::Blob(bytes)
            }
            Value::Null | Value::Real(_) | Value::Text(_) => Value::Blob(vec![flip; 32]),
        };
        // A change that would double a version of a stream is refused by the file itself.
        prop_assume!(meddler.execute(&write, [changed]).is_ok());
        prop_assert_eq!(damaged_position(verify(&store)), Position(position));
    }
}

#[test]
fn a_renamed_stream_or_type_breaks_the_chain_where_it_first_stands() {
    for (change, first) in [
        ("UPDATE stream SET name = 'c' WHERE name = 'b'", Position(5)),
        ("UPDATE event_type SET name = 'tested.9' WHERE name = 'tested.2'", Position(2)),
        ("UPDATE event_type SET schema = 2 WHERE name = 'tested.0'", Position(3)),
        ("UPDATE event_type SET schema = 70000 WHERE name = 'tested.0'", Position(3)),
    ] {
        let (store, directory) = store();
        store.append(&stream("a"), Expected::NoStream, events(1..=4)).unwrap();
        store.append(&stream("b"), Expected::NoStream, events(5..=6)).unwrap();
        meddle(&directory).execute_batch(change).unwrap();
        assert_eq!(damaged_position(verify(&store)), first);
    }
}

#[test]
fn an_erased_payload_is_gone_from_the_files_and_the_chain_holds() {
    let (store, directory) = store();
    let secret = "en fritekst med et navn";
    let telling = NewEvent { data: format!(r#"{{"note":"{secret}"}}"#).into_bytes(), ..event(2) };
    let long = NewEvent { data: secret.repeat(2_000).into_bytes(), ..event(3) };
    let appended = vec![event(1), telling.clone(), long, event(4)];
    store.append(&stream("a"), Expected::NoStream, appended).unwrap();
    let before = verify(&store).unwrap();
    assert!(directory.holds(secret));

    store.erase_payload(Position(2)).unwrap();
    store.erase_payload(Position(3)).unwrap();
    store.erase_payload(Position(3)).unwrap();
    assert!(!directory.holds(secret));
    let data: Vec<bool> = store.read_all(None, 10).unwrap().iter().map(|event| event.data.is_some()).collect();
    assert_eq!(data, [true, false, false, true]);
    assert_eq!(verify(&store).unwrap(), Verification { erased: 2, ..before });

    let again = store.append(&stream("b"), Expected::Any, vec![telling]).unwrap_err();
    assert!(matches!(again, AppendError::IdReusedWithOtherContent { .. }), "{again}");
    store.append(&stream("a"), Expected::Exact(3), events([5])).unwrap();
    assert_eq!(verify(&store).unwrap().count, 5);
    assert!(matches!(store.erase_payload(Position(6)), Err(EraseError::Unknown { position: Position(6) })));
}

#[test]
fn after_a_failed_sync_nothing_is_written_until_the_store_is_reopened() {
    let directory = TestDirectory::new();
    let faults = Faults::default();
    let store = SqliteStore::open_with(directory.path(), faults.clone()).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    faults.failing_sync.store(true, Ordering::Relaxed);
    let failure = store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap_err();
    assert!(matches!(failure, AppendError::Storage { .. }), "{failure}");
    let later = store.append(&stream("a"), Expected::Exact(0), events([3])).unwrap_err();
    assert!(matches!(later, AppendError::Poisoned { .. }), "{later}");
    let erasure = store.erase_payload(Position(1)).unwrap_err();
    assert!(matches!(erasure, EraseError::Refused { source: AppendError::Poisoned { .. }, .. }), "{erasure}");
    assert_eq!(store.read_all(None, 10).unwrap().len(), 1);
    drop(store);

    let store = SqliteStore::open(directory.path()).unwrap();
    store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
    assert_eq!(verify(&store).unwrap().count, 2);
}

#[test]
fn of_appends_that_belong_together_none_remains_where_the_disk_is_full_in_the_middle() {
    let directory = TestDirectory::new();
    let faults = Faults { pages_max: Some(60), ..Faults::default() };
    let store = SqliteStore::open_with(directory.path(), faults).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    let large = |number: u64| Append {
        stream: stream(&format!("of-{number}")),
        expected: Expected::NoStream,
        events: vec![NewEvent { data: vec![b'x'; 5_000], ..event(number) }],
    };
    // More than is written at once where appends do not belong together.
    let failure = store.append_together((2..2_000).map(large).collect()).unwrap_err();
    assert_eq!(failure.to_string(), "the disk is full, so nothing was written; make room and restart");
    drop(store);
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(verify(&store).unwrap().count, 1);
    assert_eq!(store.append_together((2..2_000).map(large).collect()).unwrap().len(), 1_998);
}

#[test]
fn a_full_disk_is_said_and_what_was_acknowledged_remains() {
    let directory = TestDirectory::new();
    let faults = Faults { pages_max: Some(60), ..Faults::default() };
    let store = SqliteStore::open_with(directory.path(), faults).unwrap();
    let mut acknowledged = 0;
    let failure = loop {
        let large = NewEvent { data: vec![b'x'; 5_000], ..event(acknowledged) };
        match store.append(&stream("a"), Expected::Any, vec![large]) {
            Ok(_) => acknowledged += 1,
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure.to_string(), "the disk is full, so nothing was written; make room and restart");
    assert!(acknowledged > 10);
    drop(store);
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(verify(&store).unwrap().count, acknowledged);
    store.append(&stream("a"), Expected::Any, events([acknowledged])).unwrap();
}

#[test]
fn a_backup_taken_while_others_write_is_the_log_as_it_stood() {
    let (store, directory) = store();
    store.append(&stream("a"), Expected::NoStream, events(0..500)).unwrap();
    store.erase_payload(Position(7)).unwrap();
    let restored = TestDirectory::new();
    let copy = restored.path().join(FILE_NAME);
    let backup = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 500..600 {
                store.append(&stream("b"), Expected::Any, events([number])).unwrap();
            }
        });
        store.backup(&copy).unwrap()
    });
    assert!(matches!(store.backup(&copy), Err(BackupError::Exists { .. })));
    let reopened = SqliteStore::open(restored.path()).unwrap();
    assert_eq!(verify(&reopened).unwrap(), backup);
    let count = usize::try_from(backup.count).unwrap();
    assert!(count >= 500);
    assert!(reopened.read_all(None, 1_000).unwrap() == store.read_all(None, count).unwrap());
    assert!(reopened.append(&stream("a"), Expected::NoStream, events(0..500)).unwrap().already_committed);

    meddle(&directory).execute_batch("UPDATE event SET metadata = x'00' WHERE position = 5").unwrap();
    let spoilt = directory.path().join("backup.sqlite3");
    assert!(matches!(store.backup(&spoilt), Err(BackupError::Damaged { .. })));
    let left = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("backup")));
}

#[test]
fn the_write_ahead_log_stays_small_under_steady_writing() {
    let (store, directory) = store();
    for number in 0..40 {
        let large = (0..1_000).map(|part| NewEvent { data: vec![b'x'; 1_000], ..event(number * 1_000 + part) });
        store.append(&stream("a"), Expected::Any, large.collect()).unwrap();
    }
    let log = std::fs::metadata(directory.path().join(format!("{FILE_NAME}-wal"))).unwrap();
    assert!(log.len() < 40 << 20, "{} bytes", log.len());
    assert_eq!(verify(&store).unwrap().count, 40_000);
}

const CHILD: &str = "GRENSELOS_TEST_APPEND_UNTIL_KILLED";

/// The other half of the next test: run by it in a process of its own.
#[test]
fn append_until_killed() {
    let Ok(directory) = std::env::var(CHILD) else { return };
    let store = SqliteStore::open(Path::new(&directory)).unwrap();
    for number in 0.. {
        store.append(&stream("a"), Expected::Any, events([2 * number, 2 * number + 1])).unwrap();
        println!("acknowledged {}", 2 * number + 2);
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_nothing_is_halved() {
    let directory = TestDirectory::new();
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::sqlite::tests::append_until_killed", "--nocapture"])
            .env(CHILD, directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = lines.map_while(Result::ok).filter_map(|line| {
            let (_, number) = line.split_once("acknowledged ")?;
            number.parse::<u64>().ok()
        });
        let last = acknowledged.take_while(|number| *number <= round * 100).last();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        let count = verify(&store).unwrap().count;
        assert!(last.is_some_and(|last| count >= last), "{last:?} acknowledged, {count} there");
        assert_eq!(count % 2, 0);
    }
}
