//! Forms: what was typed, what of it was not taken, and the fields as templates show them.

use std::collections::BTreeMap;

use serde::Serialize;

/// What was typed into a form, and what of it was not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Which form of the page it was.
    pub form: &'static str,
    /// What was typed, by the names of the fields.
    pub typed: BTreeMap<String, String>,
    /// The fields that were not taken, each with the key of what is wrong with it.
    pub refused: BTreeMap<String, &'static str>,
    /// Why the whole was not taken, in English.
    pub fault: Option<String>,
}

impl Filled {
    /// Whether something was not taken.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty() || self.fault.is_some()
    }

    /// The same where it is this form; nothing typed where it is another.
    pub(super) fn of<'a>(&'a self, form: &str, empty: &'a Self) -> &'a Self {
        if self.form == form { self } else { empty }
    }

    /// What was typed into a field, and what it holds before anything is.
    pub(super) fn value<'a>(&'a self, name: &str, before: &'a str) -> &'a str {
        if self.form.is_empty() { before } else { self.typed.get(name).map_or("", String::as_str) }
    }

    /// A field as a template shows it. `form` makes its id one of its own on the page.
    pub(super) fn field<'a>(&'a self, form: &str, named: Named<'a>, kind: Kind<'a>, before: &'a str) -> Field<'a> {
        let Named { name, label, hint } = named;
        let refused = self.refused.get(name).copied();
        let value = self.value(name, before);
        let wide = matches!(kind, Kind::Text) && hint.is_some();
        let (input, mode, choices) = match kind {
            Kind::Text => ("text", "text", None),
            Kind::Amount => ("text", "decimal", None),
            Kind::Whole => ("text", "numeric", None),
            Kind::Email => ("email", "email", None),
            // What is no day stays as it was typed.
            Kind::Day if refused.is_some() => ("text", "text", None),
            Kind::Day => ("date", "text", None),
            Kind::Choice(choices) => ("", "", Some(choices)),
        };
        let choices = choices.map(|choices| {
            choices.into_iter().map(|(choice, text)| Choice { chosen: choice == value, value: choice, text }).collect()
        });
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
}

#[derive(Debug, Clone, Serialize)]
struct Choice<'a> {
    value: &'a str,
    text: String,
    chosen: bool,
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
    refused: Option<&'static str>,
    choices: Option<Vec<Choice<'a>>>,
    /// Whether sentences are typed into it.
    wide: bool,
}

impl Field<'_> {
    /// The same with another label, which is made of figures.
    pub(super) fn saying(self, text: String) -> Self {
        Self { text: Some(text), ..self }
    }
}

/// What stands above a form that was not taken.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Refusal<'a> {
    is_refused: bool,
    fault: Option<&'a str>,
}

impl<'a> From<&'a Filled> for Refusal<'a> {
    fn from(filled: &'a Filled) -> Self {
        Self { is_refused: filled.is_refused(), fault: filled.fault.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(refused: &[(&'static str, &'static str)]) -> Filled {
        Filled {
            form: "hearing",
            typed: BTreeMap::from([("answer_by".to_owned(), "soon".to_owned())]),
            refused: refused.iter().map(|(name, key)| ((*name).to_owned(), *key)).collect(),
            fault: None,
        }
    }

    #[test]
    fn what_was_typed_stays_also_where_it_is_no_day() {
        let sound = filled(&[]);
        let field = sound.field("hearing", named("answer_by", "page-answer-by"), Kind::Day, "");
        assert_eq!((field.value, field.input, field.refused), ("soon", "date", None));
        let faulty = filled(&[("answer_by", "page-date-refused")]);
        let field = faulty.field("hearing", named("answer_by", "page-answer-by"), Kind::Day, "");
        assert_eq!((field.value, field.input, field.refused), ("soon", "text", Some("page-date-refused")));
    }

    #[test]
    fn a_form_that_was_not_sent_shows_what_it_holds_before() {
        let (filled, empty) = (filled(&[]), Filled::default());
        let other = filled.of("adopt", &empty);
        assert_eq!(other.value("answer_by", "2024-05-01"), "2024-05-01");
        assert_eq!(filled.of("hearing", &empty).value("answer_by", "2024-05-01"), "soon");
    }
}
