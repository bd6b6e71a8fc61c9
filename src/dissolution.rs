//! A county authority is dissolved: it is succeeded, and its agreements and procurements pass to those that come after it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::identity::PartyId;
use crate::domain::party::{Ending, PartyCommand, PartyKind};
use crate::domain::procurement::ProcurementCommand;
use crate::domain::succession::{NoSuccessor, Succession, successors_by_number};
use crate::handle::Wish;
use crate::view::book::Book;
use crate::view::left_behind::borne_alone_from;

/// How many of those left behind a refusal names.
const LISTED_MAX: usize = 20;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dissolution {
    /// The county authority that is dissolved.
    pub county: PartyId,
    /// Who comes after it, by how the numbers of its municipalities begin from then on.
    pub by_number: BTreeMap<String, PartyId>,
    /// Who comes after it for parties whose numbers do not tell.
    pub by_party: BTreeMap<PartyId, PartyId>,
    /// The first day of those that come after it.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// Whether the number of a municipality can begin so.
#[must_use]
pub fn is_beginning_of_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Something would be left with a county authority that no longer exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DissolutionError {
    /// Agreements.
    #[error(transparent)]
    NoSuccessor(#[from] NoSuccessor),
    /// What it is alone to bear, where several come after it: a school lies in one of them, and nothing says in which.
    #[error(
        "of several that come after it nobody knows which is to have what is the county authority's alone: {}; withdraw, end \
         or cancel each, and record it for its successor",
        listed(left)
    )]
    LeftBehind {
        /// What would be left, at least one.
        left: Vec<String>,
    },
    /// Who is to come after it is no county authority.
    #[error("{party} is no county authority and cannot come after one; name the county authority that does")]
    NoCountyAuthority {
        /// Who is named.
        party: String,
    },
    /// Who is to come after it no longer exists on its first day.
    #[error("{party} no longer exists from {ended_on} and cannot come after it on {on}; name the one that does")]
    Ended {
        /// Who is named.
        party: String,
        /// The first day it no longer exists.
        ended_on: NaiveDate,
        /// The first day of those that come after.
        on: NaiveDate,
    },
    /// It was dissolved otherwise.
    #[error(
        "it is recorded already that {successors} came after it on {on} ({reference}), and that is not replaced; give the \
         same again to pass what is left"
    )]
    DissolvedOtherwise {
        /// Who came after it.
        successors: String,
        /// Their first day.
        on: NaiveDate,
        /// The decision.
        reference: String,
    },
    /// An agreement passed to another one.
    #[error("the agreement with {party} passed to {county} on {on}, and that is not replaced; name {county} for it")]
    PassedOtherwise {
        /// The party of the agreement.
        party: String,
        /// Who has it.
        county: String,
        /// The day.
        on: NaiveDate,
    },
}

impl DissolutionError {
    /// What of the decision it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoSuccessor(_) | Self::LeftBehind { .. } | Self::PassedOtherwise { .. } => "by_party",
            Self::NoCountyAuthority { .. } | Self::Ended { .. } | Self::DissolvedOtherwise { .. } => "by_number",
        }
    }
}

fn listed(left: &[String]) -> String {
    let named = left.iter().take(LISTED_MAX).cloned().collect::<Vec<_>>().join(", ");
    match left.len().saturating_sub(LISTED_MAX) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}

impl Dissolution {
    /// Everything that follows from it: the county authority is succeeded, every agreement with it passes, and so does every
    /// procurement that it leads. What has been done already asks for nothing.
    ///
    /// # Errors
    /// Something would be left with a county authority that no longer exists.
    pub fn wishes(&self, book: &Book) -> Result<Vec<Wish>, DissolutionError> {
        let (on, reference) = (self.on, || self.reference.clone());
        let mut counties: Vec<PartyId> = self.by_number.values().copied().collect();
        for county in self.by_party.values() {
            if !counties.contains(county) {
                counties.push(*county);
            }
        }
        counties.iter().try_for_each(|county| self.can_come_after(book, *county))?;
        let left = if counties.len() > 1 { borne_alone_from(book, self.county, on) } else { Vec::new() };
        if !left.is_empty() {
            return Err(DissolutionError::LeftBehind { left });
        }
        let is_recorded = self.is_recorded(book, &counties)?;
        let succeed = PartyCommand::Succeed { successors: counties.clone(), on, reference: reference() };
        let mut wishes: Vec<Wish> = (!is_recorded).then_some(Wish::Party(self.county, succeed)).into_iter().collect();
        let mut successors =
            successors_by_number(book.parties.iter().map(|(id, party)| (*id, party)), &self.by_number, on);
        successors.extend(&self.by_party);
        self.has_passed_so(book, &successors)?;
        let succession = Succession { dissolved: self.county, successors, on, reference: reference() };
        let passing = succession.commands(book.agreements.iter().map(|(id, agreement)| (*id, agreement)))?;
        wishes.extend(passing.into_iter().map(|(id, command)| Wish::Agreement(id, command)));
        for (id, procurement) in &book.procurements {
            let leading = procurement.counties_on(on);
            if leading.contains(&self.county) {
                let others = leading.iter().filter(|county| **county != self.county);
                let counties = others.chain(&counties).copied().collect();
                wishes.push(Wish::Procurement(*id, ProcurementCommand::Pass { counties, on, reference: reference() }));
            }
        }
        Ok(wishes)
    }

