mod reminders;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::decider::testing::given;
use crate::decider::{Decider, fold};
use crate::domain::testing::{day, retries_are_harmless};

const ACCOUNT: ReceivingAccountId = ReceivingAccountId(Uuid::from_u128(900));
const NUMBER: &str = "12345678903";

fn payment(n: u128) -> PaymentId {
    PaymentId(Uuid::from_u128(n))
}

fn invoice(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(100 + n))
}

fn claim(n: u128, amount_ore: i64) -> Claim {
    let invoice_date = day("2023-12-15");
    Claim { invoice: invoice(n), amount_ore: Ore(amount_ore), charges_ore: Ore::ZERO, invoice_date }
}

/// A payment with the KID of invoice `n`, of which `claimed` may still come in.
fn entry(id: u128, amount_ore: i64, n: u128, claimed: i64) -> Entry {
    Entry {
        payment: payment(id),
        amount_ore: Ore(amount_ore),
        booked_on: day("2024-01-19"),
        kids: vec![named(n, None, Some(claim(n, claimed)))],
        reference: format!("bank {id}"),
        reverses: false,
    }
}

fn named(n: u128, amount_ore: Option<i64>, claim: Option<Claim>) -> NamedKid {
    NamedKid { kid: format!("kid {n}"), amount_ore: amount_ore.map(Ore), claim }
}

/// A payment with several KIDs.
fn with_kids(id: u128, amount_ore: i64, kids: Vec<NamedKid>) -> Entry {
    Entry { kids, ..entry(id, amount_ore, 1, 0) }
}

fn reversal(id: u128, amount_ore: i64, n: u128) -> Entry {
    Entry { reverses: true, kids: vec![named(n, None, None)], ..entry(id, -amount_ore, n, 0) }
}

fn file(name: &str, entries: Vec<Entry>) -> FileContent {
    FileContent { form: FileForm::Camt054, message: format!("message {name}"), sha256: format!("hash {name}"), entries }
}

fn take(file: FileContent) -> PaymentsCommand {
    take_on("2024-01-22", file)
}

fn take_on(on: &str, file: FileContent) -> PaymentsCommand {
    PaymentsCommand::TakeFile { account: ACCOUNT, account_number: NUMBER.to_owned(), file, on: day(on) }
}

fn opened() -> PaymentsEvent {
    let on = day("2024-01-22");
    PaymentsEvent::Opened(Opened { account: ACCOUNT, account_number: NUMBER.to_owned(), on })
}

fn taken(file: &FileContent, known_count: u32) -> PaymentsEvent {
    PaymentsEvent::FileTaken(FileTaken {
        form: file.form,
        message: file.message.clone(),
        sha256: file.sha256.clone(),
        entries_count: u32::try_from(file.entries.len()).unwrap(),
        known_count,
        sum_ore: file.entries.iter().map(|entry| entry.amount_ore).sum(),
        on: day("2024-01-22"),
    })
}

fn received(file: &FileContent, index: usize) -> PaymentsEvent {
    let entry = file.entries[index].clone();
    PaymentsEvent::Received(Received {
        payment: entry.payment,
        amount_ore: entry.amount_ore,
        booked_on: entry.booked_on,
        kid: entry.kid().cloned(),
        reference: entry.known_by(),
        source: Source::File { form: file.form, sha256: file.sha256.clone() },
    })
}

fn matched(by: MatchedBy, matches: &[(u128, u128, i64)]) -> PaymentsEvent {
    let matches = matches
        .iter()
        .map(|(id, n, amount)| Match { payment: payment(*id), invoice: invoice(*n), amount_ore: Ore(*amount) })
        .collect();
    PaymentsEvent::Matched(Matched { matches, by, on: day("2024-01-22") })
}

/// The events of a file that was taken in first.
fn history(file: FileContent) -> Vec<PaymentsEvent> {
    Payments::default().decide(&take(file)).unwrap()
}

/// One payment of 1000.00 with the KID of invoice 1, of which 600.00 was to come in: 400.00 are open.
fn overpaid() -> Vec<PaymentsEvent> {
    history(file("a", vec![entry(1, 100_000, 1, 60_000)]))
}

