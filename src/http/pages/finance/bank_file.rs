//! A bank file is sent in, and it is said what it came to.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::event::Event;
use crate::domain::payment::PaymentsEvent;
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::pages::PageRoute;
use crate::http::pages::around::{Around, Page};
use crate::http::pages::filled::{Answered, Reading};
use crate::http::pages::upload::{SentFile, uploaded};
use crate::http::problem::{BANK_FILE_NOT_TAKEN, Problem};
use crate::http::request::Asked;
use crate::import::bank::{self, BankFileError};
use crate::ledger::with_sources;
use crate::render::page::{BankFileShown, Filled, Place, bank_file_page};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/invoices/bank-file", &[Operation::KeepPayments], form),
        PageRoute::post("/invoices/bank-file", &[Operation::KeepPayments], take),
    ]
}

/// What the file before came to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
struct Taken {
    booked: Option<usize>,
    matched: Option<usize>,
}

async fn form(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(taken): Asked<Taken>,
) -> Result<Page, Problem> {
    read(app, asking, None, move |known| {
        let anew = (StatusCode::OK, known.app.ids.new_id());
        shown(known, &around, taken.booked.zip(taken.matched), &Filled::default(), anew)
    })
    .await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    taken: Option<(usize, usize)>,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let accounts: Vec<&str> = known.app.settings.invoice.accounts().into_iter().collect();
    let page = BankFileShown { accounts: &accounts.join(", "), taken, filled };
    around.answer_as(status, command, Some(Place::Invoices), |frame| bank_file_page(frame, &page))
}

async fn take(app: web::Data<App>, around: Around, file: SentFile) -> Answered {
    let does = move |app: &App, reading: &mut Reading<'_>, bytes: &[u8]| {
        let counts = taken(app, bytes, reading)?;
        Ok(counts.map(|(booked, matched)| format!("/invoices/bank-file?booked={booked}&matched={matched}")))
    };
    uploaded(app, around, file, "bank-file", does, move |known, around, filled, anew| {
        shown(known, around, None, filled, anew)
    })
    .await
}

/// A file that is not taken in; nothing is booked.
fn refused(reading: &mut Reading<'_>, error: &BankFileError) -> Option<(usize, usize)> {
    reading.refuse("file", "page-file-refused");
    reading.fault_of(BANK_FILE_NOT_TAKEN.code, error.details(), with_sources(error));
    None
}

/// How many payments were booked, and how many of them pay an invoice by themselves.
fn taken(app: &App, bytes: &[u8], reading: &mut Reading<'_>) -> Result<Option<(usize, usize)>, Problem> {
    if bytes.is_empty() {
        reading.refuse("file", "page-file-missing");
        return Ok(None);
    }
    let file = match bank::parse(bytes) {
        Ok(file) => file,
        Err(error) => return Ok(refused(reading, &error)),
    };
    let account_number = bank::account_of(&file, &app.settings.invoice.accounts());
    let wish = {
        let known = app.ledger.now();
        reading.sent.asking.may(Operation::KeepPayments, &whose::account_number(&known.book, account_number))?;
        match bank::wish(&file, account_number, &known.book, app.clock.today()) {
            Ok(wish) => wish,
            Err(error) => return Ok(refused(reading, &error)),
        }
    };
    let handled = reading.sent.carry_out(app, wish)?;
    let booked =
        handled.events.iter().filter(|event| matches!(event, Event::Payments(PaymentsEvent::Received(_)))).count();
    let matched = handled.events.iter().filter_map(|event| {
        if let Event::Payments(PaymentsEvent::Matched(matched)) = event { Some(matched.matches.len()) } else { None }
    });
    Ok(Some((booked, matched.sum())))
}
