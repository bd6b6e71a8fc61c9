//! Whether a plan adds up: every invoice in itself, and all of them to what is shared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rust_decimal::Decimal;

use super::{
    ATTACHMENTS_MAX, GROUNDS_MAX, Ground, InvoiceLine, InvoicePer, InvoicePlan, InvoiceRunRejection, LINES_MAX,
    PARTICIPANTS_MAX, PlannedInvoice, VatSubtotal,
};
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::check_digit::is_account_number;
use crate::domain::identity::PartyId;
use crate::domain::money::{Ore, vat_percent_is_possible};
use crate::domain::series::number_before_first;
use crate::domain::vat::{DocumentKind, Subject};
use crate::domain::{TEXT_BYTES_MAX, text_is_sound};

/// The longest explanation of a line: it may list several steps.
const EXPLANATION_BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// # Errors
/// The first thing that is wrong with the plan.
pub(super) fn check(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    check_counts(plan)?;
    check_header(plan)?;
    check_each_once(plan)?;
    check_decisions(plan)?;
    plan.invoices.iter().try_for_each(|invoice| check_invoice(plan, invoice))?;
    check_grounds(plan)
}

fn check_counts(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    if plan.invoices.is_empty() {
        return Err(InvoiceRunRejection::NothingToInvoice);
    }
    let set_aside: BTreeSet<PartyId> = plan.set_aside.iter().map(|aside| aside.party).collect();
    let participant_count = plan.invoices.len() + set_aside.len();
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
    if number_before_first(&plan.issuer, year).is_none() {
        return Err(InvoiceRunRejection::IssuerNumberMissing { issuer: plan.issuer.name.clone() });
    }
    if due_date < invoice_date {
        return Err(InvoiceRunRejection::DueBeforeDate { invoice_date, due_date });
    }
    if !is_account_number(&plan.account_number) {
        return Err(InvoiceRunRejection::AccountNumberFaulty { account_number: plan.account_number.clone() });
    }
    Ok(())
}

/// A party has one document of each treatment and agreement, and one share of each cost or licence on it.
fn check_each_once(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    let documents = plan.invoices.iter().map(|invoice| (invoice.recipient.party, invoice.treatment, invoice.agreement));
    if let Some((party, ..)) = first_repeated(documents) {
        return Err(InvoiceRunRejection::ParticipantRepeated { party });
    }
    // By agreement a party may have several shares of one cost, each invoiced or set aside by itself.
    if plan.one_per == InvoicePer::Payer {
        let invoiced: BTreeSet<(PartyId, Subject)> = plan
            .invoices
            .iter()
            .flat_map(|invoice| invoice.lines.iter().map(|line| (invoice.recipient.party, line.subject)))
            .collect();
        let left_out = plan.set_aside.iter().map(|aside| (aside.party, aside.subject));
        let also_invoiced = left_out.clone().find(|share| invoiced.contains(share));
        if let Some((party, _)) = also_invoiced.or_else(|| first_repeated(left_out)) {
            return Err(InvoiceRunRejection::ParticipantRepeated { party });
        }
    }
    if let Some(invoice) = first_repeated(plan.invoices.iter().map(|invoice| invoice.invoice)) {
        return Err(InvoiceRunRejection::InvoiceIdReused { invoice });
    }
    if let Some(subject) = first_repeated(plan.grounds.iter().map(|ground| ground.subject)) {
        let name = plan.grounds.iter().find(|ground| ground.subject == subject).map(|ground| ground.name.clone());
        return Err(InvoiceRunRejection::GroundRepeated { name: name.unwrap_or_default() });
    }
    Ok(())
}

/// Each cost and licence has a decision on VAT, and each document treats VAT as what it is for.
fn check_decisions(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    let undecided = |ground: &&Ground| !ground.decision.as_deref().is_some_and(text_is_sound);
    if let Some(ground) = plan.grounds.iter().find(undecided) {
        return Err(InvoiceRunRejection::DecisionMissing { name: ground.name.clone() });
    }
    let grounds: BTreeMap<Subject, &Ground> = plan.grounds.iter().map(|ground| (ground.subject, ground)).collect();
    for invoice in &plan.invoices {
        let decided = |line: &InvoiceLine| {
            grounds.get(&line.subject).is_none_or(|ground| {
                ground.treatment == invoice.treatment
                    && ground.decision.as_ref().is_some_and(|decision| invoice.decisions.contains(decision))
            })
        };
        if invoice.kind != invoice.treatment.document_kind() || !invoice.lines.iter().all(decided) {
            return Err(InvoiceRunRejection::TreatmentDiffers { recipient: invoice.recipient.name.clone() });
        }
        if invoice.vat_ore != Ore::ZERO && !plan.issuer.vat_registered {
            return Err(InvoiceRunRejection::IssuerNotVatRegistered { issuer: plan.issuer.name.clone() });
        }
    }
    Ok(())
}

fn first_repeated<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    values.into_iter().find(|value| !seen.insert(*value))
}

