//! Receivables: what was issued, credited, paid and is outstanding, and the payments that wait for a person.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Book;
use crate::domain::identity::{InvoiceId, PartyId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::payment::{Claim, Payment, Payments, Received, Source};
use crate::domain::series::Issued;

/// What is to be paid of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Receivable {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: u64,
    /// The KID it is paid with.
    pub kid: Option<String>,
    /// Who issued it.
    pub issuer: PartyId,
    /// Who pays.
    pub party: PartyId,
    /// The name of who pays, as on the invoice.
    pub recipient: String,
    /// The date on it.
    pub invoice_date: NaiveDate,
    /// The day by which it is to be paid.
    pub due_date: NaiveDate,
    /// What it came to, VAT with it.
    pub issued_ore: Ore,
    /// What was credited of it.
    pub credited_ore: Ore,
    /// Fees and interest of its reminders, without what was waived.
    pub charged_ore: Ore,
    /// What came in.
    pub paid_ore: Ore,
    /// What is left to be paid; below zero where it was credited after it was paid, and is to be paid back.
    pub outstanding_ore: Ore,
    /// How many days ago it was to be paid; zero where it is paid or not due.
    pub days_overdue: i64,
    /// How many reminders were made.
    pub reminders_count: usize,
}

/// What a party owes in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PartyBalance {
    /// The party.
    pub party: PartyId,
    /// Its name, as on its last invoice.
    pub name: String,
    /// What its invoices came to.
    pub issued_ore: Ore,
    /// What was credited of them.
    pub credited_ore: Ore,
    /// Fees and interest of their reminders.
    pub charged_ore: Ore,
    /// What came in.
    pub paid_ore: Ore,
    /// What is left to be paid.
    pub outstanding_ore: Ore,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Money that went back, and nobody has said of which payment.
    Reversal,
    /// Paid with a KID that names no invoice, or two.
    UnknownKid,
    /// Paid with several KIDs, of which it is not said what is for each: they stand in the reference.
    SeveralKids,
    /// Paid without a KID.
    NoKid,
    /// Booked before the date of the invoice that its KID names.
    BeforeInvoice,
    /// Nothing of it pays an invoice, such as where the one that its KID names is paid.
    AllOpen,
    /// More than the invoice needed, or than was matched: the rest is open.
    Rest,
    /// Nothing of it is open.
    Settled,
}

impl PaymentState {
    /// The state in a word or two.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Reversal => "reversal",
            Self::UnknownKid => "unknown KID",
            Self::SeveralKids => "several KIDs",
            Self::NoKid => "no KID",
            Self::BeforeInvoice => "before its invoice",
            Self::AllOpen => "all open",
            Self::Rest => "rest open",
            Self::Settled => "settled",
        }
    }
}

/// What a payment pays of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PaidPart {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: Option<u64>,
    /// How much.
    pub amount_ore: Ore,
}

/// A payment with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PaymentEntry {
    /// The payment.
    pub payment: PaymentId,
    /// The number of the account it came in to.
    pub account_number: String,
    /// How much; negative where money went back.
    pub amount_ore: Ore,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The KID it was paid with.
    pub kid: Option<String>,
    /// What it is known by.
    pub reference: String,
    /// How it became known.
    pub source: Source,
    /// Where it stands.
    pub state: PaymentState,
    /// What it pays.
    pub pays: Vec<PaidPart>,
    /// What of it was paid back.
    pub returned_ore: Ore,
    /// What of it the bank took back.
    pub reversed_ore: Ore,
    /// What of it waits for a person.
    pub open_ore: Ore,
}

/// What was credited of an invoice.
#[must_use]
pub fn credited(book: &Book, invoice: InvoiceId) -> Ore {
    book.credit_notes_of(invoice).iter().map(|note| note.total_ore).sum()
}

/// What came in for an invoice, to all accounts.
#[must_use]
pub fn paid(book: &Book, invoice: InvoiceId) -> Ore {
    book.payments_of(invoice).map(|(_, payments)| payments.paid(invoice)).sum()
}

