//! What an old system costs in a year, and how much of that is paid while the new one is paid for too.

use chrono::Datelike;
use rust_decimal::Decimal;
use serde::Serialize;

use super::calendar::Period;
use super::legacy::Legacy;
use super::money::Ore;

/// What an old system costs in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OldSystemYear {
    /// The year.
    pub year: i32,
    /// The days of it that are paid for.
    pub paid_days: i64,
    /// Those of them on which the new system is paid for too.
    pub double_days: i64,
    /// What that costs; none while the cost of a year is unknown.
    pub amounts: Option<OldSystemAmounts>,
}

/// What the paid days of a year cost, excluding VAT. `alone_ore + double_ore == paid_ore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OldSystemAmounts {
    /// All paid days: the cost of a year by the days, the nearest øre, half away from zero.
    pub paid_ore: Ore,
    /// The days on which it alone is paid for: what is left of `paid_ore` when `double_ore` is taken off.
    pub alone_ore: Ore,
    /// The days on which both are paid for: the cost of a year by the days, the nearest øre, half away from zero.
    pub double_ore: Ore,
}

/// Some days of a year of an old system, those on which the one who asks pays it. `new_system` are the days on which that one
/// pays for the new system, none of them twice.
#[must_use]
pub fn old_system_during(legacy: &Legacy, period: Period, new_system: &[Period]) -> OldSystemYear {
    let year = period.first.year();
    let paid = legacy.paid_days(year).and_then(|days| days.intersection(period));
    let paid_days = paid.map_or(0, Period::days);
    let double_days = new_system.iter().filter_map(|days| days.intersection(paid?)).map(Period::days).sum();
    let amounts = legacy.yearly_cost_ore.map(|yearly| {
        let paid_ore = by_days(yearly, paid_days, year);
        let double_ore = by_days(yearly, double_days, year);
        OldSystemAmounts { paid_ore, alone_ore: paid_ore - double_ore, double_ore }
    });
    OldSystemYear { year, paid_days, double_days, amounts }
}

