//! Where a party's amount per inhabitant lies among those of about its size in the same procurement.

use rust_decimal::Decimal;
use serde::Serialize;

use super::book::Book;
use super::budget::{Wanted, budget_sheet, shared_sheet};
use super::budget_sheet::{BudgetSheet, YearTotal};
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
    /// Whether what each bears alone is left out.
    pub shared_alone: bool,
    /// The party among the others, the least per inhabitant first.
    pub parties: Vec<ComparableParty>,
    /// Its place in the list, from 1.
    pub place: usize,
}

/// The party among the municipalities of its procurement with the most similar number of inhabitants, at most ten of
/// them, in the first of the wanted years: by all that each bears, or by what is shared alone. None where its own amount or
/// inhabitants are not known.
#[must_use]
pub fn among_comparable(book: &Book, wanted: Wanted, shared_alone: bool) -> Option<AmongComparable> {
    let wanted = Wanted { years_count: 1, ..wanted };
    let comparable = |party: PartyId| {
        let wanted = Wanted { party, ..wanted };
        comparable(if shared_alone { shared_sheet(book, wanted) } else { budget_sheet(book, wanted) }?)
    };
    let own = comparable(wanted.party)?;
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
        others.iter().take(OTHERS_MAX).filter_map(|(_, party)| comparable(*party)).collect();
    parties.push(own);
    parties.sort_by(|one, other| (one.per_inhabitant_ore, &one.number).cmp(&(other.per_inhabitant_ore, &other.number)));
    let place = parties.iter().position(|party| party.party == wanted.party)? + 1;
    Some(AmongComparable { year: wanted.first_year, shared_alone, parties, place })
}

fn comparable(sheet: BudgetSheet) -> Option<ComparableParty> {
    let total = sheet.totals.first().filter(|total| is_known(total))?;
    Some(ComparableParty {
        party: sheet.party,
        per_inhabitant_ore: total.per_inhabitant?.likely_ore,
        inhabitants: sheet.inhabitants?.value,
        number: sheet.party_number,
        name: sheet.party_name,
    })
}

/// Whether there is something in the year and all of it is known.
fn is_known(total: &YearTotal) -> bool {
    total.certainty.is_some() && !total.contains_unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::day;
    use crate::domain::testing::facts::{
        BY_KEY, Fact, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, extended, municipality,
        old_contract, opened, party, proposed,
    };

    fn among(facts: Vec<Fact>, shared_alone: bool) -> AmongComparable {
        let wanted = Wanted {
            procurement: PROCUREMENT,
            party: party(1),
            first_year: 2023,
            years_count: 4,
            as_of: day("2023-06-01"),
        };
        among_comparable(&Book::of(facts), wanted, shared_alone).unwrap()
    }

    /// Municipalities of so many inhabitants, numbered from 1, that share 80 000 øre half equally, half by inhabitants.
    fn sharing(inhabitants: impl IntoIterator<Item = u32>) -> Vec<Fact> {
        let mut facts = vec![opened(false)];
        for (number, inhabitants) in (1..).zip(inhabitants) {
            facts.extend(municipality(number, inhabitants.into()));
            facts.push(committed(number));
        }
        facts.extend([proposed(HALVES), adopted(HALVES, "2022-01-01"), cost(1, 2023, BY_KEY)]);
        facts.push(assessed(1, contracted(80_000)));
        facts
    }

    fn amounts(among: &AmongComparable) -> Vec<(PartyId, i64)> {
        among.parties.iter().map(|party| (party.party, party.per_inhabitant_ore.0)).collect()
    }

    #[test]
    fn a_party_stands_among_the_others_by_what_it_pays_for_each_inhabitant() {
        let among = among(sharing([1_000, 3_000]), false);
        assert_eq!(amounts(&among), [(party(2), 17), (party(1), 30)]);
        assert_eq!((among.year, among.place), (2023, 2));
    }

    #[test]
    fn the_others_are_the_ten_that_are_nearest_in_size() {
        let among = among(sharing((0..13).map(|step| 1_000 + step * 1_000)), false);
        let others: Vec<PartyId> = among.parties.iter().map(|known| known.party).collect();
        assert_eq!(others.len(), 11);
        assert!(!others.contains(&party(12)) && !others.contains(&party(13)), "{others:?}");
    }

    #[test]
    fn what_another_bears_alone_is_left_out_for_who_may_not_see_it() {
        let facts =
            [sharing([1_000, 3_000]), vec![old_contract(2, Some(12_000_000)), extended(2, "2023-12-31")]].concat();
        let whole = among(facts.clone(), false);
        assert!(whole.parties.iter().any(|known| known.party == party(2) && known.per_inhabitant_ore > Ore(1_000)));
        let shared = among(facts, true);
        assert_eq!(amounts(&shared), [(party(2), 17), (party(1), 30)]);
        assert!(shared.shared_alone && !whole.shared_alone);
    }
}
