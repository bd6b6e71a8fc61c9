//! The HTTP API: `/api/v1/...`, its `OpenAPI` document at `/api/openapi.json`, and the viewer of it at `/api/`.
//!
//! It holds no rule: commands go to `handle`, reads are answered by `view`, and the policy of access is asked before both.
//! Where nobody has to sign in, only this machine is answered, and only where it is called by a name of its own.

mod accounting;
mod accounts;
mod after_issue;
mod agreements;
mod answer;
mod asking;
mod beside;
mod budgets;
mod called;
mod dissolution;
mod document;
mod door;
mod endpoint;
mod invoice_runs;
mod invoices;
mod log;
mod operate;
mod pages;
mod payments;
mod people;
mod problem;
mod proposals;
mod request;
mod sign_in;
mod starting;
mod streams;
mod supplier_files;
mod tls;
mod tokens;

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Compress, DefaultHeaders, Next, from_fn};
use actix_web::web::ServiceConfig;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpServer, ResponseError, guard, web};
use serde_json::Value;

use crate::app::App;
use crate::domain::access::policy::{Nature, Operation};
use crate::render::page::{Fault, RESUMED, WayOn, get_pages_ready};
use asking::Asking;
use door::Limits;
use endpoint::Endpoint;
use operate::{Document, Metrics};
use pages::{KeptPages, Live, PageRoute, TypedForms, Verification};
use problem::{
    INTERNAL, Kind, METHOD_NOT_ALLOWED, NOT_FOUND, POSITION_NOT_REACHED, PROBLEM_JSON, Problem, SIGN_IN_NEEDED,
};
pub use starting::Starting;

/// How long requests may take to end when the service is asked to stop.
const STOP_SECONDS_MAX: u64 = 30;
/// Nothing that is answered may run or be framed.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Serves until the process is asked to stop, then lets what has begun end.
///
/// # Errors
/// The socket cannot be listened on, or the server fails.
pub fn serve(app: Arc<App>, listener: TcpListener) -> io::Result<()> {
    actix_web::rt::System::new().block_on(async { server(app, listener)?.await })
}

/// A server on a socket that is bound already.
///
/// # Errors
/// The socket cannot be listened on.
pub fn server(app: Arc<App>, listener: TcpListener) -> io::Result<Server> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let http = app.settings.http.clone();
    let tls = tls::configuration(&http)?;
    let limits = web::Data::new(Limits::new(&app.settings, &app.clock));
    let is_secure = app.settings.sign_in.is_secure();
    let app = web::Data::from(app);
    get_ready();
    let metrics = web::Data::new(Metrics::default());
    let document = web::Data::new(Document(document::document(&endpoints()).to_string()));
    let live = web::Data::new(Live::within(http.connections_max));
    Live::end_with_the_process(&live);
    beside::begin(&app);
    let kept = web::Data::new(KeptPages::default());
    let verification = web::Data::new(Verification::default());
    let typed = web::Data::new(TypedForms::default());
    let counted = metrics.clone();
    let server = HttpServer::new(move || {
        let counted = counted.clone();
        actix_web::App::new()
            .app_data(app.clone())
            .app_data(metrics.clone())
            .app_data(document.clone())
            .app_data(limits.clone())
            .app_data(kept.clone())
            .app_data(live.clone())
            .app_data(verification.clone())
            .app_data(typed.clone())
            .configure(routes)
            .default_service(web::to(not_found))
            .wrap(from_fn(move |request, next| watch(counted.clone(), request, next)))
            .wrap(
                secured(is_secure)
                    .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                    .add((header::CONTENT_SECURITY_POLICY, POLICY))
                    .add((header::REFERRER_POLICY, "no-referrer"))
                    .add((header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
                    .add((header::CACHE_CONTROL, "no-store")),
            )
            .wrap(Compress::default())
    })
    .workers(workers)
    .max_connections((http.connections_max / workers).max(1))
    .client_request_timeout(Duration::from_secs(http.request_seconds_max))
    .shutdown_timeout(STOP_SECONDS_MAX);
    let listening = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls),
        None => server.listen(listener),
    };
    listening.map(HttpServer::run)
}

