//! Judges from outside: Python programs in `tests/judge` with the official rules, in an environment of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::files;
use crate::python::{self, run};

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

/// The Python that has what the judges ask for.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| python::environment(Path::new("tests/judge/requirements.txt")))
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}
