//! What every page has: the language of the one who asks, its headers, and errors that are pages too.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use uuid::Uuid;

use super::form::see;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::http::asking::Asking;
use crate::http::problem::Problem;
use crate::render::RenderError;
use crate::render::page::{Failed, Frame, Place, as_parameter, failure_page};
use crate::text::Language;

/// The cookie that remembers the language.
pub const LANGUAGE_COOKIE: &str = "language";
/// Nothing is loaded from elsewhere, nothing runs, and no form leads elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
/// What is not for people.
const NOT_PAGES: [&str; 6] = ["/api", "/health", "/metrics", "/assets", "/sign-in/passkey", "/account/passkeys"];
/// The most languages of a browser that are looked at.
const LANGUAGES_MAX: usize = 16;

/// Whether people look at what is at a path.
pub fn is_page(path: &str) -> bool {
    !NOT_PAGES.iter().any(|begin| path == *begin || path.strip_prefix(begin).is_some_and(|rest| rest.starts_with('/')))
}

/// What a page is put into.
#[derive(Debug, Clone)]
pub struct Around {
    pub language: Language,
    address: String,
    cookies: Vec<(String, String)>,
    places: Vec<Place>,
    form_token: String,
    is_signed_in: bool,
}

impl FromRequest for Around {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl Around {
    pub fn of(request: &HttpRequest) -> Self {
        let cookies = cookies(request.headers());
        let address = request.uri().path_and_query().map_or("/", |address| address.as_str()).to_owned();
        let asking = request.extensions().get::<Asking>().cloned();
        Self {
            language: language(&cookies, request.headers()),
            address,
            cookies,
            places: asking.as_ref().map(places).unwrap_or_default(),
            form_token: asking.as_ref().map(Asking::form_token).unwrap_or_default(),
            is_signed_in: asking.is_some_and(|asking| asking.asker().person().is_some()),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A page as it is answered. `command` makes what its forms ask for known when they are sent twice.
    pub fn answer(
        &self,
        app: &App,
        place: Option<Place>,
        page: impl FnOnce(&Frame<'_>) -> Result<String, RenderError>,
    ) -> Result<Page, Problem> {
        self.answer_as(StatusCode::OK, app.ids.new_id(), place, page)
    }

    /// The same with another status: a form that was not taken.
    pub fn answer_as(
        &self,
        status: StatusCode,
        command: Uuid,
        place: Option<Place>,
        page: impl FnOnce(&Frame<'_>) -> Result<String, RenderError>,
    ) -> Result<Page, Problem> {
        let command = command.to_string();
        let frame = self.frame(&command, place);
        let html = page(&frame).map_err(|error| Problem::internal(&error))?;
        Ok(Page { status, language: self.language, html, cookie: None, policy: POLICY.to_owned() })
    }

    fn frame<'a>(&'a self, command: &'a str, place: Option<Place>) -> Frame<'a> {
        Frame {
            language: self.language,
            address: &self.address,
            places: &self.places,
            place,
            command,
            form_token: &self.form_token,
            is_signed_in: self.is_signed_in,
        }
    }
}

/// A page as it is answered.
#[derive(Debug, Clone)]
pub struct Page {
    status: StatusCode,
    language: Language,
    html: String,
    cookie: Option<String>,
    policy: String,
}

impl Page {
    /// The same, where scripts of our own run that talk to our own service, and forms may also lead to these origins.
    pub fn with_script(self, form_origins: &[String]) -> Self {
        let policy = format!(
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' \
             data:; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
            form_origins.join(" ")
        );
        Self { policy, ..self }
    }

    /// The same, and the browser remembers something for a year; only this program reads it.
    pub fn remembering(self, name: &str, value: &str) -> Self {
        Self { cookie: Some(cookie(name, value)), ..self }
    }

    /// As it goes to the browser.
    pub fn answered(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(cookie) = self.cookie {
            response.append_header((header::SET_COOKIE, cookie));
        }
        response
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, self.policy))
            .insert_header((header::CONTENT_LANGUAGE, self.language.code()))
            .insert_header((header::VARY, "Accept-Language, Cookie"))
            .body(self.html)
    }
}

impl Responder for Page {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.answered()
    }
}

/// To signing in, and back to where one was.
pub fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    to_sign_in_from(address)
}

/// To proving once more who one is, and back to where one was.
pub fn to_confirm(request: &HttpRequest) -> HttpResponse {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    see(&format!("/sign-in/confirm?to={}", as_parameter(address)))
}

/// To signing in, and on to an address of our own.
pub fn to_sign_in_from(address: &str) -> HttpResponse {
    see(&format!("/sign-in?to={}", as_parameter(address)))
}

/// An error as a page.
pub fn failure(request: &HttpRequest, status: StatusCode, sentence: &str, needs_proof: bool) -> Option<HttpResponse> {
    let around = Around::of(request);
    let failed = Failed { status: status.as_u16(), sentence, needs_proof };
    let html = failure_page(&around.frame("", None), &failed).ok()?;
    Some(Page { status, language: around.language, html, cookie: None, policy: POLICY.to_owned() }.answered())
}

/// A cookie that is kept for a year, and that no script reads.
pub fn cookie(name: &str, value: &str) -> String {
    const SECONDS: u64 = 365 * 24 * 60 * 60;
    format!("{name}={value}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax")
}

/// Where the navigation leads for the one who asks.
fn places(asking: &Asking) -> Vec<Place> {
    let sees = |operation| asking.may_at_all(operation).is_ok();
    Place::ALL
        .into_iter()
        .filter(|place| match place {
            Place::Board => sees(Operation::SeeSignups),
            Place::Keys => sees(Operation::TryHypothesis),
            Place::Invoices => sees(Operation::SeeRuns),
            Place::Log => sees(Operation::SeeLog),
            Place::Accounts => sees(Operation::SeeAccounts),
        })
        .collect()
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The language that was chosen, or else the first one that the browser asks for and that is offered.
fn language(cookies: &[(String, String)], headers: &HeaderMap) -> Language {
    let chosen = cookies.iter().find(|(name, _)| name == LANGUAGE_COOKIE);
    let chosen = chosen.and_then(|(_, code)| Language::of_code(code));
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen
        .or_else(|| {
            let mut codes = accepted.split(',').take(LANGUAGES_MAX);
            codes.find_map(|range| Language::of_code(range.split(';').next().unwrap_or_default().trim()))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn language_of(headers: &[(header::HeaderName, &str)]) -> Language {
        let mut request = TestRequest::get();
        for header in headers {
            request = request.append_header(header.clone());
        }
        Around::of(&request.to_http_request()).language
    }

    #[test]
    fn the_language_is_the_chosen_one_or_the_first_of_the_browser_that_is_offered() {
        assert_eq!(language_of(&[]), Language::Bokmal);
        assert_eq!(language_of(&[(header::ACCEPT_LANGUAGE, "de, nn-NO;q=0.9, en")]), Language::Nynorsk);
        assert_eq!(
            language_of(&[(header::ACCEPT_LANGUAGE, "en"), (header::COOKIE, "other=1; language=se")]),
            Language::NorthernSami
        );
        assert_eq!(language_of(&[(header::COOKIE, "language=xx")]), Language::Bokmal);
    }

    #[test]
    fn what_programs_ask_for_is_no_page() {
        let pages = ["/", "/board", "/apiary", "/api", "/api/v1/nothing", "/health/live", "/metrics"].map(is_page);
        assert_eq!(pages, [true, true, true, false, false, false, false]);
    }
}
