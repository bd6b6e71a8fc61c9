//! Finished invoices a second: all 357 municipalities of Norway in one run, through the product itself: planned, approved,
//! numbered, drawn up, archived, as e-invoices, laid out, and taken by a mail server. `benches/run` starts the server, and
//! has others draw up the same documents.
//!
//! `invoices run DIRECTORY SETTINGS CONFORMANCE RUNS` works in a fresh directory; a line of JSON for each run.
//! `invoices book DIRECTORY` opens the log of such a directory and tells the memory of the book.

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

mod country;
mod watched;

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use chrono::{Days, NaiveDate};
use country::{Country, first_of, person};
use grenselos::app::{archive_of, way_out};
use grenselos::clock::StoppedClock;
use grenselos::config::Settings;
use grenselos::domain::calendar::Period;
use grenselos::domain::identity::InvoiceRunId;
use grenselos::domain::invoice_run::{Approved, InvoicePer, InvoiceRunCommand};
use grenselos::handle::Wish;
use grenselos::ids::derived;
use grenselos::ledger::Ledger;
use grenselos::mail::MailTransport;
use grenselos::process::approval;
use grenselos::process::invoice_plan::{Wanted, plan};
use grenselos::render::{Conformance, NorwegianWording};
use grenselos::store::sqlite::SqliteStore;
use grenselos::worker::{Tools, Turn};
use serde_json::json;
use watched::Watched;

const FIRST_YEAR: i32 = 2024;
const MUNICIPALITIES: usize = 357;

/// The phases in their order, each with the event that every invoice has at its end. What is left until the end is the mail.
const PHASES: [(&str, &str); 4] = [
    ("number", "series.invoice-issued"),
    ("draw up", "delivery.rendered"),
    ("e-invoice", "delivery.rendered"),
    ("lay out", "delivery.e-invoice-placed"),
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", directory, settings, conformance, runs] => {
            let conformance = match *conformance {
                "archival" => Conformance::Archival,
                "plain" => Conformance::Plain,
                other => bail!("{other} is neither archival nor plain"),
            };
            run(Path::new(directory), Path::new(settings), conformance, runs.parse()?)
        }
        ["book", directory] => book(Path::new(directory)),
        _ => {
            println!("invoices: started by benches/run");
            Ok(())
        }
    }
}

/// A run for each year, all in one process.
fn run(directory: &Path, settings: &Path, conformance: Conformance, runs: i32) -> anyhow::Result<()> {
    let mut settings = Settings::load(Some(settings))?;
    settings.ehf.outgoing = directory.join("outgoing");
    let store = Watched::new(SqliteStore::open(directory)?);
    let country = Country::new(directory, Arc::<Watched>::clone(&store))?;
    let mail = way_out(&settings);
    for year in FIRST_YEAR..FIRST_YEAR + runs {
        country.contract(year)?;
        store.batches();
        let begun = Instant::now();
        let run = planned_and_approved(&country, &settings, year)?;
        let planned = Instant::now();
        work(&country, year, mail.as_ref(), &settings, directory, conformance)?;
        let ended = Instant::now();
        let mut phases = vec![("plan", planned - begun)];
        let mut phase_begun = planned;
        let mut batches = store.batches().into_iter();
        for (phase, event) in PHASES {
            let mut count = 0;
            let last = batches.by_ref().filter(|batch| batch.event_type == event).find(|batch| {
                count += batch.appends_count;
                count >= MUNICIPALITIES
            });
            let ended = last.with_context(|| format!("{count} {event} are in the log"))?.at;
            phases.push((phase, ended - phase_begun));
            phase_begun = ended;
        }
        phases.push(("mail", ended - phase_begun));
        let phases: serde_json::Map<_, _> =
            phases.into_iter().map(|(phase, time)| (phase.to_owned(), json!(time.as_micros()))).collect();
        let invoices = country.ledger.now().book.invoices.len();
        println!(
            "{}",
            json!({
                "invoices": invoices,
                "microseconds": (ended - begun).as_micros(),
                "phases": phases,
                "resident_kib": memory_kib("VmRSS")?,
                "peak_kib": memory_kib("VmHWM")?,
            })
        );
        if year == FIRST_YEAR {
            let mut file = BufWriter::new(std::fs::File::create(directory.join("invoices.json"))?);
            let followed = country.ledger.now();
            let issued: Vec<_> = followed.book.invoices.values().filter(|issued| issued.run == run).collect();
            serde_json::to_writer(&mut file, &issued)?;
            file.flush()?;
        }
    }
    Ok(())
}

