//! The only place that asks what time it is.

use std::sync::OnceLock;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Oslo;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant.
    fn now(&self) -> DateTime<Utc>;

    /// For how long the clock has gone, evenly and whatever is done to its hands: to measure how long something lasts.
    fn steady(&self) -> TimeDelta {
        self.now() - DateTime::UNIX_EPOCH
    }

    /// The day in Norway.
    fn today(&self) -> NaiveDate {
        norwegian_day(self.now())
    }
}

/// The day in Norway at an instant. Clocks there are never more than two hours ahead, so that only late in the evening the table of
/// time zones is asked, which takes longer than all else that is done to say when an event was recorded.
#[must_use]
pub fn norwegian_day(instant: DateTime<Utc>) -> NaiveDate {
    const HOURS_AHEAD_MAX: u32 = 2;
    if instant.hour() < 24 - HOURS_AHEAD_MAX {
        return instant.date_naive();
    }
    instant.with_timezone(&Oslo).date_naive()
}

/// The time of day in Norway at an instant.
#[must_use]
pub fn norwegian_time(instant: DateTime<Utc>) -> NaiveTime {
    instant.with_timezone(&Oslo).time()
}

/// The moment, to measure by how long ago something was: nothing that is written down depends on it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that measures")]
pub fn moment() -> Instant {
    Instant::now()
}

/// The clock on the wall.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn steady(&self) -> TimeDelta {
        static BEGUN: OnceLock<Instant> = OnceLock::new();
        let begun = *BEGUN.get_or_init(moment);
        TimeDelta::from_std(moment().saturating_duration_since(begun)).unwrap_or(TimeDelta::MAX)
    }
}

/// A clock that stands still: for tests, and for recording history on the day it happened.
#[derive(Debug, Clone, Copy)]
pub struct StoppedClock(pub DateTime<Utc>);

impl StoppedClock {
    /// Noon in universal time on `day`, which is the same day in Norway.
    #[must_use]
    pub fn at_noon(day: NaiveDate) -> Self {
        Self(noon(day))
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// Noon in universal time on `day`, which is the same day in Norway.
#[must_use]
#[expect(clippy::expect_used, reason = "every day has a noon")]
pub fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).expect("noon").and_utc()
}

/// The last instant of a day in Norway.
#[must_use]
pub fn last_instant(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0));
    let local = midnight.and_then(|midnight| midnight.and_local_timezone(Oslo).earliest());
    local.map_or(DateTime::<Utc>::MAX_UTC, |local| local.with_timezone(&Utc) - TimeDelta::nanoseconds(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_in_the_evening_it_is_tomorrow_in_norway() {
        let instant: DateTime<Utc> = "2023-05-24T22:30:00Z".parse().unwrap();
        assert_eq!(norwegian_day(instant), "2023-05-25".parse().unwrap());
    }

    #[test]
    fn the_day_is_what_the_table_of_time_zones_says_at_every_half_hour_of_a_century() {
        let begin: DateTime<Utc> = "1970-01-01T00:00:00Z".parse().unwrap();
        for half_hours in 0..100 * 366 * 48 {
            let instant = begin + TimeDelta::minutes(30 * half_hours);
            assert_eq!(norwegian_day(instant), instant.with_timezone(&Oslo).date_naive(), "{instant}");
        }
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let day = "2023-05-24".parse().unwrap();
        let last = last_instant(day);
        assert_eq!(
            (norwegian_day(last), norwegian_day(last + TimeDelta::nanoseconds(1)).to_string()),
            (day, "2023-05-25".to_owned())
        );
    }
}
