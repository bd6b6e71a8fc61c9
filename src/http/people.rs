//! People whose names and addresses are kept apart from the log, and their erasure.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{blocking, cut, page, page_limit, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{BODY_INVALID, NOT_FOUND, Problem};
use super::request::{Asked, Posted, id_in_path};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::identity::PersonId;
use crate::people::{Erasure, ErasureError, erase};

const PEOPLE: &str = "People";

/// Which of the people.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct PeopleQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last one of the page before: the page begins after it.
    after: Option<Uuid>,
}

/// Somebody whose name is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonEntry {
    /// What events know the person by.
    person: PersonId,
    /// The full name.
    name: String,
    /// The e-mail address.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The postal address.
    address: Option<String>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/people", "listPeople", list)
            .about(PEOPLE, "Everybody whose name or addresses are kept apart from the log")
            .asks(&[Operation::KeepAccounts])
            .query::<PeopleQuery>()
            .answers_page::<PersonEntry>(),
        Endpoint::post("/api/v1/people/{id}/erasure", "erasePerson", erase_person)
            .about(PEOPLE, "Erase what is kept of a person, for good")
            .described(
                "Events keep the id and the role, so that the chain of the log stays as it is. Who has an open account is \
                 refused: close it first. Backups are not reached.",
            )
            .asks(&[Operation::ErasePerson])
            .path_parameter("id", "The id of the person.")
            .may_answer(&[404])
            .answers::<Erasure>("What was erased."),
    ]
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<PeopleQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (people, next) = blocking(move || {
        asking.may(Operation::KeepAccounts, &About::default())?;
        let everybody = app.people.all().map_err(|error| Problem::internal(&error))?;
        cut(everybody, limit, query.after, |(id, _)| id.0)
    })
    .await?;
    let entry = |(person, known): (PersonId, crate::store::people::Person)| PersonEntry {
        person,
        name: known.name,
        email: known.email,
        phone: known.phone,
        address: known.address,
    };
    let items: Vec<PersonEntry> = people.into_iter().map(entry).collect();
    Ok(page(&request, items, next.map(|person| person.to_string())))
}

async fn erase_person(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let person = PersonId(id_in_path(&path)?);
    let erased = blocking(move || {
        posted.asking.may(Operation::ErasePerson, &About::default())?;
        let book = app.ledger.now();
        erase(&app.people, &book.book, person).map_err(|error| match error {
            ErasureError::Unknown { .. } => Problem::new(NOT_FOUND, error.to_string()),
            ErasureError::HasAccount { .. } => Problem::new(BODY_INVALID, error.to_string()),
            ErasureError::People(error) => Problem::internal(&error),
        })
    })
    .await?;
    Ok(single(&erased, None))
}
