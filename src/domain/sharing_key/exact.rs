//! From exact fractions of whole numbers to what is shown and what is paid.

use rust_decimal::Decimal;

use crate::domain::natural::Natural;

/// The fraction with that many decimals, the others cut off.
pub(super) fn decimal(numerator: &Natural, denominator: &Natural, decimals: u32) -> Decimal {
    scaled_quotient(numerator, denominator, decimals, decimals)
}

/// The fraction in percent, with that many decimals of a percent, the others cut off.
pub(super) fn percent(part: &Natural, whole: &Natural, decimals: u32) -> Decimal {
    scaled_quotient(part, whole, decimals + 2, decimals)
}

fn scaled_quotient(numerator: &Natural, denominator: &Natural, power: u32, decimals: u32) -> Decimal {
    let digits = (numerator * &Natural::power_of_ten(power)).divide(denominator).0;
    let digits = digits.to_u128().and_then(|digits| i128::try_from(digits).ok());
    digits.and_then(|digits| Decimal::try_from_i128_with_scale(digits, decimals).ok()).unwrap_or(Decimal::MAX)
}

/// The nearest whole number, half up, at most what 64 bits hold.
pub(super) fn nearest(numerator: &Natural, denominator: &Natural) -> u64 {
    let (quotient, remainder) = numerator.divide(denominator);
    let up = &remainder * &Natural::from(2_u64) >= *denominator;
    quotient.to_u64().and_then(|whole| whole.checked_add(u64::from(up))).unwrap_or(u64::MAX)
}

/// Kroner per unit times units, in øre, for explanations: exact as far as a decimal reaches.
pub(super) fn product_in_ore(rate: Decimal, units: Decimal) -> Decimal {
    rate.checked_mul(units).and_then(|kroner| kroner.checked_mul(Decimal::ONE_HUNDRED)).unwrap_or(Decimal::MAX)
}
