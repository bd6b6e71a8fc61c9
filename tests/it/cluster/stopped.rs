//! An instance that is stopped in the middle of a command, while no other command of its can be written.

use serde_json::{Value, json};

use super::instance::Instance;
use super::server::{Fault, Hold, TestServer};
use super::wait_until;
use super::writes::{commands, register};
use crate::http::client::Response;
use crate::http::service::nth;
use crate::place::Place;

/// Two instances over one log, of which the first is stopped now and then.
struct Two {
    cluster: TestServer,
    first: Instance,
    second: Instance,
}

impl Two {
    fn start(name: &str, names: [&'static str; 2]) -> Self {
        let cluster = TestServer::start();
        let place = Place::new(name);
        // Longer than it is stopped, whatever else this machine does.
        let settings =
            format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\nanswer_seconds_max = 60\n", cluster.url());
        place.file("settings.toml", settings);
        let [first, second] = names.map(|name| Instance::start(&place, name, "api"));
        let position = register(&second);
        first.known_at(&position, "/api/v1/parties");
        Self { cluster, first, second }
    }

    /// What the first answers that is stopped as soon as its append is on the way, and goes on after something has happened.
    fn post_and_stop(&self, target: &str, command: &Value, happens: impl FnOnce()) -> Response {
        let node = &self.cluster.node;
        node.hold(Hold::Appends("-party-", 0));
        std::thread::scope(|scope| {
            let answer = scope.spawn(|| self.first.post(target, command));
            wait_until("its append is on the way", || node.held_count() == 1);
            self.first.pause();
            node.let_go();
            wait_until("it arrives", || node.held_count() == 0);
            happens();
            self.first.resume();
            answer.join().unwrap()
        })
    }

    /// The whole log of so many events, which both show alike.
    fn log(&self, count: usize) -> Vec<Value> {
        let [log, other] = [&self.first, &self.second]
            .map(|instance| instance.known_at(&count.to_string(), "/api/v1/events?limit=1000")["items"].clone());
        assert_eq!(log, other);
        let log = log.as_array().unwrap().clone();
        assert_eq!(log.len(), count, "{log:?}");
        log
    }
}

#[test]
fn what_arrived_while_an_instance_was_stopped_is_acknowledged_when_it_goes_on_and_stands_there_once() {
    let two = Two::start("stopped after an append", ["stopped after", "goes on after"]);
    let set = |reference: &str| json!({ "command": "set_buyer_reference", "reference": reference });
    let references = |count| {
        let log = two.log(count);
        let set = log.iter().filter_map(|event| event["data"]["reference"].as_str().map(ToOwned::to_owned));
        set.collect::<Vec<_>>()
    };
    let answer = two.post_and_stop(&commands(1), &set("FIRST"), || {
        wait_until("the second sees it", || two.second.get("/api/v1/events").text().contains("FIRST"));
        let behind = two.second.post(&commands(1), &set("SECOND"));
        assert_eq!(behind.status, 200, "{}", behind.text());
    });
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(references(3), ["FIRST", "SECOND"]);
    // It writes on.
    assert_eq!(two.first.post(&commands(1), &set("THIRD")).status, 200);
    assert_eq!(references(4), ["FIRST", "SECOND", "THIRD"]);
}

#[test]
fn what_was_lost_while_an_instance_was_stopped_is_refused_where_another_was_faster_and_does_not_stand_there() {
    let two = Two::start("stopped before an append", ["stopped before", "goes on before"]);
    let registration = |vat_compensated: bool| {
        json!({ "command": "register", "party": nth(2), "kind": "municipality", "organisation_number": "974760673",
            "vat_compensated": vat_compensated })
    };
    // What it has said is lost with its connection, and another instance carries out a command that excludes its own.
    two.cluster.node.faults.lock().unwrap().push_back(Fault::Break);
    let answer = two.post_and_stop(&commands(2), &registration(false), || {
        wait_until("its append is lost", || two.cluster.node.faults.lock().unwrap().is_empty());
        let faster = two.second.post(&commands(2), &registration(true));
        assert_eq!(faster.status, 200, "{}", faster.text());
    });
    assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
    let log = two.log(2);
    assert_eq!(log[1]["data"]["vat_compensated"], true, "{log:?}");
    // It writes on.
    let set = json!({ "command": "set_buyer_reference", "reference": "BIB-1" });
    let written = two.first.post(&commands(2), &set);
    assert_eq!(written.status, 200, "{}", written.text());
    two.log(3);
}
