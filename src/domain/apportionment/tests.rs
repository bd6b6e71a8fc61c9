use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::domain::agreement::Commitment;
use crate::domain::assessment::Assessment;
use crate::domain::testing::day;
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, World, adopted, agreed, assessed, committed, contracted, cost, cost_id, ended, estimated,
    exercised, granted, licence, licence_id, merged, municipality, numbered, party, priced, proposed, split,
};

/// 1000 inhabitants and 3000, both bound, by an adopted key.
fn two() -> Vec<Fact> {
    [
        municipality(1, 1_000),
        municipality(2, 3_000),
        vec![committed(1), committed(2), proposed(HALVES), adopted(HALVES, "2022-01-01")],
    ]
    .concat()
}

fn with(facts: impl IntoIterator<Item = Fact>) -> World {
    World::of([two(), facts.into_iter().collect()].concat())
}

fn of_cost(world: &World, grants: Grants) -> Apportionment {
    world.apportioner().cost(&world.costs[&cost_id(1)], grants).unwrap()
}

fn of_licence(world: &World, year: i32) -> Apportionment {
    world.apportioner().licence(&world.licences[&licence_id(1)], year).unwrap()
}

/// The likely share of a party; none where it has none or it is unknown.
fn likely(shared: &Apportionment, number: u128) -> Option<i64> {
    Some(shared.share_of(party(number))??.likely_ore.0)
}

#[test]
fn grants_are_taken_off_before_the_rest_is_shared() {
    let world = with([cost(1, 2023, BY_KEY), assessed(1, contracted(100_000)), granted(1, 20_000)]);
    let (whole, rest) = (of_cost(&world, Grants::LeftOn), of_cost(&world, Grants::TakenOff));
    assert_eq!([1, 2].map(|number| likely(&whole, number)), [Some(37_500), Some(62_500)]);
    assert_eq!([1, 2].map(|number| likely(&rest, number)), [Some(30_000), Some(50_000)]);
    assert_eq!(rest.certainty, Certainty::Contracted);
    assert_eq!(rest.total(), Some(Range::exactly(Ore(80_000))));
}

const AGREED: &str = r#"
kind = "blend"
name = "avtalt"
[[part]]
percent = "50"
[part.key]
kind = "divide"
[part.key.percentages]
0001 = "30"
0002 = "70"
[[part]]
percent = "50"
[part.key]
kind = "divide"
[[part.key.first]]
party = "0002"
amount = "100"
[[part.key.base]]
measure = "equal"
percent = "100"
"#;

fn agreed_upon(facts: impl IntoIterator<Item = Fact>) -> World {
    let bound = [municipality(1, 1_000), municipality(2, 3_000), municipality(3, 0)].concat();
    let terms = [committed(1), committed(2), proposed(AGREED), adopted(AGREED, "2022-01-01")];
    let licence = [licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))];
    World::of(bound.into_iter().chain(terms).chain(licence).chain(facts))
}

#[test]
fn a_key_means_the_parties_it_names_also_when_their_numbers_have_changed() {
    let world = agreed_upon([numbered(1, "5501", "2024-01-01"), numbered(2, "5503", "2024-01-01")]);
    for year in [2023, 2024] {
        let shared = of_licence(&world, year);
        assert_eq!([1, 2].map(|number| likely(&shared, number)), [Some(35_000), Some(65_000)], "{year}");
    }
}

#[test]
fn what_a_key_says_of_two_that_merge_is_said_of_the_one_they_become() {
    let world = agreed_upon([merged(1, 3, "2024-01-01"), merged(2, 3, "2025-01-01")]);
    assert_eq!([2, 3].map(|number| likely(&of_licence(&world, 2024), number)), [Some(65_000), Some(35_000)]);
    assert_eq!(likely(&of_licence(&world, 2025), 3), Some(100_000));
}

