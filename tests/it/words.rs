//! The words of documents: none is missing in a language, none is left over, none of Northern Sámi is invented.

use std::collections::{BTreeMap, BTreeSet};

use fluent_templates::fluent_bundle::FluentResource;

use crate::files;

/// Messages by their names, with their text as it is written.
fn messages(path: &str) -> BTreeMap<String, String> {
    let text = files::read(path);
    FluentResource::try_new(text.clone()).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
    text.lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}

/// What is put into a message.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split("{ $").skip(1).filter_map(|after| after.split(' ').next()).collect()
}

#[test]
fn nynorsk_says_all_that_bokmal_says_with_the_same_put_in() {
    for file in ["fixed", "invoice_plan", "ehf", "agreement", "letters", "problems", "problem_reasons", "rejections"] {
        let [bokmal, nynorsk] = ["nb", "nn"].map(|language| messages(&format!("reports/text/{language}/{file}.ftl")));
        assert_eq!(bokmal.keys().collect::<Vec<_>>(), nynorsk.keys().collect::<Vec<_>>());
        for (name, text) in &bokmal {
            assert_eq!(arguments(text), arguments(&nynorsk[name]), "{name}");
        }
    }
}

#[test]
fn a_rule_that_pages_say_in_norwegian_is_one_of_those_said_in_english_and_puts_in_no_more() {
    let english: BTreeMap<String, String> =
        ["rejections", "rejections_access", "rejections_money", "rejections_payments"]
            .iter()
            .flat_map(|file| messages(&format!("reports/text/en/{file}.ftl")))
            .collect();
    for (name, text) in messages("reports/text/nb/rejections.ftl") {
        let said = english.get(&name).unwrap_or_else(|| panic!("{name} is no rule"));
        // What is said in several forms is read as far as its first line.
        let is_whole = !said.is_empty() && !said.contains("->");
        let missing: Vec<&str> = arguments(&text).difference(&arguments(said)).copied().collect();
        assert!(!is_whole || missing.is_empty(), "{name}: {missing:?}");
    }
}

#[test]
fn what_pages_say_of_a_kind_of_problem_is_of_one_there_is() {
    let kinds = files::read("src/http/problem.rs");
    for (name, text) in messages("reports/text/nb/problems.ftl") {
        let code = name.strip_prefix("problem-").unwrap();
        assert!(kinds.contains(&format!("\"{code}\"")) && arguments(&text).is_empty(), "{name}");
    }
}

/// What the rules begin with that a form of a page may meet.
const MET_BY_FORMS: [&str; 9] = [
    "access-",
    "agreement-",
    "credit-note-",
    "delivery-",
    "invoice-run-",
    "payments-",
    "series-",
    "sharing-key-",
    "signup-",
];

#[test]
fn every_rule_that_a_form_may_meet_and_every_kind_of_problem_is_said_in_norwegian() {
    let english = ["rejections", "rejections_access", "rejections_money", "rejections_payments"]
        .map(|file| messages(&format!("reports/text/en/{file}.ftl")));
    let rules = english.iter().flat_map(BTreeMap::keys);
    let met = rules.filter(|name| MET_BY_FORMS.iter().any(|begin| name.starts_with(begin))).cloned();
    let source = files::read("src/http/problem.rs");
    let kinds = source.split("kinds! {").nth(1).unwrap().split("\n}").next().unwrap();
    let kinds = kinds.lines().filter_map(|line| Some(format!("problem-{}", line.split('"').nth(1)?)));
    let asked: Vec<String> = met.chain(kinds).collect();
    assert!(asked.len() > 150, "{}", asked.len());
    let in_parts = files::read("reports/text/nb/problem_reasons.ftl");
    for language in ["nb", "nn"] {
        let said: BTreeMap<String, String> = ["rejections", "problems"]
            .iter()
            .flat_map(|file| messages(&format!("reports/text/{language}/{file}.ftl")))
            .collect();
        // Some kinds have a sentence for each of their reasons.
        let missing: Vec<&String> = asked
            .iter()
            .filter(|name| !said.contains_key(*name) && !in_parts.contains(&format!("\n{name}-")))
            .collect();
        assert_eq!(missing, Vec::<&String>::new(), "{language}");
    }
}

