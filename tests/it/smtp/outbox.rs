//! The outbox with the real program and a real mail server: whatever the server does, and whatever becomes of the worker,
//! nobody gets a letter twice, and everybody's letter is seen.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Datelike as _;
use expect_test::expect;
use grenselos::app::{Access, App};
use grenselos::clock::{Clock as _, StoppedClock, WallClock};
use grenselos::config::Settings;
use grenselos::ids::RandomIds;
use grenselos::ledger::Ledger;
use grenselos::worker::Tools;
use serde_json::Value;

use super::{Server, read};
use crate::place::{Place, Ran, words};

/// The municipalities that the county invoices once more, in the order of their invoices.
const MUNICIPALITIES: [&str; 21] = [
    "5501", "5503", "5510", "5512", "5514", "5516", "5518", "5520", "5522", "5524", "5526", "5528", "5530", "5532",
    "5534", "5536", "5538", "5540", "5542", "5544", "5546",
];

/// The address of the n-th municipality, with what the server is to do to its letter.
pub fn address(index: usize, fate: &str) -> String {
    format!("{fate}@kommune{index}.example")
}

/// A county with an approved run of letters to municipalities, some of which have another fate than being taken.
struct County {
    place: Place,
}

impl County {
    fn new(name: &str, server: &Server, connections: usize, fates: &[(usize, &str)]) -> Self {
        let county = Self { place: Place::with_demo(name) };
        county.address(&(0..MUNICIPALITIES.len()).map(|index| (index, "ok")).collect::<Vec<_>>());
        county.address(fates);
        let settings = format!(
            "[data]\ndirectory = \"{}\"\n[mail.smtp]\nhost = \"localhost\"\nport = {}\nuser = \"fylket\"\n\
             password_file = \"{}\"\nca_file = \"{}\"\nconnections = {connections}\ndkim_key_file = \"{}\"\n\
             dkim_selector = \"faktura\"\ndkim_domain = \"fylke.example\"\n",
            county.place.path("demo/data").display(),
            server.port("starttls"),
            server.path("password").display(),
            server.path("ca.pem").display(),
            server.path("dkim.pem").display(),
        );
        county.place.file("settings.toml", settings);
        county.place.file(
            "costs.csv",
            "navn;type;år;fordelingsnøkkel;mva_prosent;dato;sikkerhet;beløp;kilde\n\
             Innføring;opplæring;2024;30/70;25;2024-02-01;avtalt;100 000,00;Kontrakten (oppdiktet)\n",
        );
        county.run("import costs costs.csv");
        let plan = county.run("invoice plan --issuer 55 --year 2024 --format json");
        let run = serde_json::from_str::<Value>(&plan).unwrap()["run"].as_str().unwrap().to_owned();
        county.run(&format!("invoice approve {run} --role økonomisjef --person 00000000-0000-4000-8000-000000000001"));
        county
    }

