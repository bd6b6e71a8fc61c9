//! The administrator's pages: who has access to what.

use actix_web::http::StatusCode;
use actix_web::{Either, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::form::{Sent, day, see};
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::access::{Access, AccessCommand, Closed, Granted, Invited, Requested, Revoked, Role};
use crate::domain::identity::{PartyId, PersonId, ProcurementId};
use crate::handle::Wish;
use crate::http::accounts::{EmailFault, email_fault, invitation_of, invited_person, role_shown, takes_two_people};
use crate::http::answer::{Known, blocking, read};
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, PROOF_NEEDED, Problem};
use crate::http::request::Asked;
use crate::render::page::{
    AccountEntryShown, AccountFault, AccountShown, AccountState, AccountsShown, Place, RoleKind, RoleTyped,
    ScopeChoice, account_page, accounts_page,
};
use crate::sign_in::INVITATION_DAYS;
use crate::store::people::{FIELD_CHARACTERS_MAX, Person};
use crate::view::register::{Entry, PartyEntry};

pub fn routes() -> Vec<PageRoute> {
    let keep: &[Operation] = &[Operation::KeepAccounts];
    vec![
        PageRoute::get("/accounts", &[Operation::SeeAccounts], list),
        PageRoute::post("/accounts", &[Operation::KeepAccounts], invite),
        PageRoute::get("/accounts/{person}", &[Operation::SeeAccounts], one),
        PageRoute::post("/accounts/{person}/invitation", keep, renew),
        PageRoute::post("/accounts/{person}/roles", &[Operation::GrantAccess, Operation::KeepAccounts], add_role),
        PageRoute::post("/accounts/{person}/grant", &[Operation::GrantAccess, Operation::KeepAccounts], grant),
        PageRoute::post("/accounts/{person}/revoke", keep, revoke),
        PageRoute::post("/accounts/{person}/unlock", keep, unlock),
        PageRoute::post("/accounts/{person}/end-sessions", keep, end_sessions),
        PageRoute::post("/accounts/{person}/revoke-token", keep, revoke_token),
        PageRoute::post("/accounts/{person}/close", keep, close),
    ]
}

/// Which accounts.
#[derive(Debug, Clone, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    closed: String,
}

/// A form as it was typed, and what of it was not taken.
#[derive(Debug, Clone, Default)]
struct Typed {
    name: String,
    email: String,
    kind: Option<RoleKind>,
    scope: String,
    until: String,
    faults: Vec<AccountFault>,
    link: Option<String>,
}

type Answered = Result<Either<HttpResponse, Page>, Problem>;

fn entry(known: &Known<'_>, person: PersonId, access: &Access) -> Result<AccountEntryShown, Problem> {
    let sees_names = known.asking.may_at_all(Operation::KeepAccounts).is_ok();
    let who = if sees_names { known.app.people.get(person).map_err(|error| Problem::internal(&error))? } else { None };
    let (name, email) = who.map_or((None, None), |who| (Some(who.name), who.email));
    let locked = known.app.sign_ins.locked_until(person).map_err(|error| Problem::internal(&error))?;
    let state = match locked {
        _ if !access.is_open() => AccountState::Closed,
        Some(until) => AccountState::Locked(format!(
            "{} {}",
            norwegian_day(until).format("%d.%m.%Y"),
            norwegian_time(until).format("%H:%M")
        )),
        None => AccountState::Open,
    };
    let roles = access.held.iter().map(|held| role_shown(known.book, held.role, held.until, known.day));
    Ok(AccountEntryShown {
        person: person.to_string(),
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| person.to_string()),
        email,
        roles: roles.collect(),
        requested_count: access.requested.len(),
        state,
    })
}

fn list_shown(
    known: &Known<'_>,
    around: &Around,
    query: &ListQuery,
    typed: &Typed,
    command: Uuid,
) -> Result<Page, Problem> {
    known.asking.may(Operation::SeeAccounts, &About::default())?;
    let wanted = query.q.trim().to_lowercase();
    let with_closed = query.closed == "yes";
    let mut accounts = Vec::new();
    for (person, access) in &known.book.access {
        if !access.is_open() && !with_closed {
            continue;
        }
        let shown = entry(known, *person, access)?;
        let email = shown.email.as_deref().unwrap_or_default();
        if shown.name.to_lowercase().contains(&wanted) || email.to_lowercase().contains(&wanted) {
            accounts.push(shown);
        }
    }
    accounts.sort_by_cached_key(|account| account.name.to_lowercase());
    let page = AccountsShown {
        q: &query.q,
        closed: with_closed,
        accounts: &accounts,
        may_keep: known.asking.may_at_all(Operation::KeepAccounts).is_ok(),
        needs_proof: needs_proof(known.asking),
        typed: (&typed.name, &typed.email),
        faults: &typed.faults,
    };
    around.answer_as(status(typed), command, Some(Place::Accounts), |frame| accounts_page(frame, &page))
}

