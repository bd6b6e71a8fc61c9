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

/// The least and the most for a party, in parts of an øre.
#[derive(Debug, Clone, Default)]
pub(super) struct Bounds {
    pub(super) floor: Option<Natural>,
    pub(super) cap: Option<Natural>,
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

/// A factor λ at which a party leaves its floor or meets its cap: a distance over the party's weight.
struct Turn {
    party: usize,
    to: Standing,
    /// The magnitude of λ times a large number: tells nearly all turns apart without multiplying.
    rough: (usize, u128),
}

/// The claims and the bounds of their sums, in parts of an øre.
struct Claims<'c> {
    all: &'c [Claim],
    floor: Natural,
    cap: Option<Natural>,
}

impl Claims<'_> {
    /// Where a party stands at λ = 0.
    fn at_first(&self, claim: &Claim) -> Standing {
        match &self.cap {
            _ if !claim.takes_part => Standing::Free,
            Some(cap) if claim.first >= *cap => Standing::Cap,
            _ if claim.first < self.floor => Standing::Floor,
            _ => Standing::Free,
        }
    }

    /// Every turn from there, in the order of their λ; a party leaves its floor before it meets its cap.
    fn turns(&self, standings: &[Standing]) -> Vec<Turn> {
        let precision = 1 + self.all.iter().map(|claim| claim.weight.limbs()).max().unwrap_or(0);
        let mut turns = Vec::new();
        for (party, (claim, standing)) in self.all.iter().zip(standings).enumerate() {
            if claim.weight.is_zero() || *standing == Standing::Cap {
                continue;
            }
            let leaves_floor = (*standing == Standing::Floor).then_some(Standing::Free);
            let meets_cap = self.cap.is_some().then_some(Standing::Cap);
            for to in leaves_floor.into_iter().chain(meets_cap) {
                let mut turn = Turn { party, to, rough: (0, 0) };
                turn.rough = self.distance(&turn).shifted_by(precision).divide(&claim.weight).0.magnitude();
                turns.push(turn);
            }
        }
        turns.sort_by(|one, another| self.order(one, another));
        turns
    }

    /// What a turn is over: how far the first amount is from the bound that the party leaves or meets.
    fn distance(&self, turn: &Turn) -> Natural {
        let bound = match (turn.to, &self.cap) {
            (Standing::Cap, Some(cap)) => cap,
            (Standing::Cap | Standing::Free | Standing::Floor, _) => &self.floor,
        };
        bound.clone().checked_sub(&self.all[turn.party].first).unwrap_or_default()
    }

    fn order(&self, one: &Turn, another: &Turn) -> Ordering {
        one.rough.cmp(&another.rough).then_with(|| {
            let (claim, other) = (&self.all[one.party], &self.all[another.party]);
            if one.to == another.to && claim.first == other.first && claim.weight == other.weight {
                return Ordering::Equal;
            }
            (&self.distance(one) * &other.weight).cmp(&(&self.distance(another) * &claim.weight))
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
pub(super) fn level(amount: u64, parts: &Natural, claims: &[Claim], bounds: &Bounds) -> Result<Level, Impossible> {
    let amount = parts * &Natural::from(amount);
    let claims = Claims { all: claims, floor: bounds.floor.clone().unwrap_or_default(), cap: bounds.cap.clone() };
    let mut standings: Vec<Standing> = claims.all.iter().map(|claim| claims.at_first(claim)).collect();
    let mut paid = Paid::default();
    for (claim, standing) in claims.all.iter().zip(&standings) {
        paid.enter(*standing, claim, &claims);
    }
    if paid.fixed > amount {
        return Err(Impossible::TooMuch(paid.fixed));
    }
    for turn in claims.turns(&standings) {
        if paid.reaches(&amount, &claims.distance(&turn), &claims.all[turn.party].weight) {
            break;
        }
        let claim = &claims.all[turn.party];
        paid.leave(standings[turn.party], claim, &claims);
        paid.enter(turn.to, claim, &claims);
        standings[turn.party] = turn.to;
    }
    match amount.checked_sub(&paid.fixed) {
        Some(rest) if rest.is_zero() || !paid.weight.is_zero() => Ok(Level { standings, rest, weight: paid.weight }),
        _ => Err(Impossible::TooLittle(paid.fixed)),
    }
}

impl Paid {
    fn enter(&mut self, standing: Standing, claim: &Claim, claims: &Claims<'_>) {
        match standing {
            Standing::Floor => self.fixed += &claims.floor,
            Standing::Cap => self.fixed += claims.cap.as_ref().unwrap_or(&claims.floor),
            Standing::Free => {
                self.fixed += &claim.first;
                self.weight += &claim.weight;
            }
        }
    }

    fn leave(&mut self, standing: Standing, claim: &Claim, claims: &Claims<'_>) {
        match standing {
            Standing::Floor => self.fixed -= &claims.floor,
            Standing::Cap => self.fixed -= claims.cap.as_ref().unwrap_or(&claims.floor),
            Standing::Free => {
                self.fixed -= &claim.first;
                self.weight -= &claim.weight;
            }
        }
    }

    /// Whether the amount is reached before λ = `distance` / `weight`, or at it.
    fn reaches(&self, amount: &Natural, distance: &Natural, weight: &Natural) -> bool {
        match amount.clone().checked_sub(&self.fixed) {
            Some(rest) => distance * &self.weight >= &rest * weight,
            None => true,
        }
    }
}
