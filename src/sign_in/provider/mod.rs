//! Providers that sign people in: one client of `OpenID` Connect for all of them, by the code flow with PKCE.

mod assertion;
mod identity;
mod wire;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, Client,
    ClientId, ClientSecret, CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdTokenClaims, IdTokenFields, IdTokenVerifier, IssuerUrl, LanguageTag, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse, url::Url,
};

use crate::config::{Provider as Settings, ProviderKind};
use assertion::{ASSERTION_TYPE, Credential};
use identity::ReadClaims;

pub use identity::{Identity, IdentityError};

/// What a provider says of itself is asked for anew after so many hours.
const KNOWN_HOURS: i64 = 12;
/// Keys are asked for anew, or a provider that did not answer asked again, after so many seconds at the earliest.
const AGAIN_SECONDS: i64 = 60;

type Fields = IdTokenFields<
    ReadClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Claims = IdTokenClaims<ReadClaims, CoreGenderClaim>;
type ProviderClient = Client<
    ReadClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a provider signs nobody in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// There is none of this name.
    #[error("there is no such provider")]
    Unknown,
    /// It does not answer now.
    #[error("{name} does not answer: {why}")]
    Unreachable {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// The settings and what it says of itself do not fit together.
    #[error("sign_in.provider {name}: {why}")]
    Settings {
        /// Which.
        name: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// Its answer cannot be trusted.
    #[error("the answer of {name} is not taken: {why}")]
    Untrusted {
        /// Which.
        name: String,
        /// What is wrong with it. This is for the operator.
        why: String,
    },
    /// What it says does not tell who somebody is.
    #[error("the answer of {name} is not taken: {why}")]
    Nobody {
        /// Which.
        name: String,
        /// Why.
        #[source]
        why: IdentityError,
    },
    /// The person did not sign in there.
    #[error("the person did not sign in there")]
    Declined,
    /// It is unknown here, too old, or was begun in another browser.
    #[error("it took too long, or was begun elsewhere; begin again")]
    Over,
    /// Nobody is known here by it.
    #[error("no account is linked with this sign-in; ask for an invitation")]
    NotLinked,
    /// Somebody else is known here by it.
    #[error("this sign-in is linked with another account")]
    LinkedElsewhere,
    /// Another person than the one who is signed in.
    #[error("another person signed in there")]
    OtherPerson,
    /// Neither fresh nor by a second factor.
    #[error("the provider does not say that a second factor was shown just now")]
    NotProven,
}

/// What a provider is asked for, and what its answer is known by.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// Who signed in at a provider.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub(super) identity: Identity,
    /// When a second factor was last shown.
    pub(super) strong: Option<DateTime<Utc>>,
    /// When the person last signed in there, where it is said.
    pub(super) signed_in: Option<DateTime<Utc>>,
    /// The session there.
    pub(super) session: Option<String>,
    /// The token that says so, by which the provider knows later who signs out.
    pub(super) id_token: String,
}

#[derive(Debug, Clone)]
struct Known {
    metadata: Arc<ProviderMetadataWithLogout>,
    at: DateTime<Utc>,
    keys_at: DateTime<Utc>,
}

#[derive(Debug, Default)]
struct Memory {
    known: Option<Known>,
    failed_at: Option<DateTime<Utc>>,
}

/// A provider, with what it was found to say of itself.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) settings: Settings,
    redirect: String,
    after_sign_out: String,
    memory: Mutex<Memory>,
}

impl Provider {
    pub(super) fn new(settings: Settings, origin: &str) -> Self {
        let redirect = format!("{origin}/sign-in/with/{}/callback", settings.id);
        let after_sign_out = format!("{origin}/sign-in/with/{}/signed-out", settings.id);
        Self { settings, redirect, after_sign_out, memory: Mutex::default() }
    }

    fn unreachable(&self, why: impl Into<String>) -> ProviderError {
        ProviderError::Unreachable { name: self.settings.name.clone(), why: why.into() }
    }

    fn ill_set(&self, why: impl Into<String>) -> ProviderError {
        ProviderError::Settings { name: self.settings.name.clone(), why: why.into() }
    }

