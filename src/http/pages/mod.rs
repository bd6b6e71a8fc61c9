//! Pages for people: they ask `view`, hand wishes to `handle`, and hold no rule. Everything works without script.

mod accounts;
mod agreement_list;
mod agreements;
mod around;
mod assets;
mod at_field;
mod board;
mod filled;
mod finance;
mod form;
mod invoices;
mod kept;
mod keys;
mod live;
mod log;
mod municipality;
mod nudges;
mod overtaken;
mod preferences;
mod readiness;
mod resumed;
mod state;
mod upload;
mod verification;

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, guard, web};

use crate::domain::access::policy::Operation;

pub use around::{Around, Page, failure, is_page, to_confirm, to_sign_in, to_sign_in_from, too_late};
pub use filled::{Reading, tried};
pub use form::{Sent, see};
pub use kept::{KeptPages, Rests};
pub use live::Live;
pub use overtaken::Overtaken;
pub use resumed::{TypedForms, page_of, remember};
pub use verification::Verification;

/// A page, or something a form asks for: how it is reached, what answers it, and what of the policy it asks.
pub struct PageRoute {
    /// Its path.
    pub path: &'static str,
    /// Its method.
    pub method: Method,
    /// What answers it.
    pub route: Route,
    /// What of the policy it asks: one of these must be allowed.
    pub asks: &'static [Operation],
}

impl PageRoute {
    pub fn get<F, Arguments>(path: &'static str, asks: &'static [Operation], handler: F) -> Self
    where
        F: Handler<Arguments>,
        Arguments: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler);
        Self { path, method: Method::GET, route, asks }
    }

    pub fn post<F, Arguments>(path: &'static str, asks: &'static [Operation], handler: F) -> Self
    where
        F: Handler<Arguments>,
        Arguments: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { path, method: Method::POST, route: web::post().to(handler), asks }
    }
}

/// All pages.
pub fn routes() -> Vec<PageRoute> {
    let mut routes = municipality::routes();
    routes.extend(readiness::routes());
    routes.extend(board::routes());
    routes.extend(nudges::routes());
    routes.extend(agreement_list::routes());
    routes.extend(agreements::routes());
    routes.extend(keys::routes());
    routes.extend(invoices::routes());
    routes.extend(finance::routes());
    routes.extend(log::routes());
    routes.extend(accounts::routes());
    routes.extend(state::routes());
    routes.extend(verification::routes());
    routes.extend(live::routes());
    routes.extend(preferences::routes());
    routes.extend(resumed::routes());
    routes.extend(assets::routes());
    routes
}
