//! Signing in through a provider: who is taken, and everything that is refused.

use chrono::{DateTime, TimeDelta, Utc};
use grenselos::app::{Access, App};
use grenselos::clock::noon;
use grenselos::config::{self, ProviderKind, Settings};
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::browser::Browser;
use super::client::Response;
use super::provider::{CLIENT, Provider, SECRET, Signed, client_key, parameters};
use super::service::{Service, nth};
use super::sign_in::required;

const DAY: &str = "2022-04-04";
/// What a test changes of the claims.
type Change = fn(&mut Value);

const PASSWORD: &str = "fire ord satt sammen";

fn now() -> DateTime<Utc> {
    noon(DAY.parse().unwrap())
}

fn provider_in(settings: &mut Settings, id: &str, issuer: String) -> config::Provider {
    std::fs::create_dir_all(&settings.data.directory).unwrap();
    let secret = settings.data.directory.join("client-secret");
    std::fs::write(&secret, SECRET).unwrap();
    config::Provider {
        id: id.to_owned(),
        name: "Prøveporten".to_owned(),
        kind: ProviderKind::OpenidConnect,
        issuer,
        client_id: CLIENT.to_owned(),
        client_secret_file: secret,
        key_file: "".into(),
        key_id: String::new(),
        algorithms: vec!["ES256".to_owned()],
        scopes: vec!["profile".to_owned()],
        acr_values: vec!["high".to_owned()],
        strong_acr: vec!["high".to_owned()],
        strong_amr: vec![],
        authorization_details: String::new(),
    }
}

/// A service with a small procurement, a provider, and a leader who is invited.
struct Linked {
    service: Service,
    provider: Provider,
    link: String,
}

#[expect(clippy::unused_self, reason = "each is a step of the same way there and back")]
impl Linked {
    fn new() -> Self {
        Self::with(|_, _| {})
    }

    fn with(change: impl FnOnce(&mut Settings, &Provider)) -> Self {
        let mut service = Service::with_a_small_procurement(DAY);
        let invited =
            service.post("/api/v1/accounts", &json!({ "name": "Leder", "email": "leder@tromso.example" })).json();
        let person = invited["person"].as_str().unwrap();
        let role = json!({ "role": { "name": "municipal_leader", "party": nth(2) }, "until": null });
        assert_eq!(service.post(&format!("/api/v1/accounts/{person}/roles"), &role).status, 200);
        let provider = Provider::start(now());
        service.restart_with(DAY, |settings| {
            required(settings);
            let one = provider_in(settings, "prove", provider.issuer());
            settings.sign_in.providers = vec![one];
            change(settings, &provider);
        });
        Self { service, provider, link: invited["link"].as_str().unwrap().to_owned() }
    }

    fn token(&self) -> &str {
        self.link.split_once("token=").unwrap().1
    }

    /// The leader, who has taken the invitation up through the provider.
    fn taken_up(&self) -> Browser<'_> {
        let browser = Browser::new(&self.service);
        let taken = self.through(&browser, &[("purpose", "take-up"), ("token", self.token())]);
        assert_eq!((taken.status, taken.header("location")), (303, Some("/account")), "{}", taken.text());
        browser
    }

    /// To the provider and back.
    fn through(&self, browser: &Browser<'_>, form: &[(&str, &str)]) -> Response {
        let location = self.departed(browser, form);
        let code = self.provider.code(&location);
        self.back(browser, &location, &code)
    }

    fn departed(&self, browser: &Browser<'_>, form: &[(&str, &str)]) -> String {
        let sent = browser.form("/sign-in/with/prove", form);
        assert_eq!(sent.status, 303, "{}", sent.text());
        sent.header("location").unwrap().to_owned()
    }

    fn back(&self, browser: &Browser<'_>, location: &str, code: &str) -> Response {
        let state = parameters(location.split_once('?').unwrap().1)["state"].clone();
        browser.get(&format!("/sign-in/with/prove/callback?code={code}&state={state}"))
    }
}

#[track_caller]
fn refused(response: &Response, sentence: &str) {
    assert_eq!(response.status, 422, "{}", response.text());
    assert!(response.text().contains(sentence), "{}", response.text());
    assert_eq!(response.cookies().iter().filter(|cookie| cookie.starts_with("grenselos=")).count(), 0);
}

