//! The rules. Pure: no clock, randomness, input, output, async or floating point.
//! Derives for serialisation and schemas stand on events and commands, and nothing else of those crates is used.

pub mod calendar;
pub mod identity;
pub mod money;
mod natural;
pub mod number;

pub mod allocation;
pub mod apportionment;
pub mod assessment;
pub mod check_digit;
pub mod sharing_key;
pub mod supplier_invoice;
pub mod vat;
pub mod work;

pub mod access;
pub mod agreement;
pub mod cost;
pub mod credit_note;
pub mod delivery;
pub mod event;
pub mod invoice_run;
pub mod key_adoption;
pub mod kid;
pub mod kostra;
pub mod late_payment;
pub mod legacy;
pub mod licence;
pub mod participants;
pub mod party;
pub mod payment;
pub mod procurement;
pub mod series;
pub mod signup;

pub mod double_cost;
pub mod succession;

#[cfg(test)]
pub(crate) mod testing;

/// The longest text taken in one field of a command: names, references, sources.
pub const TEXT_BYTES_MAX: usize = 500;

/// Whether a text says something and is not too long.
#[must_use]
pub fn text_is_sound(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= TEXT_BYTES_MAX && !text.chars().any(char::is_control)
}

/// What is wrong with a text that many read and nobody can take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFault {
    /// It says nothing.
    Missing,
    /// It is too long.
    TooLong,
    /// It has several lines.
    SeveralLines,
    /// It holds an e-mail address, which is a person's.
    Address,
}

/// Why a text may not stand where many read it: it is to be one line that says something and names no person.
#[must_use]
pub fn fault_of_shared_text(text: &str) -> Option<TextFault> {
    if text.trim().is_empty() {
        Some(TextFault::Missing)
    } else if text.len() > TEXT_BYTES_MAX {
        Some(TextFault::TooLong)
    } else if !text_is_sound(text) {
        Some(TextFault::SeveralLines)
    } else {
        text.contains('@').then_some(TextFault::Address)
    }
}

/// The same of a text that may stand in the log.
#[must_use]
pub fn text_names_no_address(text: &str) -> bool {
    fault_of_shared_text(text).is_none()
}
