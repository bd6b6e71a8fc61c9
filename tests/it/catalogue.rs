//! `events/` says what the log holds: a schema and an example for every event and version, and nothing else.

use std::collections::BTreeSet;
use std::path::PathBuf;

use expect_test::expect_file;
use grenselos::decider::{Decider, fold};
use grenselos::domain::calendar::Period;
use grenselos::domain::event::Event;
use grenselos::domain::invoice_run::{InvoiceRun, InvoiceRunCommand, InvoiceRunEvent};
use grenselos::domain::series::SeriesEvent;
use grenselos::domain::vat::{DocumentKind, VatTreatment};
use grenselos::exchange::sha256;
use grenselos::schema::{self, CATALOGUE, EventKind};
use serde_json::Value;

use crate::files;

fn path(kind: &EventKind, ending: &str) -> String {
    format!("events/{}.v{}.{ending}.json", kind.name, kind.version)
}

fn example(kind: &EventKind) -> String {
    files::read(&path(kind, "example"))
}

fn decode(kind: &EventKind) -> Event {
    schema::decode(kind.name, kind.version, example(kind).as_bytes())
        .unwrap_or_else(|error| panic!("{}: {error}: {:?}", kind.name, std::error::Error::source(&error)))
}

#[test]
fn the_schema_of_every_event_is_the_committed_one() {
    for kind in CATALOGUE {
        let schema = serde_json::to_string_pretty(&(kind.json_schema)()).unwrap() + "\n";
        let committed: PathBuf = files::root().join(path(kind, "schema"));
        expect_file![committed].assert_eq(&schema);
    }
}

#[test]
fn every_example_fits_its_schema() {
    for kind in CATALOGUE {
        let schema = (kind.json_schema)();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let example: Value = serde_json::from_str(&example(kind)).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&example).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", kind.name);
    }
}

#[test]
fn a_schema_refuses_a_field_that_the_event_does_not_have() {
    for kind in CATALOGUE {
        let mut example: Value = serde_json::from_str(&example(kind)).unwrap();
        example["nobody_knows_this_field"] = Value::Null;
        assert!(!jsonschema::is_valid(&(kind.json_schema)(), &example), "{}", kind.name);
        assert!(schema::decode(kind.name, kind.version, example.to_string().as_bytes()).is_err(), "{}", kind.name);
    }
}

#[test]
fn every_example_is_read_and_written_again_as_the_same() {
    for kind in CATALOGUE {
        let event = decode(kind);
        let written = schema::encode(&event).unwrap();
        assert_eq!(written.event_type, kind.name);
        let newest = CATALOGUE.iter().filter(|other| other.name == kind.name).map(|other| other.version).max();
        assert_eq!(Some(written.version), newest, "{}", kind.name);
        if written.version == kind.version {
            let written: Value = serde_json::from_slice(&written.data).unwrap();
            let example: Value = serde_json::from_str(&example(kind)).unwrap();
            assert_eq!(written, example, "{}", kind.name);
        }
    }
}

#[test]
fn the_example_of_a_planned_run_adds_up() {
    let event = CATALOGUE.iter().find(|kind| kind.name == "invoice-run.planned").map(decode);
    let Some(Event::InvoiceRun(InvoiceRunEvent::Planned(planned))) = event else {
        panic!("the example is no planned run")
    };
    let command = InvoiceRunCommand::Plan {
        run: planned.run,
        plan: planned.plan.as_ref().clone(),
        planned_by: planned.planned_by.clone(),
        on: planned.on,
    };
    let none: [InvoiceRunEvent; 0] = [];
    let decided = fold::<InvoiceRun>(&none).decide(&command);
    assert_eq!(decided, Ok(vec![InvoiceRunEvent::Planned(planned)]));
}

fn of_version_1(name: &str) -> Event {
    decode(CATALOGUE.iter().find(|kind| kind.name == name && kind.version == 1).unwrap())
}

