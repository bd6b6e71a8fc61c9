//! What people call a party, and the day that they mean.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Book;
use crate::domain::identity::{PartyId, ProcurementId};

/// Why a text means no day. It is said after the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DayNotMeant {
    /// It is no date, and no milestone is called so.
    #[error("is neither a date such as 2023-06-01 nor a milestone (known: {})", names(known))]
    Unknown {
        /// The milestones.
        known: Vec<String>,
    },
    /// It has not come yet, so that nobody knows what will be known then.
    #[error("{}; ask as of today or an earlier day", to_come(called, *day))]
    ToCome {
        /// What was said.
        called: String,
        /// The day.
        day: NaiveDate,
    },
    /// Several procurements have a milestone called so, on days of their own.
    #[error(
        "is a milestone of several procurements, and each has its own day ({}); say which procurement, or give the date",
        days(found)
    )]
    Several {
        /// Their days.
        found: BTreeSet<NaiveDate>,
    },
}

fn to_come(called: &str, day: NaiveDate) -> String {
    if called == day.to_string() { "is still to come".to_owned() } else { format!("is {day}, which is still to come") }
}

fn names(known: &[String]) -> String {
    if known.is_empty() { "there are none yet".to_owned() } else { known.join(", ") }
}

fn days(found: &BTreeSet<NaiveDate>) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Book {
    /// What people call a party, by its latest name; its id where it has none.
    #[must_use]
    pub fn called(&self, party: PartyId) -> String {
        let name = self.parties.get(&party).map(|known| known.full_name_on(NaiveDate::MAX));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| party.to_string())
    }

    /// The day, `today` at the latest, that people mean by a date such as 2023-06-01, or by a milestone of one of these
    /// procurements.
    ///
    /// # Errors
    /// It means no day, or several, or one that is to come.
    pub fn day_called(
        &self,
        called: &str,
        procurements: &[ProcurementId],
        today: NaiveDate,
    ) -> Result<NaiveDate, DayNotMeant> {
        let day = self.any_day_called(called, procurements)?;
        if day > today { Err(DayNotMeant::ToCome { called: called.to_owned(), day }) } else { Ok(day) }
    }

    fn any_day_called(&self, called: &str, procurements: &[ProcurementId]) -> Result<NaiveDate, DayNotMeant> {
        if let Ok(day) = called.parse() {
            return Ok(day);
        }
        let milestones =
            || procurements.iter().filter_map(|id| self.procurements.get(id)).flat_map(|known| &known.milestones);
        let found: BTreeSet<NaiveDate> = milestones()
            .filter(|(name, _)| name.to_lowercase() == called.to_lowercase())
            .map(|(_, day)| *day)
            .collect();
        match found.iter().collect::<Vec<_>>()[..] {
            [day] => Ok(*day),
            [] => Err(DayNotMeant::Unknown { known: milestones().map(|(name, _)| name.clone()).collect() }),
            [_, _, ..] => Err(DayNotMeant::Several { found }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Event;
    use crate::domain::procurement::{MilestoneSet, ProcurementEvent};
    use crate::domain::testing::{day, nth};

    const ONE: ProcurementId = ProcurementId(uuid::Uuid::from_u128(1));
    const OTHER: ProcurementId = ProcurementId(uuid::Uuid::from_u128(2));

    fn book() -> Book {
        let set = |id: u128, on: &str| {
            let set = MilestoneSet { name: "Kontrakt".to_owned(), on: day(on) };
            (nth(id), Event::Procurement(ProcurementEvent::MilestoneSet(set)))
        };
        Book::of([set(1, "2023-10-15"), set(2, "2024-05-01")])
    }

    #[test]
    fn a_milestone_is_looked_for_in_the_procurements_that_are_meant() {
        let book = book();
        let called = |text: &str, of: &[ProcurementId]| book.day_called(text, of, day("2026-01-01"));
        assert_eq!(called("kontrakt", &[ONE]), Ok(day("2023-10-15")));
        assert_eq!(called("kontrakt", &[OTHER]), Ok(day("2024-05-01")));
        assert_eq!(called("2023-01-01", &[]), Ok(day("2023-01-01")));
        assert_eq!(
            called("kontrakt", &[ONE, OTHER]).unwrap_err().to_string(),
            "is a milestone of several procurements, and each has its own day (2023-10-15, 2024-05-01); say which \
             procurement, or give the date"
        );
        assert_eq!(
            called("oppstart", &[ONE]).unwrap_err().to_string(),
            "is neither a date such as 2023-06-01 nor a milestone (known: Kontrakt)"
        );
    }

    #[test]
    fn what_will_be_known_on_a_day_to_come_is_not_told() {
        let book = book();
        let called = |text: &str| book.day_called(text, &[OTHER], day("2024-01-01"));
        assert_eq!(called("2024-01-01"), Ok(day("2024-01-01")));
        let said = |text: &str| called(text).unwrap_err().to_string();
        assert_eq!(said("2099-12-31"), "is still to come; ask as of today or an earlier day");
        assert_eq!(said("kontrakt"), "is 2024-05-01, which is still to come; ask as of today or an earlier day");
    }
}
