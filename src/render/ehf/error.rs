//! Why a document is not written, in one sentence that names the field.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::document::VatCategory;
use crate::domain::check_digit::KidMethod;
use crate::domain::money::Ore;
use crate::domain::party::WrittenForm;
use crate::text::norwegian;

/// A field of the document, such as `the text of line 2`. Lines and attachments are counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    name: &'static str,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Document,
    Line(usize),
    Attachment(usize),
    Vat(VatCategory),
}

impl Field {
    pub(super) fn of_document(name: &'static str) -> Self {
        Self { name, place: Place::Document }
    }

    pub(super) fn of_line(name: &'static str, index: usize) -> Self {
        Self { name, place: Place::Line(index + 1) }
    }

    pub(super) fn of_attachment(name: &'static str, index: usize) -> Self {
        Self { name, place: Place::Attachment(index + 1) }
    }

    pub(super) fn of_vat(name: &'static str, category: VatCategory) -> Self {
        Self { name, place: Place::Vat(category) }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.place {
            Place::Document => write!(formatter, "the {name}"),
            Place::Line(number) => write!(formatter, "the {name} of line {number}"),
            Place::Attachment(number) => write!(formatter, "the {name} of attachment {number}"),
            Place::Vat(category) => write!(formatter, "the {name} of VAT category {category}"),
        }
    }
}

impl Field {
    /// What it is called in Norwegian; none where only English has a word for it.
    fn in_norwegian(self, form: WrittenForm) -> Option<String> {
        let name = match self.name {
            "issuer's name" => "ehf-field-issuer-name",
            "issuer's organisation number" => "ehf-field-issuer-organisation-number",
            "issuer's street" => "ehf-field-issuer-street",
            "issuer's postal code" => "ehf-field-issuer-postal-code",
            "issuer's city" => "ehf-field-issuer-city",
            "recipient's name" => "ehf-field-recipient-name",
            "recipient's organisation number" => "ehf-field-recipient-organisation-number",
            "recipient's street" => "ehf-field-recipient-street",
            "recipient's postal code" => "ehf-field-recipient-postal-code",
            "recipient's city" => "ehf-field-recipient-city",
            "buyer reference" => "ehf-field-buyer-reference",
            "text" => "ehf-field-text",
            "description" => "ehf-field-description",
            _ => return None,
        };
        let name = norwegian(form, name, &[]);
        match self.place {
            Place::Document => Some(name),
            Place::Line(line) => {
                Some(norwegian(form, "ehf-field-of-line", &[("name", &name), ("line", &line.to_string())]))
            }
            Place::Attachment(_) | Place::Vat(_) => None,
        }
    }
}

