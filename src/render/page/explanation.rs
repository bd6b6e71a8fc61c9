//! Where the figures of a year come from, in words: the apportionment step by step, and the events it rests on.

use serde::Serialize;

use super::super::RenderError;
use super::super::budget::{self, measure_name};
use super::super::words::{Say, certainty_key};
use super::frame::Frame;
use crate::domain::assessment::{Assessment, Range, Statement};
use crate::domain::cost::WithdrawnGrant;
use crate::domain::money::Ore;
use crate::domain::sharing_key::Step;
use crate::view::budget_sheet::{BudgetSheet, LineKind};
use crate::view::explanation::{Explanation, OriginExplained, PartExplained, Reasons};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct ExplanationsShown<'a> {
    /// The municipality's names.
    pub party_name: &'a str,
    /// Path and query of its page.
    pub back: &'a str,
    /// The year.
    pub year: i32,
    /// Its figures.
    pub explanations: &'a [Explanation],
    /// The sheet of which the year is one, for its sums.
    pub sheet: &'a BudgetSheet,
    /// Whether the reader sees the log.
    pub sees_log: bool,
}

#[derive(Serialize)]
struct EventShown {
    position: u64,
    sentence: String,
}

#[derive(Serialize)]
struct PartShown {
    sentence: String,
    figures: Vec<String>,
    steps: Vec<String>,
}

#[derive(Serialize)]
struct FigureShown<'a> {
    id: &'a str,
    kind: String,
    text: &'a str,
    amount: String,
    certainty: String,
    means: String,
    facts: Vec<String>,
    parts: Vec<PartShown>,
    events: Vec<EventShown>,
}

#[derive(Serialize)]
struct SumShown {
    key: &'static str,
    text: String,
    detail: String,
    amount: String,
    range: Option<String>,
    how: String,
}

/// The sums of a year, and how each of them is made.
const HOW: [(&str, &str); 8] = [
    ("net-total", "page-how-net"),
    ("vat-total", "page-how-vat"),
    ("gross-total", "page-how-gross"),
    ("vat-compensation", "page-how-compensation"),
    ("after-compensation", "page-how-after"),
    ("per-inhabitant", "page-how-per-inhabitant"),
    ("change-from-year-before", "page-how-year-before"),
    ("change-from-old-system", "page-how-old-system"),
];

#[derive(Serialize)]
struct Shown<'a> {
    party: &'a str,
    back: &'a str,
    year: i32,
    figures: Vec<FigureShown<'a>>,
    sums: Vec<SumShown>,
    sees_log: bool,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn explanations_page(frame: &Frame<'_>, shown: &ExplanationsShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let title = say.sentence("page-why-title", [("party", shown.party_name), ("year", &shown.year.to_string())]);
    let page = Shown {
        party: shown.party_name,
        back: shown.back,
        year: shown.year,
        figures: shown.explanations.iter().map(|explanation| figure(say, explanation)).collect(),
        sums: sums(say, shown.sheet, shown.year),
        sees_log: shown.sees_log,
    };
    super::fill("explanation", frame, &title, &page)
}

fn sums(say: Say, sheet: &BudgetSheet, year: i32) -> Vec<SumShown> {
    let Some(index) = sheet.years.iter().position(|known| *known == year) else { return Vec::new() };
    let sum = |row: budget::Row| {
        let (key, how) = HOW.into_iter().find(|(key, _)| *key == row.key)?;
        let cell = row.cells.into_iter().nth(index)?;
        let range = cell.low_and_high.map(|(low, high)| format!("{low} – {high}"));
        Some(SumShown { key, text: row.text, detail: row.detail, amount: cell.amount, range, how: say.word(how) })
    };
    budget::document(say.in_kroner(), sheet).totals.into_iter().filter_map(sum).collect()
}

fn figure(say: Say, explanation: &Explanation) -> FigureShown<'_> {
    let key = certainty_key(explanation.certainty);
    FigureShown {
        id: &explanation.line,
        kind: say.line_kind(explanation.kind),
        text: &explanation.text,
        amount: range(say, explanation.net),
        certainty: say.word(key),
        means: say.word(&format!("{key}-means")),
        facts: facts(say, explanation),
        parts: parts(say, explanation),
        events: explanation
            .events
            .iter()
            .map(|event| EventShown {
                position: event.position,
                sentence: say.sentence(
                    "page-why-event",
                    [
                        ("position", event.position.to_string().as_str()),
                        ("what", &say.word(&format!("event-{}", event.event_type.replace('.', "-")))),
                        ("day", &say.long_date(event.recorded_on)),
                    ],
                ),
            })
            .collect(),
    }
}

