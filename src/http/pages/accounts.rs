//! The administrator's pages: who has access to what.

use std::collections::{BTreeMap, HashMap};

use actix_web::http::StatusCode;
use actix_web::web;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::filled::{Answered, Reading, done, tried};
use super::form::Sent;
use super::kept::Rests;
use crate::alphabet::order;
use crate::app::App;
use crate::clock::{norwegian_day, norwegian_time};
use crate::domain::access::policy::{About, Operation};
use crate::domain::access::{Access, AccessCommand, Closed, Granted, Invited, Requested, Revoked, Role};
use crate::domain::identity::{PartyId, PersonId, ProcurementId};
use crate::domain::party::PartyKind;
use crate::handle::Wish;
use crate::http::accounts::{
    EmailFault, email_fault, invitation_of, invited_person, renewal, role_shown, takes_two_people,
};
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::http::request::Asked;
use crate::render::page::{
    AccountEntryShown, AccountShown, AccountState, AccountsShown, Filled, Place, RoleKind, ScopeChoice, account_page,
    accounts_page, person_called,
};
use crate::sign_in::INVITATION_DAYS;
use crate::store::people::{FIELD_CHARACTERS_MAX, Person};
use crate::text::Language;
use crate::view::register::{Entry, PartyEntry};

pub fn routes() -> Vec<PageRoute> {
    let keep: &[Operation] = &[Operation::KeepAccounts];
    vec![
        PageRoute::get("/accounts", &[Operation::SeeAccounts], list),
        PageRoute::post("/accounts", &[Operation::KeepAccounts], invite),
        PageRoute::get("/accounts/{person}", &[Operation::SeeAccounts], one),
        PageRoute::post("/accounts/{person}/invitation", &[Operation::GrantAccess], renew),
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

/// The fields that rules of access speak of, and what is said beside each.
const AT_FIELDS: [(&str, &str, &str); 3] = [
    ("access-until-passed", "until", "accounts-until-passed"),
    ("access-auditor-without-end", "until", "accounts-until-missing"),
    ("access-auditor-too-long", "until", "accounts-until-too-far"),
];

/// Until when people cannot sign in by password, of those of whom it is so.
type Locked = BTreeMap<PersonId, DateTime<Utc>>;

fn locked(known: &Known<'_>) -> Result<Locked, Problem> {
    known.app.sign_ins.locked().map_err(|error| Problem::internal(&error))
}

/// An account, with who it is of where that is kept and seen.
fn entry(
    known: &Known<'_>,
    language: Language,
    locked: &Locked,
    (person, who): (PersonId, Option<Person>),
    access: &Access,
) -> AccountEntryShown {
    let (name, email) = who.map_or((None, None), |who| (Some(who.name), who.email));
    let state = match locked.get(&person).copied() {
        _ if !access.is_open() => AccountState::Closed,
        Some(until) => AccountState::Locked(norwegian_day(until), norwegian_time(until)),
        None => AccountState::Open,
    };
    let roles = access.held.iter().map(|held| role_shown(known.book, held.role, held.until, known.day));
    AccountEntryShown {
        person: person.to_string(),
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| person_called(language, &[], &person.to_string())),
        email,
        roles: roles.collect(),
        requested_count: access.requested.len(),
        state,
    }
}

fn list_shown(
    known: &Known<'_>,
    around: &Around,
    query: &ListQuery,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    known.asking.may(Operation::SeeAccounts, &About::default())?;
    let wanted = if known.asking.sees_names() { query.q.trim().to_lowercase() } else { String::new() };
    let with_closed = query.closed == "yes";
    let locked = locked(known)?;
    let people = if known.asking.sees_names() { known.app.people.all() } else { Ok(Vec::new()) };
    let mut people: HashMap<_, _> = people.map_err(|error| Problem::internal(&error))?.into_iter().collect();
    let mut accounts = Vec::new();
    for (person, access) in &known.book.access {
        if !access.is_open() && !with_closed {
            continue;
        }
        let shown = entry(known, around.language, &locked, (*person, people.remove(person)), access);
        let email = shown.email.as_deref().unwrap_or_default();
        if shown.name.to_lowercase().contains(&wanted) || email.to_lowercase().contains(&wanted) {
            accounts.push(shown);
        }
    }
    accounts.sort_by(|one, other| order(&one.name, &other.name));
    let page = AccountsShown {
        q: &query.q,
        closed: with_closed,
        accounts: &accounts,
        may_keep: known.asking.may_at_all(Operation::KeepAccounts).is_ok(),
        may_search: known.asking.sees_names(),
        filled,
    };
    let page = around.answer_as(status, command, Some(Place::Accounts), |frame| accounts_page(frame, &page))?;
    Ok(page.until(locked.values().min().copied()))
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<ListQuery>,
) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::SignIns, move |known, around| {
            let anew = (StatusCode::OK, known.app.ids.new_id());
            list_shown(known, around, &query, &Filled::default(), anew)
        })
        .await
}

