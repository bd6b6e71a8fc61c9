//! What is answered: pages of lists, single things with their version, what a command led to.

use std::any::Any;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::asking::Asking;
use super::problem::{INTERNAL, NOT_FOUND, PARAMETER_INVALID, Problem};
use crate::app::App;
use crate::clock;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::handle::{Handled, StoredEvent};
use crate::ledger::{Followed, StreamPlace};
use crate::lookup::Lookup;
use crate::view::book::Book;
use crate::view::register::{At, Entry};

/// The most things on a page.
pub const LIMIT_MAX: usize = 1_000;
/// The things on a page where nothing is said.
const LIMIT_USUAL: usize = 100;

/// Which of a list that knows no more than its order.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<usize>,
    /// The id of the last one of the page before: the page begins after it.
    pub after: Option<Uuid>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    pub as_of: Option<String>,
}

/// Which of a list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last one of the page before: the page begins after it.
    after: Option<Uuid>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
    /// Only those of a procurement: its id or its name.
    procurement: Option<String>,
    /// Only those about a party: its id, a number of any time, its organisation number, or a name.
    party: Option<String>,
}

impl ListQuery {
    /// As of when.
    pub fn as_of(&self) -> Option<&str> {
        self.as_of.as_deref()
    }
}

/// As of when.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AsOfQuery {
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    pub as_of: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page is; none on the last one.
    pub next: Option<String>,
}

/// What a command led to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommandAnswer {
    /// The version of the stream after the command; none while nothing has happened in it.
    version: Option<u64>,
    /// The position in the log of the last event written; none where nothing had to be done.
    position: Option<u64>,
    /// What happened; nothing where the wish was fulfilled already.
    #[schema(value_type = Vec<super::document::Event>)]
    events: Vec<StoredEvent>,
}

/// What is known, for as long as it is read.
pub struct Known<'app> {
    /// The program.
    pub app: &'app App,
    /// Who asks.
    pub asking: &'app Asking,
    /// Everything that was known.
    pub book: &'app Book,
    /// Everything that is known now: whose something is, is asked of it also where an earlier day is looked back at, since who may see
    /// what is decided by today.
    pub present: &'app Book,
    /// The day asked for; today where nothing was said.
    pub day: NaiveDate,
    /// The instant: now, or the end of that day.
    pub instant: DateTime<Utc>,
    /// How far into the log it is known.
    pub position: u64,
    /// What of it could not be read.
    pub damaged: &'app [(crate::store::Position, String)],
    /// Where each stream begins and ends in the log.
    pub places: &'app Lookup<Uuid, StreamPlace>,
}

impl<'app> Known<'app> {
    /// What is known by a log as far as it was followed, on a day.
    pub fn of(app: &'app App, asking: &'app Asking, followed: &'app Followed, day: NaiveDate) -> Self {
        let position = followed.position.map_or(0, |position| position.0);
        let instant = app.clock.now().min(clock::last_instant(day));
        let Followed { book, damaged, places, .. } = followed;
        Self { app, asking, book, present: book, day, instant, position, damaged, places }
    }

    /// What was known on an earlier day, for who may see it by what is known now.
    pub fn back_then(
        app: &'app App,
        asking: &'app Asking,
        then: &'app Followed,
        now: &'app Followed,
        day: NaiveDate,
    ) -> Self {
        Self { present: &now.book, ..Self::of(app, asking, then, day) }
    }

    /// The one party that a caller means today, also where an earlier day is asked for: a number of any time means it.
    ///
    /// # Errors
    /// No party is called so, or several are.
    pub fn party_called(&self, called: &str) -> Result<PartyId, Problem> {
        party_called(self.present, called)
    }

    /// When the register is looked at.
    pub fn at(&self) -> At {
        At { day: self.day, instant: self.instant }
    }

    /// The version of a stream's last event; none where it has none.
    pub fn version(&self, stream: Uuid) -> Option<u64> {
        self.places.get(&stream)?.version()
    }
}

/// Does something that waits for the disk or takes long, where it holds up nobody.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    // In a box there is one kind of work for the pool, whatever it answers: else all of the pool is compiled for each.
    let boxed: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> = Box::new(|| Box::new(work()));
    let done = web::block(boxed).await.ok().and_then(|answer| answer.downcast().ok());
    let broke_off = || Problem::new(INTERNAL, "the work broke off; the service may be stopping, try again");
    *done.ok_or_else(broke_off)?
}

/// The end of a day, as somebody writes it: a date, or a milestone.
#[derive(Debug)]
pub struct AsOf {
    text: Option<String>,
    procurement: Option<String>,
}

impl AsOf {
    /// One whose milestones are those of a procurement.
    pub fn within(text: Option<String>, procurement: &str) -> Self {
        Self { text, procurement: Some(procurement.to_owned()) }
    }

    /// The day; none where nothing is said.
    fn day(&self, book: &Book, today: NaiveDate) -> Result<Option<NaiveDate>, Problem> {
        let Some(text) = &self.text else { return Ok(None) };
        let procurements = match &self.procurement {
            Some(called) => vec![procurement_called(book, called)?],
            None => book.procurements_called(None),
        };
        let day = book.day_called(text, &procurements, today);
        let refused =
            |error| Problem::new(PARAMETER_INVALID, format!("as_of {text} {error}")).with("parameter", "as_of");
        day.map(Some).map_err(refused)
    }
}

/// Reads from what is known, or was at the end of a day.
pub async fn read<T: Send + 'static>(
    app: web::Data<App>,
    asking: Asking,
    as_of: Option<String>,
    answer: impl FnOnce(&Known<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    read_as_of(app, asking, AsOf { text: as_of, procurement: None }, answer).await
}

