//! Every page by every role: nobody sees a word of others that is not theirs, no form is taken without its token, and nobody
//! carries out what others have approved.

use std::collections::{BTreeMap, BTreeSet};

use grenselos::http;
use serde_json::{Value, json};

use super::access::{DAY, Staffed, county_finance, county_library, leader_of};
use super::browser::Browser;
use super::client::Response;
use super::service::{Service, nth};

/// What stands in each of the parameters of an address, for what is one's own and for what is another's.
type Targets = BTreeMap<&'static str, [String; 2]>;

/// The words that are one party's own: Tromsø (2) and Alta (3) in the procurement (10), Vadsø (102) in another (100).
fn words_of(party: u128) -> Vec<String> {
    ["Merkost", "Lisens", "Gammelt", "Filial"].iter().map(|what| format!("{what}{party}x")).collect()
}

/// Proposals that nobody was asked about yet.
const DRAFTS: [&str; 2] = ["Utkastet", "Merknadutkast"];

/// What one party bears, has and takes part with alone.
fn of_one(service: &Service, procurement: u128, party: u128, amount_ore: i64) {
    let at = |kind: u128| 1_000 * kind + party;
    let [cost, licence, legacy, signup]: [String; 4] = words_of(party).try_into().unwrap();
    let of_party = json!({ "by": "party", "party": nth(party) });
    service.command(
        "costs",
        at(1),
        &json!({ "command": "record", "cost": nth(at(1)), "procurement": nth(procurement), "name": cost,
            "kind": "conversion", "year": 2023, "vat_percent": "25", "on": DAY, "distribution": of_party }),
    );
    service.command(
        "costs",
        at(1),
        &json!({ "command": "assess", "assessment": nth(at(9)), "on": DAY, "source": "Kontrakt",
            "amount": { "certainty": "contracted", "amount_ore": amount_ore } }),
    );
    service.command(
        "licences",
        at(2),
        &json!({ "command": "record", "licence": nth(at(2)), "procurement": nth(procurement), "name": licence,
            "starts": "2023-01-01", "ends": null, "distribution": of_party, "vat_percent": "25", "index_clause": null,
            "on": DAY }),
    );
    service.command(
        "legacy-contracts",
        at(3),
        &json!({ "command": "record", "legacy": nth(at(3)), "procurement": nth(procurement), "party": nth(party),
            "system": legacy, "yearly_cost_ore": 100_000, "vat_percent": "25", "paid_until": "2023-06-30",
            "notice_months": 3 }),
    );
    service.command(
        "signups",
        at(4),
        &json!({ "command": "sign_up", "signup": nth(at(4)), "procurement": nth(procurement), "party": nth(party),
            "library": signup, "kind": "public", "commitment": "committed", "wished_go_live": null, "on": DAY }),
    );
}

/// Two procurements, of two counties, in which parties have something of their own; with what stands in addresses.
fn shared_by_several() -> (Service, Targets) {
    let service = Service::with_a_small_procurement(DAY);
    service.register(101, "county_authority", "943192278", "56", "Et annet fylke");
    service.register(102, "municipality", "964994218", "5607", "Vadsø");
    service.command(
        "procurements",
        100,
        &json!({ "command": "open", "procurement": nth(100), "name": "Annet100x", "county": nth(101),
            "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" }),
    );
    service.command(
        "agreements",
        122,
        &json!({ "command": "draft", "agreement": nth(122), "procurement": nth(100), "party": nth(102),
            "county": nth(101), "commitment": "committed", "member_from": null, "on": "2022-03-05" }),
    );
    of_one(&service, 10, 2, 7_111_100);
    of_one(&service, 10, 3, 7_222_200);
    of_one(&service, 100, 102, 7_333_300);
    let save = json!({ "command": "save_proposal", "proposal": nth(61), "name": DRAFTS[0], "note": DRAFTS[1],
        "definition": { "kind": "divide", "name": "Ny", "base": [{ "measure": "equal", "percent": "100" }],
            "floor": "100" },
        "applies_from": "2023-01-01", "population_date": "2022-01-01", "members": [], "on": DAY });
    service.command("sharing-keys", 11, &save);
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "54", "year": 2023,
        "planned_by": { "role": "økonomikonsulent", "person": nth(70) } });
    let planned = service.post("/api/v1/invoice-runs", &plan);
    assert_eq!(planned.status, 200, "{}", planned.text());
    let run = service.get("/api/v1/invoice-runs").json()["items"][0]["run"].as_str().unwrap().to_owned();
    let approved = json!({ "role": "økonomisjef", "person": nth(70) });
    let approved = service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approved);
    assert_eq!(approved.status, 200, "{}", approved.text());
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);
    let invoices = service.get("/api/v1/invoices").json();
    let invoice = |party: u128| {
        let of_party = |invoice: &&Value| invoice.to_string().contains(&format!("\"party\":\"{}\"", nth(party)));
        let found = invoices["items"].as_array().unwrap().iter().find(of_party).unwrap();
        found["invoice"].as_str().unwrap().to_owned()
    };
    let (own, others) = (invoice(2), invoice(3));
    let targets = BTreeMap::from([
        ("{number}", ["5401".to_owned(), "5403".to_owned()]),
        ("{agreement}", [nth(22), nth(23)]),
        ("{invoice}", [own.clone(), others.clone()]),
        ("{credit_note}", [own.clone(), others.clone()]),
        ("{letter}", [own, others]),
        ("{run}", [run.clone(), run]),
        ("{proposal}", [nth(61), nth(61)]),
        ("{payment}", [nth(999), nth(999)]),
        ("{person}", [nth(999), nth(999)]),
        ("{sha256}", ["0".repeat(64), "0".repeat(64)]),
        ("{year}", ["2023".to_owned(), "2023".to_owned()]),
        ("{objection}", ["1".to_owned(), "1".to_owned()]),
        ("{asked}", ["sign".to_owned(), "sign".to_owned()]),
    ]);
    (service, targets)
}

