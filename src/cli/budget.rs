//! `grenselos budget`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Failure, Session, deliver, known, party_today, procurement, year};
use crate::render;
use crate::text::Language;
use crate::view::budget::{Wanted, YEARS_MAX, budget_sheet, usual_years};

/// A budget sheet: year one is the budget, the rest the plan.
#[derive(Debug, Args)]
pub struct BudgetArguments {
    #[command(flatten)]
    pub of: SheetArguments,
    /// How many years.
    #[arg(long, default_value_t = 4, value_name = "COUNT")]
    years: usize,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = SheetFormat::Text)]
    format: SheetFormat,
    /// The file to write; standard output where none is named.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Whose sheet, of which procurement, as of when.
#[derive(Debug, Args)]
pub struct SheetArguments {
    /// A municipality or county number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    pub party: String,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    pub procurement: Option<String>,
    /// The budget year: the first of the sheet. Next year where nothing is said.
    #[arg(long, value_name = "YEAR")]
    pub from: Option<i32>,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    pub as_of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SheetFormat {
    Text,
    Csv,
    Json,
    Xlsx,
    Pdf,
}

impl SheetArguments {
    /// The book and what is wanted of it.
    pub fn wanted(&self, session: &Session) -> Result<(crate::app::App, crate::view::book::Book, Wanted), Failure> {
        let app = session.read()?;
        let (book, as_of) = known(&app, self.as_of.as_deref(), self.procurement.as_deref())?;
        let procurement = procurement(&book, self.procurement.as_deref())?;
        let party = party_today(&app, "--party", &self.party)?;
        let (next_year, years_count) = usual_years(as_of);
        let first_year = year("--from", self.from.unwrap_or(next_year))?;
        Ok((app, book, Wanted { procurement, party, first_year, years_count, as_of }))
    }
}

pub fn run(session: &Session, arguments: &BudgetArguments) -> Result<(), Failure> {
    if !(1..=YEARS_MAX).contains(&arguments.years) {
        return Err(Failure::Asked(format!("--years {}: give a number from 1 to {YEARS_MAX}", arguments.years)));
    }
    let (_, book, wanted) = arguments.of.wanted(session)?;
    let sheet = budget_sheet(&book, Wanted { years_count: arguments.years, ..wanted })
        .ok_or_else(|| Failure::Asked("the party or the procurement was not known yet on that day".to_owned()))?;
    let (bytes, binary) = match arguments.format {
        SheetFormat::Text => (Ok(render::budget_text(&sheet).into_bytes()), false),
        SheetFormat::Csv => (render::budget_csv(&sheet), false),
        SheetFormat::Json => (render::budget_json(&sheet), false),
        SheetFormat::Xlsx => (render::budget_workbook(&sheet, Language::Bokmal), true),
        SheetFormat::Pdf => (render::budget_pdf(&sheet, Language::Bokmal), true),
    };
    deliver(&bytes.map_err(|error| Failure::fault(&error))?, arguments.output.as_ref(), binary)
}
