//! A payment with all that becomes of it: what it pays, in parts and of several invoices, what is paid back, what the bank
//! took back.

use actix_web::http::StatusCode;
use actix_web::web;
use uuid::Uuid;

use crate::after_issue::paying::{self, PayingError};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::handle::Wish;
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::pages::PageRoute;
use crate::http::pages::around::{Around, Page};
use crate::http::pages::filled::{Answered, Reading, Wished, answered};
use crate::http::pages::form::{Sent, id};
use crate::http::pages::kept::Rests;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::render::page::{Filled, PaymentPageShown, Place, payment_page};
use crate::view::book::Book;
use crate::view::receivables::{PaymentState, open_payments, open_receivables, payment};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    let keep: &[Operation] = &[Operation::KeepPayments];
    vec![
        PageRoute::get("/invoices/payments/{payment}", &[Operation::SeePayments], one),
        PageRoute::post("/invoices/payments/{payment}/matches", keep, match_part),
        PageRoute::post("/invoices/payments/{payment}/unmatch", keep, unmatch),
        PageRoute::post("/invoices/payments/{payment}/return", keep, pay_back),
        PageRoute::post("/invoices/payments/{payment}/reverse", keep, reverse),
    ]
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let payment = PaymentId(id(&path)?);
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            shown(known, around, payment, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    id: PaymentId,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let about = whose::payment(known.present, id);
    known.asking.may(Operation::SeePayments, &about)?;
    known.app.ledger.follows_all()?;
    let entry = payment(known.book, id).ok_or_else(|| Problem::new(NOT_FOUND, "there is no such payment").of_path())?;
    let mut owed = open_receivables(known.book, known.day);
    owed.retain(|owed| {
        owed.outstanding_ore > Ore::ZERO
            && known.asking.sees(Operation::SeeReceivables, || whose::document(known.present, owed.invoice))
    });
    let mut reversals = open_payments(known.book);
    reversals.retain(|other| {
        other.state == PaymentState::Reversal
            && other.account_number == entry.account_number
            && known.asking.sees(Operation::SeePayments, || whose::payment(known.present, other.payment))
    });
    let page = PaymentPageShown {
        entry: &entry,
        owed: &owed,
        reversals: &reversals,
        may_keep: known.asking.may(Operation::KeepPayments, &about).is_ok(),
        filled,
    };
    around.answer_as(status, command, Some(Place::Invoices), |frame| payment_page(frame, &page))
}

/// Does what one of the forms asks for, and goes back to the payment.
async fn asked(
    app: web::Data<App>,
    around: Around,
    path: web::Path<String>,
    sent: Sent,
    form: &'static str,
    wish: impl FnOnce(&Book, &App, &mut Reading<'_>, PaymentId) -> Result<Option<Wish>, PayingError> + Send + 'static,
) -> Answered {
    let payment = PaymentId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let followed = app.ledger.now();
        let missing = |error: PayingError| Problem::new(NOT_FOUND, error.to_string());
        let wish = wish(&followed.book, app, reading, payment).map_err(missing)?;
        Ok(wish.map(|wish| Wished { wish: Some(wish), then: format!("/invoices/payments/{payment}") }))
    };
    answered(app, around, sent, form, wished, move |known, around, filled, anew| {
        shown(known, around, payment, filled, anew)
    })
    .await
}

async fn match_part(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    asked(app, around, path, sent, "matches", |book, app, reading, payment| {
        let (invoice, amount) = (reading.id("invoice", InvoiceId), reading.kroner_or_nothing("amount"));
        let Some(invoice) = invoice.filter(|_| !reading.is_refused()) else { return Ok(None) };
        paying::matched(book, payment, invoice, amount, app.clock.today()).map(Some)
    })
    .await
}

async fn unmatch(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    asked(app, around, path, sent, "unmatch", |book, app, reading, payment| {
        let (invoice, reason) = (reading.id("invoice", InvoiceId), reading.text("reason"));
        let Some((invoice, reason)) = invoice.zip(reason) else { return Ok(None) };
        paying::unmatched(book, payment, invoice, reason, app.clock.today()).map(Some)
    })
    .await
}

async fn pay_back(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    asked(app, around, path, sent, "return", |book, app, reading, payment| {
        let Some(reference) = reading.text("reference") else { return Ok(None) };
        paying::returned(book, payment, reference, app.clock.today()).map(Some)
    })
    .await
}

async fn reverse(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    asked(app, around, path, sent, "reverse", |book, app, reading, payment| {
        let Some(reversal) = reading.id("reversal", PaymentId) else { return Ok(None) };
        paying::reversed(book, payment, reversal, app.clock.today()).map(Some)
    })
    .await
}
