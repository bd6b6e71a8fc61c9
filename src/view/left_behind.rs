//! What stays with a party that no longer exists: it was alone to bear it, several came after it, and nobody has decided
//! which of them does.

use chrono::NaiveDate;

use super::book::Book;
use crate::domain::calendar::last_day;
use crate::domain::cost::Distribution;
use crate::domain::identity::PartyId;

/// What a party is alone to bear on a day or after it, as people say it. Nobody but the party itself bears it unless it is
/// ended and recorded anew.
#[must_use]
pub fn borne_alone_from(book: &Book, party: PartyId, on: NaiveDate) -> Vec<String> {
    let is_alone =
        |distribution: &Distribution| matches!(distribution, Distribution::Party { party: bearer } if *bearer == party);
    let libraries = book.signups_of_party(party).filter(|(_, signup)| signup.takes_part());
    let libraries =
        libraries.filter_map(|(_, signup)| Some(format!("the library {}", signup.signed_up.as_ref()?.library)));
    let contracts = book.legacies_of_party(party).filter(|(_, legacy)| legacy.last_day.is_none_or(|last| last >= on));
    let contracts =
        contracts.filter_map(|(_, legacy)| Some(format!("the old contract of {}", legacy.recorded.as_ref()?.system)));
    let costs = book.costs.values().filter(|cost| cost.cancelled_on.is_none() && last_day(cost.year) >= on);
    let costs = costs.filter_map(|cost| cost.recorded.as_ref().filter(|known| is_alone(&known.distribution)));
    let costs = costs.map(|known| format!("the cost {}", known.name));
    let goes_on =
        |days: Option<(NaiveDate, Option<NaiveDate>)>| days.is_some_and(|(_, ends)| ends.is_none_or(|ends| ends >= on));
    let licences = book.licences.values().filter(|licence| goes_on(licence.days));
    let licences =
        licences.filter_map(|licence| licence.recorded.as_ref().filter(|known| is_alone(&known.distribution)));
    let licences = licences.map(|known| format!("the licence {}", known.name));
    libraries.chain(contracts).chain(costs).chain(licences).collect()
}
