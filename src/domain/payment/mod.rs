//! Payments (innbetalinger): what came in to a bank account, by the bank's files and by hand, and which invoices it pays.
//!
//! The stream is the account, so that a file is taken in by one append, and no payment pays more than it is. Who paid is
//! not in the events: the bank has it, and the invoice says whose it was.

mod charges;
mod entry;
mod file;
mod rejection;
mod reminder;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use super::late_payment::InterestRates;
use super::money::Ore;

pub use charges::Charges;
pub use entry::{Entry, NamedKid};
pub use rejection::PaymentsRejection;
pub use reminder::{ChargesWaived, Reminded, Reminder, Successor};

/// The most events of one file, so that it is taken in by one append.
pub const FILE_EVENTS_MAX: usize = 990;

/// The account is one that payments come in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its id.
    pub account: ReceivingAccountId,
    /// Its number: eleven digits.
    pub account_number: String,
    /// The day.
    pub on: NaiveDate,
}

/// The form of a bank file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileForm {
    /// ISO 20022 camt.054, bank to customer debit credit notification.
    Camt054,
    /// OCR giro of Mastercard Payment Services (before: Nets).
    OcrGiro,
}

/// A bank file was taken in: all of it that concerns the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileTaken {
    /// Its form.
    pub form: FileForm,
    /// What the bank calls it: the message id, or the number of the transmission with its date.
    pub message: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many payments and reversals it holds for the account.
    pub entries_count: u32,
    /// How many of them were known from a file before, and were not taken again.
    pub known_count: u32,
    /// The sum of all of them, reversals taken off.
    pub sum_ore: Ore,
    /// The day it was taken in.
    pub on: NaiveDate,
}

/// How a payment became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// By a bank file.
    File {
        /// Its form.
        form: FileForm,
        /// Its SHA-256, in hexadecimal.
        sha256: String,
    },
    /// By a person.
    Hand,
}

/// A payment came in; or the bank took one back, and then the amount is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Its id.
    pub payment: PaymentId,
    /// How much.
    pub amount_ore: Ore,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The KID it was paid with, where there was one.
    pub kid: Option<String>,
    /// What the bank, or the person who recorded it, knows it by.
    pub reference: String,
    /// How it became known.
    pub source: Source,
}

/// Part of a payment, or all of it, pays an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The payment.
    pub payment: PaymentId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much of the payment pays it.
    pub amount_ore: Ore,
}

/// By what a payment was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// By its KID.
    Kid,
    /// By a person.
    Hand,
}

/// Payments were matched with the invoices that they pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matched {
    /// Which, and how much.
    pub matches: Vec<Match>,
    /// By what.
    pub by: MatchedBy,
    /// The day.
    pub on: NaiveDate,
}

/// A payment does not pay an invoice after all: what it paid of it is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmatched {
    /// The payment.
    pub payment: PaymentId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much is open again.
    pub amount_ore: Ore,
    /// Why.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// What no invoice is to be paid with was paid back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// The payment.
    pub payment: PaymentId,
    /// How much.
    pub amount_ore: Ore,
    /// The document that says so, such as the number of the voucher.
    pub reference: String,
    /// The day.
    pub on: NaiveDate,
}

/// A reversal was set off against the payment that the bank took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reversed {
    /// The payment that was taken back.
    pub payment: PaymentId,
    /// The reversal.
    pub reversal: PaymentId,
    /// How much, as a positive amount.
    pub amount_ore: Ore,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to the payments of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentsEvent {
    /// Payments come in to it.
    Opened(Opened),
    /// A bank file was taken in.
    FileTaken(FileTaken),
    /// A payment came in, or one was taken back.
    Received(Received),
    /// Payments pay invoices.
    Matched(Matched),
    /// A payment does not pay an invoice after all.
    Unmatched(Unmatched),
    /// Something was paid back.
    Returned(Returned),
    /// A reversal was set off.
    Reversed(Reversed),
    /// A reminder was made.
    Reminded(Reminded),
    /// What reminders cost is no longer asked for.
    ChargesWaived(ChargesWaived),
}

impl PaymentsEvent {
    /// The invoices of which something else is outstanding by it, each once.
    #[must_use]
    pub fn invoices(&self) -> Vec<InvoiceId> {
        match self {
            Self::Matched(matched) => {
                let invoices: BTreeSet<InvoiceId> = matched.matches.iter().map(|matched| matched.invoice).collect();
                invoices.into_iter().collect()
            }
            Self::Unmatched(unmatched) => vec![unmatched.invoice],
            Self::Reminded(reminded) => vec![reminded.invoice],
            Self::ChargesWaived(waived) => vec![waived.invoice],
            Self::Opened(_) | Self::FileTaken(_) | Self::Received(_) | Self::Returned(_) | Self::Reversed(_) => vec![],
        }
    }
}

/// What may still come in to the account for an invoice, what came in to it before counted with it. Looked up by the
/// caller; what was paid to this account, and what reminders recorded with it cost, the stream knows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much: issued, less credited, less paid to other accounts.
    pub amount_ore: Ore,
    /// What reminders recorded with other accounts cost.
    pub charges_ore: Ore,
    /// The date of the invoice.
    pub invoice_date: NaiveDate,
}

