//! An instance that reads the log yet lives, and is not ready.

use super::instance::Instance;
use super::server::{Hold, TestServer};
use super::wait_until;
use crate::place::Place;

#[test]
fn an_instance_lives_and_is_not_ready_until_it_has_read_the_log() {
    let server = TestServer::start();
    let place = Place::new("an instance that starts");
    place.file("settings.toml", format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\n", server.url()));
    server.node.hold(Hold::Reads);
    let instance = Instance::begin(&place, "starting", "all");
    wait_until("it lives", || instance.listens());
    assert_eq!(instance.get("/health/live").status, 200);
    for target in ["/health/ready", "/api/v1/parties", "/"] {
        assert_eq!(
            instance.get(target).problem(),
            "503 not-ready: the instance starts and reads the log; ask again in a moment, or another instance"
        );
    }
    server.node.let_go();
    instance.wait_until_ready();
    assert_eq!(instance.get("/api/v1/parties").status, 200);
}