#[test]
fn a_number_that_two_of_those_that_share_have_had_is_not_guessed_at() {
    let world = agreed_upon([numbered(1, "5501", "2024-01-01"), numbered(2, "0001", "2024-01-01")]);
    let shared = of_licence(&world, 2024);
    let ambiguous = PartFault::Key(KeyError::AmbiguousParty { party: "0001".to_owned() });
    assert_eq!((shared.fault(), likely(&shared, 1)), (Some(&ambiguous), None));
}

#[test]
fn a_grant_above_a_low_estimate_leaves_nothing_and_never_less() {
    let world = with([cost(1, 2023, BY_KEY), assessed(1, estimated(10_000, 30_000, 50_000)), granted(1, 20_000)]);
    let total = of_cost(&world, Grants::TakenOff).total();
    assert_eq!(total, Some(Range { low_ore: Ore(0), likely_ore: Ore(10_000), high_ore: Ore(30_000) }));
}

#[test]
fn a_year_is_cut_where_members_come_and_go_and_its_parts_make_the_price() {
    let world = with(
        [
            vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_001))],
            municipality(3, 4_000),
            vec![agreed(3, Commitment::Committed, Some("2023-10-16")), ended(1, "2023-11-30")],
        ]
        .concat(),
    );
    let shared = of_licence(&world, 2023);
    let parts: Vec<(&str, i64, Vec<&str>)> = shared
        .parts
        .iter()
        .zip(["2023-01-01", "2023-10-16", "2023-12-01"])
        .map(|(part, first)| {
            assert_eq!(part.period.first, day(first));
            let members = part.members.iter().map(|member| member.number.as_str()).collect();
            (first, part.amount.unwrap().likely_ore.0, members)
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("2023-01-01", 78_905, vec!["0001", "0002"]), // 100 001 × 288/365 = 78 904.90…
            ("2023-10-16", 12_603, vec!["0001", "0002", "0003"]), // up to 334 days: 91 507.76… = 91 508
            ("2023-12-01", 8_493, vec!["0002", "0003"]),  // what is left of the year
        ]
    );
    assert_eq!(shared.total(), Some(Range::exactly(Ore(100_001))));
    let after = of_licence(&world, 2024);
    assert_eq!(after.parts.len(), 1);
    assert_eq!(likely(&after, 1), None);
}

#[test]
fn a_leap_year_has_a_price_of_366_days() {
    let world = with([licence(1, "2024-02-29", Some("2024-02-29"), BY_KEY), priced(1, contracted(36_600))]);
    assert_eq!(of_licence(&world, 2024).total(), Some(Range::exactly(Ore(100))));
    assert!(world.apportioner().licence(&world.licences[&licence_id(1)], 2025).is_none());
}

#[test]
fn a_key_that_is_only_proposed_makes_a_contract_an_estimate() {
    let facts = [
        municipality(1, 1_000),
        vec![committed(1), proposed(HALVES), cost(1, 2023, BY_KEY), assessed(1, contracted(100))],
    ]
    .concat();
    let proposed = World::of(facts.clone());
    assert_eq!(of_cost(&proposed, Grants::TakenOff).certainty, Certainty::Estimated);
    let adopted = World::of([facts, vec![adopted(HALVES, "2022-01-01")]].concat());
    assert_eq!(of_cost(&adopted, Grants::TakenOff).certainty, Certainty::Contracted);
}

const TARIFF: &str = r#"
kind = "tariff"
name = "listepris"
[[price]]
per_party = "365"
"#;

#[test]
fn a_tariff_sets_prices_by_the_days_whatever_is_known_of_the_amount() {
    let facts = [
        municipality(1, 1_000),
        vec![
            agreed(1, Commitment::Committed, Some("2023-12-31")),
            proposed(TARIFF),
            adopted(TARIFF, "2022-01-01"),
            licence(1, "2023-12-31", None, BY_KEY),
        ],
    ]
    .concat();
    let world = World::of(facts);
    let shared = of_licence(&world, 2023);
    assert_eq!((likely(&shared, 1), shared.certainty), (Some(100), Certainty::Estimated));
    assert!(!shared.keeps_the_total());
    assert_eq!(likely(&of_licence(&world, 2024), 1), Some(36_500));
}

