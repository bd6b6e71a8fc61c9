//! An invoice in finished words and figures, and its PDF.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::fixed_words::{FixedWords, Said, said};
use super::pdf::{self, Conformance, SetDocument};
use super::words::sentence;
use super::{IssuedDocument, RenderError, norwegian};
use crate::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoiceParty, Issuer, VatSubtotal};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::DocumentKind;
use crate::view::documents as view;

static INVOICE: LazyLock<Source> = LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/invoice.typ")));

/// An issued invoice and what its document says beside it.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceDocument<'a> {
    /// The invoice.
    pub issued: &'a Issued,
    /// What people call the procurement.
    pub procurement_name: &'a str,
    /// Whether its amounts are invented for illustration: the document says so.
    pub illustrative: bool,
}

impl<'a> InvoiceDocument<'a> {
    /// The same as any document.
    #[must_use]
    pub fn document(&self) -> IssuedDocument<'a> {
        let Self { issued, procurement_name, illustrative } = *self;
        IssuedDocument { document: view::Document::Invoice(issued), procurement_name, illustrative }
    }
}

/// An invoice on one page, where its lines have room there.
///
/// # Errors
/// If the template and the invoice do not fit together.
pub fn invoice_pdf(invoice: &InvoiceDocument<'_>, conformance: Conformance) -> Result<Vec<u8>, RenderError> {
    invoice_set(invoice, conformance).map(|set| set.bytes)
}

fn invoice_set(invoice: &InvoiceDocument<'_>, conformance: Conformance) -> Result<SetDocument, RenderError> {
    let issued = invoice.issued;
    let identity = format!("invoice {} {}", issued.invoice.invoice, issued.number);
    let e_invoice = super::e_invoice::alone(&invoice.document()).ok();
    let data = Document { e_invoice: e_invoice.is_some(), ..document(invoice) };
    pdf::set_as("the invoice", &INVOICE, &data, e_invoice, identity, issued.invoice_date, conformance)
}

#[derive(Serialize)]
struct Document<'a> {
    /// The words that every document of the language has.
    fixed: FixedWords,
    /// What kind of document it is.
    title: Said,
    number: String,
    procurement: &'a str,
    banner: Option<String>,
    issuer: PartyInWords<'a>,
    recipient: PartyInWords<'a>,
    /// What the registers say of the issuer, after its organisation number.
    issuer_registers: String,
    invoice_date: String,
    due_date: String,
    buyer_reference: Option<&'a str>,
    order_reference: Option<&'a str>,
    lines: Vec<LineInWords<'a>>,
    vat: Vec<VatInWords>,
    net_total: String,
    vat_total: String,
    /// The supplier's VAT, on a claim that passes it on.
    passed_on_vat: Option<String>,
    total: String,
    account_number: String,
    /// The reference to pay by; the number where there is none.
    payment_reference: String,
    /// Whether the e-invoice is attached.
    e_invoice: bool,
}

#[derive(Serialize)]
pub(super) struct PartyInWords<'a> {
    name: &'a str,
    number: Option<&'a str>,
    organisation_number: String,
}

#[derive(Serialize)]
struct LineInWords<'a> {
    text: &'a str,
    explanation: &'a str,
    vat_percent: String,
    net: String,
}

#[derive(Serialize)]
pub(super) struct VatInWords {
    vat_percent: String,
    net: String,
    vat: String,
}

fn document<'a>(invoice: &InvoiceDocument<'a>) -> Document<'a> {
    let issued = invoice.issued;
    let planned = &issued.invoice;
    let language = planned.language;
    let title = title(language, planned.kind);
    Document {
        fixed: FixedWords::of(language),
        number: issued.number.to_string(),
        procurement: invoice.procurement_name,
        banner: invoice.illustrative.then(|| said(language, "illustrative").text),
        issuer: issuer(&issued.issuer),
        recipient: party(&planned.recipient),
        issuer_registers: registers(&issued.issuer, planned.kind),
        invoice_date: norwegian::long_date(issued.invoice_date),
        due_date: norwegian::long_date(issued.due_date),
        buyer_reference: planned.buyer_reference.as_deref(),
        order_reference: planned.order_reference.as_deref(),
        lines: planned.lines.iter().map(line).collect(),
        vat: planned.vat.iter().map(vat).collect(),
        net_total: kroner(planned.net_ore),
        vat_total: kroner(planned.vat_ore),
        passed_on_vat: (planned.passed_on_vat_ore != Ore::ZERO).then(|| kroner(planned.passed_on_vat_ore)),
        total: kroner(planned.total_ore),
        account_number: norwegian::account_number(&issued.account_number),
        payment_reference: payment_reference(issued),
        title,
        e_invoice: false,
    }
}

