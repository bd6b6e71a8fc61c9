//! What every page has: the language of the one who asks, its headers, and errors that are pages too.

use std::future::{Future, Ready, ready};
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder, web};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::form::{Sent, see};
use super::kept::{Fill, FoundOrMade, Kept, KeptPages, Key, Pieces, Rests};
use super::live::page_at;
use super::resumed::page_of;
use crate::app::App;
use crate::clock::moment;
use crate::domain::access::policy::Operation;
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::pages::overtaken::Overtaken;
use crate::http::problem::Problem;
use crate::render::RenderError;
use crate::render::page::{
    Failed, Fault, Frame, Place, RESUMED, Thing, WayOn, address_of, failure_page, overtaken_page,
};
use crate::text::Language;

/// The cookie that remembers the language.
pub const LANGUAGE_COOKIE: &str = "language";
/// Nothing is loaded from elsewhere, nothing runs but the file that keeps a page up to date, and no form leads elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What is not for people.
const NOT_PAGES: [&str; 7] =
    ["/api", "/health", "/metrics", "/assets", "/live", "/sign-in/passkey", "/account/passkeys"];
/// The most languages of a browser that are looked at.
const LANGUAGES_MAX: usize = 16;

/// Whether people look at what is at a path.
pub fn is_page(path: &str) -> bool {
    !is_below(path, &NOT_PAGES)
}

/// Whether a page is about who one is itself, where it says what can be done about that.
fn is_about_oneself(path: &str) -> bool {
    is_below(path, &["/sign-in", "/account", "/resumed"])
}

/// Whether a path is one of these, or one below it.
fn is_below(path: &str, begins: &[&str]) -> bool {
    let is_rest = |rest: &str| rest.is_empty() || rest.starts_with('/');
    begins.iter().any(|begin| path.strip_prefix(begin).is_some_and(is_rest))
}

/// What a page is put into.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks for each by its name")]
pub struct Around {
    pub language: Language,
    address: String,
    cookies: Vec<(String, String)>,
    places: Vec<Place>,
    form_token: String,
    is_signed_in: bool,
    lacks_proof: bool,
    is_live: bool,
    seen: String,
    is_secure: bool,
    kept: Option<web::Data<KeptPages>>,
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
        // A form's address is none to come back to.
        let address = if request.method().is_safe() { address_asked(request) } else { page_of(request) };
        let asking = request.extensions().get::<Asking>().cloned();
        // Found out before anything is read, so that what happens in the meantime is told.
        let app = request.app_data::<web::Data<App>>();
        let seen = app.map(|app| app.ledger.reached().to_string());
        Self {
            language: language(&cookies, request.headers()),
            address,
            cookies,
            places: asking.as_ref().map(places).unwrap_or_default(),
            form_token: asking.as_ref().map(Asking::form_token).unwrap_or_default(),
            lacks_proof: !is_about_oneself(request.path()) && asking.as_ref().is_some_and(Asking::lacks_proof),
            is_signed_in: asking.is_some_and(|asking| asking.asker().person().is_some()),
            is_live: request.method().is_safe(),
            seen: seen.unwrap_or_default(),
            is_secure: app.is_some_and(|app| app.settings.sign_in.is_secure()),
            kept: request.app_data::<web::Data<KeptPages>>().cloned(),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same for a page that is to ask for itself anew at once.
    pub fn behind(self) -> Self {
        Self { seen: "0".to_owned(), ..self }
    }

    /// The same for the page that a form was sent from.
    pub fn of_form(self, sent: &Sent) -> Self {
        match sent.field("seen_at") {
            "" => self,
            seen_at => Self { address: page_at(seen_at).to_owned(), ..self },
        }
    }

    /// The same for a page that does not ask for itself anew.
    pub fn still(self) -> Self {
        Self { is_live: false, ..self }
    }

    /// The path of the page.
    pub fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or_default()
    }

