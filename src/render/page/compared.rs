//! Everybody before and after, as a chart and the table with the same figures.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::budget::not_shared;
use super::super::key_fault::key_error_said;
use super::super::words::{Say, certainty_key};
use crate::domain::money::Ore;
use crate::text::{Language, Said};
use crate::view::what_if::{AmountFault, ComparedParty, Comparison, HypothesisError, Meant, TimeFault, Unsaid};

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

/// Why a hypothesis cannot be tried.
#[must_use]
pub fn hypothesis_said(language: Language, error: &HypothesisError) -> Said {
    let say = Say::of(language);
    let text = match error {
        HypothesisError::Empty => say.word("page-supposed-nothing"),
        HypothesisError::Ambiguous { called, found, what, .. } => say.sentence(
            "page-supposed-ambiguous",
            [("called", called.as_str()), ("count", &found.to_string()), ("what", &say.word(meant(*what)))],
        ),
        HypothesisError::Amount { fault, .. } => say.word(match fault {
            AmountFault::Unread(_) => "page-supposed-amount-unread",
            AmountFault::NeitherOneNorThree => "page-supposed-amount-incomplete",
            AmountFault::OutOfOrder => "page-supposed-amount-out-of-order",
        }),
        HypothesisError::SaysNothing { lacks, .. } => say.word(match lacks {
            Unsaid::WhichKey => "page-supposed-which-key",
            Unsaid::YearOfCost => "page-supposed-year-of-cost",
            Unsaid::DaysOfLicence => "page-supposed-days-of-licence",
            Unsaid::DaysOfMember => "page-supposed-days-of-member",
        }),
        HypothesisError::Time { fault, .. } => ill_timed(say, *fault),
        HypothesisError::Key { fault, .. } => key_error_said(say, fault),
    };
    Said { text, language: language.of_sentences() }
}

fn meant(what: Meant) -> &'static str {
    match what {
        Meant::Parties => "page-supposed-parties",
        Meant::SharingKeys => "page-supposed-keys",
        Meant::Items => "page-supposed-items",
        Meant::OldContracts => "page-supposed-old-contracts",
    }
}

fn ill_timed(say: Say, fault: TimeFault) -> String {
    match fault {
        TimeFault::Day(day) => say.sentence("page-supposed-day", [("day", say.date(day).as_str())]),
        TimeFault::Year(year) => say.sentence("page-supposed-year", [("year", year.to_string().as_str())]),
        TimeFault::EndsFirst { starts, ends } => {
            let (starts, ends) = (say.date(starts), say.date(ends));
            say.sentence("page-supposed-ends-first", [("starts", starts.as_str()), ("ends", &ends)])
        }
        TimeFault::LeavesFirst { joins, leaves } => {
            let (joins, leaves) = (say.date(joins), say.date(leaves));
            say.sentence("page-supposed-leaves-first", [("joins", joins.as_str()), ("leaves", &leaves)])
        }
    }
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
    use crate::domain::money::AmountError;
    use crate::domain::sharing_key::KeyError;

    fn errors() -> Vec<HypothesisError> {
        let ambiguous =
            |what| HypothesisError::Ambiguous { section: "key", index: 1, called: "Ny".to_owned(), found: 2, what };
        let amount = |fault| HypothesisError::Amount { index: 1, fault };
        let nothing = |lacks| HypothesisError::SaysNothing { section: "key", index: 1, lacks };
        let time = |fault| HypothesisError::Time { section: "key", index: 1, fault };
        let day = chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
        vec![
            HypothesisError::Empty,
            ambiguous(Meant::Parties),
            ambiguous(Meant::SharingKeys),
            ambiguous(Meant::Items),
            ambiguous(Meant::OldContracts),
            amount(AmountFault::Unread(AmountError::NotANumber("mye".to_owned()))),
            amount(AmountFault::NeitherOneNorThree),
            amount(AmountFault::OutOfOrder),
            nothing(Unsaid::WhichKey),
            nothing(Unsaid::YearOfCost),
            nothing(Unsaid::DaysOfLicence),
            nothing(Unsaid::DaysOfMember),
            time(TimeFault::Day(day)),
            time(TimeFault::Year(1)),
            time(TimeFault::EndsFirst { starts: day, ends: day }),
            time(TimeFault::LeavesFirst { joins: day, leaves: day }),
            HypothesisError::Key { index: 1, fault: KeyError::NoBases },
        ]
    }

    #[test]
    fn why_a_hypothesis_cannot_be_tried_is_said_in_the_language_of_the_page() {
        for error in errors() {
            let said = |language| hypothesis_said(language, &error);
            let (nb, nn, en) = (said(Language::Bokmal), said(Language::Nynorsk), said(Language::English));
            assert_eq!(
                [nb.language, nn.language, en.language],
                [Language::Bokmal, Language::Nynorsk, Language::English],
                "{error}"
            );
            assert!(nb.text != nn.text && nn.text != en.text && nb.text != en.text, "{error}: {nb:?}");
            assert!(!nb.text.starts_with("page-") && !nb.text.contains('$'), "{error}: {nb:?}");
        }
        assert_eq!(said_in_sami(&HypothesisError::Empty), Language::Bokmal);
    }

    fn said_in_sami(error: &HypothesisError) -> Language {
        hypothesis_said(Language::NorthernSami, error).language
    }
}
