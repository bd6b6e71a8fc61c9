//! Finance's forms: a run to be planned, an invoice with all that became of it, a bank file, a letter that does not arrive.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::address::as_parameter;
use super::field::{Field, Filled, Kind, Named, Refusal, named};
use super::frame::Frame;
use super::invoices::{letter_state_key, taken_off};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::domain::party::ContactRole;
use crate::domain::payment::Received;
use crate::view::outbox::{EInvoiceState, Letter, LetterState};
use crate::view::receivables::Receivable;
use crate::view::register::InvoiceEntry;

/// What can be chosen for a run that is to be planned.
#[derive(Debug, Clone, Copy)]
pub struct PlanShown<'a> {
    /// The procurements: ids and names.
    pub procurements: &'a [(String, String)],
    /// Who may issue: ids and names.
    pub issuers: &'a [(String, String)],
    /// The year that is suggested.
    pub year: &'a str,
    /// The invoice date that is suggested.
    pub invoice_date: &'a str,
    /// How many days later the invoices are due where nothing is said.
    pub due_days: u32,
    /// Whether it must be known who plans.
    pub asks_planner: bool,
    /// Whether that must be typed, since nobody is signed in.
    pub asks_person: bool,
    /// The form, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct PlanPage<'a> {
    refusal: Refusal,
    due_days: String,
    fields: Vec<Field<'a>>,
    is_possible: bool,
}

/// The page of a run that is to be planned.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn plan_page(frame: &Frame<'_>, shown: &PlanShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let filled = shown.filled;
    let choice = |of: &'static [(&'static str, &'static str)]| {
        Kind::Choice(of.iter().map(|(value, key)| (*value, say.word(key))).collect())
    };
    let days =
        choice(&[("year", "page-whole-year"), ("first_half", "page-first-half"), ("second_half", "page-second-half")]);
    let per = choice(&[("payer", "page-per-payer"), ("agreement", "page-per-agreement")]);
    let due = Named { hint: Some("page-due-hint"), ..named("due_date", "page-due") };
    let mut fields = vec![
        filled.field("plan", named("procurement", "page-procurement"), listed(shown.procurements), ""),
        filled.field("plan", named("issuer", "page-issuer"), listed(shown.issuers), ""),
        filled.field("plan", named("year", "page-budget-year"), Kind::Whole, shown.year),
        filled.field("plan", named("days", "page-days-invoiced"), days, "year"),
        filled.field("plan", named("one_per", "page-one-per"), per, "payer"),
        filled.field("plan", named("invoice_date", "page-invoice-date"), Kind::Day, shown.invoice_date),
        filled.field("plan", due, Kind::Day, ""),
    ];
    if shown.asks_planner {
        fields.push(filled.field("plan", named("role", "page-your-role"), Kind::Text, ""));
    }
    if shown.asks_planner && shown.asks_person {
        fields.push(filled.field("plan", named("person", "page-your-id"), Kind::Text, ""));
    }
    let page = PlanPage {
        refusal: filled.refusal(say),
        due_days: shown.due_days.to_string(),
        fields,
        is_possible: !shown.issuers.is_empty(),
    };
    super::fill("plan", frame, &say.word("page-plan-run"), &page)
}

/// A choice of what has an id: ids and names.
pub(super) fn listed(of: &[(String, String)]) -> Kind<'_> {
    Kind::Choice(of.iter().map(|(id, name)| (id.as_str(), name.clone())).collect())
}

/// An invoice with all that became of it.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceShown<'a> {
    /// The invoice.
    pub entry: &'a InvoiceEntry,
    /// What is owed of it.
    pub owed: &'a Receivable,
    /// Its credit notes.
    pub notes: &'a [CreditNoteIssued],
    /// The payments that pay it, with how much of each does, as far as the reader may see them.
    pub payments: &'a [(&'a Received, Ore)],
    /// What was credited of each line, excluding VAT, and of the supplier's VAT.
    pub credited: &'a [(Ore, Ore)],
    /// Its letter, where the reader may see that.
    pub letter: Option<&'a Letter>,
    /// Whether the reader may credit it.
    pub may_credit: bool,
    /// Whether the reader may record a payment.
    pub may_pay: bool,
    /// Whether the reader may remind of it.
    pub may_remind: bool,
    /// The day.
    pub day: NaiveDate,
    /// The number of the recipient, to whose page of invoices it leads back; none where it leads to finance's.
    pub back_to: Option<&'a str>,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct LineShown<'a> {
    number: usize,
    text: &'a str,
    explanation: &'a str,
    net: String,
    credited: String,
    left: String,
}

#[derive(Serialize)]
struct NoteShown<'a> {
    id: InvoiceId,
    number: u64,
    date: String,
    total: String,
    reason: &'a str,
}

