use super::*;
use crate::domain::testing::day;
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, PROCUREMENT, adopted, agreed, assessed, committed, contracted, cost, ended, extended,
    licence, municipality, old_contract, opened, party, priced, proposed, signed_up,
};

fn book(more: Vec<Fact>) -> Book {
    Book::of(
        [
            municipality(1, 1_000),
            municipality(2, 3_000),
            municipality(3, 1_000),
            vec![
                opened(true),
                committed(1),
                committed(2),
                agreed(3, Commitment::Option, None),
                proposed(HALVES),
                adopted(HALVES, "2022-01-01"),
                cost(1, 2023, BY_KEY),
                assessed(1, contracted(100_000)),
                licence(1, "2024-01-01", None, BY_KEY),
                priced(1, contracted(40_000)),
                old_contract(1, Some(36_500)),
                extended(1, "2023-12-31"),
                signed_up(1, "2023-12-01"),
            ],
            more,
        ]
        .concat(),
    )
}

fn try_out(book: &Book, text: &str) -> Result<Comparison, String> {
    let hypothesis: Hypothesis = toml::from_str(text).map_err(|error| error.to_string())?;
    let on = day("2023-06-01");
    let supposed = suppose(book, PROCUREMENT, &hypothesis, on).map_err(|error| error.to_string())?;
    let wanted = Wanted { procurement: PROCUREMENT, party: party(1), first_year: 2023, years_count: 2, as_of: on };
    Ok(compare(book, &supposed, wanted))
}

/// By the party's number: the change over the years.
fn changes(text: &str) -> Vec<(String, i64)> {
    let compared = try_out(&book(vec![]), text).unwrap();
    compared.parties.into_iter().map(|party| (party.number.unwrap(), party.change_ore.0)).collect()
}

fn refused(text: &str) -> String {
    try_out(&book(vec![]), text).unwrap_err()
}

fn of(number: &str, change: i64) -> (String, i64) {
    (number.to_owned(), change)
}

#[test]
fn another_key_moves_costs_from_one_to_another_and_the_winner_stands_first() {
    let equally = "[[key]]\n[key.definition]\nkind = \"divide\"\n[[key.definition.base]]\nmeasure = \"equal\"\npercent = \"100\"\n";
    // One-time 37 500 becomes 50 000, and the licence 15 000 becomes 20 000.
    assert_eq!(changes(equally), [of("0002", -17_500), of("0001", 17_500)]);
    let compared = try_out(&book(vec![]), equally).unwrap();
    assert_eq!((compared.winners_count, compared.losers_count, compared.change_ore), (1, 1, Ore(0)));
    assert!(compared.illustrative && compared.faults.is_empty());
    let loser = &compared.parties[1];
    assert_eq!(loser.before_ore, [Some(Ore(37_500 + 36_500)), Some(Ore(15_000))]);
    assert_eq!(loser.after_ore, [Some(Ore(50_000 + 36_500)), Some(Ore(20_000))]);
    assert_eq!(loser.change_per_inhabitant_ore, Some(Ore(18)));
    let later = equally.replace("[[key]]", "[[key]]\nin_place_of = \"nøkkelen\"\napplies_from = 2024-01-01");
    assert_eq!(changes(&later), [of("0002", -5_000), of("0001", 5_000)]);
}

#[test]
fn a_change_says_when_it_contains_an_unknown_and_counts_for_nobody_as_won_or_lost() {
    let unknown = book(vec![cost(2, 2024, BY_KEY)]);
    let later = "[[member]]\nparty = \"0001\"\njoins = 2024-01-01\n";
    let compared = try_out(&unknown, later).unwrap();
    let first = &compared.parties[0];
    assert_eq!((first.change_ore, first.contains_unknown), (Ore(-37_500), true));
    assert_eq!((first.certainty, first.change_per_inhabitant_ore), (Some(Certainty::Unknown), None));
    let counts = (compared.winners_count, compared.losers_count, compared.unknown_count);
    assert_eq!((counts, compared.certainty), ((0, 0, 2), Some(Certainty::Unknown)));
    let known = try_out(&book(vec![]), later).unwrap();
    assert_eq!((known.winners_count, known.unknown_count), (1, 0));
    assert_eq!(known.certainty, Some(Certainty::Contracted), "whatever day the library wishes to go live");
}

