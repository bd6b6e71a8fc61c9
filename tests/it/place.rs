//! A directory of a test's own in which the real program is run.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::files;

/// The command that tells the demonstration, once for all tests.
pub const DEMO: &str = "grenselos demo --dir demo --no-serve";

const PROGRAM: &str = env!("CARGO_BIN_EXE_grenselos");

/// A directory of this run of the tests, which another run of them that goes on at the same time leaves alone: the first that
/// nobody else holds.
pub fn of_this_run() -> &'static Path {
    static HELD: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (directory, _lock) = HELD.get_or_init(|| {
        let runs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("place");
        fs::create_dir_all(&runs).unwrap();
        let held = (1..).find_map(|number: u32| {
            let directory = runs.join(format!("run-{number}"));
            let lock = File::create(directory.with_extension("lock")).unwrap();
            match lock.try_lock() {
                Ok(()) => Some((directory, lock)),
                Err(TryLockError::WouldBlock) => None,
                Err(TryLockError::Error(error)) => panic!("{} cannot be locked: {error}", directory.display()),
            }
        });
        held.unwrap()
    });
    directory
}

/// A directory with the repository's `config` in it.
pub struct Place {
    directory: PathBuf,
}

/// How a command went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Place {
    /// A fresh directory of this name.
    pub fn new(name: &str) -> Self {
        let directory = of_this_run().join(name);
        fs::remove_dir_all(&directory).ok();
        fs::create_dir_all(&directory).unwrap();
        let place = Self { directory };
        copy(&files::root().join("config"), &place.path("config"));
        place
    }

    /// The same with `demo` in it, as the demonstration left it.
    pub fn with_demo(name: &str) -> Self {
        let place = Self::new(name);
        copy(&demo().0.path("demo"), &place.path("demo"));
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// The program, about to be run in this directory; nobody is watching.
    pub fn command(&self, arguments: &[String]) -> Command {
        self.prepared(Command::new(PROGRAM), arguments)
    }

    /// The same by a command that runs what follows it.
    #[cfg(feature = "kurrentdb-tests")]
    pub fn command_by(&self, mut runs: Command, arguments: &[String]) -> Command {
        runs.arg(PROGRAM);
        self.prepared(runs, arguments)
    }

    fn prepared(&self, mut command: Command, arguments: &[String]) -> Command {
        command
            .current_dir(&self.directory)
            .args(arguments)
            .env_remove("GRENSELOS_CONFIG")
            .env_remove("GRENSELOS_DATA")
            .env("COLUMNS", "100")
            .stdin(Stdio::null());
        command
    }

    /// Runs a line such as `grenselos budget --party "Måsøy"`. The demonstration is copied and not told again.
    pub fn run(&self, line: &str) -> Ran {
        if line == DEMO {
            copy(&demo().0.path("demo"), &self.path("demo"));
            return demo().1.clone();
        }
        match words(line).as_slice() {
            [program, arguments @ ..] if program == "grenselos" => self.command(arguments).output().unwrap().into(),
            [program, folder] if program == "ls" => Ran { out: list(&self.path(folder)), err: String::new(), code: 0 },
            _ => panic!("{line} is neither `grenselos …` nor `ls FOLDER`"),
        }
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }
}

fn demo() -> &'static (Place, Ran) {
    static TOLD: OnceLock<(Place, Ran)> = OnceLock::new();
    TOLD.get_or_init(|| {
        let place = Place::new("the demonstration");
        let arguments: Vec<String> = words(DEMO).into_iter().skip(1).collect();
        let ran = Ran::from(place.command(&arguments).output().unwrap());
        assert_eq!((ran.code, &*ran.err), (0, ""), "{}", ran.out);
        (place, ran)
    })
}

/// The words of a line; double quotes hold a word together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = vec![];
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn list(folder: &Path) -> String {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.into_iter().map(|name| name + "\n").collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
