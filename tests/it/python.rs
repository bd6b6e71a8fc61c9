//! Python with what a file of requirements asks for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grenselos::exchange::sha256;

use crate::files;

/// The Python of an environment that has what `requirements` asks for: made the first time it is asked for, below the
/// target directory, and made anew when the file changes.
pub fn environment(requirements: &Path) -> PathBuf {
    let requirements = files::root().join(requirements);
    let digest = sha256(&fs::read(&requirements).unwrap());
    let (name, _) = digest.split_at(16);
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python").join(name);
    fs::create_dir_all(environment.parent().unwrap()).unwrap();
    // Another test, or another test run, may be making the same.
    let lock = File::create(environment.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let (python, complete) = (environment.join("bin/python"), environment.join("complete"));
    if !complete.exists() {
        fs::remove_dir_all(&environment).ok();
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
        run(Command::new(&python).args(install).arg(&requirements));
        File::create(complete).unwrap();
    }
    python
}

/// Runs a command to its good end.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?} cannot be started: {error}. What the tests need beside Rust stands at the top of README.md")
    });
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
