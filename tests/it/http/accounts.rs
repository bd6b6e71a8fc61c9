//! The administrator's pages and one's own account, over real HTTP.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::access::{Staffed, leader_of};
use super::browser::Browser;
use super::client::Response;
use super::service::{Service, before_long, nth};

fn administrator() -> Value {
    json!({ "name": "administrator" })
}

/// The value of the first hidden field of this name.
#[track_caller]
pub fn hidden(page: &str, name: &str) -> String {
    let from = format!("name=\"{name}\" value=\"");
    let value = page.split(from.as_str()).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    value.split('"').next().unwrap().replace("&quot;", "\"").replace("&#x3D;", "=")
}

/// Sends a form of a page of the browser's own sign-in.
fn sent(browser: &Browser<'_>, target: &str, fields: &[(&str, &str)]) -> Response {
    let page = browser.get("/accounts").text();
    let page = if page.contains("name=\"form_token\"") { page } else { browser.get("/account").text() };
    let (token, command) = (hidden(&page, "form_token"), hidden(&page, "command"));
    let all: Vec<_> =
        [("form_token", &*token), ("command", &*command)].into_iter().chain(fields.iter().copied()).collect();
    browser.form(target, &all)
}

/// The account of somebody, as the list leads to it.
fn account(browser: &Browser<'_>, name: &str) -> String {
    let page = browser.get("/accounts").text();
    let before = page.split(&format!(">{name}</a>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().trim_end_matches('"').to_owned()
}

#[test]
fn what_is_wrong_is_said_of_every_field_and_what_was_typed_is_kept() {
    let staffed = Staffed::with(&[("admin", administrator()), ("leder", leader_of(2))], |_| {});
    let (admin, _) = staffed.signed_in("admin");
    let invited = sent(&admin, "/accounts", &[("name", ""), ("email", "leder")]);
    assert_eq!(invited.status, 422);
    for part in [
        "id=\"invite-name-refused\"",
        "id=\"invite-email-refused\"",
        "value=\"leder\"",
        "aria-describedby=\"invite-email-refused\"",
    ] {
        assert!(invited.text().contains(part), "{part}: {}", invited.text());
    }
    let taken = sent(&admin, "/accounts", &[("name", "To"), ("email", "leder@kommune.example")]);
    assert!(taken.status == 422 && taken.text().contains("Noen logger alt inn med denne adressen"));
    let leader = account(&admin, "leder");
    let wrong = [("role", "municipal-leader"), ("scope", ""), ("until", "snart")];
    let refused = sent(&admin, &format!("{leader}/roles"), &wrong);
    assert_eq!(refused.status, 422);
    for part in [
        "id=\"roles-scope-refused\"",
        "id=\"roles-until-refused\"",
        "value=\"snart\"",
        "value=\"municipal-leader\" selected",
    ] {
        assert!(refused.text().contains(part), "{part}: {}", refused.text());
    }
    for (until, sentence) in
        [("", "Velg den siste dagen"), ("2022-04-03", "Dagen er over"), ("2024-01-01", "høyst 366 dager")]
    {
        let auditor = sent(&admin, &format!("{leader}/roles"), &[("role", "auditor"), ("scope", ""), ("until", until)]);
        assert!(auditor.status == 422 && auditor.text().contains(sentence), "{until}: {}", auditor.text());
    }
    let own = account(&admin, "admin");
    let own = sent(&admin, &format!("{own}/roles"), &[("role", "auditor"), ("scope", ""), ("until", "2022-12-31")]);
    assert!(own.status == 422 && own.text().contains("Ingen gir seg selv en rolle"));
    let unsure = sent(&admin, &format!("{leader}/close"), &[]);
    assert!(unsure.status == 422 && unsure.text().contains("id=\"close-refused\""));
    assert_eq!(sent(&admin, &format!("/accounts/{}/unlock", nth(999)), &[]).status, 404);
    let page = admin.get(&leader).text();
    let counties = page.split("<optgroup").find(|group| group.contains("Fylkeskommuner")).unwrap();
    let parties = page.split("<optgroup").find(|group| group.contains("Kommuner og andre")).unwrap();
    let has = |group: &str, party: u128| group.contains(&nth(party));
    assert!(has(counties, 1) && !has(counties, 2) && has(parties, 2) && !has(parties, 1), "{page}");
    let of_municipality = [("role", "county-finance"), ("scope", &*nth(2)), ("until", "")];
    let of_municipality = sent(&admin, &format!("{leader}/roles"), &of_municipality);
    assert!(of_municipality.status == 422, "{}", of_municipality.text());
    assert!(of_municipality.text().contains("id=\"roles-scope-refused\">Denne rollen gjelder for en fylkeskommune"));
    let finance = [("role", "finance"), ("scope", &*nth(2)), ("until", "31.12.2022")];
    assert_eq!(sent(&admin, &format!("{leader}/roles"), &finance).status, 303);
    let page = admin.get(&leader).text();
    assert!(page.contains("Økonomiavdelingen: Tromsø") && page.contains("til og med 31.12.2022"), "{page}");
}

#[test]
fn a_role_takes_two_administrators_where_so_configured() {
    let staffed =
        Staffed::with(&[("en", administrator()), ("to", administrator()), ("leder", leader_of(2))], |settings| {
            settings.sign_in.two_people = vec!["GrantAccess".to_owned()];
        });
    let (one, _) = staffed.signed_in("en");
    let (two, _) = staffed.signed_in("to");
    let leader = account(&one, "leder");
    let finance = [("role", "finance"), ("scope", &*nth(3)), ("until", "")];
    assert!(one.get(&leader).text().contains("Det trengs to"));
    assert_eq!(sent(&one, &format!("{leader}/roles"), &finance).status, 303);
    let page = one.get(&leader).text();
    assert!(page.contains("Du ba selv om denne rollen") && !page.contains("/grant\""), "{page}");
    let wished = [("role", json!({ "name": "finance", "party": nth(3) }).to_string()), ("until", String::new())];
    let wished: Vec<(&str, &str)> = wished.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let own = sent(&one, &format!("{leader}/grant"), &wished);
    assert!(own.status == 422 && own.text().contains("Du ba selv om denne rollen"));
    assert!(two.get("/accounts").text().contains("Venter på en annen administrator"));
    let page = two.get(&leader).text();
    let asked = [("role", &*hidden(page.split("/grant\"").nth(1).unwrap(), "role")), ("until", "")];
    assert_eq!(sent(&two, &format!("{leader}/grant"), &asked).status, 303);
    assert!(two.get(&leader).text().contains("Økonomiavdelingen"));
    assert_eq!(sent(&two, &format!("{leader}/revoke"), &asked[..1]).status, 303);
    assert!(!two.get(&leader).text().contains("<span>Økonomiavdelingen"));
}

#[test]
fn nobody_becomes_another_by_inviting_them_anew() {
    let staffed =
        Staffed::with(&[("en", administrator()), ("to", administrator()), ("leder", leader_of(2))], |settings| {
            settings.sign_in.two_people = vec!["GrantAccess".to_owned()];
        });
    let (one, _) = staffed.signed_in("en");
    let (two, _) = staffed.signed_in("to");
    let leader = account(&one, "leder");
    let person = leader.trim_start_matches("/accounts/").to_owned();
    let renewals = format!("/api/v1/accounts/{person}/invitations");

    let page = one.get("/account").text();
    let form = [("form_token", hidden(&page, "form_token")), ("command", hidden(&page, "command"))];
    let wanted = [("token_name", "brukere"), ("role-0", "yes"), ("token_until", "2022-05-01")];
    let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).chain(wanted).collect();
    let issued = one.form("/account/tokens", &fields).text();
    let bearer = format!("Bearer {}", issued.split("<code>").nth(1).unwrap().split('<').next().unwrap());
    let headers = [("Authorization", &*bearer), ("Content-Type", "application/json"), ("Idempotency-Key", "by-token")];
    let by_token = super::client::send(staffed.service.address(), "POST", &renewals, &headers, b"{}");
    assert!(by_token.problem().starts_with("403 proof-needed: "), "{}", by_token.problem());

    assert!(one.get(&leader).text().contains("Rollene venter da til en annen administrator"));
    let renewed = one.post(&renewals, "renew", &json!({})).json();
    let link = renewed["link"].as_str().unwrap().to_owned();
    let taken = Browser::new(&staffed.service);
    taken.take_up(&link, "fire andre ord satt sammen");
    assert_eq!(taken.get("/api/v1/own-account").status, 403, "no role comes with the link");
    let page = one.get(&leader).text();
    assert!(page.contains("Du ba selv om denne rollen") && !page.contains("/grant\""), "{page}");

    let page = two.get(&leader).text();
    let asked = [("role", &*hidden(page.split("/grant\"").nth(1).unwrap(), "role")), ("until", "")];
    assert_eq!(sent(&two, &format!("{leader}/grant"), &asked).status, 303);
    assert_eq!(taken.get("/api/v1/own-account").json()["held"].as_array().unwrap().len(), 1);
    let repeated = one.post(&renewals, "renew", &json!({}));
    assert!(repeated.problem().starts_with("409 invited-already: "), "{}", repeated.problem());
    let invited = json!({ "name": "ny", "email": "ny@kommune.example" });
    let new = one.post("/api/v1/accounts", "invite", &invited).json()["person"].as_str().unwrap().to_owned();
    assert_eq!(one.post("/api/v1/accounts", "invite", &invited).status, 200, "there is nothing to get by it");
    let wish = json!({ "role": leader_of(3) });
    assert_eq!(one.post(&format!("/api/v1/accounts/{new}/requests"), "ask", &wish).status, 200);
    assert_eq!(two.post(&format!("/api/v1/accounts/{new}/roles"), "grant", &wish).status, 200);
    let again = one.post("/api/v1/accounts", "invite", &invited);
    assert!(again.problem().starts_with("409 invited-already: "), "{}", again.problem());
}

#[test]
fn who_has_not_proven_who_they_are_is_led_to_do_so_and_an_auditor_sees_no_names() {
    let auditor = json!({ "name": "auditor" });
    let staffed = Staffed::with(&[("admin", administrator()), ("revisor", auditor), ("leder", leader_of(2))], |_| {});
    let weak = staffed.by_password("admin");
    let page = weak.get("/accounts").text();
    assert!(page.contains("href=\"/sign-in/confirm?to=/accounts\"") && !page.contains("leder@"), "{page}");
    let refused = sent(&weak, "/accounts", &[("name", "To"), ("email", "to@alta.example")]);
    assert_eq!((refused.status, refused.header("content-type")), (403, Some("text/html; charset=utf-8")));
    assert!(refused.text().contains("href=\"/sign-in/confirm?to=/resumed\""), "{}", refused.text());

    let passkey = super::authenticator::Authenticator::new("admin");
    weak.add_passkey(&passkey);
    weak.show_passkey(&passkey, None);
    let leader = account(&weak, "leder");
    staffed.service.wait(TimeDelta::minutes(16));
    let late = [("role", "finance"), ("scope", &*nth(2)), ("until", "2022-12-31"), ("seen_at", &*leader)];
    let stale = sent(&weak, &format!("{leader}/roles"), &late);
    assert_eq!(stale.status, 403);
    for part in ["href=\"/sign-in/confirm?to=/resumed\"", "value=\"2022-12-31\"", "Ingenting er endret"] {
        assert!(stale.text().contains(part), "{part}: {}", stale.text());
    }

    let reads = staffed.by_password("revisor");
    let page = reads.get("/accounts").text();
    assert!(page.contains("Revisor") && !page.contains("leder@") && !page.contains("Inviter"), "{page}");
    assert_eq!(staffed.by_password("leder").get("/accounts").status, 403);
}

#[test]
fn one_ends_ones_own_sign_ins_and_takes_back_passkeys_and_tokens() {
    let staffed = Staffed::with(&[("leder", leader_of(2)), ("annen", leader_of(3))], |_| {});
    let (leader, _) = staffed.signed_in("leder");
    let elsewhere = Browser::new(&staffed.service);
    elsewhere.sign_in("leder@kommune.example", "fire ord satt sammen");
    let page = leader.get("/account").text();
    let session = [("session", &*hidden(&page, "session"))];
    let (stranger, _) = staffed.signed_in("annen");
    assert_eq!(sent(&stranger, "/account/end-session", &session).status, 303);
    assert_eq!(elsewhere.get("/account").status, 200, "it is not theirs");
    assert_eq!(leader.form("/account/end-session", &session).status, 403, "without the form's token");
    assert_eq!(sent(&leader, "/account/end-session", &session).status, 303);
    assert_eq!(elsewhere.get("/account").status, 303);

    let wrong = sent(&leader, "/account/tokens", &[("token_name", ""), ("token_until", "snart")]);
    assert_eq!(wrong.status, 422);
    for part in [
        "id=\"token-token_name-refused\"",
        "id=\"token-roles-refused\"",
        "id=\"token-token_until-refused\"",
        "value=\"snart\"",
    ] {
        assert!(wrong.text().contains(part), "{part}: {}", wrong.text());
    }
    let wanted = [("token_name", "budsjett"), ("role-0", "yes"), ("token_until", "2022-05-01")];
    let issued = sent(&leader, "/account/tokens", &wanted).text();
    let secret = issued.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let bearer = format!("Bearer {secret}");
    let by_token = || staffed.service.get_with("/api/v1/agreements", &[("Authorization", &bearer)]).status;
    assert_eq!(by_token(), 200);
    let page = leader.get("/account").text();
    assert!(!page.contains(&secret), "it is shown once");
    let token = hidden(page.split("/account/revoke-token").nth(1).unwrap(), "token");
    sent(&stranger, "/account/revoke-token", &[("token", &token)]);
    assert_eq!(by_token(), 200, "it is not theirs");
    assert_eq!(sent(&leader, "/account/revoke-token", &[("token", &token)]).status, 303);
    assert_eq!(by_token(), 401);

    let passkey = hidden(page.split("/account/remove-passkey").nth(1).unwrap(), "passkey");
    let weak = Browser::new(&staffed.service);
    weak.sign_in("leder@kommune.example", "fire ord satt sammen");
    let refused = sent(&weak, "/account/remove-passkey", &[("passkey", &passkey)]);
    assert!(refused.status == 422 && refused.text().contains("med passord alene"));
    assert_eq!(sent(&leader, "/account/remove-passkey", &[("passkey", &passkey)]).status, 303);
    assert!(leader.get("/account").text().contains("Du har ingen passnøkler"));
}

#[test]
fn nobody_who_comes_by_a_token_is_shown_the_account_of_another_who_may_see_the_same() {
    let staffed = Staffed::with(&[("leder", leader_of(2)), ("annen", leader_of(2))], |_| {});
    let bearer = |name: &str| {
        let wanted = [("token_name", name), ("role-0", "yes"), ("token_until", "2022-05-01")];
        let issued = sent(&staffed.signed_in(name).0, "/account/tokens", &wanted).text();
        format!("Bearer {}", issued.split("<code>").nth(1).unwrap().split('<').next().unwrap())
    };
    let (one, other) = (bearer("leder"), bearer("annen"));
    let account = |bearer: &str| {
        let page = staffed.service.get_with("/account", &[("Authorization", bearer)]);
        assert_eq!(page.status, 200, "{}", page.text());
        page.text()
    };
    for _ in 0..2 {
        let (first, second) = (account(&one), account(&other));
        assert!(first.contains("leder@kommune.example") && !first.contains("annen@"), "{first}");
        assert!(second.contains("annen@kommune.example") && !second.contains("leder@"), "{second}");
    }
}

#[test]
fn whom_another_process_erases_is_named_on_no_kept_page_soon_after() {
    let service = Service::on("2022-06-01");
    let invited = json!({ "name": "Leder", "email": "leder@kommune.example" });
    let person = service.post("/api/v1/accounts", &invited).json()["person"].as_str().unwrap().to_owned();
    let names = || {
        let page = service.get(&format!("/accounts/{person}"));
        assert_eq!(page.status, 200, "{}", page.text());
        page.text().contains("leder@kommune.example")
    };
    assert!(names());
    service.erase_elsewhere(&person);
    assert!(
        before_long(|| (!names()).then_some(())).is_some(),
        "no page is kept for longer than a second without a look"
    );
}

#[test]
fn a_page_of_accounts_shows_at_once_what_is_changed_beside_the_log() {
    let staffed = Staffed::with(&[("admin", administrator()), ("leder", leader_of(2))], |_| {});
    let (admin, passkey) = staffed.signed_in("admin");
    let leader = account(&admin, "leder");
    let list = |query: &str| admin.get(&format!("/accounts{query}")).text();
    let one = || admin.get(&leader).text();
    assert!(!list("").contains("Låst") && one().contains("Ingen innlogginger"), "{}", one());

    let at_work = staffed.by_password("leder");
    assert!(one().contains("Avslutt 1 innlogging"), "{}", one());
    let guesser = Browser::new(&staffed.service);
    for _ in 0..6 {
        assert_eq!(guesser.sign_in("leder@kommune.example", "noe helt annet enn det").status, 422);
    }
    assert!(list("").contains("Låst") && one().contains("Lås opp"), "{}", one());
    staffed.service.wait(TimeDelta::minutes(2));
    assert!(!list("").contains("Låst") && !one().contains("Lås opp"), "it is open again by itself: {}", one());

    assert_eq!(at_work.get("/account").status, 200);
    staffed.service.wait(TimeDelta::minutes(29));
    assert_eq!(admin.get("/account").status, 200);
    assert!(one().contains("Avslutt 1 innlogging"), "{}", one());
    staffed.service.wait(TimeDelta::minutes(2));
    assert!(one().contains("Ingen innlogginger"), "it is over by itself: {}", one());

    admin.show_passkey(&passkey, None);
    assert_eq!(sent(&admin, &format!("{leader}/close"), &[("sure", "yes")]).status, 303);
    assert!(list("?closed=yes").contains(">leder</a>"));
    let person = leader.trim_start_matches("/accounts/");
    let erased = admin.post(&format!("/api/v1/people/{person}/erasure"), "erase", &json!({}));
    assert_eq!(erased.status, 200, "{}", erased.text());
    let page = list("?closed=yes");
    assert!(!page.contains(">leder</a>") && page.contains(&format!(">person {}</a>", &person[..8])), "{page}");
    assert!(!one().contains("leder@kommune.example"));
}

#[test]
fn who_sees_no_names_sees_roles_and_what_tells_people_of_one_role_apart() {
    let auditor = json!({ "name": "auditor" });
    let staffed = Staffed::with(&[("admin", administrator()), ("leder", leader_of(2)), ("revisor", auditor)], |_| {});
    let (admin, _) = staffed.signed_in("admin");
    let leader = account(&admin, "leder");
    let id = leader.trim_start_matches("/accounts/").to_owned();
    let finance = [("role", "finance"), ("scope", &*nth(2)), ("until", "")];
    assert_eq!(sent(&admin, &format!("{leader}/roles"), &finance).status, 303);
    let front = admin.get("/").text();
    assert!(front.contains("Ingen av rollene dine") && !front.contains("Ingen kommuner er med"), "{front}");
    let auditor = staffed.by_password("revisor");
    let accounts = auditor.get("/accounts").text();
    assert!(accounts.contains(&format!(">person {}</a>", &id[..8])), "{accounts}");
    assert!(!accounts.contains("for=\"q\""), "nobody is found by a name that is not shown: {accounts}");
    let log = auditor.get("/log?kind=access").text();
    assert!(log.contains("Administrator av kontoer (") && !log.contains(&format!("person {id}</")), "{log}");
    let found = auditor.get("/log?kind=access&actor=administrator").text();
    assert!(found.contains("id=\"event-"), "who did it is found by what they are called: {found}");
}
