//! Addresses: what stands in one is checked before anything is asked of the cluster.

use super::server::{CERTIFICATE_FILE, KEY_FILE};
use super::*;
use crate::store::home::LogPlace;

fn said(text: &str) -> String {
    Address::new(text, "grenselos-").unwrap_err().to_string()
}

fn said_of(parameters: &str) -> String {
    said(&format!("kurrentdb://one:2113?{parameters}"))
}

#[test]
fn an_address_is_checked_and_shows_no_password() {
    let said = |text: &str, prefix: &str| Address::new(text, prefix).unwrap_err().to_string();
    assert!(said("http://one:2113", "grenselos-").starts_with("it does not begin with kurrentdb://"));
    assert!(said("kurrentdb://one:2113?nodepreference=any", "grenselos-").starts_with("the client does not take it"));
    for secret in ["admin:secret@one:99999", "admin:se%ffcret@one:2113", ":secret@one:2113", "admin:secret@"] {
        let said = said(&format!("kurrentdb://{secret}"), "grenselos-");
        assert!(!said.contains("cret"), "{said}");
    }
    for (parameter, wrong) in [
        ("nodePreference", "follower"),
        ("maxDiscoverAttempts", "1"),
        ("keepAliveInterval", "9999"),
        ("keepalivetimeout", "0"),
        ("connectionName", "Grensel%C3%B8s"),
        ("connectionName", "Grenseløs"),
    ] {
        let said = said(&format!("kurrentdb://one:2113?{parameter}={wrong}"), "grenselos-").to_lowercase();
        assert!(said.starts_with(&format!("the parameter {parameter} must be ").to_lowercase()), "{said}");
    }
    assert!(
        said("kurrentdb://one:2113?tsl=false", "grenselos-").starts_with("it has the parameter tsl, which is unknown")
    );
    let directory = TestDirectory::new();
    let authorities = directory.path().join("ca.pem");
    for content in ["", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&authorities, content).unwrap();
        for tls in ["", "&tls=false"] {
            let said = said(&format!("kurrentdb://one:2113?tlsCaFile={}{tls}", authorities.display()), "grenselos-");
            assert!(said.contains("ca.pem of tlsCaFile cannot be used ("), "{said}");
        }
    }
    assert!(said("kurrentdb://one:2113", "Grenseløs").starts_with("the prefix \"Grenseløs\" is not"));
    for (secret, user, password) in [
        ("admin:secret", "admin", "secret"),
        ("admin:se=c/r@e,t", "admin", "se=c/r@e,t"),
        ("admin%3A1:%3F%25secret%C3%B8", "admin:1", "?%secretø"),
    ] {
        let text = format!(
            "kurrentdb://{secret}@one:2113,two:2113?tls=true&connectionName=a@b&gossipTimeout=700&keepAliveTimeout=20000"
        );
        let address = Address::new(&text, "grenselos-").unwrap();
        assert_eq!(address.shown(), "kurrentdb://one:2113,two:2113");
        assert!(!format!("{address:?}").contains("sec"));
        let known = eventstore::Credentials::new(user.to_owned(), password.to_owned());
        assert_eq!(address.settings().default_authenticated_user().as_ref(), Some(&known));
        assert_eq!(address.settings().hosts().len(), 2);
        let plain = Address::new(&text.replace(&format!("{secret}@"), ""), "grenselos-").unwrap();
        let shown = |address: &Address| format!("{:?}", address.settings());
        assert_eq!(shown(&address).replace(&format!("{:?}", Some(known)), "None"), shown(&plain));
    }
}

#[test]
fn a_name_that_leads_to_all_nodes_is_one_name() {
    for hosts in ["a:1,b:2", "admin:secret@a,b"] {
        assert_eq!(
            said(&format!("kurrentdb+discover://{hosts}?tls=false")),
            "it names several hosts behind kurrentdb+discover://, of which the client would ask the first alone; name the one that \
             leads to all nodes, or write kurrentdb:// before the several"
        );
    }
}

#[test]
fn a_parameter_is_named_once() {
    for twice in ["tls=true&tls=false", "discoveryInterval=100&tls=true&DISCOVERYINTERVAL=200"] {
        assert!(said_of(twice).ends_with(" stands there twice; name it once"), "{twice}");
    }
}

#[test]
fn times_that_cannot_work_are_refused() {
    for (parameter, least, most) in [
        ("maxDiscoverAttempts", 2, 100),
        ("discoveryInterval", 1, 10_000),
        ("gossipTimeout", 100, 60_000),
        ("defaultDeadline", 1_000, 60_000),
        ("keepAliveInterval", 10_000, 3_600_000),
        ("keepAliveTimeout", 10_000, 3_600_000),
    ] {
        let never = if parameter.starts_with("keepAlive") { -2 } else { -1 };
        for works in [least, most] {
            Address::new(&format!("kurrentdb://one:2113?{parameter}={works}"), "grenselos-").unwrap();
        }
        for out_of_range in [least - 1, most + 1, never] {
            let said = said_of(&format!("{parameter}={out_of_range}"));
            assert!(said.contains(&format!("{parameter} must be from {least} to {most}")), "{out_of_range}: {said}");
        }
        assert!(said_of(&format!("{parameter}=soon")).contains(parameter));
    }
    let directory = TestDirectory::new();
    let limits = Limits { answer: Duration::from_secs(2), ..Limits::default() };
    let placed = |milliseconds: u32| {
        let store = format!("kurrentdb://one:2113?discoveryInterval={milliseconds}");
        LogPlace::named(&store, directory.path(), "grenselos-", limits)
    };
    placed(1_000).unwrap();
    assert!(
        placed(1_001).unwrap_err().to_string().ends_with(
            "discoveryInterval must be at most half of data.answer_seconds_max: an answer comes after one such pause at least"
        )
    );
}

#[test]
fn files_of_certificates_and_keys_are_read_before_anything_is_asked() {
    let directory = TestDirectory::new();
    let written = |name: &str, content: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let rubbish = written("rubbish.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let missing = directory.path().join("missing.pem").display().to_string();
    for tls in ["true", "false"] {
        let said = said_of(&format!("tlsCaFile={rubbish}&tls={tls}"));
        assert!(said.contains("rubbish.pem of tlsCaFile cannot be used ("), "{said}");
    }
    let of_user = |certificate: &str, key: &str| said_of(&format!("userCertFile={certificate}&userKeyFile={key}"));
    for certificate in [&missing, &rubbish] {
        let said = of_user(certificate, KEY_FILE);
        assert!(said.contains(&format!("the file {certificate} of userCertFile cannot be used (")), "{said}");
    }
    for key in [&missing, CERTIFICATE_FILE] {
        let said = of_user(CERTIFICATE_FILE, key);
        assert!(said.contains(&format!("the file {key} of userKeyFile cannot be used (")), "{said}");
    }
    let text = format!("kurrentdb://one:2113?userCertFile={CERTIFICATE_FILE}&userKeyFile={KEY_FILE}");
    Address::new(&text, "grenselos-").unwrap();
}

#[test]
fn a_connection_that_is_never_asked_whether_it_lives_serves() {
    let server = TestServer::start();
    let url = format!("{}&keepAliveInterval=-1&keepAliveTimeout=-1", server.url());
    let store = KurrentStore::open(&Address::new(&url, "grenselos-").unwrap()).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!(ids_of(&store), [event(1).id]);
}
