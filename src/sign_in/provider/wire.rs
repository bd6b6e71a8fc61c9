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

static AGENT: LazyLock<Agent> = LazyLock::new(|| agent(SECONDS_MAX));

/// Whoever asks by it waits no longer than `longest`.
fn agent(longest: Duration) -> Agent {
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
        .timeout_global(Some(longest))
        .tls_config(tls)
        .build()
        .into()
}

/// Asks a provider for something, and waits.
pub(super) fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    send_by(&AGENT, request)
}

fn send_by(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (parts, body) = request.into_parts();
    let answered = if parts.method == Method::GET {
        agent.run(openidconnect::http::Request::from_parts(parts, ()))?
    } else {
        agent.run(openidconnect::http::Request::from_parts(parts, body))?
    };
    let (parts, mut body) = answered.into_parts();
    let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
    Ok(Response::from_parts(parts, bytes))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_provider_that_takes_the_question_and_never_answers_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/.well-known/openid-configuration", silent.local_addr().unwrap());
        let question = || openidconnect::http::Request::get(&address).body(Vec::new()).unwrap();
        let given_up = send_by(&agent(Duration::from_millis(20)), question());
        assert!(matches!(given_up, Err(ureq::Error::Timeout(_))), "{given_up:?}");
        // It was the silence and not the connection: somebody is there to take it.
        assert!(silent.accept().is_ok());
        assert_eq!(SECONDS_MAX, Duration::from_secs(10), "the limit of those who wait for a provider");
    }
}
