//! A credit note in finished words and figures, and its PDF.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::invoice::{LineInWords, PartyInWords, VatInWords, kroner, party, registers, vat};
use super::pdf::{self, SetDocument};
use super::words::{sentence, word};
use super::{RenderError, norwegian};
use crate::domain::credit_note::{CreditLine, CreditNoteIssued};
use crate::domain::money::Ore;

static CREDIT_NOTE: LazyLock<Source> =
    LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/credit_note.typ")));

#[derive(Serialize)]
struct Document<'a> {
    title: String,
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
    reason: &'a str,
    lines: Vec<LineInWords<'a>>,
    vat: Vec<VatInWords>,
    net_total: String,
    vat_total: String,
    passed_on_vat: Option<String>,
    total: String,
    /// What it means for what is to be paid.
    effect: String,
    /// Who issued the invoice, where another credits it.
    succession: Option<String>,
}

pub(super) fn set(
    note: &CreditNoteIssued,
    procurement: &str,
    banner: Option<String>,
) -> Result<SetDocument, RenderError> {
    let identity = format!("credit note {} {}", note.credit_note, note.number);
    pdf::set("the credit note", &CREDIT_NOTE, &document(note, procurement, banner), identity, note.date)
}

fn document<'a>(note: &'a CreditNoteIssued, procurement: &'a str, banner: Option<String>) -> Document<'a> {
    let credited = &note.credited;
    Document {
        title: word("document-credit-note"),
        number: note.number.to_string(),
        date: norwegian::long_date(note.date),
        credited_number: credited.number.to_string(),
        credited_date: norwegian::long_date(credited.invoice_date),
        procurement,
        banner,
        issuer: PartyInWords {
            name: &note.issuer.name,
            number: note.issuer.number.as_deref(),
            organisation_number: norwegian::organisation_number(&note.issuer.organisation_number),
        },
        issuer_registers: registers(&note.issuer),
        recipient: party(&note.recipient),
        buyer_reference: note.buyer_reference.as_deref(),
        reason: &note.reason,
        lines: note.lines.iter().map(line).collect(),
        vat: note.vat.iter().map(vat).collect(),
        net_total: kroner(note.net_ore),
        vat_total: kroner(note.vat_ore),
        passed_on_vat: (note.passed_on_vat_ore != Ore::ZERO).then(|| kroner(note.passed_on_vat_ore)),
        total: kroner(note.total_ore),
        effect: effect(note),
        succession: succession(note),
    }
}

/// What it means for what is to be paid.
pub(super) fn effect(note: &CreditNoteIssued) -> String {
    sentence("credit-note-effect", [("number", &note.credited.number.to_string())])
}

/// Who issued the invoice, where another credits it.
pub(super) fn succession(note: &CreditNoteIssued) -> Option<String> {
    let credited = &note.credited;
    (credited.issuer.party != note.issuer.party).then(|| {
        let with = [
            ("number", &*credited.number.to_string()),
            ("date", &*norwegian::long_date(credited.invoice_date)),
            ("issuer", &*credited.issuer.name),
            ("organisation", &*norwegian::organisation_number(&credited.issuer.organisation_number)),
            ("successor", &*note.issuer.name),
        ];
        sentence("credit-note-succession", with)
    })
}

fn line(line: &CreditLine) -> LineInWords<'_> {
    LineInWords {
        text: &line.text,
        explanation: "",
        vat_percent: norwegian::percent(line.vat_percent),
        net: kroner(line.net_ore),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_credit_note_is_one_page_the_same_every_time_and_names_the_invoice_and_who_issued_it() {
        let note = sample::credit_note();
        let set_once = set(&note, sample::PROCUREMENT, None).unwrap();
        assert_eq!(set_once.pages_count, 1);
        assert_eq!(set(&note, sample::PROCUREMENT, None).unwrap().bytes, set_once.bytes);
        let said = document(&note, sample::PROCUREMENT, None);
        let succession = said.succession.unwrap();
        assert!(succession.contains("ble utstedt av Troms og Finnmark fylkeskommune"), "{succession}");
        assert!(succession.contains("Troms fylkeskommune er kommet i dens sted"), "{succession}");
        assert_eq!(said.credited_number, note.credited.number.to_string());
    }
}