/// Whether accounts could be kept after a proof.
fn needs_proof(asking: &Asking) -> bool {
    asking.may_at_all(Operation::KeepAccounts).is_err_and(|problem| problem.code() == PROOF_NEEDED.code)
}

fn status(typed: &Typed) -> StatusCode {
    if typed.faults.contains(&AccountFault::ProofNeeded) {
        return StatusCode::FORBIDDEN;
    }
    if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<ListQuery>,
) -> Result<Page, Problem> {
    read(app, asking, None, move |known| list_shown(known, &around, &query, &Typed::default(), known.app.ids.new_id()))
        .await
}

fn one_shown(
    known: &Known<'_>,
    around: &Around,
    person: PersonId,
    typed: &Typed,
    command: Uuid,
) -> Result<Page, Problem> {
    known.asking.may(Operation::SeeAccounts, &About::default())?;
    let access = known.book.access.get(&person).ok_or_else(unknown)?;
    let account = entry(known, person, access)?;
    let own = known.asking.asker().person();
    let requested: Vec<_> = access
        .requested
        .iter()
        .map(|asked| {
            let role = role_shown(known.book, asked.role, asked.until, known.day);
            (role, own == Some(asked.requested_by))
        })
        .collect();
    let internal = |error: crate::sign_in::SignInError| Problem::internal(&error);
    let tokens = known.app.sign_ins.tokens().map_err(internal)?.into_iter();
    let tokens: Vec<_> = tokens
        .filter(|token| token.person == person && known.day <= token.until)
        .map(|token| (token.id.to_string(), token.name, token.until))
        .collect();
    let sessions_count = known.app.sign_ins.open_sessions(person, None).map_err(internal)?.len();
    let procurements: Vec<_> = known
        .book
        .procurements
        .iter()
        .filter_map(|(id, procurement)| Some((id, procurement.opened.as_ref()?)))
        .map(|(id, opened)| ScopeChoice { id: id.to_string(), name: opened.name.clone() })
        .collect();
    let mut parties: Vec<_> = PartyEntry::all(known.book, known.at())
        .into_iter()
        .filter(|party| party.ending.is_none())
        .map(|party| ScopeChoice { id: party.party.to_string(), name: party.name })
        .collect();
    parties.sort_by_cached_key(|party| party.name.to_lowercase());
    let page = AccountShown {
        account: &account,
        requested: &requested,
        tokens: &tokens,
        sessions_count,
        procurements: &procurements,
        parties: &parties,
        may_keep: known.asking.may_at_all(Operation::KeepAccounts).is_ok(),
        needs_proof: needs_proof(known.asking),
        two_people: takes_two_people(known.app),
        typed: RoleTyped { kind: typed.kind, scope: &typed.scope, until: &typed.until },
        faults: &typed.faults,
        link: typed.link.as_deref().map(|link| (link, INVITATION_DAYS)),
    };
    around.answer_as(status(typed), command, Some(Place::Accounts), |frame| account_page(frame, &page))
}

fn unknown() -> Problem {
    Problem::new(NOT_FOUND, "no account has this id; the list of accounts shows them")
}

fn person(path: &str) -> Result<PersonId, Problem> {
    path.parse().map(PersonId).map_err(|_| unknown())
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let person = person(&path)?;
    read(app, asking, None, move |known| one_shown(known, &around, person, &Typed::default(), known.app.ids.new_id()))
        .await
}

/// What a problem says of a form, where it is one that a person can mend there.
fn fault_of(problem: &Problem) -> Option<AccountFault> {
    match problem.code() {
        "access-until-passed" => Some(AccountFault::UntilPassed),
        "access-auditor-without-end" => Some(AccountFault::UntilMissing),
        "access-auditor-too-long" => Some(AccountFault::UntilTooFar),
        "access-own-role" => Some(AccountFault::OwnRole),
        "access-not-requested" => Some(AccountFault::NotRequested),
        "access-own-request" => Some(AccountFault::OwnRequest),
        "access-not-invited" | "access-already-closed" => Some(AccountFault::NotOpen),
        code if code == PROOF_NEEDED.code => Some(AccountFault::ProofNeeded),
        _ => None,
    }
}

