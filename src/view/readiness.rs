//! Readiness: which library has what left to do before the new system, who is behind, and by how many days.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Book;
use crate::domain::identity::{PartyId, ProcurementId, SignupId};
use crate::domain::signup::{LibraryKind, ReadinessItem, SignedUp, Signup};

/// How an item of the checklist stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Done.
    Done,
    /// Not done, and the due date is still to come, or is today.
    Due,
    /// Not done, and the due date has passed.
    Late,
    /// Not done, and no due date is set.
    NoDueDate,
}

/// An item of the checklist on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ItemReadiness {
    /// The item.
    pub item: ReadinessItem,
    /// How it stands.
    pub standing: Standing,
    /// The day by which it should be done.
    pub due: Option<NaiveDate>,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
    /// How many days it is late; zero unless it is late.
    pub days_late: i64,
}

/// A library on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LibraryReadiness {
    /// Its signup.
    pub signup: SignupId,
    /// Its name.
    pub library: String,
    /// What kind of library.
    pub kind: LibraryKind,
    /// How many days its latest item is late; zero where none is.
    pub days_behind: i64,
    /// The whole checklist, in the order it is usually done.
    pub items: Vec<ItemReadiness>,
}

/// A party with its libraries on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PartyReadiness {
    /// The party.
    pub party: PartyId,
    /// How many days its library that is most behind is behind; zero where none is.
    pub days_behind: i64,
    /// Its libraries, those most behind first, then by name.
    pub libraries: Vec<LibraryReadiness>,
}

/// Every party with libraries that take part on `day`, those most behind first, then by the name of their first library.
/// Each signup comes with the party that pays for the library then.
#[must_use]
pub fn readiness<'a>(
    signups: impl IntoIterator<Item = (PartyId, SignupId, &'a Signup)>,
    day: NaiveDate,
) -> Vec<PartyReadiness> {
    let mut by_party: BTreeMap<PartyId, Vec<LibraryReadiness>> = BTreeMap::new();
    for (payer, id, signup) in signups {
        if let Some(signed_up) = takes_part_on(signup, day) {
            by_party.entry(payer).or_default().push(library(id, signed_up, signup, day));
        }
    }
    let mut parties: Vec<PartyReadiness> = by_party.into_iter().map(|(id, libraries)| party(id, libraries)).collect();
    parties.sort_by_cached_key(|party| {
        (Reverse(party.days_behind), party.libraries.first().map(|library| library.library.clone()), party.party)
    });
    parties
}

/// The libraries of a procurement that a party pays for on a day.
#[must_use]
pub fn readiness_of(book: &Book, procurement: ProcurementId, payer: PartyId, day: NaiveDate) -> Vec<LibraryReadiness> {
    let signups = book.signups_of(procurement, payer, day).into_iter();
    let libraries = signups.filter_map(|(id, signup)| Some(library(id, takes_part_on(signup, day)?, signup, day)));
    party(payer, libraries.collect()).libraries
}

fn takes_part_on(signup: &Signup, day: NaiveDate) -> Option<&SignedUp> {
    let signed_up = signup.signed_up.as_ref()?;
    let left = signup.withdrawn_on.is_some_and(|withdrawn_on| withdrawn_on <= day);
    (signed_up.on <= day && !left).then_some(signed_up)
}

fn party(party: PartyId, mut libraries: Vec<LibraryReadiness>) -> PartyReadiness {
    libraries.sort_by_cached_key(|library| (Reverse(library.days_behind), library.library.clone(), library.signup));
    PartyReadiness { party, days_behind: libraries.first().map_or(0, |library| library.days_behind), libraries }
}

fn library(id: SignupId, signed_up: &SignedUp, signup: &Signup, day: NaiveDate) -> LibraryReadiness {
    let items: Vec<ItemReadiness> = ReadinessItem::ALL.into_iter().map(|each| item(signup, each, day)).collect();
    LibraryReadiness {
        signup: id,
        library: signed_up.library.clone(),
        kind: signed_up.kind,
        days_behind: items.iter().map(|item| item.days_late).max().unwrap_or(0),
        items,
    }
}

