//! A letter that does not arrive: what the server answered, to whom it went, another address, another attempt, and what the
//! recipient says.

use actix_web::http::StatusCode;
use actix_web::{Either, web};
use uuid::Uuid;

use crate::app::App;
use crate::clock::norwegian_day;
use crate::domain::access::policy::Operation;
use crate::domain::delivery::{DeliveryCommand, E_INVOICE_MEDIA_TYPE, MailOutcomeStated, MailRetryRequested};
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceId, PartyId, PersonId};
use crate::domain::party::{ContactRole, PartyCommand};
use crate::handle::Wish;
use crate::http::answer::{Known, blocking};
use crate::http::asking::Asking;
use crate::http::pages::PageRoute;
use crate::http::pages::around::{Around, Page};
use crate::http::pages::filled::{Answered, Reading, Wished, answered};
use crate::http::pages::form::{Sent, id, see};
use crate::http::pages::kept::Rests;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::ids;
use crate::process::approval::letter_about;
use crate::render::mail::is_address;
use crate::render::page::{Filled, LetterPageShown, LetterStep, Place, letter_page};
use crate::store::people::Person;
use crate::view::book::Book;
use crate::view::documents::document;
use crate::view::notices::{addressed_role, notice};
use crate::view::outbox::letter_of;
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/invoices/letters/{letter}", &[Operation::SeeOutbox], one),
        PageRoute::post("/invoices/letters/{letter}/address", &[Operation::KeepInvoiceAddress], address),
        PageRoute::post("/invoices/letters/{letter}/outcome", &[Operation::MendLetter], outcome),
        PageRoute::post("/invoices/letters/{letter}/e-invoice", &[Operation::MendLetter], e_invoice_outcome),
    ]
}

