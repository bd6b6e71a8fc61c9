//! `grenselos propose`: another sharing key under a name, to be compared, heard and adopted.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{Failure, Session, payment, procurement};
use crate::domain::identity::{ProcurementId, ProposalId, SharingKeyId};
use crate::domain::key_adoption::{KeyCommand, SharingKey};
use crate::handle::Wish;
use crate::key_file;
use crate::unreadable;
use crate::view::book::Book;
use crate::view::proposals::{compared, proposal};

/// What is proposed.
#[derive(Debug, Args)]
pub struct ProposeArguments {
    /// The key: a file as `grenselos split` reads it.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The name of the proposal.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The first day it would apply to.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    from: NaiveDate,
    /// In place of which key, where the procurement has several.
    #[arg(long, value_name = "NAME")]
    in_place_of: Option<String>,
    /// Why, in a line that names no person.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
}

pub fn run(session: &Session, arguments: &ProposeArguments) -> Result<(), Failure> {
    let definition = key_file::read(&arguments.key).map_err(|error| Failure::asked(&error))?;
    let app = session.write()?;
    let on = app.clock.today();
    let id = ProposalId(app.ids.new_id());
    let wish = {
        let book = &app.ledger.now().book;
        let procurement = procurement(book, arguments.procurement.as_deref())?;
        let (key, known) = key(book, procurement, arguments.in_place_of.as_deref())?;
        let in_force = known.in_force_on(arguments.from);
        let command = KeyCommand::SaveProposal {
            proposal: id,
            name: arguments.name.clone(),
            note: arguments.note.clone(),
            definition,
            applies_from: arguments.from,
            population_date: in_force.map_or(arguments.from, |in_force| in_force.population_date),
            members: vec![],
            on,
        };
        Wish::SharingKey(key, command)
    };
    payment::carry_out(&app, &wish)?;
    let followed = app.ledger.now();
    let Some((_, key, saved)) = proposal(&followed.book, id) else { return Ok(()) };
    let mut out = io::stdout().lock();
    writeln!(out, "\"{}\" is saved, to be compared, heard and adopted in the key laboratory", arguments.name)?;
    match compared(&followed.book, key, &saved.saved, on) {
        Ok(comparison) => writeln!(
            out,
            "{} would bear less, {} more, from {} on",
            comparison.winners_count, comparison.losers_count, arguments.from
        )?,
        Err(error) => writeln!(out, "what it would lead to is not known: {error}")?,
    }
    Ok(())
}

/// The key that is named, or the only one.
fn key<'book>(
    book: &'book Book,
    procurement: ProcurementId,
    called: Option<&str>,
) -> Result<(SharingKeyId, &'book SharingKey), Failure> {
    let name = |key: &SharingKey| key.proposed.as_ref().map(|proposed| (proposed.procurement, proposed.name.clone()));
    let of_procurement: Vec<(SharingKeyId, &SharingKey, String)> = book
        .keys
        .iter()
        .filter_map(|(id, key)| Some((*id, key, name(key).filter(|(of, _)| *of == procurement)?.1)))
        .collect();
    let mut found = of_procurement.iter().filter(|(.., name)| called.is_none_or(|called| called == name));
    if let (Some((id, key, _)), None) = (found.next(), found.next()) {
        return Ok((*id, key));
    }
    let names: Vec<&str> = of_procurement.iter().map(|(.., name)| name.as_str()).collect();
    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Err(Failure::Asked(format!("--in-place-of: name one of the procurement's keys (known: {known})")))
}
