//! The door: who asks is found out once for each request, before anything is answered; what comes from another site, and what
//! comes too often, is turned away.

mod cookie;
mod limits;
mod position;
mod served;

use std::net::{IpAddr, Ipv6Addr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpMessage, HttpRequest, web};

use super::answer::blocking;
use super::asking::Asking;
use super::problem::{CROSS_SITE, HOST_NOT_LOCAL, NOT_BY_PROXY, Problem, SIGN_IN_NEEDED, TOO_MANY_REQUESTS};
use crate::app::App;
use crate::config::Settings;
use crate::domain::access::policy::{Asker, Proof, SignedIn};
use crate::domain::access::{Access, Held, Role};
use crate::domain::identity::PersonId;
use crate::sign_in::Secret;

pub use cookie::{browser, of_typed, typed, with_browser, with_session, without};
pub use limits::Limits;
pub use position::{AT_LEAST, POSITION, tell as tell_position};
pub use served::check_body;

use position::Waited;

/// What a token is shown by.
const BEARER: &str = "Bearer ";
/// What a page says that asks for itself anew without anybody's doing.
const LIVE: &str = "Live";
/// Whether the service lives and is ready.
const HEALTH: &str = "/health/";

/// Finds out who asks, and lets the request know.
///
/// # Errors
/// It is turned away, and why.
pub async fn enter(request: &ServiceRequest) -> Result<(), Problem> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else { return Ok(()) };
    let settings = &app.settings;
    check_host(settings, request.headers())?;
    check_way(settings, request.peer_addr().map(|peer| peer.ip()), request.path())?;
    let bearer = bearer(request.headers())?;
    let session = cookie::session(request.headers(), settings.sign_in.is_secure());
    if !request.method().is_safe() && bearer.is_none() {
        check_site(settings, request.headers(), session.is_some())?;
    }
    if !settings.sign_in.required {
        position::wait(&app, request.headers(), request.path()).await?;
        served::check(&app, request)?;
        request.extensions_mut().insert(Asking::now(&app, Asker::Operator, None));
        return Ok(());
    }
    let how = if request.headers().contains_key(LIVE) { Use::LookedAt } else { Use::Used };
    let shown = Shown { bearer, session, how };
    let mut asker = shown.asker(&app).await?;
    if let Some(limits) = request.app_data::<web::Data<Limits>>() {
        let who = asker.person().map_or_else(|| network(settings, request.request()), |person| person.to_string());
        if !limits.admits(&who) {
            let sentence = "there were too many requests in this second; wait a moment, and ask less often";
            return Err(Problem::new(TOO_MANY_REQUESTS, sentence));
        }
    }
    // Who is not known, does not learn what there is elsewhere, and nothing waits or is read for them.
    if asker.person().is_some() {
        if position::wait(&app, request.headers(), request.path()).await? == Waited::UntilRead {
            // What somebody may do is read from the log as well.
            asker = shown.asker(&app).await?;
        }
        served::check(&app, request)?;
    }
    let session = shown.session.filter(|_| asker.person().is_some());
    request.extensions_mut().insert(Asking::now(&app, asker, session));
    Ok(())
}

/// What a request shows of who sends it.
struct Shown {
    bearer: Option<Secret>,
    session: Option<Secret>,
    how: Use,
}

impl Shown {
    /// Who it is. What a program shows comes before what its browser adds.
    async fn asker(&self, app: &web::Data<App>) -> Result<Asker, Problem> {
        let known = app.clone();
        match (self.bearer.clone(), self.session.clone()) {
            (Some(token), _) => blocking(move || by_token(&known, &token)).await,
            (None, Some(session)) => {
                let how = self.how;
                blocking(move || by_session(&known, &session, how)).await
            }
            (None, None) => Ok(Asker::Stranger),
        }
    }
}

/// By what is counted how often one comes who is not known: the address, and of IPv6 the network, since whoever has one has
/// all of its addresses.
pub fn network(settings: &Settings, request: &HttpRequest) -> String {
    match address(settings, request).to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [one, two, three, four, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(one, two, three, four, 0, 0, 0, 0))
        }
    }
}

