//! The pages, and their forms.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{HOME, POLICY, admit_attempt, done, onward, own_path};
use crate::app::App;
use crate::domain::access::policy::Asker;
use crate::domain::access::{Held, Role};
use crate::domain::identity::PartyId;
use crate::http::answer::blocking;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::render::{RoleLine, SignInPage, sign_in_page};
use crate::sign_in::{PASSWORD_CHARACTERS_MIN, Secret, SignInError};
use crate::text;
use crate::view::book::Book;

/// Where one wanted to go.
#[derive(Debug, Default, Deserialize)]
pub struct ToQuery {
    #[serde(default)]
    to: String,
}

/// Which invitation.
#[derive(Debug, Deserialize)]
pub struct InvitationQuery {
    #[serde(default)]
    token: String,
}

/// What is typed to sign in.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// What is typed to take an invitation up.
#[derive(Debug, Deserialize)]
pub struct InvitationForm {
    token: String,
    password: String,
}

/// How one signs out.
#[derive(Debug, Deserialize)]
pub struct SignOutForm {
    form_token: String,
    everywhere: Option<String>,
}

fn page(status: StatusCode, page: &SignInPage, fault: Option<&str>) -> Result<HttpResponse, Problem> {
    let html = sign_in_page(page, fault).map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(html))
}

pub async fn sign_in(Asked(query): Asked<ToQuery>) -> Result<HttpResponse, Problem> {
    page(StatusCode::OK, &SignInPage::SignIn { to: own_path(&query.to).to_owned(), email: String::new() }, None)
}

pub async fn by_password(
    app: web::Data<App>,
    request: HttpRequest,
    form: web::Form<SignInForm>,
) -> Result<HttpResponse, Problem> {
    let SignInForm { email, password, to } = form.into_inner();
    let again = SignInPage::SignIn { to: own_path(&to).to_owned(), email: email.clone() };
    if admit_attempt(&app, &request).is_err() {
        let said = text::bokmal("sign-in-too-often", &[]);
        return page(StatusCode::TOO_MANY_REQUESTS, &again, Some(&said));
    }
    let signed =
        done(app.clone(), move |app| app.sign_ins.by_password(&app.ledger.now().book, &app.people, &email, &password))
            .await?;
    match signed {
        Ok(signed) => Ok(onward(&app, &signed, &to)),
        Err(error) => page(StatusCode::UNPROCESSABLE_ENTITY, &again, Some(&said(&error))),
    }
}

/// What is wrong, in bokmål.
fn said(error: &SignInError) -> String {
    match error {
        SignInError::Locked { until } => {
            text::bokmal("sign-in-locked", &[("time", &until.format("%Y-%m-%d %H:%M").to_string())])
        }
        SignInError::InvitationInvalid => text::bokmal("sign-in-invitation-over", &[]),
        SignInError::Password(_) => text::bokmal("sign-in-password-length", &[]),
        SignInError::Refused | SignInError::Passkey(_) | SignInError::Store(_) | SignInError::People(_) => {
            text::bokmal("sign-in-refused", &[])
        }
    }
}

pub async fn confirm(asking: Asking, Asked(query): Asked<ToQuery>) -> Result<HttpResponse, Problem> {
    let to = own_path(&query.to).to_owned();
    match asking.asker() {
        Asker::Stranger => Ok(to_sign_in(&to)),
        Asker::Person(_) | Asker::Operator => page(StatusCode::OK, &SignInPage::Confirm { to }, None),
    }
}

fn to_sign_in(to: &str) -> HttpResponse {
    let location = format!("/sign-in?to={to}");
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

fn invitation_page(token: String) -> SignInPage {
    SignInPage::Invitation { token, characters_min: PASSWORD_CHARACTERS_MIN }
}

pub async fn invitation(
    app: web::Data<App>,
    request: HttpRequest,
    Asked(query): Asked<InvitationQuery>,
) -> Result<HttpResponse, Problem> {
    admit_attempt(&app, &request)?;
    let shown = Secret::shown(&query.token);
    let holds = done(app, move |app| app.sign_ins.is_invited(&shown)).await?.unwrap_or_default();
    if holds {
        return page(StatusCode::OK, &invitation_page(query.token), None);
    }
    let over = said(&SignInError::InvitationInvalid);
    let elsewhere = SignInPage::SignIn { to: HOME.to_owned(), email: String::new() };
    page(StatusCode::UNPROCESSABLE_ENTITY, &elsewhere, Some(&over))
}

pub async fn take_up(
    app: web::Data<App>,
    request: HttpRequest,
    form: web::Form<InvitationForm>,
) -> Result<HttpResponse, Problem> {
    admit_attempt(&app, &request)?;
    let InvitationForm { token, password } = form.into_inner();
    let shown = Secret::shown(&token);
    let signed = done(app.clone(), move |app| app.sign_ins.take_up(&app.ledger.now().book, &shown, &password)).await?;
    match signed {
        Ok(signed) => Ok(onward(&app, &signed, HOME)),
        Err(error) => page(StatusCode::UNPROCESSABLE_ENTITY, &invitation_page(token), Some(&said(&error))),
    }
}

pub async fn account(app: web::Data<App>, asking: Asking) -> Result<HttpResponse, Problem> {
    let form_token = asking.form_token();
    let Asker::Person(signed_in) = asking.asker().clone() else { return Ok(to_sign_in(HOME)) };
    let shown = blocking(move || {
        let passkeys = app.sign_ins.passkey_names(signed_in.person).map_err(|error| Problem::internal(&error))?;
        let book = &app.ledger.now().book;
        let today = app.clock.today();
        let roles = signed_in.held.iter().map(|held| role_line(book, *held, today)).collect();
        Ok(SignInPage::Account { roles, passkeys, form_token })
    })
    .await?;
    page(StatusCode::OK, &shown, None)
}

fn role_line(book: &Book, held: Held, today: NaiveDate) -> RoleLine {
    let named = |party: PartyId| book.parties.get(&party).map(|known| known.full_name_on(today));
    let (key, scope) = match held.role {
        Role::CountyLibrary { procurement } => {
            let opened = book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
            ("sign-in-role-county-library", opened.map(|opened| opened.name.clone()))
        }
        Role::MunicipalLeader { party } => ("sign-in-role-municipal-leader", named(party)),
        Role::LibraryLeader { party } => ("sign-in-role-library-leader", named(party)),
        Role::Finance { party } => ("sign-in-role-finance", named(party)),
        Role::CountyFinance { county } => ("sign-in-role-county-finance", named(county)),
        Role::Auditor => ("sign-in-role-auditor", None),
        Role::Administrator => ("sign-in-role-administrator", None),
    };
    let until = held.until.map(|until| until.to_string());
    RoleLine { name: text::bokmal(key, &[]), scope, until }
}

pub async fn sign_out(
    app: web::Data<App>,
    asking: Asking,
    form: web::Form<SignOutForm>,
) -> Result<HttpResponse, Problem> {
    asking.check_form(&form.form_token)?;
    let everywhere = form.everywhere.is_some();
    let (person, session) = (asking.asker().person(), asking.session().cloned());
    let is_secure = app.settings.sign_in.is_secure();
    let ended = done(app, move |app| match (person, session) {
        (Some(person), _) if everywhere => app.sign_ins.end_all(person).map(drop),
        (_, Some(session)) => app.sign_ins.end(&session),
        (_, None) => Ok(()),
    });
    ended.await?.map_err(|error| super::cannot(&error))?;
    let mut response = HttpResponse::SeeOther();
    door::without(&mut response, is_secure);
    Ok(response.insert_header((header::LOCATION, "/sign-in")).finish())
}
