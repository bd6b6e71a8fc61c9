use super::*;
use crate::domain::agreement::Commitment;
use crate::domain::event::Event;
use crate::domain::party::{PartyEvent, VatCompensationSet};
use crate::domain::testing::day;
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, PROCUREMENT, adopted, agreed, assessed, committed, contracted, cost, counted, estimated,
    extended, granted, library_exercised, licence, merged, moved, municipality, numbered, old_contract, opened,
    optional, party, priced, proposed, registered, signed_up, went_live,
};
use crate::view::budget_sheet::{CannotShare, Completeness};
use crate::view::readiness::readiness_of;

fn case() -> Vec<Fact> {
    [
        municipality(1, 1_000),
        municipality(2, 3_000),
        vec![opened(false), committed(1), committed(2), proposed(HALVES), adopted(HALVES, "2022-01-01")],
    ]
    .concat()
}

fn sheet_of(number: u128, facts: Vec<Fact>) -> BudgetSheet {
    let wanted = Wanted {
        procurement: PROCUREMENT,
        party: party(number),
        first_year: 2023,
        years_count: 4,
        as_of: day("2023-06-01"),
    };
    budget_sheet(&Book::of(facts), wanted).unwrap()
}

fn with(facts: impl IntoIterator<Item = Fact>) -> BudgetSheet {
    sheet_of(1, [case(), facts.into_iter().collect()].concat())
}

fn likely(sheet: &BudgetSheet, kind: LineKind) -> Vec<Option<i64>> {
    let line = sheet.lines.iter().find(|line| line.kind == kind).unwrap();
    line.cells.iter().map(|cell| cell.net.map(|net| net.likely_ore.0)).collect()
}

#[test]
fn a_sheet_has_four_years_of_which_the_first_is_the_budget() {
    let sheet = with([licence(1, "2024-01-01", None, BY_KEY), priced(1, contracted(100_000))]);
    assert_eq!(sheet.years, [2023, 2024, 2025, 2026]);
    assert_eq!(sheet.totals.iter().map(|total| total.is_budget_year).collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!(likely(&sheet, LineKind::Licence), [Some(0), Some(37_500), Some(37_500), Some(37_500)]);
    assert_eq!(sheet.lines[0].cells[0].certainty, None);
    assert_eq!((sheet.party_name.as_str(), sheet.party_number.as_deref()), ("Kommune 1", Some("0001")));
}

#[test]
fn a_total_that_contains_an_unknown_says_so_and_has_no_changes() {
    let sheet = with([
        cost(1, 2023, BY_KEY),
        assessed(1, contracted(80_000)),
        licence(1, "2024-01-01", None, BY_KEY),
        old_contract(1, Some(12_000)),
        extended(1, "2023-12-31"),
    ]);
    let unknown: Vec<bool> = sheet.totals.iter().map(|total| total.contains_unknown).collect();
    assert_eq!(unknown, [false, true, true, true]);
    assert_eq!(likely(&sheet, LineKind::Licence), [Some(0), None, None, None]);
    let second = &sheet.totals[1];
    assert_eq!((second.certainty, second.net), (Some(Certainty::Unknown), None));
    assert_eq!((second.after_compensation, second.per_inhabitant), (None, None));
    assert_eq!(second.completeness(), Completeness::NothingKnown);
    assert_eq!((second.change_from_year_before_ore, second.change_from_old_system_ore), (None, None));
    assert_eq!(sheet.totals[0].change_from_old_system_ore, Some(Ore(30_000)));
}

#[test]
fn vat_is_compensated_in_each_year_as_it_is_on_its_first_day() {
    let set = VatCompensationSet { compensated: false, from: day("2025-01-01") };
    let set = (party(1).0, Event::Party(PartyEvent::VatCompensationSet(set)));
    let sheet = with([set, licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))]);
    let compensated: Vec<bool> = sheet.totals.iter().map(|total| total.vat_compensated).collect();
    assert_eq!(compensated, [true, true, false, false]);
    assert!(sheet.vat_compensated);
    let borne = |year: usize| sheet.totals[year].after_compensation;
    assert_eq!((borne(1), borne(2)), (sheet.totals[1].net, sheet.totals[2].gross));
    let vat_kinds: Vec<bool> = sheet.lines[0].cells.iter().map(|cell| cell.kostra.vat_kind.is_some()).collect();
    assert_eq!(vat_kinds, [true, true, false, false]);
}

