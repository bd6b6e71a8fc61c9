//! Files that people write in TOML, and what is wrong with them, said by file and row.
//!
//! A number may stand without quotation marks, and is still read digit by digit; so may a day.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::unreadable::plainly;

/// Why a file cannot be taken. Every sentence begins with the file, and with the row where there is one.
#[derive(Debug, thiserror::Error)]
pub enum TomlFileError {
    /// It could not be opened or read.
    #[error("{file}: the file cannot be read; check its name and that you may read it")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system said.
        #[source]
        source: io::Error,
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

impl TomlFileError {
    /// A file that the system does not give.
    #[must_use]
    pub fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable { file: path.display().to_string(), source }
    }
}

/// A file that has been read, for what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlFile {
    file: String,
    text: String,
}

impl TomlFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, is larger than so many bytes, or is not UTF-8.
    pub fn read(path: &Path, bytes_max: usize) -> Result<Self, TomlFileError> {
        let unreadable = |source| TomlFileError::unreadable(path, source);
        let mut bytes = Vec::new();
        let most = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::of(&path.display().to_string(), &bytes, bytes_max)
    }

    /// The same from bytes that are called `file` in what is said of them.
    ///
    /// # Errors
    /// They are more than so many, or not UTF-8.
    pub fn of(file: &str, bytes: &[u8], bytes_max: usize) -> Result<Self, TomlFileError> {
        let file = file.to_owned();
        if bytes.len() > bytes_max {
            let reason = format!("it is larger than {bytes_max} bytes; such a file is a short text");
            return Err(TomlFileError::File { file, reason });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { file, text: text.to_owned() }),
            Err(error) => Err(TomlFileError::Row {
                file,
                row: row(bytes, error.valid_up_to()),
                reason: "it is not UTF-8; save the file as UTF-8".to_owned(),
            }),
        }
    }

    /// The file as it was named.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What is in it, with numbers and days as they were written.
    ///
    /// # Errors
    /// It is not TOML.
    pub fn table(&self) -> Result<Spanned<DeTable<'_>>, TomlFileError> {
        let mut table = DeTable::parse(&self.text).map_err(|error| self.error(&error))?;
        all_as_written(table.get_mut());
        Ok(table)
    }

    /// A table of it as what is needed.
    ///
    /// # Errors
    /// A field is missing, not known, or cannot be read.
    pub fn read_as<T: DeserializeOwned>(&self, table: Spanned<DeTable<'_>>) -> Result<T, TomlFileError> {
        T::deserialize(Deserializer::from(table)).map_err(|error| self.error(&error))
    }

    /// The line number of a place in it.
    #[must_use]
    pub fn row(&self, span: &Range<usize>) -> usize {
        row(self.text.as_bytes(), span.start)
    }

    /// A fault at a place.
    #[must_use]
    pub fn at(&self, span: &Range<usize>, reason: String) -> TomlFileError {
        TomlFileError::Row { file: self.file.clone(), row: self.row(span), reason }
    }

    /// A fault of the file as a whole.
    #[must_use]
    pub fn whole(&self, reason: String) -> TomlFileError {
        TomlFileError::File { file: self.file.clone(), reason }
    }

    fn error(&self, error: &toml::de::Error) -> TomlFileError {
        let reason = match error.message() {
            "duplicate key" => "the field stands twice; keep one of them".to_owned(),
            message if message.starts_with("missing field") => format!("{message}; add it"),
            message => plainly(&message.lines().collect::<Vec<_>>().join("; ")),
        };
        match error.span() {
            Some(span) => {
                let of_field = self.field_of(&span).map(|field| format!("{field}: ")).unwrap_or_default();
                self.at(&span, format!("{of_field}{reason}"))
            }
            None => self.whole(reason),
        }
    }
    /// The field whose value begins at a place; none where no value does.
    fn field_of(&self, span: &Range<usize>) -> Option<&str> {
        let before = self.text.get(..span.start)?.rsplit('\n').next()?;
        let (field, between) = before.rsplit_once('=')?;
        let field = field.trim_end().rsplit(['{', ',', ' ', '\t']).next()?;
        (between.trim().is_empty() && !field.is_empty()).then_some(field)
    }
}

/// A number or day without quotation marks becomes the text it was written as, so that it is never a floating-point number.
fn all_as_written(table: &mut DeTable<'_>) {
    table.iter_mut().for_each(|(_, value)| as_written(value.get_mut()));
}

fn as_written(value: &mut DeValue<'_>) {
    match value {
        DeValue::Float(number) => *value = DeValue::String(number.as_str().to_owned().into()),
        DeValue::Datetime(day) => *value = DeValue::String(day.to_string().into()),
        DeValue::Array(values) => values.iter_mut().for_each(|value| as_written(value.get_mut())),
        DeValue::Table(table) => all_as_written(table),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Boolean(_) => {}
    }
}

fn row(bytes: &[u8], before: usize) -> usize {
    bytes.get(..before).unwrap_or(bytes).split(|byte| *byte == b'\n').count()
}
