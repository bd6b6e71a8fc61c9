//! How what is claimed was shared among all: the tables that go with a claim, so that it ties to the supplier's invoice.

use std::collections::BTreeMap;

use super::book::Book;
use crate::domain::calendar::Period;
use crate::domain::identity::PartyId;
use crate::domain::invoice_run::InvoicePlan;
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::domain::vat::Subject;

/// A cost or licence with the shares of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// What people call it.
    pub name: String,
    /// The days that are claimed; none for a one-time cost.
    pub period: Option<Period>,
    /// What is shared excluding VAT.
    pub net_ore: Ore,
    /// The supplier's VAT that is shared.
    pub vat_ore: Ore,
    /// The supplier's invoices that go with the claims.
    pub supplier_invoices: Vec<SupplierInvoice>,
    /// The shares by number and name; they come to what is shared.
    pub shares: Vec<SharedPart>,
}

/// The share of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPart {
    /// The municipality or county number on the invoice date; empty where there is none.
    pub number: String,
    /// The name on the invoice date.
    pub name: String,
    /// The share excluding VAT.
    pub net_ore: Ore,
    /// The share of the supplier's VAT.
    pub vat_ore: Ore,
}

/// What a claim is for, in the order of its lines; nothing where no supplier's invoice is passed on.
#[must_use]
pub fn claimed(issued: &Issued) -> Vec<Subject> {
    if !issued.invoice.treatment.passes_on_supplier_vat() {
        return Vec::new();
    }
    let mut subjects: Vec<_> = issued.invoice.lines.iter().map(|line| line.subject).collect();
    subjects.dedup();
    subjects
}

/// How everything that a plan shares among more than one is shared.
#[must_use]
pub fn distributions(book: &Book, plan: &InvoicePlan) -> BTreeMap<Subject, Distribution> {
    let mut sums: BTreeMap<Subject, BTreeMap<PartyId, (Ore, Ore)>> = BTreeMap::new();
    for share in plan.shares() {
        let (net, vat) = sums.entry(share.subject).or_default().entry(share.party).or_default();
        *net += share.net_ore;
        *vat += share.passed_on_vat_ore.unwrap_or_default();
    }
    let part = |(party, (net_ore, vat_ore)): (PartyId, (Ore, Ore))| {
        let known = book.parties.get(&party);
        let number = known.and_then(|known| known.number_on(plan.invoice_date)).unwrap_or_default().to_owned();
        let name = known.map(|known| known.full_name_on(plan.invoice_date)).unwrap_or_default();
        SharedPart { number, name, net_ore, vat_ore }
    };
    let distribution = |(subject, shares): (Subject, BTreeMap<PartyId, (Ore, Ore)>)| {
        let ground = plan.grounds.iter().find(|ground| ground.subject == subject)?;
        let mut shares: Vec<SharedPart> = shares.into_iter().map(part).collect();
        shares.sort_by(|one, other| (&one.number, &one.name).cmp(&(&other.number, &other.name)));
        let distribution = Distribution {
            name: ground.name.clone(),
            period: ground.period,
            net_ore: ground.net_ore,
            vat_ore: ground.passed_on_vat_ore.unwrap_or_default(),
            supplier_invoices: attached(book, plan, subject),
            shares,
        };
        Some((subject, distribution))
    };
    // What one pays alone is not shared.
    sums.into_iter().filter(|(_, shares)| shares.len() > 1).filter_map(distribution).collect()
}

/// What the supplier invoiced of a cost or licence, of which the files go with the claims of a plan.
fn attached(book: &Book, plan: &InvoicePlan, subject: Subject) -> Vec<SupplierInvoice> {
    let recorded = match subject {
        Subject::Cost { cost } => book.costs.get(&cost).map(|cost| &cost.supplier_invoices),
        Subject::Licence { licence } => book.licences.get(&licence).map(|licence| &licence.supplier_invoices),
    };
    let claims = || plan.invoices.iter().filter(|invoice| invoice.lines.iter().any(|line| line.subject == subject));
    let goes_with =
        |invoice: &&SupplierInvoice| claims().any(|claim| claim.attachments.contains(&invoice.attachment()));
    recorded.into_iter().flatten().filter(goes_with).cloned().collect()
}
