//! The document is complete and valid, and is the one that is released.

use std::collections::BTreeSet;

use grenselos::http::openapi_document;
use serde_json::{Value, json};

use super::service::{Service, nth};

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
    });
    operations.collect()
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_document_is_the_one_that_is_released() {
    let text = format!("{}\n", serde_json::to_string_pretty(&openapi_document()).unwrap());
    expect_test::expect_file!["../../golden/openapi.json"].assert_eq(&text);
}

/// What is not in the log.
const WITHOUT_A_PAST: [&str; 3] = ["getOwnAccount", "listPeople", "listTokens"];

#[test]
fn every_operation_is_described_whole() {
    let document = openapi_document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} is used twice");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{id}");
        let parameters = operation["parameters"].as_array().unwrap();
        let has = |name: &str, place: &str| {
            parameters.iter().any(|parameter| parameter["name"] == name && parameter["in"] == place)
        };
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            assert!(has(name, "path"), "{id}: {name}");
        }
        if method == "post" {
            assert!(has("Idempotency-Key", "header"), "{id}");
        } else if path.starts_with("/api/v1/") && !WITHOUT_A_PAST.contains(&id) {
            assert!(has("as_of", "query"), "{id}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses["200"]["content"].as_object().is_some_and(|content| !content.is_empty()), "{id}");
        for (status, response) in responses.iter().filter(|(status, _)| *status != "200") {
            let reference = response["$ref"].as_str().unwrap().trim_start_matches('#');
            let content = document.pointer(reference).unwrap()["content"].as_object().unwrap();
            assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{id} {status}");
        }
        if path.ends_with("/{id}") || path.ends_with("/commands") {
            assert!(responses["200"]["headers"]["ETag"].is_object(), "{id}");
        }
    }
}

#[test]
fn whatever_is_referred_to_is_there() {
    let document = openapi_document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(found.contains(&format!("#/components/schemas/{name}")), "{name} is not used");
    }
}

/// The schema of the answer of an operation, whole in itself.
fn answer_schema(document: &Value, operation_id: &str) -> Value {
    let (_, _, operation) =
        operations(document).into_iter().find(|(_, _, operation)| operation["operationId"] == operation_id).unwrap();
    let mut schema = operation["responses"]["200"]["content"]["application/json"]["schema"].clone();
    schema["components"] = document["components"].clone();
    schema
}

