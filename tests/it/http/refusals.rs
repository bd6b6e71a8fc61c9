//! Whatever is wrong with a request is said in one sentence, as a problem, and changes nothing.

use serde_json::json;

use super::client::{send, send_raw};
use super::service::{Service, nth};

const KEY: (&str, &str) = ("Idempotency-Key", "a-key");
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn commands() -> String {
    format!("/api/v1/parties/{}/commands", nth(1))
}

#[test]
fn a_post_needs_a_key() {
    let service = Service::on("2022-03-05");
    let without = service.post_with(&commands(), &[], &json!({}));
    assert!(without.problem().starts_with("400 idempotency-key-missing: give the header Idempotency-Key"));
    for key in ["", "with space", &"k".repeat(201), "nøkkel"] {
        let refused = service.post_with(&commands(), &[("Idempotency-Key", key)], &json!({}));
        assert!(refused.problem().starts_with("400 idempotency-key-invalid: "), "{key}");
    }
    let two = service.post_with(&commands(), &[KEY, KEY], &json!({}));
    assert!(two.problem().starts_with("400 idempotency-key-invalid: "));
}

#[test]
fn a_body_that_cannot_be_taken_names_the_field() {
    let service = Service::on("2022-03-05");
    let refused = |body: &serde_json::Value| service.post(&commands(), body).problem();
    assert_eq!(
        refused(&json!({ "command": "number", "number": "5401", "from": "1 January" })),
        "422 body-invalid: from cannot be taken: there is no such day; write it as 2024-12-31"
    );
    assert!(
        refused(&json!({ "command": "number", "number": "5401", "from": "2020-01-01", "til": "2021-01-01" }))
            .contains("unknown field `til`")
    );
    assert!(refused(&json!({ "command": "number", "number": "5401" })).contains("missing field `from`"));
    assert!(refused(&json!({ "command": "abolish" })).contains("unknown variant `abolish`"));
    assert!(refused(&json!([])).starts_with("422 body-invalid: "));
}

#[test]
fn a_body_that_is_no_json_or_too_large_is_refused() {
    let service = Service::with("2022-03-05", |settings| settings.http.request_bytes_max = 1_000);
    let post = |headers: &[(&str, &str)], body: &[u8]| send(service.address(), "POST", &commands(), headers, body);
    assert!(post(&[KEY, JSON], b"{").problem().starts_with("400 json-malformed: the body is not JSON"));
    assert!(post(&[KEY, ("Content-Type", "text/plain")], b"{}").problem().starts_with("415 media-type-not-taken: "));
    assert!(post(&[KEY], b"{}").problem().starts_with("415 media-type-not-taken: "));
    assert!(
        post(&[KEY, JSON, ("Content-Encoding", "gzip")], b"{}").problem().starts_with("415 media-type-not-taken: ")
    );
    let large = post(&[KEY, JSON], &[b' '; 1_001]);
    assert_eq!(large.problem(), "413 body-too-large: the body is larger than 1000 bytes; send less at a time");
    let deep = "[".repeat(900);
    assert!(post(&[KEY, JSON], deep.as_bytes()).problem().contains("recursion limit exceeded"));
}

#[test]
fn a_body_without_an_announced_length_is_limited_all_the_same() {
    let service = Service::with("2022-03-05", |settings| settings.http.request_bytes_max = 1_000);
    let mut request = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: k\r\nContent-Type: \
         application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        commands()
    )
    .into_bytes();
    for _ in 0..20 {
        request.extend_from_slice(b"64\r\n");
        request.extend_from_slice(&[b' '; 100]);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    assert!(send_raw(service.address(), &request).problem().starts_with("413 body-too-large: "));
}

