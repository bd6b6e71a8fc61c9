//! KID (kundeidentifikasjon): the digits that tie a payment to its invoice, made and checked as the agreement with the bank says.

use serde::Deserialize;

use super::check_digit::{KID_LENGTH_MAX, KID_LENGTH_MIN, KidMethod, is_kid, kid};

/// The digits of the numbers in a series: its own two or more, the year's, and a running number.
const INVOICE_NUMBER_DIGITS: usize = 9;
const MUNICIPALITY_NUMBER_DIGITS: usize = 4;

/// How an issuer makes its KID: customer number, invoice number, check digit, each with a fixed number of digits, since
/// the bank checks length and check digit before it takes a payment.
///
/// MOD11 has no digit for some numbers. A KID by it has a running digit before the check digit: 0, or 1 where the KID would
/// then end in a dash. Two running digits next to each other never both do, so that no invoice number is skipped for its KID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KidScheme {
    /// How the check digit is found.
    pub method: KidMethod,
    /// The digits of the recipient's municipality or county number, filled up with zeros; 0 leaves it out.
    pub customer_digits: usize,
    /// The digits of the invoice number, filled up with zeros.
    pub number_digits: usize,
}

impl KidScheme {
    /// How many characters every KID has, the check digit with them.
    #[must_use]
    pub fn length(self) -> usize {
        let ending = match self.method {
            KidMethod::Mod10 => 1,
            KidMethod::Mod11 => 2,
        };
        self.customer_digits.saturating_add(self.number_digits).saturating_add(ending)
    }

    /// Whether it can give every invoice a KID: it holds the invoice number and a municipality's, and 2 to 25 characters in all.
    #[must_use]
    pub fn is_possible(self) -> bool {
        let holds_customer = self.customer_digits == 0 || self.customer_digits >= MUNICIPALITY_NUMBER_DIGITS;
        let holds_number = self.number_digits >= INVOICE_NUMBER_DIGITS;
        holds_customer && holds_number && (KID_LENGTH_MIN..=KID_LENGTH_MAX).contains(&self.length())
    }

    /// The KID of an invoice number; it never ends in a dash. None where a part has more digits than room.
    #[must_use]
    pub fn kid(self, customer: Option<&str>, number: u64) -> Option<String> {
        let customer = part(customer.filter(|_| self.customer_digits > 0).unwrap_or_default(), self.customer_digits)?;
        let number = part(&number.to_string(), self.number_digits)?;
        let digits = format!("{customer}{number}");
        match self.method {
            KidMethod::Mod10 => kid(&digits, self.method),
            KidMethod::Mod11 => ["0", "1"]
                .into_iter()
                .filter_map(|running| kid(&format!("{digits}{running}"), self.method))
                .find(|kid| !kid.ends_with('-')),
        }
    }

    /// Whether `text` can be a KID of this scheme: its length and its check digit are right.
    #[must_use]
    pub fn is_kid(self, text: &str) -> bool {
        text.len() == self.length() && !text.ends_with('-') && is_kid(text, self.method)
    }
}

/// `digits` filled up with zeros to exactly `length`.
fn part(digits: &str, length: usize) -> Option<String> {
    (digits.len() <= length).then(|| format!("{digits:0>length$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(method: KidMethod, customer_digits: usize, number_digits: usize) -> KidScheme {
        KidScheme { method, customer_digits, number_digits }
    }

    #[test]
    fn an_invoice_number_gets_the_published_check_digit() {
        let plain = |method, digits| scheme(method, 0, digits);
        assert_eq!(plain(KidMethod::Mod10, 8).kid(None, 12_345_678).as_deref(), Some("123456782"));
        assert_eq!(plain(KidMethod::Mod10, 9).kid(None, 202_400_017).as_deref(), Some("2024000172"));
    }

    #[test]
    fn every_kid_of_a_scheme_has_the_same_length_with_or_without_the_customer() {
        let scheme = scheme(KidMethod::Mod10, 4, 9);
        for (customer, number) in [(Some("5501"), 542_300_001), (Some("54"), 1), (None, 7)] {
            let kid = scheme.kid(customer, number).unwrap();
            assert_eq!(kid.len(), 14);
            assert!(scheme.is_kid(&kid), "{kid}");
        }
        assert!(scheme.kid(Some("5501"), 542_300_001).unwrap().starts_with("5501542300001"));
    }

    #[test]
    fn no_number_is_without_a_kid_by_mod11_and_no_kid_ends_in_a_dash() {
        let scheme = scheme(KidMethod::Mod11, 0, 3);
        let kids: Vec<String> = (1..1_000).map(|number| scheme.kid(None, number).unwrap()).collect();
        assert!(kids.iter().all(|kid| kid.len() == scheme.length() && scheme.is_kid(kid)));
        assert!(kids.iter().any(|kid| kid[3..].starts_with('1')), "some need the other running digit");
        assert!(!scheme.is_kid("0023-"));
    }

    #[test]
    fn a_number_with_more_digits_than_room_has_no_kid() {
        assert_eq!(scheme(KidMethod::Mod10, 0, 3).kid(None, 1_000), None);
        assert_eq!(scheme(KidMethod::Mod10, 2, 3).kid(Some("5501"), 1), None);
        assert_eq!(scheme(KidMethod::Mod10, 4, 3).kid(Some("54ab"), 1), None);
    }

    #[test]
    fn another_length_or_a_wrong_digit_is_no_kid_of_the_scheme() {
        let scheme = scheme(KidMethod::Mod10, 0, 8);
        assert!(scheme.is_kid("123456782"));
        for text in ["123456783", "0123456782", "12345678", "12345678२", ""] {
            assert!(!scheme.is_kid(text), "{text}");
        }
    }

    #[test]
    fn a_scheme_has_room_for_an_invoice_number_and_25_characters_at_most() {
        assert!(scheme(KidMethod::Mod10, 0, 9).is_possible());
        assert!(scheme(KidMethod::Mod10, 15, 9).is_possible());
        assert!(!scheme(KidMethod::Mod10, 16, 9).is_possible());
        assert!(!scheme(KidMethod::Mod10, 9, 8).is_possible(), "a number in a series has nine digits");
        assert!(!scheme(KidMethod::Mod10, 3, 9).is_possible(), "a municipality's number has four");
        assert!(!scheme(KidMethod::Mod10, usize::MAX, usize::MAX).is_possible());
    }
}
