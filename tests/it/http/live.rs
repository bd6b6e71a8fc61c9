//! Pages that are kept up to date, and forms that come too late.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use chrono::TimeDelta;
use grenselos::sign_in::IDLE_MINUTES;
use serde_json::{Value, json};

use super::access::{Staffed, leader_of};
use super::client::{Response, send};
use super::forms::{came_in, issued};
use super::service::{Service, nth};

/// An open page that is told what happens.
struct Open(BufReader<TcpStream>);

impl Open {
    fn ask(service: &Service, target: &str, headers: &[(&str, &str)]) -> Self {
        let mut stream = TcpStream::connect(service.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let headers: String = headers.iter().flat_map(|(name, value)| [*name, ": ", *value, "\r\n"]).collect();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").unwrap();
        Self(BufReader::new(stream))
    }

    /// Reads on until a line begins so; none where the stream ends before.
    fn until(&mut self, begin: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            match self.0.read_line(&mut line).expect("the service says something in time") {
                0 => return None,
                _ if line.starts_with(begin) => return Some(line.trim_end().to_owned()),
                _ => {}
            }
        }
    }
}

pub fn head(service: &Service) -> u64 {
    let events = service.get("/api/v1/events?limit=1000").json();
    events["items"].as_array().unwrap().last().unwrap()["position"].as_u64().unwrap()
}

pub fn with_a_library() -> Service {
    let service = Service::with_a_small_procurement("2022-06-01");
    let signup = json!({ "command": "sign_up", "signup": nth(50), "procurement": nth(10), "party": nth(2),
        "library": "Tromsø bibliotek", "kind": "public", "commitment": "committed", "wished_go_live": null,
        "on": "2022-05-01" });
    service.command("signups", 50, &signup);
    service
}

fn tick(service: &Service, item: &str) {
    service.command("signups", 50, &json!({ "command": "tick_readiness", "item": item, "on": "2022-06-01" }));
}

#[test]
fn an_open_page_is_told_that_something_has_happened_and_not_what() {
    let service = with_a_library();
    let seen = head(&service);
    let mut open = Open::ask(&service, &format!("/live?page=/municipalities/5401&seen={seen}"), &[]);
    assert_eq!(open.until("HTTP/").as_deref(), Some("HTTP/1.1 200 OK"));
    assert_eq!(open.until("content-type").as_deref(), Some("content-type: text/event-stream"));
    assert!(open.until("retry:").is_some());
    tick(&service, "leaders_informed");
    assert_eq!(open.until("id:"), Some(format!("id: {}", seen + 1)));
    assert_eq!(open.until("event:").as_deref(), Some("event: changed"));
    assert_eq!(open.until("data:"), Some(format!("data: {}", seen + 1)));
}

#[test]
fn who_was_cut_off_is_told_what_was_missed() {
    let service = with_a_library();
    let seen = head(&service);
    tick(&service, "leaders_informed");
    let target = "/live?page=/board&seen=0";
    let mut open = Open::ask(&service, target, &[("Last-Event-ID", &seen.to_string())]);
    assert_eq!(open.until("id:"), Some(format!("id: {}", seen + 1)));
}

#[test]
fn only_pages_are_kept_up_to_date() {
    let service = with_a_library();
    for page in ["/api/v1/parties", "/nothing", "https://other.example/board", ""] {
        assert_eq!(service.get(&format!("/live?page={page}&seen=0")).status, 404, "{page}");
    }
    assert_eq!(service.get("/live?page=/board").status, 400);
}

#[test]
fn a_stranger_and_who_may_not_see_the_page_are_told_nothing() {
    let staffed = Staffed::with(&[("leder-tromso", leader_of(2))], |_| {});
    assert_eq!(staffed.service.get("/live?page=/municipalities/5401&seen=0").status, 401);
    let browser = staffed.by_password("leder-tromso");
    assert_eq!(browser.get("/live?page=/log&seen=0").status, 403);
}

