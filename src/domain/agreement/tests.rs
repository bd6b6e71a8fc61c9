use proptest::prelude::*;

use super::*;
use crate::decider::Decider;
use crate::decider::testing::{self, Given};
use crate::domain::testing::{any_day, day, nth, retries_are_harmless};

fn given(events: impl IntoIterator<Item = AgreementEvent>) -> Given<Agreement> {
    testing::given(events)
}

const ALTA: u128 = 5403;
const TROMS_OG_FINNMARK: u128 = 54;
const FINNMARK: u128 = 56;

fn party(n: u128) -> PartyId {
    PartyId(nth(n))
}

fn the_draft(commitment: Commitment) -> Drafted {
    Drafted {
        agreement: AgreementId(nth(1)),
        procurement: ProcurementId(nth(2)),
        party: party(ALTA),
        county: party(TROMS_OG_FINNMARK),
        commitment,
        member_from: None,
        on: day("2022-11-01"),
    }
}

fn draft(draft: &Drafted) -> AgreementCommand {
    let Drafted { agreement, procurement, party, county, commitment, member_from, on } = *draft;
    AgreementCommand::Draft { agreement, procurement, party, county, commitment, member_from, on }
}

fn drafted() -> AgreementEvent {
    AgreementEvent::Drafted(the_draft(Commitment::Committed))
}

fn drafted_as_option() -> AgreementEvent {
    AgreementEvent::Drafted(the_draft(Commitment::Option))
}

fn send(on: &str, answer_by: &str) -> AgreementCommand {
    AgreementCommand::Send { on: day(on), answer_by: Some(day(answer_by)) }
}

fn sent() -> AgreementEvent {
    AgreementEvent::Sent(Sent { on: day("2022-11-15"), answer_by: Some(day("2022-12-30")) })
}

fn sign(on: &str, role: &str, authority: &str) -> AgreementCommand {
    AgreementCommand::Sign { on: day(on), role: role.into(), authority: authority.into(), person: PersonId(nth(7)) }
}

fn signed() -> AgreementEvent {
    AgreementEvent::Signed(Signed {
        on: day("2022-12-20"),
        role: "kommunedirektør".into(),
        authority: "delegasjonsreglement § 4".into(),
        person: PersonId(nth(7)),
    })
}

fn active() -> AgreementEvent {
    AgreementEvent::Activated(Activated { from: day("2023-01-01") })
}

fn exercise(on: &str, member_from: &str) -> AgreementCommand {
    AgreementCommand::ExerciseOption { on: day(on), member_from: day(member_from) }
}

fn exercised() -> AgreementEvent {
    AgreementEvent::OptionExercised(OptionExercised { on: day("2023-05-02"), member_from: day("2024-01-01") })
}

fn give_notice(on: &str, last_day: &str) -> AgreementCommand {
    AgreementCommand::GiveNotice { on: day(on), last_day: day(last_day) }
}

fn noticed() -> AgreementEvent {
    AgreementEvent::NoticeGiven(NoticeGiven { on: day("2023-03-01"), last_day: day("2023-12-31") })
}

fn withdraw(on: &str) -> AgreementCommand {
    AgreementCommand::WithdrawNotice { on: day(on) }
}

fn withdrawn(on: &str) -> AgreementEvent {
    AgreementEvent::NoticeWithdrawn(NoticeWithdrawn { on: day(on) })
}

fn end(last_day: &str) -> AgreementCommand {
    AgreementCommand::End { last_day: day(last_day) }
}

fn ended(last_day: &str) -> AgreementEvent {
    AgreementEvent::Ended(Ended { last_day: day(last_day) })
}

fn amend(from: &str, subject: &str, reference: &str) -> AgreementCommand {
    AgreementCommand::Amend { from: day(from), subject: subject.into(), reference: reference.into() }
}

fn pass(county: u128, on: &str) -> AgreementCommand {
    AgreementCommand::Pass { county: party(county), on: day(on), reference: "Prop. 113 L".into() }
}

fn passed(county: u128, on: &str) -> AgreementEvent {
    AgreementEvent::Passed(Passed { county: party(county), on: day(on), reference: "Prop. 113 L".into() })
}

fn phase(events: &[AgreementEvent]) -> Phase {
    crate::decider::fold::<Agreement>(events).phase
}

mod draft_and_signature {
    use super::*;

