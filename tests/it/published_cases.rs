//! Published cost-sharing tables, reproduced to the last printed digit. Each file names its source.

use std::collections::BTreeMap;
use std::str::FromStr;

use grenselos::domain::money::Ore;
use grenselos::domain::sharing_key::{
    AmountTier, Base, Divide, Division, KeyDefinition, PartyMeasures, Price, PriceBasis, RateTier, Tariff,
};
use rust_decimal::Decimal;
use serde_json::Value;

fn case(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn sunnmore() -> Value {
    case(include_str!("../data/cases/01_ekommune_sunnmore_2017.json"))
}

fn unit_prices() -> Value {
    case(include_str!("../data/cases/08_unit_prices.json"))
}

fn danish() -> Value {
    case(include_str!("../data/cases/15_danish_per_inhabitant.json"))
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

fn party(name: &str, measures: &[(&str, i64)]) -> PartyMeasures {
    let measures = measures.iter().map(|(measure, value)| ((*measure).to_owned(), Decimal::from(*value))).collect();
    PartyMeasures { party: name.to_owned(), measures }
}

fn price(basis: PriceBasis) -> Price {
    Price { basis, floor: None, cap: None, outside_cap: false }
}

fn tariff(prices: Vec<Price>) -> KeyDefinition {
    KeyDefinition::Tariff(Tariff { price: prices, ..Tariff::default() })
}

/// What one party with one measure pays.
fn pays(key: &KeyDefinition, measure: &str, value: i64) -> Ore {
    let division = key.share(None, &[party("1", &[(measure, value)])]).unwrap();
    assert_eq!(division.shares[0].recomputed(), division.shares[0].amount);
    division.total
}

fn thirty_seventy(share_decimals: Option<u32>) -> KeyDefinition {
    let base = |measure: &str, percent| Base { measure: measure.to_owned(), percent: Decimal::from(percent) };
    KeyDefinition::Divide(Divide {
        name: "30/70".to_owned(),
        base: vec![base("equal", 30), base("inhabitants", 70)],
        share_decimals,
        ..Divide::default()
    })
}

fn sunnmore_divided(amount: Ore) -> Division {
    let parties: Vec<PartyMeasures> = sunnmore()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| party(row["nr"].as_str().unwrap(), &[("inhabitants", row["pop"].as_i64().unwrap())]))
        .collect();
    thirty_seventy(Some(3)).share(Some(amount), &parties).unwrap()
}

#[test]
fn ekommune_sunnmore_2017_shares_30_percent_equally_and_70_by_inhabitants() {
    let published: BTreeMap<String, String> = sunnmore()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["nr"].as_str().unwrap().to_owned(), row["share_percent"].as_str().unwrap().to_owned()))
        .collect();
    let division = sunnmore_divided(Ore(10_000_000));
    let shares: BTreeMap<String, String> =
        division.shares.iter().map(|share| (share.party.clone(), share.percent.unwrap().to_string())).collect();
    assert_eq!(shares, published);
    let sum: Decimal = division.shares.iter().filter_map(|share| share.percent).sum();
    assert_eq!(sum.to_string(), sunnmore()["totals"]["share_percent"].as_str().unwrap());
}

#[test]
fn a_hundred_thousand_kroner_shared_by_the_sunnmore_key_are_its_percentages_in_kroner() {
    let division = sunnmore_divided(Ore(10_000_000));
    for share in &division.shares {
        assert_eq!(share.amount.kroner(), share.percent.unwrap() * Decimal::from(1_000), "{}", share.party);
        assert_eq!(share.recomputed(), share.amount, "{}", share.party);
    }
    assert_eq!(division.shares.iter().map(|share| share.amount).sum::<Ore>(), division.total);
}

#[test]
fn scls_charges_250_for_each_machine() {
    let case = &unit_prices()["scls_pc"];
    let rate = Decimal::from(case["unit"].as_i64().unwrap());
    let key = tariff(vec![price(PriceBasis::Rate { measure: "machines".to_owned(), rate, at_most: None })]);
    for row in case["rows"].as_array().unwrap() {
        let (machines, published) = (row[0].as_i64().unwrap(), row[1].as_i64().unwrap());
        let change = pays(&key, "machines", machines.abs()).0 * machines.signum();
        assert_eq!(Ore(change), Ore(published * 100), "{machines} machines");
    }
}

