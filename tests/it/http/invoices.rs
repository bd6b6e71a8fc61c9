//! An invoice run from plan to document over the API.

use serde_json::{Value, json};

use super::forms::fill;
use super::service::{Service, nth};

const PLAN_KEY: (&str, &str) = ("Idempotency-Key", "plan-2023");

fn request() -> Value {
    json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 })
}

#[test]
fn a_run_is_planned_looked_at_approved_and_issued() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let planned = service.post_with("/api/v1/invoice-runs", &[PLAN_KEY], &request());
    assert_eq!(planned.status, 200, "{}", planned.text());
    let run = planned.json()["events"][0]["data"]["run"].as_str().unwrap().to_owned();

    let shown = service.get(&format!("/api/v1/invoice-runs/{run}"));
    assert_eq!((&shown.json()["phase"], shown.header("etag")), (&json!("planned"), Some("\"v0\"")));
    assert_eq!(shown.json()["plan"]["due_date"], "2023-03-03");

    assert_eq!(
        service.get(&format!("/api/v1/invoice-runs/{run}/left-over")).json(),
        json!({ "left_over": [], "not_planned": [] })
    );
    assert_eq!(service.get(&format!("/api/v1/invoice-runs/{}/left-over", nth(999))).status, 404);

    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    let approved = service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approval);
    assert_eq!(approved.status, 200, "{}", approved.text());
    let done = service.post("/api/v1/invoice-runs/issue", &json!({})).json();
    assert_eq!(
        done,
        json!({ "issued_count": 3, "rendered_count": 3, "placed_count": 3, "unknown_count": 0, "mailed_count": 3, "deferred_count": 0, "parked_count": 0, "unnumbered": [], "held_up": [] })
    );

    let invoices = service.get("/api/v1/invoices?party=5403").json();
    let invoice = &invoices["items"][0];
    assert_eq!(invoice["issued"]["number"], 542_300_002);
    assert_eq!(invoice["issued"]["invoice"]["net_ore"], 33_333);
    let id = invoice["invoice"].as_str().unwrap();
    let document = service.get(&format!("/api/v1/invoices/{id}/document"));
    assert_eq!(document.header("content-type"), Some("application/pdf"));
    assert_eq!(
        document.header("etag"),
        Some(format!("\"{}\"", invoice["document"]["sha256"].as_str().unwrap()).as_str())
    );
    assert!(document.body.starts_with(b"%PDF-"));

    // Everyone is invoiced, and still the first request is answered as it was.
    assert_eq!(service.post_with("/api/v1/invoice-runs", &[PLAN_KEY], &request()).json(), planned.json());
    let again = service.post("/api/v1/invoice-runs", &request());
    assert!(again.problem().starts_with("422 cannot-be-planned: nothing of what is contracted in 2023 is left"));
}

#[test]
fn a_parked_letter_waits_for_a_person_and_is_tried_again() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let planned = service.post("/api/v1/invoice-runs", &request()).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    service.erase_finance_contacts();
    service.post("/api/v1/invoice-runs/issue", &json!({}));

    let parked = service.get("/api/v1/outbox?state=parked&limit=2").json();
    assert_eq!(parked["items"].as_array().unwrap().len(), 2);
    assert!(parked["next"].as_str().unwrap().starts_with("/api/v1/outbox?state=parked&limit=2&after="));
    let letter = parked["items"][0]["invoice"].as_str().unwrap();
    let retried = service.post(&format!("/api/v1/outbox/{letter}/retry"), &json!({})).json();
    assert_eq!(retried["events"][0]["type"], "delivery.mail-retry-requested");
    assert_eq!(service.get("/api/v1/outbox?state=queued").json()["items"].as_array().unwrap().len(), 1);
    assert!(service.get("/api/v1/outbox?state=lost").problem().starts_with("400 parameter-invalid: state lost"));
    assert_eq!(service.post(&format!("/api/v1/outbox/{}/retry", nth(5)), &json!({})).status, 404);
    assert!(!service.mail_directory().exists() || service.mail_directory().read_dir().unwrap().next().is_none());
}