/// What may still come in to an account for an invoice, what came in to it before counted with it.
#[must_use]
pub fn claim(book: &Book, invoice: InvoiceId, account: ReceivingAccountId) -> Option<Claim> {
    let issued = book.invoices.get(&invoice)?;
    let elsewhere = book.payments_of(invoice).filter(|(id, _)| *id != account);
    let (paid_elsewhere, charges_ore) = elsewhere.fold((Ore::ZERO, Ore::ZERO), |(paid, charges), (_, payments)| {
        (paid + payments.paid(invoice), charges + payments.charges(invoice))
    });
    let amount_ore = issued.invoice.total_ore - credited(book, invoice) - paid_elsewhere;
    Some(Claim { invoice, amount_ore, charges_ore, invoice_date: issued.invoice_date })
}

/// What reminders of an invoice cost: fees and interest, without what was waived.
#[must_use]
pub fn charged(book: &Book, invoice: InvoiceId) -> Ore {
    book.payments_of(invoice).map(|(_, payments)| payments.charges(invoice)).sum()
}

/// What is left to be paid of an invoice; below zero where it is to be paid back.
#[must_use]
pub fn outstanding(book: &Book, invoice: InvoiceId, issued: &Issued) -> Ore {
    left(issued, credited(book, invoice), charged(book, invoice), paid(book, invoice))
}

fn left(issued: &Issued, credited: Ore, charged: Ore, paid: Ore) -> Ore {
    issued.invoice.total_ore - credited + charged - paid
}

/// The receivable of an invoice on a day.
#[must_use]
pub fn receivable(book: &Book, invoice: InvoiceId, issued: &Issued, day: NaiveDate) -> Receivable {
    let (credited_ore, charged_ore, paid_ore) = (credited(book, invoice), charged(book, invoice), paid(book, invoice));
    let outstanding_ore = left(issued, credited_ore, charged_ore, paid_ore);
    let is_owed = outstanding_ore > Ore::ZERO;
    let reminders = book.payments_of(invoice).filter_map(|(_, payments)| payments.reminders.get(&invoice));
    Receivable {
        invoice,
        number: issued.number,
        kid: issued.kid.clone(),
        issuer: issued.issuer.party,
        party: issued.invoice.recipient.party,
        recipient: issued.invoice.recipient.name.clone(),
        invoice_date: issued.invoice_date,
        due_date: issued.due_date,
        issued_ore: issued.invoice.total_ore,
        credited_ore,
        charged_ore,
        paid_ore,
        outstanding_ore,
        days_overdue: if is_owed { (day - issued.due_date).num_days().max(0) } else { 0 },
        reminders_count: reminders.map(Vec::len).sum(),
    }
}

/// All receivables on a day, those longest overdue first, then by number.
#[must_use]
pub fn receivables(book: &Book, day: NaiveDate) -> Vec<Receivable> {
    in_order(book.invoices.iter().map(|(id, issued)| receivable(book, *id, issued, day)))
}

/// The same of which something is outstanding, or to be paid back.
#[must_use]
pub fn open_receivables(book: &Book, day: NaiveDate) -> Vec<Receivable> {
    let open = book.unfinished.outstanding();
    in_order(open.filter_map(|(id, _)| Some(receivable(book, id, book.invoices.get(&id)?, day))))
}

fn in_order(receivables: impl Iterator<Item = Receivable>) -> Vec<Receivable> {
    let mut all: Vec<Receivable> = receivables.collect();
    all.sort_by_key(|owed| (-owed.days_overdue, owed.due_date, owed.number, owed.invoice));
    all
}

/// What each party owes, by its name.
#[must_use]
pub fn by_party(receivables: &[Receivable]) -> Vec<PartyBalance> {
    let mut balances: BTreeMap<PartyId, PartyBalance> = BTreeMap::new();
    for receivable in receivables {
        let balance = balances.entry(receivable.party).or_insert_with(|| PartyBalance {
            party: receivable.party,
            name: receivable.recipient.clone(),
            issued_ore: Ore::ZERO,
            credited_ore: Ore::ZERO,
            charged_ore: Ore::ZERO,
            paid_ore: Ore::ZERO,
            outstanding_ore: Ore::ZERO,
        });
        balance.name.clone_from(&receivable.recipient);
        balance.issued_ore += receivable.issued_ore;
        balance.credited_ore += receivable.credited_ore;
        balance.charged_ore += receivable.charged_ore;
        balance.paid_ore += receivable.paid_ore;
        balance.outstanding_ore += receivable.outstanding_ore;
    }
    let mut balances: Vec<PartyBalance> = balances.into_values().collect();
    balances.sort_by(|one, other| (&one.name, one.party).cmp(&(&other.name, other.party)));
    balances
}

