//! Which home the log has, as the settings name it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "kurrentdb")]
use super::kurrentdb::{self, Address, KurrentStore};
use super::mark::{self, Mark};
use super::sqlite::{SqliteStore, Verification};
use super::{AppendError, EventStore, OpenError, Position, ReadError, Stranger};

/// Whether the log is opened to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read, and write nothing.
    Read,
    /// Read it beside a process that writes it, and write what is kept beside it: who signs in.
    Beside,
    /// Be the one that writes.
    Write,
}

/// Where a log is.
#[derive(Debug, Clone)]
pub enum LogPlace {
    /// In a file of this directory.
    Directory(PathBuf),
    /// On a cluster. What is kept of it beside the log lies in the directory.
    #[cfg(feature = "kurrentdb")]
    Cluster(Box<Address>, PathBuf),
}

/// How long is waited for a cluster, and how many may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long one answer is waited for.
    pub answer: Duration,
    /// How often what others write is looked for.
    pub look_every: Duration,
    /// The most appends that wait for their turn.
    pub waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(10), look_every: Duration::from_millis(200), waiting_max: 256 }
    }
}

/// Why a text does not say where a log is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is {named:?}: {why}")]
pub struct LogPlaceError {
    /// The text, a password left out.
    pub named: String,
    /// What is wrong, and what to do.
    pub why: String,
}

impl LogPlace {
    /// Whether other instances may write to the log beside this one.
    #[must_use]
    pub fn has_other_writers(&self) -> bool {
        match self {
            Self::Directory(_) => false,
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(..) => true,
        }
    }

    /// The place, without any secret: the same however it is typed.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Directory(directory) => {
                let whole = std::fs::canonicalize(directory).or_else(|_| std::path::absolute(directory));
                let whole = whole.unwrap_or_else(|_| directory.clone());
                format!("sqlite:{}", whole.display())
            }
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(address, _) => format!("{} ({})", address.shown(), address.prefix()),
        }
    }

    /// A place that was written down, as it is shown now: an older version wrote the hosts of a cluster as they were typed.
    #[must_use]
    pub fn shown_now(written: &str) -> String {
        let cluster = written.strip_suffix(')').and_then(|written| written.rsplit_once(" ("));
        let cluster = cluster.filter(|(address, _)| address.starts_with("kurrentdb"));
        let place = cluster
            .and_then(|(address, prefix)| Self::on_a_cluster(address, Path::new(""), prefix, Limits::default()).ok());
        place.map_or_else(|| written.to_owned(), |place| place.shown())
    }

    /// The word for a log in a file of the data directory.
    pub const FILE: &str = "file";
    /// What the address of a cluster begins with.
    const OF_A_CLUSTER: [&str; 2] = ["kurrentdb://", "kurrentdb+discover://"];

    /// The place that `store` names: the word `file`, `sqlite:DIR`, or the address of a cluster.
    ///
    /// # Errors
    /// It names none, or one that this program was built without.
    pub fn named(store: &str, directory: &Path, stream_prefix: &str, limits: Limits) -> Result<Self, LogPlaceError> {
        if store == Self::FILE {
            return Ok(Self::Directory(directory.to_owned()));
        }
        if let Some(directory) = store.strip_prefix("sqlite:").filter(|directory| !directory.is_empty()) {
            return Ok(Self::Directory(directory.into()));
        }
        let place = if Self::OF_A_CLUSTER.iter().any(|scheme| store.starts_with(scheme)) {
            Self::on_a_cluster(store, directory, stream_prefix, limits)
        } else {
            Err("write \"file\" for a file in data.directory, \"sqlite:DIRECTORY\" for one elsewhere, or the address of a cluster as \
                 in kurrentdb://one:2113,two:2113?tls=true or kurrentdb+discover://cluster.example:2113?tls=true (built with \
                 --features kurrentdb)"
                .to_owned())
        };
        place.map_err(|why| LogPlaceError { named: unsecret(store), why })
    }

    #[cfg(feature = "kurrentdb")]
    fn on_a_cluster(store: &str, directory: &Path, stream_prefix: &str, limits: Limits) -> Result<Self, String> {
        let address = Address::new(store, stream_prefix).and_then(|address| address.within(limits));
        let address = address.map_err(|error| error.to_string())?;
        Ok(Self::Cluster(Box::new(address), directory.to_owned()))
    }

    #[cfg(not(feature = "kurrentdb"))]
    fn on_a_cluster(_: &str, _: &Path, _: &str, _: Limits) -> Result<Self, String> {
        Err("this program was built without KurrentDB; build it with `cargo build --release --features kurrentdb`"
            .to_owned())
    }
}

/// The text without what stands between `//` and `@`.
fn unsecret(text: &str) -> String {
    match (text.split_once("//"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, hosts))) => format!("{scheme}//…@{hosts}"),
        _ => text.to_owned(),
    }
}

/// A log that is open, wherever it is.
#[derive(Debug, Clone)]
pub enum Home {
    /// In a file of the directory.
    File(Arc<SqliteStore>, PathBuf),
    /// On a cluster, and in which file the head of its chain is kept.
    #[cfg(feature = "kurrentdb")]
    Cluster(Arc<KurrentStore>, PathBuf),
}

