//! What may happen to a delivery when, and how long to wait between attempts.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::{
    AttemptEnded, Delivery, DeliveryEvent, DeliveryRejection, E_INVOICE_MEDIA_TYPE, EInvoiceOmitted, EInvoicing,
    MailAccepted, MailAttemptStarted, MailDeferred, MailOutcomeStated, MailOutcomeUnknown, MailParked,
    MailRetryRequested, Mailing, Rendered, StartAttempt, fit_for_the_log,
};
use crate::domain::text_is_sound;

/// How long to wait after each "not now": five minutes first, which is what servers ask of senders they do not know, then
/// longer; four to five days in all, as long as mail is to be kept trying (RFC 5321, section 4.5.4.1).
const PAUSES_MINUTES: [i64; 8] = [5, 15, 60, 240, 720, 1_440, 1_440, 2_880];

/// After so many attempts that ended with "not now", the mail waits for a person.
pub const ATTEMPTS_MAX: usize = PAUSES_MINUTES.len() + 1;

/// How long to wait after this many attempts that ended with "not now"; none where it is not tried again by itself.
#[must_use]
pub fn pause_after(deferrals_count: u32) -> Option<TimeDelta> {
    let index = usize::try_from(deferrals_count).ok()?.checked_sub(1)?;
    PAUSES_MINUTES.get(index).copied().and_then(TimeDelta::try_minutes)
}

