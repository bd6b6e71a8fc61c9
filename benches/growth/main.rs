//! Logs of many procurements, each the size of Norway over ten years. `benches/run growth` starts the program on them and looks
//! how long that takes, how much memory it holds and how soon pages come.
//!
//! `growth fill DIRECTORY COUNT` writes the log: one procurement as the product writes it, and copies of it under other ids.
//! Parties and people are the same in all.

#[path = "../invoices/country.rs"]
mod country;
#[path = "../log/mod.rs"]
#[expect(dead_code, reason = "the events are of several benches")]
mod log;
#[path = "../pages/years.rs"]
#[expect(dead_code, reason = "the years are of several benches")]
mod years;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use grenselos::domain::event::StreamKind;
use grenselos::ledger::stream_id;
use grenselos::store::sqlite::SqliteStore;
use grenselos::store::{Append, EventStore, Expected, NewEvent, Recorded, StreamName};
use uuid::Uuid;
use years::Years;

/// Ten years with two runs of invoices each.
const RUNS: u64 = 20;
/// How many events are on their way into the store at once.
const WAITING: usize = 10_000;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, directory, count] = arguments.as_slice()
        && command == "fill"
    {
        return fill(Path::new(directory), count.parse()?);
    }
    println!("growth: started by benches/run");
    Ok(())
}

fn fill(directory: &Path, count: u64) -> anyhow::Result<()> {
    let store: Arc<dyn EventStore> = Arc::new(SqliteStore::open(directory)?);
    let country = country::Country::new(directory, Arc::clone(&store))?;
    for year in 2024..2034 {
        country.contract(year)?;
    }
    let years = Years::of(&country, 0)?;
    years.record(store.as_ref(), years.events_until(RUNS))?;
    let mut first = Vec::new();
    store.replay(None, &mut |event| {
        first.push(event.to_recorded());
        Ok(())
    })?;
    let shared = [StreamKind::Party, StreamKind::Access].map(StreamKind::prefix);
    let is_shared = |event: &&Recorded| shared.iter().any(|kind| event.stream.as_str().starts_with(kind));
    let kept: HashSet<Uuid> =
        first.iter().filter(is_shared).filter_map(|event| stream_id(event.stream.as_str())).collect();
    for copy in 1..count {
        let mut waiting = Vec::with_capacity(WAITING);
        for event in first.iter().filter(|event| !is_shared(event)) {
            waiting.push(copied(event, &kept, copy)?);
            if waiting.len() == WAITING {
                store.append_all(std::mem::take(&mut waiting)).into_iter().collect::<Result<Vec<_>, _>>()?;
            }
        }
        store.append_all(waiting).into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    println!("{} events", store.head()?.map_or(0, |head| head.0));
    Ok(())
}

/// The same event of another procurement.
fn copied(event: &Recorded, kept: &HashSet<Uuid>, copy: u64) -> anyhow::Result<Append> {
    let data = renamed(std::str::from_utf8(event.data.as_deref().unwrap_or(b"null"))?, kept, copy);
    let (kind, id) = event.stream.as_str().split_at(event.stream.as_str().len() - UUID_CHARACTERS);
    let event = NewEvent {
        id: of_copy(event.id, copy),
        event_type: (*event.event_type).into(),
        schema_version: event.schema_version,
        recorded_at: event.recorded_at,
        data: data.replace(country::NAME, &format!("{} {copy}", country::NAME)).into_bytes(),
        metadata: event.metadata.clone(),
    };
    let stream = StreamName::new(&format!("{kind}{}", of_copy(id.parse()?, copy)))?;
    Ok(Append { stream, expected: Expected::Any, events: vec![event] })
}

const UUID_CHARACTERS: usize = 36;

fn of_copy(id: Uuid, copy: u64) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ u128::from(copy))
}

/// A JSON text with the ids of a copy, but for those of parties and people.
fn renamed(text: &str, kept: &HashSet<Uuid>, copy: u64) -> String {
    let mut renamed = String::with_capacity(text.len());
    for (number, part) in text.split('"').enumerate() {
        if number > 0 {
            renamed.push('"');
        }
        let id = Some(part).filter(|part| part.len() == UUID_CHARACTERS).and_then(|part| part.parse::<Uuid>().ok());
        match id.filter(|id| !kept.contains(id)) {
            Some(id) => renamed.push_str(&of_copy(id, copy).to_string()),
            None => renamed.push_str(part),
        }
    }
    renamed
}
