//! Pages over a log of a million events with all municipalities of Norway in one procurement. `benches/run` asks for them
//! with wrk.
//!
//! `pages fill DIRECTORY` writes the log. `pages serve DIRECTORY ADDRESS` signs everybody in, writes what is to be asked for
//! into `DIRECTORY/targets`, a file for each page with a line for each address and session, and serves.

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

#[path = "../invoices/country.rs"]
mod country;
#[path = "../log/mod.rs"]
#[expect(dead_code, reason = "the events are of several benches")]
mod log;
#[expect(dead_code, reason = "the years are of several benches")]
mod years;

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use grenselos::app::{Access, App};
use grenselos::clock::{Clock, noon};
use grenselos::config::Settings;
use grenselos::domain::identity::PersonId;
use grenselos::http;
use grenselos::ids::RandomIds;
use grenselos::ledger::Ledger;
use grenselos::sign_in::Secret;
use grenselos::store::EventStore;
use grenselos::store::sign_in::SessionRow;
use grenselos::store::sqlite::SqliteStore;
use years::{Person, Years};

/// How many events the log holds.
const EVENTS: u64 = 1_000_000;
/// How often a letter is put off before it is taken.
const PUT_OFF: u32 = 3;
/// How many earlier days are asked for.
const EARLIER_DAYS: u64 = 8;
/// How many payments are asked for.
const PAYMENTS: usize = 100;
/// How many accounts are asked for, each by itself.
const ACCOUNTS: usize = 100;
/// The pages that are asked for.
const PAGES: [&str; 28] = [
    "front",
    "leader",
    "leader-again",
    "leader-as-of",
    "explanation",
    "own-invoices",
    "board",
    "keys",
    "invoices",
    "runs",
    "unpaid",
    "outbox",
    "invoice",
    "payment",
    "letter",
    "plan",
    "run",
    "agreements",
    "agreement",
    "accounts",
    "account",
    "own-account",
    "nudges",
    "log",
    "log-of-kind",
    "log-of-party",
    "state",
    "state-as-of",
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["fill", directory] => fill(Path::new(directory)),
        ["serve", directory, address] => serve(Path::new(directory), address),
        _ => {
            println!("pages: started by benches/run");
            Ok(())
        }
    }
}

fn fill(directory: &Path) -> anyhow::Result<()> {
    let store: Arc<dyn EventStore> = Arc::new(SqliteStore::open(directory)?);
    let country = country::Country::new(directory, Arc::clone(&store))?;
    for year in 2024..2032 {
        country.contract(year)?;
    }
    let years = Years::of(&country, PUT_OFF)?;
    let before = store.head()?.map_or(0, |head| head.0);
    years.record(store.as_ref(), EVENTS.saturating_sub(before))?;
    let ledger = Ledger::open(store)?;
    let followed = ledger.now();
    anyhow::ensure!(followed.damaged.is_empty(), "an event cannot be read: {:?}", followed.damaged.first());
    println!("{} events", ledger.reached());
    Ok(())
}

/// A clock that goes on from a day after the last event.
struct GoesOn {
    from: DateTime<Utc>,
    begun: Instant,
}

impl Clock for GoesOn {
    fn now(&self) -> DateTime<Utc> {
        self.from + TimeDelta::from_std(self.begun.elapsed()).unwrap_or_default()
    }
}

fn serve(directory: &Path, address: &str) -> anyhow::Result<()> {
    let mut settings = Settings::load(None)?;
    directory.clone_into(&mut settings.data.directory);
    settings.http.bind = address.parse()?;
    settings.http.requests_per_second_max = 1_000_000;
    settings.sign_in.required = true;
    let clock = Arc::new(GoesOn { from: noon(years::last_day() + chrono::Days::new(1)), begun: Instant::now() });
    http::get_ready();
    let app = App::open_with(settings, Access::Write, clock, Arc::new(RandomIds))?;
    let targets = directory.join("targets");
    fs::create_dir_all(&targets)?;
    for (page, lines) in targets_of(&app)? {
        fs::write(targets.join(page), lines)?;
    }
    let listener = TcpListener::bind(address)?;
    Ok(http::serve(Arc::new(app), listener)?)
}

/// Everybody signs in.
fn cookie(app: &App, person: PersonId) -> anyhow::Result<String> {
    let (secret, now) = (Secret::new(app.ids.as_ref()), app.clock.now());
    let row =
        SessionRow { person, means: "passkey".to_owned(), strong: Some(now), began: now, seen: now, provider: None };
    app.sign_ins.file().begin_session(&secret.hash(), &row, None)?;
    Ok(format!("grenselos={}", secret.reveal()))
}

