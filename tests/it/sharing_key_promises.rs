//! What every sharing key must hold, whatever the figures.

use std::collections::BTreeMap;

use grenselos::domain::money::Ore;
use grenselos::domain::sharing_key::{
    Base, Blend, Divide, Division, First, Grant, KeyDefinition, KeyError, Part, PartyMeasures, Price, PriceBasis,
    Rounding, Share, Step, Tariff, Unit,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const INHABITANTS: &str = "inhabitants";
const PUPILS: &str = "pupils";

fn parties() -> impl Strategy<Value = Vec<PartyMeasures>> {
    let measure = || prop_oneof![Just(0_i64), 0..50_i64, 0..100_000_i64];
    proptest::collection::vec((measure(), measure()), 1..25).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(place, (inhabitants, pupils))| party(5_501 + place, inhabitants, pupils))
            .collect()
    })
}

fn party(number: usize, inhabitants: i64, pupils: i64) -> PartyMeasures {
    let measures = [(INHABITANTS, inhabitants), (PUPILS, pupils)];
    let measures = measures.into_iter().map(|(name, value)| (name.to_owned(), Decimal::from(value))).collect();
    PartyMeasures { party: number.to_string(), measures }
}

fn base(measure: &str, percent: Decimal) -> Base {
    Base { measure: measure.to_owned(), percent }
}

prop_compose! {
    fn divides()(
        equal in prop_oneof![Just(0_i64), 0..50_i64],
        pupils in 0..50_i64,
        fine in 0..1_000_i64,
        first in prop_oneof![Just(None), (0..2_000_i64).prop_map(|digits| Some(Decimal::new(digits, 5)))],
        share_decimals in prop_oneof![Just(None), (0..5_u32).prop_map(Some)],
        floor in prop_oneof![Just(None), (0..50_000_i64).prop_map(|ore| Some(Ore(ore)))],
        cap in prop_oneof![Just(None), (50_000..9_000_000_i64).prop_map(|ore| Some(Ore(ore)))],
        floor_percent in prop_oneof![3 => Just(None), 1 => (0..3_000_i64).prop_map(|digits| Some(Decimal::new(digits, 3)))],
        cap_percent in prop_oneof![3 => Just(None), 1 => (5_000..100_000_i64).prop_map(|digits| Some(Decimal::new(digits, 3)))],
        unit in prop_oneof![3 => Just(Unit::Ore), 1 => Just(Unit::Krone)],
    ) -> Divide {
        let (equal, pupils) = (Decimal::from(equal), Decimal::new(pupils * 1_000 + fine, 3));
        let rest = Decimal::ONE_HUNDRED - equal - pupils;
        Divide {
            unit,
            base: vec![base("equal", equal), base(PUPILS, pupils), base(INHABITANTS, rest)],
            first: first.map(|rate| First::Rate { measure: INHABITANTS.to_owned(), rate }).into_iter().collect(),
            share_decimals,
            floor,
            cap,
            floor_percent,
            cap_percent,
            ..Divide::default()
        }
    }
}

/// The division, where the key can be met. What cannot is refused with a sentence, and says nothing of the promises.
fn shared(key: &Divide, ore: i64, parties: &[PartyMeasures]) -> Option<Division> {
    let ore = if key.unit == Unit::Krone { ore / 100 * 100 } else { ore };
    KeyDefinition::Divide(key.clone()).share(Some(Ore(ore)), parties).ok()
}

fn amounts(division: &Division) -> Vec<i64> {
    division.shares.iter().map(|share| share.amount.0).collect()
}

fn is_weightless(key: &Divide, party: &PartyMeasures) -> bool {
    key.base.iter().all(|base| {
        base.percent.is_zero() || party.measures.get(&base.measure).copied().unwrap_or(Decimal::ONE).is_zero()
    })
}

