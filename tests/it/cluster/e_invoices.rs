//! An e-invoice reaches the access point once, whoever dies or is stopped while it is laid out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::instance::Instance;
use super::server::{Hold, TestServer};
use super::work::{MUNICIPALITIES, approve_a_run, assert_numbered_and_alike, shared};
use super::{wait_or_say, wait_until};
use crate::http::service::nth;
use crate::place::Place;
use crate::smtp::Server;

/// An access point that takes what is laid out, and counts how often it got what.
struct AccessPoint<'place> {
    place: &'place Place,
    taken: BTreeMap<String, usize>,
}

impl AccessPoint<'_> {
    /// Takes so many of the files that lie there.
    fn take(&mut self, most: usize) {
        let mut names: Vec<String> = self.lying();
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        for name in names.into_iter().take(most) {
            std::fs::remove_file(self.place.path("ehf").join(&name)).unwrap();
            *self.taken.entry(name).or_default() += 1;
        }
    }

    fn lying(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.place.path("ehf")) else { return vec![] };
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn letters(instance: &Instance) -> Vec<Value> {
    instance.get("/api/v1/outbox").json()["items"].as_array().unwrap().clone()
}

/// How many e-invoices stand in this state.
fn count(instance: &Instance, state: &str) -> usize {
    letters(instance).iter().filter(|letter| letter["e_invoice"] == state).count()
}

/// How many e-invoices some worker was about to lay out.
fn claims(instance: &Instance) -> usize {
    let events = instance.get("/api/v1/events?limit=1000").json();
    let kinds = events["items"].as_array().unwrap().iter().map(|event| event["type"].clone());
    kinds.filter(|kind| kind == "delivery.e-invoice-laying-started").count()
}

/// All that has happened is known: every letter has left, and its outcome is in the log.
fn all_sent(instance: &Instance, mail: &Server) -> bool {
    let letters = letters(instance);
    mail.counts().len() == MUNICIPALITIES && letters.iter().all(|letter| letter["state"] == "accepted")
}

/// Appends about an e-invoice, one after the other: two that draw up, one that claims, one that records.
const DRAWN_UP: usize = 2 * MUNICIPALITIES;
const CLAIMED: usize = 3 * MUNICIPALITIES;

#[test]
fn a_worker_that_is_stopped_behind_some_claims_puts_no_file_in_place_once_another_has_taken_over() {
    let (cluster, mail) = (TestServer::start(), Server::start("claims"));
    let place = &shared("claims of e-invoices", &cluster, &mail);
    let mut access_point = AccessPoint { place, taken: BTreeMap::new() };
    let second = Instance::start(place, "looking", "api");
    approve_a_run(place, &second, &[]);

    // Given a worker with all files ready beside and three of them claimed, that is stopped before it hears of the last claim.
    cluster.node.hold(Hold::Appends("-delivery-", DRAWN_UP + 2));
    let first = Instance::start(place, "stopped", "all");
    wait_until("the claims", || cluster.node.held_count() > 0);
    assert_eq!(access_point.lying().len(), MUNICIPALITIES, "{:?}", access_point.lying());
    first.pause();
    cluster.node.let_go();
    wait_until("the last claim", || claims(&second) == 3);
    let third = Instance::start(place, "succeeding", "all");

    // Then another lays all of them out, and the first finds nothing of its own any longer.
    let said = || format!("first: {}\nthird: {}", first.said(), third.said());
    wait_or_say("all are laid out", said, || count(&second, "placed") == MUNICIPALITIES);
    access_point.take(usize::MAX);
    first.resume();
    first.wait_until_ready();
    wait_or_say("every letter has left", said, || all_sent(&second, &mail));
    access_point.take(usize::MAX);
    assert_eq!(access_point.taken.len(), MUNICIPALITIES);
    assert!(access_point.taken.values().all(|count| *count == 1), "{:?}", access_point.taken);
    assert_numbered_and_alike(&[&first, &second, &third]);
}

#[test]
fn a_worker_that_is_killed_before_it_has_recorded_what_it_laid_out_leaves_a_question_and_no_double() {
    let (cluster, mail) = (TestServer::start(), Server::start("files"));
    let place = &shared("files of e-invoices", &cluster, &mail);
    let mut access_point = AccessPoint { place, taken: BTreeMap::new() };
    let second = Instance::start(place, "watching", "api");
    approve_a_run(place, &second, &[]);

    // Given a worker that has put all files in place and recorded one, when it is killed; and an access point that takes two.
    cluster.node.hold(Hold::Appends("-delivery-", CLAIMED + 1));
    let first = Instance::start(place, "killed", "all");
    wait_until("the files", || cluster.node.held_count() > 0);
    let recorded = || letters(&second).into_iter().find(|letter| letter["e_invoice"] == "placed");
    wait_until("the first of them is known", || recorded().is_some());
    first.kill();
    let name = recorded().unwrap()["e_invoice_said"].as_str().unwrap().to_owned();
    std::fs::remove_file(place.path("ehf").join(&name)).unwrap();
    access_point.taken.insert(name, 1);
    access_point.take(2);
    let third = Instance::start(place, "asking", "all");
    cluster.node.let_go();

    // Then what lies there is recorded, and of what does not a person is asked.
    let said = || format!("third: {}", third.said());
    wait_or_say("it has looked", said, || count(&second, "unknown") == 2);
    wait_or_say("and found", said, || count(&second, "placed") == MUNICIPALITIES - 2);
    wait_or_say("every letter has left", said, || all_sent(&second, &mail));
    access_point.take(usize::MAX);
    for letter in letters(&second).iter().filter(|letter| letter["e_invoice"] == "unknown") {
        let said = json!({ "e_invoice": true, "arrived": true, "role": "regnskapsfører", "person": nth(70),
            "reason": "Kvittering i aksesspunktet" });
        let settled = second.post(&format!("/api/v1/outbox/{}/outcome", letter["invoice"].as_str().unwrap()), &said);
        assert_eq!(settled.status, 200, "{}", settled.text());
    }
    assert_eq!(count(&second, "arrived"), 2);
    assert_eq!(access_point.taken.len(), MUNICIPALITIES);
    assert!(access_point.taken.values().all(|count| *count == 1), "{:?}", access_point.taken);
    assert_numbered_and_alike(&[&second, &third]);
}
