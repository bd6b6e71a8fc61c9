//! What a browser adds to a request: its cookies, and where the page is from that sends it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::authenticator::Authenticator;
use super::client::{Response, send};
use super::service::Service;

/// The cookie of a session, where there is no TLS.
const SESSION: &str = "grenselos";

/// A browser with its cookies.
pub struct Browser<'service> {
    service: &'service Service,
    cookies: RefCell<BTreeMap<String, String>>,
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl<'service> Browser<'service> {
    pub fn new(service: &'service Service) -> Self {
        Self { service, cookies: RefCell::default() }
    }

    /// The cookie of the session as it is sent.
    pub fn cookie(&self) -> Option<String> {
        self.cookies.borrow().get(SESSION).map(|value| format!("{SESSION}={value}"))
    }

    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut all = headers.to_vec();
        if !cookies.is_empty() {
            all.push(("Cookie", &cookies));
        }
        let response = send(self.service.address(), method, target, &all, body);
        for set in response.cookies() {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        self.cookies.borrow_mut().retain(|_, value| !value.is_empty());
        response
    }

    pub fn get(&self, target: &str) -> Response {
        self.send("GET", target, &[], b"")
    }

    /// Sends a form of a page of the service itself.
    pub fn form(&self, target: &str, fields: &[(&str, &str)]) -> Response {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", target, &headers, pairs.join("&").as_bytes())
    }

    /// Sends what the script of a page sends.
    pub fn script(&self, target: &str, body: &Value) -> Response {
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/json")];
        self.send("POST", target, &headers, body.to_string().as_bytes())
    }

    /// Asks the API for something, under a key.
    pub fn post(&self, target: &str, key: &str, body: &Value) -> Response {
        let headers =
            [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/json"), ("Idempotency-Key", key)];
        self.send("POST", target, &headers, body.to_string().as_bytes())
    }

    /// Takes an invitation up.
    #[track_caller]
    pub fn take_up(&self, link: &str, password: &str) {
        let token = link.split_once("token=").unwrap().1;
        let taken = self.form("/sign-in/invitation", &[("token", token), ("password", password)]);
        assert_eq!((taken.status, taken.header("location")), (303, Some("/account")), "{}", taken.text());
    }

    pub fn sign_in(&self, email: &str, password: &str) -> Response {
        self.form("/sign-in", &[("email", email), ("password", password), ("to", "/account")])
    }

    /// Adds a passkey of the authenticator.
    #[track_caller]
    pub fn add_passkey(&self, authenticator: &Authenticator) -> Response {
        let begun = self.script("/account/passkeys/begin", &serde_json::json!({}));
        assert_eq!(begun.status, 200, "{}", begun.text());
        let begun = begun.json();
        let challenge = begun["asked"]["publicKey"]["challenge"].as_str().unwrap();
        let answer = authenticator.attest(challenge);
        self.script(
            "/account/passkeys/finish",
            &serde_json::json!({ "ceremony": begun["ceremony"], "name": "prøve", "answer": answer }),
        )
    }

    /// Shows a passkey: to sign in with an e-mail address, or to prove once more who has the session.
    #[track_caller]
    pub fn show_passkey(&self, authenticator: &Authenticator, email: Option<&str>) -> Response {
        let begun = self.script("/sign-in/passkey/begin", &serde_json::json!({ "email": email }));
        assert_eq!(begun.status, 200, "{}", begun.text());
        let begun = begun.json();
        let challenge = begun["asked"]["publicKey"]["challenge"].as_str().unwrap();
        let answer = authenticator.assert(challenge);
        self.script("/sign-in/passkey/finish", &serde_json::json!({ "ceremony": begun["ceremony"], "answer": answer }))
    }
}
