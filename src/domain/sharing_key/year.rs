//! What a key says in kroner is for a year, and an amount may be for some days of it.

use crate::domain::money::Ore;

/// The days that an amount is for, among the days of the year that are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysOfYear {
    /// How many of the days that are paid for come before them.
    pub before: u64,
    /// How many there are with them: up to and including their last.
    pub until: u64,
    /// How many days the year has.
    pub of: u64,
}

/// Some days' part of a year's amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartOfYear {
    /// Their part of the amount.
    pub amount: Ore,
    /// The days.
    pub days: DaysOfYear,
}

impl DaysOfYear {
    /// How many they are.
    #[must_use]
    pub fn count(self) -> u64 {
        self.until.saturating_sub(self.before)
    }

    /// Their part of a year's amount: what there is up to the last of them, to the nearest whole unit, half away from zero,
    /// less what there is before the first. So the parts of a year come to the year.
    #[must_use]
    pub fn part_of(self, amount: Ore, unit_ore: u64) -> Ore {
        let up_to = |days: u64| nearest(amount, days, self.of, unit_ore);
        up_to(self.until) - up_to(self.before)
    }
}

/// An amount times days over days, to the nearest whole unit, half away from zero.
fn nearest(amount: Ore, days: u64, of: u64, unit_ore: u64) -> Ore {
    let (days, of, unit) = (i128::from(days), i128::from(of.max(1)), i128::from(unit_ore.max(1)));
    let twice = 2 * i128::from(amount.0.unsigned_abs()) * days;
    let units = (twice + of * unit) / (2 * of * unit);
    let magnitude = i64::try_from(units * unit).unwrap_or(i64::MAX);
    Ore(if amount.is_negative() { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_year_come_to_the_year() {
        let part = |before, until| DaysOfYear { before, until, of: 365 };
        assert_eq!(part(0, 365).part_of(Ore(2_000_000), 1), Ore(2_000_000));
        assert_eq!(part(0, 181).part_of(Ore(2_000_000), 1), Ore(991_781));
        assert_eq!(part(181, 365).part_of(Ore(2_000_000), 1), Ore(1_008_219));
        assert_eq!(part(0, 181).part_of(Ore(-2_000_000), 100), Ore(-991_800));
        assert_eq!(part(0, 181).count(), 181);
    }
}
