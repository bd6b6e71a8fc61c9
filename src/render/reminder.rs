//! A reminder of an invoice in finished words and figures, and its PDF.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::fixed_words::{FixedWords, Said, said, sentence};
use super::invoice::{PartyInWords, issuer, kroner, party, payment_reference, registers};
use super::pdf::{self, SetDocument};
use super::succession::Succession;
use super::{IssuedDocument, RenderError, norwegian};
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::late_payment::InterestStep;
use crate::domain::money::Ore;
use crate::domain::payment::Reminder;
use crate::domain::series::Issued;
use crate::domain::vat::DocumentKind;

static REMINDER: LazyLock<Source> = LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/reminder.typ")));

#[derive(Serialize)]
struct Document<'a> {
    fixed: FixedWords,
    title: Said,
    /// Whether it is of a claim.
    of_claim: bool,
    /// What it is, before the number of the invoice.
    subject: String,
    count: String,
    date: String,
    number: String,
    invoice_date: String,
    was_due: String,
    due_date: String,
    procurement: &'a str,
    banner: Option<String>,
    issuer: PartyInWords<'a>,
    issuer_registers: String,
    recipient: PartyInWords<'a>,
    buyer_reference: Option<&'a str>,
    request: String,
    /// Who issued the invoice, where another asks for it.
    succession: Option<String>,
    /// What is to be paid, part by part.
    amounts: Vec<(String, String)>,
    /// How the interest came about.
    interest: Vec<String>,
    total: String,
    account_number: String,
    payment_reference: String,
}

/// The reminder, where `issued` is one, as a document.
pub(super) fn set(reminder: &Reminder, count: usize, issued: &IssuedDocument<'_>) -> Result<SetDocument, RenderError> {
    let reminded = &reminder.reminded;
    let identity = format!("reminder {} {}", reminded.invoice, reminded.on);
    pdf::set("the reminder", &REMINDER, &document(reminder, count, issued), identity, reminded.on)
}

fn document<'a>(reminder: &'a Reminder, count: usize, issued: &IssuedDocument<'a>) -> Document<'a> {
    let invoice: &'a Issued = issued.document.invoice();
    let language = invoice.invoice.language;
    let reminded = &reminder.reminded;
    let number = invoice.number.to_string();
    let (asking, account_number) = reminder.asked_by(invoice);
    Document {
        fixed: FixedWords::of(language),
        title: said(language, "reminder"),
        of_claim: invoice.invoice.kind == DocumentKind::Claim,
        subject: subject(invoice),
        count: count.to_string(),
        date: norwegian::long_date(reminded.on),
        request: request(invoice),
        succession: succession(reminder, invoice),
        number,
        invoice_date: norwegian::long_date(invoice.invoice_date),
        was_due: norwegian::long_date(invoice.due_date),
        due_date: norwegian::long_date(reminded.pay_by),
        procurement: issued.procurement_name,
        banner: issued.illustrative.then(|| said(language, "illustrative").text),
        issuer: issuer(asking),
        issuer_registers: registers(asking, invoice.invoice.kind),
        recipient: party(&invoice.invoice.recipient),
        buyer_reference: invoice.invoice.buyer_reference.as_deref(),
        amounts: amounts(reminder, invoice),
        interest: reminded.interest.iter().map(|step| in_words(step, language)).collect(),
        total: kroner(reminder.total()),
        account_number: norwegian::account_number(account_number),
        payment_reference: payment_reference(invoice),
    }
}

/// What is to be paid, part by part, in words and figures.
pub(super) fn amounts(reminder: &Reminder, invoice: &Issued) -> Vec<(String, String)> {
    let (language, kind) = (invoice.invoice.language, invoice.invoice.kind);
    parts(reminder, kind).into_iter().map(|(name, amount)| (said(language, name).text, kroner(amount))).collect()
}

/// What it is, before the number of the invoice.
pub(super) fn subject(invoice: &Issued) -> String {
    let name = of_kind(invoice.invoice.kind, "reminder-of", "reminder-of-claim");
    said(invoice.invoice.language, name).text
}

/// That the invoice is to be paid.
pub(super) fn request(invoice: &Issued) -> String {
    let name = of_kind(invoice.invoice.kind, "reminder-request", "reminder-request-of-claim");
    sentence(invoice.invoice.language, name, [("number", &invoice.number.to_string())])
}

/// How it is to be paid, and that the invoice goes with the reminder.
pub(super) fn how_to_pay(invoice: &Issued) -> String {
    let name = of_kind(invoice.invoice.kind, "reminder-pay", "reminder-pay-of-claim");
    said(invoice.invoice.language, name).text
}

/// The key of what is said of an invoice, or that of what is said of a claim.
fn of_kind(kind: DocumentKind, of_invoice: &'static str, of_claim: &'static str) -> &'static str {
    match kind {
        DocumentKind::Invoice => of_invoice,
        DocumentKind::Claim => of_claim,
    }
}

