//! One instance at a time numbers invoices and sends letters, whatever becomes of the others.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::instance::Instance;
use super::server::{Hold, TestServer};
use super::{views, wait_or_say, wait_until};
use crate::files;
use crate::http::service::nth;
use crate::place::Place;
use crate::smtp::Server;
use crate::smtp::outbox::address;

/// How many municipalities take part.
pub const MUNICIPALITIES: usize = 5;

/// Municipalities of the country that the benchmarks know, and the county authority that does not exist.
fn parties() -> (String, Vec<String>) {
    let known = files::read("benches/invoices/municipalities.csv");
    let rows: Vec<&str> = known.lines().take(1 + MUNICIPALITIES).collect();
    let issuer = "999999905,county_authority,2020-01-01,99,Fellesinnkjøp fylkeskommune (oppdiktet),,,nb,,";
    let column = |row: &str| row.split(',').nth(3).unwrap().to_owned();
    let numbers = rows.iter().skip(1).map(|row| column(row)).collect();
    (format!("{}\n{issuer}\n", rows.join("\n")), numbers)
}

/// Settings for instances that share a log and a directory.
pub fn shared(name: &str, cluster: &TestServer, mail: &Server) -> Place {
    let place = Place::new(name);
    let smtp = mail.smtp();
    let settings = format!(
        "[data]\ndirectory = \"data\"\nstore = \"{}\"\nturn_seconds = 3\n[mail]\ndirectory = \"mail\"\n[mail.smtp]\nhost = \
         \"localhost\"\nport = {}\nuser = \"{}\"\npassword_file = \"{}\"\nca_file = \"{}\"\nconnections = 1\n[ehf]\noutgoing = \
         \"ehf\"\n",
        cluster.url(),
        smtp.port,
        smtp.user,
        smtp.password_file.display(),
        smtp.ca_file.display(),
    );
    place.file("settings.toml", settings);
    place
}

fn import(place: &Place, kind: &str, rows: &str) {
    place.file("rows.csv", rows);
    let ran = place.run(&format!("grenselos --config settings.toml import {kind} rows.csv"));
    assert_eq!((ran.code, &*ran.err), (0, ""), "{kind}: {}", ran.out);
}

/// How far the log has come: what was imported through another process is waited for by it.
fn position(place: &Place) -> String {
    let log = place.run("grenselos --config settings.toml rebuild");
    log.out.split_whitespace().nth(1).unwrap().to_owned()
}

#[track_caller]
fn post(instance: &Instance, target: &str, body: &Value) -> Value {
    let answer = instance.post(target, body);
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    answer.json()
}

/// Everybody takes part in a procurement, and a run of invoices is approved.
pub fn approve_a_run(place: &Place, instance: &Instance, fates: &[(usize, &str)]) {
    let (rows, numbers) = parties();
    import(place, "parties", &rows);
    let known = instance.known_at(&position(place), "/api/v1/parties?limit=1000");
    let county = known["items"].as_array().unwrap().iter().find(|party| party["number"] == "99").unwrap()["party"]
        .as_str()
        .unwrap()
        .to_owned();
    let command = |kind: &str, id: &str, body: &Value| post(instance, &format!("/api/v1/{kind}/{id}/commands"), body);
    let (procurement, key) = (nth(10), nth(11));
    let open = json!({ "command": "open", "procurement": procurement, "name": "Biblioteksystem", "county": county,
        "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2023-01-10" });
    command("procurements", &procurement, &open);
    let vat = json!({ "command": "decide_vat_treatment", "treatment": "viderefakturering", "vat_percent": "25",
        "applies_to": { "to": "procurement" }, "from": "2023-01-01", "decision": "Sak 2/23", "role": "økonomisjef",
        "person": nth(70), "on": "2023-02-01" });
    command("procurements", &procurement, &vat);
    let registered = json!({ "command": "state_register_entry", "in_foretaksregisteret": false, "vat_registered": true,
        "from": "2020-01-01", "source": "Enhetsregisteret" });
    command("parties", &county, &registered);
    let definition = json!({ "kind": "divide", "name": "Likt", "base": [{ "measure": "equal", "percent": "100" }] });
    let propose = json!({ "command": "propose", "sharing_key": key, "procurement": procurement, "name": "Likt",
        "definition": definition, "population_date": "2023-01-01", "on": "2023-02-01" });
    command("sharing-keys", &key, &propose);
    let adopt = json!({ "command": "adopt", "definition": definition, "applies_from": "2023-03-01",
        "population_date": "2023-01-01", "reference": "Sak 1/23", "on": "2023-03-01" });
    command("sharing-keys", &key, &adopt);
    let (mut agreements, mut contacts) = (
        "party,commitment,drafted_on,sent_on,signed_on,signed_role,signed_authority,active_from\n".to_owned(),
        "party,role,name,email\n".to_owned(),
    );
    for (index, number) in numbers.iter().enumerate() {
        let day = "2023-04-01";
        writeln!(agreements, "{number},committed,{day},{day},{day},kommunedirektør,delegasjonsreglement,2024-01-01")
            .unwrap();
        let fate = fates.iter().find(|(other, _)| *other == index).map_or("ok", |(_, fate)| *fate);
        writeln!(contacts, "{number},finance,Økonomiavdelingen,{}", address(index, fate)).unwrap();
    }
    import(place, "agreements", &agreements);
    import(place, "contacts", &contacts);
    let costs = "name,kind,year,shared_by,vat_percent,on,certainty,amount,source\n\
                 Konvertering,conversion,2024,Likt,25,2023-05-01,contracted,80000.00,oppdiktet\n";
    import(place, "costs", costs);
    let plan = json!({ "procurement": procurement, "issuer": county, "year": 2024 });
    instance.known_at(&position(place), "/api/v1/costs");
    let planned = post(instance, "/api/v1/invoice-runs", &plan);
    let run = planned["events"][0]["data"]["run"].as_str().unwrap();
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    post(instance, &format!("/api/v1/invoice-runs/{run}/approve"), &approval);
}

