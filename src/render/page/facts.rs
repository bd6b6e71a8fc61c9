//! The facts of an event in words: what each field is called, amounts in kroner, days as the language writes them.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::budget::measure_name;
use super::super::words::Say;
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::domain::sharing_key::EQUAL;

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
pub(super) fn facts(say: Say, event_type: &str, data: &Value) -> Vec<(String, String)> {
    let (kind, _) = event_type.split_once('.').unwrap_or((event_type, ""));
    match data {
        Value::Object(fields) => Telling { say, kind }.known(fields).collect(),
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
    /// What a field is called.
    fn field(self, name: &str) -> String {
        self.say.word(&format!("log-field-{}", name.replace('_', "-")))
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
        let key = format!("log-value-{name}-{text}").replace(['_', '+'], "-");
        let is_name =
            key.len() <= VALUE_KEY_MAX && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_chosen = name != NAME || self.kind == WITH_ROLES;
        let word = if is_name && is_chosen { self.say.word(&key) } else { key.clone() };
        if word == key { text.to_owned() } else { word }
    }
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
    use crate::text::Language;

    #[test]
    fn facts_are_said_in_words_amounts_and_days_of_the_language() {
        let data = json!({ "net_ore": 33_334, "on": "2026-05-04", "until_at": "2026-05-04T14:00:00", "vat_percent": "25",
            "illustrative": true, "note": null, "lines": [{ "text": "Lisens", "net_ore": 100 }], "year": 2027 });
        let said = |language| facts(Say::of(language), "access.granted", &data);
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
            facts(Say::of(language), "access.granted", &data).into_iter().map(|(_, value)| value).collect::<Vec<_>>()
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
            let said = facts(Say::of(language), "sharing-key.adopted", &data).into_iter();
            said.map(|(_, value)| value).collect::<Vec<_>>()
        };
        assert_eq!(said(Language::Bokmal), ["12345678903", "1,0299", "innbyggertall", "01.07.2025 – 31.12.2025"]);
        assert_eq!(said(Language::English)[1..3], ["1.0299", "number of inhabitants"]);
        let equally = json!({ "measure": "equal" });
        assert_eq!(facts(Say::of(Language::Bokmal), "sharing-key.adopted", &equally)[0].1, "Likt");
    }

    #[test]
    fn what_is_called_like_a_role_is_one_where_roles_are_given_alone() {
        let said = |event_type| facts(Say::of(Language::Bokmal), event_type, &json!({ "name": "finance" })).remove(0).1;
        assert_eq!(["access.granted", "licence.recorded"].map(said), ["økonomiavdelingen", "finance"]);
    }

    #[test]
    fn a_long_list_says_how_much_more_there_is() {
        let data = json!({ "members": (0..12).collect::<Vec<i32>>() });
        assert_eq!(
            facts(Say::of(Language::Bokmal), "procurement.opened", &data)[0].1,
            "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; og 2 til"
        );
    }
}
