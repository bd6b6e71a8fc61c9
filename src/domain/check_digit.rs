//! Check digits: organisation numbers and account numbers (MOD11), and KID (MOD10 or MOD11).

/// How a KID is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KidMethod {
    /// Luhn: weights 2 and 1 from the right, the digits of each product added.
    Mod10,
    /// Weights 2 to 7 from the right; a remainder of one is written as a dash.
    Mod11,
}

/// The fewest digits of a KID, the check digit with them.
pub const KID_LENGTH_MIN: usize = 2;
/// The most digits of a KID, the check digit with them.
pub const KID_LENGTH_MAX: usize = 25;

/// The digit that makes `digits` divisible by the method, or `-` where MOD11 has none.
///
/// Nothing where `digits` are none, or hold anything but the digits 0 to 9.
#[must_use]
pub fn check_digit(digits: &str, method: KidMethod) -> Option<char> {
    let values = values(digits)?;
    let digit = match method {
        KidMethod::Mod10 => (10 - luhn(&values) % 10) % 10,
        KidMethod::Mod11 => (11 - weighted(&values) % 11) % 11,
    };
    Some(char::from_digit(digit, 10).unwrap_or('-'))
}

/// Whether `number` is nine digits, the last of which is its MOD11 check digit, as Brønnøysund gives them.
#[must_use]
pub fn is_organisation_number(number: &str) -> bool {
    number.len() == 9 && ends_with_check_digit(number, KidMethod::Mod11) && !number.ends_with('-')
}

/// Whether `number` is eleven digits, the last of which is its MOD11 check digit. Points and spaces are not taken.
#[must_use]
pub fn is_account_number(number: &str) -> bool {
    number.len() == 11 && ends_with_check_digit(number, KidMethod::Mod11) && !number.ends_with('-')
}

/// Whether `kid` has 2 to 25 characters, the last of which is the check digit (a dash where MOD11 has no digit).
#[must_use]
pub fn is_kid(kid: &str, method: KidMethod) -> bool {
    (KID_LENGTH_MIN..=KID_LENGTH_MAX).contains(&kid.len()) && ends_with_check_digit(kid, method)
}

/// `digits` with their check digit. Nothing where that would be no KID of 2 to 25 characters.
///
/// A KID that ends in a dash is valid, but cannot be typed everywhere; who numbers invoices may skip it.
#[must_use]
pub fn kid(digits: &str, method: KidMethod) -> Option<String> {
    let check = check_digit(digits, method)?;
    (digits.len() < KID_LENGTH_MAX).then(|| format!("{digits}{check}"))
}

/// The international form of a Norwegian account number (ISO 13616): `NO`, two check digits, and the number.
///
/// Nothing where `account_number` is none.
#[must_use]
pub fn iban(account_number: &str) -> Option<String> {
    if !is_account_number(account_number) {
        return None;
    }
    // The country comes last for the check, its letters as numbers (N is 23, O is 24), with room for the check digits.
    let number: u64 = format!("{account_number}232400").parse().ok()?;
    Some(format!("NO{:02}{account_number}", 98 - number % 97))
}

fn ends_with_check_digit(number: &str, method: KidMethod) -> bool {
    let mut characters = number.chars();
    let last = characters.next_back();
    last.is_some() && last == check_digit(characters.as_str(), method)
}

fn values(digits: &str) -> Option<Vec<u32>> {
    let values: Option<Vec<u32>> = digits.chars().map(|character| character.to_digit(10)).collect();
    values.filter(|values| !values.is_empty())
}

fn luhn(values: &[u32]) -> u32 {
    values
        .iter()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(value, weight)| value * weight)
        .map(|p| p / 10 + p % 10)
        .sum()
}

fn weighted(values: &[u32]) -> u32 {
    values.iter().rev().zip((2..=7).cycle()).map(|(value, weight)| value * weight).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        kid_mod10: BTreeMap<String, char>,
        kid_mod11: BTreeMap<String, char>,
        kontonummer_mod11: BTreeMap<String, char>,
        orgnr_mod11: BTreeMap<String, char>,
        mod11_dash_examples: Vec<String>,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!("../../tests/data/check_digit_vectors.json")).unwrap()
    }

    #[test]
    fn every_published_kid_is_checked() {
        let vectors = vectors();
        for (method, numbers) in [(KidMethod::Mod10, vectors.kid_mod10), (KidMethod::Mod11, vectors.kid_mod11)] {
            assert!(!numbers.is_empty());
            for (digits, check) in numbers {
                assert_eq!(check_digit(&digits, method), Some(check), "{digits}");
                assert!(is_kid(&format!("{digits}{check}"), method) == (digits.len() < 25), "{digits}");
            }
        }
    }

    #[test]
    fn every_published_account_and_organisation_number_is_checked() {
        let vectors = vectors();
        for (digits, check) in vectors.kontonummer_mod11 {
            assert!(is_account_number(&format!("{digits}{check}")), "{digits}");
        }
        for (digits, check) in vectors.orgnr_mod11 {
            assert!(is_organisation_number(&format!("{digits}{check}")), "{digits}");
        }
    }

    #[test]
    fn where_mod11_has_no_digit_a_kid_ends_in_a_dash_and_an_account_does_not_exist() {
        for digits in vectors().mod11_dash_examples {
            assert_eq!(check_digit(&digits, KidMethod::Mod11), Some('-'), "{digits}");
            assert!(is_kid(&format!("{digits}-"), KidMethod::Mod11));
        }
        assert_eq!(check_digit("0000000006", KidMethod::Mod11), Some('-'));
        assert!(!is_account_number("0000000006-"));
        assert!(!is_organisation_number("00000006-"));
    }

    #[test]
    fn one_wrong_digit_is_always_seen() {
        for place in 0..9 {
            for digit in '0'..='9' {
                let mut number: Vec<char> = "922420866".chars().collect();
                let right = number[place] == digit;
                number[place] = digit;
                assert_eq!(is_organisation_number(&number.iter().collect::<String>()), right);
            }
        }
    }

    #[test]
    fn an_account_number_has_one_international_form() {
        assert_eq!(iban("86011117947").as_deref(), Some("NO9386011117947"));
        assert_eq!(iban("86011117948"), None);
    }

    #[test]
    fn what_is_no_number_is_no_valid_number() {
        for number in ["", "-", "92242086", "9224208666", "92242086६", "922 420 866", "æøåæøåæøå"] {
            assert!(!is_organisation_number(number), "{number}");
            assert!(!is_account_number(number), "{number}");
        }
        assert!(!is_kid("8", KidMethod::Mod10));
        assert_eq!(kid(&"1".repeat(25), KidMethod::Mod10), None);
        assert_eq!(kid("12345678", KidMethod::Mod11).as_deref(), Some("123456785"));
    }
}