    /// A page as it is answered.
    pub fn answer(
        &self,
        app: &App,
        place: Option<Place>,
        page: impl FnOnce(&Frame<'_>) -> Result<String, RenderError>,
    ) -> Result<Page, Problem> {
        self.answer_as(StatusCode::OK, app.ids.new_id(), place, page)
    }

    /// A page with another status, or with the id of a command that was sent: a form that was not taken. What is answered to
    /// who only looks, has what is different each time left out until then, so that it can be kept.
    pub fn answer_as(
        &self,
        status: StatusCode,
        command: Uuid,
        place: Option<Place>,
        page: impl FnOnce(&Frame<'_>) -> Result<String, RenderError>,
    ) -> Result<Page, Problem> {
        let fill = self.fill(status, command);
        let (id, is_cut) = (command.to_string(), self.is_live && status == StatusCode::OK);
        let stands_in = is_cut.then(|| Fill::stand_ins(&id));
        let html = page(&self.frame(stands_in.as_ref().unwrap_or(&fill), place));
        let html = html.map_err(|error| Problem::internal(&error))?;
        let content = if is_cut { Content::Pieces(Arc::new(Pieces::of(&html, &id))) } else { Content::Html(html) };
        Ok(Page { status, fill, ..self.page(content) })
    }

    /// A page of what is known now, kept as [`Self::kept`] does.
    pub async fn kept_of_now(
        self,
        app: web::Data<App>,
        asking: Asking,
        rests: Rests,
        make: impl FnOnce(&Known<'_>, &Self) -> Result<Page, Problem> + Send + 'static,
    ) -> Result<Page, Problem> {
        let whole = self.clone();
        let made = read(app.clone(), asking.clone(), None, move |known| make(known, &self));
        whole.kept(&app, &asking, (rests, ""), made).await
    }

    /// A page that is the same for all who may see the same, made by `make` where it is not kept from before. `besides` is
    /// what it shows that the browser alone knows, and who asks where it shows anything of them but what they may do: nobody
    /// else finds it then.
    pub async fn kept(
        &self,
        app: &web::Data<App>,
        asking: &Asking,
        (rests, besides): (Rests, &str),
        make: impl Future<Output = Result<Page, Problem>>,
    ) -> Result<Page, Problem> {
        let key = Key {
            address: self.address.clone(),
            language: self.language,
            scope: asking.scope(),
            day: app.clock.today(),
            besides: besides.to_owned(),
        };
        let Some(pages) = self.kept.as_ref() else { return make.await };
        let reached = || rests.standing(app, moment());
        let find = |key: &Key| pages.find(key, reached()?, app.clock.now());
        let made = async {
            // Known before it is made, so that what happens in the meantime makes it anew.
            let standing = reached();
            let page = make.await?;
            let kept = match (standing, page.status, &page.content) {
                (Some(standing), StatusCode::OK, Content::Pieces(pieces)) => {
                    Some(Kept { pieces: Arc::clone(pieces), cookie: page.cookie.clone(), standing, until: page.until })
                }
                (_, _, Content::Pieces(_) | Content::Html(_)) => None,
            };
            Ok::<_, Problem>((page, kept))
        };
        match pages.found_or_made(key, find, made).await? {
            FoundOrMade::Made(page) => Ok(page),
            FoundOrMade::Found(Kept { pieces, cookie, .. }) => Ok(Page {
                fill: self.fill(StatusCode::OK, app.ids.new_id()),
                cookie,
                ..self.page(Content::Pieces(pieces))
            }),
        }
    }

    fn page(&self, content: Content) -> Page {
        let fill = Fill { command: String::new(), form_token: String::new(), seen: String::new() };
        Page {
            status: StatusCode::OK,
            language: self.language,
            content,
            fill,
            cookie: None,
            is_secure: self.is_secure,
            until: None,
            policy: POLICY.to_owned(),
        }
    }

    fn fill(&self, status: StatusCode, command: Uuid) -> Fill {
        // What a form has just done overtakes no form of the page that says so.
        let says_what_was_done = !self.is_live && status == StatusCode::OK;
        let seen = if says_what_was_done { String::new() } else { self.seen.clone() };
        Fill { command: command.to_string(), form_token: self.form_token.clone(), seen }
    }

    fn frame<'a>(&'a self, fill: &'a Fill, place: Option<Place>) -> Frame<'a> {
        Frame {
            language: self.language,
            address: &self.address,
            places: &self.places,
            place,
            command: &fill.command,
            seen: &fill.seen,
            form_token: &fill.form_token,
            is_signed_in: self.is_signed_in,
            lacks_proof: self.lacks_proof,
            is_live: self.is_live,
        }
    }
}

/// A page as it is answered.
#[derive(Debug, Clone)]
pub struct Page {
    status: StatusCode,
    language: Language,
    content: Content,
    fill: Fill,
    cookie: Option<String>,
    is_secure: bool,
    until: Option<DateTime<Utc>>,
    policy: String,
}

/// What a page holds.
#[derive(Debug, Clone)]
enum Content {
    /// Text.
    Html(String),
    /// Pieces that are to be filled in.
    Pieces(Arc<Pieces>),
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

    /// The same, and the browser remembers something for a year, for the pages at a path and below; only this program reads
    /// it.
    pub fn remembering(self, name: &str, value: &str, path: &str) -> Self {
        Self { cookie: Some(cookie((name, value), path, self.is_secure)), ..self }
    }

    /// The same, which is another from an instant on, though nothing happens.
    pub fn until(self, until: Option<DateTime<Utc>>) -> Self {
        Self { until, ..self }
    }

    /// As it goes to the browser, whatever it takes.
    pub fn answered(self) -> HttpResponse {
        self.answered_to(&HeaderMap::new())
    }

    fn answered_to(self, asked_with: &HeaderMap) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(cookie) = self.cookie {
            response.append_header((header::SET_COOKIE, cookie));
        }
        response
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, self.policy))
            .insert_header((header::CONTENT_LANGUAGE, self.language.code()))
            .insert_header((header::VARY, "Accept-Encoding, Accept-Language, Cookie"));
        match self.content {
            Content::Html(html) => response.body(html),
            Content::Pieces(pieces) if takes_gzip(asked_with) => {
                response.insert_header((header::CONTENT_ENCODING, "gzip")).body(pieces.gzipped(&self.fill))
            }
            Content::Pieces(pieces) => response.body(pieces.filled(&self.fill)),
        }
    }
}

