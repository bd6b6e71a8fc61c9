//! What the shares of a plan are made of: the keys, the figures of everybody, and the amounts that are shared by them, so that
//! who gets the calculation can make it anew.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::book::Book;
use crate::domain::apportionment::{Apportionment, Grants, KeyUsed, Part, Shared};
use crate::domain::calendar::Period;
use crate::domain::identity::PartyId;
use crate::domain::invoice_run::{Ground, InvoicePlan};
use crate::domain::money::Ore;
use crate::domain::participants::Member;
use crate::domain::sharing_key::KeyDefinition;
use crate::domain::vat::Subject;

/// Amounts that are shared by one key among the same parties with the same figures.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedByKey {
    /// What the key says.
    pub definition: KeyDefinition,
    /// The day its figures are taken from.
    pub population_date: NaiveDate,
    /// The amounts.
    pub amounts: Vec<SharedAmount>,
    /// Those that share them.
    pub members: Vec<MemberFigures>,
    /// Who counted, by measure.
    pub sources: BTreeMap<String, BTreeSet<String>>,
}

/// An amount that is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedAmount {
    /// What people call what it is of.
    pub name: String,
    /// The days that it is for; none for a one-time cost.
    pub period: Option<Period>,
    /// How much, excluding VAT.
    pub amount_ore: Ore,
}

/// The figures of one that shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFigures {
    /// Who.
    pub party: PartyId,
    /// The number that ties go by, and by which a key names parties.
    pub number: String,
    /// The name on the invoice date.
    pub name: String,
    /// The figures by measure.
    pub figures: BTreeMap<String, Decimal>,
}

/// Everything that a plan shares by keys, in the order of its grounds.
#[must_use]
pub fn calculation(book: &Book, plan: &InvoicePlan) -> Vec<SharedByKey> {
    let mut shared: Vec<SharedByKey> = Vec::new();
    for ground in &plan.grounds {
        for part in apportioned(book, plan, ground).iter().flat_map(|apportioned| &apportioned.parts) {
            let Some((by_key, amount)) = shared_by_key(book, plan, ground, part) else { continue };
            match shared.iter_mut().find(|known| is_same(known, &by_key)) {
                Some(known) => known.amounts.push(amount),
                None => shared.push(SharedByKey { amounts: vec![amount], ..by_key }),
            }
        }
    }
    shared
}

/// A ground as it is shared, of the days of the year up to the last that are invoiced.
fn apportioned(book: &Book, plan: &InvoicePlan, ground: &Ground) -> Option<Apportionment> {
    let apportioner = book.apportioner(plan.procurement);
    match ground.subject {
        Subject::Cost { cost } => apportioner.cost(book.costs.get(&cost)?, Grants::TakenOff),
        Subject::Licence { licence } => apportioner.licence_until(book.licences.get(&licence)?, plan.covers.last),
    }
}

fn is_same(one: &SharedByKey, other: &SharedByKey) -> bool {
    one.definition == other.definition
        && one.population_date == other.population_date
        && one.members == other.members
        && one.sources == other.sources
}

fn shared_by_key(book: &Book, plan: &InvoicePlan, ground: &Ground, part: &Part) -> Option<(SharedByKey, SharedAmount)> {
    let KeyUsed { definition, population_date, .. } = part.key.as_ref()?;
    match part.shared {
        Shared::ByKey { .. } => {}
        Shared::Direct(_) | Shared::Unknown | Shared::Not(_) => return None,
    }
    let member = |Member { party, number, figures, origins: _ }: &Member| MemberFigures {
        party: *party,
        number: number.clone(),
        name: book.parties.get(party).map(|known| known.full_name_on(plan.invoice_date)).unwrap_or_default(),
        figures: figures.iter().map(|(measure, figure)| (measure.clone(), figure.value)).collect(),
    };
    let mut sources: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (measure, figure) in part.members.iter().flat_map(|member| &member.figures) {
        sources.entry(measure.clone()).or_default().insert(figure.source.clone());
    }
    let by_key = SharedByKey {
        definition: definition.clone(),
        population_date: *population_date,
        amounts: vec![],
        members: part.members.iter().map(member).collect(),
        sources,
    };
    let amount = SharedAmount {
        name: ground.name.clone(),
        period: ground.period.and(Some(part.period)),
        amount_ore: part.amount?.likely_ore,
    };
    Some((by_key, amount))
}
