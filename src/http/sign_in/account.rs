//! One's own account: sign-ins, passkeys, providers and tokens.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder, web};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::pages::linked;
use super::{HOME, done, fault, form_origins, providers};
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::Held;
use crate::domain::access::policy::{About, Asker, Operation, SignedIn};
use crate::http::accounts::role_shown;
use crate::http::answer::blocking;
use crate::http::asking::Asking;
use crate::http::pages::{Around, Page, Reading, Rests, Sent, see, to_sign_in_from, tried};
use crate::http::problem::Problem;
use crate::render::page::{
    Filled, MeansShown, OwnAccountShown, ProviderChoice, RoleShown, SessionShown, SignInFault, SignedInBy,
    own_account_page,
};
use crate::sign_in::{Means, SEEN_SECONDS, Secret, SignInError, TokenError, WantedToken};
use crate::store::people::Person;

/// What is asked for, beside what there is.
#[derive(Debug, Default)]
struct Wished {
    fault: Option<SignInFault>,
    secret: Option<Secret>,
    token: Filled,
}

/// What there is.
struct Own {
    known: Person,
    may_add: bool,
    may_issue: bool,
    roles: Vec<RoleShown>,
    sessions: Vec<SessionShown>,
    passkeys: Vec<MeansShown>,
    links: Vec<MeansShown>,
    unlinked: Vec<ProviderChoice>,
    tokens: Vec<MeansShown>,
    /// When the first of the sessions is over by itself.
    ends: Option<DateTime<Utc>>,
}

fn moment(at: DateTime<Utc>) -> (NaiveDate, String) {
    (norwegian_day(at), norwegian_time(at).format("%H:%M").to_string())
}

/// The roles that hold today.
fn held_today(app: &App, signed_in: &SignedIn) -> Vec<Held> {
    let today = app.clock.today();
    signed_in.held.iter().copied().filter(|held| held.holds_on(today)).collect()
}

fn own(app: &App, asking: &Asking, signed_in: &SignedIn) -> Result<Own, Problem> {
    let (person, session) = (signed_in.person, asking.session());
    let internal = |error: SignInError| Problem::internal(&error);
    let may_add = match session {
        Some(secret) => {
            app.sign_ins.session_looked_at(secret).map_err(internal)?.is_some_and(|(held, _)| held.may_add())
        }
        None => false,
    };
    let sessions = app.sign_ins.open_sessions(person, session).map_err(internal)?;
    let passkeys = app.sign_ins.known_passkeys(person).map_err(internal)?;
    let links = app.sign_ins.links(person).map_err(internal)?;
    let tokens = app.sign_ins.tokens().map_err(internal)?;
    let already = linked(app, person)?;
    let book = &app.ledger.now().book;
    let today = app.clock.today();
    Ok(Own {
        ends: sessions.iter().map(|session| session.ends).min(),
        known: app.people.get(person).map_err(|error| Problem::internal(&error))?.unwrap_or_default(),
        may_add,
        may_issue: asking.may(Operation::KeepOwnTokens, &About::default()).is_ok(),
        roles: held_today(app, signed_in)
            .into_iter()
            .map(|held| role_shown(book, held.role, held.until, today))
            .collect(),
        sessions: sessions
            .into_iter()
            .map(|session| SessionShown {
                id: session.id,
                by: match session.means {
                    Some(Means::Invitation) => SignedInBy::Invitation,
                    Some(Means::Passkey) => SignedInBy::Passkey,
                    Some(Means::Provider) => SignedInBy::Provider,
                    Some(Means::Password) | None => SignedInBy::Password,
                },
                began: moment(session.began),
                seen: moment(session.seen),
                is_this: session.is_this,
            })
            .collect(),
        passkeys: passkeys
            .into_iter()
            .map(|known| MeansShown {
                id: (known.id, String::new()),
                name: known.name,
                day: norwegian_day(known.added),
            })
            .collect(),
        links: links
            .into_iter()
            .map(|(name, row)| MeansShown {
                name: name.unwrap_or_else(|| row.issuer.clone()),
                day: norwegian_day(row.added),
                id: (row.issuer, row.subject),
            })
            .collect(),
        unlinked: providers(app).into_iter().filter(|provider| !already.contains(provider)).collect(),
        tokens: tokens
            .into_iter()
            .filter(|token| token.person == person && today <= token.until)
            .map(|token| MeansShown { id: (token.id.to_string(), String::new()), name: token.name, day: token.until })
            .collect(),
    })
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    status: StatusCode,
    wished: Wished,
) -> Result<HttpResponse, Problem> {
    let Asker::Person(signed_in) = asking.asker().clone() else { return Ok(to_sign_in_from(HOME)) };
    let origins = form_origins(app.clone()).await?;
    let page = made(app, asking, signed_in, around, (status, wished)).await?;
    Ok(page.with_script(&origins).answered())
}

async fn made(
    app: web::Data<App>,
    asking: Asking,
    signed_in: SignedIn,
    around: Around,
    (status, wished): (StatusCode, Wished),
) -> Result<Page, Problem> {
    let (known, until) = (app.clone(), app.clock.now() + TimeDelta::seconds(SEEN_SECONDS));
    let own = blocking(move || own(&known, &asking, &signed_in)).await?;
    let page = OwnAccountShown {
        name: &own.known.name,
        email: own.known.email.as_deref(),
        fault: wished.fault.as_ref(),
        may_add: own.may_add,
        may_issue: own.may_issue,
        roles: &own.roles,
        sessions: &own.sessions,
        passkeys: &own.passkeys,
        links: &own.links,
        providers: &own.unlinked,
        tokens: &own.tokens,
        secret: wished.secret.as_ref().map(Secret::reveal),
        filled: &wished.token,
    };
    let page = around.answer_as(status, app.ids.new_id(), None, |frame| own_account_page(frame, &page))?;
    // When sessions were used last is written down no oftener, and is no change that would make it anew.
    Ok(page.until(Some(own.ends.map_or(until, |ends| ends.min(until)))))
}

