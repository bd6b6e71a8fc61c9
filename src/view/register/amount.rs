//! Amounts and how they are shared, in the register: costs, licences, old contracts, sharing keys.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::agreement::NoticeEntry;
use super::{At, Entry};
use crate::domain::assessment::{Assessment, Statement};
use crate::domain::cost::{Cost, CostKind, Distribution, Granted, Moved, WithdrawnGrant};
use crate::domain::identity::{CostId, LegacyId, LicenceId, PartyId, ProcurementId, ProposalId, SharingKeyId};
use crate::domain::key_adoption::{HearingAnswered, MemberChange, Proposal, SharingKey};
use crate::domain::legacy::Legacy;
use crate::domain::licence::{CameTo, IndexClause, Indexed, Licence};
use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyDefinition;
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::view::book::Book;

/// A one-time cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CostEntry {
    /// Its id.
    pub cost: CostId,
    /// The procurement it belongs to.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub kind: CostKind,
    /// The budget year it stands in.
    pub year: i32,
    /// Who pays.
    pub distribution: Distribution,
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// What is known of its amount, grants not taken off.
    pub amount: Assessment,
    /// What all grants take off.
    pub granted_ore: Ore,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// The day it was cancelled.
    pub cancelled_on: Option<NaiveDate>,
    /// What was said of its amount, oldest first; the last is in force.
    pub statements: Vec<Statement>,
    /// The grants.
    pub grants: Vec<Granted>,
    /// The grants that were withdrawn, and take nothing off any more.
    pub withdrawn_grants: Vec<WithdrawnGrant>,
    /// The supplier's invoices for it.
    pub supplier_invoices: Vec<SupplierInvoice>,
    /// The moves between years, oldest first.
    pub moves: Vec<Moved>,
}

impl CostEntry {
    fn of(cost: CostId, known: &Cost) -> Option<Self> {
        let recorded = known.recorded.as_ref()?;
        Some(Self {
            cost,
            procurement: recorded.procurement,
            name: recorded.name.clone(),
            kind: recorded.kind,
            year: known.year,
            distribution: recorded.distribution,
            vat_percent: recorded.vat_percent,
            amount: known.amount(),
            granted_ore: known.granted(),
            recorded_on: recorded.on,
            cancelled_on: known.cancelled_on,
            statements: known.statements.clone(),
            grants: known.grants.clone(),
            withdrawn_grants: known.withdrawn_grants.clone(),
            supplier_invoices: known.supplier_invoices.clone(),
            moves: known.moves.clone(),
        })
    }
}

impl Entry for CostEntry {
    fn all(book: &Book, _at: At) -> Vec<Self> {
        let mut costs: Vec<Self> = book.costs.iter().filter_map(|(id, known)| Self::of(*id, known)).collect();
        costs.sort_by(|one, other| (one.year, &one.name, one.cost).cmp(&(other.year, &other.name, other.cost)));
        costs
    }

    fn one(book: &Book, id: Uuid, _at: At) -> Option<Self> {
        Self::of(CostId(id), book.costs.get(&CostId(id))?)
    }

    fn id(&self) -> Uuid {
        self.cost.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    fn is_of_party(&self, book: &Book, party: PartyId) -> bool {
        is_borne_by(book, self.procurement, &self.distribution, party)
    }
}

/// Whether the party bears it: alone, or by having an agreement in the procurement.
fn is_borne_by(book: &Book, procurement: ProcurementId, distribution: &Distribution, party: PartyId) -> bool {
    match distribution {
        Distribution::Party { party: alone } => *alone == party,
        Distribution::Key { .. } => !book.agreements_of(procurement, party).is_empty(),
    }
}

/// A yearly licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LicenceEntry {
    /// Its id.
    pub licence: LicenceId,
    /// The procurement it belongs to.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// The first day that is paid for.
    pub starts: NaiveDate,
    /// The last day that is paid for; none while it goes on.
    pub ends: Option<NaiveDate>,
    /// Who pays.
    pub distribution: Distribution,
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// How the price follows an index; none for a fixed price.
    pub index_clause: Option<IndexClause>,
    /// What is known of the price of a whole year before indexing.
    pub base_price: Assessment,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// What was said of the price of a year, oldest first; the last is in force.
    pub statements: Vec<Statement>,
    /// The factors in force, by the first year they apply to.
    pub factors: Vec<Indexed>,
    /// What years have come to, each in the place of what was said of it before.
    pub came_to: Vec<CameTo>,
    /// The supplier's invoices for it.
    pub supplier_invoices: Vec<SupplierInvoice>,
}

