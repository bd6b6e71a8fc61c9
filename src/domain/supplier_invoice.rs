//! The supplier's invoice for what is shared: its amounts tie the shares to the øre, and the file itself goes with a claim.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::{Period, day_is_taken};
use super::money::Ore;
use super::text_is_sound;

/// The largest file taken.
pub const FILE_BYTES_MAX: u64 = 10 << 20;
/// The longest name of a file.
const FILE_NAME_BYTES_MAX: usize = 100;
/// The kinds of files that may go with an e-invoice (EN 16931, BR-CL-24) and that people can open.
pub const MEDIA_TYPES: [(&str, &str); 3] = [("application/pdf", "pdf"), ("image/png", "png"), ("image/jpeg", "jpg")];

/// A document in the archive that goes with an invoice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The SHA-256 of the file, in hexadecimal: the archive keeps it by this name.
    pub sha256: String,
    /// What the file is called.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
}

/// The supplier invoiced what is shared. One of the same number recorded later stands in the place of the earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierInvoice {
    /// The supplier's number of it.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// The days it is for; none where it is for a one-time cost.
    pub period: Option<Period>,
    /// Its sum excluding VAT; below zero where the supplier credits.
    pub net_ore: Ore,
    /// Its VAT; of the same sign.
    pub vat_ore: Ore,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What the file is called.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
}

impl SupplierInvoice {
    /// The file as it goes with a claim.
    #[must_use]
    pub fn attachment(&self) -> Attachment {
        Attachment {
            sha256: self.sha256.clone(),
            file_name: self.file_name.clone(),
            media_type: self.media_type.clone(),
        }
    }
}

/// Why a supplier's invoice is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum SupplierInvoiceRejection {
    /// Its number is empty or too long.
    SupplierNumberMissing,
    /// An amount is above what is taken, either way.
    SupplierAmountTooLarge {
        /// The amount.
        amount_ore: Ore,
    },
    /// Its VAT has the other sign than its sum.
    SupplierVatImpossible {
        /// The sum excluding VAT.
        net_ore: Ore,
        /// The VAT.
        vat_ore: Ore,
    },
    /// The hash is not 64 hexadecimal digits in lower case.
    FileHashMalformed {
        /// The hash.
        sha256: String,
    },
    /// The file's name is empty, too long or holds a path.
    FileNameMalformed,
    /// Files of this type do not go with an invoice.
    MediaTypeNotTaken {
        /// The type.
        media_type: String,
    },
    /// The file is empty or above what is taken.
    FileSizeNotTaken {
        /// The size.
        size_bytes: u64,
        /// The largest taken.
        most: u64,
    },
    /// A day is before 1800 or after 2100, or the last comes before the first.
    SupplierDayNotTaken {
        /// The day.
        day: NaiveDate,
    },
    /// The days it is for are missing, or given for a one-time cost.
    SupplierPeriodMisplaced,
}

/// The invoices after `wished`; none where it stands there already. `has_period` says whether it is for certain days.
///
/// # Errors
/// What is wrong with it.
pub fn next_supplier_invoice(
    known: &[SupplierInvoice],
    wished: SupplierInvoice,
    has_period: bool,
) -> Result<Option<SupplierInvoice>, SupplierInvoiceRejection> {
    if known.contains(&wished) {
        return Ok(None);
    }
    if !text_is_sound(&wished.number) {
        return Err(SupplierInvoiceRejection::SupplierNumberMissing);
    }
    for amount_ore in [wished.net_ore, wished.vat_ore] {
        if !amount_ore.is_taken() {
            return Err(SupplierInvoiceRejection::SupplierAmountTooLarge { amount_ore });
        }
    }
    let (net_ore, vat_ore) = (wished.net_ore, wished.vat_ore);
    if vat_ore != Ore::ZERO && (vat_ore.is_negative() != net_ore.is_negative() || net_ore == Ore::ZERO) {
        return Err(SupplierInvoiceRejection::SupplierVatImpossible { net_ore, vat_ore });
    }
    check_file(&wished)?;
    if wished.period.is_some() != has_period {
        return Err(SupplierInvoiceRejection::SupplierPeriodMisplaced);
    }
    let first_and_last = wished.period.map_or([wished.date; 2], |period| [period.first, period.last]);
    if let Some(day) = first_and_last.into_iter().chain([wished.date]).find(|day| !day_is_taken(*day)) {
        return Err(SupplierInvoiceRejection::SupplierDayNotTaken { day });
    }
    match wished.period.filter(|period| period.last < period.first) {
        Some(period) => Err(SupplierInvoiceRejection::SupplierDayNotTaken { day: period.last }),
        None => Ok(Some(wished)),
    }
}

