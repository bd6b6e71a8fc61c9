//! What comes after issue over the API: credit notes, settlement, waivers, letters that a person settles.

use serde_json::{Value, json};

use super::service::{Service, nth};

/// A small procurement whose three invoices of 416.66, 416.66 and 416.68 kroner are issued; their ids by number.
fn invoiced() -> (Service, Vec<String>) {
    invoiced_after(|_| {})
}

/// The same where something happens between approval and issue.
fn invoiced_after(between: impl FnOnce(&Service)) -> (Service, Vec<String>) {
    let service = Service::with_a_small_procurement("2023-02-01");
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    between(&service);
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    let invoices = service.get("/api/v1/invoices").json();
    let ids = invoices["items"].as_array().unwrap().iter().map(|item| item["invoice"].as_str().unwrap().to_owned());
    let ids = ids.collect();
    (service, ids)
}

fn outstanding(service: &Service, invoice: &str) -> i64 {
    let receivables = service.get("/api/v1/receivables").json();
    let items = receivables["items"].as_array().unwrap();
    items.iter().find(|item| item["invoice"] == invoice).unwrap()["outstanding_ore"].as_i64().unwrap()
}

#[test]
fn an_invoice_is_credited_by_line_once_for_each_key_and_never_above_what_is_left() {
    let (service, invoices) = invoiced();
    let target = format!("/api/v1/invoices/{}/credit-notes", invoices[0]);
    let request =
        json!({ "credit": { "extent": "lines", "lines": [{ "line": 1, "net_ore": 10_000 }] }, "reason": "Feil" });
    let before = outstanding(&service, &invoices[0]);
    let answer = service.post(&target, &request).json();
    let note = &answer["events"][0];
    assert_eq!((&note["type"], &note["data"]["total_ore"]), (&json!("series.credit-note-issued"), &json!(12_500)));
    assert_eq!(outstanding(&service, &invoices[0]), before - 12_500);
    let above =
        json!({ "credit": { "extent": "lines", "lines": [{ "line": 1, "net_ore": 90_000 }] }, "reason": "Feil" });
    let refused = service.post(&target, &above);
    assert_eq!(refused.status, 422);
    assert!(refused.json()["detail"].as_str().unwrap().contains("credit at most that"), "{}", refused.text());
    assert_eq!(service.post(&format!("/api/v1/invoices/{}/credit-notes", nth(999)), &above).status, 404);
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    let listed = service.get("/api/v1/credit-notes").json();
    let id = listed["items"][0]["credit_note"].as_str().unwrap();
    assert!(listed["items"][0]["document"]["sha256"].is_string(), "{listed}");
    let document = service.get(&format!("/api/v1/credit-notes/{id}/document"));
    assert_eq!((document.status, document.text().starts_with("%PDF")), (200, true));
}

#[test]
fn what_was_credited_after_it_was_paid_is_listed_apart_and_the_sums_tie() {
    let (service, invoices) = invoiced();
    let owed: i64 = invoices.iter().map(|invoice| outstanding(&service, invoice)).sum();
    let first = outstanding(&service, &invoices[0]);
    let shown = |service: &Service| service.get("/invoices").text().replace('\u{a0}', " ");
    assert!(!shown(&service).contains("Betalt for mye"));
    let paid = json!({ "amount_ore": first, "booked_on": "2023-02-01", "reference": "kontoutskrift 2" });
    assert_eq!(service.post(&format!("/api/v1/invoices/{}/payments", invoices[0]), &paid).status, 200);
    let credit =
        json!({ "credit": { "extent": "lines", "lines": [{ "line": 1, "net_ore": 10_000 }] }, "reason": "Feil" });
    assert_eq!(service.post(&format!("/api/v1/invoices/{}/credit-notes", invoices[0]), &credit).status, 200);
    let page = shown(&service);
    let kroner = |ore: i64| format!("{},{:02} kr", ore / 100, ore % 100);
    assert!(page.contains("Betalt for mye: 125,00 kr"), "{page}");
    assert!(page.contains(&format!("Ubetalt: {}", kroner(owed - first))), "{page}");
    let alone = service.get("/invoices?part=overpaid").text();
    assert!(alone.contains(&format!("href=\"/invoices/issued/{}\"", invoices[0])), "{alone}");
}

