//! `grenselos split`: the allocation alone, without any log. Computes wholly before it prints anything.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::domain::money::Ore;
use crate::domain::sharing_key::{
    Division, Fault, KeyDefinition, KeyError, MEASURE_DECIMALS_MAX, MEASURE_MAX, PARTIES_MAX, PartyMeasures, Step,
};
use crate::key_file;
use crate::table::{Limits, Row, Table, TableError};
use crate::toml_file::TomlFileError;

const PARTY: &str = "party";

/// What to share, by which key, among whom.
#[derive(Debug, Clone, Args)]
pub struct SplitArguments {
    /// The amount in kroner, such as 292000.00; left out for a tariff
    #[arg(long, value_name = "KRONER", allow_hyphen_values = true)]
    pub amount: Option<String>,
    /// The sharing key, a TOML file
    #[arg(long, value_name = "KEY.toml")]
    pub key: PathBuf,
    /// The parties, a CSV file: the column "party", and a column for each measure
    #[arg(long, value_name = "PARTIES.csv")]
    pub parties: PathBuf,
    /// How the shares are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: SplitFormat,
    /// Print the arithmetic of each share as well (with csv: on standard error)
    #[arg(long)]
    pub explain: bool,
}

/// How shares are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SplitFormat {
    /// An aligned table with the total, for people
    #[default]
    Text,
    /// Rows of party,amount in kroner with two decimals
    Csv,
    /// One object, amounts in whole øre
    Json,
}

