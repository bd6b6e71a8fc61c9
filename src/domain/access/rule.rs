//! The rules of access.
//!
//! Whoever is invited holds roles until they are revoked, their last day has passed, or the account is closed. Nobody grants
//! a role to themselves. An auditor's role always has a last day.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{Access, AccessCommand, AccessEvent, Granted, Held, InvitationRenewed, Invited, Requested, Revoked, Role};
use crate::decider::Decider;
use crate::domain::identity::PersonId;

/// The longest time, in days, for which somebody is an auditor: a year and a day, so that a yearly audit fits.
pub const AUDITOR_DAYS_MAX: u64 = 366;

/// Why a wish about access is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum AccessRejection {
    /// The person has no account.
    NotInvited,
    /// The account is closed.
    AlreadyClosed {
        /// The day it was closed.
        closed_on: NaiveDate,
    },
    /// The role would have ended before it began.
    UntilPassed {
        /// Its last day.
        until: NaiveDate,
        /// The day it would begin.
        on: NaiveDate,
    },
    /// An auditor's role has no last day.
    AuditorWithoutEnd,
    /// An auditor's role would last too long.
    AuditorTooLong {
        /// Its last day.
        until: NaiveDate,
        /// The most days it may last.
        most: u64,
    },
    /// Somebody would grant a role to themselves.
    OwnRole,
    /// Two people are required, and nobody has requested the role.
    NotRequested,
    /// Two people are required, and who requested the role would grant it as well.
    OwnRequest,
}

impl Access {
    fn holds(&self, role: Role, until: Option<NaiveDate>) -> bool {
        self.held.contains(&Held { role, until })
    }

    /// The invitation of an account that is open.
    fn open(&self) -> Result<&Invited, AccessRejection> {
        let invited = self.invited.as_ref().ok_or(AccessRejection::NotInvited)?;
        match &self.closed {
            Some(closed) => Err(AccessRejection::AlreadyClosed { closed_on: closed.on }),
            None => Ok(invited),
        }
    }

    /// Whether a role can be given to this person by somebody.
    fn can_be_given(
        &self,
        role: Role,
        until: Option<NaiveDate>,
        by: Option<PersonId>,
        on: NaiveDate,
    ) -> Result<(), AccessRejection> {
        let invited = self.open()?;
        if by == Some(invited.person) {
            return Err(AccessRejection::OwnRole);
        }
        match until {
            Some(until) if until < on => Err(AccessRejection::UntilPassed { until, on }),
            Some(until) if role == Role::Auditor && is_too_long(on, until) => {
                Err(AccessRejection::AuditorTooLong { until, most: AUDITOR_DAYS_MAX })
            }
            None if role == Role::Auditor => Err(AccessRejection::AuditorWithoutEnd),
            Some(_) | None => Ok(()),
        }
    }

    fn renew(&self, wished: &InvitationRenewed, two_people: bool) -> Result<Vec<AccessEvent>, AccessRejection> {
        self.open()?;
        if self.renewed.as_ref() == Some(wished) {
            return Ok(vec![]);
        }
        let renewed_by = wished.renewed_by.filter(|_| two_people);
        let suspended = renewed_by
            .into_iter()
            .flat_map(|by| self.held.iter().flat_map(move |held| suspended(*held, by, wished.on)));
        Ok(std::iter::once(AccessEvent::InvitationRenewed(wished.clone())).chain(suspended).collect())
    }

    fn request(&self, wished: &Requested) -> Result<Vec<AccessEvent>, AccessRejection> {
        let is_the_same = |known: &Requested| known.role == wished.role && known.until == wished.until;
        if self.holds(wished.role, wished.until) || self.requested.iter().any(is_the_same) {
            return Ok(vec![]);
        }
        self.can_be_given(wished.role, wished.until, Some(wished.requested_by), wished.on)?;
        Ok(vec![AccessEvent::Requested(wished.clone())])
    }

    fn grant(&self, wished: &Granted, two_people: bool) -> Result<Vec<AccessEvent>, AccessRejection> {
        if self.holds(wished.role, wished.until) {
            return Ok(vec![]);
        }
        self.can_be_given(wished.role, wished.until, wished.granted_by, wished.on)?;
        if two_people {
            let requested =
                self.requested.iter().find(|known| known.role == wished.role && known.until == wished.until);
            let requested = requested.ok_or(AccessRejection::NotRequested)?;
            if wished.granted_by.is_none_or(|by| by == requested.requested_by) {
                return Err(AccessRejection::OwnRequest);
            }
        }
        Ok(vec![AccessEvent::Granted(wished.clone())])
    }
}

/// A role that is held waits to be granted again by another than the one who has seen to it.
fn suspended(Held { role, until }: Held, by: PersonId, on: NaiveDate) -> [AccessEvent; 2] {
    [
        AccessEvent::Revoked(Revoked { role, revoked_by: Some(by), on }),
        AccessEvent::Requested(Requested { role, until, requested_by: by, on }),
    ]
}

fn is_too_long(on: NaiveDate, until: NaiveDate) -> bool {
    on.checked_add_days(Days::new(AUDITOR_DAYS_MAX)).is_none_or(|last| until > last)
}

impl Decider for Access {
    type Command = AccessCommand;
    type Event = AccessEvent;
    type Rejection = AccessRejection;

    fn decide(&self, command: &AccessCommand) -> Result<Vec<AccessEvent>, AccessRejection> {
        match command {
            AccessCommand::Invite(wished) => match (&self.invited, &self.closed) {
                (_, Some(closed)) => Err(AccessRejection::AlreadyClosed { closed_on: closed.on }),
                (Some(_), None) => Ok(vec![]),
                (None, None) => Ok(vec![AccessEvent::Invited(wished.clone())]),
            },
            AccessCommand::RenewInvitation { renewed, two_people } => self.renew(renewed, *two_people),
            AccessCommand::Request(wished) => self.request(wished),
            AccessCommand::Grant { granted, two_people } => self.grant(granted, *two_people),
            AccessCommand::Revoke(wished) => {
                let is_there = self.held.iter().any(|held| held.role == wished.role)
                    || self.requested.iter().any(|requested| requested.role == wished.role);
                Ok(if is_there { vec![AccessEvent::Revoked(wished.clone())] } else { vec![] })
            }
            AccessCommand::Close(wished) => match (&self.invited, &self.closed) {
                (None, _) => Err(AccessRejection::NotInvited),
                (Some(_), Some(_)) => Ok(vec![]),
                (Some(_), None) => Ok(vec![AccessEvent::Closed(wished.clone())]),
            },
        }
    }

    fn evolve(mut self, event: &AccessEvent) -> Self {
        match event {
            AccessEvent::Invited(invited) => self.invited = Some(invited.clone()),
            AccessEvent::InvitationRenewed(renewed) => self.renewed = Some(renewed.clone()),
            AccessEvent::Requested(requested) => {
                self.requested.retain(|known| known.role != requested.role);
                self.requested.push(requested.clone());
            }
            AccessEvent::Granted(Granted { role, until, .. }) => {
                self.requested.retain(|known| known.role != *role);
                self.held.retain(|held| held.role != *role);
                self.held.push(Held { role: *role, until: *until });
            }
            AccessEvent::Revoked(revoked) => {
                self.requested.retain(|known| known.role != revoked.role);
                self.held.retain(|held| held.role != revoked.role);
            }
            AccessEvent::Closed(closed) => {
                self.requested.clear();
                self.held.clear();
                self.closed = Some(closed.clone());
            }
        }
        self
    }
}
