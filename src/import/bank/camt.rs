//! camt.054: ISO 20022 `BankToCustomerDebitCreditNotification`, versions 02, 04 and 08, as Norwegian banks write it.
//!
//! The KID stands in `RmtInf/Strd/CdtrRefInf/Ref` of each transaction. An entry may be a lump sum of many transactions
//! (`NtryDtls/TxDtls`); its amount is held against theirs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use quick_xml::de::from_str;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{AccountPart, BankEntry, BankFileError, BankKid, Told, kid, plain_reference};
use crate::domain::calendar::day_is_taken;
use crate::domain::check_digit::is_account_number;
use crate::domain::money::Ore;
use crate::domain::number::parse_number;

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";
const TAKEN: [&str; 3] = ["camt.054.001.02", "camt.054.001.04", "camt.054.001.08"];
/// What all versions begin with. Another may say the same by other elements, which would be passed over.
const ANY_VERSION: &str = "camt.054.";
/// Statements and reports of an account, which a person may take for the right file.
const STATEMENTS: [&str; 2] = ["camt.053.", "camt.052."];

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "BkToCstmrDbtCdtNtfctn")]
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "GrpHdr")]
    header: Header,
    #[serde(rename = "Ntfctn", default)]
    notifications: Vec<Notification>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "MsgId")]
    message: String,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Acct")]
    account: Account,
    #[serde(rename = "TxsSummry")]
    summary: Option<Summary>,
    #[serde(rename = "Ntry", default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "Id")]
    id: AccountId,
}

#[derive(Deserialize)]
struct AccountId {
    #[serde(rename = "IBAN")]
    iban: Option<String>,
    #[serde(rename = "Othr")]
    other: Option<OtherId>,
}

#[derive(Deserialize)]
struct OtherId {
    #[serde(rename = "Id")]
    id: String,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(rename = "TtlNtries")]
    all: Option<Total>,
    #[serde(rename = "TtlCdtNtries")]
    credits: Option<Total>,
}

#[derive(Deserialize)]
struct Total {
    #[serde(rename = "NbOfNtries")]
    count: Option<String>,
    #[serde(rename = "Sum")]
    sum: Option<String>,
}

#[derive(Deserialize)]
struct Amount {
    #[serde(rename = "@Ccy")]
    currency: String,
    #[serde(rename = "$text")]
    amount: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Direction {
    #[serde(rename = "CRDT")]
    Credit,
    #[serde(rename = "DBIT")]
    Debit,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "NtryRef")]
    reference: Option<String>,
    #[serde(rename = "Amt")]
    amount: Amount,
    #[serde(rename = "CdtDbtInd")]
    direction: Direction,
    #[serde(rename = "RvslInd")]
    reversal: Option<String>,
    #[serde(rename = "Sts")]
    status: Option<Status>,
    #[serde(rename = "BookgDt")]
    booked: Option<Day>,
    #[serde(rename = "ValDt")]
    value: Option<Day>,
    #[serde(rename = "AcctSvcrRef")]
    bank_reference: Option<String>,
    #[serde(rename = "BkTxCd")]
    code: Option<Code>,
    #[serde(rename = "NtryDtls", default)]
    details: Vec<Details>,
}

/// A word in versions 02 and 04, `Cd` in version 08.
#[derive(Deserialize)]
struct Status {
    #[serde(rename = "$text")]
    word: Option<String>,
    #[serde(rename = "Cd")]
    code: Option<String>,
}

#[derive(Deserialize)]
struct Day {
    #[serde(rename = "Dt")]
    day: Option<String>,
    #[serde(rename = "DtTm")]
    instant: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    #[serde(rename = "Domn")]
    domain: Option<Domain>,
}

#[derive(Deserialize)]
struct Domain {
    #[serde(rename = "Fmly")]
    family: Option<Family>,
}

#[derive(Deserialize)]
struct Family {
    #[serde(rename = "SubFmlyCd")]
    sub_family: Option<String>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(rename = "Btch")]
    batch: Option<Batch>,
    #[serde(rename = "TxDtls", default)]
    transactions: Vec<Transaction>,
}

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "NbOfTxs")]
    count: Option<String>,
}

