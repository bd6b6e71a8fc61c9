//! The pages in a real browser: `tests/browser` says what is looked at.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use chrono::Utc;
use grenselos::clock::{Clock, WallClock, noon, norwegian_day};
use grenselos::config::{Provider, ProviderKind};
use grenselos::exchange::sha256;
use serde_json::{Value, json};

use crate::files;
use crate::http::required;
use crate::http::service::Service;
use crate::place::Place;
use crate::python::run;

/// The day on which the demonstration is looked at.
const TODAY: &str = "2024-03-01";

/// The modules that `tests/browser/package.json` asks for: installed the first time, below the target directory, and
/// again when the file changes.
fn modules() -> PathBuf {
    let asked = files::root().join("tests/browser/package.json");
    let digest = sha256(&fs::read(&asked).unwrap());
    let (name, _) = digest.split_at(16);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    fs::create_dir_all(&folder).unwrap();
    // Another test run may be installing the same.
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let complete = folder.join("complete");
    if !complete.exists() {
        fs::copy(asked, folder.join("package.json")).unwrap();
        let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(install).current_dir(&folder));
        File::create(complete).unwrap();
    }
    folder
}

/// What a script of `tests/browser` says, which has to end well.
fn looked(script: &str, base: &str, more: &[&str]) -> String {
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser/screenshots");
    let script = files::root().join("tests/browser").join(script);
    let output = run(Command::new("node").arg(script).arg(base).arg(screenshots).arg(modules()).args(more));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_page_in_every_language_is_accessible_and_every_task_is_done_by_the_keyboard_alone() {
    let place = Place::with_demo("browser");
    let service = Service::over(&place.path("demo"), TODAY);
    let said = looked("look.mjs", &format!("http://{}", service.address()), &[]);
    assert!(said.contains("the first view of a leader's page takes"), "{said}");
}

/// The first of a list of the API.
fn first(service: &Service, target: &str) -> Value {
    service.get(target).json()["items"][0].clone()
}

#[test]
fn who_must_sign_in_sees_pages_that_are_accessible_in_every_role_and_administers_by_the_keyboard_alone() {
    let place = Place::with_demo("people");
    let mut service = Service::over(&place.path("demo"), TODAY);
    let party = first(&service, "/api/v1/parties?party=5610")["party"].clone();
    let county = first(&service, "/api/v1/parties?party=55")["party"].clone();
    let procurement = first(&service, "/api/v1/procurements")["procurement"].clone();
    let roles = [
        ("leader", json!({ "name": "municipal_leader", "party": party })),
        ("library_leader", json!({ "name": "library_leader", "party": party })),
        ("county_library", json!({ "name": "county_library", "procurement": procurement })),
        ("finance", json!({ "name": "finance", "party": party })),
        ("county_finance", json!({ "name": "county_finance", "county": county })),
        ("auditor", json!({ "name": "auditor" })),
        ("administrator", json!({ "name": "administrator" })),
        ("second_administrator", json!({ "name": "administrator" })),
    ];
    let mut staff = serde_json::Map::new();
    for (name, role) in roles {
        let email = if name == "leader" { "leder".to_owned() } else { name.replace('_', "-") };
        let invited = json!({ "name": name.replace('_', " "), "email": format!("{email}@kommune.example") });
        let invited = service.post("/api/v1/accounts", &invited).json();
        let until = if name == "auditor" { json!("2024-12-31") } else { Value::Null };
        let roles = format!("/api/v1/accounts/{}/roles", invited["person"].as_str().unwrap());
        let granted = service.post(&roles, &json!({ "role": role, "until": until }));
        assert_eq!(granted.status, 200, "{}", granted.text());
        let (_, token) = invited["link"].as_str().unwrap().split_once("token=").unwrap();
        staff.insert(name.to_owned(), json!(token));
    }
    service.restart_with(TODAY, required);
    let base = format!("http://localhost:{}", service.address().port());
    let said = looked("people.mjs", &base, &[&Value::from(staff).to_string()]);
    assert!(said.contains("everybody sees what is theirs"), "{said}");
}

#[test]
fn agreements_prebills_objections_and_reminders_are_kept_by_the_keyboard_alone() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let said = looked("tasks.mjs", &format!("http://{}", service.address()), &["agrees", "hears"]);
    assert!(said.contains("done: agrees, hears"), "{said}");
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let said = looked("tasks.mjs", &format!("http://{}", service.address()), &["issues"]);
    assert!(said.contains("done: issues"), "{said}");
    service.restart_with("2023-05-15", |settings| {
        settings.late_payment.reminders = true;
        settings.late_payment.fee = false;
        settings.late_payment.interest = false;
    });
    let said = looked("tasks.mjs", &format!("http://{}", service.address()), &["reminds"]);
    assert!(said.contains("done: reminds"), "{said}");
}

#[test]
fn numbers_and_days_are_written_as_icu_writes_them_for_bokmal() {
    let script = files::root().join("tests/browser/icu.mjs");
    let output = run(Command::new("node").arg(script).arg(files::root().join("tests/golden/as_icu_writes.tsv")));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("are written as ICU"), "{said}");
}

/// The provider of `tests/browser`, until the test is over.
struct RealProvider {
    process: Child,
    issuer: String,
    /// Open as long as it may say something.
    _said: BufReader<ChildStdout>,
}

impl RealProvider {
    fn start(origin: &str, key: &Path) -> Self {
        let mut command = Command::new("node");
        command.arg(files::root().join("tests/browser/provider.mjs")).arg(modules()).arg(origin).arg(key);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (mut issuer, mut said) = (String::new(), BufReader::new(process.stdout.take().unwrap()));
        said.read_line(&mut issuer).unwrap();
        assert!(issuer.starts_with("http://localhost:"), "the provider did not start");
        Self { process, issuer: issuer.trim().to_owned(), _said: said }
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_real_provider_signs_in_who_was_invited_and_nobody_else() {
    let now: chrono::DateTime<Utc> = WallClock.now();
    let day = norwegian_day(now).to_string();
    let mut service = Service::on(&day);
    let invited =
        service.post("/api/v1/accounts", &json!({ "name": "Leder", "email": "leder@kommune.example" })).json();
    let link = invited["link"].as_str().unwrap().to_owned();
    let key = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser/client-key.pem");
    let mut provider = None;
    service.restart_with(&day, |settings| {
        required(settings);
        settings.sign_in.origin = format!("http://localhost:{}", settings.http.bind.port());
        let real = RealProvider::start(&settings.sign_in.origin, &key);
        settings.sign_in.providers = vec![Provider {
            id: "prove".to_owned(),
            name: "Prøveporten".to_owned(),
            kind: ProviderKind::OpenidConnect,
            issuer: real.issuer.clone(),
            client_id: "grenselos".to_owned(),
            client_secret_file: "".into(),
            key_file: key.clone(),
            key_id: "client-key".to_owned(),
            algorithms: vec!["RS256".to_owned()],
            scopes: vec![],
            acr_values: vec!["high".to_owned()],
            strong_acr: vec!["high".to_owned()],
            strong_amr: vec![],
            authorization_details: String::new(),
        }];
        provider = Some(real);
    });
    // The provider goes by the clock on the wall.
    service.wait(now - noon(norwegian_day(now)));
    let provider = provider.unwrap();
    let base = format!("http://localhost:{}", service.address().port());
    let (_, token) = link.split_once("token=").unwrap();
    let said = looked("through_provider.mjs", &base, &[&provider.issuer, token]);
    assert!(said.contains("who signs in there is signed in here"), "{said}");
}
