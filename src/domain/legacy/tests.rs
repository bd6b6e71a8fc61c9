use proptest::prelude::*;

use super::*;
use crate::decider::fold;
use crate::decider::testing::{self, Given};
use crate::domain::testing::{any_day, day, decimal, nth, retries_are_harmless};

fn given(events: impl IntoIterator<Item = LegacyEvent>) -> Given<Legacy> {
    testing::given(events)
}

fn mikromarc() -> Recorded {
    Recorded {
        legacy: LegacyId(nth(1)),
        procurement: ProcurementId(nth(2)),
        party: PartyId(nth(3)),
        system: "Mikromarc".into(),
        yearly_cost_ore: None,
        vat_percent: decimal("25"),
        paid_until: day("2022-12-31"),
        notice_months: 3,
    }
}

fn record(contract: Recorded) -> LegacyCommand {
    let Recorded { legacy, procurement, party, system, yearly_cost_ore, vat_percent, paid_until, notice_months } =
        contract;
    LegacyCommand::Record {
        legacy,
        procurement,
        party,
        system,
        yearly_cost_ore,
        vat_percent,
        paid_until,
        notice_months,
    }
}

fn recorded() -> LegacyEvent {
    LegacyEvent::Recorded(mikromarc())
}

fn give_notice(on: &str, last_day: &str) -> LegacyCommand {
    LegacyCommand::GiveNotice { on: day(on), last_day: day(last_day) }
}

fn noticed(on: &str, last_day: &str) -> LegacyEvent {
    LegacyEvent::NoticeGiven(NoticeGiven { on: day(on), last_day: day(last_day) })
}

fn withdrawn(on: &str) -> LegacyEvent {
    LegacyEvent::NoticeWithdrawn(NoticeWithdrawn { on: day(on) })
}

fn extend(on: &str, last_day: &str) -> LegacyCommand {
    LegacyCommand::Extend { on: day(on), last_day: day(last_day) }
}

fn extended(on: &str, last_day: &str) -> LegacyEvent {
    LegacyEvent::Extended(Extended { on: day(on), last_day: day(last_day) })
}

mod recording {
    use super::*;

    #[test]
    fn an_old_contract_is_recorded_once_even_while_its_cost_is_unknown() {
        given([]).when(record(mikromarc())).then([recorded()]);
        given([recorded()])
            .when(record(Recorded { notice_months: 6, ..mikromarc() }))
            .then_rejected(LegacyRejection::AlreadyRecorded { system: "Mikromarc".into() });
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let contract = mikromarc;
        for (wrong, rejection) in [
            (Recorded { system: String::new(), ..contract() }, LegacyRejection::SystemMissing),
            (
                Recorded { yearly_cost_ore: Some(Ore(-1)), ..contract() },
                LegacyRejection::AmountNegative { amount_ore: Ore(-1) },
            ),
            (
                Recorded { yearly_cost_ore: Some(Ore(i64::MAX)), ..contract() },
                LegacyRejection::AmountTooLarge { amount_ore: Ore(i64::MAX) },
            ),
            (
                Recorded { vat_percent: decimal("100.01"), ..contract() },
                LegacyRejection::VatPercentImpossible { vat_percent: decimal("100.01") },
            ),
            (
                Recorded { vat_percent: decimal("-1"), ..contract() },
                LegacyRejection::VatPercentImpossible { vat_percent: decimal("-1") },
            ),
            (
                Recorded { notice_months: 121, ..contract() },
                LegacyRejection::NoticeMonthsTooMany { notice_months: 121, most: 120 },
            ),
            (
                Recorded { paid_until: day("2202-12-31"), ..contract() },
                LegacyRejection::DayNotTaken { day: day("2202-12-31") },
            ),
        ] {
            given([]).when(record(wrong)).then_rejected(rejection);
        }
    }

