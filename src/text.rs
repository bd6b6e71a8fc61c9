//! Sentences for people, from `reports/text`, by language.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use serde_json::{Map, Value};

use crate::domain::money::Ore;
use crate::domain::party::WrittenForm;

static_loader! {
    static TEXTS = {
        locales: "./reports/text",
        fallback_language: "en",
        // Marks around every argument would be printed by terminals and files.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ENGLISH: LanguageIdentifier = langid!("en");
const BOKMAL: LanguageIdentifier = langid!("nb");
const NYNORSK: LanguageIdentifier = langid!("nn");
const NORTHERN_SAMI: LanguageIdentifier = langid!("se");

/// A sentence or word in bokmål, with finished texts put in.
#[must_use]
pub fn bokmal(key: &str, with: &[(&'static str, &str)]) -> String {
    norwegian(WrittenForm::Bokmal, key, with)
}

/// The same in the written form of Norwegian that somebody has chosen.
#[must_use]
pub fn norwegian(form: WrittenForm, key: &str, with: &[(&'static str, &str)]) -> String {
    let language = match form {
        WrittenForm::Bokmal => &BOKMAL,
        WrittenForm::Nynorsk => &NYNORSK,
    };
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
        with.iter().map(|(name, text)| (Cow::Borrowed(*name), FluentValue::from(*text))).collect();
    TEXTS.lookup_with_args(language, key, &values)
}

/// A word in Northern Sámi; none where none is verified.
#[must_use]
pub fn northern_sami(key: &str) -> Option<String> {
    TEXTS.try_lookup(&NORTHERN_SAMI, key)
}

/// The sentence or word in bokmål whose form depends on how many `days` there are.
#[must_use]
pub fn bokmal_of_days(key: &str, days: i64, with: &[(&'static str, &str)]) -> String {
    let mut values: HashMap<Cow<'static, str>, FluentValue<'_>> =
        with.iter().map(|(name, text)| (Cow::Borrowed(*name), FluentValue::from(*text))).collect();
    values.insert(Cow::Borrowed("days"), FluentValue::from(days));
    TEXTS.lookup_with_args(&BOKMAL, key, &values)
}

/// The sentence of a rejection: the message `kind-reason`, with the rejection's fields as arguments. Amounts
/// (`..._ore`) are given in kroner.
#[must_use]
pub fn rejection_sentence(kind: &str, reason: &str, details: &Map<String, Value>) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        details.iter().map(|(name, value)| (Cow::Owned(name.clone()), argument(name, value))).collect();
    [kind, "statement", "supplier-invoice", "credit-note"]
        .iter()
        .map(|prefix| format!("{prefix}-{reason}"))
        .find_map(|message| TEXTS.try_lookup_with_args(&ENGLISH, &message, &arguments))
        .unwrap_or_else(|| format!("{kind} {reason}"))
}

fn argument(name: &str, value: &Value) -> FluentValue<'static> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64() {
            Some(ore) if name.ends_with("_ore") => Ore(ore).to_string(),
            // A number as such, since the form of a sentence may depend on it.
            Some(whole) => return FluentValue::from(whole),
            None => number.to_string(),
        },
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Null | Value::Bool(_) | Value::Object(_) => value.to_string(),
    };
    FluentValue::from(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sentence(kind: &str, reason: &str, details: &Value) -> String {
        rejection_sentence(kind, reason, details.as_object().unwrap())
    }

    #[test]
    fn amounts_in_a_sentence_are_in_kroner() {
        assert_eq!(
            sentence("legacy", "amount-negative", &json!({"amount_ore": -150})),
            "The yearly cost -1.50 kroner is negative; give the cost of a year as zero or more, or leave it out while it is \
             unknown."
        );
        let too_large = sentence("legacy", "amount-too-large", &json!({"amount_ore": 10_000_000_000_001_i64}));
        assert!(
            too_large.contains("100000000000.01 kroner is above the largest taken, 100 000 000 000"),
            "{too_large}"
        );
    }

    #[test]
    fn a_statement_is_refused_in_the_same_words_of_a_cost_and_of_a_licence() {
        let said = |kind| sentence(kind, "amount-negative", &json!({"amount_ore": -1}));
        assert_eq!(said("cost"), said("licence"));
        assert!(said("cost").starts_with("The amount -0.01 kroner is negative"));
    }

    #[test]
    fn a_reason_without_a_sentence_is_named() {
        assert_eq!(sentence("party", "of-no-kind", &json!({})), "party of-no-kind");
    }
}