/// Where a request comes from: what the proxy says, where it comes through the one that is named in the settings.
fn address(settings: &Settings, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if settings.http.proxy().map(|proxy| proxy.to_canonical()) != Some(peer.to_canonical()) {
        return peer;
    }
    let forwarded = request.headers().get_all("X-Forwarded-For").last().and_then(|value| value.to_str().ok());
    // What stands last in the last line is what the proxy itself saw; what stands before it, anybody can have written.
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

/// Refuses what comes past the proxy that has the TLS, but from this machine itself; whoever watches over the machines asks
/// without it whether the service lives.
fn check_way(settings: &Settings, peer: Option<IpAddr>, path: &str) -> Result<(), Problem> {
    let Some(proxy) = settings.http.proxy() else { return Ok(()) };
    let is_open = settings.http.bind.ip().is_loopback() || settings.http.has_tls();
    let is_known = peer.is_some_and(|peer| peer.to_canonical() == proxy.to_canonical() || peer.is_loopback());
    if is_open || is_known || path.starts_with(HEALTH) {
        return Ok(());
    }
    let sentence =
        "only what comes through the proxy in the settings (http.proxy) is answered; use the address in sign_in.origin";
    Err(Problem::new(NOT_BY_PROXY, sentence))
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

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const PROXY: &str = "10.0.0.5";

    fn behind_a_proxy() -> Settings {
        let mut settings = Settings::load(None).unwrap();
        settings.http.bind = "0.0.0.0:8080".parse().unwrap();
        settings.http.proxy = PROXY.to_owned();
        settings
    }

    #[test]
    fn what_the_proxy_saw_stands_last_in_the_last_line() {
        let forwarded = |lines: &[&str], peer: &str| {
            let request = TestRequest::get().peer_addr(format!("{peer}:4000").parse().unwrap());
            let request = lines.iter().fold(request, |request, line| request.append_header(("X-Forwarded-For", *line)));
            address(&behind_a_proxy(), &request.to_http_request()).to_string()
        };
        assert_eq!(forwarded(&["198.51.100.1", "198.51.100.2, 203.0.113.7"], PROXY), "203.0.113.7");
        assert_eq!(forwarded(&["198.51.100.1, 203.0.113.7"], PROXY), "203.0.113.7");
        assert_eq!(forwarded(&["203.0.113.7", "unknown"], PROXY), PROXY, "what cannot be read says nothing");
        assert_eq!(forwarded(&["198.51.100.1"], "192.0.2.9"), "192.0.2.9", "anybody can write it");
    }

    #[test]
    fn whoever_has_a_network_of_ipv6_is_counted_as_one() {
        let counted_as = |address: &str| {
            let request = TestRequest::get().append_header(("X-Forwarded-For", address));
            network(&behind_a_proxy(), &request.peer_addr(format!("{PROXY}:4000").parse().unwrap()).to_http_request())
        };
        assert_eq!(counted_as("2001:db8:1:2::7"), "2001:db8:1:2::/64");
        assert_eq!(counted_as("2001:db8:1:2:a:b:c:d"), counted_as("2001:db8:1:2::7"));
        assert_ne!(counted_as("2001:db8:1:3::7"), counted_as("2001:db8:1:2::7"));
        assert_eq!(counted_as("::ffff:203.0.113.7"), "203.0.113.7", "the same address, written as IPv6");
    }

    #[test]
    fn what_comes_past_the_proxy_is_refused() {
        let check = |settings: &Settings, peer: &str, path: &str| check_way(settings, peer.parse().ok(), path).is_ok();
        let settings = behind_a_proxy();
        assert!(check(&settings, PROXY, "/board") && check(&settings, "127.0.0.1", "/board"));
        assert!(!check(&settings, "10.0.0.6", "/board"));
        assert!(check(&settings, "10.0.0.6", "/health/live"), "who watches over the machines comes by themselves");
        assert!(check(&settings, "::ffff:10.0.0.5", "/board"), "the same address, written as IPv6");
        let mut with_tls = behind_a_proxy();
        with_tls.http.certificate_file = "certificate.pem".into();
        assert!(check(&with_tls, "10.0.0.6", "/board"));
    }
}
