//! Passkeys: added, signed in by, and asked for once more where something grave is done.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use webauthn_rs::fake::{FakePasskeyDistribution, WebauthnFakeCredentialGenerator};
use webauthn_rs::prelude::{
    CreationChallengeResponse, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, RequestChallengeResponse, Url, Webauthn, WebauthnBuilder,
};

use super::sessions::Beginning;
use super::{Means, Secret, SignInError, SignIns, Signed};
use crate::domain::identity::PersonId;
use crate::store::people::People;
use crate::store::sign_in::PasskeyRow;
use crate::view::book::Book;

/// What a browser answers when a passkey is added.
pub type Attestation = RegisterPublicKeyCredential;
/// What a browser answers when a passkey is shown.
pub type Assertion = PublicKeyCredential;

/// A ceremony that is not ended within so many minutes is forgotten.
const CEREMONY_MINUTES: i64 = 5;
/// No more ceremonies are under way at a time.
const CEREMONIES_MAX: usize = 10_000;
/// A person has so many passkeys at most.
const PASSKEYS_MAX: usize = 20;
/// A passkey's name has so many characters at most.
const NAME_CHARACTERS_MAX: usize = 100;
/// The name of the secret by which passkeys of nobody are made up.
const MADE_UP_BY: &str = "passkeys of nobody";
/// So often passkeys are made up until there is one.
const MADE_UP_TRIES: u32 = 20;
/// What browsers and devices show.
const SERVICE: &str = "Grenseløs";

/// Why there is nothing to be done with a passkey.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The address of the service is of no kind that passkeys are bound to.
    #[error(
        "passkeys cannot be used: sign_in.origin is \"{origin}\", and they take https:// with a name, or http://localhost on \
         this machine"
    )]
    OriginUnsuited {
        /// The address.
        origin: String,
    },
    /// The ceremony is unknown or too old.
    #[error("it took too long, or was begun elsewhere; begin again")]
    CeremonyOver,
    /// There are too many at a time.
    #[error("too many people are signing in at this moment; try again in a few minutes")]
    TooManyCeremonies,
    /// A passkey may not be added now.
    #[error("to add a passkey, sign in with one that you have, or by a new invitation")]
    MayNotAdd,
    /// There are too many already.
    #[error("there are {PASSKEYS_MAX} passkeys already, which is the most")]
    TooMany,
    /// The passkey is not right.
    #[error("the passkey was not taken; try again, or use another one")]
    NotTaken,
    /// It could not be written down.
    #[error("the passkey could not be written down")]
    Written,
}

enum Ceremony {
    Adding(PersonId, PasskeyRegistration),
    Showing(PersonId, PasskeyAuthentication),
    /// Of an address that has no passkey. It goes on as if there were one, so that nobody learns so.
    Nobodys,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPasskey {
    /// What it is known by.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub added: DateTime<Utc>,
}

/// Ceremonies under way. They are in memory alone: one that a restart ends is begun anew.
pub(super) struct Ceremonies {
    webauthn: Option<Webauthn>,
    origin: String,
    under_way: Mutex<HashMap<Uuid, (DateTime<Utc>, Ceremony)>>,
}

impl Ceremonies {
    pub(super) fn new(origin: &str) -> Self {
        Self { webauthn: webauthn(origin), origin: origin.to_owned(), under_way: Mutex::default() }
    }

    fn webauthn(&self) -> Result<&Webauthn, PasskeyError> {
        self.webauthn.as_ref().ok_or_else(|| PasskeyError::OriginUnsuited { origin: self.origin.clone() })
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<Uuid, (DateTime<Utc>, Ceremony)>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, id: Uuid, now: DateTime<Utc>, ceremony: Ceremony) -> Result<(), PasskeyError> {
        let mut under_way = self.under_way();
        under_way.retain(|_, (began, _)| now - *began < TimeDelta::minutes(CEREMONY_MINUTES));
        if under_way.len() >= CEREMONIES_MAX {
            return Err(PasskeyError::TooManyCeremonies);
        }
        under_way.insert(id, (now, ceremony));
        Ok(())
    }

