use super::*;
use crate::decider::{fold, testing::given};
use crate::domain::assessment::Certainty;
use crate::domain::identity::SharingKeyId;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn recorded(clause_from: Option<i32>) -> LicenceEvent {
    LicenceEvent::Recorded(Recorded {
        licence: LicenceId(Uuid::from_u128(1)),
        procurement: ProcurementId(Uuid::from_u128(2)),
        name: "Årlig lisens".to_owned(),
        starts: day("2024-02-01"),
        ends: None,
        distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
        vat_percent: Decimal::from(25),
        index_clause: clause_from.map(|first_year| IndexClause { index: "KPI (SSB 14700)".to_owned(), first_year }),
        on: day("2023-10-15"),
    })
}

fn record(name: &str, starts: &str, ends: Option<&str>, vat_percent: i64) -> LicenceCommand {
    LicenceCommand::Record {
        licence: LicenceId(Uuid::from_u128(1)),
        procurement: ProcurementId(Uuid::from_u128(2)),
        name: name.to_owned(),
        starts: day(starts),
        ends: ends.map(day),
        distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
        vat_percent: Decimal::from(vat_percent),
        index_clause: None,
        on: day("2023-10-15"),
    }
}

fn indexed(year: i32, factor: &str) -> Indexed {
    Indexed {
        year,
        factor: factor.parse().unwrap(),
        source: "Kommunal deflator".to_owned(),
        vintage: "NB24".to_owned(),
        certainty: IndexCertainty::Forecast,
        on: day("2023-10-20"),
    }
}

fn index(year: i32, factor: &str) -> LicenceCommand {
    let Indexed { year, factor, source, vintage, certainty, on } = indexed(year, factor);
    LicenceCommand::Index { year, factor, source, vintage, certainty, on }
}

fn priced(amount_ore: i64) -> LicenceEvent {
    LicenceEvent::Priced(Statement {
        assessment: AssessmentId(Uuid::from_u128(4)),
        replaces: None,
        amount: Assessment::Contracted { amount_ore: Ore(amount_ore) },
        on: day("2023-10-15"),
        source: "Kontrakt".to_owned(),
    })
}

fn price(amount_ore: i64) -> LicenceCommand {
    LicenceCommand::Price {
        assessment: AssessmentId(Uuid::from_u128(4)),
        price: Assessment::Contracted { amount_ore: Ore(amount_ore) },
        on: day("2023-10-15"),
        source: "Kontrakt".to_owned(),
    }
}

fn reschedule(starts: &str, ends: Option<&str>, reference: &str) -> LicenceCommand {
    LicenceCommand::Reschedule {
        starts: day(starts),
        ends: ends.map(day),
        reference: reference.to_owned(),
        on: day("2023-12-01"),
    }
}

#[test]
fn a_licence_is_recorded_before_anybody_knows_its_price() {
    given::<Licence>([]).when(record("Årlig lisens", "2024-02-01", None, 25)).then([recorded(None)]);
    given::<Licence>([recorded(Some(2025))])
        .when(record("Årlig lisens", "2024-02-01", None, 25))
        .then_rejected(LicenceRejection::AlreadyRecorded { name: "Årlig lisens".to_owned() });
}

#[test]
fn a_licence_needs_a_name_days_in_order_and_a_possible_vat() {
    given::<Licence>([]).when(record("", "2024-02-01", None, 25)).then_rejected(LicenceRejection::NameMissing);
    given::<Licence>([])
        .when(record("Lisens", "2024-02-01", Some("2024-01-31"), 25))
        .then_rejected(LicenceRejection::EndsBeforeStart { starts: day("2024-02-01"), ends: day("2024-01-31") });
    given::<Licence>([])
        .when(record("Lisens", "1999-12-31", None, 25))
        .then_rejected(LicenceRejection::YearNotTaken { year: 1999 });
    given::<Licence>([])
        .when(record("Lisens", "2024-02-01", None, -1))
        .then_rejected(LicenceRejection::VatPercentImpossible { vat_percent: Decimal::from(-1) });
}