#[derive(Deserialize)]
struct Transaction {
    #[serde(rename = "Refs")]
    references: Option<References>,
    /// In versions 04 and 08.
    #[serde(rename = "Amt")]
    amount: Option<Amount>,
    #[serde(rename = "CdtDbtInd")]
    direction: Option<Direction>,
    /// In version 02.
    #[serde(rename = "AmtDtls")]
    amount_details: Option<AmountDetails>,
    #[serde(rename = "RmtInf")]
    remittance: Option<Remittance>,
    #[serde(rename = "RtrInf")]
    returned: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct References {
    #[serde(rename = "AcctSvcrRef")]
    bank: Option<String>,
    #[serde(rename = "TxId")]
    transaction: Option<String>,
}

#[derive(Deserialize)]
struct AmountDetails {
    #[serde(rename = "TxAmt")]
    transaction: Option<TransactionAmount>,
}

#[derive(Deserialize)]
struct TransactionAmount {
    #[serde(rename = "Amt")]
    amount: Amount,
}

#[derive(Deserialize)]
struct Remittance {
    #[serde(rename = "Strd", default)]
    structured: Vec<Structured>,
}

#[derive(Deserialize)]
struct Structured {
    #[serde(rename = "RfrdDocAmt")]
    amounts: Option<DocumentAmounts>,
    #[serde(rename = "CdtrRefInf")]
    creditor: Option<CreditorReference>,
}

#[derive(Deserialize)]
struct DocumentAmounts {
    #[serde(rename = "RmtdAmt")]
    remitted: Option<Amount>,
}

#[derive(Deserialize)]
struct CreditorReference {
    #[serde(rename = "Ref")]
    reference: Option<String>,
}

pub(super) fn parse(content: &[u8]) -> Result<Told, BankFileError> {
    let malformed = |reason: String| BankFileError::Malformed { place: "the XML".to_owned(), reason };
    let text = decoded(content).map_err(malformed)?;
    check_kind(&text)?;
    let document: Document = from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let message = plain_reference(&document.message.header.message)
        .ok_or_else(|| malformed("the message id (GrpHdr/MsgId) is empty".to_owned()))?;
    let mut accounts: BTreeMap<String, AccountPart> = BTreeMap::new();
    for (index, notification) in (1..).zip(&document.message.notifications) {
        let part = accounts.entry(account_number(&notification.account.id)?).or_default();
        take_notification(&message, index, notification, part)?;
    }
    Ok((message, accounts))
}

/// The text of a file that is written in UTF-8, or in the encoding that it declares.
fn decoded(content: &[u8]) -> Result<Cow<'_, str>, String> {
    if let Ok(text) = str::from_utf8(content) {
        return Ok(text.into());
    }
    let Some(declared) = declared_encoding(content) else {
        return Err("it is not written in UTF-8, and declares no other encoding; save it as UTF-8".to_owned());
    };
    let known = encoding_rs::Encoding::for_label(declared.as_bytes());
    let text = known.and_then(|known| known.decode_without_bom_handling_and_without_replacement(content));
    text.ok_or_else(|| {
        format!("it is not written in {declared}, as it declares, or that is not known; save it as UTF-8")
    })
}

fn declared_encoding(content: &[u8]) -> Option<&str> {
    let end = content.windows(2).position(|mark| mark == b"?>")?;
    let declaration = str::from_utf8(content.get(..end)?).ok()?.strip_prefix("<?xml")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.split(quote).next())
}

/// That the first element is the one of camt.054, in a version that is taken.
fn check_kind(text: &str) -> Result<(), BankFileError> {
    let mut reader = NsReader::from_str(text);
    loop {
        match reader.read_resolved_event() {
            Ok((resolved, Event::Start(element) | Event::Empty(element))) => {
                let namespace = match resolved {
                    ResolveResult::Bound(namespace) => namespace.into_inner().to_owned(),
                    ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
                };
                let root = element.local_name().into_inner().to_owned();
                return kind(&root, &namespace);
            }
            Ok((_, Event::Eof)) => return Err(BankFileError::NoBankFile),
            Ok(_) => {}
            Err(error) => {
                return Err(BankFileError::Malformed { place: "the XML".to_owned(), reason: error.to_string() });
            }
        }
    }
}

fn kind(root: &str, namespace: &str) -> Result<(), BankFileError> {
    let message = namespace.strip_prefix(NAMESPACE).filter(|_| root == "Document");
    match message {
        Some(message) if TAKEN.contains(&message) => Ok(()),
        Some(message) if STATEMENTS.iter().any(|statement| message.starts_with(statement)) => {
            Err(BankFileError::Statement { message: message.to_owned() })
        }
        Some(message) if message.starts_with(ANY_VERSION) => {
            Err(BankFileError::OtherVersion { message: message.to_owned() })
        }
        Some(_) | None => Err(BankFileError::OtherXml { root: root.to_owned(), namespace: namespace.to_owned() }),
    }
}

