//! What `benches/commands.rs` does, done with cqrs-es and sqlite-es: each client carries out commands on parties of its
//! own, ten to a party. Every command loads the party's events, decides, and waits until its event is durable.
//!
//! Arguments: the directory for the database, the number of clients, the number of commands that each carries out.

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Instant;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};
use sqlite_es::{SqliteCqrs, sqlite_cqrs};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

const COMMANDS_A_PARTY: u32 = 10;

/// The table as sqlite-es gives it.
const EVENTS: &str = "
CREATE TABLE IF NOT EXISTS events (
  aggregate_type text                          NOT NULL,
  aggregate_id   text                          NOT NULL,
  sequence       integer CHECK (sequence >= 0) NOT NULL,
  event_type     text                          NOT NULL,
  event_version  text                          NOT NULL,
  payload        text                          NOT NULL,
  metadata       text                          NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) STRICT";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Party {
    registered: bool,
    figures: Vec<(String, String)>,
}

enum PartyCommand {
    Register { party: String },
    Measure { on: String, value: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum PartyEvent {
    Registered { party: String, kind: String, organisation_number: Option<String>, vat_compensated: bool },
    Measured { measure: String, on: String, value: String, source: String },
}

#[derive(Debug)]
struct NotRegistered;

impl fmt::Display for NotRegistered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the party is not registered")
    }
}

impl std::error::Error for NotRegistered {}

impl DomainEvent for PartyEvent {
    fn event_type(&self) -> String {
        match self {
            Self::Registered { .. } => "party.registered".to_owned(),
            Self::Measured { .. } => "party.measured".to_owned(),
        }
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for Party {
    const TYPE: &'static str = "party";
    type Command = PartyCommand;
    type Event = PartyEvent;
    type Error = NotRegistered;
    type Services = ();

    async fn handle(&mut self, command: PartyCommand, (): &(), sink: &EventSink<Self>) -> Result<(), NotRegistered> {
        let event = match command {
            PartyCommand::Register { party } => {
                PartyEvent::Registered { party, kind: "other".to_owned(), organisation_number: None, vat_compensated: false }
            }
            PartyCommand::Measure { .. } if !self.registered => return Err(NotRegistered),
            PartyCommand::Measure { on, value } => {
                PartyEvent::Measured { measure: "inhabitants".to_owned(), on, value, source: "SSB 07459".to_owned() }
            }
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: PartyEvent) {
        match event {
            PartyEvent::Registered { .. } => self.registered = true,
            PartyEvent::Measured { on, value, .. } => self.figures.push((on, value)),
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, clients, commands] = arguments.as_slice() else {
        anyhow::bail!("give a directory, the number of clients and the number of commands of each");
    };
    let (clients, commands): (u32, u32) = (clients.parse()?, commands.parse()?);
    let cqrs = Arc::new(open(Path::new(directory)).await?);
    let begun = Instant::now();
    let tasks: Vec<_> = (0..clients).map(|client| tokio::spawn(work(Arc::clone(&cqrs), client, commands))).collect();
    for task in tasks {
        task.await??;
    }
    println!("{:.0}", f64::from(clients * commands) / begun.elapsed().as_secs_f64());
    Ok(())
}

/// As durable as the product is: sqlite-es alone would not wait for the disk.
async fn open(directory: &Path) -> anyhow::Result<SqliteCqrs<Party>> {
    let url = format!("sqlite://{}", directory.join("peer.sqlite3").display());
    let options = SqliteConnectOptions::from_str(&url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(10).connect_with(options).await?;
    sqlx::query(EVENTS).execute(&pool).await?;
    Ok(sqlite_cqrs(pool, vec![], ()))
}

async fn work(cqrs: Arc<SqliteCqrs<Party>>, client: u32, commands: u32) -> anyhow::Result<()> {
    for number in 0..commands {
        let party = format!("{client}-{}", number / COMMANDS_A_PARTY);
        let command = match number % COMMANDS_A_PARTY {
            0 => PartyCommand::Register { party: party.clone() },
            year => PartyCommand::Measure { on: format!("{}-01-01", 2020 + year), value: (5_000 + number).to_string() },
        };
        cqrs.execute(&party, command).await?;
    }
    Ok(())
}
