//! Why no connection can be made though somebody is there: the client says only that there is none, so the beginning of a
//! conversation is tried once more by hand.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use eventstore::ClientSettings;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

/// How long a node is waited for.
const LIMIT: Duration = Duration::from_secs(2);

/// What of the address does not match the cluster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Mismatch {
    #[error(
        "the certificate of {node} is of no known authority; name the file with the certificate of its authority in tlsCaFile"
    )]
    Authority { node: String },
    #[error("the certificate of {node} is not in order ({reason}); see its names and dates on the cluster")]
    Certificate { node: String, reason: String },
    #[error("{node} does not speak TLS; turn TLS on there, or write tls=false where nobody listens in between")]
    Plain { node: String },
    #[error("{node} speaks TLS; write tls=true")]
    Secure { node: String },
}

/// How somebody answers who is asked to speak TLS.
enum Greeting {
    Secure,
    Unknown,
    NotInOrder(String),
    Plain,
}

/// What does not match at the first node where something does not; none where nothing is found.
pub(super) fn mismatch(settings: &ClientSettings) -> Option<Mismatch> {
    let configuration = Arc::new(configuration(settings)?);
    settings.hosts().iter().find_map(|endpoint| {
        let node = format!("{}:{}", endpoint.host, endpoint.port);
        let greeting = greeting(&endpoint.host, u16::try_from(endpoint.port).ok()?, Arc::clone(&configuration))?;
        let is_verified = settings.is_tls_certificate_verification_enabled();
        match (settings.is_secure_mode_enabled(), greeting) {
            (true, Greeting::Unknown) if is_verified => Some(Mismatch::Authority { node }),
            (true, Greeting::NotInOrder(reason)) if is_verified => Some(Mismatch::Certificate { node, reason }),
            (true, Greeting::Plain) => Some(Mismatch::Plain { node }),
            (false, Greeting::Secure | Greeting::Unknown | Greeting::NotInOrder(_)) => Some(Mismatch::Secure { node }),
            (true, Greeting::Secure | Greeting::Unknown | Greeting::NotInOrder(_)) | (false, Greeting::Plain) => None,
        }
    })
}

/// The authorities that the client knows too.
fn configuration(settings: &ClientSettings) -> Option<ClientConfig> {
    let known = match settings.tls_ca_file() {
        Some(file) => CertificateDer::pem_file_iter(file).ok()?.filter_map(Result::ok).collect(),
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(known);
    let builder = ClientConfig::builder_with_provider(ring::default_provider().into());
    let mut configuration =
        builder.with_safe_default_protocol_versions().ok()?.with_root_certificates(roots).with_no_client_auth();
    configuration.alpn_protocols = vec![b"h2".to_vec()];
    Some(configuration)
}

/// None where nobody is there, or says anything in time.
fn greeting(host: &str, port: u16, configuration: Arc<ClientConfig>) -> Option<Greeting> {
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let mut stream =
        (host, port).to_socket_addrs().ok()?.find_map(|address| TcpStream::connect_timeout(&address, LIMIT).ok())?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    stream.set_write_timeout(Some(LIMIT)).ok()?;
    let mut connection = ClientConnection::new(configuration, name).ok()?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut stream) {
            return understood(&error);
        }
    }
    Some(Greeting::Secure)
}

fn understood(error: &io::Error) -> Option<Greeting> {
    let of_tls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>())?;
    if let rustls::Error::InvalidCertificate(reason) = of_tls {
        let is_of_itself = matches!(
            reason,
            CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. }
                | CertificateError::Revoked
        );
        return Some(if is_of_itself { Greeting::NotInOrder(of_tls.to_string()) } else { Greeting::Unknown });
    }
    matches!(of_tls, rustls::Error::InvalidMessage(_)).then_some(Greeting::Plain)
}
