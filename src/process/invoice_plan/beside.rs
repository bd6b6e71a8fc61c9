//! What stands beside a plan: shares of what others were invoiced for before, and of what nobody could be invoiced for, since VAT
//! on it is not decided either; and costs and licences that cannot be planned before something of them is known or decided, such as an
//! amount that is only estimated. They are no part of the plan, which rests on none of them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::portion::Portion;
use super::portions::{Planner, Portioned};
use super::{PlanFault, Reached, Wanted, Wording, name_on};
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::money::Ore;
use crate::domain::vat::Subject;
use crate::view::book::Book;

/// What this issuer is still to invoice somebody and cannot now, of what a plan does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LeftOver {
    /// Who.
    pub party: PartyId,
    /// Its name.
    pub party_name: String,
    /// What its shares are of.
    pub names: Vec<String>,
    /// How much is left to invoice of them, excluding VAT.
    pub net_ore: Ore,
    /// Why it cannot be invoiced, in the language of who pays.
    pub reason: String,
    /// Whether VAT on them is not decided either.
    pub vat_undecided: bool,
}

/// A cost or licence of which something is to be invoiced, and which no plan can hold as things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPlanned {
    /// How much there is to invoice of it, excluding VAT; none where it cannot be shared.
    pub net_ore: Option<Ore>,
    /// What must be known or decided first.
    pub fault: PlanFault,
}

/// What stands beside a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// By who pays.
    pub left_over: Vec<LeftOver>,
    /// By cost or licence.
    pub not_planned: Vec<NotPlanned>,
}

/// What stands beside the plan of a run that is not carried out yet; nothing of other runs. What others would be invoiced for
/// by a new plan waits for that one and stands in it, and of what was invoiced above a share nothing is left to invoice.
#[must_use]
pub fn beside(book: &Book, run: InvoiceRunId, wording: &dyn Wording, reached: Reached<'_>) -> Beside {
    let Some(InvoiceRun::Planned(planned) | InvoiceRun::Approved(planned, _) | InvoiceRun::Numbering(planned, _)) =
        book.runs.get(&run)
    else {
        return Beside::default();
    };
    let wanted = Wanted::of(&planned.plan);
    let planner = Planner::new(book, run, &wanted, reached);
    let planned: BTreeSet<Subject> = planned.plan.grounds.iter().map(|ground| ground.subject).collect();
    let others: Vec<Subject> = planner.subjects().filter(|subject| !planned.contains(subject)).collect();
    Beside {
        not_planned: others.iter().filter_map(|subject| not_planned(&planner, *subject)).collect(),
        left_over: left_over(&planner, &others, wording),
    }
}

fn not_planned(planner: &Planner<'_>, subject: Subject) -> Option<NotPlanned> {
    let fault = planner.charge(subject).err().or_else(|| planner.uncertain(subject))?;
    let portions = planner.portioned(subject).ok().flatten().map(|portioned| portioned.portions);
    let to_invoice = |portions: Vec<Portion>| {
        portions.iter().filter(|portion| portion.is_invoiced()).map(Portion::net_to_invoice).sum()
    };
    Some(NotPlanned { net_ore: portions.map(to_invoice), fault })
}

fn left_over(planner: &Planner<'_>, others: &[Subject], wording: &dyn Wording) -> Vec<LeftOver> {
    let mut left_over: Vec<LeftOver> = Vec::new();
    let portioned = others.iter().filter_map(|subject| planner.portioned(*subject).ok()?);
    for Portioned { certain, settled, portions } in portioned {
        if portions.iter().any(Portion::is_invoiced) {
            continue;
        }
        let vat_undecided = matches!(settled, Err(PlanFault::VatUndecided { .. }));
        let is_owed = |portion: &Portion| portion.is_left_over() && portion.to_invoice() > Ore::ZERO;
        for portion in portions.into_iter().filter(is_owed) {
            let Some(reason) = &portion.reason else { continue };
            let reason = wording.set_aside(planner.language(portion.party), reason);
            let is_same = |known: &&mut LeftOver| {
                (known.party, &known.reason, known.vat_undecided) == (portion.party, &reason, vat_undecided)
            };
            if let Some(known) = left_over.iter_mut().find(is_same) {
                known.names.push(certain.name.to_owned());
                known.net_ore += portion.net_to_invoice();
                continue;
            }
            left_over.push(LeftOver {
                party: portion.party,
                party_name: name_on(planner.book, portion.party, planner.invoice_date()),
                names: vec![certain.name.to_owned()],
                net_ore: portion.net_to_invoice(),
                reason,
                vat_undecided,
            });
        }
    }
    left_over
}