/// The eleven digits of an account, from the account number or a Norwegian IBAN, with spaces or full stops between them or
/// without.
fn account_number(id: &AccountId) -> Result<String, BankFileError> {
    let written = id.other.as_ref().map(|other| &other.id).or(id.iban.as_ref()).map(|text| text.trim());
    let written = written.unwrap_or_default();
    let plain: String = written.chars().filter(|character| !matches!(character, ' ' | '\u{a0}' | '.')).collect();
    let iban = ["NO", "no"].iter().find_map(|country| plain.strip_prefix(country)?.get(2..));
    let number = iban.unwrap_or(&plain);
    if is_account_number(number) {
        return Ok(number.to_owned());
    }
    let reason = format!("\"{written}\" is neither a Norwegian account number nor an IBAN of one");
    Err(BankFileError::Malformed { place: "the account (Ntfctn/Acct/Id)".to_owned(), reason })
}

fn take_notification(
    message: &str,
    index: usize,
    notification: &Notification,
    part: &mut AccountPart,
) -> Result<(), BankFileError> {
    for (number, entry) in (1..).zip(&notification.entries) {
        let place = Place { message, notification: index, entry: number };
        take_entry(place, entry, part)?;
    }
    let summary = notification.summary.as_ref();
    let credits: Vec<&Entry> =
        notification.entries.iter().filter(|entry| entry.direction == Direction::Credit).collect();
    check_total(
        index,
        summary.and_then(|summary| summary.all.as_ref()),
        &notification.entries.iter().collect::<Vec<_>>(),
    )?;
    check_total(index, summary.and_then(|summary| summary.credits.as_ref()), &credits)
}

/// The entries of a notification against what its summary says of them.
fn check_total(notification: usize, total: Option<&Total>, entries: &[&Entry]) -> Result<(), BankFileError> {
    let place = || format!("the summary of notification {notification}");
    let Some(total) = total else { return Ok(()) };
    if let Some(count) = &total.count {
        check_count(place(), count, entries.len(), "entries")?;
    }
    if let Some(sum) = &total.sum {
        let said = ore(sum, place())?;
        let amounts = entries.iter().map(|entry| ore(&entry.amount.amount, place()));
        let found: Ore = amounts.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
        check_sum(place(), said, found)?;
    }
    Ok(())
}

fn check_count(place: String, said: &str, found: usize, what: &str) -> Result<(), BankFileError> {
    if said.trim().parse() == Ok(found) {
        return Ok(());
    }
    Err(BankFileError::DoesNotTie { place, said: format!("{} {what}", said.trim()), found: found.to_string() })
}

fn check_sum(place: String, said: Ore, found: Ore) -> Result<(), BankFileError> {
    if said == found {
        return Ok(());
    }
    Err(BankFileError::DoesNotTie { place, said: format!("{said} kroner"), found: found.to_string() })
}

/// Where an entry stands in the file.
#[derive(Clone, Copy)]
struct Place<'f> {
    message: &'f str,
    notification: usize,
    entry: usize,
}

impl Place<'_> {
    fn words(self) -> String {
        format!("entry {} of notification {}", self.entry, self.notification)
    }
}

fn take_entry(place: Place<'_>, entry: &Entry, part: &mut AccountPart) -> Result<(), BankFileError> {
    let total = kroner(&entry.amount, place)?;
    let transactions: Vec<&Transaction> = entry.details.iter().flat_map(|details| &details.transactions).collect();
    for details in &entry.details {
        let count = details.batch.as_ref().and_then(|batch| batch.count.as_ref());
        if let Some(count) = count.filter(|_| !details.transactions.is_empty()) {
            check_count(place.words(), count, details.transactions.len(), "transactions")?;
        }
    }
    let booked_on = booked_on(entry, place)?;
    let is_booked = entry.status.as_ref().is_none_or(|status| {
        let word = status.code.as_ref().or(status.word.as_ref()).map(|word| word.trim());
        word.is_none_or(|word| word == "BOOK")
    });
    let is_reversal = entry.reversal.as_ref().is_some_and(|flag| matches!(flag.trim(), "true" | "1"))
        || sub_family(entry).is_some_and(|code| code.trim() == "RRTN");
    // A lump sum without its transactions is one payment, of which nothing more is known.
    let parts: Vec<Option<&Transaction>> =
        if transactions.is_empty() { vec![None] } else { transactions.iter().copied().map(Some).collect() };
    let only_one = parts.len() == 1;
    let mut sum = Ore::ZERO;
    for (index, transaction) in (1..).zip(parts) {
        let amount = match transaction.and_then(transaction_amount) {
            // What was paid in another currency came in as the entry says.
            Some(amount) if only_one && !is_of_kroner(amount) => total,
            None if only_one => total,
            Some(amount) => kroner(amount, place)?,
            None => {
                let reason = format!("transaction {index} has no amount");
                return Err(BankFileError::Malformed { place: place.words(), reason });
            }
        };
        let direction = transaction.and_then(|transaction| transaction.direction).unwrap_or(entry.direction);
        sum += if direction == entry.direction { amount } else { -amount };
        let reverses = direction == Direction::Debit
            && (is_reversal || transaction.is_some_and(|transaction| transaction.returned.is_some()));
        let is_taken = is_booked && amount != Ore::ZERO && (direction == Direction::Credit || reverses);
        if is_taken {
            part.entries.push(BankEntry {
                amount_ore: if reverses { -amount } else { amount },
                booked_on,
                kids: transaction.map(kids).unwrap_or_default(),
                reference: reference(place, entry, transaction, index, only_one),
                reverses,
                place: place.words(),
            });
        } else {
            part.passed_over_count += 1;
        }
    }
    check_sum(place.words(), total, sum)
}