impl LicenceEntry {
    fn of(licence: LicenceId, known: &Licence) -> Option<Self> {
        let recorded = known.recorded.as_ref()?;
        let (starts, ends) = known.days?;
        Some(Self {
            licence,
            procurement: recorded.procurement,
            name: recorded.name.clone(),
            starts,
            ends,
            distribution: recorded.distribution,
            vat_percent: recorded.vat_percent,
            index_clause: recorded.index_clause.clone(),
            base_price: known.base_price(),
            recorded_on: recorded.on,
            statements: known.statements.clone(),
            factors: known.factors.values().cloned().collect(),
            came_to: known
                .actuals
                .iter()
                .map(|(year, statement)| CameTo { year: *year, statement: statement.clone() })
                .collect(),
            supplier_invoices: known.supplier_invoices.clone(),
        })
    }
}

impl Entry for LicenceEntry {
    fn all(book: &Book, _at: At) -> Vec<Self> {
        let mut licences: Vec<Self> = book.licences.iter().filter_map(|(id, known)| Self::of(*id, known)).collect();
        licences.sort_by(|one, other| (&one.name, one.licence).cmp(&(&other.name, other.licence)));
        licences
    }

    fn one(book: &Book, id: Uuid, _at: At) -> Option<Self> {
        Self::of(LicenceId(id), book.licences.get(&LicenceId(id))?)
    }

    fn id(&self) -> Uuid {
        self.licence.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    fn is_of_party(&self, book: &Book, party: PartyId) -> bool {
        is_borne_by(book, self.procurement, &self.distribution, party)
    }
}

/// A contract that is being replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LegacyContractEntry {
    /// Its id.
    pub legacy: LegacyId,
    /// The procurement that replaces it.
    pub procurement: ProcurementId,
    /// The party that pays.
    pub party: PartyId,
    /// The old system.
    pub system: String,
    /// The cost of a year excluding VAT; none while it is unknown.
    pub yearly_cost_ore: Option<Ore>,
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// The last day that is paid for; it goes on by a year at a time unless notice is given.
    pub paid_until: NaiveDate,
    /// Notice must be given this many months before.
    pub notice_months: u32,
    /// The next last day to give notice, from the day asked for on; none once its end is known.
    pub last_day_to_give_notice: Option<NaiveDate>,
    /// The notice in force.
    pub notice: Option<NoticeEntry>,
    /// The last day that is paid for, once its end is known.
    pub last_day: Option<NaiveDate>,
}

impl LegacyContractEntry {
    fn of(legacy: LegacyId, known: &Legacy, day: NaiveDate) -> Option<Self> {
        let recorded = known.recorded.as_ref()?;
        let notice = known.notice.as_ref();
        Some(Self {
            legacy,
            procurement: recorded.procurement,
            party: recorded.party,
            system: recorded.system.clone(),
            yearly_cost_ore: known.yearly_cost_ore,
            vat_percent: recorded.vat_percent,
            paid_until: recorded.paid_until,
            notice_months: recorded.notice_months,
            last_day_to_give_notice: known.last_day_to_give_notice(day),
            notice: notice.map(|notice| NoticeEntry { on: notice.on, last_day: notice.last_day }),
            last_day: known.last_day,
        })
    }
}

impl Entry for LegacyContractEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut contracts: Vec<Self> =
            book.legacies.iter().filter_map(|(id, known)| Self::of(*id, known, at.day)).collect();
        contracts.sort_by_key(|contract| (contract.paid_until, contract.legacy));
        contracts
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        Self::of(LegacyId(id), book.legacies.get(&LegacyId(id))?, at.day)
    }

    fn id(&self) -> Uuid {
        self.legacy.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.party == party
    }
}

/// An adoption of a sharing key.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AdoptionEntry {
    /// The first day it applies to.
    pub applies_from: NaiveDate,
    /// The day figures are frozen at.
    pub population_date: NaiveDate,
    /// The decision.
    pub reference: String,
    /// The day of the decision.
    pub on: NaiveDate,
    /// The key.
    pub definition: KeyDefinition,
}

