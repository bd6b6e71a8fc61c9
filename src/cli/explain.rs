//! `grenselos explain`.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::Args;

use super::answer::{Table, word, write_json};
use super::budget::SheetArguments;
use super::{Failure, Format, Session, year};
use crate::domain::assessment::{Assessment, Range, Statement};
use crate::domain::cost::WithdrawnGrant;
use crate::ledger::events_behind;
use crate::view::budget_sheet::LineKind;
use crate::view::explanation::{Explanation, PartExplained, Reasons, explanations};

/// Where a figure comes from: key, measures with date and source, events; the arithmetic recomputes to the figure.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[command(flatten)]
    of: SheetArguments,
    /// The year; the budget year where nothing is said.
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// One line of the sheet, by its id in the JSON form or the beginning of its name; all lines where nothing is said.
    #[arg(long, value_name = "ID")]
    line: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(session: &Session, arguments: &ExplainArguments) -> Result<(), Failure> {
    let (app, book, wanted) = arguments.of.wanted(session)?;
    let year = year("--year", arguments.year.unwrap_or(wanted.first_year))?;
    let mut found = explanations(&book, wanted, year, None);
    if let Some(line) = &arguments.line {
        found.retain(|explanation| {
            explanation.line == *line || explanation.text.to_lowercase().starts_with(&line.to_lowercase())
        });
        if found.is_empty() {
            return Err(Failure::Asked(format!(
                "--line {line}: the sheet has no such line in {year}; `grenselos budget --format json` shows the ids"
            )));
        }
    }
    for explanation in &mut found {
        explanation.events = events_behind(&app.ledger, &book, explanation, wanted)?;
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => write_json(&mut out, &found)?,
        Format::Csv => steps(&found).write_csv(&mut out)?,
        Format::Text if found.is_empty() => writeln!(out, "the sheet has nothing in {year}")?,
        Format::Text => {
            for explanation in &found {
                write_text(&mut out, explanation)?;
            }
        }
    }
    Ok(())
}

/// A row for each step of the arithmetic, and one for what each line comes to. The arithmetic is that of the likely amount.
fn steps(found: &[Explanation]) -> Table<10> {
    let mut table = Table::new(["line", "year", "kind", "text", "certainty", "from", "to", "key", "step", "likely"]);
    let likely_of =
        |range: Option<Range>| range.map_or_else(|| "unknown".to_owned(), |range| range.likely_ore.to_string());
    for explanation in found {
        let Explanation { line, year, kind, text, certainty, net, reasons, .. } = explanation;
        let mut row = |part: Option<&PartExplained>, step: String, amount: String| {
            let day =
                |day: fn(&PartExplained) -> NaiveDate| part.map_or_else(String::new, |part| day(part).to_string());
            table.row([
                line.clone(),
                year.to_string(),
                word(kind),
                text.clone(),
                word(certainty),
                day(|part| part.period.first),
                day(|part| part.period.last),
                part.and_then(|part| part.key.as_ref()).map_or_else(String::new, |key| key.name.clone()),
                step,
                amount,
            ]);
        };
        let parts: &[PartExplained] = match reasons {
            Reasons::Cost { whole, .. } if *kind == LineKind::OneTime => whole,
            Reasons::Cost { after_grants, .. } => after_grants,
            Reasons::Licence { parts, .. } => parts,
            Reasons::Legacy { .. } => &[],
        };
        for part in parts {
            let likely = if part.shares.len() > 1 { part.shares.get(1) } else { part.shares.first() };
            for step in likely.iter().flat_map(|share| &share.steps) {
                row(Some(part), step.to_string(), String::new());
            }
            row(Some(part), "the part's share".to_owned(), likely_of(part.share));
        }
        row(None, "the figure".to_owned(), likely_of(*net));
    }
    table
}

fn range(range: Option<Range>) -> String {
    match range {
        None => "unknown".to_owned(),
        Some(Range { low_ore, likely_ore, high_ore }) if low_ore == high_ore => likely_ore.to_string(),
        Some(Range { low_ore, likely_ore, high_ore }) => format!("{likely_ore} (low {low_ore}, high {high_ore})"),
    }
}

fn amount(amount: Assessment) -> String {
    let certainty = match amount {
        Assessment::Unknown => "unknown",
        Assessment::Estimated { .. } => "estimated",
        Assessment::Quoted { .. } => "quoted",
        Assessment::Contracted { .. } => "contracted",
        Assessment::Actual { .. } => "actual",
    };
    amount.range().map_or_else(|| certainty.to_owned(), |known| format!("{certainty} {}", range(Some(known))))
}

