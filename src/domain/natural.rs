//! Natural numbers without an upper limit, so that shares are exact fractions whatever measures and rates are mixed.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{AddAssign, Deref, DerefMut, Mul, SubAssign};

use rust_decimal::Decimal;

/// A natural number: limbs of 64 bits, the least first, none of the last ones zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Natural(Limbs);

/// How many limbs are held without asking for memory: more than real keys need, so that sharing is quick.
const INLINE: usize = 6;

/// Limbs in place while they are few, and on the heap when they are many.
#[derive(Debug, Clone, Default)]
struct Limbs {
    length: usize,
    few: [u64; INLINE],
    many: Vec<u64>,
}

impl Limbs {
    fn zeros(length: usize) -> Self {
        let many = if length > INLINE { vec![0; length] } else { Vec::new() };
        Self { length, few: [0; INLINE], many }
    }

    /// With `length` limbs, of which new ones are zero.
    fn resized(&self, length: usize) -> Self {
        let mut limbs = Self::zeros(length);
        for (place, limb) in limbs.iter_mut().zip(self.iter()) {
            *place = *limb;
        }
        limbs
    }

    /// Without the last ones that are zero.
    fn trimmed(self) -> Self {
        let length = self.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
        if self.length > INLINE && length <= INLINE { self.resized(length) } else { Self { length, ..self } }
    }
}

impl Deref for Limbs {
    type Target = [u64];
    fn deref(&self) -> &[u64] {
        if self.length > INLINE { &self.many[..self.length] } else { &self.few[..self.length] }
    }
}

impl DerefMut for Limbs {
    fn deref_mut(&mut self) -> &mut [u64] {
        if self.length > INLINE { &mut self.many[..self.length] } else { &mut self.few[..self.length] }
    }
}

impl PartialEq for Limbs {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Limbs {}

impl Natural {
    pub(crate) fn power_of_ten(exponent: u32) -> Self {
        match 10_u128.checked_pow(exponent) {
            Some(power) => Self::from(power),
            None => &Self::power_of_ten(exponent / 2) * &Self::power_of_ten(exponent.div_ceil(2)),
        }
    }

