//! The plan of an invoice run: pure and complete, so that no choice is left when it is carried out.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::apportionment::{Apportionment, Grants};
use crate::domain::assessment::Certainty;
use crate::domain::cost::Cost;
use crate::domain::identity::{AgreementId, CostId, InvoiceId, InvoiceRunId, PartyId, ProcurementId};
use crate::domain::invoice_run::{
    Ground, InvoiceLine, InvoiceParty, InvoicePlan, InvoiceRun, PlannedInvoice, SetAside, VatSubtotal,
};
use crate::domain::money::Ore;
use crate::view::book::Book;

/// What is to be invoiced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The procurement.
    pub procurement: ProcurementId,
    /// The county authority that issues.
    pub issuer: PartyId,
    /// The budget year whose one-time costs are invoiced.
    pub year: i32,
    /// The account to pay to.
    pub account_number: String,
    /// The date on the invoices.
    pub invoice_date: NaiveDate,
    /// The day by which they are to be paid.
    pub due_date: NaiveDate,
}

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// The issuer is not known.
    #[error("the issuer is not a known party; name a county authority of the procurement")]
    UnknownIssuer,
    /// Nothing is certain enough.
    #[error(
        "the procurement has no contracted or actual one-time cost in {year}: estimates and quotes are never invoiced; \
         record the contract first"
    )]
    NothingContracted {
        /// The year.
        year: i32,
    },
    /// The shares cannot be made.
    #[error("\"{cost}\" cannot be shared: {fault}")]
    CannotShare {
        /// The cost's name.
        cost: String,
        /// Why.
        fault: String,
    },
    /// Every share is zero or set aside.
    #[error(
        "nothing of what is contracted in {year} is left for this issuer to invoice: every share is invoiced already, is \
         the issuer's own, is another issuer's, or has a payer without organisation number"
    )]
    AllInvoiced {
        /// The year.
        year: i32,
    },
}

/// The words on an invoice line, made by the caller in the language of the invoice.
pub trait Wording {
    /// What a line is for.
    fn line(&self, cost: &str, year: i32) -> String;
    /// How the share came about.
    fn explanation(&self, share: &ShareExplained<'_>) -> String;
    /// Why a party is left out: it leads the procurement and pays the supplier itself.
    fn own_share(&self) -> String;
    /// Why a party is left out: its share was invoiced before.
    fn invoiced_before(&self) -> String;
    /// Why a party is left out: another county authority is on the other side of its agreement.
    fn other_issuer(&self, issuer: &str) -> String;
    /// Why a party is left out: it has no organisation number to be invoiced under.
    fn no_organisation_number(&self) -> String;
}

/// What an explanation of a share needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareExplained<'plan> {
    /// The party's share.
    pub net: Ore,
    /// The amount shared.
    pub amount: Ore,
    /// What grants took off before.
    pub granted: Ore,
    /// The key's name; none where the party bears the cost alone.
    pub key: Option<&'plan str>,
    /// The day the key's figures are taken from.
    pub population_date: Option<NaiveDate>,
    /// How many share it.
    pub members_count: usize,
}

/// The grounds a plan for these costs rests on now.
#[must_use]
pub fn grounds(book: &Book, costs: &[CostId]) -> Vec<Ground> {
    costs.iter().filter_map(|id| ground(*id, book.costs.get(id)?)).collect()
}

/// The grounds that the plan of a run rests on, as they are now: a cost of which another run has taken a share since is
/// none of them. None where there is no plan.
#[must_use]
pub fn grounds_of(book: &Book, run: InvoiceRunId) -> Vec<Ground> {
    match book.runs.get(&run) {
        Some(InvoiceRun::Planned(planned) | InvoiceRun::Approved(planned, _)) => {
            let taken: BTreeSet<CostId> = shares(&planned.plan.invoices)
                .filter(|(cost, party)| taken_by_another(book, run, *cost, *party))
                .map(|(cost, _)| cost)
                .collect();
            let costs = planned.plan.grounds.iter().map(|ground| ground.cost);
            let costs: Vec<CostId> = costs.filter(|cost| !taken.contains(cost)).collect();
            grounds(book, &costs)
        }
        Some(InvoiceRun::Absent | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..)) | None => Vec::new(),
    }
}