fn open_ore(events: &[PaymentsEvent], id: u128) -> Ore {
    fold::<Payments>(events).payments[&payment(id)].open_ore()
}

#[test]
fn a_file_is_taken_in_whole_and_each_payment_pays_the_invoice_that_its_kid_names() {
    let file = file("a", vec![entry(1, 60_000, 1, 60_000), entry(2, 25_000, 2, 25_000)]);
    given::<Payments>([]).when(take(file.clone())).then([
        opened(),
        taken(&file, 0),
        received(&file, 0),
        received(&file, 1),
        matched(MatchedBy::Kid, &[(1, 1, 60_000), (2, 2, 25_000)]),
    ]);
}

#[test]
fn a_payment_of_several_kids_pays_what_the_bank_says_of_each_or_all_that_is_left_of_each() {
    let said = vec![named(1, Some(50_000), Some(claim(1, 60_000))), named(2, Some(25_000), Some(claim(2, 25_000)))];
    let silent = vec![named(3, None, Some(claim(3, 10_000))), named(4, None, Some(claim(4, 20_000)))];
    let file = file("a", vec![with_kids(1, 75_000, said), with_kids(2, 30_000, silent)]);
    given::<Payments>([]).when(take(file.clone())).then([
        opened(),
        taken(&file, 0),
        received(&file, 0),
        received(&file, 1),
        matched(MatchedBy::Kid, &[(1, 1, 50_000), (1, 2, 25_000), (2, 3, 10_000), (2, 4, 20_000)]),
    ]);
}

#[test]
fn a_payment_of_several_kids_that_does_not_come_to_them_is_left_to_a_person_with_its_kids() {
    let kids = vec![named(1, None, Some(claim(1, 60_000))), named(2, None, Some(claim(2, 25_000)))];
    let events = history(file("a", vec![with_kids(1, 84_999, kids)]));
    let payments = fold::<Payments>(&events);
    let received = &payments.payments[&payment(1)].received;
    assert_eq!((open_ore(&events, 1), &received.kid), (Ore(84_999), &None));
    assert_eq!(received.reference, "bank 1 (KID kid 1, kid 2)");
}

#[test]
fn one_of_several_kids_that_is_paid_too_much_leaves_all_to_a_person() {
    let kids = vec![named(1, None, Some(claim(1, 60_000))), named(2, None, Some(claim(2, 100_000)))];
    let more = file("b", vec![with_kids(2, 60_000, kids)]);
    // 400.00 too much came in for invoice 1, so that -400.00 and 1000.00 would be left: 600.00, and not for invoice 2.
    given::<Payments>(overpaid()).when(take(more.clone())).then([taken(&more, 0), received(&more, 0)]);
}

#[test]
fn of_a_payment_of_one_kid_what_the_bank_says_pays_it_and_the_rest_waits() {
    let file = file("a", vec![with_kids(1, 75_000, vec![named(1, Some(50_000), Some(claim(1, 60_000)))])]);
    let events = history(file);
    assert_eq!((events.last(), open_ore(&events, 1)), (Some(&matched(MatchedBy::Kid, &[(1, 1, 50_000)])), Ore(25_000)));
}

#[test]
fn a_file_that_books_on_a_day_to_come_is_refused_whole() {
    let to_come = Entry { booked_on: day("2024-01-23"), ..entry(2, 25_000, 2, 25_000) };
    let on = day("2024-01-22");
    given::<Payments>([])
        .when(take(file("a", vec![entry(1, 60_000, 1, 60_000), to_come])))
        .then_rejected(PaymentsRejection::BookedLater { booked_on: day("2024-01-23"), on });
}

#[test]
fn what_was_booked_before_there_was_the_invoice_is_left_to_a_person() {
    let before = Entry { booked_on: day("2023-12-14"), ..entry(1, 60_000, 1, 60_000) };
    let events = history(file("a", vec![before]));
    assert_eq!((open_ore(&events, 1), events.len()), (Ore(60_000), 3));
    let on_its_day = Entry { booked_on: day("2023-12-15"), ..entry(1, 60_000, 1, 60_000) };
    assert_eq!(open_ore(&history(file("a", vec![on_its_day])), 1), Ore::ZERO);
}

