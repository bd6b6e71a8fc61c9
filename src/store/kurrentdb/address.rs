//! Where a log is on a cluster, as the settings say it, and the limits of talking to it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use eventstore::{ClientSettings, NodePreference};
use percent_encoding::percent_decode_str;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
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

/// A number behind the `?`, with the least and the most of it, and what more is said of it.
struct Bounded {
    name: &'static str,
    least: i64,
    most: i64,
    why: &'static str,
    /// Whether -1 means never.
    can_be_never: bool,
}

const NUMBERS: [Bounded; 6] = [
    Bounded {
        name: "maxDiscoverAttempts",
        least: 2,
        most: 100,
        why: ": the first attempt only asks who is there",
        can_be_never: false,
    },
    Bounded {
        name: "discoveryInterval",
        least: 1,
        most: 10_000,
        why: " (milliseconds): so long is the pause before each attempt",
        can_be_never: false,
    },
    Bounded {
        name: "gossipTimeout",
        least: 100,
        most: 60_000,
        why: " (milliseconds): so long a node has to say who is there",
        can_be_never: false,
    },
    Bounded {
        name: "defaultDeadline",
        least: 1_000,
        most: 60_000,
        why: " (milliseconds); leave it out where data.answer_seconds_max alone is to say how long an answer may take",
        can_be_never: false,
    },
    KEEP_ALIVE_INTERVAL,
    Bounded { name: "keepAliveTimeout", ..KEEP_ALIVE_INTERVAL },
];

/// The client passes over less.
const KEEP_ALIVE_INTERVAL: Bounded = Bounded {
    name: "keepAliveInterval",
    least: 10_000,
    most: 3_600_000,
    why: " (milliseconds), or -1 for never",
    can_be_never: true,
};

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
    /// Several hosts, where one name is to lead to all nodes.
    #[error(
        "it names several hosts behind kurrentdb+discover://, of which the client would ask the first alone; name the one that \
         leads to all nodes, or write kurrentdb:// before the several"
    )]
    SeveralNames,
    /// A parameter stands there more than once, and the client takes the last.
    #[error("the parameter {name} stands there twice; name it once")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A number is too small or too large.
    #[error("the parameter {name} must be from {least} to {most}{why}")]
    Number {
        /// Its name.
        name: &'static str,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
        /// What more is to say of it.
        why: &'static str,
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
    /// A file of certificates or of a key cannot be used.
    #[error("the file {} of {name} cannot be used ({reason}); it holds {holds} as PEM", path.display())]
    File {
        /// The parameter that names it.
        name: &'static str,
        /// What it is to hold.
        holds: &'static str,
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
        if text.starts_with("kurrentdb+discover://") && hosts.contains(',') {
            return Err(AddressError::SeveralNames);
        }
        let parameters = parameters(query)?;
        NUMBERS.iter().try_for_each(|number| number.check(&parameters))?;
        // The client takes user and password as they stand in an address, and what it says of one may repeat all of it.
        let settings = ClientSettings::from_str(&format!("{}{hosts}?{query}", &text[..text.len() - rest.len()]))
            .map_err(|error| {
                let reason = error.error().map_or_else(|| error.message().to_owned(), ToString::to_string);
                AddressError::Form { reason }
            })?;
        let settings = with_credentials(settings, secret.map(credentials).transpose()?)?;
        serves(&settings, &parameters)?;
        if let Some(path) = settings.tls_ca_file() {
            certificates("tlsCaFile", path)?;
        }
        if let Some((certificate, key)) = settings.user_certificate() {
            user_certificate(certificate, key)?;
        }
        Ok(Self { settings, prefix: prefix.to_owned(), limits: Limits::default() })
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// The client would pause longer than an answer is waited for.
    pub fn within(self, limits: Limits) -> Result<Self, AddressError> {
        if self.settings.discovery_interval() * 2 > limits.answer {
            return Err(AddressError::Value {
                name: "discoveryInterval",
                must: "must be at most half of data.answer_seconds_max: an answer comes after one such pause at least",
            });
        }
        Ok(Self { limits, ..self })
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

/// What stands behind the `?`, by its name as the client has it.
fn parameters(query: &str) -> Result<BTreeMap<&'static str, Cow<'_, str>>, AddressError> {
    let mut parameters = BTreeMap::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let known = PARAMETERS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| AddressError::Parameter { name: name.to_owned() })?;
        if parameters.insert(known, percent_decode_str(value).decode_utf8_lossy()).is_some() {
            return Err(AddressError::Twice { name: name.to_owned() });
        }
    }
    Ok(parameters)
}

impl Bounded {
    fn check(&self, parameters: &BTreeMap<&str, Cow<'_, str>>) -> Result<(), AddressError> {
        let Some(written) = parameters.get(self.name) else { return Ok(()) };
        let is_taken = |number: i64| (self.least..=self.most).contains(&number) || (self.can_be_never && number == -1);
        if written.parse().is_ok_and(is_taken) {
            return Ok(());
        }
        let Self { name, least, most, why, .. } = *self;
        Err(AddressError::Number { name, least, most, why })
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

/// Sees to what the client takes without a word, and that is passed over or leads astray later.
fn serves(settings: &ClientSettings, parameters: &BTreeMap<&str, Cow<'_, str>>) -> Result<(), AddressError> {
    if settings.node_preference() != NodePreference::Leader {
        return Err(AddressError::Value {
            name: "nodePreference",
            must: "must be leader: what was just written is read back, and the other nodes lag behind",
        });
    }
    let is_printable = |name: &Cow<'_, str>| name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if !parameters.get("connectionName").is_none_or(is_printable) {
        return Err(AddressError::Value { name: "connectionName", must: "must be of printable ASCII characters" });
    }
    Ok(())
}

/// The certificates of a file, each of them well formed: where one is not, the client ends, or blames the cluster's later.
fn certificates(name: &'static str, path: &str) -> Result<Vec<CertificateDer<'static>>, AddressError> {
    let unusable = |reason: String| AddressError::File { name, holds: "certificates", path: path.into(), reason };
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.map_err(|error| unusable(error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable("there is no certificate in it".to_owned()));
    }
    let mut known = RootCertStore::empty();
    for certificate in &certificates {
        known.add(certificate.clone()).map_err(|error| unusable(error.to_string()))?;
    }
    Ok(certificates)
}

/// Sees that the certificate of the user and its key can be read, and belong together.
fn user_certificate(certificate: &str, key: &str) -> Result<(), AddressError> {
    let chain = certificates("userCertFile", certificate)?;
    let unusable = |reason: String| AddressError::File {
        name: "userKeyFile",
        holds: "the private key of the certificate in userCertFile",
        path: key.into(),
        reason,
    };
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(error.to_string()))?;
    match CertifiedKey::from_der(chain, private, &ring::default_provider()) {
        Err(rustls::Error::InconsistentKeys(_)) => Err(unusable("it is the key of another certificate".to_owned())),
        // The client knows more kinds of keys.
        Ok(_) | Err(_) => Ok(()),
    }
}
