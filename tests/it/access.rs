//! Who may do what: every operation of the API asks the policy, and the whole table is pinned.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use expect_test::expect_file;
use grenselos::domain::access::policy::{About, Asker, Decision, Nature, Operation, Proof, SignedIn, When, allows};
use grenselos::domain::access::{Held, Role};
use grenselos::domain::identity::{PartyId, PersonId, ProcurementId};
use grenselos::http;
use uuid::Uuid;

use crate::files;

const PROCUREMENT: ProcurementId = ProcurementId(Uuid::from_u128(1));
const PARTY: PartyId = PartyId(Uuid::from_u128(2));
const COUNTY: PartyId = PartyId(Uuid::from_u128(3));

const ROLES: [(&str, Role); 7] = [
    ("county library", Role::CountyLibrary { procurement: PROCUREMENT }),
    ("municipal leader", Role::MunicipalLeader { party: PARTY }),
    ("library leader", Role::LibraryLeader { party: PARTY }),
    ("finance", Role::Finance { party: PARTY }),
    ("county finance", Role::CountyFinance { county: COUNTY }),
    ("auditor", Role::Auditor),
    ("administrator", Role::Administrator),
];

fn now() -> DateTime<Utc> {
    "2026-05-04T12:00:00Z".parse().unwrap()
}

fn somebody(role: Role) -> Asker {
    let held = vec![Held { role, until: None }];
    Asker::Person(SignedIn { person: PersonId(Uuid::from_u128(9)), held, proof: Proof::Strong { at: now() } })
}

/// Own, shared with others of the same procurement, and wholly of others.
fn own() -> About {
    About { procurements: vec![PROCUREMENT], counties: vec![COUNTY], parties: vec![PARTY], ..About::default() }
}

fn shared() -> About {
    About { sharers: vec![PARTY], ..others() }
}

fn others() -> About {
    About {
        procurements: vec![ProcurementId(Uuid::from_u128(11))],
        counties: vec![PartyId(Uuid::from_u128(13))],
        parties: vec![PartyId(Uuid::from_u128(12))],
        ..About::default()
    }
}

/// What somebody in a role may do it with, by what the policy answers.
fn reached(role: Role, operation: Operation) -> &'static str {
    let may = |about: &About| {
        let when = When { at: now(), day: "2026-05-04".parse().unwrap() };
        allows(&somebody(role), operation, about, when) == Decision::Allowed
    };
    match (may(&own()), may(&shared()), may(&others())) {
        (true, true, true) => "all",
        (true, true, false) => "own, shared",
        (true, false, false) => "own",
        (false, false, false) => "-",
        impossible => panic!("{operation:?} {role:?}: {impossible:?}"),
    }
}

fn table() -> String {
    let mut table =
        "Who may do what, by what the policy answers. Own: within the scope of the role; shared: what is common to a \
        procurement in which its party takes part.\n\n"
            .to_owned();
    let heads: Vec<&str> = ROLES.iter().map(|(name, _)| *name).collect();
    writeln!(table, "| operation of the API | asks | kind | {} |", heads.join(" | ")).unwrap();
    writeln!(table, "|---|---|---|{}", "---|".repeat(ROLES.len())).unwrap();
    add(&mut table, http::asked_of_the_policy());
    writeln!(table, "\n| page, or form of a page | asks one of | kind | {} |", heads.join(" | ")).unwrap();
    writeln!(table, "|---|---|---|{}", "---|".repeat(ROLES.len())).unwrap();
    add(&mut table, http::pages_asked_of_the_policy());
    writeln!(table, "\n| signing in, and one's own account | asks one of | kind | {} |", heads.join(" | ")).unwrap();
    writeln!(table, "|---|---|---|{}", "---|".repeat(ROLES.len())).unwrap();
    add(&mut table, http::sign_in_asked_of_the_policy());
    table
}

/// The rows of what asks the policy, by name.
fn add(table: &mut String, mut rows: Vec<(String, &'static [Operation])>) {
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    for (operation_id, asks) in rows {
        for operation in asks {
            let kind = match operation.nature() {
                Nature::Open => "open to everybody",
                Nature::Read => "read",
                Nature::Write => "write",
                Nature::Grave => "grave",
            };
            let cells: Vec<&str> = ROLES.iter().map(|(_, role)| reached(*role, *operation)).collect();
            writeln!(table, "| {operation_id} | {} | {kind} | {} |", operation.name(), cells.join(" | ")).unwrap();
        }
    }
}

#[test]
fn every_operation_of_the_document_has_a_row_in_the_table_of_the_policy() {
    let document: serde_json::Value = serde_json::from_str(&files::read("tests/golden/openapi.json")).unwrap();
    let documented: BTreeSet<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    let rows = http::asked_of_the_policy();
    let asking: BTreeSet<&str> = rows.iter().filter(|(_, asks)| !asks.is_empty()).map(|(id, _)| id.as_str()).collect();
    assert_eq!(documented.difference(&asking).collect::<Vec<_>>(), Vec::<&&str>::new(), "these ask nothing");
    assert_eq!(asking.difference(&documented).collect::<Vec<_>>(), Vec::<&&str>::new(), "these are not documented");
}

#[test]
fn the_whole_table_is_the_committed_one() {
    expect_file![files::root().join("tests/golden/access.md")].assert_eq(&table());
}

#[test]
fn every_page_asks_the_policy() {
    let pages = http::pages_asked_of_the_policy();
    let silent: Vec<&String> = pages.iter().filter(|(_, asks)| asks.is_empty()).map(|(page, _)| page).collect();
    assert!(pages.len() > 60 && silent.is_empty(), "{silent:?}");
}

#[test]
fn what_a_setting_may_put_under_two_people_is_an_operation_of_the_policy() {
    let names: Vec<&str> = Operation::ALL.iter().map(|operation| operation.name()).collect();
    for name in ["AdoptKey", "CreditInvoice", "GrantAccess"] {
        assert!(names.contains(&name), "{name}");
    }
}
