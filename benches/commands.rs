//! Commands a second, from loading the stream to the durable event, with one client and with many: the work that
//! `benches/peers` does with cqrs-es and sqlite-es. Each client carries out commands on parties of its own, ten to a party.
//!
//! Arguments: the directory for the log, the number of clients, the number of commands that each carries out.

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, NaiveDate};
use grenselos::domain::identity::PartyId;
use grenselos::domain::party::{PartyCommand, PartyKind};
use grenselos::handle::{Envelope, Wish, handle};
use grenselos::store::sqlite::SqliteStore;
use rust_decimal::Decimal;
use uuid::Uuid;

const COMMANDS_A_PARTY: u32 = 10;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, clients, commands] = arguments.as_slice() else {
        println!("commands: started by benches/run");
        return Ok(());
    };
    let (clients, commands): (u32, u32) = (clients.parse()?, commands.parse()?);
    let store = SqliteStore::open(Path::new(directory))?;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let store = &store;
        let threads: Vec<_> = (0..clients).map(|client| scope.spawn(move || work(store, client, commands))).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a client panicked")).flatten())
    })?;
    let milliseconds = begun.elapsed().as_millis().max(1);
    println!("{}", u128::from(clients * commands) * 1_000 / milliseconds);
    Ok(())
}

fn work(store: &SqliteStore, client: u32, commands: u32) -> anyhow::Result<()> {
    for number in 0..commands {
        let party = PartyId(id(&format!("party {client} {}", number / COMMANDS_A_PARTY)));
        let command = match number % COMMANDS_A_PARTY {
            0 => PartyCommand::Register {
                party,
                kind: PartyKind::Other,
                organisation_number: None,
                vat_compensated: false,
            },
            year => PartyCommand::Measure {
                measure: "inhabitants".to_owned(),
                on: NaiveDate::from_ymd_opt(2020 + i32::try_from(year)?, 1, 1).unwrap_or_default(),
                value: Decimal::from(5_000 + number),
                source: "SSB 07459".to_owned(),
            },
        };
        let command_id = id(&format!("command {client} {number}"));
        let envelope = Envelope {
            command_id,
            actor: "bench".to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
            correlation_id: command_id,
            causation_id: None,
        };
        handle(store, &Wish::Party(party, command), &envelope, None)?;
    }
    Ok(())
}

fn id(what: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, what.as_bytes())
}