const UNTRUSTED: &str = "kunne ikke godtas";
const OVER: &str = "tok for lang tid, eller ble begynt i en annen nettleser";

#[test]
fn an_invitation_is_taken_up_through_a_provider_that_signs_in_from_then_on_and_leads_back_to_where_one_was() {
    let linked = Linked::new();
    let page = Browser::new(&linked.service).get(&format!("/sign-in/invitation?token={}", linked.token()));
    assert!(page.text().contains("action=\"/sign-in/with/prove\"") && page.text().contains("Prøveporten"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(&format!("form-action 'self' {}", linked.provider.issuer())), "{policy}");
    let browser = linked.taken_up();
    assert_eq!(browser.get("/api/v1/agreements").status, 200);
    let again = Browser::new(&linked.service);
    let location = linked.departed(&again, &[("to", "/municipalities/5401?from=2023")]);
    let asked = parameters(location.split_once('?').unwrap().1);
    assert_eq!((&*asked["scope"], &*asked["acr_values"], &*asked["ui_locales"]), ("openid profile", "high", "nb"));
    assert_eq!(asked["redirect_uri"], "http://localhost:8080/sign-in/with/prove/callback");
    assert!(!asked.contains_key("prompt"));
    let code = linked.provider.code(&location);
    let arrived = linked.back(&again, &location, &code);
    assert_eq!((arrived.status, arrived.header("location")), (303, Some("/municipalities/5401?from=2023")));
    let used = linked.through(&Browser::new(&linked.service), &[("purpose", "take-up"), ("token", linked.token())]);
    refused(&used, "Invitasjonen er brukt");
}

#[test]
fn nobody_is_signed_in_whom_no_invitation_linked_and_nobody_is_led_elsewhere() {
    let linked = Linked::new();
    refused(&linked.through(&Browser::new(&linked.service), &[]), "Ingen konto er knyttet");
    linked.taken_up();
    linked.provider.says(|claims| {
        claims["sub"] = json!("pairwise-2");
        // What other programs would know somebody by.
        claims["email"] = json!("leder@tromso.example");
    });
    refused(&linked.through(&Browser::new(&linked.service), &[]), "Ingen konto er knyttet");
    linked.provider.says(|_| {});
    let elsewhere = linked.through(&Browser::new(&linked.service), &[("to", "https://example.org/")]);
    assert_eq!(elsewhere.header("location"), Some("/account"));
}

#[test]
fn a_token_that_is_not_wholly_right_signs_nobody_in() {
    let linked = Linked::new();
    linked.taken_up();
    let changes: [(&str, Change); 11] = [
        ("another audience", |claims| claims["aud"] = json!("another")),
        ("audiences beside this one", |claims| claims["aud"] = json!([CLIENT, "another"])),
        ("no audience", |claims| claims["aud"] = json!([])),
        ("given to another client", |claims| claims["azp"] = json!("another")),
        ("another nonce", |claims| claims["nonce"] = json!("another")),
        ("no nonce", |claims| claims["nonce"] = Value::Null),
        ("another issuer", |claims| claims["iss"] = json!("https://other.example")),
        ("no issuer", |claims| claims["iss"] = Value::Null),
        ("expired", |claims| claims["exp"] = json!(claims["iat"])),
        ("without an end", |claims| claims["exp"] = Value::Null),
        ("a subject that may be a fødselsnummer", |claims| claims["sub"] = json!("01010112345")),
    ];
    for (what, change) in changes {
        linked.provider.says(change);
        let answer = linked.through(&Browser::new(&linked.service), &[]);
        assert_eq!((answer.status, answer.text().contains(UNTRUSTED)), (422, true), "{what}: {}", answer.text());
        assert!(answer.cookies().is_empty(), "{what}");
    }
    linked.provider.says(|_| {});
    for signed in [Signed::ByAnotherKey, Signed::NotAtAll, Signed::ByPublicKeyAsSecret, Signed::ByClientSecret] {
        linked.provider.signs(signed);
        let answer = linked.through(&Browser::new(&linked.service), &[]);
        assert_eq!((answer.status, answer.text().contains(UNTRUSTED)), (422, true), "{signed:?}: {}", answer.text());
    }
    linked.provider.signs(Signed::Rightly);
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
}

#[test]
fn what_comes_back_is_taken_once_soon_and_in_the_browser_that_went() {
    let linked = Linked::new();
    linked.taken_up();
    let browser = Browser::new(&linked.service);
    refused(&browser.get("/sign-in/with/prove/callback?code=x&state=never-given"), OVER);
    let location = linked.departed(&browser, &[]);
    let code = linked.provider.code(&location);
    refused(&linked.back(&Browser::new(&linked.service), &location, &code), OVER);
    refused(&linked.back(&browser, &location, &code), OVER);

    let location = linked.departed(&browser, &[]);
    assert_eq!(linked.back(&browser, &location, &linked.provider.code(&location)).status, 303);
    refused_in_session(&linked.back(&browser, &location, &linked.provider.code(&location)), OVER);

    let late = Browser::new(&linked.service);
    let location = linked.departed(&late, &[]);
    linked.service.wait(TimeDelta::minutes(10));
    refused(&linked.back(&late, &location, &linked.provider.code(&location)), OVER);
}

/// The same where somebody is signed in, and stays so.
#[track_caller]
fn refused_in_session(response: &Response, sentence: &str) {
    assert_eq!((response.status, response.text().contains(sentence)), (422, true), "{}", response.text());
    assert!(response.cookies().is_empty());
}

#[test]
fn an_answer_of_another_provider_is_not_taken() {
    let other = Provider::start(now());
    let linked = Linked::with(|settings, _| {
        let second = provider_in(settings, "annen", other.issuer());
        settings.sign_in.providers.push(second);
    });
    linked.taken_up();
    let browser = Browser::new(&linked.service);
    let location = linked.departed(&browser, &[]);
    let state = parameters(location.split_once('?').unwrap().1)["state"].clone();
    let code = linked.provider.code(&location);
    refused(&browser.get(&format!("/sign-in/with/annen/callback?code={code}&state={state}")), OVER);
    let location = linked.departed(&browser, &[]);
    let state = parameters(location.split_once('?').unwrap().1)["state"].clone();
    let code = linked.provider.code(&location);
    let mixed_up = format!("/sign-in/with/prove/callback?code={code}&state={state}&iss={}", other.issuer());
    refused(&browser.get(&mixed_up), OVER);
    let location = linked.departed(&browser, &[]);
    let state = parameters(location.split_once('?').unwrap().1)["state"].clone();
    let declined = format!("/sign-in/with/prove/callback?error=access_denied&state={state}");
    refused(&browser.get(&declined), "ble ikke fullført");
}

#[test]
fn a_code_that_was_asked_for_with_another_challenge_is_worth_nothing() {
    let linked = Linked::new();
    linked.taken_up();
    let browser = Browser::new(&linked.service);
    let location = linked.departed(&browser, &[]);
    let nonce = parameters(location.split_once('?').unwrap().1)["nonce"].clone();
    for challenge in ["another", ""] {
        let stolen = linked.provider.code_for(&nonce, challenge);
        let answer = linked.back(&browser, &location, &stolen);
        assert_eq!((answer.status, answer.cookies().is_empty()), (422, true));
    }
}

#[test]
fn keys_are_asked_for_anew_where_one_is_unknown_and_not_more_often_than_once_a_minute() {
    let linked = Linked::new();
    linked.taken_up();
    let asked = linked.provider.keys_asked();
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
    assert_eq!(linked.provider.keys_asked(), asked, "they are remembered");
    linked.provider.takes_another_key("second");
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
    assert_eq!(linked.provider.keys_asked(), asked + 1);
    linked.provider.takes_another_key("third");
    refused(&linked.through(&Browser::new(&linked.service), &[]), UNTRUSTED);
    assert_eq!(linked.provider.keys_asked(), asked + 1);
    linked.service.wait(TimeDelta::minutes(1));
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
}

#[test]
fn the_second_factor_of_a_provider_is_the_proof_that_who_writes_needs_and_a_fresh_one_what_is_grave() {
    let linked = Linked::new();
    let leader = linked.taken_up();
    let address = format!("/api/v1/parties/{}/commands", nth(2));
    let reference = |text: &str| json!({ "command": "set_buyer_reference", "reference": text });
    assert!(leader.post(&address, "weak", &reference("A")).problem().starts_with("403 proof-needed: "));
    linked.provider.says(|claims| claims["acr"] = json!("high"));
    linked.through(&leader, &[]);
    assert_eq!(leader.post(&address, "strong", &reference("B")).status, 200);
    let notice = format!("/api/v1/agreements/{}/commands", nth(22));
    let give_notice = json!({ "command": "give_notice", "on": DAY, "last_day": "2022-12-31" });
    let grave = |key: &str| leader.post(&notice, key, &give_notice).problem();
    assert!(grave("fresh").starts_with("422 "), "it is only a rule that says no");
    linked.service.wait(TimeDelta::minutes(16));
    assert!(grave("stale").starts_with("403 proof-needed: "));

    let prove = |leader: &Browser<'_>| {
        let form_token = form_token(&leader.get("/account").text());
        let form = [("purpose", "prove"), ("form_token", &*form_token), ("to", "/board")];
        let location = linked.departed(leader, &form);
        let asked = parameters(location.split_once('?').unwrap().1);
        assert_eq!((&*asked["prompt"], &*asked["max_age"]), ("login", "0"));
        linked.back(leader, &location, &linked.provider.code(&location))
    };
    linked.provider.it_is(now() + TimeDelta::minutes(16));
    linked.provider.says(|claims| {
        claims["acr"] = json!("high");
        claims["auth_time"] = json!(now().timestamp());
    });
    refused_in_session(&prove(&leader), "ikke at du viste en ekstra faktor nå");
    linked.provider.says(|claims| {
        claims["acr"] = json!("high");
        claims["auth_time"] = Value::Null;
    });
    refused_in_session(&prove(&leader), "ikke at du viste en ekstra faktor nå");
    linked.provider.says(|claims| claims["acr"] = json!("low"));
    refused_in_session(&prove(&leader), "ikke at du viste en ekstra faktor nå");
    linked.provider.says(|claims| {
        claims["acr"] = json!("high");
        claims["sub"] = json!("pairwise-2");
    });
    refused_in_session(&prove(&leader), "En annen person logget inn der");
    linked.provider.says(|claims| claims["acr"] = json!("high"));
    let before = leader.cookie();
    assert_eq!(prove(&leader).header("location"), Some("/board"));
    assert_ne!(leader.cookie(), before, "another secret after the proof");
    assert!(grave("proven").starts_with("422 "));
}