#[test]
fn a_credit_note_is_dated_on_the_day_of_its_issue() {
    let (service, invoices) = invoiced();
    let target = format!("/api/v1/invoices/{}/credit-notes", invoices[0]);
    let to_come = json!({ "credit": { "extent": "whole" }, "reason": "Feil", "date": "2023-02-02" });
    let refused = service.post(&target, &to_come).problem();
    assert!(refused.contains("dated 2023-02-02, a day that is still to come"), "{refused}");
    let today = json!({ "credit": { "extent": "whole" }, "reason": "Feil", "date": "2023-02-01" });
    assert_eq!(service.post(&target, &today).status, 200);
}

#[test]
fn what_was_invoiced_on_account_is_settled_as_it_was_shown_and_once() {
    let (service, invoices) = invoiced();
    let target = format!("/api/v1/costs/{}/settlement", nth(12));
    let by_contract = service.get(&target).json();
    assert_eq!(by_contract["is_actual"], false, "{by_contract}");
    let nothing = service.post(&target, &json!({ "credit_ore": 6_000 }));
    assert_eq!(nothing.status, 422, "everybody was asked for its share of the contract: {}", nothing.text());
    service.command(
        "costs",
        12,
        &json!({ "command": "assess", "assessment": nth(91), "on": "2023-02-01",
        "amount": { "certainty": "actual", "amount_ore": 94_000 }, "source": "Sluttfaktura" }),
    );
    let shown = service.get(&target).json();
    let credited: i64 = shown["parts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|part| part["way"]["way"] == "credit")
        .map(|part| part["invoiced_ore"].as_i64().unwrap() - part["share_ore"].as_i64().unwrap())
        .sum();
    assert_eq!(credited, 6_000, "{shown}");
    let owed_back = |service: &Service| -> Vec<i64> {
        let check = service.get("/api/v1/check").json();
        assert_eq!(check["adds_up"], true, "what waits to be credited is no fault");
        check["owed_back"].as_array().unwrap().iter().map(|owed| owed["amount_ore"].as_i64().unwrap()).collect()
    };
    assert_eq!(owed_back(&service), [2_000; 3]);
    let other = service.post(&target, &json!({ "credit_ore": 5_999 }));
    assert_eq!(other.status, 422);
    assert!(other.json()["detail"].as_str().unwrap().contains("look at the settlement again"), "{}", other.text());
    let settled: Value = service.post(&target, &json!({ "credit_ore": 6_000 })).json();
    assert_eq!(settled["credit_notes"].as_array().unwrap().len(), 3, "{settled}");
    let again = service.post(&target, &json!({ "credit_ore": 6_000 }));
    assert_eq!(again.status, 422, "it is settled: {}", again.text());
    assert_eq!(owed_back(&service), [0; 0]);
    let owed: i64 = invoices.iter().map(|invoice| outstanding(&service, invoice)).sum();
    assert_eq!(owed, 94_000 * 5 / 4);
}

#[test]
fn what_cannot_be_waived_or_settled_is_refused_and_nothing_is_written() {
    let (service, invoices) = invoiced_after(Service::erase_finance_contacts);
    let waived = service.post(&format!("/api/v1/invoices/{}/waivers", invoices[0]), &json!({ "reason": "Feil" }));
    assert_eq!(waived.status, 422);
    assert!(waived.json()["type"].as_str().unwrap().ends_with("payments-nothing-charged"), "{}", waived.text());
    let outcome =
        |arrived: bool| json!({ "arrived": arrived, "role": "regnskapsfører", "person": nth(70), "reason": "Telefon" });
    let letter = format!("/api/v1/outbox/{}/outcome", invoices[0]);
    let brought = service.post(&letter, &outcome(true));
    assert_eq!(brought.status, 200, "no server took it, and somebody brought it: {}", brought.text());
    assert_eq!(service.post(&letter, &outcome(false)).status, 422);
    assert_eq!(service.post(&format!("/api/v1/outbox/{}/outcome", nth(999)), &outcome(true)).status, 404);
}
