//! What an accounting system takes in. What was booked is one plain value, [`Voucher`]; each form it leaves in is a module of
//! its own: a CSV file ([`postings`]), SAF-T Financial ([`saft`]); the basis of invoices ([`basis`]) is of documents. A form that
//! a system asks for, such as Visma Enterprise's or Unit4 UBW's, is one more module and one more [`Form`].

pub mod basis;
pub mod chart;
pub mod postings;
pub mod saft;

mod balances;
mod layout;
#[cfg(test)]
mod tests;

use std::io;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::domain::money::Ore;
use crate::render::words::{sentence, word};
use crate::view::postings::{Voucher, VoucherKind};

pub use chart::Chart;
pub use layout::Layout;

/// The form in which accounting data leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The lines of documents, to be invoiced or looked through elsewhere (fakturagrunnlag): CSV.
    InvoiceBasis,
    /// What is booked: CSV.
    Postings,
    /// SAF-T Financial, Norwegian version 1.30: XML.
    SafT,
}

impl Form {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::InvoiceBasis | Self::Postings => "text/csv; charset=utf-8",
            Self::SafT => "application/xml",
        }
    }
}

/// The names of columns, in their order.
fn column_names<'names>(columns: &[(&'names [&'names str], &str)]) -> Vec<&'names str> {
    columns.iter().flat_map(|(names, _)| names.iter().copied()).collect()
}

/// Columns for who reads a table: a line for each, or for those that belong together.
#[must_use]
pub fn described(columns: &[(&[&str], &str)]) -> String {
    let lines = columns.iter().map(|(names, what)| format!("- {}: {what}", names.join(", ")));
    format!("Columns, in this order:\n\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// What is taken of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// The invoices of a run.
    Run(InvoiceRunId),
    /// All that is dated within these days.
    Days(Period),
}

impl Selection {
    /// Whether a voucher belongs to it.
    #[must_use]
    pub fn holds(self, voucher: &Voucher) -> bool {
        match self {
            Self::Run(run) => voucher.run == Some(run),
            Self::Days(days) => days.contains(voucher.date),
        }
    }
}

/// Whose books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Who issues.
    pub party: PartyId,
    /// Its name on its last document.
    pub name: String,
    /// Its organisation number.
    pub organisation_number: String,
    /// Whether it was registered for VAT then.
    pub vat_registered: bool,
    /// The accounts that were to be paid to, in order.
    pub account_numbers: Vec<String>,
}

/// What is to be written, the vouchers left out.
#[derive(Debug, Clone, Copy)]
pub struct Books<'books> {
    /// The accounts and VAT codes.
    pub chart: &'books Chart,
    /// Whose.
    pub company: &'books Company,
    /// What of them.
    pub selection: Selection,
    /// The day on which it is written.
    pub written_on: NaiveDate,
    /// How a CSV file is laid out.
    pub layout: Layout,
}

impl Books<'_> {
    /// Whether a voucher is of these books and of what is selected of them.
    fn selects(&self, voucher: &Voucher) -> Result<bool, AccountingError> {
        Ok(self.own(voucher)? && self.selection.holds(voucher))
    }

    /// Whether a voucher is of these books; none is that does not come to nothing.
    fn own(&self, voucher: &Voucher) -> Result<bool, AccountingError> {
        if voucher.issuer != self.company.party {
            return Ok(false);
        }
        match voucher.sum() {
            Ore::ZERO => Ok(true),
            sum => Err(AccountingError::Unbalanced { voucher: voucher.id.clone(), sum_kroner: sum.to_string() }),
        }
    }
}

/// Where vouchers come from, in order and as often as a form asks: it may have to know the sums before the first line.
pub trait Vouchers {
    /// Shows all of them.
    ///
    /// # Errors
    /// They cannot be read, or the visitor stops.
    fn each(&self, visit: &mut dyn FnMut(&Voucher) -> Result<(), AccountingError>) -> Result<(), AccountingError>;
}