fn form_token(page: &str) -> String {
    page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_provider_is_linked_by_who_has_proven_who_they_are_and_to_one_account_alone() {
    let linked = Linked::new();
    let leader = Browser::new(&linked.service);
    leader.take_up(&linked.link, PASSWORD);
    let (by_password, passkey) = (Browser::new(&linked.service), Authenticator::new("leder"));
    leader.add_passkey(&passkey);
    by_password.sign_in("leder@tromso.example", PASSWORD);
    let form = |browser: &Browser<'_>| form_token(&browser.get("/account").text());
    let sent = by_password.form("/sign-in/with/prove", &[("purpose", "link"), ("form_token", &form(&by_password))]);
    assert_eq!((sent.status, sent.text().contains("med passord alene")), (422, true), "{}", sent.text());
    let forged = leader.form("/sign-in/with/prove", &[("purpose", "link"), ("form_token", "another")]);
    assert_eq!(forged.status, 403);

    let arrived = linked.through(&leader, &[("purpose", "link"), ("form_token", &form(&leader))]);
    assert_eq!((arrived.status, arrived.header("location")), (303, Some("/account")));
    assert!(leader.get("/account").text().contains("<span>Prøveporten</span>"));
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
    let kept = linked.service.file_of("sign_in.sqlite3");
    assert!(kept.windows(10).any(|window| window == b"pairwise-1"), "it is kept by what the provider calls it");

    let remove = [("form_token", &*form(&leader)), ("issuer", &*linked.provider.issuer()), ("subject", "pairwise-1")];
    assert_eq!(leader.form("/account/remove-link", &remove).status, 303);
    refused(&linked.through(&Browser::new(&linked.service), &[]), "Ingen konto er knyttet");
}

#[test]
fn an_identity_that_is_linked_takes_no_other_invitation_up() {
    let mut linked = Linked::new();
    linked.taken_up();
    linked.service.restart_with(DAY, |_| {});
    let invited = linked.service.post("/api/v1/accounts", &json!({ "name": "To", "email": "to@alta.example" })).json();
    linked.link = invited["link"].as_str().unwrap().to_owned();
    let issuer = linked.provider.issuer();
    linked.service.restart_with(DAY, |settings| {
        required(settings);
        let one = provider_in(settings, "prove", issuer);
        settings.sign_in.providers = vec![one];
    });
    let taken = linked.through(&Browser::new(&linked.service), &[("purpose", "take-up"), ("token", linked.token())]);
    refused(&taken, "alt knyttet til en annen konto");
    linked.provider.says(|claims| claims["sub"] = json!("pairwise-2"));
    let taken = linked.through(&Browser::new(&linked.service), &[("purpose", "take-up"), ("token", linked.token())]);
    assert_eq!(taken.status, 303, "the invitation holds still");
}

#[test]
fn a_national_identity_number_that_a_provider_says_is_not_kept() {
    let linked = Linked::new();
    linked.provider.says(|claims| claims["pid"] = json!("01010112345"));
    linked.taken_up();
    for file in ["sign_in.sqlite3", "people.sqlite3"] {
        let kept = linked.service.file_of(file);
        assert!(!kept.windows(11).any(|window| window == b"01010112345"), "{file}");
    }
}

/// Signs out of the session of a browser; where that leads.
fn signed_out(browser: &Browser<'_>) -> String {
    let token = form_token(&browser.get("/account").text());
    let out = browser.form("/sign-out", &[("form_token", &token)]);
    assert_eq!(out.status, 303, "{}", out.text());
    out.header("location").unwrap().to_owned()
}

#[test]
fn who_signs_out_here_is_signed_out_at_the_provider_too_and_comes_back() {
    let linked = Linked::new();
    let leader = linked.taken_up();
    let policy = leader.get("/account").header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains(&format!("form-action 'self' {}", linked.provider.issuer())), "{policy}");
    let location = signed_out(&leader);
    let (address, said) = location.split_once('?').unwrap();
    assert_eq!(address, format!("{}/session/end", linked.provider.issuer()));
    let said = parameters(said);
    assert_eq!(said["id_token_hint"].split('.').count(), 3, "the token by which the provider knows who it is");
    assert_eq!(said["client_id"], CLIENT);
    let back = said["post_logout_redirect_uri"].split_once("/sign-in/").unwrap().1;
    assert_eq!(back, "with/prove/signed-out");
    assert_eq!(leader.get("/account").status, 303, "here it is over at once");
    let target = format!("/sign-in/with/prove/signed-out?state={}", said["state"]);
    let page = leader.get(&target).text();
    assert!(page.contains("Du er logget ut her og hos Prøveporten."), "{page}");
    for never in [&*target, "/sign-in/with/prove/signed-out?state=another", "/sign-in/with/prove/signed-out"] {
        let answer = leader.get(never);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/sign-in")), "{never}: once, and no other");
    }
}

