//! The composition root: the only file that knows everybody.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::archive;
use crate::clock::{Clock, WallClock};
use crate::config::{Prebill, Settings};
use crate::domain::identity::InvoiceRunId;
use crate::domain::invoice_run::{Approved, InvoicePlan, InvoiceRunCommand, InvoiceRunRejection};
use crate::handle::Envelope;
use crate::ids::{Ids, RandomIds, derived};
use crate::ledger::{Ledger, LedgerError, with_sources};
use crate::mail::{FolderTransport, MailTransport, SmtpTransport};
use crate::process::approval::{self, Answer};
use crate::process::invoice_plan::{self, AccountOf, Beside, PlanFault, Wanted, Wording};
use crate::process::open_tasks::{self, HeldUp};
use crate::render::{Conformance, WordingWithFiles};
use crate::sign_in::SignIns;
use crate::store::OpenError;
use crate::store::home::{Home, LogPlaceError};
use crate::store::people::{People, PeopleError};
use crate::store::sign_in::SignInFile;
use crate::view::book::Book;
use crate::worker::{Done, Heir, Meant, Tools, Turn, Watch, WorkError};

pub use crate::store::home::Access;

/// What is answered may be so much older than the log without being said to be: several looks at it.
const LAG_MAX: TimeDelta = TimeDelta::seconds(10);

/// The program put together.
pub struct App {
    /// The settings.
    pub settings: Settings,
    /// The log where it is kept.
    pub store: Home,
    /// The log with the book.
    pub ledger: Ledger,
    /// Names and addresses.
    pub people: People,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Signing in.
    pub sign_ins: SignIns,
    /// The way out for letters.
    pub mail: Box<dyn MailTransport>,
    working: Mutex<()>,
    following: Mutex<Following>,
    watch: Arc<Watch>,
}

/// How it stands with taking in what other instances write.
#[derive(Debug)]
struct Following {
    /// When the log was last known to its end.
    known_at: DateTime<Utc>,
    /// What has stood in the way since.
    trouble: Option<String>,
}

