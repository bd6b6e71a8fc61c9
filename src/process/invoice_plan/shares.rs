//! What some of those who share bear of it, and in which days.

use std::collections::BTreeMap;

use super::other_days::SharedLater;
use super::{PartExplained, PlanFault};
use crate::domain::apportionment::{Apportionment, Part};
use crate::domain::assessment::Certainty;
use crate::domain::calendar::Period;
use crate::domain::identity::PartyId;
use crate::domain::money::Ore;

/// How a part was shared, for those that bear it; none where they bear nothing of it.
pub(super) fn part_explained<'plan>(part: &'plan Part, bearers: &[PartyId]) -> Option<PartExplained<'plan>> {
    let shares = bearers.iter().filter_map(|bearer| part.share_of(*bearer)?);
    let share = shares.map(|share| share.likely_ore).reduce(|one, other| one + other)?;
    Some(PartExplained {
        period: part.period,
        share,
        amount: part.amount.map_or(share, |amount| amount.likely_ore),
        key: part.key.as_ref().map(|key| key.definition.name()),
        population_date: part.key.as_ref().map(|key| key.population_date),
        members_count: part.members.len().max(1),
    })
}

/// What these parties bear of it.
pub(super) fn share_of_all(shared: &Apportionment, bearers: &[PartyId]) -> Ore {
    bearers.iter().filter_map(|bearer| shared.share_of(*bearer)?).map(|share| share.likely_ore).sum()
}

/// Everybody's share.
///
/// # Errors
/// A share is not known, or not certain enough to be invoiced.
pub(super) fn shares_of(shared: &Apportionment, name: &str) -> Result<BTreeMap<PartyId, Ore>, PlanFault> {
    let cannot = |fault: String| PlanFault::CannotShare { name: name.to_owned(), fault };
    if let Some(fault) = shared.fault() {
        return Err(cannot(fault.to_string()));
    }
    if shared.certainty < Certainty::Contracted {
        return Err(PlanFault::KeyNotAdopted { name: name.to_owned() });
    }
    let share_of = |party: PartyId| {
        let share = shared.share_of(party).flatten();
        share.map(|share| (party, share.likely_ore)).ok_or_else(|| cannot("an amount is unknown".to_owned()))
    };
    shared.bearers().into_iter().map(share_of).collect()
}

/// The days of these parties' shares, part by part.
pub(super) fn days_of(shared: &Apportionment, bearers: &[PartyId]) -> Vec<Period> {
    let borne = |part: &&Part| bearers.iter().any(|bearer| part.share_of(*bearer).is_some());
    shared.parts.iter().filter(borne).map(|part| part.period).collect()
}

/// The shares excluding VAT: of the days up to the last, less those of the days of the year before the first. So the shares
/// of the parts of a year come to that of the year. What is shared of later days must be known as well.
///
/// # Errors
/// A share is not known, or not certain enough to be invoiced.
pub(super) fn net_shares(
    shared: &Apportionment,
    before: Option<&Apportionment>,
    later: &SharedLater,
    name: &str,
) -> Result<BTreeMap<PartyId, Ore>, PlanFault> {
    let mut shares = shares_of(shared, name)?;
    for (party, share) in before.map(|before| shares_of(before, name)).transpose()?.unwrap_or_default() {
        *shares.entry(party).or_default() -= share;
    }
    later.values().try_for_each(|later| shares_of(later, name).map(drop))?;
    Ok(shares)
}
