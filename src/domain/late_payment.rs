//! Late payment: when a reminder (purring) may be sent, what it may cost, and interest on what is owed.
//!
//! Interest is that of forsinkelsesrenteloven § 2, at the rate that the ministry sets for each half year (§ 3). "Yearly"
//! means the calendar year: a day counts 1/365, in a leap year 1/366 (Justisdepartementets lovavdeling, letter of
//! 26 June 2006 on § 3, "antall rentedager"). No interest is taken of interest (Rt. 1998 s. 198). A reminder with a fee is
//! sent 14 days after the due date at the earliest, and two fees are taken at most (inkassoforskriften §§ 1-2 and 1-3).

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::Period;
use super::money::Ore;

/// Days from the due date to the first reminder at the earliest, and from a reminder to the day by which it is to be paid.
pub const REMINDER_DAYS_MIN: u64 = 14;
/// The most reminders of one invoice that may cost something.
pub const FEES_MAX: usize = 2;

/// The rates of late-payment interest, each for the half year that begins on its day. They are set anew for every half
/// year, so that none is taken to hold on: a half year that is missing has no rate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InterestRates(BTreeMap<NaiveDate, Decimal>);

/// Why a rate is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateFault {
    /// No half year begins on its day.
    #[error("the rate from {from} is of no half year: give the first of January or of July")]
    NoHalfYear {
        /// The day.
        from: NaiveDate,
    },
    /// It is not from 0 to 100.
    #[error("the rate from {from} is {percent} percent: give one from 0 to 100")]
    Impossible {
        /// The day.
        from: NaiveDate,
        /// The rate.
        percent: Decimal,
    },
}

impl InterestRates {
    /// The rates in percent a year, each with the first day of its half year. A later one takes the place of an earlier.
    ///
    /// # Errors
    /// One is none.
    pub fn new(rates: impl IntoIterator<Item = (NaiveDate, Decimal)>) -> Result<Self, RateFault> {
        let mut known = BTreeMap::new();
        for (from, percent) in rates {
            if half_year_of(from) != from {
                return Err(RateFault::NoHalfYear { from });
            }
            if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
                return Err(RateFault::Impossible { from, percent });
            }
            known.insert(from, percent);
        }
        Ok(Self(known))
    }

    /// The rate on a day, in percent a year.
    ///
    /// # Errors
    /// The rate of its half year is not known.
    pub fn on(&self, day: NaiveDate) -> Result<Decimal, RateMissing> {
        let from = half_year_of(day);
        self.0.get(&from).copied().ok_or(RateMissing { from })
    }
}

/// The rate of a half year is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the rate of late-payment interest for the half year from {from} is not known; add it to the settings")]
pub struct RateMissing {
    /// The first day of the half year.
    pub from: NaiveDate,
}

/// The first day of the half year that `day` is in.
fn half_year_of(day: NaiveDate) -> NaiveDate {
    let first = if day.month() <= 6 { 1 } else { 7 };
    NaiveDate::from_ymd_opt(day.year(), first, 1).unwrap_or(day)
}

/// Interest of one span of days with the same principal and rate, within one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterestStep {
    /// The days that are counted, the first and the last with them.
    pub days: Period,
    /// What was owed on them.
    pub principal_ore: Ore,
    /// The rate in percent a year.
    #[schema(value_type = String)]
    pub percent: Decimal,
    /// The days of the year: 365, or 366 in a leap year.
    pub year_days: u16,
}

impl InterestStep {
    /// Its interest in øre, not rounded.
    fn interest(&self) -> Decimal {
        self.principal_ore.decimal() * self.percent * Decimal::from(self.days.days())
            / Decimal::ONE_HUNDRED
            / Decimal::from(self.year_days)
    }
}

/// The interest of `steps` in all: rounded once, to the nearest øre, half away from zero.
#[must_use]
pub fn interest_of(steps: &[InterestStep]) -> Ore {
    Ore::rounded(steps.iter().map(InterestStep::interest).sum())
}

