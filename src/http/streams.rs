//! The kinds of streams: each has a list, single ones, and one operation for all its commands.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{
    AsOfQuery, CommandAnswer, Known, ListQuery, blocking, command_answer, etag_of_version, page, page_of, read, single,
};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{NOT_FOUND, Problem, REFERENCE_UNKNOWN};
use super::request::{Asked, Posted, id_in_path};
use crate::app::App;
use crate::archive;
use crate::domain::access::policy::{About, Operation};
use crate::domain::agreement::AgreementCommand;
use crate::domain::cost::CostCommand;
use crate::domain::identity::{
    AgreementId, CostId, InvoiceId, InvoiceRunId, LegacyId, LicenceId, PartyId, ProcurementId, SharingKeyId, SignupId,
};
use crate::domain::key_adoption::KeyCommand;
use crate::domain::legacy::LegacyCommand;
use crate::domain::licence::LicenceCommand;
use crate::domain::party::PartyCommand;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::signup::SignupCommand;
use crate::handle::{Handled, Wish};
use crate::references::{looked_up, misfit};
use crate::view::book::Book;
use crate::view::register::{
    AgreementEntry, CostEntry, CreditNoteEntry, Entry, InvoiceEntry, InvoiceRunEntry, LegacyContractEntry,
    LicenceEntry, PartyEntry, ProcurementEntry, SharingKeyEntry, SignupEntry,
};
use crate::view::whose;

/// Something in the register as the API shows it.
trait Shown: Entry + Serialize + ToSchema + Send + 'static {
    const LIST: &'static str;
    const SINGLE: &'static str;
    const TAG: &'static str;
    const NAME: &'static str;
    const NAMES: &'static str;
    /// How a list is ordered.
    const ORDER: &'static str;
    /// What of the policy is asked before one is shown.
    const SEE: &'static [Operation];
    /// Whose one is.
    fn whose(book: &Book, id: Uuid) -> About;
}

/// A kind of stream that takes commands.
trait Commanded: DeserializeOwned + ToSchema + Send + 'static {
    type Entry: Shown;
    const COMMANDS: &'static str;
    /// What of the policy its commands may ask.
    const ASKS: &'static [Operation];
    /// The wish of a stream.
    fn wish(id: Uuid, command: Self) -> Wish;
}

macro_rules! shown {
    ($(
        $entry:ty: $path:literal, $tag:literal, $name:literal, $names:literal, $order:literal,
        $see:ident by $whose:ident($id:ident);
    )*) => {$(
        impl Shown for $entry {
            const LIST: &'static str = concat!("/api/v1/", $path);
            const SINGLE: &'static str = concat!("/api/v1/", $path, "/{id}");
            const TAG: &'static str = $tag;
            const NAME: &'static str = $name;
            const NAMES: &'static str = $names;
            const ORDER: &'static str = $order;
            const SEE: &'static [Operation] = &[Operation::$see];
            fn whose(book: &Book, id: Uuid) -> About {
                whose::$whose(book, $id(id))
            }
        }
    )*};
}

macro_rules! commanded {
    ($($command:ty => $entry:ty, $path:literal, $wish:ident($id:ident), $($asks:ident)+;)*) => {$(
        impl Commanded for $command {
            type Entry = $entry;
            const COMMANDS: &'static str = concat!("/api/v1/", $path, "/{id}/commands");
            const ASKS: &'static [Operation] = &[$(Operation::$asks,)+];
            fn wish(id: Uuid, command: Self) -> Wish {
                Wish::$wish($id(id), command)
            }
        }
    )*};
}

shown! {
    PartyEntry: "parties", "Parties", "Party", "Parties", "by number and name",
        SeeParties by party(PartyId);
    ProcurementEntry: "procurements", "Procurements", "Procurement", "Procurements", "by name",
        SeeProcurements by procurement(ProcurementId);
    AgreementEntry: "agreements", "Agreements", "Agreement", "Agreements", "by the day of the draft",
        SeeAgreements by agreement(AgreementId);
    SignupEntry: "signups", "Signups", "Signup", "Signups", "by the library's name",
        SeeSignups by signup(SignupId);
    LegacyContractEntry: "legacy-contracts", "Old contracts", "LegacyContract", "LegacyContracts",
        "by the day they are paid until", SeeLegacies by legacy(LegacyId);
    CostEntry: "costs", "Costs", "Cost", "Costs", "by year and name", SeeAmounts by cost(CostId);
    LicenceEntry: "licences", "Licences", "Licence", "Licences", "by name", SeeAmounts by licence(LicenceId);
    SharingKeyEntry: "sharing-keys", "Sharing keys", "SharingKey", "SharingKeys", "by name",
        SeeKeys by sharing_key(SharingKeyId);
    InvoiceRunEntry: "invoice-runs", "Invoices", "InvoiceRun", "InvoiceRuns", "by the day of the plan",
        SeeRuns by run(InvoiceRunId);
    InvoiceEntry: "invoices", "Invoices", "Invoice", "Invoices", "by date and number",
        SeeInvoices by document(InvoiceId);
    CreditNoteEntry: "credit-notes", "Invoices", "CreditNote", "CreditNotes", "by date and number",
        SeeInvoices by document(InvoiceId);
}

