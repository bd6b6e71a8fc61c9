//! Providers that sign people in: what of their settings fits together.

use std::path::PathBuf;

use serde::Deserialize;

/// Algorithms by which a provider signs so that nobody else can: a shared secret is none of them.
const ALGORITHMS: [&str; 10] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/// So many providers have room on a page.
const PROVIDERS_MAX: usize = 10;

/// What kind of provider it is, which says by what it knows a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Employees, each on behalf of an organisation.
    Ansattporten,
    /// Employees of one tenant of Microsoft Entra ID.
    EntraId,
    /// Employees in education.
    Feide,
    /// Inhabitants.
    IdPorten,
    /// Any other that keeps to `OpenID` Connect.
    OpenidConnect,
}

/// A provider that signs people in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Provider {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    pub issuer: String,
    pub client_id: String,
    #[serde(default)]
    pub client_secret_file: PathBuf,
    #[serde(default)]
    pub key_file: PathBuf,
    #[serde(default)]
    pub key_id: String,
    #[serde(default = "algorithms")]
    pub algorithms: Vec<String>,
    #[serde(default)]
    pub scopes: Vec<String>,
    #[serde(default)]
    pub acr_values: Vec<String>,
    #[serde(default)]
    pub strong_acr: Vec<String>,
    #[serde(default)]
    pub strong_amr: Vec<String>,
    #[serde(default)]
    pub authorization_details: String,
}

fn algorithms() -> Vec<String> {
    vec!["RS256".to_owned()]
}

impl Provider {
    /// Whether the service proves by a key who it is, and not by a secret that the provider knows as well.
    #[must_use]
    pub fn has_key(&self) -> bool {
        !self.key_file.as_os_str().is_empty()
    }

    fn fault(&self) -> Option<String> {
        let is_plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        let is_address_part = !self.id.is_empty()
            && self.id.len() <= 40
            && self.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let has_secret = !self.client_secret_file.as_os_str().is_empty();
        let unknown = self.algorithms.iter().find(|algorithm| !ALGORITHMS.contains(&algorithm.as_str()));
        let details: Result<serde_json::Value, _> = serde_json::from_str(&self.authorization_details);
        let sentence = if !is_address_part {
            format!(
                "id is \"{}\"; give up to 40 small letters, digits and dashes, since it stands in addresses",
                self.id
            )
        } else if self.name.trim().is_empty() {
            "name is empty; say what stands on the button".to_owned()
        } else if !is_issuer(&self.issuer) {
            format!(
                "issuer is \"{}\"; give the https:// address that the provider calls itself, as its configuration has it",
                self.issuer
            )
        } else if !is_plain(&self.client_id) {
            "client_id is empty or has spaces; give it as the provider has it".to_owned()
        } else if has_secret == self.has_key() {
            "client_secret_file and key_file: give one of them, by which the service proves who it is".to_owned()
        } else if let Some(algorithm) = unknown {
            format!("algorithms names \"{algorithm}\", which is none of {}", ALGORITHMS.join(", "))
        } else if self.algorithms.is_empty() {
            "algorithms is empty; name those by which the provider signs, such as RS256".to_owned()
        } else if !self.scopes.iter().chain(&self.acr_values).all(|word| is_plain(word)) {
            "scopes and acr_values hold words without spaces".to_owned()
        } else if !self.authorization_details.is_empty() && !details.is_ok_and(|details| details.is_array()) {
            "authorization_details is no JSON array".to_owned()
        } else if self.kind == Kind::Ansattporten && self.authorization_details.is_empty() {
            "authorization_details is empty, but without it Ansattporten does not say on whose behalf somebody comes"
                .to_owned()
        } else {
            return None;
        };
        Some(sentence)
    }
}

/// An address over TLS, or of this machine.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = openidconnect::url::Url::parse(text) else { return false };
    let is_within_this_machine = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_reached_safely = url.scheme() == "https" || (url.scheme() == "http" && is_within_this_machine);
    is_reached_safely && url.query().is_none() && url.fragment().is_none() && url.username().is_empty()
}

/// What is wrong with the providers.
pub(super) fn fault(providers: &[Provider]) -> Option<String> {
    if providers.len() > PROVIDERS_MAX {
        return Some(format!("stands there {} times; there is room for {PROVIDERS_MAX}", providers.len()));
    }
    let twice = |index: usize, same: fn(&Provider) -> &str| {
        let (before, from) = providers.split_at(index);
        from.first().is_some_and(|provider| before.iter().any(|other| same(other) == same(provider)))
    };
    providers.iter().enumerate().find_map(|(index, provider)| {
        let said = |sentence: String| format!("number {} ({}): {sentence}", index + 1, provider.name);
        if twice(index, |provider| &provider.id) || twice(index, |provider| &provider.issuer) {
            return Some(said("id or issuer is that of another one".to_owned()));
        }
        provider.fault().map(said)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "id = \"feide\"\nname = \"Feide\"\nkind = \"feide\"\nissuer = \"https://auth.dataporten.no\"\n\
                         client_id = \"grenselos\"\nclient_secret_file = \"secret\"\n";

    fn faults(with: &str) -> Option<String> {
        let mut table: toml::Table = SOUND.parse().unwrap();
        table.extend(with.parse::<toml::Table>().unwrap());
        fault(&[table.try_into::<Provider>().unwrap()])
    }

    #[test]
    fn a_provider_that_cannot_work_is_said_with_its_field() {
        assert_eq!(faults(""), None);
        assert_eq!(faults("issuer = \"http://localhost:4000/\""), None);
        for (with, field) in [
            ("id = \"Feide\"", "id is"),
            ("name = \"\"", "name is"),
            ("issuer = \"http://provider.example\"", "issuer is"),
            ("issuer = \"https://provider.example/?a=b\"", "issuer is"),
            ("client_id = \"\"", "client_id is"),
            ("client_secret_file = \"\"", "client_secret_file and key_file"),
            ("key_file = \"key.pem\"", "client_secret_file and key_file"),
            ("algorithms = [\"none\"]", "algorithms names \"none\""),
            ("algorithms = [\"HS256\"]", "algorithms names \"HS256\""),
            ("algorithms = []", "algorithms is"),
            ("acr_values = [\"two words\"]", "scopes and acr_values"),
            ("authorization_details = \"{}\"", "authorization_details is"),
            ("kind = \"ansattporten\"", "authorization_details is empty"),
        ] {
            let said = faults(with).unwrap_or_default();
            assert!(said.starts_with("number 1") && said.contains(field), "{with}: {said}");
        }
    }

    #[test]
    fn two_providers_have_different_ids_and_issuers() {
        let one: Provider = SOUND.parse::<toml::Table>().unwrap().try_into().unwrap();
        let other = Provider { id: "other".to_owned(), issuer: "https://other.example".to_owned(), ..one.clone() };
        assert_eq!(fault(&[one.clone(), other.clone()]), None);
        let same_issuer = Provider { issuer: one.issuer.clone(), ..other };
        assert!(fault(&[one, same_issuer]).unwrap().starts_with("number 2 (Feide): id or issuer"));
    }
}
