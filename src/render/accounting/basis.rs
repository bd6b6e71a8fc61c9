//! The basis of invoices (fakturagrunnlag): a row for each line of each document, and one with its sums, as CSV.
//!
//! A reminder claims more for an invoice and is none itself: its fee and interest stand among the postings alone.

use std::io::Write;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{AccountingError, Books, column_names};
use crate::domain::calendar::Period;
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::invoice_run::{InvoiceParty, Issuer};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::{DocumentKind, VatTreatment};
use crate::render::words::word;
use crate::view::postings::Account;

/// The columns: their names, and what stands there.
pub const COLUMNS: &[(&[&str], &str)] = &[
    (&["radtype"], "linje or sum"),
    (
        &["bilagstype", "bilag"],
        "Faktura, Krav or Kreditnota, and its number; the amounts of a credit note are below zero",
    ),
    (&["krediterer"], "the number of what a credit note credits"),
    (&["dato", "forfall"], "its date, and the day by which it is to be paid"),
    (&["utsteder"], "the organisation number of who issues"),
    (&["kundenr", "kommunenr", "kunde"], "who pays: organisation number, municipality or county number, name"),
    (
        &["deres referanse", "bestillingsnummer", "kontering"],
        "what the payer wants said: its reference, its order, its account",
    ),
    (&["behandling", "vedtak"], "how VAT is treated, and by which decisions"),
    (&["linje", "tekst", "fra", "til"], "the line, from 1; what it is for, and for which days"),
    (&["konto", "mva-kode", "mva-sats"], "the account and VAT code of the settings; output VAT in percent"),
    (&["uten mva", "viderebelastet mva"], "kroner: excluding VAT, and the supplier's VAT that is passed on"),
    (
        &["mva", "å betale"],
        "kroner, in rows of sums alone: output VAT is computed once on the sum of each rate, not by line",
    ),
    (&["kid"], "what it is paid with"),
];

/// A document of the basis.
#[derive(Debug, Clone, Copy)]
pub enum Document<'book> {
    /// An invoice or a claim.
    Issued(&'book Issued),
    /// A credit note.
    CreditNote(&'book CreditNoteIssued),
}

impl Document<'_> {
    /// Its date and its number: their order.
    #[must_use]
    pub fn date_and_number(&self) -> (NaiveDate, u64) {
        match self {
            Self::Issued(issued) => (issued.invoice_date, issued.number),
            Self::CreditNote(note) => (note.date, note.number),
        }
    }
}

/// What all rows of a document say.
struct Head<'book> {
    kind: DocumentKind,
    type_word: String,
    number: u64,
    credits: Option<u64>,
    date: NaiveDate,
    due_date: Option<NaiveDate>,
    issuer: &'book Issuer,
    payer: &'book InvoiceParty,
    buyer_reference: Option<&'book str>,
    order_reference: Option<&'book str>,
    accounting_cost: Option<&'book str>,
    treatment: VatTreatment,
    decisions: String,
    kid: Option<&'book str>,
}

struct Line<'book> {
    number: usize,
    text: &'book str,
    period: Option<Period>,
    vat_percent: Decimal,
    net_ore: Ore,
    passed_on_vat_ore: Option<Ore>,
}

#[expect(clippy::struct_field_names, reason = "an amount says its unit")]
struct Sums {
    net_ore: Ore,
    passed_on_vat_ore: Ore,
    vat_ore: Ore,
    total_ore: Ore,
}

/// Writes the file; the columns stand at the top of this module.
///
/// # Errors
/// The chart lacks an account, or it cannot be written.
pub fn write(books: &Books<'_>, documents: &[Document<'_>], out: &mut dyn Write) -> Result<(), AccountingError> {
    let mut writer = books.layout.writer(&column_names(COLUMNS), out)?;
    for document in documents {
        let (head, lines, sums) = taken_apart(document);
        for line in &lines {
            writer.write_record(line_row(books, &head, line)?)?;
        }
        writer.write_record(sum_row(books, &head, &sums))?;
    }
    Ok(writer.flush()?)
}

fn taken_apart<'book>(document: &Document<'book>) -> (Head<'book>, Vec<Line<'book>>, Sums) {
    match document {
        Document::Issued(issued) => of_issued(issued),
        Document::CreditNote(note) => of_credit_note(note),
    }
}