    fn take(&self, id: Uuid, now: DateTime<Utc>) -> Result<Ceremony, PasskeyError> {
        let taken = self.under_way().remove(&id);
        taken
            .filter(|(began, _)| now - *began < TimeDelta::minutes(CEREMONY_MINUTES))
            .map(|(_, ceremony)| ceremony)
            .ok_or(PasskeyError::CeremonyOver)
    }
}

fn webauthn(origin: &str) -> Option<Webauthn> {
    let url = Url::parse(origin).ok()?;
    let name = url.domain()?;
    if url.scheme() != "https" && name != "localhost" {
        return None;
    }
    let builder = WebauthnBuilder::new(name, &url).ok()?;
    // On this machine the port is chosen at the start.
    builder.rp_name(SERVICE).allow_any_port(name == "localhost").build().ok()
}

impl SignIns {
    /// Begins to add a passkey: what the browser is to be asked, and what the ceremony is known by.
    ///
    /// # Errors
    /// It may not be added, or the storage fails.
    pub fn begin_adding(
        &self,
        people: &People,
        session: &Secret,
    ) -> Result<(Uuid, CreationChallengeResponse), SignInError> {
        let held = self.held_for_adding(Some(session))?;
        let known = self.passkeys_of(held.person)?;
        if known.len() >= PASSKEYS_MAX {
            return Err(PasskeyError::TooMany.into());
        }
        let who = people.get(held.person)?.unwrap_or_default();
        let called = who.email.as_deref().unwrap_or(&who.name);
        let others = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let webauthn = self.ceremonies.webauthn()?;
        let (asked, state) = webauthn
            .start_passkey_registration(held.person.0, called, &who.name, Some(others))
            .map_err(|_| PasskeyError::NotTaken)?;
        let id = self.ids.new_id();
        self.ceremonies.keep(id, self.clock.now(), Ceremony::Adding(held.person, state))?;
        Ok((id, asked))
    }

    /// Adds the passkey that the browser made.
    ///
    /// # Errors
    /// It is not right, or the storage fails.
    pub fn finish_adding(
        &self,
        session: &Secret,
        ceremony: Uuid,
        name: &str,
        answer: &Attestation,
    ) -> Result<(), SignInError> {
        let held = self.session(session)?.ok_or(SignInError::Refused)?;
        let Ceremony::Adding(person, state) = self.ceremonies.take(ceremony, self.clock.now())? else {
            return Err(PasskeyError::CeremonyOver.into());
        };
        if person != held.person {
            return Err(PasskeyError::CeremonyOver.into());
        }
        let passkey = self
            .ceremonies
            .webauthn()?
            .finish_passkey_registration(answer, &state)
            .map_err(|_| PasskeyError::NotTaken)?;
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME_CHARACTERS_MAX).collect();
        self.put(person, &passkey, if name.is_empty() { "passkey".to_owned() } else { name }, self.clock.now())
    }

    /// Begins to sign somebody in by a passkey. Whether there is such an account, and whether it has a passkey, is not to be
    /// seen in the answer.
    ///
    /// # Errors
    /// There are too many at a time, passkeys cannot be used here, or the storage fails.
    pub fn begin_showing(
        &self,
        book: &Book,
        people: &People,
        email: &str,
    ) -> Result<(Uuid, RequestChallengeResponse), SignInError> {
        let known = match super::account_of(book, people, email)? {
            Some(person) => self.ask_for(person)?,
            None => None,
        };
        match known {
            Some(asked) => Ok(asked),
            None => self.ask_for_nobodys(email),
        }
    }

