//! Accounting data as the doors ask for it: whose books, what of them, in which form.

use std::io::Write;

use chrono::NaiveDate;

use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::domain::invoice_run::Issuer;
use crate::domain::payment::{Reminder, Successor};
use crate::ledger::{Ledger, LedgerError};
use crate::render::accounting::basis::{self, Document};
use crate::render::accounting::{
    AccountingError, Books, Chart, Company, Form, Layout, Selection, Vouchers, postings, saft,
};
use crate::store::Position;
use crate::view::book::Book;
use crate::view::postings::Voucher;

/// What of whose books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The invoices of a run.
    Run(InvoiceRunId),
    /// All that is dated within some days.
    Days {
        /// The days.
        period: Period,
        /// Whose; of the only one who issues where nothing is said.
        issuer: Option<PartyId>,
    },
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// In which form.
    pub form: Form,
    /// What of whose books.
    pub wanted: Wanted,
    /// How a CSV file is laid out.
    pub layout: Layout,
    /// The day on which it is written.
    pub written_on: NaiveDate,
}

/// What was known when it was asked: the book, and the events that it was folded from.
#[derive(Clone, Copy)]
pub struct Known<'app> {
    /// The log.
    pub ledger: &'app Ledger,
    /// The book folded from it.
    pub book: &'app Book,
    /// The last event in the book.
    pub last: Option<Position>,
    /// The last day whose events are in it, where it is not all of them.
    pub until: Option<NaiveDate>,
    /// The events of it that cannot be read, and why.
    pub damaged: &'app [(Position, String)],
}

/// Why nothing is written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such run.
    #[error("no invoice run has the id {run}; the runs are in the register (GET /api/v1/invoice-runs)")]
    RunUnknown {
        /// Its id.
        run: InvoiceRunId,
    },
    /// A run has no invoices.
    #[error("no invoice of the run {run} is issued yet; approve it and issue its invoices first")]
    RunNotIssued {
        /// Its id.
        run: InvoiceRunId,
    },
    /// Nobody has issued anything.
    #[error("nothing has been issued yet, so that there are no books; begin with an invoice run")]
    NothingIssued,
    /// The books of several are kept here.
    #[error("the books of several issuers are kept here: say whose with issuer ({})", names.join(", "))]
    SeveralIssuers {
        /// Their names.
        names: Vec<String>,
    },
    /// Who was named has issued nothing.
    #[error("{name} has issued nothing, so that it has no books here; those who have are {}", names.join(", "))]
    IssuerWithoutBooks {
        /// Who was named.
        name: String,
        /// Who has.
        names: Vec<String>,
    },
    /// The books have holes.
    #[error(
        "{damaged_count} events of the log cannot be read (the first is at position {first}), so that the books would have holes: \
         restore a backup, or use a version that understands them"
    )]
    Damaged {
        /// How many.
        damaged_count: usize,
        /// The position of the first.
        first: Position,
    },
    /// The log does not answer, or some procurements alone are known of the books of all.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The form cannot be written.
    #[error(transparent)]
    Form(AccountingError),
}

impl From<AccountingError> for ExportError {
    fn from(error: AccountingError) -> Self {
        let AccountingError::Read(cause) = error else { return Self::Form(error) };
        match cause.downcast() {
            Ok(of_the_log) => Self::Ledger(*of_the_log),
            Err(cause) => Self::Form(AccountingError::Read(cause)),
        }
    }
}

impl ExportError {
    /// Whether it lies in what was asked, and not in the disk or the log.
    #[must_use]
    pub fn lies_in_the_question(&self) -> bool {
        match self {
            Self::RunUnknown { .. }
            | Self::RunNotIssued { .. }
            | Self::NothingIssued
            | Self::SeveralIssuers { .. }
            | Self::IssuerWithoutBooks { .. } => true,
            Self::Damaged { .. } | Self::Ledger(_) => false,
            Self::Form(error) => match error {
                AccountingError::RateUnknown { .. }
                | AccountingError::RateWithoutAccount { .. }
                | AccountingError::SeveralYears
                | AccountingError::RunInSafT => true,
                AccountingError::TreatmentMixed { .. }
                | AccountingError::Unbalanced { .. }
                | AccountingError::Write(_)
                | AccountingError::Csv(_)
                | AccountingError::Read(_) => false,
            },
        }
    }
}

/// Writes what is asked for.
///
/// # Errors
/// Why nothing is written, or not all of it: what was written before is of no use then.
pub fn write(known: &Known<'_>, chart: &Chart, asked: &Asked, out: &mut dyn Write) -> Result<(), ExportError> {
    known.ledger.follows_all().map_err(ExportError::Ledger)?;
    if let Some((first, _)) = known.damaged.first() {
        return Err(ExportError::Damaged { damaged_count: known.damaged.len(), first: *first });
    }
    let (issuer, selection) = match asked.wanted {
        Wanted::Run(run) => (issuer_of_run(known.book, run)?, Selection::Run(run)),
        Wanted::Days { period, issuer } => (issuer_of(known.book, issuer)?, Selection::Days(period)),
    };
    let company = company(known.book, issuer).ok_or(ExportError::NothingIssued)?;
    let books = Books { chart, company: &company, selection, written_on: asked.written_on, layout: asked.layout };
    match asked.form {
        Form::InvoiceBasis => basis::write(&books, &documents(known.book, issuer, selection), out)?,
        Form::Postings => postings::write(&books, known, out)?,
        Form::SafT => saft::write(&books, known, out)?,
    }
    Ok(())
}

