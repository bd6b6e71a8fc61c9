//! Sessions: kept here and not in the browser, so that they can be ended.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
pub const SEEN_SECONDS: i64 = 60;

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// An invitation, with a new password.
    Invitation,
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A provider.
    Provider,
}

impl Means {
    fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Invitation, Self::Password, Self::Passkey, Self::Provider].into_iter().find(|means| means.word() == word)
    }
}

/// How a session begins.
#[derive(Debug, Clone)]
pub(super) struct Beginning {
    pub(super) person: PersonId,
    pub(super) means: Means,
    /// The last strong proof of who it is.
    pub(super) strong: Option<DateTime<Utc>>,
    /// The provider's own session, where one signed the person in.
    pub(super) provider: Option<String>,
}

impl Beginning {
    /// Without a provider.
    pub(super) fn here(person: PersonId, means: Means, strong: Option<DateTime<Utc>>) -> Self {
        Self { person, means, strong, provider: None }
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

impl Session {
    /// Whether one more means to sign in may be added: who knows a password alone may not.
    #[must_use]
    pub fn may_add(&self) -> bool {
        self.is_by_invitation || self.proof != Proof::Password
    }
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// What it is known by.
    pub id: String,
    /// By what it began.
    pub means: Option<Means>,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// When it is over, if it is not used any more.
    pub ends: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

impl SignIns {
    /// Begins a session, in the place of the one that was before it: its secret is new each time.
    pub(super) fn begin(&self, beginning: Beginning, instead: Option<&Secret>) -> Result<Signed, SignInError> {
        let Beginning { person, means, strong, provider } = beginning;
        let now = self.clock.now();
        let secret = Secret::new(self.ids.as_ref());
        let row = SessionRow { person, means: means.word().to_owned(), strong, began: now, seen: now, provider };
        self.file.forget_what_is_over(now - TimeDelta::hours(ABSOLUTE_HOURS), now)?;
        self.file.begin_session(&secret.hash(), &row, instead.map(Secret::hash).as_ref())?;
        Ok(Signed { person, secret })
    }

    /// Proves once more and strongly who has a session, as it was done at an instant: it goes on under a new secret, no longer
    /// than it would have.
    pub(super) fn prove(&self, session: &Secret, at: DateTime<Utc>) -> Result<Signed, SignInError> {
        let kept = self.file.session(&session.hash())?.ok_or(SignInError::Refused)?;
        let now = self.clock.now();
        let secret = Secret::new(self.ids.as_ref());
        let person = kept.person;
        let row = SessionRow { strong: Some(at), seen: now, ..kept };
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
        if is_over(&kept, now) {
            self.file.end_session(&hash)?;
            return Ok(None);
        }
        let proof = kept.strong.map_or(Proof::Password, |at| Proof::Strong { at });
        let session = Session { person: kept.person, proof, is_by_invitation: kept.means == Means::Invitation.word() };
        Ok(Some((session, kept.seen)))
    }

    /// The session of a secret that must hold.
    pub(super) fn held(&self, secret: Option<&Secret>) -> Result<Session, SignInError> {
        let secret = secret.ok_or(SignInError::Refused)?;
        self.session(secret)?.ok_or(SignInError::Refused)
    }

    /// The same where means to sign in are added or taken away.
    pub(super) fn held_for_adding(&self, secret: Option<&Secret>) -> Result<Session, SignInError> {
        let held = self.held(secret)?;
        if held.may_add() { Ok(held) } else { Err(super::PasskeyError::MayNotAdd.into()) }
    }

    /// The sessions of a person that hold; `own` is the one that asks.
    ///
    /// # Errors
    /// The storage fails.
    pub fn open_sessions(&self, person: PersonId, own: Option<&Secret>) -> Result<Vec<OpenSession>, SignInError> {
        let (now, own) = (self.clock.now(), own.map(Secret::hash));
        let kept = self.file.sessions_of(person)?.into_iter().filter(|(_, row)| !is_over(row, now));
        Ok(kept
            .map(|(hash, row)| OpenSession {
                id: URL_SAFE_NO_PAD.encode(hash),
                means: Means::of_word(&row.means),
                began: row.began,
                seen: row.seen,
                ends: end(&row),
                is_this: own == Some(hash),
            })
            .collect())
    }

    /// Ends one session of a person; whether there was one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn end_one(&self, person: PersonId, id: &str) -> Result<bool, SignInError> {
        let hash = URL_SAFE_NO_PAD.decode(id).ok().and_then(|bytes| bytes.try_into().ok());
        match hash {
            Some(hash) => Ok(self.file.end_session_of(person, &hash)?),
            None => Ok(false),
        }
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

fn is_over(kept: &SessionRow, now: DateTime<Utc>) -> bool {
    end(kept) <= now
}

/// When a session is over, if it is not used any more.
fn end(kept: &SessionRow) -> DateTime<Utc> {
    (kept.seen + TimeDelta::minutes(IDLE_MINUTES)).min(kept.began + TimeDelta::hours(ABSOLUTE_HOURS))
}
