//! What the letter with a document says, in the language of who receives it.

use serde::Serialize;

use super::fixed_words::{Said, language_code, said, sentence};
use super::invoice::title;
use super::{IssuedDocument, credit_note, norwegian, reminder};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::money::Ore;
use crate::domain::payment::Reminder;
use crate::domain::series::Issued;
use crate::domain::vat::DocumentKind;
use crate::view::documents::Document;

#[derive(Serialize)]
pub(super) struct Facts<'a> {
    issuer: &'a str,
    issuer_organisation_number: String,
    recipient: &'a str,
    /// What it is about and how it is paid, row by row.
    rows: Vec<Row>,
    illustrative: bool,
    banner: String,
    words: Words,
}

/// A fact with its name.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    /// The name with a colon, as wide as the widest of all rows.
    padded_name: String,
    value: String,
    /// Whether it is the one that matters most.
    first: bool,
}

/// What the message says around the facts, in the language of the invoice.
#[derive(Serialize)]
struct Words {
    language: &'static str,
    subject: String,
    to: String,
    attached: String,
    remember: String,
    greeting: String,
    organisation_number: String,
}

pub(super) fn facts<'a>(issued: &IssuedDocument<'a>) -> Facts<'a> {
    let language = language_of(issued.document);
    let issuer = match issued.document {
        Document::Invoice(invoice) => &invoice.issuer,
        Document::CreditNote(note, _) => &note.issuer,
        Document::Reminder(made, _, invoice) => made.asked_by(invoice).0,
    };
    let rows = match issued.document {
        Document::Invoice(invoice) => of_invoice(invoice),
        Document::CreditNote(note, _) => of_credit_note(note),
        Document::Reminder(made, _, invoice) => of_reminder(made, invoice),
    };
    Facts {
        issuer: &issuer.name,
        issuer_organisation_number: norwegian::organisation_number(&issuer.organisation_number),
        recipient: &issued.document.recipient().name,
        rows: in_a_column(rows),
        illustrative: issued.illustrative,
        banner: said(language, "illustrative").text,
        words: words(issued, language, &issuer.name),
    }
}

fn language_of(document: Document<'_>) -> InvoiceLanguage {
    match document {
        Document::Invoice(invoice) | Document::Reminder(_, _, invoice) => invoice.invoice.language,
        Document::CreditNote(note, _) => note.language,
    }
}

/// Names and values; one without a value is left out.
pub(super) type Named = Vec<(String, Option<String>)>;

fn of_invoice(issued: &Issued) -> Named {
    let language = issued.invoice.language;
    let named = |name| both(&said(language, name));
    vec![
        (named("mail-to-pay"), Some(in_kroner(language, issued.invoice.total_ore))),
        (named("due-date"), Some(norwegian::long_date(issued.due_date))),
        (named("account"), Some(norwegian::account_number(&issued.account_number))),
        (named("reference"), issued.kid.clone()),
        (named("buyer-reference"), issued.invoice.buyer_reference.clone()),
    ]
}

fn of_credit_note(note: &CreditNoteIssued) -> Named {
    let language = note.language;
    let named = |name| both(&said(language, name));
    let credited = &note.credited;
    let of = [("number", &*credited.number.to_string()), ("date", &*norwegian::long_date(credited.invoice_date))];
    let credits_of = match note.kind {
        DocumentKind::Invoice => "credits-of",
        DocumentKind::Claim => "credits-of-claim",
    };
    vec![
        (named("credited"), Some(in_kroner(language, note.total_ore))),
        (named("credits"), Some(sentence(language, credits_of, of))),
        (named("reason"), Some(note.reason.clone())),
        (named("buyer-reference"), note.buyer_reference.clone()),
    ]
}

fn of_reminder(made: &Reminder, invoice: &Issued) -> Named {
    let language = invoice.invoice.language;
    let named = |name| both(&said(language, name));
    let kroner =
        |(name, amount): (String, String)| (name, Some(sentence(language, "mail-kroner", [("amount", &amount)])));
    let (_, account_number) = made.asked_by(invoice);
    let mut rows = vec![(named("mail-to-pay"), Some(in_kroner(language, made.total())))];
    rows.extend(reminder::amounts(made, invoice).into_iter().map(kroner));
    rows.extend([
        (named("was-due"), Some(norwegian::long_date(invoice.due_date))),
        (named("new-due-date"), Some(norwegian::long_date(made.reminded.pay_by))),
        (named("account"), Some(norwegian::account_number(account_number))),
        (named("reference"), invoice.kid.clone()),
        (named("buyer-reference"), invoice.invoice.buyer_reference.clone()),
    ]);
    rows
}

fn in_kroner(language: InvoiceLanguage, amount: Ore) -> String {
    sentence(language, "mail-kroner", [("amount", &norwegian::kroner(amount))])
}

pub(super) fn in_a_column(named: Named) -> Vec<Row> {
    /// Between the widest name with its colon and the values.
    const GAP: usize = 3;
    let named: Vec<(String, String)> = named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let width = named.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default() + 1 + GAP;
    let row = |(place, (name, value)): (usize, (String, String))| Row {
        padded_name: format!("{:<width$}", format!("{name}:")),
        name,
        value,
        first: place == 0,
    };
    named.into_iter().enumerate().map(row).collect()
}

/// A word with what stands beside it.
pub(super) fn both(word: &Said) -> String {
    word.beside.as_ref().map_or_else(|| word.text.clone(), |beside| format!("{} · {beside}", word.text))
}

fn one_after_another<const COUNT: usize>(sentences: [Option<String>; COUNT]) -> String {
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn words(issued: &IssuedDocument<'_>, language: InvoiceLanguage, issuer: &str) -> Words {
    let number = issued.document.number().to_string();
    let named = |name| both(&said(language, name));
    let (title, remember) = match issued.document {
        Document::Invoice(invoice) => {
            let remember = match (&invoice.kid, invoice.invoice.kind) {
                (Some(_), _) => "mail-remember",
                (None, DocumentKind::Invoice) => "mail-remember-number",
                (None, DocumentKind::Claim) => "mail-remember-number-of-claim",
            };
            (title(language, invoice.invoice.kind).text, named(remember))
        }
        Document::CreditNote(note, _) => {
            let said_of_it = one_after_another([Some(credit_note::effect(note)), credit_note::succession(note)]);
            (said(language, "credit-note").text, said_of_it)
        }
        Document::Reminder(made, _, invoice) => {
            let pay = reminder::how_to_pay(invoice);
            let request = Some(reminder::request(invoice));
            let said_of_it = one_after_another([request, reminder::succession(made, invoice), Some(pay)]);
            (reminder::subject(invoice), said_of_it)
        }
    };
    Words {
        language: language_code(language),
        subject: sentence(language, "mail-subject", [("title", &title), ("number", &number), ("issuer", issuer)]),
        to: named("to"),
        attached: sentence(
            language,
            "mail-attached",
            [("title", &title.to_lowercase()), ("number", &number), ("procurement", issued.procurement_name)],
        ),
        remember,
        greeting: named("mail-greeting"),
        organisation_number: named("organisation-number"),
    }
}
