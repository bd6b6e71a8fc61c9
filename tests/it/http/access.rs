//! Who may do what, over real HTTP: roles with their scope, tokens, second persons, and auditors whose reading is noted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use grenselos::config::Settings;
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::browser::Browser;
use super::client::{Response, send};
use super::service::{Service, nth};
use super::sign_in::required;
use crate::files;

pub const DAY: &str = "2022-04-04";
const PASSWORD: &str = "fire ord satt sammen";

/// A service with a small procurement where one must sign in, and somebody in each of some roles.
pub struct Staffed {
    pub service: Service,
    links: Vec<(String, String)>,
}

pub fn leader_of(party: u128) -> Value {
    json!({ "name": "municipal_leader", "party": nth(party) })
}

pub fn county_library() -> Value {
    json!({ "name": "county_library", "procurement": nth(10) })
}

pub fn county_finance() -> Value {
    json!({ "name": "county_finance", "county": nth(1) })
}

impl Staffed {
    pub fn with(staff: &[(&str, Value)], change: impl FnOnce(&mut Settings)) -> Self {
        Self::over(Service::with_a_small_procurement(DAY), staff, change)
    }

    /// The same over what a service has got already. Who stands there twice, has several roles.
    pub fn over(mut service: Service, staff: &[(&str, Value)], change: impl FnOnce(&mut Settings)) -> Self {
        let mut people: BTreeMap<&str, String> = BTreeMap::new();
        let mut links = Vec::new();
        for (name, role) in staff {
            let person = people.entry(name).or_insert_with(|| {
                let email = format!("{name}@kommune.example");
                let invited = service.post("/api/v1/accounts", &json!({ "name": name, "email": email })).json();
                links.push(((*name).to_owned(), invited["link"].as_str().unwrap().to_owned()));
                invited["person"].as_str().unwrap().to_owned()
            });
            let until = if role["name"] == "auditor" { json!("2022-12-31") } else { Value::Null };
            let granted =
                service.post(&format!("/api/v1/accounts/{person}/roles"), &json!({ "role": role, "until": until }));
            assert_eq!(granted.status, 200, "{}", granted.text());
        }
        service.restart_with(DAY, |settings| {
            required(settings);
            change(settings);
        });
        Self { service, links }
    }

    /// Somebody who has just signed in with a passkey.
    pub fn signed_in(&self, name: &str) -> (Browser<'_>, Authenticator) {
        let (browser, passkey) = (self.by_password(name), Authenticator::new(name));
        assert_eq!(browser.add_passkey(&passkey).status, 200);
        assert_eq!(browser.show_passkey(&passkey, None).status, 200);
        (browser, passkey)
    }

    /// The link of somebody's invitation.
    pub fn link_of(&self, name: &str) -> String {
        self.links.iter().find(|(known, _)| known == name).unwrap().1.clone()
    }

    pub fn by_password(&self, name: &str) -> Browser<'_> {
        let browser = Browser::new(&self.service);
        browser.take_up(&self.link_of(name), PASSWORD);
        browser
    }
}