#[test]
fn another_amount_is_one_or_low_likely_and_high() {
    assert_eq!(
        changes("[[amount]]\nitem = \"kostnad 1\"\namount = \"1100,00\"\n"),
        [of("0001", 3_750), of("0002", 6_250)]
    );
    let three = "[[amount]]\nitem = \"Lisens 1\"\nlow = \"100\"\nlikely = \"200\"\nhigh = \"300\"\n";
    assert_eq!(changes(three), [of("0002", -12_500), of("0001", -7_500)]);
}

#[test]
fn one_that_joins_bears_a_part_whether_it_holds_an_option_or_nothing() {
    let joins = "[[member]]\nparty = \"0003\"\njoins = 2024-01-01\n";
    // 40 000 by halves among 1000, 3000 and 1000: 10 666.67, 18 666.67 and 10 666.67.
    let changed = changes(joins);
    assert_eq!(changed.iter().map(|(number, _)| number.as_str()).collect::<Vec<_>>(), ["0002", "0001", "0003"]);
    assert_eq!(changed.iter().map(|(_, change)| change).sum::<i64>(), 0);
    assert!((10_666..=10_667).contains(&changed[2].1), "{changed:?}");
}

#[test]
fn one_that_is_bound_may_share_from_another_day_and_one_that_has_left_may_come_back() {
    let later = "[[member]]\nparty = \"0001\"\njoins = 2024-01-01\n";
    assert_eq!(changes(later), [of("0001", -37_500), of("0002", 37_500)]);
    let left = book(vec![ended(1, "2022-12-31")]);
    let back = try_out(&left, later).unwrap();
    let changed: Vec<i64> = back.parties.iter().map(|party| party.change_ore.0).collect();
    assert_eq!(changed, [-15_000, 15_000]);
}

#[test]
fn one_that_leaves_leaves_its_part_to_the_others() {
    assert_eq!(
        changes("[[member]]\nparty = \"0001\"\nleaves = 2023-12-31\n"),
        [of("0001", -15_000), of("0002", 15_000)]
    );
}

#[test]
fn a_cost_moves_to_another_year_and_a_licence_to_other_days() {
    let moved = try_out(&book(vec![]), "[[dates]]\nitem = \"Kostnad 1\"\nyear = 2024\n").unwrap();
    let first = moved.parties.iter().find(|party| party.number.as_deref() == Some("0001")).unwrap();
    assert_eq!(first.after_ore, [Some(Ore(36_500)), Some(Ore(52_500))]);
    assert_eq!(first.change_ore, Ore(0));
    assert_eq!(
        changes("[[dates]]\nitem = \"Lisens 1\"\nends = 2024-06-30\n").iter().map(|(_, change)| change).sum::<i64>(),
        19_891 - 40_000 // 40 000 × 182/366
    );
}

#[test]
fn an_old_contract_that_ends_sooner_is_paid_twice_for_fewer_days() {
    assert_eq!(
        changes("[[old_contract]]\nparty = \"0001\"\nlast_day = 2023-11-30\n"),
        [of("0001", -3_100), of("0002", 0)]
    );
}

#[test]
fn a_day_is_written_as_toml_does_or_as_a_text() {
    let leaves = |written: &str| {
        let text = format!("[[member]]\nparty = \"0001\"\nleaves = {written}\n");
        toml::from_str::<Hypothesis>(&text).map(|hypothesis| hypothesis.member[0].leaves)
    };
    for written in ["2023-12-31", "\"2023-12-31\""] {
        assert_eq!(leaves(written).unwrap(), Some(day("2023-12-31")));
    }
    for wrong in ["2023-12-31T12:00:00Z", "\"31.12.2023\"", "2023"] {
        assert!(leaves(wrong).unwrap_err().to_string().contains("day such as 2024-01-01"), "{wrong}");
    }
}

