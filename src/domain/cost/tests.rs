use super::*;
use crate::decider::testing::given;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn recorded() -> CostEvent {
    CostEvent::Recorded(Recorded {
        cost: CostId(Uuid::from_u128(1)),
        procurement: ProcurementId(Uuid::from_u128(2)),
        name: "Konvertering".to_owned(),
        kind: CostKind::Conversion,
        year: 2023,
        distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
        vat_percent: Decimal::from(25),
        on: day("2022-11-01"),
    })
}

fn record(name: &str, year: i32, vat_percent: i64) -> CostCommand {
    CostCommand::Record {
        cost: CostId(Uuid::from_u128(1)),
        procurement: ProcurementId(Uuid::from_u128(2)),
        name: name.to_owned(),
        kind: CostKind::Conversion,
        year,
        distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
        vat_percent: Decimal::from(vat_percent),
        on: day("2022-11-01"),
    }
}

fn statement(number: u128, replaces: Option<u128>, amount: Assessment) -> CostEvent {
    CostEvent::Assessed(Statement {
        assessment: AssessmentId(Uuid::from_u128(number)),
        replaces: replaces.map(|replaced| AssessmentId(Uuid::from_u128(replaced))),
        amount,
        on: day("2023-06-01"),
        source: "Tilbud".to_owned(),
    })
}

fn assess(number: u128, amount: Assessment) -> CostCommand {
    CostCommand::Assess {
        assessment: AssessmentId(Uuid::from_u128(number)),
        amount,
        on: day("2023-06-01"),
        source: "Tilbud".to_owned(),
    }
}

fn granted(amount_ore: i64) -> Granted {
    Granted {
        grant: GrantId(Uuid::from_u128(7)),
        from: "Nasjonalbiblioteket".to_owned(),
        amount_ore: Ore(amount_ore),
        reference: "Tilskuddsbrev".to_owned(),
        on: day("2023-02-01"),
    }
}

fn grant(amount_ore: i64) -> CostCommand {
    let Granted { grant, from, amount_ore, reference, on } = granted(amount_ore);
    CostCommand::Grant { grant, from, amount_ore, reference, on }
}

fn moved() -> CostEvent {
    CostEvent::Moved(Moved {
        from_year: 2023,
        to_year: 2024,
        reference: "Budsjettvedtak".to_owned(),
        on: day("2023-12-01"),
    })
}

fn move_to(to_year: i32) -> CostCommand {
    CostCommand::Move { to_year, reference: "Budsjettvedtak".to_owned(), on: day("2023-12-01") }
}

fn cancelled() -> CostEvent {
    CostEvent::Cancelled(Cancelled { on: day("2024-03-01"), reference: "Brev".to_owned() })
}

fn cancel(on: &str) -> CostCommand {
    CostCommand::Cancel { on: day(on), reference: "Brev".to_owned() }
}

const CONTRACTED: Assessment = Assessment::Contracted { amount_ore: Ore(100_000_000) };

#[test]
fn a_cost_is_recorded_before_anybody_knows_its_amount() {
    given::<Cost>([]).when(record("Konvertering", 2023, 25)).then([recorded()]);
    assert_eq!(crate::decider::fold::<Cost>(&[recorded()]).amount(), Assessment::Unknown);
}

#[test]
fn a_recorded_cost_cannot_be_recorded_with_other_content() {
    given::<Cost>([recorded()])
        .when(record("Opplæring", 2023, 25))
        .then_rejected(CostRejection::AlreadyRecorded { name: "Konvertering".to_owned() });
}

#[test]
fn a_cost_needs_a_name_a_possible_year_and_a_possible_vat() {
    given::<Cost>([]).when(record(" ", 2023, 25)).then_rejected(CostRejection::NameMissing);
    given::<Cost>([]).when(record("Konvertering", 1999, 25)).then_rejected(CostRejection::YearNotTaken { year: 1999 });
    given::<Cost>([])
        .when(record("Konvertering", 2023, 101))
        .then_rejected(CostRejection::VatPercentImpossible { vat_percent: Decimal::from(101) });
}

#[test]
fn nothing_can_be_said_of_a_cost_that_is_not_recorded() {
    given::<Cost>([]).when(assess(1, CONTRACTED)).then_rejected(CostRejection::NotRecorded);
    given::<Cost>([]).when(grant(100)).then_rejected(CostRejection::NotRecorded);
    given::<Cost>([]).when(move_to(2024)).then_rejected(CostRejection::NotRecorded);
    given::<Cost>([]).when(cancel("2024-03-01")).then_rejected(CostRejection::NotRecorded);
}

