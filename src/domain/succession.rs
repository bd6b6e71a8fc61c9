//! Succession of a county authority: its agreements pass to those that come after it.
//!
//! Only agreements pass. Invoices and credit notes stay with the county authority that issued them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::agreement::{Agreement, AgreementCommand, Phase};
use super::identity::{AgreementId, PartyId};
use super::party::Party;

/// A county authority was dissolved, and it is decided who comes after it for each party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The county authority that was dissolved.
    pub dissolved: PartyId,
    /// Who comes after it, by the party on the other side of the agreement.
    pub successors: BTreeMap<PartyId, PartyId>,
    /// Their first day.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// Some agreements would be left with a county authority that no longer exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no successor is named for party {}, so that its agreement {} would have no county authority to pass to \
     (such agreements in all: {}); name a successor for every party",
    left[0].1, left[0].0, left.len()
)]
pub struct NoSuccessor {
    /// The agreements and their parties, at least one.
    pub left: Vec<(AgreementId, PartyId)>,
}

impl Succession {
    /// The commands by which every agreement with the dissolved county authority passes on, in the order given.
    /// Left out are agreements that are not drafted, that have ended or end before the day, and that passed on already,
    /// so that what was interrupted can be done again.
    ///
    /// # Errors
    /// The agreements of parties for which no successor is named: all pass, or none.
    pub fn commands<'a>(
        &self,
        agreements: impl IntoIterator<Item = (AgreementId, &'a Agreement)>,
    ) -> Result<Vec<(AgreementId, AgreementCommand)>, NoSuccessor> {
        let mut commands = vec![];
        let mut left = vec![];
        for (id, agreement) in agreements {
            let Some(drafted) = agreement.drafted.as_ref().filter(|_| self.concerns(agreement)) else { continue };
            match self.successors.get(&drafted.party) {
                Some(county) => commands.push((id, self.pass_to(*county))),
                None => left.push((id, drafted.party)),
            }
        }
        if left.is_empty() { Ok(commands) } else { Err(NoSuccessor { left }) }
    }

    fn concerns(&self, agreement: &Agreement) -> bool {
        agreement.phase != Phase::Ended
            && agreement.last_day.is_none_or(|last_day| last_day >= self.on)
            && agreement.county_on(self.on) == Some(self.dissolved)
    }

    fn pass_to(&self, county: PartyId) -> AgreementCommand {
        AgreementCommand::Pass { county, on: self.on, reference: self.reference.clone() }
    }
}

