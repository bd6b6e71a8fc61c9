//! The log in plain form, the check of the whole book, and the sharing of an amount without any log.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::answer::{AsOfQuery, Known, blocking, page, page_limit, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{CANNOT_BE_SHARED, Problem};
use super::request::{Asked, Posted};
use crate::app::App;
use crate::clock::norwegian_day;
use crate::domain::access::policy::{About, Operation};
use crate::domain::event::StreamKind;
use crate::domain::money::Ore;
use crate::domain::sharing_key::{KeyDefinition, PartyMeasures, Step};
use crate::handle::Metadata;
use crate::ledger::stream_id;
use crate::process::invoice_plan::{OwedBack, owed_back};
use crate::store::{Position, Recorded};
use crate::view::whole_book::{BookCheck, check_book};
use crate::view::whose;

/// Which events.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct EventsQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The position of the last event of the page before: the page begins after it.
    after: Option<u64>,
    /// What was recorded until the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// An event of the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LoggedEvent {
    /// Its place in the log.
    position: u64,
    /// The stream it belongs to.
    stream: String,
    /// Its place in the stream, from 0.
    version: u64,
    /// What it is known by.
    id: Uuid,
    /// The stable name, such as `agreement.signed`.
    #[serde(rename = "type")]
    event_type: String,
    /// The version of the form of `data`.
    schema_version: u16,
    /// The instant of recording.
    recorded_at: DateTime<Utc>,
    /// Who: a role or an account.
    actor: String,
    /// What it is part of.
    correlation_id: Option<Uuid>,
    /// The event that asked for it, where one did.
    causation_id: Option<Uuid>,
    /// The fact, in the form of its event; none where it was erased.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// Whether the whole book adds up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CheckAnswer {
    /// Whether it does.
    adds_up: bool,
    /// What was looked at, and what does not add up.
    book: BookCheck,
    /// The events that cannot be read.
    damaged: Vec<DamagedEvent>,
    /// What is owed back by settlement and not credited yet, as it stands on the day that is asked about: no fault, but something that waits.
    owed_back: Vec<OwedBack>,
}

/// An event that cannot be read: what follows from it is missing everywhere.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DamagedEvent {
    /// Its place in the log.
    position: u64,
    /// What is wrong with it.
    what: String,
}

/// What to share, by which key, among whom.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SplitRequest {
    /// The amount; left out for a tariff.
    amount_ore: Option<Ore>,
    /// The sharing key.
    key: KeyDefinition,
    /// The parties.
    parties: Vec<SplitParty>,
}

/// A party with what it is measured by.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SplitParty {
    /// What it is called; ties go by it.
    party: String,
    /// The measures by their names.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    measures: BTreeMap<String, Decimal>,
}

/// The shares.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SplitAnswer {
    /// What people call the key.
    key: String,
    /// What was shared: the amount less grants.
    total_ore: Ore,
    /// The sum of the shares less the total: zero unless shares were rounded each by itself.
    off_by_ore: Ore,
    /// The shares, in the order of the parties.
    shares: Vec<SplitShareAnswer>,
}

/// What one party pays, and why.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SplitShareAnswer {
    /// Who.
    party: String,
    /// What it pays.
    amount_ore: Ore,
    /// The arithmetic that led to it, in order.
    steps: Vec<Step>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/events", "listEvents", events)
            .about("Log", "What happened, in the order it was recorded")
            .described(
                "Who does not see all of it gets pages with fewer events, down to none: the next one may have more.",
            )
            .asks(&[Operation::SeeLog])
            .query::<EventsQuery>()
            .answers_page::<LoggedEvent>(),
        Endpoint::get("/api/v1/check", "checkBook", check)
            .about("Log", "Whether the whole book adds up, to the øre")
            .asks(&[Operation::CheckBook])
            .query::<AsOfQuery>()
            .answers::<CheckAnswer>("What was found."),
        Endpoint::post("/api/v1/split", "split", split)
            .about("Sharing keys", "Share an amount by a key, without any log")
            .asks(&[Operation::TryKey])
            .described("Computes and records nothing.")
            .takes::<SplitRequest>()
            .answers::<SplitAnswer>("The shares."),
    ]
}