fn item(signup: &Signup, item: ReadinessItem, day: NaiveDate) -> ItemReadiness {
    let known = signup.readiness.get(&item).copied().unwrap_or_default();
    let done_on = known.done_on.filter(|done_on| *done_on <= day);
    let (standing, days_late) = match (done_on, known.due) {
        (Some(_), _) => (Standing::Done, 0),
        (None, None) => (Standing::NoDueDate, 0),
        (None, Some(due)) if day <= due => (Standing::Due, 0),
        (None, Some(due)) => (Standing::Late, (day - due).num_days()),
    };
    ItemReadiness { item, standing, due: known.due, done_on, days_late }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::fold;
    use crate::domain::agreement::Commitment;
    use crate::domain::signup::{ReadinessDueSet, ReadinessTicked, SignupEvent, Withdrawn};
    use crate::domain::testing::{day, nth};

    fn library(name: &str, party: u128, then: impl IntoIterator<Item = SignupEvent>) -> Signup {
        let signed_up = SignupEvent::SignedUp(SignedUp {
            signup: SignupId(nth(1)),
            procurement: ProcurementId(nth(2)),
            party: PartyId(nth(party)),
            library: name.into(),
            kind: LibraryKind::Public,
            commitment: Commitment::Committed,
            wished_go_live: None,
            on: day("2022-12-15"),
        });
        fold(&[signed_up].into_iter().chain(then).collect::<Vec<_>>())
    }

    fn due(item: ReadinessItem, on: &str) -> SignupEvent {
        SignupEvent::ReadinessDueSet(ReadinessDueSet { item, due: day(on) })
    }

    fn ticked(item: ReadinessItem, on: &str) -> SignupEvent {
        SignupEvent::ReadinessTicked(ReadinessTicked { item, on: day(on) })
    }

    fn on(date: &str, libraries: &[Signup]) -> Vec<PartyReadiness> {
        let each = (1..).map(|id| SignupId(nth(id))).zip(libraries);
        let payer = |library: &Signup| library.signed_up.as_ref().unwrap().party;
        readiness(each.map(|(id, library)| (payer(library), id, library)), day(date))
    }

    #[test]
    fn every_item_says_whether_it_is_done_due_late_or_without_a_date() {
        use ReadinessItem::{CatalogueCleaned, LeadersInformed, OldContractEnded, ReportedIntoBudget};
        let karasjok = library(
            "Karasjok",
            1,
            [
                due(LeadersInformed, "2023-01-31"),
                ticked(LeadersInformed, "2023-02-15"),
                due(ReportedIntoBudget, "2023-06-01"),
                due(OldContractEnded, "2023-06-11"),
                ticked(CatalogueCleaned, "2023-07-01"),
            ],
        );
        let parties = on("2023-06-11", &[karasjok]);
        let library = &parties[0].libraries[0];
        let standings: Vec<_> = library.items.iter().map(|item| (item.standing, item.days_late)).collect();
        assert_eq!(
            standings,
            [
                (Standing::Done, 0),
                (Standing::Late, 10),
                (Standing::Due, 0),
                (Standing::NoDueDate, 0), // done, but not before July
                (Standing::NoDueDate, 0),
            ]
        );
        assert_eq!((library.days_behind, parties[0].days_behind), (10, 10));
    }

    #[test]
    fn those_most_behind_come_first_and_those_who_left_are_not_shown() {
        let budget = ReadinessItem::ReportedIntoBudget;
        let libraries = [
            library("Alta", 1, []),
            library("Vardø", 2, [due(budget, "2023-06-01")]),
            library("Tana", 3, [due(budget, "2023-05-01")]),
            library("Tana skole", 3, []),
            library(
                "Loppa",
                4,
                [due(budget, "2022-12-31"), SignupEvent::Withdrawn(Withdrawn { on: day("2023-06-11") })],
            ),
        ];
        let shown: Vec<_> = on("2023-06-11", &libraries)
            .into_iter()
            .flat_map(|party| party.libraries)
            .map(|library| (library.library, library.days_behind))
            .collect();
        let expected = [("Tana", 41), ("Tana skole", 0), ("Vardø", 10), ("Alta", 0)];
        assert_eq!(shown, expected.map(|(name, days)| (name.to_owned(), days)));
    }

    #[test]
    fn a_library_is_not_shown_before_it_signed_up() {
        assert_eq!(on("2022-12-14", &[library("Alta", 1, [])]), []);
    }
}
