use proptest::prelude::*;

use super::*;
use crate::decider::testing::{self, Given};
use crate::domain::testing::{any_day, day, nth, retries_are_harmless};

fn given(events: impl IntoIterator<Item = SignupEvent>) -> Given<Signup> {
    testing::given(events)
}

fn vadso(commitment: Commitment) -> SignedUp {
    SignedUp {
        signup: SignupId(nth(1)),
        procurement: ProcurementId(nth(2)),
        party: PartyId(nth(3)),
        library: "Vadsø bibliotek".into(),
        kind: LibraryKind::Public,
        commitment,
        wished_go_live: Some(day("2023-10-16")),
        on: day("2022-12-15"),
    }
}

fn sign_up(wish: SignedUp, party_kind: PartyKind) -> SignupCommand {
    let SignedUp { signup, procurement, party, library, kind, commitment, wished_go_live, on } = wish;
    SignupCommand::SignUp { signup, procurement, party, library, kind, party_kind, commitment, wished_go_live, on }
}

fn signed_up() -> SignupEvent {
    SignupEvent::SignedUp(vadso(Commitment::Committed))
}

fn signed_up_as_option() -> SignupEvent {
    SignupEvent::SignedUp(vadso(Commitment::Option))
}

fn exercised() -> SignupEvent {
    SignupEvent::OptionExercised(OptionExercised { on: day("2023-04-01") })
}

fn live() -> SignupEvent {
    SignupEvent::WentLive(WentLive { on: day("2023-10-16") })
}

fn withdrawn() -> SignupEvent {
    SignupEvent::Withdrawn(Withdrawn { on: day("2023-05-10") })
}

fn tick(on: &str) -> SignupCommand {
    SignupCommand::TickReadiness { item: ReadinessItem::LeadersInformed, on: day(on) }
}

fn ticked(on: &str) -> SignupEvent {
    SignupEvent::ReadinessTicked(ReadinessTicked { item: ReadinessItem::LeadersInformed, on: day(on) })
}

fn reopen(on: &str) -> SignupCommand {
    SignupCommand::ReopenReadiness { item: ReadinessItem::LeadersInformed, on: day(on) }
}

fn reopened(on: &str) -> SignupEvent {
    SignupEvent::ReadinessReopened(ReadinessReopened { item: ReadinessItem::LeadersInformed, on: day(on) })
}

mod joining {
    use super::*;

    #[test]
    fn a_library_signs_up_once() {
        let wish = vadso(Commitment::Committed);
        given([]).when(sign_up(wish.clone(), PartyKind::Municipality)).then([signed_up()]);
        given([signed_up()]).when(sign_up(vadso(Commitment::Option), PartyKind::Municipality)).then_rejected(
            SignupRejection::AlreadySignedUp { library: "Vadsø bibliotek".into(), signed_up_on: day("2022-12-15") },
        );
        given([])
            .when(sign_up(SignedUp { library: " ".into(), ..wish.clone() }, PartyKind::Municipality))
            .then_rejected(SignupRejection::LibraryMissing);
        given([])
            .when(sign_up(SignedUp { wished_go_live: Some(day("2022-12-14")), ..wish }, PartyKind::Municipality))
            .then_rejected(SignupRejection::GoLiveBeforeWish { go_live: day("2022-12-14"), on: day("2022-12-15") });
    }

    #[test]
    fn the_kind_of_library_decides_who_pays() {
        use LibraryKind::{PrimarySchool, Public, UpperSecondary};
        use PartyKind::{CountyAuthority, Municipality, Other};
        for (library_kind, party_kind, pays) in [
            (Public, Municipality, true),
            (Public, Other, true),
            (Public, CountyAuthority, false),
            (PrimarySchool, Municipality, true),
            (PrimarySchool, Other, true),
            (PrimarySchool, CountyAuthority, false),
            (UpperSecondary, CountyAuthority, true),
            (UpperSecondary, Municipality, false),
            (UpperSecondary, Other, false),
        ] {
            let wish = SignedUp { kind: library_kind, ..vadso(Commitment::Committed) };
            let outcome = given([]).when(sign_up(wish.clone(), party_kind));
            if pays {
                outcome.then([SignupEvent::SignedUp(wish)]);
            } else {
                outcome.then_rejected(SignupRejection::WrongPayer { library_kind, party_kind });
            }
        }
    }

    #[test]
    fn nothing_happens_before_the_signup() {
        for command in [
            SignupCommand::ExerciseOption { on: day("2023-04-01") },
            SignupCommand::ChooseSharedBase { joins: true, on: day("2023-04-01") },
            SignupCommand::GoLive { on: day("2023-10-16") },
            SignupCommand::Withdraw { on: day("2023-10-16") },
            tick("2023-04-01"),
            reopen("2023-04-01"),
        ] {
            given([]).when(command).then_rejected(SignupRejection::NotSignedUp);
        }
        given([signed_up()])
            .when(SignupCommand::Withdraw { on: day("2022-12-14") })
            .then_rejected(SignupRejection::BeforeSignup { signed_up_on: day("2022-12-15"), on: day("2022-12-14") });
    }

