//! Files that are there whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::side_by_side;

/// How many files this process has begun: two threads may be writing the same.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// How many files are made safe at a time: a disk does several in nearly the time of one.
const AT_A_TIME: usize = 16;

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
    put(path, content)?;
    Ok(keep_names(folder_of(path))?)
}

/// Writes many files, each whole or not at all; all on the disk before it returns.
///
/// # Errors
/// The disk says no to one, which is named and is as it was. Of the others some may be written.
pub fn write_all<P, B>(files: &[(P, B)]) -> Result<(), (PathBuf, io::Error)>
where
    P: AsRef<Path> + Sync,
    B: AsRef<[u8]> + Sync,
{
    let put = side_by_side::on_threads(AT_A_TIME, files, |(path, bytes)| {
        let path = path.as_ref();
        put(path, |file| file.write_all(bytes.as_ref())).map_err(|error| (path.to_owned(), error))
    });
    put.into_iter().collect::<Result<(), _>>()?;
    let folders: BTreeSet<&Path> = files.iter().map(|(path, _)| folder_of(path.as_ref())).collect();
    folders.into_iter().try_for_each(|folder| keep_names(folder).map_err(|error| (folder.to_owned(), error)))
}

/// A file in its place, its content on the disk.
fn put<E: From<io::Error>>(path: &Path, content: impl FnOnce(&mut File) -> Result<(), E>) -> Result<(), E> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let (beside, mut file) = begin_beside(folder, path)?;
    let written = content(&mut file).and_then(|()| {
        file.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    });
    if written.is_err() {
        // What was begun is of no use; that it cannot be removed either is no other news.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A new file beside the one that is to be written. Processes of other machines, or of other containers, may have the same
/// number as this one.
fn begin_beside(folder: &Path, path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    loop {
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let beside = folder.join(format!(".{name}.{}-{number}.part", std::process::id()));
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return Ok((beside, created?)),
        }
    }
}

/// The names in a folder on the disk.
///
/// # Errors
/// The disk says no.
#[cfg(unix)]
pub fn keep_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened, and its names are on the disk with the files.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn keep_names(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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

    #[test]
    fn of_many_files_the_one_that_cannot_be_written_is_named() {
        let folder = std::env::temp_dir().join(format!("grenselos-whole-files-{}", std::process::id()));
        let files: Vec<(PathBuf, String)> =
            (0..50).map(|number| (folder.join(format!("{}/{number}", number % 3)), format!("file {number}"))).collect();
        write_all(&files).unwrap();
        assert!(files.iter().all(|(path, text)| fs::read_to_string(path).unwrap() == *text));
        fs::create_dir_all(folder.join("taken/by a folder")).unwrap();
        let (path, _) = write_all(&[(folder.join("free"), "x"), (folder.join("taken"), "x")]).unwrap_err();
        assert_eq!(path, folder.join("taken"));
        fs::remove_dir_all(folder).unwrap();
    }
}