#[test]
fn every_word_of_northern_sami_is_verified_in_the_glossary_and_stands_beside_bokmal() {
    let bokmal: BTreeMap<String, String> = files::below("reports/text/nb")
        .iter()
        .filter(|path| ["/fixed", "/page"].iter().any(|begin| path.contains(begin)))
        .flat_map(|path| messages(path))
        .collect();
    let glossary = files::read("events/glossary.csv");
    let mut reader = csv::Reader::from_reader(glossary.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (norwegian, sami, source) = (column("nb"), column("se_northern_sami"), column("se_source"));
    let verified: BTreeMap<String, String> = reader
        .records()
        .map(Result::unwrap)
        .filter(|row| !row[source].is_empty())
        .map(|row| (row[sami].to_owned(), row[norwegian].to_owned()))
        .collect();
    let words = ["fixed", "page"].map(|file| messages(&format!("reports/text/se/{file}.ftl")));
    for (name, word) in words.into_iter().flatten() {
        let of = verified.get(&word).unwrap_or_else(|| panic!("{name}: \"{word}\" is not verified in the glossary"));
        let said = bokmal[&name].to_lowercase();
        assert!(of.to_lowercase().starts_with(&said), "{name}: \"{word}\" stands for \"{of}\" and not for \"{said}\"");
    }
}

#[test]
fn every_word_of_pages_that_northern_sami_has_a_verified_term_for_is_said_by_it() {
    let glossary = files::read("events/glossary.csv");
    let mut reader = csv::Reader::from_reader(glossary.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (norwegian, source) = (column("nb"), column("se_source"));
    let verified = reader.records().map(Result::unwrap).filter(|row| !row[source].is_empty());
    let terms: BTreeSet<String> = verified.map(|row| row[norwegian].to_lowercase()).collect();
    let said = messages("reports/text/se/page.ftl");
    let pages = files::below("reports/text/nb").into_iter().filter(|path| path.contains("/page"));
    let unsaid: Vec<String> = pages
        .flat_map(|path| messages(&path))
        .filter(|(name, text)| terms.contains(&text.to_lowercase()) && !said.contains_key(name))
        .map(|(name, text)| format!("{name} = {text}"))
        .collect();
    assert_eq!(unsaid, Vec::<String>::new());
}

#[test]
fn no_word_of_documents_is_missing_or_left_over() {
    let sources: String = ["src/render", "reports"]
        .iter()
        .flat_map(|folder| files::below(folder))
        .filter(|path| [".rs", ".typ"].iter().any(|ending| path.ends_with(ending)))
        .map(|path| files::read(&path))
        .collect();
    let fixed: BTreeSet<String> = messages("reports/text/nb/fixed.ftl")
        .into_keys()
        .map(|name| name.trim_start_matches("fixed-").to_owned())
        .collect();
    let asked: BTreeSet<&str> = ["said(\"", "fixed.words.at(\""]
        .iter()
        .flat_map(|ask| sources.split(ask).skip(1))
        .filter_map(|after| after.split('"').next())
        .collect();
    let missing: Vec<&&str> = asked.iter().filter(|name| !fixed.contains(**name)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
    let left_over: Vec<&String> = fixed.iter().filter(|name| !sources.contains(&format!("\"{name}\""))).collect();
    assert_eq!(left_over, Vec::<&String>::new());
    let of_accounting = messages("reports/text/nb/accounting.ftl");
    let left_over: Vec<&String> =
        of_accounting.keys().filter(|name| !sources.contains(&format!("\"{name}\""))).collect();
    assert_eq!(left_over, Vec::<&String>::new());
}
