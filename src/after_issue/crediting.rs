//! Credit notes: who credits, in which series, and what was credited before.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::domain::credit_note::{CreditExtent, CreditNoteIssued, CreditWish, credit_note};
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PartyId};
use crate::domain::series::{Issued, SeriesCommand, SeriesEvent};
use crate::handle::Wish;
use crate::process::invoice_plan::{self, PlanFault, Wording};
use crate::render::NorwegianWording;
use crate::view::book::Book;
use crate::view::documents::Document;
use crate::worker::{procurement_of, series_of};

/// What is to be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id of the credit note.
    pub credit_note: InvoiceId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much of it.
    pub extent: CreditExtent,
    /// Why, in the words that will be printed.
    pub reason: String,
    /// The date on the credit note.
    pub date: NaiveDate,
    /// Who credits; found where nothing is said.
    pub issuer: Option<PartyId>,
    /// The day on which that is done.
    pub on: NaiveDate,
}

/// Why it cannot be said what is to be credited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum CreditError {
    /// There is no such invoice.
    #[error("no invoice has the id {invoice}; the list of invoices shows them")]
    InvoiceUnknown {
        /// Its id.
        invoice: InvoiceId,
    },
    /// Several came after the issuer, and no agreement says which of them credits.
    #[error(
        "{issuer} no longer exists on {date}, and no agreement of {recipient} says which of those that came after it credits \
         invoice {number}; name the issuer"
    )]
    SuccessorUnclear {
        /// Who issued.
        issuer: String,
        /// The date on the credit note.
        date: NaiveDate,
        /// Who pays.
        recipient: String,
        /// The number of the invoice.
        number: u64,
    },
    /// Another county authority is named than the one that credits.
    #[error(
        "invoice {number} was issued by {issuer}, and on {date} it is credited by it, or by who came after it; name no other"
    )]
    NotTheIssuer {
        /// The number of the invoice.
        number: u64,
        /// Who issued.
        issuer: String,
        /// The date on the credit note.
        date: NaiveDate,
    },
    /// Who credits had not come after the issuer yet on the date of the note.
    #[error(
        "the credit note would be dated {date}, when {issuer} still existed, and on {on} who came after it credits, in its own \
         series; date it on a day since then"
    )]
    DatedBeforeSuccession {
        /// Who issued.
        issuer: String,
        /// The date on the credit note.
        date: NaiveDate,
        /// The day on which it is done.
        on: NaiveDate,
    },
    /// Who credits has no number that its series could begin with.
    #[error(
        "{issuer} has no county number of two digits, with which the numbers of its credit notes begin; record it first"
    )]
    NoSeries {
        /// Its name.
        issuer: String,
    },
    /// It could not leave the house as an e-invoice.
    #[error("the credit note of invoice {number} could not be an e-invoice: {why}")]
    NoEInvoice {
        /// The number of the invoice.
        number: u64,
        /// What is wrong.
        why: String,
    },
    /// It cannot be said what stands on a document of the issuer.
    #[error(transparent)]
    #[serde(untagged)]
    Issuer(#[from] PlanFault),
}

/// The wish to credit an invoice. The series is that of who credits, of the year of the credit note's date.
///
/// # Errors
/// The invoice is not there, it is not clear who credits, or the credit note could not be an e-invoice.
pub fn wish(book: &Book, order: &Order) -> Result<Wish, CreditError> {
    let Order { credit_note, invoice, extent, reason, date, issuer, on } = order;
    let issued = book.invoices.get(invoice).ok_or(CreditError::InvoiceUnknown { invoice: *invoice })?;
    // A credit note that is there is asked for again in its own series.
    let (date, creditor) = match book.credit_note(*credit_note) {
        Some(note) => (&note.date, note.issuer.party),
        None => (date, creditor(book, issued, [*date, *on], *issuer)?),
    };
    let issuer = invoice_plan::issuer_on(book, creditor, *date)?;
    let no_series = || CreditError::NoSeries { issuer: issuer.name.clone() };
    let (series, opened) = series_of(&issuer, date.year()).ok_or_else(no_series)?;
    let wish = CreditWish {
        credit_note: *credit_note,
        issuer,
        date: *date,
        reason: reason.clone(),
        extent: extent.clone(),
        invoice: issued.as_ref().clone(),
        before: book.credit_notes_of(*invoice).to_vec(),
    };
    if let Some(why) = fault(book, &wish) {
        return Err(CreditError::NoEInvoice { number: issued.number, why });
    }
    Ok(Wish::Series(series, SeriesCommand::Credit { opened, wish: Box::new(wish), on: *on }))
}