fn ground(id: CostId, cost: &Cost) -> Option<Ground> {
    if cost.cancelled_on.is_some() || cost.amount().certainty() < Certainty::Contracted {
        return None;
    }
    let statement = cost.statements.last()?;
    let amount = cost.amount().range()?.likely_ore;
    Some(Ground { cost: id, assessment: statement.assessment, amount_ore: (amount - cost.granted()).max(Ore::ZERO) })
}

/// The plan. Each invoice's id derives from the run's, so that planning again gives the same ids.
///
/// # Errors
/// There is nothing to invoice, or it cannot be shared.
pub fn plan(
    book: &Book,
    run: Uuid,
    wanted: &Wanted,
    wording: &dyn Wording,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> Result<InvoicePlan, PlanFault> {
    let issuer = invoice_party(book, wanted.issuer, wanted.invoice_date).ok_or(PlanFault::UnknownIssuer)?;
    let apportioner = book.apportioner(wanted.procurement);
    let mut grounds = Vec::new();
    let mut lines: BTreeMap<PartyId, Vec<InvoiceLine>> = BTreeMap::new();
    let mut set_aside = Vec::new();
    for (id, cost) in book.costs_of(wanted.procurement) {
        let Some(ground) = ground(id, cost).filter(|_| cost.year == wanted.year) else { continue };
        let Some(recorded) = &cost.recorded else { continue };
        let Some(shared) = apportioner.cost(cost, Grants::TakenOff) else { continue };
        for (party, net) in certain_shares(&shared, &recorded.name)? {
            let reason = if leads(book, wanted, party) {
                Some(wording.own_share())
            } else if taken_by_another(book, InvoiceRunId(run), id, party) {
                Some(wording.invoiced_before())
            } else if invoice_party(book, party, wanted.invoice_date).is_none() {
                Some(wording.no_organisation_number())
            } else {
                other_issuer(book, wanted, party).map(|other| wording.other_issuer(&other))
            };
            if let Some(reason) = reason {
                set_aside.push(SetAside { party, cost: id, reason, net_ore: net });
                continue;
            }
            if net == Ore::ZERO {
                continue;
            }
            let part = shared.parts.first();
            let key = part.and_then(|part| part.key.as_ref());
            lines.entry(party).or_default().push(InvoiceLine {
                cost: id,
                text: wording.line(&recorded.name, wanted.year),
                explanation: wording.explanation(&ShareExplained {
                    net,
                    amount: ground.amount_ore,
                    granted: cost.granted(),
                    key: key.map(|key| key.definition.name()),
                    population_date: key.map(|key| key.population_date),
                    members_count: part.map_or(1, |part| part.members.len().max(1)),
                }),
                net_ore: net,
                vat_percent: recorded.vat_percent,
            });
        }
        grounds.push(ground);
    }
    if grounds.is_empty() {
        return Err(PlanFault::NothingContracted { year: wanted.year });
    }
    if lines.is_empty() {
        return Err(PlanFault::AllInvoiced { year: wanted.year });
    }
    let mut invoices: Vec<PlannedInvoice> = lines
        .into_iter()
        .filter_map(|(party, lines)| {
            let recipient = invoice_party(book, party, wanted.invoice_date)?;
            let invoice = InvoiceId(derive(run, &party.to_string()));
            let known = book.parties.get(&party)?;
            Some(planned(invoice, agreement_of(book, wanted, party), recipient, known.buyer_reference.clone(), lines))
        })
        .collect();
    invoices.sort_by(|one, other| {
        (&one.recipient.number, &one.recipient.organisation_number)
            .cmp(&(&other.recipient.number, &other.recipient.organisation_number))
    });
    Ok(InvoicePlan {
        procurement: wanted.procurement,
        issuer,
        account_number: wanted.account_number.clone(),
        invoice_date: wanted.invoice_date,
        due_date: wanted.due_date,
        grounds,
        invoices,
        set_aside,
    })
}

fn certain_shares(shared: &Apportionment, name: &str) -> Result<Vec<(PartyId, Ore)>, PlanFault> {
    let cannot = |fault: String| PlanFault::CannotShare { cost: name.to_owned(), fault };
    if let Some(fault) = shared.fault() {
        return Err(cannot(fault.to_string()));
    }
    if shared.certainty < Certainty::Contracted {
        return Err(cannot("its sharing key is only proposed; adopt it first".to_owned()));
    }
    shared
        .bearers()
        .into_iter()
        .map(|party| {
            let share = shared.share_of(party).flatten();
            share.map(|share| (party, share.likely_ore)).ok_or_else(|| cannot("an amount is unknown".to_owned()))
        })
        .collect()
}

/// The sums of an invoice: VAT once for each rate, on the sum of its lines, the nearest øre, half away from zero.
fn planned(
    invoice: InvoiceId,
    agreement: Option<AgreementId>,
    recipient: InvoiceParty,
    buyer_reference: Option<String>,
    lines: Vec<InvoiceLine>,
) -> PlannedInvoice {
    let mut rates: BTreeMap<Decimal, Ore> = BTreeMap::new();
    for line in &lines {
        *rates.entry(line.vat_percent).or_default() += line.net_ore;
    }
    let vat: Vec<VatSubtotal> = rates
        .into_iter()
        .map(|(vat_percent, net_ore)| VatSubtotal { vat_percent, net_ore, vat_ore: net_ore.percent(vat_percent) })
        .collect();
    let net_ore: Ore = lines.iter().map(|line| line.net_ore).sum();
    let vat_ore: Ore = vat.iter().map(|subtotal| subtotal.vat_ore).sum();
    PlannedInvoice {
        invoice,
        agreement,
        recipient,
        buyer_reference,
        lines,
        vat,
        net_ore,
        vat_ore,
        total_ore: net_ore + vat_ore,
    }
}

/// A party as it is printed on a day.
#[must_use]
pub fn invoice_party(book: &Book, party: PartyId, day: NaiveDate) -> Option<InvoiceParty> {
    let known = book.parties.get(&party)?;
    Some(InvoiceParty {
        party,
        name: known.full_name_on(day),
        organisation_number: known.registered.as_ref()?.organisation_number.clone()?,
        number: known.number_on(day).map(str::to_owned),
    })
}

/// A county authority that leads the procurement pays its own share to the supplier.
fn leads(book: &Book, wanted: &Wanted, party: PartyId) -> bool {
    party == wanted.issuer
        || book
            .procurements
            .get(&wanted.procurement)
            .is_some_and(|procurement| procurement.counties_on(wanted.invoice_date).contains(&party))
}

/// Whether a run other than `run` is approved for, or has invoiced, the party's share of the cost.
fn taken_by_another(book: &Book, run: InvoiceRunId, cost: CostId, party: PartyId) -> bool {
    let invoiced = book.invoices.values().filter(|issued| issued.run != run).any(|issued| {
        issued.invoice.recipient.party == party && issued.invoice.lines.iter().any(|line| line.cost == cost)
    });
    invoiced
        || book.runs.iter().filter(|(other, _)| **other != run).any(|(_, other)| match other {
            InvoiceRun::Approved(planned, _) => shares(&planned.plan.invoices).any(|share| share == (cost, party)),
            InvoiceRun::Absent | InvoiceRun::Planned(_) | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..) => {
                false
            }
        })
}

/// The shares that invoices are for: of which cost, and whose.
fn shares(invoices: &[PlannedInvoice]) -> impl Iterator<Item = (CostId, PartyId)> + '_ {
    invoices.iter().flat_map(|invoice| invoice.lines.iter().map(|line| (line.cost, invoice.recipient.party)))
}

fn agreement_of(book: &Book, wanted: &Wanted, party: PartyId) -> Option<AgreementId> {
    let participants = book.apportioner(wanted.procurement).participants;
    book.agreements
        .iter()
        .find(|(_, agreement)| {
            agreement.drafted.as_ref().is_some_and(|drafted| {
                drafted.procurement == wanted.procurement
                    && participants.those_after(drafted.party, wanted.invoice_date).contains(&party)
            })
        })
        .map(|(id, _)| *id)
}

/// The name of the county authority on the other side of the party's agreement, where it is not the issuer.
fn other_issuer(book: &Book, wanted: &Wanted, party: PartyId) -> Option<String> {
    let agreement = book.agreements.get(&agreement_of(book, wanted, party)?)?;
    let county = agreement.county_on(wanted.invoice_date).filter(|county| *county != wanted.issuer)?;
    book.parties.get(&county).map(|known| known.full_name_on(wanted.invoice_date))
}
