//! Number series: the stream is the series, so number and issue are one append, no number is skipped or used twice.
//! Invoices, claims and credit notes of an issuer and a year share one series.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::YEARS_TAKEN;
use super::credit_note::{CreditNoteIssued, CreditNoteRejection, CreditWish, credit_note};
use super::identity::{InvoiceId, InvoiceRunId, PartyId, SeriesId};
use super::invoice_run::{Issuer, PlannedInvoice};
use super::kid::KidScheme;
use crate::decider::Decider;

/// The largest number that a series may start after, so that every number fits in nine digits of a payment reference.
const START_NUMBER_MAX: u64 = 999_000_000;

/// How many numbers a series has.
pub const NUMBERS_MAX: u64 = 99_999;

/// The number before the first of an issuer's series for a year; none where the issuer has no number of two digits. Numbers are made
/// of that of the county, two digits of the year and a count, so that those of different issuers are never taken for one another:
/// 54 23 00001.
#[must_use]
pub fn number_before_first(issuer: &Issuer, year: i32) -> Option<u64> {
    let county: u64 = issuer.number.as_deref().filter(|number| number.len() == 2)?.parse().ok()?;
    let year_of_century = u64::try_from(year.rem_euclid(100)).ok()?;
    Some((county * 100 + year_of_century) * (NUMBERS_MAX + 1))
}

/// A series was opened for an issuer and a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its id.
    pub series: SeriesId,
    /// Whose invoices it numbers.
    pub issuer: PartyId,
    /// The year of the invoice dates.
    pub year: i32,
    /// The number before the first: the first invoice gets one more.
    pub last_number: u64,
}

/// An invoice was issued: it holds its amounts and wording, not a formula to be run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Its number.
    pub number: u64,
    /// The reference to pay it by (KID), made of the number; none on invoices of the first version.
    pub kid: Option<String>,
    /// The run it belongs to.
    pub run: InvoiceRunId,
    /// Who issues.
    pub issuer: Issuer,
    /// The account to pay to.
    pub account_number: String,
    /// The date on it.
    pub invoice_date: NaiveDate,
    /// The day by which it is to be paid.
    pub due_date: NaiveDate,
    /// Recipient, lines and amounts as planned.
    pub invoice: PlannedInvoice,
}

/// What has happened to a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesEvent {
    /// It was opened.
    Opened(Opened),
    /// An invoice was issued.
    Issued(Arc<Issued>),
    /// An invoice, of this series or another, was credited.
    CreditNoteIssued(Box<CreditNoteIssued>),
}

/// What can be wished of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesCommand {
    /// Open it.
    Open(Opened),
    /// Issue an invoice under the next number.
    Issue {
        /// The run it belongs to.
        run: InvoiceRunId,
        /// How the references to pay by are made.
        kid: KidScheme,
        /// Who issues.
        issuer: Issuer,
        /// The account to pay to.
        account_number: String,
        /// The date on it.
        invoice_date: NaiveDate,
        /// The day by which it is to be paid.
        due_date: NaiveDate,
        /// The invoice as planned.
        invoice: Box<PlannedInvoice>,
    },
    /// Credit an invoice under the next number. The series is opened for it where it is not.
    Credit {
        /// The series.
        opened: Opened,
        /// What is credited.
        wish: Box<CreditWish>,
        /// The day on which that is done.
        on: NaiveDate,
    },
}

/// A series as its events have made it. The default is one that is not opened yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// Whose, which year; none before it is opened.
    pub opened: Option<Opened>,
    /// The last number used.
    pub last_number: u64,
    /// The numbers of the invoices and credit notes issued.
    pub issued: BTreeMap<InvoiceId, u64>,
    /// The credit notes of this series by the invoice they credit.
    pub credited: BTreeMap<InvoiceId, Vec<CreditNoteIssued>>,
}

impl Series {
    fn open(&self, wished: &Opened) -> Result<Vec<SeriesEvent>, SeriesRejection> {
        match &self.opened {
            Some(opened) if opened == wished => return Ok(vec![]),
            Some(_) => return Err(SeriesRejection::AlreadyOpened),
            None => {}
        }
        if !YEARS_TAKEN.contains(&wished.year) {
            return Err(SeriesRejection::YearNotTaken { year: wished.year });
        }
        if wished.last_number > START_NUMBER_MAX {
            return Err(SeriesRejection::StartNumberTooLarge { last_number: wished.last_number });
        }
        Ok(vec![SeriesEvent::Opened(wished.clone())])
    }

    /// `wished` under the next number. An invoice of the series keeps the number it has.
    fn issue(&self, wished: Issued) -> Result<Vec<SeriesEvent>, SeriesRejection> {
        self.opened()?;
        if self.issued.contains_key(&wished.invoice.invoice) {
            return Ok(vec![]);
        }
        self.check_place(wished.issuer.party, wished.invoice_date)?;
        if wished.kid.is_none() {
            return Err(SeriesRejection::KidImpossible { number: wished.number });
        }
        Ok(vec![SeriesEvent::Issued(Arc::new(wished))])
    }

