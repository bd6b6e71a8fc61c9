//! Finance's pages: runs, letters, what is unpaid, payments to match.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Filled, Refusal};
use super::frame::{Frame, Place};
use super::pager::{Listed, Pager, address_of_page};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PaymentId};
use crate::domain::money::Ore;
use crate::view::outbox::{Letter, LetterKind, LetterState};
use crate::view::receivables::{PaymentEntry, PaymentState, Receivable};
use crate::view::register::{RunPhase, RunSummary};

/// Invoices are this many days overdue at most in each group of the unpaid ones; the last group has no end.
const AGES_DAYS_MAX: [i64; 3] = [0, 30, 90];

/// So many candidates for a payment stand in the overview besides those that fit; its own page has all of them.
const CANDIDATES_MAX: usize = 20;

/// A part of the overview that one can look at alone, a page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoicesPart {
    /// The runs.
    Runs,
    /// Payments that wait for a person.
    Payments,
    /// What is not paid.
    Unpaid,
    /// What is paid too much.
    Overpaid,
    /// What was issued.
    Issued,
    /// Letters that have not arrived.
    Letters,
    /// Letters that have.
    Sent,
    /// The credit notes.
    CreditNotes,
}

impl InvoicesPart {
    const ALL: [Self; 8] = [
        Self::Runs,
        Self::Payments,
        Self::Issued,
        Self::Unpaid,
        Self::Overpaid,
        Self::Letters,
        Self::Sent,
        Self::CreditNotes,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Payments => "payments",
            Self::Issued => "issued",
            Self::Unpaid => "unpaid",
            Self::Overpaid => "overpaid",
            Self::Letters => "letters",
            Self::Sent => "sent",
            Self::CreditNotes => "credit-notes",
        }
    }

    /// The part that an address names.
    #[must_use]
    pub fn called(called: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == called)
    }
}

/// What the overview shows.
#[derive(Debug, Clone, Copy)]
pub struct InvoicesShown<'a> {
    /// Part of a name or number that is looked for.
    pub search: &'a str,
    /// The one part that is asked for; all of them where none is.
    pub part: Option<InvoicesPart>,
    /// The runs, the latest first.
    pub runs: Listed<'a, RunSummary>,
    /// What was issued, the latest first; nothing where it is neither looked for nor asked for.
    pub issued: Listed<'a, Receivable>,
    /// The letters that have not arrived.
    pub letters: Listed<'a, Letter>,
    /// How many have.
    pub arrived_count: usize,
    /// Those that have, the latest first; nothing where they are neither looked for nor asked for.
    pub sent: Listed<'a, Letter>,
    /// What is not paid, the longest overdue first.
    pub unpaid: Listed<'a, Receivable>,
    /// What is not paid in all: a payment may pay any of it.
    pub candidates: &'a [Receivable],
    /// What the unpaid ones come to.
    pub outstanding_ore: Ore,
    /// What was credited after it was paid, the longest overdue first.
    pub overpaid: Listed<'a, Receivable>,
    /// What is to be paid back of it.
    pub overpaid_ore: Ore,
    /// How many of the unpaid ones are in each group of age, and what they come to, the youngest first.
    pub ages: &'a [(usize, Ore)],
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
    /// The payments that wait for a person.
    pub payments: Listed<'a, PaymentEntry>,
    /// The credit notes, the latest first.
    pub credit_notes: Listed<'a, &'a CreditNoteIssued>,
    /// What they come to in all.
    pub credited_ore: Ore,
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

impl RunShown {
    /// The days that it covers, by which it is called.
    pub(super) fn year(&self) -> &str {
        &self.year
    }
}

#[derive(Serialize)]
struct LetterShown<'a> {
    id: InvoiceId,
    name: String,
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
struct OverpaidShown<'a> {
    id: InvoiceId,
    number: u64,
    recipient: &'a str,
    paid: String,
    credited: String,
    overpaid: String,
}

#[derive(Serialize)]
struct IssuedShown<'a> {
    id: InvoiceId,
    number: u64,
    recipient: &'a str,
    date: String,
    total: String,
    outstanding: String,
}

#[derive(Serialize)]
struct AgeShown<'a> {
    name: String,
    count: usize,
    sum: String,
    is_open: bool,
    invoices: Vec<UnpaidShown<'a>>,
}

#[derive(Serialize)]
struct Candidate<'a> {
    invoice: InvoiceId,
    number: u64,
    recipient: &'a str,
    outstanding: String,
    fits: bool,
    chosen: bool,
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
    /// Whether its form was not taken: what stands above the payments says why.
    is_refused: bool,
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
struct Section<T> {
    rows: T,
    pager: Option<Pager>,
    all: Option<AllShown>,
}

