//! A sharing key in words.

use super::budget::measure_name;
use super::words::Say;
use crate::domain::sharing_key::{Divide, EQUAL, First, Grant, KeyDefinition};

/// What a key says, line by line.
pub(super) fn definition_in_words(say: Say, definition: &KeyDefinition) -> Vec<String> {
    match definition {
        KeyDefinition::Divide(divide) => divided(say, divide),
        KeyDefinition::Tariff(tariff) => vec![say.sentence("page-key-tariff", [("name", tariff.name.as_str())])],
        KeyDefinition::Blend(blend) => blend
            .part
            .iter()
            .map(|part| {
                let inner = definition_in_words(say, &part.key).join("; ");
                say.sentence("page-key-part", [("percent", say.percent(part.percent).as_str()), ("key", &inner)])
            })
            .collect(),
    }
}

fn divided(say: Say, divide: &Divide) -> Vec<String> {
    let bases = divide.base.iter().map(|base| {
        let percent = say.percent(base.percent);
        if base.measure == EQUAL {
            say.sentence("page-key-equally", [("percent", percent.as_str())])
        } else {
            let measure = measure_name(say, &base.measure);
            say.sentence("page-key-by", [("percent", percent.as_str()), ("measure", &measure)])
        }
    });
    let mut lines: Vec<String> = divide.grant.iter().map(|grant| granted(say, grant)).collect();
    lines.extend(divide.first.iter().map(|first| paid_first(say, first)));
    lines.extend(bases);
    lines.extend(divide.percentages.as_ref().map(|_| say.word("page-key-agreed")));
    let bounds = [("page-key-floor", divide.floor), ("page-key-cap", divide.cap)];
    lines.extend(bounds.into_iter().filter_map(|(key, amount)| {
        let amount = say.kroner(amount?);
        Some(say.sentence(key, [("amount", amount.as_str())]))
    }));
    let bounds = [("page-key-floor-percent", divide.floor_percent), ("page-key-cap-percent", divide.cap_percent)];
    lines.extend(bounds.into_iter().filter_map(|(key, percent)| {
        let percent = say.percent(percent?);
        Some(say.sentence(key, [("percent", percent.as_str())]))
    }));
    lines
}

fn granted(say: Say, grant: &Grant) -> String {
    let amount = say.kroner(grant.amount);
    say.sentence("page-key-grant", [("from", grant.from.as_str()), ("amount", &amount)])
}

/// What is paid before the rest is shared.
fn paid_first(say: Say, first: &First) -> String {
    match first {
        First::PerParty { per_party } => {
            say.sentence("page-key-first-each", [("amount", say.kroner(*per_party).as_str())])
        }
        First::Rate { measure, rate } => say.sentence(
            "page-key-first-by-rate",
            [("rate", say.number(*rate).as_str()), ("measure", &measure_name(say, measure))],
        ),
        First::Party { party, amount } => {
            say.sentence("page-key-first-party", [("party", party.as_str()), ("amount", &say.kroner(*amount))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Ore;
    use crate::domain::sharing_key::{Base, Blend, Part};
    use crate::text::Language;
    use rust_decimal::Decimal;

    fn divide(bases: &[(&str, i64)], floor: Option<Ore>) -> KeyDefinition {
        let base = |(measure, percent): &(&str, i64)| Base {
            measure: (*measure).to_owned(),
            percent: Decimal::from(*percent),
        };
        KeyDefinition::Divide(Divide { base: bases.iter().map(base).collect(), floor, ..Divide::default() })
    }

    #[test]
    fn a_key_is_said_in_words() {
        let say = Say::of(Language::Bokmal);
        let key = divide(&[("equal", 30), ("inhabitants", 70)], Some(Ore(500_000)));
        assert_eq!(
            definition_in_words(say, &key),
            [
                "30\u{a0}% deles likt",
                "70\u{a0}% deles etter innbyggertall",
                "Minst 5\u{a0}000,00\u{a0}kr for den som betaler noe"
            ]
        );
        let blend = KeyDefinition::Blend(Blend {
            name: "innfaset".to_owned(),
            part: vec![
                Part { percent: Decimal::from(75), key: divide(&[("equal", 100)], None) },
                Part { percent: Decimal::from(25), key: divide(&[("inhabitants", 100)], None) },
            ],
        });
        assert_eq!(definition_in_words(say, &blend).len(), 2);
    }

    #[test]
    fn what_is_paid_before_the_rest_is_shared_and_bounds_in_percent_are_said_too() {
        let key = KeyDefinition::Divide(Divide {
            grant: vec![Grant { from: "Nasjonalbiblioteket".to_owned(), amount: Ore(100_000) }],
            first: vec![
                First::PerParty { per_party: Ore(50_000) },
                First::Rate { measure: "pupils".to_owned(), rate: Decimal::from(12) },
                First::Party { party: "5437".to_owned(), amount: Ore(200_000) },
            ],
            base: vec![Base { measure: EQUAL.to_owned(), percent: Decimal::ONE_HUNDRED }],
            cap_percent: Some(Decimal::from(20)),
            ..Divide::default()
        });
        let said: Vec<String> = definition_in_words(Say::of(Language::Bokmal), &key)
            .into_iter()
            .map(|line| line.replace('\u{a0}', " "))
            .collect();
        assert_eq!(
            said,
            [
                "Tilskudd fra Nasjonalbiblioteket, 1 000,00 kr, trekkes fra før resten deles",
                "Hver betaler først 500,00 kr",
                "Hver betaler først 12 kr × elevtall",
                "5437 betaler først 2 000,00 kr",
                "100 % deles likt",
                "Høyst 20 % av det som deles, for hver",
            ]
        );
    }
}
