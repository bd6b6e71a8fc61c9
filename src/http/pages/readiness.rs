//! What somebody says of a library on the page of its municipality: that an item of the checklist is done, and when the library
//! wishes to be on the new system.

use actix_web::{HttpResponse, web};

use super::PageRoute;
use super::around::Around;
use super::filled::{Answered, Reading, done};
use super::form::{Sent, see};
use super::live::page_at;
use super::municipality::leader_again;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::identity::SignupId;
use crate::domain::signup::{ReadinessItem, SignupCommand};
use crate::handle::Wish;
use crate::http::answer::blocking;
use crate::http::problem::{BODY_INVALID, Problem};
use crate::render::page::{GO_LIVE, as_parameter};

/// What a rule says of the wished day, beside its field.
const AT_FIELDS: [(&str, &str, &str); 2] = [
    ("signup-go-live-before-wish", GO_LIVE, "page-go-live-refused"),
    ("signup-day-not-taken", GO_LIVE, "page-date-refused"),
];

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::post("/municipalities/{number}/readiness", &[Operation::TickReadiness], tick),
        PageRoute::post("/municipalities/{number}/go-live", &[Operation::KeepSignup], wish),
    ]
}

/// The page of a municipality as a form on it was sent: of the same procurement and years.
fn sent_from(number: &str, sent: &Sent) -> String {
    let own = format!("/municipalities/{}", as_parameter(number));
    let seen_at = page_at(sent.field("seen_at"));
    if seen_at.split('?').next() == Some(own.as_str()) { seen_at.to_owned() } else { own }
}

async fn tick(app: web::Data<App>, path: web::Path<String>, sent: Sent) -> Result<HttpResponse, Problem> {
    let then = sent_from(&path, &sent);
    blocking(move || {
        let signup = SignupId(sent.id("signup")?);
        let item: ReadinessItem = serde_json::from_value(sent.field("item").into())
            .map_err(|_| Problem::new(BODY_INVALID, "item is no item of the checklist; load the page anew"))?;
        let on = app.clock.today();
        let command = match sent.field("done") {
            "yes" => SignupCommand::TickReadiness { item, on },
            _ => SignupCommand::ReopenReadiness { item, on },
        };
        sent.carry_out(&app, Wish::Signup(signup, command))
    })
    .await?;
    Ok(see(&format!("{then}#ready-heading")))
}

async fn wish(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let number = path.into_inner();
    let seen_at = sent_from(&number, &sent);
    let then = format!("{seen_at}#ready-heading");
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let signup = SignupId(reading.sent.id("signup")?);
        let Some(go_live) = reading.day(GO_LIVE) else { return Ok(None) };
        let command = SignupCommand::WishGoLive { go_live, on: app.clock.today() };
        if let Err(problem) = reading.sent.carry_out(app, Wish::Signup(signup, command)) {
            reading.at_field(problem, &AT_FIELDS)?;
        }
        Ok(Some(then))
    };
    done(app, around, sent, GO_LIVE, wished, move |known, around, filled, anew| {
        leader_again(known, around, (&number, &seen_at), filled, anew)
    })
    .await
}
