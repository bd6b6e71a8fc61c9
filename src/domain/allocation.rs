//! Allocation: an amount shared by weights, to the øre.
//!
//! Largest remainder on exact whole numbers. Every exact share is rounded down, and the øre that are left go one each to
//! the largest remainders. So the shares add up to the amount, each is within one øre of exact, a heavier weight never
//! pays less, weight zero pays zero, and a tie goes by the parties' names and not by the order of the rows. A negative
//! amount mirrors the positive one.
//!
//! Two things it cannot promise: raising the amount can lower one share by an øre, and a newcomer can raise one.
//!
//! Nothing overflows and nothing is lost to rounding on the way: weights are decimals of up to 28 digits, any number of
//! them, and the fractions between are held in whole numbers of any size.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::money::Ore;
use super::natural::Natural;

/// Why weights cannot share an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// All weights are zero, or there are none.
    #[error("there is no weight above zero to share {amount} by; give at least one party a weight")]
    NoWeight {
        /// What was to be shared.
        amount: Ore,
    },
    /// A weight is below zero.
    #[error("the weight of \"{party}\" is {weight}; a weight is zero or more")]
    NegativeWeight {
        /// Whose weight it is.
        party: String,
        /// The weight.
        weight: Decimal,
    },
}

/// Shares `amount` by weights, in the order given. The texts are the stable keys that ties go by, see [`by_party`].
///
/// Nothing is shared among nobody: an amount of zero needs no weight.
///
/// # Errors
/// A negative weight, or no weight at all.
pub fn allocate(amount: Ore, weights: &[(&str, Decimal)]) -> Result<Vec<Ore>, AllocationError> {
    if let Some((party, weight)) = weights.iter().find(|(_, weight)| weight.is_sign_negative() && !weight.is_zero()) {
        return Err(AllocationError::NegativeWeight { party: (*party).to_owned(), weight: *weight });
    }
    let scale = weights.iter().map(|(_, weight)| weight.scale()).max().unwrap_or(0);
    let scaled: Vec<Natural> = weights.iter().map(|(_, weight)| Natural::scaled(*weight, scale)).collect();
    let mut whole = Natural::default();
    scaled.iter().for_each(|weight| whole += weight);
    if whole.is_zero() {
        let nothing = vec![Ore::ZERO; weights.len()];
        return if amount == Ore::ZERO { Ok(nothing) } else { Err(AllocationError::NoWeight { amount }) };
    }
    let total = amount.0.unsigned_abs();
    let parts: Vec<Natural> = scaled.iter().map(|weight| weight * &Natural::from(total)).collect();
    let wholes = largest_remainder(total, &parts, &whole, |one, another| by_party(weights[one].0, weights[another].0));
    Ok(wholes.into_iter().map(|part| mirrored(part.whole, amount.is_negative())).collect())
}

/// An exact part made whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole {
    /// The whole number.
    pub(crate) whole: u64,
    /// Whether it is the one above the exact part, not the one below.
    pub(crate) up: bool,
}

/// Makes the exact parts `numerators / denominator` whole so that they add up to `total`, as they do before.
/// `tie` orders two parts, by their places, that have the same remainder: the lesser is rounded up first.
pub(crate) fn largest_remainder(
    total: u64,
    numerators: &[Natural],
    denominator: &Natural,
    tie: impl Fn(usize, usize) -> Ordering,
) -> Vec<Whole> {
    let (mut wholes, remainders): (Vec<Whole>, Vec<Natural>) = numerators
        .iter()
        .map(|numerator| {
            let (quotient, remainder) = numerator.divide(denominator);
            (Whole { whole: quotient.to_u64().unwrap_or(u64::MAX), up: false }, remainder)
        })
        .unzip();
    let given: u64 = wholes.iter().map(|part| part.whole).fold(0, u64::saturating_add);
    let left = usize::try_from(total.saturating_sub(given)).unwrap_or(usize::MAX).min(wholes.len());
    let mut order: Vec<usize> = (0..wholes.len()).collect();
    if 0 < left && left < order.len() {
        order.select_nth_unstable_by(left, |one, another| {
            remainders[*another].cmp(&remainders[*one]).then_with(|| tie(*one, *another))
        });
    }
    for place in order.into_iter().take(left) {
        wholes[place].whole += 1;
        wholes[place].up = true;
    }
    wholes
}

/// The amount with its sign.
pub(crate) fn mirrored(ore: u64, negative: bool) -> Ore {
    let amount = Ore(i64::try_from(ore).unwrap_or(i64::MAX));
    if negative { -amount } else { amount }
}

