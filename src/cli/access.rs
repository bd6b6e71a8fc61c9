//! `grenselos access`: who has access, by whom is at the machine itself.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::answer::{Table, write_json};
use super::{Failure, Format, Session, party, procurement};
use crate::app::App;
use crate::domain::access::{Access, AccessCommand, Closed, Granted, InvitationRenewed, Invited, Revoked, Role};
use crate::domain::identity::{InvitationId, PersonId};
use crate::handle::Wish;
use crate::sign_in::{INVITATION_DAYS, SignInError, WantedToken, invitation_link};
use crate::store::people::Person;
use crate::unreadable;
use crate::view::book::Book;

/// Who has access to what.
#[derive(Debug, Args)]
pub struct AccessArguments {
    #[command(subcommand)]
    wanted: Wanted,
}

#[derive(Debug, Subcommand)]
enum Wanted {
    /// Invite the first administrator: prints a link that holds once.
    FirstAdministrator(WhoArguments),
    /// Invite somebody, or somebody anew: prints a link that holds once.
    Invite(WhoArguments),
    /// Grant a role.
    Grant(RoleArguments),
    /// Revoke a role.
    Revoke(RoleArguments),
    /// Close an account for good.
    Close(EmailArguments),
    /// Everybody who has an account, with roles.
    List(ListArguments),
    /// Issue a token for a program: prints its secret once.
    Token(TokenArguments),
    /// Revoke a token.
    RevokeToken {
        /// Its id, as `list` shows it.
        id: Uuid,
    },
    /// What auditors have read.
    Reads(ListArguments),
}

#[derive(Debug, Args)]
struct WhoArguments {
    /// The full name.
    #[arg(long)]
    name: String,
    /// The e-mail address to sign in with.
    #[arg(long)]
    email: String,
}

#[derive(Debug, Args)]
struct EmailArguments {
    /// The e-mail address of the account.
    #[arg(long)]
    email: String,
}

#[derive(Debug, Args)]
struct RoleArguments {
    /// The e-mail address of the account.
    #[arg(long)]
    email: String,
    /// The role with its scope, such as `municipal-leader:5403`.
    #[arg(long)]
    role: String,
    /// The last day; needed for an auditor.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    until: Option<NaiveDate>,
}

#[derive(Debug, Args)]
struct TokenArguments {
    /// The e-mail address of the account that the program acts for.
    #[arg(long)]
    email: String,
    /// What the token is for.
    #[arg(long)]
    name: String,
    /// A role that it acts in; several times for several.
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// Its last day.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    until: NaiveDate,
}