/// The same, where a milestone may be one of a procurement.
pub async fn read_as_of<T: Send + 'static>(
    app: web::Data<App>,
    asking: Asking,
    as_of: AsOf,
    answer: impl FnOnce(&Known<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    blocking(move || {
        let today = app.clock.today();
        let day = as_of.day(&app.ledger.now().book, today)?;
        match day {
            None => answer(&Known::of(&app, &asking, &app.ledger.now(), today)),
            Some(day) => {
                let then = app.ledger.as_of(day)?;
                answer(&Known::back_then(&app, &asking, &then, &app.ledger.now(), day))
            }
        }
    })
    .await
}

/// The same from who takes part on which terms alone, which is what budgets rest on: quick also for an earlier day.
pub async fn read_terms<T: Send + 'static>(
    app: web::Data<App>,
    asking: Asking,
    as_of: Option<NaiveDate>,
    answer: impl FnOnce(&Known<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let Some(day) = as_of else { return read(app, asking, None, answer).await };
    blocking(move || {
        let then = app.ledger.terms_as_of(day);
        answer(&Known::back_then(&app, &asking, &then, &app.ledger.now(), day))
    })
    .await
}

/// The one procurement that a caller means.
pub fn procurement_called(book: &Book, called: &str) -> Result<ProcurementId, Problem> {
    one_of(&book.procurements_called(Some(called)), "procurement", called)
}

/// The one party that a caller means.
pub fn party_called(book: &Book, called: &str) -> Result<PartyId, Problem> {
    one_of(&book.parties_called(called), "party", called)
}

fn one_of<Id: Copy>(found: &[Id], what: &str, called: &str) -> Result<Id, Problem> {
    match found {
        [one] => Ok(*one),
        [] => Err(Problem::new(NOT_FOUND, format!("no {what} is called {called}")).with("parameter", what)),
        several => {
            let sentence = format!("{} of what is a {what} are called {called}; give the id", several.len());
            Err(Problem::new(PARAMETER_INVALID, sentence).with("parameter", what))
        }
    }
}

/// How many things are on a page.
pub fn page_limit(limit: Option<usize>) -> Result<usize, Problem> {
    match limit {
        None => Ok(LIMIT_USUAL),
        Some(limit @ 1..=LIMIT_MAX) => Ok(limit),
        Some(limit) => {
            Err(Problem::new(PARAMETER_INVALID, format!("limit {limit}: give a number from 1 to {LIMIT_MAX}"))
                .with("parameter", "limit"))
        }
    }
}

/// The page after an id, and the id that the next one comes after.
pub fn cut<T>(
    all: Vec<T>,
    limit: usize,
    after: Option<Uuid>,
    id: impl Fn(&T) -> Uuid,
) -> Result<(Vec<T>, Option<Uuid>), Problem> {
    let begin = match after {
        None => 0,
        Some(after) => all.iter().position(|item| id(item) == after).map(|index| index + 1).ok_or_else(|| {
            Problem::new(
                PARAMETER_INVALID,
                format!("after {after}: the list holds no such id; begin again without after"),
            )
            .with("parameter", "after")
        })?,
    };
    let more = all.len() > begin + limit;
    let items: Vec<T> = all.into_iter().skip(begin).take(limit).collect();
    let next = items.last().map(&id).filter(|_| more);
    Ok((items, next))
}

/// A page of what is shown of the register, and what the next one comes after.
pub fn page_of<E: Entry>(
    known: &Known<'_>,
    query: &ListQuery,
    is_shown: impl Fn(&E) -> bool,
) -> Result<(Vec<E>, Option<Uuid>), Problem> {
    let limit = page_limit(query.limit)?;
    let procurement = query.procurement.as_deref().map(|called| procurement_called(known.book, called)).transpose()?;
    let party = query.party.as_deref().map(|called| known.party_called(called)).transpose()?;
    let mut entries = E::all(known.book, known.at());
    entries.retain(|entry| {
        is_shown(entry)
            && procurement.is_none_or(|procurement| entry.is_of_procurement(known.book, procurement))
            && party.is_none_or(|party| entry.is_of_party(known.book, party))
    });
    cut(entries, limit, query.after, Entry::id)
}

/// A page as it is answered, with the way to the next one in the body and in the header Link.
pub fn page<T: Serialize>(request: &HttpRequest, items: Vec<T>, after: Option<String>) -> HttpResponse {
    let next = after.map(|after| {
        let others = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
        let query: Vec<String> = others.map(str::to_owned).chain([format!("after={after}")]).collect();
        format!("{}?{}", request.path(), query.join("&"))
    });
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next {
        response.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
    }
    response.json(Page { items, next })
}

/// A single thing with its `ETag`.
pub fn single<T: Serialize>(thing: &T, etag: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(etag) = etag {
        response.insert_header((header::ETAG, etag));
    }
    response.json(thing)
}

/// The `ETag` of a stream at a version.
pub fn etag_of_version(version: u64) -> String {
    format!("\"v{version}\"")
}

/// The `ETag` of what is computed from all that is known: how far into the log, and for which day.
pub fn etag_of_position(known: &Known<'_>) -> String {
    format!("\"p{}-{}\"", known.position, known.day)
}

/// What a command led to, as it is answered.
pub fn command_answer(handled: &Handled) -> Result<HttpResponse, Problem> {
    let answer = CommandAnswer {
        version: handled.version,
        position: handled.position.map(|position| position.0),
        events: handled.stored()?,
    };
    Ok(single(&answer, handled.version.map(etag_of_version)))
}
