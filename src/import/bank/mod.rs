//! Bank files: what came in, as the bank tells it. Recognised by their content, checked whole before anything is booked.
//!
//! Nothing of who paid is taken over: neither names nor accounts, and no reference that a payer has chosen.

mod camt;
mod ocr;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::check_digit::KID_LENGTH_MAX;
use crate::domain::identity::{PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::domain::payment::{Entry, FileContent, FileForm, NamedKid, PaymentsCommand};
use crate::exchange::sha256;
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};
use crate::view::book::Book;
use crate::view::receivables::claim;

/// A larger file is not read.
pub const FILE_BYTES_MAX: usize = 16 << 20;
/// The mark that older systems end a file with.
const END_OF_FILE: &[u8] = b"\x1a";
/// The most characters of a reference that are kept.
const REFERENCE_CHARACTERS_MAX: usize = 100;

/// A bank file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFile {
    /// Its form.
    pub form: FileForm,
    /// What the bank calls it.
    pub message: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What it tells, by account.
    pub accounts: BTreeMap<String, AccountPart>,
}

/// What a bank file tells of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountPart {
    /// What came in and was taken back.
    pub entries: Vec<BankEntry>,
    /// What is passed over: amounts of zero, what is not booked yet, and money that went out for other reasons.
    pub passed_over_count: usize,
}

/// What came in, or was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankEntry {
    /// How much; negative where money went back.
    pub amount_ore: Ore,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The KIDs that it names, each once.
    pub kids: Vec<BankKid>,
    /// What the bank knows it by.
    pub reference: String,
    /// Whether it takes back a payment of before.
    pub reverses: bool,
    /// Where it stands in the file.
    pub place: String,
}

/// A KID that a payment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankKid {
    /// The KID.
    pub kid: String,
    /// How much of the payment is for it, where the file says so.
    pub amount_ore: Option<Ore>,
}

/// Why a bank file is not taken in. Nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum BankFileError {
    /// It cannot be read.
    #[error("the file cannot be read; check its name and that you may read it")]
    Unreadable(#[source] std::io::Error),
    /// It is too large.
    #[error("the file is larger than {FILE_BYTES_MAX} bytes; fetch the days one by one from the bank")]
    TooLarge,
    /// It is none.
    #[error("it is no bank file: give camt.054 (XML) or OCR giro (lines that begin with NY)")]
    NoBankFile,
    /// It is XML of another kind.
    #[error(
        "it is XML, but no bank file: its first element is <{root}> of \"{namespace}\"; give camt.054.001.02, .04 or .08"
    )]
    OtherXml {
        /// Its first element.
        root: String,
        /// The namespace of that.
        namespace: String,
    },
    /// It is camt.054 in a version that says things otherwise.
    #[error(
        "it is {message}, the right file in a version that is not taken; ask the bank for camt.054.001.08 (.02 and .04 are \
         taken too)"
    )]
    OtherVersion {
        /// What it is.
        message: String,
    },
    /// It is a statement of an account.
    #[error("it is {message}, a statement of an account; order camt.054, which names each payment, from the bank")]
    Statement {
        /// What it is.
        message: String,
    },
    /// It cannot be understood.
    #[error("{place} cannot be understood: {reason}")]
    Malformed {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// Sums or counts do not tie.
    #[error("{place}: {said} are said, and there are {found}; the file is damaged, fetch it from the bank again")]
    DoesNotTie {
        /// Where.
        place: String,
        /// What is said.
        said: String,
        /// What is there.
        found: String,
    },
    /// It tells of another currency.
    #[error("{place}: the amount is in {currency}; only kroner (NOK) are taken, so record this payment by hand")]
    Currency {
        /// Where.
        place: String,
        /// The currency.
        currency: String,
    },
    /// It tells of a day that is still to come.
    #[error("{place}: it is booked on {booked_on}, a day that is still to come; take the file in when it has come")]
    BookedLater {
        /// Where.
        place: String,
        /// The day.
        booked_on: NaiveDate,
    },
    /// It tells nothing of the account.
    #[error(
        "it tells nothing of account {account_number}, but of {}; name the account, or fetch the right file",
        named(found)
    )]
    OtherAccount {
        /// The account asked for.
        account_number: String,
        /// Those it tells of.
        found: Vec<String>,
    },
}

impl BankFileError {
    /// Why, by a stable name, and what its sentence speaks of: for those who say it in another language.
    #[must_use]
    pub fn details(&self) -> Map<String, Value> {
        let details = |reason: &str, of: &[(&str, &String)]| {
            let of = of.iter().map(|(name, said)| ((*name).to_owned(), Value::from(said.as_str())));
            of.chain([("reason".to_owned(), Value::from(reason))]).collect()
        };
        match self {
            Self::Unreadable(_) => details("unreadable", &[]),
            Self::TooLarge => details("too-large", &[]),
            Self::NoBankFile => details("no-bank-file", &[]),
            Self::OtherXml { root, .. } => details("other-xml", &[("root", root)]),
            Self::OtherVersion { message } => details("other-version", &[("message", message)]),
            Self::Statement { message } => details("statement", &[("message", message)]),
            Self::Malformed { place, .. } => details("malformed", &[("place", place)]),
            Self::DoesNotTie { place, .. } => details("does-not-tie", &[("place", place)]),
            Self::Currency { place, currency } => details("currency", &[("place", place), ("currency", currency)]),
            Self::BookedLater { place, booked_on } => {
                details("booked-later", &[("place", place), ("booked_on", &booked_on.to_string())])
            }
            Self::OtherAccount { account_number, .. } => {
                details("other-account", &[("account_number", account_number)])
            }
        }
    }
}

