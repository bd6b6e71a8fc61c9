//! Reads: lists in pages, single things with their version, and what was known on a day.

use serde_json::{Value, json};

use super::service::{Service, nth};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn a_list_comes_in_pages_that_lead_to_the_next_one() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let mut target = "/api/v1/parties?limit=2&as_of=2022-03-05".to_owned();
    let mut pages = Vec::new();
    loop {
        let response = service.get(&target);
        assert_eq!(response.status, 200, "{}", response.text());
        let page = response.json();
        let next = page["next"].as_str().map(str::to_owned);
        let link = response.header("link").map(str::to_owned);
        assert_eq!(link, next.as_ref().map(|next| format!("<{next}>; rel=\"next\"")));
        pages.push(page);
        match next {
            Some(next) => target = next,
            None => break,
        }
    }
    let names: Vec<_> = pages.iter().map(names).collect();
    assert_eq!(names, [["Troms og Finnmark fylkeskommune", "Tromsø"], ["Alta", "Hammerfest"]]);
}

#[test]
fn events_come_in_pages_by_position() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let page = service.get("/api/v1/events?after=2&limit=3").json();
    let positions: Vec<u64> =
        page["items"].as_array().unwrap().iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, [3, 4, 5]);
    assert_eq!(page["next"], "/api/v1/events?limit=3&after=5");
    let event = &page["items"][1];
    assert_eq!((event["type"].as_str(), event["actor"].as_str()), (Some("party.registered"), Some("api")));
    assert_eq!(event["recorded_at"], "2022-03-05T12:00:00Z");
    assert_eq!(service.get("/api/v1/events?after=1000").json(), json!({ "items": [], "next": null }));
    assert_eq!(service.get("/api/v1/events?as_of=2022-03-04").json()["items"], json!([]));
}

#[test]
fn lists_are_narrowed_to_a_procurement_and_a_party_by_what_people_call_them() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let count = |target: &str| service.get(target).json()["items"].as_array().unwrap().len();
    assert_eq!(count("/api/v1/agreements"), 3);
    assert_eq!(count("/api/v1/agreements?party=5403"), 1);
    assert_eq!(count("/api/v1/agreements?party=Alta&procurement=Biblioteksystem"), 1);
    assert_eq!(count("/api/v1/costs?party=944588132"), 1);
    assert_eq!(service.get("/api/v1/agreements?party=9999").problem(), "404 not-found: no party is called 9999");
}

#[test]
fn a_single_thing_comes_with_the_version_of_its_stream() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let response = service.get(&format!("/api/v1/costs/{}", nth(12)));
    assert_eq!(response.header("etag"), Some("\"v1\""));
    let cost = response.json();
    assert_eq!(cost["amount"], json!({ "certainty": "contracted", "amount_ore": 100_000 }));
    assert_eq!(cost["vat_percent"], "25");
    for kind in
        ["parties", "procurements", "agreements", "signups", "legacy-contracts", "costs", "licences", "sharing-keys"]
    {
        let missing = service.get(&format!("/api/v1/{kind}/{}", nth(99)));
        assert_eq!(missing.status, 404, "{kind}");
        assert!(missing.problem().contains("there is none with the id"), "{kind}");
    }
}

#[test]
fn every_read_can_be_asked_what_was_known_on_a_day_or_by_a_milestone() {
    let mut service = Service::with_a_small_procurement("2022-03-05");
    service.restart_on("2022-09-01");
    service.command(
        "costs",
        12,
        &json!({ "command": "assess", "assessment": nth(91), "on": "2022-09-01",
        "amount": { "certainty": "contracted", "amount_ore": 200_000 }, "source": "Tillegg" }),
    );
    let amount =
        |as_of: &str| service.get(&format!("/api/v1/costs/{}{as_of}", nth(12))).json()["amount"]["amount_ore"].clone();
    assert_eq!(amount(""), 200_000);
    assert_eq!(amount("?as_of=2022-08-31"), 100_000);
    assert_eq!(amount("?as_of=budsjettfrist"), 100_000);
    let then = service.get(&format!("/api/v1/costs/{}?as_of=budsjettfrist", nth(12)));
    assert_eq!(then.header("etag"), Some("\"v1\""));
    assert_eq!(service.get("/api/v1/parties?as_of=2022-03-04").json()["items"], json!([]));
    assert_eq!(
        service.get("/api/v1/parties?as_of=Vinter").problem(),
        "400 parameter-invalid: as_of Vinter is neither a date such as 2023-06-01 nor a milestone (known: budsjettfrist)"
    );
}

#[test]
fn a_number_of_today_means_the_same_party_on_an_earlier_day_and_no_day_to_come_is_told_of() {
    let mut service = Service::with_a_small_procurement("2022-03-05");
    service.restart_on("2024-01-02");
    service.command("parties", 3, &json!({ "command": "number", "number": "5601", "from": "2024-01-01" }));
    let sheet = "/api/v1/procurements/Biblioteksystem/budget-sheets/5601?from=2023&as_of=";
    let then = service.get(&format!("{sheet}2022-03-05"));
    assert_eq!((then.status, &then.json()["party_name"]), (200, &json!("Alta")), "{}", then.text());
    assert_eq!(
        service.get("/api/v1/agreements?party=5601&as_of=2022-03-05").json()["items"].as_array().unwrap().len(),
        1
    );
    let to_come = "400 parameter-invalid: as_of 2024-01-03 is still to come; ask as of today or an earlier day";
    for target in [sheet, "/api/v1/parties?as_of=", "/api/v1/events?as_of="] {
        assert_eq!(service.get(&format!("{target}2024-01-03")).problem(), to_come);
    }
}

