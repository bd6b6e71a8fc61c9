//! What goes on beside the requests, so that none of them waits for it.

use std::time::Duration;

use actix_web::{rt, web};
use tokio::time::MissedTickBehavior;

use super::answer::blocking;
use crate::app::App;

/// How often it is looked whether another process has changed what pages rest on beside the log: several times within the
/// second after which no kept page is found where it was not looked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often it is seen to that what auditors have read is on the disk.
const SAFE_EVERY: Duration = Duration::from_secs(1);

/// Begins it, for as long as the service runs.
pub fn begin(app: &web::Data<App>) {
    // Each by itself: one file may be held up by who writes to it.
    rt::spawn(again_and_again(LOOK_EVERY, app.clone(), |app| app.people.watched().look()));
    rt::spawn(again_and_again(LOOK_EVERY, app.clone(), |app| app.sign_ins.file().watched().look()));
    rt::spawn(again_and_again(SAFE_EVERY, app.clone(), make_reads_safe));
}

async fn again_and_again(every: Duration, app: web::Data<App>, does: fn(&App)) {
    let mut next = rt::time::interval(every);
    // The disk may be slow, and is not asked the more for that.
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        next.tick().await;
        let app = app.clone();
        // What breaks off is tried again.
        let _outcome = blocking(move || {
            does(&app);
            Ok(())
        })
        .await;
    }
}

/// Sees to it that what auditors have read is on the disk.
fn make_reads_safe(app: &App) {
    // What goes wrong is tried again, and told to whoever reads the next time.
    let _outcome = app.sign_ins.file().make_reads_safe();
}
