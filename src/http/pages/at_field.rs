//! Which field of a form a rule speaks of: what it says then stands beside that field, and not above the form.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The fields that a rule speaks of, by the name of its reason: of several the one that the form has.
const FIELDS: [(&str, &[&str]); 37] = [
    ("agreement-sent-before-drafted", &["on"]),
    ("agreement-answer-before-sent", &["answer_by"]),
    ("agreement-signed-before-sent", &["on"]),
    ("agreement-role-missing", &["role"]),
    ("agreement-authority-missing", &["authority"]),
    ("agreement-before-signed", &["from", "on"]),
    ("agreement-member-from-too-early", &["member_from"]),
    ("agreement-last-day-too-early", &["last_day"]),
    ("agreement-withdrawn-before-notice", &["on"]),
    ("agreement-notice-run-out", &["on"]),
    ("agreement-ends-by-notice", &["last_day"]),
    ("credit-note-credit-reason-missing", &["reason"]),
    ("credit-note-credit-before-invoice", &["date"]),
    ("credit-note-credit-to-come", &["date"]),
    ("credit-note-credit-dated-back", &["date"]),
    ("delivery-statement-incomplete", &["reason"]),
    ("invoice-run-year-not-taken", &["invoice_date"]),
    ("invoice-run-dated-back", &["invoice_date"]),
    ("invoice-run-dated-ahead", &["invoice_date"]),
    ("invoice-run-due-before-date", &["due_date"]),
    ("invoice-run-due-passed", &["due_date"]),
    ("invoice-run-objections-until-impossible", &["objections_until"]),
    ("invoice-run-objections-until-too-late", &["objections_until"]),
    ("invoice-run-role-missing", &["role"]),
    ("payments-amount-not-positive", &["amount"]),
    ("payments-amount-too-large", &["amount"]),
    ("payments-more-than-open", &["amount"]),
    ("payments-more-than-outstanding", &["amount"]),
    ("payments-matched-more", &["amount"]),
    ("payments-day-not-taken", &["booked_on"]),
    ("payments-booked-later", &["booked_on"]),
    ("sharing-key-year-not-taken", &["applies_from", "answer_by"]),
    ("sharing-key-already-adopted-from", &["applies_from"]),
    ("sharing-key-later-adopted", &["applies_from"]),
    ("sharing-key-before-proposed", &["applies_from"]),
    ("sharing-key-already-in-hearing", &["answer_by"]),
    ("sharing-key-answer-by-too-early", &["answer_by"]),
];

/// Rules that say by themselves which field they speak of.
const OBJECTION_TEXT_UNFIT: &str = "invoice-run-objection-text-unfit";

/// The field of a form that a rule speaks of; none where it speaks of the whole, or of what the form does not ask for.
pub fn field_of(code: &str, details: &Map<String, Value>, typed: &BTreeMap<String, String>) -> Option<String> {
    let of_code = FIELDS.iter().filter(|(known, _)| *known == code).flat_map(|(_, fields)| *fields);
    let named = details.get("field").and_then(Value::as_str).filter(|_| code == OBJECTION_TEXT_UNFIT);
    let of_line = details.get("line").map(|line| format!("line-{line}"));
    let mut fields = of_code.copied().chain(named).map(str::to_owned).chain(of_line);
    fields.find(|field| typed.contains_key(field))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(code: &str, details: &Value, typed: &[&str]) -> Option<String> {
        let typed = typed.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        field_of(code, details.as_object().unwrap(), &typed)
    }

    #[test]
    fn a_rule_is_said_beside_the_field_that_it_speaks_of_where_the_form_has_it() {
        let of = |code, details: Value, typed: &[&str]| field(code, &details, typed).unwrap_or_default();
        assert_eq!(of("invoice-run-due-passed", json!({}), &["invoice_date", "due_date"]), "due_date");
        assert_eq!(of("invoice-run-due-passed", json!({}), &["role"]), "", "to approve asks for no day");
        assert_eq!(of("agreement-before-signed", json!({}), &["on"]), "on");
        assert_eq!(of("credit-note-above-what-is-left", json!({ "line": 2 }), &["line-1", "line-2"]), "line-2");
        assert_eq!(of(OBJECTION_TEXT_UNFIT, json!({ "field": "reference" }), &["text", "reference"]), "reference");
        assert_eq!(of("invoice-run-own-plan", json!({ "field": "role" }), &["role"]), "");
    }

    #[test]
    fn every_reason_is_one_that_a_rule_gives() {
        let sentences = ["rejections", "rejections_money", "rejections_payments"].map(|file| {
            let path = format!("{}/reports/text/en/{file}.ftl", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        });
        for (code, _) in FIELDS {
            let begins = format!("{code} = ");
            assert!(sentences.iter().any(|text| text.lines().any(|line| line.starts_with(&begins))), "{code}");
        }
    }
}