#[test]
fn vat_stands_apart_and_is_compensated_to_a_municipality() {
    let sheet = with([cost(1, 2023, BY_KEY), assessed(1, estimated(80_000, 100_000, 200_000))]);
    let total = &sheet.totals[0];
    let range =
        |low: i64, likely: i64, high: i64| Range { low_ore: Ore(low), likely_ore: Ore(likely), high_ore: Ore(high) };
    assert_eq!(total.net, Some(range(30_000, 37_500, 75_000)));
    assert_eq!(total.vat, Some(range(7_500, 9_375, 18_750)));
    assert_eq!(total.gross, Some(range(37_500, 46_875, 93_750)));
    assert_eq!((total.vat_compensation, total.after_compensation), (total.vat, total.net));
    assert_eq!(total.per_inhabitant, Some(range(30, 38, 75)));
    assert_eq!(total.certainty, Some(Certainty::Estimated));
    assert_eq!(sheet.lines[0].cells[0].kostra.vat_kind.as_deref(), Some("429"));
}

#[test]
fn a_party_without_compensation_bears_the_vat_of_the_new_and_of_the_old() {
    let svalbard = vec![
        opened(false),
        proposed(HALVES),
        adopted(HALVES, "2022-01-01"),
        registered(3, PartyKind::Other, None),
        numbered(3, "2100", "2002-01-01"),
        committed(3),
        counted(3, "inhabitants", "2023-01-01", 2_500),
        cost(1, 2023, BY_KEY),
        assessed(1, contracted(100_000)),
        old_contract(3, Some(40_000)),
        extended(3, "2022-12-31"),
    ];
    let sheet = sheet_of(3, svalbard);
    let total = &sheet.totals[0];
    assert_eq!(total.vat_compensation, Some(Range::default()));
    assert_eq!(total.after_compensation, Some(Range::exactly(Ore(125_000))));
    assert_eq!(total.change_from_old_system_ore, Some(Ore(75_000)));
    assert_eq!(sheet.lines[0].cells[0].kostra.vat_kind, None);
    assert_eq!((sheet.party_number.as_deref(), sheet.organisation_number), (Some("2100"), None));
}

#[test]
fn an_old_system_of_unknown_cost_is_not_the_same_as_none() {
    let none = with([]);
    assert_eq!((none.old_system_yearly_ore, none.old_system_is_unknown), (None, false));
    let unknown = with([old_contract(1, None), extended(1, "2021-12-31")]);
    assert_eq!((unknown.old_system_yearly_ore, unknown.old_system_is_unknown), (None, true));
    assert!(unknown.lines.is_empty(), "it is over, so that no line says so");
    let known = with([old_contract(1, Some(7))]);
    assert_eq!((known.old_system_yearly_ore, known.old_system_is_unknown), (Some(Ore(7)), false));
}

#[test]
fn changes_are_from_the_year_before_and_from_a_full_year_of_the_old_system() {
    let sheet = with([
        cost(1, 2023, BY_KEY),
        assessed(1, contracted(80_000)),
        licence(1, "2024-01-01", None, BY_KEY),
        priced(1, contracted(40_000)),
        old_contract(1, Some(10_000)),
        extended(1, "2022-12-31"),
    ]);
    let from_before: Vec<_> = sheet.totals.iter().map(|total| total.change_from_year_before_ore).collect();
    assert_eq!(sheet.year_before, YearBefore::Borne { likely_ore: Ore(10_000) });
    assert_eq!(from_before, [Some(Ore(20_000)), Some(Ore(-15_000)), Some(Ore(0)), Some(Ore(0))]);
    let from_old: Vec<_> = sheet.totals.iter().map(|total| total.change_from_old_system_ore).collect();
    assert_eq!(from_old, [Some(Ore(20_000)), Some(Ore(5_000)), Some(Ore(5_000)), Some(Ore(5_000))]);
}

#[test]
fn the_first_year_is_not_compared_with_a_year_that_has_nothing_or_an_unknown() {
    let nothing_before = with([cost(1, 2023, BY_KEY), assessed(1, contracted(80_000))]);
    assert_eq!(
        (nothing_before.year_before, nothing_before.totals[0].change_from_year_before_ore),
        (YearBefore::Nothing, None)
    );
    let unknown_before = with([cost(1, 2023, BY_KEY), assessed(1, contracted(80_000)), cost(2, 2022, BY_KEY)]);
    assert_eq!(
        (unknown_before.year_before, unknown_before.totals[0].change_from_year_before_ore),
        (YearBefore::Unknown, None)
    );
    assert_eq!(unknown_before.lines.len(), 1, "what lies before the first year is no line");
}

