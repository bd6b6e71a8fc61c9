//! What one payer pays of a cost or licence.

use std::collections::BTreeSet;

use super::Reason;
use super::other_days::IssuedLater;
use crate::domain::calendar::Period;
use crate::domain::identity::{AgreementId, PartyId};
use crate::domain::invoice_run::InvoicedBefore;
use crate::domain::money::Ore;

/// What a payer pays of what is shared: of all its agreements, or of one.
pub(super) struct Portion {
    /// Who pays.
    pub(super) party: PartyId,
    /// The agreements that it pays by; one where a document is for one.
    pub(super) agreements: BTreeSet<Option<AgreementId>>,
    /// Whose shares it is: the payer's own, and those of parties that have become part of it since; nobody's where it was
    /// invoiced and bears nothing now.
    pub(super) bearers: Vec<PartyId>,
    /// The share excluding VAT.
    pub(super) net: Ore,
    /// The share of the supplier's VAT; none where none is passed on.
    pub(super) vat: Option<Ore>,
    /// What was invoiced of it before.
    pub(super) before: Option<InvoicedBefore>,
    /// What was invoiced excluding VAT for the days of the year before those that are invoiced, and is taken off the share of all
    /// of them; none where that was nothing or not for all of them, and the share of these days as it is now is.
    pub(super) issued_earlier: Option<Ore>,
    /// What was invoiced for the days of the year after those that are invoiced, and is taken off the share of all of them.
    pub(super) issued_later: Option<IssuedLater>,
    /// Why it is left out; none where it is invoiced.
    pub(super) reason: Option<Reason>,
    /// The days of the party's share among those that are invoiced; none for a one-time cost.
    pub(super) days: Vec<Period>,
    /// The same from the first to the last. Where there are none, those before, of which something may be left to ask for.
    pub(super) period: Option<Period>,
}

impl Portion {
    /// Nothing yet of what a party pays.
    pub(super) fn of(party: PartyId) -> Self {
        Self {
            party,
            agreements: BTreeSet::new(),
            bearers: Vec::new(),
            net: Ore::ZERO,
            vat: None,
            before: None,
            issued_earlier: None,
            issued_later: None,
            reason: None,
            days: Vec::new(),
            period: None,
        }
    }

    /// The first of the agreements, where there is one.
    pub(super) fn agreement(&self) -> Option<AgreementId> {
        self.agreements.iter().copied().flatten().next()
    }

    /// What there is to invoice, output VAT left out.
    pub(super) fn to_invoice(&self) -> Ore {
        let before = self.before.unwrap_or_default();
        self.net + self.vat.unwrap_or_default() - before.net_ore - before.passed_on_vat_ore.unwrap_or_default()
    }

    /// The same excluding VAT.
    pub(super) fn net_to_invoice(&self) -> Ore {
        self.net - self.before.unwrap_or_default().net_ore
    }

    /// Whether it gives a line.
    pub(super) fn is_invoiced(&self) -> bool {
        self.reason.is_none() && self.to_invoice() != Ore::ZERO
    }

    /// Whether this issuer is still to invoice it, and cannot now.
    pub(super) fn is_left_over(&self) -> bool {
        let done =
            matches!(self.reason, None | Some(Reason::InvoicedBefore | Reason::OwnShare | Reason::OtherIssuer(_)));
        !done && self.to_invoice() != Ore::ZERO
    }
}