fn ids(list: &Response, field: &str) -> Vec<String> {
    assert_eq!(list.status, 200, "{}", list.text());
    let answer = list.json();
    let items = answer.get("items").unwrap_or(&answer).as_array().unwrap().clone();
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_stranger_is_refused_by_every_operation_that_is_not_open() {
    let service = Service::with(DAY, required);
    let document: Value = serde_json::from_str(&files::read("tests/golden/openapi.json")).unwrap();
    let mut open = BTreeSet::new();
    let mut refused_count = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let target = path
                .split('/')
                .map(|part| if part.starts_with('{') { nth(3) } else { part.to_owned() })
                .collect::<Vec<_>>()
                .join("/");
            let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "x")];
            let body: &[u8] = if method == "post" { b"{}" } else { b"" };
            let answer = send(service.address(), &method.to_uppercase(), &target, &headers, body);
            if answer.status == 401 {
                refused_count += 1;
            } else {
                open.insert(operation["operationId"].as_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(open.into_iter().collect::<Vec<_>>(), ["getDocument", "isLive", "isReady"]);
    assert!(refused_count > 70, "{refused_count}");
}

#[test]
fn a_leader_sees_what_is_the_partys_own_and_what_is_shared_and_nothing_of_others() {
    let staffed = Staffed::with(&[("leder-tromso", leader_of(2))], |_| {});
    let leader = staffed.by_password("leder-tromso");
    assert_eq!(ids(&leader.get("/api/v1/agreements"), "agreement"), [nth(22)]);
    assert_eq!(leader.get(&format!("/api/v1/agreements/{}", nth(22))).status, 200);
    let others = leader.get(&format!("/api/v1/agreements/{}", nth(23)));
    let unknown = leader.get(&format!("/api/v1/agreements/{}", nth(999)));
    assert!(others.problem().starts_with("403 access-denied: "));
    assert_eq!(others.problem(), unknown.problem(), "whether it is there is not said");
    assert_eq!(ids(&leader.get("/api/v1/costs"), "cost"), [nth(12)], "shared");
    let sheet = |party: u128| leader.get(&format!("/api/v1/procurements/{}/budget-sheets/{}", nth(10), nth(party)));
    assert_eq!(sheet(2).status, 200);
    assert!(sheet(3).problem().starts_with("403 access-denied: "));
    for closed in ["/api/v1/events", "/api/v1/outbox", "/api/v1/check", "/api/v1/accounts", "/api/v1/payments"] {
        assert!(leader.get(closed).problem().starts_with("403 access-denied: "), "{closed}");
    }
}

#[test]
fn what_another_party_bears_alone_is_in_no_comparison_that_a_leader_sees() {
    let staffed = Staffed::with(&[("leder", leader_of(2)), ("bibliotek", county_library())], |_| {});
    let (library, _) = staffed.signed_in("bibliotek");
    let record = json!({ "command": "record", "legacy": nth(80), "procurement": nth(10), "party": nth(3),
        "system": "Gammelt system", "yearly_cost_ore": 7_777_700, "vat_percent": "25", "paid_until": "2023-12-31",
        "notice_months": 6 });
    let recorded = library.post(&format!("/api/v1/legacy-contracts/{}/commands", nth(80)), "legacy", &record);
    assert_eq!(recorded.status, 200, "{}", recorded.text());
    let leader = staffed.by_password("leder");
    let target = format!("/api/v1/procurements/{}/what-if?from=2023&years=1", nth(10));
    let hypothesis = json!({ "amount": [{ "item": "Konvertering", "amount": "3000" }] });
    let before = |answer: Value| {
        let parties = answer["parties"].as_array().unwrap().clone();
        let of = parties.into_iter().find(|party| party["party"] == *nth(3)).unwrap();
        (answer["shared_alone"].as_bool().unwrap(), of["before_ore"][0].as_i64().unwrap())
    };
    let (alone, whole) = before(library.post(&target, "try", &hypothesis).json());
    let (shared_alone, shared) = before(leader.post(&target, "try", &hypothesis).json());
    assert_eq!((alone, shared_alone), (false, true));
    assert!(whole >= 7_777_700 && shared < 7_777_700, "{whole} and {shared}");
    // Nor can it be asked for in another way.
    let asked = json!({ "old_contract": [{ "party": nth(3), "last_day": "2024-06-30" }] });
    assert!(leader.post(&target, "ask", &asked).problem().starts_with("422 cannot-be-supposed: "));
    let page = leader.get("/keys?tried=yes&percent-equal=100&from=2023").text();
    assert!(page.contains("Tallene gjelder det som deles etter nøkkelen") && !page.contains("77 777"), "{page}");
    let of_library = library.get("/keys?tried=yes&percent-equal=100&from=2023").text();
    assert!(!of_library.contains("Tallene gjelder det som deles etter nøkkelen"), "{of_library}");
}

#[test]
fn finance_sees_the_page_of_its_own_invoices_and_of_nobody_elses() {
    let finance = json!({ "name": "finance", "party": nth(2) });
    let staffed = Staffed::with(&[("okonomi", finance), ("leder", leader_of(3))], |_| {});
    let own = staffed.by_password("okonomi");
    let parties = own.get("/api/v1/parties").json();
    let number = |id: u128| {
        let of = parties["items"].as_array().unwrap().iter().find(|party| party["party"] == *nth(id)).unwrap();
        of["number"].as_str().unwrap().to_owned()
    };
    let page = |id: u128| format!("/municipalities/{}/invoices", number(id));
    assert_eq!(own.get(&page(2)).status, 200, "its own, though there are none");
    assert_eq!(own.get(&page(3)).status, 403, "not an empty list");
    assert_eq!(staffed.by_password("leder").get(&page(2)).status, 403);
    let agreements = own.get("/agreements").text();
    assert!(agreements.contains(&nth(22)) && !agreements.contains(&nth(23)), "{agreements}");
}

#[test]
fn the_county_library_sees_and_keeps_its_own_procurement_and_no_other() {
    let elsewhere = json!({ "name": "county_library", "procurement": nth(999) });
    let staffed = Staffed::with(&[("bibliotek", county_library()), ("annet-fylke", elsewhere)], |_| {});
    let (library, _) = staffed.signed_in("bibliotek");
    let (other, _) = staffed.signed_in("annet-fylke");
    assert_eq!(ids(&library.get("/api/v1/agreements"), "agreement").len(), 3);
    assert_eq!(ids(&other.get("/api/v1/agreements"), "agreement").len(), 0);
    let target = format!("/api/v1/procurements/{}/commands", nth(10));
    let milestone = json!({ "command": "set_milestone", "name": "kontrakt", "on": "2022-10-15" });
    assert!(other.post(&target, "a", &milestone).problem().starts_with("403 access-denied: "));
    assert_eq!(library.post(&target, "a", &milestone).status, 200, "a key of its own, though it is called the same");
    let log = library.get("/api/v1/events?limit=1000").json();
    let last = log["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["type"], "procurement.milestone-set");
    let actor = last["actor"].as_str().unwrap();
    assert!(actor.starts_with("person ") && !actor.contains('@'), "{actor}");
    assert!(!log.to_string().contains("access."), "who has access is not the library's");
}

#[test]
fn who_writes_needs_a_passkey_and_what_binds_needs_a_fresh_proof() {
    let staffed = Staffed::with(&[("leder-tromso", leader_of(2)), ("bibliotek", county_library())], |_| {});
    let target = format!("/api/v1/agreements/{}/commands", nth(22));
    let (library, _) = staffed.signed_in("bibliotek");
    let sent = json!({ "command": "send", "on": "2022-03-10", "answer_by": "2022-05-01" });
    assert_eq!(library.post(&target, "send", &sent).status, 200);
    let sign = json!({ "command": "sign", "on": "2022-04-04", "role": "kommunedirektør", "authority": "Delegering 1/22",
        "person": nth(70) });
    let leader = staffed.by_password("leder-tromso");
    assert!(leader.post(&target, "sign", &sign).problem().starts_with("403 proof-needed: "), "a password alone");
    let passkey = Authenticator::new("leder");
    leader.add_passkey(&passkey);
    leader.show_passkey(&passkey, None);
    staffed.service.wait(TimeDelta::minutes(16));
    assert!(leader.post(&target, "sign", &sign).problem().starts_with("403 proof-needed: "), "too long ago");
    leader.show_passkey(&passkey, None);
    assert_eq!(leader.post(&target, "sign", &sign).status, 200);
    let of_others = format!("/api/v1/agreements/{}/commands", nth(23));
    assert!(leader.post(&of_others, "other", &sign).problem().starts_with("403 access-denied: "));
}

#[test]
fn who_proposed_a_key_does_not_adopt_it_where_two_people_are_required() {
    let staffed = Staffed::with(&[("en", county_library()), ("to", county_library())], |settings| {
        settings.sign_in.two_people = vec!["AdoptKey".to_owned()];
    });
    let (one, _) = staffed.signed_in("en");
    let (two, _) = staffed.signed_in("to");
    let target = format!("/api/v1/sharing-keys/{}/commands", nth(11));
    let key =
        |name: &str| json!({ "kind": "divide", "name": name, "base": [{ "measure": "equal", "percent": "100" }] });
    let propose = json!({ "command": "propose", "sharing_key": nth(11), "procurement": nth(10), "name": "Ny",
        "definition": key("Ny"), "population_date": "2022-01-01", "on": "2022-04-04" });
    let adopt = |name: &str| {
        json!({ "command": "adopt", "definition": key(name), "applies_from": "2023-01-01",
            "population_date": "2022-01-01", "reference": "Sak 9/22", "on": "2022-04-04" })
    };
    assert_eq!(one.post(&target, "propose", &propose).status, 200);
    assert!(one.post(&target, "adopt", &adopt("Ny")).problem().starts_with("403 other-person-needed: "));
    let unproposed = two.post(&target, "other", &adopt("En annen"));
    assert!(unproposed.problem().starts_with("403 other-person-needed: "), "nobody but oneself has proposed it");
    assert_eq!(two.post(&target, "adopt", &adopt("Ny")).status, 200);
    // Who saved a proposal of it has made it as well.
    let save = json!({ "command": "save_proposal", "proposal": nth(61), "name": "Lagret", "note": null,
        "definition": key("Lagret"), "applies_from": "2024-01-01", "population_date": "2022-01-01", "members": [],
        "on": "2022-04-04" });
    assert_eq!(one.post(&target, "save", &save).status, 200);
    let mut adopt_saved = adopt("Lagret");
    adopt_saved["applies_from"] = json!("2024-01-01");
    assert!(one.post(&target, "adopt-saved", &adopt_saved).problem().starts_with("403 other-person-needed: "));
    assert_eq!(two.post(&target, "adopt-saved", &adopt_saved).status, 200);
}

#[test]
fn a_role_is_requested_by_one_administrator_and_granted_by_another() {
    let administrator = || json!({ "name": "administrator" });
    let staffed = Staffed::with(&[("en", administrator()), ("to", administrator())], |settings| {
        settings.sign_in.two_people = vec!["GrantAccess".to_owned()];
    });
    let (one, _) = staffed.signed_in("en");
    let (two, _) = staffed.signed_in("to");
    let invited = one.post("/api/v1/accounts", "i", &json!({ "name": "Leder", "email": "ny@alta.example" })).json();
    let person = invited["person"].as_str().unwrap();
    let role = json!({ "role": leader_of(3), "until": null });
    let (requests, roles) = (format!("/api/v1/accounts/{person}/requests"), format!("/api/v1/accounts/{person}/roles"));
    assert!(two.post(&roles, "early", &role).problem().starts_with("422 access-not-requested: "));
    assert_eq!(one.post(&requests, "r", &role).status, 200);
    assert!(one.post(&roles, "g", &role).problem().starts_with("422 access-own-request: "));
    assert_eq!(two.post(&roles, "g", &role).status, 200);
    let leader = Browser::new(&staffed.service);
    leader.take_up(invited["link"].as_str().unwrap(), PASSWORD);
    assert_eq!(ids(&leader.get("/api/v1/agreements"), "agreement"), [nth(23)]);
    one.post(&format!("/api/v1/accounts/{person}/revocations"), "v", &json!({ "role": leader_of(3) }));
    assert!(leader.get("/api/v1/agreements").problem().starts_with("403 access-denied: "), "at once");
    assert_eq!(one.post(&format!("/api/v1/accounts/{person}/sign-outs"), "s", &json!({})).json()["ended_count"], 1);
    assert_eq!(leader.get("/account").status, 303);
    let erasure = format!("/api/v1/people/{person}/erasure");
    assert!(one.post(&erasure, "e", &json!({})).problem().contains("open account"), "who signs in is not erased");
    assert_eq!(one.post(&format!("/api/v1/accounts/{person}/closure"), "c", &json!({})).status, 200);
    let late = Browser::new(&staffed.service).sign_in("ny@alta.example", PASSWORD);
    assert_eq!(late.status, 422, "closed");
    assert!(ids(&one.get("/api/v1/people"), "person").contains(&person.to_owned()));
    assert!(leader.post(&erasure, "e", &json!({})).problem().starts_with("40"), "only an administrator");
    assert_eq!(one.post(&erasure, "f", &json!({})).json()["erased"], json!(["name", "email"]));
    assert!(!ids(&one.get("/api/v1/people"), "person").contains(&person.to_owned()), "really gone");
    assert!(one.post(&erasure, "g", &json!({})).problem().starts_with("404 not-found: "));
    assert!(one.get("/api/v1/agreements").problem().starts_with("403 access-denied: "), "accounts alone");
}

#[test]
fn the_address_of_a_contact_is_kept_by_who_may_for_its_party_and_of_an_account_by_nobody_here() {
    let staffed = Staffed::with(&[("leder", leader_of(2))], |_| {});
    let (leader, _) = staffed.signed_in("leder");
    let path = format!("/api/v1/people/{}/addresses", nth(77_001));
    let contact = |party: u128, email: &str| json!({ "party": nth(party), "name": "Fakturamottaket", "email": email });
    let kept = leader.post(&path, "a", &contact(2, "faktura@kommune.example"));
    assert_eq!(kept.json()["email"], "faktura@kommune.example", "{}", kept.text());
    assert!(
        leader.post(&path, "b", &contact(3, "faktura@kommune.example")).problem().starts_with("403 access-denied: ")
    );
    let wrong = leader.post(&path, "c", &contact(2, "faktura"));
    assert!(
        wrong.problem().starts_with("422 body-invalid: email \"faktura\" is no e-mail address"),
        "{}",
        wrong.problem()
    );
    let long = json!({ "party": nth(2), "name": "n".repeat(501) });
    assert!(leader.post(&path, "d", &long).problem().contains("use at most 500"));
    let own = leader.get("/api/v1/own-account").json();
    let account = format!("/api/v1/people/{}/addresses", own["person"].as_str().unwrap());
    assert!(leader.post(&account, "e", &contact(2, "annen@kommune.example")).problem().contains("account"));
}

#[test]
fn a_token_reaches_no_further_than_its_roles_and_its_person_and_no_longer_than_its_day() {
    let staffed = Staffed::with(&[("bibliotek", county_library()), ("leder", leader_of(2))], |_| {});
    let (library, _) = staffed.signed_in("bibliotek");
    let wanted = |role: Value, until: &str| json!({ "name": "budsjett", "roles": [role], "until": until });
    let beyond = library.post("/api/v1/tokens", "b", &wanted(county_finance(), "2022-05-01"));
    assert!(beyond.problem().starts_with("422 token-not-issued: roles names one that its person does not hold"));
    let far = library.post("/api/v1/tokens", "f", &wanted(county_library(), "2023-05-01"));
    assert!(far.problem().starts_with("422 token-not-issued: until"));
    let issued = library.post("/api/v1/tokens", "t", &wanted(county_library(), "2022-04-05")).json();
    let bearer = format!("Bearer {}", issued["secret"].as_str().unwrap());
    let by_token = |target: &str| staffed.service.get_with(target, &[("Authorization", &bearer)]);
    assert_eq!(ids(&by_token("/api/v1/agreements"), "agreement").len(), 3);
    assert!(by_token("/api/v1/accounts").problem().starts_with("403 access-denied: "));
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", "w")];
    let milestone = json!({ "command": "set_milestone", "name": "kontrakt", "on": "2022-10-15" });
    let written =
        staffed.service.post_with(&format!("/api/v1/procurements/{}/commands", nth(10)), &headers, &milestone);
    assert_eq!(written.status, 200, "{}", written.text());
    let give_notice = json!({ "command": "give_notice", "on": "2022-04-04", "last_day": "2022-12-31" });
    let grave = staffed.service.post_with(&format!("/api/v1/agreements/{}/commands", nth(22)), &headers, &give_notice);
    assert!(grave.problem().starts_with("403 proof-needed: "));
    let wrong = staffed.service.get_with("/api/v1/agreements", &[("Authorization", "Bearer grenselos_x")]);
    assert!(wrong.problem().starts_with("401 sign-in-needed: the token is unknown"));

    let (leader, _) = staffed.signed_in("leder");
    let id = issued["token"]["id"].as_str().unwrap();
    let others = leader.post(&format!("/api/v1/tokens/{id}/revocation"), "r", &json!({}));
    assert_eq!(others.status, 404);
    staffed.service.wait(TimeDelta::days(2));
    assert_eq!(by_token("/api/v1/agreements").status, 401, "past its last day");
    let library = Browser::new(&staffed.service);
    library.sign_in("bibliotek@kommune.example", PASSWORD);
    assert_eq!(ids(&library.get("/api/v1/tokens"), "id"), [id]);
}

#[test]
fn an_auditor_reads_everything_until_the_last_day_and_it_is_noted() {
    let staffed = Staffed::with(&[("revisor", json!({ "name": "auditor" }))], |_| {});
    let (auditor, _) = staffed.signed_in("revisor");
    assert_eq!(ids(&auditor.get("/api/v1/agreements"), "agreement").len(), 3);
    let accounts = auditor.get("/api/v1/accounts").json();
    assert_eq!(
        (accounts["items"][0]["name"].clone(), accounts["items"][0]["email"].clone()),
        (Value::Null, Value::Null)
    );
    assert_eq!(auditor.get("/api/v1/events?limit=1").status, 200);
    let milestone = json!({ "command": "set_milestone", "name": "kontrakt", "on": "2022-10-15" });
    let write = auditor.post(&format!("/api/v1/procurements/{}/commands", nth(10)), "w", &milestone);
    assert!(write.problem().starts_with("403 access-denied: "));
    let read = staffed.service.audited_reads();
    assert_eq!(read, ["GET /api/v1/agreements", "GET /api/v1/accounts", "GET /api/v1/events?limit=1"]);
    staffed.service.wait(TimeDelta::days(272));
    auditor.sign_in("revisor@kommune.example", PASSWORD);
    assert!(auditor.get("/api/v1/agreements").problem().starts_with("403 access-denied: "), "New Year's Day");
}

#[test]
fn somebody_else_is_not_named_as_having_approved() {
    let staffed = Staffed::with(&[("okonomi", county_finance())], |_| {});
    let (finance, _) = staffed.signed_in("okonomi");
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "54", "year": 2023,
        "planned_by": { "role": "økonomikonsulent", "person": nth(70) } });
    assert!(finance.post("/api/v1/invoice-runs", "p", &plan).problem().starts_with("422 person-not-oneself: "));
    let own = finance.get("/api/v1/own-account").json();
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "54", "year": 2023,
        "planned_by": { "role": "økonomikonsulent", "person": own["person"] } });
    let planned = finance.post("/api/v1/invoice-runs", "q", &plan);
    assert_eq!(planned.status, 200, "{}", planned.text());
}

