//! An instance that serves some procurements sends on what is of the others, wherever it is named.

use serde_json::{Value, json};

use super::payments::camt;
use super::service::{Service, nth};

/// A service in which a second procurement was opened, with an agreement of Tromsø.
fn with_two_procurements() -> Service {
    let service = Service::with_a_small_procurement("2023-01-02");
    service.command(
        "procurements",
        110,
        &json!({ "command": "open", "procurement": nth(110), "name": "Selvbetjening", "county": nth(1),
            "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" }),
    );
    service.command("agreements", 122, &draft(122, 110));
    service
}

fn draft(agreement: u128, procurement: u128) -> Value {
    json!({ "command": "draft", "agreement": nth(agreement), "procurement": nth(procurement), "party": nth(2),
        "county": nth(1), "commitment": "committed", "member_from": null, "on": "2022-03-05" })
}

fn serve_one(service: &mut Service) {
    service.restart_with("2023-02-03", |settings| settings.data.procurements = vec!["Biblioteksystem".to_owned()]);
}

#[test]
fn what_is_about_all_procurements_is_refused_and_nothing_of_it_is_written() {
    let mut service = with_two_procurements();
    service.register(5, "county_authority", "930068128", "55", "Troms fylkeskommune");
    let found = |service: &Service| service.get("/api/v1/check").json()["book"].clone();
    let before = found(&service);
    serve_one(&mut service);

    let about_all = "421 not-served-here: it is about all procurements, and this instance serves some (data.procurements); \
                     ask one that serves all";
    let succession = json!({ "by_number": { "5": "55" }, "on": "2024-01-01", "reference": "Vedtak" });
    let dissolution = format!("/api/v1/parties/{}/dissolution", nth(1));
    assert_eq!(service.post(&dissolution, &succession).problem(), about_all);
    let file = camt("a", &[("1", "500.00", "9999999995")]);
    assert_eq!(service.post("/api/v1/payments/files", &file).problem(), about_all);
    let books = "/api/v1/accounting/saf-t?from=2023-01-01&to=2023-12-31";
    for target in ["/api/v1/payments", "/api/v1/check", books] {
        assert_eq!(service.get(target).problem(), about_all, "{target}");
    }

    service.restart_on("2023-02-03");
    assert_eq!(found(&service), before);
}

#[test]
fn what_is_of_another_procurement_is_not_shown_in_the_log() {
    let mut service = with_two_procurements();
    let logged = |service: &Service| {
        let events = service.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().clone();
        let page = service.get("/log").text();
        (events.len(), events.iter().any(|event| event.to_string().contains(&nth(110))), page.contains(&nth(122)))
    };
    let (count, in_events, on_page) = logged(&service);
    assert!(in_events && on_page);
    serve_one(&mut service);
    assert_eq!(logged(&service), (count - 2, false, false));
}

#[test]
fn what_is_of_another_procurement_is_sent_on_by_path_query_and_body() {
    let mut service = with_two_procurements();
    serve_one(&mut service);

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
    let open = json!({ "command": "open", "procurement": nth(111), "name": "Skranke", "county": nth(1),
        "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" });
    let opened = service.post(&format!("/api/v1/procurements/{}/commands", nth(111)), &open).problem();
    assert_eq!(opened, sent_on.replace("Selvbetjening", "Skranke"), "one that would not be served here");

    // What is of the one it serves, it does, and the work as well.
    let planned = service.post("/api/v1/invoice-runs", &plan("Biblioteksystem"));
    assert_eq!(planned.status, 200, "{}", planned.text());
    assert_eq!(service.post(&commands(22), &send).status, 200);
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);
    let listed = service.get("/api/v1/procurements").json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}