fn write_statements(out: &mut dyn Write, what: &str, statements: &[Statement]) -> io::Result<()> {
    if statements.is_empty() {
        return writeln!(out, "  {what}: nothing has been said of it yet");
    }
    for (index, statement) in statements.iter().enumerate() {
        let mark = if index + 1 == statements.len() { "now" } else { "was" };
        writeln!(out, "  {what} {mark} {}: {} ({})", statement.on, amount(statement.amount), statement.source)?;
    }
    Ok(())
}

fn write_text(out: &mut dyn Write, explanation: &Explanation) -> io::Result<()> {
    let Explanation { party_name, year, kind, text, net, reasons, events, line, .. } = explanation;
    writeln!(out, "{party_name}, {year}: {text} = {} excluding VAT", range(*net))?;
    writeln!(out, "  line {line}")?;
    match reasons {
        Reasons::Cost { statements, grants, withdrawn_grants, moves, whole, after_grants } => {
            write_statements(out, "amount", statements)?;
            for grant in grants {
                writeln!(out, "  grant from {} {}: -{} ({})", grant.from, grant.on, grant.amount_ore, grant.reference)?;
            }
            for WithdrawnGrant { granted, withdrawn } in withdrawn_grants {
                writeln!(
                    out,
                    "  grant from {} {}: {} ({}), withdrawn {} ({})",
                    granted.from, granted.on, granted.amount_ore, granted.reference, withdrawn.on, withdrawn.reason
                )?;
            }
            for moved in moves {
                writeln!(
                    out,
                    "  moved from {} to {} on {} ({})",
                    moved.from_year, moved.to_year, moved.on, moved.reference
                )?;
            }
            write_parts(out, "the whole", whole)?;
            if !grants.is_empty() {
                write_parts(out, "after grants", after_grants)?;
            }
        }
        Reasons::Licence { statements, factors, price, parts } => {
            write_statements(out, "base price of a year", statements)?;
            for factor in factors {
                writeln!(out, "  × {} from {} ({}, {})", factor.factor, factor.year, factor.source, factor.vintage)?;
            }
            writeln!(out, "  price of {year}: {}", range(*price))?;
            write_parts(out, "shared", parts)?;
        }
        Reasons::Legacy { yearly_cost_ore, licences, go_live, paid_days, double_days, days_of_year } => {
            let yearly = yearly_cost_ore.map_or_else(|| "unknown".to_owned(), |yearly| yearly.to_string());
            writeln!(out, "  old system: {yearly} a year, {paid_days} of {days_of_year} days paid")?;
            for paid in licences {
                for days in &paid.days {
                    writeln!(out, "  new system: {} paid from {} to {}", paid.name, days.first, days.last)?;
                }
            }
            if let Some(go_live) = go_live {
                writeln!(out, "  new system: no licence known, in use from {go_live}")?;
            }
            if go_live.is_some() || !licences.is_empty() {
                writeln!(out, "  {double_days} days on which both are paid")?;
            }
            if let Some(yearly) = yearly_cost_ore {
                let days = if *kind == LineKind::DoubleCost { *double_days } else { paid_days - double_days };
                writeln!(out, "    {yearly} × {days} / {days_of_year} = {}", range(*net))?;
            }
        }
    }
    for event in events {
        writeln!(out, "  event {} {} recorded {}", event.position, event.event_type, event.recorded_on)?;
    }
    writeln!(out)
}

fn write_parts(out: &mut dyn Write, what: &str, parts: &[PartExplained]) -> io::Result<()> {
    for part in parts {
        let days = if part.days == part.days_of_year {
            String::new()
        } else {
            format!(" for {} to {} ({} of {} days)", part.period.first, part.period.last, part.days, part.days_of_year)
        };
        let amount = range(part.amount);
        match &part.key {
            None => writeln!(out, "  {what}{days}: {amount}, borne alone")?,
            Some(key) => {
                let adopted = if key.adopted { "adopted" } else { "only proposed" };
                writeln!(
                    out,
                    "  {what}{days}: {amount} among {} by \"{}\" ({adopted}, figures of {})",
                    part.members_count, key.name, key.population_date
                )?;
            }
        }
        for figure in &part.figures {
            writeln!(
                out,
                "    {} {} of {} on {} ({})",
                figure.measure,
                figure.figure.value.normalize(),
                figure.sum.normalize(),
                figure.figure.on,
                figure.figure.source
            )?;
            for origin in &figure.origins {
                writeln!(
                    out,
                    "      of {}: {} % of {} = {} on {} ({})",
                    origin.party_name,
                    origin.percent.normalize(),
                    origin.figure.value.normalize(),
                    origin.counts.normalize(),
                    origin.figure.on,
                    origin.figure.source
                )?;
            }
        }
        for shared in &part.shares {
            for step in &shared.steps {
                writeln!(out, "    {step}")?;
            }
            writeln!(out, "    = {} of {}", shared.share_ore, shared.amount_ore)?;
        }
    }
    Ok(())
}
