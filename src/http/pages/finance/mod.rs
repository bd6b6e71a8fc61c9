//! Finance's forms: planning a run, objections, issuing, crediting, bank files, and letters that do not arrive.

mod bank_file;
mod invoice;
mod letter;
mod run;

use uuid::Uuid;

use super::PageRoute;
use crate::http::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<PageRoute> {
    let mut routes = run::routes();
    routes.extend(invoice::routes());
    routes.extend(bank_file::routes());
    routes.extend(letter::routes());
    routes
}

fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::new(NOT_FOUND, format!("{text} is no id")))
}
