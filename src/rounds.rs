//! The same question of many, asked once at a time: who comes while it is being asked waits for the next round, and where that
//! one was another's from its beginning to its end, has its answer from there.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A question that is asked in rounds.
#[derive(Debug)]
pub struct Rounds<Answer> {
    begun: AtomicU64,
    last: Mutex<Last<Answer>>,
}

/// The round that was begun last, and the one that was answered last.
#[derive(Debug)]
struct Last<Answer> {
    begun: u64,
    answered: Option<(u64, Answer)>,
}

impl<Answer> Default for Rounds<Answer> {
    fn default() -> Self {
        Self { begun: AtomicU64::new(0), last: Mutex::new(Last { begun: 0, answered: None }) }
    }
}

/// A round of whoever holds this: nobody else asks.
pub struct Turn<'rounds, Answer> {
    last: MutexGuard<'rounds, Last<Answer>>,
    /// The one whose answer this is: that of what was heard, which was asked then and not now.
    round: u64,
    /// The answer of a whole round while this one was waited for.
    pub heard: Option<Answer>,
}

impl<Answer: Clone> Rounds<Answer> {
    /// Waits for a round of one's own.
    pub fn turn(&self) -> Turn<'_, Answer> {
        self.turn_after(self.begun.load(Ordering::Acquire))
    }

    /// Waits for a round of one's own, or for the answer of one that was begun after round `before`.
    fn turn_after(&self, before: u64) -> Turn<'_, Answer> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((round, answer)) = last.answered.clone().filter(|(round, _)| *round > before) {
            return Turn { last, round, heard: Some(answer) };
        }
        last.begun += 1;
        let round = last.begun;
        self.begun.store(round, Ordering::Release);
        Turn { last, round, heard: None }
    }

    /// The answer of a round that begins after now: one's own, unless another's was heard.
    pub fn answer(&self, ask: impl FnOnce() -> Answer) -> Answer {
        let mut turn = self.turn();
        if let Some(heard) = turn.heard.take() {
            return heard;
        }
        let answer = ask();
        turn.tell(answer.clone());
        answer
    }
}

impl<Answer> Turn<'_, Answer> {
    /// Says the answer of this round to those who wait.
    pub fn tell(&mut self, answer: Answer) {
        self.last.answered = Some((self.round, answer));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn what_was_heard_is_no_answer_for_whoever_came_while_it_was_asked() {
        let rounds = Rounds::default();
        rounds.turn_after(0).tell(1);
        // One came before that round, and passes on what it hears.
        let mut hearing = rounds.turn_after(0);
        assert_eq!(hearing.heard, Some(1));
        hearing.tell(1);
        drop(hearing);
        assert_eq!(rounds.turn_after(1).heard, None);
    }

    #[test]
    fn who_waited_for_a_whole_round_of_another_has_its_answer_and_who_came_during_one_has_not() {
        let rounds = Rounds::default();
        let (begun, has_begun) = mpsc::channel();
        let (end, ends) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let (begun, rounds) = (begun, &rounds);
            let first = scope.spawn(move || {
                rounds.answer(|| {
                    begun.send(()).unwrap();
                    ends.recv().unwrap();
                    1
                })
            });
            has_begun.recv().unwrap();
            // Two come while the first asks: one of them asks anew, and the other hears it.
            let later: Vec<_> = (0..2).map(|_| scope.spawn(move || rounds.answer(|| 2))).collect();
            end.send(()).unwrap();
            assert_eq!(first.join().unwrap(), 1);
            assert!(later.into_iter().all(|one| one.join().unwrap() == 2));
        });
        assert_eq!(rounds.answer(|| 3), 3, "who comes later asks anew");
    }

    #[test]
    fn a_round_without_an_answer_tells_nobody_anything() {
        let rounds: Rounds<u32> = Rounds::default();
        rounds.turn();
        assert_eq!(rounds.turn().heard, None);
        assert_eq!(rounds.answer(|| 1), 1);
    }
}