#[test]
fn who_signs_out_where_the_provider_offers_nothing_or_did_nothing_stays_here() {
    let linked = Linked::with(|_, provider| {
        provider.says_of_itself(|metadata| drop(metadata.as_object_mut().unwrap().remove("end_session_endpoint")));
    });
    assert_eq!(signed_out(&linked.taken_up()), "/sign-in");
    let by_password = Linked::new();
    let browser = Browser::new(&by_password.service);
    browser.take_up(&by_password.link, PASSWORD);
    assert_eq!(signed_out(&browser), "/sign-in");
}

#[test]
fn after_a_restart_the_provider_is_told_who_asks_though_not_of_whom() {
    let mut linked = Linked::new();
    let leader = linked.taken_up();
    let cookie = leader.cookie().unwrap();
    let issuer = linked.provider.issuer();
    drop(leader);
    linked.service.restart_with(DAY, |settings| {
        required(settings);
        settings.sign_in.providers = vec![provider_in(settings, "prove", issuer)];
    });
    let get = linked.service.get_with("/account", &[("Cookie", &cookie)]).text();
    let form = format!("form_token={}", form_token(&get));
    let form_type = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [("Cookie", &*cookie), ("Sec-Fetch-Site", "same-origin"), form_type];
    let out = super::client::send(linked.service.address(), "POST", "/sign-out", &headers, form.as_bytes());
    let location = out.header("location").unwrap();
    assert!(location.contains("/session/end?client_id=grenselos") && !location.contains("id_token_hint"), "{location}");
}