fn of_issued(issued: &Issued) -> (Head<'_>, Vec<Line<'_>>, Sums) {
    let invoice = &issued.invoice;
    let head = Head {
        kind: invoice.kind,
        type_word: word(match invoice.kind {
            DocumentKind::Invoice => "document-invoice",
            DocumentKind::Claim => "document-claim",
        }),
        number: issued.number,
        credits: None,
        date: issued.invoice_date,
        due_date: Some(issued.due_date),
        issuer: &issued.issuer,
        payer: &invoice.recipient,
        buyer_reference: invoice.buyer_reference.as_deref(),
        order_reference: invoice.order_reference.as_deref(),
        accounting_cost: invoice.accounting_cost.as_deref(),
        treatment: invoice.treatment,
        decisions: invoice.decisions.join(", "),
        kid: issued.kid.as_deref(),
    };
    let lines = (1..).zip(&invoice.lines).map(|(number, line)| Line {
        number,
        text: &line.text,
        period: line.period,
        vat_percent: line.vat_percent,
        net_ore: line.net_ore,
        passed_on_vat_ore: line.passed_on_vat_ore,
    });
    let sums = Sums {
        net_ore: invoice.net_ore,
        passed_on_vat_ore: invoice.passed_on_vat_ore,
        vat_ore: invoice.vat_ore,
        total_ore: invoice.total_ore,
    };
    (head, lines.collect(), sums)
}

fn of_credit_note(note: &CreditNoteIssued) -> (Head<'_>, Vec<Line<'_>>, Sums) {
    let head = Head {
        kind: note.kind,
        type_word: word("voucher-type-credit-note"),
        number: note.number,
        credits: Some(note.credited.number),
        date: note.date,
        due_date: None,
        issuer: &note.issuer,
        payer: &note.recipient,
        buyer_reference: note.buyer_reference.as_deref(),
        order_reference: note.order_reference.as_deref(),
        accounting_cost: note.accounting_cost.as_deref(),
        treatment: note.treatment,
        decisions: String::new(),
        kid: None,
    };
    let lines = note.lines.iter().map(|line| Line {
        number: line.line,
        text: &line.text,
        period: line.period,
        vat_percent: line.vat_percent,
        net_ore: -line.net_ore,
        passed_on_vat_ore: line.passed_on_vat_ore.map(|vat| -vat),
    });
    let sums = Sums {
        net_ore: -note.net_ore,
        passed_on_vat_ore: -note.passed_on_vat_ore,
        vat_ore: -note.vat_ore,
        total_ore: -note.total_ore,
    };
    (head, lines.collect(), sums)
}

fn head_cells(books: &Books<'_>, head: &Head<'_>) -> [String; 14] {
    let layout = books.layout;
    let optional = |text: Option<&str>| text.map(|text| layout.text(text)).unwrap_or_default();
    [
        head.type_word.clone(),
        head.number.to_string(),
        head.credits.map(|number| number.to_string()).unwrap_or_default(),
        layout.date(head.date),
        head.due_date.map(|day| layout.date(day)).unwrap_or_default(),
        head.issuer.organisation_number.clone(),
        head.payer.organisation_number.clone(),
        optional(head.payer.number.as_deref()),
        layout.text(&head.payer.name),
        optional(head.buyer_reference),
        optional(head.order_reference),
        optional(head.accounting_cost),
        head.treatment.word().to_owned(),
        layout.text(&head.decisions),
    ]
}

fn line_row(books: &Books<'_>, head: &Head<'_>, line: &Line<'_>) -> Result<Vec<String>, AccountingError> {
    let layout = books.layout;
    let account = match head.kind {
        DocumentKind::Invoice => Account::Resale { vat_percent: line.vat_percent },
        DocumentKind::Claim => Account::Claim { treatment: head.treatment },
    };
    let day = |day: fn(Period) -> NaiveDate| line.period.map(|period| layout.date(day(period))).unwrap_or_default();
    let mut row = vec!["linje".to_owned()];
    row.extend(head_cells(books, head));
    row.extend([
        line.number.to_string(),
        layout.text(line.text),
        day(|period| period.first),
        day(|period| period.last),
        books.chart.account(account)?.number.clone(),
        books.chart.vat_code(account).map(|code| code.code.to_owned()).unwrap_or_default(),
        layout.number(line.vat_percent.normalize()),
        layout.amount(line.net_ore),
        line.passed_on_vat_ore.map(|vat| layout.amount(vat)).unwrap_or_default(),
        String::new(),
        String::new(),
        head.kid.unwrap_or_default().to_owned(),
    ]);
    Ok(row)
}

fn sum_row(books: &Books<'_>, head: &Head<'_>, sums: &Sums) -> Vec<String> {
    let layout = books.layout;
    let mut row = vec!["sum".to_owned()];
    row.extend(head_cells(books, head));
    row.extend((0..7).map(|_| String::new()));
    row.extend([
        layout.amount(sums.net_ore),
        layout.amount(sums.passed_on_vat_ore),
        layout.amount(sums.vat_ore),
        layout.amount(sums.total_ore),
        head.kid.unwrap_or_default().to_owned(),
    ]);
    row
}