/// The steps of interest from the day after `due_date` to `until`, that day with it. What is owed is `claim` less what was
/// paid (by the day it came in); a payment bears interest for the day it comes in and no longer.
///
/// # Errors
/// The rate of a half year in between is not known.
pub fn late_interest(
    due_date: NaiveDate,
    until: NaiveDate,
    claim: Ore,
    paid: &BTreeMap<NaiveDate, Ore>,
    rates: &InterestRates,
) -> Result<Vec<InterestStep>, RateMissing> {
    let Some(late) = due_date.succ_opt().and_then(|first| Period::between(first, until)) else { return Ok(vec![]) };
    let half_years = (late.first.year()..=late.last.year())
        .flat_map(|year| [1, 7].map(|month| NaiveDate::from_ymd_opt(year, month, 1)))
        .flatten();
    let after_payments = paid.keys().filter_map(NaiveDate::succ_opt);
    let mut steps = Vec::new();
    for days in late.cut_before(half_years.chain(after_payments)) {
        let paid_before: Ore = paid.range(..days.first).map(|(_, amount)| *amount).sum();
        let principal_ore = claim - paid_before;
        if principal_ore > Ore::ZERO {
            let year_days = if days.first.leap_year() { 366 } else { 365 };
            steps.push(InterestStep { days, principal_ore, percent: rates.on(days.first)?, year_days });
        }
    }
    Ok(steps)
}

/// The steps of interest that was claimed before, where nothing more is claimed: what was claimed by a dated reminder is due until
/// somebody waives it, and it grows no further. Of what was credited since, or turns out to have been paid by then, there is
/// none.
#[must_use]
pub fn interest_claimed(steps: &[InterestStep], claim: Ore, paid: &BTreeMap<NaiveDate, Ore>) -> Vec<InterestStep> {
    let after_payments = || paid.keys().filter_map(NaiveDate::succ_opt);
    let cut =
        steps.iter().flat_map(|step| step.days.cut_before(after_payments()).into_iter().map(move |days| (step, days)));
    let left = cut.map(|(step, days)| {
        let paid_before: Ore = paid.range(..days.first).map(|(_, amount)| *amount).sum();
        InterestStep { days, principal_ore: step.principal_ore.min(claim - paid_before), ..step.clone() }
    });
    left.filter(|step| step.principal_ore > Ore::ZERO).collect()
}

/// The first day on which a first reminder may be sent; none outside the calendar.
#[must_use]
pub fn earliest_reminder(due_date: NaiveDate) -> Option<NaiveDate> {
    due_date.checked_add_days(Days::new(REMINDER_DAYS_MIN))
}

/// The most that one reminder may cost, by the days on which it holds (inkassoforskriften § 1-2: a twentieth of the
/// inkassosats in whole kroner).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeeMaxima(pub Vec<(Period, Ore)>);

impl FeeMaxima {
    /// The most on a day; none where it is not known.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<Ore> {
        self.0.iter().find(|(days, _)| days.contains(day)).map(|(_, fee)| *fee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, decimal};
    use proptest::prelude::*;

    fn rates() -> InterestRates {
        InterestRates::new([
            (day("2023-07-01"), decimal("11.75")),
            (day("2024-01-01"), decimal("12.5")),
            (day("2026-07-01"), decimal("12.25")),
        ])
        .unwrap()
    }

    fn interest(due: &str, until: &str, claim: i64, paid: &[(&str, i64)]) -> Ore {
        let paid = paid.iter().map(|(on, amount)| (day(on), Ore(*amount))).collect();
        interest_of(&late_interest(day(due), day(until), Ore(claim), &paid, &rates()).unwrap())
    }

    #[test]
    fn a_day_of_a_year_counts_a_365th_and_of_a_leap_year_a_366th() {
        // 1 000 000.00 at 11.75 % for 10 days of 2023, and at 12.5 % for 10 days of 2024.
        assert_eq!(interest("2023-11-30", "2023-12-10", 100_000_000, &[]), Ore(321_918));
        assert_eq!(interest("2024-01-31", "2024-02-10", 100_000_000, &[]), Ore(341_530));
    }

    #[test]
    fn interest_goes_over_into_the_next_half_year_at_its_own_rate() {
        let steps =
            late_interest(day("2023-12-20"), day("2024-01-19"), Ore(100_000), &BTreeMap::new(), &rates()).unwrap();
        let shown: Vec<(i64, &str, u16)> = steps
            .iter()
            .map(|step| {
                (step.days.days(), if step.percent == decimal("12.5") { "12.5" } else { "11.75" }, step.year_days)
            })
            .collect();
        assert_eq!(shown, [(11, "11.75", 365), (19, "12.5", 366)]);
        // 100 000 x (11.75 % x 11/365 + 12.5 % x 19/366) = 354.109... + 648.907...
        assert_eq!(interest_of(&steps), Ore(1_003));
    }

