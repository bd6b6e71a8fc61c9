//! What an accounting system takes in: invoice basis, postings, SAF-T.

use std::collections::BTreeSet;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Known, etag_of_position, read};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{CANNOT_BE_BOOKED, PARAMETER_INVALID, Problem, damaged};
use super::request::Asked;
use crate::accounting::{self, ExportError, Wanted};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::render;
use crate::render::accounting::{Form, Layout, basis, described};
use crate::store::Position;
use crate::view::whose;

const ACCOUNTING: &str = "Accounting";

/// What of whose books, and how a table is laid out.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct TableQuery {
    /// The invoices of a run: its id. In place of days.
    run: Option<InvoiceRunId>,
    /// The first day.
    from: Option<NaiveDate>,
    /// The last day.
    to: Option<NaiveDate>,
    /// Whose books, where several issue: the id, a number of any time, the organisation number, or a name.
    issuer: Option<String>,
    /// `excel` (semicolons, decimal commas, a byte order mark), as where nothing is said, or `plain` (commas, decimal points).
    layout: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// Which days of whose books.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct DaysQuery {
    /// The first day.
    from: NaiveDate,
    /// The last day, in the same year.
    to: NaiveDate,
    /// Whose books, where several issue: the id, a number of any time, the organisation number, or a name.
    issuer: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    let text = || json!({ "type": "string" });
    let endpoint = |endpoint: Endpoint, summary, columns: &str| {
        let said = "Accounts and VAT codes are those of the settings. What is booked never changes later.";
        endpoint
            .about(ACCOUNTING, summary)
            .asks(&[Operation::SeeAccounting])
            .described(format!("{said} {columns}").trim_end().to_owned())
            .header("ETag", "Changes whenever anything is recorded, and with the day.")
            .may_answer(&[404, 422])
    };
    vec![
        endpoint(
            Endpoint::get("/api/v1/accounting/invoice-basis", "getInvoiceBasis", invoice_basis).query::<TableQuery>(),
            "The lines of invoices, claims and credit notes (fakturagrunnlag)",
            &described(basis::COLUMNS),
        )
        .answers_as("text/csv", "The table.", text()),
        endpoint(
            Endpoint::get("/api/v1/accounting/postings", "getPostings", postings).query::<TableQuery>(),
            "What is booked: sales, VAT, what is owed, payments; every voucher comes to nothing",
            &described(render::accounting::postings::COLUMNS),
        )
        .answers_as("text/csv", "The table.", text()),
        endpoint(
            Endpoint::get("/api/v1/accounting/saf-t", "getSafT", saf_t).query::<DaysQuery>(),
            "SAF-T Financial 1.30: the part of a year's books that is kept here",
            "",
        )
        .answers_as("application/xml", "The file.", text()),
    ]
}

async fn invoice_basis(
    app: web::Data<App>,
    asking: Asking,
    Asked(query): Asked<TableQuery>,
) -> Result<HttpResponse, Problem> {
    table(app, asking, Form::InvoiceBasis, query).await
}

async fn postings(
    app: web::Data<App>,
    asking: Asking,
    Asked(query): Asked<TableQuery>,
) -> Result<HttpResponse, Problem> {
    table(app, asking, Form::Postings, query).await
}

async fn saf_t(app: web::Data<App>, asking: Asking, Asked(query): Asked<DaysQuery>) -> Result<HttpResponse, Problem> {
    let DaysQuery { from, to, issuer, as_of } = query;
    let days = TableQuery { from: Some(from), to: Some(to), issuer, ..TableQuery::default() };
    written(app, asking, Form::SafT, Layout::default(), days, as_of).await
}

async fn table(
    app: web::Data<App>,
    asking: Asking,
    form: Form,
    mut query: TableQuery,
) -> Result<HttpResponse, Problem> {
    let layout = match query.layout.as_deref() {
        None | Some("excel") => Layout::Excel,
        Some("plain") => Layout::Plain,
        Some(other) => {
            let sentence = format!("layout {other}: give excel or plain");
            return Err(Problem::new(PARAMETER_INVALID, sentence).with("parameter", "layout"));
        }
    };
    let as_of = query.as_of.take();
    written(app, asking, form, layout, query, as_of).await
}

async fn written(
    app: web::Data<App>,
    asking: Asking,
    form: Form,
    layout: Layout,
    query: TableQuery,
    as_of: Option<String>,
) -> Result<HttpResponse, Problem> {
    let dated = as_of.is_some();
    let (bytes, etag) = read(app, asking, as_of, move |known| {
        let wanted = wanted(known, &query)?;
        known.asking.may(Operation::SeeAccounting, &whose_books(known, wanted))?;
        let asked = accounting::Asked { form, wanted, layout, written_on: known.app.clock.today() };
        let books = accounting::Known {
            ledger: &known.app.ledger,
            book: known.book,
            last: Some(Position(known.position)),
            until: dated.then_some(known.day),
            damaged: known.damaged,
        };
        let mut bytes = Vec::new();
        accounting::write(&books, &known.app.settings.accounting, &asked, &mut bytes).map_err(|error| {
            if error.lies_in_the_question() {
                return Problem::new(CANNOT_BE_BOOKED, error.to_string());
            }
            if let ExportError::Damaged { first, .. } = &error {
                damaged(*first, &error)
            } else if let ExportError::Ledger(error) = error {
                error.into()
            } else {
                Problem::internal(&error)
            }
        })?;
        Ok((bytes, etag_of_position(known)))
    })
    .await?;
    Ok(HttpResponse::Ok().content_type(form.media_type()).insert_header((header::ETAG, etag)).body(bytes))
}

/// Whose books are asked for; nobody's where it is not said and several issue.
fn whose_books(known: &Known<'_>, wanted: Wanted) -> About {
    match wanted {
        Wanted::Run(run) => whose::run(known.present, run),
        Wanted::Days { issuer: Some(issuer), .. } => whose::books_of(issuer),
        Wanted::Days { issuer: None, .. } => {
            let issuers: BTreeSet<PartyId> = known.book.invoices.values().map(|issued| issued.issuer.party).collect();
            match (issuers.first(), issuers.len()) {
                (Some(only), 1) => whose::books_of(*only),
                _ => About::default(),
            }
        }
    }
}

fn wanted(known: &Known<'_>, query: &TableQuery) -> Result<Wanted, Problem> {
    let invalid = |parameter: &'static str, sentence: String| {
        Problem::new(PARAMETER_INVALID, sentence).with("parameter", parameter)
    };
    match (query.run, query.from, query.to) {
        (Some(run), None, None) if query.issuer.is_none() => Ok(Wanted::Run(run)),
        (None, Some(from), Some(to)) => {
            let period = Period::between(from, to)
                .ok_or_else(|| invalid("to", format!("to {to} comes before from {from}; give the later day as to")))?;
            let issuer = query.issuer.as_deref().map(|called| known.party_called(called)).transpose()?;
            Ok(Wanted::Days { period, issuer })
        }
        (Some(_), ..) => Err(invalid("run", "a run is given alone: leave out from, to and issuer".to_owned())),
        (None, ..) => Err(invalid("from", "say what: run, or from and to".to_owned())),
    }
}
