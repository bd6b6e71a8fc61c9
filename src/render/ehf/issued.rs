//! The e-invoice of what was issued: from the event and from nothing that can change after it.

use rust_decimal::Decimal;

use super::document::{
    Attachment, CreditedInvoice, EhfDocument, Issuer, Kid, Kind, Line, Party, Payment, Totals, VatCategory, VatSubtotal,
};
use crate::domain::calendar::Period;
use crate::domain::check_digit::{KidMethod, is_kid};
use crate::domain::credit_note::{CreditLine, CreditNoteIssued};
use crate::domain::invoice_run::{self, InvoiceLanguage, InvoiceLine, InvoiceParty};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::{DocumentKind, VatTreatment};
use crate::render::fixed_words::{in_norwegian, said, treatment};
use crate::render::norwegian;

/// The decisions on VAT that a note names; a document has rarely more than one.
const DECISIONS_NAMED_MAX: usize = 3;

/// What an e-invoice says beside what is in the event.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// What people call the procurement; empty where it is not known.
    pub procurement_name: &'a str,
    /// Whether the amounts are invented for illustration: the note says so.
    pub illustrative: bool,
}

/// The e-invoice of an issued invoice or claim.
#[must_use]
pub fn of_invoice(issued: &Issued, about: About<'_>, attachments: Vec<Attachment>) -> EhfDocument {
    let planned = &issued.invoice;
    let decisions: Vec<&str> = planned.decisions.iter().take(DECISIONS_NAMED_MAX).map(String::as_str).collect();
    let decided = (!decisions.is_empty()).then(|| {
        let treated = treatment(planned.language, planned.treatment);
        in_norwegian(planned.language, "ehf-decided", [("treatment", &*treated), ("decisions", &decisions.join(", "))])
    });
    EhfDocument {
        number: issued.number.to_string(),
        issue_date: issued.invoice_date,
        kind: Kind::Invoice { due_date: issued.due_date, payment: payment(issued) },
        note: note(planned.language, decided, about),
        issuer: issuer(&issued.issuer),
        recipient: party(&planned.recipient),
        delivered_to: match planned.kind {
            DocumentKind::Invoice => Some(planned.recipient.name.clone()),
            DocumentKind::Claim => None,
        },
        buyer_reference: planned.buyer_reference.clone(),
        order_reference: planned.order_reference.clone(),
        contract_reference: None,
        accounting_cost: planned.accounting_cost.clone(),
        period: Period::span(planned.lines.iter().filter_map(|line| line.period)),
        attachments,
        lines: (1_usize..)
            .zip(&planned.lines)
            .map(|(number, line)| invoice_line(planned.language, number, line, planned.kind))
            .collect(),
        vat: subtotals(
            planned.language,
            planned.kind,
            planned.treatment,
            &planned.vat,
            planned.net_ore + planned.passed_on_vat_ore,
        ),
        totals: Totals {
            net_ore: planned.net_ore + planned.passed_on_vat_ore,
            vat_ore: planned.vat_ore,
            total_ore: planned.total_ore,
        },
    }
}

/// The e-invoice of a credit note.
#[must_use]
pub fn of_credit_note(issued: &CreditNoteIssued, about: About<'_>, attachments: Vec<Attachment>) -> EhfDocument {
    let credited = &issued.credited;
    let credits = in_norwegian(
        issued.language,
        "ehf-credits",
        [
            ("number", &credited.number.to_string()),
            ("date", &norwegian::date(credited.invoice_date)),
            ("issuer", &credited.issuer.name),
            ("reason", &issued.reason),
        ],
    );
    EhfDocument {
        number: issued.number.to_string(),
        issue_date: issued.date,
        kind: Kind::CreditNote {
            credited: CreditedInvoice { number: credited.number.to_string(), issue_date: credited.invoice_date },
            payment: None,
        },
        note: note(issued.language, Some(credits), about),
        issuer: issuer(&issued.issuer),
        recipient: party(&issued.recipient),
        delivered_to: None,
        buyer_reference: issued.buyer_reference.clone(),
        order_reference: issued.order_reference.clone(),
        contract_reference: None,
        accounting_cost: issued.accounting_cost.clone(),
        period: Period::span(issued.lines.iter().filter_map(|line| line.period)),
        attachments,
        lines: (1_usize..)
            .zip(&issued.lines)
            .map(|(number, line)| credit_line(issued.language, number, line, issued.kind))
            .collect(),
        vat: subtotals(
            issued.language,
            issued.kind,
            issued.treatment,
            &issued.vat,
            issued.net_ore + issued.passed_on_vat_ore,
        ),
        totals: Totals {
            net_ore: issued.net_ore + issued.passed_on_vat_ore,
            vat_ore: issued.vat_ore,
            total_ore: issued.total_ore,
        },
    }
}

