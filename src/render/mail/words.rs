//! What the letters say: one set of templates for each kind of document.

use std::sync::LazyLock;

use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use super::super::{IssuedDocument, RenderError, credit_note, invoice, norwegian, reminder};
use crate::render::words::{sentence, word};
use crate::view::documents::Document;

/// A letter in words.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// What every letter says.
#[derive(Serialize)]
struct Facts<'a> {
    number: String,
    issuer: &'a str,
    issuer_organisation_number: String,
    recipient: &'a str,
    procurement: &'a str,
    total: String,
    buyer_reference: Option<&'a str>,
    illustrative: bool,
    banner: String,
    #[serde(flatten)]
    own: OwnFacts<'a>,
}

/// What only a letter of one kind says.
#[derive(Serialize)]
#[serde(untagged)]
enum OwnFacts<'a> {
    Invoice {
        due_date: String,
        account_number: String,
    },
    CreditNote {
        credited_number: String,
        credited_date: String,
        reason: &'a str,
        effect: String,
        succession: Option<String>,
    },
    Reminder {
        request: String,
        invoice_date: String,
        was_due: String,
        amounts: Vec<(String, String)>,
        due_date: String,
        account_number: String,
        payment_reference: String,
    },
}

/// The templates of a kind of letter; strict, so that a name they do not find is an error.
struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
}

macro_rules! templates {
    ($folder:literal) => {
        LazyLock::new(|| {
            Templates::of([
                include_str!(concat!("../../../reports/mail/", $folder, "/subject.txt.hbs")),
                include_str!(concat!("../../../reports/mail/", $folder, "/body.txt.hbs")),
                include_str!(concat!("../../../reports/mail/", $folder, "/body.html.hbs")),
            ])
        })
    };
}

static INVOICE: LazyLock<Templates> = templates!("invoice");
static CREDIT_NOTE: LazyLock<Templates> = templates!("credit_note");
static REMINDER: LazyLock<Templates> = templates!("reminder");

impl Templates {
    #[expect(clippy::expect_used, reason = "the templates are compiled in, and each test of a message reads them")]
    fn of([subject, text_body, html_body]: [&str; 3]) -> Self {
        let mut text = Handlebars::new();
        text.set_strict_mode(true);
        text.register_escape_fn(no_escape);
        text.register_template_string("subject.txt", subject).expect("a sound template");
        text.register_template_string("body.txt", text_body).expect("a sound template");
        let mut html = Handlebars::new();
        html.set_strict_mode(true);
        html.register_template_string("body.html", html_body).expect("a sound template");
        Self { text, html }
    }
}

/// What the letter with a document says.
pub(super) fn words(issued: &IssuedDocument<'_>) -> Result<Words, RenderError> {
    let templates = match issued.document {
        Document::Invoice(_) => &INVOICE,
        Document::CreditNote(..) => &CREDIT_NOTE,
        Document::Reminder(..) => &REMINDER,
    };
    let facts = facts(issued);
    Ok(Words {
        subject: fill(&templates.text, "subject.txt", &facts)?.trim_end().to_owned(),
        text: fill(&templates.text, "body.txt", &facts)?,
        html: fill(&templates.html, "body.html", &facts)?,
    })
}

fn facts<'a>(issued: &IssuedDocument<'a>) -> Facts<'a> {
    let document = issued.document;
    let about = document.invoice();
    let (issuer, total, own) = match document {
        Document::Invoice(invoice) => (
            &invoice.issuer,
            invoice.invoice.total_ore,
            OwnFacts::Invoice {
                due_date: norwegian::long_date(invoice.due_date),
                account_number: norwegian::account_number(&invoice.account_number),
            },
        ),
        Document::CreditNote(note, _) => (
            &note.issuer,
            note.total_ore,
            OwnFacts::CreditNote {
                credited_number: note.credited.number.to_string(),
                credited_date: norwegian::long_date(note.credited.invoice_date),
                reason: &note.reason,
                effect: credit_note::effect(note),
                succession: credit_note::succession(note),
            },
        ),
        Document::Reminder(made, _, invoice) => (
            &invoice.issuer,
            made.total(),
            OwnFacts::Reminder {
                request: sentence("reminder-request", [("number", &invoice.number.to_string())]),
                invoice_date: norwegian::long_date(invoice.invoice_date),
                was_due: norwegian::long_date(invoice.due_date),
                amounts: reminder::amounts(made),
                due_date: norwegian::long_date(made.reminded.pay_by),
                account_number: norwegian::account_number(&invoice.account_number),
                payment_reference: invoice::payment_reference(invoice),
            },
        ),
    };
    Facts {
        number: document.number().to_string(),
        issuer: &issuer.name,
        issuer_organisation_number: norwegian::organisation_number(&issuer.organisation_number),
        recipient: &document.recipient().name,
        procurement: issued.procurement_name,
        total: norwegian::kroner(total),
        buyer_reference: about.invoice.buyer_reference.as_deref(),
        illustrative: issued.illustrative,
        banner: word("illustrative"),
        own,
    }
}

fn fill(templates: &Handlebars<'_>, template: &'static str, facts: &Facts<'_>) -> Result<String, RenderError> {
    templates.render(template, facts).map_err(|source| RenderError::Template { template, source })
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::render::sample;

    fn said(document: Document<'_>, procurement_name: &str, illustrative: bool) -> Words {
        words(&IssuedDocument { document, procurement_name, illustrative }).unwrap()
    }

    #[test]
    fn the_words_of_the_message_read_well() {
        let invoice = sample::invoice();
        let written = said(Document::Invoice(&invoice), "<Felles & likt>", true);
        expect_file!["../../../tests/golden/mail/invoice.txt"].assert_eq(&written.text);
        assert!(written.html.contains("&lt;Felles &amp; likt&gt;"));
        assert!(!said(Document::Invoice(&invoice), "", false).text.contains("oppdiktet"));
    }

    #[test]
    fn a_credit_note_and_a_reminder_are_written_of_in_their_own_words() {
        let invoice = sample::invoice();
        let note = sample::credit_note();
        let written = said(Document::CreditNote(&note, &invoice), sample::PROCUREMENT, false);
        expect_file!["../../../tests/golden/mail/credit_note.txt"].assert_eq(&written.text);
        assert_eq!(written.subject, "Kreditnota 552400022 fra Troms fylkeskommune");
        assert!(written.html.contains("er kommet i dens sted"));
        let (reminder, reminded_of) = sample::reminder();
        let written = said(Document::Reminder(&reminder, 2, &reminded_of), sample::PROCUREMENT, true);
        expect_file!["../../../tests/golden/mail/reminder.txt"].assert_eq(&written.text);
        assert!(written.html.contains("Purregebyr"));
    }
}