/// A figure of an invoice or a payment, by name.
#[derive(Serialize)]
pub(super) struct Figure {
    name: String,
    value: String,
}

impl Figure {
    pub(super) fn of(say: Say, key: &str, value: String) -> Self {
        Self { name: say.word(key), value }
    }
}

#[derive(Serialize)]
struct PaidBy {
    payment: PaymentId,
    amount: String,
    booked: String,
}

#[derive(Serialize)]
struct CreditForm<'a> {
    refusal: Refusal,
    extent: Field<'a>,
    lines: Vec<Field<'a>>,
    reason: Field<'a>,
    date: Field<'a>,
}

#[derive(Serialize)]
struct PayForm<'a> {
    refusal: Refusal,
    amount: Field<'a>,
    booked_on: Field<'a>,
    reference: Field<'a>,
}

#[derive(Serialize)]
struct RemindForm {
    refusal: Refusal,
}

#[derive(Serialize)]
struct InvoicePage<'a> {
    back: String,
    is_own: bool,
    id: InvoiceId,
    number: u64,
    recipient: &'a str,
    figures: Vec<Figure>,
    document: bool,
    e_invoice: bool,
    letter: Option<InvoiceId>,
    letter_state: String,
    lines: Vec<LineShown<'a>>,
    notes: Vec<NoteShown<'a>>,
    payments: Vec<PaidBy>,
    credit: Option<CreditForm<'a>>,
    pay: Option<PayForm<'a>>,
    remind: Option<RemindForm>,
}

/// The page of an invoice.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn invoice_page(frame: &Frame<'_>, shown: &InvoiceShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let empty = Filled::default();
    let issued = &shown.entry.issued;
    let names: Vec<String> = (1..=issued.invoice.lines.len()).map(|line| format!("line-{line}")).collect();
    let (owed, left) = (shown.owed, shown.owed.issued_ore - shown.owed.credited_ore);
    let (today, outstanding) = (shown.day.to_string(), say.amount(owed.outstanding_ore));
    let page = InvoicePage {
        back: shown.back_to.map_or_else(
            || "/invoices".to_owned(),
            |number| format!("/municipalities/{}/invoices", as_parameter(number)),
        ),
        is_own: shown.back_to.is_some(),
        id: shown.entry.invoice,
        number: issued.number,
        recipient: &issued.invoice.recipient.name,
        figures: figures(say, shown),
        document: shown.entry.document.is_some(),
        e_invoice: shown.entry.e_invoice.is_some(),
        letter: shown.letter.map(|letter| letter.invoice),
        letter_state: shown.letter.map(|letter| say.word(letter_state_key(letter.state))).unwrap_or_default(),
        lines: lines(say, shown),
        notes: shown
            .notes
            .iter()
            .map(|note| NoteShown {
                id: note.credit_note,
                number: note.number,
                date: say.date(note.date),
                total: taken_off(say, note),
                reason: &note.reason,
            })
            .collect(),
        payments: shown
            .payments
            .iter()
            .map(|(received, amount)| PaidBy {
                payment: received.payment,
                amount: say.kroner(*amount),
                booked: say.date(received.booked_on),
            })
            .collect(),
        credit: (shown.may_credit && left > Ore::ZERO)
            .then(|| credit_form(say, shown, shown.filled.of("credit", &empty), &names, &today)),
        pay: (shown.may_pay && owed.outstanding_ore > Ore::ZERO).then(|| {
            let filled = shown.filled.of("pay", &empty);
            let reference = Named { hint: Some("page-pay-reference-hint"), ..named("reference", "page-reference") };
            PayForm {
                refusal: filled.refusal(say),
                amount: filled.field("pay", named("amount", "page-amount"), Kind::Amount, &outstanding),
                booked_on: filled.field("pay", named("booked_on", "page-booked-on"), Kind::Day, &today),
                reference: filled.field("pay", reference, Kind::Text, ""),
            }
        }),
        remind: (shown.may_remind && owed.days_overdue > 0)
            .then(|| RemindForm { refusal: shown.filled.of("remind", &empty).refusal(say) }),
    };
    let title = format!("{} {}", say.word("page-invoice"), issued.number);
    super::fill("invoice", frame, &title, &page)
}

fn figures(say: Say, shown: &InvoiceShown<'_>) -> Vec<Figure> {
    let owed = shown.owed;
    let mut figures = vec![
        ("page-invoice-date", say.long_date(owed.invoice_date)),
        ("page-due", say.long_date(owed.due_date)),
        ("page-sum", say.kroner(owed.issued_ore)),
        ("page-credited", say.kroner(owed.credited_ore)),
        ("page-paid-amount", say.kroner(owed.paid_ore)),
        ("page-outstanding", say.kroner(owed.outstanding_ore)),
    ];
    if let Some(kid) = &owed.kid {
        figures.push(("page-kid", kid.clone()));
    }
    if owed.reminders_count > 0 {
        figures.push(("page-reminders", owed.reminders_count.to_string()));
    }
    figures.into_iter().map(|(key, value)| Figure::of(say, key, value)).collect()
}

