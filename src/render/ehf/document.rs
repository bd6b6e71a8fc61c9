//! What an e-invoice says, completely and in plain values.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::calendar::Period;
use crate::domain::check_digit::KidMethod;
use crate::domain::money::Ore;

/// An invoice or a credit note in Norwegian kroner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EhfDocument {
    /// Its number in the issuer's series.
    pub number: String,
    /// The date on it.
    pub issue_date: NaiveDate,
    /// Invoice or credit note, and what only the one of them has.
    pub kind: Kind,
    /// A remark on the whole document.
    pub note: Option<String>,
    /// Who issues.
    pub issuer: Issuer,
    /// Who pays, or is credited.
    pub recipient: Party,
    /// At whom what is sold is delivered; none where nothing is sold.
    pub delivered_to: Option<String>,
    /// "Deres ref.": by which the recipient finds who ordered. This or the order reference must be there.
    pub buyer_reference: Option<String>,
    /// The recipient's purchase order.
    pub order_reference: Option<String>,
    /// The agreement it rests on.
    pub contract_reference: Option<String>,
    /// The accounts to which the recipient wants to book it.
    pub accounting_cost: Option<String>,
    /// The days it covers.
    pub period: Option<Period>,
    /// Files that go with it: the document as PDF, the supplier's invoice.
    pub attachments: Vec<Attachment>,
    /// What is claimed or credited.
    pub lines: Vec<Line>,
    /// VAT by category and rate: one for each that the lines have.
    pub vat: Vec<VatSubtotal>,
    /// The sums.
    pub totals: Totals,
}

/// Invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A claim.
    Invoice {
        /// The day by which it is to be paid.
        due_date: NaiveDate,
        /// How.
        payment: Payment,
    },
    /// A claim taken back, in whole or in part. Its amounts are positive where something is taken back.
    CreditNote {
        /// The invoice it corrects.
        credited: CreditedInvoice,
        /// How the invoice was to be paid, where the recipient matches by that.
        payment: Option<Payment>,
    },
}

impl Kind {
    /// How it is paid.
    #[must_use]
    pub fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Invoice { payment, .. } => Some(payment),
            Self::CreditNote { payment, .. } => payment.as_ref(),
        }
    }
}

/// The invoice that a credit note corrects. Its issuer may be a predecessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditedInvoice {
    /// Its number.
    pub number: String,
    /// The date on it.
    pub issue_date: NaiveDate,
}

/// A payment to an account (means code 30, credit transfer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The Norwegian account number: eleven digits, the last checks the others by MOD11.
    pub account_number: String,
    /// What the payer states with the payment.
    pub kid: Option<Kid>,
}

/// A customer identification (KID).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kid {
    /// 2 to 25 characters.
    pub number: String,
    /// How its last character checks the others: as agreed with the bank.
    pub method: KidMethod,
}

/// Who issues, and what registers say of it on the date of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Who.
    pub party: Party,
    /// Whether it stands in Merverdiavgiftsregisteret, so that it may charge VAT.
    pub vat_registered: bool,
    /// Whether the document must say "Foretaksregisteret": an AS, ASA or NUF, never a county authority
    /// (foretaksregisterloven § 10-2).
    pub in_foretaksregisteret: bool,
}

/// A Norwegian issuer or recipient. Its e-invoice address is its organisation number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The registered name.
    pub name: String,
    /// Nine digits, the last checks the others by MOD11.
    pub organisation_number: String,
    /// Where it is; only the country is written where this is not known.
    pub address: Option<Address>,
}

/// A Norwegian address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Street and number, or post box.
    pub street: Option<String>,
    /// Four digits.
    pub postal_code: String,
    /// Where the post goes.
    pub city: String,
}

/// A line of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name within the document, such as 1.
    pub id: String,
    /// What it is for.
    pub text: String,
    /// More about it, such as how the share came about.
    pub description: Option<String>,
    /// How many; negative where the line takes something back, since a price never is.
    pub quantity: Decimal,
    /// Of what.
    pub unit: Unit,
    /// The price of one in kroner, excluding VAT, with at most six decimals.
    pub unit_price_kroner: Decimal,
    /// Quantity times price excluding VAT, the nearest øre, half away from zero.
    ///
    /// A claim without output VAT (kostnadsdeling, utlegg) holds the supplier's VAT here: it is part of what is claimed.
    pub net_ore: Ore,
    /// How it stands to VAT.
    pub category: VatCategory,
    /// The days it covers, within those of the document.
    pub period: Option<Period>,
}

