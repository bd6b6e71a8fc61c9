//! Signups in the register.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{At, Entry};
use crate::domain::agreement::Commitment;
use crate::domain::identity::{PartyId, ProcurementId, SignupId};
use crate::domain::signup::{Choice, LibraryKind, ReadinessItem, Signup};
use crate::view::book::Book;

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReadinessEntry {
    /// The item.
    pub item: ReadinessItem,
    /// The day by which it should be done.
    pub due: Option<NaiveDate>,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
}

/// A library that joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SignupEntry {
    /// Its id.
    pub signup: SignupId,
    /// The procurement it joins.
    pub procurement: ProcurementId,
    /// The party that pays.
    pub party: PartyId,
    /// The library's name.
    pub library: String,
    /// What kind of library.
    pub kind: LibraryKind,
    /// Whether it is bound now or holds an option.
    pub commitment: Commitment,
    /// The day of the signup.
    pub signed_up_on: NaiveDate,
    /// The day its option was exercised.
    pub option_exercised_on: Option<NaiveDate>,
    /// Whether it shares the base; none while it has not chosen.
    pub shared_base: Option<Choice>,
    /// Whether it shares the catalogue; none while it has not chosen.
    pub shared_catalogue: Option<Choice>,
    /// The wished first day on the new system.
    pub wished_go_live: Option<NaiveDate>,
    /// The actual first day on the new system.
    pub went_live: Option<NaiveDate>,
    /// The day it left again.
    pub withdrawn_on: Option<NaiveDate>,
    /// The checklist, in the order it is usually done.
    pub readiness: Vec<ReadinessEntry>,
}

impl SignupEntry {
    fn of(signup: SignupId, known: &Signup) -> Option<Self> {
        let signed_up = known.signed_up.as_ref()?;
        let readiness = ReadinessItem::ALL.into_iter().map(|item| {
            let stands = known.readiness.get(&item).copied().unwrap_or_default();
            ReadinessEntry { item, due: stands.due, done_on: stands.done_on }
        });
        Some(Self {
            signup,
            procurement: signed_up.procurement,
            party: signed_up.party,
            library: signed_up.library.clone(),
            kind: signed_up.kind,
            commitment: known.commitment,
            signed_up_on: signed_up.on,
            option_exercised_on: known.option_exercised_on,
            shared_base: known.shared_base,
            shared_catalogue: known.shared_catalogue,
            wished_go_live: known.wished_go_live,
            went_live: known.went_live,
            withdrawn_on: known.withdrawn_on,
            readiness: readiness.collect(),
        })
    }
}

impl Entry for SignupEntry {
    fn all(book: &Book, _at: At) -> Vec<Self> {
        let mut signups: Vec<Self> = book.signups.iter().filter_map(|(id, known)| Self::of(*id, known)).collect();
        signups.sort_by(|one, other| (&one.library, one.signup).cmp(&(&other.library, other.signup)));
        signups
    }

    fn one(book: &Book, id: Uuid, _at: At) -> Option<Self> {
        Self::of(SignupId(id), book.signups.get(&SignupId(id))?)
    }

    fn id(&self) -> Uuid {
        self.signup.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.party == party
    }
}
