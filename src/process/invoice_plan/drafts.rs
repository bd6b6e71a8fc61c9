//! The documents of a plan before they have numbers, and which of them could not leave the house.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::portion::Portion;
use super::portions::{Charge, Planner};
use super::{Reason, Wording, invoice_party};
use crate::domain::identity::{AgreementId, InvoiceId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{Ground, InvoiceLanguage, InvoiceLine, Issuer, PlannedInvoice};
use crate::domain::money::Ore;
use crate::domain::party::{Party, WrittenForm};
use crate::domain::series::Issued;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::VatTreatment;
use crate::view::documents::Document;

/// The number that a draft is written with; the largest that a series may begin after.
const NUMBER_OF_DRAFTS: u64 = 999_000_000;

/// A planned invoice as it would be issued, without the KID, which follows from its number.
pub(super) fn draft(
    invoice: &PlannedInvoice,
    run: InvoiceRunId,
    issuer: &Issuer,
    account_number: &str,
    [invoice_date, due_date]: [NaiveDate; 2],
) -> Issued {
    Issued {
        number: NUMBER_OF_DRAFTS,
        kid: None,
        run,
        issuer: issuer.clone(),
        account_number: account_number.to_owned(),
        invoice_date,
        due_date,
        invoice: invoice.clone(),
    }
}

/// The documents that can be issued.
pub(super) struct Drafts {
    /// What they are for, the shares of those that cannot be issued set aside.
    pub(super) charges: Vec<Charge>,
    /// The documents, by the recipient's number.
    pub(super) invoices: Vec<PlannedInvoice>,
}

impl Drafts {
    pub(super) fn of(
        planner: &Planner<'_>,
        issuer: &Issuer,
        mut charges: Vec<Charge>,
        wording: &dyn Wording,
        id_of: &dyn Fn(&str) -> InvoiceId,
    ) -> Self {
        let mut drafts = invoices(planner, &charges, wording, id_of);
        let fault = |invoice: &PlannedInvoice| {
            if invoice.total_ore.is_negative() {
                return Some(Reason::InvoicedTooMuch(-(invoice.net_ore + invoice.passed_on_vat_ore)));
            }
            let draft = planner.draft(issuer, invoice);
            let fault = wording.fault(Some(invoice.language), Document::Invoice(&draft), planner.procurement_name());
            fault.map(Reason::NoEInvoice)
        };
        let faults = drafts.iter().filter_map(|(key, invoice)| Some((*key, fault(invoice)?)));
        let faults: BTreeMap<DocumentKey, Reason> = faults.collect();
        drafts.retain(|(key, _)| !faults.contains_key(key));
        for Charge { ground, portions, .. } in &mut charges {
            for portion in portions.iter_mut().filter(|portion| portion.is_invoiced()) {
                portion.reason = faults.get(&planner.key(ground, portion)).cloned();
            }
        }
        Self { charges, invoices: drafts.into_iter().map(|(_, invoice)| invoice).collect() }
    }
}

/// What one document is about.
type DocumentKey = (PartyId, VatTreatment, Option<AgreementId>);

/// The lines of a document, with the decisions and attachments that they ask for.
#[derive(Default)]
struct Contents {
    lines: Vec<InvoiceLine>,
    agreements: BTreeSet<Option<AgreementId>>,
    decisions: Vec<String>,
    attachments: Vec<Attachment>,
}

impl Contents {
    /// The agreement that all lines rest on, where it is one.
    fn agreement(&self) -> Option<AgreementId> {
        let mut agreements = self.agreements.iter().copied();
        agreements.next().flatten().filter(|_| agreements.next().is_none())
    }
}

impl Planner<'_> {
    /// The language a party is written to in.
    pub(super) fn language(&self, party: PartyId) -> InvoiceLanguage {
        let known = self.book.parties.get(&party);
        known.map_or(InvoiceLanguage::Bokmal, |known| language_of(known, self.invoice_date()))
    }

    /// Which document a portion is a line of.
    fn key(&self, ground: &Ground, portion: &Portion) -> DocumentKey {
        (portion.party, ground.treatment, self.by(portion.agreement()))
    }
}

fn invoices(
    planner: &Planner<'_>,
    charges: &[Charge],
    wording: &dyn Wording,
    id_of: &dyn Fn(&str) -> InvoiceId,
) -> Vec<(DocumentKey, PlannedInvoice)> {
    let book = planner.book;
    let mut documents: BTreeMap<DocumentKey, Contents> = BTreeMap::new();
    for charge in charges {
        let ground = &charge.ground;
        for portion in charge.portions.iter().filter(|portion| portion.is_invoiced()) {
            let contents = documents.entry(planner.key(ground, portion)).or_default();
            contents.agreements.extend(&portion.agreements);
            contents.lines.push(charge.line(portion, planner.language(portion.party), wording));
            contents
                .decisions
                .extend(ground.decision.clone().filter(|decision| !contents.decisions.contains(decision)));
            for attachment in &charge.attachments {
                if !contents.attachments.contains(attachment) {
                    contents.attachments.push(attachment.clone());
                }
            }
        }
    }
    let mut invoices: Vec<(DocumentKey, PlannedInvoice)> = documents
        .into_iter()
        .filter_map(|(key, contents)| {
            let (party, treatment, by) = key;
            let known = book.parties.get(&party)?;
            let references = known.invoice_references.as_ref();
            let invoice = PlannedInvoice {
                invoice: id_of(&match by {
                    None => format!("{party} {}", treatment.word()),
                    Some(agreement) => format!("{party} {} {agreement}", treatment.word()),
                }),
                agreement: contents.agreement(),
                recipient: invoice_party(book, party, planner.invoice_date())?,
                kind: treatment.document_kind(),
                treatment,
                decisions: contents.decisions,
                language: planner.language(party),
                buyer_reference: known.buyer_reference.clone(),
                order_reference: references.and_then(|references| references.order_reference.clone()),
                accounting_cost: references.and_then(|references| references.accounting_cost.clone()),
                lines: contents.lines,
                vat: Vec::new(),
                net_ore: Ore::ZERO,
                passed_on_vat_ore: Ore::ZERO,
                vat_ore: Ore::ZERO,
                total_ore: Ore::ZERO,
                attachments: contents.attachments,
            };
            Some((key, invoice.summed()))
        })
        .collect();
    invoices.sort_by_cached_key(|(_, invoice)| {
        let recipient = &invoice.recipient;
        (recipient.number.clone(), recipient.organisation_number.clone(), invoice.treatment, invoice.agreement)
    });
    invoices
}

/// The language a party is written to in: Northern Sámi beside bokmål in the Sámi language area, else the form it chose.
fn language_of(party: &Party, day: NaiveDate) -> InvoiceLanguage {
    if party.in_sami_language_area_on(day) {
        return InvoiceLanguage::BokmalAndNorthernSami;
    }
    match party.written_form_on(day) {
        WrittenForm::Bokmal => InvoiceLanguage::Bokmal,
        WrittenForm::Nynorsk => InvoiceLanguage::Nynorsk,
    }
}
