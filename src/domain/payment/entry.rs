//! A payment or reversal of a bank file, and which invoices it is meant for.

use chrono::NaiveDate;

use super::{Claim, Received, Source};
use crate::domain::identity::PaymentId;
use crate::domain::money::Ore;

/// So many KIDs of a payment that names several are kept for a person to read.
const KIDS_KEPT_MAX: usize = 10;
/// What stands between the bank's reference and the KIDs of a payment that names several, and between those.
const KIDS_BEGIN: &str = " (KID ";
const BETWEEN_KIDS: &str = ", ";

/// A payment or reversal of a bank file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id: the same in every file that tells of it.
    pub payment: PaymentId,
    /// How much; negative where money went back.
    pub amount_ore: Ore,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The KIDs that it names, each once.
    pub kids: Vec<NamedKid>,
    /// What the bank knows it by.
    pub reference: String,
    /// Whether it takes back a payment of before.
    pub reverses: bool,
}

/// A KID that a payment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedKid {
    /// The KID.
    pub kid: String,
    /// How much of the payment is for it, where the bank says so.
    pub amount_ore: Option<Ore>,
    /// The invoice that it names, where it names one.
    pub claim: Option<Claim>,
}

impl Received {
    /// Whether the bank told of several KIDs: they stand in the reference then, and no reference of a bank's holds a comma and a
    /// space.
    #[must_use]
    pub fn names_several_kids(&self) -> bool {
        let kids = self.reference.rsplit_once(KIDS_BEGIN).map(|(_, kids)| kids);
        matches!(self.source, Source::File { .. }) && kids.is_some_and(|kids| kids.contains(BETWEEN_KIDS))
    }
}

impl Entry {
    /// Its KID, where it names one alone.
    pub(super) fn kid(&self) -> Option<&String> {
        match &self.kids[..] {
            [named] => Some(&named.kid),
            [] | [_, _, ..] => None,
        }
    }

    /// What it is known by: what the bank calls it, with its KIDs where it names several, so that a person can match them.
    pub(super) fn known_by(&self) -> String {
        if self.kids.len() < 2 {
            return self.reference.clone();
        }
        let kept: Vec<&str> = self.kids.iter().take(KIDS_KEPT_MAX).map(|named| &*named.kid).collect();
        let more = if self.kids.len() > KIDS_KEPT_MAX { [BETWEEN_KIDS, "…"].concat() } else { String::new() };
        format!("{}{KIDS_BEGIN}{}{more})", self.reference, kept.join(BETWEEN_KIDS))
    }

    /// How much of it is for which invoice, where `left` is what is left to be paid of each. All of it, or what the bank says of
    /// it, is for the invoice of its only KID. Of several it is what the bank says of each; where it says nothing, all that is left
    /// of each, if that is just what came in. Nothing is for an invoice that there was not yet: a person looks at that.
    pub(super) fn meant(&self, left: impl Fn(Claim) -> Ore) -> Vec<(Claim, Ore)> {
        let claim_of = |named: &NamedKid| named.claim.filter(|claim| claim.invoice_date <= self.booked_on);
        if let [named] = &self.kids[..] {
            let meant_ore = named.amount_ore.map_or(self.amount_ore, |said| said.min(self.amount_ore));
            return claim_of(named).map(|claim| (claim, meant_ore)).into_iter().collect();
        }
        let said: Option<Vec<Ore>> = self.kids.iter().map(|named| named.amount_ore).collect();
        if let Some(said) = said.filter(|said| said.iter().copied().sum::<Ore>() <= self.amount_ore) {
            let each = self.kids.iter().zip(said);
            return each.filter_map(|(named, amount)| Some((claim_of(named)?, amount))).collect();
        }
        let claims: Option<Vec<Claim>> = self.kids.iter().map(claim_of).collect();
        let whole = claims.into_iter().flatten().map(|claim| (claim, left(claim))).collect::<Vec<_>>();
        // One that is paid too much has nothing left to be paid, and would make room for more of another than came in.
        let is_left_of_each = whole.iter().all(|(_, amount)| *amount > Ore::ZERO);
        let is_just_that = whole.iter().map(|(_, amount)| *amount).sum::<Ore>() == self.amount_ore;
        if is_left_of_each && is_just_that { whole } else { vec![] }
    }
}