#[test]
fn a_budget_sheet_is_had_in_the_form_that_is_asked_for() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let target = "/api/v1/procurements/Biblioteksystem/budget-sheets/5403?years=2";
    let sheet = service.get(target).json();
    assert_eq!(sheet["years"], json!([2023, 2024]));
    assert_eq!(sheet["totals"][0]["net"]["likely_ore"], 33_333);
    let forms = [
        ("application/json", "application/json", &b"{"[..]),
        ("text/csv", "text/csv; charset=utf-8", &b""[..]),
        ("text/*;q=0.5, application/pdf", "application/pdf", &b"%PDF-"[..]),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            &b"PK"[..],
        ),
    ];
    for (accept, content_type, beginning) in forms {
        let response = service.get_with(target, &[("Accept", accept)]);
        assert_eq!(response.header("content-type"), Some(content_type));
        assert!(response.body.starts_with(beginning), "{accept}");
    }
    assert!(
        service
            .get_with(target, &[("Accept", "image/png")])
            .problem()
            .starts_with("406 not-acceptable: the sheet can be had as")
    );
    assert!(
        service
            .get("/api/v1/procurements/Biblioteksystem/budget-sheets/5403?years=11")
            .problem()
            .starts_with("400 parameter-invalid: years 11")
    );
    assert!(
        service
            .get("/api/v1/procurements/Biblioteksystem/budget-sheets/5403?from=1400")
            .problem()
            .starts_with("400 parameter-invalid: 1400 is no year")
    );
}

#[test]
fn a_figure_is_explained_with_the_events_it_rests_on() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let target = format!("/api/v1/procurements/{}/explanations/Alta?year=2023&line=konv", nth(10));
    let explanations = service.get(&target).json();
    let explanation = &explanations[0];
    assert_eq!(explanation["net"]["likely_ore"], 33_333);
    let types: Vec<&str> =
        explanation["events"].as_array().unwrap().iter().map(|event| event["event_type"].as_str().unwrap()).collect();
    assert!(types.contains(&"cost.assessed") && types.contains(&"sharing-key.adopted"), "{types:?}");
    let missing = service.get(&format!("/api/v1/procurements/{}/explanations/Alta?year=2023&line=nothing", nth(10)));
    assert!(missing.problem().starts_with("404 not-found: line nothing"));
}

#[test]
fn what_would_happen_if_is_answered_and_not_recorded() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let events_count = || service.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len();
    let before = events_count();
    let target = format!("/api/v1/procurements/{}/what-if?from=2023&years=1", nth(10));
    let response = service.post(&target, &json!({ "amount": [{ "item": "Konvertering", "amount": "3000" }] }));
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(response.json()["losers_count"], 3);
    assert_eq!(events_count(), before);
    assert!(service.post(&target, &json!({})).problem().starts_with("422 cannot-be-supposed: "));
}

#[test]
fn readiness_and_the_check_of_the_whole_book_are_answered() {
    let service = Service::with_a_small_procurement("2022-03-05");
    service.command(
        "signups",
        40,
        &json!({ "command": "sign_up", "signup": nth(40), "procurement": nth(10), "party": nth(3),
        "library": "Alta bibliotek", "kind": "public", "commitment": "committed", "wished_go_live": "2023-03-01",
        "on": "2022-03-05" }),
    );
    let readiness = service.get(&format!("/api/v1/procurements/{}/readiness", nth(10))).json();
    assert_eq!(readiness["items"][0]["libraries"][0]["library"], "Alta bibliotek");
    let check = service.get("/api/v1/check").json();
    assert_eq!((&check["adds_up"], &check["book"]["amounts_count"]), (&json!(true), &json!(1)));
}

#[test]
fn an_amount_is_shared_without_any_log() {
    let service = Service::on("2022-03-05");
    let key = json!({ "kind": "divide", "base": [{ "measure": "inhabitants", "percent": "100" }] });
    let parties = json!([{ "party": "5401", "measures": { "inhabitants": "2" } }, { "party": "5403", "measures": { "inhabitants": "1" } }]);
    let shares = service.post("/api/v1/split", &json!({ "amount_ore": 100, "key": key, "parties": parties })).json();
    let amounts: Vec<i64> =
        shares["shares"].as_array().unwrap().iter().map(|share| share["amount_ore"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [67, 33]);
    let refused = service.post("/api/v1/split", &json!({ "amount_ore": 100, "key": key, "parties": [] }));
    assert!(refused.problem().starts_with("422 cannot-be-shared: "));
}

#[test]
fn answers_are_compressed_for_those_who_take_it() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let response = service.get_with("/api/openapi.json", &[("Accept-Encoding", "gzip")]);
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(service.get("/api/openapi.json").header("content-encoding"), None);
}
