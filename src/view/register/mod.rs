//! The register: every stream as one finds it in a list, complete in itself.

mod agreement;
mod amount;
mod credit_note;
mod invoice;
mod party;
mod procurement;
mod signup;

use uuid::Uuid;

use chrono::{DateTime, NaiveDate, Utc};

use super::book::Book;
use crate::domain::identity::{PartyId, ProcurementId};

pub use agreement::{AgreementEntry, CountyFrom, NoticeEntry};
pub use amount::{
    AdoptionEntry, CostEntry, HearingEntry, LegacyContractEntry, LicenceEntry, ProposalEntry, SharingKeyEntry,
};
pub use credit_note::CreditNoteEntry;
pub use invoice::{
    ApprovalEntry, DocumentEntry, InvoiceEntry, InvoiceRunEntry, ObjectionEntry, RunPhase, RunSummary,
    runs_latest_first,
};
pub use party::{ContactEntry, EndingEntry, MeasureEntry, NamesFrom, NumberFrom, PartyEntry};
pub use procurement::{CountiesFrom, LabelFrom, MilestoneEntry, ProcurementEntry};
pub use signup::{ReadinessEntry, SignupEntry};

/// When the register is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The day.
    pub day: NaiveDate,
    /// The instant.
    pub instant: DateTime<Utc>,
}

/// Something in the register.
pub trait Entry: Sized {
    /// All of its kind, as it stands then, in the order people look for them.
    fn all(book: &Book, at: At) -> Vec<Self>;

    /// The one that is known by `id`.
    fn one(book: &Book, id: Uuid, at: At) -> Option<Self>;

    /// What it is known by.
    fn id(&self) -> Uuid;

    /// Whether it belongs to a procurement.
    fn is_of_procurement(&self, book: &Book, procurement: ProcurementId) -> bool;

    /// Whether it is about a party.
    fn is_of_party(&self, book: &Book, party: PartyId) -> bool;

    /// The same without what nobody has been told of but those who work on it, by what is known at present: what was told since
    /// is shown as it was then.
    #[must_use]
    fn without_drafts(self, _present: &Book) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Event;
    use crate::domain::party::{self, Name, NameLanguage, PartyEvent, PartyKind};

    #[test]
    fn parties_stand_in_the_order_of_the_numbers_they_have_on_the_day() {
        let mut book = Book::default();
        for (id, old, new) in [(1, "2003", "5607"), (2, "2012", "5601")] {
            let party = PartyId(Uuid::from_u128(id));
            let registered = party::Registered {
                party,
                kind: PartyKind::Municipality,
                organisation_number: None,
                vat_compensated: true,
            };
            book.apply(party.0, &Event::Party(PartyEvent::Registered(registered)));
            for (number, from) in [(old, "1990-01-01"), (new, "2024-01-01")] {
                let numbered = party::Numbered { number: number.to_owned(), from: from.parse().unwrap() };
                book.apply(party.0, &Event::Party(PartyEvent::Numbered(numbered)));
            }
            let names = vec![Name { language: NameLanguage::Nb, text: format!("Kommune {id}") }];
            let named = party::Named { names, from: "1990-01-01".parse().unwrap() };
            book.apply(party.0, &Event::Party(PartyEvent::Named(named)));
        }
        let numbers = |day: &str| -> Vec<String> {
            PartyEntry::all(&book, At { day: day.parse().unwrap(), instant: DateTime::UNIX_EPOCH })
                .into_iter()
                .filter_map(|party| party.number)
                .collect()
        };
        assert_eq!(numbers("2022-05-01"), ["2003", "2012"]);
        assert_eq!(numbers("2024-05-01"), ["5601", "5607"]);
    }
}
