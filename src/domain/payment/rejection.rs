//! Why a wish about payments is refused.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::identity::PaymentId;
use crate::domain::money::Ore;

/// Why a wish about payments is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum PaymentsRejection {
    /// The account number is none.
    AccountNumberInvalid {
        /// What was given.
        account_number: String,
    },
    /// The stream is another account's.
    OtherAccount {
        /// Its account.
        account_number: String,
    },
    /// Another file had the same name.
    MessageReused {
        /// What the bank calls it.
        message: String,
        /// The day the other was taken in.
        taken_on: NaiveDate,
        /// How many payments that one held.
        taken_count: u32,
        /// What they came to.
        taken_ore: Ore,
    },
    /// The file holds more than one append takes.
    FileTooLong {
        /// How many payments it holds.
        entries_count: u32,
    },
    /// An amount is beyond what is taken.
    AmountTooLarge {
        /// The amount.
        amount_ore: Ore,
    },
    /// Nothing that reminders cost is left to be paid.
    NothingCharged,
    /// An amount is not above zero.
    AmountNotPositive {
        /// The amount.
        amount_ore: Ore,
    },
    /// A day is too far away to be meant.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
    /// The day of booking is still to come.
    BookedLater {
        /// The day of booking.
        booked_on: NaiveDate,
        /// Today.
        on: NaiveDate,
    },
    /// There is no reference.
    ReferenceMissing,
    /// There is no reason.
    ReasonMissing,
    /// The account has no such payment.
    PaymentUnknown {
        /// Its id.
        payment: PaymentId,
    },
    /// The id is another payment's.
    PaymentIdUsed {
        /// The id.
        payment: PaymentId,
    },
    /// Nothing of the payment waits for a person.
    NothingOpen {
        /// The payment.
        payment: PaymentId,
    },
    /// Nothing of the invoice is left to be paid.
    NothingOutstanding,
    /// The payment is a reversal.
    IsReversal {
        /// Its amount.
        amount_ore: Ore,
    },
    /// The payment is no reversal.
    NoReversal {
        /// Its amount.
        amount_ore: Ore,
    },
    /// More than was wished is matched already.
    MatchedMore {
        /// What was wished.
        amount_ore: Ore,
        /// What is matched.
        matched_ore: Ore,
    },
    /// More was wished than is open of the payment.
    MoreThanOpen {
        /// What was wished.
        amount_ore: Ore,
        /// What is open.
        open_ore: Ore,
    },
    /// More was wished than is left to be paid of the invoice.
    MoreThanOutstanding {
        /// What was wished.
        amount_ore: Ore,
        /// What is left.
        outstanding_ore: Ore,
    },
    /// The payment does not pay the invoice.
    NotMatched,
    /// It is too early for a reminder.
    ReminderTooEarly {
        /// The day by which the invoice was to be paid.
        due_date: NaiveDate,
        /// How many days must have gone by.
        days: u64,
    },
    /// The time of the last reminder is not over.
    ReminderRunning {
        /// The day of that reminder.
        reminded_on: NaiveDate,
        /// The day by which it is to be paid.
        pay_by: NaiveDate,
    },
    /// The new day is too early.
    PayByTooEarly {
        /// The day.
        pay_by: NaiveDate,
        /// How many days there must be.
        days: u64,
    },
    /// The rate of a half year is not known.
    RateMissing {
        /// Its first day.
        from: NaiveDate,
    },
}
