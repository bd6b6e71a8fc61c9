//! What instances show of the log, which must be the same in the end.

use serde_json::Value;

use super::instance::Instance;
use crate::files;
use crate::http::service::nth;

/// What the API answers without a parameter and is not compared, and why.
const NOT_COMPARED: [(&str, &str); 5] = [
    ("/api/v1/own-account", "it is of whoever asks"),
    ("/api/v1/tokens", "they are of whoever asks"),
    ("/health/live", "it is of one instance"),
    ("/health/ready", "it is of one instance, at one moment"),
    ("/metrics", "they count what one instance has done"),
];

/// The pages for people that are compared.
const PAGES: [&str; 6] = ["/board", "/invoices", "/municipalities/0301?from=2024", "/keys", "/log", "/log/state"];

/// All that is compared: each list of the API, a sheet and an explanation, the first invoice's document and e-invoice, and pages.
pub fn all(instance: &Instance) -> Vec<String> {
    let invoices = instance.get("/api/v1/invoices?limit=1").json();
    let invoice = invoices["items"][0]["invoice"].as_str().unwrap_or_else(|| panic!("{invoices}"));
    let procurement = format!("/api/v1/procurements/{}", nth(10));
    let chosen = [
        format!("{procurement}/budget-sheets/0301?from=2024"),
        format!("{procurement}/explanations/0301?year=2024"),
        format!("{procurement}/readiness?limit=1000"),
        format!("/api/v1/invoices/{invoice}"),
        format!("/api/v1/invoices/{invoice}/document"),
        format!("/api/v1/invoices/{invoice}/e-invoice"),
    ];
    of_the_api().into_iter().chain(chosen).chain(PAGES.map(str::to_owned)).collect()
}

/// Whatever the API says it answers without being told of what.
fn of_the_api() -> Vec<String> {
    let api: Value = serde_json::from_str(&files::read("tests/golden/openapi.json")).unwrap();
    let paths = api["paths"].as_object().unwrap();
    let read = paths.iter().filter(|(path, operations)| !path.contains('{') && operations["get"].is_object());
    let compared = read.filter(|(path, _)| NOT_COMPARED.iter().all(|(other, _)| other != path));
    let targets: Vec<String> = compared.map(|(path, operations)| whole(path, &operations["get"])).collect();
    assert!(targets.len() > 20, "{targets:?}");
    targets
}

/// The target by which all of it is asked for.
fn whole(path: &str, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().unwrap();
    let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    if has("limit") {
        format!("{path}?limit=1000")
    } else if has("from") {
        format!("{path}?from=2024-01-01&to=2024-12-31")
    } else {
        path.to_owned()
    }
}

/// What an instance shows when it has come as far as `position`, but for the id that each form of a page has.
#[track_caller]
pub fn shown(instance: &Instance, position: &str, target: &str) -> Vec<u8> {
    let body = instance.answer_at(position, target).body;
    match str::from_utf8(&body) {
        Ok(page) if page.contains(FORM_ID) => without_form_ids(page).into_bytes(),
        Ok(_) | Err(_) => body,
    }
}

const FORM_ID: &str = r#"name="command" value=""#;

fn without_form_ids(page: &str) -> String {
    let mut parts = page.split(FORM_ID);
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |page, part| page + FORM_ID + part.split_once('"').unwrap().1)
}
