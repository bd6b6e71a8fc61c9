//! Days, years and the spans between them.

use chrono::{Datelike, Days, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The first and the last year taken from outside.
pub const YEARS_TAKEN: std::ops::RangeInclusive<i32> = 2000..=2100;

/// Whether a day is near enough to be meant: from 1800, before which no municipality was, to 2100.
#[must_use]
pub fn day_is_taken(day: NaiveDate) -> bool {
    (1800..=2100).contains(&day.year())
}

/// From and including `first`, to and including `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day in it.
    pub first: NaiveDate,
    /// The last day in it.
    pub last: NaiveDate,
}

/// A year, or half of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartOfYear {
    /// All of it.
    #[default]
    Year,
    /// January to June.
    FirstHalf,
    /// July to December.
    SecondHalf,
}

impl PartOfYear {
    /// Its days in a year.
    #[must_use]
    pub fn of(self, year: i32) -> Period {
        let Period { first, last } = Period::year(year);
        let july = first + Months::new(6);
        match self {
            Self::Year => Period { first, last },
            Self::FirstHalf => Period { first, last: day_before(july) },
            Self::SecondHalf => Period { first: july, last },
        }
    }
}

impl Period {
    /// The days from `first` to `last`, both included; none where `last` comes before `first`.
    #[must_use]
    pub fn between(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The calendar year. Norwegian public budgets follow it (kommuneloven § 14-3).
    #[must_use]
    pub fn year(year: i32) -> Self {
        Self { first: first_day(year), last: last_day(year) }
    }

    /// How many days it has, at least one.
    #[must_use]
    pub fn days(self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    /// From the first day of all periods to the last; none of none.
    #[must_use]
    pub fn span(periods: impl IntoIterator<Item = Self>) -> Option<Self> {
        let both = |one: Self, other: Self| Self { first: one.first.min(other.first), last: one.last.max(other.last) };
        periods.into_iter().reduce(both)
    }

    /// The days in any of them, in order and none twice.
    #[must_use]
    pub fn union(periods: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut sorted: Vec<Self> = periods.into_iter().collect();
        sorted.sort_unstable();
        let mut together: Vec<Self> = Vec::new();
        for period in sorted {
            match together.last_mut() {
                Some(before) if period.first <= day_after(before.last) => before.last = before.last.max(period.last),
                Some(_) | None => together.push(period),
            }
        }
        together
    }

    /// The days in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::between(self.first.max(other.first), self.last.min(other.last))
    }

    /// Whether `day` is in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether every day of `other` is in it.
    #[must_use]
    pub fn encloses(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The same days cut before each of `cuts`, in order.
    #[must_use]
    pub fn cut_before(self, cuts: impl IntoIterator<Item = NaiveDate>) -> Vec<Self> {
        let mut starts: Vec<NaiveDate> =
            cuts.into_iter().filter(|cut| *cut > self.first && *cut <= self.last).collect();
        starts.push(self.first);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|next| day_before(*next)).chain([self.last]);
        starts.iter().zip(ends).map(|(first, last)| Self { first: *first, last }).collect()
    }
}

/// 1 January.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "1 January exists in every year that chrono holds, and years are limited on the way in"
)]
pub fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).expect("a year within the calendar")
}

/// 31 December.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "31 December exists in every year that chrono holds, and years are limited on the way in"
)]
pub fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).expect("a year within the calendar")
}

/// The day before.
#[must_use]
pub fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

/// The day after.
#[must_use]
pub fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// The same day of the month `months` earlier, or that month's last day where it is shorter.
#[must_use]
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}

/// The same day of the month `months` later, or that month's last day where it is shorter.
#[must_use]
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The next year's budget: what is being planned on `day`.
#[must_use]
pub fn budget_year_on(day: NaiveDate) -> i32 {
    day.year() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_cut_before_each_change_inside_it() {
        let year = Period::year(2024);
        assert_eq!(year.days(), 366);
        let parts = year.cut_before([day("2024-03-01"), day("2025-01-01"), day("2024-01-01"), day("2024-03-01")]);
        assert_eq!(
            parts,
            [
                Period { first: day("2024-01-01"), last: day("2024-02-29") },
                Period { first: day("2024-03-01"), last: day("2024-12-31") },
            ]
        );
    }

    #[test]
    fn months_before_a_long_months_end_land_on_the_shorter_months_end() {
        assert_eq!(months_before(day("2023-12-31"), 3), day("2023-09-30"));
    }

    #[test]
    fn a_period_has_at_least_one_day_and_meets_another_or_does_not() {
        assert_eq!(Period::between(day("2023-05-02"), day("2023-05-01")), None);
        let may_first = Period::between(day("2023-05-01"), day("2023-05-01")).unwrap();
        assert_eq!(may_first.days(), 1);
        assert_eq!(Period::year(2023).intersection(may_first), Some(may_first));
        assert_eq!(Period::year(2024).intersection(may_first), None);
        assert!(may_first.contains(day("2023-05-01")) && !may_first.contains(day("2023-05-02")));
    }

    #[test]
    fn days_are_taken_from_1800_to_2100() {
        assert!(day_is_taken(day("1838-01-01")) && day_is_taken(day("2100-12-31")));
        assert!(!day_is_taken(day("1799-12-31")) && !day_is_taken(day("2101-01-01")));
    }
}