impl Responder for Page {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        self.answered_to(request.headers())
    }
}

fn address_asked(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or("/", |address| address.as_str()).to_owned()
}

/// To signing in, and back to where one was.
pub fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    to_sign_in_from(&address_asked(request))
}

/// To proving once more who one is, and back to where one was.
pub fn to_confirm(request: &HttpRequest) -> HttpResponse {
    see(&address_of("/sign-in/confirm", [("to", address_asked(request).as_str())]))
}

/// To signing in, and on to an address of our own.
pub fn to_sign_in_from(address: &str) -> HttpResponse {
    see(&address_of("/sign-in", [("to", address)]))
}

/// An error as a page. Where what the path names is out of sight, it says so of who looks; of a form, why it was not taken.
pub fn failure(
    request: &HttpRequest,
    status: StatusCode,
    (fault, is_out_of_sight): (&Fault, bool),
    way_on: WayOn<'_>,
) -> Option<HttpResponse> {
    let around = Around::of(request);
    let is_typed_kept = [WayOn::SignIn(RESUMED), WayOn::Confirm(RESUMED), WayOn::Again(RESUMED)].contains(&way_on);
    let thing = Thing::at(request.path()).filter(|_| is_out_of_sight && request.method().is_safe());
    let failed = Failed { status: status.as_u16(), fault, thing, way_on, is_typed_kept };
    let nothing = Fill { command: String::new(), form_token: String::new(), seen: String::new() };
    let html = failure_page(&around.frame(&nothing, None), &failed).ok()?;
    Some(Page { status, ..around.page(Content::Html(html)) }.answered_to(request.headers()))
}

