//! Proposals of a sharing key that were given a name: what they would lead to, and whom they concern.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::book::Book;
use super::budget::Wanted;
use super::what_if::{Comparison, Hypothesis, HypothesisError, OtherKey, OtherMember, compare, suppose};
use crate::domain::identity::{InvoiceId, PartyId, ProcurementId, ProposalId, SharingKeyId};
use crate::domain::key_adoption::{Adopted, HearingLetter, Proposal, ProposalSaved, SharingKey};

/// For how many years a proposal is compared.
const YEARS_COUNT: usize = 4;

/// A proposal where it is known, with its key.
#[must_use]
pub fn proposal(book: &Book, id: ProposalId) -> Option<(SharingKeyId, &SharingKey, &Proposal)> {
    book.keys.iter().find_map(|(key, known)| Some((*key, known, known.proposal(id)?)))
}

/// The proposals of a procurement with their keys, the latest first.
#[must_use]
pub fn proposals(book: &Book, procurement: ProcurementId) -> Vec<(SharingKeyId, &SharingKey, &Proposal)> {
    let of_procurement =
        |known: &&SharingKey| known.proposed.as_ref().is_some_and(|proposed| proposed.procurement == procurement);
    let keys = book.keys.iter().filter(|(_, known)| of_procurement(known));
    let mut all: Vec<_> =
        keys.flat_map(|(key, known)| known.proposals.iter().map(move |proposal| (*key, known, proposal))).collect();
    all.sort_by(|(.., one), (.., other)| other.saved.on.cmp(&one.saved.on).then(one.saved.name.cmp(&other.saved.name)));
    all
}

/// What would be otherwise.
#[must_use]
pub fn hypothesis(key: &SharingKey, saved: &ProposalSaved) -> Hypothesis {
    let in_place_of = key.proposed.as_ref().map(|proposed| proposed.name.clone());
    let member = saved.members.iter().map(|change| OtherMember {
        party: change.party.to_string(),
        joins: change.joins,
        leaves: change.leaves,
    });
    Hypothesis {
        key: vec![OtherKey {
            in_place_of,
            definition: saved.definition.clone(),
            applies_from: Some(saved.applies_from),
            population_date: Some(saved.population_date),
        }],
        member: member.collect(),
        ..Hypothesis::default()
    }
}

/// Everybody before and after, from the year in which it would begin to apply.
///
/// # Errors
/// What cannot be tried.
pub fn compared(
    book: &Book,
    key: &SharingKey,
    saved: &ProposalSaved,
    day: NaiveDate,
) -> Result<Comparison, HypothesisError> {
    let procurement = key.proposed.as_ref().map(|proposed| proposed.procurement).unwrap_or_default();
    let before = before_adoption(book, key, saved);
    let supposed = suppose(&before, procurement, &hypothesis(key, saved), day)?;
    let wanted = Wanted {
        procurement,
        party: PartyId::default(),
        first_year: saved.applies_from.year(),
        years_count: YEARS_COUNT,
        as_of: day,
    };
    Ok(compare(&before, &supposed, wanted))
}

/// The book as it was before the proposal was adopted, so that what applies by it is not compared with itself.
fn before_adoption<'book>(book: &'book Book, key: &SharingKey, saved: &ProposalSaved) -> Cow<'book, Book> {
    let is_it = |adopted: &Adopted| adopted.definition == saved.definition;
    if !key.adoptions.values().any(is_it) {
        return Cow::Borrowed(book);
    }
    let mut before = book.terms();
    let of_proposal = before.keys.values_mut().find(|known| known.proposal(saved.proposal).is_some());
    if let Some(known) = of_proposal {
        known.adoptions.retain(|_, adopted| !is_it(adopted));
    }
    Cow::Owned(before)
}

/// Those whom a proposal concerns: everybody that would bear more or less, or of whom that is not known yet.
#[must_use]
pub fn concerned(comparison: &Comparison) -> Vec<PartyId> {
    let parties = comparison.parties.iter().filter(|party| {
        party.before_ore != party.after_ore || party.before_ore.iter().chain(&party.after_ore).any(Option::is_none)
    });
    parties.map(|party| party.party).collect()
}

/// A letter to each whom a proposal concerns. The letters' ids derive from the proposal's.
#[must_use]
pub fn hearing_letters(
    book: &Book,
    key: SharingKeyId,
    proposal: ProposalId,
    day: NaiveDate,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> Vec<HearingLetter> {
    let Some((key, proposal)) = book.keys.get(&key).and_then(|known| Some((known, known.proposal(proposal)?))) else {
        return Vec::new();
    };
    if let Some(hearing) = &proposal.hearing {
        return hearing.opened.letters.clone();
    }
    let Ok(comparison) = compared(book, key, &proposal.saved, day) else { return Vec::new() };
    let letter = |party: PartyId| HearingLetter {
        letter: InvoiceId(derive(proposal.saved.proposal.0, &format!("hearing {party}"))),
        party,
    };
    concerned(&comparison).into_iter().map(letter).collect()
}
