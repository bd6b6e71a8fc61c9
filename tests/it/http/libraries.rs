//! What is said of a library on the page of its municipality.

use serde_json::json;

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
fn who_wishes_a_first_day_after_somebody_else_sees_both() {
    let service = with_a_library();
    let seen = head(&service).to_string();
    led(&wish(&service, 310, "01.09.2022", &seen));
    let late = wish(&service, 311, "2022-10-01", &seen);
    let text = late.text();
    assert!(late.status == 412 && text.contains("Ønsket oppstart"), "{}: {text}", late.status);
    assert!(text.contains("2022-10-01") && text.contains("01.09.2022"), "{text}");
}
