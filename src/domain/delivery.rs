//! What became of an issued invoice: drawn up as a document, sent by mail.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TEXT_BYTES_MAX;
use super::identity::InvoiceId;
use crate::decider::Decider;

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
    /// The last time another attempt was asked for.
    pub retry_requested: Option<MailRetryRequested>,
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

impl Delivery {
    fn record_rendered(&self, wished: &Rendered) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.rendered {
            None => Ok(vec![DeliveryEvent::Rendered(wished.clone())]),
            Some(rendered) if rendered.sha256 == wished.sha256 => Ok(vec![]),
            Some(rendered) => Err(DeliveryRejection::RenderedDifferently {
                recorded_sha256: rendered.sha256.clone(),
                sha256: wished.sha256.clone(),
            }),
        }
    }

    /// A repeated attempt carries the same Message-ID, so it is the same mail taken once more.
    fn record_accepted(&self, wished: &MailAccepted) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if self.accepted.as_ref().is_some_and(|accepted| accepted.message_id == wished.message_id) {
            return Ok(vec![]);
        }
        self.check_not_accepted()?;
        if self.rendered.is_none() {
            return Err(DeliveryRejection::NotRendered);
        }
        let reply = fit_for_the_log(&wished.reply);
        Ok(vec![DeliveryEvent::MailAccepted(MailAccepted { reply, ..wished.clone() })])
    }

    /// It may be parked before there is a document: what is to be mended can stand in the way of drawing it up.
    fn park(&self, wished: &MailParked) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        self.check_not_accepted()?;
        let parked = MailParked { reason: fit_for_the_log(&wished.reason), on: wished.on };
        if self.parked.as_ref() == Some(&parked) {
            return Ok(vec![]);
        }
        Ok(vec![DeliveryEvent::MailParked(parked)])
    }

    fn request_retry(&self, wished: &MailRetryRequested) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        self.check_not_accepted()?;
        if self.parked.is_some() {
            return Ok(vec![DeliveryEvent::MailRetryRequested(wished.clone())]);
        }
        if self.retry_requested.as_ref() == Some(wished) { Ok(vec![]) } else { Err(DeliveryRejection::NotParked) }
    }

    fn check_not_accepted(&self) -> Result<(), DeliveryRejection> {
        match &self.accepted {
            None => Ok(()),
            Some(accepted) => Err(DeliveryRejection::AlreadyAccepted { message_id: accepted.message_id.clone() }),
        }
    }
}

impl Decider for Delivery {
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Rejection = DeliveryRejection;