    #[test]
    fn it_is_drafted_once_between_two_who_are_not_the_same() {
        let committed = the_draft(Commitment::Committed);
        given([]).when(draft(&committed)).then([drafted()]);
        given([drafted()])
            .when(draft(&the_draft(Commitment::Option)))
            .then_rejected(AgreementRejection::AlreadyDrafted { drafted_on: day("2022-11-01") });
        given([])
            .when(draft(&Drafted { county: committed.party, ..committed.clone() }))
            .then_rejected(AgreementRejection::CountyIsParty);
        given([]).when(draft(&Drafted { member_from: Some(day("2022-10-31")), ..committed })).then_rejected(
            AgreementRejection::MemberFromTooEarly { member_from: day("2022-10-31"), on: day("2022-11-01") },
        );
    }

    #[test]
    fn nothing_happens_to_it_before_it_is_drafted() {
        for command in [
            send("2022-11-15", "2022-12-30"),
            sign("2022-12-20", "ordfører", "kommunestyrevedtak 12/22"),
            AgreementCommand::Activate { from: day("2023-01-01") },
            exercise("2023-05-02", "2024-01-01"),
            give_notice("2023-03-01", "2023-12-31"),
            withdraw("2023-04-01"),
            end("2023-12-31"),
            amend("2023-01-01", "subject", "reference"),
            pass(FINNMARK, "2024-01-01"),
        ] {
            given([]).when(command).then_rejected(AgreementRejection::NotDrafted);
        }
    }

    #[test]
    fn it_is_sent_once_and_answered_after_that() {
        given([drafted()]).when(send("2022-11-15", "2022-12-30")).then([sent()]);
        given([drafted(), sent()])
            .when(send("2022-11-20", "2022-12-30"))
            .then_rejected(AgreementRejection::AlreadySent { sent_on: day("2022-11-15") });
        given([drafted()]).when(send("2022-10-31", "2022-12-30")).then_rejected(
            AgreementRejection::SentBeforeDrafted { drafted_on: day("2022-11-01"), on: day("2022-10-31") },
        );
        given([drafted()]).when(send("2022-11-15", "2022-11-14")).then_rejected(AgreementRejection::AnswerBeforeSent {
            on: day("2022-11-15"),
            answer_by: day("2022-11-14"),
        });
    }

    #[test]
    fn a_signature_names_role_and_authority() {
        given([drafted(), sent()])
            .when(sign("2022-12-20", "kommunedirektør", "delegasjonsreglement § 4"))
            .then([signed()]);
        given([drafted(), sent()])
            .when(sign("2022-12-20", "", "delegasjonsreglement § 4"))
            .then_rejected(AgreementRejection::RoleMissing);
        given([drafted(), sent()])
            .when(sign("2022-12-20", "kommunedirektør", " "))
            .then_rejected(AgreementRejection::AuthorityMissing);
    }

    #[test]
    fn a_second_signature_is_refused() {
        given([drafted(), sent(), signed()])
            .when(sign("2022-12-28", "ordfører", "kommunestyrevedtak 12/22"))
            .then_rejected(AgreementRejection::AlreadySigned {
                signed_on: day("2022-12-20"),
                role: "kommunedirektør".into(),
            });
    }

    #[test]
    fn it_is_not_signed_before_it_was_sent() {
        let command = || sign("2022-11-14", "kommunedirektør", "delegasjonsreglement § 4");
        given([drafted()]).when(command()).then_rejected(AgreementRejection::NotSent);
        given([drafted(), sent()])
            .when(command())
            .then_rejected(AgreementRejection::SignedBeforeSent { sent_on: day("2022-11-15"), on: day("2022-11-14") });
    }

    #[test]
    fn it_comes_into_force_once_after_the_signature() {
        let command = |from| AgreementCommand::Activate { from: day(from) };
        given([drafted(), sent()]).when(command("2023-01-01")).then_rejected(AgreementRejection::NotSigned);
        given([drafted(), sent(), signed()]).when(command("2023-01-01")).then([active()]);
        given([drafted(), sent(), signed()])
            .when(command("2022-12-19"))
            .then_rejected(AgreementRejection::BeforeSigned { signed_on: day("2022-12-20"), on: day("2022-12-19") });
        given([drafted(), sent(), signed(), active()])
            .when(command("2023-02-01"))
            .then_rejected(AgreementRejection::AlreadyActive { active_from: day("2023-01-01") });
    }

    #[test]
    fn a_year_with_a_digit_too_many_is_refused() {
        let far = day("2102-11-15");
        given([drafted()])
            .when(AgreementCommand::Send { on: far, answer_by: None })
            .then_rejected(AgreementRejection::DayNotTaken { day: far });
    }
}

mod options {
    use super::*;
    use crate::domain::calendar::Period;

