//! How far into the log somebody has come, so that who wrote through one instance and reads through another sees what was
//! written. A program is told the position in a header and gives it back in another; a browser does so by a cookie, which
//! there is only where other instances may be asked next.

use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{rt, web};

use super::cookie;
use crate::app::App;
use crate::http::answer::blocking;
use crate::http::pages::is_page;
use crate::http::problem::{PARAMETER_INVALID, POSITION_NOT_REACHED, Problem};

/// The header of an answer that says how far into the log it goes.
pub const POSITION: &str = "Log-Position";
/// The header of a request that is to be answered from no earlier state.
pub const AT_LEAST: &str = "Log-Position-At-Least";
/// How long it is waited until the log has been read so far.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Whether something was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// Nothing had to be.
    NotAtAll,
    /// The log was read further in the meantime.
    UntilRead,
}

/// Waits until this instance has read the log as far as a request asks for.
///
/// # Errors
/// What it asks for cannot be read, or was not reached in time.
pub async fn wait(app: &web::Data<App>, headers: &HeaderMap, path: &str) -> Result<Waited, Problem> {
    let remembered = if is_page(path) && app.store.has_other_writers() {
        cookie::position(headers, app.settings.sign_in.is_secure())
    } else {
        None
    };
    let Some(wanted) = asked_for(headers)?.max(remembered).filter(|wanted| *wanted > app.ledger.reached()) else {
        return Ok(Waited::NotAtAll);
    };
    let reading = app.clone();
    // Where it cannot be read now, whoever follows the log has said so, and tries again.
    let read = move || {
        drop(reading.ledger.catch_up());
        Ok(())
    };
    rt::time::timeout(WAIT_MAX, async {
        blocking(read).await.ok();
        while app.ledger.reached() < wanted {
            rt::time::sleep(LOOK_EVERY).await;
        }
    })
    .await
    .map(|()| Waited::UntilRead)
    .map_err(|_| not_reached(app.ledger.reached(), wanted))
}

/// Lets an answer to who has changed something say how far into the log it goes.
pub fn tell<B>(app: &App, response: &mut ServiceResponse<B>) {
    let reached = app.ledger.extends_to();
    let sets_cookie = app.store.has_other_writers() && is_page(response.request().path());
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("log-position"), HeaderValue::from(reached));
    if sets_cookie
        && let Ok(cookie) = HeaderValue::from_str(&cookie::of_position(reached, app.settings.sign_in.is_secure()))
    {
        headers.append(header::SET_COOKIE, cookie);
    }
}

fn asked_for(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(AT_LEAST) else { return Ok(None) };
    let position = value.to_str().ok().and_then(|value| value.parse().ok());
    position.map(Some).ok_or_else(|| {
        let sentence = format!("{AT_LEAST} takes a number: what an answer said in {POSITION}");
        Problem::new(PARAMETER_INVALID, sentence).with("parameter", AT_LEAST)
    })
}

fn not_reached(reached: u64, wanted: u64) -> Problem {
    let sentence = format!(
        "this instance has read the log to position {reached} and not to {wanted}, as the request asks for ({AT_LEAST}); ask \
         again in a moment, or another instance; a position of another log is never reached"
    );
    Problem::new(POSITION_NOT_REACHED, sentence).with("position", reached).with("at_least", wanted)
}
