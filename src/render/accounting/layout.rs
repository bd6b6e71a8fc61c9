//! How a CSV file is laid out: as a Norwegian Excel opens it, or as programs write it.

use std::io::Write;

use chrono::NaiveDate;
use csv::{Terminator, Writer, WriterBuilder};
use rust_decimal::Decimal;

use super::AccountingError;
use crate::domain::money::Ore;
use crate::render::csv::{BYTE_ORDER_MARK, text};
use crate::render::norwegian;

/// The layout of a CSV file in UTF-8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// Semicolons, decimal commas, days as 31.12.2024, a byte order mark, CR LF. A text that a spreadsheet would take for
    /// a formula gets an apostrophe before it.
    #[default]
    Excel,
    /// Commas, decimal points, days as 2024-12-31, LF.
    Plain,
}

impl Layout {
    /// A writer of rows, the header written.
    pub(super) fn writer<'out>(
        self,
        header: &[&str],
        out: &'out mut dyn Write,
    ) -> Result<Writer<&'out mut dyn Write>, AccountingError> {
        let (delimiter, terminator) = match self {
            Self::Excel => {
                out.write_all(BYTE_ORDER_MARK.as_bytes())?;
                (b';', Terminator::CRLF)
            }
            Self::Plain => (b',', Terminator::Any(b'\n')),
        };
        let mut writer = WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(out);
        writer.write_record(header)?;
        Ok(writer)
    }

    /// An amount in kroner with two decimals.
    pub(super) fn amount(self, amount: Ore) -> String {
        self.number(amount.kroner())
    }

    /// A number as it is.
    pub(super) fn number(self, number: Decimal) -> String {
        match self {
            Self::Excel => number.to_string().replace('.', ","),
            Self::Plain => number.to_string(),
        }
    }

    pub(super) fn date(self, day: NaiveDate) -> String {
        match self {
            Self::Excel => norwegian::date(day),
            Self::Plain => day.to_string(),
        }
    }

    pub(super) fn text(self, words: &str) -> String {
        match self {
            Self::Excel => text(words),
            Self::Plain => words.to_owned(),
        }
    }
}
