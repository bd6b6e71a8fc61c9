//! The county library's board: all municipalities by step, costs and licences with their history.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::{Say, certainty_key};
use super::address::address_of;
use super::frame::{Frame, Place};
use super::pager::{Listed, Pager, address_of_page};
use super::procurements::{Procurements, ProcurementsShown};
use crate::domain::assessment::{Assessment, Statement};
use crate::domain::identity::AgreementId;
use crate::view::board::{BoardRow, Step, StepState};
use crate::view::register::{CostEntry, LicenceEntry};

/// What was asked for, as it was typed.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct BoardAsked<'a> {
    /// Part of a name or number.
    pub search: &'a str,
    /// A step that is to be open.
    pub step: &'a str,
    /// Whether only those behind are shown.
    pub behind: bool,
    /// How it is sorted.
    pub sort: &'a str,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct BoardShown<'a> {
    /// The procurement.
    pub procurement: &'a str,
    /// The day.
    pub day: NaiveDate,
    /// What was asked for.
    pub asked: BoardAsked<'a>,
    /// Everybody.
    pub all: &'a [BoardRow],
    /// Those that are looked for, in their order.
    pub rows: Listed<'a, &'a BoardRow>,
    /// The procurement and the others that could be shown.
    pub procurements: &'a Procurements,
    /// The costs.
    pub costs: &'a [CostEntry],
    /// The licences.
    pub licences: &'a [LicenceEntry],
    /// Whether the reader may write to those who are behind.
    pub may_nudge: bool,
    /// Whether that was done just now.
    pub nudged: bool,
}

#[derive(Serialize)]
struct Count {
    name: String,
    width: String,
    sentence: String,
}

#[derive(Serialize)]
struct StepShown {
    look: &'static str,
    text: String,
}

#[derive(Serialize)]
struct RowShown<'a> {
    number: &'a str,
    name: &'a str,
    option: bool,
    steps: Vec<StepShown>,
    behind: Option<String>,
    nudged: Option<String>,
    agreement: Option<AgreementId>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Serialize)]
struct AmountShown<'a> {
    name: &'a str,
    kind: String,
    year: String,
    now: String,
    certainty: String,
    history: Vec<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    procurement: &'a str,
    procurements: ProcurementsShown<'a>,
    query: String,
    as_of: String,
    asked: BoardAsked<'a>,
    counts: Vec<Count>,
    headings: Vec<String>,
    rows: Vec<RowShown<'a>>,
    pager: Option<Pager>,
    found: String,
    steps: Vec<Choice>,
    sorts: Vec<Choice>,
    amounts: Vec<AmountShown<'a>>,
    may_nudge: bool,
    nudged: bool,
}

/// What a step is called in addresses, and the key of its words.
fn step_keys(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Agreement => ("agreement", "page-step-agreement"),
        Step::Signup => ("signup", "page-step-signup"),
        Step::Notice => ("notice", "page-step-notice"),
        Step::Budget => ("budget", "page-step-budget"),
    }
}

/// The key of what a step is called.
pub(super) fn step_key(step: Step) -> &'static str {
    step_keys(step).1
}

/// The step that an address names.
#[must_use]
pub fn step_called(called: &str) -> Option<Step> {
    Step::ALL.into_iter().find(|step| step_keys(*step).0 == called)
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn board_page(frame: &Frame<'_>, shown: &BoardShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let counts = Step::ALL.into_iter().enumerate().map(|(index, step)| {
        let states = || shown.all.iter().map(|row| row.steps[index].1);
        let of = states().filter(|state| *state != StepState::NotNeeded).count();
        let taken = states().filter(|state| matches!(state, StepState::Taken(_))).count();
        let sentence = say.sentence("page-of", [("count", taken.to_string().as_str()), ("of", &of.to_string())]);
        let width = format!("{}%", (taken * 100).checked_div(of).unwrap_or(100));
        Count { name: say.word(step_keys(step).1), width, sentence }
    });
    let found = i64::try_from(shown.rows.count).unwrap_or(i64::MAX);
    let page = Shown {
        procurement: shown.procurement,
        procurements: shown.procurements.of_page("/board"),
        query: address_of("", shown.procurements.field()),
        as_of: say.sentence("as-of", [("day", say.long_date(shown.day).as_str())]),
        asked: shown.asked,
        counts: counts.collect(),
        headings: Step::ALL.map(|step| say.word(step_keys(step).1)).into(),
        rows: shown.rows.shown.iter().map(|row| row_shown(say, row)).collect(),
        pager: Pager::of(say, shown.rows.window, shown.rows.count, |page| address(shown, page)),
        found: say.counting("page-board-found", ("count", found), []),
        steps: choices(say, shown.asked.step, Step::ALL.map(step_keys)),
        sorts: choices(
            say,
            shown.asked.sort,
            [("number", "page-sort-number"), ("name", "page-sort-name"), ("behind", "page-sort-behind")],
        ),
        amounts: amounts(say.in_kroner(), shown),
        may_nudge: shown.may_nudge && shown.all.iter().any(|row| row.days_behind > 0),
        nudged: shown.nudged,
    };
    super::fill("board", frame, &say.word(Place::Board.key()), &page)
}

