//! The prebill, objections, and who may approve.

use super::*;
use crate::domain::TextFault;

fn role(role: &str, person: u128) -> InRole {
    InRole { role: role.to_owned(), person: PersonId(Uuid::from_u128(person)) }
}

fn planned_by(by: Option<InRole>) -> InvoiceRunEvent {
    let InvoiceRunEvent::Planned(mut planned) = planned() else { panic!() };
    planned.planned_by = by;
    InvoiceRunEvent::Planned(planned)
}

/// Sent on 20 November, with objections until 1 December.
fn prebill(objections_until: &str) -> Prebilled {
    let letter = |number: u128| PrebillLetter {
        letter: InvoiceId(Uuid::from_u128(700 + number)),
        party: PartyId(Uuid::from_u128(number)),
    };
    Prebilled { objections_until: day(objections_until), letters: vec![letter(1), letter(2)], on: day("2023-11-20") }
}

fn prebilled() -> InvoiceRunEvent {
    InvoiceRunEvent::Prebilled(prebill("2023-12-01"))
}

fn object(party: u128, text: &str) -> InvoiceRunCommand {
    InvoiceRunCommand::RecordObjection {
        party: PartyId(Uuid::from_u128(party)),
        text: text.to_owned(),
        reference: None,
        on: day("2023-11-25"),
    }
}

fn objected(objection: u32) -> InvoiceRunEvent {
    InvoiceRunEvent::ObjectionRecorded(ObjectionRecorded {
        objection,
        party: PartyId(Uuid::from_u128(2)),
        text: "Feil innbyggertall".to_owned(),
        reference: None,
        on: day("2023-11-25"),
    })
}

fn answer(outcome: ObjectionOutcome) -> ObjectionAnswered {
    let InRole { role, person } = role("økonomisjef", 5);
    let answer = "Tallet er det vedtatte".to_owned();
    ObjectionAnswered { objection: 1, outcome, answer, role, person, on: day("2023-11-28"), letter: None }
}

fn answered(outcome: ObjectionOutcome) -> InvoiceRunEvent {
    InvoiceRunEvent::ObjectionAnswered(answer(outcome))
}

fn approve_on(on: &str, terms: Terms) -> InvoiceRunCommand {
    let InRole { role, person } = role("økonomisjef", 5);
    InvoiceRunCommand::Approve { role, person, standing: plan().standing(), terms, on: day(on) }
}

fn approved_on(on: &str) -> InvoiceRunEvent {
    let InRole { role, person } = role("økonomisjef", 5);
    InvoiceRunEvent::Approved(Approved { role, person, on: day(on) })
}

#[test]
fn a_prebill_is_sent_once_and_leaves_time_for_objections() {
    let wish = |until: &str| InvoiceRunCommand::Prebill(prebill(until));
    given::<InvoiceRun>([planned()]).when(wish("2023-12-01")).then([prebilled()]);
    given::<InvoiceRun>([planned(), prebilled()]).when(wish("2023-12-01")).then_nothing();
    given::<InvoiceRun>([planned(), prebilled()]).when(wish("2023-12-02")).then_rejected(
        InvoiceRunRejection::AlreadyPrebilled { objections_until: day("2023-12-01"), on: day("2023-11-20") },
    );
    given::<InvoiceRun>([planned()]).when(wish("2023-11-20")).then_rejected(
        InvoiceRunRejection::ObjectionsUntilImpossible { objections_until: day("2023-11-20"), on: day("2023-11-20") },
    );
    // Dated 1 December, so that it may be approved on the 15th at the latest.
    given::<InvoiceRun>([planned()]).when(wish("2023-12-14")).then([InvoiceRunEvent::Prebilled(prebill("2023-12-14"))]);
    given::<InvoiceRun>([planned()]).when(wish("2023-12-15")).then_rejected(
        InvoiceRunRejection::ObjectionsUntilTooLate {
            objections_until: day("2023-12-15"),
            invoice_date: day("2023-12-01"),
            due_date: day("2023-12-31"),
        },
    );
    given::<InvoiceRun>([]).when(wish("2023-12-01")).then_rejected(InvoiceRunRejection::NotPlanned);
}

#[test]
fn objections_are_numbered_and_say_nothing_of_a_person() {
    let sent = || given::<InvoiceRun>([planned(), prebilled()]);
    sent().when(object(2, "Feil innbyggertall")).then([objected(1)]);
    given::<InvoiceRun>([planned(), prebilled(), objected(1)]).when(object(2, "Feil innbyggertall")).then_nothing();
    sent()
        .when(object(7, "Hei"))
        .then_rejected(InvoiceRunRejection::NoParticipant { party: PartyId(Uuid::from_u128(7)) });
    let long = "ø".repeat(251);
    for (unfit, fault) in [
        ("", TextFault::Missing),
        (&*long, TextFault::TooLong),
        ("to\nlinjer", TextFault::SeveralLines),
        ("svar til navn@kommune.example", TextFault::Address),
    ] {
        let field = ObjectionField::Text;
        sent().when(object(2, unfit)).then_rejected(InvoiceRunRejection::ObjectionTextUnfit { field, fault });
    }
    given::<InvoiceRun>([planned()]).when(object(2, "Hei")).then_rejected(InvoiceRunRejection::NotPrebilled);
}

