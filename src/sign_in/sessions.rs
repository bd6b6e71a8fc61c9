//! Sessions: kept here and not in the browser, so that they can be ended.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Secret, SignInError, SignIns};
use crate::domain::access::policy::Proof;
use crate::domain::identity::PersonId;
use crate::store::sign_in::SessionRow;

/// A session that is not used for so many minutes is over.
pub const IDLE_MINUTES: i64 = 30;
/// A session is over after so many hours, however it is used.
pub const ABSOLUTE_HOURS: i64 = 8;
/// Uses closer together than this are not written down each.
const SEEN_SECONDS: i64 = 60;

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// An invitation, with a new password.
    Invitation,
    /// A password.
    Password,
    /// A passkey.
    Passkey,
}

impl Means {
    fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::Passkey => "passkey",
        }
    }
}

/// Somebody was signed in.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// The secret of the session, for the cookie alone.
    pub secret: Secret,
}

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub person: PersonId,
    /// How it is known who it is.
    pub proof: Proof,
    /// Whether it began with an invitation, so that a passkey may be added without another proof.
    pub is_by_invitation: bool,
}

impl SignIns {
    /// Begins a session, in the place of the one that was before it: its secret is new each time.
    pub(super) fn begin(
        &self,
        person: PersonId,
        means: Means,
        strong: Option<DateTime<Utc>>,
        instead: Option<&Secret>,
    ) -> Result<Signed, SignInError> {
        let now = self.clock.now();
        let secret = Secret::new(self.ids.as_ref());
        let row = SessionRow { person, means: means.word().to_owned(), strong, began: now, seen: now, provider: None };
        self.file.forget_what_is_over(now - TimeDelta::hours(ABSOLUTE_HOURS), now)?;
        self.file.begin_session(&secret.hash(), &row, instead.map(Secret::hash).as_ref())?;
        Ok(Signed { person, secret })
    }

    /// Proves once more and strongly who has a session: it goes on under a new secret, no longer than it would have.
    pub(super) fn prove(&self, session: &Secret) -> Result<Signed, SignInError> {
        let kept = self.file.session(&session.hash())?.ok_or(SignInError::Refused)?;
        let now = self.clock.now();
        let secret = Secret::new(self.ids.as_ref());
        let person = kept.person;
        let row = SessionRow { strong: Some(now), seen: now, ..kept };
        self.file.begin_session(&secret.hash(), &row, Some(&session.hash()))?;
        Ok(Signed { person, secret })
    }

    /// The session of a secret, where it holds. It is used by that.
    ///
    /// # Errors
    /// The storage fails.
    pub fn session(&self, secret: &Secret) -> Result<Option<Session>, SignInError> {
        let found = self.session_looked_at(secret)?;
        if let Some((_, seen)) = &found {
            let now = self.clock.now();
            if now - *seen >= TimeDelta::seconds(SEEN_SECONDS) {
                self.file.session_seen(&secret.hash(), now)?;
            }
        }
        Ok(found.map(|(session, _)| session))
    }

    /// The session of a secret, where it holds, with when it was used last. It is not used by that: what a page asks for by
    /// itself does not keep anybody signed in.
    ///
    /// # Errors
    /// The storage fails.
    pub fn session_looked_at(&self, secret: &Secret) -> Result<Option<(Session, DateTime<Utc>)>, SignInError> {
        let hash = secret.hash();
        let Some(kept) = self.file.session(&hash)? else { return Ok(None) };
        let now = self.clock.now();
        let is_over =
            now - kept.seen >= TimeDelta::minutes(IDLE_MINUTES) || now - kept.began >= TimeDelta::hours(ABSOLUTE_HOURS);
        if is_over {
            self.file.end_session(&hash)?;
            return Ok(None);
        }
        let proof = kept.strong.map_or(Proof::Password, |at| Proof::Strong { at });
        let session = Session { person: kept.person, proof, is_by_invitation: kept.means == Means::Invitation.word() };
        Ok(Some((session, kept.seen)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end(&self, secret: &Secret) -> Result<(), SignInError> {
        Ok(self.file.end_session(&secret.hash())?)
    }

    /// Ends all sessions of a person; how many there were.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_all(&self, person: PersonId) -> Result<usize, SignInError> {
        Ok(self.file.end_sessions_of(person)?)
    }
}
