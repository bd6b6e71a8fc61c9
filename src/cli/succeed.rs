//! `grenselos succeed`: a county authority is dissolved, and its agreements pass.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;
use clap::Args;

use super::{Failure, Session, party};
use crate::dissolution::{Dissolution, is_beginning_of_number};
use crate::domain::identity::PartyId;
use crate::handle::{Wish, chained};
use crate::unreadable;
use crate::view::book::Book;

/// What was decided.
#[derive(Debug, Args)]
pub struct SucceedArguments {
    /// The county authority that is dissolved: its number, organisation number or name.
    #[arg(long, value_name = "COUNTY")]
    county: String,
    /// Who comes after it for municipalities whose new numbers begin so; once for each.
    #[arg(long = "number", value_name = "BEGINNING=COUNTY", required = true)]
    by_number: Vec<String>,
    /// Who comes after it for a party whose number does not tell.
    #[arg(long = "party", value_name = "PARTY=COUNTY")]
    by_party: Vec<String>,
    /// The first day of those that come after it.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    on: NaiveDate,
    /// The decision.
    #[arg(long, value_name = "TEXT")]
    reference: String,
}

pub fn run(session: &Session, arguments: &SucceedArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let wishes = {
        let book = &app.ledger.now().book;
        dissolution(book, arguments)?.wishes(book).map_err(|error| Failure::asked(&error))?
    };
    let enveloped = chained(app.ids.new_id(), "command line", app.clock.as_ref(), wishes);
    let agreements = enveloped.iter().filter(|(wish, _)| matches!(wish, Wish::Agreement(..))).count();
    let procurements = enveloped.iter().filter(|(wish, _)| matches!(wish, Wish::Procurement(..))).count();
    let written = app.ledger.carry_out_together(&enveloped)?;
    let mut out = io::stdout().lock();
    if written == 0 {
        writeln!(out, "nothing is left to pass: it was recorded before")?;
    } else {
        writeln!(
            out,
            "{written} events recorded: {agreements} agreements and {procurements} procurements pass on {}",
            arguments.on
        )?;
    }
    Ok(())
}

fn dissolution(book: &Book, arguments: &SucceedArguments) -> Result<Dissolution, Failure> {
    let parted = |flag: &str, text: &str| {
        text.split_once('=')
            .map(|(before, after)| (before.trim().to_owned(), after.trim().to_owned()))
            .ok_or_else(|| Failure::Asked(format!("--{flag} {text}: write both parts with = between them")))
    };
    let mut by_number: BTreeMap<String, PartyId> = BTreeMap::new();
    for text in &arguments.by_number {
        let (beginning, county) = parted("number", text)?;
        if !is_beginning_of_number(&beginning) {
            return Err(Failure::Asked(format!("--number {text}: begin with the digits that the numbers begin with")));
        }
        by_number.insert(beginning, party(book, "--number", &county)?);
    }
    let mut by_party: BTreeMap<PartyId, PartyId> = BTreeMap::new();
    for text in &arguments.by_party {
        let (of, county) = parted("party", text)?;
        by_party.insert(party(book, "--party", &of)?, party(book, "--party", &county)?);
    }
    let county = party(book, "--county", &arguments.county)?;
    Ok(Dissolution { county, by_number, by_party, on: arguments.on, reference: arguments.reference.clone() })
}
