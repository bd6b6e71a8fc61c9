//! `grenselos nudge`: a letter to those who are behind.

use std::io::{self, Write};

use clap::Args;

use super::answer::Table;
use super::{Failure, Session, party, payment, procurement};
use crate::domain::event::Event;
use crate::domain::identity::PartyId;
use crate::domain::procurement::{ProcurementCommand, ProcurementEvent};
use crate::handle::Wish;
use crate::references::looked_up;
use crate::view::board::board;

/// Whom to write to.
#[derive(Debug, Args)]
pub struct NudgeArguments {
    /// Write to this party: a number of any time, an organisation number, or a name. May be given several times.
    #[arg(long, value_name = "NR", required_unless_present = "all", conflicts_with = "all")]
    party: Vec<String>,
    /// Write to everybody that is behind, and was not written to today.
    #[arg(long)]
    all: bool,
    /// A line of your own below what they are behind with; no names of persons.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
}

pub fn run(session: &Session, arguments: &NudgeArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let on = app.clock.today();
    let (wish, procurement) = {
        let book = &app.ledger.now().book;
        let procurement = procurement(book, arguments.procurement.as_deref())?;
        let named = arguments.party.iter().map(|called| party(book, "--party", called));
        let mut parties: Vec<PartyId> = named.collect::<Result<_, _>>()?;
        if arguments.all {
            let behind = board(book, procurement, on).into_iter();
            let behind = behind.filter(|row| row.days_behind > 0 && row.nudged_on != Some(on));
            parties = behind.map(|row| row.party).collect();
        }
        let command = ProcurementCommand::Nudge { parties, note: arguments.note.clone(), on, letters: vec![] };
        (looked_up(book, Wish::Procurement(procurement, command)), procurement)
    };
    let handled = payment::carry_out(&app, &wish)?;
    let followed = app.ledger.now();
    let mut table = Table::new(["number", "party"]);
    for event in &handled.events {
        let Event::Procurement(ProcurementEvent::Nudged(nudged)) = event else { continue };
        for letter in &nudged.letters {
            let known = followed.book.parties.get(&letter.party);
            table.row([
                known.and_then(|known| known.number_on(on)).unwrap_or_default().to_owned(),
                known.map(|known| known.full_name_on(on)).unwrap_or_default(),
            ]);
        }
    }
    let mut out = io::stdout().lock();
    table.write_text(&mut out)?;
    let name = followed.book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
    let name = name.map_or("", |opened| opened.name.as_str());
    writeln!(out, "\nthese are written to about {name} as soon as the worker runs: `grenselos outbox`")?;
    Ok(())
}
