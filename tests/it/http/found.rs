//! What is looked for among what was issued is found, whatever became of it since.

use serde_json::json;

use super::forms::{fill, issued, led, planned, work};
use super::service::{Service, nth};

const NOTHING_FOUND: &str = "Ingenting passer med det du søker etter.";

#[test]
fn an_invoice_that_is_paid_is_found_by_its_number_and_by_who_paid() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    let owed = service.get("/api/v1/receivables").json();
    let owed = owed["items"].as_array().unwrap().iter().find(|owed| owed["invoice"] == *invoice).unwrap().clone();
    let kroner = format!(
        "{},{:02}",
        owed["outstanding_ore"].as_i64().unwrap() / 100,
        owed["outstanding_ore"].as_i64().unwrap() % 100
    );
    let paid = [("amount", kroner.as_str()), ("booked_on", "2023-02-01"), ("reference", "Linje 4")];
    led(&fill(&service, &format!("/invoices/issued/{invoice}/payments"), 300, &paid));
    let link = format!("href=\"/invoices/issued/{invoice}\"");
    for sought in ["troms", &owed["number"].to_string()] {
        let page = service.get(&format!("/invoices?q={sought}")).text();
        assert!(page.contains(&link) && page.contains("0\u{a0}kr"), "{sought}: {page}");
        assert!(!page.contains("Alt er betalt") && !page.contains("Ingen kreditnota"), "{sought}: {page}");
        assert!(!page.contains(NOTHING_FOUND), "{sought}: {page}");
    }
    let page = service.get("/invoices?q=finnesikke").text();
    assert!(page.contains(NOTHING_FOUND), "{page}");
    assert!(!page.contains("Alt er betalt") && !page.contains("Ingen kreditnota"), "{page}");
    assert!(
        service.get("/invoices").text().contains("href=\"/invoices?part&#x3D;issued\""),
        "all of them are a link away"
    );
    assert_eq!(service.get("/invoices?part=issued").text().matches("href=\"/invoices/issued/").count(), 3);
}

#[test]
fn a_run_that_is_issued_leads_to_its_invoices() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    let links = || service.get(&run).text().matches("href=\"/invoices/issued/").count();
    assert_eq!(links(), 0);
    led(&fill(&service, &format!("{run}/approve"), 301, &[("role", "økonomisjef"), ("person", &nth(70))]));
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);
    assert_eq!(links(), 3);
}

#[test]
fn letters_that_went_out_are_listed_with_how_they_went() {
    let service = Service::with_a_small_procurement("2023-02-01");
    issued(&service);
    let page = service.get("/invoices").text();
    assert!(page.contains("3 brev er gått ut") && page.contains("part&#x3D;sent"), "{page}");
    let sent = service.get("/invoices?part=sent").text();
    assert_eq!(sent.matches("href=\"/invoices/letters/").count(), 3, "{sent}");
    assert!(sent.contains("Tatt imot") && sent.contains("<span lang=\"en\">"), "{sent}");
    let letter = sent.split("href=\"").find(|link| link.starts_with("/invoices/letters/")).unwrap();
    let steps = service.get(letter.split('"').next().unwrap()).text();
    assert_eq!(steps.matches("Dokument tegnet opp").count(), 1, "{steps}");
}

#[test]
fn a_municipality_sees_what_its_prebill_is_for_and_the_whole_calculation() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    led(&fill(&service, &format!("{run}/prebill"), 310, &[("objections_until", "2023-02-10")]));
    let letters = service.get("/invoices").text();
    assert!(letters.contains(">forhåndsvarsel</a>") && !letters.contains(">prebill<"), "{letters}");
    work(&service);
    let page = service.get("/municipalities/5401/invoices").text();
    let prebill = page.split("id=\"prebill-heading\"").nth(1).unwrap();
    assert!(prebill.contains("Konvertering") && prebill.contains("333,3"), "{prebill}");
    let document = prebill.split("href=\"").find(|link| link.starts_with("/invoices/prebills/")).unwrap();
    let document = service.get(document.split('"').next().unwrap());
    assert_eq!((document.status, document.header("content-type")), (200, Some("application/pdf")));
    assert!(document.body.starts_with(b"%PDF-"));
}
