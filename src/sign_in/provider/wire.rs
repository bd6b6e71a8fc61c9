//! What is said to providers over the wire: within limits of size and time, and never led elsewhere.

use std::sync::LazyLock;
use std::time::Duration;

use openidconnect::http::{Method, Response};
use openidconnect::{HttpRequest, HttpResponse};
use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// An answer of a provider is not longer.
const ANSWER_BYTES_MAX: u64 = 512 * 1024;
/// An exchange with a provider takes no longer.
const SECONDS_MAX: Duration = Duration::from_secs(10);
/// A connection to a provider is there by then.
const CONNECT_SECONDS_MAX: Duration = Duration::from_secs(3);

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let trusted = rustls_native_certs::load_native_certs().certs;
    let roots: RootCerts = trusted.into_iter().map(|certificate| Certificate::from_der(&certificate).to_owned()).into();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(ring::default_provider().into())
        .root_certs(roots)
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_connect(Some(CONNECT_SECONDS_MAX))
        .timeout_global(Some(SECONDS_MAX))
        .tls_config(tls)
        .build()
        .into()
});

/// Asks a provider for something, and waits.
pub(super) fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (parts, body) = request.into_parts();
    let answered = if parts.method == Method::GET {
        AGENT.run(openidconnect::http::Request::from_parts(parts, ()))?
    } else {
        AGENT.run(openidconnect::http::Request::from_parts(parts, body))?
    };
    let (parts, mut body) = answered.into_parts();
    let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
    Ok(Response::from_parts(parts, bytes))
}
