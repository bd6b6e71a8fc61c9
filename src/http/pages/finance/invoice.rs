//! An invoice with all that became of it: credited in full or by line, paid by hand, reminded of.

use actix_web::http::StatusCode;
use actix_web::web;
use uuid::Uuid;

use crate::after_issue::crediting::{self, Order};
use crate::after_issue::paying::{self, ByHand};
use crate::after_issue::reminder;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::credit_note::{CreditExtent, LineCredit, credited_by_line};
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::http::after_issue::{cannot_be_credited, cannot_be_reminded};
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::pages::PageRoute;
use crate::http::pages::around::{Around, Page};
use crate::http::pages::filled::{Answered, Reading, Wished, answered, kroner};
use crate::http::pages::form::{Sent, id};
use crate::http::pages::kept::Rests;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::ids;
use crate::render::page::{Filled, InvoiceShown, Place, invoice_page};
use crate::view::book::Book;
use crate::view::receivables::{payments_of, receivable};
use crate::view::register::{Entry, InvoiceEntry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/invoices/issued/{invoice}", &[Operation::SeeReceivables], one),
        PageRoute::post("/invoices/issued/{invoice}/credit-notes", &[Operation::CreditInvoice], credit),
        PageRoute::post("/invoices/issued/{invoice}/payments", &[Operation::KeepPayments], pay),
        PageRoute::post("/invoices/issued/{invoice}/reminders", &[Operation::Remind], remind),
    ]
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let invoice = InvoiceId(id(&path)?);
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            shown(known, around, invoice, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    invoice: InvoiceId,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let about = whose::document(known.present, invoice);
    known.asking.may(Operation::SeeInvoices, &about)?;
    let unknown = || Problem::new(NOT_FOUND, "there is no such invoice").of_path();
    let entry = InvoiceEntry::one(known.book, invoice.0, known.at()).ok_or_else(unknown)?;
    let owed = receivable(known.book, invoice, &entry.issued, known.day);
    let notes = known.book.credit_notes_of(invoice);
    let credited = credited_by_line(&entry.issued, notes);
    let sees_letters = known.asking.may(Operation::SeeOutbox, &about).is_ok();
    let letter = sees_letters.then_some(&entry.letter);
    let mut payments = payments_of(known.book, invoice);
    payments
        .retain(|(paid, _)| known.asking.sees(Operation::SeePayments, || whose::payment(known.present, paid.payment)));
    let recipient = known.book.parties.get(&entry.issued.invoice.recipient.party);
    let number = recipient.and_then(|party| party.number_on(known.day));
    let page = InvoiceShown {
        back_to: number.filter(|_| known.asking.may_at_all(Operation::SeeRuns).is_err()),
        payments: &payments,
        entry: &entry,
        owed: &owed,
        notes,
        credited: &credited,
        letter,
        may_credit: known.asking.reaches(Operation::CreditInvoice, &about),
        may_pay: known.asking.may(Operation::KeepPayments, &about).is_ok(),
        may_remind: known.app.settings.late_payment.reminders && known.asking.may(Operation::Remind, &about).is_ok(),
        day: known.day,
        filled,
    };
    let answer = around.answer_as(status, command, Some(Place::Invoices), |frame| invoice_page(frame, &page))?;
    // Then nobody knows any longer whether its letter arrived.
    Ok(answer.until(entry.letter.outcome_due_at))
}

fn path_of(invoice: InvoiceId) -> String {
    format!("/invoices/issued/{invoice}")
}

async fn credit(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let invoice = InvoiceId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let followed = app.ledger.now();
        let extent = extent(reading, &followed.book, invoice);
        let (reason, date) = (reading.text("reason"), reading.day_or_nothing("date"));
        let Some((extent, reason)) = extent.zip(reason).filter(|_| !reading.is_refused()) else { return Ok(None) };
        let order = Order {
            credit_note: InvoiceId(ids::derived(reading.sent.command()?, "credit note")),
            invoice,
            extent,
            reason,
            date: date.unwrap_or(app.clock.today()),
            issuer: None,
            on: app.clock.today(),
        };
        let wish = crediting::wish(&followed.book, &order).map_err(|error| cannot_be_credited(&error))?;
        Ok(Some(Wished { wish: Some(wish), then: format!("{}#credit-heading", path_of(invoice)) }))
    };
    answered(app, around, sent, "credit", wished, move |known, around, filled, anew| {
        shown(known, around, invoice, filled, anew)
    })
    .await
}

/// All that is left, or so much of each line as is typed beside it.
fn extent(reading: &mut Reading<'_>, book: &Book, invoice: InvoiceId) -> Option<CreditExtent> {
    if !reading.choice("extent", &[("whole", false), ("lines", true)])? {
        return Some(CreditExtent::Whole);
    }
    let count = book.invoices.get(&invoice).map_or(0, |issued| issued.invoice.lines.len());
    let mut lines = Vec::new();
    for line in 1..=count {
        let name = format!("line-{line}");
        let typed = reading.typed(&name);
        if typed.is_empty() {
            continue;
        }
        match kroner(typed).filter(|amount| *amount != Ore::ZERO) {
            Some(net) => lines.push(LineCredit { line, net_ore: Some(net), passed_on_vat_ore: None }),
            None => reading.refuse(&name, "page-amount-refused"),
        }
    }
    if lines.is_empty() && !reading.is_refused() {
        reading.refuse("extent", "page-lines-missing");
    }
    Some(CreditExtent::Lines { lines })
}

async fn pay(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let invoice = InvoiceId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let (amount, booked_on) = (reading.kroner("amount"), reading.day("booked_on"));
        let reference = reading.text("reference");
        let Some(((amount_ore, booked_on), reference)) = amount.zip(booked_on).zip(reference) else { return Ok(None) };
        let followed = app.ledger.now();
        let unknown = || Problem::new(NOT_FOUND, "there is no such invoice");
        let issued = followed.book.invoices.get(&invoice).ok_or_else(unknown)?;
        let payment = PaymentId(ids::derived(reading.sent.command()?, "payment"));
        let then = format!("{}#paid-heading", path_of(invoice));
        if followed.book.payments.values().any(|account| account.payments.contains_key(&payment)) {
            return Ok(Some(Wished { wish: None, then }));
        }
        let paid = ByHand {
            payment,
            account_number: issued.account_number.clone(),
            invoice,
            amount_ore,
            booked_on,
            reference,
        };
        let wish = paying::by_hand(&followed.book, paid, &app.settings.invoice.accounts(), app.clock.today())
            .map_err(|error| Problem::new(NOT_FOUND, error.to_string()))?;
        Ok(Some(Wished { wish: Some(wish), then }))
    };
    answered(app, around, sent, "pay", wished, move |known, around, filled, anew| {
        shown(known, around, invoice, filled, anew)
    })
    .await
}

async fn remind(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let invoice = InvoiceId(id(&path)?);
    let wished = move |app: &App, _: &mut Reading<'_>| {
        let followed = app.ledger.now();
        let (settings, today) = (&app.settings.late_payment, app.clock.today());
        let wish = reminder::wish(&followed.book, settings, invoice, today, &|issuer| app.account_of(issuer))
            .map_err(|error| cannot_be_reminded(&error))?;
        Ok(Some(Wished { wish: Some(wish), then: path_of(invoice) }))
    };
    answered(app, around, sent, "remind", wished, move |known, around, filled, anew| {
        shown(known, around, invoice, filled, anew)
    })
    .await
}
