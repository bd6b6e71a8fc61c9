//! Everybody before and after, as a chart and the table with the same figures.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::words::Say;
use crate::domain::money::Ore;
use crate::view::what_if::{ComparedParty, Comparison};

/// A party before and after, in words.
#[derive(Serialize)]
pub(super) struct RowShown<'a> {
    pub number: &'a str,
    pub name: &'a str,
    pub before: String,
    pub after: String,
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

/// Everybody before and after, in words.
#[derive(Serialize)]
pub(super) struct ResultShown<'a> {
    shared_alone: bool,
    years: String,
    winners: String,
    losers: String,
    sum: String,
    faults: &'a [String],
    height: usize,
    rows: Vec<RowShown<'a>>,
}

impl ResultShown<'_> {
    /// The years, who wins, who loses, and the sum.
    pub(super) fn in_words(self) -> (String, String, String, String) {
        (self.years, self.winners, self.losers, self.sum)
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
        sum: say.signed_kroner(comparison.change_ore),
        faults: &comparison.faults,
        height: comparison.parties.len() * ROW_PIXELS,
        rows: comparison.parties.iter().enumerate().map(|(index, party)| row(say, index, party, widest)).collect(),
    }
}

pub(super) fn row(say: Say, index: usize, party: &ComparedParty, widest: i64) -> RowShown<'_> {
    // The years in which both are known.
    let both = || party.before_ore.iter().zip(&party.after_ore).filter_map(|(before, after)| before.zip(*after));
    let before: Ore = both().map(|(before, _)| before).sum();
    let after: Ore = both().map(|(_, after)| after).sum();
    let is_known = both().next().is_some();
    let amount = |amount: Ore| if is_known { say.kroner(amount) } else { say.word("unknown") };
    let percent = (before > Ore::ZERO).then(|| party.change_ore.decimal() * Decimal::ONE_HUNDRED / before.decimal());
    let half = Decimal::from(party.change_ore.0.abs()) * Decimal::from(50) / Decimal::from(widest);
    let half = half.round_dp(2);
    let wins = party.change_ore < Ore::ZERO;
    let x = if wins { Decimal::from(50) - half } else { Decimal::from(50) };
    RowShown {
        number: party.number.as_deref().unwrap_or_default(),
        name: &party.name,
        before: amount(before),
        after: amount(after),
        change: say.signed_kroner(party.change_ore),
        percent: percent.map_or_else(
            || say.word("nothing"),
            |percent| {
                let number = say.writing().decimal(percent, 1);
                let sign = if party.change_ore > Ore::ZERO { "+" } else { "" };
                say.writing().percent_of(&format!("{sign}{number}"))
            },
        ),
        per_inhabitant: party
            .change_per_inhabitant_ore
            .map_or_else(|| say.word("nothing"), |each| say.in_ore().signed_kroner(each)),
        x: format!("{x}%"),
        width: format!("{half}%"),
        wins,
        text_y: index * ROW_PIXELS + 20,
        bar_y: index * ROW_PIXELS + 5,
    }
}