#[test]
fn who_signs_out_at_the_provider_is_signed_out_here_and_comes_back_to_where_one_was() {
    let linked = Linked::new();
    let leader = linked.taken_up();
    let issuer = linked.provider.issuer();
    let out = |query: &str| linked.service.get(&format!("/sign-in/with/prove/sign-out?{query}"));
    for wrong in [
        format!("iss={issuer}"),
        "sid=there".to_owned(),
        "iss=https://other.example&sid=there".to_owned(),
        format!("iss={issuer}&sid="),
    ] {
        assert_eq!(out(&wrong).status, 404, "{wrong}");
    }
    assert_eq!(out(&format!("iss={issuer}&sid=elsewhere")).status, 200);
    assert_eq!(leader.get("/account").status, 200, "another session");
    let answer = out(&format!("iss={issuer}&sid=there"));
    let policy = answer.header("content-security-policy").unwrap();
    assert_eq!((answer.status, policy), (200, &*format!("default-src 'none'; frame-ancestors {issuer}")));
    let gone = leader.get("/municipalities/5401?from=2023");
    let location = "/sign-in?to=/municipalities/5401%3Ffrom%3D2023";
    assert_eq!((gone.status, gone.header("location")), (303, Some(location)));
    let page = leader.get(location).text();
    assert!(page.contains("name=\"to\" value=\"/municipalities/5401?from&#x3D;2023\""), "{page}");
}