fn address(shown: &BoardShown<'_>, page: usize) -> String {
    let BoardAsked { search, step, behind, sort } = shown.asked;
    let behind = if behind { "yes" } else { "" };
    let named = shown.procurements.named().map(|named| named.to_string()).unwrap_or_default();
    let fields = [("procurement", named.as_str()), ("q", search), ("step", step), ("behind", behind), ("sort", sort)];
    address_of_page("/board", &fields, page)
}

fn choices<const COUNT: usize>(say: Say, chosen: &str, of: [(&'static str, &'static str); COUNT]) -> Vec<Choice> {
    of.into_iter().map(|(value, key)| Choice { value, text: say.word(key), chosen: value == chosen }).collect()
}

fn row_shown(say: Say, row: &BoardRow) -> RowShown<'_> {
    let step = |state: &StepState| match state {
        StepState::Taken(Some(on)) => StepShown { look: "success", text: say.date(*on) },
        StepState::Taken(None) => StepShown { look: "success", text: say.word("page-taken") },
        StepState::Waiting(Some(by)) => {
            StepShown { look: "warning", text: say.sentence("page-ready-due", [("day", say.date(*by).as_str())]) }
        }
        StepState::Waiting(None) => StepShown { look: "neutral", text: say.word("page-not-yet") },
        StepState::Late(days) => StepShown { look: "danger", text: say.of_days("page-days-behind", *days, []) },
        StepState::NotNeeded => StepShown { look: "none", text: say.word("page-not-needed") },
    };
    RowShown {
        number: &row.number,
        name: &row.name,
        option: row.option,
        steps: row.steps.iter().map(|(_, state)| step(state)).collect(),
        behind: (row.days_behind > 0).then(|| say.of_days("page-days-behind", row.days_behind, [])),
        nudged: row.nudged_on.map(|day| say.sentence("page-last-nudged", [("day", say.date(day).as_str())])),
        agreement: row.agreement,
    }
}

fn amounts<'a>(say: Say, shown: &BoardShown<'a>) -> Vec<AmountShown<'a>> {
    let amount = |amount: Assessment| match amount.range() {
        None => say.word("unknown"),
        Some(range) if range.low_ore == range.high_ore => say.kroner(range.likely_ore),
        Some(range) => say.sentence(
            "page-why-range",
            [
                ("likely", say.kroner(range.likely_ore).as_str()),
                ("low", &say.amount(range.low_ore)),
                ("high", &say.kroner(range.high_ore)),
            ],
        ),
    };
    let said = |statement: &Statement| {
        format!(
            "{}: {} ({}). {}",
            say.long_date(statement.on),
            amount(statement.amount),
            say.word(certainty_key(statement.amount.certainty())),
            statement.source
        )
    };
    let costs = shown.costs.iter().map(|cost| AmountShown {
        name: &cost.name,
        kind: say.word("kind-one-time"),
        year: cost.year.to_string(),
        now: amount(cost.amount),
        certainty: say.word(certainty_key(cost.amount.certainty())),
        history: cost.statements.iter().rev().map(said).collect(),
    });
    let licences = shown.licences.iter().map(|licence| AmountShown {
        name: &licence.name,
        kind: say.word("kind-licence"),
        year: say.sentence("page-from-day", [("day", say.date(licence.starts).as_str())]),
        now: amount(licence.base_price),
        certainty: say.word(certainty_key(licence.base_price.certainty())),
        history: {
            let came_to = licence.came_to.iter().rev();
            let of_years = came_to.map(|came_to| format!("{}: {}", came_to.year, said(&came_to.statement)));
            of_years.chain(licence.statements.iter().rev().map(said)).collect()
        },
    });
    costs.chain(licences).collect()
}
