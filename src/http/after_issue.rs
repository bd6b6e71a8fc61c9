//! What comes after issue: credit notes, settlement, reminders and what they cost.

use actix_web::{HttpResponse, web};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::answer::{CommandAnswer, blocking, command_answer, party_called, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::payments::before;
use super::problem::{CANNOT_BE_CREDITED, CANNOT_BE_PLANNED, CANNOT_BE_REMINDED, NOT_FOUND, Problem, details};
use super::request::{Asked, Posted, id_in_path};
use super::streams::{carry_out, unknown};
use crate::after_issue::crediting::{self, CreditError};
use crate::after_issue::reminder::{self, ReminderError};
use crate::after_issue::settling::{self, SettlingError};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::credit_note::CreditExtent;
use crate::domain::identity::{CostId, InvoiceId, LicenceId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::vat::Subject;
use crate::handle::Wish;
use crate::ids;
use crate::import::bank::account_id;
use crate::ledger::with_sources;
use crate::process::invoice_plan::{self, Settlement};
use crate::view::book::Book;
use crate::view::whose;

const INVOICES: &str = "Invoices";

/// What is to be credited of an invoice.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditRequest {
    /// How much of it.
    credit: CreditExtent,
    /// Why, as it will stand on the credit note: no names.
    reason: String,
    /// The date on the credit note; today where nothing is said, and at most 14 days back.
    date: Option<NaiveDate>,
    /// Who credits, where it is not who issued and no agreement says who came after: an id, a number, or a name.
    issuer: Option<String>,
}

/// Why what reminders cost is no longer asked for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WaiveRequest {
    /// Why, in a few words and without names.
    reason: String,
}

/// Which settlement.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct SettlementQuery {
    /// The budget year; that of the cost, or this year, where nothing is said.
    year: Option<i32>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// That what was invoiced too much is to be credited.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SettleRequest {
    /// The budget year; that of the cost, or this year, where nothing is said.
    year: Option<i32>,
    /// The sum to be credited in all, output VAT left out, as the settlement showed it.
    credit_ore: Ore,
    /// The date on the credit notes; today where nothing is said, and at most 14 days back.
    date: Option<NaiveDate>,
}

/// A credit note that a settlement led to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SettledNote {
    /// The credit note.
    credit_note: InvoiceId,
    /// Its number.
    number: u64,
    /// The invoice that it credits.
    invoice: InvoiceId,
    /// What is credited in all.
    total_ore: Ore,
}

/// What a settlement led to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SettleAnswer {
    /// The credit notes, by number.
    credit_notes: Vec<SettledNote>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    let of_invoice = |endpoint: Endpoint| {
        endpoint.path_parameter("id", "The id of the invoice.").versioned().may_answer(&[404, 409, 503])
    };
    let settlement = |endpoint: Endpoint| {
        endpoint
            .asks(&[Operation::SeeSettlement])
            .about(INVOICES, "What was invoiced on account against what it came to, participant by participant")
            .query::<SettlementQuery>()
            .may_answer(&[404, 422])
            .answers::<Settlement>("The settlement. Nothing is done yet.")
    };
    let settle = |endpoint: Endpoint| {
        endpoint
            .asks(&[Operation::CreditInvoice])
            .about(INVOICES, "Credit what was invoiced too much on account")
            .described(
                "What was invoiced too little is a line of the next invoice, which a plan makes by itself. Repeated with the \
                 same key it is answered with the same credit notes.",
            )
            .takes::<SettleRequest>()
            .may_answer(&[404, 409, 503])
            .answers::<SettleAnswer>("The credit notes.")
    };
    vec![
        of_invoice(
            Endpoint::post("/api/v1/invoices/{id}/credit-notes", "creditInvoice", credit)
                .asks(&[Operation::CreditInvoice])
                .about(INVOICES, "Credit an invoice, in full or by line")
                .described(
                    "The credit note takes the next number in the series of who credits: of who issued, or of who came \
                     after. A worker then draws it up and sends it.",
                )
                .takes::<CreditRequest>(),
        )
        .answers::<CommandAnswer>("The credit note."),
        of_invoice(
            Endpoint::post("/api/v1/invoices/{id}/reminders", "remindOfInvoice", remind)
                .asks(&[Operation::Remind])
                .about(INVOICES, "Remind of an invoice that is overdue, where the settings allow it"),
        )
        .answers::<CommandAnswer>("The reminder, with fee and interest where they are switched on."),
        of_invoice(
            Endpoint::post("/api/v1/invoices/{id}/waivers", "waiveCharges", waive)
                .asks(&[Operation::Remind])
                .about(INVOICES, "Ask no longer for what reminders of an invoice cost, as far as it is not paid")
                .takes::<WaiveRequest>(),
        )
        .answers::<CommandAnswer>("It is no longer asked for."),
        settlement(Endpoint::get("/api/v1/costs/{id}/settlement", "getCostSettlement", of_cost)),
        settle(Endpoint::post("/api/v1/costs/{id}/settlement", "settleCost", settle_cost)),
        settlement(Endpoint::get("/api/v1/licences/{id}/settlement", "getLicenceSettlement", of_licence)),
        settle(Endpoint::post("/api/v1/licences/{id}/settlement", "settleLicence", settle_licence)),
    ]
}