impl Home {
    /// Opens the log at a place, to go on with it.
    ///
    /// # Errors
    /// It cannot be opened, another process writes it, or it was moved and is not whole here or goes on elsewhere.
    pub fn open(place: &LogPlace, access: Access) -> Result<Self, OpenError> {
        let home = Self::open_to_move(place, access)?;
        let unread = |source: ReadError| OpenError::Moves { place: place.shown(), source };
        match home.heeded_mark().map_err(unread)? {
            Some(Mark::Filling { from }) => Err(OpenError::HalfMoved { place: place.shown(), from }),
            Some(Mark::Leaving { to }) if access != Access::Read => {
                Err(OpenError::BeingMoved { place: place.shown(), to })
            }
            Some(Mark::Left { to }) if access != Access::Read => Err(OpenError::MovedAway { place: place.shown(), to }),
            Some(Mark::Leaving { .. } | Mark::Left { .. } | Mark::Whole) | None => Ok(home),
        }
    }

    /// Opens it to be filled with another one: what was there before is not compared with what was known of it.
    ///
    /// # Errors
    /// It cannot be opened, or another process writes it.
    pub fn open_to_fill(place: &LogPlace) -> Result<Self, OpenError> {
        match place {
            LogPlace::Directory(_) => Self::open_to_move(place, Access::Write),
            #[cfg(feature = "kurrentdb")]
            LogPlace::Cluster(address, directory) => {
                Ok(Self::Cluster(Arc::new(KurrentStore::open(address)?), kurrentdb::kept_in(directory, address)))
            }
        }
    }

    /// Opens it however it was moved.
    ///
    /// # Errors
    /// It cannot be opened, or another process writes it.
    pub fn open_to_move(place: &LogPlace, access: Access) -> Result<Self, OpenError> {
        match place {
            LogPlace::Directory(directory) => Ok(Self::File(
                Arc::new(match access {
                    Access::Read | Access::Beside => SqliteStore::open_read_only(directory)?,
                    Access::Write => SqliteStore::open(directory)?,
                }),
                directory.clone(),
            )),
            #[cfg(feature = "kurrentdb")]
            LogPlace::Cluster(address, directory) => {
                let file = kurrentdb::kept_in(directory, address);
                Ok(Self::Cluster(Arc::new(KurrentStore::open_chained(address, &file)?), file))
            }
        }
    }

    /// The log as every home shows it.
    #[must_use]
    pub fn port(&self) -> Arc<dyn EventStore> {
        match self {
            Self::File(store, _) => Arc::<SqliteStore>::clone(store),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => Arc::<KurrentStore>::clone(store),
        }
    }

    /// The log in a file; none where it is on a cluster.
    #[must_use]
    pub fn file(&self) -> Option<&SqliteStore> {
        match self {
            Self::File(store, _) => Some(store),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(..) => None,
        }
    }

    /// What is said of its moves.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn mark(&self) -> Result<Option<Mark>, ReadError> {
        match self {
            Self::File(_, directory) => mark::in_directory(directory).map_err(|source| {
                let place = directory.join(mark::FILE_NAME).display().to_string();
                ReadError::Mark { place, source: Arc::new(source) }
            }),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.mark(),
        }
    }

    /// The same, which is asked for again from now on: nothing is written when the log has been moved meanwhile.
    fn heeded_mark(&self) -> Result<Option<Mark>, ReadError> {
        match self {
            Self::File(..) => self.mark(),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.heeded_mark(),
        }
    }

    /// How long after a mark was left an instance that has the log open may still write.
    #[must_use]
    pub fn heeds_marks_within(&self) -> Duration {
        match self {
            Self::File(..) => Duration::ZERO,
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.heeds_marks_within(),
        }
    }

    /// Why an instance that has the log open writes to it no longer: it was moved. None where it does.
    #[must_use]
    pub fn moved(&self) -> Option<AppendError> {
        match self {
            Self::File(..) => None,
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.moved(),
        }
    }

    /// Forgets how far the log was verified that was here: another one takes its place.
    ///
    /// # Errors
    /// What was kept of it cannot be removed.
    pub fn forget_head(&self) -> Result<(), AppendError> {
        match self {
            Self::File(..) => Ok(()),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(_, file) => {
                kurrentdb::forget(file).map_err(|source| AppendError::Storage { source: Arc::new(source) })
            }
        }
    }

    /// What stands among the streams of the log and this program did not write: some of it, where there is much.
    #[must_use]
    pub fn strangers(&self) -> Vec<Stranger> {
        match self {
            Self::File(..) => Vec::new(),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.strangers(),
        }
    }

    /// The first event that was written to the log after it was left for another place; whoever reads the log finds it.
    ///
    /// # Errors
    /// It cannot be told whether the log was left.
    pub fn first_behind_the_end(&self) -> Result<Option<Position>, ReadError> {
        match self {
            // Who writes to a file holds it, and who moves it holds it too.
            Self::File(..) => Ok(None),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.first_behind_the_end(),
        }
    }

    /// Says something of its moves from now on.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn leave_mark(&self, mark: &Mark) -> Result<(), AppendError> {
        match self {
            Self::File(_, directory) => mark::leave_in_directory(directory, mark)
                .map_err(|source| AppendError::Storage { source: Arc::new(source) }),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, _) => store.leave_mark(mark),
        }
    }

    /// Whether other instances may write to the log beside this one.
    #[must_use]
    pub fn has_other_writers(&self) -> bool {
        self.file().is_none()
    }

    /// Why the log takes no more writes until it is opened again; none while it does.
    #[must_use]
    pub fn poisoned(&self) -> Option<Arc<str>> {
        self.file().and_then(SqliteStore::poisoned)
    }

    /// Walks the whole chain and returns its head. `progress` is told how many events are verified, of how many.
    ///
    /// # Errors
    /// The first event that does not fit, by position, or the log cannot be read.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Verification, ReadError> {
        match self {
            Self::File(store, _) => store.verify(progress),
            #[cfg(feature = "kurrentdb")]
            Self::Cluster(store, file) => kurrentdb::verify(store.as_ref(), file, progress),
        }
    }
}