    /// Gives finance contacts other addresses.
    fn address(&self, fates: &[(usize, &str)]) {
        let mut contacts = "party;role;name;email\n".to_owned();
        for (index, fate) in fates {
            let name = format!("Økonomi i {} – «Čáhcesuolu», đŋšŧž", MUNICIPALITIES[*index]);
            writeln!(contacts, "{};finance;{name};{}", MUNICIPALITIES[*index], address(*index, fate)).unwrap();
        }
        self.place.file("contacts.csv", contacts);
        let arguments = words("--data demo/data import contacts contacts.csv");
        let output = self.place.command(&arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[track_caller]
    fn run(&self, line: &str) -> String {
        let line = line.replace(AS_TOLD, &of_this_year());
        let ran = self.place.run(&format!("grenselos --config settings.toml {line}"));
        assert_eq!((ran.code, &*ran.err), (0, ""), "{line}: {}", ran.out);
        ran.out.replace(&of_this_year(), AS_TOLD)
    }

    fn with_a_wrong_password(&self, line: &str) -> Ran {
        let settings = fs::read_to_string(self.place.path("settings.toml")).unwrap();
        self.place.file("wrong.toml", settings.replace("/password\"", "/wrong\""));
        self.place.run(&format!("grenselos --config wrong.toml {line}"))
    }

    /// What is numbered while the mail server is not there.
    fn without_a_server(&self, line: &str) -> Ran {
        let settings = fs::read_to_string(self.place.path("settings.toml")).unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = settings.lines().find(|line| line.starts_with("port = ")).unwrap();
        self.place.file("nobody.toml", settings.replace(port, &format!("port = {nobody}")));
        self.place.run(&format!("grenselos --config nobody.toml {line}"))
    }

    /// The letters of the run that are not accepted: number, state, attempts, words.
    fn open_letters(&self) -> String {
        let listed: Value = serde_json::from_str(&self.run("outbox --format json")).unwrap();
        let mut told = String::new();
        for letter in listed["letters"].as_array().unwrap() {
            if letter["state"] != "accepted" {
                writeln!(
                    told,
                    "{} {} after {} attempt(s): {}",
                    letter["number"],
                    letter["state"].as_str().unwrap(),
                    letter["attempts_count"],
                    letter["said"].as_str().unwrap_or_default()
                )
                .unwrap();
            }
        }
        told
    }

    /// The program in this process, at another time.
    fn app(&self, clock: StoppedClock) -> App {
        let settings = Settings::load(Some(&self.place.path("settings.toml"))).unwrap();
        App::open_with(settings, Access::Write, Arc::new(clock), Arc::new(RandomIds)).unwrap()
    }
}

/// How the numbers of the invoices begin here, whenever this is told.
const AS_TOLD: &str = "559900";

/// How they begin in truth: with two digits of the year in which they are issued.
fn of_this_year() -> String {
    format!("55{:02}00", WallClock.today().year() % 100)
}

/// What is in all mailboxes where each municipality has got one letter.
fn one_each(fates: &[(usize, &str)]) -> Vec<(String, usize)> {
    let fate = |index: usize| fates.iter().find(|(other, _)| *other == index).map_or("ok", |(_, fate)| *fate);
    let mut counts: Vec<_> = (0..MUNICIPALITIES.len()).map(|index| (address(index, fate(index)), 1)).collect();
    counts.sort();
    counts
}

#[test]
fn a_server_of_many_moods_gets_each_letter_once() {
    let server = Server::start("moods");
    let fates =
        [(0, "later-once"), (1, "nobody"), (2, "spam"), (3, "drop"), (4, "taken-drop"), (5, "busy"), (6, "later")];
    let county = County::new("letters to a server of many moods", &server, 4, &fates);
    let issued = county.run("invoice issue");
    expect![[r#"
        21 numbered, 21 drawn up, 21 e-invoices laid out, 14 sent, 3 put off, 4 waiting for a person
    "#]]
    .assert_eq(&issued);
    expect![[r#"
        559900002 parked after 1 attempt(s): refused for good; correct the address, or what the answer names, then ask for another attempt: 550 5.1.1 … no such user here
        559900003 parked after 1 attempt(s): refused for good; correct the address, or what the answer names, then ask for another attempt: 554 5.7.1 this looks like spam
        559900004 unknown after 1 attempt(s): it may have arrived or not (broken off after the letter was handed over: the connection ended); ask the recipient, and settle it: where it has not arrived, it is sent again with the same Message-ID
        559900005 unknown after 1 attempt(s): it may have arrived or not (broken off after the letter was handed over: the connection ended); ask the recipient, and settle it: where it has not arrived, it is sent again with the same Message-ID
        559900001 deferred after 1 attempt(s): 451 4.7.1 … greylisted, come again later
        559900006 deferred after 1 attempt(s): 421 4.3.2 closing down
        559900007 deferred after 1 attempt(s): 451 4.7.1 … greylisted, come again later
    "#]].assert_eq(&county.open_letters());
    assert_eq!(server.counts().len(), 15, "14 were taken, and one of which only the server knows");
    assert_eq!(
        county.run("invoice issue"),
        "0 numbered, 0 drawn up, 0 e-invoices laid out, 0 sent, 0 waiting for a person\n"
    );

    // A person has corrected what there was to correct, and has heard that the letter of the fourth did arrive.
    let corrected = [(1, "post"), (2, "post"), (3, "post"), (5, "post"), (6, "post")];
    county.address(&corrected);
    for number in [559_900_001, 559_900_002, 559_900_003, 559_900_004, 559_900_006, 559_900_007] {
        county.run(&format!("outbox retry {number}"));
    }
    expect![[r#"
        559900005 unknown after 1 attempt(s): it may have arrived or not (broken off after the letter was handed over: the connection ended); ask the recipient, and settle it: where it has not arrived, it is sent again with the same Message-ID
    "#]].assert_eq(&county.open_letters());
    assert_eq!(server.counts(), one_each(&[corrected.as_slice(), &[(0, "later-once"), (4, "taken-drop")]].concat()),);

    let letter = &server.mailbox(&address(7, "ok"))[0];
    let read = read(letter, Some(&server.path("dkim.txt")));
    assert_eq!((&read["signed"], &read["defects"]), (&Value::Bool(true), &Value::Array(vec![])));
    assert_eq!(read["to"][0], "Økonomi i 5520 – «Čáhcesuolu», đŋšŧž");
    let subject = read["subject"].as_str().unwrap().replace(&of_this_year(), AS_TOLD);
    expect!["Faktura 559900008 fra Troms fylkeskommune"].assert_eq(&subject);
    assert_eq!(read["attachments"].as_array().unwrap().len(), 2, "the document and the e-invoice");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it waits no longer than that")]
fn a_worker_killed_while_a_letter_is_under_way_sends_nothing_twice() {
    let server = Server::start("killed");
    let county = County::new("letters of a killed worker", &server, 1, &[(3, "taken-hang")]);
    let mut worker = county
        .place
        .command(&words("--config settings.toml invoice issue"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while server.mailbox(&address(3, "taken-hang")).is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(1), "the letter did not arrive");
        std::thread::sleep(Duration::from_millis(10));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();

    assert_eq!(
        county.run("invoice issue"),
        "0 numbered, 0 drawn up, 0 e-invoices laid out, 17 sent, 0 waiting for a person\n"
    );
    county.run("rebuild");
    county.run("invoice issue");
    assert_eq!(county.open_letters(), "559900004 attempting after 1 attempt(s): \n");

    let later = StoppedClock(WallClock.now() + chrono::TimeDelta::minutes(10));
    assert_eq!(county.app(later).work(&mut |_, _| {}).unwrap().parked_count, 1);
    assert!(county.open_letters().starts_with("559900004 unknown after 1 attempt(s): it may have arrived or not"));
    assert_eq!(server.counts(), one_each(&[(3, "taken-hang")]));
}

#[test]
fn two_workers_at_once_send_each_letter_once() {
    let server = Server::start("workers");
    let county = County::new("letters of two workers", &server, 4, &[]);
    let numbered = county.without_a_server("invoice issue");
    assert!(numbered.out.starts_with("21 numbered, 21 drawn up"), "{}", numbered.out);
    let app = county.app(StoppedClock(WallClock.now()));
    // Both have folded the log as it is now, so that both begin with the same letters.
    let ledgers = [(); 2].map(|()| Ledger::open(app.store.port()).unwrap());
    let sent: Vec<usize> = std::thread::scope(|scope| {
        let workers = ledgers.each_ref().map(|ledger| {
            let tools = Tools { ledger, ..app.tools() };
            scope.spawn(move || tools.work(&mut |_, _| {}).unwrap().mailed_count)
        });
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(sent.iter().sum::<usize>(), MUNICIPALITIES.len());
    assert!(sent.iter().all(|sent| *sent > 0), "both had something to do: {sent:?}");
    assert_eq!(server.counts(), one_each(&[]));
}

#[test]
fn a_service_whose_mail_server_does_not_take_its_password_does_not_start() {
    let server = Server::start("refused");
    let county = County::new("letters without a password", &server, 1, &[]);
    for line in ["serve --role worker", "outbox check"] {
        let ran = county.with_a_wrong_password(line);
        assert_eq!(ran.code, 2, "{}", ran.err);
        let port = server.port("starttls");
        assert_eq!(
            ran.err,
            format!(
                "grenselos: the mail server localhost:{port} does not take the password of fylket (535 5.7.8 \
                 Authentication credentials invalid): see mail.smtp.user and the password\n"
            )
        );
    }
    let issue = county.with_a_wrong_password("invoice issue");
    assert_eq!(
        (issue.code, &*issue.out),
        (1, "0 numbered, 0 drawn up, 0 e-invoices laid out, 0 sent, 0 waiting for a person\n")
    );
    let begins = "grenselos: nothing was numbered, since the letters could not be sent: the mail server";
    assert!(issue.err.starts_with(begins), "{}", issue.err);
    assert_eq!(county.open_letters(), "");
}

#[test]
fn a_key_to_sign_letters_by_that_is_none_is_said_before_anything_is_numbered() {
    let server = Server::start("unsigned");
    let county = County::new("letters without a key", &server, 1, &[]);
    county.place.file("no key.pem", "no key");
    let settings = fs::read_to_string(county.place.path("settings.toml")).unwrap();
    let key = server.path("dkim.pem").display().to_string();
    let none = county.place.path("no key.pem").display().to_string();
    county.place.file("unsigned.toml", settings.replace(&key, &none));
    for (line, code) in [("serve --role worker", 2), ("outbox check", 2), ("invoice issue", 1)] {
        let ran = county.place.run(&format!("grenselos --config unsigned.toml {line}"));
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains("dkim_key_file"), "{}", ran.err);
        assert!(ran.err.contains("it must hold an RSA key in PEM form"), "{}", ran.err);
    }
    assert_eq!(county.open_letters(), "", "nothing was numbered");
}
