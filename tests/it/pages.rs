//! Templates of pages: nothing is put in unescaped, nothing runs, and every word of theirs is there in each language.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::files;

/// How the names of what pages say begin.
const OF_PAGES: [&str; 8] =
    ["page-", "event-", "log-kind-", "log-field-", "log-value-", "letter-", "sign-in-", "accounts-"];
/// The script of the pages that ask for a passkey: a file of our own.
const OWN_SCRIPT: &str = "<script src=\"{{@root.frame.assets}}/passkey.js\" defer></script>";
/// What loads the file that keeps a page up to date.
const KEEPS_UP_TO_DATE: &str = "<script src=\"{{frame.assets}}/live.js\"";

fn templates() -> Vec<(String, String)> {
    let paths = files::below("reports/page")
        .into_iter()
        .filter(|path| Path::new(path).extension().is_some_and(|ending| ending == "hbs"));
    paths.map(|path| (path.clone(), files::read(&path))).collect()
}

/// Messages by their names, with all that belongs to them.
fn messages(path: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in files::read(path).lines() {
        if let Some((name, text)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '#'])) {
            found.insert(name.to_owned(), text.to_owned());
            last = Some(name.to_owned());
        } else if let Some(message) = last.as_ref().and_then(|name| found.get_mut(name)) {
            message.push_str(line);
        }
    }
    found
}

fn of_language(code: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in files::below(&format!("reports/text/{code}")) {
        all.extend(messages(&path));
    }
    all
}

/// What is put into a message.
fn arguments(text: &str) -> BTreeSet<&str> {
    let named = text.split('$').skip(1);
    named.filter_map(|after| after.split([' ', '}']).next()).collect()
}

/// What stands in quotation marks after each `before`.
fn quoted<'a>(text: &'a str, before: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).filter_map(|after| after.split('"').next()).collect()
}

#[test]
fn nothing_is_put_in_unescaped_and_nothing_runs() {
    let found = templates();
    assert!(found.len() > 5);
    for (path, template) in found {
        let template = template.replace(OWN_SCRIPT, "");
        for forbidden in
            ["{{{", "{{&", "<script", "<style", " style=", " onclick", "javascript:", "http://", "https://"]
        {
            // The one file that keeps a page up to date is no inline script.
            let template = template.replace(KEEPS_UP_TO_DATE, "");
            assert!(!template.contains(forbidden), "{path} holds {forbidden}");
        }
    }
}

#[test]
fn every_word_of_a_page_is_said_in_bokmal_nynorsk_and_english_with_the_same_put_in() {
    let [bokmal, nynorsk, english] = ["nb", "nn", "en"].map(of_language);
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for (_, template) in templates() {
        for before in ["{{t \"", "{{w \""] {
            asked.extend(quoted(&template, before).into_iter().map(str::to_owned));
        }
    }
    let sources: String = files::below("src/render/page")
        .into_iter()
        .chain(["src/render/budget.rs".to_owned()])
        .map(|path| files::read(&path))
        .collect();
    for before in ["say.word(\"", "say.sentence(\"", "say.of_days(\"", "say.counting(\""] {
        asked.extend(quoted(&sources, before).into_iter().map(str::to_owned));
    }
    asked.extend(bokmal.keys().filter(|name| OF_PAGES.iter().any(|begin| name.starts_with(begin))).cloned());
    for name in &asked {
        let said = bokmal.get(name).unwrap_or_else(|| panic!("{name} is not said in bokmål"));
        for (language, words) in [("nynorsk", &nynorsk), ("English", &english)] {
            let text = words.get(name).unwrap_or_else(|| panic!("{name} is not said in {language}"));
            assert_eq!(arguments(said), arguments(text), "{name} in {language}");
        }
    }
}

#[test]
fn no_word_of_a_page_is_left_over() {
    let templates: String = templates().into_iter().map(|(_, template)| template).collect();
    let sources: String = ["src/render", "src/http/pages", "src/http/sign_in"]
        .iter()
        .flat_map(|folder| files::below(folder))
        .map(|path| files::read(&path))
        .collect();
    let words: BTreeMap<String, String> = files::below("reports/text/nb")
        .iter()
        .filter(|path| ["/page", "/letters", "/sign_in", "/accounts"].iter().any(|begin| path.contains(begin)))
        .flat_map(|path| messages(path))
        .collect();
    let is_used = |name: &str| {
        let quoted = format!("\"{name}\"");
        // What happened is asked for by the name of the event.
        name.starts_with("event-")
            || name.starts_with("log-kind-")
            || name.starts_with("log-field-")
            || name.starts_with("log-value-")
            || templates.contains(&quoted)
            || sources.contains(&quoted)
    };
    let left_over: Vec<&String> = words.keys().filter(|name| !is_used(name)).collect();
    assert_eq!(left_over, Vec::<&String>::new());
}

#[test]
fn every_event_has_its_words() {
    let bokmal = messages("reports/text/nb/page.ftl");
    for (name, _, _) in grenselos::handle::event_schemas() {
        let key = format!("event-{}", name.replace('.', "-"));
        assert!(bokmal.contains_key(&key), "{key} is not said");
    }
}

