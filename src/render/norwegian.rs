//! Numbers, amounts and dates as they are written in bokmål: `−1 234 567,50`, `23.11.2026`, `23. november 2026`.
//!
//! Groups of three digits are parted by a hard space (U+00A0) so that a number never breaks over two lines, and a
//! negative number has a minus sign (U+2212), not a hyphen. Rounding is half away from zero.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::domain::money::Ore;

/// The hard space between groups of digits, and between a number and its unit.
pub const HARD_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

/// Kroner with two decimals: `1 234,50`.
#[must_use]
pub fn kroner(amount: Ore) -> String {
    decimal(amount.kroner(), 2)
}

/// The nearest whole krone, half away from zero: `1 235`.
#[must_use]
pub fn whole_kroner(amount: Ore) -> String {
    decimal(amount.kroner(), 0)
}

/// Kroner with two decimals and always a sign, for changes: `+1 234,50`. Nothing has none.
#[must_use]
pub fn signed_kroner(amount: Ore) -> String {
    if amount > Ore::ZERO { format!("+{}", kroner(amount)) } else { kroner(amount) }
}

/// Kroner for a spreadsheet's import: no groups, a decimal comma, a hyphen where negative: `-1234,50`.
#[must_use]
pub fn plain_kroner(amount: Ore) -> String {
    amount.kroner().to_string().replace('.', ",")
}

/// A number with so many decimals, rounded half away from zero.
#[must_use]
pub fn decimal(value: Decimal, places: u32) -> String {
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { Some(MINUS) } else { None };
    let digits = format!("{:.*}", places as usize, rounded.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text: String = sign.into_iter().collect();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(HARD_SPACE);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

/// A number with the decimals it has and no more: `1 234` or `1 234,5`.
#[must_use]
pub fn number(value: Decimal) -> String {
    let plain = value.normalize();
    decimal(plain, plain.scale())
}

/// `25 %`, with the decimals it has.
#[must_use]
pub fn percent(value: Decimal) -> String {
    format!("{}{HARD_SPACE}%", number(value))
}

/// `23.11.2026`.
#[must_use]
pub fn date(day: NaiveDate) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// `23. november 2026`.
#[must_use]
pub fn long_date(day: NaiveDate) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{}. {month} {}", day.day(), day.year())
}

/// Nine digits in groups of three: `963 376 030`. Anything else is left as it is.
#[must_use]
pub fn organisation_number(digits: &str) -> String {
    grouped(digits, &[3, 3, 3], HARD_SPACE)
}

/// Eleven digits as banks print them: `1234.56.78901`. Anything else is left as it is.
#[must_use]
pub fn account_number(digits: &str) -> String {
    grouped(digits, &[4, 2, 5], '.')
}

fn grouped(digits: &str, sizes: &[usize], between: char) -> String {
    if digits.len() != sizes.iter().sum::<usize>() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut rest = digits;
    let groups: Vec<&str> = sizes
        .iter()
        .map(|size| {
            let (group, after) = rest.split_at(*size);
            rest = after;
            group
        })
        .collect();
    groups.join(&between.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_have_hard_spaces_a_comma_and_a_minus_sign() {
        for (ore, text) in [
            (0, "0,00"),
            (5, "0,05"),
            (-5, "\u{2212}0,05"),
            (99_999, "999,99"),
            (100_000, "1\u{a0}000,00"),
            (123_456_750, "1\u{a0}234\u{a0}567,50"),
            (-123_456_750, "\u{2212}1\u{a0}234\u{a0}567,50"),
            (100_000_000, "1\u{a0}000\u{a0}000,00"),
        ] {
            assert_eq!(kroner(Ore(ore)), text);
        }
    }

    #[test]
    fn whole_kroner_round_half_away_from_zero_and_nothing_has_no_sign() {
        for (ore, text) in [(150, "2"), (-150, "\u{2212}2"), (-49, "0"), (249, "2"), (123_450, "1\u{a0}235")] {
            assert_eq!(whole_kroner(Ore(ore)), text);
        }
    }

    #[test]
    fn a_change_has_a_sign_unless_there_is_none() {
        assert_eq!(signed_kroner(Ore(100)), "+1,00");
        assert_eq!(signed_kroner(Ore(-100)), "\u{2212}1,00");
        assert_eq!(signed_kroner(Ore(0)), "0,00");
    }

    #[test]
    fn spreadsheets_get_no_groups_and_a_hyphen() {
        assert_eq!(plain_kroner(Ore(-123_456_750)), "-1234567,50");
    }

    #[test]
    fn numbers_keep_the_decimals_they_have() {
        assert_eq!(number("1234.50".parse().unwrap()), "1\u{a0}234,5");
        assert_eq!(percent("25.00".parse().unwrap()), "25\u{a0}%");
        assert_eq!(percent("11.11".parse().unwrap()), "11,11\u{a0}%");
    }

    #[test]
    fn dates_are_written_short_and_long() {
        assert_eq!(date(day("2026-11-03")), "03.11.2026");
        assert_eq!(long_date(day("2026-11-03")), "3. november 2026");
        assert_eq!(long_date(day("2026-05-23")), "23. mai 2026");
    }

    #[test]
    fn long_numbers_are_grouped_as_registers_and_banks_print_them() {
        assert_eq!(organisation_number("963376030"), "963\u{a0}376\u{a0}030");
        assert_eq!(account_number("12345678901"), "1234.56.78901");
        assert_eq!(account_number("ukjent"), "ukjent");
    }
}