    /// The magnitude of `number` times ten to the power of `scale`, which must be at least the number's own.
    pub(crate) fn scaled(number: Decimal, scale: u32) -> Self {
        let digits = Self::from(number.mantissa().unsigned_abs());
        match scale.saturating_sub(number.scale()) {
            0 => digits,
            more => &digits * &Self::power_of_ten(more),
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn to_u64(&self) -> Option<u64> {
        match *self.0 {
            [] => Some(0),
            [least] => Some(least),
            _ => None,
        }
    }

    pub(crate) fn to_u128(&self) -> Option<u128> {
        match *self.0 {
            [] => Some(0),
            [least] => Some(u128::from(least)),
            [least, next] => Some(u128::from(next) << 64 | u128::from(least)),
            _ => None,
        }
    }

    /// Nothing where `other` is the greater.
    pub(crate) fn checked_sub(mut self, other: &Self) -> Option<Self> {
        (&self >= other).then(|| {
            self -= other;
            self
        })
    }

    /// How many limbs it has.
    pub(crate) fn limbs(&self) -> usize {
        self.0.len()
    }

    /// How many limbs it has, and the two highest: never falls as the number rises.
    pub(crate) fn magnitude(&self) -> (usize, u128) {
        let mut highest = self.0.iter().rev();
        let mut next = || u128::from(highest.next().copied().unwrap_or(0));
        let top = next() << 64 | next();
        (self.0.len(), top)
    }

    /// Times two to the power of 64, that many times.
    pub(crate) fn shifted_by(&self, limbs: usize) -> Self {
        let mut shifted = Limbs::zeros(self.0.len() + limbs);
        shifted[limbs..].copy_from_slice(&self.0);
        Self(shifted.trimmed())
    }

    /// Quotient and remainder. Division by zero has the quotient zero, so that the function is total.
    pub(crate) fn divide(&self, divisor: &Self) -> (Self, Self) {
        if divisor.is_zero() || self < divisor {
            return (Self::default(), self.clone());
        }
        if let (Some(dividend), Some(divisor)) = (self.to_u128(), divisor.to_u128()) {
            return (Self::from(dividend / divisor), Self::from(dividend % divisor));
        }
        if let [divisor] = *divisor.0 {
            return self.divide_by_limb(divisor);
        }
        self.divide_long(divisor)
    }

    fn divide_by_limb(&self, divisor: u64) -> (Self, Self) {
        let mut quotient = Limbs::zeros(self.0.len());
        let mut rest = 0_u64;
        for (limb, place) in self.0.iter().zip(quotient.iter_mut()).rev() {
            let step = u128::from(rest) << 64 | u128::from(*limb);
            *place = low(step / u128::from(divisor));
            rest = low(step % u128::from(divisor));
        }
        (Self(quotient.trimmed()), Self::from(rest))
    }

    /// Schoolbook division in base 2^64 (Knuth, volume 2, algorithm D), for a divisor of at least two limbs that is not
    /// above the dividend.
    fn divide_long(&self, divisor: &Self) -> (Self, Self) {
        let shift = divisor.0.last().map_or(0, |limb| limb.leading_zeros());
        let divisor = shifted_bits(&divisor.0, shift);
        let mut rest = shifted_bits(&self.0, shift);
        let width = divisor.len() - 1;
        let divisor = &divisor[..width];
        let (top, second) = (u128::from(divisor[width - 1]), u128::from(divisor[width - 2]));
        let mut quotient = Limbs::zeros(rest.len() - width);
        for place in (0..quotient.len()).rev() {
            let head = u128::from(rest[place + width]) << 64 | u128::from(rest[place + width - 1]);
            let (mut guess, mut over) = (head / top, head % top);
            while guess >> 64 != 0 || guess * second > (over << 64 | u128::from(rest[place + width - 2])) {
                guess -= 1;
                over += top;
                if over >> 64 != 0 {
                    break;
                }
            }
            if subtract_product(&mut rest[place..=place + width], divisor, low(guess)) {
                guess -= 1;
                add_back(&mut rest[place..=place + width], divisor);
            }
            quotient[place] = low(guess);
        }
        let mut remainder = Limbs::zeros(width);
        for index in 0..width {
            // Below the divisor, so that nothing is shifted in from above its width.
            let above = if index + 1 < width { rest[index + 1] } else { 0 };
            remainder[index] = low((u128::from(above) << 64 | u128::from(rest[index])) >> shift);
        }
        (Self(quotient.trimmed()), Self(remainder.trimmed()))
    }
}

/// The lower 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is carried by the caller")]
fn low(number: u128) -> u64 {
    number as u64
}

/// The limbs times two to the power of `shift`, below 64, with one limb more.
fn shifted_bits(limbs: &[u64], shift: u32) -> Limbs {
    let mut carry = 0;
    let mut shifted = Limbs::zeros(limbs.len() + 1);
    for (place, limb) in shifted.iter_mut().zip(limbs.iter().chain([&0])) {
        let wide = u128::from(*limb) << shift | u128::from(carry);
        carry = low(wide >> 64);
        *place = low(wide);
    }
    shifted
}

/// Takes `divisor` times `factor` from `rest`, and says whether that went below zero (and wrapped).
fn subtract_product(rest: &mut [u64], divisor: &[u64], factor: u64) -> bool {
    let (mut carry, mut borrow) = (0_u64, false);
    for (place, limb) in rest.iter_mut().zip(divisor.iter().chain([&0])) {
        let product = u128::from(*limb) * u128::from(factor) + u128::from(carry);
        carry = low(product >> 64);
        let (without, first) = place.overflowing_sub(low(product));
        let (without, second) = without.overflowing_sub(u64::from(borrow));
        *place = without;
        borrow = first || second;
    }
    borrow
}

fn add_back(rest: &mut [u64], divisor: &[u64]) {
    let mut carry = 0;
    for (place, limb) in rest.iter_mut().zip(divisor.iter().chain([&0])) {
        let sum = u128::from(*place) + u128::from(*limb) + u128::from(carry);
        *place = low(sum);
        carry = low(sum >> 64);
    }
}

impl From<u64> for Natural {
    fn from(number: u64) -> Self {
        Self::from(u128::from(number))
    }
}

impl From<u128> for Natural {
    fn from(number: u128) -> Self {
        let mut limbs = Limbs::zeros(2);
        limbs.copy_from_slice(&[low(number), low(number >> 64)]);
        Self(limbs.trimmed())
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl AddAssign<&Natural> for Natural {
    fn add_assign(&mut self, other: &Natural) {
        if self.0.len() < other.0.len() {
            self.0 = self.0.resized(other.0.len());
        }
        let mut carry = false;
        for (index, place) in self.0.iter_mut().enumerate() {
            let limb = match other.0.get(index) {
                Some(limb) => *limb,
                None if carry => 0,
                None => break,
            };
            let (sum, first) = place.overflowing_add(limb);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *place = sum;
            carry = first || second;
        }
        if carry {
            let length = self.0.len();
            self.0 = self.0.resized(length + 1);
            self.0[length] = 1;
        }
    }
}

/// Takes away a number that is not the greater.
impl SubAssign<&Natural> for Natural {
    fn sub_assign(&mut self, other: &Natural) {
        debug_assert!(&*self >= other, "a natural number does not go below zero");
        let mut borrow = false;
        for (index, place) in self.0.iter_mut().enumerate() {
            let limb = other.0.get(index).copied().unwrap_or(0);
            let (without, first) = place.overflowing_sub(limb);
            let (without, second) = without.overflowing_sub(u64::from(borrow));
            *place = without;
            borrow = first || second;
        }
        self.0 = std::mem::take(&mut self.0).trimmed();
    }
}

impl<'n> Sum<&'n Natural> for Natural {
    fn sum<I: Iterator<Item = &'n Natural>>(numbers: I) -> Self {
        numbers.fold(Self::default(), |mut sum, number| {
            sum += number;
            sum
        })
    }
}

impl Mul for &Natural {
    type Output = Natural;
    fn mul(self, other: &Natural) -> Natural {
        match (&*self.0, &*other.0) {
            ([], _) | (_, []) => return Natural::default(),
            ([one], [another]) => return Natural::from(u128::from(*one) * u128::from(*another)),
            _ => {}
        }
        let mut product = Limbs::zeros(self.0.len() + other.0.len());
        for (index, limb) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (place, factor) in product[index..].iter_mut().zip(other.0.iter().chain([&0])) {
                let wide = u128::from(*limb) * u128::from(*factor) + u128::from(*place) + u128::from(carry);
                *place = low(wide);
                carry = low(wide >> 64);
            }
        }
        Natural(product.trimmed())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn natural() -> impl Strategy<Value = Natural> {
        let limb = prop_oneof![Just(0), Just(u64::MAX), Just(1 << 63), any::<u64>()];
        proptest::collection::vec(limb, 0..11).prop_map(|given| {
            let mut limbs = Limbs::zeros(given.len());
            limbs.copy_from_slice(&given);
            Natural(limbs.trimmed())
        })
    }

    fn sum(one: &Natural, another: &Natural) -> Natural {
        [one, another].into_iter().sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn dividing_undoes_multiplying(dividend in natural(), divisor in natural()) {
            let (quotient, rest) = dividend.divide(&divisor);
            prop_assert_eq!(sum(&(&quotient * &divisor), &rest), dividend);
            prop_assert!(divisor.is_zero() || rest < divisor);
        }

        #[test]
        fn a_product_divided_by_a_factor_is_the_other(one in natural(), another in natural()) {
            prop_assume!(!another.is_zero());
            prop_assert_eq!((&one * &another).divide(&another), (one, Natural::default()));
        }

        #[test]
        fn taking_away_undoes_adding(one in natural(), another in natural()) {
            prop_assert_eq!(sum(&one, &another).checked_sub(&another), Some(one.clone()));
            prop_assert_eq!(one.clone().checked_sub(&sum(&one, &Natural::from(1_u64))), None);
        }

        #[test]
        fn small_numbers_are_as_the_machine_has_them(one in any::<u64>(), another in 1..u64::MAX) {
            let (wide, other) = (u128::from(one), u128::from(another));
            let (one, another) = (Natural::from(one), Natural::from(another));
            prop_assert_eq!((&one * &another).to_u128(), Some(wide * other));
            prop_assert_eq!(one.divide(&another).0.to_u128(), Some(wide / other));
            prop_assert_eq!(one.cmp(&another), wide.cmp(&other));
        }
    }

    #[test]
    fn powers_of_ten_and_decimals_are_exact() {
        assert_eq!(Natural::power_of_ten(38).to_u128(), Some(10_u128.pow(38)));
        assert_eq!(Natural::scaled(Decimal::new(808, 3), 5).to_u64(), Some(80_800));
    }
}