/// A hearing of a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct HearingEntry {
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The last day for answers.
    pub answer_by: NaiveDate,
    /// The parties that were asked.
    pub asked: Vec<PartyId>,
    /// The latest answer of each.
    pub answers: Vec<HearingAnswered>,
}

/// A proposal that was tried and given a name.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ProposalEntry {
    /// Its id.
    pub proposal: ProposalId,
    /// What people call it.
    pub name: String,
    /// What is said of it.
    pub note: Option<String>,
    /// The key as it would be.
    pub definition: KeyDefinition,
    /// The first day it would apply to.
    pub applies_from: NaiveDate,
    /// The day figures would be taken from.
    pub population_date: NaiveDate,
    /// Who would join or leave.
    pub members: Vec<MemberChange>,
    /// The day it was saved.
    pub saved_on: NaiveDate,
    /// Its hearing, where it was sent.
    pub hearing: Option<HearingEntry>,
    /// Whether a key with the same content is adopted.
    pub adopted: bool,
}

impl ProposalEntry {
    fn of(key: &SharingKey, Proposal { saved, hearing }: &Proposal) -> Self {
        Self {
            proposal: saved.proposal,
            name: saved.name.clone(),
            note: saved.note.clone(),
            definition: saved.definition.clone(),
            applies_from: saved.applies_from,
            population_date: saved.population_date,
            members: saved.members.clone(),
            saved_on: saved.on,
            hearing: hearing.as_ref().map(|hearing| HearingEntry {
                sent_on: hearing.opened.on,
                answer_by: hearing.opened.answer_by,
                asked: hearing.opened.letters.iter().map(|letter| letter.party).collect(),
                answers: hearing.answers.values().cloned().collect(),
            }),
            adopted: key.has_adopted(saved),
        }
    }
}

/// A sharing key with its versions.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SharingKeyEntry {
    /// Its id.
    pub sharing_key: SharingKeyId,
    /// The procurement it is for.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// The latest proposal.
    pub proposal: KeyDefinition,
    /// The day the proposal takes figures from.
    pub population_date: NaiveDate,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The adoptions, oldest first.
    pub adoptions: Vec<AdoptionEntry>,
    /// What was tried in its place and given a name, oldest first.
    pub proposals: Vec<ProposalEntry>,
}

impl SharingKeyEntry {
    fn of(sharing_key: SharingKeyId, known: &SharingKey) -> Option<Self> {
        let proposed = known.proposed.as_ref()?;
        let adoptions = known.adoptions.values().map(|adopted| AdoptionEntry {
            applies_from: adopted.applies_from,
            population_date: adopted.population_date,
            reference: adopted.reference.clone(),
            on: adopted.on,
            definition: adopted.definition.clone(),
        });
        Some(Self {
            sharing_key,
            procurement: proposed.procurement,
            name: proposed.name.clone(),
            proposal: proposed.definition.clone(),
            population_date: proposed.population_date,
            proposed_on: proposed.on,
            adoptions: adoptions.collect(),
            proposals: known.proposals.iter().map(|proposal| ProposalEntry::of(known, proposal)).collect(),
        })
    }
}

impl Entry for SharingKeyEntry {
    fn all(book: &Book, _at: At) -> Vec<Self> {
        let mut keys: Vec<Self> = book.keys.iter().filter_map(|(id, known)| Self::of(*id, known)).collect();
        keys.sort_by(|one, other| (&one.name, one.sharing_key).cmp(&(&other.name, other.sharing_key)));
        keys
    }

    fn one(book: &Book, id: Uuid, _at: At) -> Option<Self> {
        Self::of(SharingKeyId(id), book.keys.get(&SharingKeyId(id))?)
    }

    fn without_drafts(mut self, present: &Book) -> Self {
        let key = present.keys.get(&self.sharing_key);
        self.proposals.retain(|proposal| key.is_some_and(|key| !key.keeps_to_itself(proposal.proposal)));
        self
    }

    fn id(&self) -> Uuid {
        self.sharing_key.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == procurement
    }

    /// The party has an agreement in the procurement.
    fn is_of_party(&self, book: &Book, party: PartyId) -> bool {
        !book.agreements_of(self.procurement, party).is_empty()
    }
}
