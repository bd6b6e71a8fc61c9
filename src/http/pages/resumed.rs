//! What was typed into a form that was not taken since it was not known, or not surely enough, who sent it: the session was
//! over, or what was asked for takes a fresh proof. It is kept for a while for the browser that sent it, until one has signed
//! in, and is then shown to be sent again.
//!
//! It is kept in memory, a few forms at most and a few of each who sends them, so that nobody empties it for others; in a room
//! of their own those of whoever is not known. It is found by a secret in a cookie, so that nobody can lay a form before
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

/// So many forms of people who are known are kept, and so many of whoever is not; before one more, the oldest is let go.
const FORMS_MAX: usize = 100;
/// So many of one person, or from one address; before one more, the oldest of them is let go.
const FORMS_OF_ONE_MAX: usize = 5;
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
    sender: Sender,
    until: DateTime<Utc>,
}

/// Who sent a form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sender {
    /// Somebody who was known.
    Person(PersonId),
    /// Whoever it was, from an address.
    Stranger(String),
}

/// The forms that are kept, by the hashes of their secrets.
#[derive(Debug, Default)]
struct Room(HashMap<String, Form>);

impl Room {
    fn keep(&mut self, hash: String, form: Form, now: DateTime<Utc>) {
        self.0.retain(|_, form| now < form.until);
        self.make_room(FORMS_OF_ONE_MAX, |kept| kept.sender == form.sender);
        self.make_room(FORMS_MAX, |_| true);
        self.0.insert(hash, form);
    }

    /// Lets the oldest of these forms go where there are as many as there may be.
    fn make_room(&mut self, most: usize, is_of_these: impl Fn(&Form) -> bool) {
        let these = || self.0.iter().filter(|(_, form)| is_of_these(form));
        if these().count() >= most {
            let oldest = these().min_by_key(|(_, form)| form.until).map(|(hash, _)| hash.clone());
            oldest.and_then(|hash| self.0.remove(&hash));
        }
    }
}

/// The forms that are kept.
#[derive(Debug, Default)]
pub struct TypedForms {
    of_known: Mutex<Room>,
    of_strangers: Mutex<Room>,
}

impl TypedForms {
    /// Keeps what was typed into the form of a request, for an hour; the secret by which it is found again. None where
    /// nothing was read of it.
    pub fn keep(&self, app: &App, request: &HttpRequest) -> Option<Secret> {
        let TypedFields(mut fields) = request.extensions().get::<TypedFields>().cloned()?;
        // A password is kept nowhere.
        fields.retain(|name, _| !name.contains("password"));
        let person = request.extensions().get::<Asking>().and_then(|asking| asking.asker().person());
        let sender = person.map_or_else(|| Sender::Stranger(door::network(&app.settings, request)), Sender::Person);
        let now = app.clock.now();
        let secret = Secret::new(app.ids.as_ref());
        let form = Form { path: request.path().to_owned(), fields, sender, until: now + KEPT };
        let room = match form.sender {
            Sender::Person(_) => &self.of_known,
            Sender::Stranger(_) => &self.of_strangers,
        };
        room.lock().unwrap_or_else(PoisonError::into_inner).keep(hash(&secret), form, now);
        Some(secret)
    }

    fn find(&self, secret: &Secret, person: Option<PersonId>, now: DateTime<Utc>) -> Option<Form> {
        let hash = hash(secret);
        let is_theirs = |form: &Form| match form.sender {
            Sender::Person(sent_by) => person == Some(sent_by),
            Sender::Stranger(_) => true,
        };
        [&self.of_known, &self.of_strangers].into_iter().find_map(|room| {
            let room = room.lock().unwrap_or_else(PoisonError::into_inner);
            room.0.get(&hash).filter(|form| now < form.until && is_theirs(form)).cloned()
        })
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

/// The page that a form was sent from; that of its address, where nothing is known of the form but that.
pub fn page_of(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    let typed = extensions.get::<TypedFields>();
    let seen_at = typed.and_then(|TypedFields(fields)| fields.get("seen_at")).filter(|seen_at| !seen_at.is_empty());
    page_at(seen_at.map_or(request.path(), String::as_str)).to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn form(sender: &str, minute: i64) -> Form {
        Form {
            path: String::new(),
            fields: BTreeMap::new(),
            sender: Sender::Stranger(sender.to_owned()),
            until: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
        }
    }

    #[test]
    fn who_sends_many_forms_lets_go_of_their_own_alone() {
        let mut room = Room::default();
        room.keep("another's".to_owned(), form("203.0.113.7", 1), DateTime::UNIX_EPOCH);
        for number in 0..20 {
            room.keep(number.to_string(), form("198.51.100.1", 2 + number), DateTime::UNIX_EPOCH);
        }
        let mut kept: Vec<&str> = room.0.keys().map(String::as_str).collect();
        kept.sort_unstable();
        assert_eq!(kept, ["15", "16", "17", "18", "19", "another's"]);
    }

    #[test]
    fn there_is_room_for_so_many_forms_and_the_oldest_goes() {
        let mut room = Room::default();
        for number in 0..101 {
            room.keep(number.to_string(), form(&number.to_string(), 1 + number), DateTime::UNIX_EPOCH);
        }
        assert_eq!((room.0.len(), room.0.contains_key("0"), room.0.contains_key("100")), (100, false, true));
        room.keep("late".to_owned(), form("late", 500), DateTime::UNIX_EPOCH + TimeDelta::minutes(300));
        assert_eq!(room.0.len(), 1, "what is over is forgotten");
    }
}