fn sub_family(entry: &Entry) -> Option<&String> {
    entry.code.as_ref()?.domain.as_ref()?.family.as_ref()?.sub_family.as_ref()
}

fn transaction_amount(transaction: &Transaction) -> Option<&Amount> {
    let details = || Some(&transaction.amount_details.as_ref()?.transaction.as_ref()?.amount);
    transaction.amount.as_ref().or_else(details)
}

/// The KIDs of a transaction, each once, with what is remitted for it where that is said in kroner.
fn kids(transaction: &Transaction) -> Vec<BankKid> {
    let mut kids: Vec<BankKid> = Vec::new();
    for structured in transaction.remittance.iter().flat_map(|remittance| &remittance.structured) {
        let reference = structured.creditor.as_ref().and_then(|creditor| creditor.reference.as_deref());
        let Some(kid) = reference.and_then(kid) else { continue };
        let amount_ore = structured.amounts.as_ref().and_then(|amounts| remitted(amounts.remitted.as_ref()?));
        match kids.iter_mut().find(|known| known.kid == kid) {
            Some(known) => known.amount_ore = known.amount_ore.zip(amount_ore).map(|(one, other)| one + other),
            None => kids.push(BankKid { kid, amount_ore }),
        }
    }
    kids
}

fn remitted(amount: &Amount) -> Option<Ore> {
    let ore = Ore::of_kroner(parse_number(amount.amount.trim()).ok()?).ok().filter(|ore| !ore.is_negative())?;
    is_of_kroner(amount).then_some(ore)
}

/// What the bank knows a transaction by. What the payer called it is left alone: it may hold a name.
fn reference(
    place: Place<'_>,
    entry: &Entry,
    transaction: Option<&Transaction>,
    index: usize,
    only_one: bool,
) -> String {
    let of_transaction = transaction.and_then(|transaction| transaction.references.as_ref());
    let own = of_transaction.and_then(|references| {
        let plain = |text: &Option<String>| text.as_deref().and_then(plain_reference);
        plain(&references.bank).or_else(|| plain(&references.transaction))
    });
    own.unwrap_or_else(|| {
        let of_entry = entry.bank_reference.as_deref().and_then(plain_reference);
        // The reference of an entry is the only one within its notification, so it needs the name of the message.
        let within = || entry.reference.as_deref().and_then(plain_reference);
        let numbered = || within().unwrap_or_else(|| format!("{}.{}", place.notification, place.entry));
        let base = of_entry.unwrap_or_else(|| format!("{} {}", place.message, numbered()));
        if only_one { base } else { format!("{base} {index}") }
    })
}

fn booked_on(entry: &Entry, place: Place<'_>) -> Result<NaiveDate, BankFileError> {
    let written =
        [&entry.booked, &entry.value].into_iter().flatten().find_map(|day| day.day.as_ref().or(day.instant.as_ref()));
    let day = written.and_then(|text| text.trim().get(..10)).and_then(|day| day.parse().ok());
    day.filter(|day| day_is_taken(*day)).ok_or_else(|| BankFileError::Malformed {
        place: place.words(),
        reason: "it has no day of booking (BookgDt) that can be read".to_owned(),
    })
}

fn is_of_kroner(amount: &Amount) -> bool {
    amount.currency.trim() == "NOK"
}

fn kroner(amount: &Amount, place: Place<'_>) -> Result<Ore, BankFileError> {
    if !is_of_kroner(amount) {
        return Err(BankFileError::Currency { place: place.words(), currency: amount.currency.clone() });
    }
    ore(&amount.amount, place.words())
}

/// Banks write up to five decimals, of which the last are zeros.
fn ore(text: &str, place: String) -> Result<Ore, BankFileError> {
    let kroner = parse_number(text.trim()).map_err(|error| error.to_string());
    match kroner.and_then(|kroner| Ore::of_kroner(kroner).map_err(|error| error.to_string())) {
        Ok(amount) if !amount.is_negative() => Ok(amount),
        Ok(amount) => Err(BankFileError::Malformed { place, reason: format!("the amount {amount} is negative") }),
        Err(reason) => Err(BankFileError::Malformed { place, reason }),
    }
}
