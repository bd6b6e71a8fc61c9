//! What a rule says of one field of a form stands beside that field.

use serde_json::json;

use super::client::send;
use super::forms::{came_in, encoded, fill, issued, led, planned, refused};
use super::service::{Service, nth};

/// What is said of a field by its id.
#[track_caller]
fn said(page: &str, field: &str) -> String {
    let described = [format!("{field}-refused"), format!("{field}-refused {field}-hint")];
    let is_tied = |by: &String| page.contains(&format!("aria-invalid=\"true\" aria-describedby=\"{by}\""));
    assert!(described.iter().any(is_tied), "{field}: {page}");
    let message = page.split(&format!("id=\"{field}-refused\">")).nth(1).unwrap_or_else(|| panic!("{field}: {page}"));
    message.split("</p>").next().unwrap().to_owned()
}

#[test]
fn the_days_of_a_run_are_refused_where_they_were_typed() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let plan = |invoice_date, due_date, command| {
        let typed = [("procurement", &*nth(10)), ("issuer", &nth(1)), ("year", "2023"), ("days", "year")];
        let typed =
            [&typed[..], &[("one_per", "payer"), ("invoice_date", invoice_date), ("due_date", due_date)]].concat();
        fill(&service, "/invoices/plan", command, &typed).text()
    };
    assert!(said(&plan("2023-02-10", "2023-02-01", 400), "plan-due_date").contains("10.02.2023"));
    assert!(said(&plan("2025-02-01", "", 401), "plan-invoice_date").contains("01.02.2025"));
    let run = planned(&service);
    let late = fill(&service, &format!("{run}/prebill"), 402, &[("objections_until", "2023-02-01")]).text();
    assert!(!said(&late, "prebill-objections_until").is_empty());
}

#[test]
fn an_objection_with_an_address_is_refused_for_that_and_for_nothing_else() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    led(&fill(&service, &format!("{run}/prebill"), 410, &[("objections_until", "2023-02-10")]));
    let object = |text: &str, reference: &str, command| {
        let typed = [("party", &*nth(3)), ("text", text), ("reference", reference)];
        fill(&service, &format!("{run}/objections"), command, &typed).text()
    };
    let of_text = said(&object("Ring leder@alta.example", "", 411), "objection-text");
    assert!(of_text.contains("e-postadresse") && !of_text.contains("for lang"), "{of_text}");
    assert!(said(&object("Feil tall", "leder@alta.example", 412), "objection-reference").contains("e-postadresse"));
}

#[test]
fn what_is_credited_and_paid_is_refused_where_it_was_typed() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let page = format!("/invoices/issued/{}", issued(&service));
    let credit = [("extent", "lines"), ("line-1", "9999"), ("reason", "Feil"), ("date", "2023-02-01")];
    let credited = fill(&service, &format!("{page}/credit-notes"), 420, &credit).text();
    assert!(said(&credited, "credit-line-1").contains("9\u{a0}999,00"));
    let paid = [("amount", "100"), ("booked_on", "2023-02-02"), ("reference", "Linje 4")];
    let paid = fill(&service, &format!("{page}/payments"), 421, &paid).text();
    assert!(said(&paid, "pay-booked_on").contains("02.02.2023"));
}

#[test]
fn an_agreement_that_would_end_too_early_is_refused_beside_its_last_day() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let agreement = |command: &serde_json::Value| service.command("agreements", 22, command);
    agreement(&json!({ "command": "send", "on": "2022-03-10", "answer_by": null }));
    agreement(&json!({ "command": "sign", "on": "2022-04-04", "role": "kommunedirektør",
        "authority": "Delegering 1/22", "person": nth(72) }));
    agreement(&json!({ "command": "activate", "from": "2022-05-01" }));
    let notice = [("on", "2022-06-01"), ("last_day", "2022-05-31")];
    let refused = fill(&service, &format!("/agreements/{}/notice", nth(22)), 430, &notice).text();
    assert!(said(&refused, "notice-last_day").contains("31.05.2022"));
}

