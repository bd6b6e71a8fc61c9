//! The document as UBL elements. The order is that of the schema, and stands here once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::document::{
    Address, Attachment, CreditedInvoice, EhfDocument, Issuer, Kind, Line, Party, Payment, Totals, VatCategory,
    VatSubtotal,
};
use crate::domain::calendar::Period;
use crate::domain::check_digit::iban;
use crate::domain::money::Ore;
use crate::render::element::Element;

const AGGREGATE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
const BILLING: &str = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const PROFILE: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
const CURRENCY: &str = "NOK";
const COUNTRY: &str = "NO";
/// Norwegian organisation numbers among the schemes of identifiers (ISO 6523).
const ORGANISATION_NUMBERS: &str = "0192";
const CREDIT_TRANSFER: &str = "30";

/// What invoice and credit note are called differently.
struct Words {
    root: &'static str,
    namespace: &'static str,
    type_code: (&'static str, &'static str),
    line: &'static str,
    quantity: &'static str,
}

const INVOICE: Words = Words {
    root: "Invoice",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    type_code: ("cbc:InvoiceTypeCode", "380"),
    line: "cac:InvoiceLine",
    quantity: "cbc:InvoicedQuantity",
};

const CREDIT_NOTE: Words = Words {
    root: "CreditNote",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    type_code: ("cbc:CreditNoteTypeCode", "381"),
    line: "cac:CreditNoteLine",
    quantity: "cbc:CreditedQuantity",
};

/// The whole document.
pub(super) fn document(document: &EhfDocument) -> Element {
    let (words, due_date, credited) = match &document.kind {
        Kind::Invoice { due_date, .. } => (INVOICE, Some(*due_date), None),
        Kind::CreditNote { credited, .. } => (CREDIT_NOTE, None, Some(credited)),
    };
    let (type_name, type_code) = words.type_code;
    let head = [
        Some(Element::text("cbc:CustomizationID", BILLING)),
        Some(Element::text("cbc:ProfileID", PROFILE)),
        Some(Element::text("cbc:ID", &document.number)),
        Some(date("cbc:IssueDate", document.issue_date)),
        due_date.map(|day| date("cbc:DueDate", day)),
        Some(Element::text(type_name, type_code)),
        document.note.as_deref().map(|note| Element::text("cbc:Note", without_subject_code(note))),
        Some(Element::text("cbc:DocumentCurrencyCode", CURRENCY)),
        optional("cbc:AccountingCost", document.accounting_cost.as_deref()),
        optional("cbc:BuyerReference", document.buyer_reference.as_deref()),
        document.period.map(period),
        document.order_reference.as_deref().map(|id| reference("cac:OrderReference", id)),
        credited.map(billing_reference),
        document.contract_reference.as_deref().map(|id| reference("cac:ContractDocumentReference", id)),
    ];
    let parties = [
        Some(Element::group("cac:AccountingSupplierParty", [Some(issuer(document))])),
        Some(Element::group("cac:AccountingCustomerParty", [Some(recipient(&document.recipient))])),
        document.delivered_to.as_deref().map(delivery),
        document.kind.payment().map(payment),
    ];
    let sums = [Some(tax_total(document)), Some(monetary_total(&document.totals))];
    let children = head
        .into_iter()
        .chain(document.attachments.iter().map(attachment).map(Some))
        .chain(parties)
        .chain(sums)
        .chain(document.lines.iter().map(|each| Some(line(each, &words))));
    Element::group(words.root, children)
        .with("xmlns", words.namespace)
        .with("xmlns:cac", AGGREGATE)
        .with("xmlns:cbc", BASIC)
}

fn optional(name: &'static str, text: Option<&str>) -> Option<Element> {
    text.map(|text| Element::text(name, text))
}

/// A note as text alone: three characters between the first two `#` would be read as the code of its subject (BR-CL-08, UNCL4451).
fn without_subject_code(note: &str) -> String {
    let mut parts = note.splitn(3, '#');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(before), Some(code), Some(after)) if code.chars().count() == 3 => format!("{before}# {code}#{after}"),
        _ => note.to_owned(),
    }
}