/// Who has taken the turn, one after the other: a worker has another name each time.
pub fn turns(instance: &Instance) -> Vec<String> {
    let events = instance.get("/api/v1/events?limit=1000").json();
    let claims = events["items"].as_array().unwrap().iter().filter(|event| event["type"] == "work.claimed");
    let mut holders: Vec<String> = claims.map(|event| event["data"]["holder"].as_str().unwrap().to_owned()).collect();
    // Whoever works for long takes it anew.
    holders.dedup();
    holders
}

fn invoices(instance: &Instance) -> Vec<Value> {
    instance.get("/api/v1/invoices?limit=1000").json()["items"].as_array().unwrap().clone()
}

#[test]
fn invoices_are_numbered_without_a_gap_and_each_letter_leaves_once() {
    let (cluster, mail) = (TestServer::start(), Server::start("cluster"));
    let place = &shared("several instances", &cluster, &mail);
    let second = Instance::start(place, "second", "api");
    approve_a_run(place, &second, &[(2, "taken-hang")]);

    // Given an instance that is stopped in the middle of numbering.
    cluster.node.hold(Hold::Appends("-series-", 3));
    let first = Instance::start(place, "first", "all");
    wait_until("the first numbers", || cluster.node.held_count() > 0);
    first.pause();
    let third = Instance::start(place, "third", "all");
    cluster.node.let_go();

    // When its turn is over, another goes on where it was, up to a letter that the mail server never answers.
    let hangs = address(2, "taken-hang");
    let said = || format!("first: {}\nthird: {}", first.said(), third.said());
    wait_or_say("the third sends", said, || !mail.mailbox(&hangs).is_empty());
    wait_until("the second knows that the rest is numbered", || {
        invoices(&second).iter().filter(|invoice| invoice["issued"].is_object()).count() == MUNICIPALITIES
    });
    // The first goes on as if nothing had been, and the third dies with the letter under way.
    first.resume();
    third.kill();
    let fourth = Instance::start(place, "fourth", "all");

    // Then all other letters leave, once, and by whom does not matter.
    wait_until("every letter has left", || mail.counts().len() == MUNICIPALITIES);
    let open = || {
        let letters = second.get("/api/v1/outbox").json()["items"].as_array().unwrap().clone();
        let states = letters.iter().map(|letter| letter["state"].as_str().unwrap().to_owned());
        states.filter(|state| state != "accepted").collect::<Vec<_>>()
    };
    wait_until("what was under way is known", || open() == ["attempting"]);
    let sent = mail.counts();
    assert!(sent.iter().all(|(_, count)| *count == 1), "{sent:?}\n{}{}", first.said(), fourth.said());

    assert_numbered_and_alike(&[&first, &second, &fourth]);
}

/// All invoices are numbered without a gap, and every instance shows the same.
#[track_caller]
pub fn assert_numbered_and_alike(instances: &[&Instance]) {
    let numbers: BTreeSet<u64> =
        invoices(instances[0]).iter().map(|invoice| invoice["issued"]["number"].as_u64().unwrap()).collect();
    let (least, most) = (*numbers.first().unwrap(), *numbers.last().unwrap());
    assert_eq!((numbers.len(), most - least + 1), (MUNICIPALITIES, MUNICIPALITIES as u64), "{numbers:?}");
    assert_eq!(least % 100_000, 1, "it is the first of the series");

    let asked = instances[0].post("/api/v1/invoice-runs/issue", &json!({}));
    let position = asked.header("Log-Position").unwrap();
    // A worker that has nothing left to do gives its turn back: the log may grow by that between two questions.
    let views = views::all(instances[0]);
    let differs = || {
        views.iter().find(|view| {
            let seen: Vec<Vec<u8>> = instances.iter().map(|instance| views::shown(instance, position, view)).collect();
            seen.iter().any(|other| *other != seen[0])
        })
    };
    wait_or_say("all show the same", || format!("{:?}", differs()), || differs().is_none());
}
