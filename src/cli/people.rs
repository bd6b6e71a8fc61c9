//! `grenselos people`: whose names and addresses are kept apart from the log, and their erasure.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::answer::{Table, write_json};
use super::{Failure, Format, Session};
use crate::domain::identity::PersonId;
use crate::people::{ErasureError, erase};
use crate::store::{EraseError, EventStore, Position};

/// Names and addresses of people.
#[derive(Debug, Args)]
pub struct PeopleArguments {
    #[command(subcommand)]
    wanted: Wanted,
}

#[derive(Debug, Subcommand)]
enum Wanted {
    /// Everybody of whom something is kept.
    List {
        /// How the list is written.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Erase what is kept of a person, for good.
    Erase {
        /// The id, as `list` shows it and events hold it.
        person: Uuid,
        /// How the answer is written.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Erase the content of one event, for good, where a text in it names a person: what followed from it is gone too.
    EraseEvent {
        /// Its position in the log.
        position: u64,
        /// The stable name of the event, so that no other is erased by mistake.
        #[arg(long, value_name = "EVENT")]
        named: String,
    },
}

pub fn run(session: &Session, arguments: &PeopleArguments) -> Result<(), Failure> {
    match &arguments.wanted {
        Wanted::List { format } => list(session, *format),
        Wanted::Erase { person, format } => erase_person(session, PersonId(*person), *format),
        Wanted::EraseEvent { position, named } => erase_event(session, Position(*position), named),
    }
}

fn list(session: &Session, format: Format) -> Result<(), Failure> {
    let app = session.read()?;
    let mut table = Table::new(["person", "name", "email", "phone", "address"]);
    let people = app.people.all().map_err(|error| Failure::fault(&error))?;
    let mut out = io::stdout().lock();
    if format == Format::Json {
        let people: Vec<_> = people
            .into_iter()
            .map(|(person, known)| {
                serde_json::json!({
                    "person": person, "name": known.name, "email": known.email, "phone": known.phone,
                    "address": known.address,
                })
            })
            .collect();
        return Ok(write_json(&mut out, &people)?);
    }
    for (person, known) in people {
        let or_nothing = Option::unwrap_or_default;
        table.row([
            person.to_string(),
            known.name,
            or_nothing(known.email),
            or_nothing(known.phone),
            or_nothing(known.address),
        ]);
    }
    Ok(table.write(format, &mut out, "nothing is kept of anybody")?)
}

fn erase_person(session: &Session, person: PersonId, format: Format) -> Result<(), Failure> {
    let app = session.write()?;
    let erased = erase(&app.people, &app.ledger.now().book, person).map_err(|error| match error {
        ErasureError::Unknown { .. } | ErasureError::HasAccount { .. } => Failure::asked(&error),
        ErasureError::People(_) => Failure::fault(&error),
    })?;
    let mut out = io::stdout().lock();
    match format {
        Format::Json => write_json(&mut out, &erased)?,
        Format::Csv => {
            let mut table = Table::new(["person", "erased"]);
            table.row([person.to_string(), erased.erased.join(" ")]);
            table.write(format, &mut out, "")?;
        }
        Format::Text => {
            writeln!(out, "erased of {person}: {}", erased.erased.join(", "))?;
            writeln!(out, "events keep the id and the role; erase the person from backups of people.sqlite3 as well")?;
        }
    }
    Ok(())
}

fn erase_event(session: &Session, position: Position, named: &str) -> Result<(), Failure> {
    let app = session.write()?;
    let store = app.store.file().ok_or_else(|| {
        Failure::Asked("the log is on a cluster, where the content of an event cannot be erased alone".to_owned())
    })?;
    let before = position.0.checked_sub(1).filter(|before| *before > 0).map(Position);
    let page = store.read_all(before, 1).map_err(|error| Failure::fault(&error))?;
    let Some(event) = page.first().filter(|event| event.position == position) else {
        return Err(Failure::Asked(format!("the log has no event at position {}", position.0)));
    };
    if *event.event_type != *named {
        return Err(Failure::Asked(format!(
            "the event at position {} is {}, and not {named}; nothing was erased",
            position.0, event.event_type
        )));
    }
    store.erase_payload(position).map_err(|error| match error {
        EraseError::Unknown { .. } => Failure::asked(&error),
        EraseError::StillRead { .. } | EraseError::Refused { .. } => Failure::fault(&error),
    })?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "the content of {named} at position {} is erased; the chain holds, as `grenselos verify` shows",
        position.0
    )?;
    writeln!(
        out,
        "what followed from it is no longer known: record it anew without the name, and see `grenselos check`"
    )?;
    Ok(())
}
