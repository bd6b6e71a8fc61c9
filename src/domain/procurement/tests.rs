use proptest::prelude::*;

use super::*;
use crate::decider::testing::{self, Given};
use crate::domain::identity::{CostId, LicenceId};
use crate::domain::testing::{any_day, day, nth, retries_are_harmless};

pub(super) fn given(events: impl IntoIterator<Item = ProcurementEvent>) -> Given<Procurement> {
    testing::given(events)
}

fn county(n: u128) -> PartyId {
    PartyId(nth(n))
}

fn open(name: &str, label: &str) -> ProcurementCommand {
    ProcurementCommand::Open {
        procurement: ProcurementId(nth(1)),
        name: name.into(),
        county: county(54),
        agreement_label: label.into(),
        illustrative: true,
        on: day("2022-09-01"),
    }
}

pub(super) fn opened() -> ProcurementEvent {
    ProcurementEvent::Opened(Opened {
        procurement: ProcurementId(nth(1)),
        name: "Grenseløse muligheter".into(),
        county: county(54),
        agreement_label: "tilknytningsavtale".into(),
        illustrative: true,
        on: day("2022-09-01"),
    })
}

fn pass(counties: &[u128], on: &str) -> ProcurementCommand {
    let counties = counties.iter().map(|n| county(*n)).collect();
    ProcurementCommand::Pass { counties, on: day(on), reference: "Prop. 113 L".into() }
}

fn passed(counties: &[u128], on: &str) -> ProcurementEvent {
    let counties = counties.iter().map(|n| county(*n)).collect();
    ProcurementEvent::Passed(Passed { counties, on: day(on), reference: "Prop. 113 L".into() })
}

#[test]
fn a_procurement_is_opened_once() {
    given([]).when(open("Grenseløse muligheter", "tilknytningsavtale")).then([opened()]);
    given([opened()]).when(open("Grenseløse muligheter", "tilknytningsavtale")).then_nothing();
    given([opened()])
        .when(open("Nytt biblioteksystem", "tilknytningsavtale"))
        .then_rejected(ProcurementRejection::AlreadyOpened { name: "Grenseløse muligheter".into() });
    given([]).when(open(" ", "tilknytningsavtale")).then_rejected(ProcurementRejection::NameMissing);
    given([]).when(open("Grenseløse muligheter", "")).then_rejected(ProcurementRejection::LabelMissing);
}

#[test]
fn nothing_happens_to_a_procurement_before_it_is_opened() {
    let milestone = ProcurementCommand::SetMilestone { name: "tender deadline".into(), on: day("2023-05-24") };
    for command in [milestone, pass(&[55], "2024-01-01")] {
        given([]).when(command).then_rejected(ProcurementRejection::NotOpened);
    }
}

#[test]
fn a_milestone_can_be_moved() {
    let name = || "tender deadline".to_owned();
    let set = |on| ProcurementEvent::MilestoneSet(MilestoneSet { name: name(), on: day(on) });
    let command = |on| ProcurementCommand::SetMilestone { name: name(), on: day(on) };
    given([opened()]).when(command("2023-05-24")).then([set("2023-05-24")]);
    given([opened(), set("2023-05-24")]).when(command("2023-05-24")).then_nothing();
    given([opened(), set("2023-05-24")]).when(command("2023-06-07")).then([set("2023-06-07")]);
    given([opened()])
        .when(ProcurementCommand::SetMilestone { name: String::new(), on: day("2023-05-24") })
        .then_rejected(ProcurementRejection::NameMissing);
    given([opened()])
        .when(command("3023-05-24"))
        .then_rejected(ProcurementRejection::DayNotTaken { day: day("3023-05-24") });
}

#[test]
fn the_agreements_are_renamed_from_a_day() {
    let from = day("2022-11-01");
    let renamed = AgreementLabelChosen { label: "tilslutningsavtale".into(), from };
    given([opened()])
        .when(ProcurementCommand::ChooseAgreementLabel { label: "tilslutningsavtale".into(), from })
        .then([ProcurementEvent::AgreementLabelChosen(renamed.clone())]);
    let procurement: Procurement = crate::decider::fold(&[opened(), ProcurementEvent::AgreementLabelChosen(renamed)]);
    assert_eq!(procurement.agreement_label_on(day("2022-10-31")), "tilknytningsavtale");
    assert_eq!(procurement.agreement_label_on(from), "tilslutningsavtale");
}

#[test]
fn troms_and_finnmark_lead_it_together_after_the_county_is_parted() {
    given([opened()]).when(pass(&[55, 56], "2024-01-01")).then([passed(&[55, 56], "2024-01-01")]);
    let history = [opened(), passed(&[55, 56], "2024-01-01")];
    given(history.clone()).when(pass(&[55, 56], "2024-01-01")).then_nothing();
    for on in ["2024-01-01", "2023-07-01"] {
        given(history.clone())
            .when(pass(&[55], on))
            .then_rejected(ProcurementRejection::AlreadyPassed { passed_on: day("2024-01-01") });
    }
}