fn range(say: Say, range: Option<Range>) -> String {
    match range {
        None => say.word("unknown"),
        Some(known) if known.low_ore == known.high_ore => say.kroner(known.likely_ore),
        Some(known) => say.sentence(
            "page-why-range",
            [
                ("likely", say.kroner(known.likely_ore).as_str()),
                ("low", &say.amount(known.low_ore)),
                ("high", &say.kroner(known.high_ore)),
            ],
        ),
    }
}

fn facts(say: Say, explanation: &Explanation) -> Vec<String> {
    match &explanation.reasons {
        Reasons::Cost { statements, grants, withdrawn_grants, moves, .. } => {
            let mut facts = said_of(say, statements);
            facts.extend(grants.iter().map(|grant| {
                say.sentence(
                    "page-why-grant",
                    [
                        ("from", grant.from.as_str()),
                        ("amount", &say.kroner(grant.amount_ore)),
                        ("day", &say.long_date(grant.on)),
                        ("reference", &grant.reference),
                    ],
                )
            }));
            facts.extend(withdrawn_grants.iter().map(|WithdrawnGrant { granted, withdrawn }| {
                say.sentence(
                    "page-why-grant-withdrawn",
                    [
                        ("from", granted.from.as_str()),
                        ("amount", &say.kroner(granted.amount_ore)),
                        ("reference", &granted.reference),
                        ("day", &say.long_date(granted.on)),
                        ("withdrawn", &say.long_date(withdrawn.on)),
                        ("reason", &withdrawn.reason),
                    ],
                )
            }));
            facts.extend(moves.iter().map(|moved| {
                say.sentence(
                    "page-why-moved",
                    [
                        ("from", moved.from_year.to_string().as_str()),
                        ("to", &moved.to_year.to_string()),
                        ("day", &say.long_date(moved.on)),
                        ("reference", &moved.reference),
                    ],
                )
            }));
            facts
        }
        Reasons::Licence { statements, factors, price, .. } => {
            let mut facts = said_of(say, statements);
            facts.extend(factors.iter().map(|factor| {
                say.sentence(
                    "page-why-factor",
                    [
                        ("factor", say.number(factor.factor).as_str()),
                        ("year", &factor.year.to_string()),
                        ("source", &factor.source),
                    ],
                )
            }));
            let of_year = [("year", explanation.year.to_string()), ("price", range(say, *price))];
            facts.push(say.sentence("page-why-price", of_year.each_ref().map(|(name, put)| (*name, put.as_str()))));
            facts
        }
        Reasons::Legacy { yearly_cost_ore, licences, go_live, paid_days, double_days, days_of_year } => {
            let yearly = yearly_cost_ore.map_or_else(|| say.word("unknown"), |yearly| say.kroner(yearly));
            let days = days_of_year.to_string();
            let mut facts = vec![say.sentence(
                "page-why-old-system",
                [("yearly", yearly.as_str()), ("paid", &paid_days.to_string()), ("of", &days)],
            )];
            let paid = licences.iter().flat_map(|paid| paid.days.iter().map(move |days| (paid, days)));
            facts.extend(paid.map(|(paid, days)| {
                let (first, last) = (say.long_date(days.first), say.long_date(days.last));
                say.sentence(
                    "page-why-licence-paid",
                    [("licence", paid.name.as_str()), ("first", &first), ("last", &last)],
                )
            }));
            facts.extend(
                go_live.map(|go_live| say.sentence("page-why-go-live", [("day", say.long_date(go_live).as_str())])),
            );
            if go_live.is_some() || !licences.is_empty() {
                facts.push(say.of_days("page-why-both-paid", *double_days, []));
            }
            facts.extend(yearly_cost_ore.map(|_| {
                let counted =
                    if explanation.kind == LineKind::DoubleCost { *double_days } else { paid_days - double_days };
                let result = range(say, explanation.net);
                format!("{yearly} × {counted} / {days} = {result}")
            }));
            facts
        }
    }
}

