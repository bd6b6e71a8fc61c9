//! What a real cluster does now and then and a plain one never: it shows late what it took, takes no more than so much at once, and
//! lets streams be deleted for good.

use eventstore::{StreamPosition, SubscribeToAllOptions, SubscriptionFilter};

use super::*;

#[test]
fn what_was_taken_and_is_not_shown_yet_is_waited_for() {
    let server = TestServer::start();
    let (one, two) = (opened(&server), opened(&server));
    server.node.log.lock().unwrap().show_late(4);
    let first = one.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!((first.version, first.last_position), (0, Position(1)));
    one.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
    // Of another instance: it is overtaken by what it does not see yet.
    let overtaken = two.append(&stream("a"), Expected::NoStream, events([3])).unwrap_err();
    assert!(matches!(overtaken, AppendError::WrongExpectedVersion { actual: Some(_), .. }), "{overtaken}");
    let third = two.append(&stream("a"), Expected::Any, events([3])).unwrap();
    assert_eq!((third.version, third.last_position), (2, Position(3)));
    assert_eq!(ids_of(&one), [1, 2, 3].map(|number| event(number).id));
}

#[test]
fn what_is_not_shown_at_all_is_not_said_to_have_changed() {
    let server = TestServer::start();
    let limits = Limits { answer: Duration::from_secs(2), ..Limits::default() };
    let address = Address::new(&server.url(), "grenselos-").unwrap().within(limits).unwrap();
    let [one, two] = [(); 2].map(|()| KurrentStore::open(&address).unwrap());
    server.node.log.lock().unwrap().show_late(1_000_000);
    let unseen = one.append(&stream("a"), Expected::NoStream, events([1])).unwrap_err();
    assert!(matches!(unseen, AppendError::Unanswered { .. }), "{unseen}");
    let refused = two.append(&stream("a"), Expected::NoStream, events([2])).unwrap_err();
    assert!(matches!(refused, AppendError::Unasked { .. }), "{refused}");
    let said = crate::ledger::with_sources(&refused);
    assert!(said.ends_with("the cluster has taken events that it does not show yet"), "{said}");
}

#[test]
fn an_append_that_the_cluster_finds_too_large_is_refused_and_not_tried_again() {
    let server = TestServer::start();
    let store = opened(&server);
    *server.node.append_bytes_max.lock().unwrap() = Some(1 << 10);
    let large = NewEvent { data: format!("\"{}\"", "x".repeat(2 << 10)).into_bytes(), ..event(1) };
    let refused = store.append(&stream("a"), Expected::NoStream, vec![large]).unwrap_err();
    assert!(matches!(refused, AppendError::Refused { .. }), "{refused}");
    let said = crate::ledger::with_sources(&refused);
    assert!(said.contains("Maximum Append Size of 1024 Exceeded"), "{said}");
    assert_eq!(server.node.append_count(), 1);
    store.append(&stream("a"), Expected::NoStream, events([2])).unwrap();
}

#[test]
fn a_stream_that_was_deleted_for_good_is_named_and_takes_nothing() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1, 2])).unwrap();
    store.append(&stream("b"), Expected::NoStream, events([3])).unwrap();
    server.node.log.lock().unwrap().tombstone("grenselos-a");
    let gone = store.read_stream(&stream("a"), 0, 10).unwrap_err();
    assert!(gone.to_string().contains("the cluster lacks earlier events of a"), "{gone}");
    let refused = store.append(&stream("a"), Expected::Any, events([4])).unwrap_err();
    assert!(matches!(refused, AppendError::Refused { .. }), "{refused}");
    store.append(&stream("b"), Expected::Exact(0), events([5])).unwrap();
    // What says that it was deleted is the cluster's own, and no event of the log.
    assert_eq!(store.head().unwrap(), Some(Position(4)));
    assert_eq!(store.strangers(), [Stranger::Stream("grenselos-a".to_owned())]);
}

#[test]
fn a_subscription_begins_behind_its_place_where_a_reading_begins_with_it() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1, 2])).unwrap();
    let place = store.log.index().place(Position(1)).unwrap();
    let from = eventstore::Position { commit: place.commit, prepare: place.prepare };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let ids = runtime.block_on(async {
        let address = Address::new(&server.url(), "grenselos-").unwrap();
        let client = eventstore::Client::new(address.settings().clone()).unwrap();
        let options = SubscribeToAllOptions::default()
            .position(StreamPosition::Position(from))
            .filter(SubscriptionFilter::on_stream_name().add_prefix("grenselos-"));
        let mut subscription = client.subscribe_to_all(&options).await;
        let second = subscription.next().await.unwrap().get_original_event().id;
        let writes = tokio::task::spawn_blocking(move || {
            store.append(&stream("a"), Expected::Exact(1), events([3])).unwrap();
        });
        let third = subscription.next().await.unwrap().get_original_event().id;
        writes.await.unwrap();
        [second, third]
    });
    assert_eq!(ids, [2, 3].map(|number| event(number).id));
}
