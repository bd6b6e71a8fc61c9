//! The cookies that hold the secret of a session, that by which a browser is known again, and how far into the log a browser
//! has come; nothing else.

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{self, HeaderMap};

use crate::sign_in::{PROVIDER_MINUTES, Secret};

/// Browsers take a name with this prefix only over TLS, for the whole host and no other.
const OVER_TLS: &str = "__Host-grenselos";
/// Over plain HTTP on this machine the prefix is not to be had.
const ON_THIS_MACHINE: &str = "grenselos";

/// The same for the browser that is on the way to a provider.
const BROWSER_OVER_TLS: &str = "__Host-grenselos-browser";
const BROWSER_ON_THIS_MACHINE: &str = "grenselos-browser";

/// The same for what was typed before one signed in.
const TYPED_OVER_TLS: &str = "__Host-grenselos-typed";
const TYPED_ON_THIS_MACHINE: &str = "grenselos-typed";
/// For how long.
const TYPED_SECONDS: u64 = 60 * 60;

/// The same for how far into the log a browser has come.
const POSITION_OVER_TLS: &str = "__Host-grenselos-position";
const POSITION_ON_THIS_MACHINE: &str = "grenselos-position";
/// After so many seconds every instance that is ready has come as far by itself.
const POSITION_SECONDS: u64 = 60;

fn name(is_secure: bool) -> &'static str {
    if is_secure { OVER_TLS } else { ON_THIS_MACHINE }
}

fn browser_name(is_secure: bool) -> &'static str {
    if is_secure { BROWSER_OVER_TLS } else { BROWSER_ON_THIS_MACHINE }
}

fn typed_name(is_secure: bool) -> &'static str {
    if is_secure { TYPED_OVER_TLS } else { TYPED_ON_THIS_MACHINE }
}

fn position_name(is_secure: bool) -> &'static str {
    if is_secure { POSITION_OVER_TLS } else { POSITION_ON_THIS_MACHINE }
}

/// The secret of the session that a request shows.
pub fn session(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    shown(headers, name(is_secure))
}

/// The secret by which a browser is known again that was on the way to a provider.
pub fn browser(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    shown(headers, browser_name(is_secure))
}

/// The secret by which is found what was typed in the browser before one signed in.
pub fn typed(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    shown(headers, typed_name(is_secure))
}

/// The cookie of what was typed.
pub fn of_typed(secret: &Secret, is_secure: bool) -> String {
    cookie(typed_name(is_secure), secret.reveal(), is_secure, &format!("; Max-Age={TYPED_SECONDS}"))
}

/// How far into the log the browser has come that sends a request.
pub fn position(headers: &HeaderMap, is_secure: bool) -> Option<u64> {
    value(headers, position_name(is_secure))?.parse().ok()
}

fn shown(headers: &HeaderMap, name: &str) -> Option<Secret> {
    value(headers, name).map(Secret::shown)
}

fn value<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    let pairs =
        headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Lets an answer begin a session in the browser. It ends with the browser, or when it is over here.
pub fn with_session(response: &mut HttpResponseBuilder, secret: &Secret, is_secure: bool) {
    set(response, name(is_secure), secret.reveal(), is_secure, "");
}

/// Lets an answer end the session in the browser.
pub fn without(response: &mut HttpResponseBuilder, is_secure: bool) {
    set(response, name(is_secure), "", is_secure, "; Max-Age=0");
}

/// Lets the browser be known again when it comes back from a provider.
pub fn with_browser(response: &mut HttpResponseBuilder, secret: &Secret, is_secure: bool) {
    let age = format!("; Max-Age={}", PROVIDER_MINUTES * 60);
    set(response, browser_name(is_secure), secret.reveal(), is_secure, &age);
}

/// How far into the log the browser has come now, as it is to remember it.
pub fn of_position(position: u64, is_secure: bool) -> String {
    let age = format!("; Max-Age={POSITION_SECONDS}");
    cookie(position_name(is_secure), &position.to_string(), is_secure, &age)
}

fn set(response: &mut HttpResponseBuilder, name: &str, value: &str, is_secure: bool, more: &str) {
    response.append_header((header::SET_COOKIE, cookie(name, value, is_secure, more)));
}

fn cookie(name: &str, value: &str, is_secure: bool, more: &str) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")
}
