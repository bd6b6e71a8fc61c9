//! Forms: what was typed, what of it was not taken, and the fields as templates show them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::key_fault::key_error_said;
use super::super::words::Say;
use super::address::as_parameter;
use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyError;
use crate::text::{Language, Put, Said, change_sentence, rejection_in};

/// Where what was typed can be sent again, after one has signed in or proven who one is.
pub const RESUMED: &str = "/resumed";

/// The reason of a form that was sent before, and would do something else by now.
const USED_UP: &str = "idempotency-key-reused";

/// A day as people type it: `2023-06-01`, or `01.06.2023`.
#[must_use]
pub fn typed_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d.%m.%Y").ok())
}

/// The reason of what was done in part, and stands.
const DONE_IN_PART: &str = "done-in-part";

/// Why the whole of a form was not taken, or one of its fields by a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The stable name of the reason, which is that of its sentence.
    pub code: String,
    /// What is put into the sentence.
    pub details: Map<String, Value>,
    /// The sentence in English, for languages that have none.
    pub sentence: String,
}

impl Fault {
    /// Whether some of what was asked for was done, and its sentence says what.
    pub(super) fn is_of_a_part(&self) -> bool {
        self.code == DONE_IN_PART
    }

    /// The sentence in a language; in English where that has none.
    pub(super) fn said(&self, say: Say) -> Said {
        let with: Vec<(&str, Put)> =
            self.details.iter().map(|(name, value)| (name.as_str(), put(say, name, value))).collect();
        // What does not come from a rule has its own sentence in English; in other languages one for its reason, or one for
        // all of its kind.
        let of_kind = format!("problem-{}", self.code);
        let reason = self.details.get("reason").and_then(Value::as_str).map(|reason| format!("{of_kind}-{reason}"));
        let in_norwegian = |message: &str| rejection_in(say.language, message, &with);
        let of_a_problem = || reason.as_deref().and_then(in_norwegian).or_else(|| in_norwegian(&of_kind));
        rejection_in(say.language, &self.code, &with)
            .or_else(|| of_a_problem().filter(|_| say.language != Language::English))
            .unwrap_or_else(|| Said { text: self.sentence.clone(), language: Language::English })
    }
}

/// A detail of a reason as a language writes it: amounts (`..._ore`) in kroner, days in figures.
fn put(say: Say, name: &str, value: &Value) -> Put {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(ore) if name.ends_with("_ore") => Put::Text(say.in_ore().amount(Ore(ore))),
            Some(whole) => Put::Count(whole),
            None => Put::Text(number.to_string()),
        },
        Value::String(text) => Put::Text(text.parse().map_or_else(|_| text.clone(), |day| say.date(day))),
        Value::Array(values) if values.iter().any(Value::is_object) => {
            let said =
                values.iter().map(|one| change_sentence(say.language, one, &|name, value| put(say, name, value)));
            Put::Text(said.collect::<Vec<_>>().join("; "))
        }
        Value::Array(values) => {
            let texts = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            Put::Text(texts.collect::<Vec<_>>().join(", "))
        }
        Value::Object(_) => {
            // What lies behind is a fault of its own.
            let behind = Fault::deserialize(value).map(|fault| fault.said(say).text);
            Put::Text(behind.unwrap_or_else(|_| value.to_string()))
        }
        Value::Null | Value::Bool(_) => Put::Text(value.to_string()),
    }
}

/// What was typed into a form, and what of it was not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Which form of the page it was.
    pub form: &'static str,
    /// What was typed, by the names of the fields.
    pub typed: BTreeMap<String, String>,
    /// The fields that were not taken, each with the key of what is wrong with it.
    pub refused: BTreeMap<String, &'static str>,
    /// The fields that a rule did not take, each with why.
    pub ruled_out: BTreeMap<String, Fault>,
    /// Why the whole was not taken.
    pub fault: Option<Fault>,
    /// Why the key that was typed could not be used.
    pub faulty_key: Option<KeyError>,
    /// Whether it could be taken after one has proven who one is.
    pub needs_proof: bool,
}

