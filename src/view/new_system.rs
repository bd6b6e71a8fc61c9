//! On which days a party pays for the new system beside its old one: those on which it shares a licence, or, while no licence
//! that it could share is known, all from the first day on which a library of its is on the new system.

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Book;
use super::budget::Wanted;
use super::shares::Amount;
use crate::domain::agreement::Commitment;
use crate::domain::assessment::Certainty;
use crate::domain::calendar::{Period, last_day};
use crate::domain::cost::Distribution;
use crate::domain::identity::{LicenceId, PartyId};
use crate::domain::legacy::Legacy;
use crate::domain::licence::Licence;
use crate::domain::signup::LibraryKind;

/// The first day on which a library is on the new system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoLive {
    /// The day.
    pub on: NaiveDate,
    /// Whether it has come to that, and is no longer a wish.
    pub happened: bool,
}

/// A licence that a party shares on some days of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LicencePaid {
    /// The licence.
    pub licence: LicenceId,
    /// What people call it.
    pub name: String,
    /// The days on which the party shares it.
    pub days: Vec<Period>,
}

/// The new system in one year, for a party that pays an old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSystemYear {
    /// The days on which the party pays for it, in order and none twice.
    pub days: Vec<Period>,
    /// Whether that is agreed: a contract says so, or it is in use already. Else it is a plan.
    pub is_agreed: bool,
    /// The licences that it shares on those days.
    pub licences: Vec<LicencePaid>,
    /// From when it is in use, where the days rest on that, since no licence is known.
    pub go_live: Option<GoLive>,
}

/// The new system in `year` for the party of a sheet, which pays an old contract.
#[must_use]
pub fn new_system_in(book: &Book, wanted: Wanted, legacy: &Legacy, year: i32) -> NewSystemYear {
    let before = book.with_those_before(wanted.party);
    let is_shared = |licence: &Licence| {
        licence.recorded.as_ref().is_some_and(|recorded| match recorded.distribution {
            Distribution::Key { .. } => true,
            Distribution::Party { party } => before.contains(&party),
        })
    };
    let mut known = book.licences_of(wanted.procurement);
    known.retain(|(_, licence)| is_shared(licence));
    if known.is_empty() { in_use(book, wanted, legacy, year) } else { by_licences(book, wanted, &known, year) }
}

fn by_licences(book: &Book, wanted: Wanted, known: &[(LicenceId, &Licence)], year: i32) -> NewSystemYear {
    let paid = |(id, licence): &(LicenceId, &Licence)| {
        let amount = Amount::Licence(*id, year);
        let shared = book.shares.of(amount, || book.apportioner(wanted.procurement).licence(licence, year))?;
        let days = shared.days_paid(wanted.party);
        let name = licence.recorded.as_ref()?.name.clone();
        let is_agreed = licence.price_known(year).certainty() >= Certainty::Contracted;
        (!days.is_empty()).then_some((LicencePaid { licence: *id, name, days }, is_agreed))
    };
    let (licences, agreed): (Vec<LicencePaid>, Vec<bool>) = known.iter().filter_map(paid).unzip();
    NewSystemYear {
        days: Period::union(licences.iter().flat_map(|licence| licence.days.iter().copied())),
        is_agreed: agreed.into_iter().all(|is_agreed| is_agreed),
        licences,
        go_live: None,
    }
}

fn in_use(book: &Book, wanted: Wanted, legacy: &Legacy, year: i32) -> NewSystemYear {
    let go_live = first_go_live(book, wanted, legacy);
    let since = |first: GoLive| Period::between(first.on, last_day(year))?.intersection(Period::year(year));
    NewSystemYear {
        days: go_live.and_then(since).into_iter().collect(),
        is_agreed: go_live.is_none_or(|first| first.happened),
        licences: Vec::new(),
        go_live,
    }
}

/// The first day on which a public library of the party whose old contract it is comes to be on the new system, as known
/// or else wished; any library's where it has no public one. Where that party has signed up none, those that its
/// successor has. An option is no wish until it is exercised.
fn first_go_live(book: &Book, wanted: Wanted, legacy: &Legacy) -> Option<GoLive> {
    let of_kind = |party: PartyId, public: bool| {
        book.signups_by(wanted.procurement, party)
            .map(|(_, signup)| signup)
            .filter(|signup| signup.commitment == Commitment::Committed)
            .filter(|signup| {
                signup.signed_up.as_ref().is_some_and(|signed_up| (signed_up.kind == LibraryKind::Public) == public)
            })
            .filter_map(|signup| Some(GoLive { on: signup.go_live()?, happened: signup.went_live.is_some() }))
            .min_by_key(|go_live| (go_live.on, !go_live.happened))
    };
    let first = |party: PartyId| of_kind(party, true).or_else(|| of_kind(party, false));
    first(legacy.recorded.as_ref()?.party).or_else(|| first(wanted.party))
}
