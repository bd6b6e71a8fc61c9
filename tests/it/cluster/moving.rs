//! A log is moved from a file to the cluster and back, by the command.

use super::instance::Instance;
use super::server::TestServer;
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
