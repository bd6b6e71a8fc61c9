//! What comes in: bank files, payments by hand, what they pay, what is outstanding.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;

use super::answer::{CommandAnswer, Known, PageQuery, blocking, command_answer, cut, page, page_limit, read};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{BANK_FILE_NOT_TAKEN, NOT_FOUND, Problem};
use super::request::{Asked, Posted, id_in_path};
use super::streams::carry_out;
use crate::after_issue::paying::{self, ByHand, PayingError};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::identity::{InvoiceId, PaymentId, ReceivingAccountId};
use crate::domain::money::Ore;
use crate::handle::{Handled, Wish};
use crate::ids;
use crate::import::bank::{self, BankFileError, account_id};
use crate::ledger::with_sources;
use crate::view::book::Book;
use crate::view::receivables::{self, PartyBalance, PaymentEntry, Receivable};
use crate::view::whose;

const PAYMENTS: &str = "Payments";
const INVOICES: &str = "Invoices";

/// A bank file.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct FileRequest {
    /// The file as text: camt.054 (version 02, 04 or 08) or OCR giro.
    content: String,
    /// The account it came in to; where nothing is said, the one of ours that the file tells of.
    account_number: Option<String>,
}

/// A payment by hand.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PaymentRequest {
    /// What came in.
    amount_ore: Ore,
    /// The day the bank booked it; today where nothing is said.
    booked_on: Option<NaiveDate>,
    /// What it is known by, such as the line of the statement: no name.
    reference: String,
    /// The account it came in to; where nothing is said, the one that the invoice asked to be paid to.
    account_number: Option<String>,
}

/// Which invoice a payment pays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MatchRequest {
    /// The invoice.
    invoice: InvoiceId,
    /// How much of the payment pays the invoice, in all; as much as fits where nothing is said.
    amount_ore: Option<Ore>,
}

/// Which invoice a payment does not pay.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct UnmatchRequest {
    /// The invoice.
    invoice: InvoiceId,
    /// Why, in a few words and without names.
    reason: String,
}

/// That what is open was paid back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnRequest {
    /// The voucher that says so.
    reference: String,
}

/// Which reversal took the payment back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReverseRequest {
    /// The reversal: the one with the negative amount.
    reversal: PaymentId,
}

/// Which payments.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct PaymentsQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last payment of the page before: the page begins after it.
    after: Option<PaymentId>,
    /// Only those of which something is open.
    #[serde(default)]
    unmatched: bool,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// Which receivables.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct ReceivablesQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last invoice of the page before: the page begins after it.
    after: Option<InvoiceId>,
    /// Only those of which something is left to be paid.
    #[serde(default)]
    unpaid: bool,
    /// Only those of a party: its id, a number of any time, its organisation number, or a name.
    party: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    let about_payment =
        |endpoint: Endpoint| endpoint.path_parameter("id", "The id of the payment.").commands().may_answer(&[404]);
    vec![
        Endpoint::post("/api/v1/payments/files", "takeBankFile", take_file)
            .asks(&[Operation::KeepPayments])
            .about(PAYMENTS, "Take in a bank file: all of it that concerns the account, and nothing twice")
            .described(
                "A payment pays the invoice that its KID names. What is too much, has no KID or one that names no invoice \
                 stays open. A file that is known already is answered without events.",
            )
            .takes::<FileRequest>()
            .versioned()
            .may_answer(&[409, 503])
            .answers::<CommandAnswer>("What was booked."),
        Endpoint::get("/api/v1/payments", "listPayments", payments)
            .asks(&[Operation::SeePayments])
            .about(PAYMENTS, "What came in, by the day it was booked")
            .query::<PaymentsQuery>()
            .answers_page::<PaymentEntry>(),
        about_payment(
            Endpoint::post("/api/v1/payments/{id}/match", "matchPayment", match_payment)
                .asks(&[Operation::KeepPayments])
            .about(PAYMENTS, "Let what is open of a payment pay an invoice")
                .takes::<MatchRequest>(),
        )
        .answers::<CommandAnswer>("It pays the invoice."),
        about_payment(
            Endpoint::post("/api/v1/payments/{id}/unmatch", "unmatchPayment", unmatch_payment)
                .asks(&[Operation::KeepPayments])
            .about(PAYMENTS, "Take a payment from an invoice again")
                .takes::<UnmatchRequest>(),
        )
        .answers::<CommandAnswer>("It is open again."),
        about_payment(
            Endpoint::post("/api/v1/payments/{id}/return", "returnPayment", return_payment)
                .asks(&[Operation::KeepPayments])
            .about(PAYMENTS, "Record that what is open of a payment was paid back")
                .takes::<ReturnRequest>(),
        )
        .answers::<CommandAnswer>("Nothing of it is open."),
        about_payment(
            Endpoint::post("/api/v1/payments/{id}/reverse", "reversePayment", reverse_payment)
                .asks(&[Operation::KeepPayments])
            .about(PAYMENTS, "Set a reversal off against the payment that the bank took back")
                .takes::<ReverseRequest>(),
        )
        .answers::<CommandAnswer>("It is set off."),
        Endpoint::post("/api/v1/invoices/{id}/payments", "payInvoice", pay)
            .asks(&[Operation::KeepPayments])
            .about(INVOICES, "Record a payment of an invoice by hand")
            .path_parameter("id", "The id of the invoice.")
            .takes::<PaymentRequest>()
            .versioned()
            .may_answer(&[404, 409, 503])
            .answers::<CommandAnswer>("The payment, and what it pays."),
        Endpoint::get("/api/v1/receivables", "listReceivables", list_receivables)
            .asks(&[Operation::SeeReceivables])
            .about(INVOICES, "What was issued, credited, paid and is outstanding, longest overdue first")
            .query::<ReceivablesQuery>()
            .may_answer(&[404])
            .answers_page::<Receivable>(),
        Endpoint::get("/api/v1/party-balances", "listPartyBalances", balances)
            .asks(&[Operation::SeeReceivables])
            .about(INVOICES, "What each party was invoiced, has paid and owes, by name")
            .query::<PageQuery>()
            .answers_page::<PartyBalance>(),
    ]
}

