//! Affiliation agreements in the register.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{At, Entry};
use crate::domain::agreement::{Agreement, Amended, Commitment, CopyKept, Phase, Sent, Signed};
use crate::domain::identity::{AgreementId, PartyId, ProcurementId};
use crate::view::book::Book;

/// A notice in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NoticeEntry {
    /// The day it was given.
    pub on: NaiveDate,
    /// The last day in force.
    pub last_day: NaiveDate,
}

/// A county authority on the other side, with its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountyFrom {
    /// Its first day; none for the one that the draft names.
    pub from: Option<NaiveDate>,
    /// The county authority.
    pub county: PartyId,
}

/// An affiliation agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AgreementEntry {
    /// Its id.
    pub agreement: AgreementId,
    /// The procurement it is for.
    pub procurement: ProcurementId,
    /// The party that joins.
    pub party: PartyId,
    /// The county authority on the other side on the day asked for.
    pub county: Option<PartyId>,
    /// Where it stands.
    pub phase: Phase,
    /// Whether the party is bound now.
    pub commitment: Commitment,
    /// The first day from which it shares the yearly costs; none where from the beginning.
    pub member_from: Option<NaiveDate>,
    /// The day of the draft.
    pub drafted_on: NaiveDate,
    /// How it was sent.
    pub sent: Option<Sent>,
    /// How it was signed: role, authority and a person's id.
    pub signed: Option<Signed>,
    /// The first day in force.
    pub active_from: Option<NaiveDate>,
    /// The day its option was exercised.
    pub option_exercised_on: Option<NaiveDate>,
    /// The notice in force.
    pub notice: Option<NoticeEntry>,
    /// The last day in force, where it is known.
    pub last_day: Option<NaiveDate>,
    /// Changes by further documents, oldest first.
    pub amendments: Vec<Amended>,
    /// The county authorities on the other side, oldest first.
    pub counties: Vec<CountyFrom>,
    /// The signed copies that are kept, the latest last.
    pub copies: Vec<CopyKept>,
}

impl AgreementEntry {
    fn of(agreement: AgreementId, known: &Agreement, day: NaiveDate) -> Option<Self> {
        let drafted = known.drafted.as_ref()?;
        let notice = known.notice.as_ref();
        let counties = known.counties.iter();
        Some(Self {
            agreement,
            procurement: drafted.procurement,
            party: drafted.party,
            county: known.county_on(day),
            phase: known.phase,
            commitment: known.commitment,
            member_from: known.member_from,
            drafted_on: drafted.on,
            sent: known.sent.clone(),
            signed: known.signed.clone(),
            active_from: known.active_from,
            option_exercised_on: known.option_exercised.as_ref().map(|exercised| exercised.on),
            notice: notice.map(|(_, notice)| NoticeEntry { on: notice.on, last_day: notice.last_day }),
            last_day: known.last_day,
            amendments: known.amendments.clone(),
            counties: counties.map(|(from, county)| CountyFrom { from: *from, county: *county }).collect(),
            copies: known.copies.clone(),
        })
    }
}

impl Entry for AgreementEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut agreements: Vec<Self> =
            book.agreements.iter().filter_map(|(id, known)| Self::of(*id, known, at.day)).collect();
        agreements.sort_by_key(|agreement| (agreement.drafted_on, agreement.agreement));
        agreements
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        Self::of(AgreementId(id), book.agreements.get(&AgreementId(id))?, at.day)
    }

    fn id(&self) -> Uuid {
        self.agreement.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.party == party || self.counties.iter().any(|county| county.county == party)
    }
}