#[test]
fn what_version_1_planned_and_issued_was_resold_at_25_percent_and_keeps_its_amounts() {
    let Event::InvoiceRun(InvoiceRunEvent::Planned(planned)) = of_version_1("invoice-run.planned") else { panic!() };
    let Event::Series(SeriesEvent::Issued(issued)) = of_version_1("series.invoice-issued") else { panic!() };
    for invoice in planned.plan.invoices.iter().chain([&issued.invoice]) {
        assert_eq!((invoice.kind, invoice.treatment), (DocumentKind::Invoice, VatTreatment::Resale));
        assert_eq!(invoice.lines[0].vat_percent.to_string(), "25");
        assert_eq!(invoice.total_ore, invoice.net_ore + invoice.vat_ore);
        assert!(invoice.decisions.is_empty(), "there were none to refer to");
    }
    assert_eq!(planned.plan.grounds[0].name, "Konvertering av biblioteksystem (eksempel)");
    assert_eq!(
        (issued.kid.as_deref(), issued.issuer.vat_registered, issued.issuer.in_foretaksregisteret),
        (None, true, false)
    );
}

#[test]
fn lines_of_costs_that_said_no_days_stay_so() {
    let of = |name: &str, version| CATALOGUE.iter().find(|kind| kind.name == name && kind.version == version).unwrap();
    let issued = |version| {
        let Event::Series(SeriesEvent::Issued(issued)) = decode(of("series.invoice-issued", version)) else { panic!() };
        issued.invoice.lines[0].period
    };
    assert_eq!((issued(1), issued(2)), (None, None));
    assert_eq!(issued(3), Some(Period::year(2023)));
    for (name, before) in
        [("invoice-run.planned", 3), ("invoice-run.plan-continued", 1), ("series.credit-note-issued", 1)]
    {
        let written = schema::encode(&decode(of(name, before))).unwrap();
        let now: Value = serde_json::from_slice(&written.data).unwrap();
        let then: Value = serde_json::from_str(&example(of(name, before))).unwrap();
        assert_eq!(now, then, "{name}: nothing is filled in");
    }
}

#[test]
fn nothing_else_lies_among_the_events() {
    let mut expected: BTreeSet<String> =
        ["README.md", "RELEASED", "glossary.csv"].iter().map(|file| format!("events/{file}")).collect();
    for kind in CATALOGUE {
        expected.insert(path(kind, "schema"));
        expected.insert(path(kind, "example"));
    }
    let found: BTreeSet<String> = files::below("events").into_iter().collect();
    assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new(), "stray files");
    assert_eq!(expected.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "missing files");
}

/// What is wrong with a list of released files: lines of `sha256  file`, as `sha256sum` writes them.
fn released_faults(list: &str, read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<String> {
    let fault = |line: &str| match line.split_once("  ") {
        None => Some(format!("\"{line}\" is not a hash, two spaces and a file")),
        Some((hash, file)) => match read(file) {
            None => Some(format!("{file} is released and missing")),
            Some(bytes) if sha256(&bytes) != hash => {
                Some(format!("{file} is released and was changed: put it back, and make a new version of the event"))
            }
            Some(_) => None,
        },
    };
    list.lines().filter_map(fault).collect()
}

#[test]
fn released_files_never_change() {
    let faults = released_faults(&files::read("events/RELEASED"), |file| {
        std::fs::read(files::root().join("events").join(file)).ok()
    });
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn a_change_of_a_released_file_would_be_noticed() {
    let hash = sha256(b"as released");
    let list = format!("{hash}  same.json\n{hash}  changed.json\n{hash}  gone.json\nnonsense\n");
    let faults = released_faults(&list, |file| match file {
        "same.json" => Some(b"as released".to_vec()),
        "changed.json" => Some(b"as somebody liked it better".to_vec()),
        _ => None,
    });
    assert_eq!(
        faults,
        [
            "changed.json is released and was changed: put it back, and make a new version of the event",
            "gone.json is released and missing",
            "\"nonsense\" is not a hash, two spaces and a file",
        ]
    );
}

#[test]
fn the_readme_names_every_event_with_its_version_and_meaning() {
    let readme = files::read("events/README.md");
    for kind in CATALOGUE {
        let row = format!("| `{}` | {} | {} |", kind.name, kind.version, kind.description);
        assert!(readme.contains(&row), "events/README.md lacks this row:\n{row}");
    }
}

#[test]
fn the_readme_holds_the_whole_glossary() {
    let readme = files::read("events/README.md");
    let glossary = files::read("events/glossary.csv");
    let mut rows = csv::Reader::from_reader(glossary.as_bytes());
    for row in rows.records() {
        let row = row.unwrap();
        let [nb, nn, se, fkv, en] = [&row[0], &row[1], &row[2], &row[3], &row[4]];
        let cells = format!("| {nb} | {nn} | {se} | {fkv} | {en} |");
        assert!(readme.contains(&cells), "events/README.md lacks these cells of the glossary:\n{cells}");
    }
}
