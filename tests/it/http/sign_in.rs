//! Signing in over real HTTP: invitations, passwords, passkeys, sessions, and what is turned away at the door.

use chrono::TimeDelta;
use grenselos::config::Settings;
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::browser::Browser;
use super::client::Response;
use super::service::Service;

const DAY: &str = "2026-05-04";
const PASSWORD: &str = "fire ord satt sammen";
const EMAIL: &str = "leder@alta.example";

pub fn required(settings: &mut Settings) {
    settings.sign_in.required = true;
    settings.sign_in.attempts_per_minute_max = 1_000;
    settings.http.requests_per_second_max = 1_000;
}

/// A service where one must sign in, and the link of an invitation that was made before.
fn invited() -> (Service, String) {
    let mut service = Service::on(DAY);
    let answer = service.post("/api/v1/accounts", &json!({ "name": "Kommunedirektør", "email": EMAIL }));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let link = answer.json()["link"].as_str().unwrap().to_owned();
    service.restart_with(DAY, required);
    (service, link)
}

#[test]
fn a_stranger_sees_the_door_and_nothing_behind_it() {
    let service = Service::with(DAY, required);
    assert!(service.get("/api/v1/parties").problem().starts_with("401 sign-in-needed: "));
    assert!(service.post("/api/v1/split", &json!({})).problem().starts_with("401 sign-in-needed: "));
    assert_eq!(service.get("/health/live").status, 200);
    let page = service.get("/sign-in?to=/account");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; ") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.text().contains("<script>") && !page.text().contains("style="), "nothing inline");
    assert_eq!(service.get("/account").header("location"), Some("/sign-in?to=/account"));
}

#[test]
fn an_invitation_is_taken_up_once_with_a_long_password() {
    let (service, link) = invited();
    assert!(link.starts_with("http://localhost:8080/sign-in/invitation?token="), "{link}");
    let browser = Browser::new(&service);
    let token = link.split_once("token=").unwrap().1;
    assert_eq!(browser.get(&format!("/sign-in/invitation?token={token}")).status, 200);
    let short = browser.form("/sign-in/invitation", &[("token", token), ("password", "for kort")]);
    assert_eq!((short.status, short.text().contains("fra 12 til 200 tegn")), (422, true));
    browser.take_up(&link, PASSWORD);
    assert_eq!(browser.get("/api/v1/own-account").status, 403, "without a role there is nothing to do");
    assert_eq!(browser.get("/account").status, 200);
    let again = Browser::new(&service).form("/sign-in/invitation", &[("token", token), ("password", PASSWORD)]);
    assert_eq!((again.status, again.text().contains("Invitasjonen er brukt")), (422, true));
}

#[test]
fn an_invitation_holds_for_seven_days() {
    let (service, link) = invited();
    service.wait(TimeDelta::days(7));
    let token = link.split_once("token=").unwrap().1;
    let late = Browser::new(&service).form("/sign-in/invitation", &[("token", token), ("password", PASSWORD)]);
    assert_eq!((late.status, late.header("set-cookie")), (422, None));
}

#[test]
fn a_session_has_a_new_secret_each_time_and_ends_when_it_is_idle_old_or_signed_out() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    browser.take_up(&link, PASSWORD);
    let first = browser.cookie().unwrap();
    let signed_in = browser.sign_in(EMAIL, PASSWORD);
    assert_eq!(signed_in.status, 303);
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.starts_with("grenselos=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    assert_ne!(browser.cookie().unwrap(), first);
    let by_the_first = service.get_with("/account", &[("Cookie", &first)]);
    assert_eq!(by_the_first.status, 303, "the session before is over");

    let is_in = || browser.get("/account").status == 200;
    service.wait(TimeDelta::minutes(29));
    assert!(is_in());
    service.wait(TimeDelta::minutes(30));
    assert!(!is_in(), "idle for half an hour");

    browser.sign_in(EMAIL, PASSWORD);
    for _ in 0..23 {
        service.wait(TimeDelta::minutes(20));
        assert!(is_in());
    }
    service.wait(TimeDelta::minutes(20));
    assert!(!is_in(), "eight hours old");

    browser.sign_in(EMAIL, PASSWORD);
    let kept = browser.cookie().unwrap();
    let token = form_token(&browser.get("/account").text());
    assert_eq!(browser.form("/sign-out", &[("form_token", "another")]).status, 403);
    assert_eq!(browser.form("/sign-out", &[("form_token", &token)]).header("location"), Some("/sign-in"));
    assert_eq!(browser.cookie(), None);
    let after = service.get_with("/account", &[("Cookie", &kept)]);
    assert_eq!(after.status, 303, "the cookie alone is worth nothing any more");
}

