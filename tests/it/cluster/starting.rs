//! An instance that reads the log yet lives, and is not ready; what it knows, it answers also when the cluster is silent.

use std::net::TcpListener;

use serde_json::json;

use super::instance::Instance;
use super::server::{Hold, TestServer};
use super::wait_until;
use crate::http::service::nth;
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

#[test]
fn pages_are_answered_while_the_cluster_is_silent() {
    let server = TestServer::start();
    let place = Place::new("an instance and a silent cluster");
    let settings = format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\nanswer_seconds_max = 60\n", server.url());
    place.file("settings.toml", settings);
    let instance = Instance::start(&place, "silent", "all");
    assert_eq!(instance.get("/").status, 200);
    server.node.hold(Hold::Reads);
    wait_until("it asks in vain", || server.node.held_count() == 1);
    let held_in_all_count = server.node.held_in_all_count();
    for target in ["/", "/api/v1/parties"] {
        assert_eq!(instance.get(target).status, 200);
    }
    // The cluster was silent all the time: the same question is held, and nothing else has been asked.
    assert_eq!((server.node.held_count(), server.node.held_in_all_count()), (1, held_in_all_count));
    server.node.let_go();
    instance.wait_until_ready();
    assert_eq!(instance.get("/").status, 200);
}

#[test]
fn a_cluster_that_is_not_there_at_the_start_is_said_once_and_in_one_sentence() {
    let place = Place::new("no cluster");
    // Nobody listens there any longer.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = format!("[data]\ndirectory = \"data\"\nstore = \"kurrentdb://admin:secret@{address}?tls=false\"\n");
    place.file("settings.toml", settings);
    for command in ["list parties", "serve"] {
        let ran = place.run(&format!("grenselos --config settings.toml {command}"));
        let said = format!(
            "grenselos: the log on kurrentdb://{address} could not be opened: the cluster that holds the log did not answer; see \
             that it runs, has a leader and takes these credentials: "
        );
        assert!(ran.err.starts_with(&said), "{}", ran.err);
        assert_eq!((ran.code, ran.err.lines().count(), ran.err.contains("secret")), (1, 1, false), "{}", ran.err);
    }
}

#[test]
fn the_settings_of_the_cluster_of_containers_are_settings_of_this_program() {
    let place = Place::new("the cluster of containers");
    let settings = crate::files::read("config/cluster/settings.toml");
    let compose = crate::files::read("config/cluster/compose.yaml");
    let (of_container, of_node) =
        ("/certificates/ca/ca.crt", "KURRENTDB_TRUSTED_ROOT_CERTIFICATES_PATH: /certificates/ca\n");
    assert!(settings.contains(of_container) && compose.contains(of_node), "both know one authority");
    let here = settings.replace(of_container, super::server::CERTIFICATE_FILE).replace("/var/lib/grenselos", "data");
    place.file("settings.toml", here);
    let taken = place.run("grenselos --config settings.toml outbox check");
    assert_eq!((taken.code, &*taken.err), (0, ""), "{}", taken.out);
    // Each node that the program asks is one of the containers.
    let hosts = settings.split('@').nth(1).unwrap().split('?').next().unwrap();
    for host in hosts.split(',') {
        let (address, port) = host.split_once(':').unwrap();
        assert!(compose.contains(&format!("ipv4_address: {address}\n")) && port == "2113", "{host}");
        assert!(compose.contains(&format!("KURRENTDB_NODE_HOST_ADVERTISE_AS: {address}\n")), "{host}");
    }
}

#[test]
fn an_instance_serves_the_procurements_of_its_line_alone() {
    let server = TestServer::start();
    let place = Place::new("some procurements");
    place.file("settings.toml", format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\n", server.url()));
    let all = Instance::start(&place, "all of them", "api");
    let register = json!({ "command": "register", "party": nth(1), "kind": "county_authority",
        "organisation_number": "922420866", "vat_compensated": true });
    all.post(&format!("/api/v1/parties/{}/commands", nth(1)), &register);
    for (number, name) in [(10, "Bibliotek"), (11, "Arkiv"), (12, "Museum")] {
        let open = json!({ "command": "open", "procurement": nth(number), "name": name, "county": nth(1),
            "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" });
        let opened = all.post(&format!("/api/v1/procurements/{}/commands", nth(number)), &open);
        assert_eq!(opened.status, 200, "{}", opened.text());
    }
    let line = format!("--config settings.toml serve --role api --procurements Bibliotek,{}", nth(11));
    let some = Instance::begin_as(&place, "some of them", &line);
    some.wait_until_ready();
    let rename = |number| {
        let rename = json!({ "command": "rename", "name": "Et annet navn", "on": "2022-02-01" });
        some.post(&format!("/api/v1/procurements/{}/commands", nth(number)), &rename).status
    };
    let names = some.get("/api/v1/procurements").text();
    assert!(names.contains("Bibliotek") && names.contains("Arkiv") && !names.contains("Museum"), "{names}");
    assert_eq!(rename(12), 421, "it is of another");

    let unknown = place.run("grenselos --config settings.toml serve --procurements Bibliotek,Teater");
    assert_eq!(unknown.err.lines().count(), 1, "{}", unknown.err);
    assert!(unknown.err.contains("Teater") && unknown.err.contains("Arkiv"), "{}", unknown.err);
    assert_ne!(unknown.code, 0);
}
