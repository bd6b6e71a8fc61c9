//! An instance that serves some procurements sends on what is of the others, wherever it is named.

use serde_json::json;

use super::service::{Service, nth};

#[test]
fn what_is_of_another_procurement_is_sent_on_by_path_query_and_body() {
    let mut service = Service::with_a_small_procurement("2023-01-02");
    service.command(
        "procurements",
        110,
        &json!({ "command": "open", "procurement": nth(110), "name": "Selvbetjening", "county": nth(1),
            "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" }),
    );
    let draft = |agreement: u128, procurement: u128| {
        json!({ "command": "draft", "agreement": nth(agreement), "procurement": nth(procurement), "party": nth(2),
            "county": nth(1), "commitment": "committed", "member_from": null, "on": "2022-03-05" })
    };
    service.command("agreements", 122, &draft(122, 110));
    service.restart_with("2023-01-03", |settings| settings.data.procurements = vec!["Biblioteksystem".to_owned()]);

    let sent_on = "421 not-served-here: it is of the procurement Selvbetjening, which this instance does not serve \
                   (data.procurements); ask one that does";
    let by_id = format!("/api/v1/procurements/{}", nth(110));
    for target in ["/api/v1/procurements/Selvbetjening", &by_id, "/api/v1/costs?procurement=Selvbetjening"] {
        assert_eq!(service.get(target).problem(), sent_on, "{target}");
    }
    let plan = |procurement: &str| json!({ "procurement": procurement, "issuer": "54", "year": 2023, "invoice_date": "2023-02-01" });
    for procurement in ["Selvbetjening", &nth(110)] {
        assert_eq!(service.post("/api/v1/invoice-runs", &plan(procurement)).problem(), sent_on);
    }
    let commands = |agreement: u128| format!("/api/v1/agreements/{}/commands", nth(agreement));
    assert_eq!(service.post(&commands(123), &draft(123, 110)).problem(), sent_on, "a new one");
    let send = json!({ "command": "send", "on": "2022-05-02", "answer_by": null });
    assert_eq!(service.post(&commands(122), &send).problem(), sent_on, "one that is there");
    let file = service.post("/api/v1/payments/files", &json!({}));
    assert!(file.problem().starts_with("421 not-served-here: bank files are taken in by an instance that serves all"));

    // What is of the one it serves, it does, and the work as well.
    let planned = service.post("/api/v1/invoice-runs", &plan("Biblioteksystem"));
    assert_eq!(planned.status, 200, "{}", planned.text());
    assert_eq!(service.post(&commands(22), &send).status, 200);
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);
    let listed = service.get("/api/v1/procurements").json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}
