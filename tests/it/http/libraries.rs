//! What is said of a library on the page of its municipality.

use serde_json::json;

use super::accounts::hidden;
use super::forms::{fill, led, refused};
use super::live::{head, with_a_library};
use super::service::{Service, nth};

const PAGE: &str = "/municipalities/5401";

fn wish(service: &Service, command: u128, day: &str, seen: &str) -> super::client::Response {
    let fields = [("signup", &*nth(50)), ("go_live", day), ("seen", seen)];
    fill(service, &format!("{PAGE}/go-live"), command, &fields)
}

#[test]
fn a_library_wishes_a_first_day_until_it_is_in_operation_and_one_that_is_over_is_refused_beside_its_field() {
    let service = with_a_library();
    let page = || service.get(PAGE).text();
    assert!(page().contains("Ingen oppstart er ønsket ennå"), "{}", page());
    let early = wish(&service, 300, "2022-05-31", "");
    refused(&early, "Velg en dag fra i dag av");
    assert!(early.text().contains("value=\"2022-05-31\" aria-invalid=\"true\""), "{}", early.text());
    refused(&wish(&service, 301, "snart", ""), "value=\"snart\" aria-invalid=\"true\"");
    assert_eq!(led(&wish(&service, 302, "01.09.2022", "")), format!("{PAGE}#ready-heading"));
    assert!(page().contains("Ønsker å starte 1. september 2022.") && page().contains("value=\"2022-09-01\""));
    service.command("signups", 50, &json!({ "command": "go_live", "on": "2022-06-01" }));
    assert!(page().contains("I drift fra 1. juni 2022.") && !page().contains("/go-live\""), "{}", page());
    let late = wish(&service, 303, "01.10.2022", "");
    assert!(late.status == 422 && late.text().contains("har vært i drift siden 01.06.2022"), "{}", late.text());
}

#[test]
fn who_is_refused_stays_in_the_procurement_and_the_years_that_the_form_was_on() {
    let service = with_a_library();
    // The library is of one procurement, and the page alone is of the latest one.
    let procurement = json!({ "command": "open", "procurement": nth(100), "name": "Utlån", "county": nth(1),
        "agreement_label": "avtale", "illustrative": true, "on": "2022-05-10" });
    service.command("procurements", 100, &procurement);
    let agreement = json!({ "command": "draft", "agreement": nth(122), "procurement": nth(100), "party": nth(2),
        "county": nth(1), "commitment": "committed", "member_from": null, "on": "2022-05-11" });
    service.command("agreements", 122, &agreement);
    assert!(!service.get(PAGE).text().contains("Tromsø bibliotek"), "it is of the other");
    let page = format!("{PAGE}?procurement={}&from=2025", nth(10));
    let shown = service.get(&page).text();
    assert!(shown.contains("Tromsø bibliotek"), "{shown}");
    // Whoever sends what came back sends where it stood then.
    let mut seen_at = page.clone();
    for (command, day) in [(320, "snart"), (321, "2022-05-31"), (322, "straks")] {
        let fields = [("signup", &*nth(50)), ("go_live", day), ("seen_at", &*seen_at)];
        let again = fill(&service, &format!("{PAGE}/go-live"), command, &fields);
        refused(&again, &format!("value=\"{day}\" aria-invalid=\"true\""));
        assert!(again.text().contains("name=\"from\" inputmode=\"numeric\" value=\"2025\""), "{}", again.text());
        seen_at = hidden(&again.text(), "seen_at").replace("&amp;", "&");
        assert_eq!(seen_at, page);
    }
    let fields = [("signup", &*nth(50)), ("go_live", "2022-09-01"), ("seen_at", &*seen_at)];
    assert_eq!(led(&fill(&service, &format!("{PAGE}/go-live"), 323, &fields)), format!("{page}#ready-heading"));
}

#[test]
fn who_wishes_a_first_day_for_a_library_that_was_withdrawn_meanwhile_is_told_so() {
    let service = with_a_library();
    let alert = "role=\"alert\"";
    assert!(!service.get(PAGE).text().contains(alert));
    service.command("signups", 50, &json!({ "command": "withdraw", "on": "2022-06-01" }));
    let late = wish(&service, 330, "2022-09-01", "");
    refused(&late, alert);
    let text = late.text();
    assert!(!text.contains("Tromsø bibliotek"), "it is listed no longer: {text}");
    let (_, section) = text.split_once("id=\"ready-heading\"").unwrap();
    assert!(section.contains(alert) && section.contains("Biblioteket gikk ut 01.06.2022"), "{text}");
    assert_eq!(text.matches(alert).count(), 1, "it is said once: {text}");
}

#[test]
fn who_wishes_a_first_day_after_somebody_else_sees_both() {
    let service = with_a_library();
    let seen = head(&service).to_string();
    led(&wish(&service, 310, "01.09.2022", &seen));
    let late = wish(&service, 311, "2022-10-01", &seen);
    let text = late.text();
    assert!(late.status == 412 && text.contains("Ønsket oppstart"), "{}: {text}", late.status);
    assert!(text.contains("2022-10-01") && text.contains("01.09.2022"), "{text}");
}