/// The first amounts and the weight that a share rests on.
fn claim(share: &Share) -> (Decimal, Decimal) {
    let first = |step: &Step| match step {
        Step::FirstByRate { amount_ore, .. } => *amount_ore,
        _ => Decimal::ZERO,
    };
    let weight = |step: &Step| match step {
        Step::Rest { weight_percent, .. } => Some(*weight_percent),
        _ => None,
    };
    (share.steps.iter().map(first).sum(), share.steps.iter().find_map(weight).unwrap())
}

/// The hundred thousand parts of an øre in which a thousandth of a percent is whole.
const PARTS: i128 = 100_000;

/// What everybody pays exactly of so many parts, as a numerator over the number beside it: never below the floor nor above the
/// cap, by one factor for all. None where floors or caps do not come to the amount.
fn exactly(total: i128, weights: &[i128], floor: i128, cap: i128) -> Option<(Vec<i128>, i128)> {
    let taking_part: Vec<i128> = weights.iter().copied().filter(|weight| *weight > 0).collect();
    let count = i128::try_from(taking_part.len()).unwrap();
    if count * floor > total || count * cap < total || floor > cap {
        return None;
    }
    // At the factor bound / over, each pays this, over `over`.
    let paid = |bound: i128, over: i128, weight: i128| (bound * weight).clamp(floor * over, cap * over);
    let turns = taking_part.iter().flat_map(|weight| [(floor, *weight), (cap, *weight)]).chain([(0, 1)]);
    let below = turns.filter(|(bound, over)| {
        taking_part.iter().map(|weight| paid(*bound, *over, *weight)).sum::<i128>() <= total * over
    });
    let (bound, over) =
        below.max_by(|(one, of_one), (another, of_another)| (one * of_another).cmp(&(another * of_one)))?;
    let is_free = |weight: i128| bound * weight >= floor * over && bound * weight < cap * over;
    let met = |weight: i128| if bound * weight < floor * over { floor } else { cap };
    let free: i128 = taking_part.iter().filter(|weight| is_free(**weight)).sum();
    let rest = total - taking_part.iter().filter(|weight| !is_free(**weight)).map(|weight| met(*weight)).sum::<i128>();
    let denominator = free.max(1);
    let exact = |weight: &i128| match *weight {
        0 => 0,
        weight if is_free(weight) => rest * weight,
        weight => met(weight) * denominator,
    };
    Some((weights.iter().map(exact).collect(), denominator))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn each_share_is_within_one_ore_of_exact_whatever_floor_and_cap_in_percent(
        ore in 0..900_000_000_i64,
        weights in proptest::collection::vec(0..1_000_i64, 1..12),
        floor in 0..10_000_i64,
        cap in 5_000..100_000_i64,
    ) {
        let parties: Vec<PartyMeasures> =
            weights.iter().enumerate().map(|(place, weight)| party(5_501 + place, *weight, 0)).collect();
        let key = Divide {
            floor_percent: Some(Decimal::new(floor, 3)),
            cap_percent: Some(Decimal::new(cap, 3)),
            ..by_inhabitants()
        };
        let wide: Vec<i128> = weights.iter().map(|weight| i128::from(*weight)).collect();
        let (ore_wide, floor, cap) = (i128::from(ore), i128::from(floor), i128::from(cap));
        let Some((exact, over)) = exactly(ore_wide * PARTS, &wide, ore_wide * floor, ore_wide * cap) else { return Ok(()) };
        prop_assume!(wide.iter().any(|weight| *weight > 0));
        let shares = amounts(&shared(&key, ore, &parties).unwrap());
        prop_assert_eq!(shares.iter().sum::<i64>(), ore);
        for (share, exact) in shares.iter().zip(exact) {
            let off = i128::from(*share) * PARTS * over - exact;
            prop_assert!(off.abs() < PARTS * over, "{shares:?}: {exact} / {over}");
        }
    }

    #[test]
    fn shares_add_up_exactly_in_whole_units(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let Some(division) = shared(&key, ore, &parties) else { return Ok(()) };
        prop_assert_eq!(division.off_by, Ore::ZERO);
        prop_assert_eq!(amounts(&division).iter().sum::<i64>(), division.total.0);
        let unit = if key.unit == Unit::Krone { 100 } else { 1 };
        prop_assert!(amounts(&division).iter().all(|share| share % unit == 0 && *share >= 0));
    }

    #[test]
    fn nobody_without_weight_and_first_amount_pays_anything(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let Some(division) = shared(&key, ore, &parties) else { return Ok(()) };
        for (share, party) in division.shares.iter().zip(&parties) {
            let no_first = key.first.is_empty() || party.measures[INHABITANTS].is_zero();
            prop_assert!(!(is_weightless(&key, party) && no_first) || share.amount == Ore::ZERO);
        }
    }

    #[test]
    fn a_heavier_claim_never_pays_less(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let Some(division) = shared(&key, ore, &parties) else { return Ok(()) };
        for one in &division.shares {
            for another in &division.shares {
                let ((first, weight), (other_first, other_weight)) = (claim(one), claim(another));
                let heavier = first >= other_first && weight >= other_weight && (first, weight) != (other_first, other_weight);
                prop_assert!(!heavier || one.amount >= another.amount, "{} pays less than {}", one.party, another.party);
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(key in divides(), ore in 0..900_000_000_i64, parties in parties(), turn in 0..25_usize) {
        let turn = turn % parties.len();
        let mut turned = parties.clone();
        turned.rotate_left(turn);
        turned.reverse();
        let before = shared(&key, ore, &parties).map(|division| amounts(&division));
        let after = shared(&key, ore, &turned).map(|division| {
            let mut amounts = amounts(&division);
            amounts.reverse();
            amounts.rotate_right(turn);
            amounts
        });
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_negative_amount_mirrors_the_positive(key in divides(), ore in 1..900_000_000_i64, parties in parties()) {
        let mirrored = shared(&key, -ore, &parties).map(|division| {
            for share in &division.shares {
                assert_eq!(share.recomputed(), share.amount);
            }
            amounts(&division).iter().map(|share| -share).collect::<Vec<i64>>()
        });
        prop_assert_eq!(mirrored, shared(&key, ore, &parties).map(|division| amounts(&division)));
    }

    #[test]
    fn floors_and_caps_are_respected(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let Some(division) = shared(&key, ore, &parties) else { return Ok(()) };
        for share in division.shares.iter().filter(|share| share.amount != Ore::ZERO) {
            prop_assert!(key.floor.is_none_or(|floor| share.amount >= floor));
            prop_assert!(key.cap.is_none_or(|cap| share.amount <= cap));
            let of_total = |percent: Decimal| division.total.decimal() * percent / Decimal::ONE_HUNDRED;
            let unit = if key.unit == Unit::Krone { Decimal::ONE_HUNDRED } else { Decimal::ONE };
            prop_assert!(key.floor_percent.is_none_or(|percent| share.amount.decimal() > of_total(percent) - unit));
            prop_assert!(key.cap_percent.is_none_or(|percent| share.amount.decimal() < of_total(percent) + unit));
        }
    }

    /// There is one factor for all: who stands between floor and cap pays the first amount and the factor times the
    /// weight, who would pay less stands at the floor, and who would pay more at the cap.
    #[test]
    fn nothing_moves_any_more(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let Some(division) = shared(&key, ore, &parties) else { return Ok(()) };
        let near = if key.unit == Unit::Krone { Decimal::from(101) } else { Decimal::new(101, 2) };
        for share in &division.shares {
            let (mut first, mut of_rest, mut bounded) = (Decimal::ZERO, Decimal::ZERO, None);
            for step in &share.steps {
                match step {
                    Step::FirstByRate { amount_ore, .. } => first += amount_ore,
                    Step::Rest { rest_ore, weight_percent, of_percent, .. }
                    | Step::SharedAgain { rest_ore, weight_percent, of_percent, .. } => {
                        of_rest = rest_ore * (weight_percent / of_percent);
                    }
                    Step::Floor { floor_ore, .. } => bounded = Some((*floor_ore, true)),
                    Step::Cap { cap_ore, .. } => bounded = Some((*cap_ore, false)),
                    _ => {}
                }
            }
            let (exact, little) = (first + of_rest, Decimal::new(1, 4));
            let is_near = |amount: Decimal| (amount - share.amount.decimal()).abs() < near;
            match bounded {
                None => prop_assert!(is_near(exact), "{exact} {share:?}"),
                Some((floor, true)) => prop_assert!(is_near(floor) && exact <= floor + little, "{exact} {share:?}"),
                Some((cap, false)) => prop_assert!(is_near(cap) && exact >= cap - little, "{exact} {share:?}"),
            }
        }
    }

    #[test]
    fn the_steps_recompute_to_the_share(key in divides(), each in any::<bool>(), ore in 0..900_000_000_i64, parties in parties()) {
        let round = if each { Rounding::Each } else { Rounding::LargestRemainder };
        let Some(division) = shared(&Divide { round, ..key }, ore, &parties) else { return Ok(()) };
        for share in &division.shares {
            prop_assert_eq!(share.recomputed(), share.amount, "{:#?}", share.steps);
        }
    }

    #[test]
    fn the_shares_are_the_same_without_their_steps(key in divides(), ore in 0..900_000_000_i64, parties in parties()) {
        let key = KeyDefinition::Divide(key);
        let explained = key.share(Some(Ore(ore)), &parties).map(|mut division| {
            division.shares.iter_mut().for_each(|share| share.steps.clear());
            division
        });
        prop_assert_eq!(key.share_unexplained(Some(Ore(ore)), &parties), explained);
    }

    #[test]
    fn a_definition_survives_an_event(key in divides()) {
        let key = KeyDefinition::Divide(key);
        let text = serde_json::to_string(&key).unwrap();
        prop_assert_eq!(serde_json::from_str::<KeyDefinition>(&text).unwrap(), key);
    }

    #[test]
    fn a_blend_adds_up_whatever_its_parts(one in divides(), another in divides(), percent in 0..100_000_i64, ore in 0..900_000_000_i64, parties in parties()) {
        let percent = Decimal::new(percent, 3);
        let part = |percent, key: Divide| Part { percent, key: KeyDefinition::Divide(Divide { unit: Unit::Ore, ..key }) };
        let parts = vec![part(percent, one), part(Decimal::ONE_HUNDRED - percent, another)];
        let blend = KeyDefinition::Blend(Blend { name: String::new(), part: parts });
        let Ok(division) = blend.share(Some(Ore(ore)), &parties) else { return Ok(()) };
        prop_assert_eq!(amounts(&division).iter().sum::<i64>(), ore);
        for share in &division.shares {
            prop_assert_eq!(share.recomputed(), share.amount);
        }
    }

    #[test]
    fn a_tariffs_shares_add_up_to_its_exact_sum_made_whole(digits in 0..10_000_i64, each in any::<bool>(), parties in parties()) {
        let rate = Decimal::new(digits, 5);
        let basis = PriceBasis::Rate { measure: INHABITANTS.to_owned(), rate, at_most: None };
        let price = vec![Price { basis, floor: None, cap: Some(Ore(600_000)), outside_cap: false }];
        let round = if each { Rounding::Each } else { Rounding::LargestRemainder };
        let division = KeyDefinition::Tariff(Tariff { price, round, ..Tariff::default() }).share(None, &parties).unwrap();
        let exact = |party: &PartyMeasures| (party.measures[INHABITANTS] * rate * Decimal::ONE_HUNDRED).min(Decimal::from(600_000));
        prop_assert_eq!(division.total, Ore::rounded(parties.iter().map(exact).sum()));
        prop_assert_eq!(amounts(&division).iter().sum::<i64>(), (division.total + division.off_by).0);
        prop_assert!(each || division.off_by == Ore::ZERO);
        for (share, party) in division.shares.iter().zip(&parties) {
            prop_assert!((share.amount.decimal() - exact(party)).abs() < Decimal::ONE);
            prop_assert!(!each || share.amount == Ore::rounded(exact(party)));
            prop_assert_eq!(share.recomputed(), share.amount);
        }
    }
}

fn by_inhabitants() -> Divide {
    Divide { base: vec![base(INHABITANTS, Decimal::ONE_HUNDRED)], ..Divide::default() }
}

fn refused(key: Divide, ore: i64, parties: &[PartyMeasures]) -> String {
    KeyDefinition::Divide(key).share(Some(Ore(ore)), parties).unwrap_err().to_string()
}

#[test]
fn lifting_some_to_the_floor_can_push_others_below_it() {
    let parties = [party(1, 10, 0), party(2, 30, 0), party(3, 60, 0)];
    let key = Divide { floor: Some(Ore(290)), ..by_inhabitants() };
    // Exactly 100, 300, 600: lifting the first to 290 leaves 710, of which the second would get 236.67.
    assert_eq!(amounts(&shared(&key, 1_000, &parties).unwrap()), [290, 290, 420]);
}

#[test]
fn a_cap_can_free_one_who_stood_at_the_floor() {
    let parties = [party(1, 10, 0), party(2, 90, 0)];
    let key = Divide { floor: Some(Ore(200)), cap: Some(Ore(500)), ..by_inhabitants() };
    assert_eq!(amounts(&shared(&key, 900, &parties).unwrap()), [400, 500]);
}

#[test]
fn first_amounts_count_towards_floor_and_cap() {
    let parties = [party(1, 10, 0), party(2, 90, 0)];
    let first = vec![First::Party { party: "1".to_owned(), amount: Ore(300) }];
    let key = Divide { first, floor: Some(Ore(320)), ..by_inhabitants() };
    // 300 first; of the remaining 700 the first gets 70 and stands above the floor.
    assert_eq!(amounts(&shared(&key, 1_000, &parties).unwrap()), [370, 630]);
}

#[test]
fn a_share_at_a_bound_is_explained_by_what_it_would_be_without_and_the_others_by_what_it_leaves() {
    let parties = [party(1, 1, 0), party(2, 100, 0), party(3, 1, 0)];
    let first = vec![First::PerParty { per_party: Ore(1_000) }];
    let key = Divide { first, cap: Some(Ore(50_000)), ..by_inhabitants() };
    let division = shared(&key, 100_000, &parties).unwrap();
    let steps = |place: usize| division.shares[place].steps.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(amounts(&division), [25_000, 50_000, 25_000]);
    assert_eq!(
        steps(1)[2..4],
        ["of the rest: 970.00 × 98.03921569 / 100 = 950.98039215", "cap: 500.00 instead of 960.98039215"]
    );
    assert_eq!(
        steps(0)[2..4],
        [
            "of the rest: 970.00 × 0.98039216 / 100 = 9.50980392",
            "shared again, since others stand at a floor or a cap: 480.00 × 0.98039216 / 1.96078431 = 240.00",
        ]
    );
}

#[test]
fn who_is_pushed_below_the_floor_is_explained_by_what_the_others_leave() {
    let parties = [party(1, 10, 0), party(2, 30, 0), party(3, 60, 0)];
    let key = Divide { floor: Some(Ore(29_000)), ..by_inhabitants() };
    let division = shared(&key, 100_000, &parties).unwrap();
    let steps: Vec<String> = division.shares[1].steps.iter().map(ToString::to_string).collect();
    assert_eq!(
        steps[1..4],
        [
            "of the rest: 1000.00 × 30 / 100 = 300.00",
            "shared again, since others stand at a floor or a cap: 710.00 × 30 / 90 = 236.66666666",
            "floor: 290.00 instead of 236.66666666",
        ]
    );
}

#[test]
fn grants_are_taken_off_before_anything_is_shared() {
    let parties = [party(1, 1, 0), party(2, 1, 0)];
    let grant = vec![Grant { from: "National Library".to_owned(), amount: Ore(40_000_000) }];
    let key = Divide { grant, ..by_inhabitants() };
    assert_eq!(amounts(&shared(&key, 50_000_001, &parties).unwrap()), [5_000_001, 5_000_000]);
    assert!(refused(key, 39_999_999, &parties).contains("the grants, 400000.00, are more than the amount, 399999.99"));
}

#[test]
fn a_cap_in_percent_is_met_exactly_before_shares_are_made_whole() {
    let parties = [party(1, 1, 0), party(2, 3, 0), party(3, 3, 0)];
    let (floor_percent, cap_percent) = (Some(Decimal::from(3)), Some(Decimal::from(35)));
    let key = Divide { floor_percent, cap_percent, ..by_inhabitants() };
    // Exactly 3 703 703.1, 4 320 986.95 and 4 320 986.95.
    assert_eq!(amounts(&shared(&key, 12_345_677, &parties).unwrap()), [3_703_703, 4_320_987, 4_320_987]);
}

#[test]
fn caps_in_percent_that_miss_the_amount_by_parts_of_an_ore_are_still_met() {
    let parties = [party(1, 1, 0), party(2, 3, 0), party(3, 3, 0)];
    let key = Divide { cap_percent: Some(Decimal::new(33_333, 3)), ..by_inhabitants() };
    assert_eq!(amounts(&shared(&key, 10_000, &parties).unwrap()), [3_332, 3_334, 3_334]);
    assert!(refused(key, 1_000_000, &parties).contains("the caps do not reach the amount"));
}

#[test]
fn an_even_cap_for_two_is_met_although_the_amount_has_an_odd_ore() {
    let parties = [party(1, 1, 0), party(2, 9, 0)];
    let key = Divide { cap_percent: Some(Decimal::from(50)), ..by_inhabitants() };
    assert_eq!(amounts(&shared(&key, 101, &parties).unwrap()), [50, 51]);
}

#[test]
fn percentages_of_a_table_are_taken_as_agreed() {
    let parties = [party(1, 0, 0), party(2, 0, 0), party(3, 0, 0)];
    let table = [("1", "33.333"), ("2", "66.667"), ("3", "0")];
    let percentages: BTreeMap<String, Decimal> =
        table.into_iter().map(|(party, percent)| (party.to_owned(), percent.parse().unwrap())).collect();
    let key = Divide { percentages: Some(percentages.clone()), ..Divide::default() };
    assert_eq!(amounts(&shared(&key, 100_000, &parties).unwrap()), [33_333, 66_667, 0]);
    assert!(refused(key.clone(), 100, &parties[..2]).contains("names party \"3\" in [percentages]"));
    let more = [parties.as_slice(), &[party(4, 0, 0)]].concat();
    assert!(refused(key, 100, &more).contains("party \"4\" has no percentage"));
}

#[test]
fn a_key_that_cannot_be_met_is_refused_with_a_sentence() {
    let parties: Vec<PartyMeasures> = (1..=39).map(|number| party(number, 100, 0)).collect();
    let key = by_inhabitants;
    for (key, ore, sentence) in [
        (
            Divide { floor: Some(Ore(500_000)), ..key() },
            10_000_000,
            "the floors exceed the amount: 39 × 5000.00 = 195000.00 > 100000.00; lower the floor",
        ),
        (
            Divide { cap: Some(Ore(100)), ..key() },
            10_000,
            "the caps do not reach the amount: all parties together pay at most 39.00 of 100.00; raise the cap",
        ),
        (
            Divide { first: vec![First::PerParty { per_party: Ore(1_000) }], ..key() },
            10_000,
            "the first amounts, 390.00, are more than the amount to share, 100.00; lower them",
        ),
        (
            Divide { base: vec![base(PUPILS, Decimal::ONE_HUNDRED)], ..key() },
            10_000,
            "the measure \"pupils\" sums to zero, so that nothing can be shared by it; give values or remove the base",
        ),
        (
            Divide { base: vec![base(INHABITANTS, Decimal::new(995, 1))], ..key() },
            10_000,
            "the percentages of [[base]] add up to 99.5, not to 100; adjust them",
        ),
        (
            Divide { floor: Some(Ore(2)), cap: Some(Ore(1)), ..key() },
            10_000,
            "the floor, 0.02, is above the cap, 0.01; lower the one or raise the other",
        ),
        (
            Divide { unit: Unit::Krone, ..key() },
            10_050,
            "100.50 cannot be shared in whole kroner, since it has øre; use unit = \"ore\", or an amount in whole kroner",
        ),
        (
            Divide { first: vec![First::Party { party: "40".to_owned(), amount: Ore(1) }], ..key() },
            10_000,
            "the key names party \"40\" in [[first]], and there is no such party; remove it or add the party",
        ),
    ] {
        assert_eq!(refused(key, ore, &parties), sentence);
    }
}

#[test]
fn parties_must_be_named_once_and_have_every_measure() {
    let twice = [party(5_501, 1, 0), party(5_501, 1, 0)];
    assert_eq!(refused(by_inhabitants(), 1, &twice), "party \"5501\" stands there twice; keep one of them");
    let lacking = [PartyMeasures { party: "5501".to_owned(), measures: BTreeMap::new() }];
    assert_eq!(
        refused(by_inhabitants(), 1, &lacking),
        "party \"5501\" lacks \"inhabitants\"; give it a value, 0 if it has none"
    );
    assert!(refused(by_inhabitants(), 1, &[party(5_501, -1, 0)]).contains("a measure is zero or more"));
    assert!(matches!(KeyDefinition::Divide(by_inhabitants()).share(None, &twice[..1]), Err(KeyError::NoAmount)));
}

#[test]
fn a_tariffs_cap_holds_what_stands_above_it_and_not_what_is_outside() {
    let per_party = |ore, cap, outside_cap| Price {
        basis: PriceBasis::PerParty { per_party: Ore(ore) },
        floor: None,
        cap,
        outside_cap,
    };
    let price = vec![
        per_party(700, None, false),
        per_party(50, None, true),
        per_party(700, Some(Ore(1_000)), false),
        per_party(3, None, false),
    ];
    let division = KeyDefinition::Tariff(Tariff { price, ..Tariff::default() }).share(None, &[party(1, 0, 0)]).unwrap();
    assert_eq!(amounts(&division), [1_053]);
    assert_eq!(division.shares[0].recomputed(), Ore(1_053));
}

#[test]
fn a_floor_does_not_lift_one_who_takes_no_part() {
    let parties = [party(1, 0, 0), party(2, 5, 0)];
    let key = Divide { floor: Some(Ore(100)), ..by_inhabitants() };
    assert_eq!(amounts(&shared(&key, 1_000, &parties).unwrap()), [0, 1_000]);
}

#[test]
fn many_bases_with_fine_measures_are_still_exact() {
    let percent = Decimal::from(10);
    let bases: Vec<Base> = (0..10).map(|place| base(&format!("m{place}"), percent)).collect();
    let parties: Vec<PartyMeasures> = (1..=7)
        .map(|number: i64| PartyMeasures {
            party: number.to_string(),
            measures: (0..10)
                .map(|place| (format!("m{place}"), Decimal::new(999_999_999_999_999_999 - place * number, 10)))
                .collect(),
        })
        .collect();
    let key = Divide { base: bases, ..Divide::default() };
    let division = shared(&key, 700, &parties).unwrap();
    assert_eq!(amounts(&division), [100; 7]);
}
