//! The dated rates and maxima of late payment that come with the program, with those of the settings beside them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{LatePayment, SettingsError};
use crate::domain::calendar::{Period, day_before};
use crate::domain::late_payment::{FeeMaxima, InterestRates, RateFault};
use crate::domain::money::Ore;

const INTEREST: &str = include_str!("../../config/late_interest.csv");
const FEES: &str = include_str!("../../config/reminder_fee.csv");

/// Why rates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// A table that comes with the program is damaged.
    #[error("a table of rates cannot be read")]
    Table(#[from] csv::Error),
    /// A rate is none.
    #[error(transparent)]
    Rate(#[from] RateFault),
}

#[derive(Deserialize)]
struct InterestRow {
    from: NaiveDate,
    percent_pa: Decimal,
}

#[derive(Deserialize)]
struct FeeRow {
    from: NaiveDate,
    to: NaiveDate,
    fee_nok: i64,
}

fn rows<T: DeserializeOwned>(table: &str) -> Result<Vec<T>, RatesError> {
    Ok(csv::Reader::from_reader(table.as_bytes()).into_deserialize().collect::<Result<_, _>>()?)
}

impl LatePayment {
    /// The rates of interest: those of `config/late_interest.csv`, and those of the settings in their place.
    ///
    /// # Errors
    /// One is none.
    pub fn interest_rates(&self) -> Result<InterestRates, SettingsError> {
        self.rates().map_err(SettingsError::Rates)
    }

    fn rates(&self) -> Result<InterestRates, RatesError> {
        let known = rows::<InterestRow>(INTEREST)?.into_iter().map(|row| (row.from, row.percent_pa));
        let added = self.interest_percent.iter().map(|(from, percent)| (*from, *percent));
        Ok(InterestRates::new(known.chain(added))?)
    }

    /// What a reminder may cost at most: by the days of `config/reminder_fee.csv`, and by those of the settings in their place, each
    /// until the next.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn fee_maxima(&self) -> Result<FeeMaxima, SettingsError> {
        let rows = rows::<FeeRow>(FEES).map_err(SettingsError::Rates)?;
        let known = rows.into_iter().map(|row| (Period { first: row.from, last: row.to }, Ore(row.fee_nok * 100)));
        let ends = self.fee_maximum.keys().skip(1).copied().map(day_before).chain([NaiveDate::MAX]);
        let added = self.fee_maximum.iter().zip(ends);
        let added = added.map(|((from, kroner), last)| (Period { first: *from, last }, Ore(i64::from(*kroner) * 100)));
        Ok(FeeMaxima(added.chain(known).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read_and_say_what_they_said() {
        let settings = super::super::Settings::load(None).unwrap().late_payment;
        assert!(!settings.reminders && !settings.fee && !settings.interest, "charging is a decision");
        let maxima = settings.fee_maxima().unwrap();
        assert_eq!(maxima.on("2026-02-01".parse().unwrap()), Some(Ore(3_800)));
        let on = |day: &str| maxima.on(day.parse().unwrap());
        assert_eq!(
            [
                "2016-12-31",
                "2019-02-01",
                "2020-09-30",
                "2020-10-01",
                "2022-02-01",
                "2023-02-01",
                "2024-02-01",
                "2025-12-31"
            ]
            .map(on),
            [None, Some(70), Some(70), Some(35), Some(35), Some(35), Some(35), Some(35)]
                .map(|fee| fee.map(|fee| Ore(fee * 100)))
        );
        let fee_maximum =
            [("2026-07-01", 37), ("2027-01-01", 39)].map(|(from, fee)| (from.parse().unwrap(), fee)).into();
        let maxima = LatePayment { fee_maximum, ..settings.clone() }.fee_maxima().unwrap();
        let on = |day: &str| maxima.on(day.parse().unwrap());
        assert_eq!(
            ["2026-06-30", "2026-12-31", "2027-01-01", "2099-12-31"].map(on),
            [38, 37, 39, 39].map(|fee| Some(Ore(fee * 100)))
        );
        let day = |text: &str| text.parse().unwrap();
        let rates = settings.interest_rates().unwrap();
        for (on, percent) in [("2024-07-01", "12.5"), ("2025-12-31", "12.25"), ("2026-12-31", "12.25")] {
            assert_eq!(rates.on(day(on)), Ok(percent.parse().unwrap()), "{on}");
        }
        assert!(rates.on(day("2027-01-01")).is_err(), "it was not set yet");
        let interest_percent = [(day("2027-01-01"), Decimal::new(1275, 2))].into();
        let rates = LatePayment { interest_percent, ..settings }.interest_rates().unwrap();
        assert_eq!(rates.on(day("2027-06-30")), Ok(Decimal::new(1275, 2)));
        assert_eq!(rates.on(day("2024-01-20")), Ok(Decimal::new(125, 1)));
        let known = rows::<InterestRow>(INTEREST).unwrap();
        assert_eq!(known.len(), 2 * (2027 - 2004), "no half year is left out");
    }
}
