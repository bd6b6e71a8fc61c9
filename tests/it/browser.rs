//! The pages in a real browser: `tests/browser` says what is looked at.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use grenselos::exchange::sha256;

use crate::files;
use crate::http::service::Service;
use crate::place::Place;
use crate::python::run;

/// The day on which the demonstration is looked at.
const TODAY: &str = "2024-03-01";

/// The modules that `tests/browser/package.json` asks for: installed the first time, below the target directory, and
/// again when the file changes.
fn modules() -> PathBuf {
    let asked = files::root().join("tests/browser/package.json");
    let digest = sha256(&fs::read(&asked).unwrap());
    let (name, _) = digest.split_at(16);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    fs::create_dir_all(&folder).unwrap();
    // Another test run may be installing the same.
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let complete = folder.join("complete");
    if !complete.exists() {
        fs::copy(asked, folder.join("package.json")).unwrap();
        let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(install).current_dir(&folder));
        File::create(complete).unwrap();
    }
    folder
}

#[test]
fn every_page_in_every_language_is_accessible_and_every_task_is_done_by_the_keyboard_alone() {
    let place = Place::with_demo("browser");
    let service = Service::over(&place.path("demo"), TODAY);
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser/screenshots");
    let look = files::root().join("tests/browser/look.mjs");
    let base = format!("http://{}", service.address());
    let output = run(Command::new("node").arg(look).arg(base).arg(screenshots).arg(modules()));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("the first view of a leader's page takes"), "{said}");
}
