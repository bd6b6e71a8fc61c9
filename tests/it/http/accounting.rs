//! What an accounting system takes in, over the API.

use serde_json::json;

use super::service::{Service, nth};

/// A small procurement whose three invoices are issued; with the run.
fn invoiced() -> (Service, String) {
    let service = Service::with_a_small_procurement("2023-02-01");
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let none = service.get(&format!("/api/v1/accounting/postings?run={run}"));
    assert!(none.problem().starts_with("422 cannot-be-booked: no invoice of the run"), "{}", none.problem());
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    (service, run)
}

#[test]
fn a_run_and_a_year_are_taken_into_an_accounting_system() {
    let (service, run) = invoiced();
    let of_run = service.get(&format!("/api/v1/accounting/postings?run={run}&layout=plain"));
    assert_eq!(of_run.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(of_run.text().lines().count(), 1 + 3 * 3, "{}", of_run.text());
    let of_year = service.get("/api/v1/accounting/postings?from=2023-01-01&to=2023-12-31&layout=plain");
    assert_eq!(of_year.text(), of_run.text());
    let basis = service.get(&format!("/api/v1/accounting/invoice-basis?run={run}"));
    assert!(basis.text().starts_with("\u{feff}radtype;bilagstype;bilag;"), "{}", basis.text());
    let saf_t = service.get("/api/v1/accounting/saf-t?from=2023-01-01&to=2023-12-31&issuer=922420866");
    assert_eq!(saf_t.header("content-type"), Some("application/xml"));
    assert!(saf_t.text().contains("<NumberOfEntries>3</NumberOfEntries>"), "{}", saf_t.text());
}

#[test]
fn what_cannot_be_written_is_a_problem() {
    let (service, run) = invoiced();
    for (query, problem) in [
        ("postings?".to_owned(), "400 parameter-invalid: say what: run, or from and to"),
        (format!("postings?run={run}&from=2023-01-01&to=2023-12-31"), "400 parameter-invalid: a run is given alone"),
        ("postings?from=2023-12-31&to=2023-01-01".to_owned(), "400 parameter-invalid: to 2023-01-01 comes before"),
        ("postings?from=2023-01-01&to=2023-12-31&layout=word".to_owned(), "400 parameter-invalid: layout word"),
        ("postings?from=2023-01-01&to=2023-12-31&issuer=nobody".to_owned(), "404 not-found: no party is called nobody"),
        ("postings?from=2023-01-01&to=2023-12-31&issuer=5403".to_owned(), "422 cannot-be-booked: "),
        ("saf-t?from=2023-01-01&to=2024-12-31".to_owned(), "422 cannot-be-booked: SAF-T is of the days of one"),
    ] {
        let refused = service.get(&format!("/api/v1/accounting/{query}")).problem();
        assert!(refused.starts_with(problem), "{query}: {refused}");
    }
}
