//! People whose names and addresses are kept apart from the log, and their erasure.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::accounts::no_address;
use super::answer::{blocking, cut, page, page_limit, party_called, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{BODY_INVALID, NOT_FOUND, Problem};
use super::request::{Asked, Posted, id_in_path};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::domain::identity::PersonId;
use crate::domain::party::Party;
use crate::people::{Erasure, ErasureError, erase};
use crate::render::mail::is_address;
use crate::store::people::{PeopleError, Person};
use crate::view::whose;

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

/// What is kept of a contact.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepRequest {
    /// The party whose contact it is, or is to be: its id, a number of any time, its organisation number or a name.
    party: String,
    /// The full name.
    name: String,
    /// The e-mail address.
    #[serde(default)]
    email: Option<String>,
    /// The telephone number.
    #[serde(default)]
    phone: Option<String>,
    /// The postal address.
    #[serde(default)]
    address: Option<String>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/api/v1/people/{id}/addresses", "keepPerson", keep)
            .about(PEOPLE, "Keep the name and addresses of a contact, in the place of what was kept")
            .described(
                "The party's command `name_contact` then says what the person is the contact for, by the id alone. A contact \
                 of several parties is kept by who may for all of them; who has an account is kept with that.",
            )
            .asks(&[Operation::KeepInvoiceAddress])
            .path_parameter("id", "The id of the person: one that events name already, or a new UUID.")
            .takes::<KeepRequest>()
            .answers::<PersonEntry>("What is kept now."),
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
    let items: Vec<PersonEntry> = people.into_iter().map(|(person, known)| entry(person, known)).collect();
    Ok(page(&request, items, next.map(|person| person.to_string())))
}

fn entry(person: PersonId, known: Person) -> PersonEntry {
    let Person { name, email, phone, address } = known;
    PersonEntry { person, name, email, phone, address }
}

async fn keep(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let person = PersonId(id_in_path(&path)?);
    let KeepRequest { party, name, email, phone, address } = posted.read()?;
    let known = Person { name, email, phone, address };
    let kept = blocking(move || {
        {
            let followed = app.ledger.now();
            let book = &followed.book;
            let party = party_called(book, &party)?;
            let is_contact = |known: &Party| known.contacts.values().any(|contact| *contact == person);
            let others = book.parties.iter().filter(|(_, known)| is_contact(known)).map(|(party, _)| *party);
            for party in others.chain([party]) {
                posted.asking.may(Operation::KeepInvoiceAddress, &whose::party(book, party))?;
            }
            if book.access.contains_key(&person) {
                let sentence =
                    "the person has or had an account, whose address is kept with it; give a contact another id";
                return Err(Problem::new(BODY_INVALID, sentence));
            }
        }
        if let Some(email) = known.email.as_deref().filter(|email| !is_address(email)) {
            return Err(no_address(email));
        }
        app.people.put(person, &known).map_err(|error| match error {
            PeopleError::Storage { .. } => Problem::internal(&error),
            PeopleError::NameMissing | PeopleError::TooLong { .. } => Problem::new(BODY_INVALID, error.to_string()),
        })?;
        Ok(entry(person, known))
    })
    .await?;
    Ok(single(&kept, None))
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