async fn credit(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let invoice = InvoiceId(id_in_path(&path)?);
    let CreditRequest { credit, reason, date, issuer } = posted.read()?;
    let handled = blocking(move || {
        let wish = {
            let known = app.ledger.now();
            posted.asking.may(Operation::CreditInvoice, &whose::document(&known.book, invoice))?;
            let order = crediting::Order {
                credit_note: InvoiceId(ids::derived(posted.command_id(), "credit note")),
                invoice,
                extent: credit,
                reason,
                date: date.unwrap_or(app.clock.today()),
                issuer: issuer.as_deref().map(|called| party_called(&known.book, called)).transpose()?,
                on: app.clock.today(),
            };
            crediting::wish(&known.book, &order).map_err(|error| cannot_be_credited(&error))?
        };
        carry_out(&app, wish, &posted)
    })
    .await?;
    command_answer(&handled)
}

/// Why an invoice cannot be credited.
pub fn cannot_be_credited(error: &CreditError) -> Problem {
    let kind = match error {
        CreditError::InvoiceUnknown { .. } => NOT_FOUND,
        CreditError::SuccessorUnclear { .. }
        | CreditError::NotTheIssuer { .. }
        | CreditError::DatedBeforeSuccession { .. }
        | CreditError::NoSeries { .. }
        | CreditError::NoEInvoice { .. }
        | CreditError::Issuer(_) => CANNOT_BE_CREDITED,
    };
    Problem::new(kind, error.to_string()).speaking_of(details(error))
}

/// Why there is no reminder.
pub fn cannot_be_reminded(error: &ReminderError) -> Problem {
    Problem::new(CANNOT_BE_REMINDED, with_sources(error)).speaking_of(error.details())
}

async fn remind(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let invoice = InvoiceId(id_in_path(&path)?);
    with_account(app, invoice, posted, move |app, book| {
        reminder::wish(book, &app.settings.late_payment, invoice, app.clock.today(), &|issuer| app.account_of(issuer))
            .map_err(|error| cannot_be_reminded(&error))
    })
    .await
}

async fn waive(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let invoice = InvoiceId(id_in_path(&path)?);
    let WaiveRequest { reason } = posted.read()?;
    with_account(app, invoice, posted, move |app, book| {
        reminder::waiver(book, invoice, reason, app.clock.today()).map_err(|error| cannot_be_reminded(&error))
    })
    .await
}

