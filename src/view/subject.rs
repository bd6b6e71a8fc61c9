//! What a stream is about, in a name that people know it by.

use std::fmt;

use chrono::NaiveDate;
use uuid::Uuid;

use super::book::Book;
use super::documents;
use crate::domain::calendar::Period;
use crate::domain::event::StreamKind;
use crate::domain::identity::{
    AgreementId, CostId, InvoiceId, InvoiceRunId, LegacyId, LicenceId, PartyId, ProcurementId, SharingKeyId, SignupId,
};

/// What people know something by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    /// A name; empty where it has none, or is not known.
    Name(String),
    /// The days that it is for, which each language writes its own way.
    Days(Period),
}

impl fmt::Display for Called {
    /// As facts stand in the log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Days(days) => write!(formatter, "{} – {}", days.first, days.last),
        }
    }
}

/// What a stream is about, as people know it.
#[must_use]
pub fn subject(book: &Book, kind: StreamKind, id: Uuid, day: NaiveDate) -> Called {
    let party = |party: PartyId| book.parties.get(&party).map(|known| known.full_name_on(day));
    let name = match kind {
        StreamKind::Party => party(PartyId(id)),
        StreamKind::Procurement => {
            let known = book.procurements.get(&ProcurementId(id)).and_then(|known| known.opened.as_ref());
            known.map(|opened| opened.name.clone())
        }
        StreamKind::Agreement => {
            let known = book.agreements.get(&AgreementId(id)).and_then(|known| known.drafted.as_ref());
            known.and_then(|drafted| party(drafted.party))
        }
        StreamKind::Signup => {
            let known = book.signups.get(&SignupId(id)).and_then(|known| known.signed_up.as_ref());
            known.map(|signed_up| signed_up.library.clone())
        }
        StreamKind::Legacy => {
            let known = book.legacies.get(&LegacyId(id)).and_then(|known| known.recorded.as_ref());
            known.map(|recorded| format!("{}, {}", recorded.system, party(recorded.party).unwrap_or_default()))
        }
        StreamKind::Cost => {
            let known = book.costs.get(&CostId(id)).and_then(|known| known.recorded.as_ref());
            known.map(|recorded| recorded.name.clone())
        }
        StreamKind::Licence => {
            let known = book.licences.get(&LicenceId(id)).and_then(|known| known.recorded.as_ref());
            known.map(|recorded| recorded.name.clone())
        }
        StreamKind::SharingKey => {
            let known = book.keys.get(&SharingKeyId(id)).and_then(|known| known.proposed.as_ref());
            known.map(|proposed| proposed.name.clone())
        }
        StreamKind::InvoiceRun => {
            let planned = book.runs.get(&InvoiceRunId(id)).and_then(|known| known.planned());
            return planned.map_or_else(|| Called::Name(String::new()), |planned| Called::Days(planned.plan.covers));
        }
        StreamKind::Delivery => documents::document(book, InvoiceId(id)).map(documents::Document::name),
        StreamKind::Series | StreamKind::Payments | StreamKind::Access | StreamKind::Work => None,
    };
    Called::Name(name.unwrap_or_default())
}