fn not_taken(error: &BankFileError) -> Problem {
    Problem::new(BANK_FILE_NOT_TAKEN, format!("{}; nothing was booked", with_sources(error))).with("field", "content")
}

/// What the request came to before; a file, a payment by hand and a reminder are decided by what was known then.
pub fn before(app: &App, account: ReceivingAccountId, posted: &Posted) -> Result<Option<Handled>, Problem> {
    let kind = crate::domain::event::StreamKind::Payments;
    Ok(app.ledger.handled_before(kind, account.0, posted.command_id(), &posted.digest())?)
}

async fn take_file(app: web::Data<App>, posted: Posted) -> Result<HttpResponse, Problem> {
    let FileRequest { content, account_number } = posted.read()?;
    let handled = blocking(move || {
        let file = bank::parse(content.as_bytes()).map_err(|error| not_taken(&error))?;
        let ours = app.settings.invoice.accounts();
        let account_number = account_number.unwrap_or_else(|| bank::account_of(&file, &ours).to_owned());
        let whose = whose::account_number(&app.ledger.now().book, &account_number);
        posted.asking.may(Operation::KeepPayments, &whose)?;
        let wish = bank::wish(&file, &account_number, &app.ledger.now().book, app.clock.today())
            .map_err(|error| not_taken(&error))?;
        carry_out(&app, wish, &posted)
    })
    .await?;
    command_answer(&handled)
}

async fn payments(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<PaymentsQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read(app, asking, query.as_of, move |known| {
        known.app.ledger.follows_all()?;
        let mut all = receivables::payments(known.book);
        all.retain(|entry| {
            (!query.unmatched || entry.open_ore != Ore::ZERO)
                && known.asking.sees(Operation::SeePayments, || whose::payment(known.present, entry.payment))
        });
        cut(all, limit, query.after.map(|after| after.0), |entry| entry.payment.0)
    })
    .await?;
    Ok(page(&request, items, next.map(|payment| payment.to_string())))
}