    /// What was credited in this series counts as the series knows it, whatever was looked up.
    fn credit(&self, opened: &Opened, wish: &CreditWish, on: NaiveDate) -> Result<Vec<SeriesEvent>, SeriesRejection> {
        if self.opened.is_none() {
            let events = self.open(opened)?;
            let now_open = events.iter().fold(self.clone(), Self::evolve);
            return Ok(events.into_iter().chain(now_open.credit(opened, wish, on)?).collect());
        }
        if self.issued.contains_key(&wish.credit_note) {
            return Ok(vec![]);
        }
        self.check_place(wish.issuer.party, wish.date)?;
        let of_this_series = self.credited.get(&wish.invoice.invoice.invoice).cloned().unwrap_or_default();
        let elsewhere = wish.before.iter().filter(|note| !self.issued.contains_key(&note.credit_note)).cloned();
        let before = elsewhere.chain(of_this_series).collect();
        let note = credit_note(&CreditWish { before, ..wish.clone() }, self.last_number + 1)?;
        note.check_date(on)?;
        Ok(vec![SeriesEvent::CreditNoteIssued(Box::new(note))])
    }

    fn opened(&self) -> Result<&Opened, SeriesRejection> {
        self.opened.as_ref().ok_or(SeriesRejection::NotOpened)
    }

    /// Whether a document of this issuer and date belongs to the series, and there is a number for it.
    fn check_place(&self, issuer: PartyId, date: NaiveDate) -> Result<(), SeriesRejection> {
        let opened = self.opened()?;
        if issuer != opened.issuer {
            return Err(SeriesRejection::OtherIssuer);
        }
        if date.year() != opened.year {
            return Err(SeriesRejection::OtherYear { year: opened.year, invoice_date: date });
        }
        // The next number would be another series'.
        if self.last_number >= opened.last_number + NUMBERS_MAX {
            return Err(SeriesRejection::Full { year: opened.year, most: NUMBERS_MAX });
        }
        Ok(())
    }
}

impl Decider for Series {
    type Command = SeriesCommand;
    type Event = SeriesEvent;
    type Rejection = SeriesRejection;

    fn decide(&self, command: &SeriesCommand) -> Result<Vec<SeriesEvent>, SeriesRejection> {
        match command {
            SeriesCommand::Open(wished) => self.open(wished),
            SeriesCommand::Issue { run, kid, issuer, account_number, invoice_date, due_date, invoice } => {
                let number = self.last_number + 1;
                self.issue(Issued {
                    number,
                    kid: kid.kid(invoice.recipient.number.as_deref(), number),
                    run: *run,
                    issuer: issuer.clone(),
                    account_number: account_number.clone(),
                    invoice_date: *invoice_date,
                    due_date: *due_date,
                    invoice: invoice.as_ref().clone(),
                })
            }
            SeriesCommand::Credit { opened, wish, on } => self.credit(opened, wish, *on),
        }
    }

    fn evolve(mut self, event: &SeriesEvent) -> Self {
        match event {
            SeriesEvent::Opened(opened) => {
                self.last_number = opened.last_number;
                self.opened = Some(opened.clone());
            }
            SeriesEvent::Issued(issued) => {
                self.last_number = issued.number;
                self.issued.insert(issued.invoice.invoice, issued.number);
            }
            SeriesEvent::CreditNoteIssued(note) => {
                self.last_number = note.number;
                self.issued.insert(note.credit_note, note.number);
                self.credited.entry(note.credited.invoice).or_default().push(note.as_ref().clone());
            }
        }
        self
    }
}

/// Why a wish about a series is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum SeriesRejection {
    /// It is not opened.
    NotOpened,
    /// It is opened with other content.
    AlreadyOpened,
    /// The year is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
    },
    /// The series would start at too large a number.
    StartNumberTooLarge {
        /// The number before the first.
        last_number: u64,
    },
    /// The number, or that of the recipient, has more digits than a KID has room for.
    KidImpossible {
        /// The number.
        number: u64,
    },
    /// The invoice is another issuer's.
    OtherIssuer,
    /// The invoice is dated in another year.
    OtherYear {
        /// The year of the series.
        year: i32,
        /// The date of the invoice.
        invoice_date: NaiveDate,
    },
    /// All its numbers are used.
    Full {
        /// The year of the series.
        year: i32,
        /// How many it has.
        most: u64,
    },
    /// The credit note is at fault.
    #[serde(untagged)]
    CreditNote(CreditNoteRejection),
}

impl From<CreditNoteRejection> for SeriesRejection {
    fn from(rejection: CreditNoteRejection) -> Self {
        Self::CreditNote(rejection)
    }
}
