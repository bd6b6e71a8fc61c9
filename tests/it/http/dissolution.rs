//! A county authority is dissolved: what it holds passes on, all of it or nothing.

use serde_json::{Value, json};

use super::access::{DAY, Staffed};
use super::service::{Service, nth};

fn after_the_county_was_parted() -> Service {
    let service = Service::with_a_small_procurement("2022-03-05");
    service.register(5, "county_authority", "930068128", "55", "Troms fylkeskommune");
    service.register(6, "county_authority", "830090282", "56", "Finnmark fylkeskommune");
    for (party, number) in [(2, "5501"), (3, "5601")] {
        service.command("parties", party, &json!({ "command": "number", "number": number, "from": "2024-01-01" }));
    }
    service
}

fn decision(by_party: &Value) -> Value {
    json!({
        "by_number": { "55": "930068128", "56": "Finnmark fylkeskommune" }, "by_party": by_party,
        "on": "2024-01-01", "reference": "Prop. 113 L (2021-2022)",
    })
}

fn events_count(service: &Service) -> usize {
    service.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len()
}

#[test]
fn agreements_and_procurements_pass_and_asked_again_nothing_is_left_to_pass() {
    let service = after_the_county_was_parted();
    let target = format!("/api/v1/parties/{}/dissolution", nth(1));
    let wanted = decision(&json!({ "5406": "56" }));
    let passed = json!({ "events_count": 5, "agreements_count": 3, "procurements_count": 1 });
    assert_eq!(service.post(&target, &wanted).json(), passed);
    let counties: Vec<Value> = (22..=24)
        .map(|agreement| service.get(&format!("/api/v1/agreements/{}", nth(agreement))).json()["counties"][1].clone())
        .collect();
    assert_eq!(counties, [5, 6, 6].map(|county| json!({ "from": "2024-01-01", "county": nth(county) })));
    let before = events_count(&service);
    let nothing = json!({ "events_count": 0, "agreements_count": 0, "procurements_count": 0 });
    assert_eq!(service.post(&target, &wanted).json(), nothing);
    let otherwise = service.post(&target, &decision(&json!({ "5406": "55" }))).problem();
    assert!(otherwise.contains("passed to Finnmark fylkeskommune on 2024-01-01"), "{otherwise}");
    assert_eq!(events_count(&service), before);
}

#[test]
fn where_an_agreement_would_be_left_nothing_passes() {
    let service = after_the_county_was_parted();
    let target = format!("/api/v1/parties/{}/dissolution", nth(1));
    let before = events_count(&service);
    let refused = service.post(&target, &decision(&json!({}))).problem();
    assert!(refused.starts_with("422 reference-unknown: no successor is named for party"), "{refused}");
    let mut wanted = decision(&json!({ "5406": "56" }));
    wanted["by_number"] = json!({ "Troms": "55" });
    let refused = service.post(&target, &wanted).problem();
    assert_eq!(refused, "422 body-invalid: \"Troms\" begins no number; give the digits that the numbers begin with");
    let mut municipality = decision(&json!({ "5406": "55" }));
    municipality["by_number"]["56"] = json!("5501");
    let refused = service.post(&target, &municipality).problem();
    assert!(refused.starts_with("422 reference-unknown: ") && refused.contains("is no county authority"), "{refused}");
    let nobody = service.post(&target, &decision(&json!({ "5406": "57" }))).problem();
    assert_eq!(nobody, "404 not-found: no party is called 57");
    assert_eq!(events_count(&service), before);
}

#[test]
fn finance_of_a_successor_sees_what_was_known_before_the_county_was_dissolved() {
    let mut service = after_the_county_was_parted();
    service.restart_on(DAY);
    let target = format!("/api/v1/parties/{}/dissolution", nth(1));
    assert_eq!(service.post(&target, &decision(&json!({ "5406": "56" }))).status, 200);
    let of_finnmark = json!({ "name": "county_finance", "county": nth(6) });
    let staffed = Staffed::over(service, &[("finnmark", of_finnmark)], |_| {});
    let browser = staffed.by_password("finnmark");
    for page in ["/municipalities/5403", "/municipalities/5403/explanations/2023", "/municipalities/5403/budget.xlsx"] {
        for asked in ["", "?as_of=2022-03-10"] {
            let answer = browser.get(&format!("{page}{asked}"));
            assert_eq!(answer.status, 200, "{page}{asked}");
        }
    }
    let sheet = "/api/v1/procurements/Biblioteksystem/budget-sheets/5403";
    let agreement = format!("/api/v1/agreements/{}", nth(23));
    let key = format!("/api/v1/sharing-keys/{}", nth(11));
    for target in [sheet, agreement.as_str(), key.as_str()] {
        for asked in ["", "?as_of=2022-03-10"] {
            let answer = browser.get(&format!("{target}{asked}"));
            assert_eq!(answer.status, 200, "{target}{asked}: {}", answer.text());
        }
    }
    let found = browser.get("/api/v1/agreements?as_of=2022-03-10").json();
    let found: Vec<Value> = found["items"].as_array().unwrap().iter().map(|one| one["agreement"].clone()).collect();
    assert_eq!(
        found,
        [nth(22), nth(23), nth(24)].map(Value::from),
        "whoever holds the procurement now sees what it held"
    );
}