/// The routes of a method.
fn routes(method: &str) -> Vec<String> {
    let all = http::pages_asked_of_the_policy().into_iter();
    let paths = all.filter_map(|(route, _)| route.strip_prefix(method)?.strip_prefix(' ').map(str::to_owned));
    paths.filter(|path| !["/live", "/assets"].iter().any(|begin| path.starts_with(begin))).collect()
}

/// An address of a route, of what is one's own or another's.
fn address(route: &str, targets: &Targets, whose: usize) -> String {
    targets.iter().fold(route.to_owned(), |address, (parameter, values)| address.replace(parameter, &values[whose]))
}

/// What a page says, with amounts as they are read.
fn said(answer: &Response) -> String {
    answer.text().replace(['\u{a0}', '\u{202f}'], "")
}

/// What somebody meets on the pages: all that is said to them, and whether another's address was answered.
fn walked(browser: &Browser<'_>, targets: &Targets) -> (String, Vec<String>) {
    let (mut everything, mut answered_of_others) = (String::new(), Vec::new());
    for route in routes("GET") {
        for (whose, is_of_another) in [(0, false), (1, true)] {
            let target = address(&route, targets, whose);
            assert!(!target.contains('{'), "{route}: say what stands in its parameters");
            let answer = browser.get(&target);
            assert!(answer.status < 500, "{target}: {}", answer.text());
            everything.push_str(&said(&answer));
            if is_of_another && target != address(&route, targets, 0) && answer.status < 400 {
                answered_of_others.push(target);
            }
        }
    }
    (everything, answered_of_others)
}

fn found<'a>(words: &'a [String], text: &str) -> Vec<&'a str> {
    words.iter().map(String::as_str).filter(|word| text.contains(word)).collect()
}

#[test]
fn nobody_meets_a_word_or_an_amount_of_others_on_any_page() {
    let (service, targets) = shared_by_several();
    let finance = json!({ "name": "finance", "party": nth(2) });
    let library_leader = json!({ "name": "library_leader", "party": nth(2) });
    let staffed = Staffed::over(
        service,
        &[
            ("kommuneleder", leader_of(2)),
            ("bibliotekleder", library_leader),
            ("okonomi", finance),
            ("fylkesbibliotek", county_library()),
            ("fylkesokonomi", county_finance()),
            ("revisor", json!({ "name": "auditor" })),
            ("administrator", json!({ "name": "administrator" })),
        ],
        |_| {},
    );
    let amounts = |party: u128| match party {
        2 => "71111",
        3 => "72222",
        _ => "73333",
    };
    let of = |party: u128| -> Vec<String> { words_of(party).into_iter().chain([amounts(party).to_owned()]).collect() };
    let drafts = DRAFTS.map(str::to_owned).to_vec();
    let of_others: Vec<String> = [of(3), of(102), drafts.clone()].concat();
    for name in ["kommuneleder", "bibliotekleder", "okonomi"] {
        let (browser, _) = staffed.signed_in(name);
        let (text, answered) = walked(&browser, &targets);
        assert_eq!(found(&of_others, &text), [""; 0], "{name}");
        assert_eq!(answered, [""; 0], "{name}");
    }
    for name in ["fylkesbibliotek", "fylkesokonomi"] {
        let (browser, _) = staffed.signed_in(name);
        let (text, _) = walked(&browser, &targets);
        assert_eq!(found(&[of(102), vec!["Annet100x".to_owned()]].concat(), &text), [""; 0], "{name}");
    }
    let all: Vec<String> = [of(2), of(3), of(102), drafts].concat();
    let (administrator, _) = staffed.signed_in("administrator");
    let (text, answered) = walked(&administrator, &targets);
    assert_eq!(found(&all, &text), [""; 0], "who keeps accounts alone");
    assert_eq!(answered, [""; 0]);
    // Who reads everything meets it, so that it is there to be met.
    let (auditor, _) = staffed.signed_in("revisor");
    let (text, _) = walked(&auditor, &targets);
    let met: BTreeSet<&str> = found(&all, &text).into_iter().collect();
    for word in ["Merkost2x", "Merkost3x", "Lisens3x", "Filial3x", "72222", DRAFTS[0], DRAFTS[1]] {
        assert!(met.contains(word), "{word} is met by nobody: {met:?}");
    }
}

