//! What the demonstration does with invoices after they are issued. Amounts, reasons, and who pays what when are invented.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::bank::{Paid, Told, camt_054, ocr_giro};

use crate::after_issue::crediting::{self, Order};
use crate::after_issue::paying::{self, ByHand};
use crate::after_issue::{reminder, settling};
use crate::config::LatePayment;
use crate::domain::calendar::day_before;
use crate::domain::credit_note::CreditExtent;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::kid::KidScheme;
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::{DocumentKind, Subject};
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};
use crate::ledger::with_sources;
use crate::process::invoice_plan;
use crate::view::book::Book;
use crate::view::receivables::{self, PaymentState};

/// A step of the story.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The day.
    pub on: &'static str,
    /// A sentence for whoever is watching.
    pub told: &'static str,
    /// What is done on that day.
    pub done: Done,
}

/// What is done on a day.
#[derive(Debug, Clone, Copy)]
pub enum Done {
    /// This is wished of what was issued and paid.
    Wished(fn(&Book, NaiveDate) -> Result<Vec<Wish>, String>),
    /// The bank delivers a file of this name, and it is taken in.
    BankFile(&'static str, fn(&Book, KidScheme, NaiveDate) -> Result<Vec<u8>, String>),
    /// The file of this name is taken in once more.
    BankFileAgain(&'static str),
}

const CAMT_054: &str = "camt.054-2024-02-21.xml";
const OCR_GIRO: &str = "ocr-giro-2024-02-28.txt";

/// The steps by their days.
pub const STEPS: [Step; 9] = [
    Step {
        on: "2024-02-05",
        told: "Troms credits an invoice of Troms og Finnmark, which no longer exists: it bore a wrong reference of Gratangen (invented).",
        done: Done::Wished(credited),
    },
    Step {
        on: "2024-02-19",
        told: "Bardu pays half of its invoice by hand (invented); the rest stays open.",
        done: Done::Wished(paid_in_part),
    },
    Step {
        on: "2024-02-21",
        told: "The bank delivers a file of payments (camt.054, invented): most municipalities of Finnmark's run pay by KID, Hammerfest too much, and Porsanger by a KID that is none of ours.",
        done: Done::BankFile(CAMT_054, paid_by_most),
    },
    Step { on: "2024-02-22", told: "The same file comes once more.", done: Done::BankFileAgain(CAMT_054) },
    Step {
        on: "2024-02-23",
        told: "Porsanger has said on the telephone which invoice its payment is for (invented): it is matched by hand.",
        done: Done::Wished(matched_by_hand),
    },
    Step {
        on: "2024-02-28",
        told: "The bank delivers a file of another kind (OCR giro, invented): three more have paid.",
        done: Done::BankFile(OCR_GIRO, paid_by_three),
    },
    Step {
        on: "2024-05-13",
        told: "Kvænangen is reminded, with late-payment interest of 12.5 % a year from the due date.",
        done: Done::Wished(reminded_with_interest),
    },
    Step {
        on: "2024-12-02",
        told: "Settlement of the sorting plant: it cost less than the contract said, and Tromsø is credited the difference.",
        done: Done::Wished(settled),
    },
    Step {
        on: "2026-03-02",
        told: "Bardu is reminded of the rest, with the fee that the law allows.",
        done: Done::Wished(reminded),
    },
];

fn invoice_of<'book>(book: &'book Book, recipient: &str, year: i32) -> Result<(InvoiceId, &'book Issued), String> {
    let found = book.invoices.iter().find(|(_, issued)| {
        issued.invoice.recipient.name == recipient && chrono::Datelike::year(&issued.invoice_date) == year
    });
    found.map(|(id, issued)| (*id, issued.as_ref())).ok_or_else(|| format!("{recipient} has no invoice of {year}"))
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
        on,
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
    paying::by_hand(book, paid, &BTreeSet::new(), on).map(|wish| vec![wish]).map_err(|error| error.to_string())
}

/// Finnmark, and the date of the run whose payers pay through the bank.
const PAID_TO: &str = "830090282";
const PAID_OF: (i32, u32, u32) = (2024, 1, 29);
/// The municipalities that pay by the first file, and by the second. The others let it wait.
const PAY_FIRST: [&str; 8] = ["5603", "5605", "5610", "5612", "5620", "5622", "5624", "5626"];
const PAY_LATER: [&str; 3] = ["5632", "5634", "5636"];
/// Who pays too much, and how much.
const TOO_MUCH: (&str, Ore) = ("5603", Ore(150_000));
/// Who pays its invoice, though not its claim, by a KID that is well made and names nothing.
const OTHER_KID: &str = "5622";
/// The number in it, which no invoice has: Finnmark had no series then.
const OTHER_NUMBER: u64 = 562_300_015;

/// What these municipalities were sent by that run, by number.
fn sent_to<'book>(book: &'book Book, numbers: &[&str]) -> Vec<&'book Issued> {
    let day = NaiveDate::from_ymd_opt(PAID_OF.0, PAID_OF.1, PAID_OF.2);
    let is_meant = |issued: &&Issued| {
        issued.issuer.organisation_number == PAID_TO
            && Some(issued.invoice_date) == day
            && issued.invoice.recipient.number.as_deref().is_some_and(|number| numbers.contains(&number))
    };
    book.invoices.values().map(AsRef::as_ref).filter(is_meant).collect()
}

