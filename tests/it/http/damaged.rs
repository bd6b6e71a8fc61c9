//! A log with an event that cannot be read.

use rusqlite::Connection;
use serde_json::json;

use super::service::{Service, nth};

/// The position of the event that is damaged.
const DAMAGED: u64 = 5;

/// A service whose log was harmed while it stood still.
fn with_a_damaged_log() -> Service {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    service.restart_with("2023-02-01", |settings| {
        let log = Connection::open(settings.data.directory.join("events.sqlite3")).unwrap();
        let harm = format!("UPDATE event SET id = x'00' WHERE position = {DAMAGED}");
        log.execute_batch(&harm).unwrap();
    });
    service
}

#[test]
fn what_needs_the_whole_log_names_the_event_that_cannot_be_read_and_says_what_to_do() {
    let service = with_a_damaged_log();
    let events = service.get(&format!("/api/v1/events?after={}", DAMAGED - 1));
    let sentence = events.problem();
    assert!(sentence.starts_with("503 log-damaged: event 5 is damaged: "), "{sentence}");
    assert!(sentence.ends_with("; the others can be read, restore this one from a backup"), "{sentence}");
    assert_eq!(events.json()["position"], json!(DAMAGED));
    assert_eq!(service.get(&format!("/api/v1/events?after={DAMAGED}")).status, 200, "the others can be read");

    for target in [
        "/api/v1/accounting/invoice-basis?from=2023-01-01&to=2023-12-31",
        "/api/v1/accounting/postings?from=2023-01-01&to=2023-12-31",
        "/api/v1/accounting/saf-t?from=2023-01-01&to=2023-12-31",
    ] {
        let books = service.get(target);
        let sentence = books.problem();
        assert!(
            sentence.starts_with("503 log-damaged: 1 events of the log cannot be read (the first is at position 5)")
        );
        assert!(sentence.ends_with("restore a backup, or use a version that understands them"), "{sentence}");
        assert_eq!(books.json()["position"], json!(DAMAGED));
    }

    let set = json!({ "command": "set_milestone", "name": "Oppstart", "on": "2024-01-01" });
    let written = service.post(&format!("/api/v1/procurements/{}/commands", nth(10)), &set);
    assert!(written.problem().starts_with("503 log-damaged: nothing is written"), "{}", written.text());
    assert_eq!(written.json()["position"], json!(DAMAGED));
}

#[test]
fn the_page_of_the_log_leaves_nothing_out_where_an_event_cannot_be_read() {
    let service = with_a_damaged_log();
    for target in ["/log".to_owned(), format!("/log?stream=party-{}", nth(2))] {
        let page = service.get(&target);
        assert_eq!((page.status, page.header("content-type")), (503, Some("text/html; charset=utf-8")), "{target}");
        assert!(page.text().contains("Hendelse 5 i loggen kan ikke leses"), "{}", page.text());
        assert!(page.text().contains("sikkerhetskopi"), "{}", page.text());
    }
    // What has nothing to do with it can be read.
    let other = service.get(&format!("/log?stream=party-{}", nth(1)));
    assert_eq!(other.status, 200, "{}", other.text());
}
