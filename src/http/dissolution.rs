//! A county authority is dissolved, and what it holds passes on.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answer::{blocking, party_called, single};
use super::endpoint::Endpoint;
use super::problem::{BODY_INVALID, Problem, REFERENCE_UNKNOWN};
use super::request::{Posted, id_in_path};
use crate::app::App;
use crate::dissolution::{Dissolution, is_beginning_of_number};
use crate::domain::access::policy::Operation;
use crate::domain::identity::PartyId;
use crate::handle::{Wish, chained};
use crate::view::book::Book;
use crate::view::whose;

/// Who comes after a county authority. County authorities and parties are named by id, number, organisation number or name.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DissolveRequest {
    /// Who comes after it for municipalities, by the digits that their new numbers begin with.
    by_number: BTreeMap<String, String>,
    /// Who comes after it for a party whose number does not tell.
    #[serde(default)]
    by_party: BTreeMap<String, String>,
    /// The first day of those that come after it.
    on: NaiveDate,
    /// The decision.
    reference: String,
}

/// What passed on. The same asked again finds nothing left to pass.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "a number says what it counts")]
struct DissolveAnswer {
    /// The events recorded in all.
    events_count: usize,
    /// The agreements that passed on.
    agreements_count: usize,
    /// The procurements that passed on.
    procurements_count: usize,
}

/// The operation.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/api/v1/parties/{id}/dissolution", "dissolveCounty", dissolve)
            .asks(&[Operation::KeepParty])
            .about("Parties", "Dissolve a county authority, and pass on its agreements and the procurements that it leads")
            .described(
                "All passes, or nothing does: where an agreement would be left without a county authority, it is refused. \
                 Invoices and credit notes stay with who issued them.",
            )
            .path_parameter("id", "The id of the county authority.")
            .takes::<DissolveRequest>()
            .may_answer(&[404, 409, 503])
            .answers::<DissolveAnswer>("What passed on."),
    ]
}

async fn dissolve(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let county = PartyId(id_in_path(&path)?);
    let asked: DissolveRequest = posted.read()?;
    let answer = blocking(move || {
        let wishes = {
            let book = &app.ledger.now().book;
            posted.asking.may(Operation::KeepParty, &whose::party(book, county))?;
            let wishes = dissolution(book, county, asked)?
                .wishes(book)
                .map_err(|error| Problem::new(REFERENCE_UNKNOWN, error.to_string()).with("field", error.field()))?;
            wishes.iter().try_for_each(|wish| posted.asking.may_wish(&app, book, wish))?;
            wishes
        };
        let agreements_count = wishes.iter().filter(|wish| matches!(wish, Wish::Agreement(..))).count();
        let procurements_count = wishes.iter().filter(|wish| matches!(wish, Wish::Procurement(..))).count();
        let enveloped = chained(posted.command_id(), &posted.asking.actor(), app.clock.as_ref(), wishes);
        let events_count = app.ledger.carry_out_together(&enveloped)?;
        Ok(DissolveAnswer { events_count, agreements_count, procurements_count })
    })
    .await?;
    Ok(single(&answer, None))
}

fn dissolution(book: &Book, county: PartyId, asked: DissolveRequest) -> Result<Dissolution, Problem> {
    let DissolveRequest { by_number, by_party, on, reference } = asked;
    if let Some(beginning) = by_number.keys().find(|beginning| !is_beginning_of_number(beginning)) {
        let sentence = format!("\"{beginning}\" begins no number; give the digits that the numbers begin with");
        return Err(Problem::new(BODY_INVALID, sentence).with("field", "by_number"));
    }
    let by_number = by_number.into_iter().map(|(beginning, called)| Ok((beginning, party_called(book, &called)?)));
    let by_party =
        by_party.into_iter().map(|(of, called)| Ok((party_called(book, &of)?, party_called(book, &called)?)));
    Ok(Dissolution {
        county,
        by_number: by_number.collect::<Result<_, Problem>>()?,
        by_party: by_party.collect::<Result<_, Problem>>()?,
        on,
        reference,
    })
}
