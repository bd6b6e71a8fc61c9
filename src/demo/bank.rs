//! Bank files of the story: camt.054 and OCR giro as a bank delivers them, save that each says that it is invented.
//!
//! They are written and not kept beside the other files of the case, since KIDs and accounts follow the settings.

use chrono::{Datelike, NaiveDate};

use crate::domain::money::Ore;
use crate::render::element::Element;

/// What stands where a bank lets a text stand.
const INVENTED: &str = "Oppdiktet innbetaling";
/// The sender, the receiver and the agreement of OCR giro: of nobody.
const OCR_SENDER: &str = "00008080";
const OCR_RECEIVER: &str = "00000000";
const OCR_AGREEMENT: &str = "000000000";
/// A transaction of OCR giro has two amount items and one with free text.
const OCR_LINES_OF_TRANSACTION: usize = 3;

/// A payment by KID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The KID.
    pub kid: String,
    /// How much.
    pub amount_ore: Ore,
}

/// What came in to an account on one day, with the day on which the bank tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The account.
    pub account_number: String,
    /// The day of booking.
    pub booked_on: NaiveDate,
    /// The day of the file.
    pub on: NaiveDate,
    /// The payments.
    pub paid: Vec<Paid>,
}

impl Told {
    fn sum(&self) -> Ore {
        self.paid.iter().map(|paid| paid.amount_ore).sum()
    }
}