async fn list_receivables(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<ReceivablesQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read(app, asking, query.as_of, move |known| {
        let party = query.party.as_deref().map(|called| known.party_called(called)).transpose()?;
        let mut all = all_receivables(known);
        all.retain(|receivable| {
            (!query.unpaid || receivable.outstanding_ore != Ore::ZERO)
                && party.is_none_or(|party| receivable.party == party)
        });
        cut(all, limit, query.after.map(|after| after.0), |receivable| receivable.invoice.0)
    })
    .await?;
    Ok(page(&request, items, next.map(|invoice| invoice.to_string())))
}

fn all_receivables(known: &Known<'_>) -> Vec<Receivable> {
    let mut all = receivables::receivables(known.book, known.day);
    all.retain(|receivable| {
        known.asking.sees(Operation::SeeReceivables, || whose::document(known.present, receivable.invoice))
    });
    all
}

async fn balances(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read(app, asking, query.as_of, move |known| {
        cut(receivables::by_party(&all_receivables(known)), limit, query.after, |balance| balance.party.0)
    })
    .await?;
    Ok(page(&request, items, next.map(|party| party.to_string())))
}

/// Carries out a wish about a payment that is there.
fn about(
    app: &App,
    posted: &Posted,
    whose: impl FnOnce(&Book) -> About,
    wish: impl FnOnce(&Book, NaiveDate) -> Result<Wish, PayingError>,
) -> Result<Handled, Problem> {
    let wish = {
        let book = &app.ledger.now().book;
        posted.asking.may(Operation::KeepPayments, &whose(book))?;
        wish(book, app.clock.today()).map_err(|error| missing(&error))?
    };
    carry_out(app, wish, posted)
}

fn missing(error: &PayingError) -> Problem {
    Problem::new(NOT_FOUND, error.to_string())
}

async fn match_payment(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let payment = PaymentId(id_in_path(&path)?);
    let MatchRequest { invoice, amount_ore } = posted.read()?;
    let handled = blocking(move || {
        about(
            &app,
            &posted,
            |book| whose::payment(book, payment),
            |book, on| paying::matched(book, payment, invoice, amount_ore, on),
        )
    })
    .await?;
    command_answer(&handled)
}

async fn unmatch_payment(
    app: web::Data<App>,
    path: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let payment = PaymentId(id_in_path(&path)?);
    let UnmatchRequest { invoice, reason } = posted.read()?;
    let handled = blocking(move || {
        about(
            &app,
            &posted,
            |book| whose::payment(book, payment),
            |book, on| paying::unmatched(book, payment, invoice, reason, on),
        )
    })
    .await?;
    command_answer(&handled)
}

async fn return_payment(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let payment = PaymentId(id_in_path(&path)?);
    let ReturnRequest { reference } = posted.read()?;
    let handled = blocking(move || {
        about(
            &app,
            &posted,
            |book| whose::payment(book, payment),
            |book, on| paying::returned(book, payment, reference, on),
        )
    })
    .await?;
    command_answer(&handled)
}

async fn reverse_payment(
    app: web::Data<App>,
    path: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let payment = PaymentId(id_in_path(&path)?);
    let ReverseRequest { reversal } = posted.read()?;
    let handled = blocking(move || {
        about(
            &app,
            &posted,
            |book| whose::payment(book, payment),
            |book, on| paying::reversed(book, payment, reversal, on),
        )
    })
    .await?;
    command_answer(&handled)
}

async fn pay(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let invoice = InvoiceId(id_in_path(&path)?);
    let PaymentRequest { amount_ore, booked_on, reference, account_number } = posted.read()?;
    let handled = blocking(move || {
        let account_number = {
            let known = app.ledger.now();
            posted.asking.may(Operation::KeepPayments, &whose::document(&known.book, invoice))?;
            let asked_for = || known.book.invoices.get(&invoice).map(|issued| issued.account_number.clone());
            account_number.or_else(asked_for).unwrap_or_default()
        };
        if let Some(before) = before(&app, account_id(&account_number), &posted)? {
            return Ok(before);
        }
        let payment = PaymentId(ids::derived(posted.command_id(), "payment"));
        about(
            &app,
            &posted,
            |book| whose::document(book, invoice),
            |book, on| {
                let booked_on = booked_on.unwrap_or(on);
                let paid = ByHand { payment, account_number, invoice, amount_ore, booked_on, reference };
                paying::by_hand(book, paid, &app.settings.invoice.accounts(), on)
            },
        )
    })
    .await?;
    command_answer(&handled)
}