#[test]
fn a_run_is_prebilled_objected_to_and_answered_before_it_is_approved() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let planner = json!({ "role": "økonomikonsulent", "person": nth(71) });
    let mut request = request();
    request["planned_by"] = planner.clone();
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let of_run = |step: &str| format!("/api/v1/invoice-runs/{run}/{step}");

    let compared = service.get(&of_run("comparison")).json();
    assert_eq!((&compared["planned_ore"], &compared["last_year_ore"]), (&json!(125_000), &json!(0)));
    assert_eq!(compared["participants"][0]["name"], "Tromsø");

    let sent = service.post(&of_run("prebill"), &json!({ "objections_until": "2023-02-14" }));
    assert_eq!(sent.status, 200, "{}", sent.text());
    let objection = json!({ "party": "5403", "text": "Feil nøkkel", "reference": "23/7" });
    assert_eq!(service.post(&of_run("objections"), &objection).status, 200);
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    let refused = service.post(&of_run("approve"), &approval).problem();
    assert!(refused.contains("The letters with the prebill have not reached 3 participants"), "{refused}");
    let answer =
        json!({ "outcome": "rejected", "answer": "Nøkkelen er vedtatt", "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&of_run("objections/1/answer"), &answer).status, 200);
    let none = service.post(&of_run("objections/2/answer"), &answer).problem();
    assert!(none.contains("The run has no objection 2"), "{none}");

    let shown = service.get(&format!("/api/v1/invoice-runs/{run}")).json();
    assert_eq!(shown["planned_by"], planner);
    assert_eq!(shown["objections_until"], "2023-02-14");
    assert_eq!(shown["objections"][0]["answered"]["outcome"], "rejected");
    let waiting = service.get("/api/v1/outbox").json();
    assert_eq!((&waiting["items"][0]["number"], &waiting["items"][0]["state"]), (&json!(null), &json!("queued")));
}

#[test]
fn a_plan_can_be_discarded() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let planned = service.post("/api/v1/invoice-runs", &request()).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let discarded = service.post(&format!("/api/v1/invoice-runs/{run}/discard"), &json!({})).json();
    assert_eq!(discarded["events"][0]["type"], "invoice-run.discarded");
    let refused =
        service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "x", "person": nth(70) }));
    assert!(refused.problem().starts_with("422 invoice-run-"), "{}", refused.text());
    let unknown = service
        .post("/api/v1/invoice-runs", &json!({ "procurement": "Biblioteksystem", "issuer": "Nowhere", "year": 2023 }));
    assert_eq!(unknown.problem(), "404 not-found: no party is called Nowhere");
}

#[test]
fn an_approved_run_waits_for_the_date_of_its_invoices_and_can_be_given_up_until_then() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let mut request = request();
    request["invoice_date"] = json!("2023-03-01");
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approval).status, 200);
    let done = service.post("/api/v1/invoice-runs/issue", &json!({})).json();
    assert_eq!(done["issued_count"], 0);
    assert_eq!(done["held_up"], json!([{ "run": run, "invoice_date": "2023-03-01", "changes": [], "more_count": 0 }]));
    let discarded = service.post(&format!("/api/v1/invoice-runs/{run}/discard"), &json!({})).json();
    assert_eq!(discarded["events"][0]["type"], "invoice-run.discarded");
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).json()["held_up"], json!([]));
}

#[test]
fn who_is_left_over_of_what_others_were_invoiced_for_stands_beside_the_next_plan_with_the_reason() {
    let service = Service::with_a_small_procurement("2023-02-01");
    // Somebody who has named no reference and writes nynorsk.
    service.register(5, "municipality", "941812716", "5435", "Nordkapp");
    let nynorsk = json!({ "command": "choose_written_form", "written_form": "nynorsk", "from": "2020-01-01" });
    service.command("parties", 5, &nynorsk);
    let agreement = json!({ "command": "draft", "agreement": nth(25), "procurement": nth(10), "party": nth(5),
        "county": nth(1), "commitment": "committed", "member_from": null, "on": "2022-03-05" });
    service.command("agreements", 25, &agreement);
    let planned = || {
        let planned = service.post("/api/v1/invoice-runs", &request());
        assert_eq!(planned.status, 200, "{}", planned.text());
        planned.json()["events"][0]["data"]["run"].as_str().unwrap().to_owned()
    };
    let reason = "<span lang=\"nn\">Mottakaren har verken bestillarreferanse eller ordrenummer, som ein e-faktura må \
                  ha</span> (250,00";
    let page = |run: &str| service.get(&format!("/invoices/runs/{run}")).text();

    let first = planned();
    let shown = page(&first);
    let (_, aside) = shown.split_once("id=\"aside-heading\"").unwrap();
    assert!(aside.contains(&format!("<li>Nordkapp: {reason}")), "{shown}");
    assert!(!shown.contains("id=\"left-over-heading\""), "it stands in the plan: {shown}");
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{first}/approve"), &approval).status, 200);
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).json()["issued_count"], 3);

    contract_training_of_one_party(&service);
    let second = planned();
    let shown = page(&second);
    assert!(!shown.contains("id=\"aside-heading\""), "{shown}");
    let (_, left_over) = shown.split_once("id=\"left-over-heading\">Gjenstår utenfor planen").unwrap();
    assert!(left_over.contains(&format!("<li>Nordkapp, Konvertering: {reason}")), "{shown}");
    let left = service.get(&format!("/api/v1/invoice-runs/{second}/left-over")).json();
    let [left] = &left["left_over"].as_array().unwrap()[..] else { panic!("{left}") };
    assert_eq!((&left["party"], &left["party_name"]), (&json!(nth(5)), &json!("Nordkapp")));
    assert_eq!((&left["names"], &left["net_ore"]), (&json!(["Konvertering"]), &json!(25_000)));
    assert_eq!(left["vat_undecided"], false);
    assert!(left["reason"].as_str().unwrap().starts_with("Mottakaren har verken"), "{left}");
}