/// The way from the overview to a whole list.
#[derive(Serialize)]
struct AllShown {
    address: String,
    sentence: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    search: &'a str,
    part: Option<&'static str>,
    whole: Option<String>,
    refusal: Refusal,
    credited: String,
    all_issued: Option<String>,
    nothing_found: bool,
    runs: Option<Section<Vec<RunShown>>>,
    issued: Option<Section<Vec<IssuedShown<'a>>>>,
    letters: Option<Section<Vec<LetterShown<'a>>>>,
    letters_done: String,
    all_sent: Option<String>,
    sent: Option<Section<Vec<LetterShown<'a>>>>,
    unpaid: Option<Section<Vec<AgeShown<'a>>>>,
    outstanding: String,
    overpaid: Option<Section<Vec<OverpaidShown<'a>>>>,
    overpaid_sum: String,
    payments: Option<Section<Vec<PaymentShown<'a>>>>,
    credit_notes: Option<Section<Vec<CreditShown<'a>>>>,
    may_mend: bool,
    may_plan: bool,
}

impl InvoicesShown<'_> {
    /// Whether something is looked for.
    fn is_sought(&self) -> bool {
        !self.search.trim().is_empty()
    }
}

impl Shown<'_> {
    /// Whether a list is shown.
    fn has_something(&self) -> bool {
        let of_money = self.issued.is_some() || self.unpaid.is_some() || self.credit_notes.is_some();
        let overpaid = self.overpaid.as_ref().is_some_and(|overpaid| !overpaid.rows.is_empty());
        of_money
            || overpaid
            || self.runs.is_some()
            || self.payments.is_some()
            || self.letters.is_some()
            || self.sent.is_some()
    }
}

/// The address of a part, or of everything, with what is looked for.
#[must_use]
pub fn invoices_address(search: &str, part: Option<InvoicesPart>, page: usize) -> String {
    address_of_page("/invoices", &[("q", search), ("part", part.map_or("", InvoicesPart::word))], page)
}

/// A list with the way to what of it is not shown; none where another part alone is asked for, or nothing of it is what is
/// looked for.
fn section<'a, T, R>(
    say: Say,
    shown: &InvoicesShown<'a>,
    (part, listed): (InvoicesPart, Listed<'a, T>),
    rows: impl FnOnce(&'a [T]) -> R,
) -> Option<Section<R>> {
    let is_alone = shown.part == Some(part);
    let is_another = shown.part.is_some() && !is_alone;
    let is_searched = !is_alone || !matches!(part, InvoicesPart::Runs | InvoicesPart::Payments);
    if is_another || shown.is_sought() && is_searched && listed.count == 0 {
        return None;
    }
    let pager = is_alone
        .then(|| Pager::of(say, listed.window, listed.count, |page| invoices_address(shown.search, Some(part), page)))
        .flatten();
    let all = (!is_alone && listed.count > listed.shown.len()).then(|| AllShown {
        address: invoices_address(shown.search, Some(part), 1),
        sentence: say.sentence("page-part-all", [("count", listed.count.to_string().as_str())]),
    });
    Some(Section { rows: rows(listed.shown), pager, all })
}

/// The overview, or one part of it.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn invoices_page(frame: &Frame<'_>, shown: &InvoicesShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let arrived = i64::try_from(shown.arrived_count).unwrap_or(i64::MAX);
    let is_issued_shown = shown.is_sought() || shown.part == Some(InvoicesPart::Issued);
    let is_sent_shown = shown.is_sought() || shown.part == Some(InvoicesPart::Sent);
    let mut page = Shown {
        search: shown.search,
        part: shown.part.map(InvoicesPart::word),
        whole: shown.part.map(|_| invoices_address(shown.search, None, 1)),
        refusal: shown.filled.refusal(say),
        credited: say.kroner(-shown.credited_ore),
        all_issued: (!is_issued_shown).then(|| invoices_address("", Some(InvoicesPart::Issued), 1)),
        nothing_found: false,
        issued: section(say, shown, (InvoicesPart::Issued, shown.issued), |issued| {
            issued.iter().map(|owed| issued_shown(say, owed)).collect()
        })
        .filter(|_| is_issued_shown),
        runs: section(say, shown, (InvoicesPart::Runs, shown.runs), |runs| {
            runs.iter().map(|run| run_shown(say, run)).collect()
        }),
        letters: section(say, shown, (InvoicesPart::Letters, shown.letters), |letters| {
            letters.iter().map(|letter| letter_shown(say, letter, shown.may_mend)).collect()
        }),
        letters_done: say.counting("page-letters-out", ("count", arrived), []),
        all_sent: (arrived > 0 && !is_sent_shown).then(|| invoices_address(shown.search, Some(InvoicesPart::Sent), 1)),
        sent: section(say, shown, (InvoicesPart::Sent, shown.sent), |letters| {
            letters.iter().map(|letter| letter_shown(say, letter, false)).collect()
        })
        .filter(|_| is_sent_shown),
        unpaid: section(say, shown, (InvoicesPart::Unpaid, shown.unpaid), |unpaid| ages(say, shown, unpaid)),
        outstanding: say.kroner(shown.outstanding_ore),
        overpaid: section(say, shown, (InvoicesPart::Overpaid, shown.overpaid), |overpaid| {
            overpaid.iter().map(|owed| overpaid_shown(say, owed)).collect()
        }),
        overpaid_sum: say.kroner(shown.overpaid_ore),
        payments: section(say, shown, (InvoicesPart::Payments, shown.payments), |payments| {
            payments.iter().map(|payment| payment_shown(say, payment, shown)).collect()
        }),
        credit_notes: section(say, shown, (InvoicesPart::CreditNotes, shown.credit_notes), |notes| {
            notes.iter().map(|note| credit_shown(say, note)).collect()
        }),
        may_mend: shown.may_mend,
        may_plan: shown.may_plan,
    };
    page.nothing_found = shown.is_sought() && !page.has_something();
    super::fill("invoices", frame, &say.word(Place::Invoices.key()), &page)
}

