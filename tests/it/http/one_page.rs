//! Several forms of one page: each asks for something of its own, whichever is sent first.

use super::client::Response;
use super::forms::{encoded, led};
use super::live::{READINESS, fields_of, sent, with, with_a_library};
use super::service::{Service, nth};
use chrono::TimeDelta;

const PAGE: &str = "/municipalities/5401";

/// Sends the form of an item of the checklist from a page that was made before.
fn said(service: &Service, page: &str, item: &str, done: &str) -> Response {
    let form = with(&with(&fields_of(page, READINESS), "item", item), "done", done);
    sent(service, READINESS, &form)
}

fn happened(service: &Service, event: &str) -> usize {
    service.get("/api/v1/events?limit=1000").text().matches(event).count()
}

#[test]
fn each_item_of_a_checklist_is_ticked_from_the_same_page() {
    let service = with_a_library();
    let page = service.get(PAGE).text();
    for item in ["leaders_informed", "catalogue_cleaned", "catalogue_cleaned"] {
        let answer = said(&service, &page, item, "yes");
        assert_eq!(answer.status, 303, "{item}: {}", answer.text());
    }
    assert_eq!(happened(&service, "signup.readiness-ticked"), 2, "sent twice, it is one wish");
    assert_eq!(said(&service, &page, "leaders_informed", "no").status, 303, "what one did oneself is no surprise");
    assert_eq!(happened(&service, "signup.readiness-reopened"), 1);
}

#[test]
fn a_form_that_was_done_and_undone_is_refused_in_the_language_of_the_page() {
    for days in [0, 1] {
        let service = with_a_library();
        let page = service.get(PAGE).text();
        assert_eq!(said(&service, &page, "leaders_informed", "yes").status, 303);
        assert_eq!(said(&service, &page, "leaders_informed", "no").status, 303);
        service.wait(TimeDelta::days(days));
        let again = said(&service, &page, "leaders_informed", "yes");
        assert!(again.status == 422 && again.text().contains("Dette skjemaet er sendt før"), "{}", again.text());
        assert_eq!(happened(&service, "signup.readiness-ticked"), 1);
        let page = service.get(PAGE).text();
        assert_eq!(said(&service, &page, "leaders_informed", "yes").status, 303);
        assert_eq!(happened(&service, "signup.readiness-ticked"), 2);
    }
}

#[test]
fn a_proposal_is_sent_out_answered_and_adopted_from_the_same_page() {
    let service = Service::with_a_small_procurement("2022-06-01");
    service.save_a_proposal();
    let target = format!("/keys/proposals/{}", nth(95));
    let page = service.get(&target).text();
    let of_page = fields_of(&page, &format!("{target}/hearing"));
    let send = |action: &str, fields: &[(&str, &str)]| {
        let form = fields.iter().fold(of_page.clone(), |form, (name, text)| with(&form, name, &encoded(text)));
        led(&sent(&service, &format!("{target}/{action}"), &form))
    };
    send("hearing", &[("answer_by", "2022-07-01")]);
    for (party, stance) in [(2, "supports"), (3, "opposes"), (4, "no_remarks")] {
        send("answers", &[("party", &nth(party)), ("stance", stance), ("text", "")]);
    }
    send("adoption", &[("applies_from", "2023-01-01"), ("reference", "Sak 7/22")]);
    assert_eq!(happened(&service, "sharing-key.hearing-answered"), 3);
    assert_eq!(happened(&service, "sharing-key.adopted"), 2);
}
