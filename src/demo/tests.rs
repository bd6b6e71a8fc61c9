use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::data::Data;
use super::story::{Dated, procurement_id, story};
use crate::domain::agreement::{Commitment, Phase};
use crate::domain::calendar::Period;
use crate::domain::identity::PartyId;
use crate::domain::party::{NameLanguage, PartyKind};
use crate::domain::signup::LibraryKind;
use crate::ids::SeededIds;
use crate::import::{Draft, Kind};
use crate::table::{Limits, Table};
use crate::view::book::Book;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn told() -> Vec<Dated> {
    story(&Data::embedded().unwrap()).unwrap()
}

/// The book at the end of a day, by deciding every wish in order.
pub(super) fn book_on(story: &[Dated], on: &str) -> Book {
    let mut book = Book::default();
    for dated in story.iter().filter(|dated| dated.on <= day(on)) {
        for wish in &dated.wishes {
            let events =
                wish.carry_out_in(&mut book).unwrap_or_else(|rejected| panic!("{}: {rejected}: {wish:?}", dated.on));
            assert!(!events.is_empty(), "{}: {wish:?} is fulfilled already", dated.on);
        }
    }
    book
}

fn municipalities(book: &Book) -> Vec<PartyId> {
    let is_one = |party: &&PartyId| {
        book.parties[*party].registered.as_ref().is_some_and(|known| known.kind == PartyKind::Municipality)
    };
    book.parties.keys().filter(is_one).copied().collect()
}

fn libraries(book: &Book, commitment: Commitment, kind: LibraryKind) -> usize {
    let taking_part = book.signups.values().filter(|signup| signup.takes_part() && signup.commitment == commitment);
    taking_part.filter(|signup| signup.signed_up.as_ref().is_some_and(|known| known.kind == kind)).count()
}

#[test]
fn the_story_is_told_in_order_without_a_rejection_and_the_same_each_time() {
    let story = told();
    assert!(story.is_sorted_by_key(|dated| dated.on));
    assert!(story.iter().all(|dated| !dated.wishes.is_empty() && !dated.told.is_empty()));
    book_on(&story, "2026-12-31");
    assert_eq!(story, told());
}