#[test]
fn a_procurement_passes_to_somebody_and_to_each_once_by_a_decision() {
    for (command, rejection) in [
        (pass(&[], "2024-01-01"), ProcurementRejection::CountiesMissing),
        (pass(&[55, 55], "2024-01-01"), ProcurementRejection::CountyTwice { county: county(55) }),
        (
            pass(&(100..121).collect::<Vec<_>>(), "2024-01-01"),
            ProcurementRejection::TooManyCounties { count: 21, most: 20 },
        ),
        (
            pass(&[55], "2022-08-31"),
            ProcurementRejection::PassedBeforeOpened { opened_on: day("2022-09-01"), on: day("2022-08-31") },
        ),
        (
            ProcurementCommand::Pass { counties: vec![county(55)], on: day("2024-01-01"), reference: String::new() },
            ProcurementRejection::ReferenceMissing,
        ),
    ] {
        given([opened()]).when(command).then_rejected(rejection);
    }
}

fn decided(applies_to: AppliesTo, from: &str, treatment: VatTreatment) -> VatTreatmentDecided {
    VatTreatmentDecided {
        treatment,
        vat_percent: (treatment == VatTreatment::Resale).then_some(Decimal::from(25)),
        applies_to,
        from: day(from),
        decision: "Sak 23/101".into(),
        role: "økonomisjef".into(),
        person: PersonId(nth(5)),
        on: day("2023-01-10"),
    }
}

fn decide(wish: VatTreatmentDecided) -> ProcurementCommand {
    let VatTreatmentDecided { treatment, vat_percent, applies_to, from, decision, role, person, on } = wish;
    ProcurementCommand::DecideVatTreatment { treatment, vat_percent, applies_to, from, decision, role, person, on }
}

const A_COST: Subject = Subject::Cost { cost: CostId(uuid::Uuid::from_u128(7)) };

#[test]
fn how_vat_is_treated_is_decided_and_never_inferred() {
    let resale = decided(AppliesTo::Procurement, "2023-01-01", VatTreatment::Resale);
    given([opened()]).when(decide(resale.clone())).then([ProcurementEvent::VatTreatmentDecided(resale.clone())]);
    given([opened(), ProcurementEvent::VatTreatmentDecided(resale.clone())])
        .when(decide(resale.clone()))
        .then_nothing();
    for (wish, rejection) in [
        (VatTreatmentDecided { vat_percent: None, ..resale.clone() }, ProcurementRejection::VatPercentMissing),
        (
            VatTreatmentDecided { treatment: VatTreatment::Disbursement, ..resale.clone() },
            ProcurementRejection::VatPercentMisplaced { treatment: VatTreatment::Disbursement },
        ),
        (
            VatTreatmentDecided { vat_percent: Some(Decimal::from(101)), ..resale.clone() },
            ProcurementRejection::VatPercentImpossible { vat_percent: Decimal::from(101) },
        ),
        (VatTreatmentDecided { decision: String::new(), ..resale.clone() }, ProcurementRejection::DecisionMissing),
        (VatTreatmentDecided { role: " ".into(), ..resale }, ProcurementRejection::RoleMissing),
    ] {
        given([opened()]).when(decide(wish)).then_rejected(rejection);
    }
}

#[test]
fn the_decision_on_one_cost_goes_before_the_one_on_all_and_the_later_before_the_earlier() {
    let history = [
        opened(),
        ProcurementEvent::VatTreatmentDecided(decided(A_COST.into(), "2023-06-01", VatTreatment::Disbursement)),
        ProcurementEvent::VatTreatmentDecided(decided(AppliesTo::Procurement, "2023-01-01", VatTreatment::Resale)),
        ProcurementEvent::VatTreatmentDecided(decided(AppliesTo::Procurement, "2024-01-01", VatTreatment::CostSharing)),
    ];
    let procurement: Procurement = crate::decider::fold(&history);
    let treatment = |subject, on| procurement.vat_treatment_on(subject, day(on)).map(|decided| decided.treatment);
    let other = Subject::Licence { licence: LicenceId(nth(8)) };
    assert_eq!(treatment(A_COST, "2022-12-31"), None);
    assert_eq!(treatment(A_COST, "2023-05-31"), Some(VatTreatment::Resale));
    assert_eq!(treatment(A_COST, "2024-02-01"), Some(VatTreatment::Disbursement));
    assert_eq!(treatment(other, "2023-12-31"), Some(VatTreatment::Resale));
    assert_eq!(treatment(other, "2024-01-01"), Some(VatTreatment::CostSharing));
}

fn any_command() -> impl Strategy<Value = ProcurementCommand> {
    use prop::sample::select;
    prop_oneof![
        Just(open("Grenseløse muligheter", "tilknytningsavtale")),
        (select(vec!["tender deadline", "signature"]), any_day())
            .prop_map(|(name, on)| ProcurementCommand::SetMilestone { name: name.into(), on }),
        (select(vec!["tilknytningsavtale", "tilslutningsavtale"]), any_day())
            .prop_map(|(label, from)| ProcurementCommand::ChooseAgreementLabel { label: label.into(), from }),
        (select(vec![vec![54], vec![55, 56], vec![55]]), any_day()).prop_map(|(counties, on)| {
            ProcurementCommand::Pass {
                counties: counties.into_iter().map(county).collect(),
                on,
                reference: "Prop. 113 L".into(),
            }
        }),
        (select(vec![VatTreatment::Resale, VatTreatment::CostSharing]), any_day()).prop_map(|(treatment, from)| {
            decide(VatTreatmentDecided { from, ..decided(AppliesTo::Procurement, "2023-01-01", treatment) })
        }),
    ]
}

proptest! {
    #[test]
    fn a_wish_that_was_granted_yields_nothing_the_second_time(
        commands in prop::collection::vec(any_command(), 1..20),
    ) {
        retries_are_harmless::<Procurement>(&commands);
    }
}
