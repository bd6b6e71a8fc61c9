//! Names and addresses of people. They never enter the log, so that they can be erased; events carry a person's id.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::file::{self, Form, Held, Watched, cause, open_error};
use super::{Cause, OpenError};
use crate::domain::identity::PersonId;

/// The name of the file in the data directory.
pub const FILE_NAME: &str = "people.sqlite3";
/// The most characters in one field.
pub const FIELD_CHARACTERS_MAX: usize = 500;

/// Marked "Gre" and "P".
const FORM: Form = Form { application_id: 0x4772_6550, version: 1, create: |file| file.execute_batch(TABLES) };

const TABLES: &str = "
CREATE TABLE person (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    email   TEXT,
    phone   TEXT,
    address TEXT
) STRICT, WITHOUT ROWID;";

/// What is known of a natural person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
}

/// Why a person could not be kept, found or erased.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The person has no name.
    #[error("the person's name is empty; give a name")]
    NameMissing,
    /// A field is too long.
    #[error("the person's {field} has {characters} characters; use at most {FIELD_CHARACTERS_MAX}")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// Its length.
        characters: usize,
    },
    /// The storage failed.
    #[error("the table of people could not be read or written; see that the disk works and has room")]
    Storage {
        /// What the storage says.
        #[source]
        source: Cause,
    },
}

const PUT: &str = "REPLACE INTO person (id, name, email, phone, address) VALUES (?1, ?2, ?3, ?4, ?5)";

const ERASE: &str = "DELETE FROM person WHERE id = ?1";

/// The table of people, in a file of its own: `people.sqlite3`.
#[derive(Debug)]
pub struct People {
    path: PathBuf,
    file: Watched,
}

impl People {
    /// Opens the table in `directory` and makes it where there is none.
    ///
    /// # Errors
    /// It is something else or newer than this version, or the disk refuses.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(directory).map_err(|source| OpenError::Io { path: directory.to_owned(), source })?;
        let path = directory.join(FILE_NAME);
        let connection = file::open_for_writing(&path, &FORM)?;
        leave_no_traces(&connection).map_err(|error| open_error(&path, error))?;
        Ok(Self { path, file: Watched::new(connection) })
    }

    /// Opens the table in `directory` to be read alone: of nobody is anything kept where there is none.
    ///
    /// # Errors
    /// It is something else or newer than this version, or the disk refuses.
    pub fn open_read_only(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(FILE_NAME);
        let opened = if path.exists() { file::open_for_reading(&path, &FORM) } else { file::in_memory(&FORM) };
        Ok(Self { path, file: Watched::new(opened?) })
    }

    /// The file that holds the table.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps what is known of a person, in the place of what was.
    ///
    /// # Errors
    /// The name is empty, a field is too long, or the storage fails. What was known remains.
    pub fn put(&self, id: PersonId, person: &Person) -> Result<(), PeopleError> {
        check(person)?;
        keep(&self.connection(), id, person)
    }

    /// Keeps what is known of many, all of them or none: one visit to the disk for all.
    ///
    /// # Errors
    /// As for [`Self::put`]. What was known of each remains.
    pub fn put_all<'p>(&self, people: impl IntoIterator<Item = &'p (PersonId, Person)>) -> Result<(), PeopleError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(storage)?;
        for (id, person) in people {
            check(person)?;
            keep(&transaction, *id, person)?;
        }
        transaction.commit().map_err(storage)
    }

    /// Puts back what was known of each before, all of them or none. Of whom nothing was known nothing is kept.
    ///
    /// # Errors
    /// The storage fails.
    pub fn put_back(&self, before: &[(PersonId, Option<Person>)]) -> Result<(), PeopleError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(storage)?;
        for (id, person) in before {
            match person {
                Some(person) => keep(&transaction, *id, person)?,
                None => transaction.execute(ERASE, [id.0.as_bytes()]).map(drop).map_err(storage)?,
            }
        }
        transaction.commit().map_err(storage)
    }

    /// What is known of a person; nothing where the person was erased or never kept.
    ///
    /// # Errors
    /// The storage fails.
    pub fn get(&self, id: PersonId) -> Result<Option<Person>, PeopleError> {
        let get = "SELECT name, email, phone, address FROM person WHERE id = ?1";
        self.connection().query_row(get, [id.0.as_bytes()], person).optional().map_err(storage)
    }

    /// Everybody of whom something is kept, by id.
    ///
    /// # Errors
    /// The storage fails.
    pub fn all(&self) -> Result<Vec<(PersonId, Person)>, PeopleError> {
        let connection = self.connection();
        let all = "SELECT name, email, phone, address, id FROM person ORDER BY id";
        let mut all = connection.prepare_cached(all).map_err(storage)?;
        let id = |row: &Row<'_>| row.get::<_, [u8; 16]>(4).map(|bytes| PersonId(Uuid::from_bytes(bytes)));
        let people = all.query_map((), |row| Ok((id(row)?, person(row)?))).map_err(storage)?;
        people.collect::<Result<_, _>>().map_err(storage)
    }

    /// The people with an e-mail address, however its letters are written.
    ///
    /// # Errors
    /// The storage fails.
    pub fn with_email(&self, email: &str) -> Result<Vec<PersonId>, PeopleError> {
        let connection = self.connection();
        let find = "SELECT id FROM person WHERE email = ?1 COLLATE NOCASE ORDER BY id";
        let mut find = connection.prepare_cached(find).map_err(storage)?;
        let id = |row: &Row<'_>| row.get::<_, [u8; 16]>(0).map(|bytes| PersonId(Uuid::from_bytes(bytes)));
        let people = find.query_map([email.trim()], id).map_err(storage)?;
        people.collect::<Result<_, _>>().map_err(storage)
    }

    /// Everybody who can be written to: of whom an e-mail address is kept.
    ///
    /// # Errors
    /// The storage fails.
    pub fn reached(&self) -> Result<BTreeSet<PersonId>, PeopleError> {
        let connection = self.connection();
        let mut all = connection.prepare_cached("SELECT id FROM person WHERE email IS NOT NULL").map_err(storage)?;
        let id = |row: &Row<'_>| row.get::<_, [u8; 16]>(0).map(|bytes| PersonId(Uuid::from_bytes(bytes)));
        let people = all.query_map((), id).map_err(storage)?;
        people.collect::<Result<_, _>>().map_err(storage)
    }

    /// How often what is known of people was changed, and whether that is known of other processes too.
    #[must_use]
    pub fn watched(&self) -> &Watched {
        &self.file
    }

    /// Erases a person so that no trace remains in the file; true where there was somebody. Backups are not reached.
    ///
    /// # Errors
    /// The storage fails; erase again then.
    pub fn erase(&self, id: PersonId) -> Result<bool, PeopleError> {
        let connection = self.connection();
        let erased = connection.execute(ERASE, [id.0.as_bytes()]).map_err(storage)?;
        // Also what earlier changes left in free pages.
        connection.execute_batch("VACUUM").map_err(storage)?;
        Ok(erased > 0)
    }

    fn connection(&self) -> Held<'_> {
        self.file.held()
    }
}