/// What of a bank file concerns an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// The form of the file.
    pub form: FileForm,
    /// What the bank calls it.
    pub message: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its payments and reversals.
    pub entries: Vec<Entry>,
}

/// What can be wished of the payments of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentsCommand {
    /// Take in a bank file.
    TakeFile {
        /// The account.
        account: ReceivingAccountId,
        /// Its number.
        account_number: String,
        /// The file.
        file: FileContent,
        /// Today.
        on: NaiveDate,
    },
    /// Record a payment by hand.
    RecordByHand {
        /// The account.
        account: ReceivingAccountId,
        /// Its number.
        account_number: String,
        /// The payment's id.
        payment: PaymentId,
        /// How much came in.
        amount_ore: Ore,
        /// The day the bank booked it.
        booked_on: NaiveDate,
        /// What it is known by, such as the line of the statement.
        reference: String,
        /// The invoice that it pays.
        claim: Claim,
        /// Today.
        on: NaiveDate,
    },
    /// Let a payment pay an invoice.
    Match {
        /// The payment.
        payment: PaymentId,
        /// The invoice.
        claim: Claim,
        /// How much of the payment pays the invoice, in all; as much as fits where nothing is said.
        amount_ore: Option<Ore>,
        /// Today.
        on: NaiveDate,
    },
    /// Take a payment from an invoice again.
    Unmatch {
        /// The payment.
        payment: PaymentId,
        /// The invoice.
        invoice: InvoiceId,
        /// Why.
        reason: String,
        /// Today.
        on: NaiveDate,
    },
    /// Record that all that is open of a payment was paid back.
    Return {
        /// The payment.
        payment: PaymentId,
        /// The document that says so.
        reference: String,
        /// Today.
        on: NaiveDate,
    },
    /// Set a reversal off against the payment that the bank took back.
    Reverse {
        /// The payment.
        payment: PaymentId,
        /// The reversal.
        reversal: PaymentId,
        /// Today.
        on: NaiveDate,
    },
    /// Record a reminder.
    Remind {
        /// The invoice.
        claim: Claim,
        /// The day by which it was to be paid.
        due_date: NaiveDate,
        /// The day by which it is to be paid now.
        pay_by: NaiveDate,
        /// What a reminder may cost today; none where nothing is charged.
        fee_ore: Option<Ore>,
        /// The rates of interest; none where no interest is charged.
        rates: Option<InterestRates>,
        /// Who asks in the place of an issuer that is gone.
        successor: Option<Box<Successor>>,
        /// Today.
        on: NaiveDate,
    },
    /// Ask no longer for what reminders of an invoice cost, as far as it is not paid.
    WaiveCharges {
        /// The invoice.
        claim: Claim,
        /// Why.
        reason: String,
        /// Today.
        on: NaiveDate,
    },
}

/// A payment with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// As it came in.
    pub received: Received,
    /// What it pays, by invoice.
    pub matched: BTreeMap<InvoiceId, Ore>,
    /// What of it was paid back.
    pub returned: Vec<Returned>,
    /// What of it the bank took back; of a reversal, what of it was set off, as a negative amount.
    pub reversed_ore: Ore,
    /// The payments or reversals that it was set off against.
    pub set_off: BTreeSet<PaymentId>,
}

impl Payment {
    fn new(received: Received) -> Self {
        Self {
            received,
            matched: BTreeMap::new(),
            returned: Vec::new(),
            reversed_ore: Ore::ZERO,
            set_off: BTreeSet::new(),
        }
    }

    /// What of it pays invoices.
    #[must_use]
    pub fn matched_ore(&self) -> Ore {
        self.matched.values().copied().sum()
    }

    /// What of it was paid back.
    #[must_use]
    pub fn returned_ore(&self) -> Ore {
        self.returned.iter().map(|returned| returned.amount_ore).sum()
    }

    /// What of it waits for a person; negative of a reversal.
    #[must_use]
    pub fn open_ore(&self) -> Ore {
        self.received.amount_ore - self.matched_ore() - self.returned_ore() - self.reversed_ore
    }

    /// Whether it is money that went back.
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.received.amount_ore.is_negative()
    }
}

/// The payments of an account as their events have made them. The default is an account that nothing came in to yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payments {
    /// The account; none before anything came in.
    pub opened: Option<Opened>,
    /// The files taken in, in order.
    pub files: Vec<FileTaken>,
    /// The payments.
    pub payments: BTreeMap<PaymentId, Payment>,
    /// What came in for each invoice.
    pub paid: BTreeMap<InvoiceId, Ore>,
    /// The reminders of each invoice, in order.
    pub reminders: BTreeMap<InvoiceId, Vec<Reminder>>,
    /// What they cost.
    charges: BTreeMap<InvoiceId, Charges>,
    /// What was matched once and is no longer.
    taken_apart: BTreeSet<(PaymentId, InvoiceId)>,
}

impl Payments {
    /// What came in for an invoice.
    #[must_use]
    pub fn paid(&self, invoice: InvoiceId) -> Ore {
        self.paid.get(&invoice).copied().unwrap_or_default()
    }
}
