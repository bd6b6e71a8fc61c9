//! Budget sheets and where their figures come from, readiness, and what would happen if.

use actix_web::http::header::{self, Accept, Header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::answer::{
    AsOf, Known, PageQuery, blocking, cut, etag_of_position, page, page_limit, procurement_called, read_as_of, single,
};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{CANNOT_BE_SUPPOSED, NOT_ACCEPTABLE, NOT_FOUND, PARAMETER_INVALID, Problem};
use super::proposals::comparable;
use super::request::{Asked, Posted};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::identity::PartyId;
use crate::ledger::events_behind;
use crate::render;
use crate::text::Language;
use crate::view::budget::{Wanted, YEARS_MAX, budget_sheet, usual_years};
use crate::view::budget_sheet::BudgetSheet;
use crate::view::explanation::{Explanation, explanations};
use crate::view::readiness::{PartyReadiness, readiness};
use crate::view::what_if::{Comparison, Hypothesis, compare, suppose};
use crate::view::whose;

const SHEETS: &str = "Budgets";
const PROCUREMENT: &str = "The id or the name.";
const PARTY: &str = "The id, a number of any time, the organisation number, or a name.";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const COMPUTED: &str = "Changes whenever anything is recorded, and with the day.";

/// Which years, as of when.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct YearsQuery {
    /// The budget year: the first. Next year where nothing is said.
    #[param(minimum = 2000, maximum = 2100)]
    from: Option<i32>,
    /// How many years: 1 to 10, 4 where nothing is said.
    #[param(minimum = 1, maximum = 10)]
    years: Option<usize>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// Which figures, as of when.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct ExplanationQuery {
    /// The year. Next year where nothing is said.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
    /// One line of the sheet, by its id or the beginning of its name; all of them where nothing is said.
    line: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    as_of: Option<String>,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    let binary = || json!({ "type": "string", "format": "binary" });
    vec![
        Endpoint::get("/api/v1/procurements/{procurement}/budget-sheets/{party}", "getBudgetSheet", sheet)
            .about(SHEETS, "The budget sheet of a party: year one is the budget, the rest the plan")
            .described("`Accept` chooses the form: JSON, CSV, text, an Excel workbook with live formulas, or a PDF.")
            .asks(&[Operation::SeeBudget])
            .path_parameter("procurement", PROCUREMENT)
            .path_parameter("party", PARTY)
            .query::<YearsQuery>()
            .header("ETag", COMPUTED)
            .may_answer(&[404, 406])
            .answers::<BudgetSheet>("The sheet.")
            .answers_as("text/csv", "The sheet.", json!({ "type": "string" }))
            .answers_as("text/plain", "The sheet.", json!({ "type": "string" }))
            .answers_as(WORKBOOK, "The sheet.", binary())
            .answers_as("application/pdf", "The sheet.", binary()),
        Endpoint::get("/api/v1/procurements/{procurement}/explanations/{party}", "explainBudgetSheet", explain)
            .about(SHEETS, "Where the figures of a year come from: key, measures with date and source, events")
            .asks(&[Operation::SeeBudget])
            .path_parameter("procurement", PROCUREMENT)
            .path_parameter("party", PARTY)
            .query::<ExplanationQuery>()
            .header("ETag", COMPUTED)
            .may_answer(&[404])
            .answers_all::<Explanation>("One explanation for each line."),
        Endpoint::get("/api/v1/procurements/{procurement}/readiness", "getReadiness", ready)
            .about("Signups", "Which library has what left to do, those most behind first")
            .described("One entry for each party with libraries that take part.")
            .asks(&[Operation::SeeSignups])
            .path_parameter("procurement", PROCUREMENT)
            .query::<PageQuery>()
            .may_answer(&[404])
            .answers_page::<PartyReadiness>(),
        Endpoint::post("/api/v1/procurements/{procurement}/what-if", "tryHypothesis", what_if)
            .about(SHEETS, "Who wins and who loses under other keys, members, amounts or dates")
            .described("Records nothing.")
            .asks(&[Operation::TryHypothesis])
            .path_parameter("procurement", PROCUREMENT)
            .query::<YearsQuery>()
            .may_answer(&[404])
            .takes::<Hypothesis>()
            .answers::<Comparison>("Everybody before and after."),
    ]
}

/// A form that a budget sheet can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Text,
    Workbook,
    Pdf,
}

impl Form {
    /// In the order they are chosen where the caller leaves the choice.
    const ALL: [Self; 5] = [Self::Json, Self::Csv, Self::Text, Self::Workbook, Self::Pdf];

    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
            Self::Workbook => WORKBOOK,
            Self::Pdf => "application/pdf",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json | Self::Workbook | Self::Pdf => self.media_type(),
        }
    }

    /// The form that the caller likes best.
    fn accepted(request: &HttpRequest) -> Result<Self, Problem> {
        let accepted = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
        if accepted.is_empty() {
            return Ok(Self::Json);
        }
        let found = accepted.iter().find_map(|range| {
            Self::ALL.into_iter().find(|form| {
                let (kind, subtype) = form.media_type().split_once('/').unwrap_or_default();
                (range.type_() == "*" || range.type_() == kind)
                    && (range.subtype() == "*" || full_subtype(range) == subtype)
            })
        });
        found.ok_or_else(|| {
            let forms: Vec<&str> = Self::ALL.into_iter().map(Self::media_type).collect();
            Problem::new(NOT_ACCEPTABLE, format!("the sheet can be had as {}", forms.join(", ")))
        })
    }
}