fn issuer_of_run(book: &Book, run: InvoiceRunId) -> Result<PartyId, ExportError> {
    if !book.runs.contains_key(&run) {
        return Err(ExportError::RunUnknown { run });
    }
    let issued = book.invoices.values().find(|issued| issued.run == run);
    issued.map(|issued| issued.issuer.party).ok_or(ExportError::RunNotIssued { run })
}

fn issuer_of(book: &Book, named: Option<PartyId>) -> Result<PartyId, ExportError> {
    let mut issuers: Vec<&Issuer> = Vec::new();
    for (_, issuer) in issuers_by_date(book) {
        issuers.retain(|other| other.party != issuer.party);
        issuers.push(issuer);
    }
    let names = || issuers.iter().map(|issuer| issuer.name.clone()).collect();
    match (named, issuers.as_slice()) {
        (_, []) => Err(ExportError::NothingIssued),
        (None, [only]) => Ok(only.party),
        (None, _) => Err(ExportError::SeveralIssuers { names: names() }),
        (Some(party), _) if issuers.iter().any(|issuer| issuer.party == party) => Ok(party),
        (Some(party), _) => {
            let known = book.parties.get(&party);
            let name = known.map_or_else(|| party.to_string(), |known| known.full_name_on(NaiveDate::MAX));
            Err(ExportError::IssuerWithoutBooks { name, names: names() })
        }
    }
}

/// Who reminded when of what a county authority had issued that is gone.
fn successors(book: &Book) -> impl Iterator<Item = (NaiveDate, &Successor)> {
    let reminders = book.payments.values().flat_map(|payments| payments.reminders.values().flatten());
    reminders.filter_map(|Reminder { reminded, .. }| Some((reminded.on, reminded.successor.as_deref()?)))
}

/// Who issued or asked for what when, the earliest first.
fn issuers_by_date(book: &Book) -> Vec<(NaiveDate, &Issuer)> {
    let invoices = book.invoices.values().map(|issued| (issued.invoice_date, &issued.issuer));
    let notes = book.credit_notes.values().flatten().map(|note| (note.date, &note.issuer));
    let reminders = successors(book).map(|(date, successor)| (date, &successor.issuer));
    let mut issuers: Vec<_> = invoices.chain(notes).chain(reminders).collect();
    issuers.sort_by_key(|(date, _)| *date);
    issuers
}

fn company(book: &Book, party: PartyId) -> Option<Company> {
    let (_, issuer) = issuers_by_date(book).into_iter().rfind(|(_, issuer)| issuer.party == party)?;
    let invoiced = book.invoices.values().map(|issued| (issued.issuer.party, &issued.account_number));
    let asked_for = successors(book).map(|(_, successor)| (successor.issuer.party, &successor.account_number));
    let mut account_numbers: Vec<String> = Vec::new();
    for (_, account_number) in invoiced.chain(asked_for).filter(|(issuer, _)| *issuer == party) {
        if !account_numbers.contains(account_number) {
            account_numbers.push(account_number.clone());
        }
    }
    Some(Company {
        party,
        name: issuer.name.clone(),
        organisation_number: issuer.organisation_number.clone(),
        vat_registered: issuer.vat_registered,
        account_numbers,
    })
}

/// The documents of an issuer by date and number. A run has invoices alone.
fn documents(book: &Book, issuer: PartyId, selection: Selection) -> Vec<Document<'_>> {
    let issued = book.invoices.values().filter(|issued| {
        issued.issuer.party == issuer
            && match selection {
                Selection::Run(run) => issued.run == run,
                Selection::Days(days) => days.contains(issued.invoice_date),
            }
    });
    let notes = book.credit_notes.values().flatten().filter(|note| {
        note.issuer.party == issuer
            && match selection {
                Selection::Run(_) => false,
                Selection::Days(days) => days.contains(note.date),
            }
    });
    let mut documents: Vec<Document<'_>> =
        issued.map(AsRef::as_ref).map(Document::Issued).chain(notes.map(Document::CreditNote)).collect();
    documents.sort_by_key(Document::date_and_number);
    documents
}

impl Vouchers for Known<'_> {
    fn each(&self, visit: &mut dyn FnMut(&Voucher) -> Result<(), AccountingError>) -> Result<(), AccountingError> {
        let mut stopped = None;
        let shown = self.ledger.vouchers(self.last, self.until, &mut |voucher| {
            visit(voucher).map_err(|error| {
                let sentence = error.to_string();
                stopped = Some(error);
                sentence.into()
            })
        });
        match (stopped, shown) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(AccountingError::Read(Box::new(error))),
            (None, Ok(())) => Ok(()),
        }
    }
}