    /// Whether a party can come after a county authority on the day.
    fn can_come_after(&self, book: &Book, party: PartyId) -> Result<(), DissolutionError> {
        let known = book.parties.get(&party);
        let kind = known.and_then(|known| known.registered.as_ref()).map(|registered| registered.kind);
        if kind != Some(PartyKind::CountyAuthority) {
            return Err(DissolutionError::NoCountyAuthority { party: book.called(party) });
        }
        match known.and_then(|known| known.ending.as_ref()).map(Ending::on) {
            Some(ended_on) if ended_on <= self.on => {
                Err(DissolutionError::Ended { party: book.called(party), ended_on, on: self.on })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether it is recorded already that these came after it.
    fn is_recorded(&self, book: &Book, counties: &[PartyId]) -> Result<bool, DissolutionError> {
        let Some(Ending::Succeeded(known)) = book.parties.get(&self.county).and_then(|known| known.ending.as_ref())
        else {
            return Ok(false);
        };
        let set = |parties: &[PartyId]| parties.iter().copied().collect::<BTreeSet<PartyId>>();
        if set(&known.successors) == set(counties) && known.on == self.on && known.reference == self.reference {
            return Ok(true);
        }
        let successors: Vec<String> = known.successors.iter().map(|party| book.called(*party)).collect();
        Err(DissolutionError::DissolvedOtherwise {
            successors: successors.join(" and "),
            on: known.on,
            reference: known.reference.clone(),
        })
    }

    /// Whether what passed before went where it is to go.
    fn has_passed_so(&self, book: &Book, successors: &BTreeMap<PartyId, PartyId>) -> Result<(), DissolutionError> {
        let otherwise = book.agreements.values().find_map(|agreement| {
            let (party, on) = (agreement.drafted.as_ref()?.party, self.on);
            let had = agreement.county_on(on.pred_opt()?)? == self.county;
            let has = agreement.county_on(on).filter(|has| had && *has != self.county)?;
            let wanted = successors.get(&party)?;
            (*wanted != has).then_some((party, has))
        });
        otherwise.map_or(Ok(()), |(party, county)| {
            let (party, county) = (book.called(party), book.called(county));
            Err(DissolutionError::PassedOtherwise { party, county, on: self.on })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::Distribution;
    use crate::domain::testing::day;
    use crate::domain::testing::facts::{
        Fact, PROCUREMENT, committed, cost, county, licence, municipality, numbered, opened, organisation_number,
        party, registered, signed_up, succeeded,
    };
    use crate::handle::tests::carried_out;
    use crate::view::whole_book::check_book;

    fn facts() -> Vec<Fact> {
        [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
                opened(false),
                committed(1),
                committed(2),
                registered(55, PartyKind::CountyAuthority, Some(organisation_number(55))),
                registered(56, PartyKind::CountyAuthority, Some(organisation_number(56))),
                numbered(1, "5501", "2024-01-01"),
            ],
        ]
        .concat()
    }

    fn dissolution(by_party: &[(u128, u128)]) -> Dissolution {
        Dissolution {
            county: party(54),
            by_number: BTreeMap::from([("55".to_owned(), party(55)), ("56".to_owned(), party(56))]),
            by_party: by_party.iter().map(|(of, to)| (party(*of), party(*to))).collect(),
            on: day("2024-01-01"),
            reference: "Prop. 113 L (2021-2022)".to_owned(),
        }
    }

    #[test]
    fn agreements_and_procurements_pass_with_the_county_authority_and_again_nothing_is_left_to_pass() {
        let mut book = Book::of(facts());
        let wishes = dissolution(&[(2, 56)]).wishes(&book).unwrap();
        carried_out(&mut book, &wishes);
        let counties: Vec<_> =
            book.agreements.values().map(|agreement| agreement.county_on(day("2024-01-01")).unwrap()).collect();
        assert_eq!(counties, [party(55), party(56)]);
        assert_eq!(book.procurements[&PROCUREMENT].counties_on(day("2024-01-01")), [party(55), party(56)]);
        assert!(!book.parties[&party(54)].exists_on(day("2024-01-01")));
        assert_eq!(check_book(&book).findings, vec![]);
        assert_eq!(dissolution(&[(2, 56)]).wishes(&book), Ok(vec![]));
    }

    #[test]
    fn only_a_county_authority_that_exists_comes_after_one() {
        let book = Book::of(facts());
        let municipality = Dissolution {
            by_number: BTreeMap::from([("55".to_owned(), party(55)), ("56".to_owned(), party(1))]),
            ..dissolution(&[(2, 55)])
        };
        let refused = municipality.wishes(&book).unwrap_err();
        assert!(matches!(refused, DissolutionError::NoCountyAuthority { .. }), "{refused:?}");
        assert!(refused.to_string().contains("is no county authority"), "{refused}");
        let ended = Book::of([facts(), vec![succeeded(56, &[55], "2023-01-01")]].concat());
        let refused = dissolution(&[(2, 55)]).wishes(&ended).unwrap_err();
        assert!(matches!(refused, DissolutionError::Ended { .. }), "{refused:?}");
    }

    #[test]
    fn what_is_recorded_is_not_passed_otherwise_afterwards() {
        let mut book = Book::of(facts());
        let wishes = dissolution(&[(2, 56)]).wishes(&book).unwrap();
        carried_out(&mut book, &wishes);
        let earlier = Dissolution { on: day("2023-01-01"), ..dissolution(&[(2, 56)]) };
        let decided_otherwise = Dissolution { reference: "Vedtak".to_owned(), ..dissolution(&[(2, 56)]) };
        let one = Dissolution {
            by_number: BTreeMap::from([(String::new(), party(55))]),
            by_party: BTreeMap::new(),
            ..dissolution(&[])
        };
        for otherwise in [earlier, decided_otherwise, one] {
            let refused = otherwise.wishes(&book).unwrap_err();
            assert!(matches!(refused, DissolutionError::DissolvedOtherwise { .. }), "{refused:?}");
        }
        let refused = dissolution(&[(2, 55)]).wishes(&book).unwrap_err();
        assert!(matches!(refused, DissolutionError::PassedOtherwise { .. }), "{refused:?}");
    }

    #[test]
    fn no_agreement_is_left_behind_and_the_check_finds_one_that_was() {
        let mut book = Book::of(facts());
        let DissolutionError::NoSuccessor(NoSuccessor { left }) = dissolution(&[]).wishes(&book).unwrap_err() else {
            panic!("something else is left")
        };
        assert_eq!(left[0].1, party(2));
        let wishes = dissolution(&[(2, 56)]).wishes(&book).unwrap();
        carried_out(&mut book, &wishes[..1]);
        let findings = check_book(&book).findings;
        assert_eq!(findings.len(), 2);
        assert!(findings[0].what.contains("no longer exists from 2024-01-01"), "{findings:?}");
    }

    #[test]
    fn what_the_county_authority_bears_alone_must_be_given_to_one_of_its_successors_first() {
        let alone = Distribution::Party { party: party(54) };
        let own = vec![
            signed_up(54, "2023-10-16"),
            cost(1, 2023, alone),
            cost(2, 2024, alone),
            licence(1, "2023-01-01", Some("2023-12-31"), alone),
            licence(2, "2024-01-01", None, alone),
        ];
        let book = Book::of([facts(), own.clone()].concat());
        let refused = dissolution(&[(2, 56)]).wishes(&book).unwrap_err();
        let left = ["the library Folkebiblioteket", "the cost Kostnad 2", "the licence Lisens 2"].map(str::to_owned);
        assert_eq!(refused, DissolutionError::LeftBehind { left: left.to_vec() });
        let mut past = Book::of([facts(), own, vec![succeeded(54, &[55, 56], "2024-01-01")]].concat());
        let wishes = Succession {
            dissolved: party(54),
            successors: BTreeMap::from([(party(1), party(55)), (party(2), party(56))]),
            on: day("2024-01-01"),
            reference: "Vedtak".to_owned(),
        };
        let wishes = wishes.commands(past.agreements.iter().map(|(id, agreement)| (*id, agreement))).unwrap();
        let wishes: Vec<Wish> = wishes.into_iter().map(|(id, command)| Wish::Agreement(id, command)).collect();
        carried_out(&mut past, &wishes);
        let found: Vec<String> = check_book(&past).findings.into_iter().map(|finding| finding.about).collect();
        assert_eq!(found, left);
    }

    #[test]
    fn one_successor_alone_has_all_that_the_county_authority_had() {
        let facts = [facts(), vec![cost(1, 2024, Distribution::Party { party: party(54) })]].concat();
        let dissolution =
            Dissolution { by_number: BTreeMap::from([(String::new(), party(55))]), ..dissolution(&[(1, 55), (2, 55)]) };
        assert!(dissolution.wishes(&Book::of(facts)).is_ok());
    }
}