/// Where the links of a page lead, within the service.
fn links(text: &str) -> BTreeSet<String> {
    let addresses = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = addresses.filter(|address| address.starts_with('/') && !address.starts_with("/language"));
    let written = own.map(|address| address.replace("&amp;", "&").replace("&#x3D;", "="));
    written.map(|address| address.split('#').next().unwrap().to_owned()).collect()
}

#[test]
fn no_link_that_somebody_is_shown_leads_to_a_refusal() {
    let (service, targets) = shared_by_several();
    let staff = [
        ("kommuneleder", leader_of(2)),
        ("bibliotekleder", json!({ "name": "library_leader", "party": nth(2) })),
        ("okonomi", json!({ "name": "finance", "party": nth(2) })),
        ("fylkesbibliotek", county_library()),
        ("fylkesokonomi", county_finance()),
        ("revisor", json!({ "name": "auditor" })),
        ("administrator", json!({ "name": "administrator" })),
    ];
    let staffed = Staffed::over(service, &staff, |_| {});
    for (name, _) in staff {
        let (browser, _) = staffed.signed_in(name);
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        for route in routes("GET") {
            let target = address(&route, &targets, 0);
            let answer = browser.get(&target);
            let is_page = answer.header("content-type").is_some_and(|media_type| media_type.starts_with("text/html"));
            if answer.status == 200 && is_page {
                shown.extend(links(&answer.text()).into_iter().map(|link| (link, target.clone())));
            }
        }
        assert!(shown.len() > 3, "{name}: {shown:?}");
        for (link, page) in shown {
            let status = browser.get(&link).status;
            assert!(status < 400, "{name} is shown {link} on {page}, and is answered {status}");
        }
    }
}

#[test]
fn what_somebody_may_not_see_or_do_is_not_offered() {
    let (service, _) = shared_by_several();
    let finance = json!({ "name": "finance", "party": nth(2) });
    let auditor = json!({ "name": "auditor" });
    let staffed =
        Staffed::over(service, &[("okonomi", finance), ("revisor", auditor), ("leder", leader_of(2))], |_| {});
    let page = |name: &str| staffed.by_password(name).get("/municipalities/5401").text();
    let (finance, auditor, leader) = (page("okonomi"), page("revisor"), page("leder"));
    assert!(!finance.contains("id=\"ready-heading\""), "it is not theirs to see: {finance}");
    let ticks = |text: &str| -> Vec<bool> {
        let buttons = text.split("class=\"tick\"").skip(1).map(|rest| rest.split('>').next().unwrap());
        buttons.map(|button| !button.contains(" disabled")).collect()
    };
    assert!(!ticks(&auditor).is_empty() && !ticks(&auditor).contains(&true), "{auditor}");
    assert!(ticks(&leader).contains(&true), "{leader}");
}

#[test]
fn who_signed_in_by_password_alone_is_told_why_forms_are_missing() {
    let auditor = json!({ "name": "auditor" });
    let staffed = Staffed::with(&[("bibliotek", county_library()), ("revisor", auditor)], |_| {});
    let lead = "href=\"/sign-in/confirm?to=/keys\"";
    assert!(staffed.by_password("bibliotek").get("/keys").text().contains(lead));
    assert!(!staffed.by_password("revisor").get("/keys").text().contains(lead), "nothing is missing");
    let library = Browser::new(&staffed.service);
    library.sign_in("bibliotek@kommune.example", "fire ord satt sammen");
    assert!(library.get("/board").text().contains("href=\"/sign-in/confirm?to=/board\""));
    assert!(!library.get("/account").text().contains("skjemaer kan mangle"), "it says so itself");
}