/// What is asked for, by page: lines of address and cookie.
fn targets_of(app: &App) -> anyhow::Result<Vec<(&'static str, String)>> {
    let followed = app.ledger.now();
    let book = &followed.book;
    let [library, finance, auditor] =
        [Person::Library, Person::Finance, Person::Auditor].map(|person| cookie(app, person.id()));
    let (library, finance, auditor) = (library?, finance?, auditor?);
    let mut pages = PAGES.map(|page| (page, String::new()));
    let mut add = |page: &str, address: String, cookie: &str| -> anyhow::Result<()> {
        let (_, lines) = pages.iter_mut().find(|(known, _)| *known == page).context("a page that is known")?;
        Ok(writeln!(lines, "{address}\t{cookie}")?)
    };
    let (today, mut members) = (app.clock.today(), String::new());
    let (now, reached) = (app.clock.now(), app.ledger.terms_reached());
    let terms_before = reached / 2;
    for (place, agreement) in (0..).zip(book.agreements.values()) {
        let party = agreement.drafted.as_ref().context("a draft")?.party;
        let number = book.parties.get(&party).and_then(|known| known.number_on(today)).context("a number")?;
        let leader = cookie(app, Person::Leader(party).id())?;
        add("front", "/".to_owned(), &leader)?;
        add("leader", format!("/municipalities/{number}"), &leader)?;
        // A month ago, and now: what has changed since is part of the page.
        let visits = format!(
            "{leader}; visits={terms_before}-{}.{reached}-{}",
            (now - TimeDelta::days(30)).timestamp(),
            now.timestamp()
        );
        add("leader-again", format!("/municipalities/{number}"), &visits)?;
        add("own-account", "/account".to_owned(), &leader)?;
        add("explanation", format!("/municipalities/{number}/explanations/2027"), &leader)?;
        add("own-invoices", format!("/municipalities/{number}/invoices"), &leader)?;
        write!(members, "&member-{number}=yes")?;
        for earlier in 0..EARLIER_DAYS {
            let day = years::first_day() + chrono::Days::new((earlier + 1) * 100);
            add("leader-as-of", format!("/municipalities/{number}?as_of={day}"), &leader)?;
        }
        if place % 10 == 0 {
            add("log-of-party", format!("/log?party={number}"), &auditor)?;
        }
    }
    for search in ["", "?sort=name", "?sort=behind", "?behind=yes", "?step=budget", "?q=as"] {
        add("board", format!("/board{search}"), &library)?;
    }
    add("keys", format!("/keys?tried=yes&percent-equal=100&from=2027{members}"), &library)?;
    add("invoices", "/invoices".to_owned(), &finance)?;
    for page in 1..4 {
        add("runs", format!("/invoices?part=runs&page={page}"), &finance)?;
        add("unpaid", format!("/invoices?part=unpaid&page={page}"), &finance)?;
        add("outbox", format!("/invoices?part=letters&page={page}"), &finance)?;
    }
    for (place, (invoice, agreement)) in book.invoices.keys().rev().zip(book.agreements.keys()).enumerate() {
        add("invoice", format!("/invoices/issued/{invoice}"), &finance)?;
        add("letter", format!("/invoices/letters/{invoice}"), &finance)?;
        if place % 10 == 0 {
            add("agreement", format!("/agreements/{agreement}"), &library)?;
        }
    }
    for payment in book.payments.values().flat_map(|account| account.payments.keys()).take(PAYMENTS) {
        add("payment", format!("/invoices/payments/{payment}"), &finance)?;
    }
    add("plan", "/invoices/plan".to_owned(), &finance)?;
    for search in ["", "?q=as"] {
        add("agreements", format!("/agreements{search}"), &library)?;
    }
    add("accounts", "/accounts".to_owned(), &auditor)?;
    for person in book.access.keys().take(ACCOUNTS) {
        add("account", format!("/accounts/{person}"), &auditor)?;
    }
    add("nudges", "/board/nudges".to_owned(), &library)?;
    for run in book.runs.keys().rev().take(20) {
        add("run", format!("/invoices/runs/{run}"), &finance)?;
    }
    add("log", "/log".to_owned(), &auditor)?;
    for kind in ["agreement", "access", "payments"] {
        add("log-of-kind", format!("/log?kind={kind}"), &auditor)?;
    }
    add("state", "/log/state".to_owned(), &auditor)?;
    add("state-as-of", format!("/log/state?as_of={}", years::first_day() + chrono::Days::new(300)), &auditor)?;
    Ok(pages.into())
}
