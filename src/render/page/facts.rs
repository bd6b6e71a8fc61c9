//! The facts of an event in words: what each field is called, amounts in kroner, days as the language writes them.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::words::Say;
use crate::domain::money::Ore;

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

/// The facts of an event, each with what it is called.
pub(super) fn facts(say: Say, data: &Value) -> Vec<(String, String)> {
    match data {
        Value::Object(fields) => known(say, fields).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Vec::new(),
    }
}

/// What a field is called.
fn field(say: Say, name: &str) -> String {
    say.word(&format!("log-field-{}", name.replace('_', "-")))
}

/// What stands in a field.
fn said(say: Say, name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(is_so) => say.word(if *is_so { "page-log-yes" } else { "page-log-no" }),
        Value::Number(number) => match number.as_i64() {
            Some(ore) if name.ends_with(ORE) => say.in_ore().kroner(Ore(ore)),
            _ => number.to_string(),
        },
        Value::String(text) => text_said(say, name, text),
        Value::Array(values) => {
            let shown = values.iter().take(LISTED_MAX).map(|value| said(say, name, value));
            let more = values.len().checked_sub(LISTED_MAX).filter(|more| *more > 0);
            let more = more.map(|more| say.sentence("page-log-more", [("count", more.to_string().as_str())]));
            shown.chain(more).collect::<Vec<_>>().join("; ")
        }
        Value::Object(fields) => object_said(say, fields),
    }
}

fn object_said(say: Say, fields: &Map<String, Value>) -> String {
    if let Some(Value::String(person)) = fields.get(ERASED) {
        return say.sentence("page-log-erased", [("person", person.as_str())]);
    }
    known(say, fields).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
}

/// The fields that say something, each by what it is called.
fn known(say: Say, fields: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    let known = fields.iter().filter(|(_, value)| !value.is_null());
    known.map(move |(name, value)| (field(say, name), said(say, name, value)))
}

fn text_said(say: Say, name: &str, text: &str) -> String {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return say.date(day);
    }
    if let Ok(moment) = text.parse::<NaiveDateTime>() {
        return say.moment(moment.date(), moment.time());
    }
    match text.parse::<Decimal>() {
        Ok(percent) if name.ends_with(PERCENT) => say.percent(percent),
        Ok(_) => text.to_owned(),
        Err(_) => value_said(say, name, text),
    }
}

/// What stands in a field that takes one of a few names, in words; anything else as it stands there.
fn value_said(say: Say, name: &str, text: &str) -> String {
    let key = format!("log-value-{name}-{text}").replace(['_', '+'], "-");
    let is_name = key.len() <= VALUE_KEY_MAX && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let word = if is_name { say.word(&key) } else { key.clone() };
    if word == key { text.to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::text::Language;

    #[test]
    fn facts_are_said_in_words_amounts_and_days_of_the_language() {
        let data = json!({ "net_ore": 33_334, "on": "2026-05-04", "until_at": "2026-05-04T14:00:00", "vat_percent": "25",
            "illustrative": true, "note": null, "lines": [{ "text": "Lisens", "net_ore": 100 }], "year": 2027 });
        let said = |language| facts(Say::of(language), &data);
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
        let said = |language| facts(Say::of(language), &data).into_iter().map(|(_, value)| value).collect::<Vec<_>>();
        let erased = format!("slettet eller aldri navngitt: {person}");
        assert_eq!(said(Language::Bokmal), ["kontrakt", "Nordlys", &erased, "navn: fylkesbiblioteket", "nynorsk"]);
        assert_eq!(said(Language::English)[0], "contracted");
    }

    #[test]
    fn a_long_list_says_how_much_more_there_is() {
        let data = json!({ "members": (0..12).collect::<Vec<i32>>() });
        assert_eq!(facts(Say::of(Language::Bokmal), &data)[0].1, "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; og 2 til");
    }
}
