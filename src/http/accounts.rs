//! Who has access: accounts, invitations, roles.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{CommandAnswer, PageQuery, blocking, command_answer, cut, page, page_limit, read, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{BODY_INVALID, INVITED_ALREADY, Problem};
use super::request::{Asked, Posted, id_in_path};
use super::streams::carry_out;
use crate::app::App;
use crate::domain::access::policy::{About, Asker, Operation};
use crate::domain::access::{
    Access, AccessCommand, Closed, Granted, InvitationRenewed, Invited, Requested, Revoked, Role,
};
use crate::domain::identity::{InvitationId, PersonId};
use crate::handle::{Handled, Wish};
use crate::ids;
use crate::render::page::RoleShown;
use crate::sign_in::INVITATION_DAYS;
use crate::store::Position;
use crate::store::people::Person;
use crate::view::book::Book;
use crate::view::holders::scope;

const ACCOUNTS: &str = "Accounts";

/// A role that is held or requested.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HeldEntry {
    /// The role with its scope.
    role: Role,
    /// Its last day; none where it holds until it is revoked.
    until: Option<NaiveDate>,
}

/// An account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AccountEntry {
    /// The person.
    person: PersonId,
    /// The name; shown to who keeps accounts alone.
    name: Option<String>,
    /// The e-mail address that the person signs in with; shown to who keeps accounts alone.
    email: Option<String>,
    /// The day of the invitation.
    invited_on: Option<NaiveDate>,
    /// The day the account was closed.
    closed_on: Option<NaiveDate>,
    /// The roles.
    held: Vec<HeldEntry>,
    /// The roles that wait for another administrator.
    requested: Vec<HeldEntry>,
}

/// Who one is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OwnAccount {
    /// The person; none where nobody has to sign in.
    person: Option<PersonId>,
    /// The roles that one acts in.
    held: Vec<HeldEntry>,
}

/// Who is invited.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteRequest {
    /// The full name.
    name: String,
    /// The e-mail address to sign in with.
    email: String,
}

/// An invitation, shown once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct InvitationAnswer {
    /// The person.
    person: PersonId,
    /// Where the person chooses a password. Whoever has it can do so: hand it to the person and to nobody else.
    link: String,
    /// How many days it holds.
    days: i64,
}

/// Which role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleRequest {
    /// The role with its scope.
    role: Role,
    /// Its last day; needed for an auditor, at most 366 days away.
    #[serde(default)]
    until: Option<NaiveDate>,
}

/// Which role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RevokeRequest {
    /// The role with its scope.
    role: Role,
}

/// How many sign-ins were ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EndedAnswer {
    /// How many.
    ended_count: usize,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    let of_person = |endpoint: Endpoint| endpoint.path_parameter("id", "The id of the person.").may_answer(&[404]);
    vec![
        Endpoint::get("/api/v1/own-account", "getOwnAccount", own)
            .about(ACCOUNTS, "Who one is, and in which roles one acts")
            .asks(&[Operation::KeepOwnAccount])
            .answers::<OwnAccount>("One's own account."),
        Endpoint::get("/api/v1/accounts", "listAccounts", list)
            .about(ACCOUNTS, "Everybody who has, or had, an account, in the order of the invitations")
            .asks(&[Operation::SeeAccounts])
            .query::<PageQuery>()
            .answers_page::<AccountEntry>(),
        Endpoint::post("/api/v1/accounts", "inviteAccount", invite)
            .about(ACCOUNTS, "Invite a person to have an account")
            .described(
                "The same key again makes no second account, but another link, and the one before no longer holds; once the \
                 account has roles, it is invited anew by an operation of its own.",
            )
            .asks(&[Operation::KeepAccounts])
            .takes::<InviteRequest>()
            .may_answer(&[409, 503])
            .answers::<InvitationAnswer>("The invitation."),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/invitations", "renewInvitation", renew)
                .about(ACCOUNTS, "Invite somebody anew who has lost the password, the passkey or the invitation")
                .described(
                    "Whoever has the invitation signs in as the person. Where two people are required to grant a role, the \
                     person's roles wait until another administrator has granted them again. The same key again makes \
                     another link as long as the account has no roles.",
                )
                .asks(&[Operation::GrantAccess])
                .commands()
                .answers::<InvitationAnswer>("The invitation. Sign-ins end when it is taken up."),
        ),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/requests", "requestRole", request)
                .about(ACCOUNTS, "Ask for a role on behalf of a person, where another administrator has to grant it")
                .asks(&[Operation::KeepAccounts])
                .takes::<RoleRequest>()
                .commands()
                .answers::<CommandAnswer>("It waits for another administrator."),
        ),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/roles", "grantRole", grant)
                .about(ACCOUNTS, "Grant a role")
                .asks(&[Operation::GrantAccess])
                .takes::<RoleRequest>()
                .commands()
                .answers::<CommandAnswer>("The person holds it."),
        ),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/revocations", "revokeRole", revoke)
                .about(ACCOUNTS, "Revoke a role, or what was requested of it")
                .asks(&[Operation::KeepAccounts])
                .takes::<RevokeRequest>()
                .commands()
                .answers::<CommandAnswer>("The person no longer holds it."),
        ),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/closure", "closeAccount", close)
                .about(
                    ACCOUNTS,
                    "Close an account for good: its roles, passwords, passkeys, sign-ins and tokens are gone",
                )
                .asks(&[Operation::KeepAccounts])
                .commands()
                .answers::<CommandAnswer>("It is closed."),
        ),
        of_person(
            Endpoint::post("/api/v1/accounts/{id}/sign-outs", "endSignIns", end_sign_ins)
                .about(ACCOUNTS, "End all sign-ins of a person")
                .asks(&[Operation::KeepAccounts])
                .answers::<EndedAnswer>("They are ended."),
        ),
    ]
}

