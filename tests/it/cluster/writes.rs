//! Who writes through one instance and reads through another sees what was written.

use serde_json::json;

use super::instance::Instance;
use super::server::TestServer;
use crate::http::service::nth;
use crate::place::Place;

/// A county authority to begin with; says how far the log has come.
pub fn register(instance: &Instance) -> String {
    let register = json!({ "command": "register", "party": nth(1), "kind": "county_authority",
        "organisation_number": "922420866", "vat_compensated": true });
    let answer = instance.post(&commands(1), &register);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("Log-Position").unwrap().to_owned()
}

/// Where commands on a party go.
pub fn commands(party: u128) -> String {
    format!("/api/v1/parties/{}/commands", nth(party))
}

#[test]
fn who_writes_through_one_instance_sees_it_through_another() {
    let server = TestServer::start();
    let place = Place::new("writes through several instances");
    place.file("settings.toml", format!("[data]\ndirectory = \"data\"\nstore = \"{}\"\n", server.url()));
    let names = ["writes one", "writes two", "writes three"];
    let begun = names.map(|name| Instance::begin(&place, name, "all"));
    begun.iter().for_each(Instance::wait_until_ready);

    // A position is told with a write, and waited for with a read.
    let mut position = register(&begun[0]);
    assert_eq!(position, "1");
    for number in 0..12 {
        let reference = format!("BIB-{number}");
        let answer =
            begun[number % 3].post(&commands(1), &json!({ "command": "set_buyer_reference", "reference": reference }));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header("Log-Position").unwrap().clone_into(&mut position);
        let party = begun[(number + 1) % 3].known_at(&position, &format!("/api/v1/parties/{}", nth(1)));
        assert_eq!(party["buyer_reference"], reference);
    }

    // All at once: whoever is refused has changed nothing, and the others count without a gap.
    let taken: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = begun
            .iter()
            .enumerate()
            .map(|(writer, instance)| {
                scope.spawn(move || {
                    let write = |number: usize| {
                        let reference = format!("AT-ONCE-{writer}-{number}");
                        let command = json!({ "command": "set_buyer_reference", "reference": reference });
                        let answer = instance.post(&commands(1), &command);
                        assert!([200, 409].contains(&answer.status), "{}", answer.text());
                        usize::from(answer.status == 200)
                    };
                    (0..8).map(write).sum::<usize>()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert!(taken > 8, "hardly anything was taken: {taken}");
    let position = (1 + 12 + taken).to_string();
    let logs = begun.each_ref().map(|instance| instance.known_at(&position, "/api/v1/events?limit=1000"));
    assert_eq!(logs[0]["items"].as_array().unwrap().len(), 1 + 12 + taken);
    assert!(logs.iter().all(|log| *log == logs[0]));

    // A browser is told by a cookie, which it brings to whichever instance it is led to.
    let open = json!({ "command": "open", "procurement": nth(10), "name": "Biblioteksystem", "county": nth(1),
        "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" });
    let opened = begun[1].post(&format!("/api/v1/procurements/{}/commands", nth(10)), &open);
    let position = opened.header("Log-Position").unwrap();
    let proposal = [
        ("command", &*nth(100)),
        ("procurement", &*nth(10)),
        ("tried", "yes"),
        ("percent-equal", "100"),
        ("applies_from", "2023-01-01"),
        ("from", "2023"),
        ("name", "Likt"),
    ];
    begun[0].known_at(position, "/api/v1/procurements");
    let led = begun[0].send_form("/keys/proposals", &proposal);
    let cookies = led.cookies();
    let cookie = cookies.iter().find_map(|cookie| cookie.split(';').next().filter(|it| it.contains("position=")));
    let cookie = cookie.unwrap_or_else(|| panic!("{} {cookies:?}: {}", led.status, led.text()));
    assert_eq!(begun[2].get_with("/keys", &[("Cookie", cookie)]).status, 200);

    // What is never reached is waited for with a limit, and then said.
    let ahead = ("Log-Position-At-Least", "1000000");
    let (program, browser) = std::thread::scope(|scope| {
        let program = scope.spawn(|| begun[0].get_with("/api/v1/parties", &[ahead]));
        let browser = scope.spawn(|| begun[1].get_with("/keys", &[("Cookie", "grenselos-position=1000000")]));
        (program.join().unwrap(), browser.join().unwrap())
    });
    assert!(program.problem().starts_with("503 position-not-reached: this instance has read the log to position "));
    assert_eq!((program.header("retry-after"), browser.status), (Some("5"), 503));
    assert!(browser.text().contains("<html"), "a browser gets a page: {}", browser.text());
    let unreadable = begun[2].get_with("/api/v1/parties", &[("Log-Position-At-Least", "soon")]);
    assert!(unreadable.problem().starts_with("400 parameter-invalid: Log-Position-At-Least takes a number"));
}
