//! Whether dates are still true on the day a plan is made or approved, and on the day its invoices would be numbered.

use chrono::{Days, NaiveDate};

use super::{InvoicePlan, InvoiceRunRejection};

/// The most days that an invoice or a credit note may be dated before the day it is issued. Its date is that of its issue
/// (bokføringsforskriften § 5-1-1 no. 1), and it is issued as soon as possible (§ 5-2-2): the time for approval over a holiday
/// passes, and not more. Dated further back it would take from the recipients' time to pay and might belong to a term whose
/// VAT is reported already.
pub const DATED_BACK_DAYS_MAX: u64 = 14;

/// The most days that the date of a run may lie ahead. The runs of a budget year are planned when it is adopted, so all of them
/// are dated within a year; a later date is a slip, and an approved run that waits for it would keep others from its shares.
pub const DATED_AHEAD_DAYS_MAX: u64 = 366;

/// Whether a document of this date is dated further back than may be, where it goes out on a day.
#[must_use]
pub fn is_dated_back(date: NaiveDate, on: NaiveDate) -> bool {
    date.checked_add_days(Days::new(DATED_BACK_DAYS_MAX)).is_some_and(|latest| latest < on)
}

impl InvoicePlan {
    /// Whether a run with these dates may be planned or approved on a day. One with a later date waits for it.
    pub(super) fn check_dates(&self, on: NaiveDate) -> Result<(), InvoiceRunRejection> {
        let &Self { invoice_date, due_date, .. } = self;
        if due_date < on {
            return Err(InvoiceRunRejection::DuePassed { due_date, on });
        }
        if is_dated_back(invoice_date, on) {
            return Err(InvoiceRunRejection::DatedBack { invoice_date, on, most_days: DATED_BACK_DAYS_MAX });
        }
        if on.checked_add_days(Days::new(DATED_AHEAD_DAYS_MAX)).is_some_and(|latest| latest < invoice_date) {
            return Err(InvoiceRunRejection::DatedAhead { invoice_date, on, most_days: DATED_AHEAD_DAYS_MAX });
        }
        Ok(())
    }

    /// Whether an approved run with these dates begins to be numbered on a day: not before the date that stands on its invoices,
    /// and not when they would be dated too far back.
    #[must_use]
    pub fn is_to_be_issued(&self, on: NaiveDate) -> bool {
        self.invoice_date <= on && self.check_dates(on).is_ok()
    }
}
