//! A copy of the file of sign-ins, to lie beside a backup of the log: without sessions and invitations, which a restored
//! service must not take up again.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{FILE_NAME, FORM};
use crate::store::file;
use crate::store::{Cause, OpenError};

/// Why there is no copy, or why it was not put back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is something at its place already.
    #[error("{} exists already; name a backup beside which there is none", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
    /// It is no file of sign-ins, or one of a newer version.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The storage failed.
    #[error("{} could not be copied; see that the disk works and has room", path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
}

/// Where the copy lies that belongs to a backup of the log.
#[must_use]
pub fn copied(backup: &Path) -> PathBuf {
    let mut path = backup.as_os_str().to_owned();
    path.push(".sign-in");
    path.into()
}

/// Copies the file of sign-ins in `directory` beside a backup of the log; none where there is no such file.
///
/// # Errors
/// It cannot be copied; nothing is left of it then.
pub fn copy_of(directory: &Path, backup: &Path) -> Result<Option<PathBuf>, CopyError> {
    let (from, to) = (directory.join(FILE_NAME), copied(backup));
    if !from.exists() {
        return Ok(None);
    }
    if to.exists() {
        return Err(CopyError::Exists { path: to });
    }
    let original = file::open_for_reading(&from, &FORM)?;
    let copy = || {
        original.execute("VACUUM INTO ?1", [&*to.to_string_lossy()])?;
        let copied = Connection::open(&to)?;
        copied.execute_batch("PRAGMA secure_delete = ON; DELETE FROM session; DELETE FROM invitation; VACUUM;")
    };
    match copy() {
        Ok(()) => Ok(Some(to)),
        Err(error) => {
            // What is half done must not be taken for a backup.
            let _ = std::fs::remove_file(&to);
            Err(CopyError::Storage { path: from, source: file::cause(error) })
        }
    }
}

/// Puts the copy that lies beside a backup into a directory that has none yet; whether there was one.
///
/// # Errors
/// It is no file of sign-ins, there is one already, or it cannot be copied.
pub fn put_back(backup: &Path, directory: &Path) -> Result<bool, CopyError> {
    let (from, to) = (copied(backup), directory.join(FILE_NAME));
    if !from.exists() {
        return Ok(false);
    }
    if to.exists() {
        return Err(CopyError::Exists { path: to });
    }
    let copy = file::open_for_reading(&from, &FORM)?;
    copy.execute("VACUUM INTO ?1", [&*to.to_string_lossy()])
        .map_err(|error| CopyError::Storage { path: from, source: file::cause(error) })?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::super::{LinkedRow, SessionRow, SignInFile, TakenUp};
    use super::*;
    use crate::domain::identity::PersonId;
    use crate::store::testing::TestDirectory;

    const LEADER: PersonId = PersonId(Uuid::from_u128(1));
    const OTHER: PersonId = PersonId(Uuid::from_u128(2));

    fn at() -> DateTime<Utc> {
        "2026-05-04T12:00:00Z".parse().unwrap()
    }

    fn linked() -> LinkedRow {
        LinkedRow { issuer: "https://provider.example".to_owned(), subject: "s".to_owned(), added: at() }
    }

    #[test]
    fn a_copy_holds_what_people_sign_in_by_and_no_sign_in() {
        let (directory, restored) = (TestDirectory::new(), TestDirectory::new());
        let file = SignInFile::open(directory.path()).unwrap();
        file.invite(&[1; 32], LEADER, at()).unwrap();
        assert!(file.take_up(&[1; 32], LEADER, TakenUp::Password("hash")).unwrap());
        file.link(LEADER, &linked()).unwrap();
        file.invite(&[2; 32], OTHER, at()).unwrap();
        let session = SessionRow {
            person: LEADER,
            means: "password".to_owned(),
            strong: None,
            began: at(),
            seen: at(),
            provider: None,
        };
        file.begin_session(&[3; 32], &session, None).unwrap();

        let backup = directory.path().join("log.sqlite3");
        assert_eq!(copy_of(directory.path(), &backup).unwrap(), Some(copied(&backup)));
        assert!(matches!(copy_of(directory.path(), &backup), Err(CopyError::Exists { .. })));
        assert!(put_back(&backup, restored.path()).unwrap());
        assert!(matches!(put_back(&backup, restored.path()), Err(CopyError::Exists { .. })));
        let again = SignInFile::open(restored.path()).unwrap();
        assert_eq!(again.password(LEADER).unwrap().as_deref(), Some("hash"));
        assert_eq!(again.linked("https://provider.example", "s").unwrap(), Some(LEADER));
        assert_eq!(again.session(&[3; 32]).unwrap(), None);
        assert_eq!(again.invited(&[2; 32], at() - chrono::TimeDelta::days(1)).unwrap(), None);
        assert_eq!(file.session(&[3; 32]).unwrap(), Some(session), "the file itself is as it was");
    }

    #[test]
    fn where_nobody_ever_signed_in_there_is_nothing_to_copy() {
        let directory = TestDirectory::new();
        assert_eq!(copy_of(directory.path(), &directory.path().join("log")).unwrap(), None);
        assert!(!put_back(&directory.path().join("log"), directory.path()).unwrap());
    }

    #[test]
    fn nobody_is_known_by_what_somebody_else_is_known_by() {
        let directory = TestDirectory::new();
        let file = SignInFile::open(directory.path()).unwrap();
        file.link(LEADER, &linked()).unwrap();
        file.link(LEADER, &linked()).unwrap();
        assert!(file.link(OTHER, &linked()).is_err());
        assert!(!file.unlink(OTHER, "https://provider.example", "s").unwrap());
        assert_eq!(file.linked("https://provider.example", "s").unwrap(), Some(LEADER));
        file.forget_person(LEADER).unwrap();
        assert_eq!(file.links_of(LEADER).unwrap(), vec![]);
    }
}
