//! What goes on beside the requests, so that none of them waits for it.

use std::time::Duration;

use actix_web::{rt, web};
use tokio::time::MissedTickBehavior;

use super::answer::blocking;
use super::problem::Problem;
use crate::app::App;

/// How often it is looked whether another process has changed what pages rest on beside the log: several times within the
/// second in which an open page shows what has happened.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often it is seen to that what auditors have read is on the disk.
const SAFE_EVERY: Duration = Duration::from_secs(1);

/// Begins it, for as long as the service runs.
pub fn begin(app: &web::Data<App>) {
    rt::spawn(again_and_again(LOOK_EVERY, app.clone(), look_for_changes));
    rt::spawn(again_and_again(SAFE_EVERY, app.clone(), make_reads_safe));
}

async fn again_and_again(every: Duration, app: web::Data<App>, does: fn(&App) -> Result<(), Problem>) {
    let mut next = rt::time::interval(every);
    // The disk may be slow, and is not asked the more for that.
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        next.tick().await;
        let app = app.clone();
        // What goes wrong is tried again, and told to whoever needs it meanwhile.
        let _outcome = blocking(move || does(&app)).await;
    }
}

/// Looks whether another process has changed who people are and what they sign in by. So long a page can go on naming somebody
/// whom another process has erased; what this one does itself is known at once.
#[expect(clippy::unnecessary_wraps, reason = "it is done as the others are")]
fn look_for_changes(app: &App) -> Result<(), Problem> {
    app.people.look();
    app.sign_ins.file().look();
    Ok(())
}

/// Sees to it that what auditors have read is on the disk.
fn make_reads_safe(app: &App) -> Result<(), Problem> {
    app.sign_ins.file().make_reads_safe().map_err(|error| Problem::internal(&error))
}
