//! The files of the repository, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands in a file, its path counted from the root.
#[track_caller]
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// All files below a folder, by their paths from the root with forward slashes, in order.
pub fn below(folder: &str) -> Vec<String> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if !folder.exists() => continue,
            Err(error) => panic!("{} cannot be listed: {error}", folder.display()),
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(from_root(&path)) }
        }
    }
    files.sort();
    files
}

fn from_root(path: &Path) -> String {
    let relative: PathBuf = path.strip_prefix(root()).unwrap().components().collect();
    relative.to_str().unwrap().replace('\\', "/")
}
