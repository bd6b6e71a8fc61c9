//! Access: who may do what in which scope, by which decision. A stream for each person who has an account.
//!
//! What somebody may do follows from the roles held and from [`policy`] alone.

pub mod policy;
mod rule;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::identity::{InvitationId, PartyId, PersonId, ProcurementId};

pub use rule::AccessRejection;

/// What somebody is to Grenseløs, with the scope in which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum Role {
    /// The county library that leads a procurement (fylkesbiblioteket).
    CountyLibrary {
        /// The procurement.
        procurement: ProcurementId,
    },
    /// Who answers for a party's part (kommuneledelsen).
    MunicipalLeader {
        /// The party.
        party: PartyId,
    },
    /// Who leads a party's libraries (biblioteksjefen).
    LibraryLeader {
        /// The party.
        party: PartyId,
    },
    /// The finance office of a party that pays (kommunens økonomiavdeling).
    Finance {
        /// The party.
        party: PartyId,
    },
    /// The finance office of a county authority that invoices (fylkeskommunens økonomiavdeling).
    CountyFinance {
        /// The county authority.
        county: PartyId,
    },
    /// Reads everything for a time, and changes nothing (revisor).
    Auditor,
    /// Keeps accounts, and sees nothing else (brukeradministrator).
    Administrator,
}

/// A role that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The last day it holds; none where it holds until it is revoked.
    pub until: Option<NaiveDate>,
}

impl Held {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// A person was invited to have an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    /// The person, by id alone.
    pub person: PersonId,
    /// Who invited; none where it was done at the machine itself.
    pub invited_by: Option<PersonId>,
    /// The day.
    pub on: NaiveDate,
}

/// A person was invited anew. Whoever gets the invitation signs in as this person from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRenewed {
    /// The invitation.
    pub invitation: InvitationId,
    /// Who invited; none where it was done at the machine itself.
    pub renewed_by: Option<PersonId>,
    /// The day.
    pub on: NaiveDate,
}

/// A role was asked for on behalf of a person, and waits for somebody else to grant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// The role with its scope.
    pub role: Role,
    /// The last day it is to hold; none where it is to hold until it is revoked.
    pub until: Option<NaiveDate>,
    /// Who asked.
    pub requested_by: PersonId,
    /// The day.
    pub on: NaiveDate,
}

/// A person holds a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// The role with its scope.
    pub role: Role,
    /// The last day it holds; none where it holds until it is revoked.
    pub until: Option<NaiveDate>,
    /// Who granted it; none where it was done at the machine itself.
    pub granted_by: Option<PersonId>,
    /// The day.
    pub on: NaiveDate,
}

/// A person no longer holds a role, or will not get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoked {
    /// The role with its scope.
    pub role: Role,
    /// Who revoked it; none where it was done at the machine itself.
    pub revoked_by: Option<PersonId>,
    /// The day.
    pub on: NaiveDate,
}

/// A person's account was closed for good, with all roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Who closed it; none where it was done at the machine itself.
    pub closed_by: Option<PersonId>,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to a person's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessEvent {
    /// Invited.
    Invited(Invited),
    /// Invited anew.
    InvitationRenewed(InvitationRenewed),
    /// A role was asked for.
    Requested(Requested),
    /// A role was granted.
    Granted(Granted),
    /// A role was revoked.
    Revoked(Revoked),
    /// Closed.
    Closed(Closed),
}

/// What can be wished of a person's access. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum AccessCommand {
    /// Invite the person.
    Invite(Invited),
    /// Invite the person anew. Where two people are required, the roles wait until somebody else has granted them again:
    /// whoever has the invitation is the person from then on, and nobody gets roles by that alone.
    RenewInvitation { renewed: InvitationRenewed, two_people: bool },
    /// Ask for a role that somebody else is to grant.
    Request(Requested),
    /// Grant a role. Where two people are required, it must have been requested, and by somebody else.
    Grant { granted: Granted, two_people: bool },
    /// Revoke a role, or what was requested of it.
    Revoke(Revoked),
    /// Close the account.
    Close(Closed),
}

/// A person's access as its events have made it. The default is that of somebody without an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// How the person was invited; none before.
    pub invited: Option<Invited>,
    /// How the person was last invited anew.
    pub renewed: Option<InvitationRenewed>,
    /// The roles held, in the order in which they were granted.
    pub held: Vec<Held>,
    /// What was requested and is neither granted nor revoked.
    pub requested: Vec<Requested>,
    /// How it was closed.
    pub closed: Option<Closed>,
}

impl Access {
    /// The roles that hold on `day`; none where the account is closed.
    pub fn held_on(&self, day: NaiveDate) -> impl Iterator<Item = Role> {
        self.held.iter().filter(move |held| held.holds_on(day)).map(|held| held.role)
    }

    /// Whether the person may sign in: invited, and not closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.invited.is_some() && self.closed.is_none()
    }
}