#[test]
fn an_auditor_finds_what_somebody_did_by_choosing_who_it_was() {
    let auditor = json!({ "name": "auditor" });
    let staffed = Staffed::with(&[("bibliotek", county_library()), ("revisor", auditor)], |_| {});
    let (library, _) = staffed.signed_in("bibliotek");
    let target = format!("/api/v1/procurements/{}/commands", nth(10));
    let milestone = json!({ "command": "set_milestone", "name": "kontrakt", "on": "2022-10-15" });
    assert_eq!(library.post(&target, "milestone", &milestone).status, 200);
    let auditor = staffed.by_password("revisor");
    let page = auditor.get("/log").text();
    let who = page.split("<datalist").nth(1).unwrap().split("</datalist>").next().unwrap();
    let option = who.split("<option value=\"").find(|option| option.contains("Fylkesbiblioteket")).unwrap();
    let written = option.split('"').next().unwrap();
    let found = auditor.get(&format!("/log?actor={}", written.replace(' ', "+"))).text();
    assert_eq!(found.matches("<li id=\"event-").count(), 1, "{found}");
    assert!(found.contains("Fylkesbiblioteket: Biblioteksystem ("), "{found}");
    assert!(!library.get("/log").text().contains("<datalist"), "who has access is not the library's to see");
}

#[test]
fn a_draft_of_a_proposal_is_the_county_librarys_until_it_is_sent() {
    let (service, _) = shared_by_several();
    let staffed = Staffed::over(service, &[("leder", leader_of(2)), ("bibliotek", county_library())], |_| {});
    let leader = staffed.by_password("leder");
    let (library, _) = staffed.signed_in("bibliotek");
    let (key, page) = (format!("/api/v1/sharing-keys/{}", nth(11)), format!("/keys/proposals/{}", nth(61)));
    let compared = format!("{key}/proposals/{}/comparison", nth(61));
    let count = |browser: &Browser<'_>| browser.get(&key).json()["proposals"].as_array().unwrap().len();
    assert_eq!((count(&leader), count(&library)), (0, 1));
    assert_eq!([&page, &compared].map(|target| leader.get(target).status), [404, 404]);
    assert_eq!([&page, &compared].map(|target| library.get(target).status), [200, 200]);
    assert!(!library.get("/keys").text().contains("bibliotek@"), "and who saved it is named to nobody");
    let explained = format!("/api/v1/procurements/{}/explanations/{}?year=2023", nth(10), nth(2));
    let explained = leader.get(&explained).text();
    assert!(explained.contains("sharing-key.adopted") && !explained.contains("proposal-saved"), "{explained}");
    let open = json!({ "command": "open_hearing", "proposal": nth(61), "answer_by": "2022-05-01", "on": DAY });
    let opened = library.post(&format!("{key}/commands"), "h", &open);
    assert_eq!(opened.status, 200, "{}", opened.text());
    assert_eq!((count(&leader), leader.get(&page).status), (1, 200), "now everybody is asked");
}

#[test]
fn no_form_is_taken_without_the_token_of_its_session() {
    let (service, targets) = shared_by_several();
    let roles = [
        leader_of(2),
        county_library(),
        county_finance(),
        json!({ "name": "finance", "party": nth(2) }),
        json!({ "name": "administrator" }),
        json!({ "name": "auditor" }),
    ];
    let staff: Vec<(&str, Value)> = roles.into_iter().map(|role| ("alle", role)).collect();
    let staffed = Staffed::over(service, &staff, |_| {});
    let (browser, _) = staffed.signed_in("alle");
    let of_sign_in = [
        "/sign-out",
        "/account/end-session",
        "/account/remove-passkey",
        "/account/remove-link",
        "/account/tokens",
        "/account/revoke-token",
    ]
    .map(str::to_owned);
    let routes: Vec<String> = routes("POST").into_iter().chain(of_sign_in).collect();
    assert!(routes.len() > 40, "{}", routes.len());
    let before = browser.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len();
    for route in &routes {
        let target = address(route, &targets, 0);
        let fields = [("command", nth(500)), ("form_token", "of another".to_owned()), ("session", nth(1))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let mut answer = browser.form(&target, &fields);
        if answer.status == 422 {
            // One with a file.
            let body = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"command\"\r\n\r\n{}\r\n--edge--\r\n",
                nth(500)
            );
            let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "multipart/form-data; boundary=edge")];
            answer = browser.send("POST", &target, &headers, body.as_bytes());
        }
        let text = answer.text();
        assert!(answer.status == 403 && text.contains("en tidligere innlogging"), "{target}: {} {text}", answer.status);
    }
    let after = browser.get("/api/v1/events?limit=1000").json()["items"].as_array().unwrap().len();
    assert_eq!(before, after, "nothing has happened");
}

