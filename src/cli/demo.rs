//! `grenselos demo`: the real case of Troms og Finnmark from end to end, with dates as they were.

mod runs;

use std::fs;
use std::io::{self, Write};
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::slice::Iter;
use std::thread;

use chrono::NaiveDate;
use clap::Args;

use super::{Failure, Session, serve};
use crate::accounting::{self, Wanted};
use crate::app::{Access, App};
use crate::archive;
use crate::clock::StoppedClock;
use crate::demo::after_issue;
use crate::demo::data::Data;
use crate::demo::story::{Dated, SUPPLIER_MEDIA_TYPE, procurement_id, story};
use crate::domain::calendar::{Period, day_before};
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::money::Ore;
use crate::domain::party::PartyKind;
use crate::handle::{Wish, chained};
use crate::ids::{NAMESPACE, SeededIds, derived};
use crate::import::bank::{self, BankFileError};
use crate::render::accounting::{Form, Layout};
use crate::render::{self, RenderError};
use crate::side_by_side::on_processors;
use crate::text::Language;
use crate::view::book::Book;
use crate::view::budget::{Wanted as SheetWanted, budget_sheet};
use crate::view::budget_sheet::BudgetSheet;
use crate::view::documents::documents;
use crate::view::receivables;
use crate::view::whole_book::check_book;
use crate::whole_file;

use crate::worker::Tools;
use runs::{Run, STEPS, Step};

/// The day as of which the budget sheets are drawn up: after the contract, the moves between years and the succession.
const SHEETS_AS_OF: &str = "2024-01-31";
/// The budget year of the sheets.
const SHEETS_FIRST_YEAR: i32 = 2024;
/// Whose accounts are drawn up: of its run, and of the whole year.
const ACCOUNTS_OF: &str = "930068128";
const ACCOUNTS_YEAR: i32 = 2024;
const ACCOUNTS_WRITTEN_ON: &str = "2025-01-31";
/// Where the files of the bank are left.
const BANK_FILES: &str = "out/bank";
/// Fresh directories tried before giving up.
const DIRECTORIES_TRIED_MAX: usize = 1000;

/// The demonstration.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The directory to fill. It must be empty or not exist; the next free `grenselos-demo` where none is named.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Stop when the story is told, without serving it.
    #[arg(long)]
    no_serve: bool,
}

pub fn run(session: &Session, arguments: &DemoArguments) -> Result<(), Failure> {
    let directory = fresh_directory(arguments.dir.as_deref())?;
    let mut settings = session.settings.clone();
    settings.data.directory = directory.join("data");
    settings.mail.directory = directory.join("out/mail");
    settings.ehf.outgoing = directory.join("out/ehf");
    let data = Data::embedded().map_err(|error| Failure::fault(&error))?;
    let story = story(&data).map_err(|error| Failure::fault(&error))?;
    let procurement = procurement_id(&data.procurement.name);
    let mut out = io::stdout().lock();
    writeln!(out, "Grenseløse muligheter: the joint library system of Troms og Finnmark, as it happened.")?;
    writeln!(out, "Dates, parties and inhabitants are real. All amounts are invented, and every document says so.\n")?;
    {
        let app = App::open(settings.clone(), Access::Write)?;
        let mut telling = Telling {
            app: &app,
            procurement,
            directory: &directory,
            days: story.iter().peekable(),
            steps: STEPS.iter().peekable(),
            follow_ups: after_issue::STEPS.iter().peekable(),
        };
        telling.until(day(SHEETS_AS_OF), &mut out)?;
        // What was known then does not change, so that the sheets are drawn up while the story goes on.
        let sheets = thread::scope(|scope| {
            let sheets = scope.spawn(|| draw_up_sheets(&app, procurement, &directory));
            telling.until(NaiveDate::MAX, &mut out)?;
            draw_up_accounts(&app, &directory)?;
            sheets.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))
        })?;
        finish(&app, sheets, &directory, &mut out)?;
    }
    drop(out);
    if arguments.no_serve {
        return Ok(());
    }
    let session = Session { settings };
    serve::run(&session, &serve::ServeArguments::default())
}

/// How far the story has been told.
struct Telling<'told> {
    app: &'told App,
    procurement: ProcurementId,
    directory: &'told Path,
    days: Peekable<Iter<'told, Dated>>,
    steps: Peekable<Iter<'told, (&'static str, Run, Step)>>,
    follow_ups: Peekable<Iter<'told, after_issue::Step>>,
}

