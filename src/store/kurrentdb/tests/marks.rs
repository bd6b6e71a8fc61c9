//! What is heard of the moves of a log, from a node that may not have come so far as others.

use super::*;
use crate::ledger::with_sources;

fn left() -> Mark {
    Mark::Left { to: "elsewhere".to_owned() }
}

#[test]
fn what_a_node_says_of_a_move_does_not_count_where_it_has_not_come_as_far_as_the_log_was_read() {
    let server = TestServer::start();
    let store = left_alone(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    assert_eq!(store.heeded_mark().unwrap(), None);
    let before = server.node.log.lock().unwrap().count();
    opened(&server).leave_mark(&left()).unwrap();
    // The mark is met in the log, and then a node answers that has not got it yet.
    assert_eq!(store.head().unwrap(), Some(Position(1)));
    server.node.log.lock().unwrap().show_first(Some(before));
    let append_count = server.node.append_count();
    let append = || store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap_err();
    let refused = append();
    assert!(matches!(refused, AppendError::Unasked { .. }), "{refused}");
    let behind = "a node answered that has not come as far as this instance has read the log";
    assert!(with_sources(&refused).contains(behind), "{}", with_sources(&refused));
    assert_eq!(server.node.append_count(), append_count, "the cluster is not asked to write");
    // Nor does whoever verifies the log believe that it goes on there.
    let unknown = store.first_behind_the_end().unwrap_err();
    assert!(with_sources(&unknown).contains(behind), "{}", with_sources(&unknown));

    server.node.log.lock().unwrap().show_first(None);
    let refused = append();
    assert!(matches!(refused, AppendError::MovedAway { .. }), "{refused}");
    assert_eq!(store.first_behind_the_end().unwrap(), None);
}

#[test]
fn a_mark_that_was_removed_does_not_count_any_longer() {
    let server = TestServer::start();
    let store = left_alone(&server);
    store.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    opened(&server).leave_mark(&left()).unwrap();
    assert_eq!(store.heeded_mark().unwrap(), Some(left()));
    let refused = store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap_err();
    assert!(matches!(refused, AppendError::MovedAway { .. }), "{refused}");
    server.node.log.lock().unwrap().tombstone("!moved-grenselos-");
    assert_eq!(store.heeded_mark().unwrap(), None);
    store.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
}

#[test]
fn what_was_written_while_a_log_was_being_left_does_not_stand_behind_its_end() {
    let server = TestServer::start();
    let store = left_alone(&server);
    let writer = opened(&server);
    writer.append(&stream("a"), Expected::NoStream, events([1])).unwrap();
    writer.leave_mark(&Mark::Leaving { to: "elsewhere".to_owned() }).unwrap();
    writer.append(&stream("a"), Expected::Exact(0), events([2])).unwrap();
    // Whoever verifies the log has read so far when its end is marked.
    assert_eq!(store.head().unwrap(), Some(Position(2)));
    writer.leave_mark(&left()).unwrap();
    assert_eq!(store.first_behind_the_end().unwrap(), None);
    writer.append(&stream("a"), Expected::Exact(1), events([3])).unwrap();
    assert_eq!(store.first_behind_the_end().unwrap(), Some(Position(3)));
}
