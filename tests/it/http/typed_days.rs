//! Days are typed as Norwegians write them or as browsers do, and come back as browsers can show them.

use serde_json::json;

use super::forms::{fill, refused};
use super::service::{Service, nth};

#[test]
fn a_day_in_norwegian_notation_comes_back_as_browsers_show_it() {
    let mut service = Service::with_a_small_procurement("2022-06-01");
    service.restart_on("2022-07-01");
    let page = service.get("/municipalities/5401?as_of=30.06.2022&since=15.06.2022").text();
    for (field, day) in [("as_of", "2022-06-30"), ("since", "2022-06-15")] {
        assert!(page.contains(&format!("type=\"date\" id=\"{field}\" name=\"{field}\" value=\"{day}\"")), "{page}");
    }
    let swapped = service.get("/municipalities/5401?as_of=2022-06-15&since=2022-06-30");
    assert!(swapped.status == 422 && swapped.text().contains("Velg en dag før den som vises"), "{}", swapped.text());
    let definition =
        json!({ "kind": "divide", "name": "Likt uten Alta", "base": [{ "measure": "equal", "percent": "100" }] });
    let proposal = json!({ "command": "save_proposal", "proposal": nth(95), "name": "Uten Alta", "note": null,
        "definition": definition, "applies_from": "2023-01-01", "population_date": "2022-01-01",
        "members": [{ "party": nth(3), "joins": null, "leaves": "2022-12-31" }], "on": "2022-06-01" });
    service.command("sharing-keys", 11, &proposal);
    let hearing = format!("/keys/proposals/{}/hearing", nth(95));
    refused(&fill(&service, &hearing, 100, &[("answer_by", "1.6.2022")]), "name=\"answer_by\" value=\"2022-06-01\"");
    refused(&fill(&service, &hearing, 101, &[("answer_by", "snart")]), "name=\"answer_by\" value=\"snart\"");
}
