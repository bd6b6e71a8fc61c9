//! Several instances of the real program over one log, which a server of the cluster's protocol holds in this process:
//! stopped, continued and killed while they number invoices and send letters to a real mail server.

#[path = "../../../src/store/kurrentdb/tests/log.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod log;
#[path = "../../../src/store/kurrentdb/tests/messages.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod messages;
#[path = "../../../src/store/kurrentdb/tests/server.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod server;

mod instance;
mod starting;
mod work;
mod writes;

use std::time::{Duration, Instant};

/// Waits for something that comes by itself.
#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    const LIMIT: Duration = Duration::from_mins(2);
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "{what}: not within {} s", LIMIT.as_secs());
        std::thread::sleep(Duration::from_millis(5));
    }
}
