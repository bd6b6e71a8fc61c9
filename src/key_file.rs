//! Sharing keys as files: TOML, with the other keys that a blend names beside it.
//!
//! Nothing is guessed: a field that is not known is refused by its name. Two freedoms are taken with TOML, so that a key
//! can be written as people do. A number may stand without quotation marks, and is still read digit by digit. And what is
//! said of the whole key, such as a floor, may stand last in the file, although TOML counts it to the last list above it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::sharing_key::{Blend, Divide, KeyDefinition, Part, Tariff, written_number};
use crate::toml_file::{TomlFile, TomlFileError};

/// The most bytes of one key file.
pub const BYTES_MAX: usize = 1024 * 1024;
/// The most files that one key is read from.
pub const FILES_MAX: usize = 100;

/// What is said of a whole key that divides, wherever it stands.
const OF_DIVIDE: [&str; 8] = ["unit", "tie", "round", "share_decimals", "floor", "floor_percent", "cap", "cap_percent"];
/// What is said of a whole tariff, wherever it stands. Floors and caps belong to the price they stand under.
const OF_TARIFF: [&str; 3] = ["unit", "tie", "round"];

/// A blend in its file, where each part names the file of its key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlendFile {
    #[serde(default)]
    name: String,
    part: Vec<PartFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartFile {
    #[serde(deserialize_with = "written_number::deserialize")]
    percent: Decimal,
    key: String,
}

/// Reads a key, and the keys that it blends, which are named relative to its own file.
///
/// # Errors
/// What is wrong with which file, with the row.
pub fn read(path: &Path) -> Result<KeyDefinition, TomlFileError> {
    Reading::default().read(path)
}

/// The files being read, outermost first, and how many have been read in all.
#[derive(Default)]
struct Reading {
    within: Vec<PathBuf>,
    files: usize,
}

impl Reading {
    fn read(&mut self, path: &Path) -> Result<KeyDefinition, TomlFileError> {
        let whole = |reason: String| TomlFileError::File { file: path.display().to_string(), reason };
        let canonical = path.canonicalize().map_err(|error| TomlFileError::unreadable(path, error))?;
        if self.within.contains(&canonical) {
            return Err(whole("the key blends itself, directly or through others; break the circle".to_owned()));
        }
        self.files += 1;
        if self.files > FILES_MAX {
            return Err(whole(format!("the key is made of more than {FILES_MAX} files; blend fewer keys")));
        }
        let source = TomlFile::read(path, BYTES_MAX)?;
        self.within.push(canonical);
        let key = self.parse(path, &source);
        self.within.pop();
        key
    }

    fn parse(&mut self, path: &Path, source: &TomlFile) -> Result<KeyDefinition, TomlFileError> {
        let mut table = source.table()?;
        let (kind, span) = taken_out(source, table.get_mut())?;
        match kind.as_str() {
            "divide" => {
                hoist(source, table.get_mut(), &["grant", "first", "base"], &OF_DIVIDE)?;
                source.read_as::<Divide>(table).map(KeyDefinition::Divide)
            }
            "tariff" => {
                hoist(source, table.get_mut(), &["price"], &OF_TARIFF)?;
                source.read_as::<Tariff>(table).map(KeyDefinition::Tariff)
            }
            "blend" => {
                let blend: BlendFile = source.read_as(table)?;
                let part = blend.part.into_iter().map(|part| self.part(path, &part)).collect::<Result<_, _>>()?;
                Ok(KeyDefinition::Blend(Blend { name: blend.name, part }))
            }
            other => {
                let reason = format!("the kind \"{other}\" is not known; write \"divide\", \"tariff\" or \"blend\"");
                Err(source.at(&span, reason))
            }
        }
    }

    fn part(&mut self, path: &Path, part: &PartFile) -> Result<Part, TomlFileError> {
        let beside = path.parent().unwrap_or(Path::new(""));
        Ok(Part { percent: part.percent, key: self.read(&beside.join(&part.key))? })
    }
}

/// Takes the kind out of the table, since it tells which type the rest is.
fn taken_out(source: &TomlFile, table: &mut DeTable<'_>) -> Result<(String, Range<usize>), TomlFileError> {
    let Some(kind) = table.remove("kind") else {
        return Err(source.whole("there is no kind; write kind = \"divide\", \"tariff\" or \"blend\"".to_owned()));
    };
    match kind.get_ref().as_str() {
        Some(text) => Ok((text.to_owned(), kind.span())),
        None => Err(source.at(&kind.span(), "kind must be a text in quotation marks".to_owned())),
    }
}

/// Moves what is said of the whole key out of the last entry of a list, where TOML counts what stands after it.
fn hoist(source: &TomlFile, table: &mut DeTable<'_>, lists: &[&str], fields: &[&str]) -> Result<(), TomlFileError> {
    for list in lists {
        let Some(DeValue::Array(entries)) = table.get_mut(*list).map(Spanned::get_mut) else { continue };
        let Some(DeValue::Table(last)) = entries.iter_mut().last().map(Spanned::get_mut) else { continue };
        let moved: Vec<_> = fields.iter().filter_map(|field| last.remove_entry(*field)).collect();
        for (field, value) in moved {
            if table.contains_key(&field) {
                let reason = format!("{} is given twice; keep one of them", field.get_ref());
                return Err(source.at(&field.span(), reason));
            }
            table.insert(field, value);
        }
    }
    Ok(())
}