#[test]
fn each_statement_of_the_amount_is_linked_to_the_one_before() {
    given::<Cost>([recorded(), statement(1, None, Assessment::Quoted { amount_ore: Ore(90_000_000) })])
        .when(assess(2, CONTRACTED))
        .then([statement(2, Some(1), CONTRACTED)]);
}

#[test]
fn when_a_contract_falls_the_amount_is_an_estimate_again() {
    let estimate = Assessment::Estimated { low_ore: Ore(1), likely_ore: Ore(2), high_ore: Ore(3) };
    given::<Cost>([recorded(), statement(1, None, CONTRACTED)]).when(assess(2, estimate)).then([statement(
        2,
        Some(1),
        estimate,
    )]);
}

#[test]
fn an_estimate_out_of_order_is_refused() {
    let estimate = Assessment::Estimated { low_ore: Ore(3), likely_ore: Ore(2), high_ore: Ore(3) };
    given::<Cost>([recorded()]).when(assess(1, estimate)).then_rejected(CostRejection::Statement(
        StatementRejection::EstimateOutOfOrder { low_ore: Ore(3), likely_ore: Ore(2), high_ore: Ore(3) },
    ));
}

#[test]
fn a_grant_may_be_promised_while_the_amount_is_unknown() {
    given::<Cost>([recorded()]).when(grant(40_000_000)).then([CostEvent::Granted(granted(40_000_000))]);
}

#[test]
fn a_grant_above_the_contracted_amount_is_refused() {
    given::<Cost>([recorded(), statement(1, None, CONTRACTED)]).when(grant(100_000_001)).then_rejected(
        CostRejection::GrantsExceedAmount { granted_ore: Ore(100_000_001), amount_ore: Ore(100_000_000) },
    );
}

#[test]
fn a_certain_amount_below_what_is_granted_is_refused() {
    given::<Cost>([recorded(), CostEvent::Granted(granted(100_000_001))]).when(assess(1, CONTRACTED)).then_rejected(
        CostRejection::GrantsExceedAmount { granted_ore: Ore(100_000_001), amount_ore: Ore(100_000_000) },
    );
}

#[test]
fn a_grant_takes_off_more_than_nothing_and_its_id_is_used_once() {
    given::<Cost>([recorded()]).when(grant(0)).then_rejected(CostRejection::GrantNotPositive { amount_ore: Ore::ZERO });
    given::<Cost>([recorded(), CostEvent::Granted(granted(100))])
        .when(grant(200))
        .then_rejected(CostRejection::GrantIdReused);
    given::<Cost>([recorded(), CostEvent::Granted(granted(100))]).when(grant(100)).then_nothing();
}

fn withdrawn(on: &str) -> CostEvent {
    CostEvent::GrantWithdrawn(GrantWithdrawn {
        grant: GrantId(Uuid::from_u128(7)),
        reason: "Prosjektet ble billigere".to_owned(),
        on: day(on),
    })
}

fn withdraw(on: &str) -> CostCommand {
    let CostEvent::GrantWithdrawn(GrantWithdrawn { grant, reason, on }) = withdrawn(on) else { panic!() };
    CostCommand::WithdrawGrant { grant, reason, on }
}

#[test]
fn a_grant_that_is_withdrawn_takes_nothing_off_and_makes_room_for_a_lower_one() {
    let history = [recorded(), CostEvent::Granted(granted(100_000_001)), withdrawn("2023-05-01")];
    given::<Cost>(history[..2].to_vec()).when(withdraw("2023-05-01")).then([withdrawn("2023-05-01")]);
    given::<Cost>(history.to_vec()).when(withdraw("2023-05-01")).then_nothing();
    given::<Cost>(history.to_vec()).when(grant(100_000_001)).then_nothing();
    given::<Cost>(history.to_vec()).when(assess(1, CONTRACTED)).then([statement(1, None, CONTRACTED)]);
    let cost = crate::decider::fold::<Cost>(&history);
    assert_eq!((cost.granted(), cost.grants.len()), (Ore::ZERO, 0));
    assert_eq!(cost.withdrawn_grants[0].granted, granted(100_000_001));
}

