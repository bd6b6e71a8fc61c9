use proptest::prelude::*;

use super::*;
use crate::decider::testing::{self, Given};
use crate::domain::testing::{any_day, day, decimal, nth, retries_are_harmless};

fn given(events: impl IntoIterator<Item = PartyEvent>) -> Given<Party> {
    testing::given(events)
}

const TROMSO: &str = "940101808";
const TROMS_OG_FINNMARK: &str = "922420866";

fn party(n: u128) -> PartyId {
    PartyId(nth(n))
}

fn registered(kind: PartyKind, organisation_number: &str) -> PartyEvent {
    let organisation_number = Some(organisation_number.into());
    PartyEvent::Registered(Registered { party: party(1), kind, organisation_number, vat_compensated: true })
}

fn municipality() -> PartyEvent {
    registered(PartyKind::Municipality, TROMSO)
}

fn county_authority() -> PartyEvent {
    registered(PartyKind::CountyAuthority, TROMS_OG_FINNMARK)
}

fn register(kind: PartyKind, organisation_number: &str) -> PartyCommand {
    let organisation_number = Some(organisation_number.into());
    PartyCommand::Register { party: party(1), kind, organisation_number, vat_compensated: true }
}

fn number(number: &str, from: &str) -> PartyCommand {
    PartyCommand::Number { number: number.into(), from: day(from) }
}

fn numbered(number: &str, from: &str) -> PartyEvent {
    PartyEvent::Numbered(Numbered { number: number.into(), from: day(from) })
}

fn names(names: &[(NameLanguage, &str)]) -> Vec<Name> {
    names.iter().map(|(language, text)| Name { language: *language, text: (*text).into() }).collect()
}

fn inhabitants(on: &str, value: Decimal, source: &str) -> PartyCommand {
    PartyCommand::Measure { measure: "inhabitants".into(), on: day(on), value, source: source.into() }
}

fn counted(on: &str, value: Decimal, source: &str) -> PartyEvent {
    PartyEvent::Measured(Measured { measure: "inhabitants".into(), on: day(on), value, source: source.into() })
}

fn shares(shares: &[(u128, Decimal)]) -> Vec<SplitShare> {
    shares.iter().map(|(n, percent)| SplitShare { party: party(*n), percent: *percent }).collect()
}

fn split(between: &[(u128, Decimal)]) -> PartyCommand {
    PartyCommand::Split { shares: shares(between), on: day("2024-01-01"), reference: "Prop. 102 S".into() }
}

fn merge(into: u128) -> PartyCommand {
    PartyCommand::Merge { into: party(into), on: day("2024-01-01"), reference: "FOR-2017-06-16".into() }
}

fn merged() -> PartyEvent {
    PartyEvent::Merged(Merged { into: party(2), on: day("2024-01-01"), reference: "FOR-2017-06-16".into() })
}

fn succeed(successors: &[u128]) -> PartyCommand {
    let successors = successors.iter().map(|n| party(*n)).collect();
    PartyCommand::Succeed { successors, on: day("2024-01-01"), reference: "Prop. 113 L".into() }
}

mod vat_compensation {
    use super::*;

    fn set(compensated: bool, from: &str) -> PartyCommand {
        PartyCommand::SetVatCompensation { compensated, from: day(from) }
    }

    fn was_set(compensated: bool, from: &str) -> PartyEvent {
        PartyEvent::VatCompensationSet(VatCompensationSet { compensated, from: day(from) })
    }

    #[test]
    fn it_is_set_from_a_day_in_place_of_what_was_registered() {
        given([municipality()]).when(set(false, "2025-01-01")).then([was_set(false, "2025-01-01")]);
        given([municipality(), was_set(false, "2025-01-01")]).when(set(false, "2025-01-01")).then_nothing();
        given([municipality(), was_set(false, "2025-01-01")])
            .when(set(true, "2025-01-01"))
            .then([was_set(true, "2025-01-01")]);
        given([municipality()]).when(set(true, "2020-01-01")).then_nothing();
        given([]).when(set(true, "2020-01-01")).then_rejected(PartyRejection::NotRegistered);
        given([municipality(), merged()])
            .when(set(false, "2024-01-01"))
            .then_rejected(PartyRejection::AlreadyEnded { ended_on: day("2024-01-01") });
    }