fn date(name: &'static str, day: NaiveDate) -> Element {
    Element::text(name, day.to_string())
}

fn amount(name: &'static str, amount: Ore) -> Element {
    Element::text(name, amount.to_string()).with("currencyID", CURRENCY)
}

fn period(period: Period) -> Element {
    let days = [date("cbc:StartDate", period.first), date("cbc:EndDate", period.last)];
    Element::group("cac:InvoicePeriod", days.map(Some))
}

fn reference(name: &'static str, id: &str) -> Element {
    Element::group(name, [Some(Element::text("cbc:ID", id))])
}

fn billing_reference(credited: &CreditedInvoice) -> Element {
    let invoice = [Element::text("cbc:ID", &credited.number), date("cbc:IssueDate", credited.issue_date)];
    Element::group("cac:BillingReference", [Some(Element::group("cac:InvoiceDocumentReference", invoice.map(Some)))])
}

fn attachment(attachment: &Attachment) -> Element {
    let content = Element::text("cbc:EmbeddedDocumentBinaryObject", BASE64.encode(&attachment.content))
        .with("mimeCode", attachment.media_type.name())
        .with("filename", &attachment.file_name);
    Element::group(
        "cac:AdditionalDocumentReference",
        [
            Some(Element::text("cbc:ID", &attachment.reference)),
            optional("cbc:DocumentDescription", attachment.description.as_deref()),
            Some(Element::group("cac:Attachment", [Some(content)])),
        ],
    )
}

fn issuer(document: &EhfDocument) -> Element {
    let Issuer { party: who, vat_registered, in_foretaksregisteret } = &document.issuer;
    // BR-O-02: the VAT number must not stand on a document outside the scope of VAT.
    let outside_scope = document.vat.iter().any(|subtotal| subtotal.category == VatCategory::OutsideScope);
    let vat = (*vat_registered && !outside_scope)
        .then(|| tax_scheme_of_party(format!("{COUNTRY}{}MVA", who.organisation_number), "VAT"));
    let register = in_foretaksregisteret.then(|| tax_scheme_of_party("Foretaksregisteret".to_owned(), "TAX"));
    party(who, [vat, register])
}

/// Where what is sold is delivered, by the name of who receives it (BT-70).
fn delivery(delivered_to: &str) -> Element {
    let name = Element::group("cac:PartyName", [Some(Element::text("cbc:Name", delivered_to))]);
    Element::group("cac:Delivery", [Some(Element::group("cac:DeliveryParty", [Some(name)]))])
}

fn recipient(recipient: &Party) -> Element {
    party(recipient, [None, None])
}

fn party(party: &Party, tax_schemes: [Option<Element>; 2]) -> Element {
    let number = |name| Element::text(name, &party.organisation_number).with("schemeID", ORGANISATION_NUMBERS);
    let legal = [Element::text("cbc:RegistrationName", &party.name), number("cbc:CompanyID")];
    let [vat, register] = tax_schemes;
    Element::group(
        "cac:Party",
        [
            Some(number("cbc:EndpointID")),
            Some(Element::group("cac:PartyName", [Some(Element::text("cbc:Name", &party.name))])),
            Some(postal_address(party.address.as_ref())),
            vat,
            register,
            Some(Element::group("cac:PartyLegalEntity", legal.map(Some))),
        ],
    )
}

fn postal_address(address: Option<&Address>) -> Element {
    let country = Element::group("cac:Country", [Some(Element::text("cbc:IdentificationCode", COUNTRY))]);
    Element::group(
        "cac:PostalAddress",
        [
            optional("cbc:StreetName", address.and_then(|address| address.street.as_deref())),
            optional("cbc:CityName", address.map(|address| &*address.city)),
            optional("cbc:PostalZone", address.map(|address| &*address.postal_code)),
            Some(country),
        ],
    )
}

