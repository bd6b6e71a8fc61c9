//! Why there is nothing to invoice, and why something of what is to be paid is left out.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::portion::Portion;
use super::portions::Planner;
use super::{Lacking, PlanFault, Reason, all_set_aside, name_on};
use crate::domain::assessment::Certainty;
use crate::domain::cost::Distribution;
use crate::domain::vat::Subject;

impl Planner<'_> {
    /// Why nothing is to be invoiced: nothing is certain enough, all that are left lack something, or all is done.
    pub(super) fn nothing_open(&self) -> PlanFault {
        let year = self.wanted.covers.first.year();
        if !self.subjects().any(|subject| self.certain(subject).is_some()) {
            let awaits_index = |fault: &PlanFault| matches!(fault, PlanFault::IndexAwaited { .. });
            let awaited = self.subjects().filter_map(|subject| self.uncertain(subject)).find(awaits_index);
            return awaited.unwrap_or(PlanFault::NothingContracted { year });
        }
        let portioned = self.subjects().filter_map(|subject| self.portioned(subject).ok().flatten());
        let lacking = self.lacking(portioned.flat_map(|portioned| portioned.portions));
        all_set_aside(year, lacking)
    }

    /// Why what is to be paid in the days that are invoiced is not certain enough to be; none where it is, or where this issuer
    /// invoices nobody for it.
    pub(super) fn uncertain(&self, subject: Subject) -> Option<PlanFault> {
        let year = self.wanted.covers.first.year();
        let (name, certainty, awaits_index) = match subject {
            Subject::Cost { cost } => {
                let cost = self.book.costs.get(&cost)?;
                let is_to_be_paid = cost.year == year && cost.cancelled_on.is_none();
                let recorded = cost.recorded.as_ref().filter(|_| is_to_be_paid)?;
                (&recorded.name, cost.amount().certainty(), false)
            }
            Subject::Licence { licence } => {
                let licence = self.book.licences.get(&licence)?;
                licence.paid_days(year)?.intersection(self.wanted.covers)?;
                let name = &licence.recorded.as_ref()?.name;
                (name, licence.price_known(year).certainty(), licence.awaits_index(year))
            }
        };
        let name = || name.clone();
        let fault = match certainty {
            Certainty::Unknown => PlanFault::AmountUnknown { name: name(), year },
            Certainty::Estimated => PlanFault::AmountEstimated { name: name(), year },
            Certainty::Quoted => PlanFault::AmountQuoted { name: name(), year },
            Certainty::Contracted | Certainty::Actual if awaits_index => PlanFault::IndexAwaited { name: name(), year },
            Certainty::Contracted | Certainty::Actual => return None,
        };
        Some(fault).filter(|_| !self.is_anothers(subject))
    }

    /// Whether one party alone bears it, which this issuer invoices for nothing.
    fn is_anothers(&self, subject: Subject) -> bool {
        let Some(Distribution::Party { party }) = self.distribution(subject) else { return false };
        let mut portion = Portion::of(self.apportioner.participants.bearer_after(party, self.invoice_date()));
        portion.agreements.insert(self.agreement_of(subject, party));
        matches!(self.never_invoiced(&portion), Some(Reason::OwnShare | Reason::OtherIssuer(_)))
    }

    /// Who lacks something to be invoiced, and what.
    pub(super) fn lacking(&self, portions: impl IntoIterator<Item = Portion>) -> Vec<Lacking> {
        let lack = |portion: Portion| Some((portion.party, portion.reason?.lack()?));
        let named = |(party, lack)| Lacking { of: name_on(self.book, party, self.invoice_date()), lack };
        portions.into_iter().filter_map(lack).map(named).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