#[test]
fn a_key_is_refused_beside_the_day_it_would_apply_from() {
    let service = Service::with_a_small_procurement("2022-06-01");
    service.save_a_proposal();
    let adopt = |applies_from, command| {
        let typed = [("applies_from", applies_from), ("reference", "Sak 7/22")];
        fill(&service, &format!("/keys/proposals/{}/adoption", nth(95)), command, &typed).text()
    };
    assert!(said(&adopt("2020-01-01", 440), "adopt-applies_from").contains("01.03.2022"));
    assert!(said(&adopt("2022-12-31", 441), "adopt-applies_from").contains("01.01.2023"));
    let bounds = service.get("/keys?tried=yes&percent-equal=100&floor=1500&cap=1000&from=2023");
    refused(&bounds, "id=\"floor-refused\"");
}

#[test]
fn a_key_that_cannot_be_used_is_not_saved_and_the_page_says_why_in_its_language() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let saved = |name: &str, grants: &str, language: &str, command: u128| {
        let command = nth(command);
        let typed = [("command", &*command), ("tried", "yes"), ("percent-equal", "100"), ("from", "2023")];
        let typed = typed.into_iter().chain([("grant", grants), ("name", name), ("note", "Prøvd i mai")]);
        let body: Vec<String> = typed.map(|(field, text)| format!("{field}={}", encoded(text))).collect();
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept-Language", language)];
        send(service.address(), "POST", "/keys/proposals", &headers, body.join("&").as_bytes())
    };
    let below = "Fylket: -5";
    for (language, said, command) in [
        ("nb", "Nøkkelen lar seg ikke bruke: et tall er under null. Skriv null eller mer.", 450),
        ("nn", "Nøkkelen lèt seg ikkje bruke: eit tal er under null. Skriv null eller meir.", 451),
        ("en", "The key cannot be used: a number is below zero. Give zero or more.", 452),
    ] {
        let answer = saved("Ny", below, language, command);
        refused(&answer, said);
        refused(&answer, "value=\"Prøvd i mai\"");
        assert!(!answer.text().contains("grant is"), "{}", answer.text());
    }
    refused(&saved(&"n".repeat(201), "", "nn", 453), "eit namn i nøkkelen manglar eller har meir enn 200 teikn");
}

#[test]
fn a_day_that_nothing_is_tried_on_is_refused_in_the_language_of_the_page() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let tried = "/keys?tried=yes&percent-equal=60&percent-inhabitants=40&applies_from=1700-01-01&from=2023";
    for (language, said) in [("nb", "01.01.1700 er før 1800"), ("nn", "Sjå på årstalet")] {
        let answer = service.get_with(tried, &[("Accept-Language", language)]);
        refused(&answer, said);
        assert!(!answer.text().contains("check the year"), "{}", answer.text());
    }
}

#[test]
fn a_payment_that_cannot_be_matched_says_so_beside_the_invoice_that_was_chosen_for_it() {
    let service = Service::with_a_small_procurement("2023-02-01");
    issued(&service);
    let payment = came_in(&service, "100.00").rsplit('/').next().unwrap().to_owned();
    let owed = service.get("/api/v1/receivables").json()["items"][0].clone();
    let (invoice, outstanding) = (owed["invoice"].as_str().unwrap(), owed["outstanding_ore"].as_i64().unwrap());
    let whole = format!("{},{:02}", outstanding / 100, outstanding % 100);
    let by_hand = [("amount", whole.as_str()), ("booked_on", "2023-02-01"), ("reference", "Linje 4")];
    led(&fill(&service, &format!("/invoices/issued/{invoice}/payments"), 460, &by_hand));
    let choice = format!("id=\"invoice-{payment}\" name=\"invoice\"");
    let overview = service.get("/invoices").text();
    assert!(overview.contains(&format!("{choice}>")), "{overview}");
    let typed = [("payment", payment.as_str()), ("invoice", invoice)];
    let late = fill(&service, &format!("/invoices/payments/{payment}/match"), 461, &typed);
    refused(&late, "Det er ingenting igjen å betale av fakturaen");
    refused(&late, &format!("{choice} aria-invalid=\"true\" aria-describedby=\"match-refused\""));
}
