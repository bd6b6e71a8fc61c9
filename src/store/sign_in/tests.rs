//! What people sign in by, as the file keeps it.

use chrono::TimeDelta;

use super::*;
use crate::store::testing::TestDirectory;

#[test]
fn that_a_session_is_used_is_no_change_and_whatever_else_happens_is_one() {
    let directory = TestDirectory::new();
    let file = SignInFile::open(directory.path()).unwrap();
    let (person, at) = (PersonId::default(), DateTime::<Utc>::UNIX_EPOCH);
    let row = SessionRow { person, means: "password".to_owned(), strong: None, began: at, seen: at, provider: None };
    let mut known = file.watched().changes();
    let mut is_new = || std::mem::replace(&mut known, file.watched().changes()) != known;
    file.begin_session(&[1; 32], &row, None).unwrap();
    assert!(is_new(), "a session begins");
    for minute in 1..=3 {
        file.session_seen(&[1; 32], at + TimeDelta::minutes(minute)).unwrap();
    }
    file.session_seen(&[2; 32], at).unwrap();
    assert!(!is_new(), "it is used, and one that is not there is not");
    file.invite(&[3; 32], person, at).unwrap();
    assert!(is_new(), "somebody is invited");
    file.session_seen(&[1; 32], at).unwrap();
    file.end_session(&[1; 32]).unwrap();
    assert!(is_new(), "it is used and ends");
}

#[test]
fn what_auditors_read_at_the_same_time_is_written_down_each() {
    let directory = TestDirectory::new();
    let file = SignInFile::open(directory.path()).unwrap();
    let (person, at) = (PersonId::default(), DateTime::<Utc>::UNIX_EPOCH);
    std::thread::scope(|scope| {
        for number in 0..16 {
            let file = &file;
            scope.spawn(move || file.audited(person, &format!("GET /log?before={number}"), at).unwrap());
        }
    });
    let mut read: Vec<String> = file.audited_reads().unwrap().into_iter().map(|(_, _, target)| target).collect();
    read.sort();
    let mut expected: Vec<String> = (0..16).map(|number| format!("GET /log?before={number}")).collect();
    expected.sort();
    assert_eq!(read, expected);
}

/// How much of what auditors have read is in the file itself.
fn in_the_file_itself(directory: &TestDirectory) -> usize {
    let copy = TestDirectory::new();
    std::fs::copy(directory.path().join(READS_FILE_NAME), copy.path().join(READS_FILE_NAME)).unwrap();
    SignInFile::open(copy.path()).unwrap().audited_reads().unwrap().len()
}

#[test]
fn what_auditors_read_is_in_the_file_itself_once_it_is_made_safe() {
    let directory = TestDirectory::new();
    let file = SignInFile::open(directory.path()).unwrap();
    file.audited(PersonId::default(), "GET /log", DateTime::<Utc>::UNIX_EPOCH).unwrap();
    let in_the_file_itself = || in_the_file_itself(&directory);
    assert_eq!(in_the_file_itself(), 0, "it stands in the log ahead of the file, which the process writes");
    file.make_reads_safe().unwrap();
    assert_eq!(in_the_file_itself(), 1);
}

#[test]
fn what_could_not_be_made_safe_for_somebody_who_reads_is_made_so_the_next_time() {
    let directory = TestDirectory::new();
    let file = SignInFile::open(directory.path()).unwrap();
    let read = |target: &str| file.audited(PersonId::default(), target, DateTime::<Utc>::UNIX_EPOCH).unwrap();
    read("GET /log");
    // Somebody copies the file meanwhile, and reads what was before.
    let copying = Connection::open(directory.path().join(READS_FILE_NAME)).unwrap();
    copying.execute_batch("BEGIN; SELECT count(*) FROM audited_read").unwrap();
    read("GET /board");
    file.make_reads_safe().unwrap();
    assert!(in_the_file_itself(&directory) < 2, "what is read is not written over");
    copying.execute_batch("COMMIT").unwrap();
    file.make_reads_safe().unwrap();
    assert_eq!(in_the_file_itself(&directory), 2);
}
