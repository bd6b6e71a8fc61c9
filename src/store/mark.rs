//! What stands beside a log that is moved, so that nobody goes on with half of it, or with what was left behind.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::whole_file;

/// The file that says it beside a log in a file.
pub const FILE_NAME: &str = "moved.json";

/// How it stands with the moves of a log; the places are without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Mark {
    /// It is being filled, and holds a part alone.
    Filling {
        /// Where the whole is.
        from: String,
    },
    /// It was filled, and goes on here.
    Whole,
    /// It is being moved away: nothing is written here any longer, and what follows is moved behind the rest.
    Leaving {
        /// Where to.
        to: String,
    },
    /// It was moved away, and goes on there.
    Left {
        /// Where.
        to: String,
    },
}

/// What stands beside a log in a file of this directory.
pub(super) fn in_directory(directory: &Path) -> std::io::Result<Option<Mark>> {
    match std::fs::read(directory.join(FILE_NAME)) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn leave_in_directory(directory: &Path, mark: &Mark) -> std::io::Result<()> {
    whole_file::write(&directory.join(FILE_NAME), &serde_json::to_vec(mark)?)
}
