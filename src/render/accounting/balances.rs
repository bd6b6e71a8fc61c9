//! What accounts and payers stand at when a period begins and when it ends.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::chart::{LedgerAccount, PartOf};
use super::{AccountingError, Books, Vouchers};
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::view::postings::{Account, Entry, Voucher};

/// Debit above zero, credit below.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) opening_ore: Ore,
    pub(super) closing_ore: Ore,
}

/// What a payer owes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) balance: Balance,
}

/// The balances of a period within one calendar year.
#[derive(Debug, Default)]
pub(super) struct Balances<'chart> {
    /// Every account of the chart, by number.
    pub(super) accounts: BTreeMap<&'chart str, Balance>,
    /// Everybody who ever owed until the end of the period, by organisation number.
    pub(super) customers: BTreeMap<String, Customer>,
    /// The vouchers of the period.
    pub(super) vouchers_count: u64,
    /// What is booked within it on the debit side, and on the credit side as well.
    pub(super) turnover_ore: Ore,
}

/// Adds up all vouchers until the end of the period. What accounts of the result came to in earlier years stands on an
/// account of the balance of its own.
pub(super) fn balances<'chart>(
    books: &Books<'chart>,
    period: Period,
    vouchers: &dyn Vouchers,
) -> Result<Balances<'chart>, AccountingError> {
    let mut balances = Balances::default();
    for number in books.chart.accounts().keys() {
        balances.accounts.entry(number).or_default();
    }
    vouchers.each(&mut |voucher| {
        if !books.own(voucher)? || voucher.date > period.last {
            return Ok(());
        }
        let before = voucher.date < period.first;
        if !before {
            balances.vouchers_count += 1;
        }
        for entry in &voucher.entries {
            let account = books.chart.account(entry.account)?;
            let is_closed = account.part_of == PartOf::Result && voucher.date.year() < period.first.year();
            let account: &LedgerAccount = if is_closed { &books.chart.earlier_years } else { account };
            balances.accounts.entry(&account.number).or_default().add(entry.amount_ore, before);
            balances.take(voucher, *entry, before);
        }
        Ok(())
    })?;
    Ok(balances)
}

impl Balance {
    fn add(&mut self, amount_ore: Ore, before: bool) {
        self.closing_ore += amount_ore;
        if before {
            self.opening_ore += amount_ore;
        }
    }
}

impl Balances<'_> {
    fn take(&mut self, voucher: &Voucher, entry: Entry, before: bool) {
        if !before && entry.amount_ore > Ore::ZERO {
            self.turnover_ore += entry.amount_ore;
        }
        if let (Account::Receivables, Some(document)) = (entry.account, &voucher.document) {
            let customer = self.customers.entry(document.payer.organisation_number.clone()).or_default();
            customer.name.clone_from(&document.payer.name);
            customer.balance.add(entry.amount_ore, before);
        }
    }
}
