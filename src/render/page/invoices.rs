//! Finance's pages: runs, letters, what is unpaid, payments to match; and a municipality's own invoices.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Filled, Refusal};
use super::frame::{Frame, Place};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PaymentId};
use crate::domain::money::Ore;
use crate::view::outbox::{Letter, LetterState};
use crate::view::receivables::{PaymentEntry, PaymentState, Receivable};
use crate::view::register::{CreditNoteEntry, InvoiceEntry, InvoiceRunEntry, RunPhase};

/// Invoices are this many days overdue at most in each group of the unpaid ones; the last group has no end.
const AGES_DAYS_MAX: [i64; 3] = [0, 30, 90];

/// What the overview shows.
#[derive(Debug, Clone, Copy)]
pub struct InvoicesShown<'a> {
    /// Part of a name or number that is looked for.
    pub search: &'a str,
    /// The runs, the latest first.
    pub runs: &'a [InvoiceRunEntry],
    /// The letters.
    pub letters: &'a [Letter],
    /// What is owed, of what is looked for.
    pub receivables: &'a [Receivable],
    /// What is owed in all: a payment may pay any of it.
    pub candidates: &'a [Receivable],
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
    /// What came in.
    pub payments: &'a [PaymentEntry],
    /// The credit notes.
    pub credit_notes: &'a [CreditNoteEntry],
    /// Whether the reader may match payments and mend letters.
    pub may_mend: bool,
    /// Whether the reader may plan runs.
    pub may_plan: bool,
}

#[derive(Serialize)]
pub(super) struct RunShown {
    run: InvoiceRunId,
    year: String,
    look: &'static str,
    phase: String,
    planned: String,
    count: usize,
    total: String,
}

#[derive(Serialize)]
struct LetterShown<'a> {
    id: InvoiceId,
    name: &'a str,
    recipient: &'a str,
    look: &'static str,
    state: String,
    since: String,
    said: Option<&'a str>,
    may_retry: bool,
}

#[derive(Serialize)]
struct UnpaidShown<'a> {
    id: InvoiceId,
    number: u64,
    recipient: &'a str,
    due: String,
    outstanding: String,
    reminders: usize,
}

#[derive(Serialize)]
struct AgeShown<'a> {
    name: String,
    sum: String,
    invoices: Vec<UnpaidShown<'a>>,
}

#[derive(Serialize)]
struct Candidate<'a> {
    invoice: InvoiceId,
    number: u64,
    recipient: &'a str,
    outstanding: String,
    fits: bool,
}

#[derive(Serialize)]
struct PaymentShown<'a> {
    payment: PaymentId,
    booked: String,
    amount: String,
    open: String,
    reference: &'a str,
    kid: Option<&'a str>,
    state: String,
    candidates: Vec<Candidate<'a>>,
}

#[derive(Serialize)]
struct CreditShown<'a> {
    id: InvoiceId,
    number: u64,
    recipient: &'a str,
    date: String,
    total: String,
    of: u64,
}

#[derive(Serialize)]
struct Shown<'a> {
    search: &'a str,
    refusal: Refusal,
    credited: String,
    runs: Vec<RunShown>,
    letters: Vec<LetterShown<'a>>,
    letters_done: String,
    ages: Vec<AgeShown<'a>>,
    outstanding: String,
    payments: Vec<PaymentShown<'a>>,
    credit_notes: Vec<CreditShown<'a>>,
    may_mend: bool,
    may_plan: bool,
}