impl Delivery {
    pub(super) fn record_rendered(&self, wished: &Rendered) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        let is_e_invoice = wished.media_type == E_INVOICE_MEDIA_TYPE;
        if is_e_invoice && self.rendered.is_none() {
            return Err(DeliveryRejection::NotRendered);
        }
        let recorded = if is_e_invoice { self.e_invoicing.rendered() } else { self.rendered.as_ref() };
        match recorded {
            None => Ok(vec![DeliveryEvent::Rendered(wished.clone())]),
            Some(rendered) if rendered.sha256 == wished.sha256 => Ok(vec![]),
            Some(rendered) => Err(DeliveryRejection::RenderedDifferently {
                recorded_sha256: rendered.sha256.clone(),
                sha256: wished.sha256.clone(),
            }),
        }
    }

    pub(super) fn omit_e_invoice(&self, wished: &EInvoiceOmitted) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.e_invoicing {
            EInvoicing::Pending => {
                let reason = fit_for_the_log(&wished.reason);
                Ok(vec![DeliveryEvent::EInvoiceOmitted(EInvoiceOmitted { reason, on: wished.on })])
            }
            EInvoicing::Omitted(_) => Ok(vec![]),
            EInvoicing::DrawnUp(_)
            | EInvoicing::Laying(..)
            | EInvoicing::Placed(..)
            | EInvoicing::OutcomeUnknown(..)
            | EInvoicing::Arrived(..) => Err(DeliveryRejection::EInvoiceRendered),
        }
    }

    /// Only one can hold the attempt. The same claim again is the same attempt.
    pub(super) fn start_attempt(&self, wished: &StartAttempt) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if self.rendered.is_none() {
            return Err(DeliveryRejection::NotRendered);
        }
        match &self.mailing {
            Mailing::Queued => {}
            Mailing::Deferred(deferred) if deferred.next_attempt_at <= wished.at => {}
            Mailing::Deferred(MailDeferred { next_attempt_at, .. }) => {
                return Err(DeliveryRejection::NotDue { next_attempt_at: *next_attempt_at });
            }
            Mailing::Attempting(started) if started.claim == wished.claim => return Ok(vec![]),
            Mailing::Attempting(started) => return Err(under_way(started)),
            Mailing::OutcomeUnknown(_) | Mailing::Parked(_) => return Err(DeliveryRejection::WaitsForAPerson),
            Mailing::Accepted(accepted) => return Err(already_accepted(accepted)),
            Mailing::Arrived(stated) => return Err(said_to_have_arrived(stated)),
        }
        Ok(vec![DeliveryEvent::MailAttemptStarted(MailAttemptStarted {
            attempt: self.attempts_count.saturating_add(1),
            claim: wished.claim,
            person: wished.person,
            message_id: wished.message_id.clone(),
            outcome_due_at: whole_seconds(wished.outcome_due_at),
        })])
    }

    /// A repeated attempt carries the same Message-ID, so it is the same mail taken once more. An answer counts whenever it
    /// comes, also after everybody had ceased to wait for it.
    pub(super) fn record_accepted(&self, wished: &MailAccepted) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if let Mailing::Accepted(accepted) = &self.mailing {
            let is_the_same = accepted.message_id == wished.message_id;
            return if is_the_same { Ok(vec![]) } else { Err(already_accepted(accepted)) };
        }
        if self.rendered.is_none() {
            return Err(DeliveryRejection::NotRendered);
        }
        let reply = fit_for_the_log(&wished.reply);
        Ok(vec![DeliveryEvent::MailAccepted(MailAccepted { reply, ..wished.clone() })])
    }

    pub(super) fn record_deferred(&self, ended: &AttemptEnded) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if self.has_ended(ended.attempt)? {
            return Ok(vec![]);
        }
        let Some(pause) = pause_after(self.deferrals_count.saturating_add(1)) else {
            let advice = format!(
                "{ATTEMPTS_MAX} attempts ended with \"not now\"; ask the recipient why, then for another attempt"
            );
            return Ok(vec![parked(&advice, ended)]);
        };
        let next_attempt_at = ended.at.checked_add_signed(pause).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(vec![DeliveryEvent::MailDeferred(MailDeferred {
            attempt: ended.attempt,
            reply: fit_for_the_log(&ended.said),
            next_attempt_at: whole_seconds(next_attempt_at),
        })])
    }

    pub(super) fn record_refused(&self, ended: &AttemptEnded) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if self.has_ended(ended.attempt)? {
            return Ok(vec![]);
        }
        let advice = "refused for good; correct the address, or what the answer names, then ask for another attempt";
        Ok(vec![parked(advice, ended)])
    }

    pub(super) fn record_outcome_unknown(&self, ended: &AttemptEnded) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if self.has_ended(ended.attempt)? || matches!(self.mailing, Mailing::OutcomeUnknown(_)) {
            return Ok(vec![]);
        }
        let said = fit_for_the_log(&ended.said);
        Ok(vec![DeliveryEvent::MailOutcomeUnknown(MailOutcomeUnknown { attempt: ended.attempt, said, on: ended.on })])
    }

    /// Whether the outcome of the attempt is known. One that nobody knows may still become known by a late answer.
    fn has_ended(&self, attempt: u32) -> Result<bool, DeliveryRejection> {
        if attempt == 0 || attempt > self.attempts_count {
            return Err(DeliveryRejection::NoSuchAttempt { attempt });
        }
        Ok(match &self.mailing {
            Mailing::Attempting(started) => started.attempt != attempt,
            Mailing::OutcomeUnknown(unknown) => unknown.attempt != attempt,
            Mailing::Queued
            | Mailing::Deferred(_)
            | Mailing::Parked(_)
            | Mailing::Accepted(_)
            | Mailing::Arrived(_) => true,
        })
    }

    /// It may be parked before there is a document: what is to be mended can stand in the way of drawing it up.
    pub(super) fn park(&self, wished: &MailParked) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        let parked = MailParked { reason: fit_for_the_log(&wished.reason), on: wished.on };
        match &self.mailing {
            Mailing::Accepted(accepted) => Err(already_accepted(accepted)),
            Mailing::Arrived(stated) => Err(said_to_have_arrived(stated)),
            Mailing::Attempting(started) => Err(under_way(started)),
            Mailing::OutcomeUnknown(_) => Err(DeliveryRejection::WaitsForAPerson),
            Mailing::Parked(before) if *before == parked => Ok(vec![]),
            Mailing::Queued | Mailing::Deferred(_) | Mailing::Parked(_) => Ok(vec![DeliveryEvent::MailParked(parked)]),
        }
    }

    /// Also a mail that waits for a later attempt can be asked for at once, and one of whose attempt nobody will tell.
    pub(super) fn request_retry(
        &self,
        wished: &MailRetryRequested,
        at: DateTime<Utc>,
    ) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.mailing {
            Mailing::Accepted(accepted) => Err(already_accepted(accepted)),
            Mailing::Arrived(stated) => Err(said_to_have_arrived(stated)),
            Mailing::Attempting(started) if started.outcome_due_at < at => {
                Ok(vec![DeliveryEvent::MailRetryRequested(wished.clone())])
            }
            Mailing::Attempting(started) => Err(under_way(started)),
            Mailing::Parked(_) | Mailing::OutcomeUnknown(_) | Mailing::Deferred(_) => {
                Ok(vec![DeliveryEvent::MailRetryRequested(wished.clone())])
            }
            Mailing::Queued if self.retry_requested.as_ref() == Some(wished) => Ok(vec![]),
            Mailing::Queued => Err(DeliveryRejection::NotParked),
        }
    }

    /// A person's word is needed where nobody knows, and it helps where no mail arrives and the letter was brought otherwise.
    pub(super) fn state_outcome(
        &self,
        stated: &MailOutcomeStated,
        at: DateTime<Utc>,
    ) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if !text_is_sound(&stated.role) || !text_is_sound(&stated.reason) {
            return Err(DeliveryRejection::StatementIncomplete);
        }
        match &self.mailing {
            Mailing::OutcomeUnknown(_) | Mailing::Parked(_) => {
                Ok(vec![DeliveryEvent::MailOutcomeStated(stated.clone())])
            }
            Mailing::Attempting(started) if started.outcome_due_at < at => {
                Ok(vec![DeliveryEvent::MailOutcomeStated(stated.clone())])
            }
            Mailing::Attempting(started) => Err(under_way(started)),
            Mailing::Arrived(before) if before == stated => Ok(vec![]),
            Mailing::Arrived(before) => Err(said_to_have_arrived(before)),
            Mailing::Accepted(accepted) => Err(already_accepted(accepted)),
            Mailing::Queued | Mailing::Deferred(_) => Err(DeliveryRejection::OutcomeNotUnknown),
        }
    }
}

/// It waits for a person, who is told what to do before what was said, so that a long answer cannot crowd it out.
fn parked(advice: &str, ended: &AttemptEnded) -> DeliveryEvent {
    let reason = fit_for_the_log(&format!("{advice}: {}", ended.said));
    DeliveryEvent::MailParked(MailParked { reason, on: ended.on })
}

fn already_accepted(accepted: &MailAccepted) -> DeliveryRejection {
    DeliveryRejection::AlreadyAccepted { message_id: accepted.message_id.clone() }
}

fn said_to_have_arrived(stated: &MailOutcomeStated) -> DeliveryRejection {
    DeliveryRejection::SaidToHaveArrived { on: stated.on }
}

fn under_way(started: &MailAttemptStarted) -> DeliveryRejection {
    DeliveryRejection::AttemptUnderWay { attempt: started.attempt, outcome_due_at: started.outcome_due_at }
}

fn whole_seconds(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(0)
}
