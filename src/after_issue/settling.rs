//! Settlement: what was invoiced too much on account is credited; what lacks is a line of the next invoice.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::crediting::{self, CreditError, Order};
use crate::domain::credit_note::{CreditExtent, LineCredit};
use crate::domain::identity::InvoiceId;
use crate::domain::money::Ore;
use crate::handle::Wish;
use crate::process::invoice_plan::{Settlement, SettlementWay};
use crate::render::norwegian::kroner;
use crate::text::norwegian;
use crate::view::book::Book;

/// Why a settlement cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettlingError {
    /// Nothing is to be credited.
    #[error(
        "nothing of \"{name}\" is to be credited: nobody was invoiced more on account than the share came to, or it is \
         settled already"
    )]
    NothingToCredit {
        /// The name of the cost or licence.
        name: String,
    },
    /// The sum is another than the one that was looked at.
    #[error("{credit} kroner would be credited of \"{name}\", not {seen}; look at the settlement again")]
    OtherSum {
        /// The name of the cost or licence.
        name: String,
        /// What would be credited, output VAT left out.
        credit: Ore,
        /// What was looked at.
        seen: Ore,
    },
    /// A credit note cannot be put together.
    #[error(transparent)]
    Credit(#[from] CreditError),
}

/// The wishes that credit what was invoiced too much: one credit note for each invoice. `seen` is the sum that a person has
/// looked at, output VAT left out; `date` stands on the notes, which are made `on` a day; `id` makes the id of the credit note of an invoice.
///
/// # Errors
/// Nothing is to be credited, it is another sum, or a credit note cannot be put together.
pub fn wishes(
    book: &Book,
    settlement: &Settlement,
    seen: Ore,
    (date, on): (NaiveDate, NaiveDate),
    id: impl Fn(InvoiceId) -> Uuid,
) -> Result<Vec<(InvoiceId, Wish)>, SettlingError> {
    let (name, credit) = (settlement.name.clone(), settlement.to_credit());
    if credit == Ore::ZERO {
        return Err(SettlingError::NothingToCredit { name });
    }
    if credit != seen {
        return Err(SettlingError::OtherSum { name, credit, seen });
    }
    let mut wishes = Vec::new();
    for part in &settlement.parts {
        let SettlementWay::Credit(lines) = &part.way else { continue };
        let mut by_invoice: BTreeMap<(u64, InvoiceId), Vec<LineCredit>> = BTreeMap::new();
        for line in lines {
            by_invoice.entry((line.number, line.invoice)).or_default().push(line.credit);
        }
        let with =
            [("name", &*settlement.name), ("share", &*kroner(part.share())), ("before", &*kroner(part.invoiced()))];
        for ((_, invoice), lines) in by_invoice {
            let issued = book.invoices.get(&invoice).ok_or(CreditError::InvoiceUnknown { invoice })?;
            let form = issued.invoice.language.written_form();
            let order = Order {
                credit_note: InvoiceId(id(invoice)),
                invoice,
                extent: CreditExtent::Lines { lines },
                reason: norwegian(form, "settlement-reason", &with),
                date,
                issuer: None,
                on,
            };
            wishes.push((order.credit_note, crediting::wish(book, &order)?));
        }
    }
    Ok(wishes)
}
