//! Pages over real HTTP: their headers, languages and forms, and what is refused.

use serde_json::json;

use super::client::{Response, send};
use super::service::{Service, before_long, nth};

fn posted(service: &Service, target: &str, form: &str) -> Response {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(service.address(), "POST", target, &headers, form.as_bytes())
}

#[test]
fn a_page_may_load_nothing_from_elsewhere_and_run_nothing_of_its_own() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let page = service.get("/municipalities/5401?from=2023");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; ") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let text = page.text();
    let scripts: Vec<&str> = text.split("<script ").skip(1).collect();
    assert!(text.contains("Tromsø") && scripts.len() == 1, "{text}");
    assert!(scripts[0].starts_with("src=\"/assets/") && scripts[0].contains(" defer></script>"), "{text}");
}

#[test]
fn style_and_fonts_are_kept_for_ever_under_the_hash_of_their_content() {
    let service = Service::on("2022-06-01");
    let page = service.get("/accessibility").text();
    let style = page.split('"').find(|part| part.ends_with("/style.css")).unwrap();
    let answer = service.get(style);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let stale = style.replacen("/assets/", "/assets/0", 1);
    assert_eq!(service.get(&stale).status, 404);
}

#[test]
fn a_page_is_in_the_language_that_is_asked_for_or_chosen() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let language = |headers: &[(&str, &str)]| {
        let page = service.get_with("/municipalities/5401", headers);
        page.header("content-language").unwrap().to_owned()
    };
    assert_eq!(language(&[]), "nb");
    assert_eq!(language(&[("Accept-Language", "en-GB,nb;q=0.5")]), "en");
    let chosen = service.get("/language?to=nn&back=/board");
    assert_eq!((chosen.status, chosen.header("location")), (303, Some("/board")));
    let cookie = chosen.header("set-cookie").unwrap();
    assert!(cookie.starts_with("language=nn;") && cookie.contains("HttpOnly"), "{cookie}");
    assert_eq!(language(&[("Cookie", "language=nn"), ("Accept-Language", "en")]), "nn");
}

#[test]
fn nobody_is_led_elsewhere() {
    let service = Service::on("2022-06-01");
    for back in ["https://other.example/", "//other.example/", "/%5Cother.example"] {
        assert_eq!(service.get(&format!("/language?to=en&back={back}")).header("location"), Some("/"), "{back}");
    }
}

#[test]
fn what_was_typed_stays_and_the_field_at_fault_says_so() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let page = service.get("/municipalities/5401?from=soon&since=2022-05-01");
    let text = page.text();
    assert_eq!(page.status, 422);
    assert!(text.contains(r#"value="soon" aria-invalid="true" aria-describedby="from-refused""#), "{text}");
    assert!(text.contains(r#"name="since" value="2022-05-01""#), "{text}");
}

#[test]
fn a_form_that_is_sent_twice_is_one_wish_and_one_from_another_site_none() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let signup = serde_json::json!({ "command": "sign_up", "signup": nth(50), "procurement": nth(10), "party": nth(2),
        "library": "Tromsø bibliotek", "kind": "public", "commitment": "committed", "wished_go_live": null,
        "on": "2022-05-01" });
    service.command("signups", 50, &signup);
    let form = format!("command={}&signup={}&item=leaders_informed&done=yes", nth(60), nth(50));
    let target = "/municipalities/5401/readiness";
    for _ in 0..2 {
        let answer = posted(&service, target, &form);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/municipalities/5401#ready-heading")));
    }
    let ticked = service.get("/api/v1/events?limit=1000").text().matches("signup.readiness-ticked").count();
    assert_eq!(ticked, 1);
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "cross-site")];
    let elsewhere = send(service.address(), "POST", target, &headers, form.as_bytes());
    assert_eq!(elsewhere.status, 403);
    assert!(elsewhere.text().contains("another site"), "{}", elsewhere.text());
}

