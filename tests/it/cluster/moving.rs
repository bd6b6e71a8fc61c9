//! A log is moved from a file to the cluster and back, by the command.

use super::instance::Instance;
use super::server::{Fault, Hold, TestServer};
use super::versions::by_hand;
use super::wait_until;
use crate::http::service::nth;
use crate::place::Place;

#[test]
fn a_log_is_moved_by_a_command_and_not_while_somebody_writes_it() {
    let server = TestServer::start();
    let place = Place::new("a log that is moved");
    place.file("settings.toml", "[data]\ndirectory = \"data\"\nanswer_seconds_max = 1\n");
    place.file("parties.csv", crate::files::read("benches/invoices/municipalities.csv"));
    let imported = place.run("grenselos --config settings.toml import parties parties.csv");
    assert_eq!(imported.code, 0, "{}", imported.err);
    let exported = place.run("grenselos --config settings.toml export");
    let there = format!("grenselos --config settings.toml move --from sqlite:data --to {}", server.url());

    let writer = Instance::start(&place, "writer", "api");
    // Also one that is stopped holds what it writes.
    writer.pause();
    let refused = place.run(&there);
    assert_eq!(
        refused.err,
        "grenselos: --from is being written by another process (data/events.lock); stop that one first, so that nothing is left \
         behind\n"
    );
    assert_eq!(refused.code, 2);
    writer.resume();
    writer.kill();

    let moved = place.run(&there);
    assert_eq!((moved.code, &*moved.err), (0, ""), "{}", moved.out);
    assert!(moved.out.contains("events moved, and each compared: order, ids, instants and contents are the same"));
    let again = place.run(&there);
    assert!(again.out.contains("events stood there already"), "{}{}", again.out, again.err);
    // What was left is not gone on with.
    let left = place.run("grenselos --config settings.toml serve");
    assert_eq!(left.code, 1, "{}", left.out);
    assert!(
        left.err.contains("was moved to kurrentdb://") && left.err.contains("so nothing is written here"),
        "{}",
        left.err
    );
    let back = format!("grenselos --config settings.toml move --from {} --to sqlite:back", server.url());
    assert_eq!(place.run(&back).code, 0);
    let returned = place.run("grenselos --config settings.toml --data back export");
    assert_eq!(returned.out, exported.out);
    // Nothing is made where there is no log.
    let other =
        place.run(&format!("grenselos --config settings.toml move --from sqlite:nowhere --to {}", server.url()));
    assert_eq!((other.code, place.path("nowhere").exists()), (2, false), "{}", other.err);
}

#[test]
fn a_log_that_was_moved_or_is_moved_by_half_is_not_moved_on_from_there() {
    let server = TestServer::start();
    let place = Place::new("a log that is moved twice");
    place.file("settings.toml", "[data]\ndirectory = \"data\"\nanswer_seconds_max = 5\n");
    place.file("parties.csv", crate::files::read("benches/invoices/municipalities.csv"));
    for data in ["data", "other"] {
        let imported = place.run(&format!("grenselos --config settings.toml --data {data} import parties parties.csv"));
        assert_eq!(imported.code, 0, "{}", imported.err);
    }
    let cluster = server.url();
    let run =
        |from: &str, to: &str| place.run(&format!("grenselos --config settings.toml move --from {from} --to {to}"));
    let exported = |data: &str| place.run(&format!("grenselos --config settings.toml --data {data} export")).out;
    let (whole, other) = (exported("data"), exported("other"));
    let file = format!("sqlite:{}", place.path("data").display());
    let shown = format!("kurrentdb://{} (grenselos-)", server.node.address);
    let refused = |from: &str, to: &str, said: &str| {
        let before = server.node.append_count();
        let ran = run(from, to);
        assert_eq!((ran.code, &*ran.err, &*ran.out), (2, &*format!("grenselos: {said}\n"), ""), "{from} to {to}");
        assert_eq!(server.node.append_count(), before, "{from} to {to}");
        assert!(!place.path("elsewhere").exists(), "{from} to {to}");
    };

    // Given a cluster that is full in the middle.
    server.node.hold(Hold::Appends("-party-", 100));
    let broken_off = std::thread::scope(|scope| {
        let moving = scope.spawn(|| run("sqlite:data", &cluster));
        wait_until("it is half moved", || server.node.held_count() > 0);
        *server.node.lasting_fault.lock().unwrap() = Some(Fault::Full);
        server.node.let_go();
        moving.join().unwrap()
    });
    assert_eq!(broken_off.code, 1, "{}", broken_off.err);
    assert!(broken_off.err.contains("was not taken; move again, which goes on from there"), "{}", broken_off.err);
    *server.node.lasting_fault.lock().unwrap() = None;

    // Then the half is not moved on, and nothing else is put behind it.
    let half = format!(
        "{shown} is being filled from {file} and is not whole; run `grenselos move` from there to it again first"
    );
    refused(&cluster, "sqlite:elsewhere", &half);
    refused("sqlite:other", &cluster, &half);
    assert_eq!((exported("data"), exported("other")), (whole.clone(), other.clone()));
    let moved = run("sqlite:data", &cluster);
    assert_eq!((moved.code, &*moved.err), (0, ""), "{}", moved.out);
    assert!(moved.out.contains("events stood there already"), "{}", moved.out);

    // And what was left goes nowhere else.
    let left = format!(
        "the log in {file} was moved to {shown} before and goes on there; move it from there, or it would go on in two places"
    );
    refused("sqlite:data", "sqlite:elsewhere", &left);
    refused("sqlite:data", "sqlite:other", &left);
    assert_eq!((exported("data"), exported("other")), (whole.clone(), other));
    // From where it goes on, it is moved.
    assert_eq!(run(&cluster, "sqlite:elsewhere").code, 0);
    assert_eq!(exported("elsewhere"), whole);
}

#[test]
fn who_verifies_a_log_that_was_left_is_told_what_was_written_to_it_afterwards() {
    let server = TestServer::start();
    let place = Place::new("a log that was left");
    let settings = format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\nanswer_seconds_max = 1\n", server.url());
    place.file("settings.toml", settings);
    place.file("parties.csv", crate::files::read("benches/invoices/municipalities.csv"));
    let run = |command: &str| place.run(&format!("grenselos --config settings.toml {command}"));
    let imported = run("import parties parties.csv");
    assert_eq!(imported.code, 0, "{}", imported.err);
    let moved = run(&format!("move --from {} --to sqlite:back", server.url()));
    assert_eq!(moved.code, 0, "{}", moved.err);
    let verified = run("verify");
    assert_eq!((verified.code, &*verified.err), (0, ""), "{}", verified.out);
    let count: u64 = verified.out.split_whitespace().nth(4).unwrap().parse().unwrap();

    // What was on its way while the log was moved arrives: in a stream that is there, and in one of its own.
    for stream in [format!("grenselos-party-{}", nth(980)), format!("grenselos-party-{}", nth(981))] {
        server.node.log.lock().unwrap().write(&stream, by_hand("party.registered"));
    }
    for command in ["verify", "verify --format json"] {
        let verified = run(command);
        let said = format!(
            "grenselos: the log was left for another place, and what stands here from position {} on was written afterwards; who wrote \
             it was told to ask again, so look whether it stands in the log that goes on, and enter there what does not\n",
            count + 1
        );
        assert_eq!((verified.code, &*verified.err, &*verified.out), (1, &*said, ""));
    }
    // The place where it goes on is whole.
    let goes_on = place.run("grenselos --data back verify");
    assert_eq!((goes_on.code, &*goes_on.err), (0, ""), "{}", goes_on.out);
}