fn issued_shown(say: Say, owed: &Receivable) -> IssuedShown<'_> {
    IssuedShown {
        id: owed.invoice,
        number: owed.number,
        recipient: &owed.recipient,
        date: say.date(owed.invoice_date),
        total: say.kroner(owed.issued_ore),
        outstanding: say.kroner(owed.outstanding_ore),
    }
}

/// What a credit note comes to wherever it is listed: what it takes off, as it adds up with invoices.
pub(super) fn taken_off(say: Say, note: &CreditNoteIssued) -> String {
    say.kroner(-note.total_ore)
}

fn credit_shown(say: Say, note: &CreditNoteIssued) -> CreditShown<'_> {
    CreditShown {
        id: note.credit_note,
        number: note.number,
        recipient: &note.recipient.name,
        date: say.date(note.date),
        total: taken_off(say, note),
        of: note.credited.number,
    }
}

/// How it looks where a run stands, and what that is called.
pub(super) fn run_phase(say: Say, phase: RunPhase) -> (&'static str, String) {
    let (look, key) = match phase {
        RunPhase::Planned => ("warning", "page-run-planned"),
        RunPhase::Approved => ("info", "page-run-approved"),
        RunPhase::Discarded => ("neutral", "page-run-discarded"),
        RunPhase::Completed => ("success", "page-run-completed"),
    };
    (look, say.word(key))
}

pub(super) fn run_shown(say: Say, run: &RunSummary) -> RunShown {
    let (look, phase) = run_phase(say, run.phase);
    RunShown {
        run: run.run,
        year: say.days(run.covers),
        look,
        phase,
        planned: say.date(run.planned_on),
        count: run.invoices_count,
        total: say.kroner(run.total_ore),
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

/// The key of what a letter is listed as.
pub(super) fn listed_key(letter: &Letter) -> &'static str {
    if is_listed_for_its_e_invoice(letter) { "page-e-invoice-unknown" } else { letter_state_key(letter.state) }
}

/// Whether a letter stands in a list as it does since nobody knows of its e-invoice.
fn is_listed_for_its_e_invoice(letter: &Letter) -> bool {
    letter.listed_as() != letter.state
}

/// What a letter is called: by what it brings, where that has no number or name of its own.
pub(super) fn letter_name(say: Say, letter: &Letter) -> String {
    match letter.kind {
        LetterKind::Prebill => say.word("page-letter-prebill"),
        LetterKind::Answer => say.word("page-letter-answer"),
        LetterKind::Withdrawal => say.word("page-letter-withdrawal"),
        LetterKind::Nudge => say.word("page-letter-nudge"),
        LetterKind::Invoice | LetterKind::CreditNote | LetterKind::Reminder | LetterKind::Hearing => {
            letter.name.clone()
        }
    }
}

fn letter_shown(say: Say, letter: &Letter, may_mend: bool) -> LetterShown<'_> {
    let said = if is_listed_for_its_e_invoice(letter) { &letter.e_invoice_said } else { &letter.said };
    LetterShown {
        id: letter.invoice,
        name: letter_name(say, letter),
        recipient: &letter.recipient,
        look: letter_look(letter.listed_as()),
        state: say.word(listed_key(letter)),
        since: letter.since.map_or_else(String::new, |day| say.date(day)),
        said: said.as_deref(),
        may_retry: may_mend
            && matches!(letter.state, LetterState::Parked | LetterState::Unknown | LetterState::Deferred),
    }
}

