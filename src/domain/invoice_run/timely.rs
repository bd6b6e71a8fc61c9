//! Whether the dates of a plan are still true on the day it is planned or approved. Its invoices are numbered and sent right
//! after approval.

use chrono::{Days, NaiveDate};

use super::{InvoicePlan, InvoiceRunRejection};

/// The most days that an invoice may be dated before the day it is issued. Its date is that of its issue
/// (bokføringsforskriften § 5-1-1 no. 1), and it is issued as soon as possible (§ 5-2-2): the time for approval over a holiday
/// passes, and not more. Dated further back it would take from the recipients' time to pay and might belong to a term whose
/// VAT is reported already. A later date takes nothing from anybody.
pub const DATED_BACK_DAYS_MAX: u64 = 14;

impl InvoicePlan {
    /// Whether invoices with these dates may go out on a day.
    pub(super) fn check_dates(&self, on: NaiveDate) -> Result<(), InvoiceRunRejection> {
        let &Self { invoice_date, due_date, .. } = self;
        if due_date < on {
            return Err(InvoiceRunRejection::DuePassed { due_date, on });
        }
        let latest = invoice_date.checked_add_days(Days::new(DATED_BACK_DAYS_MAX));
        if latest.is_some_and(|latest| latest < on) {
            return Err(InvoiceRunRejection::DatedBack { invoice_date, on, most_days: DATED_BACK_DAYS_MAX });
        }
        Ok(())
    }
}
