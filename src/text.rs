//! Sentences for people, from `reports/text`, by language.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

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

static ENGLISH: LanguageIdentifier = langid!("en");
static BOKMAL: LanguageIdentifier = langid!("nb");
static NYNORSK: LanguageIdentifier = langid!("nn");
static NORTHERN_SAMI: LanguageIdentifier = langid!("se");

/// A language that people are answered in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Bokmål.
    #[default]
    Bokmal,
    /// Nynorsk.
    Nynorsk,
    /// Northern Sámi where a verified word exists, otherwise bokmål.
    NorthernSami,
    /// English.
    English,
}

impl Language {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Bokmal, Self::Nynorsk, Self::NorthernSami, Self::English];

    /// What it is marked as (ISO 639).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::Nynorsk => "nn",
            Self::NorthernSami => "se",
            Self::English => "en",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Bokmal => "Bokmål",
            Self::Nynorsk => "Nynorsk",
            Self::NorthernSami => "Davvisámegiella",
            Self::English => "English",
        }
    }

    /// The one that a code stands for, as browsers write it: `nn-NO`, `no`, `en-GB`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code.split('-').next().unwrap_or_default() {
            "nb" | "no" => Some(Self::Bokmal),
            "nn" => Some(Self::Nynorsk),
            "se" => Some(Self::NorthernSami),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language that sentences made of figures are in: there are none in Northern Sámi yet.
    #[must_use]
    pub fn of_sentences(self) -> Self {
        match self {
            Self::NorthernSami => Self::Bokmal,
            Self::Bokmal | Self::Nynorsk | Self::English => self,
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::Bokmal => &BOKMAL,
            Self::Nynorsk => &NYNORSK,
            Self::NorthernSami => &NORTHERN_SAMI,
            Self::English => &ENGLISH,
        }
    }
}

/// What is put into a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Put {
    /// A finished text.
    Text(String),
    /// A number that the form of the sentence may depend on.
    Count(i64),
}

/// A word or sentence as it is shown, and the language it turned out in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Its language: bokmål where the wished one has no verified word.
    pub language: Language,
}

/// What was said before and nothing is put into: it is the same each time, and there is no more of it than messages.
static KNOWN: LazyLock<RwLock<HashMap<Language, HashMap<String, Said>>>> = LazyLock::new(RwLock::default);

/// A word or sentence in a language; in bokmål where that language does not have it, and the name of the message where
/// no language has it.
#[must_use]
pub fn say(language: Language, key: &str, with: &[(&str, Put)]) -> Said {
    if !with.is_empty() {
        return found(language, key, with);
    }
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(said) = known.get(&language).and_then(|known| known.get(key)) {
        return said.clone();
    }
    drop(known);
    let said = found(language, key, with);
    if said.text != key {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(language).or_default().insert(key.to_owned(), said.clone());
    }
    said
}

fn found(language: Language, key: &str, with: &[(&str, Put)]) -> Said {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> = with
        .iter()
        .map(|(name, put)| {
            let value = match put {
                Put::Text(text) => FluentValue::from(text.as_str()),
                Put::Count(count) => FluentValue::from(*count),
            };
            (Cow::Owned((*name).to_owned()), value)
        })
        .collect();
    [language, Language::Bokmal]
        .into_iter()
        .find_map(|language| {
            let text = TEXTS.lookup_single_language(language.identifier(), key, Some(&values)).ok()?;
            Some(Said { text, language })
        })
        .unwrap_or_else(|| Said { text: key.to_owned(), language })
}

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
    let said = say(Language::NorthernSami, key, &[]);
    (said.language == Language::NorthernSami && said.text != key).then_some(said.text)
}

/// What the messages of rejections begin with that several kinds of stream share.
const SHARED_PREFIXES: [&str; 3] = ["statement", "supplier-invoice", "credit-note"];

/// The sentence of a rejection by its code, such as `agreement-already-signed`, in a language of pages; none where neither
/// that language nor bokmål has one.
#[must_use]
pub fn rejection_in(language: Language, code: &str, with: &[(&str, Put)]) -> Option<Said> {
    let found = |message: &str| Some(say(language, message, with)).filter(|said| said.text != message);
    let shared = || {
        let reasons = code.match_indices('-').map(|(at, _)| code.split_at(at + 1).1);
        let messages =
            reasons.flat_map(|reason| SHARED_PREFIXES.iter().map(move |prefix| format!("{prefix}-{reason}")));
        messages.into_iter().find_map(|message| found(&message))
    };
    found(code).or_else(shared)
}

/// The sentence of a rejection: the message `kind-reason`, with the rejection's fields as arguments. Amounts
/// (`..._ore`) are given in kroner.
#[must_use]
pub fn rejection_sentence(kind: &str, reason: &str, details: &Map<String, Value>) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        details.iter().map(|(name, value)| (Cow::Owned(name.clone()), argument(name, value))).collect();
    [kind]
        .iter()
        .chain(&SHARED_PREFIXES)
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
        Value::Array(values) if values.iter().any(Value::is_object) => {
            let said = values.iter().map(|change| change_sentence(Language::English, change, &put_in_english));
            said.collect::<Vec<_>>().join("; ")
        }
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Null | Value::Bool(_) | Value::Object(_) => value.to_string(),
    };
    FluentValue::from(text)
}

fn put_in_english(name: &str, value: &Value) -> Put {
    match argument(name, value) {
        FluentValue::Number(count) => Put::Text(count.as_string().into_owned()),
        FluentValue::String(text) => Put::Text(text.into_owned()),
        FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => Put::Text(value.to_string()),
    }
}

/// One thing that is otherwise than it was, or that somebody lacks, as a detail of a rejection: the message `changed-what`,
/// `lacks-what` or `unnumbered-what` with its other fields. `put` writes one of them in the language.
#[must_use]
pub fn change_sentence(language: Language, change: &Value, put: &dyn Fn(&str, &Value) -> Put) -> String {
    let message = ["changed", "lacks", "unnumbered"]
        .into_iter()
        .find_map(|kind| Some(format!("{kind}-{}", change[kind].as_str()?)));
    let Some((fields, message)) = change.as_object().zip(message) else { return change.to_string() };
    let with: Vec<(&str, Put)> = fields.iter().map(|(name, value)| (name.as_str(), put(name, value))).collect();
    say(language, &message, &with).text
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
    fn what_northern_sami_has_no_verified_word_for_is_said_in_bokmal_and_marked_so() {
        let said = |key| say(Language::NorthernSami, key, &[]);
        assert_eq!(said("fixed-invoice"), Said { text: "rehket".to_owned(), language: Language::NorthernSami });
        assert_eq!(said("yes"), Said { text: "ja".to_owned(), language: Language::Bokmal });
        assert_eq!(northern_sami("yes"), None);
    }

    #[test]
    fn the_language_of_a_browser_is_known_by_the_beginning_of_its_code() {
        let known = ["nb-NO", "no", "nn-NO", "se", "en-GB", "de"].map(Language::of_code);
        let expected =
            [Language::Bokmal, Language::Bokmal, Language::Nynorsk, Language::NorthernSami, Language::English]
                .map(Some);
        assert_eq!(known[..5], expected);
        assert_eq!(known[5], None);
    }

    #[test]
    fn a_reason_without_a_sentence_is_named() {
        assert_eq!(sentence("party", "of-no-kind", &json!({})), "party of-no-kind");
    }
}
