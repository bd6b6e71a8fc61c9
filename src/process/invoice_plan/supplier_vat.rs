//! The supplier's VAT where a claim passes it on: how much of it falls on which days, and on whom.
//!
//! The supplier may invoice other days than a run: the year at once where the run is for a half, or quarters where it is for
//! the year. Net and VAT tie to the supplier's invoices on the days up to which these come to just what is shared. Between
//! two such days the VAT follows what is shared: it is rounded once, on all up to the day asked for, so that the last days
//! get the rest and the parts of a year come to the year, in all and for everybody.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::PlanFault;
use crate::domain::allocation::allocate;
use crate::domain::apportionment::{Apportionment, Part};
use crate::domain::calendar::{PartOfYear, Period, day_after, day_before};
use crate::domain::identity::PartyId;
use crate::domain::money::Ore;
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::domain::vat::VatTreatment;

/// What the supplier invoiced of a cost or licence in a year, beside what is shared of it.
pub(super) struct Supplied<'a> {
    /// What people call the cost or licence.
    pub(super) name: &'a str,
    /// How VAT is treated.
    pub(super) treatment: VatTreatment,
    /// The days of the year that are paid for: all of them for a one-time cost.
    pub(super) paid: Period,
    /// The days of these that the run is for.
    pub(super) asked: Period,
    /// The last day that was invoiced of those after them: the same must tie until it.
    pub(super) tied_until: Option<NaiveDate>,
    /// Whether it is shared by the day, as a licence is.
    pub(super) by_day: bool,
    /// All that the supplier invoiced of it, in any year.
    pub(super) invoices: Vec<&'a SupplierInvoice>,
    /// What is shared of the days of the year up to one, grants not taken off.
    pub(super) shared_until: &'a dyn Fn(NaiveDate) -> Result<Ore, PlanFault>,
}

/// A day up to which what the supplier invoiced is just what is shared.
#[derive(Clone, Copy)]
struct Tie {
    day: NaiveDate,
    net: Ore,
    vat: Ore,
}

/// The supplier's VAT of the days of a year that tie to its invoices.
pub(super) struct SupplierVat<'a> {
    supplied: Supplied<'a>,
    ties: Vec<Tie>,
}

impl<'a> Supplied<'a> {
    /// The VAT of the days up to the last that the run is for.
    ///
    /// # Errors
    /// Nothing is recorded that the supplier invoiced of these days, or it does not tie to what is shared.
    pub(super) fn vat(mut self) -> Result<SupplierVat<'a>, PlanFault> {
        let paid = self.paid;
        self.invoices.retain(|invoice| invoice.period.is_none_or(|days| days.intersection(paid).is_some()));
        if let Some((invoice, days)) = self.invoices.iter().find_map(|invoice| Some((invoice, beyond(invoice, paid)?)))
        {
            return Err(PlanFault::SupplierInvoiceReachesBeyond {
                name: self.name.to_owned(),
                number: invoice.number.clone(),
                first: days.first,
                last: days.last,
                paid_first: paid.first,
                paid_last: paid.last,
            });
        }
        if !self.invoices.iter().any(|invoice| self.days_of(invoice).intersection(self.asked).is_some()) {
            return Err(PlanFault::SupplierInvoiceMissing { name: self.name.to_owned(), treatment: self.treatment });
        }
        let mut ties = vec![Tie { day: day_before(paid.first), net: Ore::ZERO, vat: Ore::ZERO }];
        let days = self.days_between_invoices();
        for day in &days {
            let tie = self.invoiced_until(*day);
            if (self.shared_until)(*day)? == tie.net {
                ties.push(tie);
            }
        }
        let last = self.tied_until.unwrap_or(self.asked.last);
        if ties.iter().all(|tie| tie.day < last) {
            let should_tie = days.into_iter().find(|day| *day >= last).unwrap_or(paid.last);
            return Err(self.differs(should_tie, &ties)?);
        }
        Ok(SupplierVat { supplied: self, ties })
    }

    /// The days of the year in which no invoice goes on to the day after, and on which there may be a tie: on which an invoice
    /// ends, and on which a half of the year does.
    fn days_between_invoices(&self) -> BTreeSet<NaiveDate> {
        let goes_on = |day: &NaiveDate| {
            let mut days = self.invoices.iter().map(|invoice| self.days_of(invoice));
            days.any(|days| days.contains(*day) && *day < days.last)
        };
        let half = PartOfYear::FirstHalf.of(self.paid.first.year()).last;
        let ends = self.invoices.iter().map(|invoice| self.days_of(invoice).last);
        let days = ends.chain([half, self.paid.last]);
        days.filter(|day| self.paid.contains(*day) && !goes_on(day)).collect()
    }

    /// The days an invoice is for; of a one-time cost those of its year.
    fn days_of(&self, invoice: &SupplierInvoice) -> Period {
        invoice.period.unwrap_or(self.paid)
    }

    fn invoiced_until(&self, day: NaiveDate) -> Tie {
        let until = || self.invoices.iter().filter(|invoice| self.days_of(invoice).last <= day);
        let net = until().map(|invoice| invoice.net_ore).sum();
        Tie { day, net, vat: until().map(|invoice| invoice.vat_ore).sum() }
    }

    /// What is shared and what the supplier invoiced do not come to the same up to a day.
    fn differs(&self, day: NaiveDate, ties: &[Tie]) -> Result<PlanFault, PlanFault> {
        let before = ties.iter().rev().find(|tie| tie.day < self.asked.first);
        let first = before.map_or(self.paid.first, |before| day_after(before.day));
        let net_before = before.map_or(Ore::ZERO, |before| before.net);
        let (name, last) = (self.name.to_owned(), day);
        let amount_ore = (self.shared_until)(day)? - net_before;
        let invoiced_ore = self.invoiced_until(day).net - net_before;
        Ok(if self.by_day && day < self.paid.last {
            PlanFault::SupplierInvoiceNotByDay { name, first, last, amount_ore, invoiced_ore }
        } else if self.by_day {
            PlanFault::SupplierInvoiceOfDaysDiffers { name, first, last, amount_ore, invoiced_ore }
        } else {
            PlanFault::SupplierInvoiceDiffers { name, amount_ore, invoiced_ore }
        })
    }
}