#[test]
fn finance_of_one_county_carries_out_nothing_that_another_has_approved() {
    let service = Service::with_a_small_procurement(DAY);
    let plan = json!({ "procurement": "Biblioteksystem", "issuer": "54", "year": 2023,
        "planned_by": { "role": "økonomikonsulent", "person": nth(70) } });
    assert_eq!(service.post("/api/v1/invoice-runs", &plan).status, 200);
    let run = service.get("/api/v1/invoice-runs").json()["items"][0]["run"].as_str().unwrap().to_owned();
    let approved = json!({ "role": "økonomisjef", "person": nth(70) });
    assert_eq!(service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &approved).status, 200);
    service.register(101, "county_authority", "943192278", "56", "Et annet fylke");
    let elsewhere = json!({ "name": "county_finance", "county": nth(101) });
    let staffed = Staffed::over(service, &[("andre", elsewhere), ("egen", county_finance())], |_| {});
    let (others, _) = staffed.signed_in("andre");
    let (own, _) = staffed.signed_in("egen");
    let issue = |browser: &Browser<'_>, key: &str| browser.post("/api/v1/invoice-runs/issue", key, &json!({})).json();
    assert_eq!(issue(&others, "a")["issued_count"], 0);
    let token =
        |page: &str| page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form_token = token(&others.get("/account").text());
    let command = nth(600);
    let form = others.form("/invoices/issue", &[("command", &command), ("form_token", &form_token), ("run", &run)]);
    assert_eq!(form.status, 403, "{}", form.text());
    assert_eq!(issue(&own, "b")["issued_count"], 3);
}

#[test]
fn who_may_see_a_proposal_is_decided_by_today_and_what_it_was_by_the_day_asked_for() {
    let service = Service::with_a_small_procurement("2022-04-01");
    let save = |proposal: u128, name: &str| {
        let definition = json!({ "kind": "divide", "name": name, "base": [{ "measure": "equal", "percent": "100" }] });
        let save = json!({ "command": "save_proposal", "proposal": nth(proposal), "name": name, "note": null,
            "definition": definition, "applies_from": "2023-01-01", "population_date": "2022-01-01",
            "members": [{ "party": nth(3), "joins": null, "leaves": "2022-12-31" }], "on": "2022-04-01" });
        service.command("sharing-keys", 11, &save);
    };
    save(61, "Sendt");
    save(62, "Utkast");
    let staffed = Staffed::over(service, &[("leder", leader_of(2)), ("bibliotek", county_library())], |_| {});
    let leader = staffed.by_password("leder");
    let (library, _) = staffed.signed_in("bibliotek");
    let key = format!("/api/v1/sharing-keys/{}", nth(11));
    let seen = |browser: &Browser<'_>, asked: &str| -> Vec<(String, bool)> {
        let found = browser.get(&format!("{key}{asked}")).json()["proposals"].as_array().unwrap().clone();
        let listed = browser.get(&format!("/api/v1/sharing-keys{asked}")).json()["items"][0]["proposals"].clone();
        assert_eq!(json!(found), listed, "the list says the same");
        let found = found.iter();
        found.map(|one| (one["name"].as_str().unwrap().to_owned(), one["hearing"].is_object())).collect()
    };
    let then = "?as_of=2022-04-02";
    let (sent, draft) = (|is_heard| ("Sendt".to_owned(), is_heard), ("Utkast".to_owned(), false));
    assert_eq!((seen(&leader, ""), seen(&leader, then)), (vec![], vec![]));
    assert_eq!(seen(&library, then), [sent(false), draft.clone()]);
    let open = json!({ "command": "open_hearing", "proposal": nth(61), "answer_by": "2022-05-01", "on": DAY });
    let opened = library.post(&format!("{key}/commands"), "h", &open);
    assert_eq!(opened.status, 200, "{}", opened.text());
    assert_eq!((seen(&leader, ""), seen(&leader, then)), (vec![sent(true)], vec![sent(false)]));
    assert_eq!(seen(&library, then), [sent(false), draft]);
    let compared = |proposal, asked: &str| leader.get(&format!("{key}/proposals/{}/comparison{asked}", nth(proposal)));
    assert_eq!([compared(61, then).status, compared(61, "").status], [200; 2]);
    assert_eq!([compared(62, then).status, compared(62, "").status], [404; 2]);
}
