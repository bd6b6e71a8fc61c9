//! Instances of an older version beside one of a newer version, which has written what they do not know.

use std::collections::HashMap;

use serde_json::json;

use super::instance::Instance;
use super::messages::{Proposed, Uuid, UuidValue};
use super::server::TestServer;
use super::work::{approve_a_run, shared};
use super::{wait_or_say, wait_until};
use crate::http::service::nth;
use crate::smtp::Server;

/// An event of the program's, put by hand into the log; it may be of a kind that only a newer version knows.
pub fn by_hand(event_type: &str) -> Proposed {
    let metadata = [("type", event_type), ("content-type", "application/json")];
    Proposed {
        id: Some(Uuid { value: Some(UuidValue::String(nth(990))) }),
        metadata: HashMap::from(metadata.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        custom_metadata:
            br#"{"grenselos":1,"log":"grenselos-","schema_version":1,"recorded_at":"2031-01-01T00:00:00Z"}"#.to_vec(),
        data: b"{}".to_vec(),
    }
}

#[test]
fn instances_of_an_older_version_answer_on_and_neither_write_nor_work() {
    let (cluster, mail) = (TestServer::start(), Server::start("versions"));
    let place = &shared("two versions", &cluster, &mail);
    let running = Instance::start(place, "running", "api");
    approve_a_run(place, &running, &[]);
    cluster.node.log.lock().unwrap().write(&format!("grenselos-party-{}", nth(980)), by_hand("party.twinned"));

    // One that runs says so within a moment, and so does one that starts and would have work to do.
    let what = "\"party.twinned\" was written by a newer version of this program; use that version or a later one";
    let says_so = |instance: &Instance| instance.said().contains(what);
    wait_until("the one that runs says so", || says_so(&running));
    let before = cluster.node.append_count();
    let starting = Instance::begin(place, "starting", "all");
    let said = || starting.said();
    wait_or_say("it lives", said, || starting.listens());
    wait_or_say("it has tried to work", said, || starting.said().contains("trying again in"));

    for instance in [&running, &starting] {
        let not_ready = instance.get("/health/ready").problem();
        assert!(not_ready.starts_with("503 not-ready: the event at position"), "{not_ready}");
        assert!(not_ready.contains(what) && not_ready.contains("reads go on without it"), "{not_ready}");
        for target in ["/invoices", "/api/v1/invoice-runs", "/api/v1/agreements"] {
            assert_eq!(instance.get(target).status, 200, "{target}");
        }
        let refused = instance.post(
            &format!("/api/v1/procurements/{}/commands", nth(10)),
            &json!({ "command": "set_milestone", "name": "Oppstart", "on": "2024-01-01" }),
        );
        assert_eq!(refused.status, 503, "{}", refused.text());
    }
    // Nothing was numbered, nobody has taken the turn, and no letter has left.
    assert_eq!(cluster.node.append_count(), before);
    assert!(mail.counts().is_empty());
}
