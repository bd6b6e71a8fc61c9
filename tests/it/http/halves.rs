//! Runs for half of a year, and one invoice for each agreement, over the API.

use serde_json::{Value, json};

use super::service::{Service, nth};

/// Beside its one-time cost of 1000.00, the procurement has a licence of 3650.00 a year, shared alike by the three.
fn with_a_licence() -> Service {
    let service = Service::with_a_small_procurement("2023-02-01");
    service.command(
        "licences",
        13,
        &json!({ "command": "record", "licence": nth(13), "procurement": nth(10), "name": "Lisens",
            "starts": "2023-01-01", "ends": null, "distribution": { "by": "key", "sharing_key": nth(11) },
            "vat_percent": "25", "index_clause": null, "on": "2023-01-02" }),
    );
    priced(&service, 91, 365_000, "2023-01-02");
    service
}

fn priced(service: &Service, assessment: u128, amount_ore: i64, on: &str) {
    service.command(
        "licences",
        13,
        &json!({ "command": "price", "assessment": nth(assessment), "on": on, "source": "Kontrakt",
            "price": { "certainty": "contracted", "amount_ore": amount_ore } }),
    );
}

/// Plans, approves and issues; the plan.
fn invoiced(service: &Service, days: &str, one_per: &str) -> Value {
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023, "days": days,
        "one_per": one_per });
    let planned = service.post("/api/v1/invoice-runs", &request);
    assert_eq!(planned.status, 200, "{}", planned.text());
    let run = planned.json()["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let plan = service.get(&format!("/api/v1/invoice-runs/{run}")).json()["plan"].clone();
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approval).status, 200);
    let issued = service.post("/api/v1/invoice-runs/issue", &json!({})).json();
    assert_eq!((&issued["issued_count"], &issued["held_up"]), (&json!(3), &json!([])));
    plan
}

fn nets(plan: &Value) -> Vec<i64> {
    plan["invoices"].as_array().unwrap().iter().map(|invoice| invoice["net_ore"].as_i64().unwrap()).collect()
}

#[test]
fn a_licence_is_invoiced_half_by_half_and_a_one_time_cost_once() {
    let service = with_a_licence();
    let first = invoiced(&service, "first_half", "payer");
    assert_eq!(first["covers"], json!({ "first": "2023-01-01", "last": "2023-06-30" }));
    // 181 of 365 days are 1810.00, and the cost 1000.00.
    assert_eq!(nets(&first), [60_334 + 33_334, 60_333 + 33_333, 60_333 + 33_333]);
    let second = invoiced(&service, "second_half", "payer");
    assert_eq!(nets(&second).iter().sum::<i64>(), 365_000 - 181_000);
    let lines = |plan: &Value| plan["invoices"][0]["lines"].as_array().unwrap().len();
    assert_eq!((lines(&first), lines(&second)), (2, 1));
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let again = service.post("/api/v1/invoice-runs", &request);
    assert!(again.problem().starts_with("422 cannot-be-planned: nothing of what is contracted in 2023 is left"));
}

#[test]
fn a_first_half_that_is_credited_and_invoiced_again_after_its_second_comes_to_the_year() {
    let service = with_a_licence();
    invoiced(&service, "first_half", "payer");
    priced(&service, 92, 400_000, "2023-02-01");
    let second = invoiced(&service, "second_half", "payer");
    assert_eq!(nets(&second).iter().sum::<i64>(), 400_000 - 181_000, "it makes up for the first");
    let first = service.get("/api/v1/invoices?limit=3").json();
    for invoice in first["items"].as_array().unwrap() {
        let id = invoice["invoice"].as_str().unwrap();
        let note = json!({ "reason": "Feil mottakerreferanse", "credit": { "extent": "whole" } });
        let credited = service.post(&format!("/api/v1/invoices/{id}/credit-notes"), &note);
        assert_eq!(credited.status, 200, "{}", credited.text());
    }
    let again = invoiced(&service, "first_half", "payer");
    assert_eq!(nets(&again).iter().sum::<i64>(), 181_000 + 100_000);
}

#[test]
fn every_agreement_gets_an_invoice_of_its_own_that_names_it() {
    let service = with_a_licence();
    let plan = invoiced(&service, "year", "agreement");
    let agreements: Vec<&str> =
        plan["invoices"].as_array().unwrap().iter().map(|invoice| invoice["agreement"].as_str().unwrap()).collect();
    assert_eq!(agreements, [22, 23, 24].map(nth));
    let unknown = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023, "days": "third" });
    let refused = service.post("/api/v1/invoice-runs", &unknown);
    assert!(refused.problem().contains("first_half"), "{}", refused.problem());
}