    #[test]
    fn an_option_is_exercised_once_and_only_where_there_is_one() {
        let exercise = |on| SignupCommand::ExerciseOption { on: day(on) };
        given([signed_up_as_option()]).when(exercise("2023-04-01")).then([exercised()]);
        given([signed_up_as_option(), exercised()])
            .when(exercise("2023-05-01"))
            .then_rejected(SignupRejection::OptionAlreadyExercised { exercised_on: day("2023-04-01") });
        given([signed_up()]).when(exercise("2023-04-01")).then_rejected(SignupRejection::NoOption);
    }
}

mod choices {
    use super::*;

    #[test]
    fn base_and_catalogue_are_chosen_late_and_apart_and_can_be_chosen_anew() {
        let base = |joins, on| SignupCommand::ChooseSharedBase { joins, on: day(on) };
        let base_chosen = |joins, on| SignupEvent::SharedBaseChosen(SharedBaseChosen { joins, on: day(on) });
        let on = day("2023-04-20");
        given([signed_up()]).when(base(true, "2023-04-01")).then([base_chosen(true, "2023-04-01")]);
        let chosen = [signed_up(), base_chosen(true, "2023-04-01")];
        given(chosen.clone())
            .when(SignupCommand::ChooseSharedCatalogue { joins: true, on })
            .then([SignupEvent::SharedCatalogueChosen(SharedCatalogueChosen { joins: true, on })]);
        given(chosen.clone()).when(base(true, "2023-06-01")).then_nothing();
        given(chosen.clone()).when(base(false, "2023-06-01")).then([base_chosen(false, "2023-06-01")]);
        given(chosen)
            .when(base(false, "2023-03-31"))
            .then_rejected(SignupRejection::OlderThanChoice { chosen_on: day("2023-04-01"), on: day("2023-03-31") });
    }

    #[test]
    fn the_wished_day_can_move_until_the_library_is_live() {
        let wish = |go_live, on| SignupCommand::WishGoLive { go_live: day(go_live), on: day(on) };
        given([signed_up()])
            .when(wish("2023-12-01", "2023-06-01"))
            .then([SignupEvent::GoLiveWished(GoLiveWished { go_live: day("2023-12-01"), on: day("2023-06-01") })]);
        given([signed_up()]).when(wish("2023-10-16", "2023-06-01")).then_nothing();
        given([signed_up()])
            .when(wish("2023-05-31", "2023-06-01"))
            .then_rejected(SignupRejection::GoLiveBeforeWish { go_live: day("2023-05-31"), on: day("2023-06-01") });
        given([signed_up(), live()])
            .when(wish("2023-12-01", "2023-11-01"))
            .then_rejected(SignupRejection::AlreadyLive { went_live_on: day("2023-10-16") });
    }

    #[test]
    fn the_actual_day_counts_before_the_wished() {
        let signup: Signup =
            crate::decider::fold(&[signed_up(), SignupEvent::WentLive(WentLive { on: day("2023-10-23") })]);
        assert_eq!(signup.go_live(), Some(day("2023-10-23")));
    }
}

mod going_live_and_leaving {
    use super::*;

    #[test]
    fn a_library_goes_live_once_and_is_bound_by_then() {
        let go_live = |on| SignupCommand::GoLive { on: day(on) };
        given([signed_up()]).when(go_live("2023-10-16")).then([live()]);
        given([signed_up(), live()])
            .when(go_live("2023-10-17"))
            .then_rejected(SignupRejection::AlreadyLive { went_live_on: day("2023-10-16") });
        given([signed_up_as_option()]).when(go_live("2023-10-16")).then_rejected(SignupRejection::OptionNotExercised);
        given([signed_up_as_option(), exercised()]).when(go_live("2023-10-16")).then([live()]);
    }

    #[test]
    fn a_first_day_that_was_recorded_wrongly_is_another() {
        let correct =
            |day_of: &str, reason: &str| SignupCommand::CorrectGoLive { went_live: day(day_of), reason: reason.into() };
        let corrected =
            SignupEvent::GoLiveCorrected(GoLiveCorrected { went_live: day("2023-10-23"), reason: "Ukefeil".into() });
        given([signed_up(), live()]).when(correct("2023-10-23", "Ukefeil")).then([corrected.clone()]);
        given([signed_up(), live(), corrected]).when(correct("2023-10-23", "Ukefeil")).then_nothing();
        given([signed_up()]).when(correct("2023-10-23", "Ukefeil")).then_rejected(SignupRejection::NotLive);
        given([signed_up(), live()]).when(correct("2023-10-23", "")).then_rejected(SignupRejection::ReasonMissing);
    }

