//! Whether a plan adds up: every invoice in itself, and all of them to what is shared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rust_decimal::Decimal;

use super::{
    GROUNDS_MAX, Ground, InvoiceLine, InvoicePlan, InvoiceRunRejection, LINES_MAX, PARTICIPANTS_MAX, PlannedInvoice,
    VatSubtotal,
};
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::check_digit::is_account_number;
use crate::domain::identity::CostId;
use crate::domain::money::{AMOUNT_ORE_MAX, Ore, vat_percent_is_possible};
use crate::domain::{TEXT_BYTES_MAX, text_is_sound};

/// The longest explanation of a line: it may list several steps.
const EXPLANATION_BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// # Errors
/// The first thing that is wrong with the plan.
pub(super) fn check(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    check_counts(plan)?;
    check_header(plan)?;
    check_each_once(plan)?;
    plan.invoices.iter().try_for_each(check_invoice)?;
    check_grounds(plan)
}

/// The costs whose ground differs between `planned` and `now`, in order.
pub(super) fn changed_costs(planned: &[Ground], now: &[Ground]) -> Vec<CostId> {
    let by_cost = |grounds: &[Ground]| -> BTreeMap<CostId, Ground> {
        grounds.iter().map(|ground| (ground.cost, ground.clone())).collect()
    };
    let (planned, now) = (by_cost(planned), by_cost(now));
    let costs: BTreeSet<CostId> = planned.keys().chain(now.keys()).copied().collect();
    costs.into_iter().filter(|cost| planned.get(cost) != now.get(cost)).collect()
}

fn check_counts(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    if plan.invoices.is_empty() {
        return Err(InvoiceRunRejection::NothingToInvoice);
    }
    let participant_count = plan.invoices.len() + plan.set_aside.len();
    if participant_count > PARTICIPANTS_MAX {
        return Err(InvoiceRunRejection::TooManyParticipants { participant_count, most: PARTICIPANTS_MAX });
    }
    let ground_count = plan.grounds.len();
    if ground_count > GROUNDS_MAX {
        return Err(InvoiceRunRejection::TooManyGrounds { ground_count, most: GROUNDS_MAX });
    }
    Ok(())
}

fn check_header(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    let &InvoicePlan { invoice_date, due_date, .. } = plan;
    let year = invoice_date.year();
    if !YEARS_TAKEN.contains(&year) {
        return Err(InvoiceRunRejection::YearNotTaken { year });
    }
    if due_date < invoice_date {
        return Err(InvoiceRunRejection::DueBeforeDate { invoice_date, due_date });
    }
    if !is_account_number(&plan.account_number) {
        return Err(InvoiceRunRejection::AccountNumberFaulty { account_number: plan.account_number.clone() });
    }
    Ok(())
}

fn check_each_once(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    if let Some(party) = first_repeated(plan.invoices.iter().map(|invoice| invoice.recipient.party)) {
        return Err(InvoiceRunRejection::ParticipantRepeated { party });
    }
    let invoiced = plan.invoices.iter().flat_map(|invoice| {
        let costs: BTreeSet<CostId> = invoice.lines.iter().map(|line| line.cost).collect();
        costs.into_iter().map(|cost| (invoice.recipient.party, cost))
    });
    let left_out = plan.set_aside.iter().map(|aside| (aside.party, aside.cost));
    if let Some((party, _)) = first_repeated(invoiced.chain(left_out)) {
        return Err(InvoiceRunRejection::ParticipantRepeated { party });
    }
    if let Some(invoice) = first_repeated(plan.invoices.iter().map(|invoice| invoice.invoice)) {
        return Err(InvoiceRunRejection::InvoiceIdReused { invoice });
    }
    if let Some(cost) = first_repeated(plan.grounds.iter().map(|ground| ground.cost)) {
        return Err(InvoiceRunRejection::GroundRepeated { cost });
    }
    Ok(())
}

fn first_repeated<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    values.into_iter().find(|value| !seen.insert(*value))
}

