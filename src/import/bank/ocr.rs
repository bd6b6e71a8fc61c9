//! OCR giro: lines of 80 characters, of Mastercard Payment Services (before: Nets), "Systemspesifikasjon OCR giro".
//!
//! A transmission (NY000010 to NY000089) holds assignments (NY090020 to NY090088), each of one account, and these hold
//! transactions of two or three amount items (30, 31, and 32 with free text). Counts, sums and days at the ends are checked.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{AccountPart, BankEntry, BankFileError, BankKid, Told, kid};
use crate::domain::check_digit::is_account_number;
use crate::domain::money::{AMOUNT_ORE_MAX, Ore};

const LINE_CHARACTERS: usize = 80;

/// A line with its number in the file.
#[derive(Clone, Copy)]
struct Line<'f> {
    number: usize,
    bytes: &'f [u8],
}

impl<'f> Line<'f> {
    fn place(self) -> String {
        format!("line {}", self.number)
    }

    fn malformed(self, reason: impl Into<String>) -> BankFileError {
        BankFileError::Malformed { place: self.place(), reason: reason.into() }
    }

    /// The characters at the positions that the specification counts from 1.
    fn text(self, positions: RangeInclusive<usize>) -> Result<&'f str, BankFileError> {
        let (first, last) = positions.into_inner();
        let bytes = self.bytes.get(first - 1..last).unwrap_or_default();
        str::from_utf8(bytes)
            .map_err(|_| self.malformed(format!("positions {first} to {last} hold no plain characters")))
    }

    fn number(self, positions: RangeInclusive<usize>, what: &str) -> Result<i64, BankFileError> {
        let text = self.text(positions)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        number.ok_or_else(|| self.malformed(format!("{what} \"{text}\" is no number")))
    }

    fn ore(self, positions: RangeInclusive<usize>) -> Result<Ore, BankFileError> {
        let amount = self.number(positions, "the amount")?;
        if amount > AMOUNT_ORE_MAX {
            return Err(self.malformed("the amount is above the largest taken, 100 000 000 000 kroner"));
        }
        Ok(Ore(amount))
    }

    /// A day as DDMMYY, in this century.
    fn day(self, positions: RangeInclusive<usize>) -> Result<NaiveDate, BankFileError> {
        let text = self.text(positions)?;
        let day = || {
            let part = |range| text.get(range).and_then(|part: &str| part.parse::<u32>().ok());
            let year = i32::try_from(part(4..6)?).ok()?;
            NaiveDate::from_ymd_opt(2000 + year, part(2..4)?, part(0..2)?)
        };
        day().ok_or_else(|| self.malformed(format!("the date \"{text}\" is none; it is written as DDMMYY")))
    }

    /// What the line is: service and record type. That between them is of the transaction or the assignment.
    fn record(self) -> Result<(&'f str, &'f str), BankFileError> {
        Ok((self.text(3..=4)?, self.text(7..=8)?))
    }
}

/// What was counted of an assignment or a transmission.
#[derive(Default)]
struct Counted {
    transactions_count: i64,
    lines_count: i64,
    /// Amounts as the specification adds them: reversals of cards are added, credit notes taken off.
    sum_ore: Ore,
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.transactions_count += other.transactions_count;
        self.lines_count += other.lines_count;
        self.sum_ore += other.sum_ore;
    }

    /// Against the line at the end.
    fn check(&self, end: Line<'_>) -> Result<(), BankFileError> {
        let ties = |said: i64, found: i64, what: &str| {
            let does_not = || BankFileError::DoesNotTie {
                place: end.place(),
                said: format!("{said} {what}"),
                found: found.to_string(),
            };
            if said == found { Ok(()) } else { Err(does_not()) }
        };
        ties(end.number(9..=16, "the number of transactions")?, self.transactions_count, "transactions")?;
        ties(end.number(17..=24, "the number of lines")?, self.lines_count, "lines")?;
        let said = end.ore(25..=41)?;
        if said != self.sum_ore {
            let (said, found) = (format!("{said} kroner"), self.sum_ore.to_string());
            return Err(BankFileError::DoesNotTie { place: end.place(), said, found });
        }
        Ok(())
    }
}