/// The stable order of parties, by which ties go: ascending names, the numbers in them as numbers (so that "9" comes
/// before "10"), everything else by code point. Names that differ only in leading zeros go by their text.
#[must_use]
pub fn by_party(one: &str, another: &str) -> Ordering {
    let (mut left, mut right) = (one.as_bytes(), another.as_bytes());
    loop {
        let (left_digits, right_digits) = (leading_digits(left), leading_digits(right));
        let order = match (left_digits, right_digits) {
            (0, _) | (_, 0) => match (left.first(), right.first()) {
                (Some(one), Some(another)) => {
                    (left, right) = (&left[1..], &right[1..]);
                    one.cmp(another)
                }
                (None, None) => return one.cmp(another),
                (one, another) => return one.cmp(&another),
            },
            (_, _) => {
                let (one, another) = (number(&left[..left_digits]), number(&right[..right_digits]));
                (left, right) = (&left[left_digits..], &right[right_digits..]);
                one.len().cmp(&another.len()).then_with(|| one.cmp(another))
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn number(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weights() -> impl Strategy<Value = Vec<(String, Decimal)>> {
        let weight = prop_oneof![
            Just(Decimal::ZERO),
            Just(Decimal::ONE),
            (0..100_000_i64).prop_map(Decimal::from),
            (0..i64::MAX, 0..12_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
            Just(Decimal::MAX),
        ];
        proptest::collection::vec(weight, 1..30).prop_map(|weights| {
            weights.into_iter().enumerate().map(|(place, weight)| ((5_501 + place).to_string(), weight)).collect()
        })
    }

    fn borrowed(weights: &[(String, Decimal)]) -> Vec<(&str, Decimal)> {
        weights.iter().map(|(party, weight)| (party.as_str(), *weight)).collect()
    }

    fn some_weight(weights: &[(String, Decimal)]) -> bool {
        weights.iter().any(|(_, weight)| !weight.is_zero())
    }

    proptest! {
        #[test]
        fn shares_add_up_and_weight_zero_pays_zero(amount in any::<i32>(), weights in weights()) {
            prop_assume!(some_weight(&weights));
            let amount = Ore(i64::from(amount));
            let shares = allocate(amount, &borrowed(&weights)).unwrap();
            prop_assert_eq!(shares.iter().copied().sum::<Ore>(), amount);
            for (share, (_, weight)) in shares.iter().zip(&weights) {
                prop_assert!(!weight.is_zero() || *share == Ore::ZERO);
            }
        }

        #[test]
        fn each_share_is_within_one_ore_of_exact(amount in 0..10_000_000_i64, weights in proptest::collection::vec(0..1_000_000_i64, 1..30)) {
            let sum: i64 = weights.iter().sum();
            prop_assume!(sum > 0);
            let named: Vec<(String, Decimal)> =
                weights.iter().enumerate().map(|(place, weight)| (place.to_string(), Decimal::from(*weight))).collect();
            let shares = allocate(Ore(amount), &borrowed(&named)).unwrap();
            for (share, weight) in shares.iter().zip(&weights) {
                let off = i128::from(share.0) * i128::from(sum) - i128::from(amount) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(sum));
            }
        }

        #[test]
        fn a_heavier_weight_never_pays_less(amount in 0..i64::from(u32::MAX), weights in weights()) {
            prop_assume!(some_weight(&weights));
            let shares = allocate(Ore(amount), &borrowed(&weights)).unwrap();
            let mut pairs: Vec<_> = weights.iter().map(|(_, weight)| *weight).zip(shares).collect();
            pairs.sort();
            prop_assert!(pairs.is_sorted_by_key(|(_, share)| *share));
        }

        #[test]
        fn the_order_of_the_rows_does_not_matter(amount in any::<i32>(), weights in weights(), turn in 0..30_usize) {
            prop_assume!(some_weight(&weights));
            let amount = Ore(i64::from(amount));
            let mut shares = allocate(amount, &borrowed(&weights)).unwrap();
            let mut turned = weights.clone();
            let turn = turn % weights.len();
            turned.rotate_left(turn);
            shares.rotate_left(turn);
            prop_assert_eq!(allocate(amount, &borrowed(&turned)).unwrap(), shares);
        }

        #[test]
        fn a_negative_amount_mirrors_the_positive(amount in 0..i64::from(u32::MAX), weights in weights()) {
            prop_assume!(some_weight(&weights));
            let mirror: Vec<Ore> = allocate(Ore(-amount), &borrowed(&weights)).unwrap().into_iter().map(|share| -share).collect();
            prop_assert_eq!(mirror, allocate(Ore(amount), &borrowed(&weights)).unwrap());
        }
    }

    #[test]
    fn the_odd_ore_of_a_tie_goes_to_the_lowest_number_and_not_to_the_first_row() {
        let weights = [("10", Decimal::ONE), ("9", Decimal::ONE), ("11", Decimal::ONE)];
        assert_eq!(allocate(Ore(10), &weights), Ok(vec![Ore(3), Ore(4), Ore(3)]));
    }

    #[test]
    fn no_weight_and_negative_weights_are_refused() {
        let none = allocate(Ore(100), &[("5501", Decimal::ZERO)]).unwrap_err().to_string();
        assert_eq!(none, "there is no weight above zero to share 1.00 by; give at least one party a weight");
        let negative = allocate(Ore(100), &[("5501", -Decimal::ONE)]).unwrap_err().to_string();
        assert_eq!(negative, "the weight of \"5501\" is -1; a weight is zero or more");
        assert_eq!(allocate(Ore::ZERO, &[]), Ok(vec![]));
    }

    #[test]
    fn numbers_in_names_are_ordered_as_numbers() {
        let mut names = ["Å", "10", "b2", "5501", "0301", "b10", "9", "301", "a", "b"];
        names.sort_by(|one, another| by_party(one, another));
        assert_eq!(names, ["9", "10", "0301", "301", "5501", "a", "b", "b2", "b10", "Å"]);
    }
}
