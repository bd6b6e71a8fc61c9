//! TLS by rustls, with the certificate and key of the settings.

use std::io;
use std::path::Path;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Http;

/// What connections are made by; none where the service does no TLS.
///
/// # Errors
/// A file cannot be read or used, and which.
pub fn configuration(settings: &Http) -> io::Result<Option<ServerConfig>> {
    if !settings.has_tls() {
        return Ok(None);
    }
    let (certificate, key) = (&settings.certificate_file, &settings.key_file);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    let configuration = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| unusable(certificate, &error))?;
    Ok(Some(configuration))
}

fn unusable(file: &Path, error: &dyn std::error::Error) -> io::Error {
    io::Error::other(format!("{} cannot be used for TLS: {error}", file.display()))
}
