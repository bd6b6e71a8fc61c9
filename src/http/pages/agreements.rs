//! An agreement with its documents and its history, and what is asked of it by forms.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::filled::{Answered, Reading, Wished, answered};
use super::form::{Sent, id};
use super::kept::Rests;
use super::upload::{SentFile, uploaded};
use crate::app::App;
use crate::clock::norwegian_day;
use crate::domain::access::policy::Operation;
use crate::domain::agreement::AgreementCommand;
use crate::domain::event::StreamKind;
use crate::domain::identity::{AgreementId, PersonId};
use crate::handle::Wish;
use crate::http::agreements::{DraftQuery, copy_answered, draft_answered, keep};
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::ids;
use crate::render::page::{AgreementForm, AgreementShown, Filled, HappenedShown, Place, agreement_page};
use crate::store::people::Person;
use crate::view::register::{AgreementEntry, Entry};
use crate::view::whose;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::get("/agreements/{agreement}", &[Operation::SeeAgreements], one),
        PageRoute::get("/agreements/{agreement}/draft.pdf", &[Operation::SeeAgreements], draft),
        PageRoute::get("/agreements/{agreement}/copies/{sha256}", &[Operation::SeeAgreements], copy),
        PageRoute::post("/agreements/{agreement}/copies", &[Operation::KeepAgreement], keep_copy),
        PageRoute::post("/agreements/{agreement}/{asked}", &[Operation::KeepAgreement, Operation::BindParty], asked),
    ]
}

fn path_of(agreement: AgreementId) -> String {
    format!("/agreements/{agreement}")
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let agreement = AgreementId(id(&path)?);
    around
        .kept_of_now(app, asking, Rests::Terms, move |known, around| {
            shown(known, around, agreement, &Filled::default(), (StatusCode::OK, known.app.ids.new_id()))
        })
        .await
}

fn shown(
    known: &Known<'_>,
    around: &Around,
    agreement: AgreementId,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let about = whose::agreement(known.present, agreement);
    known.asking.may(Operation::SeeAgreements, &about)?;
    let unknown = || Problem::new(NOT_FOUND, "there is no such agreement").of_path();
    let entry = AgreementEntry::one(known.book, agreement.0, known.at()).ok_or_else(unknown)?;
    let procurement = known.book.procurements.get(&entry.procurement).ok_or_else(unknown)?;
    let name = |party| known.book.parties.get(&party).map(|party| party.full_name_on(known.day)).unwrap_or_default();
    let number = known.book.parties.get(&entry.party).and_then(|party| party.number_on(known.day));
    let history = known.app.ledger.history(StreamKind::Agreement, agreement.0)?;
    let happened: Vec<HappenedShown> = history
        .iter()
        .rev()
        .map(|event| HappenedShown {
            event: event.event_type.to_string(),
            recorded_on: norwegian_day(event.recorded_at),
            data: event.data.as_deref().and_then(|data| serde_json::from_slice(data).ok()).unwrap_or_default(),
        })
        .collect();
    let may_keep = known.asking.may(Operation::KeepAgreement, &about).is_ok();
    let may_bind = known.asking.reaches(Operation::BindParty, &about);
    let page = AgreementShown {
        entry: &entry,
        label: procurement.agreement_label_on(known.day),
        procurement: procurement.opened.as_ref().map_or("", |opened| opened.name.as_str()),
        party: &name(entry.party),
        number: number.unwrap_or_default(),
        county: &entry.county.map(name).unwrap_or_default(),
        happened: &happened,
        forms: &AgreementForm::offered(&entry, may_keep, may_bind),
        may_keep,
        day: known.day,
        is_signed_in: known.asking.asker().person().is_some(),
        filled,
    };
    around.answer_as(status, command, Some(Place::Agreements), |frame| agreement_page(frame, &page))
}

async fn draft(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<DraftQuery>,
) -> Result<HttpResponse, Problem> {
    draft_answered(app, asking, AgreementId(id(&path)?), query).await
}

async fn copy(app: web::Data<App>, asking: Asking, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (agreement, sha256) = path.into_inner();
    copy_answered(app, asking, (AgreementId(id(&agreement)?), sha256), None).await
}