#[test]
fn a_grant_is_a_line_of_its_own_below_zero() {
    let sheet = with([cost(1, 2023, BY_KEY), assessed(1, contracted(100_000)), granted(1, 20_000)]);
    assert_eq!(likely(&sheet, LineKind::OneTime)[0], Some(37_500));
    assert_eq!(likely(&sheet, LineKind::Grant)[0], Some(-7_500));
    assert_eq!(sheet.totals[0].net, Some(Range::exactly(Ore(30_000))));
}

#[test]
fn what_is_carried_over_is_shown_in_the_year_it_left_and_the_year_it_came_to() {
    let sheet = with([cost(1, 2023, BY_KEY), assessed(1, contracted(80_000)), granted(1, 8_000), moved(1, 2023, 2024)]);
    for kind in [LineKind::OneTime, LineKind::Grant] {
        let cells = &sheet.lines.iter().find(|line| line.kind == kind).unwrap().cells;
        assert_eq!((cells[0].carried_to, cells[0].carried_from, cells[0].certainty), (Some(2024), None, None));
        assert_eq!((cells[1].carried_to, cells[1].carried_from), (None, Some(2023)));
        assert_eq!((cells[0].net, cells[1].certainty), (Some(Range::default()), Some(Certainty::Contracted)));
    }
    let [carried] = &sheet.carried_over[..] else { panic!() };
    assert_eq!((carried.from_year, carried.to_year, carried.net_ore), (2023, 2024, Some(Ore(27_000))));
}

#[test]
fn the_old_contract_is_parted_into_days_before_and_after_the_new_system() {
    let sheet = with([old_contract(1, Some(36_500)), extended(1, "2023-12-01"), signed_up(1, "2023-10-16")]);
    assert_eq!(likely(&sheet, LineKind::OldContract), [Some(28_800), Some(0), Some(0), Some(0)]);
    assert_eq!(likely(&sheet, LineKind::DoubleCost), [Some(4_700), Some(0), Some(0), Some(0)]);
    let double = SheetNote::DoubleCost { system: "Mikromarc".to_owned(), year: 2023, days: 47 };
    assert_eq!(sheet.notes, [double]);
}

#[test]
fn a_contract_that_goes_on_tells_the_last_day_to_give_notice() {
    let note = SheetNote::GiveNoticeBy { system: "Mikromarc".to_owned(), last_day: day("2023-09-30") };
    assert_eq!(with([old_contract(1, Some(36_500))]).notes, [note]);
}

#[test]
fn an_option_that_is_not_exercised_costs_nothing_and_says_so() {
    let facts = [
        case(),
        municipality(3, 9),
        vec![agreed(3, Commitment::Option, None), cost(1, 2023, BY_KEY), assessed(1, contracted(100))],
    ]
    .concat();
    let sheet = sheet_of(3, facts);
    assert!(sheet.lines.is_empty());
    assert_eq!(sheet.notes, [SheetNote::OptionNotExercised]);
    assert_eq!((sheet.totals[0].certainty, sheet.totals[0].net), (None, Some(Range::default())));
}

#[test]
fn an_old_contract_follows_a_party_into_the_one_that_it_becomes_part_of() {
    let facts = |on: &str| {
        let own = vec![old_contract(1, Some(36_500)), signed_up(1, "2023-10-16"), signed_up(2, "2023-01-01")];
        [case(), own, vec![merged(1, 2, on)]].concat()
    };
    let sheet = sheet_of(1, facts("2024-01-01"));
    assert_eq!(likely(&sheet, LineKind::OldContract), [Some(28_800), Some(0), Some(0), Some(0)]);
    assert_eq!(likely(&sheet, LineKind::DoubleCost), [Some(7_700), Some(0), Some(0), Some(0)]);
    let sheet = sheet_of(2, facts("2024-01-01"));
    assert_eq!(likely(&sheet, LineKind::DoubleCost), [Some(0), Some(36_500), Some(36_500), Some(36_500)]);
    assert!(sheet.notes.contains(&SheetNote::DoubleCost { system: "Mikromarc".to_owned(), year: 2024, days: 366 }));
    let during_the_year = facts("2024-07-01");
    assert_eq!(likely(&sheet_of(1, during_the_year.clone()), LineKind::DoubleCost)[1], Some(18_150));
    assert_eq!(likely(&sheet_of(2, during_the_year), LineKind::DoubleCost)[1], Some(18_350));
}

