//! Where a party's amount per inhabitant lies among those of about its size in the same procurement.

use rust_decimal::Decimal;
use serde::Serialize;

use super::book::Book;
use super::budget::{Wanted, budget_sheet};
use super::budget_sheet::YearTotal;
use crate::domain::identity::PartyId;
use crate::domain::money::Ore;
use crate::domain::party::PartyKind;

/// How many others a party is compared with, at most.
const OTHERS_MAX: usize = 10;

/// A party beside those of about its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparableParty {
    /// The party.
    pub party: PartyId,
    /// Its number.
    pub number: Option<String>,
    /// Its names.
    pub name: String,
    /// Its inhabitants.
    pub inhabitants: Decimal,
    /// What it bears in the year for each inhabitant, likely, the nearest øre.
    pub per_inhabitant_ore: Ore,
}

/// A party among those of about its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmongComparable {
    /// The year.
    pub year: i32,
    /// The party among the others, the least per inhabitant first.
    pub parties: Vec<ComparableParty>,
    /// Its place in the list, from 1.
    pub place: usize,
}

/// The party among the municipalities of its procurement with the most similar number of inhabitants, at most ten of
/// them, in the first of the wanted years. None where its own amount or inhabitants are not known.
#[must_use]
pub fn among_comparable(book: &Book, wanted: Wanted) -> Option<AmongComparable> {
    let wanted = Wanted { years_count: 1, ..wanted };
    let own = comparable(book, wanted, wanted.party)?;
    let mut others: Vec<(Decimal, PartyId)> = book
        .parties
        .iter()
        .filter(|(party, known)| {
            **party != wanted.party
                && known.registered.as_ref().is_some_and(|registered| registered.kind == PartyKind::Municipality)
                && !book.agreements_of(wanted.procurement, **party).is_empty()
        })
        .filter_map(|(party, known)| {
            let inhabitants = known.figure_on("inhabitants", wanted.as_of)?.value;
            Some((inhabitants, *party))
        })
        .filter(|(inhabitants, _)| !inhabitants.is_zero())
        .collect();
    // How many times as many, so that 500 and 1 000 are as far apart as 5 000 and 10 000.
    others.sort_by_key(|(inhabitants, party)| {
        let (less, more) = (own.inhabitants.min(*inhabitants), own.inhabitants.max(*inhabitants));
        (more.checked_div(less).unwrap_or(Decimal::MAX), *party)
    });
    let mut parties: Vec<ComparableParty> =
        others.iter().take(OTHERS_MAX).filter_map(|(_, party)| comparable(book, wanted, *party)).collect();
    parties.push(own);
    parties.sort_by(|one, other| (one.per_inhabitant_ore, &one.number).cmp(&(other.per_inhabitant_ore, &other.number)));
    let place = parties.iter().position(|party| party.party == wanted.party)? + 1;
    Some(AmongComparable { year: wanted.first_year, parties, place })
}

fn comparable(book: &Book, wanted: Wanted, party: PartyId) -> Option<ComparableParty> {
    let sheet = budget_sheet(book, Wanted { party, ..wanted })?;
    let total = sheet.totals.first().filter(|total| is_known(total))?;
    Some(ComparableParty {
        party,
        number: sheet.party_number.clone(),
        name: sheet.party_name.clone(),
        inhabitants: sheet.inhabitants.as_ref()?.value,
        per_inhabitant_ore: total.per_inhabitant?.likely_ore,
    })
}

/// Whether there is something in the year and all of it is known.
fn is_known(total: &YearTotal) -> bool {
    total.certainty.is_some() && !total.contains_unknown
}