fn tax_scheme_of_party(company: String, scheme: &'static str) -> Element {
    Element::group("cac:PartyTaxScheme", [Some(Element::text("cbc:CompanyID", company)), Some(tax_scheme(scheme))])
}

fn tax_scheme(scheme: &'static str) -> Element {
    Element::group("cac:TaxScheme", [Some(Element::text("cbc:ID", scheme))])
}

fn payment(payment: &Payment) -> Element {
    let account = iban(&payment.account_number).map(|iban| reference("cac:PayeeFinancialAccount", &iban));
    Element::group(
        "cac:PaymentMeans",
        [
            Some(Element::text("cbc:PaymentMeansCode", CREDIT_TRANSFER)),
            optional("cbc:PaymentID", payment.kid.as_ref().map(|kid| &*kid.number)),
            account,
        ],
    )
}

fn tax_total(document: &EhfDocument) -> Element {
    let total = amount("cbc:TaxAmount", document.totals.vat_ore);
    let children = [total].into_iter().chain(document.vat.iter().map(tax_subtotal));
    Element::group("cac:TaxTotal", children.map(Some))
}

fn tax_subtotal(subtotal: &VatSubtotal) -> Element {
    let children = [
        amount("cbc:TaxableAmount", subtotal.net_ore),
        amount("cbc:TaxAmount", subtotal.vat_ore),
        tax_category("cac:TaxCategory", subtotal.category, subtotal.reason.as_deref()),
    ];
    Element::group("cac:TaxSubtotal", children.map(Some))
}

fn tax_category(name: &'static str, category: VatCategory, reason: Option<&str>) -> Element {
    Element::group(
        name,
        [
            Some(Element::text("cbc:ID", category.code())),
            category.percent().map(|percent| Element::text("cbc:Percent", percent.normalize().to_string())),
            optional("cbc:TaxExemptionReason", reason),
            Some(tax_scheme("VAT")),
        ],
    )
}

fn monetary_total(totals: &Totals) -> Element {
    let children = [
        amount("cbc:LineExtensionAmount", totals.net_ore),
        amount("cbc:TaxExclusiveAmount", totals.net_ore),
        amount("cbc:TaxInclusiveAmount", totals.total_ore),
        amount("cbc:PayableAmount", totals.total_ore),
    ];
    Element::group("cac:LegalMonetaryTotal", children.map(Some))
}

fn line(line: &Line, words: &Words) -> Element {
    let quantity =
        Element::text(words.quantity, line.quantity.normalize().to_string()).with("unitCode", line.unit.code());
    let item = [
        optional("cbc:Description", line.description.as_deref()),
        Some(Element::text("cbc:Name", &line.text)),
        Some(tax_category("cac:ClassifiedTaxCategory", line.category, None)),
    ];
    let price = Element::text("cbc:PriceAmount", price(line.unit_price_kroner)).with("currencyID", CURRENCY);
    Element::group(
        words.line,
        [
            Some(Element::text("cbc:ID", &line.id)),
            Some(quantity),
            Some(amount("cbc:LineExtensionAmount", line.net_ore)),
            line.period.map(period),
            Some(Element::group("cac:Item", item)),
            Some(Element::group("cac:Price", [Some(price)])),
        ],
    )
}

/// With two decimals, or as many more as it has.
fn price(kroner: Decimal) -> String {
    let mut price = kroner.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    price.to_string()
}

#[cfg(test)]
mod tests {
    use super::without_subject_code;

    #[test]
    fn nothing_in_a_note_is_taken_for_the_code_of_its_subject() {
        assert_eq!(without_subject_code("Vedtak #A1b# av 1. mars"), "Vedtak # A1b# av 1. mars");
        for note in ["Sak 23/101", "Sak #1", "Sak #1# og #ABC#", "Sak ## og"] {
            assert_eq!(without_subject_code(note), note);
        }
    }
}
