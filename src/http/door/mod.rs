//! The door: who asks is found out once for each request, before anything is answered; what comes from another site, and what
//! comes too often, is turned away.

mod cookie;
mod limits;
mod position;
mod served;

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpMessage, HttpRequest, web};

use super::answer::blocking;
use super::asking::Asking;
use super::problem::{CROSS_SITE, HOST_NOT_LOCAL, Problem, SIGN_IN_NEEDED, TOO_MANY_REQUESTS};
use crate::app::App;
use crate::config::Settings;
use crate::domain::access::policy::{Asker, Proof, SignedIn};
use crate::domain::access::{Access, Held, Role};
use crate::domain::identity::PersonId;
use crate::sign_in::Secret;

pub use cookie::{browser, with_browser, with_session, without};
pub use limits::Limits;
pub use position::{AT_LEAST, POSITION, tell as tell_position};
pub use served::check_body;

/// What a token is shown by.
const BEARER: &str = "Bearer ";
/// What a page says that asks for itself anew without anybody's doing.
const LIVE: &str = "Live";

/// Finds out who asks, and lets the request know.
///
/// # Errors
/// It is turned away, and why.
pub async fn enter(request: &ServiceRequest) -> Result<(), Problem> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else { return Ok(()) };
    let settings = &app.settings;
    check_host(settings, request.headers())?;
    let bearer = bearer(request.headers())?;
    let session = cookie::session(request.headers(), settings.sign_in.is_secure());
    if !request.method().is_safe() && bearer.is_none() {
        check_site(settings, request.headers(), session.is_some())?;
    }
    // Also what somebody may do is read from the log.
    position::wait(&app, request.headers(), request.path()).await?;
    if !settings.sign_in.required {
        served::check(&app, request)?;
        request.extensions_mut().insert(Asking::now(&app, Asker::Operator, None));
        return Ok(());
    }
    let (known, asker) = match (bearer, session) {
        (Some(token), _) => {
            let known = app.clone();
            let asker = blocking(move || by_token(&known, &token)).await?;
            (None, asker)
        }
        (None, Some(session)) => {
            let (known, shown) = (app.clone(), session.clone());
            let how = if request.headers().contains_key(LIVE) { Use::LookedAt } else { Use::Used };
            let asker = blocking(move || by_session(&known, &shown, how)).await?;
            (Some(session).filter(|_| asker.person().is_some()), asker)
        }
        (None, None) => (None, Asker::Stranger),
    };
    if let Some(limits) = request.app_data::<web::Data<Limits>>() {
        let who = asker
            .person()
            .map_or_else(|| address(settings, request.request()).to_string(), |person| person.to_string());
        if !limits.admits(&who) {
            let sentence = "there were too many requests in this second; wait a moment, and ask less often";
            return Err(Problem::new(TOO_MANY_REQUESTS, sentence));
        }
    }
    // Who is not known, does not learn what there is elsewhere.
    if asker.person().is_some() {
        served::check(&app, request)?;
    }
    request.extensions_mut().insert(Asking::now(&app, asker, known));
    Ok(())
}

/// Where a request comes from: what the proxy says, where it comes through the one that is named in the settings.
pub fn address(settings: &Settings, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if settings.http.proxy() != Some(peer) {
        return peer;
    }
    let forwarded = request.headers().get("X-Forwarded-For").and_then(|value| value.to_str().ok());
    // What stands last is what the proxy itself saw; what stands before it, anybody can have written.
    forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

fn by_token(app: &App, token: &Secret) -> Result<Asker, Problem> {
    let found = app.sign_ins.token(token).map_err(|error| Problem::internal(&error))?;
    let Some(token) = found else {
        return Err(Problem::new(SIGN_IN_NEEDED, "the token is unknown, revoked or past its last day; issue another"));
    };
    let held = held(app, token.person).into_iter().filter(|held| token.roles.contains(&held.role)).collect();
    Ok(Asker::Person(SignedIn { person: token.person, held, proof: Proof::Token }))
}

/// Whether somebody does something in a session, or a page that is open asks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The session is used.
    Used,
    /// It is only looked at, and no longer for that.
    LookedAt,
}

/// Who has a session; a stranger where it does not hold.
pub fn by_session(app: &App, secret: &Secret, how: Use) -> Result<Asker, Problem> {
    let session = match how {
        Use::Used => app.sign_ins.session(secret),
        Use::LookedAt => app.sign_ins.session_looked_at(secret).map(|found| found.map(|(session, _)| session)),
    };
    let session = session.map_err(|error| Problem::internal(&error))?;
    Ok(session.map_or(Asker::Stranger, |session| {
        Asker::Person(SignedIn { person: session.person, held: held(app, session.person), proof: session.proof })
    }))
}

/// The roles that somebody holds now, by the log.
fn held(app: &App, person: PersonId) -> Vec<Held> {
    app.ledger.now().book.access.get(&person).map(|access: &Access| access.held.clone()).unwrap_or_default()
}

/// Whether somebody reads as an auditor.
pub fn is_auditor(asker: &Asker) -> Option<PersonId> {
    match asker {
        Asker::Person(signed_in) if signed_in.held.iter().any(|held| held.role == Role::Auditor) => {
            Some(signed_in.person)
        }
        Asker::Person(_) | Asker::Operator | Asker::Stranger => None,
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| value.strip_prefix(BEARER)).map(str::trim);
    token
        .filter(|token| !token.is_empty())
        .map(|token| Some(Secret::shown(token)))
        .ok_or_else(|| Problem::new(SIGN_IN_NEEDED, "Authorization takes Bearer and a token, and nothing else"))
}

/// Refuses what is meant for another host. A page from elsewhere, brought here by a name that was made to point to this
/// machine, says another.
fn check_host(settings: &Settings, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(host) = headers.get(header::HOST) else { return Ok(()) };
    let host = host.to_str().unwrap_or("?");
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_local =
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if (is_local && settings.http.bind.ip().is_loopback())
        || (settings.sign_in.required && host.eq_ignore_ascii_case(settings.sign_in.host()))
    {
        return Ok(());
    }
    let sentence = if settings.sign_in.required {
        "only requests by the name in the settings (sign_in.origin) are answered"
    } else {
        "only requests to this machine by a name of its own, such as localhost, are answered while nobody has to sign in"
    };
    Err(Problem::new(HOST_NOT_LOCAL, sentence))
}

/// Refuses what a page of another site sends, also where the browser would add the cookie.
fn check_site(settings: &Settings, headers: &HeaderMap, has_cookie: bool) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_own = match (text("Sec-Fetch-Site"), text("Origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let by_this_name =
                |host: &str| settings.http.bind.ip().is_loopback() && origin.strip_prefix("http://") == Some(host);
            origin == settings.sign_in.origin || text("Host").is_some_and(by_this_name)
        }
        (None, None) => !has_cookie,
    };
    if is_own {
        return Ok(());
    }
    let sentence =
        "this comes from a page of another site, or from a program with a browser's cookie; programs use a token";
    Err(Problem::new(CROSS_SITE, sentence))
}