fn one_shown(
    known: &Known<'_>,
    around: &Around,
    person: PersonId,
    (filled, link): (&Filled, Option<&str>),
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    known.asking.may(Operation::SeeAccounts, &About::default())?;
    let access = known.book.access.get(&person).ok_or_else(unknown)?;
    let locked = locked(known)?;
    let who = if known.asking.sees_names() { known.app.people.get(person) } else { Ok(None) };
    let who = who.map_err(|error| Problem::internal(&error))?;
    let account = entry(known, around.language, &locked, (person, who), access);
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
    let sessions = known.app.sign_ins.open_sessions(person, None).map_err(internal)?;
    let ends = sessions.iter().map(|session| session.ends).chain(locked.get(&person).copied()).min();
    let procurements: Vec<_> = known
        .book
        .procurements
        .iter()
        .filter_map(|(id, procurement)| Some((id, procurement.opened.as_ref()?)))
        .map(|(id, opened)| ScopeChoice { id: id.to_string(), name: opened.name.clone() })
        .collect();
    let mut standing = PartyEntry::all(known.book, known.at());
    standing.retain(|party| party.ending.is_none());
    standing.sort_by(|one, other| order(&one.name, &other.name));
    let is_county = |party: &PartyEntry| party.kind == PartyKind::CountyAuthority;
    let choice = |party: &PartyEntry| ScopeChoice { id: party.party.to_string(), name: party.name.clone() };
    let counties: Vec<_> = standing.iter().filter(|party| is_county(party)).map(choice).collect();
    // A county authority that takes part itself has its own people like any other party.
    let takes_part = |party: &PartyEntry| known.book.agreements_of_party(party.party).next().is_some();
    let parties = standing.iter().filter(|party| !is_county(party) || takes_part(party));
    let parties: Vec<_> = parties.map(choice).collect();
    let page = AccountShown {
        account: &account,
        requested: &requested,
        tokens: &tokens,
        sessions_count: sessions.len(),
        procurements: &procurements,
        parties: &parties,
        counties: &counties,
        may_keep: known.asking.may_at_all(Operation::KeepAccounts).is_ok(),
        two_people: takes_two_people(known.app),
        filled,
        link: link.map(|link| (link, INVITATION_DAYS)),
    };
    let page = around.answer_as(status, command, Some(Place::Accounts), |frame| account_page(frame, &page))?;
    Ok(page.until(ends))
}

fn unknown() -> Problem {
    Problem::new(NOT_FOUND, "no account has this id; the list of accounts shows them").of_path()
}

fn person(path: &str) -> Result<PersonId, Problem> {
    path.parse().map(PersonId).map_err(|_| unknown())
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    let person = person(&path)?;
    let whole = around.clone();
    let made = anew(app.clone(), asking.clone(), around, person, None);
    // What one has asked for oneself, another has to grant.
    let own = asking.asker().person().map(|own| own.to_string()).unwrap_or_default();
    whole.kept(&app, &asking, (Rests::SignIns, &own), made).await
}

/// The account with nothing typed, and with the link of an invitation that was made just now.
async fn anew(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    person: PersonId,
    link: Option<String>,
) -> Result<Page, Problem> {
    read(app, asking, None, move |known| {
        let shown = (&Filled::default(), link.as_deref());
        one_shown(known, &around, person, shown, (StatusCode::OK, known.app.ids.new_id()))
    })
    .await
}