    #[test]
    fn each_day_has_what_held_on_it() {
        let known: Party = crate::decider::fold(&[municipality(), was_set(false, "2025-01-01")]);
        assert!(known.is_vat_compensated_on(day("2024-12-31")));
        assert!(!known.is_vat_compensated_on(day("2025-01-01")));
    }
}

mod registration {
    use super::*;

    #[test]
    fn a_municipality_is_registered_once() {
        given([]).when(register(PartyKind::Municipality, TROMSO)).then([municipality()]);
        given([municipality()]).when(register(PartyKind::Municipality, TROMSO)).then_nothing();
        given([municipality()])
            .when(register(PartyKind::Other, TROMSO))
            .then_rejected(PartyRejection::AlreadyRegistered { organisation_number: Some(TROMSO.into()) });
    }

    #[test]
    fn only_a_party_of_another_kind_may_be_without_organisation_number() {
        let register =
            |kind| PartyCommand::Register { party: party(1), kind, organisation_number: None, vat_compensated: false };
        given([]).when(register(PartyKind::Municipality)).then_rejected(PartyRejection::OrganisationNumberMissing);
        let longyearbyen =
            Registered { party: party(1), kind: PartyKind::Other, organisation_number: None, vat_compensated: false };
        given([]).when(register(PartyKind::Other)).then([PartyEvent::Registered(longyearbyen)]);
    }

    #[test]
    fn an_organisation_number_has_nine_digits_and_the_right_check_digit() {
        for wrong in ["940101809", "94010180", "9401018080", "94010180x", "", "940 101 808"] {
            given([])
                .when(register(PartyKind::Municipality, wrong))
                .then_rejected(PartyRejection::OrganisationNumberInvalid { organisation_number: wrong.into() });
        }
    }

    #[test]
    fn nothing_is_said_of_a_party_that_is_not_registered() {
        for command in [number("5501", "2024-01-01"), merge(2), inhabitants("2023-01-01", decimal("1"), "SSB")] {
            given([]).when(command).then_rejected(PartyRejection::NotRegistered);
        }
    }
}

mod numbers_and_names {
    use super::*;

    #[test]
    fn a_municipality_has_four_digits_and_a_county_two() {
        let malformed = |number: &str, digits| PartyRejection::NumberMalformed { number: number.into(), digits };
        given([municipality()]).when(number("5501", "2024-01-01")).then([numbered("5501", "2024-01-01")]);
        given([county_authority()]).when(number("54", "2020-01-01")).then([numbered("54", "2020-01-01")]);
        given([registered(PartyKind::Other, "971514969")])
            .when(number("2111", "2002-01-01"))
            .then([numbered("2111", "2002-01-01")]);
        given([municipality()]).when(number("54", "2020-01-01")).then_rejected(malformed("54", 4));
        given([county_authority()]).when(number("5401", "2020-01-01")).then_rejected(malformed("5401", 2));
        given([municipality()]).when(number("540a", "2020-01-01")).then_rejected(malformed("540a", 4));
    }

    #[test]
    fn the_number_changes_with_the_county_but_not_twice_on_one_day() {
        let before = [municipality(), numbered("5401", "2020-01-01")];
        given(before.clone()).when(number("5501", "2024-01-01")).then([numbered("5501", "2024-01-01")]);
        given(before.clone()).when(number("5401", "2020-01-01")).then_nothing();
        given(before)
            .when(number("1902", "2020-01-01"))
            .then_rejected(PartyRejection::OtherNumberFromThatDay { number: "5401".into(), from: day("2020-01-01") });
    }