/// Why nothing was shared.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The amount is none.
    #[error("--amount: {0}")]
    Amount(String),
    /// The key file will not do.
    #[error(transparent)]
    KeyFile(#[from] TomlFileError),
    /// The parties will not do.
    #[error(transparent)]
    Parties(#[from] TableError),
    /// The key itself will not do, or cannot be met.
    #[error("{file}: {reason}")]
    Key {
        /// The key file as it was named.
        file: String,
        /// Why, and what to do.
        reason: KeyError,
    },
    /// The result could not be printed.
    #[error("the result could not be written")]
    Output(#[from] std::io::Error),
}

/// Shares an amount among the parties and prints the shares to `out`; remarks go to `err`. Nothing is printed where
/// anything is at fault.
///
/// # Errors
/// The fault, with its file and row.
pub fn run(arguments: &SplitArguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), SplitError> {
    let amount = match &arguments.amount {
        Some(text) => Some(Ore::parse_kroner(text).map_err(|error| SplitError::Amount(error.to_string()))?),
        None => None,
    };
    let key = key_file::read(&arguments.key)?;
    key.validate().map_err(|reason| key_fault(&arguments.key, reason))?;
    let parties = Parties::read(&arguments.parties, &key)?;
    let division = if arguments.explain {
        key.share(amount, &parties.measures)
    } else {
        key.share_unexplained(amount, &parties.measures)
    };
    let division = division.map_err(|reason| parties.fault(reason, &arguments.key))?;
    let printed = match arguments.format {
        SplitFormat::Text => text(&division, amount, arguments.explain),
        SplitFormat::Csv => csv(&division)?,
        SplitFormat::Json => json(&division, amount, arguments.explain)?,
    };
    if arguments.format == SplitFormat::Csv && arguments.explain {
        err.write_all(explanation(&division, amount).as_bytes())?;
    }
    if key.rounds_each() {
        writeln!(err, "{}", off_by(&division))?;
    }
    out.write_all(printed.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The parties of a file, with the rows they stand in.
struct Parties {
    table: Table,
    measures: Vec<PartyMeasures>,
}

impl Parties {
    fn read(path: &Path, key: &KeyDefinition) -> Result<Self, TableError> {
        let table = Table::read(path, Limits { rows: PARTIES_MAX, ..Limits::default() })?;
        match table.columns() {
            [first, ..] if first == PARTY => {}
            columns => {
                let first = columns.first().map_or("", String::as_str);
                let reason = format!("the first column is named \"{first}\"; name it \"party\"");
                return Err(table.file_error(&reason));
            }
        }
        let needed: Vec<&str> = key.measures().into_iter().collect();
        table.require(&needed)?;
        if table.rows().len() == 0 {
            return Err(table.file_error("there are no parties below the header row; give at least one"));
        }
        let mut seen: HashMap<&str, u64> = HashMap::new();
        let mut parties = Vec::with_capacity(table.rows().len());
        for row in table.rows() {
            let party = row.text(PARTY)?;
            if let Some(line) = seen.insert(party, row.line()) {
                let reason = format!("party \"{party}\" stands already in row {line}; keep one of them");
                return Err(row.cell_error(PARTY, &reason));
            }
            let mut measures = BTreeMap::new();
            for column in &table.columns()[1..] {
                if needed.contains(&column.as_str()) || row.optional(column).is_some() {
                    measures.insert(column.clone(), measure(&row, column)?);
                }
            }
            parties.push(PartyMeasures { party: party.to_owned(), measures });
        }
        Ok(Self { table, measures: parties })
    }

    /// Says in which file and row the fault lies.
    fn fault(&self, reason: KeyError, key: &Path) -> SplitError {
        match reason.fault() {
            Fault::Key => key_fault(key, reason),
            Fault::Amount => SplitError::Amount(reason.to_string()),
            Fault::Parties => SplitError::Parties(self.table.file_error(&reason.to_string())),
            Fault::Party(party) => {
                let row = self.table.rows().find(|row| row.optional(PARTY) == Some(party));
                let whole = || self.table.file_error(&reason.to_string());
                SplitError::Parties(row.map_or_else(whole, |row| row.error(&reason.to_string())))
            }
        }
    }
}

fn key_fault(key: &Path, reason: KeyError) -> SplitError {
    SplitError::Key { file: key.display().to_string(), reason }
}

fn measure(row: &Row<'_>, column: &str) -> Result<Decimal, TableError> {
    let value = row.decimal(column)?;
    if value.is_sign_negative() && !value.is_zero() {
        return Err(row.cell_error(column, &format!("{value} is below zero; a measure is zero or more")));
    }
    if value > MEASURE_MAX || value.normalize().scale() > MEASURE_DECIMALS_MAX {
        let reason =
            format!("{value} is no measure; it is at most {MEASURE_MAX} with at most {MEASURE_DECIMALS_MAX} decimals");
        return Err(row.cell_error(column, &reason));
    }
    Ok(value)
}

fn sum(division: &Division) -> Ore {
    division.total + division.off_by
}

fn off_by(division: &Division) -> String {
    let (off, total) = (division.off_by, division.total);
    match off.0.signum() {
        0 => format!("rounded each by itself, the shares add up to {total}, off by 0.00"),
        sign => {
            let more = if sign > 0 { "more" } else { "less" };
            let magnitude = Ore(off.0.abs());
            format!("rounded each by itself, the shares add up to {}: {magnitude} {more} than {total}", sum(division))
        }
    }
}

fn text(division: &Division, amount: Option<Ore>, explain: bool) -> String {
    let percents: Option<Vec<Decimal>> = division.shares.iter().map(|share| share.percent).collect();
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let total = sum(division).to_string();
    let names = division.shares.iter().map(|share| share.party.chars().count());
    let party_width = width(&mut names.chain([PARTY.len()]));
    let amounts = division.shares.iter().map(|share| share.amount.to_string().len());
    let amount_width = width(&mut amounts.chain([total.len(), "amount".len()]));
    let mut lines = String::new();
    let mut line = |party: &str, percent: &str, amount: &str| {
        let percent = if percents.is_some() { format!("  {percent:>12}") } else { String::new() };
        writeln!(lines, "{party:<party_width$}{percent}  {amount:>amount_width$}").ok();
    };
    line(PARTY, "percent", "amount");
    for share in &division.shares {
        let percent = share.percent.map(|percent| percent.to_string()).unwrap_or_default();
        line(&share.party, &percent, &share.amount.to_string());
    }
    let percent: Decimal = percents.iter().flatten().sum();
    line("total", &percent.to_string(), &total);
    if explain {
        lines.push('\n');
        lines.push_str(&explanation(division, amount));
    }
    lines
}

fn explanation(division: &Division, amount: Option<Ore>) -> String {
    let mut lines = format!("by the key \"{}\", of {}", division.key, division.total);
    if let Some(amount) = amount.filter(|amount| *amount != division.total) {
        write!(lines, ", which is {amount} less grants").ok();
    }
    lines.push('\n');
    for share in &division.shares {
        writeln!(lines, "{}: {}", share.party, share.amount).ok();
        step_lines(&share.steps, 1, &mut lines);
    }
    lines
}

fn step_lines(steps: &[Step], depth: usize, lines: &mut String) {
    for step in steps {
        writeln!(lines, "{:1$}{step}", "", depth * 2).ok();
        if let Step::Part { steps, .. } = step {
            step_lines(steps, depth + 1, lines);
        }
    }
}

fn csv(division: &Division) -> Result<String, std::io::Error> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record([PARTY, "amount"]).map_err(std::io::Error::other)?;
    for share in &division.shares {
        writer.write_record([&share.party, &share.amount.to_string()]).map_err(std::io::Error::other)?;
    }
    let bytes = writer.into_inner().map_err(::csv::IntoInnerError::into_error)?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

#[derive(Serialize)]
struct Printed<'d> {
    key: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_ore: Option<Ore>,
    total_ore: Ore,
    off_by_ore: Ore,
    shares: Vec<PrintedShare<'d>>,
}

#[derive(Serialize)]
struct PrintedShare<'d> {
    party: &'d str,
    amount_ore: Ore,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<&'d [Step]>,
}

fn json(division: &Division, amount: Option<Ore>, explain: bool) -> Result<String, std::io::Error> {
    let shares = division.shares.iter().map(|share| PrintedShare {
        party: &share.party,
        amount_ore: share.amount,
        percent: share.percent,
        steps: explain.then_some(share.steps.as_slice()),
    });
    let printed = Printed {
        key: &division.key,
        amount_ore: amount,
        total_ore: division.total,
        off_by_ore: division.off_by,
        shares: shares.collect(),
    };
    Ok(serde_json::to_string_pretty(&printed)? + "\n")
}
