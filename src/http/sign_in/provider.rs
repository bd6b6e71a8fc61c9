//! The way to a provider and back, and what a provider says when somebody signs out there.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{confirm_shown, sign_in_shown};
use super::{admit_attempt, done, fault, onward, own_path};
use crate::app::App;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::pages::Around;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::render::page::SignInFault;
use crate::sign_in::{Brought, ProviderError, Purpose, Secret, SignInError};

/// What one goes to a provider for.
#[derive(Debug, Deserialize)]
pub struct DepartForm {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    token: String,
}

/// What the browser brings back.
#[derive(Debug, Deserialize)]
pub struct CallbackQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    iss: Option<String>,
    error: Option<String>,
}

/// Who signed out, as the provider says it.
#[derive(Debug, Deserialize)]
pub struct SignedOutQuery {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sid: String,
}

/// What happened is said to the operator: who tries is told no more than they need.
fn remark(error: &SignInError) {
    if let SignInError::Provider(
        error @ (ProviderError::Unreachable { .. }
        | ProviderError::Settings { .. }
        | ProviderError::Untrusted { .. }
        | ProviderError::Nobody { .. }),
    ) = error
    {
        eprintln!("grenselos: {error}");
    }
}

pub async fn depart(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
    path: web::Path<String>,
    form: web::Form<DepartForm>,
) -> Result<HttpResponse, Problem> {
    let DepartForm { form_token, to, purpose, token } = form.into_inner();
    if admit_attempt(&app, &request).is_err() {
        return Ok(sign_in_shown(app, &around, (&to, ""), Some(&SignInFault::TooOften)).await?.answered());
    }
    let purpose = match purpose.as_str() {
        "take-up" => Purpose::TakeUp(Secret::shown(&token)),
        "prove" => Purpose::Prove,
        "link" => Purpose::Link,
        _ => Purpose::SignIn,
    };
    if matches!(purpose, Purpose::Prove | Purpose::Link) {
        asking.check_form(&form_token)?;
    }
    let is_secure = app.settings.sign_in.is_secure();
    let browser = door::browser(request.headers(), is_secure);
    let session = asking.session().cloned();
    let (provider, language, wanted) = (path.into_inner(), around.language.code(), own_path(&to).to_owned());
    let is_proof = purpose == Purpose::Prove;
    let departed = done(app.clone(), move |app| {
        app.sign_ins.depart(&provider, purpose, (session.as_ref(), browser), language, &wanted)
    })
    .await?;
    match departed {
        Ok(departure) => {
            let mut response = HttpResponse::SeeOther();
            door::with_browser(&mut response, &departure.browser, is_secure);
            Ok(response.insert_header((header::LOCATION, departure.location)).finish())
        }
        Err(error) => not_taken(app, &asking, &around, &to, is_proof, &error).await,
    }
}

/// The page that one comes to where it did not work.
async fn not_taken(
    app: web::Data<App>,
    asking: &Asking,
    around: &Around,
    to: &str,
    is_proof: bool,
    error: &SignInError,
) -> Result<HttpResponse, Problem> {
    remark(error);
    let fault = fault(error);
    if is_proof || asking.asker().person().is_some() {
        return confirm_shown(app, asking, around, own_path(to), Some(&fault)).await;
    }
    Ok(sign_in_shown(app, around, (to, ""), Some(&fault)).await?.answered())
}

pub async fn arrive(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
    path: web::Path<String>,
    Asked(query): Asked<CallbackQuery>,
) -> Result<HttpResponse, Problem> {
    // Nothing is looked at but what was begun here, which is limited where it begins.
    let browser = door::browser(request.headers(), app.settings.sign_in.is_secure());
    let session = asking.session().cloned();
    let CallbackQuery { state, code, iss, error } = query;
    let brought = Brought { state, code, issuer: iss, is_refusal: error.is_some() };
    let provider = path.into_inner();
    let arrived = done(app.clone(), move |app| {
        app.sign_ins.arrive(&app.ledger.now().book, &provider, (session.as_ref(), browser.as_ref()), brought)
    })
    .await?;
    match arrived {
        Ok(arrived) => Ok(onward(&app, &arrived.signed, &arrived.to)),
        Err(error) => not_taken(app, &asking, &around, super::HOME, false, &error).await,
    }
}

/// Answers a page of the provider in which this one lies: only who knows both issuer and session can have made it.
pub async fn signed_out(
    app: web::Data<App>,
    path: web::Path<String>,
    Asked(query): Asked<SignedOutQuery>,
) -> Result<HttpResponse, Problem> {
    let provider = path.into_inner();
    let framing = {
        let known = app.settings.sign_in.providers.iter().find(|known| known.id == provider);
        let known = known.ok_or_else(|| Problem::new(NOT_FOUND, "there is no such provider"))?;
        format!("default-src 'none'; frame-ancestors {}", origin(&known.issuer))
    };
    let SignedOutQuery { iss, sid } = query;
    let ended = done(app, move |app| app.sign_ins.signed_out_at(&provider, &iss, &sid)).await?;
    match ended {
        Ok(true) => Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, framing))
            .body("<!DOCTYPE html><title>Grenseløs</title>")),
        Ok(false) => Err(Problem::new(NOT_FOUND, "iss and sid name no session of this provider")),
        Err(error) => Err(super::cannot(&error)),
    }
}

/// Scheme and host of an address.
fn origin(address: &str) -> &str {
    let host = address.find("://").map_or(0, |index| index + 3);
    let end = address.get(host..).and_then(|rest| rest.find('/')).map_or(address.len(), |index| host + index);
    address.get(..end).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn the_pages_of_a_provider_are_those_of_its_host() {
        assert_eq!(origin("https://login.example/tenant/v2.0"), "https://login.example");
        assert_eq!(origin("http://localhost:4000"), "http://localhost:4000");
    }
}