    #[test]
    fn what_was_paid_on_the_way_bears_no_interest_from_the_day_after() {
        let whole = interest("2024-01-19", "2024-01-29", 200_000, &[]);
        let halved = interest("2024-01-19", "2024-02-08", 200_000, &[("2024-01-29", 100_000)]);
        assert_eq!(whole, Ore(683));
        assert_eq!(halved, Ore(1_025));
        assert_eq!(interest("2024-01-19", "2024-02-08", 200_000, &[("2024-01-29", 200_000)]), whole);
    }

    #[test]
    fn interest_that_was_claimed_grows_no_further_and_follows_what_was_credited_or_paid_by_then() {
        let none = BTreeMap::new();
        let claimed = late_interest(day("2023-12-20"), day("2024-01-19"), Ore(100_000), &none, &rates()).unwrap();
        assert_eq!(interest_claimed(&claimed, Ore(100_000), &none), claimed);
        let more_than_it_was = interest_claimed(&claimed, Ore(150_000), &none);
        assert_eq!(more_than_it_was, claimed);
        let half_credited = interest_claimed(&claimed, Ore(50_000), &none);
        assert_eq!(half_credited.iter().map(|step| step.principal_ore).collect::<Vec<_>>(), [Ore(50_000); 2]);
        let paid = BTreeMap::from([(day("2024-01-09"), Ore(40_000)), (day("2024-02-09"), Ore(60_000))]);
        let of_paid = late_interest(day("2023-12-20"), day("2024-01-19"), Ore(100_000), &paid, &rates()).unwrap();
        assert_eq!(interest_claimed(&claimed, Ore(100_000), &paid), of_paid);
        assert_eq!(interest_claimed(&claimed, Ore::ZERO, &none), []);
    }

    #[test]
    fn nothing_is_owed_until_the_due_date_is_over() {
        assert_eq!(interest("2024-01-19", "2024-01-19", 100_000, &[]), Ore::ZERO);
        assert_eq!(interest("2024-01-19", "2024-01-20", 100_000, &[]), Ore(34));
        assert_eq!(interest("2024-01-19", "2023-01-20", 100_000, &[]), Ore::ZERO);
    }

    #[test]
    fn a_rate_is_never_taken_to_hold_on_into_a_half_year_that_has_none() {
        let late = |until| late_interest(day("2024-06-01"), day(until), Ore(100_000), &BTreeMap::new(), &rates());
        assert!(late("2024-06-30").is_ok());
        assert_eq!(late("2024-07-01"), Err(RateMissing { from: day("2024-07-01") }));
    }

    #[test]
    fn a_rate_is_of_a_half_year_and_possible() {
        let fault = |from, percent| InterestRates::new([(day(from), decimal(percent))]).unwrap_err().to_string();
        assert!(fault("2024-02-01", "12").contains("of no half year"));
        assert!(fault("2024-01-01", "101").contains("from 0 to 100"));
        assert!(fault("2024-01-01", "-1").contains("from 0 to 100"));
    }

    #[test]
    fn a_reminder_waits_for_fourteen_days_and_costs_what_it_may_on_its_day() {
        assert_eq!(earliest_reminder(day("2024-01-19")), Some(day("2024-02-02")));
        let of_2026 = Period { first: day("2026-01-01"), last: day("2026-12-31") };
        let maxima = FeeMaxima(vec![(of_2026, Ore(3_800))]);
        assert_eq!(maxima.on(day("2026-12-31")), Some(Ore(3_800)));
        assert_eq!(maxima.on(day("2027-01-01")), None);
    }

    proptest! {
        #[test]
        fn interest_up_to_a_day_and_from_there_on_is_the_interest_of_the_whole(
            claim in 1_i64..10_000_000, first in 1_u64..200, second in 1_u64..100,
        ) {
            let due = day("2023-08-15");
            let [middle, last] = [first, first + second].map(|days| due + Days::new(days));
            let steps = |due, until| late_interest(due, until, Ore(claim), &BTreeMap::new(), &rates()).unwrap();
            let parts: Decimal =
                steps(due, middle).iter().chain(&steps(middle, last)).map(InterestStep::interest).sum();
            let whole: Decimal = steps(due, last).iter().map(InterestStep::interest).sum();
            prop_assert!((parts - whole).abs() < decimal("0.000001"), "{parts} {whole}");
        }
    }
}
