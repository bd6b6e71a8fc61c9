//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many files this process has begun: two threads may be writing the same.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// Writes beside the file and then takes its place, so that nobody ever sees half of it; on the disk before it returns.
/// The folder is made where it is not there.
///
/// # Errors
/// The disk says no; then the file is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same where the content is written as it comes.
///
/// # Errors
/// The disk or the content says no; then the file is as it was.
pub fn write_with<E: From<io::Error>>(path: &Path, content: impl FnOnce(&mut File) -> Result<(), E>) -> Result<(), E> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let number = BEGUN.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}-{number}.part", std::process::id()));
    let written = File::create(&beside).map_err(E::from).and_then(|mut file| {
        content(&mut file)?;
        file.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    });
    if written.is_err() {
        // What was begun is of no use; that it cannot be removed either is no other news.
        let _ = fs::remove_file(&beside);
        return written;
    }
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("grenselos-whole-file-{}", std::process::id()));
        fs::create_dir_all(folder.join("taken/by a folder")).unwrap();
        assert!(write(&folder.join("taken"), b"words").is_err());
        write(&folder.join("free"), b"words").unwrap();
        write(&folder.join("free"), b"other words").unwrap();
        let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["free", "taken"]);
        assert_eq!(fs::read(folder.join("free")).unwrap(), b"other words");
        fs::remove_dir_all(folder).unwrap();
    }
}
