//! Signing in through a provider: begun in one browser, ended in the same, and once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::provider::{Arrival, Provider, ProviderError, Question};
use super::sessions::{ABSOLUTE_HOURS, Beginning};
use super::{Means, Secret, SignInError, SignIns, Signed, is_open};
use crate::config::SignIn as Settings;
use crate::domain::identity::PersonId;
use crate::store::sign_in::{LinkedRow, SecretHash, TakenUp};
use crate::view::book::Book;

/// A sign-in that is not ended within so many minutes is forgotten.
pub const PROVIDER_MINUTES: i64 = 10;
/// No more are under way at a time.
const UNDER_WAY_MAX: usize = 10_000;
/// What a browser brings back has so many characters at most.
const BROUGHT_CHARACTERS_MAX: usize = 4096;

/// What somebody goes to a provider for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To prove once more who has the session.
    Prove,
    /// To be known by it from now on.
    Link,
    /// To take an invitation up.
    TakeUp(Secret),
}

/// Where the browser goes, and what it is known by when it comes back.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The address at the provider.
    pub location: String,
    /// For a cookie.
    pub browser: Secret,
}

/// What the browser brought back.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// What it was sent away with.
    pub state: String,
    /// For which the provider says who it is.
    pub code: String,
    /// Which provider says so (RFC 9207), where one does.
    pub issuer: Option<String>,
    /// Whether the provider says that nobody signed in.
    pub is_refusal: bool,
}

/// Somebody came back, and goes on to where they wanted to go.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Who.
    pub signed: Signed,
    /// Where to.
    pub to: String,
}

struct UnderWay {
    provider: String,
    began: DateTime<Utc>,
    browser: SecretHash,
    question: Question,
    purpose: Wanted,
    to: String,
}

/// A purpose, with whose it is.
enum Wanted {
    SignIn,
    Prove(PersonId),
    Link(PersonId),
    TakeUp(Secret),
}

/// By what somebody signed in at a provider. It is never written down, since it says more of a person than is kept here.
struct SignedInThere {
    provider: String,
    id_token: String,
    at: DateTime<Utc>,
}

/// Somebody who signs out at a provider.
struct Leaving {
    provider: String,
    at: DateTime<Utc>,
}

/// The providers, and who is on the way to one. What a restart ends is begun anew.
pub(super) struct Providers {
    known: Vec<Provider>,
    under_way: Mutex<HashMap<SecretHash, UnderWay>>,
    signed_in: Mutex<HashMap<SecretHash, SignedInThere>>,
    leaving: Mutex<HashMap<SecretHash, Leaving>>,
}

impl Providers {
    pub(super) fn new(settings: &Settings) -> Self {
        let known = settings.providers.iter().cloned();
        let known = known.map(|provider| Provider::new(provider, &settings.origin)).collect();
        Self { known, under_way: Mutex::default(), signed_in: Mutex::default(), leaving: Mutex::default() }
    }

    fn called(&self, id: &str) -> Result<&Provider, ProviderError> {
        self.known.iter().find(|provider| provider.settings.id == id).ok_or(ProviderError::Unknown)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<SecretHash, UnderWay>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers for as long as a session can last by what it began at a provider.
    fn remember(&self, session: SecretHash, signed_in: SignedInThere) {
        let mut known = self.signed_in.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, other| signed_in.at - other.at < TimeDelta::hours(ABSOLUTE_HOURS));
        if known.len() < UNDER_WAY_MAX {
            known.insert(session, signed_in);
        }
    }

    /// By what a session began at a provider, once.
    fn signed_in_by(&self, session: &SecretHash) -> Option<SignedInThere> {
        self.signed_in.lock().unwrap_or_else(PoisonError::into_inner).remove(session)
    }

