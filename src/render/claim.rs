//! A claim without output VAT in finished words and figures, and its PDF.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::fixed_words::{FixedWords, Said, in_norwegian, said};
use super::invoice::{PartyInWords, issuer, kroner, party, payment_reference, registers, title};
use super::pdf::{self, SetDocument};
use super::{InvoiceDocument, RenderError, e_invoice, norwegian};
use crate::domain::invoice_run::InvoiceLine;
use crate::domain::supplier_invoice::Attachment;

static CLAIM: LazyLock<Source> = LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/claim.typ")));

/// A claim on one page, where its lines have room there. It names the files that go with it, the tables of everybody's share
/// among `drawn_up_beside`.
///
/// # Errors
/// If the template and the claim do not fit together.
pub fn claim_pdf(claim: &InvoiceDocument<'_>, drawn_up_beside: &[Attachment]) -> Result<Vec<u8>, RenderError> {
    claim_set(claim, drawn_up_beside).map(|set| set.bytes)
}

fn claim_set(claim: &InvoiceDocument<'_>, drawn_up_beside: &[Attachment]) -> Result<SetDocument, RenderError> {
    let issued = claim.issued;
    let identity = format!("invoice {} {}", issued.invoice.invoice, issued.number);
    let e_invoice = e_invoice::alone(&claim.document()).ok();
    let data = document(claim, drawn_up_beside, e_invoice.is_some());
    pdf::set_with("the claim", &CLAIM, &data, e_invoice, identity, issued.invoice_date)
}

#[derive(Serialize)]
struct Document<'a> {
    fixed: FixedWords,
    title: Said,
    number: String,
    procurement: &'a str,
    banner: Option<String>,
    issuer: PartyInWords<'a>,
    issuer_registers: String,
    recipient: PartyInWords<'a>,
    invoice_date: String,
    due_date: String,
    buyer_reference: Option<&'a str>,
    order_reference: Option<&'a str>,
    /// Why there is no output VAT, and by which decision.
    basis: String,
    lines: Vec<LineInWords<'a>>,
    net_total: String,
    passed_on_vat: Option<String>,
    vat_total: String,
    total: String,
    attachments: Vec<&'a str>,
    account_number: String,
    payment_reference: String,
    e_invoice: bool,
}

#[derive(Serialize)]
struct LineInWords<'a> {
    text: &'a str,
    explanation: &'a str,
    net: String,
    passed_on_vat: String,
    amount: String,
}

fn document<'a>(claim: &InvoiceDocument<'a>, drawn_up_beside: &'a [Attachment], e_invoice: bool) -> Document<'a> {
    let issued = claim.issued;
    let planned = &issued.invoice;
    let passed_on = planned.treatment.passes_on_supplier_vat();
    Document {
        fixed: FixedWords::of(planned.language),
        title: title(planned.language, planned.kind),
        number: issued.number.to_string(),
        procurement: claim.procurement_name,
        banner: claim.illustrative.then(|| said(planned.language, "illustrative").text),
        issuer: issuer(&issued.issuer),
        issuer_registers: registers(&issued.issuer, planned.kind),
        recipient: party(&planned.recipient),
        invoice_date: norwegian::long_date(issued.invoice_date),
        due_date: norwegian::long_date(issued.due_date),
        buyer_reference: planned.buyer_reference.as_deref(),
        order_reference: planned.order_reference.as_deref(),
        basis: basis(claim),
        lines: planned.lines.iter().map(line).collect(),
        net_total: kroner(planned.net_ore),
        passed_on_vat: passed_on.then(|| kroner(planned.passed_on_vat_ore)),
        vat_total: kroner(planned.vat_ore),
        total: kroner(planned.total_ore),
        attachments: drawn_up_beside.iter().chain(&planned.attachments).map(|file| &*file.file_name).collect(),
        account_number: norwegian::account_number(&issued.account_number),
        payment_reference: payment_reference(issued),
        e_invoice,
    }
}

fn basis(claim: &InvoiceDocument<'_>) -> String {
    let planned = &claim.issued.invoice;
    let why = super::ehf::no_output_vat(planned.language, planned.treatment);
    if planned.decisions.is_empty() {
        return format!("{why}.");
    }
    in_norwegian(planned.language, "claim-basis", [("why", &*why), ("decisions", &planned.decisions.join(", "))])
}

fn line(line: &InvoiceLine) -> LineInWords<'_> {
    LineInWords {
        text: &line.text,
        explanation: &line.explanation,
        net: kroner(line.net_ore),
        passed_on_vat: kroner(line.passed_on_vat_ore.unwrap_or_default()),
        amount: kroner(line.amount()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn table_of_shares() -> [Attachment; 1] {
        let (file_name, media_type) = ("fordeling.pdf".to_owned(), "application/pdf".to_owned());
        [Attachment { sha256: "5f".repeat(32), file_name, media_type }]
    }

    #[test]
    fn a_claim_is_a_page_the_same_every_time() {
        let issued = sample::claim();
        let claim = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
        let set = claim_set(&claim, &table_of_shares()).unwrap();
        assert_eq!(set.pages_count, 1);
        assert_eq!(claim_pdf(&claim, &table_of_shares()).unwrap(), set.bytes);
    }

    #[test]
    fn one_that_is_long_goes_on_over_pages_with_its_headings_and_its_sums_together() {
        let issued = sample::of_lines(sample::claim(), 100);
        let claim = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
        let set = claim_set(&claim, &table_of_shares()).unwrap();
        assert!(set.pages_count >= 5, "{}", set.pages_count);
        pdf::tests::assert_goes_on(&set, "Beskrivelse", &["Å betale, kroner"], "a claim");
    }

    #[test]
    fn it_says_why_there_is_no_output_vat_and_by_which_decision_and_what_goes_with_it() {
        let issued = sample::claim();
        let claim = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
        let enclosed = table_of_shares();
        let said = document(&claim, &enclosed, false);
        assert_eq!(
            said.basis,
            "Kostnadsdeling uten utgående merverdiavgift: ikke omsetning, jf. merverdiavgiftsloven §\u{a0}3-1. Vedtak: Sak 23/101."
        );
        assert_eq!(said.lines[0].amount, "23\u{a0}084,93");
        assert_eq!(said.attachments[0], "fordeling.pdf");
        assert_eq!(said.issuer_registers, "", "it is no sale");
        assert_eq!(claim.document().file_name(), "krav-20230001.pdf");
    }
}
