//! The outbox: which letters wait, which were taken, which need a person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::book::Book;
use crate::domain::delivery::{Delivery, EInvoicing, Mailing};
use crate::domain::identity::InvoiceId;
use crate::domain::invoice_run::{InvoiceRun, PrebillLetter};
use crate::domain::series::Issued;

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// A person must mend something.
    Parked,
    /// It may have arrived or not: a person must ask.
    Unknown,
    /// The receiving side put it off: it is tried again later.
    Deferred,
    /// An attempt is under way.
    Attempting,
    /// To be sent.
    Queued,
    /// The receiving side took it.
    Accepted,
}

impl LetterState {
    /// All of them, those that need a person first.
    pub const ALL: [Self; 6] =
        [Self::Parked, Self::Unknown, Self::Deferred, Self::Attempting, Self::Queued, Self::Accepted];

    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Unknown => "unknown",
            Self::Deferred => "deferred",
            Self::Attempting => "attempting",
            Self::Queued => "queued",
            Self::Accepted => "accepted",
        }
    }
}

/// Where an e-invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EInvoiceState {
    /// To be drawn up and laid out for the access point.
    Queued,
    /// Laid out for the access point.
    Placed,
    /// The invoice lacks something for it and goes out as a letter alone.
    Omitted,
    /// The letter went out before there were e-invoices.
    None,
}

impl EInvoiceState {
    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Placed => "placed",
            Self::Omitted => "omitted",
            Self::None => "none",
        }
    }
}

/// A letter with an invoice, or with a prebill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Letter {
    /// The invoice; the letter's own id where it brings a prebill.
    pub invoice: InvoiceId,
    /// Its number; none where it brings a prebill.
    pub number: Option<u64>,
    /// Who it is for.
    pub recipient: String,
    /// Where it stands.
    pub state: LetterState,
    /// The day it came to stand there; none while it is to be sent or on its way.
    pub since: Option<NaiveDate>,
    /// How many attempts to send it there have been.
    pub attempts_count: u32,
    /// The instant from which it is tried again, where it was put off.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// What the receiving side answered, or why it waits for a person.
    pub said: Option<String>,
    /// Where the e-invoice stands.
    pub e_invoice: EInvoiceState,
    /// What the e-invoice is called where the access point picks it up, or what the invoice lacks for it.
    pub e_invoice_said: Option<String>,
}

/// The letter with an invoice.
#[must_use]
pub fn letter(invoice: InvoiceId, issued: &Issued, delivery: Option<&Delivery>) -> Letter {
    standing(invoice, Some(issued.number), &issued.invoice.recipient.name, delivery)
}

fn standing(id: InvoiceId, number: Option<u64>, recipient: &str, delivery: Option<&Delivery>) -> Letter {
    let (e_invoice, e_invoice_said) = e_invoice(delivery);
    let mut letter = Letter {
        invoice: id,
        number,
        recipient: recipient.to_owned(),
        state: LetterState::Queued,
        since: None,
        attempts_count: delivery.map_or(0, |delivery| delivery.attempts_count),
        next_attempt_at: None,
        said: None,
        e_invoice,
        e_invoice_said,
    };
    match delivery.map(|delivery| &delivery.mailing) {
        None | Some(Mailing::Queued) => {}
        Some(Mailing::Attempting(_)) => letter.state = LetterState::Attempting,
        Some(Mailing::Deferred(deferred)) => {
            letter.state = LetterState::Deferred;
            letter.next_attempt_at = Some(deferred.next_attempt_at);
            letter.said = Some(deferred.reply.clone());
        }
        Some(Mailing::OutcomeUnknown(unknown)) => {
            letter.state = LetterState::Unknown;
            letter.since = Some(unknown.on);
            letter.said = Some(format!(
                "it may have arrived or not ({}); ask the recipient, and ask for another attempt where it has not: it \
                 carries the same Message-ID",
                unknown.said
            ));
        }
        Some(Mailing::Parked(parked)) => {
            letter.state = LetterState::Parked;
            letter.since = Some(parked.on);
            letter.said = Some(parked.reason.clone());
        }
        Some(Mailing::Accepted(accepted)) => {
            letter.state = LetterState::Accepted;
            letter.since = Some(accepted.on);
            letter.said = Some(accepted.reply.clone());
        }
    }
    letter
}

fn e_invoice(delivery: Option<&Delivery>) -> (EInvoiceState, Option<String>) {
    let Some(delivery) = delivery else { return (EInvoiceState::Queued, None) };
    match (&delivery.e_invoicing, &delivery.mailing) {
        (EInvoicing::Pending, Mailing::Accepted(_)) => (EInvoiceState::None, None),
        (EInvoicing::Pending | EInvoicing::DrawnUp(_), _) => (EInvoiceState::Queued, None),
        (EInvoicing::Omitted(omitted), _) => (EInvoiceState::Omitted, Some(omitted.reason.clone())),
        (EInvoicing::Placed(_, placed), _) => (EInvoiceState::Placed, Some(placed.file_name.clone())),
    }
}

/// The letters with prebills: all of a run that waits for approval, and those that were taken of any other.
fn prebills(book: &Book) -> Vec<Letter> {
    let runs = book.runs.values().filter_map(|run| Some((run, run.planned()?)));
    let letters = runs.filter_map(|(run, planned)| Some((run, planned, planned.prebilled.as_ref()?)));
    let letters = letters.flat_map(|(run, planned, prebilled)| {
        let is_waiting = matches!(run, InvoiceRun::Planned(_));
        let letter = move |letter: &PrebillLetter| {
            let name = planned.recipient_name(letter.party).unwrap_or_default();
            let letter = standing(letter.letter, None, name, book.deliveries.get(&letter.letter));
            (is_waiting || letter.state == LetterState::Accepted).then_some(letter)
        };
        prebilled.letters.iter().filter_map(letter)
    });
    letters.collect()
}

/// All letters: those that need a person first, then prebills, then invoices by number.
#[must_use]
pub fn letters(book: &Book) -> Vec<Letter> {
    let mut letters: Vec<Letter> =
        book.invoices.iter().map(|(id, issued)| letter(*id, issued, book.deliveries.get(id))).collect();
    letters.extend(prebills(book));
    letters.sort_by_key(|letter| (letter.state, letter.number));
    letters
}