/// As camt.054.001.08: one entry of all that came in, with a transaction for each KID.
#[must_use]
pub fn camt_054(told: &Told) -> Vec<u8> {
    let Told { account_number, booked_on, on, paid } = told;
    let sum = told.sum().to_string();
    let amount = |amount: &str| Element::text("Amt", amount).with("Ccy", "NOK");
    let day = |name| Element::group(name, [Some(Element::text("Dt", booked_on.to_string()))]);
    let code = |name, code: &str| Element::group(name, [Some(Element::text("Cd", code))]);
    let transaction = |(number, Paid { kid, amount_ore }): (usize, &Paid)| {
        let kind = Element::group("Tp", [Some(code("CdOrPrtry", "SCOR"))]);
        let reference = Element::group("CdtrRefInf", [Some(kind), Some(Element::text("Ref", kid))]);
        let remitted = [Some(reference), Some(Element::text("AddtlRmtInf", INVENTED))];
        Element::group(
            "TxDtls",
            [
                Some(Element::group("Refs", [Some(Element::text("AcctSvcrRef", format!("{booked_on}-{number}")))])),
                Some(amount(&amount_ore.to_string())),
                Some(Element::text("CdtDbtInd", "CRDT")),
                Some(Element::group("RmtInf", [Some(Element::group("Strd", remitted))])),
            ],
        )
    };
    let batch = Element::group("Btch", [Some(Element::text("NbOfTxs", paid.len().to_string()))]);
    let transactions = (1..).zip(paid).map(|paid| Some(transaction(paid)));
    let family = [Element::text("Cd", "RCDT"), Element::text("SubFmlyCd", "DMCT")];
    let domain = [Element::text("Cd", "PMNT"), Element::group("Fmly", family.map(Some))];
    let entry = Element::group(
        "Ntry",
        [
            Some(Element::text("NtryRef", "1")),
            Some(amount(&sum)),
            Some(Element::text("CdtDbtInd", "CRDT")),
            Some(code("Sts", "BOOK")),
            Some(day("BookgDt")),
            Some(day("ValDt")),
            Some(Element::text("AcctSvcrRef", booked_on.to_string())),
            Some(Element::group("BkTxCd", [Some(Element::group("Domn", domain.map(Some)))])),
            Some(Element::group("NtryDtls", std::iter::once(Some(batch)).chain(transactions))),
        ],
    );
    let account = [Element::text("Id", account_number), code("SchmeNm", "BBAN")];
    let account = Element::group("Id", [Some(Element::group("Othr", account.map(Some)))]);
    let total = [Element::text("NbOfNtries", "1"), Element::text("Sum", &sum)];
    let notification = Element::group(
        "Ntfctn",
        [
            Some(Element::text("Id", "1")),
            Some(Element::group("Acct", [Some(account), Some(Element::text("Ccy", "NOK"))])),
            Some(Element::group("TxsSummry", [Some(Element::group("TtlCdtNtries", total.map(Some)))])),
            Some(entry),
        ],
    );
    let header = [
        Element::text("MsgId", format!("OPPDIKTET-{on}")),
        Element::text("CreDtTm", format!("{on}T17:00:00")),
        Element::text("AddtlInf", INVENTED),
    ];
    let message = [Element::group("GrpHdr", header.map(Some)), notification];
    Element::group("Document", [Some(Element::group("BkToCstmrDbtCdtNtfctn", message.map(Some)))])
        .with("xmlns", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08")
        .to_xml()
}

/// As OCR giro: lines of 80 characters, one assignment of all that came in.
#[must_use]
pub fn ocr_giro(told: &Told) -> Vec<u8> {
    let Told { account_number, booked_on, on, paid } = told;
    let (booked, day) = (booked_on.format("%d%m%y"), on.format("%d%m%y"));
    let transmission = on.ordinal();
    let mut lines = vec![
        format!("NY000010{OCR_SENDER}{transmission:07}{OCR_RECEIVER}{:049}", 0),
        format!("NY090020{OCR_AGREEMENT}{transmission:07}{account_number}{:045}", 0),
    ];
    for (number, Paid { kid, amount_ore: Ore(ore) }) in (1_u32..).zip(paid) {
        // The day, the centre, the day code, the partial settlement and the line of the statement.
        let settled = format!("{booked}01{:02}100001", booked_on.day());
        lines.push(format!("NY092130{number:07}{settled}0{ore:017}{kid:>25}{:06}", 0));
        lines.push(format!("NY092131{number:07}{:026}{booked}{:033}", 0, 0));
        lines.push(format!("NY092132{number:07}{INVENTED:<40}{:025}", 0));
    }
    let (count, items, Ore(sum)) = (paid.len(), paid.len() * OCR_LINES_OF_TRANSACTION, told.sum());
    lines.push(format!("NY090088{count:08}{:08}{sum:017}{day}{booked}{booked}{:021}", items + 2, 0));
    lines.push(format!("NY000089{count:08}{:08}{sum:017}{day}{:033}", items + 4, 0));
    lines.into_iter().map(|line| line + "\n").collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::day;
    use crate::import::bank::{AccountPart, parse};

    fn told() -> Told {
        let paid = |kid: &str, ore| Paid { kid: kid.to_owned(), amount_ore: Ore(ore) };
        Told {
            account_number: "12345678903".to_owned(),
            booked_on: day("2024-02-20"),
            on: day("2024-02-21"),
            paid: vec![paid("5624000039", 8_560_505), paid("5624000047", 1)],
        }
    }

    /// KID, amount and day of what a file tells of the account.
    fn read(bytes: &[u8]) -> Vec<(Option<String>, Ore, NaiveDate)> {
        let file = parse(bytes).unwrap();
        let AccountPart { entries, passed_over_count } = &file.accounts["12345678903"];
        assert_eq!((*passed_over_count, file.accounts.len()), (0, 1));
        entries
            .iter()
            .map(|entry| (entry.kids.first().map(|named| named.kid.clone()), entry.amount_ore, entry.booked_on))
            .collect()
    }

    #[test]
    fn both_forms_are_read_as_they_were_told_and_say_that_they_are_invented() {
        let paid = |Paid { kid, amount_ore }: &Paid| (Some(kid.clone()), *amount_ore, told().booked_on);
        let wanted: Vec<_> = told().paid.iter().map(paid).collect();
        for bytes in [camt_054(&told()), ocr_giro(&told())] {
            assert_eq!(read(&bytes), wanted);
            assert_eq!(str::from_utf8(&bytes).unwrap().matches("Oppdiktet innbetaling").count().min(2), 2);
        }
    }

    #[test]
    fn a_longer_kid_stands_where_ocr_giro_has_room_for_it() {
        let mut told = told();
        told.paid[0].kid = "0056035624000000000000034".to_owned();
        assert_eq!(read(&ocr_giro(&told))[0].0, Some(told.paid[0].kid.clone()));
    }
}
