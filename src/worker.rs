//! The one loop with effects: take the open tasks, do them, record how each went as an event.

mod documents;
mod e_invoices;
mod letters;
mod notices;
mod numbering;
mod prebills;
#[cfg(test)]
mod tests;
mod turn;

use std::path::PathBuf;

use uuid::Uuid;

use crate::archive::{self, Kept};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::delivery::Rendered;
use crate::domain::identity::{InvoiceRunId, SeriesId};
use crate::domain::invoice_run::{InvoiceRun, InvoiceRunCommand, Issuer};
use crate::domain::series::{Opened, number_before_first};
use crate::handle::{Envelope, Wish};
use crate::ids::{self, Ids, NAMESPACE};
use crate::ledger::{Ledger, LedgerError};
use crate::mail::{MailError, MailTransport};
use crate::process::open_tasks::{Task, open_tasks};
use crate::render::{Conformance, RenderError, WordingWithFiles};
use crate::store::people::{People, PeopleError};
use crate::view::book::Book;
use crate::view::documents::Document;

use letters::Sent;
pub use numbering::Unnumbered;
use turn::Taken;
pub use turn::{Heir, Turn, Watch};

/// The media type of a drawn-up invoice.
const PDF: &str = "application/pdf";

/// What the worker works with.
pub struct Tools<'app> {
    /// The log.
    pub ledger: &'app Ledger,
    /// Names and addresses.
    pub people: &'app People,
    /// The way out for letters.
    pub mail: &'app dyn MailTransport,
    /// The clock.
    pub clock: &'app dyn Clock,
    /// New ids: whoever claims an attempt to send draws one.
    pub ids: &'app dyn Ids,
    /// The settings.
    pub settings: &'app Settings,
    /// Where drawn-up documents are kept by their hash.
    pub archive: PathBuf,
    /// What the PDF of invoices conforms to.
    pub conformance: Conformance,
    /// Whether it is this worker's turn.
    pub turn: Turn,
}

/// Which of the open tasks are meant.
pub type Meant<'a> = dyn Fn(&Book, &Task) -> bool + 'a;

/// All but letters, where they wait since the way out was shut a moment ago.
#[must_use]
pub fn but_letters(_book: &Book, task: &Task) -> bool {
    !matches!(task, Task::Mail(_))
}

/// How many tasks were done, and which runs could not be numbered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Invoices that got a number.
    pub issued_count: usize,
    /// Documents drawn up.
    pub rendered_count: usize,
    /// E-invoices laid out for the access point.
    pub placed_count: usize,
    /// E-invoices of which nobody knows whether the access point took them.
    pub unknown_count: usize,
    /// Letters that the other side took.
    pub mailed_count: usize,
    /// Letters that are tried again later.
    pub deferred_count: usize,
    /// Letters that wait for a person.
    pub parked_count: usize,
    /// The runs that could not be numbered, and why: they wait, and keep no other back.
    pub unnumbered: Vec<Unnumbered>,
}

impl Done {
    /// The same, where a run that cannot be numbered is a fault.
    ///
    /// # Errors
    /// One could not be.
    pub fn all_numbered(self) -> Result<Self, WorkError> {
        if self.unnumbered.is_empty() { Ok(self) } else { Err(WorkError::Unnumbered(self.unnumbered)) }
    }

    fn count(&mut self, sent: Sent) {
        match sent {
            Sent::Accepted => self.mailed_count += 1,
            Sent::Deferred => self.deferred_count += 1,
            Sent::Parked => self.parked_count += 1,
            Sent::LeftToAnother => {}
        }
    }
}