    #[test]
    fn a_number_that_was_wrong_is_corrected_for_its_day() {
        let correct = |number: &str, from: &str| PartyCommand::CorrectNumber { number: number.into(), from: day(from) };
        let before = [municipality(), numbered("5402", "2020-01-01")];
        let corrected = numbered("5401", "2020-01-01");
        given(before.clone()).when(correct("5401", "2020-01-01")).then([corrected.clone()]);
        given([before.to_vec(), vec![corrected]].concat()).when(correct("5401", "2020-01-01")).then_nothing();
        let malformed = PartyRejection::NumberMalformed { number: "54".into(), digits: 4 };
        given(before.clone()).when(correct("54", "2020-01-01")).then_rejected(malformed);
        let none = PartyRejection::NoNumberFromThatDay { from: day("2024-01-01") };
        given(before).when(correct("5501", "2024-01-01")).then_rejected(none);
    }

    #[test]
    fn names_stand_in_their_official_order_and_a_spelling_is_corrected_by_saying_it_anew() {
        use NameLanguage::{Nb, Se};
        let from = day("2020-01-01");
        let misspelt = Named { names: names(&[(Se, "Karasjohka"), (Nb, "Karasjok")]), from };
        let right = names(&[(Se, "Kárášjohka"), (Nb, "Karasjok")]);
        let history = [municipality(), PartyEvent::Named(misspelt)];
        given(history.clone())
            .when(PartyCommand::Name { names: right.clone(), from })
            .then([PartyEvent::Named(Named { names: right, from })]);
    }

    #[test]
    fn a_party_has_a_name_and_no_more_than_one_in_a_language() {
        use NameLanguage::{Fkv, Nb, Se};
        let name = |given: &[(NameLanguage, &str)]| PartyCommand::Name { names: names(given), from: day("2026-01-01") };
        let three = [(Nb, "Lyngen"), (Se, "Ivgu"), (Fkv, "Yykeä")];
        given([municipality()])
            .when(name(&three))
            .then([PartyEvent::Named(Named { names: names(&three), from: day("2026-01-01") })]);
        given([municipality()]).when(name(&[])).then_rejected(PartyRejection::NamesMissing);
        given([municipality()])
            .when(name(&[(Nb, "Lyngen"), (Se, "Ivgu"), (Nb, "Karlsøy")]))
            .then_rejected(PartyRejection::LanguageTwice { language: Nb });
        for wrong in ["", "  ", "Lyn\ngen", &"a".repeat(101)] {
            given([municipality()])
                .when(name(&[(Se, wrong)]))
                .then_rejected(PartyRejection::NameMalformed { language: Se });
        }
    }

    #[test]
    fn a_day_long_ago_or_far_ahead_is_a_slip_of_the_pen() {
        for wrong in ["0202-01-01", "2101-01-01"] {
            let rejection = PartyRejection::DayNotTaken { day: day(wrong) };
            given([municipality()]).when(number("5501", wrong)).then_rejected(rejection);
        }
    }
}

mod figures {
    use super::*;

    #[test]
    fn a_figure_has_a_day_and_a_source_and_is_corrected_by_adding() {
        let history = [municipality(), counted("2023-01-01", decimal("77992"), "SSB 07459")];
        given(history.clone()).when(inhabitants("2023-01-01", decimal("77992"), "SSB 07459")).then_nothing();
        given(history.clone())
            .when(inhabitants("2023-01-01", decimal("77990"), "SSB 07459, corrected"))
            .then([counted("2023-01-01", decimal("77990"), "SSB 07459, corrected")]);
        given(history)
            .when(inhabitants("2024-01-01", decimal("78745"), " "))
            .then_rejected(PartyRejection::SourceMissing);
    }

    #[test]
    fn the_later_figure_for_a_day_replaces_the_earlier() {
        let party: Party = crate::decider::fold(&[
            counted("2023-01-01", decimal("77992"), "SSB 07459"),
            counted("2023-01-01", decimal("77990"), "SSB 07459, corrected"),
        ]);
        assert_eq!(party.figure_on("inhabitants", day("2023-06-01")).unwrap().value, decimal("77990"));
    }

