//! What is said of a value that cannot be read: the field, and the form that is expected.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What libraries say of a day that is none.
const NO_DAY: [&str; 5] = [
    "input is out of range",
    "no possible date and time matching input",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];
/// What is said instead.
const DAY: &str = "there is no such day; write it as 2024-12-31";
/// How libraries call the whole numbers that are taken, and what people call them.
const WHOLE: [(&str, &str); 5] = [
    ("expected u32", "expected a whole number, zero or more"),
    ("expected u64", "expected a whole number, zero or more"),
    ("expected usize", "expected a whole number, zero or more"),
    ("expected i32", "expected a whole number"),
    ("expected i64", "expected a whole number"),
];
/// How the fields end that hold amounts.
const ORE: &str = "_ore";
/// Above this many fields no search is made for the one at fault.
const FIELDS_SEARCHED_MAX: usize = 32;

/// JSON that is not what is needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be taken: {what}", field.as_deref().unwrap_or("the body"))]
pub struct Unreadable {
    /// The field at fault, where it is one.
    pub field: Option<String>,
    what: String,
}

/// JSON as what is needed.
///
/// # Errors
/// Names the field that cannot be read, and what is expected.
pub fn read<T: DeserializeOwned>(body: &Value) -> Result<T, Unreadable> {
    let read = |body: &Value| serde_json::from_value::<T>(body.clone()).map_err(|error| error.to_string());
    read(body).map_err(|error| {
        let field = field_at_fault(body, &error, |body| read(body).err());
        let is_amount = field.as_ref().is_some_and(|field| field.ends_with(ORE));
        let hint = if is_amount { "; amounts are whole øre, without quotation marks" } else { "" };
        Unreadable { field, what: format!("{}{hint}", plainly(&error)) }
    })
}

/// A day of the command line.
///
/// # Errors
/// It is none.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| DAY.to_owned())
}

/// What a library says of a value, or what it means by it where it is about days, ids and whole numbers.
#[must_use]
pub fn plainly(said: &str) -> String {
    if NO_DAY.contains(&said) {
        return DAY.to_owned();
    }
    if said.starts_with("UUID parsing failed") {
        return "it is no id; ids are UUIDs, as the lists show them".to_owned();
    }
    let whole = WHOLE.iter().find(|(type_name, _)| said.ends_with(type_name));
    whole.map_or_else(|| said.to_owned(), |(type_name, called)| said.replace(type_name, called))
}

/// The field that is missing, or without which another error, or none, is found.
fn field_at_fault(body: &Value, error: &str, fault: impl Fn(&Value) -> Option<String>) -> Option<String> {
    if let Some(missing) = error.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return Some(missing.to_owned());
    }
    let fields = body.as_object().filter(|fields| fields.len() <= FIELDS_SEARCHED_MAX)?;
    let without = |name: &String| {
        let mut others = fields.clone();
        others.remove(name);
        Value::Object(others)
    };
    // Without its name a command has none of its other faults.
    fields
        .keys()
        .filter(|name| *name != "command")
        .find(|name| fault(&without(name)).as_deref() != Some(error))
        .cloned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
    #[expect(dead_code, reason = "what is read is not looked at")]
    enum Command {
        Record { county: Uuid, on: NaiveDate, amount_ore: i64, months: u32 },
    }

    fn said(change: &str, value: Value) -> String {
        let mut body =
            json!({ "command": "record", "county": Uuid::nil(), "on": "2024-02-29", "amount_ore": 1, "months": 1 });
        body[change] = value;
        read::<Command>(&body).unwrap_err().to_string()
    }

    #[test]
    fn the_field_is_named_with_the_form_that_is_expected() {
        assert_eq!(said("on", json!("2024-02-30")), "on cannot be taken: there is no such day; write it as 2024-12-31");
        assert_eq!(
            said("county", json!("55")),
            "county cannot be taken: it is no id; ids are UUIDs, as the lists show them"
        );
        assert_eq!(
            said("amount_ore", json!("12.50")),
            "amount_ore cannot be taken: invalid type: string \"12.50\", expected a whole number; amounts are whole øre, \
             without quotation marks"
        );
        assert_eq!(
            said("months", json!(-1)),
            "months cannot be taken: invalid value: integer `-1`, expected a whole number, zero or more"
        );
        let missing = read::<Command>(&json!({ "command": "record", "county": Uuid::nil(), "on": "2024-02-29" }));
        assert!(missing.unwrap_err().to_string().starts_with("amount_ore cannot be taken: missing field `amount_ore`"));
        assert!(said("colour", json!("blue")).starts_with("colour cannot be taken: unknown field `colour`"));
        assert!(said("command", json!("recall")).starts_with("the body cannot be taken: unknown variant `recall`"));
    }
}