#[test]
fn what_is_too_little_pays_part_and_what_is_too_much_stays_open() {
    let partial = history(file("a", vec![entry(1, 10_000, 1, 60_000)]));
    assert_eq!((fold::<Payments>(&partial).paid(invoice(1)), open_ore(&partial, 1)), (Ore(10_000), Ore::ZERO));
    let over = overpaid();
    assert_eq!((fold::<Payments>(&over).paid(invoice(1)), open_ore(&over, 1)), (Ore(60_000), Ore(40_000)));
    let twice = history(file("a", vec![entry(1, 60_000, 1, 60_000), entry(2, 60_000, 1, 60_000)]));
    assert_eq!((open_ore(&twice, 1), open_ore(&twice, 2)), (Ore::ZERO, Ore(60_000)), "the second paid nothing more");
}

#[test]
fn a_payment_whose_kid_names_nothing_is_taken_in_and_stays_open() {
    let file = file("a", vec![with_kids(1, 500, vec![named(9, None, None)])]);
    let events = history(file.clone());
    assert_eq!(events, [opened(), taken(&file, 0), received(&file, 0)]);
    assert_eq!(open_ore(&events, 1), Ore(500));
}

#[test]
fn the_same_file_books_nothing_twice_whether_its_bytes_or_its_name_is_known() {
    let first = file("a", vec![entry(1, 60_000, 1, 60_000)]);
    given::<Payments>(history(first.clone())).when(take(first.clone())).then_nothing();
    let fetched_again = FileContent { sha256: "other line ends".to_owned(), ..first.clone() };
    given::<Payments>(history(first.clone())).when(take(fetched_again)).then_nothing();
    let renamed = FileContent { message: "copy".to_owned(), ..first.clone() };
    given::<Payments>(history(first)).when(take(renamed)).then_nothing();
}

#[test]
fn the_name_of_a_file_with_other_content_is_refused() {
    let first = file("a", vec![entry(1, 60_000, 1, 60_000)]);
    let other = FileContent { sha256: "other".to_owned(), ..file("a", vec![entry(2, 60_001, 1, 60_000)]) };
    given::<Payments>(history(first)).when(take(other)).then_rejected(PaymentsRejection::MessageReused {
        message: "message a".to_owned(),
        taken_on: day("2024-01-22"),
        taken_count: 1,
        taken_ore: Ore(60_000),
    });
}

#[test]
fn a_payment_that_another_file_told_of_is_not_taken_again() {
    let first = history(file("a", vec![entry(1, 10_000, 1, 60_000)]));
    let second = file("b", vec![entry(1, 10_000, 1, 60_000), entry(2, 20_000, 1, 60_000)]);
    given::<Payments>(first).when(take(second.clone())).then([
        taken(&second, 1),
        received(&second, 1),
        matched(MatchedBy::Kid, &[(2, 1, 20_000)]),
    ]);
}

#[test]
fn a_payment_that_stands_twice_in_a_file_is_taken_once() {
    let file = file("a", vec![entry(1, 10_000, 1, 60_000), entry(1, 10_000, 1, 60_000)]);
    let once = [opened(), taken(&file, 1), received(&file, 0), matched(MatchedBy::Kid, &[(1, 1, 10_000)])];
    given::<Payments>([]).when(take(file)).then(once);
}

#[test]
fn a_bank_that_sends_the_same_payment_in_both_forms_is_not_believed_twice() {
    let camt = history(file("a", vec![entry(1, 10_000, 1, 60_000)]));
    let of_ocr = |entries| FileContent { form: FileForm::OcrGiro, ..file("b", entries) };
    let same = of_ocr(vec![entry(7, 10_000, 1, 60_000)]);
    given::<Payments>(camt.clone()).when(take(same.clone())).then([taken(&same, 1)]);
    let once_more = of_ocr(vec![entry(7, 10_000, 1, 60_000), entry(8, 10_000, 1, 60_000)]);
    given::<Payments>(camt).when(take(once_more.clone())).then([
        taken(&once_more, 1),
        received(&once_more, 1),
        matched(MatchedBy::Kid, &[(8, 1, 10_000)]),
    ]);
}