/// The days of an invoice, where some of them are not paid for in this year.
fn beyond(invoice: &SupplierInvoice, paid: Period) -> Option<Period> {
    invoice.period.filter(|days| !paid.encloses(*days))
}

impl SupplierVat<'_> {
    /// The VAT of the days of the year up to one of those that are asked for, or one before them.
    fn until(&self, day: NaiveDate) -> Result<Ore, PlanFault> {
        let before = self.ties.iter().rev().find(|tie| tie.day <= day);
        let after = self.ties.iter().find(|tie| tie.day >= day);
        let Some((before, after)) = before.zip(after) else { return Ok(Ore::ZERO) };
        let (net, vat) = (after.net - before.net, after.vat - before.vat);
        if before.day == day || net == Ore::ZERO {
            return Ok(before.vat);
        }
        let shared = (self.supplied.shared_until)(day)? - before.net;
        Ok(before.vat + Ore::rounded(vat.decimal() * shared.decimal() / net.decimal()))
    }

    /// The invoices that the run's days tie to: they go with the claims.
    pub(super) fn invoices(&self) -> impl Iterator<Item = &SupplierInvoice> {
        let Supplied { asked, .. } = self.supplied;
        let before = self.ties.iter().rev().find(|tie| tie.day < asked.first).map(|tie| tie.day);
        let after = self.ties.iter().find(|tie| tie.day >= asked.last).map(|tie| tie.day);
        self.supplied.invoices.iter().copied().filter(move |invoice| {
            let days = self.supplied.days_of(invoice);
            before.is_none_or(|before| days.last > before) && after.is_none_or(|after| days.first <= after)
        })
    }

    /// The days of these invoices, where they are more than those that the run is for.
    pub(super) fn days_beyond(&self) -> Option<Period> {
        let all = Period::span(self.invoices().map(|invoice| self.supplied.days_of(invoice)))?;
        (!self.supplied.asked.encloses(all)).then_some(all)
    }

    /// Everybody's share of the VAT of what is shared: part by part in proportion to the shares excluding VAT, by largest
    /// remainder. So it ties to the øre also where a key holds amounts in kroner, which the VAT itself could not be shared by;
    /// and who bears nothing of the days of a part bears none of its VAT.
    pub(super) fn shares(&self, shared: &Apportionment) -> Result<BTreeMap<PartyId, Ore>, PlanFault> {
        let mut shares: BTreeMap<PartyId, Ore> = BTreeMap::new();
        let mut given = Ore::ZERO;
        for part in &shared.parts {
            let until = self.until(part.period.last)?;
            let nets = part.shares();
            let keys: Vec<String> = nets.iter().map(|(party, _)| tie_key(part, *party)).collect();
            let net = nets.iter().map(|(_, share)| share.map_or(Ore::ZERO, |share| share.likely_ore).decimal());
            let weights: Vec<_> = keys.iter().map(String::as_str).zip(net).collect();
            let of_part = allocate(until - given, &weights).map_err(|fault| PlanFault::CannotShare {
                name: self.supplied.name.to_owned(),
                fault: format!("its VAT: {fault}"),
            })?;
            given = until;
            for ((party, _), share) in nets.iter().zip(of_part) {
                *shares.entry(*party).or_default() += share;
            }
        }
        Ok(shares)
    }
}

/// What ties go by, as in the sharing of the net: the number of the member, else its id.
fn tie_key(part: &Part, party: PartyId) -> String {
    let member = part.members.iter().find(|member| member.party == party);
    member.map_or_else(|| party.to_string(), |member| member.number.clone())
}
