//! What operators and machines ask: whether it lives, whether it is ready, how much it does; and the viewer of the document.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::json;
use utoipa_swagger_ui::Config;

use super::answer::{blocking, single};
use super::endpoint::Endpoint;
use super::problem::{INTERNAL, NOT_FOUND, NOT_READY, Problem};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::view::outbox::{EInvoiceState, LetterState, waiting};

/// Where the document is.
pub const DOCUMENT_PATH: &str = "/api/openapi.json";
/// The viewer runs its own scripts and styles, and nothing from elsewhere.
const VIEWER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// How it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Health {
    /// In a word.
    status: &'static str,
}

/// The document as it is served.
pub struct Document(pub String);

/// How many requests were answered, by method, route and status.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<(String, String, u16), u64>>);

impl Metrics {
    /// Counts one more.
    pub fn count(&self, method: &Method, route: &str, status: StatusCode) {
        // Other methods are the sender's words, and would make counters without end.
        let known =
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
        let method = if known.contains(method) { method.as_str() } else { "other" };
        let key = (method.to_owned(), route.to_owned(), status.as_u16());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    fn text(&self, app: &App) -> Result<String, Problem> {
        // Who watches a service whose cluster does not answer, is answered all the same.
        let head =
            if app.store.has_other_writers() { app.ledger.store().wake().head() } else { app.ledger.store().head()? };
        let (position, damaged, [parked, unknown], e_invoices_unknown) = {
            let known = app.ledger.now();
            let letters = waiting(&known.book, app.clock.now());
            let count = |state| letters.iter().filter(|letter| letter.state == state).count();
            let waiting = [LetterState::Parked, LetterState::Unknown].map(count);
            let e_invoices = letters.iter().filter(|letter| letter.e_invoice == EInvoiceState::Unknown).count();
            (known.position.map_or(0, |position| position.0), known.damaged.len(), waiting, e_invoices)
        };
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, kind: &str, value: u64| {
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}").ok();
        };
        gauge(
            "grenselos_log_position",
            "Position of the last event in the log.",
            "gauge",
            head.map_or(0, |head| head.0),
        );
        gauge("grenselos_book_position", "Position of the last event in the book.", "gauge", position);
        gauge("grenselos_events_damaged", "Events that cannot be read.", "gauge", damaged as u64);
        gauge("grenselos_letters_parked", "Letters that wait for a person to mend something.", "gauge", parked as u64);
        gauge(
            "grenselos_letters_unknown",
            "Letters of which nobody knows whether they arrived.",
            "gauge",
            unknown as u64,
        );
        gauge(
            "grenselos_e_invoices_unknown",
            "E-invoices of which nobody knows whether the access point took them.",
            "gauge",
            e_invoices_unknown as u64,
        );
        gauge("grenselos_ready", "Whether the service is ready.", "gauge", u64::from(not_ready(app)?.is_none()));
        let name = "grenselos_http_requests_total";
        writeln!(text, "# HELP {name} Requests answered.\n# TYPE {name} counter").ok();
        for ((method, route, status), count) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            writeln!(text, "{name}{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}").ok();
        }
        Ok(text)
    }
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/health/live", "isLive", live)
            .asks(&[Operation::UseTheDoor])
            .about("Operation", "Whether the service lives")
            .answers::<Health>("It does."),
        Endpoint::get("/health/ready", "isReady", ready)
            .asks(&[Operation::UseTheDoor])
            .about("Operation", "Whether the service has read the whole log and takes writes")
            .may_answer(&[503])
            .answers::<Health>("It has and does."),
        Endpoint::get("/metrics", "getMetrics", metrics)
            .asks(&[Operation::WatchService])
            .about("Operation", "Counters in the text form of Prometheus")
            .answers_as("text/plain", "The counters.", json!({ "type": "string" })),
        Endpoint::get(DOCUMENT_PATH, "getDocument", document)
            .asks(&[Operation::UseTheDoor])
            .about("Operation", "This document")
            .answers_as("application/json", "The OpenAPI document.", json!({ "type": "object" })),
    ]
}

/// It lives.
pub async fn live() -> HttpResponse {
    single(&Health { status: "live" }, None)
}

async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    match blocking(move || not_ready(&app)).await? {
        None => Ok(single(&Health { status: "ready" }, None)),
        Some(reason) => Err(Problem::new(NOT_READY, reason)),
    }
}

/// Why the service is not ready; none where it is.
fn not_ready(app: &App) -> Result<Option<String>, Problem> {
    if let Some(reason) = app.store.poisoned() {
        return Ok(Some(format!("the log takes no more writes since one failed ({reason}); restart, which checks it")));
    }
    let known = app.ledger.now();
    if let Some((position, what)) = known.damaged.first() {
        return Ok(Some(format!(
            "the event at position {position} cannot be read ({what}); reads go on without it, and nothing is written until a \
             version that understands it is started, or a backup restored"
        )));
    }
    if app.store.has_other_writers() {
        return Ok(app.lags());
    }
    let head = app.ledger.store().head()?;
    Ok((known.position < head).then(|| "the log has not been read to its end yet; ask again in a moment".to_owned()))
}

async fn metrics(app: web::Data<App>, metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    let text = blocking(move || metrics.text(&app)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

async fn document(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The way from `/api` to the viewer.
pub async fn to_viewer() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/api/")).finish()
}

/// A file of the viewer.
pub async fn viewer(path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let config = Config::from(DOCUMENT_PATH).validator_url("none");
    let file = utoipa_swagger_ui::serve(&path, Arc::new(config))
        .map_err(|error| Problem::new(INTERNAL, error.to_string()))?
        .ok_or_else(|| Problem::new(NOT_FOUND, format!("the viewer has no file {path}")))?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, VIEWER_POLICY))
        .body(file.bytes.into_owned()))
}
