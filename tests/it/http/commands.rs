//! Commands: done once under a key, refused where the stream has changed.

use serde_json::json;

use super::service::{Service, nth};

const KEY: (&str, &str) = ("Idempotency-Key", "5f0c1d3e-7a52-4a0e-9a63-0b6d2c1f4e88");

fn send_target() -> String {
    format!("/api/v1/agreements/{}/commands", nth(22))
}

#[test]
fn a_command_answers_what_happened_with_version_position_and_etag() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let response = service.post(&send_target(), &json!({ "command": "send", "on": "2022-03-06", "answer_by": null }));
    assert_eq!(response.header("etag"), Some("\"v1\""));
    let answer = response.json();
    assert_eq!(answer["version"], 1);
    assert_eq!(
        answer["events"],
        json!([{ "type": "agreement.sent", "schema_version": 1, "data": { "on": "2022-03-06", "answer_by": null } }])
    );
    let events = service.get("/api/v1/events?limit=1000").json();
    let last = events["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["position"], &last["type"]), (&answer["position"], &json!("agreement.sent")));
}

#[test]
fn a_wish_that_is_fulfilled_already_is_answered_without_events() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let wish = json!({ "command": "send", "on": "2022-03-06", "answer_by": null });
    service.command("agreements", 22, &wish);
    let answer = service.command("agreements", 22, &wish);
    assert_eq!(answer, json!({ "version": 1, "position": null, "events": [] }));
}

#[test]
fn a_repeated_request_gets_the_same_answer_and_does_nothing_twice_also_after_a_restart() {
    let mut service = Service::with_a_small_procurement("2022-03-05");
    let wish = json!({ "command": "set_milestone", "name": "oppstart", "on": "2023-01-01" });
    let target = format!("/api/v1/procurements/{}/commands", nth(10));
    let first = service.post_with(&target, &[KEY], &wish);
    assert_eq!(first.status, 200, "{}", first.text());
    // What has happened since would make the same wish something new.
    service.command("procurements", 10, &json!({ "command": "set_milestone", "name": "oppstart", "on": "2023-02-01" }));
    let head = |service: &Service| service.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len();
    let events_count = head(&service);
    assert_eq!(service.post_with(&target, &[KEY], &wish).json(), first.json());
    service.restart_on("2022-04-01");
    let spelt_otherwise = service.post_with(&target, &[KEY, ("If-Match", "\"v1\"")], &wish);
    assert_eq!(spelt_otherwise.json(), first.json());
    assert_eq!(spelt_otherwise.header("etag"), first.header("etag"));
    assert_eq!(head(&service), events_count);
}

#[test]
fn a_key_used_again_for_something_else_is_refused_also_after_a_restart() {
    let mut service = Service::with_a_small_procurement("2022-03-05");
    let sent = json!({ "command": "send", "on": "2022-03-06", "answer_by": null });
    assert_eq!(service.post_with(&send_target(), &[KEY], &sent).status, 200);
    service.restart_on("2022-03-07");
    let other_content = json!({ "command": "send", "on": "2022-03-07", "answer_by": null });
    let refusal = "422 idempotency-key-reused: the key of this request was used for another one before; give each request a \
        key of its own";
    assert_eq!(service.post_with(&send_target(), &[KEY], &other_content).problem(), refusal);
    let other_stream = format!("/api/v1/agreements/{}/commands", nth(23));
    assert_eq!(service.post_with(&other_stream, &[KEY], &sent).problem(), refusal);
    assert_eq!(service.get(&format!("/api/v1/agreements/{}", nth(23))).json()["phase"], "drafted");
}

#[test]
fn what_was_refused_is_not_remembered() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let wish = json!({ "command": "activate", "from": "2022-05-01" });
    let refused = service.post_with(&send_target(), &[KEY], &wish);
    assert_eq!(refused.status, 422, "{}", refused.text());
    service.command("agreements", 22, &json!({ "command": "send", "on": "2022-03-06", "answer_by": null }));
    service.command(
        "agreements",
        22,
        &json!({ "command": "sign", "on": "2022-04-01", "role": "kommunedirektør",
        "authority": "delegert", "person": nth(70) }),
    );
    assert_eq!(service.post_with(&send_target(), &[KEY], &wish).status, 200);
}