#[test]
fn a_page_is_kept_up_to_date_no_longer_than_the_session_lasts() {
    let staffed = Staffed::with(&[("leder-tromso", leader_of(2)), ("leder-alta", leader_of(3))], |_| {});
    let browser = staffed.by_password("leder-tromso");
    let cookie = browser.cookie().unwrap();
    let page = browser.get("/accessibility").text();
    let seen = page.split("data-seen=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let target = format!("/live?page=/municipalities/5401&seen={seen}");
    let mut open = Open::ask(&staffed.service, &target, &[("Cookie", &cookie)]);
    assert!(open.until("retry:").is_some());
    let account = browser.get("/account").text();
    let token = account.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(browser.form("/sign-out", &[("form_token", token)]).status, 303);
    // Something happens: who is signed out is not told, and the stream ends.
    let (other, _) = staffed.signed_in("leder-alta");
    let library = json!({ "command": "sign_up", "signup": nth(51), "procurement": nth(10), "party": nth(3),
        "library": "Alta bibliotek", "kind": "public", "commitment": "committed", "wished_go_live": null,
        "on": "2022-04-04" });
    let signed_up = other.post(&format!("/api/v1/signups/{}/commands", nth(51)), "alta", &library);
    assert_eq!(signed_up.status, 200, "{}", signed_up.text());
    assert_eq!(open.until("event:"), None);
}

#[test]
fn a_page_that_asks_by_itself_keeps_nobody_signed_in() {
    let staffed = Staffed::with(&[("leder-tromso", leader_of(2))], |_| {});
    let browser = staffed.by_password("leder-tromso");
    staffed.service.wait(TimeDelta::minutes(IDLE_MINUTES - 1));
    assert_eq!(browser.send("GET", "/account", &[("Live", "yes")], b"").status, 200);
    staffed.service.wait(TimeDelta::minutes(1));
    assert_eq!(browser.get("/account").status, 303);
}

/// The fields of a form of a page that leads to an address.
pub fn fields_of(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{action}\""))).unwrap();
    let inputs = form.split("</form>").next().unwrap().split("<input").skip(1);
    let value_of = |input: &str, name: &str| {
        input.split(&format!(" {name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    inputs.map(|input| (value_of(input, "name").unwrap(), value_of(input, "value").unwrap())).collect()
}

pub fn sent(service: &Service, target: &str, fields: &[(String, String)]) -> Response {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(service.address(), "POST", target, &headers, pairs.join("&").as_bytes())
}

pub fn with(fields: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let other = fields.iter().filter(|(known, _)| known != name).cloned();
    other.chain([(name.to_owned(), value.to_owned())]).collect()
}

pub const READINESS: &str = "/municipalities/5401/readiness";

#[test]
fn a_form_that_others_were_faster_than_shows_both_versions_and_can_be_sent_all_the_same() {
    let service = with_a_library();
    let page = service.get("/municipalities/5401").text();
    let form = with(&with(&fields_of(&page, READINESS), "item", "leaders_informed"), "done", "no");
    tick(&service, "leaders_informed");
    let answer = sent(&service, READINESS, &form);
    let text = answer.text();
    assert_eq!(answer.status, 412, "{text}");
    assert!(text.contains("Noen kom deg i forkjøpet") && text.contains("href=\"/municipalities/5401\""), "{text}");
    for part in ["Ledelsen er informert</td>", ">Gjort</td>", ">Ikke gjort</td>"] {
        assert!(text.replace("<strong>", "").replace("</strong>", "").contains(part), "{part}: {text}");
    }
    let ticked = |service: &Service| {
        let events = service.get("/api/v1/events?limit=1000").text();
        ["signup.readiness-ticked", "signup.readiness-reopened"].map(|event| events.matches(event).count())
    };
    assert_eq!(ticked(&service), [1, 0], "nothing was done");
    let again = fields_of(&text, READINESS);
    assert_eq!(sent(&service, READINESS, &again).status, 303);
    assert_eq!(sent(&service, READINESS, &again).status, 303, "sent twice, it is one wish");
    assert_eq!(ticked(&service), [1, 1]);
}

#[test]
fn what_others_do_beside_a_form_is_not_in_its_way() {
    let service = with_a_library();
    let page = service.get("/municipalities/5401").text();
    let form = with(&fields_of(&page, READINESS), "item", "leaders_informed");
    tick(&service, "catalogue_cleaned");
    assert_eq!(sent(&service, READINESS, &form).status, 303);
}

#[test]
fn what_was_typed_into_a_form_of_a_run_stands_beside_what_others_have_said() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &plan);
    assert_eq!(planned.status, 200, "{}", planned.text());
    let run = planned.json()["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    let target = format!("/invoices/runs/{run}/approve");
    let page = service.get(&format!("/invoices/runs/{run}")).text();
    let form = with(&with(&fields_of(&page, &target), "role", "rådmann"), "person", &nth(72));
    let approved = json!({ "role": "økonomisjef", "person": nth(73) });
    let others = service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approved);
    assert_eq!(others.status, 200, "{}", others.text());
    let answer = sent(&service, &target, &form);
    let text = answer.text();
    assert_eq!(answer.status, 412, "{text}");
    assert!(text.contains("value=\"rådmann\"") && text.contains("<strong>økonomisjef</strong>"), "{text}");
}

