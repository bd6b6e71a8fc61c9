//! Proposals of a sharing key that were given a name: what each would lead to. They are saved, sent for hearing and answered by
//! the commands of the key.

use std::borrow::Cow;

use actix_web::{HttpResponse, web};

use super::answer::{AsOfQuery, Known, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{CANNOT_BE_SUPPOSED, NOT_FOUND, Problem};
use super::request::{Asked, id_in_path};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::identity::{ProcurementId, ProposalId, SharingKeyId};
use crate::view::book::Book;
use crate::view::proposals::compared;
use crate::view::what_if::Comparison;
use crate::view::whose;

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/sharing-keys/{id}/proposals/{proposal}/comparison", "compareProposal", comparison)
            .asks(&[Operation::TryHypothesis])
            .about("Sharing keys", "What a proposal would lead to: everybody before and after")
            .path_parameter("proposal", "The id of the proposal.")
            .query::<AsOfQuery>()
            .may_answer(&[404, 422])
            .answers::<Comparison>("Four years from the one in which it would begin to apply."),
    ]
}

/// Whether a proposal is shown. It is the county library's own until it is sent out for hearing, or adopted.
pub fn is_shown(known: &Known<'_>, key: SharingKeyId, proposal: ProposalId) -> bool {
    let is_draft = known.present.keys.get(&key).is_none_or(|of| of.keeps_to_itself(proposal));
    !is_draft || known.asking.sees(Operation::SeeDrafts, || whose::sharing_key(known.present, key))
}

/// What everybody's shares are compared by: all that is known; for who may not see everybody's budget what is shared alone.
pub fn comparable<'book>(known: &Known<'book>, procurement: ProcurementId) -> Comparable<'book> {
    if known.asking.sees(Operation::SeeBudget, || whose::procurement(known.present, procurement)) {
        return Comparable { book: Cow::Borrowed(known.book), shared_alone: false };
    }
    Comparable { book: Cow::Owned(known.book.shared_terms()), shared_alone: true }
}

/// What shares are compared by.
pub struct Comparable<'book> {
    /// What is known of terms.
    pub book: Cow<'book, Book>,
    shared_alone: bool,
}

impl Comparable<'_> {
    /// A comparison that was made by it, saying so.
    pub fn said(&self, comparison: Comparison) -> Comparison {
        Comparison { shared_alone: self.shared_alone, ..comparison }
    }
}

async fn comparison(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<(String, String)>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let (key, proposal) = path.into_inner();
    let (key, proposal) = (SharingKeyId(id_in_path(&key)?), ProposalId(id_in_path(&proposal)?));
    let compared = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::TryHypothesis, &whose::sharing_key(known.present, key))?;
        let unknown = || Problem::new(NOT_FOUND, "the sharing key has no such proposal, or had none yet on that day");
        let of = known.book.keys.get(&key).and_then(|known| Some((known, known.proposal(proposal)?)));
        let shown = of.filter(|_| is_shown(known, key, proposal));
        let (of_key, found) = shown.ok_or_else(unknown)?;
        let procurement = of_key.proposed.as_ref().map(|proposed| proposed.procurement).unwrap_or_default();
        let by = comparable(known, procurement);
        compared(&by.book, of_key, &found.saved, known.day)
            .map(|comparison| by.said(comparison))
            .map_err(|error| Problem::new(CANNOT_BE_SUPPOSED, error.to_string()))
    })
    .await?;
    Ok(single(&compared, None))
}
