//! A credit note in finished words and figures, and its PDF.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::fixed_words::{FixedWords, Said, said, sentence};
use super::invoice::{PartyInWords, VatInWords, issuer, kroner, party, registers, vat};
use super::pdf::{self, SetDocument};
use super::succession::Succession;
use super::{IssuedDocument, RenderError, e_invoice, norwegian};
use crate::domain::credit_note::{CreditLine, CreditNoteIssued};
use crate::domain::vat::DocumentKind;

static CREDIT_NOTE: LazyLock<Source> =
    LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/credit_note.typ")));

#[derive(Serialize)]
struct Document<'a> {
    fixed: FixedWords,
    title: Said,
    /// Whether a claim is credited, which has no output VAT and passes the supplier's VAT on.
    of_claim: bool,
    number: String,
    date: String,
    credited_number: String,
    credited_date: String,
    procurement: &'a str,
    banner: Option<String>,
    issuer: PartyInWords<'a>,
    issuer_registers: String,
    recipient: PartyInWords<'a>,
    buyer_reference: Option<&'a str>,
    order_reference: Option<&'a str>,
    reason: &'a str,
    lines: Vec<LineInWords<'a>>,
    vat: Vec<VatInWords>,
    net_total: String,
    vat_total: String,
    /// The supplier's VAT, where a claim passes it on.
    passed_on_vat: Option<String>,
    total: String,
    /// What it means for what is to be paid.
    effect: String,
    /// Who issued the invoice, where another credits it.
    succession: Option<String>,
    e_invoice: bool,
}

#[derive(Serialize)]
struct LineInWords<'a> {
    text: &'a str,
    /// The invoice explains its lines; a credit note has its reason.
    explanation: &'static str,
    vat_percent: String,
    net: String,
    passed_on_vat: String,
    amount: String,
}

/// The credit note, where `issued` is one, as a document.
pub(super) fn set(note: &CreditNoteIssued, issued: &IssuedDocument<'_>) -> Result<SetDocument, RenderError> {
    let identity = format!("credit note {} {}", note.credit_note, note.number);
    let e_invoice = e_invoice::alone(issued).ok();
    let data = document(note, issued, e_invoice.is_some());
    pdf::set_with("the credit note", &CREDIT_NOTE, &data, e_invoice, identity, note.date)
}

fn document<'a>(note: &'a CreditNoteIssued, issued: &IssuedDocument<'a>, e_invoice: bool) -> Document<'a> {
    let credited = &note.credited;
    Document {
        fixed: FixedWords::of(note.language),
        title: said(note.language, "credit-note"),
        of_claim: match note.kind {
            DocumentKind::Invoice => false,
            DocumentKind::Claim => true,
        },
        number: note.number.to_string(),
        date: norwegian::long_date(note.date),
        credited_number: credited.number.to_string(),
        credited_date: norwegian::long_date(credited.invoice_date),
        procurement: issued.procurement_name,
        banner: issued.illustrative.then(|| said(note.language, "illustrative").text),
        issuer: issuer(&note.issuer),
        issuer_registers: registers(&note.issuer, note.kind),
        recipient: party(&note.recipient),
        buyer_reference: note.buyer_reference.as_deref(),
        order_reference: note.order_reference.as_deref(),
        reason: &note.reason,
        lines: note.lines.iter().map(line).collect(),
        vat: note.vat.iter().map(vat).collect(),
        net_total: kroner(note.net_ore),
        vat_total: kroner(note.vat_ore),
        passed_on_vat: note.treatment.passes_on_supplier_vat().then(|| kroner(note.passed_on_vat_ore)),
        total: kroner(note.total_ore),
        effect: effect(note),
        succession: succession(note),
        e_invoice,
    }
}

/// What it means for what is to be paid.
pub(super) fn effect(note: &CreditNoteIssued) -> String {
    let name = match note.kind {
        DocumentKind::Invoice => "credit-note-effect",
        DocumentKind::Claim => "credit-note-effect-of-claim",
    };
    sentence(note.language, name, [("number", &note.credited.number.to_string())])
}

/// Who issued the invoice, where another credits it.
pub(super) fn succession(note: &CreditNoteIssued) -> Option<String> {
    let credited = &note.credited;
    let succession = Succession {
        language: note.language,
        kind: note.kind,
        number: credited.number,
        date: credited.invoice_date,
        issuer: &credited.issuer.name,
        organisation_number: &credited.issuer.organisation_number,
        successor: &note.issuer.name,
    };
    (credited.issuer.party != note.issuer.party).then(|| succession.in_words())
}

fn line(line: &CreditLine) -> LineInWords<'_> {
    LineInWords {
        text: &line.text,
        explanation: "",
        vat_percent: norwegian::percent(line.vat_percent),
        net: kroner(line.net_ore),
        passed_on_vat: kroner(line.passed_on_vat_ore.unwrap_or_default()),
        amount: kroner(line.net_ore + line.passed_on_vat_ore.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_credit_note_is_one_page_the_same_every_time_and_names_the_invoice_and_who_issued_it() {
        let (note, invoice) = (sample::credit_note(), sample::invoice());
        let issued = IssuedDocument {
            document: crate::view::documents::Document::CreditNote(&note, &invoice),
            procurement_name: sample::PROCUREMENT,
            illustrative: false,
        };
        let set_once = set(&note, &issued).unwrap();
        assert_eq!(set_once.pages_count, 1);
        assert_eq!(set(&note, &issued).unwrap().bytes, set_once.bytes);
        let said = document(&note, &issued, false);
        let succession = said.succession.unwrap();
        assert!(succession.contains("ble utstedt av Troms og Finnmark fylkeskommune"), "{succession}");
        assert!(succession.contains("Troms fylkeskommune er kommet i dens sted"), "{succession}");
        assert_eq!(said.credited_number, note.credited.number.to_string());
    }

    #[test]
    fn one_that_is_long_goes_on_over_pages_with_its_headings_and_its_sums_together() {
        let invoice = sample::of_lines(sample::invoice(), 100);
        let note = sample::credit_note_of(invoice.clone(), None);
        let issued = IssuedDocument {
            document: crate::view::documents::Document::CreditNote(&note, &invoice),
            procurement_name: sample::PROCUREMENT,
            illustrative: false,
        };
        let set = set(&note, &issued).unwrap();
        assert!(set.pages_count >= 4, "{}", set.pages_count);
        pdf::tests::assert_goes_on(&set, "Beskrivelse", &["Sum uten mva", "Kreditert, kroner"], "a credit note");
    }

    #[test]
    fn a_credit_note_of_a_claim_looks_like_the_claim() {
        let claim = sample::claim();
        let note = sample::credit_note_of(claim.clone(), None);
        let issued = IssuedDocument {
            document: crate::view::documents::Document::CreditNote(&note, &claim),
            procurement_name: sample::PROCUREMENT,
            illustrative: false,
        };
        assert_eq!(set(&note, &issued).unwrap().pages_count, 1);
        let said = document(&note, &issued, false);
        assert!(said.of_claim && said.vat.is_empty());
        assert_eq!(said.passed_on_vat.as_deref(), Some("4\u{a0}616,99"));
        assert_eq!(said.lines[0].amount, said.total);
        assert!(said.effect.contains("av krav "), "{}", said.effect);
        assert!(said.succession.unwrap().starts_with("Krav "));
    }
}