#[test]
fn the_published_timeline_has_its_days_in_the_story_and_the_story_no_milestones_of_its_own() {
    let timeline = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/troms_og_finnmark_timeline.json"));
    let timeline: serde_json::Value = serde_json::from_slice(&timeline.unwrap()).unwrap();
    let published: Vec<(&str, &str)> = timeline["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| Some((event["date"].as_str()?, event["what"].as_str()?)))
        .collect();
    let story = told();
    let book = book_on(&story, "2026-12-31");
    let milestones: Vec<(&str, String)> = book
        .procurements
        .values()
        .flat_map(|known| &known.milestones)
        .map(|(name, on)| (name.as_str(), on.to_string()))
        .collect();
    let told: BTreeSet<String> = story.iter().map(|dated| dated.on.to_string()).collect();
    for (date, what) in &published {
        let is_milestone = milestones.iter().any(|(_, on)| on.starts_with(date));
        // Of some only the month was published.
        let is_told = date.len() < 10 && told.iter().any(|on| on.starts_with(date));
        assert!(is_milestone || is_told, "{date}: {what}");
    }
    let of_the_story = milestones
        .iter()
        .filter(|(_, on)| !published.iter().any(|(date, _)| on.starts_with(date)))
        .map(|(name, _)| *name);
    assert_eq!(of_the_story.collect::<Vec<_>>(), ["budsjettinnspill 2024"], "its day is chosen, as its source says");
}

#[test]
fn every_file_of_the_case_is_wholly_in_the_story() {
    let data = Data::embedded().unwrap();
    let people: BTreeMap<_, _> = told().into_iter().flat_map(|dated| dated.people).collect();
    let person = |id| people.get(&id).cloned();
    let ids = SeededIds::new("again");
    let mut draft = Draft::new(book_on(&told(), "2026-12-31"), &person, &ids);
    let always = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
    for (kind, table) in [
        (Kind::Parties, &data.parties_2020),
        (Kind::Parties, &data.counties_2024),
        (Kind::Parties, &data.numbers_2024),
        (Kind::Names, &data.names_2026),
        (Kind::Figures, &data.inhabitants),
        (Kind::Agreements, &data.agreements),
        (Kind::Signups, &data.signups),
        (Kind::Legacy, &data.legacy),
        (Kind::Costs, &data.costs),
        (Kind::Licences, &data.licences),
        (Kind::Contacts, &data.contacts),
    ] {
        draft.rows(kind, table, always).unwrap_or_else(|faults| panic!("{}: {faults:?}", table.file()));
        let (wishes, people) = draft.take_out();
        assert_eq!((wishes, people), (vec![], vec![]), "{}", table.file());
    }
}

#[test]
fn all_39_municipalities_and_longyearbyen_sign_before_the_deadline() {
    let story = told();
    let book = book_on(&story, "2022-12-30");
    assert_eq!(municipalities(&book).len(), 39);
    assert_eq!(book.agreements.len(), 40);
    for agreement in book.agreements.values() {
        let signed = agreement.signed.as_ref().unwrap();
        assert!(signed.on <= day("2022-12-30"), "{signed:?}");
        assert!(!signed.role.is_empty() && !signed.authority.is_empty());
    }
    let parties: BTreeSet<PartyId> =
        book.agreements.values().filter_map(|agreement| Some(agreement.drafted.as_ref()?.party)).collect();
    assert!(municipalities(&book).iter().all(|party| parties.contains(party)));
    assert!(parties.contains(&book.parties_called("Longyearbyen lokalstyre")[0]));
    let bound = book.agreements.values().filter(|agreement| agreement.commitment == Commitment::Committed).count();
    assert_eq!(bound, 35);
}

#[test]
fn the_agreement_got_another_name_in_november_2022() {
    let book = book_on(&told(), "2026-12-31");
    let procurement = &book.procurements[&procurement_id("Grenseløse muligheter")];
    assert_eq!(procurement.agreement_label_on(day("2022-10-31")), "tilknytningsavtale");
    assert_eq!(procurement.agreement_label_on(day("2022-11-01")), "tilslutningsavtale");
}

#[test]
fn fifty_seven_libraries_are_committed_and_five_and_eighty_three_hold_an_option() {
    let story = told();
    for on in ["2023-04-01", "2024-01-01", "2024-09-26"] {
        let book = book_on(&story, on);
        let committed = |kind| libraries(&book, Commitment::Committed, kind);
        assert_eq!((committed(LibraryKind::Public), committed(LibraryKind::UpperSecondary)), (35, 22), "{on}");
        assert_eq!(committed(LibraryKind::PrimarySchool), 0, "{on}");
        assert_eq!(libraries(&book, Commitment::Option, LibraryKind::Public), 5, "{on}");
        assert_eq!(libraries(&book, Commitment::Option, LibraryKind::PrimarySchool), 83, "{on}");
    }
}

#[test]
fn one_that_exercises_its_option_shares_the_licence_from_the_middle_of_a_year() {
    let book = book_on(&told(), "2026-12-31");
    let procurement = procurement_id("Grenseløse muligheter");
    let joining = book.parties_called("Hasvik")[0];
    assert_eq!(libraries(&book, Commitment::Option, LibraryKind::Public), 4);
    let licences = book.licences_of(procurement);
    let (_, licence) =
        licences.iter().find(|(_, licence)| licence.recorded.as_ref().unwrap().name == "Lisens").unwrap();
    let shared = book.apportioner(procurement).licence(licence, 2025).unwrap();
    let parts: Vec<_> = shared.parts.iter().map(|part| (part.period.last, part.members.len())).collect();
    assert_eq!(parts, [(day("2025-06-30"), 35), (day("2025-12-31"), 36)]);
    let shares: Vec<_> = shared.parts.iter().map(|part| part.share_of(joining).flatten().is_some()).collect();
    assert_eq!(shares, [false, true]);
    let ended = book.legacies_of(procurement, joining, day("2025-07-01"));
    assert_eq!(ended[0].1.last_day, Some(day("2025-09-30")));
}

#[test]
fn on_2024_01_01_all_numbers_change_and_no_organisation_number_of_a_municipality_does() {
    let story = told();
    let (before, after) = (book_on(&story, "2023-12-31"), book_on(&story, "2024-01-01"));
    let all = municipalities(&before);
    assert_eq!(all, municipalities(&after));
    let mut pairs = Vec::new();
    for party in all {
        let (was, is) = (&before.parties[&party], &after.parties[&party]);
        let numbers = (is.number_on(day("2023-12-31")).unwrap(), is.number_on(day("2024-01-01")).unwrap());
        assert_ne!(numbers.0, numbers.1);
        assert_eq!(was.registered, is.registered);
        pairs.push((numbers.0.to_owned(), numbers.1.to_owned()));
    }
    pairs.sort();
    assert!(!pairs.is_sorted_by_key(|(_, new)| new.clone()), "new numbers do not follow the order of the old ones");
    assert!(pairs.contains(&("5444".to_owned(), "5605".to_owned())));
}

#[test]
fn the_county_authority_is_succeeded_and_every_agreement_passes() {
    let book = book_on(&told(), "2024-01-01");
    let [old, troms, finnmark] = ["54", "55", "56"].map(|number| book.parties_called(number)[0]);
    assert!(book.parties[&old].exists_on(day("2023-12-31")) && !book.parties[&old].exists_on(day("2024-01-01")));
    let procurement = &book.procurements[&procurement_id("Grenseløse muligheter")];
    assert_eq!(procurement.counties_on(day("2024-01-01")), [troms, finnmark]);
    for agreement in book.agreements.values() {
        assert_eq!(agreement.phase, Phase::Active);
        assert_eq!(agreement.county_on(day("2023-12-31")), Some(old));
        let party = &book.parties[&agreement.drafted.as_ref().unwrap().party];
        let expected = if party.number_on(day("2024-01-01")).unwrap().starts_with("56") { finnmark } else { troms };
        assert_eq!(agreement.county_on(day("2024-01-01")), Some(expected));
    }
    let of_the_old = book
        .signups
        .values()
        .filter(|signup| signup.takes_part() && signup.signed_up.as_ref().is_some_and(|known| known.party == old));
    assert_eq!(of_the_old.count(), 0);
}

#[test]
fn notice_is_given_withdrawn_and_turned_into_extensions() {
    let story = told();
    let ending = |on: &str| -> BTreeMap<Option<NaiveDate>, usize> {
        let book = book_on(&story, on);
        let mut counted = BTreeMap::new();
        for legacy in book.legacies.values() {
            *counted.entry(legacy.last_day).or_default() += 1;
        }
        counted
    };
    assert_eq!(ending("2022-09-20"), BTreeMap::from([(None, 39)]));
    assert_eq!(ending("2022-09-29"), BTreeMap::from([(None, 4), (Some(day("2023-09-30")), 35)]));
    assert_eq!(ending("2023-04-17"), BTreeMap::from([(None, 4), (Some(day("2023-12-01")), 35)]));
    assert_eq!(ending("2023-11-15"), BTreeMap::from([(None, 4), (Some(day("2024-06-30")), 35)]));
    let book = book_on(&story, "2022-09-20");
    let last_days: BTreeSet<_> =
        book.legacies.values().map(|legacy| legacy.last_day_to_give_notice(day("2022-09-20"))).collect();
    assert_eq!(last_days, BTreeSet::from([Some(day("2022-09-30"))]));
}

#[test]
fn amounts_go_from_unknown_to_contracted_and_unspent_ones_move() {
    let story = told();
    let conversion = |on: &str| {
        let book = book_on(&story, on);
        let named = |cost: &&crate::domain::cost::Cost| {
            cost.recorded.as_ref().is_some_and(|known| known.name == "Konvertering")
        };
        book.costs.values().find(named).cloned().unwrap()
    };
    let steps = ["2022-05-31", "2023-05-15", "2023-05-24", "2023-09-15", "2023-10-15"];
    let certainties: Vec<String> =
        steps.iter().map(|on| format!("{:?}", conversion(on).amount().certainty())).collect();
    assert_eq!(certainties, ["Unknown", "Estimated", "Quoted", "Quoted", "Contracted"]);
    assert_eq!((conversion("2023-11-30").year, conversion("2023-12-15").year), (2023, 2024));
    let book = book_on(&story, "2026-12-31");
    let granted: i64 = book.costs.values().map(|cost| cost.granted().0).sum();
    assert_eq!(granted, 40_000_000);
    let said = |statement: &crate::domain::assessment::Statement| {
        statement.amount.range().is_none() || statement.source.contains("oppdiktet")
    };
    let statements = book.costs.values().flat_map(|cost| &cost.statements);
    let prices = book.licences.values().flat_map(|licence| &licence.statements);
    assert!(statements.chain(prices).all(said), "every amount says that it is invented");
}

#[test]
fn inhabitants_sum_as_statistics_norway_has_them() {
    let book = book_on(&told(), "2026-12-31");
    for (year, sum) in [(2022, 241_736), (2023, 242_452), (2024, 244_663)] {
        let on = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let inhabitants: rust_decimal::Decimal = municipalities(&book)
            .iter()
            .map(|party| {
                book.parties[party].figure_on("inhabitants", on).filter(|figure| figure.on == on).unwrap().value
            })
            .sum();
        assert_eq!(inhabitants, sum.into(), "{year}");
    }
}

#[test]
fn names_are_spelt_right_in_their_official_order() {
    let book = book_on(&told(), "2026-12-31");
    let named = |number: &str, on: &str| book.parties[&book.parties_called(number)[0]].full_name_on(day(on));
    assert_eq!(named("5610", "2024-06-01"), "Kárášjohka - Karasjok");
    assert_eq!(named("5622", "2024-06-01"), "Porsanger - Porsáŋgu - Porsanki");
    assert_eq!(named("5636", "2024-06-01"), "Unjárga - Nesseby");
    assert_eq!(named("5536", "2025-12-31"), "Lyngen");
    assert_eq!(named("5536", "2026-01-01"), "Lyngen - Ivgu - Yykeä");
    let lyngen = &book.parties[&book.parties_called("Yykeä")[0]];
    assert_eq!(lyngen.name_in(NameLanguage::Fkv, day("2026-01-01")), Some("Yykeä"));
    assert_eq!(lyngen.number_on(day("2026-01-01")), Some("5536"));
    let in_area = municipalities(&book)
        .iter()
        .filter(|party| book.parties[*party].in_sami_language_area_on(day("2023-06-01")))
        .count();
    assert_eq!(in_area, 8);
}

#[test]
fn the_merger_of_2020_and_the_renumbering_of_2024_agree_with_the_national_table() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/municipality_changes.csv")).unwrap();
    let changes = Table::parse("municipality_changes.csv", &bytes, Limits::default()).unwrap();
    let book = book_on(&told(), "2026-12-31");
    let numbers = |on: &str| -> BTreeSet<String> {
        let number = |party: &PartyId| book.parties[party].number_on(day(on)).unwrap().to_owned();
        municipalities(&book).iter().map(number).collect()
    };
    let (of_2020, of_2024) = (numbers("2020-01-01"), numbers("2024-01-01"));
    let new_numbers = |effective: &str, from: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        let rows = changes.rows().filter(|row| row.text("effective").unwrap() == effective);
        let rows = rows.filter(|row| from(row.text("old_number").unwrap()));
        rows.map(|row| row.text("new_number").unwrap().to_owned()).collect()
    };
    assert_eq!(new_numbers("2024-01-01", &|old| old.starts_with("54")), of_2024);
    let became_2020 = new_numbers("2020-01-01", &|old| old.starts_with("19") || old.starts_with("20"));
    assert!(of_2020.is_subset(&became_2020), "{:?}", of_2020.difference(&became_2020));
}
