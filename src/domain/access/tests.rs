use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::policy::{About, Asker, Decision, Nature, Operation, Proof, Reach, SignedIn, When, allows, may_allow};
use super::*;
use crate::decider::testing::{self, Given};
use crate::domain::testing::{day, nth, retries_are_harmless};

const ALTA: PartyId = PartyId(uuid::Uuid::from_u128(5403));
const ADMINISTRATOR: PersonId = PersonId(uuid::Uuid::from_u128(1));
const OTHER_ADMINISTRATOR: PersonId = PersonId(uuid::Uuid::from_u128(2));
const LEADER: PersonId = PersonId(uuid::Uuid::from_u128(3));
const LEADER_OF_ALTA: Role = Role::MunicipalLeader { party: ALTA };

fn given(events: impl IntoIterator<Item = AccessEvent>) -> Given<Access> {
    testing::given(events)
}

fn invited() -> AccessEvent {
    AccessEvent::Invited(Invited { person: LEADER, invited_by: Some(ADMINISTRATOR), on: day("2026-01-05") })
}

fn requested(by: PersonId) -> Requested {
    Requested { role: LEADER_OF_ALTA, until: None, requested_by: by, on: day("2026-01-06") }
}

fn granted(role: Role, until: Option<&str>, by: PersonId) -> Granted {
    Granted { role, until: until.map(day), granted_by: Some(by), on: day("2026-01-07") }
}

fn grant(role: Role, until: Option<&str>, by: PersonId) -> AccessCommand {
    AccessCommand::Grant { granted: granted(role, until, by), two_people: false }
}

fn grant_as_second(by: PersonId) -> AccessCommand {
    AccessCommand::Grant { granted: granted(LEADER_OF_ALTA, None, by), two_people: true }
}

fn closed() -> Closed {
    Closed { closed_by: Some(ADMINISTRATOR), on: day("2026-03-01") }
}

#[test]
fn a_person_is_invited_and_then_granted_a_role() {
    let wished = Invited { person: LEADER, invited_by: Some(ADMINISTRATOR), on: day("2026-01-05") };
    given([]).when(AccessCommand::Invite(wished)).then([invited()]);
    given([invited()]).when(grant(LEADER_OF_ALTA, None, ADMINISTRATOR)).then([AccessEvent::Granted(granted(
        LEADER_OF_ALTA,
        None,
        ADMINISTRATOR,
    ))]);
}

#[test]
fn nobody_is_granted_a_role_without_an_account() {
    given([]).when(grant(LEADER_OF_ALTA, None, ADMINISTRATOR)).then_rejected(AccessRejection::NotInvited);
}

#[test]
fn nobody_grants_themselves_a_role() {
    given([invited()]).when(grant(Role::Administrator, None, LEADER)).then_rejected(AccessRejection::OwnRole);
}

#[test]
fn where_two_people_are_required_one_requests_and_another_grants() {
    let asked = AccessEvent::Requested(requested(ADMINISTRATOR));
    given([invited()]).when(AccessCommand::Request(requested(ADMINISTRATOR))).then([asked.clone()]);
    given([invited()]).when(grant_as_second(OTHER_ADMINISTRATOR)).then_rejected(AccessRejection::NotRequested);
    given([invited(), asked.clone()]).when(grant_as_second(ADMINISTRATOR)).then_rejected(AccessRejection::OwnRequest);
    given([invited(), asked]).when(grant_as_second(OTHER_ADMINISTRATOR)).then([AccessEvent::Granted(granted(
        LEADER_OF_ALTA,
        None,
        OTHER_ADMINISTRATOR,
    ))]);
}

fn renewed(number: u128, by: Option<PersonId>) -> InvitationRenewed {
    InvitationRenewed { invitation: InvitationId(nth(number)), renewed_by: by, on: day("2026-02-01") }
}

fn renew(number: u128, by: Option<PersonId>, two_people: bool) -> AccessCommand {
    AccessCommand::RenewInvitation { renewed: renewed(number, by), two_people }
}

