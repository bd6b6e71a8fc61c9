//! The documents of an agreement: the draft to be signed, and the signed copies.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::answer::{AsOfQuery, Known, blocking, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{FILE_NOT_TAKEN, INTERNAL, NOT_FOUND, PARAMETER_INVALID, Problem};
use super::request::{Asked, Uploaded, id_in_path};
use super::streams::unknown;
use crate::app::App;
use crate::archive::{self, Kept};
use crate::domain::access::policy::Operation;
use crate::domain::identity::{AgreementId, PartyId};
use crate::domain::party::WrittenForm;
use crate::render::{AgreeingParty, AgreementDraft, agreement_pdf};
use crate::view::book::Book;
use crate::view::whose;

const AGREEMENTS: &str = "Agreements";
const PDF: &str = "application/pdf";

/// In which written form, and as of when.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DraftQuery {
    /// `nb` or `nn`; the one that the party has chosen where nothing is said.
    pub language: Option<String>,
    /// What was known at the end of a day: a date such as 2023-06-01, or the name of a milestone.
    pub as_of: Option<String>,
}

impl DraftQuery {
    fn form(&self) -> Result<Option<WrittenForm>, Problem> {
        match self.language.as_deref() {
            None => Ok(None),
            Some("nb") => Ok(Some(WrittenForm::Bokmal)),
            Some("nn") => Ok(Some(WrittenForm::Nynorsk)),
            Some(other) => {
                let sentence = format!("language {other}: an agreement is written in nb or nn; give one of them");
                Err(Problem::new(PARAMETER_INVALID, sentence).with("parameter", "language"))
            }
        }
    }
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/agreements/{id}/draft", "getAgreementDraft", draft)
            .asks(&[Operation::SeeAgreements])
            .about(AGREEMENTS, "The agreement as it would be signed, marked as a draft")
            .header("Content-Disposition", "The file name.")
            .query::<DraftQuery>()
            .may_answer(&[404])
            .answers_as(PDF, "The draft.", json!({ "type": "string", "format": "binary" })),
        Endpoint::post("/api/v1/agreement-files", "keepAgreementFile", keep_file)
            .asks(&[Operation::KeepAgreement])
            .about(AGREEMENTS, "Keep the file of a signed copy")
            .described(
                "A PDF of at most 10 MiB; whether it is one is seen from its content. The answer has what the command \
                 keep_copy asks for. The same file again is the same.",
            )
            .takes_file(&[PDF])
            .answers::<Kept>("The file as it is kept."),
        Endpoint::get("/api/v1/agreements/{id}/copies/{sha256}", "getAgreementCopy", copy)
            .asks(&[Operation::SeeAgreements])
            .about(AGREEMENTS, "A signed copy, byte for byte as it was kept")
            .path_parameter("sha256", "The SHA-256 of the copy, as the agreement names it.")
            .header("ETag", "The SHA-256 of the copy.")
            .header("Content-Disposition", "The file name.")
            .query::<AsOfQuery>()
            .may_answer(&[404])
            .answers_as(PDF, "The copy.", json!({ "type": "string", "format": "binary" })),
    ]
}

async fn draft(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<DraftQuery>,
) -> Result<HttpResponse, Problem> {
    let agreement = AgreementId(id_in_path(&path)?);
    draft_answered(app, asking, agreement, query).await
}