/// Reads templates and words before anybody asks for them, beside whatever else begins; who asks before that is done, waits for it.
pub fn get_ready() {
    std::thread::spawn(get_pages_ready);
}

/// Where browsers come by TLS, they are never to come without.
fn secured(is_secure: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new();
    if is_secure {
        return headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"));
    }
    headers
}

/// The `OpenAPI` document.
#[must_use]
pub fn openapi_document() -> Value {
    document::document(&endpoints())
}

/// Every route of the pages, as its method and path, with what of the policy it asks.
#[must_use]
pub fn pages_asked_of_the_policy() -> Vec<(String, &'static [Operation])> {
    asked_by(pages::routes())
}

/// Everything about signing in and one's own account with what of the policy it asks.
#[must_use]
pub fn sign_in_asked_of_the_policy() -> Vec<(String, &'static [Operation])> {
    asked_by(sign_in::routes())
}

fn asked_by(pages: Vec<PageRoute>) -> Vec<(String, &'static [Operation])> {
    pages.into_iter().map(|page| (format!("{} {}", page.method, page.path), page.asks)).collect()
}

/// Every operation of the document with what of the policy it asks.
#[must_use]
pub fn asked_of_the_policy() -> Vec<(String, &'static [Operation])> {
    endpoints().into_iter().map(|endpoint| (endpoint.operation_id, endpoint.asks)).collect()
}

fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = streams::endpoints();
    endpoints.extend(budgets::endpoints());
    endpoints.extend(invoices::endpoints());
    endpoints.extend(invoice_runs::endpoints());
    endpoints.extend(payments::endpoints());
    endpoints.extend(accounting::endpoints());
    endpoints.extend(supplier_files::endpoints());
    endpoints.extend(after_issue::endpoints());
    endpoints.extend(agreements::endpoints());
    endpoints.extend(dissolution::endpoints());
    endpoints.extend(proposals::endpoints());
    endpoints.extend(accounts::endpoints());
    endpoints.extend(tokens::endpoints());
    endpoints.extend(people::endpoints());
    endpoints.extend(log::endpoints());
    endpoints.extend(operate::endpoints());
    endpoints
}

fn routes(config: &mut ServiceConfig) {
    // Paths are compared one after the other, so that those come first that somebody waits for. In their order what is written
    // out comes before what stands for anything.
    let mut pages: BTreeMap<&str, Vec<PageRoute>> = BTreeMap::new();
    for page in pages::routes().into_iter().chain(sign_in::routes()) {
        pages.entry(page.path).or_default().push(page);
    }
    for (path, pages) in pages {
        let mut methods: Vec<String> = pages.iter().map(|page| page.method.to_string()).collect();
        methods.extend(pages.iter().filter(|page| page.method == Method::GET).map(|_| Method::HEAD.to_string()));
        methods.sort_unstable();
        let resource = pages.into_iter().fold(web::resource(path), |resource, page| {
            let asks = page.asks;
            resource.route(page.route.wrap(from_fn(move |request, next| admit(asks, request, next))))
        });
        config.service(resource.default_service(method_not_allowed(methods.join(", "))));
    }
    let mut resources: BTreeMap<&str, Vec<Endpoint>> = BTreeMap::new();
    for endpoint in endpoints() {
        resources.entry(endpoint.path).or_default().push(endpoint);
    }
    for (path, endpoints) in resources {
        let mut allowed = Vec::new();
        let mut resource = web::resource(path);
        for endpoint in endpoints {
            if endpoint.method == Method::GET {
                allowed.push(Method::HEAD.to_string());
            }
            allowed.push(endpoint.method.to_string());
            let asks = endpoint.asks;
            resource = resource.route(endpoint.route.wrap(from_fn(move |request, next| admit(asks, request, next))));
        }
        allowed.sort_unstable();
        config.service(resource.default_service(method_not_allowed(allowed.join(", "))));
    }
    let reading = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let viewer = |path| {
        web::resource(path)
            .route(reading().to(operate::viewer))
            .default_service(method_not_allowed("GET, HEAD".to_owned()))
    };
    config.service(web::resource("/api").route(reading().to(operate::to_viewer)));
    config.service(viewer("/api/{file:[^/]*}"));
}

