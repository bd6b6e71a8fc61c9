//! Reminders (purring) as the settings have them: whether they are made, what they cost, and whether interest is claimed.

use chrono::{Days, NaiveDate};

use crate::config::{LatePayment, SettingsError};
use crate::domain::identity::InvoiceId;
use crate::domain::payment::PaymentsCommand;
use crate::handle::Wish;
use crate::import::bank::account_id;
use crate::view::book::Book;
use crate::view::receivables::claim;

/// Why there is no reminder.
#[derive(Debug, thiserror::Error)]
pub enum ReminderError {
    /// They are not made.
    #[error("reminders are switched off; switch them on by late_payment.reminders in the settings")]
    SwitchedOff,
    /// There is no such invoice.
    #[error("there is no invoice with the id {invoice}")]
    InvoiceUnknown {
        /// Its id.
        invoice: InvoiceId,
    },
    /// What it may cost is not known.
    #[error("what a reminder may cost on {on} is not known; switch late_payment.fee off, or use a later version")]
    FeeUnknown {
        /// The day.
        on: NaiveDate,
    },
    /// The day by which it is to be paid is outside the calendar.
    #[error("late_payment.pay_days leads out of the calendar; give fewer days")]
    PayBy,
    /// The rates cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// The wish to remind of an invoice.
///
/// # Errors
/// The settings do not allow it, or it cannot be said what it costs.
pub fn wish(book: &Book, settings: &LatePayment, invoice: InvoiceId, on: NaiveDate) -> Result<Wish, ReminderError> {
    if !settings.reminders {
        return Err(ReminderError::SwitchedOff);
    }
    let unknown = || ReminderError::InvoiceUnknown { invoice };
    let issued = book.invoices.get(&invoice).ok_or_else(unknown)?;
    let account = account_id(&issued.account_number);
    let claim = claim(book, invoice, account).ok_or_else(unknown)?;
    let fee_ore =
        if settings.fee { Some(settings.fee_maxima()?.on(on).ok_or(ReminderError::FeeUnknown { on })?) } else { None };
    let rates = settings.interest.then(|| settings.interest_rates()).transpose()?;
    let pay_by = on.checked_add_days(Days::new(u64::from(settings.pay_days))).ok_or(ReminderError::PayBy)?;
    let command = PaymentsCommand::Remind { claim, due_date: issued.due_date, pay_by, fee_ore, rates, on };
    Ok(Wish::Payments(account, command))
}

/// The wish to ask no longer for what reminders of an invoice cost.
///
/// # Errors
/// The invoice is not there.
pub fn waiver(book: &Book, invoice: InvoiceId, reason: String, on: NaiveDate) -> Result<Wish, ReminderError> {
    let unknown = || ReminderError::InvoiceUnknown { invoice };
    let account = account_id(&book.invoices.get(&invoice).ok_or_else(unknown)?.account_number);
    let claim = claim(book, invoice, account).ok_or_else(unknown)?;
    Ok(Wish::Payments(account, PaymentsCommand::WaiveCharges { claim, reason, on }))
}
