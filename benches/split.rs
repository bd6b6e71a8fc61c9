//! `split` over 10,000 parties by a mixed key with first amounts, floors and caps. Prints the median of 51 runs.

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use grenselos::domain::money::Ore;
use grenselos::domain::sharing_key::{Base, Divide, Division, First, KeyDefinition, KeyError, PartyMeasures};
use rust_decimal::Decimal;

const PARTIES: i64 = 10_000;
const RUNS: usize = 51;

/// Measures that differ from party to party, spread over four powers of ten as those of municipalities are.
fn party(number: i64) -> PartyMeasures {
    let spread = number * 7_919 % 10_007;
    let inhabitants = 200 + spread * spread % 700_001;
    let measures = [("inhabitants", inhabitants), ("pupils", inhabitants / 9 + spread % 97), ("records", spread * 13)];
    let measures: BTreeMap<String, Decimal> =
        measures.into_iter().map(|(measure, value)| (measure.to_owned(), Decimal::from(value))).collect();
    PartyMeasures { party: number.to_string(), measures }
}

fn key() -> KeyDefinition {
    let base = [("equal", 10), ("inhabitants", 50), ("pupils", 25), ("records", 15)];
    KeyDefinition::Divide(Divide {
        name: "mixed".to_owned(),
        first: vec![First::Rate { measure: "inhabitants".to_owned(), rate: Decimal::new(808, 3) }],
        base: base
            .into_iter()
            .map(|(measure, percent)| Base { measure: measure.to_owned(), percent: Decimal::from(percent) })
            .collect(),
        floor: Some(Ore(10_000_000)),
        cap: Some(Ore(60_000_000)),
        ..Divide::default()
    })
}

fn median(mut work: impl FnMut() -> Result<Division, KeyError>) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let division = work();
            let time = begun.elapsed();
            assert!(black_box(division).is_ok_and(|division| division.off_by == Ore::ZERO));
            time
        })
        .collect();
    times.sort_unstable();
    times.get(RUNS / 2).copied().unwrap_or_default()
}

fn main() {
    let (key, amount) = (key(), Some(Ore(400_000_000_000)));
    let parties: Vec<PartyMeasures> = (1..=PARTIES).map(party).collect();
    let shares = median(|| key.share_unexplained(amount, black_box(&parties)));
    let explained = median(|| key.share(amount, black_box(&parties)));
    println!(
        "split of 4 000 000 000 kr over {PARTIES} parties, four bases, first amounts, floor and cap: {shares:.1?}, \
         with the steps of every share {explained:.1?}"
    );
}