impl Filled {
    /// Nothing, of no form.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            form: "",
            typed: BTreeMap::new(),
            refused: BTreeMap::new(),
            ruled_out: BTreeMap::new(),
            fault: None,
            faulty_key: None,
            needs_proof: false,
        }
    }

    /// Whether something was not taken.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let is_field_refused = !self.refused.is_empty() || !self.ruled_out.is_empty();
        is_field_refused || self.fault.is_some() || self.faulty_key.is_some() || self.needs_proof
    }

    /// Whether it was sent before, and would do something else by now.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.code == USED_UP)
    }

    /// The same where it is this form; nothing typed where it is another.
    pub(super) fn of<'a>(&'a self, form: &str, empty: &'a Self) -> &'a Self {
        if self.form == form { self } else { empty }
    }

    /// What stands above the form.
    pub(super) fn refusal(&self, say: Say) -> Refusal {
        let faulty_key = || self.faulty_key.as_ref().map(|fault| SaidShown::of_key(fault, say));
        Refusal {
            is_refused: self.is_refused(),
            fault: self.fault.as_ref().map(|fault| SaidShown::of(fault, say)).or_else(faulty_key),
            proof: self.needs_proof.then(|| as_parameter(RESUMED)),
        }
    }

    /// What was typed into a field, and what it holds before anything is.
    pub(super) fn value<'a>(&'a self, name: &str, before: &'a str) -> &'a str {
        if self.form.is_empty() { before } else { self.typed.get(name).map_or("", String::as_str) }
    }

    /// A field as a template shows it. `form` makes its id one of its own on the page.
    pub(super) fn field<'a>(&'a self, form: &str, named: Named<'a>, kind: Kind<'a>, before: &'a str) -> Field<'a> {
        let Named { name, label, hint } = named;
        let by_a_rule = || self.ruled_out.get(name).map(Refused::Rule);
        let refused = self.refused.get(name).map(|key| Refused::Word(key)).or_else(by_a_rule);
        let value = self.value(name, before);
        let wide = matches!(kind, Kind::Text) && hint.is_some();
        let mut groups = Vec::new();
        let (input, mode, choices) = match kind {
            Kind::Amount => ("text", "decimal", None),
            Kind::Whole => ("text", "numeric", None),
            Kind::Email => ("email", "email", None),
            Kind::Day if value.trim().is_empty() || typed_day(value).is_some() => ("date", "text", None),
            // What is no day stays as it was typed.
            Kind::Text | Kind::Day => ("text", "text", None),
            Kind::Choice(choices) => ("", "", Some(choices)),
            Kind::Grouped(choices, grouped) => {
                groups = grouped;
                ("", "", Some(choices))
            }
        };
        let offered = |choices: Vec<(&'a str, String)>| {
            choices.into_iter().map(|(choice, text)| Choice { chosen: choice == value, value: choice, text }).collect()
        };
        let choices = choices.map(offered);
        let groups = groups.into_iter().map(|(label, choices)| Group { label, choices: offered(choices) }).collect();
        Field {
            id: format!("{form}-{name}"),
            name,
            label,
            text: None,
            hint,
            input,
            mode,
            value,
            refused,
            choices,
            groups,
            wide,
        }
    }
}

/// What a field is called in the form, and the keys of its label and its hint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub name: &'a str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
}

/// A field without a hint.
pub(super) fn named<'a>(name: &'a str, label: &'static str) -> Named<'a> {
    Named { name, label, hint: None }
}

