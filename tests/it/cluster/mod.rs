//! Several instances of the real program over one log, which a server of the cluster's protocol holds in this process:
//! stopped, continued and killed while they number invoices and send letters to a real mail server.

#[path = "../../../src/store/kurrentdb/tests/gossip.rs"]
mod gossip;
#[path = "../../../src/store/kurrentdb/tests/log.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod log;
#[path = "../../../src/store/kurrentdb/tests/messages.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod messages;
#[path = "../../../src/store/kurrentdb/tests/server.rs"]
#[allow(dead_code, reason = "the home's own tests use the rest")]
mod server;

mod e_invoices;
mod host;
mod instance;
mod link;
mod moving;
mod partition;
mod starting;
mod stopped;
mod succession;
mod versions;
mod views;
mod work;
mod writes;

use std::time::{Duration, Instant};

/// Waits for something that comes by itself.
#[track_caller]
fn wait_until(what: &str, is_so: impl FnMut() -> bool) {
    wait_or_say(what, String::new, is_so);
}

/// The same, and what is said where it does not come.
#[track_caller]
fn wait_or_say(what: &str, said: impl Fn() -> String, is_so: impl FnMut() -> bool) {
    wait_within(Duration::from_mins(2), what, said, is_so);
}

/// The same for what has to come within so long.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "it waits no longer than that")]
fn wait_within(limit: Duration, what: &str, said: impl Fn() -> String, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < limit, "{what}: not within {} s\n{}", limit.as_secs(), said());
        std::thread::sleep(Duration::from_millis(5));
    }
}