/// The reference to pay by; the number where there is none.
pub(super) fn payment_reference(issued: &Issued) -> String {
    issued.kid.clone().unwrap_or_else(|| {
        let title = title(issued.invoice.language, issued.invoice.kind).text;
        sentence("payment-by-number", [("title", &title), ("number", &issued.number.to_string())])
    })
}

/// What kind of document it is, in a word.
pub(super) fn title(language: InvoiceLanguage, kind: DocumentKind) -> Said {
    match kind {
        DocumentKind::Invoice => said(language, "invoice"),
        DocumentKind::Claim => said(language, "claim"),
    }
}

/// "MVA" and "Foretaksregisteret", each where the issuer stands in that register (bokføringsforskriften § 5-1-2). "MVA" stays on the
/// line of the number it belongs to, and off a claim, which is no sale and whose e-invoice leaves it out too.
pub(super) fn registers(issuer: &Issuer, kind: DocumentKind) -> String {
    let is_sale = kind == DocumentKind::Invoice;
    let mva = (issuer.vat_registered && is_sale).then_some("\u{a0}MVA");
    let foretaksregisteret = issuer.in_foretaksregisteret.then_some(" Foretaksregisteret");
    mva.into_iter().chain(foretaksregisteret).collect()
}

pub(super) fn kroner(amount: Ore) -> String {
    norwegian::kroner(amount)
}

pub(super) fn issuer(issuer: &Issuer) -> PartyInWords<'_> {
    PartyInWords {
        name: &issuer.name,
        number: issuer.number.as_deref(),
        organisation_number: norwegian::organisation_number(&issuer.organisation_number),
    }
}

pub(super) fn party(party: &InvoiceParty) -> PartyInWords<'_> {
    PartyInWords {
        name: &party.name,
        number: party.number.as_deref(),
        organisation_number: norwegian::organisation_number(&party.organisation_number),
    }
}

fn line(line: &InvoiceLine) -> LineInWords<'_> {
    LineInWords {
        text: &line.text,
        explanation: &line.explanation,
        vat_percent: norwegian::percent(line.vat_percent),
        net: kroner(line.net_ore),
    }
}

pub(super) fn vat(subtotal: &VatSubtotal) -> VatInWords {
    VatInWords {
        vat_percent: norwegian::percent(subtotal.vat_percent),
        net: kroner(subtotal.net_ore),
        vat: kroner(subtotal.vat_ore),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn an_invoice_is_one_page_and_the_same_every_time() {
        let issued = sample::invoice();
        let invoice = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
        let set = invoice_set(&invoice, Conformance::Archival).unwrap();
        assert_eq!(set.pages_count, 1);
        assert_eq!(invoice_pdf(&invoice, Conformance::Archival).unwrap(), set.bytes);
    }

    #[test]
    fn it_says_where_what_it_is_for_is_delivered() {
        let issued = sample::invoice();
        let invoice = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
        let said = invoice_set(&invoice, Conformance::Archival).unwrap().page_texts.concat();
        let said = said.replace(['\u{a0}', ' '], "");
        assert!(said.contains("LeveringsstedKárášjohka-Karasjok"), "{said}");
    }

    #[test]
    fn one_that_is_long_goes_on_over_pages_with_its_headings_and_its_sums_together() {
        for (lines_count, pages_min) in [(13, 1), (14, 1), (15, 1), (16, 1), (17, 2), (18, 2), (19, 2), (100, 5)] {
            let issued = sample::of_lines(sample::invoice(), lines_count);
            let invoice =
                InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
            let set = invoice_set(&invoice, Conformance::Archival).unwrap();
            assert!(set.pages_count >= pages_min, "{lines_count} lines on {} pages", set.pages_count);
            let sums = ["Sum uten mva", "Å betale, kroner"];
            pdf::tests::assert_goes_on(&set, "Beskrivelse", &sums, &format!("{lines_count} lines"));
        }
    }

    #[test]
    fn its_language_is_that_of_the_recipient_and_marked() {
        let set = |language| {
            let mut issued = sample::invoice();
            issued.invoice.language = language;
            let invoice =
                InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
            let set = invoice_set(&invoice, Conformance::Archival).unwrap();
            assert_eq!(set.pages_count, 1);
            set.bytes
        };
        let marked = |bytes: &[u8], language: &str| {
            let marks = [format!("/Lang({language}"), format!("/Lang ({language}")];
            marks.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == mark.as_bytes()))
        };
        assert!(marked(&set(InvoiceLanguage::Bokmal), "nb"));
        assert!(marked(&set(InvoiceLanguage::Nynorsk), "nn"));
        let bilingual = set(InvoiceLanguage::BokmalAndNorthernSami);
        assert!(marked(&bilingual, "nb"));
        assert_ne!(bilingual, set(InvoiceLanguage::Bokmal));
    }
}