#[test]
fn a_reversal_takes_back_the_one_payment_that_it_can_mean_and_the_invoice_is_owed_again() {
    let before = history(file("a", vec![entry(1, 60_000, 1, 60_000)]));
    let file = file("b", vec![reversal(2, 60_000, 1)]);
    given::<Payments>(before.clone()).when(take(file.clone())).then([
        taken(&file, 0),
        received(&file, 0),
        PaymentsEvent::Unmatched(Unmatched {
            payment: payment(1),
            invoice: invoice(1),
            amount_ore: Ore(60_000),
            reason: "the bank took the payment back".to_owned(),
            on: day("2024-01-22"),
        }),
        PaymentsEvent::Reversed(Reversed {
            payment: payment(1),
            reversal: payment(2),
            amount_ore: Ore(60_000),
            on: day("2024-01-22"),
        }),
    ]);
    let state = fold::<Payments>(&before);
    let after = state.decide(&take(file)).unwrap().iter().fold(state, Payments::evolve);
    assert_eq!(after.paid(invoice(1)), Ore::ZERO);
    assert!(after.payments.values().all(|payment| payment.open_ore() == Ore::ZERO));
}

#[test]
fn a_reversal_that_can_mean_several_payments_or_none_waits_for_a_person() {
    let two = file("a", vec![entry(1, 10_000, 1, 60_000), entry(2, 10_000, 1, 60_000)]);
    for before in [two, file("a", vec![entry(1, 10_001, 1, 60_000)])] {
        let file = file("b", vec![reversal(3, 10_000, 1)]);
        given::<Payments>(history(before)).when(take(file.clone())).then([taken(&file, 0), received(&file, 0)]);
    }
}

#[test]
fn a_person_sets_a_reversal_off_against_a_payment_of_which_enough_is_open() {
    let mut events = overpaid();
    let state = fold::<Payments>(&events);
    events.extend(state.decide(&take(file("b", vec![reversal(2, 30_000, 8), reversal(3, 50_000, 8)]))).unwrap());
    let reverse =
        |reversal| PaymentsCommand::Reverse { payment: payment(1), reversal: payment(reversal), on: day("2024-01-23") };
    let reversed =
        Reversed { payment: payment(1), reversal: payment(2), amount_ore: Ore(30_000), on: day("2024-01-23") };
    given::<Payments>(events.clone()).when(reverse(2)).then([PaymentsEvent::Reversed(reversed)]);
    given::<Payments>(events.clone())
        .when(reverse(3))
        .then_rejected(PaymentsRejection::MoreThanOpen { amount_ore: Ore(50_000), open_ore: Ore(40_000) });
    given::<Payments>(events.clone())
        .when(reverse(1))
        .then_rejected(PaymentsRejection::NoReversal { amount_ore: Ore(100_000) });
    let pay_with_it = PaymentsCommand::Match {
        payment: payment(2),
        claim: claim(1, 60_000),
        amount_ore: None,
        on: day("2024-01-23"),
    };
    given::<Payments>(events)
        .when(pay_with_it)
        .then_rejected(PaymentsRejection::IsReversal { amount_ore: Ore(-30_000) });
}

fn by_hand(id: u128, amount_ore: i64, claimed: i64) -> PaymentsCommand {
    PaymentsCommand::RecordByHand {
        account: ACCOUNT,
        account_number: NUMBER.to_owned(),
        payment: payment(id),
        amount_ore: Ore(amount_ore),
        booked_on: day("2024-01-19"),
        reference: "kontoutskrift 2, linje 4".to_owned(),
        claim: claim(1, claimed),
        on: day("2024-01-22"),
    }
}

#[test]
fn a_payment_by_hand_pays_its_invoice_and_what_is_too_much_stays_open() {
    let received = PaymentsEvent::Received(Received {
        payment: payment(1),
        amount_ore: Ore(70_000),
        booked_on: day("2024-01-19"),
        kid: None,
        reference: "kontoutskrift 2, linje 4".to_owned(),
        source: Source::Hand,
    });
    given::<Payments>([]).when(by_hand(1, 70_000, 60_000)).then([
        opened(),
        received,
        matched(MatchedBy::Hand, &[(1, 1, 60_000)]),
    ]);
}