/// Does what a form of the list asks for.
async fn invite(app: web::Data<App>, around: Around, sent: Sent) -> Answered {
    let (asking, command) = (sent.asking.clone(), sent.command()?);
    let mut typed =
        Typed { name: sent.field("name").to_owned(), email: sent.field("email").to_owned(), ..Typed::default() };
    let person = invited_person(command);
    let (doing, wished) = (app.clone(), typed.clone());
    let invited = blocking(move || invited(&doing, &sent, person, &wished)).await?;
    match invited {
        Ok(link) => {
            typed.link = Some(link);
            let page = read(app, asking, None, move |known| {
                one_shown(known, &around, person, &Typed { faults: vec![], ..typed }, known.app.ids.new_id())
            });
            Ok(Either::Right(page.await?))
        }
        Err(faults) => {
            typed.faults = faults;
            let page = read(app, asking, None, move |known| {
                list_shown(known, &around, &ListQuery::default(), &typed, command)
            });
            Ok(Either::Right(page.await?))
        }
    }
}

fn invited(
    app: &App,
    sent: &Sent,
    person: PersonId,
    wished: &Typed,
) -> Result<Result<String, Vec<AccountFault>>, Problem> {
    let mut faults = Vec::new();
    if wished.name.is_empty() || wished.name.chars().count() > FIELD_CHARACTERS_MAX {
        faults.push(AccountFault::Name);
    }
    match email_fault(app, person, &wished.email)? {
        Some(EmailFault::NoAddress) => faults.push(AccountFault::Email),
        Some(EmailFault::Taken) => faults.push(AccountFault::EmailTaken),
        None => {}
    }
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let invited = Invited { person, invited_by: sent.asking.asker().person(), on: app.clock.today() };
    let wish = Wish::Access(person, AccessCommand::Invite(invited));
    if let Err(problem) = sent.asking.may_wish(app, &app.ledger.now().book, &wish) {
        return fault_of(&problem).map(|fault| Err(vec![fault])).ok_or(problem);
    }
    let known = Person { name: wished.name.clone(), email: Some(wished.email.clone()), ..Person::default() };
    app.people.put(person, &known).map_err(|error| Problem::internal(&error))?;
    sent.carry_out(app, wish)?;
    invitation_of(app, person).map(Ok)
}

/// Does what a form of an account asks for, and shows the account: with what is wrong, where something is.
async fn done(
    app: web::Data<App>,
    around: Around,
    path: web::Path<String>,
    sent: Sent,
    work: impl FnOnce(&App, &Sent, PersonId) -> Result<Option<String>, Undone> + Send + 'static,
) -> Answered {
    let person = person(&path)?;
    let (asking, command) = (sent.asking.clone(), sent.command()?);
    let mut typed = Typed {
        kind: RoleKind::named(sent.field("role")),
        scope: sent.field("scope").to_owned(),
        until: sent.field("until").to_owned(),
        ..Typed::default()
    };
    let doing = app.clone();
    let worked = blocking(move || {
        if !doing.ledger.now().book.access.contains_key(&person) {
            return Err(unknown());
        }
        match work(&doing, &sent, person) {
            Ok(link) => Ok(Ok(link)),
            Err(Undone::Form(faults)) => Ok(Err(faults)),
            Err(Undone::Problem(problem)) => fault_of(&problem).map(|fault| Err(vec![fault])).ok_or(problem),
        }
    })
    .await?;
    match worked {
        Ok(None) => return Ok(Either::Left(see(&format!("/accounts/{person}")))),
        Ok(Some(link)) => typed.link = Some(link),
        Err(faults) => typed.faults = faults,
    }
    let page = read(app, asking, None, move |known| one_shown(known, &around, person, &typed, command)).await?;
    Ok(Either::Right(page))
}

/// Why what a form asks for was not done.
enum Undone {
    /// Something of what was typed.
    Form(Vec<AccountFault>),
    /// Something else, which may be of the form as well.
    Problem(Problem),
}

impl From<Problem> for Undone {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn renew(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        sent.asking.may(Operation::KeepAccounts, &About::default())?;
        if !app.ledger.now().book.access.get(&person).is_some_and(Access::is_open) {
            return Err(Undone::Form(vec![AccountFault::NotOpen]));
        }
        Ok(Some(invitation_of(app, person)?))
    })
    .await
}