fn is_invoice_of(issued: &Issued, number: &str) -> bool {
    issued.invoice.kind == DocumentKind::Invoice && issued.invoice.recipient.number.as_deref() == Some(number)
}

/// What came in for documents, in full, on the day before a file.
fn told(sent: &[&Issued], on: NaiveDate) -> Result<Told, String> {
    let paid = |issued: &&Issued| {
        let kid = issued.kid.clone().ok_or_else(|| format!("invoice {} has no KID", issued.number))?;
        Ok(Paid { kid, amount_ore: issued.invoice.total_ore })
    };
    Ok(Told {
        account_number: sent.first().map(|issued| issued.account_number.clone()).unwrap_or_default(),
        booked_on: day_before(on),
        on,
        paid: sent.iter().map(paid).collect::<Result<_, String>>()?,
    })
}

fn paid_by_most(book: &Book, kid: KidScheme, on: NaiveDate) -> Result<Vec<u8>, String> {
    let sent = sent_to(book, &PAY_FIRST);
    let mut told = told(&sent, on)?;
    let (pays_too_much, too_much) = TOO_MUCH;
    for (issued, paid) in sent.iter().zip(&mut told.paid) {
        if is_invoice_of(issued, pays_too_much) {
            paid.amount_ore += too_much;
        }
        if is_invoice_of(issued, OTHER_KID) {
            let other = kid.kid(Some(OTHER_KID), OTHER_NUMBER);
            paid.kid = other.ok_or_else(|| "the KID has no room for an invoice number".to_owned())?;
        }
    }
    Ok(camt_054(&told))
}

fn paid_by_three(book: &Book, _: KidScheme, on: NaiveDate) -> Result<Vec<u8>, String> {
    told(&sent_to(book, &PAY_LATER), on).map(|told| ocr_giro(&told))
}

/// The payment whose KID names no invoice pays what it was meant for.
fn matched_by_hand(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let payments = receivables::payments(book);
    let unknown = payments.iter().find(|entry| entry.state == PaymentState::UnknownKid);
    let unknown = unknown.ok_or_else(|| "no payment has an unknown KID".to_owned())?;
    let mut meant = sent_to(book, &[OTHER_KID]).into_iter().filter(|issued| is_invoice_of(issued, OTHER_KID));
    let invoice = meant.next().ok_or_else(|| format!("{OTHER_KID} has no invoice"))?.invoice.invoice;
    paying::matched(book, unknown.payment, invoice, None, on).map(|wish| vec![wish]).map_err(|error| error.to_string())
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
    let wishes = settling::wishes(book, &settlement, settlement.to_credit(), (on, on), note);
    wishes.map(|wishes| wishes.into_iter().map(|(_, wish)| wish).collect()).map_err(|error| error.to_string())
}

fn reminded_with_interest(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    reminded_by(&LatePayment { interest: true, ..reminders() }, book, "Kvænangen", on)
}

fn reminded(book: &Book, on: NaiveDate) -> Result<Vec<Wish>, String> {
    reminded_by(&LatePayment { fee: true, ..reminders() }, book, "Bardu", on)
}

fn reminders() -> LatePayment {
    LatePayment {
        reminders: true,
        fee: false,
        interest: false,
        pay_days: 14,
        interest_percent: BTreeMap::new(),
        fee_maximum: BTreeMap::new(),
    }
}

fn reminded_by(settings: &LatePayment, book: &Book, recipient: &str, on: NaiveDate) -> Result<Vec<Wish>, String> {
    let (invoice, issued) = invoice_of(book, recipient, 2024)?;
    let account_of = |_: &str| issued.account_number.clone();
    let wish = reminder::wish(book, settings, invoice, on, &account_of);
    wish.map(|wish| vec![wish]).map_err(|error| with_sources(&error))
}