#[test]
fn a_payment_by_hand_is_above_zero_booked_and_for_an_invoice_that_is_not_paid() {
    given::<Payments>([])
        .when(by_hand(1, 0, 60_000))
        .then_rejected(PaymentsRejection::AmountNotPositive { amount_ore: Ore::ZERO });
    given::<Payments>(overpaid()).when(by_hand(2, 100, 60_000)).then_rejected(PaymentsRejection::NothingOutstanding);
    given::<Payments>(overpaid())
        .when(by_hand(1, 100, 90_000))
        .then_rejected(PaymentsRejection::PaymentIdUsed { payment: payment(1) });
    let PaymentsCommand::RecordByHand { account, payment, amount_ore, reference, claim, on, .. } = by_hand(1, 5, 5)
    else {
        panic!()
    };
    let with = |account_number: &str, booked_on| PaymentsCommand::RecordByHand {
        account,
        account_number: account_number.to_owned(),
        payment,
        amount_ore,
        booked_on,
        reference: reference.clone(),
        claim,
        on,
    };
    given::<Payments>([])
        .when(with(NUMBER, day("2024-01-23")))
        .then_rejected(PaymentsRejection::BookedLater { booked_on: day("2024-01-23"), on });
    given::<Payments>([])
        .when(with("12345678901", on))
        .then_rejected(PaymentsRejection::AccountNumberInvalid { account_number: "12345678901".to_owned() });
    given::<Payments>(overpaid())
        .when(with("86011117947", on))
        .then_rejected(PaymentsRejection::OtherAccount { account_number: NUMBER.to_owned() });
}

fn match_with(n: u128, claimed: i64, amount_ore: Option<i64>) -> PaymentsCommand {
    PaymentsCommand::Match {
        payment: payment(1),
        claim: claim(n, claimed),
        amount_ore: amount_ore.map(Ore),
        on: day("2024-01-22"),
    }
}

#[test]
fn a_person_matches_what_is_open_with_another_invoice() {
    let by_hand = |amount| [matched(MatchedBy::Hand, &[(1, 2, amount)])];
    given::<Payments>(overpaid()).when(match_with(2, 90_000, None)).then(by_hand(40_000));
    given::<Payments>(overpaid()).when(match_with(2, 15_000, None)).then(by_hand(15_000));
    given::<Payments>(overpaid()).when(match_with(2, 90_000, Some(10_000))).then(by_hand(10_000));
}

#[test]
fn nobody_matches_more_than_came_in_or_more_than_is_owed() {
    let refused = |command, rejection| given::<Payments>(overpaid()).when(command).then_rejected(rejection);
    let more_than_open = PaymentsRejection::MoreThanOpen { amount_ore: Ore(40_001), open_ore: Ore(40_000) };
    refused(match_with(2, 90_000, Some(40_001)), more_than_open);
    let outstanding = PaymentsRejection::MoreThanOutstanding { amount_ore: Ore(20), outstanding_ore: Ore(10) };
    refused(match_with(2, 10, Some(20)), outstanding);
    refused(match_with(2, 0, None), PaymentsRejection::NothingOutstanding);
    refused(match_with(2, 9, Some(0)), PaymentsRejection::AmountNotPositive { amount_ore: Ore::ZERO });
    let matched_more = PaymentsRejection::MatchedMore { amount_ore: Ore(5), matched_ore: Ore(60_000) };
    refused(match_with(1, 60_000, Some(5)), matched_more);
}

#[test]
fn what_was_matched_wrongly_is_taken_apart_and_open_again() {
    let command = PaymentsCommand::Unmatch {
        payment: payment(1),
        invoice: invoice(1),
        reason: "KID fra feil faktura".to_owned(),
        on: day("2024-01-23"),
    };
    let unmatched = PaymentsEvent::Unmatched(Unmatched {
        payment: payment(1),
        invoice: invoice(1),
        amount_ore: Ore(60_000),
        reason: "KID fra feil faktura".to_owned(),
        on: day("2024-01-23"),
    });
    given::<Payments>(overpaid()).when(command.clone()).then([unmatched.clone()]);
    let after = [overpaid(), vec![unmatched]].concat();
    assert_eq!((fold::<Payments>(&after).paid(invoice(1)), open_ore(&after, 1)), (Ore::ZERO, Ore(100_000)));
    let PaymentsCommand::Unmatch { payment, reason, on, .. } = command else { panic!() };
    given::<Payments>(overpaid())
        .when(PaymentsCommand::Unmatch { payment, invoice: invoice(2), reason, on })
        .then_rejected(PaymentsRejection::NotMatched);
}

