//! `grenselos what-if`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use serde::Deserialize;

use super::answer::{Table, word, write_json};
use super::{Failure, Format, Session, known, procurement, year};
use crate::domain::identity::PartyId;
use crate::domain::money::Ore;
use crate::key_file;
use crate::view::budget::{Wanted, YEARS_MAX, usual_years};
use crate::view::what_if::{
    Comparison, Hypothesis, OtherAmount, OtherDates, OtherKey, OtherMember, OtherOldContract, compare, days, suppose,
};

/// A larger file is no hypothesis.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What would happen if.
#[derive(Debug, Args)]
pub struct WhatIfArguments {
    /// The hypothesis (TOML): sections key, amount, member, dates, `old_contract`.
    file: PathBuf,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
    /// The first year. Next year where nothing is said.
    #[arg(long, value_name = "YEAR")]
    from: Option<i32>,
    /// How many years.
    #[arg(long, default_value_t = 4, value_name = "COUNT")]
    years: usize,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A hypothesis as written in a file: a key stands in a file of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HypothesisFile {
    key: Vec<KeyEntry>,
    amount: Vec<OtherAmount>,
    member: Vec<OtherMember>,
    dates: Vec<OtherDates>,
    old_contract: Vec<OtherOldContract>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    in_place_of: Option<String>,
    file: PathBuf,
    #[serde(default, deserialize_with = "days::optional")]
    applies_from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "days::optional")]
    population_date: Option<NaiveDate>,
}

pub fn run(session: &Session, arguments: &WhatIfArguments) -> Result<(), Failure> {
    if !(1..=YEARS_MAX).contains(&arguments.years) {
        return Err(Failure::Asked(format!("--years {}: give a number from 1 to {YEARS_MAX}", arguments.years)));
    }
    let hypothesis = read(&arguments.file)?;
    let app = session.read()?;
    let (book, as_of) = known(&app, arguments.as_of.as_deref(), arguments.procurement.as_deref())?;
    let procurement = procurement(&book, arguments.procurement.as_deref())?;
    let first_year = year("--from", arguments.from.unwrap_or(usual_years(as_of).0))?;
    let supposed = suppose(&book, procurement, &hypothesis, as_of)
        .map_err(|error| Failure::Asked(format!("{}: {error}", arguments.file.display())))?;
    let wanted = Wanted { procurement, party: PartyId::default(), first_year, years_count: arguments.years, as_of };
    let comparison = compare(&book, &supposed, wanted);
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => write_json(&mut out, &comparison)?,
        Format::Csv => table(&comparison).write_csv(&mut out)?,
        Format::Text => write_text(&mut out, &comparison)?,
    }
    Ok(())
}

fn read(path: &Path) -> Result<Hypothesis, Failure> {
    let fault = |error: String| Failure::Asked(format!("{}: {error}", path.display()));
    let unreadable =
        |error: io::Error| fault(format!("the file cannot be read; check its name and that you may read it: {error}"));
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(fault(format!("it is larger than {FILE_BYTES_MAX} bytes; it cannot be a hypothesis")));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let file: HypothesisFile = toml::from_str(&text).map_err(|error| {
        let reason = error.message().lines().collect::<Vec<_>>().join("; ");
        let row = error.span().and_then(|span| text.get(..span.start)).map(|before| before.split('\n').count());
        fault(row.map_or(reason.clone(), |row| format!("row {row}: {reason}")))
    })?;
    let beside = path.parent().unwrap_or(Path::new("."));
    let key = file
        .key
        .into_iter()
        .map(|entry| {
            let definition = key_file::read(&beside.join(&entry.file)).map_err(|error| Failure::asked(&error))?;
            Ok(OtherKey {
                in_place_of: entry.in_place_of,
                definition,
                applies_from: entry.applies_from,
                population_date: entry.population_date,
            })
        })
        .collect::<Result<_, Failure>>()?;
    let HypothesisFile { amount, member, dates, old_contract, .. } = file;
    Ok(Hypothesis { key, amount, member, dates, old_contract })
}

/// Likely amounts over all years, after VAT compensation.
fn table(comparison: &Comparison) -> Table<7> {
    let mut table = Table::new(["number", "party", "before", "after", "change", "per_inhabitant", "certainty"]);
    let sum =
        |years: &[Option<Ore>]| as_known(years.iter().flatten().copied().sum(), years.iter().any(Option::is_none));
    for party in &comparison.parties {
        table.row([
            party.number.clone().unwrap_or_default(),
            party.name.clone(),
            sum(&party.before_ore),
            sum(&party.after_ore),
            as_known(party.change_ore, party.contains_unknown),
            match party.change_per_inhabitant_ore {
                Some(each) => each.to_string(),
                None if party.contains_unknown => "unknown".to_owned(),
                None => String::new(),
            },
            party.certainty.map(word).unwrap_or_default(),
        ]);
    }
    table
}

/// A sum, and whether something unknown is to be added to it.
fn as_known(sum: Ore, contains_unknown: bool) -> String {
    if contains_unknown { format!("{sum} + unknown") } else { sum.to_string() }
}

fn write_text(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let (first, last) = (comparison.years.first(), comparison.years.last());
    if let (Some(first), Some(last)) = (first, last) {
        writeln!(out, "What each would bear in {first} to {last}, likely, in kroner after VAT compensation")?;
    }
    if comparison.illustrative {
        writeln!(out, "All amounts are invented.")?;
    }
    writeln!(out)?;
    let mut table = table(comparison);
    let change = as_known(comparison.change_ore, comparison.unknown_count > 0);
    table.total(["", "all", "", "", &change, "", &comparison.certainty.map(word).unwrap_or_default()]);
    table.write(Format::Text, out, "nobody would bear anything, before or after")?;
    writeln!(out, "\n{} would bear less, {} more.", comparison.winners_count, comparison.losers_count)?;
    if comparison.unknown_count > 0 {
        writeln!(out, "Of {} it cannot be said: a year of theirs contains an unknown.", comparison.unknown_count)?;
    }
    for fault in &comparison.faults {
        writeln!(out, "cannot be shared: {fault}")?;
    }
    Ok(())
}