fn form_token(page: &str) -> String {
    page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn signing_out_everywhere_ends_the_other_browsers_sessions() {
    let (service, link) = invited();
    let (here, there) = (Browser::new(&service), Browser::new(&service));
    here.take_up(&link, PASSWORD);
    there.sign_in(EMAIL, PASSWORD);
    let token = form_token(&here.get("/account").text());
    here.form("/sign-out", &[("form_token", &token), ("everywhere", "yes")]);
    assert_eq!(there.get("/account").status, 303);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words_and_many_lock_the_account() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    browser.take_up(&link, PASSWORD);
    let guesser = Browser::new(&service);
    let stranger = || guesser.sign_in("ingen@alta.example", PASSWORD).text().replace("ingen@alta.example", EMAIL);
    for _ in 0..5 {
        let unknown = stranger();
        let wrong = guesser.sign_in(EMAIL, "noe helt annet enn det");
        assert_eq!((wrong.status, wrong.header("set-cookie")), (422, None));
        assert_eq!(wrong.text(), unknown);
    }
    let locked = guesser.sign_in(EMAIL, PASSWORD);
    assert_eq!((locked.status, locked.text().contains("Prøv igjen etter 04.05.2026 14:01.")), (422, true));
    assert_eq!(locked.text(), stranger(), "a lock does not tell whether there is an account");
    service.wait(TimeDelta::minutes(1));
    guesser.sign_in(EMAIL, "noe helt annet enn det");
    service.wait(TimeDelta::minutes(1));
    assert_eq!(guesser.sign_in(EMAIL, PASSWORD).status, 422, "the second pause is twice as long");
    service.wait(TimeDelta::minutes(1));
    assert_eq!(guesser.sign_in(EMAIL, PASSWORD).status, 303);
}

#[test]
fn who_guesses_many_passwords_at_once_is_told_of_no_more_than_one_after_the_other() {
    let (service, link) = invited();
    Browser::new(&service).take_up(&link, PASSWORD);
    let guess = || Browser::new(&service).sign_in(EMAIL, "noe helt annet enn det").text();
    let answers: Vec<String> = std::thread::scope(|scope| {
        let guessing: Vec<_> = (0..12).map(|_| scope.spawn(guess)).collect();
        guessing.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let refused = answers.iter().filter(|answer| answer.contains("Du er ikke logget inn")).count();
    assert_eq!(refused, 5, "{answers:?}");
}

#[test]
fn a_passkey_is_added_by_who_was_invited_and_signs_in_alone() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    let passkey = Authenticator::new("mobil");
    browser.take_up(&link, PASSWORD);
    assert_eq!(browser.add_passkey(&passkey).status, 200);
    assert!(browser.get("/account").text().contains("<span>prøve</span>"));
    let other = Browser::new(&service);
    assert_eq!(other.show_passkey(&passkey, Some(EMAIL)).status, 200);
    assert_eq!(other.get("/account").status, 200);
    let before = other.cookie();
    assert_eq!(other.show_passkey(&passkey, None).status, 200, "once more");
    assert_ne!(other.cookie(), before, "another secret after the proof");
    let dead = service.get_with("/account", &[("Cookie", &before.unwrap())]);
    assert_eq!(dead.status, 303);
}

#[test]
fn whether_an_address_has_a_passkey_is_not_to_be_seen() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    let passkey = Authenticator::new("mobil");
    browser.take_up(&link, PASSWORD);
    let stranger = Browser::new(&service);
    let begun = |email: &str| stranger.script("/sign-in/passkey/begin", &json!({ "email": email }));
    let shape = |answer: &Response| {
        let begun = answer.json();
        let asked = begun["asked"]["publicKey"].as_object().unwrap().clone();
        let allowed = asked["allowCredentials"].as_array().unwrap().clone();
        assert!(!allowed.is_empty(), "{begun}");
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        (answer.status, names(&begun), asked.keys().cloned().collect::<Vec<_>>(), names(&allowed[0]))
    };
    let without = begun(EMAIL);
    browser.add_passkey(&passkey);
    let (with, unknown) = (begun(EMAIL), begun("ingen@alta.example"));
    assert_eq!((shape(&without), shape(&unknown)), (shape(&with), shape(&with)));
    let allowed = |answer: &Response| answer.json()["asked"]["publicKey"]["allowCredentials"].clone();
    assert_eq!(allowed(&unknown), allowed(&begun("Ingen@alta.example")), "the same each time");
    for n in 0..30 {
        assert_eq!(shape(&begun(&format!("{n}@alta.example"))), shape(&with), "{n}");
    }
    let answer =
        Authenticator::new("annen").assert(unknown.json()["asked"]["publicKey"]["challenge"].as_str().unwrap());
    let finish = |begun: &Response| {
        stranger.script("/sign-in/passkey/finish", &json!({ "ceremony": begun.json()["ceremony"], "answer": answer }))
    };
    assert_eq!(finish(&unknown).problem(), finish(&with).problem());
}

#[test]
fn who_knows_a_password_alone_cannot_add_a_passkey() {
    let (service, link) = invited();
    Browser::new(&service).take_up(&link, PASSWORD);
    let browser = Browser::new(&service);
    browser.sign_in(EMAIL, PASSWORD);
    let refused = browser.script("/account/passkeys/begin", &json!({}));
    assert!(refused.problem().starts_with("422 cannot-sign-in: to add a passkey, sign in with one that you have"));
}

#[test]
fn a_passkey_of_another_key_another_site_or_another_ceremony_is_not_taken() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    let passkey = Authenticator::new("mobil");
    browser.take_up(&link, PASSWORD);
    browser.add_passkey(&passkey);
    let stranger = Browser::new(&service);
    let imitated = Authenticator::new("mobil");
    assert!(stranger.show_passkey(&imitated, Some(EMAIL)).problem().starts_with("422 cannot-sign-in: the passkey was"));
    let elsewhere = Authenticator::for_site("mobil", "example.org");
    assert_eq!(browser.add_passkey(&elsewhere).status, 422);
    let begun = stranger.script("/sign-in/passkey/begin", &json!({ "email": EMAIL })).json();
    let answer = passkey.assert(begun["asked"]["publicKey"]["challenge"].as_str().unwrap());
    let finish = json!({ "ceremony": begun["ceremony"], "answer": answer });
    assert_eq!(stranger.script("/sign-in/passkey/finish", &finish).status, 200);
    let again = stranger.script("/sign-in/passkey/finish", &finish);
    assert!(again.problem().starts_with("422 cannot-sign-in: it took too long, or was begun elsewhere"));
    let begun = stranger.script("/sign-in/passkey/begin", &json!({ "email": EMAIL })).json();
    let answer = passkey.assert(begun["asked"]["publicKey"]["challenge"].as_str().unwrap());
    service.wait(TimeDelta::minutes(5));
    let late = stranger.script("/sign-in/passkey/finish", &json!({ "ceremony": begun["ceremony"], "answer": answer }));
    assert_eq!(late.status, 422);
}