    fn untrusted(&self, why: impl Into<String>) -> ProviderError {
        ProviderError::Untrusted { name: self.settings.name.clone(), why: why.into() }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the settings work: by what the service proves who it is, and what the provider says of itself.
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), ProviderError> {
        Credential::read(&self.settings).map_err(|why| self.ill_set(why))?;
        self.known(now).map(drop)
    }

    /// Where browsers are sent to, to sign in and out, where it is known or can be found out.
    pub(super) fn origins(&self, now: DateTime<Utc>) -> Vec<String> {
        let Some(known) = self.reached(now) else { return Vec::new() };
        let addresses = [Some(known.metadata.authorization_endpoint().url()), self.end_session(&known)];
        let mut origins: Vec<String> =
            addresses.into_iter().flatten().map(|address| address.origin().ascii_serialization()).collect();
        origins.dedup();
        origins
    }

    /// What the provider says of itself. One that did not answer is not asked each time.
    fn reached(&self, now: DateTime<Utc>) -> Option<Known> {
        let failed_at = self.memory().failed_at;
        if failed_at.is_some_and(|at| now - at < TimeDelta::seconds(AGAIN_SECONDS)) {
            return None;
        }
        self.known(now).ok()
    }

    /// Where browsers sign out at the provider, where it says so: never without TLS where it has TLS elsewhere.
    fn end_session<'known>(&self, known: &'known Known) -> Option<&'known Url> {
        let address = known.metadata.additional_metadata().end_session_endpoint.as_ref()?.url();
        let is_secure = address.scheme() == "https" || !self.settings.issuer.starts_with("https://");
        Some(address).filter(|_| is_secure)
    }

    /// The address to send the browser of somebody to who signs out here, so that they are signed out at the provider too;
    /// none where the provider does not offer it.
    pub(super) fn farewell(&self, id_token: Option<&str>, state: &str, now: DateTime<Utc>) -> Option<String> {
        let known = self.reached(now)?;
        let mut address = self.end_session(&known)?.clone();
        let mut said = address.query_pairs_mut();
        if let Some(token) = id_token {
            said.append_pair("id_token_hint", token);
        }
        said.append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &self.after_sign_out)
            .append_pair("state", state);
        drop(said);
        Some(address.into())
    }

    /// What the provider says of itself, asked for where it is not known or was long ago.
    fn known(&self, now: DateTime<Utc>) -> Result<Known, ProviderError> {
        let before = self.memory().known.clone();
        if let Some(known) = before.clone().filter(|known| now - known.at < TimeDelta::hours(KNOWN_HOURS)) {
            return Ok(known);
        }
        match (self.discover(), before) {
            (Ok(metadata), _) => {
                let known =
                    Known { metadata: Arc::new(metadata), at: now, keys_at: now - TimeDelta::seconds(AGAIN_SECONDS) };
                *self.memory() = Memory { known: Some(known.clone()), failed_at: None };
                Ok(known)
            }
            // What it said earlier still holds for a while where it does not answer now.
            (Err(ProviderError::Unreachable { .. }), Some(before)) => Ok(before),
            (Err(error), _) => {
                self.memory().failed_at = Some(now);
                Err(error)
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is wrong is said as the library says it")]
    fn discover(&self) -> Result<ProviderMetadataWithLogout, ProviderError> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| self.ill_set(error.to_string()))?;
        let metadata = ProviderMetadataWithLogout::discover(&issuer, &wire::send).map_err(|error| match error {
            DiscoveryError::Request(error) => self.unreachable(error.to_string()),
            DiscoveryError::Response(status, _, why) if status.is_server_error() => self.unreachable(why),
            DiscoveryError::Parse(error) => {
                self.ill_set(format!("what {} says of itself cannot be read: {error}", self.settings.issuer))
            }
            other => self.ill_set(format!("issuer {}: {other}", self.settings.issuer)),
        })?;
        self.check_metadata(&metadata)?;
        Ok(metadata)
    }

    fn check_metadata(&self, metadata: &ProviderMetadataWithLogout) -> Result<(), ProviderError> {
        let Some(token_endpoint) = metadata.token_endpoint() else {
            return Err(self.ill_set("the provider has no token endpoint, which the code flow needs"));
        };
        let is_secure = self.settings.issuer.starts_with("https://");
        let endpoints = [metadata.authorization_endpoint().url(), token_endpoint.url(), metadata.jwks_uri().url()];
        if is_secure && endpoints.iter().any(|endpoint| endpoint.scheme() != "https") {
            return Err(self.ill_set("the provider names addresses without https://"));
        }
        let algorithms = self.algorithms();
        if !metadata.id_token_signing_alg_values_supported().iter().any(|algorithm| algorithms.contains(algorithm)) {
            return Err(self.ill_set("algorithms has none by which the provider signs; take one of its configuration"));
        }
        let methods = metadata.token_endpoint_auth_methods_supported();
        let offers = |method: &CoreClientAuthMethod| methods.is_none_or(|methods| methods.contains(method));
        if self.settings.has_key() && !offers(&CoreClientAuthMethod::PrivateKeyJwt) {
            return Err(self.ill_set(
                "key_file is given, but the provider does not take private_key_jwt; give client_secret_file",
            ));
        }
        let takes_secret =
            offers(&CoreClientAuthMethod::ClientSecretBasic) || offers(&CoreClientAuthMethod::ClientSecretPost);
        if !self.settings.has_key() && !takes_secret {
            return Err(self.ill_set("client_secret_file is given, but the provider takes no secret; give key_file"));
        }
        Ok(())
    }

    fn algorithms(&self) -> Vec<CoreJwsSigningAlgorithm> {
        let named = |name: &String| serde_json::from_value(serde_json::Value::String(name.clone())).ok();
        self.settings.algorithms.iter().filter_map(named).collect()
    }

    fn client(
        &self,
        metadata: &ProviderMetadataWithLogout,
        secret: Option<String>,
    ) -> Result<ProviderClient, ProviderError> {
        let client_id = ClientId::new(self.settings.client_id.clone());
        let redirect = RedirectUrl::new(self.redirect.clone()).map_err(|error| self.ill_set(error.to_string()))?;
        let basic = CoreClientAuthMethod::ClientSecretBasic;
        let takes_basic =
            metadata.token_endpoint_auth_methods_supported().is_none_or(|methods| methods.contains(&basic));
        let kind = if secret.is_some() && takes_basic { AuthType::BasicAuth } else { AuthType::RequestBody };
        let client = Client::from_provider_metadata(metadata.clone(), client_id, secret.map(ClientSecret::new));
        Ok(client.set_redirect_uri(redirect).set_auth_type(kind))
    }

    /// The address to send the browser to. `anew` asks for the person to sign in there once more.
    pub(super) fn question(
        &self,
        question: &Question,
        anew: bool,
        language: &str,
        now: DateTime<Utc>,
    ) -> Result<String, ProviderError> {
        let known = self.known(now)?;
        let client = self.client(&known.metadata, None)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(question.verifier.clone()));
        let Question { state, nonce, .. } = question.clone();
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .add_ui_locale(LanguageTag::new(language.to_owned()));
        for level in &self.settings.acr_values {
            request = request.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
        }
        if !self.settings.authorization_details.is_empty() {
            request = request.add_extra_param("authorization_details", self.settings.authorization_details.clone());
        }
        if anew {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        Ok(request.url().0.into())
    }

    /// Who it was, by the code that the browser brought back.
    pub(super) fn arrival(
        &self,
        question: &Question,
        code: String,
        assertion_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Arrival, ProviderError> {
        let known = self.known(now)?;
        let (claims, id_token) = self.claims(&known, question, code, assertion_id, now)?;
        let nobody = |why| ProviderError::Nobody { name: self.settings.name.clone(), why };
        let read = claims.additional_claims();
        let identity = identity::identity(&self.settings, claims.subject(), read).map_err(nobody)?;
        let means: Vec<&str> = claims.auth_method_refs().into_iter().flatten().map(|means| means.as_str()).collect();
        let level = claims.auth_context_ref().map(|level| level.as_str());
        let strong = identity::strong_at(&self.settings, level, &means, claims.auth_time(), now);
        Ok(Arrival { identity, strong, signed_in: claims.auth_time(), session: read.sid.clone(), id_token })
    }

    fn claims(
        &self,
        known: &Known,
        question: &Question,
        code: String,
        assertion_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(Claims, String), ProviderError> {
        let (secret, key) = match Credential::read(&self.settings).map_err(|why| self.ill_set(why))? {
            Credential::Secret(secret) => (Some(secret), None),
            Credential::Key(key) => (None, Some(key)),
        };
        let client = self.client(&known.metadata, secret)?;
        let mut request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| self.ill_set(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(question.verifier.clone()));
        if let Some(key) = key {
            let audience = self.assertion_audience(&known.metadata);
            let assertion =
                key.assertion(&self.settings, &audience, assertion_id, now).map_err(|why| self.ill_set(why))?;
            request = request
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion);
        }
        let answer = request.request(&wire::send).map_err(|error| match error {
            RequestTokenError::Request(error) => self.unreachable(error.to_string()),
            RequestTokenError::ServerResponse(said) => self.untrusted(format!("it gives no token: {said}")),
            RequestTokenError::Parse(error, _) => self.untrusted(format!("its token cannot be read: {error}")),
            RequestTokenError::Other(_) => self.untrusted("it gives no token that can be read"),
        })?;
        let token = answer.id_token().ok_or_else(|| self.untrusted("it gives no id token"))?;
        let nonce = Nonce::new(question.nonce.clone());
        let issuer = known.metadata.issuer();
        let verify = |keys: &CoreJsonWebKeySet| token.claims(&self.verifier(issuer, keys, now), &nonce).cloned();
        let claims = match verify(known.metadata.jwks()) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                verify(&self.newer_keys(known, now)?)
            }
            other => other,
        };
        let claims = claims.map_err(|error| self.untrusted(why(&error)))?;
        if claims.authorized_party().is_some_and(|party| **party != self.settings.client_id) {
            return Err(self.untrusted("its token was given to another client (azp)"));
        }
        Ok((claims, token.to_string()))
    }

    /// Without the secret, so that nothing that is signed with it is taken.
    fn verifier(
        &self,
        issuer: &IssuerUrl,
        keys: &CoreJsonWebKeySet,
        now: DateTime<Utc>,
    ) -> IdTokenVerifier<'static, CoreJsonWebKey> {
        let client_id = ClientId::new(self.settings.client_id.clone());
        IdTokenVerifier::new_public_client(client_id, issuer.clone(), keys.clone())
            .set_allowed_algs(self.algorithms())
            .set_time_fn(move || now)
    }

    /// The keys as they are now, where the provider has others than were known; not more often than once a minute.
    fn newer_keys(&self, known: &Known, now: DateTime<Utc>) -> Result<CoreJsonWebKeySet, ProviderError> {
        if now - known.keys_at < TimeDelta::seconds(AGAIN_SECONDS) {
            return Err(self.untrusted("its token is signed by a key that it does not show"));
        }
        let keys = CoreJsonWebKeySet::fetch(known.metadata.jwks_uri(), &wire::send)
            .map_err(|error| self.unreachable(format!("its keys cannot be read: {error}")))?;
        let metadata = ProviderMetadataWithLogout::clone(&known.metadata).set_jwks(keys.clone());
        let newer = Known { metadata: Arc::new(metadata), at: known.at, keys_at: now };
        self.memory().known = Some(newer);
        Ok(keys)
    }

    fn assertion_audience(&self, metadata: &ProviderMetadataWithLogout) -> String {
        let token_endpoint = metadata.token_endpoint().map(|endpoint| endpoint.url().to_string());
        let wants_endpoint = self.settings.kind == ProviderKind::EntraId;
        token_endpoint.filter(|_| wants_endpoint).unwrap_or_else(|| self.settings.issuer.clone())
    }
}

/// What is wrong with a token, for the operator.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is wrong is said as the library says it")]
fn why(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::SignatureVerification(cause) => format!("{error}: {cause}"),
        other => other.to_string(),
    }
}