#[test]
fn nothing_is_recorded() {
    let known = book(vec![]);
    let before = known.clone();
    try_out(&known, "[[amount]]\nitem = \"Kostnad 1\"\namount = \"1\"\n").unwrap();
    assert_eq!(known, before);
}

#[test]
fn a_key_that_cannot_share_is_told_and_its_years_are_not_compared() {
    let floor = "[[key]]\n[key.definition]\nkind = \"divide\"\nfloor = \"100000\"\n[[key.definition.base]]\nmeasure = \"equal\"\npercent = \"100\"\n";
    let compared = try_out(&book(vec![]), floor).unwrap();
    assert_eq!(compared.faults.len(), 2);
    assert!(
        compared.faults[0].to_string().starts_with("Kostnad 1: the floors exceed the amount"),
        "{:?}",
        compared.faults
    );
    assert!(compared.parties.iter().all(|party| party.change_ore == Ore(0) && party.after_ore == [None, None]));
}

#[test]
fn what_cannot_be_tried_is_refused_by_section_and_entry() {
    for (text, said) in [
        ("", "nothing in it would be otherwise"),
        ("[[amount]]\nitem = \"x\"\namount = \"1\"\n", "amount 1: \"x\" names 0 costs or licences"),
        ("[[amount]]\nitem = \"Kostnad 1\"\n", "amount 1: give either amount, or low, likely and high"),
        ("[[amount]]\nitem = \"Kostnad 1\"\namount = \"1,234\"\n", "amount 1: "),
        ("[[amount]]\nitem = \"Kostnad 1\"\namount = \"-1\"\n", "amount 1: an amount is not negative"),
        ("[[amount]]\nitem = \"Kostnad 1\"\nlow = \"3\"\nlikely = \"2\"\nhigh = \"4\"\n", "rise in this order"),
        ("[[member]]\nparty = \"9999\"\njoins = 2024-01-01\n", "member 1: \"9999\" names 0 parties"),
        ("[[member]]\nparty = \"0001\"\n", "member 1: say when it joins"),
        (
            "[[member]]\nparty = \"0001\"\njoins = 2024-01-01\nleaves = 2023-12-31\n",
            "member 1: it would leave on 2023-12-31, before it joins on 2024-01-01",
        ),
        ("[[member]]\nparty = \"0001\"\nleaves = 3024-01-01\n", "member 1: 3024-01-01 is before 1800 or after 2100"),
        ("[[dates]]\nitem = \"Kostnad 1\"\n", "dates 1: a cost is moved to another year"),
        (
            "[[dates]]\nitem = \"Kostnad 1\"\nyear = 2147483647\n",
            "dates 1: the year 2147483647 is outside 2000 to 2100",
        ),
        ("[[dates]]\nitem = \"Lisens 1\"\n", "dates 1: a licence starts or ends otherwise"),
        (
            "[[dates]]\nitem = \"Lisens 1\"\nends = 2023-12-31\n",
            "would end on 2023-12-31, before it starts on 2024-01-01",
        ),
        (
            "[[old_contract]]\nparty = \"0002\"\nlast_day = 2023-12-31\n",
            "old_contract 1: \"0002\" names 0 old contracts",
        ),
        (
            "[[key]]\nin_place_of = \"x\"\n[key.definition]\nkind = \"divide\"\n[[key.definition.base]]\nmeasure = \"equal\"\npercent = \"100\"\n",
            "key 1: \"x\" names 0 sharing keys",
        ),
        (
            "[[key]]\n[key.definition]\nkind = \"divide\"\n[[key.definition.base]]\nmeasure = \"equal\"\npercent = \"99\"\n",
            "key 1: the percentages",
        ),
        ("[[surprise]]\n", "unknown field `surprise`"),
    ] {
        let refusal = refused(text);
        assert!(refusal.contains(said), "{text}: {refusal}");
    }
    let two = try_out(
        &Book::of([opened(false)]),
        "[[key]]\n[key.definition]\nkind = \"divide\"\n[[key.definition.base]]\nmeasure = \"equal\"\npercent = \"100\"\n",
    );
    assert!(two.unwrap_err().contains("name one of them with in_place_of"));
}
