//! An e-invoice is laid where the access point picks it up. It is claimed before the file is put in place, so that of two
//! workers one does it; and where nobody knows whether an access point took it, a person says so, and not a second file.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::identity::PersonId;
use super::{Delivery, DeliveryEvent, DeliveryRejection, EInvoicing, fit_for_the_log};
use crate::domain::text_is_sound;

/// A worker is about to lay the e-invoice where the access point picks it up. It is recorded before the file is put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EInvoiceLayingStarted {
    /// Who lays it out: an id drawn for it. The file that is ready beside bears it, so that it is put in place once at most.
    pub claim: Uuid,
    /// What the file will be called.
    pub file_name: String,
}

/// The e-invoice was laid where the access point picks it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EInvoicePlaced {
    /// What the file is called there.
    pub file_name: String,
    /// The day.
    pub on: NaiveDate,
}

/// Whoever laid the e-invoice out was stopped before that was recorded, and the file is there no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EInvoiceOutcomeUnknown {
    /// Who laid it out.
    pub claim: Uuid,
    /// What is known.
    pub said: String,
    /// The day.
    pub on: NaiveDate,
}

/// A person who has asked says whether the access point took an e-invoice of which nobody knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EInvoiceOutcomeStated {
    /// Whether it arrived there. Where it has not, it is laid out again.
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

/// The wish to lay an e-invoice out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartLaying {
    /// What will be recorded.
    pub started: EInvoiceLayingStarted,
    /// The claim before, where it is certain that its file was never put in place and never will be.
    pub instead_of: Option<Uuid>,
}

impl Delivery {
    /// Only one can lay it out. The same claim again is the same laying out.
    pub(super) fn start_laying(&self, wished: &StartLaying) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.e_invoicing {
            EInvoicing::Pending | EInvoicing::Omitted(_) => Err(DeliveryRejection::EInvoiceNotRendered),
            EInvoicing::Laying(_, started) if *started == wished.started => Ok(vec![]),
            EInvoicing::Laying(_, started) if Some(started.claim) != wished.instead_of => {
                Err(DeliveryRejection::EInvoiceBeingLaidOut)
            }
            EInvoicing::DrawnUp(_) | EInvoicing::Laying(..) => {
                Ok(vec![DeliveryEvent::EInvoiceLayingStarted(wished.started.clone())])
            }
            EInvoicing::OutcomeUnknown(..) => Err(DeliveryRejection::EInvoiceWaitsForAPerson),
            EInvoicing::Placed(..) | EInvoicing::Arrived(..) => Err(DeliveryRejection::EInvoiceLaidOut),
        }
    }

    /// That it is laid out counts whenever it is known, also after a person was asked.
    pub(super) fn record_placed(&self, wished: &EInvoicePlaced) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.e_invoicing {
            EInvoicing::DrawnUp(_) | EInvoicing::Laying(..) | EInvoicing::OutcomeUnknown(..) => {
                Ok(vec![DeliveryEvent::EInvoicePlaced(wished.clone())])
            }
            EInvoicing::Placed(..) | EInvoicing::Arrived(..) => Ok(vec![]),
            EInvoicing::Pending | EInvoicing::Omitted(_) => Err(DeliveryRejection::EInvoiceNotRendered),
        }
    }

    /// Only of the claim that stands: another may have been made meanwhile.
    pub(super) fn record_e_invoice_unknown(
        &self,
        wished: &EInvoiceOutcomeUnknown,
    ) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        match &self.e_invoicing {
            EInvoicing::Laying(_, started) if started.claim == wished.claim => {
                let said = fit_for_the_log(&wished.said);
                Ok(vec![DeliveryEvent::EInvoiceOutcomeUnknown(EInvoiceOutcomeUnknown { said, ..wished.clone() })])
            }
            EInvoicing::Pending | EInvoicing::Omitted(_) => Err(DeliveryRejection::EInvoiceNotRendered),
            EInvoicing::DrawnUp(_)
            | EInvoicing::Laying(..)
            | EInvoicing::OutcomeUnknown(..)
            | EInvoicing::Placed(..)
            | EInvoicing::Arrived(..) => Ok(vec![]),
        }
    }

    /// As it stands after an event of laying out; as before where there is nothing to lay out.
    pub(super) fn laid(mut self, laid: Laid<'_>) -> Self {
        if let Some(rendered) = self.e_invoicing.rendered().cloned() {
            self.e_invoicing = match laid {
                Laid::Started(started) => EInvoicing::Laying(rendered, started.clone()),
                Laid::Placed(placed) => EInvoicing::Placed(rendered, placed.clone()),
                Laid::Unknown(unknown) => EInvoicing::OutcomeUnknown(rendered, unknown.clone()),
                Laid::Stated(stated) if stated.arrived => EInvoicing::Arrived(rendered, stated.clone()),
                Laid::Stated(_) => EInvoicing::DrawnUp(rendered),
            };
        }
        self
    }

    pub(super) fn state_e_invoice_outcome(
        &self,
        stated: &EInvoiceOutcomeStated,
    ) -> Result<Vec<DeliveryEvent>, DeliveryRejection> {
        if !text_is_sound(&stated.role) || !text_is_sound(&stated.reason) {
            return Err(DeliveryRejection::StatementIncomplete);
        }
        match &self.e_invoicing {
            EInvoicing::OutcomeUnknown(..) => Ok(vec![DeliveryEvent::EInvoiceOutcomeStated(stated.clone())]),
            EInvoicing::Arrived(_, before) if before == stated => Ok(vec![]),
            EInvoicing::Pending
            | EInvoicing::Omitted(_)
            | EInvoicing::DrawnUp(_)
            | EInvoicing::Laying(..)
            | EInvoicing::Placed(..)
            | EInvoicing::Arrived(..) => Err(DeliveryRejection::EInvoiceOutcomeNotUnknown),
        }
    }
}

/// What has happened to the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Laid<'event> {
    Started(&'event EInvoiceLayingStarted),
    Placed(&'event EInvoicePlaced),
    Unknown(&'event EInvoiceOutcomeUnknown),
    Stated(&'event EInvoiceOutcomeStated),
}