    #[test]
    fn a_figure_is_not_negative_nor_finer_than_four_decimals_nor_beyond_reason_and_a_count_is_whole() {
        let measure = || "inhabitants".to_owned();
        for (value, rejection) in [
            (decimal("-1"), PartyRejection::FigureNegative { measure: measure(), value: decimal("-1") }),
            (decimal("21.708"), PartyRejection::CountNotWhole { measure: measure(), value: decimal("21.708") }),
            (Decimal::MAX, PartyRejection::FigureTooLarge { measure: measure(), value: Decimal::MAX }),
        ] {
            given([municipality()]).when(inhabitants("2023-01-01", value, "SSB")).then_rejected(rejection);
        }
        let of_area = |value: &str| Measured {
            measure: "area".to_owned(),
            on: day("2023-01-01"),
            value: decimal(value),
            source: "Kartverket".to_owned(),
        };
        let area = |value: &str| {
            let Measured { measure, on, value, source } = of_area(value);
            PartyCommand::Measure { measure, on, value, source }
        };
        given([municipality()]).when(area("0.50000")).then([PartyEvent::Measured(of_area("0.5"))]);
        given([municipality()])
            .when(area("0.00001"))
            .then_rejected(PartyRejection::FigureTooPrecise { measure: "area".to_owned(), value: decimal("0.00001") });
        given([municipality()])
            .when(PartyCommand::Measure {
                measure: String::new(),
                on: day("2023-01-01"),
                value: decimal("1"),
                source: "SSB".into(),
            })
            .then_rejected(PartyRejection::MeasureMalformed);
    }
}

mod endings {
    use super::*;

    #[test]
    fn a_municipality_becomes_part_of_another_once() {
        given([municipality()]).when(merge(2)).then([merged()]);
        given([municipality(), merged()]).when(merge(2)).then_nothing();
        let ended = PartyRejection::AlreadyEnded { ended_on: day("2024-01-01") };
        given([municipality(), merged()]).when(merge(3)).then_rejected(ended.clone());
        given([municipality(), merged()]).when(split(&[(2, decimal("100"))])).then_rejected(ended);
        given([municipality()]).when(merge(1)).then_rejected(PartyRejection::OwnHeir);
    }

    #[test]
    fn the_shares_of_a_split_are_decided_and_make_the_whole() {
        let on = day("2024-01-01");
        let alesund_and_haram = [(2, decimal("85.4")), (3, decimal("14.6"))];
        given([municipality()]).when(split(&alesund_and_haram)).then([PartyEvent::Split(Split {
            shares: shares(&alesund_and_haram),
            on,
            reference: "Prop. 102 S".into(),
        })]);
        for (wrong, rejection) in [
            (vec![], PartyRejection::HeirsMissing),
            (
                vec![(2, decimal("85.4")), (3, decimal("14.5"))],
                PartyRejection::SharesNotWhole { percent: decimal("99.9") },
            ),
            (vec![(2, decimal("100")), (3, decimal("0"))], PartyRejection::ShareImpossible { percent: decimal("0") }),
            (
                vec![(2, decimal("110")), (3, decimal("-10"))],
                PartyRejection::ShareImpossible { percent: decimal("110") },
            ),
            (vec![(2, decimal("50")), (2, decimal("50"))], PartyRejection::HeirTwice { party: party(2) }),
            (vec![(1, decimal("50")), (2, decimal("50"))], PartyRejection::OwnHeir),
            ((2..103).map(|n| (n, decimal("1"))).collect(), PartyRejection::TooManyHeirs { count: 101, most: 100 }),
        ] {
            given([municipality()]).when(split(&wrong)).then_rejected(rejection);
        }
        given([municipality()])
            .when(PartyCommand::Split { shares: shares(&alesund_and_haram), on, reference: String::new() })
            .then_rejected(PartyRejection::ReferenceMissing);
    }

