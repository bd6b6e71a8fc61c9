//! The kinds of streams: each has a list, single ones, and one operation for all its commands.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{
    AsOfQuery, CommandAnswer, ListQuery, blocking, command_answer, etag_of_version, page, page_of, read, single,
};
use super::endpoint::Endpoint;
use super::problem::{NOT_FOUND, Problem, REFERENCE_UNKNOWN};
use super::request::{Asked, Posted, id_in_path};
use crate::app::App;
use crate::archive;
use crate::domain::agreement::AgreementCommand;
use crate::domain::cost::CostCommand;
use crate::domain::identity::{
    AgreementId, CostId, LegacyId, LicenceId, PartyId, ProcurementId, SharingKeyId, SignupId,
};
use crate::domain::key_adoption::KeyCommand;
use crate::domain::legacy::LegacyCommand;
use crate::domain::licence::LicenceCommand;
use crate::domain::party::PartyCommand;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::signup::SignupCommand;
use crate::handle::{Handled, Wish};
use crate::references::{looked_up, missing_reference};
use crate::view::register::{
    AgreementEntry, CostEntry, CreditNoteEntry, Entry, InvoiceEntry, InvoiceRunEntry, LegacyContractEntry,
    LicenceEntry, PartyEntry, ProcurementEntry, SharingKeyEntry, SignupEntry,
};

/// Who asks, as long as there is no sign-in.
pub const ACTOR: &str = "api";

/// Something in the register as the API shows it.
trait Shown: Entry + Serialize + ToSchema + Send + 'static {
    const LIST: &'static str;
    const SINGLE: &'static str;
    const TAG: &'static str;
    const NAME: &'static str;
    const NAMES: &'static str;
    /// How a list is ordered.
    const ORDER: &'static str;
}

/// A kind of stream that takes commands.
trait Commanded: DeserializeOwned + ToSchema + Send + 'static {
    type Entry: Shown;
    const COMMANDS: &'static str;
    /// The wish of a stream.
    fn wish(id: Uuid, command: Self) -> Wish;
}

macro_rules! shown {
    ($($entry:ty: $path:literal, $tag:literal, $name:literal, $names:literal, $order:literal;)*) => {$(
        impl Shown for $entry {
            const LIST: &'static str = concat!("/api/v1/", $path);
            const SINGLE: &'static str = concat!("/api/v1/", $path, "/{id}");
            const TAG: &'static str = $tag;
            const NAME: &'static str = $name;
            const NAMES: &'static str = $names;
            const ORDER: &'static str = $order;
        }
    )*};
}

macro_rules! commanded {
    ($($command:ty => $entry:ty, $path:literal, $wish:ident($id:ident);)*) => {$(
        impl Commanded for $command {
            type Entry = $entry;
            const COMMANDS: &'static str = concat!("/api/v1/", $path, "/{id}/commands");
            fn wish(id: Uuid, command: Self) -> Wish {
                Wish::$wish($id(id), command)
            }
        }
    )*};
}

shown! {
    PartyEntry: "parties", "Parties", "Party", "Parties", "by number and name";
    ProcurementEntry: "procurements", "Procurements", "Procurement", "Procurements", "by name";
    AgreementEntry: "agreements", "Agreements", "Agreement", "Agreements", "by the day of the draft";
    SignupEntry: "signups", "Signups", "Signup", "Signups", "by the library's name";
    LegacyContractEntry: "legacy-contracts", "Old contracts", "LegacyContract", "LegacyContracts",
        "by the day they are paid until";
    CostEntry: "costs", "Costs", "Cost", "Costs", "by year and name";
    LicenceEntry: "licences", "Licences", "Licence", "Licences", "by name";
    SharingKeyEntry: "sharing-keys", "Sharing keys", "SharingKey", "SharingKeys", "by name";
    InvoiceRunEntry: "invoice-runs", "Invoices", "InvoiceRun", "InvoiceRuns", "by the day of the plan";
    InvoiceEntry: "invoices", "Invoices", "Invoice", "Invoices", "by date and number";
    CreditNoteEntry: "credit-notes", "Invoices", "CreditNote", "CreditNotes", "by date and number";
}

