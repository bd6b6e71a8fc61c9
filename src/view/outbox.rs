//! The outbox: which letters wait, which were taken, which need a person.

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Book;
use crate::domain::delivery::Delivery;
use crate::domain::identity::InvoiceId;
use crate::domain::series::Issued;

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// A person must mend something.
    Parked,
    /// To be sent.
    Waiting,
    /// The receiving side took it.
    Accepted,
}

impl LetterState {
    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
        }
    }
}

/// A letter with an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Letter {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: u64,
    /// Who it is for.
    pub recipient: String,
    /// Where it stands.
    pub state: LetterState,
    /// The day it came to stand there; none while it waits.
    pub since: Option<NaiveDate>,
    /// What the receiving side answered, or why it is parked.
    pub said: Option<String>,
}

/// The letter with an invoice.
#[must_use]
pub fn letter(invoice: InvoiceId, issued: &Issued, delivery: Option<&Delivery>) -> Letter {
    let accepted = delivery.and_then(|delivery| delivery.accepted.as_ref());
    let parked = delivery.and_then(|delivery| delivery.parked.as_ref());
    let (state, since, said) = match (accepted, parked) {
        (Some(accepted), _) => (LetterState::Accepted, Some(accepted.on), Some(accepted.reply.clone())),
        (None, Some(parked)) => (LetterState::Parked, Some(parked.on), Some(parked.reason.clone())),
        (None, None) => (LetterState::Waiting, None, None),
    };
    let recipient = issued.invoice.recipient.name.clone();
    Letter { invoice, number: issued.number, recipient, state, since, said }
}

/// All letters: those that need a person first, then by number.
#[must_use]
pub fn letters(book: &Book) -> Vec<Letter> {
    let mut letters: Vec<Letter> =
        book.invoices.iter().map(|(id, issued)| letter(*id, issued, book.deliveries.get(id))).collect();
    letters.sort_by_key(|letter| (letter.state, letter.number));
    letters
}
