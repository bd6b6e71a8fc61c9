//! A passkey in software, as a browser and its device would answer (Web Authentication, level 2).

#![expect(clippy::disallowed_methods, reason = "a passkey is random, as in a real device")]

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The site that the passkey is for.
const SITE: &str = "localhost";
const ORIGIN: &str = "http://localhost:8080";
const USER_PRESENT_AND_VERIFIED: u8 = 0x05;
const KEY_INCLUDED: u8 = 0x40;

/// An authenticator with one passkey.
pub struct Authenticator {
    key: EcdsaKeyPair,
    credential: Vec<u8>,
    used: AtomicU32,
    site: &'static str,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub fn new(name: &str) -> Self {
        Self::for_site(name, SITE)
    }

    /// One whose answers are for another site.
    pub fn for_site(name: &str, site: &'static str) -> Self {
        let random = SystemRandom::new();
        let written = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, written.as_ref(), &random).unwrap();
        Self { key, credential: Sha256::digest(name).to_vec(), used: AtomicU32::new(0), site }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.site).to_vec();
        data.push(flags);
        data.extend(self.used.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        data
    }

    fn client_data(kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false }).to_string().into_bytes()
    }

    /// A new passkey.
    pub fn attest(&self, challenge: &str) -> Value {
        let mut data = self.data(USER_PRESENT_AND_VERIFIED | KEY_INCLUDED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        // A COSE key: kind EC2, algorithm ES256, curve P-256, and the two coordinates.
        let point = &self.key.public_key().as_ref()[1..];
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[..32]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[32..]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        json!({
            "id": text(&self.credential), "rawId": text(&self.credential), "type": "public-key", "extensions": {},
            "response": {
                "attestationObject": text(&object),
                "clientDataJSON": text(&Self::client_data("webauthn.create", challenge)),
            },
        })
    }

    /// The passkey is shown.
    pub fn assert(&self, challenge: &str) -> Value {
        let data = self.data(USER_PRESENT_AND_VERIFIED);
        let client_data = Self::client_data("webauthn.get", challenge);
        let signed = [&data[..], &Sha256::digest(&client_data)[..]].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(&self.credential), "rawId": text(&self.credential), "type": "public-key", "extensions": {},
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client_data),
                "signature": text(signature.as_ref()), "userHandle": null,
            },
        })
    }
}
