//! A provider that keeps to `OpenID` Connect, except where a test wants it not to.

#![expect(clippy::disallowed_methods, reason = "a provider signs with keys of its own")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const CLIENT: &str = "grenselos";
pub const SECRET: &str = "en hemmelighet";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// As it should be.
    Rightly,
    /// By another key that is called the same.
    ByAnotherKey,
    /// Not at all: `alg` is `none`.
    NotAtAll,
    /// By HS256 with the public key as the secret.
    ByPublicKeyAsSecret,
    /// By HS256 with the client's secret.
    ByClientSecret,
}

struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let written = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, written.as_ref(), &random).unwrap();
        Self { id: id.to_owned(), pair }
    }

    fn shown(&self) -> Value {
        let point = &self.pair.public_key().as_ref()[1..];
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": text(&point[..32]), "y": text(&point[32..]) })
    }
}

type Change = Box<dyn Fn(&mut Value) + Send>;

/// What a code stands for.
struct Asked {
    nonce: String,
    challenge: String,
}

struct State {
    key: Key,
    signed: Signed,
    change: Change,
    metadata: Change,
    codes: HashMap<String, Asked>,
    now: DateTime<Utc>,
    keys_asked: usize,
    /// The public key of the client, where it proves by a key who it is.
    client_key: Option<Vec<u8>>,
    assertions: Vec<String>,
}

/// A provider that runs.
pub struct Provider {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What stands in the query of an address, or in a form.
pub fn parameters(query: &str) -> HashMap<String, String> {
    actix_web::web::Query::<HashMap<String, String>>::from_query(query).unwrap().into_inner()
}

impl Provider {
    pub fn start(now: DateTime<Utc>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            key: Key::new("first"),
            signed: Signed::Rightly,
            change: Box::new(|_| {}),
            metadata: Box::new(|_| {}),
            codes: HashMap::new(),
            now,
            keys_asked: 0,
            client_key: None,
            assertions: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let answering = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), address, &answering);
            }
        });
        Self { address, state }
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The claims of tokens from now on.
    pub fn says(&self, change: impl Fn(&mut Value) + Send + 'static) {
        self.state().change = Box::new(change);
    }

    /// What it says of itself from now on.
    pub fn says_of_itself(&self, change: impl Fn(&mut Value) + Send + 'static) {
        self.state().metadata = Box::new(change);
    }

    pub fn signs(&self, signed: Signed) {
        self.state().signed = signed;
    }

    pub fn takes_another_key(&self, id: &str) {
        self.state().key = Key::new(id);
    }

    pub fn it_is(&self, now: DateTime<Utc>) {
        self.state().now = now;
    }

    pub fn keys_asked(&self) -> usize {
        self.state().keys_asked
    }

    pub fn assertions(&self) -> Vec<String> {
        self.state().assertions.clone()
    }

    /// From now on the client proves by this key who it is.
    pub fn knows_client_key(&self, public: &[u8]) {
        self.state().client_key = Some(public.to_vec());
    }

    /// Somebody signs in: the code for what was asked at the address that the browser was sent to.
    pub fn code(&self, location: &str) -> String {
        let (address, query) = location.split_once('?').unwrap();
        assert_eq!(address, format!("{}/authorize", self.issuer()));
        let asked = parameters(query);
        assert_eq!((&*asked["response_type"], &*asked["code_challenge_method"]), ("code", "S256"));
        assert_eq!(asked["client_id"], CLIENT);
        self.code_for(&asked["nonce"], &asked["code_challenge"])
    }

    pub fn code_for(&self, nonce: &str, challenge: &str) -> String {
        let mut state = self.state();
        let code = format!("code-{}", state.codes.len());
        state.codes.insert(code.clone(), Asked { nonce: nonce.to_owned(), challenge: challenge.to_owned() });
        code
    }
}

/// A key of a client: its file, and what the provider knows of it.
pub fn client_key(file: PathBuf) -> (PathBuf, Vec<u8>) {
    let random = SystemRandom::new();
    let written = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, written.as_ref(), &random).unwrap();
    let body = STANDARD.encode(written.as_ref());
    std::fs::write(&file, format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")).unwrap();
    (file, pair.public_key().as_ref().to_vec())
}