#[test]
fn nothing_can_be_said_of_a_licence_that_is_not_recorded() {
    for command in [price(100), index(2025, "1.04"), reschedule("2024-03-01", None, "Brev")] {
        given::<Licence>([]).when(command).then_rejected(LicenceRejection::NotRecorded);
    }
}

#[test]
fn a_price_is_stated_and_a_negative_one_refused() {
    given::<Licence>([recorded(None)]).when(price(100_000)).then([priced(100_000)]);
    given::<Licence>([recorded(None)])
        .when(price(-1))
        .then_rejected(LicenceRejection::Statement(StatementRejection::AmountNegative { amount_ore: Ore(-1) }));
}

#[test]
fn only_a_price_with_an_index_clause_follows_an_index() {
    given::<Licence>([recorded(None)]).when(index(2025, "1.04")).then_rejected(LicenceRejection::NoIndexClause);
}

#[test]
fn the_index_applies_from_the_first_year_of_the_clause() {
    given::<Licence>([recorded(Some(2025))])
        .when(index(2024, "1.04"))
        .then_rejected(LicenceRejection::BeforeIndexClause { first_year: 2025, year: 2024 });
    given::<Licence>([recorded(Some(2025))])
        .when(index(2025, "1.04"))
        .then([LicenceEvent::Indexed(indexed(2025, "1.04"))]);
}

#[test]
fn a_factor_is_between_a_tenth_and_ten_with_at_most_eight_decimals() {
    for factor in ["0.09", "10.01", "1.123456789"] {
        given::<Licence>([recorded(Some(2025))])
            .when(index(2025, factor))
            .then_rejected(LicenceRejection::FactorImpossible { factor: factor.parse().unwrap() });
    }
}

#[test]
fn a_later_forecast_replaces_the_factor_of_the_same_year() {
    let events = [
        recorded(Some(2025)),
        priced(100_000_001),
        LicenceEvent::Indexed(indexed(2025, "1.03")),
        LicenceEvent::Indexed(indexed(2025, "1.043")),
        LicenceEvent::Indexed(indexed(2026, "1.041")),
    ];
    let licence: Licence = fold(&events);
    assert_eq!(licence.price_for(2024), Some(Range::exactly(Ore(100_000_001))));
    assert_eq!(licence.price_for(2025), Some(Range::exactly(Ore(104_300_001))));
    assert_eq!(licence.price_for(2026), Some(Range::exactly(Ore(108_576_301))));
}

#[test]
fn what_is_published_is_not_forecast_again_and_an_older_factor_replaces_none() {
    let published =
        |factor: &str, on: &str| Indexed { certainty: IndexCertainty::Published, on: day(on), ..indexed(2025, factor) };
    let state = |wished: Indexed| {
        let Indexed { year, factor, source, vintage, certainty, on } = wished;
        LicenceCommand::Index { year, factor, source, vintage, certainty, on }
    };
    let history = [recorded(Some(2025)), LicenceEvent::Indexed(published("1.03", "2025-01-15"))];
    let forecast = Indexed { on: day("2025-02-01"), ..indexed(2025, "1.04") };
    given::<Licence>(history.clone())
        .when(state(forecast))
        .then_rejected(LicenceRejection::IndexPublished { year: 2025, known_on: day("2025-01-15") });
    given::<Licence>(history.clone()).when(state(published("1.031", "2025-01-14"))).then_rejected(
        LicenceRejection::FactorOlder { year: 2025, known_on: day("2025-01-15"), on: day("2025-01-14") },
    );
    let corrected = published("1.031", "2025-01-20");
    given::<Licence>(history).when(state(corrected.clone())).then([LicenceEvent::Indexed(corrected)]);
}

