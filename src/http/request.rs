//! What is read from a request: parameters, bodies, keys. Everything is limited, and what is wrong is named.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::asking::Asking;
use super::door::check_body;
use super::problem::{
    BODY_INVALID, BODY_TOO_LARGE, BODY_TOO_SLOW, IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_MISSING, IF_MATCH_INVALID,
    JSON_MALFORMED, MEDIA_TYPE_NOT_TAKEN, NOT_FOUND, PARAMETER_INVALID, Problem,
};
use crate::app::App;
use crate::domain::supplier_invoice::FILE_BYTES_MAX;
use crate::exchange::hexadecimal;
use crate::ids::{self, NAMESPACE};
use crate::unreadable;

/// The header that makes a repeated request harmless.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The most characters of its value.
pub const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 200;
/// Above this many fields no search is made for the one at fault.
const FIELDS_SEARCHED_MAX: usize = 32;

/// The parameters after the question mark.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Asked<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(asked(request.query_string()).map(Self))
    }
}

fn asked<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let read = |query: &str| web::Query::<T>::from_query(query).map_err(|error| error.to_string());
    let fault_of = |query: &str| read(query).err();
    read(query).map(web::Query::into_inner).map_err(|error| parameter_at_fault(query, &error, &fault_of))
}

/// Names the parameter without which the fault is another.
fn parameter_at_fault(query: &str, error: &str, fault_of: &dyn Fn(&str) -> Option<String>) -> Problem {
    let pairs: Vec<&str> = query.split('&').collect();
    let at_fault = (0..pairs.len()).filter(|_| pairs.len() <= FIELDS_SEARCHED_MAX).find(|index| {
        let mut others = pairs.clone();
        others.remove(*index);
        fault_of(&others.join("&")).as_deref() != Some(error)
    });
    let name = at_fault.and_then(|index| pairs.get(index)).and_then(|pair| pair.split('=').next());
    let what = unreadable::plainly(error.strip_prefix("Query deserialize error: ").unwrap_or(error));
    match name {
        Some(name) => Problem::new(PARAMETER_INVALID, format!("the parameter {name} cannot be read: {what}"))
            .with("parameter", name),
        None => Problem::new(PARAMETER_INVALID, format!("the parameters cannot be read: {what}")),
    }
}

/// The id in a path.
pub fn id_in_path(text: &str) -> Result<Uuid, Problem> {
    let sentence = || format!("{text} is no id: ids are UUIDs, as the lists show them");
    text.parse().map_err(|_| Problem::new(NOT_FOUND, sentence()))
}

/// A request that asks for something to be done, whole: its key, its body, the version its sender saw.
pub struct Posted {
    /// Who sent it.
    pub asking: Asking,
    key: String,
    target: String,
    body: Value,
    /// The version that the sender saw, where it insists on it.
    pub seen: Option<u64>,
}

impl FromRequest for Posted {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|error| Problem::new(JSON_MALFORMED, error.to_string()))?;
            let asking = Asking::extract(&request).await?;
            let key = own_key(&asking, idempotency_key(request.headers())?);
            let seen = seen_version(request.headers())?;
            let body = body(&request, payload).await?;
            if let Some(app) = request.app_data::<web::Data<App>>() {
                check_body(app, &body)?;
            }
            let target = format!("{} {}", request.method(), request.uri());
            Ok(Self { asking, key, target, body, seen })
        })
    }
}

impl Posted {
    /// The id of the command: the same for the same key.
    #[must_use]
    pub fn command_id(&self) -> Uuid {
        ids::derived(NAMESPACE, &format!("idempotency-key {}", self.key))
    }

    /// The digest of what is asked. The key is part of it, and the key itself is written down nowhere, so that what
    /// was asked cannot be guessed from the digest.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for part in [&self.key, &self.target, &self.body.to_string()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        hexadecimal(&digest.finalize())
    }

    /// The body as what is needed here.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        unreadable::read(&self.body).map_err(|unreadable| {
            let problem = Problem::new(BODY_INVALID, unreadable.to_string());
            match unreadable.field {
                Some(field) => problem.with("field", field),
                None => problem,
            }
        })
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else {
        return Err(Problem::new(
            IDEMPOTENCY_KEY_MISSING,
            "give the header Idempotency-Key, such as a new UUID, and the same again when you repeat the request",
        ));
    };
    let visible = value.to_str().ok().filter(|key| {
        (1..=IDEMPOTENCY_KEY_CHARACTERS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    match (visible, values.next()) {
        (Some(key), None) => Ok(key.to_owned()),
        _ => Err(Problem::new(
            IDEMPOTENCY_KEY_INVALID,
            format!(
                "give one Idempotency-Key of 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} visible ASCII characters, such as a UUID"
            ),
        )),
    }
}

/// Everybody has keys of their own: nobody is answered what another one was answered.
fn own_key(asking: &Asking, key: String) -> String {
    match asking.asker().person() {
        Some(person) => format!("{person} {key}"),
        None => key,
    }
}

/// The version in `If-Match: "v12"`.
fn seen_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::new(
            IF_MATCH_INVALID,
            "If-Match takes one ETag as it was answered, such as \"v12\" with its quotation marks",
        )
    })
}

/// A file as it is sent, under a key.
pub struct Uploaded {
    /// Its content.
    pub bytes: web::Bytes,
}

impl FromRequest for Uploaded {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|error| Problem::new(BODY_INVALID, error.to_string()))?;
            idempotency_key(request.headers())?;
            let bytes_max = usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX);
            Ok(Self { bytes: whole(&request, payload, bytes_max).await? })
        })
    }
}

/// The body as it is sent, within the limits.
pub async fn whole(request: &HttpRequest, payload: web::Payload, bytes_max: usize) -> Result<web::Bytes, Problem> {
    let (_, seconds_max) = limits(request);
    let too_large = || {
        Problem::new(BODY_TOO_LARGE, format!("the body is larger than {bytes_max} bytes; send less at a time"))
            .with("limit_bytes", bytes_max)
    };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: usize| bytes > bytes_max) {
        return Err(too_large());
    }
    let arrives = actix_web::rt::time::timeout(Duration::from_secs(seconds_max), payload.to_bytes_limited(bytes_max));
    match arrives.await {
        Err(_) => Err(Problem::new(BODY_TOO_SLOW, format!("the body did not arrive within {seconds_max} seconds"))),
        Ok(Err(_)) => Err(too_large()),
        Ok(Ok(Err(error))) => Err(Problem::new(JSON_MALFORMED, format!("the body broke off: {error}"))),
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

/// The body as JSON; an object without fields where there is none.
async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Value, Problem> {
    let (bytes_max, _) = limits(request);
    let bytes = whole(request, payload, bytes_max).await?;
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let encoded = request.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if request.content_type() != "application/json" || encoded {
        return Err(Problem::new(
            MEDIA_TYPE_NOT_TAKEN,
            "send the body as Content-Type: application/json, without Content-Encoding",
        ));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(JSON_MALFORMED, format!("the body is not JSON: {error}")))
}

fn limits(request: &HttpRequest) -> (usize, u64) {
    request
        .app_data::<web::Data<App>>()
        .map_or((0, 0), |app| (app.settings.http.request_bytes_max, app.settings.http.request_seconds_max))
}
