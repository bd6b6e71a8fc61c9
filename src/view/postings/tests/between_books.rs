//! Payments that stand in another issuer's books than what they pay, or in nobody's.

use super::*;

#[test]
fn what_came_in_for_another_issuer_is_owed_to_it_and_no_bank_is_booked_twice() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    kept.invoice(55, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    assert!(kept.pay(4_000, Some(0), ["2023-12-10", "2023-12-12"]));
    assert!(kept.pay(5_000, None, ["2023-12-10", "2023-12-12"]));
    assert!(kept.let_pay(1, 0, "2023-12-20"), "it came in to the account that was last invoiced to: that of 55");
    let [of_54, of_55] = COUNTIES.map(|county| {
        [Account::Bank, Account::UnmatchedPayments, Account::Intercompany, Account::Receivables]
            .map(|account| kept.balance(county, account))
    });
    assert_eq!(of_54, [Ore(4_000), Ore::ZERO, Ore(5_000), Ore(1_000)]);
    assert_eq!(of_55, [Ore(5_000), Ore::ZERO, Ore(-5_000), Ore(10_000)]);
}

/// What payments are booked to.
const OF_PAYMENTS: [Account; 4] =
    [Account::Bank, Account::UnmatchedPayments, Account::Intercompany, Account::Receivables];

#[test]
fn what_came_in_to_nobody_and_was_taken_back_leaves_nothing_on_any_account() {
    let mut kept = Bookkeeping::begun();
    let on = day("2023-12-20");
    assert!(kept.pay(10_000, None, ["2023-11-10", "2023-11-12"]), "before anything was to be paid to the account");
    assert_eq!(kept.vouchers, []);
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    assert!(kept.let_pay(0, 0, "2023-12-18"));
    assert!(kept.pay(-10_000, None, ["2023-12-19", "2023-12-19"]));
    let (invoice, reason, reversal) = (kept.invoices[0], "tilbakeført".to_owned(), kept.payments[1]);
    assert!(kept.about(0, |payment| PaymentsCommand::Unmatch { payment, invoice, reason, on }));
    assert!(kept.about(0, |payment| PaymentsCommand::Reverse { payment, reversal, on }));
    let balances = OF_PAYMENTS.map(|account| kept.balance(54, account));
    assert_eq!(balances, [Ore::ZERO, Ore::ZERO, Ore::ZERO, Ore(10_000)], "only what is owed");
    let reversed = kept.vouchers.last().unwrap();
    assert_eq!((reversed.kind, reversed.date, reversed.sum()), (VoucherKind::Received, on, Ore::ZERO));
}

#[test]
fn what_was_taken_back_from_nobody_leaves_nothing_on_any_account() {
    let mut kept = Bookkeeping::begun();
    let (on, account) = (day("2023-12-20"), ACCOUNT_NUMBER_OF_SUCCESSOR);
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    assert!(kept.pay_to(account, 10_000, Some(0), ["2023-12-10", "2023-12-12"]), "its KID says whose it is");
    assert!(kept.pay_to(account, -10_000, None, ["2023-12-19", "2023-12-19"]));
    let (invoice, reason) = (kept.invoices[0], "tilbakeført".to_owned());
    let [payment, reversal] = [0, 1].map(|payment: usize| kept.payments[payment]);
    for command in
        [PaymentsCommand::Unmatch { payment, invoice, reason, on }, PaymentsCommand::Reverse { payment, reversal, on }]
    {
        assert!(kept.wish(&Wish::Payments(ACCOUNT_OF_SUCCESSOR, command)));
    }
    let balances = OF_PAYMENTS.map(|account| kept.balance(54, account));
    assert_eq!(balances, [Ore::ZERO, Ore::ZERO, Ore::ZERO, Ore(10_000)], "only what is owed");
}

#[test]
fn what_came_in_to_nobody_and_is_paid_back_is_booked_only_as_far_as_it_paid_something() {
    let mut kept = Bookkeeping::begun();
    assert!(kept.pay(12_000, None, ["2023-11-10", "2023-11-12"]));
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    assert!(kept.let_pay(0, 0, "2023-12-18"));
    let (reference, on) = ("Bilag 1".to_owned(), day("2023-12-20"));
    assert!(kept.about(0, |payment| PaymentsCommand::Return { payment, reference, on }));
    let balances = OF_PAYMENTS.map(|account| kept.balance(54, account));
    assert_eq!(balances, [Ore(10_000), Ore::ZERO, Ore::ZERO, Ore::ZERO]);
}

/// County 55, which came after county 54 and has an account of its own.
fn successor() -> Successor {
    Successor { issuer: invoices::issuer(55), account_number: ACCOUNT_NUMBER_OF_SUCCESSOR.to_owned() }
}