fn invoice_date_of(year: i32) -> NaiveDate {
    first_of(year) + Days::new(30)
}

fn planned_and_approved(country: &Country, settings: &Settings, year: i32) -> anyhow::Result<InvoiceRunId> {
    let run = InvoiceRunId(derived(country.procurement.0, &format!("run of {year}")));
    let invoice_date = invoice_date_of(year);
    let written_to = country.people.reached()?;
    let reached = |person| written_to.contains(&person);
    let plan = {
        let wanted = Wanted {
            procurement: country.procurement,
            issuer: country.issuer()?,
            covers: Period::year(year),
            one_per: InvoicePer::Payer,
            account_number: settings.invoice.account_number.clone(),
            invoice_date,
            due_date: invoice_date + Days::new(u64::from(settings.invoice.due_days)),
        };
        plan(&country.ledger.now().book, run.0, &wanted, &NorwegianWording, &reached, &derived)?
    };
    ensure!(
        plan.invoices.len() == MUNICIPALITIES,
        "{} invoices are planned: {:?}",
        plan.invoices.len(),
        plan.set_aside
    );
    let planned = InvoiceRunCommand::Plan { run, plan, planned_by: None, on: invoice_date };
    country.carry_out(&format!("plan {year}"), &Wish::InvoiceRun(run, planned))?;
    let approved = Approved { role: "økonomisjef".to_owned(), person: person(), on: invoice_date };
    let around = approval::Around {
        prebill_required: false,
        two_people: false,
        wording: &NorwegianWording,
        reached: &reached,
        account_of: &|issuer| settings.invoice.account_of(Some(issuer)).to_owned(),
    };
    let approval = approval::approve(&country.ledger.now().book, run, approved, around);
    country.carry_out(&format!("approve {year}"), &Wish::InvoiceRun(run, approval))?;
    Ok(run)
}

fn work(
    country: &Country,
    year: i32,
    mail: &dyn MailTransport,
    settings: &Settings,
    directory: &Path,
    conformance: Conformance,
) -> anyhow::Result<()> {
    let clock = StoppedClock::at_noon(invoice_date_of(year));
    let tools = Tools {
        ledger: &country.ledger,
        people: &country.people,
        mail,
        clock: &clock,
        ids: &country.ids,
        settings,
        archive: archive_of(directory),
        conformance,
        turn: Turn::of_the_only_one(),
    };
    let done = tools.work(&mut |_, _| {})?;
    let counts = [done.issued_count, done.rendered_count, done.placed_count, done.mailed_count];
    ensure!(counts == [MUNICIPALITIES; 4], "not everything was done: {done:?}");
    Ok(())
}

/// What the book alone takes.
fn book(directory: &Path) -> anyhow::Result<()> {
    let before = memory_kib("VmRSS")?;
    let ledger = Ledger::open(Arc::new(SqliteStore::open_read_only(directory)?))?;
    let after = memory_kib("VmRSS")?;
    println!("{}", json!({ "invoices": ledger.now().book.invoices.len(), "book_kib": after - before }));
    Ok(())
}

/// What the system says of this process's memory.
fn memory_kib(what: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    Ok(line.and_then(|line| line.split_whitespace().next()).context("the system tells of memory")?.parse()?)
}