impl Telling<'_> {
    /// Tells what happened up to a day, and on it: of one day first what was wished, then the runs, then what follows them.
    fn until(&mut self, last: NaiveDate, out: &mut dyn Write) -> Result<(), Failure> {
        while let Some(dated) = self.days.next_if(|dated| dated.on <= last) {
            self.invoicing_until(day_before(dated.on), out)?;
            tell(self.app, dated, out)?;
        }
        self.invoicing_until(last, out)
    }

    fn invoicing_until(&mut self, last: NaiveDate, out: &mut dyn Write) -> Result<(), Failure> {
        while let Some((on, run, step)) = self.steps.next_if(|(on, ..)| day(on) <= last) {
            invoice(self.app, self.procurement, on, run, step, self.directory, out)?;
        }
        while let Some(step) = self.follow_ups.next_if(|step| day(step.on) <= last) {
            follow(self.app, step, self.directory, out)?;
        }
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "the dates are written out above")]
fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn fresh_directory(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let is_fresh = |path: &Path| match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if let Some(path) = named {
        return if is_fresh(path) {
            Ok(path.to_owned())
        } else {
            Err(Failure::Asked(format!("--dir {} is not an empty directory: name a fresh one", path.display())))
        };
    }
    std::iter::once("grenselos-demo".to_owned())
        .chain((2..DIRECTORIES_TRIED_MAX).map(|number| format!("grenselos-demo-{number}")))
        .map(PathBuf::from)
        .find(|path| is_fresh(path))
        .ok_or_else(|| Failure::Asked("there are very many grenselos-demo directories here: remove some".to_owned()))
}

/// Carries out what was wished on one day, recorded as of that day.
fn tell(app: &App, dated: &Dated, out: &mut dyn Write) -> Result<(), Failure> {
    let clock = StoppedClock::at_noon(dated.on);
    app.people.put_all(&dated.people).map_err(|error| Failure::fault(&error))?;
    for file in &dated.files {
        archive::keep(&app.archive(), file, SUPPLIER_MEDIA_TYPE)
            .map_err(|(path, error)| Failure::Fault(format!("{} could not be written: {error}", path.display())))?;
    }
    let chain = derived(NAMESPACE, &format!("demo {} {}", dated.on, dated.told));
    app.ledger.carry_out_all(&chained(chain, dated.actor, &clock, dated.wishes.iter().cloned()))?;
    writeln!(out, "{}  {}", dated.on, dated.told)?;
    Ok(())
}

/// Takes a step of a run.
fn invoice(
    app: &App,
    procurement: ProcurementId,
    on: &str,
    run: &Run,
    step: &Step,
    directory: &Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match step {
        Step::Plan => runs::plan(app, procurement, on, run),
        Step::Prebill(until) => runs::prebill(app, on, run, until, out),
        Step::Send => runs::work(app, on, run.id()).map(drop),
        Step::Object(who, text) => runs::object(app, on, run, who, text, out),
        Step::Reject(why) => runs::reject(app, on, run, why, out),
        Step::Issue => issue(app, on, run, directory, out),
    }
}

/// Approves and carries out a run on its day.
fn issue(app: &App, on: &str, run: &Run, directory: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let id = run.id();
    let (count, net, name) = {
        let followed = app.ledger.now();
        let planned = followed.book.runs.get(&id).and_then(InvoiceRun::planned);
        let plan = planned.map(|planned| &planned.plan);
        plan.map(|plan| (plan.invoices.len(), plan.net(), plan.issuer.name.clone())).unwrap_or_default()
    };
    runs::approve(app, on, run)?;
    let done = runs::work(app, on, id)?;
    let followed = app.ledger.now();
    for (invoice, issued) in &followed.book.invoices {
        let rendered = followed.book.deliveries.get(invoice).and_then(|delivery| delivery.rendered.as_ref());
        let Some(rendered) = rendered.filter(|_| issued.run == id) else { continue };
        let archived = app.archive().join(format!("{}.pdf", rendered.sha256));
        place(&archived, &directory.join("out/invoices").join(format!("{}.pdf", issued.number)))?;
    }
    writeln!(
        out,
        "{on}  {name} writes {count} invoices and claims for {net} kroner excluding VAT (invented): {} numbered, {} drawn up, \
         {} laid out as e-invoices, {} sent.",
        done.issued_count, done.rendered_count, done.placed_count, done.mailed_count
    )?;
    Ok(())
}

