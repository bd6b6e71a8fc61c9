//! How the service proves to a provider who it is: by a secret that both know, or by a key that is its own
//! (`private_key_jwt`, RFC 7523).

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;

use crate::config::{Provider, ProviderKind};

/// What a request says it is proven by.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion holds for so many seconds.
const SECONDS: i64 = 60;
/// A file with a secret is not longer.
const SECRET_BYTES_MAX: usize = 4096;

/// By what the service proves who it is.
pub(super) enum Credential {
    /// A secret.
    Secret(String),
    /// A key of its own.
    Key(Box<Key>),
}

pub(super) enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl Credential {
    /// Reads it from the file that the settings name, each time it is needed, so that it can be changed meanwhile.
    pub(super) fn read(provider: &Provider) -> Result<Self, String> {
        if provider.has_key() {
            return Key::read(&provider.key_file).map(|key| Self::Key(Box::new(key)));
        }
        let file = &provider.client_secret_file;
        let secret = std::fs::read_to_string(file)
            .map_err(|error| format!("client_secret_file {} cannot be read: {error}", file.display()))?;
        let secret = secret.trim();
        if secret.is_empty() || secret.len() > SECRET_BYTES_MAX {
            return Err(format!("client_secret_file {} is empty or too long to hold a secret", file.display()));
        }
        Ok(Self::Secret(secret.to_owned()))
    }
}

impl Key {
    #[expect(clippy::disallowed_methods, reason = "a signature needs randomness of its own, which is nobody's id")]
    fn read(file: &Path) -> Result<Self, String> {
        let unusable = |why: &str| {
            let file = file.display();
            format!("key_file {file} cannot be used: {why}; give an RSA or P-256 key (PKCS#8) as PEM")
        };
        let written = PrivateKeyDer::from_pem_file(file).map_err(|error| unusable(&error.to_string()))?;
        let rsa = if let PrivateKeyDer::Pkcs1(der) = &written {
            RsaKeyPair::from_der(der.secret_pkcs1_der())
        } else if let PrivateKeyDer::Pkcs8(der) = &written {
            RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
        } else {
            return Err(unusable("it is of another form"));
        };
        if let Ok(key) = rsa {
            return Ok(Self::Rsa(key));
        }
        let PrivateKeyDer::Pkcs8(der) = &written else { return Err(unusable("it is of another form")) };
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.secret_pkcs8_der(), &SystemRandom::new())
            .map(Self::P256)
            .map_err(|error| unusable(&error.to_string()))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a signature needs randomness of its own, which is nobody's id")]
    fn sign(&self, text: &str) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).ok()?;
                Some(signature)
            }
            Self::P256(key) => key.sign(&random, text.as_bytes()).ok().map(|signature| signature.as_ref().to_vec()),
        }
    }

    /// An assertion for `audience`, known by `id` so that it holds once.
    pub(super) fn assertion(
        &self,
        provider: &Provider,
        audience: &str,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<String, String> {
        let mut header = json!({ "alg": self.algorithm(), "typ": "JWT" });
        if !provider.key_id.is_empty() {
            // Microsoft knows keys by their certificates.
            let name = if provider.kind == ProviderKind::EntraId { "x5t#S256" } else { "kid" };
            header[name] = json!(provider.key_id);
        }
        let claims = json!({
            "iss": provider.client_id,
            "sub": provider.client_id,
            "aud": audience,
            "jti": id,
            "iat": now.timestamp(),
            "exp": now.timestamp() + SECONDS,
        });
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let signature = self.sign(&signed).ok_or("key_file holds a key that cannot sign")?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
