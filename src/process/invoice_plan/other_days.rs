//! What was issued for other days of a year than those that a run is for: it is taken off the share of all of them, not what
//! their share is now, since the price may have changed in between. So the documents of a year come to the year, in whatever
//! order they are issued and whichever of them were credited and are issued again.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::before::Invoiced;
use super::portion::Portion;
use super::portions::{Certain, PassedOn, Planner};
use super::shares::{days_of, share_of_all};
use crate::domain::apportionment::Apportionment;
use crate::domain::calendar::{Period, day_after, day_before, first_day};
use crate::domain::identity::{AgreementId, PartyId};
use crate::domain::licence::Licence;
use crate::domain::money::Ore;
use crate::domain::vat::Subject;

/// What is shared of the days of a year up to each day until which somebody was invoiced.
pub(super) type SharedLater = BTreeMap<NaiveDate, Apportionment>;

/// What was invoiced for later days of the year.
pub(super) struct IssuedLater {
    /// The last of these days.
    pub(super) last: NaiveDate,
    /// How much, excluding VAT.
    pub(super) net: Ore,
}

impl Planner<'_> {
    /// What is shared of a licence up to each day after `last`, in its year, until which somebody was invoiced.
    pub(super) fn shared_later(&self, subject: Subject, licence: &Licence, last: NaiveDate) -> SharedLater {
        let later = self.before.last_days(subject).into_iter();
        let later = later.filter(|day| *day > last && day.year() == last.year());
        later.filter_map(|day| Some((day, self.apportioner.licence_until(licence, day)?))).collect()
    }

    /// Where other days of the year were not all invoiced, their share as it is now is not asked for here.
    pub(super) fn take_off_what_was_issued(
        &self,
        certain: &Certain<'_>,
        by: Option<AgreementId>,
        passed_on: Option<&PassedOn>,
        portion: &mut Portion,
    ) {
        let Some(period) = certain.period else { return };
        self.take_off_earlier(certain, period, by, passed_on, portion);
        self.take_off_later(certain, period, by, passed_on, portion);
    }

    fn take_off_earlier(
        &self,
        certain: &Certain<'_>,
        period: Period,
        by: Option<AgreementId>,
        passed_on: Option<&PassedOn>,
        portion: &mut Portion,
    ) {
        let Some(shared_before) = &certain.shared_before else { return };
        let earlier = Period { first: first_day(period.first.year()), last: day_before(period.first) };
        let Invoiced::Some(issued) = self.before.invoiced(certain.subject, portion.party, by, Some(earlier)) else {
            return;
        };
        if !issued.covers(&days_of(shared_before, &portion.bearers)) {
            return;
        }
        portion.issued_earlier = Some(issued.amount.net_ore);
        portion.net = share_of_all(&certain.shared, &portion.bearers) - issued.amount.net_ore;
        if let Some((passed_on, issued)) = passed_on.zip(issued.amount.passed_on_vat_ore) {
            portion.vat = Some(sum_of(&passed_on.shares_until, &portion.bearers) - issued);
        }
    }

    /// Of all later days that were invoiced one after the other.
    fn take_off_later(
        &self,
        certain: &Certain<'_>,
        period: Period,
        by: Option<AgreementId>,
        passed_on: Option<&PassedOn>,
        portion: &mut Portion,
    ) {
        let invoiced_until = |(day, shared): (&NaiveDate, &Apportionment)| {
            let bearers = self.bearers_of(shared, certain.subject, portion.party, by);
            let later = Period { first: day_after(period.last), last: *day };
            let Invoiced::Some(issued) = self.before.invoiced(certain.subject, portion.party, by, Some(later)) else {
                return None;
            };
            let days = days_of(shared, &bearers).into_iter().filter_map(|days| days.intersection(later));
            let until = share_of_all(shared, &bearers);
            issued.covers(&days.collect::<Vec<_>>()).then_some((*day, until, bearers, issued.amount))
        };
        let Some((last, until, bearers, issued)) = certain.shared_later.iter().rev().find_map(invoiced_until) else {
            return;
        };
        portion.net += until - share_of_all(&certain.shared, &bearers) - issued.net_ore;
        let vats = passed_on.and_then(|passed_on| Some((passed_on, passed_on.shares_later.get(&last)?)));
        if let Some(((passed_on, shares_later), issued)) = vats.zip(issued.passed_on_vat_ore) {
            let [later, until] = [shares_later, &passed_on.shares_until].map(|shares| sum_of(shares, &bearers));
            portion.vat = Some(portion.vat.unwrap_or_default() + later - until - issued);
        }
        portion.bearers = bearers;
        portion.issued_later = Some(IssuedLater { last, net: issued.net_ore });
    }

    /// Whose shares a party pays, of all its agreements or of one: also those that bear something of later days alone.
    fn bearers_of(
        &self,
        shared: &Apportionment,
        subject: Subject,
        party: PartyId,
        by: Option<AgreementId>,
    ) -> Vec<PartyId> {
        let is_paid = |bearer: &PartyId| {
            self.apportioner.participants.bearer_after(*bearer, self.invoice_date()) == party
                && self.by(self.agreement_of(subject, *bearer)) == by
        };
        shared.bearers().into_iter().filter(is_paid).collect()
    }
}

fn sum_of(shares: &BTreeMap<PartyId, Ore>, bearers: &[PartyId]) -> Ore {
    bearers.iter().filter_map(|bearer| shares.get(bearer)).copied().sum()
}
