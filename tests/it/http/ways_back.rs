//! From the page that answers a form one comes back to a page, and not to where forms alone are taken.

use super::client::send;
use super::forms::fill;
use super::service::Service;

/// Where the languages of a page lead back to.
#[track_caller]
fn back(page: &str) -> String {
    let link = page.split("/language?to=nn&amp;back=").nth(1).unwrap_or_else(|| panic!("no languages: {page}"));
    link.split('"').next().unwrap().to_owned()
}

#[test]
fn a_form_that_is_refused_leads_back_to_the_page_that_it_was_sent_from() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let seen_at = "/keys?tried=yes&percent-equal=100";
    let refused = fill(&service, "/keys/proposals", 100, &[("name", ""), ("seen_at", seen_at)]);
    assert_eq!((refused.status, &*back(&refused.text())), (422, "/keys%3Ftried%3Dyes%26percent-equal%3D100"));
    let without = fill(&service, "/keys/proposals", 101, &[("name", "")]);
    assert_eq!(back(&without.text()), "/keys");
    let unknown = fill(&service, "/invoices/issued/x/reminders", 102, &[]);
    assert_eq!((unknown.status, &*back(&unknown.text())), (404, "/invoices/issued/x"));
    let led = service.get("/language?to=nn&back=%2Fkeys%2Fproposals");
    assert_eq!((led.status, led.header("location")), (303, Some("/keys")));
}

#[test]
fn what_a_form_or_an_address_is_refused_for_is_said_by_its_own_status_and_to_browsers_by_a_page() {
    let service = Service::with_a_small_procurement("2022-06-01");
    for bytes in [70_000, 1_500_000] {
        let long = "x".repeat(bytes);
        assert_eq!(fill(&service, "/keys/proposals", 110, &[("name", &long)]).status, 413, "{bytes} bytes");
    }
    let posted = service.get("/keys/proposals");
    assert_eq!((posted.status, posted.header("allow")), (405, Some("POST")));
    let from_elsewhere = |taken| {
        let headers = [("Sec-Fetch-Site", "cross-site"), ("Accept", taken)];
        send(service.address(), "POST", "/keys/proposals", &headers, b"")
    };
    let page = from_elsewhere("text/html,application/xhtml+xml");
    assert_eq!(page.status, 403);
    assert!(page.text().contains("kom fra en annen nettside"), "{}", page.text());
    assert!(from_elsewhere("*/*").problem().starts_with("403 cross-site: "));
}
