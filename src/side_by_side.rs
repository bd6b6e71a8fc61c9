//! The same work on many things, several at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, mpsc};
use std::thread;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// While a page waits for its parts, its thread may begin another document: room for some of them on one stack.
const STACK_BYTES: usize = 32 << 20;

/// A thread for each processor. Typst and the writer of its PDF divide their work among rayon's threads: where a document is
/// begun on one of them, its parts stay there, and no thread waits for another.
static PROCESSORS: LazyLock<Option<ThreadPool>> =
    LazyLock::new(|| ThreadPoolBuilder::new().stack_size(STACK_BYTES).build().ok());

/// Does the same to many, on at most so many threads, and answers in the order asked. A thread that is done takes the next.
pub fn on_threads<T: Sync, R: Send>(count: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = count.min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let one_after_the_other = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(one_after_the_other)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The same on as many threads as the machine has processors: for work that keeps them busy.
pub fn on_processors<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match PROCESSORS.as_ref() {
        Some(processors) => processors.install(|| items.par_iter().with_max_len(1).map(&work).collect()),
        // A system that gives no threads has time.
        None => items.iter().map(work).collect(),
    }
}

/// Does two steps with each of some, in their order: while one thread finishes what was begun, the next is begun. What is
/// begun keeps the processors busy, what finishes it waits for the disk. The first that cannot be finished ends it.
///
/// # Errors
/// Why it could not be finished.
pub fn begin_and_finish<T: Send, M: Send, R: Send, E: Send>(
    some: impl IntoIterator<Item = T>,
    begin: impl Fn(&T) -> M,
    finish: impl FnMut((T, M)) -> Result<R, E> + Send,
) -> Result<Vec<R>, E> {
    let (begun, to_finish) = mpsc::sync_channel(0);
    thread::scope(|scope| {
        let finisher = scope.spawn(move || to_finish.into_iter().map(finish).collect());
        for one in some {
            let middle = begin(&one);
            if begun.send((one, middle)).is_err() {
                // The other side has stopped, and says why.
                break;
            }
        }
        drop(begun);
        finisher.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_done_in_the_order_asked() {
        let numbers: Vec<u32> = (0..101).collect();
        let doubled = on_processors(&numbers, |number| number * 2);
        assert_eq!(doubled, numbers.iter().map(|number| number * 2).collect::<Vec<_>>());
        assert!(on_threads(16, &[] as &[u32], |number| *number).is_empty());
    }

    #[test]
    fn what_is_begun_is_finished_in_its_order_until_one_cannot_be() {
        let finished =
            begin_and_finish(1..=5, |number| number * 10, |(number, tenfold)| Ok::<_, ()>((number, tenfold)));
        assert_eq!(finished, Ok(vec![(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]));
        let refusing = |(number, ())| if number == 3 { Err("three") } else { Ok(number) };
        assert_eq!(begin_and_finish(1..=100, |_| (), refusing), Err("three"));
    }
}
