//! The pages where one signs in, proves who one is, and takes an invitation up; and signing out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{HOME, admit_attempt, done, fault, form_origins, onward, own_path, providers};
use crate::app::App;
use crate::domain::access::policy::Asker;
use crate::domain::identity::PersonId;
use crate::http::answer::blocking;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::pages::{Around, Page, see, to_sign_in_from};
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::render::page::{
    ConfirmShown, InvitationShown, ProviderChoice, SignInFault, SignInShown, confirm_page, invitation_page,
    sign_in_page,
};
use crate::sign_in::{PASSWORD_CHARACTERS_MIN, Secret, SignInError, account_of};

/// Where one wanted to go.
#[derive(Debug, Default, Deserialize)]
pub struct ToQuery {
    #[serde(default)]
    to: String,
}

/// Who comes back from signing out.
#[derive(Debug, Deserialize)]
pub struct SignedOutQuery {
    #[serde(default)]
    state: String,
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

fn status(fault: Option<&SignInFault>) -> StatusCode {
    match fault {
        None => StatusCode::OK,
        Some(SignInFault::TooOften) => StatusCode::TOO_MANY_REQUESTS,
        Some(SignInFault::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        Some(SignInFault::ProviderUnreachable) => StatusCode::BAD_GATEWAY,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The page where one signs in.
pub async fn sign_in_shown(
    app: web::Data<App>,
    around: &Around,
    (to, email): (&str, &str),
    fault: Option<&SignInFault>,
) -> Result<Page, Problem> {
    let shown = SignInShown { to: own_path(to), email, fault, signed_out_at: None, providers: &providers(&app) };
    sign_in_answered(app, around, &shown).await
}

async fn sign_in_answered(app: web::Data<App>, around: &Around, shown: &SignInShown<'_>) -> Result<Page, Problem> {
    let (origins, fault) = (form_origins(app.clone()).await?, shown.fault);
    let page = around.answer_as(status(fault), app.ids.new_id(), None, |frame| sign_in_page(frame, shown))?;
    Ok(page.with_script(&origins))
}

pub async fn sign_in(app: web::Data<App>, around: Around, Asked(query): Asked<ToQuery>) -> Result<Page, Problem> {
    sign_in_shown(app, &around, (&query.to, ""), None).await
}

/// The page that one comes back to who was signed out at the provider as well.
pub async fn signed_out(
    app: web::Data<App>,
    around: Around,
    path: web::Path<String>,
    Asked(query): Asked<SignedOutQuery>,
) -> Result<HttpResponse, Problem> {
    let Some(name) = app.sign_ins.left(&path, &query.state) else { return Ok(see("/sign-in")) };
    let known = providers(&app);
    let shown = SignInShown { to: HOME, email: "", fault: None, signed_out_at: Some(&name), providers: &known };
    Ok(sign_in_answered(app, &around, &shown).await?.answered())
}

pub async fn by_password(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
    form: web::Form<SignInForm>,
) -> Result<HttpResponse, Problem> {
    let SignInForm { email, password, to } = form.into_inner();
    if admit_attempt(&app, &request).is_err() {
        let page = sign_in_shown(app, &around, (&to, &email), Some(&SignInFault::TooOften)).await?;
        return Ok(page.answered());
    }
    let (typed, session) = (email.clone(), asking.session().cloned());
    let signed = done(app.clone(), move |app| {
        let person = account_of(&app.ledger.now().book, &app.people, &typed)?;
        app.sign_ins.by_password(person, &typed, &password, session.as_ref())
    })
    .await?;
    match signed {
        Ok(signed) => Ok(onward(&app, &signed, &to)),
        Err(error) => Ok(sign_in_shown(app, &around, (&to, &email), Some(&fault(&error))).await?.answered()),
    }
}

/// The page where one proves once more who one is: by a passkey, or by a provider that knows one.
pub async fn confirm_shown(
    app: web::Data<App>,
    asking: &Asking,
    around: &Around,
    to: &str,
    fault: Option<&SignInFault>,
) -> Result<HttpResponse, Problem> {
    let person = match asking.asker() {
        Asker::Stranger => return Ok(to_sign_in_from(to)),
        Asker::Person(signed_in) => Some(signed_in.person),
        Asker::Operator => None,
    };
    let (known, origins) = (app.clone(), form_origins(app.clone()).await?);
    let (has_passkey, linked) = blocking(move || {
        let Some(person) = person else { return Ok((false, Vec::new())) };
        let passkeys = known.sign_ins.known_passkeys(person).map_err(|error| Problem::internal(&error))?;
        Ok((!passkeys.is_empty(), linked(&known, person)?))
    })
    .await?;
    let shown = ConfirmShown { to: own_path(to), fault, has_passkey, providers: &linked };
    let page = around.answer_as(status(fault), app.ids.new_id(), None, |frame| confirm_page(frame, &shown))?;
    Ok(page.with_script(&origins).answered())
}

/// The providers that know a person.
pub fn linked(app: &App, person: PersonId) -> Result<Vec<ProviderChoice>, Problem> {
    let links = app.sign_ins.links(person).map_err(|error| Problem::internal(&error))?;
    let is_linked = |issuer: &str| links.iter().any(|(_, row)| row.issuer == issuer);
    let known = app.settings.sign_in.providers.iter().filter(|provider| is_linked(&provider.issuer));
    Ok(known.map(|provider| ProviderChoice { id: provider.id.clone(), name: provider.name.clone() }).collect())
}

pub async fn confirm(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<ToQuery>,
) -> Result<HttpResponse, Problem> {
    confirm_shown(app, &asking, &around, own_path(&query.to), None).await
}

/// The e-mail address of who is invited, by which a password is kept in the browser.
fn email_of(app: &App, invitation: &Secret) -> Result<Option<String>, Problem> {
    let Some(person) = app.sign_ins.invited(invitation).map_err(|error| Problem::internal(&error))? else {
        return Ok(None);
    };
    let known = app.people.get(person).map_err(|error| Problem::internal(&error))?;
    Ok(known.and_then(|known| known.email))
}

async fn invitation_shown(
    app: web::Data<App>,
    around: &Around,
    token: &str,
    error: Option<&SignInError>,
) -> Result<Page, Problem> {
    let origins = form_origins(app.clone()).await?;
    let (known, secret) = (app.clone(), Secret::shown(token));
    let email = blocking(move || email_of(&known, &secret)).await?;
    let is_password_refused = matches!(error, Some(SignInError::Password(_)));
    let fault = error.filter(|_| !is_password_refused).map(fault);
    let shown = InvitationShown {
        token,
        email: email.as_deref(),
        to: HOME,
        characters_min: PASSWORD_CHARACTERS_MIN,
        is_password_refused,
        fault: fault.as_ref(),
        providers: &providers(&app),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = around.answer_as(status, app.ids.new_id(), None, |frame| invitation_page(frame, &shown))?;
    Ok(page.with_script(&origins))
}

pub async fn invitation(
    app: web::Data<App>,
    around: Around,
    request: HttpRequest,
    Asked(query): Asked<InvitationQuery>,
) -> Result<Page, Problem> {
    admit_attempt(&app, &request)?;
    let shown = Secret::shown(&query.token);
    let invited = done(app.clone(), move |app| app.sign_ins.invited(&shown)).await?.unwrap_or_default();
    if invited.is_some() {
        return invitation_shown(app, &around, &query.token, None).await;
    }
    sign_in_shown(app, &around, (HOME, ""), Some(&SignInFault::InvitationOver)).await
}

pub async fn take_up(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
    form: web::Form<InvitationForm>,
) -> Result<HttpResponse, Problem> {
    admit_attempt(&app, &request)?;
    let InvitationForm { token, password } = form.into_inner();
    let shown = Secret::shown(&token);
    let session = asking.session().cloned();
    let signed =
        done(app.clone(), move |app| app.sign_ins.take_up(&app.ledger.now().book, &shown, &password, session.as_ref()))
            .await?;
    match signed {
        Ok(signed) => Ok(onward(&app, &signed, HOME)),
        Err(error) => Ok(invitation_shown(app, &around, &token, Some(&error)).await?.answered()),
    }
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
    let ended = done(app, move |app| {
        let farewell = session.as_ref().map(|session| app.sign_ins.farewell(session)).transpose()?.flatten();
        match (person, session) {
            (Some(person), _) if everywhere => app.sign_ins.end_all(person).map(drop),
            (_, Some(session)) => app.sign_ins.end(&session),
            (_, None) => Ok(()),
        }?;
        Ok(farewell)
    });
    let farewell = ended.await?.map_err(|error| super::cannot(&error))?;
    let mut response = HttpResponse::SeeOther();
    door::without(&mut response, is_secure);
    let to = farewell.as_deref().unwrap_or("/sign-in");
    Ok(response.insert_header((header::LOCATION, to)).finish())
}
