//! Sharing keys as files: TOML, with the other keys that a blend names beside it.
//!
//! Nothing is guessed: a field that is not known is refused by its name. Two freedoms are taken with TOML, so that a key
//! can be written as people do. A number may stand without quotation marks, and is still read digit by digit. And what is
//! said of the whole key, such as a floor, may stand last in the file, although TOML counts it to the last list above it.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::domain::sharing_key::{Blend, Divide, KeyDefinition, Part, Tariff, written_number};

/// The most bytes of one key file.
pub const BYTES_MAX: usize = 1024 * 1024;
/// The most files that one key is read from.
pub const FILES_MAX: usize = 100;

/// What is said of a whole key that divides, wherever it stands.
const OF_DIVIDE: [&str; 8] = ["unit", "tie", "round", "share_decimals", "floor", "floor_percent", "cap", "cap_percent"];
/// What is said of a whole tariff, wherever it stands. Floors and caps belong to the price they stand under.
const OF_TARIFF: [&str; 3] = ["unit", "tie", "round"];

/// Why a key file cannot be taken. Every sentence begins with the file, and with the row where there is one.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It could not be opened or read.
    #[error("{file}: the file cannot be read; check its name and that you may read it")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file as a whole will not do.
    #[error("{file}: {reason}")]
    File {
        /// The file as it was named.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Something in the file will not do.
    #[error("{file}, row {row}: {reason}")]
    Row {
        /// The file as it was named.
        file: String,
        /// The line number.
        row: usize,
        /// Why, and what to do.
        reason: String,
    },
}

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
pub fn read(path: &Path) -> Result<KeyDefinition, KeyFileError> {
    Reading::default().read(path)
}

/// The files being read, outermost first, and how many have been read in all.
#[derive(Default)]
struct Reading {
    within: Vec<PathBuf>,
    files: usize,
}

impl Reading {
    fn read(&mut self, path: &Path) -> Result<KeyDefinition, KeyFileError> {
        let file = path.display().to_string();
        let unreadable = |source| KeyFileError::Unreadable { file: file.clone(), source };
        let whole = |reason: String| KeyFileError::File { file: file.clone(), reason };
        let canonical = path.canonicalize().map_err(unreadable)?;
        if self.within.contains(&canonical) {
            return Err(whole("the key blends itself, directly or through others; break the circle".to_owned()));
        }
        self.files += 1;
        if self.files > FILES_MAX {
            return Err(whole(format!("the key is made of more than {FILES_MAX} files; blend fewer keys")));
        }
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|opened| opened.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() > BYTES_MAX {
            return Err(whole(format!("it is larger than {BYTES_MAX} bytes; a key is a short text")));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| KeyFileError::Row {
            file: file.clone(),
            row: row(bytes, error.valid_up_to()),
            reason: "it is not UTF-8; save the file as UTF-8".to_owned(),
        })?;
        self.within.push(canonical);
        let key = self.parse(&Source { path, text });
        self.within.pop();
        key
    }

    fn parse(&mut self, source: &Source<'_>) -> Result<KeyDefinition, KeyFileError> {
        let mut table = DeTable::parse(source.text).map_err(|error| source.toml(&error))?;
        numbers_as_written(table.get_mut());
        match source.kind(table.get_mut())?.as_str() {
            "divide" => {
                source.hoist(table.get_mut(), &["grant", "first", "base"], &OF_DIVIDE)?;
                source.definition::<Divide>(table).map(KeyDefinition::Divide)
            }
            "tariff" => {
                source.hoist(table.get_mut(), &["price"], &OF_TARIFF)?;
                source.definition::<Tariff>(table).map(KeyDefinition::Tariff)
            }
            "blend" => {
                let blend: BlendFile = source.definition(table)?;
                let part = blend.part.into_iter().map(|part| self.part(source, &part)).collect::<Result<_, _>>()?;
                Ok(KeyDefinition::Blend(Blend { name: blend.name, part }))
            }
            other => {
                let reason = format!("the kind \"{other}\" is not known; write \"divide\", \"tariff\" or \"blend\"");
                Err(source.whole(reason))
            }
        }
    }

    fn part(&mut self, source: &Source<'_>, part: &PartFile) -> Result<Part, KeyFileError> {
        let beside = source.path.parent().unwrap_or(Path::new(""));
        Ok(Part { percent: part.percent, key: self.read(&beside.join(&part.key))? })
    }
}

/// A file that has been read, for what is said of it.
struct Source<'s> {
    path: &'s Path,
    text: &'s str,
}

impl Source<'_> {
    /// Takes the kind out of the table, since it tells which type the rest is.
    fn kind(&self, table: &mut DeTable<'_>) -> Result<String, KeyFileError> {
        let Some(kind) = table.remove("kind") else {
            return Err(self.whole("there is no kind; write kind = \"divide\", \"tariff\" or \"blend\"".to_owned()));
        };
        let text = kind.get_ref().as_str().map(str::to_owned);
        text.ok_or_else(|| self.at(kind.span(), "kind must be a text in quotation marks".to_owned()))
    }

    /// Moves what is said of the whole key out of the last entry of a list, where TOML counts what stands after it.
    fn hoist(&self, table: &mut DeTable<'_>, lists: &[&str], fields: &[&str]) -> Result<(), KeyFileError> {
        for list in lists {
            let Some(DeValue::Array(entries)) = table.get_mut(*list).map(Spanned::get_mut) else { continue };
            let Some(DeValue::Table(last)) = entries.iter_mut().last().map(Spanned::get_mut) else { continue };
            let moved: Vec<_> = fields.iter().filter_map(|field| last.remove_entry(*field)).collect();
            for (field, value) in moved {
                if table.contains_key(&field) {
                    let reason = format!("{} is given twice; keep one of them", field.get_ref());
                    return Err(self.at(field.span(), reason));
                }
                table.insert(field, value);
            }
        }
        Ok(())
    }

    fn definition<T: DeserializeOwned>(&self, table: Spanned<DeTable<'_>>) -> Result<T, KeyFileError> {
        T::deserialize(Deserializer::from(table)).map_err(|error| self.toml(&error))
    }

    fn toml(&self, error: &toml::de::Error) -> KeyFileError {
        let reason = error.message().lines().collect::<Vec<_>>().join("; ");
        match error.span() {
            Some(span) => self.at(span, reason),
            None => self.whole(reason),
        }
    }

    fn at(&self, span: Range<usize>, reason: String) -> KeyFileError {
        let row = row(self.text.as_bytes(), span.start);
        KeyFileError::Row { file: self.path.display().to_string(), row, reason }
    }

    fn whole(&self, reason: String) -> KeyFileError {
        KeyFileError::File { file: self.path.display().to_string(), reason }
    }
}

/// A number without quotation marks becomes the text it was written as, so that it is never a floating-point number.
fn numbers_as_written(table: &mut DeTable<'_>) {
    table.iter_mut().for_each(|(_, value)| number_as_written(value.get_mut()));
}

fn number_as_written(value: &mut DeValue<'_>) {
    match value {
        DeValue::Float(number) => *value = DeValue::String(number.as_str().to_owned().into()),
        DeValue::Array(values) => values.iter_mut().for_each(|value| number_as_written(value.get_mut())),
        DeValue::Table(table) => numbers_as_written(table),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

fn row(bytes: &[u8], before: usize) -> usize {
    bytes.get(..before).unwrap_or(bytes).split(|byte| *byte == b'\n').count()
}