    #[test]
    fn the_cost_is_stated_when_it_is_known_and_stated_anew_later() {
        let state = |kroner: i64, source: &str, on| LegacyCommand::StateYearlyCost {
            yearly_cost_ore: Ore(kroner * 100),
            source: source.into(),
            on: day(on),
        };
        let stated = |kroner: i64, source: &str, on| {
            LegacyEvent::YearlyCostStated(YearlyCostStated {
                yearly_cost_ore: Ore(kroner * 100),
                source: source.into(),
                on: day(on),
            })
        };
        let first = stated(52_000, "invoice for 2022", "2023-01-15");
        given([recorded()]).when(state(52_000, "invoice for 2022", "2023-01-15")).then([first.clone()]);
        given([recorded(), first.clone()]).when(state(54_000, "invoice for 2023", "2023-02-01")).then([stated(
            54_000,
            "invoice for 2023",
            "2023-02-01",
        )]);
        given([recorded(), first])
            .when(state(54_000, "invoice for 2021", "2022-02-01"))
            .then_rejected(LegacyRejection::OlderThanStated { stated_on: day("2023-01-15"), on: day("2022-02-01") });
        given([recorded()]).when(state(54_000, "", "2023-02-01")).then_rejected(LegacyRejection::SourceMissing);
        given([recorded()])
            .when(state(-1, "invoice for 2022", "2023-02-01"))
            .then_rejected(LegacyRejection::AmountNegative { amount_ore: Ore(-100) });
    }

    #[test]
    fn nothing_happens_to_a_contract_that_is_not_recorded() {
        for command in [
            give_notice("2022-09-29", "2022-12-31"),
            LegacyCommand::WithdrawNotice { on: day("2023-04-01") },
            extend("2023-04-01", "2023-12-01"),
        ] {
            given([]).when(command).then_rejected(LegacyRejection::NotRecorded);
        }
    }
}

mod notice {
    use super::*;

    #[test]
    fn notice_is_given_in_time() {
        given([recorded()]).when(give_notice("2022-09-29", "2022-12-31")).then([noticed("2022-09-29", "2022-12-31")]);
        given([recorded()]).when(give_notice("2022-10-15", "2022-12-31")).then_rejected(
            LegacyRejection::NoticeTooLate {
                on: day("2022-10-15"),
                notice_months: 3,
                last_day_possible: day("2023-01-15"),
            },
        );
    }

    #[test]
    fn one_notice_is_in_force_at_a_time() {
        given([recorded(), noticed("2022-09-29", "2022-12-31")])
            .when(give_notice("2022-09-30", "2023-12-31"))
            .then_rejected(LegacyRejection::AlreadyUnderNotice {
                notice_on: day("2022-09-29"),
                last_day: day("2022-12-31"),
            });
    }

    #[test]
    fn a_notice_is_withdrawn_before_it_runs_out() {
        let history = [recorded(), noticed("2022-09-29", "2022-12-31")];
        let withdraw = |on| LegacyCommand::WithdrawNotice { on: day(on) };
        given(history.clone()).when(withdraw("2022-11-30")).then([withdrawn("2022-11-30")]);
        given(history.clone())
            .when(withdraw("2022-12-31"))
            .then_rejected(LegacyRejection::NoticeRunOut { last_day: day("2022-12-31") });
        given(history).when(withdraw("2022-09-28")).then_rejected(LegacyRejection::WithdrawnBeforeNotice {
            notice_on: day("2022-09-29"),
            on: day("2022-09-28"),
        });
        given([recorded()]).when(withdraw("2022-11-30")).then_rejected(LegacyRejection::NoNotice);
    }

    #[test]
    fn a_contract_goes_on_when_its_notice_is_withdrawn() {
        let contract: Legacy = fold(&[recorded(), noticed("2022-09-29", "2022-12-31"), withdrawn("2022-11-30")]);
        assert_eq!((contract.last_day, contract.notice.clone()), (None, None));
        assert_eq!(contract.paid_days(2023), Some(Period::year(2023)));
    }
}

mod extension {
    use super::*;

    #[test]
    fn mikromarc_told_to_end_is_extended_to_december_instead() {
        let history = [recorded(), noticed("2022-09-29", "2022-12-31")];
        given(history.clone()).when(extend("2023-04-01", "2023-12-01")).then([extended("2023-04-01", "2023-12-01")]);
        let contract: Legacy =
            fold(&history.into_iter().chain([extended("2023-04-01", "2023-12-01")]).collect::<Vec<_>>());
        assert_eq!(contract.paid_days(2023), Period::between(day("2023-01-01"), day("2023-12-01")));
    }