/// Why accounting data cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum AccountingError {
    /// The chart has no such rate.
    #[error(
        "no account is set for what is resold with {vat_percent} % VAT; add [accounting.resale.\"{vat_percent}\"] to the \
         settings"
    )]
    RateUnknown {
        /// The rate.
        vat_percent: Decimal,
    },
    /// The chart has no account for the VAT of a rate.
    #[error(
        "no account is set for VAT of {vat_percent} %; add accounting.resale.\"{vat_percent}\".vat_account to the settings"
    )]
    RateWithoutAccount {
        /// The rate.
        vat_percent: Decimal,
    },
    /// A document is of two treatments at once.
    #[error("a document says {treatment} and bears amounts of another treatment; it cannot be booked")]
    TreatmentMixed {
        /// The treatment.
        treatment: &'static str,
    },
    /// SAF-T is of a year or a part of it.
    #[error(
        "SAF-T is of the days of one calendar year, since results are closed at its end; ask for each year by itself"
    )]
    SeveralYears,
    /// SAF-T is not of a run.
    #[error("SAF-T is of days and not of a run, since it holds balances; ask with from and to")]
    RunInSafT,
    /// A voucher does not come to nothing: the books are wrong.
    #[error("voucher {voucher} comes to {sum_kroner} kroner and not to nothing; report this, and use no file of it")]
    Unbalanced {
        /// Which.
        voucher: String,
        /// What it comes to.
        sum_kroner: String,
    },
    /// It cannot be written down.
    #[error("the accounting data could not be written")]
    Write(#[from] io::Error),
    /// It cannot be written as CSV.
    #[error("the accounting data could not be written as CSV")]
    Csv(#[from] ::csv::Error),
    /// The vouchers could not be read.
    #[error("what was booked could not be read")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is written on a voucher, in bokmål.
fn voucher_text(voucher: &Voucher) -> String {
    let number = voucher.document.as_ref().map(|document| document.number.to_string()).unwrap_or_default();
    let reference = voucher.reference.as_deref().unwrap_or_default();
    match voucher.kind {
        VoucherKind::Invoice => sentence("voucher-invoice", [("number", &number)]),
        VoucherKind::Claim => sentence("voucher-claim", [("number", &number)]),
        VoucherKind::CreditNote { credits } => {
            sentence("voucher-credit-note", [("number", &number), ("credits", &credits.to_string())])
        }
        VoucherKind::Received => sentence("voucher-received", [("reference", reference)]),
        VoucherKind::Matched => sentence("voucher-matched", [("reference", reference), ("number", &number)]),
        VoucherKind::Unmatched => sentence("voucher-unmatched", [("reference", reference), ("number", &number)]),
        VoucherKind::Returned => sentence("voucher-returned", [("reference", reference)]),
        VoucherKind::HandedOn => sentence("voucher-handed-on", [("reference", reference)]),
        VoucherKind::PassedOn => sentence("voucher-passed-on", [("number", &number)]),
        VoucherKind::Reminder => sentence("voucher-reminder", [("number", &number)]),
        VoucherKind::ChargesWaived => sentence("voucher-charges-waived", [("number", &number)]),
    }
}

/// What kind of voucher it is, in a word of bokmål.
fn voucher_type(kind: VoucherKind) -> String {
    word(match kind {
        VoucherKind::Invoice => "document-invoice",
        VoucherKind::Claim => "document-claim",
        VoucherKind::CreditNote { .. } => "voucher-type-credit-note",
        VoucherKind::Received => "voucher-type-received",
        VoucherKind::Matched | VoucherKind::Unmatched => "voucher-type-matched",
        VoucherKind::Returned => "voucher-type-paid-out",
        VoucherKind::HandedOn | VoucherKind::PassedOn => "voucher-type-between-issuers",
        VoucherKind::Reminder => "voucher-type-reminder",
        VoucherKind::ChargesWaived => "voucher-type-charges-waived",
    })
}