fn method_not_allowed(allowed: String) -> actix_web::Route {
    web::to(move |request: HttpRequest| {
        let sentence = format!("{} cannot be used here; use {allowed}", request.method());
        let problem = Problem::new(METHOD_NOT_ALLOWED, sentence).allowing(allowed.clone());
        async move { problem.error_response() }
    })
}

async fn not_found(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let sentence = format!("there is nothing at {}; {} shows all there is", request.path(), operate::DOCUMENT_PATH);
    Err(Problem::new(NOT_FOUND, sentence))
}

/// Lets in whom the policy may let do one of the operations that a route is for. The handler asks with whose it is.
async fn admit(
    asks: &'static [Operation],
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let asking = request.extensions().get::<Asking>().cloned();
    let admitted = match &asking {
        None => Err(Problem::new(SIGN_IN_NEEDED, "it is not known who asks; sign in")),
        Some(asking) => asking.may_any(asks),
    };
    // What is open to everybody is nothing that is read.
    let reads = asks.iter().any(|operation| operation.nature() != Nature::Open);
    match admitted {
        Ok(()) => match note_reading(asking.as_ref().filter(|_| reads), &request).await {
            Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
            Err(problem) => Ok(refused(request, problem)),
        },
        Err(problem) => {
            let can_be_sent_again = problem.code() == SIGN_IN_NEEDED.code || problem.needs_proof();
            let (request, payload) = request.into_parts();
            if can_be_sent_again && request.method() == Method::POST && pages::is_page(request.path()) {
                pages::remember(&request, payload).await;
            }
            Ok(ServiceResponse::from_err(problem, request))
        }
    }
}

/// A refusal that still knows what it is about, so that a page can say so.
fn refused(request: ServiceRequest, problem: Problem) -> ServiceResponse<BoxBody> {
    let (request, _) = request.into_parts();
    ServiceResponse::from_err(problem, request)
}

/// Writes down what an auditor reads, before it is read.
async fn note_reading(asking: Option<&Asking>, request: &ServiceRequest) -> Result<(), Problem> {
    let auditor = asking.and_then(|asking| door::is_auditor(asking.asker()));
    let (Some(person), Some(app)) = (auditor, request.app_data::<web::Data<App>>().cloned()) else { return Ok(()) };
    let target = format!("{} {}", request.method(), request.uri());
    let written = move || {
        let noted = app.sign_ins.file().audited(person, &target, app.clock.now());
        noted.map_err(|error| Problem::internal(&error))
    };
    answer::blocking(written).await
}

/// Turns away at the door, counts, and sees to it that every error is a problem.
async fn watch(
    metrics: web::Data<Metrics>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let method = request.method().clone();
    if let Err(problem) = door::enter(&request).await {
        metrics.count(&method, "refused", problem.status_code());
        let is_waited_for = problem.code() == POSITION_NOT_REACHED.code;
        let is_said_by_a_page = pages::is_page(request.path()) && (is_waited_for || takes_pages(request.headers()));
        let refused = refused(request, problem);
        return Ok(if is_said_by_a_page { as_page(refused) } else { refused });
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if !method.is_safe()
        && let Some(app) = response.request().app_data::<web::Data<App>>().cloned()
    {
        door::tell_position(&app, &mut response);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    metrics.count(&method, &route, response.status());
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_page = pages::is_page(response.request().path());
    // A page says by itself what is wrong.
    let is_said = content_type.is_some_and(|media_type| {
        (media_type == PROBLEM_JSON && !is_page)
            || media_type.to_str().is_ok_and(|media_type| media_type.starts_with("text/html"))
    });
    if is_error && !is_said && is_page {
        return Ok(as_page(response));
    }
    // A form that says on its own page what it lacks.
    if is_page
        && response.status() == StatusCode::FORBIDDEN
        && let Some(cookie) = kept_typed(response.request())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if !is_error || is_said {
        return Ok(response);
    }
    let kind = kind_of(response.status());
    let reason = response.response().error().map_or_else(|| kind.title.to_owned(), ToString::to_string);
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, Problem::new(kind, reason).error_response()))
}

