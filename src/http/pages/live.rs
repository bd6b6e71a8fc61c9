//! What keeps an open page up to date: a stream of server-sent events that says how far the log has come, and nothing of
//! what is in it. The page then asks for itself anew, as its reader may.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{PageRoute, Verification, routes as pages};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::http::answer::blocking;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::problem::{NOT_FOUND, Problem, TOO_MANY_REQUESTS};
use crate::http::request::Asked;
use crate::http::sign_in::routes as sign_in_pages;

/// Where the stream is.
pub const PATH: &str = "/live";
/// How often it is looked whether the log has come further: several changes in between are told as one.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// After so many looks something is said, so that nobody on the way takes the stream for dead.
const LOOKS_A_BEAT: u32 = 60;
/// After so many looks the stream ends, and the browser asks for another one.
const LOOKS_MAX: u32 = 2_400;
/// How many pages of one session are kept up to date at once. A page that is not looked at asks for nothing.
const OF_A_SESSION_MAX: usize = 8;
/// What is on its way to a browser that does not take it; then it is not told more.
const WAITING_MAX: usize = 4;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get(PATH, &[Operation::UseTheDoor], stream)]
}

/// Who is kept up to date.
#[derive(Debug)]
pub struct Live {
    open: Mutex<HashMap<String, usize>>,
    /// How many pages are kept up to date at once in all.
    open_max: usize,
    is_closing: AtomicBool,
}

impl Live {
    /// With so many connections in all: half of them stay free for everything else.
    pub fn within(connections_max: usize) -> Self {
        Self { open: Mutex::default(), open_max: connections_max / 2, is_closing: AtomicBool::new(false) }
    }

    /// Ends every stream when the process is asked to stop, which waits for requests that have begun.
    pub fn end_with_the_process(live: &web::Data<Self>) {
        let closing = live.clone();
        rt::spawn(async move {
            if rt::signal::ctrl_c().await.is_ok() {
                closing.is_closing.store(true, Ordering::Relaxed);
            }
        });
        #[cfg(unix)]
        if let Ok(mut terminated) = rt::signal::unix::signal(rt::signal::unix::SignalKind::terminate()) {
            let closing = live.clone();
            rt::spawn(async move {
                terminated.recv().await;
                closing.is_closing.store(true, Ordering::Relaxed);
            });
        }
    }

    fn open(live: web::Data<Self>, session: String) -> Result<Place, Problem> {
        {
            let mut open = live.open.lock().unwrap_or_else(PoisonError::into_inner);
            let of_session = open.get(&session).copied().unwrap_or_default();
            if of_session >= OF_A_SESSION_MAX || open.values().sum::<usize>() >= live.open_max {
                let sentence = "too many pages are kept up to date; close some of them, or load the page again";
                return Err(Problem::new(TOO_MANY_REQUESTS, sentence));
            }
            open.insert(session.clone(), of_session + 1);
        }
        Ok(Place { live, session })
    }
}

/// A stream's place among those that are open; free again when the stream has ended.
struct Place {
    live: web::Data<Live>,
    session: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.session) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => _ = open.remove(&self.session),
        }
    }
}

#[derive(Debug, Deserialize)]
struct LiveQuery {
    /// Path and query of the page.
    page: String,
    /// How far the log had come when the page was made.
    seen: u64,
}

/// What of the policy a page asks, by its address.
fn asked_for(address: &str) -> Option<&'static [Operation]> {
    static PAGES: LazyLock<Vec<(ResourceDef, &'static [Operation])>> = LazyLock::new(|| {
        let shown = pages().into_iter().filter(|page| page.method == Method::GET && page.path != PATH);
        shown.map(|page| (ResourceDef::new(page.path), page.asks)).collect()
    });
    let path = address.split('?').next().unwrap_or_default();
    PAGES.iter().find(|(known, _)| known.is_match(path)).map(|(_, asks)| *asks)
}

/// Whether there is a page at an address that one can come to by a link: none that a form alone leads to, or a provider.
fn is_shown(address: &str) -> bool {
    static PAGES: LazyLock<Vec<ResourceDef>> = LazyLock::new(|| {
        let shown = pages().into_iter().chain(sign_in_pages()).filter(|page| page.method == Method::GET);
        let shown = shown.filter(|page| page.path != PATH && !page.path.starts_with("/sign-in/with/"));
        shown.map(|page| ResourceDef::new(page.path)).collect()
    });
    let path = address.split('?').next().unwrap_or_default();
    PAGES.iter().any(|known| known.is_match(path))
}

/// The page at an address, or else the one that its path begins with, as a form's address does with that of its page.
pub fn page_at(address: &str) -> &str {
    let is_own = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let mut address = if is_own { address } else { "" };
    while !is_shown(address) {
        match address.rsplit_once('/') {
            Some((before, _)) if !before.is_empty() => address = before,
            Some(_) | None => return "/",
        }
    }
    address
}

