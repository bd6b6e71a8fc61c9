//! What a party bears on a day, of its own and of those in whose place it stands.

use chrono::NaiveDate;

use super::Book;
use crate::domain::agreement::Agreement;
use crate::domain::calendar::Period;
use crate::domain::identity::{AgreementId, LegacyId, PartyId, ProcurementId, SignupId};
use crate::domain::legacy::Legacy;
use crate::domain::participants::Participants;
use crate::domain::signup::Signup;

impl Book {
    /// The old contracts that a party pays on any day of `period` and a procurement replaces, each with those days.
    #[must_use]
    pub fn legacies_during(
        &self,
        procurement: ProcurementId,
        party: PartyId,
        period: Period,
    ) -> Vec<(LegacyId, &Legacy, Period)> {
        let places = self.places();
        let before = self.with_those_before(party).into_iter();
        let legacies = before.flat_map(|before| self.legacies_of_party(before).map(move |legacy| (before, legacy)));
        legacies
            .filter(|(_, (_, legacy))| legacy.recorded.as_ref().is_some_and(|known| known.procurement == procurement))
            .filter_map(|(before, (id, legacy))| Some((id, legacy, places.days_borne(before, party, period)?)))
            .collect()
    }

    /// The same on one day.
    #[must_use]
    pub fn legacies_of(&self, procurement: ProcurementId, party: PartyId, on: NaiveDate) -> Vec<(LegacyId, &Legacy)> {
        let legacies = self.legacies_during(procurement, party, Period { first: on, last: on });
        legacies.into_iter().map(|(id, legacy, _)| (id, legacy)).collect()
    }

    /// The libraries of a procurement that take part and that a party pays for on a day.
    #[must_use]
    pub fn signups_of(&self, procurement: ProcurementId, party: PartyId, on: NaiveDate) -> Vec<(SignupId, &Signup)> {
        let before = self.with_those_before(party).into_iter();
        let those = before.filter(|before| self.bearer_on(*before, on) == party);
        those.flat_map(|before| self.signups_by(procurement, before)).collect()
    }

    /// The libraries of a procurement that take part and that a party itself has signed up.
    pub fn signups_by(&self, procurement: ProcurementId, party: PartyId) -> impl Iterator<Item = (SignupId, &Signup)> {
        self.signups_of_party(party).filter(move |(_, signup)| {
            signup.takes_part()
                && signup.signed_up.as_ref().is_some_and(|signed_up| signed_up.procurement == procurement)
        })
    }

    /// The libraries of a procurement that take part, each with the party that pays for it on a day.
    #[must_use]
    pub fn libraries(&self, procurement: ProcurementId, on: NaiveDate) -> Vec<(PartyId, SignupId, &Signup)> {
        let taking_part = self.signups.iter().filter(|(_, signup)| signup.takes_part());
        taking_part
            .filter_map(|(id, signup)| Some((id, signup, signup.signed_up.as_ref()?)))
            .filter(|(_, _, signed_up)| signed_up.procurement == procurement)
            .map(|(id, signup, signed_up)| (self.bearer_on(signed_up.party, on), *id, signup))
            .collect()
    }

    /// The agreements in a procurement that bind a party on a day: its own, and those of all in whose place it stands.
    #[must_use]
    pub fn agreements_binding(
        &self,
        procurement: ProcurementId,
        party: PartyId,
        on: NaiveDate,
    ) -> Vec<(AgreementId, &Agreement)> {
        let before = self.with_those_before(party).into_iter();
        let those = before.filter(|before| self.places().those_after(*before, on).contains(&party));
        those.flat_map(|before| self.agreements_of(procurement, before)).collect()
    }

    /// Who bears on a day what a party alone was to bear.
    #[must_use]
    pub fn bearer_on(&self, party: PartyId, on: NaiveDate) -> PartyId {
        self.places().bearer_after(party, on)
    }

    /// A party, and all that it may stand in the place of: those that it came after, and those that they came after.
    #[must_use]
    pub fn with_those_before(&self, party: PartyId) -> Vec<PartyId> {
        let mut found = vec![party];
        let mut followed = 0;
        while let Some(after) = found.get(followed).copied() {
            followed += 1;
            for before in self.by_party.before.get(&after).into_iter().flatten() {
                if !found.contains(before) {
                    found.push(*before);
                }
            }
        }
        found
    }

    pub(crate) fn places(&self) -> Participants<'_> {
        Participants { parties: &self.parties, agreements: Vec::new() }
    }
}
