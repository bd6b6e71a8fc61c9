//! What must hold before a document is written, above all what the official rules let pass.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::amounts;
use super::document::{Attachment, EhfDocument, Kind, Party, Payment};
use super::error::{EhfError, Field};
use crate::domain::TEXT_BYTES_MAX;
use crate::domain::calendar::{Period, day_is_taken};
use crate::domain::check_digit::{is_account_number, is_kid, is_organisation_number};

/// The most lines of a document.
pub const LINES_MAX: usize = 1_000;
/// The longest note, description or reason.
pub const LONG_TEXT_BYTES_MAX: usize = 4_000;
/// The most that all attachments hold together, so that the file passes every access point.
pub const ATTACHMENTS_BYTES_MAX: usize = 20 * 1024 * 1024;

const POSTAL_CODE_LENGTH: usize = 4;

/// Whether the document can be written as it is; a plan may be asked before its invoices are numbered.
///
/// # Errors
/// The first thing that is wrong, by the order of the document.
pub fn check(document: &EhfDocument) -> Result<(), EhfError> {
    head(document)?;
    kind(document)?;
    attachments(&document.attachments)?;
    party(&document.issuer.party, &ISSUER)?;
    party(&document.recipient, &RECIPIENT)?;
    lines(document)?;
    amounts::check(document)
}

fn head(document: &EhfDocument) -> Result<(), EhfError> {
    text(Field::of_document("number"), &document.number)?;
    long_text(Field::of_document("note"), document.note.as_deref())?;
    for (name, content) in [
        ("accounting cost", &document.accounting_cost),
        ("buyer reference", &document.buyer_reference),
        ("order reference", &document.order_reference),
        ("contract reference", &document.contract_reference),
    ] {
        optional_text(Field::of_document(name), content.as_deref())?;
    }
    if document.buyer_reference.is_none() && document.order_reference.is_none() {
        return Err(EhfError::ReferenceMissing);
    }
    taken(Field::of_document("issue date"), document.issue_date)?;
    document.period.map_or(Ok(()), |period| in_order(Field::of_document("period"), period))
}

fn kind(document: &EhfDocument) -> Result<(), EhfError> {
    let issue_date = document.issue_date;
    match &document.kind {
        Kind::Invoice { due_date, .. } if *due_date < issue_date => {
            return Err(EhfError::DueBeforeIssue { issue_date, due_date: *due_date });
        }
        Kind::Invoice { due_date, .. } => taken(Field::of_document("due date"), *due_date)?,
        Kind::CreditNote { credited, .. } => {
            text(Field::of_document("number of the credited invoice"), &credited.number)?;
            taken(Field::of_document("date of the credited invoice"), credited.issue_date)?;
            if credited.number == document.number {
                return Err(EhfError::CreditsItself { number: document.number.clone() });
            }
            if credited.issue_date > issue_date {
                return Err(EhfError::CreditedAfterIssue { issue_date, credited_date: credited.issue_date });
            }
        }
    }
    document.kind.payment().map_or(Ok(()), payment)
}

fn payment(payment: &Payment) -> Result<(), EhfError> {
    if !is_account_number(&payment.account_number) {
        let field = Field::of_document("account number");
        return Err(EhfError::AccountNumberFaulty { field, number: payment.account_number.clone() });
    }
    match &payment.kid {
        Some(kid) if !is_kid(&kid.number, kid.method) => {
            let field = Field::of_document("KID");
            Err(EhfError::KidFaulty { field, number: kid.number.clone(), method: kid.method })
        }
        Some(_) | None => Ok(()),
    }
}

/// What the fields of a party are called.
struct PartyFields {
    name: &'static str,
    organisation_number: &'static str,
    street: &'static str,
    postal_code: &'static str,
    city: &'static str,
}

const ISSUER: PartyFields = PartyFields {
    name: "issuer's name",
    organisation_number: "issuer's organisation number",
    street: "issuer's street",
    postal_code: "issuer's postal code",
    city: "issuer's city",
};

const RECIPIENT: PartyFields = PartyFields {
    name: "recipient's name",
    organisation_number: "recipient's organisation number",
    street: "recipient's street",
    postal_code: "recipient's postal code",
    city: "recipient's city",
};

fn party(party: &Party, fields: &PartyFields) -> Result<(), EhfError> {
    text(Field::of_document(fields.name), &party.name)?;
    if !is_organisation_number(&party.organisation_number) {
        let field = Field::of_document(fields.organisation_number);
        return Err(EhfError::OrganisationNumberFaulty { field, number: party.organisation_number.clone() });
    }
    let Some(address) = &party.address else { return Ok(()) };
    optional_text(Field::of_document(fields.street), address.street.as_deref())?;
    let code = &address.postal_code;
    if code.len() != POSTAL_CODE_LENGTH || !code.chars().all(|character| character.is_ascii_digit()) {
        return Err(EhfError::PostalCodeFaulty { field: Field::of_document(fields.postal_code), code: code.clone() });
    }
    text(Field::of_document(fields.city), &address.city)
}

