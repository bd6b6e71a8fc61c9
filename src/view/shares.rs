//! What everybody bears of each amount, worked out once for as long as the book stays as it is: a sheet asks for one party's
//! share, and the next sheet for another's of the same amount.
//!
//! It is no second calculation: what is kept is the apportionment's own answer. It belongs to one book, is forgotten when
//! something happens that shares rest on, and has no say in whether two books are equal.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::domain::apportionment::{Apportionment, Grants, Part, PartFault};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::calendar::Period;
use crate::domain::identity::{CostId, LicenceId, PartyId};
use crate::domain::money::Ore;

/// An amount that is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// A one-time cost.
    Cost(CostId, Grants),
    /// A licence in a year.
    Licence(LicenceId, i32),
}

/// What everybody bears of an amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// How sure it is.
    pub certainty: Certainty,
    /// Why a part could not be shared, where one could not.
    pub fault: Option<PartFault>,
    /// The keys that are not adopted, by name.
    pub proposed_keys: Vec<String>,
    by_party: BTreeMap<PartyId, Option<Range>>,
    payers: Vec<(Period, BTreeSet<PartyId>)>,
}

impl Shares {
    fn of(whole: &Apportionment) -> Self {
        let keys = whole.parts.iter().filter_map(|part| part.key.as_ref());
        Self {
            certainty: whole.certainty,
            fault: whole.fault().cloned(),
            proposed_keys: keys.filter(|key| !key.adopted).map(|key| key.definition.name().to_owned()).collect(),
            by_party: whole.shares(),
            payers: whole.parts.iter().map(|part| (part.period, payers(part))).collect(),
        }
    }

    /// A party's share: outer none where it has none, inner none where it is unknown.
    #[must_use]
    pub fn share_of(&self, party: PartyId) -> Option<Option<Range>> {
        self.by_party.get(&party).copied()
    }

    /// The days on which a party pays a part of it, be it known or not how much.
    #[must_use]
    pub fn days_paid(&self, party: PartyId) -> Vec<Period> {
        Period::union(self.payers.iter().filter(|(_, payers)| payers.contains(&party)).map(|(period, _)| *period))
    }
}

/// Those that pay for a part: who is known to pay nothing does not.
fn payers(part: &Part) -> BTreeSet<PartyId> {
    let shares = part.shares().into_iter();
    shares.filter(|(_, share)| share.is_none_or(|share| share.high_ore != Ore::ZERO)).map(|(party, _)| party).collect()
}

/// How many whole apportionments are kept, with everybody's steps: they take a thousand times what a party's share does.
const WHOLE_MAX: usize = 64;

type Kept<T> = HashMap<Amount, Arc<OnceLock<Option<Arc<T>>>>>;

/// The shares of a book, as far as somebody has asked for them.
#[derive(Debug, Default)]
pub struct SharesOfBook {
    shares: Mutex<Kept<Shares>>,
    whole: Mutex<Kept<Apportionment>>,
}

impl Clone for SharesOfBook {
    /// The copy of a book is taken to let something else happen in it.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for SharesOfBook {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl SharesOfBook {
    /// What everybody bears of an amount; worked out where nobody has asked before, and waited for where somebody does so now.
    pub fn of(&self, amount: Amount, apportion: impl FnOnce() -> Option<Apportionment>) -> Option<Arc<Shares>> {
        let kept = {
            let mut all = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(amount).or_default())
        };
        kept.get_or_init(|| apportion().as_ref().map(Shares::of).map(Arc::new)).clone()
    }

    /// How an amount is shared, with the steps of every share. Only some are kept.
    pub fn whole(
        &self,
        amount: Amount,
        apportion: impl FnOnce() -> Option<Apportionment>,
    ) -> Option<Arc<Apportionment>> {
        let kept = {
            let mut all = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= WHOLE_MAX && !all.contains_key(&amount) {
                all.clear();
            }
            Arc::clone(all.entry(amount).or_default())
        };
        kept.get_or_init(|| apportion().map(Arc::new)).clone()
    }

    /// Forgets all of them, since something has happened.
    pub fn forget(&mut self) {
        let shares = self.shares.get_mut().unwrap_or_else(PoisonError::into_inner);
        let whole = self.whole.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !shares.is_empty() || !whole.is_empty() {
            shares.clear();
            whole.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::nth;

    fn shared() -> Apportionment {
        Apportionment { year: 2024, certainty: Certainty::Estimated, parts: vec![] }
    }

    #[test]
    fn an_amount_is_shared_once_until_something_has_happened() {
        let mut shares = SharesOfBook::default();
        let amount = Amount::Licence(LicenceId(nth(1)), 2024);
        let first = shares.of(amount, || Some(shared())).unwrap();
        let again = shares.of(amount, || panic!("it was shared before")).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(shares.of(Amount::Cost(CostId(nth(1)), Grants::LeftOn), || None), None);
        let whole = shares.whole(amount, || Some(shared())).unwrap();
        assert!(Arc::ptr_eq(&whole, &shares.whole(amount, || panic!("it was shared before")).unwrap()));
        shares.forget();
        assert!(!Arc::ptr_eq(&whole, &shares.whole(amount, || Some(shared())).unwrap()));
        assert!(!Arc::ptr_eq(&first, &shares.of(amount, || Some(shared())).unwrap()));
    }
}
