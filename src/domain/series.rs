//! Number series: the stream is the series, so number and issue are one append, no number is skipped or used twice.

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::YEARS_TAKEN;
use super::identity::{InvoiceId, InvoiceRunId, PartyId, SeriesId};
use super::invoice_run::{InvoiceParty, PlannedInvoice};
use crate::decider::Decider;

/// The largest number that a series may start after, so that every number fits in nine digits of a payment reference.
const START_NUMBER_MAX: u64 = 999_000_000;

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
    /// The run it belongs to.
    pub run: InvoiceRunId,
    /// Who issues.
    pub issuer: InvoiceParty,
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
    Issued(Box<Issued>),
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
        /// Who issues.
        issuer: InvoiceParty,
        /// The account to pay to.
        account_number: String,
        /// The date on it.
        invoice_date: NaiveDate,
        /// The day by which it is to be paid.
        due_date: NaiveDate,
        /// The invoice as planned.
        invoice: Box<PlannedInvoice>,
    },
}

/// A series as its events have made it. The default is one that is not opened yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// Whose, which year; none before it is opened.
    pub opened: Option<Opened>,
    /// The last number used.
    pub last_number: u64,
    /// The invoices issued, by their order.
    pub issued: Vec<InvoiceId>,
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
        let opened = self.opened.as_ref().ok_or(SeriesRejection::NotOpened)?;
        if self.issued.contains(&wished.invoice.invoice) {
            return Ok(vec![]);
        }
        if wished.issuer.party != opened.issuer {
            return Err(SeriesRejection::OtherIssuer);
        }
        if wished.invoice_date.year() != opened.year {
            return Err(SeriesRejection::OtherYear { year: opened.year, invoice_date: wished.invoice_date });
        }
        Ok(vec![SeriesEvent::Issued(Box::new(wished))])
    }
}

impl Decider for Series {
    type Command = SeriesCommand;
    type Event = SeriesEvent;
    type Rejection = SeriesRejection;

    fn decide(&self, command: &SeriesCommand) -> Result<Vec<SeriesEvent>, SeriesRejection> {
        match command {
            SeriesCommand::Open(wished) => self.open(wished),
            SeriesCommand::Issue { run, issuer, account_number, invoice_date, due_date, invoice } => {
                self.issue(Issued {
                    number: self.last_number + 1,
                    run: *run,
                    issuer: issuer.clone(),
                    account_number: account_number.clone(),
                    invoice_date: *invoice_date,
                    due_date: *due_date,
                    invoice: invoice.as_ref().clone(),
                })
            }
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
                self.issued.push(issued.invoice.invoice);
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
    /// The invoice is another issuer's.
    OtherIssuer,
    /// The invoice is dated in another year.
    OtherYear {
        /// The year of the series.
        year: i32,
        /// The date of the invoice.
        invoice_date: NaiveDate,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::testing::given;
    use crate::domain::money::Ore;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn county(number: u128) -> InvoiceParty {
        InvoiceParty {
            party: PartyId(Uuid::from_u128(number)),
            name: "Troms og Finnmark fylkeskommune".to_owned(),
            organisation_number: "922420866".to_owned(),
            number: Some("54".to_owned()),
        }
    }

    fn opened() -> Opened {
        Opened { series: SeriesId(Uuid::from_u128(1)), issuer: county(54).party, year: 2023, last_number: 202_300_000 }
    }

    fn invoice(number: u128) -> PlannedInvoice {
        PlannedInvoice {
            invoice: InvoiceId(Uuid::from_u128(number)),
            agreement: None,
            recipient: county(55),
            buyer_reference: None,
            lines: vec![],
            vat: vec![],
            net_ore: Ore::ZERO,
            vat_ore: Ore::ZERO,
            total_ore: Ore::ZERO,
        }
    }

    fn issue(number: u128, issuer: u128, invoice_date: &str) -> SeriesCommand {
        SeriesCommand::Issue {
            run: InvoiceRunId(Uuid::from_u128(8)),
            issuer: county(issuer),
            account_number: "12345678903".to_owned(),
            invoice_date: day(invoice_date),
            due_date: day("2023-12-31"),
            invoice: Box::new(invoice(number)),
        }
    }

    fn issued(number: u64, id: u128) -> SeriesEvent {
        SeriesEvent::Issued(Box::new(Issued {
            number,
            run: InvoiceRunId(Uuid::from_u128(8)),
            issuer: county(54),
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-12-01"),
            due_date: day("2023-12-31"),
            invoice: invoice(id),
        }))
    }

    #[test]
    fn a_series_is_opened_once() {
        given::<Series>([]).when(SeriesCommand::Open(opened())).then([SeriesEvent::Opened(opened())]);
        given::<Series>([SeriesEvent::Opened(opened())])
            .when(SeriesCommand::Open(Opened { year: 2024, ..opened() }))
            .then_rejected(SeriesRejection::AlreadyOpened);
    }

    #[test]
    fn a_series_has_a_possible_year_and_room_for_its_numbers() {
        given::<Series>([])
            .when(SeriesCommand::Open(Opened { year: 1999, ..opened() }))
            .then_rejected(SeriesRejection::YearNotTaken { year: 1999 });
        given::<Series>([])
            .when(SeriesCommand::Open(Opened { last_number: u64::MAX, ..opened() }))
            .then_rejected(SeriesRejection::StartNumberTooLarge { last_number: u64::MAX });
    }

    #[test]
    fn numbers_follow_one_another_without_gaps() {
        given::<Series>([SeriesEvent::Opened(opened())])
            .when(issue(1, 54, "2023-12-01"))
            .then([issued(202_300_001, 1)]);
        given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1)])
            .when(issue(2, 54, "2023-12-01"))
            .then([issued(202_300_002, 2)]);
    }

    #[test]
    fn an_issued_invoice_keeps_its_number_however_often_it_is_asked_for() {
        given::<Series>([SeriesEvent::Opened(opened()), issued(202_300_001, 1), issued(202_300_002, 2)])
            .when(issue(1, 54, "2023-12-01"))
            .then_nothing();
    }

    #[test]
    fn a_series_numbers_one_issuers_invoices_of_one_year() {
        given::<Series>([]).when(issue(1, 54, "2023-12-01")).then_rejected(SeriesRejection::NotOpened);
        given::<Series>([SeriesEvent::Opened(opened())])
            .when(issue(1, 56, "2023-12-01"))
            .then_rejected(SeriesRejection::OtherIssuer);
        given::<Series>([SeriesEvent::Opened(opened())])
            .when(issue(1, 54, "2024-01-02"))
            .then_rejected(SeriesRejection::OtherYear { year: 2023, invoice_date: day("2024-01-02") });
    }
}