#[test]
fn what_a_page_of_another_site_sends_is_refused() {
    let (service, link) = invited();
    let browser = Browser::new(&service);
    browser.take_up(&link, PASSWORD);
    let json_type = ("Content-Type", "application/json");
    let key = ("Idempotency-Key", "x");
    for from_elsewhere in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "https://example.org")],
        &[("Origin", "null")],
        &[],
    ] {
        let headers: Vec<_> = from_elsewhere.iter().copied().chain([json_type, key]).collect();
        let refused = browser.send("POST", "/api/v1/split", &headers, b"{}");
        assert!(refused.problem().starts_with("403 cross-site: "), "{from_elsewhere:?}");
    }
    let own = browser.send("POST", "/api/v1/split", &[("Origin", "http://localhost:8080"), json_type, key], b"{}");
    assert!(own.problem().starts_with("403 access-denied: "), "past the door, and without a role");
    let without_a_cookie = service.post_with("/api/v1/split", &[key, ("Sec-Fetch-Site", "cross-site")], &json!({}));
    assert!(without_a_cookie.problem().starts_with("403 cross-site: "), "also to sign somebody in unnoticed");
}

#[test]
fn too_many_attempts_and_too_many_requests_are_refused() {
    let mut service = Service::on(DAY);
    service.restart_with(DAY, |settings| {
        required(settings);
        settings.sign_in.attempts_per_minute_max = 3;
    });
    let browser = Browser::new(&service);
    for _ in 0..3 {
        assert_eq!(browser.sign_in(EMAIL, PASSWORD).status, 422);
    }
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).status, 429);
    service.wait(TimeDelta::seconds(20));
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).status, 422);

    service.restart_with(DAY, |settings| {
        required(settings);
        settings.http.requests_per_second_max = 2;
    });
    let statuses: Vec<u16> = (0..3).map(|_| service.get("/health/live").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    service.wait(TimeDelta::seconds(1));
    assert_eq!(service.get("/health/live").status, 200);
}