    fn let_leave(&self, state: SecretHash, leaving: Leaving) {
        let mut known = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, other| leaving.at - other.at < TimeDelta::minutes(PROVIDER_MINUTES));
        if known.len() < UNDER_WAY_MAX {
            known.insert(state, leaving);
        }
    }

    fn keep(&self, state: SecretHash, now: DateTime<Utc>, kept: UnderWay) -> bool {
        let mut under_way = self.under_way();
        under_way.retain(|_, known| now - known.began < TimeDelta::minutes(PROVIDER_MINUTES));
        if under_way.len() >= UNDER_WAY_MAX {
            return false;
        }
        under_way.insert(state, kept);
        true
    }

    /// What was begun under a state, in this browser and with this provider. It is gone with that, whoever asks.
    fn take(
        &self,
        provider: &str,
        browser: Option<&Secret>,
        brought: &Brought,
        now: DateTime<Utc>,
    ) -> Option<UnderWay> {
        let taken = self.under_way().remove(&Secret::shown(&brought.state).hash())?;
        let is_it = taken.provider == provider
            && browser.is_some_and(|browser| browser.hash() == taken.browser)
            && now - taken.began < TimeDelta::minutes(PROVIDER_MINUTES);
        is_it.then_some(taken)
    }
}

impl SignIns {
    /// Says of each provider what is wrong with its settings, or that it does not answer now.
    #[must_use]
    pub fn check_providers(&self) -> Vec<ProviderError> {
        self.providers.known.iter().filter_map(|provider| provider.check(self.clock.now()).err()).collect()
    }

    /// Where forms may lead that go to a provider: without this, browsers would not follow. Asks the providers, if need be.
    #[must_use]
    pub fn provider_origins(&self) -> Vec<String> {
        self.providers.known.iter().flat_map(|provider| provider.origins(self.clock.now())).collect()
    }

    /// Sends somebody to a provider. Waits for it, if need be.
    ///
    /// # Errors
    /// There is no such provider, it does not answer, or the storage fails.
    pub fn depart(
        &self,
        provider: &str,
        purpose: Purpose,
        (session, browser): (Option<&Secret>, Option<Secret>),
        language: &str,
        to: &str,
    ) -> Result<Departure, SignInError> {
        let provider = self.providers.called(provider)?;
        let is_proof = purpose == Purpose::Prove;
        let purpose = match purpose {
            Purpose::SignIn => Wanted::SignIn,
            Purpose::TakeUp(invitation) => Wanted::TakeUp(invitation),
            Purpose::Prove => Wanted::Prove(self.held(session)?.person),
            Purpose::Link => Wanted::Link(self.held_for_adding(session)?.person),
        };
        let secret = || Secret::new(self.ids.as_ref());
        let [state, nonce, verifier] = [secret(), secret(), secret()].map(|secret| secret.reveal().to_owned());
        let question = Question { state, nonce, verifier };
        let now = self.clock.now();
        let location = provider.question(&question, is_proof, language, now)?;
        let browser = browser.unwrap_or_else(secret);
        let state = Secret::shown(&question.state).hash();
        let id = provider.settings.id.clone();
        let under_way =
            UnderWay { provider: id, began: now, browser: browser.hash(), question, purpose, to: to.to_owned() };
        if !self.providers.keep(state, now, under_way) {
            return Err(super::PasskeyError::TooManyCeremonies.into());
        }
        Ok(Departure { location, browser })
    }

