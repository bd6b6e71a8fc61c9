//! What a form sends: fields by their names, within limits, and the id that makes a form that is sent twice one wish, and two
//! forms of a page two.
//!
//! Every form that changes something holds `{{> form}}` and is carried out by [`Sent::carry_out`]. With that it says how far
//! the log had come when its page was made, and where others were faster it comes back with both versions
//! ([`super::overtaken`]); a handler has nothing to do for it. A field whose name people should read in their own language
//! has its word in `render/page/overtaken.rs`.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::archive;
use crate::exchange::sha256;
use crate::handle::{Envelope, HandleError, Handled, Wish};
use crate::http::asking::Asking;
use crate::http::pages::overtaken::{self, OF_EVERY_FORM, Stands};
use crate::http::pages::resumed::TypedFields;
use crate::http::problem::{BODY_INVALID, NOT_FOUND, Problem, REFERENCE_UNKNOWN};
use crate::http::request::whole;
use crate::ids;
use crate::ledger::LedgerError;
use crate::references::{looked_up, misfit};

/// The largest form.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// How often a wish is looked at anew where others write at the same moment.
const TRIES_MAX: usize = 5;

/// A form that was sent, and who sent it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub asking: Asking,
    path: String,
    fields: BTreeMap<String, String>,
    /// What the file is known by, where one was sent.
    file: Option<String>,
}

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let asking = Asking::extract(request);
        let payload = web::Payload::from_request(request, payload);
        let (request, path) = (request.clone(), request.path().to_owned());
        Box::pin(async move {
            let asking = asking.await?;
            let payload = payload.await.map_err(|error| Problem::new(BODY_INVALID, error.to_string()))?;
            let body = whole(&request, payload, FORM_BYTES_MAX).await?;
            let fields = fields_of(&body)?;
            // So that nothing has to be typed again by who has to sign in once more.
            request.extensions_mut().insert(TypedFields(fields.clone()));
            Self::checked(asking, path, fields)
        })
    }
}

impl Sent {
    /// A form of the session's own.
    pub fn checked(asking: Asking, path: String, fields: BTreeMap<String, String>) -> Result<Self, Problem> {
        asking.check_form(fields.get("form_token").map(String::as_str).unwrap_or_default())?;
        Ok(Self { asking, path, fields, file: None })
    }

    /// The same with a file.
    pub fn with_file(self, bytes: &[u8]) -> Self {
        Self { file: Some(sha256(bytes)), ..self }
    }

    /// What was typed into a field, without the spaces around it; nothing where it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// What was typed, by the names of the fields.
    pub fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }

    /// The id that its page came with, which all forms of the page share.
    pub fn of_page(&self) -> Result<Uuid, Problem> {
        self.id("command")
    }

    /// The id of the command, made of the page's and of what is asked for: the same form asks for the same once, and another
    /// form of the page, or the same with something else in it, for something else.
    pub fn command(&self) -> Result<Uuid, Problem> {
        let asked: BTreeMap<&str, &str> = self.asked().collect();
        Ok(ids::derived(self.of_page()?, &json!([self.path, asked, self.file]).to_string()))
    }

    /// What is asked for, by the names of the fields: without what every form holds.
    pub fn asked(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.fields.iter().filter(|(name, _)| !OF_EVERY_FORM.contains(&name.as_str()));
        own.map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// An id in a field.
    pub fn id(&self, name: &str) -> Result<Uuid, Problem> {
        let unknown = || Problem::new(BODY_INVALID, format!("the field {name} holds no id; load the page anew"));
        self.field(name).parse().map_err(|_| unknown())
    }

    /// Where it was sent to.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Carries out a wish, where the one who sent the form may, and nobody was faster.
    pub fn carry_out(&self, app: &App, wish: Wish) -> Result<Handled, Problem> {
        let wish = self.admitted(app, wish)?;
        let envelope = self.envelope(app, self.command()?)?;
        for _ in 0..TRIES_MAX {
            let version = match overtaken::since(app, self, &wish)? {
                Stands::Overtaken(overtaken) => return Err(Problem::too_late(overtaken)),
                Stands::At(version) => version,
            };
            match app.ledger.carry_out(&wish, &envelope, version) {
                // Somebody was faster just now.
                Err(LedgerError::Handle(HandleError::Changed { .. })) => {}
                handled => return Ok(handled?),
            }
        }
        Err(HandleError::Contended.into())
    }

    /// Carries out what a form asks for besides, under another id: others may have been faster there.
    pub fn carry_out_as(&self, app: &App, command: Uuid, wish: Wish) -> Result<Handled, Problem> {
        let wish = self.admitted(app, wish)?;
        Ok(app.ledger.carry_out(&wish, &self.envelope(app, command)?, None)?)
    }

    /// What is done by one page belongs together.
    fn envelope(&self, app: &App, command: Uuid) -> Result<Envelope, Problem> {
        Ok(Envelope { correlation_id: self.of_page()?, ..app.envelope(command, &self.asking.actor()) })
    }

    /// The wish with what is looked up for it, where the one who sent the form may wish it.
    fn admitted(&self, app: &App, wish: Wish) -> Result<Wish, Problem> {
        let wish = {
            let known = app.ledger.now();
            self.asking.may_wish(app, &known.book, &wish)?;
            if let Some(misfit) = misfit(&known.book, &wish) {
                return Err(misfit.into());
            }
            looked_up(&known.book, wish)
        };
        if let Some(sha256) = archive::missing_file(&app.archive(), &wish) {
            let sentence = format!("no file of this size and type with the SHA-256 {sha256} is in the archive");
            return Err(Problem::new(REFERENCE_UNKNOWN, sentence));
        }
        Ok(wish)
    }
}

/// The fields of a form by their names; of several of the same name the last.
pub fn fields_of(body: &[u8]) -> Result<BTreeMap<String, String>, Problem> {
    let fields = web::Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(body))
        .map_err(|error| Problem::new(BODY_INVALID, format!("the form cannot be read: {error}")))?;
    Ok(fields.into_inner().into_iter().collect())
}

/// An id in the address of a page.
pub fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::new(NOT_FOUND, format!("{text} is no id")).of_path())
}

/// To another page, after a form was taken.
pub fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
