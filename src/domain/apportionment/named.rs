//! A key names parties by the numbers they have when it is decided. Numbers change and municipalities merge; it means the
//! same ones still.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::identity::PartyId;
use super::super::participants::{Member, Participants};
use super::super::sharing_key::{KeyDefinition, KeyError};

/// The key with its parties called by the numbers that its members go by on a day: those that they ever had, or that
/// those had that became part of them.
pub(super) fn by_members<'key>(
    definition: &'key KeyDefinition,
    members: &[Member],
    participants: &Participants<'_>,
    day: NaiveDate,
) -> Result<Cow<'key, KeyDefinition>, KeyError> {
    if !definition.names_parties() {
        return Ok(Cow::Borrowed(definition));
    }
    let numbers: BTreeMap<PartyId, &str> = members.iter().map(|member| (member.party, &*member.number)).collect();
    let mut meant: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for number in numbers.values() {
        meant.entry(number).or_default().insert(number);
    }
    for (party, known) in participants.parties {
        let Some(number) = numbers.get(&participants.bearer_after(*party, day)) else { continue };
        let organisation_number = known.registered.iter().filter_map(|known| known.organisation_number.as_deref());
        for named in known.numbers.values().map(String::as_str).chain(organisation_number) {
            meant.entry(named).or_default().insert(number);
        }
    }
    let called = |party: &str| match meant.get(party).map(|found| found.iter().collect::<Vec<_>>()).as_deref() {
        None | Some([]) => Ok(party.to_owned()),
        Some([number]) => Ok((**number).to_owned()),
        Some([_, _, ..]) => Err(KeyError::AmbiguousParty { party: party.to_owned() }),
    };
    definition.calling(&called).map(Cow::Owned)
}
