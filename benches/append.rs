//! How fast events become durable: one client against a bare write and fdatasync of the same bytes, and many clients
//! against one. Every round measures all of them, one after the other, since disks change their mind within minutes;
//! the ratios are taken within each round, and the table shows their medians.
//!
//! `cargo bench --bench append`

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use chrono::DateTime;
use grenselos::store::sqlite::SqliteStore;
use grenselos::store::{EventStore as _, Expected, NewEvent, StreamName};
use rust_decimal::Decimal;
use uuid::Uuid;

const ROUNDS: u32 = 9;
const ALONE: u32 = 500;
/// How many clients there are, how many events each appends in a round, and the bar for their rate over that of one.
const CROWDS: [(u32, u32, u32); 2] = [(64, 100, 10), (256, 50, 15)];

fn main() -> anyhow::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("append-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let measured = measure(&directory);
    std::fs::remove_dir_all(&directory)?;
    report(&measured?);
    Ok(())
}

struct Round {
    bare: Duration,
    alone: Duration,
    crowds: [Duration; CROWDS.len()],
}

/// The time of one event, in each way, in each round.
fn measure(directory: &Path) -> anyhow::Result<Vec<Round>> {
    let store = SqliteStore::open(directory)?;
    let mut bare_file = File::create(directory.join("bare"))?;
    let mut rounds = Vec::new();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let bare = bare(&mut bare_file)?;
        let alone = clients(&store, round, 1, ALONE)?;
        let mut crowds = [Duration::ZERO; CROWDS.len()];
        for (time, (count, each, _)) in crowds.iter_mut().zip(CROWDS) {
            *time = clients(&store, round, count, each)?;
        }
        if round > 0 {
            rounds.push(Round { bare, alone, crowds });
        }
    }
    Ok(rounds)
}

fn bare(file: &mut File) -> anyhow::Result<Duration> {
    let event = event(0, 0, 0);
    let bytes = [event.data, event.metadata].concat();
    let start = Instant::now();
    for _ in 0..ALONE {
        file.write_all(&bytes)?;
        file.sync_data()?;
    }
    Ok(start.elapsed() / ALONE)
}

/// `count` clients append `each` events one by one, each to a stream of its own and each waiting for its answers.
fn clients(store: &SqliteStore, round: u32, count: u32, each: u32) -> anyhow::Result<Duration> {
    let barrier = Barrier::new(count as usize + 1);
    let work = |client: u32| -> anyhow::Result<()> {
        let stream = StreamName::new(&format!("bench-{round}-{count}-{client}"))?;
        let events: Vec<NewEvent> = (0..each).map(|number| event(round * 1_000 + count, client, number)).collect();
        barrier.wait();
        let mut expected = Expected::NoStream;
        for event in events {
            expected = Expected::Exact(store.append(&stream, expected, vec![event])?.version);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|client| scope.spawn(move || work(client))).collect();
        barrier.wait();
        let start = Instant::now();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        }
        Ok(start.elapsed() / (count * each))
    })
}

/// An event of the size that is common in the log: 370 bytes of data and 85 of metadata.
fn event(crowd: u32, client: u32, number: u32) -> NewEvent {
    let name = format!("{crowd} {client} {number}");
    NewEvent {
        id: Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()),
        event_type: "cost.assessed".into(),
        schema_version: 1,
        recorded_at: DateTime::UNIX_EPOCH,
        data: format!(r#"{{"name":"{name:0<359}"}}"#).into_bytes(),
        metadata: format!(r#"{{"actor":"{name:0<73}"}}"#).into_bytes(),
    }
}

fn report(rounds: &[Round]) {
    println!("{:<28}{:>12}{:>14}{:>10}{:>8}", "durable append", "µs/event", "events/s", "ratio", "bar");
    let line = |name: &str, time: &dyn Fn(&Round) -> Duration, ratio: Option<(Decimal, String)>| {
        let nanoseconds = median(rounds.iter().map(|round| nanoseconds(time(round))));
        let micros = (nanoseconds / Decimal::ONE_THOUSAND).round_dp(1);
        let rate = (Decimal::from(1_000_000_000) / nanoseconds).round();
        let (ratio, bar) = ratio.map(|(ratio, bar)| (ratio.round_dp(2).to_string(), bar)).unwrap_or_default();
        println!("{name:<28}{micros:>12}{rate:>14}{ratio:>10}{bar:>8}");
    };
    line("bare write and fdatasync", &|round| round.bare, None);
    let slower = median(rounds.iter().map(|round| nanoseconds(round.alone) / nanoseconds(round.bare)));
    line("1 client", &|round| round.alone, Some((slower, "≤ 1.4".to_owned())));
    for (index, (count, _, bar)) in CROWDS.into_iter().enumerate() {
        let faster = rounds.iter().map(|round| nanoseconds(round.alone) / nanoseconds(round.crowds[index]));
        let ratio = Some((median(faster), format!("≥ {bar}")));
        line(&format!("{count} clients"), &|round| round.crowds[index], ratio);
    }
}

fn nanoseconds(time: Duration) -> Decimal {
    Decimal::from(time.as_nanos().max(1))
}

fn median(values: impl Iterator<Item = Decimal>) -> Decimal {
    let mut values: Vec<Decimal> = values.collect();
    values.sort();
    values[values.len() / 2]
}
