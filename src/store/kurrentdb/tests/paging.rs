//! How much is read at a time, and that nothing is passed over between two pages.

use super::*;

#[test]
fn an_event_that_weighs_a_whole_page_hides_nothing_that_follows_it() {
    let server = TestServer::start();
    let store = opened(&server);
    store.append(&stream("a"), Expected::NoStream, events([1, 2, 3])).unwrap();
    // Each event weighs more than that.
    let bytes_max = 1;
    let mut read_until = None;
    for number in 1..=3 {
        let page = store.log.cluster.page(read_until, Position(number), 10, bytes_max).unwrap();
        let ids: Vec<_> = page.found.iter().map(|found| found.event.as_ref().unwrap().id).collect();
        assert_eq!(ids, [event(number).id]);
        read_until = page.read_until;
    }
    let page = store.log.cluster.page(read_until, Position(4), 10, bytes_max).unwrap();
    assert!(page.found.is_empty() && page.read_until > read_until, "it is read to its end");
}

#[test]
fn not_more_is_read_than_was_asked_for() {
    let server = TestServer::start();
    let store = left_alone(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    // It was read until behind the last event of the log.
    store.head().unwrap();
    opened(&server).append(&stream("a"), Expected::Exact(0), events([2, 3])).unwrap();
    assert_eq!(store.read_all(Some(Position(1)), 1).unwrap().len(), 1);
    assert_eq!(store.read_all(Some(Position(2)), 1).unwrap().len(), 1);
}
