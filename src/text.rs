//! Sentences for people, from `reports/text`, by language.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use serde_json::{Map, Value};

use crate::domain::money::Ore;

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

/// A sentence or word in bokmål, with finished texts put in.
#[must_use]
pub fn bokmal(key: &str, with: &[(&'static str, &str)]) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
        with.iter().map(|(name, text)| (Cow::Borrowed(*name), FluentValue::from(*text))).collect();
    TEXTS.lookup_with_args(&BOKMAL, key, &values)
}

/// The same whose form depends on how many `days` there are.
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
    [format!("{kind}-{reason}"), format!("statement-{reason}")]
        .iter()
        .find_map(|message| TEXTS.try_lookup_with_args(&ENGLISH, message, &arguments))
        .unwrap_or_else(|| format!("{kind} {reason}"))
}

fn argument(name: &str, value: &Value) -> FluentValue<'static> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64() {
            Some(ore) if name.ends_with("_ore") => Ore(ore).to_string(),
            Some(_) | None => number.to_string(),
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