fn check_invoice(invoice: &PlannedInvoice) -> Result<(), InvoiceRunRejection> {
    let recipient = || invoice.recipient.name.clone();
    let line_count = invoice.lines.len();
    if line_count == 0 || line_count > LINES_MAX {
        return Err(InvoiceRunRejection::LineCountImpossible { recipient: recipient(), line_count, most: LINES_MAX });
    }
    invoice.lines.iter().try_for_each(|line| check_line(invoice, line))?;
    let net: Ore = invoice.lines.iter().map(|line| line.net_ore).sum();
    if invoice.net_ore != net {
        return Err(InvoiceRunRejection::InvoiceNetWrong {
            recipient: recipient(),
            stated_ore: invoice.net_ore,
            computed_ore: net,
        });
    }
    let vat = check_vat(invoice)?;
    if invoice.total_ore != net + vat {
        return Err(InvoiceRunRejection::InvoiceTotalWrong {
            recipient: recipient(),
            stated_ore: invoice.total_ore,
            computed_ore: net + vat,
        });
    }
    Ok(())
}

fn check_line(invoice: &PlannedInvoice, line: &InvoiceLine) -> Result<(), InvoiceRunRejection> {
    let recipient = || invoice.recipient.name.clone();
    let explained = !line.explanation.trim().is_empty() && line.explanation.len() <= EXPLANATION_BYTES_MAX;
    if !text_is_sound(&line.text) || !explained {
        return Err(InvoiceRunRejection::LineTextMissing { recipient: recipient() });
    }
    let vat_percent = line.vat_percent;
    if !vat_percent_is_possible(vat_percent) {
        return Err(InvoiceRunRejection::VatPercentImpossible { recipient: recipient(), vat_percent });
    }
    check_amount(line.net_ore)
}

fn check_amount(amount_ore: Ore) -> Result<(), InvoiceRunRejection> {
    if amount_ore.0.unsigned_abs() > AMOUNT_ORE_MAX.unsigned_abs() {
        Err(InvoiceRunRejection::AmountTooLarge { amount_ore })
    } else {
        Ok(())
    }
}

/// The VAT of an invoice whose subtotals are those of its lines: one for each rate, in any order.
fn check_vat(invoice: &PlannedInvoice) -> Result<Ore, InvoiceRunRejection> {
    let mut net_by_rate: BTreeMap<Decimal, Ore> = BTreeMap::new();
    for line in &invoice.lines {
        *net_by_rate.entry(line.vat_percent).or_default() += line.net_ore;
    }
    let computed: Ore = net_by_rate.iter().map(|(percent, net)| net.percent(*percent)).sum();
    let is_right = |subtotal: &VatSubtotal| {
        net_by_rate.get(&subtotal.vat_percent) == Some(&subtotal.net_ore)
            && subtotal.vat_ore == subtotal.net_ore.percent(subtotal.vat_percent)
    };
    let one_each = invoice.vat.len() == net_by_rate.len()
        && first_repeated(invoice.vat.iter().map(|subtotal| subtotal.vat_percent)).is_none();
    if one_each && invoice.vat.iter().all(is_right) && invoice.vat_ore == computed {
        Ok(computed)
    } else {
        Err(InvoiceRunRejection::InvoiceVatWrong {
            recipient: invoice.recipient.name.clone(),
            stated_ore: invoice.vat_ore,
            computed_ore: computed,
        })
    }
}

/// The lines of each cost and the shares of it that are set aside come to what is shared of it.
fn check_grounds(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    plan.grounds.iter().try_for_each(|ground| check_amount(ground.amount_ore))?;
    plan.set_aside.iter().try_for_each(|aside| check_amount(aside.net_ore))?;
    let mut sums: BTreeMap<CostId, Ore> = plan.grounds.iter().map(|ground| (ground.cost, Ore::ZERO)).collect();
    for invoice in &plan.invoices {
        for line in &invoice.lines {
            let Some(sum) = sums.get_mut(&line.cost) else {
                let recipient = invoice.recipient.name.clone();
                return Err(InvoiceRunRejection::LineWithoutGround { recipient, cost: line.cost });
            };
            *sum += line.net_ore;
        }
    }
    for aside in &plan.set_aside {
        *sums.entry(aside.cost).or_default() += aside.net_ore;
    }
    for ground in &plan.grounds {
        let lines_ore = sums.get(&ground.cost).copied().unwrap_or_default();
        if lines_ore != ground.amount_ore {
            return Err(InvoiceRunRejection::GroundDoesNotAddUp {
                cost: ground.cost,
                ground_ore: ground.amount_ore,
                lines_ore,
            });
        }
    }
    Ok(())
}
