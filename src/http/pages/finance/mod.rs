//! Finance's forms: planning a run, objections, issuing, crediting, bank files, payments, and letters that do not arrive.

mod bank_file;
mod invoice;
mod letter;
mod payment;
mod run;

use super::PageRoute;

pub fn routes() -> Vec<PageRoute> {
    let mut routes = run::routes();
    routes.extend(invoice::routes());
    routes.extend(bank_file::routes());
    routes.extend(payment::routes());
    routes.extend(letter::routes());
    routes
}