    /// What is asked where there is no passkey: as if there were, and each time the same of the same address.
    fn ask_for_nobodys(&self, email: &str) -> Result<(Uuid, RequestChallengeResponse), SignInError> {
        let key = self.file.kept_secret(MADE_UP_BY, &self.ids.new_secret())?;
        let generator = WebauthnFakeCredentialGenerator::<FakePasskeyDistribution>::new(&key);
        let generator = generator.map_err(|_| PasskeyError::NotTaken)?;
        // Now and then it makes up that there is none.
        let made_up = (0..MADE_UP_TRIES)
            .filter_map(|attempt| generator.generate(format!("{attempt} {}", email.to_lowercase()).as_bytes()).ok())
            .find(|made_up| !made_up.is_empty())
            .unwrap_or_default();
        let made_up = made_up.iter().map(|id| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(id) }));
        let webauthn = self.ceremonies.webauthn()?;
        let (mut asked, _) = webauthn.start_passkey_authentication(&[]).map_err(|_| PasskeyError::NotTaken)?;
        asked.public_key.allow_credentials =
            serde_json::from_value(made_up.collect()).map_err(|_| PasskeyError::NotTaken)?;
        let id = self.ids.new_id();
        self.ceremonies.keep(id, self.clock.now(), Ceremony::Nobodys)?;
        Ok((id, asked))
    }

    /// Begins to prove once more who has a session.
    ///
    /// # Errors
    /// There is no such session, or the person has no passkey; the storage fails.
    pub fn begin_proving(&self, session: &Secret) -> Result<(Uuid, RequestChallengeResponse), SignInError> {
        let held = self.held(Some(session))?;
        self.ask_for(held.person)?.ok_or(SignInError::Refused)
    }

    /// What is asked of a person's passkeys; none where there is none.
    fn ask_for(&self, person: PersonId) -> Result<Option<(Uuid, RequestChallengeResponse)>, SignInError> {
        let known = self.passkeys_of(person)?;
        if known.is_empty() {
            return Ok(None);
        }
        let webauthn = self.ceremonies.webauthn()?;
        let (asked, state) = webauthn.start_passkey_authentication(&known).map_err(|_| PasskeyError::NotTaken)?;
        let id = self.ids.new_id();
        self.ceremonies.keep(id, self.clock.now(), Ceremony::Showing(person, state))?;
        Ok(Some((id, asked)))
    }

    /// Signs in by the passkey that was shown; where there is a session of the same person, it is proven once more.
    ///
    /// # Errors
    /// It is not right, or the storage fails.
    pub fn finish_showing(
        &self,
        book: &Book,
        session: Option<&Secret>,
        ceremony: Uuid,
        answer: &Assertion,
    ) -> Result<Signed, SignInError> {
        let now = self.clock.now();
        let (person, state) = match self.ceremonies.take(ceremony, now)? {
            Ceremony::Showing(person, state) => (person, state),
            Ceremony::Nobodys => return Err(PasskeyError::NotTaken.into()),
            Ceremony::Adding(..) => return Err(PasskeyError::CeremonyOver.into()),
        };
        if !super::is_open(book, person) {
            return Err(SignInError::Refused);
        }
        let result = self
            .ceremonies
            .webauthn()?
            .finish_passkey_authentication(answer, &state)
            .map_err(|_| PasskeyError::NotTaken)?;
        for row in self.file.passkeys(person)? {
            let Some(mut passkey) = read(&row) else { continue };
            if passkey.update_credential(&result) == Some(true) {
                self.put(person, &passkey, row.name, row.added)?;
            }
        }
        self.file.succeeded(person)?;
        let own = match session {
            Some(secret) => self.session(secret)?.filter(|held| held.person == person).map(|_| secret),
            None => None,
        };
        match own {
            Some(secret) => self.prove(secret, now),
            None => self.begin(Beginning::here(person, Means::Passkey, Some(now)), session),
        }
    }

    /// A person's passkeys.
    ///
    /// # Errors
    /// The storage fails.
    pub fn known_passkeys(&self, person: PersonId) -> Result<Vec<KnownPasskey>, SignInError> {
        let rows = self.file.passkeys(person)?.into_iter();
        let id = |row: &PasskeyRow| URL_SAFE_NO_PAD.encode(&row.credential);
        Ok(rows.map(|row| KnownPasskey { id: id(&row), name: row.name, added: row.added }).collect())
    }

    /// Takes a passkey away from the person who has the session; whether there was one.
    ///
    /// # Errors
    /// The session was not proven, or the storage fails.
    pub fn remove_passkey(&self, session: Option<&Secret>, id: &str) -> Result<bool, SignInError> {
        let held = self.held_for_adding(session)?;
        match URL_SAFE_NO_PAD.decode(id) {
            Ok(credential) => Ok(self.file.remove_passkey(held.person, &credential)?),
            Err(_) => Ok(false),
        }
    }

    fn passkeys_of(&self, person: PersonId) -> Result<Vec<Passkey>, SignInError> {
        Ok(self.file.passkeys(person)?.iter().filter_map(read).collect())
    }

    fn put(&self, person: PersonId, passkey: &Passkey, name: String, added: DateTime<Utc>) -> Result<(), SignInError> {
        let written = serde_json::to_string(passkey).map_err(|_| PasskeyError::Written)?;
        let credential = Vec::clone(passkey.cred_id());
        Ok(self.file.put_passkey(person, &PasskeyRow { credential, name, passkey: written, added })?)
    }
}

fn read(row: &PasskeyRow) -> Option<Passkey> {
    serde_json::from_str(&row.passkey).ok()
}