#[test]
fn a_stranger_is_led_to_sign_in_and_back() {
    let service = Service::with("2022-06-01", |settings| settings.sign_in.required = true);
    let answer = service.get("/municipalities/5401?from=2023");
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), Some("/sign-in?to=/municipalities/5401%3Ffrom%3D2023"));
    assert_eq!(service.get("/accessibility").status, 200);
}

#[test]
fn a_page_that_is_not_there_says_what_it_would_have_been_of() {
    let service = Service::on("2022-06-01");
    let said = |target: &str, language: &str| {
        let page = service.get_with(target, &[("Accept-Language", language)]);
        assert_eq!(page.status, 404, "{target}");
        page.text()
    };
    let invoice = format!("/invoices/issued/{}", nth(999));
    assert!(said(&invoice, "nb").contains("Fakturaen finnes ikke, eller du har ikke tilgang til den."));
    assert!(said(&invoice, "nn").contains("Fakturaen finst ikkje, eller du har ikkje tilgang til han."));
    assert!(said(&invoice, "en").contains("The invoice does not exist, or you may not see it."));
    for (target, sentence) in [
        ("/municipalities/9999", "Kommunen finnes ikke"),
        ("/invoices/runs/00000000-0000-0000-0000-000000000009", "Fakturakjøringen finnes ikke"),
        ("/invoices/payments/00000000-0000-0000-0000-000000000009", "Innbetalingen finnes ikke"),
        ("/agreements/00000000-0000-0000-0000-000000000009", "Avtalen finnes ikke"),
        ("/keys/proposals/00000000-0000-0000-0000-000000000009", "Forslaget finnes ikke"),
    ] {
        let page = said(target, "nb");
        assert!(page.contains(sentence), "{target}: {page}");
    }
    assert!(said("/nothing/here", "nb").contains("Det finnes ikke, eller det er ikke deres å se."));
}

#[test]
fn what_is_not_there_besides_the_thing_of_the_path_has_its_own_reason() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let page = service.get_with("/municipalities/5401?as_of=2010-01-01", &[("Accept-Language", "en")]);
    let text = page.text();
    assert_eq!(page.status, 404, "{text}");
    assert!(
        text.contains("was not known yet on that day") && !text.contains("The municipality does not exist"),
        "{text}"
    );
    let proposal = service.get_with("/keys/comparison?proposal=x", &[("Accept-Language", "en")]).text();
    assert!(proposal.contains("there is no proposal x") && !proposal.contains("The procurement"), "{proposal}");
    // A form is refused for what was sent, also where the path names nothing that is there.
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept-Language", "en")];
    let target = format!("/invoices/payments/{}/match", nth(999));
    let form = format!("command={}&invoice={}", nth(60), nth(998));
    let sent = send(service.address(), "POST", &target, &headers, form.as_bytes());
    assert_eq!(sent.status, 404, "{}", sent.text());
    assert!(!sent.text().contains("The payment does not exist, or you may not see it."), "{}", sent.text());
}

#[test]
fn what_would_be_a_tag_is_shown_as_text() {
    let service = Service::on("2022-06-01");
    let page = service.get("/board/%3Cscript%3E").text();
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn over_tls_no_cookie_goes_without_it() {
    let mut service = Service::with_a_small_procurement("2022-06-01");
    service.restart_with("2022-06-01", |settings| settings.sign_in.origin = "https://bibliotek.example".to_owned());
    for target in ["/language?to=nn&back=/board", "/municipalities/5401"] {
        let answer = service.get(target);
        let cookies = answer.cookies();
        assert!(
            !cookies.is_empty() && cookies.iter().all(|cookie| cookie.contains("; Secure")),
            "{target}: {cookies:?}"
        );
    }
}

#[test]
fn what_has_changed_since_the_last_visit_is_shown_by_itself_also_on_the_same_day() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let look = |remembered: &str| {
        let page = service.get_with("/municipalities/5401?from=2023", &[("Cookie", remembered)]);
        let cookie = page.cookies()[0].split(';').next().unwrap().to_owned();
        (page.text(), cookie)
    };
    let (first, cookie) = look("");
    assert!(!first.contains("changed-heading"), "{first}");
    let (again, _) = look(&cookie);
    assert!(!again.contains("changed-heading"), "the same visit: {again}");
    // In the afternoon the cost is another.
    service.wait(chrono::TimeDelta::hours(3));
    let assess = serde_json::json!({ "command": "assess", "assessment": nth(91), "on": "2022-06-01", "source": "Kontrakt",
        "amount": { "certainty": "contracted", "amount_ore": 200_000 } });
    service.command("costs", 12, &assess);
    service.wait(chrono::TimeDelta::hours(20));
    let (next_day, cookie) = look(&cookie);
    assert!(next_day.contains("Dette er endret siden forrige besøk, 1. juni 2022 kl. 14:00"), "{next_day}");
    assert!(next_day.contains("Konvertering, 2023: fra"), "{next_day}");
    service.wait(chrono::TimeDelta::minutes(31));
    let (later, _) = look(&cookie);
    assert!(later.contains("Ingenting er endret."), "{later}");
}

