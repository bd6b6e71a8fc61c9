//! The front page, the choice of language, and what is said of accessibility.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::PageRoute;
use super::around::{Around, LANGUAGE_COOKIE, Page, cookie};
use super::form::see;
use super::kept::Rests;
use super::live::page_at;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::http::asking::Asking;
use crate::http::problem::{PARAMETER_INVALID, Problem};
use crate::http::request::Asked;
use crate::render::page::{FrontShown, accessibility_page, front_page};
use crate::text::Language;
use crate::view::register::{Entry, PartyEntry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/", &[Operation::SeeParties], front),
        PageRoute::get("/language", &[Operation::UseTheDoor], choose_language),
        PageRoute::get("/accessibility", &[Operation::UseTheDoor], accessibility),
    ]
}

async fn front(app: web::Data<App>, asking: Asking, around: Around) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Terms, move |known, around| {
            let mut parties = PartyEntry::all(known.book, known.at());
            parties.retain(|party| known.book.agreements_of_party(party.party).next().is_some());
            let count = parties.len();
            parties
                .retain(|party| known.asking.sees(Operation::SeeBudget, || whose::party(known.present, party.party)));
            let page = FrontShown { others: parties.len() < count, parties: &parties };
            around.answer(known.app, None, |frame| front_page(frame, &page))
        })
        .await
}

async fn accessibility(app: web::Data<App>, around: Around) -> Result<Page, Problem> {
    around.answer(&app, None, accessibility_page)
}

#[derive(Deserialize)]
struct LanguageQuery {
    to: String,
    #[serde(default)]
    back: String,
}

async fn choose_language(app: web::Data<App>, Asked(query): Asked<LanguageQuery>) -> Result<HttpResponse, Problem> {
    let language = Language::of_code(&query.to)
        .ok_or_else(|| Problem::new(PARAMETER_INVALID, "to: give one of nb, nn, se and en"))?;
    let mut response = see(page_at(&query.back));
    let cookie = header::HeaderValue::from_str(&cookie(
        (LANGUAGE_COOKIE, language.code()),
        "/",
        app.settings.sign_in.is_secure(),
    ))
    .map_err(|error| Problem::internal(&error))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_back_to_where_one_was_and_never_elsewhere() {
        for page in ["/municipalities/2021?from=2023", "/sign-in", "/account"] {
            assert_eq!(page_at(page), page);
        }
        for (form, page) in [("/keys/proposals", "/keys"), ("/account/tokens", "/account")] {
            assert_eq!(page_at(form), page, "what a form alone leads to is no page");
        }
        for elsewhere in
            ["https://other.example/", "//other.example", "/\\other.example", "", "/\r\nX: 1", "javascript:1"]
        {
            assert_eq!(page_at(elsewhere), "/", "{elsewhere}");
        }
    }
}