    #[test]
    fn a_library_can_leave_and_then_nothing_more_happens() {
        given([signed_up()]).when(SignupCommand::Withdraw { on: day("2023-05-10") }).then([withdrawn()]);
        for command in [
            SignupCommand::Withdraw { on: day("2023-05-11") },
            SignupCommand::ChooseSharedBase { joins: true, on: day("2023-06-01") },
            SignupCommand::WishGoLive { go_live: day("2023-12-01"), on: day("2023-06-01") },
            SignupCommand::GoLive { on: day("2023-10-16") },
            SignupCommand::SetReadinessDue { item: ReadinessItem::CatalogueCleaned, due: day("2023-06-01") },
            tick("2023-06-01"),
        ] {
            given([signed_up(), withdrawn()])
                .when(command)
                .then_rejected(SignupRejection::AlreadyWithdrawn { withdrawn_on: day("2023-05-10") });
        }
    }

    #[test]
    fn a_library_does_not_leave_before_the_day_it_went_live() {
        given([signed_up(), live()]).when(SignupCommand::Withdraw { on: day("2023-10-15") }).then_rejected(
            SignupRejection::WithdrawnBeforeLive { went_live_on: day("2023-10-16"), on: day("2023-10-15") },
        );
    }
}

mod checklist {
    use super::*;

    #[test]
    fn an_item_is_ticked_once_and_can_be_reopened() {
        given([signed_up()]).when(tick("2023-01-20")).then([ticked("2023-01-20")]);
        given([signed_up(), ticked("2023-01-20")]).when(tick("2023-02-20")).then_nothing();
        given([signed_up(), ticked("2023-01-20")]).when(reopen("2023-02-01")).then([reopened("2023-02-01")]);
        given([signed_up()]).when(reopen("2023-02-01")).then_nothing();
        given([signed_up(), ticked("2023-01-20"), reopened("2023-02-01")])
            .when(tick("2023-03-01"))
            .then([ticked("2023-03-01")]);
        given([signed_up(), ticked("2023-01-20")]).when(reopen("2023-01-19")).then_rejected(
            SignupRejection::ReopenedBeforeDone {
                item: ReadinessItem::LeadersInformed,
                done_on: day("2023-01-20"),
                on: day("2023-01-19"),
            },
        );
    }

    #[test]
    fn a_due_date_can_be_moved() {
        let item = ReadinessItem::OldContractEnded;
        let set = |due| SignupEvent::ReadinessDueSet(ReadinessDueSet { item, due: day(due) });
        let command = |due| SignupCommand::SetReadinessDue { item, due: day(due) };
        given([signed_up()]).when(command("2022-12-31")).then([set("2022-12-31")]);
        given([signed_up(), set("2022-12-31")]).when(command("2023-09-01")).then([set("2023-09-01")]);
        given([signed_up()])
            .when(command("1023-09-01"))
            .then_rejected(SignupRejection::DayNotTaken { day: day("1023-09-01") });
    }
}

fn any_command() -> impl Strategy<Value = SignupCommand> {
    let commitment = prop::sample::select(vec![Commitment::Committed, Commitment::Option]);
    let item = || prop::sample::select(ReadinessItem::ALL.to_vec());
    prop_oneof![
        commitment.prop_map(|commitment| sign_up(vadso(commitment), PartyKind::Municipality)),
        any_day().prop_map(|on| SignupCommand::ExerciseOption { on }),
        (any::<bool>(), any_day()).prop_map(|(joins, on)| SignupCommand::ChooseSharedBase { joins, on }),
        (any::<bool>(), any_day()).prop_map(|(joins, on)| SignupCommand::ChooseSharedCatalogue { joins, on }),
        (any_day(), any_day()).prop_map(|(go_live, on)| SignupCommand::WishGoLive { go_live, on }),
        any_day().prop_map(|on| SignupCommand::GoLive { on }),
        any_day().prop_map(|on| SignupCommand::Withdraw { on }),
        (item(), any_day()).prop_map(|(item, due)| SignupCommand::SetReadinessDue { item, due }),
        (item(), any_day()).prop_map(|(item, on)| SignupCommand::TickReadiness { item, on }),
        (item(), any_day()).prop_map(|(item, on)| SignupCommand::ReopenReadiness { item, on }),
    ]
}

proptest! {
    #[test]
    fn a_wish_that_was_granted_yields_nothing_the_second_time(
        commands in prop::collection::vec(any_command(), 1..30),
    ) {
        retries_are_harmless::<Signup>(&commands);
    }
}