#[derive(Debug, Args)]
struct ListArguments {
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(session: &Session, arguments: &AccessArguments) -> Result<(), Failure> {
    match &arguments.wanted {
        Wanted::FirstAdministrator(who) => first_administrator(&session.write()?, who),
        Wanted::Invite(who) => {
            let app = session.write()?;
            let person = invite(&app, who)?;
            print_invitation(&app, person)
        }
        Wanted::Grant(wanted) => change_role(&session.write()?, wanted, true),
        Wanted::Revoke(wanted) => change_role(&session.write()?, wanted, false),
        Wanted::Close(EmailArguments { email }) => close(&session.write()?, email),
        Wanted::List(ListArguments { format }) => list(&session.beside()?, *format),
        Wanted::Token(wanted) => issue_token(&session.beside()?, wanted),
        Wanted::RevokeToken { id } => revoke_token(&session.beside()?, *id),
        Wanted::Reads(ListArguments { format }) => reads(&session.beside()?, *format),
    }
}

fn first_administrator(app: &App, who: &WhoArguments) -> Result<(), Failure> {
    let today = app.clock.today();
    let is_administrator = |access: &Access| access.held_on(today).any(|role| role == Role::Administrator);
    if app.ledger.now().book.access.values().any(is_administrator) {
        return Err(Failure::Asked(
            "there is an administrator already, who invites others; or use grenselos access invite and grant"
                .to_owned(),
        ));
    }
    let person = invite(app, who)?;
    grant(app, person, Role::Administrator, None)?;
    print_invitation(app, person)
}

/// The account with an e-mail address, made where there is none.
fn invite(app: &App, who: &WhoArguments) -> Result<PersonId, Failure> {
    let WhoArguments { name, email } = who;
    if email.parse::<lettre::Address>().is_err() {
        return Err(Failure::Asked(format!("--email {email} is no e-mail address; write it as name@domain.example")));
    }
    if let Some(person) = accounts(app, email)?.first() {
        let invitation = InvitationId(app.ids.new_id());
        let renewed = InvitationRenewed { invitation, renewed_by: None, on: app.clock.today() };
        carry_out(app, *person, AccessCommand::RenewInvitation { renewed, two_people: false })?;
        return Ok(*person);
    }
    let person = PersonId(app.ids.new_id());
    let known = Person { name: name.clone(), email: Some(email.clone()), ..Person::default() };
    app.people.put(person, &known).map_err(|error| Failure::asked(&error))?;
    let invited = Invited { person, invited_by: None, on: app.clock.today() };
    carry_out(app, person, AccessCommand::Invite(invited))?;
    Ok(person)
}

fn print_invitation(app: &App, person: PersonId) -> Result<(), Failure> {
    let secret = app.sign_ins.invite(person).map_err(|error| Failure::fault(&error))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", invitation_link(&app.settings.sign_in.origin, &secret))?;
    writeln!(
        out,
        "holds once, for {INVITATION_DAYS} days: hand it to the person and to nobody else; serve with sign_in.required = true"
    )?;
    Ok(())
}

/// The open accounts with an e-mail address.
fn accounts(app: &App, email: &str) -> Result<Vec<PersonId>, Failure> {
    let people = app.people.with_email(email).map_err(|error| Failure::fault(&error))?;
    let known = app.ledger.now();
    Ok(people.into_iter().filter(|person| known.book.access.get(person).is_some_and(Access::is_open)).collect())
}

fn account(app: &App, email: &str) -> Result<PersonId, Failure> {
    let found = accounts(app, email)?;
    let sentence = || format!("--email {email}: no open account signs in with it; grenselos access list shows them");
    found.first().copied().ok_or_else(|| Failure::Asked(sentence()))
}

fn carry_out(app: &App, person: PersonId, command: AccessCommand) -> Result<(), Failure> {
    let envelope = app.envelope(app.ids.new_id(), "command line");
    app.ledger.carry_out(&Wish::Access(person, command), &envelope, None)?;
    Ok(())
}

fn grant(app: &App, person: PersonId, role: Role, until: Option<NaiveDate>) -> Result<(), Failure> {
    let granted = Granted { role, until, granted_by: None, on: app.clock.today() };
    carry_out(app, person, AccessCommand::Grant { granted, two_people: false })
}

fn change_role(app: &App, wanted: &RoleArguments, is_granted: bool) -> Result<(), Failure> {
    let person = account(app, &wanted.email)?;
    let role = role_called(&app.ledger.now().book, &wanted.role)?;
    if is_granted {
        grant(app, person, role, wanted.until)?;
    } else {
        carry_out(app, person, AccessCommand::Revoke(Revoked { role, revoked_by: None, on: app.clock.today() }))?;
    }
    let done = if is_granted { "granted" } else { "revoked" };
    writeln!(io::stdout().lock(), "{done} {}", wanted.role)?;
    Ok(())
}

fn close(app: &App, email: &str) -> Result<(), Failure> {
    let person = account(app, email)?;
    carry_out(app, person, AccessCommand::Close(Closed { closed_by: None, on: app.clock.today() }))?;
    app.sign_ins.file().forget_person(person).map_err(|error| Failure::fault(&error))?;
    writeln!(io::stdout().lock(), "closed")?;
    Ok(())
}

/// The role that people mean by its name and, after a colon, its scope.
fn role_called(book: &Book, called: &str) -> Result<Role, Failure> {
    let (name, scope) = called.split_once(':').map_or((called, None), |(name, scope)| (name, Some(scope)));
    let of_party = || match scope {
        Some(scope) => party(book, "--role", scope),
        None => Err(Failure::Asked(format!("--role {name}: say of which party, such as {name}:5403"))),
    };
    Ok(match (name, scope) {
        ("county-library", scope) => Role::CountyLibrary { procurement: procurement(book, scope)? },
        ("municipal-leader", _) => Role::MunicipalLeader { party: of_party()? },
        ("library-leader", _) => Role::LibraryLeader { party: of_party()? },
        ("finance", _) => Role::Finance { party: of_party()? },
        ("county-finance", _) => Role::CountyFinance { county: of_party()? },
        ("auditor", None) => Role::Auditor,
        ("administrator", None) => Role::Administrator,
        _ => {
            return Err(Failure::Asked(format!(
                "--role {called} is none; give county-library:PROCUREMENT, municipal-leader:PARTY, library-leader:PARTY, \
                 finance:PARTY, county-finance:PARTY, auditor or administrator"
            )));
        }
    })
}

fn role_name(book: &Book, role: Role, day: NaiveDate) -> String {
    let named = |of: crate::domain::identity::PartyId| {
        book.parties.get(&of).map_or_else(|| of.to_string(), |known| known.full_name_on(day))
    };
    match role {
        Role::CountyLibrary { procurement } => {
            let opened = book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
            format!("county-library:{}", opened.map_or_else(|| procurement.to_string(), |opened| opened.name.clone()))
        }
        Role::MunicipalLeader { party } => format!("municipal-leader:{}", named(party)),
        Role::LibraryLeader { party } => format!("library-leader:{}", named(party)),
        Role::Finance { party } => format!("finance:{}", named(party)),
        Role::CountyFinance { county } => format!("county-finance:{}", named(county)),
        Role::Auditor => "auditor".to_owned(),
        Role::Administrator => "administrator".to_owned(),
    }
}

fn list(app: &App, format: Format) -> Result<(), Failure> {
    let book = &app.ledger.now().book;
    let day = app.clock.today();
    let tokens = app.sign_ins.tokens().map_err(|error| Failure::fault(&error))?;
    let mut table = Table::new(["name", "email", "roles", "tokens", "account"]);
    for (person, access) in &book.access {
        let known = app.people.get(*person).map_err(|error| Failure::fault(&error))?.unwrap_or_default();
        let roles = access.held.iter().map(|held| {
            let name = role_name(book, held.role, day);
            held.until.map_or_else(|| name.clone(), |until| format!("{name} until {until}"))
        });
        let own = tokens.iter().filter(|token| token.person == *person);
        let own = own.map(|token| format!("{} ({}) until {}", token.id, token.name, token.until));
        table.row([
            known.name,
            known.email.unwrap_or_default(),
            roles.collect::<Vec<_>>().join(", "),
            own.collect::<Vec<_>>().join(", "),
            if access.is_open() { "open".to_owned() } else { "closed".to_owned() },
        ]);
    }
    let mut out = io::stdout().lock();
    if format == Format::Json {
        let people: Vec<_> = book
            .access
            .iter()
            .map(|(person, access)| {
                let held: Vec<_> = access
                    .held
                    .iter()
                    .map(|held| serde_json::json!({ "role": held.role, "until": held.until }))
                    .collect();
                serde_json::json!({ "person": person, "held": held, "open": access.is_open() })
            })
            .collect();
        return Ok(write_json(&mut out, &people)?);
    }
    Ok(table.write(format, &mut out, "nobody has an account")?)
}

fn issue_token(app: &App, wanted: &TokenArguments) -> Result<(), Failure> {
    let person = account(app, &wanted.email)?;
    let book = &app.ledger.now().book;
    let roles = wanted.roles.iter().map(|called| role_called(book, called)).collect::<Result<Vec<_>, _>>()?;
    let today = app.clock.today();
    let held: Vec<Role> = book.access.get(&person).into_iter().flat_map(|access| access.held_on(today)).collect();
    let token = WantedToken { person, name: wanted.name.clone(), roles, until: wanted.until };
    let issued = app.sign_ins.issue_token(token, &held).map_err(|error| Failure::asked(&error))?;
    writeln!(io::stdout().lock(), "{}", issued.secret.reveal())?;
    Ok(())
}

fn revoke_token(app: &App, id: Uuid) -> Result<(), Failure> {
    let was_there = app.sign_ins.revoke_token(id).map_err(|error: SignInError| Failure::fault(&error))?;
    if !was_there {
        return Err(Failure::Asked(format!("{id}: there is no such token; grenselos access list shows them")));
    }
    writeln!(io::stdout().lock(), "revoked")?;
    Ok(())
}

fn reads(app: &App, format: Format) -> Result<(), Failure> {
    let mut table = Table::new(["at", "person", "read"]);
    for (at, person, target) in app.sign_ins.file().audited_reads().map_err(|error| Failure::fault(&error))? {
        table.row([at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), person.to_string(), target]);
    }
    Ok(table.write(format, &mut io::stdout().lock(), "no auditor has read anything")?)
}