    #[test]
    fn a_county_authority_is_succeeded_and_nobody_else() {
        let succeeded = PartyEvent::Succeeded(Succeeded {
            successors: vec![party(55), party(56)],
            on: day("2024-01-01"),
            reference: "Prop. 113 L".into(),
        });
        given([county_authority()]).when(succeed(&[55, 56])).then([succeeded.clone()]);
        given([county_authority(), succeeded])
            .when(succeed(&[55]))
            .then_rejected(PartyRejection::AlreadyEnded { ended_on: day("2024-01-01") });
        given([municipality()]).when(succeed(&[55, 56])).then_rejected(PartyRejection::OnlyCountyAuthorityIsSucceeded);
        for command in [merge(2), split(&[(2, decimal("100"))])] {
            given([county_authority()]).when(command).then_rejected(PartyRejection::CountyAuthorityIsSucceeded);
        }
    }

    #[test]
    fn a_party_that_has_ended_keeps_its_past_and_answers_for_open_matters() {
        let history = [municipality(), merged()];
        let ended = PartyRejection::AlreadyEnded { ended_on: day("2024-01-01") };
        given(history.clone()).when(inhabitants("2023-01-01", decimal("77992"), "SSB")).then([counted(
            "2023-01-01",
            decimal("77992"),
            "SSB",
        )]);
        given(history.clone()).when(inhabitants("2024-01-01", decimal("78745"), "SSB")).then_rejected(ended.clone());
        given(history.clone()).when(number("5501", "2024-01-01")).then_rejected(ended);
        let finance = ContactNamed { role: ContactRole::Finance, person: PersonId(nth(9)) };
        given(history)
            .when(PartyCommand::NameContact { role: ContactRole::Finance, person: PersonId(nth(9)) })
            .then([PartyEvent::ContactNamed(finance)]);
    }
}

mod choices {
    use super::*;

    #[test]
    fn what_is_chosen_already_is_not_chosen_again() {
        let from = day("2023-01-01");
        let nynorsk = WrittenFormChosen { written_form: WrittenForm::Nynorsk, from };
        given([municipality()])
            .when(PartyCommand::ChooseWrittenForm { written_form: WrittenForm::Nynorsk, from })
            .then([PartyEvent::WrittenFormChosen(nynorsk)]);
        given([municipality()])
            .when(PartyCommand::SetSamiLanguageArea { belongs: true, from })
            .then([PartyEvent::SamiLanguageAreaSet(SamiLanguageAreaSet { belongs: true, from })]);
        given([municipality()])
            .when(PartyCommand::SetBuyerReference { reference: "BIB-1".into() })
            .then([PartyEvent::BuyerReferenceSet(BuyerReferenceSet { reference: "BIB-1".into() })]);
        given([municipality()])
            .when(PartyCommand::SetBuyerReference { reference: String::new() })
            .then_rejected(PartyRejection::ReferenceMissing);
    }
}

fn state_register_entry(vat_registered: bool, from: &str) -> PartyCommand {
    PartyCommand::StateRegisterEntry {
        in_foretaksregisteret: false,
        vat_registered,
        from: day(from),
        source: "Enhetsregisteret".into(),
    }
}

fn register_entry(vat_registered: bool, from: &str) -> PartyEvent {
    PartyEvent::RegisterEntryStated(RegisterEntryStated {
        in_foretaksregisteret: false,
        vat_registered,
        from: day(from),
        source: "Enhetsregisteret".into(),
    })
}