fn lines<'a>(say: Say, shown: &InvoiceShown<'a>) -> Vec<LineShown<'a>> {
    let lines = (1..).zip(&shown.entry.issued.invoice.lines);
    let credited = shown.credited.iter().copied().chain(std::iter::repeat((Ore::ZERO, Ore::ZERO)));
    lines
        .zip(credited)
        .map(|((number, line), (credited, _))| LineShown {
            number,
            text: &line.text,
            explanation: &line.explanation,
            net: say.kroner(line.net_ore),
            credited: say.kroner(credited),
            left: say.kroner(line.net_ore - credited),
        })
        .collect()
}

fn credit_form<'a>(
    say: Say,
    shown: &InvoiceShown<'a>,
    filled: &'a Filled,
    names: &'a [String],
    today: &'a str,
) -> CreditForm<'a> {
    let extents = vec![("whole", say.word("page-credit-whole")), ("lines", say.word("page-credit-lines"))];
    let of_line = |(name, line): (&'a String, LineShown<'_>)| {
        let put = [("line", line.number.to_string()), ("left", line.left)];
        let text = say.sentence("page-credit-line", put.each_ref().map(|(name, text)| (*name, text.as_str())));
        filled.field("credit", named(name, "page-amount"), Kind::Amount, "").saying(text)
    };
    let reason = Named { hint: Some("page-credit-reason-hint"), ..named("reason", "page-reason") };
    CreditForm {
        refusal: filled.refusal(say),
        extent: filled.field("credit", named("extent", "page-credit-extent"), Kind::Choice(extents), "whole"),
        lines: names.iter().zip(lines(say, shown)).map(of_line).collect(),
        reason: filled.field("credit", reason, Kind::Text, ""),
        date: filled.field("credit", named("date", "page-credit-date"), Kind::Day, today),
    }
}

/// The form for a bank file, and what the one before came to.
#[derive(Debug, Clone, Copy)]
pub struct BankFileShown<'a> {
    /// The accounts that it may be of.
    pub accounts: &'a str,
    /// How many payments were booked, and how many of them pay an invoice by themselves.
    pub taken: Option<(usize, usize)>,
    /// The form, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct BankFilePage<'a> {
    refusal: Refusal,
    accounts: &'a str,
    taken: Option<String>,
    is_new: bool,
    file_refused: Option<&'a str>,
}

/// The page with the form for a bank file.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn bank_file_page(frame: &Frame<'_>, shown: &BankFileShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let taken = shown.taken.map(|(booked, matched)| {
        let count = i64::try_from(booked).unwrap_or(i64::MAX);
        let (matched, by_hand) = (matched.to_string(), booked.saturating_sub(matched).to_string());
        say.counting("page-bank-file-taken", ("count", count), [("matched", &matched), ("hand", &by_hand)])
    });
    let page = BankFilePage {
        refusal: shown.filled.refusal(say),
        accounts: shown.accounts,
        taken,
        is_new: shown.taken.is_some_and(|(booked, _)| booked > 0),
        file_refused: shown.filled.refused.get("file").copied(),
    };
    super::fill("bank_file", frame, &say.word("page-bank-file"), &page)
}

/// Something that happened to a letter.
#[derive(Debug, Clone)]
pub struct LetterStep {
    /// The name of the event.
    pub event: String,
    /// Whether it is about the e-invoice, where the document has an event of the same name.
    pub is_of_e_invoice: bool,
    /// The day.
    pub on: NaiveDate,
    /// What the server said, or why.
    pub said: Option<String>,
}

fn step_said(say: Say, step: &LetterStep) -> String {
    if step.is_of_e_invoice {
        return say.word("page-e-invoice-drawn-up");
    }
    say.word(&format!("event-{}", step.event.replace('.', "-")))
}

/// A letter with all that became of it.
#[derive(Debug, Clone, Copy)]
pub struct LetterPageShown<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What happened to it, in order.
    pub steps: &'a [LetterStep],
    /// As what it is received.
    pub role: Option<ContactRole>,
    /// The name of the contact, where the reader may know it.
    pub name: &'a str,
    /// The address of the contact, where the reader may know it.
    pub email: &'a str,
    /// Whether the reader may name another contact.
    pub may_address: bool,
    /// Whether the reader may let it go again, and say whether it arrived.
    pub may_mend: bool,
    /// Whether it must be typed who says so, since nobody is signed in.
    pub asks_person: bool,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct StepShown<'a> {
    day: String,
    what: String,
    said: &'a str,
}

