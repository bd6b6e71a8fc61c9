//! Money in whole øre. Rates and percentages are decimals, applied once, with the rounding named.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The largest amount taken from outside, either way: a hundred billion kroner, far above any joint procurement
/// and far below what whole numbers hold, so that sums cannot overflow.
pub const AMOUNT_ORE_MAX: i64 = 10_000_000_000_000;

/// Whether a VAT percentage is from 0 to 100.
#[must_use]
pub fn vat_percent_is_possible(percent: Decimal) -> bool {
    percent >= Decimal::ZERO && percent <= Decimal::ONE_HUNDRED
}

/// An amount in whole øre.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct Ore(pub i64);

/// Why a text is no amount in kroner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one decimal mark.
    #[error("\"{0}\" is no amount in kroner; write it as 1234.50 or 1234,50")]
    NotANumber(String),
    /// More than two decimals.
    #[error(
        "\"{0}\" has more than two decimals; an amount in kroner has at most two, and thousands are parted by spaces"
    )]
    TooPrecise(String),
    /// Above [`AMOUNT_ORE_MAX`].
    #[error("\"{0}\" is above the largest amount taken, 100 000 000 000 kroner")]
    TooLarge(String),
}

impl Ore {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads kroner with at most two decimals, decimal point or comma, thousands parted by (hard) spaces. A third decimal is
    /// refused even where it is zero: who writes `292.000` means thousands.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_kroner(text: &str) -> Result<Self, AmountError> {
        let plain: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
            .map(|c| match c {
                ',' => '.',
                '\u{2212}' => '-',
                other => other,
            })
            .collect();
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        let well_formed = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.ends_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.matches('.').count() <= 1;
        if !well_formed {
            return Err(AmountError::NotANumber(text.to_owned()));
        }
        if digits.len() > 20 {
            return Err(AmountError::TooLarge(text.to_owned()));
        }
        let kroner: Decimal = plain.parse().map_err(|_| AmountError::NotANumber(text.to_owned()))?;
        if kroner.scale() > 2 {
            return Err(AmountError::TooPrecise(text.to_owned()));
        }
        Self::of_kroner(kroner)
    }

    /// Kroner as a number, of which zeros at the end say nothing.
    ///
    /// # Errors
    /// It has parts of an øre, or is above [`AMOUNT_ORE_MAX`].
    pub fn of_kroner(kroner: Decimal) -> Result<Self, AmountError> {
        if kroner.normalize().scale() > 2 {
            return Err(AmountError::TooPrecise(kroner.to_string()));
        }
        kroner
            .checked_mul(Decimal::ONE_HUNDRED)
            .and_then(|ore| ore.to_i64())
            .filter(|ore| ore.unsigned_abs() <= AMOUNT_ORE_MAX.unsigned_abs())
            .map(Self)
            .ok_or_else(|| AmountError::TooLarge(kroner.to_string()))
    }

    /// The nearest whole øre, half away from zero.
    ///
    /// # Panics
    /// Above what 64 bits hold; amounts are limited on the way in so that this cannot be reached.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "amounts are limited on the way in, a wrapped sum of money would be worse than a stop"
    )]
    pub fn rounded(ore: Decimal) -> Self {
        let whole = ore.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Self(whole.to_i64().expect("an amount within 64 bits"))
    }

    /// The amount in øre as an exact decimal.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::from(self.0)
    }

    /// The amount in kroner as an exact decimal with two places.
    #[must_use]
    pub fn kroner(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// `percent` of the amount, the nearest whole øre, half away from zero.
    #[must_use]
    pub fn percent(self, percent: Decimal) -> Self {
        Self::rounded(self.decimal() * percent / Decimal::ONE_HUNDRED)
    }

    /// Whether it is an amount that is taken from outside: [`AMOUNT_ORE_MAX`] at most, either way.
    #[must_use]
    pub fn is_taken(self) -> bool {
        self.0.unsigned_abs() <= AMOUNT_ORE_MAX.unsigned_abs()
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Kroner with two decimals and a decimal point, for programs and the command line.
impl fmt::Display for Ore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ore = self.0.unsigned_abs();
        formatter.pad(&format!("{sign}{}.{:02}", ore / 100, ore % 100))
    }
}

impl Add for Ore {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Ore {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Ore {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Ore {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Ore {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Ore {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kroner_are_read_as_norwegians_and_programs_write_them() {
        for (text, ore) in [
            ("1000.00", 100_000),
            ("1 000,50", 100_050),
            ("1\u{a0}000", 100_000),
            ("0.5", 50),
            ("-12,05", -1_205),
            ("\u{2212}12,05", -1_205),
            ("12.5", 1_250),
        ] {
            assert_eq!(Ore::parse_kroner(text), Ok(Ore(ore)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_a_sentence() {
        for (text, sentence) in [
            ("", "no amount"),
            ("kr 5", "no amount"),
            ("1.2.3", "no amount"),
            (".5", "no amount"),
            ("1.005", "more than two decimals"),
            ("292.000", "thousands are parted by spaces"),
            ("292,000", "thousands are parted by spaces"),
            ("100000000000.01", "largest amount"),
            ("99999999999999999999999999999999999", "largest amount"),
        ] {
            let error = Ore::parse_kroner(text).unwrap_err().to_string();
            assert!(error.contains(sentence), "{text}: {error}");
        }
    }

    #[test]
    fn of_a_number_zeros_at_the_end_say_nothing() {
        assert_eq!(Ore::of_kroner(Decimal::new(29_200_000, 5)), Ok(Ore(29_200)));
        assert!(matches!(Ore::of_kroner(Decimal::new(1_005, 3)), Err(AmountError::TooPrecise(_))));
        assert!(matches!(Ore::of_kroner(Decimal::MAX), Err(AmountError::TooLarge(_))));
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        assert_eq!(Ore(10).percent(Decimal::from(25)), Ore(3));
        assert_eq!(Ore(-10).percent(Decimal::from(25)), Ore(-3));
    }
}