    /// Takes somebody back from a provider. Waits for it.
    ///
    /// # Errors
    /// What came back is not taken, and why; or the storage fails.
    pub fn arrive(
        &self,
        book: &Book,
        provider: &str,
        (session, browser): (Option<&Secret>, Option<&Secret>),
        brought: Brought,
    ) -> Result<Arrived, SignInError> {
        let now = self.clock.now();
        let known = self.providers.called(provider)?;
        let begun = self.providers.take(provider, browser, &brought, now).ok_or(ProviderError::Over)?;
        let is_of_another = brought.issuer.as_ref().is_some_and(|issuer| *issuer != known.settings.issuer);
        if is_of_another || brought.code.chars().count() > BROUGHT_CHARACTERS_MAX {
            return Err(ProviderError::Over.into());
        }
        if brought.is_refusal || brought.code.is_empty() {
            return Err(ProviderError::Declined.into());
        }
        let arrival = known.arrival(&begun.question, brought.code, &self.ids.new_id().to_string(), now)?;
        let is_by_provider = !matches!(begun.purpose, Wanted::Link(_));
        let signed = match begun.purpose {
            Wanted::SignIn => self.sign_in_by(book, &arrival, session),
            Wanted::TakeUp(invitation) => self.take_up_by(book, &arrival, &invitation, session),
            Wanted::Prove(person) => self.prove_by(person, &arrival, session, begun.began),
            Wanted::Link(person) => self.link_by(person, &arrival, session),
        }?;
        if is_by_provider {
            let there =
                SignedInThere { provider: known.settings.id.clone(), id_token: arrival.id_token.clone(), at: now };
            self.providers.remember(signed.secret.hash(), there);
        }
        Ok(Arrived { signed, to: begun.to })
    }

    /// The address at which who has the session signs out at the provider that signed them in; none where none did, or where it
    /// does not offer that. Asks the provider, if need be.
    ///
    /// # Errors
    /// The storage fails.
    pub fn farewell(&self, session: &Secret) -> Result<Option<String>, SignInError> {
        let (hash, now) = (session.hash(), self.clock.now());
        let there = self.providers.signed_in_by(&hash);
        let id = match &there {
            Some(there) => Some(there.provider.clone()),
            None => self.provider_of(&hash)?,
        };
        let Some(provider) = id.and_then(|id| self.providers.called(&id).ok()) else { return Ok(None) };
        let state = Secret::new(self.ids.as_ref());
        let address = provider.farewell(there.as_ref().map(|there| there.id_token.as_str()), state.reveal(), now);
        if address.is_some() {
            self.providers.let_leave(state.hash(), Leaving { provider: provider.settings.id.clone(), at: now });
        }
        Ok(address)
    }

    /// The provider that a session began with, as it is kept beyond a restart.
    fn provider_of(&self, session: &SecretHash) -> Result<Option<String>, SignInError> {
        let kept = self.file.session(session)?.and_then(|row| row.provider);
        let is_it = |provider: &&Provider| {
            let issuer = kept.as_deref().and_then(|kept| kept.split_once(' ')).map(|(issuer, _)| issuer);
            issuer == Some(provider.settings.issuer.as_str())
        };
        Ok(self.providers.known.iter().find(is_it).map(|provider| provider.settings.id.clone()))
    }

    /// The name of the provider at which somebody signed out who comes back, once; none where nobody left so.
    #[must_use]
    pub fn left(&self, provider: &str, state: &str) -> Option<String> {
        let now = self.clock.now();
        let mut leaving = self.providers.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        let left = leaving.remove(&Secret::shown(state).hash())?;
        let is_it = left.provider == provider && now - left.at < TimeDelta::minutes(PROVIDER_MINUTES);
        is_it.then(|| self.providers.called(provider).ok().map(|known| known.settings.name.clone())).flatten()
    }

    fn sign_in_by(&self, book: &Book, arrival: &Arrival, instead: Option<&Secret>) -> Result<Signed, SignInError> {
        let person = self.known_by(arrival)?.filter(|person| is_open(book, *person)).ok_or(ProviderError::NotLinked)?;
        self.begin(beginning(person, Means::Provider, arrival), instead)
    }

    fn take_up_by(
        &self,
        book: &Book,
        arrival: &Arrival,
        invitation: &Secret,
        instead: Option<&Secret>,
    ) -> Result<Signed, SignInError> {
        let hash = invitation.hash();
        let person = self.file.invited(&hash, self.clock.now())?.ok_or(SignInError::InvitationInvalid)?;
        if !is_open(book, person) {
            return Err(SignInError::InvitationInvalid);
        }
        let row = self.row_for(person, arrival)?;
        if !self.file.take_up(&hash, person, TakenUp::Linked(&row))? {
            return Err(SignInError::InvitationInvalid);
        }
        self.begin(beginning(person, Means::Invitation, arrival), instead)
    }