async fn stream(
    app: web::Data<App>,
    live: web::Data<Live>,
    verification: web::Data<Verification>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<LiveQuery>,
) -> Result<HttpResponse, Problem> {
    let asks = asked_for(&query.page).ok_or_else(|| Problem::new(NOT_FOUND, "page: there is no such page"))?;
    asking.may_any(asks)?;
    let place = Live::open(live, asking.form_token())?;
    // A browser that was cut off says what it was told last.
    let last_told = request.headers().get("Last-Event-ID").and_then(|id| id.to_str().ok()?.parse().ok());
    let (tell, told) = mpsc::channel(WAITING_MAX);
    let page =
        Open { place, asking, asks, verification: Some(verification).filter(|_| asks.contains(&Operation::SeeLog)) };
    rt::spawn(keep_telling(app, page, last_told.unwrap_or(query.seen), tell));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // What is packed is kept back until there is enough of it.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .body(Told(told)))
}

/// A page that is open.
struct Open {
    place: Place,
    asking: Asking,
    asks: &'static [Operation],
    /// Whether the log is sound, where the page shows it.
    verification: Option<web::Data<Verification>>,
}

impl Open {
    fn verified(&self) -> u64 {
        self.verification.as_ref().map_or(0, |verification| verification.told())
    }
}

async fn keep_telling(app: web::Data<App>, page: Open, mut seen: u64, tell: mpsc::Sender<Bytes>) {
    if tell.try_send(Bytes::from_static(b"retry: 3000\n\n")).is_err() {
        return;
    }
    let mut look = rt::time::interval(LOOK_EVERY);
    let mut verified = page.verified();
    for looks in 1..=LOOKS_MAX {
        look.tick().await;
        if tell.is_closed() || page.place.live.is_closing.load(Ordering::Relaxed) {
            return;
        }
        let reached = app.ledger.reached();
        let message = if reached > seen || page.verified() != verified {
            Bytes::from(format!("id: {reached}\nevent: changed\ndata: {reached}\n\n"))
        } else if looks % LOOKS_A_BEAT == 0 {
            Bytes::from_static(b": still here\n\n")
        } else {
            continue;
        };
        seen = seen.max(reached);
        verified = page.verified();
        if !still_may(&app, &page.asking, page.asks).await || tell.try_send(message).is_err() {
            return;
        }
    }
}

/// Whether the page may still be seen: the session goes on, and so does a role that reaches it. Being told is no use of
/// the session.
async fn still_may(app: &web::Data<App>, asking: &Asking, asks: &'static [Operation]) -> bool {
    let Some(session) = asking.session().cloned() else { return asking.may_any(asks).is_ok() };
    let known = app.clone();
    let found = blocking(move || {
        let asker = door::by_session(&known, &session, door::Use::LookedAt)?;
        Ok(Asking::now(&known, asker, Some(session)))
    });
    found.await.is_ok_and(|asking| asking.asker().person().is_some() && asking.may_any(asks).is_ok())
}

/// What is told, as the body of an answer.
struct Told(mpsc::Receiver<Bytes>);

impl MessageBody for Told {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_address_and_nothing_else_is_one() {
        assert_eq!(asked_for("/board?q=alta"), Some(&[Operation::SeeSignups][..]));
        assert_eq!(asked_for("/municipalities/5610"), Some(&[Operation::SeeBudget][..]));
        for address in ["", "/nothing", "/live?page=/board", "/api/v1/parties", "https://other.example/board"] {
            assert_eq!(asked_for(address), None, "{address}");
        }
    }

    #[test]
    fn one_is_led_back_to_the_page_of_a_form_and_never_elsewhere() {
        assert_eq!(page_at("/municipalities/5610?from=2024"), "/municipalities/5610?from=2024");
        assert_eq!(page_at("/invoices/runs/1/approve"), "/invoices/runs/1");
        for elsewhere in ["https://other.example/board", "//other.example", "/nothing", "", "/board\r\nX: 1"] {
            assert_eq!(page_at(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn a_session_keeps_so_many_pages_up_to_date_and_a_closed_page_makes_room() {
        let live = web::Data::new(Live::within(100));
        let open = || Live::open(live.clone(), "session".to_owned());
        let mut places: Vec<Place> = (0..OF_A_SESSION_MAX).map(|_| open().unwrap()).collect();
        assert!(open().is_err());
        assert!(Live::open(live.clone(), "another".to_owned()).is_ok());
        places.pop();
        assert!(open().is_ok());
    }

    #[test]
    fn pages_that_are_kept_up_to_date_take_half_of_the_connections() {
        let live = web::Data::new(Live::within(100));
        let places: Vec<Place> = (0..50).map(|number| Live::open(live.clone(), number.to_string()).unwrap()).collect();
        assert!(Live::open(live.clone(), "one more".to_owned()).is_err());
        drop(places);
        assert!(Live::open(live, "one more".to_owned()).is_ok());
    }
}
