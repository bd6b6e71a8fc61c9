//! Instances whose clocks are wrong, or are set while they work.

use super::*;
use crate::worker::WorkError;

/// A clock whose hands are set apart from how long it has gone.
#[derive(Debug, Clone, Default)]
struct WrongClock {
    gone: HandClock,
    off_by: Arc<Mutex<TimeDelta>>,
}

impl WrongClock {
    fn set(&self, off_by: TimeDelta) {
        *self.off_by.lock().unwrap() = off_by;
    }
}

impl Clock for WrongClock {
    fn now(&self) -> DateTime<Utc> {
        self.gone.now() + *self.off_by.lock().unwrap()
    }

    fn steady(&self) -> TimeDelta {
        self.gone.steady()
    }
}

/// Two instances of which the first has a clock that can be set.
struct Two {
    server: TestServer,
    _directories: [TestDirectory; 2],
    wrong: WrongClock,
    first: App,
    second: App,
}

impl Two {
    fn new() -> Self {
        let server = TestServer::start();
        let directories = [TestDirectory::new(), TestDirectory::new()];
        let wrong = WrongClock::default();
        let first = instance(&server, &directories[0], Arc::new(wrong.clone()));
        let second = instance(&server, &directories[1], Arc::new(wrong.gone.clone()));
        second.follow().unwrap();
        Self { server, _directories: directories, wrong, first, second }
    }

    fn pass(&self, seconds: i64) {
        self.wrong.gone.pass(TimeDelta::seconds(seconds));
        self.second.follow().unwrap();
    }
}

#[test]
fn a_worker_that_dies_with_a_clock_of_tomorrow_is_succeeded_all_the_same() {
    let two = Two::new();
    two.wrong.set(TimeDelta::days(1));
    assert!(two.first.tools().has_turn().unwrap());
    two.pass(0);
    two.pass(44);
    assert!(!two.second.tools().has_turn().unwrap());
    two.pass(1);
    assert!(two.second.tools().has_turn().unwrap());
}

#[test]
fn a_worker_whose_clock_is_behind_is_not_succeeded_while_it_works() {
    let two = Two::new();
    two.wrong.set(TimeDelta::days(-1));
    let works = two.first.tools();
    for _ in 0..10 {
        works.has_turn().unwrap();
        two.pass(16);
        assert!(!two.second.tools().has_turn().unwrap(), "its turn is over by the other's clock, and it goes on");
    }
}

#[test]
fn a_worker_whose_clock_is_set_back_does_not_believe_in_its_turn_for_longer() {
    let two = Two::new();
    let works = two.first.tools();
    assert!(works.has_turn().unwrap());
    two.pass(0);
    two.wrong.set(TimeDelta::hours(-1));
    two.pass(45);
    assert!(two.second.tools().has_turn().unwrap());
    assert!(matches!(works.keep_turn(), Err(WorkError::TurnLost)), "another has taken over");
}

#[test]
fn who_comes_to_a_turn_that_stood_before_goes_by_the_clock() {
    let two = Two::new();
    assert!(two.first.tools().has_turn().unwrap());
    two.pass(46);
    let directory = TestDirectory::new();
    let late = instance(&two.server, &directory, Arc::new(two.wrong.gone.clone()));
    assert!(late.tools().has_turn().unwrap(), "it was stopped long ago, and nobody else is there");
}
