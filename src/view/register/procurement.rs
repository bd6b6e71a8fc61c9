//! Procurements in the register.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{At, Entry};
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::procurement::Procurement;
use crate::domain::vat::VatTreatmentDecided;
use crate::view::book::Book;

/// A day that people refer to by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MilestoneEntry {
    /// What it is called.
    pub name: String,
    /// The day.
    pub on: NaiveDate,
}

/// What affiliation agreements are called, with the first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LabelFrom {
    /// The first day it is used.
    pub from: NaiveDate,
    /// The name.
    pub label: String,
}

/// County authorities that lead a procurement, with their first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountiesFrom {
    /// Their first day.
    pub from: NaiveDate,
    /// The county authorities.
    pub counties: Vec<PartyId>,
}

/// A procurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ProcurementEntry {
    /// Its id.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// Whether its amounts are invented for illustration.
    pub illustrative: bool,
    /// The day it was opened.
    pub opened_on: NaiveDate,
    /// What its affiliation agreements are called on the day asked for.
    pub agreement_label: String,
    /// The county authorities that lead it on the day asked for.
    pub counties: Vec<PartyId>,
    /// Named days, by name.
    pub milestones: Vec<MilestoneEntry>,
    /// Later names of its agreements, oldest first.
    pub agreement_labels: Vec<LabelFrom>,
    /// To whom it passed, oldest first.
    pub passed_to: Vec<CountiesFrom>,
    /// How county finance decided that VAT is treated.
    pub vat_treatments: Vec<VatTreatmentDecided>,
}

impl ProcurementEntry {
    fn of(procurement: ProcurementId, known: &Procurement, day: NaiveDate) -> Option<Self> {
        let opened = known.opened.as_ref()?;
        let milestones = known.milestones.iter();
        let labels = known.agreement_labels.iter();
        let passed_to = known.counties.iter();
        Some(Self {
            procurement,
            name: opened.name.clone(),
            illustrative: opened.illustrative,
            opened_on: opened.on,
            agreement_label: known.agreement_label_on(day).to_owned(),
            counties: known.counties_on(day).to_vec(),
            milestones: milestones.map(|(name, on)| MilestoneEntry { name: name.clone(), on: *on }).collect(),
            agreement_labels: labels.map(|(from, label)| LabelFrom { from: *from, label: label.clone() }).collect(),
            passed_to: passed_to
                .map(|(from, counties)| CountiesFrom { from: *from, counties: counties.clone() })
                .collect(),
            vat_treatments: known.vat_treatments.values().cloned().collect(),
        })
    }
}

impl Entry for ProcurementEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut procurements: Vec<Self> =
            book.procurements.iter().filter_map(|(id, known)| Self::of(*id, known, at.day)).collect();
        procurements.sort_by(|one, other| (&one.name, one.procurement).cmp(&(&other.name, other.procurement)));
        procurements
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        Self::of(ProcurementId(id), book.procurements.get(&ProcurementId(id))?, at.day)
    }

    fn id(&self) -> Uuid {
        self.procurement.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    /// The party has an agreement in it, or leads it.
    fn is_of_party(&self, book: &Book, party: PartyId) -> bool {
        self.counties.contains(&party) || !book.agreements_of(self.procurement, party).is_empty()
    }
}