/// Does what one of the forms asks for.
async fn asked(app: web::Data<App>, around: Around, path: web::Path<(String, String)>, sent: Sent) -> Answered {
    let (agreement, form) = path.into_inner();
    let agreement = AgreementId(id(&agreement)?);
    let unknown = || Problem::new(NOT_FOUND, format!("nothing is asked of an agreement by {form}"));
    let form = AgreementForm::called(&form).ok_or_else(unknown)?;
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let command = command(app, form, agreement, reading)?.filter(|_| !reading.is_refused());
        Ok(command.map(|command| Wished { wish: Some(Wish::Agreement(agreement, command)), then: path_of(agreement) }))
    };
    answered(app, around, sent, form.name(), wished, move |known, around, filled, anew| {
        shown(known, around, agreement, filled, anew)
    })
    .await
}

fn command(
    app: &App,
    form: AgreementForm,
    agreement: AgreementId,
    reading: &mut Reading<'_>,
) -> Result<Option<AgreementCommand>, Problem> {
    Ok(match form {
        AgreementForm::Send => {
            let (on, answer_by) = (reading.day("on"), reading.day_or_nothing("answer_by"));
            on.map(|on| AgreementCommand::Send { on, answer_by })
        }
        AgreementForm::Sign => {
            let (on, role, authority) = (reading.day("on"), reading.text("role"), reading.text("authority"));
            let name = reading.text_or_nothing("signer");
            let oneself = reading.sent.asking.asker().person();
            if name.is_none() && oneself.is_none() {
                reading.refuse("signer", "page-text-missing");
            }
            let Some(((on, role), authority)) = on.zip(role).zip(authority).filter(|_| !reading.is_refused()) else {
                return Ok(None);
            };
            let person = match (name, oneself) {
                (Some(name), _) => signer(app, agreement, reading, name)?,
                (None, Some(person)) => person,
                (None, None) => return Ok(None),
            };
            Some(AgreementCommand::Sign { on, role, authority, person })
        }
        AgreementForm::Activate => reading.day("from").map(|from| AgreementCommand::Activate { from }),
        AgreementForm::Exercise => {
            let on = reading.day("on").zip(reading.day("member_from"));
            on.map(|(on, member_from)| AgreementCommand::ExerciseOption { on, member_from })
        }
        AgreementForm::Notice => {
            let on = reading.day("on").zip(reading.day("last_day"));
            on.map(|(on, last_day)| AgreementCommand::GiveNotice { on, last_day })
        }
        AgreementForm::Withdraw => reading.day("on").map(|on| AgreementCommand::WithdrawNotice { on }),
        AgreementForm::End => reading.day("last_day").map(|last_day| AgreementCommand::End { last_day }),
    })
}

/// Who signed is known by an id alone in the log; the name is kept where it can be erased.
fn signer(app: &App, agreement: AgreementId, reading: &Reading<'_>, name: String) -> Result<PersonId, Problem> {
    reading.sent.asking.may(Operation::BindParty, &whose::agreement(&app.ledger.now().book, agreement))?;
    // By the page's id, so that a name that is mended and sent once more takes the place of the one before.
    let person = PersonId(ids::derived(reading.sent.of_page()?, "signer"));
    app.people.put(person, &Person { name, ..Person::default() }).map_err(|error| Problem::internal(&error))?;
    Ok(person)
}

/// Keeps a signed copy: in the archive first, then by its hash in the log.
async fn keep_copy(app: web::Data<App>, around: Around, path: web::Path<String>, file: SentFile) -> Answered {
    let agreement = AgreementId(id(&path)?);
    let does = move |app: &App, reading: &mut Reading<'_>, bytes: &[u8]| {
        reading.sent.asking.may(Operation::KeepAgreement, &whose::agreement(&app.ledger.now().book, agreement))?;
        if bytes.is_empty() {
            reading.refuse("file", "page-file-missing");
            return Ok(None);
        }
        let outcome = keep(app, bytes).and_then(|kept| {
            let command = AgreementCommand::KeepCopy {
                sha256: kept.sha256,
                media_type: kept.media_type,
                size_bytes: kept.size_bytes,
                on: app.clock.today(),
            };
            reading.sent.carry_out(app, Wish::Agreement(agreement, command))
        });
        if outcome.as_ref().is_err_and(Problem::can_be_mended) {
            reading.refuse("file", "page-copy-refused");
        }
        outcome.map(|_| Some(format!("{}#documents-heading", path_of(agreement))))
    };
    uploaded(app, around, file, "copy", does, move |known, around, filled, anew| {
        shown(known, around, agreement, filled, anew)
    })
    .await
}
