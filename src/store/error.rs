//! Why the store refuses or fails. A refusal has written nothing.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use super::{Expected, NAME_CHARACTERS_MAX, Position, StreamName};

/// What lies behind a failure of the storage; shared, since one failure fails every append of a batch.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why a text is not the name of a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamNameError {
    /// It is empty.
    #[error("the name of a stream is empty; give it at least one character")]
    Empty,
    /// It holds a character that has no place in it.
    #[error("the name of a stream holds {character:?}; use lower-case a to z, digits, - and _ only")]
    Character {
        /// The first such character.
        character: char,
    },
    /// It is too long.
    #[error("the name of a stream has {characters} characters; use at most {NAME_CHARACTERS_MAX}")]
    TooLong {
        /// Its length.
        characters: usize,
    },
}

/// Why an append did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// It holds no events.
    #[error("the append to {stream} holds no events; append at least one")]
    Empty {
        /// The stream.
        stream: StreamName,
    },
    /// It, or something in it, is over a limit.
    #[error("the {what} of the append to {stream} comes to {actual}, and the limit is {limit}; make it smaller")]
    TooLarge {
        /// The stream.
        stream: StreamName,
        /// What is too large, with its unit.
        what: &'static str,
        /// How large it is.
        actual: usize,
        /// How large it may be.
        limit: usize,
    },
    /// Somebody else wrote first.
    #[error("{stream} was expected {expected}, but {}; load it again and decide again", standing(*actual))]
    WrongExpectedVersion {
        /// The stream.
        stream: StreamName,
        /// Where the writer believed it to stand.
        expected: Expected,
        /// The version of its last event.
        actual: Option<u64>,
    },
    /// An id names one event for ever.
    #[error("the event id {id} is already taken by another event or another append; give each event an id of its own")]
    IdReusedWithOtherContent {
        /// The id.
        id: Uuid,
    },
    /// The queue of waiting appends stayed full.
    #[error("the store has had more appends waiting than it can take for {waited_seconds} s; try again later")]
    Busy {
        /// How long the append waited, in whole seconds.
        waited_seconds: u64,
    },
    /// There is no room left.
    #[error("the disk is full, so nothing was written; make room and restart")]
    DiskFull,
    /// An earlier write failed, so the store takes no more.
    #[error("the store takes no more writes since one failed ({reason}); restart, which checks the log")]
    Poisoned {
        /// What failed.
        reason: Arc<str>,
    },
    /// The store was opened for reading.
    #[error("the store is opened for reading only; append through the process that writes it")]
    ReadOnly,
    /// It is of a procurement that this instance does not serve.
    #[error(
        "it is of the procurement {procurement}, which this instance does not serve (data.procurements); ask one that does"
    )]
    NotServed {
        /// What it is called.
        procurement: String,
    },
    /// It is about all procurements, and this instance serves some.
    #[error("it is about all procurements, and this instance serves some (data.procurements); ask one that serves all")]
    AboutAll,
    /// The log was moved away while this instance had it open, or is on its way.
    #[error("the log was moved to {to} and goes on there, so nothing is written here; name that one in data.store")]
    MovedAway {
        /// Where it goes on.
        to: String,
    },
    /// Another log is being moved to where this instance writes.
    #[error(
        "a log is being moved here from {from}, so nothing else is written here; start this instance again when that has ended"
    )]
    HalfMoved {
        /// Where that one is.
        from: String,
    },
    /// The cluster has no room.
    #[error(
        "the cluster that holds the log has no room left, so nothing was written; make room there, this program goes on by itself"
    )]
    NoRoom {
        /// What the cluster says.
        #[source]
        source: Cause,
    },
    /// The user may not write there.
    #[error(
        "the cluster that holds the log does not let this user write to it, so nothing was written; give it the right on the \
         cluster, or name another user in data.store"
    )]
    Denied,
    /// The cluster has no leader that takes it.
    #[error(
        "the cluster that holds the log has no node that leads it and takes what is written, so nothing was written; ask again \
         when it has one"
    )]
    NotLed {
        /// What the cluster says.
        #[source]
        source: Cause,
    },
    /// The cluster did not say how the log stands, and was not asked to write.
    #[error("the cluster that holds the log does not answer, so nothing was written; ask again when it does")]
    Unasked {
        /// What lies behind.
        #[source]
        source: Cause,
    },
    /// The cluster does not take the event, for another reason.
    #[error("the cluster that holds the log does not take the event, so nothing was written; see what it says")]
    Refused {
        /// What the cluster says.
        #[source]
        source: Cause,
    },
    /// The cluster lacks earlier events of the stream.
    #[error("the cluster lacks earlier events of {stream}, so nothing is written to it; restore them on the cluster")]
    Incomplete {
        /// The stream.
        stream: StreamName,
    },
    /// Somebody else writes to the stream.
    #[error(
        "the cluster holds at version {version} of {stream} what this program did not write, so nothing more is written to that \
         stream; let nobody else write below the prefix, and move the log to a new place, which leaves that behind"
    )]
    Intruded {
        /// The stream.
        stream: StreamName,
        /// Where in it that stands, as the cluster counts.
        version: u64,
    },
    /// The cluster that holds the log gave no answer that says what happened.
    #[error(
        "the cluster that holds the log did not say whether the event was written; ask again for the same, which does no harm"
    )]
    Unanswered {
        /// What lies behind.
        #[source]
        source: Cause,
    },
    /// The storage failed.
    #[error("the event could not be written to disk; restart, which checks the log, and try again")]
    Storage {
        /// What the storage says.
        #[source]
        source: Cause,
    },
}

