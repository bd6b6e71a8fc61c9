//! The words and sentences of the documents, from `reports/text`.

use crate::domain::assessment::Certainty;
use crate::text::{bokmal, bokmal_of_days};
use crate::view::budget_sheet::LineKind;

/// A word or a sentence without anything to put in.
pub(super) fn word(key: &str) -> String {
    bokmal(key, &[])
}

/// A sentence with finished texts put in.
pub(super) fn sentence<const COUNT: usize>(key: &str, with: [(&'static str, &str); COUNT]) -> String {
    bokmal(key, &with)
}

/// A sentence whose form depends on how many `days` there are.
pub(super) fn sentence_of_days<const COUNT: usize>(
    key: &str,
    days: i64,
    with: [(&'static str, &str); COUNT],
) -> String {
    bokmal_of_days(key, days, &with)
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
    word(match kind {
        LineKind::OneTime => "kind-one-time",
        LineKind::Grant => "kind-grant",
        LineKind::Licence => "kind-licence",
        LineKind::OldContract => "kind-old-contract",
        LineKind::DoubleCost => "kind-double-cost",
    })
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
        let said = |days| sentence_of_days("note-double-cost", days, [("year", "2023"), ("system", "Mikromarc")]);
        assert_eq!(said(1), "I 2023 betales både Mikromarc og det nye systemet i én dag.");
        assert_eq!(said(92), "I 2023 betales både Mikromarc og det nye systemet i 92 dager.");
    }
}