/// Carries out what is done with issued invoices on a day, and draws up and sends what comes of it.
fn follow(app: &App, step: &after_issue::Step, directory: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let on = day(step.on);
    write!(out, "{on}  {}", step.told)?;
    match step.done {
        after_issue::Done::Wished(wishes) => {
            let wishes = wishes(&app.ledger.now().book, on).map_err(Failure::Fault)?;
            wish(app, on, wishes)?;
        }
        after_issue::Done::BankFile(name, content) => {
            let content = content(&app.ledger.now().book, app.settings.kid, on).map_err(Failure::Fault)?;
            let path = directory.join(BANK_FILES).join(name);
            whole_file::write(&path, &content)
                .map_err(|error| Failure::Fault(format!("{} could not be written: {error}", path.display())))?;
            take_bank_file(app, on, &path, out)?;
        }
        after_issue::Done::BankFileAgain(name) => {
            take_bank_file(app, on, &directory.join(BANK_FILES).join(name), out)?;
        }
    }
    writeln!(out)?;
    let clock = StoppedClock::at_noon(on);
    let tools = Tools { clock: &clock, ids: &SeededIds::new(&format!("letters of {}", step.on)), ..app.tools() };
    tools.work(&mut |_, _| {})?.all_numbered()?;
    let followed = app.ledger.now();
    for (id, document) in documents(&followed.book) {
        let rendered = followed.book.deliveries.get(&id).and_then(|delivery| delivery.rendered.as_ref());
        let Some(rendered) = rendered.filter(|_| document.date() == on) else { continue };
        let archived = app.archive().join(archive::file_name(&rendered.sha256, &rendered.media_type));
        place(&archived, &directory.join("out/invoices").join(format!("{}.pdf", document.name())))?;
    }
    Ok(())
}

fn wish(app: &App, on: NaiveDate, wishes: Vec<Wish>) -> Result<(), Failure> {
    let clock = StoppedClock::at_noon(on);
    let chain = derived(NAMESPACE, &format!("demo after issue {on}"));
    app.ledger.carry_out_all(&chained(chain, "county-finance", &clock, wishes))?;
    Ok(())
}

/// Takes a bank file in, and says what came of it.
fn take_bank_file(app: &App, on: NaiveDate, path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let fault = |error: BankFileError| Failure::fault(&error);
    let file = bank::read(path).and_then(|bytes| bank::parse(&bytes)).map_err(fault)?;
    let known = |app: &App| receivables::payments(&app.ledger.now().book);
    let before = known(app).len();
    let account_number = bank::account_of(&file, &app.settings.invoice.accounts());
    let taken = bank::wish(&file, account_number, &app.ledger.now().book, on).map_err(fault)?;
    wish(app, on, vec![taken])?;
    let after = known(app);
    let new = after.len() - before;
    let waiting = after.iter().filter(|entry| entry.open_ore != Ore::ZERO).count();
    if new == 0 {
        write!(out, " It was taken in before, and nothing is booked.")?;
    } else {
        write!(out, " {new} payments are booked; waiting for a person: {waiting}.")?;
    }
    Ok(())
}

fn place(from: &Path, to: &Path) -> Result<(), Failure> {
    let fault = |error: io::Error| Failure::Fault(format!("{} could not be written: {error}", to.display()));
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(fault)?;
    }
    fs::copy(from, to).map(drop).map_err(fault)
}