fn answer(stream: &TcpStream, address: SocketAddr, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or_default() == 0 {
        return;
    }
    let (mut length, mut authorization) = (0, String::new());
    let path = line.split(' ').nth(1).unwrap().to_owned();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => value.clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut state = state.lock().unwrap();
    let (status, said) = match path.as_str() {
        "/.well-known/openid-configuration" => (200, metadata(address, &state)),
        "/keys" => {
            state.keys_asked += 1;
            (200, json!({ "keys": [state.key.shown()] }))
        }
        "/token" => match token(address, &mut state, &authorization, std::str::from_utf8(&body).unwrap()) {
            Some(token) => (200, token),
            None => (400, json!({ "error": "invalid_grant" })),
        },
        _ => (404, json!({})),
    };
    let said = said.to_string();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
    let mut out = stream;
    let _ = out.write_all(format!("{head}Content-Length: {}\r\n\r\n{said}", said.len()).as_bytes());
}

fn metadata(address: SocketAddr, state: &State) -> Value {
    let issuer = format!("http://{address}");
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/session/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
    });
    (state.metadata)(&mut metadata);
    metadata
}

/// The token for a code, once, where the client and the verifier are right.
fn token(address: SocketAddr, state: &mut State, authorization: &str, body: &str) -> Option<Value> {
    let sent = parameters(body);
    let is_client = match state.client_key.clone() {
        Some(key) => is_proven(state, &key, &sent, address),
        None => authorization == format!("Basic {}", STANDARD.encode(format!("{CLIENT}:en+hemmelighet"))),
    };
    let asked = state.codes.remove(&sent["code"]).filter(|_| is_client)?;
    if text(&Sha256::digest(sent.get("code_verifier")?)) != asked.challenge {
        return None;
    }
    let mut claims = json!({
        "iss": format!("http://{address}"), "sub": "pairwise-1", "aud": CLIENT, "nonce": asked.nonce, "sid": "there",
        "iat": state.now.timestamp(), "exp": state.now.timestamp() + 300, "auth_time": state.now.timestamp(),
    });
    (state.change)(&mut claims);
    let algorithm = match state.signed {
        Signed::Rightly | Signed::ByAnotherKey => "ES256",
        Signed::NotAtAll => "none",
        Signed::ByPublicKeyAsSecret | Signed::ByClientSecret => "HS256",
    };
    let header = json!({ "alg": algorithm, "typ": "JWT", "kid": state.key.id });
    let signed = format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
    let random = SystemRandom::new();
    let by_secret =
        |secret: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes()).as_ref().to_vec();
    let signature = match state.signed {
        Signed::Rightly => state.key.pair.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec(),
        Signed::ByAnotherKey => {
            Key::new(&state.key.id).pair.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec()
        }
        Signed::NotAtAll => vec![],
        Signed::ByPublicKeyAsSecret => by_secret(state.key.pair.public_key().as_ref()),
        Signed::ByClientSecret => by_secret(SECRET.as_bytes()),
    };
    let token = format!("{signed}.{}", text(&signature));
    Some(json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token }))
}

/// Whether the client has proven by its key who it is (RFC 7523), with an assertion that was never used before.
fn is_proven(state: &mut State, key: &[u8], sent: &HashMap<String, String>, address: SocketAddr) -> bool {
    assert_eq!(sent["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let assertion = sent["client_assertion"].clone();
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let decoded = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let (header, claims) = signed.split_once('.').unwrap();
    let (header, claims) = (decoded(header), decoded(claims));
    let is_new = !state.assertions.contains(&assertion);
    state.assertions.push(assertion.clone());
    let public = UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, key);
    is_new
        && header == json!({ "alg": "ES256", "typ": "JWT", "kid": "client-key" })
        && claims["iss"] == CLIENT
        && claims["sub"] == CLIENT
        && claims["aud"] == format!("http://{address}")
        && claims["exp"].as_i64().unwrap() > state.now.timestamp()
        && public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).is_ok()
}
