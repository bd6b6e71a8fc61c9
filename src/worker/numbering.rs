//! Numbering: the invoices of a run get their numbers in the order of its plan, all of them or none.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use chrono::Datelike as _;

use super::{Done, Tools, WorkError, series_of};
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceId, InvoiceRunId, ProcurementId, SeriesId};
use crate::domain::invoice_run::{InvoicePlan, InvoiceRun, InvoiceRunCommand, InvoiceRunRejection, PlannedInvoice};
use crate::domain::series::SeriesCommand;
use crate::handle::{Envelope, HandleError, Rejected, Wish};
use crate::ledger::LedgerError;
use crate::process::open_tasks::{Task, is_begun};
use crate::view::book::Book;

/// A run that could not be numbered, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnumbered {
    /// The run.
    pub run: InvoiceRunId,
    /// The name of the procurement.
    pub procurement: String,
    /// The budget year.
    pub year: i32,
    /// The name of who issues.
    pub issuer: String,
    /// Why.
    pub why: Rejected,
}

impl Unnumbered {
    /// Whether a task would number something of the run.
    #[must_use]
    pub fn is_of(&self, task: &Task) -> bool {
        to_number(task).is_some_and(|(run, _)| run == self.run)
    }
}

impl fmt::Display for Unnumbered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, procurement, year, issuer, why } = self;
        write!(formatter, "the run {run} ({procurement}, {year}, {issuer}) is not numbered: {why}")
    }
}

/// All of them in one line.
pub(super) fn in_words(unnumbered: &[Unnumbered]) -> String {
    unnumbered.iter().map(Unnumbered::to_string).collect::<Vec<_>>().join(" ")
}

/// A run with its invoices that are due.
struct Due {
    run: InvoiceRunId,
    plan: Arc<InvoicePlan>,
    procurement: String,
    invoices: BTreeSet<InvoiceId>,
}

/// What is left to number of a run.
struct Numbering {
    run: InvoiceRunId,
    invoices_count: usize,
    wishes: Vec<(Wish, Envelope)>,
}

