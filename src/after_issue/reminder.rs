//! Reminders (purring) as the settings have them: whether they are made, what they cost, and whether interest is claimed.

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::crediting::in_place_of_issuer;
use crate::config::{LatePayment, SettingsError};
use crate::domain::identity::InvoiceId;
use crate::domain::payment::{PaymentsCommand, Successor};
use crate::domain::series::Issued;
use crate::handle::Wish;
use crate::import::bank::account_id;
use crate::process::invoice_plan::{self, AccountOf, PlanFault};
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
    #[error(
        "what a reminder may cost on {on} is not known; add it to late_payment.fee_maximum in the settings, or switch late_payment.fee off"
    )]
    FeeUnknown {
        /// The day.
        on: NaiveDate,
    },
    /// The day by which it is to be paid is outside the calendar.
    #[error("late_payment.pay_days leads out of the calendar; give fewer days")]
    PayBy,
    /// Several came after the issuer, and no agreement says which of them asks.
    #[error(
        "{issuer} no longer exists on {on}, and no agreement of {recipient} says which of those that came after it reminds of \
         invoice {number}; record who the agreement has passed to"
    )]
    SuccessorUnclear {
        /// Who issued.
        issuer: String,
        /// The day.
        on: NaiveDate,
        /// Who pays.
        recipient: String,
        /// The number of the invoice.
        number: u64,
    },
    /// It cannot be said what stands on a document of who asks.
    #[error(transparent)]
    Issuer(#[from] PlanFault),
    /// The rates cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl ReminderError {
    /// What its sentence speaks of, by name, for languages that say it by themselves.
    #[must_use]
    pub fn details(&self) -> Map<String, Value> {
        let details = match self {
            Self::SwitchedOff => json!({ "reason": "switched-off" }),
            Self::InvoiceUnknown { invoice } => json!({ "reason": "invoice-unknown", "invoice": invoice }),
            Self::FeeUnknown { on } => json!({ "reason": "fee-unknown", "on": on }),
            Self::PayBy => json!({ "reason": "pay-by" }),
            Self::SuccessorUnclear { issuer, on, recipient, number } => json!({
                "reason": "successor-unclear", "issuer": issuer, "on": on, "recipient": recipient,
                "number": number.to_string(),
            }),
            Self::Issuer(fault) => json!(fault),
            Self::Settings(_) => json!({ "reason": "settings" }),
        };
        details.as_object().cloned().unwrap_or_default()
    }
}

/// The wish to remind of an invoice.
///
/// # Errors
/// The settings do not allow it, or it cannot be said what it costs.
pub fn wish(
    book: &Book,
    settings: &LatePayment,
    invoice: InvoiceId,
    on: NaiveDate,
    account_of: AccountOf<'_>,
) -> Result<Wish, ReminderError> {
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
    let (due_date, successor) = (issued.due_date, successor(book, issued, on, account_of)?);
    let command = PaymentsCommand::Remind { claim, due_date, pay_by, fee_ore, rates, successor, on };
    Ok(Wish::Payments(account, command))
}

/// Who asks in the place of the issuer, where it is gone. What its reminders cost is booked where the invoice stands, as what comes
/// in by its KID is.
fn successor(
    book: &Book,
    issued: &Issued,
    on: NaiveDate,
    account_of: AccountOf<'_>,
) -> Result<Option<Box<Successor>>, ReminderError> {
    let party = in_place_of_issuer(book, issued, on).ok_or_else(|| ReminderError::SuccessorUnclear {
        issuer: issued.issuer.name.clone(),
        on,
        recipient: issued.invoice.recipient.name.clone(),
        number: issued.number,
    })?;
    if party == issued.issuer.party {
        return Ok(None);
    }
    let issuer = invoice_plan::issuer_on(book, party, on)?;
    let account_number = account_of(&issuer.organisation_number);
    Ok(Some(Box::new(Successor { issuer, account_number })))
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
