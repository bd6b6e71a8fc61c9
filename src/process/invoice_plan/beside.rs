//! What is left over beside a plan: shares of what others were invoiced for before, and of what nobody could be invoiced for,
//! since VAT on it is not decided either. They are no part of the plan, which rests on none of them.

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

/// What is left over beside the plan of a run that is not carried out yet; nothing of other runs. What others would be invoiced for
/// by a new plan waits for that one and stands in it, and of what was invoiced above a share nothing is left to invoice.
#[must_use]
pub fn beside(book: &Book, run: InvoiceRunId, wording: &dyn Wording, reached: Reached<'_>) -> Vec<LeftOver> {
    let Some(InvoiceRun::Planned(planned) | InvoiceRun::Approved(planned, _) | InvoiceRun::Numbering(planned, _)) =
        book.runs.get(&run)
    else {
        return Vec::new();
    };
    let wanted = Wanted::of(&planned.plan);
    let planner = Planner::new(book, run, &wanted, reached);
    let planned: BTreeSet<Subject> = planned.plan.grounds.iter().map(|ground| ground.subject).collect();
    let others = planner.subjects().filter(|subject| !planned.contains(subject));
    let mut left_over: Vec<LeftOver> = Vec::new();
    for Portioned { certain, settled, portions } in others.filter_map(|subject| planner.portioned(subject).ok()?) {
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
                party_name: name_on(book, portion.party, planner.invoice_date()),
                names: vec![certain.name.to_owned()],
                net_ore: portion.net_to_invoice(),
                reason,
                vat_undecided,
            });
        }
    }
    left_over
}
