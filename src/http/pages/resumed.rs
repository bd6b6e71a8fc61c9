//! What was typed into a form that was not taken since it was not known, or not surely enough, who sent it: the session was
//! over, or what was asked for takes a fresh proof. It is kept for a while for the browser that sent it, until one has signed
//! in, and is then shown to be sent again.
//!
//! It is kept in memory, a few forms at most, and by a secret in a cookie, so that nobody can lay a form before
//! somebody else. Of one who was signed in it is shown to nobody else in the same browser.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::{Either, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};

use super::PageRoute;
use super::around::{Around, Page, to_sign_in_from};
use super::form::{FORM_BYTES_MAX, fields_of, see};
use super::live::page_at;
use super::overtaken::OF_EVERY_FORM;
use crate::app::App;
use crate::domain::access::policy::{Asker, Operation};
use crate::domain::identity::PersonId;
use crate::http::asking::Asking;
use crate::http::door;
use crate::http::problem::Problem;
use crate::http::request::whole;
use crate::render::page::{RESUMED, ResumedField, ResumedShown, resumed_page};
use crate::sign_in::Secret;

/// So many forms are kept; before one more, the oldest is let go.
const FORMS_MAX: usize = 100;
/// How long one is kept.
const KEPT: TimeDelta = TimeDelta::minutes(60);

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get(RESUMED, &[Operation::UseTheDoor], shown)]
}

/// What was typed into a form, by the names of its fields, while its request is answered.
#[derive(Debug, Clone)]
pub struct TypedFields(pub BTreeMap<String, String>);

#[derive(Debug, Clone)]
struct Form {
    path: String,
    fields: BTreeMap<String, String>,
    /// Who sent it; none where that was not known.
    person: Option<PersonId>,
    until: DateTime<Utc>,
}

/// The forms that are kept, by the hashes of their secrets.
#[derive(Debug, Default)]
pub struct TypedForms(Mutex<HashMap<String, Form>>);

impl TypedForms {
    /// Keeps what was typed into the form of a request, for an hour; the secret by which it is found again. None where
    /// nothing was read of it.
    pub fn keep(&self, app: &App, request: &HttpRequest) -> Option<Secret> {
        let TypedFields(mut fields) = request.extensions().get::<TypedFields>().cloned()?;
        // A password is kept nowhere.
        fields.retain(|name, _| !name.contains("password"));
        let person = request.extensions().get::<Asking>().and_then(|asking| asking.asker().person());
        let now = app.clock.now();
        let secret = Secret::new(app.ids.as_ref());
        let form = Form { path: request.path().to_owned(), fields, person, until: now + KEPT };
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forms.retain(|_, form| now < form.until);
        if forms.len() >= FORMS_MAX {
            let oldest = forms.iter().min_by_key(|(_, form)| form.until).map(|(hash, _)| hash.clone());
            oldest.and_then(|hash| forms.remove(&hash));
        }
        forms.insert(hash(&secret), form);
        Some(secret)
    }

    fn find(&self, secret: &Secret, person: Option<PersonId>, now: DateTime<Utc>) -> Option<Form> {
        let forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_theirs = |form: &&Form| now < form.until && form.person.is_none_or(|sent_by| person == Some(sent_by));
        forms.get(&hash(secret)).filter(is_theirs).cloned()
    }
}

fn hash(secret: &Secret) -> String {
    format!("{:?}", secret.hash())
}

/// Lets a request remember what was typed into the form that it sends, where it is refused before it is read.
pub async fn remember(request: &HttpRequest, mut payload: Payload) {
    let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !is_form {
        return;
    }
    let Ok(payload) = web::Payload::from_request(request, &mut payload).await else { return };
    let Ok(body) = whole(request, payload, FORM_BYTES_MAX).await else { return };
    if let Ok(fields) = fields_of(&body) {
        request.extensions_mut().insert(TypedFields(fields));
    }
}

/// The page of a form's address, where nothing is known of the form but that.
pub fn page_of(request: &HttpRequest) -> String {
    page_at(request.path()).to_owned()
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    forms: web::Data<TypedForms>,
    request: HttpRequest,
) -> Result<Either<HttpResponse, Page>, Problem> {
    if *asking.asker() == Asker::Stranger {
        return Ok(Either::Left(to_sign_in_from(RESUMED)));
    }
    let secret = door::typed(request.headers(), app.settings.sign_in.is_secure());
    let found = secret.and_then(|secret| forms.find(&secret, asking.asker().person(), app.clock.now()));
    let Some(Form { path, fields, .. }) = found else { return Ok(Either::Left(see("/"))) };
    let of_form = |name: &str| fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let page = match of_form("seen_at") {
        seen_at if seen_at.is_empty() => page_at(&path).to_owned(),
        seen_at => page_at(&seen_at).to_owned(),
    };
    let (command, seen) = (of_form("command"), of_form("seen"));
    let others = fields.into_iter().filter(|(name, _)| !OF_EVERY_FORM.contains(&name.as_str()));
    let shown = ResumedShown {
        path,
        page,
        command,
        seen,
        fields: others.map(|(name, typed)| ResumedField { name, typed }).collect(),
    };
    around.still().answer(&app, None, |frame| resumed_page(frame, &shown)).map(Either::Right)
}
