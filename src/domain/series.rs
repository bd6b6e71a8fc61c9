//! Number series: the stream is the series, so number and issue are one append, no number is skipped or used twice.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{InvoiceId, InvoiceRunId, PartyId, SeriesId};
use super::invoice_run::{InvoiceParty, PlannedInvoice};

/// A series was opened for an issuer and a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its id.
    pub series: SeriesId,
    /// Whose invoices it numbers.
    pub issuer: PartyId,
    /// The year of the invoice dates.
    pub year: i32,
    /// The number before the first: the first invoice gets one more.
    pub last_number: u64,
}

/// An invoice was issued: it holds its amounts and wording, not a formula to be run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Its number.
    pub number: u64,
    /// The run it belongs to.
    pub run: InvoiceRunId,
    /// Who issues.
    pub issuer: InvoiceParty,
    /// The account to pay to.
    pub account_number: String,
    /// The date on it.
    pub invoice_date: NaiveDate,
    /// The day by which it is to be paid.
    pub due_date: NaiveDate,
    /// Recipient, lines and amounts as planned.
    pub invoice: PlannedInvoice,
}

/// What has happened to a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesEvent {
    /// It was opened.
    Opened(Opened),
    /// An invoice was issued.
    Issued(Box<Issued>),
}

/// What can be wished of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesCommand {
    /// Open it.
    Open(Opened),
    /// Issue an invoice under the next number.
    Issue {
        /// The run it belongs to.
        run: InvoiceRunId,
        /// Who issues.
        issuer: InvoiceParty,
        /// The account to pay to.
        account_number: String,
        /// The date on it.
        invoice_date: NaiveDate,
        /// The day by which it is to be paid.
        due_date: NaiveDate,
        /// The invoice as planned.
        invoice: Box<PlannedInvoice>,
    },
}

/// A series as its events have made it. The default is one that is not opened yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// Whose, which year; none before it is opened.
    pub opened: Option<Opened>,
    /// The last number used.
    pub last_number: u64,
    /// The invoices issued, by their order.
    pub issued: Vec<InvoiceId>,
}

/// Why a wish about a series is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum SeriesRejection {
    /// It is not opened.
    NotOpened,
    /// It is opened with other content.
    AlreadyOpened,
    /// The invoice is another issuer's.
    OtherIssuer,
    /// The invoice is dated in another year.
    OtherYear {
        /// The year of the series.
        year: i32,
        /// The date of the invoice.
        invoice_date: NaiveDate,
    },
}
