//! The way from many callers to the one writer, and back.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::Duration;

/// How much may wait, and how much is taken at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub waiting: usize,
    pub waiting_bytes: usize,
    pub batch: usize,
    pub batch_bytes: usize,
}

/// A bounded queue that is emptied in batches. There is no timer: a batch is what gathered while the one before it was
/// being written.
#[derive(Debug)]
pub(super) struct Queue<T> {
    bounds: Bounds,
    state: Mutex<State<T>>,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<(T, usize)>,
    bytes: usize,
    taker_waits: bool,
    putters_waiting: usize,
    /// Why nothing more is taken in.
    closed: Option<Arc<str>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed(Arc<str>),
}

impl<T> Queue<T> {
    pub(super) fn new(bounds: Bounds) -> Self {
        let state = State { waiting: VecDeque::new(), bytes: 0, taker_waits: false, putters_waiting: 0, closed: None };
        Self { bounds, state: Mutex::new(state), filled: Condvar::new(), emptied: Condvar::new() }
    }

    /// Puts `item` last, waiting for room for at most `patience`.
    pub(super) fn put(&self, item: T, bytes: usize, patience: Duration) -> Result<(), Refused> {
        let full = |state: &mut State<T>| {
            state.closed.is_none()
                && (state.waiting.len() >= self.bounds.waiting || state.bytes >= self.bounds.waiting_bytes)
        };
        let mut state = self.lock();
        if full(&mut state) {
            state.putters_waiting += 1;
            state = self.emptied.wait_timeout_while(state, patience, full).unwrap_or_else(PoisonError::into_inner).0;
            state.putters_waiting -= 1;
        }
        if let Some(reason) = &state.closed {
            return Err(Refused::Closed(Arc::clone(reason)));
        }
        if full(&mut state) {
            return Err(Refused::Full);
        }
        state.waiting.push_back((item, bytes));
        state.bytes += bytes;
        let wake = std::mem::take(&mut state.taker_waits);
        drop(state);
        if wake {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits for a batch and takes it; nothing when the queue is closed and empty.
    pub(super) fn take(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed.is_some() {
                return None;
            }
            state.taker_waits = true;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut bytes = 0;
        let mut count = 0;
        for (_, size) in state.waiting.iter().take(self.bounds.batch) {
            if count > 0 && bytes + size > self.bounds.batch_bytes {
                break;
            }
            bytes += size;
            count += 1;
        }
        let batch = state.waiting.drain(..count).map(|(item, _)| item).collect();
        state.bytes -= bytes;
        let wake = state.putters_waiting > 0;
        drop(state);
        if wake {
            self.emptied.notify_all();
        }
        Some(batch)
    }

    /// Takes nothing more in; what waits can still be taken.
    pub(super) fn close(&self, reason: &str) {
        self.lock().closed.get_or_insert_with(|| Arc::from(reason));
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// Takes nothing more in and lets go of what waits.
    pub(super) fn abandon(&self, reason: &str) {
        self.close(reason);
        let abandoned = std::mem::take(&mut self.lock().waiting);
        drop(abandoned);
    }

    pub(super) fn closed(&self) -> Option<Arc<str>> {
        self.lock().closed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Slot<T> {
    answer: Mutex<Answer<T>>,
    asker: Thread,
}

#[derive(Debug)]
enum Answer<T> {
    Open,
    Given(T),
    /// The ticket is gone: nobody will answer.
    Dropped,
}

/// The answering end of a question.
#[derive(Debug)]
pub(super) struct Ticket<T>(Arc<Slot<T>>);

/// The asking end of a question, for the thread that made it.
#[derive(Debug)]
pub(super) struct Receipt<T>(Arc<Slot<T>>);

/// A question of the current thread.
pub(super) fn ticket<T>() -> (Ticket<T>, Receipt<T>) {
    let slot = Arc::new(Slot { answer: Mutex::new(Answer::Open), asker: std::thread::current() });
    (Ticket(Arc::clone(&slot)), Receipt(slot))
}

impl<T> Ticket<T> {
    pub(super) fn answer(self, answer: T) {
        *self.0.answer.lock().unwrap_or_else(PoisonError::into_inner) = Answer::Given(answer);
    }
}

impl<T> Drop for Ticket<T> {
    fn drop(&mut self) {
        let mut answer = self.0.answer.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*answer, Answer::Open) {
            *answer = Answer::Dropped;
        }
        drop(answer);
        self.0.asker.unpark();
    }
}

impl<T> Receipt<T> {
    /// Waits for the answer; nothing where nobody will give one.
    pub(super) fn wait(self) -> Option<T> {
        loop {
            let mut answer = self.0.answer.lock().unwrap_or_else(PoisonError::into_inner);
            match std::mem::replace(&mut *answer, Answer::Open) {
                Answer::Given(given) => return Some(given),
                Answer::Dropped => return None,
                Answer::Open => drop(answer),
            }
            std::thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(waiting: usize) -> Queue<u32> {
        Queue::new(Bounds { waiting, waiting_bytes: 100, batch: 3, batch_bytes: 10 })
    }

    #[test]
    fn a_batch_is_bounded_by_count_and_by_bytes_and_never_empty() {
        let queue = queue(10);
        for (item, bytes) in [(1, 1), (2, 1), (3, 1), (4, 8), (5, 8), (6, 50)] {
            queue.put(item, bytes, Duration::ZERO).unwrap();
        }
        let batches: Vec<_> = (0..4).map(|_| queue.take().unwrap()).collect();
        assert_eq!(batches, [vec![1, 2, 3], vec![4], vec![5], vec![6]]);
    }

    #[test]
    fn a_full_queue_refuses_after_the_patience_of_the_caller() {
        let queue = queue(1);
        queue.put(1, 1, Duration::ZERO).unwrap();
        assert_eq!(queue.put(2, 1, Duration::ZERO), Err(Refused::Full));
        queue.take().unwrap();
        assert_eq!(queue.put(2, 100, Duration::ZERO), Ok(()));
    }

    #[test]
    fn one_who_waits_for_room_gets_it() {
        let queue = queue(1);
        queue.put(1, 1, Duration::ZERO).unwrap();
        std::thread::scope(|scope| {
            let late = scope.spawn(|| queue.put(2, 1, Duration::from_mins(1)));
            let mut taken = Vec::new();
            while taken.len() < 2 {
                taken.extend(queue.take().unwrap());
            }
            assert_eq!(taken, [1, 2]);
            assert_eq!(late.join().unwrap(), Ok(()));
        });
    }

    #[test]
    fn a_closed_queue_gives_what_waits_and_takes_no_more() {
        let queue = queue(10);
        queue.put(1, 1, Duration::ZERO).unwrap();
        queue.close("closed");
        assert_eq!(queue.put(2, 1, Duration::ZERO), Err(Refused::Closed("closed".into())));
        assert_eq!(queue.take(), Some(vec![1]));
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn nobody_waits_for_a_ticket_that_is_gone() {
        let (lost, receipt) = ticket::<u32>();
        drop(lost);
        assert_eq!(receipt.wait(), None);
        let (kept, receipt) = ticket();
        kept.answer(5);
        assert_eq!(receipt.wait(), Some(5));
    }
}
