//! What became of an issued invoice: drawn up as a document and as an e-invoice, sent by mail, laid out for the access point.
//!
//! An attempt to send is recorded before the letter leaves, and its outcome afterwards. Whoever records the beginning
//! holds the attempt, so that of two workers one sends; and a beginning without an outcome says that nobody knows whether
//! the letter arrived, so that it is never sent twice by itself. With an e-invoice it is the same (`laying`).

mod laying;
mod rule;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TEXT_BYTES_MAX;
use super::identity::{InvoiceId, PersonId};
use super::supplier_invoice::Attachment;
use crate::decider::Decider;

use laying::Laid;
pub use laying::{EInvoiceLayingStarted, EInvoiceOutcomeStated, EInvoiceOutcomeUnknown, EInvoicePlaced, StartLaying};
pub use rule::{ATTEMPTS_MAX, pause_after};

/// The media type of an e-invoice: it is drawn up after the document, which it holds.
pub const E_INVOICE_MEDIA_TYPE: &str = "application/xml";

/// The document was drawn up. The hash ties the log to the bytes, so that the invoice can never come out different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rendered {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// What was drawn up to go with it: the table of everybody's shares, which is the same for many claims.
    pub enclosures: Vec<Attachment>,
}

/// An attempt to send the mail began. It is recorded before the mail leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailAttemptStarted {
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// Who holds the attempt: an id drawn for it, so that of two workers one sends.
    pub claim: Uuid,
    /// Whom the mail is for, by id alone.
    pub person: PersonId,
    /// The Message-ID: the same for every attempt, so that a repeat is recognised.
    pub message_id: String,
    /// The instant by which its outcome is recorded. Afterwards nobody knows the outcome any longer.
    pub outcome_due_at: DateTime<Utc>,
}

/// The receiving side took the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailAccepted {
    /// The Message-ID: the same for every attempt, so that a repeat is recognised.
    pub message_id: String,
    /// What the receiving side answered.
    pub reply: String,
    /// The day.
    pub on: NaiveDate,
}

/// The receiving side did not take the mail for now; it will be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailDeferred {
    /// The attempt.
    pub attempt: u32,
    /// What the receiving side answered, or how it broke off.
    pub reply: String,
    /// The instant from which it is tried again.
    pub next_attempt_at: DateTime<Utc>,
}

/// An attempt ended without an answer: the mail may have been taken or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailOutcomeUnknown {
    /// The attempt.
    pub attempt: u32,
    /// How it ended.
    pub said: String,
    /// The day.
    pub on: NaiveDate,
}

/// The mail cannot be sent until a person has mended something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailParked {
    /// Why.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// A person asked for another attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailRetryRequested {
    /// The day.
    pub on: NaiveDate,
}

/// A person who has asked says whether a mail arrived of which nobody knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailOutcomeStated {
    /// Whether it arrived. Where it has not, it is sent again.
    pub arrived: bool,
    /// The role of who says so.
    pub role: String,
    /// Who says so, by id alone.
    pub person: PersonId,
    /// How it is known.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// There will be no e-invoice: the document goes out alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EInvoiceOmitted {
    /// What it lacks.
    pub reason: String,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// The document, or the e-invoice, was drawn up.
    Rendered(Rendered),
    /// There will be no e-invoice.
    EInvoiceOmitted(EInvoiceOmitted),
    /// A worker is about to lay the e-invoice out.
    EInvoiceLayingStarted(EInvoiceLayingStarted),
    /// The e-invoice was laid out for the access point.
    EInvoicePlaced(EInvoicePlaced),
    /// Nobody knows whether the access point took the e-invoice.
    EInvoiceOutcomeUnknown(EInvoiceOutcomeUnknown),
    /// A person said whether the access point took the e-invoice.
    EInvoiceOutcomeStated(EInvoiceOutcomeStated),
    /// An attempt to send the mail began.
    MailAttemptStarted(MailAttemptStarted),
    /// The mail was taken.
    MailAccepted(MailAccepted),
    /// The mail was not taken for now.
    MailDeferred(MailDeferred),
    /// Nobody knows whether the mail was taken.
    MailOutcomeUnknown(MailOutcomeUnknown),
    /// The mail waits for a person.
    MailParked(MailParked),
    /// Another attempt was asked for.
    MailRetryRequested(MailRetryRequested),
    /// A person said whether the mail arrived.
    MailOutcomeStated(MailOutcomeStated),
}