async fn invite(app: web::Data<App>, around: Around, sent: Sent) -> Result<Page, Problem> {
    let (asking, command) = (sent.asking.clone(), sent.of_page()?);
    let around = around.of_form(&sent);
    // By the page's id, so that a name that is mended and sent once more invites nobody else.
    let person = invited_person(command);
    match tried(app.clone(), sent, "invite", move |app, reading| invited(app, reading, person)).await? {
        Ok(link) => anew(app, asking, around, person, Some(link)).await,
        Err((filled, status)) => {
            read(app, asking, None, move |known| {
                list_shown(known, &around, &ListQuery::default(), &filled, (status, command))
            })
            .await
        }
    }
}

fn invited(app: &App, reading: &mut Reading<'_>, person: PersonId) -> Result<Option<String>, Problem> {
    let (name, email) = (reading.typed("name"), reading.typed("email"));
    if name.is_empty() || name.chars().count() > FIELD_CHARACTERS_MAX {
        reading.refuse("name", "accounts-name-refused");
    }
    match email_fault(app, person, email)? {
        Some(EmailFault::NoAddress) => reading.refuse("email", "accounts-email-refused"),
        Some(EmailFault::Taken) => reading.refuse("email", "accounts-email-taken"),
        None => {}
    }
    if reading.is_refused() {
        return Ok(None);
    }
    let sent = reading.sent;
    let invited = Invited { person, invited_by: sent.asking.asker().person(), on: app.clock.today() };
    let wish = Wish::Access(person, AccessCommand::Invite(invited));
    sent.asking.may_wish(app, &app.ledger.now().book, &wish)?;
    let known = Person { name: name.to_owned(), email: Some(email.to_owned()), ..Person::default() };
    app.people.put(person, &known).map_err(|error| Problem::internal(&error))?;
    invitation_of(app, person, || sent.carry_out(app, wish)).map(Some)
}

async fn renew(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Result<Page, Problem> {
    let person = person(&path)?;
    let (asking, page, command) = (sent.asking.clone(), sent.of_page()?, sent.command()?);
    let around = around.of_form(&sent);
    let renewed = tried(app.clone(), sent, "renew", move |app, reading| {
        if !app.ledger.now().book.access.contains_key(&person) {
            return Err(unknown());
        }
        let wish = renewal(app, person, command, reading.sent.asking.asker().person());
        invitation_of(app, person, || reading.sent.carry_out(app, wish)).map(Some)
    });
    match renewed.await? {
        Ok(link) => anew(app, asking, around, person, Some(link)).await,
        Err((filled, status)) => {
            read(app, asking, None, move |known| one_shown(known, &around, person, (&filled, None), (status, page)))
                .await
        }
    }
}

/// Does what a form of an account asks for, and shows the account: with what is wrong, where something is.
async fn changed(
    app: web::Data<App>,
    around: Around,
    path: web::Path<String>,
    sent: Sent,
    form: &'static str,
    change: impl FnOnce(&App, &mut Reading<'_>, PersonId) -> Result<(), Problem> + Send + 'static,
) -> Answered {
    let person = person(&path)?;
    let does = move |app: &App, reading: &mut Reading<'_>| {
        if !app.ledger.now().book.access.contains_key(&person) {
            return Err(unknown());
        }
        if let Err(problem) = change(app, reading, person) {
            reading.at_field(problem, &AT_FIELDS)?;
        }
        Ok(Some(format!("/accounts/{person}")))
    };
    done(app, around, sent, form, does, move |known, around, filled, anew| {
        one_shown(known, around, person, (filled, None), anew)
    })
    .await
}

/// The role that a form asks for, with its last day.
fn wished_role(app: &App, reading: &mut Reading<'_>) -> Option<(Role, Option<NaiveDate>)> {
    let until = reading.day_or_nothing("until");
    let kind = RoleKind::named(reading.typed("role"));
    let role = kind.and_then(|kind| role_with(app, kind, reading.typed("scope")));
    if role.is_none() {
        let is_of_county = kind == Some(RoleKind::CountyFinance);
        reading.refuse("scope", if is_of_county { "accounts-scope-county" } else { "accounts-scope-refused" });
    }
    role.filter(|_| !reading.is_refused()).map(|role| (role, until))
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
        RoleKind::CountyFinance => {
            let kind = |party: &PartyId| known.book.parties.get(party)?.registered.as_ref().map(|known| known.kind);
            let county = party.filter(|party| kind(party) == Some(PartyKind::CountyAuthority));
            county.map(|county| Role::CountyFinance { county })
        }
        RoleKind::Auditor => scope.is_empty().then_some(Role::Auditor),
        RoleKind::Administrator => scope.is_empty().then_some(Role::Administrator),
    }
}

