//! Who has access to what, for who administers it.

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Field, Filled, Kind, Refusal, named};
use super::frame::{Frame, Place};
use crate::domain::access::Role;

/// A role that somebody holds or is to hold, with the name of its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleShown {
    /// The role.
    pub role: Role,
    /// What it reaches; none where it reaches everything.
    pub scope: Option<String>,
    /// Its last day.
    pub until: Option<NaiveDate>,
}

impl RoleShown {
    pub(super) fn key(&self) -> &'static str {
        RoleKind::of(self.role).key()
    }

    fn written(&self) -> String {
        serde_json::to_string(&self.role).unwrap_or_default()
    }
}

/// A role without its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are those of the role, and documented there")]
pub enum RoleKind {
    CountyLibrary,
    MunicipalLeader,
    LibraryLeader,
    Finance,
    CountyFinance,
    Auditor,
    Administrator,
}

impl RoleKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::CountyLibrary,
        Self::MunicipalLeader,
        Self::LibraryLeader,
        Self::Finance,
        Self::CountyFinance,
        Self::Auditor,
        Self::Administrator,
    ];

    /// That of a role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        match role {
            Role::CountyLibrary { .. } => Self::CountyLibrary,
            Role::MunicipalLeader { .. } => Self::MunicipalLeader,
            Role::LibraryLeader { .. } => Self::LibraryLeader,
            Role::Finance { .. } => Self::Finance,
            Role::CountyFinance { .. } => Self::CountyFinance,
            Role::Auditor => Self::Auditor,
            Role::Administrator => Self::Administrator,
        }
    }

    /// The one that a form names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::CountyLibrary => "county-library",
            Self::MunicipalLeader => "municipal-leader",
            Self::LibraryLeader => "library-leader",
            Self::Finance => "finance",
            Self::CountyFinance => "county-finance",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::CountyLibrary => "sign-in-role-county-library",
            Self::MunicipalLeader => "sign-in-role-municipal-leader",
            Self::LibraryLeader => "sign-in-role-library-leader",
            Self::Finance => "sign-in-role-finance",
            Self::CountyFinance => "sign-in-role-county-finance",
            Self::Auditor => "sign-in-role-auditor",
            Self::Administrator => "sign-in-role-administrator",
        }
    }
}

/// How it stands with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountState {
    /// It can be used.
    Open,
    /// It is locked until a day and a time in Norway, since it was tried too often.
    Locked(NaiveDate, NaiveTime),
    /// It was closed for good.
    Closed,
}

impl AccountState {
    fn key(&self) -> &'static str {
        match self {
            Self::Open => "accounts-open",
            Self::Locked(..) => "accounts-locked",
            Self::Closed => "accounts-closed",
        }
    }

    fn look(&self) -> &'static str {
        match self {
            Self::Open => "success",
            Self::Locked(..) => "warning",
            Self::Closed => "neutral",
        }
    }
}

/// Somebody who has, or had, an account.
#[derive(Debug, Clone)]
pub struct AccountEntryShown {
    /// The id of the person.
    pub person: String,
    /// The name; the beginning of the id where it is not shown or was forgotten.
    pub name: String,
    /// The e-mail address, where it is shown.
    pub email: Option<String>,
    /// The roles.
    pub roles: Vec<RoleShown>,
    /// How many roles wait for another administrator.
    pub requested_count: usize,
    /// How it stands.
    pub state: AccountState,
}

/// The list of accounts.
#[derive(Debug, Clone, Copy)]
pub struct AccountsShown<'a> {
    /// What is searched for.
    pub q: &'a str,
    /// Whether closed accounts are shown as well.
    pub closed: bool,
    /// The accounts.
    pub accounts: &'a [AccountEntryShown],
    /// Whether somebody can be invited.
    pub may_keep: bool,
    /// Whether names and addresses are shown, so that one can search for them.
    pub may_search: bool,
    /// The form that invites somebody.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct Held<'a> {
    key: &'static str,
    scope: Option<&'a str>,
    until: Option<String>,
    written: String,
    until_written: String,
    is_own: bool,
}

#[derive(Serialize)]
struct Entry<'a> {
    person: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    roles: Vec<Held<'a>>,
    requested: usize,
    state: &'static str,
    look: &'static str,
}

#[derive(Serialize)]
struct List<'a> {
    q: &'a str,
    closed: bool,
    accounts: Vec<Entry<'a>>,
    may_keep: bool,
    may_search: bool,
    refusal: Refusal,
    fields: [Field<'a>; 2],
}

fn held(say: Say, role: &RoleShown, is_own: bool) -> Held<'_> {
    Held {
        key: role.key(),
        scope: role.scope.as_deref(),
        until: role.until.map(|until| say.date(until)),
        written: role.written(),
        until_written: role.until.map(|until| until.to_string()).unwrap_or_default(),
        is_own,
    }
}

