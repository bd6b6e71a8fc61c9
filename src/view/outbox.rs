//! The outbox: which letters wait, which were taken, which need a person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::book::Book;
use crate::domain::delivery::{Delivery, EInvoicing, Mailing};
use crate::domain::identity::{InvoiceId, InvoiceRunId};
use crate::domain::invoice_run::{InvoiceRun, PlannedRun, PrebillLetter, Prebilled};
use crate::view::documents::{Document, by_date, document, documents};
use crate::view::notices::{Notice, NoticeAbout, notice, notices};
use crate::view::whose::Owner;

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
    /// A person says that it arrived.
    Arrived,
    /// The receiving side took it.
    Accepted,
}

impl LetterState {
    /// All of them, those that need a person first.
    pub const ALL: [Self; 7] =
        [Self::Parked, Self::Unknown, Self::Deferred, Self::Attempting, Self::Queued, Self::Arrived, Self::Accepted];

    /// The state of this word.
    ///
    /// # Errors
    /// There is none; which there are.
    pub fn called(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| format!("give one of {}", Self::ALL.map(Self::word).join(", ")))
    }

    /// Whether nothing is left to do about it.
    #[must_use]
    pub fn has_arrived(self) -> bool {
        matches!(self, Self::Arrived | Self::Accepted)
    }

    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Unknown => "unknown",
            Self::Deferred => "deferred",
            Self::Attempting => "attempting",
            Self::Queued => "queued",
            Self::Arrived => "arrived",
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
    /// The access point may have taken it or not: a person must ask.
    Unknown,
    /// A person says that the access point took it.
    Arrived,
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
            Self::Unknown => "unknown",
            Self::Arrived => "arrived",
            Self::Omitted => "omitted",
            Self::None => "none",
        }
    }
}

/// What a letter brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A calculation in advance.
    Prebill,
    /// An invoice or a claim.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A reminder of an invoice.
    Reminder,
    /// A proposal of a sharing key, to be answered.
    Hearing,
    /// The answer to an objection.
    Answer,
    /// Word that a calculation in advance is withdrawn.
    Withdrawal,
    /// What a party is behind with.
    Nudge,
}

/// A letter: with an invoice, a credit note, a reminder or a prebill, or without a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Letter {
    /// The id of the document that it brings: of an invoice, the invoice's; the letter's own where it brings none.
    pub invoice: InvoiceId,
    /// What it brings.
    pub kind: LetterKind,
    /// What it is called: the number of the document, such as `542300007-purring-1` for a reminder; `prebill`, `answer`,
    /// `withdrawal`, `nudge`, or the name of a proposal where it brings none.
    pub name: String,
    /// The number of the document; of a reminder, that of the invoice; none where it brings none of them.
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
    /// The instant by which the outcome of an attempt that is under way is known. Afterwards nobody knows.
    pub outcome_due_at: Option<DateTime<Utc>>,
    /// What the receiving side answered, or why it waits for a person.
    pub said: Option<String>,
    /// Where the e-invoice stands.
    pub e_invoice: EInvoiceState,
    /// What the e-invoice is called where the access point picks it up, or what the invoice lacks for it.
    pub e_invoice_said: Option<String>,
}

impl Letter {
    /// Whether it is in this state; where nobody knows of its e-invoice, it is unknown as well.
    #[must_use]
    pub fn is(&self, state: LetterState) -> bool {
        self.state == state || (state == LetterState::Unknown && self.e_invoice == EInvoiceState::Unknown)
    }

    /// As what it stands in a list: as unknown, where nobody knows of its e-invoice and it needs no person itself.
    #[must_use]
    pub fn listed_as(&self) -> LetterState {
        if self.e_invoice == EInvoiceState::Unknown { self.state.min(LetterState::Unknown) } else { self.state }
    }

    /// Whether nothing is left to do about it and its e-invoice.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.listed_as().has_arrived()
    }
}

/// The letter with a document, as it stands at an instant.
#[must_use]
pub fn letter(id: InvoiceId, document: Document<'_>, delivery: Option<&Delivery>, now: DateTime<Utc>) -> Letter {
    let kind = match document {
        Document::Invoice(_) => LetterKind::Invoice,
        Document::CreditNote(..) => LetterKind::CreditNote,
        Document::Reminder(..) => LetterKind::Reminder,
    };
    let named = (kind, document.name(), Some(document.number()));
    standing(id, named, &document.recipient().name, delivery, now)
}

