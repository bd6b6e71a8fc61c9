//! The posting file: a row for each entry of each voucher, as CSV. A voucher's rows follow each other and come to 0,00.

use std::io::Write;

use super::{AccountingError, Books, Vouchers, column_names, voucher_text, voucher_type};
use crate::view::postings::{Entry, Voucher};

/// The columns: their names, and what stands there.
pub const COLUMNS: &[(&[&str], &str)] = &[
    (&["bilag"], "the number of the voucher: a document's own, or L and the position in the log"),
    (
        &["bilagstype"],
        "Faktura, Krav, Kreditnota, Innbetaling, Kundereskontro (a payment is matched, or taken apart), Utbetaling, Mellomregning (between two issuers: what came in to the other, and claims that passed to who came after), Purring (fee and interest of a reminder), Frafalt (they are no longer asked for)",
    ),
    (&["dato"], "the day as of which it is booked"),
    (&["konto", "kontonavn"], "the account, as the settings have it"),
    (
        &["mva-kode"],
        "the VAT code of what is sold or claimed. Output VAT stands in a row of its own, so nothing is to be computed",
    ),
    (&["beløp"], "kroner: debit above zero, credit below"),
    (&["kundenr", "kunde"], "the organisation number and the name of who pays"),
    (&["dokument"], "the number of the document, where there is one"),
    (&["kid", "forfall"], "what it is paid with, and the day by which it is to be paid"),
    (&["tekst"], "what it is"),
];

/// Writes the file; the columns are [`COLUMNS`].
///
/// # Errors
/// The chart lacks an account, a voucher does not come to nothing, or it cannot be written.
pub fn write(books: &Books<'_>, vouchers: &dyn Vouchers, out: &mut dyn Write) -> Result<(), AccountingError> {
    let mut writer = books.layout.writer(&column_names(COLUMNS), out)?;
    vouchers.each(&mut |voucher| {
        if !books.selects(voucher)? {
            return Ok(());
        }
        for entry in &voucher.entries {
            writer.write_record(row(books, voucher, entry)?)?;
        }
        Ok(())
    })?;
    Ok(writer.flush()?)
}

fn row(books: &Books<'_>, voucher: &Voucher, entry: &Entry) -> Result<[String; 13], AccountingError> {
    let (layout, document) = (books.layout, voucher.document.as_ref());
    let account = books.chart.account(entry.account)?;
    Ok([
        voucher.id.clone(),
        voucher_type(voucher.kind),
        layout.date(voucher.date),
        account.number.clone(),
        layout.text(&account.name),
        books.chart.vat_code(entry.account).map(|code| code.code.to_owned()).unwrap_or_default(),
        layout.amount(entry.amount_ore),
        document.map(|document| document.payer.organisation_number.clone()).unwrap_or_default(),
        document.map(|document| layout.text(&document.payer.name)).unwrap_or_default(),
        document.map(|document| document.number.to_string()).unwrap_or_default(),
        document.and_then(|document| document.kid.clone()).unwrap_or_default(),
        document.and_then(|document| document.due_date).map(|day| layout.date(day)).unwrap_or_default(),
        layout.text(&voucher_text(voucher)),
    ])
}
