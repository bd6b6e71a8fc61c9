//! Where a log is on a cluster, as the settings say it, and the limits of talking to it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use eventstore::ClientSettings;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::store::home::Limits;

/// Where a log is: the cluster and the prefix of its streams.
#[derive(Clone)]
pub struct Address {
    settings: ClientSettings,
    hosts: String,
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
            .field("hosts", &self.hosts)
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
    /// User or password cannot stand in an address as they are.
    #[error("user and password cannot be told from the hosts; write their special characters as %2F for / and so on")]
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
        // What the client says of an address may repeat all of it, so that it is asked about one without the secret.
        let (secret, public) = match rest.rsplit_once('@') {
            Some((_, public)) => ("user:password@", public),
            None => ("", rest),
        };
        if let Some(name) = unknown_parameter(public) {
            return Err(AddressError::Parameter { name });
        }
        let shown = format!("{}{secret}{public}", &text[..text.len() - rest.len()]);
        if let Err(error) = ClientSettings::from_str(&shown) {
            let reason = error.error().map_or_else(|| error.message().to_owned(), ToString::to_string);
            return Err(AddressError::Form { reason });
        }
        let settings = ClientSettings::from_str(text).map_err(|_| AddressError::Secret)?;
        if let Some(path) = settings.tls_ca_file().filter(|_| settings.is_secure_mode_enabled()) {
            authorities(path).map_err(|reason| AddressError::Authorities { path: path.into(), reason })?;
        }
        let hosts = public.split(['?', '/']).next().unwrap_or_default().to_owned();
        Ok(Self { settings, hosts, prefix: prefix.to_owned(), limits: Limits::default() })
    }

    /// The same with other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// The hosts, without any secret.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("kurrentdb://{}", self.hosts)
    }
}

/// The first parameter that the client would pass over.
fn unknown_parameter(public: &str) -> Option<String> {
    let (_, query) = public.split_once('?')?;
    let names = query.split('&').map(|parameter| parameter.split('=').next().unwrap_or_default());
    let is_known = |name: &str| PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    names.filter(|name| !is_known(name)).map(ToOwned::to_owned).next()
}

/// Sees that a file holds certificates: the client ends where it does not.
fn authorities(path: &str) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let count = certificates.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?.len();
    if count == 0 { Err("there is no certificate in it".to_owned()) } else { Ok(()) }
}