/// What was said of an amount, the last first: it is in force.
fn said_of(say: Say, statements: &[Statement]) -> Vec<String> {
    let amount = |amount: Assessment| {
        let word = say.word(certainty_key(amount.certainty()));
        amount.range().map_or_else(|| word.clone(), |known| format!("{word}, {}", range(say, Some(known))))
    };
    let said = statements.iter().rev().enumerate().map(|(index, statement)| {
        say.sentence(
            if index == 0 { "page-why-stated" } else { "page-why-stated-before" },
            [
                ("day", say.long_date(statement.on).as_str()),
                ("amount", &amount(statement.amount)),
                ("source", &statement.source),
            ],
        )
    });
    said.collect()
}

fn parts(say: Say, explanation: &Explanation) -> Vec<PartShown> {
    match &explanation.reasons {
        Reasons::Cost { whole, .. } if explanation.kind == LineKind::OneTime => {
            whole.iter().map(|part| part_shown(say, part)).collect()
        }
        Reasons::Cost { after_grants: parts, .. } | Reasons::Licence { parts, .. } => {
            parts.iter().map(|part| part_shown(say, part)).collect()
        }
        Reasons::Legacy { .. } => Vec::new(),
    }
}

fn part_shown(say: Say, part: &PartExplained) -> PartShown {
    let amount = range(say, part.amount);
    let mut sentence = match &part.key {
        None => say.sentence("page-why-alone", [("amount", amount.as_str())]),
        Some(key) => say.sentence(
            if key.adopted { "page-why-shared" } else { "page-why-shared-proposed" },
            [
                ("amount", amount.as_str()),
                ("members", &part.members_count.to_string()),
                ("key", &key.name),
                ("day", &say.long_date(key.population_date)),
            ],
        ),
    };
    if part.days != part.days_of_year {
        let days = say.sentence(
            "page-why-days",
            [
                ("first", say.date(part.period.first).as_str()),
                ("last", &say.date(part.period.last)),
                ("days", &part.days.to_string()),
                ("of", &part.days_of_year.to_string()),
            ],
        );
        sentence = format!("{sentence} {days}");
    }
    let figures = part.figures.iter().flat_map(|used| {
        let whole = say.sentence(
            "page-why-figure",
            [
                ("measure", measure_name(say, &used.measure).as_str()),
                ("value", &say.number(used.figure.value)),
                ("sum", &say.number(used.sum)),
                ("day", &say.long_date(used.figure.on)),
                ("source", &used.figure.source),
            ],
        );
        [whole].into_iter().chain(used.origins.iter().map(|origin| origin_in_words(say, origin)))
    });
    // Of low, likely and high the one that the table shows.
    let likely = if part.shares.len() > 1 { part.shares.get(1) } else { part.shares.first() };
    let mut steps: Vec<String> = Vec::new();
    if let Some(share) = likely {
        steps.extend(share.steps.iter().map(|step| step_in_words(say, step)));
        steps.push(say.sentence(
            "page-why-comes-to",
            [("share", say.kroner(share.share_ore).as_str()), ("amount", &say.kroner(share.amount_ore))],
        ));
    }
    PartShown { sentence, figures: figures.collect(), steps }
}

/// What was counted of one of those that a party was made of.
fn origin_in_words(say: Say, origin: &OriginExplained) -> String {
    say.sentence(
        "page-why-figure-of",
        [
            ("counts", say.number(origin.counts).as_str()),
            ("party", &origin.party_name),
            ("percent", &say.percent(origin.percent)),
            ("value", &say.number(origin.figure.value)),
            ("day", &say.long_date(origin.figure.on)),
            ("source", &origin.figure.source),
        ],
    )
}