async fn own(asking: Asking) -> Result<HttpResponse, Problem> {
    asking.may(Operation::KeepOwnAccount, &About::default())?;
    let held = match asking.asker() {
        Asker::Person(signed_in) => {
            signed_in.held.iter().map(|held| HeldEntry { role: held.role, until: held.until }).collect()
        }
        Asker::Operator | Asker::Stranger => Vec::new(),
    };
    Ok(single(&OwnAccount { person: asking.asker().person(), held }, None))
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (items, next) = read(app, asking, query.as_of, move |known| {
        known.asking.may(Operation::SeeAccounts, &About::default())?;
        let sees_names = known.asking.sees_names();
        let (page, next) =
            cut(known.book.access.iter().collect(), limit, query.after, |(person, _): &(&PersonId, &Access)| person.0)?;
        let accounts = page.into_iter().map(|(person, access)| account(known.app, *person, access, sees_names));
        Ok((accounts.collect::<Result<Vec<AccountEntry>, Problem>>()?, next))
    })
    .await?;
    Ok(page(&request, items, next.map(|person| person.to_string())))
}

fn account(app: &App, person: PersonId, access: &Access, sees_names: bool) -> Result<AccountEntry, Problem> {
    let known = if sees_names { app.people.get(person).map_err(|error| Problem::internal(&error))? } else { None };
    let (name, email) = known.map_or((None, None), |known| (Some(known.name), known.email));
    Ok(AccountEntry {
        person,
        name,
        email,
        invited_on: access.invited.as_ref().map(|invited| invited.on),
        closed_on: access.closed.as_ref().map(|closed| closed.on),
        held: access.held.iter().map(|held| HeldEntry { role: held.role, until: held.until }).collect(),
        requested: access.requested.iter().map(|asked| HeldEntry { role: asked.role, until: asked.until }).collect(),
    })
}

async fn invite(app: web::Data<App>, posted: Posted) -> Result<HttpResponse, Problem> {
    let InviteRequest { name, email } = posted.read()?;
    let answer = blocking(move || {
        let person = invited_person(posted.command_id());
        check_email(&app, person, &email)?;
        let invited = Invited { person, invited_by: posted.asking.asker().person(), on: app.clock.today() };
        let wish = Wish::Access(person, AccessCommand::Invite(invited));
        posted.asking.may_wish(&app, &app.ledger.now().book, &wish)?;
        let known = Person { name, email: Some(email), ..Person::default() };
        app.people.put(person, &known).map_err(|error| Problem::new(BODY_INVALID, error.to_string()))?;
        invitation(&app, person, || carry_out(&app, wish, &posted))
    })
    .await?;
    Ok(single(&answer, None))
}

/// What is wrong with an e-mail address to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailFault {
    /// It is none.
    NoAddress,
    /// Somebody signs in with it already.
    Taken,
}

/// What is wrong with the e-mail address of a person; nothing where it is one, and nobody else signs in with it.
pub fn email_fault(app: &App, person: PersonId, email: &str) -> Result<Option<EmailFault>, Problem> {
    if email.parse::<lettre::Address>().is_err() {
        return Ok(Some(EmailFault::NoAddress));
    }
    let others = app.people.with_email(email).map_err(|error| Problem::internal(&error))?;
    let known = app.ledger.now();
    let is_taken = |other: &PersonId| *other != person && known.book.access.get(other).is_some_and(Access::is_open);
    Ok(others.iter().any(is_taken).then_some(EmailFault::Taken))
}

fn check_email(app: &App, person: PersonId, email: &str) -> Result<(), Problem> {
    match email_fault(app, person, email)? {
        None => Ok(()),
        Some(EmailFault::NoAddress) => Err(no_address(email)),
        Some(EmailFault::Taken) => {
            let sentence = "email is that of an account already; invite that one anew, or give another";
            Err(Problem::new(BODY_INVALID, sentence).with("field", "email"))
        }
    }
}

/// What is no e-mail address.
pub fn no_address(email: &str) -> Problem {
    let sentence = format!("email \"{email}\" is no e-mail address; write it as name@domain.example");
    Problem::new(BODY_INVALID, sentence).with("field", "email")
}

