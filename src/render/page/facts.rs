//! The facts of an event in words: what each field is called, amounts in kroner, days as the language writes them.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::budget::measure_name;
use super::super::words::Say;
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::domain::sharing_key::EQUAL;
use crate::text::{self, Language, Said};

/// No name of a value is longer than this, with that of its field.
const VALUE_KEY_MAX: usize = 60;
/// So much of a list is written out.
const LISTED_MAX: usize = 10;
/// The end of the names of fields that hold an amount in øre.
const ORE: &str = "_ore";
/// The same of percentages.
const PERCENT: &str = "percent";

/// The field in which, instead of the name of a person, the id stands of one who has none any more.
pub const ERASED: &str = "erased";

/// The field in which it stands by what is shared.
const MEASURE: &str = "measure";

/// The kind of streams in which a role stands by its name; whatever else is called so, is called what it says.
const WITH_ROLES: &str = "access";
/// The field in which it stands.
const NAME: &str = "name";

/// The facts of an event of a type, each with what it is called.
pub(super) fn facts(language: Language, event_type: &str, data: &Value) -> Vec<(Said, Said)> {
    let (kind, _) = event_type.split_once('.').unwrap_or((event_type, ""));
    // What is made of several words is in one language.
    let telling = Telling { say: Say::of(language), kind };
    match data {
        Value::Object(fields) => {
            let known = fields.iter().filter(|(_, value)| !value.is_null());
            let named = |name: &str| text::say(language, &field_key(name), &[]);
            known.map(|(name, value)| (named(name), telling.alone(language, name, value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Vec::new(),
    }
}

/// How the facts of an event of a kind are told.
#[derive(Clone, Copy)]
struct Telling<'k> {
    say: Say,
    kind: &'k str,
}

impl Telling<'_> {
    /// What stands in a field of its own, with the language it is said in.
    fn alone(self, language: Language, name: &str, value: &Value) -> Said {
        let key = value.as_str().and_then(|text| self.value_key(name, text));
        let word = key.map(|key| (text::say(language, &key, &[]), key));
        word.filter(|(said, key)| said.text != *key)
            .map_or_else(|| Said { text: self.said(name, value), language: self.say.language }, |(said, _)| said)
    }

    /// What a field is called.
    fn field(self, name: &str) -> String {
        self.say.word(&field_key(name))
    }

    /// What stands in a field.
    fn said(self, name: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(is_so) => self.say.word(if *is_so { "page-log-yes" } else { "page-log-no" }),
            Value::Number(number) => match number.as_i64() {
                Some(ore) if name.ends_with(ORE) => self.say.in_ore().kroner(Ore(ore)),
                _ => number.to_string(),
            },
            Value::String(text) => self.text_said(name, text),
            Value::Array(values) => {
                let shown = values.iter().take(LISTED_MAX).map(|value| self.said(name, value));
                let more = values.len().checked_sub(LISTED_MAX).filter(|more| *more > 0);
                let more = more.map(|more| self.say.sentence("page-log-more", [("count", more.to_string().as_str())]));
                shown.chain(more).collect::<Vec<_>>().join("; ")
            }
            Value::Object(fields) => self.object_said(fields),
        }
    }

    fn object_said(self, fields: &Map<String, Value>) -> String {
        if let Some(Value::String(person)) = fields.get(ERASED) {
            return self.say.sentence("page-log-erased", [("person", person.as_str())]);
        }
        self.known(fields).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
    }

    /// The fields that say something, each by what it is called.
    fn known(self, fields: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
        let known = fields.iter().filter(|(_, value)| !value.is_null());
        known.map(move |(name, value)| (self.field(name), self.said(name, value)))
    }

    fn text_said(self, name: &str, text: &str) -> String {
        if let Ok(day) = text.parse::<NaiveDate>() {
            return self.say.date(day);
        }
        if let Ok(moment) = text.parse::<NaiveDateTime>() {
            return self.say.moment(moment.date(), moment.time());
        }
        if let Some(days) = days_said(text) {
            return self.say.days(days);
        }
        match text.parse::<Decimal>() {
            Ok(percent) if name.ends_with(PERCENT) => self.say.percent(percent),
            // Numbers that are names, such as those of accounts, have no point.
            Ok(number) if text.contains('.') => self.say.number(number),
            Ok(_) => text.to_owned(),
            Err(_) if name == MEASURE && text == EQUAL => self.say.word("page-equally"),
            Err(_) if name == MEASURE => measure_name(self.say, text),
            Err(_) => self.value_said(name, text),
        }
    }

    /// What stands in a field that takes one of a few names, in words; anything else as it stands there.
    fn value_said(self, name: &str, text: &str) -> String {
        let word = self.value_key(name, text).map(|key| (self.say.word(&key), key));
        word.filter(|(word, key)| word != key).map_or_else(|| text.to_owned(), |(word, _)| word)
    }

    /// The key of what stands in a field, where it can be one of a few names.
    fn value_key(self, name: &str, text: &str) -> Option<String> {
        let key = format!("log-value-{name}-{text}").replace(['_', '+'], "-");
        let is_name =
            key.len() <= VALUE_KEY_MAX && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (is_name && (name != NAME || self.kind == WITH_ROLES)).then_some(key)
    }
}

fn field_key(name: &str) -> String {
    format!("log-field-{}", name.replace('_', "-"))
}

/// The days that a run is called by.
fn days_said(text: &str) -> Option<Period> {
    let (first, last) = text.split_once(" – ")?;
    Some(Period { first: first.parse().ok()?, last: last.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(facts: Vec<(Said, Said)>) -> Vec<(String, String)> {
        facts.into_iter().map(|(name, value)| (name.text, value.text)).collect()
    }

    #[test]
    fn words_of_northern_sami_stand_alone_and_what_is_made_of_several_is_norwegian() {
        let data = json!({ "licence": { "licence": "x" }, "certainty": "contracted", "note": "Hei" });
        let said = facts(Language::NorthernSami, "licence.priced", &data);
        let said: Vec<_> =
            said.iter().map(|(name, value)| (name.text.as_str(), value.text.as_str(), value.language)).collect();
        let (sami, bokmal) = (Language::NorthernSami, Language::Bokmal);
        assert_eq!(said[0], ("sikkerhet", "kontrákta", sami));
        assert_eq!(said[1], ("liseansa", "lisens: x", bokmal));
        assert_eq!((said[2].1, said[2].2), ("Hei", bokmal));
    }

    #[test]
    fn facts_are_said_in_words_amounts_and_days_of_the_language() {
        let data = json!({ "net_ore": 33_334, "on": "2026-05-04", "until_at": "2026-05-04T14:00:00", "vat_percent": "25",
            "illustrative": true, "note": null, "lines": [{ "text": "Lisens", "net_ore": 100 }], "year": 2027 });
        let said = |language| texts(facts(language, "access.granted", &data));
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            said(Language::Bokmal),
            [
                fact("bare et eksempel", "ja"),
                fact("linjer", "uten mva.: 1,00\u{a0}kr, tekst: Lisens"),
                fact("uten mva.", "333,34\u{a0}kr"),
                fact("dag", "04.05.2026"),
                fact("til", "04.05.2026 14:00"),
                fact("mva. i prosent", "25\u{a0}%"),
                fact("år", "2027"),
            ]
        );
        assert_eq!(said(Language::English)[3], fact("day", "4\u{a0}May\u{a0}2026"));
    }

    #[test]
    fn values_that_are_names_are_said_in_words_and_who_is_erased_is_said_to_be() {
        let person = "00000000-0000-0000-0000-000000000007";
        let data = json!({ "certainty": "contracted", "written_form": "nynorsk", "name": "Nordlys", "role":
            { "name": "county_library" }, "person": { "erased": person } });
        let said = |language| {
            let said = texts(facts(language, "access.granted", &data));
            said.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
        };
        let erased = format!("slettet eller aldri navngitt: {person}");
        assert_eq!(said(Language::Bokmal), ["kontrakt", "Nordlys", &erased, "navn: fylkesbiblioteket", "nynorsk"]);
        assert_eq!(said(Language::English)[0], "contracted");
    }

    #[test]
    fn measures_days_and_numbers_are_said_as_the_language_has_them() {
        let data = json!({ "account_number": "12345678903", "factor": "1.0299", "measure": "inhabitants",
            "run": "2025-07-01 – 2025-12-31" });
        let said = |language| {
            let said = texts(facts(language, "sharing-key.adopted", &data)).into_iter();
            said.map(|(_, value)| value).collect::<Vec<_>>()
        };
        assert_eq!(said(Language::Bokmal), ["12345678903", "1,0299", "innbyggertall", "01.07.2025 – 31.12.2025"]);
        assert_eq!(said(Language::English)[1..3], ["1.0299", "number of inhabitants"]);
        let equally = json!({ "measure": "equal" });
        assert_eq!(facts(Language::Bokmal, "sharing-key.adopted", &equally)[0].1.text, "Likt");
    }

    #[test]
    fn what_is_called_like_a_role_is_one_where_roles_are_given_alone() {
        let said = |event_type| facts(Language::Bokmal, event_type, &json!({ "name": "finance" })).remove(0).1.text;
        assert_eq!(["access.granted", "licence.recorded"].map(said), ["økonomiavdelingen", "finance"]);
    }

    #[test]
    fn a_long_list_says_how_much_more_there_is() {
        let data = json!({ "members": (0..12).collect::<Vec<i32>>() });
        assert_eq!(
            facts(Language::Bokmal, "procurement.opened", &data)[0].1.text,
            "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; og 2 til"
        );
    }
}