#[test]
fn what_is_open_is_paid_back_once() {
    let pay_back = |reference: &str| PaymentsCommand::Return {
        payment: payment(1),
        reference: reference.to_owned(),
        on: day("2024-01-23"),
    };
    let returned = PaymentsEvent::Returned(Returned {
        payment: payment(1),
        amount_ore: Ore(40_000),
        reference: "Bilag 117".to_owned(),
        on: day("2024-01-23"),
    });
    given::<Payments>(overpaid()).when(pay_back("Bilag 117")).then([returned.clone()]);
    given::<Payments>(overpaid()).when(pay_back("")).then_rejected(PaymentsRejection::ReferenceMissing);
    given::<Payments>([overpaid(), vec![returned]].concat())
        .when(pay_back("Bilag 118"))
        .then_rejected(PaymentsRejection::NothingOpen { payment: payment(1) });
}

#[test]
fn a_file_with_more_than_one_append_takes_is_refused() {
    let entries = (0..991).map(|id| entry(id, 100, id, 100)).collect();
    given::<Payments>([])
        .when(take(file("a", entries)))
        .then_rejected(PaymentsRejection::FileTooLong { entries_count: 991 });
}

fn any_command() -> impl Strategy<Value = PaymentsCommand> {
    let small = 1..4_u128;
    let entry = (small.clone(), -3_i64..4, small.clone(), any::<bool>()).prop_map(|(id, amount, n, reverses)| Entry {
        reverses: reverses && amount < 0,
        ..entry(id * 100 + u128::from(amount.unsigned_abs()), amount * 100, n, 250)
    });
    let entries = prop::collection::vec(entry, 0..4);
    let on = day("2024-01-24");
    prop_oneof![
        ("[a-e]", entries).prop_map(|(name, entries)| take(file(&name, entries))),
        (small.clone(), -1_i64..300).prop_map(|(id, amount)| by_hand(id, amount, 250)),
        (100..304_u128, small.clone(), prop::option::of(0_i64..300)).prop_map(move |(id, n, amount)| {
            PaymentsCommand::Match { payment: payment(id), claim: claim(n, 250), amount_ore: amount.map(Ore), on }
        }),
        (100..304_u128, small).prop_map(move |(id, n)| PaymentsCommand::Unmatch {
            payment: payment(id),
            invoice: invoice(n),
            reason: "feil".to_owned(),
            on,
        }),
        (100..304_u128).prop_map(move |id| PaymentsCommand::Return {
            payment: payment(id),
            reference: "Bilag".to_owned(),
            on
        }),
        (100..304_u128, 100..304_u128).prop_map(move |(id, other)| PaymentsCommand::Reverse {
            payment: payment(id),
            reversal: payment(other),
            on,
        }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_wished_no_payment_pays_more_than_it_is_and_no_invoice_gets_more_than_is_owed(
        commands in prop::collection::vec(any_command(), 0..30),
    ) {
        let mut state = Payments::default();
        for command in &commands {
            let events = state.decide(command).unwrap_or_default();
            state = events.iter().fold(state, Payments::evolve);
        }
        let mut paid: BTreeMap<InvoiceId, Ore> = BTreeMap::new();
        for payment in state.payments.values() {
            let open = payment.open_ore();
            prop_assert!(if payment.is_reversal() { open <= Ore::ZERO } else { open >= Ore::ZERO }, "{payment:?}");
            for (invoice, amount) in &payment.matched {
                *paid.entry(*invoice).or_default() += *amount;
            }
        }
        for (invoice, amount) in &state.paid {
            prop_assert_eq!(paid.get(invoice).copied().unwrap_or_default(), *amount);
            prop_assert!((Ore::ZERO..=Ore(250)).contains(amount), "{amount}");
        }
    }

    #[test]
    fn what_has_been_done_is_not_done_again(commands in prop::collection::vec(any_command(), 0..20)) {
        retries_are_harmless::<Payments>(&commands);
    }
}