#[test]
fn an_objection_is_answered_once() {
    let wish = |outcome| InvoiceRunCommand::AnswerObjection { answered: answer(outcome), standing: plan().standing() };
    let open = [planned(), prebilled(), objected(1)];
    given::<InvoiceRun>(open.clone())
        .when(wish(ObjectionOutcome::Rejected))
        .then([answered(ObjectionOutcome::Rejected)]);
    given::<InvoiceRun>([planned(), prebilled()])
        .when(wish(ObjectionOutcome::Rejected))
        .then_rejected(InvoiceRunRejection::NoSuchObjection { objection: 1 });
    let closed = || given::<InvoiceRun>(open.clone().into_iter().chain([answered(ObjectionOutcome::Rejected)]));
    closed().when(wish(ObjectionOutcome::Rejected)).then_nothing();
    closed()
        .when(wish(ObjectionOutcome::Upheld))
        .then_rejected(InvoiceRunRejection::ObjectionAlreadyAnswered { objection: 1, on: day("2023-11-28") });
}

#[test]
fn that_the_calculation_stands_is_not_said_where_what_it_rests_on_has_changed() {
    let mut standing = plan().standing();
    standing.grounds[0].net_ore += Ore(1);
    let wish = |outcome| InvoiceRunCommand::AnswerObjection { answered: answer(outcome), standing: standing.clone() };
    let open = [planned(), prebilled(), objected(1)];
    let (changes, more_count) = plan().first_changes(&standing);
    assert_eq!((changes.len(), more_count), (1, 0));
    given::<InvoiceRun>(open.clone())
        .when(wish(ObjectionOutcome::Rejected))
        .then_rejected(InvoiceRunRejection::GroundsChanged { changes, more_count });
    given::<InvoiceRun>(open.clone()).when(wish(ObjectionOutcome::Upheld)).then([answered(ObjectionOutcome::Upheld)]);
    // What was answered before is asked for again.
    given::<InvoiceRun>(open.into_iter().chain([answered(ObjectionOutcome::Rejected)]))
        .when(wish(ObjectionOutcome::Rejected))
        .then_nothing();
}

#[test]
fn nobody_approves_before_the_day_for_objections_has_passed_and_all_are_answered() {
    let sent = [planned(), prebilled()];
    given::<InvoiceRun>(sent.clone())
        .when(approve_on("2023-12-01", Terms::default()))
        .then_rejected(InvoiceRunRejection::ObjectionsMayCome { objections_until: day("2023-12-01") });
    given::<InvoiceRun>(sent.clone())
        .when(approve_on("2023-12-02", Terms::default()))
        .then([approved_on("2023-12-02")]);
    let unsent = Terms { unsent: vec!["Tromsø".to_owned()], ..Terms::default() };
    given::<InvoiceRun>(sent.clone())
        .when(approve_on("2023-12-02", unsent))
        .then_rejected(InvoiceRunRejection::PrebillNotSent { participant_count: 1, first: "Tromsø".to_owned() });
    let objected = || sent.clone().into_iter().chain([objected(1)]);
    let approve = || approve_on("2023-12-02", Terms::default());
    let participant = karasjok();
    given::<InvoiceRun>(objected())
        .when(approve())
        .then_rejected(InvoiceRunRejection::ObjectionOpen { objection: 1, participant: participant.clone() });
    given::<InvoiceRun>(objected().chain([answered(ObjectionOutcome::Upheld)]))
        .when(approve())
        .then_rejected(InvoiceRunRejection::ObjectionUpheld { objection: 1, participant });
    given::<InvoiceRun>(objected().chain([answered(ObjectionOutcome::Rejected)]))
        .when(approve())
        .then([approved_on("2023-12-02")]);
}

#[test]
fn a_run_goes_without_a_prebill_only_where_the_settings_let_it() {
    let required = Terms { prebill_required: true, ..Terms::default() };
    given::<InvoiceRun>([planned()])
        .when(approve_on("2023-12-02", required.clone()))
        .then_rejected(InvoiceRunRejection::PrebillMissing);
    given::<InvoiceRun>([planned(), prebilled()])
        .when(approve_on("2023-12-02", required))
        .then([approved_on("2023-12-02")]);
    given::<InvoiceRun>([planned()]).when(approve_on("2023-11-16", Terms::default())).then([approved_on("2023-11-16")]);
}

#[test]
fn where_two_people_are_required_nobody_approves_a_plan_of_their_own() {
    let two = || Terms { two_people: true, ..Terms::default() };
    let own = planned_by(Some(role("økonomikonsulent", 5)));
    given::<InvoiceRun>([own.clone()])
        .when(approve_on("2023-12-02", two()))
        .then_rejected(InvoiceRunRejection::OwnPlan { role: "økonomikonsulent".to_owned() });
    given::<InvoiceRun>([own]).when(approve_on("2023-12-02", Terms::default())).then([approved_on("2023-12-02")]);
    given::<InvoiceRun>([planned_by(None)])
        .when(approve_on("2023-12-02", two()))
        .then_rejected(InvoiceRunRejection::PlannerUnknown);
    given::<InvoiceRun>([planned_by(Some(role("økonomikonsulent", 6)))])
        .when(approve_on("2023-12-02", two()))
        .then([approved_on("2023-12-02")]);
}