/// The overview.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn invoices_page(frame: &Frame<'_>, shown: &InvoicesShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let is_done = |letter: &&Letter| matches!(letter.state, LetterState::Accepted | LetterState::Arrived);
    let done = i64::try_from(shown.letters.iter().filter(is_done).count()).unwrap_or(i64::MAX);
    let page = Shown {
        search: shown.search,
        refusal: shown.filled.refusal(say),
        credited: say.kroner(shown.credit_notes.iter().map(|note| note.issued.total_ore).sum()),
        runs: shown.runs.iter().map(|run| run_shown(say, run)).collect(),
        letters: shown
            .letters
            .iter()
            .filter(|letter| !is_done(letter))
            .map(|letter| letter_shown(say, letter, shown.may_mend))
            .collect(),
        letters_done: say.counting("page-letters-done", ("count", done), []),
        ages: ages(say, shown.receivables),
        outstanding: say.kroner(shown.receivables.iter().map(|owed| owed.outstanding_ore).sum()),
        payments: shown
            .payments
            .iter()
            .filter(|payment| payment.state != PaymentState::Settled)
            .map(|payment| payment_shown(say, payment, shown.candidates))
            .collect(),
        credit_notes: shown
            .credit_notes
            .iter()
            .map(|note| CreditShown {
                id: note.issued.credit_note,
                number: note.issued.number,
                recipient: &note.issued.recipient.name,
                date: say.date(note.issued.date),
                total: say.kroner(note.issued.total_ore),
                of: note.issued.credited.number,
            })
            .collect(),
        may_mend: shown.may_mend,
        may_plan: shown.may_plan,
    };
    super::fill("invoices", frame, &say.word(Place::Invoices.key()), &page)
}

fn phase(say: Say, phase: RunPhase) -> (&'static str, String) {
    let (look, key) = match phase {
        RunPhase::Planned => ("warning", "page-run-planned"),
        RunPhase::Approved => ("info", "page-run-approved"),
        RunPhase::Discarded => ("neutral", "page-run-discarded"),
        RunPhase::Completed => ("success", "page-run-completed"),
    };
    (look, say.word(key))
}

pub(super) fn run_shown(say: Say, run: &InvoiceRunEntry) -> RunShown {
    let (look, phase) = phase(say, run.phase);
    RunShown {
        run: run.run,
        year: format!("{} – {}", say.date(run.plan.covers.first), say.date(run.plan.covers.last)),
        look,
        phase,
        planned: say.date(run.planned_on),
        count: run.plan.invoices.len(),
        total: say.kroner(run.plan.total()),
    }
}

/// How the state of a letter looks.
pub(super) fn letter_look(state: LetterState) -> &'static str {
    match state {
        LetterState::Parked | LetterState::Unknown => "danger",
        LetterState::Deferred => "warning",
        LetterState::Attempting => "info",
        LetterState::Queued => "neutral",
        LetterState::Arrived | LetterState::Accepted => "success",
    }
}

/// The key of what the state of a letter is called.
pub(super) fn letter_state_key(state: LetterState) -> &'static str {
    match state {
        LetterState::Parked => "page-letter-parked",
        LetterState::Unknown => "page-letter-unknown",
        LetterState::Deferred => "page-letter-deferred",
        LetterState::Attempting => "page-letter-attempting",
        LetterState::Queued => "page-letter-queued",
        LetterState::Arrived => "page-letter-arrived",
        LetterState::Accepted => "page-letter-accepted",
    }
}

fn letter_shown(say: Say, letter: &Letter, may_mend: bool) -> LetterShown<'_> {
    LetterShown {
        id: letter.invoice,
        name: &letter.name,
        recipient: &letter.recipient,
        look: letter_look(letter.state),
        state: say.word(letter_state_key(letter.state)),
        since: letter.since.map_or_else(String::new, |day| say.date(day)),
        said: letter.said.as_deref(),
        may_retry: may_mend
            && matches!(letter.state, LetterState::Parked | LetterState::Unknown | LetterState::Deferred),
    }
}

fn ages(say: Say, receivables: &[Receivable]) -> Vec<AgeShown<'_>> {
    let group = |days: i64| AGES_DAYS_MAX.iter().position(|most| days <= *most).unwrap_or(AGES_DAYS_MAX.len());
    let mut groups: BTreeMap<usize, Vec<&Receivable>> = BTreeMap::new();
    for owed in receivables.iter().filter(|owed| owed.outstanding_ore > Ore::ZERO) {
        groups.entry(group(owed.days_overdue)).or_default().push(owed);
    }
    let names = ["page-age-not-due", "page-age-30", "page-age-90", "page-age-older"];
    groups
        .into_iter()
        .map(|(group, owed)| AgeShown {
            name: say.word(names.get(group).copied().unwrap_or("page-age-older")),
            sum: say.kroner(owed.iter().map(|owed| owed.outstanding_ore).sum()),
            invoices: owed
                .into_iter()
                .map(|owed| UnpaidShown {
                    id: owed.invoice,
                    number: owed.number,
                    recipient: &owed.recipient,
                    due: say.date(owed.due_date),
                    outstanding: say.kroner(owed.outstanding_ore),
                    reminders: owed.reminders_count,
                })
                .collect(),
        })
        .collect()
}