/// The wish to begin an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartAttempt {
    /// Who wishes to hold it: an id drawn for this wish.
    pub claim: Uuid,
    /// Whom the mail is for.
    pub person: PersonId,
    /// The Message-ID.
    pub message_id: String,
    /// The instant.
    pub at: DateTime<Utc>,
    /// The instant by which its outcome will be recorded.
    pub outcome_due_at: DateTime<Utc>,
}

/// How an attempt ended, other than with the mail taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptEnded {
    /// The attempt.
    pub attempt: u32,
    /// What the receiving side answered, or how it broke off.
    pub said: String,
    /// The instant.
    pub at: DateTime<Utc>,
    /// The day.
    pub on: NaiveDate,
}

/// What can be wished of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryCommand {
    /// Record the document, or the e-invoice after it.
    RecordRendered(Rendered),
    /// Record that there will be no e-invoice.
    OmitEInvoice(EInvoiceOmitted),
    /// Begin to lay the e-invoice out for the access point.
    StartLaying(StartLaying),
    /// Record that the e-invoice is laid out for the access point.
    RecordEInvoicePlaced(EInvoicePlaced),
    /// Record that nobody knows whether the access point took the e-invoice.
    RecordEInvoiceUnknown(EInvoiceOutcomeUnknown),
    /// Say whether the access point took an e-invoice of which nobody knows.
    StateEInvoiceOutcome(EInvoiceOutcomeStated),
    /// Begin an attempt to send.
    StartAttempt(StartAttempt),
    /// Record that the mail was taken.
    RecordAccepted(MailAccepted),
    /// Record that the mail was not taken for now: it is tried again later, or waits for a person after many attempts.
    RecordDeferred(AttemptEnded),
    /// Record that the mail was refused for good: it waits for a person.
    RecordRefused(AttemptEnded),
    /// Record that nobody knows whether the mail was taken.
    RecordOutcomeUnknown(AttemptEnded),
    /// Record that it waits for a person.
    Park(MailParked),
    /// Ask for another attempt.
    RequestRetry {
        /// The wish.
        requested: MailRetryRequested,
        /// The instant: an attempt whose outcome is overdue by then is waited for no longer.
        at: DateTime<Utc>,
    },
    /// Say whether a mail arrived of which nobody knows.
    StateOutcome {
        /// What is said.
        stated: MailOutcomeStated,
        /// The instant: the outcome of an attempt that is overdue by then is known to nobody.
        at: DateTime<Utc>,
    },
}

impl DeliveryCommand {
    /// What a person who has asked says of the e-invoice, or else of the letter.
    #[must_use]
    pub fn state(of_e_invoice: bool, stated: MailOutcomeStated, at: DateTime<Utc>) -> Self {
        if !of_e_invoice {
            return Self::StateOutcome { stated, at };
        }
        let MailOutcomeStated { arrived, role, person, reason, on } = stated;
        Self::StateEInvoiceOutcome(EInvoiceOutcomeStated { arrived, role, person, reason, on })
    }
}

/// Where the mail stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mailing {
    /// To be sent.
    #[default]
    Queued,
    /// An attempt is under way.
    Attempting(MailAttemptStarted),
    /// To be sent again later.
    Deferred(MailDeferred),
    /// It may have been taken or not: it waits for a person.
    OutcomeUnknown(MailOutcomeUnknown),
    /// It waits for a person.
    Parked(MailParked),
    /// Taken.
    Accepted(MailAccepted),
    /// A person says that it arrived.
    Arrived(MailOutcomeStated),
}