/// Carries out a wish about what comes in for an invoice, once for each key: it is decided by what was known then.
async fn with_account(
    app: web::Data<App>,
    invoice: InvoiceId,
    posted: Posted,
    wish: impl FnOnce(&App, &Book) -> Result<Wish, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let handled = blocking(move || {
        let wish = {
            let known = app.ledger.now();
            posted.asking.may(Operation::Remind, &whose::document(&known.book, invoice))?;
            let issued = known.book.invoices.get(&invoice).ok_or_else(|| unknown(INVOICES, invoice.0))?;
            if let Some(before) = before(&app, account_id(&issued.account_number), &posted)? {
                return Ok(before);
            }
            wish(&app, &known.book)?
        };
        carry_out(&app, wish, &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn of_cost(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<SettlementQuery>,
) -> Result<HttpResponse, Problem> {
    let subject = Subject::Cost { cost: CostId(id_in_path(&path)?) };
    show(app, asking, subject, query).await
}

async fn of_licence(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<SettlementQuery>,
) -> Result<HttpResponse, Problem> {
    let subject = Subject::Licence { licence: LicenceId(id_in_path(&path)?) };
    show(app, asking, subject, query).await
}

async fn show(
    app: web::Data<App>,
    asking: Asking,
    subject: Subject,
    query: SettlementQuery,
) -> Result<HttpResponse, Problem> {
    let shown = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::SeeSettlement, &whose_subject(known.present, subject))?;
        settlement(known.book, subject, query.year, known.day)
    })
    .await?;
    Ok(single(&shown, None))
}

fn settlement(book: &Book, subject: Subject, year: Option<i32>, day: NaiveDate) -> Result<Settlement, Problem> {
    let (procurement, own_year) = recorded(book, subject)?;
    let year = year.or(own_year).unwrap_or(day.year());
    if !crate::domain::calendar::YEARS_TAKEN.contains(&year) {
        return Err(Problem::new(CANNOT_BE_PLANNED, format!("{year} is no year that is taken")).with("field", "year"));
    }
    Ok(invoice_plan::settlement(book, procurement, subject, year, day)?)
}

fn whose_subject(book: &Book, subject: Subject) -> About {
    match subject {
        Subject::Cost { cost } => whose::cost(book, cost),
        Subject::Licence { licence } => whose::licence(book, licence),
    }
}

/// The procurement of a cost or licence and, of a cost, its year.
fn recorded(book: &Book, subject: Subject) -> Result<(ProcurementId, Option<i32>), Problem> {
    match subject {
        Subject::Cost { cost } => {
            let known =
                book.costs.get(&cost).and_then(|known| Some((known.recorded.as_ref()?.procurement, known.year)));
            known.map(|(procurement, year)| (procurement, Some(year))).ok_or_else(|| unknown("Costs", cost.0))
        }
        Subject::Licence { licence } => {
            let known = book.licences.get(&licence).and_then(|known| Some(known.recorded.as_ref()?.procurement));
            known.map(|procurement| (procurement, None)).ok_or_else(|| unknown("Licences", licence.0))
        }
    }
}

async fn settle_cost(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let subject = Subject::Cost { cost: CostId(id_in_path(&path)?) };
    settle(app, subject, posted).await
}

async fn settle_licence(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let subject = Subject::Licence { licence: LicenceId(id_in_path(&path)?) };
    settle(app, subject, posted).await
}

async fn settle(app: web::Data<App>, subject: Subject, posted: Posted) -> Result<HttpResponse, Problem> {
    let SettleRequest { year, credit_ore, date } = posted.read()?;
    let answer = blocking(move || {
        posted.asking.may(Operation::CreditInvoice, &whose_subject(&app.ledger.now().book, subject))?;
        let id = |invoice: InvoiceId| ids::derived(posted.command_id(), &invoice.to_string());
        let before = settled(&app.ledger.now().book, &id);
        if !before.credit_notes.is_empty() {
            return Ok(before);
        }
        let date = date.unwrap_or(app.clock.today());
        let wishes = {
            let known = app.ledger.now();
            let shown = settlement(&known.book, subject, year, date)?;
            settling::wishes(&known.book, &shown, credit_ore, (date, app.clock.today()), id).map_err(|error| {
                match &error {
                    SettlingError::Credit(error) => cannot_be_credited(error),
                    SettlingError::NothingToCredit { .. } | SettlingError::OtherSum { .. } => {
                        Problem::new(CANNOT_BE_CREDITED, error.to_string())
                    }
                }
            })?
        };
        for (_, wish) in &wishes {
            posted.asking.may_wish(&app, &app.ledger.now().book, wish)?;
        }
        let enveloped: Vec<_> = wishes
            .into_iter()
            .map(|(note, wish)| (wish, app.envelope(ids::derived(note.0, "settle"), &posted.asking.actor())))
            .collect();
        app.ledger.carry_out_all(&enveloped)?;
        Ok(settled(&app.ledger.now().book, &id))
    })
    .await?;
    Ok(single(&answer, None))
}

/// The credit notes whose ids were made so.
fn settled(book: &Book, id: &impl Fn(InvoiceId) -> uuid::Uuid) -> SettleAnswer {
    let made = book.credit_notes.iter().flat_map(|(invoice, notes)| {
        let own = InvoiceId(id(*invoice));
        notes.iter().filter(move |note| note.credit_note == own)
    });
    let mut credit_notes: Vec<SettledNote> = made
        .map(|note| SettledNote {
            credit_note: note.credit_note,
            number: note.number,
            invoice: note.credited.invoice,
            total_ore: note.total_ore,
        })
        .collect();
    credit_notes.sort_by_key(|note| note.number);
    SettleAnswer { credit_notes }
}
