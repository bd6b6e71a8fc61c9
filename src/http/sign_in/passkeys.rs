//! What passkeys say to the service, as JSON from the script of the pages.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{admit_attempt, cannot, done};
use crate::app::App;
use crate::http::answer::single;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::problem::{Problem, SIGN_IN_NEEDED};
use crate::sign_in::{Assertion, Attestation, Secret};

/// Who signs in; nobody named where who has a session proves it once more.
#[derive(Debug, Deserialize)]
pub struct Begin {
    email: Option<String>,
}

/// The passkey that was shown.
#[derive(Debug, Deserialize)]
pub struct FinishShowing {
    ceremony: Uuid,
    answer: Assertion,
}

/// The passkey that was made.
#[derive(Debug, Deserialize)]
pub struct FinishAdding {
    ceremony: Uuid,
    #[serde(default)]
    name: String,
    answer: Attestation,
}

fn begun<A: Serialize>((ceremony, asked): (Uuid, A)) -> HttpResponse {
    single(&json!({ "ceremony": ceremony, "asked": asked }), None)
}

fn session(asking: &Asking) -> Result<Secret, Problem> {
    asking.session().cloned().ok_or_else(|| Problem::new(SIGN_IN_NEEDED, "nobody is signed in; sign in first"))
}

pub async fn begin_showing(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    begin: web::Json<Begin>,
) -> Result<HttpResponse, Problem> {
    admit_attempt(&app, &request)?;
    let asked = if let Some(email) = begin.into_inner().email {
        done(app, move |app| app.sign_ins.begin_showing(&app.ledger.now().book, &app.people, &email)).await?
    } else {
        let session = session(&asking)?;
        done(app, move |app| app.sign_ins.begin_proving(&session)).await?
    };
    asked.map(begun).map_err(|error| cannot(&error))
}

pub async fn finish_showing(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    finish: web::Json<FinishShowing>,
) -> Result<HttpResponse, Problem> {
    admit_attempt(&app, &request)?;
    let FinishShowing { ceremony, answer } = finish.into_inner();
    let session = asking.session().cloned();
    let signed = done(app.clone(), move |app| {
        app.sign_ins.finish_showing(&app.ledger.now().book, session.as_ref(), ceremony, &answer)
    })
    .await?
    .map_err(|error| cannot(&error))?;
    let mut response = HttpResponse::Ok();
    door::with_session(&mut response, &signed.secret, app.settings.sign_in.is_secure());
    Ok(response.json(json!({ "person": signed.person })))
}

pub async fn begin_adding(app: web::Data<App>, asking: Asking) -> Result<HttpResponse, Problem> {
    let session = session(&asking)?;
    let asked = done(app, move |app| app.sign_ins.begin_adding(&app.people, &session)).await?;
    asked.map(begun).map_err(|error| cannot(&error))
}

pub async fn finish_adding(
    app: web::Data<App>,
    asking: Asking,
    finish: web::Json<FinishAdding>,
) -> Result<HttpResponse, Problem> {
    let session = session(&asking)?;
    let FinishAdding { ceremony, name, answer } = finish.into_inner();
    done(app, move |app| app.sign_ins.finish_adding(&session, ceremony, &name, &answer))
        .await?
        .map_err(|error| cannot(&error))?;
    Ok(single(&json!({ "added": true }), None))
}
