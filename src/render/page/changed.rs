//! What is different on the page of a municipality's leader from what was known earlier.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::words::{Say, certainty_key};
use crate::domain::assessment::{Certainty, Range};
use crate::view::budget_sheet::{BudgetSheet, YearTotal};

/// Since when something is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// The end of a day.
    Day(NaiveDate),
    /// The reader's last visit.
    Visit {
        /// The day in Norway.
        day: NaiveDate,
        /// `14:05`.
        time: String,
    },
}

/// What is different from what was known earlier.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// What is compared with.
    pub since: &'a Since,
    /// The sheet as it was known then; none where nobody knew the party or the procurement.
    pub before: Option<&'a BudgetSheet>,
}

#[derive(Serialize)]
struct ChangedYear {
    year: i32,
    before: String,
    now: String,
    change: String,
}

#[derive(Serialize)]
pub(super) struct ChangedShown {
    heading: String,
    known: bool,
    years: Vec<ChangedYear>,
    lines: Vec<String>,
    nothing: bool,
}

pub(super) fn changed_shown(say: Say, sheet: &BudgetSheet, changed: Changed<'_>) -> ChangedShown {
    let total_of = |total: &YearTotal| match (total.certainty, total.likely_known()) {
        (None, _) => say.word("nothing"),
        (Some(_), None) => say.word("unknown"),
        (Some(_), Some(likely)) => say.kroner(likely),
    };
    let mut years = Vec::new();
    let mut lines = Vec::new();
    if let Some(before) = changed.before {
        for (earlier, now) in before.totals.iter().zip(&sheet.totals) {
            if total_of(earlier) != total_of(now) {
                let change = earlier
                    .likely_known()
                    .zip(now.likely_known())
                    .map(|(earlier, now)| say.signed_kroner(now - earlier));
                years.push(ChangedYear {
                    year: now.year,
                    before: total_of(earlier),
                    now: total_of(now),
                    change: change.unwrap_or_else(|| say.word("nothing")),
                });
            }
        }
        lines = changed_lines(say, before, sheet);
    }
    ChangedShown {
        heading: match changed.since {
            Since::Day(day) => say.sentence("page-changed", [("day", say.long_date(*day).as_str())]),
            Since::Visit { day, time } => {
                say.sentence("page-changed-visit", [("day", say.long_date(*day).as_str()), ("time", time)])
            }
        },
        known: changed.before.is_some(),
        nothing: years.is_empty() && lines.is_empty(),
        years,
        lines,
    }
}

/// The lines that came, went, or became surer.
fn changed_lines(say: Say, before: &BudgetSheet, sheet: &BudgetSheet) -> Vec<String> {
    let mut said = Vec::new();
    for line in &sheet.lines {
        let Some(earlier) = before.lines.iter().find(|known| known.id == line.id) else {
            said.push(say.sentence("page-changed-new", [("text", line.text.as_str())]));
            continue;
        };
        for (was, is) in earlier.cells.iter().zip(&line.cells) {
            if was.certainty == is.certainty && was.net == is.net {
                continue;
            }
            let side = |certainty: Option<Certainty>, net: Option<Range>| match (certainty, net) {
                (None, _) => say.word("nothing"),
                (Some(_), None) => say.word("unknown"),
                (Some(certainty), Some(net)) => {
                    format!("{} ({})", say.kroner(net.likely_ore), say.word(certainty_key(certainty)))
                }
            };
            said.push(say.sentence(
                "page-changed-line",
                [
                    ("text", line.text.as_str()),
                    ("year", &is.year.to_string()),
                    ("before", &side(was.certainty, was.net)),
                    ("now", &side(is.certainty, is.net)),
                ],
            ));
        }
    }
    for line in before.lines.iter().filter(|line| sheet.lines.iter().all(|known| known.id != line.id)) {
        said.push(say.sentence("page-changed-gone", [("text", line.text.as_str())]));
    }
    said
}