fn carry_out(app: &App, sent: &Sent, person: PersonId, command: AccessCommand) -> Result<(), Problem> {
    sent.carry_out(app, Wish::Access(person, command)).map(drop)
}

fn granted(app: &App, sent: &Sent, role: Role, until: Option<NaiveDate>) -> AccessCommand {
    let granted = Granted { role, until, granted_by: sent.asking.asker().person(), on: app.clock.today() };
    AccessCommand::Grant { granted, two_people: takes_two_people(app) }
}

/// Grants a role, or asks for it where another administrator has to grant it.
async fn add_role(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "roles", |app, reading, person| {
        let Some((role, until)) = wished_role(app, reading) else { return Ok(()) };
        let command = if takes_two_people(app) {
            let Some(requested_by) = reading.sent.asking.asker().person() else {
                reading.fault(
                    "accounts-nobody-else",
                    "nobody is signed in, so that nobody else could grant it".to_owned(),
                );
                return Ok(());
            };
            AccessCommand::Request(Requested { role, until, requested_by, on: app.clock.today() })
        } else {
            granted(app, reading.sent, role, until)
        };
        carry_out(app, reading.sent, person, command)
    })
    .await
}

/// The role in the hidden field of a form.
fn written_role(reading: &mut Reading<'_>) -> Option<Role> {
    let role = serde_json::from_str(reading.typed("role")).ok();
    if role.is_none() {
        reading.refuse("role", "page-choice-refused");
    }
    role
}

async fn grant(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "grant", |app, reading, person| {
        let (role, until) = (written_role(reading), reading.day_or_nothing("until"));
        let Some(role) = role.filter(|_| !reading.is_refused()) else { return Ok(()) };
        carry_out(app, reading.sent, person, granted(app, reading.sent, role, until))
    })
    .await
}

async fn revoke(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "revoke", |app, reading, person| {
        let Some(role) = written_role(reading) else { return Ok(()) };
        let revoked = Revoked { role, revoked_by: reading.sent.asking.asker().person(), on: app.clock.today() };
        carry_out(app, reading.sent, person, AccessCommand::Revoke(revoked))
    })
    .await
}

async fn unlock(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "unlock", |app, reading, person| {
        reading.sent.asking.may(Operation::KeepAccounts, &About::default())?;
        app.sign_ins.unlock(person).map_err(|error| Problem::internal(&error))
    })
    .await
}

async fn end_sessions(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "end-sessions", |app, reading, person| {
        reading.sent.asking.may(Operation::KeepAccounts, &About::default())?;
        app.sign_ins.end_all(person).map(drop).map_err(|error| Problem::internal(&error))
    })
    .await
}

async fn revoke_token(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "revoke-token", |app, reading, person| {
        reading.sent.asking.may(Operation::KeepAccounts, &About::default())?;
        let id = reading.sent.id("token")?;
        let tokens = app.sign_ins.tokens().map_err(|error| Problem::internal(&error))?;
        if tokens.iter().any(|token| token.id == id && token.person == person) {
            app.sign_ins.revoke_token(id).map_err(|error| Problem::internal(&error))?;
        }
        Ok(())
    })
    .await
}

async fn close(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    changed(app, around, path, sent, "close", |app, reading, person| {
        if reading.typed("sure") != "yes" {
            reading.refuse("sure", "accounts-close-unconfirmed");
            return Ok(());
        }
        let closed = Closed { closed_by: reading.sent.asking.asker().person(), on: app.clock.today() };
        carry_out(app, reading.sent, person, AccessCommand::Close(closed))?;
        app.sign_ins.file().forget_person(person).map_err(|error| Problem::internal(&error))
    })
    .await
}