fn standing(
    id: InvoiceId,
    (kind, name, number): (LetterKind, String, Option<u64>),
    recipient: &str,
    delivery: Option<&Delivery>,
    now: DateTime<Utc>,
) -> Letter {
    let (e_invoice, e_invoice_said) = match kind {
        LetterKind::Reminder
        | LetterKind::Hearing
        | LetterKind::Answer
        | LetterKind::Withdrawal
        | LetterKind::Nudge => (EInvoiceState::None, None),
        LetterKind::Prebill | LetterKind::Invoice | LetterKind::CreditNote => e_invoice(delivery),
    };
    let mut letter = Letter {
        invoice: id,
        kind,
        name,
        number,
        recipient: recipient.to_owned(),
        state: LetterState::Queued,
        since: None,
        attempts_count: delivery.map_or(0, |delivery| delivery.attempts_count),
        next_attempt_at: None,
        outcome_due_at: None,
        said: None,
        e_invoice,
        e_invoice_said,
    };
    match delivery.map(|delivery| &delivery.mailing) {
        None | Some(Mailing::Queued) => {}
        Some(Mailing::Attempting(started)) if started.outcome_due_at < now => {
            letter.state = LetterState::Unknown;
            letter.said = Some(unknown("whoever sent it has not said what came of it"));
        }
        Some(Mailing::Attempting(started)) => {
            letter.state = LetterState::Attempting;
            letter.outcome_due_at = Some(started.outcome_due_at);
        }
        Some(Mailing::Deferred(deferred)) => {
            letter.state = LetterState::Deferred;
            letter.next_attempt_at = Some(deferred.next_attempt_at);
            letter.said = Some(deferred.reply.clone());
        }
        Some(Mailing::OutcomeUnknown(ended)) => {
            letter.state = LetterState::Unknown;
            letter.since = Some(ended.on);
            letter.said = Some(unknown(&ended.said));
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
        Some(Mailing::Arrived(stated)) => {
            letter.state = LetterState::Arrived;
            letter.since = Some(stated.on);
            letter.said = Some(format!("{} ({})", stated.reason, stated.role));
        }
    }
    letter
}

fn unknown(said: &str) -> String {
    format!(
        "it may have arrived or not ({said}); ask the recipient, and settle it: where it has not arrived, it is sent again \
         with the same Message-ID"
    )
}

fn e_invoice(delivery: Option<&Delivery>) -> (EInvoiceState, Option<String>) {
    let Some(delivery) = delivery else { return (EInvoiceState::Queued, None) };
    match (&delivery.e_invoicing, &delivery.mailing) {
        (EInvoicing::Pending, Mailing::Accepted(_) | Mailing::Arrived(_)) => (EInvoiceState::None, None),
        (EInvoicing::Pending | EInvoicing::DrawnUp(_) | EInvoicing::Laying(..), _) => (EInvoiceState::Queued, None),
        (EInvoicing::Omitted(omitted), _) => (EInvoiceState::Omitted, Some(omitted.reason.clone())),
        (EInvoicing::Placed(_, placed), _) => (EInvoiceState::Placed, Some(placed.file_name.clone())),
        (EInvoicing::OutcomeUnknown(_, unknown), _) => {
            let said = format!(
                "the access point may have taken it or not ({}); ask it, and settle it: where it has not arrived, it is laid \
                 out again",
                unknown.said
            );
            (EInvoiceState::Unknown, Some(said))
        }
        (EInvoicing::Arrived(_, stated), _) => {
            (EInvoiceState::Arrived, Some(format!("{} ({})", stated.reason, stated.role)))
        }
    }
}

/// The letters with prebills of the runs that are wanted: all of a run that waits for approval, and those that were taken of
/// any other.
fn prebills(book: &Book, now: DateTime<Utc>, wanted: impl Fn(&InvoiceRun) -> bool) -> impl Iterator<Item = Letter> {
    prebilled(book).filter(move |(_, run, ..)| wanted(run)).flat_map(move |(_, run, planned, prebilled)| {
        prebilled.letters.iter().filter_map(move |letter| of_prebill(book, (run, planned), letter, now))
    })
}

/// The runs with a prebill.
fn prebilled(book: &Book) -> impl Iterator<Item = (InvoiceRunId, &InvoiceRun, &PlannedRun, &Prebilled)> {
    book.runs.iter().filter_map(|(id, run)| {
        let planned = run.planned()?;
        Some((*id, run, planned, planned.prebilled.as_ref()?))
    })
}

fn waits(run: &InvoiceRun) -> bool {
    matches!(run, InvoiceRun::Planned(_))
}

/// The letter with a prebill; none where its run no longer waits for approval, and it was not taken.
fn of_prebill(
    book: &Book,
    (run, planned): (&InvoiceRun, &PlannedRun),
    letter: &PrebillLetter,
    now: DateTime<Utc>,
) -> Option<Letter> {
    let name = planned.recipient_name(letter.party).unwrap_or_default();
    let named = (LetterKind::Prebill, "prebill".to_owned(), None);
    let letter = standing(letter.letter, named, name, book.deliveries.get(&letter.letter), now);
    (waits(run) || letter.state == LetterState::Accepted).then_some(letter)
}

/// The letter without a document.
fn of_notice(book: &Book, notice: &Notice<'_>, now: DateTime<Utc>) -> Letter {
    let (kind, name) = match notice.about {
        NoticeAbout::Hearing { proposal, .. } => (LetterKind::Hearing, proposal.saved.name.clone()),
        NoticeAbout::Answer { .. } => (LetterKind::Answer, "answer".to_owned()),
        NoticeAbout::Withdrawal { .. } => (LetterKind::Withdrawal, "withdrawal".to_owned()),
        NoticeAbout::Nudge { .. } => (LetterKind::Nudge, "nudge".to_owned()),
    };
    let recipient = book.parties.get(&notice.party).map(|party| party.full_name_on(notice.on)).unwrap_or_default();
    standing(notice.letter, (kind, name, None), &recipient, book.deliveries.get(&notice.letter), now)
}

/// The letter of an id, as it stands at an instant.
#[must_use]
pub fn letter_of(book: &Book, id: InvoiceId, now: DateTime<Utc>) -> Option<Letter> {
    if let Some(document) = document(book, id) {
        return Some(letter(id, document, book.deliveries.get(&id), now));
    }
    if let Some(notice) = notice(book, id) {
        return Some(of_notice(book, &notice, now));
    }
    prebilled(book).find_map(|(_, run, planned, prebilled)| {
        let letter = prebilled.letters.iter().find(|letter| letter.letter == id)?;
        of_prebill(book, (run, planned), letter, now)
    })
}

/// All letters as they stand at an instant: those that need a person first, then letters without a
/// number, then documents by number.
#[must_use]
pub fn letters(book: &Book, now: DateTime<Utc>) -> Vec<Letter> {
    let of = |(id, document)| letter(id, document, book.deliveries.get(&id), now);
    let mut letters: Vec<Letter> = documents(book).into_iter().map(of).collect();
    letters.extend(prebills(book, now, |_| true));
    letters.extend(notices(book).map(|notice| of_notice(book, &notice, now)));
    in_order(letters)
}

/// The same that have not arrived yet, or of whose e-invoice nobody knows.
#[must_use]
pub fn waiting(book: &Book, now: DateTime<Utc>) -> Vec<Letter> {
    let left = book.unfinished.letters();
    let documents = by_date(left.filter_map(|id| Some((id, document(book, id)?))).collect());
    let of = |(id, document)| letter(id, document, book.deliveries.get(&id), now);
    let mut letters: Vec<Letter> = documents.into_iter().map(of).collect();
    letters.extend(prebills(book, now, waits).filter(|letter| !letter.is_done()));
    let mut notices: Vec<Notice<'_>> = book.unfinished.letters().filter_map(|id| notice(book, id)).collect();
    notices.sort_by_key(|notice| book.papers.get_index_of(&notice.letter));
    letters.extend(notices.iter().map(|notice| of_notice(book, notice, now)));
    in_order(letters)
}

/// How many letters have arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// By whose they are, but for those with prebills.
    pub by_owner: Vec<(Owner, usize)>,
    /// Those with prebills, by their run.
    pub by_run: Vec<(InvoiceRunId, usize)>,
}

/// How many letters have arrived.
#[must_use]
pub fn arrived(book: &Book) -> Arrived {
    let by_run = prebilled(book).map(|(id, run, _, prebilled)| {
        let mailings =
            prebilled.letters.iter().filter_map(|letter| Some(&book.deliveries.get(&letter.letter)?.mailing));
        let is_counted = |mailing: &&Mailing| match mailing {
            Mailing::Accepted(_) => true,
            Mailing::Arrived(_) => waits(run),
            Mailing::Queued
            | Mailing::Attempting(_)
            | Mailing::Deferred(_)
            | Mailing::OutcomeUnknown(_)
            | Mailing::Parked(_) => false,
        };
        (id, mailings.filter(is_counted).count())
    });
    Arrived { by_owner: book.unfinished.arrived().collect(), by_run: by_run.collect() }
}

fn in_order(mut letters: Vec<Letter>) -> Vec<Letter> {
    letters.sort_by(|one, other| {
        (one.listed_as(), one.number, &one.name).cmp(&(other.listed_as(), other.number, &other.name))
    });
    letters
}
