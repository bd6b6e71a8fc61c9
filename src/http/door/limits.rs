//! How often one may ask.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as Measure;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::config::Settings;

/// Beyond so many that are remembered, those who have not asked lately are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// The clock of the program, as the limits measure by it.
#[derive(Clone)]
struct ByClock(Arc<dyn Clock>);

impl Measure for ByClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().timestamp_micros()).unwrap_or(0);
        Nanos::from(Duration::from_micros(micros))
    }
}

type Limiter = RateLimiter<String, HashMapStateStore<String>, ByClock, NoOpMiddleware<Nanos>>;

/// The limits.
pub struct Limits {
    requests: Limiter,
    attempts: Limiter,
}

impl Limits {
    /// Those of the settings.
    pub fn new(settings: &Settings, clock: &Arc<dyn Clock>) -> Self {
        let limiter = |quota: Quota| RateLimiter::new(quota, HashMapStateStore::default(), ByClock(Arc::clone(clock)));
        let at_least_one = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            requests: limiter(Quota::per_second(at_least_one(settings.http.requests_per_second_max))),
            attempts: limiter(Quota::per_minute(at_least_one(settings.sign_in.attempts_per_minute_max))),
        }
    }

    /// Whether one more request is answered.
    pub fn admits(&self, who: &str) -> bool {
        within(&self.requests, who)
    }

    /// Whether one more attempt to sign in is looked at.
    pub fn admits_attempt(&self, who: &str) -> bool {
        within(&self.attempts, who)
    }
}

fn within(limiter: &Limiter, who: &str) -> bool {
    if limiter.len() > REMEMBERED_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(&who.to_owned()).is_ok()
}