/// The draft as a file.
pub async fn draft_answered(
    app: web::Data<App>,
    asking: Asking,
    agreement: AgreementId,
    query: DraftQuery,
) -> Result<HttpResponse, Problem> {
    let as_of = query.as_of.clone();
    let (name, bytes) = read(app, asking, as_of, move |known| {
        known.asking.may(Operation::SeeAgreements, &whose::agreement(known.present, agreement))?;
        let draft = draft_of(known, agreement, query.form()?).ok_or_else(|| unknown(AGREEMENTS, agreement.0))?;
        let number = draft.party.number.clone().unwrap_or_else(|| agreement.to_string());
        let bytes = agreement_pdf(&draft).map_err(|error| Problem::internal(&error))?;
        Ok((format!("{number}-{}.pdf", ascii(&draft.label)), bytes))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(PDF)
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(bytes))
}

/// A label as it can stand in the name of a file.
fn ascii(label: &str) -> String {
    let letters = label.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
    letters.collect()
}

/// What the draft says; none where there is no such agreement.
fn draft_of(known: &Known<'_>, id: AgreementId, form: Option<WrittenForm>) -> Option<AgreementDraft> {
    let (book, day) = (known.book, known.day);
    let agreement = book.agreements.get(&id)?;
    let drafted = agreement.drafted.as_ref()?;
    let procurement = book.procurements.get(&drafted.procurement)?;
    let opened = procurement.opened.as_ref()?;
    let party = book.parties.get(&drafted.party)?;
    let libraries = book.signups_of(drafted.procurement, drafted.party, day).into_iter();
    let keys = book.keys.values().filter_map(|key| {
        let proposed = key.proposed.as_ref().filter(|proposed| proposed.procurement == drafted.procurement)?;
        let adopted = key.adoptions.values().next_back().map(|adopted| adopted.reference.clone());
        Some((proposed.name.clone(), adopted))
    });
    Some(AgreementDraft {
        agreement: id,
        label: procurement.agreement_label_on(day).to_owned(),
        procurement: opened.name.clone(),
        illustrative: opened.illustrative,
        county: agreeing(book, agreement.county_on(day)?, known),
        party: agreeing(book, drafted.party, known),
        commitment: agreement.commitment,
        member_from: agreement.member_from,
        answer_by: agreement.sent.as_ref().and_then(|sent| sent.answer_by),
        libraries: libraries.filter_map(|(_, signup)| Some(signup.signed_up.as_ref()?.library.clone())).collect(),
        keys: keys.collect(),
        drafted_on: drafted.on,
        form: form.unwrap_or_else(|| party.written_form_on(day)),
    })
}

fn agreeing(book: &Book, party: PartyId, known: &Known<'_>) -> AgreeingParty {
    let Some(party) = book.parties.get(&party) else { return AgreeingParty::default() };
    AgreeingParty {
        name: party.full_name_on(known.day),
        organisation_number: party.registered.as_ref().and_then(|registered| registered.organisation_number.clone()),
        number: party.number_on(known.day).map(str::to_owned),
    }
}

async fn keep_file(app: web::Data<App>, asking: Asking, uploaded: Uploaded) -> Result<HttpResponse, Problem> {
    asking.may_at_all(Operation::KeepAgreement)?;
    let kept = blocking(move || keep(&app, &uploaded.bytes)).await?;
    Ok(single(&kept, None))
}

/// Whether a PDF can be read as far as its pages, and has one: a copy that nobody can look at would be kept for good.
fn has_a_page(bytes: &[u8]) -> bool {
    hayro_syntax::Pdf::new(bytes.to_vec()).is_ok_and(|pdf| !pdf.pages().is_empty())
}

/// Keeps a signed copy in the archive, where it is a PDF.
///
/// # Errors
/// It is none.
pub fn keep(app: &App, bytes: &[u8]) -> Result<Kept, Problem> {
    // A file that begins as a PDF and does not end as one was cut off on its way.
    let ends = bytes.rchunks(1024).next().is_some_and(|end| end.windows(5).any(|word| word == b"%%EOF"));
    if archive::media_type_of(bytes) != Some(PDF) || !ends || !has_a_page(bytes) {
        let why = "the file is no PDF with a page, or was cut off on its way; scan or export the signed agreement as PDF and send it \
                   again";
        return Err(Problem::new(FILE_NOT_TAKEN, why));
    }
    archive::keep(&app.archive(), bytes, PDF).map_err(|(_, error)| Problem::internal(&error))
}

async fn copy(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<(String, String)>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let (id, sha256) = path.into_inner();
    let agreement = AgreementId(id_in_path(&id)?);
    copy_answered(app, asking, (agreement, sha256), query.as_of).await
}

/// A signed copy as a file.
pub async fn copy_answered(
    app: web::Data<App>,
    asking: Asking,
    (agreement, sha256): (AgreementId, String),
    as_of: Option<String>,
) -> Result<HttpResponse, Problem> {
    let (name, sha256, bytes) = read(app, asking, as_of, move |known| {
        known.asking.may(Operation::SeeAgreements, &whose::agreement(known.present, agreement))?;
        let copies = known.book.agreements.get(&agreement).map(|known| known.copies.as_slice()).unwrap_or_default();
        let unknown = || Problem::new(NOT_FOUND, "the agreement has no such copy, or had none yet on that day");
        let kept = copies.iter().find(|kept| kept.sha256 == sha256).ok_or_else(unknown)?;
        let lost = || {
            let file = archive::file_name(&kept.sha256, &kept.media_type);
            Problem::new(
                INTERNAL,
                format!("the copy is not in the archive as it was kept; restore {file} from a backup"),
            )
        };
        let bytes = archive::kept(&known.app.archive(), &kept.sha256, &kept.media_type).ok_or_else(lost)?;
        Ok((format!("{}-{}.pdf", kept.on, agreement), sha256, bytes))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(PDF)
        .insert_header((header::ETAG, format!("\"{sha256}\"")))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}