    #[test]
    fn an_option_costs_nothing_until_it_is_exercised() {
        let option = [drafted_as_option(), sent(), signed()];
        let agreement: Agreement = crate::decider::fold(&option);
        assert!(!agreement.shares_costs_during(Period::year(2024)));
        let bound = agreement.evolve(&exercised());
        assert!(!bound.shares_costs_during(Period::year(2023)));
        assert!(bound.shares_costs_during(Period::year(2024)));
    }

    #[test]
    fn an_option_is_exercised_once_and_after_the_signature() {
        let option = [drafted_as_option(), sent(), signed()];
        given(option.clone()).when(exercise("2023-05-02", "2024-01-01")).then([exercised()]);
        given([drafted_as_option(), sent()])
            .when(exercise("2023-05-02", "2024-01-01"))
            .then_rejected(AgreementRejection::NotSigned);
        given(option.clone())
            .when(exercise("2022-12-01", "2024-01-01"))
            .then_rejected(AgreementRejection::BeforeSigned { signed_on: day("2022-12-20"), on: day("2022-12-01") });
        given(option.clone()).when(exercise("2023-05-02", "2023-05-01")).then_rejected(
            AgreementRejection::MemberFromTooEarly { member_from: day("2023-05-01"), on: day("2023-05-02") },
        );
        given(option.into_iter().chain([exercised()]))
            .when(exercise("2023-06-01", "2024-01-01"))
            .then_rejected(AgreementRejection::OptionAlreadyExercised { exercised_on: day("2023-05-02") });
    }

    #[test]
    fn who_is_bound_already_has_no_option_to_exercise() {
        given([drafted(), sent(), signed()])
            .when(exercise("2023-05-02", "2024-01-01"))
            .then_rejected(AgreementRejection::NoOption);
    }
}

mod notice_and_end {
    use super::*;

    fn in_force() -> [AgreementEvent; 4] {
        [drafted(), sent(), signed(), active()]
    }

    fn under_notice() -> impl IntoIterator<Item = AgreementEvent> {
        in_force().into_iter().chain([noticed()])
    }

    #[test]
    fn notice_is_given_of_what_is_signed_and_says_the_last_day() {
        given(in_force()).when(give_notice("2023-03-01", "2023-12-31")).then([noticed()]);
        given([drafted(), sent()])
            .when(give_notice("2023-03-01", "2023-12-31"))
            .then_rejected(AgreementRejection::NotSigned);
        given(in_force())
            .when(give_notice("2023-03-01", "2023-02-28"))
            .then_rejected(AgreementRejection::LastDayTooEarly { on: day("2023-03-01"), last_day: day("2023-02-28") });
        given(in_force())
            .when(give_notice("2022-12-01", "2023-02-28"))
            .then_rejected(AgreementRejection::BeforeSigned { signed_on: day("2022-12-20"), on: day("2022-12-01") });
        given(under_notice()).when(give_notice("2023-04-01", "2023-06-30")).then_rejected(
            AgreementRejection::AlreadyUnderNotice { notice_on: day("2023-03-01"), last_day: day("2023-12-31") },
        );
    }

    #[test]
    fn a_withdrawn_notice_leads_back_to_where_the_agreement_stood() {
        given(under_notice()).when(withdraw("2023-04-14")).then([withdrawn("2023-04-14")]);
        assert_eq!(phase(&[drafted(), sent(), signed(), noticed(), withdrawn("2023-04-14")]), Phase::Signed);
        let agreement: Agreement =
            crate::decider::fold(&[drafted(), sent(), signed(), active(), noticed(), withdrawn("2023-04-14")]);
        assert_eq!((agreement.phase, agreement.last_day), (Phase::Active, None));
    }

    #[test]
    fn a_notice_is_withdrawn_before_it_runs_out() {
        given(in_force()).when(withdraw("2023-04-14")).then_rejected(AgreementRejection::NoNotice);
        given(under_notice()).when(withdraw("2023-02-28")).then_rejected(AgreementRejection::WithdrawnBeforeNotice {
            notice_on: day("2023-03-01"),
            on: day("2023-02-28"),
        });
        given(under_notice())
            .when(withdraw("2023-12-31"))
            .then_rejected(AgreementRejection::NoticeRunOut { last_day: day("2023-12-31") });
    }

    #[test]
    fn notice_can_be_given_again_after_it_was_withdrawn() {
        given(under_notice().into_iter().chain([withdrawn("2023-04-14")]))
            .when(give_notice("2023-06-01", "2024-06-30"))
            .then([AgreementEvent::NoticeGiven(NoticeGiven { on: day("2023-06-01"), last_day: day("2024-06-30") })]);
    }

