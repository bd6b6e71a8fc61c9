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
    use expect_test::expect_file;

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Amounts in øre on both sides of every border of a group and of rounding, and many between them.
    fn amounts() -> Vec<i64> {
        let borders = (0..14).map(|power| 10_i64.pow(power)).flat_map(|power| [power - 1, power, power + 1, power * 5]);
        let mut scattered = 1_i64;
        let scattered = std::iter::repeat_with(|| {
            scattered = scattered.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            scattered >> (20 + scattered.rem_euclid(20))
        });
        let amounts = borders.chain([4, 49, 50, 51, 95, 994, 995, 99_949, 99_950]).chain(scattered.take(60));
        amounts.flat_map(|amount| [amount, -amount]).collect()
    }

    /// The first, the last and other days of every month, in several years.
    fn days() -> impl Iterator<Item = NaiveDate> {
        let months = [2020, 2026, 2099].into_iter().flat_map(|year| (1..=12).map(move |month| (year, month)));
        months.flat_map(|(year, month)| {
            [1, 9, 10, 28, 29, 30, 31].into_iter().filter_map(move |day| NaiveDate::from_ymd_opt(year, month, day))
        })
    }

    /// What each is, the value, and how it is written.
    fn written(language: Language) -> String {
        let writing = Writing(language);
        let mut lines = Vec::new();
        for amount in amounts() {
            let (kroner, hundredth) = (Decimal::new(amount, 2), Decimal::new(amount, 4));
            let thousand = Decimal::new(amount, 5);
            lines.push(format!("kroner\t{kroner}\t{}", writing.with_unit(&writing.decimal(kroner, 2))));
            lines.push(format!("whole kroner\t{kroner}\t{}", writing.with_unit(&writing.decimal(kroner, 0))));
            lines.push(format!("thousands\t{thousand}\t{}", writing.decimal(thousand, 1)));
            lines.push(format!("number\t{hundredth}\t{}", writing.number(hundredth)));
            lines.push(format!("percent\t{hundredth}\t{}", writing.percent(kroner)));
        }
        lines.extend(days().map(|day| format!("day\t{day}\t{}", writing.date(day))));
        if language != Language::NorthernSami {
            lines.extend(days().map(|day| format!("long day\t{day}\t{}", writing.long_date(day))));
        }
        lines.join("\n") + "\n"
    }

    // `tests/browser/icu.mjs` compares the file with ICU, line by line.
    #[test]
    fn norwegian_and_northern_sami_write_numbers_and_days_as_icu_does_for_bokmal() {
        let bokmal = written(Language::Bokmal);
        expect_file!["../../tests/golden/as_icu_writes.tsv"].assert_eq(&bokmal);
        assert_eq!(written(Language::Nynorsk), bokmal);
        assert!(bokmal.starts_with(&written(Language::NorthernSami)), "days in figures apart from months in words");
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