fn kind_of(status: StatusCode) -> Kind {
    problem::KINDS.iter().find(|kind| kind.status == status.as_u16()).copied().unwrap_or(INTERNAL)
}

/// Whether somebody asks by a browser, or by what else shows pages.
fn takes_pages(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).any(|taken| taken.to_str().is_ok_and(|taken| taken.contains("text/html")))
}

/// An error that somebody sees who looks at pages. Who is not signed in yet, is led to sign in and back.
fn as_page(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED && response.request().method().is_safe() {
        let (request, _) = response.into_parts();
        let answer = pages::to_sign_in(&request);
        return ServiceResponse::new(request, answer);
    }
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
    let needs_proof = problem.is_some_and(Problem::needs_proof);
    if needs_proof && response.request().method().is_safe() {
        let (request, _) = response.into_parts();
        let answer = pages::to_confirm(&request);
        return ServiceResponse::new(request, answer);
    }
    let fault = Fault {
        // What is no problem yet, such as a form that cannot be read, is one of the kind of its status.
        code: problem.map_or_else(|| kind_of(status).code.to_owned(), |problem| problem.code().to_owned()),
        details: problem.map(|problem| problem.fields().clone()).unwrap_or_default(),
        sentence: response.response().error().map(ToString::to_string).unwrap_or_default(),
    };
    let is_out_of_sight = problem.is_some_and(Problem::is_out_of_sight);
    let overtaken = problem.and_then(Problem::overtaken);
    let is_of_another_session = problem.is_some_and(Problem::is_of_another_session);
    let app = response.request().app_data::<web::Data<App>>();
    let page = if let (Some(overtaken), Some(app)) = (overtaken, app) {
        pages::too_late(response.request(), app, status, overtaken)
    } else {
        let can_be_sent_again = status == StatusCode::UNAUTHORIZED || needs_proof || is_of_another_session;
        let typed = if can_be_sent_again { kept_typed(response.request()) } else { None };
        let page = pages::page_of(response.request());
        let to = if typed.is_some() { RESUMED } else { &page };
        let way_on = match (status, &typed) {
            (StatusCode::UNAUTHORIZED, _) => WayOn::SignIn(to),
            _ if needs_proof => WayOn::Confirm(to),
            (_, Some(_)) => WayOn::Again(to),
            (_, None) => WayOn::Home,
        };
        let mut answer = pages::failure(response.request(), status, (&fault, is_out_of_sight), way_on);
        if let (Some(answer), Some(cookie)) = (&mut answer, typed) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        answer
    };
    match page {
        Some(mut page) => {
            let (request, refusal) = response.into_parts();
            // What is to be done instead, and when, is said to programs as well.
            for name in [header::ALLOW, header::RETRY_AFTER] {
                if let Some(value) = refusal.headers().get(&name) {
                    page.headers_mut().insert(name, value.clone());
                }
            }
            ServiceResponse::new(request, page)
        }
        None => response,
    }
}

/// Keeps what was typed into the form of a request; the cookie by which it is found again.
fn kept_typed(request: &HttpRequest) -> Option<HeaderValue> {
    let (app, forms) = (request.app_data::<web::Data<App>>()?, request.app_data::<web::Data<TypedForms>>()?);
    let secret = forms.keep(app, request)?;
    HeaderValue::from_str(&door::of_typed(&secret, app.settings.sign_in.is_secure())).ok()
}