#[test]
fn an_unknown_amount_is_unknown_for_those_that_share_it_and_nothing_to_others() {
    let world = with([municipality(3, 5), vec![cost(1, 2023, BY_KEY), assessed(1, Assessment::Unknown)]].concat());
    let shared = of_cost(&world, Grants::TakenOff);
    assert_eq!((shared.certainty, shared.total()), (Certainty::Unknown, None));
    assert_eq!([1, 2, 3].map(|number| shared.share_of(party(number))), [Some(None), Some(None), None]);
}

#[test]
fn what_cannot_be_shared_says_why_in_a_sentence() {
    let nobody = World::of(
        [
            vec![proposed(HALVES), adopted(HALVES, "2022-01-01")],
            vec![cost(1, 2023, BY_KEY), assessed(1, contracted(100))],
        ]
        .concat(),
    );
    assert_eq!(
        of_cost(&nobody, Grants::TakenOff).fault().unwrap().to_string(),
        "nobody takes part on the days it is for; let a party sign, or move it"
    );
    let no_key = World::of(
        [municipality(1, 1), vec![committed(1), cost(1, 2023, BY_KEY), assessed(1, contracted(100))]].concat(),
    );
    let shared = of_cost(&no_key, Grants::TakenOff);
    assert_eq!(shared.fault().unwrap().to_string(), "its sharing key is neither proposed nor adopted; adopt one");
    assert_eq!(shared.share_of(party(1)), Some(None));
    let floors = format!("{HALVES}\n").replace("name =", "floor = \"1\"\nname =");
    let impossible = World::of(
        [municipality(1, 1), vec![committed(1), proposed(&floors), cost(1, 2023, BY_KEY), assessed(1, contracted(99))]]
            .concat(),
    );
    let shared = of_cost(&impossible, Grants::TakenOff);
    assert!(shared.fault().unwrap().to_string().contains("floor"), "{:?}", shared.fault());
    assert_eq!((shared.share_of(party(1)), shared.total()), (Some(None), None));
}

#[test]
fn all_that_are_bound_on_any_day_of_the_budget_year_share_a_one_time_cost_alike() {
    let world = with(
        [
            vec![cost(1, 2023, BY_KEY), assessed(1, contracted(90_000)), ended(1, "2023-01-31")],
            municipality(3, 1_000),
            vec![agreed(3, Commitment::Option, None), exercised(3, "2023-12-31")],
            municipality(4, 1_000),
            vec![agreed(4, Commitment::Committed, Some("2024-01-01"))],
        ]
        .concat(),
    );
    let shared = of_cost(&world, Grants::TakenOff);
    assert_eq!([1, 2, 3, 4].map(|number| likely(&shared, number)), [Some(24_000), Some(42_000), Some(24_000), None]);
}

const EQUALLY: &str = "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = \"100\"\n";

#[test]
fn a_one_time_cost_goes_by_the_key_of_new_year_or_else_the_first_that_is_adopted() {
    let shares = |year: i32| {
        let world = with([cost(1, year, BY_KEY), assessed(1, contracted(100_000)), adopted(EQUALLY, "2023-07-01")]);
        [1, 2].map(|number| likely(&of_cost(&world, Grants::TakenOff), number).unwrap())
    };
    assert_eq!(shares(2021), [37_500, 62_500], "no key is adopted by then, and this was the first");
    assert_eq!(shares(2023), [37_500, 62_500], "a key from July does not touch the year's one-time costs");
    assert_eq!(shares(2024), [50_000, 50_000]);
}