#[test]
fn a_page_that_is_kept_is_as_new_as_one_that_is_made() {
    let service = with_a_library();
    let ready = |page: &Response| page.text().matches("aria-pressed=\"true\"").count();
    for _ in 0..2 {
        assert_eq!(ready(&service.get("/municipalities/5401")), 0);
    }
    let (first, second) = (service.get("/municipalities/5401").text(), service.get("/municipalities/5401").text());
    let command = |page: &str| fields_of(page, READINESS).into_iter().find(|(name, _)| name == "command");
    assert_ne!(command(&first), command(&second), "every form is a wish of its own");
    tick(&service, "leaders_informed");
    assert_eq!(ready(&service.get("/municipalities/5401")), 1);
    let packed = service.get_with("/municipalities/5401", &[("Accept-Encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let (bytes, plain) = (packed.body.len(), second.len());
    assert!(bytes < plain / 2, "{bytes} bytes instead of {plain}");
}

#[test]
fn the_log_is_verified_where_somebody_asks_for_it_by_a_form_and_not_by_looking() {
    let service = with_a_library();
    let sound = |page: &str| page.contains("er ubrutt, og boken går opp");
    assert!(!sound(&service.get("/log?verify=yes").text()));
    let form = fields_of(&service.get("/log").text(), "/log/verify");
    let answer = sent(&service, "/log/verify", &form);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/log#verify-heading")));
    // It goes on beside; whoever looks sees how far it has come, and at last what was found.
    while !sound(&service.get("/log").text()) {
        std::thread::yield_now();
    }
    assert_eq!(service.get("/log/verify").status, 405);
}

#[test]
fn the_log_of_one_stream_is_found_and_one_that_is_none_is_refused() {
    let service = with_a_library();
    tick(&service, "leaders_informed");
    let page = service.get(&format!("/log?stream=signup-{}", nth(50))).text();
    assert_eq!(page.matches("id=\"event-").count(), 2, "{page}");
    let refused = service.get("/log?stream=signup-1").text();
    assert!(refused.contains("id=\"stream-refused\""), "{refused}");
}

#[test]
fn the_state_on_a_day_is_what_was_known_then() {
    let mut service = with_a_library();
    let invited: Value =
        service.post("/api/v1/accounts", &json!({ "name": "Revisor", "email": "revisor@kommune.example" })).json();
    let roles = format!("/api/v1/accounts/{}/roles", invited["person"].as_str().unwrap());
    let granted = service.post(&roles, &json!({ "role": { "name": "auditor" }, "until": "2022-12-31" }));
    assert_eq!(granted.status, 200, "{}", granted.text());
    service.restart_on("2022-06-10");
    service.command("agreements", 22, &json!({ "command": "send", "on": "2022-06-10", "answer_by": null }));
    let now = service.get("/log/state").text();
    assert!(now.contains("Sendt") && now.contains("31.12.2022"), "{now}");
    let before = service.get("/log/state?as_of=2022-06-01").text();
    assert!(!before.contains("Sendt") && before.contains("Utkast"), "{before}");
    assert!(before.contains("&amp;as_of&#x3D;2022-06-01\">Tromsø"), "{before}");
    let refused = service.get("/log/state?as_of=2022-06-11");
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"2022-06-11\" aria-invalid=\"true\""), "{}", refused.text());
}

#[test]
fn the_state_with_an_event_is_what_was_known_with_it_and_those_before_it() {
    let service = with_a_library();
    service.command("agreements", 22, &json!({ "command": "send", "on": "2022-06-01", "answer_by": null }));
    let log = service.get("/log").text();
    let sent: u64 = log.split("id=\"event-").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(log.contains(&format!("href=\"/log/state?position={sent}\"")), "{log}");
    let state = |position: u64| service.get(&format!("/log/state?position={position}")).text();
    let (then, before) = (state(sent), state(sent - 1));
    assert!(then.contains("Sendt") && then.contains(&format!("med hendelse {sent} og dem før den")), "{then}");
    assert!(!before.contains("Sendt") && before.contains("Utkast"), "{before}");
    assert_eq!(service.get("/log/state").text().matches("Tromsø bibliotek").count(), 1);
    assert!(state(1).matches("Ingen.").count() >= 4, "{}", state(1));
    for unknown in ["0", "last", &(sent + 1).to_string(), "-1"] {
        let refused = service.get(&format!("/log/state?position={unknown}"));
        let said = format!("value=\"{unknown}\" aria-invalid=\"true\" aria-describedby=\"position-refused\"");
        assert!(refused.status == 422 && refused.text().contains(&said), "{unknown}: {}", refused.text());
    }
}

#[test]
fn the_state_lists_runs_payments_and_old_contracts_as_they_were_known_each_with_its_procurement() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let recorded = json!({ "command": "record", "legacy": nth(40), "procurement": nth(10), "party": nth(2),
        "system": "Mikromarc", "yearly_cost_ore": 2_300_000, "vat_percent": "25", "paid_until": "2023-12-31",
        "notice_months": 6 });
    service.command("legacy-contracts", 40, &recorded);
    issued(&service);
    let before_payment = head(&service);
    came_in(&service, "300.00");
    service.restart_on("2023-02-03");
    // The rows of a list, by its id.
    let rows = |query: &str, list: &str| -> Vec<String> {
        let state = service.get(&format!("/log/state{query}")).text();
        let section = state.split(&format!("<section aria-labelledby=\"{list}-heading\"")).nth(1).unwrap();
        let section = section.split("</section>").next().unwrap();
        section.split("<tr><th scope=\"row\">").skip(1).map(str::to_owned).collect()
    };
    let [contract] = &*rows("", "contracts") else { panic!("one contract") };
    assert!(contract.contains("Mikromarc") && contract.contains("Biblioteksystem"), "{contract}");
    assert!(contract.contains("31.12.2023") && contract.contains("23\u{a0}000\u{a0}kr"), "{contract}");
    let [run] = &*rows("", "runs") else { panic!("one run") };
    assert!(run.contains("Fullført") && run.contains("Biblioteksystem"), "{run}");
    let [payment] = &*rows("", "payments") else { panic!("one payment") };
    assert!(payment.contains("R9") && payment.contains("300,00") && payment.contains("12345678903"), "{payment}");
    for list in ["contracts", "runs", "payments"] {
        assert!(rows("?as_of=2023-01-31", list).is_empty(), "{list} were not known the day before");
        assert_eq!(rows("?as_of=2023-02-01", list).len(), 1, "{list} were known at the end of the day");
    }
    let with_event = |list| rows(&format!("?position={before_payment}"), list).len();
    assert_eq!([with_event("runs"), with_event("payments")], [1, 0]);
    for list in ["amounts", "keys"] {
        assert!(rows("", list).iter().all(|row| row.contains("Biblioteksystem")), "{list}");
    }
}