/// What is typed into a field.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    /// A line of text.
    Text,
    /// An amount or a percentage.
    Amount,
    /// A whole number.
    Whole,
    /// An e-mail address.
    Email,
    /// A day.
    Day,
    /// One of several, each with what it is called.
    Choice(Vec<(&'a str, String)>),
    /// The same, and further ones in groups, each with the key of what the group is called.
    Grouped(Vec<(&'a str, String)>, Vec<(&'static str, Vec<(&'a str, String)>)>),
}

#[derive(Debug, Clone, Serialize)]
struct Group<'a> {
    label: &'static str,
    choices: Vec<Choice<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice<'a> {
    value: &'a str,
    text: String,
    chosen: bool,
}

/// What is wrong with a field: the key of it, or what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
enum Refused<'a> {
    Word(&'static str),
    Rule(&'a Fault),
}

/// A field as a template shows it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field<'a> {
    id: String,
    name: &'a str,
    label: &'static str,
    /// What stands in the place of the label where it is made of figures.
    text: Option<String>,
    hint: Option<&'static str>,
    input: &'static str,
    mode: &'static str,
    value: &'a str,
    refused: Option<Refused<'a>>,
    choices: Option<Vec<Choice<'a>>>,
    groups: Vec<Group<'a>>,
    /// Whether sentences are typed into it.
    wide: bool,
}

impl Field<'_> {
    /// The same with another label, which is made of figures.
    pub(super) fn saying(self, text: String) -> Self {
        Self { text: Some(text), ..self }
    }
}

/// What is said, and the language it is said in.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SaidShown {
    text: String,
    language: &'static str,
}

impl SaidShown {
    pub(super) fn of(fault: &Fault, say: Say) -> Self {
        Self::said(&fault.said(say))
    }

    fn of_key(fault: &KeyError, say: Say) -> Self {
        let why = key_error_said(say, fault);
        Self {
            text: say.sentence("sharing-key-key-faulty", [("fault", why.trim_end_matches('.'))]),
            language: say.language.code(),
        }
    }

    pub(super) fn said(said: &Said) -> Self {
        Self { text: said.text.clone(), language: said.language.code() }
    }
}

/// What stands above a form that was not taken.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Refusal {
    is_refused: bool,
    fault: Option<SaidShown>,
    /// The page to come back to from proving who one is, where that is what it takes.
    proof: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(refused: &[(&'static str, &'static str)]) -> Filled {
        Filled {
            form: "hearing",
            typed: BTreeMap::from([("answer_by".to_owned(), "soon".to_owned())]),
            refused: refused.iter().map(|(name, key)| ((*name).to_owned(), *key)).collect(),
            ..Filled::default()
        }
    }

    #[test]
    fn a_rule_is_said_in_the_language_of_the_page_or_else_in_english() {
        let fault = |code: &str, details: Value| Fault {
            code: code.to_owned(),
            details: details.as_object().unwrap().clone(),
            sentence: "In English.".to_owned(),
        };
        let more = fault("payments-more-than-open", serde_json::json!({ "amount_ore": 150_050, "open_ore": 100 }));
        assert_eq!(
            more.said(Say::of(Language::Bokmal)).text,
            "1\u{a0}500,50 kroner er mer enn de 1,00 som er åpne av betalingen. Skriv et mindre beløp, eller ta \
             betalingen fra en faktura først."
        );
        let late = fault("access-until-passed", serde_json::json!({ "until": "2022-04-03", "on": "2022-04-04" }));
        assert!(late.said(Say::of(Language::Nynorsk)).text.contains("03.04.2022"));
        let lacking = fault(
            "cannot-be-planned",
            serde_json::json!({ "reason": "everybody-lacks", "year": 2024, "more_count": 2,
                "lacking": [{ "of": "Bardu", "lacks": "buyer-reference" }, { "of": "Alta", "lacks": "finance-contact" }] }),
        );
        assert_eq!(
            lacking.said(Say::of(Language::Bokmal)).text,
            "Alle som er igjen å fakturere i 2024, mangler noe: Bardu (bestillerreferanse); Alta (økonomikontakt med \
             e-postadresse); og 2 til. Registrer det først."
        );
        assert_eq!(lacking.said(Say::of(Language::English)).text, "In English.");
        let unknown = fault("of-no-kind", serde_json::json!({}));
        let expected = Said { text: "In English.".to_owned(), language: Language::English };
        assert_eq!(unknown.said(Say::of(Language::Bokmal)), expected);
    }

    #[test]
    fn a_day_is_typed_as_norwegians_write_it_or_as_browsers_do() {
        let expected = NaiveDate::from_ymd_opt(2023, 6, 1);
        assert_eq!(["2023-06-01", "01.06.2023", " 1.6.2023"].map(typed_day), [expected; 3]);
        assert_eq!(typed_day("31.02.2023"), None);
    }

    #[test]
    fn what_was_typed_stays_also_where_it_is_no_day() {
        let sound = filled(&[]);
        let field = sound.field("hearing", named("answer_by", "page-answer-by"), Kind::Day, "");
        assert_eq!((field.value, field.input, field.refused), ("soon", "text", None));
        let faulty = filled(&[("answer_by", "page-date-refused")]);
        let field = faulty.field("hearing", named("answer_by", "page-answer-by"), Kind::Day, "");
        assert_eq!(
            (field.value, field.input, field.refused),
            ("soon", "text", Some(Refused::Word("page-date-refused")))
        );
    }

    #[test]
    fn a_form_that_was_not_sent_shows_what_it_holds_before() {
        let (filled, empty) = (filled(&[]), Filled::default());
        let other = filled.of("adopt", &empty);
        assert_eq!(other.value("answer_by", "2024-05-01"), "2024-05-01");
        assert_eq!(filled.of("hearing", &empty).value("answer_by", "2024-05-01"), "soon");
    }
}