fn named(accounts: &[String]) -> String {
    if accounts.is_empty() { "none".to_owned() } else { accounts.join(", ") }
}

/// Reads a file.
///
/// # Errors
/// It cannot be read, or is too large.
pub fn read(path: &Path) -> Result<Vec<u8>, BankFileError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(BankFileError::Unreadable)?;
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(BankFileError::Unreadable)?;
    Ok(bytes)
}

/// Understands the bytes of a bank file.
///
/// # Errors
/// It is none, or something in it does not add up.
pub fn parse(bytes: &[u8]) -> Result<BankFile, BankFileError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(BankFileError::TooLarge);
    }
    let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let content = content.trim_ascii_end().strip_suffix(END_OF_FILE).unwrap_or(content);
    let (form, (message, mut accounts)) = if content.starts_with(b"<") {
        (FileForm::Camt054, camt::parse(content)?)
    } else if content.starts_with(b"NY") {
        (FileForm::OcrGiro, ocr::parse(content)?)
    } else {
        return Err(BankFileError::NoBankFile);
    };
    for part in accounts.values_mut() {
        number_references(&mut part.entries);
    }
    Ok(BankFile { form, message, sha256: sha256(bytes), accounts })
}

/// What a form tells: the bank's name for the file, and what is in it by account.
type Told = (String, BTreeMap<String, AccountPart>);

/// Entries that the bank calls the same and that are the same in day and amount are numbered, so that each is known apart
/// and in the same way when they are told of again.
fn number_references(entries: &mut [BankEntry]) {
    let mut seen: BTreeMap<(String, NaiveDate, Ore), usize> = BTreeMap::new();
    for entry in entries {
        let count = seen.entry((entry.reference.clone(), entry.booked_on, entry.amount_ore)).or_default();
        *count += 1;
        if *count > 1 {
            entry.reference = format!("{} ({count})", entry.reference);
        }
    }
}

/// A KID as it is written: 2 to 25 digits, the last of which may be a dash, spaces between them left out. Anything else is none.
fn kid(text: &str) -> Option<String> {
    let kid: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let digits = kid.strip_suffix('-').unwrap_or(&kid);
    let is_kid = (2..=KID_LENGTH_MAX).contains(&kid.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_kid.then_some(kid)
}

/// A reference of the bank's: what is printable and plain, and not too long.
fn plain_reference(text: &str) -> Option<String> {
    let plain: String = text.trim().chars().filter(char::is_ascii_graphic).take(REFERENCE_CHARACTERS_MAX).collect();
    (!plain.is_empty()).then_some(plain)
}

/// The id of an account.
#[must_use]
pub fn account_id(account_number: &str) -> ReceivingAccountId {
    ReceivingAccountId(derived(NAMESPACE, &format!("receiving account {account_number}")))
}

/// The account that a file is taken in for where nobody says: the first of the accounts that it tells of, and the first of all
/// where it tells of none, which the rule then says.
#[must_use]
pub fn account_of<'a>(file: &BankFile, accounts: &BTreeSet<&'a str>) -> &'a str {
    let told_of = accounts.iter().find(|account| file.accounts.contains_key(**account));
    told_of.or(accounts.first()).copied().unwrap_or_default()
}

/// The wish to take in what a file tells of an account, with the invoices that its KIDs name.
///
/// # Errors
/// It tells nothing of the account, or of a day that is still to come.
pub fn wish(file: &BankFile, account_number: &str, book: &Book, on: NaiveDate) -> Result<Wish, BankFileError> {
    let part = file.accounts.get(account_number).ok_or_else(|| BankFileError::OtherAccount {
        account_number: account_number.to_owned(),
        found: file.accounts.keys().cloned().collect(),
    })?;
    if let Some(later) = part.entries.iter().find(|entry| entry.booked_on > on) {
        return Err(BankFileError::BookedLater { place: later.place.clone(), booked_on: later.booked_on });
    }
    let account = account_id(account_number);
    let entry = |entry: &BankEntry| {
        let identity = format!("{} {} {}", entry.reference, entry.booked_on, entry.amount_ore);
        let named = |BankKid { kid, amount_ore }: &BankKid| {
            let named = book.unfinished.invoice_of_kid(kid).filter(|_| !entry.amount_ore.is_negative());
            let claim = named.and_then(|invoice| claim(book, invoice, account));
            NamedKid { kid: kid.clone(), amount_ore: *amount_ore, claim }
        };
        Entry {
            payment: PaymentId(derived(account.0, &identity)),
            amount_ore: entry.amount_ore,
            booked_on: entry.booked_on,
            kids: entry.kids.iter().map(named).collect(),
            reference: entry.reference.clone(),
            reverses: entry.reverses,
        }
    };
    let content = FileContent {
        form: file.form,
        message: file.message.clone(),
        sha256: file.sha256.clone(),
        entries: part.entries.iter().map(entry).collect(),
    };
    let account_number = account_number.to_owned();
    Ok(Wish::Payments(account, PaymentsCommand::TakeFile { account, account_number, file: content, on }))
}