/// The part of a year's cost that falls on `days` of the year's 365 or 366, the nearest øre, half away from zero.
fn by_days(yearly: Ore, days: i64, year: i32) -> Ore {
    Ore::rounded(yearly.decimal() * Decimal::from(days) / Decimal::from(Period::year(year).days()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use chrono::NaiveDate;

    use super::*;
    use crate::decider::fold;
    use crate::domain::identity::{LegacyId, PartyId, ProcurementId};
    use crate::domain::legacy::{Extended, LegacyEvent, Recorded};
    use crate::domain::testing::{day, nth};

    /// A year in which the new system is paid for from a day on.
    fn old_system_year(legacy: &Legacy, year: i32, new_system_from: Option<NaiveDate>) -> OldSystemYear {
        let days = new_system_from.and_then(|first| Period::between(first, day("2100-12-31")));
        old_system_during(legacy, Period::year(year), &Vec::from_iter(days))
    }

    fn mikromarc(yearly_cost_ore: Option<Ore>, ends: Option<NaiveDate>) -> Legacy {
        let recorded = LegacyEvent::Recorded(Recorded {
            legacy: LegacyId(nth(1)),
            procurement: ProcurementId(nth(2)),
            party: PartyId(nth(3)),
            system: "Mikromarc".into(),
            yearly_cost_ore,
            vat_percent: Decimal::from(25),
            paid_until: day("2022-12-31"),
            notice_months: 3,
        });
        let extended = ends.map(|last_day| LegacyEvent::Extended(Extended { on: day("2023-04-01"), last_day }));
        fold(&[Some(recorded), extended].into_iter().flatten().collect::<Vec<_>>())
    }

    #[test]
    fn both_systems_are_paid_for_47_days_when_mikromarc_is_extended_to_december_and_the_new_one_comes_in_october() {
        let mikromarc = mikromarc(Some(Ore(10_000_000)), Some(day("2023-12-01")));
        assert_eq!(
            old_system_year(&mikromarc, 2023, Some(day("2023-10-16"))),
            OldSystemYear {
                year: 2023,
                paid_days: 335,
                double_days: 47,
                amounts: Some(OldSystemAmounts {
                    paid_ore: Ore(9_178_082),   // 100 000 kr × 335/365 = 91 780.8219…
                    alone_ore: Ore(7_890_411),  // the difference; 288/365 alone is 78 904.1096
                    double_ore: Ore(1_287_671), // 100 000 kr × 47/365 = 12 876.7123…
                }),
            }
        );
        let after = old_system_year(&mikromarc, 2024, Some(day("2023-10-16")));
        assert_eq!((after.paid_days, after.double_days), (0, 0));
        assert_eq!(after.amounts.unwrap().paid_ore, Ore::ZERO);
    }

    #[test]
    fn a_contract_that_goes_on_costs_the_whole_year_whether_or_not_it_is_a_leap_year() {
        let mikromarc = mikromarc(Some(Ore(10_000_000)), None);
        for (year, days) in [(2023, 365), (2024, 366)] {
            let cost = old_system_year(&mikromarc, year, None);
            assert_eq!((cost.paid_days, cost.double_days), (days, 0));
            let amounts = cost.amounts.unwrap();
            assert_eq!((amounts.paid_ore, amounts.alone_ore), (Ore(10_000_000), Ore(10_000_000)));
        }
    }

    #[test]
    fn the_leap_day_counts() {
        let mikromarc = mikromarc(Some(Ore(36_600)), Some(day("2024-03-31")));
        let cost = old_system_year(&mikromarc, 2024, Some(day("2024-02-29")));
        assert_eq!((cost.paid_days, cost.double_days), (91, 32));
        assert_eq!(
            cost.amounts,
            Some(OldSystemAmounts { paid_ore: Ore(9_100), alone_ore: Ore(5_900), double_ore: Ore(3_200) })
        );
    }

    #[test]
    fn an_old_system_that_ends_the_day_before_is_not_paid_twice() {
        let mikromarc = mikromarc(Some(Ore(10_000_000)), Some(day("2023-10-15")));
        assert_eq!(old_system_year(&mikromarc, 2023, Some(day("2023-10-16"))).double_days, 0);
    }

    #[test]
    fn only_days_on_which_both_are_paid_for_count() {
        let mikromarc = mikromarc(Some(Ore(36_500)), Some(day("2023-06-30")));
        let days = |first, last| Period { first: day(first), last: day(last) };
        let new_system = [days("2023-01-01", "2023-01-31"), days("2023-06-01", "2023-12-31")];
        let cost = old_system_during(&mikromarc, Period::year(2023), &new_system);
        assert_eq!((cost.paid_days, cost.double_days), (181, 61));
        let cost = old_system_during(&mikromarc, days("2023-06-16", "2023-12-31"), &new_system);
        assert_eq!((cost.paid_days, cost.double_days), (15, 15));
    }

    #[test]
    fn days_are_known_even_while_the_cost_is_not() {
        let cost = old_system_year(&mikromarc(None, Some(day("2023-12-01"))), 2023, Some(day("2023-10-16")));
        assert_eq!((cost.double_days, cost.amounts), (47, None));
    }

    proptest! {
        #[test]
        fn the_parts_make_the_year_and_none_is_negative(
            yearly in 0i64..1_000_000_000,
            last in 0u64..1500,
            live in 0u64..1500,
            year in 2023i32..2027,
        ) {
            let from = day("2023-01-01");
            let mikromarc = mikromarc(Some(Ore(yearly)), Some(from + chrono::Days::new(last)));
            let cost = old_system_year(&mikromarc, year, Some(from + chrono::Days::new(live)));
            let amounts = cost.amounts.unwrap();
            prop_assert_eq!(amounts.alone_ore + amounts.double_ore, amounts.paid_ore);
            prop_assert!(!amounts.alone_ore.is_negative() && !amounts.double_ore.is_negative());
            prop_assert!(amounts.paid_ore <= Ore(yearly));
            prop_assert!(cost.double_days <= cost.paid_days);
        }
    }
}
