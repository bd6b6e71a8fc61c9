//! What the demonstration does with invoices after they are issued. Amounts, reasons and who pays late are invented.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::after_issue::crediting::{self, Order};
use crate::after_issue::paying::{self, ByHand};
use crate::after_issue::{reminder, settling};
use crate::config::LatePayment;
use crate::domain::credit_note::CreditExtent;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::Subject;
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};
use crate::ledger::with_sources;
use crate::process::invoice_plan;
use crate::view::book::Book;

/// A step of the story.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The day.
    pub on: &'static str,
    /// A sentence for whoever is watching.
    pub told: &'static str,
    /// What is wished on that day.
    pub wishes: fn(&Book, NaiveDate) -> Result<Vec<Wish>, String>,
}

/// The steps by their days.
pub const STEPS: [Step; 4] = [
    Step {
        on: "2024-02-05",
        told: "Troms credits an invoice of Troms og Finnmark, which no longer exists: it bore a wrong reference of Gratangen (invented).",
        wishes: credited,
    },
    Step {
        on: "2024-02-19",
        told: "Bardu pays half of its invoice by hand (invented); the rest stays open.",
        wishes: paid_in_part,
    },
    Step {
        on: "2024-12-02",
        told: "Settlement of the sorting plant: it cost less than the contract said, and Tromsø is credited the difference.",
        wishes: settled,
    },
    Step {
        on: "2026-03-02",
        told: "Bardu is reminded of the rest, with the fee that the law allows.",
        wishes: reminded,
    },
];

fn invoice_of<'book>(book: &'book Book, recipient: &str, year: i32) -> Result<(InvoiceId, &'book Issued), String> {
    let found = book.invoices.iter().find(|(_, issued)| {
        issued.invoice.recipient.name == recipient && chrono::Datelike::year(&issued.invoice_date) == year
    });
    found.map(|(id, issued)| (*id, issued)).ok_or_else(|| format!("{recipient} has no invoice of {year}"))
}

fn id(name: &str) -> Uuid {
    derived(NAMESPACE, &format!("demo after issue {name}"))
}

fn credited(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let (invoice, _) = invoice_of(book, "Gratangen", 2023)?;
    let order = Order {
        credit_note: InvoiceId(id("credit note")),
        invoice,
        extent: CreditExtent::Whole,
        reason: "Feil bestillerreferanse (oppdiktet)".to_owned(),
        date: on,
        issuer: None,
    };
    crediting::wish(book, &order).map(|wish| vec![wish]).map_err(|error| error.to_string())
}

fn paid_in_part(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let (invoice, issued) = invoice_of(book, "Bardu", 2024)?;
    let paid = ByHand {
        payment: PaymentId(id("payment")),
        account_number: issued.account_number.clone(),
        invoice,
        amount_ore: Ore(issued.invoice.total_ore.0 / 2),
        booked_on: on,
        reference: "kontoutskrift 2, linje 7 (oppdiktet)".to_owned(),
    };
    paying::by_hand(book, paid, on).map(|wish| vec![wish]).map_err(|error| error.to_string())
}

fn settled(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let plant = "Integrasjon med sorteringsanlegg";
    let mut costs = book.costs.iter();
    let found = costs.find(|(_, cost)| cost.recorded.as_ref().is_some_and(|recorded| recorded.name == plant));
    let Some((procurement, cost, year)) =
        found.and_then(|(id, cost)| Some((cost.recorded.as_ref()?.procurement, *id, cost.year)))
    else {
        return Err(format!("there is no cost called {plant}"));
    };
    let settlement = invoice_plan::settlement(book, procurement, Subject::Cost { cost }, year, on)
        .map_err(|error| error.to_string())?;
    let note = |invoice: InvoiceId| id(&format!("settlement {invoice}"));
    let wishes = settling::wishes(book, &settlement, settlement.to_credit(), on, note);
    wishes.map(|wishes| wishes.into_iter().map(|(_, wish)| wish).collect()).map_err(|error| error.to_string())
}

fn reminded(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let (invoice, _) = invoice_of(book, "Bardu", 2024)?;
    let settings =
        LatePayment { reminders: true, fee: true, interest: false, pay_days: 14, interest_percent: BTreeMap::new() };
    reminder::wish(book, &settings, invoice, on).map(|wish| vec![wish]).map_err(|error| with_sources(&error))
}
