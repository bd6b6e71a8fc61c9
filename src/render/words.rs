//! The words and sentences of the documents, from `reports/text`.

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;

use super::writing::Writing;
use crate::domain::assessment::Certainty;
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::text::{self, Language, Put, Said, bokmal};
use crate::view::budget_sheet::LineKind;

/// In what amounts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Kroner with two decimals.
    Ore,
    /// Whole kroner.
    Kroner,
    /// Thousands of kroner with one decimal.
    Thousands,
}

/// How a reader is answered: in which language, amounts in what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Say {
    /// The language.
    pub language: Language,
    /// In what amounts are shown.
    pub unit: Unit,
}

impl Say {
    /// Bokmål, to the øre.
    pub(super) const BOKMAL: Self = Self { language: Language::Bokmal, unit: Unit::Ore };

    /// A language whose sentences are made of figures; to the øre.
    pub(super) fn of(language: Language) -> Self {
        Self { language: language.of_sentences(), unit: Unit::Ore }
    }

    /// The same with amounts to the øre.
    pub(super) fn in_ore(self) -> Self {
        Self { unit: Unit::Ore, ..self }
    }

    /// The same with amounts in whole kroner.
    pub(super) fn in_kroner(self) -> Self {
        Self { unit: Unit::Kroner, ..self }
    }

    /// A word or a sentence without anything to put in.
    pub(super) fn word(self, key: &str) -> String {
        text::say(self.language, key, &[]).text
    }

    /// The same with the language it turned out in.
    pub(super) fn said(self, key: &str) -> Said {
        text::say(self.language, key, &[])
    }

    /// A sentence with finished texts put in.
    pub(super) fn sentence<const COUNT: usize>(self, key: &str, with: [(&'static str, &str); COUNT]) -> String {
        let with = with.map(|(name, put)| (name, Put::Text(put.to_owned())));
        text::say(self.language, key, &with).text
    }

    /// A sentence whose form depends on how many there are of `counted`.
    pub(super) fn counting<const COUNT: usize>(
        self,
        key: &str,
        (counted, count): (&'static str, i64),
        with: [(&'static str, &str); COUNT],
    ) -> String {
        let texts = with.into_iter().map(|(name, put)| (name, Put::Text(put.to_owned())));
        let all: Vec<(&str, Put)> = texts.chain([(counted, Put::Count(count))]).collect();
        text::say(self.language, key, &all).text
    }

    /// A sentence whose form depends on how many `days` there are.
    pub(super) fn of_days<const COUNT: usize>(
        self,
        key: &str,
        days: i64,
        with: [(&'static str, &str); COUNT],
    ) -> String {
        self.counting(key, ("days", days), with)
    }

    /// What a kind of line is called.
    pub(super) fn line_kind(self, kind: LineKind) -> String {
        self.word(line_kind_key(kind))
    }

    /// An amount without its unit.
    pub(super) fn amount(self, amount: Ore) -> String {
        match self.unit {
            Unit::Ore => self.writing().decimal(amount.kroner(), 2),
            Unit::Kroner => self.writing().decimal(amount.kroner(), 0),
            Unit::Thousands => self.writing().decimal(amount.kroner() / Decimal::ONE_THOUSAND, 1),
        }
    }

    /// The same with a sign wherever it is not nothing, for changes.
    pub(super) fn signed_amount(self, amount: Ore) -> String {
        let text = self.amount(amount);
        if amount > Ore::ZERO { format!("+{text}") } else { text }
    }

    /// An amount with its unit, such as `52 311 kr`.
    pub(super) fn kroner(self, amount: Ore) -> String {
        self.writing().with_unit(&self.amount(amount))
    }

    /// A change with its sign and unit.
    pub(super) fn signed_kroner(self, amount: Ore) -> String {
        self.writing().with_unit(&self.signed_amount(amount))
    }

    /// A number with the decimals it has.
    pub(super) fn number(self, value: Decimal) -> String {
        self.writing().number(value)
    }

    /// A percentage with the decimals it has.
    pub(super) fn percent(self, value: Decimal) -> String {
        self.writing().percent(value)
    }

    /// A day in figures.
    pub(super) fn date(self, day: NaiveDate) -> String {
        self.writing().date(day)
    }

    /// The first and the last day of a period in figures.
    pub(super) fn days(self, days: Period) -> String {
        format!("{} – {}", self.date(days.first), self.date(days.last))
    }

    /// A day in figures with a time of it: `01.05.2023 09:05`.
    pub(super) fn moment(self, day: NaiveDate, time: NaiveTime) -> String {
        format!("{} {}", self.date(day), time.format("%H:%M"))
    }

    /// A day with the month in letters.
    pub(super) fn long_date(self, day: NaiveDate) -> String {
        self.writing().long_date(day)
    }

    /// Numbers and days as the language writes them.
    pub(super) fn writing(self) -> Writing {
        Writing(self.language)
    }
}

/// A word or a sentence without anything to put in.
pub(super) fn word(key: &str) -> String {
    bokmal(key, &[])
}

/// A sentence with finished texts put in.
pub(super) fn sentence<const COUNT: usize>(key: &str, with: [(&'static str, &str); COUNT]) -> String {
    bokmal(key, &with)
}

/// What a certainty is called; with `-means` after it, the key of its explanation.
pub(super) fn certainty_key(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Unknown => "certainty-unknown",
        Certainty::Estimated => "certainty-estimated",
        Certainty::Quoted => "certainty-quoted",
        Certainty::Contracted => "certainty-contracted",
        Certainty::Actual => "certainty-actual",
    }
}

/// What a kind of line is called.
pub(super) fn line_kind(kind: LineKind) -> String {
    word(line_kind_key(kind))
}

fn line_kind_key(kind: LineKind) -> &'static str {
    match kind {
        LineKind::OneTime => "kind-one-time",
        LineKind::Grant => "kind-grant",
        LineKind::Licence => "kind-licence",
        LineKind::OldContract => "kind-old-contract",
        LineKind::DoubleCost => "kind-double-cost",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_takes_what_is_put_in_and_nothing_else() {
        assert_eq!(sentence("at-least", [("amount", "12 345,00")]), "minst 12 345,00");
    }

    #[test]
    fn one_day_and_several_are_said_differently() {
        let said = |days| Say::BOKMAL.of_days("note-double-cost", days, [("year", "2023"), ("system", "Mikromarc")]);
        assert_eq!(said(1), "I 2023 betales både Mikromarc og det nye systemet i én dag.");
        assert_eq!(said(92), "I 2023 betales både Mikromarc og det nye systemet i 92 dager.");
    }
}
