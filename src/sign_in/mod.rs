//! Signing in: invitations, passwords, passkeys, sessions, and the tokens of programs.
//!
//! Who somebody is, is found out here; what they may do is in `domain::access::policy`.

mod passkeys;
mod passwords;
mod provider;
mod providers;
mod sessions;
mod strangers;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::config::SignIn as Settings;
use crate::domain::identity::PersonId;
use crate::ids::Ids;
use crate::store::people::{People, PeopleError};
use crate::store::sign_in::{SecretHash, SignInFile, SignInStoreError, TakenUp};
use crate::view::book::Book;
use sessions::Beginning;

pub use passkeys::{Assertion, Attestation, KnownPasskey, PasskeyError};
pub use passwords::{PASSWORD_CHARACTERS_MIN, PasswordError, pause};
pub use provider::{Identity, IdentityError, ProviderError};
pub use providers::{Arrived, Brought, Departure, PROVIDER_MINUTES, Purpose};
pub use sessions::{ABSOLUTE_HOURS, IDLE_MINUTES, Means, OpenSession, SEEN_SECONDS, Session, Signed};
pub use tokens::{IssuedToken, Token, TokenError, Wanted as WantedToken};

/// How many days an invitation holds.
pub const INVITATION_DAYS: i64 = 7;

