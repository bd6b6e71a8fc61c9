//! The erasure of people: what is kept of them apart from the log is really deleted, and the log stays as it is.

use serde::Serialize;

use crate::domain::access::Access;
use crate::domain::identity::PersonId;
use crate::store::people::{People, PeopleError, Person};
use crate::view::book::Book;

/// What was erased of a person. It says no more than the person's id, which events keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Erasure {
    /// The person.
    pub person: PersonId,
    /// What was kept and is gone: name, email, phone, address.
    pub erased: Vec<String>,
}

/// Why nobody was erased.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// Nobody of this id is kept.
    #[error(
        "nothing is kept of a person with the id {person}: erased before, or never kept; the list of people shows them"
    )]
    Unknown {
        /// The id.
        person: PersonId,
    },
    /// The person signs in by what would be erased.
    #[error("the person {person} has an open account; close it first, and erase then")]
    HasAccount {
        /// The id.
        person: PersonId,
    },
    /// The table of people failed.
    #[error(transparent)]
    People(#[from] PeopleError),
}

/// Erases what is kept of a person, for good. Backups are not reached.
///
/// # Errors
/// Nobody of this id is kept, the person has an open account, or the storage fails; then nothing is erased.
pub fn erase(people: &People, book: &Book, person: PersonId) -> Result<Erasure, ErasureError> {
    let known = people.get(person)?.ok_or(ErasureError::Unknown { person })?;
    if book.access.get(&person).is_some_and(Access::is_open) {
        return Err(ErasureError::HasAccount { person });
    }
    people.erase(person)?;
    Ok(Erasure { person, erased: kept(&known).map(str::to_owned).collect() })
}

/// The fields that are kept of a person.
fn kept(known: &Person) -> impl Iterator<Item = &'static str> {
    let fields = [
        ("name", true),
        ("email", known.email.is_some()),
        ("phone", known.phone.is_some()),
        ("address", known.address.is_some()),
    ];
    fields.into_iter().filter(|(_, is_kept)| *is_kept).map(|(field, _)| field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{AccessEvent, Invited};
    use crate::domain::event::Event;
    use crate::domain::testing::{day, nth};
    use crate::store::testing::TestDirectory;

    #[test]
    fn who_has_an_open_account_is_not_erased_and_others_are_once() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        let (signer, holder) = (PersonId(nth(1)), PersonId(nth(2)));
        let known =
            Person {
                name: "Kommunedirektøren".to_owned(), email: Some("a@b.example".to_owned()), ..Person::default()
            };
        for person in [signer, holder] {
            people.put(person, &known).unwrap();
        }
        let invited = AccessEvent::Invited(Invited { person: holder, invited_by: None, on: day("2023-01-02") });
        let book = Book::of([(holder.0, Event::Access(invited))]);
        assert_eq!(people.all().unwrap().len(), 2);
        let erased = erase(&people, &book, signer).unwrap();
        assert_eq!(erased, Erasure { person: signer, erased: vec!["name".to_owned(), "email".to_owned()] });
        assert!(matches!(erase(&people, &book, signer), Err(ErasureError::Unknown { .. })));
        assert!(matches!(erase(&people, &book, holder), Err(ErasureError::HasAccount { .. })));
        assert_eq!(people.all().unwrap(), [(holder, known)]);
    }
}