#[test]
fn a_full_year_of_the_old_system_is_compared_with_where_the_contracts_are_the_same() {
    let contracts = vec![old_contract(1, Some(1_000)), old_contract(2, Some(2_000)), merged(1, 2, "2024-01-01")];
    let facts = [case(), vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(80_000))], contracts];
    let sheet = sheet_of(2, facts.concat());
    assert_eq!(sheet.old_system_yearly_ore, Some(Ore(2_000)));
    let compared: Vec<bool> = sheet.totals.iter().map(|total| total.change_from_old_system_ore.is_some()).collect();
    assert_eq!(compared, [true, false, false, false]);
}

#[test]
fn the_library_of_a_merged_municipality_is_made_ready_by_the_one_that_it_became_part_of() {
    let facts = [case(), vec![signed_up(1, "2024-05-01"), merged(1, 2, "2024-01-01")]].concat();
    let book = Book::of(facts);
    let count = |number, on| readiness_of(&book, PROCUREMENT, party(number), day(on)).len();
    assert_eq!([count(1, "2023-12-31"), count(2, "2023-12-31")], [1, 0]);
    assert_eq!([count(1, "2024-01-01"), count(2, "2024-01-01")], [0, 1]);
    assert_eq!(book.libraries(PROCUREMENT, day("2024-01-01"))[0].0, party(2));
}

#[test]
fn an_option_of_a_library_doubles_no_cost_until_it_is_exercised() {
    let facts = [old_contract(1, Some(36_500)), optional(1, "2023-10-16")];
    let sheet = with(facts.clone());
    assert_eq!(likely(&sheet, LineKind::OldContract)[0], Some(36_500));
    assert!(sheet.lines.iter().all(|line| line.kind != LineKind::DoubleCost));
    let exercised = with(facts.into_iter().chain([library_exercised(1)]));
    assert_eq!(likely(&exercised, LineKind::DoubleCost)[0], Some(7_700));
}

#[test]
fn a_double_cost_is_no_surer_than_the_day_from_which_it_is_double() {
    let facts = [old_contract(1, Some(36_500)), signed_up(1, "2023-10-16")];
    let certainties = |sheet: &BudgetSheet, year: usize| -> Vec<Option<Certainty>> {
        sheet.lines.iter().map(|line| line.cells[year].certainty).collect()
    };
    let wished = with(facts.clone());
    assert_eq!(certainties(&wished, 0), [Some(Certainty::Estimated); 2]);
    assert_eq!(wished.totals[0].certainty, Some(Certainty::Estimated));
    let live = with(facts.into_iter().chain([went_live(1, "2023-10-16")]));
    assert_eq!(certainties(&live, 0), [Some(Certainty::Contracted); 2]);
}

/// The days in each year of a sheet on which both systems are paid for.
fn double_days(sheet: &BudgetSheet) -> Vec<(i32, i64)> {
    let of_note = |note: &SheetNote| match note {
        SheetNote::DoubleCost { year, days, .. } => Some((*year, *days)),
        SheetNote::KeyNotAdopted { .. }
        | SheetNote::KeyCannotShare { .. }
        | SheetNote::IndexNotPublished { .. }
        | SheetNote::GiveNoticeBy { .. }
        | SheetNote::OptionNotExercised => None,
    };
    sheet.notes.iter().filter_map(of_note).collect()
}

#[test]
fn paid_twice_are_the_days_of_the_licence_whatever_day_the_library_is_on_the_new_system() {
    for go_live in ["2023-11-01", "2024-02-12", "2025-01-01"] {
        let sheet = with([
            old_contract(1, Some(36_600)),
            extended(1, "2024-06-30"),
            signed_up(1, go_live),
            licence(1, "2024-01-01", None, BY_KEY),
        ]);
        assert_eq!(double_days(&sheet), [(2024, 182)]);
        assert_eq!(likely(&sheet, LineKind::OldContract), [Some(36_600), Some(0), Some(0), Some(0)]);
        assert_eq!(likely(&sheet, LineKind::DoubleCost), [Some(0), Some(18_200), Some(0), Some(0)]);
    }
}