    #[test]
    fn a_contract_is_extended_without_notice_too_but_only_forward() {
        given([recorded()]).when(extend("2022-10-01", "2023-12-01")).then([extended("2022-10-01", "2023-12-01")]);
        given([recorded()]).when(extend("2022-10-01", "2022-12-31")).then_rejected(
            LegacyRejection::ExtensionTooShort { known_last_day: day("2022-12-31"), last_day: day("2022-12-31") },
        );
        given([recorded(), extended("2022-10-01", "2023-12-01")])
            .when(extend("2023-01-01", "2023-06-30"))
            .then_rejected(LegacyRejection::ExtensionTooShort {
                known_last_day: day("2023-12-01"),
                last_day: day("2023-06-30"),
            });
        given([recorded()])
            .when(extend("2023-04-01", "2023-03-31"))
            .then_rejected(LegacyRejection::ExtensionPast { on: day("2023-04-01"), last_day: day("2023-03-31") });
    }

    #[test]
    fn an_extended_contract_can_be_ended_earlier_by_notice_and_a_withdrawal_leads_back() {
        let history = [recorded(), extended("2022-10-01", "2023-12-01")];
        given(history.clone())
            .when(give_notice("2023-09-01", "2023-12-01"))
            .then_rejected(LegacyRejection::EndsAlready { last_day: day("2023-12-01") });
        let notice = noticed("2023-04-01", "2023-07-31");
        given(history.clone()).when(give_notice("2023-04-01", "2023-07-31")).then([notice.clone()]);
        let contract: Legacy = fold(&history.into_iter().chain([notice, withdrawn("2023-05-01")]).collect::<Vec<_>>());
        assert_eq!(contract.last_day, Some(day("2023-12-01")));
    }
}

mod last_day_to_give_notice {
    use super::*;

    fn on(date: &str, contract: Recorded) -> Option<NaiveDate> {
        fold::<Legacy>(&[LegacyEvent::Recorded(contract)]).last_day_to_give_notice(day(date))
    }

    #[test]
    fn it_is_the_months_of_notice_before_the_contract_renews() {
        assert_eq!(on("2022-09-20", mikromarc()), Some(day("2022-09-30")));
        assert_eq!(on("2022-09-30", mikromarc()), Some(day("2022-09-30")));
    }

    #[test]
    fn after_it_has_passed_the_next_years_counts() {
        assert_eq!(on("2022-10-01", mikromarc()), Some(day("2023-09-30")));
        assert_eq!(on("2030-01-01", mikromarc()), Some(day("2030-09-30")));
    }

    #[test]
    fn a_contract_paid_until_a_leap_day_renews_on_the_last_of_february() {
        let contract = || Recorded { paid_until: day("2024-02-29"), notice_months: 1, ..mikromarc() };
        assert_eq!(on("2024-01-30", contract()), Some(day("2025-01-28")));
        assert_eq!(on("2027-12-01", contract()), Some(day("2028-01-29")));
    }

    #[test]
    fn a_contract_with_years_of_notice_is_given_notice_years_before() {
        let contract = Recorded { notice_months: 24, ..mikromarc() };
        assert_eq!(on("2022-01-01", contract), Some(day("2022-12-31")));
    }

    #[test]
    fn there_is_none_when_the_end_is_known() {
        for end in [noticed("2022-09-29", "2022-12-31"), extended("2022-10-01", "2023-12-01")] {
            assert_eq!(fold::<Legacy>(&[recorded(), end]).last_day_to_give_notice(day("2022-10-01")), None);
        }
    }