/// A budget sheet for each municipality, as PDF, workbook and CSV; how many.
fn draw_up_sheets(app: &App, procurement: ProcurementId, directory: &Path) -> Result<usize, Failure> {
    let as_of = day(SHEETS_AS_OF);
    let book = app.ledger.as_of(as_of)?.book;
    let sheets = on_processors(&municipalities(&book), |party| {
        let wanted = SheetWanted { procurement, party: *party, first_year: SHEETS_FIRST_YEAR, years_count: 4, as_of };
        budget_sheet(&book, wanted)
    });
    let sheets: Vec<BudgetSheet> = sheets.into_iter().flatten().collect();
    let documents = on_processors(&sheets, |sheet| -> Result<[(&'static str, Vec<u8>); 3], RenderError> {
        Ok([
            ("pdf", render::budget_pdf(sheet, Language::Bokmal)?),
            ("xlsx", render::budget_workbook(sheet, Language::Bokmal)?),
            ("csv", render::budget_csv(sheet)?),
        ])
    });
    let folder = directory.join("out/budgets");
    let fault = |error: io::Error| Failure::Fault(format!("{} could not be written: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(fault)?;
    for (sheet, made) in sheets.iter().zip(documents) {
        let number = sheet.party_number.as_deref().unwrap_or_default();
        for (extension, bytes) in made.map_err(|error| Failure::fault(&error))? {
            fs::write(folder.join(format!("{number}.{extension}")), bytes).map_err(fault)?;
        }
    }
    Ok(sheets.len())
}

/// What the accounting system of a successor takes in: a run's lines and postings, and SAF-T of the year.
fn draw_up_accounts(app: &App, directory: &Path) -> Result<(), Failure> {
    let folder = directory.join("out/accounting");
    let followed = app.ledger.now();
    let known = accounting::Known {
        ledger: &app.ledger,
        book: &followed.book,
        last: followed.position,
        until: None,
        damaged: &followed.damaged,
    };
    let issuer = super::party(&followed.book, "--issuer", ACCOUNTS_OF)?;
    let whole_year = Wanted::Days { period: Period::year(ACCOUNTS_YEAR), issuer: Some(issuer) };
    let run =
        STEPS.iter().map(|(_, run, _)| run).find(|run| run.issuer == ACCOUNTS_OF).map(|run| Wanted::Run(run.id()));
    for (name, form, wanted) in [
        ("invoice-basis.csv", Form::InvoiceBasis, run.unwrap_or(whole_year)),
        ("postings.csv", Form::Postings, run.unwrap_or(whole_year)),
        ("saf-t.xml", Form::SafT, whole_year),
    ] {
        let asked = accounting::Asked { form, wanted, layout: Layout::Excel, written_on: day(ACCOUNTS_WRITTEN_ON) };
        let path = folder.join(format!("{ACCOUNTS_OF}-{ACCOUNTS_YEAR}-{name}"));
        whole_file::write_with(&path, |file| {
            accounting::write(&known, &app.settings.accounting, &asked, file).map_err(io::Error::other)
        })
        .map_err(|error| Failure::Fault(format!("{} could not be written: {error}", path.display())))?;
    }
    Ok(())
}

fn municipalities(book: &Book) -> Vec<PartyId> {
    book.parties
        .iter()
        .filter(|(_, party)| {
            party.registered.as_ref().is_some_and(|registered| registered.kind == PartyKind::Municipality)
        })
        .map(|(id, _)| *id)
        .collect()
}

fn finish(app: &App, sheets: usize, directory: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let followed = app.ledger.now();
    let check = check_book(&followed.book);
    if let Some(finding) = check.findings.first() {
        return Err(Failure::Fault(format!("the book does not add up: {}: {}", finding.about, finding.what)));
    }
    let (events, invoices) = (followed.position.map_or(0, |position| position.0), followed.book.invoices.len());
    let shown = directory.display();
    let data = directory.join("data");
    let data = data.display();
    write!(
        out,
        "
{events} events, {invoices} invoices, {sheets} budget sheets; {} amounts shared to the øre, the book adds up.

To look at:
  {shown}/out/budgets/5610.pdf   the sheet of Kárášjohka - Karasjok; beside it .xlsx and .csv, and 38 more
  {shown}/out/invoices/          the invoices
  {shown}/out/ehf/               the same as e-invoices, where an access point would pick them up
  {shown}/out/mail/              the letters that carried them; any mail program opens an .eml file
  {shown}/out/bank/              the payments as the bank told of them: camt.054 and OCR giro
  {shown}/out/accounting/        what an accounting system takes in: invoice basis, postings, SAF-T
  {shown}/data/                  the log, the people apart from it, and the archive of documents

To try:
  grenselos --data {data} budget --party Porsanger --from 2024 --as-of 2022-12-31
  grenselos --data {data} explain --party 5610 --from 2024 --as-of 2024-01-31
  grenselos --data {data} what-if config/procurements/troms-og-finnmark/what-if.toml --from 2024
  grenselos --data {data} invoice list
  grenselos --data {data} check
  grenselos --data {data} verify
",
        check.amounts_count
    )?;
    Ok(())
}