/// Why a task could not be done or recorded. The task stays open.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The outcome could not be recorded.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A letter could not be put together.
    #[error("the letter with document {name} could not be put together")]
    Render {
        /// What it is called.
        name: String,
        /// Why.
        #[source]
        source: RenderError,
    },
    /// A letter with a prebill, or without a document, could not be put together.
    #[error("the letter to {recipient} could not be put together")]
    RenderLetter {
        /// Whom it is for.
        recipient: String,
        /// Why.
        #[source]
        source: RenderError,
    },
    /// A file could not be written.
    #[error("{} could not be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What was drawn up is not there any longer.
    #[error("the e-invoice {number} cannot be laid out: {what}")]
    Lost {
        /// Its number.
        number: u64,
        /// What is lost, and what to do.
        what: String,
    },
    /// Runs could not be numbered.
    #[error("{}", numbering::in_words(.0))]
    Unnumbered(Vec<Unnumbered>),
    /// The letters of what would be numbered could not be sent, as long as nobody mends the settings.
    #[error("nothing was numbered, since the letters could not be sent")]
    NoWayOut(#[source] MailError),
    /// An e-invoice that was ready is there no longer. It is looked for in the next round, and asked about where that finds nothing.
    #[error(
        "{} is there no longer, so the e-invoice was not put in place: another instance has taken over, or the access point takes \
         what is not ready; it must leave names alone that begin with a dot",
        path.display()
    )]
    TakenAway {
        /// Where it was ready.
        path: PathBuf,
    },
    /// Another worker has taken over.
    #[error("another instance has taken over the work, since this one did not go on in time")]
    TurnLost,
    /// The people could not be read.
    #[error("the names and addresses could not be read")]
    People(#[from] PeopleError),
    /// The way out is shut; the letters wait.
    #[error("letters could not be sent")]
    Mail(#[source] MailError),
}

impl Tools<'_> {
    /// Does all open tasks, and those that follow from them; where another instance is at it, they are left to that one.
    ///
    /// # Errors
    /// A task could not be done or recorded; those before it are.
    pub fn work(&self, watch: &mut dyn FnMut(&Done, usize)) -> Result<Done, WorkError> {
        self.work_on(&|_, _| true, watch)
    }

    /// The same with those of the open tasks that are `meant`.
    ///
    /// # Errors
    /// A task could not be done or recorded; those before it are.
    pub fn work_on(&self, meant: &Meant<'_>, watch: &mut dyn FnMut(&Done, usize)) -> Result<Done, WorkError> {
        let worked = self.work_while_it_is_ours(meant, watch);
        // Where it cannot be given back, it is over by itself.
        let given_back = self.give_turn_back();
        let done = worked?;
        given_back.map(|()| done)
    }

    fn work_while_it_is_ours(&self, meant: &Meant<'_>, watch: &mut dyn FnMut(&Done, usize)) -> Result<Done, WorkError> {
        let mut done = Done::default();
        loop {
            self.ledger.catch_up()?;
            let still_meant = |book: &Book, task: &Task| {
                meant(book, task) && !done.unnumbered.iter().any(|unnumbered| unnumbered.is_of(task))
            };
            let mut tasks = self.open_tasks(&still_meant);
            if tasks.is_empty() {
                return Ok(done);
            }
            match self.take_turn()? {
                Taken::Kept => {}
                // Whoever had it before may have done some of them.
                Taken::Anew => tasks = self.open_tasks(&still_meant),
                Taken::ByAnother => return Ok(done),
            }
            self.issue_all(&tasks, &mut done)?;
            done.rendered_count +=
                self.draw_up(&tasks)? + self.draw_up_prebills(&tasks)? + self.write_notices(&tasks)?;
            self.draw_up_e_invoices(&tasks)?;
            // A folder that cannot be written to keeps no letter back.
            let placed = self.place_e_invoices(&tasks, &mut done);
            let mut letters = Vec::new();
            for task in &tasks {
                match task {
                    Task::Issue(..)
                    | Task::Render(_)
                    | Task::DrawUpPrebill(_)
                    | Task::Write(_)
                    | Task::EInvoice(_)
                    | Task::Place(_) => {}
                    Task::Complete(run) => self.complete(*run)?,
                    Task::CeaseToWait(invoice, attempt) => done.count(self.cease_to_wait(*invoice, *attempt)?),
                    Task::Mail(invoice) => letters.push(*invoice),
                }
            }
            let mut left = letters.len();
            watch(&done, left);
            self.send_all(&letters, &mut |sent| {
                done.count(sent);
                left -= 1;
                watch(&done, left);
            })?;
            placed?;
        }
    }

    fn open_tasks(&self, meant: &Meant<'_>) -> Vec<Task> {
        let followed = self.ledger.now();
        let account_of = |issuer: &str| self.settings.invoice.account_of(Some(issuer)).to_owned();
        let (today, now) = (self.clock.today(), self.clock.now());
        let wording = WordingWithFiles { size_bytes: &|file| archive::size_bytes(&self.archive, file) };
        let mut tasks = open_tasks(&followed.book, today, now, &wording, &account_of);
        tasks.retain(|task| meant(&followed.book, task));
        tasks
    }

    /// The same task always has the same command id, so that doing it twice is recognised.
    fn envelope(&self, task: &str, id: Uuid) -> Envelope {
        Envelope {
            command_id: ids::derived(id, task),
            actor: "worker".to_owned(),
            recorded_at: self.clock.now(),
            correlation_id: id,
            causation_id: None,
        }
    }

    fn record(&self, task: &str, id: Uuid, wish: &Wish) -> Result<(), LedgerError> {
        self.ledger.carry_out(wish, &self.envelope(task, id), None).map(|_| ())
    }

    fn complete(&self, run: InvoiceRunId) -> Result<(), LedgerError> {
        let issued = self.ledger.now().book.invoices.keys().copied().collect();
        let command = InvoiceRunCommand::Complete { issued, on: self.clock.today() };
        self.record("complete", run.0, &Wish::InvoiceRun(run, command))
    }

    /// Keeps a document by its hash.
    fn keep(&self, bytes: &[u8], media_type: &str) -> Result<Kept, WorkError> {
        self.keep_turn()?;
        archive::keep(&self.archive, bytes, media_type).map_err(|(path, source)| WorkError::File { path, source })
    }

    /// Keeps many of one kind, in the order given.
    fn keep_all(&self, files: &[Vec<u8>], media_type: &str) -> Result<Vec<Kept>, WorkError> {
        self.keep_turn()?;
        archive::keep_all(&self.archive, files, media_type).map_err(|(path, source)| WorkError::File { path, source })
    }

    /// The document as it was drawn up; none where it is not there, or another.
    #[must_use]
    pub fn archived(&self, rendered: &Rendered) -> Option<Vec<u8>> {
        archive::kept(&self.archive, &rendered.sha256, &rendered.media_type)
    }
}

/// An issuer's series for a year: its id is the same each time. None where the issuer has no number to begin with.
#[must_use]
pub fn series_of(issuer: &Issuer, year: i32) -> Option<(SeriesId, Opened)> {
    let series = SeriesId(ids::derived(NAMESPACE, &format!("series {} {year}", issuer.party)));
    let last_number = number_before_first(issuer, year)?;
    Some((series, Opened { series, issuer: issuer.party, year, last_number }))
}

/// The name of the procurement that a document is of, and whether its amounts are invented.
#[must_use]
pub fn procurement_of(book: &Book, document: Document<'_>) -> (String, bool) {
    let planned = book.runs.get(&document.invoice().run).and_then(InvoiceRun::planned);
    planned
        .and_then(|planned| book.procurements.get(&planned.plan.procurement))
        .and_then(|procurement| procurement.opened.as_ref())
        .map(|opened| (opened.name.clone(), opened.illustrative))
        .unwrap_or_default()
}