    fn prove_by(
        &self,
        person: PersonId,
        arrival: &Arrival,
        session: Option<&Secret>,
        asked: DateTime<Utc>,
    ) -> Result<Signed, SignInError> {
        let (held, secret) = (self.held(session)?, session.ok_or(SignInError::Refused)?);
        if held.person != person || self.known_by(arrival)? != Some(person) {
            return Err(ProviderError::OtherPerson.into());
        }
        // The clocks of two machines may differ by a little.
        let is_fresh = arrival.signed_in.is_some_and(|at| asked - at <= TimeDelta::minutes(1));
        match arrival.strong {
            Some(at) if is_fresh => self.prove(secret, at),
            Some(_) | None => Err(ProviderError::NotProven.into()),
        }
    }

    fn link_by(&self, person: PersonId, arrival: &Arrival, session: Option<&Secret>) -> Result<Signed, SignInError> {
        let (held, secret) = (self.held_for_adding(session)?, session.ok_or(SignInError::Refused)?);
        if held.person != person {
            return Err(ProviderError::OtherPerson.into());
        }
        let row = self.row_for(person, arrival)?;
        self.file.link(person, &row)?;
        Ok(Signed { person, secret: secret.clone() })
    }

    fn row_for(&self, person: PersonId, arrival: &Arrival) -> Result<LinkedRow, SignInError> {
        if self.known_by(arrival)?.is_some_and(|known| known != person) {
            return Err(ProviderError::LinkedElsewhere.into());
        }
        let identity = arrival.identity.clone();
        Ok(LinkedRow { issuer: identity.issuer, subject: identity.subject, added: self.clock.now() })
    }

    fn known_by(&self, arrival: &Arrival) -> Result<Option<PersonId>, SignInError> {
        Ok(self.file.linked(&arrival.identity.issuer, &arrival.identity.subject)?)
    }

    /// Ends what began with a session at a provider, where the provider says so and names itself rightly; whether it does.
    ///
    /// # Errors
    /// The storage fails.
    pub fn signed_out_at(&self, provider: &str, issuer: &str, session: &str) -> Result<bool, SignInError> {
        let known = self.providers.called(provider)?;
        if known.settings.issuer != issuer || session.is_empty() {
            return Ok(false);
        }
        self.file.end_sessions_at(&session_at(issuer, session))?;
        Ok(true)
    }

    /// The providers that know a person: each with its name, and what it knows the person by.
    ///
    /// # Errors
    /// The storage fails.
    pub fn links(&self, person: PersonId) -> Result<Vec<(Option<String>, LinkedRow)>, SignInError> {
        let name = |issuer: &str| {
            let known = self.providers.known.iter().find(|provider| provider.settings.issuer == issuer);
            known.map(|provider| provider.settings.name.clone())
        };
        Ok(self.file.links_of(person)?.into_iter().map(|row| (name(&row.issuer), row)).collect())
    }

    /// A provider is no longer to know the person who has the session; whether it did.
    ///
    /// # Errors
    /// The session was not proven, or the storage fails.
    pub fn unlink(&self, session: Option<&Secret>, issuer: &str, subject: &str) -> Result<bool, SignInError> {
        let held = self.held_for_adding(session)?;
        Ok(self.file.unlink(held.person, issuer, subject)?)
    }
}

/// A session as it begins with a provider.
fn beginning(person: PersonId, means: Means, arrival: &Arrival) -> Beginning {
    let session = arrival.session.as_ref().map(|session| session_at(&arrival.identity.issuer, session));
    Beginning { person, means, strong: arrival.strong, provider: session }
}

/// What a session at a provider is known by here.
fn session_at(issuer: &str, session: &str) -> String {
    format!("{issuer} {session}")
}