pub(super) fn parse(content: &[u8]) -> Result<Told, BankFileError> {
    let mut lines = Vec::new();
    for (number, bytes) in (1..).zip(content.split(|byte| *byte == b'\n')) {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let line = Line { number, bytes };
        if bytes.len() != LINE_CHARACTERS || !bytes.starts_with(b"NY") {
            let reason =
                format!("it has {} characters; every line has {LINE_CHARACTERS} and begins with NY", bytes.len());
            return Err(line.malformed(reason));
        }
        lines.push(line);
    }
    let mut lines = lines.into_iter();
    let start = lines.next().ok_or(BankFileError::NoBankFile)?;
    if start.record()? != ("00", "10") {
        return Err(start.malformed("the start of a transmission (NY000010) is expected first"));
    }
    let mut accounts: BTreeMap<String, AccountPart> = BTreeMap::new();
    let mut counted = Counted { lines_count: 1, ..Counted::default() };
    loop {
        let Some(line) = lines.next() else { return Err(broken_off()) };
        match line.record()? {
            ("09", "20") => {
                let account_number = line.text(25..=35)?;
                if !is_account_number(account_number) {
                    return Err(line.malformed(format!("\"{account_number}\" is no account number")));
                }
                let part = accounts.entry(account_number.to_owned()).or_default();
                counted.add(&assignment(&mut lines, part)?);
            }
            ("00", "89") => {
                counted.lines_count += 1;
                counted.check(line)?;
                if let Some(more) = lines.next() {
                    return Err(more.malformed("nothing is expected after the end of the transmission (NY000089)"));
                }
                let message = format!("{} of {}", start.text(17..=23)?, line.day(42..=47)?);
                return Ok((message, accounts));
            }
            ("00" | "09", _) => {
                return Err(line.malformed("an assignment (NY090020) or the end (NY000089) is expected"));
            }
            (service, _) => {
                return Err(line.malformed(format!("it is of service {service}; only OCR giro (service 09) is taken")));
            }
        }
    }
}

fn broken_off() -> BankFileError {
    BankFileError::Malformed {
        place: "the end of the file".to_owned(),
        reason: "the transmission breaks off; fetch the file from the bank again".to_owned(),
    }
}

/// The transactions of an assignment, to its end.
fn assignment<'f>(
    lines: &mut impl Iterator<Item = Line<'f>>,
    part: &mut AccountPart,
) -> Result<Counted, BankFileError> {
    let mut counted = Counted { lines_count: 1, ..Counted::default() };
    loop {
        let line = lines.next().ok_or_else(broken_off)?;
        counted.lines_count += 1;
        match line.record()? {
            ("09", "88") => {
                counted.check(line)?;
                return Ok(counted);
            }
            ("09", "30") => {
                let transaction = transaction(line)?;
                for record in ["31", "32"].iter().take(transaction.items_count - 1) {
                    let item = lines.next().ok_or_else(broken_off)?;
                    counted.lines_count += 1;
                    if item.record()? != ("09", record) || item.text(9..=15)? != line.text(9..=15)? {
                        let number = line.text(9..=15)?;
                        return Err(item.malformed(format!("amount item {record} of transaction {number} is expected")));
                    }
                }
                counted.transactions_count += 1;
                counted.sum_ore += transaction.added_ore;
                if transaction.entry.amount_ore == Ore::ZERO {
                    part.passed_over_count += 1;
                } else {
                    part.entries.push(transaction.entry);
                }
            }
            _ => {
                return Err(
                    line.malformed("a transaction (NY09..30) or the end of the assignment (NY090088) is expected")
                );
            }
        }
    }
}

/// A transaction by its first amount item.
struct Transaction {
    entry: BankEntry,
    /// What it adds to the sum of its assignment.
    added_ore: Ore,
    items_count: usize,
}

fn transaction(item: Line<'_>) -> Result<Transaction, BankFileError> {
    let kind = item.text(5..=6)?;
    let (reverses, items_count) = match kind {
        "10" | "11" | "12" | "13" | "14" | "15" | "16" | "17" | "19" => (false, 2),
        "18" => (true, 2),
        "20" => (true, 3),
        "21" => (false, 3),
        other => return Err(item.malformed(format!("transactions of type {other} are not known"))),
    };
    let amount = item.ore(33..=49)?;
    let is_credit_note = match item.text(32..=32)? {
        "-" => !reverses,
        "0" => false,
        other => return Err(item.malformed(format!("the sign \"{other}\" is neither - nor 0"))),
    };
    let booked_on = item.day(16..=21)?;
    let number = item.text(9..=15)?;
    // The day, the centre, the day code, the partial settlement and the line of the statement; then the transaction.
    let reference = format!("{}-{}-{number}", item.text(16..=21)?, item.text(22..=31)?);
    let entry = BankEntry {
        amount_ore: if reverses || is_credit_note { -amount } else { amount },
        booked_on,
        kids: kid(item.text(50..=74)?).map(|kid| BankKid { kid, amount_ore: None }).into_iter().collect(),
        reference,
        reverses,
        place: item.place(),
    };
    Ok(Transaction { entry, added_ore: if is_credit_note { -amount } else { amount }, items_count })
}