fn check_invoice(plan: &InvoicePlan, invoice: &PlannedInvoice) -> Result<(), InvoiceRunRejection> {
    let recipient = || invoice.recipient.name.clone();
    let line_count = invoice.lines.len();
    if line_count == 0 || line_count > LINES_MAX {
        return Err(InvoiceRunRejection::LineCountImpossible { recipient: recipient(), line_count, most: LINES_MAX });
    }
    invoice.lines.iter().try_for_each(|line| check_line(plan, invoice, line))?;
    check_attachments(invoice)?;
    let net: Ore = invoice.lines.iter().map(|line| line.net_ore).sum();
    if invoice.net_ore != net {
        return Err(InvoiceRunRejection::InvoiceNetWrong {
            recipient: recipient(),
            stated_ore: invoice.net_ore,
            computed_ore: net,
        });
    }
    let passed_on: Ore = invoice.lines.iter().filter_map(|line| line.passed_on_vat_ore).sum();
    let vat = check_vat(invoice)?;
    let (stated_ore, computed_ore) = (invoice.total_ore, net + passed_on + vat);
    if stated_ore != computed_ore || invoice.passed_on_vat_ore != passed_on {
        return Err(InvoiceRunRejection::InvoiceTotalWrong { recipient: recipient(), stated_ore, computed_ore });
    }
    if computed_ore.is_negative() {
        return Err(InvoiceRunRejection::TotalBelowZero { recipient: recipient(), total_ore: computed_ore });
    }
    Ok(())
}

/// The supplier's invoice goes with every claim that passes its VAT on, and with no other document.
fn check_attachments(invoice: &PlannedInvoice) -> Result<(), InvoiceRunRejection> {
    let recipient = || invoice.recipient.name.clone();
    let attachment_count = invoice.attachments.len();
    if attachment_count > ATTACHMENTS_MAX {
        return Err(InvoiceRunRejection::TooManyAttachments {
            recipient: recipient(),
            attachment_count,
            most: ATTACHMENTS_MAX,
        });
    }
    let passes_on = invoice.treatment.passes_on_supplier_vat();
    let all_lines_do = invoice.lines.iter().all(|line| line.passed_on_vat_ore.is_some() == passes_on);
    if !all_lines_do || passes_on != (attachment_count > 0) {
        return Err(InvoiceRunRejection::SupplierInvoiceMisplaced { recipient: recipient() });
    }
    Ok(())
}

fn check_line(plan: &InvoicePlan, invoice: &PlannedInvoice, line: &InvoiceLine) -> Result<(), InvoiceRunRejection> {
    let recipient = || invoice.recipient.name.clone();
    let explained = !line.explanation.trim().is_empty() && line.explanation.len() <= EXPLANATION_BYTES_MAX;
    if !text_is_sound(&line.text) || !explained {
        return Err(InvoiceRunRejection::LineTextMissing { recipient: recipient() });
    }
    let vat_percent = line.vat_percent;
    let claims_vat = invoice.kind == DocumentKind::Claim && vat_percent != Decimal::ZERO;
    if !vat_percent_is_possible(vat_percent) || claims_vat {
        return Err(InvoiceRunRejection::VatPercentImpossible { recipient: recipient(), vat_percent });
    }
    if !plan.grounds.iter().any(|ground| ground.subject == line.subject) {
        return Err(InvoiceRunRejection::LineWithoutGround { recipient: recipient(), text: line.text.clone() });
    }
    let before = line.invoiced_before.unwrap_or_default();
    [Some(line.net_ore), line.passed_on_vat_ore, Some(before.net_ore), before.passed_on_vat_ore]
        .into_iter()
        .flatten()
        .try_for_each(check_amount)
}

fn check_amount(amount_ore: Ore) -> Result<(), InvoiceRunRejection> {
    if amount_ore.is_taken() { Ok(()) } else { Err(InvoiceRunRejection::AmountTooLarge { amount_ore }) }
}

/// The output VAT of a document whose subtotals are those of its lines: one for each rate, in any order; none on a claim.
fn check_vat(invoice: &PlannedInvoice) -> Result<Ore, InvoiceRunRejection> {
    let mut net_by_rate: BTreeMap<Decimal, Ore> = BTreeMap::new();
    for line in invoice.lines.iter().filter(|_| invoice.kind == DocumentKind::Invoice) {
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

/// The shares of each cost and licence, on invoices and set aside, come to what is shared of it; so do those of the
/// supplier's VAT.
fn check_grounds(plan: &InvoicePlan) -> Result<(), InvoiceRunRejection> {
    let amounts_of = |ground: &Ground| [Some(ground.net_ore), ground.passed_on_vat_ore];
    plan.grounds.iter().flat_map(amounts_of).flatten().try_for_each(check_amount)?;
    plan.set_aside.iter().try_for_each(|aside| check_amount(aside.net_ore))?;
    let mut sums: BTreeMap<Subject, [Ore; 2]> =
        plan.grounds.iter().map(|ground| (ground.subject, [Ore::ZERO; 2])).collect();
    for share in plan.shares() {
        let Some([net, vat]) = sums.get_mut(&share.subject) else {
            return Err(InvoiceRunRejection::SetAsideWithoutGround { party: share.party });
        };
        *net += share.net_ore;
        *vat += share.passed_on_vat_ore.unwrap_or_default();
    }
    for ground in &plan.grounds {
        let shared = [ground.net_ore, ground.passed_on_vat_ore.unwrap_or_default()];
        let lines = sums.get(&ground.subject).copied().unwrap_or_default();
        if let Some((ground_ore, lines_ore)) = shared.into_iter().zip(lines).find(|(shared, lines)| shared != lines) {
            return Err(InvoiceRunRejection::GroundDoesNotAddUp { name: ground.name.clone(), ground_ore, lines_ore });
        }
    }
    Ok(())
}