#[test]
fn whose_role_was_revoked_is_refused_also_what_was_known_while_it_was_held() {
    let service = Service::with_a_small_procurement("2022-04-01");
    let roles = [("leder", leader_of(2)), ("leder", leader_of(3)), ("admin", json!({ "name": "administrator" }))];
    let staffed = Staffed::over(service, &roles, |_| {});
    let (admin, _) = staffed.signed_in("admin");
    let leader = staffed.by_password("leder");
    let person = leader.get("/api/v1/own-account").json()["person"].as_str().unwrap().to_owned();
    let (page, agreement) = ("/municipalities/5403", format!("/api/v1/agreements/{}", nth(23)));
    let statuses = || {
        ["", "?as_of=2022-04-02"]
            .map(|asked| [page, agreement.as_str()].map(|target| leader.get(&format!("{target}{asked}")).status))
    };
    let seen = || ids(&leader.get("/api/v1/agreements?as_of=2022-04-02"), "agreement");
    assert_eq!((statuses(), seen()), ([[200; 2]; 2], vec![nth(22), nth(23)]));
    let revoked = admin.post(&format!("/api/v1/accounts/{person}/revocations"), "r", &json!({ "role": leader_of(3) }));
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    assert_eq!((statuses(), seen()), ([[403; 2]; 2], vec![nth(22)]));
    assert_eq!(leader.get("/municipalities/5401?as_of=2022-04-02").status, 200, "what is held still");
}