/// A form that came too late, as a page with both versions.
pub fn too_late(request: &HttpRequest, app: &App, status: StatusCode, overtaken: &Overtaken) -> Option<HttpResponse> {
    let around = Around::of(request);
    let asking = request.extensions().get::<Asking>().cloned()?;
    let shown = overtaken.shown(app, &asking, around.language);
    let html = overtaken_page(&around.frame(&around.fill(status, app.ids.new_id()), None), &shown).ok()?;
    Some(Page { status, ..around.page(Content::Html(html)) }.answered_to(request.headers()))
}

/// Whether a browser takes what is compressed by gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut codings = accepted.split(',').map(|coding| coding.split(';').map(str::trim));
    codings.any(|mut coding| {
        coding.next() == Some("gzip") && !coding.any(|weight| weight.trim_end_matches(['0', '.']) == "q=")
    })
}

/// A cookie that is kept for a year, and that no script reads; over TLS alone where browsers come by it.
pub fn cookie((name, value): (&str, &str), path: &str, is_secure: bool) -> String {
    const SECONDS: u64 = 365 * 24 * 60 * 60;
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{name}={value}; Path={path}; Max-Age={SECONDS}; HttpOnly; SameSite=Lax{secure}")
}

/// Where the navigation leads for the one who asks.
fn places(asking: &Asking) -> Vec<Place> {
    let sees = |operation| asking.may_at_all(operation).is_ok();
    Place::ALL
        .into_iter()
        .filter(|place| match place {
            Place::Board => sees(Operation::SeeSignups),
            Place::Agreements => sees(Operation::SeeAgreements),
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
    chosen.or_else(|| preferred(accepted)).unwrap_or_default()
}

/// The language that a browser would rather have, of those that are offered; none that it does not take.
fn preferred(accepted: &str) -> Option<Language> {
    let ranges = accepted.split(',').take(LANGUAGES_MAX).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let language = Language::of_code(parts.next().unwrap_or_default())?;
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(Decimal::ONE), |text| text.parse().ok());
        Some((language, quality.filter(|quality| *quality > Decimal::ZERO)?))
    });
    // Of several that are wanted as much, the first.
    ranges.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(language, _)| language)
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
        assert_eq!(language_of(&[(header::ACCEPT_LANGUAGE, "de, nn-NO;q=0.9, en;q=0.8")]), Language::Nynorsk);
        assert_eq!(
            language_of(&[(header::ACCEPT_LANGUAGE, "en"), (header::COOKIE, "other=1; language=se")]),
            Language::NorthernSami
        );
        assert_eq!(language_of(&[(header::COOKIE, "language=xx")]), Language::Bokmal);
        let accepted = |ranges| language_of(&[(header::ACCEPT_LANGUAGE, ranges)]);
        assert_eq!(accepted("en;q=0,nn"), Language::Nynorsk);
        assert_eq!(accepted("en;q=0.5, nn;q=0.8, nb;q=0.8"), Language::Nynorsk);
        assert_eq!([accepted("en;q=0"), accepted("en;q=much")], [Language::Bokmal; 2]);
    }

    #[test]
    fn what_is_compressed_goes_to_who_takes_it() {
        let takes = |accepted: &str| {
            let request = TestRequest::get().append_header((header::ACCEPT_ENCODING, accepted)).to_http_request();
            takes_gzip(request.headers())
        };
        assert_eq!(["gzip, deflate, br", "br;q=1, gzip;q=0.5"].map(takes), [true; 2]);
        assert_eq!(["", "br", "gzip;q=0", "br, gzip; q=0.0"].map(takes), [false; 4]);
    }

    #[test]
    fn what_programs_ask_for_is_no_page() {
        let pages = ["/", "/board", "/apiary", "/api", "/api/v1/nothing", "/health/live", "/metrics"].map(is_page);
        assert_eq!(pages, [true, true, true, false, false, false, false]);
    }
}
