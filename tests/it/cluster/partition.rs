//! An instance that is cut off from the cluster in the middle of its work, and comes back.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;

use super::host::Host;
use super::instance::Instance;
use super::link::Link;
use super::server::{Hold, TestServer};
use super::work::{MUNICIPALITIES, approve_a_run, assert_numbered_and_alike, shared, turns};
use super::{wait_or_say, wait_until};
use crate::smtp::Server;

#[test]
fn an_instance_that_is_cut_off_is_succeeded_and_does_nothing_twice() {
    let (cluster, mail) = (TestServer::start(), Server::start("partition"));
    let place = &shared("a cut", &cluster, &mail);
    let link = Link::to(cluster.node.address);
    let settings = std::fs::read_to_string(place.path("settings.toml")).unwrap();
    let address = cluster.node.address.to_string();
    let behind_link = settings
        .replace(&address, &link.address.to_string())
        .replace("turn_seconds = 3", "turn_seconds = 3\nanswer_seconds_max = 2");
    place.file("cut.toml", behind_link);
    let second = Instance::start(place, "seeing", "api");
    approve_a_run(place, &second, &[]);

    // Given an instance that is cut off in the middle of numbering: what it has said arrives, and it hears no answer.
    cluster.node.hold(Hold::Appends("-series-", 3));
    let first = Instance::begin_as(place, "cut off", "--config cut.toml serve --role all");
    first.wait_until_ready();
    wait_until("the first numbers", || cluster.node.held_count() > 0);
    link.cut();
    let third = Instance::start(place, "succeeding", "all");
    cluster.node.let_go();

    // Then another takes over, and the one that is cut off answers from what it knows and writes nothing.
    let said = || format!("first: {}\nthird: {}", first.said(), third.said());
    wait_or_say("every letter has left", said, || mail.counts().len() == MUNICIPALITIES);
    assert_eq!(first.get("/api/v1/parties").status, 200);
    wait_until("it says that it lags", || first.get("/health/ready").status == 503);
    let refused = first.post("/api/v1/invoice-runs/issue", &json!({}));
    assert_eq!(refused.status, 503, "{}", refused.text());
    let books = ["postings", "saf-t"].map(|form| format!("/api/v1/accounting/{form}?from=2024-01-01&to=2024-12-31"));
    for target in ["/api/v1/events", "/log"].into_iter().chain(books.iter().map(String::as_str)) {
        let answer = first.get(target);
        assert_eq!(answer.status, 503, "{target}: the log itself is not there");
        assert_eq!(answer.header("retry-after"), Some("5"), "{target}");
        if target.starts_with("/api/") {
            assert_eq!(answer.json()["title"], "The log cannot be reached now", "{target}");
        }
    }

    // When it is connected again, it finds everything done.
    link.mend();
    first.wait_until_ready();
    assert_done_once(&[&second, &first, &third], &mail);
}

/// What the first and others know in the end: every letter has left, and once, by more than one who took the turn.
#[track_caller]
fn assert_done_once(instances: &[&Instance], mail: &Server) {
    wait_until("what was sent is known", || {
        let letters = instances[0].get("/api/v1/outbox").json();
        let letters = letters["items"].as_array().unwrap();
        letters.len() == MUNICIPALITIES && letters.iter().all(|letter| letter["state"] == "accepted")
    });
    assert_numbered_and_alike(instances);
    let said = || instances.iter().map(|instance| instance.said()).collect::<Vec<_>>().join("\n");
    let sent = mail.counts();
    assert!(sent.iter().all(|(_, count)| *count == 1), "{sent:?}\n{}", said());
    assert!(turns(instances[0]).len() > 1, "nobody has taken over");
}

#[test]
fn a_host_that_is_cut_off_is_succeeded_and_does_nothing_twice() {
    let Some(host) = Host::start() else { return };
    let (cluster, mail) = (TestServer::start_at(host.cluster().into()), Server::start("host"));
    let place = &shared("a host that is cut off", &cluster, &mail);
    // The host reaches the mail server as `localhost`, by a wire that is not cut.
    let smtp_port = mail.smtp().port;
    let letters = Link::at(host.mail().into(), SocketAddr::from((Ipv4Addr::LOCALHOST, smtp_port)));
    let settings = std::fs::read_to_string(place.path("settings.toml")).unwrap();
    let on_host = settings
        .replace(&format!("port = {smtp_port}\n"), &format!("port = {}\n", letters.address.port()))
        .replace("turn_seconds = 3", "turn_seconds = 3\nanswer_seconds_max = 2");
    place.file("host.toml", on_host);
    let second = Instance::start(place, "beside", "api");
    approve_a_run(place, &second, &[]);

    // Given a host that is cut off in the middle of numbering.
    cluster.node.hold(Hold::Appends("-series-", 3));
    let first = Instance::begin_on(&host, place, "on a host", "--config host.toml serve --role all");
    first.wait_until_ready();
    wait_until("the first numbers", || cluster.node.held_count() > 0);
    host.cut();
    let third = Instance::start(place, "takes over", "all");
    cluster.node.let_go();

    // Then another takes over, and the one that is cut off answers from what it knows.
    let said = || format!("first: {}\nthird: {}", first.said(), third.said());
    wait_or_say("every letter has left", said, || mail.counts().len() == MUNICIPALITIES);
    wait_or_say("it says that it lags", said, || first.get("/health/ready").status == 503);
    assert_eq!(first.get("/api/v1/parties").status, 200);
    let refused = first.post("/api/v1/invoice-runs/issue", &json!({}));
    assert_eq!(refused.status, 503, "{}", refused.text());

    // When its network is there again, it finds everything done.
    host.mend();
    first.wait_until_ready();
    assert_done_once(&[&second, &first, &third], &mail);
}
