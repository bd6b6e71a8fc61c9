//! As what providers know people, and secrets of the service itself.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Outcome, SignInFile, instant, millis, person};
use crate::domain::identity::PersonId;

/// Came later than the other tables, and is made where a file has none.
pub(super) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS linked (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    person  BLOB NOT NULL,
    added   INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS linked_of_person ON linked (person);
CREATE TABLE IF NOT EXISTS kept_secret (
    name   TEXT PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;";

/// A person as a provider knows the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedRow {
    /// The provider.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// When it was linked.
    pub added: DateTime<Utc>,
}

impl SignInFile {
    /// The secret of the service that has this name; `new` where there is none yet.
    ///
    /// # Errors
    /// The storage fails.
    pub fn kept_secret(&self, name: &str, new: &[u8; 32]) -> Outcome<[u8; 32]> {
        let connection = self.connection();
        connection.execute("INSERT OR IGNORE INTO kept_secret (name, secret) VALUES (?1, ?2)", params![name, new])?;
        Ok(connection.query_row("SELECT secret FROM kept_secret WHERE name = ?1", [name], |row| row.get(0))?)
    }

    /// Who is known by a provider as this.
    ///
    /// # Errors
    /// The storage fails.
    pub fn linked(&self, issuer: &str, subject: &str) -> Outcome<Option<PersonId>> {
        let find = "SELECT person FROM linked WHERE issuer = ?1 AND subject = ?2";
        Ok(self.connection().query_row(find, [issuer, subject], |row| person(row, 0)).optional()?)
    }

    /// Lets a person be known by a provider as this.
    ///
    /// # Errors
    /// The storage fails, or somebody else is known so.
    pub fn link(&self, person: PersonId, row: &LinkedRow) -> Outcome<()> {
        Ok(put(&self.connection(), person, row)?)
    }

    /// A person is no longer known so; whether the person was.
    ///
    /// # Errors
    /// The storage fails.
    pub fn unlink(&self, person: PersonId, issuer: &str, subject: &str) -> Outcome<bool> {
        let take = "DELETE FROM linked WHERE person = ?1 AND issuer = ?2 AND subject = ?3";
        Ok(self.connection().execute(take, params![person.0.as_bytes(), issuer, subject])? > 0)
    }

    /// As what providers know a person.
    ///
    /// # Errors
    /// The storage fails.
    pub fn links_of(&self, person: PersonId) -> Outcome<Vec<LinkedRow>> {
        let connection = self.connection();
        let mut find =
            connection.prepare_cached("SELECT issuer, subject, added FROM linked WHERE person = ?1 ORDER BY added")?;
        let row =
            |row: &Row<'_>| Ok(LinkedRow { issuer: row.get(0)?, subject: row.get(1)?, added: instant(row.get(2)?) });
        let rows = find.query_map([person.0.as_bytes()], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(super) fn put(connection: &Connection, person: PersonId, row: &LinkedRow) -> rusqlite::Result<()> {
    // Where it is the person's own already, nothing changes; where it is somebody else's, it is refused.
    let put = "INSERT INTO linked (issuer, subject, person, added) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (issuer, subject) DO UPDATE SET added = linked.added WHERE linked.person = excluded.person";
    let changed = connection.execute(put, params![row.issuer, row.subject, person.0.as_bytes(), millis(row.added)])?;
    if changed == 0 { Err(rusqlite::Error::StatementChangedRows(0)) } else { Ok(()) }
}
