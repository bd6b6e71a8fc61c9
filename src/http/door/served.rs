//! Where an instance serves some procurements alone: what is asked of another is sent on.

use actix_web::dev::ServiceRequest;
use actix_web::web::Query;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::{NOT_SERVED_HERE, Problem};
use crate::store::AppendError;

/// Whether this instance serves what a request is about.
///
/// # Errors
/// It does not, and what to do.
pub fn check(app: &App, request: &ServiceRequest) -> Result<(), Problem> {
    if !app.ledger.is_of_some() {
        return Ok(());
    }
    let parameters = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let parameters = parameters.map(Query::into_inner).unwrap_or_default();
    let called = request.path().split('/').map(decoded).chain(parameters.into_iter().map(|(_, value)| value));
    refuse(called.filter(|part| !part.is_empty()).find_map(|part| app.ledger.left_out(&part)))
}

/// The same of what a request brings: a procurement by id or name, and whatever else by id.
///
/// # Errors
/// This instance does not serve it, and what to do.
pub fn check_body(app: &App, body: &Value) -> Result<(), Problem> {
    if app.ledger.is_of_some() { refuse(left_out_in(app, "", body)) } else { Ok(()) }
}

fn left_out_in(app: &App, key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
        Value::String(text) => {
            let names_something = key == "procurement" || text.parse::<Uuid>().is_ok();
            names_something.then(|| app.ledger.left_out(text)).flatten()
        }
        Value::Array(values) => values.iter().find_map(|value| left_out_in(app, key, value)),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| left_out_in(app, key, value)),
    }
}

fn refuse(left_out: Option<String>) -> Result<(), Problem> {
    match left_out {
        None => Ok(()),
        Some(procurement) => {
            let sentence = AppendError::NotServed { procurement: procurement.clone() }.to_string();
            Err(Problem::new(NOT_SERVED_HERE, sentence).with("procurement", procurement))
        }
    }
}

/// A segment of a path as it is meant.
fn decoded(segment: &str) -> String {
    let query = format!("segment={}", segment.replace('+', "%2B"));
    let read = Query::<Vec<(String, String)>>::from_query(&query).map(Query::into_inner).unwrap_or_default();
    read.into_iter().next().map(|(_, value)| value).unwrap_or_default()
}