#[test]
fn every_link_and_form_stays_in_the_procurement_that_is_shown() {
    let service = Service::with_a_small_procurement("2022-06-01");
    service.command(
        "procurements",
        100,
        &json!({ "command": "open", "procurement": nth(100), "name": "Utlån", "county": nth(1),
            "agreement_label": "avtale", "illustrative": true, "on": "2022-05-10" }),
    );
    let alone = service.get("/municipalities/5401").text();
    assert!(!alone.contains("procurement="), "there is no other to take part in: {alone}");
    service.command(
        "agreements",
        122,
        &json!({ "command": "draft", "agreement": nth(122), "procurement": nth(100), "party": nth(2),
            "county": nth(1), "commitment": "committed", "member_from": null, "on": "2022-05-11" }),
    );
    assert!(service.get("/municipalities/5401").text().contains("<p class=\"eyebrow\">Utlån</p>"), "the latest");
    let named = format!("procurement={}", nth(10));
    let hidden = format!("<input type=\"hidden\" name=\"procurement\" value=\"{}\">", nth(10));
    for (page, within) in [
        ("/municipalities/5401", "/municipalities/5401"),
        ("/municipalities/5401/explanations/2023", "/municipalities/5401"),
        ("/board", "/board"),
        ("/keys", "/keys"),
    ] {
        let text = service.get(&format!("{page}?{named}")).text();
        assert!(text.contains("Biblioteksystem") || page.contains("explanations"), "{page}: {text}");
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let links = links.filter(|link| link.starts_with(within) || link.starts_with('?'));
        let all: Vec<String> = links.map(|link| link.replace("&#x3D;", "=")).collect();
        let elsewhere: Vec<&String> = all
            .iter()
            .filter(|link| !link.contains(&named) && !link.ends_with("/invoices") && !link.contains(&nth(100)))
            .filter(|link| link.as_str() != within || page.starts_with("/municipalities"))
            .collect();
        assert!(!all.is_empty() && elsewhere.is_empty(), "{page} leads elsewhere: {elsewhere:?}");
        if !page.contains("explanations") {
            let forms = text.matches("<form method=\"get\"").count();
            assert!(text.contains(&hidden) && forms > 0, "{page}: {text}");
            let other = format!("{page}?procurement={}", nth(100)).replace('=', "&#x3D;");
            assert!(text.replace('=', "&#x3D;").contains(&other), "the way to the other: {text}");
        }
    }
}

#[test]
fn the_log_names_people_as_long_as_their_names_are_kept() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let named = || service.get("/log?kind=party").text();
    let page = named();
    assert!(
        page.contains("<dt lang=\"nb\">person</dt><dd lang=\"nb\">Økonomikontoret</dd>")
            && page.contains(">økonomi</dd>"),
        "{page}"
    );
    service.erase_finance_contacts();
    // It was another process that erased them, which is looked for several times a second.
    let page = before_long(|| Some(named()).filter(|page| !page.contains("Økonomikontoret"))).unwrap();
    assert!(page.contains("slettet eller aldri navngitt: ") && !page.contains("Økonomikontoret"), "{page}");
}
