//! A service in a directory of its own, with a stopped clock, and a small procurement to ask about.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use grenselos::app::{Access, App, AppError};
use grenselos::clock::{Clock, noon};
use grenselos::config::Settings;
use grenselos::domain::delivery::{DeliveryCommand, StartAttempt};
use grenselos::domain::identity::PersonId;
use grenselos::handle::Wish;
use grenselos::http;
use grenselos::ids::SeededIds;
use grenselos::store::OpenError;
use grenselos::store::people::{People, Person};
use grenselos::store::sign_in::SignInFile;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Response, send};

/// A directory that is gone with the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("grenselos-http-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A clock that goes when a test moves it.
#[derive(Clone)]
struct HandClock(Arc<Mutex<DateTime<Utc>>>);

impl HandClock {
    fn at_noon(day: &str) -> Self {
        Self::at(noon(day.parse().unwrap()))
    }

    fn at(instant: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Opens the log, after the threads of a server that was stopped have let go of it.
fn open(settings: &Settings, clock: &HandClock) -> App {
    loop {
        // What was made before one had to sign in is not made again.
        let seed = if settings.sign_in.required { "http, signed in" } else { "http" };
        let ids = Arc::new(SeededIds::new(seed));
        match App::open_with(settings.clone(), Access::Write, Arc::new(clock.clone()), ids) {
            Ok(app) => return app,
            Err(AppError::Open(OpenError::AlreadyOpen { .. })) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

fn settings_in(directory: &Path) -> Settings {
    let mut settings = Settings::load(None).unwrap();
    settings.data.directory = directory.join("data");
    settings.mail.directory = directory.join("mail");
    settings.ehf.outgoing = directory.join("ehf");
    settings
}

struct Running {
    address: SocketAddr,
    clock: HandClock,
    handle: actix_web::dev::ServerHandle,
    thread: JoinHandle<()>,
}

impl Running {
    fn start(directory: &Path, day: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_at(directory, HandClock::at_noon(day), change)
    }

    fn start_at(directory: &Path, clock: HandClock, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings_in(directory);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        settings.http.bind = address;
        change(&mut settings);
        let app = Arc::new(open(&settings, &clock));
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = http::server(app, listener).unwrap();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { address, clock, handle: told.recv().unwrap(), thread }
    }

    fn stop(self) {
        // What has begun has ended by now, but for pages that are kept up to date.
        drop(self.handle.stop(false));
        self.thread.join().unwrap();
    }
}

/// A service that runs.
pub struct Service {
    running: Option<Running>,
    directory: Directory,
    keys: AtomicUsize,
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}

/// Who answers for the finances of a party.
fn finance(party: u128) -> PersonId {
    PersonId(nth(80 + party).parse().unwrap())
}

/// What is found by asking again and again, for longer than the slowest machine takes.
#[expect(clippy::disallowed_methods, reason = "a test that fails comes to an end")]
pub fn before_long<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    const PATIENCE: Duration = Duration::from_secs(30);
    let began = Instant::now();
    loop {
        let found = ask();
        if found.is_some() || began.elapsed() > PATIENCE {
            return found;
        }
    }
}

/// The n-th id: the same in every run.
pub fn nth(n: u128) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

impl Service {
    /// One with an empty log, on a day.
    pub fn on(day: &str) -> Self {
        Self::with(day, |_| {})
    }

    /// One with other settings.
    pub fn with(day: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let directory = Directory::new();
        let running = Some(Running::start(&directory.0, day, change));
        Self { running, directory, keys: AtomicUsize::new(0) }
    }

    /// One over a log that is there, in the folder `data` of a directory that is gone with the service.
    pub fn over(directory: &Path, day: &str) -> Self {
        let directory = Directory(directory.to_owned());
        let running = Some(Running::start(&directory.0, day, |_| {}));
        Self { running, directory, keys: AtomicUsize::new(0) }
    }

    /// The same log after a restart, on another day.
    pub fn restart_on(&mut self, day: &str) {
        self.restart_with(day, |_| {});
    }

    /// The same with other settings.
    pub fn restart_with(&mut self, day: &str, change: impl FnOnce(&mut Settings)) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
        self.running = Some(Running::start(&self.directory.0, day, change));
    }

    /// The same log after a restart on a day, where something happened to it in between.
    pub fn restart_after(&mut self, day: &str, happened: impl FnOnce(&App)) {
        self.restart_with(day, |settings| happened(&open(settings, &HandClock::at_noon(day))));
    }

    /// Where e-invoices are laid out.
    pub fn outgoing(&self) -> PathBuf {
        self.directory.0.join("ehf")
    }

    /// What auditors have read.
    pub fn audited_reads(&self) -> Vec<String> {
        let file = SignInFile::open(&self.directory.0.join("data")).unwrap();
        file.audited_reads().unwrap().into_iter().map(|(_, _, target)| target).collect()
    }

    /// The bytes of a file in the data directory.
    pub fn file_of(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.directory.0.join("data").join(name)).unwrap()
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        *self.running.as_ref().unwrap().clock.0.lock().unwrap() += time;
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address
    }

    /// Where letters are written.
    pub fn mail_directory(&self) -> PathBuf {
        self.directory.0.join("mail")
    }

    pub fn get(&self, target: &str) -> Response {
        self.get_with(target, &[])
    }

    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        send(self.address(), "GET", target, headers, b"")
    }

    /// Posts under a key of its own.
    pub fn post(&self, target: &str, body: &Value) -> Response {
        let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        self.post_with(target, &[("Idempotency-Key", &key)], body)
    }

    pub fn post_with(&self, target: &str, headers: &[(&str, &str)], body: &Value) -> Response {
        let headers: Vec<(&str, &str)> =
            headers.iter().copied().chain([("Content-Type", "application/json")]).collect();
        send(self.address(), "POST", target, &headers, body.to_string().as_bytes())
    }

    /// A command that is carried out.
    #[track_caller]
    pub fn command(&self, kind: &str, id: u128, body: &Value) -> Value {
        let response = self.post(&format!("/api/v1/{kind}/{}/commands", nth(id)), body);
        assert_eq!(response.status, 200, "{body}: {}", response.text());
        response.json()
    }

    #[track_caller]
    pub fn register(&self, id: u128, kind: &str, organisation_number: &str, number: &str, name: &str) {
        self.command(
            "parties",
            id,
            &json!({ "command": "register", "party": nth(id), "kind": kind,
            "organisation_number": organisation_number, "vat_compensated": true }),
        );
        self.command("parties", id, &json!({ "command": "number", "number": number, "from": "2020-01-01" }));
        self.command(
            "parties",
            id,
            &json!({ "command": "name", "from": "2020-01-01",
            "names": [{ "language": "nb", "text": name }] }),
        );
    }

    /// Saves the proposal (95) of the adopted key under another name, without Alta, from 2023 on.
    pub fn save_a_proposal(&self) {
        let definition =
            json!({ "kind": "divide", "name": "Likt uten Alta", "base": [{ "measure": "equal", "percent": "100" }] });
        let proposal = json!({ "command": "save_proposal", "proposal": nth(95), "name": "Uten Alta", "note": null,
            "definition": definition, "applies_from": "2023-01-01", "population_date": "2022-01-01",
            "members": [{ "party": nth(3), "joins": null, "leaves": "2022-12-31" }], "on": "2022-06-01" });
        self.command("sharing-keys", 11, &proposal);
    }

    /// A county (1), three municipalities (2 to 4) with agreements (22 to 24), a procurement (10), an adopted key (11)
    /// and a contracted cost (12) of 1000 kroner in 2023.
    pub fn with_a_small_procurement(day: &str) -> Self {
        let service = Self::on(day);
        service.register(1, "county_authority", "922420866", "54", "Troms og Finnmark fylkeskommune");
        service.register(2, "municipality", "940101808", "5401", "Tromsø");
        service.register(3, "municipality", "944588132", "5403", "Alta");
        service.register(4, "municipality", "964830533", "5406", "Hammerfest");
        service.command(
            "procurements",
            10,
            &json!({ "command": "open", "procurement": nth(10), "name": "Biblioteksystem",
            "county": nth(1), "agreement_label": "tilknytningsavtale", "illustrative": true, "on": "2022-01-10" }),
        );
        service.command(
            "procurements",
            10,
            &json!({ "command": "set_milestone", "name": "budsjettfrist", "on": "2022-06-01" }),
        );
        service.command(
            "procurements",
            10,
            &json!({ "command": "decide_vat_treatment", "treatment": "viderefakturering", "vat_percent": "25",
            "applies_to": { "to": "procurement" }, "from": "2022-01-01", "decision": "Sak 2/22",
            "role": "økonomisjef", "person": nth(70), "on": "2022-02-01" }),
        );
        service.command(
            "parties",
            1,
            &json!({ "command": "state_register_entry", "in_foretaksregisteret": false, "vat_registered": true,
            "from": "2020-01-01", "source": "Enhetsregisteret" }),
        );
        let key = json!({ "kind": "divide", "name": "Likt", "base": [{ "measure": "equal", "percent": "100" }] });
        service.command(
            "sharing-keys",
            11,
            &json!({ "command": "propose", "sharing_key": nth(11), "procurement": nth(10),
            "name": "Likt", "definition": key, "population_date": "2022-01-01", "on": "2022-02-01" }),
        );
        service.command(
            "sharing-keys",
            11,
            &json!({ "command": "adopt", "definition": key, "applies_from": "2022-03-01",
            "population_date": "2022-01-01", "reference": "Sak 1/22", "on": "2022-03-01" }),
        );
        service.command(
            "costs",
            12,
            &json!({ "command": "record", "cost": nth(12), "procurement": nth(10),
            "name": "Konvertering", "kind": "conversion", "year": 2023, "vat_percent": "25", "on": "2022-03-01",
            "distribution": { "by": "key", "sharing_key": nth(11) } }),
        );
        service.command(
            "costs",
            12,
            &json!({ "command": "assess", "assessment": nth(90), "on": "2022-03-02",
            "amount": { "certainty": "contracted", "amount_ore": 100_000 }, "source": "Kontrakt" }),
        );
        for party in 2..=4 {
            let agreement = 20 + party;
            service.command(
                "agreements",
                agreement,
                &json!({ "command": "draft", "agreement": nth(agreement),
                "procurement": nth(10), "party": nth(party), "county": nth(1), "commitment": "committed",
                "member_from": null, "on": "2022-03-05" }),
            );
            // What an invoice needs.
            let reference = json!({ "command": "set_buyer_reference", "reference": format!("BIB-{party}") });
            service.command("parties", party, &reference);
            let contact = json!({ "command": "name_contact", "role": "finance", "person": nth(80 + party) });
            service.command("parties", party, &contact);
            let email = Some(format!("okonomi@kommune{party}.example"));
            let person = Person { name: "Økonomikontoret".to_owned(), email, ..Person::default() };
            service.people().put(finance(party), &person).unwrap();
        }
        service
    }

    /// Somebody else begins to send a letter and is killed before it says what came of it; then the service runs again.
    pub fn killed_while_sending(&mut self, letter: &str) {
        let Some(Running { clock, .. }) = &self.running else { panic!("it does not run") };
        let now = clock.now();
        if let Some(running) = self.running.take() {
            running.stop();
        }
        let (letter, app) = (letter.parse().unwrap(), open(&settings_in(&self.directory.0), &HandClock::at(now)));
        let attempt = StartAttempt {
            claim: Uuid::from_u128(1),
            person: finance(2),
            message_id: "<1@fylke.example>".to_owned(),
            at: now,
            outcome_due_at: now - TimeDelta::minutes(1),
        };
        let wish = Wish::Delivery(letter, DeliveryCommand::StartAttempt(attempt));
        app.ledger.carry_out(&wish, &app.envelope(Uuid::from_u128(2), "worker"), None).unwrap();
        drop(app);
        self.running = Some(Running::start_at(&self.directory.0, HandClock::at(now), |_| {}));
    }

    fn people(&self) -> People {
        People::open(&self.directory.0.join("data")).unwrap()
    }

    /// Another process erases a person.
    pub fn erase_elsewhere(&self, person: &str) {
        assert!(self.people().erase(PersonId(person.parse().unwrap())).unwrap());
    }

    /// Nobody who answers for the finances of the three municipalities has an address any more, so that letters wait for a
    /// person.
    pub fn erase_finance_contacts(&self) {
        for party in 2..=4 {
            assert!(self.people().erase(finance(party)).unwrap());
        }
    }
}