fn check_file(wished: &SupplierInvoice) -> Result<(), SupplierInvoiceRejection> {
    let is_hexadecimal = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    if wished.sha256.len() != 64 || !wished.sha256.bytes().all(is_hexadecimal) {
        return Err(SupplierInvoiceRejection::FileHashMalformed { sha256: wished.sha256.chars().take(64).collect() });
    }
    let name = &wished.file_name;
    if !text_is_sound(name) || name.len() > FILE_NAME_BYTES_MAX || name.contains(['/', '\\', ':', '"', '<', '>']) {
        return Err(SupplierInvoiceRejection::FileNameMalformed);
    }
    if !MEDIA_TYPES.iter().any(|(media_type, _)| *media_type == wished.media_type) {
        let media_type = wished.media_type.chars().take(100).collect();
        return Err(SupplierInvoiceRejection::MediaTypeNotTaken { media_type });
    }
    if wished.size_bytes == 0 || wished.size_bytes > FILE_BYTES_MAX {
        return Err(SupplierInvoiceRejection::FileSizeNotTaken { size_bytes: wished.size_bytes, most: FILE_BYTES_MAX });
    }
    Ok(())
}

/// The invoices with one more: it stands in the place of an earlier one of the same number.
pub(super) fn with_supplier_invoice(known: &mut Vec<SupplierInvoice>, invoice: &SupplierInvoice) {
    match known.iter_mut().find(|earlier| earlier.number == invoice.number) {
        Some(earlier) => *earlier = invoice.clone(),
        None => known.push(invoice.clone()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::testing::day;

    pub(crate) fn invoice(number: &str, net_ore: i64, vat_ore: i64) -> SupplierInvoice {
        SupplierInvoice {
            number: number.to_owned(),
            date: day("2023-11-01"),
            period: None,
            net_ore: Ore(net_ore),
            vat_ore: Ore(vat_ore),
            sha256: "ab".repeat(32),
            file_name: format!("{number}.pdf"),
            media_type: "application/pdf".to_owned(),
            size_bytes: 40_000,
        }
    }

    #[track_caller]
    fn refused(wished: SupplierInvoice, reason: SupplierInvoiceRejection) {
        assert_eq!(next_supplier_invoice(&[], wished, false), Err(reason));
    }

    #[test]
    fn an_invoice_is_recorded_once_and_corrected_by_recording_its_number_again() {
        let (first, corrected) = (invoice("L-1", 100, 25), invoice("L-1", 200, 50));
        assert_eq!(next_supplier_invoice(&[], first.clone(), false), Ok(Some(first.clone())));
        assert_eq!(next_supplier_invoice(std::slice::from_ref(&first), first.clone(), false), Ok(None));
        let mut known = vec![first];
        with_supplier_invoice(&mut known, &corrected);
        with_supplier_invoice(&mut known, &invoice("L-2", 1, 0));
        assert_eq!(known, [corrected, invoice("L-2", 1, 0)]);
    }

    #[test]
    fn its_vat_has_the_sign_of_its_sum_and_a_credit_is_below_zero() {
        assert!(next_supplier_invoice(&[], invoice("K-1", -100, -25), false).unwrap().is_some());
        let reason =
            |net, vat| SupplierInvoiceRejection::SupplierVatImpossible { net_ore: Ore(net), vat_ore: Ore(vat) };
        refused(invoice("L-1", 100, -25), reason(100, -25));
        refused(invoice("L-1", 0, 25), reason(0, 25));
    }

    #[test]
    fn its_file_is_known_by_its_hash_and_can_be_opened_by_people() {
        let sound = || invoice("L-1", 100, 25);
        refused(
            SupplierInvoice { sha256: "AB".repeat(32), ..sound() },
            SupplierInvoiceRejection::FileHashMalformed { sha256: "AB".repeat(32) },
        );
        refused(
            SupplierInvoice { file_name: "../L-1.pdf".to_owned(), ..sound() },
            SupplierInvoiceRejection::FileNameMalformed,
        );
        refused(
            SupplierInvoice { media_type: "application/xml".to_owned(), ..sound() },
            SupplierInvoiceRejection::MediaTypeNotTaken { media_type: "application/xml".to_owned() },
        );
        refused(
            SupplierInvoice { size_bytes: 0, ..sound() },
            SupplierInvoiceRejection::FileSizeNotTaken { size_bytes: 0, most: FILE_BYTES_MAX },
        );
    }

    #[test]
    fn only_one_for_certain_days_says_which() {
        let for_days = SupplierInvoice { period: Some(Period::year(2024)), ..invoice("L-1", 100, 25) };
        refused(for_days.clone(), SupplierInvoiceRejection::SupplierPeriodMisplaced);
        assert_eq!(next_supplier_invoice(&[], for_days.clone(), true), Ok(Some(for_days)));
        let misplaced = next_supplier_invoice(&[], invoice("L-1", 100, 25), true);
        assert_eq!(misplaced, Err(SupplierInvoiceRejection::SupplierPeriodMisplaced));
    }
}
