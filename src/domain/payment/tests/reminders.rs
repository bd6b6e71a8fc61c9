//! Reminders, what they cost, and what of that is waived.

use super::*;
use crate::domain::calendar::Period;
use crate::domain::late_payment::InterestStep;
use crate::domain::testing::decimal;

fn remind(on: &str, pay_by: &str, fee_ore: Option<i64>) -> PaymentsCommand {
    PaymentsCommand::Remind {
        claim: claim(1, 60_000),
        due_date: day("2024-01-19"),
        pay_by: day(pay_by),
        fee_ore: fee_ore.map(Ore),
        rates: None,
        successor: None,
        on: day(on),
    }
}

fn reminded(on: &str, pay_by: &str, fee_ore: i64) -> PaymentsEvent {
    PaymentsEvent::Reminded(Reminded {
        invoice: invoice(1),
        outstanding_ore: Ore(60_000),
        fee_ore: Ore(fee_ore),
        interest_ore: Ore::ZERO,
        interest: vec![],
        pay_by: day(pay_by),
        successor: None,
        on: day(on),
    })
}

#[test]
fn a_reminder_waits_for_fourteen_days_and_gives_fourteen() {
    let too_early = PaymentsRejection::ReminderTooEarly { due_date: day("2024-01-19"), days: 14 };
    given::<Payments>([]).when(remind("2024-02-01", "2024-02-15", None)).then_rejected(too_early);
    given::<Payments>([])
        .when(remind("2024-02-02", "2024-02-15", None))
        .then_rejected(PaymentsRejection::PayByTooEarly { pay_by: day("2024-02-15"), days: 14 });
    given::<Payments>([]).when(remind("2024-02-02", "2024-02-16", None)).then([reminded(
        "2024-02-02",
        "2024-02-16",
        0,
    )]);
    given::<Payments>(overpaid())
        .when(remind("2024-02-02", "2024-02-16", None))
        .then_rejected(PaymentsRejection::NothingOutstanding);
}

#[test]
fn the_next_reminder_waits_until_the_time_of_the_last_is_over_and_the_third_costs_nothing() {
    let first = reminded("2024-02-02", "2024-02-16", 3_500);
    let second = reminded("2024-02-17", "2024-03-02", 3_500);
    given::<Payments>([first.clone()]).when(remind("2024-02-16", "2024-03-01", Some(3_500))).then_rejected(
        PaymentsRejection::ReminderRunning { reminded_on: day("2024-02-02"), pay_by: day("2024-02-16") },
    );
    given::<Payments>([first.clone()]).when(remind("2024-02-17", "2024-03-02", Some(3_500))).then([second.clone()]);
    given::<Payments>([first, second]).when(remind("2024-03-03", "2024-03-17", Some(3_500))).then([reminded(
        "2024-03-03",
        "2024-03-17",
        0,
    )]);
}

#[test]
fn interest_is_of_what_was_owed_day_by_day() {
    let entries = vec![Entry { booked_on: day("2024-01-29"), ..entry(1, 30_000, 1, 60_000) }];
    let partly = Payments::default().decide(&take_on("2024-01-30", file("a", entries))).unwrap();
    let rates = |from| Some(InterestRates::new([(day(from), decimal("12.5"))]).unwrap());
    let remind = |rates| PaymentsCommand::Remind {
        claim: claim(1, 60_000),
        due_date: day("2024-01-19"),
        pay_by: day("2024-02-22"),
        fee_ore: None,
        rates,
        successor: None,
        on: day("2024-02-08"),
    };
    let step = |first, last, principal_ore| InterestStep {
        days: Period { first: day(first), last: day(last) },
        principal_ore: Ore(principal_ore),
        percent: decimal("12.5"),
        year_days: 366,
    };
    given::<Payments>(partly.clone()).when(remind(rates("2024-01-01"))).then([PaymentsEvent::Reminded(Reminded {
        invoice: invoice(1),
        outstanding_ore: Ore(30_000),
        fee_ore: Ore::ZERO,
        interest_ore: Ore(307),
        interest: vec![step("2024-01-20", "2024-01-29", 60_000), step("2024-01-30", "2024-02-08", 30_000)],
        pay_by: day("2024-02-22"),
        successor: None,
        on: day("2024-02-08"),
    })]);
    given::<Payments>(partly)
        .when(remind(rates("2023-07-01")))
        .then_rejected(PaymentsRejection::RateMissing { from: day("2024-01-01") });
}

/// A reminder of the eighth of February that claims interest of twenty days.
fn claiming_interest() -> Reminded {
    let days = Period { first: day("2024-01-20"), last: day("2024-02-08") };
    let step = InterestStep { days, principal_ore: Ore(60_000), percent: decimal("12.5"), year_days: 366 };
    let PaymentsEvent::Reminded(reminded) = reminded("2024-02-08", "2024-02-22", 0) else { panic!() };
    Reminded { interest_ore: Ore(410), interest: vec![step], ..reminded }
}