#[test]
fn who_invites_somebody_anew_gives_nobody_roles_by_that_where_two_people_are_required() {
    let history = [invited(), AccessEvent::Granted(granted(LEADER_OF_ALTA, None, ADMINISTRATOR))];
    let done = AccessEvent::InvitationRenewed(renewed(1, Some(ADMINISTRATOR)));
    let revoked = Revoked { role: LEADER_OF_ALTA, revoked_by: Some(ADMINISTRATOR), on: day("2026-02-01") };
    let asked = Requested { on: day("2026-02-01"), ..requested(ADMINISTRATOR) };
    let suspended = [done.clone(), AccessEvent::Revoked(revoked), AccessEvent::Requested(asked)];
    given(history.clone()).when(renew(1, Some(ADMINISTRATOR), true)).then(suspended.clone());
    let after = [&history[..], &suspended[..]].concat();
    given(after.clone()).when(grant_as_second(ADMINISTRATOR)).then_rejected(AccessRejection::OwnRequest);
    given(after).when(grant_as_second(OTHER_ADMINISTRATOR)).then([AccessEvent::Granted(granted(
        LEADER_OF_ALTA,
        None,
        OTHER_ADMINISTRATOR,
    ))]);
    given(history.clone()).when(renew(1, Some(ADMINISTRATOR), false)).then([done]);
    given(history).when(renew(1, None, true)).then([AccessEvent::InvitationRenewed(renewed(1, None))]);
}

#[test]
fn nobody_is_invited_anew_without_an_open_account() {
    let closed_on = day("2026-03-01");
    given([]).when(renew(1, None, false)).then_rejected(AccessRejection::NotInvited);
    given([invited(), AccessEvent::Closed(closed())])
        .when(renew(1, None, false))
        .then_rejected(AccessRejection::AlreadyClosed { closed_on });
}

#[test]
fn an_auditor_is_one_for_a_time() {
    given([invited()])
        .when(grant(Role::Auditor, None, ADMINISTRATOR))
        .then_rejected(AccessRejection::AuditorWithoutEnd);
    given([invited()])
        .when(grant(Role::Auditor, Some("2027-01-09"), ADMINISTRATOR))
        .then_rejected(AccessRejection::AuditorTooLong { until: day("2027-01-09"), most: 366 });
    given([invited()])
        .when(grant(Role::Auditor, Some("2027-01-08"), ADMINISTRATOR))
        .then([AccessEvent::Granted(granted(Role::Auditor, Some("2027-01-08"), ADMINISTRATOR))]);
}

#[test]
fn a_role_does_not_end_before_it_begins() {
    given([invited()])
        .when(grant(LEADER_OF_ALTA, Some("2026-01-06"), ADMINISTRATOR))
        .then_rejected(AccessRejection::UntilPassed { until: day("2026-01-06"), on: day("2026-01-07") });
}

#[test]
fn a_role_is_revoked_and_so_is_what_was_only_requested() {
    let revoked = Revoked { role: LEADER_OF_ALTA, revoked_by: Some(ADMINISTRATOR), on: day("2026-02-01") };
    for before in [
        AccessEvent::Granted(granted(LEADER_OF_ALTA, None, ADMINISTRATOR)),
        AccessEvent::Requested(requested(ADMINISTRATOR)),
    ] {
        given([invited(), before])
            .when(AccessCommand::Revoke(revoked.clone()))
            .then([AccessEvent::Revoked(revoked.clone())]);
    }
    given([invited()]).when(AccessCommand::Revoke(revoked)).then_nothing();
}

#[test]
fn a_closed_account_holds_nothing_and_stays_closed() {
    let history = [invited(), AccessEvent::Granted(granted(LEADER_OF_ALTA, None, ADMINISTRATOR))];
    given(history.clone()).when(AccessCommand::Close(closed())).then([AccessEvent::Closed(closed())]);
    let access: Access = crate::decider::fold(&[&history[..], &[AccessEvent::Closed(closed())]].concat());
    assert_eq!((access.held_on(day("2026-03-02")).count(), access.is_open()), (0, false));
    given([invited(), AccessEvent::Closed(closed())])
        .when(grant(LEADER_OF_ALTA, None, ADMINISTRATOR))
        .then_rejected(AccessRejection::AlreadyClosed { closed_on: day("2026-03-01") });
}

proptest! {
    #[test]
    fn what_was_granted_yields_nothing_when_wished_again(picks in prop::collection::vec((0..6_usize, 1..4_u128, 0..3_usize), 0..12)) {
        let roles = [LEADER_OF_ALTA, Role::Auditor, Role::Administrator];
        let commands: Vec<AccessCommand> = picks.into_iter().map(|(what, by, role)| {
            let (by, role, until) = (PersonId(nth(by)), roles[role], Some(day("2026-06-01")));
            let on = day("2026-01-07");
            match what {
                0 => AccessCommand::Invite(Invited { person: LEADER, invited_by: Some(by), on }),
                1 => AccessCommand::Request(Requested { role, until, requested_by: by, on }),
                2 => AccessCommand::Grant { granted: Granted { role, until, granted_by: Some(by), on }, two_people: by == ADMINISTRATOR },
                3 => renew(by.0.as_u128(), Some(by), by == ADMINISTRATOR),
                4 => AccessCommand::Revoke(Revoked { role, revoked_by: Some(by), on }),
                _ => AccessCommand::Close(Closed { closed_by: Some(by), on }),
            }
        }).collect();
        retries_are_harmless::<Access>(&commands);
    }
}