#[test]
fn the_start_is_moved_when_the_tender_slips() {
    given::<Licence>([recorded(None)]).when(reschedule("2024-06-01", Some("2028-05-31"), "Brev")).then([
        LicenceEvent::Rescheduled(Rescheduled {
            starts: day("2024-06-01"),
            ends: Some(day("2028-05-31")),
            reference: "Brev".to_owned(),
            on: day("2023-12-01"),
        }),
    ]);
    given::<Licence>([recorded(None)])
        .when(reschedule("2024-06-01", None, " "))
        .then_rejected(LicenceRejection::ReferenceMissing);
}

#[test]
fn the_suppliers_invoice_says_for_which_days_it_is() {
    use crate::domain::supplier_invoice::tests::invoice;
    let half = Period::between(day("2024-01-01"), day("2024-06-30"));
    let supplier_invoice = SupplierInvoice { period: half, ..invoice("L-7", 100_000, 25_000) };
    let record = LicenceCommand::RecordSupplierInvoice { supplier_invoice: supplier_invoice.clone() };
    given::<Licence>([recorded(None)]).when(record).then([LicenceEvent::SupplierInvoiced(supplier_invoice)]);
    given::<Licence>([recorded(None)])
        .when(LicenceCommand::RecordSupplierInvoice { supplier_invoice: invoice("L-7", 100_000, 25_000) })
        .then_rejected(LicenceRejection::SupplierInvoice(SupplierInvoiceRejection::SupplierPeriodMisplaced));
}

#[test]
fn no_price_and_no_index_take_a_year_above_the_largest_amount_in_whatever_order_they_come() {
    let tens = |years: std::ops::Range<i32>| years.map(|year| LicenceEvent::Indexed(indexed(year, "10")));
    let too_large = |year: i32| LicenceRejection::IndexedPriceTooLarge { year };
    let priced_first: Vec<LicenceEvent> =
        [recorded(Some(2025)), priced(100_000_000)].into_iter().chain(tens(2025..2030)).collect();
    given::<Licence>(priced_first.clone()).when(index(2030, "10")).then_rejected(too_large(2030));
    given::<Licence>(priced_first.clone()).when(index(2030, "1")).then([LicenceEvent::Indexed(indexed(2030, "1"))]);
    let dearer = LicenceCommand::Price {
        assessment: AssessmentId(Uuid::from_u128(5)),
        price: Assessment::Contracted { amount_ore: Ore(100_000_001) },
        on: day("2023-10-16"),
        source: "Kontrakt".to_owned(),
    };
    given::<Licence>(priced_first).when(dearer).then_rejected(too_large(2029));
    let indexed_first: Vec<LicenceEvent> = [recorded(Some(2025))].into_iter().chain(tens(2025..2027)).collect();
    given::<Licence>(indexed_first.clone()).when(price(100_000_000_001)).then_rejected(too_large(2026));
    given::<Licence>(indexed_first).when(price(100_000_000_000)).then([priced(100_000_000_000)]);
}

#[test]
fn a_price_that_an_earlier_version_took_and_that_no_amount_holds_is_unknown_and_no_stop() {
    let factors = (2025..2065).map(|year| LicenceEvent::Indexed(indexed(year, "10")));
    let events: Vec<LicenceEvent> = [recorded(Some(2025)), priced(100_000_000)].into_iter().chain(factors).collect();
    let licence: Licence = fold(&events);
    assert_eq!(licence.price_for(2029), Some(Range::exactly(Ore(10_000_000_000_000))));
    assert_eq!([2030, 2044, 2064].map(|year| licence.price_for(year)), [None; 3]);
}

fn actual(year: i32, amount_ore: i64, on: &str) -> LicenceCommand {
    LicenceCommand::StateActual {
        year,
        assessment: AssessmentId(Uuid::from_u128(9)),
        amount_ore: Ore(amount_ore),
        on: day(on),
        source: "Leverandørens faktura".to_owned(),
    }
}