#[test]
fn the_same_request_on_many_connections_at_once_is_done_once() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let wish = json!({ "command": "send", "on": "2022-03-06", "answer_by": null });
    let answers: Vec<String> = std::thread::scope(|scope| {
        let ask = || service.post_with(&send_target(), &[KEY], &wish).text();
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer == &answers[0] && answer.contains("agreement.sent")), "{answers:?}");
    assert_eq!(service.get(&format!("/api/v1/agreements/{}", nth(22))).header("etag"), Some("\"v1\""));
}

#[test]
fn a_command_is_refused_where_the_stream_has_changed_since_it_was_read() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let read = service.get(&format!("/api/v1/agreements/{}", nth(22)));
    let seen = read.header("etag").unwrap().to_owned();
    let with_seen =
        |key, wish| service.post_with(&send_target(), &[("Idempotency-Key", key), ("If-Match", &seen)], &wish);
    assert_eq!(with_seen("first", json!({ "command": "send", "on": "2022-03-06", "answer_by": null })).status, 200);
    let refused = with_seen(
        "second",
        json!({ "command": "sign", "on": "2022-04-01", "role": "kommunedirektør",
        "authority": "delegert", "person": nth(70) }),
    );
    assert_eq!(
        refused.problem(),
        "412 changed: it has changed since you read it: you saw version 0, it is at 1; read it again and decide anew"
    );
    assert_eq!((&refused.json()["seen_version"], &refused.json()["version"]), (&json!(0), &json!(1)));
}

#[test]
fn a_rule_that_says_no_gives_its_name_its_sentence_and_its_fields() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let refused = service.post(&send_target(), &json!({ "command": "send", "on": "2022-03-01", "answer_by": null }));
    assert_eq!(
        refused.problem(),
        "422 agreement-sent-before-drafted: The agreement would be sent on 2022-03-01, before its draft of 2022-03-05; check \
         the two days."
    );
    assert_eq!(refused.json()["on"], "2022-03-01");
}

#[test]
fn what_a_command_names_must_be_known() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let draft = |agreement: u128, party: u128, county: u128| {
        let body = json!({ "command": "draft", "agreement": nth(agreement), "procurement": nth(10), "party": nth(party),
            "county": nth(county), "commitment": "option", "member_from": null, "on": "2022-03-05" });
        service.post(&format!("/api/v1/agreements/{}/commands", nth(30)), &body)
    };
    let unknown_party = draft(30, 77, 1);
    assert!(
        unknown_party.problem().starts_with("422 reference-unknown: party names the party"),
        "{}",
        unknown_party.text()
    );
    assert_eq!(unknown_party.json()["field"], "party");
    assert!(draft(30, 3, 2).problem().starts_with("422 reference-unknown: county names the party"));
    assert!(draft(31, 3, 1).problem().starts_with("422 reference-unknown: agreement is"));
    assert_eq!(draft(30, 3, 1).status, 200);
}

#[test]
fn who_pays_for_a_library_is_looked_up_and_not_believed() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let sign_up = |extra: serde_json::Value| {
        let mut body = json!({ "command": "sign_up", "signup": nth(40), "procurement": nth(10), "party": nth(3),
            "library": "Alta videregående skole", "kind": "upper_secondary", "commitment": "committed",
            "wished_go_live": null, "on": "2022-03-05" });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        service.post(&format!("/api/v1/signups/{}/commands", nth(40)), &body)
    };
    assert!(sign_up(json!({})).problem().starts_with("422 signup-"));
    assert!(sign_up(json!({ "party_kind": "county_authority" })).problem().starts_with("422 body-invalid: "));
}