    fn decide(&self, command: &DeliveryCommand) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match command {
            DeliveryCommand::RecordRendered(wished) => self.record_rendered(wished),
            DeliveryCommand::RecordAccepted(wished) => self.record_accepted(wished),
            DeliveryCommand::Park(wished) => self.park(wished),
            DeliveryCommand::RequestRetry(wished) => self.request_retry(wished),
        }
    }

    fn evolve(mut self, event: &DeliveryEvent) -> Self {
        match event {
            DeliveryEvent::Rendered(rendered) => self.rendered = Some(rendered.clone()),
            DeliveryEvent::MailAccepted(accepted) => {
                self.accepted = Some(accepted.clone());
                self.parked = None;
            }
            DeliveryEvent::MailParked(parked) => self.parked = Some(parked.clone()),
            DeliveryEvent::MailRetryRequested(requested) => {
                self.retry_requested = Some(requested.clone());
                self.parked = None;
            }
        }
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
    /// The mail was taken already.
    AlreadyAccepted {
        /// Its Message-ID.
        message_id: String,
    },
    /// It does not wait for a person.
    NotParked,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::testing::given;
    use uuid::Uuid;

    fn rendered(sha256: &str) -> Rendered {
        Rendered {
            invoice: InvoiceId(Uuid::from_u128(1)),
            sha256: sha256.repeat(64),
            media_type: "application/pdf".to_owned(),
            size_bytes: 24_000,
        }
    }

    fn accepted(message_id: &str) -> MailAccepted {
        MailAccepted { message_id: message_id.to_owned(), reply: "250 OK".to_owned(), on: day("2023-12-01") }
    }

    fn parked() -> MailParked {
        MailParked { reason: "The finance office has no e-mail address.".to_owned(), on: day("2023-12-01") }
    }

    fn retry() -> MailRetryRequested {
        MailRetryRequested { on: day("2023-12-02") }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn drawn_up() -> DeliveryEvent {
        DeliveryEvent::Rendered(rendered("a"))
    }

    #[test]
    fn a_document_is_drawn_up_once_and_can_never_come_out_different() {
        given::<Delivery>([]).when(DeliveryCommand::RecordRendered(rendered("a"))).then([drawn_up()]);
        given::<Delivery>([drawn_up()]).when(DeliveryCommand::RecordRendered(rendered("b"))).then_rejected(
            DeliveryRejection::RenderedDifferently { recorded_sha256: "a".repeat(64), sha256: "b".repeat(64) },
        );
    }

    #[test]
    fn a_mail_is_taken_once_whatever_the_number_of_attempts() {
        given::<Delivery>([])
            .when(DeliveryCommand::RecordAccepted(accepted("one")))
            .then_rejected(DeliveryRejection::NotRendered);
        given::<Delivery>([drawn_up()])
            .when(DeliveryCommand::RecordAccepted(accepted("one")))
            .then([DeliveryEvent::MailAccepted(accepted("one"))]);
        given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
            .when(DeliveryCommand::RecordAccepted(MailAccepted {
                reply: "250 duplicate".to_owned(),
                ..accepted("one")
            }))
            .then_nothing();
        given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
            .when(DeliveryCommand::RecordAccepted(accepted("two")))
            .then_rejected(DeliveryRejection::AlreadyAccepted { message_id: "one".to_owned() });
    }

    #[test]
    fn a_parked_mail_waits_until_a_person_asks_for_another_attempt() {
        given::<Delivery>([drawn_up()])
            .when(DeliveryCommand::Park(parked()))
            .then([DeliveryEvent::MailParked(parked())]);
        given::<Delivery>([drawn_up(), DeliveryEvent::MailParked(parked())])
            .when(DeliveryCommand::RequestRetry(retry()))
            .then([DeliveryEvent::MailRetryRequested(retry())]);
        given::<Delivery>([drawn_up()])
            .when(DeliveryCommand::RequestRetry(retry()))
            .then_rejected(DeliveryRejection::NotParked);
    }

    #[test]
    fn a_mail_that_was_taken_is_neither_parked_nor_sent_again() {
        let refused = || DeliveryRejection::AlreadyAccepted { message_id: "one".to_owned() };
        for command in [DeliveryCommand::Park(parked()), DeliveryCommand::RequestRetry(retry())] {
            given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
                .when(command)
                .then_rejected(refused());
        }
    }

    #[test]
    fn what_a_server_says_is_kept_as_one_short_line_without_addresses() {
        let said = "250 2.1.5\r\n<ola.nordmann@kommune.example>\tOK\u{7}";
        given::<Delivery>([drawn_up()])
            .when(DeliveryCommand::RecordAccepted(MailAccepted { reply: said.to_owned(), ..accepted("one") }))
            .then([DeliveryEvent::MailAccepted(MailAccepted {
                reply: "250 2.1.5 … OK".to_owned(),
                ..accepted("one")
            })]);
        given::<Delivery>([drawn_up()])
            .when(DeliveryCommand::Park(MailParked { reason: said.to_owned(), ..parked() }))
            .then([DeliveryEvent::MailParked(MailParked { reason: "250 2.1.5 … OK".to_owned(), ..parked() })]);
        assert!(fit_for_the_log(&"snøfokk ".repeat(100)).len() <= TEXT_BYTES_MAX);
        assert_eq!(fit_for_the_log(&"x".repeat(501)), "");
    }

    #[test]
    fn a_mail_is_parked_a_second_time_when_the_new_attempt_fails_too() {
        given::<Delivery>([
            drawn_up(),
            DeliveryEvent::MailParked(parked()),
            DeliveryEvent::MailRetryRequested(retry()),
        ])
        .when(DeliveryCommand::Park(parked()))
        .then([DeliveryEvent::MailParked(parked())]);
    }
}
