//! `grenselos readiness`: who is behind, and with what.

use std::io::{self, Write};

use clap::Args;

use super::answer::{Table, word, write_json};
use super::{Failure, Format, Session, known, party_today, procurement};
use crate::view::readiness::{ItemReadiness, Standing, readiness};

/// The checklist of every library.
#[derive(Debug, Args)]
pub struct ReadinessArguments {
    /// Only this party: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    party: Option<String>,
    /// Which procurement, by its name. It need not be said where there is only one.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
    /// Only libraries with something late.
    #[arg(long)]
    behind: bool,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(session: &Session, arguments: &ReadinessArguments) -> Result<(), Failure> {
    let app = session.read()?;
    let (book, day) = known(&app, arguments.as_of.as_deref(), arguments.procurement.as_deref())?;
    let procurement = procurement(&book, arguments.procurement.as_deref())?;
    let only = arguments.party.as_deref().map(|called| party_today(&app, "--party", called)).transpose()?;
    let mut parties = readiness(book.libraries(procurement, day), day);
    parties.retain(|party| only.is_none_or(|only| party.party == only));
    if arguments.behind {
        for party in &mut parties {
            party.libraries.retain(|library| library.days_behind > 0);
        }
        parties.retain(|party| !party.libraries.is_empty());
    }
    let mut out = io::stdout().lock();
    if arguments.format == Format::Json {
        return Ok(write_json(&mut out, &serde_json::json!({ "day": day, "parties": parties }))?);
    }
    let mut table = Table::new(["number", "party", "library", "days_behind", "late", "to_do", "done"]);
    for party in &parties {
        let known = book.parties.get(&party.party);
        for library in &party.libraries {
            table.row([
                known.and_then(|known| known.number_on(day)).unwrap_or_default().to_owned(),
                known.map(|known| known.full_name_on(day)).unwrap_or_default(),
                library.library.clone(),
                library.days_behind.to_string(),
                items(&library.items, |standing| standing == Standing::Late),
                items(&library.items, |standing| matches!(standing, Standing::Due | Standing::NoDueDate)),
                format!("{} of {}", done(&library.items), library.items.len()),
            ]);
        }
    }
    let empty = if arguments.behind { "nobody is behind" } else { "no library takes part" };
    table.write(arguments.format, &mut out, &format!("{empty} on {day}"))?;
    if arguments.format == Format::Text && !parties.is_empty() {
        let behind = parties.iter().filter(|party| party.days_behind > 0).count();
        writeln!(out, "\non {day}, {behind} of {} parties shown are behind", parties.len())?;
    }
    Ok(())
}

fn done(items: &[ItemReadiness]) -> usize {
    items.iter().filter(|item| item.standing == Standing::Done).count()
}

/// The items that stand so, with the due date where it has passed or is to come.
fn items(items: &[ItemReadiness], wanted: impl Fn(Standing) -> bool) -> String {
    let named = items.iter().filter(|item| wanted(item.standing)).map(|item| match (item.standing, item.due) {
        (Standing::Late | Standing::Due, Some(due)) => format!("{} by {due}", word(item.item)),
        (Standing::Late | Standing::Due | Standing::NoDueDate | Standing::Done, _) => word(item.item),
    });
    named.collect::<Vec<_>>().join(", ")
}