#[test]
fn linc_shares_in_three_equal_thirds() {
    let case = &unit_prices()["linc"];
    let base = Base { measure: "equal".to_owned(), percent: Decimal::ONE_HUNDRED };
    let key = KeyDefinition::Divide(Divide { base: vec![base], ..Divide::default() });
    let parties = ["ports", "circulation", "holdings"].map(|name| party(name, &[]));
    let division = key.share(Some(Ore(case["total"].as_i64().unwrap() * 100)), &parties).unwrap();
    for (share, published) in division.shares.iter().zip(case["parts"].as_array().unwrap()) {
        assert_eq!(share.amount, Ore(published.as_i64().unwrap() * 100));
    }
}

#[test]
fn find_more_illinois_charges_one_amount_by_tier() {
    let case = unit_prices();
    let tiers = case["find_more_illinois"]["tiers"].as_array().unwrap();
    let numbers = |tier: &Value| (tier[0].as_i64().unwrap(), tier[1].as_i64(), tier[2].as_i64().unwrap());
    let bracket = tiers
        .iter()
        .map(numbers)
        .map(|(from, _, amount)| AmountTier { above: Decimal::from(from - 1), amount: Ore(amount * 100) })
        .collect();
    let key = tariff(vec![price(PriceBasis::Bracket { measure: "titles".to_owned(), bracket })]);
    for (from, to, amount) in tiers.iter().map(numbers) {
        for titles in [from, to.unwrap_or(99_999_999)] {
            assert_eq!(pays(&key, "titles", titles), Ore(amount * 100), "{titles} titles");
        }
    }
    assert_eq!(pays(&key, "titles", 0), Ore(35_000), "the lowest tier begins with no titles");
}

#[test]
fn the_danish_shared_infrastructure_costs_25_and_half_of_it_above_150_000_inhabitants() {
    let tier = |above, rate| RateTier { above: Decimal::from(above), rate: decimal(rate) };
    let marginal = vec![tier(0, "25"), tier(150_000, "12.50")];
    let key = tariff(vec![price(PriceBasis::Marginal { measure: "inhabitants".to_owned(), marginal, at_most: None })]);
    let examples = danish()["infrastructure"]["examples"].clone();
    for example in examples.as_array().unwrap() {
        let published = example["amount"].as_str().map_or_else(|| example["amount"].to_string(), str::to_owned);
        let inhabitants = example["pop"].as_i64().unwrap();
        assert_eq!(pays(&key, "inhabitants", inhabitants).kroner(), decimal(&published), "{inhabitants} inhabitants");
    }
}

#[test]
fn kfplc_costs_80_80_ore_for_each_of_at_most_100_000_inhabitants() {
    let basis = PriceBasis::Rate {
        measure: "inhabitants".to_owned(),
        rate: decimal("0.808"),
        at_most: Some(Decimal::from(100_000)),
    };
    let key = tariff(vec![price(basis)]);
    let cap = Ore::parse_kroner(danish()["kfplc"]["cap_amount"].as_str().unwrap()).unwrap();
    assert_eq!(pays(&key, "inhabitants", 100_000), cap);
    assert_eq!(pays(&key, "inhabitants", 638_117), cap);
    assert_eq!(pays(&key, "inhabitants", 12_345), Ore(997_476));
}

#[test]
fn fbs_costs_6_and_from_2026_5_kroner_for_each_inhabitant() {
    let prices = danish()["fbs"]["price_dkk"].clone();
    let rates: Vec<&str> = prices.as_array().unwrap().iter().map(|text| &text.as_str().unwrap()[..4]).collect();
    let per_year = |rate| {
        let basis = PriceBasis::Rate { measure: "inhabitants".to_owned(), rate: decimal(rate), at_most: None };
        pays(&tariff(vec![price(basis)]), "inhabitants", 41_338)
    };
    assert_eq!(rates.into_iter().map(per_year).collect::<Vec<_>>(), [Ore(24_802_800), Ore(20_669_000)]);
}