/// A secret as it is handed out once: to a cookie, a link, a program.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    #[must_use]
    pub fn new(ids: &dyn Ids) -> Self {
        Self(URL_SAFE_NO_PAD.encode(ids.new_secret()))
    }

    /// One that somebody shows.
    #[must_use]
    pub fn shown(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. A secret of 256 bits needs neither salt nor slowness.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(&self.0).into()
    }

    /// What a form of the session carries, so that nobody else can have made it: only who knows the secret knows this.
    #[must_use]
    pub fn form_token(&self) -> String {
        let mut digest = Sha256::new();
        digest.update("form token ");
        digest.update(&self.0);
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// Why somebody is not signed in. What exactly was wrong is not said to who tries.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong, unknown, or not possible so.
    #[error("you are not signed in: the e-mail address, the password or the passkey is not right")]
    Refused,
    /// It was tried too often.
    #[error("there were too many attempts for this account; try again after {until}")]
    Locked {
        /// From when it may be tried again.
        until: DateTime<Utc>,
    },
    /// Too many passwords are looked at in the same moment.
    #[error("too many people are signing in at this moment; try again in a moment")]
    Busy,
    /// The invitation was used, is too old, or never was.
    #[error("the invitation was used, has expired or is not whole; ask for a new one")]
    InvitationInvalid,
    /// The password cannot be taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A passkey cannot be taken, or there is none.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// A provider signs nobody in.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The storage failed.
    #[error(transparent)]
    Store(#[from] SignInStoreError),
    /// The table of people failed.
    #[error(transparent)]
    People(#[from] PeopleError),
}

/// Signing in, put together.
pub struct SignIns {
    file: SignInFile,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    ceremonies: passkeys::Ceremonies,
    providers: providers::Providers,
    strangers: strangers::Strangers,
    hashing: passwords::Turns,
}

impl SignIns {
    /// Those of a file.
    #[must_use]
    pub fn kept_in(file: SignInFile, settings: &Settings, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let ceremonies = passkeys::Ceremonies::new(&settings.origin);
        let providers = providers::Providers::new(settings);
        let (strangers, hashing) = (strangers::Strangers::default(), passwords::Turns::default());
        Self { file, clock, ids, ceremonies, providers, strangers, hashing }
    }

    /// The file: what was read by auditors, and what is to be forgotten of a person.
    #[must_use]
    pub fn file(&self) -> &SignInFile {
        &self.file
    }

    /// An invitation: who shows its secret within [`INVITATION_DAYS`] days chooses a password. Earlier ones no longer hold.
    ///
    /// # Errors
    /// The storage fails.
    pub fn invite(&self, person: PersonId) -> Result<Secret, SignInError> {
        let secret = Secret::new(self.ids.as_ref());
        self.file.invite(&secret.hash(), person, self.clock.now() + TimeDelta::days(INVITATION_DAYS))?;
        Ok(secret)
    }

    /// Who is invited by an invitation that holds.
    ///
    /// # Errors
    /// The storage fails.
    pub fn invited(&self, invitation: &Secret) -> Result<Option<PersonId>, SignInError> {
        Ok(self.file.invited(&invitation.hash(), self.clock.now())?)
    }

    /// Takes an invitation up with a password. The session that begins may add a passkey, and takes the place of the one
    /// that the browser had.
    ///
    /// # Errors
    /// The invitation does not hold, the password cannot be taken, or the storage fails.
    pub fn take_up(
        &self,
        book: &Book,
        invitation: &Secret,
        password: &str,
        session: Option<&Secret>,
    ) -> Result<Signed, SignInError> {
        let hash = invitation.hash();
        let person = self.file.invited(&hash, self.clock.now())?.ok_or(SignInError::InvitationInvalid)?;
        if !is_open(book, person) {
            return Err(SignInError::InvitationInvalid);
        }
        let _turn = self.hashing.turn().ok_or(SignInError::Busy)?;
        let salt = self.ids.new_secret();
        let password_hash = passwords::hash(password, &salt)?;
        if !self.file.take_up(&hash, person, TakenUp::Password(&password_hash))? {
            return Err(SignInError::InvitationInvalid);
        }
        self.begin(Beginning::here(person, Means::Invitation, None), session)
    }

    /// Signs in by a password whoever has an e-mail address, in the place of the session that the browser had. Takes a
    /// moment of one processor: not on a thread that serves, and only so many at a time. An attempt counts before it is
    /// known whether it is right, so that many at once are no more than one after the other.
    ///
    /// # Errors
    /// It is refused, the account is locked for a time, too many try at this moment, or the storage fails.
    pub fn by_password(
        &self,
        person: Option<PersonId>,
        email: &str,
        password: &str,
        session: Option<&Secret>,
    ) -> Result<Signed, SignInError> {
        let _turn = self.hashing.turn().ok_or(SignInError::Busy)?;
        let now = self.clock.now();
        // An address without an account is locked as one with an account is, so that a lock does not tell of one.
        let attempt = match person {
            Some(person) => self.file.attempt(person, now, locked_until)?,
            None => self.strangers.attempt(email, now),
        };
        attempt.map_err(|until| SignInError::Locked { until })?;
        let kept = match person {
            Some(person) => self.file.password(person)?,
            None => None,
        };
        // An unknown account takes as long as a known one.
        let is_right = passwords::verify(password, kept.as_deref());
        let person = person.filter(|_| is_right).ok_or(SignInError::Refused)?;
        self.file.succeeded(person)?;
        self.begin(Beginning::here(person, Means::Password, None), session)
    }

    /// Until when people cannot sign in by password, since it was tried too often, of everybody of whom it is so.
    ///
    /// # Errors
    /// The storage fails.
    pub fn locked(&self) -> Result<BTreeMap<PersonId, DateTime<Utc>>, SignInError> {
        let failures = self.file.all_failures()?.into_iter();
        let until = failures.map(|(person, count, last)| (person, locked_until(count, last)));
        let now = self.clock.now();
        Ok(until.filter(|(_, until)| now < *until).collect())
    }

    /// Lets a person try again at once.
    ///
    /// # Errors
    /// The storage fails.
    pub fn unlock(&self, person: PersonId) -> Result<(), SignInError> {
        Ok(self.file.succeeded(person)?)
    }
}

/// Until when nobody is looked at after so many failures in a row, the last of them at an instant.
fn locked_until(failures: u32, last: DateTime<Utc>) -> DateTime<Utc> {
    last + pause(failures)
}

/// The one open account with an e-mail address; none where there is none, or more than one.
///
/// # Errors
/// The storage fails.
pub fn account_of(book: &Book, people: &People, email: &str) -> Result<Option<PersonId>, SignInError> {
    let mut open = people.with_email(email)?.into_iter().filter(|person| is_open(book, *person));
    Ok(open.next().filter(|_| open.next().is_none()))
}

/// Where an invitation is taken up.
#[must_use]
pub fn invitation_link(origin: &str, invitation: &Secret) -> String {
    format!("{origin}/sign-in/invitation?token={}", invitation.reveal())
}

/// Whether a person may sign in.
fn is_open(book: &Book, person: PersonId) -> bool {
    book.access.get(&person).is_some_and(crate::domain::access::Access::is_open)
}
