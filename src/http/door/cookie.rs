//! The cookie that holds the secret of a session, and nothing else.

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{self, HeaderMap};

use crate::sign_in::Secret;

/// Browsers take a name with this prefix only over TLS, for the whole host and no other.
const OVER_TLS: &str = "__Host-grenselos";
/// Over plain HTTP on this machine the prefix is not to be had.
const ON_THIS_MACHINE: &str = "grenselos";

fn name(is_secure: bool) -> &'static str {
    if is_secure { OVER_TLS } else { ON_THIS_MACHINE }
}

/// The secret of the session that a request shows.
pub fn session(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    let pairs =
        headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name(is_secure))
        .map(|(_, secret)| Secret::shown(secret))
}

/// Lets an answer begin a session in the browser. It ends with the browser, or when it is over here.
pub fn with_session(response: &mut HttpResponseBuilder, secret: &Secret, is_secure: bool) {
    set(response, secret.reveal(), is_secure, "");
}

/// Lets an answer end the session in the browser.
pub fn without(response: &mut HttpResponseBuilder, is_secure: bool) {
    set(response, "", is_secure, "; Max-Age=0");
}

fn set(response: &mut HttpResponseBuilder, value: &str, is_secure: bool, more: &str) {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", name(is_secure));
    response.append_header((header::SET_COOKIE, cookie));
}
