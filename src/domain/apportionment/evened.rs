//! Three amounts that are shared apart, low, likely and high, stand in order for everybody.
//!
//! Largest remainder is not monotone: where a little more is shared, one share can be an øre less. Here such øre are moved
//! among the shares of the amount that nobody is asked for, so that its sum stays.

use std::cmp::Reverse;

use crate::domain::money::Ore;
use crate::domain::sharing_key::{Division, Step};

/// Moves what lies outside from `least` to `most` to those with the most room, one unit each, until the sum is as before.
/// The sum must lie between that of the least and that of the most; else as much is moved as there is room for.
pub(super) fn within(amounts: &mut [Ore], least: &[Ore], most: &[Ore], unit: Ore) {
    let before: Ore = amounts.iter().copied().sum();
    for ((amount, least), most) in amounts.iter_mut().zip(least).zip(most) {
        *amount = (*amount).max(*least).min(*most);
    }
    let mut over = amounts.iter().copied().sum::<Ore>() - before;
    while over != Ore::ZERO {
        let sign = if over.is_negative() { -1 } else { 1 };
        let bound = if over.is_negative() { most } else { least };
        let room = |place: usize, amounts: &[Ore]| Ore((amounts[place] - bound[place]).0 * sign);
        let mut places: Vec<usize> = (0..amounts.len()).filter(|place| room(*place, amounts) > Ore::ZERO).collect();
        if places.is_empty() {
            return;
        }
        places.sort_by_key(|place| Reverse(room(*place, amounts)));
        for place in places {
            let moved = room(place, amounts).min(Ore(over.0 * sign)).min(unit);
            amounts[place] -= Ore(moved.0 * sign);
            over -= Ore(moved.0 * sign);
        }
    }
}

/// The same with the shares of a division, whose steps say what was moved.
pub(super) fn division_within(division: &mut Division, least: &[Ore], most: &[Ore], unit: Ore) {
    let mut evened = amounts(division);
    within(&mut evened, least, most, unit);
    for (share, amount_ore) in division.shares.iter_mut().zip(evened) {
        if share.amount != amount_ore {
            share.steps.push(Step::Evened { amount_ore: amount_ore - share.amount });
            share.amount = amount_ore;
        }
    }
}

/// What everybody pays.
pub(super) fn amounts(division: &Division) -> Vec<Ore> {
    division.shares.iter().map(|share| share.amount).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evened(amounts: [i64; 3], least: [i64; 3], most: [i64; 3]) -> Vec<i64> {
        let mut amounts = amounts.map(Ore);
        within(&mut amounts, &least.map(Ore), &most.map(Ore), Ore(1));
        amounts.map(|amount| amount.0).to_vec()
    }

    #[test]
    fn what_is_above_the_most_goes_to_those_with_the_most_room_and_the_sum_stays() {
        assert_eq!(evened([11, 20, 30], [0; 3], [10, 20, 33]), [10, 20, 31]);
        assert_eq!(evened([13, 20, 30], [0; 3], [10, 21, 33]), [10, 21, 32]);
    }

    #[test]
    fn what_is_below_the_least_is_taken_from_those_with_the_most_to_spare() {
        assert_eq!(evened([9, 21, 33], [10, 20, 30], [99; 3]), [10, 21, 32]);
    }

    #[test]
    fn where_all_stand_within_nothing_is_moved_and_where_there_is_no_room_as_much_as_can_be() {
        assert_eq!(evened([1, 2, 3], [0; 3], [9; 3]), [1, 2, 3]);
        assert_eq!(evened([9, 9, 9], [0; 3], [1, 2, 3]), [1, 2, 3]);
    }
}
