//! What was typed is not lost where one has to sign in first, or once more.

use chrono::TimeDelta;
use serde_json::json;

use super::access::{Staffed, county_library, leader_of};
use super::browser::Browser;
use super::client::Response;
use super::service::nth;

const PASSWORD: &str = "fire ord satt sammen";
const TYPED: [(&str, &str); 3] = [("name", "Etter innbyggertall"), ("note", "Til drøfting"), ("tried", "yes")];

/// The token of the forms of a page.
#[track_caller]
fn token(page: &Response) -> String {
    let text = page.text();
    let found = text.split("name=\"form_token\" value=\"").nth(1).unwrap_or_else(|| panic!("{text}"));
    found.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn save(browser: &Browser<'_>, token: &str) -> Response {
    let command = nth(700);
    let of_form = [("command", command.as_str()), ("form_token", token), ("seen", ""), ("seen_at", "/keys")];
    let fields: Vec<(&str, &str)> = of_form.into_iter().chain(TYPED).collect();
    browser.form("/keys/proposals", &fields)
}

#[test]
fn what_was_typed_is_there_again_when_one_has_signed_in_anew() {
    let staffed = Staffed::with(&[("bibliotek", county_library())], |_| {});
    let (library, passkey) = staffed.signed_in("bibliotek");
    let before = token(&library.get("/keys?tried=yes"));
    staffed.service.wait(TimeDelta::minutes(31));
    let refused = save(&library, &before);
    let text = refused.text();
    assert_eq!(refused.status, 401);
    assert!(text.contains("href=\"/sign-in?to=/resumed\"") && text.contains("lang=\"nb\""), "{text}");
    assert!(text.contains("Det er ikke kjent hvem som spør") && text.contains("tatt vare på"), "{text}");
    assert!(!text.contains("Etter innbyggertall"), "a stranger is shown nothing");
    assert_eq!(library.get("/resumed").header("location"), Some("/sign-in?to=/resumed"));
    library.sign_in("bibliotek@kommune.example", PASSWORD);
    library.show_passkey(&passkey, None);
    let page = library.get("/resumed");
    let text = page.text();
    assert!(text.contains("action=\"/keys/proposals\"") && text.contains("value=\"Etter innbyggertall\""), "{text}");
    assert!(
        text.contains("href=\"/keys\"") && text.contains(&nth(700)),
        "the page it stood on, and the same wish: {text}"
    );
    let taken = save(&library, &token(&page));
    assert_eq!(taken.status, 303, "{}", taken.text());
    assert!(taken.header("location").unwrap().starts_with("/keys/proposals/"));
}

#[test]
fn what_was_typed_is_there_again_after_a_stronger_proof_and_for_nobody_else() {
    let staffed = Staffed::with(&[("leder", leader_of(2)), ("en-annen", leader_of(3))], |_| {});
    let leader = staffed.by_password("leder");
    let target = "/municipalities/5401/readiness";
    let (command, signup) = (nth(701), nth(50));
    let form_token = token(&leader.get("/account"));
    let tick = [
        ("command", command.as_str()),
        ("form_token", &form_token),
        ("signup", &signup),
        ("done", "yes"),
        ("item", "leaders_informed"),
        ("seen_at", "/municipalities/5401"),
    ];
    let refused = leader.form(target, &tick);
    let text = refused.text();
    assert_eq!(refused.status, 403);
    assert!(text.contains("href=\"/sign-in/confirm?to=/resumed\""), "{text}");
    let shown = leader.get("/resumed").text();
    assert!(shown.contains("value=\"leaders_informed\"") && shown.contains("href=\"/municipalities/5401\""), "{shown}");
    // In the same browser somebody else signs in.
    leader.take_up(&staffed.link_of("en-annen"), PASSWORD);
    assert_eq!(leader.get("/resumed").header("location"), Some("/"), "it is not theirs");
}

#[test]
fn a_form_of_an_earlier_session_can_be_sent_again_and_one_with_a_file_leads_back_to_its_page() {
    let staffed = Staffed::with(&[("bibliotek", county_library())], |_| {});
    let (library, passkey) = staffed.signed_in("bibliotek");
    let before = token(&library.get("/keys?tried=yes"));
    library.show_passkey(&passkey, None);
    let refused = save(&library, &before);
    assert!(refused.status == 403 && refused.text().contains("href=\"/resumed\""), "{}", refused.text());
    assert!(library.get("/resumed").text().contains("Til drøfting"));
    staffed.service.wait(TimeDelta::minutes(61));
    library.sign_in("bibliotek@kommune.example", PASSWORD);
    assert_eq!(library.get("/resumed").header("location"), Some("/"), "an hour is over");

    let stranger = Browser::new(&staffed.service);
    let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "multipart/form-data; boundary=edge")];
    let target = format!("/agreements/{}/copies", nth(22));
    let refused = stranger.send("POST", &target, &headers, b"--edge--\r\n");
    let expected = format!("href=\"/sign-in?to=/agreements/{}\"", nth(22));
    assert!(refused.status == 401 && refused.text().contains(&expected), "{}", refused.text());
    let by_program = stranger.script("/api/v1/parties/x/commands", &json!({}));
    assert_eq!(by_program.status, 401);
    assert!(by_program.problem().starts_with("401 sign-in-needed"), "programs get what they got");
}