#[test]
fn a_licence_goes_by_the_key_of_each_day() {
    let world =
        with([licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(36_500)), adopted(EQUALLY, "2023-07-01")]);
    let shared = of_licence(&world, 2023);
    let firsts: Vec<_> = shared.parts.iter().map(|part| part.period.first).collect();
    assert_eq!(firsts, ["2023-01-01", "2023-07-01"].map(day));
    assert_eq!(likely(&shared, 1), Some(6_788 + 9_200)); // 18 100 × 37.5 % = 6 787.5, a tie, and 18 400 / 2
    assert_eq!(shared.total(), Some(Range::exactly(Ore(36_500))));
}

#[test]
fn what_one_party_alone_bears_passes_to_the_one_that_it_became_part_of() {
    let alone = Distribution::Party { party: party(1) };
    let facts = [cost(1, 2023, alone), assessed(1, contracted(100)), licence(1, "2023-01-01", None, alone)];
    let facts = [facts.to_vec(), vec![priced(1, contracted(36_500)), merged(1, 2, "2023-12-31")]].concat();
    let world = with(facts);
    assert_eq!(of_cost(&world, Grants::TakenOff).bearers(), [party(2)]);
    let shared = of_licence(&world, 2023);
    assert_eq!([1, 2].map(|number| likely(&shared, number)), [Some(36_400), Some(100)]);
    let parted = with([cost(1, 2023, alone), split(1, &[(2, 50), (3, 50)], "2023-06-01")]);
    assert_eq!(of_cost(&parted, Grants::TakenOff).bearers(), [party(1)], "nobody has decided between several");
}

/// A key of the same halves with more said in it.
fn halves_with(more: &str) -> String {
    HALVES.replace("[[base]]\nmeasure = \"equal\"", &format!("{more}\n[[base]]\nmeasure = \"equal\""))
}

/// A licence of 1000 kroner in 2023, shared by 1 and 2 all year and by 3 from 1 July.
fn joined_in_july(key: &str) -> World {
    World::of(
        [
            municipality(1, 1_000),
            municipality(2, 3_000),
            municipality(3, 4_000),
            vec![committed(1), committed(2), agreed(3, Commitment::Committed, Some("2023-07-01"))],
            vec![proposed(key), adopted(key, "2022-01-01")],
            vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))],
        ]
        .concat(),
    )
}

fn shares_in_2023(world: &World) -> [Option<i64>; 3] {
    let shared = of_licence(world, 2023);
    assert_eq!(shared.fault(), None);
    for part in &shared.parts {
        let Shared::ByKey { likely, .. } = &part.shared else { panic!("{:?}", part.shared) };
        for share in &likely.shares {
            assert_eq!(share.recomputed(), share.amount, "{:?}", share.steps);
        }
    }
    [1, 2, 3].map(|number| likely(&shared, number))
}

#[test]
fn a_floor_is_for_a_year_and_a_part_of_it_meets_its_part() {
    let world = joined_in_july(&halves_with("floor = \"300\""));
    // 181 days: 375 and 625 a year. 184 days: 300, the floor, instead of 229.17; the others share the rest.
    assert_eq!(shares_in_2023(&world), [Some(18_596 + 15_123), Some(30_993 + 16_213), Some(19_075)]);
    let uncut = with([licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))]);
    assert_eq!(likely(&of_licence(&uncut, 2023), 1), Some(37_500));
    let held = joined_in_july(&halves_with("floor = \"333.33\""));
    assert_eq!(of_licence(&held, 2023).total(), Some(Range::exactly(Ore(100_000))), "what a year holds, a part holds");
}

#[test]
fn a_cap_is_for_a_year_and_does_not_double_when_the_year_is_cut() {
    let world = joined_in_july(&halves_with("cap = \"600\""));
    // 181 days: 600, the cap, instead of 625. 184 days: 354.17 a year.
    assert_eq!(shares_in_2023(&world), [Some(19_836 + 11_552), Some(29_753 + 17_854), Some(21_005)]);
}