/// First what it is for, then `what`; none where there is nothing to say.
fn note(language: InvoiceLanguage, what: Option<String>, about: About<'_>) -> Option<String> {
    let procurement = about.procurement_name;
    let sentences = [
        about.illustrative.then(|| said(language, "illustrative-sentence").text),
        (!procurement.is_empty()).then(|| in_norwegian(language, "ehf-about", [("procurement", procurement)])),
        what,
    ];
    let said: Vec<String> = sentences.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn issuer(issuer: &invoice_run::Issuer) -> Issuer {
    Issuer {
        party: party(&issuer.as_party()),
        vat_registered: issuer.vat_registered,
        in_foretaksregisteret: issuer.in_foretaksregisteret,
    }
}

/// No address is in the event, and the e-invoice address is the organisation number.
fn party(party: &InvoiceParty) -> Party {
    Party { name: party.name.clone(), organisation_number: party.organisation_number.clone(), address: None }
}

fn payment(issued: &Issued) -> Payment {
    let kid = issued.kid.clone().map(|number| Kid { method: kid_method(&number), number });
    Payment { account_number: issued.account_number.clone(), kid }
}

/// The event does not say by which method the KID was made, and the settings may have changed since: the one that it holds by.
fn kid_method(number: &str) -> KidMethod {
    if is_kid(number, KidMethod::Mod10) { KidMethod::Mod10 } else { KidMethod::Mod11 }
}

/// An invoice charges VAT by the rate of the line; what the law takes at no rate at all is resold as zero-rated. A claim is
/// no supply.
fn category(kind: DocumentKind, vat_percent: Decimal) -> VatCategory {
    match kind {
        DocumentKind::Claim => VatCategory::OutsideScope,
        DocumentKind::Invoice if vat_percent.is_zero() => VatCategory::ZeroRated,
        DocumentKind::Invoice => VatCategory::Standard { percent: vat_percent },
    }
}

fn invoice_line(language: InvoiceLanguage, number: usize, line: &InvoiceLine, kind: DocumentKind) -> Line {
    let description =
        [Some(line.explanation.clone()), line.passed_on_vat_ore.map(|vat| passed_on(language, line.amount(), vat))];
    Line {
        description: lines_of(description),
        period: line.period,
        ..Line::of_one(number.to_string(), &*line.text, line.amount(), category(kind, line.vat_percent))
    }
}

fn credit_line(language: InvoiceLanguage, number: usize, line: &CreditLine, kind: DocumentKind) -> Line {
    let passed_on_vat = line.passed_on_vat_ore.unwrap_or_default();
    let amount = line.net_ore + passed_on_vat;
    Line {
        description: lines_of([line.passed_on_vat_ore.map(|vat| passed_on(language, amount, vat))]),
        period: line.period,
        ..Line::of_one(number.to_string(), &*line.text, amount, category(kind, line.vat_percent))
    }
}

/// What of an amount is the supplier's VAT: the recipient may have it compensated.
fn passed_on(language: InvoiceLanguage, amount: Ore, vat: Ore) -> String {
    let (amount, vat) = (norwegian::kroner(amount), norwegian::kroner(vat));
    in_norwegian(language, "ehf-passed-on-vat", [("amount", &*amount), ("vat", &vat)])
}

fn lines_of<const COUNT: usize>(lines: [Option<String>; COUNT]) -> Option<String> {
    let said: Vec<String> = lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// VAT by rate as the document has it; a claim has none, of the whole `amount`, and says why.
fn subtotals(
    language: InvoiceLanguage,
    kind: DocumentKind,
    treatment: VatTreatment,
    vat: &[invoice_run::VatSubtotal],
    amount: Ore,
) -> Vec<VatSubtotal> {
    match kind {
        DocumentKind::Invoice => vat
            .iter()
            .map(|subtotal| VatSubtotal {
                category: category(kind, subtotal.vat_percent),
                reason: None,
                net_ore: subtotal.net_ore,
                vat_ore: subtotal.vat_ore,
            })
            .collect(),
        DocumentKind::Claim => vec![VatSubtotal {
            category: VatCategory::OutsideScope,
            reason: Some(no_output_vat(language, treatment)),
            net_ore: amount,
            vat_ore: Ore::ZERO,
        }],
    }
}

/// Why there is no output VAT, in the words that will be read.
pub(crate) fn no_output_vat(language: InvoiceLanguage, treatment: VatTreatment) -> String {
    let key = match treatment {
        VatTreatment::CostSharing => "no-output-vat-cost-sharing",
        VatTreatment::Disbursement => "no-output-vat-disbursement",
        VatTreatment::Resale | VatTreatment::OutsideScope => "no-output-vat-outside-scope",
    };
    in_norwegian(language, key, [])
}