#[test]
fn what_is_answered_has_the_form_that_the_document_says() {
    let service = Service::with_a_small_procurement("2023-02-01");
    service.command(
        "signups",
        40,
        &json!({ "command": "sign_up", "signup": nth(40), "procurement": nth(10), "party": nth(3),
        "library": "Alta bibliotek", "kind": "public", "commitment": "committed", "wished_go_live": "2023-03-01",
        "on": "2022-03-05" }),
    );
    service.command(
        "legacy-contracts",
        41,
        &json!({ "command": "record", "legacy": nth(41), "procurement": nth(10),
        "party": nth(3), "system": "Mikromarc", "yearly_cost_ore": 5_000_000, "vat_percent": "25",
        "paid_until": "2023-12-31", "notice_months": 3 }),
    );
    service.command(
        "licences",
        42,
        &json!({ "command": "record", "licence": nth(42), "procurement": nth(10),
        "name": "Lisens", "starts": "2023-07-01", "ends": null, "vat_percent": "25", "index_clause": null,
        "on": "2022-03-05", "distribution": { "by": "key", "sharing_key": nth(11) } }),
    );
    let plan = json!({ "procurement": nth(10), "issuer": nth(1), "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &plan).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    let invoices = service.get("/api/v1/invoices").json();
    let invoice = invoices["items"][0]["invoice"].as_str().unwrap();
    let whole = json!({ "credit": { "extent": "whole" }, "reason": "Feil" });
    let credited = service.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &whole).json();
    let credit_note = credited["events"][0]["data"]["credit_note"].as_str().unwrap();
    service.command(
        "costs",
        12,
        &json!({ "command": "assess", "assessment": nth(91), "on": "2023-02-01",
        "amount": { "certainty": "actual", "amount_ore": 94_000 }, "source": "Sluttfaktura" }),
    );
    service.command(
        "sharing-keys",
        11,
        &json!({ "command": "save_proposal", "proposal": nth(95), "name": "Etter folketall", "note": null,
        "definition": { "kind": "divide", "base": [{ "measure": "equal", "percent": "100" }], "floor": "400.00" },
        "applies_from": "2023-01-01", "population_date": "2022-01-01", "members": [], "on": "2023-02-01" }),
    );
    let served = service.get("/api/openapi.json").json();
    assert_eq!(served, openapi_document());
    let mut checked = 0;
    for (path, method, operation) in operations(&served) {
        let id = operation["operationId"].as_str().unwrap();
        let is_json = operation["responses"]["200"]["content"]["application/json"].is_object();
        if method != "get" || !is_json || id == "getDocument" || id == "getLicenceSettlement" {
            continue;
        }
        let target = match id {
            "getParty" => path.replace("{id}", &nth(3)),
            "getProcurement" => path.replace("{id}", &nth(10)),
            "getAgreement" => path.replace("{id}", &nth(22)),
            "getSignup" => path.replace("{id}", &nth(40)),
            "getLegacyContract" => path.replace("{id}", &nth(41)),
            "getCost" | "getCostSettlement" => path.replace("{id}", &nth(12)),
            "getLicence" => path.replace("{id}", &nth(42)),
            "getSharingKey" => path.replace("{id}", &nth(11)),
            "compareProposal" => path.replace("{id}", &nth(11)).replace("{proposal}", &nth(95)),
            "getInvoiceRun" | "compareInvoiceRun" | "seeLeftOver" => path.replace("{id}", &run),
            "getInvoice" => path.replace("{id}", invoice),
            "getCreditNote" => path.replace("{id}", credit_note),
            "explainBudgetSheet" => path.replace("{procurement}", &nth(10)).replace("{party}", "5403") + "?year=2023",
            _ => path.replace("{procurement}", &nth(10)).replace("{party}", "5403"),
        };
        let response = service.get(&target);
        assert_eq!(response.status, 200, "{target}: {}", response.text());
        let validator = jsonschema::draft202012::new(&answer_schema(&served, id)).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&response.json())
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{target}: {faults:#?}");
        checked += 1;
    }
    let validator = jsonschema::draft202012::new(&answer_schema(&served, "planInvoiceRun")).unwrap();
    assert!(validator.is_valid(&planned), "{planned}");
    assert!(checked > 25, "{checked}");
}

#[test]
fn what_is_taken_has_the_form_that_the_document_says() {
    let document = openapi_document();
    let mut schema = document["components"]["schemas"]["KeyCommand"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let proposal = |definition: Value| {
        json!({ "command": "propose", "sharing_key": nth(11), "procurement": nth(10), "name": "Likt",
            "definition": definition, "population_date": "2022-01-01", "on": "2022-02-01" })
    };
    let base = json!([{ "measure": "equal", "percent": "100" }]);
    assert!(validator.is_valid(&proposal(json!({ "kind": "divide", "base": base }))));
    assert!(!validator.is_valid(&proposal(json!({ "kind": "divide", "base": base, "colour": "red" }))));
    assert!(!validator.is_valid(&proposal(json!({ "kind": "guess" }))));
    assert!(!validator.is_valid(&json!({ "command": "abolish" })));
}

#[test]
fn the_viewer_comes_from_the_program_and_asks_nobody_else() {
    let service = Service::on("2022-03-05");
    let moved = service.get("/api");
    assert_eq!((moved.status, moved.header("location")), (308, Some("/api/")));
    let page = service.get("/api/").text();
    let files: Vec<&str> = page
        .split(['"', '\''])
        .filter(|text| text.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "js" | "css" | "png")))
        .collect();
    assert!(files.len() >= 5, "{page}");
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    for file in files {
        let file = file.trim_start_matches("./");
        let response = service.get(&format!("/api/{file}"));
        assert_eq!(response.status, 200, "{file}");
        assert!(response.header("content-security-policy").unwrap().contains("script-src 'self'"));
    }
    let settings = service.get("/api/swagger-initializer.js").text();
    assert!(settings.contains("/api/openapi.json") && settings.contains("\"validatorUrl\": \"none\""), "{settings}");
}
