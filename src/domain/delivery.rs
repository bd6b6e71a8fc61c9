//! What became of an issued invoice: drawn up as a document, sent by mail.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::InvoiceId;

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

/// What has happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// The document was drawn up.
    Rendered(Rendered),
    /// The mail was taken.
    MailAccepted(MailAccepted),
    /// The mail waits for a person.
    MailParked(MailParked),
    /// Another attempt was asked for.
    MailRetryRequested(MailRetryRequested),
}

/// What can be wished of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryCommand {
    /// Record the document.
    RecordRendered(Rendered),
    /// Record that the mail was taken.
    RecordAccepted(MailAccepted),
    /// Record that it waits for a person.
    Park(MailParked),
    /// Ask for another attempt.
    RequestRetry(MailRetryRequested),
}

/// A delivery as its events have made it. The default is one of which nothing has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The document.
    pub rendered: Option<Rendered>,
    /// How the mail was taken.
    pub accepted: Option<MailAccepted>,
    /// Why it waits for a person.
    pub parked: Option<MailParked>,
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
    /// The mail was taken already.
    AlreadyAccepted {
        /// Its Message-ID.
        message_id: String,
    },
    /// It does not wait for a person.
    NotParked,
}