fn leave_no_traces(connection: &Connection) -> rusqlite::Result<()> {
    // The rollback journal holds the old pages and is gone after each change; a write-ahead log would keep them.
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person { name: row.get(0)?, email: row.get(1)?, phone: row.get(2)?, address: row.get(3)? })
}

fn keep(connection: &Connection, id: PersonId, person: &Person) -> Result<(), PeopleError> {
    let fields = (id.0.as_bytes(), &person.name, &person.email, &person.phone, &person.address);
    connection.execute(PUT, fields).map(drop).map_err(storage)
}

fn check(person: &Person) -> Result<(), PeopleError> {
    if person.name.trim().is_empty() {
        return Err(PeopleError::NameMissing);
    }
    let fields = [
        ("name", Some(&person.name)),
        ("email", person.email.as_ref()),
        ("phone", person.phone.as_ref()),
        ("address", person.address.as_ref()),
    ];
    for (field, text) in fields {
        let characters = text.map_or(0, |text| text.chars().count());
        if characters > FIELD_CHARACTERS_MAX {
            return Err(PeopleError::TooLong { field, characters });
        }
    }
    Ok(())
}

fn storage(error: rusqlite::Error) -> PeopleError {
    PeopleError::Storage { source: cause(error) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::moment;
    use crate::store::testing::TestDirectory;

    fn id(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn leader(name: &str) -> Person {
        Person {
            name: name.to_owned(),
            email: Some(format!("{name}@kommune.example")),
            phone: Some("+47 00 00 00 00".to_owned()),
            address: Some("Storgata 1".to_owned()),
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_at_the_machine_reads_names_and_addresses() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        people.put(id(1), &leader("biblioteksjef")).unwrap();
        for file in std::fs::read_dir(directory.path()).unwrap().map(Result::unwrap) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.path().display());
        }
    }

    #[test]
    fn a_person_is_kept_and_replaced_and_outlives_the_process() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        people.put(id(1), &leader("biblioteksjef")).unwrap();
        people.put(id(1), &leader("kommunedirektor")).unwrap();
        drop(people);
        let people = People::open(directory.path()).unwrap();
        assert_eq!(people.get(id(1)).unwrap(), Some(leader("kommunedirektor")));
        assert_eq!(people.get(id(2)).unwrap(), None);
    }

    #[test]
    fn who_only_reads_makes_and_changes_no_file() {
        let directory = TestDirectory::new();
        let nobody = People::open_read_only(directory.path()).unwrap();
        assert_eq!(nobody.all().unwrap(), []);
        assert!(!nobody.path().exists());
        People::open(directory.path()).unwrap().put(id(1), &leader("biblioteksjef")).unwrap();
        let reading = People::open_read_only(directory.path()).unwrap();
        assert_eq!(reading.get(id(1)).unwrap(), Some(leader("biblioteksjef")));
        assert!(reading.put(id(1), &leader("en annen")).is_err());
    }

    #[test]
    fn what_was_known_is_put_back() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        people.put(id(1), &leader("ny-leder")).unwrap();
        people.put(id(2), &leader("ukjent")).unwrap();
        people.put_back(&[(id(1), Some(leader("leder"))), (id(2), None)]).unwrap();
        assert_eq!(people.all().unwrap(), [(id(1), leader("leder"))]);
        assert!(!directory.holds("ny-leder") && !directory.holds("ukjent"));
    }

    #[test]
    fn an_erased_person_is_nowhere_in_the_files() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        for number in 0..200 {
            people.put(id(number), &leader(&format!("leder-{number}"))).unwrap();
        }
        people.put(id(100), &leader("ukjent-navn")).unwrap();
        people.put(id(100), &leader("nytt-navn")).unwrap();
        assert!(directory.holds("nytt-navn"));
        assert!(people.erase(id(100)).unwrap());
        assert!(!people.erase(id(100)).unwrap());
        assert_eq!(people.get(id(100)).unwrap(), None);
        for trace in ["nytt-navn", "ukjent-navn", "leder-100@"] {
            assert!(!directory.holds(trace), "{trace} is still there");
        }
        assert!(directory.holds("leder-101@"));
    }

    #[test]
    fn who_is_erased_or_has_no_address_cannot_be_written_to() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        people.put(id(1), &leader("a")).unwrap();
        people.put(id(2), &leader("b")).unwrap();
        people.put(id(3), &Person { email: None, ..leader("c") }).unwrap();
        assert_eq!(people.reached().unwrap(), BTreeSet::from([id(1), id(2)]));
        people.erase(id(1)).unwrap();
        assert_eq!(people.reached().unwrap(), BTreeSet::from([id(2)]));
    }

    #[test]
    fn every_change_is_known_of_whoever_made_it() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        let other = People::open(directory.path()).unwrap();
        let mut known = vec![people.watched().changes()];
        let mut is_new = || {
            let now = people.watched().changes();
            let is_new = known.last() != Some(&now);
            known.push(now);
            is_new
        };
        people.put(id(1), &leader("a")).unwrap();
        assert!(is_new(), "somebody is kept");
        assert!(people.get(id(1)).unwrap().is_some() && !is_new(), "somebody is looked at");
        other.put(id(1), &leader("b")).unwrap();
        people.watched().look();
        assert!(is_new(), "another process changes somebody");
        people.watched().look();
        assert!(!is_new(), "nothing has happened since");
        people.put_back(&[(id(1), None)]).unwrap();
        assert!(is_new(), "somebody is put back");
        assert!(other.erase(id(1)).is_ok() && other.put(id(2), &leader("c")).is_ok());
        people.watched().look();
        assert!(is_new());
        assert!(people.erase(id(2)).unwrap() && is_new(), "somebody is erased, which is known without looking");
    }

    #[test]
    fn what_others_have_changed_is_known_for_a_second_after_it_was_looked() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        let (second, begun) = (Duration::from_secs(1), moment());
        assert!(!people.watched().is_known(begun), "it was never looked");
        people.watched().look();
        assert!(people.watched().is_known(begun + second));
        assert!(!people.watched().is_known(moment() + second + Duration::from_millis(1)));
        let writes = Connection::open(directory.path().join(FILE_NAME)).unwrap();
        writes.execute_batch("BEGIN EXCLUSIVE").unwrap();
        people.file.held().busy_timeout(Duration::ZERO).unwrap();
        let tried = moment();
        people.watched().look();
        assert!(!people.watched().is_known(tried + second), "it could not be looked while another wrote");
    }

    #[test]
    fn a_person_without_a_name_or_with_too_long_a_field_is_refused() {
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        let nameless = people.put(id(1), &Person { name: " ".to_owned(), ..Person::default() }).unwrap_err();
        assert_eq!(nameless.to_string(), "the person's name is empty; give a name");
        let long = people.put(id(1), &Person { phone: Some("1".repeat(501)), ..leader("a") }).unwrap_err();
        assert_eq!(long.to_string(), "the person's phone has 501 characters; use at most 500");
        assert_eq!(people.get(id(1)).unwrap(), None);
    }

    #[test]
    fn another_file_and_a_newer_one_are_refused() {
        let directory = TestDirectory::new();
        People::open(directory.path()).unwrap();
        let file = directory.path().join(FILE_NAME);
        Connection::open(&file).unwrap().pragma_update(None, "user_version", 2).unwrap();
        let newer = People::open(directory.path());
        assert!(matches!(newer, Err(OpenError::NewerFormat { found: 2, supported: 1, .. })));
        std::fs::write(&file, "something else altogether, and long enough to be looked at".repeat(20)).unwrap();
        assert!(matches!(People::open(directory.path()), Err(OpenError::NotADatabase { .. })));
    }
}
