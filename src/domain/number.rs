//! Numbers as they are written in files and requests: plain digits, held exactly or refused.

use rust_decimal::Decimal;

/// The most digits of one number, before and after the decimal point together: what a decimal always holds exactly.
pub const DIGITS_MAX: usize = 28;

/// Why a text is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not digits with at most one decimal point.
    #[error("\"{0}\" is no number; write digits with at most one decimal mark")]
    NotANumber(String),
    /// More digits than are held exactly.
    #[error("\"{0}\" has more than {DIGITS_MAX} digits; write it with fewer")]
    TooLong(String),
}

/// A number of digits alone as it is kept: without the spaces that people group it by. Any other text stays as it is.
#[must_use]
pub fn ungrouped(text: &str) -> String {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits } else { text.to_owned() }
}

/// Reads digits with at most one decimal point and a minus sign before them: no exponent, no separators, no plus sign.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_number(text: &str) -> Result<Decimal, NumberError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let well_formed = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1;
    if !well_formed {
        return Err(NumberError::NotANumber(text.chars().take(60).collect()));
    }
    let too_long = || NumberError::TooLong(text.chars().take(60).collect());
    if digits.chars().filter(char::is_ascii_digit).count() > DIGITS_MAX {
        return Err(too_long());
    }
    Decimal::from_str_exact(text).map_err(|_| too_long())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_held_exactly_or_refused() {
        assert_eq!(parse_number("-0.808"), Ok(Decimal::new(-808, 3)));
        assert!(parse_number("9999999999999999999999999999").is_ok());
        assert!(parse_number("0.999999999999999999999999999").is_ok());
        assert!(matches!(parse_number("99999999999999999999999999999"), Err(NumberError::TooLong(_))));
        for text in ["", "-", "1e5", "NaN", "inf", "+5", ".5", "5.", "1.2.3", "--1", "1,5", "1 000", "1_000", "٣"] {
            assert!(matches!(parse_number(text), Err(NumberError::NotANumber(_))), "{text}");
        }
    }
}
