//! Where an instance serves some procurements alone: what is asked of another is sent on, and what is about all is refused.

use actix_web::dev::ServiceRequest;
use actix_web::web::Query;

use crate::app::App;
use crate::http::problem::{NOT_SERVED_HERE, Problem};

/// What can be done only by who knows every invoice.
const OF_ALL: [&str; 2] = ["/api/v1/payments/files", "/invoices/bank-file"];

/// Whether this instance serves what a request is about.
///
/// # Errors
/// It does not, and what to do.
pub fn check(app: &App, request: &ServiceRequest) -> Result<(), Problem> {
    if !app.ledger.is_of_some() {
        return Ok(());
    }
    if OF_ALL.contains(&request.path()) {
        let sentence = "bank files are taken in by an instance that serves all procurements; this one serves some \
                        (data.procurements)";
        return Err(Problem::new(NOT_SERVED_HERE, sentence));
    }
    let parameters = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let parameters = parameters.map(Query::into_inner).unwrap_or_default();
    let called = request.path().split('/').map(decoded).chain(parameters.into_iter().map(|(_, value)| value));
    match called.filter(|part| !part.is_empty()).find_map(|part| app.ledger.left_out(&part)) {
        None => Ok(()),
        Some(name) => {
            let sentence = format!(
                "it is of the procurement {name}, which this instance does not serve (data.procurements); ask one that does"
            );
            Err(Problem::new(NOT_SERVED_HERE, sentence).with("procurement", name))
        }
    }
}

/// A segment of a path as it is meant.
fn decoded(segment: &str) -> String {
    let query = format!("segment={}", segment.replace('+', "%2B"));
    let read = Query::<Vec<(String, String)>>::from_query(&query).map(Query::into_inner).unwrap_or_default();
    read.into_iter().next().map(|(_, value)| value).unwrap_or_default()
}