/// Why the program could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The settings do not say where the log is.
    #[error("data.store {0}")]
    Place(#[from] LogPlaceError),
    /// The log could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The log could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// None can be made.
    #[error(transparent)]
    Fault(#[from] PlanFault),
    /// It cannot be read who can be written to.
    #[error(transparent)]
    People(#[from] PeopleError),
}

impl App {
    /// Opens the log and folds the book.
    ///
    /// # Errors
    /// Something cannot be opened or read.
    pub fn open(settings: Settings, access: Access) -> Result<Self, AppError> {
        Self::open_with(settings, access, Arc::new(WallClock), Arc::new(RandomIds))
    }

    /// The same by another clock and other ids.
    ///
    /// # Errors
    /// Something cannot be opened or read.
    pub fn open_with(
        settings: Settings,
        access: Access,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, AppError> {
        let directory = &settings.data.directory;
        let store = Home::open(&settings.data.log_place()?, access)?;
        let ledger = match settings.data.procurements.as_slice() {
            [] => Ledger::open(store.port())?,
            some => Ledger::open_for(store.port(), some)?,
        };
        let (people, sign_ins) = match access {
            Access::Read => (People::open_read_only(directory)?, SignInFile::in_memory()?),
            Access::Beside | Access::Write => (People::open(directory)?, SignInFile::open(directory)?),
        };
        let sign_ins = SignIns::kept_in(sign_ins, &settings.sign_in, Arc::clone(&clock), Arc::clone(&ids));
        let mail = way_out(&settings);
        let following = Mutex::new(Following { known_at: clock.now(), trouble: None });
        let working = Mutex::default();
        let watch = Arc::default();
        Ok(Self { settings, store, ledger, people, clock, ids, sign_ins, mail, working, following, watch })
    }

    /// Where drawn-up documents are kept by their hash.
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        archive_of(&self.settings.data.directory)
    }

    /// The plan of a run, as the book has it and with those who can be written to now.
    ///
    /// # Errors
    /// No plan can be made, or it cannot be read who can be written to.
    pub fn plan_of(&self, book: &Book, run: Uuid, wanted: &Wanted) -> Result<InvoicePlan, PlanError> {
        let reached = self.people.reached()?;
        let plan = self.looking_at_files(|wording, _| {
            invoice_plan::plan(book, run, wanted, wording, &|person| reached.contains(&person), &derived)
        });
        Ok(plan?)
    }

    /// What stands beside the plan of a run, with those who can be written to now.
    ///
    /// # Errors
    /// It cannot be read who can be written to.
    pub fn beside(&self, book: &Book, run: InvoiceRunId) -> Result<Beside, PeopleError> {
        let reached = self.people.reached()?;
        Ok(self.looking_at_files(|wording, _| {
            invoice_plan::beside(book, run, wording, &|person| reached.contains(&person))
        }))
    }

    /// The wish to approve a run as it stands now, on the terms of the settings.
    ///
    /// # Errors
    /// It cannot be read who can be written to.
    pub fn approval_of(&self, run: InvoiceRunId, approved: Approved) -> Result<InvoiceRunCommand, PeopleError> {
        let (invoice, reached) = (&self.settings.invoice, self.people.reached()?);
        Ok(self.looking_at_files(|wording, account_of| {
            let around = approval::Around {
                prebill_required: invoice.prebill == Prebill::Required,
                two_people: invoice.approvers > 1,
                wording,
                reached: &|person| reached.contains(&person),
                account_of,
            };
            approval::approve(&self.ledger.now().book, run, approved, around)
        }))
    }

    /// The wish to answer an objection to a run as it stands now.
    #[must_use]
    pub fn answer_of(&self, run: InvoiceRunId, answer: Answer) -> InvoiceRunCommand {
        self.looking_at_files(|wording, account_of| {
            let around = (wording, account_of);
            approval::answer(&self.ledger.now().book, run, answer, around, &derived)
        })
    }

    /// Why a run that waits for approval could not be approved on a day, since what it rests on is otherwise.
    ///
    /// # Errors
    /// It cannot be read who can be written to.
    pub fn changed(
        &self,
        book: &Book,
        run: InvoiceRunId,
        on: NaiveDate,
    ) -> Result<Option<InvoiceRunRejection>, PeopleError> {
        let Some(planned) = approval::waiting(book, run) else { return Ok(None) };
        let reached = self.people.reached()?;
        let standing = self.looking_at_files(|wording, account_of| {
            invoice_plan::standing(book, run, on, wording, &|person| reached.contains(&person), account_of)
        });
        Ok(planned.plan.check_still_holds(&standing).err())
    }

    /// The wish to give up a run as it stands now.
    #[must_use]
    pub fn discarding_of(&self, run: InvoiceRunId) -> InvoiceRunCommand {
        approval::discard(&self.ledger.now().book, run, self.clock.today(), &derived)
    }

    /// The approved runs that are not issued on a day, and why.
    #[must_use]
    pub fn held_up(&self, book: &Book, on: NaiveDate) -> Vec<HeldUp> {
        self.looking_at_files(|wording, account_of| open_tasks::held_up(book, on, wording, account_of))
    }

    /// The same of one run.
    #[must_use]
    pub fn run_held_up(&self, book: &Book, run: InvoiceRunId, on: NaiveDate) -> Option<HeldUp> {
        self.looking_at_files(|wording, account_of| open_tasks::run_held_up(book, run, on, wording, account_of))
    }

    /// Does something that writes documents, and looks for that at the files in the archive and the accounts of the settings.
    fn looking_at_files<T>(&self, does: impl FnOnce(&dyn Wording, AccountOf<'_>) -> T) -> T {
        let archive = self.archive();
        let wording = WordingWithFiles { size_bytes: &|file| archive::size_bytes(&archive, file) };
        does(&wording, &|issuer| self.account_of(issuer))
    }

    /// The account to pay an issuer to, by its organisation number.
    #[must_use]
    pub fn account_of(&self, issuer: &str) -> String {
        self.settings.invoice.account_of(Some(issuer)).to_owned()
    }

    /// What the worker works with.
    #[must_use]
    pub fn tools(&self) -> Tools<'_> {
        Tools {
            ledger: &self.ledger,
            people: &self.people,
            mail: self.mail.as_ref(),
            clock: self.clock.as_ref(),
            ids: self.ids.as_ref(),
            settings: &self.settings,
            archive: self.archive(),
            conformance: Conformance::Archival,
            turn: self.turn(),
        }
    }

    /// Takes in what other instances have written.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn follow(&self) -> Result<(), LedgerError> {
        let begun = self.clock.now();
        let outcome = self.ledger.catch_up();
        self.watch.look(&self.ledger.now().book, self.clock.as_ref());
        let mut following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Ok(()) => *following = Following { known_at: begun, trouble: None },
            Err(error) => following.trouble = Some(with_sources(error)),
        }
        outcome
    }

    /// Why what is answered may be older than it should be; none where it is not.
    #[must_use]
    pub fn lags(&self) -> Option<String> {
        if !self.store.has_other_writers() {
            return None;
        }
        if let Some(moved) = self.store.moved() {
            return Some(moved.to_string());
        }
        let following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let age = self.clock.now() - following.known_at;
        if age <= LAG_MAX {
            return None;
        }
        let why = following.trouble.as_deref().unwrap_or("it is being read");
        Some(format!("the log was last known to its end {} s ago ({why}); ask another instance", age.num_seconds()))
    }

    /// The turn of a worker of this instance.
    fn turn(&self) -> Turn {
        if self.store.has_other_writers() {
            let lasts = TimeDelta::seconds(self.settings.data.turn_seconds.into());
            Turn::among_others(self.ids.new_id(), lasts, Arc::clone(&self.watch))
        } else {
            Turn::of_the_only_one()
        }
    }

    /// Whether another instance died in its turn, so that one that rests is to go on where it was.
    pub fn calls(&self, heir: &mut Heir) -> bool {
        self.store.has_other_writers() && heir.is_called(&self.watch, &self.ledger.now().book, self.clock.as_ref())
    }

    /// Does all open tasks, one worker at a time: see [`Tools::work`].
    ///
    /// # Errors
    /// A task could not be done or recorded; those before it are.
    pub fn work(&self, watch: &mut dyn FnMut(&Done, usize)) -> Result<Done, WorkError> {
        let _one_at_a_time = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        self.tools().work(watch)
    }

    /// The same with those tasks alone that are meant.
    ///
    /// # Errors
    /// A task could not be done or recorded; those before it are.
    pub fn work_on(&self, meant: &Meant<'_>, watch: &mut dyn FnMut(&Done, usize)) -> Result<Done, WorkError> {
        let _one_at_a_time = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        self.tools().work_on(meant, watch)
    }

    /// The envelope of a command that begins a chain.
    #[must_use]
    pub fn envelope(&self, command_id: Uuid, actor: &str) -> Envelope {
        Envelope {
            command_id,
            actor: actor.to_owned(),
            recorded_at: self.clock.now(),
            correlation_id: command_id,
            causation_id: None,
        }
    }
}

/// The way out for letters that the settings name: a mail server, or else a folder.
#[must_use]
pub fn way_out(settings: &Settings) -> Box<dyn MailTransport> {
    if settings.mail.smtp.is_used() {
        Box::new(SmtpTransport::new(&settings.mail))
    } else {
        Box::new(FolderTransport::new(settings.mail.directory.clone()))
    }
}

/// Where drawn-up documents are kept by their hash, beside the log.
#[must_use]
pub fn archive_of(data: &Path) -> PathBuf {
    data.join("archive")
}