/// Who comes after the county authority for each party, by how its number on the day begins: a municipality's number
/// begins with its county's. The longest beginning decides; a party to which none fits is left out.
#[must_use]
pub fn successors_by_number<'a>(
    parties: impl IntoIterator<Item = (PartyId, &'a Party)>,
    counties_by_prefix: &BTreeMap<String, PartyId>,
    on: NaiveDate,
) -> BTreeMap<PartyId, PartyId> {
    parties
        .into_iter()
        .filter_map(|(id, party)| {
            let number = party.number_on(on)?;
            let fits = counties_by_prefix.iter().filter(|(prefix, _)| number.starts_with(prefix.as_str()));
            fits.max_by_key(|(prefix, _)| prefix.len()).map(|(_, county)| (id, *county))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::{Decider, fold};
    use crate::domain::agreement::{AgreementEvent, Commitment, Drafted, Ended};
    use crate::domain::identity::ProcurementId;
    use crate::domain::party::{Numbered, PartyEvent};
    use crate::domain::testing::{day, nth};

    const TROMS_OG_FINNMARK: u128 = 54;
    const TROMS: u128 = 55;
    const FINNMARK: u128 = 56;

    fn county(number: u128) -> PartyId {
        PartyId(nth(number))
    }

    fn drafted(party: u128) -> Agreement {
        fold(&[AgreementEvent::Drafted(Drafted {
            agreement: AgreementId(nth(party)),
            procurement: ProcurementId(nth(1)),
            party: PartyId(nth(party)),
            county: county(TROMS_OG_FINNMARK),
            commitment: Commitment::Committed,
            member_from: None,
            on: day("2022-11-15"),
        })])
    }

    fn dissolution(successors: &[(u128, u128)]) -> Succession {
        Succession {
            dissolved: county(TROMS_OG_FINNMARK),
            successors: successors.iter().map(|(party, to)| (PartyId(nth(*party)), county(*to))).collect(),
            on: day("2024-01-01"),
            reference: "Prop. 113 L (2021-2022)".into(),
        }
    }

    fn pass(to: u128) -> AgreementCommand {
        let reference = "Prop. 113 L (2021-2022)".into();
        AgreementCommand::Pass { county: county(to), on: day("2024-01-01"), reference }
    }

    #[test]
    fn tromso_passes_to_troms_and_vadso_to_finnmark() {
        let (tromso, vadso) = (drafted(5501), drafted(5607));
        let agreements = [(AgreementId(nth(1)), &tromso), (AgreementId(nth(2)), &vadso)];
        let commands = dissolution(&[(5501, TROMS), (5607, FINNMARK)]).commands(agreements).unwrap();
        assert_eq!(commands, [(AgreementId(nth(1)), pass(TROMS)), (AgreementId(nth(2)), pass(FINNMARK))]);
        for ((_, command), agreement) in commands.iter().zip([tromso, vadso]) {
            let passed = agreement.decide(command).unwrap().iter().fold(agreement, Agreement::evolve);
            assert_ne!(passed.county_on(day("2024-01-01")), Some(county(TROMS_OG_FINNMARK)));
            assert_eq!(passed.county_on(day("2023-12-31")), Some(county(TROMS_OG_FINNMARK)));
        }
    }

    #[test]
    fn an_agreement_that_has_ended_or_passed_on_stays_where_it_is() {
        let ended = drafted(5501).evolve(&AgreementEvent::Ended(Ended { last_day: day("2023-06-30") }));
        let passed = drafted(5601);
        let passed = passed.decide(&pass(FINNMARK)).unwrap().iter().fold(passed, Agreement::evolve);
        let absent = Agreement::default();
        let agreements = [&ended, &passed, &absent].map(|agreement| (AgreementId(nth(1)), agreement));
        assert_eq!(dissolution(&[]).commands(agreements), Ok(vec![]));
    }

    #[test]
    fn no_agreement_passes_while_one_has_nowhere_to_go() {
        let (tromso, longyearbyen) = (drafted(5501), drafted(2111));
        let agreements = [(AgreementId(nth(1)), &tromso), (AgreementId(nth(2)), &longyearbyen)];
        let refused = dissolution(&[(5501, TROMS)]).commands(agreements).unwrap_err();
        assert_eq!(refused.left, [(AgreementId(nth(2)), PartyId(nth(2111)))]);
        assert!(refused.to_string().contains("such agreements in all: 1"), "{refused}");
    }

    #[test]
    fn the_new_number_says_which_county_a_municipality_belongs_to() {
        let numbered = |numbers: &[(&str, &str)]| -> Party {
            let events: Vec<_> = numbers
                .iter()
                .map(|(number, from)| PartyEvent::Numbered(Numbered { number: (*number).into(), from: day(from) }))
                .collect();
            fold(&events)
        };
        let tromso = numbered(&[("5401", "2020-01-01"), ("5501", "2024-01-01")]);
        let vadso = numbered(&[("5405", "2020-01-01"), ("5607", "2024-01-01")]);
        let longyearbyen = numbered(&[("2111", "2002-01-01")]);
        let parties = [(1, &tromso), (2, &vadso), (3, &longyearbyen)].map(|(id, party)| (PartyId(nth(id)), party));
        let prefixes = BTreeMap::from([("55".to_owned(), county(TROMS)), ("56".to_owned(), county(FINNMARK))]);
        assert_eq!(
            successors_by_number(parties, &prefixes, day("2024-01-01")),
            BTreeMap::from([(PartyId(nth(1)), county(TROMS)), (PartyId(nth(2)), county(FINNMARK))])
        );
    }
}
