//! How the cluster is reached: by TLS or without, and by whichever name leads to it.

use super::server::CERTIFICATE_FILE;
use super::*;
use crate::ledger::with_sources;

fn open(url: &str) -> Result<KurrentStore, String> {
    let address = Address::new(url, "grenselos-").unwrap();
    KurrentStore::open(&address).map_err(|error| with_sources(&error))
}

#[test]
fn a_cluster_behind_tls_is_known_by_the_certificate_of_its_authority() {
    let server = TestServer::start_secure();
    for parameters in [format!("tls=true&tlsCaFile={CERTIFICATE_FILE}"), format!("tlsCaFile={CERTIFICATE_FILE}")] {
        let store = open(&server.secure_url(&parameters)).unwrap();
        store.append(&stream("a"), Expected::Any, events([1])).unwrap();
        assert_eq!(ids_of(&store), [event(1).id]);
    }
}

#[test]
fn user_and_password_are_brought_over_tls() {
    let server = TestServer::start_secure();
    *server.node.credentials.lock().unwrap() = Some("Basic YWRtaW46c2VjcmV0");
    let url = server.secure_url(&format!("tlsCaFile={CERTIFICATE_FILE}"));
    let store = open(&url.replace("//", "//admin:secret@")).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    for other in [url.clone(), url.replace("//", "//admin:other@")] {
        let said = open(&other).unwrap_err();
        assert!(said.contains("the cluster that holds the log does not take these credentials for it"), "{said}");
    }
}

#[test]
fn a_certificate_of_an_unknown_authority_or_for_another_name_is_refused() {
    let server = TestServer::start_secure();
    let node = format!("localhost:{}", server.node.address.port());
    let unknown = format!(
        "the log on kurrentdb://{node} could not be opened: no connection can be made to the cluster that holds the log: the \
         certificate of {node} is of no known authority; name the file with the certificate of its authority in tlsCaFile"
    );
    assert_eq!(open(&server.secure_url("tls=true")).unwrap_err(), unknown);
    // Where several are named, the nodes are asked who leads, and the one that is there says nothing either.
    let several = server.secure_url("maxDiscoverAttempts=2&discoveryInterval=10");
    let said = open(&several.replace(&node, &format!("{node},localhost:1"))).unwrap_err();
    assert!(said.ends_with(&unknown[unknown.find("the certificate").unwrap()..]), "{said}");
    let by_address = server.secure_url(&format!("tlsCaFile={CERTIFICATE_FILE}")).replace("localhost", "127.0.0.1");
    let said = open(&by_address).unwrap_err();
    assert!(said.contains(&format!("the certificate of {} is not in order (", server.node.address)), "{said}");
}

#[test]
fn tls_that_is_spoken_by_one_side_alone_is_said() {
    let secure = TestServer::start_secure();
    let node = format!("localhost:{}", secure.node.address.port());
    let said = open(&secure.secure_url("tls=false")).unwrap_err();
    assert!(said.ends_with(&format!("the log: {node} speaks TLS; write tls=true")), "{said}");
    let plain = TestServer::start();
    let said = open(&format!("kurrentdb://{}", plain.node.address)).unwrap_err();
    let node = plain.node.address;
    assert!(
        said.ends_with(&format!(
            "{node} does not speak TLS; turn TLS on there, or write tls=false where nobody listens in between"
        )),
        "{said}"
    );
}

#[test]
fn one_name_leads_to_whichever_node_leads() {
    let first = TestServer::start();
    let second = first.beside();
    // The name is that of a node that does not lead, and of the only one that is left later.
    let url = format!("kurrentdb+discover://localhost:{}?tls=false&discoveryInterval=10", second.node.address.port());
    let store = open(&url).unwrap();
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!((first.node.append_count(), second.node.append_count()), (1, 0));
    drop(first);
    let version = store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
    assert_eq!((version.last_position, second.node.append_count()), (Position(2), 1));
    assert_eq!(
        Address::new(&url, "grenselos-").unwrap().shown(),
        format!("kurrentdb://localhost:{}", second.node.address.port())
    );
    // Nobody is there by that name.
    drop(second);
    let said = with_sources(&store.head().unwrap_err());
    assert!(said.starts_with("the cluster that holds the log did not answer; see that it runs"), "{said}");
}