impl Line {
    /// A line of one piece: the usual share of a cost. Below zero the piece is taken back.
    #[must_use]
    pub fn of_one(id: impl Into<String>, text: impl Into<String>, net_ore: Ore, category: VatCategory) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            description: None,
            quantity: if net_ore.is_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
            unit: Unit::Piece,
            unit_price_kroner: net_ore.kroner().abs(),
            net_ore,
            category,
            period: None,
        }
    }
}

/// What is counted (UN/ECE recommendation 20). Other codes are legal and mean what nobody meant: STK is a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// C62, one.
    Piece,
    /// ANN.
    Year,
    /// MON.
    Month,
    /// DAY.
    Day,
    /// HUR.
    Hour,
}

impl Unit {
    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Piece => "C62",
            Self::Year => "ANN",
            Self::Month => "MON",
            Self::Day => "DAY",
            Self::Hour => "HUR",
        }
    }
}

/// How a line stands to VAT (UNCL 5305). It is decided by the county's finance office and never inferred from a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VatCategory {
    /// S: a supply at a rate above zero (viderefakturering).
    Standard {
        /// The rate in percent.
        percent: Decimal,
    },
    /// Z: a supply that the law takes at the rate of zero (mval. chapter 6), such as books.
    ZeroRated,
    /// E: a supply that the law exempts (unntatt, mval. §§ 3-2 ff.).
    Exempt,
    /// O: no supply at all, which is what sharing a cost (kostnadsdeling) and claiming an outlay (utlegg) are, and what is
    /// otherwise outside the law (utenfor). Such lines never share a document with others (BR-O-11 ff.).
    OutsideScope,
}

impl VatCategory {
    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard { .. } => "S",
            Self::ZeroRated => "Z",
            Self::Exempt => "E",
            Self::OutsideScope => "O",
        }
    }

    /// The rate in percent; none outside the scope of VAT.
    #[must_use]
    pub fn percent(self) -> Option<Decimal> {
        match self {
            Self::Standard { percent } => Some(percent),
            Self::ZeroRated | Self::Exempt => Some(Decimal::ZERO),
            Self::OutsideScope => None,
        }
    }

    /// Whether the document must say why there is no VAT.
    #[must_use]
    pub fn asks_for_a_reason(self) -> bool {
        match self {
            Self::Standard { .. } | Self::ZeroRated => false,
            Self::Exempt | Self::OutsideScope => true,
        }
    }
}

/// The code and the rate, such as `S 25 %`.
impl fmt::Display for VatCategory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard { percent } => write!(formatter, "S {} %", percent.normalize()),
            Self::ZeroRated | Self::Exempt | Self::OutsideScope => formatter.write_str(self.code()),
        }
    }
}

/// VAT of all lines of one category and rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatSubtotal {
    /// Category and rate.
    pub category: VatCategory,
    /// Why there is no VAT, in the words that will be read; for exempt and outside the scope, and only there.
    pub reason: Option<String>,
    /// The sum of the lines excluding VAT.
    pub net_ore: Ore,
    /// VAT on that sum, the nearest øre, half away from zero.
    pub vat_ore: Ore,
}

/// The sums of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// All lines excluding VAT.
    pub net_ore: Ore,
    /// All VAT.
    pub vat_ore: Ore,
    /// Both: what is to be paid or is credited. Never below zero.
    pub total_ore: Ore,
}

/// A file within the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called among the documents, such as the number of the supplier's invoice.
    pub reference: String,
    /// What it is, in words.
    pub description: Option<String>,
    /// The name under which a reader saves it.
    pub file_name: String,
    /// What kind of file it is.
    pub media_type: MediaType,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The kinds of files that an e-invoice may hold (BR-CL-24). XML is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// CSV.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// A spreadsheet in the open format (ODS).
    Ods,
}

impl MediaType {
    const ALL: [Self; 6] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Csv, Self::Xlsx, Self::Ods];

    /// The one of this name; none where an e-invoice may not hold it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media_type| media_type.name() == name)
    }

    /// The name, such as `application/pdf`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        }
    }
}