/// The role that a form asks for, with its last day.
fn wished_role(app: &App, sent: &Sent) -> Result<(Role, Option<NaiveDate>), Undone> {
    let mut faults = Vec::new();
    let until = match sent.field("until") {
        "" => None,
        text => {
            let read = day(text);
            if read.is_none() {
                faults.push(AccountFault::UntilUnread);
            }
            read
        }
    };
    let role = RoleKind::named(sent.field("role")).and_then(|kind| role_with(app, kind, sent.field("scope")));
    if role.is_none() {
        faults.push(AccountFault::Scope);
    }
    match role {
        Some(role) if faults.is_empty() => Ok((role, until)),
        Some(_) | None => Err(Undone::Form(faults)),
    }
}

/// A role with its scope; none where it takes a scope of another kind.
fn role_with(app: &App, kind: RoleKind, scope: &str) -> Option<Role> {
    let known = app.ledger.now();
    let id: Option<Uuid> = scope.parse().ok();
    let party = id.map(PartyId).filter(|party| known.book.parties.contains_key(party));
    let procurement = id.map(ProcurementId).filter(|procurement| known.book.procurements.contains_key(procurement));
    match kind {
        RoleKind::CountyLibrary => procurement.map(|procurement| Role::CountyLibrary { procurement }),
        RoleKind::MunicipalLeader => party.map(|party| Role::MunicipalLeader { party }),
        RoleKind::LibraryLeader => party.map(|party| Role::LibraryLeader { party }),
        RoleKind::Finance => party.map(|party| Role::Finance { party }),
        RoleKind::CountyFinance => party.map(|county| Role::CountyFinance { county }),
        RoleKind::Auditor => scope.is_empty().then_some(Role::Auditor),
        RoleKind::Administrator => scope.is_empty().then_some(Role::Administrator),
    }
}

fn carry_out(app: &App, sent: &Sent, person: PersonId, command: AccessCommand) -> Result<Option<String>, Undone> {
    sent.carry_out(app, Wish::Access(person, command))?;
    Ok(None)
}

fn granted(app: &App, sent: &Sent, role: Role, until: Option<NaiveDate>) -> AccessCommand {
    let granted = Granted { role, until, granted_by: sent.asking.asker().person(), on: app.clock.today() };
    AccessCommand::Grant { granted, two_people: takes_two_people(app) }
}

/// Grants a role, or asks for it where another administrator has to grant it.
async fn add_role(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        let (role, until) = wished_role(app, sent)?;
        let command = if takes_two_people(app) {
            let nobody = || Undone::Form(vec![AccountFault::NobodyElse]);
            let requested_by = sent.asking.asker().person().ok_or_else(nobody)?;
            AccessCommand::Request(Requested { role, until, requested_by, on: app.clock.today() })
        } else {
            granted(app, sent, role, until)
        };
        carry_out(app, sent, person, command)
    })
    .await
}

/// The role in the hidden field of a form.
fn written_role(sent: &Sent) -> Result<Role, Undone> {
    serde_json::from_str(sent.field("role")).map_err(|_| Undone::Form(vec![AccountFault::Scope]))
}

async fn grant(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        let role = written_role(sent)?;
        let until = day(sent.field("until"));
        carry_out(app, sent, person, granted(app, sent, role, until))
    })
    .await
}

async fn revoke(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        let role = written_role(sent)?;
        let revoked = Revoked { role, revoked_by: sent.asking.asker().person(), on: app.clock.today() };
        carry_out(app, sent, person, AccessCommand::Revoke(revoked))
    })
    .await
}

async fn unlock(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        sent.asking.may(Operation::KeepAccounts, &About::default())?;
        app.sign_ins.unlock(person).map_err(|error| Problem::internal(&error))?;
        Ok(None)
    })
    .await
}

async fn end_sessions(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        sent.asking.may(Operation::KeepAccounts, &About::default())?;
        app.sign_ins.end_all(person).map_err(|error| Problem::internal(&error))?;
        Ok(None)
    })
    .await
}

async fn revoke_token(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        sent.asking.may(Operation::KeepAccounts, &About::default())?;
        let id = sent.id("token")?;
        let tokens = app.sign_ins.tokens().map_err(|error| Problem::internal(&error))?;
        if tokens.iter().any(|token| token.id == id && token.person == person) {
            app.sign_ins.revoke_token(id).map_err(|error| Problem::internal(&error))?;
        }
        Ok(None)
    })
    .await
}

async fn close(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    done(app, around, path, sent, |app, sent, person| {
        if sent.field("sure") != "yes" {
            return Err(Undone::Form(vec![AccountFault::NotSure]));
        }
        let closed = Closed { closed_by: sent.asking.asker().person(), on: app.clock.today() };
        carry_out(app, sent, person, AccessCommand::Close(closed))?;
        app.sign_ins.file().forget_person(person).map_err(|error| Problem::internal(&error))?;
        Ok(None)
    })
    .await
}