fn lines(document: &EhfDocument) -> Result<(), EhfError> {
    let line_count = document.lines.len();
    if line_count == 0 || line_count > LINES_MAX {
        return Err(EhfError::LineCountImpossible { line_count, most: LINES_MAX });
    }
    let mut ids = HashSet::new();
    for (index, line) in document.lines.iter().enumerate() {
        let field = Field::of_line("id", index);
        text(field, &line.id)?;
        if !ids.insert(line.id.trim()) {
            return Err(EhfError::LineIdRepeated { field, id: line.id.clone() });
        }
        text(Field::of_line("text", index), &line.text)?;
        long_text(Field::of_line("description", index), line.description.as_deref())?;
        if let Some(period) = line.period {
            let field = Field::of_line("period", index);
            in_order(field, period)?;
            if document.period.is_some_and(|whole| !whole.encloses(period)) {
                return Err(EhfError::PeriodOutside { field });
            }
        }
    }
    Ok(())
}

fn attachment(index: usize, attachment: &Attachment) -> Result<(), EhfError> {
    text(Field::of_attachment("reference", index), &attachment.reference)?;
    optional_text(Field::of_attachment("description", index), attachment.description.as_deref())?;
    let field = Field::of_attachment("file name", index);
    text(field, &attachment.file_name)?;
    if attachment.file_name.contains(['/', '\\']) {
        return Err(EhfError::FileNameIsPath { field, file_name: attachment.file_name.clone() });
    }
    if attachment.content.is_empty() {
        return Err(EhfError::AttachmentEmpty { field: Field::of_attachment("content", index) });
    }
    Ok(())
}

fn attachments(attachments: &[Attachment]) -> Result<(), EhfError> {
    let bytes_count = attachments.iter().map(|attachment| attachment.content.len()).sum();
    if bytes_count > ATTACHMENTS_BYTES_MAX {
        return Err(EhfError::AttachmentsTooLarge { bytes_count, bytes_max: ATTACHMENTS_BYTES_MAX });
    }
    let mut references = HashSet::new();
    let mut file_names = HashSet::new();
    for (index, each) in attachments.iter().enumerate() {
        attachment(index, each)?;
        if !references.insert(&each.reference) {
            let field = Field::of_attachment("reference", index);
            return Err(EhfError::AttachmentRepeated { field, name: each.reference.clone() });
        }
        if !file_names.insert(&each.file_name) {
            let field = Field::of_attachment("file name", index);
            return Err(EhfError::AttachmentRepeated { field, name: each.file_name.clone() });
        }
    }
    Ok(())
}

fn taken(field: Field, day: NaiveDate) -> Result<(), EhfError> {
    if day_is_taken(day) { Ok(()) } else { Err(EhfError::DayNotTaken { field, day }) }
}

fn in_order(field: Field, Period { first, last }: Period) -> Result<(), EhfError> {
    taken(field, first)?;
    taken(field, last)?;
    if last < first { Err(EhfError::PeriodReversed { field, first, last }) } else { Ok(()) }
}

fn optional_text(field: Field, content: Option<&str>) -> Result<(), EhfError> {
    content.map_or(Ok(()), |content| text(field, content))
}

/// One line of text that says something.
fn text(field: Field, content: &str) -> Result<(), EhfError> {
    sound(field, content, TEXT_BYTES_MAX, &[])
}

/// Text that says something and may have several lines.
pub(super) fn long_text(field: Field, content: Option<&str>) -> Result<(), EhfError> {
    content.map_or(Ok(()), |content| sound(field, content, LONG_TEXT_BYTES_MAX, &['\n']))
}

fn sound(field: Field, content: &str, bytes_max: usize, allowed: &[char]) -> Result<(), EhfError> {
    if content.trim().is_empty() {
        return Err(EhfError::TextEmpty { field });
    }
    if content.len() > bytes_max {
        return Err(EhfError::TextTooLong { field, bytes_max });
    }
    // XML has no way to write U+FFFE and U+FFFF, nor most control characters.
    let forbidden = |c: &char| (c.is_control() && !allowed.contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}');
    content
        .chars()
        .find(forbidden)
        .map_or(Ok(()), |character| Err(EhfError::CharacterForbidden { field, code: u32::from(character) }))
}
