//! A plan of hundreds of participants is more than one event may hold, and is stored in several, in one append.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{InvoicePlan, InvoiceRunEvent, PlannedInvoice, PlannedRun, SetAside};

/// About how many bytes of a plan go into one event: well below what a store takes, and still fit to be read.
const PART_BYTES: usize = 250_000;
/// About how many bytes an invoice takes as JSON, its texts and lines left out.
const INVOICE_BYTES: usize = 900;
/// About how many bytes a line, an attachment or a share that is set aside takes, its texts left out.
const ROW_BYTES: usize = 450;

/// The plan goes on: further invoices, and who else is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanContinued {
    /// Further invoices, in the order of the plan.
    pub invoices: Vec<PlannedInvoice>,
    /// Who else is left out, and why.
    pub set_aside: Vec<SetAside>,
}

/// The plan of a run as the events that hold it: one, and as many more as it takes.
pub(super) fn events_of(run: &PlannedRun) -> Vec<InvoiceRunEvent> {
    let mut parts = vec![(0, PlanContinued::default())];
    for invoice in &run.plan.invoices {
        part_with_room(&mut parts, bytes_of(invoice)).invoices.push(invoice.clone());
    }
    for aside in &run.plan.set_aside {
        part_with_room(&mut parts, ROW_BYTES + aside.reason.len()).set_aside.push(aside.clone());
    }
    let mut parts = parts.into_iter().map(|(_, part)| part);
    let PlanContinued { invoices, set_aside } = parts.next().unwrap_or_default();
    let plan = InvoicePlan { invoices, set_aside, ..run.plan.as_ref().clone() };
    let planned = super::Planned { run: run.run, plan: Arc::new(plan), planned_by: run.planned_by.clone(), on: run.on };
    let first = std::iter::once(InvoiceRunEvent::Planned(Box::new(planned)));
    first.chain(parts.map(InvoiceRunEvent::PlanContinued)).collect()
}

/// The last part where it has room for so many bytes more, else a new one.
fn part_with_room(parts: &mut Vec<(usize, PlanContinued)>, bytes: usize) -> &mut PlanContinued {
    let last_is_full = parts.last().is_none_or(|(taken, _)| *taken > 0 && taken + bytes > PART_BYTES);
    if last_is_full {
        parts.push((0, PlanContinued::default()));
    }
    let last = parts.len() - 1;
    let (taken, part) = &mut parts[last];
    *taken += bytes;
    part
}

fn bytes_of(invoice: &PlannedInvoice) -> usize {
    let lines: usize = invoice.lines.iter().map(|line| ROW_BYTES + line.text.len() + line.explanation.len()).sum();
    let attachments: usize = invoice.attachments.iter().map(|attachment| ROW_BYTES + attachment.file_name.len()).sum();
    let decisions: usize = invoice.decisions.iter().map(String::len).sum();
    INVOICE_BYTES + lines + attachments + decisions
}
