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