#[test]
fn x_forwarded_for_counts_from_the_proxy_alone() {
    let mut service = Service::on(DAY);
    let forwarded = |service: &Service, address: &str| {
        service.get_with("/health/live", &[("X-Forwarded-For", &format!("203.0.113.9, {address}"))]).status
    };
    let once = |settings: &mut Settings| {
        required(settings);
        settings.http.requests_per_second_max = 1;
    };
    service.restart_with(DAY, once);
    assert_eq!((forwarded(&service, "198.51.100.1"), forwarded(&service, "198.51.100.2")), (200, 429));
    service.restart_with(DAY, |settings| {
        once(settings);
        settings.http.proxy = "127.0.0.1".to_owned();
    });
    assert_eq!((forwarded(&service, "198.51.100.1"), forwarded(&service, "198.51.100.2")), (200, 200));
    assert_eq!(forwarded(&service, "198.51.100.2"), 429);
    // Whoever asks wrote the first line, and the proxy the last.
    let in_lines = |first: &str, last: &str| {
        service.get_with("/health/live", &[("X-Forwarded-For", first), ("X-Forwarded-For", last)]).status
    };
    assert_eq!((in_lines("198.51.100.7", "198.51.100.3"), in_lines("198.51.100.8", "198.51.100.3")), (200, 429));
}

#[test]
fn who_is_not_known_is_told_of_signing_in_and_of_nothing_else_and_it_counts() {
    let service = Service::with(DAY, |settings| {
        required(settings);
        settings.http.requests_per_second_max = 1;
    });
    let ahead = [("Log-Position-At-Least", "99999999999")];
    // Whoever is known is told, after five seconds, that the log has not come that far.
    assert!(service.get_with("/api/v1/parties", &ahead).problem().starts_with("401 sign-in-needed: "));
    assert_eq!(service.get_with("/api/v1/parties", &ahead).status, 429, "and it counts");
}

#[test]
fn over_tls_the_cookie_is_bound_to_the_host() {
    let (mut service, link) = invited();
    service.restart_with(DAY, |settings| {
        required(settings);
        settings.sign_in.origin = "https://grenselos.fylke.example".to_owned();
    });
    let host = ("Host", "grenselos.fylke.example");
    let token = link.split_once("token=").unwrap().1;
    let body = format!("token={token}&password=fire+ord+satt+sammen");
    let headers =
        [host, ("Origin", "https://grenselos.fylke.example"), ("Content-Type", "application/x-www-form-urlencoded")];
    let taken = Browser::new(&service).send("POST", "/sign-in/invitation", &headers, body.as_bytes());
    let cookie = taken.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-grenselos=") && cookie.contains("; Secure"), "{cookie}");
    assert!(taken.header("strict-transport-security").unwrap().starts_with("max-age=31536000"));
}