    #[test]
    fn it_ends_on_the_day_of_the_notice_and_not_without_one() {
        given(under_notice()).when(end("2023-12-31")).then([ended("2023-12-31")]);
        given(under_notice())
            .when(end("2023-11-30"))
            .then_rejected(AgreementRejection::EndsByNotice { last_day: day("2023-12-31") });
        given(in_force()).when(end("2023-12-31")).then_rejected(AgreementRejection::NoNotice);
    }

    #[test]
    fn a_draft_that_is_never_signed_ends_without_notice() {
        given([drafted(), sent()]).when(end("2023-01-31")).then([ended("2023-01-31")]);
        given([drafted()])
            .when(end("2022-10-31"))
            .then_rejected(AgreementRejection::LastDayTooEarly { on: day("2022-11-01"), last_day: day("2022-10-31") });
    }

    #[test]
    fn while_it_is_under_notice_it_does_not_come_into_force_nor_is_its_option_exercised() {
        let refused =
            AgreementRejection::AlreadyUnderNotice { notice_on: day("2023-03-01"), last_day: day("2023-12-31") };
        let history = [drafted_as_option(), sent(), signed(), noticed()];
        for command in [AgreementCommand::Activate { from: day("2023-04-01") }, exercise("2023-05-02", "2024-01-01")] {
            given(history.clone()).when(command).then_rejected(refused.clone());
        }
    }

    #[test]
    fn nothing_happens_after_the_end() {
        let over = AgreementRejection::AlreadyEnded { last_day: day("2023-12-31") };
        for command in [
            give_notice("2024-01-01", "2024-12-31"),
            withdraw("2024-01-01"),
            end("2024-06-30"),
            amend("2024-01-01", "subject", "reference"),
            pass(FINNMARK, "2024-01-01"),
        ] {
            given(under_notice().into_iter().chain([ended("2023-12-31")])).when(command).then_rejected(over.clone());
        }
        let lapsed = AgreementRejection::AlreadyEnded { last_day: day("2023-01-31") };
        let history = [drafted(), sent(), ended("2023-01-31")];
        let late = sign("2023-02-01", "ordfører", "kommunestyrevedtak 12/22");
        given(history.clone()).when(late).then_rejected(lapsed.clone());
        given([drafted(), ended("2023-01-31")]).when(send("2023-02-01", "2023-03-01")).then_rejected(lapsed);
    }
}

mod amendment_and_passing {
    use super::*;

    #[test]
    fn an_amendment_says_what_and_by_which_document() {
        let history = [drafted(), sent(), signed()];
        given(history.clone()).when(amend("2023-04-01", "felles base", "tillegg 1")).then([AgreementEvent::Amended(
            Amended { from: day("2023-04-01"), subject: "felles base".into(), reference: "tillegg 1".into() },
        )]);
        given(history.clone())
            .when(amend("2023-04-01", "", "tillegg 1"))
            .then_rejected(AgreementRejection::SubjectMissing);
        given(history.clone())
            .when(amend("2023-04-01", "felles base", ""))
            .then_rejected(AgreementRejection::ReferenceMissing);
        given([drafted()])
            .when(amend("2023-04-01", "felles base", "tillegg 1"))
            .then_rejected(AgreementRejection::NotSigned);
    }

    #[test]
    fn it_passes_to_finnmark_and_stands_where_it_stood() {
        for history in [
            vec![drafted(), sent()],
            vec![drafted(), sent(), signed(), active()],
            vec![drafted(), sent(), signed(), active(), noticed()],
        ] {
            let before = phase(&history);
            given(history.clone()).when(pass(FINNMARK, "2024-01-01")).then([passed(FINNMARK, "2024-01-01")]);
            let after: Vec<_> = history.into_iter().chain([passed(FINNMARK, "2024-01-01")]).collect();
            assert_eq!(phase(&after), before);
        }
    }

    #[test]
    fn it_passes_on_only_forward_and_to_another_than_the_party() {
        given([drafted()]).when(pass(TROMS_OG_FINNMARK, "2024-01-01")).then_nothing();
        given([drafted()]).when(pass(ALTA, "2024-01-01")).then_rejected(AgreementRejection::CountyIsParty);
        given([drafted()]).when(pass(FINNMARK, "2022-10-31")).then_rejected(AgreementRejection::PassedBeforeDrafted {
            drafted_on: day("2022-11-01"),
            on: day("2022-10-31"),
        });
        given([drafted(), passed(FINNMARK, "2024-01-01")])
            .when(pass(55, "2023-06-01"))
            .then_rejected(AgreementRejection::AlreadyPassed { passed_on: day("2024-01-01") });
        given([drafted()])
            .when(AgreementCommand::Pass { county: party(55), on: day("2024-01-01"), reference: String::new() })
            .then_rejected(AgreementRejection::ReferenceMissing);
    }
}