async fn events(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<EventsQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let dated = query.as_of.is_some();
    let (items, next) = read(app, asking, query.as_of, move |known| {
        let mut recorded = known.app.ledger.store().read_all(query.after.map(Position), limit)?;
        // Whose something is, is known as far as the log was followed.
        recorded.retain(|event| event.position.0 <= known.position);
        let last = recorded.last().map(|event| event.position);
        let next = last.filter(|last| last.0 < known.position);
        let until = dated.then_some(known.day);
        let items: Vec<LoggedEvent> = recorded
            .iter()
            .filter(|event| was_recorded_by(event, until) && is_shown(known, event))
            .map(logged)
            .collect();
        Ok((items, next))
    })
    .await?;
    Ok(page(&request, items, next.map(|position| position.to_string())))
}

fn is_shown(known: &Known<'_>, event: &Recorded) -> bool {
    if !known.app.ledger.shows(event) {
        return false;
    }
    let whose = || {
        let kind =
            StreamKind::ALL.iter().find(|kind| event.stream.as_str().starts_with(&format!("{}-", kind.prefix())));
        let stream = kind.zip(stream_id(event.stream.as_str()));
        stream.map_or_else(About::default, |(kind, id)| whose::stream(known.present, *kind, id))
    };
    known.asking.sees(Operation::SeeLog, whose)
}

fn was_recorded_by(event: &Recorded, until: Option<NaiveDate>) -> bool {
    until.is_none_or(|until| norwegian_day(event.recorded_at) <= until)
}

fn logged(event: &Recorded) -> LoggedEvent {
    let metadata: Option<Metadata> = serde_json::from_slice(&event.metadata).ok();
    LoggedEvent {
        position: event.position.0,
        stream: event.stream.to_string(),
        version: event.version,
        id: event.id,
        event_type: event.event_type.to_string(),
        schema_version: event.schema_version,
        recorded_at: event.recorded_at,
        actor: metadata.as_ref().map(|metadata| metadata.actor.clone()).unwrap_or_default(),
        correlation_id: metadata.as_ref().map(|metadata| metadata.correlation_id),
        causation_id: metadata.and_then(|metadata| metadata.causation_id),
        data: event.data.as_ref().and_then(|data| serde_json::from_slice(data).ok()),
    }
}

async fn check(app: web::Data<App>, asking: Asking, Asked(query): Asked<AsOfQuery>) -> Result<HttpResponse, Problem> {
    let answer = read(app, asking, query.as_of, |known| {
        known.asking.may(Operation::CheckBook, &About::default())?;
        known.app.ledger.follows_all()?;
        let book = check_book(known.book);
        let damaged = known.damaged.iter();
        Ok(CheckAnswer {
            adds_up: book.findings.is_empty() && known.damaged.is_empty(),
            book,
            damaged: damaged.map(|(at, what)| DamagedEvent { position: at.0, what: what.clone() }).collect(),
            owed_back: owed_back(known.book, known.day),
        })
    })
    .await?;
    Ok(single(&answer, None))
}

async fn split(posted: Posted) -> Result<HttpResponse, Problem> {
    let SplitRequest { amount_ore, key, parties } = posted.read()?;
    let parties: Vec<PartyMeasures> =
        parties.into_iter().map(|SplitParty { party, measures }| PartyMeasures { party, measures }).collect();
    let division = blocking(move || {
        key.share(amount_ore, &parties).map_err(|error| Problem::new(CANNOT_BE_SHARED, error.to_string()))
    })
    .await?;
    let shares = division.shares.into_iter();
    let answer = SplitAnswer {
        key: division.key,
        total_ore: division.total,
        off_by_ore: division.off_by,
        shares: shares
            .map(|share| SplitShareAnswer { party: share.party, amount_ore: share.amount, steps: share.steps })
            .collect(),
    };
    Ok(single(&answer, None))
}