#[test]
fn what_the_registers_say_holds_from_a_day() {
    given([]).when(state_register_entry(true, "2020-01-01")).then_rejected(PartyRejection::NotRegistered);
    given([municipality()]).when(state_register_entry(true, "2020-01-01")).then([register_entry(true, "2020-01-01")]);
    given([municipality(), register_entry(true, "2020-01-01")])
        .when(state_register_entry(true, "2020-01-01"))
        .then_nothing();
    let party: Party = crate::decider::fold(&[
        municipality(),
        register_entry(false, "2020-01-01"),
        register_entry(true, "2023-07-01"),
    ]);
    let vat_registered = |on| party.register_entry_on(day(on)).map(|stated| stated.vat_registered);
    assert_eq!(vat_registered("2019-12-31"), None, "before it was looked up nothing is assumed");
    assert_eq!((vat_registered("2023-06-30"), vat_registered("2023-07-01")), (Some(false), Some(true)));
}

#[test]
fn further_references_stand_together_and_are_set_anew_together() {
    let set = |order: Option<&str>, account: Option<&str>| PartyCommand::SetInvoiceReferences {
        order_reference: order.map(str::to_owned),
        accounting_cost: account.map(str::to_owned),
    };
    let were_set = |order: Option<&str>, account: Option<&str>| {
        PartyEvent::InvoiceReferencesSet(InvoiceReferencesSet {
            order_reference: order.map(str::to_owned),
            accounting_cost: account.map(str::to_owned),
        })
    };
    given([municipality()]).when(set(Some("B-17"), None)).then([were_set(Some("B-17"), None)]);
    given([municipality(), were_set(Some("B-17"), None)]).when(set(Some("B-17"), None)).then_nothing();
    given([municipality(), were_set(Some("B-17"), None)])
        .when(set(None, Some("1195.370")))
        .then([were_set(None, Some("1195.370"))]);
    given([municipality()]).when(set(Some(" "), None)).then_rejected(PartyRejection::ReferenceMissing);
}

fn any_command() -> impl Strategy<Value = PartyCommand> {
    use prop::sample::select;
    let heir = || (1u128..4).prop_map(party);
    prop_oneof![
        select(vec![(PartyKind::Municipality, TROMSO), (PartyKind::CountyAuthority, TROMS_OG_FINNMARK)])
            .prop_map(|(kind, organisation_number)| register(kind, organisation_number)),
        (select(vec!["5401", "5501", "54"]), any_day())
            .prop_map(|(number, from)| PartyCommand::Number { number: number.into(), from }),
        (select(vec!["Tromsø", "Romsa", ""]), any_day())
            .prop_map(|(text, from)| { PartyCommand::Name { names: names(&[(NameLanguage::Nb, text)]), from } }),
        (-1i64..3, any_day()).prop_map(|(value, on)| PartyCommand::Measure {
            measure: "loans".into(),
            on,
            value: value.into(),
            source: "SSB".into(),
        }),
        (heir(), any_day()).prop_map(|(into, on)| PartyCommand::Merge { into, on, reference: "FOR-2017-06-16".into() }),
        Just(split(&[(2, decimal("60")), (3, decimal("40"))])),
        Just(succeed(&[55, 56])),
        (any::<bool>(), any_day()).prop_map(|(belongs, from)| PartyCommand::SetSamiLanguageArea { belongs, from }),
        any_day().prop_map(|from| PartyCommand::ChooseWrittenForm { written_form: WrittenForm::Nynorsk, from }),
        (1u128..3)
            .prop_map(|n| PartyCommand::NameContact { role: ContactRole::LibraryLeader, person: PersonId(nth(n)) }),
        select(vec!["BIB-1", "BIB-2"])
            .prop_map(|reference| PartyCommand::SetBuyerReference { reference: reference.into() }),
        (any::<bool>(), any_day()).prop_map(|(vat_registered, from)| PartyCommand::StateRegisterEntry {
            in_foretaksregisteret: false,
            vat_registered,
            from,
            source: "Enhetsregisteret".into(),
        }),
    ]
}

proptest! {
    #[test]
    fn a_wish_that_was_granted_yields_nothing_the_second_time(
        commands in prop::collection::vec(any_command(), 1..20),
    ) {
        retries_are_harmless::<Party>(&commands);
    }
}