/// A course for 700.00 that one party alone bears is contracted.
fn contract_training_of_one_party(service: &Service) {
    let record = json!({ "command": "record", "cost": nth(13), "procurement": nth(10), "name": "Opplæring",
        "kind": "conversion", "year": 2023, "vat_percent": "25", "on": "2023-02-01",
        "distribution": { "by": "party", "party": nth(3) } });
    service.command("costs", 13, &record);
    let assess = json!({ "command": "assess", "assessment": nth(93), "on": "2023-02-01", "source": "Kontrakt",
        "amount": { "certainty": "contracted", "amount_ore": 70_000 } });
    service.command("costs", 13, &assess);
}

/// Two runs of which the first is approved, and everybody is sent what the other comes to.
fn one_approved_and_one_prebilled(service: &Service) -> String {
    let planned = || {
        let planned = service.post("/api/v1/invoice-runs", &request());
        planned.json()["events"][0]["data"]["run"].as_str().unwrap().to_owned()
    };
    let approved = planned();
    let approval = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{approved}/approve"), &approval).status, 200);
    contract_training_of_one_party(service);
    let prebill = json!({ "objections_until": "2023-02-14" });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{}/prebill", planned()), &prebill).status, 200);
    approved
}

#[test]
fn a_run_that_cannot_be_numbered_is_named_beside_what_was_done_for_the_others() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let run = one_approved_and_one_prebilled(&service);
    service.restart_with("2023-02-01", |settings| settings.kid.number_digits = 4);
    let done = service.post("/api/v1/invoice-runs/issue", &json!({}));
    assert_eq!(done.status, 200, "{}", done.text());
    let done = done.json();
    assert_eq!((&done["issued_count"], &done["rendered_count"]), (&json!(0), &json!(1)), "{done}");
    assert_eq!(done["held_up"], json!([]));
    let [unnumbered] = &done["unnumbered"].as_array().unwrap()[..] else { panic!("{done}") };
    let named = ["run", "procurement", "year", "issuer", "rejection"].map(|name| &unnumbered[name]);
    let expected = [
        json!(run),
        json!("Biblioteksystem"),
        json!(2023),
        json!("Troms og Finnmark fylkeskommune"),
        json!("series-kid-impossible"),
    ];
    assert_eq!(named, expected.each_ref());
    let sentence = unnumbered["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("The settings leave too few digits for a KID"), "{sentence}");
    assert!(!sentence.contains("{ $"), "{sentence}");

    // It was not begun, so that it can be given up the same day.
    let discarded = service.post(&format!("/api/v1/invoice-runs/{run}/discard"), &json!({})).json();
    assert_eq!(discarded["events"][0]["type"], "invoice-run.discarded");
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).json()["unnumbered"], json!([]));
}

#[test]
fn a_page_says_what_was_done_and_which_run_could_not_be_numbered_and_that_one_is_given_up_by_its_form() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let run = one_approved_and_one_prebilled(&service);
    service.restart_with("2023-02-01", |settings| settings.kid.number_digits = 4);
    let page = fill(&service, "/invoices/issue", 280, &[("run", &run)]);
    assert_eq!(page.status, 409);
    for said in [
        "Ikke alt ble gjort",
        "0 fakturaer fikk nummer, 1 dokumenter ble laget og 1 brev ble sendt.",
        "Biblioteksystem 2023 (Troms og Finnmark fylkeskommune): Innstillingene gir for få sifre til en KID",
    ] {
        assert!(page.text().contains(said), "{}", page.text());
    }
    let of_run = format!("/invoices/runs/{run}");
    assert!(service.get(&of_run).text().contains(&format!("{of_run}/discard\"")), "it can be given up");
    assert_eq!(fill(&service, &format!("{of_run}/discard"), 281, &[]).status, 303);
    assert!(service.get(&of_run).text().contains("Forkastet"));
}
