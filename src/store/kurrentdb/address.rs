//! Where a log is on a cluster, as the settings say it, and the limits of talking to it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use eventstore::{ClientSettings, NodePreference};
use percent_encoding::percent_decode_str;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

use crate::store::home::Limits;

/// Where a log is: the cluster and the prefix of its streams.
#[derive(Clone)]
pub struct Address {
    settings: ClientSettings,
    prefix: String,
    limits: Limits,
}

/// What the client takes behind the `?` of an address.
const PARAMETERS: [&str; 13] = [
    "maxDiscoverAttempts",
    "discoveryInterval",
    "gossipTimeout",
    "tls",
    "tlsVerifyCert",
    "tlsCaFile",
    "nodePreference",
    "keepAliveInterval",
    "keepAliveTimeout",
    "defaultDeadline",
    "connectionName",
    "userCertFile",
    "userKeyFile",
];

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Address")
            .field("hosts", &self.shown())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Why a text is not the address of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It begins otherwise.
    #[error(
        "it does not begin with kurrentdb:// or kurrentdb+discover://; write it as in kurrentdb://host:2113?tls=true"
    )]
    Scheme,
    /// The client does not take it.
    #[error(
        "the client does not take it ({reason}); write it as in kurrentdb://user:password@one:2113,two:2113?tls=true"
    )]
    Form {
        /// What the client says.
        reason: String,
    },
    /// It has a parameter that the client does not know, and would pass over.
    #[error("it has the parameter {name}, which is unknown; there are {}", PARAMETERS.join(", "))]
    Parameter {
        /// Its name.
        name: String,
    },
    /// A parameter that the client takes and that does not serve here.
    #[error("the parameter {name} {must}")]
    Value {
        /// Its name.
        name: &'static str,
        /// What it must be.
        must: &'static str,
    },
    /// User or password cannot be told.
    #[error(
        "user and password cannot be told; write them as user:password@ before the hosts, % as %25 and ? as %3F, other \
         special characters as they are or by their number in UTF-8 likewise"
    )]
    Secret,
    /// The file with the certificates of authorities holds none.
    #[error("the file {} of tlsCaFile cannot be used ({reason}); it holds certificates as PEM", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The prefix is empty or holds another character.
    #[error("the prefix {prefix:?} is not 1 to 40 of a to z, 0 to 9, - and _")]
    Prefix {
        /// The prefix.
        prefix: String,
    },
}

impl Address {
    /// The address of the log whose streams begin with `prefix`.
    ///
    /// # Errors
    /// One of them is not in order.
    pub fn new(text: &str, prefix: &str) -> Result<Self, AddressError> {
        const PREFIX_CHARACTERS_MAX: usize = 40;
        let is_named = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-' | '_');
        if prefix.is_empty() || prefix.len() > PREFIX_CHARACTERS_MAX || !prefix.chars().all(is_named) {
            return Err(AddressError::Prefix { prefix: prefix.to_owned() });
        }
        let rest = text.strip_prefix("kurrentdb://").or_else(|| text.strip_prefix("kurrentdb+discover://"));
        let rest = rest.ok_or(AddressError::Scheme)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (secret, hosts) = match place.rsplit_once('@') {
            Some((secret, hosts)) => (Some(secret), hosts),
            None => (None, place),
        };
        let parameters: Vec<(&str, &str)> = query
            .split('&')
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
            .collect();
        let is_known = |name: &str| PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name));
        if let Some((name, _)) = parameters.iter().find(|(name, _)| !is_known(name)) {
            return Err(AddressError::Parameter { name: (*name).to_owned() });
        }
        // The client takes user and password as they stand in an address, and what it says of one may repeat all of it.
        let settings = ClientSettings::from_str(&format!("{}{hosts}?{query}", &text[..text.len() - rest.len()]))
            .map_err(|error| {
                let reason = error.error().map_or_else(|| error.message().to_owned(), ToString::to_string);
                AddressError::Form { reason }
            })?;
        let settings = with_credentials(settings, secret.map(credentials).transpose()?)?;
        serves(&settings, &parameters)?;
        if let Some(path) = settings.tls_ca_file() {
            authorities(path).map_err(|reason| AddressError::Authorities { path: path.into(), reason })?;
        }
        Ok(Self { settings, prefix: prefix.to_owned(), limits: Limits::default() })
    }

    /// The same with other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// What its streams begin with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// The hosts, without any secret, and the same however they are typed: in one order, with their ports, each once. Of a `/` at
    /// the end the client makes a host without a name.
    #[must_use]
    pub fn shown(&self) -> String {
        let hosts = self.settings.hosts().iter().map(|host| (host.host.to_ascii_lowercase(), host.port));
        let hosts: BTreeSet<(String, u32)> = hosts.filter(|(host, _)| !host.is_empty()).collect();
        let hosts: Vec<String> = hosts.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        format!("kurrentdb://{}", hosts.join(","))
    }
}