#[test]
fn interest_that_a_reminder_claimed_stays_claimed_once_interest_is_switched_off_and_grows_no_further() {
    let claimed = claiming_interest();
    let (on, pay_by) = ("2024-02-23", "2024-03-08");
    let again = Reminded { on: day(on), pay_by: day(pay_by), ..claimed.clone() };
    let history = || vec![PaymentsEvent::Reminded(claimed.clone())];
    given::<Payments>(history()).when(remind(on, pay_by, None)).then([PaymentsEvent::Reminded(again.clone())]);
    let both: Payments = fold(&[history(), vec![PaymentsEvent::Reminded(again)]].concat());
    assert_eq!(both.charges(invoice(1)), Ore(410));

    // Half of the invoice was credited since: interest is owed of the other half alone.
    let half_credited = PaymentsCommand::Remind {
        claim: claim(1, 30_000),
        due_date: day("2024-01-19"),
        pay_by: day(pay_by),
        fee_ore: None,
        rates: None,
        successor: None,
        on: day(on),
    };
    let decided = fold::<Payments>(&history()).decide(&half_credited).unwrap();
    let [PaymentsEvent::Reminded(of_half)] = &decided[..] else { panic!("{decided:?}") };
    assert_eq!((of_half.outstanding_ore, of_half.interest_ore), (Ore(30_000), Ore(205)));
}

#[test]
fn interest_that_was_waived_is_not_asked_for_again_by_a_reminder_without_interest() {
    let claimed = claiming_interest();
    let waived = ChargesWaived {
        invoice: invoice(1),
        amount_ore: Ore(410),
        reason: "Feil adresse".to_owned(),
        on: day("2024-02-12"),
    };
    let history = vec![PaymentsEvent::Reminded(claimed), PaymentsEvent::ChargesWaived(waived)];
    let again = fold::<Payments>(&history).decide(&remind("2024-02-23", "2024-03-08", Some(3_500))).unwrap();
    let [PaymentsEvent::Reminded(reminded)] = &again[..] else { panic!("{again:?}") };
    assert_eq!((reminded.interest_ore, &reminded.interest[..]), (Ore::ZERO, &[][..]), "nor does its letter say so");
    assert_eq!(fold::<Payments>(&[history, again].concat()).charges(invoice(1)), Ore(3_500));
}

fn charged(on: &str, fee_ore: i64, interest_ore: i64) -> PaymentsEvent {
    let PaymentsEvent::Reminded(reminded) = reminded(on, "2024-02-22", fee_ore) else { panic!() };
    PaymentsEvent::Reminded(Reminded { interest_ore: Ore(interest_ore), ..reminded })
}

#[test]
fn fees_are_added_up_and_the_last_interest_counts() {
    let payments: Payments = fold(&[charged("2024-02-05", 3_500, 300), charged("2024-02-25", 3_500, 800)]);
    assert_eq!(payments.charges(invoice(1)), Ore(7_800));
    let reminders = &payments.reminders[&invoice(1)];
    assert_eq!([reminders[0].total(), reminders[1].total()], [Ore(63_800), Ore(67_800)]);
}

#[test]
fn what_reminders_cost_is_paid_with_the_reference_of_the_invoice() {
    let history = [charged("2024-02-05", 3_500, 300)];
    let entries = vec![Entry { booked_on: day("2024-02-10"), ..entry(1, 63_900, 1, 60_000) }];
    let paid: Vec<PaymentsEvent> =
        fold::<Payments>(&history).decide(&take_on("2024-02-11", file("a", entries))).unwrap();
    let payments = history.iter().chain(&paid).fold(Payments::default(), Payments::evolve);
    assert_eq!(payments.paid(invoice(1)), Ore(63_800));
    assert_eq!(payments.payments[&payment(1)].open_ore(), Ore(100));
}

#[test]
fn what_reminders_cost_is_waived_as_far_as_it_is_not_paid_and_once() {
    let waive = |reason: &str| PaymentsCommand::WaiveCharges {
        claim: claim(1, 60_000),
        reason: reason.to_owned(),
        on: day("2024-02-12"),
    };
    let waived = |amount_ore| {
        PaymentsEvent::ChargesWaived(ChargesWaived {
            invoice: invoice(1),
            amount_ore: Ore(amount_ore),
            reason: "Feil adresse".to_owned(),
            on: day("2024-02-12"),
        })
    };
    given::<Payments>([]).when(waive("Feil adresse")).then_rejected(PaymentsRejection::NothingCharged);
    let history = || vec![charged("2024-02-05", 3_500, 300)];
    given::<Payments>(history()).when(waive("Feil adresse")).then([waived(3_800)]);
    let entries = vec![Entry { booked_on: day("2024-02-10"), ..entry(1, 61_000, 1, 60_000) }];
    let paid = fold::<Payments>(&history()).decide(&take_on("2024-02-11", file("a", entries))).unwrap();
    let partly = || [history(), paid.clone()].concat();
    given::<Payments>(partly()).when(waive("Feil adresse")).then([waived(2_800)]);
    let done = [partly(), vec![waived(2_800)]].concat();
    assert_eq!(fold::<Payments>(&done).charges(invoice(1)), Ore(1_000));
    given::<Payments>(done).when(waive("Feil adresse")).then_nothing();
}