/// The key of what the state of a payment is called.
pub(super) fn payment_state_key(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Reversal => "page-payment-reversal",
        PaymentState::UnknownKid => "page-payment-unknown-kid",
        PaymentState::NoKid => "page-payment-no-kid",
        PaymentState::Rest => "page-payment-rest",
        PaymentState::Settled => "page-payment-settled",
    }
}

fn payment_shown<'a>(say: Say, payment: &'a PaymentEntry, receivables: &'a [Receivable]) -> PaymentShown<'a> {
    let mut candidates: Vec<Candidate<'a>> = receivables
        .iter()
        .filter(|owed| owed.outstanding_ore > Ore::ZERO && payment.state != PaymentState::Reversal)
        .map(|owed| Candidate {
            invoice: owed.invoice,
            number: owed.number,
            recipient: &owed.recipient,
            outstanding: say.kroner(owed.outstanding_ore),
            fits: owed.outstanding_ore == payment.open_ore,
        })
        .collect();
    // What fits to the øre is likely the one.
    candidates.sort_by_key(|candidate| (!candidate.fits, candidate.number));
    PaymentShown {
        payment: payment.payment,
        booked: say.date(payment.booked_on),
        amount: say.kroner(payment.amount_ore),
        open: say.kroner(payment.open_ore),
        reference: &payment.reference,
        kid: payment.kid.as_deref(),
        state: say.word(payment_state_key(payment.state)),
        candidates,
    }
}

/// A municipality's own invoices.
#[derive(Debug, Clone, Copy)]
pub struct OwnInvoicesShown<'a> {
    /// Its names.
    pub party_name: &'a str,
    /// Its number.
    pub number: &'a str,
    /// The invoices, the latest first, each with what is owed.
    pub invoices: &'a [(InvoiceEntry, Receivable)],
    /// The day.
    pub day: NaiveDate,
}

#[derive(Serialize)]
struct OwnShown {
    id: InvoiceId,
    number: u64,
    date: String,
    due: String,
    total: String,
    look: &'static str,
    state: String,
    document: bool,
    e_invoice: bool,
    credit_notes: Vec<InvoiceId>,
}

#[derive(Serialize)]
struct OwnPage<'a> {
    outstanding: String,
    party: &'a str,
    number: &'a str,
    invoices: Vec<OwnShown>,
}

/// The page of a municipality's own invoices.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn own_invoices_page(frame: &Frame<'_>, shown: &OwnInvoicesShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let own = |(entry, owed): &(InvoiceEntry, Receivable)| {
        let (look, state) = if owed.outstanding_ore <= Ore::ZERO {
            ("success", say.word("page-paid"))
        } else if owed.days_overdue > 0 {
            ("danger", say.sentence("page-overdue", [("amount", say.kroner(owed.outstanding_ore).as_str())]))
        } else {
            ("neutral", say.sentence("page-to-pay", [("amount", say.kroner(owed.outstanding_ore).as_str())]))
        };
        OwnShown {
            id: entry.invoice,
            number: entry.issued.number,
            date: say.date(owed.invoice_date),
            due: say.date(owed.due_date),
            total: say.kroner(owed.issued_ore),
            look,
            state,
            document: entry.document.is_some(),
            e_invoice: entry.e_invoice.is_some(),
            credit_notes: entry.credit_notes.clone(),
        }
    };
    let page = OwnPage {
        outstanding: say.kroner(shown.invoices.iter().map(|(_, owed)| owed.outstanding_ore).sum()),
        party: shown.party_name,
        number: shown.number,
        invoices: shown.invoices.iter().map(own).collect(),
    };
    super::fill("own_invoices", frame, &say.word("page-own-invoices"), &page)
}