// The policy.

fn noon() -> DateTime<Utc> {
    "2026-05-04T12:00:00Z".parse().unwrap()
}

fn then() -> When {
    When { at: noon(), day: day("2026-05-04") }
}

fn somebody(role: Role, proof: Proof) -> Asker {
    Asker::Person(SignedIn { person: LEADER, held: vec![Held { role, until: Some(day("2026-05-04")) }], proof })
}

fn of_alta() -> About {
    About { parties: vec![ALTA], ..About::default() }
}

#[test]
fn a_stranger_may_use_the_door_and_nothing_else() {
    for operation in Operation::ALL {
        let decision = allows(&Asker::Stranger, *operation, &of_alta(), then());
        let expected = if operation.nature() == Nature::Open { Decision::Allowed } else { Decision::SignInNeeded };
        assert_eq!(decision, expected, "{operation:?}");
    }
}

#[test]
fn whoever_holds_no_role_may_do_nothing() {
    let nobody = Asker::Person(SignedIn { person: LEADER, held: vec![], proof: Proof::Strong { at: noon() } });
    for operation in Operation::ALL.iter().filter(|operation| operation.nature() != Nature::Open) {
        assert_eq!(allows(&nobody, *operation, &of_alta(), then()), Decision::OutOfReach, "{operation:?}");
        assert_eq!(may_allow(&nobody, *operation, then()), Decision::OutOfReach, "{operation:?}");
    }
}

#[test]
fn an_auditor_reads_everything_and_changes_nothing() {
    for operation in Operation::ALL {
        let reach = operation.row().auditor;
        match operation.nature() {
            Nature::Open => {}
            Nature::Read if *operation == Operation::WatchService => assert_eq!(reach, Reach::None),
            Nature::Read => assert_eq!(reach, Reach::All, "{operation:?}"),
            Nature::Write | Nature::Grave => assert_eq!(reach, Reach::None, "{operation:?}"),
        }
    }
}

#[test]
fn a_role_holds_until_its_last_day() {
    let leader = somebody(LEADER_OF_ALTA, Proof::Password);
    assert_eq!(allows(&leader, Operation::SeeBudget, &of_alta(), then()), Decision::Allowed);
    let tomorrow = When { day: day("2026-05-05"), ..then() };
    assert_eq!(allows(&leader, Operation::SeeBudget, &of_alta(), tomorrow), Decision::OutOfReach);
}

#[test]
fn a_role_reaches_its_own_scope_and_what_is_shared_with_it_where_the_table_says_so() {
    let leader = somebody(LEADER_OF_ALTA, Proof::Password);
    let of_another = About { parties: vec![PartyId(nth(5401))], sharers: vec![ALTA], ..About::default() };
    assert_eq!(allows(&leader, Operation::SeeBudget, &of_another, then()), Decision::OutOfReach);
    assert_eq!(allows(&leader, Operation::TryHypothesis, &of_another, then()), Decision::Allowed);
}

#[test]
fn who_writes_has_a_strong_proof_and_a_fresh_one_where_it_is_grave() {
    let with = |operation, proof| allows(&somebody(LEADER_OF_ALTA, proof), operation, &of_alta(), then());
    let minutes_ago = |minutes| Proof::Strong { at: noon() - chrono::TimeDelta::minutes(minutes) };
    assert_eq!(with(Operation::KeepLegacy, Proof::Password), Decision::ProofNeeded);
    assert_eq!(with(Operation::KeepLegacy, Proof::Token), Decision::Allowed);
    assert_eq!(with(Operation::KeepLegacy, minutes_ago(400)), Decision::Allowed);
    assert_eq!(with(Operation::BindParty, minutes_ago(15)), Decision::Allowed);
    assert_eq!(with(Operation::BindParty, minutes_ago(16)), Decision::ProofNeeded);
    assert_eq!(with(Operation::BindParty, Proof::Token), Decision::ProofNeeded);
}

#[test]
fn where_two_people_are_required_who_made_it_does_not_approve_it() {
    let leader = somebody(LEADER_OF_ALTA, Proof::Strong { at: noon() });
    let own = About { made_by: Some(LEADER), ..of_alta() };
    assert_eq!(allows(&leader, Operation::BindParty, &own, then()), Decision::OtherPersonNeeded);
    let others = About { made_by: Some(ADMINISTRATOR), ..of_alta() };
    assert_eq!(allows(&leader, Operation::BindParty, &others, then()), Decision::Allowed);
}
