//! Days are typed as Norwegians write them or as browsers do, and come back as browsers can show them.

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
    service.save_a_proposal();
    let hearing = format!("/keys/proposals/{}/hearing", nth(95));
    refused(&fill(&service, &hearing, 100, &[("answer_by", "1.6.2022")]), "name=\"answer_by\" value=\"2022-06-01\"");
    refused(&fill(&service, &hearing, 101, &[("answer_by", "snart")]), "name=\"answer_by\" value=\"snart\"");
}