commanded! {
    PartyCommand => PartyEntry, "parties", Party(PartyId);
    ProcurementCommand => ProcurementEntry, "procurements", Procurement(ProcurementId);
    AgreementCommand => AgreementEntry, "agreements", Agreement(AgreementId);
    SignupCommand => SignupEntry, "signups", Signup(SignupId);
    LegacyCommand => LegacyContractEntry, "legacy-contracts", Legacy(LegacyId);
    CostCommand => CostEntry, "costs", Cost(CostId);
    LicenceCommand => LicenceEntry, "licences", Licence(LicenceId);
    KeyCommand => SharingKeyEntry, "sharing-keys", SharingKey(SharingKeyId);
}

/// All operations on streams.
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = Vec::new();
    endpoints.extend(of_kind::<PartyCommand>());
    endpoints.extend(of_kind::<ProcurementCommand>());
    endpoints.extend(of_kind::<AgreementCommand>());
    endpoints.extend(of_kind::<SignupCommand>());
    endpoints.extend(of_kind::<LegacyCommand>());
    endpoints.extend(of_kind::<CostCommand>());
    endpoints.extend(of_kind::<LicenceCommand>());
    endpoints.extend(of_kind::<KeyCommand>());
    endpoints.extend(of_entry::<InvoiceRunEntry>());
    endpoints.extend(of_entry::<InvoiceEntry>());
    endpoints.extend(of_entry::<CreditNoteEntry>());
    endpoints
}

fn of_kind<C: Commanded>() -> Vec<Endpoint> {
    let (name, tag) = (C::Entry::NAME, C::Entry::TAG);
    let mut endpoints = of_entry::<C::Entry>();
    endpoints.push(
        Endpoint::post(C::COMMANDS, format!("command{name}"), command::<C>)
            .about(tag, "Ask for something to happen")
            .path_parameter("id", "The id. For the command that makes it, one made by the caller.")
            .commands()
            .takes::<C>()
            .answers::<CommandAnswer>("It has happened, or had happened before: then without events."),
    );
    endpoints
}

fn of_entry<E: Shown>() -> Vec<Endpoint> {
    vec![
        Endpoint::get(E::LIST, format!("list{}", E::NAMES), list::<E>)
            .about(E::TAG, format!("A list, {}", E::ORDER))
            .query::<ListQuery>()
            .may_answer(&[404])
            .answers_page::<E>(),
        Endpoint::get(E::SINGLE, format!("get{}", E::NAME), one::<E>)
            .about(E::TAG, "A single one by its id")
            .query::<AsOfQuery>()
            .versioned()
            .may_answer(&[404])
            .answers::<E>("As it stands."),
    ]
}

async fn list<E: Shown>(
    app: web::Data<App>,
    request: HttpRequest,
    Asked(query): Asked<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let as_of = query.as_of().map(str::to_owned);
    let (items, next) = read(app, as_of, move |known| page_of::<E>(known, &query)).await?;
    Ok(page(&request, items, next.map(|id| id.to_string())))
}

async fn one<E: Shown>(
    app: web::Data<App>,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let id = id_in_path(&path)?;
    let (entry, version) = read(app, query.as_of, move |known| {
        let entry = E::one(known.book, id, known.at()).ok_or_else(|| unknown(E::TAG, id))?;
        Ok((entry, known.book.version(id)))
    })
    .await?;
    Ok(single(&entry, Some(version.map_or_else(|| "\"v\"".to_owned(), etag_of_version))))
}

/// What is not there.
pub fn unknown(tag: &str, id: Uuid) -> Problem {
    Problem::new(NOT_FOUND, format!("{tag}: there is none with the id {id}, or it was not known yet on that day"))
}

async fn command<C: Commanded>(
    app: web::Data<App>,
    path: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let wish = C::wish(id_in_path(&path)?, posted.read()?);
    let handled = blocking(move || carry_out(&app, wish, &posted)).await?;
    command_answer(&handled)
}

/// Carries out a wish under the key of the request.
pub fn carry_out(app: &App, wish: Wish, posted: &Posted) -> Result<Handled, Problem> {
    let wish = {
        let known = app.ledger.now();
        if let Some(missing) = missing_reference(&known.book, &wish) {
            return Err(missing.into());
        }
        looked_up(&known.book, wish)
    };
    if let Some(sha256) = archive::missing_file(&app.archive(), &wish) {
        let sentence =
            format!("no file of this size and type with the SHA-256 {sha256} is in the archive; send it first");
        return Err(Problem::new(REFERENCE_UNKNOWN, sentence).with("field", "sha256"));
    }
    let envelope = app.envelope(posted.command_id(), ACTOR);
    Ok(app.ledger.carry_out_once(&wish, &envelope, posted.seen, Some(&posted.digest()))?)
}