/// The names of all fields in a schema.
fn fields(schema: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().cloned());
    }
    let within = schema.as_object().into_iter().flat_map(|fields| fields.values());
    for value in within.chain(schema.as_array().into_iter().flatten()) {
        fields(value, found);
    }
}

#[test]
fn every_field_of_an_event_has_its_word_and_every_such_word_a_field() {
    let mut names = BTreeSet::new();
    for path in files::below("events").iter().filter(|path| path.ends_with(".schema.json")) {
        fields(&serde_json::from_str(&files::read(path)).unwrap(), &mut names);
    }
    let keys: BTreeSet<String> = names.iter().map(|name| format!("log-field-{}", name.replace('_', "-"))).collect();
    let said = messages("reports/text/nb/page_log.ftl").into_keys().filter(|name| name.starts_with("log-field-"));
    assert_eq!(said.collect::<BTreeSet<String>>(), keys);
}

/// The names that a field of an event takes, by the name of the field; `root` is the schema, which names parts of itself.
fn values(root: &Value, (field, schema): (&str, &Value), seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) {
    let mut note = |value: &Value| {
        if let Some(value) = value.as_str() {
            found.insert(format!("log-value-{field}-{value}").replace(['_', '+'], "-"));
        }
    };
    match schema {
        Value::Object(keywords) => {
            keywords.get("enum").into_iter().filter_map(Value::as_array).flatten().for_each(&mut note);
            keywords.get("const").into_iter().for_each(&mut note);
            if let Some(part) = keywords.get("$ref").and_then(Value::as_str)
                && seen.insert(format!("{field} {part}"))
            {
                values(root, (field, root.pointer(part.trim_start_matches('#')).unwrap()), seen, found);
            }
            for (keyword, within) in keywords.iter().filter(|(keyword, _)| *keyword != "$defs") {
                match within {
                    Value::Object(fields) if keyword == "properties" => {
                        fields.iter().for_each(|(name, schema)| values(root, (name, schema), seen, found));
                    }
                    _ => values(root, (field, within), seen, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|schema| values(root, (field, schema), seen, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_name_that_a_field_of_an_event_takes_has_its_word_and_every_such_word_a_name() {
    let mut names = BTreeSet::new();
    for path in files::below("events").iter().filter(|path| path.ends_with(".schema.json")) {
        let schema: Value = serde_json::from_str(&files::read(path)).unwrap();
        values(&schema, ("", &schema), &mut BTreeSet::new(), &mut names);
    }
    let said = messages("reports/text/nb/page_log.ftl").into_keys().filter(|name| name.starts_with("log-value-"));
    assert_eq!(said.collect::<BTreeSet<String>>(), names);
}

/// Whether a word is used.
type IsUsed<'a> = &'a dyn Fn(&str) -> bool;

/// What stands before the name of a reason.
const REASONS_OF: [&str; 24] = [
    "access-",
    "agreement-",
    "changed-",
    "cost-",
    "credit-note-",
    "delivery-",
    "invoice-run-",
    "lacks-",
    "legacy-",
    "licence-",
    "party-",
    "payments-",
    "problem-bank-file-not-taken-",
    "problem-cannot-be-credited-",
    "problem-cannot-be-planned-",
    "problem-cannot-be-reminded-",
    "problem-done-in-part-",
    "problem-log-damaged-",
    "procurement-",
    "series-",
    "sharing-key-",
    "signup-",
    "unnumbered-",
    "work-",
];

/// `nothing-left` as the code has it: `NothingLeft`.
fn as_variant(name: &str) -> String {
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    name.split('-').map(capital).collect::<Vec<String>>().concat()
}

#[test]
fn no_word_of_a_document_an_error_or_a_rule_is_left_over() {
    let sources: String = files::below("src").into_iter().map(|path| files::read(&path)).collect();
    let variants: BTreeSet<&str> =
        sources.lines().map(|line| line.trim_start().split([' ', ',', '(', '{']).next().unwrap()).collect();
    let is_quoted = |name: &str| sources.contains(&format!("\"{name}\""));
    let is_of_a_rule = |name: &str| {
        let reasons = REASONS_OF.iter().filter_map(|begin| name.strip_prefix(begin));
        reasons.map(|reason| (as_variant(reason), reason)).any(|(variant, reason)| {
            variants.contains(variant.as_str()) || is_quoted(reason) || is_quoted(&reason.replace('-', "_"))
        })
    };
    let is_used: [(&str, IsUsed<'_>); 9] = [
        ("accounting", &is_quoted),
        ("agreement", &is_quoted),
        ("budget", &is_quoted),
        ("document", &|name| is_quoted(name.trim_end_matches("-means"))),
        ("ehf", &is_quoted),
        ("invoice_plan", &is_quoted),
        ("problems", &|name| is_quoted(name.trim_start_matches("problem-"))),
        ("problem_reasons", &is_of_a_rule),
        ("rejections", &is_of_a_rule),
    ];
    for (file, is_used) in is_used {
        let names = messages(&format!("reports/text/nb/{file}.ftl"));
        let left_over: Vec<&String> = names.keys().filter(|name| !is_used(name)).collect();
        assert!(!names.is_empty() && left_over.is_empty(), "{file}: {left_over:?}");
    }
}