#[test]
fn what_a_year_came_to_is_the_price_of_that_year_alone_and_its_factors_are_in_it() {
    let given_events = [recorded(Some(2025)), priced(100_000), LicenceEvent::Indexed(indexed(2025, "1.04"))];
    let came_to = LicenceEvent::CameTo(CameTo {
        year: 2025,
        statement: Statement {
            assessment: AssessmentId(Uuid::from_u128(9)),
            replaces: Some(AssessmentId(Uuid::from_u128(4))),
            amount: Assessment::Actual { amount_ore: Ore(105_000) },
            on: day("2025-02-01"),
            source: "Leverandørens faktura".to_owned(),
        },
    });
    given::<Licence>(given_events.clone()).when(actual(2025, 105_000, "2025-02-01")).then([came_to.clone()]);
    let events: Vec<LicenceEvent> = given_events.into_iter().chain([came_to]).collect();
    given::<Licence>(events.clone()).when(actual(2025, 105_000, "2025-02-01")).then([]);
    let licence: Licence = fold(&events);
    let prices = [2024, 2025, 2026].map(|year| licence.price_for(year).unwrap().likely_ore.0);
    assert_eq!(prices, [100_000, 105_000, 104_000]);
    let certainties = [2024, 2025, 2026].map(|year| licence.price_known(year).certainty());
    assert_eq!(certainties, [Certainty::Contracted, Certainty::Actual, Certainty::Contracted]);
}

#[test]
fn an_actual_amount_is_of_one_year_that_has_begun_and_is_paid_for() {
    let events = [recorded(None), priced(100_000)];
    let of_every_year = LicenceCommand::Price {
        assessment: AssessmentId(Uuid::from_u128(5)),
        price: Assessment::Actual { amount_ore: Ore(100_000) },
        on: day("2024-12-01"),
        source: "Faktura".to_owned(),
    };
    given::<Licence>(events.clone()).when(of_every_year).then_rejected(LicenceRejection::ActualOfNoYear);
    given::<Licence>(events.clone())
        .when(actual(2023, 100_000, "2024-12-01"))
        .then_rejected(LicenceRejection::YearNotPaidFor { year: 2023 });
    given::<Licence>(events.clone())
        .when(actual(2024, 100_000, "2024-01-31"))
        .then_rejected(LicenceRejection::YearNotBegun { year: 2024, first: day("2024-02-01"), on: day("2024-01-31") });
    given::<Licence>(events)
        .when(actual(2024, -1, "2024-12-01"))
        .then_rejected(LicenceRejection::Statement(StatementRejection::AmountNegative { amount_ore: Ore(-1) }));
}

#[test]
fn a_price_that_follows_an_index_is_an_estimate_until_the_factor_of_each_year_is_published() {
    let published =
        |year, factor| LicenceEvent::Indexed(Indexed { certainty: IndexCertainty::Published, ..indexed(year, factor) });
    let certainties = |events: &[LicenceEvent]| {
        let mut history = vec![recorded(Some(2025)), priced(100_000)];
        history.extend_from_slice(events);
        let licence: Licence = fold(&history);
        [2024, 2025, 2026].map(|year| licence.certainty_for(year))
    };
    let (contracted, estimated) = (Certainty::Contracted, Certainty::Estimated);
    assert_eq!(certainties(&[]), [contracted, estimated, estimated], "it has no factor yet");
    let forecast = LicenceEvent::Indexed(indexed(2025, "1.043"));
    assert_eq!(certainties(std::slice::from_ref(&forecast)), [contracted, estimated, estimated]);
    assert_eq!(certainties(&[forecast.clone(), published(2025, "1.0309")]), [contracted, contracted, estimated]);
    assert_eq!(certainties(&[forecast, published(2026, "1.0299")]), [contracted, estimated, estimated]);
    let actual = LicenceEvent::CameTo(CameTo {
        year: 2026,
        statement: Statement {
            assessment: AssessmentId(Uuid::from_u128(9)),
            replaces: None,
            amount: Assessment::Actual { amount_ore: Ore(110_000) },
            on: day("2027-01-10"),
            source: "Faktura".to_owned(),
        },
    });
    assert_eq!(certainties(&[actual]), [contracted, estimated, Certainty::Actual]);
}