    proptest! {
        #[test]
        fn notice_given_on_that_day_is_in_time(paid_until in 0u64..1500, from in 0u64..3000, notice_months in 0u32..30) {
            let start = day("2022-01-01");
            let contract = Recorded {
                paid_until: start + chrono::Days::new(paid_until),
                notice_months,
                ..mikromarc()
            };
            let day = start + chrono::Days::new(from);
            let known: Legacy = fold(&[LegacyEvent::Recorded(contract.clone())]);
            let on = known.last_day_to_give_notice(day).unwrap();
            prop_assert!(on >= day);
            let ends = (0..30)
                .map(|years| calendar::months_after(contract.paid_until, 12 * years))
                .find(|ends| calendar::months_before(*ends, notice_months) == on);
            prop_assert!(calendar::months_after(on, notice_months) <= ends.unwrap());
        }
    }
}

fn any_command() -> impl Strategy<Value = LegacyCommand> {
    prop_oneof![
        Just(record(mikromarc())),
        (0i64..3, any_day()).prop_map(|(ore, on)| LegacyCommand::StateYearlyCost {
            yearly_cost_ore: Ore(ore),
            source: "invoice".into(),
            on,
        }),
        (any_day(), any_day()).prop_map(|(on, last_day)| LegacyCommand::GiveNotice { on, last_day }),
        any_day().prop_map(|on| LegacyCommand::WithdrawNotice { on }),
        (any_day(), any_day()).prop_map(|(on, last_day)| LegacyCommand::Extend { on, last_day }),
    ]
}

proptest! {
    #[test]
    fn a_wish_that_was_granted_yields_nothing_the_second_time(
        commands in prop::collection::vec(any_command(), 1..30),
    ) {
        retries_are_harmless::<Legacy>(&commands);
    }
}

mod correcting {
    use super::*;

    fn correct(last_day: &str) -> LegacyCommand {
        LegacyCommand::CorrectEnd { last_day: day(last_day), reason: "Lest feil".into(), on: day("2023-05-02") }
    }

    fn corrected(last_day: &str) -> LegacyEvent {
        LegacyEvent::EndCorrected(EndCorrected {
            last_day: day(last_day),
            reason: "Lest feil".into(),
            on: day("2023-05-02"),
        })
    }

    #[test]
    fn a_last_day_that_was_recorded_wrongly_is_another() {
        let wrong = extended("2023-04-17", "2023-12-31");
        given([recorded(), wrong.clone()]).when(correct("2023-12-01")).then([corrected("2023-12-01")]);
        given([recorded(), wrong.clone(), corrected("2023-12-01")]).when(correct("2023-12-01")).then_nothing();
        let known: Legacy = fold(&[recorded(), wrong.clone(), corrected("2023-12-01")]);
        assert_eq!(known.last_day, Some(day("2023-12-01")));
        given([recorded(), wrong, corrected("2023-12-01")])
            .when(extend("2023-11-15", "2023-12-15"))
            .then([extended("2023-11-15", "2023-12-15")]);
    }

    #[test]
    fn a_notice_that_is_withdrawn_leads_back_to_the_extension_as_it_was_corrected() {
        let events = [
            recorded(),
            extended("2023-04-17", "2023-12-31"),
            corrected("2023-12-01"),
            noticed("2023-05-03", "2023-08-31"),
            withdrawn("2023-06-01"),
        ];
        let known: Legacy = fold(&events);
        assert_eq!(known.last_day, Some(day("2023-12-01")));
    }

    #[test]
    fn the_right_last_day_does_not_come_before_what_led_to_it() {
        let end_before = |on: &str| LegacyRejection::EndBeforeStep { on: day(on), last_day: day("2023-03-01") };
        given([recorded(), extended("2023-04-17", "2023-12-31")])
            .when(correct("2023-03-01"))
            .then_rejected(end_before("2023-04-17"));
        given([recorded(), noticed("2023-05-01", "2023-08-31")])
            .when(correct("2023-03-01"))
            .then_rejected(end_before("2023-05-01"));
    }

    #[test]
    fn there_must_be_a_last_day_and_a_reason() {
        given([recorded()]).when(correct("2023-12-01")).then_rejected(LegacyRejection::NoKnownEnd);
        let without_reason =
            LegacyCommand::CorrectEnd { last_day: day("2023-12-01"), reason: String::new(), on: day("2023-05-02") };
        given([recorded(), extended("2023-04-17", "2023-12-31")])
            .when(without_reason)
            .then_rejected(LegacyRejection::ReasonMissing);
    }
}