#[test]
fn a_body_that_does_not_arrive_is_not_waited_for() {
    let service = Service::with("2022-03-05", |settings| settings.http.request_seconds_max = 1);
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: k\r\nContent-Type: \
         application/json\r\nContent-Length: 100\r\n\r\n{{",
        commands()
    );
    assert!(send_raw(service.address(), request.as_bytes()).problem().starts_with("408 body-too-slow: "));
}

#[test]
fn parameters_that_cannot_be_read_are_named() {
    let service = Service::on("2022-03-05");
    let refused = |target: &str| service.get(target).problem();
    assert!(
        refused("/api/v1/parties?limit=0").starts_with("400 parameter-invalid: limit 0: give a number from 1 to 1000")
    );
    assert!(refused("/api/v1/parties?limit=1001").starts_with("400 parameter-invalid: limit 1001"));
    assert!(
        refused("/api/v1/parties?limit=many&party=5401")
            .starts_with("400 parameter-invalid: the parameter limit cannot be read")
    );
    assert!(refused("/api/v1/parties?colour=red").contains("unknown field `colour`"));
    assert!(refused(&format!("/api/v1/parties?after={}", nth(5))).starts_with("400 parameter-invalid: after"));
    assert!(refused("/api/v1/parties/5401").starts_with("404 not-found: 5401 is no id"));
    let if_match = service.post_with(&commands(), &[KEY, ("If-Match", "*")], &json!({}));
    assert!(if_match.problem().starts_with("400 if-match-invalid: "));
}

#[test]
fn what_is_not_there_and_what_cannot_be_done_there_are_problems_too() {
    let service = Service::on("2022-03-05");
    let nothing = service.get("/nothing");
    assert_eq!((nothing.status, nothing.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(nothing.text().contains("Det finnes ikke, eller det er ikke deres å se"), "{}", nothing.text());
    assert!(service.get("/api/v1/nothing").problem().starts_with("404 not-found: "));
    assert!(service.get("/api/nothing.js").problem().starts_with("404 not-found: the viewer has no file"));
    let deleted = send(service.address(), "DELETE", "/api/v1/parties", &[], b"");
    assert_eq!(deleted.problem(), "405 method-not-allowed: DELETE cannot be used here; use GET, HEAD");
    assert_eq!(deleted.header("allow"), Some("GET, HEAD"));
    assert_eq!(service.get(&commands()).header("allow"), Some("POST"));
    let head = send(service.address(), "HEAD", "/api/v1/parties", &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn only_this_machine_by_a_name_of_its_own_is_answered() {
    let service = Service::on("2022-03-05");
    let asked_as = |host| service.get_with("/api/v1/parties", &[("Host", host)]);
    for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LocalHost"] {
        assert_eq!(asked_as(host).status, 200, "{host}");
    }
    for host in ["rebound.example", "localhost.example", "10.0.0.1", "[2001:db8::1]"] {
        assert!(asked_as(host).problem().starts_with("421 host-not-local: "), "{host}");
    }
}

#[test]
fn every_answer_says_how_it_may_be_used() {
    let service = Service::on("2022-03-05");
    for target in ["/api/v1/parties", "/api/nothing", "/health/live"] {
        let response = service.get(target);
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert_eq!(response.header("access-control-allow-origin"), None);
    }
}

#[test]
fn operators_can_ask_how_it_stands() {
    let service = Service::with_a_small_procurement("2022-03-05");
    assert_eq!(service.get("/health/live").json(), json!({ "status": "live" }));
    assert_eq!(service.get("/health/ready").json(), json!({ "status": "ready" }));
    service.get("/nothing");
    let metrics = service.get("/metrics").text();
    let events_count = service.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len();
    assert!(metrics.contains(&format!("\ngrenselos_log_position {events_count}\n")), "{metrics}");
    assert!(
        metrics.contains("grenselos_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("\ngrenselos_letters_parked 0\n"), "{metrics}");
    assert!(metrics.contains("\ngrenselos_letters_unknown 0\n"), "{metrics}");
    assert!(metrics.contains("route=\"/api/v1/agreements/{id}/commands\",status=\"200\"} 3"), "{metrics}");
}

#[test]
fn operators_see_how_many_letters_wait_for_a_person() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    service.erase_finance_contacts();
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("\ngrenselos_letters_parked 3\n"), "{metrics}");
    assert!(metrics.contains("\ngrenselos_letters_unknown 0\n"), "{metrics}");

    let letters = service.get("/api/v1/outbox?state=parked&limit=1").json();
    let letter = letters["items"][0]["invoice"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/outbox/{letter}/retry"), &json!({}));
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("\ngrenselos_letters_parked 2\n"), "{metrics}");

    service.killed_while_sending(&letter);
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("\ngrenselos_letters_unknown 1\n"), "{metrics}");
    assert!(metrics.contains("\ngrenselos_letters_parked 2\n"), "{metrics}");
    let said = json!({ "arrived": true, "role": "regnskapsfører", "person": nth(70), "reason": "Telefon" });
    assert_eq!(service.post(&format!("/api/v1/outbox/{letter}/outcome"), &said).status, 200);
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("\ngrenselos_letters_unknown 0\n"), "{metrics}");
}
