//! Why a key cannot share, in the language of who reads it.

use rust_decimal::Decimal;

use super::budget::measure_name;
use super::words::Say;
use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyError;
use crate::text::{self, Put};

/// Why a key cannot share an amount.
pub(super) fn key_error_said(say: Say, error: &KeyError) -> String {
    let kroner = |amount: &Ore| say.in_ore().kroner(*amount);
    let number = |value: &Decimal| say.number(*value);
    let measured = |measure: &String| ("measure", measure_name(say, measure));
    let (key, with) = match error {
        KeyError::InPart { reason, .. } => return key_error_said(say, reason),
        KeyError::FloorsExceed { count, floor, floors, amount } => (
            "cannot-share-floors-exceed",
            vec![
                ("count", count.to_string()),
                ("floor", kroner(floor)),
                ("floors", kroner(floors)),
                ("amount", kroner(amount)),
            ],
        ),
        KeyError::FirstExceed { first, amount } => {
            ("cannot-share-first-exceed", vec![("first", kroner(first)), ("amount", kroner(amount))])
        }
        KeyError::FirstAndFloorsExceed { least, amount } => {
            ("cannot-share-first-and-floors-exceed", vec![("least", kroner(least)), ("amount", kroner(amount))])
        }
        KeyError::CapsFallShort { most, amount } => {
            ("cannot-share-caps-fall-short", vec![("most", kroner(most)), ("amount", kroner(amount))])
        }
        KeyError::GrantsExceed { grants, amount } => {
            ("cannot-share-grants-exceed", vec![("grants", kroner(grants)), ("amount", kroner(amount))])
        }
        KeyError::NotWholeKroner { amount } => ("cannot-share-not-whole-kroner", vec![("amount", kroner(amount))]),
        KeyError::AmountTooLarge | KeyError::TooLarge { .. } => ("cannot-share-too-large", vec![]),
        KeyError::PricesTooLarge => ("cannot-share-prices-too-large", vec![]),
        KeyError::NoAmount => ("cannot-share-no-amount", vec![]),
        KeyError::TariffWithAmount => ("cannot-share-tariff-with-amount", vec![]),
        KeyError::ZeroSum { measure } => ("cannot-share-zero-sum", vec![measured(measure)]),
        KeyError::MissingMeasure { party, measure } => {
            ("cannot-share-figure-missing", vec![("party", party.clone()), measured(measure)])
        }
        KeyError::UnreasonableMeasure { party, measure, value } => {
            let with = vec![("party", party.clone()), measured(measure), ("value", number(value))];
            ("cannot-share-unreasonable-figure", with)
        }
        KeyError::NegativeMeasure { .. } | KeyError::Negative { .. } => ("cannot-share-negative", vec![]),
        KeyError::MissingPercentage { party } => ("cannot-share-no-percentage", vec![("party", party.clone())]),
        KeyError::UnknownParty { party, .. } => ("cannot-share-unknown-party", vec![("party", party.clone())]),
        KeyError::AmbiguousParty { party } => ("cannot-share-ambiguous-party", vec![("party", party.clone())]),
        KeyError::DuplicateParty { party } => ("cannot-share-party-twice", vec![("party", party.clone())]),
        KeyError::TooManyParties { count } => ("cannot-share-too-many-parties", vec![("count", count.to_string())]),
        KeyError::UnnamedParty => ("cannot-share-unnamed-party", vec![]),
        KeyError::NoParties => ("cannot-share-nobody", vec![]),
        KeyError::NoBases => ("cannot-share-no-bases", vec![]),
        KeyError::BasesAndPercentages => ("cannot-share-bases-and-percentages", vec![]),
        KeyError::PercentSum { .. } => ("cannot-share-percent-sum", vec![]),
        KeyError::Percent { percent, .. } => ("cannot-share-percent", vec![("percent", number(percent))]),
        KeyError::UnreasonableUnits { number: units, .. } => {
            ("cannot-share-unreasonable-number", vec![("number", number(units))])
        }
        KeyError::Empty { .. } => ("cannot-share-empty", vec![]),
        KeyError::TooMany { count, most, .. } => {
            ("cannot-share-too-many", vec![("count", count.to_string()), ("most", most.to_string())])
        }
        KeyError::Text { .. } => ("cannot-share-text", vec![]),
        KeyError::ShareDecimals { decimals, most } => {
            ("cannot-share-decimals", vec![("decimals", decimals.to_string()), ("most", most.to_string())])
        }
        KeyError::FloorAboveCap { .. } => ("cannot-share-floor-above-cap", vec![]),
        KeyError::EqualIsNoColumn { .. } => ("cannot-share-equal-is-no-figure", vec![]),
        KeyError::TierOrder { measure, above, before } => {
            let with = vec![measured(measure), ("above", number(above)), ("before", number(before))];
            ("cannot-share-tier-order", with)
        }
        KeyError::TariffInBlend => ("cannot-share-tariff-in-blend", vec![]),
        KeyError::TooDeep { most } => ("cannot-share-too-deep", vec![("most", most.to_string())]),
    };
    let with: Vec<(&str, Put)> = with.into_iter().map(|(name, text)| (name, Put::Text(text))).collect();
    text::say(say.language, key, &with).text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn faults() -> Vec<KeyError> {
        let (party, measure) = ("Alta".to_owned(), "pupils".to_owned());
        let (amount, number, field) = (Ore(100), Decimal::TWO, "floor".to_owned());
        vec![
            KeyError::PercentSum { of: "bases", sum: number },
            KeyError::Percent { field: field.clone(), percent: number },
            KeyError::Negative { field: field.clone(), number },
            KeyError::UnreasonableUnits { field: field.clone(), number },
            KeyError::TooLarge { field },
            KeyError::Empty { field: "[[part]]" },
            KeyError::TooMany { field: "[[part]]", count: 2, most: 1 },
            KeyError::Text { field: "name" },
            KeyError::BasesAndPercentages,
            KeyError::NoBases,
            KeyError::ShareDecimals { decimals: 9, most: 8 },
            KeyError::FloorAboveCap { floor: "2".to_owned(), cap: "1".to_owned() },
            KeyError::EqualIsNoColumn { field: "measure" },
            KeyError::TierOrder { measure: measure.clone(), above: number, before: number },
            KeyError::TariffInBlend,
            KeyError::InPart { number: 1, key: "Ny".to_owned(), reason: Box::new(KeyError::NoBases) },
            KeyError::TooDeep { most: 4 },
            KeyError::TariffWithAmount,
            KeyError::NoAmount,
            KeyError::AmountTooLarge,
            KeyError::NotWholeKroner { amount },
            KeyError::GrantsExceed { grants: amount, amount },
            KeyError::FirstExceed { first: amount, amount },
            KeyError::FloorsExceed { count: 2, floor: amount, floors: amount, amount },
            KeyError::FirstAndFloorsExceed { least: amount, amount },
            KeyError::CapsFallShort { most: amount, amount },
            KeyError::NoParties,
            KeyError::TooManyParties { count: 9 },
            KeyError::UnnamedParty,
            KeyError::DuplicateParty { party: party.clone() },
            KeyError::UnknownParty { party: party.clone(), field: "first" },
            KeyError::AmbiguousParty { party: party.clone() },
            KeyError::MissingPercentage { party: party.clone() },
            KeyError::MissingMeasure { party: party.clone(), measure: measure.clone() },
            KeyError::NegativeMeasure { party: party.clone(), measure: measure.clone(), value: number },
            KeyError::UnreasonableMeasure { party, measure: measure.clone(), value: number },
            KeyError::ZeroSum { measure },
            KeyError::PricesTooLarge,
        ]
    }

    #[test]
    fn every_fault_of_a_key_is_said_in_each_language_with_all_that_is_put_in() {
        for fault in faults() {
            let languages = [Language::Bokmal, Language::Nynorsk, Language::English];
            let said = languages.map(|language| key_error_said(Say::of(language), &fault));
            assert!(said[0] != said[2] && said[1] != said[2], "{said:?}");
            assert!(said.iter().all(|text| !text.starts_with("cannot-share-") && !text.contains('$')), "{said:?}");
        }
    }
}