impl Tools<'_> {
    /// Numbers all invoices that are due. A run of which a number would be refused is not begun, so that it can still be given
    /// up: it is told of among the unnumbered, and keeps no other back.
    pub(super) fn issue_all(&self, tasks: &[Task], done: &mut Done) -> Result<(), WorkError> {
        let due: Vec<(InvoiceRunId, InvoiceId)> = tasks.iter().filter_map(to_number).collect();
        if due.is_empty() {
            return Ok(());
        }
        self.try_way_out()?;
        self.keep_turn()?;
        let (mut issued_count, mut wishes) = (0, Vec::new());
        for Numbering { run, invoices_count, wishes: of_run } in self.acceptable(&due, &mut done.unnumbered)? {
            if self.begin_numbering(run)? {
                issued_count += invoices_count;
                wishes.extend(of_run);
            }
        }
        self.ledger.carry_out_all(&wishes)?;
        done.issued_count += issued_count;
        Ok(())
    }

    /// The runs whose numbers would all be given, one run after the other.
    fn acceptable(
        &self,
        due: &[(InvoiceRunId, InvoiceId)],
        unnumbered: &mut Vec<Unnumbered>,
    ) -> Result<Vec<Numbering>, WorkError> {
        let mut series_after = HashMap::new();
        let mut acceptable = Vec::new();
        // The log is read on the way, and the book is not held meanwhile.
        let runs = due_runs(&self.ledger.now().book, due);
        for Due { run, plan, procurement, invoices } in runs {
            match self.numbering(run, &plan, &invoices, &mut series_after)? {
                Ok(numbering) => acceptable.push(numbering),
                Err(why) => unnumbered.push(Unnumbered {
                    run,
                    procurement,
                    year: plan.covers.first.year(),
                    issuer: plan.issuer.name.clone(),
                    why,
                }),
            }
        }
        Ok(acceptable)
    }

    /// What is left to number of a run, decided against the series as it stands in the log and as the runs before leave it; why it
    /// would be refused.
    fn numbering(
        &self,
        run: InvoiceRunId,
        plan: &InvoicePlan,
        due: &BTreeSet<InvoiceId>,
        series_after: &mut HashMap<SeriesId, Book>,
    ) -> Result<Result<Numbering, Rejected>, WorkError> {
        let Some((series, opened)) = series_of(&plan.issuer, plan.invoice_date.year()) else {
            let missing = InvoiceRunRejection::IssuerNumberMissing { issuer: plan.issuer.name.clone() };
            return Ok(Err(Rejected::new(StreamKind::InvoiceRun, &missing)));
        };
        let open = (Wish::Series(series, SeriesCommand::Open(opened)), self.envelope("open", series.0));
        let invoices = plan.invoices.iter().filter(|planned| due.contains(&planned.invoice));
        let issue = invoices.map(|planned| {
            let issue = Wish::Series(series, self.issue(run, plan, planned));
            (issue, self.envelope("issue", planned.invoice.0))
        });
        // Opening a series is harmless where it is open.
        let wishes: Vec<(Wish, Envelope)> = std::iter::once(open).chain(issue).collect();

        let mut tried = match series_after.get(&series) {
            Some(before) => before.clone(),
            None => self.ledger.of_stream(StreamKind::Series, series.0)?,
        };
        for (wish, _) in &wishes {
            if let Err(rejected) = wish.carry_out_in(&mut tried) {
                return Ok(Err(rejected));
            }
        }
        series_after.insert(series, tried);
        Ok(Ok(Numbering { run, invoices_count: wishes.len() - 1, wishes }))
    }

    fn issue(&self, run: InvoiceRunId, plan: &InvoicePlan, planned: &PlannedInvoice) -> SeriesCommand {
        SeriesCommand::Issue {
            run,
            kid: self.settings.kid,
            issuer: plan.issuer.clone(),
            account_number: plan.account_number.clone(),
            invoice_date: plan.invoice_date,
            due_date: plan.due_date,
            invoice: Box::new(planned.clone()),
        }
    }

    /// Whether the invoices of a run may be numbered from now on: whoever would discard it at the same time writes to the same
    /// stream, and one of the two is refused.
    fn begin_numbering(&self, run: InvoiceRunId) -> Result<bool, LedgerError> {
        let begin = InvoiceRunCommand::BeginNumbering { on: self.clock.today() };
        match self.record("begin numbering", run.0, &Wish::InvoiceRun(run, begin)) {
            Ok(()) => Ok(true),
            Err(LedgerError::Handle(HandleError::Rejected(_))) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the letters of what is numbered could be sent. Where the settings cannot work, nothing is numbered; a server that is
    /// only not there now is waited for.
    fn try_way_out(&self) -> Result<(), WorkError> {
        match self.mail.check() {
            Err(error) if error.needs_a_person() => Err(WorkError::NoWayOut(error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// The runs of which invoices are due. What is begun comes first: it cannot be given up any more, so that no other may take its
/// numbers.
fn due_runs(book: &Book, due: &[(InvoiceRunId, InvoiceId)]) -> Vec<Due> {
    let of_runs = due.chunk_by(|(run, _), (next, _)| run == next);
    let mut runs: Vec<Due> = of_runs
        .filter_map(|of_run| {
            let (run, _) = *of_run.first()?;
            let plan = Arc::clone(&book.runs.get(&run)?.planned()?.plan);
            let procurement = procurement_called(book, plan.procurement);
            Some(Due { run, plan, procurement, invoices: of_run.iter().map(|(_, invoice)| *invoice).collect() })
        })
        .collect();
    runs.sort_by_key(|due| !is_begun(book, due.run));
    runs
}

fn procurement_called(book: &Book, procurement: ProcurementId) -> String {
    let opened = book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
    opened.map(|opened| opened.name.clone()).unwrap_or_default()
}

/// The invoice that is to be numbered, and its run, where that is the task.
fn to_number(task: &Task) -> Option<(InvoiceRunId, InvoiceId)> {
    match task {
        Task::Issue(run, invoice) => Some((*run, *invoice)),
        Task::Complete(_)
        | Task::Render(_)
        | Task::DrawUpPrebill(_)
        | Task::Write(_)
        | Task::EInvoice(_)
        | Task::Place(_)
        | Task::Mail(_)
        | Task::CeaseToWait(..) => None,
    }
}
