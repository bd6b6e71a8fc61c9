//! Judges from outside: Python programs in `tests/judge` with the official rules, in an environment of their own.
//!
//! The environment is made the first time it is asked for, below the target directory, and made anew when
//! `tests/judge/requirements.txt` changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::files;

const REQUIREMENTS: &str = "tests/judge/requirements.txt";

/// What a judge says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    pub file: String,
    pub errors: Vec<Finding>,
    pub warnings: Vec<Finding>,
}

/// A rule that a file breaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub rule: String,
    pub text: String,
    pub place: String,
}

impl Verdict {
    /// The rules that are broken beyond mending.
    pub fn broken(&self) -> Vec<&str> {
        self.errors.iter().map(|finding| finding.rule.as_str()).collect()
    }

    /// The rules that a file should rather keep.
    pub fn warned(&self) -> Vec<&str> {
        self.warnings.iter().map(|finding| finding.rule.as_str()).collect()
    }
}

/// A fresh folder for files to be judged.
pub fn folder(name: &str) -> PathBuf {
    let folder = target().join("judged").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a program in `tests/judge` says of every file in a folder, by file name.
pub fn verdicts(program: &str, folder: &Path) -> BTreeMap<String, Verdict> {
    let output = run(Command::new(python()).arg(files::root().join("tests/judge").join(program)).arg(folder));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{program} said {line}: {error}")))
        .map(|verdict: Verdict| (verdict.file.clone(), verdict))
        .collect()
}

/// The Python that has what `requirements.txt` asks for.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let environment = target().join("judge").join(fingerprint(&files::read(REQUIREMENTS)));
        fs::create_dir_all(environment.parent().unwrap()).unwrap();
        // Another test run may be making the same.
        let lock = File::create(environment.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        let python = environment.join("bin/python");
        let complete = environment.join("complete");
        if !complete.exists() {
            fs::remove_dir_all(&environment).ok();
            run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]);
            run(pip.arg(files::root().join(REQUIREMENTS)));
            File::create(complete).unwrap();
        }
        python
    })
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |mut name, byte| {
        write!(name, "{byte:02x}").unwrap();
        name
    })
}

#[track_caller]
fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