/// One's own account, kept for who one is and the session that one looks in.
pub async fn show(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let Asker::Person(signed_in) = asking.asker().clone() else { return Ok(to_sign_in_from(HOME)) };
    let origins = form_origins(app.clone()).await?;
    let whole = around.clone();
    // Who comes by a token has no session, and others may see the same.
    let own = format!("{} {}", signed_in.person, asking.form_token());
    let anew = made(app.clone(), asking.clone(), signed_in, around, (StatusCode::OK, Wished::default()));
    let page = whole.kept(&app, &asking, (Rests::SignIns, &own), anew).await?;
    Ok(page.with_script(&origins).respond_to(&request))
}

/// Does something with one's own means to sign in, and shows the account again.
async fn changed(
    app: web::Data<App>,
    around: Around,
    sent: Sent,
    change: impl FnOnce(&App, &Sent) -> Result<bool, SignInError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let asking = sent.asking.clone();
    match done(app.clone(), move |app| change(app, &sent)).await? {
        Ok(_) => Ok(see(HOME)),
        Err(error) => {
            let wished = Wished { fault: Some(fault(&error)), ..Wished::default() };
            shown(app, asking, around, StatusCode::UNPROCESSABLE_ENTITY, wished).await
        }
    }
}

pub async fn end_session(app: web::Data<App>, around: Around, sent: Sent) -> Result<HttpResponse, Problem> {
    changed(app, around, sent, |app, sent| {
        let person = sent.asking.asker().person().ok_or(SignInError::Refused)?;
        app.sign_ins.end_one(person, sent.field("session"))
    })
    .await
}

pub async fn remove_passkey(app: web::Data<App>, around: Around, sent: Sent) -> Result<HttpResponse, Problem> {
    changed(app, around, sent, |app, sent| app.sign_ins.remove_passkey(sent.asking.session(), sent.field("passkey")))
        .await
}

pub async fn remove_link(app: web::Data<App>, around: Around, sent: Sent) -> Result<HttpResponse, Problem> {
    changed(app, around, sent, |app, sent| {
        app.sign_ins.unlink(sent.asking.session(), sent.field("issuer"), sent.field("subject"))
    })
    .await
}

pub async fn issue_token(app: web::Data<App>, around: Around, sent: Sent) -> Result<HttpResponse, Problem> {
    let asking = sent.asking.clone();
    let Asker::Person(signed_in) = asking.asker().clone() else { return Ok(to_sign_in_from(HOME)) };
    asking.may(Operation::KeepOwnTokens, &About::default())?;
    let issued = tried(app.clone(), sent, "token", move |app, reading| token(app, reading, &signed_in)).await?;
    let (status, wished) = match issued {
        Ok(secret) => (StatusCode::OK, Wished { secret: Some(secret), ..Wished::default() }),
        Err((token, status)) => (status, Wished { token, ..Wished::default() }),
    };
    shown(app, asking, around, status, wished).await
}

/// The secret of the token that a form asks for.
fn token(app: &App, reading: &mut Reading<'_>, signed_in: &SignedIn) -> Result<Option<Secret>, Problem> {
    let held = held_today(app, signed_in);
    let held: Vec<_> = held.iter().map(|held| held.role).collect();
    let is_chosen = |index: &usize| reading.typed(&format!("role-{index}")) == "yes";
    let roles: Vec<_> = (0..held.len()).filter(is_chosen).filter_map(|index| held.get(index).copied()).collect();
    let name = reading.typed("token_name").to_owned();
    if name.is_empty() {
        reading.refuse("token_name", "sign-in-token-name-refused");
    }
    if roles.is_empty() {
        reading.refuse("roles", "sign-in-token-roles-refused");
    }
    let until = reading.day("token_until");
    let Some(until) = until.filter(|_| !reading.is_refused()) else { return Ok(None) };
    match app.sign_ins.issue_token(WantedToken { person: signed_in.person, name, roles, until }, &held) {
        Ok(issued) => return Ok(Some(issued.secret)),
        Err(TokenError::Name) => reading.refuse("token_name", "sign-in-token-name-refused"),
        Err(TokenError::NoRole | TokenError::RoleNotHeld) => reading.refuse("roles", "sign-in-token-roles-refused"),
        Err(TokenError::Until { .. }) => reading.refuse("token_until", "sign-in-token-until-refused"),
        Err(error @ (TokenError::SignIn(_) | TokenError::Written(_))) => return Err(Problem::internal(&error)),
    }
    Ok(None)
}

pub async fn revoke_token(app: web::Data<App>, around: Around, sent: Sent) -> Result<HttpResponse, Problem> {
    sent.asking.may(Operation::KeepOwnTokens, &About::default())?;
    let id = sent.id("token")?;
    changed(app, around, sent, move |app, sent| {
        let own = app.sign_ins.tokens()?.into_iter().find(|token| token.id == id);
        match own.filter(|token| Some(token.person) == sent.asking.asker().person()) {
            Some(token) => app.sign_ins.revoke_token(token.id),
            None => Ok(false),
        }
    })
    .await
}