/// User and password, as they are.
fn credentials(secret: &str) -> Result<[String; 2], AddressError> {
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().map(Cow::into_owned);
    let (user, password) = secret.split_once(':').unwrap_or((secret, ""));
    match (decoded(user), decoded(password)) {
        (Ok(user), Ok(password)) if !user.is_empty() => Ok([user, password]),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => Err(AddressError::Secret),
    }
}

/// The settings with user and password, which the client lets nobody set but by an address, where it takes them undecoded: by
/// way of their stored form.
fn with_credentials(
    settings: ClientSettings,
    credentials: Option<[String; 2]>,
) -> Result<ClientSettings, AddressError> {
    let Some([login, password]) = credentials else { return Ok(settings) };
    let stored = serde_json::to_value(settings).ok().and_then(|mut stored| {
        stored["default_user_name"] = serde_json::json!({ "login": login, "password": password });
        with_signed_numbers(stored)?.try_into().ok()
    });
    stored.ok_or(AddressError::Secret)
}

/// The stored form as the client reads it back: its times are signed numbers, -1 being for ever.
fn with_signed_numbers(stored: Value) -> Option<toml::Value> {
    Some(match stored {
        Value::Null => return None,
        Value::Bool(is) => is.into(),
        Value::Number(number) => number.as_i64().unwrap_or(-1).into(),
        Value::String(text) => text.into(),
        Value::Array(values) => toml::Value::Array(values.into_iter().filter_map(with_signed_numbers).collect()),
        Value::Object(fields) => {
            let known = fields.into_iter().filter_map(|(name, value)| Some((name, with_signed_numbers(value)?)));
            toml::Value::Table(known.collect())
        }
    })
}

/// Sees to what the client takes without a word, and that breaks off, is passed over or leads astray later.
fn serves(settings: &ClientSettings, parameters: &[(&str, &str)]) -> Result<(), AddressError> {
    const DISCOVER_ATTEMPTS_MIN: usize = 2;
    const KEEP_ALIVE_MILLISECONDS_MIN: i64 = 10_000;
    let value_of = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| *value)
    };
    if settings.node_preference() != NodePreference::Leader {
        return Err(AddressError::Value {
            name: "nodePreference",
            must: "must be leader: what was just written is read back, and the other nodes lag behind",
        });
    }
    if settings.max_discover_attempts() < DISCOVER_ATTEMPTS_MIN {
        return Err(AddressError::Value {
            name: "maxDiscoverAttempts",
            must: "must be at least 2: the first attempt only asks who is there",
        });
    }
    for name in ["keepAliveInterval", "keepAliveTimeout"] {
        let milliseconds: Option<i64> = value_of(name).and_then(|value| value.parse().ok());
        if milliseconds.is_some_and(|milliseconds| (0..KEEP_ALIVE_MILLISECONDS_MIN).contains(&milliseconds)) {
            let must = "must be at least 10000 (milliseconds), or -1 for never: the client passes over less";
            return Err(AddressError::Value { name, must });
        }
    }
    let name = value_of("connectionName").unwrap_or_default();
    if !percent_decode_str(name).all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(AddressError::Value { name: "connectionName", must: "must be of printable ASCII characters" });
    }
    Ok(())
}

/// Sees that a file holds certificates: the client ends where it does not.
fn authorities(path: &str) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let count = certificates.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?.len();
    if count == 0 { Err("there is no certificate in it".to_owned()) } else { Ok(()) }
}
