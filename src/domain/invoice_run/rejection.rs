//! Why a wish about a run is refused.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Change, ObjectionField};
use crate::domain::TextFault;
use crate::domain::identity::{InvoiceId, PartyId};
use crate::domain::money::Ore;

/// Why a wish about a run is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum InvoiceRunRejection {
    /// It is not planned.
    NotPlanned,
    /// It is planned with other content.
    AlreadyPlanned,
    /// There is nothing to invoice.
    NothingToInvoice,
    /// It has too many participants.
    TooManyParticipants {
        /// How many, invoiced or set aside.
        participant_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// It shares too many costs.
    TooManyGrounds {
        /// How many.
        ground_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// An invoice has no lines, or too many.
    LineCountImpossible {
        /// Who would pay.
        recipient: String,
        /// How many lines.
        line_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// The text of a line, or how its share came about, is empty or too long.
    LineTextMissing {
        /// Who would pay.
        recipient: String,
    },
    /// VAT of a line is below 0 or above 100 percent.
    VatPercentImpossible {
        /// Who would pay.
        recipient: String,
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// An amount is above what is taken, either way.
    AmountTooLarge {
        /// The amount.
        amount_ore: Ore,
    },
    /// A party is invoiced or set aside twice.
    ParticipantRepeated {
        /// The party.
        party: PartyId,
    },
    /// Two invoices have one id.
    InvoiceIdReused {
        /// The id.
        invoice: InvoiceId,
    },
    /// A cost or licence stands twice among what is shared.
    GroundRepeated {
        /// Its name.
        name: String,
    },
    /// No decision says how VAT on a cost or licence is treated.
    DecisionMissing {
        /// Its name.
        name: String,
    },
    /// A document treats VAT otherwise than what it is for, or is of another kind than that gives.
    TreatmentDiffers {
        /// Who would pay.
        recipient: String,
    },
    /// The issuer charges VAT and is not registered for it.
    IssuerNotVatRegistered {
        /// The issuer.
        issuer: String,
    },
    /// A claim passes on the supplier's VAT without the supplier's invoice, or another document carries one.
    SupplierInvoiceMisplaced {
        /// Who would pay.
        recipient: String,
    },
    /// Too many documents go with an invoice.
    TooManyAttachments {
        /// Who would pay.
        recipient: String,
        /// How many.
        attachment_count: usize,
        /// How many are taken.
        most: usize,
    },
    /// An invoice comes to less than nothing: that is a credit note.
    TotalBelowZero {
        /// Who would be paid.
        recipient: String,
        /// What the invoice comes to.
        total_ore: Ore,
    },
    /// An invoice line is a share of what the run does not rest on.
    LineWithoutGround {
        /// Who would pay.
        recipient: String,
        /// The text of the line.
        text: String,
    },
    /// A share is set aside of what the run does not rest on.
    SetAsideWithoutGround {
        /// Whose share.
        party: PartyId,
    },
    /// The lines of a cost or licence do not add up to what is shared of it.
    GroundDoesNotAddUp {
        /// Its name.
        name: String,
        /// What is shared.
        ground_ore: Ore,
        /// What the lines come to.
        lines_ore: Ore,
    },
    /// An invoice's sum excluding VAT is not that of its lines.
    InvoiceNetWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What the lines come to.
        computed_ore: Ore,
    },
    /// An invoice's VAT, by rate or together, is not that of its lines.
    InvoiceVatWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What the lines give.
        computed_ore: Ore,
    },
    /// An invoice's total is not its sum and its VAT.
    InvoiceTotalWrong {
        /// Who would pay.
        recipient: String,
        /// What stands on the invoice.
        stated_ore: Ore,
        /// What it should be.
        computed_ore: Ore,
    },
    /// The account number is not eleven digits with a right check digit.
    AccountNumberFaulty {
        /// The number.
        account_number: String,
    },
    /// The year of the invoice date is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
    },
    /// The issuer has no county number, with which the numbers of its invoices begin.
    IssuerNumberMissing {
        /// The issuer.
        issuer: String,
    },
    /// It is due before it is dated.
    DueBeforeDate {
        /// The date.
        invoice_date: NaiveDate,
        /// The due date.
        due_date: NaiveDate,
    },
    /// The day by which it is to be paid has passed.
    DuePassed {
        /// The due date.
        due_date: NaiveDate,
        /// The day.
        on: NaiveDate,
    },
    /// It is dated too long before it would be issued.
    DatedBack {
        /// The date.
        invoice_date: NaiveDate,
        /// The day.
        on: NaiveDate,
        /// The most days between them.
        most_days: u64,
    },
    /// It is dated too long ahead.
    DatedAhead {
        /// The date.
        invoice_date: NaiveDate,
        /// The day.
        on: NaiveDate,
        /// The most days between them.
        most_days: u64,
    },
    /// What it rests on has changed since.
    GroundsChanged {
        /// What is otherwise.
        changes: Vec<Change>,
        /// How much more is.
        more_count: usize,
    },
    /// The prebill is sent already, with another day.
    AlreadyPrebilled {
        /// The last day for objections.
        objections_until: NaiveDate,
        /// The day it was sent.
        on: NaiveDate,
    },
    /// There would be no time for objections, or the day is outside the calendar.
    ObjectionsUntilImpossible {
        /// The last day for objections.
        objections_until: NaiveDate,
        /// The day of the prebill.
        on: NaiveDate,
    },
    /// Once the day for objections has passed, the dates of the plan would be no longer true.
    ObjectionsUntilTooLate {
        /// The last day for objections.
        objections_until: NaiveDate,
        /// The date on the invoices.
        invoice_date: NaiveDate,
        /// The due date.
        due_date: NaiveDate,
    },
    /// There was no prebill to object to.
    NotPrebilled,
    /// Who objects has no share in the run.
    NoParticipant {
        /// Who.
        party: PartyId,
    },
    /// What an objection or its answer says is empty, too long, or may name a person.
    ObjectionTextUnfit {
        /// What of it.
        field: ObjectionField,
        /// What is wrong with it.
        fault: TextFault,
    },
    /// There are too many objections.
    TooManyObjections {
        /// How many are taken.
        most: usize,
    },
    /// No objection has this number.
    NoSuchObjection {
        /// The number.
        objection: u32,
    },
    /// It is answered otherwise already.
    ObjectionAlreadyAnswered {
        /// The number.
        objection: u32,
        /// The day.
        on: NaiveDate,
    },
    /// There was no prebill, and one is required.
    PrebillMissing,
    /// Some have not got the prebill yet.
    PrebillNotSent {
        /// How many.
        participant_count: usize,
        /// The first of them.
        first: String,
    },
    /// Objections may still come.
    ObjectionsMayCome {
        /// The last day for them.
        objections_until: NaiveDate,
    },
    /// An objection is not answered.
    ObjectionOpen {
        /// Its number.
        objection: u32,
        /// Who objected.
        participant: String,
    },
    /// An objection was upheld, so that the plan does not stand.
    ObjectionUpheld {
        /// Its number.
        objection: u32,
        /// Who objected.
        participant: String,
    },
    /// Who planned would approve, and two people are required.
    OwnPlan {
        /// The role in which it was planned.
        role: String,
    },
    /// Nobody knows who planned, and two people are required.
    PlannerUnknown,
    /// It is approved already.
    AlreadyApproved {
        /// The role of who approved.
        role: String,
        /// The day.
        on: NaiveDate,
    },
    /// It is not approved.
    NotApproved,
    /// It is discarded.
    AlreadyDiscarded {
        /// The day.
        on: NaiveDate,
    },
    /// Some of its invoices are not issued.
    NotAllIssued {
        /// How many are missing.
        missing_count: usize,
    },
    /// The role is empty or too long.
    RoleMissing,
}
