//! Every reason to refuse a wish has its sentence in `reports/text`, and no sentence is left over.

use std::collections::{BTreeMap, BTreeSet};

use fluent_templates::fluent_bundle::FluentResource;
use grenselos::domain::assessment::StatementRejection;
use grenselos::domain::cost::CostRejection;
use grenselos::domain::money::Ore;
use serde_json::json;

use crate::files;

/// The rejections of the domain, and what their messages begin with.
const KINDS: [(&str, &str); 17] = [
    ("PartyRejection", "party"),
    ("ProcurementRejection", "procurement"),
    ("AgreementRejection", "agreement"),
    ("SignupRejection", "signup"),
    ("LegacyRejection", "legacy"),
    ("CostRejection", "cost"),
    ("LicenceRejection", "licence"),
    ("KeyRejection", "sharing-key"),
    ("InvoiceRunRejection", "invoice-run"),
    ("SeriesRejection", "series"),
    ("DeliveryRejection", "delivery"),
    ("PaymentsRejection", "payments"),
    ("StatementRejection", "statement"),
    ("SupplierInvoiceRejection", "supplier-invoice"),
    ("CreditNoteRejection", "credit-note"),
    ("AccessRejection", "access"),
    ("WorkRejection", "work"),
];

/// Messages by their names, each with the arguments it has.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// The messages that the enums named `…Rejection` in a source ask for. A variant that holds another rejection asks for none.
fn asked_for(source: &str) -> Messages {
    let mut messages = Messages::new();
    let mut kind: Option<&str> = None;
    let mut variant: Option<String> = None;
    let mut untagged = false;
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("pub enum ").and_then(|rest| rest.strip_suffix(" {")) {
            kind = name.ends_with("Rejection").then(|| prefix_of(name));
        } else if line == "}" {
            kind = None;
        }
        let Some(kind) = kind else { continue };
        let depth = line.len() - line.trim_start().len();
        let word: String = line.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        match depth {
            4 if line.contains("#[serde(untagged)]") => untagged = true,
            4 if word.starts_with(char::is_uppercase) => {
                if !untagged {
                    let name = format!("{kind}-{}", kebab(&word));
                    messages.insert(name.clone(), BTreeSet::new());
                    variant = Some(name);
                }
                untagged = false;
                // Short variants are written on one line.
                for field in line.split(['{', ',']).skip(1).filter_map(|part| part.split_once(':')) {
                    add_field(&mut messages, variant.as_ref(), field.0.trim());
                }
            }
            8 if !word.is_empty() && line.contains(':') => add_field(&mut messages, variant.as_ref(), &word),
            _ => {}
        }
    }
    messages
}

/// What the messages begin with that say what has changed: details of a rejection, and none themselves.
const OF_CHANGES: &str = "changed-";

fn add_field(messages: &mut Messages, variant: Option<&String>, field: &str) {
    if let Some(fields) = variant.and_then(|variant| messages.get_mut(variant)) {
        fields.insert(field.to_owned());
    }
}

fn prefix_of(rejection: &str) -> &'static str {
    KINDS.iter().find(|(name, _)| *name == rejection).map_or_else(
        || panic!("{rejection} is not in the list of rejections: add it with what its messages begin with"),
        |(_, prefix)| *prefix,
    )
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for (index, c) in name.char_indices() {
        if c.is_uppercase() && index > 0 {
            kebab.push('-');
        }
        kebab.extend(c.to_lowercase());
    }
    kebab
}

