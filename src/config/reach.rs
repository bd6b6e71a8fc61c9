//! Who can reach the service, and how they sign in: what of it fits together.

use std::net::IpAddr;

use super::{Http, SignIn, provider};
use crate::domain::access::policy::Operation;

/// What can be put under two people here.
const TWO_PEOPLE: [Operation; 3] = [Operation::AdoptKey, Operation::CreditInvoice, Operation::GrantAccess];

impl Http {
    /// The proxy that requests come through; none where they come by themselves.
    #[must_use]
    pub fn proxy(&self) -> Option<IpAddr> {
        self.proxy.parse().ok()
    }

    /// Whether the service does TLS by itself.
    #[must_use]
    pub fn has_tls(&self) -> bool {
        !self.certificate_file.as_os_str().is_empty()
    }
}

impl SignIn {
    /// Whether browsers reach the service by TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Where those who get letters reach the service; nothing where nobody but this machine does.
    #[must_use]
    pub fn address_for_letters(&self) -> &str {
        if self.required { &self.origin } else { "" }
    }

    /// The name and port by which browsers reach the service.
    #[must_use]
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }
}

/// The setting at fault, and why.
pub(super) fn fault(http: &Http, sign_in: &SignIn) -> Option<(&'static str, String)> {
    let is_reached_by_others = !http.bind.ip().is_loopback();
    let host_is_plain = !sign_in.host().is_empty() && !sign_in.host().contains(['/', '?', '#', '@', ' ']);
    let scheme = sign_in.origin.split_once("://").map(|(scheme, _)| scheme);
    if http.certificate_file.as_os_str().is_empty() != http.key_file.as_os_str().is_empty() {
        return Some(("http.key_file", "and http.certificate_file are given together, or neither".to_owned()));
    }
    if !http.proxy.is_empty() && http.proxy().is_none() {
        return Some(("http.proxy", format!("is \"{}\", which is no address such as 10.0.0.5", http.proxy)));
    }
    if !matches!(scheme, Some("http" | "https")) || !host_is_plain {
        return Some((
            "sign_in.origin",
            format!("is \"{}\"; give scheme and host alone, such as https://grenselos.fylke.example", sign_in.origin),
        ));
    }
    if http.requests_per_second_max == 0 || sign_in.attempts_per_minute_max == 0 {
        return Some((
            "http.requests_per_second_max",
            "and sign_in.attempts_per_minute_max are at least 1, or nobody would be answered".to_owned(),
        ));
    }
    let unknown = |name: &&String| !TWO_PEOPLE.iter().any(|operation| operation.name() == name.as_str());
    if let Some(name) = sign_in.two_people.iter().find(unknown) {
        let known = TWO_PEOPLE.map(Operation::name).join(", ");
        return Some(("sign_in.two_people", format!("names \"{name}\", which is none of {known}")));
    }
    if let Some(why) = provider::fault(&sign_in.providers) {
        return Some(("sign_in.provider", why));
    }
    if !is_reached_by_others {
        return None;
    }
    let bind = http.bind;
    if !sign_in.required {
        let why = format!(
            "is {bind}, which other machines can reach, while nobody has to sign in: set sign_in.required, or use an address of \
             this machine, such as 127.0.0.1:8080"
        );
        return Some(("http.bind", why));
    }
    if !http.has_tls() && http.proxy().is_none() {
        let why = format!(
            "is {bind}, which other machines can reach, without TLS: give http.certificate_file and http.key_file, or name the \
             proxy that has it in http.proxy"
        );
        return Some(("http.bind", why));
    }
    if !sign_in.is_secure() {
        return Some(("sign_in.origin", format!("is {}, but what others reach has https://", sign_in.origin)));
    }
    None
}
