//! Numbers, amounts and days as each language writes them.
//!
//! Bokmål, nynorsk and Northern Sámi write numbers alike: [`norwegian`]. Northern Sámi has its days in figures, since
//! the case of its months' names is not verified. English has commas between groups and a point before decimals.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::norwegian::{self, HARD_SPACE};
use crate::text::Language;

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A language's way of writing numbers and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Writing(pub Language);

impl Writing {
    /// A number with so many decimals, rounded half away from zero: `1 234,50`, in English `1,234.50`.
    pub(super) fn decimal(self, value: Decimal, places: u32) -> String {
        let text = norwegian::decimal(value, places);
        match self.0 {
            Language::Bokmal | Language::Nynorsk | Language::NorthernSami => text,
            Language::English => text.replace(',', ".").replace(HARD_SPACE, ","),
        }
    }

    /// A number with the decimals it has and no more.
    pub(super) fn number(self, value: Decimal) -> String {
        let plain = value.normalize();
        self.decimal(plain, plain.scale())
    }

    /// `25 %`, in English `25%`, with the decimals it has.
    pub(super) fn percent(self, value: Decimal) -> String {
        self.percent_of(&self.number(value))
    }

    /// A finished number as a percentage.
    pub(super) fn percent_of(self, number: &str) -> String {
        match self.0 {
            Language::Bokmal | Language::Nynorsk | Language::NorthernSami => format!("{number}{HARD_SPACE}%"),
            Language::English => format!("{number}%"),
        }
    }

    /// `52 311 kr`, in English `NOK 52,311`.
    pub(super) fn with_unit(self, amount: &str) -> String {
        match self.0 {
            Language::Bokmal | Language::Nynorsk | Language::NorthernSami => format!("{amount}{HARD_SPACE}kr"),
            Language::English => format!("NOK{HARD_SPACE}{amount}"),
        }
    }

    /// `23.11.2026`, in English `23 Nov 2026`.
    pub(super) fn date(self, day: NaiveDate) -> String {
        match self.0 {
            Language::Bokmal | Language::Nynorsk | Language::NorthernSami => norwegian::date(day),
            Language::English => {
                let month = english_month(day).get(..3).unwrap_or_default();
                format!("{}{HARD_SPACE}{month}{HARD_SPACE}{}", day.day(), day.year())
            }
        }
    }

    /// `23. november 2026`, in English `23 November 2026`.
    pub(super) fn long_date(self, day: NaiveDate) -> String {
        match self.0 {
            Language::Bokmal | Language::Nynorsk => norwegian::long_date(day),
            Language::NorthernSami => norwegian::date(day),
            Language::English => format!("{} {} {}", day.day(), english_month(day), day.year()),
        }
    }
}

fn english_month(day: NaiveDate) -> &'static str {
    ENGLISH_MONTHS.get(day.month0() as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// What ICU 78 gives for `nb`, number for number.
    const AS_ICU_HAS_THEM: [(&str, &str); 6] = [
        ("0", "0,00"),
        ("999.99", "999,99"),
        ("1000", "1\u{a0}000,00"),
        ("1234567.5", "1\u{a0}234\u{a0}567,50"),
        ("-1234567.5", "\u{2212}1\u{a0}234\u{a0}567,50"),
        ("-0.05", "\u{2212}0,05"),
    ];

    #[test]
    fn norwegian_and_northern_sami_write_numbers_as_icu_does_for_bokmal() {
        for language in [Language::Bokmal, Language::Nynorsk, Language::NorthernSami] {
            for (value, text) in AS_ICU_HAS_THEM {
                assert_eq!(Writing(language).decimal(number(value), 2), text, "{language:?}");
            }
        }
    }

    #[test]
    fn english_has_commas_between_groups_and_a_point() {
        let english = Writing(Language::English);
        assert_eq!(english.decimal(number("-1234567.5"), 2), "\u{2212}1,234,567.50");
        assert_eq!(english.number(number("1234.50")), "1,234.5");
        assert_eq!(english.percent(number("11.110")), "11.11%");
        assert_eq!(english.with_unit("5"), "NOK\u{a0}5");
    }

    #[test]
    fn days_are_written_in_each_language() {
        let day: NaiveDate = "2026-11-03".parse().unwrap();
        let written = Language::ALL.map(|language| (Writing(language).date(day), Writing(language).long_date(day)));
        let expected = [
            ("03.11.2026", "3. november 2026"),
            ("03.11.2026", "3. november 2026"),
            ("03.11.2026", "03.11.2026"),
            ("3\u{a0}Nov\u{a0}2026", "3 November 2026"),
        ];
        assert_eq!(written, expected.map(|(short, long)| (short.to_owned(), long.to_owned())));
    }
}
