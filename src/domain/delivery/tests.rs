use super::*;
use crate::decider::{fold, testing::given};

fn rendered(sha256: &str) -> Rendered {
    Rendered {
        invoice: InvoiceId(Uuid::from_u128(1)),
        sha256: sha256.repeat(64),
        media_type: "application/pdf".to_owned(),
        size_bytes: 24_000,
        enclosures: vec![],
    }
}

fn accepted(message_id: &str) -> MailAccepted {
    MailAccepted { message_id: message_id.to_owned(), reply: "250 OK".to_owned(), on: day("2023-12-01") }
}

fn parked() -> MailParked {
    MailParked { reason: "The finance office has no e-mail address.".to_owned(), on: day("2023-12-01") }
}

fn retry() -> MailRetryRequested {
    MailRetryRequested { on: day("2023-12-02") }
}

fn request_retry() -> DeliveryCommand {
    DeliveryCommand::RequestRetry { requested: retry(), at: "2023-12-01T11:59:00Z".parse().unwrap() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn drawn_up() -> DeliveryEvent {
    DeliveryEvent::Rendered(rendered("a"))
}

#[test]
fn a_document_is_drawn_up_once_and_can_never_come_out_different() {
    given::<Delivery>([]).when(DeliveryCommand::RecordRendered(rendered("a"))).then([drawn_up()]);
    given::<Delivery>([drawn_up()]).when(DeliveryCommand::RecordRendered(rendered("b"))).then_rejected(
        DeliveryRejection::RenderedDifferently { recorded_sha256: "a".repeat(64), sha256: "b".repeat(64) },
    );
}

fn e_invoice(sha256: &str) -> Rendered {
    Rendered { media_type: E_INVOICE_MEDIA_TYPE.to_owned(), ..rendered(sha256) }
}

fn e_invoice_drawn_up() -> DeliveryEvent {
    DeliveryEvent::Rendered(e_invoice("c"))
}

fn omitted() -> EInvoiceOmitted {
    EInvoiceOmitted {
        reason: "There is neither a buyer reference nor an order reference.".to_owned(),
        on: day("2023-12-01"),
    }
}

fn placed() -> EInvoicePlaced {
    EInvoicePlaced { file_name: "542300001.xml".to_owned(), on: day("2023-12-01") }
}

#[test]
fn an_e_invoice_is_drawn_up_after_its_document_once_and_never_differently() {
    given::<Delivery>([])
        .when(DeliveryCommand::RecordRendered(e_invoice("c")))
        .then_rejected(DeliveryRejection::NotRendered);
    given::<Delivery>([drawn_up()]).when(DeliveryCommand::RecordRendered(e_invoice("c"))).then([e_invoice_drawn_up()]);
    let both = [drawn_up(), e_invoice_drawn_up()];
    given::<Delivery>(both.clone()).when(DeliveryCommand::RecordRendered(rendered("a"))).then_nothing();
    given::<Delivery>(both.clone()).when(DeliveryCommand::RecordRendered(e_invoice("c"))).then_nothing();
    given::<Delivery>(both).when(DeliveryCommand::RecordRendered(e_invoice("d"))).then_rejected(
        DeliveryRejection::RenderedDifferently { recorded_sha256: "c".repeat(64), sha256: "d".repeat(64) },
    );
}

#[test]
fn an_e_invoice_is_laid_out_once_whatever_becomes_of_the_mail() {
    let place = || DeliveryCommand::RecordEInvoicePlaced(placed());
    given::<Delivery>([drawn_up()]).when(place()).then_rejected(DeliveryRejection::EInvoiceNotRendered);
    let parked = DeliveryEvent::MailParked(parked());
    given::<Delivery>([drawn_up(), e_invoice_drawn_up(), parked])
        .when(place())
        .then([DeliveryEvent::EInvoicePlaced(placed())]);
    given::<Delivery>([drawn_up(), e_invoice_drawn_up(), DeliveryEvent::EInvoicePlaced(placed())])
        .when(place())
        .then_nothing();
}

const CLAIM: Uuid = Uuid::from_u128(91);
const OTHER_CLAIM: Uuid = Uuid::from_u128(92);

fn laying(claim: Uuid) -> DeliveryEvent {
    DeliveryEvent::EInvoiceLayingStarted(started_laying(claim))
}

fn started_laying(claim: Uuid) -> EInvoiceLayingStarted {
    EInvoiceLayingStarted { claim, file_name: "542300001.xml".to_owned() }
}

fn start_laying(claim: Uuid, instead_of: Option<Uuid>) -> DeliveryCommand {
    DeliveryCommand::StartLaying(StartLaying { started: started_laying(claim), instead_of })
}

fn gone(claim: Uuid) -> EInvoiceOutcomeUnknown {
    EInvoiceOutcomeUnknown { claim, said: "it is there no longer".to_owned(), on: day("2023-12-01") }
}

fn said_of_e_invoice(arrived: bool) -> EInvoiceOutcomeStated {
    let MailOutcomeStated { role, person, reason, on, .. } = stated(arrived);
    EInvoiceOutcomeStated { arrived, role, person, reason, on }
}

fn given_ready(after: impl IntoIterator<Item = DeliveryEvent>) -> Vec<DeliveryEvent> {
    [drawn_up(), e_invoice_drawn_up()].into_iter().chain(after).collect()
}

#[test]
fn of_two_workers_one_lays_an_e_invoice_out() {
    given::<Delivery>([drawn_up()])
        .when(start_laying(CLAIM, None))
        .then_rejected(DeliveryRejection::EInvoiceNotRendered);
    given::<Delivery>(given_ready([])).when(start_laying(CLAIM, None)).then([laying(CLAIM)]);
    given::<Delivery>(given_ready([laying(CLAIM)])).when(start_laying(CLAIM, None)).then_nothing();
    given::<Delivery>(given_ready([laying(CLAIM)]))
        .when(start_laying(OTHER_CLAIM, None))
        .then_rejected(DeliveryRejection::EInvoiceBeingLaidOut);
    given::<Delivery>(given_ready([laying(CLAIM)]))
        .when(DeliveryCommand::RecordEInvoicePlaced(placed()))
        .then([DeliveryEvent::EInvoicePlaced(placed())]);
    given::<Delivery>(given_ready([laying(CLAIM), DeliveryEvent::EInvoicePlaced(placed())]))
        .when(start_laying(OTHER_CLAIM, Some(CLAIM)))
        .then_rejected(DeliveryRejection::EInvoiceLaidOut);
}

#[test]
fn an_e_invoice_that_was_certainly_never_put_in_place_is_laid_out_by_another() {
    given::<Delivery>(given_ready([laying(CLAIM)]))
        .when(start_laying(OTHER_CLAIM, Some(CLAIM)))
        .then([laying(OTHER_CLAIM)]);
    given::<Delivery>(given_ready([laying(CLAIM), laying(OTHER_CLAIM)]))
        .when(start_laying(Uuid::from_u128(93), Some(CLAIM)))
        .then_rejected(DeliveryRejection::EInvoiceBeingLaidOut);
}

#[test]
fn an_e_invoice_of_which_nobody_knows_waits_for_a_person_who_has_asked() {
    let unknown = |claim| DeliveryCommand::RecordEInvoiceUnknown(gone(claim));
    let is_unknown = || given_ready([laying(CLAIM), DeliveryEvent::EInvoiceOutcomeUnknown(gone(CLAIM))]);
    let said = |arrived| DeliveryEvent::EInvoiceOutcomeStated(said_of_e_invoice(arrived));
    let state = |arrived| DeliveryCommand::StateEInvoiceOutcome(said_of_e_invoice(arrived));
    given::<Delivery>(given_ready([laying(CLAIM)]))
        .when(unknown(CLAIM))
        .then([DeliveryEvent::EInvoiceOutcomeUnknown(gone(CLAIM))]);
    given::<Delivery>(given_ready([laying(CLAIM)])).when(unknown(OTHER_CLAIM)).then_nothing();
    given::<Delivery>(given_ready([laying(CLAIM)]))
        .when(state(true))
        .then_rejected(DeliveryRejection::EInvoiceOutcomeNotUnknown);
    given::<Delivery>(is_unknown())
        .when(start_laying(OTHER_CLAIM, Some(CLAIM)))
        .then_rejected(DeliveryRejection::EInvoiceWaitsForAPerson);
    // The answer of who was only slow counts.
    given::<Delivery>(is_unknown())
        .when(DeliveryCommand::RecordEInvoicePlaced(placed()))
        .then([DeliveryEvent::EInvoicePlaced(placed())]);
    given::<Delivery>(is_unknown()).when(state(true)).then([said(true)]);
    assert_eq!(fold::<Delivery>(&is_unknown()).decide(&state(false)), Ok(vec![said(false)]));
    let nameless = EInvoiceOutcomeStated { role: String::new(), ..said_of_e_invoice(true) };
    given::<Delivery>(is_unknown())
        .when(DeliveryCommand::StateEInvoiceOutcome(nameless))
        .then_rejected(DeliveryRejection::StatementIncomplete);
    let after = |arrived| is_unknown().into_iter().chain([said(arrived)]).collect::<Vec<_>>();
    given::<Delivery>(after(true))
        .when(start_laying(OTHER_CLAIM, None))
        .then_rejected(DeliveryRejection::EInvoiceLaidOut);
    given::<Delivery>(after(false)).when(start_laying(OTHER_CLAIM, None)).then([laying(OTHER_CLAIM)]);
}

#[test]
fn what_cannot_be_an_e_invoice_goes_out_without_and_says_why() {
    let omit = || DeliveryCommand::OmitEInvoice(omitted());
    given::<Delivery>([drawn_up()]).when(omit()).then([DeliveryEvent::EInvoiceOmitted(omitted())]);
    given::<Delivery>([drawn_up(), DeliveryEvent::EInvoiceOmitted(omitted())]).when(omit()).then_nothing();
    given::<Delivery>([drawn_up(), e_invoice_drawn_up()])
        .when(omit())
        .then_rejected(DeliveryRejection::EInvoiceRendered);
}

#[test]
fn a_mail_is_taken_once_whatever_the_number_of_attempts() {
    given::<Delivery>([])
        .when(DeliveryCommand::RecordAccepted(accepted("one")))
        .then_rejected(DeliveryRejection::NotRendered);
    given::<Delivery>([drawn_up()])
        .when(DeliveryCommand::RecordAccepted(accepted("one")))
        .then([DeliveryEvent::MailAccepted(accepted("one"))]);
    given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
        .when(DeliveryCommand::RecordAccepted(MailAccepted { reply: "250 duplicate".to_owned(), ..accepted("one") }))
        .then_nothing();
    given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
        .when(DeliveryCommand::RecordAccepted(accepted("two")))
        .then_rejected(DeliveryRejection::AlreadyAccepted { message_id: "one".to_owned() });
}

#[test]
fn a_parked_mail_waits_until_a_person_asks_for_another_attempt() {
    given::<Delivery>([drawn_up()]).when(DeliveryCommand::Park(parked())).then([DeliveryEvent::MailParked(parked())]);
    given::<Delivery>([drawn_up(), DeliveryEvent::MailParked(parked())])
        .when(request_retry())
        .then([DeliveryEvent::MailRetryRequested(retry())]);
    given::<Delivery>([drawn_up()]).when(request_retry()).then_rejected(DeliveryRejection::NotParked);
}

#[test]
fn a_mail_that_was_taken_is_neither_parked_nor_sent_again() {
    let refused = || DeliveryRejection::AlreadyAccepted { message_id: "one".to_owned() };
    for command in [DeliveryCommand::Park(parked()), request_retry()] {
        given::<Delivery>([drawn_up(), DeliveryEvent::MailAccepted(accepted("one"))])
            .when(command)
            .then_rejected(refused());
    }
}

#[test]
fn what_a_server_says_is_kept_as_one_short_line_without_addresses() {
    let said = "250 2.1.5\r\n<ola.nordmann@kommune.example>\tOK\u{7}";
    given::<Delivery>([drawn_up()])
        .when(DeliveryCommand::RecordAccepted(MailAccepted { reply: said.to_owned(), ..accepted("one") }))
        .then([DeliveryEvent::MailAccepted(MailAccepted { reply: "250 2.1.5 … OK".to_owned(), ..accepted("one") })]);
    given::<Delivery>([drawn_up()])
        .when(DeliveryCommand::Park(MailParked { reason: said.to_owned(), ..parked() }))
        .then([DeliveryEvent::MailParked(MailParked { reason: "250 2.1.5 … OK".to_owned(), ..parked() })]);
    assert!(fit_for_the_log(&"snøfokk ".repeat(100)).len() <= TEXT_BYTES_MAX);
    assert_eq!(fit_for_the_log(&"x".repeat(501)), "");
}

#[test]
fn a_mail_is_parked_a_second_time_when_the_new_attempt_fails_too() {
    given::<Delivery>([drawn_up(), DeliveryEvent::MailParked(parked()), DeliveryEvent::MailRetryRequested(retry())])
        .when(DeliveryCommand::Park(parked()))
        .then([DeliveryEvent::MailParked(parked())]);
}

fn claim(number: u128) -> Uuid {
    Uuid::from_u128(100 + number)
}

fn at(time: &str) -> DateTime<Utc> {
    format!("2023-12-01T{time}Z").parse().unwrap()
}

/// Somebody wishes to send.
fn start(number: u128, time: &str) -> DeliveryCommand {
    DeliveryCommand::StartAttempt(StartAttempt {
        claim: claim(number),
        person: PersonId(Uuid::from_u128(7)),
        message_id: "one".to_owned(),
        at: at(time),
        outcome_due_at: at("18:00:00.5"),
    })
}

fn started(attempt: u32, number: u128) -> DeliveryEvent {
    DeliveryEvent::MailAttemptStarted(MailAttemptStarted {
        attempt,
        claim: claim(number),
        person: PersonId(Uuid::from_u128(7)),
        message_id: "one".to_owned(),
        outcome_due_at: at("18:00:00"),
    })
}

fn ended(attempt: u32, said: &str) -> AttemptEnded {
    AttemptEnded { attempt, said: said.to_owned(), at: at("12:00:00.25"), on: day("2023-12-01") }
}

fn deferred(attempt: u32, until: &str) -> DeliveryEvent {
    DeliveryEvent::MailDeferred(MailDeferred {
        attempt,
        reply: "451 later".to_owned(),
        next_attempt_at: until.parse().unwrap(),
    })
}

fn unknown(attempt: u32) -> DeliveryEvent {
    DeliveryEvent::MailOutcomeUnknown(MailOutcomeUnknown { attempt, said: "silence".to_owned(), on: day("2023-12-01") })
}

#[test]
fn of_two_workers_one_holds_the_attempt() {
    given::<Delivery>([]).when(start(1, "12:00:00")).then_rejected(DeliveryRejection::NotRendered);
    given::<Delivery>([drawn_up()]).when(start(1, "12:00:00")).then([started(1, 1)]);
    given::<Delivery>([drawn_up(), started(1, 1)])
        .when(start(2, "12:00:00"))
        .then_rejected(DeliveryRejection::AttemptUnderWay { attempt: 1, outcome_due_at: at("18:00:00") });
}

#[test]
fn while_an_attempt_is_under_way_it_is_neither_parked_nor_asked_for_again() {
    let refused = || DeliveryRejection::AttemptUnderWay { attempt: 1, outcome_due_at: at("18:00:00") };
    for command in [DeliveryCommand::Park(parked()), request_retry()] {
        given::<Delivery>([drawn_up(), started(1, 1)]).when(command).then_rejected(refused());
    }
}

#[test]
fn a_mail_that_is_put_off_is_tried_again_when_it_is_due_and_not_before() {
    given::<Delivery>([drawn_up(), started(1, 1)])
        .when(DeliveryCommand::RecordDeferred(ended(1, "451 later")))
        .then([deferred(1, "2023-12-01T12:05:00Z")]);
    let put_off = || [drawn_up(), started(1, 1), deferred(1, "2023-12-01T12:05:00Z")];
    given::<Delivery>(put_off())
        .when(start(2, "12:04:59"))
        .then_rejected(DeliveryRejection::NotDue { next_attempt_at: at("12:05:00") });
    given::<Delivery>(put_off()).when(start(2, "12:05:00")).then([started(2, 2)]);
    given::<Delivery>(put_off()).when(request_retry()).then([DeliveryEvent::MailRetryRequested(retry())]);
}

#[test]
fn pauses_grow_and_end_and_then_a_person_is_asked() {
    let mut history = vec![drawn_up()];
    let mut pauses = vec![];
    for attempt in 1..=u32::try_from(ATTEMPTS_MAX).unwrap() {
        history.push(started(attempt, 1));
        let outcome =
            fold::<Delivery>(&history).decide(&DeliveryCommand::RecordDeferred(ended(attempt, "451 later"))).unwrap();
        match &outcome[0] {
            DeliveryEvent::MailDeferred(deferred) => pauses.push(deferred.next_attempt_at - at("12:00:00")),
            DeliveryEvent::MailParked(parked) => {
                assert_eq!(
                    parked.reason,
                    "9 attempts ended with \"not now\"; ask the recipient why, then for another attempt: 451 later"
                );
            }
            DeliveryEvent::Rendered(_)
            | DeliveryEvent::EInvoiceOmitted(_)
            | DeliveryEvent::EInvoiceLayingStarted(_)
            | DeliveryEvent::EInvoicePlaced(_)
            | DeliveryEvent::EInvoiceOutcomeUnknown(_)
            | DeliveryEvent::EInvoiceOutcomeStated(_)
            | DeliveryEvent::MailAttemptStarted(_)
            | DeliveryEvent::MailAccepted(_)
            | DeliveryEvent::MailOutcomeUnknown(_)
            | DeliveryEvent::MailRetryRequested(_)
            | DeliveryEvent::MailOutcomeStated(_) => panic!("{outcome:?}"),
        }
        history.extend(outcome);
    }
    assert!(pauses.is_sorted(), "{pauses:?}");
    let days = pauses.iter().sum::<chrono::TimeDelta>().num_days();
    assert_eq!((pauses.len(), days), (ATTEMPTS_MAX - 1, 4));
    history.push(DeliveryEvent::MailRetryRequested(retry()));
    history.push(started(10, 1));
    let outcome = fold::<Delivery>(&history).decide(&DeliveryCommand::RecordDeferred(ended(10, "451 later"))).unwrap();
    assert_eq!(outcome, [deferred(10, "2023-12-01T12:05:00Z")], "a person who asks begins anew");
}

#[test]
fn a_mail_refused_for_good_waits_for_a_person_with_the_answer() {
    given::<Delivery>([drawn_up(), started(1, 1)])
        .when(DeliveryCommand::RecordRefused(ended(1, "550 5.1.1 <ola@kommune.example> unknown")))
        .then([DeliveryEvent::MailParked(MailParked {
            reason: "refused for good; correct the address, or what the answer names, then ask for another attempt: \
                     550 5.1.1 … unknown"
                .to_owned(),
            on: day("2023-12-01"),
        })]);
}

#[test]
fn what_nobody_knows_is_not_sent_again_until_a_person_asks() {
    given::<Delivery>([drawn_up(), started(1, 1)])
        .when(DeliveryCommand::RecordOutcomeUnknown(ended(1, "silence")))
        .then([unknown(1)]);
    let nobody_knows = || [drawn_up(), started(1, 1), unknown(1)];
    given::<Delivery>(nobody_knows()).when(start(2, "23:00:00")).then_rejected(DeliveryRejection::WaitsForAPerson);
    given::<Delivery>(nobody_knows())
        .when(DeliveryCommand::Park(parked()))
        .then_rejected(DeliveryRejection::WaitsForAPerson);
    given::<Delivery>(nobody_knows()).when(request_retry()).then([DeliveryEvent::MailRetryRequested(retry())]);
}

#[test]
fn a_late_answer_counts() {
    let nobody_knows = || [drawn_up(), started(1, 1), unknown(1)];
    given::<Delivery>(nobody_knows())
        .when(DeliveryCommand::RecordAccepted(accepted("one")))
        .then([DeliveryEvent::MailAccepted(accepted("one"))]);
    given::<Delivery>(nobody_knows())
        .when(DeliveryCommand::RecordDeferred(ended(1, "451 later")))
        .then([deferred(1, "2023-12-01T12:05:00Z")]);
}

#[test]
fn the_end_of_an_attempt_is_recorded_once_and_only_where_there_was_one() {
    let asked_anew =
        || [drawn_up(), started(1, 1), unknown(1), DeliveryEvent::MailRetryRequested(retry()), started(2, 2)];
    for command in [DeliveryCommand::RecordDeferred, DeliveryCommand::RecordRefused] {
        given::<Delivery>(asked_anew()).when(command(ended(1, "451 later"))).then_nothing();
        given::<Delivery>(asked_anew())
            .when(command(ended(3, "451 later")))
            .then_rejected(DeliveryRejection::NoSuchAttempt { attempt: 3 });
    }
    given::<Delivery>(asked_anew()).when(DeliveryCommand::RecordOutcomeUnknown(ended(1, "silence"))).then_nothing();
}

fn stated(arrived: bool) -> MailOutcomeStated {
    MailOutcomeStated {
        arrived,
        role: "regnskapsfører".to_owned(),
        person: PersonId(Uuid::from_u128(9)),
        reason: "Bekreftet på telefon".to_owned(),
        on: day("2023-12-02"),
    }
}

fn state(arrived: bool, at: &str) -> DeliveryCommand {
    DeliveryCommand::StateOutcome { stated: stated(arrived), at: at.parse().unwrap() }
}

const LONG_AFTER: &str = "2023-12-03T00:00:00Z";

#[test]
fn a_person_who_has_asked_settles_what_nobody_knew() {
    let nobody_knows = || [drawn_up(), started(1, 1), unknown(1)];
    let said = |arrived| DeliveryEvent::MailOutcomeStated(stated(arrived));
    given::<Delivery>(nobody_knows()).when(state(true, LONG_AFTER)).then([said(true)]);
    let arrived = || [drawn_up(), started(1, 1), unknown(1), said(true)];
    let settled = DeliveryRejection::SaidToHaveArrived { on: day("2023-12-02") };
    given::<Delivery>(arrived()).when(state(true, LONG_AFTER)).then_nothing();
    given::<Delivery>(arrived()).when(state(false, LONG_AFTER)).then_rejected(settled.clone());
    given::<Delivery>(arrived()).when(request_retry()).then_rejected(settled.clone());
    given::<Delivery>(arrived()).when(start(2, "23:00:00")).then_rejected(settled);
    given::<Delivery>([drawn_up(), started(1, 1), unknown(1), said(false)])
        .when(start(2, "23:00:00"))
        .then([started(2, 2)]);
}

#[test]
fn a_letter_that_no_server_took_is_settled_once_it_was_brought_otherwise() {
    let refused = || [drawn_up(), DeliveryEvent::MailParked(parked())];
    let brought = DeliveryEvent::MailOutcomeStated(stated(true));
    given::<Delivery>(refused()).when(state(true, LONG_AFTER)).then([brought]);
}

#[test]
fn nothing_is_settled_that_is_known_or_will_be() {
    given::<Delivery>([drawn_up()]).when(state(true, LONG_AFTER)).then_rejected(DeliveryRejection::OutcomeNotUnknown);
    let under_way = || [drawn_up(), started(1, 1)];
    let under_way_still = DeliveryRejection::AttemptUnderWay { attempt: 1, outcome_due_at: at("18:00:00") };
    given::<Delivery>(under_way()).when(state(true, "2023-12-01T17:59:00Z")).then_rejected(under_way_still);
    given::<Delivery>(under_way()).when(state(true, LONG_AFTER)).then([DeliveryEvent::MailOutcomeStated(stated(true))]);
    let nameless = DeliveryCommand::StateOutcome {
        stated: MailOutcomeStated { role: String::new(), ..stated(true) },
        at: LONG_AFTER.parse().unwrap(),
    };
    given::<Delivery>([drawn_up(), started(1, 1), unknown(1)])
        .when(nameless)
        .then_rejected(DeliveryRejection::StatementIncomplete);
}