/// The list of accounts.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn accounts_page(frame: &Frame<'_>, shown: &AccountsShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let entries = shown.accounts.iter().map(|account| Entry {
        person: &account.person,
        name: &account.name,
        email: account.email.as_deref(),
        roles: account.roles.iter().map(|role| held(say, role, false)).collect(),
        requested: account.requested_count,
        state: account.state.key(),
        look: account.state.look(),
    });
    let content = List {
        q: shown.q,
        closed: shown.closed,
        accounts: entries.collect(),
        may_keep: shown.may_keep,
        may_search: shown.may_search,
        refusal: shown.filled.refusal(say),
        fields: [
            shown.filled.field("invite", named("name", "accounts-name"), Kind::Text, ""),
            shown.filled.field("invite", named("email", "sign-in-email"), Kind::Email, ""),
        ],
    };
    super::fill("accounts", frame, &say.word(Place::Accounts.key()), &content)
}

/// Something that a role can reach, by its id and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An account.
#[derive(Debug, Clone, Copy)]
pub struct AccountShown<'a> {
    /// The account.
    pub account: &'a AccountEntryShown,
    /// The roles that wait for another administrator, and whether oneself asked for them.
    pub requested: &'a [(RoleShown, bool)],
    /// The tokens: id, name and last day.
    pub tokens: &'a [(String, String, NaiveDate)],
    /// How many sign-ins there are.
    pub sessions_count: usize,
    /// The procurements that a role can reach.
    pub procurements: &'a [ScopeChoice],
    /// The parties that the role of a municipality can reach.
    pub parties: &'a [ScopeChoice],
    /// The county authorities, which alone have county finance.
    pub counties: &'a [ScopeChoice],
    /// Whether something may be changed.
    pub may_keep: bool,
    /// Whether two people are required for a role.
    pub two_people: bool,
    /// A form that was not taken.
    pub filled: &'a Filled,
    /// The link of a new invitation, and for how many days it holds.
    pub link: Option<(&'a str, i64)>,
}

#[derive(Serialize)]
struct Token<'a> {
    id: &'a str,
    name: &'a str,
    until: String,
}

#[derive(Serialize)]
struct Account<'a> {
    person: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    state: &'static str,
    look: &'static str,
    locked_until: Option<String>,
    is_open: bool,
    refusal: Refusal,
    link: Option<&'a str>,
    days: i64,
    roles: Vec<Held<'a>>,
    requested: Vec<Held<'a>>,
    may_keep: bool,
    two_people: bool,
    role_fields: [Field<'a>; 3],
    close_refused: Option<&'static str>,
    tokens: Vec<Token<'a>>,
    sessions: usize,
}

fn choices(known: &[ScopeChoice]) -> Vec<(&str, String)> {
    known.iter().map(|choice| (choice.id.as_str(), choice.name.clone())).collect()
}

/// The fields by which a role is given.
fn role_fields<'a>(say: Say, shown: &AccountShown<'a>, filled: &'a Filled) -> [Field<'a>; 3] {
    let kinds = RoleKind::ALL.map(|kind| (kind.name(), say.word(kind.key()))).into();
    let everything = vec![("", say.word("accounts-scope-none"))];
    let groups = vec![
        ("accounts-procurements", choices(shown.procurements)),
        ("accounts-counties", choices(shown.counties)),
        ("accounts-parties", choices(shown.parties)),
    ];
    [
        filled.field("roles", named("role", "accounts-role"), Kind::Choice(kinds), ""),
        filled.field("roles", named("scope", "accounts-scope"), Kind::Grouped(everything, groups), ""),
        filled.field("roles", named("until", "accounts-until"), Kind::Day, ""),
    ]
}

/// An account.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn account_page(frame: &Frame<'_>, shown: &AccountShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let account = shown.account;
    let empty = Filled::default();
    let content = Account {
        person: &account.person,
        name: &account.name,
        email: account.email.as_deref(),
        state: account.state.key(),
        look: account.state.look(),
        locked_until: match &account.state {
            AccountState::Locked(day, time) => Some(say.moment(*day, *time)),
            AccountState::Open | AccountState::Closed => None,
        },
        is_open: account.state != AccountState::Closed,
        refusal: shown.filled.refusal(say),
        link: shown.link.map(|(link, _)| link),
        days: shown.link.map(|(_, days)| days).unwrap_or_default(),
        roles: account.roles.iter().map(|role| held(say, role, false)).collect(),
        requested: shown.requested.iter().map(|(role, is_own)| held(say, role, *is_own)).collect(),
        may_keep: shown.may_keep,
        two_people: shown.two_people,
        role_fields: role_fields(say, shown, shown.filled.of("roles", &empty)),
        close_refused: shown.filled.of("close", &empty).refused.get("sure").copied(),
        tokens: shown.tokens.iter().map(|(id, name, until)| Token { id, name, until: say.date(*until) }).collect(),
        sessions: shown.sessions_count,
    };
    super::fill("account", frame, &account.name, &content)
}