/// Who issued the invoice, where another asks for it.
pub(super) fn succession(reminder: &Reminder, invoice: &Issued) -> Option<String> {
    reminder.reminded.successor.as_ref().map(|successor| {
        let succession = Succession {
            language: invoice.invoice.language,
            kind: invoice.invoice.kind,
            number: invoice.number,
            date: invoice.invoice_date,
            issuer: &invoice.issuer.name,
            organisation_number: &invoice.issuer.organisation_number,
            successor: &successor.issuer.name,
        };
        succession.in_words()
    })
}

/// What is to be paid, part by part: the key of what it is, and how much. Parts of nothing are left out.
fn parts(reminder: &Reminder, kind: DocumentKind) -> Vec<(&'static str, Ore)> {
    let reminded = &reminder.reminded;
    let before = reminder.charges_ore - reminded.fee_ore - reminded.interest_ore;
    [
        (of_kind(kind, "reminder-outstanding", "reminder-outstanding-of-claim"), reminded.outstanding_ore),
        ("reminder-before", before),
        ("reminder-fee", reminded.fee_ore),
        ("reminder-interest", reminded.interest_ore),
    ]
    .into_iter()
    .filter(|(_, amount)| *amount != Ore::ZERO)
    .collect()
}

fn in_words(step: &InterestStep, language: InvoiceLanguage) -> String {
    let with = [
        ("first", &*norwegian::date(step.days.first)),
        ("last", &*norwegian::date(step.days.last)),
        ("principal", &*kroner(step.principal_ore)),
        ("percent", &*norwegian::percent(step.percent)),
        ("days", &*step.days.days().to_string()),
        ("year", &*step.year_days.to_string()),
    ];
    sentence(language, "reminder-interest-step", with)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn issued<'a>(reminder: &'a Reminder, invoice: &'a Issued) -> IssuedDocument<'a> {
        let document = crate::view::documents::Document::Reminder(reminder, 2, invoice);
        IssuedDocument { document, procurement_name: sample::PROCUREMENT, illustrative: false }
    }

    #[test]
    fn a_reminder_is_one_page_the_same_every_time() {
        let (reminder, invoice) = sample::reminder();
        let set_once = set(&reminder, 2, &issued(&reminder, &invoice)).unwrap();
        assert_eq!(set_once.pages_count, 1);
        assert_eq!(set(&reminder, 2, &issued(&reminder, &invoice)).unwrap().bytes, set_once.bytes);
    }

    #[test]
    fn who_came_after_the_issuer_reminds_in_its_own_name_and_asks_to_pay_to_its_own_account() {
        let (reminder, invoice) = sample::reminder_of_successor();
        let said = document(&reminder, 2, &issued(&reminder, &invoice));
        assert_eq!(said.account_number, "8601.11.17947");
        assert_eq!(serde_json::to_value(&said.issuer).unwrap()["name"], "Troms fylkeskommune");
        let succession = said.succession.unwrap();
        assert!(succession.starts_with("Faktura 20230001 av 20. desember 2025 ble utstedt av "), "{succession}");
        assert!(succession.ends_with("Troms fylkeskommune er kommet i dens sted."), "{succession}");
        assert_eq!(said.payment_reference, payment_reference(&invoice), "the number that finds the invoice");
    }

    #[test]
    fn a_claim_is_called_a_claim() {
        let (reminder, invoice) = sample::reminder();
        let claim = Issued { number: invoice.number, ..sample::claim() };
        let said = document(&reminder, 2, &issued(&reminder, &claim));
        assert_eq!((&*said.subject, said.of_claim), ("Purring på krav", true));
        assert!(said.request.starts_with("Vi kan ikke se at krav "), "{}", said.request);
        assert_eq!(said.amounts[0].0, "Ubetalt av kravet");
        assert_eq!(how_to_pay(&claim), "Betal med KID-nummeret fra kravet. Kravet er vedlagt.");
    }

    #[test]
    fn what_is_to_be_paid_is_said_part_by_part() {
        let (mut reminder, invoice) = sample::reminder();
        let parts = |reminder: &Reminder| {
            parts(reminder, DocumentKind::Invoice).into_iter().map(|(_, amount)| amount).sum::<Ore>()
        };
        assert_eq!(parts(&reminder), reminder.total());
        let said = document(&reminder, 2, &issued(&reminder, &invoice));
        assert_eq!(said.amounts.len(), 4);
        let step = said.interest.concat().replace('\u{a0}', " ");
        assert_eq!(step, "20.01.2026 til 01.03.2026: 60 000,00 kroner til 12 % i året, 41 av årets 365 dager");
        reminder.charges_ore = Ore::ZERO;
        reminder.reminded.fee_ore = Ore::ZERO;
        reminder.reminded.interest_ore = Ore::ZERO;
        assert_eq!(document(&reminder, 2, &issued(&reminder, &invoice)).amounts.len(), 1);
    }
}
