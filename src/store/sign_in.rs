//! What people sign in by, their sessions and programs' tokens: `sign_in.sqlite3`. Not part of the log, since all of it can
//! be taken back. Secrets stand here as hashes alone.

mod copy;
mod links;
mod reads;
#[cfg(test)]
mod tests;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::file::{self, Form, Held, Watched, cause};
use super::{Cause, OpenError};
use crate::domain::identity::PersonId;

pub use copy::{CopyError, copied, copy_of, put_back};
pub use links::LinkedRow;
pub use reads::READS_FILE_NAME;
use reads::Reads;

/// The name of the file in the data directory.
pub const FILE_NAME: &str = "sign_in.sqlite3";

/// Marked "Gre" and "S".
const FORM: Form = Form { application_id: 0x4772_6553, version: 1, create: |file| file.execute_batch(TABLES) };

const TABLES: &str = "
CREATE TABLE session (
    hash     BLOB PRIMARY KEY,
    person   BLOB NOT NULL,
    means    TEXT NOT NULL,
    strong   INTEGER,
    began    INTEGER NOT NULL,
    seen     INTEGER NOT NULL,
    provider TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_person ON session (person);
CREATE TABLE invitation (
    hash    BLOB PRIMARY KEY,
    person  BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE password (
    person      BLOB PRIMARY KEY,
    hash        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE failure (
    person BLOB PRIMARY KEY,
    count  INTEGER NOT NULL,
    last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passkey (
    credential BLOB PRIMARY KEY,
    person     BLOB NOT NULL,
    name       TEXT NOT NULL,
    passkey    TEXT NOT NULL,
    added      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_of_person ON passkey (person);
CREATE TABLE token (
    id     BLOB PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE,
    person BLOB NOT NULL,
    name   TEXT NOT NULL,
    roles  TEXT NOT NULL,
    until  TEXT NOT NULL,
    issued INTEGER NOT NULL
) STRICT, WITHOUT ROWID;";

/// The hash of a secret.
pub type SecretHash = [u8; 32];

/// What could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the file of sign-ins could not be read or written; see that the disk works and has room")]
pub struct SignInStoreError(#[source] Cause);

impl From<rusqlite::Error> for SignInStoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self(cause(error))
    }
}

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub person: PersonId,
    /// By what it began: `invitation`, `password`, `passkey` or `provider`.
    pub means: String,
    /// The last strong proof of who it is.
    pub strong: Option<DateTime<Utc>>,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// The provider and what it calls its own session, where one signed the person in.
    pub provider: Option<String>,
}

/// By what somebody takes an invitation up.
#[derive(Debug, Clone, Copy)]
pub enum TakenUp<'by> {
    /// By a password, of which this is the hash.
    Password(&'by str),
    /// By a provider.
    Linked(&'by LinkedRow),
}

/// A passkey as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// The id of the credential.
    pub credential: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// The passkey, as JSON.
    pub passkey: String,
    /// When it was added.
    pub added: DateTime<Utc>,
}

/// A program's token as it is kept, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// What it is known by.
    pub id: Uuid,
    /// On whose behalf it acts.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// The roles it acts in, as JSON.
    pub roles: String,
    /// Its last day.
    pub until: NaiveDate,
    /// When it was issued.
    pub issued: DateTime<Utc>,
}

/// The file of sign-ins.
#[derive(Debug)]
pub struct SignInFile {
    file: Watched,
    reads: Reads,
}

type Outcome<T> = Result<T, SignInStoreError>;

impl SignInFile {
    /// Opens the file in `directory` and makes it where there is none.
    ///
    /// # Errors
    /// It is something else or newer than this version, or the disk refuses.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(FILE_NAME);
        let connection = file::open_for_writing(&path, &FORM)?;
        Self::of(connection, &path, Reads::open(directory)?)
    }

    /// One that holds nobody and is kept nowhere, for who does not ask about sign-ins.
    ///
    /// # Errors
    /// There is no memory left.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::of(file::in_memory(&FORM)?, Path::new(":memory:"), Reads::in_memory()?)
    }

    fn of(connection: Connection, path: &Path, reads: Reads) -> Result<Self, OpenError> {
        let settings = || {
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
            connection.execute_batch(links::TABLE)
        };
        settings().map_err(|error: rusqlite::Error| file::open_error(path, error))?;
        Ok(Self { file: Watched::new(connection), reads })
    }

    fn connection(&self) -> Held<'_> {
        self.file.held()
    }

    /// Keeps a session under the hash of its secret, in the place of another where it takes that one's place.
    ///
    /// # Errors
    /// The storage fails.
    pub fn begin_session(&self, hash: &SecretHash, session: &SessionRow, instead: Option<&SecretHash>) -> Outcome<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        if let Some(instead) = instead {
            transaction.execute("DELETE FROM session WHERE hash = ?1", [instead])?;
        }
        transaction.execute(
            "INSERT INTO session (hash, person, means, strong, began, seen, provider) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                hash,
                session.person.0.as_bytes(),
                session.means,
                session.strong.map(millis),
                millis(session.began),
                millis(session.seen),
                session.provider,
            ],
        )?;
        Ok(transaction.commit()?)
    }

    /// The session with the hash.
    ///
    /// # Errors
    /// The storage fails.
    pub fn session(&self, hash: &SecretHash) -> Outcome<Option<SessionRow>> {
        let connection = self.connection();
        let mut find = connection
            .prepare_cached("SELECT person, means, strong, began, seen, provider FROM session WHERE hash = ?1")?;
        Ok(find.query_row([hash], session_row).optional()?)
    }

    /// A session was used.
    ///
    /// # Errors
    /// The storage fails.
    pub fn session_seen(&self, hash: &SecretHash, at: DateTime<Utc>) -> Outcome<()> {
        let connection = self.connection();
        let used = connection.execute("UPDATE session SET seen = ?2 WHERE hash = ?1", params![hash, millis(at)])?;
        connection.are_no_matter(used);
        Ok(())
    }

    /// How often it was changed what people sign in by, and whether that is known of other processes too: that a session is used
    /// is no change where this process writes it down.
    #[must_use]
    pub fn watched(&self) -> &Watched {
        &self.file
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_session(&self, hash: &SecretHash) -> Outcome<()> {
        self.connection().execute("DELETE FROM session WHERE hash = ?1", [hash])?;
        Ok(())
    }

    /// The sessions of a person, the newest first.
    ///
    /// # Errors
    /// The storage fails.
    pub fn sessions_of(&self, person: PersonId) -> Outcome<Vec<(SecretHash, SessionRow)>> {
        let connection = self.connection();
        let mut find = connection.prepare_cached(
            "SELECT person, means, strong, began, seen, provider, hash FROM session WHERE person = ?1 ORDER BY began DESC",
        )?;
        let rows = find.query_map([person.0.as_bytes()], |row| Ok((row.get(6)?, session_row(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ends a session of a person; whether there was one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_session_of(&self, person: PersonId, hash: &SecretHash) -> Outcome<bool> {
        let take = "DELETE FROM session WHERE hash = ?1 AND person = ?2";
        Ok(self.connection().execute(take, params![hash, person.0.as_bytes()])? > 0)
    }

    /// Ends what began with a session at a provider; how many there were.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_sessions_at(&self, provider: &str) -> Outcome<usize> {
        Ok(self.connection().execute("DELETE FROM session WHERE provider = ?1", [provider])?)
    }

    /// Ends all sessions of a person; how many there were.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_sessions_of(&self, person: PersonId) -> Outcome<usize> {
        Ok(self.connection().execute("DELETE FROM session WHERE person = ?1", [person.0.as_bytes()])?)
    }

    /// Forgets sessions and invitations that are over by themselves: sessions begun before an instant, invitations that
    /// have expired.
    ///
    /// # Errors
    /// The storage fails.
    pub fn forget_what_is_over(&self, began_before: DateTime<Utc>, now: DateTime<Utc>) -> Outcome<()> {
        let connection = self.connection();
        connection.execute("DELETE FROM session WHERE began < ?1", [millis(began_before)])?;
        connection.execute("DELETE FROM invitation WHERE expires <= ?1", [millis(now)])?;
        Ok(())
    }

    /// Keeps an invitation, in the place of earlier ones of the person.
    ///
    /// # Errors
    /// The storage fails.
    pub fn invite(&self, hash: &SecretHash, person: PersonId, expires: DateTime<Utc>) -> Outcome<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM invitation WHERE person = ?1", [person.0.as_bytes()])?;
        transaction.execute(
            "INSERT INTO invitation (hash, person, expires) VALUES (?1, ?2, ?3)",
            params![hash, person.0.as_bytes(), millis(expires)],
        )?;
        Ok(transaction.commit()?)
    }

    /// Who is invited by the invitation with the hash, as long as it holds.
    ///
    /// # Errors
    /// The storage fails.
    pub fn invited(&self, hash: &SecretHash, now: DateTime<Utc>) -> Outcome<Option<PersonId>> {
        let find = "SELECT person FROM invitation WHERE hash = ?1 AND expires > ?2";
        Ok(self.connection().query_row(find, params![hash, millis(now)], |row| person(row, 0)).optional()?)
    }

    /// Takes an invitation up: it is used, and the person has this password or link, and no password from before. False
    /// where somebody was faster.
    ///
    /// # Errors
    /// The storage fails.
    pub fn take_up(&self, hash: &SecretHash, person: PersonId, by: TakenUp<'_>) -> Outcome<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        if transaction.execute("DELETE FROM invitation WHERE hash = ?1", [hash])? == 0 {
            return Ok(false);
        }
        for table in ["password", "failure", "session"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person.0.as_bytes()])?;
        }
        match by {
            TakenUp::Password(password_hash) => {
                let put = "INSERT INTO password (person, hash) VALUES (?1, ?2)";
                transaction.execute(put, params![person.0.as_bytes(), password_hash])?;
            }
            TakenUp::Linked(row) => links::put(&transaction, person, row)?,
        }
        transaction.commit()?;
        Ok(true)
    }

    /// The hash of a person's password.
    ///
    /// # Errors
    /// The storage fails.
    pub fn password(&self, person: PersonId) -> Outcome<Option<String>> {
        let find = "SELECT hash FROM password WHERE person = ?1";
        Ok(self.connection().query_row(find, [person.0.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// How often in a row people were not signed in, and when last, of everybody of whom it is so.
    ///
    /// # Errors
    /// The storage fails.
    pub fn all_failures(&self) -> Outcome<Vec<(PersonId, u32, DateTime<Utc>)>> {
        let connection = self.connection();
        let mut all = connection.prepare_cached("SELECT person, count, last FROM failure")?;
        let rows = all.query_map([], |row| Ok((person(row, 0)?, row.get(1)?, instant(row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Counts an attempt to sign in, as one that failed until it is known better; until when there is to be none, where there
    /// were too many before.
    ///
    /// # Errors
    /// The storage fails.
    pub fn attempt(
        &self,
        person: PersonId,
        at: DateTime<Utc>,
        locked_until: impl Fn(u32, DateTime<Utc>) -> DateTime<Utc>,
    ) -> Outcome<Result<(), DateTime<Utc>>> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        if let Some((count, last)) = failures(&transaction, person)? {
            let until = locked_until(count, last);
            if at < until {
                return Ok(Err(until));
            }
        }
        let count = "INSERT INTO failure (person, count, last) VALUES (?1, 1, ?2)
            ON CONFLICT (person) DO UPDATE SET count = count + 1, last = ?2";
        transaction.execute(count, params![person.0.as_bytes(), millis(at)])?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// A person was signed in.
    ///
    /// # Errors
    /// The storage fails.
    pub fn succeeded(&self, person: PersonId) -> Outcome<()> {
        self.connection().execute("DELETE FROM failure WHERE person = ?1", [person.0.as_bytes()])?;
        Ok(())
    }

    /// Keeps a passkey, in the place of the same one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn put_passkey(&self, person: PersonId, row: &PasskeyRow) -> Outcome<()> {
        self.connection().execute(
            "REPLACE INTO passkey (credential, person, name, passkey, added) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.credential, person.0.as_bytes(), row.name, row.passkey, millis(row.added)],
        )?;
        Ok(())
    }

    /// A person's passkeys.
    ///
    /// # Errors
    /// The storage fails.
    pub fn passkeys(&self, person: PersonId) -> Outcome<Vec<PasskeyRow>> {
        let connection = self.connection();
        let mut find = connection.prepare_cached(
            "SELECT credential, name, passkey, added FROM passkey WHERE person = ?1 ORDER BY added, credential",
        )?;
        let rows = find.query_map([person.0.as_bytes()], |row| {
            Ok(PasskeyRow {
                credential: row.get(0)?,
                name: row.get(1)?,
                passkey: row.get(2)?,
                added: instant(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets a passkey of a person; whether there was one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn remove_passkey(&self, person: PersonId, credential: &[u8]) -> Outcome<bool> {
        let take = "DELETE FROM passkey WHERE credential = ?1 AND person = ?2";
        Ok(self.connection().execute(take, params![credential, person.0.as_bytes()])? > 0)
    }

    /// Keeps a token under the hash of its secret.
    ///
    /// # Errors
    /// The storage fails.
    pub fn issue_token(&self, hash: &SecretHash, token: &TokenRow) -> Outcome<()> {
        self.connection().execute(
            "INSERT INTO token (id, hash, person, name, roles, until, issued) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                token.id.as_bytes(),
                hash,
                token.person.0.as_bytes(),
                token.name,
                token.roles,
                token.until.to_string(),
                millis(token.issued),
            ],
        )?;
        Ok(())
    }

    /// The token with the hash.
    ///
    /// # Errors
    /// The storage fails.
    pub fn token(&self, hash: &SecretHash) -> Outcome<Option<TokenRow>> {
        let find = "SELECT id, person, name, roles, until, issued FROM token WHERE hash = ?1";
        Ok(self.connection().query_row(find, [hash], token_row).optional()?)
    }

    /// All tokens, in the order in which they were issued.
    ///
    /// # Errors
    /// The storage fails.
    pub fn tokens(&self) -> Outcome<Vec<TokenRow>> {
        let connection = self.connection();
        let mut find =
            connection.prepare("SELECT id, person, name, roles, until, issued FROM token ORDER BY issued, id")?;
        let rows = find.query_map([], token_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Revokes a token; whether there was one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn revoke_token(&self, id: Uuid) -> Outcome<bool> {
        Ok(self.connection().execute("DELETE FROM token WHERE id = ?1", [id.as_bytes()])? > 0)
    }

    /// Takes everything back that a person signs in by.
    ///
    /// # Errors
    /// The storage fails.
    pub fn forget_person(&self, person: PersonId) -> Outcome<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for table in ["session", "invitation", "password", "failure", "passkey", "token", "linked"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person.0.as_bytes()])?;
        }
        Ok(transaction.commit()?)
    }

    /// An auditor reads something, which stands in the file before it is read.
    ///
    /// # Errors
    /// The storage fails.
    pub fn audited(&self, person: PersonId, target: &str, at: DateTime<Utc>) -> Outcome<()> {
        self.reads.add(person, target, at)
    }

    /// Sees to it that what auditors have read is on the disk.
    ///
    /// # Errors
    /// The storage fails.
    pub fn make_reads_safe(&self) -> Outcome<()> {
        self.reads.make_safe()
    }

    /// What auditors have read, oldest first.
    ///
    /// # Errors
    /// The storage fails.
    pub fn audited_reads(&self) -> Outcome<Vec<(DateTime<Utc>, PersonId, String)>> {
        self.reads.all()
    }
}

fn millis(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_millis()
}

fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

fn person(row: &Row<'_>, index: usize) -> rusqlite::Result<PersonId> {
    row.get::<_, [u8; 16]>(index).map(|bytes| PersonId(Uuid::from_bytes(bytes)))
}

fn failures(connection: &Connection, person: PersonId) -> rusqlite::Result<Option<(u32, DateTime<Utc>)>> {
    let find = "SELECT count, last FROM failure WHERE person = ?1";
    let row = |row: &Row<'_>| Ok((row.get(0)?, instant(row.get(1)?)));
    connection.query_row(find, [person.0.as_bytes()], row).optional()
}

fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        person: person(row, 0)?,
        means: row.get(1)?,
        strong: row.get::<_, Option<i64>>(2)?.map(instant),
        began: instant(row.get(3)?),
        seen: instant(row.get(4)?),
        provider: row.get(5)?,
    })
}

fn token_row(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    let until: String = row.get(4)?;
    Ok(TokenRow {
        id: row.get::<_, [u8; 16]>(0).map(Uuid::from_bytes)?,
        person: person(row, 1)?,
        name: row.get(2)?,
        roles: row.get(3)?,
        until: until.parse().unwrap_or(NaiveDate::MIN),
        issued: instant(row.get(5)?),
    })
}
