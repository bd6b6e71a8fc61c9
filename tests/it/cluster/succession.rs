//! A worker that dies is succeeded within a minute, by the settings as they come.

use std::time::Duration;

use super::instance::Instance;
use super::server::{Hold, TestServer};
use super::work::{MUNICIPALITIES, approve_a_run, assert_numbered_and_alike, shared, turns};
use super::{wait_or_say, wait_until, wait_within};
use crate::smtp::Server;

const MINUTE: Duration = Duration::from_mins(1);

#[test]
fn a_worker_that_dies_in_its_turn_is_succeeded_within_a_minute() {
    let (cluster, mail) = (TestServer::start(), Server::start("succession"));
    let place = &shared("a succession", &cluster, &mail);
    let settings = std::fs::read_to_string(place.path("settings.toml")).unwrap();
    let as_it_comes = settings.replace("turn_seconds = 3\n", "answer_seconds_max = 60\n");
    assert_ne!(as_it_comes, settings);
    place.file("settings.toml", as_it_comes);

    // Given one that numbers, and another that was there before and has seen it take the turn.
    let holder = Instance::start(place, "holder", "all");
    let heir = Instance::start(place, "heir", "all");
    heir.pause();
    cluster.node.hold(Hold::Appends("-series-", 3));
    approve_a_run(place, &holder, &[]);
    wait_until("the first numbers", || cluster.node.held_count() > 0);
    heir.resume();
    let taken = turns(&holder);
    assert!(!taken.is_empty());
    wait_until("the other has seen it", || turns(&heir) == taken);

    // When it dies, the other has the turn before a minute has passed, and goes on.
    holder.kill();
    cluster.node.let_go();
    let said = || heir.said();
    wait_within(MINUTE, "the other takes the turn", said, || turns(&heir).len() > taken.len());
    assert_ne!(turns(&heir).last(), taken.last());
    wait_or_say("every letter has left", said, || mail.counts().len() == MUNICIPALITIES);
    wait_or_say("it is known", said, || {
        let letters = heir.get("/api/v1/outbox").json();
        letters["items"].as_array().unwrap().iter().all(|letter| letter["state"] == "accepted")
    });
    assert_numbered_and_alike(&[&heir]);
    let sent = mail.counts();
    assert!(sent.iter().all(|(_, count)| *count == 1), "{sent:?}\n{}", said());
}
