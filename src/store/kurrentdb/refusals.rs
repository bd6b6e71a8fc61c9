//! Why the home refuses what it is asked, in the words of the port.

use std::sync::Arc;

use super::index::{Gap, STREAMS_OF_OTHERS_MAX};
use crate::store::{AppendError, Position, ReadError, StreamName};

/// The event at a position does not follow those before it in its stream.
pub(super) fn out_of_line(stream: &StreamName, position: Position, gap: Option<Gap>) -> ReadError {
    let what = match gap.and_then(|gap| gap.strange_at) {
        None => format!("the cluster lacks earlier events of {stream}"),
        Some(version) => {
            format!("it stands in {stream} behind what this program did not write, at version {version} of that stream")
        }
    };
    ReadError::Corrupt { position, what }
}

/// The cluster took an append and does not show it.
#[derive(Debug, thiserror::Error)]
#[error("the cluster has taken events that it does not show yet")]
pub(super) struct NotShown;

/// Something stands in a stream, and whose it is was not remembered.
#[derive(Debug, thiserror::Error)]
#[error(
    "something stands in that stream already that this instance does not know, and others have written into more than {} \
     streams below the prefix, of which no more are remembered; let nobody else write there, and move the log to a new place, which \
     leaves that behind",
    STREAMS_OF_OTHERS_MAX
)]
pub(super) struct Forgotten;

/// A node answered that does not know yet what this instance knows.
#[derive(Debug, thiserror::Error)]
#[error("a node answered that has not come as far as this instance has read the log")]
struct NodeBehind;

/// What such a node says does not count.
pub(super) fn of_a_node_behind() -> ReadError {
    ReadError::Unanswered { source: Arc::new(NodeBehind) }
}

/// The cluster was not asked to write anything.
pub(super) fn unasked(source: ReadError) -> AppendError {
    AppendError::Unasked { source: Arc::new(source) }
}

pub(super) fn unread(source: ReadError) -> AppendError {
    AppendError::Unanswered { source: Arc::new(source) }
}

/// Whether what was written belongs to the log that goes on elsewhere is known there alone.
pub(super) fn never_told(moved: AppendError) -> AppendError {
    AppendError::Unanswered { source: Arc::new(moved) }
}