/// The person that an invitation under a command makes: the same each time.
pub fn invited_person(command: Uuid) -> PersonId {
    PersonId(ids::derived(command, "person"))
}

/// The link of a new invitation, once it is written down that there is one; earlier ones no longer hold. What is only
/// repeated gives nobody roles that were granted since.
pub fn invitation_of(
    app: &App,
    person: PersonId,
    written_down: impl FnOnce() -> Result<Handled, Problem>,
) -> Result<String, Problem> {
    let reached = Position(app.ledger.reached());
    let is_repeated = written_down()?.position.is_none_or(|position| position <= reached);
    let has_roles = app.ledger.now().book.access.get(&person).is_some_and(|access| !access.held.is_empty());
    if is_repeated && has_roles {
        let sentence =
            "this has been done already, and the account has roles; renew the invitation with a new Idempotency-Key";
        return Err(Problem::new(INVITED_ALREADY, sentence));
    }
    let secret = app.sign_ins.invite(person).map_err(|error| Problem::internal(&error))?;
    Ok(crate::sign_in::invitation_link(&app.settings.sign_in.origin, &secret))
}

fn invitation(
    app: &App,
    person: PersonId,
    written_down: impl FnOnce() -> Result<Handled, Problem>,
) -> Result<InvitationAnswer, Problem> {
    Ok(InvitationAnswer { person, link: invitation_of(app, person, written_down)?, days: INVITATION_DAYS })
}

/// What is wished where somebody is invited anew by a command.
pub fn renewal(app: &App, person: PersonId, command: Uuid, renewed_by: Option<PersonId>) -> Wish {
    let invitation = InvitationId(ids::derived(command, "invitation"));
    let renewed = InvitationRenewed { invitation, renewed_by, on: app.clock.today() };
    Wish::Access(person, AccessCommand::RenewInvitation { renewed, two_people: takes_two_people(app) })
}

/// Whether a role takes two people by the settings.
pub fn takes_two_people(app: &App) -> bool {
    app.settings.sign_in.two_people.iter().any(|name| name == Operation::GrantAccess.name())
}

/// A role with the name of what it reaches.
pub fn role_shown(book: &Book, role: Role, until: Option<NaiveDate>, today: NaiveDate) -> RoleShown {
    RoleShown { role, scope: scope(book, role, today), until }
}

async fn renew(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let person = PersonId(id_in_path(&path)?);
    let answer = blocking(move || {
        let wish = renewal(&app, person, posted.command_id(), posted.asking.asker().person());
        invitation(&app, person, || carry_out(&app, wish, &posted))
    })
    .await?;
    Ok(single(&answer, None))
}

async fn of_account(
    app: web::Data<App>,
    path: web::Path<String>,
    posted: Posted,
    command: impl FnOnce(&App, &Posted) -> Result<AccessCommand, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let person = PersonId(id_in_path(&path)?);
    let handled = blocking(move || {
        let command = command(&app, &posted)?;
        let closes = matches!(command, AccessCommand::Close(_));
        let handled = carry_out(&app, Wish::Access(person, command), &posted)?;
        if closes {
            app.sign_ins.file().forget_person(person).map_err(|error| Problem::internal(&error))?;
        }
        Ok(handled)
    })
    .await?;
    command_answer(&handled)
}

async fn request(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    of_account(app, path, posted, |app, posted| {
        let RoleRequest { role, until } = posted.read()?;
        let sentence = "nobody is signed in, so that nobody else could grant it; grant it at once";
        let requested_by = posted.asking.asker().person().ok_or_else(|| Problem::new(BODY_INVALID, sentence))?;
        Ok(AccessCommand::Request(Requested { role, until, requested_by, on: app.clock.today() }))
    })
    .await
}

async fn grant(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    of_account(app, path, posted, |app, posted| {
        let RoleRequest { role, until } = posted.read()?;
        let granted_by = posted.asking.asker().person();
        let granted = Granted { role, until, granted_by, on: app.clock.today() };
        Ok(AccessCommand::Grant { granted, two_people: takes_two_people(app) })
    })
    .await
}

async fn revoke(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    of_account(app, path, posted, |app, posted| {
        let RevokeRequest { role } = posted.read()?;
        let revoked_by = posted.asking.asker().person();
        Ok(AccessCommand::Revoke(Revoked { role, revoked_by, on: app.clock.today() }))
    })
    .await
}

async fn close(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    of_account(app, path, posted, |app, posted| {
        Ok(AccessCommand::Close(Closed { closed_by: posted.asking.asker().person(), on: app.clock.today() }))
    })
    .await
}

async fn end_sign_ins(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let person = PersonId(id_in_path(&path)?);
    let ended_count = blocking(move || {
        posted.asking.may(Operation::KeepAccounts, &About::default())?;
        app.sign_ins.end_all(person).map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(single(&EndedAnswer { ended_count }, None))
}