#[test]
fn the_service_proves_by_its_own_key_who_it_is_each_time_anew() {
    let mut key = None;
    let linked = Linked::with(|settings, _| {
        let (file, public) = client_key(settings.data.directory.join("key.pem"));
        key = Some(public);
        let provider = &mut settings.sign_in.providers[0];
        provider.client_secret_file = "".into();
        provider.key_file = file;
        provider.key_id = "client-key".to_owned();
    });
    linked.provider.knows_client_key(&key.unwrap());
    linked.taken_up();
    assert_eq!(linked.through(&Browser::new(&linked.service), &[]).status, 303);
    let assertions = linked.provider.assertions();
    assert_eq!(assertions.len(), 2);
    assert_ne!(assertions[0], assertions[1]);
    linked.provider.knows_client_key(&[4; 65]);
    refused(&linked.through(&Browser::new(&linked.service), &[]), UNTRUSTED);
}

#[test]
fn settings_that_cannot_work_are_said_at_the_start() {
    let directory = std::env::temp_dir().join(format!("grenselos-providers-{}", std::process::id()));
    let said = |change: &dyn Fn(&Provider, &mut config::Provider)| {
        let provider = Provider::start(now());
        let mut settings = Settings::load(None).unwrap();
        settings.data.directory.clone_from(&directory);
        let mut one = provider_in(&mut settings, "prove", provider.issuer());
        change(&provider, &mut one);
        settings.sign_in.providers = vec![one];
        let app = App::open(settings.checked().unwrap(), Access::Write).unwrap();
        app.sign_ins.check_providers().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let of_itself = |change: fn(&mut Value)| said(&|provider, _| provider.says_of_itself(change));
    assert_eq!(said(&|_, _| {}), "");
    assert!(of_itself(|said| said["issuer"] = json!("https://other.example")).contains("unexpected issuer"));
    assert!(
        of_itself(|said| said["id_token_signing_alg_values_supported"] = json!(["HS256"])).contains("algorithms has")
    );
    assert!(of_itself(|said| said["token_endpoint"] = Value::Null).contains("no token endpoint"));
    assert!(of_itself(|said| said["jwks_uri"] = Value::Null).contains("cannot be read"));
    let methods = |said: &mut Value| said["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    assert!(of_itself(methods).contains("takes no secret; give key_file"));
    let large = |said: &mut Value| said["padding"] = json!("x".repeat(600 * 1024));
    assert!(of_itself(large).contains("does not answer"));
    assert!(
        said(&|_, one| one.client_secret_file = "nowhere".into()).contains("client_secret_file nowhere cannot be read")
    );
    assert!(said(&|_, one| one.issuer = "http://localhost:1".to_owned()).contains("does not answer"));
    let with_no_key = said(&|_, one| {
        one.key_file = std::mem::take(&mut one.client_secret_file);
    });
    assert!(with_no_key.contains("key_file") && with_no_key.contains("give an RSA or P-256 key"), "{with_no_key}");
    let _ = std::fs::remove_dir_all(directory);
}
