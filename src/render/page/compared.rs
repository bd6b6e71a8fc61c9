//! Everybody before and after, as a chart and the table with the same figures.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::budget::{key_error_said, not_shared};
use super::super::words::{Say, certainty_key};
use crate::domain::money::Ore;
use crate::text::{Language, Said};
use crate::view::what_if::{ComparedParty, Comparison, HypothesisError};

/// A party before and after, in words.
#[derive(Serialize)]
pub(super) struct RowShown<'a> {
    pub number: &'a str,
    pub name: &'a str,
    pub before: String,
    pub after: String,
    pub certainty: String,
    pub change: String,
    pub percent: String,
    pub per_inhabitant: String,
    /// Where the bar begins, and how wide it is.
    pub x: String,
    pub width: String,
    pub wins: bool,
    text_y: usize,
    bar_y: usize,
}

/// Why a hypothesis cannot be tried; in English where no other language says it.
#[must_use]
pub fn hypothesis_said(language: Language, error: &HypothesisError) -> Said {
    let key = if let HypothesisError::Key { fault, .. } = error { Some(fault) } else { None };
    let said = key.and_then(|fault| key_error_said(Say::of(language), fault));
    said.map_or_else(
        || Said { text: error.to_string(), language: Language::English },
        |text| Said { text, language: language.of_sentences() },
    )
}

/// Everybody before and after, in words.
#[derive(Serialize)]
pub(super) struct ResultShown<'a> {
    shared_alone: bool,
    years: String,
    winners: String,
    losers: String,
    unknown: Option<String>,
    sum: String,
    faults: Vec<String>,
    height: usize,
    rows: Vec<RowShown<'a>>,
}

impl ResultShown<'_> {
    /// The years; who wins, who loses and of whom that is not known; and the sum.
    pub(super) fn in_words(self) -> (String, Vec<String>, String) {
        (self.years, [self.winners, self.losers].into_iter().chain(self.unknown).collect(), self.sum)
    }
}

/// How high a row of the chart is, in pixels.
const ROW_PIXELS: usize = 30;

pub(super) fn result(say: Say, comparison: &Comparison) -> ResultShown<'_> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let widest = comparison.parties.iter().map(|party| party.change_ore.0.abs()).max().unwrap_or(0).max(1);
    let years = match comparison.years.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    };
    ResultShown {
        shared_alone: comparison.shared_alone,
        years,
        winners: say.counting("page-winners", ("count", count(comparison.winners_count)), []),
        losers: say.counting("page-losers", ("count", count(comparison.losers_count)), []),
        unknown: (comparison.unknown_count > 0)
            .then(|| say.counting("page-not-known", ("count", count(comparison.unknown_count)), [])),
        sum: as_known(say, comparison.change_ore, comparison.unknown_count > 0),
        faults: comparison.faults.iter().map(|what| not_shared(say, what)).collect(),
        height: comparison.parties.len() * ROW_PIXELS,
        rows: comparison.parties.iter().enumerate().map(|(index, party)| row(say, index, party, widest)).collect(),
    }
}

/// A change, and whether something unknown is to be added to it.
fn as_known(say: Say, change: Ore, contains_unknown: bool) -> String {
    let known = say.signed_kroner(change);
    if contains_unknown { format!("{known} + {}", say.word("unknown")) } else { known }
}

pub(super) fn row(say: Say, index: usize, party: &ComparedParty, widest: i64) -> RowShown<'_> {
    // The years in which both are known.
    let both = || party.before_ore.iter().zip(&party.after_ore).filter_map(|(before, after)| before.zip(*after));
    let before: Ore = both().map(|(before, _)| before).sum();
    let after: Ore = both().map(|(_, after)| after).sum();
    let is_known = both().next().is_some();
    let amount = |amount: Ore| if is_known { say.kroner(amount) } else { say.word("unknown") };
    let not_known = || say.word(if party.contains_unknown { "unknown" } else { "nothing" });
    let percent = (before > Ore::ZERO && !party.contains_unknown)
        .then(|| party.change_ore.decimal() * Decimal::ONE_HUNDRED / before.decimal());
    let half = Decimal::from(party.change_ore.0.abs()) * Decimal::from(50) / Decimal::from(widest);
    let half = half.round_dp(2);
    let wins = party.change_ore < Ore::ZERO;
    let x = if wins { Decimal::from(50) - half } else { Decimal::from(50) };
    RowShown {
        number: party.number.as_deref().unwrap_or_default(),
        name: &party.name,
        before: amount(before),
        after: amount(after),
        certainty: party.certainty.map(|certainty| say.word(certainty_key(certainty))).unwrap_or_default(),
        change: as_known(say, party.change_ore, party.contains_unknown),
        percent: percent.map_or_else(not_known, |percent| {
            let number = say.writing().decimal(percent, 1);
            let sign = if party.change_ore > Ore::ZERO { "+" } else { "" };
            say.writing().percent_of(&format!("{sign}{number}"))
        }),
        per_inhabitant: party.change_per_inhabitant_ore.map_or_else(not_known, |each| say.in_ore().signed_kroner(each)),
        x: format!("{x}%"),
        width: format!("{half}%"),
        wins,
        text_y: index * ROW_PIXELS + 20,
        bar_y: index * ROW_PIXELS + 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sharing_key::KeyError;

    #[test]
    fn what_a_key_that_is_typed_lacks_is_said_in_the_language_of_the_page() {
        let party = "Alta".to_owned();
        let faults = [
            KeyError::UnknownParty { party: party.clone(), field: "first" },
            KeyError::MissingMeasure { party: party.clone(), measure: "pupils".to_owned() },
            KeyError::DuplicateParty { party: party.clone() },
            KeyError::AmbiguousParty { party },
            KeyError::NoParties,
            KeyError::NoBases,
            KeyError::FloorAboveCap { floor: "2".to_owned(), cap: "1".to_owned() },
            KeyError::TooLarge { field: "floor".to_owned() },
        ];
        for fault in faults {
            let error = HypothesisError::Key { index: 1, fault };
            let said = |language| hypothesis_said(language, &error);
            let (nb, nn) = (said(Language::Bokmal), said(Language::Nynorsk));
            assert_eq!((nb.language, nn.language), (Language::Bokmal, Language::Nynorsk), "{error}");
            assert_ne!(nb.text, nn.text, "{error}");
        }
    }
}