/// Where the e-invoice stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EInvoicing {
    /// Not drawn up, or drawn up before there were e-invoices.
    #[default]
    Pending,
    /// There will be none.
    Omitted(EInvoiceOmitted),
    /// Drawn up.
    DrawnUp(Rendered),
    /// Drawn up, and about to be laid out; whoever does it may have been stopped.
    Laying(Rendered, EInvoiceLayingStarted),
    /// Drawn up and laid out for the access point.
    Placed(Rendered, EInvoicePlaced),
    /// The access point may have taken it or not: it waits for a person.
    OutcomeUnknown(Rendered, EInvoiceOutcomeUnknown),
    /// A person says that the access point took it.
    Arrived(Rendered, EInvoiceOutcomeStated),
}

impl EInvoicing {
    /// The e-invoice; none where it is not drawn up.
    #[must_use]
    pub fn rendered(&self) -> Option<&Rendered> {
        match self {
            Self::Pending | Self::Omitted(_) => None,
            Self::DrawnUp(rendered)
            | Self::Laying(rendered, _)
            | Self::Placed(rendered, _)
            | Self::OutcomeUnknown(rendered, _)
            | Self::Arrived(rendered, _) => Some(rendered),
        }
    }
}

/// A delivery as its events have made it. The default is one of which nothing has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The document.
    pub rendered: Option<Rendered>,
    /// Where the e-invoice stands.
    pub e_invoicing: EInvoicing,
    /// Where the mail stands.
    pub mailing: Mailing,
    /// How many attempts to send it there have been.
    pub attempts_count: u32,
    /// How many of them ended with "not now" since a person last asked for another.
    pub deferrals_count: u32,
    /// The last time another attempt was asked for.
    pub retry_requested: Option<MailRetryRequested>,
    /// Whether an attempt before the last one may have brought it: another was asked for while nobody knew.
    pub earlier_may_have_arrived: bool,
}

impl Delivery {
    /// Whether the mail is with who it is for, as far as anybody knows.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match &self.mailing {
            Mailing::Accepted(_) | Mailing::Arrived(_) | Mailing::Attempting(_) | Mailing::OutcomeUnknown(_) => true,
            Mailing::Queued | Mailing::Deferred(_) | Mailing::Parked(_) => self.earlier_may_have_arrived,
        }
    }
}

/// What a program said, fit for the log, which cannot be altered: one line of at most [`TEXT_BYTES_MAX`] bytes, without
/// control characters, and without words that may be somebody's e-mail address.
#[must_use]
pub fn fit_for_the_log(said: &str) -> String {
    let mut fit = String::new();
    for word in said.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty())
    {
        let word = if word.contains('@') { "…" } else { word };
        let space = usize::from(!fit.is_empty());
        if fit.len() + space + word.len() > TEXT_BYTES_MAX {
            break;
        }
        fit.extend((space == 1).then_some(' '));
        fit.push_str(word);
    }
    fit
}

impl Decider for Delivery {
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Rejection = DeliveryRejection;

