//! The archive: files kept by their SHA-256 beside the log, which names the hash. Documents that were drawn up, letters that
//! were written, suppliers' invoices that go with claims, and signed copies of agreements.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::agreement::AgreementCommand;
use crate::domain::cost::CostCommand;
use crate::domain::licence::LicenceCommand;
use crate::domain::supplier_invoice::Attachment;
use crate::exchange::sha256;
use crate::handle::Wish;
use crate::side_by_side;
use crate::whole_file;

/// What the files of each media type end with, and begin with.
const KINDS: [(&str, &str, &[u8]); 5] = [
    ("application/pdf", "pdf", b"%PDF-"),
    ("image/png", "png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", "jpg", b"\xff\xd8\xff"),
    ("application/xml", "xml", b"<?xml"),
    // A letter that brings no document: it begins as it likes.
    ("text/plain", "txt", b""),
];

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Kept {
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
}

/// The media type of a file, by how it begins; none where that says nothing known.
#[must_use]
pub fn media_type_of(bytes: &[u8]) -> Option<&'static str> {
    let begins = |beginning: &[u8]| !beginning.is_empty() && bytes.starts_with(beginning);
    KINDS.iter().find(|(.., beginning)| begins(beginning)).map(|(media_type, ..)| *media_type)
}

/// What a file is called in the archive.
#[must_use]
pub fn file_name(sha256: &str, media_type: &str) -> String {
    let ending = KINDS.iter().find(|(known, ..)| *known == media_type).map_or("bin", |(_, ending, _)| *ending);
    format!("{sha256}.{ending}")
}

/// Keeps a file; the same again is the same.
///
/// # Errors
/// The disk says no; the path is named.
pub fn keep(archive: &Path, bytes: &[u8], media_type: &str) -> Result<Kept, (PathBuf, io::Error)> {
    let kept = hashed(bytes, media_type);
    let path = archive.join(file_name(&kept.sha256, media_type));
    match whole_file::write(&path, bytes) {
        Ok(()) => Ok(kept),
        Err(error) => Err((path, error)),
    }
}

/// Keeps many files of one kind, in the order given.
///
/// # Errors
/// The disk says no to one; its path is named.
pub fn keep_all(archive: &Path, files: &[Vec<u8>], media_type: &str) -> Result<Vec<Kept>, (PathBuf, io::Error)> {
    let all_kept = side_by_side::on_processors(files, |bytes| hashed(bytes, media_type));
    let of_hash =
        all_kept.iter().zip(files).map(|(kept, bytes)| (archive.join(file_name(&kept.sha256, media_type)), bytes));
    whole_file::write_all(&of_hash.collect::<Vec<_>>())?;
    Ok(all_kept)
}

fn hashed(bytes: &[u8], media_type: &str) -> Kept {
    Kept { sha256: sha256(bytes), media_type: media_type.to_owned(), size_bytes: bytes.len() as u64 }
}

/// How many bytes a supplier's invoice has; none where it is not there.
#[must_use]
pub fn size_bytes(archive: &Path, Attachment { sha256, media_type, .. }: &Attachment) -> Option<u64> {
    std::fs::metadata(archive.join(file_name(sha256, media_type))).ok().map(|known| known.len())
}

/// The file as it was kept; none where it is not there, or another.
#[must_use]
pub fn kept(archive: &Path, of_sha256: &str, media_type: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(archive.join(file_name(of_sha256, media_type))).ok()?;
    (sha256(&bytes) == of_sha256).then_some(bytes)
}

/// The file that a wish speaks of and that is not in the archive as the wish says: its SHA-256.
#[must_use]
pub fn missing_file<'wish>(archive: &Path, wish: &'wish Wish) -> Option<&'wish str> {
    let (sha256, media_type, size_bytes) = file_of(wish)?;
    let is_hash = sha256.bytes().all(|letter| letter.is_ascii_hexdigit());
    let file = is_hash.then(|| kept(archive, sha256, media_type)).flatten();
    let is_it = file.is_some_and(|bytes| bytes.len() as u64 == size_bytes);
    (!is_it).then_some(sha256)
}

/// The file that a wish speaks of: its hash, media type and size.
fn file_of(wish: &Wish) -> Option<(&str, &str, u64)> {
    if let Wish::Cost(_, CostCommand::RecordSupplierInvoice { supplier_invoice: file })
    | Wish::Licence(_, LicenceCommand::RecordSupplierInvoice { supplier_invoice: file }) = wish
    {
        return Some((&file.sha256, &file.media_type, file.size_bytes));
    }
    if let Wish::Agreement(_, AgreementCommand::KeepCopy { sha256, media_type, size_bytes, .. }) = wish {
        return Some((sha256, media_type, *size_bytes));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TestDirectory;

    #[test]
    fn a_file_is_known_by_its_first_bytes_and_not_by_its_name() {
        assert_eq!(media_type_of(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(media_type_of(b"<?xml version=\"1.0\"?>"), Some("application/xml"));
        assert_eq!(media_type_of(b"MZ\x90\x00"), None);
        assert_eq!(media_type_of(b""), None);
    }

    #[test]
    fn a_file_that_was_changed_is_not_the_one_that_was_kept() {
        let directory = TestDirectory::new();
        let archive = directory.path().join("archive");
        let first = keep(&archive, b"%PDF-1.7 words", "application/pdf").unwrap();
        assert_eq!(keep(&archive, b"%PDF-1.7 words", "application/pdf").unwrap(), first);
        assert_eq!(kept(&archive, &first.sha256, &first.media_type).unwrap(), b"%PDF-1.7 words");
        std::fs::write(archive.join(file_name(&first.sha256, &first.media_type)), b"%PDF-1.7 other").unwrap();
        assert_eq!(kept(&archive, &first.sha256, &first.media_type), None);
    }
}