#[test]
fn what_a_successor_reminds_of_stands_in_its_own_books_with_the_fee_and_so_does_what_is_paid_to_it() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_000_000, 0)]);
    assert!(kept.pay(400_000, Some(0), ["2023-12-10", "2023-12-12"]));
    let before = kept.vouchers.clone();
    assert!(kept.remind_as(Some(successor()), 0, Some(3_800), false));
    assert_eq!(kept.vouchers[..before.len()], before, "what is booked is not altered");
    let of_reminder: Vec<_> =
        kept.vouchers[before.len()..].iter().map(|voucher| (voucher.kind, voucher.issuer)).collect();
    let [dissolved, successor] = COUNTIES.map(|county| PartyId(nth(county)));
    assert_eq!(
        of_reminder,
        [(VoucherKind::PassedOn, dissolved), (VoucherKind::PassedOn, successor), (VoucherKind::Reminder, successor),]
    );
    assert!(kept.pay_to(ACCOUNT_NUMBER_OF_SUCCESSOR, 603_800, Some(0), ["2024-01-10", "2024-01-12"]));
    let [of_54, of_55] = COUNTIES.map(|county| {
        let accounts = [Account::Bank, Account::Intercompany, Account::Receivables, Account::ReminderFees];
        accounts.map(|account| kept.balance(county, account))
    });
    assert_eq!(of_54, [Ore(400_000), Ore(600_000), Ore::ZERO, Ore::ZERO]);
    assert_eq!(of_55, [Ore(603_800), Ore(-600_000), Ore::ZERO, Ore(-3_800)]);
    assert!(kept.vouchers.iter().all(|voucher| voucher.sum() == Ore::ZERO));
}

#[test]
fn what_came_in_to_nobody_and_paid_the_dissolved_does_not_leave_the_bank_of_the_successor() {
    let mut kept = Bookkeeping::begun();
    assert!(kept.pay(1_000_000, None, ["2023-11-10", "2023-11-12"]), "before anything was to be paid to the account");
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_200_000, 0)]);
    assert!(kept.let_pay(0, 0, "2023-12-18"));
    assert!(kept.remind_as(Some(successor()), 0, None, false));
    let before = kept.vouchers.clone();
    let (invoice, reason, on) = (kept.invoices[0], "feil".to_owned(), day("2024-01-10"));
    assert!(kept.about(0, |payment| PaymentsCommand::Unmatch { payment, invoice, reason, on }));
    let balances = |kept: &Bookkeeping| COUNTIES.map(|county| OF_PAYMENTS.map(|account| kept.balance(county, account)));
    let unmatched =
        [[Ore::ZERO, Ore::ZERO, Ore(1_200_000), Ore::ZERO], [Ore::ZERO, Ore::ZERO, Ore(-1_200_000), Ore(1_200_000)]];
    assert_eq!(balances(&kept), unmatched, "it leaves the bank that it came in to");
    assert!(kept.let_pay(0, 0, "2024-01-11"));
    assert_eq!(balances(&kept)[1], [Ore(1_000_000), Ore::ZERO, Ore(-1_200_000), Ore(200_000)]);
    assert_eq!(kept.vouchers[..before.len()], before, "what is booked is not altered");
    assert!(kept.vouchers.iter().all(|voucher| voucher.sum() == Ore::ZERO));
}

#[test]
fn what_came_in_to_nobody_and_paid_the_dissolved_and_the_successor_leaves_the_bank_of_each() {
    let mut kept = Bookkeeping::begun();
    assert!(kept.pay(1_000_000, None, ["2023-11-10", "2023-11-12"]), "before anything was to be paid to the account");
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_200_000, 0)]);
    let (invoice, reason, on) = (kept.invoices[0], "feil".to_owned(), day("2024-01-10"));
    let (claim, amount_ore) = (claim(&kept.book, invoice, ACCOUNT).unwrap(), Some(Ore(400_000)));
    let matched_on = day("2023-12-18");
    assert!(kept.about(0, |payment| PaymentsCommand::Match { payment, claim, amount_ore, on: matched_on }));
    assert!(kept.remind_as(Some(successor()), 0, None, false));
    assert!(kept.let_pay(0, 0, "2024-01-09"), "with what is left of it");
    let in_bank = |kept: &Bookkeeping| COUNTIES.map(|county| kept.balance(county, Account::Bank));
    assert_eq!(in_bank(&kept), [Ore(400_000), Ore(600_000)]);
    assert!(kept.about(0, |payment| PaymentsCommand::Unmatch { payment, invoice, reason, on }));
    assert_eq!(in_bank(&kept), [Ore::ZERO; 2]);
    let of_55 = [Account::Intercompany, Account::Receivables].map(|account| kept.balance(55, account));
    assert_eq!(of_55, [Ore(-1_200_000), Ore(1_200_000)]);
    assert_eq!(kept.balance(54, Account::Intercompany), Ore(1_200_000));
}

#[test]
fn what_comes_in_to_the_account_of_the_dissolved_after_that_is_owed_to_the_successor() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_000_000, 0)]);
    assert!(kept.remind_as(Some(successor()), 0, None, false));
    assert!(kept.pay(1_000_000, Some(0), ["2024-01-10", "2024-01-12"]));
    let [of_54, of_55] = COUNTIES.map(|county| {
        let accounts = [Account::Bank, Account::Intercompany, Account::Receivables, Account::UnmatchedPayments];
        accounts.map(|account| kept.balance(county, account))
    });
    assert_eq!(of_54, [Ore(1_000_000), Ore::ZERO, Ore::ZERO, Ore::ZERO]);
    assert_eq!(of_55, [Ore::ZERO, Ore::ZERO, Ore::ZERO, Ore::ZERO]);
}
