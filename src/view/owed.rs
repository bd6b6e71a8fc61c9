//! What was outstanding at the end of each day: sums by whose the invoices are, kept up to date with each event that moves one,
//! so that an earlier day is asked for without reading the log again.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::whose::Owner;
use crate::decider::Streams;
use crate::domain::identity::{InvoiceId, PartyId};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::lookup::Lookup;

/// What was outstanding, by whose it was and by day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwedByDay(Lookup<Owner, Days>);

#[derive(Debug, Clone, Default, PartialEq)]
struct Days {
    /// By how much it moved on each day.
    moved: BTreeMap<NaiveDate, Ore>,
    /// The last invoice that was issued on each day.
    last: BTreeMap<NaiveDate, InvoiceId>,
}

/// What was outstanding of the invoices with the same owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Whose they are.
    pub owner: Owner,
    /// The last that was issued of them.
    pub last: InvoiceId,
    /// How much.
    pub outstanding_ore: Ore,
}

impl OwedByDay {
    /// An event of a day has moved what is outstanding of an invoice.
    pub fn moved(&mut self, owner: Owner, on: NaiveDate, by: Ore) {
        if by == Ore::ZERO {
            return;
        }
        *self.0.entry(owner).or_default().moved.entry(on).or_default() += by;
    }

    /// An invoice was issued.
    pub fn issued(&mut self, owner: Owner, invoice: InvoiceId, on: NaiveDate) {
        self.0.entry(owner).or_default().last.insert(on, invoice);
    }

    /// What was outstanding at the end of a day, where something was.
    pub fn at_end_of(&self, day: NaiveDate) -> impl Iterator<Item = Owed> {
        self.0.iter().filter_map(move |(owner, days)| {
            let outstanding_ore: Ore = days.moved.range(..=day).map(|(_, by)| *by).sum();
            let (_, last) = days.last.range(..=day).next_back()?;
            (outstanding_ore != Ore::ZERO).then_some(Owed { owner: *owner, last: *last, outstanding_ore })
        })
    }
}

/// What a party owed in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Its name, as on its last invoice.
    pub name: String,
    /// How much; below zero where it was to be paid back.
    pub outstanding_ore: Ore,
}

/// What each party owed, by its name, where something was outstanding. `issued` are the invoices.
#[must_use]
pub fn balances(owed: impl IntoIterator<Item = Owed>, issued: &Streams<InvoiceId, Arc<Issued>>) -> Vec<Balance> {
    let mut by_party: BTreeMap<PartyId, (Ore, Option<&Issued>)> = BTreeMap::new();
    for Owed { owner, last, outstanding_ore } in owed {
        let (sum, latest) = by_party.entry(owner.recipient()).or_default();
        *sum += outstanding_ore;
        let when = |issued: &Issued| (issued.invoice_date, issued.number);
        *latest =
            latest.take().into_iter().chain(issued.get(&last).map(AsRef::as_ref)).max_by_key(|issued| when(issued));
    }
    let named = by_party.into_iter().filter(|(_, (sum, _))| *sum != Ore::ZERO);
    let mut named: Vec<(PartyId, Balance)> = named
        .map(|(party, (outstanding_ore, latest))| {
            let name = latest.map(|issued| issued.invoice.recipient.name.clone()).unwrap_or_default();
            (party, Balance { name, outstanding_ore })
        })
        .collect();
    named.sort_by(|(one_party, one), (other_party, other)| (&one.name, one_party).cmp(&(&other.name, other_party)));
    named.into_iter().map(|(_, balance)| balance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, nth};

    #[test]
    fn what_was_outstanding_on_a_day_is_the_sum_of_what_moved_until_then() {
        let party = |number| PartyId(nth(number));
        let owner = Owner::Invoice {
            procurement: None,
            planner: None,
            issuer: party(1),
            agreement: None,
            recipient: party(2),
            creditor: None,
        };
        let mut owed = OwedByDay::default();
        let (first, second) = (InvoiceId(nth(1)), InvoiceId(nth(2)));
        owed.issued(owner, second, day("2024-03-01"));
        owed.moved(owner, day("2024-03-01"), Ore(500));
        owed.issued(owner, first, day("2024-01-01"));
        owed.moved(owner, day("2024-01-01"), Ore(1_000));
        owed.moved(owner, day("2024-02-01"), Ore(-1_000));
        let on = |on: &str| owed.at_end_of(day(on)).map(|owed| (owed.last, owed.outstanding_ore.0)).next();
        let days = ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-01"];
        assert_eq!(days.map(on), [None, Some((first, 1_000)), None, Some((second, 500))]);
    }
}
