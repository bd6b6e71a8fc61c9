//! Why there is nothing to invoice.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::portion::Portion;
use super::portions::Planner;
use super::{Lacking, PlanFault, all_set_aside, name_on};
use crate::domain::assessment::Certainty;

impl<'book> Planner<'book> {
    /// Why nothing is to be invoiced: nothing is certain enough, all that are left lack something, or all is done.
    pub(super) fn nothing_open(&self) -> PlanFault {
        let year = self.wanted.covers.first.year();
        if !self.subjects().any(|subject| self.certain(subject).is_some()) {
            let name = self.awaits_index(year).map(str::to_owned);
            return name.map_or(PlanFault::NothingContracted { year }, |name| PlanFault::IndexAwaited { name, year });
        }
        let portioned = self.subjects().filter_map(|subject| self.portioned(subject).ok().flatten());
        let lacking = self.lacking(portioned.flat_map(|portioned| portioned.portions));
        all_set_aside(year, lacking)
    }

    /// The first licence that is contracted and awaits an index.
    fn awaits_index(&self, year: i32) -> Option<&'book str> {
        let licences = self.book.licences_of(self.wanted.procurement);
        let mut awaiting = licences.into_iter().filter(|(_, licence)| {
            licence.price_known(year).certainty() >= Certainty::Contracted && licence.awaits_index(year)
        });
        awaiting.find_map(|(_, licence)| Some(licence.recorded.as_ref()?.name.as_str()))
    }

    /// Who lacks something to be invoiced, and what.
    pub(super) fn lacking(&self, portions: impl IntoIterator<Item = Portion>) -> Vec<Lacking> {
        let lack = |portion: Portion| Some((portion.party, portion.reason?.lack()?));
        let named = |(party, lack)| Lacking { of: name_on(self.book, party, self.invoice_date()), lack };
        portions.into_iter().filter_map(lack).map(named).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
