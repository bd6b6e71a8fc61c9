//! Who may do what: the roles that people hold on a day, with what they are for in a name that people know.

use chrono::NaiveDate;

use super::book::Book;
use crate::domain::access::{Access, Role};
use crate::domain::identity::{PartyId, PersonId};

/// A role that a person holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// What it is for, by name; none where it is for everything.
    pub scope: Option<String>,
    /// The last day it holds; none where it holds until it is revoked.
    pub until: Option<NaiveDate>,
}

/// Every role that is held on a day, in the order in which accounts were opened and roles granted.
#[must_use]
pub fn holders(book: &Book, day: NaiveDate) -> Vec<Holder> {
    let open = book.access.iter().filter(|(_, access)| access.is_open());
    open.flat_map(|(person, access)| of_person(book, *person, access, day)).collect()
}

fn of_person(book: &Book, person: PersonId, access: &Access, day: NaiveDate) -> Vec<Holder> {
    let held = access.held.iter().filter(|held| held.holds_on(day));
    held.map(|held| Holder { person, role: held.role, scope: scope(book, held.role, day), until: held.until }).collect()
}

/// What a role is for, by name; none where it is for everything.
#[must_use]
pub fn scope(book: &Book, role: Role, day: NaiveDate) -> Option<String> {
    let named = |party: PartyId| book.parties.get(&party).map(|known| known.full_name_on(day));
    match role {
        Role::CountyLibrary { procurement } => {
            let opened = book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
            opened.map(|opened| opened.name.clone())
        }
        Role::MunicipalLeader { party } | Role::LibraryLeader { party } | Role::Finance { party } => named(party),
        Role::CountyFinance { county } => named(county),
        Role::Auditor | Role::Administrator => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{AccessEvent, Closed, Granted, Invited};
    use crate::domain::event::Event;
    use crate::domain::testing::{day, nth};

    fn invited(number: u128) -> (uuid::Uuid, Event) {
        let invited = Invited { person: PersonId(nth(number)), invited_by: None, on: day("2024-01-01") };
        (nth(number), Event::Access(AccessEvent::Invited(invited)))
    }

    fn granted(number: u128, role: Role, until: Option<&str>) -> (uuid::Uuid, Event) {
        let until = until.map(day);
        let granted = Granted { role, until, granted_by: None, on: day("2024-01-01") };
        (nth(number), Event::Access(AccessEvent::Granted(granted)))
    }

    #[test]
    fn a_role_is_held_until_its_last_day_and_by_nobody_whose_account_is_closed() {
        let closed = Closed { closed_by: None, on: day("2024-02-01") };
        let book = Book::of([
            invited(1),
            granted(1, Role::Auditor, Some("2024-06-30")),
            granted(1, Role::Administrator, None),
            invited(2),
            granted(2, Role::Auditor, None),
            (nth(2), Event::Access(AccessEvent::Closed(closed))),
        ]);
        let held = |on: &str| holders(&book, day(on)).into_iter().map(|held| held.role).collect::<Vec<_>>();
        assert_eq!(held("2024-06-30"), [Role::Auditor, Role::Administrator]);
        assert_eq!(held("2024-07-01"), [Role::Administrator]);
    }
}