commanded! {
    PartyCommand => PartyEntry, "parties", Party(PartyId), KeepParty KeepInvoiceAddress;
    ProcurementCommand => ProcurementEntry, "procurements", Procurement(ProcurementId),
        LeadProcurement DecideVat Nudge;
    AgreementCommand => AgreementEntry, "agreements", Agreement(AgreementId), KeepAgreement BindParty;
    SignupCommand => SignupEntry, "signups", Signup(SignupId), KeepSignup TickReadiness LeadSignup;
    LegacyCommand => LegacyContractEntry, "legacy-contracts", Legacy(LegacyId), KeepLegacy;
    CostCommand => CostEntry, "costs", Cost(CostId), KeepAmounts;
    LicenceCommand => LicenceEntry, "licences", Licence(LicenceId), KeepAmounts;
    KeyCommand => SharingKeyEntry, "sharing-keys", SharingKey(SharingKeyId),
        ProposeKey SendHearing AnswerHearing AdoptKey;
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
            .asks(C::ASKS)
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
            .asks(E::SEE)
            .query::<ListQuery>()
            .may_answer(&[404])
            .answers_page::<E>(),
        Endpoint::get(E::SINGLE, format!("get{}", E::NAME), one::<E>)
            .about(E::TAG, "A single one by its id")
            .asks(E::SEE)
            .query::<AsOfQuery>()
            .versioned()
            .may_answer(&[404])
            .answers::<E>("As it stands."),
    ]
}

async fn list<E: Shown>(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let as_of = query.as_of().map(str::to_owned);
    let (items, next) = read(app, asking, as_of, move |known| {
        let (items, next) = page_of::<E>(known, &query, |entry| {
            E::SEE.iter().all(|see| known.asking.sees(*see, || E::whose(known.present, entry.id())))
        })?;
        Ok((items.into_iter().map(|entry| as_seen(known, entry)).collect(), next))
    })
    .await?;
    Ok(page(&request, items, next.map(|id| id.to_string())))
}

async fn one<E: Shown>(
    app: web::Data<App>,
    asking: Asking,
    path: web::Path<String>,
    Asked(query): Asked<AsOfQuery>,
) -> Result<HttpResponse, Problem> {
    let id = id_in_path(&path)?;
    let (entry, version) = read(app, asking, query.as_of, move |known| {
        let whose = E::whose(known.present, id);
        E::SEE.iter().try_for_each(|see| known.asking.may(*see, &whose))?;
        let entry = E::one(known.book, id, known.at()).ok_or_else(|| unknown(E::TAG, id))?;
        Ok((as_seen(known, entry), known.version(id)))
    })
    .await?;
    Ok(single(&entry, Some(version.map_or_else(|| "\"v\"".to_owned(), etag_of_version))))
}

/// An entry as the one who asks may see it.
fn as_seen<E: Shown>(known: &Known<'_>, entry: E) -> E {
    let id = entry.id();
    if known.asking.sees(Operation::SeeDrafts, || E::whose(known.present, id)) {
        entry
    } else {
        entry.without_drafts(known.present)
    }
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

/// Carries out a wish under the key of the request, where who sent it may.
pub fn carry_out(app: &App, wish: Wish, posted: &Posted) -> Result<Handled, Problem> {
    let wish = {
        let known = app.ledger.now();
        posted.asking.may_wish(app, &known.book, &wish)?;
        if let Some(misfit) = misfit(&known.book, &wish) {
            return Err(misfit.into());
        }
        looked_up(&known.book, wish)
    };
    if let Some(sha256) = archive::missing_file(&app.archive(), &wish) {
        let sentence =
            format!("no file of this size and type with the SHA-256 {sha256} is in the archive; send it first");
        return Err(Problem::new(REFERENCE_UNKNOWN, sentence).with("field", "sha256"));
    }
    let envelope = app.envelope(posted.command_id(), &posted.asking.actor());
    Ok(app.ledger.carry_out_once(&wish, &envelope, posted.seen, Some(&posted.digest()))?)
}