impl EhfError {
    /// The sentence in Norwegian, of what is at fault with a recipient, an issuer or the words of a line; none of what else
    /// can be, which is said in English.
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else can be wrong is said in English")]
    pub(in crate::render) fn in_norwegian(&self, form: WrittenForm) -> Option<String> {
        let of_field = |key, field: &Field, with: &[(&'static str, &str)]| {
            let field = field.in_norwegian(form)?;
            let with: Vec<(&'static str, &str)> = with.iter().copied().chain([("field", field.as_str())]).collect();
            Some(norwegian(form, key, &with))
        };
        match self {
            Self::TextEmpty { field } => of_field("ehf-fault-empty", field, &[]),
            Self::TextTooLong { field, bytes_max } => {
                of_field("ehf-fault-too-long", field, &[("most", &bytes_max.to_string())])
            }
            Self::CharacterForbidden { field, code } => {
                of_field("ehf-fault-character", field, &[("code", &format!("U+{code:04X}"))])
            }
            Self::OrganisationNumberFaulty { field, number } => {
                of_field("ehf-fault-organisation-number", field, &[("number", number)])
            }
            Self::PostalCodeFaulty { field, code } => of_field("ehf-fault-postal-code", field, &[("code", code)]),
            Self::ReferenceMissing => Some(norwegian(form, "ehf-fault-reference", &[])),
            Self::TooManyFiles { count, most } => {
                let counts = [("count", &*count.to_string()), ("most", &*most.to_string())];
                Some(norwegian(form, "ehf-fault-files", &counts))
            }
            Self::TotalNegative { .. } => Some(norwegian(form, "ehf-fault-negative", &[])),
            Self::AttachmentsTooLarge { bytes_count, bytes_max } => {
                let bytes = [("bytes", &*bytes_count.to_string()), ("most", &*bytes_max.to_string())];
                Some(norwegian(form, "ehf-fault-files-too-large", &bytes))
            }
            _ => None,
        }
    }
}

/// Why a document is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say what the fields hold")]
pub enum EhfError {
    /// A text is there and says nothing.
    #[error("{field} is empty; write it, or leave it out where it may be missing")]
    TextEmpty { field: Field },
    /// A text is too long.
    #[error("{field} is longer than {bytes_max} bytes; shorten it")]
    TextTooLong { field: Field, bytes_max: usize },
    /// A text holds what XML cannot, or what no reader shows.
    #[error("{field} holds the character U+{code:04X}, which an e-invoice must not hold; remove it")]
    CharacterForbidden { field: Field, code: u32 },
    /// No organisation number.
    #[error(
        "{field}, \"{number}\", is not nine digits of which the last is the right check digit (MOD11); \
             copy it from Enhetsregisteret, without spaces"
    )]
    OrganisationNumberFaulty { field: Field, number: String },
    /// No account number.
    #[error(
        "{field}, \"{number}\", is not eleven digits of which the last is the right check digit (MOD11); \
             check it against the bank's papers and leave points and spaces out"
    )]
    AccountNumberFaulty { field: Field, number: String },
    /// No KID.
    #[error("{field}, \"{number}\", is not 2 to 25 digits of which the last is the right check digit ({}); \
             make it by the method agreed with the bank", method_name(*.method))]
    KidFaulty { field: Field, number: String, method: KidMethod },
    /// No postal code.
    #[error("{field}, \"{code}\", is not four digits; write it as in 9008")]
    PostalCodeFaulty { field: Field, code: String },
    /// The recipient could not find who ordered.
    #[error(
        "the buyer reference and the order reference are both missing; \
             write one of them, since public recipients return what has none"
    )]
    ReferenceMissing,
    /// It is due too early.
    #[error("the due date {due_date} is before the issue date {issue_date}; put it on that day or later")]
    DueBeforeIssue { issue_date: NaiveDate, due_date: NaiveDate },
    /// It credits what was not there yet.
    #[error(
        "the date {credited_date} of the credited invoice is after the issue date {issue_date}; \
             copy it from that invoice"
    )]
    CreditedAfterIssue { issue_date: NaiveDate, credited_date: NaiveDate },
    /// A credit note by the same number as the invoice.
    #[error("the number of the credited invoice is that of the credit note, {number}; copy it from that invoice")]
    CreditsItself { number: String },
    /// A day in another age.
    #[error("{field}, {day}, is not between 1800 and 2100; check the year")]
    DayNotTaken { field: Field, day: NaiveDate },
    /// A period ends before it begins.
    #[error("{field} ends on {last}, before it begins on {first}; turn the days round")]
    PeriodReversed { field: Field, first: NaiveDate, last: NaiveDate },
    /// A line covers other days than the document.
    #[error("{field} reaches outside the period of the document; widen that one or shorten this one")]
    PeriodOutside { field: Field },
    /// No line, or too many.
    #[error("the document has {line_count} lines; it must have from 1 to {most}")]
    LineCountImpossible { line_count: usize, most: usize },
    /// Two lines are called the same.
    #[error("{field}, \"{id}\", is that of an earlier line; give every line its own")]
    LineIdRepeated { field: Field, id: String },
    /// A quantity of nothing, too large or too fine.
    #[error(
        "{field}, {quantity}, is zero, too large or has more than {decimals_max} decimals; \
             write another number of units"
    )]
    QuantityImpossible { field: Field, quantity: Decimal, decimals_max: u32 },
    /// A price below zero, too large or too fine.
    #[error(
        "{field}, {unit_price_kroner}, is negative, too large or has more than {decimals_max} decimals; \
             where something is taken back, make the quantity negative"
    )]
    UnitPriceImpossible { field: Field, unit_price_kroner: Decimal, decimals_max: u32 },
    /// An amount above what is taken.
    #[error("{field}, {amount}, is above the largest amount taken, 100 000 000 000 kroner")]
    AmountTooLarge { field: Field, amount: Ore },
    /// An amount does not follow from the others.
    #[error(
        "{field} is {stated} kroner and should be {computed}; \
             compute it from the lines, in whole øre, half away from zero"
    )]
    AmountWrong { field: Field, stated: Ore, computed: Ore },
    /// A rate that cannot be.
    #[error(
        "{field}, {percent}, is not from 0.5 to 100 with at most two decimals; \
             for a rate of zero choose zero-rated, exempt or outside the scope"
    )]
    VatPercentImpossible { field: Field, percent: Decimal },
    /// Lines have a category that is not summed.
    #[error("{field} is missing; sum the lines of every category and rate")]
    VatSubtotalMissing { field: Field },
    /// A category is summed twice.
    #[error("{field} stands twice; sum the lines of a category and rate once")]
    VatSubtotalRepeated { field: Field },
    /// A category is summed that no line has.
    #[error("{field} has no line; leave it out")]
    VatSubtotalWithoutLine { field: Field },
    /// Nothing says why there is no VAT.
    #[error("{field} is missing; say why there is no VAT, with the provision")]
    ReasonMissing { field: Field },
    /// A reason where there is VAT, or a rate of zero.
    #[error("{field} is given, though this category has a rate; leave it out")]
    ReasonUnwanted { field: Field },
    /// Lines outside the scope of VAT beside others.
    #[error("{field} is outside the scope of VAT, and other lines are not; put them on two documents")]
    OutsideScopeMixed { field: Field },
    /// Who is not registered makes no supply within the law.
    #[error(
        "{field} is {category}, and the issuer is not registered for VAT; \
             register it, or treat the line as outside the scope"
    )]
    IssuerNotRegisteredForVat { field: Field, category: VatCategory },
    /// Less than nothing.
    #[error(
        "the total is {total} kroner, less than nothing; \
             what the recipient is to have back is a credit note, and what it is to pay is an invoice"
    )]
    TotalNegative { total: Ore },
    /// A file of nothing.
    #[error("{field} is empty; leave the attachment out or attach the whole file")]
    AttachmentEmpty { field: Field },
    /// Too much for the post.
    #[error(
        "the attachments hold {bytes_count} bytes together, and at most {bytes_max} are taken; attach smaller files"
    )]
    AttachmentsTooLarge { bytes_count: usize, bytes_max: usize },
    /// More files of the supplier than go with a document.
    #[error("{count} of the supplier's invoices would go with it, and at most {most} can")]
    TooManyFiles { count: usize, most: usize },
    /// A file name that is a path.
    #[error("{field}, \"{file_name}\", holds a slash; write a name without folders")]
    FileNameIsPath { field: Field, file_name: String },
    /// Two attachments are called the same.
    #[error("{field}, \"{name}\", is that of an earlier attachment; give every attachment its own")]
    AttachmentRepeated { field: Field, name: String },
}

fn method_name(method: KidMethod) -> &'static str {
    match method {
        KidMethod::Mod10 => "MOD10",
        KidMethod::Mod11 => "MOD11",
    }
}
