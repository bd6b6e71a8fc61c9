//! TLS by the service itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use grenselos::config::Settings;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::service::Service;
use super::sign_in::required;
use crate::files;

const DAY: &str = "2026-05-04";

fn by_tls(settings: &mut Settings) {
    required(settings);
    settings.http.certificate_file = files::root().join("tests/data/tls/certificate.pem");
    settings.http.key_file = files::root().join("tests/data/tls/key.pem");
}

#[test]
fn the_service_speaks_tls_with_the_certificate_of_the_settings_and_nothing_else() {
    let service = Service::with(DAY, by_tls);
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(files::root().join("tests/data/tls/certificate.pem")).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(configuration), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(service.address()).unwrap());
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

    let mut plain = TcpStream::connect(service.address()).unwrap();
    plain.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}
