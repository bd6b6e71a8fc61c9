//! Payments by hand, and what a person decides of one.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::payment::{Claim, PaymentsCommand, Reminder};
use crate::handle::Wish;
use crate::import::bank::account_id;
use crate::view::book::Book;
use crate::view::receivables::{account_of, claim};

/// What a wish about a payment names, and is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayingError {
    /// There is no such payment.
    #[error("no payment has the id {payment}; the list of payments shows them")]
    PaymentUnknown {
        /// Its id.
        payment: PaymentId,
    },
    /// There is no such invoice.
    #[error("no invoice has the id {invoice}; the list of invoices shows them")]
    InvoiceUnknown {
        /// Its id.
        invoice: InvoiceId,
    },
    /// The account is nobody's who issues here.
    #[error("account {account_number} is none that an invoice here is paid to; give one of {}", ours.join(", "))]
    AccountOfNobody {
        /// The account.
        account_number: String,
        /// Those there are.
        ours: Vec<String>,
    },
}

/// A payment that came in without a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Its id.
    pub payment: PaymentId,
    /// The account that it came in to.
    pub account_number: String,
    /// The invoice that it pays.
    pub invoice: InvoiceId,
    /// How much came in.
    pub amount_ore: Ore,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// What it is known by.
    pub reference: String,
}

/// The wish to record a payment by hand, to an account of the settings or one that invoices and reminders asked to be paid to.
///
/// # Errors
/// The invoice is not there, or the account is nobody's.
pub fn by_hand(book: &Book, paid: ByHand, settings: &BTreeSet<&str>, on: NaiveDate) -> Result<Wish, PayingError> {
    let ByHand { payment, account_number, invoice, amount_ore, booked_on, reference } = paid;
    let account = account_id(&account_number);
    let claim = claimed(book, invoice, account)?;
    let ours = accounts(book, settings);
    if !ours.contains(&*account_number) {
        return Err(PayingError::AccountOfNobody {
            account_number,
            ours: ours.into_iter().map(str::to_owned).collect(),
        });
    }
    let command =
        PaymentsCommand::RecordByHand { account, account_number, payment, amount_ore, booked_on, reference, claim, on };
    Ok(Wish::Payments(account, command))
}

/// The wish to let what is open of a payment pay an invoice.
///
/// # Errors
/// The payment or the invoice is not there.
pub fn matched(
    book: &Book,
    payment: PaymentId,
    invoice: InvoiceId,
    amount_ore: Option<Ore>,
    on: NaiveDate,
) -> Result<Wish, PayingError> {
    let account = account(book, payment)?;
    let claim = claimed(book, invoice, account)?;
    Ok(Wish::Payments(account, PaymentsCommand::Match { payment, claim, amount_ore, on }))
}

/// The wish to take a payment from an invoice again.
///
/// # Errors
/// The payment is not there.
pub fn unmatched(
    book: &Book,
    payment: PaymentId,
    invoice: InvoiceId,
    reason: String,
    on: NaiveDate,
) -> Result<Wish, PayingError> {
    Ok(Wish::Payments(account(book, payment)?, PaymentsCommand::Unmatch { payment, invoice, reason, on }))
}

/// The wish to record that what is open of a payment was paid back.
///
/// # Errors
/// The payment is not there.
pub fn returned(book: &Book, payment: PaymentId, reference: String, on: NaiveDate) -> Result<Wish, PayingError> {
    Ok(Wish::Payments(account(book, payment)?, PaymentsCommand::Return { payment, reference, on }))
}

/// The wish to set a reversal off against the payment that the bank took back.
///
/// # Errors
/// The payment is not there.
pub fn reversed(book: &Book, payment: PaymentId, reversal: PaymentId, on: NaiveDate) -> Result<Wish, PayingError> {
    Ok(Wish::Payments(account(book, payment)?, PaymentsCommand::Reverse { payment, reversal, on }))
}

/// The accounts that may be paid to, by number.
fn accounts<'a>(book: &'a Book, settings: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let invoiced = book.invoices.values().map(|issued| &*issued.account_number);
    let reminders = book.payments.values().flat_map(|payments| payments.reminders.values().flatten());
    let asked_for =
        reminders.filter_map(|Reminder { reminded, .. }| Some(&*reminded.successor.as_ref()?.account_number));
    settings.iter().copied().chain(invoiced).chain(asked_for).collect()
}

fn account(book: &Book, payment: PaymentId) -> Result<ReceivingAccountId, PayingError> {
    account_of(book, payment).ok_or(PayingError::PaymentUnknown { payment })
}

fn claimed(book: &Book, invoice: InvoiceId, account: ReceivingAccountId) -> Result<Claim, PayingError> {
    claim(book, invoice, account).ok_or(PayingError::InvoiceUnknown { invoice })
}