fn standing(actual: Option<u64>) -> String {
    actual.map_or_else(|| "it has no events".to_owned(), |version| format!("it stands at version {version}"))
}

/// Why something could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// One event is damaged; those before and after it can be read.
    #[error("event {position} is damaged: {what}; the others can be read, restore this one from a backup")]
    Corrupt {
        /// Its position.
        position: Position,
        /// What does not fit.
        what: String,
    },
    /// The visitor of a replay refused an event.
    #[error("event {position} could not be taken in")]
    Visit {
        /// Its position.
        position: Position,
        /// Why.
        #[source]
        source: Cause,
    },
    /// What is said of the moves of a log cannot be read.
    #[error(
        "{place} says what became of the log when it was moved, and cannot be read; restore it, or remove it where no \
         move of the log is under way"
    )]
    Mark {
        /// The file, or the stream.
        place: String,
        /// What is wrong with it.
        #[source]
        source: Cause,
    },
    /// The cluster does not let the user read.
    #[error(
        "the cluster that holds the log does not take these credentials for it; see user and password in data.store, and what \
         the user may do on the cluster"
    )]
    Denied {
        /// What the cluster says.
        #[source]
        source: Cause,
    },
    /// The cluster is there, and no connection can be made as the settings say it.
    #[error("no connection can be made to the cluster that holds the log")]
    Mismatched {
        /// What does not match, and what to do.
        #[source]
        source: Cause,
    },
    /// The cluster that holds the log does not answer.
    #[error(
        "the cluster that holds the log did not answer; see that it runs, has a leader and takes these credentials"
    )]
    Unanswered {
        /// What lies behind.
        #[source]
        source: Cause,
    },
    /// The storage failed.
    #[error("the event log could not be read from disk")]
    Storage {
        /// What the storage says.
        #[source]
        source: Cause,
    },
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was written by a newer version of the program.
    #[error("{} was written by a newer version (format {found}, this one reads up to {supported}); use the newer version", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this version knows.
        supported: u32,
    },
    /// Another process writes it.
    #[error("{} is held by another running process; stop it first, or open for reading only", path.display())]
    AlreadyOpen {
        /// The lock file.
        path: PathBuf,
    },
    /// It is something else.
    #[error("{} is not a file of this program; name another directory or move the file away", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The log on a cluster could not be opened.
    #[error("the log on {address} could not be opened")]
    Cluster {
        /// The hosts.
        address: String,
        /// Why.
        #[source]
        source: Cause,
    },
    /// Nobody knows whether it is half of a log, or was left behind.
    #[error("it cannot be told whether the log in {place} was moved")]
    Moves {
        /// Where it is.
        place: String,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// It is half of a log.
    #[error(
        "{place} holds a part of a log alone: a move from {from} was begun and has not ended; run `grenselos move` again from \
         there to here, which goes on where it was"
    )]
    HalfMoved {
        /// Where it is.
        place: String,
        /// Where the whole is.
        from: String,
    },
    /// It is being moved away.
    #[error(
        "the log in {place} is being moved to {to}, so nothing is written here; where that was broken off, run `grenselos move` \
         again, which goes on where it was"
    )]
    BeingMoved {
        /// Where it is.
        place: String,
        /// Where it will be.
        to: String,
    },
    /// It was left behind.
    #[error(
        "the log in {place} was moved to {to} and goes on there, so nothing is written here; name that one in data.store, or \
         move it back"
    )]
    MovedAway {
        /// Where it was.
        place: String,
        /// Where it is.
        to: String,
    },
    /// There is nothing to read.
    #[error("{} does not exist; name the directory that holds it", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file system refuses.
    #[error("{} could not be opened or created; see that the directory exists and may be written", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The storage failed.
    #[error("{} could not be opened as a database", path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// What the storage says.
        #[source]
        source: Cause,
    },
}

/// Why a payload was not erased.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EraseError {
    /// No event has that position.
    #[error("no event has position {position}; nothing was erased")]
    Unknown {
        /// The position asked for.
        position: Position,
    },
    /// The log no longer holds it, but a reader keeps an old page of it alive.
    #[error("event {position} is erased, but a reader still holds its old page; erase it again when readers are done")]
    StillRead {
        /// The position asked for.
        position: Position,
    },
    /// The store cannot be written.
    #[error("event {position} could not be erased")]
    Refused {
        /// The position asked for.
        position: Position,
        /// Why.
        #[source]
        source: AppendError,
    },
}

/// Why a backup was not made. Nothing stands at its place then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something stands there already.
    #[error("{} exists already; name a file that does not exist", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
    /// The copy does not verify.
    #[error("the copy does not verify, so no backup was kept; verify the log itself")]
    Damaged {
        /// What does not fit.
        #[source]
        source: ReadError,
    },
    /// The copy is another log than the original.
    #[error("the copy does not hold the log as it stood when the backup began, so no backup was kept; try again")]
    Differs,
    /// The file system refuses.
    #[error("{} could not be written; see that the directory exists, may be written and has room", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The storage failed.
    #[error("the log could not be copied; see that the place may be written and has room")]
    Storage {
        /// What the storage says.
        #[source]
        source: Cause,
    },
}