#[test]
fn a_first_amount_is_paid_once_a_year_by_those_that_are_there_all_year() {
    let key = halves_with("[[first]]\nper_party = \"100\"\n[[first]]\nparty = \"0001\"\namount = \"200\"");
    // 181 days: 525 and 475 a year. 184 days: 414.58, 277.08 and 308.33.
    assert_eq!(shares_in_2023(&joined_in_july(&key)), [Some(46_934), Some(37_523), Some(15_543)]);
}

#[test]
fn a_grant_of_the_key_is_taken_off_a_year_once() {
    let world = joined_in_july(&halves_with("[[grant]]\nfrom = \"Nasjonalbiblioteket\"\namount = \"400\""));
    let shared = of_licence(&world, 2023);
    assert_eq!(shared.total(), Some(Range::exactly(Ore(60_000))));
    assert_eq!(shared.granted_by_keys(), Ore(40_000));
    assert_eq!(shares_in_2023(&world), [Some(18_089), Some(29_308), Some(12_603)]);
}

#[test]
fn half_a_year_meets_half_a_floor_a_first_amount_and_a_grant() {
    let key =
        halves_with("floor = \"300\"\n[[first]]\nper_party = \"10\"\n[[grant]]\nfrom = \"Staten\"\namount = \"100\"");
    let world = World::of(
        [
            municipality(1, 1_000),
            municipality(2, 9_000),
            vec![committed(1), committed(2), proposed(&key), adopted(&key, "2022-01-01")],
            vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))],
        ]
        .concat(),
    );
    let half = world.apportioner().licence_until(&world.licences[&licence_id(1)], day("2023-06-30")).unwrap();
    let year = of_licence(&world, 2023);
    assert_eq!([1, 2].map(|number| likely(&year, number)), [Some(30_000), Some(60_000)]);
    assert_eq!([1, 2].map(|number| likely(&half, number)), [Some(14_877), Some(29_753)]);
    assert_eq!((half.granted_by_keys(), year.granted_by_keys()), (Ore(4_959), Ore(10_000)));
}

#[test]
fn a_tariff_comes_to_its_yearly_price_over_the_parts_of_a_cut_year() {
    let world = joined_in_july(TARIFF);
    let shared = of_licence(&world, 2023);
    assert_eq!([1, 2, 3].map(|number| likely(&shared, number)), [Some(36_500), Some(36_500), Some(18_400)]);
}

#[test]
fn a_key_in_whole_kroner_shares_an_indexed_price_and_one_share_holds_the_øre_that_are_over() {
    let key = halves_with("unit = \"krone\"");
    let world = World::of(
        [
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![committed(1), committed(2), proposed(&key), adopted(&key, "2022-01-01")],
            vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_025))],
        ]
        .concat(),
    );
    let shared = of_licence(&world, 2023);
    assert_eq!([1, 2].map(|number| likely(&shared, number)), [Some(37_500), Some(62_525)]);
}

#[test]
fn a_key_in_whole_kroner_shares_a_cut_year_in_whole_kroner_that_come_to_the_price() {
    let world = joined_in_july(&halves_with("unit = \"krone\""));
    let shares = shares_in_2023(&world);
    assert!(shares.iter().flatten().all(|share| share % 100 == 0), "{shares:?}");
    assert_eq!(of_licence(&world, 2023).total(), Some(Range::exactly(Ore(100_000))));
}