/// Which group of age an unpaid invoice is in.
fn age_of(owed: &Receivable) -> usize {
    AGES_DAYS_MAX.iter().position(|most| owed.days_overdue <= *most).unwrap_or(AGES_DAYS_MAX.len())
}

/// How many are in each group of age, and what they come to.
#[must_use]
pub fn by_age(unpaid: &[Receivable]) -> Vec<(usize, Ore)> {
    let mut groups = vec![(0, Ore::ZERO); AGES_DAYS_MAX.len() + 1];
    for owed in unpaid {
        if let Some((count, sum)) = groups.get_mut(age_of(owed)) {
            *count += 1;
            *sum += owed.outstanding_ore;
        }
    }
    groups
}

/// The groups that there is something in, each with what of it is shown.
fn ages<'a>(say: Say, shown: &InvoicesShown<'_>, unpaid: &'a [Receivable]) -> Vec<AgeShown<'a>> {
    let names = ["page-age-not-due", "page-age-30", "page-age-90", "page-age-older"];
    let groups = shown.ages.iter().zip(names).enumerate().filter(|(_, ((count, _), _))| *count > 0);
    groups
        .map(|(group, ((count, sum), name))| AgeShown {
            name: say.word(name),
            count: *count,
            sum: say.kroner(*sum),
            is_open: shown.part.is_some(),
            invoices: unpaid
                .iter()
                .filter(|owed| age_of(owed) == group)
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

fn overpaid_shown(say: Say, owed: &Receivable) -> OverpaidShown<'_> {
    OverpaidShown {
        id: owed.invoice,
        number: owed.number,
        recipient: &owed.recipient,
        paid: say.kroner(owed.paid_ore),
        credited: say.kroner(-owed.credited_ore),
        overpaid: say.kroner(-owed.outstanding_ore),
    }
}

/// The key of what the state of a payment is called.
pub(super) fn payment_state_key(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Reversal => "page-payment-reversal",
        PaymentState::UnknownKid => "page-payment-unknown-kid",
        PaymentState::SeveralKids => "page-payment-several-kids",
        PaymentState::NoKid => "page-payment-no-kid",
        PaymentState::BeforeInvoice => "page-payment-before-invoice",
        PaymentState::AllOpen => "page-payment-all-open",
        PaymentState::Rest => "page-payment-rest",
        PaymentState::Settled => "page-payment-settled",
    }
}

fn payment_shown<'a>(say: Say, payment: &'a PaymentEntry, shown: &InvoicesShown<'a>) -> PaymentShown<'a> {
    let unpaid = shown.candidates;
    let typed = |name| shown.filled.typed.get(name).map(String::as_str).unwrap_or_default();
    let is_refused = shown.filled.is_refused() && typed("payment").parse() == Ok(payment.payment);
    let fits = |owed: &&Receivable| owed.outstanding_ore == payment.open_ore;
    let candidates: Vec<&Receivable> = if payment.state == PaymentState::Reversal {
        Vec::new()
    } else {
        // What fits to the øre is likely the one.
        let others = unpaid.iter().filter(|owed| !fits(owed)).take(CANDIDATES_MAX);
        unpaid.iter().filter(fits).chain(others).collect()
    };
    let candidate = |owed: &&'a Receivable| Candidate {
        invoice: owed.invoice,
        number: owed.number,
        recipient: &owed.recipient,
        outstanding: say.kroner(owed.outstanding_ore),
        fits: fits(owed),
        chosen: is_refused && typed("invoice").parse() == Ok(owed.invoice),
    };
    PaymentShown {
        payment: payment.payment,
        booked: say.date(payment.booked_on),
        amount: say.kroner(payment.amount_ore),
        open: say.kroner(payment.open_ore),
        reference: &payment.reference,
        kid: payment.kid.as_deref(),
        state: say.word(payment_state_key(payment.state)),
        candidates: candidates.iter().map(candidate).collect(),
        is_refused,
    }
}