fn any_command() -> impl Strategy<Value = AgreementCommand> {
    let commitment = prop::sample::select(vec![Commitment::Committed, Commitment::Option]);
    prop_oneof![
        commitment.prop_map(|commitment| draft(&the_draft(commitment))),
        (any_day(), prop::option::of(any_day())).prop_map(|(on, answer_by)| AgreementCommand::Send { on, answer_by }),
        any_day().prop_map(|on| AgreementCommand::Sign {
            on,
            role: "kommunedirektør".into(),
            authority: "delegasjonsreglement § 4".into(),
            person: PersonId(nth(7)),
        }),
        any_day().prop_map(|from| AgreementCommand::Activate { from }),
        (any_day(), any_day()).prop_map(|(on, member_from)| AgreementCommand::ExerciseOption { on, member_from }),
        (any_day(), any_day()).prop_map(|(on, last_day)| AgreementCommand::GiveNotice { on, last_day }),
        any_day().prop_map(|on| AgreementCommand::WithdrawNotice { on }),
        any_day().prop_map(|last_day| AgreementCommand::End { last_day }),
        any_day().prop_map(|from| AgreementCommand::Amend {
            from,
            subject: "felles base".into(),
            reference: "tillegg 1".into(),
        }),
        (prop::sample::select(vec![TROMS_OG_FINNMARK, FINNMARK, ALTA]), any_day()).prop_map(|(county, on)| {
            AgreementCommand::Pass { county: party(county), on, reference: "Prop. 113 L".into() }
        }),
    ]
}

proptest! {
    #[test]
    fn a_wish_that_was_granted_yields_nothing_the_second_time(
        commands in prop::collection::vec(any_command(), 1..30),
        prepared in any::<bool>(),
    ) {
        let ready = [
            draft(&the_draft(Commitment::Option)),
            send("2022-11-15", "2022-12-30"),
            sign("2022-12-20", "kommunedirektør", "delegasjonsreglement § 4"),
        ];
        let commands: Vec<_> = ready.into_iter().filter(|_| prepared).chain(commands).collect();
        retries_are_harmless::<Agreement>(&commands);
    }
}

fn keep_copy(letter: &str, media_type: &str, on: &str) -> AgreementCommand {
    let (sha256, media_type) = (letter.repeat(64), media_type.into());
    AgreementCommand::KeepCopy { sha256, media_type, size_bytes: 48_213, on: day(on) }
}

fn copy_kept(letter: &str, on: &str) -> AgreementEvent {
    let (sha256, media_type) = (letter.repeat(64), "application/pdf".into());
    AgreementEvent::CopyKept(CopyKept { sha256, media_type, size_bytes: 48_213, on: day(on) })
}

#[test]
fn a_copy_is_kept_of_what_is_signed() {
    let signed = || [drafted(), sent(), signed()];
    given([drafted(), sent()])
        .when(keep_copy("a", "application/pdf", "2023-01-02"))
        .then_rejected(AgreementRejection::NotSigned);
    given(signed()).when(keep_copy("a", "application/pdf", "2023-01-02")).then([copy_kept("a", "2023-01-02")]);
    given(signed())
        .when(keep_copy("a", "application/pdf", "2022-12-01"))
        .then_rejected(AgreementRejection::BeforeSigned { signed_on: day("2022-12-20"), on: day("2022-12-01") });
    let kept = || signed().into_iter().chain([copy_kept("a", "2023-01-02")]);
    given(kept()).when(keep_copy("a", "application/pdf", "2023-03-02")).then_nothing();
    given(kept()).when(keep_copy("b", "application/pdf", "2023-03-02")).then([copy_kept("b", "2023-03-02")]);
}

#[test]
fn a_copy_is_a_pdf_that_is_known_by_its_hash() {
    let unfit = |media_type: &str| AgreementRejection::CopyUnfit { media_type: media_type.into() };
    given([drafted(), sent(), signed()])
        .when(keep_copy("a", "image/png", "2023-01-02"))
        .then_rejected(unfit("image/png"));
    given([drafted(), sent(), signed()])
        .when(keep_copy("z", "application/pdf", "2023-01-02"))
        .then_rejected(unfit("application/pdf"));
}