#[derive(Serialize)]
struct AddressForm<'a> {
    refusal: Refusal,
    role: Option<&'static str>,
    /// Whether no address is known.
    lacks_address: bool,
    name: Field<'a>,
    email: Field<'a>,
}

#[derive(Serialize)]
struct OutcomeForm<'a> {
    refusal: Refusal,
    fields: Vec<Field<'a>>,
}

/// Whether the access point took the e-invoice.
#[derive(Serialize)]
struct EInvoiceAsked<'a> {
    /// Whether nobody knows it.
    is_unknown: bool,
    form: Option<OutcomeForm<'a>>,
}

#[derive(Serialize)]
struct LetterPage<'a> {
    id: InvoiceId,
    name: String,
    recipient: &'a str,
    look: &'static str,
    state: String,
    steps: Vec<StepShown<'a>>,
    address: Option<AddressForm<'a>>,
    may_retry: bool,
    is_outcome_open: bool,
    outcome: Option<OutcomeForm<'a>>,
    e_invoice: Option<EInvoiceAsked<'a>>,
}

/// The page of a letter.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn letter_page(frame: &Frame<'_>, shown: &LetterPageShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let empty = Filled::default();
    let letter = shown.letter;
    // A form that was refused is shown as it was sent, also where somebody else was faster: then it is known already.
    let was_sent = |form| shown.filled.form == form;
    let is_outcome_open = matches!(letter.state, LetterState::Unknown | LetterState::Parked);
    let is_unknown = letter.e_invoice == EInvoiceState::Unknown;
    let waits = matches!(letter.state, LetterState::Parked | LetterState::Unknown | LetterState::Deferred);
    let page = LetterPage {
        id: letter.invoice,
        name: super::invoices::letter_name(say, letter),
        recipient: &letter.recipient,
        look: super::invoices::letter_look(letter.listed_as()),
        state: say.word(super::invoices::listed_key(letter)),
        steps: shown
            .steps
            .iter()
            .map(|step| StepShown {
                day: say.date(step.on),
                what: step_said(say, step),
                said: step.said.as_deref().unwrap_or_default(),
            })
            .collect(),
        address: shown.may_address.then(|| {
            let filled = shown.filled.of("address", &empty);
            AddressForm {
                refusal: filled.refusal(say),
                role: shown.role.map(contact_key),
                lacks_address: shown.email.is_empty(),
                name: filled.field("address", named("name", "page-contact-name"), Kind::Text, shown.name),
                email: filled.field("address", named("email", "page-contact-email"), Kind::Email, shown.email),
            }
        }),
        may_retry: shown.may_mend && waits,
        is_outcome_open,
        outcome: (shown.may_mend && (is_outcome_open || was_sent("outcome")))
            .then(|| outcome_form(say, shown, ("outcome", OF_LETTER), shown.filled.of("outcome", &empty))),
        e_invoice: (is_unknown || was_sent("e-invoice")).then(|| EInvoiceAsked {
            is_unknown,
            form: shown.may_mend.then(|| {
                let filled = shown.filled.of("e-invoice", &empty);
                outcome_form(say, shown, ("e-invoice", OF_E_INVOICE), filled)
            }),
        }),
    };
    let title = format!("{} {}", say.word("page-letter"), page.name);
    super::fill("letter", frame, &title, &page)
}

/// Who says whether a letter arrived, and that it did or did not.
const OF_LETTER: [&str; 3] = ["page-arrived", "page-it-arrived", "page-it-did-not-arrive"];
/// The same of an e-invoice.
const OF_E_INVOICE: [&str; 3] = ["page-e-invoice-arrived", "page-e-invoice-taken", "page-e-invoice-not-taken"];

fn outcome_form<'a>(
    say: Say,
    shown: &LetterPageShown<'_>,
    (form, [who_says, yes, no]): (&'static str, [&'static str; 3]),
    filled: &'a Filled,
) -> OutcomeForm<'a> {
    let arrived = vec![("yes", say.word(yes)), ("no", say.word(no))];
    let mut fields = vec![
        filled.field(form, named("arrived", who_says), Kind::Choice(arrived), ""),
        filled.field(form, named("reason", "page-how-known"), Kind::Text, ""),
        filled.field(form, named("role", "page-your-role"), Kind::Text, ""),
    ];
    if shown.asks_person {
        fields.push(filled.field(form, named("person", "page-your-id"), Kind::Text, ""));
    }
    OutcomeForm { refusal: filled.refusal(say), fields }
}

fn contact_key(role: ContactRole) -> &'static str {
    match role {
        ContactRole::Leader => "page-contact-leader",
        ContactRole::LibraryLeader => "page-contact-library",
        ContactRole::Finance => "page-contact-finance",
    }
}