#[test]
fn an_old_contract_that_goes_on_is_paid_twice_until_the_licence_ends() {
    let sheet = with([
        old_contract(1, Some(36_500)),
        signed_up(1, "2023-01-01"),
        licence(1, "2023-10-01", Some("2025-06-30"), BY_KEY),
    ]);
    assert_eq!(double_days(&sheet), [(2023, 92), (2024, 366), (2025, 181)]);
}

#[test]
fn days_of_several_licences_count_once_and_those_of_others_not_at_all() {
    let direct = |number| Distribution::Party { party: party(number) };
    let sheet = with([
        old_contract(1, Some(36_500)),
        licence(1, "2023-01-01", Some("2023-06-30"), BY_KEY),
        licence(2, "2023-06-01", Some("2023-07-31"), direct(1)),
        licence(3, "2024-01-01", None, direct(2)),
    ]);
    assert_eq!(double_days(&sheet), [(2023, 212)]);
}

#[test]
fn a_licence_that_is_free_for_a_while_is_not_paid_for() {
    let facts = [old_contract(1, Some(36_500)), licence(1, "2023-01-01", None, BY_KEY)];
    assert_eq!(double_days(&with(facts.clone())).len(), 4, "nobody knows the price yet");
    assert_eq!(double_days(&with(facts.into_iter().chain([priced(1, contracted(0))]))), []);
}

#[test]
fn a_double_cost_is_an_estimate_until_the_licence_is_contracted() {
    let facts = [old_contract(1, Some(36_500)), licence(1, "2023-07-01", None, BY_KEY)];
    let certainties = |price: Option<Fact>| -> Vec<Option<Certainty>> {
        let lines = with(facts.clone().into_iter().chain(price)).lines.into_iter();
        lines.filter(|line| line.kind != LineKind::Licence).map(|line| line.cells[0].certainty).collect()
    };
    assert_eq!(certainties(None), [Some(Certainty::Estimated); 2]);
    assert_eq!(certainties(Some(priced(1, estimated(1, 2, 3)))), [Some(Certainty::Estimated); 2]);
    assert_eq!(certainties(Some(priced(1, contracted(100_000)))), [Some(Certainty::Contracted); 2]);
}

#[test]
fn who_shares_no_licence_pays_nothing_twice() {
    let facts = [
        case(),
        municipality(3, 9),
        vec![
            agreed(3, Commitment::Option, None),
            old_contract(3, Some(36_500)),
            signed_up(3, "2023-01-01"),
            licence(1, "2023-01-01", None, BY_KEY),
        ],
    ];
    assert_eq!(double_days(&sheet_of(3, facts.concat())), []);
}

#[test]
fn codes_follow_the_party_the_line_and_the_year() {
    let sheet = with([
        cost(1, 2025, BY_KEY),
        assessed(1, contracted(100)),
        moved(1, 2025, 2026),
        licence(1, "2023-01-01", None, BY_KEY),
    ]);
    let kinds = |kind: LineKind| -> Vec<String> {
        let line = sheet.lines.iter().find(|line| line.kind == kind).unwrap();
        line.cells.iter().map(|cell| format!("{}/{}", cell.kostra.function, cell.kostra.kind)).collect()
    };
    assert_eq!(kinds(LineKind::OneTime), ["370/270", "370/270", "370/270", "370/271/272"]);
    assert_eq!(kinds(LineKind::Licence), ["370/195"; 4]);
    assert_eq!(kostra::library_function(PartyKind::CountyAuthority), "740");
}

#[test]
fn a_proposed_key_and_one_that_cannot_share_are_noted_once() {
    let facts = [
        municipality(1, 1_000),
        vec![
            opened(false),
            committed(1),
            proposed(&HALVES.replace("inhabitants", "pupils")),
            licence(1, "2023-01-01", None, BY_KEY),
            priced(1, contracted(100)),
        ],
    ]
    .concat();
    let sheet = sheet_of(1, facts);
    let missing = CannotShare::FigureMissing { party: "0001".to_owned(), measure: "pupils".to_owned() };
    assert_eq!(
        sheet.notes,
        [
            SheetNote::KeyCannotShare { text: "Lisens 1".to_owned(), reason: missing },
            SheetNote::KeyNotAdopted { key: "halvt likt, halvt etter innbyggere".to_owned() },
        ]
    );
    assert!(sheet.totals.iter().all(|total| total.contains_unknown));
}