/// A step of the arithmetic, for people who can follow it with a calculator.
fn step_in_words(say: Say, step: &Step) -> String {
    /// The decimals of a percentage that are shown.
    const PERCENT_DECIMALS: u32 = 6;
    let kroner = |ore: &rust_decimal::Decimal| say.kroner(Ore::rounded(*ore));
    let percent = |value: &rust_decimal::Decimal| say.percent(value.round_dp(PERCENT_DECIMALS));
    let named = |measure: &String| measure_name(say, measure);
    match step {
        Step::First { amount_ore } => say.sentence("step-first", [("amount", kroner(amount_ore).as_str())]),
        Step::FirstByRate { measure, rate, value, amount_ore } => say.sentence(
            "step-first-by-rate",
            [
                ("measure", named(measure).as_str()),
                ("rate", &say.number(*rate)),
                ("value", &say.number(*value)),
                ("amount", &kroner(amount_ore)),
            ],
        ),
        Step::Base { measure, percent: of, value, sum, weight_percent } if measure == "equal" => say.sentence(
            "step-base-equal",
            [
                ("percent", percent(of).as_str()),
                ("value", &say.number(*value)),
                ("sum", &say.number(*sum)),
                ("weight", &percent(weight_percent)),
            ],
        ),
        Step::Base { measure, percent: of, value, sum, weight_percent } => say.sentence(
            "step-base",
            [
                ("percent", percent(of).as_str()),
                ("measure", &named(measure)),
                ("value", &say.number(*value)),
                ("sum", &say.number(*sum)),
                ("weight", &percent(weight_percent)),
            ],
        ),
        Step::Agreed { percent: agreed } => say.sentence("step-agreed", [("percent", percent(agreed).as_str())]),
        Step::WholePercent { percent: whole, .. } => {
            say.sentence("step-whole-percent", [("percent", percent(whole).as_str())])
        }
        Step::Rest { rest_ore, weight_percent, of_percent, amount_ore }
        | Step::SharedAgain { rest_ore, weight_percent, of_percent, amount_ore } => say.sentence(
            if matches!(step, Step::Rest { .. }) { "step-rest" } else { "step-shared-again" },
            [
                ("rest", kroner(rest_ore).as_str()),
                ("weight", &percent(weight_percent)),
                ("of", &percent(of_percent)),
                ("amount", &kroner(amount_ore)),
            ],
        ),
        Step::Price { amount_ore } => say.sentence("step-price", [("amount", kroner(amount_ore).as_str())]),
        Step::PriceByRate { measure, rate, units, amount_ore } => say.sentence(
            "step-price-by-rate",
            [
                ("measure", named(measure).as_str()),
                ("rate", &say.number(*rate)),
                ("value", &say.number(*units)),
                ("amount", &kroner(amount_ore)),
            ],
        ),
        Step::PriceOfTier { measure, value, above, amount_ore } => say.sentence(
            "step-price-of-tier",
            [
                ("measure", named(measure).as_str()),
                ("value", &say.number(*value)),
                ("above", &say.number(*above)),
                ("amount", &kroner(amount_ore)),
            ],
        ),
        Step::Floor { floor_ore, instead_of_ore } => {
            say.sentence("step-floor", [("floor", kroner(floor_ore).as_str()), ("instead", &kroner(instead_of_ore))])
        }
        Step::Cap { cap_ore, instead_of_ore } => {
            say.sentence("step-cap", [("cap", kroner(cap_ore).as_str()), ("instead", &kroner(instead_of_ore))])
        }
        Step::PartOfYear { days, of, part_ore, year_ore, amount_ore } => say.sentence(
            "step-part-of-year",
            [
                ("days", days.to_string().as_str()),
                ("of", &of.to_string()),
                ("part", &kroner(part_ore)),
                ("year", &kroner(year_ore)),
                ("amount", &kroner(amount_ore)),
            ],
        ),
        Step::OddOre { amount_ore } => say.sentence("step-odd-ore", [("amount", say.kroner(*amount_ore).as_str())]),
        Step::Evened { amount_ore } => say.sentence("step-evened", [("amount", say.kroner(*amount_ore).as_str())]),
        Step::LargestRemainder { exact_ore, gained, .. } => say.sentence(
            if *gained { "step-largest-remainder-gained" } else { "step-largest-remainder" },
            [("exact", exact(say, *exact_ore).as_str())],
        ),
        Step::Nearest { exact_ore, .. } => say.sentence("step-nearest", [("exact", exact(say, *exact_ore).as_str())]),
        Step::Part { key, percent: of, part_ore, amount_ore, .. } => say.sentence(
            "step-part",
            [
                ("percent", percent(of).as_str()),
                ("key", key),
                ("amount", &say.kroner(*amount_ore)),
                ("part", &say.kroner(*part_ore)),
            ],
        ),
    }
}

/// Kroner with the decimals of an øre that were cut off.
fn exact(say: Say, ore: rust_decimal::Decimal) -> String {
    const DECIMALS: u32 = 6;
    let kroner = (ore / rust_decimal::Decimal::ONE_HUNDRED).trunc_with_scale(DECIMALS);
    say.writing().with_unit(&say.number(kroner))
}
