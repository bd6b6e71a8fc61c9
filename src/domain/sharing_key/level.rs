//! Floors and caps, met first, with the rest shared again among the others until nothing moves.
//!
//! Let a party claim `first + λ × weight` of the amount, never below the floor and never above the cap, with one factor
//! λ for all. The sum of what they claim is continuous in λ and never falls. So if it is at most the amount at λ = 0 and
//! reaches it at all, there is exactly one division that adds up, and it is the one that repeated sharing arrives at.
//! A party turns at most twice, where it rises above the floor and where it meets the cap; walking those turning points
//! in order finds λ in at most twice as many steps as there are parties, and nothing moves after.

use std::cmp::Ordering;

use crate::domain::natural::Natural;

/// What a party has a claim to.
#[derive(Debug, Clone, Default)]
pub(super) struct Claim {
    /// Its part of what is shared by the bases.
    pub(super) weight: Natural,
    /// What it pays before the rest is shared, in parts of an øre.
    pub(super) first: Natural,
    /// Whether it takes part at all: if not, it pays nothing, and no floor lifts it.
    pub(super) takes_part: bool,
}

/// The least and the most for a party, in øre.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) floor: Option<u64>,
    pub(super) cap: Option<u64>,
}

/// Where a party stands when nothing moves any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Between floor and cap: first amount and its part of the rest.
    Free,
    /// At the floor.
    Floor,
    /// At the cap.
    Cap,
}

/// The one division that adds up.
#[derive(Debug)]
pub(super) struct Level {
    /// Where each party stands.
    pub(super) standings: Vec<Standing>,
    /// What the free ones share by their weights, in parts of an øre: less their first amounts and all floors and caps.
    pub(super) rest: Natural,
    /// The sum of the weights of the free ones.
    pub(super) weight: Natural,
}

/// Why nothing adds up.
#[derive(Debug)]
pub(super) enum Impossible {
    /// The least that the parties would pay, in parts of an øre, is above the amount.
    TooMuch(Natural),
    /// The most that the parties would pay, in parts of an øre, is below the amount.
    TooLittle(Natural),
}

/// A factor λ at which a party leaves its floor or meets its cap.
struct Turn<'c> {
    party: usize,
    to: Standing,
    /// λ × 2^64, rounded down: tells nearly all turns apart without multiplying.
    rough: Natural,
    distance: Natural,
    weight: &'c Natural,
}

impl Turn<'_> {
    fn order(&self, other: &Self) -> Ordering {
        self.rough.cmp(&other.rough).then_with(|| {
            if self.distance == other.distance && self.weight == other.weight {
                Ordering::Equal
            } else {
                (&self.distance * other.weight).cmp(&(&other.distance * self.weight))
            }
        })
    }
}

/// What is paid at some λ: `fixed + λ × weight`.
#[derive(Default)]
struct Paid {
    fixed: Natural,
    weight: Natural,
}

/// Levels the claims to `amount` øre, where `parts` is how many parts an øre has.
pub(super) fn level(amount: u64, parts: &Natural, claims: &[Claim], bounds: Bounds) -> Result<Level, Impossible> {
    let amount = parts * &Natural::from(amount);
    let floor = bounds.floor.map(|ore| parts * &Natural::from(ore)).unwrap_or_default();
    let cap = bounds.cap.map(|ore| parts * &Natural::from(ore));
    let mut standings = Vec::with_capacity(claims.len());
    let mut turns = Vec::new();
    let mut paid = Paid::default();
    for (party, claim) in claims.iter().enumerate() {
        let standing = match &cap {
            _ if !claim.takes_part => Standing::Free,
            Some(cap) if claim.first >= *cap => Standing::Cap,
            _ if claim.first < floor => Standing::Floor,
            _ => Standing::Free,
        };
        standings.push(standing);
        paid.enter(standing, claim, &floor, cap.as_ref());
        if claim.weight.is_zero() || standing == Standing::Cap {
            continue;
        }
        let mut turn = |to, bound: &Natural| {
            if let Some(distance) = bound.clone().checked_sub(&claim.first) {
                let rough = distance.shifted_by_limb().divide(&claim.weight).0;
                turns.push(Turn { party, to, rough, distance, weight: &claim.weight });
            }
        };
        if standing == Standing::Floor {
            turn(Standing::Free, &floor);
        }
        if let Some(cap) = &cap {
            turn(Standing::Cap, cap);
        }
    }
    if paid.fixed > amount {
        return Err(Impossible::TooMuch(paid.fixed));
    }
    turns.sort_by(Turn::order);
    for turn in &turns {
        if paid.reaches(&amount, turn) {
            break;
        }
        let claim = &claims[turn.party];
        paid.leave(standings[turn.party], claim, &floor, cap.as_ref());
        paid.enter(turn.to, claim, &floor, cap.as_ref());
        standings[turn.party] = turn.to;
    }
    match amount.checked_sub(&paid.fixed) {
        Some(rest) if rest.is_zero() || !paid.weight.is_zero() => Ok(Level { standings, rest, weight: paid.weight }),
        _ => Err(Impossible::TooLittle(paid.fixed)),
    }
}

impl Paid {
    fn enter(&mut self, standing: Standing, claim: &Claim, floor: &Natural, cap: Option<&Natural>) {
        match standing {
            Standing::Floor => self.fixed += floor,
            Standing::Cap => self.fixed += cap.unwrap_or(floor),
            Standing::Free => {
                self.fixed += &claim.first;
                self.weight += &claim.weight;
            }
        }
    }

    fn leave(&mut self, standing: Standing, claim: &Claim, floor: &Natural, cap: Option<&Natural>) {
        match standing {
            Standing::Floor => self.fixed -= floor,
            Standing::Cap => self.fixed -= cap.unwrap_or(floor),
            Standing::Free => {
                self.fixed -= &claim.first;
                self.weight -= &claim.weight;
            }
        }
    }

    /// Whether the amount is reached before the turn, or at it.
    fn reaches(&self, amount: &Natural, turn: &Turn<'_>) -> bool {
        match amount.clone().checked_sub(&self.fixed) {
            Some(rest) => &turn.distance * &self.weight >= &rest * turn.weight,
            None => true,
        }
    }
}
