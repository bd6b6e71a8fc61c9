//! What a run's page and the API say of what the plan leaves out, and of a plan whose grounds have changed.

use serde_json::{Value, json};

use super::forms::{fill, led, planned, refused, work};
use super::service::{Service, nth};

fn record(service: &Service, cost: u128, name: &str, amount: Option<Value>) {
    let record = json!({ "command": "record", "cost": nth(cost), "procurement": nth(10), "name": name,
        "kind": "conversion", "year": 2023, "vat_percent": "25", "on": "2023-02-01",
        "distribution": { "by": "key", "sharing_key": nth(11) } });
    service.command("costs", cost, &record);
    if let Some(amount) = amount {
        let assess = json!({ "command": "assess", "assessment": nth(100 + cost), "on": "2023-02-01", "source": "Kontrakt",
            "amount": amount });
        service.command("costs", cost, &assess);
    }
}

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn what_is_not_contracted_stands_beside_the_plan_with_why_on_the_page_and_by_the_api() {
    let service = Service::with_a_small_procurement("2023-02-01");
    record(&service, 13, "Opplæring", None);
    record(&service, 14, "Tilpasning", Some(json!({ "certainty": "quoted", "amount_ore": 70_000 })));
    let run = planned(&service);
    let page = service.get(&run).text();
    let (_, beside) = page.split_once("id=\"not-planned-heading\">Ikke med i planen").unwrap();
    let (beside, _) = beside.split_once("</section>").unwrap();
    for said in [
        "<li><span lang=\"nb\">Det er ikke kjent hva «Opplæring» kommer til i 2023.",
        "<li><span lang=\"nb\">«Tilpasning» i 2023 er bare et tilbud, og tilbud faktureres aldri.",
    ] {
        assert!(beside.contains(said), "{said}: {beside}");
    }
    let left = service.get(&format!("/api/v1/invoice-runs/{}/left-over", run.rsplit('/').next().unwrap())).json();
    assert_eq!(left["left_over"], json!([]));
    let reasons: Vec<&str> =
        left["not_planned"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    let [unknown, quoted] = reasons[..] else { panic!("{left}") };
    assert!(unknown.starts_with("what \"Opplæring\" of 2023 comes to is not known"), "{unknown}");
    assert!(quoted.starts_with("\"Tilpasning\" of 2023 is only quoted"), "{quoted}");
}

#[test]
fn that_the_plan_stands_is_not_answered_where_its_grounds_have_changed_and_the_page_says_so() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    led(&fill(&service, &format!("{run}/prebill"), 290, &[("objections_until", "2023-02-10")]));
    work(&service);
    let objection = [("party", &*nth(3)), ("text", "Feil beløp")];
    led(&fill(&service, &format!("{run}/objections"), 291, &objection));
    let changed = "Det planen bygger på, er endret: Konvertering er 1 200,00 kroner i stedet for 1 000,00";
    assert!(!plain(&service.get(&run).text()).contains(changed));

    let assess = json!({ "command": "assess", "assessment": nth(91), "on": "2023-02-01", "source": "Kontrakt",
        "amount": { "certainty": "contracted", "amount_ore": 120_000 } });
    service.command("costs", 12, &assess);
    assert!(plain(&service.get(&run).text()).contains(changed), "{}", service.get(&run).text());
    let person = nth(70);
    let form = |outcome| {
        [("outcome", outcome), ("answer", "Beløpet er avtalt"), ("role", "økonomisjef"), ("person", &*person)]
    };
    let refusal = fill(&service, &format!("{run}/objections/1/answer"), 292, &form("rejected"));
    refused(&refusal, "Det planen bygger på, er endret");
    let by_api =
        json!({ "outcome": "rejected", "answer": "Beløpet er avtalt", "role": "økonomisjef", "person": nth(70) });
    let of_run = format!("/api/v1/invoice-runs/{}/objections/1/answer", run.rsplit('/').next().unwrap());
    let problem = service.post(&of_run, &by_api).problem();
    assert!(problem.contains("What the plan rests on has changed: Konvertering comes to"), "{problem}");
    assert!(problem.ends_with("Discard the run and plan it anew."), "{problem}");
    // The participant is right in any case.
    led(&fill(&service, &format!("{run}/objections/1/answer"), 293, &form("upheld")));
}

#[test]
fn the_page_of_a_run_shows_what_other_runs_invoiced_meanwhile_and_the_list_the_last_planned_first() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = || {
        let planned = service.post("/api/v1/invoice-runs", &request).json();
        planned["events"][0]["data"]["run"].as_str().unwrap().to_owned()
    };
    let runs: Vec<String> = (0..6).map(|_| planned()).collect();
    let shown = service.get("/invoices").text();
    let places: Vec<usize> = runs.iter().map(|run| shown.find(&format!("/invoices/runs/{run}\"")).unwrap()).collect();
    assert!(places.is_sorted_by(|one, next| one > next), "{places:?}");

    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{}/approve", runs[0]), &approval).status, 200);
    work(&service);
    let page = plain(&service.get(&format!("/invoices/runs/{}", runs[1])).text());
    assert!(page.contains("<th scope=\"col\" class=\"number\">Fakturert før</th>"), "{page}");
    let sums = "<td class=\"number\">1 250,00 kr</td><td class=\"number\">1 250,00 kr</td><td class=\"number\">0,00 kr</td>\
                <td class=\"number\">+2 500,00 kr</td>";
    assert!(page.contains(sums), "planned, invoiced before, the year before, and the change: {page}");
}

#[test]
fn where_no_line_is_named_to_credit_it_is_said_how_to_credit_all() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    let of_run = format!("/api/v1/invoice-runs/{}/approve", run.rsplit('/').next().unwrap());
    assert_eq!(service.post(&of_run, &approval).status, 200);
    work(&service);
    let invoice = service.get("/api/v1/invoices").json()["items"][0]["invoice"].as_str().unwrap().to_owned();
    let none = json!({ "credit": { "extent": "lines", "lines": [] }, "reason": "Feil" });
    let refused = service.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &none);
    let number = service.get("/api/v1/invoices").json()["items"][0]["issued"]["number"].to_string();
    let said = format!("No line of invoice {number} is named to credit; name one or more in lines");
    assert!(refused.problem().contains(&said), "{}", refused.text());
}