proptest! {
    #[test]
    fn nobodys_low_is_above_likely_and_no_grant_raises_a_share(
        inhabitants in proptest::collection::vec(1i64..1_000, 3..9),
        low in 0i64..3_000,
        wider in 0i64..4,
        higher in 0i64..4,
        grant in 1i64..50,
        joins in 1u64..360,
    ) {
        let numbers = || 1u128..;
        let municipalities = inhabitants.iter().zip(numbers());
        let mut facts: Vec<Fact> = municipalities
            .flat_map(|(inhabitants, number)| [municipality(number, *inhabitants), vec![committed(number)]].concat())
            .collect();
        let last = u128::try_from(inhabitants.len()).unwrap() + 1;
        let joins = day("2023-01-01") + chrono::Days::new(joins);
        facts.extend(municipality(last, 500));
        facts.push(agreed(last, Commitment::Committed, Some(&joins.to_string())));
        let amount = estimated(low, low + wider, low + wider + higher);
        facts.extend([
            proposed(HALVES), adopted(HALVES, "2022-01-01"),
            cost(1, 2023, BY_KEY), assessed(1, amount), granted(1, grant),
            licence(1, "2023-01-01", None, BY_KEY), priced(1, amount),
        ]);
        let world = World::of(facts);
        let (whole, rest, yearly) = (
            of_cost(&world, Grants::LeftOn), of_cost(&world, Grants::TakenOff), of_licence(&world, 2023),
        );
        prop_assert_eq!(yearly.total(), amount.range());
        prop_assert_eq!(whole.total(), amount.range());
        for party in yearly.bearers() {
            let of = |shared: &Apportionment| shared.share_of(party).flatten().unwrap();
            for share in [of(&whole), of(&rest), of(&yearly)] {
                prop_assert!(share.low_ore <= share.likely_ore && share.likely_ore <= share.high_ore, "{:?}", share);
                prop_assert!(!share.low_ore.is_negative());
            }
            let (whole, rest) = (of(&whole), of(&rest));
            prop_assert!(rest.low_ore <= whole.low_ore && rest.likely_ore <= whole.likely_ore && rest.high_ore <= whole.high_ore);
        }
        for part in whole.parts.iter().chain(&rest.parts).chain(&yearly.parts) {
            let Shared::ByKey { low, likely, high } = &part.shared else { panic!("not shared") };
            for share in [low, likely, high].into_iter().flat_map(|division| &division.shares) {
                prop_assert_eq!(share.recomputed(), share.amount, "{:?}", share.steps);
            }
        }
    }

    #[test]
    fn the_parts_of_a_year_make_the_price_of_its_days_to_the_øre(
        price in 0i64..10_000_000_000,
        starts in 0u64..800,
        length in 0u64..800,
        joins in 0u64..1_200,
        leaves in 0u64..1_200,
        year in 2023i32..2026,
    ) {
        let on = |days: u64| (day("2023-01-01") + chrono::Days::new(days)).to_string();
        let world = with([
            vec![
                licence(1, &on(starts), Some(&on(starts + length)), BY_KEY),
                priced(1, estimated(price / 2, price, price * 2)),
            ],
            municipality(3, 77),
            vec![agreed(3, Commitment::Committed, Some(&on(joins))), ended(1, &on(leaves))],
        ].concat());
        let licence = &world.licences[&licence_id(1)];
        let shared = world.apportioner().licence(licence, year);
        prop_assert_eq!(shared.is_some(), licence.paid_days(year).is_some());
        if let (Some(shared), Some(paid)) = (shared, licence.paid_days(year)) {
            let whole = |amount: Ore| {
                Ore::rounded(amount.decimal() * Decimal::from(paid.days()) / Decimal::from(Period::year(year).days()))
            };
            let expected = Range { low_ore: Ore(price / 2), likely_ore: Ore(price), high_ore: Ore(price * 2) }.map(whole);
            prop_assert_eq!(shared.total(), Some(expected));
            let each = shared.bearers().into_iter().map(|party| (party, shared.share_of(party).flatten())).collect();
            prop_assert_eq!(shared.shares(), each);
            let follows = |two: &[Part]| two[0].period.last.succ_opt() == Some(two[1].period.first);
            prop_assert!(shared.parts.windows(2).all(follows), "the parts follow each other: {:?}", shared.parts);
        }
    }
}
