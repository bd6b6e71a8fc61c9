//! Parties in the register.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{At, Entry};
use crate::domain::identity::{PartyId, PersonId, ProcurementId};
use crate::domain::party::{ContactRole, Ending, Figure, Name, Party, PartyKind, SplitShare, WrittenForm};
use crate::view::book::Book;

/// A municipality or county number with its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NumberFrom {
    /// The first day it holds.
    pub from: NaiveDate,
    /// The number.
    pub number: String,
}

/// Names in their official order with their first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NamesFrom {
    /// The first day they hold.
    pub from: NaiveDate,
    /// The names in their official order.
    pub names: Vec<Name>,
}

/// Something counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MeasureEntry {
    /// What was counted.
    pub measure: String,
    /// How many, when, by whom; oldest first.
    pub figures: Vec<Figure>,
}

/// Who answers for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ContactEntry {
    /// What the person answers for.
    pub role: ContactRole,
    /// The person, by id alone.
    pub person: PersonId,
}

/// What the public registers say of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RegisterEntry {
    /// The first day it holds.
    pub from: NaiveDate,
    /// Whether it stands in Foretaksregisteret.
    pub in_foretaksregisteret: bool,
    /// Whether it is registered for VAT.
    pub vat_registered: bool,
    /// Where it was looked up.
    pub source: String,
}

/// Why a party no longer exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum EndingEntry {
    /// It became part of another.
    Merged {
        /// The party it became part of.
        into: PartyId,
        /// The first day it no longer exists.
        on: NaiveDate,
        /// The decision.
        reference: String,
    },
    /// It was parted between others.
    Split {
        /// Who took over how much.
        shares: Vec<SplitShare>,
        /// The first day it no longer exists.
        on: NaiveDate,
        /// The decision.
        reference: String,
    },
    /// Others came after it.
    Succeeded {
        /// Those that came after it.
        successors: Vec<PartyId>,
        /// Their first day.
        on: NaiveDate,
        /// The decision.
        reference: String,
    },
}

impl EndingEntry {
    /// The first day it no longer exists.
    #[must_use]
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Merged { on, .. } | Self::Split { on, .. } | Self::Succeeded { on, .. } => *on,
        }
    }

    /// Those that came after it.
    #[must_use]
    pub fn successors(&self) -> Vec<PartyId> {
        match self {
            Self::Merged { into, .. } => vec![*into],
            Self::Split { shares, .. } => shares.iter().map(|share| share.party).collect(),
            Self::Succeeded { successors, .. } => successors.clone(),
        }
    }
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PartyEntry {
    /// Its id.
    pub party: PartyId,
    /// What it is.
    pub kind: PartyKind,
    /// Its organisation number, where it has one.
    pub organisation_number: Option<String>,
    /// Whether it is compensated for VAT on the day asked for.
    pub vat_compensated: bool,
    /// The municipality or county number that holds on the day asked for.
    pub number: Option<String>,
    /// The names that hold on the day asked for, joined as the authorities write them.
    pub name: String,
    /// Its numbers, oldest first.
    pub numbers: Vec<NumberFrom>,
    /// Its names, oldest first.
    pub names: Vec<NamesFrom>,
    /// What was counted.
    pub measures: Vec<MeasureEntry>,
    /// Why it no longer exists; none while it does.
    pub ending: Option<EndingEntry>,
    /// The written form of Norwegian that holds on the day asked for.
    pub written_form: WrittenForm,
    /// Whether it belongs to the Sámi language area on the day asked for.
    pub in_sami_language_area: bool,
    /// Who answers for what.
    pub contacts: Vec<ContactEntry>,
    /// The reference it wants on what it is sent.
    pub buyer_reference: Option<String>,
    /// The number of its own order, where it wants it on invoices.
    pub order_reference: Option<String>,
    /// The account it books to, where it wants it on invoices.
    pub accounting_cost: Option<String>,
    /// What the public registers say of it on the day asked for; none where nobody has stated it.
    pub register_entry: Option<RegisterEntry>,
}

impl PartyEntry {
    fn of(party: PartyId, known: &Party, day: NaiveDate) -> Option<Self> {
        let registered = known.registered.as_ref()?;
        let references = known.invoice_references.as_ref();
        Some(Self {
            party,
            kind: registered.kind,
            organisation_number: registered.organisation_number.clone(),
            vat_compensated: known.is_vat_compensated_on(day),
            number: known.number_on(day).map(str::to_owned),
            name: known.full_name_on(day),
            numbers: (known.numbers.iter().map(|(from, number)| NumberFrom { from: *from, number: number.clone() }))
                .collect(),
            names: known.names.iter().map(|(from, names)| NamesFrom { from: *from, names: names.clone() }).collect(),
            measures: measures(known),
            ending: known.ending.as_ref().map(ending),
            written_form: known.written_form_on(day),
            in_sami_language_area: known.in_sami_language_area_on(day),
            contacts: (known.contacts.iter().map(|(role, person)| ContactEntry { role: *role, person: *person }))
                .collect(),
            buyer_reference: known.buyer_reference.clone(),
            order_reference: references.and_then(|references| references.order_reference.clone()),
            accounting_cost: references.and_then(|references| references.accounting_cost.clone()),
            register_entry: known.register_entry_on(day).map(|stated| RegisterEntry {
                from: stated.from,
                in_foretaksregisteret: stated.in_foretaksregisteret,
                vat_registered: stated.vat_registered,
                source: stated.source.clone(),
            }),
        })
    }
}

fn measures(known: &Party) -> Vec<MeasureEntry> {
    known
        .figures
        .iter()
        .map(|(measure, figures)| MeasureEntry {
            measure: measure.clone(),
            figures: figures.values().cloned().collect(),
        })
        .collect()
}

fn ending(ending: &Ending) -> EndingEntry {
    match ending.clone() {
        Ending::Merged(merged) => EndingEntry::Merged { into: merged.into, on: merged.on, reference: merged.reference },
        Ending::Split(split) => EndingEntry::Split { shares: split.shares, on: split.on, reference: split.reference },
        Ending::Succeeded(succeeded) => EndingEntry::Succeeded {
            successors: succeeded.successors,
            on: succeeded.on,
            reference: succeeded.reference,
        },
    }
}

impl Entry for PartyEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut parties: Vec<Self> =
            book.parties.iter().filter_map(|(party, known)| Self::of(*party, known, at.day)).collect();
        parties
            .sort_by(|one, other| (&one.number, &one.name, one.party).cmp(&(&other.number, &other.name, other.party)));
        parties
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        Self::of(PartyId(id), book.parties.get(&PartyId(id))?, at.day)
    }

    fn id(&self) -> Uuid {
        self.party.0
    }

    /// It has an agreement in the procurement, or stands on the other side of one.
    fn is_of_procurement(&self, book: &Book, procurement: ProcurementId) -> bool {
        book.agreements.values().any(|agreement| {
            agreement.drafted.as_ref().is_some_and(|drafted| {
                drafted.procurement == procurement
                    && (drafted.party == self.party
                        || agreement.counties.iter().any(|(_, county)| *county == self.party))
            })
        })
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.party == party
    }
}