#[test]
fn a_grant_is_withdrawn_once_for_a_reason_and_after_it_was_given() {
    let history = || vec![recorded(), CostEvent::Granted(granted(100))];
    given::<Cost>([recorded()]).when(withdraw("2023-05-01")).then_rejected(CostRejection::GrantNotRecorded);
    given::<Cost>(history())
        .when(withdraw("2023-01-31"))
        .then_rejected(CostRejection::WithdrawnBeforeGranted { granted_on: day("2023-02-01"), on: day("2023-01-31") });
    let CostCommand::WithdrawGrant { grant, on, .. } = withdraw("2023-05-01") else { panic!() };
    let nameless = CostCommand::WithdrawGrant { grant, reason: " ".to_owned(), on };
    given::<Cost>(history()).when(nameless).then_rejected(CostRejection::ReasonMissing);
    given::<Cost>([history(), vec![withdrawn("2023-05-01")]].concat())
        .when(withdraw("2023-06-01"))
        .then_rejected(CostRejection::GrantAlreadyWithdrawn { on: day("2023-05-01") });
}

#[test]
fn a_grant_above_the_most_of_an_estimate_is_refused() {
    let estimate = Assessment::Estimated { low_ore: Ore(100), likely_ore: Ore(200), high_ore: Ore(600) };
    let history = [recorded(), statement(1, None, estimate)];
    given::<Cost>(history.clone()).when(grant(600)).then([CostEvent::Granted(granted(600))]);
    given::<Cost>(history)
        .when(grant(800))
        .then_rejected(CostRejection::GrantsExceedAmount { granted_ore: Ore(800), amount_ore: Ore(600) });
}

#[test]
fn funds_are_carried_over_to_the_next_budget_year() {
    given::<Cost>([recorded()]).when(move_to(2024)).then([moved()]);
    given::<Cost>([recorded(), moved()]).when(move_to(2024)).then_nothing();
    given::<Cost>([recorded()]).when(move_to(2101)).then_rejected(CostRejection::YearNotTaken { year: 2101 });
}

#[test]
fn a_cost_is_moved_and_cancelled_in_the_order_of_the_days() {
    let refused = |known_on: &str, on: &str| CostRejection::DayBeforeKnown { known_on: day(known_on), on: day(on) };
    let move_on = |on: &str| CostCommand::Move { to_year: 2025, reference: "Budsjettvedtak".to_owned(), on: day(on) };
    given::<Cost>([recorded()]).when(move_on("2022-10-31")).then_rejected(refused("2022-11-01", "2022-10-31"));
    given::<Cost>([recorded(), moved()]).when(move_on("2023-11-30")).then_rejected(refused("2023-12-01", "2023-11-30"));
    for (happened, known_on) in [
        (statement(1, None, CONTRACTED), "2023-06-01"),
        (CostEvent::Granted(granted(100)), "2023-02-01"),
        (moved(), "2023-12-01"),
    ] {
        given::<Cost>([recorded(), happened]).when(cancel("2023-01-01")).then_rejected(refused(known_on, "2023-01-01"));
    }
}

#[test]
fn a_move_or_a_cancellation_names_its_decision() {
    let nameless = CostCommand::Move { to_year: 2024, reference: String::new(), on: day("2023-12-01") };
    given::<Cost>([recorded()]).when(nameless).then_rejected(CostRejection::ReferenceMissing);
    let nameless = CostCommand::Cancel { on: day("2023-12-01"), reference: String::new() };
    given::<Cost>([recorded()]).when(nameless).then_rejected(CostRejection::ReferenceMissing);
}

#[test]
fn after_a_cancellation_nothing_more_happens() {
    given::<Cost>([recorded()]).when(cancel("2024-03-01")).then([cancelled()]);
    let refused = || CostRejection::AlreadyCancelled { on: day("2024-03-01") };
    for command in [assess(1, CONTRACTED), grant(100), withdraw("2024-03-01"), move_to(2024), cancel("2024-03-02")] {
        given::<Cost>([recorded(), cancelled()]).when(command).then_rejected(refused());
    }
}

#[test]
fn the_suppliers_invoice_is_recorded_as_long_as_the_cost_is_alive() {
    let invoice = crate::domain::supplier_invoice::tests::invoice("L-1", 100_000, 25_000);
    let record = CostCommand::RecordSupplierInvoice { supplier_invoice: invoice.clone() };
    given::<Cost>([]).when(record.clone()).then_rejected(CostRejection::NotRecorded);
    given::<Cost>([recorded()]).when(record.clone()).then([CostEvent::SupplierInvoiced(invoice.clone())]);
    given::<Cost>([recorded(), CostEvent::SupplierInvoiced(invoice)]).when(record).then_nothing();
}