/// The events of a page of the log, as the names of their kinds in nb.
fn of_log(service: &Service, query: &str) -> Vec<String> {
    let page = service.get(&format!("/log?{query}")).text();
    let items = page.split("<li id=\"event-").skip(1);
    items
        .map(|item| item.split("type</dt><dd lang=\"en\">").nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_log_is_looked_through_by_day_by_person_and_by_party() {
    let mut service = Service::with_a_small_procurement("2022-06-01");
    service.restart_on("2022-06-10");
    service.command("agreements", 22, &json!({ "command": "send", "on": "2022-06-10", "answer_by": null }));
    service.restart_on("2023-02-01");
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "54", "year": 2023,
        "planned_by": { "role": "økonomikonsulent", "person": nth(70) } });
    assert_eq!(service.post("/api/v1/invoice-runs", &plan).status, 200);
    let run = service.get("/api/v1/invoice-runs").json()["items"][0]["run"].as_str().unwrap().to_owned();
    let approved = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approved).status, 200);
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);

    assert_eq!(of_log(&service, "first=2022-06-10&last=2022-06-10"), ["agreement.sent"]);
    assert_eq!(of_log(&service, "first=2022-06-02&last=2022-06-09"), [""; 0]);
    assert!(of_log(&service, "last=2022-06-01").iter().all(|event| event != "agreement.sent"));
    let of_june = of_log(&service, "last=2022-06-10");
    assert_eq!(of_june.first().map(String::as_str), Some("agreement.sent"), "the latest of those days first");
    assert_eq!(of_log(&service, "first=2022-06-10&party=5401&last=2022-06-30"), ["agreement.sent"]);
    let of_tromso = of_log(&service, "party=5401&first=2023-01-01");
    let issued = of_tromso.iter().filter(|event| *event == "series.invoice-issued").count();
    assert_eq!(issued, 1, "its own alone: {of_tromso:?}");
    let page = service.get("/log?kind=series&party=5401").text();
    assert!(page.contains("Faktura 542300001, Tromsø"), "{page}");
    assert!(page.contains("å betale: 416,68\u{a0}kr") && !page.contains("_ore"), "in words: {page}");
    assert_eq!(of_log(&service, "actor=nobody"), [""; 0]);
    assert!(!of_log(&service, "actor=api").is_empty());
}