    fn decide(&self, command: &DeliveryCommand) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match command {
            DeliveryCommand::RecordRendered(wished) => self.record_rendered(wished),
            DeliveryCommand::OmitEInvoice(wished) => self.omit_e_invoice(wished),
            DeliveryCommand::StartLaying(wished) => self.start_laying(wished),
            DeliveryCommand::RecordEInvoicePlaced(wished) => self.record_placed(wished),
            DeliveryCommand::RecordEInvoiceUnknown(wished) => self.record_e_invoice_unknown(wished),
            DeliveryCommand::StateEInvoiceOutcome(stated) => self.state_e_invoice_outcome(stated),
            DeliveryCommand::StartAttempt(wished) => self.start_attempt(wished),
            DeliveryCommand::RecordAccepted(wished) => self.record_accepted(wished),
            DeliveryCommand::RecordDeferred(ended) => self.record_deferred(ended),
            DeliveryCommand::RecordRefused(ended) => self.record_refused(ended),
            DeliveryCommand::RecordOutcomeUnknown(ended) => self.record_outcome_unknown(ended),
            DeliveryCommand::Park(wished) => self.park(wished),
            DeliveryCommand::RequestRetry { requested, at } => self.request_retry(requested, *at),
            DeliveryCommand::StateOutcome { stated, at } => self.state_outcome(stated, *at),
        }
    }

    fn evolve(mut self, event: &DeliveryEvent) -> Self {
        self.mailing = match event {
            DeliveryEvent::Rendered(rendered) if rendered.media_type == E_INVOICE_MEDIA_TYPE => {
                self.e_invoicing = EInvoicing::DrawnUp(rendered.clone());
                self.mailing
            }
            DeliveryEvent::Rendered(rendered) => {
                self.rendered = Some(rendered.clone());
                self.mailing
            }
            DeliveryEvent::EInvoiceOmitted(omitted) => {
                self.e_invoicing = EInvoicing::Omitted(omitted.clone());
                self.mailing
            }
            DeliveryEvent::EInvoiceLayingStarted(started) => return self.laid(Laid::Started(started)),
            DeliveryEvent::EInvoicePlaced(placed) => return self.laid(Laid::Placed(placed)),
            DeliveryEvent::EInvoiceOutcomeUnknown(unknown) => return self.laid(Laid::Unknown(unknown)),
            DeliveryEvent::EInvoiceOutcomeStated(stated) => return self.laid(Laid::Stated(stated)),
            DeliveryEvent::MailAttemptStarted(started) => {
                self.attempts_count = started.attempt;
                Mailing::Attempting(started.clone())
            }
            DeliveryEvent::MailAccepted(accepted) => Mailing::Accepted(accepted.clone()),
            DeliveryEvent::MailDeferred(deferred) => {
                self.deferrals_count += 1;
                Mailing::Deferred(deferred.clone())
            }
            DeliveryEvent::MailOutcomeUnknown(unknown) => Mailing::OutcomeUnknown(unknown.clone()),
            DeliveryEvent::MailParked(parked) => Mailing::Parked(parked.clone()),
            DeliveryEvent::MailRetryRequested(requested) => {
                self.earlier_may_have_arrived = self.may_have_arrived();
                self.retry_requested = Some(requested.clone());
                self.deferrals_count = 0;
                Mailing::Queued
            }
            DeliveryEvent::MailOutcomeStated(stated) if stated.arrived => Mailing::Arrived(stated.clone()),
            DeliveryEvent::MailOutcomeStated(_) => {
                self.earlier_may_have_arrived = false;
                self.deferrals_count = 0;
                Mailing::Queued
            }
        };
        self
    }
}

/// Why a wish about a delivery is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum DeliveryRejection {
    /// The document came out different from the one recorded.
    RenderedDifferently {
        /// The hash recorded.
        recorded_sha256: String,
        /// The hash now.
        sha256: String,
    },
    /// There is no document yet.
    NotRendered,
    /// The e-invoice is drawn up already.
    EInvoiceRendered,
    /// There is no e-invoice that could be laid out.
    EInvoiceNotRendered,
    /// Another worker lays the e-invoice out.
    EInvoiceBeingLaidOut,
    /// The e-invoice is laid out already.
    EInvoiceLaidOut,
    /// Nobody knows whether the access point took the e-invoice, until a person says so.
    EInvoiceWaitsForAPerson,
    /// Whether the access point took the e-invoice is no question.
    EInvoiceOutcomeNotUnknown,
    /// The mail was taken already.
    AlreadyAccepted {
        /// Its Message-ID.
        message_id: String,
    },
    /// An attempt is under way.
    AttemptUnderWay {
        /// The attempt.
        attempt: u32,
        /// The instant by which its outcome is recorded.
        outcome_due_at: DateTime<Utc>,
    },
    /// It is to be tried again later.
    NotDue {
        /// The instant from which it is tried again.
        next_attempt_at: DateTime<Utc>,
    },
    /// It waits for a person.
    WaitsForAPerson,
    /// The attempt is not under way.
    NoSuchAttempt {
        /// The attempt.
        attempt: u32,
    },
    /// It neither waits for a person nor for a later attempt.
    NotParked,
    /// A person said that it arrived.
    SaidToHaveArrived {
        /// The day on which that was said.
        on: NaiveDate,
    },
    /// Its outcome is known, or there was no attempt yet.
    OutcomeNotUnknown,
    /// Who says it, or how it is known, is empty or too long.
    StatementIncomplete,
}