/// The messages of a Fluent file.
fn written(text: &str) -> Messages {
    let mut messages = Messages::new();
    let mut message: Option<String> = None;
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            message = line.split_once(" =").map(|(name, _)| name.to_owned());
            if let Some(name) = &message {
                assert!(messages.insert(name.clone(), BTreeSet::new()).is_none(), "{name} stands twice");
            }
        }
        let arguments = message.as_ref().and_then(|message| messages.get_mut(message));
        if let Some(arguments) = arguments {
            for after in line.split('$').skip(1) {
                arguments.insert(after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    messages
}

/// Where sentences and reasons do not meet.
fn faults(asked_for: &Messages, written: &Messages) -> Vec<String> {
    let missing = asked_for.keys().filter(|name| !written.contains_key(*name)).map(|name| format!("{name} is missing"));
    let unused = written.iter().filter_map(|(name, arguments)| match asked_for.get(name) {
        None => Some(format!("{name} is never used")),
        Some(fields) => arguments.difference(fields).next().map(|unknown| format!("{name} has no argument {unknown}")),
    });
    missing.chain(unused).collect()
}

#[test]
fn every_reason_to_refuse_has_its_sentence() {
    let mut asked = Messages::new();
    for path in files::below("src/domain") {
        asked.extend(asked_for(&files::read(&path)));
    }
    assert!(asked.len() > 50, "the rejections were not found in the sources");
    let mut sentences = Messages::new();
    for path in files::below("reports/text/en") {
        if path.contains("/rejections") {
            sentences.extend(written(&files::read(&path)));
        }
    }
    sentences.retain(|name, _| !name.starts_with(OF_CHANGES));
    assert_eq!(faults(&asked, &sentences), Vec::<String>::new());
}

#[test]
fn every_change_that_makes_a_plan_stale_has_its_sentence_in_every_language() {
    let source = files::read("src/domain/invoice_run/standing.rs");
    let (_, after) = source.split_once("pub enum Changed {").unwrap();
    let (variants, _) = after.split_once("\n}").unwrap();
    let names = variants.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(','));
    let asked: BTreeSet<String> = names.map(|name| format!("{OF_CHANGES}{}", kebab(name))).collect();
    assert!(asked.len() > 15, "{asked:?}");
    for file in ["en/rejections_money.ftl", "nb/rejections.ftl", "nn/rejections.ftl"] {
        let messages = written(&files::read(&format!("reports/text/{file}")));
        let said: BTreeSet<String> = messages.into_keys().filter(|name| name.starts_with(OF_CHANGES)).collect();
        assert_eq!(said, asked, "{file}");
    }
}

#[test]
fn every_reason_of_plans_and_bank_files_has_its_sentence_in_norwegian() {
    const OF_PLANS: &str = "problem-cannot-be-planned-";
    const OF_FILES: &str = "problem-bank-file-not-taken-";
    let variants_of = |file: &str, name: &str| {
        let source = files::read(file);
        let (_, after) = source.split_once(&format!("pub enum {name} {{")).unwrap();
        let (variants, _) = after.split_once("\n}").unwrap();
        let names = variants
            .lines()
            .filter_map(|line| line.strip_prefix("    ").filter(|line| line.starts_with(char::is_uppercase)));
        names.map(|name| kebab(name.split(|c: char| !c.is_alphanumeric()).next().unwrap())).collect::<Vec<_>>()
    };
    let planning = "src/process/invoice_plan/fault.rs";
    let plans = variants_of(planning, "PlanFault").into_iter().map(|name| format!("{OF_PLANS}{name}"));
    let lacks = variants_of(planning, "Lack").into_iter().map(|name| format!("lacks-{name}"));
    let files =
        variants_of("src/import/bank/mod.rs", "BankFileError").into_iter().map(|name| format!("{OF_FILES}{name}"));
    let asked: BTreeSet<String> = plans.chain(lacks).chain(files).collect();
    assert!(asked.len() > 25, "{asked:?}");
    for language in ["nb", "nn"] {
        let messages = written(&files::read(&format!("reports/text/{language}/problem_reasons.ftl")));
        let is_one = |name: &String| [OF_PLANS, OF_FILES, "lacks-"].iter().any(|kind| name.starts_with(kind));
        let said: BTreeSet<String> = messages.into_keys().filter(is_one).collect();
        assert_eq!(said, asked, "{language}");
    }
}

#[test]
fn a_rejection_names_its_reason_beside_its_fields_also_where_it_holds_another() {
    let rejection = CostRejection::Statement(StatementRejection::AmountNegative { amount_ore: Ore(-1) });
    let written = serde_json::to_value(rejection).unwrap();
    assert_eq!(written, json!({ "rejection": "amount-negative", "amount_ore": -1 }));
}

#[test]
fn all_sentences_are_well_formed() {
    for path in files::below("reports/text") {
        if let Err((_, faults)) = FluentResource::try_new(files::read(&path)) {
            panic!("{path}: {faults:?}");
        }
    }
}

#[test]
fn a_missing_an_unused_and_a_wrong_sentence_would_be_noticed() {
    let source = "
pub enum CostRejection {
    /// It is not recorded.
    NotRecorded,
    /// It is recorded.
    AlreadyRecorded {
        /// The name.
        #[serde(with = \"x\")]
        name: String,
    },
    DueLate { due: NaiveDate, on: NaiveDate },
    /// The statement is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
}
pub enum Other {
    Unrelated,
}
";
    let asked = asked_for(source);
    let names: Vec<&str> = asked.keys().map(String::as_str).collect();
    assert_eq!(names, ["cost-already-recorded", "cost-due-late", "cost-not-recorded"]);
    let sentences = written(
        "### Notes.\ncost-already-recorded = It is { $nam }.\ncost-due-late = Due { $due },\n    not { $on }.\ncost-old = Old.\n",
    );
    assert_eq!(
        faults(&asked, &sentences),
        ["cost-not-recorded is missing", "cost-already-recorded has no argument nam", "cost-old is never used"]
    );
}