/// Why the credit note could not be an e-invoice: asked before it takes a number, since what has one leaves the house. What
/// the series itself refuses is left to it.
fn fault(book: &Book, wish: &CreditWish) -> Option<String> {
    let draft = credit_note(wish, wish.invoice.number + 1).ok()?;
    let document = Document::CreditNote(&draft, &wish.invoice);
    NorwegianWording.fault(None, document, &procurement_of(book, document).0)
}

/// Who credits an invoice by a note of a date, done on a day: who issued it, or who has come after by the day on which it is done,
/// whatever the note is dated.
fn creditor(
    book: &Book,
    issued: &Issued,
    [date, on]: [NaiveDate; 2],
    named: Option<PartyId>,
) -> Result<PartyId, CreditError> {
    let (issuer, number) = (issued.issuer.name.clone(), issued.number);
    let creditor = match named {
        Some(named) if those_after_issuer(book, issued, on).contains(&named) => named,
        Some(_) => return Err(CreditError::NotTheIssuer { number, issuer, date: on }),
        None => in_place_of_issuer(book, issued, on).ok_or_else(|| {
            let recipient = issued.invoice.recipient.name.clone();
            CreditError::SuccessorUnclear { issuer: issuer.clone(), date: on, recipient, number }
        })?,
    };
    if those_after_issuer(book, issued, date).contains(&creditor) {
        Ok(creditor)
    } else {
        Err(CreditError::DatedBeforeSuccession { issuer, date, on })
    }
}

fn those_after_issuer(book: &Book, issued: &Issued, day: NaiveDate) -> Vec<PartyId> {
    book.places().those_after(issued.issuer.party, day)
}

/// Who stands on a day in the place of the one that issued an invoice: itself, or who came after. Of several it is the one on the
/// other side of the recipient's agreement; none where no agreement says.
pub(super) fn in_place_of_issuer(book: &Book, issued: &Issued, on: NaiveDate) -> Option<PartyId> {
    match those_after_issuer(book, issued, on).as_slice() {
        [one] => Some(*one),
        several => counties_of(book, issued, on).into_iter().find(|county| several.contains(county)),
    }
}

/// The county authorities on the other side of the recipient's agreements, that of the invoice first.
fn counties_of(book: &Book, issued: &Issued, date: NaiveDate) -> Vec<PartyId> {
    let places = book.places();
    let recipient = issued.invoice.recipient.party;
    let own = issued.invoice.agreement.and_then(|agreement| book.agreements.get(&agreement));
    let others = book.agreements.values().filter(|agreement| {
        let party = agreement.drafted.as_ref().map(|drafted| drafted.party);
        party.is_some_and(|party| places.those_after(party, issued.invoice_date).contains(&recipient))
    });
    own.into_iter().chain(others).filter_map(|agreement| agreement.county_on(date)).collect()
}