/// The account that a payment came in to.
#[must_use]
pub fn account_of(book: &Book, payment: PaymentId) -> Option<ReceivingAccountId> {
    book.payments.iter().find(|(_, payments)| payments.payments.contains_key(&payment)).map(|(account, _)| *account)
}

/// All payments by the day they were booked.
#[must_use]
pub fn payments(book: &Book) -> Vec<PaymentEntry> {
    let of_account = |account: &'_ Payments| {
        account.payments.values().map(|payment| entry(book, account, payment)).collect::<Vec<_>>()
    };
    by_booking(book.payments.values().flat_map(of_account).collect())
}

/// The same of which something waits for a person.
#[must_use]
pub fn open_payments(book: &Book) -> Vec<PaymentEntry> {
    let open = book.unfinished.payments().filter_map(|(account, payment)| {
        let account = book.payments.get(&account)?;
        Some(entry(book, account, account.payments.get(&payment)?))
    });
    by_booking(open.collect())
}

fn by_booking(mut entries: Vec<PaymentEntry>) -> Vec<PaymentEntry> {
    entries.sort_by(|one, other| {
        (one.booked_on, &one.reference, one.payment).cmp(&(other.booked_on, &other.reference, other.payment))
    });
    entries
}

/// A payment.
#[must_use]
pub fn payment(book: &Book, payment: PaymentId) -> Option<PaymentEntry> {
    let account = book.payments.get(&account_of(book, payment)?)?;
    Some(entry(book, account, account.payments.get(&payment)?))
}

/// The payments that pay an invoice, with how much of each does.
#[must_use]
pub fn payments_of(book: &Book, invoice: InvoiceId) -> Vec<(&Received, Ore)> {
    let mut payments: Vec<(&Received, Ore)> = book
        .paid_with(invoice)
        .filter_map(|(account, payment)| {
            let payment = book.payments.get(&account)?.payments.get(&payment)?;
            Some((&payment.received, *payment.matched.get(&invoice)?))
        })
        .collect();
    payments.sort_by_key(|(received, _)| received.payment);
    payments
}

fn entry(book: &Book, account: &Payments, payment: &Payment) -> PaymentEntry {
    let received = &payment.received;
    let pays = payment.matched.iter().map(|(invoice, amount_ore)| PaidPart {
        invoice: *invoice,
        number: book.invoices.get(invoice).map(|issued| issued.number),
        amount_ore: *amount_ore,
    });
    PaymentEntry {
        payment: received.payment,
        account_number: account.opened.as_ref().map(|opened| opened.account_number.clone()).unwrap_or_default(),
        amount_ore: received.amount_ore,
        booked_on: received.booked_on,
        kid: received.kid.clone(),
        reference: received.reference.clone(),
        source: received.source.clone(),
        state: state(book, payment),
        pays: pays.collect(),
        returned_ore: payment.returned_ore(),
        reversed_ore: payment.reversed_ore,
        open_ore: payment.open_ore(),
    }
}

fn state(book: &Book, payment: &Payment) -> PaymentState {
    if payment.open_ore() == Ore::ZERO {
        return PaymentState::Settled;
    }
    if payment.is_reversal() {
        return PaymentState::Reversal;
    }
    let received = &payment.received;
    if !payment.matched.is_empty() {
        return PaymentState::Rest;
    }
    let is_whole = payment.open_ore() == received.amount_ore;
    let open = if is_whole { PaymentState::AllOpen } else { PaymentState::Rest };
    match (&received.kid, &received.source) {
        (Some(kid), _) => {
            let named = book.unfinished.invoice_of_kid(kid).and_then(|invoice| book.invoices.get(&invoice));
            match named {
                None => PaymentState::UnknownKid,
                Some(issued) if is_whole && received.booked_on < issued.invoice_date => PaymentState::BeforeInvoice,
                Some(_) => open,
            }
        }
        (None, Source::Hand) => open,
        (None, Source::File { .. }) if received.names_several_kids() => PaymentState::SeveralKids,
        (None, Source::File { .. }) => PaymentState::NoKid,
    }
}