/// Who a letter is for, and the contact that it goes to.
fn recipient(book: &Book, letter: InvoiceId) -> Option<(PartyId, ContactRole)> {
    if let Some(notice) = notice(book, letter) {
        return Some((notice.party, addressed_role(book, notice.party, notice.about)));
    }
    let party = document(book, letter).map(|document| document.recipient().party);
    let party = party.or_else(|| letter_about(book, letter).map(|(_, party)| party))?;
    Some((party, ContactRole::Finance))
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let letter = InvoiceId(id(&path)?);
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            shown(known, around, letter, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    letter: InvoiceId,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let about = whose::document(known.present, letter);
    known.asking.may(Operation::SeeOutbox, &about)?;
    let unknown = || Problem::new(NOT_FOUND, "there is no such letter").of_path();
    let standing = letter_of(known.book, letter, known.instant).ok_or_else(unknown)?;
    let contact = recipient(known.book, letter);
    let may_address = contact.is_some_and(|(party, _)| {
        known.asking.may(Operation::KeepInvoiceAddress, &whose::party(known.present, party)).is_ok()
    });
    let person = contact
        .filter(|_| may_address)
        .and_then(|(party, role)| known.book.parties.get(&party)?.contacts.get(&role).copied());
    let person = person.map(|id| known.app.people.get(id)).transpose().map_err(|error| Problem::internal(&error))?;
    let person = person.flatten().unwrap_or_default();
    let history = known.app.ledger.history(StreamKind::Delivery, letter.0)?;
    let steps: Vec<LetterStep> = history
        .iter()
        .map(|event| {
            let data: serde_json::Value =
                event.data.as_deref().and_then(|data| serde_json::from_slice(data).ok()).unwrap_or_default();
            let said = ["reply", "reason", "said"].into_iter().find_map(|name| data.get(name)?.as_str());
            LetterStep {
                event: event.event_type.to_string(),
                is_of_e_invoice: data["media_type"] == E_INVOICE_MEDIA_TYPE,
                on: norwegian_day(event.recorded_at),
                said: said.map(str::to_owned),
            }
        })
        .collect();
    let page = LetterPageShown {
        letter: &standing,
        steps: &steps,
        role: contact.map(|(_, role)| role),
        name: &person.name,
        email: person.email.as_deref().unwrap_or_default(),
        may_address,
        may_mend: known.asking.may(Operation::MendLetter, &about).is_ok(),
        asks_person: known.asking.asker().person().is_none(),
        filled,
    };
    let page = around.answer_as(status, command, Some(Place::Invoices), |frame| letter_page(frame, &page))?;
    Ok(page.until(standing.outcome_due_at))
}

fn path_of(letter: InvoiceId) -> String {
    format!("/invoices/letters/{letter}")
}

/// Another contact takes the place of the one before: its name and address go to the table of people, the log gets an id alone.
async fn address(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let letter = InvoiceId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let name = reading.text("name");
        let email = reading.text("email");
        if email.as_deref().is_some_and(|email| !is_address(email)) {
            reading.refuse("email", "page-email-refused");
        }
        let Some((name, email)) = name.zip(email).filter(|_| !reading.is_refused()) else { return Ok(None) };
        let unknown = || Problem::new(NOT_FOUND, "there is no such letter");
        let (party, role) = {
            let known = app.ledger.now();
            let (party, role) = recipient(&known.book, letter).ok_or_else(unknown)?;
            reading.sent.asking.may(Operation::KeepInvoiceAddress, &whose::party(&known.book, party))?;
            (party, role)
        };
        // By the page's id, so that a name that is mended and sent once more takes the place of the one before.
        let person = PersonId(ids::derived(reading.sent.of_page()?, "contact"));
        let known = Person { name, email: Some(email), ..Person::default() };
        if let Err(error) = app.people.put(person, &known) {
            reading.fault("page-person-not-kept", error.to_string());
            return Ok(None);
        }
        let wish = Wish::Party(party, PartyCommand::NameContact { role, person });
        Ok(Some(Wished { wish: Some(wish), then: path_of(letter) }))
    };
    let named = answered(app.clone(), around, sent.clone(), "address", wished, move |known, around, filled, anew| {
        shown(known, around, letter, filled, anew)
    })
    .await?;
    if matches!(named, Either::Right(_)) {
        return Ok(named);
    }
    // A letter that waited for the address goes again at once.
    let asked = ids::derived(sent.command()?, "again");
    blocking(move || {
        let requested = MailRetryRequested { on: app.clock.today() };
        let again = DeliveryCommand::RequestRetry { requested, at: app.clock.now() };
        match sent.carry_out_as(&app, asked, Wish::Delivery(letter, again)) {
            Ok(_) => Ok(()),
            // It did not wait, or who mended the address may not ask for another attempt.
            Err(problem) if problem.can_be_mended() || problem.is_refusal() => Ok(()),
            Err(problem) => Err(problem),
        }
    })
    .await?;
    Ok(Either::Left(see(&path_of(letter))))
}

async fn e_invoice_outcome(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    stated(app, around, path, sent, ("e-invoice", true)).await
}

async fn outcome(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    stated(app, around, path, sent, ("outcome", false)).await
}

/// What a person says of an outcome by a form: of the e-invoice, or else of the letter.
async fn stated(
    app: web::Data<App>,
    around: Around,
    path: web::Path<String>,
    sent: Sent,
    (form, of_e_invoice): (&'static str, bool),
) -> Answered {
    let letter = InvoiceId(id(&path)?);
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let arrived = reading.choice("arrived", &[("yes", true), ("no", false)]);
        let (role, reason, person) = (reading.text("role"), reading.text("reason"), reading.person());
        let (Some(arrived), Some(role), Some(person), Some(reason)) = (arrived, role, person, reason) else {
            return Ok(None);
        };
        let stated = MailOutcomeStated { arrived, role, person, reason, on: app.clock.today() };
        let command = DeliveryCommand::state(of_e_invoice, stated, app.clock.now());
        Ok(Some(Wished { wish: Some(Wish::Delivery(letter, command)), then: path_of(letter) }))
    };
    answered(app, around, sent, form, wished, move |known, around, filled, anew| {
        shown(known, around, letter, filled, anew)
    })
    .await
}