/// The credit note among what happened.
#[must_use]
pub fn issued_note(events: &[Event]) -> Option<&CreditNoteIssued> {
    events.iter().find_map(|event| {
        if let Event::Series(SeriesEvent::CreditNoteIssued(note)) = event { Some(note.as_ref()) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::agreement::{AgreementEvent, Commitment, Passed};
    use crate::domain::testing::facts::{Fact, agreed, county, municipality, opened, succeeded};
    use crate::domain::testing::{day, invoices, nth};
    use crate::handle::tests::carried_out;

    fn case() -> Vec<Fact> {
        let mut issued = invoices::issued(54, vec![invoices::line(1, 30_001)]);
        issued.issuer.party = PartyId(nth(54));
        issued.account_number = "12345678903".to_owned();
        issued.invoice.recipient.party = PartyId(nth(1));
        [
            county(),
            municipality(1, 1_000),
            vec![
                opened(false),
                agreed(1, Commitment::Committed, None),
                (nth(8_000), Event::Series(SeriesEvent::Issued(Arc::new(issued)))),
            ],
        ]
        .concat()
    }

    fn order(date: &str, issuer: Option<u128>) -> Order {
        Order {
            credit_note: InvoiceId(nth(9_000)),
            invoice: InvoiceId(nth(400)),
            extent: CreditExtent::Whole,
            reason: "Feil".to_owned(),
            date: day(date),
            issuer: issuer.map(|number| PartyId(nth(number))),
            on: day(date),
        }
    }

    fn creditor_of(book: &Book, order: &Order) -> Result<PartyId, CreditError> {
        creditor(book, &book.invoices[&order.invoice], [order.date, order.on], order.issuer)
    }

    #[test]
    fn who_issued_credits_as_long_as_it_exists_and_nobody_else() {
        let mut book = Book::of(case());
        assert_eq!(creditor_of(&book, &order("2023-12-05", None)), Ok(PartyId(nth(54))));
        let other = creditor_of(&book, &order("2023-12-05", Some(55)));
        assert!(matches!(other, Err(CreditError::NotTheIssuer { .. })), "{other:?}");
        let wish = wish(&book, &order("2023-12-05", None)).unwrap();
        carried_out(&mut book, std::slice::from_ref(&wish));
        assert_eq!(book.credit_note(InvoiceId(nth(9_000))).map(|note| note.number), Some(542_300_001));
        let again = super::wish(&book, &order("2024-03-01", None)).unwrap();
        assert_eq!(again.stream(), wish.stream(), "the same credit note is asked for in its own series");
    }

    #[test]
    fn nobody_credits_in_the_series_of_a_county_authority_that_is_gone_whatever_the_note_is_dated() {
        let book = Book::of([case(), vec![succeeded(54, &[55], "2024-01-01")]].concat());
        let of_before = Order { on: day("2024-01-05"), ..order("2023-12-31", None) };
        let refused = creditor_of(&book, &of_before).unwrap_err().to_string();
        assert!(
            refused.starts_with("the credit note would be dated 2023-12-31, when Fylke 54 still existed"),
            "{refused}"
        );
        let named = Order { issuer: Some(PartyId(nth(54))), ..of_before };
        assert!(matches!(creditor_of(&book, &named), Err(CreditError::NotTheIssuer { .. })));
        let since = Order { on: day("2024-01-05"), ..order("2024-01-02", None) };
        assert_eq!(creditor_of(&book, &since), Ok(PartyId(nth(55))));
    }

    #[test]
    fn what_could_not_be_an_e_invoice_takes_no_number() {
        let unfit = Order { reason: "Feil\u{ffff}".to_owned(), ..order("2023-12-05", None) };
        let refused = wish(&Book::of(case()), &unfit);
        let Err(CreditError::NoEInvoice { number: 542_300_001, why }) = refused else { panic!("{refused:?}") };
        assert!(why.contains("U+FFFF"), "{why}");
    }

    #[test]
    fn of_those_that_came_after_the_one_on_the_other_side_of_the_agreement_credits() {
        let dissolved = || [case(), vec![succeeded(54, &[55, 56], "2024-01-01")]].concat();
        let book = Book::of(dissolved());
        let unclear = creditor_of(&book, &order("2024-02-05", None));
        assert!(matches!(unclear, Err(CreditError::SuccessorUnclear { .. })), "{unclear:?}");
        assert_eq!(creditor_of(&book, &order("2024-02-05", Some(56))), Ok(PartyId(nth(56))));
        let passed = Passed { county: PartyId(nth(55)), on: day("2024-01-01"), reference: "Lov".to_owned() };
        let agreement = *book.agreements.keys().next().unwrap();
        let passed = (agreement.0, Event::Agreement(AgreementEvent::Passed(passed)));
        let book = Book::of([dissolved(), vec![passed]].concat());
        assert_eq!(creditor_of(&book, &order("2024-02-05", None)), Ok(PartyId(nth(55))));
        assert_eq!(creditor_of(&book, &order("2023-12-31", None)), Ok(PartyId(nth(54))));
    }
}
