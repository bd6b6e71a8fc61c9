//! What no file can write down: a log held or harmed by others, a full disk, a reader who goes away.

use std::fs::{self, File};
use std::io::pipe;
use std::process::Stdio;

use expect_test::{Expect, expect};
use rusqlite::Connection;

use crate::place::{Place, Ran, words};

/// The log of the demonstration as `SQLite` sees it.
fn log(place: &Place) -> Connection {
    Connection::open(place.path("demo/data/events.sqlite3")).unwrap()
}

const FIGURES: &str = "kommunenummer;dato;innbyggere;kilde\n5610;2027-01-01;2588;SSB\n";
const IMPORT: &str = "grenselos --data demo/data import figures folketall.csv";
const SHEET: &str = "grenselos --data demo/data budget --party Alta --from 2024 --as-of 2024-01-31";

#[track_caller]
fn refused(ran: &Ran, code: i32, sentence: &Expect) {
    sentence.assert_eq(&ran.err);
    assert_eq!((ran.code, &*ran.out), (code, ""));
}

#[test]
fn beside_a_process_that_writes_one_reads_but_does_not_write() {
    let place = Place::with_demo("held");
    place.file("folketall.csv", FIGURES);
    let held = File::create(place.path("demo/data/events.lock")).unwrap();
    held.lock().unwrap();
    refused(
        &place.run(IMPORT),
        1,
        &expect![[r#"
        grenselos: demo/data/events.lock is held by another running process; stop it first, or open for reading only
    "#]],
    );
    assert_eq!(place.run(SHEET).code, 0);
    drop(held);
    assert_eq!(place.run(IMPORT).code, 0);
}

#[test]
fn a_log_of_a_newer_version_is_left_alone() {
    let place = Place::with_demo("newer");
    place.file("folketall.csv", FIGURES);
    log(&place).pragma_update(None, "user_version", 99).unwrap();
    for line in [SHEET, IMPORT, "grenselos --data demo/data verify"] {
        let ran = place.run(line);
        assert_eq!((ran.code, &*ran.out), (1, ""), "{line}");
        assert_eq!(
            ran.err,
            "grenselos: demo/data/events.sqlite3 was written by a newer version (format 99, this one reads up to 1); use \
             the newer version\n"
        );
    }
}

#[test]
fn a_file_that_is_no_log_is_left_alone() {
    let place = Place::new("no-log");
    fs::create_dir(place.path("data")).unwrap();
    place.file("data/events.sqlite3", "Not a log, though it is called so.");
    refused(
        &place.run("grenselos --data data budget --party Alta"),
        1,
        &expect![[r#"
        grenselos: data/events.sqlite3 is not a file of this program; name another directory or move the file away
    "#]],
    );
    assert_eq!(fs::read_to_string(place.path("data/events.sqlite3")).unwrap(), "Not a log, though it is called so.");
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_rest_stays_readable() {
    let place = Place::with_demo("damaged");
    place.file("folketall.csv", FIGURES);
    let sound = place.run(SHEET);
    let harm = "UPDATE event SET data = x'7b' WHERE position = 2280";
    assert_eq!(log(&place).execute(harm, ()).unwrap(), 1);

    let sheet = place.run(SHEET);
    assert_eq!((sheet.code, &sheet.out), (0, &sound.out), "what happened before is still known");
    expect![[r#"
        grenselos: the event at position 2280 cannot be read (the data of "delivery.rendered", version 2, do not have its form; the record is damaged or was not written by this program: EOF while parsing an object at line 1 column 1); what follows from it is missing below
    "#]].assert_eq(&sheet.err);
    let taken = place.run(IMPORT);
    expect![[r#"
        grenselos: the event at position 2280 cannot be read (the data of "delivery.rendered", version 2, do not have its form; the record is damaged or was not written by this program: EOF while parsing an object at line 1 column 1); what follows from it is missing below
        grenselos: nothing is written while events of the log cannot be read (the first is at position 2280): restore a backup, or use a version that understands them
    "#]].assert_eq(&taken.err);
    assert_eq!(taken.code, 1);
    let check = place.run("grenselos --data demo/data check");
    expect![[r#"
        grenselos: the event at position 2280 cannot be read (the data of "delivery.rendered", version 2, do not have its form; the record is damaged or was not written by this program: EOF while parsing an object at line 1 column 1); what follows from it is missing below
        grenselos: the book does not add up: 0 findings and 1 events that cannot be read, among 38 amounts, 136 invoices and 4 series
    "#]].assert_eq(&check.err);
    assert_eq!(check.code, 1);
    refused(
        &place.run("grenselos --data demo/data verify"),
        1,
        &expect![[r#"
        grenselos: event 2280 is damaged: its hash is not that of its content and of all before it; the others can be read, restore this one from a backup
    "#]],
    );
    refused(
        &place.run("grenselos --data demo/data backup copy.sqlite3"),
        1,
        &expect![[r#"
        grenselos: the copy does not verify, so no backup was kept; verify the log itself: event 2280 is damaged: its hash is not that of its content and of all before it; the others can be read, restore this one from a backup
    "#]],
    );
    assert!(!place.path("copy.sqlite3").exists());
}

#[test]
fn a_figure_changed_behind_the_programs_back_is_found() {
    let place = Place::with_demo("forged");
    let path = place.path("demo/data/events.sqlite3");
    // A change that reads well: only the chain knows better.
    let mut bytes = fs::read(&path).unwrap();
    let figure = b"\"inhabitants\",\"on\":\"2024-01-01\"";
    let at = bytes.windows(figure.len()).position(|window| window == figure).unwrap();
    bytes[at + figure.len() - 2] = b'2';
    fs::write(&path, bytes).unwrap();
    let verified = place.run("grenselos --data demo/data verify");
    assert_eq!((verified.code, &*verified.out), (1, ""));
    assert!(verified.err.contains("is damaged"), "{}", verified.err);
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_finds_no_room_is_a_failure() {
    let place = Place::with_demo("full");
    for line in [
        SHEET,
        "grenselos --data demo/data list parties --format csv",
        "grenselos --data demo/data list parties --format json",
        "grenselos --data demo/data check",
        "grenselos import figures --columns",
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let arguments: Vec<String> = words(line).into_iter().skip(1).collect();
        let ran: Ran = place.command(&arguments).stdout(full).output().unwrap().into();
        assert_eq!(ran.code, 1, "{line}");
        assert_eq!(ran.err, "grenselos: the answer could not be written: No space left on device (os error 28)\n");
    }
}

#[test]
fn who_reads_no_further_is_not_told_of_it() {
    let place = Place::with_demo("pipe");
    for line in [
        SHEET,
        "grenselos --data demo/data list parties --format csv",
        "grenselos --data demo/data list signups --format json",
        "grenselos --data demo/data export",
        "grenselos --help",
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let arguments: Vec<String> = words(line).into_iter().skip(1).collect();
        let ran: Ran = place.command(&arguments).stdout(writer).output().unwrap().into();
        assert_eq!((ran.code, &*ran.err), (0, ""), "{line}");
    }
}

#[test]
fn nobody_listening_to_remarks_is_no_harm() {
    let place = Place::new("silent");
    let arguments = ["--data", "nowhere", "check"].map(str::to_owned);
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let status = place.command(&arguments).stdout(Stdio::null()).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}