/// The subtype without its parameters.
fn full_subtype(range: &actix_web::mime::Mime) -> &str {
    range.essence_str().split_once('/').map_or("", |(_, subtype)| subtype)
}

fn wanted(known: &Known<'_>, procurement: &str, party: &str, from: Option<i32>) -> Result<Wanted, Problem> {
    let procurement = procurement_called(known.book, procurement)?;
    let party = known.party_called(party)?;
    known.asking.may(Operation::SeeBudget, &whose::part(known.present, procurement, party))?;
    years(known, Wanted { procurement, party, first_year: 0, years_count: 0, as_of: known.day }, from, None)
}

fn years(known: &Known<'_>, wanted: Wanted, from: Option<i32>, count: Option<usize>) -> Result<Wanted, Problem> {
    let (next_year, usual_count) = usual_years(known.day);
    let (first_year, years_count) = (from.unwrap_or(next_year), count.unwrap_or(usual_count));
    if !YEARS_TAKEN.contains(&first_year) {
        let sentence = format!(
            "{first_year} is no year that is taken: give one from {} to {}",
            YEARS_TAKEN.start(),
            YEARS_TAKEN.end()
        );
        return Err(Problem::new(PARAMETER_INVALID, sentence));
    }
    if !(1..=YEARS_MAX).contains(&years_count) {
        return Err(Problem::new(
            PARAMETER_INVALID,
            format!("years {years_count}: give a number from 1 to {YEARS_MAX}"),
        )
        .with("parameter", "years"));
    }
    Ok(Wanted { first_year, years_count, ..wanted })
}

async fn sheet(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    Asked(query): Asked<YearsQuery>,
) -> Result<HttpResponse, Problem> {
    let form = Form::accepted(&request)?;
    let (procurement, party) = path.into_inner();
    let (sheet, etag) = read_as_of(app, asking, AsOf::within(query.as_of, &procurement), move |known| {
        let wanted = years(known, wanted(known, &procurement, &party, query.from)?, query.from, query.years)?;
        let sheet = budget_sheet(known.book, wanted)
            .ok_or_else(|| Problem::new(NOT_FOUND, "the party or the procurement was not known yet on that day"))?;
        Ok((sheet, etag_of_position(known)))
    })
    .await?;
    let bytes = blocking(move || {
        let bytes = match form {
            Form::Json => render::budget_json(&sheet),
            Form::Csv => render::budget_csv(&sheet),
            Form::Text => Ok(render::budget_text(&sheet).into_bytes()),
            Form::Workbook => render::budget_workbook(&sheet, Language::Bokmal),
            Form::Pdf => render::budget_pdf(&sheet, Language::Bokmal),
        };
        bytes.map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(form.content_type())
        .insert_header((header::ETAG, etag))
        .insert_header((header::VARY, "Accept"))
        .body(bytes))
}

async fn explain(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<(String, String)>,
    Asked(query): Asked<ExplanationQuery>,
) -> Result<HttpResponse, Problem> {
    let (procurement, party) = path.into_inner();
    let (found, etag) = read_as_of(app, asking, AsOf::within(query.as_of, &procurement), move |known| {
        let wanted = wanted(known, &procurement, &party, query.year)?;
        let mut found = explanations(known.book, wanted, wanted.first_year, None);
        if let Some(line) = &query.line {
            found.retain(|explanation| {
                explanation.line == *line || explanation.text.to_lowercase().starts_with(&line.to_lowercase())
            });
            if found.is_empty() {
                let sentence = format!(
                    "line {line}: the sheet has no such line in {}; the sheet shows the ids",
                    wanted.first_year
                );
                return Err(Problem::new(NOT_FOUND, sentence).with("parameter", "line"));
            }
        }
        for explanation in &mut found {
            explanation.events = events_behind(&known.app.ledger, known.book, explanation, wanted)?;
        }
        Ok((found, etag_of_position(known)))
    })
    .await?;
    Ok(single(&found, Some(etag)))
}

async fn ready(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    path: web::Path<String>,
    Asked(query): Asked<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read_as_of(app, asking, AsOf::within(query.as_of, &path), move |known| {
        let procurement = procurement_called(known.book, &path)?;
        let mut parties = readiness(known.book.libraries(procurement, known.day), known.day);
        parties.retain(|ready| {
            known.asking.sees(Operation::SeeSignups, || whose::part(known.present, procurement, ready.party))
        });
        cut(parties, limit, query.after, |ready| ready.party.0)
    })
    .await?;
    Ok(page(&request, items, next.map(|party| party.to_string())))
}

async fn what_if(
    app: web::Data<App>,
    path: web::Path<String>,
    Asked(query): Asked<YearsQuery>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let hypothesis: Hypothesis = posted.read()?;
    let comparison = read_as_of(app, posted.asking.clone(), AsOf::within(query.as_of, &path), move |known| {
        let procurement = procurement_called(known.book, &path)?;
        known.asking.may(Operation::TryHypothesis, &whose::procurement(known.present, procurement))?;
        let everybody =
            Wanted { procurement, party: PartyId::default(), first_year: 0, years_count: 0, as_of: known.day };
        let wanted = years(known, everybody, query.from, query.years)?;
        let by = comparable(known, procurement);
        let supposed = suppose(&by.book, procurement, &hypothesis, known.day)
            .map_err(|error| Problem::new(CANNOT_BE_SUPPOSED, error.to_string()))?;
        Ok(by.said(compare(&by.book, &supposed, wanted)))
    })
    .await?;
    Ok(single(&comparison, None))
}
